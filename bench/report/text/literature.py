"""What the page over all papers says of each paper, and of all."""

from __future__ import annotations

from collections.abc import Mapping

from bench.report.counts import Held
from bench.text import formats

#: Why claims did not hold (the causes of bench/claims), in the page's words: one claim, many claims.
CAUSES: dict[str, tuple[str, str]] = {
    "not_attempted": ("method not attempted here", "methods not attempted here"),
    "missing": ("without a score here", "without a score here"),
    "failed": ("whose fits failed", "whose fits failed"),
    "impossible": ("impossible as printed", "impossible as printed"),
    "noise_floor": ("printed number varies more than the tolerance", "printed numbers vary more than the tolerance"),
    "ambiguous": ("ambiguous as printed", "ambiguous as printed"),
    "unverified": ("differs, but was not checked at its source", "differ, but were not checked at their source"),
    "substituted": ("differs, but by a different method", "differ, but by a different method"),
    "approximated": ("differs, but by an approximated method", "differ, but by an approximated method"),
    "seed": ("differs in one run whose seed was not varied", "differ in one run whose seed was not varied"),
    "one_split": ("of one split, which shows no spread", "of one split, which shows no spread"),
    "no_error": ("differs, with an unknown standard error", "differ, with an unknown standard error"),
    "few_datasets": ("needs more data sets than there are", "need more data sets than there are"),
    "open": ("left open by its interval", "left open by their intervals"),
    "size": ("right in direction, not in size", "right in direction, not in size"),
    "protocol": ("differs under a different protocol", "differ under a different protocol"),
    "equivalent": ("comparison of practically equal models", "comparisons of practically equal models"),
    "refuted": ("differs, unexplained", "differ, unexplained"),
}
#: Published numbers by how they were read.
_SORTS = {"verified": "verified", "from_memory": "from memory"}
#: Up to so many claims have no interval because they are few.
FEW = 3


def causes(misses: Mapping[str, int]) -> list[str]:
    """`2 methods not attempted here`, the most frequent first."""
    order = sorted((name for name in CAUSES if misses.get(name)), key=lambda name: -misses[name])
    return [f"{misses[name]} {CAUSES[name][misses[name] != 1]}" for name in order]


def sorts(numbers: Mapping[str, int], claims: int | None) -> str:
    """What the judged claims are, by `counts.sort_of`: `12 verified, 3 from memory, 2 comparisons`.

    claims: of how many claims the numbers are, where that is not one each.
    """
    parts = [f"{numbers[name]} {word}" for name, word in _SORTS.items() if numbers[name]]
    if claims is not None:
        parts[-1] += f" in {formats.plural(claims, 'claim')}"
    parts += [formats.plural(numbers["comparison"], "comparison")] if numbers["comparison"] else []
    return ", ".join(parts)


def total(judged: Mapping[str, int], papers: int, studies: int) -> str:
    """`12 papers: 140 verified numbers judged, 9 from memory, 4 comparisons`."""
    start = formats.plural(papers, "paper") + ("" if papers == studies else f" in {studies} studies")
    numbers = f"{formats.plural(judged['verified'], 'verified number')} judged"
    memory = f"{formats.count(judged['from_memory'])} from memory"
    compared = f", {formats.plural(judged['comparison'], 'comparison')}" if judged["comparison"] else ""
    return f"{start}: {numbers}, {memory}{compared}"


def held(share: Held) -> str:
    """`3 of 4`."""
    return f"{share.held} of {share.claims}" if share.claims else formats.NONE


def interval(held: Held, drawn: Held) -> str:
    """The share of the claims with an error rate and its interval, or why there is none."""
    if not held.claims:
        return "none could be judged"
    if not drawn.claims:
        return "no error rate exists"
    if drawn.low is None:
        return "too few for an interval" if drawn.claims <= FEW else "one data set: no interval"
    share = formats.probability(drawn.held / drawn.claims)
    ends = f"{formats.probability(drawn.low)} to {formats.probability(drawn.high)}"
    some = "" if drawn.claims == held.claims else f" of {drawn.claims} with an error rate"
    return f"{share}{some}, {ends}"
