"""How often the diagnostics cry wolf on healthy studies, and how often they find faults that were planted.

Everything is the house's own: its cleaning and profile, its folds, cells and fits (one by one in this process), its
scores and diagnostics. `healthy_page.py` puts what was counted into docs/calibration.md.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.core.findings import is_alarm
from bench.data.clean import Clean, clean_table
from bench.data.dataset import Dataset
from bench.data.load import read_dataset, write_clean
from bench.data.profile import profile
from bench.diagnose import DiagnosticEvidence, findings
from bench.run.evaluate import evaluate
from bench.run.gather import Results, gathered
from bench.run.result import CellError, Failure, packed
from bench.run.seeds import seed_of
from bench.run.store import Store
from bench.run.study import follow_ups, grid_of
from bench.scores.compute import scores_of
from bench.study import Study
from research.calibrate.faults import FAULTS, FINE, train_rows
from research.calibrate.tables import GROUP, ORDERED, SIZES, TARGET, WORLDS, Made
from research.calibrate.tally import Tally

#: Studies of each design in the long form; of each strength of a fault a quarter.
TRIALS = 200
CHUNK = 10
ROOT = Path(__file__).resolve().parents[2]
#: What is judged, and what simulates: a change of any of it begins anew.
JUDGED = (*(f"bench/{room}" for room in ("data", "diagnose", "families", "run", "scores", "stats", "study")),
          "bench/core/metrics",
          *(f"research/calibrate/{file}.py" for file in ("tables", "faults", "healthy")))  # fmt: skip
RESAMPLING: dict[str, Any] = {"kind": "kfold", "folds": 5}
UNTUNED: dict[str, dict[str, Any]] = {
    "baseline": {},
    "linear": {},
    "knn": {"n_neighbors": 5},
    "decision_tree": {},
}
TUNED = UNTUNED | {
    "knn": {"n_neighbors": [1, 5, 15]},
    "decision_tree": {"max_depth": [1, 3, 6]},
}


@dataclass(frozen=True)
class Design:
    """How healthy studies are made: of how many tables, with tuning or without; `said` on the page."""

    tables: int
    tuned: bool
    said: str


DESIGNS = {
    "one table": Design(1, False, "one table, nothing tuned"),
    "tuned": Design(
        1,
        True,
        "one table, nearest neighbours and tree tuned over three candidates each, in three folds",
    ),
    "three tables": Design(3, False, "three tables of one task, nothing tuned"),
}


# ---- One study --------------------------------------------------------------------------------------------------


def judged(
    tables: Sequence[Made], *, tuned: bool = False, fixed: bool = False
) -> pl.DataFrame:
    """The findings of a study of these tables, all of one task: cleaned, profiled, split, fitted, scored, diagnosed.

    A table with groups is split by them, and once at random. `fixed`: the last rows of each table are the test rows.
    """
    study = study_of(tables, tuned, fixed)
    cleaned = [
        _cleaned(study, name, made)
        for name, made in zip(study.datasets, tables, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        write_clean(Path(folder), cleaned)
        datasets = {
            name: read_dataset(Path(folder), name, study.task)
            for name in study.datasets
        }
    whole = pl.concat([one.table for one in cleaned])
    about = [
        profile(name, one, study.task)
        for name, one in zip(study.datasets, cleaned, strict=True)
    ]
    found = fitted(study, list(datasets.values()))
    return findings(DiagnosticEvidence(
        study, whole, found.folds, scores_of(study, whole, found.predictions, found.tuning), found.tuning,
        found.predictions, pl.concat([one["remarks"] for one in about]), found.failures,
        pl.concat([one["duplicates"] for one in about]), datasets.get, unavailable=found.unavailable,
    ))  # fmt: skip


def study_of(tables: Sequence[Made], tuned: bool, fixed: bool) -> Study:
    first, grouped = tables[0], any(made.group is not None for made in tables)
    datasets = {
        f"made{number}": _spec(made, fixed) for number, made in enumerate(tables)
    }
    steps = {
        "impute": any(
            np.isnan(made.numbers).any() or (made.texts < 0).any() for made in tables
        ),
        "encode": any(made.texts.shape[1] for made in tables),
        "scale": True,
    }
    linear = {"family": "ridge" if first.regression else "lda"}
    return Study.model_validate(
        {
            "id": "made",
            "title": "Made",
            "task": "regression" if first.regression else "classification",
            "datasets": datasets,
            "clean": None,
            "preprocess": [step for step, needed in steps.items() if needed],
            "protocol": {
                "resampling": RESAMPLING,
                "tuning": {"folds": 3} if tuned else None,
                "seed": 1,
            },
            "families": (TUNED if tuned else UNTUNED) | {"linear": linear},
            "metrics": {"primary": "rmse" if first.regression else "accuracy"},
            "diagnostics": {"overtuning": {}} | ({"grouping": {}} if grouped else {}),
        }
    )


def _spec(made: Made, fixed: bool) -> dict[str, Any]:
    """What the study says of one table."""
    spec: dict[str, Any] = {
        "source": {"kind": "csv", "file": "made.csv"},
        "target": TARGET,
    }
    if made.group is not None:
        return spec | {
            "group": GROUP,
            "protocol": {"resampling": RESAMPLING | {"kind": "group_kfold"}},
        }
    if fixed:
        sides = {
            "train": f"1-{train_rows(made.n)}",
            "test": f"{train_rows(made.n) + 1}-{made.n}",
        }
        return spec | {"protocol": {"resampling": {"kind": "fixed_split"} | sides}}
    return spec


def _cleaned(study: Study, name: str, made: Made) -> Clean:
    return clean_table(
        name, made.frame(), study.datasets[name], study.clean_of(name), study.task
    )


def fitted(study: Study, datasets: list[Dataset]) -> Results:
    """What a run of the study leaves: every cell, one after the other, in this process."""
    with Store(None) as store:
        grid = grid_of(study, datasets, store)
        assert not follow_ups(grid, store)
    done: dict[str, bytes] = {}
    failed: dict[str, Failure] = {}
    for cell in grid.cells:
        try:
            done[cell.key] = packed(evaluate(grid.datasets[cell.fingerprint], cell))
        except CellError as error:  # where few groups are dealt, the training rows of a fold may lack a class
            failed[cell.key] = ("failed", error.stage, error.reason)
    return gathered(
        grid.cells,
        lambda cell: done.get(cell.key),
        failed,
        grid.datasets,
        grid.folds,
        grid.unavailable,
    )


# ---- Many studies -----------------------------------------------------------------------------------------------


def drawn(
    design: Design, rng: np.random.Generator
) -> tuple[list[Made], list[str], bool]:
    """The tables of a healthy study, their kinds, and whether it has a fixed split."""
    kinds = [str(rng.choice(list(WORLDS)))]
    tables = [WORLDS[kinds[0]](rng, int(rng.choice(SIZES)))]
    while len(tables) < design.tables:
        kind = str(rng.choice(list(WORLDS)))
        made = WORLDS[kind](rng, int(rng.choice(SIZES)))
        if made.regression == tables[0].regression:
            kinds.append(kind)
            tables.append(made)
    return tables, kinds, not set(kinds) & set(ORDERED) and bool(rng.random() < 0.3)


def healthy_trial(design: Design, rng: np.random.Generator) -> Tally:
    """A study without a fault: which kinds of tables, how many rows and which protocol are drawn."""
    tables, kinds, fixed = drawn(design, rng)
    said = judged(tables, tuned=design.tuned, fixed=fixed).filter(
        pl.col("outcome") == "found"
    )
    sick = said.filter(is_alarm())
    alarms, places = set(sick["diagnostic"]), set(sick["dataset"])
    tally = Tally()
    tally.trials = 1
    tally.hit(bool(alarms), "any")
    for number, kind in enumerate(kinds):
        tally.hit(True, "kind", kind)
        tally.hit(f"made{number}" in places, "sick", kind)
    for name in {*said["diagnostic"].to_list()}:
        tally.hit(name in alarms, "alarm", name)
        tally.hit(True, "found", name)
    return tally


def fault_trial(fault: str, strength: float, rng: np.random.Generator) -> Tally:
    """A study with one fault: whether its diagnostic says anything, and whether it raises an alarm."""
    one = FAULTS[fault]
    made = one.plant(
        WORLDS[str(rng.choice(FINE))](rng, int(rng.choice(SIZES))), strength, rng
    )
    found = judged([made], fixed=one.fixed)
    mine = found.filter(
        (pl.col("diagnostic") == one.finder) & (pl.col("outcome") == "found")
    )
    tally = Tally()
    tally.trials = 1
    tally.hit(bool(mine.height), "found")
    tally.hit(bool(mine.filter(is_alarm()).height), "alarm")
    return tally


def cells() -> dict[str, Callable[[np.random.Generator], Tally]]:
    found: dict[str, Callable[[np.random.Generator], Tally]] = {}
    found |= {
        f"healthy/{name}": partial(healthy_trial, design)
        for name, design in DESIGNS.items()
    }
    for name, fault in FAULTS.items():
        found |= {
            f"{name}/{strength:g}": partial(fault_trial, name, strength)
            for strength in fault.strengths
        }
    return found


def simulated(cell: str, numbers: range) -> Tally:
    """Those trials of a cell: the same whoever runs them."""
    total, seed, trial = Tally(), seed_of("healthy", cell), cells()[cell]
    for number in numbers:
        total.add(trial(np.random.default_rng([seed, number])))
    return total


def run(trials: int, workers: int) -> dict[str, Tally]:
    """All cells; a quarter as many trials of a strength of a fault as of a healthy design. Goes on when interrupted."""
    many = {
        cell: trials if cell.startswith("healthy/") else max(1, trials // 4)
        for cell in cells()
    }
    todo = [
        (cell, at, min(at + CHUNK, n))
        for cell, n in many.items()
        for at in range(0, n, CHUNK)
    ]
    found, kept = {cell: Tally() for cell in many}, partial(_kept, _folder())
    if workers == 1:
        done = list(map(kept, todo))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            done = list(pool.map(kept, todo))
    for (cell, *_), tally in zip(todo, done, strict=True):
        found[cell].add(Tally.of_json(tally))
    return found


def _kept(folder: Path, chunk: tuple[str, int, int]) -> dict[str, Any]:
    """The tally of those trials of a cell, from its file or made now."""
    cell, start, stop = chunk
    path = folder / f"{cell.replace('/', ' ')} {start}-{stop}.json"
    if not path.is_file():
        fresh = path.with_suffix(".new")
        fresh.write_text(
            json.dumps(simulated(cell, range(start, stop)).as_json()), encoding="utf-8"
        )
        fresh.replace(path)
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _folder() -> Path:
    """Where trials of this code are kept."""
    digest = hashlib.sha256()
    for top in (ROOT / one for one in JUDGED):
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            digest.update(path.read_bytes())
    folder = ROOT / ".bench" / "calibrate" / f"healthy-{digest.hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
