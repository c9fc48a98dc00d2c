"""Estimators that go wrong in every way the fault list knows, each in `fit` or `predict`, as foreign code may.

A class a fault, made when it is asked for: `Raises` in every fold, `RaisesInOneFold`, `RaisesInPredict`. FAULTY_NOTES
is a folder in which they note what the tests ask for.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin


def note(name: str, text: str) -> None:
    with (Path(os.environ["FAULTY_NOTES"]) / name).open("a") as file:
        file.write(text + "\n")


def noted(name: str) -> list[str]:
    path = Path(os.environ["FAULTY_NOTES"]) / name
    return path.read_text().split("\n")[:-1] if path.exists() else []


class Stranger(Exception):
    """An exception that no pickle brings back."""

    def __init__(self, first: str, second: Any) -> None:
        super().__init__(first)
        self.second = second


def loop_in_python() -> None:
    while True:
        time.sleep(0.01)


def loop_in_c() -> None:
    """Years in C, which holds the lock of Python's interpreter; asleep, so that the test costs no processor time."""
    ctypes.PyDLL(None).sleep(2**30)


def raise_a_local_class() -> None:
    raise type("Local", (Stranger,), {})("of no module", lambda: None)


def interrupt() -> None:
    raise KeyboardInterrupt


def grow() -> None:
    kept = []
    while True:
        kept.append(bytes(range(256)) * 4000)


def leave_children() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(300)"]
    for session in (False, True):
        note("children", str(subprocess.Popen(command, start_new_session=session).pid))


def leave_children_and_hang() -> None:
    leave_children()
    note("children", str(os.getpid()))
    loop_in_c()


def chat() -> None:
    print("chatter of python")
    os.write(2, b"chatter of a descriptor\n")


def disturb() -> None:
    os.chdir("/")
    os.environ["DISTURBED"] = "yes"
    np.random.seed(1)
    np.seterr(all="raise")
    warnings.simplefilter("error")


def die_once() -> None:
    note("died", "")
    if len(noted("died")) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


FAULTS = {
    "raises": lambda: 1 / 0,
    "loops in python": loop_in_python,
    "loops in c": loop_in_c,
    "asks for too much": lambda: bytearray(1 << 40),
    "grows": grow,
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "is killed once": die_once,
    "segfaults": lambda: ctypes.string_at(0),
    "aborts": os.abort,
    "leaves": lambda: os._exit(3),
    "exits": lambda: sys.exit(3),
    "is interrupted": interrupt,
    "raises a local class": raise_a_local_class,
    "leaves children": leave_children,
    "leaves children and hangs": leave_children_and_hang,
    "chats": chat,
    "disturbs": disturb,
    "is slow": lambda: time.sleep(0.05),
    "": lambda: None,
}


class Faulty(ClassifierMixin, BaseEstimator):
    """Predicts the shares of the classes; goes wrong as `how` says, in `where`, with `rows` training rows (0: any)."""

    how, where, rows = "", "fit", 0

    def fit(self, X: np.ndarray, y: np.ndarray) -> Faulty:
        self.classes_, counts = np.unique(y, return_counts=True)
        self.share_, self.trained_on_ = counts / counts.sum(), len(X)
        self.act("fit")
        return self

    def act(self, where: str) -> None:
        if where == self.where and self.rows in (0, self.trained_on_):
            FAULTS[self.how]()

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        self.act("predict")
        return np.tile(self.share_, (len(X), 1))

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def __getattr__(name: str) -> type[Faulty]:
    """`Raises`, `RaisesInOneFold`, `RaisesInPredict`, ...: a class a fault, so that a study can name it."""
    fault, where, rows = name, "fit", 0
    if fault.endswith("InOneFold"):
        fault, rows = fault.removesuffix("InOneFold"), 14
    if fault.endswith("InPredict"):
        fault, where = fault.removesuffix("InPredict"), "predict"
    for how in FAULTS:
        if fault == "".join(word.capitalize() for word in how.split()):
            return type(
                name,
                (Faulty,),
                {"how": how, "where": where, "rows": rows, "__module__": __name__},
            )
    raise AttributeError(name)


class BadAnswer(Faulty):
    """What it says is malformed; `answer` names the way."""

    answer = ""

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        p = super().predict_proba(X)
        if self.answer in ("nan", "inf"):
            p[2:4, 0] = float(self.answer)
        return p / 2 if self.answer == "sum" else p

    def predict(self, X: np.ndarray) -> np.ndarray:
        label = self.classes_[np.zeros(len(X), dtype=int)]
        return {
            "short": label[1:],
            "unknown": label + 7,
            "text": label.astype(str),
        }.get(self.answer, label)


class AnswersNan(BadAnswer):
    answer = "nan"


class AnswersInf(BadAnswer):
    answer = "inf"


class AnswersSum(BadAnswer):
    answer = "sum"


class AnswersShort(BadAnswer):
    answer = "short"


class AnswersUnknown(BadAnswer):
    answer = "unknown"


class AnswersText(BadAnswer):
    answer = "text"


class Reversed(Faulty):
    """Its classes, and so its columns, stand in descending order."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Reversed:
        super().fit(X, y)
        self.classes_, self.share_ = self.classes_[::-1], self.share_[::-1]
        return self


class NoProbability(ClassifierMixin, BaseEstimator):
    """A decision function, no probabilities."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> NoProbability:
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        return X[:, 0] - 2.5

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.classes_[(self.decision_function(X) > 0).astype(int)]


class BadNumber(RegressorMixin, BaseEstimator):
    """Some predictions are no numbers."""

    value = np.nan

    def fit(self, X: np.ndarray, y: np.ndarray) -> BadNumber:
        self.mean_ = y.mean()
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        values = np.full(len(X), self.mean_)
        values[:2] = self.value
        return values


class InfNumber(BadNumber):
    value = np.inf


class Holds(Faulty):
    """A fitted model that no pickle takes."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Holds:
        self.lock_, self.kind_ = lambda: None, type("Local", (), {})()
        super().fit(X, y)
        return self


class Listens(Faulty):
    """Its predictions tell the state of the process that it found."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Listens:
        super().fit(X, y)
        with warnings.catch_warnings(record=True) as heard:
            warnings.warn("heard", DeprecationWarning, stacklevel=1)
        found = (
            os.environ.get("DISTURBED"),
            Path.cwd().name,
            len(heard),
            np.geterr()["over"],
            np.random.rand(),
        )
        share = sum(str(found).encode()) % 997 / 1000
        self.share_ = np.array([share, 1 - share])
        return self


class Flaky(Faulty):
    """Fails in every second fold or so, by its rows."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Flaky:
        if zlib.crc32(X.tobytes()) % 2:
            raise RuntimeError("flaky")
        super().fit(X, y)
        return self


class Warns(Faulty):
    """Warns twice with one text and once with another."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Warns:
        for text in ("overflow", "overflow", "precision lost"):
            warnings.warn(text, RuntimeWarning, stacklevel=1)
        super().fit(X, y)
        return self


class Notes(Faulty):
    """Notes every fit and where it was, and has a parameter."""

    def __init__(self, depth: int = 1) -> None:
        self.depth = depth

    def fit(self, X: np.ndarray, y: np.ndarray) -> Notes:
        note("fits", f"{os.getpid()} {X.shape}")
        return super().fit(X, y)
