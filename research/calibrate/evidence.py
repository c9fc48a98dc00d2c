"""Simulated scores in the form that claims read; every verdict is bench's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np

from bench.claims.claim import ClaimEvidence
from bench.claims.judging import judged
from bench.core import frames
from bench.core.comparisons import ESTIMATES
from bench.core.judgements import Judgement, NoiseFloor
from bench.families import FAMILIES
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.study import Claim, Study
from bench.study.claims import FORMS

DATASET = "sample"
#: Agreements that are counted under another word.
COUNTED = {"differs": "not_reproduced", "consistent": "inconclusive", "unclear": "inconclusive"}


@dataclass(frozen=True, eq=False)
class Simulated(ClaimEvidence):
    """Evidence in which every family has all scores and the setting is known, so that no frame is searched."""

    known: Setting

    def setting(self, claim: Claim) -> Setting:
        return self.known

    def scores(self, claim: Claim, family: str | None) -> Series:
        assert family is not None
        return self.series[claim.side][DATASET, family, self.metric(claim)]


def evidence(values: Mapping[str, np.ndarray], n: int, metric: str = "accuracy") -> Simulated:
    """The evidence of families on one dataset of n rows.

    Values: family -> (R, K) fold scores of R x K-fold cross-validation.
    """
    stated, known = _stated(tuple(values), n, *next(iter(values.values())).shape)
    test = {(DATASET, family, metric): series(one) for family, one in values.items()}
    own = {field.name: getattr(stated, field.name) for field in fields(stated)}
    return Simulated(**own | {"series": {"train": {}, "inner": {}, "test": test}}, known=known)


def series(values: np.ndarray) -> Series:
    """A series of (R, K) fold scores."""
    repeats, folds = values.shape
    return Series(np.arange(repeats).repeat(folds), np.tile(np.arange(folds), repeats), values.ravel())


def claim(kind: str, **fields: Any) -> Claim:
    """A claim of that kind on accuracy, unless another metric is given."""
    stated = {"id": "one", "kind": kind, "dataset": DATASET, "metric": "accuracy", "where": "simulated"}
    claim: Claim = FORMS[kind].model(**stated | {"read": "source"} | fields)
    return claim


def verdict(one: Claim, found: ClaimEvidence) -> str:
    return outcome(judged(one, found))


def outcome(judgement: Judgement) -> str:
    """What is counted on strong evidence; `noise_floor` where the noise of the published number prevents a verdict."""
    floor = any(isinstance(reason, NoiseFloor) for reason in judgement.reasons)
    return "noise_floor" if floor else COUNTED.get(str(judgement.agreement), str(judgement.agreement))


@lru_cache
def _stated(families: tuple[str, ...], n: int, repeats: int, folds: int) -> tuple[ClaimEvidence, Setting]:
    """The evidence without scores, and the setting that bench derives from it."""
    resampling = {"kind": "kfold", "folds": folds, "repeats": repeats}
    study = Study.model_validate(
        {
            "title": "Simulated",
            "task": "classification",
            "datasets": {DATASET: {"source": {"kind": "simulated"}, "target": "y"}},
            "clean": None,
            "preprocess": None,
            "protocol": {"resampling": resampling, "tuning": None},
            "families": {family: {} if family in FAMILIES else {"family": "lda"} for family in families},
            "metrics": {"primary": "accuracy", "also": ("roc_auc",)},
            "diagnostics": None,
        }
    )
    table = {"dataset": DATASET, "title": DATASET, "rows": n, "features": 1, "classes": ["a", "b"], "draws": 0}
    sizes = {"dataset": DATASET, "train_rows": n - n // folds, "test_rows": n // folds}
    rows = [sizes | {"repeat": r, "fold": f, "rows_sha256": f"{r} {f}"} for r in range(repeats) for f in range(folds)]
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
    return found, found.setting(claim("value", value="0", family=families[0]))
