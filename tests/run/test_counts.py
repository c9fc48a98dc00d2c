"""How many trainings a run makes, told before anything runs: as many as it then makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.cli.app import main
from bench.run.counts import count_before_fetch, count_cells, seconds_of_repeats
from bench.run.store import Store
from bench.run.study import cells_of, follow_ups, grid_of
from bench.run.why import Costs, expected_seconds, why
from bench.study import Study
from tests.helpers.extra_fits import a_dataset, a_study, do, fewer, finished

EXTRA_FITS = {
    "learning": {"folds": 2}, "inspect": {"folds": 2}, "permutations": {"count": 5},
    "overtuning": {}, "variance": {"draws": 3}, "halves": {"repeats": 2},
    "explain": {"family": "knn", "repeats": 5, "variants": ["tuned_on_test",
                {"stopped_on_test": {"rounds": [1, 2, 4]}}]},
}  # fmt: skip
TENFOLD = {"kind": "kfold", "folds": 10, "repeats": {"pilot": 3, "at_most": 6}}


def own_of(study: Study) -> Study:
    """The study without its extra fits."""
    return study.model_copy(update={"diagnostics": None})


@pytest.mark.parametrize(
    ("family", "tuning"),
    [
        ({"n_neighbors": [1, 5]}, {"folds": 2}),
        ({"family": "xgboost", "n_estimators": [2, 4]}, {"folds": 2}),
        ({"n_neighbors": 5}, None),
    ],
)
def test_as_many_trainings_are_made_as_were_counted(
    family: dict[str, Any], tuning: dict[str, Any] | None, tmp_path: Path
) -> None:
    study = a_study(EXTRA_FITS, {"kind": "kfold", "folds": 3}, tuning, {"knn": family})
    study = fewer(
        study, explain={"repeats": 1}, permutations={"count": 2}, variance={"draws": 2}
    )
    dataset = a_dataset()
    with Store(tmp_path / "cells.sqlite") as store:
        known, waiting = cells_of(study, [dataset], store)
        before = count_cells(study, [*known, *waiting], store, workers=2)
        own = count_cells(
            own_of(study), grid_of(study, [dataset], store).cells, store, 2
        )
    assert (before.stored, before.seconds, own.stored) == (0, None, 0)
    cells, results = finished(study, [dataset], tmp_path)
    plain = results.costs.filter(variant="plain")["fits"].sum()
    assert before.cells == len(cells)
    assert before.trainings == before.at_most == results.costs["fits"].sum()
    assert before.diagnostics == before.trainings - plain
    from_file = count_before_fetch(study)
    assert from_file is not None
    assert (from_file.trainings, from_file.diagnostics) == (plain, None)


def test_a_pilot_may_ask_for_more(tmp_path: Path) -> None:
    study = a_study(None, TENFOLD, {"folds": 2}, {"knn": {"n_neighbors": [1, 5]}})
    with Store(tmp_path / "cells.sqlite") as store:
        cells, _ = cells_of(study, [a_dataset()], store)
        counts = count_cells(study, cells, store, workers=2)
    assert counts.trainings == 3 * 10 * (2 * 2 + 1)
    assert counts.at_most == 6 * 10 * (2 * 2 + 1)
    from_file = count_before_fetch(study)
    assert from_file is not None
    assert (from_file.trainings, from_file.at_most) == (150, 300)


def test_rows_decide_how_many_folds_leave_one_out_makes() -> None:
    assert count_before_fetch(a_study(None, {"kind": "leave_one_out"})) is None


def test_seconds_are_those_of_the_like(tmp_path: Path) -> None:
    """Plain cells of 0.1 s and one fit each: ten cells of the same rows take a second."""
    study, dataset = (
        a_study({"permutations": {"count": 5}}, {"kind": "kfold", "folds": 2}),
        a_dataset(),
    )
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [dataset], store)
        plain = [cell for cell in grid.cells if cell.variant == "plain"]
        do(plain, grid, store, tmp_path)
        counts = count_cells(study, grid.cells, store, workers=2)
        assert counts.stored == len(plain)
        assert counts.seconds == pytest.approx(0.5)
        many = count_cells(study, grid.cells, store, workers=1_000)
        assert many.seconds == pytest.approx(0.1), "no cell is divided"
        assert follow_ups(grid, store) == []
        found = why(study.id, grid.cells, store, {}, workers=2)
        assert found.seconds == counts.seconds, "one estimate, whoever is asked"
        pairs = expected_seconds(grid.cells, store)
        assert list(pairs.values()) == pytest.approx([0.1] * len(pairs)) and pairs
        work = seconds_of_repeats(grid.cells, store)
        assert work == {"d": pytest.approx(0.4)}, "two folds of two models"


def test_looking_into_a_fit_has_a_time_of_its_own(tmp_path: Path) -> None:
    """Ten times a fit: unknown until it was done once for this table and estimator, then as remembered."""
    study, dataset = (
        a_study({"inspect": {}}, {"kind": "kfold", "folds": 2}),
        a_dataset(),
    )
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [dataset], store)
        do(grid.cells, grid, store, tmp_path)
        later = follow_ups(grid, store)
        assert [Costs(store).of(cell) for cell in later] == [None] * len(later)
        for cell in later:
            store.put(cell, b"result", 1.0, 1)
        costs = Costs(store)
        assert [costs.of(cell) for cell in later] == pytest.approx([1.0] * len(later))
        assert costs.of(grid.cells[0]) == pytest.approx(0.1)


def test_check_counts_the_trainings_and_why_names_the_cells(
    project: Callable[..., Path],
    toy: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = "diagnostics: {permutations: {count: 9, families: [lda]}, learning: {folds: 2}, halves: null}"
    root = project(toy=toy.replace("diagnostics: {halves: null}", asked))

    def shown(*words: str) -> str:
        capsys.readouterr()
        assert main([*words]) == 0
        return " ".join(capsys.readouterr().out.split())

    own = "toy: a run makes 150 trainings in 18 cells"
    assert f"{own}, and others for diagnostics" in shown("check", "toy")
    assert not (root / ".bench" / "cells.sqlite").exists()
    shown("fetch", "toy")
    shown("clean", "toy")
    # 9 permutations of 3 folds, and 2 folds of 2 families with three shares of the rows
    said = shown("check", "toy")
    assert "trainings in 57 cells" in said
    assert "of them for diagnostics" in said
    (counts,) = json.loads(shown("check", "toy", "--json"))["runs"].values()
    assert counts["trainings"] - counts["diagnostics"] == 150
    why = shown("why", "toy")
    assert "toy x 3 families: 18 cells: never computed" in why
    assert "toy x lda, permuted: 27 cells: never computed" in why
    main(["run", "toy"])
    assert "all 57 cells are stored" in shown("why", "toy")
    project(toy=toy)
    assert f"{own}, all are stored" in shown("check", "toy")
