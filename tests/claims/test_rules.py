"""What a judgement becomes under another tolerance or level: the thresholds against judging again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bench.claims._rules import Noise, settle
from bench.core.judgements import LEVEL, LEVELS, Agreement, Thresholds
from bench.text.chance import DrawsAgree, Repeats

SHARES = st.floats(0.0, 5.0)


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
    (rule,) = (rule for rule in judgement.rules if rule.level == LEVEL)
    assert judgement.agreement == rule.at(tolerance)
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
