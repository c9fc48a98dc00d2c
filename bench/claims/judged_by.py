"""By what a claim was judged, from its judgement alone: an interval, a direction, a test, the tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bench.claims.claim import shape_of
from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import Statement, codes, decoded
from bench.text import chance, formats
from bench.text.compared import FewDatasets, FewForOpposite, NoErrorRate
from bench.text.judgements import RoundingOpen
from bench.text.marks import ClaimSort

#: Why the judgement of a claim has no interval: `equal_runs`, where an error was estimated from several runs, and is 0.
NoInterval = Literal[
    "arithmetic", "statistic", "sizes_alone", "few_datasets", "equal_runs"
]
#: The statements that say it, in the order of precedence.
_NO_INTERVAL: dict[NoInterval, tuple[type[Statement], ...]] = {
    "arithmetic": (chance.Arithmetic,),
    "statistic": (chance.StatisticErrorUnknown,),
    "sizes_alone": (chance.CountsAlone,),
    "few_datasets": (FewDatasets,),
    "equal_runs": (
        chance.Repeats, chance.Rankings, chance.SameSplitsAgree, chance.OneRepeat,
        chance.OtherSample, chance.OurSample,
    ),
}  # fmt: skip


def can_be_refuted(row: VerdictRow) -> bool:
    """Whether a test could refute it, whatever the scores: with so few datasets some claims can only be shown."""
    beyond = any(
        isinstance(one, FewForOpposite) and not one.equality
        for one in decoded(row.reasons)
    )
    return is_testable(row) and not beyond


def is_testable(row: VerdictRow) -> bool:
    """Whether a test could decide it, for it or against it: it has a p-value, and enough datasets."""
    return row.p is not None and not has_few_datasets(row)


def has_few_datasets(row: VerdictRow) -> bool:
    """Whether so few datasets can neither show nor refute it, whatever the scores."""
    return any(
        isinstance(one, FewDatasets) and not one.equality
        for one in decoded(row.reasons)
    )


def has_interval(row: VerdictRow) -> bool:
    """Whether chance has a part in a claim's interval, and both of its ends exist.

    One that is no wider than the published rounding has none, unless a higher level makes it wider; of a direction the
    95 % interval counts.
    """
    if row.low is None or row.high is None or row.ours is None or None in ends(row):
        return False
    rounding = 10.0 ** -formats.decimals_of(row.published) if row.published else 0.0
    width = row.high - row.low
    wider = (row.high_refute or 0.0) - (row.low_refute or 0.0) > width * (1 + 1e-6)
    return (row.published is not None and width > 0 and wider) or width > rounding * (
        1 + 1e-6
    )


def why_no_interval(row: VerdictRow) -> NoInterval | None:
    """Why a claim has none, as far as its judgement says; None where it has one, or where the design says more."""
    if has_interval(row):
        return None
    found: NoInterval | None = None
    reasons = tuple(decoded(row.reasons))
    for why, kinds in _NO_INTERVAL.items():
        if found is None and any(isinstance(one, kinds) for one in reasons):
            found = why
    return None if found == "equal_runs" and row.low is None else found


def is_direction(row: VerdictRow) -> bool:
    """Whether a claim was judged by whether one model is better, and not by how much: its test is two-sided at the
    level .95."""
    sizeless = row.published is None or row.difference is None
    return sizeless and shape_of(row.kind).decided_by == "direction"


def ends(row: VerdictRow) -> tuple[float | None, float | None]:
    """The interval that decides a claim: the 95 % one of a direction, which it leaves open while it holds 0; else the
    90 % one, which must lie within the tolerance."""
    return (
        (row.low_refute, row.high_refute) if is_direction(row) else (row.low, row.high)
    )


def is_of_other_scores(row: VerdictRow) -> bool:
    """Whether a statistic or a table of counts was judged by scores that are not the paper's own."""
    known = codes(row.reasons)
    return any(
        kind.code in known
        for kind in (chance.StatisticErrorUnknown, chance.OtherSplitsPossible)
    )


def claim_sort(row: VerdictRow) -> ClaimSort:
    """By what a claim was judged, so that the meaning of its mark holds of it."""
    reasons = tuple(decoded(row.reasons))
    shape = shape_of(row.kind)
    if shape.number == "table":
        return _sort_of_table(reasons)
    if shape.compares and row.difference is None:
        return _sort_of_comparison(row, reasons)
    if any(isinstance(one, RoundingOpen) for one in reasons):
        return "rounding"
    return _sort_of_interval(row)


def _sort_of_table(reasons: Sequence[Statement]) -> ClaimSort:
    return (
        "number"
        if any(isinstance(one, chance.StatisticErrorUnknown) for one in reasons)
        else "table"
    )


def _sort_of_comparison(row: VerdictRow, reasons: Sequence[Statement]) -> ClaimSort:
    untested = next((one for one in reasons if isinstance(one, NoErrorRate)), None)
    shape = shape_of(row.kind)
    if row.holds:
        return (
            "comparison"
            if untested is None
            else "number"
            if shape.decided_by != "direction"
            else "fixed"
        )
    if shape.number == "order":
        return "order"
    by_interval = shape.number == "difference" and shape.decided_by != "direction"
    if by_interval and has_interval(row) and not _is_within(row):
        return _sort_of_interval(row)
    if untested is not None and untested.why is None:
        return "fixed"
    return _sort_of_open(row)


def _sort_of_open(row: VerdictRow) -> ClaimSort:
    by_direction = shape_of(row.kind).decided_by == "direction"
    favoured = not by_direction or (row.ours or 0.0) > 0
    is_known = row.low is not None or has_few_datasets(row)
    return "undecidable" if favoured and not is_known else "comparison"


def _sort_of_interval(row: VerdictRow) -> ClaimSort:
    if not has_interval(row):
        return "number"
    return "narrow" if _is_narrow(row) else "interval"


def _is_within(row: VerdictRow) -> bool:
    """Whether the interval lies within the tolerance, so that the study's level, and not the interval's, decides."""
    low, high = ends(row)
    return (
        low is not None
        and high is not None
        and max(abs(low), abs(high)) < (row.tolerance_used or 0.0)
    )


def _is_narrow(row: VerdictRow) -> bool:
    """Whether the interval of an open claim lies beyond the tolerance, so that only the wider one does not."""
    tolerance = row.tolerance_used or 0.0
    beyond = (row.low or 0.0) > tolerance or (row.high or 0.0) < -tolerance
    return beyond and row.agreement == Agreement.OFF
