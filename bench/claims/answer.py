"""The answer for a paper as a whole: do its numbers hold together, whatever single ones leave open?

The unit is the dataset: the mean of ours - published there, each model once. A mean near zero proves no single number;
so the scatter stands beside it, and how many numbers chance would refute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from bench.claims._noise import Noise
from bench.claims.printed import PrintedClaim
from bench.claims.published import PublishedNumber, numbers_of_claim, numbers_of_table
from bench.claims.targets import lie_within
from bench.core.answers import ANSWERS, AnswerRow, AsAWhole, NoAnswer
from bench.core.frames import of_records, records
from bench.core.judgements import Agreement, Evidence, VerdictRow
from bench.scores.design import refutation_alpha_of
from bench.scores.setting import origins
from bench.stats.adjust import holm
from bench.stats.noise import kept_decimals
from bench.study import Study

#: Of fewer datasets there is no answer as a whole.
FEWEST_DATASETS = 3
#: What is said of the mean difference, by the rule for a single number; open else.
WORDS: Mapping[Agreement | None, AsAWhole] = {
    Agreement.REPRODUCED: AsAWhole.HOLDS,
    Agreement.DIFFERS: AsAWhole.DIFFERS,
}


def answers(
    study: Study, tables: pl.DataFrame, scores: pl.DataFrame, verdicts: pl.DataFrame
) -> pl.DataFrame:
    """The answer for the study's paper (core.answers.ANSWERS); no rows where it prints no score that was judged."""
    table_of = origins(study, tables)
    claims = {claim.id: claim for claim in study.judged}
    numbers: list[PublishedNumber] = []
    for row in records(verdicts, VerdictRow):
        claim = claims[row.claim]
        if row.source != "paper" or row.falsifier:
            continue
        numbers += numbers_of_claim(study, claim, row, table_of)
        if isinstance(claim, PrintedClaim) and row.agreement is not None:
            numbers += numbers_of_table(study, scores, claim, row)
    rows = answer(numbers, refutation_alpha_of(study))
    return of_records(rows, ANSWERS)


def answer(numbers: Iterable[PublishedNumber], alpha: float) -> list[AnswerRow]:
    """For every metric that is printed: all models together, then each by itself.

    Parameters
    ----------
    numbers : iterable of PublishedNumber
        A model of a dataset counts once, however often its score is printed: the first.
    alpha : float
        The level at which a single number is refuted.

    Returns
    -------
    list of AnswerRow
        In the order of the numbers.
    """
    groups: dict[tuple[object, ...], dict[tuple[str, str], PublishedNumber]] = {}
    for number in numbers:
        place = number.metric, number.side, number.unit, number.counted
        group = groups.setdefault(place, {})
        group.setdefault((number.dataset, number.family), number)
    rows = []
    for group in groups.values():
        every = list(group.values())
        rows.append(summarize(every, None, alpha))
        families = dict.fromkeys(number.family for number in every)
        if len(families) == 1:
            continue
        for family in families:
            of_family = [number for number in every if number.family == family]
            rows.append(summarize(of_family, family, alpha))
    return rows


def summarize(
    numbers: Sequence[PublishedNumber], family: str | None, alpha: float
) -> AnswerRow:
    """The answer of some numbers of one metric, side and unit."""
    first = numbers[0]
    tolerances = {number.tolerance for number in numbers}
    in_tolerances = len(tolerances) > 1 and first.counted is None
    tolerance = 1.0 if in_tolerances else first.tolerance
    location = Location()
    if tolerance is not None and first.counted is None:
        location = locate(mean_differences(numbers, in_tolerances), tolerance)
    datasets = len({number.table for number in numbers})
    why_not = first.counted
    if why_not is None and datasets < FEWEST_DATASETS:
        why_not = NoAnswer.FEW_DATASETS
    tested, refuted = refute(numbers, alpha)
    comparisons, alike = count_signs(numbers)
    return AnswerRow(
        metric=first.metric,
        side=first.side,
        unit=first.unit,
        family=family,
        answer=location.answer,
        why_not=why_not,
        numbers=len(numbers),
        as_printed=sum(number.agreement.holds for number in numbers),
        differ=sum(number.agreement == Agreement.DIFFERS for number in numbers),
        beyond=sum(is_beyond(number) for number in numbers),
        decidable=sum(number.decidable for number in numbers),
        datasets=datasets,
        tolerance=tolerance,
        in_tolerances=in_tolerances,
        mean=location.mean,
        standard_error=location.standard_error,
        low=location.low,
        high=location.high,
        low_refute=location.low_refute,
        high_refute=location.high_refute,
        scatter=scatter_of(numbers),
        tested=tested,
        by_chance=alpha * tested,
        refuted=refuted,
        comparisons=comparisons,
        alike=alike,
        closely=sum(number.evidence == Evidence.STRONG for number in numbers),
    )


def refute(numbers: Sequence[PublishedNumber], alpha: float) -> tuple[int, int]:
    """How many numbers have a p-value, and how many of them Holm's procedure refutes."""
    p = np.array([number.p for number in numbers if number.p is not None])
    return len(p), int((holm(p) < alpha).sum()) if len(p) else 0


def is_beyond(number: PublishedNumber) -> bool:
    """Whether a number lies further from ours than its tolerance."""
    return number.tolerance is not None and abs(number.difference) > number.tolerance


def mean_differences(
    numbers: Sequence[PublishedNumber], in_tolerances: bool
) -> np.ndarray:
    """(k,) by dataset, the mean over models of ours - published; forms of one table are one."""
    by_table: dict[str, list[float]] = {}
    for number in numbers:
        unit = number.tolerance if in_tolerances and number.tolerance else 1.0
        by_table.setdefault(number.table, []).append(number.difference / unit)
    return np.array([np.mean(differences) for differences in by_table.values()])


@dataclass(frozen=True, kw_only=True)
class Location:
    """The mean over datasets with its intervals, and what they say; empty where nothing is said."""

    mean: float | None = None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    low_refute: float | None = None
    high_refute: float | None = None
    answer: AsAWhole | None = None


def locate(differences: np.ndarray, tolerance: float) -> Location:
    """The three-sided rule on the mean of differences of datasets.

    Parameters
    ----------
    differences : ndarray of shape (k,)
        Of ours from published, one a dataset.
    tolerance : float
        How far their mean may lie from 0.

    Returns
    -------
    Location
        With Student's t of k - 1 degrees of freedom; fewer than three datasets have a mean alone.
    """
    k = len(differences)
    mean = float(differences.mean())
    if k < FEWEST_DATASETS:
        return Location(mean=mean)
    standard_error = float(differences.std(ddof=1)) / k**0.5
    noise = Noise(standard_error, k - 1, decimals=kept_decimals(differences))
    judgement = lie_within(mean, noise, tolerance, half=0.0)
    return Location(
        mean=mean,
        standard_error=standard_error,
        low=judgement.low,
        high=judgement.high,
        low_refute=judgement.low_refute,
        high_refute=judgement.high_refute,
        answer=WORDS.get(judgement.agreement, AsAWhole.OPEN),
    )


def scatter_of(numbers: Sequence[PublishedNumber]) -> float | None:
    """The root mean square of difference / standard error; of another method it would measure that method."""
    ratios = [
        number.difference / number.standard_error
        for number in numbers
        if number.standard_error and number.counted is None
    ]
    return float(np.sqrt(np.mean(np.square(ratios)))) if ratios else None


def count_signs(numbers: Sequence[PublishedNumber]) -> tuple[int, int]:
    """How many pairs of models of one dataset print different numbers, and how many point the same way here."""
    by_dataset: dict[str, list[PublishedNumber]] = {}
    for number in numbers:
        by_dataset.setdefault(number.dataset, []).append(number)
    comparisons = alike = 0
    for beside in by_dataset.values():
        for first, second in combinations(beside, 2):
            decimals = kept_decimals(first.published, second.published)
            printed = round(first.published - second.published, decimals)
            if printed == 0:
                continue
            comparisons += 1
            alike += round(first.ours - second.ours, decimals) * printed > 0
    return comparisons, alike
