"""Calibration curves of one data set: how often labels are right, over how sure the family was of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from markupsafe import Markup

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.lines import Field, Line, Panel, line_plot, panels, ranges
from bench.report.charts.svg import Figure, Table, line
from bench.report.panel import Part, drawn, named
from bench.report.row_errors import tested
from bench.report.styles import Style, Styles
from bench.run.seeds import seed_of
from bench.stats.calibration import Calibration, Reliability, calibration, draws_at, reliability
from bench.text import formats

#: Rows that a bin should hold, and how many bins there are at most.
ROWS, BINS = 15, 10
HEIGHT = 150.0


@dataclass(frozen=True)
class Honest:
    """One family's calibration: the curve, and the error beside its level."""

    style: Style
    curve: Reliability
    whole: Calibration

    @property
    def outside(self) -> int:
        """How many bins lie off the band."""
        return int(((self.curve.came < self.curve.low) | (self.curve.came > self.curve.high)).sum())


def calibrated(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    if bundle.study.task == "regression":
        return None
    title = "Do probabilities mean what they say?"
    first = tested(bundle, dataset).filter(pl.col("repeat") == 0, pl.col("p").is_not_null())
    if first.is_empty():
        return Part("calibration", title, empty="No family gives probabilities here, so none can be checked.")
    sizes = dict(first.group_by("family").len().iter_rows())
    there = {family for family, n in sizes.items() if n >= 2 * ROWS}
    shown = drawn(bundle, styles, dataset, there)
    alpha = _alpha(bundle, len(shown))
    found = [_honest(bundle, style, dataset, first, alpha) for style in shown]
    if not found:
        return Part("calibration", title, empty=f"Fewer than {2 * ROWS} rows have probabilities: too few for a curve.")
    return Part(
        "calibration",
        title,
        (_said(found, _off(bundle, found, dataset)),),
        (_figure(found, dataset, styles.dataset(dataset)),),
        (("What decides: a family is named where its error lies above what chance allows.", _decides(found)),),
    )


def _decides(found: list[Honest]) -> Table:
    """What the sentence, the figure and the finding rest on."""
    rows = tuple(
        (one.style.title, formats.score(one.whole.error), formats.score(one.whole.level), _limit(one)) for one in found
    )
    return Table(("Family", "Calibration error", "Usual level of right probabilities", "By chance up to"), rows)


def _alpha(bundle: Bundle, families: int) -> float:
    """The level of one family's test: split over all that the finding looked at, else over those drawn."""
    rows = bundle.frame("findings").filter(pl.col("diagnostic") == "calibration", pl.col("family").is_not_null())
    return facts.alpha(bundle) / max(1, rows.height or families)


def _honest(bundle: Bundle, style: Style, dataset: str, first: pl.DataFrame, alpha: float) -> Honest:
    part = first.filter(pl.col("family") == style.name)
    confidence = np.clip(part["p"].list.max().to_numpy(), 0.0, 1.0)
    right = (part["label"] == part["truth"]).to_numpy()
    bins = min(BINS, len(right) // ROWS)
    seed = seed_of("calibration", bundle.study.id, dataset, style.name)
    whole = calibration(confidence, right, seed=seed, draws=draws_at(alpha), alpha=alpha)
    return Honest(style, reliability(confidence, right, bins=bins), whole)


def _figure(found: list[Honest], dataset: str, place: str) -> Figure:
    low = min(float(np.minimum(one.curve.said, one.curve.came).min()) for one in found)
    low = max(0.0, np.floor(10 * low) / 10)
    parts = []
    for one in found:
        note = f"error {formats.score(one.whole.error)} · by chance up to {_limit(one)}"
        parts.append(Panel(named(one.style), note, _panel(one, low, place), one.style.key))
    note = (
        "Across: how sure the family is of its label, the mean of each bin; up: the share that is right. "
        f"Test rows of the first repeat in up to {BINS} bins of equal mass. Grey: where 95% of bins lie when every "
        "probability is right. By chance up to: a larger error than this right probabilities have so rarely, at this "
        "number of rows, that it counts as shown; the table has their usual level too."
    )
    columns = ("Family", "Said", "Right", "If right, within", "Rows")
    rows = tuple(
        (
            one.style.title,
            *(formats.score(float(v)) for v in (said, came)),
            formats.interval(float(a), float(b)),
            formats.count(int(n)),
        )
        for one in found
        for said, came, n, a, b in _bins(one.curve)
    )
    return Figure(f"calibration-{dataset}", "Calibration", note, panels(parts), Table(columns, rows))


def _bins(curve: Reliability) -> Iterator[tuple[float, float, int, float, float]]:
    """Said, came, rows, low, high of each bin."""
    yield from zip(curve.said, curve.came, curve.n, curve.low, curve.high, strict=True)


def _panel(one: Honest, low: float, place: str) -> Markup:
    field = Field((low, 1.0), (low, 1.0), HEIGHT)
    across, up = field.across, field.up
    bars = ranges(field, [(said, a, b) for said, _, _, a, b in _bins(one.curve)])
    ideal = line(across(low), up(low), across(1.0), up(1.0), "rule slant")
    points = [(float(x), float(y)) for x, y in zip(one.curve.said, one.curve.came, strict=True)]
    label = f"Calibration of {one.style.title} on {place}: {_words(one)}"
    curve = Line(tuple(points), one.style.hue, one.style.shape, "thin", marks=tuple(range(len(points))))
    return line_plot([curve], field, label, [bars, ideal])


def _words(one: Honest) -> str:
    """`error 0.061 where 0.038 is expected, overconfident by 0.04, two of ten bins outside`."""
    way = "overconfident" if one.whole.excess > 0 else "underconfident"
    outside = f"{formats.spelled(one.outside)} of {formats.spelled(len(one.curve.n))} bins outside the band"
    return (
        f"error {formats.score(one.whole.error)} where right probabilities usually have "
        f"{formats.score(one.whole.level)} and by chance up to {_limit(one)}, "
        f"{way} by {formats.score(abs(one.whole.excess))} on average, {outside}"
    )


def _off(bundle: Bundle, found: list[Honest], dataset: str) -> list[Honest]:
    """Whose probabilities are off: as the finding says, else by its test with the level split over these families."""
    rows = bundle.frame("findings").filter(pl.col("diagnostic") == "calibration", pl.col("dataset") == dataset)
    if rows.height:
        named_ = set(rows.filter(pl.col("outcome") == "found")["family"])
        return [one for one in found if one.style.name in named_]
    return [one for one in found if one.whole.error > one.whole.limit]


def _limit(one: Honest) -> str:
    return formats.score(one.whole.limit) if one.whole.limit < float("inf") else "any (too few draws)"


def _said(found: list[Honest], off: list[Honest]) -> str:
    """Who is off by more than chance allows; who lies above the usual level but within that; else that none does."""
    words = [
        f"{one.style.title} ({'over' if one.whole.excess > 0 else 'under'}confident by "
        f"{formats.score(abs(one.whole.excess))} on average)"
        for one in off
    ]
    above = [one.style.title for one in found if one not in off and one.whole.error > one.whole.level]
    verb = "lies" if len(above) == 1 else "lie"
    within = (
        f"{formats.listed(above)} {verb} above the usual level of right probabilities, but not by more than chance "
    )
    within += "allows."
    parts = [f"Not to be read as risks as they stand: {formats.listed(words)}."] if off else []
    parts += [within] if above else []
    if not parts:
        return "Of the families drawn, none has probabilities further off than right ones usually are on so few rows."
    return " ".join(parts)
