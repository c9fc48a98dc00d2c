"""Families over datasets: each row against its statistic, alone; a third family changes nothing but Holm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.comparisons import Comparisons, comparisons
from bench.comparisons.over_datasets import over_datasets
from bench.scores.series import MeanTable
from bench.stats.adjust import shaffer
from bench.stats.bayes_ranks import bayes_signed_rank
from bench.stats.ranks import critical_difference_to_one, friedman, mean_rank_z, nemenyi
from bench.stats.shares import sign_test, win_tie_loss
from bench.stats.signed_ranks import shift, signed_rank
from bench.study import read_study
from tests.helpers.judge_cases import a_study, folds_of, scores_of_arrays, tables_of

WINE = Path(__file__).parents[2] / "studies" / "wine-1992"
NAMES = [f"set{i}" for i in range(12)]
FAMILIES = ("lda", "qda", "random_forest", "baseline")
MEANS = np.round(
    np.random.default_rng(2).normal(0.8, 0.05, size=(12, 1))
    + np.random.default_rng(3).normal([0.03, 0.02, 0.0, -0.2], 0.02, size=(12, 4)),
    3,
)


def compared(
    folder: Path,
    means: np.ndarray,
    metric: str = "accuracy",
    families: tuple[str, ...] = FAMILIES,
) -> Comparisons:
    """Comparisons of (N, k) means."""
    names = NAMES[: len(means)]
    sets = "\n".join(
        f"  {name}: {{source: {{kind: sklearn, name: iris}}, target: target}}"
        for name in names
    )
    study = a_study(
        folder,
        datasets=sets,
        primary=metric,
        more="compare: {rope: 0.01}",
    )
    parts = []
    for name, line in zip(names, means, strict=True):
        cells = {
            f: np.full((1, 2), value) for f, value in zip(families, line, strict=True)
        }
        parts.append(scores_of_arrays(cells, dataset=name, metric=metric))
    folds = pl.concat([folds_of(1, 2, dataset=name) for name in names])
    return comparisons(study, tables_of(*names), folds, pl.concat(parts))


def pair_of(found: Comparisons, family: str, against: str) -> dict[str, float]:
    return found.pairs_over_datasets.row(by_predicate=(pl.col("family") == family) & (pl.col("against") == against),
                                         named=True)  # fmt: skip


def rank_of(found: Comparisons, family: str) -> dict[str, float]:
    return found.ranks.row(by_predicate=pl.col("family") == family, named=True)


def test_pairs_are_their_statistics(tmp_path: Path) -> None:
    pair = pair_of(compared(tmp_path, MEANS), "lda", "qda")
    a, b = MEANS[:, 0], MEANS[:, 1]
    ranks, wins, signs = (
        signed_rank(a, b),
        win_tie_loss(a, b, margin=0.01),
        sign_test(a, b),
    )
    moved = shift(a, b)
    assert (pair["difference"], pair["low"], pair["high"]) == pytest.approx(
        (moved.estimate, moved.low, moved.high)
    )
    assert (pair["p"], pair["exact"]) == (pytest.approx(ranks.p_value), True)
    assert (pair["above"], pair["within"], pair["below"]) == (
        wins.wins,
        wins.ties,
        wins.losses,
    )
    shares = (pair["share_above"], pair["share_low"], pair["share_high"])
    assert shares == pytest.approx((wins.share, wins.low, wins.high))
    assert (pair["sign_above"], pair["sign_p"]) == pytest.approx(
        (signs.wins, signs.p_value)
    )
    chances = bayes_signed_rank(
        a, b, rope=0.01, generator=np.random.default_rng(0), draws=10_000
    )
    assert [pair[name] for name in ("p_less", "p_rope", "p_greater")] == pytest.approx(
        [chances.p_less, chances.p_rope, chances.p_greater], abs=0.02
    )


def test_all_families_together(tmp_path: Path) -> None:
    found = compared(tmp_path, MEANS)
    answer, omnibus = (
        friedman(MEANS, higher_is_better=True),
        found.omnibus.row(0, named=True),
    )
    assert omnibus["friedman_chi2_tie_corrected"] == pytest.approx(
        answer.chi2_tie_corrected
    )
    assert omnibus["critical_difference_to_one"] == pytest.approx(
        critical_difference_to_one(4, 12, 0.05)
    )
    ranks = np.array(answer.mean_ranks)
    z, p = mean_rank_z(ranks, 12)
    pair = pair_of(found, "qda", "random_forest")
    assert (pair["rank_z"], pair["rank_p"]) == pytest.approx((z[3], p[3]))
    assert (pair["nemenyi_p"], pair["shaffer_p"]) == pytest.approx(
        (nemenyi(ranks, 12)[3], shaffer(p, 4)[3])
    )
    rank = rank_of(found, "lda")
    assert 1 <= rank["low"] <= rank["mean_rank"] <= rank["high"] <= 4
    assert found.ranks["first"].sum() == pytest.approx(1)
    best = rank_of(found, FAMILIES[int(ranks.argmin())])
    assert best["stays_first"] >= best["first"] - 1e-12
    assert found.ranks["stays_first"].null_count() == 3


@pytest.mark.parametrize(("n", "least"), [(7, 6 / 64), (8, 6 / 128)])
def test_how_many_datasets_could_decide(tmp_path: Path, n: int, least: float) -> None:
    """Six pairs: 6 * 2^-6 = .094 at seven datasets, .047 at eight."""
    found = compared(tmp_path, MEANS[:n])
    omnibus = found.omnibus.row(0, named=True)
    assert (omnibus["datasets"], omnibus["datasets_needed"]) == (n, 8)
    assert omnibus["least_p_adjusted"] == pytest.approx(least)
    assert pair_of(found, "lda", "qda")["least_p_adjusted"] == pytest.approx(least)
    assert found.pairs_over_datasets["p_adjusted"].min() >= least  # type: ignore[operator]


@given(
    st.lists(
        st.lists(st.sampled_from([0.5, 0.6, 0.61, 0.7, 0.72, 0.9, float("nan")]), min_size=3, max_size=3),
        min_size=2, max_size=8,
    )
)  # fmt: skip
@settings(max_examples=20)
def test_a_third_family_changes_nothing_but_holm(table: list[list[float]]) -> None:
    """Even one that failed where the two did not: they are compared on their own datasets."""
    study, sets, names = read_study(WINE), tuple(NAMES[: len(table)]), ("lda", "qda")
    means = MeanTable(
        sets, ("lda", "qda", "third"), np.array(table), np.zeros((len(table), 3), int)
    )
    two = MeanTable(sets, names, means.value[:, :2], means.fallbacks[:, :2])

    alone = (
        "p",
        "difference",
        "low",
        "high",
        "p_less",
        "p_rope",
        "p_greater",
        "above",
        "within",
        "below",
        "sign_p",
    )

    def pair(means: MeanTable) -> list[tuple[object, ...]]:
        rows = [
            row
            for row in over_datasets(study, means, "accuracy").pairs
            if (row.family, row.against) == names
        ]
        return [
            tuple(
                getattr(row, name)
                for name in (*alone, "datasets", "least_p", "fallbacks")
            )
            for row in rows
        ]

    assert pair(means) == pair(two)
    if np.isfinite(means.value[:, :2]).all(axis=1).sum() > 1:
        assert len(pair(means)) == 1
