"""What was tried in tuning: the candidates of each family on each dataset, their inner scores, those chosen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl


@dataclass(frozen=True, eq=False)
class Tuned:
    """One family on one dataset.

    `candidates`: the parameters of each, by its number; `scores`: the mean inner score by outer fold and candidate.
    """

    family: str
    candidates: dict[int, dict[str, object]]
    scores: pl.DataFrame

    @cached_property
    def picked(self) -> list[tuple[int, int]]:
        """The candidates that were chosen, each with in how many outer folds, most often first."""
        times = Counter(self.scores.filter(pl.col("chosen"))["candidate"].to_list())
        return sorted(times.items(), key=lambda item: (-item[1], item[0]))

    @property
    def folds(self) -> int:
        """In how many outer folds a candidate was chosen."""
        return sum(times for _, times in self.picked)

    @property
    def numeric(self) -> list[str]:
        """The parameters that are a number in some candidate, in alphabetical order."""
        return sorted(
            {
                name
                for c in self.candidates
                for name in self.candidates[c]
                if self.number(c, name) is not None
            }
        )

    def number(self, candidate: int, name: str) -> float | None:
        """A parameter of a candidate, if it is a number."""
        value = self.candidates[candidate].get(name)
        return (
            value
            if isinstance(value, int | float) and not isinstance(value, bool)
            else None
        )


def tuned_of(tuning: pl.DataFrame, families: Iterable[str]) -> dict[str, list[Tuned]]:
    """By dataset, what was tried in tuning each family; `tuning`: the study's own rows of frames.TUNING."""
    rows, cell, keys = (
        tuning.drop_nulls("value"),
        ["dataset", "family"],
        ["repeat", "fold", "candidate"],
    )
    each = pl.col("value").mean(), pl.col("chosen").any(), pl.col("parameters").first()
    scores = rows.group_by(cell + keys).agg(each).sort(keys)
    parts = scores.partition_by(cell, as_dict=True)
    candidates = scores.select(*cell, "candidate", "parameters").unique(
        [*cell, "candidate"], keep="first"
    )
    parameters: dict[tuple[str, str], dict[int, dict[str, object]]] = {}
    for dataset, family, candidate, stated in candidates.iter_rows():
        parameters.setdefault((dataset, family), {})[candidate] = json.loads(stated)
    return {
        dataset: [
            Tuned(
                family,
                dict(sorted(parameters[dataset, family].items())),
                parts[dataset, family],
            )
            for family in families
            if (dataset, family) in parts
        ]
        for dataset in rows["dataset"].unique(maintain_order=True)
    }
