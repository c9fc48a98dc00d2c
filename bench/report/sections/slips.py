"""Which slip explains the paper? The published number among honest runs and runs with one slip each."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report import formats
from bench.report.bundle import Bundle
from bench.report.charts.lanes import Arm, arms
from bench.report.charts.svg import Figure, Table
from bench.report.looks import Looks, looks_of
from bench.report.words import Measure, measure, terms


def slips(bundle: Bundle) -> dict[str, Any]:
    looks, frame = looks_of(bundle), bundle.frame("explanations")
    claims = frame["claim"].unique(maintain_order=True).to_list()
    cases = [_case(looks, claim, frame.filter(pl.col("claim") == claim)) for claim in claims]
    return {
        "cases": [case for case in cases if case is not None],
        "empty": "" if cases else "No slip was tried: the study does not ask for it.",
        "terms": terms("compatible"),
    }


def _case(looks: Looks, claim: str, rows: pl.DataFrame) -> dict[str, Any] | None:
    """One claim: its figure, and the answer in words; None without a published number."""
    printed = rows.filter(pl.col("arm") == "published", pl.col("estimate").is_not_null())
    tried = rows.filter(pl.col("arm") != "published", pl.col("estimate").is_not_null())
    if printed.is_empty() or tried.is_empty():
        return None
    head, unit = printed.row(0, named=True), measure(printed["metric"][0])
    honest, slips_ = (tried.filter((pl.col("arm") == "honest") == is_honest) for is_honest in (True, False))
    answer = _answer(unit.show(head["estimate"]), honest, slips_)
    where = f"{looks.family(head['family']).title} on {looks.dataset(head['dataset'])}"
    figure = _figure(claim, where, unit, head["estimate"], pl.concat([honest, slips_]), answer)
    return {"claim": claim, "where": where, "answer": answer, "figure": figure, "notes": _notes(tried)}


def _answer(published: str, honest: pl.DataFrame, slips: pl.DataFrame) -> str:
    """A set, one, or none of these; and whether honest runs of this size print such numbers too."""
    fits = [f"“{title}”" for title in slips.filter(pl.col("compatible"))["title"]]
    fair = honest.filter(pl.col("compatible")).height > 0
    if fair and not fits:
        return (
            f"{published} is compatible with an honest study of this size, and with none of the slips that were tried."
        )
    if fair:
        return (
            f"{published} is compatible with an honest study of this size, so no slip is needed to explain it; it "
            "would "
            f"also be compatible with {formats.listed(fits, 'or')}."
        )
    if len(fits) > 1:
        return (
            f"{published} is not what an honest study of this size prints. It is compatible with "
            f"{formats.listed(fits, 'or')}: "
            "these cannot be told apart here."
        )
    if fits:
        return (
            f"{published} is not what an honest study of this size prints. Of what was tried it is "
            f"compatible with {fits[0]}."
        )
    return (
        f"None of these: {published} is compatible neither with an honest study of this size nor with any slip tried."
    )


def _notes(tried: pl.DataFrame) -> list[str]:
    """What the engine says of single arms: how often an honest study lands there, why an arm could not be told."""
    said = tried.filter(pl.col("reason").is_not_null()).select("title", "reason")
    return [f"“{title}”: {reason}" for title, reason in said.iter_rows()]


def _figure(claim: str, where: str, unit: Measure, published: float, tried: pl.DataFrame, answer: str) -> Figure:
    rows = [
        Arm(
            r["title"],
            "honest" if r["arm"] == "honest" else "slip",
            r["estimate"],
            r["low"],
            r["high"],
            bool(r["compatible"]),
            "compatible" if r["compatible"] else "not compatible",
        )
        for r in tried.iter_rows(named=True)
    ]
    note = (
        f"{unit.title}. Line: the published {unit.show(published)}. Band: 95% of single papers that did this would "
        "print a "
        "number in it; darker where the published one lies within. Filled mark: honest; hollow: with one slip."
    )
    table = Table(
        ("Run", "Kind", unit.title, "A paper would print", "Compatible"),
        tuple(
            (a.label, a.kind, unit.show(a.estimate), formats.interval(a.low, a.high, unit.show) or formats.NONE, a.note)
            for a in rows
        ),
    )
    label = f"Claim {claim}, {where}: {answer}"
    return Figure(f"slips-{claim}", where, note, arms(published, rows, label, unit.limits), table, answer)
