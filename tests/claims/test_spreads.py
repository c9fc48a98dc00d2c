"""What a printed spread counts for: one hand-made case a rule."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bench.text.chance import SpreadUnused
from tests.helpers.judge_cases import around, has, one
from tests.helpers.judge_cases import claim as line

claim = partial(line, family="lda")


@pytest.mark.parametrize(
    ("spread", "more", "unused"),
    [
        ("kind: sd", {}, True),
        ("kind: sd", {"repeats": "5"}, False),
        ("kind: se, n: 5", {}, False),
        ("kind: sd, n: 5", {"splits": "same"}, False),  # nothing is drawn
    ],
)
def test_a_spread_without_a_number_of_runs_is_named(
    spread: str, more: dict[str, str], unused: bool, tmp_path: Path
) -> None:
    """The interval is that of any other spread exactly where it is not used, or where nothing is drawn."""
    scores = {"lda": around(0.9, 0.002)}
    about = {"metric": "accuracy", "value": '"0.900"', "unit": "fraction"}
    rows = []
    for value in ("0.03", "0.3"):
        printed = f'{{value: "{value}", {spread}}}'
        rows.append(
            one(tmp_path, scores, claim("value", spread=printed, **about, **more))
        )
    assert has(rows[0], type(SpreadUnused())) == unused
    equal = rows[0]["high"] == rows[1]["high"]
    assert equal == (unused or more.get("splits") == "same")
