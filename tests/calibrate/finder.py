"""The slip finder on simulated papers: what a study of the paper's table answers of the numbers that it prints.

The study is the house's own: its grid, its cells one by one in this process, its scores, its explanations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from bench import frames
from bench.claims import answer_of, explanations
from bench.data.dataset import Column, Dataset
from bench.run.evaluate import evaluate
from bench.run.gather import gathered
from bench.run.result import packed
from bench.run.store import Store
from bench.run.study import grid_of
from bench.run.ways import WAYS
from bench.scores import scores_of
from bench.series import series_of
from bench.study import Study
from calibrate.papers import FOLDS, HONEST, SLIPS, UNKNOWN, Number, Recipe, Run, Table

NAME, FAMILY = "sample", "model"
REPEATS = 10


@dataclass(frozen=True)
class World:
    """Where papers come from: a recipe, tables, the slips that are planted, and what a study must say of slips."""

    recipe: Recipe
    draw: Callable[[np.random.Generator, int], Table]
    slips: tuple[str, ...]
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def wide(rng: np.random.Generator, times: int = 1) -> Table:
    """50 rows, 400 columns of noise but for three that say a little."""
    y = np.arange(50 * times) % 2
    X = rng.standard_normal((50 * times, 400))
    X[:, :3] += 0.5 * y[:, None]
    return Table(X, y)


def imbalanced(rng: np.random.Generator, times: int = 1) -> Table:
    """One row in five is of the second class; the classes overlap."""
    y = (np.arange(120 * times) % 5 == 0).astype(int)
    return Table(rng.standard_normal((120 * times, 4)) + 0.8 * y[:, None], y)


def grouped(rng: np.random.Generator, times: int = 1) -> Table:
    """25 speakers of six rows each, near to each other; each speaker is of one class."""
    speaker = np.repeat(np.arange(25 * times), 6)
    y = speaker % 2
    centre = 1.2 * rng.standard_normal((25 * times, 5))
    return Table(centre[speaker] + 0.6 * rng.standard_normal((150 * times, 5)) + 0.5 * y[:, None], y, speaker)


def repeated(rng: np.random.Generator, times: int = 1) -> Table:
    """100 rows, some of which the raw table holds two or three times."""
    y = np.arange(100 * times) % 2
    X = rng.standard_normal((100 * times, 5)) + 0.6 * y[:, None]
    rows = np.concatenate([np.arange(100 * times), rng.integers(0, 100 * times, 50 * times)])
    return Table(X, y, kept={"duplicates_kept": Table(X[rows], y[rows])})


def derived(rng: np.random.Generator, times: int = 1) -> Table:
    """120 rows; a sixth column was measured after the outcome."""
    y = np.arange(120 * times) % 2
    X = rng.standard_normal((120 * times, 5)) + 0.5 * y[:, None]
    late = 1.6 * y + rng.standard_normal(120 * times)
    return Table(X, y, kept={"columns_kept": Table(np.column_stack([X, late]), y)})


def overlapping(rng: np.random.Generator, times: int = 1) -> Table:
    """60 rows of two classes that overlap, with as much noise as signal."""
    y = np.arange(60 * times) % 2
    X = rng.standard_normal((60 * times, 8))
    X[:, :4] += 0.6 * y[:, None]
    return Table(X, y)


def one_split(rng: np.random.Generator, times: int = 1) -> Table:
    """160 rows in a given order, the last half of them the test set."""
    y = np.arange(160 * times) % 2
    return Table(rng.standard_normal((160 * times, 6)) + 0.5 * y[:, None], y)


_NEAR = ("n_neighbors", tuple(range(1, 22, 2)))
_PRUNED = ("ccp_alpha", (0.0, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064))
WORLDS: Mapping[str, World] = {
    "wide": World(
        Recipe("knn", parameters={"n_neighbors": 3}, select=10), wide, ("selection_before_split",)
    ),
    "imbalanced": World(
        Recipe("knn", "f1_macro", {"n_neighbors": 1}), imbalanced, ("oversampling_before_split", "averaging")
    ),
    "grouped": World(
        Recipe("knn", "error_rate", {"n_neighbors": 1}), grouped, ("random_split",),
        {"random_split": {"folds": FOLDS}},
    ),
    "repeated": World(Recipe("decision_tree", scale=None), repeated, ("duplicates_kept",)),
    "derived": World(
        Recipe("lda"), derived, ("columns_kept", "best_of_splits"),
        {"columns_kept": {"columns": ["late"]}, "best_of_splits": {"splits": 100}},
    ),
    "tuned": World(Recipe("knn", grid=_NEAR), overlapping, ("tuned_on_test", "flat_maximum", "train_score")),
    "one split": World(
        Recipe("decision_tree", parameters={"max_features": 2}, scale=None, fixed=80), one_split,
        ("best_of_seeds", "train_score"),
        {"best_of_seeds": {"seeds": 50}},
    ),
}  # fmt: skip


def larger(world: World, times: int) -> World:
    """The same world with so many times the rows."""
    return replace(world, recipe=replace(world.recipe, fixed=world.recipe.fixed * times))


def study_of(world: World, number: str, claims: tuple[dict[str, Any], ...] = ()) -> Study:
    """What a reader of the paper writes."""
    recipe = world.recipe
    steps: list[Any] = ["scale"] if recipe.scale else []
    steps += [{"select": {"k": recipe.select}}] if recipe.select else []
    resampling: dict[str, Any] = {"kind": "kfold", "folds": FOLDS, "repeats": REPEATS}
    if world.draw is grouped:
        resampling["kind"] = "group_kfold"
    if recipe.fixed:
        resampling = {
            "kind": "fixed_split",
            "train": f"1-{recipe.fixed}",
            "test": f"{recipe.fixed + 1}-{2 * recipe.fixed}",
        }
        resampling["repeats"] = REPEATS
    grid = {recipe.grid[0]: list(recipe.grid[1])} if recipe.grid else {}
    slips = [way.name for way in WAYS.values() if way.arm != "honest"]
    said = dict(world.said)
    return Study.model_validate(
        {
            "id": f"study-{number}",
            "title": "Simulated",
            "task": "classification",
            "datasets": {NAME: {"source": {"kind": "simulated"}, "target": "y"}},
            "clean": None,
            "preprocess": None,
            "protocol": {"resampling": resampling, "tuning": {"folds": 3} if recipe.grid else None, "seed": 1},
            "families": {
                FAMILY: {"family": recipe.family, "preprocess": steps, **recipe.parameters, **grid}
            },
            "metrics": {"primary": recipe.metric},
            "diagnostics": {
                "explain": {
                    "family": FAMILY,
                    "slips": [{name: said[name]} if name in said else name for name in slips],
                    "repeats": REPEATS,
                }
            },
            "claims": list(claims),
        }
    )  # fmt: skip


def dataset_of(table: Table, about: str = "") -> Dataset:
    """The table as the house loads it; its fingerprint is of its content."""
    digest = hashlib.sha256(about.encode() + table.X.tobytes() + table.y.tobytes()).hexdigest()
    columns = tuple(Column(f"x{i}", "numeric") for i in range(table.X.shape[1]))
    group = None if table.group is None else table.group.astype(str)
    return Dataset(
        NAME, "classification", columns, np.ascontiguousarray(table.X), table.y.astype(np.int64), np.arange(table.n),
        digest, ("a", "b"), "b", {} if group is None else {"speaker": group}, group=group,
    )  # fmt: skip


def run_of(world: World, table: Table, number: str) -> dict[str, pl.DataFrame]:
    """The frames that the judge reads: every way of the study, run."""
    study, dataset = study_of(world, number), dataset_of(table)
    kept = {slip: dataset_of(other, slip) for slip, other in table.kept.items()}
    with Store(None) as store:  # type: ignore[arg-type]
        grid = grid_of(study, [dataset], store, other=lambda _, slip: kept.get(slip))
    done = {cell.key: packed(evaluate(grid.datasets[cell.fingerprint], cell)) for cell in grid.cells}
    found = gathered(grid.cells, lambda cell: done[cell.key], {}, grid.datasets, grid.folds, grid.ways)
    about = {"dataset": NAME, "title": NAME, "rows": table.n, "features": table.X.shape[1], "classes": ["a", "b"]}
    tables = frames.of_rows([about | {"positive": "b", "draws": 0}], frames.TABLES)
    names = ("predictions", "tuning", "failures", "folds", "ways")
    return {name: getattr(found, name) for name in names} | {
        "tables": tables,
        "scores": scores_of(study, tables, found.predictions, found.tuning),
        "comparisons": frames.empty(frames.COMPARISONS),
    }


def papers_of(world: World, table: Table, counts: Mapping[str, int], seeds: tuple[int, ...]) -> dict[str, list[float]]:
    """The numbers that papers print, by `arm/way`; counts: papers of each honest, slip, unknown way."""
    ways: dict[str, tuple[int, Number]] = {}
    for arm, named in (("honest", HONEST), ("slip", {name: SLIPS[name] for name in world.slips}), ("unknown", UNKNOWN)):
        for name, number in named.items():
            if _makes_sense(world, arm, name):
                ways[f"{arm}/{name}"] = (counts[name if name in counts else arm], number)
    root = np.random.SeedSequence(seeds)
    found = {}
    for (name, (count, number)), one in zip(ways.items(), root.spawn(len(ways)), strict=True):
        runs = (Run(world.recipe, table, np.random.default_rng(child)) for child in one.spawn(count))
        found[name] = [round(number(run), 3) for run in runs]
    return found


def _makes_sense(world: World, arm: str, name: str) -> bool:
    recipe = world.recipe
    if name == "scaled to 0 .. 1":
        return recipe.scale is not None
    if name in ("not stratified", "ten folds", "best_of_splits", "the best fold printed"):
        return not recipe.fixed and (name != "not stratified" or world.draw is not grouped)
    return True


def answered(
    world: World, found: Mapping[str, pl.DataFrame], papers: Mapping[str, list[float]], number: str
) -> dict[str, list[pl.DataFrame]]:
    """frames.EXPLANATIONS of each paper, as `papers` has them."""
    printed = [f"{value:.3f}" for values in papers.values() for value in values]
    about = {"kind": "value", "dataset": NAME, "family": FAMILY, "unit": "fraction", "where": "simulated"}
    claims = tuple(
        about | {"id": f"p{i}", "value": value, "verified": True} for i, value in enumerate(dict.fromkeys(printed))
    )
    rows = explanations(study_of(world, number, claims), found)
    parts = rows.partition_by("claim", as_dict=True)
    by_value = {claim["value"]: parts[(claim["id"],)] for claim in claims}
    return {name: [by_value[f"{value:.3f}"] for value in values] for name, values in papers.items()}


#: Papers of a way on one table.
COUNTS = {"as stated": 4, "honest": 1, "ten folds": 2, "slip": 4, "unknown": 3}


def outcomes(
    world: World, found: Mapping[str, pl.DataFrame], papers: Mapping[str, list[float]], number: str
) -> list[dict[str, Any]]:
    """What the study answers of each paper: arm, way, effect, found, none, honest, accuses, ways in its set.

    effect: how far the way's expected number lies from the honest one, in standard errors: spreads of honest numbers
    over splits and seeds. Of a known slip it is the study's own estimate, else the mean of the way's other papers.
    """
    own = series_of(found["scores"], "test", ("plain", "honest=protocol"))[NAME, FAMILY, world.recipe.metric]
    runs, rows = own.repeat_means(), []
    for key, frames_ in answered(world, found, papers, number).items():
        arm, _, way = key.partition("/")
        for i, frame in enumerate(frames_):
            name = "averaging:f1_weighted" if way == "averaging" else way
            mine = frame.filter(pl.col("variant") == f"slip={name}")
            others = [value for j, value in enumerate(papers[key]) if j != i] or papers[key]
            centre = mine["estimate"][0] if arm == "slip" else float(np.mean(others))
            answer = answer_of(frame)
            sound = bool(answer.honest or answer.controls)
            rows.append(
                {"arm": arm, "way": way, "effect": float(abs(centre - runs.mean()) / runs.std(ddof=1)),
                 "found": bool(mine["compatible"].any()), "none": not answer.slips and not sound, "honest": sound,
                 "accuses": answer.accuses, "ways": len(answer.slips) + len(answer.honest) + len(answer.controls)}
            )  # fmt: skip
    return rows


def simulated(
    name: str, times: int, number: int, counts: Mapping[str, int] = MappingProxyType(COUNTS)
) -> list[dict[str, Any]]:
    """The outcomes on one table of one world, the same whoever runs it."""
    world, place = larger(WORLDS[name], times), list(WORLDS).index(name)
    table = world.draw(np.random.default_rng([7, place, number, times]), times)
    papers = papers_of(world, table, counts, (8, place, number, times))
    about = f"{place}-{number}-{times}"
    return outcomes(world, run_of(world, table, about), papers, about)
