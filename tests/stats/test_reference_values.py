"""Published answers, to the digits that were printed. Where they come from stands beside each."""

from __future__ import annotations

import csv
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from bench.stats.adjust import (
    holm,
)
from bench.stats.equivalence import tost
from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.permutation import permutation_p
from bench.stats.prediction import expected_max
from bench.stats.ranks import (
    Friedman,
    critical_difference,
    critical_difference_to_one,
    friedman,
    mean_rank_z,
    nemenyi,
    rank_rows,
)
from bench.stats.signed_ranks import sign_patterns, signed_rank

REFERENCE = Path(__file__).parents[1] / "reference"


def to_digits(values: object, printed: list[str]) -> None:
    """Each value rounds to what was printed, digit by digit."""
    for value, text in zip(
        np.atleast_1d(np.asarray(values, dtype=float)), printed, strict=True
    ):
        mantissa, _, exponent = text.lower().partition("e")
        unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
        assert abs(value - float(text)) <= 0.5000001 * unit, (value, text)


def table(name: str, skip: int = 1) -> np.ndarray:
    with (REFERENCE / name).open() as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) for cell in row[skip:]] for row in rows])


class TestDemsar2006:
    """Table 6: AUC of four C4.5 variants on 14 datasets."""

    def test_from_the_printed_ranks(self) -> None:
        answer = friedman(
            table("demsar2006_published_ranks.csv"), higher_is_better=False
        )
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
        """Libraries often print the tie-corrected value under the same name: both are given, each with its own."""
        from scipy.stats import friedmanchisquare

        scores = table("demsar2006_auc.csv")
        assert round(friedmanchisquare(*scores.T).statistic, 3) == 10.952
        answer = friedman(scores, higher_is_better=True)
        assert (round(answer.chi2, 2), round(answer.chi2_tie_corrected, 3)) == (
            9.86,
            10.952,
        )
        ranks = friedman(
            table("demsar2006_published_ranks.csv"), higher_is_better=False
        )
        assert (round(ranks.chi2, 2), round(ranks.chi2_tie_corrected, 3)) == (
            9.28,
            10.228,
        )

    def test_critical_value_of_f(self) -> None:
        """F 3.69 lies above 2.85, the .05 quantile on (3, 39) degrees."""
        from scipy.special import fdtrc, fdtri

        assert round(fdtri(3, 39, 0.95), 2) == 2.85
        answer = friedman(
            table("demsar2006_published_ranks.csv"), higher_is_better=False
        )
        assert answer.p_f == pytest.approx(fdtrc(3, 39, answer.f))

    def test_against_c45(self) -> None:
        """z and p of the three others against C4.5, from unrounded mean ranks; rounded ones give 2.416."""
        ranks = np.array(
            friedman(
                table("demsar2006_published_ranks.csv"), higher_is_better=False
            ).mean_ranks
        )
        z, p = mean_rank_z(ranks, 14)
        to_digits(z[:3], ["2.342", "0.512", "2.415"])
        to_digits(p[:3], ["0.019", "0.608", "0.016"])
        to_digits(
            mean_rank_z(np.array([3.143, 2.0, 2.893, 1.964]), 14)[0][2], ["2.416"]
        )

    def test_signed_ranks_of_two_variants(self) -> None:
        """T 12, R+ 93, R- 12. Of C4.5+m against C4.5 two differences are zero and are split.

        Three p-values go about for these numbers: .00854 from the untied ranks 1..14, .01097 normal, and the one here,
        from the sign patterns of the ranks as they are.
        """
        from scipy.stats import wilcoxon

        scores = table("demsar2006_auc.csv")
        one = signed_rank(scores[:, 1], scores[:, 0])
        assert (
            one.r_plus,
            one.r_minus,
            one.statistic,
            one.n,
            one.zeros,
            one.dropped,
        ) == (93, 12, 12, 14, 2, 0)
        assert one.p_value == 0.0078125
        untied = sign_patterns(np.arange(1, 15))
        to_digits(2 * untied[: 2 * 12 + 1].sum() / 2**14, ["0.00854"])
        d = np.round(scores[:, 1] - scores[:, 0], 9)
        to_digits(
            wilcoxon(d, zero_method="zsplit", method="asymptotic").pvalue, ["0.01097"]
        )

    def test_critical_differences(self) -> None:
        assert round(critical_difference(4, 14, 0.05), 2) == 1.25
        assert (
            round(critical_difference_to_one(4, 14, 0.05), 3) == 1.168
        )  # also quoted, cut off, as 1.16
        assert round(critical_difference(4, 14, 0.10), 2) == 1.12

    def test_nemenyi_finds_two_pairs_at_ten_percent(self) -> None:
        answer = friedman(
            table("demsar2006_published_ranks.csv"), higher_is_better=False
        )
        p = nemenyi(np.array(answer.mean_ranks), 14)
        pairs = list(combinations(range(4), 2))
        assert [pair for pair, one in zip(pairs, p, strict=True) if one < 0.10] == [
            (0, 1),
            (0, 3),
        ]
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
        assert critical_difference(k, n, alpha) * np.sqrt(6) == pytest.approx(
            q, abs=2e-6
        )


@pytest.mark.parametrize(
    ("alpha", "tabulated"),
    [
        (0.05, [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164]),
        (0.10, [1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920]),
    ],
)
def test_nemenyi_q_of_the_paper(alpha: float, tabulated: list[float]) -> None:
    """Demšar's table 5a: its last digit is not always rounded (2.3437 stands as 2.343, 2.9483 as 2.949)."""
    for k, q in enumerate(tabulated, start=2):
        assert critical_difference(k, k * (k + 1), alpha) * np.sqrt(6) == pytest.approx(
            q, abs=1e-3
        )


@pytest.mark.parametrize(
    ("alpha", "tabulated"),
    [
        (0.05, [1.960, 2.241, 2.394, 2.498, 2.576, 2.638, 2.690, 2.724, 2.773]),
        (0.10, [1.645, 1.960, 2.128, 2.241, 2.326, 2.394, 2.450, 2.498, 2.539]),
    ],
)
def test_bonferroni_dunn_q_of_the_paper(alpha: float, tabulated: list[float]) -> None:
    """Demšar's table 5b to its three decimals, but for a misprint: 2.724 for nine families, which is 2.734."""
    for k, q in enumerate(tabulated, start=2):
        exact = 2.7344 if (k, alpha) == (9, 0.05) else q
        assert critical_difference_to_one(k, k * (k + 1), alpha) * np.sqrt(
            6
        ) == pytest.approx(exact, abs=5.1e-4)


@cache
def garcia_herrera() -> Friedman:
    return friedman(table("garcia_herrera2008_accuracy.csv"), higher_is_better=True)


class TestGarciaHerrera2008:
    """Five classifiers on 30 datasets."""

    @property
    def answer(self) -> Friedman:
        return garcia_herrera()

    def test_ranks_and_omnibus(self) -> None:
        assert np.round(self.answer.mean_ranks, 6).tolist() == [
            2.1,
            3.25,
            2.2,
            4.333333,
            3.116667,
        ]
        assert round(self.answer.chi2, 3) == 39.647
        assert f"{self.answer.p_chi2:.3e}" == "5.121e-08"
        assert round(self.answer.f, 3) == 14.309
        assert f"{self.answer.p_f:.3e}" == "1.593e-09"
        assert round(self.answer.chi2_tie_corrected, 4) == 39.9128

    def test_critical_difference_on_infinite_degrees(self) -> None:
        """1.1277 is printed elsewhere for finite degrees of freedom; Demšar's convention gives 1.1136."""
        assert round(critical_difference(5, 30, 0.05), 4) == 1.1136

    def test_pairwise_p(self) -> None:
        """In the order of pairs of C4.5, k-NN, naive Bayes, Kernel, CN2."""
        _, p = mean_rank_z(np.array(self.answer.mean_ranks), 30)
        to_digits(p, ["0.004848763", "0.8064959", "4.486991e-08", "0.012763008", "0.010112334", "0.007963489",
                      "0.743971478", "1.736118e-07", "0.024744672", "0.002880485"])  # fmt: skip

    def test_adjusted_table(self) -> None:
        """Adjusted p-values, sorted."""
        _, p = mean_rank_z(np.array(self.answer.mean_ranks), 30)
        printed = {
            "nemenyi": "4.487e-07 1.736e-06 0.0288 0.0485 0.0796 0.1011 0.1276 0.2474 1 1",
            "holm": "4.487e-07 1.563e-06 0.0230 0.0339 0.0478 0.0506 0.0511 0.0742 1 1",
        }
        ours = {
            "nemenyi": np.minimum(1, 10 * p),
            "holm": holm(p),
        }
        for name, line in printed.items():
            to_digits(np.sort(ours[name]), line.split())


def test_corrected_resampled_t() -> None:
    """30 resamples of 80 + 20 rows: t 2.407318, p .02265982."""
    x, y = table("correctR_vignette_xy.csv", skip=0).T
    test = corrected_t(x, y, test_train_ratio=20 / 80)
    assert f"{test.statistic:.7g}" == "2.407318"
    assert f"{test.p_value:.7g}" == "0.02265982"
    assert f"{test.p_greater:.7g}" == "0.01132991"


def test_expected_maximum() -> None:
    values = {2: 0.5641895835477563, 3: 0.8462843753216344, 5: 1.1629644736405198, 10: 1.538752730835173,
              20: 1.8674750597983212, 50: 2.2490736293898514, 100: 2.507593636441685,
              1000: 3.241435769133427}  # fmt: skip
    for k, value in values.items():
        assert expected_max(k) == pytest.approx(value, rel=1e-12)
    assert expected_max(2) == pytest.approx(1 / np.sqrt(np.pi), rel=1e-14)
    assert expected_max(3) == pytest.approx(1.5 / np.sqrt(np.pi), rel=1e-14)


def test_permutation_p() -> None:
    assert permutation_p(0, 99) == 0.01
    assert permutation_p(4, 99) == 0.05


def test_ratio_of_k_folds() -> None:
    """The ratio 1/(K-1) is rho/(1 - rho) with rho = 1/K: both ways of writing the test agree."""
    x, y = table("correctR_vignette_xy.csv", skip=0).T
    d, share = x - y, 1 / 10
    by_hand = d.mean() / np.sqrt(d.var(ddof=1) * (1 / len(d) + share / (1 - share)))
    assert corrected_t(x, y, test_train_ratio=1 / 9).statistic == pytest.approx(
        by_hand, rel=1e-12
    )


def test_nemenyi_p_values() -> None:
    """Three blocks, seven groups, larger values rank higher."""
    scores = np.array(
        [[4, 3, 4, 4, 5, 6, 3], [1, 2, 3, 5, 6, 7, 7], [1, 2, 6, 4, 1, 5, 1]]
    )
    p = dict(
        zip(
            combinations(range(7), 2),
            nemenyi(rank_rows(scores, higher_is_better=False).mean(axis=0), 3),
            strict=True,
        )
    )
    printed = {(0, 1): 0.9999999, (0, 2): 0.8414506, (1, 2): 0.8833015, (0, 3): 0.9177741, (1, 3): 0.9449086,
               (2, 3): 0.9999962, (0, 5): 0.2147827, (1, 5): 0.2597539, (2, 5): 0.9449086, (0, 6): 0.9976902,
               (5, 6): 0.5511935}  # fmt: skip
    for pair, value in printed.items():
        assert round(p[pair], 7) == value, pair


@pytest.mark.parametrize(
    ("rows", "chi2"),
    [
        (
            [
                [84.5, 78.4, 83.1],
                [82.8, 79.1, 79.9],
                [79.1, 78.0, 77.8],
                [80.2, 76.0, 77.9],
            ],
            6.5,
        ),
        (
            np.array(
                [
                    [84.5, 78.4, 83.1],
                    [82.8, 79.1, 79.9],
                    [79.1, 78.0, 77.8],
                    [80.2, 76.0, 77.9],
                ]
            ).T,
            7.4,
        ),
        ([[6, 4, 4, 2], [4, 3, 2, 1], [3, 3, 1, 2], [3, 2, 1, 1]], 9.525),
    ],
)
def test_friedman_textbook(rows: object, chi2: float) -> None:
    assert friedman(
        np.array(rows, dtype=float), higher_is_better=True
    ).chi2 == pytest.approx(chi2, abs=1e-9)


def with_moments(n: int, mean: float, sd: float) -> np.ndarray:
    values = np.random.default_rng(1).normal(size=n)
    return (values - values.mean()) / values.std(ddof=1) * sd + mean


#: n, mean difference, sd of differences, margin; then t_low, t_high, p_low, p_high and the ends of both intervals.
SD_PAIRED = (1.17**2 + 1.29**2 - 2 * 0.75 * 1.17 * 1.29) ** 0.5
LAKENS = [
    (100, 0.54 - 0.5, 1.2, 0.36, "3.333333 -2.666667 0.0006040021 0.004474619",
     "-0.1592469 0.2392469 -0.198106 0.278106"),
    (300, 0.52 - 0.5, 0.5, 0.1, "4.156922 -2.771281 2.108451e-05 0.002966762",
     "-0.02763041 0.06763041 -0.03680924 0.07680924"),
    (65, 5.83 - 5.75, SD_PAIRED, 0.4 * SD_PAIRED, "3.960381 -2.489426 9.531728e-05 0.00770235", None),
]  # fmt: skip


@pytest.mark.parametrize(("n", "mean", "sd", "margin", "tests", "intervals"), LAKENS)
def test_equivalence_of_independent_pairs(
    n: int, mean: float, sd: float, margin: float, tests: str, intervals: str | None
) -> None:
    """Lakens' worked examples (one sample, its raw bounds, pairs): with ratio 0 the corrected test is the plain one."""
    values = with_moments(n, mean, sd)
    answer = tost(values, np.zeros(n), margin=margin, test_train_ratio=0)
    se = corrected_t(values, np.zeros(n), test_train_ratio=0).se
    to_digits(
        [(mean + margin) / se, (mean - margin) / se, answer.p_low, answer.p_high],
        tests.split(),
    )
    assert answer.p_value == max(answer.p_low, answer.p_high)
    if intervals:
        wide = corrected_mean(values, test_train_ratio=0, level=0.95)
        to_digits([answer.low, answer.high, wide.low, wide.high], intervals.split())


def test_margin_of_the_paired_example() -> None:
    """Bounds of .4 standard deviations of the differences: .350782."""
    to_digits(0.4 * SD_PAIRED, ["0.350782"])


def test_holm_by_hand() -> None:
    """By hand for (.01, .04, .03, .005): sorted .005 x 4, .01 x 3, .03 x 2, .04 x 1, never falling."""
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx(
        [0.03, 0.06, 0.06, 0.02]
    )
