"""All numbers: every claim with its verdict and why; what does not count beside them; and all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.claims.falsifiers import true_together
from bench.core.counting import Falsified
from bench.core.judgements import Agreement, Evidence, VerdictRow
from bench.core.outcomes import Statement, codes, decoded
from bench.report import facts, printed
from bench.report.blocks import (
    Block,
    Cell,
    Details,
    Facts,
    Paragraph,
    Sign,
    Table,
)
from bench.report.bundle import Bundle
from bench.report.claim_names import claim_names
from bench.report.counts import compared, surprises
from bench.report.first.verdicts import (
    NUMBER,
    difference,
    left_out,
    new_rows,
    ours,
    sign_of,
)
from bench.report.points import (
    difference_unit,
    in_points,
    is_order,
    printed_words,
    reason_with_numbers,
)
from bench.report.reader import tolerance_rule
from bench.report.section import Section
from bench.report.sections.preregistration import NOT_FROZEN
from bench.report.sections.printed import badge
from bench.report.styles import Styles, styles_of
from bench.report.values import Value, count
from bench.scores.design import refutation_alpha_of
from bench.stats.adjust import holm
from bench.text import chance, formats
from bench.text.compared import (
    DirectionOpen,
    DirectionShown,
    EquivalenceOpen,
    EquivalenceShown,
    NoErrorRate,
    NotAfterHolm,
    OtherWayRound,
    Probabilities,
    RankingsCompared,
)
from bench.text.judgements import (
    P_OF_HALVES,
    ByHalves,
    EqualAsPrinted,
    HoldsByTheory,
    IntervalOpen,
    LesserEvidence,
    NoiseFloor,
    NoiseFloorGuessed,
    OutsideTolerance,
)
from bench.text.marks import FOLLOWS, MARKS, followed_words, lettered
from bench.text.sentences import sentences
from bench.text.words import measure

#: Of more claims that share a note the others are counted.
MOST_NAMED = 5
HEAD = (
    "Claim",
    "Here",
    "Printed",
    "Ours",
    "Ours − printed",
    "Model − model",
    "Tolerance",
    FOLLOWS,
    "Why",
)
#: Reasons that the verdict, or another column, says.
_SAID = (
    chance.Repeats, EqualAsPrinted, HoldsByTheory, OutsideTolerance, LesserEvidence, NoiseFloor,
    NoiseFloorGuessed, Probabilities, chance.NothingDrawn, chance.Arithmetic,
    chance.StatisticErrorUnknown, ByHalves,
)  # fmt: skip
#: Those that an interval says too.
_DRAWN = (
    DirectionShown, DirectionOpen, EquivalenceShown, EquivalenceOpen, OtherWayRound,
)  # fmt: skip
_INTERVALS = (
    "Intervals: ours − printed 90 %, with the random error of the printed number where it has one; "
    "model − model 95 % where a direction was judged, else 90 %."
)
_FALSIFIERS = (
    "A falsifier happens if a test shows it, and is ruled out if a test shows the opposite; tested together, "
    "each p is corrected by Holm. If one happens, the expectation is refuted."
)
_CAPTIONS = {
    "claims": "Claims, and what became of them",
    "expectations": "Expectations of the author, and falsifiers",
}
_MEANS = {sign.words: MARKS[str(one)].meaning for one, sign in NUMBER.items()}


def claims(bundle: Bundle) -> Iterator[Block]:
    """The tolerance; in one fold all claims, those that do not count, and all together."""
    count_ = bundle.counted
    beside = tuple(dict.fromkeys((*surprises(bundle), *count_.expected, *count_.falsifiers)))  # fmt: skip
    if not count_.claims and not beside:
        return
    yield from _state_tolerance(bundle)
    folded: list[Block] = []
    if count_.judged:
        folded.append(_tabulate(bundle, count_.judged, "claims"))
    if beside:
        folded += [Paragraph("Not counted: what the study's author expects, and what would falsify it.")]  # fmt: skip
        folded.append(_tabulate(bundle, beside, "expectations"))
    folded += _facts("Not judged", _left(bundle)) + _facts("Notes on single claims", _notes(bundle))  # fmt: skip
    together = sum_up_claims(bundle) if len(bundle.verdicts) > 1 else []
    folded += _facts("Together", together)
    yield Details(f"All numbers, why each was judged so: {len(bundle.verdicts)}", tuple(folded), "numbers")  # fmt: skip


def _facts(title: str, rows: Sequence[tuple[str, Cell]]) -> list[Block]:
    return [Paragraph(f"{title}:"), Facts(tuple(rows))] if rows else []


def _state_tolerance(bundle: Bundle) -> Iterator[Block]:
    """What the study calls close, why, and whether that was fixed before the results."""
    stated = bundle.study.tolerance
    if stated is None:
        return
    close = [
        f"±{measure(metric).size(float(value))} {measure(metric).word}"
        for metric, value in stated.parameters.items()
    ]
    record = bundle.provenance.frozen
    changed = record is not None and any(
        one.section in ("tolerance", "claims") for one in record.meant
    )
    fixed = "Fixed before the results."
    if record is None:
        fixed = NOT_FROZEN
    elif changed:
        fixed = "Fixed before the results, and changed since."
    why = stated.why.removesuffix(".")
    yield Paragraph(f"Tolerance: {', '.join(close)}. Why: {why}. {fixed}")


def _tabulate(bundle: Bundle, rows: Sequence[VerdictRow], name: str) -> Table:
    """A row a claim, without the columns in which all are empty."""
    styles = styles_of(bundle)
    cells = [_cells(bundle, styles, row) for row in rows]
    kept = [i for i in range(len(HEAD)) if any(row[i] != "" for row in cells)]
    return Table(
        tuple(HEAD[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in cells),
        _CAPTIONS[name],
        tuple(filter(None, _explain(bundle, rows))),
        id=name,
    )


def _explain(bundle: Bundle, rows: Sequence[VerdictRow]) -> Iterator[str]:
    """What verdicts, intervals, letters and falsifiers mean, as far as these rows have any."""
    signs = {sign_of(bundle, row).words for row in rows if row.published is not None}
    yield from (f"{words}: {_MEANS[words]}." for words in _MEANS if words in signs)
    yield from _explain_intervals(bundle, rows)
    papers = [row for row in rows if row.source == "paper" and row.evidence is not None]
    yield lettered(doubt for row in papers for doubt in row.doubted)
    yield _FALSIFIERS if any(row.falsifier for row in rows) else ""


def _explain_intervals(bundle: Bundle, rows: Sequence[VerdictRow]) -> Iterator[str]:
    """Of what and at which level they are, and why some rows have none."""
    if any(new_rows(bundle, row) != (None, None) for row in rows):
        yield "Interval of ours: 95 %, for new rows."
    if any(map(judged_by.has_interval, rows)):
        yield _INTERVALS
    why = dict.fromkeys(_no_interval(bundle, row) for row in rows)
    if any(why):
        yield f"No interval: {'; '.join(filter(None, why))}."
    if any(ByHalves.code in codes(row.reasons) for row in rows):
        yield f"Tested by SHARP: {P_OF_HALVES}."


def _cells(bundle: Bundle, styles: Styles, row: VerdictRow) -> tuple[Cell, ...]:
    row = in_points(row)
    name = claim_names(bundle, styles)[row.claim]
    name = f"Falsifier: {name}" if row.falsifier else name
    bare = row.published is None and not is_order(row)
    return (
        name,
        judge(bundle, row),
        _printed(bundle, row),
        _ours(bundle, styles, row),
        "" if row.published is None else difference(row),
        difference(row) if bare and row.ours is not None else "",
        "" if row.tolerance is None
        else f"±{formats.tolerance(row.tolerance)}{difference_unit(row.unit)}",
        followed_words(row.evidence, row.doubted)
        if row.evidence is not None and row.source == "paper" else "",
        sentences(_why(bundle, styles, row)),
    )  # fmt: skip


def judge(bundle: Bundle, row: VerdictRow) -> Sign:
    """The verdict; with a rule where a reader's tolerance gives another one; of a printed table how many follow."""
    if counted := printed.claimed(bundle).get(row.claim):
        exact, numbers = counted
        kind = "holds" if exact == numbers else "mixed" if exact else "off"
        return Sign(kind, badge(exact, numbers))
    sign, rule = sign_of(bundle, row), tolerance_rule(row)
    if rule is None or sign not in NUMBER.values():
        return sign
    return replace(sign, rule=(rule.above, rule.below, rule.apart, row.tolerance or 0.0))  # fmt: skip


def _printed(bundle: Bundle, row: VerdictRow) -> Cell:
    claim = bundle.claims.get(row.claim)
    if counted := printed.claimed(bundle).get(row.claim):
        return count(counted[1])
    if row.printed is not None:
        return printed_words(row)
    if row.published is None or "e" in row.published.lower():
        return row.published or ""
    unit = "%" if row.unit == "percent" else ""
    if shape_of(row.kind).number == "difference":
        unit = difference_unit(row.unit).strip()
    number = Value(float(row.published), unit, formats.decimals_of(row.published))
    bound = None if claim is None else claim.bound
    return ("> " if bound == "lower" else "< ", number) if bound else number


def _ours(bundle: Bundle, styles: Styles, row: VerdictRow) -> Cell:
    """Our number; of an order the one that was found; a bare comparison has its own column."""
    if counted := printed.claimed(bundle).get(row.claim):
        return count(counted[0])
    if is_order(row):
        found = (styles.said(one) for one in decoded(row.reasons))
        orders = [one.ours for one in found if isinstance(one, RankingsCompared)]
        return orders[0] if orders else ""
    return "" if row.published is None else ours(bundle, row)


def _why(bundle: Bundle, styles: Styles, row: VerdictRow) -> Iterator[Statement]:
    """The reasons that neither the verdict nor another column says."""
    tested, interval = facts.on_test_rows(bundle, row), judged_by.has_interval(row)
    for one in map(styles.said, decoded(row.reasons)):
        if isinstance(one, _SAID) or (interval and _is_drawn(one)):
            continue
        if tested is not None and isinstance(one, NoErrorRate):
            yield tested
        else:
            yield reason_with_numbers(row, one)
    decided = row.holds or row.agreement == Agreement.DIFFERS
    undecided = bundle.falsified.get(row.claim) == Falsified.UNDECIDED
    if row.falsifier and decided and undecided:
        yield _not_after_holm(bundle, styles, row)


def _is_drawn(one: Statement) -> bool:
    """Whether an interval says it too."""
    open_ = isinstance(one, IntervalOpen) and one.leaves != "narrowly"
    return open_ or isinstance(one, _DRAWN)


def _not_after_holm(bundle: Bundle, styles: Styles, row: VerdictRow) -> NotAfterHolm:
    """Of a falsifier that only its own test decides: that the correction does not."""
    judged = [one for one in bundle.counted.falsifiers if one.agreement is not None]
    tests = len(judged) if row.holds else true_together(bundle.study, judged)
    of_two = shape_of(row.kind).beats_one
    ahead = (row.family if row.holds else row.against) if of_two else None
    title = styles.family(ahead).title if ahead else None
    return NotAfterHolm(tests, opposite=not row.holds, ahead=title)


#: By `judged_by.why_no_interval`.
_NO_INTERVAL = {
    "arithmetic": "arithmetic on numbers as they stand",
    "statistic": "the error of a statistic of these scores is not known",
    "sizes_alone": "the numbers of datasets and models decide alone",
    "few_datasets": "so few datasets have no 95 % interval",
    "equal_runs": "every run gave the same number",
}


def _no_interval(bundle: Bundle, row: VerdictRow) -> str:
    """Why a claim with a number of ours has none; empty where it has one."""
    if row.ours is None or is_order(row) or judged_by.has_interval(row):
        return ""
    if (why := judged_by.why_no_interval(row)) is not None:
        return _NO_INTERVAL[why]
    claim = bundle.claims.get(row.claim)
    if claim is not None and claim.splits == "same":
        return "the splits are the paper's own"
    places = [row.dataset] if row.dataset else list(bundle.study.datasets)
    if len(places) == 1 and row.metric is not None and places[0] in bundle.datasets:
        return facts.no_interval_cause(bundle, places[0], row.metric)
    return "the standard error is unknown"


def _left(bundle: Bundle) -> list[tuple[str, Cell]]:
    """The claims that count and were not judged, those of one reason together."""
    names = claim_names(bundle, styles_of(bundle))
    found: dict[str, list[str]] = {}
    for row in bundle.counted.left:
        reason = sentences(decoded(row.reasons)) or MARKS[str(row.status)].word
        found.setdefault(reason, []).append(names[row.claim])
    return [(f"{reason}: {len(same)}", _some(same)) for reason, same in found.items()]  # fmt: skip


def _notes(bundle: Bundle) -> list[tuple[str, Cell]]:
    """What the study says of single claims, and where their numbers stand; what many share stands once."""
    names = claim_names(bundle, styles_of(bundle))
    found: dict[str, list[str]] = {}
    for row in bundle.verdicts:
        claim = bundle.claims.get(row.claim)
        for note in (claim.where, claim.note) if claim is not None else ():
            if note:
                found.setdefault(note, []).append(names[row.claim])
    every = len(bundle.verdicts)
    return [
        ("all" if len(same) == every else _some(same), note)
        for note, same in found.items()
    ]


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more


def sum_up_claims(bundle: Bundle) -> list[tuple[str, Cell]]:
    """What is counted over all claims, and the counts."""
    numbers = compared(bundle)
    if not numbers.compared:
        return []
    hold = "As expected" if bundle.counted.own else "Hold"
    lines = [
        (hold, _of(numbers.held, numbers.compared)),
        ("Differ", _of(numbers.differ, numbers.compared)),
        ("Open", _of(numbers.open, numbers.compared)),
        *_refuted(bundle),
    ]
    lines += [(f"Not counted, {word}", str(n)) for word, n in left_out(numbers).items()]
    whole = [row for row in bundle.whole if row.family is None]
    if comparisons := sum(row.comparisons for row in whole):
        alike = sum(row.alike for row in whole)
        lines.append(("Comparisons of two models that point the same way as printed", _of(alike, comparisons)))  # fmt: skip
    return lines


def _refuted(bundle: Bundle) -> Iterable[tuple[str, Cell]]:
    """Of the claims that a test could refute those that it did; falsifiers say what refutes an expectation."""
    tested = [
        row
        for row in bundle.counted.claims
        if row.evidence == Evidence.STRONG and judged_by.can_be_refuted(row)
    ]
    if not tested or (bundle.counted.own and bundle.falsified):
        return
    adjusted = holm(np.array([row.p for row in tested], dtype=float))
    refuted = np.array([row.agreement == Agreement.DIFFERS for row in tested])
    after = refuted & (adjusted < refutation_alpha_of(bundle.study))
    said = _of(int(refuted.sum()), len(tested))
    if refuted.any():
        said += f"; after Holm {int(after.sum())}"
    yield "Refuted, of those that a test could refute", said


def _of(some: int, total: int) -> str:
    return f"{some} of {total}"


SECTION = Section("claims", "All numbers", claims, order=20)
