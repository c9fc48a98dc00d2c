"""Which slip explains the paper? The published number among honest runs and runs with one slip each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from bench.report import formats
from bench.report.bundle import Bundle
from bench.report.charts.lanes import Arm, arms
from bench.report.charts.svg import Figure, Table
from bench.report.looks import Looks, looks_of
from bench.report.words import measure, terms


@dataclass(frozen=True)
class Printed:
    """A published number as the paper has it, and how numbers of its kind are shown: with one decimal more."""

    text: str
    percent: bool
    limits: tuple[float | None, float | None]

    @property
    def value(self) -> float:
        return float(self.text)

    @property
    def said(self) -> str:
        return self.with_unit(formats.true_minus(self.text))

    def show(self, value: float | None) -> str:
        return self.with_unit(formats.as_printed(value, self.text, 1))

    def with_unit(self, text: str) -> str:
        return f"{text}{formats.THIN}%" if self.percent else text


def slips(bundle: Bundle) -> dict[str, Any]:
    looks, frame = looks_of(bundle), bundle.frame("explanations")
    claims = frame["claim"].unique(maintain_order=True).to_list()
    cases = [_case(bundle, looks, claim, frame.filter(pl.col("claim") == claim)) for claim in claims]
    return {
        "cases": [case for case in cases if case is not None],
        "empty": "" if any(cases) else "No slip was tried: the study does not ask for it.",
        "terms": terms("compatible"),
    }


def _case(bundle: Bundle, looks: Looks, claim: str, rows: pl.DataFrame) -> dict[str, Any] | None:
    """One claim: its figure, the answer in words, and the ways that could not be gone; None without its number."""
    verdicts = bundle.frame("verdicts").filter(pl.col("claim") == claim, pl.col("published").is_not_null())
    tried = rows.filter(pl.col("estimate").is_not_null())
    if verdicts.is_empty() or tried.is_empty():
        return None
    one = verdicts.row(0, named=True)
    printed = _printed(one["published"], one["unit"] == "percent", rows["metric"][0])
    answer = answer_of(printed.said, tried)
    where = f"{looks.family(rows['family'][0]).title} on {looks.dataset(rows['dataset'][0])}"
    figure = _figure(claim, where, measure(rows["metric"][0]).title, printed, tried, answer)
    return {
        "claim": claim,
        "answer": answer,
        "figure": figure,
        "notes": _reasons(tried),
        "idle": _reasons(rows.filter(pl.col("estimate").is_null())),
    }


def _reasons(rows: pl.DataFrame) -> list[str]:
    """What is said of single ways: why one has no spread, or could not be gone here."""
    said = rows.filter(pl.col("reason").is_not_null()).select("title", "reason")
    return [f"“{title}”: {why}." for title, why in said.iter_rows()]


def _printed(text: str, percent: bool, metric: str) -> Printed:
    times = 100 if percent else 1
    low, high = (None if limit is None else times * limit for limit in measure(metric).limits)
    return Printed(text, percent, (low, high))


def answer_of(published: str, tried: pl.DataFrame) -> str:
    """One, several or none of the ways, and first of all whether honest runs of this size print such numbers too."""
    if tried["compatible"].null_count() == tried.height:
        return f"No spread is known here, so no way to {published} can be told from another."
    good = tried.filter(pl.col("compatible"))
    fair = good.filter(pl.col("arm") != "slip").height > 0
    fits = [f"“{title}”" for title in good.filter(pl.col("arm") == "slip")["title"]]
    listed = formats.listed(fits, "or")
    if fair:
        start = f"{published} is compatible with an honest study of this size"
        return (
            f"{start}: no slip is needed. It would fit {listed} as well."
            if fits
            else f"{start}, and with no slip tried."
        )
    rare = _rare(tried)
    if not fits:
        return (
            f"None of these: {published} is compatible neither with an honest study of this size nor with "
            f"any slip tried.{rare}"
        )
    apart = ". The slips cannot be told apart here." if len(fits) > 1 else "."
    return f"Of what was tried, {published} is compatible with {listed}, and with no honest way{apart}{rare}"


def _rare(tried: pl.DataFrame) -> str:
    """How often an honest study of this size would land there too."""
    beyond = tried.filter(pl.col("arm") == "honest")["beyond"].drop_nulls()
    if beyond.is_empty():
        return ""
    often = formats.drawn(float(beyond.max()))  # type: ignore[arg-type]
    return f" In an honest study of this size chance alone does as much in {often} of cases."


def _figure(claim: str, where: str, metric: str, printed: Printed, tried: pl.DataFrame, answer: str) -> Figure:
    rows = [
        Arm(r["title"], r["arm"], r["estimate"], r["low"], r["high"], bool(r["compatible"]), _fits(r["compatible"]))
        for r in tried.iter_rows(named=True)
    ]
    note = (
        f"{metric}. Line: the published {printed.said}. Band: 95% of single papers that went this way would print a "
        "number in it; darker where the published one lies within, or within the claim's tolerance of the mark. "
        "Filled mark: honest; hollow: with one slip, or with one that should barely matter (control)."
    )
    lines = tuple(
        (
            a.label,
            a.kind,
            printed.show(a.estimate),
            formats.interval(a.low, a.high, printed.show) or formats.NONE,
            a.note,
        )
        for a in rows
    )
    table = Table(("Way", "Kind", metric, "A paper would print", "The published number"), lines)
    label = f"Claim {claim}, {where}: {answer}"
    return Figure(f"slips-{claim}", where, note, arms(printed.value, rows, label, printed.limits), table, answer)


def _fits(compatible: bool | None) -> str:
    return "not known" if compatible is None else "fits" if compatible else "misses"
