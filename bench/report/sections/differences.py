"""Are the differences real? All datasets together, every family against the best, every pair.

In words first: which families no test tells apart, how sure the first place is, how small a difference the design sees.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from bench.claims.claim import shape_of
from bench.core.comparisons import Method, SampleKind, WhyNot
from bench.core.metrics import complement_of
from bench.core.outcomes import decoded
from bench.families.instability import unstable_families
from bench.report import facts, printed
from bench.report.bundle import Bundle
from bench.report.charts import intervals
from bench.report.charts.intervals import Dot
from bench.report.charts.ranks import rank_strip
from bench.report.charts.svg import Figure, Table
from bench.report.points import is_difference
from bench.report.section import Lacking, Section, keys, lacking
from bench.report.sections.states import INCLUDED
from bench.report.styles import Style, Styles, styles_of
from bench.report.text import certainty as sure
from bench.report.text import differences as text
from bench.report.text import external as given
from bench.run.variants.extra_fits.halves import undrawn
from bench.scores.design import (
    alpha_of,
    is_external,
    level_of,
    rope_of,
    tolerance_of,
    varies,
)
from bench.text import formats
from bench.text.glossary import Term, terms
from bench.text.sentences import sentence
from bench.text.why_not import WHY_NOT
from bench.text.words import Measure, marked, measure

#: Of a metric that the study does not judge by, a table of more pairs than this is left out: it takes a page's room.
MOST_ASIDE = 100
#: The level at which the error rates of unstable families were measured.
NOMINAL = 0.05
_ONE = ("p", "holm", "rope", "posterior", "groups", "resolution")
_TESTS = {
    "corrected_t": text.TESTS[Method.CORRECTED_T],
    "class_mix": text.TESTS[Method.CORRECTED_T],
    "sharp": text.TESTS[Method.SHARP],
    "mcnemar": text.TESTS[Method.MCNEMAR],
    "delong": text.TESTS[Method.DELONG],
}
_MANY = (
    "signed_rank",
    "zeros_split",
    "hodges_lehmann",
    "bayes_signed_rank",
    "mean_rank",
    "first",
    "friedman",
)

#: Kinds of claims that compare models by a test of their own.


@dataclass(frozen=True)
class PairShown:
    """A pair of families as shown: `test` of one dataset, or `wins`, ties and losses over all."""

    a: Style
    b: Style
    difference: str
    interval: str
    p: str
    better: str
    same: str
    worse: str
    test: str = ""
    wins: str = ""


@dataclass(frozen=True)
class TestedPairs:
    """The pairs of one dataset whose tests have the same kind of sample; `title`: which one, empty where all have it;
    `needed`: how large a difference must be; `chances`: whether any pair has some."""

    __test__ = False  # no test class, whatever its name begins with

    title: str
    needed: str
    figure: Figure | None
    pairs: tuple[PairShown, ...]
    chances: bool
    note: str


@dataclass(frozen=True)
class PlaceDifferences:
    """The pairs of one dataset by one metric, those of each kind of sample in a group of its own."""

    name: str
    key: str
    title: str
    said: tuple[str, ...]
    groups: tuple[TestedPairs, ...]

    @property
    def pairs(self) -> tuple[PairShown, ...]:
        """The pairs of all groups."""
        return tuple(pair for group in self.groups for pair in group.pairs)

    @property
    def chances(self) -> bool:
        """Whether any pair has some."""
        return any(group.chances for group in self.groups)


@dataclass(frozen=True)
class OverallDifferences:
    """All datasets together, by one metric; `decides`: whether they are enough to tell any pair apart."""

    title: str
    said: list[str]
    decides: bool
    figures: tuple[Figure, ...]
    pairs: tuple[PairShown, ...]
    chances: bool
    note: str
    ties: str


@dataclass(frozen=True)
class MetricDifferences:
    """What one metric says; `by`: its words above it, empty of the study's primary metric."""

    by: str
    overall: OverallDifferences | None
    places: tuple[PlaceDifferences, ...]
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True)
class DifferencesView:
    """The section: the primary metric with its tables, and those by which a claim compares models."""

    metrics: tuple[MetricDifferences, ...]
    places: tuple[PlaceDifferences, ...]
    overall: OverallDifferences | None
    empty: str
    metric: str
    rope: str
    why: str
    against_zero: str
    apart: str
    terms: list[Term]


def differences(bundle: Bundle) -> DifferencesView:
    """Every metric's tests."""
    styles, unit = styles_of(bundle), facts.primary(bundle)
    main, others = (
        _metric(bundle, styles, unit),
        [_metric(bundle, styles, one) for one in _claimed(bundle, unit)],
    )
    metrics = tuple(one for one in (main, *others) if one.places or one.overall)
    chances = any(place.chances for place in main.places) or (
        main.overall is not None and main.overall.chances
    )
    rope, why = _practical(bundle, unit, chances=chances)
    return DifferencesView(
        metrics=metrics,
        places=main.places,
        overall=main.overall,
        empty="" if metrics else _why_empty(bundle),
        metric=unit.word,
        rope=rope,
        why=why,
        against_zero=text.against_zero(
            chances=chances, bands=_band(bundle, unit) is not None
        ),
        apart=_corrected(bundle, main),
        terms=_terms(main),
    )


def _band(bundle: Bundle, unit: Measure) -> float | None:
    """The ROPE that the study names, of its primary metric."""
    compare = bundle.study.compare
    return (
        compare.rope
        if compare and compare.rope and unit.name == bundle.study.metrics.primary
        else None
    )


def _practical(bundle: Bundle, unit: Measure, *, chances: bool) -> tuple[str, str]:
    """Within what two models are practically equal, and why; empty where nothing uses it.

    `chances`: whether any pair has some. Theirs is the tolerance where the study names no ROPE.
    """
    if (band := _band(bundle, unit)) is not None:
        return unit.size(band), (
            bundle.study.compare.why if bundle.study.compare else None
        ) or ""
    if not chances or not (rope := rope_of(bundle.study, unit.name)):
        return "", ""
    return unit.size(rope), text.CUSTOMARY if tolerance_of(
        bundle.study, unit.name
    ).customary else text.AS_TOLERANCE


def _corrected(bundle: Bundle, main: MetricDifferences) -> str:
    """Over what Holm corrects here, where a claim compares models by tests of its own; one pair needs no correction."""
    shapes = [shape_of(row.kind) for row in bundle.verdicts]
    if not any(shape.number == "difference" for shape in shapes):
        return ""
    untested = (text.NOT_TESTED, formats.NONE)
    pairs = (
        sum(pair.p not in untested for place in main.places for pair in place.pairs)
        if len(main.places) == 1
        else 0
    )
    return (
        ""
        if pairs == 1
        else text.corrected(
            pairs or None, claims=any(shape.beats_all for shape in shapes)
        )
    )


def _claimed(bundle: Bundle, primary: Measure) -> list[Measure]:
    """The other metrics by which a claim compares models; one that the primary metric gives says nothing more."""
    compared = [row for row in bundle.verdicts if is_difference(row)]
    claimed = {row.metric for row in compared}
    claimed -= {primary.name, complement_of(primary.name)}
    return [measure(name) for name in facts.scored(bundle) if name in claimed]


def _metric(bundle: Bundle, styles: Styles, unit: Measure) -> MetricDifferences:
    found = (
        _place(bundle, styles, d, unit)
        for d in (() if bundle.apart else facts.places(bundle))
    )
    places = tuple(place for place in found if place is not None)
    left = (
        lacking(bundle, styles, [p.name for p in places], text.UNTESTED.format)
        if places
        else ()
    )
    by = "" if unit.name == bundle.study.metrics.primary else text.by(unit.word)
    return MetricDifferences(by, _overall(bundle, styles, unit), places, left)


def _terms(main: MetricDifferences) -> list[Term]:
    """The terms that the section uses."""
    tests = {one.test for place in main.places for one in place.pairs}
    tests &= set(text.TESTS.values())
    used = (
        _ONE
        if any(place.chances for place in main.places)
        else ("p", "holm", "groups")
        if main.overall or tests
        else ()
    )
    named = [term for term, test in _TESTS.items() if test in tests]
    return terms(*used, *named, *(_MANY if main.overall else ()))


def _why_empty(bundle: Bundle) -> str:
    if bundle.apart:
        return text.APART
    if len(facts.families(bundle)) < 2:
        return text.ONE_MODEL
    if all(
        is_external(bundle.study, d) and varies(bundle.study, d) is None
        for d in bundle.datasets
    ):
        return text.ONE_SCORE
    if all(facts.without_chance(bundle, d) for d in bundle.datasets):
        return text.NO_DRAWN_SPLITS
    if bundle.study.compare is None:
        return text.NOT_ASKED
    return text.NOTHING_SHARED


def _place(
    bundle: Bundle, styles: Styles, dataset: str, unit: Measure
) -> PlaceDifferences | None:
    tests = facts.pairs(bundle, dataset, unit.name)
    standing = facts.standing(bundle, dataset, unit.name)
    tested = {pair.p_adjusted for pair in tests.values()} - {None}
    if standing is None or not tested:
        return None
    pairs = [
        tests[pair] for pair in combinations(facts.families(bundle), 2) if pair in tests
    ]
    said = (
        *_tested_said(bundle, styles, dataset, standing, unit),
        *_unsteady_said(bundle, styles, dataset, pairs),
    )
    return PlaceDifferences(
        name=dataset,
        key=keys(bundle).get(dataset, ""),
        title=styles.dataset(dataset),
        said=said,
        groups=tuple(_groups(bundle, styles, dataset, standing, pairs, unit)),
    )


def _groups(
    bundle: Bundle,
    styles: Styles,
    dataset: str,
    standing: facts.Leaders,
    pairs: list[facts.ComparedPair],
    unit: Measure,
) -> Iterator[TestedPairs]:
    """The pairs by what their tests take for a sample; those without a test are in the first group."""
    present = {pair.sample for pair in pairs}
    samples = [sample for sample in text.SAMPLES if sample in present]
    listed = unit.name == bundle.study.metrics.primary
    for sample in samples:
        mine = [pair for pair in pairs if (pair.sample or samples[0]) == sample]
        shown = _pairs(bundle, styles, dataset, mine, unit) if listed else ()
        yield TestedPairs(
            title=text.SAMPLES[sample] if len(samples) > 1 else "",
            needed=_needed(bundle, dataset, mine, unit),
            figure=_figure(bundle, styles, dataset, standing, mine, unit),
            pairs=shown,
            chances=any(pair.better != formats.NONE for pair in shown),
            note=INCLUDED if any(pair.fallbacks for pair in mine) else "",
        )


def _pairs(
    bundle: Bundle,
    styles: Styles,
    dataset: str,
    pairs: Iterable[facts.ComparedPair],
    unit: Measure,
) -> tuple[PairShown, ...]:
    return tuple(
        _pair(styles, pair, facts.beside(bundle, unit, dataset, *pair.between))
        for pair in pairs
    )


def _pair(styles: Styles, pair: facts.ComparedPair, unit: Measure) -> PairShown:
    """Without the chances of SHARP: they are of models trained on half of the rows, unlike the difference."""
    if pair.test == Method.SHARP:
        pair = replace(pair, p_less=None, p_rope=None, p_greater=None)
    shown = _shown(styles, pair, unit, p_words(pair))
    if pair.test is not None:
        return replace(shown, test=text.TESTS[Method(pair.test)])
    return (
        shown
        if pair.cause is None
        else replace(shown, test=WHY_NOT[WhyNot(pair.cause)])
    )


def p_words(pair: facts.ComparedPair) -> str:
    """The p-value of a pair, or that it was not tested."""
    return (
        text.NOT_TESTED if pair.p_adjusted is None else formats.p_value(pair.p_adjusted)
    )


def _overall_row(
    bundle: Bundle, styles: Styles, pair: facts.OverallPair, unit: Measure
) -> PairShown:
    decides = pair.least_p_adjusted < alpha_of(bundle.study)
    p = (
        formats.p_value(pair.p_adjusted)
        if decides
        else text.cannot_decide(pair.datasets)
    )
    unit = unit.beside(pair.difference, pair.low, pair.high)
    return _shown(styles, pair, unit, p, wins="–".join(map(str, pair.wins(unit))))


def _shown(
    styles: Styles, pair: facts.Compared, unit: Measure, p: str, wins: str = ""
) -> PairShown:
    unit = unit.within(pair.low, pair.high)
    better, same, worse = map(formats.drawn, pair.chances(unit))
    return PairShown(
        a=styles.family(pair.family),
        b=styles.family(pair.against),
        difference=marked(unit.difference(pair.difference), pair.fallbacks),
        interval=formats.interval(pair.low, pair.high, unit.end),
        p=p,
        better=better,
        same=same,
        worse=worse,
        wins=wins,
    )


def groups_words(
    styles: Styles,
    groups: tuple[facts.Group, ...],
    missing: Collection[facts.FamilyPair] = (),
) -> str:
    """Which tested pairs differ, or do not, whichever is shorter to say; `missing`: the pairs without a test."""
    order = list(dict.fromkeys(family for group in groups for family in group))
    if len(groups) == 1:
        return text.no_difference(len(order))
    several = [group for group in groups if len(group) > 1]
    if not several and not missing:
        return text.all_different(len(order))
    apart = _told_apart(styles, order, _differing(order, groups, missing))
    alike = [
        formats.listed([styles.family(f).title for f in group]) for group in several
    ]
    if apart and (not alike or sum(map(len, apart)) < sum(map(len, alike))):
        return text.different(apart, some_untested=bool(missing))
    return text.together(alike)


def _differing(
    order: list[str],
    groups: tuple[facts.Group, ...],
    missing: Collection[facts.FamilyPair],
) -> dict[str, list[str]]:
    """By family, those that a test finds different from it."""
    others = {pair for group in groups for pair in permutations(group, 2)}
    others |= {*missing, *((b, a) for a, b in missing)}
    return {f: [g for g in order if g != f and (f, g) not in others] for f in order}


def _told_apart(
    styles: Styles, order: list[str], told: dict[str, list[str]]
) -> list[str]:
    """`Baseline from every other; Naive Bayes from SVM`: each pair once, those first that are told from most."""
    said, done = [], set()
    for family in sorted(order, key=lambda f: (-len(told[f]), order.index(f))):
        others = [other for other in told[family] if other not in done]
        done.add(family)
        if not others:
            continue
        whole = len(told[family]) == len(order) - 1
        names = None if whole else [styles.family(f).title for f in others]
        said.append(text.from_others(styles.family(family).title, names))
    return said


def _tested_said(
    bundle: Bundle, styles: Styles, dataset: str, standing: facts.Leaders, unit: Measure
) -> Iterator[str]:
    """Who is told from whom, and how sure the first place is."""
    if standing.tested:
        yield groups_words(styles, standing.groups, standing.missing)
    if standing.missing:
        pairs = [
            text.against(styles.family(a).title, styles.family(b).title)
            for a, b in standing.missing
        ]
        tests = facts.pairs(bundle, dataset, unit.name)
        causes = [
            WhyNot(cause)
            for pair in standing.missing
            if pair in tests and (cause := tests[pair].cause)
        ]
        yield text.not_tested(pairs, list(dict.fromkeys(causes)))


def _unsteady_said(
    bundle: Bundle, styles: Styles, dataset: str, pairs: list[facts.ComparedPair]
) -> Iterator[str]:
    """Which pairs were tested on halves of the rows. Where fits depend on few rows and there are none: that the test
    errs more often than it says, how often it was seen to, and why there are none."""
    halves = [pair for pair in pairs if pair.test == Method.SHARP]
    if halves:
        corrected = any(
            pair.test in (Method.CORRECTED_T, Method.CORRECTED_T_MIX) for pair in pairs
        )
        yield _halves_said(bundle, styles, halves, others=corrected)
    if found := sure.lenient(bundle, pairs):
        errors = {one.measured_on: one.errs for one in found.values()}
        yield text.unstable(
            [styles.family(family).title for family in found], errors, NOMINAL
        )
        yield from map(text.no_halves, _lacking_halves(bundle, dataset))


def _halves_said(
    bundle: Bundle, styles: Styles, pairs: list[facts.ComparedPair], *, others: bool
) -> str:
    asked = (
        bundle.study.diagnostics is not None
        and bundle.study.diagnostics.halves is not None
    )
    unstable = unstable_families(
        bundle.study,
        dict.fromkeys(f for one in pairs for f in (one.family, one.against)),
    )
    return text.by_halves(
        None if asked else [styles.family(family).title for family in unstable],
        others=others,
    )


def _lacking_halves(bundle: Bundle, dataset: str) -> list[str]:
    """Why a dataset has no halves; empty where nobody knows, as of results from elsewhere."""
    refused = bundle.frame("unavailable").filter(dataset=dataset, variant="half")[
        "reasons"
    ]
    if len(refused):
        return [sentence(reason) for reason in decoded(refused[0])]
    protocol, asked = bundle.study.protocol_of(dataset), bundle.study.diagnostics
    if (
        asked is not None
        and "halves" in asked.model_fields_set
        and asked.halves is None
    ):
        return [text.NO_HALVES_WANTED]
    reason = None if protocol is None else undrawn(protocol.resampling)
    return [] if reason is None else [sentence(reason)]


def _models(styles: Styles, names: Iterable[str]) -> list[str]:
    """Those that are no baselines."""
    return [name for name in names if not styles.family(name).baseline]


def _needed(
    bundle: Bundle, dataset: str, pairs: list[facts.ComparedPair], unit: Measure
) -> str:
    """The power of the design: the least difference that is called, over these pairs."""
    now = sorted(
        (pair.resolution, pair.between) for pair in pairs if pair.resolution is not None
    )
    each = [
        facts.beside(bundle, unit, dataset, *between).difference(size).lstrip("+")
        for size, between in now
    ]
    return text.detectable(each[0], each[-1]) if each else ""


def _figure(
    bundle: Bundle,
    styles: Styles,
    dataset: str,
    standing: facts.Leaders,
    pairs: list[facts.ComparedPair],
    unit: Measure,
) -> Figure | None:
    """Every other family of these pairs minus the best, in the order of the differences; None without any."""
    others = [
        pair if pair.against == standing.best else pair.turned()
        for pair in pairs
        if standing.best in pair.between
    ]
    if not others:
        return None
    others.sort(key=lambda p: (unit.loss(p.difference), p.family))
    dots = []
    for p in others:
        style = styles.family(p.family)
        note = (
            text.NOT_TESTED if p.p_adjusted is None else formats.p_equals(p.p_adjusted)
        )
        note = marked(note, p.fallbacks)
        dots.append(Dot(style, p.difference, p.low, p.high, note, style.baseline))
    best, band = styles.family(standing.best).title, _band(bundle, unit)
    units = [
        facts.beside(bundle, unit, dataset, *p.between).within(p.low, p.high)
        for p in others
    ]
    each = [
        f"{d.style.short} {of.difference(d.value)}, {d.note}"
        for of, d in zip(units, dots, strict=True)
    ]
    label = text.best_label(best, styles.dataset(dataset), each)
    body = intervals.differences(dots, label, band, share=unit.share)
    rows = tuple(
        (
            d.style.short,
            of.difference(d.value),
            formats.interval(d.low, d.high, of.end),
            marked(p_words(p), p.fallbacks),
        )
        for of, p, d in zip(units, others, dots, strict=True)
    )
    causes = list(dict.fromkeys(WhyNot(p.cause) for p in others if p.cause))
    on_rows = "-rows" if any(p.sample is SampleKind.ROWS for p in others) else ""
    return Figure(
        f"against-best-{dataset}-{unit.name}{on_rows}",
        text.best_title(styles.dataset(dataset)),
        _figure_note(bundle, dataset, best, others, unit, band is not None),
        body,
        Table(text.HEADER, rows),
        text.no_test(
            causes
            if standing.tested
            else facts.not_tested_causes(bundle, dataset, unit.name)
        ),
    )


def _figure_note(
    bundle: Bundle,
    dataset: str,
    best: str,
    others: list[facts.ComparedPair],
    unit: Measure,
    rope: bool,
) -> str:
    """What bars, band and marks are, and which tests the p-values are of."""
    made = list(dict.fromkeys(text.TESTS[Method(p.test)] for p in others if p.test))
    note = text.best_note(
        best,
        100 * level_of(bundle.study) if made else None,
        made,
        share=unit.share,
        loss=not unit.higher,
        rope=rope,
    )
    note += (
        given.over_seeds(bundle, dataset)
        if text.TESTS[Method.T_OVER_SEEDS] in made
        else ""
    )
    return note + (f" {INCLUDED}" if any(p.fallbacks for p in others) else "")


def _overall(
    bundle: Bundle, styles: Styles, unit: Measure
) -> OverallDifferences | None:
    """All datasets together: in words, mean ranks with their intervals, groups if any can be told, every pair."""
    pairs, decides = (
        facts.overall_pairs(bundle, unit.name),
        facts.decides(bundle, unit.name),
    )
    if not pairs:
        return None
    rope = rope_of(bundle.study, unit.name)
    ties = text.ties(unit.size(rope) if rope else None)
    drawn = [rank_intervals(bundle, styles, unit), rank_figure(bundle, styles, unit)]
    listed = unit.name == bundle.study.metrics.primary or len(pairs) <= MOST_ASIDE
    chances = any(pair.p_rope is not None for pair in pairs)
    return OverallDifferences(
        title=text.over(_widest(bundle, unit)),
        said=ranks_words(bundle, styles, unit),
        decides=decides,
        figures=tuple(figure for figure in drawn if figure is not None)
        if decides
        else (),
        pairs=tuple(_overall_row(bundle, styles, pair, unit) for pair in pairs)
        if listed
        else (),
        chances=chances,
        note=text.signed_ranks(
            len(pairs),
            exact=all(pair.exact for pair in pairs),
            chances=chances,
            same=unit.size(rope) if rope else "",
        ),
        ties=ties,
    )


def rank_intervals(bundle: Bundle, styles: Styles, unit: Measure) -> Figure | None:
    """Mean ranks over datasets, each with its bootstrap interval and how often it comes first."""
    design, found = facts.design(bundle, unit.name), facts.ranks(bundle, unit.name)
    if design is None or len(found) < 2 or facts.one_order_of_few(bundle, unit.name):
        return None
    order = sorted(found.values(), key=lambda one: (one.mean_rank, one.family))
    dots = []
    for one in order:
        style, note = (
            styles.family(one.family),
            text.rank_first(formats.rank(one.mean_rank), formats.drawn(one.first)),
        )
        dots.append(Dot(style, one.mean_rank, one.low, one.high, note))
    label = text.rank_label(
        design.datasets, [f"{d.style.short} {d.note}" for d in dots]
    )
    replaced = INCLUDED if facts.fallbacks(bundle, unit.name) else ""
    note = text.rank_note(100 * level_of(bundle.study), replaced)
    rows = tuple(
        (
            styles.family(one.family).title,
            formats.rank(one.mean_rank),
            formats.interval(one.low, one.high, formats.rank),
            formats.drawn(one.first),
        )
        for one in order
    )
    return Figure(
        facts.named(bundle, "mean-ranks", unit),
        text.rank_title(unit.word, design.datasets),
        note,
        intervals.score_intervals(dots, label, None, (1.0, float(len(found)))),
        Table(text.RANK_HEADER, rows),
    )


def rank_figure(bundle: Bundle, styles: Styles, unit: Measure) -> Figure | None:
    """Mean ranks on one axis with the groups that no test tells apart; only where so many datasets can decide.

    Two families need no picture of it.
    """
    ranks, design = facts.mean_ranks(bundle, unit.name), facts.design(bundle, unit.name)
    if len(ranks) < 3 or design is None or not facts.decides(bundle, unit.name):
        return None
    ranked = [(styles.family(f), rank) for f, rank in ranks.items()]
    groups = facts.overall_groups(bundle, unit.name)
    if len(groups) < 2:
        return None
    order = facts.by_ranks(bundle, unit.name)
    label = text.rank_label(
        design.datasets,
        [f"{styles.family(f).short} {formats.rank(ranks[f])}" for f in order],
    )
    rows = tuple((styles.family(f).title, formats.rank(ranks[f])) for f in order)
    body = rank_strip(ranked, label, [group for group in groups if len(group) > 1])
    name, table = (
        facts.named(bundle, "rank-groups", unit),
        Table(text.GROUP_HEADER, rows),
    )
    return Figure(
        name,
        text.group_title(unit.word),
        text.GROUPS_NOTE,
        body,
        table,
        groups_words(styles, groups),
    )


def ranks_words(bundle: Bundle, styles: Styles, unit: Measure) -> list[str]:
    """Friedman's answer and how firm the first place is, in one; and that few datasets cannot decide."""
    design, ranks = (
        facts.design(bundle, unit.name),
        facts.ranks(bundle, unit.name).values(),
    )
    decides = facts.decides(bundle, unit.name)
    if design is None:
        return [
            text.no_ranks(),
            *([] if decides else [_too_few(bundle, unit, ranks_differ=False)]),
        ]
    chances = {one.family: one.first or 0.0 for one in ranks}
    first = (
        _first_in_draws(styles, chances)
        if chances and not facts.one_order_of_few(bundle, unit.name)
        else ""
    )
    groups = facts.overall_groups(bundle, unit.name) if decides else ()
    apart = len(groups) > 1 or not decides
    said = _friedman_words(design, alpha_of(bundle.study), first, pairs=apart)
    said += _of_ranked(bundle, styles, unit, design.datasets)
    if not decides:
        asked = sum(map(len, printed.counts(bundle).values()))
        differ = design.friedman_p is not None and design.friedman_p < alpha_of(
            bundle.study
        )
        said.append(_too_few(bundle, unit, ranks_differ=differ))
        said += [text.printed_apart(asked)] if asked else []
    elif len(ranks) == 2 or len(groups) == 1:
        said.append(groups_words(styles, groups))
    return said


def _of_ranked(
    bundle: Bundle, styles: Styles, unit: Measure, datasets: int
) -> list[str]:
    """The one order of a few datasets; and that fewer datasets rank the models than compare a pair."""
    said, means = [], facts.mean_ranks(bundle, unit.name)
    if facts.one_order_of_few(bundle, unit.name):
        ordered = [
            styles.family(f).title for f in sorted(means, key=lambda f: (means[f], f))
        ]
        said.append(f"{text.one_order(datasets, ordered)}.")
    return [
        *said,
        *([text.ranked_over(datasets)] if datasets < _widest(bundle, unit) else []),
    ]


def _widest(bundle: Bundle, unit: Measure) -> int:
    """On how many datasets the pair that shares most is compared."""
    return max(pair.datasets for pair in facts.overall_pairs(bundle, unit.name))


def _too_few(bundle: Bundle, unit: Measure, *, ranks_differ: bool) -> str:
    needed, pairs = (
        sure.needed_words(bundle, unit.name),
        len(facts.overall_pairs(bundle, unit.name)),
    )
    return text.too_few(
        unit.word, _widest(bundle, unit), pairs, needed, ranks_differ=ranks_differ
    )


def _friedman_words(
    design: facts.Design, alpha: float, first: str, *, pairs: bool
) -> list[str]:
    """What Friedman's test says, and `first`: who is first how often; in one sentence where it is no evidence.

    `pairs`: whether a test of pairs tells any apart, or cannot.
    """
    alone = [f"{first}."] if first else []
    if design.friedman_p is None:
        return alone
    p, null = formats.p_equals(design.friedman_p), design.friedman_null or ""
    if design.friedman_p < alpha:
        return [text.ranks_differ(p, null, pairs=pairs), *alone]
    return [text.ranks_alike(p, null, first)]


def _first_in_draws(styles: Styles, chances: dict[str, float]) -> str:
    """Who has the best mean rank most often in resampled datasets; all of them where several do alike."""
    often = formats.drawn(max(chances.values()))
    alike = [f for f in chances if formats.drawn(chances[f]) == often]
    return text.first_in_resamples(often, [styles.family(f).title for f in alike])


SECTION = Section("differences", text.TITLE, differences, "both", order=40)
