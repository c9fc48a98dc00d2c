"""The published number among what valid protocols, known errors and controls give here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from bench.core.explanations import ExplanationRow, JointRow
from bench.core.frames import records
from bench.core.judgements import VerdictRow
from bench.core.outcomes import codes, decoded
from bench.report.blocks import Block, Cell, Figure, Paragraph, Piece, Sign, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Band, Key
from bench.report.charts.plot_rows import PlotRow, plot_rows
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.terms import term
from bench.report.values import Value, count, percent, show
from bench.scores.explanations import compatible_of, held_together, jointly
from bench.text import formats
from bench.text.explanations import ToleranceBand
from bench.text.formats import ScaleLimits
from bench.text.sentences import sentences
from bench.text.words import Measure, measure

_KINDS = {"valid": 0, "control": 1, "error": 2}
#: By whether a protocol fits: its mark, tone, and the word.
_FITS = {
    True: ("disc", "ours", "fits"),
    None: ("ring", "open", "cannot be told"),
    False: ("disc", "off", "does not fit"),
}
_SIGNS = {True: "holds", None: "open", False: "off"}


@dataclass(frozen=True)
class ExplainedClaim:
    """A published number, and the protocols that gave one here.

    Parameters
    ----------
    published
        As the paper prints it; all numbers of the claim have one decimal more.
    """

    name: str
    verdict: VerdictRow
    published: str
    unit: Measure
    tried: tuple[ExplanationRow, ...]

    @property
    def percent(self) -> bool:
        """Whether the paper prints percent."""
        return self.verdict.unit == "percent"

    @property
    def printed(self) -> Value:
        """The published number with its decimals."""
        return self._value(float(self.published), 0)

    def show(
        self, number: float, low: float | None = None, high: float | None = None
    ) -> Value:
        """A number of ours, never beyond the limits of the metric."""
        return self._value(number, 1, low, high)

    def _value(
        self,
        number: float,
        more: int,
        low: float | None = None,
        high: float | None = None,
    ) -> Value:
        limits = self.unit.limits_in("percent" if self.percent else None)
        digits = formats.decimals_of(self.published) + more
        ends = [None if one is None else _possible(one, limits) for one in (low, high)]
        unit = "%" if self.percent else ""
        number = _possible(number, limits)
        return Value(number, unit, digits, low=ends[0], high=ends[1], limits=limits)

    def off(self, number: float | None) -> float | None:
        """Ours less the published one; where papers print percent, in points."""
        if number is None:
            return None
        limits = self.unit.limits_in("percent" if self.percent else None)
        return _possible(number, limits) - float(self.published)


def _possible(number: float, limits: ScaleLimits) -> float:
    """A number that a paper could print: the best of many is estimated, and may lie beyond the metric's limits."""
    least, most = limits
    number = number if least is None else max(number, least)
    return number if most is None else min(number, most)


def explanations(bundle: Bundle) -> Iterator[Block]:
    """A figure for the numbers of one metric, and a table of all numbers together."""
    styles, frame = styles_of(bundle), bundle.frame("explanations")
    cases = _cases(bundle, styles, frame)
    if not cases:
        return
    by_metric: dict[tuple[str, bool], list[ExplainedClaim]] = {}
    for case in cases:
        by_metric.setdefault((case.unit.name, case.percent), []).append(case)
    for i, same in enumerate(by_metric.values()):
        yield _figure("explanations" if not i else f"explanations-{i + 1}", same)
    names = {case.verdict.claim: case.name for case in cases}
    if len(held_together(frame)) > 1:
        yield from _together(frame, names)
    impossible = _impossible(bundle, frame)
    if impossible:
        yield Paragraph(f"Requested, but impossible here: {'; '.join(impossible)}.")


def _cases(bundle: Bundle, styles: Styles, frame: pl.DataFrame) -> list[ExplainedClaim]:
    """The claims with a published number for which some protocol gave one; two of one number are one."""
    verdicts = {row.claim: row for row in bundle.verdicts if row.published is not None}
    tried = frame.drop_nulls("estimate")
    found = []
    for claim in frame["claim"].unique(maintain_order=True):
        rows = records(tried.filter(claim=claim), ExplanationRow)
        if rows and claim in verdicts:
            rows.sort(key=lambda row: _KINDS.get(row.kind, 3))
            verdict, first = verdicts[claim], rows[0]
            name = styles.family(first.family).short
            if len(bundle.datasets) > 1:
                name += f" on {styles.dataset(first.dataset)}"
            printed = verdict.published or ""
            unit = measure(first.metric)
            found.append(ExplainedClaim(name, verdict, printed, unit, tuple(rows)))
    once = {(one.name, one.unit.name, float(one.published)): one for one in found[::-1]}
    kept = [one for one in found if one in once.values()]
    times = Counter((one.name, one.unit.name) for one in kept)
    return [
        one
        if times[one.name, one.unit.name] == 1
        else replace(one, name=f"{one.name} ({one.verdict.claim})")
        for one in kept
    ]


def _figure(name: str, cases: Sequence[ExplainedClaim]) -> Figure:
    reach = _reach(cases)
    drawn, rows = [], list[tuple[Cell, ...]]()
    for case in cases:
        group = f"{case.name}, printed {show(case.printed)}" if len(cases) > 1 else ""
        if group:
            rows.append((group,))
        for row in case.tried:
            shape, tone, fits = _FITS[row.compatible]
            bare = reach is not None and _is_still(row)
            low, high = (None, None) if bare else (case.off(row.low), case.off(row.high))  # fmt: skip
            number = case.show(row.estimate or 0.0)
            protocol = row.title if row.kind == "valid" else f"{row.kind}: {row.title}"
            drawn.append(
                PlotRow(
                    protocol, case.off(row.estimate), low, high, shape, tone, number=number, group=group,
                )
            )  # fmt: skip
            rows.append((
                row.title, row.kind, case.show(row.estimate or 0.0, row.low, row.high),
                Sign(_SIGNS[row.compatible], fits), sentences(decoded(row.reasons)),
            ))  # fmt: skip
    band = None if reach is None else Band(-reach, reach, "within the tolerance")
    key = tuple(Key(words, shape, tone) for shape, tone, words in _FITS.values())
    title = f"{cases[0].unit.title}, ours − published"
    chart = plot_rows(title, drawn, band=band, line=0.0, key=key)
    columns = ("Protocol", "Kind", cases[0].unit.title, "Published number", "Why")
    table = Table(columns, tuple(rows))
    return Figure(name, _result(cases), _marks(cases, reach), (chart,), table)


def _marks(cases: Sequence[ExplainedClaim], reach: float | None) -> tuple[Piece, ...]:
    words: list[Piece] = [
        f"Across: {cases[0].unit.word} with this protocol less the published one",
        ", in points; at the right: ours. " if cases[0].percent else "; at the right: ours. ",
        "Neither error nor control: the source allows it; ", term("compatible"), ": ",
        "a paper with this protocol would print such a number. ",
    ]  # fmt: skip
    if reach is not None:
        digits = max(formats.decimals_of(case.published) for case in cases) + 1
        size = Value(reach, "", digits)
        words += ["Band, where nothing is random: ±", size, ", the tolerance less the rounding. "]  # fmt: skip
    if any(row.low is not None and not _is_still(row) for case in cases for row in case.tried):  # fmt: skip
        words.append("Line: where 95 % of papers with this protocol would print it.")
    return tuple(words)


def _is_still(row: ExplanationRow) -> bool:
    """Whether nothing is drawn under it, so that the tolerance decides."""
    return ToleranceBand.code in codes(row.reasons)


def _reach(cases: Sequence[ExplainedClaim]) -> float | None:
    """How far from the published number a protocol without randomness may be; None where claims differ in it."""
    found = set()
    for case in cases:
        for row in case.tried:
            if _is_still(row) and None not in (row.low, row.high, row.estimate):
                ends = (row.estimate - row.low, row.high - row.estimate)  # type: ignore[operator]
                found.add(round(max(ends), 9))
    return found.pop() if len(found) == 1 else None


def _result(cases: Sequence[ExplainedClaim]) -> tuple[Piece, ...]:
    """Which protocols fit the number; of several numbers, how many fit valid ones."""
    if len(cases) == 1:
        return _result_of_one(cases[0])
    valid = [case for case in cases if _fitting(case, "valid")]
    errors = [case for case in cases if case not in valid and _fitting(case, "error")]
    names = f" ({', '.join(case.name for case in errors)})" if errors else ""
    return (
        "Numbers that a valid protocol gives: ", count(len(valid)), " of ", count(len(cases)),
        "; that only an error gives: ", count(len(errors)), f"{names}.",
    )  # fmt: skip


def _result_of_one(case: ExplainedClaim) -> tuple[Piece, ...]:
    """Every protocol that fits the number, with what it gives."""
    whose = "published" if case.verdict.source == "paper" else "expected"
    said: list[Piece] = [f"{case.name}: the {whose} ", case.printed, " fits "]
    fitting = [row for row in case.tried if row.compatible]
    for i, row in enumerate(fitting):
        number = case.show(row.estimate or 0.0)
        said += [", and " if i else "", row.title, f" ({row.kind}, ", number, ")"]
    if not fitting:
        said.append("no protocol that was tried")
    left = sum(row.compatible is None for row in case.tried)
    if left:
        said += ["; cannot be told: ", count(left, "protocols")]
    return (*said, *_rare(case), ".")


def _fitting(case: ExplainedClaim, kind: str) -> bool:
    return any(row.compatible for row in case.tried if row.kind == kind)


def _rare(case: ExplainedClaim) -> tuple[Piece, ...]:
    """How often a paper with a valid protocol prints such a number, where none fits."""
    rows = case.tried
    far = [row.beyond for row in rows if row.kind == "valid" and row.beyond is not None]
    if not far or any(row.compatible is not False for row in rows if row.kind != "error"):  # fmt: skip
        return ()
    return "; papers with a valid protocol that print a number as far off: ", percent(max(far), 1)  # fmt: skip


def _together(frame: pl.DataFrame, names: dict[str, str]) -> Iterator[Block]:
    """All numbers at once: a paper used one protocol for all."""
    joint = jointly(frame)
    if joint.is_empty():
        return
    fitting = compatible_of(joint)
    numbers = len(held_together(frame))
    yield Paragraph((
        "All ", count(numbers), " published numbers fit one protocol: ",
        ", ".join(fitting.valid) or "no valid one", "; errors that fit all: ", ", ".join(fitting.errors) or "none", ".",
    ))  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for row in records(joint, JointRow):
        fits = Sign(_SIGNS[row.compatible], _FITS[row.compatible][2])
        missed = ", ".join(names.get(claim, claim) for claim in row.missed)
        kept = row.numbers - len(row.missed)
        told = "" if row.unknown == 0 else " at most"
        rows.append((row.title, row.kind, fits, f"{kept} of {row.numbers}{told}", missed))  # fmt: skip
    columns = ("Protocol", "Kind", "All numbers", "Numbers that fit", "Numbers that do not")  # fmt: skip
    left = frame.filter(~pl.col("claim").is_in(held_together(frame)), source="paper")
    out = [names.get(one, one) for one in left["claim"].unique(maintain_order=True)]
    notes = ["Intervals are simultaneous: they hold all numbers of 95 % of papers with the protocol."]  # fmt: skip
    if out:
        notes.append(
            f"Not taken together (failed, without a spread, or printed twice): {', '.join(out)}."
        )
    yield Table(columns, tuple(rows), "All numbers together", tuple(notes))


def _impossible(bundle: Bundle, frame: pl.DataFrame) -> list[str]:
    """What the study asks for by name and gave no number for any claim, with the reasons."""
    asked = bundle.study.diagnostics and bundle.study.diagnostics.explain
    named = {
        one if isinstance(one, str) else next(iter(one))
        for one in (asked and asked.variants) or ()
    }
    gave = frame.drop_nulls("estimate")["title"].unique().to_list()
    none = frame.filter(~pl.col("title").is_in(gave))
    none = none.unique("title", maintain_order=True)
    return [
        f"{title} ({sentences(decoded(reasons))})"
        for title, variant, reasons in none.select(
            "title", "variant", "reasons"
        ).iter_rows()
        if variant.partition("=")[2].partition(":")[0] in named
    ]


TITLE = "Does another protocol explain the published number?"
SECTION = Section("explanations", TITLE, explanations, order=90)
