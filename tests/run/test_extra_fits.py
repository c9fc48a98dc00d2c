"""Cells of extra fits: which rows, seeds and folds each changes, and that it changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.fallback import WORDS
from bench.run.store import Store
from bench.run.study import Execution, Silent, cells_of, follow_ups, grid_of
from bench.run.study import run as run_study
from bench.run.variants.extra_fit import requested_afterwards
from bench.run.variants.permuted import permuted
from bench.run.workers.limits import Limits
from bench.study import Study
from bench.text.refusals import OneRowTestSets
from tests.helpers.extra_fits import (
    KFOLD,
    a_dataset,
    a_study,
    do,
    fewer,
    finished,
    variants,
)

TUNED = {"knn": {"n_neighbors": [1, 5]}}
LEARNING = {"learning": {"folds": 3}, "halves": None}
Place = Callable[[Study, Dataset], list[Cell]]


@pytest.fixture
def asked(tmp_path: Path) -> Place:
    """All cells but plain ones; the first candidate is said to have been chosen."""

    def cells(study: Study, dataset: Dataset) -> list[Cell]:
        with Store(tmp_path / "cells.sqlite") as store:
            grid = grid_of(study, [dataset], store)
            later = [
                cell
                for context in grid.contexts
                for cell in requested_afterwards(context, lambda _: 0)
            ]
            return [cell for cell in [*grid.cells, *later] if cell.variant != "plain"]

    return cells


def by_fold(cells: list[Cell]) -> dict[tuple[int, int], dict[str, Cell]]:
    found: dict[tuple[int, int], dict[str, Cell]] = {}
    for cell in cells:
        found.setdefault((cell.fold.repeat, cell.fold.fold), {})[cell.variant] = cell
    return found


class TestInspection:
    def test_a_fold_of_one_row_is_not_asked_what_shuffling_it_costs(
        self, asked: Place
    ) -> None:
        """Its importances would be 0 by construction, and draw the mean of the folds to 0."""
        resampling, part = (
            {"kind": "given_folds", "column": "part"},
            np.array(list("aabbccd")),
        )
        cells = asked(
            a_study({"inspect": {"folds": 4}}, resampling),
            a_dataset(7, seed=2, extra={"part": part}),
        )
        assert [len(cell.fold.test) for cell in cells] == [2, 2, 2]
        assert {cell.fold.fold for cell in cells} == {0, 1, 2}

    @pytest.mark.parametrize("folds", [2, 10])
    def test_where_all_are_of_one_row_it_says_so(
        self, folds: int, tmp_path: Path
    ) -> None:
        """All that there are, or all that would be looked at: never a 0, never silence."""
        part = (
            np.array(["a", "b", *["c"] * 22])
            if folds == 2
            else np.arange(24).astype(str)
        )
        study = a_study(
            {"inspect": {"folds": folds}}, {"kind": "given_folds", "column": "part"}
        )
        cells, results = finished(
            study, [a_dataset(24, extra={"part": part})], tmp_path
        )
        assert not [cell for cell in cells if cell.shuffles]
        assert results.importance.is_empty()
        refused = results.unavailable.filter(pl.col("variant") == "inspected")
        assert set(refused["code"]) == {OneRowTestSets.code}


class TestLearning:
    def test_shares_hold_the_smaller_ones_and_classes_in_their_proportions(
        self, asked: Place
    ) -> None:
        dataset = a_dataset(80, y=(np.arange(80) % 4 == 0).astype(np.int64))
        folds = by_fold(asked(a_study(LEARNING), dataset))
        assert list(folds) == [(0, 0), (0, 1), (0, 2)]
        for cells in folds.values():
            trains = [
                cells[f"train_share={share}"].fold.train
                for share in ("0.25", "0.5", "0.75")
            ]
            whole = 80 - len(cells["train_share=0.5"].fold.test)
            assert [len(train) for train in trains] == [
                round(share * whole) for share in (0.25, 0.5, 0.75)
            ]
            assert np.isin(trains[0], trains[1]).all()
            assert np.isin(trains[1], trains[2]).all()
            for train in trains:
                assert (np.diff(train) > 0).all()
                assert abs(dataset.y[train].mean() - 0.25) < 1 / len(train)

    def test_test_rows_stay_and_training_rows_are_those_of_the_fold(
        self, asked: Place, tmp_path: Path
    ) -> None:
        study, dataset = a_study(LEARNING), a_dataset()
        with Store(tmp_path / "cells.sqlite") as store:
            own = {
                (f.repeat, f.fold): f
                for f in grid_of(study, [dataset], store).contexts[0].folds
            }
        for place, cells in by_fold(asked(study, dataset)).items():
            for cell in cells.values():
                assert np.array_equal(cell.fold.test, own[place].test)
                assert np.isin(cell.fold.train, own[place].train).all()

    def test_groups_are_whole(self, asked: Place) -> None:
        groups = np.repeat(np.arange(12), [1, 2, 3, 4, 5, 6, 7, 4, 4, 4, 4, 4])
        dataset = a_dataset(48, group=groups)
        cells = asked(a_study(LEARNING, {"kind": "group_kfold", "folds": 3}), dataset)
        assert len(cells) > 6
        for cell in cells:
            outside = np.setdiff1d(
                np.arange(48), np.append(cell.fold.train, cell.fold.test)
            )
            assert not np.isin(groups[cell.fold.train], groups[outside]).any()

    def test_of_ordered_times_the_latest_come_first(self, asked: Place) -> None:
        times = np.arange(48) // 2
        cells = asked(
            a_study(LEARNING, {"kind": "time_ordered", "folds": 3}),
            a_dataset(48, time=times),
        )
        for one in by_fold(cells).values():
            last = max(times[cell.fold.train].max() for cell in one.values())
            for cell in one.values():
                own = times[cell.fold.train]
                assert own.max() == last
                assert sorted(set(own)) == list(range(own.min(), last + 1)), (
                    "no moment is left out"
                )
                assert np.bincount(own)[own.min() :].tolist() == [2] * len(set(own)), (
                    "moments are whole"
                )

    def test_a_share_with_one_class_is_left_out(
        self, asked: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shares = "bench.run.variants.extra_fits.learning.LEARNING_SHARES"
        monkeypatch.setattr(shares, (0.05,))
        dataset = a_dataset(12, y=np.zeros(12, dtype=np.int64))
        dataset.y[[0, 5, 9]] = 1
        groups = np.where(dataset.y == 1, 1, 0) * 100 + np.arange(12)
        cells = asked(
            a_study({"learning": {}}, KFOLD),
            replace(dataset, group=groups),
        )
        for cell in cells:
            assert len(np.unique(dataset.y[cell.fold.train])) == 2


class TestVariance:
    DRAWS = {"variance": {"draws": 3}}

    def parts(self, cell: Cell) -> dict[str, Any]:
        """All that decides a cell: what is trained on, what is held, and its seed."""
        return {
            "split_seed": (tuple(cell.fold.train), tuple(cell.fold.test)),
            "tuning_seed": tuple(tuple(held) for held in cell.fold.held),
            "model_seed": cell.seed,
        }

    def test_exactly_one_seed_changes(self, asked: Place) -> None:
        spec = {
            "tree": {
                "family": "decision_tree",
                "max_depth": [1, 2],
                "splitter": "random",
            }
        }
        tuning = {"folds": 2}
        cells = asked(a_study(self.DRAWS, tuning=tuning, families=spec), a_dataset())
        assert variants(cells) == {
            f"{s}={i}"
            for s in ("model_seed", "tuning_seed", "split_seed")
            for i in range(3)
        }
        assert {cell.fold.repeat for cell in cells} == {0}
        for one in by_fold(cells).values():
            seen = {name: self.parts(cell) for name, cell in one.items()}
            base = seen["model_seed=0"]
            for source in ("model_seed", "tuning_seed", "split_seed"):
                drawn = [seen[f"{source}={i}"][source] for i in range(3)]
                assert len(set(drawn)) == 3, source
                for other in base.keys() - {source}:
                    if (source, other) == ("split_seed", "tuning_seed"):
                        continue  # other training rows have other inner folds
                    assert {seen[f"{source}={i}"][other] for i in range(3)} == {
                        base[other]
                    }, (source, other)
            assert seen["split_seed=0"]["split_seed"] == base["split_seed"]

    def test_inner_folds_are_a_partition_of_the_training_rows(
        self, asked: Place
    ) -> None:
        for cell in asked(
            a_study(self.DRAWS, tuning={"folds": 2}, families=TUNED), a_dataset()
        ):
            held = np.concatenate(cell.fold.held)
            assert sorted(held) == sorted(cell.fold.train)

    def test_no_seed_no_tuning_no_split_no_cells(self, asked: Place) -> None:
        assert variants(asked(a_study(self.DRAWS), a_dataset())) == {
            f"split_seed={i}" for i in range(3)
        }

    def test_the_numbers_move_where_the_seed_matters(self, tmp_path: Path) -> None:
        spec = {"tree": {"family": "decision_tree", "splitter": "random"}}
        _, results = finished(
            a_study(self.DRAWS, families=spec), [a_dataset()], tmp_path
        )
        test = results.predictions.filter(
            pl.col("variant").str.starts_with("model_seed")
        )
        said = (
            test.group_by("variant", maintain_order=True)
            .agg(pl.col("label"))["label"]
            .to_list()
        )
        assert len({tuple(labels) for labels in said}) == 3


def test_random_folds_ignore_groups_and_grouped_folds_keep_them(asked: Place) -> None:
    groups = np.repeat(np.arange(12), 4)
    dataset = a_dataset(48, group=groups)
    random = asked(
        a_study({"grouping": {}}, {"kind": "group_kfold", "folds": 3}), dataset
    )
    assert variants(random) == {"random_split"}
    assert any(
        np.isin(groups[cell.fold.test], groups[cell.fold.train]).any()
        for cell in random
    )
    grouped = asked(a_study({"grouping": {}}), dataset)
    assert variants(grouped) == {"grouped_split"}
    assert len(grouped) == 3 * 2
    assert not any(
        np.isin(groups[cell.fold.test], groups[cell.fold.train]).any()
        for cell in grouped
    )
    assert sorted(np.concatenate([cell.fold.test for cell in grouped])) == sorted(
        [*range(48)] * 2
    )


def test_a_plain_cell_is_what_it_was_before_there_were_extra_fits(
    asked: Place, tmp_path: Path
) -> None:
    """The key of a stored cell holds nothing of the fields that only extra fits use."""
    import hashlib
    import json

    with Store(tmp_path / "cells.sqlite") as store:
        plain = grid_of(
            a_study({"learning": {}, "permutations": {}}), [a_dataset()], store
        ).cells[0]
    parts = [
        plain.plan.identity_sha256, plain.fingerprint, plain.fold.sha256, plain.seed, plain.kept, "plain", 0, 0,
    ]  # fmt: skip
    assert plain.key == hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def test_no_two_cells_have_one_key(asked: Place) -> None:
    everything = {
        **LEARNING, "inspect": {}, "permutations": {"count": 5}, "overtuning": {}, "variance": {"draws": 3},
        "grouping": {}, "halves": {"repeats": 2}, "explain": {"family": "tree", "repeats": 5},
    }  # fmt: skip
    spec = {
        "tree": {"family": "decision_tree", "max_depth": [1, 2], "splitter": "random"}
    }
    cells = asked(a_study(everything, tuning={"folds": 2}, families=spec), a_dataset())
    assert len({cell.key for cell in cells}) == len(cells)
    one = next(cell for cell in cells if cell.permutation == 0)
    assert (
        len(
            {replace(one, permutation=number).key for number in range(3)}
            | {replace(one, shuffles=1).key}
        )
        == 4
    )


def test_what_follows_is_known_when_the_plain_cell_is_stored(tmp_path: Path) -> None:
    study, dataset = (
        a_study(
            {**LEARNING, "inspect": {"folds": 1}}, tuning={"folds": 2}, families=TUNED
        ),
        a_dataset(),
    )
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [dataset], store)
        assert follow_ups(grid, store) == []
        assert do(grid.cells[:1], grid, store, tmp_path) == {}
        assert {(cell.fold.fold, cell.variant) for cell in follow_ups(grid, store)} == {
            (0, "train_share=0.25"), (0, "train_share=0.5"), (0, "train_share=0.75"), (0, "inspected"),
        }  # fmt: skip
        do(grid.cells, grid, store, tmp_path)
        later = follow_ups(grid, store)
        assert len(later) == 3 * 3 + 1
        do(later, grid, store, tmp_path)
        everything, _ = cells_of(study, [dataset], store)
        assert (
            len(store.known(cell.key for cell in everything))
            == len(everything)
            == 6 + 10
        )
        assert {len(cell.plan.candidates) for cell in later} == {1}


def test_a_failed_plain_cell_has_no_followers_and_a_failed_extra_fit_is_a_row(
    tmp_path: Path,
) -> None:
    """30 neighbours: all 32 training rows are enough, a share of them is not."""
    families = {
        "never": {"family": "knn", "n_neighbors": 999},
        "few": {"family": "knn", "n_neighbors": 30},
    }
    cells, results = finished(
        a_study(LEARNING, families=families), [a_dataset()], tmp_path
    )
    assert {cell.plan.family for cell in cells if cell.variant != "plain"} == {"few"}
    failed = results.failures.filter(pl.col("status") == "failed")
    assert set(failed.select("family", "variant", "policy").iter_rows()) == {
        ("never", "plain", WORDS["classification"]),
        *(
            ("few", f"train_share={share}", "nothing")
            for share in ("0.25", "0.5", "0.75")
        ),
    }
    plain = results.predictions.filter(
        (pl.col("family") == "few") & (pl.col("variant") == "plain")
    )
    assert len(plain.filter(pl.col("side") == "test")) == 48 * 2


EVERYTHING = {
    "learning": {"folds": 2}, "inspect": {"folds": 2}, "permutations": {"count": 5},
    "overtuning": {}, "variance": {"draws": 3}, "halves": {"repeats": 2},
    "explain": {"family": "knn", "repeats": 5, "variants": [
        "scaling_before_split", "tuned_on_test", {"selection_before_split": {"k": 2}}]},
}  # fmt: skip


def execution(folder: Path, workers: int) -> Execution:
    return Execution(Limits(workers), folder / "cells.sqlite", folder / "arrays")


def test_the_same_frames_for_any_number_of_workers_and_a_second_run_fits_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = a_study(EVERYTHING, {"kind": "kfold", "folds": 3}, {"folds": 2}, TUNED)
    study = fewer(
        study, explain={"repeats": 1}, permutations={"count": 2}, variance={"draws": 2}
    )
    dataset, seen = a_dataset(), []
    for workers in (2, 1):
        folder = tmp_path / str(workers)
        seen.append(run_study(study, [dataset], execution(folder, workers), Silent()))
    monkeypatch.setattr(
        "bench.run.study.outcomes",
        lambda tasks, *_: tasks and pytest.fail("something was fitted again"),
    )
    again = run_study(study, [dataset], execution(tmp_path / "1", 2), Silent())
    _, here = finished(study, [dataset], tmp_path)
    for name, frame in vars(seen[0]).items():
        for other in (seen[1], again, here):
            assert frame.equals(getattr(other, name)), name
    assert seen[0].failures.filter(pl.col("status") != "warning").is_empty()
    assert set(seen[0].tuning["variant"]) == {"plain", "explanation=tuned_on_test"}
    told = dict(
        seen[0]
        .costs.filter(pl.col("family") == "knn")
        .select("variant", "fits")
        .iter_rows()
    )
    assert told["plain"] == 3 * (2 * 2 + 1)
    assert told["permuted"] == 2 * told["plain"]
    assert told["half"] == 4 * told["plain"]
    assert (told["train_share"], told["inspected"], told["untuned"]) == (6, 2, 3)


def test_truth_of_a_permuted_cell_is_the_permuted_one(tmp_path: Path) -> None:
    dataset = a_dataset()
    _, results = finished(a_study({"permutations": {"count": 5}}), [dataset], tmp_path)
    one = results.predictions.filter(
        (pl.col("variant") == "permuted=3") & (pl.col("side") == "test")
    ).sort("row")
    mixed = permuted(dataset, "s", 3)
    assert one["truth"].to_list() == [dataset.classes[code] for code in mixed.y]
