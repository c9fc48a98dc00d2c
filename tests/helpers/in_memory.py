"""A claim bound to made-up scores, without a file: what judging needs of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import KINDS
from bench.claims.evidence import ClaimEvidence
from bench.core import frames
from bench.core.comparisons import ESTIMATES
from bench.study import Study
from tests.helpers.judge_cases import folds_of, scores_of_arrays, tables_of

KFOLD = {"kind": "kfold", "folds": 10, "repeats": 10}
HOLDOUT = {"kind": "holdout", "test_size": 0.1, "repeats": 10}
FIXED = {"kind": "fixed_split", "train": "1-90", "test": "91-100"}
LOO = {"kind": "leave_one_out"}

#: By family, (repeats, folds) of scores; of several datasets such a mapping for each.
Scores = Mapping[str, np.ndarray]


def study_of(
    families: Sequence[str],
    resampling: Mapping[str, Any] = KFOLD,
    datasets: Sequence[str] = ("toy",),
    **parts: Any,
) -> Study:
    """A study that fits these families on some datasets."""
    source = {"kind": "sklearn", "name": "wine"}
    return Study.model_validate(
        {
            "title": "In memory",
            "task": "classification",
            "datasets": {
                # Another target makes another table.
                name: {"source": source, "target": f"target_{name}"}
                for name in datasets
            },
            "clean": None,
            "preprocess": None,
            "protocol": {"resampling": resampling, "tuning": None},
            "families": {family: {} for family in families},
            "metrics": {"primary": "accuracy"},
            "diagnostics": None,
        }
        | parts
    )


def case_of(
    fields: Mapping[str, Any],
    scores: Scores | Mapping[str, Scores],
    *,
    rows: tuple[int, int] = (90, 10),
    same_folds: bool = False,
    resampling: Mapping[str, Any] = KFOLD,
    **parts: Any,
) -> AnyCase:
    """The case of a claim by the scores of one dataset, or of several by name.

    rows: of training and testing in a fold; same_folds: every repeat has those of the first.
    """
    first = next(iter(scores.values()))
    by_dataset: Any = scores if isinstance(first, Mapping) else {"toy": scores}
    families = tuple(next(iter(by_dataset.values())))
    repeats, folds = np.shape(next(iter(next(iter(by_dataset.values())).values())))
    study = study_of(families, resampling, tuple(by_dataset), **parts)
    stated = {"id": "c", "where": "p. 3", "read": "source"} | dict(fields)
    if len(by_dataset) == 1:
        stated = {"dataset": "toy"} | stated
    made = {
        "tables": [tables_of(name) for name in by_dataset],
        "folds": [
            folds_of(repeats, folds, *rows, dataset=name, same=same_folds)
            for name in by_dataset
        ],
        "scores": [
            scores_of_arrays(dict(values), dataset=name)
            for name, values in by_dataset.items()
        ],
    }
    known = {name: frames.empty(schema) for name, schema in _EMPTY.items()}
    known |= {name: pl.concat(each) for name, each in made.items()}
    claim = KINDS[str(stated["kind"])].model.model_validate(stated)
    return CaseOf(claim, ClaimEvidence.of(study, known))


_EMPTY = {"estimates": ESTIMATES, "failures": frames.FAILURES}
