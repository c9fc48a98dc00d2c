"""What the page over all papers says of each paper, and of all."""

from __future__ import annotations

from collections.abc import Mapping

from bench.core.judgements import Evidence
from bench.text import formats
from bench.text.marks import FOLLOWED

#: Ours differs, and the study says why.
EXPLAINED = "explained"
#: Why attempted claims do not hold (the causes of bench/claims), in the page's words: one claim, many claims.
CAUSES: dict[str, tuple[str, str]] = {
    "noise_floor": (
        "printed number varies more than the tolerance",
        "printed numbers vary more than the tolerance",
    ),
    "memory": (
        "differs, but is quoted from memory",
        "differ, but are quoted from memory",
    ),
    "quoted": (
        "differs, but was read in a text that quotes it",
        "differ, but were read in texts that quote them",
    ),
    "other_method": (
        "differs, but by a different method",
        "differ, but by a different method",
    ),
    "method": (
        "differs, but by an approximated method",
        "differ, but by an approximated method",
    ),
    "seed": (
        "of one run, whose seed was not varied",
        "of one run, whose seed was not varied",
    ),
    "one_split": (
        "of one split, which shows no spread",
        "of one split, which shows no spread",
    ),
    "no_error": ("without a known standard error", "without a known standard error"),
    "few_datasets": (
        "needs more datasets than there are",
        "need more datasets than there are",
    ),
    "open": ("left open by its interval", "left open by their intervals"),
    "data": ("differs with other data", "differ with other data"),
    "split": ("differs with another split", "differ with another split"),
    "tuning": ("differs with another tuning", "differ with another tuning"),
    "metric": ("differs with another metric", "differ with another metric"),
    "equivalent": (
        "comparison of practically equal models",
        "comparisons of practically equal models",
    ),
    EXPLAINED: (
        "differs, for a reason that the study gives",
        "differ, for reasons that the studies give",
    ),
    "refuted": ("differs, unexplained", "differ, unexplained"),
}
#: What is claimed (`counts.sort_of`), in words: one, many.
_SORTS = {
    "source": ("number read at its source", "numbers read at their source"),
    "secondary": (
        "number read where another text quotes it",
        "numbers read where other texts quote them",
    ),
    "memory": ("number from memory", "numbers from memory"),
    "comparison": ("comparison", "comparisons"),
}


def by_evidence(counts: Mapping[str, int]) -> str:
    """`3 closely, 1 in part`: in how many claims the study follows the paper how closely."""
    return (
        ", ".join(
            f"{counts[one]} {FOLLOWED[one]}" for one in Evidence if counts.get(one)
        )
        or formats.NONE
    )


def causes(misses: Mapping[str, int]) -> list[str]:
    """`2 ambiguous as printed`, the most frequent first."""
    order = sorted(
        (name for name in CAUSES if misses.get(name)), key=lambda name: -misses[name]
    )
    return [f"{misses[name]} {CAUSES[name][misses[name] != 1]}" for name in order]


def sorts(
    sorted_: Mapping[str, int], elsewhere: Mapping[str, int], claims: int
) -> list[str]:
    """What the attempted claims are: `12 numbers read at their source`, `2 comparisons`.

    elsewhere: how many numbers other studies of the work already counted. claims: how many claims quote a number.
    """
    found = _counted(sorted_)
    found += [
        f"{formats.plural(n, 'number')} counted under {study}"
        for study, n in sorted(elsewhere.items())
    ]
    numbers = sum(n for name, n in sorted_.items() if name != "comparison") + sum(
        elsewhere.values()
    )
    return found + (
        [f"{claims} claims quote {formats.plural(numbers, 'number')}"]
        if numbers < claims
        else []
    )


def _counted(sorted_: Mapping[str, int]) -> list[str]:
    return [
        f"{formats.count(n)} {words[n != 1]}"
        for name, words in _SORTS.items()
        if (n := sorted_.get(name))
    ]


def total(sorted_: Mapping[str, int], papers: int, studies: int) -> str:
    """`12 papers in 15 studies: 140 numbers read at their source and 4 comparisons`."""
    start = formats.plural(papers, "paper") + (
        "" if papers == studies else f" in {studies} studies"
    )
    return (
        f"{start}: {formats.listed(_counted(sorted_))}"
        if any(sorted_.values())
        else start
    )


def held(count: int, attempted: int) -> str:
    """`3 of 4`."""
    return f"{count} of {attempted}" if attempted else formats.NONE
