"""The classes of a target: their order, and which one is positive."""

from __future__ import annotations

import math

import polars as pl

from bench.core.errors import DataError, suggested
from bench.data.roles import incompatible
from bench.study.models import ColumnType, Ordinal


def classes_of(target: pl.Series, declared: ColumnType | None, where: str) -> list[str]:
    """The observed classes: in declared order (ordinal), else in numeric order if all are numbers, else alphabetical.

    Raises `DataError` when there is only one.
    """
    observed = set(target.cast(pl.String).unique())
    if isinstance(declared, Ordinal):
        classes = [word for word in dict.fromkeys(declared.ordinal) if word in observed]
    else:
        numbers = {label: as_number(label) for label in observed}
        numeric = all(number is not None for number in numbers.values())
        classes = sorted(
            observed, key=lambda label: (numbers[label] if numeric else 0, label)
        )
    if len(classes) < 2:
        raise DataError(
            f"{where}: the target {target.name} has one class only ({classes[0]}); there is nothing to predict"
        )
    return classes


def positive_of(
    target: pl.Series, classes: list[str], declared: str | None, where: str
) -> str | None:
    """The positive class of two: the declared one, or the rarer (of equal ones the later); None with more classes."""
    if declared is not None and declared not in classes:
        raise incompatible(
            f"{where}: positive",
            f"{declared} is no class; {suggested(declared, classes, 'classes')}",
        )
    if len(classes) != 2:
        if declared is not None:
            raise incompatible(
                f"{where}: positive",
                f"there are {len(classes)} classes; only of two can one be positive",
            )
        return None
    if declared is not None:
        return declared
    first, second = (int((target == label).sum()) for label in classes)
    return classes[0] if first < second else classes[1]


def as_number(label: str) -> float | None:
    """The finite number that a label is, or None."""
    try:
        number = float(label)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in label else None
