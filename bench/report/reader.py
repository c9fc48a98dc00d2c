"""What a reader may change in the page: tolerance, level, and which evidence counts. The script applies these rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bench.claims.judging import agreement_at, rules_of
from bench.core.judgements import (
    LEVEL,
    LEVELS,
    Agreement,
    Evidence,
    Status,
    Thresholds,
    VerdictRow,
)
from bench.report.bundle import Bundle
from bench.report.points import in_points, pattern, scale_of
from bench.text import formats
from bench.text.marks import (
    AGREES,
    EXPECTED_MEANING,
    MARKS,
    NOT_REPRODUCED,
    expected_word,
)
from bench.text.words import measure

#: One letter an agreement, in their order: what the page's script reads.
LETTERS: dict[Agreement, str] = dict(zip(Agreement, "erdcux", strict=True))


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
    levels: tuple[int, ...]
    level: int
    evidence: tuple[Evidence, ...]
    marks: tuple[ReaderMark, ...]
    choices: tuple[ReaderMark, ...]
    claims: dict[str, str]
    follow: int
    stay: int


def reader(bundle: Bundle, rows: Iterable[VerdictRow]) -> Reader:
    """Of the claims of the table. One whose rules do not give the stored agreement keeps the study's."""
    shown = [row for row in rows if row.agreement is not None]
    found = rules_of(bundle.frame("thresholds"))
    marks = _marks(bundle.counted.own)
    ruled = [
        row for row in shown if row.claim in found and _agrees(row, found[row.claim])
    ]
    return Reader(
        groups=_groups(list(map(in_points, ruled))),
        levels=tuple(round(100 * level) for level in LEVELS),
        level=round(100 * LEVEL),
        evidence=tuple(
            one for one in Evidence if any(row.evidence == one for row in shown)
        ),
        marks=marks,
        choices=tuple({one.word: one for one in reversed(marks)}.values())[::-1],
        claims={row.claim: _written(bundle, row, found[row.claim]) for row in ruled},
        follow=len(ruled),
        stay=len(shown) - len(ruled),
    )


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


def _agrees(row: VerdictRow, rules: tuple[Thresholds, ...]) -> bool:
    return (
        row.tolerance is not None
        and agreement_at(rules, LEVEL, row.tolerance) == row.agreement
    )


#: Kinds whose number is of another unit than their metric's scores.
_OTHER_UNIT = ("rank", "ratio", "count", "statistic")


def _group(row: VerdictRow) -> str:
    kind = row.kind if row.kind in _OTHER_UNIT or row.metric is None else ""
    return "-".join(word for word in (row.metric, kind, row.unit) if word)


def _groups(rows: list[VerdictRow]) -> tuple[TolerantGroup, ...]:
    groups: dict[str, list[VerdictRow]] = {}
    for row in rows:
        groups.setdefault(_group(row), []).append(row)
    return tuple(_shown(key, same) for key, same in groups.items())


def _shown(key: str, rows: list[VerdictRow]) -> TolerantGroup:
    first, stated = rows[0], {formats.tolerance(row.tolerance or 0) for row in rows}
    title = measure(first.metric).title if first.metric else first.kind.capitalize()
    title += f", {first.kind}" if first.metric and first.kind in _OTHER_UNIT else ""
    title += ", comparisons" if all(row.published is None for row in rows) else ""
    return TolerantGroup(
        key,
        title,
        " pp" if first.unit == "percent" else "",
        "/".join(sorted(stated)[:3]),
    )


def _written(bundle: Bundle, row: VerdictRow, rules: tuple[Thresholds, ...]) -> str:
    """The rules of each level, or of one where all are alike, as the script reads them.

    t: stated tolerance; g: its group; d: what the interval is around; f: decimals; u: unit; x: mark where ours
    differs; h: mark where it holds, if that is not its agreement.
    """
    scale, row = scale_of(row), in_points(row)
    levels = [
        [_rule(rule, scale) for rule in rules if rule.level == level]
        for level in LEVELS
    ]
    alike = all(one == levels[0] for one in levels)
    centre = row.difference if row.published is not None else row.ours
    claim, differs = (
        bundle.claims[row.claim],
        NOT_REPRODUCED if row.evidence == Evidence.STRONG else "differs",
    )
    several = (
        claim.metric_alternatives is not None or claim.folds_alternatives is not None
    )
    return json.dumps(
        {
            "t": row.tolerance,
            "g": _group(row),
            "d": None if row.low is None or several else centre,
            "f": formats.decimals_of(pattern(row)) + 1,
            "u": " pp" if row.unit == "percent" else "",
            "x": differs,
            **({"h": AGREES} if row.evidence == Evidence.WEAK else {}),
            "l": levels[:1] if alike else levels,
        },
        separators=(",", ":"),
    )


def _rule(rule: Thresholds, scale: int) -> list[float | str | None]:
    below, above, half = (
        None if one is None else round(scale * one, 9)
        for one in (rule.below, rule.above, rule.half)
    )
    if scale == 1:
        below, above = rule.below, rule.above
    return [
        below,
        above,
        LETTERS[rule.outside],
        LETTERS[rule.within],
        LETTERS[rule.otherwise],
        half,
    ]
