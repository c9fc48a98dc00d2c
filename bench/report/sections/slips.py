"""Which slip explains the paper? The published number among honest runs and runs with one slip each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from bench.claims import answer_of as judged
from bench.claims import jointly
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
    printed = frame.filter(pl.col("said_by") == "paper")["claim"].n_unique()
    cases = [_case(bundle, looks, claim, frame.filter(pl.col("claim") == claim)) for claim in claims]
    return {
        "together": _together(bundle, looks, frame) if printed > 1 else None,
        "cases": [case for case in cases if case is not None],
        "empty": "" if any(cases) else "No slip was tried: the study does not ask for it.",
        "terms": terms("compatible"),
    }


def _together(bundle: Bundle, looks: Looks, frame: pl.DataFrame) -> dict[str, Any] | None:
    """All numbers at once: the answer in words, and which numbers each way misses; None where no way gave any."""
    ways = jointly(frame)
    if ways.is_empty():
        return None
    frame = frame.filter(pl.col("said_by") == "paper").unique("claim", maintain_order=True)
    about = {row["claim"]: row for row in frame.iter_rows(named=True)}
    rows = []
    for one in ways.iter_rows(named=True):
        missed = formats.listed([f"{claim} ({_place(looks, about[claim])})" for claim in one["missed"]])
        held = one["numbers"] - len(one["missed"])
        rows.append((one["title"], one["arm"], _fits(one["compatible"]), f"{held} of {one['numbers']}", missed))
    count = formats.spelled(len(about))
    return {
        "head": ("Way", "Kind", "All together", "Not missed", "Misses"),
        "rows": rows,
        "name": f"Ways to all {count} published numbers",
        "answer": answer_of(f"the {count} published numbers together", ways, many=True),
    }


def _place(looks: Looks, row: dict[str, Any]) -> str:
    return f"{looks.family(row['family']).short} on {looks.dataset(row['dataset'])}"


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


def answer_of(published: str, tried: pl.DataFrame, many: bool = False) -> str:
    """One, several or none of the ways, and first of all whether honest runs of this size print such numbers too.

    many: `published` is several numbers that must all fit.
    """
    answer, are = judged(tried), "are" if many else "is"
    if not answer.answered:
        return f"No spread is known here, so no way to {published} can be told from another."
    said = f"{published[0].upper()}{published[1:]} {are} compatible with"
    listed = formats.listed([f"“{title}”" for title in answer.slips], "or")
    rare = _rare(answer.beyond, many)
    if answer.honest or answer.controls:
        more = f": no slip is needed. {listed} would fit as well." if answer.slips else ", and with no slip tried."
        return f"{said} an honest study of this size{more}"
    if not answer.slips:
        neither = f"{are} compatible neither with an honest study of this size nor with any slip tried"
        return f"None of these: {published} {neither}.{rare}"
    apart = ". The slips cannot be told apart here." if len(answer.slips) > 1 else "."
    return f"{said} {listed}, and with no honest way{apart}{rare}"


def _rare(beyond: float | None, many: bool) -> str:
    """How often an honest study of this size would land there too."""
    if beyond is None:
        return ""
    often = formats.drawn(beyond)
    most = "at most " if many else ""
    return f" In an honest study of this size chance alone does as much in {most}{often} of cases."


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
