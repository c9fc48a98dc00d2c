"""Toy studies for the contract of diagnostics: one that is healthy, and what a diagnostic changes to make it sick.

A diagnostic of this package or of another states its sick case in its own file; the contract test finds it there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from bench.core import frames
from bench.core.explanations import EXPLAINED
from bench.data.dataset import Column, Dataset
from bench.diagnose.evidence import DiagnosticEvidence
from bench.study import Study

ROWS, REPEATS, FOLDS = 200, 10, 10
#: A fixed split of the toy table; the test rows are its last fifty.
FIXED_SPLIT: dict[str, Any] = {
    "kind": "fixed_split",
    "train": "1-150",
    "test": "151-200",
}
LAST_FIFTY = range(150, ROWS)

FoldValues = dict[str, np.ndarray]
_Row = dict[str, Any]


def around(
    mean: float,
    sd: float,
    repeats: int = REPEATS,
    folds: int = FOLDS,
    fold_sd: float = 0.02,
) -> np.ndarray:
    """(repeats, folds) scores whose repeat means have exactly this mean and this standard deviation."""
    generator = np.random.default_rng(7)
    means = generator.normal(size=repeats)
    means = (means - means.mean()) / (
        means.std(ddof=1) if repeats > 1 else 1
    ) * sd + mean
    noise = generator.normal(size=(repeats, folds)) * fold_sd
    return np.asarray(means[:, None] + noise - noise.mean(axis=1, keepdims=True))


def near_the_scores() -> FoldValues:
    """Scores of `lda` that equal those of the healthy study on average, fold by fold with some noise."""
    return {
        "lda": around(0.9, 0.005)
        + 0.01 * np.random.default_rng(3).normal(size=(REPEATS, FOLDS))
    }


def toy_table(**changes: Any) -> Dataset:
    """200 rows of four numbers, each of which says a little about the class; `changes` replace its parts."""
    y = np.arange(ROWS) % 2
    parts: dict[str, Any] = {
        "X": np.random.default_rng(3).normal(size=(ROWS, 4)) + 0.5 * y[:, None],
        "y": y,
        "row": np.arange(ROWS),
        "classes": ("a", "b"),
        "columns": tuple(
            Column(name, "numeric") for name in ("first", "second", "third", "fourth")
        ),
    }
    return Dataset(
        name="toy", task="classification", fingerprint="", **(parts | changes)
    )


def rows_of_scores(
    values: Mapping[str, np.ndarray],
    side: str,
    variant: str = "plain",
    metric: str = "accuracy",
) -> pl.DataFrame:
    """frames.SCORES of the toy dataset from (repeats, folds) scores by family."""
    rows = [
        {
            "dataset": "toy",
            "family": family,
            "variant": variant,
            "repeat": r,
            "fold": f,
            "side": side,
        }
        | {"metric": metric, "value": float(value)}
        for family, table in values.items()
        for (r, f), value in np.ndenumerate(np.atleast_2d(table))
    ]
    return frames.of_rows(rows, frames.SCORES)


def _two(lda: float) -> FoldValues:
    return {"baseline": around(0.5, 0.005), "lda": around(lda, 0.005)}


@dataclass
class Case:
    """What a run of a toy study left: by default one in which nothing is wrong."""

    #: test, train, inner: (repeats, folds) accuracies by family: `baseline`, `lda`
    test: FoldValues = field(default_factory=partial(_two, 0.9))
    train: FoldValues = field(default_factory=partial(_two, 0.9))
    inner: FoldValues = field(default_factory=lambda: {"lda": around(0.9, 0.005)})
    variants: Mapping[str, FoldValues] = field(
        default_factory=dict
    )  # the same of extra fits, by variant (`untuned`)
    #: Of 3 candidates of C (0.1, 1, 10), the one that each outer fold chose
    chosen: Sequence[int] = (1,) * 90 + (0,) * 10
    #: right, confidence, constant: the share of test rows that `lda` gets right, its probability of each label, whether
    #: it gives one label to all
    right: float = 0.75
    confidence: float = 0.75
    constant: bool = False
    #: data, tested: the clean table, and the rows that are tested
    data: Dataset | None = field(default_factory=toy_table)
    tested: range = range(ROWS)
    #: remarks, duplicates: rows of frames.REMARKS and of frames.DUPLICATES, without the dataset
    remarks: Sequence[_Row] = ()
    duplicates: Sequence[tuple[int, int]] = ()
    #: Other frames of the evidence by name: rows without the dataset
    more: Mapping[str, Sequence[_Row]] = field(default_factory=dict)
    #: dataset, study: what the study file says of its dataset and at its top, where that is not the default
    dataset: Mapping[str, Any] = field(default_factory=dict)
    study: Mapping[str, Any] = field(default_factory=dict)

    def evidence(self) -> DiagnosticEvidence:
        """The evidence that a diagnostic reads."""
        sides = {"test": self.test, "train": self.train, "inner": self.inner}
        scores = [rows_of_scores(values, side) for side, values in sides.items()]
        scores += [
            rows_of_scores(values, "test", name)
            for name, values in self.variants.items()
        ]
        schemas = {
            "importance": frames.IMPORTANCE,
            "explanations": EXPLAINED,
            "variance": frames.VARIANCE,
        }
        duplicates: list[_Row] = [
            {"row": row, "duplicates": number} for row, number in self.duplicates
        ]
        return DiagnosticEvidence(
            self.made_study(),
            tables=_frame(
                [
                    {
                        "title": "toy",
                        "rows": 100,
                        "features": 2,
                        "classes": ["a", "b"],
                        "draws": 0,
                    }
                ],
                frames.TABLES,
            ),
            folds=self._folds(),
            scores=pl.concat(scores),
            tuning=self._tuning(),
            predictions=self._predictions(),
            remarks=_frame(self.remarks, frames.REMARKS),
            failures=frames.empty(frames.FAILURES),
            duplicates=_frame(duplicates, frames.DUPLICATES),
            read=lambda name: self.data,
            names={},
            **{name: _frame(rows, schemas[name]) for name, rows in self.more.items()},
        )

    def made_study(self) -> Study:
        """The toy study."""
        source = {"kind": "sklearn", "name": "wine"}
        return Study.model_validate(
            {
                "id": "toy",
                "title": "Made by hand",
                "task": "classification",
                "datasets": {
                    "toy": {"source": source, "target": "target"} | dict(self.dataset)
                },
                "clean": None,
                "preprocess": None,
                "protocol": {
                    "resampling": {"kind": "kfold", "folds": FOLDS, "repeats": REPEATS},
                    "tuning": None,
                    "seed": 1,
                },
                "families": {"baseline": {}, "lda": {}},
                "metrics": {"primary": "accuracy"},
                "diagnostics": None,
            }
            | dict(self.study)
        )

    def _folds(self) -> pl.DataFrame:
        sizes: _Row = {"train_rows": 90, "test_rows": 10}
        return _frame(
            [
                {"repeat": r, "fold": f, "rows_sha256": f"{r}-{f}"} | sizes
                for r in range(REPEATS)
                for f in range(FOLDS)
            ],
            frames.FOLDS,
        )

    def _tuning(self) -> pl.DataFrame:
        rows = [
            {
                "family": "lda",
                "variant": "plain",
                "repeat": i // FOLDS,
                "fold": i % FOLDS,
                "candidate": candidate,
                "parameters": json.dumps(
                    {"C": [0.1, 1, 10][candidate], "kernel": "rbf"}
                ),
                "inner_fold": inner,
                "metric": "accuracy",
                "value": 0.9,
                "chosen": candidate == chosen,
            }
            for i, chosen in enumerate(self.chosen)
            for candidate in range(3)
            for inner in range(2)
        ]
        return _frame(rows, frames.TUNING)

    def _predictions(self) -> pl.DataFrame:
        """Two repeats; of each twenty rows the stated share is right, each label with the stated confidence."""
        folds = FOLDS if len(self.tested) == ROWS else 1
        rows = [
            {
                "family": family,
                "variant": "plain",
                "repeat": repeat,
                "fold": row % folds,
                "side": "test",
                "row": row,
            }
            | self._answer(family, row)
            for family in ("baseline", "lda")
            for repeat in range(2)
            for row in self.tested
        ]
        return _frame(rows, frames.CLASSIFICATION)

    def _answer(self, family: str, row: int) -> _Row:
        truth, other = ("a", "b") if row % 2 == 0 else ("b", "a")
        label = truth if row % 20 < round(20 * self.right) else other
        label = "a" if family == "baseline" or self.constant else label
        p = [self.confidence, 1 - self.confidence]
        return {"truth": truth, "label": label, "p": p if label == "a" else p[::-1]}


def _frame(rows: Sequence[_Row], schema: pl.Schema) -> pl.DataFrame:
    made: list[dict[str, object]] = [{"dataset": "toy", **row} for row in rows]
    return frames.of_rows(
        made, schema, nulls=schema
    )  # a case has the columns that it is about
