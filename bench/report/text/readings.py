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


def _some(readings: Sequence[JudgedReading]) -> list[str]:
    """What differs under the first two of them, and how many more there are."""
    more = len(readings) - MOST
    return [
        *map(_under, readings[:MOST]),
        *([f"under {formats.spelled(more)} more at least as many"] if more > 0 else []),
    ]


def _under(one: JudgedReading) -> str:
    return f"under “{one.title}” {formats.spelled(one.differ)} of {one.judged} differ{'s' if one.differ == 1 else ''}"


def fits(readings: Sequence[JudgedReading]) -> str:
    """Which reading the printed numbers fit, in one sentence: one under which none differs."""
    judged = [one for one in readings if one.judged]
    if not judged:
        return "No printed number could be judged under any reading"
    free = [one for one in judged if not one.differ]
    others = _some(sorted((one for one in judged if one.differ), key=lambda one: (one.differ / one.judged, -one.held)))
    if not free:
        return f"The printed numbers fit no reading: {'; '.join(others)}"
    if len(free) > 1:
        return "; ".join(
            [f"The printed numbers fit several readings, {_named(free)}: none differs under them", *others]
        )
    (one,) = free
    if not one.held:
        said = f"No printed number differs under the reading “{one.title}”, but none is confirmed"
    else:
        said = f"The printed numbers fit the reading {_named(free)}: {one.held} of {one.judged} hold"
    return "; ".join([said, *others])


def tried(readings: Sequence[JudgedReading]) -> str:
    """What several tries are worth."""
    count = formats.spelled(len(readings)).capitalize()
    return f"{count} readings were tried: the more, the more easily one fits by chance. Claims judges the first."
