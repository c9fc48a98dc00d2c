"""What a printed spread counts for: one hand-made case a rule."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from bench.claims._noise import spread_of
from bench.claims.value import ValueClaim
from bench.study.claims import Spread
from bench.text.chance import AsPaperVaries, SpreadUnused
from tests.helpers.judge_cases import FIXED, around, folds_of, one, reason
from tests.helpers.judge_cases import claim as line

claim = partial(line, family="lda")


class TestSpread:
    def spread(self, **fields: Any) -> tuple[str, float, int]:
        repeats = fields.pop("repeats", None)
        made = ValueClaim(
            id="c",
            kind="value",
            where="p. 3",
            read="source",
            value="0.9",
            spread=Spread(value="0.03", **fields),
            repeats=repeats,
        )
        found = spread_of(made)
        assert found is not None
        return found.kind, round(found.sd, 6), found.n

    def test_by_hand(self) -> None:
        assert self.spread(kind="sd", n=5) == ("sd", 0.03, 5)
        assert self.spread(kind="se", n=9) == ("se", 0.09, 9)
        ci = round(0.03 * 2 / float(t.ppf(0.975, 3)), 6)
        assert self.spread(kind="ci95", repeats=4) == ("ci95", ci, 4)

    text = staticmethod(
        lambda **changes: claim(
            "value",
            **(
                {"metric": "accuracy", "value": '"0.900"', "unit": "fraction"} | changes
            ),
        )
    )

    def test_the_papers_own_repeats(self, tmp_path: Path) -> None:
        """Each side has its own spread: s_p^2/r_p + s^2/r, Welch-Satterthwaite degrees."""
        text = self.text(spread='{value: "0.004", kind: sd}', repeats="5")
        row = one(tmp_path, {"lda": around(0.9, 0.002)}, text)
        parts = np.array([0.004**2 / 5, 0.002**2 / 10])
        df = parts.sum() ** 2 / (parts**2 / [4, 9]).sum()
        assert row["high"] == pytest.approx(
            t.ppf(0.95, df) * np.sqrt(parts.sum()) + 0.0005, abs=1e-8
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

    def test_one_run_borrows_the_papers_spread_over_seeds(self, tmp_path: Path) -> None:
        """A seeded family on a fixed split, run once: without the spread it could not refute."""
        folds, study = folds_of(1, 1, 528, 462), {"resampling": FIXED}
        bare = self.text(family="random_forest")
        assert (
            one(tmp_path, {"random_forest": [[0.8]]}, bare, folds, **study)["agreement"]
            == "unclear"
        )
        text = self.text(
            family="random_forest",
            spread='{value: "0.01", kind: sd}',
            repeats="10",
        )
        row = one(tmp_path, {"random_forest": [[0.8]]}, text, folds, **study)
        assert row["agreement"] == "differs"
        assert row["high"] == pytest.approx(
            -0.1 + t.ppf(0.95, 9) * 0.01 * np.sqrt(1.1) + 0.0005
        )
        assert reason(row, AsPaperVaries) == AsPaperVaries(1, "sd", 10)
