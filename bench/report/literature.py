"""The page over all papers: one row a study that has a paper, from the summaries that the report stage wrote."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.report.text.literature import causes, interval
from bench.text import formats
from bench.text.words import VERDICTS

Summary = dict[str, Any]


def literature(summaries: list[Summary]) -> dict[str, Any]:
    """What the page shows, papers in the order of their years; a study that claims nothing of a paper is left out."""
    of_papers = (one for one in summaries if one["paper"] and one["claims"] and not one["own"])
    papers = sorted(of_papers, key=lambda one: (one["paper"]["year"] or 0, one["id"]))
    misses: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for one in papers:
        misses.update(one["misses"])
        verdicts.update(one["verdicts"])
    return {
        "papers": [_row(one) for one in papers],
        "total": _total(papers),
        "totals": [(word, verdicts[word]) for word in VERDICTS if verdicts[word]],
        "misses": causes(misses),
    }


def _row(one: Summary) -> dict[str, Any]:
    held, drawn = one["share"]["held"], one["share"]["held_with_error_rate"]
    citation = one["paper"]["citation"]
    return {
        "id": one["id"],
        "words": [*one["datasets"], *one["families"], citation],
        "name": authors(citation, one["paper"]["year"]),
        "title": one["title"],
        "year": one["paper"]["year"] or formats.NONE,
        "judged": held["claims"],
        "of": _of(one),
        "claims": by_verdict(one["claims"]),
        "held": f"{held['held']} of {held['claims']}" if held["claims"] else formats.NONE,
        "interval": interval(held, drawn),
        "causes": causes(one["misses"]),
    }


def authors(citation: str, year: int | None) -> str:
    """A citation up to its year, where the year stands in it.

    >>> authors("Gorman, R. P. and Sejnowski, T. J. (1988). Analysis of hidden units.", 1988)
    'Gorman, R. P. and Sejnowski, T. J.'
    """
    start, found, _ = citation.partition(str(year))
    return start.rstrip(" (,") if year is not None and found and start.strip(" (") else citation


def by_verdict(claims: list[dict[str, str]]) -> list[dict[str, str]]:
    """A study's claims, those that hold up first: what a row of squares adds up to is seen at a glance."""
    order = list(VERDICTS)
    return sorted(claims, key=lambda claim: order.index(claim["verdict"]))


def _of(one: Summary) -> str:
    """What the judged claims are: `12 verified, 3 from memory, 2 comparisons`."""
    judged = _judged(one)
    found = Counter(dict(judged).values())
    words = {"verified": "verified", "from_memory": "from memory"}
    parts = [f"{found[name]} {word}" for name, word in words.items() if found[name]]
    if len(dict(judged)) < len(judged):
        parts[-1] += f" in {formats.plural(len(judged) - found['comparison'], 'claim')}"
    parts += [formats.plural(found["comparison"], "comparison")] if found["comparison"] else []
    return ", ".join(parts)


def _judged(one: Summary) -> list[tuple[tuple[str, ...], str]]:
    """The judged claims of a study, each named by its paper, the first claim of its number and what is printed, with
    what it is: two studies of one paper may use one id for different numbers."""
    citation = one["paper"]["citation"]
    each = zip(one["claims"], one["sorts"], strict=True)
    return [
        ((citation, claim["number"], claim["printed"]), sort)
        for claim, sort in each
        if claim["verdict"] != "not_testable"
    ]


def _total(papers: list[Summary]) -> str:
    """`12 papers: 140 verified numbers judged, 9 from memory, 4 comparisons`.

    One number that several claims speak of, in one study or under one id in two of one paper, counts once.
    """
    judged = Counter(dict(pair for one in papers for pair in _judged(one)).values())
    count = len({one["paper"]["citation"] for one in papers})
    start = formats.plural(count, "paper") + ("" if count == len(papers) else f" in {len(papers)} studies")
    numbers = f"{formats.plural(judged['verified'], 'verified number')} judged"
    memory = f"{formats.count(judged['from_memory'])} from memory"
    compared = f", {formats.plural(judged['comparison'], 'comparison')}" if judged["comparison"] else ""
    return f"{start}: {numbers}, {memory}{compared}"
