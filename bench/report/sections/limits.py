"""What to hold against this page: limits of the design, fits that failed or warned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from bench.core.findings import is_alarm
from bench.core.judgements import Evidence
from bench.core.rows import PLAIN
from bench.diagnose import title_of
from bench.report import facts
from bench.report.blocks import Block, Cell, Details, Listing, Paragraph, Table
from bench.report.bundle import Bundle
from bench.report.counts import protocol_notes
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text.same_source import forms_said
from bench.report.values import count
from bench.scores.design import is_external, tests_single_rows
from bench.text.why_not import WHY_NOT

MOST_ROWS, NAMED = 200, 5


def limits(bundle: Bundle) -> Iterator[Block]:
    """Limits of the design, and failures by reason."""
    found = limits_of(bundle)
    if found:
        yield Listing(tuple(found))
    failures = _failures(bundle)
    fits = facts.fits(bundle)
    if failures.height:
        words = f"Failures and warnings of fits, by reason: {failures.height}"
        yield Details(words, (_failed(styles_of(bundle), failures),))
    elif fits and bundle.study.fits:
        yield Paragraph(("Scored fits: ", count(fits), ", all present."))


def limits_of(bundle: Bundle) -> list[str]:
    """What the design itself leaves open, each as a sentence, from the study and its verdicts."""
    styles = styles_of(bundle)
    return [
        *_warned(bundle),
        *_of_design(bundle, styles),
        *_of_claims(bundle, styles),
    ]


def _failures(bundle: Bundle) -> pl.DataFrame:
    """Failures by cause, with how many folds each struck: the same reason is one row."""
    keys = ["dataset", "family", "variant", "status", "stage", "reason", "policy"]
    frame = bundle.frame("failures").group_by(keys, maintain_order=True)
    grouped = frame.agg(pl.len().alias("folds"))
    mild = pl.col("status").eq("warning").alias("mild")
    order = ["mild", "dataset", "family", "variant", "reason"]
    return grouped.with_columns(mild).sort(order)


def _failed(styles: Styles, failures: pl.DataFrame) -> Table:
    lines: list[tuple[Cell, ...]] = []
    for row in failures.head(MOST_ROWS).iter_rows(named=True):
        fit = "" if row["variant"] == PLAIN else f"extra fit: {row['variant'].replace('_', ' ')}"  # fmt: skip
        lines.append((
            styles.family(row["family"]).named, styles.dataset(row["dataset"]), fit,
            (row["status"] or "").replace("_", " "), row["stage"] or "", count(row["folds"]), row["reason"] or "",
            row["policy"] or "",
        ))  # fmt: skip
    columns = ("Model", "Dataset", "Fit", "Status", "Stage", "Folds", "Reason", "Replaced by")  # fmt: skip
    cut = f", the first {MOST_ROWS}" if failures.height > MOST_ROWS else ""
    return Table(columns, tuple(lines), f"Failures and warnings{cut}")


def _warned(bundle: Bundle) -> list[str]:
    """The warnings of checks, by title: no page with one is without limits."""
    rows = bundle.frame("findings").filter(is_alarm())
    titles = [title_of(*row) for row in rows.select("diagnostic", "code").iter_rows()]
    named = ", ".join(dict.fromkeys(titles))
    return [f"Warnings of checks (see Findings): {named}."] if named else []


def _of_design(bundle: Bundle, styles: Styles) -> list[str]:
    """Few datasets, forms of one table, splits without chance, fits made elsewhere, varied seeds."""
    words = []
    several = len(bundle.study.families or ()) > 1
    if several and not facts.decides(bundle, facts.primary(bundle).name):
        size = len(facts.distinct(bundle, facts.places(bundle)))
        words.append(f"Datasets: {size}; on others another model may be better.")
    words += forms_said(bundle, styles)
    seeds = [name for name in bundle.datasets if bundle.setting(name).seeds]
    words += _without_other_splits(bundle, styles, seeds) or _untested(bundle)
    if any(is_external(bundle.study, name) for name in bundle.datasets):
        words.append(
            "Tuning and leakage of the models fitted elsewhere cannot be checked."
        )
        words += _missing_runs(bundle, styles)
    if seeds:
        words.append(
            f"Repeats that differ only in their seed (other rows may give another result): {_titles(styles, seeds)}."
        )
    return words


def _titles(styles: Styles, datasets: Sequence[str]) -> str:
    return ", ".join(styles.dataset(name) for name in datasets)


def _untested(bundle: Bundle) -> list[str]:
    """That no two models are tested by the primary metric, and why; nothing where a pair is, or there is one model."""
    metric, pairs = facts.primary(bundle).name, bundle.frame("pairs")
    tested = pairs.filter(metric=metric).drop_nulls("p_adjusted").height
    if tested or len(bundle.study.families or ()) < 2 or bundle.apart:
        return []
    causes = [
        cause
        for name in bundle.datasets
        for cause in facts.not_tested_causes(bundle, name, metric)
    ]
    why = "; ".join(WHY_NOT[cause] for cause in dict.fromkeys(causes))
    return [f"No two models are tested: {why}."] if why else []


def _without_other_splits(
    bundle: Bundle, styles: Styles, seeds: Sequence[str]
) -> list[str]:
    """The datasets of which neither splits nor `seeds` vary; leave-one-out has no other splits."""
    drawn = set(bundle.frame("tables").filter(pl.col("draws") > 0)["dataset"])
    still = [
        name
        for name in bundle.datasets
        if facts.without_chance(bundle, name) and name not in drawn
    ]
    still = [name for name in still if name not in seeds]
    single = [name for name in still if tests_single_rows(bundle.study, name)]
    fixed = [name for name in still if name not in single]
    said = []
    if fixed:
        said.append(
            f"Fixed splits (others may give another result): {_titles(styles, fixed)}."
        )
    if single:
        said.append(
            f"Leave-one-out gives one result, and its rows share their training rows; no test of two models: "
            f"{_titles(styles, single)}."
        )
    return said


def _missing_runs(bundle: Bundle, styles: Styles) -> list[str]:
    """How many runs of somebody else's tables each model lacks."""
    keys = ["dataset", "family", "repeat", "fold"]
    lost = bundle.frame("missing_runs").unique(keys, maintain_order=True)
    if lost.is_empty():
        return []
    counts = lost.group_by("family", maintain_order=True).len()
    counts = counts.sort("len", descending=True, maintain_order=True)
    most = list(counts.head(NAMED).iter_rows())
    named = [f"{styles.family(name).title} {number}" for name, number in most]
    if counts.height > NAMED:
        named.append(f"others {lost.height - sum(number for _, number in most)}")
    return [
        f"Missing runs, left out as the study says: {lost.height}, on datasets: {lost['dataset'].n_unique()} "
        f"({', '.join(named)})."
    ]


def _of_claims(bundle: Bundle, styles: Styles) -> list[str]:
    """How many claims follow the paper less than closely, and how the protocol leaves it on which datasets."""
    rows = [row for row in bundle.counted.judged if row.source == "paper"]
    differs: dict[str, list[str]] = {}
    for row in rows:
        for note in protocol_notes(bundle, row):
            here = differs.setdefault(note, [])
            if row.dataset and row.dataset not in here:
                here.append(row.dataset)
    said = []
    departing = sum(row.evidence != Evidence.STRONG for row in rows)
    if departing:
        said.append(
            f"Judged claims that follow the paper in part or loosely: {departing} of {len(rows)}."
        )
    for note, places in differs.items():
        one = len(bundle.study.datasets) == 1
        where = "" if one or not places else f" on {_titles(styles, places)}"
        said.append(f"Other data or protocol{where}: {note}.")
    return said


SECTION = Section("limits", "Limits and failures", limits, order=120)
