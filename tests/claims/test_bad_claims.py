"""What a claim may bring that makes no sense, and scores that say nothing: a sentence or a stated limit each, never a
wrong number."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.cli.app import main
from bench.text.chance import NothingDrawn
from tests.helpers.judge_cases import (
    LOO,
    OPEN,
    a_study,
    around,
    faults,
    folds_of,
    has,
    judge,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.problems import problems

#: Every kind that is judged on one dataset, with what it needs there.
ON_ONE = {
    "value": {"family": "lda", "value": '"0.900"', "unit": "fraction"},
    "order": {"order": "[lda, qda]"},
    "better": {"family": "lda", "against": "qda"},
    "best": {"family": "lda"},
    "equivalent": {"family": "lda", "against": "qda"},
}
EACH = pytest.mark.parametrize("kind", ON_ONE)


def text(kind: str, **changes: str) -> str:
    fields = (
        {"id": "c", "kind": kind, "dataset": "toy", "where": '"p. 3"', "read": "source"}
        | ON_ONE[kind]
        | changes
    )
    return (
        "  - {" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}\n"
    )


def row(
    tmp_path: Path, kind: str, scores: dict[str, Any], folds: Any = None, **study: str
) -> dict[str, Any]:
    pooled = np.ndim(next(iter(scores.values()))) == 0
    made = a_study(tmp_path, text(kind), families="{lda: {}, qda: {}}", **study)
    folds = folds_of() if folds is None else folds
    found = judge(made, scores_of_arrays(scores, pooled=pooled), folds, tables_of())[
        "c"
    ]
    for name, value in found.items():
        assert not isinstance(value, float) or np.isfinite(value), f"{name} is {value}"
    assert found["reasons"]
    return found


@EACH
def test_a_name_the_study_lacks(kind: str, tmp_path: Path) -> None:
    for field, word in (
        ("dataset", "toyy"),
        ("metric", "acuracy"),
        ("family", "ldaa"),
        ("against", "qdaa"),
    ):
        if field not in ("dataset", "metric") and field not in ON_ONE[kind]:
            continue
        assert (field, "problem.unknown_word") in faults(
            tmp_path, text(kind, **{field: word})
        )


@EACH
def test_one_fold(kind: str, tmp_path: Path) -> None:
    """One random split says nothing of another: nothing is reproduced and nothing refuted."""
    scores = {"lda": [[0.9]], "qda": [[0.6]]}
    found = row(
        tmp_path,
        kind,
        scores,
        folds_of(1, 1),
        resampling="{kind: holdout, test_size: 0.1}",
    )
    assert found["agreement"] in OPEN
    assert found["low"] is None


@EACH
def test_scores_that_are_all_undefined(kind: str, tmp_path: Path) -> None:
    nothing = np.full((10, 10), np.nan)
    found = row(tmp_path, kind, {"lda": nothing, "qda": nothing})
    assert (found["status"], found["agreement"]) == ("missing", None)


@EACH
def test_some_undefined_scores(kind: str, tmp_path: Path) -> None:
    """Left out of both families, never a zero: the verdict is that of the folds that have a score."""
    scores = {"lda": around(0.9, 0.002), "qda": around(0.8, 0.002)}
    whole = row(tmp_path, kind, {name: table.copy() for name, table in scores.items()})
    scores["lda"][2, 3] = scores["qda"][5, 6] = np.nan
    found = row(tmp_path, kind, scores)
    assert found["agreement"] == whole["agreement"]
    if found["ours"] is not None:
        assert found["ours"] == pytest.approx(whole["ours"], abs=0.01)


@EACH
def test_constant_scores(kind: str, tmp_path: Path) -> None:
    """No spread at all is no error of division: the difference is what it is."""
    found = row(
        tmp_path, kind, {"lda": np.full((10, 10), 0.9), "qda": np.full((10, 10), 0.8)}
    )
    expected = {
        "equivalent": "differs",
    }
    assert found["agreement"] == expected.get(kind, "reproduced"), found


@EACH
def test_ties_everywhere(kind: str, tmp_path: Path) -> None:
    same = around(0.9, 0.01)
    found = row(tmp_path, kind, {"lda": same, "qda": same})
    expected = {
        "value": {None, "reproduced", *OPEN}, "order": {"differs"},
        "better": {"differs"},
        "best": {*OPEN}, "equivalent": {"reproduced"},
    }  # fmt: skip
    assert found["agreement"] in expected[kind], found


@EACH
def test_leave_one_out_has_no_error_rate(kind: str, tmp_path: Path) -> None:
    found = row(
        tmp_path,
        kind,
        {"lda": 0.9, "qda": 0.8},
        folds_of(1, 100, 99, 1),
        resampling=LOO,
    )
    assert has(found, NothingDrawn)


@pytest.mark.parametrize("kind", ["value", "better", "best", "equivalent", "order"])
def test_a_tolerance_beyond_the_metrics_range(kind: str, tmp_path: Path) -> None:
    assert ("tolerance", "problem.claim.wide_tolerance") in faults(
        tmp_path, text(kind, tolerance="1.5")
    )


@pytest.mark.parametrize(
    ("fields", "key", "code"),
    [
        ('value: "98.9"', "unit", "problem.claim.no_unit"),
        (
            'value: "0.9", unit: fraction, tolerance: 0.0',
            "tolerance",
            "problem.out_of_range",
        ),
        (
            'value: "0.9", unit: fraction, tolerance: -1.0',
            "tolerance",
            "problem.out_of_range",
        ),
        (
            'value: "0.9", unit: fraction, tolerance: .nan',
            "tolerance",
            "problem.wrong_type",
        ),
        (
            'value: "0.9", unit: fraction, spread: "0.1"',
            "spread",
            "problem.wrong_type",
        ),
        (
            'value: "0.9", unit: fraction, spread: {value: "0.1"}',
            "spread.kind",
            "problem.missing",
        ),
        (
            'value: "0.9", unit: fraction, spread: {value: "1", kind: sem}',
            "spread.kind",
            "problem.unknown_word",
        ),
        (
            'value: "0.9", unit: fraction, spread: {value: "nan", kind: sd}',
            "spread.value",
            "problem.wrong_type",
        ),
        ('value: "1e400", unit: fraction', "value", "problem.wrong_type"),
        ('value: "nan", unit: fraction', "value", "problem.wrong_type"),
        ('value: "90 %", unit: percent', "value", "problem.wrong_type"),
        ("value: 0.9, unit: fraction", "value", "problem.wrong_type"),
        ('value: "0.9", unit: fraction, n: 0', "n", "problem.out_of_range"),
    ],
)
def test_a_mistake_of_the_form(
    fields: str, key: str, code: str, tmp_path: Path
) -> None:
    claim = (
        "  - {id: c, kind: value, dataset: toy, family: lda, where: nowhere, read: source, "
        + fields
        + "}\n"
    )
    assert (key, code) in faults(tmp_path, claim)


HEADER = "id,kind,dataset,family,metric,value,unit,where,read,not_attempted\n"


def line(name: str, family: str, value: str, where: str, why: str = "") -> str:
    return f"{name},value,toy,{family},accuracy,{value},fraction,{where},source,{why}\n"


def table(
    project: Callable[..., Path], toy: str, rows: str, header: str = HEADER
) -> None:
    root = project(toy=toy[: toy.index("claims:")] + "claims: {table: claims.csv}\n")
    (root / "studies" / "toy" / "claims.csv").write_text(header + rows)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("b", "lda", "0.91", "Table 2"), ("line 3", "problem.claim.other_value")),
        (("b", "lda", "0.95", "Table 2"), ("line 3", "problem.claim.same_claim")),
        (("a", "knn", "0.91", "Table 2"), ("line 3.id", "problem.id_taken")),
    ],
)
def test_rows_that_contradict_or_repeat_each_other(
    row: tuple[str, ...],
    problem: tuple[str, str],
    project: Callable[..., Path],
    toy: str,
) -> None:
    table(project, toy, line("a", "lda", "0.95", "Table 2") + line(*row))
    assert problems(Path()) == {problem}


def test_rows_that_only_look_alike(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another place in the paper, another family, and methods that were not attempted are other subjects."""
    rows = [
        ("a", "lda", "0.95", "Table 2"), ("b", "lda", "0.94", "Table 3"), ("c", "knn", "0.91", "Table 2"),
        ("d", "", "0.9", "Table 2", "not_attempted"), ("e", "", "0.8", "Table 2", "not_attempted"),
    ]  # fmt: skip
    table(project, toy, "".join(line(*row) for row in rows))
    assert main(["check", "toy"]) == 0, capsys.readouterr().err


IMPOSSIBLE = (
    "odd,value,toy,lda,accuracy,0.985,fraction,Table 2,source,50,1\n"
    "even,value,toy,knn,accuracy,0.98,fraction,Table 2,source,50,1\n"
)


def test_check_finds_an_impossible_number_without_a_fit(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Planted in a table: a remark with file and line and exit 0, again when it is remembered; nothing is fitted."""
    kfold = "{kind: kfold, folds: 3, repeats: 2}"
    assert kfold in toy
    table(
        project,
        toy.replace(kfold, "{kind: leave_one_out}"),
        IMPOSSIBLE,
        "id,kind,dataset,family,metric,value,unit,where,read,n,repeats\n",
    )
    for _ in range(2):
        assert main(["check", "toy"]) == 0
        out = capsys.readouterr().out
        assert (
            "remark: studies/toy/claims.csv:2: line 2.value: no count of 50 cases gives 0.985: "
            in out
        )
        assert "0.98:" not in out
    assert main(["check", "toy", "--json"]) == 0
    (remark,) = json.loads(capsys.readouterr().out)["remarks"]
    assert (remark["line"], remark["path"]) == (2, "line 2.value")
    assert not Path("data").exists()
    assert not Path("results").exists()
