"""The words of what would decide a claim that is open."""

from __future__ import annotations

from bench.core.judgements import Settle
from bench.text import formats

_WORDS = {
    Settle.REPEATS: "repeats",
    Settle.SEEDS: "seeds",
    Settle.DRAWS: "draws of the simulation",
    Settle.DATASETS: "datasets",
    Settle.ROWS: "rows",
    Settle.PAPER_NOISE: "no run here: chance alone moves the stated number by as much as the tolerance",
    Settle.FIXED_DESIGN: "a protocol that can be repeated: this one has one run",
    Settle.RIVALS: "scores of the models that lack some",
    Settle.SOURCE: "what the paper says of its exact meaning, or more digits",
    Settle.SCORES: "the paper's own scores",
    Settle.METHOD: "the paper's method, data and protocol",
    Settle.HOLM: "unknown: significant only before Holm's correction over the falsifiers",
    Settle.NOT_JUDGED: "not judged",
    Settle.UNKNOWN: "unknown",
}


def what_settles(settle: str, further: int | None) -> str:
    """What would decide a claim, in words.

    >>> what_settles(Settle.REPEATS, 12), what_settles(Settle.ROWS, None)
    ('12 more repeats', 'more rows')
    """
    by = Settle(settle)
    if not by.counted and by not in (Settle.DATASETS, Settle.ROWS):
        return _WORDS[by]
    many = "more" if further is None else f"{formats.count(further)} more"
    return f"{many} {_WORDS[by]}"
