"""The published numbers, the numbers of this study, and how the claims were judged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bench.claims.judgement import WITH_P
from bench.core.counting import Falsified
from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import Statement, codes, decoded
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.intervals import ClaimMark, published_vs_reproduced
from bench.report.charts.svg import Figure, Table
from bench.report.counts import doubts, held, mark
from bench.report.points import DIFFERENCES, in_points
from bench.report.reader import Reader, reader
from bench.report.section import Section
from bench.report.sections.replication import WholeTable, replication
from bench.report.styles import Styles, styles_of
from bench.report.text import claims as text
from bench.report.text.claim_names import claim_names
from bench.report.text.headline import surprises
from bench.report.text.protocol import outer_words
from bench.report.text.replication import FEWEST_ORDERED
from bench.study.preregistration import Frozen
from bench.text import chance, formats
from bench.text.compared import NotAfterHolm, Probabilities
from bench.text.glossary import Term, terms
from bench.text.judgements import AggregationDiffers, NoiseFloor
from bench.text.marks import (
    FALSIFIED,
    FALSIFIED_MEANING,
    MARKS,
    ClaimSort,
    evidence_words,
    meaning_here,
    uncounted,
    word,
)
from bench.text.sentences import sentence, sentences
from bench.text.words import in_unit_of_target, measure

#: Published numbers spread over more than this many tolerances are drawn as differences, or no bar could be seen.
WIDE = 4
#: A table that is longer than this is folded behind its central claims, or this many if fewer are.
FOLD, FIRST = 12, 6


@dataclass(frozen=True)
class ClaimGroup:
    """Claims that are drawn together: their metric, unit, dataset if it has a scale of its own, and rows."""

    metric: str
    unit: str | None
    dataset: str | None
    rows: tuple[VerdictRow, ...]


@dataclass(frozen=True)
class ClaimShown:
    """A row of the table of claims."""

    id: str
    name: str
    what: str
    where: str
    note: str
    flags: list[str]
    published: str
    ours: str
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
    protocol: str
    unseen: str


@dataclass(frozen=True)
class LeftOut:
    """A claim that was not judged, with its status and the reason."""

    id: str
    name: str
    word: str
    reason: str


@dataclass(frozen=True)
class MarkCount:
    """How many claims have a mark, and what it means."""

    mark: str
    meaning: str
    count: int
    word: str = ""


@dataclass(frozen=True)
class ClaimsView:
    """The section."""

    rows: tuple[ClaimShown, ...]
    left: tuple[LeftOut, ...]
    left_out: str
    legend: tuple[MarkCount, ...]
    reader: Reader
    figures: list[Figure]
    tolerance: tuple[str, ...]
    shared: bool
    why: str
    frozen: str
    intervals: str
    no_interval: str
    own: str
    apart: tuple[ClaimShown, ...]
    apart_title: str
    happened: int
    happened_title: str
    replication: WholeTable
    deviations: tuple[str, ...]
    paper: bool
    published: bool
    folded: bool
    first: int
    terms: list[Term]
    empty: str


def claims(bundle: Bundle) -> ClaimsView:
    """Every claim with its judgement, and all of them together."""
    styles, study, names = styles_of(bundle), bundle.study, claim_names(bundle, styles_of(bundle))
    count, tolerance, central = bundle.counted, study.tolerance, _central(bundle)
    verdicts, left = sorted(count.attempted, key=lambda row: row.claim not in central), count.left
    apart = _beside(bundle)
    with_interval = [row for row in (*verdicts, *apart) if facts.has_interval(row)]
    return ClaimsView(
        rows=tuple(claim_shown(bundle, styles, row, names[row.claim]) for row in verdicts),
        left=tuple(_left(row, names[row.claim]) for row in left),
        left_out=uncounted(Counter(map(mark, left))),
        legend=_legend(bundle),
        reader=reader(bundle, verdicts),
        figures=claim_figures(bundle, styles),
        tolerance=_close(bundle),
        shared=any(row.published is not None for row in with_interval),
        why=tolerance.why if tolerance else "",
        frozen=text.preregistered(_frozen(bundle)),
        intervals=_intervals(bundle, with_interval),
        no_interval=_without_interval(bundle, verdicts),
        own=text.OWN_ONLY if count.own else "",
        apart=tuple(claim_shown(bundle, styles, row, names[row.claim]) for row in apart),
        apart_title=text.apart(len(count.expected), Counter(bundle.falsified.values())),
        happened=len(surprises(bundle)),
        happened_title=text.happened(
            len(surprises(bundle)), sum(row.agreement is not None for row in count.falsifiers)
        ),
        replication=replication(bundle, styles),
        deviations=tuple(study.deviations),
        paper=study.paper is not None,
        folded=len(verdicts) > FOLD,
        first=min(FOLD, max(FIRST, len(central))),
        published=any(row.published is not None for row in verdicts),
        terms=terms("tolerance", "smallest_tolerance", *_more_terms(bundle)),
        empty="" if verdicts or left or apart else text.NO_CLAIMS if study.paper else text.NO_PAPER,
    )


def _beside(bundle: Bundle) -> tuple[VerdictRow, ...]:
    """The claims that do not count, first what would falsify the expectation and happened."""
    happened, count = surprises(bundle), bundle.counted
    return (*happened, *count.expected, *(row for row in count.falsifiers if row not in happened))


def _intervals(bundle: Bundle, rows: Sequence[VerdictRow]) -> str:
    """Which intervals the claims that have one show."""
    directions = {facts.is_direction(row) for row in rows}
    shared = any(row.published is not None for row in rows)
    paper, numbers = bundle.study.paper is not None, False in directions
    return text.intervals(paper, numbers=numbers, directions=True in directions, shared=shared)


def _central(bundle: Bundle) -> set[str]:
    return {name for name, claim in bundle.claims.items() if claim.central}


def _legend(bundle: Bundle) -> tuple[MarkCount, ...]:
    """How many attempted claims have each mark; then what became of those that would falsify the expectation."""
    kinds: dict[str, list[ClaimSort]] = {}
    for row in bundle.counted.attempted:
        kinds.setdefault(mark(row), []).append(_sort(row))
    became = Counter(bundle.falsified.values())
    marks = [MarkCount(key, meaning_here(key, kinds[key]), len(kinds[key])) for key in MARKS if key in kinds]
    words = [(one, FALSIFIED[one].capitalize(), meaning) for one, meaning in FALSIFIED_MEANING.items()]
    return (*marks, *(MarkCount("", meaning, became[one], word) for one, word, meaning in words if became[one]))


def _sort(row: VerdictRow) -> ClaimSort:
    """What a claim is judged by."""
    return "comparison" if row.published is None else "interval" if facts.has_interval(row) else "number"


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
        "consistent": any(row.agreement == Agreement.CONSISTENT for row in bundle.verdicts),
        "p": any(isinstance(reason, WITH_P) for reason in reasons),
        "clustered": bundle.frame("replication_groups")["low"].is_not_null().any(),
        **{term: numbers.drop_nulls(name)["numbers"].ge(FEWEST_ORDERED).any() for name, term in words.items()},
        "central": any(claim.central for claim in bundle.claims.values()),
    }
    terms = {_term(reason) for reason in reasons}
    return [term for term, is_used in used.items() if is_used] + [
        term for term in ("same_data", "another_sample", "noise_floor") if term in terms
    ]


def _term(reason: Statement) -> str | None:
    """The term that explains a reason."""
    match reason:
        case chance.Repeats(differs="splits") | chance.Rankings():
            return "same_data"
        case chance.OtherSample() | chance.OtherSampleUnknown() | chance.BinomialErrors() | chance.RankErrorUnknown():
            return "another_sample"
        case NoiseFloor():
            return "noise_floor"
    return None


def claim_shown(bundle: Bundle, styles: Styles, row: VerdictRow, name: str) -> ClaimShown:
    """A claim as the table has it; one that would falsify the expectation has no mark, but says what became of it.

    Only a claim of a paper follows one: what the author expects does not.
    """
    row = in_points(row)
    claim, reasons = bundle.claims.get(row.claim), tuple(map(styles.said, decoded(row.reasons)))
    unit = unit_words(row.unit) if row.kind not in DIFFERENCES else difference_unit(row.unit)
    where, note = (claim.where or "", claim.note or "") if claim is not None else ("", "")
    doubted = doubts(bundle, row)
    return ClaimShown(
        id=row.claim,
        name=name,
        what=what(bundle, styles, row),
        where=where,
        note=note,
        flags=text.flags(claim, row.falsifier),
        published=text.published(row, claim, unit) or formats.NONE,
        ours=formats.as_printed(row.ours, _printed(row), 1) + (unit if row.ours is not None else ""),
        interval=difference_interval(row),
        of="improvement" if row.published is None else "",
        difference=_difference(row),
        smallest=_smallest(row),
        stated="" if row.tolerance is None else text.stated(row.tolerance, difference_unit(row.unit)),
        mark="" if row.falsifier else mark(row),
        word=FALSIFIED[bundle.falsified[row.claim]].capitalize() if row.falsifier else word(mark(row), doubted),
        grade=str(row.evidence),
        follows=evidence_words(str(row.evidence), doubted) if row.source == "paper" and row.evidence else "",
        reason=sentences(_told(bundle, row, reasons)),
        protocol=protocol_words(row.protocol_match, reasons),
        unseen=_unseen(row),
    )


def _told(bundle: Bundle, row: VerdictRow, reasons: Iterable[Statement]) -> Iterator[Statement]:
    """The reasons that are printed; of a falsifier that only its own test shows, that the correction does not."""
    yield from (one for one in reasons if not isinstance(one, AggregationDiffers | Probabilities))
    if row.falsifier and row.holds and bundle.falsified[row.claim] == Falsified.UNDECIDED:
        yield NotAfterHolm(sum(one.falsifier for one in bundle.verdicts))


def _left(row: VerdictRow, name: str) -> LeftOut:
    return LeftOut(row.claim, name, word(mark(row)), sentences(decoded(row.reasons)))


def _unseen(row: VerdictRow) -> str:
    """The smallest difference that could have been seen, of a claim that is consistent."""
    if row.agreement != Agreement.CONSISTENT or row.detectable is None:
        return ""
    return text.unseen(formats.as_printed(row.detectable, _printed(row), 1) + difference_unit(row.unit))


def _smallest(row: VerdictRow) -> str:
    """The smallest tolerance that reproduces the claim."""
    value = row.smallest_tolerance
    if value is None:
        return formats.NONE
    if row.agreement == Agreement.EXACT:
        return text.ROUNDING
    return f"±{formats.as_printed(value, _printed(row), 1)}{difference_unit(row.unit)}"


def protocol_words(match: str | None, reasons: Iterable[Statement]) -> str:
    """How the protocol differs from the paper's: as the study declares it, and by its aggregation; or empty."""
    declared = [] if match in (None, "same", "differs") else [str(match)]
    return "; ".join([*declared, *(sentence(one) for one in reasons if isinstance(one, AggregationDiffers))])


def _printed(row: VerdictRow) -> str:
    """The published number; where none is printed, one with as many decimals as ours deserve."""
    if row.published or row.unit == "percent":
        return row.published or "0.0"
    size = max(abs(one) for one in (row.ours, *facts.ends(row), 0.0) if one is not None)
    if not in_unit_of_target(row.metric or "") or not size or 0.1 <= size < 1e4:
        return "0.000"
    power = math.floor(math.log10(size))
    return f"{size:.2e}" if power not in range(-4, 9) else f"{0:.{max(0, 2 - power)}f}"


def unit_words(unit: str | None) -> str:
    return f"{formats.THIN}%" if unit == "percent" else ""


def difference_unit(unit: str | None) -> str:
    return " pp" if unit == "percent" else ""


def _difference(row: VerdictRow) -> str:
    """Ours minus published in the claim's unit; of a comparison, one family minus the other in the metric's."""
    value, printed = row.difference, row.published
    if value is None or printed is None:
        return measure(row.metric or "").beside(value).difference(value)
    text = formats.as_printed(value, printed, 1)
    zero = float(text.replace(formats.MINUS, "-")) == 0
    return ("" if zero or value < 0 else "+") + text + difference_unit(row.unit)


def difference_interval(row: VerdictRow) -> str:
    """The interval that the judgement rests on; empty where none exists.

    Of ours less published; of a comparison without a published size, of the improvement itself.
    """
    if not facts.has_interval(row):
        return ""
    return "[{}, {}]".format(*(formats.as_printed(end, _printed(row), 1) for end in facts.ends(row)))


def _frozen(bundle: Bundle) -> Frozen | None:
    """What was frozen before the results; None where nothing shows it."""
    return bundle.provenance.frozen


def _without_interval(bundle: Bundle, rows: Sequence[VerdictRow]) -> str:
    """Why claims with a number of ours have no interval, each cause once; empty where all have one."""
    without = [row for row in rows if row.ours is not None and not facts.has_interval(row)]
    return "; ".join(dict.fromkeys(_why_no_interval(bundle, row) for row in without))


def _why_no_interval(bundle: Bundle, row: VerdictRow) -> str:
    """Why one claim has no interval, in a few words."""
    claim = bundle.claims.get(row.claim)
    if chance.Arithmetic.code in codes(row.reasons):
        return text.ARITHMETIC
    if claim is not None and claim.splits == "same":
        return text.SAME_SPLITS
    dataset = row.dataset or (next(iter(bundle.study.datasets)) if len(bundle.study.datasets) == 1 else None)
    if _drew_one_number(bundle, row, dataset):
        return text.ALWAYS_EQUAL
    scores = facts.estimates(bundle, row.metric) if row.metric else {}
    if dataset is not None and all(score.low is None for (name, _), score in scores.items() if name == dataset):
        return facts.no_interval_cause(bundle, dataset, row.metric or bundle.study.metrics.primary)
    return text.ERROR_UNKNOWN


def _drew_one_number(bundle: Bundle, row: VerdictRow, dataset: str | None) -> bool:
    """Whether several runs gave one number, so that only the rounding of the published one is left of the interval."""
    if row.low is None or row.published is None or facts.without_draws(row.reasons):
        return False
    return dataset is None or bundle.frame("folds").filter(dataset=dataset).height != 1


def what(bundle: Bundle, styles: Styles, row: VerdictRow) -> str:
    """What the claim is about, as a clause: the metric or the order, the data, our protocol for them."""
    unit, claim = measure(row.metric) if row.metric else None, bundle.claims.get(row.claim)
    subject, dataset = text.subject(row.kind, unit, row.dataset is not None, claim), row.dataset
    if dataset is not None:
        fitted = dataset in bundle.study.datasets and bundle.study.protocol_of(dataset) is not None
        protocol = [outer_words(bundle.study, dataset)] if fitted else []
        return ", ".join([subject + text.on([styles.dataset(dataset)]), *_side(bundle, row), *protocol])
    if len(styles.study.datasets) > 1 and row.kind != "statistic":
        named = claim.datasets if claim is not None else None
        return ", ".join([subject + text.over([styles.dataset(name) for name in named or ()]), *_side(bundle, row)])
    return subject


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
    words = text.FigureWords(
        measure=measure(group.metric),
        whose=text.WHOSE_EXPECTED if bundle.counted.own else text.WHOSE_PUBLISHED,
        dataset=styles.dataset(group.dataset) if group.dataset else None,
        percent=percent,
        relative=relative,
        claims=tuple(_line(names[row.claim], row) for row in rows),
        held=held(rows),
        has_interval=any(facts.has_interval(row) for row in rows),
        no_interval=_without_interval(bundle, rows),
    )
    marks = _told_apart([_mark(bundle, styles, row, relative) for row in rows], rows)
    name = "-".join(word for word in ("published", group.metric, group.unit, group.dataset) if word)
    body = published_vs_reproduced(marks, words.label, None if relative else _roof(group.metric, percent))
    return Figure(name, words.title, words.note, body, _table(names, rows))


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
    centre, interval = 0.0 if relative else published, facts.has_interval(row)
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


def _told_apart(marks: list[ClaimMark], rows: Sequence[VerdictRow]) -> list[ClaimMark]:
    """Marks of one label each with its published number."""
    labels = Counter((mark.label, mark.sub) for mark in marks)
    return [
        replace(mark, sub=text.beside(mark.sub, row.published or "")) if labels[mark.label, mark.sub] > 1 else mark
        for mark, row in zip(marks, rows, strict=True)
    ]


def _line(name: str, row: VerdictRow) -> str:
    printed = row.published or ""
    ours = None if row.ours is None else formats.as_printed(row.ours, printed, 1)
    return text.claim_line(name, printed, ours, mark(row))


def _table(names: dict[str, str], rows: Sequence[VerdictRow]) -> Table:
    body = tuple(
        (
            names[row.claim],
            row.published or "",
            formats.as_printed(row.ours, row.published or "", 1),
            difference_interval(row) or formats.NONE,
            formats.NONE if row.tolerance is None else formats.tolerance(row.tolerance),
            MARKS[mark(row)].word,
        )
        for row in rows
    )
    return Table(text.TABLE_HEAD, body)


SECTION = Section("claims", text.TITLE, claims, order=20)
