"""Several forms of one table are one dataset: wherever datasets are counted, ranked or tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.comparisons import comparisons
from bench.scores.series import MeanTable
from bench.scores.setting import origins
from bench.text.compared import RankingsCompared, SignedRanks
from bench.text.unjudged import FormsOfOneTable
from tests.helpers.judge_cases import (
    a_study,
    folds_of,
    judge,
    reason,
    scores_of_arrays,
    tables_of,
)

FORM = "  {name}: {{source: {{kind: sklearn, name: wine}}, target: target{more}}}"
NAMES = ("toy", "again", "third", "fourth")
RAW = ["a" * 64, "a" * 64, "b" * 64, "c" * 64]
MEANS = np.array([[0.90, 0.80], [0.70, 0.80], [0.60, 0.50], [0.65, 0.55]])
FAMILIES = ("lda", "qda")


def forms(folder: Path, count: int, claims: str = "") -> tuple:
    """A study of so many datasets, the first two of one raw table: itself, tables, folds and scores."""
    names = NAMES[:count]
    sets = "\n".join(FORM.format(name=name, more="") for name in names[1:])
    study = a_study(
        folder,
        claims,
        datasets=sets,
        more='compare: {rope: 0.01}\ntolerance: {accuracy: 0.01, why: "w"}',
    )
    tables = tables_of(*names).with_columns(pl.Series("raw_sha256", RAW[:count]))
    parts = [
        scores_of_arrays(
            {
                f: np.full((1, 2), value)
                for f, value in zip(FAMILIES, line, strict=True)
            },
            dataset=name,
        )
        for name, line in zip(names, MEANS, strict=False)
    ]
    return (
        study,
        tables,
        pl.concat([folds_of(1, 2, dataset=name) for name in names]),
        pl.concat(parts),
    )


def test_forms_of_one_table_are_one_dataset_of_a_comparison(tmp_path: Path) -> None:
    """The means of the two forms are (.8, .8): a tie; the other two are won. Three datasets, not four."""
    study, tables, folds, scores = forms(tmp_path, 4)
    made = comparisons(study, tables, folds, scores)
    pair = made.pairs_over_datasets.row(0, named=True)
    assert (pair["datasets"], pair["above"], pair["within"], pair["below"]) == (
        3,
        2,
        1,
        0,
    )
    assert dict(made.ranks.select("family", "mean_rank").iter_rows()) == pytest.approx(
        {"lda": 3.5 / 3, "qda": 5.5 / 3}
    )


def test_two_forms_alone_are_not_compared_over_datasets(tmp_path: Path) -> None:
    made = comparisons(*forms(tmp_path, 2))
    assert (
        made.omnibus.is_empty()
        and made.ranks.is_empty()
        and made.pairs_over_datasets.is_empty()
    )
    assert set(made.estimates["dataset"]) == {"toy", "again"}


def test_a_claim_over_forms_of_one_table_is_not_testable(tmp_path: Path) -> None:
    over = (
        "  - {id: over, kind: better, family: lda, against: qda, metric: accuracy, where: here, read: source}\n"
        "  - {id: some, kind: better, datasets: [toy, again], family: lda, against: qda, metric: accuracy, "
        "where: here, read: source}\n"
    )
    study, tables, folds, scores = forms(tmp_path, 4, over)
    found = judge(study, scores, folds, tables)
    ranks = reason(found["over"], SignedRanks)
    assert (ranks.better, ranks.equal, ranks.datasets) == (2, 1, 3)
    assert found["some"]["agreement"] is None
    assert found["some"]["reasons"] == (FormsOfOneTable(("toy", "again")),)


@pytest.mark.parametrize(("order", "tau"), [("[qda, lda]", 1.0), ("[lda, qda]", -1.0)])
def test_a_ranking_counts_the_forms_of_one_table_once(
    order: str, tau: float, tmp_path: Path
) -> None:
    """lda is ahead on both forms, qda on the two other tables."""
    over = f"  - {{id: c, kind: order, order: {order}, metric: accuracy, where: here, read: source}}\n"
    study, tables, folds, _ = forms(tmp_path, 4, over)
    means = [(0.9, 0.8), (0.9, 0.8), (0.6, 0.7), (0.6, 0.7)]
    parts = [
        scores_of_arrays(
            {f: np.full((1, 2), v) for f, v in zip(FAMILIES, line, strict=True)},
            dataset=name,
        )
        for name, line in zip(NAMES, means, strict=True)
    ]
    row = judge(study, pl.concat(parts), folds, tables)["c"]
    assert (row["ours"], reason(row, RankingsCompared).ours) == (tau, "qda > lda")


def test_what_makes_two_datasets_of_one_file(tmp_path: Path) -> None:
    """Other content, or rows kept by other conditions; not other features, and not a table of scores."""
    sets = "\n".join(
        FORM.format(name=name, more=more)
        for name, more in {
            "narrow": ", features: [ash]",
            "young": ", clean: [{where: age <> 9}]",
            "old": ", clean: [{where: age <> 1}]",
            "other": "",
        }.items()
    )
    study = a_study(tmp_path, datasets=sets)
    tables = tables_of("toy", "narrow", "young", "old", "other")
    tables = tables.with_columns(pl.Series("raw_sha256", ["a", "a", "a", "a", "b"]))
    found = origins(study, tables)
    assert found == {
        "toy": "toy",
        "narrow": "toy",
        "young": "young",
        "old": "old",
        "other": "other",
    }
    unknown = origins(study, tables.with_columns(raw_sha256=pl.lit(None, pl.String)))
    assert unknown == {name: name for name in study.datasets}


def test_means_of_forms() -> None:
    table = MeanTable(
        ("a", "b", "c"),
        ("f", "g"),
        np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]]),
        np.ones((3, 2)),
    )
    merged = table.by_origin({"b": "a"})
    assert merged.datasets == ("a", "c")
    assert merged.value == pytest.approx(
        np.array([[2.0, np.nan], [5.0, 6.0]]), nan_ok=True
    )
    assert merged.fallbacks.tolist() == [[2, 2], [1, 1]]
    assert table.by_origin({}) is table
