"""What the paper concludes, or the author expected, how it came out, and the number: at most five rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bench.core.answers import AnswerRow, NoAnswer
from bench.core.judgements import VerdictRow
from bench.diagnose.run_all import title_of
from bench.report import facts, printed
from bench.report.blocks import Cell, Sign, Table, Term
from bench.report.bundle import Bundle
from bench.report.counts import compared
from bench.report.first.headline import is_own
from bench.report.first.verdicts import (
    AS_A_WHOLE,
    difference,
    find_pair,
    ours,
    sign_of,
    sign_of_counts,
    sum_up,
    told,
    warned,
    words_of,
)
from bench.report.points import printed_words
from bench.report.styles import Styles, styles_of
from bench.report.values import Value, gain
from bench.study.models import Conclusion
from bench.text import formats
from bench.text.words import measure

MOST = 5
#: What the intervals of a column are.
_NOTES = {
    2: "ours, 95 %, for new rows",
    3: "ours − printed, 90 %",
    4: "two models, 95 %, of a claim the one that judges it",
}
_SCATTER = Term(
    "noise", "root mean square of difference / standard error; noise alone gives 1"
)
UNTESTED = Sign("untested", "not tested")
#: Scatter up to here is what noise predicts.
_NOISY = 1.25


@dataclass(frozen=True)
class ConclusionRow:
    """A row; the last three cells are empty where they have no meaning."""

    says: str
    sign: Sign
    ours: Cell = ""
    printed: Cell = ""
    models: Cell = ""


def conclusions(bundle: Bundle) -> Table | None:
    """The table; None where nothing was claimed or compared."""
    rows = tuple(_rows(bundle))[:MOST]
    if not rows:
        return None
    heads = [
        "Planted fault" if bundle.study.planted else _head(bundle),
        "Here",
        "Ours",
        f"Ours − {'expected' if bundle.counted.own else 'printed'}{_tolerance(bundle)}",
        "Model − model",
    ]
    cells = [
        (_unbroken(one.says), one.sign, one.ours, one.printed, one.models)
        for one in rows
    ]
    kept = [i for i in range(len(heads)) if i < 2 or any(row[i] != "" for row in cells)]
    return Table(
        tuple(heads[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in cells),
        notes=_notes([[row[i] for row in cells] for i in kept], kept),
        id="conclusions",
    )


def _unbroken(says: str) -> str:
    """A number stays beside its percent sign."""
    return says.replace(" %", f"{formats.THIN}%")


def _notes(columns: list[list[Cell]], kept: list[int]) -> tuple[str, ...]:
    """At which level the intervals are, of the columns that have any."""
    said = [
        _NOTES[place]
        for place, column in zip(kept, columns, strict=True)
        if any(isinstance(one, Value) and one.low is not None for one in column)
    ]
    return (f"Intervals: {'; '.join(said)}.",) if said else ()


def _head(bundle: Bundle) -> str:
    return "Question" if is_own(bundle) else "The paper says"


def _tolerance(bundle: Bundle) -> str:
    """` (±1 pp)`, if it is one of all numbers."""
    rows = [row for row in bundle.counted.tested if row.published is not None]
    limits = {(row.tolerance, row.unit) for row in rows if row.tolerance is not None}
    if len(limits) != 1:
        return ""
    ((limit, unit),) = limits
    space = "\N{NO-BREAK SPACE}"
    return f" (±{formats.tolerance(limit)}{f'{space}pp' if unit == 'percent' else ''})"


def _rows(bundle: Bundle) -> Iterator[ConclusionRow]:
    styles = styles_of(bundle)
    if bundle.study.planted:
        yield from _faults(bundle, styles)
        return
    for one in bundle.study.concludes:
        yield from _conclude(bundle, styles, one)
    if not bundle.study.concludes:
        yield from _claims(bundle, styles)
    simple = bundle.study.simple
    best = _best_other(bundle, simple) if is_own(bundle) else None
    if simple is not None and best is not None:
        says = f"{styles.brief(best)}, the best other, against {styles.brief(simple)}"
        yield _compare(bundle, styles, says, (best, simple))


def _best_other(bundle: Bundle, simple: str | None) -> str | None:
    """The model with the best mean, or mean rank, but for the simple one."""
    unit, places = facts.primary(bundle), facts.places(bundle)
    order = facts.by_ranks(bundle, unit.name)
    if len(places) == 1:
        means = facts.means_on(bundle, places[0], unit.name)
        order = tuple(sorted(means, key=lambda name: unit.loss(means[name].value)))
    return next((name for name in order if name != simple), None)


def _conclude(
    bundle: Bundle, styles: Styles, one: Conclusion
) -> Iterator[ConclusionRow]:
    if one.pair is not None:
        yield _compare(bundle, styles, one.says, one.pair)
    elif one.numbers:
        yield from _numbers(bundle, one.says)
    else:
        names = one.claims or ()
        rows = [row for row in bundle.verdicts if row.claim in names]
        yield _judge(bundle, one.says, rows)


def _compare(
    bundle: Bundle, styles: Styles, says: str, names: tuple[str, str]
) -> ConclusionRow:
    pair = find_pair(bundle, *names)
    first, second = map(styles.brief, names)
    sign = {
        "better": Sign("holds", f"{first} is better"),
        "worse": Sign("off", f"{second} is better"),
        "equal": Sign("holds", "practically equal"),
        "unknown": Sign("open", "no difference shown"),
        "untested": Sign("untested", "no test"),
    }[told(bundle, pair)]
    if pair is None:
        return ConclusionRow(says, sign)
    places, unit = facts.places(bundle), facts.primary(bundle)
    unit = facts.beside(bundle, unit, places[0], *names) if len(places) == 1 else unit
    number = gain(unit, pair.difference, pair.low, pair.high)
    return ConclusionRow(says, sign, models=number)


def _numbers(bundle: Bundle, says: str) -> Iterator[ConclusionRow]:
    """The printed numbers of each metric as a whole where there is an answer, then one by one."""
    every = [row for row in bundle.whole if row.family is None]
    answered = False
    for row in every:
        name = f"{says}, {measure(row.metric).word}" if len(every) > 1 else says
        if row.why_not == NoAnswer.SUBSTITUTED:
            yield ConclusionRow(f"{name}, {row.numbers} by another method", UNTESTED)
            continue
        if row.answer is None:
            continue
        answered = True
        yield ConclusionRow(name, AS_A_WHOLE[row.answer], printed=mean_of(row))
        if row.scatter is not None and len(every) == 1:
            noisy = row.scatter <= _NOISY
            words = "as noise predicts" if noisy else "more than noise"
            cells = (Value(row.scatter), " times ", _SCATTER)
            sign = Sign("holds" if noisy else "off", words)
            yield ConclusionRow("How far they scatter", sign, printed=cells)
    if compared(bundle).compared:
        name = "The same, one by one" if answered else says
        yield ConclusionRow(name, _counts(bundle))


def mean_of(row: AnswerRow) -> Value:
    """The mean of ours - printed over datasets, with two digits behind those of the tolerance."""
    unit = "pp" if row.unit == "percent" else ""
    tolerance = 1.0 if row.in_tolerances else row.tolerance or 1.0
    digits = max(0, 2 - math.floor(math.log10(tolerance)))
    unit = "tolerances" if row.in_tolerances else unit
    return Value(row.mean, unit, digits, True, row.low, row.high)


def _counts(bundle: Bundle) -> Sign:
    numbers = compared(bundle)
    return Sign(sign_of_counts(numbers).kind, words_of(numbers))


def _judge(bundle: Bundle, says: str, rows: list[VerdictRow]) -> ConclusionRow:
    """One claim with its numbers, or the counts of several."""
    tables = printed.claimed(bundle)
    counted = [tables[row.claim] for row in rows if row.claim in tables]
    if counted:
        exact = sum(one for one, _ in counted)
        total = sum(number for _, number in counted)
        kind = "holds" if exact == total else "mixed" if 2 * exact > total else "off"
        words = f"{formats.count(exact)} of {formats.count(total)} follow"
        return ConclusionRow(says, Sign(kind, words))
    if len(rows) != 1:
        return ConclusionRow(says, sum_up([sign_of(bundle, row) for row in rows]))
    (row,) = rows
    sign = sign_of(bundle, row)
    if row.agreement is None:
        return ConclusionRow(says, sign)
    if row.published is None:
        return ConclusionRow(says, sign, models=difference(row))
    return ConclusionRow(says, sign, ours(bundle, row), difference(row))


def _claims(bundle: Bundle, styles: Styles) -> Iterator[ConclusionRow]:
    """Without a stated conclusion: central claims, else all if they are few, else how many came out."""
    rows = bundle.counted.judged
    central = [row for row in rows if _is_central(bundle, row)]
    shown = list(central or rows)
    if 0 < len(shown) <= MOST:
        for row in shown:
            yield _judge(bundle, name_claim(bundle, styles, row), [row])
    elif central:
        signs = [sign_of(bundle, row) for row in central]
        yield ConclusionRow(f"The {len(central)} central claims", sum_up(signs))
    elif rows:
        yield ConclusionRow("All claims", _counts(bundle))
    if bundle.counted.falsifiers:
        name = "What would falsify the expectation"
        yield _judge(bundle, name, list(bundle.counted.falsifiers))


def _is_central(bundle: Bundle, row: VerdictRow) -> bool:
    claim = bundle.claims.get(row.claim)
    return claim is not None and claim.central


def name_claim(bundle: Bundle, styles: Styles, row: VerdictRow) -> str:
    """Model, data and what is printed: `1-NN, Wine: 96.1 %`."""
    parts = [styles.brief(row.family)] if row.family else []
    if row.against:
        parts.append(f"against {styles.brief(row.against)}")
    if row.dataset and len(bundle.datasets) > 1:
        parts.append(styles.dataset(row.dataset))
    if row.published is None:
        return ", ".join(parts) or row.claim
    return f"{', '.join(parts) or row.claim}: {printed_words(row)}"


def _faults(bundle: Bundle, styles: Styles) -> Iterator[ConclusionRow]:
    raised = warned(bundle)
    for dataset, check in (bundle.study.planted or {}).items():
        there = (dataset, check) in raised
        sign = Sign("holds", "found") if there else Sign("off", "not found")
        yield ConclusionRow(f"{styles.dataset(dataset)}: {title_of(check)}", sign)
    others = raised - set((bundle.study.planted or {}).items())
    sign = Sign("off", f"{len(others)}") if others else Sign("holds", "none")
    yield ConclusionRow("Other warnings", sign)
