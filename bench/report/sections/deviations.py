"""What differs from the paper, as a list."""

from __future__ import annotations

from collections.abc import Iterator

from bench.report.blocks import Block, Listing
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.study.deviations import Deviation
from bench.text.marks import DOUBTS

_DIRECTIONS = {
    "ours_better": " Ours is likely better for it.",
    "ours_worse": " Ours is likely worse for it.",
    "none": " No effect is expected.",
}


def deviations(bundle: Bundle) -> Iterator[Block]:
    """The departures that the study states."""
    if bundle.study.deviations:
        yield Listing(tuple(map(deviation_words, bundle.study.deviations)))


def deviation_words(one: Deviation) -> str:
    """What differs, for which claims, how, and which way.

    >>> deviation_words(Deviation(what="tuning", of=("svm",), note="Inner folds choose C", direction="ours_worse"))
    'Another tuning (svm): Inner folds choose C. Ours is likely worse for it.'
    """
    kind = "not stated by the paper" if one.what == "unstated" else DOUBTS[one.what]
    of = f" ({', '.join(one.of)})" if one.of else ""
    way = _DIRECTIONS.get(one.direction or "", "")
    note = f"{one.note.removesuffix('.')}.{way}"
    return f"{kind[:1].upper()}{kind[1:]}{of}: {note}"


SECTION = Section("deviations", "What differs from the paper", deviations, order=13)
