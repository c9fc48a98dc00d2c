"""What a reader may change in the page: the tolerance, and which evidence counts. The script judges by three numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bench.claims.claim import shape_of
from bench.core.judgements import Agreement, Evidence, Status, VerdictRow
from bench.report.bundle import Bundle
from bench.report.counts import mark
from bench.stats.noise import DECIMALS
from bench.text import formats
from bench.text.marks import (
    AGREES,
    EXPECTED_MEANING,
    MARKS,
    NOT_REPRODUCED,
    expected_word,
)
from bench.text.words import measure


@dataclass(frozen=True)
class TolerantGroup:
    """Claims whose tolerance a reader sets together: one metric and unit; stated: what the study has."""

    key: str
    title: str
    unit: str
    stated: str


@dataclass(frozen=True)
class ReaderMark:
    """A mark that a claim may get: its key, word and meaning on this page."""

    key: str
    word: str
    meaning: str


@dataclass(frozen=True)
class Reader:
    """The controls, what the script needs of each claim (JSON, by id), and how many follow the tolerance.

    choices: the first mark of each word.
    """

    groups: tuple[TolerantGroup, ...]
    evidence: tuple[Evidence, ...]
    marks: tuple[ReaderMark, ...]
    choices: tuple[ReaderMark, ...]
    claims: dict[str, str]
    follow: int
    stay: int


@dataclass(frozen=True)
class ToleranceRule:
    """What a claim becomes: reproduced from the tolerance `above` on; of smaller ones than `below` it differs.

    apart: how far ours lies from the printed number; below: None where nothing refutes it.
    """

    above: float
    below: float | None
    apart: float

    def at(self, tolerance: float) -> Agreement:
        """The agreement by a tolerance."""
        if tolerance >= self.above:
            return Agreement.REPRODUCED
        if self.below is not None and tolerance < self.below:
            return Agreement.DIFFERS
        return Agreement.FITS if tolerance >= self.apart else Agreement.OFF


def reader(bundle: Bundle, rows: Iterable[VerdictRow]) -> Reader:
    """Of the claims of the table. One whose intervals do not give the stored agreement keeps the study's."""
    shown = [row for row in rows if row.agreement is not None]
    rules = {row.claim: rule for row in shown if (rule := tolerance_rule(row))}
    ruled = [row for row in shown if row.claim in rules]
    marks = _marks(bundle.counted.own)
    return Reader(
        groups=_groups(ruled),
        evidence=tuple(
            one for one in Evidence if any(row.evidence == one for row in shown)
        ),
        marks=marks,
        choices=tuple({one.word: one for one in reversed(marks)}.values())[::-1],
        claims={row.claim: _written(row, rules[row.claim]) for row in ruled},
        follow=len(ruled),
        stay=len(shown) - len(ruled),
    )


def tolerance_rule(row: VerdictRow) -> ToleranceRule | None:
    """The rule of a printed number with both intervals, where it gives the stored agreement; else None.

    Where nothing was drawn both intervals are one, and one test case is the least tolerance: no rule of three numbers.
    """
    if row.published is None or row.against is not None or row.tolerance is None:
        return None
    if row.low is None or row.high is None or row.difference is None:
        return None
    if row.low_refute is None or row.high_refute is None:
        return None
    if (row.low, row.high) == (row.low_refute, row.high_refute):
        return None
    rule = ToleranceRule(
        above=max(abs(row.low), abs(row.high)),
        below=None if row.detectable is None else max(row.low_refute, -row.high_refute),
        apart=round(abs(row.difference), DECIMALS),
    )
    return rule if rule.at(row.tolerance) == row.agreement else None


def _marks(own: bool) -> tuple[ReaderMark, ...]:
    """The marks of judged claims; `own`: of what the author expects."""
    judged = {key: mark for key, mark in MARKS.items() if key not in set(Status)}
    if not own:
        return tuple(
            ReaderMark(key, mark.word, mark.meaning) for key, mark in judged.items()
        )
    words = {key: expected_word(key) for key in judged}
    return tuple(
        ReaderMark(key, word.capitalize(), EXPECTED_MEANING[word])
        for key, word in words.items()
    )


def _is_score(row: VerdictRow) -> bool:
    return shape_of(row.kind).number == "score"


def _group(row: VerdictRow) -> str:
    kind = None if _is_score(row) else row.kind
    return "-".join(filter(None, (row.metric, kind, row.unit)))


def _groups(rows: list[VerdictRow]) -> tuple[TolerantGroup, ...]:
    groups: dict[str, list[VerdictRow]] = {}
    for row in rows:
        groups.setdefault(_group(row), []).append(row)
    return tuple(_shown(key, same) for key, same in groups.items())


def _shown(key: str, rows: list[VerdictRow]) -> TolerantGroup:
    first, stated = rows[0], {formats.tolerance(row.tolerance or 0) for row in rows}
    title = measure(first.metric).title if first.metric else first.kind.capitalize()
    title += f", {first.kind}" if first.metric and not _is_score(first) else ""
    unit = " pp" if first.unit == "percent" else ""
    return TolerantGroup(key, title, unit, "/".join(sorted(stated)[:3]))


def _written(row: VerdictRow, rule: ToleranceRule) -> str:
    """The rule of a claim as the script reads it, with the marks that it gives."""
    # Of a number that differs by the reader's tolerance alone nobody knows whether a control stands beside it.
    differs = mark(row) if mark(row) == NOT_REPRODUCED else Agreement.DIFFERS
    said = {
        "group": _group(row),
        "stated": row.tolerance,
        "unit": " pp" if row.unit == "percent" else "",
        "above": rule.above,
        "below": rule.below,
        "holds": AGREES if row.evidence == Evidence.WEAK else Agreement.REPRODUCED,
        "apart": rule.apart,
        "differs": differs,
    }
    return json.dumps(said, separators=(",", ":"))
