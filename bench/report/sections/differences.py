"""Are the differences real? Every family against the best, every pair, and all data sets together."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from bench.report import facts, formats
from bench.report.bundle import Bundle
from bench.report.charts import intervals
from bench.report.charts.intervals import Dot
from bench.report.charts.ranks import Ranked, cliques, rank_strip
from bench.report.charts.svg import Figure, Table
from bench.report.looks import Looks, looks_of
from bench.report.words import MARK, Measure, marked, terms


def differences(bundle: Bundle) -> dict[str, Any]:
    looks, unit = looks_of(bundle), facts.primary(bundle)
    compare = bundle.study.compare
    places = [place for d in bundle.datasets if (place := _place(bundle, looks, d, unit)) is not None]
    overall = rank_figure(bundle, looks) if len(bundle.datasets) > 1 else None
    return {
        "places": places,
        "overall": overall,
        "ranks": _ranks_words(bundle) if len(bundle.datasets) > 1 else "",
        "empty": "" if places or overall else _why_empty(bundle),
        "metric": unit.word,
        "rope": unit.size(compare.rope) if compare and compare.rope else "",
        "why": (compare.why if compare else None) or "",
        "terms": terms("corrected_t", "holm", "rope", "posterior", "friedman", "mean_rank", "critical_difference"),
    }


def _why_empty(bundle: Bundle) -> str:
    if len(bundle.families) < 2:
        return "There is one family, so there is nothing to compare."
    if all(facts.without_chance(bundle, d) for d in bundle.datasets):
        return "The protocol is deterministic: it draws no splits at random, so no test over splits exists."
    if bundle.study.compare is None:
        return "The study asks for no comparison of families."
    return "No pair of families has scores on the same folds."


def _place(bundle: Bundle, looks: Looks, dataset: str, unit: Measure) -> dict[str, Any] | None:
    tests = facts.pairs(bundle, dataset, unit.name)
    standing = facts.standing(bundle, dataset, unit.name)
    if not tests or standing is None:
        return None
    names = [f for f in bundle.families if any(f in key for key in tests)]
    rows = [_pair(looks, tests[a, b], unit) for a, b in combinations(names, 2) if (a, b) in tests]
    guessed = any(pair.fallbacks for pair in tests.values())
    return {
        "title": looks.dataset(dataset),
        "figure": _figure(bundle, looks, dataset, standing),
        "pairs": rows,
        "note": f"{MARK} rests on a baseline's score in the place of failed cells." if guessed else "",
    }


def _pair(looks: Looks, pair: facts.Pair, unit: Measure) -> dict[str, Any]:
    better, worse = (pair.p_greater, pair.p_less) if unit.higher else (pair.p_less, pair.p_greater)
    return {
        "a": looks.family(pair.family),
        "b": looks.family(pair.against),
        "difference": marked(unit.difference(pair.estimate), pair.fallbacks),
        "interval": formats.interval(pair.low, pair.high, unit.difference),
        "p": formats.p_value(pair.p_adjusted),
        "better": formats.probability(better),
        "same": formats.probability(pair.p_rope),
        "worse": formats.probability(worse),
    }


def _figure(bundle: Bundle, looks: Looks, dataset: str, standing: facts.Standing) -> Figure:
    """Every other family minus the best, in the order of the differences."""
    unit = facts.primary(bundle)
    tests = facts.pairs(bundle, dataset, unit.name)
    others = [tests[f, standing.best] for f in bundle.families if (f, standing.best) in tests]
    others.sort(key=lambda p: (unit.loss(p.estimate), p.family))
    dots = []
    for p in others:
        look = looks.family(p.family)
        note = unit.difference(p.estimate) if p.p_adjusted is None else formats.p_equals(p.p_adjusted)
        note = marked(note, p.fallbacks)
        dots.append(Dot(look.short, look.shape, look.hue, p.estimate, p.low, p.high, note, look.baseline))
    best, compare = looks.family(standing.best).title, bundle.study.compare
    label = f"Difference from {best} on {looks.dataset(dataset)}: " + "; ".join(
        f"{d.label} {unit.difference(d.value)}, {d.note}" for d in dots
    )
    rope = compare.rope if compare else None
    body = intervals.differences(dots, label, rope, share=unit.share)
    head = ("Family", "Difference", "Interval", "p (Holm)")
    rows = tuple(
        (d.label, unit.difference(d.value), formats.interval(d.low, d.high, unit.difference), d.note) for d in dots
    )
    bars = f"; bar: {100 * facts.level(bundle):g}% corrected interval; p after Holm" if standing.tested else ""
    note = f"Each family minus {best}{bars}." + (" In percent points." if unit.share else "")
    note += " Band: differences that count as none." if rope else ""
    note += f" {MARK} rests on a baseline's score for failed cells." if any(p.fallbacks for p in others) else ""
    untested = "" if standing.tested else f"No test: {facts.no_interval_reason(bundle, dataset)}."
    return Figure(
        f"against-best-{dataset}",
        f"{looks.dataset(dataset)}: distance from the best",
        note,
        body,
        Table(head, rows),
        untested,
    )


def rank_figure(bundle: Bundle, looks: Looks) -> Figure | None:
    """Mean ranks over data sets; bars over groups only where there are enough data sets to tell any apart."""
    unit = facts.primary(bundle)
    ranks = facts.mean_ranks(bundle, unit.name)
    if len(ranks) < 2:
        return None
    ranked = [Ranked(f, looks.family(f).short, looks.family(f).shape, looks.family(f).hue, r) for f, r in ranks.items()]
    order = sorted(ranks, key=lambda f: (ranks[f], f))
    n = facts.datasets_compared(bundle, unit.name)
    groups = rank_groups(bundle, order, n)
    label = f"Mean rank over {n} data sets: " + "; ".join(f"{looks.family(f).short} {ranks[f]:.2f}" for f in order)
    note = "1 is best. " + ("Families under one bar cannot be told apart after adjustment. " if groups else "")
    note += "Holds a baseline's score in the place of failed cells." if facts.fallbacks(bundle, unit.name) else ""
    rows = tuple((looks.family(f).title, f"{ranks[f]:.2f}") for f in order)
    body = rank_strip(ranked, label, groups)
    title = f"Mean rank by {unit.word} over {formats.spelled(n)} data sets"
    return Figure("mean-ranks", title, note.strip(), body, Table(("Family", "Mean rank"), rows), _ranks_words(bundle))


def rank_groups(bundle: Bundle, order: list[str], n: int) -> list[tuple[str, ...]]:
    """Groups that no adjusted p tells apart; where only a critical difference is given, groups within it."""
    unit, alpha = facts.primary(bundle), 1 - facts.level(bundle)
    if not facts.can_decide(bundle, n):
        return []
    p = facts.overall_pairs(bundle, unit.name)
    return cliques(order, p, alpha) if p else []


def _ranks_words(bundle: Bundle) -> str:
    """Friedman's answer in words; with few data sets, that they cannot decide."""
    unit, alpha = facts.primary(bundle), 1 - facts.level(bundle)
    n, test = facts.datasets_compared(bundle, unit.name), facts.overall(bundle, "friedman_f", unit.name)
    said = []
    if test is not None and test["p"] is not None:
        more = "more" if test["p"] < alpha else "no more"
        said.append(f"Ranks differ {more} than chance would have them (Friedman, {formats.p_equals(test['p'])}).")
    if not facts.can_decide(bundle, n):
        needed = facts.datasets_needed(len(bundle.families), alpha)
        said.append(f"{formats.plural(n, 'data set')} cannot decide between pairs of families: it takes {needed}.")
    return " ".join(said)
