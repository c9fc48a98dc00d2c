"""Every shortcut: its answers are those of each estimator's own fit, bit by bit, and it changes none of its
arguments."""

from __future__ import annotations

import subprocess
import sys
import warnings
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone, is_classifier

from bench.run.shortcuts import SHORTCUTS, Shortcut
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers.lessons import mixed

#: Parameters that make a fit short and certain, where an estimator has them.
SMALL = {"random_state": 0, "n_estimators": 3, "n_jobs": 1, "max_iter": 20}


def made(path: str) -> list[Any]:
    """Two estimators of the class at this import path."""
    module, _, name = path.rpartition(".")
    kind = getattr(import_module(module), name)
    given = {key: value for key, value in SMALL.items() if key in kind().get_params()}
    return [kind(**given), kind(**given)]


@pytest.mark.parametrize("shortcut", SHORTCUTS.values(), ids=list(SHORTCUTS))
@pytest.mark.filterwarnings("ignore")
def test_served_estimators_answer_as_their_own_fits(shortcut: Shortcut) -> None:
    assert shortcut.estimators
    assert shortcut.self_test is None or shortcut.self_test()
    for path in shortcut.estimators:
        estimators = made(path)
        for kind in (
            ("binary", "three") if is_classifier(estimators[0]) else ("regression",)
        ):
            whole = mixed(kind)
            wanted = (
                whole.wanted
                if "value" in whole.wanted or hasattr(estimators[0], "predict_proba")
                else ("label",)
            )
            compare(shortcut, estimators, Lesson(whole.X, whole.y, whole.held, wanted))


def test_importing_them_imports_no_library() -> None:
    code = "import sys; from bench.run.shortcuts import SHORTCUTS; SHORTCUTS.values(); print({*sys.modules} & {*sys.argv})"
    libraries = ("sklearn", "scipy", "xgboost")
    told = subprocess.run(
        [sys.executable, "-c", code, *libraries],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "set()\n"


def compare(shortcut: Shortcut, estimators: list[Any], lesson: Lesson) -> None:
    before = [array.copy() for array in (lesson.X, lesson.y, lesson.held)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = shortcut.answers(estimators, lesson)
    assert len(answers) == len(estimators)
    assert all(map(np.array_equal, before, (lesson.X, lesson.y, lesson.held)))
    for estimator, answer in zip(estimators, answers, strict=True):
        if answer is None:
            continue
        assert set(answer) == set(lesson.wanted)
        own = clone(estimator).fit(lesson.X, lesson.y)
        for name, values in answer.items():
            expected = (
                own.predict_proba(lesson.held)
                if name == "p"
                else own.predict(lesson.held)
            )
            assert np.array_equal(values, expected), (estimator, name)
