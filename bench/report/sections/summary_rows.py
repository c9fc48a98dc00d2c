"""The rows of the summary of findings: claims, planted faults or models, with numbers and judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.core.counting import Falsified, is_open
from bench.core.findings import is_alarm
from bench.core.judgements import Evidence, VerdictRow
from bench.core.outcomes import decoded
from bench.diagnose import DIAGNOSTICS
from bench.report import facts, printed
from bench.report.bundle import Bundle
from bench.report.charts.forest import ForestLine, forest_line, forest_scale
from bench.report.charts.svg import NOTHING, Scale
from bench.report.counts import mark
from bench.report.points import (
    difference_unit,
    in_points,
    is_order,
    limits_of,
    number_unit,
    reason_with_numbers,
    used_tolerance,
)
from bench.report.sections.claim_rows import (
    ClaimShown,
    claim_shown,
    follows,
    foot_of,
    is_from_best,
    whose_numbers,
)
from bench.report.styles import Styles
from bench.report.text import overview as text
from bench.report.text import printed as of_printed
from bench.report.text.claim_names import claim_names
from bench.report.text.finding import FindingOfClaims
from bench.report.text.headline import Flattery, compares, flattery, surprises
from bench.scores.design import alpha_of, rope_of
from bench.text import formats
from bench.text.chance import Repeats, SeedNotMeasured
from bench.text.compared import NoErrorRate
from bench.text.judgements import IntervalOpen, ZeroExcluded
from bench.text.marks import FALSIFIED_MEANS, NOT_REPRODUCED
from bench.text.sentences import sentence
from bench.text.words import Measure, in_unit_of_target, measure

#: So many claims are rows; so many models.
MOST_CLAIMS, MOST_MODELS = 4, 5
#: Of more tables of printed numbers than this those that are not exact come first, and the others are left to "Claims".
MOST_TABLES = 8
#: A disc covers this share of the width of its drawing.
DISC = 0.06


@dataclass(frozen=True)
class SummaryRow:
    """A row; `id`: the claim that it is about, if any; `mark`: a key of marks.MARKS, or empty, and `beside` what is
    said below its word; `share`: of a printed table, how many numbers of a hundred follow; `follows`: how closely it
    follows a paper."""

    name: str
    what: str
    published: str
    ours: str
    difference: str = ""
    interval: str = ""
    drawn: Markup = NOTHING
    mark: str = ""
    word: str = ""
    share: int | None = None
    beside: str = ""
    follows: str = ""
    id: str = ""


@dataclass(frozen=True)
class SummaryTable:
    """The table: its head (a name and words for each column), rows, how to read the drawing, and at its foot what the
    letters stand for."""

    head: text.SummaryHead
    rows: tuple[SummaryRow, ...]
    note: str = ""
    foot: str = ""


def summary_table(bundle: Bundle, styles: Styles) -> SummaryTable:
    """Planted faults where there are any, else claims, else models."""
    if bundle.study.planted:
        return SummaryTable(text.FAULTS_HEAD, _faults(bundle, styles))
    if printed.checks_numbers(bundle):
        counted = list(printed.claimed(bundle).items())
        if len(counted) > MOST_TABLES:
            counted = sorted(counted, key=lambda one: one[1][0] == one[1][1])[
                :MOST_TABLES
            ]
        rows = tuple(_counted(bundle, *one) for one in counted)
        there = {claim for claim, _ in counted}
        foot = foot_of(row for row in bundle.verdicts if row.claim in there)
        return SummaryTable(of_printed.HEAD, rows, foot=foot)
    if claims := shown_claims(bundle):
        return _claims(bundle, styles, claims)
    return _models(bundle, styles)


def _counted(bundle: Bundle, claim: str, counts: tuple[int, int]) -> SummaryRow:
    """A row on a table of printed numbers: how many there are, and how many follow from the scores."""
    (row,), (exact, numbers) = (
        (one for one in bundle.verdicts if one.claim == claim),
        counts,
    )
    return SummaryRow(
        name=shape_of(row.kind).phrases.subject,
        what=bundle.claims[claim].where,
        published=formats.count(numbers),
        ours=formats.count(exact),
        word=of_printed.badge(exact, numbers),
        share=100 * exact // max(1, numbers),
        follows=follows(row),
        id=claim,
    )


def shown_claims(bundle: Bundle) -> list[VerdictRow]:
    """What was not expected; the central claims, also those that were not judged; beside few of them others.

    By evidence, test rows first, then in the study's order; last a claim that is refuted, if none of these is.
    """
    count, order = bundle.counted, list(Evidence)
    central = [
        row
        for row in count.claims
        if (claim := bundle.claims.get(row.claim)) is not None and claim.central
    ]
    if not central and not count.attempted:
        return surprises(bundle)[:1]

    def place(row: VerdictRow) -> tuple[bool, bool, int, bool]:
        claim, judged = bundle.claims.get(row.claim), row.evidence is not None
        evidence = order.index(Evidence(str(row.evidence))) if judged else len(order)
        return (
            row not in central,
            not judged,
            evidence,
            claim is not None and claim.side == "train",
        )

    rows = sorted(
        {row.claim: row for row in (*central, *count.attempted)}.values(), key=place
    )[:MOST_CLAIMS]
    refuted = [
        row
        for row in count.attempted
        if mark(row) == NOT_REPRODUCED and row not in rows
    ]
    return [*surprises(bundle)[:1], *rows, *refuted[:1]]


def _claims(bundle: Bundle, styles: Styles, rows: Sequence[VerdictRow]) -> SummaryTable:
    fooled = flattery(bundle, rows)
    rows = [in_points(row) for row in rows]
    drawn = _Drawn(tuple(rows))
    shown = [drawn.on(_claim(bundle, styles, row), row, _line(row)) for row in rows]
    if fooled is not None:
        line = _line(fooled.row)
        line = line and replace(
            line,
            value=fooled.value - float(fooled.row.published or 0),
            low=None,
            high=None,
        )
        shown.insert(0, drawn.on(_fooled(bundle, styles, fooled), fooled.row, line))
    without = [
        row
        for row in rows
        if row.published is None and shape_of(row.kind).number != "table"
    ]
    lead = text.lead(of_best=all(map(is_from_best, without))) if without else ""
    numbers = len(without) < len(rows)
    whose, paper = whose_numbers(rows), any(row.source == "paper" for row in rows)
    head, (kept, why) = (
        text.claims_head(whose, numbers, lead, paper),
        _without_shared(shown),
    )
    note = " ".join(filter(None, (_note(drawn, whose), why)))
    return SummaryTable(head, kept, note, foot_of(rows))


def _without_shared(rows: Sequence[SummaryRow]) -> tuple[tuple[SummaryRow, ...], str]:
    """Rows without what is said below a word that several have, where it is the same in all of them; and that."""
    below: dict[str, list[str]] = {}
    for row in rows:
        below.setdefault(row.word, []).append(row.beside)
    shared = {
        word: said[0]
        for word, said in below.items()
        if len(said) > 1 and said[0] and len(set(said)) == 1
    }
    kept = tuple(replace(row, beside="") if row.word in shared else row for row in rows)
    return kept, " ".join(text.below(word, said) for word, said in shared.items())


def _note(drawn: _Drawn, whose: str) -> str:
    """How the drawings are read; empty without any."""
    lines = [line for row in drawn.rows if (line := _line(row)) is not None]
    bare = {row.published is None for row in drawn.rows if _line(row) is not None}
    within, sided = (
        any((line.to is None) == open_ for line in lines) for open_ in (False, True)
    )
    bars = {
        judged_by.is_direction(row)
        for row in drawn.rows
        if not is_order(row) and judged_by.has_interval(row)
    }
    bars = bars if any(line.low is not None for line in lines) else set()
    if not lines:
        return ""
    bar = text.bar(bars, _vary(drawn.rows), hidden=drawn.hides) if bars else ""
    return text.note(
        whose,
        False in bare,
        True in bare,
        _limits(drawn.rows) if within else (),
        sided,
        bar,
    )


def _limits(rows: Sequence[VerdictRow]) -> tuple[str, ...]:
    """The different tolerances of the rows within which a claim holds, as they are drawn: `±1 pp`; one in the unit of
    the target is empty."""
    limits: list[str] = []
    for row in rows:
        line = _line(row)
        if line is None or line.to is None:
            continue
        own = row.metric is not None and in_unit_of_target(row.metric)
        size = f"±{formats.tolerance(line.to)}{difference_unit(row.unit)}"
        limits.append("" if own else size)
    return tuple(dict.fromkeys(limits))


def _vary(rows: Sequence[VerdictRow]) -> str:
    """What was drawn anew for the intervals, if it is one thing of all: a code of `chance.Repeats`."""
    shown = [decoded(row.reasons) for row in rows if judged_by.has_interval(row)]
    kinds = {
        next((one.differs for one in reasons if isinstance(one, Repeats)), "")
        for reasons in shown
    }
    return kinds.pop() if len(kinds) == 1 else ""


@dataclass(frozen=True)
class _Drawn:
    """The drawings of some claims; those of one kind share a scale."""

    rows: tuple[VerdictRow, ...]

    @cached_property
    def scales(self) -> dict[tuple[str | None, ...], Scale]:
        lines: dict[tuple[str | None, ...], list[ForestLine]] = {}
        for row in self.rows:
            if (line := _line(row)) is not None:
                lines.setdefault(_kind(row), []).append(line)
        return {kind: forest_scale(same) for kind, same in lines.items()}

    @property
    def hides(self) -> bool:
        """Whether the disc covers the bar of some interval."""
        bars = [
            (self.scales[_kind(row)], line)
            for row in self.rows
            if (line := _line(row)) and line.low is not None
        ]
        return any(
            (line.high or 0) - (line.low or 0) < DISC * (scale.high - scale.low)
            for scale, line in bars
        )

    def on(
        self, shown: SummaryRow, row: VerdictRow, line: ForestLine | None
    ) -> SummaryRow:
        """The row with its drawing, if it has one."""
        if line is None:
            return shown
        label = f"{shown.name}: {shown.difference} {shown.interval}".strip()
        return replace(shown, drawn=forest_line(line, self.scales[_kind(row)], label))


def _claim(bundle: Bundle, styles: Styles, row: VerdictRow) -> SummaryRow:
    one = claim_shown(bundle, styles, row, claim_names(bundle, styles)[row.claim])
    words = FindingOfClaims(bundle, styles)
    name, what = words.named(row)
    published, ours, difference, interval = (
        one.published,
        one.ours,
        one.difference,
        one.interval,
    )
    badge, share = one.word, None
    if table := printed.claimed(bundle).get(row.claim):
        published, ours = of_printed.beside_others(*table)
        badge = of_printed.badge(*table)
        share = 100 * table[0] // max(1, table[1])
    elif row.published is None:
        ours, difference, interval = "", *_sized(row)
    elif one.of:  # the interval is of the improvement, not of its distance from the published size
        interval = ""
    name = f"{one.whose}: {name}" if one.whose else name
    return SummaryRow(
        name, what, published, ours, difference, interval, mark=one.falsified or one.mark, word=badge, share=share,
        beside=_status(bundle, row, one), follows=one.follows, id=one.id,
    )  # fmt: skip


def _status(bundle: Bundle, row: VerdictRow, shown: ClaimShown) -> str:
    """Why a claim was not judged, or what its word does not say; of a falsifier that happened, its author's note."""
    if row.agreement is None:
        return shown.reason
    claim = bundle.claims.get(row.claim)
    if shown.falsified == Falsified.HAPPENED and claim is not None and claim.note:
        return claim.note
    if shown.falsified is not None:
        return FALSIFIED_MEANS.get(shown.falsified, "")
    return _why(bundle, row)


def _why(bundle: Bundle, row: VerdictRow) -> str:
    """What the word of a judged claim does not say."""
    untested = [one for one in decoded(row.reasons) if isinstance(one, NoErrorRate)]
    if row.published is None and row.holds and untested:
        return sentence(facts.on_test_rows(bundle, row) or untested[0])
    beside = [
        one
        for one in decoded(row.reasons)
        if isinstance(one, ZeroExcluded | SeedNotMeasured | IntervalOpen)
    ]
    return (
        sentence(reason_with_numbers(row, beside[0]))
        if beside and (row.holds or is_open(row))
        else ""
    )


def _sized(row: VerdictRow) -> tuple[str, str]:
    """A difference of two models with its sign, `+6.9 pp`, `+0.064`, and its interval without the unit; nothing for an
    order."""
    if is_order(row):
        return "", ""
    ends, unit, scale = judged_by.ends(row), measure(row.metric or ""), 1.0
    if row.unit == "percent":
        unit, scale = replace(unit, share=True), 0.01
    else:
        unit = unit.beside(row.ours, *ends)
    low, high = (None if end is None else scale * end for end in ends)
    unit = unit.within(low, high)
    interval = unit.interval(low, high).replace("+", "")
    return "" if row.ours is None else unit.difference(scale * row.ours), interval


def _fooled(bundle: Bundle, styles: Styles, found: Flattery) -> SummaryRow:
    """A row on a protocol error beside the truth that is known by construction."""
    row, unit = found.row, number_unit(found.row)
    name, what = FindingOfClaims(bundle, styles).named(row)
    difference = formats.as_printed(
        found.value - float(row.published or 0), "0.0"
    ) + difference_unit(row.unit)
    ours = formats.as_printed(found.value, "0.0", limits=limits_of(row)) + unit
    return SummaryRow(
        text.scored(name, found.how), what, formats.true_minus(row.published or "") + unit, ours, difference,
        word=text.TOO_GOOD, beside=text.BY_CONSTRUCTION,
    )  # fmt: skip


def _kind(row: VerdictRow) -> tuple[str | None, ...]:
    """Rows of one kind share a scale: of one metric and unit (and target), with or without a published number."""
    place = (
        row.dataset
        if row.metric is not None and in_unit_of_target(row.metric)
        else None
    )
    return row.metric, row.unit, place, "pair" if row.published is None else "number"


def _line(row: VerdictRow) -> ForestLine | None:
    """What is drawn of a claim: where it holds is within the tolerance, or on the side that it claims."""
    value = row.difference if row.published is not None else row.ours
    if value is None or is_order(row):
        return None
    low, high = judged_by.ends(row) if judged_by.has_interval(row) else (None, None)
    tolerance = used_tolerance(row)
    shape = shape_of(row.kind)
    sided = row.published is None and shape.decided_by != "interval"
    one_end = shape.decided_by == "one end"
    from_ = 0.0 if sided and not one_end else -tolerance
    to = None if sided else tolerance
    return ForestLine(value, low, high, from_, to, mark(row) == NOT_REPRODUCED)


def _faults(bundle: Bundle, styles: Styles) -> tuple[SummaryRow, ...]:
    raised = set(
        bundle.frame("findings")
        .filter(is_alarm())
        .select("dataset", "diagnostic")
        .iter_rows()
    )
    planted = (bundle.study.planted or {}).items()
    return tuple(
        SummaryRow(
            DIAGNOSTICS[check].title,
            styles.dataset(name),
            text.PLANTED,
            text.found((name, check) in raised),
        )
        for name, check in planted
    )


def _models(bundle: Bundle, styles: Styles) -> SummaryTable:
    """The best models and the baseline, by score on one dataset, by mean rank over several."""
    unit = facts.primary(bundle)
    scored = {d for d, _ in facts.estimates(bundle, unit.name)}
    places = [d for d in facts.places(bundle) if d in scored]
    if not compares(bundle) or not places:
        return SummaryTable(text.models_head(unit), (), "")
    if len(facts.distinct(bundle, places)) > 1:
        return _ranked(bundle, styles, unit)
    return _scored(bundle, styles, unit, places[0])


def _ranked(bundle: Bundle, styles: Styles, unit: Measure) -> SummaryTable:
    ranks, first = (
        facts.mean_ranks(bundle, unit.name),
        facts.first_by_ranks(bundle, unit.name),
    )
    shown, decides = (
        facts.by_ranks(bundle, unit.name)[:MOST_MODELS],
        facts.decides(bundle, unit.name),
    )
    words = {
        f: text.BEST_RANK
        if f in first
        else text.beside_best(facts.beside_first(bundle, unit.name, f))
        for f in (shown if decides else ())
    }
    rows = tuple(
        SummaryRow(
            styles.family(f).title,
            "",
            "",
            formats.rank(ranks[f]),
            word=words.get(f, ""),
        )
        for f in shown
    )
    return SummaryTable(text.RANKS_HEAD, rows, "")


def _scored(bundle: Bundle, styles: Styles, unit: Measure, place: str) -> SummaryTable:
    """The best models, and the baselines, with their differences from the best."""
    found = {
        f: one.value for f, one in facts.means_on(bundle, place, unit.name).items()
    }
    shown = _means_shown(bundle, unit, place)
    best, *others = _in_order(bundle, styles, unit, place, found)
    chosen = [
        f
        for i, f in enumerate(others)
        if i < MOST_MODELS - 1 or styles.family(f).baseline
    ]
    pairs, rope = facts.pairs(bundle, place, unit.name), _rope(bundle)
    lines = {
        f: _apart(pairs[f, best], rope, 100 if unit.share else 1)
        for f in chosen
        if (f, best) in pairs
    }
    near = [line for f, line in lines.items() if not styles.family(f).baseline]
    scale = forest_scale(near) if near else None
    rows = [SummaryRow(styles.family(best).title, "", "", shown[best], word=text.BEST)]
    for f in chosen:
        row = SummaryRow(styles.family(f).title, "", "", shown[f], word=text.UNTESTED)
        of = unit.beside(found[f], found[best])
        rows.append(
            _beside(
                row,
                pairs.get((f, best)),
                of,
                alpha_of(bundle.study),
                scale,
                lines.get(f),
            )
        )
    bars = any(line.low is not None for line in near)
    return SummaryTable(
        text.models_head(unit),
        tuple(rows),
        text.models_note(unit, rope, bars) if near else "",
    )


def _means_shown(bundle: Bundle, unit: Measure, place: str) -> dict[str, str]:
    """The mean score of each model, with the digits that its interval needs."""
    means = facts.means_on(bundle, place, unit.name).items()
    return {f: unit.within(one.low, one.high).show(one.value) for f, one in means}


def _in_order(
    bundle: Bundle,
    styles: Styles,
    unit: Measure,
    place: str,
    found: Mapping[str, float],
) -> list[str]:
    """The best model, even where it is a baseline; then the other models by their scores, then the baselines."""
    standing = facts.standing(bundle, place, unit.name)
    best = None if standing is None else standing.best
    return sorted(
        found,
        key=lambda f: (f != best, styles.family(f).baseline, unit.loss(found[f]), f),
    )


def _apart(pair: facts.ComparedPair, rope: float, scale: float) -> ForestLine:
    """A difference from the best, on the band of what is practically equal; shares in percentage points."""
    low, high = (None if end is None else scale * end for end in (pair.low, pair.high))
    return ForestLine(scale * pair.difference, low, high, -scale * rope, scale * rope)


def _rope(bundle: Bundle) -> float:
    return rope_of(bundle.study, bundle.study.metrics.primary) or 0.0


def _beside(
    shown: SummaryRow,
    pair: facts.ComparedPair | None,
    unit: Measure,
    alpha: float,
    scale: Scale | None,
    line: ForestLine | None,
) -> SummaryRow:
    """A model's row with its difference from the best, and what a test says of it."""
    if pair is None:
        return shown
    unit = unit.within(pair.low, pair.high)
    difference = unit.difference(pair.difference)
    drawn = (
        NOTHING
        if scale is None or line is None
        else forest_line(line, scale, f"{shown.name}: {difference}")
    )
    word = text.beside_best(pair.told(unit, alpha))
    interval = unit.interval(pair.low, pair.high)
    return replace(
        shown, difference=difference, interval=interval, drawn=drawn, word=word
    )
