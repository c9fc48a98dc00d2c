"""Which model to use: the comparison as advice, by rule. Never a winner without a test, never a reason why one is.

It does not say which of several models is the cheapest: times depend on the machine, and are no result.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.core.findings import is_alarm
from bench.diagnose import title_of
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.styles import Styles
from bench.report.text import certainty as sure
from bench.text import formats
from bench.text.words import Measure

#: So many models are named; of more the first and the last.
NAMED = 4
_TAKE = "choose the simplest or the cheapest"


def use(bundle: Bundle, styles: Styles) -> str:
    """Which model, by how much, on which data, how sure; or that none differs significantly. Empty without scores."""
    unit = facts.primary(bundle)
    scored = {d for d, _ in facts.estimates(bundle, unit.name)}
    places = [d for d in facts.places(bundle) if d in scored]
    if not places:
        return ""
    warnings = bundle.frame("findings").filter(is_alarm())
    titles = list(dict.fromkeys(title_of(*row) for row in warnings.select("diagnostic", "code").iter_rows()))
    doubt = f" Caution: {formats.listed(titles)} (see Findings)." if titles else ""
    return _said(bundle, styles, unit, places) + doubt


def _said(bundle: Bundle, styles: Styles, unit: Measure, places: Sequence[str]) -> str:
    if len(facts.distinct(bundle, places)) > 1:
        plain = [f for f in facts.families(bundle) if not styles.family(f).baseline]
        if len(plain) == 1:
            return f"{styles.family(plain[0]).title} was run alone: there is nothing to choose between."
        return _over_many(bundle, styles, unit, places)
    said = [f"{_on_one(bundle, styles, unit, place)}." for place in places]
    ends = "One data set: this may not hold on others."
    return " ".join(said if facts.is_simulated(bundle, places[0]) else [*said, ends])


def _on_one(bundle: Bundle, styles: Styles, unit: Measure, dataset: str) -> str:
    """The advice on one data set."""
    means = {f: one.value for (d, f), one in facts.estimates(bundle, unit.name).items() if d == dataset}
    standing, place = facts.standing(bundle, dataset, unit.name), styles.dataset(dataset)
    if standing is None:
        return f"Nothing on {place}: its fits failed"
    order = sorted((f for f in means if not styles.family(f).baseline), key=lambda f: (unit.loss(means[f]), f))
    if not order:
        return f"Nothing on {place}: only a baseline was run"
    best, base = styles.family(order[0]).title, facts.baseline(bundle, styles, dataset, unit)
    above = "" if base is None else _above(bundle, styles, unit, dataset, means[order[0]], base)
    if len(order) == 1 and not standing.tested:
        return f"{best} was run alone on {place}: {unit.word} {unit.show(means[order[0]])}, {above}".removesuffix(", ")
    if not standing.tested:
        cause = facts.no_interval_cause(bundle, dataset, unit.name)
        ordered = f"{_by_score(styles, unit, order, means)}, an order that holds on these rows only"
        return f"No test can choose on {place} ({cause}): {ordered}"
    if any(styles.family(f).baseline for f in standing.tied):
        shown = "" if base is None else f" ({unit.show(base)})"
        return f"None of them on {place}: the best, {best}, is not significantly different from the baseline{shown}"
    tied = [f for f in order if f in standing.tied]
    seeds = ", over seeds on the same split" if bundle.setting(dataset).seeds else ""
    if len(tied) > 1:
        return f"On {place}: {_tied(bundle, styles, tied, means, seeds)}{_of_best(above, best)}"
    score = f"{best} on {place}: {unit.word} {unit.show(means[order[0]])}, {above}".removesuffix(", ")
    return f"{score}{_next(bundle, styles, unit, dataset, order)}{seeds}{_doubt(bundle, styles, dataset, order)}"


def _above(bundle: Bundle, styles: Styles, unit: Measure, dataset: str, ours: float, base: float) -> str:
    """`24 pp better than always naming the largest class (0.710)`: what is not a model is put in words."""
    gap = unit.loss(base) - unit.loss(ours)
    size = formats.broad_points(gap) if unit.share and abs(gap) >= 0.1 else None
    said = _gap(unit, ours, base) if size is None else f"{size} {'better' if gap >= 0 else 'worse'} than"
    words = sure.baseline_words(bundle, styles, dataset, unit)
    return f"{said} {words}" + ("" if words == "the baseline" else f" ({unit.show(base)})")


def _doubt(bundle: Bundle, styles: Styles, dataset: str, order: Sequence[str]) -> str:
    """That the test of the best against some other model has too high an error rate for one of them."""
    tests = facts.pairs(bundle, dataset, facts.primary(bundle).name)
    pairs = [pair for f in order[1:] if (pair := tests.get((order[0], f))) is not None]
    fooled = dict.fromkeys(f for pair in pairs for f in sure.doubtful(bundle, pair, dataset))
    if not fooled:
        return ""
    names = formats.listed([styles.family(f).title for f in fooled])
    return (
        f". The test has too many false positives where fits depend on few training rows ({names}): confirm it on a "
        "second data set"
    )


def _next(bundle: Bundle, styles: Styles, unit: Measure, dataset: str, order: Sequence[str]) -> str:
    """How far the second model is behind the best, and how sure that is."""
    pair = facts.pairs(bundle, dataset, unit.name).get((order[0], order[1])) if len(order) > 1 else None
    if pair is None:
        return ""
    gap = _gap(unit, pair.difference, 0.0)
    return f" and {gap} the next, {styles.family(order[1]).title} (after Holm {formats.p_equals(pair.p_adjusted)})"


def _of_best(above: str, best: str) -> str:
    return f". {best}: {above}" if above else ""


def _gap(unit: Measure, ours: float, other: float) -> str:
    """`4.0 pp better than`, whether higher or lower is better."""
    gap = unit.loss(other) - unit.loss(ours)
    if not unit.difference(abs(gap)).strip("+0. p"):
        return "no better than"
    return f"{unit.difference(abs(gap)).lstrip('+')} {'better' if gap >= 0 else 'worse'} than"


def _by_score(styles: Styles, unit: Measure, order: Sequence[str], means: dict[str, float]) -> str:
    first = [f"{styles.family(f).title} ({unit.show(means[f])})" for f in order[:2]]
    return f"by {unit.word} alone {first[0]} is first" + (f", then {first[1]}" if len(first) > 1 else "")


def _tied(bundle: Bundle, styles: Styles, tied: Sequence[str], means: dict[str, float], seeds: str) -> str:
    """Which models may be as good as the best: those not significantly different from it and within the ROPE.

    Without a significant difference two models need not be equal: one far behind with a wide interval is no advice.
    """
    unit, rope = facts.primary(bundle), bundle.study.compare.rope if bundle.study.compare else None
    gap = {f: abs(means[f] - means[tied[0]]) for f in tied}
    near = [f for f in tied if rope is None or round(gap[f] - rope, 9) <= 0]
    more = formats.spelled(len(tied) - len(near))
    titles = [f"{styles.family(f).title} ({unit.show(means[f])})" for f in near]
    if len(near) == 1:
        verb = "is" if len(tied) == 2 else "are"
        ahead = f"{titles[0]}, ahead by more than {unit.size(rope or 0)}"
        return f"{ahead}; {more} more {verb} not significantly different{seeds}"
    long = len(near) > NAMED
    which = (
        f"any of {formats.spelled(len(near))} from {titles[0]} to {titles[-1]}"
        if long
        else formats.listed(titles, "or")
    )
    within = "" if rope is None else f"within {unit.size(rope)} of the best and "
    said = f"{which}, {within}not significantly different{' from the best' if rope is None else ''}{seeds}; {_TAKE}"
    lie = "lies" if len(tied) - len(near) == 1 else "lie"
    others = f". {more.capitalize()} more {lie} further behind, without a significant difference"
    return said + (others if len(near) < len(tied) else "")


def _over_many(bundle: Bundle, styles: Styles, unit: Measure, places: Sequence[str]) -> str:
    """The advice over data sets: the models not significantly different from the best mean rank, if enough decide."""
    sets, ranks = facts.sets_words(bundle, places), facts.mean_ranks(bundle, unit.name)
    design = facts.design(bundle, unit.name)
    if not ranks or design is None:
        return f"Nothing for all {sets}: the models were not compared over them; see each."
    if not design.decides:
        few = f"So few data sets cannot decide for others: {sure.needed_words(bundle, design, unit.name)}."
        if led := _led(bundle, styles, unit, places):
            whom, doubt = _others(bundle, styles, led), _doubts(bundle, styles, unit, led)
            return f"{_counts(styles, led, bundle, places)}: there {whom}.{doubt} {few}"
        return f"No model: on none of {sets} is one significantly different from all others. {few}"
    near = facts.overall_groups(bundle, unit.name)[1]
    if any(styles.family(f).baseline for f in near):
        return f"None of them over {sets}: the best is not significantly different from the baseline."
    names = [f"{styles.family(f).title} (mean rank {formats.rank(ranks[f])})" for f in near]
    if len(near) == 1:
        return f"{names[0]} over {sets}: significantly different from every other model."
    many = len(near) > NAMED
    which = f"any of {formats.spelled(len(near))} models, {names[0]} first" if many else formats.listed(names, "or")
    return f"Over {sets}: {which}, not significantly different from the best; {_TAKE}."


def _led(bundle: Bundle, styles: Styles, unit: Measure, places: Sequence[str]) -> dict[str, list[str]]:
    """By model, the data sets on which it differs significantly from all others; forms of one table count once."""
    found: dict[str, list[str]] = {}
    for place in facts.distinct(bundle, places):
        standing = facts.standing(bundle, place, unit.name)
        if standing is None or styles.family(standing.best).baseline:
            continue
        if standing.tested and len(standing.tied) == 1:
            found.setdefault(standing.best, []).append(place)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _others(bundle: Bundle, styles: Styles, led: dict[str, list[str]]) -> str:
    """`it is significantly different from Pruned tree`, or from every other model where there are several."""
    others = [f for f in facts.families(bundle) if f not in led]
    if len(led) == len(others) == 1:
        return f"it is significantly different from {styles.family(others[0]).title}"
    return f"{'it' if len(led) == 1 else 'each'} is significantly different from every other model"


def _doubts(bundle: Bundle, styles: Styles, unit: Measure, led: dict[str, list[str]]) -> str:
    """Where the error rate of those tests exceeds their level: on which data sets the difference is certain."""
    fooled: dict[str, None] = {}
    clear = []
    for best, places in led.items():
        for place in places:
            tests = [pair for (f, _), pair in facts.pairs(bundle, place, unit.name).items() if f == best]
            here = [f for pair in tests for f in sure.doubtful(bundle, pair, place)]
            fooled |= dict.fromkeys(here)
            clear += [] if here else [styles.dataset(place)]
    if not fooled:
        return ""
    names = formats.listed([styles.family(f).title for f in fooled])
    where = f"only on {formats.listed(clear)}" if 0 < len(clear) <= NAMED else "on none of these"
    where = f"on {formats.spelled(len(clear))} of these" if len(clear) > NAMED else where
    return (
        f" Such a test has too many false positives where fits depend on few training rows ({names}): {where} is it "
        "certain."
    )


def _counts(styles: Styles, led: dict[str, list[str]], bundle: Bundle, places: Sequence[str]) -> str:
    said = [f"{styles.family(f).title} on {formats.spelled(len(where))}" for f, where in led.items()]
    return f"{formats.listed(said)} of {facts.sets_words(bundle, places)}"
