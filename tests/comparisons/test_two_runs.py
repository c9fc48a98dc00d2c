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
from bench.scores.fold_words import NamedElsewhere
from bench.study.preregistration import canonical
from tests.helpers.judge_cases import (
    FIXED,
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
    failures = frames.empty(frames.FAILURES)
    judged = verdicts(study, tables, folds, scores, compared.estimates, failures)
    seen = {"tables": tables, "folds": folds, "scores": scores, "verdicts": judged}
    seen |= {"findings": frames.empty(frames.FINDINGS), **changes.pop("seen", {})}
    made = record_of_run(
        study,
        seen,
        stated=study,
        code={"bench run": "1"},
        versions={"numpy": "2"},
        became={},
        elsewhere=NamedElsewhere({}, {}),
    )
    return replace(made, **changes)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    one = a_record(tmp_path, {"lda": LDA, "qda": np.where(LDA > 0.92, np.nan, LDA)})
    assert read_record(one.text, "here") == one
    assert read_record(one.text, "here").id == one.id
    for damaged in (b"", b"[]", one.text[:-9], one.text.replace(b'"form": 5', b'"form": 4'),
                    one.text.replace(b'"numpy"', b'"\\ud800"'), b"[" * 100_000):  # fmt: skip
        with pytest.raises(DataError):
            read_record(damaged, "here")


@pytest.mark.parametrize(
    "changes",
    [
        {"tables": ()}, {"level": 5.0}, {"level": float("nan")},
        {"scores": lambda one: (*one.scores, one.scores[0])}, {"tables": lambda one: one.tables * 2},
        {"metrics": ()}, {"metrics": lambda one: one.metrics * 2},
        {"metrics": lambda one: (replace(one.metrics[0], rope=-1.0),)},
        {"metrics": lambda one: (replace(one.metrics[0], name="rmse"),)},
        {"folds": lambda one: one.folds * 2}, {"claims": lambda one: one.claims * 2},
        {"scores": lambda one: (replace(one.scores[0], value=one.scores[0].value[1:]),)},
        {"scores": lambda one: (replace(one.scores[0], stand_ins=((99, 0),)),)},
        {"scores": lambda one: (replace(one.scores[0], repeat=(0,) * len(one.scores[0].repeat)),)},
        {"scores": lambda one: (replace(one.scores[0], value=(float("inf"), *one.scores[0].value[1:])),)},
        {"claims": lambda one: (replace(one.claims[0], status="<b>"),)},
        {"claims": lambda one: (replace(one.claims[0], agreement="perfect"),)},
        {"claims": lambda one: (replace(one.claims[0], ours=float("inf")),)},
    ],
)  # fmt: skip
def test_what_no_run_writes_is_no_record(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    """A figure of such a file would be wrong or missing, and its words would be none that a page has."""
    one = a_record(tmp_path, {"lda": LDA})
    read_record(one.text, "here")
    made = replace(
        one,
        **{
            key: value(one) if callable(value) else value
            for key, value in changes.items()
        },
    )
    content = made.text
    with pytest.raises(DataError):
        read_record(content, "here")


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


def test_every_metric_of_both_runs_is_compared(tmp_path: Path) -> None:
    """The primary one first; p is adjusted within each; of a metric without a tolerance equality cannot be shown."""
    study = {"also": "[log_loss]"}
    runs = []
    for moved in (0.0, 0.06):
        scores = {
            "accuracy": {"lda": LDA - moved + moved * NOISE, "qda": LDA},
            "log_loss": {"lda": 0.3 + NOISE * moved},
        }
        runs.append(
            a_record(
                tmp_path,
                scores["accuracy"],
                others={"log_loss": scores["log_loss"]},
                study=study,
            )
        )
    found = two_runs(*runs)
    assert [(one.name, one.rope) for one in found.metrics] == [
        ("accuracy", 0.05),
        ("log_loss", None),
    ]
    assert [(row.metric, row.family, row.moved) for row in found.scores] == [
        ("accuracy", "lda", Moved.WORSE), ("accuracy", "qda", Moved.SAME), ("log_loss", "lda", Moved.UNCLEAR),
    ]  # fmt: skip
    assert [row.p_adjusted == row.p for row in found.scores if row.p is not None] == [
        True,
        True,
    ]
    swapped = replace(runs[1], metrics=runs[1].metrics[::-1])
    assert [row.metric for row in two_runs(runs[0], swapped).scores] == [
        "log_loss",
        "accuracy",
        "accuracy",
    ]
    assert two_runs(runs[0], swapped).worse == ()  # of the primary metric


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


def test_more_repeats_are_paired_on_the_folds_in_common(tmp_path: Path) -> None:
    was = a_record(tmp_path, {"lda": LDA[:3]}, folds=folds_of(3))
    now = a_record(tmp_path, {"lda": LDA - 0.05 + NOISE})
    (row,) = two_runs(was, now).scores
    assert row.paired and row.folds == 30
    assert row.difference == pytest.approx((NOISE[:3] - 0.05).mean())
    assert (row.was, row.now) == pytest.approx(
        (LDA[:3].mean(), (LDA - 0.05 + NOISE)[:3].mean())
    )
    assert (row.scores_was, row.scores_now, row.in_part) == (30, 100, True)
    for one, other in (
        (was, a_record(tmp_path, {"lda": LDA})),
        (a_record(tmp_path, {"lda": LDA}), was),
    ):
        (row,) = two_runs(one, other).scores
        assert (row.moved, row.difference, row.folds, row.was) == (
            Moved.SAME,
            0.0,
            30,
            row.now,
        )


def test_a_few_folds_that_happen_to_be_the_same_are_none_in_common(
    tmp_path: Path,
) -> None:
    """Of 100 folds each 49 are too few, so that the other half of the scores counts, too."""
    for kept, paired in ((49, False), (50, True)):
        rows = (
            pl.when(pl.int_range(pl.len()) < kept)
            .then(pl.col("rows_sha256"))
            .otherwise(pl.col("rows_sha256") + "!")
        )
        runs = (
            a_record(tmp_path, {"lda": LDA}),
            a_record(tmp_path, {"lda": LDA}, folds=folds_of().with_columns(rows)),
        )
        (row,) = two_runs(*runs).scores
        assert (row.paired, row.folds) == (paired, kept * paired)


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


@pytest.mark.parametrize(("moved", "paired"), [(0, True), (1, False)])
def test_as_many_rows_of_one_file_may_be_others(
    tmp_path: Path, moved: int, paired: bool
) -> None:
    """Cleaning dropped other rows in the same number: the places of a fold hold other rows."""
    tables = tables_of().with_columns(raw_sha256=pl.lit("r"), rows=pl.lit(3, pl.Int64))
    seen = predicted([1.0, 2.0, 3.0])
    runs = [
        a_record(
            tmp_path,
            {"lda": LDA + number * NOISE},
            tables=tables.with_columns(fingerprint=pl.lit(f"{number}")),
            seen={"predictions": seen.with_columns(pl.col("row") + number * moved)},
        )
        for number in (0, 1)
    ]
    assert two_runs(*runs).scores[0].paired is paired


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


def test_of_scores_of_others_nobody_says_what_they_are_about(tmp_path: Path) -> None:
    """Beside fits of one's own that is said, and they are compared; beside other scores there is nothing to say."""
    run = a_record(tmp_path, {"lda": LDA})
    (table,) = run.tables
    own = replace(
        run, tables=(replace(table, fingerprint="f", column="a", positive="p"),)
    )
    others = replace(
        run, tables=(replace(table, fingerprint="g", elsewhere=True, column=None),)
    )
    for runs, unknown in (
        ((own, others), ("toy",)),
        ((others, own), ("toy",)),
        ((others, others), ()),
    ):
        found = two_runs(*runs)
        assert (found.targets, found.unknown_targets) == ((), unknown)
        assert found.scores[0].difference == 0.0


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


def test_one_split_has_no_error_rate(tmp_path: Path) -> None:
    folds, parts = folds_of(1, 1), {"resampling": FIXED}
    was, now = (
        a_record(tmp_path, {"lda": [[value]]}, folds=folds, study=parts)
        for value in (0.9, 0.5)
    )
    (row,) = two_runs(was, now).scores
    assert (row.moved, row.p, row.difference) == (
        Moved.NOT_TESTED,
        None,
        pytest.approx(-0.4),
    )
    assert two_runs(was, was).scores[0].moved is Moved.SAME


def test_scores_of_another_model_are_no_secret(tmp_path: Path) -> None:
    """Of three folds that failed now the baseline's score is in the mean, as the study says."""
    was = a_record(tmp_path, {"lda": LDA, "baseline": LDA - 0.3})
    failed = pl.DataFrame({"family": ["lda"] * 3, "repeat": [0] * 3, "fold": [0, 4, 9]})
    scores = scores_of_arrays({"lda": LDA, "baseline": LDA - 0.3})
    at = {"on": ["family", "repeat", "fold"], "nulls_equal": True}
    lost = scores.join(
        failed.cast({"repeat": pl.Int32, "fold": pl.Int32}), how="semi", **at
    )
    lost = lost.with_columns(variant=pl.lit("fallback"), value=pl.col("value") - 0.3)
    both = pl.concat([scores.join(lost, how="anti", **at), lost])
    now = a_record(tmp_path, {"lda": LDA, "baseline": LDA - 0.3}, seen={"scores": both})
    assert read_record(now.text, "here") == now
    rows = {row.family: row for row in two_runs(was, now).scores}
    assert {name: (row.stand_ins_was, row.stand_ins_now) for name, row in rows.items()} == {
        "lda": (0, 3), "baseline": (0, 0),
    }  # fmt: skip
    assert (
        rows["lda"].difference == pytest.approx(-0.3 * 3 / 100)
        and rows["baseline"].moved is Moved.SAME
    )


def test_models_that_came_and_went(tmp_path: Path) -> None:
    found = two_runs(a_record(tmp_path, {"lda": LDA}), a_record(tmp_path, {"qda": LDA}))
    assert [(row.family, row.moved, row.was is None) for row in found.scores] == [
        ("qda", Moved.NEW, True), ("lda", Moved.GONE, False),
    ]  # fmt: skip


def test_a_lower_error_is_better(tmp_path: Path) -> None:
    runs = (a_record(tmp_path, {"lda": one}) for one in (LDA, LDA - 0.06 + NOISE))
    was, now = (
        replace(one, metrics=(replace(one.metrics[0], higher_is_better=False),))
        for one in runs
    )
    assert two_runs(was, now).scores[0].moved is Moved.BETTER


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


def test_scores_of_others_are_no_data_that_changed(tmp_path: Path) -> None:
    """Of files of scores no table is known, and a dataset that one of them lacks is seen by its scores."""
    was, now = (
        replace(
            run,
            tables=tuple(
                replace(one, dataset=name, rows=None, raw_sha256=None, fingerprint=None)
                for one in run.tables
            ),
        )
        for name, run in (
            (name, a_record(tmp_path, {"lda": LDA})) for name in ("toy", "other")
        )
    )
    assert two_runs(was, replace(now, scores=())).data == ()


def test_a_change_to_a_default_shows_the_default(tmp_path: Path) -> None:
    given, left = (
        a_record(
            tmp_path,
            {"lda": LDA},
            study={"resampling": f"{{kind: kfold{more}, repeats: 10}}"},
        )
        for more in (", folds: 5", "")
    )
    assert [(one.name, one.was, one.now) for one in two_runs(given, left).study] == [
        ("protocol.resampling.folds", "5", "10")
    ]


def test_a_few_equal_differences_are_not_tested(tmp_path: Path) -> None:
    values = np.array([[0.9, 0.8, 0.85]])
    was, now = (
        a_record(tmp_path, {"lda": one}, folds=folds_of(1, 3))
        for one in (values, values - 0.05)
    )
    (row,) = two_runs(was, now).scores
    assert (row.moved, row.p, row.low, row.p_equal) == (
        Moved.NOT_TESTED,
        None,
        None,
        None,
    )
    assert (row.difference, row.paired, row.folds) == (pytest.approx(-0.05), True, 3)


def test_scores_are_identical_on_the_folds_that_both_runs_have(tmp_path: Path) -> None:
    """One of four folds has no score now: of it nothing is said but that it is not compared."""
    then, here = np.array([[0.9, 0.8, 0.85, 0.7]]), np.array([[0.9, 0.8, 0.85, np.nan]])
    was, now = (
        a_record(tmp_path, {"lda": one}, folds=folds_of(1, 4)) for one in (then, here)
    )
    for runs, counts in (((was, now), (4, 3)), ((now, was), (3, 4))):
        (row,) = two_runs(*runs).scores
        assert (row.moved, row.difference, row.folds, row.in_part) == (
            Moved.SAME,
            0.0,
            3,
            True,
        )
        assert (row.scores_was, row.scores_now, row.untested, row.p_equal, row.low) == (
            *counts,
            None,
            None,
            None,
        )


@pytest.mark.parametrize(("now", "rows", "moved", "unknown"), [
    ([1.0, 2.0, 3.0], 100, Moved.SAME, ()), ([1.0, 2.0, 3.5], 100, Moved.NOT_TESTED, ()),
    (None, 100, Moved.SAME, ("toy",)), ([1.0, 2.0, 3.5], 99, Moved.NOT_TESTED, ("toy",)),
])  # fmt: skip
def test_a_target_that_was_computed_anew_is_another(
    tmp_path: Path,
    now: list[float] | None,
    rows: int,
    moved: Moved,
    unknown: tuple[str, ...],
) -> None:
    """Cleaned otherwise: the same rows, and one value of the column that is predicted; with a row less nobody knows."""
    runs = []
    for name, truth, count in (("f", [1.0, 2.0, 3.0], 100), ("g", now, rows)):
        tables = tables_of().with_columns(
            raw_sha256=pl.lit("r"),
            fingerprint=pl.lit(name),
            rows=pl.lit(count, pl.Int64),
        )
        seen = {} if truth is None else {"predictions": predicted(truth)}
        runs.append(a_record(tmp_path, {"lda": LDA}, tables=tables, seen=seen))
        assert read_record(runs[-1].text, "here") == runs[-1]
    found = two_runs(*runs)
    assert [one.what for one in found.targets] == (
        ["values"] if moved is Moved.NOT_TESTED and not unknown else []
    )
    assert found.unknown_targets == unknown
    assert rows == 99 or found.scores[0].moved is moved


def predicted(truth: list[float]) -> pl.DataFrame:
    """Predictions of two models of the same rows, in another order."""
    rows = [
        {"dataset": "toy", "variant": "plain", "side": "test", "row": row, "truth": one}
        for row, one in enumerate(truth)
    ]
    return pl.DataFrame([*rows, *rows[::-1]])
