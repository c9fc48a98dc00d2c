"""The answer for a paper as a whole, as data: one row a metric, and one a model of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bench.core.frames import of_row


class AsAWhole(StrEnum):
    """What the numbers of a paper are together, whatever single ones leave open.

    holds: the 90 % interval of the mean difference over datasets lies within the tolerance. differs: the 95 % interval
    lies beyond it. open: neither.
    """

    HOLDS = "holds"
    DIFFERS = "differs"
    OPEN = "open"


class NoAnswer(StrEnum):
    """Why numbers are counted alone, and nothing is said of them as a whole.

    few_datasets: fewer than three. same_scores: they follow from the authors' own scores or do not; nothing is drawn.
    substituted: another method stands in for the paper's.
    """

    FEW_DATASETS = "few_datasets"
    SAME_SCORES = "same_scores"
    SUBSTITUTED = "substituted"


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """The published scores of one metric, side and unit; `family` null: of all models.

    `numbers`: how many were judged, each model of a dataset once; `as_printed`, `differ`: how many hold and how many
    are refuted alone; `beyond`: how many lie further from ours than the tolerance; `decidable`: how many endless
    repeats of ours would decide, by what is known of our means. `mean`: of ours - published, over
    datasets, in the unit; in tolerances (`in_tolerances`) where stated tolerances differ. `low`, `high`: its 90 %
    interval; `low_refute`, `high_refute`: its 95 % interval, both of Student's t. `scatter`: the root mean square of
    difference / standard error, 1 where noise explains all. `tested`: how many have a p-value; `by_chance`: how many
    of them chance refutes at most; `refuted`: how many stay so after Holm. `comparisons`: pairs of models of a dataset
    whose printed numbers differ; `alike`: those with the same sign here. `closely`: how many numbers have strong evidence.
    """

    metric: str
    side: str
    unit: str | None
    family: str | None
    answer: AsAWhole | None
    why_not: NoAnswer | None
    numbers: int
    as_printed: int
    differ: int
    beyond: int
    decidable: float
    datasets: int
    tolerance: float | None
    in_tolerances: bool
    mean: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    low_refute: float | None
    high_refute: float | None
    scatter: float | None
    tested: int
    by_chance: float
    refuted: int
    comparisons: int
    alike: int
    closely: int

    @property
    def decided(self) -> int:
        """How many numbers hold or differ."""
        return self.as_printed + self.differ

    @property
    def undecided(self) -> int:
        """How many numbers neither hold nor differ."""
        return self.numbers - self.decided


ANSWERS = of_row(AnswerRow)
