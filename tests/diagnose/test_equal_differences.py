"""A few equal differences have no error: neither an interval nor a test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bench.diagnose.finding import Estimate, difference
from bench.scores.series import Series


@pytest.mark.parametrize(("spread", "known"), [(0.0, False), (0.001, True)])
def test_a_gap_that_is_the_same_in_six_repeats_has_no_interval(
    spread: float, known: bool
) -> None:
    """Wine in a stratified hold-out: a constant guess is right in 50 of 124 training rows and in 21 of 54 test rows."""
    at = np.arange(6)
    train = Series(at, np.zeros(6, int), 50 / 124 + spread * at)
    test = Series(at, np.zeros(6, int), np.full(6, 21 / 54))
    setting = SimpleNamespace(sample=lambda gain: (gain.value, 54 / 124))
    evidence: Any = SimpleNamespace(settings={"wine": setting})
    gap = difference(evidence, "wine", "accuracy", (train, test), 0.95)
    assert gap is not None and gap.estimate == pytest.approx(
        50 / 124 - 21 / 54 + 2.5 * spread
    )
    assert (gap.low is not None, gap.high is not None) == (known, known)


def test_no_difference_in_a_few_folds_has_no_interval() -> None:
    """A constant model at half of the rows and at all of them: ten folds do not show what an eleventh would."""
    at = np.arange(10)
    same = Series(at, np.zeros(10, int), np.full(10, 0.5))
    evidence: Any = SimpleNamespace(
        settings={"wine": SimpleNamespace(sample=lambda gain: (gain.value, 0.1))}
    )
    assert difference(evidence, "wine", "accuracy", (same, same), 0.95) == Estimate(0.0)
