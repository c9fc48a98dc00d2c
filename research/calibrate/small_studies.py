"""How often a small study calls two equal models different: 200 rows, 5 folds x 3 repeats, by the test that bench takes.

    python -m research.calibrate.small_studies          2000 samples, fits by numpy: half a minute
    python -m research.calibrate.small_studies api      600 whole studies by `bench.benchmark`: half an hour
    python -m research.calibrate.small_studies study    600 whole studies from study files: half an hour

A sample has two blocks of features of equal signal. By numpy and by `bench.benchmark`, in pipelines of scikit-learn, a
model of each kind is fitted on each block. In a study file the two of a kind mirror each other: trees that may split
upwards in one block alone, discriminants with the prior of one class raised; and neighbours are a class of the user's.
`api` and `study` print the p of each pair of equals, a sample a line. Each way writes its rows of docs/calibration.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

import bench
from bench.run import study as run_of_study
from bench.run.variants.extra_fits.halves import MOST_FOLDS, PAIRS
from bench.run.workers.dispatch import CellOutcome, CellTask, work
from bench.run.workers.limits import Limits
from bench.stats.halves import carried
from bench.stats.intervals import class_mix, corrected_mean
from research.calibrate.learners import ALL_LEARNERS
from research.calibrate.page import PAGE, markdown, put, sections
from research.calibrate.rows import Row, Table, percent
from research.calibrate.scoring import fold_scores, row_losses
from research.calibrate.worlds import Split, World, columns_of

WORLD = World(n=200)
FOLDS, REPEATS = 5, 3
SAMPLES, STUDIES, LEVEL = 2000, 600, 0.05
TITLE = "## Small studies"
HEAD = ("by", "pair", "called different, %", "s.e.", "samples")
ABOUT = (
    "How often two equal models are called different at .05 in a study of 200 rows with 5 folds and 3 repeats, where the "
    "halves cost more than the study's own fits and are fitted because they are cheap. The rules alone: fits by numpy. "
    "`bench.benchmark`: whole studies, the models inside pipelines of scikit-learn. A study file: whole studies of "
    "families of bench, the two of a kind each other's mirror image."
)
STUDY = """
title: Equal models
task: classification
datasets: {{data: {{source: {{kind: parquet, file: data.parquet}}, target: y}}}}
clean: null
preprocess: null
protocol:
  resampling: {{kind: kfold, folds: 5, repeats: 3, stratify: true}}
  tuning: null
  seed: {seed}
families:
  lda-0: {{family: lda, priors: [[0.4, 0.6]]}}
  lda-1: {{family: lda, priors: [[0.6, 0.4]]}}
  stump-0: {{family: decision_tree, max_depth: 1, monotonic_cst: [[1, 1, 1, -1, -1, -1]]}}
  stump-1: {{family: decision_tree, max_depth: 1, monotonic_cst: [[-1, -1, -1, 1, 1, 1]]}}
  one_nn-0: {{estimator: research.calibrate.small_studies.NearestInBlock, block: 0}}
  one_nn-1: {{estimator: research.calibrate.small_studies.NearestInBlock, block: 1}}
metrics: {{primary: accuracy, also: []}}
diagnostics: null
"""
#: What stands inside the pipelines, by the name of its learner in numpy.
KINDS: dict[str, BaseEstimator] = {
    "lda": LinearDiscriminantAnalysis(),
    "stump": DecisionTreeClassifier(max_depth=1),
    "one_nn": KNeighborsClassifier(n_neighbors=1),
}


class NearestInBlock(KNeighborsClassifier):  # type: ignore[misc]  # scikit-learn is untyped
    """One nearest neighbour by the columns of one block: a class that bench does not know."""

    def __init__(self, block: int = 0) -> None:
        super().__init__(n_neighbors=1)
        self.block = block

    def fit(self, X: np.ndarray, y: np.ndarray) -> NearestInBlock:
        """Keep the block of the rows."""
        super().fit(self._block_of(X), y)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The class of the nearest row."""
        nearest: np.ndarray = super().predict(self._block_of(X))
        return nearest

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """One for the class of the nearest row."""
        shares: np.ndarray = super().predict_proba(self._block_of(X))
        return shares

    def _block_of(self, X: np.ndarray) -> np.ndarray:
        return columns_of(X, self.block, WORLD.features)


def p_by_rule(seed: int) -> dict[str, float]:
    """The p of each pair of equals by the corrected t, and by what is taken where halves were fitted."""
    generator = np.random.default_rng([38, seed])
    X, y = WORLD.sample(generator)
    whole = Split.drawn(y, REPEATS, generator, folds=FOLDS)
    halved = Split.drawn(y, PAIRS, generator, folds=MOST_FOLDS, parts=2)
    found = {}
    for kind in KINDS:
        held_out = ALL_LEARNERS[kind](X, y, whole)
        scores = fold_scores(held_out, y, whole)["accuracy"]
        losses = row_losses(held_out, y, whole)
        test = corrected_mean(
            (scores[0] - scores[1]).ravel(),
            test_train_ratio=1 / (FOLDS - 1),
            mix_variance=class_mix(losses[0] - losses[1], y),
        )
        inside = fold_scores(ALL_LEARNERS[kind](X, y, halved), y, halved)["accuracy"]
        halves = inside.reshape(WORLD.blocks, PAIRS, 2, -1).mean(axis=-1)
        by_halves = carried(test.estimate, halves[0] - halves[1], se=test.se)
        found[f"{kind}, corrected t"] = 0.0 if test.low > 0 or test.high < 0 else 1.0
        found[f"{kind}, halves"] = by_halves.p_value
    return found


def p_by_api(seed: int) -> dict[str, float]:
    """The p of each pair of equal models in the study of one sample, by `bench.benchmark`."""
    X, y = WORLD.sample(np.random.default_rng([38, seed]))
    with patch.object(run_of_study, "outcomes", outcomes_here):
        result = bench.benchmark(
            np.hstack(list(X)),
            y,
            models_of_blocks(),
            cv=RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS),
            seed=seed,
            progress=False,
        )
    return p_of_equals(result.pairs)


def p_by_study(seed: int) -> dict[str, float]:
    """The p of each pair of equal models in the study of one sample, from a study file."""
    X, y = WORLD.sample(np.random.default_rng([38, seed]))
    table = pl.DataFrame(np.hstack(list(X)), schema=list("abcdef"))
    with (
        TemporaryDirectory() as folder,
        patch.object(run_of_study, "outcomes", outcomes_here),
    ):
        home = Path(folder, "studies", "small")
        home.mkdir(parents=True)
        Path(folder, "params.yaml").write_text(
            "studies: [small]\ntrusted: [research]\n"
        )
        Path(home, "study.yaml").write_text(STUDY.format(seed=seed))
        table.with_columns(y=pl.Series(y)).write_parquet(home / "data.parquet")
        return p_of_equals(bench.Project(folder).run("small", progress=False).pairs)


def p_of_equals(pairs: pl.DataFrame) -> dict[str, float]:
    """The p of each pair of models of one kind."""
    found = {}
    for row in pairs.filter(metric="accuracy").iter_rows(named=True):
        kind, other = (row[name].partition("-")[0] for name in ("family", "against"))
        if kind == other:
            found[kind] = float(row["p"])
    return found


def outcomes_here(tasks: Iterable[CellTask], limits: Limits) -> Iterator[CellOutcome]:
    """What workers make of cells, in this process: to start and watch them costs more than such fits."""
    for task in tasks:
        content, failure = work(task)
        yield CellOutcome(task.cell, content, failure, 0.01, 1)


def models_of_blocks() -> dict[str, Any]:
    """A model of each kind on each block of columns."""
    models = {}
    for kind, estimator in KINDS.items():
        for block in range(WORLD.blocks):
            models[f"{kind}-{block}"] = _on_block(block, estimator)
    return models


def _on_block(block: int, estimator: BaseEstimator) -> Pipeline:
    sizes = {"block": block, "features": WORLD.features}
    return make_pipeline(FunctionTransformer(columns_of, kw_args=sizes), estimator)


def rows_of(way: str, found: list[dict[str, float]]) -> list[Row]:
    """One row a pair: how often its two models were called different."""
    rows: list[Row] = []
    for pair in found[0]:
        p = np.array([sample[pair] for sample in found])
        share = float((p < LEVEL).mean())
        error = (share * (1 - share) / len(p)) ** 0.5
        rows.append((way, pair, percent(share), percent(error), str(len(p))))
    return rows


def write(rows: list[Row]) -> None:
    """Put the rows onto the page, in the place of those that were found the same way."""
    before = sections(PAGE.read_text(encoding="utf-8")).get(TITLE, "")
    lines = [line[2:-2] for line in before.splitlines() if line.startswith("| ")]
    kept: list[Row] = [tuple(line.split(" | ")) for line in lines[2:]]
    others = [row for row in kept if row[0] != rows[0][0]]
    table = Table(TITLE.removeprefix("## "), ABOUT, HEAD, sorted([*others, *rows]))
    put(TITLE, markdown(table))


#: What a row of the page says of a way, and the p of its pairs in one sample.
WAYS: dict[str, tuple[str, int, Callable[[int], dict[str, float]]]] = {
    "rules": ("the rules alone", SAMPLES, p_by_rule),
    "api": ("bench.benchmark", STUDIES, p_by_api),
    "study": ("a study file", STUDIES, p_by_study),
}


def main() -> None:
    """Print the p of every sample, and write the rates."""
    (way,) = sys.argv[1:] or ["rules"]
    title, samples, p_of = WAYS[way]
    found = []
    with get_context("spawn").Pool() as pool:
        for seed, sample in enumerate(pool.imap(p_of, range(samples), chunksize=10)):
            found.append(sample)
            if way != "rules":
                line = " ".join(f"{pair} {p:.4f}" for pair, p in sample.items())
                print(seed, line, flush=True)
    write(rows_of(title, found))


if __name__ == "__main__":
    main()
