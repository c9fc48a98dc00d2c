"""The published number among what valid protocols, known errors and controls give here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP

import polars as pl

from bench.claims.targets import Printed
from bench.core.explanations import JointRow
from bench.core.frames import records
from bench.core.outcomes import codes, decoded
from bench.report.bundle import Bundle
from bench.report.charts.lanes import ExplanationLane, explanation_lanes
from bench.report.charts.svg import Figure, Table
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text import explanations as text
from bench.report.text.claim_names import claim_names
from bench.report.text.explanations import ExplanationsOutcome, NumberExplained
from bench.scores.explanations import compatible_of, held_together, jointly
from bench.text import formats
from bench.text.chance import SeedNotMeasured
from bench.text.explanations import ToleranceBand
from bench.text.glossary import Term, terms
from bench.text.sentences import sentence, sentences
from bench.text.words import measure


@dataclass(frozen=True)
class AsPrinted:
    """A published number as the paper has it, and how numbers of its kind are shown: with one decimal more."""

    text: str
    percent: bool
    limits: tuple[float | None, float | None]

    @property
    def value(self) -> float:
        return float(self.text)

    @property
    def words(self) -> str:
        return self.with_unit(formats.true_minus(self.text))

    @property
    def half(self) -> float:
        """Half a unit of the last printed decimal."""
        return Printed.of(self.text).half

    def is_near_only(self, row: TriedRow) -> bool:
        """Whether an explanation fits by the claim's tolerance alone: such papers would not print this number."""
        if not row.compatible:
            return False
        noise = 1e-6 * self.half
        if row.is_still:
            return abs(row.estimate - self.value) > self.half + noise
        return (
            row.low is not None
            and row.high is not None
            and not row.low - noise <= self.value <= row.high + noise
        )

    def possible(self, value: float) -> float:
        """A number that a paper could print: the best of many is estimated, and may lie beyond the metric's limits."""
        least, most = self.limits
        value = value if least is None else max(value, least)
        return value if most is None else min(value, most)

    def show(self, value: float | None) -> str:
        return self.with_unit(
            formats.as_printed(value, self.text, 1, limits=self.limits)
        )

    def with_unit(self, text: str) -> str:
        return f"{text}{formats.THIN}%" if self.percent else text


@dataclass(frozen=True)
class TriedRow:
    """An explanation that gave a number (columns of explanations.EXPLAINED)."""

    title: str
    kind: str
    variant: str
    estimate: float
    low: float | None
    high: float | None
    compatible: bool | None
    reasons: str

    @property
    def is_still(self) -> bool:
        """Whether nothing is drawn under it, so that its band is the tolerance."""
        return ToleranceBand.code in codes(self.reasons)


@dataclass(frozen=True)
class Together:
    """All numbers at once: the answer, and which numbers each explanation misses."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    name: str
    note: str
    outcome: NumberExplained
    answer: str


@dataclass(frozen=True)
class NumberCase:
    """One claim: its figure and the answer."""

    claim: str
    name: str
    outcome: NumberExplained
    answer: str
    figure: Figure


@dataclass(frozen=True)
class ExplanationsView:
    """The section."""

    introduction: str
    impossible: str
    together: Together | None
    cases: list[NumberCase]
    left_out: str
    empty: str
    terms: list[Term]


def explanations(bundle: Bundle) -> ExplanationsView:
    """Every published number that is held against the explanations."""
    styles, frame = styles_of(bundle), bundle.frame("explanations")
    names = claim_names(bundle, styles)
    claims = frame["claim"].unique(maintain_order=True).to_list()
    printed = held_together(frame)
    cases = [
        _case(bundle, styles, claim, names[claim], frame.filter(claim=claim))
        for claim in claims
    ]
    left = frame.filter(~pl.col("claim").is_in(printed), source="paper")[
        "claim"
    ].unique(maintain_order=True)
    return ExplanationsView(
        introduction=text.introduction(set(frame.drop_nulls("estimate")["kind"])),
        impossible=text.impossible(_impossible(bundle)),
        together=_together(names, frame) if len(printed) > 1 else None,
        cases=[case for case in cases if case is not None],
        left_out=text.left_out([names[claim] for claim in left]),
        empty="" if any(cases) else text.NONE_TRIED,
        terms=terms("compatible"),
    )


def _impossible(bundle: Bundle) -> list[tuple[str, str]]:
    """What the study asks for by name and gave no number for any claim: its title and the reasons."""
    asked = bundle.study.diagnostics and bundle.study.diagnostics.explain
    named = {
        one if isinstance(one, str) else next(iter(one))
        for one in (asked and asked.variants) or ()
    }
    frame = bundle.frame("explanations")
    gave = frame.drop_nulls("estimate")["title"].unique().to_list()
    none = frame.filter(~pl.col("title").is_in(gave)).unique(
        "title", maintain_order=True
    )
    rows = none.select("title", "variant", "reasons").iter_rows()
    return [
        (title, sentences(decoded(reasons)))
        for title, variant, reasons in rows
        if variant.partition("=")[2].partition(":")[0] in named
    ]


def _together(names: dict[str, str], frame: pl.DataFrame) -> Together | None:
    """All numbers at once; None where no explanation gave any."""
    joint = jointly(frame)
    if joint.is_empty():
        return None
    count = len(held_together(frame))
    idle = (
        frame.filter(pl.col("estimate").is_null())
        .select("variant", "claim", "reasons")
        .iter_rows()
    )
    why, rows = (
        {
            (variant, claim): sentences(decoded(reasons))
            for variant, claim, reasons in idle
        },
        [],
    )
    changed = set(frame.drop_nulls("estimate").select("variant", "claim").iter_rows())
    for row in records(joint, JointRow):
        same = {
            one: why.get((row.variant, one), "")
            for one in row.missed
            if (row.variant, one) not in changed
        }
        missed = formats.listed(
            [
                text.unchanged(names[one], same[one]) if one in same else names[one]
                for one in row.missed
            ]
        )
        kept = text.kept(row.numbers, len(row.missed), known=row.unknown == 0)
        rows.append(
            (
                row.title,
                text.kind(row.kind, row.variant),
                text.fits(row.compatible),
                kept,
                missed,
            )
        )
    numbers = text.numbers_together(count)
    answer, title = (
        answer_of(numbers, joint, many=True),
        f"{numbers[0].upper()}{numbers[1:]}",
    )
    name, words = text.name_of_all(count), text.answer_words(answer)
    drawn = any(
        ToleranceBand.code not in codes(reasons)
        for reasons in frame.drop_nulls("low")["reasons"]
    )
    return Together(
        title,
        text.TOGETHER_HEAD,
        tuple(rows),
        name,
        text.TOGETHER if drawn else "",
        answer,
        words,
    )


def _case(
    bundle: Bundle, styles: Styles, claim: str, name: str, rows: pl.DataFrame
) -> NumberCase | None:
    """One claim; None without its number."""
    verdict = next(
        (
            row
            for row in bundle.verdicts
            if row.claim == claim and row.published is not None
        ),
        None,
    )
    frame = rows.filter(pl.col("estimate").is_not_null())
    if verdict is None or frame.is_empty():
        return None
    family, dataset, metric = rows.select("family", "dataset", "metric").row(0)
    printed = _printed(verdict.published or "", verdict.unit == "percent", metric)
    tried = records(frame, TriedRow)
    near, errors_near = (
        _by_tolerance(printed, tried, kind) for kind in ("valid", "error")
    )
    answer = replace(
        answer_of(printed.words, frame),
        near=near,
        errors_near=errors_near,
        why=_why_unknown(tried),
    )
    words = text.answer_words(answer)
    where = text.place(styles.family(family).title, styles.dataset(dataset))
    whose = text.WHOSE_OWN if verdict.source == "author" else text.WHOSE_PUBLISHED
    return NumberCase(
        claim=claim,
        name=name,
        outcome=answer,
        answer=words,
        figure=_figure(
            claim, where, measure(metric).title, printed, tried, words, whose
        ),
    )


def _by_tolerance(
    printed: AsPrinted, tried: list[TriedRow], kind: str
) -> tuple[str, ...]:
    """The numbers of the protocols of a kind that fit, if each does so by the claim's tolerance alone; else none."""
    fit = [row for row in tried if row.kind == kind and row.compatible]
    return (
        tuple(printed.show(row.estimate) for row in fit)
        if all(map(printed.is_near_only, fit))
        else ()
    )


def _why_unknown(tried: list[TriedRow]) -> str:
    """Why it is not known whether some explanations fit."""
    left = [decoded(row.reasons) for row in tried if row.compatible is None]
    found = [
        one for reasons in left for one in reasons if one.code != ToleranceBand.code
    ]
    once = any(isinstance(one, SeedNotMeasured) for one in found)
    return text.because(list(dict.fromkeys(map(sentence, found))), once=once)


def _printed(published: str, percent: bool, metric: str) -> AsPrinted:
    return AsPrinted(
        published, percent, measure(metric).limits_in("percent" if percent else None)
    )


def answer_of(
    published: str, tried: pl.DataFrame, many: bool = False
) -> NumberExplained:
    """The answer that explanations give (explanations.EXPLAINED of one claim, or explanations.JOINT).

    many: `published` is several numbers that must all fit.
    """
    fitting = compatible_of(tried)
    known = tried.filter(pl.col("compatible").is_not_null())
    if not fitting.answered:
        outcome = ExplanationsOutcome.UNKNOWN
    elif fitting.valid:
        outcome = ExplanationsOutcome.VALID
    elif fitting.controls:
        outcome = ExplanationsOutcome.CONTROL
    else:
        outcome = (
            ExplanationsOutcome.ERROR if fitting.errors else ExplanationsOutcome.NOTHING
        )
    errors_tried, valid_tried = (
        known.filter(kind=kind).height for kind in ("error", "valid")
    )
    return NumberExplained(
        published,
        many,
        outcome,
        fitting.errors,
        errors_tried,
        fitting.valid,
        valid_tried,
        fitting.beyond,
        tried.filter(kind="valid").height - valid_tried,
        errors_undecided=tried.filter(kind="error").height - errors_tried,
    )


def _figure(
    claim: str,
    where: str,
    metric: str,
    printed: AsPrinted,
    tried: list[TriedRow],
    answer: str,
    whose: str,
) -> Figure:
    lanes = [_lane(row, printed) for row in tried]
    still, drawn = (
        sum(row.low is not None and row.is_still is one for row in tried)
        for one in (True, False)
    )
    lines = tuple(
        (
            lane.label,
            lane.kind_words,
            printed.show(lane.estimate),
            _printing(lane, row, printed),
            text.WITHIN_TOLERANCE
            if printed.is_near_only(row)
            else text.fits(row.compatible),
        )
        for lane, row in zip(lanes, tried, strict=True)
    )
    label = text.figure_label(where, answer)
    body = explanation_lanes(printed.value, lanes, label, printed.limits)
    note = text.note(
        metric,
        whose,
        printed.words,
        still,
        drawn,
        sum(row.low is None for row in tried),
    )
    return Figure(
        f"explanations-{claim}",
        where,
        note,
        body,
        Table(text.figure_head(metric), lines),
    )


def _printing(lane: ExplanationLane, row: TriedRow, printed: AsPrinted) -> str:
    """What papers with this protocol would print: an interval, or where nothing is drawn one number."""
    number = printed.with_unit(
        formats.as_printed(lane.estimate, printed.text, rounding=ROUND_HALF_UP)
    )
    if row.is_still:
        return text.always(number)
    shown = formats.interval(lane.low, lane.high, printed.show)
    why = sentences(decoded(row.reasons))
    if row.compatible and not shown:
        return text.once(number)
    return shown or (f"unknown: {why}" if why else formats.NONE)


def _lane(row: TriedRow, printed: AsPrinted) -> ExplanationLane:
    """An explanation as drawn: no paper prints a number beyond the metric's limits."""
    note = (
        text.WITHIN_TOLERANCE
        if printed.is_near_only(row)
        else text.beside(row.compatible)
    )
    estimate, (least, most) = printed.possible(row.estimate), printed.limits
    low = row.low if row.low is None or least is None else max(row.low, least)
    high = row.high if row.high is None or most is None else min(row.high, most)
    return ExplanationLane(
        row.title,
        row.kind,
        text.kind(row.kind, row.variant),
        estimate,
        low,
        high,
        bool(row.compatible),
        note,
    )


SECTION = Section("explanations", text.TITLE, explanations, order=90)
