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
    cases = [
        _case(bundle, looks, claim, frame.filter(pl.col("claim") == claim))
        for claim in frame["claim"].unique(maintain_order=True).to_list()
    ]
    return {
        "cases": [case for case in cases if case is not None],
        "empty": "" if cases else "No slip was tried: the study does not ask for it.",
        "terms": terms("compatible"),
    }


def _case(bundle: Bundle, looks: Looks, name: str, rows: pl.DataFrame) -> dict[str, Any] | None:
    """One claim: its figure, and the answer in words; None where no way came to a number.

    Numbers are drawn in the metric's own unit: those of a claim in percent are divided by a hundred.
    """
    claim = bundle.claims.get(name)
    if claim is None or claim.value is None:
        return None
    scale = 0.01 if claim.unit == "percent" else 1.0
    turned = rows.with_columns(pl.col("estimate", "low", "high") * scale)
    tried = turned.filter(pl.col("estimate").is_not_null())
    if tried.is_empty():
        return None
    published, unit, first = float(claim.value) * scale, measure(rows["metric"][0]), rows.row(0, named=True)
    honest, slips_ = (tried.filter((pl.col("arm") != "slip") == is_honest) for is_honest in (True, False))
    answer = _answer(unit.show(published), honest, slips_)
    where = f"{looks.family(first['family']).title} on {looks.dataset(first['dataset'])}"
    figure = _figure(name, where, unit, published, pl.concat([honest, slips_]), answer)
    return {
        "claim": name,
        "answer": answer,
        "figure": figure,
        "often": _often(honest),
        "notes": _notes(tried),
        "idle": _notes(turned.filter(pl.col("estimate").is_null())),
    }


def _often(honest: pl.DataFrame) -> str:
    """How often an honest study of this size would land there too: the most that any honest way gives."""
    known = honest["beyond"].drop_nulls()
    if known.is_empty():
        return ""
    most = formats.probability(float(known.max()))  # type: ignore[arg-type]
    return f"Of honest studies of this size a share of {most} prints a number as far from what is usual as this one."


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
    """What is said of single ways: why one has no interval, or could not be gone here."""
    said = tried.filter(pl.col("reason").is_not_null()).select("title", "reason")
    return [f"“{title}”: {reason}" for title, reason in said.iter_rows()]


def _figure(claim: str, where: str, unit: Measure, published: float, tried: pl.DataFrame, answer: str) -> Figure:
    rows = [
        Arm(
            r["title"],
            "slip" if r["arm"] == "slip" else "honest",
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
