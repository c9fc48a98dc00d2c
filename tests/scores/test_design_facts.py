"""The facts of a design, each answered in one place: baselines, levels, what varies."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.families.featureless import is_baseline_spec
from bench.report.styles import styles_of
from bench.scores.design import alpha_of, is_baseline, level_of, refutation_alpha_of
from bench.scores.setting import setting_of
from bench.study.models import FamilySpec
from tests.helpers import bundles
from tests.helpers.judge_cases import a_study, folds_of, tables_of

BASELINES = {
    "baseline": ({}, True),
    "majority": ({"family": "baseline"}, True),
    "guess": ({"estimator": "sklearn.dummy.DummyClassifier"}, True),
    "trusted": ({"estimator": "dummy_x.Forest"}, False),
    "svm": ({}, False),
}


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_is_one_by_whatever_name(name: str) -> None:
    """By name, by family and by the import path of scikit-learn's dummies; not by the letters of another package."""
    spec, expected = BASELINES[name]
    assert is_baseline_spec(name, FamilySpec.model_validate(spec)) is expected


def test_judge_and_page_agree_on_baselines() -> None:
    made = bundles.study(families={name: spec for name, (spec, _) in BASELINES.items()})
    styles = styles_of(bundles.made_of(made))
    for name, (_, expected) in BASELINES.items():
        assert is_baseline(made, name) is styles.family(name).baseline is expected, name
    assert not is_baseline(made, "unknown")


@pytest.mark.parametrize(
    ("compare", "level", "alpha"),
    [("", 0.95, 0.05), ("compare: {level: 0.9}", 0.9, 0.1)],
)
def test_level_and_alpha(
    tmp_path: Path, compare: str, level: float, alpha: float
) -> None:
    study = a_study(tmp_path, more=compare)
    assert (level_of(study), alpha_of(study), refutation_alpha_of(study)) == (
        level,
        alpha,
        max(alpha, 0.05),
    )


def test_seeds_alone_vary_on_one_fixed_split_that_is_fitted_again(
    tmp_path: Path,
) -> None:
    split = '{kind: fixed_split, train: "1-90", test: "91-100", repeats: 3}'
    study = a_study(tmp_path, resampling=split)
    assert setting_of(
        study, tables_of(), folds_of(3, 1, 90, 10, same=True), "toy"
    ).seeds
    assert not setting_of(study, tables_of(), folds_of(3, 1, 90, 10), "toy").seeds


def test_a_setting_knows_its_pilot(tmp_path: Path) -> None:
    stated = a_study(tmp_path, resampling="{kind: kfold, folds: 10, repeats: 12}")
    piloted = a_study(
        tmp_path,
        resampling="{kind: kfold, folds: 10, repeats: {pilot: 10, at_most: 30}}",
    )
    folds = folds_of(12, 10)
    assert setting_of(stated, tables_of(), folds, "toy").pilot_repeats is None
    setting = setting_of(piloted, tables_of(), folds, "toy")
    assert (setting.pilot_repeats, setting.repeats) == (10, 12)
