"""The published numbers, the numbers of this study, and how the claims were judged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.claims.falsifiers import true_together
from bench.claims.judgement import WITH_P
from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import Statement, codes, decoded
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.svg import Figure, Table
from bench.report.counts import departures, mark, surprises
from bench.report.points import difference_unit
from bench.report.reader import Reader, reader
from bench.report.section import Section
from bench.report.sections.claim_figures import claim_figures
from bench.report.sections.claim_rows import (
    ClaimShown,
    claim_shown,
    foot_of,
    whose_numbers,
    without_interval,
)
from bench.report.sections.replication import replication
from bench.report.styles import Styles, styles_of
from bench.report.text import claims as text
from bench.report.text.claim_names import claim_names
from bench.report.text.deviations import BEGINS, deviation_words
from bench.report.text.overview import LEAD, LEAD_OF_BEST, beyond
from bench.scores.design import alpha_of
from bench.study.preregistration import Frozen
from bench.text import chance, formats
from bench.text.compared import RankingsCompared
from bench.text.glossary import Term, terms
from bench.text.judgements import ByHalves, HoldsByTheory
from bench.text.marks import (
    EXPECTED_MEANING,
    FOLLOWS,
    MARKS,
    NOT_REPRODUCED,
    expected_word,
    uncounted,
)
from bench.text.sentences import sentences
from bench.text.words import measure

#: A table that is longer than this is folded behind its central claims, or this many if fewer are.
FOLD, FIRST = 12, 6


@dataclass(frozen=True)
class LeftOut:
    """Claims that were not judged for one reason: their ids, and their status where no reason is known."""

    claims: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class MarkCount:
    """How many claims have a mark, and what it means."""

    mark: str
    meaning: str
    count: int
    word: str


@dataclass(frozen=True)
class ClaimsView:
    """The section."""

    rows: tuple[ClaimShown, ...]
    common: tuple[str, ...]
    left: tuple[LeftOut, ...]
    left_out: str
    legend: tuple[MarkCount, ...]
    reader: Reader
    figures: list[Figure]
    tolerance: tuple[str, ...]
    why: str
    frozen: str
    intervals: str
    repeats: str
    no_interval: str
    own: str
    apart: tuple[ClaimShown, ...]
    apart_common: tuple[str, ...]
    apart_title: str
    apart_whose: str
    happened: int
    falsifiers: str
    replication: Table
    deviations: tuple[str, ...]
    notes: tuple[str, ...]
    follows: str
    foot: str
    lead: str
    paper: bool
    whose: str
    folded: bool
    first: int
    rest: str
    terms: list[Term]
    empty: str


def claims(bundle: Bundle) -> ClaimsView:
    """Every claim with its judgement, and all of them together."""
    styles, study, names = (
        styles_of(bundle),
        bundle.study,
        claim_names(bundle, styles_of(bundle)),
    )
    count, central, left = bundle.counted, _central(bundle), bundle.counted.left
    refuted = {row.claim for row in count.attempted if mark(row) == NOT_REPRODUCED}
    verdicts = sorted(
        count.attempted,
        key=lambda row: (row.claim not in central, row.claim not in refuted),
    )
    apart = _beside(bundle)
    with_interval = [row for row in (*verdicts, *apart) if judged_by.has_interval(row)]
    above = _of_all(bundle, apart)
    notes, first = (
        _listed_notes(bundle, (*verdicts, *apart), above),
        min(FOLD, max(FIRST, len(central | refuted))),
    )
    rows, common = _without_common(
        [_numbered(bundle, styles, row, names, notes) for row in verdicts]
    )
    beside, apart_common = _without_common(
        [_numbered(bundle, styles, row, names, notes) for row in apart]
    )
    return ClaimsView(
        rows=rows,
        common=common,
        left=_left(left),
        left_out=uncounted(Counter(map(mark, left))),
        legend=_legend(bundle),
        reader=reader(bundle, verdicts),
        figures=claim_figures(bundle, styles),
        tolerance=_close(bundle),
        why=study.tolerance.why if study.tolerance else "",
        frozen=text.preregistered(_frozen(bundle)),
        intervals=_intervals(bundle, with_interval)
        + text.BEST * any(map(_names_the_best, with_interval)),
        repeats=text.repeats(
            list(dict.fromkeys(row.repeats for row in rows if row.repeats))
        ),
        no_interval=without_interval(bundle, verdicts),
        own=text.OWN_ONLY if count.own else "",
        apart=beside,
        apart_common=(*apart_common, *above),
        apart_title=_apart_title(bundle),
        happened=len(surprises(bundle)),
        falsifiers=_falsifiers(bundle),
        replication=replication(bundle),
        deviations=tuple(map(deviation_words, study.deviations)),
        notes=notes,
        follows=FOLLOWS,
        foot=foot_of((*verdicts, *apart)),
        lead=LEAD,
        paper=study.paper is not None,
        folded=len(verdicts) > FOLD,
        first=first,
        rest=text.rest(len(verdicts) - first, beyond(first)),
        whose=whose_numbers(verdicts).capitalize(),
        apart_whose=whose_numbers(apart).capitalize(),
        terms=terms("tolerance", "smallest_tolerance", *_more_terms(bundle)),
        empty="" if verdicts or left or apart else _empty(bundle),
    )


def _empty(bundle: Bundle) -> str:
    return text.NO_CLAIMS if bundle.study.paper else text.NO_PAPER


def _falsifiers(bundle: Bundle) -> str:
    """When a falsifier happened."""
    judged, styles = (
        [row for row in bundle.counted.falsifiers if row.agreement is not None],
        styles_of(bundle),
    )
    models = {
        name for name in facts.families(bundle) if not styles.family(name).baseline
    }
    every = models <= {row.family for row in judged}
    untested = any(
        row.p is None and (row.holds or row.agreement == Agreement.DIFFERS)
        for row in judged
    )
    together = true_together(bundle.study, judged)
    others = bundle.counted.own or bool(bundle.counted.expected)
    kinds = [row.kind for row in judged]
    return text.falsifiers(
        kinds, together, every_model=every, untested=untested, others=others
    )


def _apart_title(bundle: Bundle) -> str:
    """What does not count; of expectations, how many are published numbers with a tolerance of their own."""
    count, published = bundle.counted, dict[object, VerdictRow]()
    for row in count.claims:
        published[_number_of(row)] = row
    pairs = [
        (row, published.get(_number_of(row)))
        for row in count.expected
        if row.published is not None
    ]
    again = [
        row
        for row, paper in pairs
        if paper is not None and row.tolerance not in (None, paper.tolerance)
    ]
    limits = dict.fromkeys(
        f"±{formats.tolerance(row.tolerance or 0)}{difference_unit(row.unit)}"
        for row in again
    )
    return text.apart(
        len(count.expected),
        Counter(bundle.falsified.values()),
        len(again),
        tuple(limits),
    )


def _number_of(row: VerdictRow) -> object:
    """What number a claim states, and of what."""
    return (
        row.kind,
        row.dataset,
        row.family,
        row.against,
        row.metric,
        row.unit,
        row.published,
    )


def _beside(bundle: Bundle) -> tuple[VerdictRow, ...]:
    """The claims that do not count, first what would falsify the expectation and happened."""
    happened, count = surprises(bundle), bundle.counted
    return (
        *happened,
        *count.expected,
        *(row for row in count.falsifiers if row not in happened),
    )


def _intervals(bundle: Bundle, rows: Sequence[VerdictRow]) -> str:
    """Which intervals the claims that have one show."""
    directions, numbers = (
        {judged_by.is_direction(row) for row in rows},
        [row for row in rows if row.published is not None],
    )
    known = {name for name, claim in bundle.claims.items() if claim.without_error}
    exact = [row for row in numbers if row.claim in known]
    compared = any(shape_of(row.kind).compares for row in rows) and not math.isclose(
        alpha_of(bundle.study), 0.05
    )
    said = text.intervals(
        numbers=False in directions, directions=True in directions,
        shared=tuple(dict.fromkeys(whose_numbers([row]) for row in numbers if row not in exact)),
        expected=any(row.source == "author" for row in exact),
        theory=any(HoldsByTheory.code in codes(row.reasons) for row in rows),
    )  # fmt: skip
    return said + text.decided_at(alpha_of(bundle.study)) * compared


def _names_the_best(row: VerdictRow) -> bool:
    """Whether a claim, and no falsifier, was tested that one model is the best."""
    shape = shape_of(row.kind)
    return shape.beats_all and not row.falsifier and row.p is not None


def _central(bundle: Bundle) -> set[str]:
    return {name for name, claim in bundle.claims.items() if claim.central}


def _legend(bundle: Bundle) -> tuple[MarkCount, ...]:
    """How many attempted claims have each mark; of the author's own, how many came out as expected."""
    counts = Counter(mark(row) for row in bundle.counted.attempted)
    if not bundle.counted.own:
        return tuple(
            MarkCount(key, shown.meaning, counts[key], shown.word)
            for key, shown in MARKS.items()
            if counts[key]
        )
    return tuple(
        MarkCount(same[0], meaning, sum(counts[key] for key in same), word.capitalize())
        for word, meaning in EXPECTED_MEANING.items()
        if (
            same := [key for key in MARKS if counts[key] and expected_word(key) == word]
        )
    )


def _close(bundle: Bundle) -> tuple[str, ...]:
    """What the study calls close, metric by metric."""
    tolerance = bundle.study.tolerance
    stated = tolerance.parameters if tolerance else {}
    return tuple(
        text.close(measure(metric), float(value)) for metric, value in stated.items()
    )


def _more_terms(bundle: Bundle) -> list[str]:
    """The terms that the tables of all claims and the reasons of judgements use."""
    reasons = [reason for row in bundle.verdicts for reason in decoded(row.reasons)]
    used = {
        "evidence": bundle.study.paper is not None,
        "fits": any(
            row.agreement in (Agreement.FITS, Agreement.OFF)
            for row in bundle.verdicts
            if row.source == "paper"
        ),
        "p": any(isinstance(reason, WITH_P) for reason in reasons),
        "central": any(claim.central for claim in bundle.claims.values()),
    }
    terms = {_term(reason) for reason in reasons}
    return [term for term, is_used in used.items() if is_used] + [
        term
        for term in ("kendall", "same_data", "another_sample", "sharp")
        if term in terms
    ]


def _term(reason: Statement) -> str | None:
    """The term that explains a reason."""
    match reason:
        case ByHalves():
            return "sharp"
        case RankingsCompared(tau=tau) if tau is not None:
            return "kendall"
        case chance.Repeats(differs="splits") | chance.Rankings():
            return "same_data"
        case (
            chance.OtherSample()
            | chance.OtherSampleUnknown()
            | chance.RankErrorUnknown()
        ):
            return "another_sample"
    return None


def _numbered(
    bundle: Bundle,
    styles: Styles,
    row: VerdictRow,
    names: Mapping[str, str],
    notes: Sequence[str],
) -> ClaimShown:
    """A claim with the numbers of its notes."""
    numbers = tuple(
        sorted(notes.index(one) + 1 for one in _notes(bundle, row) if one in notes)
    )
    return replace(claim_shown(bundle, styles, row, names[row.claim]), remarks=numbers)


def _notes(bundle: Bundle, row: VerdictRow) -> Iterator[str]:
    """What the study says beside a claim."""
    claim = bundle.claims.get(row.claim)
    for deviation in departures(bundle, row):
        if deviation.of is not None:
            yield f"{BEGINS[deviation.what]}: {deviation.note}"
    if claim is not None and claim.note:
        yield claim.note


def _listed_notes(
    bundle: Bundle, rows: Sequence[VerdictRow], above: Collection[str]
) -> tuple[str, ...]:
    """The notes of all claims, each once, but for those that stand `above` their table."""
    return tuple(
        dict.fromkeys(
            note for row in rows for note in _notes(bundle, row) if note not in above
        )
    )


def _of_all(bundle: Bundle, apart: Sequence[VerdictRow]) -> tuple[str, ...]:
    """The notes that all claims beside those of the paper share, such as the expectation that each would refute."""
    each = [tuple(_notes(bundle, row)) for row in apart]
    return (
        tuple(note for note in each[0] if all(note in others for others in each))
        if len(each) > 1
        else ()
    )


def _without_common(
    rows: Sequence[ClaimShown],
) -> tuple[tuple[ClaimShown, ...], tuple[str, ...]]:
    """Rows without what all of them say, and that: it stands once above their table.

    So do a protocol and repeats; where there are several, they depend on the dataset, and are in no row.
    """
    protocols, repeats = {row.protocol for row in rows}, {row.repeats for row in rows}
    shared = text.design(
        protocols.pop() if len(protocols) == 1 else "",
        repeats.pop() if len(repeats) == 1 else None,
    )
    rows = _without_head(rows)
    if len(rows) == 1:
        return (replace(rows[0], about=(*rows[0].about, *shared)),), ()
    said = [(*row.about, *shared, *row.why) for row in rows]
    common = (
        tuple(one for one in said[0] if all(one in other for other in said))
        if said
        else ()
    )
    kept = (
        replace(row, about=_beyond(row.about, common), why=_beyond(row.why, common))
        for row in rows
    )
    return tuple(kept), common


def _without_head(rows: Sequence[ClaimShown]) -> Sequence[ClaimShown]:
    """Rows without what the head of a table of “best of all” says."""
    if any(row.lead != LEAD_OF_BEST or row.published != formats.NONE for row in rows):
        return rows
    return [
        replace(row, about=_beyond(row.about, (text.AGAINST_BEST,))) for row in rows
    ]


def _beyond(said: Sequence[str], common: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in said if one not in common)


def _left(rows: Iterable[VerdictRow]) -> tuple[LeftOut, ...]:
    """The claims that were not judged, those of one reason together."""
    found: dict[str, list[str]] = {}
    for row in rows:
        reason = sentences(decoded(row.reasons))
        found.setdefault(reason or MARKS[mark(row)].word.lower(), []).append(row.claim)
    return tuple(LeftOut(tuple(same), reason) for reason, same in found.items())


def _frozen(bundle: Bundle) -> Frozen | None:
    """What was frozen before the results; None where nothing shows it."""
    return bundle.provenance.frozen


SECTION = Section("claims", text.TITLE, claims, order=20)
