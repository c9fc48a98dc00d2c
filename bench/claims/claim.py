"""What a kind of claim is, and the evidence it is judged by."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import combinations
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import polars as pl

from bench.claims.arithmetic import impossibilities
from bench.claims.judgement import Judgement
from bench.core.frames import MISSING_RUNS, empty
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.core.registry import Registry
from bench.core.rows import FAILED, OWN
from bench.scores.class_mix import ClassMeans, class_means
from bench.scores.compute import classes_of
from bench.scores.design import (
    aggregation_of,
    draws_chance,
    is_baseline,
    is_external,
    printed_once,
    resampling_of,
    rope_of,
    seeded,
    tables_of,
    tolerance_of,
    tuning_draws,
    varies,
)
from bench.scores.halves import TestedHalves, tested_halves
from bench.scores.printed_units import printed_units
from bench.scores.series import Series, SeriesKey, matched, series_of
from bench.scores.setting import Setting, origins, setting_of
from bench.stats.noise import without_noise
from bench.study import Claim, Study
from bench.study.claims import ClaimForm
from bench.study.models import ExternalFamily
from bench.text import unjudged
from bench.text.chance import SeedNotMeasured, TiesHidden
from bench.text.claim_problems import NoOwnTolerance, WideOwnTolerance
from bench.text.problems import Twice


class NotTestableError(Exception):
    """A claim cannot be judged; `reasons` are statements of why."""

    def __init__(self, *reasons: Statement) -> None:
        super().__init__(", ".join(str(reason.code) for reason in reasons))
        self.reasons = reasons


@dataclass(frozen=True, eq=False)
class ClaimEvidence:
    """Everything that was measured. `series` by side; `of_halves` gives what tests of a dataset and metric use of
    disjoint halves of the rows. Without `predictions` no interval holds the class mix. `lacking`: of external tables,
    the datasets, families and metrics with missing runs."""

    study: Study
    tables: pl.DataFrame
    folds: pl.DataFrame
    estimates: pl.DataFrame
    failures: pl.DataFrame
    series: dict[str, dict[SeriesKey, Series]]
    of_halves: Callable[[str, str], TestedHalves] = lambda dataset, metric: (
        TestedHalves()
    )
    predictions: pl.DataFrame | None = None
    lacking: frozenset[SeriesKey] = frozenset()
    _mixes: dict[tuple[str, str], ClassMeans] = field(default_factory=dict)
    _settings: dict[str, Setting] = field(default_factory=dict)
    _units: dict[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, study: Study, frames: Mapping[str, pl.DataFrame]) -> ClaimEvidence:
        """From the frames tables, folds, scores, estimates and failures; predictions and missing_runs where they are
        there."""
        scores = frames["scores"]
        missing = frames.get("missing_runs", empty(MISSING_RUNS)).select(
            "dataset", "family", "metric"
        )
        return cls(
            study=study,
            tables=frames["tables"],
            folds=frames["folds"],
            estimates=frames["estimates"],
            failures=frames["failures"],
            series={
                side: series_of(scores, side) for side in ("train", "inner", "test")
            },
            of_halves=cache(partial(tested_halves, study, scores)),
            predictions=frames.get("predictions"),
            lacking=frozenset(missing.unique().iter_rows()),
        )

    @cached_property
    def impossible(self) -> dict[str, tuple[Statement, ...]]:
        """The claims whose published number cannot be, by id, and why."""
        return impossibilities(self.study)

    def metric(self, claim: Claim) -> str:
        return claim.metric or self.study.metrics.primary

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that are fitted, in the order of the study, then those of tables of scores by their names."""
        fitted = [
            name for name, spec in self.study.datasets.items() if spec.scores is None
        ]
        scored = {dataset for side in self.series.values() for dataset, _, _ in side}
        return (*fitted, *sorted(scored - set(fitted)))

    def datasets_of(self, claim: Claim) -> tuple[str, ...]:
        """The datasets that a claim over datasets is about: those that it names, else the study's own, in its order."""
        named = claim.datasets or ()
        if lacking := [name for name in named if name not in self.datasets]:
            raise NotTestableError(unjudged.UnknownDataset(lacking[0], self.datasets))
        return tuple(name for name in self.datasets if name in (named or self.datasets))

    def over(self, claim: Claim) -> bool:
        """Whether a claim that names no dataset is about several: the dataset is its unit."""
        return claim.dataset is None and len(self.datasets_of(claim)) > 1

    @cached_property
    def origin(self) -> dict[str, str]:
        """By dataset, the first one with the same rows."""
        return origins(self.study, self.tables)

    def units(self, claim: Claim) -> list[list[int]]:
        """The places, in `datasets_of`, of the datasets that are forms of one table: each table is one unit.

        Raises `NotTestableError` where all are one table.
        """
        units: dict[str, list[int]] = {}
        for i, name in enumerate(self.datasets_of(claim)):
            units.setdefault(self.origin.get(name, name), []).append(i)
        if len(units) == 1:
            raise NotTestableError(unjudged.FormsOfOneTable(self.datasets_of(claim)))
        return list(units.values())

    def on_each(self, claim: Claim) -> list[Claim]:
        """The claim on each of its datasets. Raises `NotTestableError` as `units`."""
        self.units(claim)
        return [on_one(claim, name) for name in self.datasets_of(claim)]

    def dataset(self, claim: Claim) -> str:
        """The claim's dataset; a study of one dataset need not repeat it."""
        if claim.dataset is not None:
            return claim.dataset
        if len(self.datasets) == 1:
            return self.datasets[0]
        raise NotTestableError(unjudged.NoDatasetNamed())

    def setting(self, claim: Claim) -> Setting:
        name = self.dataset(claim)
        if name not in self._settings:
            self._settings[name] = setting_of(self.study, self.tables, self.folds, name)
        return self._settings[name]

    def repeat_means(self, claim: Claim, series: Series) -> np.ndarray:
        """The mean of each of our repeats, or of each draw of a simulation."""
        return series.repeat_means(max(1, self.setting(claim).repeats_a_draw))

    @cached_property
    def failed(self) -> pl.DataFrame:
        """The study's own cells that left no result."""
        return self.failures.filter(OWN & FAILED)

    @cached_property
    def _lost(self) -> dict[tuple[str, str], list[tuple[str, ...]]]:
        """Stage and reason of each, by dataset and family."""
        found: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        for dataset, family, *why in self.failed.select(
            "dataset", "family", "stage", "reason"
        ).iter_rows():
            found.setdefault((dataset, family), []).append(tuple(why))
        return found

    def need(self, claim: Claim, cells: Container[SeriesKey]) -> None:
        """Raise `NotTestableError` where one of these lacks runs: neither the mean of those that are left nor what
        stands in for the others is the model's own."""
        for dataset, family, metric in sorted(self.lacking):
            if (dataset, family, metric) in cells:
                raise NotTestableError(
                    unjudged.NoScores(metric, family, dataset, claim.side)
                )

    def scores(self, claim: Claim, family: str | None) -> Series:
        """The scores of one family. Raises `NotTestableError` when there are none, or not of every fold.

        The fallback of failed cells is not the family's: no claim is judged by it.
        """
        dataset, metric = self.dataset(claim), self.metric(claim)
        if family is None:
            raise NotTestableError(unjudged.NotAttempted(claim.note))
        if lost := self._lost.get((dataset, family)):
            raise NotTestableError(
                unjudged.CellsFailed(len(lost), family, dataset, *lost[0])
            )
        series = self.series[claim.side].get((dataset, family, metric))
        if (
            series is None
            or series.mean is None
            or not self.setting(claim).complete(series)
        ):
            raise NotTestableError(
                unjudged.NoScores(metric, family, dataset, claim.side)
            )
        return series

    def pair(
        self, claim: Claim, family: str | None, against: str | None
    ) -> tuple[Series, Series]:
        """Two families on the folds where both have a score, in the claim's unit.

        Raises `NotTestableError` as `scores`, and where no fold has a score of both.
        """
        a, b = matched(self.scores(claim, family), self.scores(claim, against))
        if not len(a.value):
            raise NotTestableError(
                unjudged.NoCommonFold(
                    self.metric(claim), str(family), str(against), self.dataset(claim)
                )
            )
        return a.times(self.scale(claim)), b.times(self.scale(claim))

    def halves(self, claim: Claim, *families: str | None) -> np.ndarray | None:
        """The (J, 2) scores of a family on disjoint halves of the rows, or the differences of two, in the claim's unit;
        None where they are not what a test rests on."""
        named = [family for family in families if family is not None]
        if claim.side != "test" or not named or self.setting(claim).repeats_a_draw:
            return None
        halves = self.of_halves(self.dataset(claim), self.metric(claim)).of(*named)
        return None if halves is None else halves * self.scale(claim)

    def mix(self, claim: Claim, *families: str | None) -> float:
        """What the class mix adds to the variance of a family's score on new samples, or of the difference of two, in
        the claim's unit; 0 where it is not test rows that vary."""
        setting, names = (
            self.setting(claim),
            [family for family in families if family is not None],
        )
        if claim.side != "test" or setting.seeds or setting.repeats_a_draw or not names:
            return 0.0
        place = self.dataset(claim), self.metric(claim)
        if place not in self._mixes:
            classes = classes_of(self.tables).get(place[0])
            self._mixes[place] = class_means(
                self.study, place[0], classes, self.predictions, place[1]
            )
        return self._mixes[place].variance(*names) * self.scale(claim) ** 2

    def direction(self, claim: Claim) -> int:
        """1 where a higher score is better, else -1."""
        return METRICS[self.metric(claim)].sign

    def rivals(self, claim: Claim) -> list[str]:
        """The other families of the comparison: those the paper compared where the claim names them, else all that
        were tried on the claim's datasets, in the order of the study."""
        metric, named = self.metric(claim), claim.among
        datasets = set(
            self.datasets_of(claim) if self.over(claim) else [self.dataset(claim)]
        )
        places = (*self.series[claim.side], *sorted(self.lacking))
        scored = [f for d, f, m in places if d in datasets and m == metric]
        tried = named or dict.fromkeys([*self._expected(datasets), *scored])
        return [family for family in tried if family != claim.family]

    def _expected(self, datasets: set[str]) -> list[str]:
        """The families that should have scores on some of these datasets: not those that only another table names."""
        there = {
            f for side in self.series.values() for d, f, _ in side if d in datasets
        }
        fitted = any(not is_external(self.study, name) for name in datasets)
        own = {
            name
            for name, spec in (self.study.families or {}).items()
            if not isinstance(spec, ExternalFamily)
        }
        return [
            name
            for name in self.study.families or ()
            if name in there or (fitted and name in own)
        ]

    def ranked(self, claim: Claim) -> list[str]:
        """The families that a rank counts: those the paper compared, else all but guesses without features."""
        if claim.among:
            return list(claim.among)
        families = [
            family
            for family in self.rivals(claim)
            if not is_baseline(self.study, family)
        ]
        return families if claim.family is None else [claim.family, *families]

    def scale(self, claim: Claim) -> float:
        """The claim's unit in the metric's own."""
        return 100.0 if claim.unit == "percent" else 1.0

    def tolerance(self, claim: Claim) -> float:
        """The tolerance, in the claim's unit. Raises `NotTestableError` when none is stated or customary."""
        if claim.tolerance is not None:
            return claim.tolerance
        closeness = tolerance_of(self.study, self.metric(claim)).value
        if closeness is None:
            raise NotTestableError(unjudged.NoTolerance(self.metric(claim)))
        return closeness * self.scale(claim)

    def customary_tolerance(self, claim: Claim) -> float | None:
        """The tolerance in the metric's own unit where it is the customary one, which nobody declared."""
        closeness = tolerance_of(self.study, self.metric(claim))
        return (
            closeness.value if claim.tolerance is None and closeness.customary else None
        )

    def margin(self, claim: Claim) -> float:
        """The half-width within which two families are practically equal, in the claim's unit."""
        rope = rope_of(self.study, self.metric(claim))
        if claim.value is None and claim.tolerance is not None:
            return claim.tolerance
        return rope * self.scale(claim) if rope is not None else self.tolerance(claim)

    def draws_chance(self, claim: Claim) -> bool:
        """Whether two people with the paper's recipe would get different splits or draws."""
        dataset = self.dataset(claim)
        return (
            draws_chance(self.study, dataset) or self.setting(claim).repeats_a_draw > 0
        )

    def is_external(self, claim: Claim) -> bool:
        """Whether the scores of the claim's dataset were made by somebody else's fits."""
        return is_external(self.study, self.dataset(claim))

    def is_papers(self, claim: Claim, datasets: Iterable[str]) -> bool:
        """Whether the paper computed from the scores on these datasets that a claim rests on: none was fitted here, and
        the claim declares so, or there is one printed score a family and dataset."""
        names = tuple(datasets)
        if claim.splits == "other_sample" or not all(
            is_external(self.study, name) for name in names
        ):
            return False
        return claim.splits == "same" or printed_once(self.study, names)

    def are_printed(self, datasets: Iterable[str]) -> bool:
        """Whether each model has one score on each of these datasets, in a table of scores, as a paper prints them."""
        return self._printed.issuperset(datasets)

    @cached_property
    def _printed(self) -> frozenset[str]:
        several = self.folds.filter((pl.col("fold") > 0) | (pl.col("repeat") > 0))[
            "dataset"
        ].unique()
        tables = {
            name
            for name, spec in self.study.datasets.items()
            if spec.scores is not None
        }
        return frozenset(tables.difference(several))

    def printed_units(self, claim: Claim) -> Mapping[str, float]:
        """By printed dataset, the unit of the last decimal of its scores of the claim's metric."""
        key = claim.side, self.metric(claim)
        if key not in self._units:
            self._units[key] = printed_units(
                self.series[claim.side], tables_of(self.study, self._printed), key[1]
            )
        return self._units[key]

    def hidden_ties(
        self,
        claim: Claim,
        datasets: Iterable[str],
        families: Sequence[str],
        family: str | None = None,
    ) -> TiesHidden:
        """On how many of these datasets the order of means of a paper's own scores is not known, of these families, or
        of one among them: equal ones of a printed table were rounded, and those of unlike scores differ by float
        noise in some programs."""
        hidden = [
            name for name in datasets if self._hides(claim, name, families, family)
        ]
        return TiesHidden(
            len(hidden), "values" if self._printed.intersection(hidden) else "noise"
        )

    def _hides(
        self, claim: Claim, dataset: str, families: Sequence[str], family: str | None
    ) -> bool:
        key = claim.side, self.metric(claim)
        read = {
            one: self.series[key[0]].get((dataset, one, key[1])) for one in families
        }
        known = {
            one: series
            for one, series in read.items()
            if series is not None and series.mean is not None
        }
        means = without_noise(
            np.array([series.mean for series in known.values()], dtype=float)
        )
        equal = dict(zip(known, means.tolist(), strict=True))
        scores = {one: series.defined.tolist() for one, series in known.items()}
        pairs = [
            pair for pair in combinations(known, 2) if family is None or family in pair
        ]
        return any(
            equal[a] == equal[b]
            and (dataset in self._printed or scores[a] != scores[b])
            for a, b in pairs
        )

    def of_rounding(self, claim: Claim, scores: int) -> float:
        """How far rounding may have moved a sum or difference of so many printed scores on a claim's dataset, in the
        claim's unit; 0 where scores are not printed ones."""
        return (
            scores
            * 0.5
            * self.printed_units(claim).get(self.dataset(claim), 0.0)
            * self.scale(claim)
        )

    def varies(self, claim: Claim) -> str | None:
        """What differs between external scores: splits or seeds; None for one score. Of scores made here `seeds`
        where one fixed split was fitted several times, else None."""
        made_here = "seeds" if self.setting(claim).seeds else None
        return (
            varies(self.study, self.dataset(claim))
            if self.is_external(claim)
            else made_here
        )

    def without_seed(self, claim: Claim, *families: str | None) -> bool:
        """Whether these families give the same fit whenever they see the same rows."""
        return self.seed_unmeasured(claim, *families) is None

    def seed_unmeasured(
        self, claim: Claim, *families: str | None
    ) -> SeedNotMeasured | None:
        """That one run does not show what chance does, and what it draws: the fits, or the tuning alone; None where
        nothing is drawn."""
        dataset = self.dataset(claim)
        if any(f is not None and seeded(self.study, dataset, f) for f in families):
            return SeedNotMeasured("fit")
        drawn = (
            tuning_draws(self.study, dataset, f) for f in families if f is not None
        )
        return next(
            (SeedNotMeasured(draws) for draws in drawn if draws is not None), None
        )

    def guesses_equally(self, claim: Claim, *families: str | None) -> bool:
        """Whether these are guesses without features or seed, tested on every row of each repeat: however the rows are
        dealt into folds, the same class is guessed of them."""
        setting = self.setting(claim)
        guesses = all(
            family is not None and is_baseline(self.study, family)
            for family in families
        )
        return (
            guesses
            and setting.folds > setting.repeats
            and self.without_seed(claim, *families)
        )

    def aggregation(self, claim: Claim) -> str | None:
        """How our scores of the claim's metric are aggregated; None over datasets and where the data are scores."""
        if self.study.protocol is None or (
            claim.dataset is None and len(self.study.datasets) > 1
        ):
            return None
        return self._aggregation(claim)

    def _aggregation(self, claim: Claim) -> str:
        single = self.setting(claim).row_by_row
        return aggregation_of(
            self.study, self.dataset(claim), self.metric(claim), row_by_row=single
        )

    def protocol(self, claim: Claim) -> str:
        return (
            resampling_of(self.study, self.dataset(claim)) or "a table of scores"
        ).replace("_", "-")


def on_one(claim: Claim, dataset: str) -> Claim:
    """The same claim about one dataset."""
    return claim.model_copy(update={"dataset": dataset, "datasets": None})


def has_one_dataset(study: Study) -> bool:
    """Whether a claim need not name its dataset; a table that has a column of datasets names several."""
    tables = [spec.external for spec in study.datasets.values()]
    return len(tables) == 1 and (tables[0] is None or tables[0].dataset is None)


C = TypeVar("C", bound=Claim)
#: What is wrong with a claim: the keys at fault, and what.
Problems = Iterator[tuple[tuple[str, ...], Statement]]


def check_among(claim: Claim) -> Problems:
    """Each family of a comparison once."""
    named = claim.among or ()
    for name in dict.fromkeys(name for name in named if named.count(name) > 1):
        yield ("among",), Twice(name)


def check_own_tolerance(claim: Claim, most: float) -> Problems:
    """A number with a scale of its own needs a tolerance, and one below the most that two such numbers can differ."""
    if claim.fidelity == "not_attempted":
        return
    if claim.tolerance is None:
        yield ("tolerance",), NoOwnTolerance(claim.kind)
    elif claim.tolerance >= most:
        yield ("tolerance",), WideOwnTolerance(claim.tolerance, most)


@dataclass(frozen=True)
class ClaimKind(ClaimForm, Generic[C]):
    """A kind of claim: its fields, what its number is, and how it is judged.

    Attributes
    ----------
    name, title : str
        Its word in a study (`kind`), and what it is for people.
    model : type
        The subclass of `Claim` with the fields of the kind.
    example : str
        A claim of the kind, as a line of YAML.
    judge : callable
        From a claim and the evidence to a judgement.
    value : {"score", "difference", "own"}
        What is printed: a score, a difference of two, or a number of its own kind, which lends no tolerance from the
        metric.
    check : callable
        What else can be wrong with a claim of this kind: the keys at fault, and what.
    """

    model: type[C]
    example: str
    judge: Callable[[C, ClaimEvidence], Judgement]
    value: Literal["score", "difference", "own"] = "difference"
    check: Callable[[C, Study], Problems] = lambda claim, study: iter(())


KINDS: Registry[ClaimKind[Any]] = Registry(
    "bench.claims", ClaimKind, "claim kind", group="bench.claims"
)
