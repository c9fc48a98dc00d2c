"""All claims of a study -> judgements.VERDICTS, with the rules that hold whatever the kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Literal

import polars as pl

from bench.claims._alternatives import is_open, put_together, readings_of
from bench.claims.claim import KINDS, ClaimEvidence, NotTestableError, on_one
from bench.claims.falsifiers import falsified
from bench.claims.judgement import Judgement, cause_of
from bench.claims.open_claims import REPEATED
from bench.claims.order import OrderClaim
from bench.core.counting import Falsified
from bench.core.frames import of_records
from bench.core.judgements import (
    VERDICTS,
    Agreement,
    Doubt,
    Evidence,
    VerdictRow,
)
from bench.core.outcomes import Statement, decoded, encoded
from bench.families.instability import unstable_families
from bench.scores.design import resampling_of
from bench.stats.precision import first_that
from bench.study import Claim, Study
from bench.text import chance
from bench.text import judgements as j
from bench.text.compared import (
    FewDatasets,
    NoErrorRate,
    NoErrorRateExternal,
    RivalsAbsent,
    RivalsMissing,
    RoundedTooMuch,
)
from bench.text.unjudged import NotAttempted

#: Kinds that hold two families against each other by the corrected t on one dataset.
COMPARING = ("better", "best", "equivalent", "order", "rank")
#: Kinds that hold a number against a stated one, by the spread of its repeats.
OF_ONE_NUMBER = ("value", "range", "count", "difference", "ratio", "mean", "share")
#: Kinds that need no metric: of none, or of several.
OF_NO_METRIC = ("statistic", "printed", "counted", "count", "bradley_terry")
#: What would decide a claim with one of these reasons; ten repeats and seeds, as everywhere by default.
SETTLED_BY: dict[type[Statement], j.Settle] = {
    chance.SeedNotMeasured: j.Settle("seeds", 10),
    chance.OneSplit: j.Settle("repeats", 10),
    chance.OneRepeat: j.Settle("repeats", 10),
    chance.OneRanking: j.Settle("repeats", 10),
    chance.OneExternalScore: j.Settle("repeats", 10),
    chance.PaperSpreadZero: j.Settle("seeds", 10),
    chance.OneDraw: j.Settle("draws", 10),
    chance.SeedsNotSplits: j.Settle("source"),
    chance.OtherSample: j.Settle("rows"),
    chance.OurSample: j.Settle("rows"),
    chance.BinomialErrors: j.Settle("rows"),
    j.RoundingOpen: j.Settle("source"),
    chance.TiesHidden: j.Settle("source"),
    RoundedTooMuch: j.Settle("source"),
}
#: Why a comparison has no error rate that repeats would give it.
ONCE = (
    NoErrorRate("one_split"),
    NoErrorRateExternal("one_score"),
    NoErrorRateExternal("one_test_set"),
)
#: The agreements that leave nothing open.
DECIDED = tuple(str(one) for one in Agreement if one.decided)
#: What `protocol_match` is where the study declares nothing and the aggregation is not the paper's.
DIFFERS = "differs"


def verdicts(
    study: Study,
    tables: pl.DataFrame,
    folds: pl.DataFrame,
    scores: pl.DataFrame,
    estimates: pl.DataFrame,
    failures: pl.DataFrame,
    predictions: pl.DataFrame | None = None,
    missing_runs: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row a claim, in the order of the study (judgements.VERDICTS). All numbers are in the claim's unit.

    `ours` of a claim that compares is the improvement of its family, positive is better; without a claimed size `low`
    to `high_refute` are intervals of that improvement. Without `predictions` no interval holds the class mix, and
    without `missing_runs` every run of an external table has a score.
    """
    frames = {
        "tables": tables,
        "folds": folds,
        "scores": scores,
        "estimates": estimates,
        "failures": failures,
    }
    further = {"predictions": predictions, "missing_runs": missing_runs}
    evidence = ClaimEvidence.of(
        study, frames | {name: one for name, one in further.items() if one is not None}
    )
    rows = settled_after_holm(
        [row_of(claim, evidence) for claim in study.judged], evidence
    )
    return of_records(rows, VERDICTS, digits=None)


def settled_after_holm(
    rows: Sequence[VerdictRow], evidence: ClaimEvidence
) -> list[VerdictRow]:
    """The same; of falsifiers with what would decide them after Holm over all, if the others keep their p."""
    if sum(row.falsifier and row.agreement is not None for row in rows) < 2:
        return list(rows)
    became, claims = (
        falsified(evidence.study, rows),
        {claim.id: claim for claim in evidence.study.judged},
    )
    left = [
        row.agreement is not None and became.get(row.claim) == Falsified.UNDECIDED
        for row in rows
    ]
    return [
        replace(
            row, settle=encoded(_after_holm(row, claims[row.claim], rows, evidence))
        )
        if open_
        else row
        for row, open_ in zip(rows, left, strict=True)
    ]


def _after_holm(
    row: VerdictRow, claim: Claim, rows: Sequence[VerdictRow], evidence: ClaimEvidence
) -> tuple[j.Settle, ...]:
    """What would decide a falsifier after Holm: repeats counted anew, on one dataset; else unknown."""
    ways = [one for one in decoded(row.settle) if isinstance(one, j.Settle)]
    by = next(
        (one.by for one in ways if one.count is not None and one.by in REPEATED), None
    )
    if ways and (
        by is None or row.p is None
    ):  # what was counted before Holm, or for the first error rate
        return tuple(replace(one, count=None) for one in ways)
    unknown = (j.Settle("nothing" if ways else "nothing_after_holm"),)
    if not _rests_on_repeats(claim, evidence):
        return unknown
    if (needed := _repeats_after_holm(row, claim, rows, evidence)) is not None:
        return (j.Settle(by or _repeated(claim, evidence), needed),)
    return (j.Settle("rows_after_holm"),) if _needs_rows(claim, evidence) else unknown


def _needs_rows(claim: Claim, evidence: ClaimEvidence) -> bool:
    """Whether more rows would decide what no number of repeats does: a comparison by the corrected t."""
    return claim.kind in COMPARING and evidence.setting(claim).repeats_vary


def _rests_on_repeats(claim: Claim, evidence: ClaimEvidence) -> bool:
    """Whether repeats are what a claim is judged by: where several datasets are tested, these are."""
    tests_datasets = claim.kind != "mean" and evidence.over(claim)
    return (
        claim.kind in (*COMPARING, *OF_ONE_NUMBER)
        and not tests_datasets
        and _repeatable(claim, evidence)
    )


def _repeats_after_holm(
    row: VerdictRow, claim: Claim, rows: Sequence[VerdictRow], evidence: ClaimEvidence
) -> int | None:
    """The fewest repeats that would decide a falsifier after Holm; None where no number would."""

    def decides(repeats: int) -> bool:
        found = KINDS[claim.kind].judge(claim, replace(evidence, repeats=repeats))
        then = replace(row, agreement=found.agreement, p=found.p, p_shown=found.p_shown)
        others = [then if one.claim == row.claim else one for one in rows]
        return falsified(evidence.study, others)[row.claim] != Falsified.UNDECIDED

    places = evidence.on_each(claim) if evidence.over(claim) else [claim]
    return first_that(decides, min(evidence.setting(one).drawn for one in places) + 1)


def row_of(claim: Claim, evidence: ClaimEvidence) -> VerdictRow:
    """The row of one claim in judgements.VERDICTS."""
    judgement, protocol = judged(claim, evidence), protocol_match(claim, evidence)
    status, agreement = judgement.status, judgement.agreement
    known = None if agreement is None else evidence_of(claim, protocol)
    return VerdictRow(
        claim=claim.id, kind=claim.kind, dataset=claim.dataset, family=claim.family, against=claim.against,
        metric=None if claim.kind in OF_NO_METRIC and claim.metric is None else evidence.metric(claim),
        unit=claim.unit, published=judgement.published or claim.value, stated=claim.stated,
        ours=judgement.ours, difference=judgement.difference, low=judgement.low,
        high=judgement.high, low_refute=judgement.low_refute, high_refute=judgement.high_refute,
        p=judgement.p, p_shown=judgement.p_shown,
        tolerance=judgement.tolerance, tolerance_used=judgement.tolerance_used or judgement.tolerance,
        smallest_tolerance=judgement.smallest_tolerance,
        detectable=judgement.detectable, status=status, agreement=agreement, evidence=known,
        source=claim.source, falsifier=claim in (evidence.study.falsified_if or ()), fidelity=claim.fidelity,
        protocol_match=protocol, cause=cause_of(agreement, judgement.reasons, sized=claim.kind != "order"),
        settle=encoded(settles(claim, evidence, judgement)), reasons=encoded(judgement.reasons),
    )  # fmt: skip


def settles(
    claim: Claim, evidence: ClaimEvidence, judgement: Judgement
) -> tuple[j.Settle, ...]:
    """What would decide a claim that is consistent or unclear, each once; at least that nothing is known."""
    if judgement.agreement is None or judgement.agreement.decided:
        return ()
    found = [*judgement.settle]
    for one in judgement.reasons:
        if isinstance(one, FewDatasets):
            found = [
                *(each for each in found if each.by != "datasets"),
                j.Settle("datasets", one.needed),
            ]
        elif type(one) in SETTLED_BY:
            found.append(SETTLED_BY[type(one)])
        elif one in ONCE:
            found.append(j.Settle("repeats", 10))
        elif isinstance(one, j.AmbiguousSpread | j.AmbiguousNumber) and any(
            r[-1] in DECIDED for r in one.readings
        ):
            found.append(j.Settle("source"))
    found = found or _of_the_paper(claim, evidence)
    found = _repeated_or_not(found, claim, evidence, judgement)
    return tuple(dict.fromkeys(_named(one, claim, evidence) for one in found)) or (
        j.Settle("nothing"),
    )


def _of_the_paper(claim: Claim, evidence: ClaimEvidence) -> list[j.Settle]:
    """What of the paper's the study does not have."""
    lacks = {
        "method": claim.fidelity != "exact",
        "data": protocol_match(claim, evidence) != "same",
    }
    return [j.Settle(by) for by in ("method", "data") if lacks[by]]


def _named(one: j.Settle, claim: Claim, evidence: ClaimEvidence) -> j.Settle:
    """Repeats by what is repeated; of the paper's splits only the seeds on fixed ones, of a simulation its draws, and
    none of what the author expects."""
    if one.by == "repeats":
        return replace(one, by=_repeated(claim, evidence))
    if one.by != "splits":
        return one
    if claim.fidelity == "substituted":
        return replace(one, by="method")
    if claim.source == "author":
        return replace(one, by="expected")
    repeated = _repeated(claim, evidence)
    return (
        one
        if repeated == "repeats"
        else j.Settle("paper_seeds" if repeated == "seeds" else "paper_draws")
    )


def _repeated_or_not(
    found: list[j.Settle], claim: Claim, evidence: ClaimEvidence, judgement: Judgement
) -> list[j.Settle]:
    """The same; where the protocol takes no repeats, what would decide in their place."""
    drawn = {
        one.draws
        for one in judgement.reasons
        if isinstance(one, chance.SeedNotMeasured)
    }
    if (
        drawn and claim.splits == "same" and evidence.draws_chance(claim)
    ):  # a repeat is of other splits
        return [j.Settle("splits") if one.by == "seeds" else one for one in found]
    if _repeatable(claim, evidence):
        return found
    other = next((j.Settle(one) for one in drawn if one != "fit"), j.Settle("protocol"))
    return [other if one.by in ("repeats", "seeds") else one for one in found]


def _repeatable(claim: Claim, evidence: ClaimEvidence) -> bool:
    """Whether the protocol of a dataset under the claim takes repeats: leave-one-out, also elsewhere, and a time order
    have one run."""
    names = (
        evidence.datasets_of(claim)
        if evidence.over(claim)
        else (evidence.dataset(claim),)
    )
    one_run = ("leave_one_out", "time_ordered")
    return any(
        resampling_of(evidence.study, name) not in one_run
        and not evidence.setting(on_one(claim, name)).row_by_row
        for name in names
    )


def _repeated(
    claim: Claim, evidence: ClaimEvidence
) -> Literal["draws", "seeds", "repeats"]:
    """What is repeated under the claim: draws of a simulation, seeds on one set of folds, or the whole protocol."""
    places = evidence.on_each(claim) if evidence.over(claim) else [claim]
    settings = [evidence.setting(one) for one in places]
    if all(one.repeats_a_draw for one in settings):
        return "draws"
    return "seeds" if all(one.runs > 1 for one in settings) else "repeats"


def judged(claim: Claim, evidence: ClaimEvidence) -> Judgement:
    """The judgement on one claim: that of its kind, limited by how well it was attempted."""
    try:
        if claim.id in evidence.impossible:
            raise NotTestableError(*evidence.impossible[claim.id])
        if claim.fidelity == "not_attempted":
            raise NotTestableError(NotAttempted(claim.note))
        judgement = (
            _each_reading(claim, evidence)
            if is_open(claim)
            else _by_kind(claim, evidence)
        )
    except NotTestableError as error:
        return Judgement.not_judged(*error.reasons)
    differs = _aggregation_differs(claim, evidence)
    return judgement if differs is None else judgement.followed_by(differs)


def _by_kind(claim: Claim, evidence: ClaimEvidence) -> Judgement:
    """The judgement of the claim's kind, with the limits and warnings that hold for all kinds."""
    judgement = KINDS[claim.kind].judge(claim, evidence)
    if _is_over_seeds(claim, evidence, judgement):
        judgement = judgement.followed_by(j.SeedsOnly())
    if (tested := _other_rows(claim, evidence, judgement)) is not None:
        judgement = judgement.followed_by(tested)
    return limited(claim, judgement, protocol_match(claim, evidence))


def _each_reading(claim: Claim, evidence: ClaimEvidence) -> Judgement:
    """The judgement on a claim that leaves open what its number is, from those under every reading."""
    judgements = {}
    for alternative, reading in readings_of(claim, evidence.study).items():
        try:
            judgements[alternative] = _by_kind(reading, evidence)
        except NotTestableError as error:
            judgements[alternative] = Judgement.not_judged(*error.reasons)
    return put_together(claim, evidence.study, judgements)


def _is_over_seeds(claim: Claim, evidence: ClaimEvidence, judgement: Judgement) -> bool:
    """Whether only seeds vary behind a judgement on chance: it holds for these splits and rows, for no others."""
    several = claim.dataset is None and len(evidence.study.datasets) > 1
    if claim.kind in ("statistic", "value", "range", "count") or several:
        return False
    return (
        evidence.varies(claim) == "seeds"
        and judgement.low is not None
        and judgement.p is not None
    )


def _other_rows(
    claim: Claim, evidence: ClaimEvidence, judgement: Judgement
) -> j.UnstableFamilies | j.ByHalves | None:
    """How a comparison, which speaks of other rows too, was tested where all of it was on halves, and else the unstable
    families for which the corrected t, or Nadeau and Bengio's variance, errs too often."""
    if (
        evidence.over(claim)
        or judgement.p is None
        or not _speaks_of_other_rows(claim, evidence)
    ):
        return None
    halves = {
        names: evidence.halves(claim, *names)
        for names in _compared(claim, evidence, judgement)
    }
    untested = dict.fromkeys(
        name for names, one in halves.items() if one is None for name in names
    )
    if unstable := unstable_families(evidence.study, untested):
        worst = next(iter(unstable.values()))
        return j.UnstableFamilies(tuple(unstable), worst.measured_on, worst.errs)
    if claim.kind not in COMPARING:
        return None
    pairs = [len(one) for one in halves.values() if one is not None]
    direction = claim.kind in ("better", "best") and judgement.low is not None
    return (
        j.ByHalves(pairs[0], direction) if pairs and len(pairs) == len(halves) else None
    )


def _speaks_of_other_rows(claim: Claim, evidence: ClaimEvidence) -> bool:
    """Claims that compare do, published numbers only where they are of another sample; seeds alone and draws of a
    simulation do not."""
    if claim.kind in ("statistic", "share") or (
        claim.kind not in COMPARING and claim.splits != "other_sample"
    ):
        return False
    setting = evidence.setting(claim)
    return not (setting.seeds or setting.repeats_a_draw or setting.ratio is None)


def _compared(
    claim: Claim, evidence: ClaimEvidence, judgement: Judgement
) -> list[tuple[str | None, ...]]:
    """The family, or the pairs of families, whose scores a judgement rests on."""
    if isinstance(claim, OrderClaim):
        return list(combinations(claim.families, 2))
    if claim.kind in ("best", "rank"):
        without = [
            one.families
            for one in judgement.reasons
            if isinstance(one, RivalsAbsent | RivalsMissing)
        ]
        return [
            (claim.family, rival)
            for rival in evidence.rivals(claim)
            if not any(rival in few for few in without)
        ]
    return [(claim.family,) if claim.against is None else (claim.family, claim.against)]


def limited(claim: Claim, judgement: Judgement, protocol: str) -> Judgement:
    """Under another protocol nothing is exact; a difference says what makes its evidence less than strong."""
    if judgement.agreement == Agreement.DIFFERS and (
        doubts := doubts_of(claim.fidelity, claim.read, protocol)
    ):
        return replace(
            judgement, reasons=(j.LesserEvidence(doubts), *judgement.reasons)
        )
    if judgement.agreement == Agreement.EXACT and protocol != "same":
        return judgement.not_exact(j.ProtocolDiffers())
    return judgement


def doubts_of(fidelity: str, read: str, protocol: str) -> tuple[Doubt, ...]:
    """What makes the evidence less than strong; protocol: how it matches the paper's (`protocol_match`)."""
    doubts: dict[Doubt, bool] = {
        "substituted": fidelity == "substituted",
        "approximated": fidelity == "approximated",
        "memory": read == "memory",
        "quoted": read == "secondary",
        "protocol": protocol != "same",
    }
    return tuple(doubt for doubt, applies in doubts.items() if applies)


def evidence_of(claim: Claim, protocol: str) -> Evidence:
    """How far a judgement on the claim is about the paper."""
    if claim.fidelity == "substituted" or claim.read == "memory":
        return Evidence.WEAK
    return (
        Evidence.LIMITED
        if doubts_of(claim.fidelity, claim.read, protocol)
        else Evidence.STRONG
    )


def protocol_match(claim: Claim, evidence: ClaimEvidence) -> str:
    """The match of protocols that the study declares; `differs` where it declares none and the aggregation differs."""
    declared = claim.protocol_match or "same"
    return (
        DIFFERS
        if declared == "same" and _aggregation_differs(claim, evidence) is not None
        else declared
    )


def _aggregation_differs(
    claim: Claim, evidence: ClaimEvidence
) -> j.AggregationDiffers | None:
    """The paper's aggregation and ours, where they are not the same."""
    if claim.aggregation is None or claim.kind == "statistic":
        return None
    ours = evidence.aggregation(claim)
    return (
        None
        if ours in (None, claim.aggregation)
        else j.AggregationDiffers(claim.aggregation, str(ours))
    )
