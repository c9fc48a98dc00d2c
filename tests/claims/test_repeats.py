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
from bench.study.repeats import pilot_of
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


def by_search(step: float, delta: float, published: float) -> int:
    """The rule of docs/method.md, tried out."""
    sd, t = step * sqrt(2.5), float(student.ppf(0.975, 4))
    r = 5
    while t * sd * (sqrt(1 / published + 1 / r) - sqrt(1 / published)) > delta / 50:
        r += 1
    return r


@pytest.mark.parametrize("step", [0.0005, 0.004, 0.01])
@pytest.mark.parametrize("published", [1, 16, 100])
def test_as_many_as_the_rule_says(step: float, published: int, tmp_path: Path) -> None:
    """Whether or not agreement can be shown: a difference can."""
    study = study_of(tmp_path, "tolerance: 0.02", f"repeats: {published}")
    assert needed(study, step) == {"toy": by_search(step, 0.02, published)}


def test_the_papers_own_spread_is_the_noise_that_stays(tmp_path: Path) -> None:
    """Its error is .002 / sqrt(3), and t = 2.776: ours may add .0004 to .0032."""
    spread = 'spread: {value: "0.002", kind: sd, n: 3}'
    study = study_of(tmp_path, "tolerance: 0.02", spread)
    alone = 2.776445 * 0.002 / sqrt(3)
    r = ceil((2.776445 * 0.01 * sqrt(2.5)) ** 2 / ((alone + 0.0004) ** 2 - alone**2))
    assert needed(study, 0.01) == {"toy": r}


def test_what_the_pilot_finds_has_no_part_in_it(tmp_path: Path) -> None:
    study = study_of(tmp_path, "tolerance: 0.02", "repeats: 100")
    assert needed(study, 0.01, mean=0.80) == needed(study, 0.01, mean=0.95)


@pytest.mark.parametrize(
    "more",
    [("not_attempted: no",), ("splits: same",)],
)
def test_claims_that_rest_on_no_spread_of_ours_ask_for_nothing(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    study = study_of(tmp_path, "tolerance: 0.02", "repeats: 100", *more)
    assert needed(study, 0.01) == {}


def test_scores_that_are_not_there_ask_for_nothing(tmp_path: Path) -> None:
    study = study_of(tmp_path, "tolerance: 0.02", "repeats: 100")
    none = scores_of_arrays({"qda": np.full((5, 2), 0.7)})
    assert repeats_after_pilot(study, tables_of(), folds_of(5, 2), none) == {}
    failed = scores_of_arrays({"lda": [[0.8, 0.8]] * 4 + [[0.8, None]]})
    assert repeats_after_pilot(study, tables_of(), folds_of(5, 2), failed) == {}


@pytest.mark.parametrize(
    ("claim", "resampling", "is_pilot"),
    [
        (VALUE, "{kind: kfold, folds: 2}", True),
        (VALUE, "{kind: holdout, test_size: 0.2}", True),
        (VALUE, "{kind: kfold, folds: 2, repeats: 1}", False),
        (VALUE, "{kind: leave_one_out}", False),
        (f"{VALUE}, source: author", "{kind: kfold, folds: 2}", False),
        (f"{VALUE}, splits: same", "{kind: kfold, folds: 2}", False),
        (f"{VALUE}, not_attempted: no", "{kind: kfold, folds: 2}", False),
        (f"{{kind: better, {ABOUT}, against: qda", "{kind: kfold, folds: 2}", False),
    ],
)
def test_a_published_score_asks_for_a_pilot_where_no_number_is_stated(
    claim: str, resampling: str, is_pilot: bool, tmp_path: Path
) -> None:
    study = a_study(tmp_path, claims=f"  - {claim}}}\n", resampling=resampling)
    pilot = pilot_of(study, "toy")
    assert (pilot is not None) == is_pilot
    assert pilot is None or pilot.pilot == 10
