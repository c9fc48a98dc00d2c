"""The published numbers, the numbers of this study, and how the claims were judged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_UP

from bench.claims import judged_by
from bench.claims.judgement import WITH_P
from bench.claims.replication import true_together
from bench.core.counting import Falsified
from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import Statement, codes, decoded
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.intervals import ClaimMark, published_vs_reproduced
from bench.report.charts.svg import Figure, Table
from bench.report.counts import doubts, held, mark
from bench.report.points import (
    DIFFERENCES,
    difference_unit,
    distance_words,
    end_words,
    in_points,
    ours_words,
    pattern,
    reason_with_numbers,
)
from bench.report.reader import Reader, reader
from bench.report.section import Section
from bench.report.sections.replication import WholeTable, replication
from bench.report.styles import Styles, styles_of
from bench.report.text import claims as text
from bench.report.text.claim_names import EXPECTED, among, claim_names
from bench.report.text.headline import surprises
from bench.report.text.overview import LEAD, LEAD_OF_BEST, beyond, lead
from bench.report.text.protocol import outer_words
from bench.report.text.replication import FEWEST_ORDERED
from bench.scores.design import alpha_of
from bench.study import Claim
from bench.study.preregistration import Frozen
from bench.text import chance, formats
from bench.text.compared import (
    MOST_NAMED,
    DirectionOpen,
    DirectionShown,
    EquivalenceOpen,
    EquivalenceShown,
    NoErrorRate,
    NotAfterHolm,
    NotShownToBeat,
    OtherWayRound,
    Probabilities,
    RankingsCompared,
)
from bench.text.glossary import Term, terms
from bench.text.judgements import (
    AggregationDiffers,
    ByHalves,
    EqualAsPrinted,
    HoldsByTheory,
    IntervalOpen,
    LesserEvidence,
    NoiseFloor,
    NoiseFloorGuessed,
    OutsideButOpen,
    OutsideTolerance,
)
from bench.text.marks import (
    DOUBTS,
    EXPECTATION,
    EXPECTED_MEANING,
    FALSIFIED,
    FALSIFIER,
    FOLLOWS,
    MARKS,
    NOT_REPRODUCED,
    ClaimSort,
    expected_word,
    followed_words,
    meaning_here,
    uncounted,
)
from bench.text.sentences import sentence, sentences
from bench.text.words import in_unit_of_target, measure

#: Published numbers spread over more than this many tolerances are drawn as differences, or no bar could be seen.
WIDE = 4
#: Kinds of claims that compare models, and those of a whole table of printed numbers.
#: A table that is longer than this is folded behind its central claims, or this many if fewer are.
FOLD, FIRST = 12, 6


#: Reasons that legend and columns say of every claim, of one with an interval, and of one without.
SAID = (
    chance.Repeats, EqualAsPrinted, HoldsByTheory, OutsideTolerance, OutsideButOpen, LesserEvidence, NoiseFloor,
    NoiseFloorGuessed,
)  # fmt: skip
SAID_BY_INTERVAL = (*SAID, DirectionShown, DirectionOpen, EquivalenceShown, EquivalenceOpen, OtherWayRound)
SAID_WITHOUT = (*SAID, chance.NothingDrawn)


@dataclass(frozen=True)
class ClaimGroup:
    """Claims that are drawn together: their metric, unit, dataset if it has a scale of its own, and rows."""

    metric: str
    unit: str | None
    dataset: str | None
    rows: tuple[VerdictRow, ...]


@dataclass(frozen=True)
class ClaimShown:
    """A row of the table of claims; `what`, `reason` and `unseen` are for exports, which have no legend beside them.

    ours: of an `order` the one found; lead: the head of a number that compares models; about, why: what it is about and
    why it is judged so, as far as no other place of the table says it; falsified: of a falsifier, what became of it;
    remarks: the numbers of its notes.
    """

    id: str
    name: str
    what: str
    protocol: str
    repeats: str
    about: tuple[str, ...]
    why: tuple[str, ...]
    remarks: tuple[int, ...]
    falsified: Falsified | None
    flags: list[str]
    whose: str
    published: str
    ours: str
    lead: str
    order: bool
    interval: str
    of: str
    difference: str
    smallest: str
    stated: str
    mark: str
    word: str
    grade: str
    follows: str
    reason: str
    unseen: str


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
    replication: WholeTable
    deviations: tuple[str, ...]
    notes: tuple[str, ...]
    follows: str
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
    styles, study, names = styles_of(bundle), bundle.study, claim_names(bundle, styles_of(bundle))
    count, central, left = bundle.counted, _central(bundle), bundle.counted.left
    refuted = {row.claim for row in count.attempted if mark(row) == NOT_REPRODUCED}
    verdicts = sorted(count.attempted, key=lambda row: (row.claim not in central, row.claim not in refuted))
    apart = _beside(bundle)
    with_interval = [row for row in (*verdicts, *apart) if judged_by.has_interval(row)]
    above = _of_all(bundle, apart)
    notes, first = _listed_notes(bundle, (*verdicts, *apart), above), min(FOLD, max(FIRST, len(central | refuted)))
    rows, common = _without_common([_numbered(bundle, styles, row, names, notes) for row in verdicts])
    beside, apart_common = _without_common([_numbered(bundle, styles, row, names, notes) for row in apart])
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
        intervals=_intervals(bundle, with_interval) + text.BEST * any(map(_names_the_best, with_interval)),
        repeats=text.repeats(list(dict.fromkeys(row.repeats for row in rows if row.repeats))),
        no_interval=_without_interval(bundle, verdicts),
        own=text.OWN_ONLY if count.own else "",
        apart=beside,
        apart_common=(*apart_common, *above),
        apart_title=_apart_title(bundle),
        happened=len(surprises(bundle)),
        falsifiers=_falsifiers(bundle),
        replication=replication(bundle, styles),
        deviations=tuple(study.deviations),
        notes=notes,
        follows=FOLLOWS,
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


def whose_numbers(rows: Iterable[VerdictRow]) -> str:
    """Whose numbers ours are compared with in a table of these claims; nobody expects that of a falsifier."""
    rows = tuple(rows)
    numbers = [row for row in rows if row.published is not None] or rows
    if all(row.source == "paper" for row in numbers):
        return text.WHOSE_PUBLISHED
    expected = all(row.source == "author" and not row.falsifier for row in numbers)
    return text.WHOSE_EXPECTED if expected else text.WHOSE_STATED


def _falsifiers(bundle: Bundle) -> str:
    """When a falsifier happened."""
    judged, styles = [row for row in bundle.counted.falsifiers if row.agreement is not None], styles_of(bundle)
    models = {name for name in facts.compared(bundle) if not styles.family(name).baseline}
    every = models <= {row.family for row in judged}
    untested = any(row.p is None and (row.holds or row.agreement == Agreement.DIFFERS) for row in judged)
    together = true_together(bundle.study, judged)
    others = bundle.counted.own or bool(bundle.counted.expected)
    kinds = [row.kind for row in judged]
    return text.falsifiers(kinds, together, every_model=every, untested=untested, others=others)


def _apart_title(bundle: Bundle) -> str:
    """What does not count; of expectations, how many are published numbers with a tolerance of their own."""
    count, published = bundle.counted, dict[object, VerdictRow]()
    for row in count.claims:
        published[_number_of(row)] = row
    pairs = [(row, published.get(_number_of(row))) for row in count.expected if row.published is not None]
    again = [row for row, paper in pairs if paper is not None and row.tolerance not in (None, paper.tolerance)]
    limits = dict.fromkeys(f"±{formats.tolerance(row.tolerance or 0)}{difference_unit(row.unit)}" for row in again)
    return text.apart(len(count.expected), Counter(bundle.falsified.values()), len(again), tuple(limits))


def _number_of(row: VerdictRow) -> object:
    """What number a claim states, and of what."""
    return row.kind, row.dataset, row.family, row.against, row.metric, row.unit, row.printed


def _beside(bundle: Bundle) -> tuple[VerdictRow, ...]:
    """The claims that do not count, first what would falsify the expectation and happened."""
    happened, count = surprises(bundle), bundle.counted
    return (*happened, *count.expected, *(row for row in count.falsifiers if row not in happened))


def _intervals(bundle: Bundle, rows: Sequence[VerdictRow]) -> str:
    """Which intervals the claims that have one show."""
    directions, numbers = (
        {judged_by.is_direction(row) for row in rows},
        [row for row in rows if row.published is not None],
    )
    known = {name for name, claim in bundle.claims.items() if claim.without_error}
    exact = [row for row in numbers if row.claim in known]
    compared = any(row.kind in judged_by.COMPARISONS for row in rows) and not math.isclose(alpha_of(bundle.study), 0.05)
    said = text.intervals(
        numbers=False in directions, directions=True in directions,
        shared=tuple(dict.fromkeys(whose_numbers([row]) for row in numbers if row not in exact)),
        expected=any(row.source == "author" for row in exact),
        theory=any(HoldsByTheory.code in codes(row.reasons) for row in rows),
    )  # fmt: skip
    return said + text.decided_at(alpha_of(bundle.study)) * compared


def _names_the_best(row: VerdictRow) -> bool:
    """Whether a claim, and no falsifier, was tested that one model is the best."""
    return row.kind == "best" and not row.falsifier and row.p is not None


def _central(bundle: Bundle) -> set[str]:
    return {name for name, claim in bundle.claims.items() if claim.central}


def _legend(bundle: Bundle) -> tuple[MarkCount, ...]:
    """How many attempted claims have each mark; of the author's own, how many came out as expected."""
    kinds: dict[str, list[ClaimSort]] = {}
    for row in bundle.counted.attempted:
        kinds.setdefault(mark(row), []).append(judged_by.claim_sort(row))
    if not bundle.counted.own:
        return tuple(
            MarkCount(key, meaning_here(key, kinds[key]), len(kinds[key]), MARKS[key].word)
            for key in MARKS
            if key in kinds
        )
    counts = Counter({key: len(sorts) for key, sorts in kinds.items()})
    return tuple(
        MarkCount(same[0], meaning, sum(counts[key] for key in same), word.capitalize())
        for word, meaning in EXPECTED_MEANING.items()
        if (same := [key for key in MARKS if counts[key] and expected_word(key) == word])
    )


def _close(bundle: Bundle) -> tuple[str, ...]:
    """What the study calls close, metric by metric."""
    tolerance = bundle.study.tolerance
    stated = tolerance.parameters if tolerance else {}
    return tuple(text.close(measure(metric), float(value)) for metric, value in stated.items())


def _more_terms(bundle: Bundle) -> list[str]:
    """The terms that the tables of all claims and the reasons of judgements use."""
    numbers = bundle.frame("replication_numbers")
    words = {"tau": "kendall", "concordance": "concordance"}
    reasons = [reason for row in bundle.verdicts for reason in decoded(row.reasons)]
    used = {
        "evidence": bundle.study.paper is not None,
        "consistent": any(row.agreement == Agreement.CONSISTENT for row in bundle.verdicts if row.source == "paper"),
        "p": any(isinstance(reason, WITH_P) for reason in reasons),
        "clustered": bundle.frame("replication_groups")["low"].is_not_null().any(),
        **{term: numbers.drop_nulls(name)["numbers"].ge(FEWEST_ORDERED).any() for name, term in words.items()},
        "central": any(claim.central for claim in bundle.claims.values()),
    }
    terms = {_term(reason) for reason in reasons}
    return [term for term, is_used in used.items() if is_used] + [
        term for term in ("same_data", "another_sample", "sharp") if term in terms
    ]


def _term(reason: Statement) -> str | None:
    """The term that explains a reason."""
    match reason:
        case ByHalves():
            return "sharp"
        case chance.Repeats(differs="splits") | chance.Rankings():
            return "same_data"
        case chance.OtherSample() | chance.OtherSampleUnknown() | chance.BinomialErrors() | chance.RankErrorUnknown():
            return "another_sample"
    return None


def claim_shown(bundle: Bundle, styles: Styles, row: VerdictRow, name: str) -> ClaimShown:
    """A claim as the table has it; one that would falsify the expectation has no mark, but says what became of it.

    Only a claim of a paper follows one: what the author expects does not.
    """
    row = in_points(row)
    claim, reasons = bundle.claims.get(row.claim), tuple(map(styles.said, decoded(row.reasons)))
    unit = unit_words(row.unit) if row.kind not in DIFFERENCES else difference_unit(row.unit)
    subject, protocol = what(bundle, styles, row), protocol_of(bundle, row)
    told = tuple(_told(bundle, styles, row, reasons))
    doubted = doubts(bundle, row)
    of_paper = row.source == "paper" and row.evidence is not None
    became = bundle.falsified.get(row.claim)
    return ClaimShown(
        id=row.claim,
        name=_beside_whose(row, name),
        what=", ".join([*subject, protocol] if protocol else subject),
        protocol=protocol,
        repeats=next((sentence(one) for one in told if isinstance(one, chance.Repeats)), ""),
        about=(*_unnamed(subject, styles, row), *_where(claim), *_against(row)),
        why=tuple(_brief(row, claim, became, told)),
        remarks=(),
        falsified=bundle.falsified[row.claim] if row.falsifier else None,
        flags=text.flags(claim),
        whose=whose_statement(row),
        published=text.published(row, unit) or formats.NONE,
        ours=_ours(row, unit, reasons),
        lead=lead([row.kind]),
        order=row.kind == "order",
        interval=difference_interval(row),
        of=_of_improvement(row),
        difference=_difference(row),
        smallest=_smallest(row),
        stated=_tolerance(bundle, row),
        mark="" if row.falsifier else mark(row),
        word=shown_word(bundle, row),
        grade=str(row.evidence),
        follows=followed_words(str(row.evidence), doubted) if of_paper else "",
        reason=sentences(told),
        unseen=_unseen(row),
    )


def _ours(row: VerdictRow, unit: str, reasons: Iterable[Statement]) -> str:
    """Our number; of an order, which has none, the order that was found."""
    if row.kind == "order":
        return next((one.ours for one in reasons if isinstance(one, RankingsCompared)), formats.NONE)
    return ours_words(row) + (unit if row.ours is not None else "")


def _of_improvement(row: VerdictRow) -> str:
    """What the interval of a comparison is of that has no published size, or that was not judged by it."""
    sizeless = (row.published is None or row.difference is None) and judged_by.has_interval(row)
    return text.of_improvement(judged_by.is_direction(row)) if sizeless else ""


def _beside_whose(row: VerdictRow, name: str) -> str:
    """The name of a claim where `whose_statement` stands before it, which says that it is expected."""
    return name.removesuffix(f", {EXPECTED}") if whose_statement(row) else name


def whose_statement(row: VerdictRow) -> str:
    """What a claim of the author is called before its name; empty of a claim of a paper."""
    return FALSIFIER if row.falsifier else EXPECTATION if row.source == "author" else ""


def shown_word(bundle: Bundle, row: VerdictRow) -> str:
    """The word of a judgement: of a claim of a paper that of its mark, else how it came out for the author."""
    if row.falsifier:
        return FALSIFIED[bundle.falsified[row.claim]].capitalize()
    return expected_word(mark(row)).capitalize() if row.source == "author" else MARKS[mark(row)].word


def _numbered(
    bundle: Bundle, styles: Styles, row: VerdictRow, names: Mapping[str, str], notes: Sequence[str]
) -> ClaimShown:
    """A claim with the numbers of its notes."""
    numbers = tuple(sorted(notes.index(one) + 1 for one in _notes(bundle, row) if one in notes))
    return replace(claim_shown(bundle, styles, row, names[row.claim]), remarks=numbers)


def _notes(bundle: Bundle, row: VerdictRow) -> Iterator[str]:
    """What the study and its aggregation say beside a claim."""
    claim = bundle.claims.get(row.claim)
    aggregations = (sentence(one) for one in decoded(row.reasons) if isinstance(one, AggregationDiffers))
    if protocol := "; ".join(filter(None, (row.other_protocol, *aggregations))):
        yield f"{DOUBTS['protocol'].capitalize()}: {protocol}"
    if claim is not None and claim.note:
        yield claim.note


def _listed_notes(bundle: Bundle, rows: Sequence[VerdictRow], above: Collection[str]) -> tuple[str, ...]:
    """The notes of all claims, each once, but for those that stand `above` their table."""
    return tuple(dict.fromkeys(note for row in rows for note in _notes(bundle, row) if note not in above))


def _of_all(bundle: Bundle, apart: Sequence[VerdictRow]) -> tuple[str, ...]:
    """The notes that all claims beside those of the paper share, such as the expectation that each would refute."""
    each = [tuple(_notes(bundle, row)) for row in apart]
    return tuple(note for note in each[0] if all(note in others for others in each)) if len(each) > 1 else ()


def _without_common(rows: Sequence[ClaimShown]) -> tuple[tuple[ClaimShown, ...], tuple[str, ...]]:
    """Rows without what all of them say, and that: it stands once above their table.

    So do a protocol and repeats; where there are several, they depend on the dataset, and are in no row.
    """
    kinds = ({row.protocol for row in rows}, {row.repeats for row in rows})
    shared = text.design(*(next(iter(kind)) if len(kind) == 1 else "" for kind in kinds))
    rows = _without_head(rows)
    if len(rows) == 1:
        return (replace(rows[0], about=(*rows[0].about, *shared)),), ()
    said = [(*row.about, *shared, *row.why) for row in rows]
    common = tuple(one for one in said[0] if all(one in other for other in said)) if said else ()
    kept = (replace(row, about=_beyond(row.about, common), why=_beyond(row.why, common)) for row in rows)
    return tuple(kept), common


def _without_head(rows: Sequence[ClaimShown]) -> Sequence[ClaimShown]:
    """Rows without what the head of a table of “best of all” says."""
    if any(row.lead != LEAD_OF_BEST or row.published != formats.NONE for row in rows):
        return rows
    return [replace(row, about=_beyond(row.about, (text.AGAINST_BEST,))) for row in rows]


def _beyond(said: Sequence[str], common: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in said if one not in common)


def _unnamed(subject: Sequence[str], styles: Styles, row: VerdictRow) -> tuple[str, ...]:
    """What a claim is about, without the dataset where its name has it."""
    first, *rest = subject
    named = row.dataset is not None and len(styles.study.datasets) > 1
    return (first.removesuffix(text.on([styles.dataset(row.dataset or "")])) if named else first, *rest)


def _where(claim: Claim | None) -> tuple[str, ...]:
    """Where the number of a paper stands, or whence the author knows it, if that is known."""
    if claim is None or not claim.where:
        return ()
    return (text.source(claim.where) if claim.source == "paper" else claim.where,)


def _against(row: VerdictRow) -> tuple[str, ...]:
    """With what model the difference of a claim is, where its name has none."""
    return (text.AGAINST_BEST,) if row.kind == "best" and row.ours is not None else ()


def _tolerance(bundle: Bundle, row: VerdictRow) -> str:
    """The tolerance of a claim, unless it is the one that stands above the table."""
    if _as_usual(bundle, row):
        return ""
    claim = bundle.claims.get(row.claim)
    own = claim is not None and claim.tolerance is not None
    return text.stated(row.tolerance or 0.0, difference_unit(row.unit), own=own)


def _as_usual(bundle: Bundle, row: VerdictRow) -> bool:
    """Whether a claim has the tolerance that the study states for its metric, which stands above the table."""
    stated = bundle.study.tolerance.parameters.get(row.metric or "") if bundle.study.tolerance else None
    if row.tolerance is None:
        return True
    scale = 100 if row.unit == "percent" else 1
    return stated is not None and math.isclose(row.tolerance, scale * float(stated), rel_tol=1e-9)


def _brief(
    row: VerdictRow, claim: Claim | None, became: Falsified | None, reasons: Iterable[Statement]
) -> Iterator[str]:
    """The reasons of a claim that neither the legend nor another column of the table says."""
    interval, one_sided = judged_by.has_interval(row), claim is not None and claim.splits == "other_sample"
    for one in reasons:
        if one_sided and isinstance(one, DirectionShown | DirectionOpen):
            yield text.one_sided(sentence(one))
        elif not isinstance(one, SAID_BY_INTERVAL if interval else SAID_WITHOUT) and not _says_more(one, interval):
            yield sentence(one)
    other_side = interval and (judged_by.ends(row)[1] or 0) < 0 and row.agreement != Agreement.DIFFERS
    if other_side and (row.kind, became) == ("best", Falsified.UNDECIDED):
        yield text.ONLY_BEFORE_HOLM


def _says_more(one: Statement, interval: bool) -> bool:
    """Whether an interval, or the legend, says more than a reason."""
    match one:
        case IntervalOpen():
            return one.leaves != "narrowly"
        case NotShownToBeat():
            return interval and len(one.families) > MOST_NAMED
    return False


def _told(bundle: Bundle, styles: Styles, row: VerdictRow, reasons: Iterable[Statement]) -> Iterator[Statement]:
    """The reasons that are printed; of a falsifier that only its own test decides, that the correction does not.

    Of a pair on one test set without an error rate, what its test on the rows says."""
    tested = facts.on_test_rows(bundle, row)
    for one in reasons:
        if not isinstance(one, AggregationDiffers | Probabilities):
            yield tested if tested is not None and isinstance(one, NoErrorRate) else reason_with_numbers(row, one)
    decided = row.holds or row.agreement == Agreement.DIFFERS
    if row.falsifier and decided and bundle.falsified[row.claim] == Falsified.UNDECIDED:
        judged = [one for one in bundle.counted.falsifiers if one.agreement is not None]
        tests = len(judged) if row.holds else true_together(bundle.study, judged)
        ahead = (row.family if row.holds else row.against) if row.kind == "better" else None
        yield NotAfterHolm(tests, opposite=not row.holds, ahead=styles.family(ahead).title if ahead else None)


def _left(rows: Iterable[VerdictRow]) -> tuple[LeftOut, ...]:
    """The claims that were not judged, those of one reason together."""
    found: dict[str, list[str]] = {}
    for row in rows:
        reason = sentences(decoded(row.reasons))
        found.setdefault(reason or MARKS[mark(row)].word.lower(), []).append(row.claim)
    return tuple(LeftOut(tuple(same), reason) for reason, same in found.items())


def _unseen(row: VerdictRow) -> str:
    """The smallest difference that could have been seen, of a claim that is consistent."""
    if row.agreement != Agreement.CONSISTENT or row.detectable is None:
        return ""
    return text.unseen(formats.as_printed(row.detectable, pattern(row), 1) + difference_unit(row.unit))


def _smallest(row: VerdictRow) -> str:
    """The smallest tolerance that reproduces the claim, rounded up: as printed it does reproduce it."""
    value = row.smallest_tolerance
    if value is None:
        return formats.NONE
    if row.agreement == Agreement.EXACT:
        return text.ROUNDING
    return f"±{formats.as_printed(value, pattern(row), 1, rounding=ROUND_UP)}{difference_unit(row.unit)}"


def unit_words(unit: str | None) -> str:
    return f"{formats.THIN}%" if unit == "percent" else ""


def _difference(row: VerdictRow) -> str:
    """Ours minus published in the claim's unit; of a comparison, one family minus the other in the metric's."""
    value = row.difference
    if value is None or row.published is None:
        return measure(row.metric or "").beside(value).difference(value)
    text = distance_words(row)
    zero = float(text.replace(formats.MINUS, "-")) == 0
    return ("" if zero or value < 0 else "+") + text + difference_unit(row.unit)


def difference_interval(row: VerdictRow) -> str:
    """The interval that the judgement rests on; empty where none exists.

    Of ours less published; of a comparison without a published size, of the improvement itself.
    """
    if not judged_by.has_interval(row):
        return ""
    return formats.interval(*judged_by.ends(row), lambda end: end_words(row, end))


def _frozen(bundle: Bundle) -> Frozen | None:
    """What was frozen before the results; None where nothing shows it."""
    return bundle.provenance.frozen


def _without_interval(bundle: Bundle, rows: Sequence[VerdictRow]) -> str:
    """Why claims with a number of ours have no interval, each cause once; empty where all have one."""
    numbers = (row for row in rows if row.ours is not None and row.kind != "order")
    without = [row for row in numbers if not judged_by.has_interval(row)]
    return ", or ".join(dict.fromkeys(_why_no_interval(bundle, row) for row in without))


def _why_no_interval(bundle: Bundle, row: VerdictRow) -> str:
    """Why one claim has no interval, in a few words."""
    claim = bundle.claims.get(row.claim)
    if (why := judged_by.why_no_interval(row)) is not None:
        return text.NO_INTERVAL[why]
    if claim is not None and claim.splits == "same":
        return text.SAME_SPLITS
    dataset = row.dataset or (next(iter(bundle.study.datasets)) if len(bundle.study.datasets) == 1 else None)
    scores = facts.estimates(bundle, row.metric) if row.metric else {}
    here = [score for (name, _), score in scores.items() if name == dataset]
    if dataset is not None and here and all(score.low is None for score in here):
        return facts.no_interval_cause(bundle, dataset, row.metric or bundle.study.metrics.primary)
    return text.ERROR_UNKNOWN


def what(bundle: Bundle, styles: Styles, row: VerdictRow) -> list[str]:
    """What the claim is about: the metric or the order with the data, and the rows."""
    unit, claim = measure(row.metric) if row.metric else None, bundle.claims.get(row.claim)
    subject, dataset = text.subject(row.kind, unit, facts.is_on_one(bundle, row), claim), row.dataset
    subject += among(claim, styles)
    if dataset is not None:
        return [subject + text.on([styles.dataset(dataset)]), *_side(bundle, row)]
    if len(styles.study.datasets) > 1 and row.kind != "statistic":
        named = claim.datasets if claim is not None else None
        return [subject + text.over([styles.dataset(name) for name in named or ()]), *_side(bundle, row)]
    return [subject]


def protocol_of(bundle: Bundle, row: VerdictRow) -> str:
    """Our protocol for the data of a claim; empty of several datasets, and of what was fitted elsewhere."""
    name = row.dataset
    known = name is not None and name in bundle.study.datasets and bundle.study.protocol_of(name) is not None
    if not known or name is None:
        return ""
    alike = [d for d in bundle.datasets if _resampling(bundle, d) == _resampling(bundle, name)]
    return outer_words(bundle.study, name, facts.repeats_run(bundle, alike))


def _resampling(bundle: Bundle, dataset: str) -> object:
    protocol = bundle.study.protocol_of(dataset)
    return None if protocol is None else protocol.resampling


def _side(bundle: Bundle, row: VerdictRow) -> list[str]:
    """`training rows` or `inner folds` where a claim is about those."""
    claim = bundle.claims.get(row.claim)
    return [text.SIDES[claim.side]] if claim is not None and claim.side in text.SIDES else []


def claim_figures(bundle: Bundle, styles: Styles) -> list[Figure]:
    """Published against ours, one figure for each metric and unit with a value claim, in the order of the claims.

    Errors in the unit of the target have a scale for each dataset.
    """
    return [_figure(bundle, styles, group) for group in _groups(bundle)]


def _groups(bundle: Bundle) -> list[ClaimGroup]:
    """The claims that are drawn together."""
    groups: dict[tuple[str, str | None, str | None], list[VerdictRow]] = {}
    for row in bundle.counted.attempted:
        if row.kind == "value" and row.published is not None and row.metric is not None:
            alone = len(bundle.study.datasets) > 1 and in_unit_of_target(row.metric)
            groups.setdefault((row.metric, row.unit, row.dataset if alone else None), []).append(row)
    return [ClaimGroup(*group, tuple(rows)) for group, rows in groups.items()]


def _figure(bundle: Bundle, styles: Styles, group: ClaimGroup) -> Figure:
    """Published against ours of claims that share metric and unit."""
    rows = list(group.rows)
    relative, percent, names = _is_relative(rows), group.unit == "percent", claim_names(bundle, styles)
    whose = whose_numbers(rows)
    words = text.FigureWords(
        measure=measure(group.metric),
        whose=whose,
        dataset=styles.dataset(group.dataset) if group.dataset else None,
        percent=percent,
        relative=relative,
        claims=tuple(_line(names[row.claim], row, whose) for row in rows),
        held=held(rows),
        has_interval=any(judged_by.has_interval(row) for row in rows),
        no_interval=_without_interval(bundle, rows),
    )
    marks = _told_apart([_mark(bundle, styles, row, relative) for row in rows], rows, names)
    name = "-".join(word for word in ("published", group.metric, group.unit, group.dataset) if word)
    body = published_vs_reproduced(marks, words.label, None if relative else _roof(group.metric, percent))
    return Figure(name, words.title, words.note, body, _table(names, rows, whose))


def _roof(metric: str, percent: bool) -> float | None:
    """Where the scale ends: at the highest score of a metric whose scores end at 1."""
    return (100.0 if percent else 1.0) if measure(metric).high == 1 else None


def _is_relative(rows: Sequence[VerdictRow]) -> bool:
    """Whether the published numbers are so far apart that only differences from them can be drawn."""
    published = [float(row.published or 0) for row in rows]
    widest = max((row.tolerance or 0 for row in rows), default=0)
    return bool(widest > 0 and max(published) - min(published) > WIDE * widest)


def _mark(bundle: Bundle, styles: Styles, row: VerdictRow, relative: bool) -> ClaimMark:
    published, many = float(row.published or 0), len(styles.study.datasets) > 1
    centre, interval = 0.0 if relative else published, judged_by.has_interval(row)
    return ClaimMark(
        id=row.claim,
        label=styles.family(row.family).short if row.family else row.claim,
        sub=", ".join(([styles.dataset(row.dataset)] if many else []) + _side(bundle, row)),
        shown=mark(row),
        published=centre,
        ours=None if row.ours is None else centre + row.ours - published,
        low=centre + row.low if interval and row.low is not None else None,
        high=centre + row.high if interval and row.high is not None else None,
        tolerance=row.tolerance,
    )


def _told_apart(marks: list[ClaimMark], rows: Sequence[VerdictRow], names: Mapping[str, str]) -> list[ClaimMark]:
    """Marks of one label each with what tells their claims apart at the end of their names."""
    labels = Counter((mark.label, mark.sub) for mark in marks)
    return [
        replace(mark, sub=text.beside(mark.sub, names[row.claim])) if labels[mark.label, mark.sub] > 1 else mark
        for mark, row in zip(marks, rows, strict=True)
    ]


def _line(name: str, row: VerdictRow, whose: str) -> str:
    ours = None if row.ours is None else ours_words(row)
    return text.claim_line(name, whose, row.published or "", ours, mark(row))


def _table(names: dict[str, str], rows: Sequence[VerdictRow], whose: str) -> Table:
    body = tuple(
        (
            names[row.claim],
            row.published or "",
            ours_words(row),
            difference_interval(row) or formats.NONE,
            formats.NONE if row.tolerance is None else formats.tolerance(row.tolerance),
            MARKS[mark(row)].word,
        )
        for row in rows
    )
    return Table(tuple(name.format(whose=whose.capitalize()) for name in text.TABLE_HEAD), body)


SECTION = Section("claims", text.TITLE, claims, order=20)
