"""The texts on explanations: which protocols fit a published number, or several numbers together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.text import formats

TITLE = "Which protocol error would explain the published number?"
NONE_TRIED = "No explanation was tried: the study asks for none."
INTRODUCTION = (
    "The same model was run under other protocols, one change at a time: valid protocols, known errors, and controls "
    "(errors that should barely matter). A number is compatible with a protocol if a paper with this protocol could "
    "have printed it. That accuses nobody: other protocols may be compatible too."
)
TOGETHER = (
    "A paper used one protocol for all its numbers. The intervals are widened: if a paper used this protocol, the "
    "chance that at least one of its numbers lies outside its interval is at most 5 %. If a protocol change cannot "
    "affect a number, that number is compared with the study's own protocol."
)
NOT_CONCERNED = "What could not be tried here"
TOGETHER_HEAD = (
    "Explanation",
    "Kind",
    "What was done",
    "Fits all numbers?",
    "Numbers it fits",
    "Numbers it does not fit",
)
#: A probability below it is not told more exactly.
RAREST = 1e-6
#: Whose number a figure shows.
WHOSE_OWN, WHOSE_PUBLISHED = "study's own", "published"
WITHIN_TOLERANCE = "only within the tolerance"


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
    undecided
        Of how many valid protocols and controls that is not known.
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


def answer_words(answer: NumberExplained) -> str:
    """The answer in one to three sentences."""
    compatible = f"{answer.published[0].upper()}{answer.published[1:]} {_are(answer)} compatible with"
    errors = formats.listed([f"“{title}”" for title in answer.errors], "or")
    if answer.outcome == ExplanationsOutcome.UNKNOWN:
        return f"No spread is known here, so nothing shows which explanation of {answer.published} fits."
    if answer.outcome == ExplanationsOutcome.NOTHING:
        return f"No protocol that was tried fits {answer.published}. {_tried(answer)}{_rare(answer)}"
    if answer.undecided and answer.outcome == ExplanationsOutcome.ERROR:
        other = formats.plural(answer.undecided, "valid protocol", "valid protocols")
        return f"{compatible} {errors}. For {other} this is not known."
    if answer.outcome == ExplanationsOutcome.ERROR:
        apart = " The number alone does not show which of these errors it was." if len(answer.errors) > 1 else ""
        return f"{compatible} {errors}, and with no valid protocol.{apart}{_rare(answer)}"
    if answer.errors:
        they, are = ("They", "are") if answer.many else ("It", "is")
        return f"{compatible} {_valid(answer)}. {_needless(answer)} {they} {are} compatible with {errors} too."
    none = f" No error that was tried gives {'them' if answer.many else 'it'}." if answer.errors_tried else ""
    return f"{compatible} {_valid(answer)}.{none}"


def _needless(answer: NumberExplained) -> str:
    """Why no error of protocol is needed to explain what a valid protocol, or a control, gives too."""
    if answer.outcome == ExplanationsOutcome.CONTROL:
        return "The control is enough to explain " + ("them." if answer.many else "it.")
    if answer.many:
        return "A valid protocol fits all of them, so an error of protocol is not needed to explain them."
    place = "within the tolerance of what a valid protocol gives" if answer.near else "within what valid protocols give"
    return f"It lies {place}, so an error of protocol is not needed to explain it."


def _are(answer: NumberExplained) -> str:
    return "are" if answer.many else "is"


def _valid(answer: NumberExplained) -> str:
    """The valid protocols that fit: `a valid study of this size` where all do."""
    if answer.undecided and answer.valid:
        known = f"{formats.spelled(answer.valid)} valid {'protocol' if answer.valid == 1 else 'protocols'}"
        return f"{known} (for {formats.spelled(answer.undecided)} others this is not known)"
    if answer.valid == answer.valid_tried:
        return "a valid study of this size"
    if not answer.valid:
        return "a control, a mistake that should barely matter, though with no valid protocol that was tried"
    return f"{formats.spelled(answer.valid)} of the {formats.spelled(answer.valid_tried)} valid protocols tried"


def _tried(answer: NumberExplained) -> str:
    """How many were tried: `Two valid protocols and one known error were tried.`"""
    counts = ((answer.valid_tried, "valid protocol"), (answer.errors_tried, "known error"))
    tried = [f"{formats.spelled(n)} {noun}{'' if n == 1 else 's'}" for n, noun in counts if n]
    if not tried:
        return "No valid protocol and no known error was tried."
    said = f"{formats.listed(tried)} {'was' if answer.valid_tried + answer.errors_tried == 1 else 'were'} tried"
    valid = "" if answer.valid_tried else " Valid protocols were not tried."
    errors = "" if answer.errors_tried else " Protocols with a known error were not tried."
    return f"{said[0].upper()}{said[1:]}.{valid}{errors}"


def _rare(answer: NumberExplained) -> str:
    """How often a valid study of this size prints such a number too."""
    if answer.beyond is None:
        return ""
    one = "numbers this far off" if answer.many else "a number this far off"
    most = "at most " if answer.many and RAREST <= answer.beyond <= 0.995 else ""
    return f" With a valid protocol, {one} would be printed in {most}{cases(answer.beyond)} papers."


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


def by_tolerance_alone(explanations: Sequence[tuple[str, str]]) -> str:
    """Explanations (title and number) that fit by the claim's tolerance alone; empty where there are none."""
    if not explanations:
        return ""
    named = formats.listed([f"“{title}” ({number})" for title, number in explanations])
    return f" By the claim's tolerance alone, not by what such a study would print: {named}."


def left_out(claims: Sequence[str]) -> str:
    """Numbers that are in no answer for all of them, and why; empty where there are none."""
    if not claims:
        return ""
    verb, its = ("is", "its") if len(claims) == 1 else ("are", "their")
    return (
        f"{formats.listed(list(claims))} {verb} not among the numbers taken together: {its} fits failed, no spread is "
        "known, or the paper prints two numbers for one thing, which no single protocol can give."
    )


def note(metric: str, whose: str, published: str, still: int, drawn: int) -> str:
    """What the figure shows; still, drawn: of how many explanations nothing, or something, is drawn."""
    band = "95 % prediction interval for the number of one paper"
    tolerance = "printed numbers within the claim's tolerance"
    if not drawn:
        band = tolerance
    elif still:
        band += f"; where nothing is drawn at random, {tolerance}"
    return (
        f"{metric} under each protocol. Line: the {whose} number, {published}. Disc: valid protocol; cross: error; "
        f"open diamond: control. Band: {band}. A dark band: the number is compatible with this protocol."
    )


def figure_head(metric: str) -> tuple[str, ...]:
    """The header of the table behind a figure."""
    printed, answer = "What papers with this protocol would print", "Could give the published number?"
    return ("Explanation", "Kind", "What was done", metric, printed, answer)


def always(number: str) -> str:
    """What papers print with a protocol under which nothing is drawn."""
    return f"always {number}"


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


def on_some(titles: Sequence[str], words: str) -> str:
    """A note on explanations that share it."""
    return f"{formats.listed([f'“{title}”' for title in titles])}: {words}."


def fits(compatible: bool | None) -> str:
    """Whether an explanation fits a number, in a cell of a table."""
    return "not known" if compatible is None else "yes" if compatible else "no"
