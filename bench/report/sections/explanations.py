"""The published number among what valid protocols, known errors and controls give here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from bench.core.explanations import ToleranceBand
from bench.core.outcomes import codes, decoded
from bench.report.bundle import Bundle
from bench.report.charts.lanes import ExplanationLane, explanation_lanes
from bench.report.charts.svg import Figure, Table
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text import explanations as text
from bench.report.text.explanations import ExplanationsOutcome, NumberExplained
from bench.run.variants.explanation import EXPLANATIONS
from bench.scores.explanations import compatible_of, held_together, jointly
from bench.text import formats
from bench.text.sentences import sentences
from bench.text.words import measure, terms


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
        return 0.5 * 10.0 ** -len(self.text.partition(".")[2])

    def is_near_only(self, row: dict[str, Any]) -> bool:
        """Whether an explanation fits by the claim's tolerance alone: such papers would not print this number."""
        if not row["compatible"]:
            return False
        if is_still(row):
            return bool(abs(row["estimate"] - self.value) > self.half + 1e-9)
        return row["low"] is not None and not row["low"] - 1e-9 <= self.value <= row["high"] + 1e-9

    def show(self, value: float | None) -> str:
        return self.with_unit(formats.as_printed(value, self.text, 1))

    def with_unit(self, text: str) -> str:
        return f"{text}{formats.THIN}%" if self.percent else text


def is_still(row: dict[str, Any]) -> bool:
    """Whether nothing is drawn under an explanation, so that its band is the tolerance."""
    return ToleranceBand.code in codes(row["reasons"])


def explanations(bundle: Bundle) -> dict[str, Any]:
    styles, frame = styles_of(bundle), bundle.frame("explanations")
    claims = frame["claim"].unique(maintain_order=True).to_list()
    printed = held_together(frame)
    cases = [_case(bundle, styles, claim, frame.filter(pl.col("claim") == claim)) for claim in claims]
    return {
        "introduction": text.INTRODUCTION,
        "together": _together(styles, frame) if len(printed) > 1 else None,
        "cases": [case for case in cases if case is not None],
        "left_out": text.left_out(_left_out(frame, printed)),
        "not_concerned": text.NOT_CONCERNED,
        "empty": "" if any(cases) else text.NONE_TRIED,
        "terms": terms("compatible"),
    }


def _together(styles: Styles, frame: pl.DataFrame) -> dict[str, Any] | None:
    """All numbers at once: the answer, and which numbers each explanation misses; None where none gave any."""
    joint = jointly(frame)
    if joint.is_empty():
        return None
    frame = frame.filter(pl.col("claim").is_in(held_together(frame))).unique("claim", maintain_order=True)
    by_claim = {row["claim"]: row for row in frame.iter_rows(named=True)}
    rows = []
    for row in joint.iter_rows(named=True):
        missed = formats.listed([f"{claim} ({_place(styles, by_claim[claim])})" for claim in row["missed"]])
        kept = text.kept(row["numbers"], len(row["missed"]))
        rows.append((row["title"], row["kind"], what(row["variant"]), text.fits(row["compatible"]), kept, missed))
    count = len(by_claim)
    answer = answer_of(text.numbers_together(count), joint, many=True)
    return {
        "head": text.TOGETHER_HEAD,
        "rows": rows,
        "name": text.name_of_all(count),
        "note": text.TOGETHER,
        "outcome": answer,
        "answer": text.answer_words(answer),
    }


def what(variant: str) -> str:
    """What was done, in the explanation's own sentence; variant: of its cells (`explanation=averaging:f1_macro`)."""
    name = variant.partition("=")[2].partition(":")[0]
    return EXPLANATIONS[name].what if name in EXPLANATIONS else ""


def _left_out(frame: pl.DataFrame, printed: list[str]) -> list[str]:
    """The paper's numbers that are in no answer for all of them."""
    left = frame.filter(pl.col("source") == "paper", ~pl.col("claim").is_in(printed))
    return left["claim"].unique(maintain_order=True).to_list()


def _place(styles: Styles, row: dict[str, Any]) -> str:
    return text.place(styles.family(row["family"]).short, styles.dataset(row["dataset"]))


def _case(bundle: Bundle, styles: Styles, claim: str, rows: pl.DataFrame) -> dict[str, Any] | None:
    """One claim: its figure, the answer, and the explanations that could not be tried; None without its number."""
    verdicts = bundle.frame("verdicts").filter(pl.col("claim") == claim, pl.col("published").is_not_null())
    tried = rows.filter(pl.col("estimate").is_not_null())
    if verdicts.is_empty() or tried.is_empty():
        return None
    verdict = verdicts.row(0, named=True)
    printed = _printed(verdict["published"], verdict["unit"] == "percent", rows["metric"][0])
    answer = answer_of(printed.words, tried)
    near = [r for r in tried.iter_rows(named=True) if r["kind"] != "valid" and printed.is_near_only(r)]
    words = text.answer_words(answer) + text.by_tolerance_alone(
        [(r["title"], printed.show(r["estimate"])) for r in near]
    )
    where = text.place(styles.family(rows["family"][0]).title, styles.dataset(rows["dataset"][0]))
    whose = text.WHOSE_OWN if verdict["source"] == "author" else text.WHOSE_PUBLISHED
    return {
        "claim": claim,
        "outcome": answer,
        "near_only": [r["title"] for r in near],
        "answer": words,
        "figure": _figure(claim, where, measure(rows["metric"][0]).title, printed, tried, words, whose),
        "notes": _notes(tried),
        "idle": _notes(rows.filter(pl.col("estimate").is_null())),
    }


def _notes(rows: pl.DataFrame) -> list[str]:
    """Notes on single explanations: why one has no spread, or could not be tried here."""
    reasons = [(title, decoded(entry)) for title, entry in rows.select("title", "reasons").iter_rows()]
    return [text.on_one(title, sentences(entry)) for title, entry in reasons if entry]


def _printed(published: str, percent: bool, metric: str) -> AsPrinted:
    times = 100 if percent else 1
    low, high = (None if limit is None else times * limit for limit in measure(metric).limits)
    return AsPrinted(published, percent, (low, high))


def answer_of(published: str, tried: pl.DataFrame, many: bool = False) -> NumberExplained:
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
        outcome = ExplanationsOutcome.ERROR if fitting.errors else ExplanationsOutcome.NOTHING
    errors_tried, valid_tried = (known.filter(pl.col("kind") == kind).height for kind in ("error", "valid"))
    return NumberExplained(
        published, many, outcome, fitting.errors, errors_tried, len(fitting.valid), valid_tried, fitting.beyond
    )


def _figure(
    claim: str, where: str, metric: str, printed: AsPrinted, tried: pl.DataFrame, answer: str, whose: str
) -> Figure:
    rows = list(tried.iter_rows(named=True))
    lanes = [
        ExplanationLane(
            row["title"],
            row["kind"],
            _possible(row["estimate"], printed),
            *_within(row, printed),
            bool(row["compatible"]),
            _note(row, printed),
        )
        for row in rows
    ]
    still = sum(map(is_still, rows))
    note = text.note(metric, whose, printed.words, still, len(rows) - still)
    lines = tuple(
        (
            lane.label,
            lane.kind,
            what(row["variant"]),
            printed.show(lane.estimate),
            text.THIS_NUMBER if is_still(row) else formats.interval(lane.low, lane.high, printed.show) or formats.NONE,
            lane.note,
        )
        for lane, row in zip(lanes, rows, strict=True)
    )
    label = text.figure_label(claim, where, answer)
    body = explanation_lanes(printed.value, lanes, label, printed.limits)
    return Figure(f"explanations-{claim}", where, note, body, Table(text.figure_head(metric), lines), answer)


def _possible(value: float, printed: AsPrinted) -> float:
    """A number that a paper could print: the best of many is estimated, and may lie beyond the metric's limits."""
    least, most = printed.limits
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _within(row: dict[str, Any], printed: AsPrinted) -> tuple[float | None, float | None]:
    """The ends of an explanation's band: no paper prints a number beyond the metric's limits."""
    (low, high), (least, most) = (row["low"], row["high"]), printed.limits
    return (
        low if low is None or least is None else max(low, least),
        high if high is None or most is None else min(high, most),
    )


def _note(row: dict[str, Any], printed: AsPrinted) -> str:
    """Whether the number fits, by what such a study prints or within the tolerance alone."""
    return text.WITHIN_TOLERANCE if printed.is_near_only(row) else text.fits(row["compatible"])


SECTION = Section("explanations", text.TITLE, explanations, order=90)
