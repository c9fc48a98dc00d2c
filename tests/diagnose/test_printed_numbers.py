"""Other readings of printed numbers: planted in tables of scores, and how often clean tables have one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.core.findings import Finding, Outcome
from bench.diagnose.case import Case
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.printed_numbers import ReadOtherwise, run
from bench.stats.matches import cut
from bench.study import Study

DATASETS, FAMILIES = [f"d{i}" for i in range(6)], [f"f{i}" for i in range(5)]
Place = tuple[str, str]
BASE = Case().evidence()


def table(seed: int, *, alike: float = 0.03) -> dict[Place, np.ndarray]:
    """(2, 5) scores of five models on six datasets, hard ones and easy ones; the models of a dataset are alike."""
    draw = np.random.default_rng(seed)
    level = {d: draw.uniform(0.6, 0.9) for d in DATASETS}
    return {
        (d, f): level[d] + alike * draw.normal() + 0.02 * draw.normal(size=(2, 5))
        for d in DATASETS
        for f in FAMILIES
    }


def evidence(
    ours: Mapping[Place, np.ndarray],
    printed: Mapping[Place, str],
    unfinished: tuple[Place, ...] = (),
) -> DiagnosticEvidence:
    def claim(i: int, place: Place) -> dict[str, Any]:
        return {
            "id": f"c{i}", "kind": "value", "dataset": place[0], "family": place[1], "metric": "accuracy",
            "value": printed[place], "unit": "percent", "where": "a table", "read": "source",
        }  # fmt: skip

    study = Study.model_validate(
        Case()
        .made_study()
        .model_dump(
            exclude={"datasets", "families", "id", "claims"}, exclude_unset=True
        )
        | {
            "datasets": {
                d: {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"}
                for d in DATASETS
            },
            "families": {f: {"family": "lda"} for f in FAMILIES},
            "claims": [claim(i, place) for i, place in enumerate(printed)],
        }
    )
    rows = [
        {
            "dataset": d,
            "family": f,
            "variant": "plain",
            "repeat": r,
            "fold": k,
            "side": "test",
            "metric": "accuracy",
        }
        | {"value": float(value)}
        for (d, f), values in ours.items()
        for (r, k), value in np.ndenumerate(values)
        if np.isfinite(value)
    ]
    failures = [
        {
            "dataset": d,
            "family": f,
            "variant": "plain",
            "repeat": 1,
            "fold": 4,
            "stage": "fit",
            "status": "failed",
        }
        for d, f in unfinished
    ]
    return DiagnosticEvidence(
        study, BASE.tables, BASE.folds, frames.of_rows(rows, frames.SCORES), BASE.tuning, BASE.predictions,
        BASE.remarks, pl.DataFrame(failures, schema=frames.FAILURES) if failures else BASE.failures, BASE.duplicates,
    )  # fmt: skip


def shown(ours: Mapping[Place, np.ndarray], decimals: int = 1) -> dict[Place, str]:
    return {
        place: f"{100 * np.nanmean(values):.{decimals}f}"
        for place, values in ours.items()
    }


def findings(made: DiagnosticEvidence) -> list[ReadOtherwise]:
    found: list[Finding] = [one for one in run(made) if one.outcome is Outcome.FOUND]
    return [
        statement
        for one in found
        for statement in one.statements
        if isinstance(statement, ReadOtherwise)
    ]


def test_the_row_of_another_model() -> None:
    ours = table(1)
    printed = shown(ours) | {(d, "f2"): shown(ours)[d, "f4"] for d in DATASETS}
    (one,) = findings(evidence(ours, printed))
    assert (one.reading, one.of, one.other, one.matches, one.n) == (
        "row",
        "f2",
        "f4",
        6,
        6,
    )
    assert one.p < 0.01 and one.own < 6


def test_the_column_of_another_dataset() -> None:
    ours = table(2)
    printed = shown(ours) | {("d3", f): shown(ours)["d5", f] for f in FAMILIES}
    (one,) = findings(evidence(ours, printed))
    assert (one.reading, one.of, one.other, one.matches) == ("column", "d3", "d5", 5)


def test_numbers_that_were_cut() -> None:
    ours = table(3)
    printed = {
        place: f"{cut(100 * float(values.mean()), 1):.1f}"
        for place, values in ours.items()
    }
    (one,) = findings(evidence(ours, printed))
    assert (one.reading, one.matches, one.n) == ("cut", 30, 30)
    assert one.own < 25


@pytest.mark.parametrize("decimals", [0, 1])
def test_clean_tables(decimals: int) -> None:
    """Of 30 clean tables none or one has a finding, where models are as alike as a point: the level is 1 %."""
    alarms = 0
    for seed in range(30):
        ours, draw = table(seed, alike=0.01), np.random.default_rng([seed, 1])
        printed = {
            p: f"{100 * (values.mean() + 0.004 * draw.normal()):.{decimals}f}"
            for p, values in ours.items()
        }
        alarms += bool(findings(evidence(ours, printed)))
    assert alarms <= 1


def test_a_table_that_is_ours_to_the_last_digit() -> None:
    ours = table(9)
    assert findings(evidence(ours, shown(ours))) == []


def test_what_failed_has_no_number_of_ours() -> None:
    ours = table(1)
    printed = shown(ours) | {(d, "f2"): shown(ours)[d, "f4"] for d in DATASETS}
    failed = tuple((d, "f2") for d in DATASETS)
    assert findings(evidence(ours, printed, failed)) == []
