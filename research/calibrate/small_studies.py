"""How often a small study calls two equal models different: 200 rows, 5 folds x 3 repeats, by the test that bench takes.

    python -m research.calibrate.small_studies                  2000 samples, fits by numpy: half a minute
    python -m research.calibrate.small_studies api [600] [0]    so many whole studies from that number on, as users run
                                                                them: by `bench.benchmark`, in pipelines of scikit-learn

A sample has two blocks of features of equal signal, and a model of each kind is fitted on each block. `api` prints the
p of each pair of equals, a sample a line. Both write the shares of samples with a p below .05 into docs/calibration.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any
from unittest.mock import patch

import numpy as np
from sklearn.base import BaseEstimator
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
    "`bench.benchmark`: whole studies, the models inside pipelines of scikit-learn."
)
#: What stands inside the pipelines, by the name of its learner in numpy.
KINDS: dict[str, BaseEstimator] = {
    "stump": DecisionTreeClassifier(max_depth=1),
    "one_nn": KNeighborsClassifier(n_neighbors=1),
}


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


def p_of_study(seed: int) -> dict[str, float]:
    """The p of each pair of equal models in the study of one sample."""
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
    found = {}
    for row in result.pairs.filter(metric="accuracy").iter_rows(named=True):
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


def main() -> None:
    """Print the p of every study, and write the rates."""
    numbers = [int(number) for number in sys.argv[2:]]
    studies, first = [*numbers, *(STUDIES, 0)[len(numbers) :]]
    found = []
    if sys.argv[1:] == []:
        found = [p_by_rule(seed) for seed in range(SAMPLES)]
        write(rows_of("the rules alone", found))
        return
    for seed in range(first, first + studies):
        found.append(p_of_study(seed))
        line = " ".join(f"{pair} {p:.4f}" for pair, p in found[-1].items())
        print(seed, line, flush=True)
    write(rows_of("bench.benchmark", found))


if __name__ == "__main__":
    main()
