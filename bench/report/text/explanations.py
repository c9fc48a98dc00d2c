"""The texts on explanations: which protocols fit a published number, or several numbers together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.text import formats

TITLE = "Does another protocol explain the published number?"
NONE_TRIED = "No explanation was tried: the study asks for none."
#: The kinds of explanations, as the introduction names them.
KINDS = {
    "valid": "valid protocols",
    "error": "protocol errors",
    "control": "controls (errors that should barely matter)",
}
TOGETHER = "Intervals are simultaneous: they hold all the numbers of 95 % of papers with the protocol."
TOGETHER_HEAD = ("Explanation", "Kind", "Compatible with all", "Compatible with", "Not compatible with")
#: A kind in a figure or a table.
KIND = {"valid": "valid", "error": "protocol error", "control": "control"}
#: A probability below it is not told more exactly.
RAREST = 1e-6
#: Whose number a figure shows.
WHOSE_OWN, WHOSE_PUBLISHED = "study's own", "published"
NO_ERROR_TRIED = " No protocol error was tried."
WITHIN_TOLERANCE = "within the tolerance"


class ExplanationsOutcome(StrEnum):
    """The most harmless kind of explanation that fits a number."""

    UNKNOWN = "unknown"
    VALID = "valid"
    CONTROL = "control"
    ERROR = "error"
    NOTHING = "nothing"


@dataclass(frozen=True)
class NumberExplained:
    """The explanations of one published number, or of several together.

    Attributes
    ----------
    published
        The number as the page prints it, or `the two published numbers together`.
    many
        Whether it is several numbers.
    outcome
        The most harmless kind of explanation that fits.
    errors
        Titles of the errors that fit.
    errors_tried
        Of how many errors it is known whether they fit.
    valid, valid_tried
        How many valid protocols fit, and of how many that is known.
    undecided, errors_undecided
        Of how many valid protocols and controls, and of how many errors, that is not known.
    beyond
        How often valid papers of this size print numbers as far out, or farther.
    near
        Whether each valid protocol that fits does so by the claim's tolerance alone.
    """

    published: str
    many: bool
    outcome: ExplanationsOutcome
    errors: tuple[str, ...]
    errors_tried: int
    valid: int
    valid_tried: int
    beyond: float | None
    undecided: int = 0
    near: bool = False
    errors_undecided: int = 0


def introduction(kinds: Collection[str]) -> str:
    """What the section shows, by the kinds of explanations that gave a number.

    >>> introduction({"error", "valid"})
    'The same model was run under valid protocols and protocol errors.'
    """
    return f"The same model was run under {formats.listed([KINDS[one] for one in KINDS if one in kinds])}."


def impossible(asked: Sequence[tuple[str, str]]) -> str:
    """Explanations that the study asks for by name and that gave no number, each with its reason.

    >>> impossible([("scaled before the split", "no step scales")]), impossible([])
    ('Requested, but impossible here: scaled before the split (no step scales).', '')
    """
    each = [f"{title} ({why})" for title, why in asked]
    return f"Requested, but impossible here: {formats.listed(each)}." if each else ""


def answer_words(answer: NumberExplained) -> str:
    """`The published 100 % is compatible with 1 of 4 valid protocols (3 unknown) and 1 of 2 errors (“E”).`"""
    if answer.outcome == ExplanationsOutcome.UNKNOWN:
        return f"No protocol can be judged by {answer.published}: no spread is known."
    is_ = "are" if answer.many else "is"
    number = answer.published if answer.many else f"the published {answer.published}"
    control = ", but with a control" if answer.outcome == ExplanationsOutcome.CONTROL else ""
    said = f"{number[0].upper()}{number[1:]} {is_} compatible with {_valid(answer)}{control}{_errors(answer)}."
    if not answer.errors_tried + answer.errors_undecided and answer.outcome == ExplanationsOutcome.NOTHING:
        said += NO_ERROR_TRIED
    rare = answer.outcome in (ExplanationsOutcome.NOTHING, ExplanationsOutcome.ERROR)
    return said + (_rare(answer) if rare else "")


def _valid(answer: NumberExplained) -> str:
    """How many valid protocols fit: `1 of 4 valid protocols (within the tolerance; 3 unknown)`."""
    of = answer.valid_tried + answer.undecided
    return f"{answer.valid} of {formats.plural(of, 'valid protocol')}" + _more(
        [WITHIN_TOLERANCE] if answer.near else [], answer.undecided
    )


def _errors(answer: NumberExplained) -> str:
    """How many errors fit, and which: ` and 1 of 2 errors (“tuned on the test rows”; 1 unknown)`."""
    of = answer.errors_tried + answer.errors_undecided
    if not of:
        return ""
    but = ", but with" if answer.outcome == ExplanationsOutcome.ERROR else " and"
    titles = [formats.listed([f"“{title}”" for title in answer.errors])] if answer.errors else []
    return f"{but} {len(answer.errors)} of {formats.plural(of, 'error')}{_more(titles, answer.errors_undecided)}"


def _more(said: list[str], unknown: int) -> str:
    parts = [*said, *([f"{formats.count(unknown)} unknown"] if unknown else [])]
    return f" ({'; '.join(parts)})" if parts else ""


def _rare(answer: NumberExplained) -> str:
    """How often a valid study of this size prints such a number too."""
    if answer.beyond is None:
        return ""
    most = "at most " if answer.many and RAREST <= answer.beyond <= 0.995 else ""
    such = "such numbers" if answer.many else "such a number"
    return f" A valid paper prints {such} in {most}{cases(answer.beyond)} cases."


def cases(p: float) -> str:
    """A probability as a share of cases: `1 of 500`.

    >>> cases(0.002), cases(0.3), cases(1e-9), cases(0.999)
    ('1 of 500', '30 of 100', 'fewer than 1 of 1\u2009000\u2009000', 'almost all')
    """
    if p < RAREST:
        return f"fewer than 1 of {formats.count(10**6)}"
    if p > 0.995:
        return "almost all"
    return f"{100 * p:.0f} of 100" if p >= 0.02 else f"1 of {formats.count(int(float(f'{1 / p:.2g}')))}"


def left_out(claims: Sequence[str]) -> str:
    """Numbers that are in no answer for all of them, and why; empty where there are none."""
    if not claims:
        return ""
    return f"Not taken together: {formats.listed(list(claims))} (failed, without a spread, or printed twice)."


def note(metric: str, whose: str, published: str, still: int, drawn: int) -> str:
    """What the figure shows; still, drawn: of how many explanations with a band nothing, or something, is drawn."""
    line = f"{metric}. Line: the {whose} number, {published}."
    band = f"what 95{formats.THIN}% of papers with this protocol would print" if drawn else "the claim's tolerance"
    band += "; for a protocol without randomness, the claim's tolerance" if drawn and still else ""
    return f"{line} Band: {band}." if drawn or still else line


def figure_head(metric: str) -> tuple[str, ...]:
    """The header of the table behind a figure."""
    return ("Explanation", "Kind", metric, "A paper would print", "Compatible")


def always(number: str) -> str:
    """What papers print with a protocol under which nothing is drawn."""
    return f"{number} (nothing random)"


def once(number: str) -> str:
    """What one run printed with a protocol, of which no more is known."""
    return f"{number} in this one run"


def unchanged(name: str) -> str:
    """A number that an explanation does not change: `1-NN on Satellite image (not changed by it)`."""
    return f"{name} (not changed by it)"


def figure_label(where: str, answer: str) -> str:
    """The figure in words, for readers who do not see it."""
    return f"{where}: {answer}"


def numbers_together(count: int) -> str:
    """`the two published numbers together`."""
    return f"the {formats.spelled(count)} published numbers together"


def name_of_all(count: int) -> str:
    """The name of the table of all numbers together."""
    return f"Explanations of all {formats.spelled(count)} published numbers"


def kept(numbers: int, missed: int, *, known: bool) -> str:
    """How many of the numbers an explanation fits; known: whether that is known of all that it does not miss."""
    return f"{'' if known else 'at most '}{numbers - missed} of {numbers}"


def place(family: str, dataset: str) -> str:
    """`LDA on Wine`."""
    return f"{family} on {dataset}"


def beside(compatible: bool | None) -> str:
    """Whether an explanation fits a number, beside its lane of a figure."""
    return "unknown" if compatible is None else "compatible" if compatible else "not compatible"


def fits(compatible: bool | None) -> str:
    """Whether an explanation fits a number, in a cell of a table."""
    return "unknown" if compatible is None else "yes" if compatible else "no"
