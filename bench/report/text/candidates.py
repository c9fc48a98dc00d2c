"""What was tried in tuning, and what it is called."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import polars as pl

from bench.text import formats

#: Family, its candidates' parameters by number, and the mean inner score by outer fold and candidate.
Candidates = tuple[str, dict[int, dict[str, Any]], pl.DataFrame]


def candidates_of(tuning: pl.DataFrame, families: Iterable[str]) -> dict[str, list[Candidates]]:
    """By data set, what was tried in tuning each family; `tuning`: the study's own rows of frames.TUNING."""
    rows = tuning.filter(pl.col("value").is_not_null())
    parts = rows.partition_by("dataset", "family", as_dict=True, maintain_order=True)
    found: dict[str, list[Candidates]] = {}
    for dataset in rows["dataset"].unique(maintain_order=True):
        for family in families:
            here = parts.get((dataset, family))
            if here is not None:
                unique = here.unique("candidate", keep="first", maintain_order=True).sort("candidate")
                parameters = {c: json.loads(p) for c, p in zip(unique["candidate"], unique["parameters"], strict=True)}
                scores = here.group_by("repeat", "fold", "candidate").agg(
                    pl.col("value").mean(), pl.col("chosen").any()
                )
                found.setdefault(dataset, []).append((family, parameters, scores.sort("repeat", "fold", "candidate")))
    return found


def candidate_words(parameters: dict[str, Any]) -> str:
    """A candidate in one line: `C = 1, gamma = scale`."""
    shown = (f"{k} = {formats.short(v) if isinstance(v, float) else v}" for k, v in sorted(parameters.items()))
    return ", ".join(shown) or "defaults"
