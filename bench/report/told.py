"""What a headline tells of claims, as facts: which of them, what each says, and how much better one model is.

It is one claim, with others that differ from it by their dataset alone; and one that is refuted, or is central and
differs, if these are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isclose

from bench.claims.claim import shape_of
from bench.core.judgements import Agreement, VerdictRow
from bench.core.metrics import complement_of
from bench.core.outcomes import codes
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import Foremost, mark
from bench.scores.design import is_baseline
from bench.text.compared import Equivalent
from bench.text.marks import NOT_REPRODUCED
from bench.text.words import measure


class Says(StrEnum):
    """What a sentence may say of a claim, by its agreement alone."""

    SHOWN = "shown"
    OPEN = "open"
    REFUTED = "refuted"


@dataclass(frozen=True)
class Told:
    """One claim as a headline tells it; all numbers are of its own record or of its own two scores.

    metric: its name; several: whether the study's claims and scores are of more than one, so that it must be named.
    datasets: the one, or all that the claim is over. share: which part of the score of the second model the first is
    better by; None where that has no meaning, or where the scores here do not give the claim's own difference.
    """

    row: VerdictRow
    metric: str
    several: bool
    side: str
    datasets: tuple[str, ...]
    share: float | None = None

    @property
    def beats_one(self) -> bool:
        """Whether it says that one model is better than another."""
        return shape_of(self.row.kind).beats_one

    @property
    def is_number(self) -> bool:
        """Whether a number is published, and ours stands beside it."""
        return self.row.published is not None and self.row.ours is not None

    @property
    def says(self) -> Says:
        if self.row.holds:
            return Says.SHOWN
        return Says.REFUTED if self.row.agreement == Agreement.DIFFERS else Says.OPEN

    @property
    def equal(self) -> bool:
        """Whether it is refuted by their equality: the one may be ahead, by less than counts."""
        return Equivalent.code in codes(self.row.reasons)

    @property
    def size(self) -> float | None:
        """By how much one model is better here, in the claim's unit: on one dataset, where that is shown."""
        shown = self.beats_one and self.says == Says.SHOWN
        return self.row.ours if shown and len(self.datasets) == 1 else None


@dataclass(frozen=True)
class ToldClaims:
    """The claims that a headline tells: the first with its numbers, `others` that differ from it by their dataset."""

    first: Told
    others: tuple[Told, ...] = ()
    refuted: Told | None = None

    @property
    def claims(self) -> tuple[Told, ...]:
        return (self.first, *self.others, *filter(None, [self.refuted]))


def finding_of(bundle: Bundle, of: Foremost) -> ToldClaims:
    """Numbers before comparisons, what agrees before what does not; comparisons in the order of the study."""
    claims = [told(bundle, row) for row in of.rows]
    chosen = min(claims, key=lambda one: _worth(bundle, one))
    same = [
        one
        for one in claims
        if one is chosen or _differ_by_dataset(bundle, one, chosen)
    ]
    first = chosen if chosen.is_number else min(same, key=_clearness)
    others: dict[tuple[str, ...], Told] = {}
    for one in same:
        if one.datasets != first.datasets:
            others.setdefault(one.datasets, one)
    shown = [first.row, *(one.row for one in others.values())]
    return ToldClaims(
        first, tuple(others.values()), next(_against(bundle, of, shown), None)
    )


def _against(
    bundle: Bundle, of: Foremost, shown: Sequence[VerdictRow]
) -> Iterator[Told]:
    """Claims that did not come out and are not `shown`: those that are refuted, then central ones that differ."""
    rows = [row for row in bundle.counted.attempted if row not in shown]
    for row in rows:
        if mark(row) == NOT_REPRODUCED:
            yield told(bundle, row)
    for row in rows:
        if (
            row.agreement == Agreement.DIFFERS
            and row not in of.rows
            and _is_central(bundle, row)
        ):
            yield told(bundle, row)


def _is_central(bundle: Bundle, row: VerdictRow) -> bool:
    claim = bundle.claims.get(row.claim)
    return claim is not None and claim.central


def told(bundle: Bundle, row: VerdictRow) -> Told:
    """The facts of one claim."""
    claim, metric = (
        bundle.claims.get(row.claim),
        row.metric or bundle.study.metrics.primary,
    )
    side = "test" if claim is None else claim.side
    names = claim.datasets if claim is not None and row.dataset is None else None
    datasets = (
        (row.dataset,) if row.dataset is not None else names or facts.places(bundle)
    )
    share = (
        _share(bundle, row, metric, side, datasets[0]) if len(datasets) == 1 else None
    )
    return Told(row, metric, _several(bundle), side, datasets, share)


def _several(bundle: Bundle) -> bool:
    """Whether there is more than one metric; a share of right cases and one of wrong ones are one."""
    names = {
        *bundle.study.metrics.names,
        *filter(None, (row.metric for row in bundle.counted.attempted)),
    }
    return len({min(name, complement_of(name) or name) for name in names}) > 1


def _share(
    bundle: Bundle, row: VerdictRow, metric: str, side: str, place: str
) -> float | None:
    unit, found = measure(metric), facts.estimates(bundle, metric, side)
    one, other = (
        found.get((place, family or "")) for family in (row.family, row.against)
    )
    unbounded = (unit.higher, unit.low, unit.high) == (False, 0, None)
    if (
        not shape_of(row.kind).beats_one
        or not unbounded
        or one is None
        or other is None
        or row.ours is None
    ):
        return None
    own = isclose(other.value - one.value, row.ours, rel_tol=1e-6)
    return row.ours / other.value if own and 0 < row.ours <= other.value else None


def _worth(bundle: Bundle, one: Told) -> tuple[float, ...]:
    if not one.is_number:
        return (1,) if one.beats_one else (2,)
    agrees = max(list(Agreement).index(Agreement(str(one.row.agreement))), 1)
    baseline = one.row.family is not None and is_baseline(bundle.study, one.row.family)
    return (
        0,
        agrees,
        one.side != "test",
        baseline,
        measure(one.metric).loss(float(one.row.published or 0)),
    )


def _clearness(one: Told) -> tuple[int, bool, float]:
    """Of comparisons that differ by their dataset: what is shown first, there the largest for its tolerance."""
    return (
        list(Says).index(one.says),
        one.equal,
        -(one.row.ours or 0) / (one.row.tolerance or 1),
    )


def _differ_by_dataset(bundle: Bundle, one: Told, other: Told) -> bool:
    """Whether two claims say the same of two datasets."""
    if None in (one.row.dataset, other.row.dataset):
        return False
    if not shape_of(one.row.kind).of_metric:
        return False
    (a, b) = (
        (
            row.kind, row.family, row.against, row.metric, row.unit, row.source, row.is_by_other_method,
            row.published is None,
            claim and (claim.side, claim.order, claim.constant, claim.read == "memory"),
        )
        for row, claim in ((told.row, bundle.claims.get(told.row.claim)) for told in (one, other))
    )  # fmt: skip
    return a == b
