"""Published answers, to the digits that were printed. Where they come from stands beside each."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from bench.stats.adjust import bergmann_hommel, holm, shaffer
from bench.stats.equivalence import tost
from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.ranks import critical_difference, friedman, nemenyi, rank_rows

REFERENCE = Path(__file__).parents[1] / "reference"


def table(name: str, skip: int = 1) -> np.ndarray:
    with (REFERENCE / name).open() as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) for cell in row[skip:]] for row in rows])


class TestDemsar2006:
    """Table 6: AUC of four C4.5 variants on 14 datasets."""

    def test_from_the_printed_ranks(self) -> None:
        answer = friedman(table("demsar2006_published_ranks.csv"), higher_is_better=False)
        assert np.round(answer.mean_ranks, 3).tolist() == [3.143, 2.0, 2.893, 1.964]
        assert round(answer.chi2, 2) == 9.28
        assert round(answer.p_chi2, 4) == 0.0258
        assert round(answer.f, 2) == 3.69

    def test_the_printed_table_ranks_otherwise(self) -> None:
        """Row `voting` prints .975 twice but was ranked from unrounded values: the printed table gives 9.86."""
        answer = friedman(table("demsar2006_auc.csv"), higher_is_better=True)
        assert round(answer.chi2, 3) == 9.857
        assert round(answer.f, 3) == 3.987
        assert np.round(answer.mean_ranks, 3).tolist() == [3.143, 2.0, 2.929, 1.929]

    def test_without_tie_correction(self) -> None:
        from scipy.stats import friedmanchisquare

        scores = table("demsar2006_auc.csv")
        assert round(friedmanchisquare(*scores.T).statistic, 3) == 10.952
        assert friedman(scores, higher_is_better=True).chi2 < 10

    def test_critical_differences(self) -> None:
        assert round(critical_difference(4, 14, 0.05), 2) == 1.25
        assert round(critical_difference(4, 14, 0.10), 2) == 1.12

    def test_nemenyi_finds_two_pairs_at_ten_percent(self) -> None:
        answer = friedman(table("demsar2006_published_ranks.csv"), higher_is_better=False)
        p = nemenyi(np.array(answer.mean_ranks), 14)
        pairs = list(combinations(range(4), 2))
        assert [pair for pair, one in zip(pairs, p, strict=True) if one < 0.10] == [(0, 1), (0, 3)]
        assert not (p < 0.05).any()


#: Nemenyi's q for k = 2..20 as tabulated to six digits.
Q05 = [1.959964, 2.343701, 2.569032, 2.727774, 2.849705, 2.94832, 3.030879, 3.10173, 3.163684, 3.218654, 3.268004,
       3.312739, 3.353618, 3.39123, 3.426041, 3.458425, 3.488685, 3.517073, 3.543799]  # fmt: skip
Q10 = [1.644854, 2.052293, 2.291341, 2.459516, 2.588521, 2.692732, 2.779884, 2.854606, 2.919889, 2.977768, 3.029694,
       3.076733, 3.119693, 3.159199, 3.195743, 3.229723, 3.261461, 3.291224, 3.319233]  # fmt: skip


@pytest.mark.parametrize(("alpha", "tabulated"), [(0.05, Q05), (0.10, Q10)])
def test_nemenyi_q(alpha: float, tabulated: list[float]) -> None:
    for k, q in enumerate(tabulated, start=2):
        n = k * (k + 1)
        assert critical_difference(k, n, alpha) * np.sqrt(6) == pytest.approx(q, abs=1e-5)


class TestGarciaHerrera2008:
    """Five classifiers on 30 datasets."""

    answer = friedman(table("garcia_herrera2008_accuracy.csv"), higher_is_better=True)

    def test_ranks_and_omnibus(self) -> None:
        assert np.round(self.answer.mean_ranks, 6).tolist() == [2.1, 3.25, 2.2, 4.333333, 3.116667]
        assert round(self.answer.chi2, 3) == 39.647
        assert f"{self.answer.p_chi2:.3e}" == "5.121e-08"
        assert round(self.answer.f, 3) == 14.309
        assert f"{self.answer.p_f:.3e}" == "1.593e-09"

    def test_critical_difference_on_infinite_degrees(self) -> None:
        """1.1277 is printed elsewhere for finite degrees of freedom; Demšar's convention gives 1.1136."""
        assert round(critical_difference(5, 30, 0.05), 4) == 1.1136

    P = np.array([0.00117485, 0.3341698, 2.843421e-10, 0.01845167, 0.02265711, 0.002197407, 0.3742777, 9.226472e-08,
                  0.1643229, 7.793722e-05])  # fmt: skip

    def test_bergmann_hommel(self) -> None:
        printed = [0.007049103, 0.6683396, 2.843421e-09, 0.0553550076, 0.06797132, 0.008789629, 0.6683396134,
                   5.535883e-07, 0.1643229331, 0.0003117489]  # fmt: skip
        assert bergmann_hommel(self.P, 5) == pytest.approx(printed, rel=1e-5)

    def test_shaffer(self) -> None:
        printed = [0.007049103, 0.6683396, 2.843421e-09, 0.0738066768, 0.09062842, 0.01318444, 0.6683396134,
                   5.535883e-07, 0.4929687992, 0.0004676233]  # fmt: skip
        assert shaffer(self.P, 5) == pytest.approx(printed, rel=1e-5)


def test_corrected_resampled_t() -> None:
    """30 resamples of 80 + 20 rows: t 2.407318, p .02265982."""
    x, y = table("correctR_vignette_xy.csv", skip=0).T
    test = corrected_t(x, y, test_train_ratio=20 / 80)
    assert f"{test.statistic:.7g}" == "2.407318"
    assert f"{test.p_value:.7g}" == "0.02265982"
    assert f"{test.p_greater:.7g}" == "0.01132991"


def test_ratio_of_k_folds() -> None:
    """The ratio 1/(K-1) is rho/(1 - rho) with rho = 1/K: both ways of writing the test agree."""
    x, y = table("correctR_vignette_xy.csv", skip=0).T
    d, share = x - y, 1 / 10
    by_hand = d.mean() / np.sqrt(d.var(ddof=1) * (1 / len(d) + share / (1 - share)))
    assert corrected_t(x, y, test_train_ratio=1 / 9).statistic == pytest.approx(by_hand, rel=1e-12)


def test_nemenyi_p_values() -> None:
    """Three blocks, seven groups, larger values rank higher."""
    scores = np.array([[4, 3, 4, 4, 5, 6, 3], [1, 2, 3, 5, 6, 7, 7], [1, 2, 6, 4, 1, 5, 1]])
    p = dict(
        zip(combinations(range(7), 2), nemenyi(rank_rows(scores, higher_is_better=False).mean(axis=0), 3), strict=True)
    )
    printed = {(0, 1): 0.9999999, (0, 2): 0.8414506, (1, 2): 0.8833015, (0, 3): 0.9177741, (1, 3): 0.9449086,
               (2, 3): 0.9999962, (0, 5): 0.2147827, (1, 5): 0.2597539, (2, 5): 0.9449086, (0, 6): 0.9976902,
               (5, 6): 0.5511935}  # fmt: skip
    for pair, value in printed.items():
        assert p[pair] == pytest.approx(value, abs=1e-6), pair


@pytest.mark.parametrize(
    ("rows", "chi2"),
    [
        ([[84.5, 78.4, 83.1], [82.8, 79.1, 79.9], [79.1, 78.0, 77.8], [80.2, 76.0, 77.9]], 6.5),
        (np.array([[84.5, 78.4, 83.1], [82.8, 79.1, 79.9], [79.1, 78.0, 77.8], [80.2, 76.0, 77.9]]).T, 7.4),
        ([[6, 4, 4, 2], [4, 3, 2, 1], [3, 3, 1, 2], [3, 2, 1, 1]], 9.525),
    ],
)
def test_friedman_textbook(rows: object, chi2: float) -> None:
    assert friedman(np.array(rows, dtype=float), higher_is_better=True).chi2 == pytest.approx(chi2, abs=1e-9)


def with_moments(n: int, mean: float, sd: float) -> np.ndarray:
    values = np.random.default_rng(1).normal(size=n)
    return (values - values.mean()) / values.std(ddof=1) * sd + mean


@pytest.mark.parametrize(
    ("n", "mean", "sd", "margin", "p_low", "p_high", "ci90"),
    [
        (100, 0.54 - 0.5, 1.2, 0.36, 0.0006040021, 0.004474619, (-0.1592469, 0.2392469)),
        (300, 0.52 - 0.5, 0.5, 0.1, 2.108451e-05, 0.002966762, (-0.02763041, 0.06763041)),
        (65, 0.08, (1.17**2 + 1.29**2 - 1.5 * 1.17 * 1.29) ** 0.5, 0.350782, 9.531728e-05, 0.00770235,
         None),
    ],
)  # fmt: skip
def test_equivalence_of_independent_pairs(
    n: int, mean: float, sd: float, margin: float, p_low: float, p_high: float, ci90: tuple[float, float] | None
) -> None:
    """Lakens' worked examples: with ratio 0 the corrected test is the plain one."""
    answer = tost(with_moments(n, mean, sd), np.zeros(n), margin=margin, test_train_ratio=0)
    assert answer.p_low == pytest.approx(p_low, rel=2e-5)
    assert answer.p_high == pytest.approx(p_high, rel=2e-5)
    assert answer.p_value == max(answer.p_low, answer.p_high)
    if ci90:
        assert (answer.low, answer.high) == pytest.approx(ci90, abs=1e-6)


def test_interval_of_independent_values() -> None:
    one = corrected_mean(with_moments(100, 0.04, 1.2), test_train_ratio=0, level=0.95)
    assert (one.low, one.high) == pytest.approx((-0.198106, 0.278106), abs=1e-6)


def test_holm_by_hand() -> None:
    """By hand for (.01, .04, .03, .005): sorted .005 x 4, .01 x 3, .03 x 2, .04 x 1, never falling."""
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
