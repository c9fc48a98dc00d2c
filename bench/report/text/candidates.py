"""What was tried in tuning, and what it is called."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import polars as pl

from bench.report.bundle import Bundle
from bench.text import formats


@lru_cache(maxsize=32)
def tuned(bundle: Bundle, dataset: str) -> list[tuple[str, dict[int, dict[str, Any]], pl.DataFrame]]:
    """Family, its candidates' parameters, and the mean inner score by outer fold and candidate."""
    rows = bundle.plain("tuning").filter(pl.col("dataset") == dataset, pl.col("value").is_not_null())
    found = []
    for family in bundle.families:
        here = rows.filter(pl.col("family") == family)
        if here.height:
            unique = here.unique("candidate", keep="first", maintain_order=True).sort("candidate")
            candidates = {c: json.loads(p) for c, p in zip(unique["candidate"], unique["parameters"], strict=True)}
            scores = here.group_by("repeat", "fold", "candidate").agg(pl.col("value").mean(), pl.col("chosen").any())
            found.append((family, candidates, scores.sort("repeat", "fold", "candidate")))
    return found


def candidate_words(parameters: dict[str, Any]) -> str:
    """A candidate in one line: `C = 1, gamma = scale`."""
    shown = (f"{k} = {formats.short(v) if isinstance(v, float) else v}" for k, v in sorted(parameters.items()))
    return ", ".join(shown) or "defaults"
