"""The tables that come with scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from bench.data.source import Source
from bench.study.fields import Bool, Form


class Options(Form):
    """`name` of the table; `scaled: false` gives diabetes in its own units (years, kg/m², mmHg, ...).

    scikit-learn's default diabetes table is centred and scaled over all rows, test rows included.
    """

    name: Literal["breast_cancer", "diabetes", "digits", "iris", "linnerud", "wine"]
    """One of scikit-learn's bundled datasets."""
    scaled: Bool = True
    """Whether `diabetes` has its scaled form."""

    @model_validator(mode="after")
    def _only_diabetes(self) -> Options:
        if not self.scaled and self.name != "diabetes":
            raise PydanticCustomError(
                "scaled", "only diabetes has a scaled and a raw form"
            )
        return self


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    """Columns as scikit-learn names them. Classification: the column `target` holds class names, as text. Regression:
    diabetes has `target`; linnerud its three targets Weight, Waist, Pulse."""
    import sklearn.datasets

    load = getattr(sklearn.datasets, f"load_{options.name}")
    bunch = load(scaled=False) if not options.scaled else load()
    return pl.DataFrame(
        {name: bunch.data[:, i] for i, name in enumerate(bunch.feature_names)}
        | _targets(bunch)
    )


def _targets(bunch: Any) -> dict[str, Any]:
    if bunch.target.ndim == 2:
        return {name: bunch.target[:, i] for i, name in enumerate(bunch.target_names)}
    if "target_names" not in bunch:
        return {"target": bunch.target}
    return {"target": [str(bunch.target_names[code]) for code in bunch.target]}


SOURCE = Source(
    "sklearn", "A table that comes with scikit-learn", Options, read, {"name": "wine"}
)
