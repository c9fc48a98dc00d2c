"""A dataset of OpenML by its id, through scikit-learn's own reader, kept in the downloads folder."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated, Any
from urllib.error import URLError

import polars as pl
from pydantic import Field, Strict

from bench.core.errors import DataError
from bench.data.files import nominal
from bench.data.formats import of_pandas
from bench.data.source import Source
from bench.study.fields import Form


class Options(Form):
    """`id`: the number in the dataset's address on OpenML. A version is a dataset of its own, with its own id."""

    id: Annotated[int, Strict(), Field(ge=1)]
    """The number of the dataset at OpenML. Example: `61`."""


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    """Nominal attributes as Enum, numeric ones as Float64, text as String; the target keeps its name and stands last.

    Raises `DataError` when the server cannot be reached, knows no such dataset, or a checksum differs.
    """
    from sklearn.datasets import fetch_openml

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            bunch: Any = fetch_openml(
                data_id=options.id,
                data_home=str(downloads / "openml" / "www.openml.org"),
                as_frame=True,
                parser="liac-arff",
                n_retries=1,
                delay=0.2,
            )
    except (URLError, TimeoutError) as error:
        raise DataError(
            f"openml {options.id}: the server cannot be reached ({error}); nothing was read"
        ) from None
    except Exception as error:  # the reader raises whatever its parsing meets
        raise DataError(
            f"openml {options.id}: {type(error).__name__}: {error}; nothing was read"
        ) from None
    categories = [
        str(name)
        for name, dtype in bunch.frame.dtypes.items()
        if dtype.name == "category"
    ]
    return nominal(of_pandas(bunch.frame), categories)


SOURCE = Source("openml", "A dataset of OpenML by its id", Options, read)
