"""What a judgement becomes under another tolerance or level: the thresholds against judging again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from bench.claims._rules import Noise, settle
from bench.claims.judging import agreement_at, rules_of
from bench.core.judgements import LEVELS, Agreement, Thresholds
from bench.text.chance import DrawsAgree, Repeats
from tests.helpers.judge_cases import around
from tests.helpers.tolerant import CLAIMS, FACTORS, agreements, tolerant, turns

SHARES = st.floats(0.0, 5.0)


def test_the_thresholds_give_what_judging_under_each_tolerance_gives(
    tmp_path: Path,
) -> None:
    _, frames = tolerant(tmp_path)
    rules = rules_of(frames["thresholds"])
    assert set(rules) == set(CLAIMS)
    stated = dict(frames["verdicts"].select("claim", "tolerance").iter_rows())
    again = [agreements(tolerant(tmp_path, factor)[1]) for factor in FACTORS]
    for factor, found in zip(FACTORS, again, strict=True):
        assert {
            name: agreement_at(ones, 0.95, factor * stated[name])
            for name, ones in rules.items()
        } == found
    assert turns(again) >= 15
    assert {one for found in again for one in found.values()} >= set(Agreement) - {
        Agreement.DIRECTION_REPRODUCED
    }


def test_other_levels_by_hand(tmp_path: Path) -> None:
    """0.903 against "0.85": SE = 0.004 sqrt(1 + 1/10), 9 degrees, half a printed unit."""
    _, frames = tolerant(tmp_path)
    means = around(0.903, 0.004).mean(axis=1)
    gap, se = means.mean() - 0.85, means.std(ddof=1) * np.sqrt(1.1)
    for rule, level in zip(rules_of(frames["thresholds"])["far"], LEVELS, strict=True):
        near, far = (t.ppf(q, 9) * se + 0.005 for q in (level, (1 + level) / 2))
        assert rule.level == level
        assert (rule.below, rule.above, rule.half) == pytest.approx(
            (gap - far, gap + near, near), abs=1e-8
        )
        assert agreement_at([rule], level, 0.06) == (
            "reproduced" if gap + near < 0.06 else "unclear"
        )


@given(
    st.floats(-5, 5),
    st.floats(0, 2),
    st.integers(1, 40),
    SHARES,
    SHARES,
    st.booleans(),
    st.booleans(),
)
def test_a_judgement_is_what_its_rule_says(
    difference: float,
    se: float,
    df: int,
    tolerance: float,
    half: float,
    free: bool,
    cannot: bool,
) -> None:
    noise = Noise(
        0.0 if free else se,
        df,
        (Repeats("splits", df + 1),),
        chance_free=free,
        cannot_refute=cannot,
    )
    judgement = settle(difference, noise, tolerance, half)
    assert judgement.agreement == agreement_at(judgement.rules, 0.95, tolerance)
    assert tuple(rule.level for rule in judgement.rules) == LEVELS


def test_without_an_error_nothing_is_decided() -> None:
    judgement = settle(0.0, Noise.unknown(DrawsAgree(2)), 1.0, 0.0)
    assert {rule.at(10.0) for rule in judgement.rules} == {Agreement.UNCLEAR}


@given(SHARES, SHARES, SHARES, SHARES)
def test_no_tolerance_counts_as_smaller_than_the_least(
    below: float, width: float, least: float, given: float
) -> None:
    rule = Thresholds(0.95, Agreement.UNCLEAR, above=below + width, below=below)
    assert rule.from_least(least).at(given) == rule.at(max(given, least))
