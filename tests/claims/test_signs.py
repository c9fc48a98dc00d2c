"""Which printed differences are comparisons, and which point the same way here."""

from __future__ import annotations

from typing import Any

import pytest

from bench.claims.signs import Signs, count_signs
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from tests.helpers import bundles
from tests.helpers.sparse import sparse

#: Family, printed, ours, and what else the row has.
Number = tuple[str, str, float | None, dict[str, Any]]


def number(family: str, printed: str, ours: float | None, **more: Any) -> Number:
    return family, printed, ours, more


A = number("a", "90", 95.0)


@pytest.mark.parametrize(
    ("numbers", "comparisons", "same"),
    [
        ([], 0, 0),
        ([A], 0, 0),
        ([A, number("b", "80", 94.9)], 1, 1),
        ([A, number("b", "80", 95.1)], 1, 0),
        ([A, number("b", "80", 95.0)], 1, 0),
        ([A, number("b", "90.0", 80.0)], 0, 0),
        ([A, number("b", "80", 90.0), number("c", "85", 70.0)], 3, 2),
        ([A, number("b", "80", None)], 0, 0),
        ([A, number("b", "80", 90.0, dataset="sonar")], 0, 0),
        ([A, number("b", "80", 90.0, metric="recall")], 0, 0),
        ([A, number("b", "80", 90.0, unit="fraction")], 0, 0),
        ([A, number("b", "80", 90.0, kind="rank")], 0, 0),
        ([A, A, number("b", "80", 90.0)], 1, 1),
        ([A, number("b", "80", 90.0), number("b", "79", 90.0)], 0, 0),
        # .3 - .1 and .2 - 0 differ in their last bits only
        ([number("a", "0.3", 0.2), number("b", "0.1", 0.0)], 1, 1),
        ([number("a", "0.9", 0.1 + 0.2), number("b", "0.8", 0.3)], 1, 0),
    ],
)
def test_signs(numbers: list[Number], comparisons: int, same: int) -> None:
    rows = [
        bundles.verdict(f"c{i}", "reproduced", "wine", family, printed)
        | {"kind": "value", "ours": ours}
        | more
        for i, (family, printed, ours, more) in enumerate(numbers)
    ]
    found = count_signs(records(sparse(rows, VERDICTS), VerdictRow), {})
    assert found == Signs(comparisons, same)


def test_numbers_of_training_rows_stand_beside_no_other() -> None:
    common = {
        "kind": "value",
        "dataset": "wine",
        "metric": "accuracy",
        "unit": "percent",
        "where": "Table 1",
        "read": "source",
    }
    stated = [
        common | {"id": "c0", "family": "svm", "value": "90"},
        common | {"id": "c1", "family": "lda", "value": "80", "side": "train"},
    ]
    study = bundles.study(claims=stated)
    rows = [
        bundles.verdict(claim["id"], "reproduced", "wine", claim["family"], "90")
        | {"published": claim["value"], "ours": float(claim["value"])}
        for claim in stated
    ]
    bundle = bundles.made_of(study, verdicts=rows)
    assert count_signs(bundle.verdicts, {}) == Signs(1, 1)
    assert count_signs(bundle.verdicts, bundle.claims) == Signs(0, 0)
