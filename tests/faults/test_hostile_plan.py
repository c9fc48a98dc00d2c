"""The cases of the plan that no other test carries in its name: data (D) and studies (S), one or more each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import bench
from bench import Project
from bench.core.errors import BenchError, DataError
from bench.study.noted import StudyError
from tests.conftest import TOY
from tests.faults.test_hostile_data import STUDY, cleaned, read, remarks, rows

ROOT = Path(__file__).parents[2]
Make = Callable[..., Path]


@pytest.fixture
def ran(project: Make) -> Callable[..., Any]:
    """A run of the small study on a table; `changes` are made in its text."""

    def run(table: str, *changes: tuple[str, str]) -> Any:
        text = STUDY
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        root = project(s=text)
        (root / "studies/s/data").mkdir(exist_ok=True)
        (root / "studies/s/data/t.csv").write_text(table)
        return Project(root).run("s", progress=False)

    return run


def with_class(label: str, count: int) -> str:
    lines = rows(lambda i: "1").split("\n")
    return "\n".join([*lines[:-count], *(f"{label},{i}.5,1" for i in range(count))])


# --- data


def test_d01_a_class_with_fewer_rows_than_folds_is_refused_with_its_count(
    ran: Callable[..., Any],
) -> None:
    with pytest.raises(StudyError, match=r"class c has 2 rows, fewer than the 3"):
        ran(with_class("c", 2))


def test_d02_d12_a_class_and_a_category_that_training_has_not_seen(
    ran: Callable[..., Any],
) -> None:
    table = with_class("c", 1)
    table = "\n".join(
        line.removesuffix("1") + "new" if line.startswith("c") else line + "w"
        for line in table.split("\n")
    )
    table = table.replace("gw", "g", 1)
    result = ran(
        table,
        ("{kind: kfold, folds: 3}", "{kind: kfold, folds: 3, stratify: false}"),
        ("accuracy}", "accuracy, also: [log_loss, roc_auc]}"),
        ("decision_tree: {}", "lda: {}"),
    )
    assert result.failures.filter(pl.col("status") != "warning").is_empty()
    assert {len(p) for p in result.predictions["p"].drop_nulls()} == {3}
    scores = result.scores.filter(metric="log_loss", side="test", family="lda")["value"]
    assert scores.null_count() == 0 and scores.is_finite().all()


@pytest.mark.parametrize("n", [5, 6])
def test_d06_folds_of_one_row_are_refused_with_both_counts(
    n: int, ran: Callable[..., Any]
) -> None:
    table = "y,x\n" + "".join(f"{i * 37 % 11},{i}\n" for i in range(n))
    regression = (
        ("classification", "regression"),
        ("accuracy", "rmse"),
        ("decision_tree", "ridge"),
    )
    if n == 6:
        ran(table, *regression)
        return
    with pytest.raises(
        StudyError, match="has 5 rows, fewer than two for each of 3 folds"
    ):
        ran(table, *regression)


def test_folds_of_one_row_are_pooled(ran: Callable[..., Any]) -> None:
    """The root of the mean square over all rows is not the mean of single roots, which is the mean absolute error."""
    table = "y,x,fold\n" + "".join(f"{i * 37 % 11},{i},{i}\n" for i in range(12))
    result = ran(
        table,
        ("classification", "regression"), ("decision_tree", "ridge"),
        ("{kind: kfold, folds: 3}", "{kind: given_folds, column: fold}"),
        ("primary: accuracy", "primary: rmse, also: [mae, r2]"),
    )  # fmt: skip
    tested = result.predictions.filter(family="ridge", side="test")
    errors = (tested["truth"] - tested["value"]).to_numpy()
    own = result.scores.filter(family="ridge", side="test")
    total = ((tested["truth"] - tested["truth"].mean()) ** 2).sum()
    assert dict(own.select("metric", "value").rows()) == pytest.approx({
        "rmse": (errors**2).mean() ** 0.5, "mae": abs(errors).mean(), "r2": 1 - (errors**2).sum() / total
    })  # fmt: skip
    assert own["fold"].null_count() == 3 and result.estimates[
        "low"
    ].null_count() == len(result.estimates)


@pytest.mark.parametrize(
    ("split", "metric", "code"),
    [
        (
            "{kind: holdout, test_size: 0.04, stratify: false}",
            "accuracy",
            "one row; use a larger test set",
        ),
        (
            "{kind: given_folds, column: fold}",
            "roc_auc",
            "24 of the 24 test sets of dataset d are one row",
        ),
    ],
)
def test_test_sets_of_one_row_that_give_no_score_are_refused(
    split: str, metric: str, code: str, ran: Callable[..., Any]
) -> None:
    table = "y,x,fold\n" + "".join(f"{'ab'[i % 2]},{i},{i}\n" for i in range(24))
    with pytest.raises(StudyError, match=code):
        ran(
            table,
            ("{kind: kfold, folds: 3}", split),
            ("primary: accuracy", f"primary: {metric}"),
        )


REFUSED = {
    "D03 one class": ("y,x\n" + "a,1\n" * 9, "one class only"),
    "D06 no row": ("y,x\n", "0 rows"),
    "D06 three rows": ("y,x\na,1\nb,2\na,3\n", "3 rows left"),
    "D06 one column": ("y\n" + "a\nb\n" * 9, "no feature"),
    "D08 a missing target": ("y,x\n" + "a,1\nb,2\n" * 4 + ",3\n", "missing in row 9"),
    "D09 an infinite feature": ("y,x\n" + "a,1\nb,2\n" * 4 + "a,inf\n", "in row 9"),
    "D10 dates": ("y,x\n" + "a,2020-01-01\nb,2021-02-03\n" * 4, "holds dates"),
    "D11 labels alike": ("y,x\n" + "0,1\n1,2\n" * 4 + "0.0,1\n", "look like one label"),
    "D14 a name twice": ("y,x,x\n" + "a,1,1\nb,2,2\n" * 4, "stands 2 times"),
    "D15 ragged": ("y,x\n" + "a,1\nb,2\n" * 4 + "a\n", "line 10 has 1 cells"),
    "D19 too large": ("y,x\n" + "a,1\nb,2\n" * 4 + "a,1e300\n", "in row 9"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_d03_to_d19_what_cannot_be_fitted_is_refused_before_the_first_fit(
    case: str,
) -> None:
    table, says = REFUSED[case]
    with pytest.raises(DataError, match=re.escape(says)):
        made = read(table)
        cleaned(made)
    assert case.startswith("D")


@pytest.mark.parametrize("value", ["nan", "inf", "NA", "1e400", ""])
def test_d08_a_target_that_is_no_number_is_refused_with_its_row(value: str) -> None:
    with pytest.raises(DataError, match=r"row 9"):
        cleaned(read("y,x\n" + "1,1\n2,2\n" * 4 + f"{value},3\n"), task="regression")


def test_d11_na_is_a_label_where_nothing_says_otherwise() -> None:
    assert cleaned(read("y,x\n" + "NA,1\nb,2\n" * 4)).table["classes"][0].to_list() == [
        "NA",
        "b",
    ]


NOTED = {
    "D04 constant": (lambda i: "7", "constant"),
    "D05 all missing": (lambda i: "", "all_missing"),
    "D13 many categories": (
        lambda i: f"w{i % 37}x",
        "id_like|high_cardinality|possible_group",
    ),
}


@pytest.mark.parametrize("case", NOTED)
def test_d04_d05_d13_columns_that_say_little_are_remarked(case: str) -> None:
    cell, code = NOTED[case]
    assert any(
        re.fullmatch(code, found)
        for found, column in remarks(cleaned(read(rows(cell))))
        if column == "g"
    )


def test_d07_copies_and_contradictions_are_remarked() -> None:
    table = (
        "y,x,g\n" + "a,1,1\n" * 5 + "b,1,1\n" + "".join(f"b,{i},2\n" for i in range(20))
    )
    assert {"duplicates", "conflicting_labels"} <= {
        code for code, _ in remarks(cleaned(read(table)))
    }


def test_d13_one_column_for_each_of_many_categories_is_refused(
    ran: Callable[..., Any],
) -> None:
    with pytest.raises(BenchError, match="150"):
        ran(
            rows(lambda i: f"w{i % 150}x", 300),
            ("[impute, scale, encode]", "[impute, {encode: {kind: one_hot}}]"),
        )


def test_d18_rare_classes_and_wide_tables_are_remarked() -> None:
    wide = {f"x{j}": [str((i * j) % 7) for i in range(30)] for j in range(1, 40)}
    raw = pl.DataFrame({"y": ["a"] * 2 + ["b"] * 28, **wide})
    assert {"tiny_class", "imbalance", "wide", "few_rows"} <= {
        code for code, _ in remarks(cleaned(raw))
    }


@pytest.mark.parametrize("role", ["group", "time"])
def test_d20_a_role_that_no_column_has_is_refused(role: str) -> None:
    with pytest.raises(BenchError, match="there is no column h"):
        cleaned(read(rows(lambda i: "1")), **{role: "h"})


def test_d20_a_cell_without_a_group_is_refused_with_its_row() -> None:
    with pytest.raises(DataError, match="missing in row 4"):
        cleaned(read(rows(lambda i: "" if i == 3 else str(i % 4))), group="g")


# --- studies


PAPER = "title: A toy\npaper: {citation: x, year: 2001, url: 'javascript:x'}"
SIMULATED = "{kind: synthetic, name: twonorm, rows: 80, seed: 1}"
TOLD = {
    "S02 four at once": ([("accuracy, also", "acuracy, also"), ("  lda", "  ldaa"), ("n_neighbors", "n_neighbor"),
                          ("kind: value", "kind: valeu")], 3),
    "S03 a word for a number": ([("seed: 0", "seed: zero")], 1),
    "S03 no number": ([("{accuracy: 0.05", "{accuracy: .nan")], 1),
    "S03 an endless number": ([("{accuracy: 0.05", "{accuracy: .inf")], 1),
    "S06 capitals": ([("  toy:\n", "  Toy:\n"), ("dataset: toy", "dataset: Toy")], 1),
    "S07 a path": ([(SIMULATED, "{kind: csv, file: ../t.csv}")], 1),
    "S07 a drive": ([(SIMULATED, "{kind: csv, file: 'C:\\t.csv'}")], 1),
    "S10 folds without end": ([("folds: 3", "folds: 1000000000")], 1),
    "S10 repeats without end": ([("repeats: 2", "repeats: 1000000000")], 1),
    "S12 a link that is code": ([("title: A toy", PAPER)], 1),
    "S18 code": ([("  lda: {}", "  a: {estimator: os.system}")], 1),
    "S19 a function": ([("n_neighbors: [1, 5]", "metric_params: {x: 1}")], 1),
    "S19 threads": ([("n_neighbors: [1, 5]", "n_jobs: 64")], 1),
    "S21 no https": ([(SIMULATED,
                       "{kind: url, url: 'file:///etc/passwd', sha256: x}")], 1),
    "S22 no sha256": ([(SIMULATED, "{kind: url, url: 'https://a.org/b'}")], 1),
    "S22 md5": ([(SIMULATED,
                  "{kind: url, url: 'https://a.org/b', sha256: d41d8cd98f00b204e9800998ecf8427e}")], 1),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_s02_to_s22_mistakes_are_told_with_their_line(case: str, project: Make) -> None:
    changes, least = TOLD[case]
    text = TOY
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (draft,) = Project(project(toy=text)).check()
    assert len(draft.problems) >= least and all(
        problem.line for problem in draft.problems
    )


def test_s17_nothing_is_unpickled_but_what_our_own_processes_send() -> None:
    own = {"bench/run/workers"}
    for path in (ROOT / "bench").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.parent.relative_to(ROOT).as_posix() not in own:
            assert not re.search(
                r"\b(pickle|joblib|dill|cloudpickle)\.loads?\(|allow_pickle=True", text
            ), path


def test_s23_s26_what_is_installed_has_a_hash() -> None:
    assert "--require-hashes --no-deps" in (ROOT / "Makefile").read_text()
    lock = (ROOT / "requirements.lock").read_text()
    assert len(re.findall(r"^\S+==", lock, re.MULTILINE)) <= lock.count(
        "--hash=sha256:"
    )


# --- found by the fuzz tests: arguments in Python

WRONG: dict[str, Any] = {
    "task": "x", "cv": "3", "name": "../x", "workers": 0, "seed": 1.5, "rope": float("nan"), "metrics": 1,
    "tuning": "x", "tolerance": "x", "claims": "x", "diagnostics": 1, "groups": "abc", "positive": "z",
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_argument_of_the_wrong_kind_is_told(name: str) -> None:
    with pytest.raises(BenchError, match=r".{15}"):
        bench.benchmark(
            [[float(i)] for i in range(12)],
            ["a", "b"] * 6,
            {"m": "knn"},
            progress=False,
            **{name: WRONG[name]},
        )


@pytest.mark.parametrize("cv", [[([0], [10**6])], [([0],)], object(), [([0], [1])]])
def test_splits_that_are_none_of_these_rows_are_told(cv: Any) -> None:
    with pytest.raises(BenchError, match="cv: "):
        bench.benchmark(
            [[float(i)] for i in range(12)],
            ["a", "b"] * 6,
            {"m": "knn"},
            progress=False,
            cv=cv,
        )
