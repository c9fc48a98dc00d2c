"""Studies with cells that fail, from YAML to page: what stands in is stored, used, marked, and told what it changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bench.cli.app import main
from bench.core.outcomes import decoded
from bench.diagnose.failed_cells import Lost

STUDY = """
title: A flaky family
task: classification
datasets:
  toy: {source: {kind: synthetic, name: twonorm, rows: 120, seed: 3}, target: target}
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 5, repeats: 2}, tuning: null, seed: 0}
families:
  baseline: {}
  knn: {n_neighbors: 1}
  odd: {estimator: flaky_family.Flaky}
metrics: {primary: accuracy, also: [roc_auc]}
diagnostics: {halves: null}
tolerance: {accuracy: 0.2, why: "a toy"}
claims:
  - {id: odd, kind: value, dataset: toy, family: odd, metric: accuracy, value: "0.95", unit: fraction, where: "nowhere",
     read: source}
"""


@pytest.fixture
def made(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Path]:
    """A maker of projects that trust the flaky family."""
    here = str(Path(__file__).parents[1] / "packages")
    monkeypatch.syspath_prepend(here)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])
    )

    def make(text: str) -> Path:
        root = project(toy=text)
        params = root / "params.yaml"
        params.write_text(params.read_text() + "trusted: [flaky_family]\n")
        return root

    return make


def go(*stages: str) -> list[int]:
    return [main([stage, "toy"]) for stage in stages]


def frame(root: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(root / "results" / "toy" / f"{name}.parquet")


def page_of(root: Path) -> str:
    return (root / "reports" / "toy" / "index.html").read_text()


def test_f29_a_flaky_family(made: Callable[[str], Path]) -> None:
    root = made(STUDY)
    assert go("fetch", "clean", "run", "judge", "report") == [0, 0, 4, 0, 0]
    failures, predictions, scores = (
        frame(root, name) for name in ("failures", "predictions", "scores")
    )
    lost = set(failures.select("repeat", "fold").iter_rows())
    assert 0 < len(lost) < 10 and set(failures["family"]) == {"odd"}
    instead = predictions.filter(pl.col("variant") == "fallback").drop(
        "family", "variant"
    )
    baseline = predictions.filter(
        pl.col("family") == "baseline", pl.col("side") == "test"
    ).drop("family", "variant")
    assert instead.equals(
        baseline.join(
            failures.select("repeat", "fold"), on=["repeat", "fold"], how="semi"
        )
    )

    test = scores.filter(pl.col("side") == "test", pl.col("metric") == "accuracy")
    both = test.filter(pl.col("family") == "odd")
    own = both.filter(pl.col("variant") == "plain")
    assert len(both) == 10 and len(own) == 10 - len(lost)
    compared = frame(root, "estimates").filter(pl.col("metric") == "accuracy")
    row = compared.filter(pl.col("family") == "odd").row(0, named=True)
    assert (row["mean"], row["fallbacks"]) == (
        pytest.approx(both["value"].mean()),
        len(lost),
    )
    auc = test.clear().vstack(
        scores.filter(pl.col("metric") == "roc_auc", pl.col("variant") == "fallback")
    )
    assert set(auc["value"]) == {0.5}
    verdict = frame(root, "verdicts").row(0, named=True)
    assert (verdict["status"], verdict["agreement"]) == ("failed", None)

    page = page_of(root)
    assert f"† baseline&#39;s score in {len(lost)} of 10 folds" in page
    assert "the commonest class of its training rows" in page


def test_f27_a_family_all_of_whose_cells_fail_keeps_its_place(
    made: Callable[[str], Path],
) -> None:
    root = made(STUDY.replace("Flaky", "Broken"))
    assert go("fetch", "clean", "run", "judge", "report") == [0, 0, 4, 0, 0]
    compared = frame(root, "estimates").filter(pl.col("metric") == "accuracy")
    shown = {row["family"]: row for row in compared.iter_rows(named=True)}
    assert shown["odd"]["fallbacks"] == 10
    assert shown["odd"]["mean"] == shown["baseline"]["mean"]
    page = page_of(root)
    assert "† baseline&#39;s score in 10 of 10 folds" in page
    findings = frame(root, "findings")["details"].drop_nulls()
    assert Lost(10, 10) in [one for details in findings for one in decoded(details)]
    assert frame(root, "verdicts")["agreement"].to_list() == [None]
