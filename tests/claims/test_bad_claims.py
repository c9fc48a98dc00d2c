"""What a claim may bring that makes no sense, and scores that say nothing: a sentence or a stated limit each, never a
wrong number."""

from __future__ import annotations

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
