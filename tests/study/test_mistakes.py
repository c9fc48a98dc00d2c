"""Mistakes of a person who writes a study: each one clear sentence with file and line, exit 2, and nothing was run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.claims.order import OrderClaim
from bench.cli.app import main
from bench.core.problems import ListAsText, RetiredWord
from bench.study import read_draft, read_study
from bench.study.claims import Spread
from bench.study.retired import RETIRED_COLUMNS

#: what is replaced, by what, the line at fault (of the toy's text), and what the sentence must say
MISTAKES = {
    "unknown top-level key": ("title: A toy", "titel: A toy", 2, "titel: unknown; did you mean title?"),
    "missing mandatory key": ("clean: null\n", "", 2, "clean: missing; write null when there is none"),
    "wrong task": ("classification", "clasification", 3, "did you mean classification?"),
    "unknown source": ("kind: synthetic", "kind: synthetc", 6, "did you mean synthetic?"),
    "unknown source option": ("rows: 80", "row: 80", 6, "did you mean rows?"),
    "unknown generator": ("name: twonorm", "name: twonrm", 6, "did you mean twonorm?"),
    "number where text is meant": ("target: target", "target: 7", 7, "expected text in quotes"),
    "unknown resampling": ("kind: kfold", "kind: k_fold", 11, "did you mean kfold?"),
    "one fold": ("folds: 3", "folds: 1", 11, "greater than or equal to 2"),
    "text where a number is meant": ("repeats: 2", "repeats: two", 11, "expected a whole number"),
    "unknown tuning key": ("tuning: {folds: 2}", "tuning: {fold: 2}", 12, "did you mean folds?"),
    "random search without a budget": ("tuning: {folds: 2}", "tuning: {search: random}", 12, "needs a `budget`"),
    "unknown family": ("  lda: {}", "  lad: {}", 17, "unknown family lad; did you mean lda?"),
    "unknown parameter": ("n_neighbors", "n_neigbors", 16, "did you mean n_neighbors?"),
    "bad parameter value": ("[1, 5]", "[1, -5]", 16, "n_neighbors"),
    "two families with one name": ("  lda: {}", "  lda: {}\n  lda: {}", 18, "lda"),
    "family of the other task": ("  lda: {}", "  ridge: {}", 17, "does not do classification"),
    "code from elsewhere": ("  lda: {}", "  mine: {estimator: os.system}", 17, "trusted"),
    "unknown preprocess step": ("preprocess: null", "preprocess: [scael]", 9, "did you mean scale?"),
    "unknown cleaning step": ("clean: null", "clean: [drop_duplicate]", 8, "did you mean drop_duplicates?"),
    "unknown metric": ("primary: accuracy", "primary: acuracy", 18, "did you mean accuracy?"),
    "metric of the other task": ("log_loss", "rmse", 18, "rmse is a metric of regression"),
    "tolerance without a reason": (', why: "a toy"', "", 21, "why"),
    "claim about an unknown family": ("family: knn", "family: kn", 23, "did you mean knn?"),
    "claim about an unknown dataset": ("dataset: toy, family", "dataset: tyo, family", 23, "did you mean toy?"),
    "unquoted value": ('"0.95"', "0.95", 23, "expected text in quotes"),
    "percent where a fraction is meant": ('"0.95", unit: fraction', '"95.0", unit: fraction', 23, "percent"),
    "unknown kind of claim": ("kind: value", "kind: valu", 23, "did you mean value?"),
    "a tolerance in percent": ("accuracy: 0.05", "accuracy: 5", 21, "did you mean 0.05?"),
    "a fraction called percent": ("unit: fraction", "unit: percent", 23, "did you mean `unit: fraction`?"),
    "a step's kind without its key": ("preprocess: null", "preprocess: [{scale: robust}]", 9, "expected a block"),
    "unknown policy for failed cells": ("compare: null", "compare: {failed: basline}", 19, "did you mean baseline?"),
    "unknown key of the comparison": ("compare: null", "compare: {fails: excluded}", 19, "did you mean failed?"),
    "a step twice": ("preprocess: null", "preprocess: [scale, scale]", 9, "stands there twice"),
    "an empty block": (
        "  toy:\n    source: {kind: synthetic, name: twonorm, rows: 80, seed: 1}\n    target: target\n",
        "  {}\n",
        4,
        "is empty",
    ),
    "a path out of the study": (
        "{kind: synthetic, name: twonorm, rows: 80, seed: 1}",
        "{kind: csv, file: ../../secret.csv}",
        6,
        "inside the folder",
    ),
    "not YAML": ("families:\n", "families: [\n", None, "not YAML"),
    "a tab": ("  seed: 0", "\tseed: 0", 13, "not YAML"),
    "an unknown probe": ("diagnostics: null", "diagnostics: {learnin: {}}", 20, "did you mean learning?"),
    "a probe of an unknown family": (
        "diagnostics: null",
        "diagnostics: {inspect: {families: [kn]}}",
        20,
        "the study has no family kn; did you mean knn?",
    ),
    "a probe of the baseline": (
        "diagnostics: null",
        "diagnostics: {overtuning: {families: [baseline]}}",
        20,
        "looks at no feature",
    ),
    "a share above 1": ("diagnostics: null", "diagnostics: {learning: {shares: [0.5, 25]}}", 20, "25"),
    "a share of nothing": ("diagnostics: null", "diagnostics: {learning: {shares: [0]}}", 20, "greater than 0"),
    "too few permutations": (
        "diagnostics: null",
        "diagnostics: {permutations: {count: 4}}",
        20,
        "greater than or equal to 5",
    ),
    "too few draws": ("diagnostics: null", "diagnostics: {variance: {draws: 2}}", 20, "greater than or equal to 3"),
    "too few repeats of ways": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, repeats: 4}}",
        20,
        "greater than or equal to 5",
    ),
    "nothing to explain": (
        "diagnostics: null",
        "diagnostics: {explain: {family: lda}}",
        20,
        "no claim prints a score of lda: there is nothing to explain",
    ),
    "an unknown family to explain": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knnn}}",
        20,
        "the study has no family knnn; did you mean knn?",
    ),
    "an unknown family among those to explain": (
        "diagnostics: null",
        "diagnostics: {explain: {family: [knn, knnn]}}",
        20,
        "the study has no family knnn; did you mean knn?",
    ),
    "nothing to explain of one of several": (
        "diagnostics: null",
        "diagnostics: {explain: {family: [knn, lda]}}",
        20,
        "no claim prints a score of lda: there is nothing to explain",
    ),
    "a family to explain that is no name": (
        "diagnostics: null",
        "diagnostics: {explain: {family: 3}}",
        20,
        'expected text in quotes, such as "3"; got 3',
    ),
    "an unknown dataset to explain": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, datasets: [tyo]}}",
        20,
        "did you mean toy?",
    ),
    "an unknown explanation": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [tuned_on_tset]}}",
        20,
        "unknown explanation tuned_on_tset; did you mean tuned_on_test?",
    ),
    "an honest way among slips": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [untuned]}}",
        20,
        "unknown explanation untuned",
    ),
    "an unknown parameter of a slip": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{best_of_seeds: {seed: 9}}]}}",
        20,
        "did you mean seeds?",
    ),
    "a slip of one seed": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{best_of_seeds: {seeds: 1}}]}}",
        20,
        "expected a whole number",
    ),
    "one number of rounds": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{stopped_on_test: {rounds: [5, 5]}}]}}",
        20,
        "expected two whole numbers or more",
    ),
    "no feature kept": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{selection_before_split: {k: 0}}]}}",
        20,
        "expected a whole number",
    ),
    "two ways to select": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{selection_before_split: {k: 2, percentile: 9}}]}}",
        20,
        "not both",
    ),
    "a candidate that the family has not": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{tuned_on_test: {n_neigbors: [1]}}]}}",
        20,
        "did you mean n_neighbors?",
    ),
    "another way to oversample": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{oversampling_before_split: {how: smoot}}]}}",
        20,
        "expected copies or smote",
    ),
    "a kept column that nobody drops": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{columns_kept: {columns: [leak]}}]}}",
        20,
        "no dataset drops a column leak",
    ),
    "kept columns that are no list": (
        "diagnostics: null",
        "diagnostics: {explain: {family: knn, variants: [{columns_kept: {columns: leak}}]}}",
        20,
        "expected a list of columns",
    ),
    "an alias": ("  baseline: {}", "  baseline: &a {}\n  other: *a", None, "aliases"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_sentence_and_nothing_runs(
    name: str, project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, line, said = MISTAKES[name]
    assert old in toy
    root = project(toy=toy.replace(old, new, 1))
    assert main(["check", "toy"]) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown
    if line is not None:
        assert f"studies/toy/study.yaml:{line}:" in shown
    assert shown.count("studies/toy/study.yaml") == 1, shown
    assert sorted(path.name for path in root.iterdir()) == ["params.yaml", "studies"]


def test_smote_without_its_library(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.run.variants.explanations.before_split.find_spec", lambda name: None)
    asked = "diagnostics: {explain: {family: knn, variants: [{oversampling_before_split: {how: smote}}]}}"
    project(toy=toy.replace("diagnostics: null", asked))
    assert main(["check", "toy"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "toy/study.yaml:20:" in said
    assert "smote needs imbalanced-learn, which is not installed; `pip install 'bench[imbalance]'`" in said


def test_probes_of_a_study_that_fits_nothing(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Scores of somebody else: every probe that was asked for is a mistake of its own, nothing else is."""
    root = project(toy=ELSEWHERE)
    data = root / "studies" / "toy" / "data"
    data.mkdir()
    (data / "a.csv").write_text("dataset,method,auc\nd1,a,0.5\nd1,b,0.6\n")
    assert main(["check", "toy"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said.count("asks for fits, but nothing is fitted in this study; remove it") == 3
    assert "toy/study.yaml:14:" in said
    assert "internal" not in said


ELSEWHERE = """
title: Judged again
task: null
datasets:
  auc:
    source: {kind: csv, file: data/a.csv}
    scores: {dataset: dataset, family: method, value: auc}
    metric: roc_auc
clean: null
preprocess: null
protocol: null
families: null
metrics: {primary: roc_auc}
diagnostics: {learning: {}, permutations: {count: 9}, explain: {family: a}}
"""


def test_all_mistakes_are_told_at_once(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = toy
    for name in (
        "unknown top-level key",
        "unknown resampling",
        "unknown parameter",
        "unknown metric",
        "unquoted value",
    ):
        text = text.replace(MISTAKES[name][0], MISTAKES[name][1], 1)
    project(toy=text)
    assert main(["check", "toy"]) == 2
    shown = capsys.readouterr().err
    for said in (
        "did you mean title?",
        "did you mean kfold?",
        "did you mean n_neighbors?",
        "did you mean accuracy?",
        "in quotes",
    ):
        assert said in shown


def test_a_stage_refuses_a_wrong_study_too(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy.replace("  lda: {}", "  lad: {}"))
    assert main(["fetch", "toy"]) == 2
    assert "did you mean lda?" in capsys.readouterr().err
    assert not (root / "data").exists()


def test_an_unknown_study_names_the_nearest(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy)
    assert main(["check", "tyo"]) == 2
    assert "did you mean toy?" in capsys.readouterr().err


#: What is replaced in the toy, by what, the line and the keys at fault, the old word and what to write now.
OLD_WORDS = [
    ("title: A toy", "title: A toy\nwould_change_my_mind: no", 3, "would_change_my_mind", "falsified_if"),
    (
        "diagnostics: null", "diagnostics: {explain: {family: knn, slips: [train_score]}}", 20,
        "diagnostics.explain.slips", "variants",
    ),
    ("where: \"nowhere\"", "where: T1, below: 0.3", 23, "claims[0].below", "threshold"),
    ("where: \"nowhere\"", "where: T1, or_metric: mcc", 23, "claims[0].or_metric", "metric_alternatives: [name, ...]"),
    ("where: \"nowhere\"", "where: T1, or_folds: \"5\"", 23, "claims[0].or_folds", "folds_alternatives: [number, ...]"),
    ("where: \"nowhere\"", "where: T1, said_by: paper", 23, "claims[0].said_by", "source"),
    ("where: \"nowhere\"", "where: T1, said_by: study", 23, "claims[0].said_by", "source: author"),
    ("where: \"nowhere\"", "where: T1, verified: true", 23, "claims[0].verified", "read: source"),
    ("where: \"nowhere\"", "where: T1, verified: false", 23, "claims[0].verified", "read: memory, or read: secondary"),
    ("where: \"nowhere\"", "where: T1, source: study", 23, "claims[0].source", "source: author"),
    ("where: \"nowhere\"", "where: T1, spread: \"0.1\"", 23, "claims[0].spread", "spread: {value: ..., kind: ...}"),
    (
        "where: \"nowhere\"", "where: T1, spread_kind: sd", 23,
        "claims[0].spread_kind", "spread: {value: ..., kind: ...}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "path", "now"), OLD_WORDS)
def test_an_old_word_is_refused_with_the_new_one(
    old: str, new: str, line: int, path: str, now: str, project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy.replace(old, new))
    problems = read_draft(root / "studies" / "toy").problems
    (problem,) = [one for one in problems if isinstance(one.statement, RetiredWord)]
    assert (problem.path, problem.statement.now) == (path, now)
    assert problem.statement.word == path.rpartition(".")[2]
    assert abs(problem.line - line) <= 1
    assert [one for one in problems if one.line != problem.line] == []


@pytest.mark.parametrize(("column", "now"), RETIRED_COLUMNS.items())
def test_an_old_column_is_refused_with_the_new_one(
    column: str, now: str, project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy[: toy.index("claims:")] + "claims: {table: claims.csv}\n")
    table = root / "studies" / "toy" / "claims.csv"
    table.write_text(f"id,kind,value,where,read,{column}\na,value,0.9,T1,source,\n")
    (problem,) = read_draft(root / "studies" / "toy").problems
    assert (problem.line, problem.statement) == (1, RetiredWord(column, now))


@pytest.mark.parametrize(
    ("claim", "keys", "written"),
    [
        ('kind: best, family: knn, among: "knn, lda"', "among", "[knn, lda]"),
        ('kind: order, order: "knn > lda"', "order", "[knn, lda]"),
        ('kind: order, order: "knn > lda = baseline"', "order", "[knn, [lda, baseline]]"),
        ('kind: rank, family: knn, value: "1", datasets: toy', "datasets", "[toy]"),
        ('kind: value, family: knn, value: "1", metric_alternatives: mcc', "metric_alternatives", "[mcc]"),
        ('kind: value, family: knn, value: "1", folds_alternatives: "5, 10"', "folds_alternatives", "[5, 10]"),
    ],
)
def test_a_list_as_text_is_refused_with_the_list(
    claim: str, keys: str, written: str, project: Callable[..., Path], toy: str
) -> None:
    start = toy.index("claims:")
    root = project(toy=toy[:start] + f"claims:\n  - {{id: a, where: T1, read: source, {claim}}}\n")
    (problem,) = read_draft(root / "studies" / "toy").problems
    assert isinstance(problem.statement, ListAsText)
    assert (problem.path, problem.statement.now) == (f"claims[0].{keys}", written)


def test_a_table_of_claims_has_lists_in_its_cells(project: Callable[..., Path], toy: str) -> None:
    root = project(toy=toy[: toy.index("claims:")] + "claims: {table: claims.csv}\n")
    (root / "studies" / "toy" / "claims.csv").write_text(
        "id,kind,dataset,family,among,order,value,folds,folds_alternatives,spread.value,spread.kind,spread.n,where,read\n"
        'a,best,toy,knn,"knn, lda",,,,,,,,T1,source\n'
        "b,order,toy,,,knn > lda = baseline,,,,,,,T1,source\n"
        'c,value,toy,knn,,,0.9,10,"5, 20",0.1,sd,10,T1,source\n'
    )
    best, order, value = read_study(root / "studies" / "toy").claims or ()
    assert best.among == ("knn", "lda")
    assert isinstance(order, OrderClaim)
    assert order.tiers == (("knn",), ("lda", "baseline"))
    assert value.folds_alternatives == (5, 20)
    assert value.spread == Spread(value="0.1", kind="sd", n=10)


def test_a_good_study_passes(project: Callable[..., Path], toy: str) -> None:
    project(toy=toy)
    assert main(["check"]) == 0


def test_a_ranking_metric_cannot_be_primary_under_leave_one_out(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = toy.replace("{kind: kfold, folds: 3, repeats: 2}", "{kind: leave_one_out}")
    project(toy=text.replace("primary: accuracy, also: [roc_auc, log_loss]", "primary: roc_auc, also: [accuracy]"))
    assert main(["check", "toy"]) == 2
    assert "leave-one-out has one row in each" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("target: target", "target: tarqet", 7, "datasets.toy.target: there is no column tarqet; did you mean target?"),
        ("target: target", "target: target\n    drop: [nope]", 8, "datasets.toy.drop: there is no column nope"),
        ("target: target", 'target: target\n    positive: "7"', 8, "datasets.toy.positive: 7 is no class"),
    ],
)
def test_what_only_the_data_can_tell_has_file_and_line_too(
    old: str, new: str, line: int, said: str, project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy.replace(old, new))
    assert main(["fetch", "toy"]) == 0
    assert main(["clean", "toy"]) == 2
    assert f"studies/toy/study.yaml:{line}: {said}" in capsys.readouterr().err
    assert not (root / "data" / "toy" / "clean").exists()


def test_a_table_of_claims_is_read_with_its_lines(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy[: toy.index("claims:")] + "claims: {table: claims.csv}\n")
    table = root / "studies" / "toy" / "claims.csv"
    for content, said in (
        ("id,kind\n", "claims.csv:1: has no claim"),
        ("id,kind,id\na,value,b\n", "claims.csv:1: id: id stands there twice"),
        ("id,knid\na,value\n", "claims.csv:1: knid: unknown column; did you mean kind?"),
        (
            "id,kind,value,where,read,central\na,value,0.9,T1,source,maybe\n",
            "claims.csv:2: line 2.central: expected true or false",
        ),
        ("id,kind\na\n", "claims.csv:2: has 1 cells, the header has 2"),
    ):
        table.write_text(content)
        assert main(["check", "toy"]) == 2
        assert said in capsys.readouterr().err
    table.write_bytes(b"id,kind,where\na,value,T\0\n")
    assert main(["check", "toy"]) == 2
    assert "claims.csv:2: has a NUL character" in capsys.readouterr().err
    line = "a,difference,toy,lda,knn,accuracy,\u22121.5,percent,T1,source"
    table.write_text(f"id,kind,dataset,family,against,metric,value,unit,where,read\n{line}\n", encoding="utf-8")
    assert main(["check", "toy"]) == 0, capsys.readouterr().err
    table.write_bytes("id,kind,where\na,value,T\xe9\n".encode("latin-1"))
    assert main(["check", "toy"]) == 2
    assert "is not UTF-8" in capsys.readouterr().err
