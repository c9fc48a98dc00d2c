"""An end of an interval that is not zero, nor a limit of the tolerance, is printed as neither: it decides the claim."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from bench.core.outcomes import encoded
from bench.report.points import difference_interval, end_words, ours_words
from bench.report.values import gain, show_interval
from bench.text.chance import Repeats
from bench.text.formats import MINUS
from bench.text.words import measure
from tests.helpers.sparse import sparse


def row(low: float, high: float, **changes: object) -> VerdictRow:
    """A published accuracy of 0.87, judged by 0.01, with this interval of ours less it."""
    sized = changes.get("kind") != "better"
    made = {
        "claim": "c",
        "kind": "value",
        "metric": "accuracy",
        "published": "0.87",
        "ours": 0.87,
        "p": 0.5,
    }
    made |= {
        "difference": (low + high) / 2,
        "low": low,
        "high": high,
        "low_refute": low - 0.001 * sized,
    }
    made |= {"high_refute": high + 0.001 * sized}
    made |= {
        "tolerance": 0.01,
        "tolerance_used": 0.01,
        "reasons": encoded([Repeats("splits", 10)]),
    }
    made |= {"status": "attempted", "source": "paper", "falsifier": False}
    (found,) = records(sparse([made | changes], VERDICTS), VerdictRow)
    return found


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (-0.131, -0.00029, "[−0.131, −0.0003]"),
        (-0.131, 0.0, "[−0.131, 0.000]"),
        (-0.131, -1e-17, "[−0.131, 0.000]"),
        (0.0002, 0.131, "[0.0002, 0.131]"),
        (0.002, 0.01003, "[0.002, 0.01003]"),
        (0.00996, 0.131, "[0.00996, 0.131]"),
        (0.002, 0.01, "[0.002, 0.010]"),
        (-0.01004, 0.002, "[−0.01004, 0.002]"),
    ],
)
def test_an_end_is_zero_or_the_tolerance_only_where_it_is(
    low: float, high: float, shown: str
) -> None:
    assert difference_interval(row(low, high)) == shown


def test_a_power_of_ten_changes_no_side() -> None:
    found = row(
        0.9, 3.0003, published=".85e2", tolerance=3.0, tolerance_used=3.0, ours=85.9
    )
    assert difference_interval(found) == "[0.009e2, 0.030003e2]"


@pytest.mark.parametrize(
    ("changes", "ours", "shown"),
    [
        ({"published": "8", "agreement": "differs"}, 8.04, "8.04"),
        ({"published": "8", "agreement": "reproduced"}, 8.04, "8.0"),
    ],
)
def test_our_number_shows_its_side_of_what_it_misses(
    changes: dict[str, str], ours: float, shown: str
) -> None:
    """A number that is refuted is another than ours."""
    assert ours_words(row(-0.1, 0.1, ours=ours, metric="rmse", **changes)) == shown


@pytest.mark.parametrize(
    ("ours", "half", "shown"),
    [(267.4581, 30.077, ("267.5", "237.4")), (267.4581, 0.008, ("267.458", "267.450"))],
)
def test_a_difference_of_errors_has_the_digits_that_its_interval_needs(
    ours: float, half: float, shown: tuple[str, str]
) -> None:
    ends = {"low_refute": ours - half, "high_refute": ours + half}
    found = row(
        0.1,
        0.2,
        kind="better",
        metric="rmse",
        published=None,
        difference=None,
        ours=ours,
        against="b",
    )
    found = replace(found, **ends)
    assert (ours_words(found), end_words(found, found.low_refute)) == shown


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "rmse", "roc_auc"])
@pytest.mark.parametrize("low", [1e-3, 1e-4, 1e-5, 1e-7, -1e-5])
def test_the_end_of_every_difference_shows_on_which_side_of_zero_it_is(
    metric: str, low: float
) -> None:
    unit = measure(metric).beside(0.9)
    shown = show_interval(gain(unit, 0.02, low, 0.05)).strip("[").split(",")[0]
    assert re.search("[1-9]", shown) and shown.startswith(MINUS if low < 0 else "+")
    assert not re.search("[1-9]", show_interval(gain(unit, 0.0, 0.0, 1e-15)))
