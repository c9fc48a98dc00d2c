"""The search for explanations on simulated papers: what a study of the paper's table answers about its numbers.

The study runs bench itself: grid, cells one by one in this process, scores, explanations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from bench.claims import explanations
from bench.core import frames
from bench.core.comparisons import ESTIMATES
from bench.data.dataset import Column, Dataset
from bench.run.evaluate import evaluate
from bench.run.gather import gathered
from bench.run.result import packed
from bench.run.store import Store
from bench.run.study import follow_ups, grid_of
from bench.run.variants.explanation import EXPLANATIONS
from bench.scores.compute import scores_of
from bench.scores.explanations import compatible_of, jointly
from bench.scores.series import series_of
from bench.study import Study
from bench.study.claims import FORMS
from research.calibrate.papers import (
    ERRORS,
    FOLDS,
    UNKNOWN,
    VALID,
    Number,
    Recipe,
    Run,
    Table,
)

FAMILIES = ("first", "second", "third")
#: The effect on a number that chance does not touch.
BARE = 99.0
#: The numbers of a paper by dataset and family.
Printed = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Size:
    """How large simulated papers and their studies are.

    rows: range over the tables of all worlds, as text; times: rows in multiples of the smallest; tables: how many a
    paper has; repeats: the numbers of repeats by which a study is judged; it makes the largest of them.
    """

    rows: str
    times: int
    tables: int
    repeats: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"table{i}" for i in range(self.tables))


SIZES = (Size("50 to 160", 1, 4, (10, 30)), Size("250 to 800", 5, 2, (10,)))


@dataclass(frozen=True)
class World:
    """Where papers come from: a recipe for each family, tables, the planted errors, and the parameters of these."""

    recipes: tuple[Recipe, ...]
    draw: Callable[[np.random.Generator, int], Table]
    errors: tuple[str, ...]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def wide(rng: np.random.Generator, times: int = 1) -> Table:
    """50 rows, 400 columns of noise but for three that say a little."""
    y = np.arange(50 * times) % 2
    X = rng.standard_normal((50 * times, 400))
    X[:, :3] += 0.5 * y[:, None]
    return Table(X, y)


def grouped(rng: np.random.Generator, times: int = 1) -> Table:
    """25 speakers of six rows each, near to each other; each speaker is of one class."""
    speaker = np.repeat(np.arange(25 * times), 6)
    y = speaker % 2
    centre = 1.2 * rng.standard_normal((25 * times, 5))
    return Table(
        centre[speaker]
        + 0.6 * rng.standard_normal((150 * times, 5))
        + 0.5 * y[:, None],
        y,
        speaker,
    )


def repeated(rng: np.random.Generator, times: int = 1) -> Table:
    """100 rows, some of which the raw table holds two or three times."""
    y = np.arange(100 * times) % 2
    X = rng.standard_normal((100 * times, 5)) + 0.6 * y[:, None]
    rows = np.concatenate(
        [np.arange(100 * times), rng.integers(0, 100 * times, 50 * times)]
    )
    return Table(X, y, kept={"duplicates_kept": Table(X[rows], y[rows])})


def plain(rng: np.random.Generator, times: int = 1) -> Table:
    """120 rows of two classes that a little tells apart."""
    y = np.arange(120 * times) % 2
    return Table(rng.standard_normal((120 * times, 5)) + 0.5 * y[:, None], y)


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
_FEW = ("n_neighbors", (1, 9, 25))
_PRUNED = ("ccp_alpha", (0.0, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064))
_TREE = Recipe("decision_tree", scale=None)
WORLDS: Mapping[str, World] = {
    "wide": World(
        (Recipe("knn", parameters={"n_neighbors": 3}, select=10), Recipe("lda", select=5),
         Recipe("knn", parameters={"n_neighbors": 1}, select=20)),
        wide, ("selection_before_split",)
    ),
    "grouped": World(
        (Recipe("knn", "error_rate", {"n_neighbors": 1}), Recipe("lda", "error_rate"),
         replace(_TREE, metric="error_rate")),
        grouped, ("random_split",), {"random_split": {"folds": FOLDS}},
    ),
    "repeated": World(
        (_TREE, Recipe("knn", parameters={"n_neighbors": 3}), Recipe("lda")), repeated, ("duplicates_kept",)
    ),
    "plain": World(
        (Recipe("lda"), Recipe("knn", parameters={"n_neighbors": 5}), _TREE), plain,
        ("best_of_splits",), {"best_of_splits": {"splits": 100}},
    ),
    "tuned": World(
        (Recipe("knn", grid=_NEAR), replace(_TREE, grid=_PRUNED), Recipe("knn", grid=_FEW)), overlapping,
        ("tuned_on_test", "flat_maximum", "train_score"),
    ),
    "boosted": World(
        (Recipe("xgboost", parameters={"n_estimators": 100, "max_depth": 2, "learning_rate": 1.0}, scale=None),
         Recipe("lda"), Recipe("knn", parameters={"n_neighbors": 5})),
        overlapping, ("stopped_on_test",),
    ),
    "one split": World(
        (Recipe("decision_tree", parameters={"max_features": 2}, scale=None, fixed=80),
         Recipe("decision_tree", parameters={"max_features": 3, "max_depth": 4}, scale=None, fixed=80),
         Recipe("lda", fixed=80)),
        one_split, ("best_of_seeds", "train_score"), {"best_of_seeds": {"seeds": 50}},
    ),
}  # fmt: skip


def wide_line(rng: np.random.Generator, times: int = 1) -> Table:
    """60 rows, 200 columns of noise but for three on which the number depends a little."""
    X = rng.standard_normal((60 * times, 200))
    return Table(X, 0.4 * X[:, :3].sum(axis=1) + 0.72 * rng.standard_normal(60 * times))


def grouped_line(rng: np.random.Generator, times: int = 1) -> Table:
    """25 speakers of six rows each, near to each other and with numbers near to each other."""
    speaker = np.repeat(np.arange(25 * times), 6)
    centre = rng.standard_normal((25 * times, 5))
    X = centre[speaker] + 0.4 * rng.standard_normal((150 * times, 5))
    own = 0.7 * rng.standard_normal(25 * times)[speaker]
    y = 0.5 * X[:, 0] + own + 0.5 * rng.standard_normal(150 * times)
    return Table(X, y, speaker)


def repeated_curve(rng: np.random.Generator, times: int = 1) -> Table:
    """100 rows with a bend, some of which the raw table holds two or three times."""
    n = 100 * times
    X = rng.standard_normal((n, 4))
    y = 0.6 * X[:, 0] + 0.5 * np.abs(X[:, 1]) + 0.6 * rng.standard_normal(n)
    rows = np.concatenate([np.arange(n), rng.integers(0, n, n // 2)])
    return Table(X, y, kept={"duplicates_kept": Table(X[rows], y[rows])})


def curve(rng: np.random.Generator, times: int = 1) -> Table:
    """120 rows with a bend, and as much noise as signal."""
    X = rng.standard_normal((120 * times, 6))
    noise = 0.7 * rng.standard_normal(120 * times)
    return Table(X, 0.5 * X[:, 0] + 0.7 * np.abs(X[:, 1]) + noise)


_LINE = Recipe("linear_regression", "mse")
_DEPTHS = ("max_depth", (1, 2, 3, 5, 8))
_SHALLOW = Recipe("decision_tree", "mse", {"max_depth": 3}, scale=None)
_NUMBERS = Recipe("knn", "mse", {"n_neighbors": 5})
#: Worlds of numbers, whose target has a variance of about 1; the search for explanations knows classes alone.
REGRESSIONS: Mapping[str, World] = {
    "wide line": World(
        (replace(_NUMBERS, select=5), replace(_LINE, select=5), replace(_LINE, select=10)),
        wide_line, ("selection_before_split",)
    ),
    "grouped line": World(
        (replace(_NUMBERS, metric="mae", parameters={"n_neighbors": 1}), replace(_LINE, metric="mae"),
         replace(_SHALLOW, metric="mae", parameters={})),
        grouped_line, ("random_split",),
    ),
    "repeated curve": World(
        (replace(_SHALLOW, metric="r2"), replace(_NUMBERS, metric="r2"), replace(_LINE, metric="r2")),
        repeated_curve, ("duplicates_kept", "train_score"),
    ),
    "tuned curve": World(
        (replace(_NUMBERS, parameters={}, grid=_NEAR), replace(_SHALLOW, parameters={}, grid=_DEPTHS), _LINE),
        curve, ("tuned_on_test", "flat_maximum", "train_score"),
    ),
}  # fmt: skip
EVERY_WORLD = {**WORLDS, **REGRESSIONS}


def larger(world: World, times: int) -> World:
    """The same world with so many times the rows."""
    return replace(
        world,
        recipes=tuple(replace(one, fixed=one.fixed * times) for one in world.recipes),
    )


def study_of(
    world: World,
    size: Size,
    number: str,
    claims: tuple[dict[str, Any], ...] = (),
    repeats: int | None = None,
    *,
    explain: bool = True,
) -> Study:
    """What a reader of the papers writes; explain: whether the study asks for explanations of the numbers."""
    repeats = repeats or max(size.repeats)
    first = world.recipes[0]
    resampling: dict[str, Any] = {"kind": "kfold", "folds": FOLDS}
    if world.draw in (grouped, grouped_line):
        resampling["kind"] = "group_kfold"
    if first.fixed:
        parts = {
            "train": f"1-{first.fixed}",
            "test": f"{first.fixed + 1}-{2 * first.fixed}",
        }
        resampling = {"kind": "fixed_split", **parts}
    tuning = {"folds": 3} if any(one.grid for one in world.recipes) else None
    names = [
        explanation.name
        for explanation in EXPLANATIONS.values()
        if explanation.kind != "valid"
    ]
    steps = [
        {name: world.parameters[name]} if name in world.parameters else name
        for name in names
    ]
    return Study.model_validate(
        {
            "id": f"study-{number}",
            "title": "Simulated",
            "task": "regression" if first.regression else "classification",
            "datasets": {
                name: {"source": {"kind": "simulated"}, "target": "y"}
                for name in size.names
            },
            "clean": None,
            "preprocess": None,
            "protocol": {
                "resampling": {**resampling, "repeats": repeats},
                "tuning": tuning,
                "seed": 1,
            },
            "families": {
                name: _family(one)
                for name, one in zip(FAMILIES, world.recipes, strict=True)
            },
            "metrics": {"primary": first.metric},
            "diagnostics": {
                "explain": {
                    "family": list(FAMILIES),
                    "variants": steps,
                    "repeats": repeats,
                }
            }
            if explain
            else {"halves": None},
            "claims": [FORMS[claim["kind"]].model(**claim) for claim in claims],
        }
    )


def _family(recipe: Recipe) -> dict[str, Any]:
    steps: list[Any] = ["scale"] if recipe.scale else []
    steps += [{"select": {"k": recipe.select}}] if recipe.select else []
    grid = {recipe.grid[0]: list(recipe.grid[1])} if recipe.grid else {}
    return {"family": recipe.family, "preprocess": steps, **recipe.parameters, **grid}


def dataset_of(name: str, table: Table, about: str = "") -> Dataset:
    """The table as the house loads it; its fingerprint is of its content."""
    digest = hashlib.sha256(
        about.encode() + table.X.tobytes() + table.y.tobytes()
    ).hexdigest()
    columns = tuple(Column(f"x{i}", "numeric") for i in range(table.X.shape[1]))
    group = None if table.group is None else table.group.astype(str)
    of_classes = table.y.dtype.kind == "i"
    task, y = (
        ("classification", table.y.astype(np.int64))
        if of_classes
        else ("regression", table.y)
    )
    classes, positive = (("a", "b"), "b") if of_classes else ((), None)
    return Dataset(
        name, task, columns, np.ascontiguousarray(table.X), y, np.arange(table.n),
        digest, classes, positive, {} if group is None else {"speaker": group}, group=group,
    )  # fmt: skip


def run_of(
    world: World,
    size: Size,
    drawn: Sequence[Table],
    number: str,
    *,
    explain: bool = True,
) -> dict[str, pl.DataFrame]:
    """The frames that the judge reads, with every explanation of the study run, if it asks for them."""
    tables_ = dict(zip(size.names, drawn, strict=True))
    datasets = [dataset_of(name, table) for name, table in tables_.items()]
    kept = {
        (n, error): dataset_of(n, t, error)
        for n, table in tables_.items()
        for error, t in table.kept.items()
    }
    study = study_of(world, size, number, explain=explain)
    with Store(None) as store:
        grid = grid_of(
            study, datasets, store, other=lambda name, error: kept.get((name, error))
        )
        done = {
            cell.key: packed(evaluate(grid.datasets[cell.fingerprint], cell))
            for cell in grid.cells
        }
        later = follow_ups(grid, SimpleNamespace(get=done.get))
    done |= {
        cell.key: packed(evaluate(grid.datasets[cell.fingerprint], cell))
        for cell in later
    }
    found = gathered(
        [*grid.cells, *later],
        lambda cell: done[cell.key],
        {},
        grid.datasets,
        grid.folds,
        grid.unavailable,
    )
    about = [
        {
            "dataset": name,
            "title": name,
            "rows": table.n,
            "features": table.X.shape[1],
            "classes": list(datasets[0].classes),
        }
        for name, table in tables_.items()
    ]
    tables = frames.of_rows(
        [one | {"positive": datasets[0].positive, "draws": 0} for one in about],
        frames.TABLES,
        nulls=frames.TABLES,
    )
    names = ("predictions", "tuning", "failures", "folds", "unavailable")
    return {name: getattr(found, name) for name in names} | {
        "tables": tables,
        "scores": scores_of(study, tables, found.predictions, found.tuning),
        "estimates": frames.empty(ESTIMATES),
    }


def papers_of(
    world: World,
    drawn: Sequence[Table],
    counts: Mapping[str, int],
    seeds: tuple[int, ...],
) -> dict[str, list[Printed]]:
    """The numbers that papers print, by `kind/protocol`; counts: how many papers of each protocol, or of each kind.

    A paper has one protocol for all families and tables; families share its splits, as far as it draws them first.
    """
    ways: dict[str, tuple[int, Number]] = {}
    for kind, named in (
        ("valid", VALID),
        ("error", {name: ERRORS[name] for name in world.errors}),
        ("unknown", UNKNOWN),
    ):
        for name, number in named.items():
            if _makes_sense(world, kind, name):
                ways[f"{kind}/{name}"] = (
                    counts[name if name in counts else kind],
                    number,
                )
    root = np.random.SeedSequence(seeds)
    found = {}
    for (name, (count, number)), one in zip(
        ways.items(), root.spawn(len(ways)), strict=True
    ):
        found[name] = [
            _paper(world, name, number, drawn, child) for child in one.spawn(count)
        ]
    return found


def _paper(
    world: World,
    way: str,
    number: Number,
    drawn: Sequence[Table],
    seed: np.random.SeedSequence,
) -> Printed:
    numbers = {}
    for i, (table, own) in enumerate(zip(drawn, seed.spawn(len(drawn)), strict=True)):
        place = f"table{i}"
        for family, recipe in zip(FAMILIES, world.recipes, strict=True):
            did = number if concerns(recipe, way) else VALID["as stated"]
            numbers[place, family] = round(
                did(Run(recipe, table, np.random.default_rng(own))), 3
            )
    return numbers


def concerns(recipe: Recipe, way: str) -> bool:
    """Whether a protocol affects a family: one that tunes nothing is not tuned on test rows."""
    if way == "error/stopped_on_test":
        return recipe.family == "xgboost"
    return recipe.grid is not None or way not in (
        "error/tuned_on_test",
        "error/flat_maximum",
    )


def _makes_sense(world: World, kind: str, name: str) -> bool:
    first = world.recipes[0]
    if name == "scaled to 0 .. 1":
        return first.scale is not None
    if name in (
        "not stratified",
        "ten folds",
        "best_of_splits",
        "the best fold printed",
    ):
        return not first.fixed and (
            name != "not stratified"
            or (world.draw is not grouped and not first.regression)
        )
    return True


def answered(
    world: World,
    size: Size,
    found: Mapping[str, pl.DataFrame],
    papers: Sequence[Printed],
    repeats: int,
) -> list[pl.DataFrame]:
    """EXPLAINED of each of these papers, which all print the same numbers' names."""
    printed = dict.fromkeys(
        (*key, f"{value:.3f}") for paper in papers for key, value in paper.items()
    )
    about = {
        "kind": "value",
        "unit": "fraction",
        "where": "simulated",
        "read": "source",
    }
    claims = {
        key: about
        | {"id": f"p{i}", "dataset": key[0], "family": key[1], "value": key[2]}
        for i, key in enumerate(printed)
    }
    study = study_of(world, size, "judged", tuple(claims.values()), repeats)
    rows = explanations(study, found, numbers=len(papers[0]))
    parts = rows.partition_by("claim", as_dict=True)
    return [
        pl.concat(
            [
                parts[(claims[(*key, f"{value:.3f}")]["id"],)]
                for key, value in paper.items()
            ]
        )
        for paper in papers
    ]


#: Papers of a protocol, or of a kind, on each draw of tables.
COUNTS = {"as stated": 4, "valid": 1, "ten folds": 2, "error": 7, "unknown": 4}
#: What is asked of a paper: the numbers of so many tables and families, the first ones.
PRINTS: Mapping[str, tuple[int, int]] = {
    "one number": (1, 1),
    "three families": (1, 3),
    "three families on two tables": (2, 3),
    "three families on four tables": (4, 3),
}


def outcomes(
    world: World,
    size: Size,
    found: Mapping[str, pl.DataFrame],
    papers: Mapping[str, list[Printed]],
) -> list[dict[str, Any]]:
    """What the study answers for each paper: repeats, prints, kind, way, effect, found, none, valid, accuses, and the
    size of its set (`ways`).

    effect: distance of the protocol's expected number from the valid one, in standard errors (the spread of valid
    numbers over splits and seeds); the largest over the printed numbers. For a listed error the expected number is
    the study's own estimate, else the mean of the other papers with this protocol.
    """
    rows = []
    for repeats in size.repeats:
        seen = {
            name: frame.filter(pl.col("repeat") < repeats)
            for name, frame in found.items()
            if "repeat" in frame
        }
        for prints, (tables, families) in PRINTS.items():
            if tables <= size.tables:
                keys = list(product(size.names[:tables], FAMILIES[:families]))
                told = _asked(world, size, {**found, **seen}, papers, keys, repeats)
                rows += [{"repeats": repeats, "prints": prints} | one for one in told]
    return rows


def _asked(
    world: World,
    size: Size,
    found: Mapping[str, pl.DataFrame],
    papers: Mapping[str, list[Printed]],
    keys: Sequence[tuple[str, str]],
    repeats: int,
) -> Iterator[dict[str, Any]]:
    """The outcomes where papers are asked about by these of their numbers."""
    cut = {
        way: [{key: one[key] for key in keys} for one in each]
        for way, each in papers.items()
    }
    every = answered(
        world, size, found, [one for each in cut.values() for one in each], repeats
    )
    valid = {key: _valid(found, key) for key in keys}
    for way, each in cut.items():
        mine, every = every[: len(each)], every[len(each) :]
        yield from _outcomes(way, each, mine, valid)


def _valid(found: Mapping[str, pl.DataFrame], key: tuple[str, str]) -> np.ndarray:
    """(r,) what the study's own protocol gives."""
    series = series_of(found["scores"], "test", ("plain", "explanation=protocol"))
    (one,) = (runs for (d, f, _), runs in series.items() if (d, f) == key)
    return one.repeat_means()


def _outcomes(
    name: str,
    papers: Sequence[Printed],
    answers: Sequence[pl.DataFrame],
    valid: Mapping[tuple[str, str], np.ndarray],
) -> Iterator[dict[str, Any]]:
    kind, _, way = name.partition("/")
    variant = f"explanation={way}"
    for i, frame in enumerate(answers):
        joint = jointly(frame)
        answer = compatible_of(joint)
        sound = bool(answer.valid or answer.controls)
        yield {
            "kind": kind,
            "way": way,
            "effect": max(
                _effects(
                    papers, i, frame.filter(pl.col("variant") == variant), kind, valid
                )
            ),
            "found": bool(
                joint.filter(pl.col("variant") == variant)["compatible"].any()
            ),
            "none": not answer.errors and not sound,
            "valid": sound,
            "accuses": answer.accuses,
            "ways": len(answer.errors) + len(answer.valid) + len(answer.controls),
        }


def _effects(
    papers: Sequence[Printed],
    i: int,
    mine: pl.DataFrame,
    kind: str,
    valid: Mapping[tuple[str, str], np.ndarray],
) -> Iterator[float]:
    """By number.

    0 where a listed error cannot affect it, and where valid numbers do not vary and this one equals them.
    """
    for key, runs in valid.items():
        others = [one[key] for j, one in enumerate(papers) if j != i] or [
            papers[i][key]
        ]
        centre: float | None = float(np.mean(others))
        if kind == "error":
            centre = mine.filter(
                pl.col("dataset") == key[0], pl.col("family") == key[1]
            )["estimate"].first()
        if centre is None:
            yield 0.0
            continue
        spread, distance = runs.std(ddof=1), abs(centre - runs.mean())
        yield (
            float(distance / spread)
            if spread > 1e-9
            else BARE * float(distance > 0.0005)
        )


def simulated(
    name: str,
    size: Size,
    number: int,
    counts: Mapping[str, int] = MappingProxyType(COUNTS),
) -> list[dict[str, Any]]:
    """The outcomes on the tables of one draw of one world; the same in any process."""
    world, place = larger(WORLDS[name], size.times), list(WORLDS).index(name)
    seeds = [(place, number, size.times, i) for i in range(size.tables)]
    drawn = [
        world.draw(np.random.default_rng([7, *seed]), size.times) for seed in seeds
    ]
    papers = papers_of(world, drawn, counts, (8, *seeds[0]))
    return outcomes(
        world,
        size,
        run_of(world, size, drawn, f"{place}-{number}-{size.times}"),
        papers,
    )
