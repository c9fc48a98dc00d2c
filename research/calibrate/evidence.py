"""Simulated scores in the form that claims read; every agreement is bench's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from bench.claims.case import CaseOf
from bench.claims.evidence import ClaimEvidence
from bench.claims.judging import judged
from bench.core import frames
from bench.core.comparisons import ESTIMATES
from bench.families import FAMILIES
from bench.scores.class_mix import ClassMeans
from bench.scores.halves import TestedHalves
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.study import Claim, Study
from bench.study.claims import FORMS

DATASET = "sample"
#: What varies between repeats: the folds, the folds with a pilot that decided how many there are, or the seed alone.
Design = Literal["folds", "pilot", "seeds"]
#: The repeats of a pilot, and the most that follow it.
PILOT, AT_MOST = 10, 300


def evidence(
    values: Mapping[str, np.ndarray],
    n: int,
    metric: str = "accuracy",
    design: Design = "folds",
    mix: ClassMeans | None = None,
    halves: Mapping[str, np.ndarray] | None = None,
) -> ClaimEvidence:
    """The evidence of families on one dataset of n rows.

    Values: family -> (R, K) fold scores of R x K-fold cross-validation; of seeds (R, 1) scores on one test set, a third
    of the rows. mix: the accuracies by class, for the variance of the class mix; halves: (J, 2) means of halves.
    """
    repeats, folds = next(iter(values.values())).shape
    stated, known = _stated(
        tuple(values), n, PILOT if design == "pilot" else repeats, folds, design
    )
    known = replace(known, repeats=repeats, folds=repeats * folds)
    test = {(DATASET, family, metric): series(one) for family, one in values.items()}
    return replace(
        stated,
        series={"train": {}, "inner": {}, "test": test},
        setting_of=lambda dataset: known,
        halves_of=lambda dataset, metric: TestedHalves(halves or {}, None),
        mix_of=lambda dataset, metric: mix or ClassMeans(),
    )


def by_class(losses: Mapping[str, np.ndarray], y: np.ndarray) -> ClassMeans:
    """The accuracies of families by class; losses: (n,) how often each row was got wrong, the share of repeats."""
    means = {
        f: np.array([1 - own[y == code].mean() for code in (0, 1)])
        for f, own in losses.items()
    }
    return ClassMeans(y, means)


def series(values: np.ndarray) -> Series:
    """A series of (R, K) fold scores."""
    repeats, folds = values.shape
    return Series(
        np.arange(repeats).repeat(folds),
        np.tile(np.arange(folds), repeats),
        values.ravel(),
    )


def claim(kind: str, **fields: Any) -> Claim:
    """A claim of that kind on accuracy, unless another metric is given."""
    stated = {
        "id": "one",
        "kind": kind,
        "dataset": DATASET,
        "metric": "accuracy",
        "where": "simulated",
    }
    claim: Claim = FORMS[kind].model(**stated | {"read": "source"} | fields)
    return claim


def agreement(one: Claim, found: ClaimEvidence) -> str:
    """What bench says; every simulated claim can be judged."""
    return str(judged(CaseOf(one, found)).agreement)


@lru_cache
def _stated(
    families: tuple[str, ...], n: int, repeats: int, folds: int, design: Design
) -> tuple[ClaimEvidence, Setting]:
    """The evidence without scores, and the setting that bench derives from it."""
    often = {"pilot": PILOT, "at_most": AT_MOST} if design == "pilot" else repeats
    resampling: dict[str, object] = {"kind": "kfold", "folds": folds, "repeats": often}
    if design == "seeds":
        resampling = {
            "kind": "fixed_split",
            "column": "side",
            "test": "b",
            "repeats": repeats,
        }
    stands_in = (
        "random_forest" if design == "seeds" else "lda"
    )  # a fixed split differs between seeds alone
    study = Study.model_validate(
        {
            "title": "Simulated",
            "task": "classification",
            "datasets": {DATASET: {"source": {"kind": "simulated"}, "target": "y"}},
            "clean": None,
            "preprocess": None,
            "protocol": {"resampling": resampling, "tuning": None},
            "families": {
                family: {}
                if family in FAMILIES and design != "seeds"
                else {"family": stands_in}
                for family in families
            },
            "metrics": {"primary": "accuracy", "also": ("roc_auc",)},
            "diagnostics": None,
        }
    )
    table = {
        "dataset": DATASET,
        "title": DATASET,
        "rows": n,
        "features": 1,
        "classes": ["a", "b"],
        "draws": 0,
    }
    held_out = n // 3 if design == "seeds" else n // folds
    sizes = {"dataset": DATASET, "train_rows": n - held_out, "test_rows": held_out}
    rows = [
        sizes
        | {
            "repeat": r,
            "fold": f,
            "rows_sha256": "one" if design == "seeds" else f"{r} {f}",
        }
        for r in range(repeats)
        for f in range(folds)
    ]
    found = ClaimEvidence.of(
        study,
        {
            "tables": frames.of_rows([table], frames.TABLES, nulls=frames.TABLES),
            "folds": frames.of_rows(rows, frames.FOLDS),
            "scores": frames.empty(frames.SCORES),
            "estimates": frames.empty(ESTIMATES),
            "failures": frames.empty(frames.FAILURES),
        },
    )
    return found, found.setting_of(DATASET)
