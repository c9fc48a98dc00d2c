"""One family is the best of all that were compared, on one dataset or, when none is named, over all.

Supported when it beats every other family, each at the study's level without correction (the claim is false as soon as
one of them is, Berger 1982); contradicted when another beats it after Holm's correction over all others. The others are
all of the study.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bench.claims._pairs import (
    Pair,
    left_open,
    out_of_reach,
    pair_of,
    why_untested,
)
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import Shape
from bench.core.judgements import Agreement, Settle
from bench.core.outcomes import Statement
from bench.stats.adjust import holm_where_tested
from bench.study.claims import OfFamily, OverDatasets
from bench.text.compared import (
    Beaten,
    BeatsAll,
    Closest,
    DifferenceFrom,
    NotShownToBeat,
    RivalsAbsent,
    RivalsMissing,
)
from bench.text.unjudged import NoRival


class BestClaim(OfFamily, OverDatasets):
    """One family beats all others."""

    kind: Literal["best"]
    """The kind of claim."""


def judge(case: CaseOf[BestClaim]) -> Judgement:
    """The judgement by every rival whose scores are complete; the others forbid `reproduced`."""
    claim = case.claim
    for each in case.on_each if case.is_over_datasets else [case]:
        each.scores(claim.family)
    lost: dict[str, NotTestableError] = {}
    pairs: dict[str, Pair] = {}
    for rival in case.rivals:
        try:
            pairs[rival] = pair_of(case, claim.family, rival)
        except NotTestableError as error:
            lost[rival] = error
    if not pairs:
        raise next(iter(lost.values()), NotTestableError(NoRival()))
    judgement = _judge_rivals(case, _rank_rivals(pairs))
    if not lost:
        return judgement
    return _without(tuple(lost), judgement)


def _without(lost: tuple[str, ...], judgement: Judgement) -> Judgement:
    """The judgement where rivals lack scores: it may be refuted by the others; to hold, it needs them as well."""
    if judgement.agreement == Agreement.REPRODUCED:
        return replace(
            judgement,
            agreement=Agreement.OFF,
            reasons=(RivalsMissing(lost),),
            lacks=Settle.RIVALS,
        )
    if judgement.agreement is None or judgement.agreement.decided:
        return judgement
    reasons = (*judgement.reasons, RivalsAbsent(lost))
    return replace(judgement, reasons=reasons, lacks=Settle.RIVALS)


@dataclass(frozen=True)
class Rivals:
    """The pairs with every rival; ahead: the p of each tested rival that is ahead, after Holm over all of them."""

    pairs: Mapping[str, Pair]
    ahead: Mapping[str, float]

    @property
    def tested(self) -> list[Pair]:
        return [pair for pair in self.pairs.values() if pair.why is None]

    @property
    def left(self) -> tuple[str, ...]:
        """Those that it is not shown to beat."""
        return tuple(name for name, pair in self.pairs.items() if not pair.is_better)

    @property
    def lost_to(self) -> tuple[Beaten, ...]:
        """Those that beat it, by a test or for sure."""
        by_test = [name for name, p in self.ahead.items() if p < self.pairs[name].alpha]
        sure = [
            name
            for name, pair in self.pairs.items()
            if pair.why is not None and pair.is_worse
        ]
        tests = [Beaten(tuple(by_test), True)] if by_test else []
        return (*tests, *([Beaten(tuple(sure), False)] if sure else []))

    def why_untested(self, family: str) -> tuple[Statement, ...]:
        """Why pairs have no test: of those that beat the family for sure, if any do."""
        asked = list(self.pairs)
        if lost := self.lost_to:
            asked = [name for one in lost if not one.tested for name in one.by]
        pairs = {f"{family} and {name}": self.pairs[name] for name in asked}
        return why_untested(pairs, beside=bool(self.tested))

    def nearest(self, among: Iterable[str]) -> str:
        return min(among, key=lambda name: self.pairs[name].gain)

    def judgement(
        self, nearest: str, agreement: Agreement, *reasons: Statement
    ) -> Judgement:
        """The judgement with the numbers of a rival.

        p: the smallest of those that are ahead; p_shown: the largest that shows that one is beaten, 1 where that is
        open of one without a test. None where no test compares any, and p where a rival is ahead for sure alone.
        """
        p = p_shown = None
        if tested := self.tested:
            p = min(self.ahead.values(), default=1.0)
            is_open = any(self.pairs[name].why is not None for name in self.left)
            p_shown = 1.0 if is_open else max(pair.p_better or 0.0 for pair in tested)
        if self.lost_to and not any(beaten.tested for beaten in self.lost_to):
            p = None
        return self.pairs[nearest].judgement(agreement, *reasons, p=p, p_shown=p_shown)


def _rank_rivals(pairs: Mapping[str, Pair]) -> Rivals:
    adjusted = holm_where_tested([pair.p for pair in pairs.values()])
    ahead = {
        name: p
        for (name, pair), p in zip(pairs.items(), adjusted, strict=True)
        if p is not None and pair.gain < 0
    }
    return Rivals(pairs, ahead)


def _judge_rivals(case: AnyCase, rivals: Rivals) -> Judgement:
    """The judgement by tests, and by the margin of pairs that have none: either may refute, and it takes both to hold.

    Its numbers are those of the closest rival; where it is left open, of those that are not shown to be beaten.
    """
    pairs, tested, left = rivals.pairs, rivals.tested, rivals.left
    closest = rivals.nearest(pairs)
    why = rivals.why_untested(str(case.claim.family))
    if lost := rivals.lost_to:
        return rivals.judgement(closest, Agreement.DIFFERS, *lost, *why)
    few = _out_of_reach(case, tested) if tested else ()
    if not left:
        beats = BeatsAll(len(pairs), closest) if tested else Closest(closest)
        return rivals.judgement(closest, Agreement.REPRODUCED, beats, *few, *why)
    nearest = rivals.nearest(left)
    open_ = NotShownToBeat(left) if tested or nearest != closest else Closest(nearest)
    whose = () if nearest == closest else (DifferenceFrom(nearest),)
    is_untested = any(pairs[name].why is not None for name in left)
    judgement = rivals.judgement(nearest, Agreement.OFF, open_, *whose, *few, *why)
    if is_untested:
        return judgement
    asked = [pairs[name] for name in left]
    if pairs[nearest].gain < 0:  # that it is ahead would be enough, after Holm
        ahead = pairs[nearest]
        asked = [replace(ahead, alpha=ahead.alpha / len(tested))]
    return left_open(judgement, asked, ["zero"] * len(asked))


def _out_of_reach(case: AnyCase, pairs: Sequence[Pair]) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide."""
    if not case.is_over_datasets:
        return tuple(
            dict.fromkeys(
                pair.undecidable for pair in pairs if pair.undecidable is not None
            )
        )
    one = case.is_one_sided
    return out_of_reach(
        len(case.units),
        len(pairs),
        pairs[0].alpha,
        shown_one_sided=one,
        one_sided=one,
    )


BEST = ClaimKind(
    "best",
    "one family beats all others",
    BestClaim,
    "{kind: best, dataset: wine, family: lda, metric: accuracy}",
    judge,
    Shape(number="difference", subject="rivals", decided_by="direction"),
)
