"""What the legend says of a mark holds of every claim that carries it: for every kind, with a test or without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.claims import judged_by, verdicts
from bench.comparisons import comparisons
from bench.core import frames
from bench.core.frames import records
from bench.core.judgements import VERDICTS, Control, Evidence, VerdictRow
from bench.core.outcomes import Statement, codes
from bench.report.counts import mark
from bench.text.compared import FewDatasets, RivalsMissing
from bench.text.marks import meaning_here
from tests.helpers.judge_cases import (
    FIXED,
    KFOLD,
    TOLERANCE,
    a_study,
    around,
    claim,
    folds_of,
    scores_of_arrays,
    tables_of,
)

GAPS = (-0.06, -0.006, 0.0, 0.006, 0.06)
PAIR = {"family": "lda", "against": "qda"}
NUMBER = {"unit": "percent"}
ON_ONE = [
    ("better", PAIR),
    ("better", PAIR | {"splits": "other_sample"}),
    ("best", {"family": "lda"}), ("best", {"family": "qda"}),
    ("equivalent", PAIR), ("equivalent", PAIR | {"tolerance": "0.04"}),
    ("order", {"order": "[lda, qda]"}), ("order", {"order": "[lda, qda, random_forest]"}),
    ("order", {"order": "[[lda, qda], random_forest]"}), ("order", {"order": "[[lda, qda]]"}),
    ("value", {"family": "lda"} | NUMBER | {"value": '"90.0"'}),
    ("value", {"family": "lda"} | NUMBER | {"value": '"90"'}),
]  # fmt: skip
OVER = [
    (kind, fields)
    for kind, fields in ON_ONE
    if kind in ("better", "best", "equivalent", "order")
]
OVER += [("rank", {"family": "lda", "value": '"1.4"', "tolerance": "0.2"})]


def has_reason(row: VerdictRow, *kinds: type[Statement]) -> bool:
    return any(kind.code in codes(row.reasons) for kind in kinds)


def _near(row: VerdictRow) -> bool:
    apart = row.ours if row.kind == "equivalent" else row.difference
    return (
        row.tolerance_used is not None and abs(apart or 0) <= row.tolerance_used + 1e-9
    )


def _ahead(row: VerdictRow) -> bool:
    return row.kind in ("order", "rank") or (row.ours or 0) > (row.tolerance_used or 0)


def _favours(row: VerdictRow) -> bool:
    return _near(row) if row.kind == "equivalent" else (row.ours or 0) > 0


def _within(row: VerdictRow) -> bool:
    return (
        max(abs(row.low or 0), abs(row.high or 0)) <= (row.tolerance_used or 0) + 1e-9
    )


def _holds_zero(row: VerdictRow) -> bool:
    return (
        row.low is not None
        and row.high is not None
        and row.low <= 1e-9
        and row.high >= -1e-9
    )


def _beyond(row: VerdictRow, low: float | None, high: float | None) -> bool:
    return (low or 0) > (row.tolerance_used or 0) or (high or 0) < -(
        row.tolerance_used or 0
    )


#: By what a legend says, whether it is so, from the numbers of the claim alone.
SAYS: dict[str, Callable[[VerdictRow], bool]] = {
    "the interval lies within the tolerance": _within,
    "the difference lies within the tolerance": _near,
    "a test supports the comparison": lambda row: (
        row.p_shown is not None and row.p_shown <= 0.05
    ),
    "on fixed splits the models differ as claimed": lambda row: (
        row.p is None and _ahead(row)
    ),
    "the data favour the claim": lambda row: (
        _favours(row) and (row.p_shown is None or row.p_shown >= 0.05)
    ),
    "the difference lies outside the tolerance": lambda row: not _near(row),
    "the 90 % interval lies beyond the tolerance, the 95 % interval does not": lambda row: (
        _beyond(row, row.low, row.high)
        and not _beyond(row, row.low_refute, row.high_refute)
    ),
    "chance moves our number by an unknown amount": lambda row: row.p is None,
    "the data do not favour the claim, and do not refute it": lambda row: (
        not _favours(row)
    ),
    "the difference is smaller than": lambda row: (
        row.p is None and row.kind not in ("order", "rank")
    ),
    "these scores cannot decide": lambda row: (
        row.p in (None, 1.0) or has_reason(row, FewDatasets, RivalsMissing)
    ),
    "more pairs are in the claimed order": lambda row: (row.ours or 0) > 0,
    "no more pairs are in the claimed order": lambda row: (row.ours or 0) <= 0,
    "the rounding of the printed number decides": lambda row: (
        row.p is None
        and row.low is not None
        and not _within(row)
        and not _beyond(row, row.low, row.high)
    ),
    "equal to the printed decimals": lambda row: row.p is None,
    "the direction of the comparison holds": lambda row: (row.ours or 0) > 0,
    "the study follows the paper closely, and ours lies outside": lambda row: (
        row.evidence == Evidence.STRONG
    ),
    "ours lies outside the tolerance or contradicts the claim, and": lambda row: (
        row.evidence != Evidence.STRONG
        or row.control in (Control.NONE, Control.OWN_SHIFT)
    ),
}


def held(row: VerdictRow) -> str:
    """The sentence of the legend, which holds of the claim."""
    said = meaning_here(mark(row), [judged_by.claim_sort(row)])
    holds = next(
        (holds for words, holds in SAYS.items() if said.startswith(words)),
        lambda row: False,
    )
    of_difference = row.difference is not None or row.kind in ("equivalent", "order")
    assert of_difference or judged_by.is_direction(
        row
    )  # the interval is of the improvement, at its own level
    assert holds(row), (row.claim, row.kind, row.agreement, said, row)
    return said


def rows_of(
    tmp_path: Path,
    kinds: list[tuple[str, dict[str, str]]],
    scores: pl.DataFrame,
    folds: pl.DataFrame,
    names: list[str],
    **study: str,
) -> list[VerdictRow]:
    """The judgements of claims of these kinds."""
    lines = "".join(
        claim(kind, **fields, id=f"c{i}") for i, (kind, fields) in enumerate(kinds)
    )
    lines = lines if not names else lines.replace("dataset: toy, ", "")
    made, tables = (
        a_study(tmp_path, lines, more=TOLERANCE, **study),
        tables_of("toy", *names),
    )
    means = comparisons(made, tables, folds, scores).estimates
    seen = {
        "tables": tables,
        "folds": folds,
        "scores": scores,
        "estimates": means,
        "failures": frames.empty(frames.FAILURES),
    }
    found = verdicts(made, seen)
    return list(records(frames.checked(found, VERDICTS), VerdictRow))


def scores_by(
    gap: float,
    spread: float,
    shape: tuple[int, int],
    seed: int = 1,
    with_baseline: bool = True,
) -> dict[str, np.ndarray]:
    """lda is ahead of qda by the gap on average, and random_forest is behind."""
    base = around(0.9, 0.005, *shape) if shape != (1, 1) else np.full(shape, 0.9)
    noise = np.random.default_rng(seed).normal(0, 1, (3, *shape)) * spread
    noise = noise - noise.mean(axis=(1, 2), keepdims=True)
    return {
        "lda": base + gap + noise[0],
        "qda": base + noise[1],
        "random_forest": base - 0.02 + noise[2],
        "baseline": base - 0.3,
    }


DESIGNS = {
    "folds": (KFOLD, (10, 10), 0.02),
    "few folds": (KFOLD.replace("repeats: 10", "repeats: 1"), (1, 10), 0.03),
    "equal differences": (KFOLD.replace("repeats: 10", "repeats: 1"), (1, 10), 0.0),
    "many equal differences": (KFOLD, (10, 10), 0.0),
    "one split": ("{kind: holdout, test_size: 0.1, repeats: 1}", (1, 1), 0.0),
    "fixed": (FIXED, (1, 1), 0.0),
}


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("design", DESIGNS)
def test_the_legend_holds_of_every_claim_on_one_dataset(
    tmp_path: Path, design: str, gap: float
) -> None:
    resampling, shape, spread = DESIGNS[design]
    scores = scores_of_arrays(scores_by(gap, spread, shape))
    rows = rows_of(
        tmp_path, ON_ONE, scores, folds_of(*shape), [], resampling=resampling
    )
    assert {held(row) for row in rows if row.agreement is not None}


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("datasets", [3, 12])
def test_the_legend_holds_of_every_claim_over_datasets(
    tmp_path: Path, datasets: int, gap: float
) -> None:
    names = [f"d{i}" for i in range(datasets - 1)]
    more = "".join(
        f"  {name}: {{source: {{kind: sklearn, name: iris}}, target: target}}\n"
        for name in names
    )
    places = [
        (name, scores_by(gap + 0.01 * np.sin(i), 0.02, (4, 5), i))
        for i, name in enumerate(["toy", *names])
    ]
    scores = pl.concat([scores_of_arrays(one, dataset=name) for name, one in places])
    folds = pl.concat([folds_of(4, 5, dataset=name) for name, _ in places])
    rows = rows_of(
        tmp_path,
        OVER,
        scores,
        folds,
        names,
        datasets=more,
        resampling="{kind: kfold, folds: 5, repeats: 4}",
    )
    assert {held(row) for row in rows if row.agreement is not None}
