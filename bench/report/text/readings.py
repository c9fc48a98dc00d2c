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
    return [
        *each[:MOST],
        *([f"under {formats.spelled(rest)} more {more}"] if rest > 0 else []),
    ]


def _differ(one: JudgedReading) -> str:
    return f"under “{one.title}” {formats.spelled(one.differ)} of {one.judged} differ{'s' if one.differ == 1 else ''}"


def _open(one: JudgedReading, numbers: int) -> str:
    left = numbers - one.judged
    return f"under “{one.title}” {formats.spelled(left)} of {numbers} {'was' if left == 1 else 'were'} not judged"


def fits(readings: Sequence[JudgedReading]) -> str:
    """Which reading the printed numbers fit, in one sentence: one under which none differs, and some hold.

    It must judge every number that some reading judges: one whose model did not run would fit before all others.
    """
    numbers = sum(
        any(row.agreement is not None for row in same)
        for same in zip(*(r.rows for r in readings))
    )
    if not numbers:
        return "No printed number could be judged under any reading"
    free = [one for one in readings if not one.differ and one.judged == numbers]
    left = [
        _open(one, numbers)
        for one in readings
        if not one.differ and one.judged < numbers
    ]
    others = [*_wrong(readings), *_some(left, "some were not judged")]
    if free:
        return "; ".join([*_free(free), *others])
    return f"The printed numbers match no reading{' under which all were judged' if left else ''}: {'; '.join(others)}"


def _free(free: Sequence[JudgedReading]) -> list[str]:
    """Of readings under which none differs, those under which some hold, and the others."""
    held = [one for one in free if one.held]
    if not held:
        return [
            f"No printed number differs under {_named(free)}, but none is confirmed"
        ]
    return [
        _fitting(held),
        *_some([f"under “{one.title}” {_IDLE}" for one in free if not one.held], _IDLE),
    ]


def _wrong(readings: Sequence[JudgedReading]) -> list[str]:
    """Those under which some differ, the smallest share first."""
    wrong = sorted(
        (one for one in readings if one.differ),
        key=lambda one: (one.differ / one.judged, -one.held),
    )
    return _some([*map(_differ, wrong)], "some differ")


#: What is said of a reading beside one that matches.
_IDLE = "none differs, but none is confirmed"


def _fitting(held: Sequence[JudgedReading]) -> str:
    """That no number differs under one reading, or several, and how many hold."""
    if len(held) == 1:
        (one,) = held
        return f"The printed numbers match the reading {_named(held)}: {one.held} of {one.judged} hold"
    each = formats.listed(
        [f"“{one.title}” ({one.held} of {one.judged} hold)" for one in held]
    )
    return (
        f"The printed numbers match several readings, {each}: none differs under them"
    )


def tried(readings: Sequence[JudgedReading]) -> str:
    """What several tries are worth."""
    count = formats.spelled(len(readings)).capitalize()
    return f"{count} readings were tried: the more, the more easily one matches by chance. Claims judges the first."
