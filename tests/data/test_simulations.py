"""The generators against theory: their best rules, written down here anew, reach the errors that are claimed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, multivariate_normal, ncx2, norm

from bench.data.generators import GENERATORS
from bench.study.noted import StudyError


def drawn(name: str, n: int, p: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    made = GENERATORS[name]
    return made.draw(np.random.default_rng(11), n, p or made.columns)


def close(errors: np.ndarray, expected: float) -> bool:
    """Within four standard errors of a share."""
    return abs(errors.mean() - expected) < 4 * np.sqrt(
        expected * (1 - expected) / len(errors)
    )


def test_twonorm_has_the_error_phi_of_minus_two():
    x, y = drawn("twonorm", 100_000)
    assert GENERATORS["twonorm"].bayes_error == pytest.approx(norm.cdf(-2), abs=1e-5)
    assert close((x.sum(axis=1) < 0) != y, norm.cdf(-2))


def test_ringnorm_is_best_split_by_a_sphere():
    # With |a|^2 = 1: class 2 where |x - 4a/3|^2 < r^2; both errors are non-central chi-squared.
    r2 = (20 * np.log(2) + 1 / 6) * 8 / 3
    truth = (ncx2.sf(r2, 20, 1 / 9) + ncx2.cdf(r2 / 4, 20, 4 / 9)) / 2
    assert GENERATORS["ringnorm"].bayes_error == pytest.approx(truth, abs=1e-5)
    x, y = drawn("ringnorm", 100_000)
    inside = ((x - 4 / 3 / np.sqrt(20)) ** 2).sum(axis=1) < r2
    assert close(inside != y, truth)


def test_threenorm_has_about_a_tenth_of_errors():
    x, y = drawn("threenorm", 100_000)
    a = 2 / np.sqrt(20)
    alternating = a * np.where(np.arange(20) % 2 == 0, 1, -1)
    centres = (np.full(20, a), np.full(20, -a), alternating)
    plus, minus, other = (multivariate_normal(mean).logpdf(x) for mean in centres)
    chosen = other > np.logaddexp(plus, minus) - np.log(2)
    assert close(chosen != y, 0.105)


def test_waveform_errors_are_those_of_its_densities():
    x, y = drawn("waveform", 30_000)
    i = np.arange(1, 22)
    waves = [np.maximum(6 - abs(i - centre), 0) for centre in (11, 15, 7)]
    u = ((np.arange(60) + 0.5) / 60)[:, None]
    scores = []
    for first, second in ((0, 1), (0, 2), (1, 2)):
        means = u * waves[first] + (1 - u) * waves[second]
        scores.append(
            np.logaddexp.reduce(x @ means.T - (means**2).sum(axis=1) / 2, axis=1)
        )
    assert close(np.argmax(scores, axis=0) != y, 0.133)
    wide, _ = drawn("waveform", 20_000, 40)
    assert np.allclose(wide[:, 21:].std(axis=0), 1, atol=0.03)


def test_friedman_noise_has_the_stated_spread():
    x, y = drawn("friedman1", 50_000)
    signal = (
        10 * np.sin(np.pi * x[:, 0] * x[:, 1])
        + 20 * (x[:, 2] - 0.5) ** 2
        + 10 * x[:, 3]
        + 5 * x[:, 4]
    )
    assert (y - signal).std() == pytest.approx(1.0, rel=0.02)
    x, y = drawn("friedman2", 50_000)
    reactance = x[:, 1] * x[:, 2] - 1 / (x[:, 1] * x[:, 3])
    signal = np.sqrt(x[:, 0] ** 2 + reactance**2)
    assert (y - signal).std() == pytest.approx(125, rel=0.02)
    assert signal.std() / 125 == pytest.approx(3, abs=0.1)
    x, y = drawn("friedman3", 50_000)
    signal = np.arctan((x[:, 1] * x[:, 2] - 1 / (x[:, 1] * x[:, 3])) / x[:, 0])
    assert (y - signal).std() == pytest.approx(0.1, rel=0.02)
    assert signal.std() / 0.1 == pytest.approx(3, abs=0.2)


def test_friedman_columns_agree_with_scikit_learns_ranges():
    from sklearn.datasets import make_friedman2

    theirs, _ = make_friedman2(20_000, random_state=0)
    ours, _ = drawn("friedman2", 20_000)
    assert np.allclose(ours.mean(axis=0), theirs.mean(axis=0), rtol=0.02)


def test_noise_says_nothing_and_its_classes_are_equal():
    x, y = drawn("noise", 5_001, 3)
    assert np.bincount(y).tolist() == [2501, 2500]
    assert kstest(x[:, 0], "norm").pvalue > 0.001
    assert abs(np.corrcoef(x[:, 0], y)[0, 1]) < 0.06


def test_tables_are_the_same_twice_and_draws_do_not_depend_on_their_number(read):
    source = {
        "kind": "synthetic",
        "name": "twonorm",
        "rows": 30,
        "test_rows": 10,
        "seed": 4,
    }
    three = read(**source, draws=3)
    assert three.equals(read(**source, draws=3))
    assert three.columns == [
        *(f"x{i}" for i in range(1, 21)),
        "target",
        "split",
        "draw",
    ]
    assert three["split"].head(40).to_list() == ["train"] * 30 + ["test"] * 10
    assert three["draw"].to_list() == [0] * 40 + [1] * 40 + [2] * 40
    assert three.filter(three["draw"] == 0).drop("draw").equals(read(**source))
    assert not read(**source | {"seed": 5}).equals(read(**source))
    assert set(three["target"]) == {"1", "2"}


def test_impossible_simulations_are_refused(read):
    for options in (
        {"name": "twonorm", "rows": 10, "columns": 5},
        {"name": "friedman1", "rows": 10, "columns": 4},
        {"name": "noise", "rows": 1_000_000, "columns": 1000},
        {"name": "twonorm"},
        {"name": "twonrm", "rows": 10},
        {"name": "screened_noise", "rows": 10, "test_rows": 5},
        {"name": "screened_noise", "rows": 100_000, "columns": 100},
    ):
        with pytest.raises(StudyError):
            read(kind="synthetic", **options)


def test_screened_noise_keeps_what_looks_best_on_all_rows():
    """Of 5000 columns drawn alike the 100 largest correlations, by numpy's own; chance makes all of them large."""
    from bench.data.generators import noise, screened_noise

    x, y = noise(np.random.default_rng(5), 50, 5000)
    kept, same = screened_noise(np.random.default_rng(5), 50, 100)
    assert np.array_equal(y, same)
    r = np.abs([np.corrcoef(column, y)[0, 1] for column in x.T])
    assert np.array_equal(kept, x[:, np.sort(np.argsort(-r)[:100])])
    assert np.abs([np.corrcoef(column, y)[0, 1] for column in kept.T]).min() > 0.25
