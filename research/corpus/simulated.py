"""Papers that are simulated with and without an error, judged by a study that bench runs on the same table.

Two groups: studies that follow the paper, and studies whose models are weaker than the paper's, so that a number below
the paper's says nothing against it. The second are judged twice: as what they are (`approximated`), and as if they
followed the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from bench.claims import verdicts
from bench.core.judgements import Agreement, Evidence
from bench.scores.series import series_of
from research.calibrate.finder import (
    FAMILIES,
    WORLDS,
    Printed,
    Size,
    World,
    concerns,
    larger,
    papers_of,
    run_of,
    study_of,
)
from research.calibrate.papers import Recipe, Table
from research.corpus.rules import TOLERANCE, Case, Held, Truth, case

FOLLOWS, WEAKER = "simulated papers", "studies weaker than the paper"
REPEATS = 10
SIZES = (Size("50 to 160", 1, 1, (REPEATS,)), Size("250 to 800", 5, 1, (REPEATS,)))
#: Papers of a protocol, or of a kind, on each table.
COUNTS: Mapping[str, int] = {"as stated": 12, "valid": 3, "error": 4, "unknown": 3}
_ABOUT = {
    "kind": "value",
    "unit": "fraction",
    "where": "simulated",
    "read": "source",
    "tolerance": TOLERANCE,
}
_TABLE = "table0"


@dataclass(frozen=True)
class Drawn:
    """One table, what papers print of it, and the seeds of both."""

    world: World
    size: Size
    table: Table
    papers: Mapping[str, list[Printed]]
    number: str


def cases(
    draws: int, worlds: tuple[str, ...] = tuple(WORLDS), sizes: tuple[Size, ...] = SIZES
) -> Iterator[Case]:
    """So many tables of each world and size."""
    for size in sizes:
        for name in worlds:
            for draw in range(draws):
                place = list(WORLDS).index(name)
                world = larger(WORLDS[name], size.times)
                seeds = (place, draw, size.times, 0)
                table = world.draw(np.random.default_rng([12, *seeds]), size.times)
                papers = papers_of(world, [table], COUNTS, (13, *seeds))
                drawn = Drawn(
                    world, size, table, papers, f"corpus-{place}-{draw}-{size.times}"
                )
                yield from _followed(drawn)
                yield from _weaker(drawn)


def _followed(drawn: Drawn) -> Iterator[Case]:
    """Every number of every paper, beside a study that does what the paper says."""
    numbers = [
        (way, family, paper[_TABLE, family])
        for way, papers in drawn.papers.items()
        for paper in papers
        for family in FAMILIES
    ]
    found = _run(drawn, drawn.world)
    for (way, family, value), (ours, said) in zip(
        numbers, _judged(drawn, drawn.world, numbers, found), strict=True
    ):
        yield case(
            FOLLOWS,
            way.partition("/")[2],
            _truth(drawn, way, family),
            Held(f"{value:.3f}", ours),
            *said,
        )


def _truth(drawn: Drawn, way: str, family: str) -> Truth:
    """Whether the protocol moves this number, by the means of all papers that follow it and of those as stated."""
    kind, _, _ = way.partition("/")
    recipe = drawn.world.recipes[FAMILIES.index(family)]
    if kind == "valid" or not concerns(recipe, way):
        return "sound"
    with_error, stated = (
        float(np.mean([paper[_TABLE, family] for paper in drawn.papers[one]]))
        for one in (way, "valid/as stated")
    )
    return "off" if abs(with_error - stated) > TOLERANCE else "trifling"


def weaker(recipe: Recipe) -> Recipe | None:
    """The same model with less: one neighbour, one feature, one split, two rounds; None where it has no less."""
    if recipe.family == "knn" and (recipe.grid or recipe.parameters["n_neighbors"] > 1):
        return replace(recipe, grid=None, parameters={"n_neighbors": 1})
    if recipe.family == "lda":
        return replace(recipe, select=1)
    if recipe.family == "decision_tree":
        return replace(recipe, grid=None, parameters={"max_depth": 1})
    return (
        replace(recipe, parameters={**recipe.parameters, "n_estimators": 2})
        if recipe.family == "xgboost"
        else None
    )


def _weaker(drawn: Drawn) -> Iterator[Case]:
    """The sound numbers of papers, beside a study of weaker models."""
    less = [weaker(recipe) for recipe in drawn.world.recipes]
    recipes = tuple(a or b for a, b in zip(less, drawn.world.recipes, strict=True))
    world = replace(drawn.world, recipes=recipes)
    numbers = [
        ("valid/as stated", family, paper[_TABLE, family])
        for paper in drawn.papers["valid/as stated"][: COUNTS["valid"]]
        for family, recipe in zip(FAMILIES, less, strict=True)
        if recipe is not None
    ]
    found = _run(drawn, world)
    for fidelity, way in (
        ("approximated", "said to be weaker"),
        ("exact", "taken for the paper's"),
    ):
        judged = _judged(drawn, world, numbers, found, fidelity)
        for (_, _, value), (ours, said) in zip(numbers, judged, strict=True):
            yield case(WEAKER, way, "sound", Held(f"{value:.3f}", ours), *said)


def _run(drawn: Drawn, world: World) -> dict[str, pl.DataFrame]:
    return run_of(world, drawn.size, [drawn.table], drawn.number, explain=False)


def _judged(
    drawn: Drawn,
    world: World,
    numbers: list[tuple[str, str, float]],
    found: Mapping[str, pl.DataFrame],
    fidelity: str = "exact",
) -> Iterator[
    tuple[np.ndarray, tuple[Agreement | None, Evidence | None, float | None]]
]:
    """Our scores, and the agreement, the evidence and the p-value of each number, by a study of these models."""
    claims: tuple[dict[str, Any], ...] = tuple(
        _ABOUT
        | {
            "id": f"p{i}",
            "dataset": _TABLE,
            "family": family,
            "value": f"{value:.3f}",
            "fidelity": fidelity,
        }
        for i, (_, family, value) in enumerate(numbers)
    )
    study = study_of(world, drawn.size, drawn.number, claims, explain=False)
    names = ("tables", "folds", "scores", "estimates", "failures", "predictions")
    rows = verdicts(study, **{name: found[name] for name in names})
    scores = {family: _scores(found["scores"], family) for family in FAMILIES}
    for (_, family, _), row in zip(numbers, rows.iter_rows(named=True), strict=True):
        agreement, evidence = row["agreement"], row["evidence"]
        said = (
            None if agreement is None else Agreement(agreement),
            None if evidence is None else Evidence(evidence),
        )
        yield scores[family], (*said, row["p"])


def _scores(scores: pl.DataFrame, family: str) -> np.ndarray:
    """(repeats, folds)"""
    (one,) = (
        runs
        for (_, name, _), runs in series_of(scores, "test", ("plain",)).items()
        if name == family
    )
    values: np.ndarray = one.value.reshape(len(one.repeat_means()), -1)
    return values
