"""What the page says of how the results were made: protocol, candidates and fits."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

NOTHING_FITTED = "nothing is fitted"
NOTHING_TUNED = "nothing tuned"
FOR_DIAGNOSTICS = "For requested diagnostics"
ALL = "All"


def rerun(study: str) -> str:
    return f"bench repro {study}"


def external(source: str, design: str) -> str:
    return f"{NOTHING_FITTED} here: {source}; {design}"


def protocol(words: str, steps: Sequence[str]) -> str:
    """The protocol as a sentence, with the preprocessing inside each fold."""
    inside = f"; inside each fold: {', '.join(steps)}" if steps else ""
    return f"{words[0].upper()}{words[1:]}{inside}."


def tried(candidates: int | None) -> str:
    return NOTHING_TUNED if candidates is None else formats.plural(candidates, "candidate")
