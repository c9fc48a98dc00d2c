"""Every metric: its row is whole, a perfect prediction is best, and its value is that of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from bench.core.metrics import METRICS, RANKING, Metric, Predicted

ALL = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
CLASSIFICATION = [m for m in METRICS.values() if m.task == "classification"]


def labels(k: int, n: int = 97, seed: int = 0) -> Predicted:
    generator = np.random.default_rng(seed)
    p = generator.dirichlet(np.ones(k), n)
    return Predicted(truth=generator.integers(0, k, n), label=p.argmax(axis=1), p=p, k=k)


def numbers(seed: int = 0) -> Predicted:
    generator = np.random.default_rng(seed)
    truth = generator.normal(size=41)
    return Predicted(truth=truth, value=truth + generator.normal(size=41))


def perfect(metric: Metric, k: int = 3) -> Predicted:
    if metric.task == "regression":
        truth = np.arange(10.0)
        return Predicted(truth=truth, value=truth)
    truth = np.arange(30) % k
    return Predicted(truth=truth, label=truth, p=np.eye(k)[truth], k=k, positive=1)


@ALL
def test_the_row_is_whole(metric: Metric) -> None:
    assert METRICS[metric.name] is metric
    assert metric.name.isidentifier()
    assert metric.title
    assert metric.short
    assert metric.source
    assert metric.function.__name__ == metric.name
    if metric.bounded:
        assert metric.low is not None
        assert metric.high is not None
        assert metric.low < metric.high


@ALL
@pytest.mark.parametrize("k", [2, 3])
def test_perfect_is_best(metric: Metric, k: int) -> None:
    best = metric.high if metric.higher_is_better else metric.low
    value = metric.function(perfect(metric, k))
    assert value is not None
    assert value == pytest.approx(best, abs=1e-12)


@ALL
def test_stays_in_its_range(metric: Metric) -> None:
    for seed in range(5):
        value = metric.function(numbers(seed) if metric.task == "regression" else labels(2 + seed % 3, seed=seed))
        if value is None:
            assert metric.name.endswith("_binary")  # more than two classes, none of them declared positive
            continue
        assert np.isfinite(value)
        assert metric.low is None or value >= metric.low
        assert metric.high is None or value <= metric.high


@ALL
def test_one_row_is_a_number_or_undefined(metric: Metric) -> None:
    one = (
        Predicted(truth=np.array([1.0]), value=np.array([2.0]))
        if metric.task == "regression"
        else Predicted(truth=np.array([1]), label=np.array([0]), p=np.array([[0.6, 0.4]]), k=2)
    )
    value = metric.function(one)
    assert value is None or np.isfinite(value)
    if metric.name in (*RANKING, "r2"):
        assert value is None


@ALL
def test_no_rows_are_undefined(metric: Metric) -> None:
    none = np.zeros(0)
    codes = none.astype(int)
    empty = (
        Predicted(truth=none, value=none)
        if metric.task == "regression"
        else Predicted(truth=codes, label=codes, p=np.zeros((0, 2)), k=2)
    )
    assert metric.function(empty) is None


@ALL
def test_means_over_rows_say_so(metric: Metric) -> None:
    """`per_row`: the score of all rows is the row-weighted mean of the parts' scores; the others differ somewhere."""
    whole = numbers() if metric.task == "regression" else labels(3)
    cut = len(whole.truth) // 3
    parts = [part_of(whole, slice(0, cut)), part_of(whole, slice(cut, None))]
    values = [metric.function(one) for one in (whole, *parts)]
    if None in values:
        return
    mean = (values[1] * cut + values[2] * (len(whole.truth) - cut)) / len(whole.truth)  # type: ignore[operator]
    assert metric.per_row == (abs(mean - values[0]) < 1e-12)  # type: ignore[operator]


def part_of(q: Predicted, rows: slice) -> Predicted:
    cut = {
        name: None if getattr(q, name) is None else getattr(q, name)[rows] for name in ("truth", "label", "p", "value")
    }
    return Predicted(k=q.k, positive=q.positive, **cut)


def average(function: Any, way: str) -> Any:
    extra = {"zero_division": 0, "average": way}
    return lambda q: function(q.truth, q.label, **extra)


ORACLES = {
    "accuracy": lambda q: sk.accuracy_score(q.truth, q.label),
    "error_rate": lambda q: sk.zero_one_loss(q.truth, q.label),
    "balanced_accuracy": lambda q: sk.balanced_accuracy_score(q.truth, q.label),
    "mcc": lambda q: sk.matthews_corrcoef(q.truth, q.label),
    "kappa": lambda q: sk.cohen_kappa_score(q.truth, q.label),
    "log_loss": lambda q: sk.log_loss(q.truth, q.p, labels=range(q.k)),
    "brier": lambda q: sk.brier_score_loss(q.truth, q.p, labels=range(q.k)),
} | {
    f"{kind}_{way}": average(function, way)
    for kind, function in (("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score))
    for way in ("macro", "weighted")
}


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("k", [2, 3, 5])
def test_equals_scikit_learn(name: str, k: int) -> None:
    for seed in range(8):
        q = labels(k, n=(9, 50, 300)[seed % 3], seed=seed)
        assert METRICS[name].function(q) == pytest.approx(ORACLES[name](q), abs=1e-12)


@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
@pytest.mark.parametrize("positive", [0, 1])
def test_binary_rates_equal_scikit_learn(name: str, positive: int) -> None:
    q = labels(2)
    ours = METRICS[f"{name}_binary"].function(Predicted(truth=q.truth, label=q.label, k=2, positive=positive))
    oracle = getattr(sk, f"{name}_score")
    assert ours == pytest.approx(oracle(q.truth, q.label, pos_label=positive))


@pytest.mark.parametrize("positive", [0, 1])
@pytest.mark.parametrize("ties", [False, True])
def test_binary_curves_equal_scikit_learn(positive: int, ties: bool) -> None:
    q = labels(2)
    p = np.round(q.p, 1) if ties and q.p is not None else q.p
    assert p is not None
    hit = q.truth == positive
    one = Predicted(truth=q.truth, label=q.label, p=p, k=2, positive=positive)
    assert METRICS["roc_auc"].function(one) == pytest.approx(sk.roc_auc_score(hit, p[:, positive]))
    assert METRICS["pr_auc"].function(one) == pytest.approx(sk.average_precision_score(hit, p[:, positive]))


def test_one_vs_rest_equals_scikit_learn() -> None:
    q = labels(4, n=200)
    assert q.p is not None
    assert METRICS["roc_auc"].function(q) == pytest.approx(sk.roc_auc_score(q.truth, q.p, multi_class="ovr"))
    onehot = np.eye(4)[q.truth]
    assert METRICS["pr_auc"].function(q) == pytest.approx(sk.average_precision_score(onehot, q.p))


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
@pytest.mark.parametrize("positive", [0, 1])
def test_decision_values_rank_as_probabilities_do(shape: tuple[int, ...], positive: int) -> None:
    q = labels(2)
    assert q.p is not None
    logit = np.log(q.p[:, 1] / q.p[:, 0]).reshape(shape)
    for name in RANKING:
        with_p = METRICS[name].function(Predicted(truth=q.truth, p=q.p, k=2, positive=positive))
        with_decision = METRICS[name].function(Predicted(truth=q.truth, decision=logit, k=2, positive=positive))
        assert with_p == pytest.approx(with_decision)


@pytest.mark.parametrize("name", ["mse", "rmse", "mae", "median_ae", "r2"])
def test_regression_equals_scikit_learn(name: str) -> None:
    oracle = {
        "mse": sk.mean_squared_error,
        "rmse": sk.root_mean_squared_error,
        "mae": sk.mean_absolute_error,
        "median_ae": sk.median_absolute_error,
        "r2": sk.r2_score,
    }[name]
    q = numbers()
    assert METRICS[name].function(q) == pytest.approx(oracle(q.truth, q.value))


def test_calibration_error_by_hand() -> None:
    """Four rows at .9 of which three are right, and two at .55 of which one is: 4/6 |.75 - .9| + 2/6 |.5 - .55|."""
    p = np.array([[0.9, 0.1]] * 4 + [[0.55, 0.45]] * 2)
    q = Predicted(truth=np.array([0, 0, 0, 1, 0, 1]), label=np.zeros(6, int), p=p, k=2)
    assert METRICS["ece"].function(q) == pytest.approx(4 / 6 * 0.15 + 2 / 6 * 0.05)


def test_brier_of_two_classes_is_half_of_the_sum() -> None:
    q = Predicted(truth=np.array([1]), p=np.array([[0.3, 0.7]]), k=2)
    assert METRICS["brier"].function(q) == pytest.approx(0.09)
    q = Predicted(truth=np.array([1]), p=np.array([[0.3, 0.7, 0.0]]), k=3)
    assert METRICS["brier"].function(q) == pytest.approx(0.18)


@pytest.mark.parametrize("metric", [m for m in CLASSIFICATION if m.needs in ("p", "score")], ids=lambda m: m.name)
def test_without_scores_it_is_undefined(metric: Metric) -> None:
    q = labels(2)
    assert metric.function(Predicted(truth=q.truth, label=q.label, k=2)) is None


@pytest.mark.parametrize("metric", [m for m in CLASSIFICATION if m.needs == "p"], ids=lambda m: m.name)
def test_decision_values_are_no_probabilities(metric: Metric) -> None:
    q = labels(2)
    assert metric.function(Predicted(truth=q.truth, label=q.label, decision=np.zeros(len(q.truth)), k=2)) is None


@pytest.mark.parametrize("name", RANKING)
@pytest.mark.parametrize("k", [2, 3])
def test_a_fold_without_a_class_has_no_area(name: str, k: int) -> None:
    q = labels(k, n=6)
    assert METRICS[name].function(Predicted(truth=np.zeros(6, int), label=q.label, p=q.p, k=k)) is None


def test_binary_rates_without_a_positive_row_or_class() -> None:
    q = Predicted(truth=np.zeros(4, int), label=np.array([0, 1, 0, 1]), k=2)
    assert [METRICS[f"{kind}_binary"].function(q) for kind in ("precision", "recall", "f1")] == [None] * 3
    assert METRICS["f1_binary"].function(labels(3)) is None
