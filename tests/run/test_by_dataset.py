"""What a dataset changes of the preprocessing and of the models, and that it changes nothing elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.core.errors import IncompatibleDataError
from bench.data.dataset import Dataset
from bench.project import check
from bench.run.cells import plans_of, resolved
from bench.study import Study, read_draft
from tests.helpers.extra_fits import a_dataset

STUDY = """
title: By dataset
task: classification
datasets:
  one: {source: {kind: sklearn, name: iris}, target: target}
  two:
    source: {kind: sklearn, name: wine}
    target: target
    preprocess: TWO
    families: {knn: {n_neighbors: [3, 7, 9]}, svm: {preprocess: [impute, {scale: {}}]}}
clean: null
preprocess: [scale]
protocol: {resampling: {kind: kfold, folds: 2}, tuning: {folds: 2}}
families: {lda: {}, knn: {n_neighbors: [1, 5]}, svm: {C: 1}, decision_tree: {preprocess: []}}
metrics: {primary: accuracy}
diagnostics: {halves: null}
"""


def a_study(folder: Path, two: str = "[impute]", text: str = STUDY) -> Study:
    (folder / "s").mkdir(exist_ok=True)
    (folder / "s" / "study.yaml").write_text(text.replace("TWO", two))
    return read_draft(folder / "s").study()


def steps(study: Study, dataset: str, family: str) -> list[str]:
    return [name for name, _ in resolved(study, dataset, family)[2]]


def test_the_nearest_steps_that_are_stated(tmp_path: Path) -> None:
    study = a_study(tmp_path)
    assert [
        steps(study, "one", family) for family in ("lda", "svm", "decision_tree")
    ] == [["scale"], ["scale"], []]
    assert [
        steps(study, "two", family) for family in ("lda", "svm", "decision_tree")
    ] == [
        ["impute"],
        ["impute", "scale"],
        [],
    ]
    assert study.preprocess_of("two", "lda")[0] == ("datasets", "two", "preprocess")
    assert resolved(study, "two", "svm")[1] == {"C": 1}
    assert resolved(study, "two", "knn")[1] == {"n_neighbors": [3, 7, 9]}
    assert resolved(study, "one", "knn")[1] == {"n_neighbors": [1, 5]}


def test_none_is_stated_by_an_empty_list(tmp_path: Path) -> None:
    assert steps(a_study(tmp_path, "[]"), "two", "lda") == []
    assert steps(a_study(tmp_path, "null"), "two", "lda") == ["scale"]


def test_cells_of_the_other_dataset_keep_their_keys(tmp_path: Path) -> None:
    data = a_dataset(name="one")
    plain, changed = a_study(tmp_path, "null"), a_study(tmp_path, "[impute]")
    for before, after in zip(
        plans_of(plain, data, 2), plans_of(changed, data, 2), strict=True
    ):
        assert before.identity_json == after.identity_json


def test_an_impossible_step_is_named_where_it_stands(tmp_path: Path) -> None:
    study = a_study(tmp_path, "[{impute: {numeric: moode}}]")
    problems = [(path, str(one.code)) for path, one in check._steps(study)]
    assert (
        ("datasets", "two", "preprocess", 0, "impute", "numeric"),
        "problem.said",
    ) in problems
    wrong = STUDY.replace(
        "svm: {preprocess: [impute, {scale: {}}]}", "svm: {preprocess: 7}"
    )
    (tmp_path / "s" / "study.yaml").write_text(wrong.replace("TWO", "null"))
    (problem,) = read_draft(tmp_path / "s").problems
    assert problem.path == "datasets.two.families.svm.preprocess"


def test_what_a_dataset_cannot_take_is_said_of_its_own_steps(tmp_path: Path) -> None:
    from dataclasses import replace

    import numpy as np

    data: Dataset = a_dataset(name="two")
    holes = replace(data, X=np.where(data.X[0, 0] == data.X, np.nan, data.X))
    with pytest.raises(IncompatibleDataError) as error:
        plans_of(a_study(tmp_path, "[scale]"), holes, 2)
    assert error.value.path == ("datasets", "two", "preprocess")
