"""Questions that several sections ask of the frames, each answered once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Self

import numpy as np
import polars as pl

from bench.claims.claim import shape_of
from bench.core.comparisons import Method, PairRow, SampleKind, WhyNot
from bench.core.frames import records
from bench.core.judgements import VerdictRow
from bench.core.rows import FAILED, OWN
from bench.report.bundle import Bundle, remembered
from bench.report.means import CellKey, FoldScores, MeanScore
from bench.report.styles import Styles, styles_of
from bench.report.text import external as given
from bench.report.text import facts as text
from bench.report.text.protocol import tuning_words
from bench.scores.design import alpha_of, is_external, resampling_of, varies
from bench.scores.setting import origins
from bench.stats.groups import tie_groups
from bench.stats.noise import kept_decimals, without_noise
from bench.stats.signed_ranks import smallest_p
from bench.study.models import ExternalFamily
from bench.study.protocol import (
    Tuning,
)
from bench.study.repeats import fewest_repeats
from bench.text.compared import OnTestRows
from bench.text.words import Measure, measure

#: Two families.
FamilyPair = tuple[str, str]
Group = tuple[str, ...]


def repeats_run(bundle: Bundle, datasets: Iterable[str]) -> list[int]:
    """How many repeats of the protocol were run on each of some datasets; without those on which none was."""
    settings = [bundle.setting(dataset) for dataset in datasets]
    return [one.repeats_a_draw or one.repeats for one in settings if one.repeats]


@dataclass(frozen=True)
class Compared:
    """Family minus against, in the metric's unit, with what the tests say of the pair."""

    family: str
    against: str
    difference: float
    low: float | None
    high: float | None
    p_adjusted: float | None
    p_less: float | None
    p_rope: float | None
    p_greater: float | None
    fallbacks: int

    @property
    def between(self) -> tuple[str, str]:
        return self.family, self.against

    def turned(self) -> Self:
        """The same of against minus family."""
        return replace(
            self, family=self.against, against=self.family, difference=-self.difference,
            low=None if self.high is None else -self.high, high=None if self.low is None else -self.low,
            p_less=self.p_greater, p_greater=self.p_less,
        )  # fmt: skip

    def chances(self, unit: Measure) -> tuple[float | None, float | None, float | None]:
        """How probable it is that the first is better, as good, worse."""
        sides = (self.p_less, self.p_rope, self.p_greater)
        return sides[::-1] if unit.higher else sides

    def told(self, unit: Measure, alpha: float) -> int | None:
        """Whether the first is significantly better (1) or worse (-1), or neither (0); None without a test."""
        if self.p_adjusted is None:
            return None
        loss = unit.loss(self.difference)
        return 0 if self.p_adjusted >= alpha else (loss < 0) - (loss > 0)


@dataclass(frozen=True)
class ComparedPair(Compared):
    """A pair on one dataset (columns of comparisons.PAIRS)."""

    test: str | None
    cause: str | None
    resolution: float | None

    @property
    def sample(self) -> SampleKind | None:
        """What its test takes for a sample; None without a test."""
        return None if self.test is None else Method(self.test).sample


@dataclass(frozen=True)
class OverallPair(Compared):
    """A pair over the datasets that both have a score on (columns of comparisons.PAIRS_OVER_DATASETS)."""

    exact: bool
    datasets: int
    least_p_adjusted: float
    above: int
    within: int
    below: int

    def turned(self) -> Self:
        """The same of against minus family."""
        return replace(super().turned(), above=self.below, below=self.above)

    def wins(self, unit: Measure) -> tuple[int, int, int]:
        """On how many datasets the first is better, as good, worse."""
        sides = (self.below, self.within, self.above)
        return sides[::-1] if unit.higher else sides


@dataclass(frozen=True)
class MeanRank:
    """Columns of comparisons.RANKS; `first`: in what share of resampled datasets the family is the best."""

    family: str
    mean_rank: float
    low: float | None
    high: float | None
    first: float | None


@dataclass(frozen=True)
class Design:
    """Over how many datasets families are ranked: those on which all have a mean; Friedman's p, its null."""

    datasets: int
    friedman_p: float | None
    friedman_null: str | None


@remembered
def families(bundle: Bundle) -> tuple[str, ...]:
    """The families of the study, and the methods of its tables of scores."""
    return tuple(
        dict.fromkeys(
            (
                *bundle.families,
                *bundle.plain("scores")["family"].unique(maintain_order=True),
            )
        )
    )


@remembered
def places(bundle: Bundle) -> tuple[str, ...]:
    """The datasets that families have scores on: those of the study, and those that its tables of scores name."""
    scored = bundle.plain("scores")["dataset"].unique(maintain_order=True).to_list()
    own = [
        name
        for name, spec in bundle.study.datasets.items()
        if spec.scores is None or name in scored
    ]
    return tuple(dict.fromkeys((*own, *scored)))


def forms(bundle: Bundle) -> list[tuple[str, ...]]:
    """The datasets that are forms of one table, table by table; tables with one form are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for name, first in origins(bundle.study, bundle.frame("tables")).items():
        found[first] = (*found.get(first, ()), name)
    return [names for names in found.values() if len(names) > 1]


def distinct(bundle: Bundle, datasets: Iterable[str]) -> tuple[str, ...]:
    """The first form of each table among these datasets: so many datasets there are."""
    origin, first = origins(bundle.study, bundle.frame("tables")), dict[str, str]()
    for name in datasets:
        first.setdefault(origin.get(name, name), name)
    return tuple(first.values())


@remembered
def scored(bundle: Bundle) -> tuple[str, ...]:
    """The study's metrics that have any test score or mean, in its order: the primary one first."""
    found = set(bundle.tests["metric"].unique())
    found |= set(bundle.frame("estimates")["metric"])
    return tuple(name for name in bundle.study.metrics.names if name in found)


def estimates(
    bundle: Bundle, metric: str, side: str = "test", *, own: bool = False
) -> Mapping[CellKey, MeanScore]:
    """Mean score by (dataset, family); the interval comes from the comparisons, on the test side only.

    `own`: of the cells that finished alone, without what stands in for the others.
    """
    return bundle.means.get((side, own), {}).get(metric, {})


def means_on(bundle: Bundle, dataset: str, metric: str) -> dict[str, MeanScore]:
    """The mean test score of each family that is compared on a dataset."""
    return {f: one for (d, f), one in estimates(bundle, metric).items() if d == dataset}


def fold_scores(bundle: Bundle, metric: str) -> Mapping[CellKey, FoldScores]:
    """Every single test score of the cells that finished, by (dataset, family) and repeat, in the order of the folds.

    Pooled over its folds, a repeat has one.
    """
    return bundle.single_scores.get(metric, {})


@remembered
def single_scores(bundle: Bundle, dataset: str, metric: str) -> str:
    """What a single score of a dataset is of: a `repeat` where it is pooled over its folds, else its `fold_word`."""
    return (
        "repeat" if is_pooled(bundle, dataset, metric) else fold_word(bundle, dataset)
    )


@remembered
def fold_word(bundle: Bundle, dataset: str) -> str:
    """What an outer fold of a dataset is: `fold`; of several on one split each, `split`, `seed` or `draw`."""
    setting, folds = bundle.setting(dataset), bundle.of("folds", dataset)
    if folds.height and folds["fold"].n_unique() > 1:
        return "fold"
    made_here = (
        "seeds" if setting.seeds else "draws" if setting.repeats_a_draw else "splits"
    )
    return (varies(bundle.study, dataset) or made_here).removesuffix("s")


def is_clipped(bundle: Bundle, metric: str) -> bool:
    """Whether any interval reached beyond the metric's limits, so that the page must say that it was cut."""
    unit = measure(metric)
    rows = bundle.frame("estimates").filter(metric=metric)
    over = unit.high is not None and bool((rows["high"] > unit.high).any())
    return over or (unit.low is not None and bool((rows["low"] < unit.low).any()))


def beside(bundle: Bundle, unit: Measure, dataset: str, *names: str) -> Measure:
    """The measure for differences of the mean scores of these families on a dataset."""
    found = estimates(bundle, unit.name)
    return unit.beside(
        *(found[dataset, name].value for name in names if (dataset, name) in found)
    )


def baseline(
    bundle: Bundle, styles: Styles, dataset: str, unit: Measure
) -> float | None:
    """The baseline family's own score if it was run, else what always naming the largest class gives."""
    names = [name for name, style in styles.families.items() if style.baseline]
    found = estimates(bundle, unit.name) if names else {}
    for name in names:
        if (dataset, name) in found:
            return found[dataset, name].value
    counts = bundle.of("classes", dataset)["count"]
    if counts.len() == 0 or counts.sum() == 0:
        return 0.0 if unit.name == "r2" else None
    largest = float(counts.max()) / float(counts.sum())  # type: ignore[arg-type]
    return {
        "accuracy": largest,
        "error_rate": 1 - largest,
        "balanced_accuracy": 1 / counts.len(),
    }.get(unit.name)


@remembered
def pairs(bundle: Bundle, dataset: str, metric: str) -> dict[FamilyPair, ComparedPair]:
    """Every pair of one dataset and metric, both ways round, with its test or why there is none."""
    found: dict[FamilyPair, ComparedPair] = {}
    rows = bundle.of("pairs", dataset, metric).drop_nulls("difference")
    for pair in records(rows, ComparedPair):
        found[pair.family, pair.against] = pair
        found[pair.against, pair.family] = pair.turned()
    return found


@remembered
def best_on(bundle: Bundle, dataset: str, metric: str) -> str:
    """The family with the best mean of a dataset; empty without any score.

    A family that lacks scores, without anything in their place, neither leads nor follows.
    """
    order = best_first(bundle, dataset, metric)
    return order[0] if order else ""


def leading(bundle: Bundle, dataset: str, metric: str) -> list[str]:
    """The families with the best mean score of a dataset: several where their means differ by float noise only."""
    order, unit, found = (
        best_first(bundle, dataset, metric),
        measure(metric),
        estimates(bundle, metric),
    )
    losses = without_noise(
        np.array([unit.loss(found[dataset, f].value) for f in order])
    )
    return [f for f, loss in zip(order, losses, strict=True) if loss == losses[0]]


def best_first(bundle: Bundle, dataset: str, metric: str) -> list[str]:
    """The families by their mean score; without those that are excluded."""
    unit, out, names = (
        measure(metric),
        excluded(bundle, dataset, metric),
        families(bundle),
    )
    means = {
        f: e.value for f, e in means_on(bundle, dataset, metric).items() if f not in out
    }
    found = [f for f in names if f in means]
    losses = {f: unit.loss(means[f]) for f in found}
    return sorted(
        found,
        key=lambda f: (round(losses[f], kept_decimals(losses[f])), names.index(f)),
    )


def grouped(
    order: Sequence[str], p: Mapping[FamilyPair, float], alpha: float
) -> tuple[tuple[Group, ...], Group]:
    """The groups that no test tells apart, and who is not told from the best; families best first.

    `p` holds adjusted p-values both ways round; a pair without one was not tested and is in no group.
    """
    if len(order) < 2:
        return (), tuple(order)
    matrix = np.array([p.get(pair, 0.0) for pair in combinations(order, 2)])
    found = tie_groups(matrix, range(len(order)), alpha=alpha)
    return tuple(tuple(order[i] for i in g) for g in found.groups), tuple(
        order[i] for i in found.with_best
    )


def on_test_rows(bundle: Bundle, row: VerdictRow) -> OnTestRows | None:
    """The test of a claim that one model is better than another on the rows of one test set; None without one."""
    dataset = row.dataset or (bundle.datasets[0] if len(bundle.datasets) == 1 else None)
    if dataset is None or not shape_of(row.kind).beats_one:
        return None
    for pair in bundle.rows("pairs", PairRow, dataset=dataset, metric=row.metric):
        on_rows = pair.test is not None and Method(pair.test).sample is SampleKind.ROWS
        if on_rows and {pair.family, pair.against} == {row.family, row.against}:
            return OnTestRows(
                "mcnemar" if pair.test == Method.MCNEMAR else "delong", pair.p or 0.0
            )
    return None


@remembered
def excluded(bundle: Bundle, dataset: str, metric: str) -> set[str]:
    """The families that were compared on a dataset and have no estimate there: some of their runs are missing."""
    rows = bundle.of("estimates", dataset, metric)
    return {
        family
        for family, mean in zip(rows["family"], rows["mean"], strict=True)
        if mean is None
    }


def not_tested_causes(bundle: Bundle, dataset: str, metric: str) -> list[WhyNot]:
    """Why pairs of a dataset were not tested, each cause once."""
    rows = bundle.of("pairs", dataset, metric).drop_nulls(["difference", "cause"])
    return [WhyNot(cause) for cause in rows["cause"].unique(maintain_order=True)]


@remembered
def is_pooled(bundle: Bundle, dataset: str, metric: str) -> bool:
    """Whether a metric's test scores are pooled over folds: they then have no fold."""
    return (dataset, metric) in bundle.pooled


def one_class_tests(bundle: Bundle, dataset: str) -> tuple[int, int]:
    """How many test sets of a dataset hold rows of one class only, and how many there are; of regression none."""
    sets = bundle.test_sets(dataset)
    return (0, 0) if sets is None else (sets.one_class, sets.sets)


def is_simulated(bundle: Bundle, dataset: str) -> bool:
    """Whether the rows of a dataset are drawn anew for each repeat."""
    return any(bundle.of("tables", dataset)["draws"])


def without_chance(bundle: Bundle, dataset: str) -> bool:
    """Whether the protocol of a dataset draws nothing at random, so that no interval over splits exists."""
    resampling = resampling_of(bundle.study, dataset)
    return resampling is not None and not (resampling.draws or resampling.in_time)


@remembered
def no_interval_cause(bundle: Bundle, dataset: str, metric: str) -> str:
    """Why the scores of a dataset have no interval, in a few words: `one random split`."""
    if is_external(bundle.study, dataset):
        return given.no_interval_cause(bundle, dataset, metric)
    resampling = resampling_of(bundle.study, dataset)
    if resampling is None:
        return text.WITHOUT_FOLDS
    repeats = fewest_repeats(resampling)
    if not resampling.draws:
        return text.SAME_ROWS if repeats > 1 else text.no_split_drawn(resampling)
    if resampling.one_split and repeats == 1:
        return text.ONE_SPLIT
    if not is_pooled(bundle, dataset, metric):
        return text.FEW_SPLITS
    return text.POOLED_ONCE if repeats == 1 else text.POOLED


def is_constant(bundle: Bundle, dataset: str, family: str, metric: str) -> bool:
    """Whether a family has one and the same score on all folds, of which there are several: they show no spread."""
    wanted = {"dataset": dataset, "family": family, "metric": metric, "side": "test"}
    scores = bundle.frame("scores").filter(OWN, **wanted)["value"]
    if len(scores) < 2 or scores.null_count():
        return False
    values = scores.to_numpy()
    return float(np.ptp(np.round(values, kept_decimals(values)))) == 0


def verdicts(bundle: Bundle) -> pl.DataFrame:
    """The frame of that name, with what became of each falsifier: alone, its agreement reads as that of a claim."""
    frame = bundle.frame("verdicts")
    became = pl.Series(
        "falsified",
        [bundle.falsified.get(claim) for claim in frame["claim"]],
        pl.String,
    )
    return frame.with_columns(became)


@remembered
def design(bundle: Bundle, metric: str) -> Design | None:
    """How many datasets rank the families; None where nothing is ranked."""
    return next(iter(bundle.rows("omnibus", Design, metric=metric)), None)


def decides(bundle: Bundle, metric: str) -> bool:
    """Whether any pair of families has enough datasets to be told apart: each is compared on those that both have."""
    return any(
        pair.least_p_adjusted < alpha_of(bundle.study)
        for pair in overall_pairs(bundle, metric)
    )


def needed(bundle: Bundle, metric: str) -> int:
    """On how many datasets a pair can be told apart after Holm over all pairs that are compared."""
    pairs, datasets = len(overall_pairs(bundle, metric)), 1
    while pairs * smallest_p(datasets) >= alpha_of(bundle.study):
        datasets += 1
    return datasets


def one_order_of_few(bundle: Bundle, metric: str) -> bool:
    """Whether all datasets have the same order of models and are too few to decide."""
    found = sorted(mean_ranks(bundle, metric).values())
    return not decides(bundle, metric) and found == [
        float(place) for place in range(1, len(found) + 1)
    ]


def mean_ranks(bundle: Bundle, metric: str) -> dict[str, float]:
    """Mean rank by family; empty where nothing is ranked."""
    found = ranks(bundle, metric)
    means = without_noise(np.array([row.mean_rank for row in found.values()]))
    return dict(zip(found, means.tolist(), strict=True))


@remembered
def ranks(bundle: Bundle, metric: str) -> dict[str, MeanRank]:
    """By family, its mean rank with the interval from datasets drawn again."""
    rows = bundle.frame("ranks").filter(metric=metric).drop_nulls("mean_rank")
    return {row.family: row for row in records(rows, MeanRank)}


@remembered
def overall_pairs(bundle: Bundle, metric: str) -> list[OverallPair]:
    """Every pair over the datasets that both have a score on, in the order of the comparisons."""
    return bundle.rows("pairs_over_datasets", OverallPair, metric=metric)


@remembered
def overall_told(bundle: Bundle, metric: str) -> dict[FamilyPair, int]:
    """What signed ranks say of every pair that they tested, both ways round: 1 where the first is significantly better,
    -1 where it is worse, else 0; without pairs on so few datasets that nothing could be significant. The order of mean
    ranks may be another."""
    unit, alpha = measure(metric), alpha_of(bundle.study)
    found: dict[FamilyPair, int] = {}
    for pair in overall_pairs(bundle, metric):
        if (
            pair.least_p_adjusted < alpha
            and (told := pair.told(unit, alpha)) is not None
        ):
            found |= {
                (pair.family, pair.against): told,
                (pair.against, pair.family): -told,
            }
    return found


@remembered
def by_ranks(bundle: Bundle, metric: str) -> tuple[str, ...]:
    """The families by mean rank, the best first; of equal ones first those that no other of them is better than."""
    found, told = mean_ranks(bundle, metric), overall_told(bundle, metric)
    beaten = {
        f: any(found[g] == found[f] and told.get((g, f)) == 1 for g in found)
        for f in found
    }
    return tuple(sorted(found, key=lambda f: (found[f], beaten[f], f)))


def first_by_ranks(bundle: Bundle, metric: str) -> tuple[str, ...]:
    """The families with the best mean rank: several where theirs is the same; empty where nothing is ranked."""
    found = mean_ranks(bundle, metric)
    return tuple(f for f in by_ranks(bundle, metric) if found[f] == min(found.values()))


def beside_first(bundle: Bundle, metric: str, family: str) -> int | None:
    """What signed ranks say of a family beside those with the best mean rank: 1 where it is significantly better than
    one of them, -1 where it is worse than each, 0 where it is not told from one; None where none of these is known."""
    told, first = overall_told(bundle, metric), first_by_ranks(bundle, metric)
    found = {told.get((family, one)) for one in first if one != family}
    return next((one for one in (1, 0) if one in found), -1 if found == {-1} else None)


@remembered
def overall_groups(bundle: Bundle, metric: str) -> tuple[Group, ...]:
    """The groups that no signed-rank test tells apart after Holm."""
    p = {
        (one.family, one.against): one.p_adjusted
        for one in overall_pairs(bundle, metric)
    }
    both = {
        key: value
        for (a, b), value in p.items()
        if value is not None
        for key in ((a, b), (b, a))
    }
    return grouped(by_ranks(bundle, metric), both, alpha_of(bundle.study))[0]


def fits(bundle: Bundle) -> int:
    """How many fits the study asks for: one a model that is fitted here, dataset and fold."""
    here = [name for name in bundle.datasets if not is_external(bundle.study, name)]
    models = [
        spec
        for spec in (bundle.study.families or {}).values()
        if not isinstance(spec, ExternalFamily)
    ]
    return bundle.frame("folds").filter(pl.col("dataset").is_in(here)).height * len(
        models
    )


def failed_cells(bundle: Bundle) -> pl.DataFrame:
    """Failures of the study's own cells that left no result (warnings are left out)."""
    return bundle.plain("failures").filter(FAILED)


@remembered
def fallbacks(bundle: Bundle, metric: str) -> int:
    """How many scores of a metric stand in, in the places of failed cells or missing runs."""
    rows = bundle.frame("estimates").filter(metric=metric)
    return int(rows["fallbacks"].sum())


def primary(bundle: Bundle) -> Measure:
    return measure(bundle.study.metrics.primary)


@remembered
def tuned_by(bundle: Bundle, dataset: str) -> Measure:
    """The metric that candidates were chosen by, which the tuning frame names; without tuning the primary one."""
    names = bundle.plain("tuning").filter(dataset=dataset)["metric"].drop_nulls()
    return measure(names[0]) if names.len() else primary(bundle)


def tuning_said(bundle: Bundle, datasets: Sequence[str]) -> list[str]:
    """Which models were tuned on these datasets and how, for each tuning that the study states for any of them."""
    ways: dict[Tuning | None, list[str]] = {}
    for name in datasets:
        if (protocol := bundle.study.protocol_of(name)) is not None:
            ways.setdefault(protocol.tuning, []).append(name)
    said = (
        tuning_words(tuning, *_tuned_or_not(bundle, places))
        for tuning, places in ways.items()
    )
    return list(dict.fromkeys(said))


def _tuned_or_not(
    bundle: Bundle, datasets: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The models with several candidates on one of these datasets, and the others."""
    several = {
        one.family
        for name in datasets
        for one in bundle.tuned.get(name, [])
        if len(one.candidates) > 1
    }
    cells, styles = _cells(bundle), styles_of(bundle)
    models = [
        name
        for name in bundle.families
        if any((place, name) in cells for place in datasets)
    ]
    titles = {name: styles.family(name).title for name in models}
    tuned = [title for name, title in titles.items() if name in several]
    return tuned, [title for title in titles.values() if title not in tuned]


@remembered
def _cells(bundle: Bundle) -> set[CellKey]:
    """Dataset and family of every cell with a row of scores."""
    return set(bundle.plain("scores").select("dataset", "family").unique().iter_rows())


def named(bundle: Bundle, figure: str, unit: Measure) -> str:
    """The id of a figure that every metric has one of: the plain one is the primary metric's."""
    return (
        figure if unit.name == bundle.study.metrics.primary else f"{figure}-{unit.name}"
    )


def packages(bundle: Bundle) -> list[str]:
    """The installed packages whose files are the study's data, each once."""
    sources = [one.source for one in bundle.study.datasets.values()]
    return list(
        dict.fromkeys(
            str(one.parameters["package"]) for one in sources if one.kind == "package"
        )
    )
