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
        follow = "follows" if self.exact == 1 else "follow"
        numbers = f"{count(self.exact)} of {plural(self.numbers, 'printed number')}"
        parts = [f"{numbers} {follow} from the scores to the printed digits"]
        if self.near:
            parts.append(f"{_differ(self.near)} by one unit of the last digit")
        if self.differ:
            known = f"{count(self.explained) if self.explained else 'none'} of them"
            if self.explained == self.differ:
                known = "this is" if self.differ == 1 else "all of them"
            parts.append(f"{_differ(self.differ)} by more, {known} explained")
        if self.missing:
            parts.append(f"for {count(self.missing)} more there are no scores")
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
    behind = ScoresOfTable(claim, study, scores)
    rows = [row for row in claim.rows if row.statistic is None]
    numbers = [number for row in rows for number in behind.hold_row(row)]
    numbers += behind.hold_statistics()
    if claim.among is not None or all(number.exact for number in numbers):
        return JudgedTable(tuple(numbers), ())
    readings = find_readings(behind.table)
    explained = [behind.explain(number, readings) for number in numbers]
    return JudgedTable(tuple(explained), tuple(readings))


def find_means(
    claim: PrintedClaim, study: Study, scores: SeriesByKey
) -> list[HeldNumber]:
    """The printed means of a model on a dataset, in a metric's own scale, that have scores."""
    if claim.among is not None or claim.between is not None:
        return []
    behind = ScoresOfTable(claim, study, scores)
    rows = [row for row in claim.rows if row.statistic is None and row.above is None]
    means = [behind.hold_row(row)[0] for row in rows]
    return [
        mean for mean in means if mean.agreement is not None and mean.ours is not None
    ]


@dataclass(frozen=True, eq=False)
class ScoresOfTable:
    """The scores behind the numbers of a claim, in the unit of print."""

    claim: PrintedClaim
    study: Study
    scores: SeriesByKey

    def metric(self, row: TableNumber) -> str:
        return row.metric or self.claim.metric or self.study.metrics.primary

    def place(self, row: TableNumber) -> tuple[str, str]:
        """The column, a dataset and its metric, and the family."""
        return f"{row.dataset} ({self.metric(row)})", row.family

    def write(self, printed: str) -> str:
        """The text with the zeros at the end that were left out."""
        value, digits = Decimal(printed), self.claim.digits
        if digits is None or not value:
            return printed
        return f"{value:.{max(0, digits - 1 - value.adjusted())}f}"

    def series(self, row: TableNumber, family: str) -> Series | None:
        """The scores behind a number as another family has them; None where there are none."""
        if row.dataset in self.study.datasets and not is_external(
            self.study, row.dataset
        ):
            return None
        series, ends = self._filled(row, family), self.claim.between
        if series is not None and ends is not None:
            zero, one = (self._filled(row, end) for end in ends)
            series = None if zero is None or one is None else series.between(zero, one)
        if series is None or not len(series.defined):
            return None
        return series.times(row.times)

    def _filled(self, row: TableNumber, family: str) -> Series | None:
        """The scores of a family, with those of another in the places of missing ones."""
        found = self.scores.get((row.dataset, family, self.metric(row)))
        filled_with = self.claim.filled_with
        if filled_with is None or found is None or not len(found.defined):
            return found
        other = self.scores.get((row.dataset, filled_with, self.metric(row)))
        return None if other is None else found.filled(other)

    def hold_row(self, row: TableNumber) -> list[HeldNumber]:
        """The number of a row, and its spread, if it has one."""
        series = self.series(row, row.family)
        count = 0 if series is None else len(series.defined)
        ours = _average(series, "mean")
        if row.above is not None:
            ours = _exceed(ours, _average(self.series(row, row.above), "mean"))
        given = None if ours is None else Given.of(ours)
        statistic: PrintedStatistic = "mean"
        if self.claim.among is not None:
            statistic = "rank"
            given = None if ours is None else self._rank(row, ours)
        held = [self._hold(row, statistic, row.value, given, count)]
        if row.spread is not None:
            spread = _average(series, "spread")
            given = None if spread is None else Given.of(spread)
            held.append(self._hold(row, "spread", row.spread, given, count))
        return held

    def _rank(self, row: TableNumber, ours: float) -> Given:
        """The rank of a mean among those of the named models, which may hold its own; equal ones may have any order."""
        models = self.claim.among or ()
        means = [_average(self.series(row, model), "mean") for model in models]
        known = [mean for mean in means if mean is not None]
        *others, own = without_noise(np.array([*known, ours])).tolist()
        turn = row.times * METRICS[self.metric(row)].sign
        best = 1.0 + sum(turn * mean > turn * own for mean in others)
        equal = max(0, others.count(own) - 1)
        return Given(best, best, best + equal, whole=True)

    def hold_statistics(self) -> list[HeldNumber]:
        """The printed statistics over the datasets that were not fitted here, metric by metric."""
        datasets = set(external_datasets(self.study, self.scores))
        read = {
            key: scores for key, scores in self.scores.items() if key[0] in datasets
        }
        rows = [row for row in self.claim.rows if row.statistic is not None]
        held = []
        for metric in sorted({self.metric(row) for row in rows}):
            known = over_datasets(read, metric)
            for row in rows:
                if self.metric(row) != metric or row.statistic is None:
                    continue
                mine = known.get(row.family, {})
                count = int(mine["datasets"].ours) if mine else 0
                given = mine.get(row.statistic)
                held.append(self._hold(row, row.statistic, row.value, given, count))
        return held

    def _hold(
        self,
        row: TableNumber,
        statistic: PrintedStatistic,
        printed: str,
        given: Given | None,
        count: int,
    ) -> HeldNumber:
        """A printed number beside what is given for it."""
        held = HeldNumber(
            of=row,
            table=row.where or self.claim.where,
            metric=self.metric(row),
            statistic=statistic,
            printed=printed,
            ours=None,
            scores=count,
            agreement=None,
        )
        if printed == "nan":
            missing = Agreement.EXACT if given is None else Agreement.DIFFERS
            return replace(held, agreement=missing)
        if given is None:
            return held
        text = self.write(printed)
        return replace(
            held,
            ours=given.nearest(text),
            agreement=given.agreement(text),
            reading="order" if given.needs_order(text) else "",
        )

    @property
    def table(self) -> PrintedTable:
        """The printed means, as a table whose columns are datasets and their metrics."""
        printed, series = {}, {}
        families = sorted({family for _, family, _ in self.scores})
        for row in self.claim.rows:
            if row.value == "nan" or row.above is not None or row.statistic is not None:
                continue
            printed[self.place(row)] = self.write(row.value)
            for family in families:
                found = self.series(row, family)
                if found is not None:
                    series[self.place(row)[0], family] = found
        return PrintedTable(printed, series)

    def explain(
        self, number: HeldNumber, readings: Sequence[tuple[OtherReading, Matches]]
    ) -> HeldNumber:
        """A number that is not exact, with the reading of its row or table under which it is."""
        if number.exact or number.of.statistic is not None or number.printed == "nan":
            return number
        place, text = self.place(number.of), self.write(number.printed)
        for reading, _ in readings:
            if place not in reading.printed:
                continue
            ours = self._read(number, reading)
            if ours is not None and rounded(text, ours):
                return replace(number, reading=reading.kind, other=reading.other)
        return number

    def _read(self, number: HeldNumber, reading: OtherReading) -> float | None:
        """What a reading gives for a number; None where it says nothing of it."""
        if reading.kind == "row":
            series = self.series(number.of, reading.other)
            return _average(series, number.statistic)
        if number.statistic == "spread":
            return None
        return reading.ours[self.place(number.of)]


def _average(series: Series | None, statistic: str) -> float | None:
    """The mean of scores, or their spread."""
    if series is None:
        return None
    if statistic != "spread":
        return float(series.defined.mean())
    return float(series.defined.std(ddof=1)) if len(series.defined) > 1 else None


def _exceed(ours: float | None, other: float | None) -> float | None:
    """By how many percent a mean lies above another one."""
    return None if ours is None or not other else 100 * (ours - other) / abs(other)


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
        if of == metric and series.mean is not None:
            means.setdefault(dataset, {})[family] = series.mean
    places: dict[str, list[tuple[int, int]]] = {}
    shares: dict[str, list[float]] = {}
    for by_family in means.values():
        ours = without_noise(np.array([*by_family.values()]))
        turned, width = METRICS[metric].sign * ours, np.ptp(ours)
        for i, family in enumerate(by_family):
            first = 1 + int((turned > turned[i]).sum())
            last = int((turned >= turned[i]).sum())
            places.setdefault(family, []).append((first, last))
            if width:
                share = float((ours[i] - ours.min()) / width)
                shares.setdefault(family, []).append(share)
    found: dict[str, dict[OverallStatistic, Given]] = {}
    for family, ends in places.items():
        first, last = np.array(ends).T
        mean, number = float(first.mean()), len(ends)
        found[family] = {
            "mean_rank": Given(mean, mean, float(last.mean())),
            "best_rank": _give_rank(first.min(), last.min()),
            "worst_rank": _give_rank(first.max(), last.max()),
            "datasets": _give_rank(number, number),
        }
        if family in shares:
            found[family]["mean_share"] = Given.of(float(np.mean(shares[family])))
    return found


def _give_rank(first: float, last: float) -> Given:
    return Given(float(first), float(first), float(last), whole=True)
