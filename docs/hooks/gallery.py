"""The gallery of protocol errors: each on a small generated table, with the code that makes it and that mends it.

The scores on its page are computed when the page is made, by the lines that the page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from bench.run.variants.explanation import EXPLANATIONS

#: So many tables are generated of each kind; the page shows the means over them.
TABLES = 6
#: What every piece of code on the page starts from.
PRELUDE = """\
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score
from sklearn.model_selection import (
    GridSearchCV, GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit, cross_val_predict, cross_val_score
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

def filled(X, y):
    \"\"\"The table with copies of its rare class, until both classes have as many rows.\"\"\"
    rows = np.concatenate([np.flatnonzero(y == 0), np.resize(np.flatnonzero(y == 1), (y == 0).sum())])
    return X[rows], y[rows]
"""
Table = Mapping[str, np.ndarray[Any, Any]]


def noise(draw: np.random.Generator) -> Table:
    """Features that have nothing to do with the target: right answers are luck, so a valid score is 0.5."""
    return {
        "X": draw.normal(size=(60, 200)),
        "y": draw.permutation(np.repeat([0, 1], 30)),
    }


def signal(draw: np.random.Generator, rows: int = 100) -> Table:
    """Two classes that overlap."""
    X = draw.normal(size=(rows, 4))
    return {"X": X, "y": (X[:, 0] + draw.normal(size=rows) > 0).astype(int)}


def three_classes(draw: np.random.Generator) -> Table:
    """Three classes, of which one is frequent and two are rare."""
    y = draw.permutation(np.repeat([0, 1, 2], [90, 15, 15]))
    return {"X": draw.normal(size=(120, 3)) + y[:, None] * [1.0, 0.5, 0.0], "y": y}


def rare(draw: np.random.Generator) -> Table:
    """A class of one row in ten, which features hardly show."""
    y = draw.permutation(np.repeat([0, 1], [108, 12]))
    return {"X": draw.normal(size=(120, 4)) + 0.4 * y[:, None], "y": y}


def repeated(draw: np.random.Generator) -> Table:
    """A table in which rows stand twice."""
    table = signal(draw, 60)
    rows = draw.permutation(np.concatenate([np.arange(60), np.arange(40)]))
    return {name: values[rows] for name, values in table.items()}


def people(draw: np.random.Generator) -> Table:
    """Twenty people with five rows each; the class is a property of the person."""
    group = np.repeat(np.arange(20), 5)
    y = draw.permutation(np.repeat([0, 1], 10))[group]
    return {
        "X": draw.normal(size=(20, 4))[group] + 0.3 * draw.normal(size=(100, 4)),
        "y": y,
        "group": group,
    }


def measured_twice(draw: np.random.Generator) -> Table:
    """Fifty cases, each measured twice: two rows that are almost equal."""
    group, table = np.repeat(np.arange(50), 2), signal(draw, 50)
    return {
        "X": table["X"][group] + 0.02 * draw.normal(size=(100, 4)),
        "y": table["y"][group],
        "group": group,
    }


def follows_target(draw: np.random.Generator) -> Table:
    """A last column that is written down after the target is known."""
    table = signal(draw)
    return {
        "X": np.column_stack([table["X"], table["y"] + 0.2 * draw.normal(size=100)]),
        "y": table["y"],
    }


def drifting(draw: np.random.Generator) -> Table:
    """Rows in order of time; the class follows the time of the year, and the features show when a row was written."""
    time = np.linspace(0, 1, 120)
    y = (np.sin(9 * time) + 0.5 * draw.normal(size=120) > 0).astype(int)
    return {"X": np.column_stack([time, draw.normal(size=(120, 2))]), "y": y}


@dataclass(frozen=True)
class Lesson:
    """One protocol error: on which table, the code that makes it and the code that mends it.

    `said`: what was done; empty where an explanation of that name says it.
    """

    name: str
    title: str
    table: Callable[[np.random.Generator], Table]
    wrong: str
    right: str
    said: str = ""

    @property
    def what(self) -> str:
        """What was done, as a sentence."""
        said = self.said or EXPLANATIONS[self.name].what
        return f"{said[0].upper()}{said[1:]}."

    def score(self, code: str, seed: int) -> float:
        """What a piece of code scores on the table of a seed."""
        names: dict[str, Any] = dict(_prelude()) | dict(
            self.table(np.random.default_rng(seed))
        )
        exec(code, names)
        return float(names["score"])

    def scores(self, tables: int = TABLES) -> tuple[float, float]:
        """The mean score with the error, and without it."""
        wrong, right = (
            np.mean([self.score(code, i) for i in range(tables)])
            for code in (self.wrong, self.right)
        )
        return float(wrong), float(right)


@cache
def _prelude() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(PRELUDE, names)
    return names


LESSONS = (
    Lesson(
        "best_of_seeds", "Best of several seeds", signal,
        "models = [DecisionTreeClassifier(max_features=1, random_state=seed) for seed in range(10)]\n"
        "score = max(cross_val_score(model, X, y).mean() for model in models)",
        "models = [DecisionTreeClassifier(max_features=1, random_state=seed) for seed in range(10)]\n"
        "score = np.mean([cross_val_score(model, X, y).mean() for model in models])",
    ),
    Lesson(
        "best_of_splits", "Best of several splits", signal,
        "splits = [KFold(5, shuffle=True, random_state=seed) for seed in range(10)]\n"
        "score = max(cross_val_score(LogisticRegression(), X, y, cv=split).mean() for split in splits)",
        "splits = [KFold(5, shuffle=True, random_state=seed) for seed in range(10)]\n"
        "score = np.mean([cross_val_score(LogisticRegression(), X, y, cv=split).mean() for split in splits])",
    ),
    Lesson(
        "columns_kept", "A feature that follows from the target", follows_target,
        "score = cross_val_score(LogisticRegression(), X, y).mean()",
        "score = cross_val_score(LogisticRegression(), X[:, :-1], y).mean()  # without the last column",
        "a column that is written down after the target is known stood among the features",
    ),
    Lesson(
        "duplicates_kept", "Rows that stand twice", repeated,
        "score = cross_val_score(KNeighborsClassifier(1), X, y).mean()",
        "X, first = np.unique(X, axis=0, return_index=True)\n"
        "score = cross_val_score(KNeighborsClassifier(1), X, y[first]).mean()",
    ),
    Lesson(
        "flat_maximum", "Best of flat cross-validation", noise,
        "candidates = [KNeighborsClassifier(k) for k in range(1, 30, 3)]\n"
        "score = max(cross_val_score(model, X, y).mean() for model in candidates)",
        'search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": range(1, 30, 3)})\n'
        "score = cross_val_score(search, X, y).mean()",
    ),
    Lesson(
        "near_duplicates", "Rows that are almost equal", measured_twice,
        "split = KFold(5, shuffle=True, random_state=0)\n"
        "score = cross_val_score(KNeighborsClassifier(1), X, y, cv=split).mean()",
        "score = cross_val_score(KNeighborsClassifier(1), X, y, cv=GroupKFold(5), groups=group).mean()",
        "one case was measured twice, and its two rows stood on both sides of the split",
    ),
    Lesson(
        "oversampling_before_split", "Oversampled before the split", rare,
        "X, y = filled(X, y)\n"
        'score = cross_val_score(KNeighborsClassifier(1), X, y, scoring="balanced_accuracy").mean()',
        "folds = StratifiedKFold(5).split(X, y)\n"
        "fits = [(test, KNeighborsClassifier(1).fit(*filled(X[train], y[train]))) for train, test in folds]\n"
        "score = np.mean([balanced_accuracy_score(y[test], fit.predict(X[test])) for test, fit in fits])",
        "the rare class was filled up before the split, so that copies of test rows stand among the training rows",
    ),
    Lesson(
        "random_split", "Random instead of grouped folds", people,
        "split = KFold(5, shuffle=True, random_state=0)\n"
        "score = cross_val_score(KNeighborsClassifier(1), X, y, cv=split).mean()",
        "score = cross_val_score(KNeighborsClassifier(1), X, y, cv=GroupKFold(5), groups=group).mean()",
    ),
    Lesson(
        "selection_before_split", "Features selected before the split", noise,
        "X = SelectKBest(k=10).fit_transform(X, y)\n"
        "score = cross_val_score(LogisticRegression(), X, y).mean()",
        "model = make_pipeline(SelectKBest(k=10), LogisticRegression())\n"
        "score = cross_val_score(model, X, y).mean()",
    ),
    Lesson(
        "stopped_on_test", "Stopped early by the test rows", signal,
        "model = GradientBoostingClassifier(n_estimators=40, random_state=0)\n"
        "def best(train, test):\n"
        "    return max(accuracy_score(y[test], z) for z in model.fit(X[train], y[train]).staged_predict(X[test]))\n"
        "score = np.mean([best(train, test) for train, test in KFold(5).split(X)])",
        "model = GradientBoostingClassifier(n_estimators=40, n_iter_no_change=3, random_state=0)\n"
        "score = cross_val_score(model, X, y, cv=KFold(5)).mean()  # a part of the training rows stops it",
    ),
    Lesson(
        "train_score", "The training score", signal,
        "score = DecisionTreeClassifier(random_state=0).fit(X, y).score(X, y)",
        "score = cross_val_score(DecisionTreeClassifier(random_state=0), X, y).mean()",
    ),
    Lesson(
        "trained_on_the_future", "Trained on the future", drifting,
        "split = KFold(5, shuffle=True, random_state=0)\n"
        "score = cross_val_score(DecisionTreeClassifier(random_state=0), X, y, cv=split).mean()",
        "score = cross_val_score(DecisionTreeClassifier(random_state=0), X, y, cv=TimeSeriesSplit(5)).mean()",
        "random folds trained on rows that are newer than the test rows",
    ),
    Lesson(
        "tuned_on_test", "Tuned on the test rows", noise,
        "def best(train, test):\n"
        "    fits = (KNeighborsClassifier(k).fit(X[train], y[train]) for k in range(1, 30, 3))\n"
        "    return max(fit.score(X[test], y[test]) for fit in fits)\n"
        "score = np.mean([best(train, test) for train, test in StratifiedKFold(5).split(X, y)])",
        'search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": range(1, 30, 3)})\n'
        "score = cross_val_score(search, X, y).mean()",
    ),
)  # fmt: skip


def page() -> str:
    """All errors with both scores, the lines that all code starts from, and each error."""
    head = "| protocol error | score with the error | valid score |\n|---|---|---|\n"
    rows = "".join(_row(lesson) for lesson in LESSONS)
    start = f"## Where the code starts\n\n```python\n{PRELUDE}```\n"
    return "\n".join([head + rows, start, *(_section(one) for one in LESSONS)])


def _row(lesson: Lesson) -> str:
    wrong, right = lesson.scores()
    anchor = lesson.title.lower().replace(" ", "-")
    return f"| [{lesson.title}](#{anchor}) | {wrong:.2f} | {right:.2f} |\n"


def _section(lesson: Lesson) -> str:
    parts = [f"## {lesson.title}", f"{lesson.what} {lesson.table.__doc__}"]
    if lesson.name in EXPLANATIONS:
        how = "[how](how-to/explanations.md)"
        parts.append(f"On a study of yours: `explain: [{lesson.name}]` ({how}).")
    parts.append(f"The code that makes it:\n\n```python\n{lesson.wrong}\n```")
    parts.append(f"The code that mends it:\n\n```python\n{lesson.right}\n```\n")
    return "\n\n".join(parts)
