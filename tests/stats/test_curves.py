"""ROC, precision-recall and calibration curves, recalls and residuals: by hand, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    recall_score,
    roc_auc_score,
    roc_curve,
)

from bench.stats import ranking
from bench.stats.calibration import calibration, reliability
from bench.stats.misses import (
    QUANTILES,
    alike,
    disagreement,
    equal_mass,
    recall,
    residual_bands,
)


def rows(n: int, seed: int, tied: bool) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    hit = generator.random(n) < 0.3
    score = generator.normal(size=n) + hit
    return hit, np.round(score, 1) if tied else score


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_curves_are_those_of_scikit_learn(seed: int, tied: bool) -> None:
    hit, score = rows(80, seed, tied)
    ours, (x, y, _) = (
        ranking.curves(hit, score),
        roc_curve(hit, score, drop_intermediate=False),
    )
    assert np.allclose(ours.rate, x[1:]) and np.allclose(ours.recall, y[1:])
    assert ours.areas("roc") == pytest.approx(roc_auc_score(hit, score))
    precision, recall, _ = precision_recall_curve(hit, score)
    assert np.allclose(ours.recall, recall[:-1][::-1]) and np.allclose(
        ours.precision, precision[:-1][::-1]
    )
    assert ours.areas("pr") == pytest.approx(average_precision_score(hit, score))


def test_heights_of_a_roc_curve_by_hand() -> None:
    """Hits at places 1 and 4 of four: up to a half, across, up at the end; halfway across it is still a half."""
    curve = ranking.curves(
        np.array([True, False, False, True]), np.array([4.0, 3, 2, 1])
    )
    assert curve.heights("roc", np.array([0.0, 0.25, 0.5, 1.0])).tolist() == [
        [0.5, 0.5, 0.5, 1.0]
    ]
    tied = ranking.curves(np.array([True, False]), np.array([1.0, 1.0]))
    assert tied.heights("roc", np.array([0.0, 0.25, 1.0])).tolist() == [
        [0.0, 0.25, 1.0]
    ]


def test_the_area_under_the_staircase_is_the_average_precision() -> None:
    hit, score = rows(60, 1, True)
    curve, fine = ranking.curves(hit, score), np.linspace(0, 1, 100_001)[1:]
    assert float(curve.heights("pr", fine).mean()) == pytest.approx(
        curve.areas("pr")[0], abs=1e-4
    )


@pytest.mark.parametrize("kind", ranking.KINDS)
def test_curves_that_are_taken_together_are_those_taken_alone(
    kind: ranking.CurveKind,
) -> None:
    parts = [
        rows(n, seed, tied=seed % 2 == 0)
        for seed, n in enumerate((30, 7, 80, 12, 200) * 20)
    ]
    parts = [(hit, score) for hit, score in parts if 0 < hit.sum() < len(hit)]
    whole = ranking.curves(
        *map(np.concatenate, zip(*parts, strict=True)), [len(hit) for hit, _ in parts]
    )
    alone, x = [ranking.curves(*part) for part in parts], ranking.grid(kind)
    assert np.allclose(
        whole.areas(kind), [one.areas(kind)[0] for one in alone], atol=1e-12
    )
    assert np.allclose(
        whole.heights(kind, x), [one.heights(kind, x)[0] for one in alone], atol=1e-9
    )


def test_a_mean_curve_is_the_mean_of_its_folds_and_leaves_out_what_has_no_curve() -> (
    None
):
    truth = np.array([1, 1, 0, 0])
    good, bad = np.array([4.0, 3, 2, 1]), np.array([1.0, 2, 3, 4])
    folds = [(truth, np.column_stack([-s, s])) for s in (good, bad)] + [
        (np.ones(4, int), np.zeros((4, 2)))
    ]
    one = ranking.mean_curves(folds, [1])["roc"]
    assert (one.area, one.folds, one.left_out, one.base) == (0.5, 2, 1, 0.5)
    assert one.mean[0] == 0.5 and one.mean[-1] == 1.0
    assert one.sd[0] == pytest.approx(np.sqrt(0.5))
    assert ranking.mean_curves(folds[2:], [1]) == {}


@pytest.mark.parametrize("kind", ["roc", "pr"])
def test_more_classes_are_set_against_the_rest_and_averaged(
    kind: ranking.CurveKind,
) -> None:
    generator = np.random.default_rng(3)
    truth = generator.integers(0, 3, 90)
    p = generator.dirichlet(np.ones(3), 90)
    one = ranking.mean_curves([(truth, p)], [0, 1, 2])[kind]
    assert one.area_sd == 0
    independent = (
        roc_auc_score(truth, p, multi_class="ovr")
        if kind == "roc"
        else average_precision_score(np.eye(3)[truth], p, average="macro")
    )
    assert one.area == pytest.approx(independent)


def test_rows_of_one_kind_or_without_a_score_have_no_curve() -> None:
    for hit, score in (
        ([True, True], [1.0, 2.0]),
        ([True, False], [1.0, np.nan]),
        ([True], [1.0, 2.0]),
    ):
        with pytest.raises(ValueError, match="rows"):
            ranking.curves(np.array(hit), np.array(score))
    with pytest.raises(ValueError, match="rows"):
        ranking.curves(np.array([True, False, True]), np.array([1.0, 2.0, 3.0]), [2, 1])


def test_bins_of_equal_mass_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(5)
    forecast = np.round(generator.beta(4, 2, 400), 2)
    happened = generator.random(400) < forecast
    ours = reliability(forecast, happened, bins=10)
    came, said = calibration_curve(happened, forecast, n_bins=10, strategy="quantile")
    assert np.allclose(ours.came, came) and np.allclose(ours.said, said)
    assert ours.n.sum() == 400


def test_the_band_is_binomial_and_holds_what_is_calibrated() -> None:
    generator = np.random.default_rng(6)
    forecast = generator.uniform(0.5, 1, 300)
    one = reliability(forecast, generator.random(300) < forecast, bins=5)
    for said, n, low, high in zip(one.said, one.n, one.low, one.high, strict=True):
        assert (low, high) == pytest.approx(
            (binom.ppf(0.025, n, said) / n, binom.ppf(0.975, n, said) / n)
        )
    inside = []
    for seed in range(100):
        generator = np.random.default_rng(seed)
        drawn = reliability(forecast, generator.random(300) < forecast, bins=5)
        inside += ((drawn.came >= drawn.low) & (drawn.came <= drawn.high)).tolist()
    assert 0.94 <= np.mean(inside) <= 0.99


def test_the_level_of_many_forecasts_is_that_of_the_plain_way() -> None:
    """Drawn as counts of narrow cells from 20,000 on: the same level as outcomes drawn one by one."""
    generator = np.random.default_rng(7)
    confidence = generator.uniform(0.5, 1, 20_000)
    right = generator.random(20_000) < confidence
    many, few = (
        calibration(confidence, right, seed=1, draws=400),
        calibration(confidence[1:], right[1:], seed=1, draws=400),
    )
    assert many.level == pytest.approx(few.level, rel=0.05)
    assert many.error == pytest.approx(few.error, abs=1e-4)


def test_recall_counts_rows_once_however_often_they_are_predicted() -> None:
    truth, label = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0])
    of = [int((truth == code).sum()) for code in range(4)]
    right = [int(((truth == code) & (label == code)).sum()) for code in range(4)]
    once, twice = (
        [recall(k * hits, k * n, n) for hits, n in zip(right, of, strict=True)]
        for k in (1, 2)
    )
    assert once == twice
    assert [one.share for one in once[:3]] == recall_score(
        truth, label, average=None
    ).tolist()
    assert once[3].share is None and once[3].rows == 0
    assert once[0].low is not None and once[0].low < 0.5 < (once[0].high or 0)


def test_disagreement_and_likeness_by_hand() -> None:
    labels = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 1]])
    assert disagreement(labels)[0].tolist() == pytest.approx([0, 1 / 3, 2 / 3])
    assert alike(np.array([[1.0, -1.0], [2.0, -2.0], [3.0, -3.0]]))[
        0, 1
    ] == pytest.approx(-1)
    assert np.isnan(alike(np.array([[1.0, 1.0], [2.0, 1.0]]))[0, 1])


def test_equal_values_share_a_bin() -> None:
    assert equal_mass(np.array([1.0, 1, 1, 1, 2, 3, 4, 5]), 4).tolist()[:4] == [
        0,
        0,
        0,
        0,
    ]
    assert len(set(equal_mass(np.zeros(9), 3))) == 1


def test_residuals_by_bin_have_the_quantiles_of_their_bin() -> None:
    value = np.array([0.0, 0, 0, 10, 10, 10])
    one = residual_bands(value + np.array([-1.0, 0, 1, 4, 5, 6]), value, bins=2)
    assert one.at.tolist() == [0, 10] and one.n.tolist() == [3, 3]
    assert one.quantiles[:, 2].tolist() == [0, 5]
    assert one.quantiles[1].tolist() == pytest.approx(
        np.quantile([4, 5, 6], QUANTILES).tolist()
    )
