"""Panels and sections that are made of blocks: their numbers are those of the frames, and none stands without data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.core.metrics import METRICS, Predicted
from bench.report.blocks import Block, Cell, Figure, Table, data_of, find_figures, walk
from bench.report.bundle import Bundle
from bench.report.html import render_blocks
from bench.report.panel import fill_panel
from bench.report.panels import PANELS
from bench.report.plain import plain
from bench.report.sections import SECTIONS
from bench.report.styles import styles_of
from bench.report.values import Value
from tests.helpers import bundles
from tests.helpers.bundles import classification
from tests.helpers.sparse import sparse


def panel(name: str, bundle: Bundle, dataset: str = "wine") -> tuple[Block, ...]:
    return fill_panel(PANELS[name], bundle, styles_of(bundle), dataset)


def tables(blocks: tuple[Block, ...]) -> list[Table]:
    return [one for one in walk(blocks) if isinstance(one, Table)]


def number(cell: Cell) -> float:
    assert isinstance(cell, Value) and cell.number is not None
    return cell.number


def rows_of(table: Table) -> dict[str, tuple[Cell, ...]]:
    return {plain(row[0]): row for row in table.rows}


def of_svm() -> pl.DataFrame:
    """The predictions of one model on one dataset."""
    return (
        classification()
        .frame("predictions")
        .filter(pl.col("dataset") == "wine", pl.col("family") == "svm")
    )


def test_the_areas_shown_are_the_scores_of_the_folds() -> None:
    classes = classification().frame("tables")["classes"][0].to_list()
    areas = []
    for _, fold in of_svm().group_by("fold"):
        truth = np.array([classes.index(name) for name in fold["truth"]])
        predicted = Predicted(truth=truth, p=np.array(fold["p"].to_list()), k=3)
        areas.append(float(METRICS["roc_auc"].function(predicted)))
    roc, _ = find_figures(panel("ranking", classification()))
    title = styles_of(classification()).family("svm").title
    shown = rows_of(data_of(roc))[title]
    assert number(shown[1]) == pytest.approx(np.mean(areas))


@pytest.mark.parametrize(
    "change",
    [{"p": None}, {"fold": pl.col("row").cast(pl.Int32)}, {"truth": pl.lit("barolo")}],
    ids=["no probabilities", "single rows", "one class"],
)
def test_what_cannot_be_ranked_has_no_curve(change: dict[str, Any]) -> None:
    told = {
        name: pl.lit(None, pl.List(pl.Float64)) if value is None else value
        for name, value in change.items()
    }
    predictions = classification().frame("predictions").with_columns(**told)
    built = dict(classification().frames) | {"predictions": predictions}
    study = classification().study
    bundle = Bundle(study, built | bundles.counted_by_row(study, built))
    assert panel("ranking", bundle) == ()
    assert ("p" in change) == (panel("calibration", bundle) == ())


def test_the_calibration_error_stands_beside_what_decides_on_it() -> None:
    from bench.run.seeds import seed_of
    from bench.stats.calibration import calibration

    part, study = of_svm(), classification().study.id
    confidence = part["p"].list.max().to_numpy()
    right = (part["label"] == part["truth"]).to_numpy()
    one = calibration(
        confidence, right, seed=seed_of("calibration", study, "wine", "svm")
    )
    (errors,) = tables(panel("calibration", classification()))
    title = styles_of(classification()).family("svm").title
    shown = rows_of(errors)[title]
    assert [number(cell) for cell in shown[1:3]] == pytest.approx(
        [one.error, one.level]
    )
    for _, error, _, limit, sign in errors.rows:
        assert ("off" in plain(sign)) == (number(error) > number(limit))


@pytest.mark.parametrize(
    ("outcome", "off"), [("passed", []), ("found", ["Support vector machine (RBF)"])]
)
def test_where_there_is_a_finding_on_calibration_the_page_says_the_same(
    outcome: str, off: list[str]
) -> None:
    row = {
        "code": "C1",
        "diagnostic": "calibration",
        "dataset": "wine",
        "family": "svm",
    }
    found = sparse([row | {"severity": "note", "outcome": outcome}], frames.FINDINGS)
    base = classification()
    blocks = panel(
        "calibration", replace(base, frames=dict(base.frames) | {"findings": found})
    )
    (errors,) = tables(blocks)
    assert [plain(one[0]) for one in errors.rows if "off" in plain(one[-1])] == off
    if off:
        figure = next(find_figures(blocks))
        assert [chart.title for chart in figure.charts] == off


def test_the_variance_of_each_model_is_cut_into_its_sources() -> None:
    study = bundles.study()
    bundle = bundles.made_of(study, variance=bundles.variance(study))
    (figure,) = find_figures(SECTIONS["variance"].view(bundle))
    shares = {
        (plain(row[0]), plain(row[2])): number(row[3]) for row in data_of(figure).rows
    }
    found = bundle.frame("variance").filter(metric="accuracy", family="random_forest")
    for source, share in found.select("source", "share").iter_rows():
        assert shares["Random forest", source] == pytest.approx(100 * share)
    assert "model seed (Random forest)" in plain(figure.result)
    *_, table = SECTIONS["variance"].view(bundle)
    assert len(table.rows) == bundle.frame("variance").height and table.id == "variance"


def test_without_data_nothing_is_shown() -> None:
    bare = Bundle(bundles.study(), {})
    assert [SECTIONS[name].view(bare) for name in ("variance", "drilldown")] == [()] * 2
    for name in ("ranking", "calibration"):
        assert panel(name, bundles.regression(), "diabetes") == ()
    assert (
        panel("fit", classification())
        == ()
        != panel("fit", bundles.regression(), "diabetes")
    )


def test_notes_keep_their_headings_lists_and_code() -> None:
    base = classification()
    notes = "# Head\n\nOne\nline with `code`.\n\n- a\n  b\n- c <i>"
    bundle = replace(base, provenance=replace(base.provenance, notes=notes))
    html = render_blocks(SECTIONS["provenance"].view(bundle))
    for part in (
        "<h3>Head</h3>",
        "One line with <code>code</code>.",
        "<li>a b</li>",
        "c &lt;i&gt;",
    ):
        assert part in html


@pytest.mark.parametrize("name", PANELS)
def test_every_figure_has_its_data_and_a_result_with_a_number_or_a_name(
    name: str,
) -> None:
    for bundle, dataset in (
        (classification(), "wine"),
        (bundles.regression(), "diabetes"),
    ):
        for figure in find_figures(panel(name, bundle, dataset)):
            table = data_of(figure)
            assert table.rows and {len(row) for row in table.rows} <= {
                1,
                len(table.columns),
            }
            assert plain(figure.result).endswith(".") and isinstance(figure, Figure)


def test_a_drill_down_is_small_however_many_rows_there_are() -> None:
    def size(rows: int) -> int:
        generator = np.random.default_rng(1)
        parts = []
        for family in ("svm", "random_forest"):
            truth, p = generator.integers(0, 2, rows), generator.beta(2, 2, rows)
            columns = {
                "row": np.arange(rows),
                "truth": np.array(["n", "y"])[truth],
                "label": np.array(["n", "y"])[(p > 0.5) * 1],
            }
            one = pl.DataFrame(columns).with_columns(
                dataset=pl.lit("wine"), family=pl.lit(family), variant=pl.lit("plain"), side=pl.lit("test"),
                repeat=pl.lit(0, pl.Int32), fold=(pl.col("row") % 5).cast(pl.Int32),
                p=pl.Series(np.column_stack([1 - p, p]).tolist(), dtype=pl.List(pl.Float64)),
                decision=pl.lit(None, pl.List(pl.Float64)),
            )  # fmt: skip
            parts.append(one.select(frames.CLASSIFICATION.names()))
        study = bundles.study(families={"svm": {}, "random_forest": {}})
        made = bundles.made_of(
            study, predictions=pl.concat(parts).to_dicts(),
            tables=bundles.tables(study, rows, 3, ["n", "y"]),
        )  # fmt: skip
        return len(render_blocks(SECTIONS["drilldown"].view(made)).encode())

    assert size(12_000) < 1.15 * size(1_000) < 70_000
