"""Two tables of fold scores against each other, and fold scores against one published number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import polars as pl

from bench.contrasts import compare_folds
from bench.core.errors import DataError, UsageError, suggested
from bench.core.frames import records
from bench.core.judgements import Agreement, Settle, VerdictRow
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, decoded
from bench.project.arrays_in import out_of_order, table_of
from bench.project.judge_published import Judged, judge_published
from bench.project.score_files import refuse_unknown
from bench.stats.instances import accuracy_difference, mcnemar
from bench.study.noted import Problem, StudyError

_KEY = ("dataset", "repeat", "fold")
#: Columns of `Result.scores` of which each table must hold one value.
_ONE = ("family", "variant", "side", "metric")
#: So many scores that are all 0 or 1 are rows of a test set; fewer may be folds.
FEWEST_ROWS = 20
#: Arguments of `judge` that name a key of the study that is made of them; all other keys hold the published number.
_ARGUMENTS = ("spread", "tolerance", "test_train_ratio", "unit", "repeats_are")


@dataclass(frozen=True)
class Comparison:
    """Two tables of fold scores compared. All numbers are in the unit of the scores.

    Attributes
    ----------
    difference : float
        The mean of ours minus theirs.
    low, high : float or None
        The interval of the corrected resampled t test, of rows Tango's, at the level of the call; None where a few
        differences are all equal: no standard error is known then, and nothing is tested.
    p : float or None
        Its two-sided p value; None where low and high are.
    p_less, p_rope, p_greater : float or None
        The posterior probability that ours is lower, equivalent, higher; None without a rope, and where nothing
        is tested.
    repeats_needed : int or None
        The fewest repeats of these folds at which a difference of this size and spread would be significant; None
        where no number would be enough, and where nothing is tested.
    folds : int
        How many pairs of scores were compared.
    level : float
        The level of interval and test.
    test : {"corrected_t", "mcnemar"}
        The test: corrected resampled t of folds, or McNemar's exact one of rows.
    """

    difference: float
    low: float | None
    high: float | None
    p: float | None
    p_less: float | None
    p_rope: float | None
    p_greater: float | None
    repeats_needed: int | None
    folds: int
    level: float
    test: Literal["corrected_t", "mcnemar"] = "corrected_t"


@dataclass(frozen=True)
class JudgedNumber:
    """One published number, held against fold scores. Numbers are in the unit of the published one.

    Attributes
    ----------
    agreement : Agreement or None
        What the scores say of the number; None where it could not be judged.
    ours, difference : float or None
        The mean of our scores, and that minus the published number.
    low, high : float or None
        The 90 % interval of the difference, which supports the number where it lies within the tolerance; None where
        nobody knows how much our mean varies.
    tolerance : float or None
        What counts as close.
    p : float or None
        The p-value of the published number, small where it is refuted.
    reasons : tuple of Statement
        Why; `bench.sentence` makes a sentence of each.
    settle : Settle or None
        What would decide it, where it is open (fits or off).
    further : int or None
        How many more of it, where that is known.
    """

    agreement: Agreement | None
    ours: float | None
    difference: float | None
    low: float | None
    high: float | None
    tolerance: float | None
    p: float | None
    reasons: tuple[Statement, ...]
    settle: Settle | None
    further: int | None


def compare(
    ours: Any,
    theirs: Any,
    *,
    test_train_ratio: float,
    rope: float | None = None,
    level: float = 0.95,
) -> Comparison:
    """Compare two models by their scores on the same folds.

    Parameters
    ----------
    ours, theirs : array of shape (folds,) or (repeats, folds), or frame
        Scores on one dataset, fold by fold. Frames have a column `value` and some of `dataset`, `repeat`, `fold`, by
        which their rows are matched, as `Result.scores` has when one dataset, family, side and metric is taken.
    test_train_ratio : float
        Test rows over training rows of a fold: 1/9 for ten-fold cross-validation.
    rope : float, optional
        Differences up to this count as equivalent.
    level : float, default 0.95
        The level of interval and test.

    Returns
    -------
    Comparison

    Raises
    ------
    DataError
        For tables of different folds or of several datasets, fewer than two pairs, and scores that are missing.

    Notes
    -----
    The test is the corrected resampled t test (Nadeau and Bengio 2003; Bouckaert and Frank 2004), the posterior that of
    the correlated Bayesian t test (Corani and Benavoli 2015). Twenty scores or more that are all 0 or 1, of one repeat, are
    rows of a test set: McNemar's exact test, and no posterior.

    Examples
    --------
    >>> import bench
    >>> ours = [0.81, 0.84, 0.80, 0.83, 0.85]
    >>> theirs = [0.79, 0.80, 0.80, 0.81, 0.80]
    >>> found = bench.compare(ours, theirs, test_train_ratio=1 / 4, rope=0.01)
    >>> round(found.difference, 3), round(found.p, 3), round(found.p_greater, 2)
    (0.026, 0.118, 0.86)
    """
    test_train_ratio, level = (
        _number("test_train_ratio", test_train_ratio),
        _number("level", level),
    )
    rope = None if rope is None else _number("rope", rope)
    if not 0 < level < 1:
        raise UsageError(
            f"level: {level:g} cannot be; expected a number between 0 and 1, such as 0.95"
        )
    a, b, folds = _paired(ours, theirs)
    if folds == len(a) and are_rows(a, b):
        return _compare_rows(a, b, level)
    try:
        repeats = len(a) // max(1, folds)
        contrast = compare_folds(a, b, ratio=test_train_ratio, repeats=max(1, repeats))
    except ValueError as error:
        raise DataError(f"scores: {error}") from None
    if rope is not None and rope < 0:
        raise DataError(f"scores: rope is {rope}; expected a number from 0")
    low, high = contrast.interval(level) or (None, None)
    chances = None if rope is None else contrast.chances(rope)
    growth = contrast.growth
    return Comparison(
        difference=contrast.gain,
        low=low,
        high=high,
        p=None if contrast.is_unspread else contrast.p(),
        p_less=None if chances is None else chances.p_less,
        p_rope=None if chances is None else chances.p_rope,
        p_greater=None if chances is None else chances.p_greater,
        repeats_needed=None
        if growth is None
        else growth.repeats_to_reach(abs(contrast.gain), level),
        folds=len(a),
        level=level,
    )


def are_rows(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether scores are rows of one test set, right or wrong, and no folds."""
    both = np.concatenate([a, b])
    return len(a) >= FEWEST_ROWS and bool(np.isin(both, (0.0, 1.0)).all())


def _compare_rows(a: np.ndarray, b: np.ndarray, level: float) -> Comparison:
    found = mcnemar(a == 1, b == 1)
    low, high = accuracy_difference(found.only_a, found.only_b, found.n, level=level)
    return Comparison(
        difference=found.difference,
        low=low,
        high=high,
        p=found.p_value,
        p_less=None,
        p_rope=None,
        p_greater=None,
        repeats_needed=None,
        folds=found.n,
        level=level,
        test="mcnemar",
    )


@overload
def judge(published: Path | Mapping[str, Any]) -> Judged: ...
@overload
def judge(
    published: str,
    *,
    scores: Any,
    tolerance: float | None = None,
    unit: Literal["percent", "fraction"] = "fraction",
    metric: str = "accuracy",
    spread: str | None = None,
    spread_is: Literal["sd", "se", "ci95"] = "sd",
    spread_n: int | None = None,
    test_train_ratio: float | None = None,
    repeats_are: Literal["splits", "seeds"] = "splits",
) -> JudgedNumber: ...
def judge(
    published: str | Path | Mapping[str, Any],
    *,
    scores: Any = None,
    tolerance: float | None = None,
    unit: Literal["percent", "fraction"] = "fraction",
    metric: str = "accuracy",
    spread: str | None = None,
    spread_is: Literal["sd", "se", "ci95"] = "sd",
    spread_n: int | None = None,
    test_train_ratio: float | None = None,
    repeats_are: Literal["splits", "seeds"] = "splits",
) -> JudgedNumber | Judged:
    """Hold published numbers against scores, by the rules that judge the claims of a study.

    Parameters
    ----------
    published : str, Path or mapping
        One number as printed: its decimals say how far it was rounded. Or many, with their scores: the path of a file
        for `bench judge FILE`, or what such a file in JSON holds (`bench schema judge`); all else is said in it.
    scores : array of shape (folds,) or (repeats, folds), or frame
        Our scores, in the metric's own unit; a frame as `compare` takes it.
    tolerance : float, optional
        How far ours may lie from the published number, in the metric's own unit: 0.01 is one percentage point. What is
        customary for a score between 0 and 1 when left out.
    unit : {"fraction", "percent"}
        The unit of the published number.
    metric : str, default "accuracy"
        What the numbers measure.
    spread : str, optional
        The number printed behind the "±", in the unit of the published one.
    spread_is : {"sd", "se", "ci95"}
        The standard deviation of the paper's repeats, the standard error of their mean, or half of its 95 % interval.
    spread_n : int, optional
        Of how many repeats, or seeds, the spread is. Without it the spread is not used, and a reason says so.
    test_train_ratio : float, optional
        Test rows over training rows of a fold; that of K-fold cross-validation, 1 / (K - 1), when left out.
    repeats_are : {"splits", "seeds"}
        New splits of the same rows, or runs with other seeds on the split that the published number is of, too.

    Returns
    -------
    JudgedNumber or Judged
        Of one number, or of many.

    Raises
    ------
    UsageError
        For an unknown metric, and a number, tolerance or ratio that cannot be.
    StudyError
        For many numbers: each mistake with its line and key.
    DataError
        For scores that cannot be.

    Examples
    --------
    >>> import bench
    >>> scores = [[0.97, 0.98, 0.96], [0.98, 0.97, 0.98], [0.97, 0.97, 0.98]]
    >>> judged = bench.judge("97.5", unit="percent", scores=scores, tolerance=0.03)
    >>> judged.agreement.value, round(judged.ours, 2)
    ('reproduced', 97.33)
    >>> claim = {"family": "lda", "value": "97.5", "unit": "percent", "tolerance": 3.0}
    >>> many = {"claims": [claim], "scores": [{"family": "lda", "values": scores}]}
    >>> bench.judge(many).counts
    {'reproduced': 1}
    """
    if isinstance(published, Path | Mapping):
        return judge_published(published)
    if not isinstance(published, str):
        raise UsageError(
            f"published: {published!r} is no text; write the number as it was printed, in quotes"
        )
    if metric not in METRICS:
        raise UsageError(
            f"metric: unknown metric {metric}; {suggested(metric, METRICS, 'metrics')}"
        )
    tolerance = None if tolerance is None else _number("tolerance", tolerance)
    test_train_ratio = (
        None
        if test_train_ratio is None
        else _number("test_train_ratio", test_train_ratio)
    )
    frame = _as_frame(scores, "scores")
    _refuse_outside(frame["value"], metric)
    claim: dict[str, Any] = {"value": published, "unit": unit}
    claim |= {"splits": "same"} if repeats_are == "seeds" else {}
    claim |= _spread(spread, spread_is, spread_n)
    content: dict[str, Any] = {
        "metric": metric,
        "claims": [claim],
        "scores": frame.select("repeat", "fold", score="value").to_dicts(),
        "repeats_are": repeats_are,
    }
    if tolerance is not None:
        content["tolerance"] = {metric: tolerance}
    if test_train_ratio is not None:
        content["test_train_ratio"] = test_train_ratio
    try:
        verdicts = judge_published(content).verdicts
    except StudyError as error:
        raise UsageError("\n".join(map(_mistake, error.problems))) from None
    row = records(verdicts, VerdictRow)[0]
    return JudgedNumber(
        None if row.agreement is None else Agreement(row.agreement),
        ours=row.ours,
        difference=row.difference,
        low=row.low,
        high=row.high,
        tolerance=row.tolerance,
        p=row.p,
        reasons=decoded(row.reasons),
        settle=None if row.settle is None else Settle(row.settle),
        further=row.further,
    )


def _refuse_outside(scores: pl.Series, metric: str) -> None:
    """Raise `DataError` for a score that the metric cannot be; percent are scores of no metric."""
    low, high = METRICS[metric].range
    if (bad := scores.filter(~scores.is_between(low, high))).len():
        raise DataError(
            f"scores: {bad[0]:g} lies outside the range of {metric}, {low:g} to {high:g}"
            + (
                "; give fractions (`unit` is of the published number alone)"
                if METRICS[metric].fraction
                else ""
            )
        )


def _spread(spread: str | None, kind: str, n: int | None) -> dict[str, Any]:
    """A printed spread, of so many repeats, as a claim has it. Raises `UsageError`."""
    if n is not None and spread is None:
        raise UsageError(f"spread_n: {n} is given without a spread")
    if n is not None and n < 2:
        raise UsageError(
            f"spread_n: {n} is too few; expected 2 or more repeats or seeds"
        )
    of = {} if n is None else {"n": n}
    return {} if spread is None else {"spread": {"value": spread, "kind": kind} | of}


def _mistake(problem: Problem) -> str:
    """A mistake of the study that was made here, at the argument that the caller knows."""
    argument = next((one for one in _ARGUMENTS if one in problem.path), "published")
    return f"{argument}: {problem.statement}"


def _number(name: str, value: object) -> float:
    """An argument as a number. Raises `UsageError`."""
    with suppress(OverflowError):
        if (
            isinstance(value, Real)
            and not isinstance(value, bool)
            and math.isfinite(value)
        ):
            return float(value)
    raise UsageError(f"{name}: {str(value)[:60]!r} cannot be; expected a number")


def _as_frame(scores: Any, what: str) -> pl.DataFrame:
    """Fold scores with the columns dataset, repeat, fold, value."""
    given = (
        _of_table(scores, what)
        if hasattr(scores, "columns")
        else _of_array(scores, what)
    )
    if not given.height:
        raise DataError(f"{what}: holds no score")
    try:
        frame = given.select(
            pl.col("dataset").cast(pl.String),
            pl.col("repeat", "fold", "value").cast(pl.Float64),
        )
    except pl.exceptions.PolarsError:
        frame = given.clear()
    places = frame.select("repeat", "fold")
    odd = any(dtype == pl.Boolean or dtype.is_nested() for dtype in given.dtypes)
    if (
        odd
        or not frame.height
        or not places.equals(places.cast(pl.Int64, strict=False))
    ):
        raise DataError(
            f"{what}: repeat and fold must be whole numbers, and value a number"
        )
    if frame.select(_KEY).is_duplicated().any():
        raise DataError(
            f"{what}: has two scores of one fold; take one family, side and metric"
        )
    if (
        frame.null_count().row(0) != (0,) * frame.width
        or not frame["value"].is_finite().all()
    ):
        raise DataError(f"{what}: has folds without a score, or a score of no fold")
    if (datasets := frame["dataset"].unique().sort().to_list())[1:]:
        raise DataError(
            f"{what}: holds {len(datasets)} datasets ({', '.join(datasets)}); take one"
        )
    return frame.cast({"repeat": pl.Int64, "fold": pl.Int64})


def _of_table(scores: Any, what: str) -> pl.DataFrame:
    try:
        frame = table_of(scores)
    except DataError as error:
        raise DataError(f"{what}: {str(error).removeprefix('X: ')}") from None
    _refuse_mixed(frame, what)
    absent = {
        "dataset": pl.lit("scores"),
        "repeat": pl.lit(0),
        "fold": pl.int_range(pl.len()),
    }
    absent = {
        name: value.alias(name)
        for name, value in absent.items()
        if name not in frame.columns
    }
    return frame.with_columns(**absent).select(*_KEY, "value")


def _of_array(scores: Any, what: str) -> pl.DataFrame:
    array = _numbers(scores, what)
    if array.ndim not in (1, 2):
        raise DataError(
            f"{what}: has {array.ndim} dimensions; expected folds, or repeats and folds"
        )
    table = array.reshape(1, -1) if array.ndim == 1 else array
    repeat, fold = np.indices(table.shape)
    columns = {"repeat": repeat.ravel(), "fold": fold.ravel(), "value": table.ravel()}
    return pl.DataFrame(columns).select(pl.lit("scores").alias("dataset"), *columns)


def _refuse_mixed(frame: pl.DataFrame, what: str) -> None:
    """Raise `DataError` for scores of several models, sides or metrics, and for folds under another name."""
    if "value" not in frame.columns:
        raise DataError(f"{what}: has no column value")
    for name in _ONE:
        if (
            name in frame.columns
            and (found := frame[name].unique().sort().to_list())[1:]
        ):
            raise DataError(f"{what}: {name} is {', '.join(map(str, found))}; take one")
    refuse_unknown(
        frame,
        {name: name for name in (*_KEY, *_ONE, "value") if name in frame.columns},
        what,
    )


def _numbers(scores: Any, what: str) -> np.ndarray:
    """Scores as an array of numbers; what is masked is missing. Raises `DataError` for anything else, truth values
    too."""
    try:
        array = np.asanyarray(scores)
        truths = any(
            isinstance(cell, bool | np.bool_)
            for cell in np.asarray(scores, dtype=object).flat
        )
        if array.dtype.kind not in "Mmc" and not truths:
            return np.ma.filled(array.astype(float), np.nan)
    except (TypeError, ValueError, OverflowError):
        pass
    raise DataError(
        f"{what}: is no array of numbers with one score a fold, as many in each repeat"
    )


def _paired(ours: Any, theirs: Any) -> tuple[np.ndarray, np.ndarray, int]:
    """Scores of the same folds in one order, and how many folds a repeat has."""
    if out_of_order(ours, theirs):
        raise DataError(
            "ours and theirs have the same index in another order; sort both by it"
        )
    a, b = _as_frame(ours, "ours"), _as_frame(theirs, "theirs")
    for name in ("side", "metric"):
        kinds = [
            {str(one) for one in table[name]}
            for table in (ours, theirs)
            if name in getattr(table, "columns", ())
        ]
        if len(set().union(*kinds)) > 1:
            raise DataError(
                f"{name} is {' and '.join(sorted(set().union(*kinds)))}; compare scores of one"
            )
    both = a.join(b, on=_KEY, suffix="_theirs").sort(_KEY)
    if not a.height == b.height == both.height:
        raise DataError(
            f"ours has {a.height} folds and theirs {b.height}; {both.height} of them are the same"
        )
    folds = a.height // max(1, a.select("dataset", "repeat").n_unique())
    return both["value"].to_numpy(), both["value_theirs"].to_numpy(), folds
