"""Scores and predictions that somebody else's fits left, through the commands: everything but the fits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from sklearn import metrics as sk

from bench.cli.app import main
from bench.core.outcomes import decoded
from bench.diagnose.outlier_folds import Outlier
from bench.text.chance import Repeats, SeedsNotSplits
from bench.text.compared import NoErrorRate
from bench.text.judgements import SeedsOnly
from tests.helpers.judge_cases import has, reason
from tests.helpers.problems import problems

Project = Callable[..., Path]
STUDY = """
title: Somebody else's numbers
task: {task}
datasets:
  cancer:
    source: {{kind: csv, file: data/t.csv}}
{dataset}
clean: null
preprocess: null
protocol: null
families: null
metrics: {metrics}
compare: {{rope: 0.01}}
diagnostics: {{halves: null}}
{more}
"""
SCORES = "    scores: {family: method, repeat: r, fold: f, repeats_are: splits, value: acc%s}\n    metric: accuracy"
BETTER = (
    "claims:\n  - {id: c, kind: better, dataset: cancer, family: A, against: B, metric: accuracy, where: p, "
    "read: source}"
)


def text(
    dataset: str,
    *,
    task: str = "null",
    metrics: str = "{primary: accuracy}",
    more: str = "",
) -> str:
    return STUDY.format(dataset=dataset, task=task, metrics=metrics, more=more)


def made(project: Project, study: str, table: pl.DataFrame) -> Path:
    root = project(toy=study)
    (root / "studies" / "toy" / "data").mkdir(exist_ok=True)
    table.write_csv(root / "studies" / "toy" / "data" / "t.csv")
    return root


STAGES = ("fetch", "clean", "run", "judge")


def go(*stages: str) -> None:
    for stage in stages or STAGES:
        assert main([stage, "toy"]) == 0, stage


def frame(root: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(root / "results" / "toy" / f"{name}.parquet")


def verdict_rows(root: Path) -> dict[str, dict[str, Any]]:
    """The verdicts by claim, their reasons as statements."""
    rows = frame(root, "verdicts").iter_rows(named=True)
    return {row["claim"]: row | {"reasons": decoded(row["reasons"])} for row in rows}


def pair(root: Path) -> dict[str, float]:
    return frame(root, "pairs").row(0, named=True)


def fold_scores(repeats: int = 4, folds: int = 5) -> pl.DataFrame:
    """Two methods, named out of alphabetical order; repeats are named by seeds."""
    generator = np.random.default_rng(3)
    rows = [
        {"method": method, "r": f"seed{10 * r}", "f": f + 1, "acc": round(base + generator.normal(0, 0.01), 4),
         "auc": round(base + 0.05 + generator.normal(0, 0.005), 4), "n_train": 80, "n_test": 20}
        for r in range(repeats) for f in range(folds) for method, base in (("B", 0.85), ("A", 0.9))
    ]  # fmt: skip
    return pl.DataFrame(rows)


def corrected(table: pl.DataFrame, ratio: float) -> tuple[float, float, float]:
    """Nadeau and Bengio's test of B - A, written here a second time: difference, half-width at 95 %, p."""
    values = {
        m: table.filter(pl.col("method") == m).sort("r", "f")["acc"].to_numpy()
        for m in "AB"
    }
    d = values["B"] - values["A"]
    se = d.std(ddof=1) * np.sqrt(1 / len(d) + ratio)
    t = stats.t(len(d) - 1)
    return (
        float(d.mean()),
        float(t.ppf(0.975) * se),
        float(2 * t.sf(abs(d.mean() / se))),
    )


@pytest.mark.parametrize(
    "sizes",
    [
        ", train_rows: n_train, test_rows: n_test",
        ", train_rows: 80, test_rows: 20",
        ", test_train_ratio: 0.25",
    ],
)
def test_scores_of_repeated_cross_validation_have_the_corrected_test(
    sizes: str, project: Project
) -> None:
    table = fold_scores()
    root = made(project, text(SCORES % sizes, more=BETTER), table)
    go()
    row = pair(root)
    difference, half, p = corrected(table, 0.25)
    assert (row["family"], row["against"]) == ("B", "A")  # the order of the table
    assert (row["difference"], row["low"], row["high"], row["p"]) == pytest.approx(
        (difference, difference - half, difference + half, p), rel=1e-9
    )
    assert frame(root, "verdicts")["agreement"].to_list() == ["reproduced"]


def test_without_sizes_there_is_no_interval(project: Project) -> None:
    root = made(project, text(SCORES % "", more=BETTER), fold_scores())
    go()
    row = pair(root)
    assert row["difference"] == pytest.approx(corrected(fold_scores(), 0.25)[0])
    assert row["low"] is row["p"] is None
    assert reason(verdict_rows(root)["c"], NoErrorRate).why == "few_splits"


def test_several_metrics_in_columns_or_in_rows_are_the_same(project: Project) -> None:
    wide = "    scores: {family: method, repeat: r, fold: f, repeats_are: splits, value: {accuracy: acc, roc_auc: auc}}"
    long = "    scores: {family: method, repeat: r, fold: f, repeats_are: splits, value: v, metric: m}"
    both = "{primary: accuracy, also: [roc_auc]}"
    root = made(project, text(wide, metrics=both), fold_scores())
    go()
    first = frame(root, "scores")
    table = fold_scores().rename({"acc": "accuracy", "auc": "roc_auc"})
    table = table.unpivot(
        ["accuracy", "roc_auc"],
        index=["method", "r", "f"],
        variable_name="m",
        value_name="v",
    )
    made(project, text(long, metrics=both), table)
    go()
    second = frame(root, "scores")
    assert first.drop("value").equals(second.drop("value"))
    assert first["value"].to_list() == pytest.approx(second["value"].to_list())
    assert len(first) == 2 * 2 * 4 * 5


SEEDS = "    scores: {family: method, repeat: r, repeats_are: seeds, value: acc}\n    metric: accuracy"


def test_seeds_on_one_split_are_no_sampling_error(project: Project) -> None:
    table = fold_scores(repeats=8, folds=1)
    claims = BETTER + (
        '\n  - {id: same, kind: value, dataset: cancer, family: A, metric: accuracy, value: "0.900", unit: fraction,'
        " splits: same, repeats: 8, tolerance: 0.02, where: p, read: source}"
        '\n  - {id: unknown, kind: value, dataset: cancer, family: A, metric: accuracy, value: "0.9", unit: fraction,'
        " where: p, read: source}"
    )
    root = made(project, text(SEEDS, more=claims), table)
    go(*STAGES, "report")
    row = pair(root)
    difference, half, p = corrected(table, 0.0)
    assert (
        row["difference"],
        row["high"] - row["difference"],
        row["p"],
    ) == pytest.approx((difference, half, p), rel=1e-9)
    verdicts = verdict_rows(root)
    assert has(verdicts["c"], SeedsOnly)
    assert verdicts["same"]["agreement"] == "reproduced", verdicts["same"]["reasons"]
    assert reason(verdicts["same"], Repeats) == Repeats("external_seeds", 8)
    assert verdicts["unknown"]["agreement"] == "fits"
    assert has(verdicts["unknown"], SeedsNotSplits)
    page = " ".join((root / "reports" / "toy" / "index.html").read_text().split())
    assert "Only the seed varies" in page
    assert "corrected interval" not in page


@pytest.mark.parametrize("metric", ["accuracy", "error_rate"])
def test_a_printed_mean_of_the_same_scores_is_arithmetic(
    metric: str, project: Project
) -> None:
    """Also of an error rate, where the table has accuracies."""
    table = fold_scores()
    mean = table.filter(pl.col("method") == "A")["acc"].mean()
    value = mean if metric == "accuracy" else 1 - mean  # type: ignore[operator]
    claims = (
        f'claims:\n  - {{id: c, kind: value, dataset: cancer, family: A, metric: {metric}, value: "{value:.3f}", '
        "unit: fraction, splits: same, where: p, read: source}"
    )
    metrics = f"{{primary: {metric}}}"
    root = made(project, text(SCORES % "", metrics=metrics, more=claims), table)
    go()
    assert frame(root, "verdicts")["agreement"].to_list() == ["exact"]


def predictions(repeats: int = 2, folds: int = 3, n: int = 30) -> pl.DataFrame:
    generator = np.random.default_rng(8)
    truth = generator.permutation(["well", "ill", "ill"] * (n // 3))
    rows = []
    for r in range(repeats):
        where = generator.permutation(n) % folds
        for i in range(n):
            for method in ("B", "A"):
                p = float(
                    np.clip(
                        generator.normal(0.7 if truth[i] == "ill" else 0.3, 0.25),
                        0.01,
                        0.99,
                    )
                )
                rows.append(
                    {
                        "method": method,
                        "r": r,
                        "f": int(where[i]),
                        "row": f"id{i}",
                        "y": truth[i],
                        "said": "ill" if p > 0.5 else "well",
                        "p_ill": round(p, 3),
                        "p_well": round(1 - p, 3),
                    }
                )
    return pl.DataFrame(rows)


PREDICTED = "    predictions: {family: method, repeat: r, fold: f, repeats_are: splits, row: row, truth: y, %s}"


@pytest.mark.parametrize("answer", ["p: p_", "label: said, p: p_"])
def test_predictions_are_scored_by_our_own_metrics(
    answer: str, project: Project
) -> None:
    table = predictions()
    study = text(
        PREDICTED % answer + "\n    positive: ill",
        task="classification",
        metrics="{primary: accuracy, also: [roc_auc, log_loss, f1_binary]}",
    )
    root = made(project, study, table)
    go()
    scores = frame(root, "scores").filter(pl.col("side") == "test")
    assert len(scores) == 2 * 2 * 3 * 4
    for row in scores.iter_rows(named=True):
        part = table.filter(method=row["family"], r=row["repeat"], f=row["fold"])
        truth, p = (part["y"] == "ill").to_numpy(), part["p_ill"].to_numpy()
        expected = {
            "accuracy": sk.accuracy_score(part["y"], part["said"]),
            "roc_auc": sk.roc_auc_score(truth, p),
            "log_loss": sk.log_loss(truth, p),
            "f1_binary": sk.f1_score(part["y"], part["said"], pos_label="ill"),
        }[row["metric"]]
        assert row["value"] == pytest.approx(expected, rel=1e-9)
    folds = frame(root, "folds")
    assert (folds["train_rows"] + folds["test_rows"]).unique().to_list() == [30]
    assert pair(root)["p"] is not None


def test_stratified_folds_of_predictions_hide_the_class_mix(project: Project) -> None:
    """A model that always says n is right on 8 of 12 rows of each of five folds: the interval is that of 40 of 60."""
    rows = [
        {
            "method": method,
            "f": i // 12,
            "row": i,
            "y": "nny"[i % 3],
            "said": "n" if method == "A" else "nny"[i % 3],
        }
        for i in range(60)
        for method in "AB"
    ]
    given = (
        "    predictions: {family: method, fold: f, row: row, truth: y, label: said}"
    )
    root = made(project, text(given, task="classification"), pl.DataFrame(rows))
    go()
    (one,) = (
        frame(root, "estimates")
        .filter(family="A", metric="accuracy")
        .iter_rows(named=True)
    )
    half = stats.t(4).ppf(0.975) * np.sqrt(2 / 3 / 3 / 60)
    assert (one["mean"], one["high"] - one["mean"]) == (
        pytest.approx(2 / 3),
        pytest.approx(half),
    )


@pytest.mark.parametrize("called", ["id{}", "{}"])
def test_folds_and_rows_keep_the_names_of_their_table(
    called: str, project: Project
) -> None:
    """Twelve folds k0 to k11 of twelve rows; a model gets all rows of k5 wrong, and one to three of each other fold."""
    rows = [
        {"method": method, "f": f"k{i // 12}", "row": called.format(500 + i), "y": "ny"[i % 2], "said": said}
        for i in range(144) for method in "AB"
        for wrong in [method == "A" and (i // 12 == 5 or i % 12 <= i // 12 % 3)]
        for said in ["ny"[(i + wrong) % 2]]
    ]  # fmt: skip
    given = (
        "    predictions: {family: method, fold: f, row: row, truth: y, label: said}"
    )
    study = text(given, task="classification").replace(
        "diagnostics: {halves: null}", "diagnostics: {}"
    )
    root = made(
        project, study, pl.DataFrame(rows).sample(fraction=1, shuffle=True, seed=1)
    )
    go(*STAGES, "report")
    details = frame(root, "findings").filter(code="S3", family="A", outcome="found")[
        "details"
    ]
    outlier = next(one for one in decoded(details.item()) if isinstance(one, Outlier))
    assert (outlier.repeat, outlier.fold, outlier.wrong) == (None, "k5", 12)
    assert outlier.first_wrong == tuple(called.format(row) for row in range(560, 568))
    page = (root / "reports" / "toy" / "index.html").read_text()
    shown = [f">{called.format(row)}<" in page for row in (500, 501)]
    assert shown == [True, False]


def changed(at: int, **values: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def change(table: pl.DataFrame) -> pl.DataFrame:
        rows = table.to_dicts()
        rows[at] |= values
        return pl.DataFrame(rows)

    return change


BAD_SCORES: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "a score twice": (lambda t: pl.concat([t, t[:1]]), "row 1: B on cancer has more than one score of accuracy in"),
    "a fold that one lacks": (lambda t: t[1:], "A has accuracy in repeat seed0, fold 1 on cancer, B has not"),
    "percent": (changed(2, acc=88.0), "88 lies outside the range of accuracy, 0 to 1"),
    "two sizes of one fold": (changed(1, n_train=79), "row 2: n_train differs between families of one fold"),
    "no size": (changed(0, n_train=0), "row 1: 0 in n_train is no number of rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SCORES)
def test_scores_that_cannot_be_judged(
    name: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    change, said = BAD_SCORES[name]
    made(
        project,
        text(SCORES % ", train_rows: n_train, test_rows: n_test"),
        change(fold_scores()),
    )
    assert main(["check", "toy"]) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "studies/toy/study.yaml:7: datasets.cancer." in shown
    assert "Traceback" not in shown


BAD_PREDICTIONS: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "a row twice": (lambda t: pl.concat([t, t[:1]]), "row 1: B predicts row id0 of cancer more than once in"),
    "a row that one lacks": (lambda t: t[1:], "A has row id0 in repeat 0, fold"),
    "two truths": (changed(3, y="well"), "the truth of row id1 is well here and ill before"),
    "no probability": (changed(3, p_ill=1.4), "row 4: 1.4 in p_ill is no probability"),
    "a sum of two": (changed(3, p_ill=0.9, p_well=0.9), "row 4: the probabilities of A sum to 1.8, not to 1"),
    "a label that is no class": (changed(3, said="il"), "row 4: the label 'il' is no class; did you mean ill?"),
    "a truth without probability": (
        lambda t: t.with_columns(y=pl.col("y").replace("ill", "sick")), "has no probabilities; those are of ill, well"
    ),
    "the same test sets": (
        lambda t: t.with_columns(f=pl.col("f").first().over("row")), "did you mean seeds?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_PREDICTIONS)
def test_predictions_that_cannot_be_scored(
    name: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    change, said = BAD_PREDICTIONS[name]
    study = text(PREDICTED % "label: said, p: p_", task="classification")
    table = predictions()
    assert table["y"][2] == "ill"
    made(project, study, change(table))
    assert main(["check", "toy"]) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "studies/toy/study.yaml:7: datasets.cancer." in shown
    assert "Traceback" not in shown


ONE_REPEAT = PREDICTED.replace(" repeat: r,", "").replace(" repeats_are: splits,", "")
#: Truths, what a model says, and the sentence; the fourth row is the wrong one.
STRANGE_LABELS = {
    "capitals": (["no", "yes"], ["no", "yes", "no", "Yes"], "'Yes' is the truth of no row; did you mean yes?"),
    "a space": (["no", "yes"], ["no", "yes", "no", " yes"], "' yes' is the truth of no row; did you mean yes?"),
    "another code": (["1", "2"], ["1", "2", "1", "0"], "the label '0' is the truth of no row; known: 1, 2"),
}  # fmt: skip


def labelled(truths: list[str], said: list[str]) -> pl.DataFrame:
    """Eight rows in two folds, the same answers of two models."""
    rows = [
        {"method": method, "r": 0, "f": i // 4, "row": i, "y": truths[i % 2], "said": said[i % len(said)]}
        for i in range(8) for method in "AB"
    ]  # fmt: skip
    return pl.DataFrame(rows)


@pytest.mark.parametrize("name", STRANGE_LABELS)
def test_a_label_that_no_truth_has_is_told(
    name: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be a class of its own, and wrong in every row."""
    truths, said, sentence = STRANGE_LABELS[name]
    made(
        project,
        text(ONE_REPEAT % "label: said", task="classification"),
        labelled(truths, said),
    )
    assert main(["check", "toy"]) == 2
    shown = capsys.readouterr().err
    assert sentence in shown
    assert "row 7" in shown
    assert "studies/toy/study.yaml:7: datasets.cancer." in shown
    assert "Traceback" not in shown


FORMS = {
    "repeats of what": (SCORES.replace(", repeats_are: splits", "") % "", "scores", "repeats_are_missing"),
    "two ratios": (SCORES % ", train_rows: 8, test_train_ratio: 0.2", "scores", "ratio_and_rows"),
    "scores of what": (SCORES.replace("\n    metric: accuracy", "") % "", "", "metric_missing"),
    "an unknown metric": (
        SCORES.replace("acc%s}\n    metric: accuracy", "{acuracy: acc}}"), "scores.value.acuracy",
        "problem.unknown_word",
    ),
    "a column twice": (SCORES.replace("value: acc", "value: f") % "", "scores", "problem.twice"),
    "a fit's key": (SCORES % "" + "\n    drop: [n_test]", "drop", "idle"),
    "no answer": (PREDICTED.replace(", %s", ""), "predictions", "answer"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_mistake_of_the_form_is_told_before_anything_is_read(
    name: str, project: Project
) -> None:
    dataset, key, code = FORMS[name]
    assert (f"datasets.cancer.{key}".rstrip("."), code) in problems(
        project(toy=text(dataset))
    )


def test_metric_and_task_are_those_of_the_table(project: Project) -> None:
    root = made(
        project, text(SCORES.replace("accuracy", "roc_auc") % ""), fold_scores()
    )
    assert problems(root) == {("metrics.primary", "problem.not_scored")}
    assert ("task", "task_of_predictions") in problems(
        project(toy=text(PREDICTED % "label: said"))
    )


def test_many_datasets_in_one_table(project: Project) -> None:
    """One score each, no folds: ranks, and no interval."""
    rows = [
        {"d": f"d{i}", "m": m, "v": v + i / 100}
        for i in range(4)
        for m, v in (("a", 0.5), ("b", 0.6), ("c", 0.7))
    ]
    given = "    scores: {dataset: d, family: m, value: v}\n    metric: accuracy"
    root = made(project, text(given), pl.DataFrame(rows))
    go(*STAGES, "report")
    assert frame(root, "omnibus")["datasets"].to_list() == [4]
    assert frame(root, "estimates")["low"].null_count() == 12
    assert frame(root, "folds").is_empty()
    page = (root / "reports" / "toy" / "index.html").read_text()
    assert "4 datasets" in page
