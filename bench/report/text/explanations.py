"""The texts on explanations: which protocols fit a published number, or several numbers together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.scores.explanations import OTHER_SETTINGS
from bench.text import formats

TITLE = "Does another protocol explain the published number?"
NONE_TRIED = "No explanation was tried: the study asks for none."
#: The kinds of explanations, as the introduction names them.
KINDS = {
    "valid": "with valid protocols",
    "error": "with protocols that contain an error",
    "control": "with controls (errors that should barely matter)",
}
TOGETHER = "Intervals are simultaneous: they hold all the numbers of 95 % of papers with the protocol."
TOGETHER_HEAD = (
    "Explanation",
    "Kind",
    "Compatible with all",
    "Compatible numbers",
    "Not compatible with",
)
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
        The number as the page prints it, or `both published numbers together`.
    many
        Whether it is several numbers.
    outcome
        The most harmless kind of explanation that fits.
    errors
        Titles of the errors that fit.
    errors_tried
        Of how many errors it is known whether they fit.
    valid
        Titles of the valid protocols that fit.
    valid_tried
        Of how many valid protocols it is known whether they fit.
    undecided, errors_undecided
        Of how many valid protocols, and of how many errors, that is not known.
    beyond
        How often valid papers of this size print numbers as far out, or farther.
    near, errors_near
        Of the valid protocols that fit, and of the errors, the numbers, if each fits by the claim's tolerance alone.
    why
        Why it is not known of the undecided ones; empty where nobody says.
    """

    published: str
    many: bool
    outcome: ExplanationsOutcome
    errors: tuple[str, ...]
    errors_tried: int
    valid: tuple[str, ...]
    valid_tried: int
    beyond: float | None
    undecided: int = 0
    near: tuple[str, ...] = ()
    errors_undecided: int = 0
    errors_near: tuple[str, ...] = ()
    why: str = ""


def introduction(kinds: Collection[str]) -> str:
    """What the section shows, by the kinds of explanations that gave a number.

    >>> introduction({"error", "valid"})
    'For each number below, the model was run again: with valid protocols and with protocols that contain an error.'
    """
    each = formats.listed([KINDS[one] for one in KINDS if one in kinds])
    return f"For each number below, the model was run again: {each}."


def impossible(asked: Sequence[tuple[str, str]]) -> str:
    """Explanations that the study asks for by name and that gave no number, each with its reason.

    >>> impossible([("scaled before the split", "no step scales")]), impossible([])
    ('Requested, but impossible here: scaled before the split (no step scales).', '')
    """
    each = [f"{title} ({why})" for title, why in asked]
    return f"Requested, but impossible here: {formats.listed(each)}." if each else ""


def answer_words(answer: NumberExplained) -> str:
    """How many protocols are compatible with the number, valid ones first, and which."""
    if answer.outcome == ExplanationsOutcome.UNKNOWN:
        return f"No protocol can be judged by {answer.published}: no spread is known."
    number = answer.published if answer.many else f"the published {answer.published}"
    valid = _named(answer.valid, answer.near)
    errors = _named(answer.errors, answer.errors_near)
    counts = [
        _counted(
            "valid protocol",
            len(answer.valid),
            answer.valid_tried,
            answer.undecided,
            valid,
        ),
        _counted(
            "protocol error",
            len(answer.errors),
            answer.errors_tried,
            answer.errors_undecided,
            errors,
        ),
    ]
    if answer.outcome == ExplanationsOutcome.CONTROL:
        counts.append("a control")
    why = f" Unknown, because: {answer.why}." if answer.why else ""
    said = f"Compatible with {number}: {'; '.join(filter(None, counts))}.{why}"
    if answer.outcome == ExplanationsOutcome.NOTHING and not counts[1]:
        said += NO_ERROR_TRIED
    if answer.outcome in (ExplanationsOutcome.NOTHING, ExplanationsOutcome.ERROR):
        said += _rare(answer)
    return said


def _named(titles: Sequence[str], numbers: Sequence[str]) -> str:
    """Protocols that fit; with their numbers, where the tolerance alone lets them fit."""
    if not numbers:
        return formats.listed([f"“{title}”" for title in titles])
    pairs = zip(titles, numbers, strict=True)
    near = formats.listed([f"“{title}” {number}" for title, number in pairs])
    return f"{WITHIN_TOLERANCE}: {near}"


def _counted(noun: str, fit: int, known: int, unknown: int, named: str) -> str:
    """`1 of 4 valid protocols (“untuned”), 3 unknown`; empty if none was tried."""
    tried = known + unknown
    if not tried:
        return ""
    which = f" ({named})" if named else ""
    left = f", {formats.count(unknown)} unknown" if unknown else ""
    return f"{formats.count(fit)} of {formats.plural(tried, noun)}{which}{left}"


def _rare(answer: NumberExplained) -> str:
    """How often a valid study of this size prints such a number too."""
    if answer.beyond is None:
        return ""
    most = "at most " if answer.many and RAREST <= answer.beyond <= 0.995 else ""
    such = "such numbers" if answer.many else "such a number"
    return f" With our model, a paper with a valid protocol would print {such} in {most}{cases(answer.beyond)} cases."


def cases(p: float) -> str:
    """A probability as a share of cases: `1 of 500`.

    >>> cases(0.002), cases(0.3), cases(1e-9), cases(0.999)
    ('1 of 500', '30 of 100', 'fewer than 1 of 1\u202f000\u202f000', 'almost all')
    """
    if p < RAREST:
        return f"fewer than 1 of {formats.count(10**6)}"
    if p > 0.995:
        return "almost all"
    return (
        f"{100 * p:.0f} of 100"
        if p >= 0.02
        else f"1 of {formats.count(int(float(f'{1 / p:.2g}')))}"
    )


def left_out(claims: Sequence[str]) -> str:
    """Numbers that are in no answer for all of them, and why; empty where there are none."""
    if not claims:
        return ""
    return f"Not taken together: {formats.listed(list(claims))} (failed, without a spread, or printed twice)."


def because(reasons: Sequence[str], *, once: bool) -> str:
    """Why nobody knows whether an explanation fits; `once`: what it draws was drawn only once.

    >>> because(["one run"], once=True)
    'one run: another draw may give another number'
    """
    return f"{'; '.join(reasons)}{': another draw may give another number' * once}"


def note(
    metric: str, whose: str, published: str, still: int, drawn: int, bare: int = 0
) -> str:
    """What the figure shows; still, drawn: of how many explanations with a band nothing, or something, is drawn; bare:
    how many have none."""
    line = f"{metric}. Line: the {whose} number, {published}."
    only = (
        "" if drawn or not bare else " (only for protocols in which nothing is random)"
    )
    band = (
        f"95{formats.THIN}% prediction interval of a published number"
        if drawn
        else "the claim's tolerance"
    )
    band += (
        "; for a protocol without randomness, the claim's tolerance"
        if drawn and still
        else ""
    )
    return f"{line} Band{only}: {band}." if drawn or still else line


def figure_head(metric: str) -> tuple[str, ...]:
    """The header of the table behind a figure."""
    return (
        "Explanation",
        "Kind",
        metric,
        f"95{formats.THIN}% prediction interval of a published number",
        "Compatible",
    )


def always(number: str) -> str:
    """What papers print with a protocol under which nothing is drawn."""
    return f"{number} (nothing random)"


def once(number: str) -> str:
    """What one run printed with a protocol, of which no more is known."""
    return f"{number} in this one run"


def unchanged(name: str, why: str) -> str:
    """A number that an explanation leaves as it is, and why.

    >>> unchanged("1-NN on Satellite image", "one test set has no folds to pool")
    '1-NN on Satellite image (as our protocol: one test set has no folds to pool)'
    """
    return f"{name} (as our protocol{f': {why}' if why else ''})"


def kind(kind: str, variant: str) -> str:
    """A kind in a figure or a table.

    >>> kind("error", "explanation=untuned"), kind("valid", "explanation=other_settings:k=3")
    ('protocol error', 'valid, other setting')
    """
    return KIND[kind] + (
        ", other setting" if variant.startswith(OTHER_SETTINGS) else ""
    )


def figure_label(where: str, answer: str) -> str:
    """The figure in words, for readers who do not see it."""
    return f"{where}: {answer}"


def numbers_together(count: int) -> str:
    """All published numbers at once.

    >>> numbers_together(2), numbers_together(3)
    ('both published numbers together', 'all three published numbers together')
    """
    return f"{'both' if count == 2 else f'all {formats.spelled(count)}'} published numbers together"


def name_of_all(count: int) -> str:
    """The name of the table of all numbers together."""
    return f"Explanations of {numbers_together(count)}"


def kept(numbers: int, missed: int, *, known: bool) -> str:
    """How many of the numbers an explanation fits; known: whether that is known of all that it does not miss."""
    return f"{'' if known else 'at most '}{numbers - missed} of {numbers}"


def place(family: str, dataset: str) -> str:
    """`LDA on Wine`."""
    return f"{family} on {dataset}"


def beside(compatible: bool | None) -> str:
    """Whether an explanation fits a number, beside its lane of a figure."""
    return (
        "unknown"
        if compatible is None
        else "compatible"
        if compatible
        else "not compatible"
    )


def fits(compatible: bool | None) -> str:
    """Whether an explanation fits a number, in a cell of a table."""
    return "unknown" if compatible is None else "yes" if compatible else "no"
