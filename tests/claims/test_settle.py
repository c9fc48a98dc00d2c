"""What would decide an open claim: so many more repeats by one formula, or the reason why repeats cannot."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from bench.claims._noise import Noise
from bench.claims.judgement import Open
from bench.claims.targets import lie_within
from bench.contrasts import ErrorGrowth
from bench.core.judgements import Settle


def reference(drawn: ErrorGrowth, room: float, level: float) -> int | None:
    """By looking at every number of repeats up to two thousand."""
    for repeats in range(drawn.repeats + 1, 2000):
        draws = repeats * drawn.draws
        se = np.sqrt(drawn.fixed + drawn.sd**2 / draws)
        if t.ppf(level, draws - 1) * se < room:
            return repeats - drawn.repeats
    return None


@pytest.mark.parametrize("repeats", [1, 3, 10, 60])
@pytest.mark.parametrize("draws", [1, 10])
@pytest.mark.parametrize("fixed", [0.0, 0.5, 4.0])
@pytest.mark.parametrize("room", [0.3, 1.5, 5.0])
@pytest.mark.parametrize("level", [0.95, 0.975])
def test_the_fewest_repeats_whose_interval_is_narrow_enough(
    repeats: int, draws: int, fixed: float, room: float, level: float
) -> None:
    drawn = ErrorGrowth(repeats=repeats, sd=2.0, draws=draws, fixed=fixed)
    left = Open(drawn=drawn, limits=((room, level),), floor=Settle.ROWS)
    assert left.further() == reference(drawn, room, level)


def test_the_nearer_of_two_limits_counts() -> None:
    drawn = ErrorGrowth(repeats=4, sd=1.0)
    near, far = (0.2, 0.95), (0.6, 0.975)
    both = Open(drawn=drawn, limits=(near, far), floor=Settle.ROWS)
    assert both.further() == reference(drawn, *far)
    never = Open(drawn=drawn, limits=((0.0, 0.95),), floor=Settle.ROWS)
    assert never.further() is None


@pytest.mark.parametrize(
    ("difference", "sd", "made", "level"),
    [(0.0, 0.005, 3, 0.95), (0.0065, 0.002, 10, 0.95), (0.0145, 0.002, 10, 0.975)],
)
def test_a_number_needs_its_interval_within_the_tolerance_or_beyond(
    difference: float, sd: float, made: int, level: float
) -> None:
    drawn = ErrorGrowth(repeats=made, sd=sd, fixed=sd**2)
    judgement = lie_within(difference, Noise.of_repeats(drawn), 0.01, 0.0)
    room = abs(0.01 - difference)
    assert judgement.agreement in ("fits", "off")
    (left,) = judgement.open
    assert left.further() == reference(drawn, room, level)
