"""By what a claim was judged: an interval, a direction, a test, the tolerance."""

from __future__ import annotations

from typing import Literal

from bench.claims.claim import shape_of
from bench.core.judgements import VerdictRow
from bench.core.outcomes import Statement, codes, decoded
from bench.text import chance, formats
from bench.text.compared import FewDatasets, FewForOpposite

#: Why a claim has no interval; `equal_runs`: an error was estimated from several, and is 0.
NoInterval = Literal[
    "arithmetic", "statistic", "sizes_alone", "few_datasets", "equal_runs"
]
#: The statements that say it, in the order of precedence.
_NO_INTERVAL: dict[type[Statement], NoInterval] = {
    chance.Arithmetic: "arithmetic",
    chance.StatisticErrorUnknown: "statistic",
    chance.CountsAlone: "sizes_alone",
    FewDatasets: "few_datasets",
    chance.Repeats: "equal_runs",
    chance.Rankings: "equal_runs",
    chance.SameSplitsAgree: "equal_runs",
    chance.OneRepeat: "equal_runs",
    chance.OtherSample: "equal_runs",
    chance.OurSample: "equal_runs",
}


def can_be_refuted(row: VerdictRow) -> bool:
    """Whether a test could refute it, whatever the scores: with so few datasets some
    claims can only be shown."""
    has_few = any(not reason.equality for reason in _few(row))
    return row.p is not None and not has_few


def _few(row: VerdictRow) -> list[FewDatasets | FewForOpposite]:
    reasons = decoded(row.reasons)
    return [one for one in reasons if isinstance(one, FewDatasets | FewForOpposite)]


def has_interval(row: VerdictRow) -> bool:
    """Whether chance has a part in a claim's interval, and both of its ends exist.

    One that is no wider than the published rounding has none, unless a higher level makes
    it wider; of a direction the 95 % interval counts.
    """
    if row.low is None or row.high is None or row.ours is None or None in ends(row):
        return False
    width, least = row.high - row.low, 1 + 1e-6
    if row.published is None:
        return width > 0
    wider = (row.high_refute or 0.0) - (row.low_refute or 0.0) > width * least
    rounding = 10.0 ** -formats.decimals_of(row.published)
    return width > rounding * least or (width > 0 and wider)


def why_no_interval(row: VerdictRow) -> NoInterval | None:
    """Why a claim has none, as far as its judgement says; None where it has one, or where
    the design says more."""
    if has_interval(row):
        return None
    known = codes(row.reasons)
    causes = [why for kind, why in _NO_INTERVAL.items() if kind.code in known]
    why = causes[0] if causes else None
    return None if why == "equal_runs" and row.low is None else why


def is_direction(row: VerdictRow) -> bool:
    """Whether a claim was judged by whether one model is better, and not by how much: its
    test is two-sided at the level .95."""
    sizeless = row.published is None or row.difference is None
    return sizeless and shape_of(row.kind).decided_by == "direction"


def ends(row: VerdictRow) -> tuple[float | None, float | None]:
    """The interval that decides a claim: the 95 % one of a direction, which it leaves open
    while it holds 0; else the 90 % one, which must lie within the tolerance."""
    if is_direction(row):
        return row.low_refute, row.high_refute
    return row.low, row.high
