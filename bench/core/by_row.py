"""What was counted from predictions row by row (`bench.by_row`): schemas of the frames that pages draw.

All are about the study's own predictions of test rows whose truth is known, of the families that pages draw (`DRAWN`),
in the order of the study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.core.frames import of_row


@dataclass(frozen=True)
class SetsTested:
    """The test sets of a dataset: how many there are, of how many repeats, and how many hold one class only.

    `largest`: rows of the largest; `ranked`: whether some family gives probabilities or decision values; `calibrated`:
    whether some family gives probabilities in the first repeat.
    """

    dataset: str
    sets: int
    repeats: int
    one_class: int
    largest: int
    ranked: bool
    calibrated: bool


@dataclass(frozen=True)
class NotCounted:
    """What could not be counted for a panel of a dataset, by a mistake of bench: the panel's id, and the error."""

    dataset: str
    panel: str
    error: str


@dataclass(frozen=True)
class RankingCurve:
    """A mean curve of a family (`stats.ranking.MeanCurve`); `kind`: roc or pr."""

    dataset: str
    family: str
    kind: str
    x: list[float]
    mean: list[float]
    sd: list[float]
    area: float
    area_sd: float
    folds: int
    left_out: int
    base: float


@dataclass(frozen=True)
class CalibrationCurve:
    """A reliability curve of a family (`stats.calibration`); `limit`: null where no draw is beyond it.

    A family of hard votes has no curve: its lists are empty, its numbers null.
    """

    dataset: str
    family: str
    hard_votes: bool
    error: float | None = None
    level: float | None = None
    limit: float | None = None
    excess: float | None = None
    said: list[float] = field(default_factory=list)
    came: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    n: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ConfusionCount:
    """How often a family predicts `label` for rows of the class `truth`; `rows`: different rows of that class."""

    dataset: str
    family: str
    truth: str
    label: str
    predictions: int
    rows: int


@dataclass(frozen=True)
class PairByRow:
    """Two families on the test rows that all drawn ones predicted: the share with different labels, or Pearson's
    correlation of residuals, null where one is constant."""

    dataset: str
    family: str
    against: str
    value: float | None


@dataclass(frozen=True)
class WrongCount:
    """How many rows exactly so many families get wrong, of `models`; `repeated`: rows are predicted more than once."""

    dataset: str
    families: int
    rows: int
    models: int
    repeated: bool


@dataclass(frozen=True)
class WrongRow:
    """One of the hardest rows of a classification, hardest first.

    `wrong`: the share of its predictions that are wrong, each family counting alike; `families`: how many get it wrong
    (in more than half of its repeats), `of`: how many predicted it; `said`: the wrong label named most often, `source`:
    the share of the wrong predictions that name it; `equal`: other rows with the same features, `other`: those of them
    with another truth.
    """

    dataset: str
    row: int
    truth: str
    wrong: float
    families: int
    of: int
    said: str | None
    source: float | None
    equal: int
    other: int


@dataclass(frozen=True)
class FarRow:
    """One of the rows of a regression that predictions miss most, furthest first.

    `error`: the median over families of the size of their mean residual; `low`, `high`: the least and the greatest mean
    prediction of a family; `equal`, `other` as in `WrongRow`; `rows`: how many rows were predicted.
    """

    dataset: str
    row: int
    truth: float
    error: float
    low: float
    high: float
    equal: int
    other: int
    rows: int


@dataclass(frozen=True)
class RegressionFit:
    """Predicted against observed values of a family, and its residuals over the prediction.

    `n` predictions; `r`: their correlation, null where one side is constant; `bias`: the mean of predicted - observed;
    `largest`: the largest observed size; `counts`: of a square grid of GRID x GRID cells from `low` to `high`, truth by
    truth; of bins of equal mass `at`, the mean prediction, `quantiles`, those of `stats.misses.QUANTILES` bin by bin,
    and `in_bin`, the predictions.
    """

    dataset: str
    family: str
    n: int
    r: float | None
    bias: float
    largest: float
    low: float
    high: float
    counts: list[int]
    at: list[float]
    quantiles: list[float]
    in_bin: list[int]


#: Families that are drawn together: of more, those of the best mean score. Beyond that a figure is a thicket.
DRAWN = 6


def best_drawn(
    names: Sequence[str], losses: Mapping[str, float], most: int = DRAWN
) -> list[str]:
    """Of more than `most` families those of the least loss, of equal ones the first; in the order in which they came.

    >>> best_drawn("abcdefg", {"a": 2.0} | dict.fromkeys("bcdefg", 1.0))
    ['b', 'c', 'd', 'e', 'f', 'g']
    """
    best = sorted(
        names, key=lambda name: (losses.get(name, float("inf")), names.index(name))
    )[:most]
    return [name for name in names if name in best]


#: From so many classes on a mean of one-vs-rest curves says nothing that its area does not.
MOST_CLASSES = 30
#: Rows that a bin of a calibration curve should hold, and how many bins there are at most.
BIN_ROWS, MOST_BINS = 15, 10
#: Cells of a grid along each side.
GRID = 28
BY_ROW = {
    "test_sets": of_row(SetsTested),
    "not_counted": of_row(NotCounted),
    "ranking_curves": of_row(RankingCurve),
    "calibration_curves": of_row(CalibrationCurve),
    "confusions": of_row(ConfusionCount),
    "family_pairs": of_row(PairByRow),
    "wrong_counts": of_row(WrongCount),
    "wrong_rows": of_row(WrongRow),
    "far_rows": of_row(FarRow),
    "regression_fits": of_row(RegressionFit),
}
