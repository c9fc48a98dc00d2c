"""Repeats in two stages: a pilot is run, a function of its results tells how many there are, the rest is run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.cli.app import main
from bench.core.errors import IncompatibleDataError
from bench.report.bundle import Bundle
from bench.report.facts import no_interval_cause
from bench.report.text.facts import SAME_ROWS
from bench.run.cells import Cell
from bench.run.gather import Results
from bench.run.pilots import most_repeats
from bench.run.store import Store
from bench.run.study import Execution, RepeatsNeeded, Silent, cells_of, grid_of, run
from bench.run.workers.dispatch import CellOutcome
from bench.run.workers.limits import Limits
from bench.study import Study
from bench.study.repeats import pilot_of, with_repeats
from tests.helpers.extra_fits import a_dataset, a_study, do

PILOT = {"kind": "kfold", "folds": 3, "repeats": {"pilot": 3, "at_most": 6}}


def keys(
    study: Study, repeats: Mapping[str, int] | None = None, n: int = 48
) -> list[str]:
    with Store(None) as store:
        return [
            cell.key
            for cell in grid_of(study, [a_dataset(n)], store, repeats=repeats).cells
        ]


def wanting(count: int, seen: list[Results] | None = None) -> RepeatsNeeded:
    def needed(study: Study, results: Results) -> dict[str, int]:
        if seen is not None:
            seen.append(results)
        return {"d": count}

    return needed


def done(
    folder: Path,
    workers: int,
    needed: RepeatsNeeded,
    study: Study | None = None,
    listener: Any = None,
) -> Results:
    execution = Execution(Limits(workers), folder / "cells.sqlite", folder / "arrays")
    return run(
        study or a_study(resampling=PILOT),
        [a_dataset()],
        execution,
        listener or Silent(),
        needed=needed,
    )


@pytest.mark.parametrize("n", [48, 120])
def test_the_first_repeats_are_those_of_a_fixed_number(n: int) -> None:
    fixed = keys(a_study(resampling=PILOT | {"repeats": 3}), n=n)
    assert keys(a_study(resampling=PILOT), n=n) == fixed
    assert set(fixed) < set(keys(a_study(resampling=PILOT), {"d": 5}, n=n))


def test_later_repeats_keep_as_many_train_rows_as_all_that_are_allowed_would() -> None:
    study = a_study(resampling=PILOT | {"repeats": {"pilot": 3, "at_most": 100_000}})
    with Store(None) as store:
        cells = [
            grid_of(study, [a_dataset(120)], store, repeats={"d": count}).cells
            for count in (5, 6)
        ]
    kept = {cell.fold.repeat: cell.kept for cell in cells[0]}
    assert kept == {0: 80, 1: 80, 2: 80, 3: 50, 4: 50}
    assert {cell.key for cell in cells[0]} < {cell.key for cell in cells[1]}, (
        "whatever the pilot says"
    )


@pytest.mark.parametrize(
    ("wanted", "told", "count"), [(5, 5, 5), (100, 100, 6), (1, 3, 3)]
)
def test_as_many_as_are_needed_and_allowed(
    wanted: int, told: int, count: int, tmp_path: Path
) -> None:
    seen: list[Results] = []
    results = done(tmp_path, 1, wanting(wanted, seen))
    assert results.repeats.rows() == [("d", 3, told, 6, count)]
    assert results.folds["repeat"].unique().to_list() == list(range(count))
    (pilot,) = seen
    assert pilot.predictions["repeat"].unique().sort().to_list() == [0, 1, 2]
    fixed = done(
        tmp_path / "fixed",
        1,
        wanting(0),
        a_study(resampling=PILOT | {"repeats": count}),
    )
    for name, frame in vars(results).items():
        assert name == "repeats" or frame.equals(getattr(fixed, name)), name
    assert fixed.repeats.is_empty()


@pytest.mark.parametrize(
    ("repeats", "most"),
    [
        ({"pilot": 3, "at_most": 6}, 6),
        ({"pilot": 3}, 1000),
        ({"pilot": 3, "at_most": 5000}, 5000),
    ],
)
@pytest.mark.parametrize("cheap", [2_000_000, 50_000, 1])
def test_as_many_as_are_cheap_where_no_bound_is_stated(
    repeats: dict[str, int], most: int, cheap: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two families, three folds of 32 training rows: 6 trainings of 232 rows a repeat, or 1,392."""
    monkeypatch.setattr("bench.run.pilots.CHEAP", cheap)
    study = a_study(resampling=PILOT | {"repeats": repeats})
    pilot = pilot_of(study, "d")
    assert pilot is not None
    if len(repeats) == 1:
        most = min(1000, max(3, cheap // 1392))
    with Store(None) as store:
        cells = grid_of(study, [a_dataset()], store).cells
        own = [cell for cell in cells if cell.variant == "plain"]
    assert most_repeats(pilot, own) == most


def test_the_same_frames_for_any_number_of_workers_and_after_an_interruption(
    tmp_path: Path,
) -> None:
    class Impatient(Silent):
        def __init__(self, cells: int) -> None:
            self.left = cells

        def finished(self, cell: Cell, outcome: CellOutcome) -> None:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt

    class Counting(Silent):
        def __init__(self) -> None:
            self.fitted: list[Cell] = []
            self.told = 0

        def started(self, cells: Sequence[Cell], stored: Sequence[Cell]) -> None:
            self.told += len(cells) + len(stored)

        def finished(self, cell: Cell, outcome: CellOutcome) -> None:
            self.fitted.append(cell)

    whole = done(tmp_path / "two", 2, wanting(5))
    for name, cells in (("in the pilot", 4), ("after it", 21)):
        with pytest.raises(KeyboardInterrupt):
            done(tmp_path / name, 1, wanting(5), listener=Impatient(cells))
        counting = Counting()
        again = done(tmp_path / name, 1, wanting(5), listener=counting)
        assert len(counting.fitted) == 5 * 3 * 2 - cells - 1
        assert counting.told == 5 * 3 * 2, "each cell is told once"
        for frame in vars(whole):
            assert getattr(again, frame).equals(getattr(whole, frame)), (name, frame)


def test_cells_that_failed_are_no_reason_to_stop(tmp_path: Path) -> None:
    families = {"never": {"family": "knn", "n_neighbors": 999}, "lda": {}}
    seen: list[Results] = []
    results = done(
        tmp_path, 1, wanting(4, seen), a_study(resampling=PILOT, families=families)
    )
    assert set(seen[0].predictions["family"]) == {"lda"}
    assert (
        results.failures.filter(family="never", status="failed", variant="plain").height
        == 4 * 3
    )
    assert results.folds["repeat"].n_unique() == 4


def test_cells_are_known_by_what_is_stored_of_the_pilot(tmp_path: Path) -> None:
    study, dataset = a_study(resampling=PILOT), a_dataset()

    def needed(study: Study, results: Results) -> dict[str, int]:
        return {"d": 5} if results.predictions.height else {}

    with Store(tmp_path / "cells.sqlite") as store:
        assert len(cells_of(study, [dataset], store, needed=needed)[0]) == 3 * 3 * 2
        grid = grid_of(study, [dataset], store)
        do(grid.cells, grid, store, tmp_path)
        assert len(cells_of(study, [dataset], store, needed=needed)[0]) == 5 * 3 * 2


def test_extra_fits_follow_folds_after_the_pilot(tmp_path: Path) -> None:
    """The cell that chose is found although it keeps fewer train rows than those of the pilot."""
    resampling = {
        "kind": "holdout",
        "test_size": 0.2,
        "repeats": {"pilot": 3, "at_most": 100_000},
    }
    study = a_study({"learning": {"folds": 5}}, resampling, families={"lda": {}})
    execution = Execution(Limits(1), tmp_path / "cells.sqlite", tmp_path / "arrays")
    results = run(study, [a_dataset(120)], execution, Silent(), needed=wanting(6))
    shares = results.predictions.filter(pl.col("variant") == "train_share=0.5")
    assert shares["repeat"].unique().sort().to_list() == [0, 1, 2, 3, 4]


def test_a_simulation_has_no_pilot() -> None:
    with (
        pytest.raises(IncompatibleDataError, match="draws of its own"),
        Store(None) as store,
    ):
        grid_of(
            a_study(resampling=PILOT),
            [replace(a_dataset(), draw=np.repeat(np.arange(2), 24))],
            store,
        )


def test_a_study_with_a_number_in_the_place_of_the_pilot() -> None:
    study = with_repeats(a_study(resampling=PILOT), {"d": 4})
    assert pilot_of(study, "d") is None
    protocol = study.protocol_of("d")
    assert protocol is not None
    assert getattr(protocol.resampling, "repeats", None) == 4
    assert protocol.seed == 0


def test_the_page_says_why_a_pilot_on_one_split_has_no_interval(tmp_path: Path) -> None:
    split = {
        "kind": "fixed_split",
        "train": "1-30",
        "test": "31-48",
        "repeats": {"pilot": 3, "at_most": 6},
    }
    assert (
        no_interval_cause(Bundle(a_study(resampling=split), {}), "d", "accuracy")
        == SAME_ROWS
    )


def test_a_study_from_check_to_page(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy.replace("repeats: 2", "repeats: {pilot: 3, at_most: 4}"))

    def shown(*words: str) -> str:
        capsys.readouterr()
        assert main([*words]) == 0
        return " ".join(capsys.readouterr().out.split())

    shown("fetch", "toy")
    shown("clean", "toy")
    said = shown("check", "toy")
    assert "toy: a run makes 225 trainings in 27 cells, up to 300 if its pilots" in said
    assert "27 of 27 cells would be run" in shown("why", "toy")
    shown("run", "toy")
    provenance = json.loads((root / "results" / "toy" / "run.json").read_text())
    (told,) = provenance["repeats"]
    assert told["pilot"] == 3
    assert told["run"] == min(told["needed"], 4)
    assert f"all {told['run'] * 9} cells are stored" in shown("why", "toy")
    shown("judge", "toy")
    shown("report", "toy")
    assert (root / "reports" / "toy" / "index.html").exists()


def test_other_claims_after_a_pilot_are_not_judged_on_its_repeats(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """They decide how many repeats there are: a run adds those that lack, and then nothing is refused."""
    toy = (
        toy.replace("name: twonorm", "name: ringnorm")
        .replace("family: knn", "family: lda")
        .replace("0.05", "0.49")
    )
    root = project(toy=toy.replace("repeats: 2", "repeats: {pilot: 3, at_most: 5}"))
    assert [main([stage, "toy"]) for stage in ("fetch", "clean", "run", "judge")] == [
        0
    ] * 4
    study = root / "studies" / "toy" / "study.yaml"
    study.write_text(study.read_text().replace("{accuracy: 0.49", "{accuracy: 0.05"))
    capsys.readouterr()
    assert main(["judge", "toy"]) == 3
    assert (
        "3 repeats of toy were run, and the claims as they are now ask for 5"
        in capsys.readouterr().err
    )
    assert main(["run", "toy"]) == main(["judge", "toy"]) == 0
    assert (
        pl.read_parquet(root / "results" / "toy" / "folds.parquet")["repeat"].n_unique()
        == 5
    )
