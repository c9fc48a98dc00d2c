"""The words in a result's place, or below it: what failed, what is partial, what a model was warned about."""

from __future__ import annotations

from bench.text import formats
from bench.text.words import MARK

#: Statuses that left no result, by the sign and word of the page.
LOST = {
    "failed": "✕ failed",
    "crash": "✕ crashed",
    "oom": "✕ out of memory",
    "timeout": "◷ timed out",
    "invalid_data": "✕ invalid data",
}
#: What warnings are about, by what their text holds.
WARNED = (
    ("converge", "not converged"),
    ("collinear", "collinear columns"),
    ("candidate", "a candidate failed"),
)
OTHER_WARNING = "warned"
#: Beside metrics of values and of labels; probabilities may differ where labels do not.
CONSTANT = {"value": "constant predictions", "label": "one label for all rows"}
NOT_RUN = "no runs"
MISSING = "runs missing"
NOT_APPLICABLE = "not applicable"
#: Why a metric does not apply, by what it needs.
NEEDS = {"p": "needs probabilities", "score": "needs scores of classes"}
UNDEFINED = "undefined here"


#: What stands in for failed fits, and what is said of a number that includes it.
STAND_IN = "the baseline's score"
MARKED = f"{MARK} marks a mean that includes {STAND_IN} in place of failed fits."
INCLUDED = f"{MARK} includes {STAND_IN} in place of failed fits."


def replaced(count: int, expected: int, unit: str) -> str:
    return f"{MARK} {STAND_IN} in {count} of {formats.plural(expected, unit)}"


def partial(count: int, expected: int, unit: str) -> str:
    return f"{count} of {formats.plural(expected, unit)}"


def lost(status: str, folds: int) -> str:
    words = LOST.get(status, f"✕ {status.replace('_', ' ')}")
    return f"{words} in {formats.plural(folds, 'fold')}"


def warned(reasons: list[str], folds: int) -> str:
    words = sorted({_topic(reason) for reason in reasons})
    return f"{formats.listed(words)}, {formats.plural(folds, 'fold')}"


def _topic(reason: str) -> str:
    return next(
        (words for sign, words in WARNED if sign in reason.lower()), OTHER_WARNING
    )


def all_equal(scores: int, what: str) -> str:
    """`equal in all 3 seeds`; what: of what one score is."""
    return f"equal in all {formats.plural(scores, what)}"
