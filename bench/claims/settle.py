"""What would decide a claim that is open: so many more repeats, or the reason why repeats cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench.claims.case import AnyCase
from bench.claims.doubts import doubts_of
from bench.claims.judgement import Judgement
from bench.core.comparisons import WhyNot
from bench.core.counting import Falsified
from bench.core.judgements import Settle, VerdictRow
from bench.core.outcomes import Statement
from bench.scores.design import resampling_of
from bench.text import chance, compared
from bench.text import judgements as j

#: What decides a claim with one of these reasons.
REASONS: dict[type[Statement], Settle] = {
    chance.OneSplit: Settle.REPEATS,
    chance.OneRepeat: Settle.REPEATS,
    chance.OneRanking: Settle.REPEATS,
    chance.OneExternalScore: Settle.REPEATS,
    chance.DrawsAgree: Settle.REPEATS,
    chance.SeedNotMeasured: Settle.SEEDS,
    chance.PaperSpreadZero: Settle.SEEDS,
    chance.OtherSample: Settle.ROWS,
    chance.OurSample: Settle.ROWS,
    chance.SeedsNotSplits: Settle.SOURCE,
    j.RoundingOpen: Settle.SOURCE,
    compared.RoundedTooMuch: Settle.SOURCE,
}
#: Of a comparison without an error rate, what repeats would give it.
ONE_SET = (WhyNot.ONE_SPLIT, WhyNot.NO_FOLDS)


def settle(case: AnyCase, judgement: Judgement) -> tuple[Settle | None, int | None]:
    """What would decide a claim, and how many more of it; None, None where nothing is open."""
    if judgement.agreement is None or judgement.agreement.decided:
        return None, None
    for reason in judgement.reasons:
        if isinstance(reason, compared.FewDatasets | compared.FewForOpposite):
            return Settle.DATASETS, reason.needed - reason.datasets
    if judgement.lacks is not None:
        return judgement.lacks, None
    if judgement.open:
        further = [one.further() for one in judgement.open]
        known = [repeats for repeats in further if repeats is not None]
        if len(known) == len(further):
            return _kind_of_repeats(case), max(known)
        return judgement.open[further.index(None)].floor, None
    return _by_reasons(case, judgement.reasons), None


def _by_reasons(case: AnyCase, reasons: Sequence[Statement]) -> Settle:
    """What decides a claim whose error is not known."""
    found = [_by_reason(reason) for reason in reasons]
    by = next((one for one in found if one is not None), None)
    if by in (Settle.REPEATS, Settle.SEEDS):
        return _in_place_of_repeats(case, reasons) or by
    if by is not None:
        return by
    departs = set(doubts_of(case.claim, case.evidence.study)) - {"memory", "quoted"}
    if departs:
        return Settle.METHOD
    return Settle.UNKNOWN


def _in_place_of_repeats(case: AnyCase, reasons: Sequence[Statement]) -> Settle | None:
    """What decides where no repeats can; of repeats of an unknown number what is repeated, None for seeds."""
    drawn = [one for one in reasons if isinstance(one, chance.SeedNotMeasured)]
    if drawn and case.claim.splits == "same" and case.draws_chance:
        return Settle.PAPER_NOISE  # a repeat is of other splits
    if not _is_repeatable(case):
        return Settle.FIXED_DESIGN
    return None if drawn else _kind_of_repeats(case)


def _by_reason(reason: Statement) -> Settle | None:
    if isinstance(reason, compared.NoErrorRate):
        return Settle.REPEATS if reason.why in ONE_SET else None
    return REASONS.get(type(reason))


def _places(case: AnyCase) -> list[AnyCase]:
    """The case on each of its datasets."""
    names = case.datasets if case.is_over_datasets else (case.dataset,)
    return [case.on(name) for name in names]


def _is_repeatable(case: AnyCase) -> bool:
    """Whether the protocol of a dataset under the claim takes repeats."""
    for place in _places(case):
        resampling = resampling_of(case.evidence.study, place.dataset)
        takes_repeats = resampling is None or resampling.takes_repeats
        if takes_repeats and not place.setting.row_by_row:
            return True
    return False


def _kind_of_repeats(case: AnyCase) -> Settle:
    """What is repeated: draws of a simulation, seeds on one set of folds, or the whole protocol."""
    settings = [place.setting for place in _places(case)]
    if all(setting.repeats_a_draw for setting in settings):
        return Settle.DRAWS
    if all(setting.runs > 1 for setting in settings):
        return Settle.SEEDS
    return Settle.REPEATS


def settle_falsifiers(
    rows: Sequence[VerdictRow], became: dict[str, Falsified]
) -> list[VerdictRow]:
    """The same rows; of falsifiers that Holm's correction over all of them, or no judgement, leaves undecided."""
    several = sum(row.falsifier and row.agreement is not None for row in rows) > 1
    return [_of_falsifier(row, became, several) for row in rows]


def _of_falsifier(
    row: VerdictRow, became: dict[str, Falsified], several: bool
) -> VerdictRow:
    if not row.falsifier:
        return row
    if row.agreement is None:
        return replace(row, settle=Settle.NOT_JUDGED)
    if became.get(row.claim) != Falsified.UNDECIDED:
        return replace(row, settle=None, further=None)
    if row.settle is None:
        return replace(row, settle=Settle.HOLM)
    # What is enough for one test is not enough after Holm over all.
    return replace(row, further=None) if several else row
