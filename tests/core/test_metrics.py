"""Every metric: its row is whole, a perfect prediction is best, and its value is that of scikit-learn."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from bench.core.metrics import (
    METRICS,
    Example,
    Metric,
    Oracle,
    Predicted,
    complement_of,
)

ALL = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
RANKING = [metric.name for metric in METRICS.values() if metric.compares_rows]
CLASSIFICATION = [m for m in METRICS.values() if m.task == "classification"]


def labels(k: int, n: int = 97, seed: int = 0) -> Predicted:
    generator = np.random.default_rng(seed)
    p = generator.dirichlet(np.ones(k), n)
    return Predicted(
        truth=generator.integers(0, k, n), label=p.argmax(axis=1), p=p, k=k
    )


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
        value = metric.function(
            numbers(seed)
            if metric.task == "regression"
            else labels(2 + seed % 3, seed=seed)
        )
        if value is None:
            assert (
                metric.needs_positive
            )  # more than two classes, none of them declared positive
            continue
        assert np.isfinite(value)
        assert metric.low is None or value >= metric.low
        assert metric.high is None or value <= metric.high


@ALL
def test_one_row_is_a_number_or_undefined(metric: Metric) -> None:
    one = (
        Predicted(truth=np.array([1.0]), value=np.array([2.0]))
        if metric.task == "regression"
        else Predicted(
            truth=np.array([1]), label=np.array([0]), p=np.array([[0.6, 0.4]]), k=2
        )
    )
    value = metric.function(one)
    assert value is None or np.isfinite(value)
    if metric.compares_rows or metric.name == "r2":
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
        name: None if getattr(q, name) is None else getattr(q, name)[rows]
        for name in ("truth", "label", "p", "value")
    }
    return Predicted(k=q.k, positive=q.positive, **cut)


def oracle_of(metric: Metric, q: Predicted) -> float:
    """What the oracle says of the same predictions, asked as scikit-learn's functions are."""
    assert isinstance(metric.oracle, Oracle)
    module, _, name = metric.oracle.path.rpartition(".")
    function, options = (
        getattr(import_module(module), name),
        dict(metric.oracle.options),
    )
    if metric.needs_positive:
        options["pos_label"] = q.positive_code
    match metric.needs:
        case "value":
            return float(function(q.truth, q.value, **options))
        case "label":
            return float(function(q.truth, q.label, **options))
        case "p":
            return float(function(q.truth, q.p, labels=range(q.k), **options))
        case "score":
            hits, scores = np.eye(q.k)[q.truth], q.scores()
            assert scores is not None
            if q.k == 2:
                return float(
                    function(
                        hits[:, q.positive_code], scores[:, q.positive_code], **options
                    )
                )
            return float(function(hits, scores, **options))


def asked_of(metric: Metric) -> list[Predicted]:
    """Predictions of many sizes; of two classes either is positive; some have ties."""
    if metric.task == "regression":
        return [numbers(seed) for seed in range(8)]
    several = (
        []
        if metric.needs_positive
        else [labels(k, 50 * k, seed) for k in (3, 5) for seed in range(4)]
    )
    two = [labels(2, n, seed) for seed, n in enumerate((20, 50, 300))]
    tied = [replace(q, p=np.round(q.p, 1)) for q in two if q.p is not None]
    return several + [
        replace(q, positive=code) for q in two + tied for code in (0, 1, None)
    ]


@ALL
def test_the_value_is_that_of_its_oracle(metric: Metric) -> None:
    """No metric without one: a function elsewhere, or an example worked by hand."""
    if isinstance(metric.oracle, Example):
        assert metric.function(metric.oracle.predicted) == pytest.approx(
            metric.oracle.value, abs=1e-12
        )
        return
    for q in asked_of(metric):
        assert metric.function(q) == pytest.approx(oracle_of(metric, q), abs=1e-12)


@ALL
def test_relatives_are_metrics(metric: Metric) -> None:
    assert (
        metric.over_classes is None or not METRICS[metric.over_classes].needs_positive
    )
    if metric.complement is not None:
        other = METRICS[metric.complement]
        assert other.complement == metric.name
        for q in asked_of(metric):
            assert metric.function(q) == pytest.approx(1 - (other.function(q) or 0))
    assert complement_of("nobody knows it") is complement_of(None) is None


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
@pytest.mark.parametrize("positive", [0, 1])
def test_decision_values_rank_as_probabilities_do(
    shape: tuple[int, ...], positive: int
) -> None:
    q = labels(2)
    assert q.p is not None
    logit = np.log(q.p[:, 1] / q.p[:, 0]).reshape(shape)
    for name in RANKING:
        with_p = METRICS[name].function(
            Predicted(truth=q.truth, p=q.p, k=2, positive=positive)
        )
        with_decision = METRICS[name].function(
            Predicted(truth=q.truth, decision=logit, k=2, positive=positive)
        )
        assert with_p == pytest.approx(with_decision)


def test_brier_of_two_classes_is_half_of_the_sum() -> None:
    q = Predicted(truth=np.array([1]), p=np.array([[0.3, 0.7]]), k=2)
    assert METRICS["brier"].function(q) == pytest.approx(0.09)
    q = Predicted(truth=np.array([1]), p=np.array([[0.3, 0.7, 0.0]]), k=3)
    assert METRICS["brier"].function(q) == pytest.approx(0.18)


@pytest.mark.parametrize(
    "metric",
    [m for m in CLASSIFICATION if m.needs in ("p", "score")],
    ids=lambda m: m.name,
)
def test_without_scores_it_is_undefined(metric: Metric) -> None:
    q = labels(2)
    assert metric.function(Predicted(truth=q.truth, label=q.label, k=2)) is None


@pytest.mark.parametrize(
    "metric", [m for m in CLASSIFICATION if m.needs == "p"], ids=lambda m: m.name
)
def test_decision_values_are_no_probabilities(metric: Metric) -> None:
    q = labels(2)
    assert (
        metric.function(
            Predicted(
                truth=q.truth, label=q.label, decision=np.zeros(len(q.truth)), k=2
            )
        )
        is None
    )


@pytest.mark.parametrize("name", RANKING)
@pytest.mark.parametrize("k", [2, 3])
def test_a_fold_without_a_class_has_no_area(name: str, k: int) -> None:
    q = labels(k, n=6)
    assert (
        METRICS[name].function(
            Predicted(truth=np.zeros(6, int), label=q.label, p=q.p, k=k)
        )
        is None
    )


def test_binary_rates_without_a_positive_row_or_class() -> None:
    q = Predicted(truth=np.zeros(4, int), label=np.array([0, 1, 0, 1]), k=2)
    assert [
        METRICS[f"{kind}_binary"].function(q) for kind in ("precision", "recall", "f1")
    ] == [None] * 3
    assert METRICS["f1_binary"].function(labels(3)) is None
