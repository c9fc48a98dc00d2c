"""Many datasets: the dataset is the unit, folds are averaged before. Ranks, Friedman, Nemenyi.

Source: Demšar (2006), JMLR 7, section 3.2; Iman & Davenport (1980).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial
from typing import Literal

import numpy as np

from bench.stats import special
from bench.stats.friedman_exact import exact_p
from bench.stats.noise import without_noise


@dataclass(frozen=True)
class Friedman:
    """Friedman's test of k models over N datasets.

    Attributes
    ----------
    mean_ranks : tuple of k floats
        1 is best, ties share the mean of their ranks.
    chi2, p_chi2 : float
        Friedman's chi-square without tie correction (df k - 1), and its p.
    f, p_f : float
        Iman and Davenport's F (df k - 1, (k - 1)(N - 1)), and its p; of an infinite F, where all datasets rank alike
        and F has no p, the exact one, k!^(1 - N).
    chi2_tie_corrected : float
        What other programs often print as Friedman's chi-square; p-values and F do not use it.
    p_value : float
        The p-value to report.
    null : {"exact", "iman_davenport"}
        The distribution that `p_value` is from: all orders of the models within datasets (with ties, of the ranks as
        they are) where those can be counted, else Iman and Davenport's F.
    """

    mean_ranks: tuple[float, ...]
    chi2: float
    p_chi2: float
    f: float
    p_f: float
    chi2_tie_corrected: float
    p_value: float
    null: Literal["exact", "iman_davenport"]


def friedman(scores: np.ndarray, *, higher_is_better: bool) -> Friedman:
    """Friedman's test: do k models rank alike over N datasets?

    Parameters
    ----------
    scores : ndarray of shape (N, k)
        One mean score a dataset and model; N and k are at least 2.
    higher_is_better : bool
        The direction of the scores.

    Returns
    -------
    Friedman

    Raises
    ------
    ValueError
        For fewer datasets or models, and for a NaN: a missing cell must be decided upon before.

    Notes
    -----
    chi2 = 12 N / (k (k + 1)) * (sum R_j^2 - k (k + 1)^2 / 4), F = (N - 1) chi2 / (N (k - 1) - chi2). The correction for
    ties divides chi2 by the share that the ranks' spread within datasets is of that of untied ranks.

    References
    ----------
    Friedman (1937), JASA 32; Iman & Davenport (1980), Communications in Statistics 9; Demšar (2006), JMLR 7.

    Examples
    --------
    >>> one = friedman(np.array([[3.0, 2, 1], [6, 5, 4], [9, 8, 7]]), higher_is_better=True)
    >>> round(one.p_value, 4), one.null   # 3! of 3!^3 orders agree as well
    (0.0278, 'exact')
    """
    ranks = rank_rows(several(scores), higher_is_better=higher_is_better)
    n, k = ranks.shape
    means = ranks.mean(axis=0)
    chi2 = max(
        0.0, 12 * n / (k * (k + 1)) * (float((means**2).sum()) - k * (k + 1) ** 2 / 4)
    )
    rest = n * (k - 1) - chi2
    f = (n - 1) * chi2 / rest if rest > 1e-9 else float("inf")
    p_f = (
        float(special.fdtrc(k - 1, (k - 1) * (n - 1), f))
        if np.isfinite(f)
        else 1 / factorial(k) ** (n - 1)
    )
    untied = float(((ranks - (k + 1) / 2) ** 2).sum()) / (n * k * (k * k - 1) / 12)
    corrected = chi2 / untied if untied else 0.0
    p_chi2, exact = (
        float(special.chdtrc(k - 1, chi2)),
        exact_p(ranks) if np.isfinite(f) else p_f,
    )
    answer = Friedman(
        tuple(means.tolist()), chi2, p_chi2, f, p_f, corrected, p_f, "iman_davenport"
    )
    return answer if exact is None else replace(answer, p_value=exact, null="exact")


def several(scores: np.ndarray) -> np.ndarray:
    """The (N, k) scores; ValueError for fewer than two datasets or families: no test over datasets exists."""
    table = np.asarray(scores, dtype=float)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 2:
        raise ValueError(
            f"scores of shape {table.shape}: at least 2 datasets (rows) and 2 families (columns) are needed"
        )
    return table


def rank_rows(scores: np.ndarray, *, higher_is_better: bool) -> np.ndarray:
    """(N, k) ranks within each row, 1 is best, ties get their mean rank; float noise makes no order.

    >>> rank_rows(np.array([[0.9, 0.8, 0.9]]), higher_is_better=True).tolist()
    [[1.5, 3.0, 1.5]]
    """
    table = np.asarray(scores, dtype=float)
    if not np.isfinite(table).all():
        raise ValueError(
            f"scores: {int((~np.isfinite(table)).sum())} cells are not finite numbers"
        )
    table = np.array(
        [without_noise(row, row) for row in (-table if higher_is_better else table)]
    )
    below = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    same = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    return np.asarray(below + (same + 1) / 2, dtype=float)


def midranks(values: np.ndarray) -> np.ndarray:
    """(n,) ranks of one row, 1 is the smallest, ties get their mean rank; nothing is rounded, n may be large.

    >>> midranks(np.array([0.3, 0.1, 0.3])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place], dtype=float)


def critical_difference(k: int, n: int, alpha: float) -> float:
    """Nemenyi's critical difference of mean ranks.

    Parameters
    ----------
    k, n : int
        How many models, and over how many datasets.
    alpha : float
        The level, such as 0.05.

    Returns
    -------
    float
        q_alpha sqrt(k (k + 1) / (6 n)); q_alpha is the studentized range on infinite degrees of freedom over sqrt(2).

    References
    ----------
    Demšar (2006), JMLR 7, table 5.

    Examples
    --------
    >>> round(critical_difference(4, 14, 0.05), 2)
    1.25
    """
    from scipy.stats import studentized_range

    _checked_design(k, n, alpha)
    q = float(studentized_range.ppf(1 - alpha, k, np.inf) / np.sqrt(2))
    return q * rank_se(k, n)


def critical_difference_to_one(k: int, n: int, alpha: float) -> float:
    """Bonferroni-Dunn's critical difference of k - 1 families from one stated before: z_{alpha / (2 (k - 1))} for q.

    The literature prints q = 2.724 for k = 9 at .05; it is 2.734 (Demšar 2006, table 5b, has the misprint).
    """
    _checked_design(k, n, alpha)
    return float(-special.ndtri(alpha / (2 * (k - 1)))) * rank_se(k, n)


def mean_rank_z(mean_ranks: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """z = (R_i - R_j) / sqrt(k (k + 1) / (6 n)) of every pair i, j, and its two-sided normal p-value, not adjusted.

    In the order of itertools.combinations(range(k), 2); to be adjusted with `bench.stats.adjust` (García & Herrera
    2008). What it says of two families depends on the others in the table (Benavoli, Corani & Mangili 2016): for claims
    on a pair use `bench.stats.signed_ranks`.
    """
    ranks = np.asarray(mean_ranks, dtype=float)
    k = len(ranks)
    z = np.array([ranks[i] - ranks[j] for i, j in combinations(range(k), 2)]) / rank_se(
        k, n
    )
    return z, np.asarray(2 * special.ndtr(-np.abs(z)), dtype=float)


def nemenyi(mean_ranks: np.ndarray, n: int) -> np.ndarray:
    """Nemenyi's p-value of every pair of models, from their mean ranks over datasets.

    Parameters
    ----------
    mean_ranks : ndarray of shape (k,)
        As `friedman` gives them.
    n : int
        How many datasets.

    Returns
    -------
    ndarray of shape (k (k - 1) / 2,)
        In the order of itertools.combinations(range(k), 2).

    References
    ----------
    Nemenyi (1963); Demšar (2006), JMLR 7.

    Examples
    --------
    >>> nemenyi(np.array([1.2, 2.0, 2.8]), 10).round(3).tolist()
    [0.173, 0.001, 0.173]
    """
    from scipy.stats import studentized_range

    z, _ = mean_rank_z(mean_ranks, n)
    return np.asarray(
        studentized_range.sf(np.abs(z) * np.sqrt(2), len(mean_ranks), np.inf),
        dtype=float,
    )


def rank_se(k: int, n: int) -> float:
    """The standard error of a difference of two mean ranks of k families over n datasets: sqrt(k (k + 1) / (6 n)).

    >>> round(rank_se(4, 14), 3)
    0.488
    """
    _checked_design(k, n, 0.5)
    return float(np.sqrt(k * (k + 1) / (6 * n)))


def f_critical(k: int, n: int, alpha: float) -> float:
    """The value that Iman and Davenport's F must exceed: its 1 - alpha quantile on (k - 1, (k - 1)(n - 1)) degrees.

    >>> round(f_critical(4, 14, 0.05), 2)
    2.85
    """
    _checked_design(k, n, alpha)
    return float(special.fdtri(k - 1, (k - 1) * (n - 1), 1 - alpha))


def _checked_design(k: int, n: int, alpha: float) -> None:
    if k < 2 or n < 1 or not 0 < alpha < 1:
        raise ValueError(
            f"k = {k}, n = {n}, alpha = {alpha}: expected k >= 2, n >= 1 and alpha between 0 and 1"
        )
