"""Are the differences real? All data sets together, every family against the best, every pair.

In words first: which families no test tells apart, how sure the first place is, how small a difference the design sees.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from bench.families.instability import unstable_families
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts import intervals
from bench.report.charts.intervals import Dot
from bench.report.charts.ranks import Ranked, rank_strip
from bench.report.charts.svg import Figure, Table
from bench.report.dataset_switch import keys, lacking
from bench.report.section import Section
from bench.report.sections.chances import against_best, beats, beats_overall, won
from bench.report.styles import Styles, styles_of
from bench.report.text import certainty as sure
from bench.report.text import external as given
from bench.scores.design import alpha_of, is_external, level_of, rope_of, varies
from bench.text import formats
from bench.text.words import MARK, Measure, marked, measure, terms

#: Groups that are listed in words; the rest are counted.
LISTED = 4
#: Of a metric that the study does not judge by, a table of more pairs than this is left out: it takes a page's room.
MOST_ASIDE = 100
UNTESTED = "On {} no pair of families has scores on the same folds, so nothing is compared there."
#: What probabilities over data sets are worth where no test can decide.
FEW = (
    "are a model's, read off these few data sets alone: where the few agree they come near certainty, although "
    "no test of so few could decide. They say how alike these are, not what others would show."
)
_ONE = ("p", "corrected_t", "holm", "rope", "posterior", "groups", "stays_first", "resolution")
_MANY = ("signed_rank", "zeros_split", "hodges_lehmann", "bayes_signed_rank", "mean_rank", "first", "friedman")


def differences(bundle: Bundle) -> dict[str, Any]:
    styles, unit = styles_of(bundle), facts.primary(bundle)
    compare = bundle.study.compare
    found = {name: _places(bundle, styles, measure(name)) for name in facts.scored(bundle)}
    places = found.get(unit.name, [])
    overall = {name: _overall(bundle, styles, measure(name)) for name in found}
    main = overall.get(unit.name)
    by_row = any(place["rows"] for place in places)
    tested = any(pair["p"] != formats.NONE for place in places for pair in place["pairs"])
    return {
        "metrics": [
            {"overall": overall[name], "places": one, "aside": _aside(measure(name), unit, len(found))}
            | {"lacking": lacking(bundle, styles, [p["name"] for p in one], UNTESTED.format) if one else []}
            for name, one in found.items()
        ],
        "places": places,
        "overall": main,
        "empty": "" if places or main else _why_empty(bundle),
        "metric": unit.word,
        "rope": unit.size(compare.rope) if compare and compare.rope else "",
        "why": (compare.why if compare else None) or "",
        "terms": terms(
            *(_ONE if tested else ("p", "holm", "groups") if main or by_row else ()),
            *(_MANY if main else ()),
            *(("mcnemar", "delong") if by_row else ()),
        ),
    }


def _aside(unit: Measure, primary: Measure, metrics: int) -> str:
    """What must be said under the tests of a metric that the study does not judge by."""
    if unit.name == primary.name:
        return ""
    return (
        f"The study judges by {primary.word}; {unit.word} is here to look at. Each metric has tests of its own, and "
        f"Holm corrects for the pairs of one metric alone: a difference that is found by looking through "
        f"{formats.spelled(metrics)} of them is a hint, no finding."
    )


def _why_empty(bundle: Bundle) -> str:
    if bundle.apart:
        return "Each data set has a page of its own with the tests on it; over all of them nothing can be tested."
    if len(facts.families(bundle)) < 2:
        return "There is one family, so there is nothing to compare."
    if all(is_external(bundle.study, d) and varies(bundle.study, d) is None for d in bundle.datasets):
        return "Each family has one score on a data set, made elsewhere: no test on one data set can stand on that."
    if all(facts.without_chance(bundle, d) for d in bundle.datasets):
        return "The protocol draws no splits at random, so no test over splits exists."
    if bundle.study.compare is None:
        return "The study asks for no comparison of families."
    return "No pair of families has scores on the same folds."


def _places(bundle: Bundle, styles: Styles, unit: Measure) -> list[dict[str, Any]]:
    found = [_place(bundle, styles, d, unit) for d in (() if bundle.apart else facts.places(bundle))]
    return [place for place in found if place is not None]


def _place(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> dict[str, Any] | None:
    tests = facts.pairs(bundle, dataset, unit.name)
    standing = facts.standing(bundle, dataset, unit.name)
    if not tests or standing is None:
        return None
    names = [f for f in facts.families(bundle) if any(f in key for key in tests)]
    seen = facts.seen(bundle, dataset, unit.name)
    rows = [_pair(styles, tests[a, b], unit, seen.get((a, b))) for a, b in combinations(names, 2) if (a, b) in tests]
    guessed = any(pair.fallbacks for pair in tests.values())
    own = unit.name == bundle.study.metrics.primary
    drawn = [_figure(bundle, styles, dataset, standing, unit), against_best(bundle, styles, dataset, standing, unit)]
    drawn += [beats(bundle, styles, dataset, unit)] if len(bundle.datasets) == 1 else []
    return {
        "name": dataset,
        "key": keys(bundle).get(dataset, ""),
        "title": styles.dataset(dataset),
        "said": [
            *_groups_said(styles, standing),
            *_first_said(bundle, styles, dataset, unit),
            *_unsteady_said(bundle, styles, dataset, names, standing),
            *_seen_said([one for pair, one in seen.items() if not any(styles.family(f).baseline for f in pair)], unit),
        ],
        "figures": [figure for figure in drawn if figure is not None],
        "pairs": rows if own else [],
        "needed": any(row["needed"] for row in rows),
        "note": f"{MARK} rests on a baseline's score in the place of failed cells." if guessed else "",
        "rows": [_row_by_row(styles, row) for row in facts.row_by_row(bundle, dataset)] if own else [],
    }


def _pair(styles: Styles, pair: facts.ComparedPair, unit: Measure, seen: facts.Seen | None) -> dict[str, Any]:
    better, worse = (pair.p_greater, pair.p_less) if unit.higher else (pair.p_less, pair.p_greater)
    needed = ""
    if seen is not None and seen.undecided:
        needed = "none would" if seen.repeats is None else formats.count(seen.repeats)
    return {
        "a": styles.family(pair.family),
        "b": styles.family(pair.against),
        "difference": marked(unit.difference(pair.difference), pair.fallbacks),
        "interval": formats.interval(pair.low, pair.high, unit.difference),
        "p": formats.p_value(pair.p_adjusted),
        "better": formats.drawn(better),
        "same": formats.drawn(pair.p_rope),
        "worse": formats.drawn(worse),
        "needed": needed,
    }


def _groups_said(styles: Styles, standing: facts.Leaders) -> list[str]:
    return [groups_words(styles, standing.groups)] if standing.tested else []


def groups_words(styles: Styles, groups: tuple[facts._Group, ...]) -> str:
    """Who cannot be told from whom, or who can, whichever is shorter to say."""
    order = list(dict.fromkeys(family for group in groups for family in group))
    if len(groups) == 1:
        return "The two families cannot be told apart." if len(order) == 2 else "No two families can be told apart."
    told = {f: [g for g in order if g != f and not any({f, g} <= set(group) for group in groups)] for f in order}
    several = [group for group in groups if len(group) > 1]
    if not several:
        return "The two families are told apart." if len(order) == 2 else "Every pair of families is told apart."
    apart = _told_apart(styles, order, told)
    together = [formats.listed([styles.family(f).title for f in group]) for group in several]
    if sum(map(len, apart)) < sum(map(len, together)):
        return f"Told apart: {'; '.join(apart)}. No other two families can be told apart."
    more = f"; and {formats.plural(len(together) - LISTED, 'more group')}" if len(together) > LISTED else ""
    return f"Not told apart from each other: {'; '.join(together[:LISTED])}{more}."


def _told_apart(styles: Styles, order: list[str], told: dict[str, list[str]]) -> list[str]:
    """`Baseline from every other; Naive Bayes from SVM`: each pair once, those first that are told from most."""
    said, done = [], set()
    for family in sorted(order, key=lambda f: (-len(told[f]), order.index(f))):
        others = [other for other in told[family] if other not in done]
        done.add(family)
        if not others:
            continue
        whole = len(told[family]) == len(order) - 1
        names = "every other" if whole else formats.listed([styles.family(f).title for f in others])
        said.append(f"{styles.family(family).title} from {names}")
    return said


def _first_said(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> list[str]:
    """How sure the first place is: bounds, since how the differences go together is not known."""
    found = facts.stays_first(bundle, dataset, unit.name)
    if found is None:
        return []
    family, low, high = found
    said = (
        f"First by score: {styles.family(family).title}. The probability that this family is truly the best of them, by "
        f"any margin however small, is {_between(low, high)}"
    )
    rope = rope_of(bundle.study, unit.name)
    ahead = _ahead(bundle, dataset, unit, family) if rope else []
    if ahead:
        ends = max(0.0, 1 - sum(1 - p for p in ahead)), min(ahead)
        each = "the other" if len(ahead) == 1 else "each of the others"
        said += f"; that it is better than {each} by more than the {unit.size(rope or 0)} that count as none, "
        said += _between(*ends)
    leak = " But the findings warn about this data set, and so about its scores (see Findings)."
    return [f"{said}.{leak if sure.alarms_on(bundle, dataset) else ''}"]


def _ahead(bundle: Bundle, dataset: str, unit: Measure, family: str) -> list[float]:
    """How probable it is that a family is better than each other one by more than the ROPE; empty if one is unknown."""
    tests = [pair for (f, _), pair in facts.pairs(bundle, dataset, unit.name).items() if f == family]
    chances = [pair.p_greater if unit.higher else pair.p_less for pair in tests]
    known = [p for p in chances if p is not None]
    return known if len(known) == len(chances) else []


def _between(low: float, high: float) -> str:
    """The bounds of a probability in words; those that look alike are one."""
    ends = [formats.drawn(low), formats.drawn(high)]
    if ends[0] == ends[1]:
        return ends[0]
    return f"between {ends[0]} and {ends[1]}" if low >= 0.01 else f"at most {ends[1]}"


def _unsteady_said(
    bundle: Bundle, styles: Styles, dataset: str, names: list[str], standing: facts.Leaders
) -> list[str]:
    """That the test errs more often than it says where fits hang on few rows, with how often it was seen to."""
    found = unstable_families(bundle.study, sure.lenient(bundle, dataset, names))
    if not found or not standing.tested:
        return []
    titles = [styles.family(family).title for family in found]
    errs = {one.measured_on: f"{formats.short(100 * one.errs)}{formats.THIN}%" for one in found.values()}
    rates = formats.listed([f"{rate} for {what}" for what, rate in errs.items()])
    return [
        f"The fits of {formats.listed(titles)} hang on few training rows: between two such families the corrected test "
        f"errs more often than its level says, in simulations in up to {rates} at a nominal "
        f"{formats.probability(0.05)}. "
        "A difference between them deserves a second data set."
    ]


def _seen_said(seen: list[facts.Seen], unit: Measure) -> list[str]:
    """The power of the design: the least difference that is called, over the pairs, and what repeats could bring."""
    if not seen:
        return []
    now, floor = ([one.now for one in seen], [one.floor for one in seen])
    least, most, lowest, highest = (
        unit.difference(value).lstrip("+") for value in (min(now), max(now), min(floor), max(floor))
    )
    said = f"The smallest difference that this design can tell from none is {least}"
    said += "" if least == most else f" for the steadiest pair of families and {most} for the least steady"
    if (least, most) == (lowest, highest):
        return [f"{said}."]
    if not any(floor):
        return [f"{said}; every draw more makes that smaller, without an end."]
    ends = lowest if lowest == highest else f"{lowest} and {highest}"
    return [f"{said}; more repeats could bring that down to {ends}, and no further without more rows."]


def _row_by_row(styles: Styles, row: dict[str, Any]) -> dict[str, Any]:
    unit = measure(row["metric"])
    return {
        "a": styles.family(row["family"]),
        "b": styles.family(row["against"]),
        "test": {"mcnemar": "McNemar", "delong": "DeLong"}[row["test"]],
        "metric": unit.title,
        "difference": unit.difference(row["difference"]),
        "interval": formats.interval(row["low"], row["high"], unit.difference),
        "p": formats.p_value(row["p_adjusted"]),
    }


def _figure(bundle: Bundle, styles: Styles, dataset: str, standing: facts.Leaders, unit: Measure) -> Figure:
    """Every other family minus the best, in the order of the differences."""
    tests = facts.pairs(bundle, dataset, unit.name)
    others = [tests[f, standing.best] for f in facts.families(bundle) if (f, standing.best) in tests]
    others.sort(key=lambda p: (unit.loss(p.difference), p.family))
    dots = []
    for p in others:
        style = styles.family(p.family)
        note = unit.difference(p.difference) if p.p_adjusted is None else formats.p_equals(p.p_adjusted)
        note = marked(note, p.fallbacks)
        dots.append(
            Dot(style.short, style.shape, style.hue, p.difference, p.low, p.high, note, style.baseline, style.key)
        )
    best, compare = styles.family(standing.best).title, bundle.study.compare
    label = f"Difference from {best} on {styles.dataset(dataset)}: " + "; ".join(
        f"{d.label} {unit.difference(d.value)}, {d.note}" for d in dots
    )
    own = unit.name == bundle.study.metrics.primary
    rope = compare.rope if compare and own else None
    body = intervals.differences(dots, label, rope, share=unit.share)
    head = ("Family", "Difference", "Interval", "p (Holm)")
    rows = tuple(
        (
            d.label,
            unit.difference(d.value),
            formats.interval(d.low, d.high, unit.difference),
            marked(formats.p_value(p.p_adjusted), p.fallbacks),
        )
        for p, d in zip(others, dots, strict=True)
    )
    corrected = "" if bundle.setting(dataset).seeds else "corrected "
    bars = f"; bar: {100 * level_of(bundle.study):g}% {corrected}interval; p after Holm" if standing.tested else ""
    note = f"Each family minus {best}{bars}." + (" In percent points." if unit.share else "")
    note += " Band: differences that count as none." if rope else ""
    note += given.over_seeds(bundle, dataset)
    note += f" {MARK} rests on a baseline's score for failed cells." if any(p.fallbacks for p in others) else ""
    untested = "" if standing.tested else f"No test: {facts.no_interval_cause(bundle, dataset, unit.name)}."
    if facts.rows_go_together(bundle, dataset):
        untested += " Test rows come in groups, so no test may take them one by one either."
    return Figure(
        f"against-best-{dataset}-{unit.name}",
        f"{styles.dataset(dataset)}: distance from the best",
        note,
        body,
        Table(head, rows),
        untested,
    )


def _overall(bundle: Bundle, styles: Styles, unit: Measure) -> dict[str, Any] | None:
    """All data sets together: in words, mean ranks with their intervals, groups if any can be told, every pair."""
    design, pairs = facts.design(bundle, unit.name), facts.overall_pairs(bundle, unit.name)
    if design is None:
        return None
    rope = rope_of(bundle.study, unit.name)
    ties = f"a tie is a difference of at most {unit.size(rope)}" if rope else "a tie is the same mean"
    drawn = [rank_intervals(bundle, styles, unit), rank_figure(bundle, styles, unit)]
    drawn += [beats_overall(bundle, styles, unit), won(bundle, styles, unit, ties)]
    listed = unit.name == bundle.study.metrics.primary or len(pairs) <= MOST_ASIDE
    return {
        "title": f"Over {formats.spelled(design.datasets)} data sets",
        "said": ranks_words(bundle, styles, unit),
        "figures": [figure for figure in drawn if figure is not None],
        "pairs": [_overall_row(styles, pair, unit) for pair in pairs] if listed else [],
        "left_out": "" if listed else f"The table of its {formats.count(len(pairs))} pairs is left out here.",
        "chances": any(pair.p_rope is not None for pair in pairs),
        "note": _variant(pairs, design),
        "ties": ties,
    }


def _variant(pairs: list[facts.OverallPair], design: facts.Design) -> str:
    how = "over all sign patterns" if all(pair.exact for pair in pairs) else "by the normal approximation beyond 50"
    tests = formats.plural(len(pairs), "pair")
    said = f"Wilcoxon's signed ranks of the data sets' means, p {how}, zeros split, Holm over {tests}"
    said += "; the difference is that of Hodges and Lehmann, its interval not adjusted."
    if design.decides or all(pair.p_rope is None for pair in pairs):
        return said
    return f"{said} P(better), P(same) and P(worse) {FEW}"


def _overall_row(styles: Styles, pair: facts.OverallPair, unit: Measure) -> dict[str, Any]:
    better, worse = (pair.p_greater, pair.p_less) if unit.higher else (pair.p_less, pair.p_greater)
    wins, losses = (pair.above, pair.below) if unit.higher else (pair.below, pair.above)
    sets = formats.plural(pair.datasets, "data set")
    return {
        "a": styles.family(pair.family),
        "b": styles.family(pair.against),
        "difference": marked(unit.difference(pair.difference), pair.fallbacks),
        "interval": formats.interval(pair.low, pair.high, unit.difference),
        "p": formats.p_value(pair.p_adjusted) if pair.decides else f"{sets} cannot decide",
        "wins": f"{wins}–{pair.within}–{losses}",
        "better": formats.drawn(better),
        "same": formats.drawn(pair.p_rope),
        "worse": formats.drawn(worse),
    }


def rank_intervals(bundle: Bundle, styles: Styles, unit: Measure) -> Figure | None:
    """Mean ranks over data sets, each with its bootstrap interval and how often it comes first."""
    design, found = facts.design(bundle, unit.name), facts.rank_estimates(bundle, unit.name)
    if design is None or len(found) < 2:
        return None
    first = facts.first_chances(bundle, unit.name)
    order = sorted(found, key=lambda f: (found[f].value, f))
    dots = []
    for f in order:
        style, one = styles.family(f), found[f]
        note = f"{formats.rank(one.value)}, first {formats.drawn(first.get(f))}"
        dots.append(Dot(style.short, style.shape, style.hue, one.value, one.low, one.high, note, key=style.key))
    label = f"Mean rank over {design.datasets} data sets: " + "; ".join(f"{d.label} {d.note}" for d in dots)
    note = (
        f"1 is best. Bar: {100 * level_of(bundle.study):g}% interval, data sets drawn again with replacement; then in "
    )
    note += "what share of these draws the family is first."
    note += " Holds a baseline's score in the place of failed cells." if facts.fallbacks(bundle, unit.name) else ""
    ends = [formats.interval(d.low, d.high, formats.rank) for d in dots]
    rows = tuple(
        (styles.family(f).title, formats.rank(d.value), end, formats.drawn(first.get(f)))
        for f, d, end in zip(order, dots, ends, strict=True)
    )
    return Figure(
        facts.named(bundle, "mean-ranks", unit),
        f"Mean rank by {unit.word} over {formats.spelled(design.datasets)} data sets",
        note,
        intervals.score_intervals(dots, label, None, (1.0, float(len(found)))),
        Table(("Family", "Mean rank", "Interval", "First"), rows),
    )


def rank_figure(bundle: Bundle, styles: Styles, unit: Measure) -> Figure | None:
    """Mean ranks on one axis with the groups that no test tells apart; only where so many data sets can decide.

    Two families need no picture of it.
    """
    ranks, design = facts.mean_ranks(bundle, unit.name), facts.design(bundle, unit.name)
    if len(ranks) < 3 or design is None or not design.decides:
        return None
    shown = {f: styles.family(f) for f in ranks}
    ranked = [Ranked(f, style.short, style.shape, style.hue, ranks[f], style.key) for f, style in shown.items()]
    groups, _ = facts.overall_groups(bundle, unit.name)
    order = sorted(ranks, key=lambda f: (ranks[f], f))
    label = f"Mean rank over {design.datasets} data sets: " + "; ".join(
        f"{styles.family(f).short} {formats.rank(ranks[f])}" for f in order
    )
    note = "1 is best. A bar joins the families at its knots: no signed-rank test tells any two of them apart after "
    note += "Holm. Ranks only place the families; the bars come from the tests of pairs."
    rows = tuple((styles.family(f).title, formats.rank(ranks[f])) for f in order)
    body = rank_strip(ranked, label, [group for group in groups if len(group) > 1])
    title = f"Who can be told from whom by {unit.word}"
    name = facts.named(bundle, "rank-groups", unit)
    return Figure(name, title, note, body, Table(("Family", "Mean rank"), rows), groups_words(styles, groups))


def ranks_words(bundle: Bundle, styles: Styles, unit: Measure) -> list[str]:
    """Friedman's answer and how firm the first place is, in one; and that few data sets cannot decide."""
    said: list[str] = []
    design, test = facts.design(bundle, unit.name), facts.omnibus(bundle, unit.name)
    chances = facts.first_chances(bundle, unit.name)
    first = ""
    if chances:
        best = max(chances, key=lambda f: chances[f])
        first = _first_in_draws(styles, chances, best)
    if test is not None and test["friedman_f_p"] is not None:
        p = formats.p_equals(test["friedman_f_p"])
        if test["friedman_f_p"] < alpha_of(bundle.study):
            said.append(f"Ranks differ more than chance would have them (Friedman, {p}).")
            said += [f"{first}."] if first else []
        else:
            but = f". {first}, which says how alike these few are, not that others would agree" if first else ""
            said.append(f"Ranks differ no more than chance would have them (Friedman, {p}){but}.")
    elif first:
        said.append(f"{first}.")
    if design is not None and not design.decides:
        sets = formats.plural(design.datasets, "data set")
        said.append(f"{sets} cannot decide between pairs of families: {sure.needed_words(bundle, design, unit.name)}.")
    elif design is not None and len(chances) == 2:
        said.append(groups_words(styles, facts.overall_groups(bundle, unit.name)[0]))
    return said


def _first_in_draws(styles: Styles, chances: dict[str, float], best: str) -> str:
    """Who has the best mean rank most often among draws of these data sets; all of them where several do alike."""
    often = formats.drawn(chances[best])
    alike = [f for f in chances if formats.drawn(chances[f]) == often]
    titles = formats.listed([styles.family(f).title for f in alike])
    return f"First in {often} of draws of these data sets{' each' if len(alike) > 1 else ''}: {titles}"


SECTION = Section("differences", "Are the differences real?", differences, "both", order=40)
