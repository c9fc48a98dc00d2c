"""Fixed splits are run with several seeds where a seed has a part; stored cells of the first are found again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.cli.app import main
from bench.families.seeds import run_with_seeds
from bench.run.store import Store
from bench.run.study import grid_of
from bench.study import Study
from bench.study.models import DatasetSpec
from tests.helpers.extra_fits import KFOLD, a_dataset, a_study

SPLIT = {"kind": "fixed_split", "train": "1-30", "test": "31-48"}
FOREST = {"lda": {}, "random_forest": {"n_estimators": 2}}


def cells(study: Study, **changed: Any) -> dict[tuple[Any, ...], str]:
    with Store(None) as store:
        grid = grid_of(study, [a_dataset(**changed)], store)
    return {
        tuple(cell.names.values()): cell.key
        for cell in grid.cells
        if cell.variant == "plain"
    }


def test_ten_runs_and_the_first_is_the_one_that_was_run_alone() -> None:
    ten, one = (
        cells(a_study(None, SPLIT, families=FOREST)),
        cells(a_study(None, SPLIT | {"repeats": 1}, families=FOREST)),
    )
    assert (len(ten), len(one)) == (20, 2)
    assert {name: ten[name] for name in one} == one
    assert len(set(ten.values())) == 20


@pytest.mark.parametrize(
    ("resampling", "families", "tuning"),
    [
        (SPLIT, {"lda": {}, "knn": {"n_neighbors": [1, 3]}}, None),
        (SPLIT | {"repeats": 3}, FOREST, None),
        (
            SPLIT,
            {"linear": {"estimator": "sklearn.linear_model.RidgeClassifier"}},
            None,
        ),
        ({"kind": "given_folds", "column": "part"}, FOREST, None),
        (KFOLD, FOREST, None),
        (SPLIT, {"lda": {"tune": False}}, {"folds": 2}),
    ],
)
def test_otherwise_as_many_as_the_study_says(
    resampling: dict[str, Any], families: dict[str, Any], tuning: Any
) -> None:
    assert run_with_seeds(a_study(None, resampling, tuning, families)) == ()


def test_a_tuned_family_has_a_seed_too_and_a_draw_of_a_simulation_is_a_run() -> None:
    assert run_with_seeds(a_study(None, SPLIT, {"folds": 2}, {"knn": {}})) == ("d",)
    source = {"kind": "synthetic", "name": "twonorm", "rows": 48, "draws": 5}
    drawn = {"d": DatasetSpec.model_validate({"source": source, "target": "target"})}
    assert (
        run_with_seeds(
            a_study(None, SPLIT, families=FOREST).model_copy(update={"datasets": drawn})
        )
        == ()
    )


def test_check_counts_the_runs_with_other_seeds(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    split = 'resampling: {kind: fixed_split, train: "1-50", test: "51-80"}'
    project(toy=toy.replace("resampling: {kind: kfold, folds: 3, repeats: 2}", split))
    assert main(["fetch", "toy"]) == main(["clean", "toy"]) == 0
    capsys.readouterr()
    assert main(["check", "toy"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "toy: a run makes 250 trainings in 30 cells" in said
