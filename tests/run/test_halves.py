"""Disjoint halves of the rows: which rows each holds, the folds inside, who cannot have them, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core.outcomes import decoded
from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.evaluate import evaluate
from bench.run.store import Store
from bench.run.study import grid_of
from bench.run.variants.extra_fit import fits_by_default, wanted_fits
from bench.run.variants.extra_fits.halves import halved
from bench.scores.compute import scores_of
from bench.scores.halves import halves_of
from bench.study import Study
from bench.text.refusals import (
    HalfTooSmall,
    HalvesTooDear,
    NoDrawnFolds,
    OtherRowsDrawn,
    RowsInTime,
)
from tests.helpers.extra_fits import KFOLD, a_dataset, a_study, finished
from tests.helpers.judge_cases import tables_of

TWICE = {"halves": {"repeats": 2}}
LDA = {"lda": {}}
TREE = {"tree": {"family": "decision_tree"}, "lda": {}}


def cells_of(study: Study, dataset: Dataset) -> list[Cell]:
    with Store(None) as store:
        grid = grid_of(study, [dataset], store)
    return [cell for cell in grid.cells if cell.variant.startswith("half=")]


def refusals_of(study: Study, dataset: Dataset) -> list[Any]:
    with Store(None) as store:
        refused = grid_of(study, [dataset], store).unavailable
    assert set(refused["variant"]) <= {"half"}
    return [one for reasons in refused["reasons"] for one in decoded(reasons)]


class TestHalved:
    @pytest.mark.parametrize("counts", [(30, 18), (7, 5, 3), (1, 1, 46), (9,)])
    def test_rows_are_dealt_once_and_classes_in_equal_parts(
        self, counts: tuple[int, ...]
    ) -> None:
        y = np.random.default_rng(1).permutation(
            np.repeat(np.arange(len(counts)), counts)
        )
        dataset = a_dataset(len(y), y=y, classes=tuple(map(str, range(len(counts)))))
        first, second = halved(dataset, 3)
        assert sorted([*first, *second]) == list(range(len(y)))
        assert 0 <= len(first) - len(second) <= 1
        for code in range(len(counts)):
            assert abs((y[first] == code).sum() - (y[second] == code).sum()) <= 1
        assert (np.diff(first) > 0).all()

    def test_groups_are_whole_and_the_halves_differ_by_one_group_at_most(self) -> None:
        groups = np.repeat(np.arange(11), [1, 2, 3, 4, 5, 6, 7, 5, 5, 5, 5])
        dataset = a_dataset(48, group=groups)
        for seed in range(20):
            first, second = halved(dataset, seed)
            assert not set(groups[first]) & set(groups[second])
            assert abs(len(first) - len(second)) <= 7

    def test_a_number_is_halved_at_random(self) -> None:
        dataset = a_dataset(49, task="regression")
        splits = [halved(dataset, seed) for seed in range(5)]
        assert [(len(a), len(b)) for a, b in splits] == [(25, 24)] * 5
        assert len({tuple(a) for a, _ in splits}) == 5


def test_the_protocol_runs_inside_each_half() -> None:
    cells = cells_of(a_study(TWICE, families=TREE | {"baseline": {}}), a_dataset())
    assert {cell.plan.family for cell in cells} == {"tree", "lda", "baseline"}, (
        "the tree is compared with it too"
    )
    assert len(cells) == 2 * 2 * 3 * 3
    for number in range(2):
        seen = {}
        for which in "ab":
            own = [c for c in cells if c.variant == f"half={number}{which}"]
            assert {cell.fold.repeat for cell in own} == {number}
            by_family = {
                f: [c for c in own if c.plan.family == f] for f in ("tree", "lda")
            }
            for a, b in zip(*by_family.values(), strict=True):
                assert a.fold.sha256 == b.fold.sha256, "families share their folds"
            tests = [cell.fold.test for cell in by_family["tree"]]
            seen[which] = np.sort(np.concatenate(tests))
            for cell in by_family["tree"]:
                assert np.array_equal(
                    np.sort([*cell.fold.train, *cell.fold.test]), seen[which]
                )
        assert sorted([*seen["a"], *seen["b"]]) == list(range(48))
    assert len({cell.seed for cell in cells}) == len(cells), (
        "each has a seed of its own"
    )
    assert len({cell.key for cell in cells}) == len(cells)


@pytest.mark.parametrize(
    ("resampling", "asked", "folds"),
    [
        (KFOLD, {}, 3),
        (KFOLD, {"folds": 4}, 4),
        ({"kind": "holdout", "test_size": 0.2, "repeats": 4}, {}, 10),
        ({"kind": "holdout", "repeats": 4}, {"folds": 2}, 2),
    ],
)
def test_as_many_folds_as_the_study_has(
    resampling: dict[str, Any], asked: dict[str, int], folds: int
) -> None:
    cells = cells_of(
        a_study({"halves": {"repeats": 2} | asked}, resampling, families=LDA),
        a_dataset(),
    )
    assert len(cells) == 2 * 2 * folds


def test_groups_stay_whole_inside_too() -> None:
    groups = np.repeat(np.arange(12), 4)
    study = a_study(TWICE, {"kind": "group_kfold", "folds": 3}, families=LDA)
    cells = cells_of(study, a_dataset(group=groups))
    assert len(cells) == 12
    for cell in cells:
        assert not np.isin(groups[cell.fold.test], groups[cell.fold.train]).any()


def test_only_the_models_and_datasets_that_are_named() -> None:
    named = {"halves": {"repeats": 2, "families": ["tree"], "datasets": ["e"]}}
    study = a_study(named, families=TREE, datasets=("d", "e"))
    assert cells_of(study, a_dataset()) == []
    cells = cells_of(study, replace(a_dataset(), name="e", fingerprint="other"))
    assert {cell.plan.family for cell in cells} == {"tree"}


@pytest.mark.parametrize(
    "family", [{"family": "decision_tree"}, {"family": "knn", "n_neighbors": [1, 3, 5]}]
)
def test_shortcuts_give_what_separate_fits_give(family: dict[str, Any]) -> None:
    dataset = a_dataset()
    for cell in cells_of(
        a_study(TWICE, tuning={"folds": 2}, families={"it": family}), dataset
    )[:4]:
        fast = evaluate(dataset, cell)
        slow = evaluate(
            dataset, replace(cell, plan=replace(cell.plan, engine="reference"))
        )
        assert fast.chosen == slow.chosen
        assert np.array_equal(fast.test.label, slow.test.label)  # type: ignore[arg-type]


def rare(count: int) -> Dataset:
    return a_dataset(48, y=(np.arange(48) < count).astype(np.int64))


REFUSED: dict[str, tuple[dict[str, Any], Dataset, Any]] = {
    "time": ({"kind": "time_ordered", "folds": 2}, a_dataset(time=np.arange(48)), RowsInTime()),
    "one row": ({"kind": "leave_one_out"}, a_dataset(12), NoDrawnFolds()),
    "ranges": ({"kind": "fixed_split", "train": "1-30", "test": "31-48"}, a_dataset(), NoDrawnFolds()),
    "given": (
        {"kind": "given_folds", "column": "part"}, a_dataset(extra={"part": np.arange(48) % 3}), NoDrawnFolds(),
    ),
    "draws": (KFOLD, a_dataset(draw=np.repeat(np.arange(2), 24)), OtherRowsDrawn()),
    "class": (KFOLD, rare(5), HalfTooSmall("class", 2, 3)),
    "groups": (
        {"kind": "group_kfold", "folds": 3}, a_dataset(group=np.repeat(np.arange(4), 12)), HalfTooSmall("groups", 2, 3),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_where_there_are_none_it_says_so(name: str) -> None:
    resampling, dataset, reason = REFUSED[name]
    study = a_study(TWICE, resampling, families=LDA)
    assert refusals_of(study, dataset) == [reason]
    assert cells_of(study, dataset) == []


def test_a_class_must_fill_the_inner_folds_of_those_that_are_tuned() -> None:
    families = {"knn": {"n_neighbors": [1, 3]}, "lda": {"tune": False}}
    study = a_study(TWICE, tuning={"folds": 5}, families=families)
    assert refusals_of(study, rare(8)) == [HalfTooSmall("class", 4, 5)]
    assert {cell.plan.family for cell in cells_of(study, rare(8))} == {"lda"}


def test_scores_of_halves_are_means_of_their_folds(tmp_path: Path) -> None:
    study, dataset = a_study(TWICE, families=TREE), a_dataset()
    _, results = finished(study, [dataset], tmp_path)
    scores = scores_of(
        study,
        tables_of("d", classes=("no", "yes")),
        results.predictions,
        results.tuning,
    )
    found = halves_of(scores, "d", "accuracy")
    assert {name: values.shape for name, values in found.items()} == {
        "lda": (2, 2),
        "tree": (2, 2),
    }
    for number in range(2):
        for place, which in enumerate("ab"):
            rows = results.predictions.filter(
                pl.col("family") == "tree", pl.col("variant") == f"half={number}{which}"
            )
            assert set(rows["side"]) == {"test"}
            by_fold = rows.group_by("fold").agg(
                (pl.col("truth") == pl.col("label")).mean()
            )["truth"]
            assert found["tree"][number, place] == pytest.approx(by_fold.mean())
    assert halves_of(scores, "d", "roc_auc") == halves_of(scores, "e", "accuracy") == {}


def kfold(folds: int, repeats: int) -> dict[str, Any]:
    return {"kind": "kfold", "folds": folds, "repeats": repeats}


class TestByDefault:
    @pytest.mark.parametrize(
        ("resampling", "n", "folds"),
        [
            (kfold(10, 10), 100, 5),
            (kfold(10, 4), 400, 4),
            (kfold(10, 3), 600, 3),
            (kfold(10, 3), 20_000, 4),
            (kfold(3, 20), 100, 3),
            (kfold(2, 90), 60, 2),
            ({"kind": "holdout", "test_size": 0.1, "repeats": 100}, 100, 5),
            (kfold(10, 30) | {"repeats": {"pilot": 10, "at_most": 30}}, 100, 5),
        ],
    )
    def test_ten_pairs_with_as_many_folds_as_the_limit_allows(
        self, resampling: dict[str, Any], n: int, folds: int
    ) -> None:
        with Store(None) as store:
            grid = grid_of(
                a_study(None, resampling, families=TREE), [a_dataset(n, p=1)], store
            )
        spent = {True: 0, False: 0}
        for cell in grid.cells:
            spent[cell.variant == "plain"] += len(cell.fold.train) + 200
        halves = [cell for cell in grid.cells if cell.variant != "plain"]
        assert len(halves) == 2 * 10 * 2 * folds
        assert spent[False] <= 1.5 * spent[True]
        more = 2 * 10 * 2 * (folds + 1) * (n / 2 * folds / (folds + 1) + 200)
        assert folds in (2, 3, 5) or more > 1.5 * spent[True]

    @pytest.mark.parametrize(
        ("folds", "repeats", "n", "times"),
        [(10, 1, 56_000, 2.3), (10, 1, 60_000, 2.3), (5, 3, 60_000, 1.7)],
    )
    def test_few_repeats_of_a_large_table_have_none_and_say_what_they_would_cost(
        self, folds: int, repeats: int, n: int, times: float
    ) -> None:
        study, dataset = (
            a_study(None, kfold(folds, repeats), families=TREE),
            a_dataset(n, p=1),
        )
        assert refusals_of(study, dataset) == [HalvesTooDear(times, 1.5)], (
            "of the unstable model alone"
        )
        assert cells_of(study, dataset) == []
        asked = a_study({"halves": {}}, kfold(folds, repeats), families=TREE)
        assert len(cells_of(asked, dataset)) == 2 * 10 * 2 * folds

    @pytest.mark.parametrize(
        ("resampling", "n", "families", "folds"),
        [
            (kfold(5, 3), 200, TREE, 5),
            (kfold(10, 1), 400, TREE, 5),
            (kfold(10, 1), 24_500, TREE, 5),
            (kfold(10, 1), 25_500, TREE, 4),
            (kfold(10, 1), 51_000, {"tree": {"family": "decision_tree"}} | LDA, None),
        ],
    )
    def test_cheap_ones_are_fitted_however_few_the_studys_own_fits_are(
        self, resampling: Any, n: int, families: Any, folds: int | None
    ) -> None:
        cells = cells_of(
            a_study(None, resampling, families=families), a_dataset(n, p=1)
        )
        assert len(cells) == 2 * 10 * 2 * (folds or 0)

    def test_trainings_of_candidates_count(self) -> None:
        few = {"tree": {"family": "decision_tree", "max_depth": [1, 2]}, "lda": {}}
        many = few | {"knn": {"n_neighbors": list(range(1, 200))}}
        counts = []
        for families in (few, many):
            study = a_study(None, kfold(5, 1), {"folds": 2}, families)
            counts.append(len(cells_of(study, a_dataset(200, p=1))))
        assert counts == [2 * 10 * 2 * 5, 0]

    @pytest.mark.parametrize(("rows", "folds"), [(11, 5), (9, 4), (6, 3)])
    def test_a_rare_class_has_fewer_folds(self, rows: int, folds: int) -> None:
        study = a_study(None, kfold(10, 30) | {"stratify": False}, families=TREE)
        assert len(cells_of(study, rare(rows))) == 2 * 10 * 2 * folds
        assert refusals_of(study, rare(5)) == [HalfTooSmall("class", 2, 3)]

    def test_every_model_is_compared_with_the_unstable_one(self) -> None:
        families = TREE | {"baseline": {}}
        cells = cells_of(a_study(None, kfold(10, 10), families=families), a_dataset())
        assert {cell.plan.family for cell in cells} == set(families)

    def test_none_for_stable_or_lone_models_other_protocols_and_where_null_is_written(
        self,
    ) -> None:
        ten = kfold(10, 10)
        assert fits_by_default(a_study(None, ten)) == {}
        assert fits_by_default(a_study(None, ten, families={"decision_tree": {}})) == {}
        assert fits_by_default(a_study({"halves": None}, ten, families=TREE)) == {}
        assert (
            fits_by_default(a_study(None, {"kind": "leave_one_out"}, families=TREE))
            == {}
        )
        assert [
            extra.name
            for extra, _ in wanted_fits(a_study({"overtuning": {}}, ten, families=TREE))
        ] == [
            "halves",
            "overtuning",
        ]
        ((extra, block),) = wanted_fits(a_study(TWICE, ten, families=TREE))
        assert (extra.name, block.repeats, block.folds) == ("halves", 2, None), (
            "what is written is not changed"
        )

    def test_datasets_that_have_none_say_why_where_others_have_some(self) -> None:
        study = a_study(None, kfold(10, 10), families=TREE, datasets=("d", "e"))
        other = study.datasets["e"].model_validate(
            {
                "source": {"kind": "sklearn", "name": "wine"},
                "target": "target",
                "time": "t",
            }
            | {"protocol": {"resampling": {"kind": "time_ordered", "folds": 2}}}
        )
        study = study.model_copy(update={"datasets": study.datasets | {"e": other}})
        assert refusals_of(study, a_dataset(name="e", time=np.arange(48))) == [
            RowsInTime()
        ]
        assert refusals_of(study, a_dataset(draw=np.repeat(np.arange(2), 24))) == [
            OtherRowsDrawn()
        ]
        assert cells_of(study, a_dataset())
