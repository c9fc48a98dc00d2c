"""Which slip explains the paper? The published number among honest runs and runs with one slip each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from bench.claims import answer_of as judged
from bench.claims import jointly, together
from bench.report.bundle import Bundle
from bench.report.charts.lanes import ExplanationKind, arms
from bench.report.charts.svg import Figure, Table
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.run.variants.explanation import EXPLANATIONS
from bench.text import formats
from bench.text.words import measure, terms

#: How the reason of a way begins in which nothing is drawn: its band is the tolerance.
_STILL = "nothing is drawn"


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

    @property
    def half(self) -> float:
        """Half a unit of the last printed decimal."""
        return 0.5 * 10.0 ** -len(self.text.partition(".")[2])

    def is_near_only(self, row: dict[str, Any]) -> bool:
        """Whether a way fits by the claim's tolerance alone: papers that went it would not print this number."""
        if not row["compatible"]:
            return False
        if (row["reason"] or "").startswith(_STILL):
            return abs(row["estimate"] - self.value) > self.half + 1e-9
        return row["low"] is not None and not row["low"] - 1e-9 <= self.value <= row["high"] + 1e-9

    def show(self, value: float | None) -> str:
        return self.with_unit(formats.as_printed(value, self.text, 1))

    def with_unit(self, text: str) -> str:
        return f"{text}{formats.THIN}%" if self.percent else text


def slips(bundle: Bundle) -> dict[str, Any]:
    styles, frame = styles_of(bundle), bundle.frame("explanations")
    claims = frame["claim"].unique(maintain_order=True).to_list()
    printed = together(frame)
    cases = [_case(bundle, styles, claim, frame.filter(pl.col("claim") == claim)) for claim in claims]
    return {
        "together": _together(bundle, styles, frame) if len(printed) > 1 else None,
        "cases": [case for case in cases if case is not None],
        "apart": _apart(frame, printed),
        "empty": "" if any(cases) else "No slip was tried: the study does not ask for it.",
        "terms": terms("compatible"),
    }


def _together(bundle: Bundle, styles: Styles, frame: pl.DataFrame) -> dict[str, Any] | None:
    """All numbers at once: the answer in words, and which numbers each way misses; None where no way gave any."""
    ways = jointly(frame)
    if ways.is_empty():
        return None
    frame = frame.filter(pl.col("claim").is_in(together(frame))).unique("claim", maintain_order=True)
    about = {row["claim"]: row for row in frame.iter_rows(named=True)}
    rows = []
    for one in ways.iter_rows(named=True):
        missed = formats.listed([f"{claim} ({_place(styles, about[claim])})" for claim in one["missed"]])
        held = one["numbers"] - len(one["missed"])
        fits, kept = _fits(one["compatible"]), f"{held} of {one['numbers']}"
        rows.append((one["title"], one["kind"], what(one["variant"]), fits, kept, missed))
    count = formats.spelled(len(about))
    return {
        "head": ("Way", "Kind", "What was done", "All together", "Not missed", "Misses"),
        "rows": rows,
        "name": f"Ways to all {count} published numbers",
        "answer": answer_of(f"the {count} published numbers together", ways, many=True),
    }


def what(variant: str) -> str:
    """What was done on a way, in its own sentence, by the variant of its cells (`explanation=averaging:f1_macro`)."""
    name = variant.partition("=")[2].partition(":")[0]
    return EXPLANATIONS[name].what if name in EXPLANATIONS else ""


def _apart(frame: pl.DataFrame, printed: list[str]) -> str:
    """Which of the paper's numbers are in no answer for all of them, and why."""
    left = frame.filter(pl.col("source") == "paper", ~pl.col("claim").is_in(printed))
    named = left["claim"].unique(maintain_order=True).to_list()
    if not named:
        return ""
    verb = "is" if len(named) == 1 else "are"
    return (
        f"{formats.listed(named)} {verb} not among the numbers taken together: its cells failed, no spread is known, "
        "or the paper prints two numbers for one thing, which no single way can give."
    )


def _place(styles: Styles, row: dict[str, Any]) -> str:
    return f"{styles.family(row['family']).short} on {styles.dataset(row['dataset'])}"


def _case(bundle: Bundle, styles: Styles, claim: str, rows: pl.DataFrame) -> dict[str, Any] | None:
    """One claim: its figure, the answer in words, and the ways that could not be gone; None without its number."""
    verdicts = bundle.frame("verdicts").filter(pl.col("claim") == claim, pl.col("published").is_not_null())
    tried = rows.filter(pl.col("estimate").is_not_null())
    if verdicts.is_empty() or tried.is_empty():
        return None
    one = verdicts.row(0, named=True)
    printed = _printed(one["published"], one["unit"] == "percent", rows["metric"][0])
    answer = f"{answer_of(printed.said, tried)}{_near_only(printed, tried)}"
    where = f"{styles.family(rows['family'][0]).title} on {styles.dataset(rows['dataset'][0])}"
    whose = "study's own" if one["source"] == "author" else "published"
    figure = _figure(claim, where, measure(rows["metric"][0]).title, printed, tried, answer, whose)
    return {
        "claim": claim,
        "answer": answer,
        "figure": figure,
        "notes": _reasons(tried),
        "idle": _reasons(rows.filter(pl.col("estimate").is_null())),
    }


def _near_only(printed: Printed, tried: pl.DataFrame) -> str:
    """Which slips and controls of the answer come no nearer than the claim's tolerance."""
    near = [r for r in tried.iter_rows(named=True) if r["kind"] != "valid" and printed.is_near_only(r)]
    if not near:
        return ""
    named = formats.listed([f"“{r['title']}” ({printed.show(r['estimate'])})" for r in near])
    return f" By the claim's tolerance alone, not by what such a study would print: {named}."


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
    listed = formats.listed([f"“{title}”" for title in answer.errors], "or")
    rare = _rare(answer.beyond, many)
    if answer.valid or answer.controls:
        if answer.errors:
            return f"{said} {_honest(tried)}: no slip is needed. {listed} would fit as well."
        slips = tried.filter(pl.col("kind") == "error", pl.col("compatible").is_not_null()).height
        none = f" None of the slips tried gives {'them' if many else 'it'}." if slips else ""
        return f"{said} {_honest(tried)}.{none}"
    if not answer.errors:
        neither = f"{are} compatible neither with an honest study of this size nor with any slip tried"
        return f"None of these: {published} {neither}.{rare}"
    apart = ". The slips cannot be told apart here." if len(answer.errors) > 1 else "."
    return f"{said} {listed}, and with no honest way{apart}{rare}"


def _honest(tried: pl.DataFrame) -> str:
    """With how many of the honest ways: `an honest study of this size` where no honest way misses."""
    known = tried.filter(pl.col("kind") == "valid", pl.col("compatible").is_not_null())
    good = known.filter(pl.col("compatible")).height
    if good == known.height:
        return "an honest study of this size"
    if not good:
        return "a control, a mistake that should barely matter, if with none of the honest ways tried"
    return f"{formats.spelled(good)} of the {formats.spelled(known.height)} honest ways tried"


def _rare(beyond: float | None, many: bool) -> str:
    """How often a valid study of this size would give such numbers too."""
    if beyond is None:
        return ""
    p = formats.p_equals(beyond)
    return f" A valid study of this size gives such {'numbers' if many else 'a number'} with {p.replace('=', '≤') if many else p}."


def _figure(
    claim: str, where: str, metric: str, printed: Printed, tried: pl.DataFrame, answer: str, whose: str
) -> Figure:
    rows = [
        ExplanationKind(
            r["title"],
            r["kind"],
            _possible(r["estimate"], printed),
            *_within(r, printed),
            bool(r["compatible"]),
            _note(r, printed),
        )
        for r in tried.iter_rows(named=True)
    ]
    drawn = tried.filter(~_nothing_drawn())
    band = "95% of single papers that went this way would print a number in it"
    tolerance = "the claim's tolerance and half a unit of the last printed decimal, to either side of the mark"
    if drawn.is_empty():
        band = f"{tolerance}, since nothing is drawn here"
    elif drawn.height < tried.height:
        band += f"; where nothing is drawn: {tolerance}"
    note = (
        f"{metric}. Line: the {whose} {printed.said}. Mark: what this way gives here. Band: {band}. A band is dark "
        "where the way fits: the published number lies in the band, or no further from the mark than the claim's "
        "tolerance. Filled mark: an honest way; hollow: a slip, or a control."
    )
    lines = tuple(
        (
            a.label,
            a.kind,
            what(variant),
            printed.show(a.estimate),
            "this number" if still else formats.interval(a.low, a.high, printed.show) or formats.NONE,
            a.note,
        )
        for a, variant, still in zip(rows, tried["variant"], tried.select(_nothing_drawn()).to_series(), strict=True)
    )
    table = Table(("Way", "Kind", "What was done", metric, "A paper would print", "The number"), lines)
    label = f"Claim {claim}, {where}: {answer}"
    return Figure(f"slips-{claim}", where, note, arms(printed.value, rows, label, printed.limits), table, answer)


def _nothing_drawn() -> pl.Expr:
    """Whether the band of a way is the tolerance, as nothing in it is drawn."""
    return pl.col("reason").fill_null("").str.starts_with(_STILL)


def _possible(value: float, printed: Printed) -> float:
    """A number that a paper could print: the best of many is reckoned, and may lie beyond the metric's limits."""
    least, most = printed.limits
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _within(row: dict[str, Any], printed: Printed) -> tuple[float | None, float | None]:
    """The ends of a way's band: no paper prints a number beyond the metric's limits."""
    (low, high), (least, most) = (row["low"], row["high"]), printed.limits
    return (
        low if low is None or least is None else max(low, least),
        high if high is None or most is None else min(high, most),
    )


def _note(row: dict[str, Any], printed: Printed) -> str:
    """Whether the number fits, by what such a study prints or within the tolerance alone."""
    return "within the tolerance" if printed.is_near_only(row) else _fits(row["compatible"])


def _fits(compatible: bool | None) -> str:
    return "not known" if compatible is None else "fits" if compatible else "misses"


SECTION = Section("slips", "Which slip explains the paper?", slips, order=90)
