"""Calibration curves of one dataset: how often labels are right, over how sure the family was of them."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.by_row import MOST_BINS, CalibrationCurve
from bench.report.blocks import Block, Details, Figure, Paragraph, Piece, Sign, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Axis, Bar, Chart, choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.panel import Panel
from bench.report.styles import Style, Styles
from bench.report.terms import term
from bench.report.values import Value, count, score
from bench.stats.calibration import BINS
from bench.text.formats import SHARE
from bench.text.words import measure

SHARE_RIGHT = measure("accuracy")
CalibratedModels = list[tuple[Style, CalibrationCurve]]


def calibrated(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """CalibratedModels curves and the calibration error of each model; nothing without probabilities."""
    rows = bundle.rows("calibration_curves", CalibrationCurve, dataset=dataset)
    found = [(styles.family(row.family), row) for row in rows if not row.hard_votes]
    if not found:
        return
    off = _off(bundle, found, dataset)
    fails = [pair for pair in found if pair[0].name in off]
    holds = [pair for pair in found if pair[0].name not in off]
    result = _result(styles, found, off)
    if fails:
        yield _figure(fails, f"calibration-{dataset}", result)
    else:
        yield Paragraph(result)
    more: list[Block] = []
    if holds:
        names = (", ".join(style.title for style, _ in holds),)
        within = ("The calibration error is within its limit: ", *names, ".")
        more.append(_figure(holds, f"calibrated-{dataset}", within))
    more.append(_errors(found, off))
    hard = [styles.family(row.family).title for row in rows if row.hard_votes]
    if hard:
        more.append(Paragraph(f"Hard votes, no probabilities: {', '.join(hard)}."))
    yield Details("Calibration of all models", tuple(more))


def _figure(found: CalibratedModels, name: str, result: tuple[Piece, ...]) -> Figure:
    low = min(min(*one.said, *one.came) for _, one in found)
    axis = choose_axis([max(0.0, min(0.9, low)), 1.0], ticks=3, floor=0.0, roof=1.0)
    charts = tuple(_curve(style, one, axis) for style, one in found)
    marks = (
        f"Across: mean confidence. Up: share of right labels, in up to {MOST_BINS} bins of about equal size. "
        "Bars: 95 % range if calibrated; dashed: equality."
    )
    return Figure(name, result, marks, charts, _bins(found))


def _curve(style: Style, one: CalibrationCurve, axis: Axis) -> Chart:
    wide = 0.02 * (axis.high - axis.low)
    ranges = [
        Bar(
            at - wide,
            at + wide,
            max(low, axis.low),
            max(high, axis.low),
            "pale",
            share=0.6,
        )
        for at, low, high in zip(one.said, one.low, one.high, strict=True)
    ]
    series = PlotCurve(
        style.title, tuple(one.said), tuple(one.came), style.hue, style.shape
    )
    return plot_curves(style.title, [series], axis, axis, diagonal=True, under=ranges)


def _result(
    styles: Styles, found: CalibratedModels, off: set[str]
) -> tuple[Piece, ...]:
    """Whose probabilities are off, and in which direction; models that are not shown too."""
    if not off:
        return (
            "Every ",
            term("calibration_level", "calibration error"),
            " is within its limit.",
        )
    words: list[Piece] = ["Not calibrated: "]
    for style, one in found:
        if style.name in off:
            side = (
                "overconfident by " if (one.excess or 0.0) > 0 else "underconfident by "
            )
            size = Value(abs(one.excess or 0.0), digits=3, limits=SHARE)
            words += [style.named, " (", side, size, " on average), "]
    shown = {style.name for style, _ in found}
    for name in styles.families:
        if name in off - shown:
            words += [styles.family(name).named, " (not shown), "]
    return (*words[:-1], str(words[-1]).removesuffix(", ") + ".")


def _errors(found: CalibratedModels, off: set[str]) -> Table:
    """What the sentence, the figure and the finding rest on."""
    rows = tuple(
        (
            style.named,
            score(SHARE_RIGHT, one.error),
            score(SHARE_RIGHT, one.level),
            score(SHARE_RIGHT, one.limit),
            Sign("off", "off") if style.name in off else Sign("fine", "within"),
        )
        for style, one in found
    )
    columns = (
        "Model",
        "Calibration error",
        "Expected if calibrated",
        "Upper limit",
        "Result",
    )
    notes = (
        f"Calibration error: {BINS} bins of equal width. No limit: too few random outcomes.",
    )
    return Table(columns, rows, "Calibration errors", notes)


def _bins(found: CalibratedModels) -> Table:
    rows = tuple(
        (
            style.named,
            score(SHARE_RIGHT, said),
            score(SHARE_RIGHT, came, low, high),
            count(n),
        )
        for style, one in found
        for said, came, low, high, n in zip(
            one.said, one.came, one.low, one.high, one.n, strict=True
        )
    )
    columns = (
        "Model",
        "Confidence",
        "Share right, and 95 % range if calibrated",
        "Rows",
    )
    return Table(columns, rows)


def _off(bundle: Bundle, found: CalibratedModels, dataset: str) -> set[str]:
    """Whose probabilities are off: as the finding says, else by its test with the level split over these families."""
    findings = bundle.frame("findings").filter(
        diagnostic="calibration", dataset=dataset
    )
    if findings.height:
        return set(findings.filter(outcome="found")["family"])
    return {
        style.name
        for style, one in found
        if one.limit is not None and one.error is not None and one.error > one.limit
    }


PANEL = Panel("calibration", "Calibration", calibrated, order=30)
