"""What a diagnostic is, the evidence it reads, and how all of them are run.

`not_applicable` is never `passed`: a check that could not look says so. Nor is an argument a test: what holds by the
way the house works has passed, in words that begin with `BY_CONSTRUCTION`, and is counted apart.

An alarm is a finding above a note. Alarms that can be false by chance share one budget a study, `ALARMS`: each
diagnostic has its part, split over all subjects that it looks at, so that a healthy study is called sick in at most a
tenth of cases. What is no fault of a study, or is true of healthy ones too, is a note however sure it is. Facts without
chance (a cell failed; a declared group is not split by) need no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
import polars as pl

from bench.core.frames import EXPLANATIONS, FINDINGS, IMPORTANCE, SELF_CHECKS, UNAVAILABLE, VARIANCE, empty, of_rows
from bench.core.metrics import METRICS
from bench.core.outcomes import decoded
from bench.core.registry import Registry
from bench.data.dataset import Dataset
from bench.diagnose._rows import Sample, sample_of
from bench.scores.design import is_baseline, is_external, level_of
from bench.scores.series import Series, SeriesKey, Setting, matched, series_of, setting_of
from bench.stats.intervals import corrected_mean
from bench.study import Study
from bench.text.sentences import sentences

#: How often a healthy study may be called sick, by the diagnostic that does: in all at most .10, each at most .05.
ALARMS = {
    "illegitimate_features": 0.02,
    "near_duplicates": 0.015,
    "file_order": 0.02,
    "biased_test": 0.015,
    "beats_baseline": 0.01,
    "split_gap": 0.005,
    "overtuning": 0.005,
    "duplicates_across": 0.005,
    "degenerate": 0.005,
}
#: Diagnostics whose alarms are facts: no chance is in them.
FACTS = ("failed_cells", "leakage", "temporal")

#: How the reason of what was not tested, but cannot be otherwise, begins.
BY_CONSTRUCTION = "by construction: "

Severity = Literal["note", "warning", "serious"]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class DiagnosticEvidence:
    """Everything a diagnostic may look at: the study, and what judging and running left.

    `read` gives the clean table of a dataset when a diagnostic first looks at it, or None where there is none.
    """

    study: Study
    tables: pl.DataFrame
    folds: pl.DataFrame
    scores: pl.DataFrame
    tuning: pl.DataFrame
    predictions: pl.DataFrame
    remarks: pl.DataFrame
    failures: pl.DataFrame
    duplicates: pl.DataFrame
    read: Callable[[str], Dataset | None] = lambda name: None
    importance: pl.DataFrame = field(default_factory=partial(empty, IMPORTANCE))
    explanations: pl.DataFrame = field(default_factory=partial(empty, EXPLANATIONS))
    variance: pl.DataFrame = field(default_factory=partial(empty, VARIANCE))
    self_checks: pl.DataFrame = field(default_factory=partial(empty, SELF_CHECKS))
    unavailable: pl.DataFrame = field(default_factory=partial(empty, UNAVAILABLE))
    _samples: dict[str, Sample | None] = field(default_factory=dict)

    def rows(self, dataset: str) -> Sample | None:
        """The clean rows of a dataset, a seeded sample of a large one; None where its features are not here."""
        if dataset not in self._samples:
            have = None if is_external(self.study, dataset) else self.read(dataset)
            self._samples[dataset] = None if have is None else sample_of(have, self.study.id)
        return self._samples[dataset]

    @cached_property
    def samples(self) -> dict[str, Sample]:
        """The rows of every dataset that was split here and whose features are at hand, in the order of the study."""
        split = dict.fromkeys(dataset for dataset, _ in self.subjects)
        return {name: rows for name in split if (rows := self.rows(name)) is not None}

    @cached_property
    def tests(self) -> dict[str, pl.DataFrame]:
        """By dataset, the (repeat, fold, row) that were tested, in the order of the study."""
        chosen = self.predictions.lazy().filter((pl.col("side") == "test") & (pl.col("variant") == "plain"))
        rows = chosen.select("dataset", "repeat", "fold", "row").unique().sort("dataset", "repeat", "fold", "row")
        parts = rows.collect().partition_by("dataset", as_dict=True, include_key=False, maintain_order=True)
        return {name: parts[name,] for name in self.study.datasets if (name,) in parts}

    @cached_property
    def series(self) -> dict[str, dict[SeriesKey, Series]]:
        """The plain scores by side."""
        return {side: series_of(self.scores, side) for side in ("train", "inner", "test")}

    @cached_property
    def settings(self) -> dict[str, Setting]:
        return {name: setting_of(self.study, self.tables, self.folds, name) for name in self.study.datasets}

    @cached_property
    def subjects(self) -> list[tuple[str, str]]:
        """(dataset, family) with test scores of the primary metric, in the order of the study."""
        metric, have = self.study.metrics.primary, self.series["test"]
        families = self.study.families or {}
        return [(d, f) for d in self.study.datasets for f in families if (d, f, metric) in have]

    @property
    def baselines(self) -> tuple[str, ...]:
        """The families that look at no feature."""
        return tuple(name for name in self.study.families or () if is_baseline(self.study, name))


#: In what a finding's number is counted. `score`: a difference in the study's primary metric; `tuning`: in the metric
#: that candidates were chosen by; `chance`: a p-value; `probability`: a difference of probabilities.
Unit = Literal["share", "score", "tuning", "standard errors", "correlation", "probability", "chance"]


@dataclass(frozen=True)
class Number:
    """What the `estimate` of a diagnostic's findings is, in words, and its unit."""

    name: str
    unit: Unit


@dataclass(frozen=True)
class Diagnostic:
    """One look at stored results: its code, why it matters, what to do about it, and the look itself.

    number: what its estimates are; None where each finding says its own.
    """

    name: str
    title: str
    code: str
    why: str
    what_to_do: str
    run: Callable[[DiagnosticEvidence], Rows]
    number: Number | None = None


DIAGNOSTICS = Registry("bench.diagnose", Diagnostic, "diagnostic")


def findings(evidence: DiagnosticEvidence) -> pl.DataFrame:
    """What every diagnostic found (frames.FINDINGS), but for those that the study leaves out with a reason.

    Failed cells are told whatever is left out.
    """
    from bench.diagnose import failed_cells
    from bench.diagnose.self_check import with_sensitivity

    wanted = evidence.study.diagnostics
    left_out = wanted.leave_out if wanted is not None else ()
    rows: Rows = []
    for diagnostic in DIAGNOSTICS.values():
        if diagnostic.name in left_out:
            continue
        said = diagnostic.run(evidence) or [not_applicable("there is nothing here that it could look at")]
        said = [with_sensitivity(evidence, diagnostic.name, row) for row in said]
        rows += [{"code": diagnostic.code} | row | {"diagnostic": diagnostic.name} for row in said]
    about = {"code": failed_cells.CODE, "diagnostic": failed_cells.NAME}
    rows += [about | row for row in failed_cells.run(evidence)]
    return of_rows(rows, FINDINGS)


def numbers() -> dict[str, Number]:
    """What the estimate of each diagnostic is, by its name; those whose findings say their own are left out."""
    from bench.diagnose import failed_cells

    named = {one.name: one.number for one in DIAGNOSTICS.values() if one.number is not None}
    return named | {failed_cells.NAME: failed_cells.NUMBER}


def found(
    subject: tuple[str | None, str | None], severity: Severity, reason: str, **numbers: float | None
) -> dict[str, Any]:
    return _row(subject, "found", severity, reason, numbers)


def passed(subject: tuple[str | None, str | None], reason: str, **numbers: float | None) -> dict[str, Any]:
    return _row(subject, "passed", "note", reason, numbers)


def constructed(subject: tuple[str | None, str | None], reason: str, **numbers: float | None) -> dict[str, Any]:
    """Passed without a test: the house cannot do otherwise, and says so."""
    return _row(subject, "passed", "note", BY_CONSTRUCTION + reason, numbers)


def not_applicable(
    reason: str, subject: tuple[str | None, str | None] = (None, None), **numbers: float | None
) -> dict[str, Any]:
    return _row(subject, "not_applicable", "note", reason, numbers)


def refused(evidence: DiagnosticEvidence, *variants: str) -> Rows:
    """What was asked for and cannot be had on these data, a row a family and dataset, with the reason."""
    rows = evidence.unavailable.filter(pl.col("variant").is_in(variants)).unique(maintain_order=True)
    return [
        not_applicable(sentences(decoded(row["reasons"])), (row["dataset"], row["family"]))
        for row in rows.iter_rows(named=True)
    ]


def _row(
    subject: tuple[str | None, str | None], outcome: str, severity: str, reason: str, numbers: dict[str, float | None]
) -> dict[str, Any]:
    names = {"dataset": subject[0], "family": subject[1]}
    return names | {"outcome": outcome, "severity": severity, "reason": reason} | numbers


def optimism(
    evidence: DiagnosticEvidence, subject: tuple[str, str], seen: Series, metric: str, styles: int
) -> dict[str, Any] | None:
    """How much better `seen` is than the test scores of the same folds, with its interval; positive is optimistic.

    Both series are averaged over what they share: folds, or repeats where one of them is pooled. `looks`: over how many
    subjects the error is split. None when nothing can be compared.
    """
    test = evidence.series["test"].get((*subject, metric))
    setting = evidence.settings[subject[0]]
    if test is None or seen.mean is None or test.mean is None:
        return None
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    if len(seen.value) != len(test.value) or seen.pooled or test.pooled:
        return {"estimate": turn * (seen.mean - test.mean)}
    first, second = matched(seen, test)
    if first.mean is None or second.mean is None:
        return None
    gap = Series(first.repeat, first.fold, turn * (first.value - second.value))
    sample = setting.sample(gap)
    if sample is None or setting.seeds:  # over seeds alone an alarm would speak of no other rows
        return {"estimate": gap.mean}
    level = 1 - (1 - level_of(evidence.study)) / max(1, styles)
    one = corrected_mean(sample[0], test_train_ratio=sample[1], level=level)
    return {"estimate": one.estimate, "low": one.low, "high": one.high}


def alarm_level(name: str, subjects: int) -> float:
    """The level of one subject's test, of a diagnostic that looks at so many subjects."""
    return ALARMS[name] / max(1, subjects)


def permutations(level: float) -> int:
    """How many make a p-value below the level possible, with room."""
    return max(999, int(np.ceil(5 / level)) - 1)


def by_chance(p: float, draws: int | None = None) -> str:
    """A p-value in words; of one counted in so many draws, none of which did as much, no more than that is known.

    >>> by_chance(0.002), by_chance(0.3), by_chance(1e-9)
    ('chance alone does as much in 1 of 500 cases', 'chance alone does as much in 30 of 100 cases', \
'chance alone does as much in fewer than 1 of 1,000,000 cases')
    >>> by_chance(0.001, 999)   # (0 + 1) / (999 + 1), the least that so many draws can give
    'chance alone did as much in none of 999 draws'
    """
    if draws is not None and p * (draws + 1) < 1.5:
        return f"chance alone did as much in none of {draws:,} draws"
    if p < 1e-6:
        return "chance alone does as much in fewer than 1 of 1,000,000 cases"
    if p > 0.995:
        return "chance alone does as much in almost every case"
    often = f"{100 * p:.0f} of 100" if p >= 0.02 else f"1 of {float(f'{1 / p:.2g}'):,.0f}"
    return f"chance alone does as much in {often} cases"


def share(count: int, of: int) -> str:
    """
    >>> share(7, 10)
    '7 of 10'
    """
    return f"{count} of {of}"


def constant(values: np.ndarray) -> bool:
    return len(values) > 1 and bool((values == values[0]).all())
