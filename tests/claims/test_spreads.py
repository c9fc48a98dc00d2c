"""What a printed spread counts for: one hand-made case a rule."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench.text.chance import SpreadUnused
from tests.helpers.judge_cases import around, one
from tests.helpers.judge_cases import claim as line

claim = partial(line, family="lda")


class TestSpread:
    text = staticmethod(
        lambda **changes: claim(
            "value",
            **(
                {"metric": "accuracy", "value": '"0.900"', "unit": "fraction"} | changes
            ),
        )
    )

    @pytest.mark.parametrize(
        ("spread", "more", "why"),
        [
            ("kind: sd", {}, "number"),
            ("kind: sd, n: 5", {"splits": "other_sample"}, "repeats"),
            ("kind: sd", {"repeats": "5"}, None),
            ("kind: se, n: 5", {}, None),
            ("kind: sd, n: 5", {"splits": "same"}, None),
        ],
    )
    def test_a_spread_without_effect_is_named(
        self, spread: str, more: dict[str, str], why: Any, tmp_path: Path
    ) -> None:
        """The interval is that of any other spread exactly where a reason says why, or where nothing is drawn."""
        scores = {"lda": around(0.9, 0.002)}
        row, other = (
            one(
                tmp_path,
                scores,
                self.text(spread=f'{{value: "{value}", {spread}}}', **more),
            )
            for value in (0.03, 0.3)
        )
        assert [one.why for one in row["reasons"] if isinstance(one, SpreadUnused)] == (
            [why] if why else []
        )
        assert (row["high"] == other["high"]) == (
            why is not None or more.get("splits") == "same"
        )
