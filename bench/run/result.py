"""What a cell leaves: arrays in the dataset's class codes, packed into bytes and back.

Frames are made only when a run is gathered: a cell of a cheap family takes less time than a data frame of its rows.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from dataclasses import dataclass, fields
from math import prod
from typing import Any

import numpy as np

from bench.run.shortcuts.shortcut import ShortcutAnswer

#: (status, stage, reason) of a cell without results; the words stand in frames.FAILURES.
Failure = tuple[str, str, str]


_PASSING = re.compile(r"\[\d\d:\d\d:\d\d\] | at 0x[0-9a-fA-F]+|\(?\+?0x[0-9a-fA-F]+\)?")


class CellError(Exception):
    """A cell failed: at which stage (load, split, fit, predict, score) and why, in one line."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"{stage}: {reason}")
        self.stage, self.reason = stage, reason

    def __reduce__(self) -> tuple[Any, ...]:
        return CellError, (self.stage, self.reason)


class CandidateWarning(UserWarning):
    """A candidate failed in the inner folds and could not be chosen."""


@dataclass(frozen=True, eq=False)
class FoldPrediction:
    """What a fitted family says of n rows, in the dataset's class codes, whatever classes its training rows held.

    label (n,) int64 codes; p (n, k); decision (n, 1) of the second class when k is 2, else (n, k); value (n,) for
    regression. What was not asked, or what the family does not give, is None.
    """

    label: np.ndarray | None = None
    p: np.ndarray | None = None
    decision: np.ndarray | None = None
    value: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class CellResult:
    """What a finished cell leaves, the warnings it gave, and how many fits the protocol asked for.

    train, test  of the rows whose train predictions are kept, and of the fold's test rows
    inner        (candidates, inner folds) tuning scores, NaN where a candidate failed; (candidates, 1) when tuned by
                 out-of-bag rows; (0, 0) untuned
    chosen       the number of the refitted candidate
    """

    train: FoldPrediction
    test: FoldPrediction
    inner: np.ndarray
    chosen: int
    warnings: tuple[str, ...]
    fits: int


def in_codes(
    answer: ShortcutAnswer, present: np.ndarray | None, k: int, n: int
) -> FoldPrediction:
    """An estimator's answer on n rows, checked, in the codes of all k classes.

    `present` are the codes that its training rows held, in order; None for regression. Raises `CellError` for anything
    malformed: a wrong number of rows, labels outside the classes, values that are not finite, probabilities that do
    not sum to one. A class that training never saw gets probability 0, or less than the least decision value.
    """
    label = answer.get("label")
    if label is not None and len(label) != n:
        raise CellError("predict", f"{len(label)} predictions for {n} rows")
    if present is None:
        value = np.asarray(answer["value"], dtype=float).ravel()
        if len(value) != n:
            raise CellError("predict", f"{len(value)} predictions for {n} rows")
        return FoldPrediction(value=_finite(value))
    if label is not None:
        if not np.isin(label, np.arange(len(present))).all():
            raise CellError(
                "predict", "labels outside the classes of the training rows"
            )
        label = present[np.asarray(label).astype(int)]
    return FoldPrediction(
        label, _probabilities(answer, present, k, n), _decisions(answer, present, k, n)
    )


def _probabilities(
    answer: ShortcutAnswer, present: np.ndarray, k: int, n: int
) -> np.ndarray | None:
    if answer.get("p") is None:
        return None
    p = _finite(np.asarray(answer["p"], dtype=float).reshape(n, -1))
    if p.shape[1] != len(present) or not np.allclose(p.sum(axis=1), 1, atol=1e-5):
        raise CellError(
            "predict",
            f"probabilities of shape {p.shape} for {len(present)} classes do not sum to 1",
        )
    return spread(p, present, k, 0.0)


def _decisions(
    answer: ShortcutAnswer, present: np.ndarray, k: int, n: int
) -> np.ndarray | None:
    if answer.get("decision") is None:
        return None
    values = _finite(np.asarray(answer["decision"], dtype=float).reshape(n, -1))
    if k == 2 and len(present) == 2:
        return values
    if len(present) == 2 and values.shape[1] == 1:
        values = np.hstack([-values, values])
    return spread(values, present, k, float(values.min()) - 1.0)


def spread(
    values: np.ndarray, present: np.ndarray, k: int, absent: float
) -> np.ndarray:
    """Columns of the present classes among all k; the others get `absent`."""
    if len(present) == k:
        return values
    full = np.full((len(values), k), absent)
    full[:, present] = values
    return full


def _finite(values: np.ndarray) -> np.ndarray:
    if np.isfinite(values).all():
        return values
    wrong = int((~np.isfinite(values)).any(axis=tuple(range(1, values.ndim))).sum())
    raise CellError("predict", f"non-finite predictions: {wrong} of {len(values)}")


def said(error: BaseException) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {short(str(error))}"


def short(text: str) -> str:
    """A text in one line of at most 300 characters, without what differs from run to run: clock, stack, addresses."""
    line = " ".join(_PASSING.sub("", text.partition("Stack trace:")[0]).split())
    return line if len(line) <= 300 else line[:297] + "..."


def packed(result: CellResult) -> bytes:
    """A result as bytes: a JSON head with its length before it, then the arrays one after another, compressed."""
    arrays = {
        f"{side}.{one}": getattr(getattr(result, side), one)
        for side in _SIDES
        for one in _FIELDS
    }
    arrays["inner"] = result.inner
    kept = {
        name: np.ascontiguousarray(array)
        for name, array in arrays.items()
        if array is not None
    }
    about = [[name, array.dtype.str, array.shape] for name, array in kept.items()]
    head = {
        "warnings": result.warnings,
        "fits": result.fits,
        "chosen": result.chosen,
        "arrays": about,
    }
    text = json.dumps(head).encode()
    return (
        struct.pack("<q", len(text))
        + text
        + zlib.compress(b"".join(a.tobytes() for a in kept.values()), 1)
    )


def unpacked(content: bytes) -> CellResult:
    """The result behind `packed`."""
    (length,) = struct.unpack_from("<q", content, 0)
    head, body, at = (
        json.loads(content[8 : 8 + length]),
        zlib.decompress(content[8 + length :]),
        0,
    )
    arrays: dict[str, np.ndarray] = {}
    for name, dtype, shape in head["arrays"]:
        count = prod(shape)
        arrays[name] = np.frombuffer(body, dtype=dtype, count=count, offset=at).reshape(
            shape
        )
        at += arrays[name].nbytes
    train, test = (FoldPrediction(*map(arrays.get, names)) for names in _NAMES)
    return CellResult(
        train,
        test,
        arrays["inner"],
        head["chosen"],
        tuple(head["warnings"]),
        head["fits"],
    )


def warnings_of(content: bytes) -> tuple[str, ...]:
    """The warnings of a packed result, without reading its arrays."""
    (length,) = struct.unpack_from("<q", content, 0)
    return tuple(json.loads(content[8 : 8 + length])["warnings"])


_SIDES = ("train", "test")
_FIELDS = tuple(one.name for one in fields(FoldPrediction))
_NAMES = tuple(tuple(f"{side}.{one}" for one in _FIELDS) for side in _SIDES)
