"""Counts of a study's claims, and what makes evidence weak."""

from __future__ import annotations

from bench.core.counting import Counted, Falsified, NumbersCompared, count_numbers
from bench.core.judgements import PROTOCOL, Agreement, VerdictRow
from bench.report import printed
from bench.report.bundle import Bundle
from bench.study.deviations import Deviation
from bench.text.marks import MARKS, mark_of

Counts = dict[str, int]


def mark(row: VerdictRow) -> str:
    """How a judgement is shown: a key of `marks.MARKS`."""
    return mark_of(row.status, row.agreement, row.evidence, control=row.control)


def departures(bundle: Bundle, row: VerdictRow) -> list[Deviation]:
    """The deviations that make the evidence of a claim less than strong."""
    claim = bundle.claims.get(row.claim)
    stated = () if claim is None else bundle.study.deviations_of(claim)
    return [deviation for deviation in stated if deviation.lowers]


def protocol_notes(bundle: Bundle, row: VerdictRow) -> list[str]:
    """How data or protocol of a claim differ from the paper's, in the words of the study."""
    found = departures(bundle, row)
    return [deviation.note for deviation in found if deviation.what in PROTOCOL]


def statuses(bundle: Bundle) -> Counts:
    """How many of the counted claims were not judged, by status: they are in no share, and are named apart."""
    left = [mark(row) for row in bundle.counted.left]
    return {key: left.count(key) for key in MARKS if key in left}


def surprises(bundle: Bundle) -> list[VerdictRow]:
    """What would falsify the author's expectation and holds, the clearest first."""
    rows = [
        row
        for row in bundle.counted.falsifiers
        if bundle.falsified[row.claim] == Falsified.HAPPENED
    ]
    return sorted(rows, key=lambda row: -abs(row.low or 0) / (row.tolerance or 1))


def compared(bundle: Bundle) -> NumbersCompared:
    """How the claims that count came out, and how many are left out: the counts of every place that shows any."""
    tables, count = printed.claimed(bundle), bundle.counted
    judged = (
        Counted(
            Agreement(str(row.agreement)),
            count.is_untested(row),
            tables.get(row.claim, (0, 0)),
        )
        for row in count.judged
    )
    return count_numbers(judged, len(count.left))
