"""What the page says of the readings of a protocol."""

from __future__ import annotations

from collections.abc import Sequence

from bench.claims.by_reading import JudgedReading
from bench.text import formats

TITLE = "Readings of the protocol"
NONE = "The study names no readings of the protocol."
HEAD = ("Claim", "Published")
WHERE = "Where"
NOT_JUDGED = "not judged"
#: So many readings are named in the first line.
MOST = 2


def _named(readings: Sequence[JudgedReading]) -> str:
    return formats.listed([f"“{one.title}”" for one in readings])


def _some(each: Sequence[str], more: str) -> list[str]:
    """The first two of them, and how many more there are."""
    rest = len(each) - MOST
    return [*each[:MOST], *([f"under {formats.spelled(rest)} more some {more}"] if rest > 0 else [])]


def _differ(one: JudgedReading) -> str:
    return f"under “{one.title}” {formats.spelled(one.differ)} of {one.judged} differ{'s' if one.differ == 1 else ''}"


def _open(one: JudgedReading, numbers: int) -> str:
    left = numbers - one.judged
    return f"under “{one.title}” {formats.spelled(left)} of {numbers} {'was' if left == 1 else 'were'} not judged"


def fits(readings: Sequence[JudgedReading]) -> str:
    """Which reading the printed numbers fit, in one sentence: one under which none differs.

    It must judge every number that some reading judges: one whose model did not run would fit before all others.
    """
    numbers = sum(any(row.agreement is not None for row in same) for same in zip(*(r.rows for r in readings)))
    if not numbers:
        return "No printed number could be judged under any reading"
    free = [one for one in readings if not one.differ and one.judged == numbers]
    wrong = sorted((one for one in readings if one.differ), key=lambda one: (one.differ / one.judged, -one.held))
    left = [_open(one, numbers) for one in readings if not one.differ and one.judged < numbers]
    others = [*_some([*map(_differ, wrong)], "differ"), *_some(left, "were not judged")]
    if free:
        return "; ".join([_fitting(free), *others])
    return f"The printed numbers fit no reading{' under which all were judged' if left else ''}: {'; '.join(others)}"


def _fitting(free: Sequence[JudgedReading]) -> str:
    """That no number differs under one reading, or several."""
    one = free[0]
    if len(free) > 1:
        return f"The printed numbers fit several readings, {_named(free)}: none differs under them"
    if not one.held:
        return f"No printed number differs under the reading “{one.title}”, but none is confirmed"
    return f"The printed numbers fit the reading {_named(free)}: {one.held} of {one.judged} hold"


def tried(readings: Sequence[JudgedReading]) -> str:
    """What several tries are worth."""
    count = formats.spelled(len(readings)).capitalize()
    return f"{count} readings were tried: the more, the more easily one fits by chance. Claims judges the first."
