"""What the page says of how the results were made: protocol, candidates and fits."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

NOTHING_FITTED = "nothing is fitted"
NOTHING_TUNED = "nothing tuned"


def rerun(study: str) -> str:
    return f"bench repro {study}"


def where(files: Sequence[str]) -> str:
    """Where the command works; `files`: what the study reads besides its study file."""
    also = f" and {formats.listed(list(files))}" if files else ""
    return f"with the study file (under Provenance){also}"


def save(study: str, files: Sequence[str]) -> str:
    """What to do with the study file; `files`: what else the study needs."""
    also = f" It needs {formats.listed(list(files))} beside it." if files else ""
    return f"Run bench init, then save it as studies/{study}/study.yaml.{also}"


def external(design: str) -> str:
    return f"fitted elsewhere: {design}"


def protocol(words: str, steps: Sequence[str]) -> str:
    """The protocol as a sentence, with the preprocessing inside each fold."""
    inside = f"; inside each fold: {', '.join(steps)}" if steps else ""
    return f"{words[0].upper()}{words[1:]}{inside}."


def tried(candidates: int | None) -> str:
    return NOTHING_TUNED if candidates is None else formats.plural(candidates, "candidate")
