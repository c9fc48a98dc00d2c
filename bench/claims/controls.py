"""Positive controls: whether a number that differs is known to differ, or our study may be weaker than the paper.

A study that is weaker and does not know it misses every number alike. So *not reproduced* needs other numbers of the
same table and dataset that could have shown as large a difference and do not, and a model that is not shifted alike on
other datasets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.claims.published import PublishedNumber, numbers_of_claim
from bench.core.judgements import Agreement, Control, VerdictRow
from bench.core.outcomes import Statement, decoded, encoded
from bench.stats.intervals import t_quantile
from bench.study import Study
from bench.text.judgements import ControlHeld, NoControl, ShiftedAlike

#: On fewer other datasets a model's own shift is not asked about.
FEWEST_ELSEWHERE = 2


def add_controls(
    rows: Sequence[VerdictRow], study: Study, table_of: Mapping[str, str]
) -> list[VerdictRow]:
    """The rows, in which each published number that differs says whether a control stands beside it."""
    numbers = [
        numbers_of_claim(study, claim, row, table_of)
        for claim, row in zip(study.judged, rows, strict=True)
    ]
    every = [number for found in numbers for number in found if number.counted is None]
    with_controls = []
    for row, found in zip(rows, numbers, strict=True):
        for number in found:
            if number.agreement == Agreement.DIFFERS and number.counted is None:
                control, why = find_control(number, every)
                reasons = encoded([*decoded(row.reasons), why])
                row = replace(row, control=control, reasons=reasons)
        with_controls.append(row)
    return with_controls


def find_control(
    number: PublishedNumber, numbers: Sequence[PublishedNumber]
) -> tuple[Control, Statement]:
    """What stands beside a number that differs, among all numbers of the paper.

    Parameters
    ----------
    number : PublishedNumber
        The one that differs.
    numbers : sequence of PublishedNumber
        All of the paper, the number itself among them or not. Only those with the paper's method and protocol count.

    Returns
    -------
    Control
        `held` where other models of the dataset could have shown a difference as large, and more than half of them do
        not differ; `own_shift` where the model itself is shifted alike on two further datasets or more.
    Statement
        Why.
    """
    same = [other for other in numbers if other.close and is_comparable(other, number)]
    able = [other for other in same if could_show(other, number)]
    fine = sum(other.agreement != Agreement.DIFFERS for other in able)
    if 2 * fine <= len(able):
        return Control.NONE, NoControl(fine, len(able))
    z = own_shifts(number, same)
    if is_shift(z):
        return Control.OWN_SHIFT, ShiftedAlike(len(z))
    return Control.HELD, ControlHeld(fine, len(able), len(z) < FEWEST_ELSEWHERE)


def is_comparable(other: PublishedNumber, number: PublishedNumber) -> bool:
    """Whether two numbers are of one metric, side and unit."""
    return (other.metric, other.side, other.unit) == (
        number.metric,
        number.side,
        number.unit,
    )


def could_show(other: PublishedNumber, number: PublishedNumber) -> bool:
    """Whether another model of the dataset differs, or would be seen to if it were as far off."""
    if other.dataset != number.dataset or other.family == number.family:
        return False
    if other.agreement == Agreement.DIFFERS:
        return True
    return other.detectable is not None and other.detectable <= abs(number.difference)


def own_shifts(
    number: PublishedNumber, numbers: Sequence[PublishedNumber]
) -> list[float]:
    """The model's differences on other datasets in standard errors, positive on the number's side."""
    side = 1.0 if number.difference > 0 else -1.0
    return [
        side * other.difference / other.standard_error
        for other in numbers
        if other.family == number.family
        and other.table != number.table
        and other.standard_error
    ]


def is_shift(z: Sequence[float]) -> bool:
    """Whether a model is shifted on the side of its number, by its pooled z."""
    if len(z) < FEWEST_ELSEWHERE:
        return False
    pooled: float = sum(z) / len(z) ** 0.5
    return pooled > t_quantile(0.975, float("inf"))
