"""Status, agreement and evidence: one hand-made case a rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t

from bench.claims._noise import Noise
from bench.claims.judgement import Judgement
from bench.claims.judging import name_open
from bench.claims.shapes import ARITHMETIC, SCORE, Shape
from bench.claims.targets import lie_within
from bench.contrasts import ErrorGrowth
from bench.core.judgements import Agreement, Evidence, Status
from bench.study.claims import Bound
from bench.text.marks import MARKS, mark_of
from tests.claims.test_value_claims import one
from tests.helpers.judge_cases import (
    around,
)

DRAWN = Noise(0.004, 9)
#: Half-widths of both intervals, without rounding.
NEAR, FAR = (float(t.ppf(q, 9)) * 0.004 for q in (0.95, 0.975))


DIRECTION, EQUAL, AS_GOOD = (
    Shape(number="difference", subject="pair", decided_by=decided_by)
    for decided_by in ("direction", "interval", "one end")
)


class TestAgreement:
    """A tolerance of .01; the t.95 interval is D +- .0073, the t.975 one D +- .0090."""

    @pytest.mark.parametrize(
        ("difference", "tolerance", "agreement"),
        [
            (0.002, 0.01, "reproduced"),
            (0.002, 0.005, "off"),
            (NEAR - 1e-6, 0.01, "off"),
            (NEAR + 1e-6, 0.01, "off"),
            (0.01 + NEAR + 1e-6, 0.01, "off"),
            (0.01 + FAR + 1e-6, 0.01, "differs"),
            (-0.01 - FAR - 1e-6, 0.01, "differs"),
        ],
    )
    def test_by_where_the_intervals_lie(
        self, difference: float, tolerance: float, agreement: str
    ) -> None:
        assert lie_within(difference, DRAWN, tolerance, 0.0).agreement == agreement

    def test_exact_needs_that_nothing_is_drawn(self) -> None:
        still, drawn = Noise(0.0, np.inf, chance_free=True), Noise(0.0, np.inf)
        assert lie_within(0.0005, still, 0.01, 0.0005).agreement == "exact"
        assert lie_within(0.0005, drawn, 0.01, 0.0005).agreement == "reproduced"

    @pytest.mark.parametrize("bound", ["lower", "upper"])
    @pytest.mark.parametrize(
        ("short", "agreement"),
        [
            (-1.0, "reproduced"),  # far beyond the bound
            (0.01 - NEAR - 1e-6, "reproduced"),
            (0.01 - NEAR + 1e-6, "off"),
            (0.01 + FAR - 1e-6, "off"),
            (0.01 + FAR + 1e-6, "differs"),
        ],
    )
    def test_a_bound_is_missed_on_one_side_alone(
        self, bound: Bound, short: float, agreement: str
    ) -> None:
        side = -1 if bound == "lower" else 1
        judgement = lie_within(side * short, DRAWN, 0.01, 0.0, bound)
        assert judgement.agreement == agreement
        p, shown = judgement.p, judgement.p_shown
        assert p is not None and shown is not None
        assert (p < 0.05) == (agreement == "differs")
        assert (shown < 0.05) == (agreement == "reproduced")
        assert judgement.difference == side * short

    @pytest.mark.parametrize("short", [-0.011, 0.0, 0.009])
    def test_repeats_to_decide_a_bound(self, short: float) -> None:
        """One repeat of ours has the spread .02, and 4 of them the interval .0235 to both sides."""
        growth = ErrorGrowth(repeats=4, sd=0.02)
        noise = Noise.of_repeats(growth)
        judgement = lie_within(-short, noise, 0.01, 0.0, "lower")
        further = judgement.open[0].further() or 0
        se, df = growth.at(np.array([4.0 + further, 3.0 + further]))
        enough = t.ppf(0.95, df) * se < 0.01 - short
        assert further and enough.tolist() == [True, False]

    @pytest.mark.parametrize("difference", [0.0, 0.004, -0.012, 0.03])
    @pytest.mark.parametrize("published", [1, 20, np.inf])
    def test_what_endless_repeats_would_decide(
        self, difference: float, published: float
    ) -> None:
        """Ten repeats of ours with the spread .004: where our mean would lie, and what the paper's own noise leaves."""
        growth = ErrorGrowth(repeats=10, sd=0.004, fixed=0.004**2 / published)
        noise = Noise.of_repeats(growth)
        judgement = lie_within(difference, noise, 0.01, 0.0005)
        ours = t(9, difference, 0.004 / np.sqrt(10))
        theirs = 0.004 / np.sqrt(published)
        near, far = 0.0095 - 1.644854 * theirs, 0.0105 + 1.959964 * theirs
        shown = max(0.0, ours.cdf(near) - ours.cdf(-near))
        refuted = ours.cdf(-far) + ours.sf(far)
        assert judgement.decidable == pytest.approx(shown + refuted, abs=1e-6)

    def test_no_repeats_decide_what_they_do_not_enter(self) -> None:
        assert lie_within(0.5, Noise(0.01, 5), 0.01, 0.0).decidable is None

    def test_without_an_interval_it_is_open(self) -> None:
        judgement = lie_within(0.0, Noise(None, 1), 0.01, 0.0005)
        assert (judgement.agreement, judgement.detectable) == ("off", None)

    def test_detectable_is_half_the_wide_interval_and_the_tolerance(self) -> None:
        assert lie_within(0.0, DRAWN, 0.01, 0.0005).detectable == pytest.approx(
            FAR + 0.0005 + 0.01
        )

    @pytest.mark.parametrize(
        ("shape", "ours", "difference", "agreement"),
        [
            (SCORE, 0.91, 0.01, "fits"),  # at the tolerance
            (SCORE, 0.91, 0.01 + 1e-8, "off"),
            (SCORE, 0.89, -0.01 - 1e-8, "off"),
            (SCORE, None, None, "off"),
            (DIRECTION, 1e-6, None, "fits"),
            (DIRECTION, 0.0, None, "off"),
            (EQUAL, -0.01, None, "fits"),
            (EQUAL, -0.011, None, "off"),
            (AS_GOOD, -0.01, None, "fits"),
            (AS_GOOD, 0.5, None, "fits"),
            (AS_GOOD, -0.011, None, "off"),
            (ARITHMETIC, None, None, "off"),
        ],
    )
    def test_an_open_claim_fits_or_is_off_by_where_ours_lies(
        self,
        shape: Shape,
        ours: float | None,
        difference: float | None,
        agreement: str,
    ) -> None:
        judgement = Judgement(
            Agreement.OFF, ours=ours, difference=difference, tolerance=0.01
        )
        assert name_open(shape, judgement) == agreement

    @pytest.mark.parametrize(
        ("bound", "words"), [("lower", ["off", "fits"]), ("upper", ["fits", "off"])]
    )
    def test_an_open_bound_fits_beyond_it(self, bound: Bound, words: list[str]) -> None:
        said = [
            name_open(
                SCORE,
                Judgement(Agreement.OFF, difference=difference, tolerance=0.01),
                bound,
            )
            for difference in (-0.02, 0.02)
        ]
        assert said == words


class TestEvidence:
    @pytest.mark.parametrize(
        ("changes", "evidence"),
        [
            ({}, "strong"),
            ({"doubt": "method"}, "limited"),
            ({"read": "secondary"}, "limited"),
            ({"doubt": "split"}, "limited"),
            ({"doubt": "other_method"}, "weak"),
            ({"read": "memory"}, "weak"),
            ({"read": "memory", "doubt": "method"}, "weak"),
        ],
    )
    def test_by_method_protocol_and_source(
        self, tmp_path: Path, changes: dict[str, str], evidence: str
    ) -> None:
        """It lowers no agreement: ours differs by nine tolerances whatever the method."""
        row = one(tmp_path, around(0.99, 0.002), **changes)
        assert (row["agreement"], row["evidence"]) == ("differs", evidence)


class TestStatus:
    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({}, "attempted"),
            ({"not_attempted": "no", "family": "null"}, "not_attempted"),
            ({"family": "qda"}, "missing"),
        ],
    )
    def test_without_a_judgement_there_are_no_axes(
        self, tmp_path: Path, changes: dict[str, str], status: str
    ) -> None:
        row = one(tmp_path, around(0.9, 0.001), **changes)
        judged = status == "attempted"
        assert (
            row["status"],
            row["agreement"] is not None,
            row["evidence"] is not None,
        ) == (status, judged, judged)
        assert judged or row["cause"] is None

    def test_only_strong_evidence_makes_a_difference_a_failure_to_reproduce(
        self,
    ) -> None:
        marks = {
            (agreement, evidence): mark_of(Status.ATTEMPTED, agreement, evidence)
            for agreement in Agreement
            for evidence in Evidence
        }
        assert [key for key, mark in marks.items() if mark == "not_reproduced"] == [
            (Agreement.DIFFERS, Evidence.STRONG)
        ]
        agreeing = [key for key, mark in marks.items() if mark == "agrees"]
        assert agreeing == [
            (Agreement.EXACT, Evidence.WEAK),
            (Agreement.REPRODUCED, Evidence.WEAK),
        ]
        rest = {
            mark
            for key, mark in marks.items()
            if key[0] != Agreement.DIFFERS and key not in agreeing
        }
        assert rest == {*Agreement} - {"differs"}
        orders = [mark_of(Status.ATTEMPTED, "reproduced", one) for one in Evidence]
        assert orders == ["reproduced", "reproduced", "agrees"]
        assert set(MARKS) == {*marks.values(), *Status} - {"attempted"}
