"""Are the differences real? Each model against the best, over datasets the mean ranks; every pair in a fold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bench.core.comparisons import Method, SampleKind, WhyNot
from bench.core.metrics import complement_of
from bench.core.outcomes import decoded
from bench.families.instability import unstable_families
from bench.report import facts
from bench.report.advice import corrected_models
from bench.report.blocks import (
    Block,
    Cell,
    Details,
    Figure,
    Listing,
    Piece,
    Pieces,
    Table,
)
from bench.report.bundle import Bundle
from bench.report.charts.marks import Band, Chart, choose_axis
from bench.report.charts.plot_matrix import plot_matrix
from bench.report.charts.plot_rows import PlotRow, plot_rows
from bench.report.points import is_difference
from bench.report.section import Section
from bench.report.sections.families import MARKS, Standing, stand
from bench.report.sections.states import INCLUDED
from bench.report.styles import Styles, styles_of
from bench.report.terms import term
from bench.report.values import Value, gain, percent, probability, show
from bench.run.variants.extra_fits.halves import undrawn
from bench.scores.design import alpha_of, level_of, rope_of
from bench.text import formats
from bench.text.judgements import P_OF_HALVES
from bench.text.sentences import sentence
from bench.text.why_not import WHY_NOT
from bench.text.words import MARK, Measure, measure

#: Of a metric that the study does not judge by, more pairs than this are left out: they take a page's room.
MOST_ASIDE = 100
#: A matrix of more models has no numbers in its cells; of still more there is none.
MOST_WRITTEN, MOST_DRAWN = 6, 20
TITLE_OF_PAIRS = "All pairs of models, and how they were tested"
#: The test of a pair in its table.
TESTS = {
    Method.CORRECTED_T: "Corrected t",
    Method.CORRECTED_T_MIX: "Corrected t",
    Method.SHARP: "SHARP",
    Method.T_OVER_DRAWS: "t over draws",
    Method.T_OVER_SEEDS: "t over seeds",
    Method.MCNEMAR: "McNemar",
    Method.DELONG: "DeLong",
}
#: What tests take for a sample: a figure and a table each.
SAMPLES = {
    SampleKind.REPEATS: "tested over repeats",
    SampleKind.ROWS: "tested on the rows of the test set",
}
#: The distribution that Friedman's p is from.
NULLS = {"exact": "exact", "iman_davenport": "F of Iman and Davenport"}
ROW_BY_ROW = "One fit of each model predicted each test row once: other training rows may give another result."
Pairs = Sequence[facts.ComparedPair]


@dataclass(frozen=True)
class _Tested:
    """The pairs of one dataset whose tests have one kind of sample."""

    dataset: str
    sample: SampleKind
    pairs: Pairs

    @property
    def suffix(self) -> str:
        return "-rows" if self.sample is SampleKind.ROWS else ""


def differences(bundle: Bundle) -> Iterator[Block]:
    """Distances from the best and mean ranks, then every pair in a fold, and what the tests leave out."""
    styles, unit = styles_of(bundle), facts.primary(bundle)
    tested = [] if bundle.apart else list(group_pairs(bundle, unit))
    if facts.overall_pairs(bundle, unit.name):
        yield from _draw_ranks(bundle, styles, unit)
    for sample in SAMPLES:
        mine = [one for one in tested if one.sample is sample]
        if mine:
            yield from _draw_distances(bundle, styles, unit, mine)
    folded: list[Block] = [*_tabulate_overall(bundle, styles, unit)]
    for one in tested:
        folded += _tabulate_pairs(bundle, styles, unit, one)
    for other in _claimed(bundle, unit):
        folded += _tabulate_overall(bundle, styles, other)
        for one in () if bundle.apart else group_pairs(bundle, other):
            folded.append(_table_of_pairs(bundle, styles, other, one))
    if folded:
        said = tuple(_remarks(bundle, styles, tested))
        remarks = [Listing(said)] if said else []
        yield Details(TITLE_OF_PAIRS, (*remarks, *folded))


def group_pairs(bundle: Bundle, unit: Measure) -> Iterator[_Tested]:
    """The pairs of each dataset by what their tests take for a sample; those without a test stand in the first group."""
    for dataset in facts.places(bundle):
        tests = facts.pairs(bundle, dataset, unit.name)
        names = combinations(facts.families(bundle), 2)
        pairs = [tests[pair] for pair in names if pair in tests]
        samples = [sample for sample in SAMPLES if any(pair.sample is sample for pair in pairs)]  # fmt: skip
        for sample in samples:
            mine = [pair for pair in pairs if (pair.sample or samples[0]) is sample]
            yield _Tested(dataset, sample, mine)


def _claimed(bundle: Bundle, primary: Measure) -> list[Measure]:
    """The other metrics by which a claim compares models; one that the primary metric gives says nothing more."""
    claimed = {row.metric for row in bundle.verdicts if is_difference(row)}
    claimed -= {primary.name, complement_of(primary.name)}
    return [measure(name) for name in facts.scored(bundle) if name in claimed]


def _difference(bundle: Bundle, unit: Measure, dataset: str, pair: facts.ComparedPair) -> Value:  # fmt: skip
    of = facts.beside(bundle, unit, dataset, *pair.between)
    return gain(of, pair.difference, pair.low, pair.high)


def _draw_distances(
    bundle: Bundle, styles: Styles, unit: Measure, tested: Sequence[_Tested]
) -> Iterator[Figure]:
    """Every model minus the best of its dataset, over the margin of practical equality."""
    charts, leaders, result = list[Chart](), list[str](), list[Piece]()
    for one in tested:
        best = facts.best_on(bundle, one.dataset, unit.name)
        others = [
            pair if pair.against == best else pair.turned()
            for pair in one.pairs
            if best in pair.between
        ]
        if others:
            charts.append(_draw_dataset(bundle, styles, unit, one.dataset, others))
            leaders.append(styles.family(others[0].against).title)
            result += _say_pairs(bundle, styles, unit, one, len(tested) > 1)
    if not charts:
        return
    level = f"{100 * level_of(bundle.study):g} %"
    worse = "below" if unit.higher else "above"
    leader = f" ({leaders[0]})" if len(leaders) == 1 else ""
    marked = any(pair.fallbacks for one in tested for pair in one.pairs)
    stood_in = f" {INCLUDED}" if marked else ""
    marks = (
        f"Each model minus the best{leader}, model − model; {worse} zero: worse. Line: {level} interval before correction. "
        "Band: practically equal. Filled blue: as good (very probably within the band). Hollow: cannot tell. "
        "Orange: shown to be worse. ", term("p", "p"), ": after ", term("holm"),
        f" over all pairs; {SAMPLES[tested[0].sample]}.{stood_in}",
    )  # fmt: skip
    name = f"distance-from-the-best{tested[0].suffix}"
    yield Figure(name, tuple(result), marks, tuple(charts))


def _draw_dataset(
    bundle: Bundle, styles: Styles, unit: Measure, dataset: str, others: Pairs
) -> Chart:
    margin = rope_of(bundle.study, unit.name) or 0.0
    wide = 100 * margin if unit.share else margin
    rows = []
    for pair in sorted(others, key=lambda pair: (unit.loss(pair.difference), pair.family)):  # fmt: skip
        value, style = _difference(bundle, unit, dataset, pair), styles.family(pair.family)  # fmt: skip
        shape, tone, _ = MARKS[stand(bundle, pair)]
        words = "not tested" if pair.p_adjusted is None else _p(pair.p_adjusted)
        words += f" {MARK}" if pair.fallbacks else ""
        number = replace(value, low=None, high=None)
        if style.baseline:
            rows.append(PlotRow(style.title, None, number=number, words=words))
        else:
            ends = value.number, value.low, value.high
            rows.append(PlotRow(style.title, *ends, shape, tone, number=number, words=words))  # fmt: skip
    band = Band(-wide, wide, "practically equal") if margin else None
    best = styles.family(others[0].against).title
    title = f"{styles.dataset(dataset)}: minus {best}"
    return plot_rows(title, rows, band=band, line=0.0)


def _p(value: float) -> str:
    return f"p {show(probability(max(value, 1e-12)))}"


def _say_pairs(
    bundle: Bundle, styles: Styles, unit: Measure, one: _Tested, several: bool
) -> Iterator[Piece]:
    """How many pairs differ, and how large a difference this design can show."""
    alpha = alpha_of(bundle.study)
    p = [pair.p_adjusted for pair in one.pairs if pair.p_adjusted is not None]
    where = f"On {styles.dataset(one.dataset)}: pairs" if several else "Pairs"
    yield f"{where} of models that differ significantly: {sum(value < alpha for value in p)} of {len(p)}"
    sizes = sorted(
        (pair.resolution, pair.between) for pair in one.pairs if pair.resolution is not None
    )  # fmt: skip
    if sizes:
        ends = [
            replace(gain(facts.beside(bundle, unit, one.dataset, *between), size), signed=False)
            for size, between in (sizes[0], sizes[-1])
        ]  # fmt: skip
        yield "; the smallest difference that this design calls significant, by pair: "
        yield from (ends[0], " to ", ends[1]) if len(sizes) > 1 else (ends[0],)
    yield ". "


def _tabulate_pairs(
    bundle: Bundle, styles: Styles, unit: Measure, one: _Tested
) -> Iterator[Block]:
    """All pairs of a dataset as a matrix, and in a table."""
    models = {name for pair in one.pairs for name in pair.between}
    if 2 < len(models) <= MOST_DRAWN:
        yield _draw_matrix(bundle, styles, unit, one)
    else:
        yield _table_of_pairs(bundle, styles, unit, one)


def _draw_matrix(bundle: Bundle, styles: Styles, unit: Measure, one: _Tested) -> Figure:
    """Row minus column, the best first; shaded where the difference is significant."""
    means, alpha = facts.means_on(bundle, one.dataset, unit.name), alpha_of(bundle.study)  # fmt: skip
    both = {pair.between: pair for pair in one.pairs}
    both |= {pair.turned().between: pair.turned() for pair in one.pairs}
    order = [f for f in means if any(f in between for between in both)]
    order.sort(key=lambda f: unit.loss(means[f].value))
    cells, numbers = list[list[float | None]](), list[list[Value | None]]()
    for family in order:
        here = [both.get((family, other)) for other in order]
        cells.append([_shade(unit, alpha, pair) for pair in here])
        numbers.append(
            [
                _difference(bundle, unit, one.dataset, pair) if pair else None
                for pair in here
            ]
        )
    place = styles.dataset(one.dataset)
    names = [styles.family(family).short for family in order]
    chart = plot_matrix(
        f"Every pair on {place}, {SAMPLES[one.sample]}", names, names, cells,
        numbers=numbers if len(order) <= MOST_WRITTEN else (),
    )  # fmt: skip
    result = tuple(_say_pairs(bundle, styles, unit, one, several=True))
    marks = (
        "Row minus column, the best model first. Blue: the row is significantly better. Orange: worse. The darker, the "
        "larger. White: cannot tell."
    )
    name = f"all-pairs-{one.dataset}{one.suffix}"
    table = _table_of_pairs(bundle, styles, unit, one)
    return Figure(name, result, marks, (chart,), table)


def _shade(unit: Measure, alpha: float, pair: facts.ComparedPair | None) -> float:
    """How dark a cell is: above zero where the first is significantly better."""
    if pair is None or not pair.told(unit, alpha):
        return 0.0
    return -unit.loss(pair.difference)


def _pair_rows(
    bundle: Bundle, styles: Styles, unit: Measure, one: _Tested
) -> tuple[tuple[Pieces, ...], tuple[tuple[Cell, ...], ...]]:
    chances = any(_chances(unit, pair) for pair in one.pairs)
    rows = []
    for pair in one.pairs:
        test = "" if pair.cause is None else f"not tested: {WHY_NOT[WhyNot(pair.cause)]}"  # fmt: skip
        test = TESTS[Method(pair.test)] if pair.test is not None else test
        rows.append((
            styles.family(pair.family).named, styles.family(pair.against).named,
            _marked(_difference(bundle, unit, one.dataset, pair), pair),
            probability(pair.p_adjusted), test, *_odds(unit, pair, chances),
        ))  # fmt: skip
    odds = ("P(better)", "P(same)", "P(worse)") if chances else ()
    heads = ("Model", "Against", "Difference", "p (Holm)", "Test", *odds)
    return heads, tuple(rows)


def _chances(
    unit: Measure, pair: facts.Compared
) -> tuple[float | None, float | None, float | None] | None:
    """None without any, and of SHARP, whose chances are of models trained on half of the rows."""
    if pair.p_rope is None or getattr(pair, "test", None) == Method.SHARP:
        return None
    return pair.chances(unit)


def _odds(unit: Measure, pair: facts.Compared, shown: bool) -> tuple[Value, ...]:
    chances = _chances(unit, pair) or (None, None, None)
    return tuple(map(never_certain, chances)) if shown else ()


def never_certain(chance: float | None) -> Value:
    """A share of draws: neither 0 % nor 100 %, whatever was drawn."""
    inside = None if chance is None else min(max(chance, 1e-9), 1 - 1e-9)
    return percent(inside)


def _marked(value: Value, pair: facts.Compared) -> Cell:
    return (value, f" {MARK}") if pair.fallbacks else value


def _table_of_pairs(bundle: Bundle, styles: Styles, unit: Measure, one: _Tested) -> Table:  # fmt: skip
    heads, rows = _pair_rows(bundle, styles, unit, one)
    place, tests = styles.dataset(one.dataset), {pair.test for pair in one.pairs}
    caption = f"Every pair on {place} by {unit.word}, {SAMPLES[one.sample]}"
    level = f"{100 * level_of(bundle.study):g} % interval before correction"
    notes = [f"First model minus second, with its {level}; p after Holm over these pairs."]  # fmt: skip
    margin = rope_of(bundle.study, unit.name)
    if "P(same)" in heads and margin:
        notes.append(f"P(same): the difference lies within {unit.size(margin)}; p tests against zero.")  # fmt: skip
    if Method.SHARP in tests:
        notes.append(f"SHARP: {P_OF_HALVES}.")
    if Method.T_OVER_SEEDS in tests and bundle.setting(one.dataset).seeds:
        notes.append("Only the seed varies: other rows may give another result.")
    if one.sample is SampleKind.ROWS:
        notes.append(ROW_BY_ROW)
    if any(pair.fallbacks for pair in one.pairs):
        notes.append(INCLUDED)
    main = unit.name == bundle.study.metrics.primary
    name = f"pairs-{place}{one.suffix}" + ("" if main else f"-{unit.name}")
    return Table(heads, rows, caption, tuple(notes), name)


def _remarks(
    bundle: Bundle, styles: Styles, tested: Sequence[_Tested]
) -> Iterator[Pieces]:
    """What tests leave out, or where they err more often than they say."""
    pairs = [pair for one in tested for pair in one.pairs]
    untested = {pair.cause for pair in pairs if pair.p_adjusted is None and pair.cause}
    if untested:
        count = sum(pair.p_adjusted is None for pair in pairs)
        why = "; ".join(sorted(WHY_NOT[WhyNot(cause)] for cause in untested))
        yield f"Pairs without a test: {count} ({why})."
    yield from _say_halves(bundle, styles, pairs)
    lenient = unstable_families(bundle.study, corrected_models(pairs))
    if lenient:
        names = ", ".join(styles.family(name).title for name in lenient)
        rates = [
            f"{show(percent(found.errs, 1))} ({found.measured_on})"
            for found in lenient.values()
        ]
        yield (
            f"Unstable models: {names}. Between two of them the corrected test calls equal models different in up to "
            f"{', '.join(dict.fromkeys(rates))} of cases, not 5 %."
        )
        for dataset in dict.fromkeys(one.dataset for one in tested):
            yield from _why_no_halves(bundle, dataset)


def _say_halves(bundle: Bundle, styles: Styles, pairs: Pairs) -> Iterator[str]:
    """Which pairs were tested on halves of the rows, and what their p is."""
    halves = [pair for pair in pairs if pair.test == Method.SHARP]
    models = dict.fromkeys(name for pair in halves for name in pair.between)
    unstable = unstable_families(bundle.study, models)
    if halves:
        names = ", ".join(styles.family(name).title for name in unstable)
        yield f"Pairs with {names or 'any model'}: {P_OF_HALVES}."


def _why_no_halves(bundle: Bundle, dataset: str) -> Iterator[str]:
    """Why there are no halves of the rows, on which the test would hold its level."""
    refused = bundle.frame("unavailable").filter(dataset=dataset, variant="half")["reasons"]  # fmt: skip
    protocol, asked = bundle.study.protocol_of(dataset), bundle.study.diagnostics
    if len(refused):
        reasons = [sentence(reason) for reason in decoded(refused[0])]
    elif asked and "halves" in asked.model_fields_set and asked.halves is None:
        reasons = ["the study leaves them out"]
    else:
        reason = None if protocol is None else undrawn(protocol.resampling)
        reasons = [] if reason is None else [sentence(reason)]
    yield from (f"No halves of the rows were fitted: {reason}." for reason in reasons)


def _draw_ranks(bundle: Bundle, styles: Styles, unit: Measure) -> Iterator[Figure]:
    """Mean ranks over datasets, each with its bootstrap interval and how often it is first."""
    ranks = facts.ranks(bundle, unit.name)
    design = facts.design(bundle, unit.name)
    if design is None or len(ranks) < 2:
        return
    rows = []
    for family in facts.by_ranks(bundle, unit.name):
        one, beside = ranks[family], facts.beside_first(bundle, unit.name, family)
        standing = {-1: Standing.WORSE, None: Standing.UNTESTED}.get(beside, Standing.OPEN)  # fmt: skip
        if family in facts.first_by_ranks(bundle, unit.name):
            standing = Standing.BEST
        shape, tone, _ = MARKS[standing]
        low, high = one.low, one.high
        words = f"first in {show(never_certain(one.first))}"
        if one.first is None or facts.one_order_of_few(bundle, unit.name):
            low, high, words = None, None, ""
        number = Value(one.mean_rank, digits=2)
        ends, title = (one.mean_rank, low, high), styles.family(family).title
        rows.append(PlotRow(title, *ends, shape, tone, number=number, words=words))
    ticks = len(ranks) if len(ranks) < 9 else 5
    axis = choose_axis([1.0, len(ranks)], title="mean rank, 1 is best", ticks=ticks, floor=1.0)  # fmt: skip
    chart = plot_rows(f"Mean rank by {unit.word}", rows, axis)
    marks = (
        f"Disc: mean rank over the {design.datasets} datasets with a score of every model. "
        f"Line: {100 * level_of(bundle.study):g} % "
        "interval, datasets drawn again; words: how often a model is first in such draws. Filled blue: the best mean rank. "
        "Hollow: cannot tell. Orange: shown to be worse (", term("signed_rank"), ", Holm). Small: not tested.",
    )  # fmt: skip
    yield Figure("mean-ranks", tuple(say_ranks(bundle, unit)), marks, (chart,))


def say_ranks(bundle: Bundle, unit: Measure) -> Iterator[str]:
    """Friedman's answer, how many pairs differ, and where datasets are too few to tell any apart."""
    design = facts.design(bundle, unit.name)
    if design is not None and design.friedman_p is not None:
        differ = design.friedman_p < alpha_of(bundle.study)
        null = NULLS[design.friedman_null or "exact"]
        words = "differ" if differ else "do not differ"
        p = f"Friedman, {_p(design.friedman_p)}, {null}"
        yield f"All models together {words} significantly over {design.datasets} datasets ({p}). "
    pairs = facts.overall_pairs(bundle, unit.name)
    if facts.decides(bundle, unit.name):
        told = facts.overall_told(bundle, unit.name)
        differ_by_pair = sum(outcome == 1 for outcome in told.values())
        yield f"Pairs that differ significantly by {unit.word}: {differ_by_pair} of {len(pairs)}."
    else:
        widest = max(pair.datasets for pair in pairs)
        needed = facts.needed(bundle, unit.name)
        yield (
            f"Too few datasets to tell any pair apart by {unit.word}: {widest} of the {needed} needed for {len(pairs)} "
            "pairs."
        )


def _tabulate_overall(bundle: Bundle, styles: Styles, unit: Measure) -> Iterator[Table]:
    """Which models no test tells apart, a mark a row; and every pair over datasets."""
    pairs, main = facts.overall_pairs(bundle, unit.name), unit.name == bundle.study.metrics.primary  # fmt: skip
    if not pairs or (not main and len(pairs) > MOST_ASIDE):
        return
    groups = facts.overall_groups(bundle, unit.name)
    ranks = facts.mean_ranks(bundle, unit.name)
    if len(groups) > 1 and len(ranks) > 2 and facts.decides(bundle, unit.name):
        rows = tuple(
            (styles.family(family).named, Value(ranks[family]), *("●" if family in group else "–" for group in groups))
            for family in facts.by_ranks(bundle, unit.name)
        )  # fmt: skip
        heads = ("Model", "Mean rank", *(f"Group {i + 1}" for i in range(len(groups))))
        caption = f"Groups by {unit.word} within which no pair differs significantly"
        yield Table(heads, rows, caption, ("● in the group, – not.",))
    yield _overall_table(bundle, styles, unit, pairs)


def _overall_table(
    bundle: Bundle, styles: Styles, unit: Measure, pairs: Sequence[facts.OverallPair]
) -> Table:
    chances, alpha = any(_chances(unit, pair) for pair in pairs), alpha_of(bundle.study)
    rows = list[tuple[Cell, ...]]()
    for pair in pairs:
        of = unit.beside(pair.difference, pair.low, pair.high)
        decides = pair.least_p_adjusted < alpha
        p: Cell = probability(pair.p_adjusted) if decides else f"{pair.datasets} datasets cannot decide"  # fmt: skip
        rows.append((
            styles.family(pair.family).named, styles.family(pair.against).named,
            _marked(gain(of, pair.difference, pair.low, pair.high), pair), p,
            "–".join(map(str, pair.wins(unit))), *_odds(unit, pair, chances),
        ))  # fmt: skip
    odds = ("P(better)", "P(same)", "P(worse)") if chances else ()
    margin = rope_of(bundle.study, unit.name)
    tie = f"a difference of at most {unit.size(margin)}" if margin else "the same mean"
    how = "exact" if all(pair.exact for pair in pairs) else "normal approximation where more than 50 differ"  # fmt: skip
    notes = [
        f"Wilcoxon's signed-rank test ({how}), Holm over {len(pairs)} pairs; Hodges and Lehmann's difference with its "
        f"uncorrected interval. Wins–ties–losses: a tie is {tie}.",
    ]  # fmt: skip
    if chances:
        notes.append(
            "P: the probability, given these datasets, that this outcome is the most frequent one on datasets like these. "
            "It is not a share of datasets."
        )
    if any(pair.fallbacks for pair in pairs):
        notes.append(INCLUDED)
    heads = ("Model", "Against", "Difference", "p (Holm)", "Wins–ties–losses", *odds)
    widest = max(pair.datasets for pair in pairs)
    caption = f"Every pair by {unit.word} over {formats.count(widest)} datasets"
    return Table(heads, tuple(rows), caption, tuple(notes), facts.named(bundle, "pairs", unit))  # fmt: skip


SECTION = Section("differences", "Are the differences real?", differences, "both", order=40)  # fmt: skip
