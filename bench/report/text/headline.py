"""The finding of a study in one line, by rule from what kind of study it is; and what must be known to read it.

The kinds, the first that fits: what the author expected did not happen; faults were planted; the truth is known and
an error of protocol makes a score look better than it; numbers or comparisons of a paper, or the author's; models.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from bench.core.counting import Falsified
from bench.core.findings import is_alarm
from bench.core.judgements import Doubt, Evidence, Status, VerdictRow
from bench.core.metrics import complement_of
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import foremost, protocol_notes, refutable
from bench.report.points import limits_of
from bench.report.printed import opening
from bench.report.styles import Styles
from bench.report.text.certainty import pairs_words
from bench.report.text.finding import FindingOfClaims, inside, is_plural, named
from bench.report.told import finding_of
from bench.scores.design import alpha_of
from bench.text import formats
from bench.text.words import measure

#: From so many models on a study whose one claim is about one of them compares them.
SEVERAL = 3


def headline(bundle: Bundle, styles: Styles) -> str:
    """The finding in one line; never a count of claims where a result can be named."""
    if bundle.study.planted is not None:
        return detection(bundle, styles)
    if line := opening(bundle):
        return line
    rows = bundle.counted.attempted
    if surprises(bundle) and (not rows or bundle.counted.own):
        first = surprises(bundle)[0]
        return f"Against the author's expectation: {FindingOfClaims(bundle, styles).judged(first)}"
    if rows:
        return _of_claims(bundle, styles)
    if bundle.counted.claims:
        return _none_attempted(bundle)
    if bundle.plain("scores").height:
        return _with_warnings(bundle, comparison_line(bundle, styles))
    failed = facts.failed_cells(bundle).height
    return (
        f"Nothing could be scored: {formats.plural(failed, 'fit')} failed"
        if failed
        else "Nothing has been scored yet"
    )


def surprises(bundle: Bundle) -> list[VerdictRow]:
    """What would falsify the author's expectation and holds, the clearest first."""
    rows = [
        row
        for row in bundle.counted.falsifiers
        if bundle.falsified[row.claim] == Falsified.HAPPENED
    ]
    return sorted(rows, key=lambda row: -abs(row.low or 0) / (row.tolerance or 1))


def metric_of_headline(bundle: Bundle) -> str:
    """The metric that the headline speaks of: the primary one, unless all its claims are of others."""
    primary, of = bundle.study.metrics.primary, foremost(bundle)
    rows = surprises(bundle)[:1] if of is None or bundle.counted.own else []
    if not rows and of is not None:
        found = finding_of(bundle, of)
        rows = [
            one.row
            for one in (found.first, *found.others, *filter(None, (found.refuted,)))
        ]
    metrics = [row.metric for row in rows if row.metric in facts.scored(bundle)]
    if not metrics or {primary, complement_of(primary)} & set(metrics):
        return primary
    return str(metrics[0])


def caveat(bundle: Bundle) -> str:
    """What stands under the headline where no claim could have been refuted, and why; else nothing."""
    of, rows = foremost(bundle), bundle.counted.attempted
    if of is None or any(map(refutable, rows)):
        return ""
    numbers = "published number was" if len(rows) == 1 else "published numbers were"
    said = [
        _WHY[one].format(differs=_differs(bundle, rows), numbers=numbers)
        for one in _shared_doubts(bundle, rows)
    ]
    if (
        not said
        and not bundle.counted.own
        and all(row.evidence != Evidence.STRONG for row in rows)
    ):
        said = ["it follows the paper only in part or loosely"]
    why = f": {'; '.join(said)}" if said else ""
    what, whose = (
        ("expectation", "its author") if bundle.counted.own else ("claim", "the paper")
    )
    claims = f"{whose}'s {what}" if len(rows) == 1 else f"any {what} of {whose}"
    return f"This study cannot refute {claims}{why}."


_WHY: dict[Doubt, str] = {
    "other_method": "the paper's method was not run",
    "method": "the paper's method is approximated",
    "memory": "the study's author quotes the published numbers from memory",
    "quoted": "the {numbers} read in a text that quotes the paper",
    "data": "the data differ from the paper's{differs}",
    "split": "the data are split otherwise than in the paper{differs}",
    "tuning": "parameters are chosen otherwise than in the paper{differs}",
    "metric": "the metric is another one{differs}",
}


def _differs(bundle: Bundle, rows: Sequence[VerdictRow]) -> str:
    """What the study says of the data or protocol of all its claims, if that is one thing: ` (other features)`."""
    first, *others = {tuple(protocol_notes(bundle, row)) for row in rows}
    return f" ({first[0]})" if len(first) == 1 and not others else ""


def _shared_doubts(bundle: Bundle, rows: Sequence[VerdictRow]) -> list[Doubt]:
    """What makes the evidence of all these claims less than strong."""
    first, *others = (row.doubted for row in rows)
    return [one for one in first if all(one in other for other in others)]


def detection(bundle: Bundle, styles: Styles) -> str:
    """Whether each planted fault raised its warning, and whether any other warning was raised."""
    planted = bundle.study.planted or {}
    alarms = bundle.frame("findings").filter(is_alarm())
    raised = set(alarms.select("dataset", "diagnostic").iter_rows())
    missed = [
        styles.dataset(name)
        for name, check in planted.items()
        if (name, check) not in raised
    ]
    false = len(raised - set(planted.items()))
    rest = (
        "no false warning"
        if not false
        else "one false warning"
        if false == 1
        else f"{formats.spelled(false)} false warnings"
    )
    if not planted:
        line = comparison_line(bundle, styles)
        return (
            f"{line}, and {rest} is raised"
            if false < 2
            else f"{line}, and {rest} are raised"
        )
    if not missed:
        count = len(planted)
        all_ = (
            "The planted fault is"
            if count == 1
            else f"{'Both' if count == 2 else 'All ' + formats.spelled(count)} planted faults are"
        )
        return f"{all_} found, with {rest}"
    return f"Not found: the planted {'fault' if len(missed) == 1 else 'faults'} of {formats.listed(missed)}; {rest}"


def _of_claims(bundle: Bundle, styles: Styles) -> str:
    """What protocol errors make of a known truth, else the foremost claims."""
    of = foremost(bundle)
    assert of is not None
    if (found := flattery(bundle, of.rows)) is not None:
        return _fooled(styles, found)
    return FindingOfClaims(bundle, styles).said(of)


def compares(bundle: Bundle) -> bool:
    """Whether the study compares models: nothing is claimed, or one thing of one of several that are compared."""
    rows = bundle.counted.attempted
    if bundle.study.planted or len(facts.families(bundle)) < 2:
        return False
    return not rows or (
        len(rows) == 1
        and bundle.study.compare is not None
        and len(facts.families(bundle)) >= SEVERAL
    )


@dataclass(frozen=True)
class Flattery:
    """By how much an error of protocol (`how`) makes a score look better than the truth that a claim states."""

    how: str
    value: float
    gain: float
    row: VerdictRow


def flattery(bundle: Bundle, rows: Sequence[VerdictRow]) -> Flattery | None:
    """How much better than a truth that is known by construction a protocol error makes a score look.

    Of the errors that do so by more than the tolerance the mildest, on the dataset where it does most.
    """
    most: dict[str, Flattery] = {}
    for found in (one for row in rows for one in _flatteries(bundle, row)):
        if found.how not in most or found.gain > most[found.how].gain:
            most[found.how] = found
    return min(most.values(), key=lambda one: one.gain, default=None)


def _flatteries(bundle: Bundle, row: VerdictRow) -> Iterator[Flattery]:
    claim, unit = bundle.claims.get(row.claim), measure(row.metric or "")
    if claim is None or not claim.constant or row.published is None:
        return
    for how, value in _flattered(bundle, row, 100 if row.unit == "percent" else 1):
        gain = unit.loss(float(row.published)) - unit.loss(value)
        if gain > (row.tolerance or 0):
            yield Flattery(how, value, gain, row)


def _fooled(styles: Styles, found: Flattery) -> str:
    """`Scored as “best of flat cross-validation”, a tree looks 8 pp better than it is on Noise (42.1 against 50 %)`."""
    row, percent = found.row, found.row.unit == "percent"
    title, place = styles.family(row.family).title, styles.dataset(row.dataset or "")
    looks, are = ("look", "they are") if is_plural(title) else ("looks", "it is")
    ours = formats.as_printed(found.value, "0.0", limits=limits_of(row))
    numbers = f"{ours} against {row.published}" + f"{formats.THIN}%" * percent
    size = f"{found.gain:.0f} pp" if percent else formats.short(found.gain)
    return f"Scored {found.how}, {inside(title)} {looks} {size} better than {are} on {place} ({numbers})"


def _flattered(
    bundle: Bundle, row: VerdictRow, scale: float
) -> list[tuple[str, float]]:
    """The scores that an error of protocol gives: that which chose the setting, if it is claimed; explanations."""
    inner = facts.estimates(bundle, row.metric or "", "inner").get(
        (row.dataset or "", row.family or "")
    )
    claimed = any(
        claim.side == "inner" and claim.family == row.family
        for claim in bundle.claims.values()
    )
    found = (
        [("by the folds that chose the setting", scale * inner.value)]
        if inner and claimed
        else []
    )
    tried = (
        bundle.frame("explanations")
        .filter(pl.col("kind") == "error", claim=row.claim)
        .drop_nulls("estimate")
    )
    return found + [
        (f"as “{title}”", value)
        for title, value in tried.select("title", "estimate").iter_rows()
    ]


def _none_attempted(bundle: Bundle) -> str:
    rows = bundle.counted.claims
    tried = (
        "attempted"
        if all(row.status == Status.NOT_ATTEMPTED for row in rows)
        else "judged"
    )
    return (
        f"The published claim was not {tried}"
        if len(rows) == 1
        else f"No published claim was {tried}"
    )


def _with_warnings(bundle: Bundle, line: str) -> str:
    """A comparison of scores that the findings warn about says so."""
    found = bundle.frame("findings").filter(is_alarm()).height
    many = f"{formats.spelled(found)} warnings" if found > 1 else "one warning"
    return f"{line}; {many} about these scores" if found else line


def comparison_line(bundle: Bundle, styles: Styles) -> str:
    """Which model is best, or that none differs significantly from the best; never a winner without a test."""
    unit = facts.primary(bundle)
    scored = {d for d, _ in facts.estimates(bundle, unit.name)}
    datasets = [d for d in facts.places(bundle) if d in scored]
    if not datasets:
        return "No model has a score on the primary metric"
    if len(datasets) > 1:
        return _on_many(bundle, styles, datasets)
    standing = facts.standing(bundle, datasets[0], unit.name)
    seeds = standing is not None and standing.over_seeds
    return _on_one(bundle, styles, datasets[0]) + (
        ", over seeds on the same split" if seeds else ""
    )


def _on_one(bundle: Bundle, styles: Styles, dataset: str) -> str:
    unit = facts.primary(bundle)
    place, standing = (
        styles.dataset(dataset),
        facts.standing(bundle, dataset, unit.name),
    )
    out = facts.excluded(bundle, dataset, unit.name)
    scored = [f for f in facts.means_on(bundle, dataset, unit.name) if f not in out]
    if standing is None or not scored:
        return f"No model has a score on every fold of {place}"
    if len(scored) == 1:
        shown = facts.estimates(bundle, unit.name)[dataset, scored[0]]
        value = unit.within(shown.low, shown.high).show(shown.value)
        return f"{styles.family(scored[0]).title}: {unit.word} {value} on {place}"
    if not standing.tested:
        names = [
            styles.family(f).title for f in facts.leading(bundle, dataset, unit.name)
        ]
        have = "share" if len(names) > 1 else "has"
        return f"{named(names)} {have} the best {unit.word} on {place}, with no test of the difference"
    return _leading(bundle, styles, dataset, standing)


def _leading(
    bundle: Bundle, styles: Styles, dataset: str, standing: facts.Leaders
) -> str:
    """The model with the best mean of one dataset, and what its tests say of the others."""
    unit, place, best = (
        facts.primary(bundle),
        styles.dataset(dataset),
        styles.family(standing.best).title,
    )
    beside = _beside(bundle, dataset, unit.name, standing.best)
    near, worse, untested = (
        {f for f, told in beside.items() if told == one} for one in (0, 1, None)
    )
    baselines = {f for f in (standing.best, *beside) if styles.family(f).baseline}
    if baselines & {standing.best, *near}:
        return _no_better(bundle, styles, dataset)
    mean = facts.estimates(bundle, unit.name)[dataset, standing.best]
    value = unit.within(mean.low, mean.high).show(mean.value)
    if equal := _equal(bundle, styles, dataset, near, standing.best):
        return f"{equal} are equal on every fold of {place} ({unit.word} {value})"
    nobody = f"No model beats {inside(best)} on {place} ({unit.word} {value})"
    if near == set(beside):
        return f"{nobody}, and it beats none significantly"
    if len(near) > 1 and not untested and worse == baselines:
        return f"{nobody}; only the {'baseline is' if len(worse) == 1 else 'baselines are'} significantly worse"
    first = facts.leading(bundle, dataset, unit.name)
    titles = [styles.family(f).title for f in first]
    return _leader(titles, place, len(near - set(first)), len(untested - set(first)))


def _beside(
    bundle: Bundle, dataset: str, metric: str, best: str
) -> dict[str, int | None]:
    """Of every other family with a score, whether the best one is significantly better (1) or not (0); None where no
    test was made."""
    pairs, unit, alpha = (
        facts.pairs(bundle, dataset, metric),
        measure(metric),
        alpha_of(bundle.study),
    )
    others = [f for f in facts.means_on(bundle, dataset, metric) if f != best]
    return {
        f: pairs[best, f].told(unit, alpha) if (best, f) in pairs else None
        for f in others
    }


def _no_better(bundle: Bundle, styles: Styles, dataset: str) -> str:
    """That no model is told from guessing by the primary metric, and the first metric by which one is."""
    unit, place = facts.primary(bundle), styles.dataset(dataset)
    scores = {
        f: one.value for f, one in facts.means_on(bundle, dataset, unit.name).items()
    }
    guesses = {f for f in scores if styles.family(f).baseline}
    models = sorted(scores.keys() - guesses, key=lambda f: (unit.loss(scores[f]), f))
    if better := [
        f
        for f in scores
        if f in models and _beats(bundle, dataset, unit.name, f, guesses)
    ]:
        names, verb = (
            formats.listed([styles.family(f).title for f in better]),
            "is" if len(better) == 1 else "are",
        )
        said = f"{names} {verb} better than guessing on {place} by {unit.word}"
        return f"{said}, but the best mean, of {inside(styles.family(models[0]).title)}, is not shown to be"
    if alone := [
        styles.family(f).title for f in facts.beat_baseline(bundle, dataset, unit.name)
    ]:
        found = f"one-sided tests against the baseline find {inside(formats.listed(alone))} better than guessing"
        return f"By {unit.word}, {found} on {place}; two-sided tests of pairs do not"
    said = f"By {unit.word} no model is shown to be better than guessing on {place}"
    for metric in facts.scored(bundle):
        standing = facts.standing(bundle, dataset, metric)
        if standing is not None and _beats(
            bundle, dataset, metric, standing.best, guesses
        ):
            return f"{said}; by {measure(metric).word} {inside(styles.family(standing.best).title)} is"
    return said


def _beats(
    bundle: Bundle, dataset: str, metric: str, family: str, others: Collection[str]
) -> bool:
    """Whether tests find a model better than each of these others."""
    beside = _beside(bundle, dataset, metric, family)
    return all(beside.get(other) == 1 for other in others)


def _leader(best: Sequence[str], place: str, others: int, untested: int) -> str:
    """The models with the best mean, and how many others are as good as far as anybody can tell."""
    also = "one other is" if others == 1 else f"{formats.spelled(others)} others are"
    near = f", but {also} not significantly different" if others else ""
    lead = "leads" if len(best) == 1 else "share the lead"
    return f"{named(best)} {lead} on {place}{near}{_untested(untested)}"


def _equal(
    bundle: Bundle, styles: Styles, dataset: str, near: Collection[str], best: str
) -> str:
    """The models that have one score on every fold, the best among them: no mean is ahead of another."""
    tests = facts.pairs(bundle, dataset, facts.primary(bundle).name)
    pairs = {
        f: tests.get((best, f))
        for f in facts.families(bundle)
        if f == best or f in near
    }
    same = [
        f
        for f, pair in pairs.items()
        if f == best or (pair is not None and pair.low == pair.high == 0)
    ]
    return (
        formats.listed([styles.family(f).title for f in same]) if len(same) > 1 else ""
    )


def _on_many(bundle: Bundle, styles: Styles, datasets: list[str]) -> str:
    unit, places = facts.primary(bundle), facts.sets_words(bundle, datasets)
    if len(facts.distinct(bundle, datasets)) == 1 and len(datasets) == 2:
        first, second = (_on_one(bundle, styles, dataset) for dataset in datasets)
        return f"{first}; {second[0].lower() + second[1:] if second.startswith(('No ', 'Nothing ')) else second}"
    if not facts.overall_pairs(bundle, unit.name):
        if len(shared := facts.shared(bundle, datasets, unit.name)) == 1:
            return _on_one(bundle, styles, shared[0])
        return f"{formats.plural(len(facts.families(bundle)), 'model')} on {places}, not compared"
    if not facts.decides(bundle, unit.name):
        return f"{places.capitalize()} cannot decide which model is best"
    if not facts.mean_ranks(bundle, unit.name):
        return pairs_words(bundle, styles, unit.name)
    return _by_ranks(bundle, styles, facts.ranked_words(bundle, datasets, unit.name))


def _by_ranks(bundle: Bundle, styles: Styles, places: str) -> str:
    """Who has the best mean rank over some datasets, and who is not told from it."""
    metric = facts.primary(bundle).name
    if len(facts.overall_groups(bundle, metric)) == 1:
        return f"No two models are significantly different across {places}"
    first = [styles.family(f).title for f in facts.first_by_ranks(bundle, metric)]
    said = f"{named(first)} {'share' if len(first) > 1 else 'has'} the best mean rank across {places}"
    if above := _above_first(bundle, styles, metric):
        return f"{said}, but {above} (signed-rank test)"
    if not facts.is_first_tested(bundle, metric):
        pairs = pairs_words(bundle, styles, metric, begins=False)
        return f"{said}, too few to tell it from another model; {pairs}"
    return said + _near_first(bundle, styles, metric)


def _above_first(bundle: Bundle, styles: Styles, metric: str) -> str:
    """That some model is significantly better than one with the best mean rank; empty where none is."""
    first, told = (
        facts.first_by_ranks(bundle, metric),
        facts.overall_told(bundle, metric),
    )
    above = [
        f
        for f in facts.by_ranks(bundle, metric)
        if facts.beside_first(bundle, metric, f) == 1
    ]
    beaten = [
        styles.family(f).title
        for f in first
        if any(told.get((one, f)) == 1 for one in above)
    ]
    are, than = (
        "is" if len(above) == 1 else "are",
        "it" if len(first) == 1 else named(beaten),
    )
    names = named([styles.family(f).title for f in above])
    return f"{names} {are} significantly better than {than}" if above else ""


def _near_first(bundle: Bundle, styles: Styles, metric: str) -> str:
    """Who is not told from the best mean rank, and how many were not tested against it."""
    others = facts.by_ranks(bundle, metric)[len(facts.first_by_ranks(bundle, metric)) :]
    beside = {f: facts.beside_first(bundle, metric, f) for f in others}
    near, left = (
        [styles.family(f).title for f in others if beside[f] == one]
        for one in (0, None)
    )
    also = (
        f"{near[0]} is"
        if len(near) == 1
        else f"{formats.spelled(len(near))} others are"
    )
    return (f", but {also} not significantly different" if near else "") + _untested(
        len(left)
    )


def _untested(count: int) -> str:
    """How many others were not tested; empty without any."""
    return (
        f" ({formats.spelled(count)} {'was' if count == 1 else 'were'} not tested)"
        if count
        else ""
    )
