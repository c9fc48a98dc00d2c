"""What would decide a claim that is open: so many more repeats, or the reason why repeats
cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bench.claims.case import AnyCase
from bench.claims.doubts import doubts_of
from bench.claims.judgement import OPEN, Judgement
from bench.core.comparisons import WhyNot
from bench.core.counting import Falsified
from bench.core.judgements import Settle, VerdictRow
from bench.core.outcomes import Statement
from bench.scores.design import resampling_of
from bench.text import chance, compared


def settle(case: AnyCase, judgement: Judgement) -> tuple[Settle | None, int | None]:
    """What would decide a claim, and how many more of it; None, None where nothing is
    open."""
    if not judgement.is_open:
        return None, None
    for reason in judgement.reasons:
        if isinstance(reason, compared.FewDatasets | compared.FewForOpposite):
            return Settle.DATASETS, reason.needed - reason.datasets
    if judgement.lacks is not None:
        return judgement.lacks, None
    if not judgement.open:
        return _by_reasons(case, judgement.reasons), None
    further = []
    for interval in judgement.open:
        repeats = interval.further()
        if repeats is None:
            return interval.floor, None
        further.append(repeats)
    return _name_repeats(_places(case)), max(further)


def _by_reasons(case: AnyCase, reasons: Sequence[Statement]) -> Settle:
    """What decides a claim whose error is not known."""
    by = next(filter(None, map(_by_reason, reasons)), None)
    if by is None:
        doubts = set(doubts_of(case.claim, case.evidence.study))
        return Settle.METHOD if doubts - {"memory", "quoted"} else Settle.UNKNOWN
    if by not in (Settle.REPEATS, Settle.SEEDS):
        return by
    by_seed = any(isinstance(reason, chance.SeedNotMeasured) for reason in reasons)
    if by_seed and case.claim.splits == "same" and case.draws_chance:
        return Settle.PAPER_NOISE  # a repeat is of other splits
    places = _places(case)
    if not any(map(_takes_repeats, places)):
        return Settle.FIXED_DESIGN
    return by if by_seed else _name_repeats(places)


def _by_reason(reason: Statement) -> Settle | None:
    if isinstance(reason, compared.NoErrorRate):
        on_one_set = reason.why in (WhyNot.ONE_SPLIT, WhyNot.NO_FOLDS)
        return Settle.REPEATS if on_one_set else None
    return OPEN.get(type(reason), (None, None))[1]


def _places(case: AnyCase) -> list[AnyCase]:
    """The case on each of its datasets."""
    names = case.datasets if case.is_over_datasets else (case.dataset,)
    return [case.on(name) for name in names]


def _takes_repeats(place: AnyCase) -> bool:
    """Whether the protocol of a dataset does."""
    resampling = resampling_of(place.evidence.study, place.dataset)
    is_fixed = resampling is not None and not resampling.takes_repeats
    return not is_fixed and not place.setting.row_by_row


def _name_repeats(places: Sequence[AnyCase]) -> Settle:
    """What is repeated: draws of a simulation, seeds on one set of folds, or the whole
    protocol."""
    if all(place.setting.repeats_a_draw for place in places):
        return Settle.DRAWS
    if all(place.setting.runs > 1 for place in places):
        return Settle.SEEDS
    return Settle.REPEATS


def settle_falsifiers(
    rows: Sequence[VerdictRow], became: Mapping[str, Falsified]
) -> Iterator[VerdictRow]:
    """The same rows; of falsifiers that Holm's correction over all of them, or no
    judgement, leaves undecided."""
    several = sum(row.falsifier and row.agreement is not None for row in rows) > 1
    for row in rows:
        if not row.falsifier:
            yield row
        elif row.agreement is None:
            yield replace(row, settle=Settle.NOT_JUDGED)
        elif became.get(row.claim) != Falsified.UNDECIDED:
            yield replace(row, settle=None, further=None)
        elif several or row.settle is None:
            # What is enough for one test is not enough after Holm over all.
            yield replace(row, settle=row.settle or Settle.HOLM, further=None)
        else:
            yield row
