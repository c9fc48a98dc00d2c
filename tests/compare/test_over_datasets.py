"""Families over datasets: each row against its statistic, alone; a third family changes nothing but Holm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.compare import comparisons
from bench.compare.over_datasets import over_datasets
from bench.core import frames
from bench.scores.series import MeanTable
from bench.stats.adjust import holm, shaffer
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
    folder: Path, means: np.ndarray, metric: str = "accuracy", families: tuple[str, ...] = FAMILIES, more: str = ""
) -> pl.DataFrame:
    """Comparisons of (N, k) means; NaN is a cell that failed, on a study that excludes such."""
    names = NAMES[: len(means)]
    sets = "\n".join(f"  {name}: {{source: {{kind: sklearn, name: iris}}, target: target}}" for name in names)
    study = a_study(folder, datasets=sets, primary=metric, more=more or "compare: {rope: 0.01, failed: excluded}")
    parts = []
    for name, line in zip(names, means, strict=True):
        cells = {f: np.full((1, 2), value) for f, value in zip(families, line, strict=True) if np.isfinite(value)}
        parts.append(scores_of_arrays(cells, dataset=name, metric=metric))
    folds = pl.concat([folds_of(1, 2, dataset=name) for name in names])
    return frames.checked(comparisons(study, tables_of(*names), folds, pl.concat(parts)), frames.COMPARISONS)


def row(frame: pl.DataFrame, test: str, family: str | None = None, against: str | None = None) -> dict[str, float]:
    wanted = [pl.col(name).eq_missing(value) for name, value in (("family", family), ("against", against))]
    return frame.filter(pl.col("dataset").is_null(), pl.col("test") == test, *wanted).row(0, named=True)


def test_pairs_are_their_statistics(tmp_path: Path) -> None:
    frame = compared(tmp_path, MEANS)
    a, b = MEANS[:, 0], MEANS[:, 1]
    pair = ("lda", "qda")
    ranks, wins, signs = signed_rank(a, b), win_tie_loss(a, b, margin=0.01), sign_test(a, b)
    one = row(frame, "signed_rank", *pair)
    moved = shift(a, b)
    assert (one["estimate"], one["low"], one["high"]) == pytest.approx((moved.estimate, moved.low, moved.high))
    assert one["p"] == pytest.approx(ranks.p_value)
    one = row(frame, "win_tie_loss", *pair)
    assert [round(12 * one[name]) for name in ("p_greater", "p_rope", "p_less")] == [wins.wins, wins.ties, wins.losses]
    assert (one["estimate"], one["low"], one["high"]) == pytest.approx((wins.share, wins.low, wins.high))
    one = row(frame, "sign_test", *pair)
    assert (one["estimate"], one["p"]) == pytest.approx((signs.wins, signs.p_value))
    one = row(frame, "bayes_signed_rank", *pair)
    chances = bayes_signed_rank(a, b, rope=0.01, generator=np.random.default_rng(0), draws=10_000)
    assert [one[name] for name in ("p_less", "p_rope", "p_greater")] == pytest.approx(
        [chances.p_less, chances.p_rope, chances.p_greater], abs=0.02
    )


def test_holm_over_all_pairs(tmp_path: Path) -> None:
    frame = compared(tmp_path, MEANS)
    for test in ("signed_rank", "sign_test"):
        rows = frame.filter(pl.col("test") == test)
        assert len(rows) == 6
        assert rows["p_adjusted"].to_list() == pytest.approx(list(holm(rows["p"].to_numpy())))


def test_all_families_together(tmp_path: Path) -> None:
    frame = compared(tmp_path, MEANS)
    answer = friedman(MEANS, higher_is_better=True)
    assert row(frame, "friedman_chi2_tie_corrected")["estimate"] == pytest.approx(answer.chi2_tie_corrected)
    distance = critical_difference_to_one(4, 12, 0.05)
    assert row(frame, "critical_difference_to_one")["estimate"] == pytest.approx(distance)
    ranks = np.array(answer.mean_ranks)
    z, p = mean_rank_z(ranks, 12)
    for test, adjusted in (("nemenyi", nemenyi(ranks, 12)), ("shaffer", shaffer(p, 4))):
        one = row(frame, test, "qda", "random_forest")
        assert (one["p"], one["p_adjusted"]) == pytest.approx((p[3], adjusted[3]))
    assert row(frame, "shaffer", "qda", "random_forest")["estimate"] == pytest.approx(z[3])
    rank = row(frame, "mean_rank", "lda")
    assert 1 <= rank["low"] <= rank["estimate"] <= rank["high"] <= 4
    first = frame.filter(pl.col("test") == "first")["estimate"]
    assert first.sum() == pytest.approx(1)
    best = FAMILIES[int(ranks.argmin())]
    assert row(frame, "stays_first", best)["estimate"] >= row(frame, "first", best)["estimate"] - 1e-12


def test_direction_comes_from_the_metric(tmp_path: Path) -> None:
    """Of an error rate the lower is better: ranks turn round, differences stay family minus against."""
    frame = compared(tmp_path, MEANS, "error_rate")
    assert row(frame, "mean_rank", "baseline")["estimate"] == 1
    assert row(frame, "signed_rank", "baseline", "lda")["estimate"] < 0
    assert row(frame, "win_tie_loss", "baseline", "lda")["p_less"] == 1


@pytest.mark.parametrize(("n", "least"), [(7, 6 / 64), (8, 6 / 128)])
def test_how_many_datasets_could_decide(tmp_path: Path, n: int, least: float) -> None:
    """Six pairs: 6 * 2^-6 = .094 at seven datasets, .047 at eight."""
    frame = compared(tmp_path, MEANS[:n])
    assert (row(frame, "datasets")["estimate"], row(frame, "datasets_needed")["estimate"]) == (n, 8)
    for whose in ((None, None), ("lda", "qda")):
        assert row(frame, "datasets", *whose)["p_adjusted"] == pytest.approx(least)
    assert frame.filter(pl.col("test") == "signed_rank")["p_adjusted"].min() >= least  # type: ignore[operator]


@given(
    st.lists(
        st.lists(st.sampled_from([0.5, 0.6, 0.61, 0.7, 0.72, 0.9, float("nan")]), min_size=3, max_size=3),
        min_size=2, max_size=8,
    )
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_a_third_family_changes_nothing_but_holm(table: list[list[float]]) -> None:
    """Even one that failed where the two did not: they are compared on their own datasets."""
    study, names = read_study(WINE), tuple(NAMES[: len(table)])
    means = MeanTable(names, ("lda", "qda", "third"), np.array(table), np.zeros((len(table), 3), int))
    two = MeanTable(names, ("lda", "qda"), means.value[:, :2], means.fallbacks[:, :2])

    def pair(means: MeanTable) -> list[dict[str, object]]:
        rows = [row for row in over_datasets(study, means, "accuracy") if row.get("against") == "qda"]
        mine = [row for row in rows if row["family"] == "lda" and row["test"] not in ("nemenyi", "shaffer")]
        return [{name: value for name, value in row.items() if name != "p_adjusted"} for row in mine]

    assert pair(means) == pair(two)
    if np.isfinite(means.value[:, :2]).all(axis=1).sum() > 1:
        assert len(pair(means)) == 5


def test_every_metric_has_its_rows(tmp_path: Path) -> None:
    """Those of one metric are the same whatever others the study asks for."""
    sets = "\n".join(f"  {name}: {{source: {{kind: sklearn, name: iris}}, target: target}}" for name in NAMES[:4])
    study = a_study(tmp_path, datasets=sets, also="[f1_macro]")
    parts = {
        metric: pl.concat(
            scores_of_arrays(dict(zip(FAMILIES, line.reshape(4, 1, 1), strict=True)), dataset=name, metric=metric)
            for name, line in zip(NAMES[:4], means, strict=True)
        )
        for metric, means in (("accuracy", MEANS[:4]), ("f1_macro", MEANS[4:8]))
    }
    folds = pl.concat([folds_of(1, 1, dataset=name) for name in NAMES[:4]])
    both = comparisons(study, tables_of(*NAMES[:4]), folds, pl.concat(parts.values()))
    for metric, scores in parts.items():
        alone = comparisons(study, tables_of(*NAMES[:4]), folds, scores)
        assert alone.equals(both.filter(pl.col("metric") == metric))
        assert alone["dataset"].null_count() > 40


def test_without_a_rope_there_is_no_posterior(tmp_path: Path) -> None:
    regression = {"task": "regression", "families": "{ridge: {}, lasso: {}}", "primary": "rmse"}
    sets = "\n".join(f"  {name}: {{source: {{kind: sklearn, name: diabetes}}, target: target}}" for name in NAMES[:3])
    study = a_study(tmp_path, datasets=sets, **regression)
    parts = [scores_of_arrays({"ridge": [[1.0 + i]], "lasso": [[2.0]]}, dataset=name, metric="rmse")
             for i, name in enumerate(NAMES[:3])]  # fmt: skip
    folds = pl.concat([folds_of(1, 1, dataset=name) for name in NAMES[:3]])
    frame = comparisons(study, tables_of(*NAMES[:3]), folds, pl.concat(parts))
    assert "bayes_signed_rank" not in set(frame["test"])
    one = row(frame, "win_tie_loss", "ridge", "lasso")
    assert [round(3 * one[name]) for name in ("p_less", "p_rope", "p_greater")] == [1, 1, 1]
