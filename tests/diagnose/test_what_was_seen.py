"""A diagnostic says what it tested, what holds by construction, and what it cannot see; no one of them for another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.core.explanations import EXPLAINED
from bench.core.outcomes import encoded
from bench.data.dataset import Column, Dataset
from bench.diagnose import (
    DiagnosticEvidence,
    calibration,
    explanations,
    findings,
    grid_edge,
    importances,
    leakage,
    near_duplicates,
    outlier_folds,
    statements_of,
)
from bench.diagnose._across import LeakGain
from bench.text.remarks import NotDrawn
from tests.helpers.judge_cases import (
    FIXED,
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

N = 120
FAMILIES = (
    "{lda: {}, near: {family: knn, n_neighbors: 1}, far: {family: knn, n_neighbors: 9}}"
)
DRAWN = "  {name}: {{source: {{kind: synthetic, name: {kind}, rows: 50{more}}}, target: target}}"


def predictions(
    wrong: tuple[int, ...] = (), families: tuple[str, ...] = ("lda",), shared: int = 0
) -> pl.DataFrame:
    """Two folds of all rows; `wrong` are got wrong, and so many test rows of each fold are trained on too."""
    rows = []
    for family in families:
        for fold in range(2):
            for row in range(N):
                side = "test" if row % 2 == fold else "train"
                truth = "ab"[row // 2 % 2]
                label = "ba"[row // 2 % 2] if row in wrong else truth
                p = [0.9, 0.1] if label == "a" else [0.1, 0.9]
                about = {
                    "dataset": "toy",
                    "family": family,
                    "variant": "plain",
                    "repeat": 0,
                    "fold": fold,
                }
                said = about | {"row": row, "truth": truth, "label": label, "p": p}
                rows.append(said | {"side": side})
                rows += (
                    [said | {"side": "train"}]
                    if side == "test" and row // 2 < shared
                    else []
                )
    return sparse(rows, frames.CLASSIFICATION)


def table() -> Dataset:
    rng = np.random.default_rng(3)
    y = np.arange(N) // 2 % 2
    columns = tuple(Column(name, "numeric") for name in ("a", "b", "c", "d"))
    X = rng.normal(size=(N, 4)) + 0.5 * y[:, np.newaxis]
    return Dataset(
        "toy", "classification", columns, X, y, np.arange(N), "f", classes=("a", "b")
    )


def evidence(
    folder: Path,
    *,
    dataset: str = "toy",
    duplicates: tuple[tuple[int, int], ...] = (),
    **parts: Any,
) -> DiagnosticEvidence:
    changes = {"families": FAMILIES} | parts.pop("study", {})
    empty: Any = frames.empty
    made = DiagnosticEvidence(
        a_study(folder, **changes), tables_of("toy", dataset) if dataset != "toy" else tables_of(), folds_of(2),
        scores_of_arrays({"lda": around(0.8, 0.01, repeats=2)}, dataset=dataset), empty(frames.TUNING), predictions(),
        empty(frames.REMARKS), empty(frames.FAILURES),
        sparse([{"dataset": "toy", "row": row, "duplicates": n} for row, n in duplicates], frames.DUPLICATES),
        lambda name: table() if name == "toy" else None,
    )  # fmt: skip
    return replace(made, **parts)


def of(made: DiagnosticEvidence, code: str, dataset: str = "toy") -> dict[str, Any]:
    """The one finding with this code on a dataset, with its `statements`."""
    rows = (
        findings(made)
        .filter(pl.col("code") == code, pl.col("dataset") == dataset)
        .to_dicts()
    )
    assert len(rows) == 1, rows
    return rows[0] | {"statements": statements_of(rows[0]["details"])}


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        # whoever picked the columns may have looked at the rows: nobody can see that from here
        ("L.feature_selection", "leakage.selection_unknown"),
        ("L8", "biased_test.drawn_at_random"),
    ],
)
def test_what_cannot_be_seen_is_not_passed(
    code: str, statement: str, tmp_path: Path
) -> None:
    row = of(evidence(tmp_path), code)
    assert row["outcome"] == "not_applicable"
    assert [one.code for one in row["statements"]] == [statement]


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [
        ("screened_noise", "found", "leakage.source_selected"),
        ("noise", "by_construction", "leakage.not_selected"),
    ],
)
def test_a_source_that_selected_its_columns_says_so(
    kind: str, outcome: str, code: str, tmp_path: Path
) -> None:
    more = DRAWN.format(name="noise", kind=kind, more=", columns: 20")
    made = evidence(tmp_path, dataset="noise", study={"datasets": more})
    row = of(made, "L.feature_selection", "noise")
    assert row["outcome"] == outcome and row["statements"][0].code == code
    inside = of(made, "L.preprocessing", "noise")["outcome"]
    assert inside == ("not_applicable" if outcome == "found" else "by_construction"), (
        "the source saw all rows"
    )


@pytest.mark.parametrize(("wrong", "severity"), [(0, "serious"), (60, "warning")])
def test_a_selection_on_all_rows_is_as_grave_as_what_it_does_to_scores(
    wrong: int, severity: str, tmp_path: Path
) -> None:
    """No model is right more often than in half of new rows of noise; the tolerance is .01 where none is stated."""
    kind = DRAWN.format(name="noise", kind="screened_noise", more=", columns: 20")
    said = predictions(tuple(range(wrong))).with_columns(dataset=pl.lit("noise"))
    made = evidence(
        tmp_path, dataset="noise", study={"datasets": kind}, predictions=said
    )
    row = of(made, "L.feature_selection", "noise")
    assert row["severity"] == severity and row["statements"][1].gain == pytest.approx(
        0.5 - wrong / N
    )
    assert row["statements"][1].most == 0.5


def test_the_test_set_is_held_against_the_training_rows_and_its_copies_are_named(
    tmp_path: Path,
) -> None:
    row = of(evidence(tmp_path), "L.test_set")
    assert row["outcome"] == "passed" and row["statements"] == (
        leakage.say("rows_apart", total=120),
    )
    row = of(evidence(tmp_path, duplicates=((0, 0), (1, 0))), "L.test_set")
    assert row["statements"] == (
        leakage.say("rows_apart", total=120),
        leakage.CopiesThere(2, 120),
    )
    row = of(evidence(tmp_path, predictions=predictions(shared=3)), "L.test_set")
    assert (row["outcome"], row["severity"]) == ("found", "serious")
    assert row["statements"] == (leakage.say("rows_shared", rows=6, total=120),)


def test_without_training_rows_the_test_set_is_an_argument(tmp_path: Path) -> None:
    only = predictions().filter(pl.col("side") == "test")
    row = of(evidence(tmp_path, predictions=only), "L.test_set")
    assert (row["outcome"], row["statements"]) == (
        "by_construction",
        (leakage.say("fold_only"),),
    )


def test_nobody_else_answers_for_the_split_of_a_simulation(tmp_path: Path) -> None:
    more = DRAWN.format(name="wave", kind="waveform", more=", test_rows: 20, draws: 2")
    more = (
        more[:-1]
        + ", protocol: {resampling: {kind: fixed_split, column: split, test: test}}}"
    )
    row = of(
        evidence(tmp_path, dataset="wave", study={"datasets": more}),
        "L.non_independence",
        "wave",
    )
    assert (row["outcome"], row["statements"]) == (
        "by_construction",
        (leakage.say("independent_draws"),),
    )
    given = of(evidence(tmp_path, study={"resampling": FIXED}), "L.non_independence")
    assert given["statements"] == (leakage.say("given_split"),)


def test_near_copies_say_how_near_is_near(tmp_path: Path) -> None:
    row = of(evidence(tmp_path), "L4n")
    (none,) = row["statements"]
    assert row["outcome"] == "passed" and isinstance(none, near_duplicates.NoneNear)
    assert none.limit is not None and 0 < none.limit < 1


def test_a_count_of_draws_that_reached_its_floor_says_no_more(tmp_path: Path) -> None:
    """Nine rows in ten are said to be sure, and none is right."""
    row = of(evidence(tmp_path, predictions=predictions(wrong=tuple(range(N)))), "C1")
    measured, miscalibrated = row["statements"]
    assert row["outcome"] == "found" and isinstance(
        miscalibrated, calibration.Miscalibrated
    )
    assert (measured.p, measured.limit is None) == (1 / 1000, False)
    assert miscalibrated.excess > 0


GAMMA = (1, 2, 3, "scale")
#: Family, parameter and its values, which of them each fold chose, the outcome, and what is said of the end.
EDGES: list[tuple[str, str, tuple[Any, ...], list[int], str, dict[str, Any] | str]] = [
    # an end that is chosen most is told with the rule
    ("near", "n_neighbors", (1, 3, 5), [0] * 4 + [1] * 3 + [2] * 3, "passed", {"folds": 4, "commonest": True}),
    # three of ten chose 1, seven no limit, or a word: no end of the scale is what most chose
    ("near", "max_depth", (1, 2, 3, None), [0] * 3 + [3] * 7, "passed", {"folds": 3, "commonest": False}),
    ("near", "gamma", GAMMA, [0] * 3 + [3] * 7, "passed", {"folds": 3, "commonest": False}),
    # nothing lies beyond a penalty of zero, and nothing beyond the fewest neighbours that can be
    ("rda", "shrinkage", (0, 1, 2), [0] * 4, "passed", "grid_edge.natural_end"),
    ("rda", "shrinkage", (1, 2, 3), [0] * 4, "found", "grid_edge.beyond"),
    ("near", "n_neighbors", (1, 5, 10), [0] * 4, "passed", "grid_edge.natural_end"),
    ("near", "n_neighbors", (2, 5, 10), [0] * 4, "found", "grid_edge.beyond"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("family", "name", "values", "picks", "outcome", "said"), EDGES
)
def test_an_end_of_the_grid(
    family: str,
    name: str,
    values: tuple[Any, ...],
    picks: list[int],
    outcome: str,
    said: dict[str, Any] | str,
    tmp_path: Path,
) -> None:
    about = {"dataset": "toy", "family": family, "variant": "plain", "repeat": 0}
    rows = [
        about
        | {"metric": "accuracy", "value": 0.9, "fold": fold, "candidate": k}
        | {"parameters": json.dumps({name: value}), "chosen": k == pick}
        for fold, pick in enumerate(picks)
        for k, value in enumerate(values)
    ]
    (finding,) = grid_edge.run(evidence(tmp_path, tuning=sparse(rows, frames.TUNING)))
    assert finding.outcome == outcome
    edge, *rule = finding.statements
    if isinstance(said, str):
        assert [one.code for one in rule] == [said]
    else:
        end = {"parameter": name, "value": 1.0, "largest": False, "total": len(picks)}
        assert (end | said).items() <= edge.details.items() and not rule


@pytest.mark.parametrize(
    ("values", "top", "correlation", "outcome"),
    [
        ({"a": [2, 2, 2, 0], "b": [1, 1, 1, 9]}, (("a",), 3, 0, 4, "b"), (0.0, None), "found"),
        ({"a": [0, 0, 0], "b": [0, 0, 0]}, ((), 0, 3, 3, None), None, "not_applicable"),
        ({"a": [0, 2, 0], "b": [0, 1, 0]}, (("a",), 1, 2, 3, None), None, "not_applicable"),
        ({"a": [0, 2, 2, 0], "b": [0, 1, 1, 1]}, (("a",), 2, 1, 4, None), (-1 / 3, 3), "found"),
        ({"a": [2, 2, 1, 0], "b": [1, 1, 2, 1]}, (("a", "b"), 2, 0, 4, None), (-1 / 3, None), "found"),
        ({"a": [2, 2, 1], "b": [2, 2, 1], "c": [1, 1, 0]}, ((), 0, 3, 3, None), (1.0, None), "passed"),
        ({"a": [0.1 + 0.2, 0.3], "b": [0.3, 0.1 + 0.2]}, ((), 0, 2, 2, None), None, "not_applicable"),
        ({"a": [2, 2, float("nan")], "b": [1, 1, 3]}, (("a",), 2, 0, 2, None), (1.0, None), "passed"),
    ],
    ids=["another by its mean", "all zero", "one fold without a tie", "a tie", "two share", "each shared", "noise", "no value"],
)  # fmt: skip
def test_ties_of_importances_have_no_first(
    values: dict[str, list[float]],
    top: Any,
    correlation: Any,
    outcome: str,
    tmp_path: Path,
) -> None:
    about = {"dataset": "toy", "family": "lda", "repeat": 0, "kind": "permutation"}
    rows = [
        about | {"fold": i, "feature": name, "value": float(v)}
        for name, of in values.items()
        for i, v in enumerate(of)
    ]
    (finding,) = importances.run(
        evidence(tmp_path, importance=sparse(rows, frames.IMPORTANCE))
    )
    first, agreed = finding.statements
    assert (first, finding.outcome) == (importances.Top(*top), outcome)
    if correlation is None:
        assert (agreed, finding.estimate) == (importances.say("no_correlation"), None)
    else:
        assert isinstance(agreed, importances.Correlation)
        assert (finding.estimate, agreed.value, agreed.folds) == (
            agreed.value,
            pytest.approx(correlation[0]),
            correlation[1],
        )


def test_families_are_called_by_their_titles_and_gains_are_points(
    tmp_path: Path,
) -> None:
    """Rows 0 and 1 equal each other; the other rows are wrong in a third, so that those two are worth something."""
    wrong = tuple(range(2, 42))
    for family, title in (("lda", "Linear discriminant analysis"), ("near", "near")):
        made = evidence(
            tmp_path, duplicates=((0, 0), (1, 0)), predictions=predictions(wrong=wrong, families=(family,)),
            scores=scores_of_arrays({family: around(0.8, 0.01, repeats=2)}),
        )  # fmt: skip
        row = of(made, "L4")
        gain = row["statements"][1]
        assert isinstance(gain, LeakGain) and gain.family == title
        assert gain.gain == pytest.approx(0.0056, abs=1e-4)


def test_an_odd_fold_names_the_rows_that_were_wrong(tmp_path: Path) -> None:
    values = around(0.9, 0.001, repeats=1, folds=20, fold_sd=0.001)
    values[0, 1] = 0.1
    made = evidence(
        tmp_path,
        predictions=predictions(wrong=(1, 7)),
        scores=scores_of_arrays({"lda": values}),
    )
    rows = (
        findings(made)
        .filter(pl.col("code") == "S3", pl.col("outcome") == "found")
        .to_dicts()
    )
    assert len(rows) == 1
    assert statements_of(rows[0]["details"])[1] == outlier_folds.Outlier(
        0.1, "1", "2", 2, 60, ("2", "8")
    )


def test_a_repeat_with_one_test_set_has_no_number_of_a_fold(tmp_path: Path) -> None:
    values = around(0.9, 0.001, repeats=20, folds=1)
    values[1, 0] = 0.1
    made = evidence(tmp_path, scores=scores_of_arrays({"lda": values}))
    (row,) = (
        findings(made)
        .filter(pl.col("code") == "S3", pl.col("outcome") == "found")
        .to_dicts()
    )
    many, one = statements_of(row["details"])
    assert (many.single, many.outliers, many.folds) == (True, 1, 20)
    assert (one.score, one.repeat, one.fold) == (0.1, "2", None)


def test_a_published_number_is_named_by_what_it_says(tmp_path: Path) -> None:
    claims = '  - {id: c, kind: value, dataset: toy, family: lda, metric: accuracy, value: "97.5", unit: percent,'
    study = a_study(
        tmp_path, f'{claims} where: "Table 2", read: source}}', families=FAMILIES
    )
    about = {
        "claim": "c",
        "source": "paper",
        "dataset": "toy",
        "family": "lda",
        "metric": "accuracy",
    }
    way = {
        "variant": "explanation=x",
        "kind": "valid",
        "title": "as stated",
        "compatible": False,
        "beyond": 0.001,
    }
    made = evidence(tmp_path, explanations=sparse([about | way], EXPLAINED), study={})
    row = of(replace(made, study=study), "X1")
    published = explanations.Published("accuracy", "97.5", True, "Table 2", True)
    assert row["statements"] == (published, explanations.NothingFits(1))


def test_what_is_not_drawn_is_no_remark_on_the_data(tmp_path: Path) -> None:
    details = encoded([NotDrawn("shapes", 9, "x200")])
    remark = {
        "dataset": "toy",
        "code": "left_out",
        "severity": "note",
        "count": 9,
        "details": details,
    }
    made = evidence(tmp_path, remarks=sparse([remark], frames.REMARKS))
    assert of(made, "D1")["outcome"] == "passed"
