"""Questions about a new table on a terminal: what was guessed and why; Enter accepts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.core.errors import DataError
from bench.core.text import say
from bench.project.first_look.guess import Guess, guess
from bench.project.first_look.look import Wishes
from bench.text.formats import count
from bench.text.proposals import LATE, Reason

#: What takes a group or a time away.
NONE = "-"

_QUESTIONS = {
    "target": "column to predict",
    "task": "classification or regression",
    "group": f"column of rows that belong together, {NONE} for none",
    "time": f"column of time, where the past is to predict the future, {NONE} for none",
    "positive": "class that precision and recall are about",
}


def asked(
    csv: Path, found: Guess, wishes: Wishes, answer: Callable[[str], str] = input
) -> Guess:
    """The guess as its author wants it: each answer changes what the later questions propose.

    What was said on the command line is not asked. An answer that cannot be is told, and asked again.
    """
    say(
        f"{csv.name}: {count(found.rows)} rows, {len(found.columns)} columns. Enter accepts what stands in brackets."
    )
    for key, question in _QUESTIONS.items():
        if getattr(wishes, key) is None and (
            key != "positive" or len(found.classes) == 2
        ):
            found, wishes = _one(key, question, csv, found, wishes, answer)
    late = {name: reason for name, reason in found.drop.items() if reason.code in LATE}
    known = tuple(name for name, reason in late.items() if _known(name, reason, answer))
    return guess(csv, replace(wishes, known=known)) if known else found


def _known(name: str, reason: Reason, answer: Callable[[str], str]) -> bool:
    """Whether a feature that seems to be known only with the target is known before it; if not, it is dropped."""
    while True:
        said = (
            answer(f"keep {name} as a feature, yes or no [no] ({reason}): ")
            .strip()
            .lower()
        )
        if said in ("", "n", "no", "y", "yes"):
            return said.startswith("y")
        say(f"{said}: answer yes or no")


def _one(
    key: str,
    question: str,
    csv: Path,
    found: Guess,
    wishes: Wishes,
    answer: Callable[[str], str],
) -> tuple[Guess, Wishes]:
    """One question, until its answer can be."""
    proposed = getattr(found, key)
    reason = f" ({found.reasons[key]})" if key in found.reasons else ""
    while True:
        said = answer(f"{question} [{proposed or NONE}]{reason}: ").strip()
        if said in ("", proposed or NONE):
            return found, wishes
        try:
            changed = replace(wishes, **{key: "" if said == NONE else said})  # type: ignore[arg-type]
            return guess(csv, changed), changed
        except DataError as error:
            say(str(error))
