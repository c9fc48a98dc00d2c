"""One family is the best of all that were compared, on one dataset or, when none is named, over all.

Supported when it beats every other family, each at the study's level without correction (the claim is false as soon as
one of them is, Berger 1982); contradicted when another beats it after Holm's correction over all others. The others are
those of `among`, else all of the study.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import (
    Pair,
    WithoutErrorRate,
    left_open,
    out_of_reach,
    pair_of,
    why_untested,
    without_error_rate,
)
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind, check_among
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import Shape
from bench.core.judgements import Agreement, Settle
from bench.core.outcomes import Statement
from bench.stats.adjust import holm
from bench.study.claims import OfFamily, OverDatasets
from bench.study.fields import Text
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
    among: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The families that the paper compared; all of the study, unless named. Example: `[lda, qda]`."""


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
    judgement = _judged(case, _Rivals.of(case, pairs))
    if not lost:
        return judgement
    return _without(tuple(lost), judgement)


def _without(lost: tuple[str, ...], judgement: Judgement) -> Judgement:
    """The judgement where rivals lack scores: it may be refuted by the others; to hold, it needs them as well."""
    if judgement.agreement == Agreement.REPRODUCED:
        return replace(
            judgement,
            agreement=Agreement.UNCLEAR,
            reasons=(RivalsMissing(lost),),
            lacks=Settle.RIVALS,
        )
    if judgement.agreement is None or judgement.agreement.decided:
        return judgement
    reasons = (*judgement.reasons, RivalsAbsent(lost))
    return replace(judgement, reasons=reasons, lacks=Settle.RIVALS)


@dataclass(frozen=True)
class _Rivals:
    """The pairs with every rival; without: why some of them have no test; ahead: the p of each tested rival that is
    ahead, after Holm over those that are tested."""

    pairs: dict[str, Pair]
    without: dict[str, WithoutErrorRate]
    ahead: dict[str, float]

    @classmethod
    def of(cls, case: AnyCase, pairs: dict[str, Pair]) -> _Rivals:
        without = {
            rival: without_error_rate(case, case.claim.family, rival)
            for rival, pair in pairs.items()
            if pair.p is None
        }
        tested = [rival for rival in pairs if rival not in without]
        return cls(pairs, without, _ahead({rival: pairs[rival] for rival in tested}))

    @property
    def tested(self) -> list[Pair]:
        return [pair for rival, pair in self.pairs.items() if rival not in self.without]

    @property
    def lost_to(self) -> tuple[Beaten, ...]:
        """Those that beat it, by a test or for sure."""
        by_test = tuple(
            rival for rival, p in self.ahead.items() if p < self.pairs[rival].alpha
        )
        sure = tuple(
            rival
            for rival, why in self.without.items()
            if why.refutes and self.pairs[rival].is_beyond(-1)
        )
        return tuple(
            Beaten(names, tested)
            for names, tested in ((by_test, True), (sure, False))
            if names
        )

    def why(self, family: str) -> tuple[Statement, ...]:
        """Why pairs have no test: of those that beat the family for sure, if any do."""
        sure = [rival for one in self.lost_to if not one.tested for rival in one.by]
        told = {
            rival: why
            for rival, why in self.without.items()
            if not self.lost_to or rival in sure
        }
        return why_untested(
            {f"{family} and {rival}": one for rival, one in told.items()},
            beside=bool(self.tested),
        )

    @property
    def left(self) -> tuple[str, ...]:
        """Those that it is not shown to beat."""
        return tuple(rival for rival in self.pairs if not self._is_beaten(rival))

    def _is_beaten(self, rival: str) -> bool:
        pair, why = self.pairs[rival], self.without.get(rival)
        return pair.is_better if why is None else why.supports and pair.is_beyond(1)

    def nearest(self, among: Iterable[str]) -> str:
        return min(among, key=lambda rival: self.pairs[rival].gain)

    @property
    def p(self) -> float | None:
        """The smallest p of those that are ahead; None where no test compares any."""
        return min(self.ahead.values(), default=1.0) if self.tested else None

    @property
    def p_shown(self) -> float | None:
        """The largest p that shows that one is beaten; 1 where that is open of one without a test."""
        if not self.tested:
            return None
        open_ = any(rival in self.without for rival in self.left)
        return 1.0 if open_ else max(pair.p_better or 0.0 for pair in self.tested)


def _judged(case: AnyCase, rivals: _Rivals) -> Judgement:
    """The judgement by tests, and by the margin of pairs that have none: either may refute, and it takes both to hold.

    Its numbers are those of the closest rival; where it is left open, of those that are not shown to be beaten.
    """
    pairs, tested, left = rivals.pairs, rivals.tested, rivals.left
    closest, lost, why = (
        rivals.nearest(pairs),
        rivals.lost_to,
        rivals.why(str(case.claim.family)),
    )
    if lost:
        p = rivals.p if any(one.tested for one in lost) else None
        return pairs[closest].judgement(
            Agreement.DIFFERS, *lost, *why, p=p, p_shown=rivals.p_shown
        )
    few = _out_of_reach(case, tested) if tested else ()
    if not left:
        beats = BeatsAll(len(pairs), closest) if tested else Closest(closest)
        return pairs[closest].judgement(
            Agreement.REPRODUCED, beats, *few, *why, p=rivals.p, p_shown=rivals.p_shown
        )  # fmt: skip
    nearest, untested = (
        rivals.nearest(left),
        any(rival in rivals.without for rival in left),
    )
    open_ = NotShownToBeat(left) if tested or nearest != closest else Closest(nearest)
    whose = () if nearest == closest else (DifferenceFrom(nearest),)
    agreement = Agreement.UNCLEAR if untested else pairs[nearest].undecided
    judgement = pairs[nearest].judgement(
        agreement, open_, *whose, *few, *why, p=rivals.p, p_shown=rivals.p_shown
    )
    if untested:
        return judgement
    rivals_left = [pairs[rival] for rival in left]
    if pairs[nearest].gain < 0:  # that it is ahead would be enough, after Holm
        ahead = pairs[nearest]
        rivals_left = [replace(ahead, alpha=ahead.alpha / len(tested))]
    return left_open(judgement, rivals_left, ["zero"] * len(rivals_left))


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


def _ahead(pairs: Mapping[str, Pair]) -> dict[str, float]:
    """The p of each rival that is ahead, after Holm over all."""
    adjusted = holm(np.array([pair.p for pair in pairs.values()])) if pairs else ()
    return {
        rival: float(p)
        for (rival, pair), p in zip(pairs.items(), adjusted, strict=True)
        if pair.gain < 0
    }


BEST = ClaimKind(
    "best",
    "one family beats all others",
    BestClaim,
    "{kind: best, dataset: wine, family: lda, metric: accuracy}",
    judge,
    Shape(number="difference", subject="rivals", decided_by="direction"),
    check=lambda claim, study: check_among(claim),
)
