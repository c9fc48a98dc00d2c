"""Families over datasets: each row against its statistic, alone; a third family changes nothing but Holm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.comparisons import Comparisons, comparisons
from bench.comparisons.over_datasets import over_datasets
from bench.core.comparisons import OverDatasetsRow
from bench.scores.series import MeanTable
from bench.stats.adjust import holm
from bench.stats.bayes_ranks import bayes_signed_rank
from bench.stats.ranks import friedman
from bench.stats.shares import sign_test
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


def test_pairs_are_their_statistics(tmp_path: Path) -> None:
    found = compared(tmp_path, MEANS)
    pair = pair_of(found, "lda", "qda")
    a, b = MEANS[:, 0], MEANS[:, 1]
    moved, signs = shift(a, b), sign_test(a, b, margin=0.01)
    ends = pair["difference"], pair["low"], pair["high"]
    assert ends == pytest.approx((moved.estimate, moved.low, moved.high))
    assert (pair["p"], pair["exact"]) == (
        pytest.approx(signed_rank(a, b).p_value),
        True,
    )
    counts = pair["above"], pair["within"], pair["below"]
    assert counts == (signs.wins, signs.ties, signs.losses)
    generator = np.random.default_rng(0)
    chances = bayes_signed_rank(a, b, rope=0.01, generator=generator, draws=10_000)
    drawn = [pair[name] for name in ("p_less", "p_rope", "p_greater")]
    expected = [chances.p_less, chances.p_rope, chances.p_greater]
    assert drawn == pytest.approx(expected, abs=0.02)
    raw = found.pairs_over_datasets["p"].to_numpy()
    assert found.pairs_over_datasets["p_adjusted"].to_list() == pytest.approx(holm(raw))


def test_all_families_together(tmp_path: Path) -> None:
    found = compared(tmp_path, MEANS)
    answer = friedman(MEANS, higher_is_better=True)
    row = found.omnibus.row(0, named=True)
    assert (row["datasets"], row["friedman_null"]) == (12, answer.null)
    assert row["friedman_p"] == pytest.approx(answer.p_value)
    ranks = dict(found.ranks.select("family", "mean_rank").iter_rows())
    expected = dict(zip(FAMILIES, answer.mean_ranks, strict=True))
    assert ranks == pytest.approx(expected)
    assert found.ranks.select(
        pl.col("mean_rank").is_between("low", "high").all()
    ).item()
    assert found.ranks["first"].sum() == pytest.approx(1)
    (best,) = found.ranks.drop_nulls("stays_first").iter_rows(named=True)
    assert best["mean_rank"] == pytest.approx(min(answer.mean_ranks))
    assert best["stays_first"] >= best["first"] - 1e-12


@pytest.mark.parametrize(("n", "least"), [(7, 6 / 64), (8, 6 / 128)])
def test_how_many_datasets_could_decide(tmp_path: Path, n: int, least: float) -> None:
    """Six pairs: 6 * 2^-6 = .094 at seven datasets, .047 at eight."""
    found = compared(tmp_path, MEANS[:n]).pairs_over_datasets
    assert found["least_p_adjusted"].to_list() == pytest.approx([least] * 6)
    assert found["p_adjusted"].min() >= least  # type: ignore[operator]


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

    def pair(means: MeanTable) -> list[OverDatasetsRow]:
        pairs = over_datasets(study, means, "accuracy").pairs
        rows = [row for row in pairs if (row.family, row.against) == names]
        return [replace(row, p_adjusted=None, least_p_adjusted=None) for row in rows]

    assert pair(means) == pair(two)
    if np.isfinite(means.value[:, :2]).all(axis=1).sum() > 1:
        assert len(pair(means)) == 1
