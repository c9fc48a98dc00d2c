"""How many repeats the claims need, from the spread that a pilot shows."""

from __future__ import annotations

from math import ceil, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t as student

from bench.claims.repeats import repeats_after_pilot
from bench.study import Study
from tests.helpers.judge_cases import a_study, folds_of, scores_of_arrays, tables_of

KFOLD = "{kind: kfold, folds: 2, repeats: {pilot: 5, at_most: 300}}"
ABOUT = 'id: c, where: "Table 1", read: source, dataset: toy, family: lda, metric: accuracy, unit: fraction'
VALUE = f'{{kind: value, {ABOUT}, value: "0.80"'
#: Means of five repeats: 0.80 and twice a step to either side.
STEPS = np.array([0.0, 1.0, -1.0, 2.0, -2.0])


def study_of(folder: Path, *more: str, claim: str = VALUE) -> Study:
    return a_study(
        folder,
        claims=f"  - {claim}{''.join(f', {one}' for one in more)}}}\n",
        resampling=KFOLD,
    )


def needed(study: Study, step: float, mean: float = 0.80) -> dict[str, int]:
    lda = mean + step * np.column_stack([STEPS, STEPS])
    families: dict[str, Any] = {"lda": lda, "qda": 0.70 + 0 * lda}
    scores = scores_of_arrays(families)
    return repeats_after_pilot(study, tables_of(), folds_of(5, 2), scores)


def stein(step: float, delta: float, published: float, half: float = 0.005) -> int:
    """The formula of docs/method.md."""
    sd, t = step * sqrt(2.5), float(student.ppf(0.95, 4) + student.ppf(0.90, 4))
    return max(5, ceil(sd**2 / (((delta - half) / t) ** 2 - sd**2 / published)))


@pytest.mark.parametrize("step", [0.0005, 0.004, 0.01])
@pytest.mark.parametrize("published", [16, 100])
def test_as_many_as_the_formula_says(
    step: float, published: int, tmp_path: Path
) -> None:
    study = study_of(tmp_path, "tolerance: 0.02", f"repeats: {published}")
    assert needed(study, step) == {"toy": stein(step, 0.02, published)}


def test_the_papers_own_spread_has_its_own_degrees(tmp_path: Path) -> None:
    """Printed of three repeats: Welch's degrees, of 2 and 4, at each r from the pilot's five on."""
    spread = 'spread: {value: "0.002", kind: sd, n: 3}'
    study = study_of(tmp_path, "tolerance: 0.02", spread)
    r, theirs, ours = 5, 0.002**2 / 3, 0.01**2 * 2.5
    while True:
        df = (theirs + ours / r) ** 2 / (theirs**2 / 2 + (ours / r) ** 2 / 4)
        quantiles = float(student.ppf(0.95, df) + student.ppf(0.90, df))
        if quantiles * sqrt(theirs + ours / r) < 0.015:
            break
        r += 1
    assert needed(study, 0.01) == {"toy": r}


def test_what_the_pilot_finds_has_no_part_in_it(tmp_path: Path) -> None:
    study = study_of(tmp_path, "tolerance: 0.02", "repeats: 100")
    assert needed(study, 0.01, mean=0.80) == needed(study, 0.01, mean=0.95)


def test_all_that_are_allowed_where_none_decides_as_surely(tmp_path: Path) -> None:
    """t.95 sd sqrt(1/9 + 1/300) = .0114 < .015, and (t.95 + t.90) sd / 3 = .0193 > .015."""
    assert needed(study_of(tmp_path, "tolerance: 0.02", "repeats: 9"), 0.01) == {
        "toy": 300
    }


def test_nothing_is_asked_where_no_number_decides(tmp_path: Path) -> None:
    """t sd = 2.13 x .0158: one published repeat alone varies by more than the tolerance."""
    assert needed(study_of(tmp_path, "tolerance: 0.02", "repeats: 1"), 0.01) == {}


@pytest.mark.parametrize(
    "more",
    [("not_attempted: no",), ("splits: same",)],
)
def test_claims_that_rest_on_no_spread_of_ours_ask_for_nothing(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    study = study_of(tmp_path, "tolerance: 0.02", "repeats: 100", *more)
    assert needed(study, 0.01) == {}


def test_a_study_with_a_stated_number_asks_for_nothing(tmp_path: Path) -> None:
    study = a_study(tmp_path, claims=f"  - {VALUE}, tolerance: 0.02, repeats: 100}}\n")
    assert needed(study, 0.01) == {}


def test_scores_that_are_not_there_ask_for_nothing(tmp_path: Path) -> None:
    study = study_of(tmp_path, "tolerance: 0.02", "repeats: 100")
    none = scores_of_arrays({"qda": np.full((5, 2), 0.7)})
    assert repeats_after_pilot(study, tables_of(), folds_of(5, 2), none) == {}
    failed = scores_of_arrays({"lda": [[0.8, 0.8]] * 4 + [[0.8, None]]})
    assert repeats_after_pilot(study, tables_of(), folds_of(5, 2), failed) == {}
