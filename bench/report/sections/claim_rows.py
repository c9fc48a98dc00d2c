"""A claim as a row of a table: its numbers, its judgement, and why it was judged so."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.claims.falsifiers import true_together
from bench.core.counting import Falsified
from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import Statement, codes, decoded
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import mark
from bench.report.points import (
    difference_unit,
    distance_words,
    end_words,
    in_points,
    is_order,
    number_unit,
    ours_words,
    pattern,
    reason_with_numbers,
)
from bench.report.styles import Styles
from bench.report.text import claims as text
from bench.report.text.claim_names import EXPECTED
from bench.report.text.overview import lead
from bench.report.text.protocol import outer_words
from bench.study import Claim
from bench.text import chance, formats
from bench.text.compared import (
    MOST_NAMED,
    DifferenceFrom,
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
from bench.text.judgements import (
    EqualAsPrinted,
    HoldsByTheory,
    IntervalOpen,
    LesserEvidence,
    NoiseFloor,
    NoiseFloorGuessed,
    OutsideTolerance,
)
from bench.text.marks import (
    EXPECTATION,
    FALSIFIED,
    FALSIFIER,
    MARKS,
    expected_word,
    followed_words,
    lettered,
)
from bench.text.sentences import sentence, sentences
from bench.text.words import measure

#: Reasons that legend and columns say of every claim, of one with an interval, and of one without.
SAID = (
    chance.Repeats, EqualAsPrinted, HoldsByTheory, OutsideTolerance, LesserEvidence, NoiseFloor,
    NoiseFloorGuessed,
)  # fmt: skip
SAID_BY_INTERVAL = (
    *SAID,
    DirectionShown,
    DirectionOpen,
    EquivalenceShown,
    EquivalenceOpen,
    OtherWayRound,
)
SAID_WITHOUT = (*SAID, chance.NothingDrawn)


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
    repeats: chance.Repeats | None
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


def claim_shown(
    bundle: Bundle, styles: Styles, row: VerdictRow, name: str
) -> ClaimShown:
    """A claim as the table has it; one that would falsify the expectation has no mark, but says what became of it.

    Only a claim of a paper follows one: what the author expects does not.
    """
    row = in_points(row)
    claim, reasons = (
        bundle.claims.get(row.claim),
        tuple(map(styles.said, decoded(row.reasons))),
    )
    unit = number_unit(row)
    subject, protocol = what(bundle, styles, row), protocol_of(bundle, row)
    told = tuple(_told(bundle, styles, row, reasons))
    became = bundle.falsified.get(row.claim)
    return ClaimShown(
        id=row.claim,
        name=_beside_whose(row, name),
        what=", ".join([*subject, protocol] if protocol else subject),
        protocol=protocol,
        repeats=next((one for one in told if isinstance(one, chance.Repeats)), None),
        about=(*_unnamed(subject, styles, row), *_where(claim), *_against(row)),
        why=tuple(_brief(row, claim, became, told)),
        remarks=(),
        falsified=bundle.falsified[row.claim] if row.falsifier else None,
        flags=text.flags(claim),
        whose=whose_statement(row),
        published=text.published(row, unit, claim) or formats.NONE,
        ours=_ours(row, unit, reasons),
        lead=lead(of_best=is_from_best(row)),
        order=is_order(row),
        interval=difference_interval(row),
        of=_of_improvement(row),
        difference=_difference(row),
        smallest=_smallest(row),
        stated=_tolerance(bundle, row),
        mark="" if row.falsifier else mark(row),
        word=shown_word(bundle, row),
        grade=str(row.evidence),
        follows=follows(row),
        reason=sentences(told),
        unseen=_unseen(row),
    )


def follows(row: VerdictRow) -> str:
    """How closely a judged claim of a paper follows it; empty of others."""
    if row.evidence is None or row.source != "paper":
        return ""
    return followed_words(row.evidence, row.doubted)


def foot_of(rows: Iterable[VerdictRow]) -> str:
    """What the letters stand for that are in the column of these claims."""
    return lettered(doubt for row in rows if follows(row) for doubt in row.doubted)


def whose_numbers(rows: Iterable[VerdictRow]) -> str:
    """Whose numbers ours are compared with in a table of these claims; nobody expects that of a falsifier."""
    rows = tuple(rows)
    numbers = [row for row in rows if row.published is not None] or rows
    if all(row.source == "paper" for row in numbers):
        return text.WHOSE_PUBLISHED
    expected = all(row.source == "author" and not row.falsifier for row in numbers)
    return text.WHOSE_EXPECTED if expected else text.WHOSE_STATED


def whose_statement(row: VerdictRow) -> str:
    """What a claim of the author is called before its name; empty of a claim of a paper."""
    return FALSIFIER if row.falsifier else EXPECTATION if row.source == "author" else ""


def shown_word(bundle: Bundle, row: VerdictRow) -> str:
    """The word of a judgement: of a claim of a paper that of its mark, else how it came out for the author."""
    if row.falsifier:
        return FALSIFIED[bundle.falsified[row.claim]].capitalize()
    return (
        expected_word(mark(row)).capitalize()
        if row.source == "author"
        else MARKS[mark(row)].word
    )


def what(bundle: Bundle, styles: Styles, row: VerdictRow) -> list[str]:
    """What the claim is about: the metric or the order with the data, and the rows."""
    unit, claim = (
        measure(row.metric) if row.metric else None,
        bundle.claims.get(row.claim),
    )
    subject, dataset = (
        text.subject(row.kind, unit, claim),
        row.dataset,
    )
    if dataset is not None:
        return [subject + text.on([styles.dataset(dataset)]), *side(bundle, row)]
    if len(styles.study.datasets) > 1 and shape_of(row.kind).number != "statistic":
        named = claim.datasets if claim is not None else None
        return [
            subject + text.over([styles.dataset(name) for name in named or ()]),
            *side(bundle, row),
        ]
    return [subject]


def protocol_of(bundle: Bundle, row: VerdictRow) -> str:
    """Our protocol for the data of a claim; empty of several datasets, and of what was fitted elsewhere."""
    name = row.dataset
    known = (
        name is not None
        and name in bundle.study.datasets
        and bundle.study.protocol_of(name) is not None
    )
    if not known or name is None:
        return ""
    alike = [
        d
        for d in bundle.datasets
        if _resampling(bundle, d) == _resampling(bundle, name)
    ]
    return outer_words(bundle.study, name, facts.repeats_run(bundle, alike))


def difference_interval(row: VerdictRow) -> str:
    """The interval that the judgement rests on; empty where none exists.

    Of ours less published; of a comparison without a published size, of the improvement itself.
    """
    if not judged_by.has_interval(row):
        return ""
    return formats.interval(*judged_by.ends(row), lambda end: end_words(row, end))


def without_interval(bundle: Bundle, rows: Sequence[VerdictRow]) -> str:
    """Why claims with a number of ours have no interval, each cause once; empty where all have one."""
    numbers = (row for row in rows if row.ours is not None and not is_order(row))
    without = [row for row in numbers if not judged_by.has_interval(row)]
    return ", or ".join(dict.fromkeys(_why_no_interval(bundle, row) for row in without))


def _ours(row: VerdictRow, unit: str, reasons: Iterable[Statement]) -> str:
    """Our number; of an order, which has none, the order that was found."""
    if is_order(row):
        return next(
            (one.ours for one in reasons if isinstance(one, RankingsCompared)),
            formats.NONE,
        )
    return ours_words(row) + (unit if row.ours is not None else "")


def _of_improvement(row: VerdictRow) -> str:
    """What the interval of a comparison is of that has no published size, or that was not judged by it."""
    sizeless = (
        row.published is None or row.difference is None
    ) and judged_by.has_interval(row)
    return text.of_improvement(judged_by.is_direction(row)) if sizeless else ""


def _beside_whose(row: VerdictRow, name: str) -> str:
    """The name of a claim where `whose_statement` stands before it, which says that it is expected."""
    return name.removesuffix(f", {EXPECTED}") if whose_statement(row) else name


def _unnamed(
    subject: Sequence[str], styles: Styles, row: VerdictRow
) -> tuple[str, ...]:
    """What a claim is about, without the dataset where its name has it."""
    first, *rest = subject
    named = row.dataset is not None and len(styles.study.datasets) > 1
    return (
        first.removesuffix(text.on([styles.dataset(row.dataset or "")]))
        if named
        else first,
        *rest,
    )


def _where(claim: Claim | None) -> tuple[str, ...]:
    """Where the number of a paper stands, or whence the author knows it, if that is known."""
    if claim is None or not claim.where:
        return ()
    return (text.source(claim.where) if claim.source == "paper" else claim.where,)


def is_from_best(row: VerdictRow) -> bool:
    """Whether the numbers of a claim are differences from the best other model."""
    from_another = DifferenceFrom.code in codes(row.reasons)
    return shape_of(row.kind).beats_all and not from_another


def _against(row: VerdictRow) -> tuple[str, ...]:
    """With what model the difference of a claim is, where its name has none."""
    return (text.AGAINST_BEST,) if is_from_best(row) and row.ours is not None else ()


def _tolerance(bundle: Bundle, row: VerdictRow) -> str:
    """The tolerance of a claim, unless it is the one that stands above the table."""
    if _as_usual(bundle, row):
        return ""
    claim = bundle.claims.get(row.claim)
    own = claim is not None and claim.tolerance is not None
    return text.stated(row.tolerance or 0.0, difference_unit(row.unit), own=own)


def _as_usual(bundle: Bundle, row: VerdictRow) -> bool:
    """Whether a claim has the tolerance that the study states for its metric, which stands above the table."""
    stated = (
        bundle.study.tolerance.parameters.get(row.metric or "")
        if bundle.study.tolerance
        else None
    )
    if row.tolerance is None:
        return True
    scale = 100 if row.unit == "percent" else 1
    return stated is not None and math.isclose(
        row.tolerance, scale * float(stated), rel_tol=1e-9
    )


def _brief(
    row: VerdictRow,
    claim: Claim | None,
    became: Falsified | None,
    reasons: Iterable[Statement],
) -> Iterator[str]:
    """The reasons of a claim that neither the legend nor another column of the table says."""
    interval, one_sided = (
        judged_by.has_interval(row),
        claim is not None and claim.splits == "other_sample",
    )
    for one in reasons:
        if one_sided and isinstance(one, DirectionShown | DirectionOpen):
            yield text.one_sided(sentence(one))
        elif not isinstance(
            one, SAID_BY_INTERVAL if interval else SAID_WITHOUT
        ) and not _says_more(one, interval):
            yield sentence(one)
    other_side = (
        interval
        and (judged_by.ends(row)[1] or 0) < 0
        and row.agreement != Agreement.DIFFERS
    )
    undecided = became == Falsified.UNDECIDED and shape_of(row.kind).beats_all
    if other_side and undecided:
        yield text.ONLY_BEFORE_HOLM


def _says_more(one: Statement, interval: bool) -> bool:
    """Whether an interval, or the legend, says more than a reason."""
    match one:
        case IntervalOpen():
            return one.leaves != "narrowly"
        case NotShownToBeat():
            return interval and len(one.families) > MOST_NAMED
    return False


def _told(
    bundle: Bundle, styles: Styles, row: VerdictRow, reasons: Iterable[Statement]
) -> Iterator[Statement]:
    """The reasons that are printed; of a falsifier that only its own test decides, that the correction does not.

    Of a pair on one test set without an error rate, what its test on the rows says."""
    tested = facts.on_test_rows(bundle, row)
    for one in reasons:
        if not isinstance(one, Probabilities):
            yield (
                tested
                if tested is not None and isinstance(one, NoErrorRate)
                else reason_with_numbers(row, one)
            )
    decided = row.holds or row.agreement == Agreement.DIFFERS
    if row.falsifier and decided and bundle.falsified[row.claim] == Falsified.UNDECIDED:
        judged = [one for one in bundle.counted.falsifiers if one.agreement is not None]
        tests = len(judged) if row.holds else true_together(bundle.study, judged)
        of_two = shape_of(row.kind).beats_one
        ahead = (row.family if row.holds else row.against) if of_two else None
        yield NotAfterHolm(
            tests,
            opposite=not row.holds,
            ahead=styles.family(ahead).title if ahead else None,
        )


def _unseen(row: VerdictRow) -> str:
    """The smallest difference that could have been seen, of a claim that fits."""
    if row.agreement != Agreement.FITS or row.detectable is None:
        return ""
    return text.unseen(
        formats.as_printed(row.detectable, pattern(row), 1) + difference_unit(row.unit)
    )


def _smallest(row: VerdictRow) -> str:
    """The smallest tolerance that reproduces the claim, rounded up: as printed it does reproduce it."""
    value = row.smallest_tolerance
    if value is None:
        return formats.NONE
    if row.agreement == Agreement.EXACT:
        return text.ROUNDING
    return f"±{formats.as_printed(value, pattern(row), 1, rounding=ROUND_UP)}{difference_unit(row.unit)}"


def _difference(row: VerdictRow) -> str:
    """Ours minus published in the claim's unit; of a comparison, one family minus the other in the metric's."""
    value = row.difference
    if value is None or row.published is None:
        return measure(row.metric or "").beside(value).difference(value)
    text = distance_words(row)
    zero = float(text.replace(formats.MINUS, "-")) == 0
    return ("" if zero or value < 0 else "+") + text + difference_unit(row.unit)


def _why_no_interval(bundle: Bundle, row: VerdictRow) -> str:
    """Why one claim has no interval, in a few words."""
    claim = bundle.claims.get(row.claim)
    if (why := judged_by.why_no_interval(row)) is not None:
        return text.NO_INTERVAL[why]
    if claim is not None and claim.splits == "same":
        return text.SAME_SPLITS
    dataset = row.dataset or (
        next(iter(bundle.study.datasets)) if len(bundle.study.datasets) == 1 else None
    )
    undrawn = chance.NothingDrawn.code in codes(row.reasons)
    if dataset is not None and row.metric is not None:
        here = [
            one
            for (name, _), one in facts.estimates(bundle, row.metric).items()
            if name == dataset
        ]
        if here and (undrawn or all(one.low is None for one in here)):
            return facts.no_interval_cause(bundle, dataset, row.metric)
    return text.NO_SPLIT_DRAWN if undrawn else text.ERROR_UNKNOWN


def _resampling(bundle: Bundle, dataset: str) -> object:
    protocol = bundle.study.protocol_of(dataset)
    return None if protocol is None else protocol.resampling


def side(bundle: Bundle, row: VerdictRow) -> list[str]:
    """`training rows` or `inner folds` where a claim is about those."""
    claim = bundle.claims.get(row.claim)
    return (
        [text.SIDES[claim.side]]
        if claim is not None and claim.side in text.SIDES
        else []
    )
