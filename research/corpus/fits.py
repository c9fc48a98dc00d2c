"""Small tables, what papers print of them, and what studies score on them: made once, combined in `papers`.

A study follows the paper, or its models are weaker, or its data are poorer: half of the columns, or half of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from bench.claims import verdicts
from bench.core.frames import records
from bench.core.judgements import VerdictRow
from bench.scores.series import series_of
from research.calibrate.finder import (
    EVERY_WORLD,
    Printed,
    Size,
    World,
    larger,
    papers_of,
    run_of,
    study_of,
)
from research.calibrate.papers import Recipe, Table
from research.corpus.rules import TOLERANCE

FAITHFUL, WEAKER = "faithful", "weaker models"
HALF_COLUMNS, HALF_ROWS = "half of the columns", "half of the rows"
ENDLESS = "faithful, fifty repeats"
#: The rows of the datasets of a paper, in multiples of the smallest of their world.
TIMES = (1, 1, 5, 5)
REPEATS, MOST_REPEATS = 10, 50
#: Papers of a protocol, or of a kind, on each table.
COUNTS: Mapping[str, int] = {"as stated": 4, "valid": 1, "error": 2, "unknown": 2}
STATED = "valid/as stated"
_TABLE = "table0"
_CLAIM = {
    "kind": "value",
    "dataset": _TABLE,
    "unit": "fraction",
    "where": "simulated",
    "read": "source",
    "tolerance": TOLERANCE,
}
_FRAMES = ("tables", "folds", "scores", "estimates", "failures", "predictions")


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One table: what papers print of it, by way, and the frames of each study of it."""

    world: str
    draw: int
    dataset: str
    times: int
    papers: Mapping[str, list[Printed]]
    studies: Mapping[str, Mapping[str, pl.DataFrame]]


def fit_world(
    name: str,
    draw: int,
    times: tuple[int, ...] = TIMES,
    *,
    most_repeats: int | None = None,
) -> Iterator[Fit]:
    """The datasets of one draw of a world; `most_repeats`: of a further faithful study."""
    place = list(EVERY_WORLD).index(name)
    for i, size in enumerate(times):
        world = larger(EVERY_WORLD[name], size)
        seeds = (place, draw, size, i)
        table = world.draw(np.random.default_rng([12, *seeds]), size)
        studies = {}
        for study in (FAITHFUL, WEAKER, HALF_COLUMNS, HALF_ROWS):
            if study == HALF_ROWS and size == 1 and any(r.grid for r in world.recipes):
                continue  # an inner fold has fewer rows than neighbours are tried
            studies[study] = run_study(world, table, study, REPEATS)
        if most_repeats is not None:
            studies[ENDLESS] = run_study(world, table, FAITHFUL, most_repeats)
        yield Fit(
            world=name,
            draw=draw,
            dataset=f"table{i}",
            times=size,
            papers=papers_of(world, [table], COUNTS, (13, *seeds)),
            studies=studies,
        )


def run_study(
    world: World, table: Table, study: str, repeats: int
) -> dict[str, pl.DataFrame]:
    """The frames that judging reads."""
    size = Size("", 1, 1, (repeats,))
    frames = run_of(
        change_recipes(world, study),
        size,
        [change_table(table, study)],
        "corpus",
        explain=False,
    )
    return {name: frames[name] for name in _FRAMES}


def change_recipes(world: World, study: str) -> World:
    """The world as a study fits it."""
    if study == WEAKER:
        recipes = tuple(weaken(recipe) or recipe for recipe in world.recipes)
    elif study == HALF_ROWS:
        recipes = tuple(replace(r, fixed=r.fixed // 2) for r in world.recipes)
    else:
        recipes = world.recipes
    return replace(world, recipes=recipes)


def change_table(table: Table, study: str) -> Table:
    """The table as a study has it; half of the rows: of each class and test set, whole groups."""
    if study == HALF_COLUMNS:
        return replace(table, X=np.ascontiguousarray(table.X[:, ::2]))
    if study == HALF_ROWS:
        together = 2 if table.group is None else 12
        return table.of(np.flatnonzero(np.arange(table.n) // together % 2 == 0))
    return table


def weaken(recipe: Recipe) -> Recipe | None:
    """The same model with less: one neighbour, one feature, one split, two rounds; None where it has no less."""
    if recipe.family == "knn":
        is_least = recipe.grid is None and recipe.parameters["n_neighbors"] == 1
        return (
            None
            if is_least
            else replace(recipe, grid=None, parameters={"n_neighbors": 1})
        )
    if recipe.family in ("lda", "linear_regression"):
        return replace(recipe, select=1)
    if recipe.family == "decision_tree":
        return replace(recipe, grid=None, parameters={"max_depth": 1})
    return replace(recipe, parameters={**recipe.parameters, "n_estimators": 2})


def judge(
    fit: Fit, study: str, numbers: list[tuple[str, float]]
) -> list[tuple[VerdictRow, np.ndarray]]:
    """What bench says of each (family, printed number), with our (repeats, folds) scores."""
    followed = FAITHFUL if study == ENDLESS else study
    world = change_recipes(larger(EVERY_WORLD[fit.world], fit.times), followed)
    frames = fit.studies[study]
    repeats = frames["scores"]["repeat"].n_unique()
    claims: list[dict[str, Any]] = []
    for i, (family, value) in enumerate(numbers):
        claims.append(
            _CLAIM | {"id": f"p{i}", "family": family, "value": f"{value:.3f}"}
        )
    size = Size("", 1, 1, (repeats,))
    stated = study_of(world, size, "corpus", tuple(claims), explain=False)
    rows = records(verdicts(stated, frames), VerdictRow)
    ours = {}
    for (_, family, _), series in series_of(
        frames["scores"], "test", ("plain",)
    ).items():
        ours[family] = series.value.reshape(len(series.repeat_means()), -1)
    return [(replace(row, dataset=fit.dataset), ours[str(row.family)]) for row in rows]
