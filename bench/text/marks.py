"""How a judgement is shown: one sign and word for its status, agreement and evidence; and what weakens it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.core.counting import Falsified
from bench.core.judgements import Agreement, Control, Doubt, Evidence, Status


@dataclass(frozen=True)
class Mark:
    """A sign, the word beside it, and what it means."""

    sign: str
    word: str
    meaning: str


#: Ours differs on strong evidence, with a control. It alone has a colour; sign and word carry the rest.
NOT_REPRODUCED = "not_reproduced"
#: Ours agrees on weak evidence: another method gave the number, or it was quoted from memory.
AGREES = "agrees"


_WEAK = "the method is another one, or the published number is quoted from memory"
#: By code: of attempted claims in the order of agreement, then of those that were not judged.
MARKS: dict[str, Mark] = {
    "exact": Mark(
        "✓",
        "Exact",
        "equal to the printed decimals (0.125 may be printed as 0.12 or as 0.13), on the same splits or where nothing "
        "is random",
    ),
    "reproduced": Mark(
        "✓",
        "Reproduced",
        "the interval (if there is none: the difference) lies within the tolerance, or a test supports the claimed "
        "comparison",
    ),
    AGREES: Mark("✓", "Agrees", f"as reproduced, but {_WEAK}"),
    "fits": Mark(
        "~",
        "Fits",
        "ours lies within the tolerance, or favours the claimed comparison, and chance may do more than that: the data "
        "do not decide",
    ),
    "off": Mark(
        "?",
        "Off",
        "ours lies outside the tolerance, or does not favour the claimed comparison, and chance may explain that: the "
        "data do not decide",
    ),
    "differs": Mark(
        "≠",
        "Differs",
        "ours lies outside the tolerance or contradicts the claim, and the study follows the paper in part or loosely, or "
        "no control stands beside the number: ours may be weaker than the paper's",
    ),
    NOT_REPRODUCED: Mark(
        "✕",
        "Not reproduced",
        "the study follows the paper closely, and ours lies outside the tolerance or contradicts the claim; beside a "
        "number stand others that could have differed as much and do not",
    ),
    "not_attempted": Mark("–", "Not attempted", "the paper's method was not run here"),
    "impossible": Mark(
        "–", "Impossible as printed", "no data can give the printed number"
    ),
    "failed": Mark("–", "Failed", "fits that it needs failed"),
    "missing": Mark(
        "–", "Not judged", "something that the judgement needs is not there"
    ),
}
#: How what an author expects came out, and no other words.
AS_EXPECTED, NOT_AS_EXPECTED, UNDECIDED = "as expected", "not as expected", "undecided"
EXPECTED_MEANING = {
    AS_EXPECTED: "a test, or the tolerance, supports the expectation",
    NOT_AS_EXPECTED: "a test, or the tolerance, contradicts the expectation",
    UNDECIDED: "no test decides",
}
#: Whose statement a claim of the author is, before its name.
EXPECTATION, FALSIFIER = "Expectation", "Falsifier"
#: What became of a claim that would falsify the author's expectation: its word, what that is worth, and its sign.
FALSIFIED: dict[Falsified, str] = {
    Falsified.HAPPENED: "happened",
    Falsified.DID_NOT_HAPPEN: "did not happen",
    Falsified.UNDECIDED: UNDECIDED,
}
FALSIFIED_MEANS: dict[Falsified, str] = {
    Falsified.HAPPENED: "against the author's expectation",
    Falsified.DID_NOT_HAPPEN: AS_EXPECTED,
}
FALSIFIED_SIGN: dict[str, str] = {
    Falsified.HAPPENED: "!",
    Falsified.DID_NOT_HAPPEN: "✓",
    Falsified.UNDECIDED: "~",
}
#: How closely the study follows the paper in a claim: the words of pages and terminal for the grades of evidence.
FOLLOWED = {
    Evidence.STRONG: "closely",
    Evidence.LIMITED: "in part",
    Evidence.WEAK: "loosely",
}
#: Their signs.
_FOLLOWED_SIGN = {
    Evidence.STRONG: "●●●",
    Evidence.LIMITED: "●●○",
    Evidence.WEAK: "●○○",
}
#: The head of a column of them.
FOLLOWS = "Follows the paper"
#: What makes evidence less than strong.
DOUBTS: dict[Doubt, str] = {
    "other_method": "another method",
    "method": "approximated method",
    "memory": "published number from memory",
    "quoted": "published number read in a text that quotes it",
    "data": "other data",
    "split": "another split",
    "tuning": "another tuning",
    "metric": "another metric",
}
#: The letter of each behind a sign: the same on all pages.
_LETTERS = dict(zip(DOUBTS, "abcdefgh", strict=True))


def guide() -> tuple[str, ...]:
    """What every mark of a judged claim means in general; and what became of what authors expect."""
    judged = [key for key in MARKS if key not in set(Status)]
    papers = (
        f"{MARKS[key].sign} {MARKS[key].word}: {MARKS[key].meaning}." for key in judged
    )
    signs = {
        AS_EXPECTED: "✓",
        NOT_AS_EXPECTED: "✕",
        UNDECIDED: "~",
    }
    authors = [
        f"{signs[word]} {word}: {meaning}" for word, meaning in EXPECTED_MEANING.items()
    ]
    became = [f"{FALSIFIED_SIGN[one]} {word}" for one, word in FALSIFIED.items()]
    return (
        *papers,
        f"{EXPECTATION}s are the author's own. {'; '.join(authors)}.",
        f"A {FALSIFIER.lower()} is what would refute an expectation: {', '.join(became)}.",
    )


def sign(mark: str) -> str:
    """The sign of a mark, or of what became of a falsifier.

    >>> sign("exact"), sign("happened")
    ('✓', '!')
    """
    return FALSIFIED_SIGN.get(mark) or MARKS[mark].sign


def expected_word(mark: str) -> str:
    """How an expectation with this mark came out; one that was not judged keeps the word of its mark.

    >>> expected_word("reproduced"), expected_word("fits"), expected_word("failed")
    ('as expected', 'undecided', 'failed')
    """
    if mark in set(Status):
        return MARKS[mark].word.lower()
    if mark == NOT_REPRODUCED or mark == Agreement.DIFFERS:
        return NOT_AS_EXPECTED
    return AS_EXPECTED if mark == AGREES or Agreement(mark).holds else UNDECIDED


def mark_of(
    status: str,
    agreement: str | None,
    evidence: str | None,
    control: str | None = None,
) -> str:
    """The key of MARKS of a judgement.

    control: what stands beside a published number that differs (`Control`); None where nothing has to.

    >>> mark_of("attempted", "differs", "strong"), mark_of("attempted", "differs", "weak")
    ('not_reproduced', 'differs')
    >>> mark_of("attempted", "differs", "strong", control="none")
    'differs'
    >>> mark_of("attempted", "reproduced", "strong"), mark_of("attempted", "reproduced", "weak")
    ('reproduced', 'agrees')
    """
    if status != Status.ATTEMPTED or agreement is None:
        return str(status)
    if Agreement(agreement).holds:
        agreement = (
            Agreement.EXACT if agreement == Agreement.EXACT else Agreement.REPRODUCED
        )
        return AGREES if evidence == Evidence.WEAK else str(agreement)
    refuted = agreement == Agreement.DIFFERS and evidence == Evidence.STRONG
    controlled = control in (None, Control.HELD)
    return NOT_REPRODUCED if refuted and controlled else str(agreement)


def followed_words(evidence: str, doubts: Sequence[Doubt] = ()) -> str:
    """How closely the study follows the paper: a sign, a word, and a letter for each reason.

    >>> followed_words("limited", ("method", "split")), followed_words("strong")
    ('●●○ in part (b, f)', '●●● closely')
    """
    said = f"{_FOLLOWED_SIGN[Evidence(evidence)]} {FOLLOWED[Evidence(evidence)]}"
    letters = ", ".join(_LETTERS[doubt] for doubt in doubts)
    return f"{said} ({letters})" if letters else said


def lettered(doubts: Iterable[Doubt]) -> str:
    """What the letters in a table stand for: the line at its foot; empty without any.

    >>> lettered(["memory", "method", "memory"])
    'b: approximated method; c: published number from memory.'
    """
    there = set(doubts)
    said = (f"{_LETTERS[one]}: {DOUBTS[one]}" for one in DOUBTS if one in there)
    line = "; ".join(said)
    return f"{line}." if line else ""
