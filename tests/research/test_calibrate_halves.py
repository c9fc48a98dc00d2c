"""The short form of the simulations on halves, of repeats and of orders; bounds lie three standard errors away."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bench.stats.halves import conservative_z, sharp
from bench.stats.intervals import class_mix, corrected_mean
from bench.stats.paired import corrected_t
from research.calibrate import halves, page, parts
from research.calibrate.learners import ALL_LEARNERS
from research.calibrate.limits import outside, power
from research.calibrate.scoring import fold_scores, row_losses
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World


@cache
def stumps(share: float = 0.5) -> Tally:
    """80 samples of 200 rows."""
    total = Tally()
    for number in range(80):
        total.add(
            halves.trial(
                World(200, share),
                np.random.default_rng([7, number]),
                families=("stump", "lda"),
            )
        )
    return total


def rate(hits: np.ndarray | None) -> float:
    assert hits is not None
    return float(hits.mean())


@pytest.mark.parametrize("family", ALL_LEARNERS)
@pytest.mark.parametrize(("share", "folds"), [(0.5, 10), (0.1, 5)])
def test_halves_of_one_split_are_what_each_half_alone_gives(
    family: str, share: float, folds: int
) -> None:
    generator = np.random.default_rng(1)
    X, y = World(200, share).sample(generator)
    split = Split.drawn(y, 2, generator, folds, parts=2)
    found = ALL_LEARNERS[family](X, y, split)
    for repeat, half in np.ndindex(2, 2):
        own = slice(half * folds, (half + 1) * folds)
        tests = split.test[repeat, own]
        rows = np.sort(tests.ravel())
        alone = ALL_LEARNERS[family](
            X[:, rows], y[rows], Split(np.searchsorted(rows, tests)[None])
        )
        assert found[:, repeat, own] == pytest.approx(alone[:, 0], abs=1e-9)


def test_halves_share_no_row_and_have_the_same_classes() -> None:
    generator = np.random.default_rng(2)
    _, y = World(200, 0.1).sample(generator)
    split = Split.drawn(y, 3, generator, folds=5, parts=2)
    sides = split.test.reshape(3, 2, -1)
    assert all(sorted(repeat.ravel()) == list(range(200)) for repeat in sides)
    assert (np.abs(np.diff(y[sides].sum(axis=2), axis=1)) <= 1).all()
    assert np.ptp(y[split.test].sum(axis=2)) <= 1
    assert (split.kept.sum(axis=1) == 80).all()


def test_what_is_noted_decides_as_the_tests_do() -> None:
    """A test rejects where the noted interval leaves out 0."""
    generator = np.random.default_rng(3)
    found, tests = Tally(), []
    for _ in range(20):
        a, b = generator.normal(0.8, 0.05, size=(2, 10, 10))
        pairs = generator.normal(generator.choice([0, 0.03]), 0.02, size=(30, 2))
        found.note(halves.of_pair(a - b, pairs, mix=1e-5), "pair", "lda", "accuracy")
        gap = float((a - b).mean())
        tests.append(
            {
                "corrected": corrected_t(a.ravel(), b.ravel(), test_train_ratio=1 / 9),
                "mix": corrected_t(
                    a.ravel(), b.ravel(), test_train_ratio=1 / 9, mix_variance=1e-5
                ),
                "conservative_z": conservative_z(gap, pairs[:10]),
                "sharp": sharp(pairs[:10]),
                "sharp_30": sharp(pairs),
            }
        )
    for rule in tests[0]:
        rejected = outside(found, "pair/lda/accuracy", rule)
        assert rejected is not None
        assert rejected.tolist() == [one[rule].p_value < 0.05 for one in tests], rule


def test_the_class_mix_is_that_of_the_rows() -> None:
    generator = np.random.default_rng(4)
    X, y = World(200, 0.1).sample(generator)
    split = Split.drawn(y, halves.REPEATS, generator)
    held_out = ALL_LEARNERS["lda"](X, y, split)
    losses = row_losses(held_out, y, split)
    scores = fold_scores(held_out, y, split)["accuracy"]
    assert 1 - losses.mean(axis=1) == pytest.approx(scores.mean(axis=(1, 2)))
    row, wrong = 17, []
    for repeat in range(halves.REPEATS):
        fold, place = np.argwhere(split.test[repeat] == row)[0]
        wrong.append((held_out[0, repeat, fold, place] > 0) != (y[row] == 1))
    assert losses[0, row] == pytest.approx(np.mean(wrong))
    noted = halves.of_one(scores[0], np.zeros((10, 2)), class_mix(losses[0], y))
    again = corrected_mean(
        scores[0].ravel(), test_train_ratio=1 / 9, mix_variance=class_mix(losses[0], y)
    )
    assert noted[:3:2] == pytest.approx(
        [again.estimate, again.high - again.estimate], rel=1e-5
    )


def test_halves_hold_their_level_for_stumps_where_the_corrected_test_does_not() -> None:
    assert rate(outside(stumps(), "pair/stump/accuracy", "corrected")) > 0.09
    for rule in ("sharp", "sharp_30", "wider"):
        assert rate(outside(stumps(), "pair/stump/accuracy", rule)) < 0.12
    assert rate(power(stumps(), "pair/stump/accuracy", "sharp_30")) > 0.4
    assert rate(power(stumps(), "pair/lda/accuracy", "sharp")) > 0.25


def test_intervals_cover_with_the_class_mix_halves_and_logits() -> None:
    """The tree needs halves; LDA the mix, most of all where a class is rare, and its area the logit scale."""
    assert rate(outside(stumps(), "one/stump/accuracy", "corrected")) > 0.10
    assert rate(outside(stumps(), "one/stump/accuracy", "wider")) < 0.13
    found = parts.simulated("scores-200-0.1", range(150))
    assert rate(outside(found, "score/lda/accuracy", "mix")) < 0.12
    assert rate(outside(found, "score/lda/roc_auc", "logit")) < 0.11
    plain, mixed = np.array(found.values["score/lda/accuracy"])[:, 1:3].T
    assert (mixed > plain).all()
    assert np.median(mixed / plain) > 1.1
    area = np.array(found.values["score/lda/roc_auc"])
    assert (area[:, 1] == area[:, 2]).all()
    assert (area[:, 3] > area[:, 4]).all(), "an area above one half leans down"


def test_a_pilot_decides_and_the_level_stays() -> None:
    found = parts.simulated("repeats", range(40))
    assert found.share("stein", "lda", 10, 0.25) < 0.15
    assert found.share("stein_too_wide", "lda", 10, 0.5) == 0
    assert found.share("naive_too_wide", "lda", 10, 0.5) > 0
    assert np.mean(found.values["repeats/lda/10/0.25"]) > 40


def test_orders_agree_by_chance_no_more_often_than_stated() -> None:
    found = parts.simulated("orders", range(100))
    assert found.share("kendall", 10, 0) < 0.12
    assert found.share("kendall", 10, 0.03) > 0.8
    assert all(found.share("friedman", n, "exact") < 0.12 for n in (3, 4, 5))


def test_tables_of_halves_have_all_their_columns() -> None:
    found = {
        cell: parts.simulated(cell, range(2))
        for cell in ("halves-200-0.1", "repeats", "orders")
    }
    tables = [table for table in page._tables(found) if table.rows]
    assert [table.title for table in tables][:4] == [
        "Halves: equal families",
        "Halves: a real difference",
        "Halves: interval of a score",
        "Halves: thirty pairs",
    ]
    assert all(len(row) == len(table.head) for table in tables for row in table.rows)
