"""Why a claim has no interval: what its own judgement says, of claims whose repeats give other numbers and of equal
ones."""

from __future__ import annotations

import pytest

from bench.claims import judged_by
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from bench.core.outcomes import Statement, encoded
from bench.text.chance import (
    Arithmetic,
    CountsAlone,
    NothingDrawn,
    SameSplitsAgree,
    StatisticErrorUnknown,
)
from bench.text.compared import NoErrorRate
from tests.helpers.sparse import sparse


def row(*reasons: Statement, **numbers: object) -> VerdictRow:
    """A judgement with an interval as wide as the rounding of its printed number."""
    made = {
        "claim": "c",
        "kind": "value",
        "published": "0.90",
        "ours": 0.9,
        "low": -0.005,
        "high": 0.005,
    }
    made |= {
        "low_refute": -0.005,
        "high_refute": 0.005,
        "reasons": encoded(reasons),
        "status": "attempted",
    }
    (found,) = records(
        sparse([made | {"source": "paper", "falsifier": False} | numbers], VERDICTS),
        VerdictRow,
    )
    return found


@pytest.mark.parametrize(
    ("reason", "numbers", "why"),
    [
        (Arithmetic("table"), {}, "arithmetic"),
        (StatisticErrorUnknown("external"), {"kind": "statistic"}, "statistic"),
        (CountsAlone(5, 3), {"kind": "statistic"}, "sizes_alone"),
        (SameSplitsAgree(4), {}, "equal_runs"),
        (SameSplitsAgree(4), {"low": None}, None),
        (NothingDrawn(None), {}, None),
        (NoErrorRate("one_split"), {"low": None}, None),
    ],
)
def test_each_cause_has_a_word(
    reason: Statement, numbers: dict[str, object], why: str | None
) -> None:
    found = row(reason, **numbers)
    assert (judged_by.has_interval(found), judged_by.why_no_interval(found)) == (
        False,
        why,
    )
