"""The judge against a second one, which was written from docs/method.md: generated claims on
made-up scores, judged in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.claims.judging import judged
from tests.claims.reference_judge import (
    Answer,
    Design,
    Number,
    Ranked,
    compare,
    judge_best,
    judge_better,
    judge_equivalent,
    judge_value,
)
from tests.helpers.in_memory import FIXED, HOLDOUT, KFOLD, case_of

SEEDS = range(60)
NUMBERS = ("ours", "low", "high", "low_refute", "high_refute", "p", "p_shown")


def draw_scores(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Scores of repeats and folds; of some nothing varies, of some only folds do."""
    repeats, folds = shape
    by_repeat, by_fold = rng.choice([0.0, 0.002, 0.01, 0.03], 2)
    scores = rng.normal(rng.uniform(0.7, 0.9), by_repeat, (repeats, 1))
    noise = rng.normal(0.0, by_fold, (repeats, folds))
    return np.clip(scores + noise, 0.0, 1.0).round(4)


def check_same(judgement: Any, expected: Answer) -> None:
    assert judgement.agreement == expected.agreement
    for name in NUMBERS:
        found, wanted = getattr(judgement, name), getattr(expected, name)
        assert found == (wanted if wanted is None else pytest.approx(wanted, abs=1e-8))


DESIGNS: dict[str, tuple[dict[str, Any], str, Design]] = {
    "folds": (KFOLD, "lda", Design()),
    "seeded folds": (KFOLD, "random_forest", Design(seeded=True)),
    "hold-outs": (HOLDOUT, "lda", Design()),
    "one split": (FIXED, "lda", Design(splits="given")),
    "seeds": (FIXED, "random_forest", Design(splits="given", seeded=True)),
}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("seed", SEEDS)
def test_published_numbers(seed: int, name: str) -> None:
    rng = np.random.default_rng([seed, len(name)])
    resampling, family, design = DESIGNS[name]
    repeats = int(rng.choice([1, 2, 5, 10]))
    if name == "one split":
        repeats = 1
    folds = 10 if "folds" in name else 1
    scores = draw_scores(rng, (repeats, folds))
    constant = bool(rng.random() < 0.1)
    spread = (
        str(rng.choice(["sd", "se", "ci95"])),
        float(rng.choice([0.004, 0.02])),
        5,
    )
    is_measured = not constant and rng.random() < 0.3
    number = Number(
        text=f"{scores.mean() + rng.normal(0, rng.choice([0.004, 0.012, 0.05])):.{rng.choice([2, 3])}f}",
        tolerance=float(rng.choice([0.004, 0.01, 0.03])),
        repeats=None if constant else rng.choice([None, 1, 4, 10]),
        spread=spread if is_measured else None,
        constant=constant,
        splits=str(rng.choice(["unknown", "same", "other_sample"])),
    )
    stated = {
        "kind": "value",
        "family": family,
        "value": number.text,
        "unit": "fraction",
        "tolerance": number.tolerance,
        "repeats": number.repeats,
        "splits": number.splits,
    }
    if is_measured:
        keys = ("kind", "value", "n")
        stated["spread"] = dict(zip(keys, (spread[0], str(spread[1]), 5), strict=True))
    if constant:
        stated["constant"] = True
    resampling = resampling | {"repeats": repeats}
    case = case_of(
        stated,
        {family: scores},
        resampling=resampling,
        same_folds=resampling["kind"] == "fixed_split",
    )
    check_same(judged(case), judge_value(scores, number, design))


def draw_rivals(rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    """Models on shared folds: correlated scores, some apart and some nearly equal."""
    shape = (int(rng.choice([1, 3, 10])), 10)
    shared = rng.normal(0.8, 0.02, shape)
    names = ("lda", "qda", "logistic_regression", "naive_bayes")[:count]
    return {
        name: shared
        + rng.choice([0.0, 0.003, 0.02]) * rng.choice([-1, 1])
        + rng.normal(0.0, rng.choice([0.002, 0.01, 0.03]), shape)
        for name in names
    }


def compared_case(
    kind: str, scores: dict[str, np.ndarray], margin: float, splits: str = "unknown"
) -> Any:
    repeats = len(next(iter(scores.values())))
    names = list(scores)
    stated = {"kind": kind, "family": names[0], "tolerance": margin, "splits": splits}
    if kind != "best":
        stated["against"] = names[1]
    return case_of(stated, scores, resampling=KFOLD | {"repeats": repeats})


@pytest.mark.parametrize("seed", SEEDS)
def test_comparisons(seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    scores, margin = draw_rivals(rng, 2), float(rng.choice([0.002, 0.01, 0.03]))
    pair = compare(*scores.values(), Design())
    better = judged(compared_case("better", scores, margin))
    check_same(better, judge_better(pair, margin))
    elsewhere = judged(compared_case("better", scores, margin, "other_sample"))
    check_same(elsewhere, judge_better(pair, margin, sides=1))
    equivalent = judged(compared_case("equivalent", scores, margin))
    check_same(equivalent, judge_equivalent(pair, margin))


@pytest.mark.parametrize("seed", SEEDS)
def test_first_places(seed: int) -> None:
    rng = np.random.default_rng([seed, 2])
    scores = draw_rivals(rng, int(rng.choice([3, 4])))
    first, *rivals = scores.values()
    pairs = [compare(first, rival, Design()) for rival in rivals]
    check_same(judged(compared_case("best", scores, 0.01)), judge_best(pairs))


@pytest.mark.parametrize("seed", SEEDS)
def test_over_datasets(seed: int) -> None:
    rng = np.random.default_rng([seed, 3])
    names = [f"d{place}" for place in range(rng.choice([6, 8, 12]))]
    scores = {name: draw_rivals(rng, 2) for name in names}
    scores = {name: {k: v[:1] for k, v in its.items()} for name, its in scores.items()}
    gains = [its["lda"].mean() - its["qda"].mean() for its in scores.values()]
    stated = {"kind": "better", "family": "lda", "against": "qda", "tolerance": 0.01}
    once = KFOLD | {"repeats": 1}
    judgement = judged(case_of(stated, scores, resampling=once))
    expected = judge_better(Ranked(np.array(gains)), 0.01)
    assert judgement.agreement == expected.agreement
    for name in ("ours", "p", "p_shown"):
        wanted = pytest.approx(getattr(expected, name), abs=1e-8)
        assert getattr(judgement, name) == wanted
