"""How often the diagnostics cry wolf on healthy studies, and how often they find faults that were planted.

Tables go through the house's own cleaning and profile, predictions of cheap scikit-learn fits through its own scoring
and diagnostics. `make calibrate` puts the tables into docs/calibration.md.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from bench import frames
from bench.data.clean import clean_table
from bench.data.dataset import Dataset
from bench.data.generators import GENERATORS
from bench.data.load import read_dataset, write_clean
from bench.data.profile import profile
from bench.diagnose import Evidence, findings
from bench.diagnose.diagnostic import ALARMS
from bench.run.seeds import seed_of
from bench.scores import scores_of
from bench.study import Study, read_study
from calibrate.tally import Tally, standard_error

NAME, TARGET = "made", "target"
SIZES = (100, 200, 500, 1000)
#: Healthy studies of the long form; of each fault a quarter.
TRIALS = 200
#: Rows of one origin stand together, so many at a time.
RUN = 10
STUDY = """
title: Made
task: {task}
datasets:
  made: {{source: {{kind: csv, file: made.csv}}, target: target}}
clean: null
preprocess: null
protocol: {{resampling: {resampling}, tuning: null, seed: 1}}
families: {{baseline: {{}}, linear: {{family: {linear}}}, knn: {{n_neighbors: 5}}, decision_tree: {{}}}}
metrics: {{primary: {metric}, also: []}}
diagnostics: null
"""
CLASSIFIERS = {
    "baseline": DummyClassifier(),
    "linear": LinearDiscriminantAnalysis(),
    "knn": KNeighborsClassifier(5),
    "decision_tree": DecisionTreeClassifier(max_depth=4, random_state=0),
}
REGRESSORS = {
    "baseline": DummyRegressor(),
    "linear": Ridge(),
    "knn": KNeighborsRegressor(5),
    "decision_tree": DecisionTreeRegressor(max_depth=4, random_state=0),
}


@dataclass(frozen=True)
class Made:
    """A raw table: numbers (n, p), texts (n, q) and the target, whole numbers for classes."""

    numbers: np.ndarray
    texts: np.ndarray
    y: np.ndarray
    regression: bool = False
    fixed: bool = False

    @property
    def n(self) -> int:
        return len(self.y)

    def frame(self) -> pl.DataFrame:
        columns: dict[str, object] = {f"x{i}": values for i, values in enumerate(self.numbers.T)}
        columns |= {f"t{i}": [f"level {v}" for v in values] for i, values in enumerate(self.texts.T)}
        target = self.y if self.regression else [f"class {int(v)}" for v in self.y]
        text = [pl.Series(name, values).cast(pl.String) for name, values in (columns | {TARGET: target}).items()]
        return pl.DataFrame(text)


World = Callable[[np.random.Generator, int], Made]


def _drawn(name: str, rng: np.random.Generator, n: int) -> Made:
    one = GENERATORS[name]
    X, y = one.draw(rng, n, one.columns)
    return Made(X, np.empty((n, 0)), y, one.task == "regression")


def _imbalanced(rng: np.random.Generator, n: int) -> Made:
    """Five features, one row in ten of the second class."""
    y = (rng.random(n) < 0.1).astype(int)
    y[:12] = np.arange(12) % 2
    y = rng.permutation(y)
    return Made(rng.standard_normal((n, 5)) + 0.8 * y[:, None], np.empty((n, 0)), y)


def _discrete(rng: np.random.Generator, n: int) -> Made:
    """Six whole numbers from 1 to 6 that depend on each other through a trait; equal rows are common."""
    trait = rng.standard_normal((n, 1))
    X = np.clip(np.round(3.5 + trait + rng.standard_normal((n, 6))), 1, 6)
    y = (trait[:, 0] + rng.standard_normal(n) > 0).astype(int)
    return Made(X, np.empty((n, 0)), y)


def _categorical(rng: np.random.Generator, n: int) -> Made:
    """Six texts of two to five levels and one number; three kinds of rows, two classes."""
    kind = rng.integers(0, 3, n)
    levels = rng.integers(2, 6, 6)
    own = rng.random((3, 6))
    texts = np.stack([(rng.random(n) ** (0.5 + 2 * own[kind, j]) * levels[j]).astype(int) for j in range(6)], axis=1)
    y = (rng.random(n) < np.array([0.2, 0.5, 0.8])[kind]).astype(int)
    return Made(kind[:, None] * 0.5 + rng.standard_normal((n, 1)), texts, y)


def _skewed(rng: np.random.Generator, n: int) -> Made:
    """Eight log-normal features that depend on each other, a target of numbers with heavy tails."""
    X = np.exp(rng.standard_normal((n, 3)) @ rng.standard_normal((3, 8)) * 0.4 + 0.5 * rng.standard_normal((n, 8)))
    return Made(X, np.empty((n, 0)), np.log(X[:, 0]) + X[:, 1] ** 0.5 + 0.5 * rng.standard_t(4, n), True)


WORLDS: dict[str, World] = {
    "twonorm": partial(_drawn, "twonorm"),
    "waveform": partial(_drawn, "waveform"),
    "no signal": partial(_drawn, "noise"),
    "one class in ten": _imbalanced,
    "whole numbers": _discrete,
    "texts": _categorical,
    "friedman1": partial(_drawn, "friedman1"),
    "skewed": _skewed,
}


# ---- Faults, each at three strengths ----------------------------------------------------------------------------


def copied_target(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """One more feature: the target in another code, `strength` of it noise (rows drawn anew; of numbers, sd)."""
    if made.regression:
        copy = made.y + strength * made.y.std() * rng.standard_normal(made.n)
    else:
        copy = np.where(rng.random(made.n) < strength, rng.permutation(made.y), made.y) * -3.0 + 7
    return replace(made, numbers=np.column_stack([made.numbers, copy]))


def _copies(made: Made, share: float, rng: np.random.Generator, noise: float) -> Made:
    count = max(2, round(share * made.n))
    again = rng.choice(made.n, count, replace=False)
    near = made.numbers[again] + noise * made.numbers.std(axis=0) * rng.standard_normal((count, made.numbers.shape[1]))
    order = rng.permutation(made.n + count)
    parts = (np.vstack([made.numbers, near]), np.vstack([made.texts, made.texts[again]]))
    y = np.concatenate([made.y, made.y[again]])[order]
    return replace(made, numbers=parts[0][order], texts=parts[1][order], y=y)


def duplicates(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """So large a share of the rows stands in the table twice."""
    return _copies(made, strength, rng, 0.0)


def near_duplicates(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """The same with noise of a hundredth of each feature's deviation."""
    return _copies(made, strength, rng, 0.01)


def groups(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """Ten rows that stand together share so large a part of the variance of each number."""
    origins = rng.standard_normal((made.n // RUN + 1, made.numbers.shape[1])).repeat(RUN, axis=0)[: made.n]
    shared = np.sqrt(strength / (1 - strength)) * made.numbers.std(axis=0)
    return replace(made, numbers=made.numbers + shared * origins)


def other_test_rows(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """One feature of the test rows of a fixed split is higher by so many deviations."""
    numbers = made.numbers.copy()
    numbers[train_rows(made.n) :, 0] += strength * numbers[:, 0].std()
    return replace(made, numbers=numbers, fixed=True)


#: Fault -> what plants it, its strengths, and who is to find it.
FAULTS = {
    "copy of the target": (copied_target, (0.1, 0.05, 0.0), "illegitimate_features"),
    "duplicates": (duplicates, (0.02, 0.05, 0.2), "twins_across"),
    "near duplicates": (near_duplicates, (0.02, 0.05, 0.2), "near_twins"),
    "rows of one origin": (groups, (0.2, 0.4, 0.6), "file_order"),
    "other test rows": (other_test_rows, (0.3, 0.6, 1.0), "biased_test"),
}
#: Worlds in which the features are fine enough that a copy is a copy.
FINE = ("twonorm", "waveform", "one class in ten", "friedman1", "skewed")


# ---- One study --------------------------------------------------------------------------------------------------


def train_rows(n: int) -> int:
    return round(0.7 * n)


def judged(made: Made, folder: Path) -> pl.DataFrame:
    """The findings of a study of this table: cleaned, profiled, predicted, scored, diagnosed."""
    study = _study(made, folder)
    clean = clean_table(NAME, made.frame(), study.datasets[NAME], study.clean_of(NAME), study.task)
    write_clean(folder / "clean", [clean])
    dataset = read_dataset(folder / "clean", NAME, study.task)
    about = profile(NAME, clean, study.task)
    splits = list(_splits(made, dataset))
    predictions = _predicted(dataset, splits, made.regression)
    rows = [
        {"dataset": NAME, "repeat": 0, "fold": f, "train_rows": len(train), "test_rows": len(test)}
        | {"rows_sha256": str(f)}
        for f, (train, test) in enumerate(splits)
    ]
    tuning, failures = frames.empty(frames.TUNING), frames.empty(frames.FAILURES)
    folds = frames.of_rows(rows, frames.FOLDS)
    scores = scores_of(study, clean.table, predictions, tuning)
    return findings(Evidence(
        study, clean.table, folds, scores, tuning, predictions, about["remarks"], failures, about["twins"],
        lambda name: dataset,
    ))  # fmt: skip


def _study(made: Made, folder: Path) -> Study:
    fixed = f'{{kind: fixed_split, train: "1-{train_rows(made.n)}", test: "{train_rows(made.n) + 1}-{made.n}"}}'
    (folder / "made").mkdir(exist_ok=True)
    text = STUDY.format(
        task="regression" if made.regression else "classification",
        resampling=fixed if made.fixed else "{kind: kfold, folds: 5}",
        linear="ridge" if made.regression else "lda",
        metric="rmse" if made.regression else "accuracy",
    )
    (folder / "made" / "study.yaml").write_text(text, encoding="utf-8")
    return read_study(folder / "made")


def _splits(made: Made, dataset: Dataset) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    if made.fixed:
        yield np.arange(train_rows(made.n)), np.arange(train_rows(made.n), made.n)
        return
    kind = KFold if made.regression else StratifiedKFold
    yield from kind(5, shuffle=True, random_state=made.n).split(dataset.X, dataset.y)


def _predicted(dataset: Dataset, splits: list[tuple[np.ndarray, np.ndarray]], regression: bool) -> pl.DataFrame:
    text = dataset.of_kind("categorical")
    numbers = [i for i in range(dataset.X.shape[1]) if i not in text]
    parts = [StandardScaler().fit_transform(dataset.X[:, numbers])]
    if text:
        parts.append(OneHotEncoder(sparse_output=False).fit_transform(dataset.X[:, text]))
    X, rows = np.hstack(parts), []
    for name, model in (REGRESSORS if regression else CLASSIFIERS).items():
        for fold, (train, test) in enumerate(splits):
            fitted = model.fit(X[train], dataset.y[train])
            for side, at in (("train", train), ("test", test)):
                said = fitted.predict(X[at])
                columns = {"side": pl.Series([side] * len(at)), "row": pl.Series(dataset.row[at])}
                if regression:
                    columns |= {"truth": pl.Series(dataset.y[at]), "value": pl.Series(said)}
                else:
                    names = np.array(dataset.classes, dtype=object)
                    p = np.zeros((len(at), len(names)))
                    p[:, fitted.classes_] = fitted.predict_proba(X[at])
                    columns |= {"truth": pl.Series(names[dataset.y[at]].tolist())}
                    columns |= {"label": pl.Series(names[said].tolist()), "p": pl.Series(p.tolist())}
                key = {"dataset": NAME, "family": name, "variant": "plain", "repeat": 0, "fold": fold}
                rows.append(pl.DataFrame(columns).with_columns(**{k: pl.lit(v) for k, v in key.items()}))
    schema = frames.REGRESSION if regression else frames.CLASSIFICATION
    whole = pl.concat(rows)
    if "decision" in schema:
        whole = whole.with_columns(decision=pl.lit(None))
    return whole.select(*schema).cast(dict(schema))  # type: ignore[arg-type]


# ---- Many studies -----------------------------------------------------------------------------------------------


def healthy_trial(rng: np.random.Generator) -> Tally:
    """A study without a fault: which world, how many rows and which protocol are drawn."""
    world = rng.choice(list(WORLDS))
    made = WORLDS[str(world)](rng, int(rng.choice(SIZES)))
    made = replace(made, fixed=bool(rng.random() < 0.3))
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        found = judged(made, Path(folder))
    said = found.filter(pl.col("outcome") == "found")
    alarms = said.filter(pl.col("severity") != "note")["diagnostic"].unique().to_list()
    tally.trials = 1
    tally.hit(bool(alarms), "any")
    for name in {*said["diagnostic"].to_list()}:
        tally.hit(name in alarms, "alarm", name)
        tally.hit(True, "found", name)
    return tally


def fault_trial(fault: str, strength: float, rng: np.random.Generator) -> Tally:
    """A study with one fault: whether its diagnostic says anything, and whether it raises an alarm."""
    plant, _, finder = FAULTS[fault]
    world = rng.choice(FINE)
    made = plant(WORLDS[str(world)](rng, int(rng.choice(SIZES))), strength, rng)
    with tempfile.TemporaryDirectory() as folder:
        found = judged(made, Path(folder))
    mine = found.filter((pl.col("diagnostic") == finder) & (pl.col("outcome") == "found"))
    tally = Tally()
    tally.trials = 1
    tally.hit(bool(mine.height), "found")
    tally.hit(bool(mine.filter(pl.col("severity") != "note").height), "alarm")
    return tally


def cells() -> dict[str, Callable[[np.random.Generator], Tally]]:
    found: dict[str, Callable[[np.random.Generator], Tally]] = {"healthy": healthy_trial}
    for fault, (_, strengths, _) in FAULTS.items():
        found |= {f"{fault}/{strength:g}": partial(fault_trial, fault, strength) for strength in strengths}
    return found


def simulated(cell: str, numbers: range) -> Tally:
    """Those trials of a cell: the same whoever runs them."""
    total, seed, trial = Tally(), seed_of("healthy", cell), cells()[cell]
    for number in numbers:
        total.add(trial(np.random.default_rng([seed, number])))
    return total


def run(trials: int, workers: int) -> dict[str, Tally]:
    """All cells; a quarter as many trials of a fault as of healthy studies."""
    many = {cell: trials if cell == "healthy" else max(1, trials // 4) for cell in cells()}
    todo = [(cell, range(at, min(at + 10, n))) for cell, n in many.items() for at in range(0, n, 10)]
    found = {cell: Tally() for cell in many}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for (cell, _), tally in zip(todo, pool.map(simulated, *zip(*todo, strict=True)), strict=True):
            found[cell].add(tally)
    return found


# ---- The section of the page ------------------------------------------------------------------------------------

TITLE = "## Diagnostics"


def section(found: dict[str, Tally]) -> str:
    """What docs/calibration.md says of the diagnostics."""
    healthy = found["healthy"]
    lines = [
        TITLE,
        "",
        f"How often a diagnostic speaks on {healthy.trials} healthy studies, % of studies. An alarm is a warning or",
        "worse; a note is none. The budget is what its tests may spend (bench/diagnose/diagnostic.py): .10 a study in",
        "all. Healthy studies, 100 to 1000 rows of one table each:",
        ", ".join(WORLDS) + ";",
        "five folds, or a fixed split of rows in random order; a constant guess, LDA or ridge, 5 nearest neighbours, a",
        "tree of depth 4. A note may be true of a healthy study: probabilities of a tree are overconfident.",
        "",
        "| diagnostic | budget, % | alarm, % | s.e. | alarm or note, % |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    names = {*ALARMS, *(key.split("/")[1] for key in healthy.counts if key.startswith("found/"))}
    for name in sorted(names, key=lambda one: (one not in ALARMS, one)):
        budget = f"{100 * ALARMS[name]:.1f}" if name in ALARMS else "-"
        lines.append(_line(name, budget, healthy, ("alarm", name), ("found", name)))
    lines.append(_line("any of them", f"{100 * sum(ALARMS.values()):.1f}", healthy, ("any",), None))
    lines += [
        "",
        "How often a planted fault is found, % of studies, by its strength: the share of the copied target that is",
        "noise; the share of rows that stand in the table twice (near duplicates: with noise of a hundredth of each",
        "feature's deviation); the share of variance that ten rows of one origin have in common; by how many",
        "deviations one feature of the test rows differs. Sizes as above, tables with finely measured features:",
        f"{', '.join(FINE)}. Not simulated: tuned families, several data sets in one study, rows that drift.",
        "",
        "| fault | strength | found by | alarm, % | s.e. | alarm or note, % | trials |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for fault, (_, strengths, finder) in FAULTS.items():
        for strength in strengths:
            tally = found[f"{fault}/{strength:g}"]
            line = _line(f"{fault} | {strength:g}", finder, tally, ("alarm",), ("found",))
            lines.append(f"{line} {tally.trials} |")
    return "\n".join([*lines, ""])


def _line(name: str, second: str, tally: Tally, alarm: tuple[str, ...], said: tuple[str, ...] | None) -> str:
    share = tally.share(*alarm)
    shown = "-" if said is None else f"{100 * tally.share(*said):.1f}"
    return f"| {name} | {second} | {100 * share:.1f} | {100 * standard_error(share, tally.trials):.2f} | {shown} |"
