"""Every error a user can meet, and the exit code it ends with.

    BenchError            1  something inside bench is wrong
    ├── StudyError             2  a study is wrong: carries every Problem found, each with file and line (study/noted)
    ├── IncompatibleDataError  2  a study asks what its data cannot give; a stage turns it into a StudyError
    ├── UsageError             2  a command was called with words it does not know
    ├── DataError              3  data missing, not as recorded, or a download refused
    ├── CellsFailedError       4  some cells failed (outside DVC only; inside, results say so)
    ├── NotReproducedError     5  claims were not reproduced (`--strict` only)
    └── MovedError             5  scores are worse (`--strict` only)

Each message is a sentence: where, what, what was expected, the nearest right word, what was not done.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

from bench.core.other_names import OURS
from bench.core.text import shortened


class BenchError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(BenchError):
    """A command was called with words it does not know."""

    exit_code = 2


class DataError(BenchError):
    """Data are missing, differ from what was recorded, or may not be fetched."""

    exit_code = 3


class CellsFailedError(BenchError):
    """Some cells failed."""

    exit_code = 4


class NotReproducedError(BenchError):
    """Some claims were not reproduced, and the caller asked for that to be an error."""

    exit_code = 5


class MovedError(BenchError):
    """Some scores are worse, and the caller asked for that to be an error."""

    exit_code = 5


class IncompatibleDataError(BenchError):
    """A study asks what its data cannot give. `path` is the part of the study file that asks, as keys."""

    exit_code = 2

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path, self.message = path, message


#: What `bench list` lists.
LISTS = (
    "studies", "families", "metrics", "sources", "adapters", "steps", "claims", "statistics", "diagnostics",
    "explanations", "checklist",
)  # fmt: skip
#: More known words than this are not listed, but those that are most like the unknown one.
MOST = 12
#: Of many words near an unknown one so many are offered, each at least so like it.
_OFFERED, _LIKE = 5, 0.7
#: Known words are cut to so many letters.
_LONGEST = 40


def row_number(position: int) -> int:
    """A row as people count: the first row of data is 1. Frames hold positions in the table as it came, from 0."""
    return position + 1


def nearest(word: str, known: Iterable[str], what: str = "") -> str:
    """The end of a sentence about an unknown word: the nearest known one, else some of them; `what` they are.

    >>> nearest("n_estimatrs", ["max_depth", "n_estimators"])
    'did you mean n_estimators?'
    >>> nearest("Random Forest", ["random_forest", "svm"])
    'did you mean random_forest?'
    >>> nearest("auc", ["accuracy", "pr_auc", "roc_auc"])
    'did you mean pr_auc or roc_auc?'
    >>> nearest("zzz", ["b", "a"])
    'known: a, b'
    """
    words = sorted(set(known))
    if near := meant(word, words):
        return f"did you mean {' or '.join(near)}?"
    return f"known: {_some(word, words, what)}" if words else "none is known here"


def offer_nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about a word among hundreds of all kinds: up to five near ones, those that contain it first.

    >>> offer_nearest("spliting", ["split", "splits", "lda"])
    'did you mean split or splits?'
    """
    plain, likeness = plain_word(word), {}
    for one in known:
        same = plain_word(one)
        likeness[one] = SequenceMatcher(None, plain, same).ratio() + (plain in same)
    near = [one for one, like in likeness.items() if like >= _LIKE]
    likest = sorted(near, key=lambda one: (-likeness[one], one))[:_OFFERED]
    if not likest:
        return "none is like it; `bench list` prints what there is"
    return f"did you mean {' or '.join(likest)}?"


def meant(unknown: str, known: Iterable[str]) -> list[str]:
    """The same word but for its signs, or ours for that of others; up to three that it is the beginning, a part or the
    initials of; the likest."""
    word = plain_word(unknown)
    plain = {one: plain_word(one) for one in sorted(set(known))}
    for one, same in plain.items():
        if same == word:
            return [one]
    if (ours := OURS.get(word)) in plain:
        return [ours]

    def shortened(same: str) -> bool:
        parts = same.split("_")
        return (
            same.startswith(word)
            or word in parts
            or word == "".join(part[:1] for part in parts)
        )

    short = (
        [one for one, same in plain.items() if shortened(same)] if len(word) > 1 else []
    )
    likest = get_close_matches(word, list(plain.values()), n=1, cutoff=0.6)
    return (
        short
        if 0 < len(short) <= 3
        else [one for one, same in plain.items() if [same] == likest][:1]
    )


def suggested(word: str, known: Iterable[str], what: str = "", more: str = "") -> str:
    """The same and `more`, a sentence; the known words follow on a line of their own unless they are few, none near.

    >>> print(suggested("fores", ["forest", "lda"], "families"))
    did you mean forest?
    known families: forest, lda
    """
    words = sorted(set(known))
    said, near = nearest(word, words, what), bool(meant(word, words))
    if len(words) < 2 or not (near or more or len(words) > MOST + 1):
        return f"{said}{'' if near or not more else '.'}{more}"
    said = said if near else f"none is like it{'.' if more else ''}"
    return (
        f"{said}{more}\nknown{' ' + what if what else ''}: {_some(word, words, what)}"
    )


def _some(word: str, words: Iterable[str], what: str) -> str:
    """Known words in their order; of many those most like the unknown one, and what lists them all."""
    every = sorted(words)
    if len(every) <= MOST + 1:
        return ", ".join(shortened(one, _LONGEST) for one in every)

    def unlike(one: str) -> float:
        return -SequenceMatcher(None, plain_word(word), plain_word(one)).ratio()

    shown = ", ".join(
        shortened(one, _LONGEST) for one in sorted(sorted(every, key=unlike)[:MOST])
    )
    noun = what.rpartition(" ")[2]
    lister = (
        ": `bench schema`"
        if noun == "keys"
        else f": `bench list {noun}`"
        if noun in LISTS
        else ""
    )
    return f"{shown} and {len(every) - MOST} more{lister}"


def plain_word(word: object) -> str:
    """A word without capitals, and with one sign between its parts."""
    return str(word).casefold().replace(" ", "_").replace("-", "_")
