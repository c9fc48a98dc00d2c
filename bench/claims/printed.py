"""A table of printed means and spreads, held against the very scores that they were made from.

The same scores are averaged again, so that nothing is drawn and no difference is chance: a number is exact where ours
rounds, or is cut, to its printed digits. A number that is not exact is looked for elsewhere (`other_readings`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, Strict

from bench.claims.case import CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import ARITHMETIC, Phrases
from bench.core.judgements import Agreement, Settle
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.scores.design import external_datasets, is_external, printed_once
from bench.scores.other_readings import (
    OtherReading,
    PrintedScore,
    PrintedTable,
    agreeing,
)
from bench.scores.series import Series, SeriesByKey
from bench.stats.matches import NOISE_DIGITS, Matches, decimals, only_cut, rounded
from bench.stats.noise import without_noise
from bench.stats.spreads import spreads
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
#: Those that are counts, which were not rounded, and those that the order of equal values moves.
WHOLE, RANKS = (
    ("best_rank", "worst_rank", "datasets"),
    ("mean_rank", "best_rank", "worst_rank"),
)
#: Where between the best and the worst of their ranks equal means stand.
SHARED = {"best": 0.0, "middle": 0.5, "worst": 1.0}


@dataclass(frozen=True)
class HeldNumber:
    """One printed number beside what the scores give.

    `scores`: how many stand behind ours. `agreement` is None without any. `reading`, `other`: what explains a number
    that is not exact (`other_readings`; `ties`: some order of equal values gives it); of an exact one `cut` where it
    was not rounded, `noise` where means that are equal but for float noise have different ranks, `midranks` where equal
    means share the mean of their ranks.
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
        readings, _ = agreeing([printed_table(claim, study, scores)])
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
    metrics = {
        _metric(claim, study, row) for row in claim.rows if row.statistic is not None
    }
    if not metrics:
        return []
    datasets, found = set(external_datasets(study, scores)), []
    read = {key: one for key, one in scores.items() if key[0] in datasets}
    for metric in sorted(metrics):
        known = over_datasets(read, metric)
        others = {
            "noise": over_datasets(read, metric, noise=True),
            "midranks": over_datasets(read, metric, equal="middle"),
            **(
                {"ties": over_datasets(read, metric, equal="worst")}
                if printed_once(study, datasets)
                else {}
            ),
        }
        for row in claim.rows:
            if row.statistic is not None and metric == _metric(claim, study, row):
                mine = {
                    reading: one.get(row.family, {}) for reading, one in others.items()
                }
                found.append(
                    _overall(claim, row, metric, known.get(row.family, {}), mine)
                )
    return found


def _overall(
    claim: PrintedClaim,
    row: TableNumber,
    metric: str,
    known: Mapping[OverallStatistic, float],
    others: Mapping[str, Mapping[OverallStatistic, float]],
) -> HeldNumber:
    """A statistic over datasets; exact, too, where it is one under another reading of equal means."""
    assert row.statistic is not None
    ours = known.get(row.statistic)
    agreement, reading = _agreement(row.value, ours, whole=row.statistic in WHOLE)
    if agreement in (Agreement.REPRODUCED, Agreement.DIFFERS):
        whole = row.statistic in WHOLE
        exact = [
            one
            for one in ("noise", "midranks")
            if _prints(row.value, others[one][row.statistic], whole=whole)
        ]
        for reading in exact[:1]:
            ours, agreement = others[reading][row.statistic], Agreement.EXACT
        if (
            not exact
            and "ties" in others
            and row.statistic in RANKS
            and ours is not None
        ):
            hidden = ours, others["ties"][row.statistic]
            agreement, reading = _of_ties(row.value, *hidden) or (agreement, reading)
    table, datasets = row.where or claim.where, int(known.get("datasets", 0))
    return HeldNumber(
        row, table, metric, row.statistic, row.value, ours, datasets, agreement, reading
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
    ours, count, ranks = (
        _ours(claim, statistic, series),
        0 if series is None else len(series.defined),
        None,
    )
    if claim.among is not None and ours is not None:
        turn = row.times * METRICS[_metric(claim, study, row)].sign
        means = [
            _ours(claim, "mean", _series(claim, study, scores, row, model))
            for model in claim.among
        ]
        ranks = RankAmong.of(
            [turn * mean for mean in means if mean is not None], turn * ours
        )
        ours = ranks.best
    if row.above is not None:
        ours = _above(
            ours, _ours(claim, statistic, _series(claim, study, scores, row, row.above))
        )
    text = printed if printed == "nan" else _with_zeros(printed, claim.digits)
    agreement, reading = _agreement(text, ours, whole=statistic == "rank")
    if agreement == Agreement.DIFFERS and ranks is not None:
        agreement, reading = ranks.read(text, hidden=printed_once(study, [row.dataset]))
    table, metric = row.where or claim.where, _metric(claim, study, row)
    return HeldNumber(
        row, table, metric, statistic, printed, ours, count, agreement, reading
    )


@dataclass(frozen=True)
class RankAmong:
    """The best and the worst rank of a mean among others where ties have any order, and the one by float noise."""

    best: float
    worst: float
    by_noise: float

    @classmethod
    def of(cls, gains: Sequence[float], ours: float) -> RankAmong:
        """gains: of all, of which one may be its own; higher is better."""
        *others, own = without_noise(np.array([*gains, ours])).tolist()
        better, equal = (
            sum(gain > own for gain in others),
            sum(gain == own for gain in others),
        )
        by_noise = 1.0 + sum(gain > ours for gain in gains)
        return cls(1.0 + better, 1.0 + better + max(0, equal - 1), by_noise)

    def read(self, text: str, *, hidden: bool) -> tuple[Agreement, str]:
        """What a printed rank is that is not the best; hidden: whether rounding may hide the order of ties."""
        if float(text) == (self.best + self.worst) / 2:
            return Agreement.EXACT, "midranks"
        if float(text) == self.by_noise:
            return Agreement.EXACT, "noise"
        return (hidden and _of_ties(text, self.best, self.worst)) or (
            Agreement.DIFFERS,
            "",
        )


def _prints(text: str, ours: float, *, whole: bool) -> bool:
    """Whether ours prints as a text: rounded, unless it is whole."""
    return float(text) == round(ours, NOISE_DIGITS) if whole else rounded(text, ours)


def _of_ties(text: str, best: float, worst: float) -> tuple[Agreement, str] | None:
    """What a printed rank is that some order of equal values gives; None where none does."""
    half = 0.5 * 10.0 ** -decimals(text)
    possible = best < worst and best - half <= float(text) <= worst + half
    return (Agreement.DIFFERS, "ties") if possible else None


def _agreement(
    text: str, ours: float | None, *, whole: bool = False
) -> tuple[Agreement | None, str]:
    """Exact where ours rounds or is cut to the digits; reproduced where it is one unit of the last digit away. A whole
    number was not rounded: it is exact or differs."""
    if text == "nan":
        return (Agreement.EXACT if ours is None else Agreement.DIFFERS), ""
    if ours is None:
        return None, ""
    if _prints(text, ours, whole=whole):
        return Agreement.EXACT, ""
    if whole:
        return Agreement.DIFFERS, ""
    if only_cut(text, ours):
        return Agreement.EXACT, "cut"
    unit = float(Decimal(1).scaleb(-decimals(text)))
    near = round(abs(ours - float(text)) / unit, 6) <= 1.0
    return (Agreement.REPRODUCED if near else Agreement.DIFFERS), ""


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
    return float(spreads(series.defined)["sd"]) if len(series.defined) > 1 else None


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
    """The means of a claim with their spreads, as a table whose columns are datasets and their metrics."""
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
    printed = tuple(
        PrintedScore(
            (_column(claim, study, row), row.family), _with_zeros(row.value, claim.digits), row.times, row.spread,
            "sd",
        )
        for row in rows
    )  # fmt: skip
    return PrintedTable(printed, series, frozenset())


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
        if place not in reading.places:
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
    if reading.kind in (
        ("spread",) if number.statistic == "spread" else ("column", "filled")
    ):
        return float(
            reading.ours[reading.places.index((_column(claim, study, row), row.family))]
        )
    return None


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
        found = Judgement(Agreement.UNCLEAR, (counts,), lacks=Settle.SOURCE)
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
    check=check,
)


def over_datasets(
    scores: SeriesByKey,
    metric: str,
    *,
    noise: bool = False,
    equal: Literal["best", "middle", "worst"] = "best",
) -> Mapping[str, Mapping[OverallStatistic, float]]:
    """By model, every statistic over the datasets on which it has scores.

    noise: whether means that differ by float noise are unequal; equal: which of their ranks equal means share.
    """
    means: dict[str, dict[str, float]] = {}
    for (dataset, family, of), series in scores.items():
        if of == metric and (mean := series.mean) is not None:
            means.setdefault(dataset, {})[family] = mean
    ranks: dict[str, list[float]] = {}
    shares: dict[str, list[float]] = {}
    turn = METRICS[metric].sign
    for exact in means.values():
        ours = (
            exact
            if noise
            else dict(
                zip(
                    exact,
                    without_noise(np.array([*exact.values()])).tolist(),
                    strict=True,
                )
            )
        )
        least, width = min(ours.values()), max(ours.values()) - min(ours.values())
        for family, mean in ours.items():
            better = sum(turn * other > turn * mean for other in ours.values())
            equals = [*ours.values()].count(mean)
            ranks.setdefault(family, []).append(
                1 + better + SHARED[equal] * (equals - 1)
            )
            if width:
                shares.setdefault(family, []).append((mean - least) / width)
    return {
        family: {
            "mean_rank": float(np.mean(found)),
            "best_rank": min(found),
            "worst_rank": max(found),
            "datasets": len(found),
            **(
                {"mean_share": float(np.mean(shares[family]))}
                if family in shares
                else {}
            ),
        }
        for family, found in ranks.items()
    }
