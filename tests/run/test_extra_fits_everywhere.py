"""All extra fits on every kind of study: their cells leave something, or a row says why there are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core.outcomes import decoded
from bench.data.dataset import Column, Dataset
from bench.run.gather import kind_of
from bench.run.variants.explanation import EXPLANATIONS
from bench.study import Study
from bench.text.sentences import sentence
from tests.helpers.extra_fits import a_dataset, a_study, fewer, finished, variants

FAMILY = "it"
TWO = {"kind": "kfold", "folds": 2, "repeats": 1}


def asked(variants: Any) -> dict[str, Any]:
    """All extra fits, as small as they may be."""
    return {
        "learning": {"folds": 1},
        "inspect": {"folds": 1},
        "permutations": {"count": 5},
        "overtuning": {},
        "variance": {"draws": 3},
        "grouping": {},
        "halves": {"repeats": 2, "folds": 2},
        "explain": {"family": FAMILY, "repeats": 5, "variants": variants},
    }


#: All explanations that fit anything; few candidates, few seeds.
FEW: list[Any] = [
    {"tuned_on_test": {"n_neighbors": [1, 3]}}, {"best_of_seeds": {"seeds": 3}}, {"selection_before_split": {"k": 1}},
    "scaling_before_split", "random_split", "duplicates_kept", "stopped_on_test",
]  # fmt: skip
OWN: list[Any] = [variant if variant != FEW[0] else "tuned_on_test" for variant in FEW]


def of(
    spec: dict[str, Any],
    resampling: dict[str, Any] = TWO,
    variants: Any = FEW,
    **changed: Any,
) -> Study:
    """A study with all extra fits, with fewer repeats and draws than a study may ask for."""
    study = a_study(
        asked(variants), resampling, families={"baseline": {}, FAMILY: spec}, **changed
    )
    return fewer(
        study, permutations={"count": 1}, variance={"draws": 1}, explain={"repeats": 1}
    )


OOB = {"by": "oob"}
HALF = {"folds": 2}
KEPT = {"kind": "group_kfold", "folds": 3}
KNN = {"family": "knn", "n_neighbors": 3}
TUNED = {"family": "knn", "n_neighbors": [1, 5]}
GROUPS = np.repeat([f"g{i}" for i in range(8)], 6)
SPLIT = np.array(["test" if i % 3 == 0 else "train" for i in range(48)])


def rare() -> Dataset:
    """Three classes, one of two rows: nobody can stratify three folds."""
    one = a_dataset(24)
    y = one.y.copy()
    y[:2] = 2
    return replace(one, y=y, classes=("no", "yes", "rare"))


def unlike() -> Dataset:
    """Categories, missing values, classes of unequal size."""
    one = a_dataset(40)
    X = one.X.copy()
    X[:, 3] = np.arange(40) % 3
    X[::7, 1] = np.nan
    y = (np.arange(40) % 4 == 0).astype(np.int64)
    columns = (*one.columns[:3], Column("colour", "categorical", ("a", "b", "c")))
    return replace(one, X=X, y=y, columns=columns)


def draws() -> Dataset:
    return replace(a_dataset(48), draw=np.repeat(np.arange(2), 24))


CASES: dict[str, Callable[[], tuple[Study, list[Dataset]]]] = {
    "untuned": lambda: (of(KNN, variants=None), [a_dataset()]),
    "tuned": lambda: (of(TUNED, tuning=HALF), [a_dataset()]),
    "seeded": lambda: (
        of({"family": "decision_tree", "max_depth": [1, 2], "splitter": "random"}, tuning=HALF, variants=OWN),
        [a_dataset()],
    ),
    "out of bag": lambda: (
        of({"family": "random_forest", "n_estimators": 5, "max_features": [1, 2]}, tuning=OOB, variants=OWN),
        [a_dataset()],
    ),
    "tuned steps": lambda: (
        of(
            TUNED | {"preprocess": [{"scale": {"kind": ["standard", "minmax"]}}, {"select": {"k": [1, 2]}}]},
            tuning=HALF,
        ),
        [a_dataset()],
    ),
    "steps": lambda: (of(KNN | {"preprocess": ["impute", "scale", {"select": {"k": 2}}]}), [a_dataset()]),
    "leave one out": lambda: (of(KNN, {"kind": "leave_one_out"}), [a_dataset(12)]),
    "hold-out": lambda: (of(TUNED, {"kind": "holdout", "test_size": 0.3, "repeats": 2}, tuning=HALF), [a_dataset()]),
    "fixed split": lambda: (
        of(TUNED, {"kind": "fixed_split", "column": "part", "test": "test"}, tuning=HALF),
        [a_dataset(extra={"part": SPLIT})],
    ),
    "row ranges": lambda: (of(KNN, {"kind": "fixed_split", "train": "1-30", "test": "31-48"}), [a_dataset()]),
    "given folds": lambda: (
        of(TUNED, {"kind": "given_folds", "column": "part"}, tuning=HALF), [a_dataset(extra={"part": SPLIT})]
    ),
    "by group": lambda: (of(TUNED, {"kind": "group_kfold", "folds": 2}, tuning=HALF), [a_dataset(group=GROUPS)]),
    "groups ignored": lambda: (of(TUNED, tuning=HALF), [a_dataset(group=GROUPS)]),
    "one group": lambda: (of(KNN), [a_dataset(group=np.repeat("g", 48))]),
    "in time": lambda: (
        of(TUNED, {"kind": "time_ordered", "folds": 2}, tuning=HALF), [a_dataset(time=np.arange(48) // 2)]
    ),
    "by rounds": lambda: (
        of({"family": "xgboost", "n_estimators": [2, 4]}, KEPT, tuning=HALF, variants=OWN), [a_dataset(group=GROUPS)]
    ),
    "rounds, of a simulation": lambda: (
        of({"family": "adaboost", "n_estimators": 3, "max_depth": [1, 2]}, tuning=HALF, variants=OWN), [draws()]
    ),
    "regression": lambda: (
        of({"family": "ridge", "alpha": [0.1, 10.0]}, tuning=HALF, task="regression", variants=OWN),
        [a_dataset(task="regression")],
    ),
    "a simulation": lambda: (of(TUNED, tuning=HALF), [draws()]),
    "a rare class": lambda: (of(KNN, TWO | {"folds": 3, "stratify": False}), [rare()]),
    "categories and gaps": lambda: (
        of({"family": "logistic_regression", "C": [0.1, 1.0]}, tuning=HALF, variants=OWN),
        [unlike()],
    ),
    "two datasets": lambda: (
        of(KNN, datasets=("d", "e")), [a_dataset(), replace(a_dataset(32, 3, 5), name="e", fingerprint="other")]
    ),
    "more features than anybody reads": lambda: (of(KNN), [a_dataset(24, 201)]),
}  # fmt: skip

#: What the cells of each are called, whole or as what a variant is one of.
KINDS = (
    "train_share",
    "inspected",
    "permuted",
    "untuned",
    "model_seed",
    "tuning_seed",
    "split_seed",
    "half",
)


@pytest.mark.parametrize("name", CASES)
def test_each_works_or_says_why_not(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_STORE", "off")
    study, datasets = CASES[name]()
    cells, results = finished(study, datasets, tmp_path)
    failed = results.failures.filter(pl.col("status") != "warning")
    assert failed.is_empty(), (
        failed.select("family", "variant", "stage", "reason").unique().rows()
    )
    refused = set(results.unavailable.select("dataset", "variant").iter_rows())
    for reasons in results.unavailable["reasons"]:
        assert all(sentence(reason) for reason in decoded(reasons))
    for dataset in datasets:
        own = {
            kind_of(variant)
            for variant in variants(c for c in cells if c.plan.dataset == dataset.name)
        }
        for kind in KINDS:
            assert (kind in own) != ((dataset.name, kind) in refused), (
                dataset.name,
                kind,
            )
        grouping = {"random_split", "grouped_split"}
        assert (
            len(grouping & own)
            + len([1 for one in grouping if (dataset.name, one) in refused])
            == 1
        )
        for way in EXPLANATIONS.values():
            if way.made is not None and not way.named:
                there = way.variant in own or way.name == "protocol"
                assert there != ((dataset.name, way.variant) in refused), way.variant
        assert "explanation=tuned_on_test" in own, (
            "every family here has two candidates or is given two"
        )
        assert ("permuted" in own) != (name == "in time")
    keys = [cell.key for cell in cells]
    assert len(set(keys)) == len(keys)
