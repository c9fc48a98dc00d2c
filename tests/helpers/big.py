"""A study of many datasets and ten families, made without chance: what the page must stay small and quick with."""

from __future__ import annotations

from itertools import combinations

from bench.report.bundle import Bundle
from tests.helpers.bundles import Rows, folds, made_of, study, tables, wave

FAMILIES = (
    "baseline", "logistic_regression", "lda", "qda", "naive_bayes",
    "knn", "svm", "decision_tree", "random_forest", "mlp",
)  # fmt: skip
METRICS = ("accuracy", "balanced_accuracy", "f1_macro", "log_loss", "roc_auc")


def big(n: int = 100) -> Bundle:
    """Ten families with five metrics on n datasets: scores of two folds, intervals, every pair, ranks."""
    sets = {
        f"set{i}": {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"}
        for i in range(n)
    }
    made = study(
        "big",
        datasets=sets,
        families={name: {} for name in FAMILIES},
        metrics={"primary": METRICS[0], "also": list(METRICS[1:])},
        protocol={
            "resampling": {"kind": "kfold", "folds": 2},
            "tuning": None,
            "seed": 7,
        },
    )
    scores, estimates, pairs = [], [], []
    for d in sets:
        for metric in METRICS:
            scores += _scores(d, metric)
            estimates += _estimates(d, metric)
            pairs += _pairs(d, metric)
    ranks: Rows = [
        {
            "family": f,
            "metric": "accuracy",
            "mean_rank": i + 1.0,
            "low": max(1.0, i - 0.5),
            "high": i + 1.5,
            "first": 0.1,
        }
        for i, f in enumerate(FAMILIES)
    ]
    design = {"datasets": n}
    return made_of(
        made, scores=scores, estimates=estimates, pairs=pairs, ranks=ranks,
        omnibus=[design | {"metric": "accuracy"}], folds=folds(made, 100), tables=tables(made, 100, 3, ["a", "b"]),
    )  # fmt: skip


def _value(dataset: str, family: str, metric: str) -> float:
    return 0.8 + 0.1 * wave(dataset, family, metric)


def _scores(dataset: str, metric: str) -> Rows:
    return [
        {
            "dataset": dataset,
            "family": f,
            "variant": "plain",
            "repeat": 0,
            "fold": fold,
            "side": "test",
        }
        | {"metric": metric, "value": _value(dataset, f, metric) + 0.01 * (-1) ** fold}
        for f in FAMILIES
        for fold in range(2)
    ]


def _estimates(dataset: str, metric: str) -> Rows:
    means = {f: _value(dataset, f, metric) for f in FAMILIES}
    key = {"dataset": dataset, "metric": metric, "fallbacks": 0}
    return [
        key | {"family": f, "mean": m, "low": m - 0.02, "high": m + 0.02}
        for f, m in means.items()
    ]


def _pairs(dataset: str, metric: str) -> Rows:
    rows: Rows = []
    for a, b in combinations(FAMILIES, 2):
        gap = _value(dataset, a, metric) - _value(dataset, b, metric)
        row = {
            "dataset": dataset,
            "metric": metric,
            "fallbacks": 0,
            "family": a,
            "against": b,
            "difference": gap,
        }
        row |= {
            "low": gap - 0.03,
            "high": gap + 0.03,
            "p": 0.2,
            "p_adjusted": 0.4 if abs(gap) < 0.05 else 0.01,
        }
        rows.append(row | {"p_less": 0.3, "p_rope": 0.4, "p_greater": 0.3})
    return rows
