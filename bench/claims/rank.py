"""A family's printed mean rank over the datasets that a study fits; 1 is best.

Ranked are all families of the study but guesses without features. Each of our repeats ranks them anew, as the paper's
one run of its protocol did, so the mean ranks of the repeats are draws of what the paper printed, and their spread is
its noise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bench.claims._noise import Noise, drawn_anew, drawn_sd, repeats_of
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind, Problems, check_own_tolerance
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import Phrases, Shape
from bench.claims.targets import Printed, lie_within
from bench.contrasts import ErrorGrowth
from bench.core.outcomes import fixed
from bench.scores.design import is_baseline
from bench.stats.noise import apart
from bench.stats.paired import ENOUGH_EQUAL
from bench.stats.ranks import rank_rows
from bench.study import Study
from bench.study.claims import OfFamily
from bench.study.printed_numbers import PrintedNumber
from bench.text import chance
from bench.text.claim_problems import Outside
from bench.text.unjudged import NoRival, NoTolerance, RankOfOthers, RankOnOne


class RankClaim(OfFamily):
    """The mean rank of a family over all datasets."""

    kind: Literal["rank"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""


RankHasNoUnit = fixed("problem.claim.rank.unit", "a rank has none")


def judge(case: CaseOf[RankClaim]) -> Judgement:
    """Our mean rank against the printed one."""
    claim = case.claim
    rivals = [
        name for name in case.rivals if not is_baseline(case.evidence.study, name)
    ]
    if not rivals:
        raise NotTestableError(NoRival())
    if not case.is_over_datasets:
        raise NotTestableError(RankOnOne())
    if any(on_one.is_external for on_one in case.on_each):
        raise NotTestableError(RankOfOthers())
    if claim.tolerance is None:
        raise NotTestableError(NoTolerance("mean ranks"))
    means = _average_repeats(case, [str(claim.family), *rivals])
    printed, ours = Printed.of_claim(claim), _rank_as_paper(case, means)
    difference = apart(ours, printed.value)
    noise = _find_noise(case, means)
    judgement = lie_within(difference, noise, claim.tolerance, printed.half)
    return replace(judgement, ours=ours)


@dataclass(frozen=True, eq=False)
class Means:
    """The means of families on a dataset, (families, repeats), and what is drawn there anew, or why nothing is."""

    values: np.ndarray
    drawn: Noise | chance.Differs

    @property
    def is_drawn(self) -> bool:
        return not isinstance(self.drawn, Noise)

    def average(self, block: slice) -> np.ndarray:
        """Over a block of repeats; where nothing is drawn they are all the same."""
        values = self.values[:, block] if self.is_drawn else self.values
        averages: np.ndarray = values.mean(axis=1)
        return averages


def _average_repeats(case: AnyCase, families: list[str]) -> list[Means]:
    """By dataset; the family of the claim is the first."""
    found = []
    for on_one in case.on_each:
        scores = [on_one.repeat_means(on_one.scores(name)) for name in families]
        found.append(Means(np.array(scores), drawn_anew(on_one, *families)))
    return found


def _count_repeats(means: list[Means]) -> int:
    """Those of the dataset with the fewest, of all where anything is drawn."""
    return min(
        (on_one.values.shape[1] for on_one in means if on_one.is_drawn), default=1
    )


def _rank(case: AnyCase, means: list[Means], block: slice = slice(None)) -> float:
    """The mean rank of the first family by a block of repeats; forms of one table are one dataset."""
    table = np.array([on_one.average(block) for on_one in means])
    units = np.array([table[unit].mean(axis=0) for unit in case.units])
    ranks = rank_rows(units, higher_is_better=case.sign > 0)
    return float(ranks[:, 0].mean())


def _rank_blocks(case: AnyCase, means: list[Means], size: int) -> np.ndarray:
    """A mean rank for each block of so many repeats."""
    starts = range(0, _count_repeats(means) // size * size, size)
    return np.array([_rank(case, means, slice(i, i + size)) for i in starts])


def _rank_as_paper(case: AnyCase, means: list[Means]) -> float:
    """The paper ranked means over its repeats: ours is the mean rank of blocks as large, or that of all repeats where
    it has as many or more, and where its number has no error of its own."""
    published = case.claim.runs or 1
    if case.claim.without_error or published >= _count_repeats(means):
        return _rank(case, means)
    return float(_rank_blocks(case, means, published).mean())


def _find_noise(case: AnyCase, means: list[Means]) -> Noise:
    """SE = s sqrt(1/r_p + 1/r), s the spread of r mean ranks, or of as many blocks as two or more fit."""
    claim, repeats = case.claim, _count_repeats(means)
    differs = _find_drawn(means, claim.splits)
    if isinstance(differs, Noise):
        return differs
    published = claim.runs or 1
    in_blocks = repeats // published >= 2
    draws = _rank_blocks(case, means, published if in_blocks else 1)
    count = len(draws)
    if count < 2:
        return Noise.unknown(chance.OneRanking())
    sd = drawn_sd(draws)
    families, units = len(means[0].values), len(case.units)
    made = chance.Rankings(count, families, units, differs)
    moving = sum(any(means[i].is_drawn for i in unit) for unit in case.units)
    if sd == 0 and count * moving < ENOUGH_EQUAL:
        agree = chance.DrawsAgree(count, "mean ranks")
        return Noise.unknown(made, agree)
    if claim.without_error or not in_blocks:
        alike = ErrorGrowth(repeats=repeats, sd=sd, fixed=sd**2 / repeats_of(claim))
        return Noise.of_repeats(alike, made)
    growth = ErrorGrowth(repeats=repeats, sd=sd * published**0.5, fixed=sd**2)
    se = sd * (1 + 1 / count) ** 0.5
    return Noise(se, count - 1, (made,), growth=growth)


def _find_drawn(means: list[Means], splits: str) -> Noise | chance.Differs:
    """What is drawn anew on any dataset; the noise, where nothing is and where one does not show what it does."""
    if splits == "other_sample":
        return Noise.unknown(chance.RankErrorUnknown())
    kinds: set[chance.Differs] = set()
    for on_one in means:
        if not isinstance(on_one.drawn, Noise):
            kinds.add(on_one.drawn)
        elif on_one.drawn.se is None:
            return on_one.drawn
    if kinds:
        return kinds.pop() if len(kinds) == 1 else "splits"
    same = splits == "same"
    return Noise.without_chance(
        chance.SameSplits() if same else chance.NothingDrawn(None)
    )


def check(claim: RankClaim, study: Study) -> Problems:
    """A mean rank is of what is fitted here, runs from 1 to the number of families and has a tolerance of its own:
    nothing refutes one within a whole rank, or within half of what the families can differ by."""
    if not study.fits:
        yield ("kind",), RankOfOthers()
        return
    if len(study.datasets) < 2:
        yield ("kind",), RankOnOne()
    if claim.unit is not None:
        yield ("unit",), RankHasNoUnit()
    tried = [
        name
        for name in study.families or ()
        if name == claim.family or not is_baseline(study, name)
    ]
    families, value = len(tried), float(claim.value)
    if value < 1 or (families and value > families):
        yield ("value",), Outside(claim.value, claim.kind, 1, families or None)
    most = min(1.0, (families - 1) / 2) if families > 1 else 1.0
    yield from check_own_tolerance(claim, most)


RANK = ClaimKind(
    "rank",
    "a family's mean rank over all datasets",
    RankClaim,
    '{kind: rank, family: lda, metric: accuracy, value: "1.6", tolerance: 0.4}',
    judge,
    Shape(
        number="rank",
        subject="rivals",
        decided_by="tests",
        phrases=Phrases(subject="Mean rank"),
    ),
    check=check,
)
