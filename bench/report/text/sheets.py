"""Notes under the tables that are exported for print: what every mark in them means."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text.judgements import SeedsOnly
from bench.text.sentences import sentence

#: The mark of a claim that no paper makes.
EXPECTATIONS = "Expected by the author of the study, and what would falsify it"
#: The title of the claims that count: of a paper, or of the author where there is none.
REPRODUCED, EXPECTED = "Published and reproduced", "Expected and found"


def mark_note(word: str, meaning: str) -> str:
    return f"{word}: {meaning}."


def left_out(tally: str) -> str:
    return f"Not counted: {tally}."


def no_interval_note(reason: str) -> str:
    return f"Where no interval is printed: {reason}."


def seeds_note(claims: Sequence[str]) -> str:
    """On which claims the interval covers seeds only.

    >>> seeds_note(["A better than B"])
    'Only seeds vary; the sampling error is unknown: A better than B.'
    """
    said = sentence(SeedsOnly())
    return f"{said[0].upper()}{said[1:]}: {'; '.join(claims)}."
