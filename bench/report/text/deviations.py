"""Where a study departs from its paper, as a list says it."""

from __future__ import annotations

from bench.study.deviations import Deviation
from bench.text import formats
from bench.text.marks import DOUBTS

#: How a deviation begins in a list of them.
BEGINS: dict[str, str] = {"unstated": "Not stated by the paper"}
for _what, _words in DOUBTS.items():
    BEGINS[_what] = _words.capitalize()
_DIRECTIONS = {
    "ours_better": "; ours is likely better for it",
    "ours_worse": "; ours is likely worse for it",
    "none": "; no effect is expected",
}


def deviation_words(deviation: Deviation) -> str:
    """A deviation in a list of them: what differs, for which claims, how, and which way.

    >>> deviation_words(Deviation(what="tuning", of=("svm",), note="Inner folds choose C", direction="ours_worse"))
    'Another tuning (svm): Inner folds choose C; ours is likely worse for it'
    """
    of = f" ({formats.listed(list(deviation.of), most=4)})" if deviation.of else ""
    way = _DIRECTIONS.get(deviation.direction or "", "")
    note = deviation.note.removesuffix(".") if way else deviation.note
    return f"{BEGINS[deviation.what]}{of}: {note}{way}"
