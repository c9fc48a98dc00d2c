"""Which way of evaluating gives a printed number: valid protocols, and errors."""

from __future__ import annotations

from bench.core.explanations import ExplanationRow
from bench.core.judgements import VerdictRow
from bench.report.blocks import Figure
from bench.report.bundle import Bundle
from bench.report.charts.marks import Band, Key, choose_axis
from bench.report.charts.plot_rows import PlotRow, plot_rows, reach
from bench.report.styles import styles_of
from bench.report.values import Value
from bench.text import formats
from bench.text.words import measure

#: Tone and shape of a kind of explanation.
LOOKS = {
    "valid": ("ours", "disc"),
    "control": ("open", "spot"),
    "error": ("off", "cross"),
}
KEY = {
    "valid": Key("valid protocol", "disc", "ours"),
    "control": Key("control", "spot", "open"),
    "error": Key("error", "cross", "off"),
}
ORDER = {"valid": 0, "control": 1, "error": 2}


def protocols(bundle: Bundle) -> Figure | None:
    """The figure of the one number that the study explains; None of several, or without any."""
    rows = bundle.rows("explanations", ExplanationRow)
    ways = [row for row in rows if row.estimate is not None]
    if len({row.claim for row in rows}) != 1 or not ways:
        return None
    verdict = next(row for row in bundle.verdicts if row.claim == ways[0].claim)
    return _draw(bundle, verdict, ways)


def _draw(bundle: Bundle, verdict: VerdictRow, ways: list[ExplanationRow]) -> Figure:
    printed, tolerance = float(verdict.published or 0), verdict.tolerance or 0.0
    ways.sort(key=lambda row: (ORDER[row.kind], abs((row.estimate or 0) - printed)))
    digits = formats.decimals_of(verdict.published or "") + 1
    unit, metric = "%" if verdict.unit == "percent" else "", verdict.metric or ""
    drawn = [_row(way, Value(way.estimate, unit, digits)) for way in ways]
    band = Band(printed - tolerance, printed + tolerance, "within the tolerance")
    floor, roof = measure(metric).limits_in(verdict.unit)
    title = f"{measure(metric).word}, {unit}" if unit else measure(metric).word
    ends = [*reach(drawn), band.low, printed]
    axis = choose_axis(ends, title=title, floor=floor, roof=roof)
    used = {way.kind for way in ways}
    chart = plot_rows(
        f"{styles_of(bundle).brief(ways[0].family)} by protocol",
        drawn,
        axis,
        band=band,
        line=printed,
        key=tuple(KEY[kind] for kind in ORDER if kind in used),
    )
    marks = "Line: as printed. Band: the tolerance. Bar: where 95 % of papers with this protocol would lie."
    result = _result(ways, printed, tolerance, 0.5 * 10 ** (1 - digits))
    return Figure("protocols", result, marks, (chart,))


def _result(
    ways: list[ExplanationRow], printed: float, tolerance: float, rounding: float
) -> str:
    near = [row.title for row in ways if _is_near(row, printed, tolerance, "valid")]
    exact = [row.title for row in ways if _is_near(row, printed, rounding, "error")]
    valid = sum(row.kind == "valid" for row in ways)
    result = f"Within the tolerance of the printed number: {len(near)} of {valid} valid protocols"
    result += f" ({', '.join(near)})." if near else "."
    if exact:
        result += f" As printed, by an error: {', '.join(exact)}."
    return result


def _row(way: ExplanationRow, number: Value) -> PlotRow:
    tone, shape = LOOKS[way.kind]
    return PlotRow(
        way.title, way.estimate, way.low, way.high, shape, tone, number=number
    )


def _is_near(row: ExplanationRow, printed: float, reach: float, kind: str) -> bool:
    return row.kind == kind and abs((row.estimate or 0.0) - printed) <= reach
