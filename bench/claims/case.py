"""A claim bound to its evidence: its dataset, metric, unit, tolerance, setting and scores."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeAlias, TypeVar

import numpy as np

from bench.claims.evidence import ClaimEvidence, NotTestableError
from bench.core.metrics import METRICS
from bench.scores.design import (
    aggregation_of,
    draws_chance,
    is_baseline,
    is_external,
    printed_once,
    resampling_of,
    rope_of,
    seeded,
    tolerance_of,
    tuning_draws,
    varies,
)
from bench.scores.series import Series, SeriesKey, matched
from bench.scores.setting import Setting
from bench.study import Claim
from bench.text import unjudged
from bench.text.chance import SeedNotMeasured

C_co = TypeVar("C_co", bound=Claim, covariant=True)


@dataclass(frozen=True, eq=False)
class CaseOf(Generic[C_co]):
    """A claim and the evidence for it; all numbers are in the claim's unit."""

    claim: C_co
    evidence: ClaimEvidence

    @property
    def alpha(self) -> float:
        """The level of the study's tests."""
        return self.evidence.alpha

    @property
    def metric(self) -> str:
        return self.claim.metric or self.evidence.study.metrics.primary

    @property
    def sign(self) -> int:
        """1 where a higher score is better, else -1."""
        return METRICS[self.metric].sign

    @property
    def scale(self) -> float:
        """The claim's unit in the metric's own."""
        return 100.0 if self.claim.unit == "percent" else 1.0

    @property
    def is_one_sided(self) -> bool:
        """On the paper's own rows a direction was read off them, and its test is
        two-sided."""
        return self.claim.splits == "other_sample"

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that a claim over datasets is about: those that it names, else the
        study's own, in its order."""
        known, named = self.evidence.datasets, self.claim.datasets or ()
        for name in named:
            if name not in known:
                raise NotTestableError(unjudged.UnknownDataset(name, known))
        return tuple(name for name in known if name in (named or known))

    @property
    def is_over_datasets(self) -> bool:
        """Whether a claim that names no dataset is about several: the dataset is its
        unit."""
        return self.claim.dataset is None and len(self.datasets) > 1

    @cached_property
    def units(self) -> list[list[int]]:
        """The places, in `datasets`, of those that are forms of one table: each table is
        one unit.

        Raises `NotTestableError` where all are one table.
        """
        units: dict[str, list[int]] = {}
        for place, name in enumerate(self.datasets):
            origin = self.evidence.origin.get(name, name)
            units.setdefault(origin, []).append(place)
        if len(units) == 1:
            raise NotTestableError(unjudged.FormsOfOneTable(self.datasets))
        return list(units.values())

    @cached_property
    def on_each(self) -> list[AnyCase]:
        """The case on each of its datasets. Raises `NotTestableError` as `units`."""
        assert self.units
        return [self.on(name) for name in self.datasets]

    def on(self, dataset: str) -> AnyCase:
        """The same claim about one dataset."""
        update = {"dataset": dataset, "datasets": None}
        return CaseOf(self.claim.model_copy(update=update), self.evidence)

    @cached_property
    def dataset(self) -> str:
        """The claim's dataset; a study of one dataset need not repeat it."""
        if self.claim.dataset is not None:
            return self.claim.dataset
        if len(self.evidence.datasets) == 1:
            return self.evidence.datasets[0]
        raise NotTestableError(unjudged.NoDatasetNamed())

    @cached_property
    def setting(self) -> Setting:
        """How the scores of the dataset vary."""
        return self.evidence.setting_of(self.dataset)

    @property
    def one_case(self) -> float:
        """One test case as a share; 0 where the metric is no share, and for external
        scores: they are compared with the tolerance as it is stated."""
        setting, is_share = self.setting, METRICS[self.metric].bounded
        on_test = self.claim.side == "test"
        cases = setting.test_rows if on_test else setting.train_rows
        return (
            self.scale / cases if cases and is_share and not self.is_external else 0.0
        )

    def repeat_means(self, series: Series) -> np.ndarray:
        """The mean of each of our repeats, or of each draw of a simulation."""
        return series.repeat_means(max(1, self.setting.repeats_a_draw))

    def need(self, cells: Container[SeriesKey]) -> None:
        """Raise `NotTestableError` where one of these lacks runs: neither the mean of
        those that are left nor what stands in for the others is the model's own."""
        for dataset, family, metric in sorted(self.evidence.lacking):
            if (dataset, family, metric) in cells:
                raise NotTestableError(
                    unjudged.NoScores(metric, family, dataset, self.claim.side)
                )

    def scores(self, family: str | None) -> Series:
        """The scores of one family, in the metric's own unit. Raises `NotTestableError`
        when there are none, or not of every fold.

        The fallback of failed cells is not the family's: no claim is judged by it.
        """
        dataset, metric, side = self.dataset, self.metric, self.claim.side
        if family is None:
            raise NotTestableError(unjudged.NotAttempted(self.claim.not_attempted))
        lost = self.evidence.lost.get((dataset, family))
        if lost:
            raise NotTestableError(
                unjudged.CellsFailed(len(lost), family, dataset, *lost[0])
            )
        series = self.evidence.series[side].get((dataset, family, metric))
        if series is None or series.mean is None or not self.setting.complete(series):
            raise NotTestableError(unjudged.NoScores(metric, family, dataset, side))
        return series

    def pair(self, family: str | None, against: str | None) -> tuple[Series, Series]:
        """Two families on the folds where both have a score.

        Raises `NotTestableError` as `scores`, and where no fold has a score of both.
        """
        first, second = matched(self.scores(family), self.scores(against))
        if not len(first.value):
            names = str(family), str(against)
            raise NotTestableError(
                unjudged.NoCommonFold(self.metric, *names, self.dataset)
            )
        return first.times(self.scale), second.times(self.scale)

    def halves(self, *families: str | None) -> np.ndarray | None:
        """The (J, 2) scores of a family on disjoint halves of the rows, or the
        differences of two; None where they are not what a test rests on."""
        names = _named(families)
        if self.claim.side != "test" or not names or self.setting.repeats_a_draw:
            return None
        halves = self.evidence.halves_of(self.dataset, self.metric).of(*names)
        return None if halves is None else halves * self.scale

    def mix(self, *families: str | None) -> float:
        """What the class mix adds to the variance of a family's score on new samples, or
        of the difference of two; 0 where it is not test rows that vary."""
        names = _named(families)
        fixed = self.setting.seeds or self.setting.repeats_a_draw
        if self.claim.side != "test" or fixed or not names:
            return 0.0
        means = self.evidence.mix_of(self.dataset, self.metric)
        return means.variance(*names) * self.scale**2

    @cached_property
    def rivals(self) -> list[str]:
        """All other families that were tried on its datasets, in the order of the
        study."""
        datasets = self.datasets if self.is_over_datasets else (self.dataset,)
        tried = self.evidence.tried(datasets, self.claim.side, self.metric)
        return [family for family in tried if family != self.claim.family]

    @property
    def tolerance(self) -> float:
        """Raises `NotTestableError` when none is stated or customary."""
        if self.claim.tolerance is not None:
            return self.claim.tolerance
        tolerance = tolerance_of(self.evidence.study, self.metric).value
        if tolerance is None:
            raise NotTestableError(unjudged.NoTolerance(self.metric))
        return tolerance * self.scale

    @property
    def customary_tolerance(self) -> float | None:
        """The tolerance in the metric's own unit where it is the customary one, which
        nobody declared."""
        tolerance = tolerance_of(self.evidence.study, self.metric)
        if self.claim.tolerance is not None or not tolerance.customary:
            return None
        return tolerance.value

    @property
    def margin(self) -> float:
        """The half-width within which two families are practically equal."""
        if self.claim.value is None and self.claim.tolerance is not None:
            return self.claim.tolerance
        rope = rope_of(self.evidence.study, self.metric)
        return self.tolerance if rope is None else rope * self.scale

    @property
    def is_external(self) -> bool:
        """Whether the scores of the dataset were made by somebody else's fits."""
        return is_external(self.evidence.study, self.dataset)

    @property
    def draws_chance(self) -> bool:
        """Whether two people with the paper's recipe would get different splits or
        draws."""
        drawn = draws_chance(self.evidence.study, self.dataset)
        return drawn or self.setting.repeats_a_draw > 0

    @property
    def varies(self) -> str | None:
        """What differs between external scores: splits or seeds; None for one score. Of
        scores made here `seeds` where one fixed split was fitted several times."""
        if self.is_external:
            return varies(self.evidence.study, self.dataset)
        return "seeds" if self.setting.seeds else None

    def is_papers(self, datasets: Iterable[str]) -> bool:
        """Whether the paper computed from the scores on these datasets that a claim rests
        on: none was fitted here, and the claim declares so, or there is one printed
        score a family and dataset."""
        names, study = tuple(datasets), self.evidence.study
        if self.claim.splits == "other_sample":
            return False
        if not all(is_external(study, name) for name in names):
            return False
        return self.claim.splits == "same" or printed_once(study, names)

    @property
    def printed_units(self) -> Mapping[str, float]:
        """By printed dataset, the unit of the last decimal of its scores."""
        return self.evidence.printed_units(self.claim.side, self.metric)

    def of_rounding(self, scores: int) -> float:
        """How far rounding may have moved a sum or difference of so many printed scores
        on the dataset; 0 where scores are not printed ones."""
        unit = self.printed_units.get(self.dataset, 0.0)
        return scores * 0.5 * unit * self.scale

    def without_seed(self, *families: str | None) -> bool:
        """Whether these families give the same fit whenever they see the same rows."""
        return self.seed_unmeasured(*families) is None

    def seed_unmeasured(self, *families: str | None) -> SeedNotMeasured | None:
        """That one run does not show what chance does, and what it draws: the fits, or
        the tuning alone; None where nothing is drawn."""
        study, dataset, names = self.evidence.study, self.dataset, _named(families)
        if any(seeded(study, dataset, name) for name in names):
            return SeedNotMeasured("fit")
        tuned = (tuning_draws(study, dataset, name) for name in names)
        draws = next(filter(None, tuned), None)
        return None if draws is None else SeedNotMeasured(draws)

    def guesses_equally(self, *families: str | None) -> bool:
        """Whether these are guesses without features or seed, tested on every row of each
        repeat: however the rows are dealt into folds, the same class is guessed of
        them."""
        study, setting = self.evidence.study, self.setting
        guesses = all(family and is_baseline(study, family) for family in families)
        in_folds = setting.folds > setting.repeats
        return guesses and in_folds and self.without_seed(*families)

    @property
    def aggregation(self) -> str | None:
        """How our scores are aggregated; None over datasets and where the data are
        scores."""
        study = self.evidence.study
        several = self.claim.dataset is None and len(study.datasets) > 1
        if study.protocol is None or several:
            return None
        single = self.setting.row_by_row
        return aggregation_of(study, self.dataset, self.metric, row_by_row=single)

    @property
    def protocol(self) -> str:
        """The kind of resampling, in words."""
        resampling = resampling_of(self.evidence.study, self.dataset)
        if resampling is None:
            return "a table of scores"
        return resampling.kind.replace("_", "-")


def _named(families: Iterable[str | None]) -> list[str]:
    return [family for family in families if family is not None]


#: A case whose claim needs no fields of its kind alone.
AnyCase: TypeAlias = CaseOf[Claim]
