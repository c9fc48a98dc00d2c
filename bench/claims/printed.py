"""A table of printed means and spreads, held against the very scores that they were made from.

The same scores are averaged again, so that nothing is drawn and no difference is chance: a number is exact where ours
rounds to its printed digits, also where it takes another order of equal values, and reproduced a unit of its last digit
away. A number that is not exact is looked for elsewhere (`other_readings`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, Strict

from bench.claims._printed_number import Given
from bench.claims.case import CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import ARITHMETIC, Phrases
from bench.core.judgements import Agreement, Settle
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.scores.design import external_datasets, is_external
from bench.scores.other_readings import (
    OtherReading,
    PrintedTable,
    find_readings,
)
from bench.scores.series import Series, SeriesByKey
from bench.stats.matches import Matches, rounded
from bench.stats.noise import without_noise
from bench.study import Study
from bench.study.claims import Claim
from bench.study.fields import Text
from bench.study.numbers import OverallStatistic, TableNumber
from bench.text.formats import count, plural
from bench.text.problems import UnknownWord


class PrintedClaim(Claim):
    """A table of printed means, each with its spread, of scores that the study reads and did not compute."""

    kind: Literal["printed"]
    """The kind of claim."""
    numbers: Annotated[tuple[TableNumber, ...], Field(min_length=1)] | Text
    """A CSV file in the folder of the study, one row for each number, or the rows. Columns: `dataset`, `family`,
    `metric`, `value`, `spread`, `times`, `where`, `note`. Example: `numbers.csv`."""
    digits: Annotated[int, Strict(), Field(ge=1, le=17)] | None = None
    """How many significant digits are printed, where zeros at the end are left out. Example: `4`."""

    filled_with: Text | None = None
    """The model whose scores stand in the places of missing ones, in rows of models that have any. Example: `knn`."""
    between: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)] | None = (
        None
    )
    """Two models, where each score is printed as its share of the way from the score of the first on the same rows (0)
    to that of the second (1). Example: `[dummy, random_forest]`."""
    among: Annotated[tuple[Text, ...], Field(min_length=2)] | None = None
    """Where ranks are printed: the models whose mean scores are ranked, 1 the best; models with equal means share the
    better rank. Example: `[lda, svm, knn]`."""

    @property
    def rows(self) -> tuple[TableNumber, ...]:
        """The numbers, once the file is read."""
        return self.numbers if isinstance(self.numbers, tuple) else ()


class NumbersFollow(Statement, code="claim.printed.follow"):
    """How many of the printed numbers are exact, one unit of the last digit away, further away, and of these explained
    by another reading; how many have no scores."""

    exact: int
    numbers: int
    near: int
    differ: int
    explained: int
    missing: int

    def sentence(self) -> str:
        exact = f"{count(self.exact)} of {plural(self.numbers, 'printed number')}"
        parts = [
            f"{exact} {'follows' if self.exact == 1 else 'follow'} from the scores to the printed digits"
        ]
        parts += [f"{_differ(self.near)} by one unit of the last digit"] * bool(
            self.near
        )
        if self.differ:
            known = (
                "all"
                if self.explained == self.differ
                else count(self.explained)
                if self.explained
                else "none"
            )
            of = (
                "this is" if known == "all" and self.differ == 1 else f"{known} of them"
            )
            parts.append(f"{_differ(self.differ)} by more, {of} explained")
        parts += [f"for {count(self.missing)} more there are no scores"] * bool(
            self.missing
        )
        return "; ".join(parts)


def _differ(numbers: int) -> str:
    return f"{count(numbers)} {'differs' if numbers == 1 else 'differ'}"


class NoneHasScores(
    Statement,
    code="claim.printed.no_scores",
    says="none of the {numbers} printed numbers has scores here",
):
    """Scores of other datasets, models or metrics, or fitted here."""

    numbers: int


class NotOfScores(
    Statement,
    code="problem.claim.printed.negative",
    says="a spread is not below 0, as {value} is",
):
    value: str


#: What a printed number is of the scores.
PrintedStatistic = Literal["mean", "spread", "rank"] | OverallStatistic


@dataclass(frozen=True)
class HeldNumber:
    """One printed number beside what the scores give.

    `scores`: how many stand behind ours. `agreement` is None without any. `reading`, `other`: what explains a number
    that is not exact (`other_readings`); `order` where equal values in another order than ours give it.
    """

    of: TableNumber
    table: str
    metric: str
    statistic: PrintedStatistic
    printed: str
    ours: float | None
    scores: int
    agreement: Agreement | None
    reading: str = ""
    other: str = ""

    @property
    def exact(self) -> bool:
        return self.agreement == Agreement.EXACT


@dataclass(frozen=True)
class JudgedTable:
    """The numbers of one claim, and the readings under which many agree that do not as declared."""

    numbers: tuple[HeldNumber, ...]
    readings: tuple[tuple[OtherReading, Matches], ...]

    @property
    def counts(self) -> NumbersFollow:
        judged = [one for one in self.numbers if one.agreement is not None]
        differ = [one for one in judged if one.agreement == Agreement.DIFFERS]
        return NumbersFollow(
            exact=sum(one.exact for one in judged),
            numbers=len(judged),
            near=sum(one.agreement == Agreement.REPRODUCED for one in judged),
            differ=len(differ),
            explained=sum(bool(one.reading) for one in differ),
            missing=len(self.numbers) - len(judged),
        )


def judged_table(claim: PrintedClaim, study: Study, scores: SeriesByKey) -> JudgedTable:
    """Every number of a claim beside the mean or spread of its scores; those of datasets fitted here have none."""
    numbers = [
        one
        for row in claim.rows
        if row.statistic is None
        for one in _numbers(claim, study, scores, row)
    ]
    numbers += _over_datasets(claim, study, scores)
    readings: list[tuple[OtherReading, Matches]] = []
    if claim.among is None and not all(one.exact for one in numbers):
        readings = find_readings(printed_table(claim, study, scores))
        numbers = [
            one
            if one.exact or one.of.statistic
            else _explained(claim, one, study, scores, readings)
            for one in numbers
        ]
    return JudgedTable(tuple(numbers), tuple(readings))


def find_means(
    claim: PrintedClaim, study: Study, scores: SeriesByKey
) -> list[HeldNumber]:
    """The printed means of a model on a dataset, in a metric's own scale, that have scores."""
    if claim.among is not None or claim.between is not None:
        return []
    means = [
        number
        for row in claim.rows
        if row.statistic is None and row.above is None
        for number in _numbers(claim, study, scores, row)
        if number.statistic == "mean"
    ]
    return [
        number
        for number in means
        if number.agreement is not None and number.ours is not None
    ]


def _over_datasets(
    claim: PrintedClaim, study: Study, scores: SeriesByKey
) -> list[HeldNumber]:
    """The printed statistics over the datasets that were not fitted here."""
    rows = [row for row in claim.rows if row.statistic is not None]
    if not rows:
        return []
    datasets = set(external_datasets(study, scores))
    read = {key: series for key, series in scores.items() if key[0] in datasets}
    metrics = sorted({_metric(claim, study, row) for row in rows})
    known = {metric: over_datasets(read, metric) for metric in metrics}
    ordered = sorted(rows, key=lambda row: metrics.index(_metric(claim, study, row)))
    return [
        _overall(claim, study, row, known[_metric(claim, study, row)])
        for row in ordered
    ]


def _overall(
    claim: PrintedClaim,
    study: Study,
    row: TableNumber,
    known: Mapping[str, Mapping[OverallStatistic, Given]],
) -> HeldNumber:
    """A statistic over datasets."""
    assert row.statistic is not None
    mine = known.get(row.family, {})
    count = mine.get("datasets")
    return _held(
        claim,
        study,
        row,
        row.statistic,
        row.value,
        mine.get(row.statistic),
        0 if count is None else int(count.ours),
    )


def _held(
    claim: PrintedClaim,
    study: Study,
    row: TableNumber,
    statistic: PrintedStatistic,
    printed: str,
    given: Given | None,
    scores: int,
) -> HeldNumber:
    """A printed number beside what is given for it."""
    held = HeldNumber(
        of=row,
        table=row.where or claim.where,
        metric=_metric(claim, study, row),
        statistic=statistic,
        printed=printed,
        ours=None,
        scores=scores,
        agreement=None,
    )
    if printed == "nan":
        missing = Agreement.EXACT if given is None else Agreement.DIFFERS
        return replace(held, agreement=missing)
    if given is None:
        return held
    text = _with_zeros(printed, claim.digits)
    return replace(
        held,
        ours=given.nearest(text),
        agreement=given.agreement(text),
        reading="order" if given.needs_order(text) else "",
    )


def _numbers(
    claim: PrintedClaim, study: Study, scores: SeriesByKey, row: TableNumber
) -> list[HeldNumber]:
    series = _series(claim, study, scores, row, row.family)
    statistic: PrintedStatistic = "mean" if claim.among is None else "rank"
    found = [_number(claim, study, scores, row, statistic, row.value, series)]
    return (
        found
        if row.spread is None
        else [*found, _number(claim, study, scores, row, "spread", row.spread, series)]
    )


def _number(
    claim: PrintedClaim,
    study: Study,
    scores: SeriesByKey,
    row: TableNumber,
    statistic: PrintedStatistic,
    printed: str,
    series: Series | None,
) -> HeldNumber:
    ours = _ours(claim, statistic, series)
    if row.above is not None:
        other = _series(claim, study, scores, row, row.above)
        ours = _above(ours, _ours(claim, statistic, other))
    given = None if ours is None else Given.of(ours)
    if claim.among is not None and ours is not None:
        given = _rank(claim, study, scores, row, ours)
    count = 0 if series is None else len(series.defined)
    return _held(claim, study, row, statistic, printed, given, count)


def _rank(
    claim: PrintedClaim,
    study: Study,
    scores: SeriesByKey,
    row: TableNumber,
    ours: float,
) -> Given:
    """The rank of a mean among those of the named models, which may hold its own; equal ones may have any order."""
    means = [
        _ours(claim, "mean", _series(claim, study, scores, row, model))
        for model in claim.among or ()
    ]
    known = [mean for mean in means if mean is not None]
    *others, own = without_noise(np.array([*known, ours])).tolist()
    turn = row.times * METRICS[_metric(claim, study, row)].sign
    best = 1.0 + sum(turn * mean > turn * own for mean in others)
    equal = max(0, others.count(own) - 1)
    return Given(best, best, best + equal, whole=True)


def _with_zeros(printed: str, digits: int | None) -> str:
    """The text with the zeros at the end that were left out."""
    value = Decimal(printed)
    if digits is None or not value:
        return printed
    return f"{value:.{max(0, digits - 1 - value.adjusted())}f}"


def _ours(claim: PrintedClaim, statistic: str, series: Series | None) -> float | None:
    if series is None or not len(series.defined):
        return None
    if statistic != "spread":
        return float(series.defined.mean())
    return float(series.defined.std(ddof=1)) if len(series.defined) > 1 else None


def _above(ours: float | None, other: float | None) -> float | None:
    """By how many percent a mean lies above another one."""
    return None if ours is None or not other else 100 * (ours - other) / abs(other)


def _series(
    claim: PrintedClaim,
    study: Study,
    scores: SeriesByKey,
    row: TableNumber,
    family: str,
) -> Series | None:
    """The scores behind a number as another family has them, in the unit of print."""
    if row.dataset in study.datasets and not is_external(study, row.dataset):
        return None

    def of(model: str) -> Series | None:
        found = scores.get((row.dataset, model, _metric(claim, study, row)))
        if claim.filled_with is None or found is None or not len(found.defined):
            return found
        other = scores.get((row.dataset, claim.filled_with, _metric(claim, study, row)))
        return None if other is None else found.filled(other)

    series = of(family)
    if series is not None and claim.between is not None:
        zero, one = map(of, claim.between)
        series = None if zero is None or one is None else series.between(zero, one)
    return None if series is None else series.times(row.times)


def _metric(claim: PrintedClaim, study: Study, row: TableNumber) -> str:
    return row.metric or claim.metric or study.metrics.primary


def printed_table(
    claim: PrintedClaim, study: Study, scores: SeriesByKey
) -> PrintedTable:
    """The means of a claim, as a table whose columns are datasets and their metrics."""
    rows = [
        row
        for row in claim.rows
        if row.value != "nan" and row.above is None and row.statistic is None
    ]
    columns = {_column(claim, study, row): row for row in rows}
    families = sorted({family for _, family, _ in scores})
    series = {
        (column, family): one
        for column, row in columns.items()
        for family in families
        if (one := _series(claim, study, scores, row, family)) is not None
        and len(one.defined)
    }
    printed = {
        (_column(claim, study, row), row.family): _with_zeros(row.value, claim.digits)
        for row in rows
    }
    return PrintedTable(printed, series)


def _column(claim: PrintedClaim, study: Study, row: TableNumber) -> str:
    return f"{row.dataset} ({_metric(claim, study, row)})"


def _explained(
    claim: PrintedClaim,
    number: HeldNumber,
    study: Study,
    scores: SeriesByKey,
    readings: Sequence[tuple[OtherReading, Matches]],
) -> HeldNumber:
    """A number that is not exact, with the reading of its row, column or table under which it is."""
    place = _column(claim, study, number.of), number.of.family
    for reading, _ in readings:
        if place not in reading.printed:
            continue
        ours = _read(claim, number, study, scores, reading)
        if ours is not None and rounded(
            _with_zeros(number.printed, claim.digits), ours
        ):
            return replace(number, reading=reading.kind, other=reading.other)
    return number


def _read(
    claim: PrintedClaim,
    number: HeldNumber,
    study: Study,
    scores: SeriesByKey,
    reading: OtherReading,
) -> float | None:
    """What a reading gives for a number; None where it says nothing of it."""
    row = number.of
    if number.printed == "nan":
        return None
    if reading.kind == "row":
        return _ours(
            claim, number.statistic, _series(claim, study, scores, row, reading.other)
        )
    if number.statistic == "spread":
        return None
    return reading.ours[_column(claim, study, row), row.family]


def judge(case: CaseOf[PrintedClaim]) -> Judgement:
    """How many of the numbers are what the scores give: all, all but for a unit of the last digit, or not all; open
    where all others are explained, since a source may say that these were meant."""
    claim = case.claim
    counts = judged_table(
        claim, case.evidence.study, case.evidence.series[claim.side]
    ).counts
    if not counts.numbers:
        raise NotTestableError(NoneHasScores(counts.missing))
    if counts.exact == counts.numbers:
        found = Judgement(Agreement.EXACT, (counts,))
    elif counts.differ and counts.differ == counts.explained:
        found = Judgement(Agreement.OFF, (counts,), lacks=Settle.SOURCE)
    else:
        found = Judgement(
            Agreement.DIFFERS if counts.differ else Agreement.REPRODUCED, (counts,)
        )
    papers = case.is_papers(
        external_datasets(case.evidence.study, case.evidence.series[claim.side])
    )
    return found if papers else found.of_others("external")


def check(claim: PrintedClaim, study: Study) -> Problems:
    """Metrics that are known, and spreads that can be."""
    for metric in dict.fromkeys(
        row.metric for row in claim.rows if row.metric is not None
    ):
        if metric not in METRICS:
            yield (
                ("numbers", "metric"),
                UnknownWord("", metric, tuple(METRICS), "metrics"),
            )
    for row in claim.rows:
        if row.spread is not None and float(row.spread) < 0:
            yield ("numbers", "spread"), NotOfScores(row.spread)
            return


PRINTED = ClaimKind(
    "printed",
    "a table of printed means and spreads of the scores that the study reads",
    PrintedClaim,
    '{kind: printed, numbers: [{dataset: wine, family: lda, metric: accuracy, value: "0.989", spread: "0.012"}]}',
    judge,
    replace(ARITHMETIC, number="table", phrases=Phrases(subject="Printed numbers")),
    numbers=judged_table,
    check=check,
)


def over_datasets(
    scores: SeriesByKey, metric: str
) -> Mapping[str, Mapping[OverallStatistic, Given]]:
    """By model, every statistic over the datasets on which it has scores; equal means may have any order."""
    means: dict[str, dict[str, float]] = {}
    for (dataset, family, of), series in scores.items():
        if of == metric and (mean := series.mean) is not None:
            means.setdefault(dataset, {})[family] = mean
    turn = METRICS[metric].sign
    best: dict[str, list[int]] = {}
    worst: dict[str, list[int]] = {}
    shares: dict[str, list[float]] = {}
    for exact in means.values():
        ours = np.array(without_noise(np.array([*exact.values()])))
        least, width = ours.min(), np.ptp(ours)
        for family, mean in zip(exact, ours.tolist(), strict=True):
            better = int((turn * ours > turn * mean).sum())
            best.setdefault(family, []).append(1 + better)
            worst.setdefault(family, []).append(better + int((ours == mean).sum()))
            if width:
                shares.setdefault(family, []).append(float((mean - least) / width))
    found: dict[str, dict[OverallStatistic, Given]] = {}
    for family, first in best.items():
        last = worst[family]
        mean_rank, mean_last = float(np.mean(first)), float(np.mean(last))
        number = len(first)
        found[family] = {
            "mean_rank": Given(mean_rank, mean_rank, mean_last),
            "best_rank": Given(min(first), min(first), min(last), whole=True),
            "worst_rank": Given(max(first), max(first), max(last), whole=True),
            "datasets": Given(number, number, number, whole=True),
        }
        if family in shares:
            found[family]["mean_share"] = Given.of(float(np.mean(shares[family])))
    return found
