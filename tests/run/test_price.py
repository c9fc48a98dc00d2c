"""What extra fits cost, told before anything runs: the cells and fits that a run then makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.cli.app import main
from bench.run.store import Store
from bench.run.study import follow_ups, grid_of
from bench.run.variants.extra_fit import requested_afterwards
from bench.run.variants.price import fits_of, price_of, price_phrases
from bench.run.why import Costs, expected_seconds, why
from tests.helpers.extra_fits import a_dataset, a_study, do, fewer, finished

EXTRA_FITS = {
    "learning": {"shares": [0.5], "folds": 2}, "inspect": {"shuffles": 1, "folds": 2}, "permutations": {"count": 5},
    "overtuning": {}, "variance": {"draws": 3}, "halves": {"repeats": 2},
    "explain": {"family": "knn", "repeats": 5, "variants": ["tuned_on_test",
                {"stopped_on_test": {"rounds": [1, 2, 4]}}]},
}  # fmt: skip
PARTS = {
    "learning": ["train_share"], "inspect": ["inspected"], "permutations": ["permuted"], "overtuning": ["untuned"],
    "variance": ["model_seed", "tuning_seed", "split_seed"], "halves": ["half"],
}  # fmt: skip


@pytest.mark.parametrize("tuning", [{"folds": 2}, {"paired": True}])
@pytest.mark.parametrize(
    "family", [{"n_neighbors": [1, 5]}, {"family": "xgboost", "n_estimators": [2, 4]}]
)
def test_the_price_is_what_is_then_fitted(
    family: dict[str, Any], tuning: dict[str, Any], tmp_path: Path
) -> None:
    study = a_study(EXTRA_FITS, {"kind": "kfold", "folds": 3}, tuning, {"knn": family})
    study = fewer(
        study, explain={"repeats": 1}, permutations={"count": 2}, variance={"draws": 2}
    )
    dataset = a_dataset()
    with Store(tmp_path / "cells.sqlite") as store:
        price = price_of(grid_of(study, [dataset], store), store)
        assert price.own.seconds is None
        assert price.added.seconds is None
    cells, results = finished(study, [dataset], tmp_path)
    assert price.own.cells + price.added.cells == len(cells)
    fits = dict(results.costs.group_by("variant").agg(pl.col("fits").sum()).iter_rows())
    assert price.own.fits == fits["plain"]
    for extra, kinds in PARTS.items():
        assert price.extra_fits[extra].fits == sum(
            fits.get(kind, 0) for kind in kinds
        ), extra
    ways = sum(count for kind, count in fits.items() if kind.startswith("explanation="))
    assert price.extra_fits["explain"].fits == ways
    assert price.added.fits == sum(fits.values()) - fits["plain"]


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
        price = price_of(grid, store)
        assert price.added.seconds == pytest.approx(1.0)
        assert follow_ups(grid, store) == []
        found = why(study.id, grid.cells, store, {}, workers=2)
        assert found.seconds == pytest.approx(price.added.waiting(2)), (
            "one estimate, whoever is asked"
        )
        pairs = expected_seconds(grid.cells, store)
        assert list(pairs.values()) == pytest.approx([0.1] * len(pairs)) and pairs
        assert price.added.waiting(1_000) == pytest.approx(0.1), "no cell is divided"


def test_of_what_the_test_rows_choose_each_candidate_is_one_fit(tmp_path: Path) -> None:
    """Three numbers of rounds, 7 of 4 in all: not each a whole fit, nor each one in every inner fold."""
    asked = {
        "explain": {
            "family": "xgb",
            "repeats": 5,
            "variants": [{"stopped_on_test": {"rounds": [1, 2, 4]}}],
        }
    }
    families = {"xgb": {"family": "xgboost", "n_estimators": 4}}
    study, dataset = (
        a_study(asked, {"kind": "kfold", "folds": 2}, families=families),
        a_dataset(),
    )
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [dataset], store)
        do(
            [cell for cell in grid.cells if cell.variant == "plain"],
            grid,
            store,
            tmp_path,
        )
        costs = Costs(store)
        (one, *_) = [
            c
            for c in requested_afterwards(grid.contexts[0], lambda _: 0)
            if c.variant == "explanation=stopped_on_test"
        ]
        assert fits_of(one) == 4
        assert costs.of(one) == pytest.approx(0.1 * (7 / 4 + 1))
        before = [costs.of(cell) for cell in grid.cells]
        do(follow_ups(grid, store), grid, store, tmp_path)
        assert [Costs(store).of(cell) for cell in grid.cells] == before, (
            "they tell nothing of what a whole fit costs"
        )


def test_looking_into_a_fit_has_a_time_of_its_own(tmp_path: Path) -> None:
    """Ten times a fit: unknown until it was done once for this table and estimator, then as remembered."""
    study, dataset = (
        a_study({"inspect": {"shuffles": 3}}, {"kind": "kfold", "folds": 2}),
        a_dataset(),
    )
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [dataset], store)
        do(grid.cells, grid, store, tmp_path)
        assert price_of(grid, store).added.seconds is None
        for cell in follow_ups(grid, store):
            store.put(cell, b"result", 1.0, 1)
        price = price_of(grid, store)
        assert price.own.seconds == pytest.approx(0.1 * price.own.cells)
        assert price.added.seconds == pytest.approx(1.0 * price.added.cells)


def test_phrases_without_data() -> None:
    said = price_phrases(a_study(EXTRA_FITS | {"grouping": {}}))
    assert said["permutations"] == "5 times the first repeat"
    assert list(said) == [
        "explain",
        "grouping",
        "halves",
        "inspect",
        "learning",
        "overtuning",
        "permutations",
        "variance",
    ]
    assert said["halves"] == "4 times the folds of a half of the rows"
    assert price_phrases(a_study()) == {}


def test_check_tells_the_price_and_why_names_the_cells(
    project: Callable[..., Path],
    toy: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = "diagnostics: {permutations: {count: 9, families: [lda]}, learning: {shares: [0.5], folds: 2}}"
    root = project(toy=toy.replace("diagnostics: null", asked))

    def shown(*words: str) -> str:
        capsys.readouterr()
        assert main([*words]) == 0
        return " ".join(capsys.readouterr().out.split())

    said = shown("check", "toy")
    assert (
        "toy: its diagnostics add learning: fits on 1 smaller training sets in each of the first 2 folds"
        in said
    )
    assert "permutations: 9 times the first repeat" in said
    assert not (root / ".bench" / "cells.sqlite").exists()
    shown("fetch", "toy")
    shown("clean", "toy")
    said = shown("check", "toy")
    assert (
        "toy: its diagnostics add 31 cells (" in said
    )  # 9 x 3 folds, 2 folds x 2 families
    assert "permutations 27 cells (" in said
    assert "learning 4 cells (" in said
    assert "nothing like it was run yet" in said
    why = shown("why", "toy")
    assert "toy x 3 families: 18 cells: never computed" in why
    assert "toy x lda, permuted: 27 cells: never computed" in why
    main(["run", "toy"])
    assert "all 49 cells are stored" in shown("why", "toy")
    assert json.loads(shown("store", "--prune", "--json"))["removed"]["cells"] == 0
    assert "all 49 cells are stored" in shown("why", "toy"), (
        "pruning knows the cells of extra fits"
    )
    project(toy=toy)
    assert "diagnostics add" not in shown("check", "toy"), (
        "a study without extra fits is not priced"
    )
    assert json.loads(shown("store", "--prune", "--json"))["removed"]["cells"] == 31
    project(toy=toy.replace("diagnostics: null", asked))
    assert "31 of 49 cells would be run" in shown("why", "toy")
