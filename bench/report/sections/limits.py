"""What to hold against this page: deviations from the paper, limits of the design, fits that failed or warned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from bench.core.findings import is_alarm
from bench.core.frames import records
from bench.core.judgements import Evidence
from bench.core.rows import PLAIN
from bench.diagnose import title_of
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import protocol_notes
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text import limits as text
from bench.report.text.deviations import deviation_words
from bench.report.text.same_source import forms_said
from bench.scores.design import is_external, tests_single_rows
from bench.text import formats

MOST_ROWS = 200


@dataclass(frozen=True)
class FailureShown:
    """Fits that failed or warned for one reason; `policy`: what stands in for them."""

    family: str
    dataset: str
    variant: str
    status: str
    stage: str
    folds: str
    reason: str
    policy: str


@dataclass(frozen=True)
class LimitsView:
    """The section; `replaced`: whether anything stands in for a failed fit."""

    deviations: tuple[str, ...]
    limits: list[str]
    failures: list[FailureShown]
    replaced: bool
    cut: str
    none: str


@dataclass(frozen=True)
class _Failure:
    """Columns of frames.FAILURES, and how many folds one reason struck."""

    dataset: str
    family: str
    variant: str
    status: str | None
    stage: str | None
    reason: str | None
    policy: str | None
    folds: int


def limits(bundle: Bundle) -> LimitsView:
    """Deviations, limits of the design, and failures by reason."""
    styles, rows = styles_of(bundle), _failures(bundle)
    failures = [
        _failure(bundle, styles, row) for row in records(rows.head(MOST_ROWS), _Failure)
    ]
    return LimitsView(
        deviations=()
        if bundle.verdicts
        else tuple(map(deviation_words, bundle.study.deviations)),
        limits=_limits(bundle, styles),
        failures=failures,
        replaced=any(one.policy for one in failures),
        cut=text.cut(MOST_ROWS, rows.height) if rows.height > MOST_ROWS else "",
        none="" if rows.height else _good_news(bundle),
    )


def _good_news(bundle: Bundle) -> str:
    fits = facts.fits(bundle)
    return text.all_present(fits) if fits and bundle.study.fits else ""


def _failures(bundle: Bundle) -> pl.DataFrame:
    """Failures by cause, with how many folds each struck: the same reason is one row."""
    keys = ["dataset", "family", "variant", "status", "stage", "reason", "policy"]
    grouped = (
        bundle.frame("failures")
        .group_by(keys, maintain_order=True)
        .agg(pl.len().alias("folds"))
    )
    return grouped.with_columns(pl.col("status").eq("warning").alias("mild")).sort(
        ["mild", "dataset", "family", "variant", "reason"]
    )


def _failure(bundle: Bundle, styles: Styles, row: _Failure) -> FailureShown:
    own = row.variant == PLAIN
    return FailureShown(
        family=styles.family(row.family).title,
        dataset=styles.dataset(row.dataset),
        variant="" if own else text.extra_fit(row.variant),
        status=(row.status or "").replace("_", " "),
        stage=row.stage or "",
        folds=formats.count(row.folds),
        reason=row.reason or "",
        policy=row.policy or "",
    )


def _limits(bundle: Bundle, styles: Styles) -> list[str]:
    """What the design itself leaves open, each as a sentence, from the study and its verdicts."""
    warned = bundle.frame("findings").filter(is_alarm())
    titles = dict.fromkeys(
        title_of(*row) for row in warned.select("diagnostic", "code").iter_rows()
    )
    return [
        *text.warned(list(titles)),
        *_of_design(bundle, styles),
        *_of_claims(bundle, styles),
    ]


def _of_design(bundle: Bundle, styles: Styles) -> list[str]:
    """Few datasets, forms of one table, splits without chance, fits made elsewhere, varied seeds."""
    words = []
    if len(bundle.study.families or ()) > 1 and not facts.decides(
        bundle, facts.primary(bundle).name
    ):
        words.append(
            text.few_datasets(len(facts.distinct(bundle, facts.places(bundle))))
        )
    words += forms_said(bundle, styles)
    seeds = [d for d in bundle.datasets if bundle.setting(d).seeds]
    words += _without_other_splits(bundle, styles, seeds) or _untested(bundle)
    if any(is_external(bundle.study, d) for d in bundle.datasets):
        words += [text.EXTERNAL, *_missing_runs(bundle, styles)]
    if seeds:
        words.append(text.only_seeds([styles.dataset(d) for d in seeds]))
    return words


def _untested(bundle: Bundle) -> list[str]:
    """That no two models are tested by the primary metric, and why; nothing where a pair is, or there is one model."""
    metric, pairs = facts.primary(bundle).name, bundle.frame("pairs")
    tested = pairs.filter(
        pl.col("metric") == metric, pl.col("p_adjusted").is_not_null()
    ).height
    if tested or len(bundle.study.families or ()) < 2 or bundle.apart:
        return []
    causes = [
        cause
        for d in bundle.datasets
        for cause in facts.not_tested_causes(bundle, d, metric)
    ]
    return [text.untested(list(dict.fromkeys(causes)))] if causes else []


def _without_other_splits(
    bundle: Bundle, styles: Styles, seeds: Sequence[str]
) -> list[str]:
    """The datasets of which neither splits nor `seeds` vary; leave-one-out has no other splits."""
    still: dict[bool, list[str]] = {}
    for dataset in _without_chance(bundle):
        if dataset not in seeds:
            single = tests_single_rows(bundle.study, dataset)
            still.setdefault(single, []).append(styles.dataset(dataset))
    said = {False: text.fixed_splits, True: text.one_way_to_split}
    return [words(still[single]) for single, words in said.items() if single in still]


def _missing_runs(bundle: Bundle, styles: Styles) -> list[str]:
    """How many runs of somebody else's tables each model lacks."""
    lost = bundle.frame("missing_runs").unique(
        ["dataset", "family", "repeat", "fold"], maintain_order=True
    )
    if lost.is_empty():
        return []
    counts = (
        lost.group_by("family", maintain_order=True)
        .len()
        .sort("len", descending=True, maintain_order=True)
    )
    named = [
        (styles.family(family).title, count) for family, count in counts.iter_rows()
    ]
    return [text.missing_runs(named, lost["dataset"].n_unique())]


def _without_chance(bundle: Bundle) -> list[str]:
    """The datasets whose protocol draws no split at random, and whose rows are not drawn either."""
    drawn = {
        d
        for d, draws in bundle.frame("tables").select("dataset", "draws").iter_rows()
        if draws
    }
    return [
        d for d in bundle.datasets if facts.without_chance(bundle, d) and d not in drawn
    ]


def _of_claims(bundle: Bundle, styles: Styles) -> list[str]:
    """How many claims follow the paper less than closely, and how the protocol leaves it on which datasets."""
    rows = [row for row in bundle.counted.attempted if row.source == "paper"]
    said: dict[str, list[str]] = {}
    for row in rows:
        for differs in protocol_notes(bundle, row):
            here = said.setdefault(differs, [])
            here += (
                [styles.dataset(row.dataset)]
                if row.dataset and len(bundle.study.datasets) > 1
                else []
            )
    departing = sum(row.evidence != Evidence.STRONG for row in rows)
    protocols = (
        text.protocol(list(dict.fromkeys(places)), differs)
        for differs, places in said.items()
    )
    return [*text.follow(departing, len(rows)), *protocols]


SECTION = Section("limits", "Limits and failures", limits, order=120)
