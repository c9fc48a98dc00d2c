"""Two runs against each other: numbers by hand; pairs only where rows and folds are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from bench.claims import verdicts
from bench.comparisons import comparisons
from bench.comparisons.moved_scores import Moved
from bench.comparisons.run_record import RunRecord, read_record, record_of_run
from bench.comparisons.two_runs import two_runs
from bench.core import frames
from bench.core.comparisons import WhyNot
from bench.core.errors import DataError
from bench.study.preregistration import canonical
from tests.helpers.judge_cases import (
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)

CLAIM = '  - {id: c, kind: value, dataset: toy, family: lda, metric: accuracy, value: "0.90", unit: fraction,\n'
CLAIM += "     where: a, read: source}\n"
MORE = "tolerance: {accuracy: 0.05, why: a}"
LDA = around(0.9, 0.01, fold_sd=0.02)
NOISE = around(0.0, 0.01, fold_sd=0.02)[::-1, ::-1]


def a_record(folder: Path, values: dict[str, Any], **changes: Any) -> RunRecord:
    """The record of a run with these scores; `study`: parts of its file; others replace fields of the record."""
    parts = {"more": MORE} | changes.pop("study", {})
    folds, tables = changes.pop("folds", folds_of()), changes.pop("tables", tables_of())
    study, scores = a_study(folder, CLAIM, **parts), scores_of_arrays(values)
    for metric, its in changes.pop("others", {}).items():
        scores = pl.concat([scores, scores_of_arrays(its, metric=metric)])
    compared = comparisons(study, tables, folds, scores)
    seen = {"tables": tables, "folds": folds, "scores": scores}
    made = {
        "estimates": compared.estimates,
        "failures": frames.empty(frames.FAILURES),
    }
    seen["verdicts"] = verdicts(study, seen | made)
    seen |= {"findings": frames.empty(frames.FINDINGS), **changes.pop("seen", {})}
    made = record_of_run(
        study,
        seen,
        stated=study,
        code={"bench run": "1"},
        versions={"numpy": "2"},
        became={},
        elsewhere={},
    )
    return replace(made, **changes)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    one = a_record(tmp_path, {"lda": LDA, "qda": np.where(LDA > 0.92, np.nan, LDA)})
    assert read_record(one.text, "here") == one
    assert read_record(one.text, "here").id == one.id
    for damaged in (b"", b"[]", one.text[:-9], one.text.replace(b'"form": 6', b'"form": 5'),
                    one.text.replace(b'"numpy"', b'"\\ud800"'), b"[" * 100_000):  # fmt: skip
        with pytest.raises(DataError):
            read_record(damaged, "here")


@pytest.mark.parametrize(
    "changes",
    [
        {"level": 5.0},
        {"level": float("nan")},
        {"metrics": lambda run: (replace(run.metrics[0], rope=-1.0),)},
        {"scores": lambda run: (replace(run.scores[0], value=(float("inf"),)),)},
        {"claims": lambda run: (replace(run.claims[0], status="<b>"),)},
        {"claims": lambda run: (replace(run.claims[0], agreement="perfect"),)},
        {"claims": lambda run: (replace(run.claims[0], ours=float("inf")),)},
    ],
)
def test_what_no_run_writes_is_no_record(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    run = a_record(tmp_path, {"lda": LDA})
    values = {
        name: value(run) if callable(value) else value
        for name, value in changes.items()
    }
    with pytest.raises(DataError):
        read_record(replace(run, **values).text, "here")


def test_a_pair_on_the_same_folds_by_hand(tmp_path: Path) -> None:
    """One model is worse, another equal within the ROPE, a third identical; p is adjusted over the two."""
    was = a_record(tmp_path, {"lda": LDA, "qda": LDA, "baseline": LDA})
    now = a_record(
        tmp_path,
        {"lda": LDA - 0.06 + NOISE, "qda": LDA + 0.002 + NOISE, "baseline": LDA},
    )
    rows = {row.family: row for row in two_runs(was, now).scores}
    assert {family: row.moved for family, row in rows.items()} == {
        "lda": Moved.WORSE, "qda": Moved.EQUAL, "baseline": Moved.SAME,
    }  # fmt: skip
    d = (NOISE - 0.06).ravel()
    se = d.std(ddof=1) * np.sqrt(1 / 100 + 10 / 90)
    row, half = rows["lda"], stats.t.ppf(0.975, 99) * se
    assert (row.difference, row.low, row.high) == pytest.approx(
        (d.mean(), d.mean() - half, d.mean() + half)
    )
    assert row.p == pytest.approx(2 * stats.t.sf(abs(d.mean()) / se, 99))
    assert row.p_adjusted == pytest.approx(2 * row.p)
    assert row.paired and row.folds == 100
    d = (NOISE + 0.002).ravel()
    t = (0.05 - abs(d.mean())) / (d.std(ddof=1) * np.sqrt(1 / 100 + 10 / 90))
    assert rows["qda"].p_equal == pytest.approx(stats.t.sf(t, 99))
    assert rows["qda"].p_equal_adjusted == pytest.approx(2 * rows["qda"].p_equal)


@pytest.mark.parametrize(
    ("rope", "moved", "outcome"),
    [
        (0.05, 0.0, Moved.EQUAL), (0.001, 0.0, Moved.UNCLEAR), (None, 0.0, Moved.UNCLEAR),
        (0.05, -0.03, Moved.EQUAL),  # certain, and too small to matter
        (0.001, -0.03, Moved.WORSE), (None, -0.03, Moved.WORSE), (None, 0.03, Moved.BETTER),
    ],
)  # fmt: skip
def test_without_a_difference_equality_has_to_be_shown(
    tmp_path: Path, rope: float | None, moved: float, outcome: Moved
) -> None:
    was = a_record(tmp_path, {"lda": LDA})
    now = a_record(tmp_path, {"lda": LDA + moved + NOISE / 4})
    now = replace(now, metrics=(replace(now.metrics[0], rope=rope),))
    (row,) = two_runs(was, now).scores
    assert (row.moved, row.p_equal is None) == (outcome, rope is None)


def test_other_folds_are_compared_without_pairs(tmp_path: Path) -> None:
    others = folds_of().with_columns(pl.col("rows_sha256") + "!")
    was, now = (
        a_record(tmp_path, {"lda": LDA}),
        a_record(tmp_path, {"lda": LDA - 0.1}, folds=others),
    )
    (row,) = two_runs(was, now).scores
    se = LDA.std(ddof=1) * np.sqrt(1 / 100 + 10 / 90)
    t = (LDA - 0.1).mean() - LDA.mean()
    assert row.paired is False and row.p == pytest.approx(
        2 * stats.t.sf(abs(t) / (se * 2**0.5), 198)
    )
    assert row.moved is Moved.WORSE


def test_other_data_of_the_same_folds_are_no_pairs(tmp_path: Path) -> None:
    """Row 7 of another table is another row, unless the table was cleaned otherwise and kept its rows."""
    tables = tables_of().with_columns(raw_sha256=pl.lit("r"), fingerprint=pl.lit("f"))
    was = a_record(tmp_path, {"lda": LDA}, tables=tables)
    for raw, rows, paired in (("r", 100, True), ("s", 100, False), ("r", 99, False)):
        other = tables.with_columns(
            raw_sha256=pl.lit(raw), fingerprint=pl.lit("g"), rows=pl.lit(rows, pl.Int64)
        )
        (row,) = two_runs(
            was, a_record(tmp_path, {"lda": LDA + NOISE}, tables=other)
        ).scores
        assert row.paired is paired, (raw, rows)


@pytest.mark.parametrize(
    ("was", "now", "what"),
    [
        ({"column": "a"}, {"column": "b"}, [("target", "a", "b")]),
        ({"positive": "p"}, {"positive": "q"}, [("positive", "p", "q")]),
        ({}, {"positive": "p"}, [("positive", None, "p")]),
        ({}, {"task": "regression"}, [("task", "classification", "regression")]),
        (
            {"column": "a", "positive": "p"},
            {"column": "b"},
            [("target", "a", "b"), ("positive", "p", None)],
        ),
        ({}, {}, []),
        (
            {"column": None},
            {"positive": "p"},
            [],
        ),  # scores of others, of which nobody says more
    ],
)
@pytest.mark.parametrize("elsewhere", [True, False])
@pytest.mark.parametrize("fingerprint", ["f", "g"])
def test_scores_of_two_targets_are_not_compared(
    tmp_path: Path,
    was: dict[str, Any],
    now: dict[str, Any],
    what: list[tuple[str, str, str]],
    elsewhere: bool,
    fingerprint: str,
) -> None:
    """Also in one file: the fingerprint of a table that others made does not say which column is read."""
    runs = []
    for number, said in enumerate((was, now)):
        run = a_record(tmp_path, {"lda": LDA - 0.2 * number})
        table = replace(
            run.tables[0], raw_sha256="r", fingerprint=("f", fingerprint)[number], elsewhere=elsewhere,
            **{"column": "a"} | {key: value for key, value in said.items() if key != "task"},
        )  # fmt: skip
        task = {"task": said.get("task", "classification")}
        runs.append(
            replace(run, settled=canonical(run.sections | task), tables=(table,))
        )
        assert read_record(runs[-1].text, "here") == runs[-1]
    found = two_runs(*runs)
    assert [(one.dataset, one.what, one.was, one.now) for one in found.targets] == [
        ("toy", *one) for one in what
    ]
    (row,) = found.scores
    if not what:
        assert (row.moved, row.paired) == (Moved.WORSE, True)
        return
    assert row.was is not None and row.now is not None
    assert (row.moved, row.untested, row.difference, row.p, row.paired) == (
        Moved.NOT_TESTED, WhyNot.OTHER_TARGET, None, None, None,
    )  # fmt: skip
    assert found.worse == ()


@pytest.mark.parametrize("earlier_pooled", [True, False])
def test_a_pooled_score_is_no_mean_of_folds(
    tmp_path: Path, earlier_pooled: bool
) -> None:
    """They are two numbers under one name, without a difference; two pooled scores have one."""
    folds = a_record(tmp_path, {"lda": LDA})
    one = replace(folds.scores[0], repeat=(0, 1), fold=(-1, -1), value=(0.9, 0.8))
    pooled = replace(folds, scores=(one,))
    (row,) = two_runs(*((pooled, folds) if earlier_pooled else (folds, pooled))).scores
    assert (row.moved, row.untested, row.difference, row.paired) == (
        Moved.NOT_TESTED, WhyNot.OTHER_AGGREGATION, None, None,
    )  # fmt: skip
    means = pytest.approx((0.85, LDA.mean())[:: 1 if earlier_pooled else -1])
    assert (row.was, row.now) == means
    unknown = replace(pooled, folds=())  # one score a model, of which nobody says more
    (row,) = two_runs(
        *((unknown, folds) if earlier_pooled else (folds, unknown))
    ).scores
    assert (row.untested, row.difference is None) == (WhyNot.NO_ERROR_RATE, False)
    (row,) = two_runs(
        pooled, replace(pooled, scores=(replace(one, value=(0.9, 0.7)),))
    ).scores
    assert (row.untested, row.difference) == (
        WhyNot.NO_ERROR_RATE,
        pytest.approx(-0.05),
    )


@pytest.mark.parametrize(
    "seeds", [(True, True), (False, True), (True, False), (False, False)]
)
def test_a_test_over_seeds_is_marked(tmp_path: Path, seeds: tuple[bool, bool]) -> None:
    """It knows no sampling error, wherever one of the runs has none."""
    runs = []
    for number, alone in enumerate(seeds):
        run = a_record(
            tmp_path, {"lda": LDA + number * (NOISE - 0.1)}, folds=folds_of(same=alone)
        )
        runs.append(replace(run, tables=tuple(
            replace(one, setting=replace(one.setting, seeds=alone)) for one in run.tables
        )))  # fmt: skip
    (row,) = two_runs(*runs).scores
    assert (row.seeds, row.p is None) == (any(seeds), False)


def test_what_changed_by_dotted_keys(tmp_path: Path) -> None:
    was = a_record(tmp_path, {"lda": LDA})
    now = replace(
        a_record(
            tmp_path,
            {"lda": LDA},
            study={"families": "{lda: {}, qda: {shrinkage: 0.1}}"},
        ),
        code={},
    )
    found = two_runs(was, now)
    names = {change.name: (change.was, change.now) for change in found.study}
    assert names["families.qda.shrinkage"] == ("not set", "0.1")
    assert [(change.name, change.now) for change in found.code] == [
        ("bench run", "not set")
    ]
    assert (found.data, found.versions, found.claims_alike) == ((), (), 1)


@pytest.mark.parametrize("by_study", [True, False])
def test_another_cleaning_of_the_same_table_is_no_change_of_data(
    tmp_path: Path, by_study: bool
) -> None:
    """A study that drops a column has other clean rows: its change is listed, once. Code that cleans otherwise leaves
    the study as it was, and the table is listed as cleaned."""
    tables = [
        tables_of().with_columns(raw_sha256=pl.lit("raw"), fingerprint=pl.lit(one))
        for one in ("old", "new")
    ]
    studies = [
        {"of_toy": ", drop: [b]" if by_study and number else ""} for number in range(2)
    ]
    runs = [
        replace(
            a_record(tmp_path, {"lda": LDA}, tables=table, study=study),
            code={"c": str(number)},
        )
        for number, (table, study) in enumerate(zip(tables, studies, strict=True))
    ]
    found = two_runs(*runs)
    assert [change.name for change in found.study] == ["datasets.toy.drop"] * by_study
    assert [change.name for change in found.data] == ["toy, as cleaned"] * (
        not by_study
    )
