"""The unit of a target decides nothing: judgements, tests, marks and advice are the same in any of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import bench
from bench.core.outcomes import codes
from tests.helpers.pages import section

#: 1 first: what the others are compared with.
FACTORS = (1.0, 1e-7, 1e-4, 1e6)
STUDY = """\
title: A target in some unit
task: regression
datasets:
  t: {{source: {{kind: csv, file: data/t.csv}}, target: y}}
clean: null
preprocess: null
protocol: {{resampling: {{kind: holdout, test_size: 0.3, repeats: 6}}, tuning: null, seed: 1}}
families: {{baseline: {{}}, ridge: {{}}, linear_regression: {{}}}}
metrics: {{primary: rmse, also: [mae, r2, mse]}}
compare: {{rope: {rope}, why: by hand}}
claims:
  - {{id: held, kind: value, dataset: t, family: ridge, metric: rmse, value: "{ours}", read: source, where: T,
     tolerance: {wide}}}
  - {{id: off, kind: value, dataset: t, family: linear_regression, metric: rmse, value: "{off}", read: source, where: T,
     tolerance: {narrow}}}
  - {{id: better, kind: better, dataset: t, family: ridge, against: baseline, metric: mse, read: source, where: T,
     tolerance: {square}}}
diagnostics: {{halves: null}}
"""
#: In the unit of factor 1.
NUMBERS = {
    "rope": 0.01, "ours": 1.7, "off": 2.9, "wide": 0.8, "narrow": 0.05, "square": 0.01,
}  # fmt: skip


def _project(folder: Path, factor: float) -> bench.Project:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(70, 3))
    y = factor * (x @ [2.0, -1.0, 0.5] + rng.normal(size=70) * 1.6)
    home = folder / "studies" / "s"
    (home / "data").mkdir(parents=True)
    rows = [",".join(map(repr, row)) for row in np.column_stack([x, y]).tolist()]
    (home / "data" / "t.csv").write_text("\n".join(["a,b,c,y", *rows]) + "\n")
    scaled = {
        name: f"{value * (factor**2 if name == 'square' else factor):.1e}"
        for name, value in NUMBERS.items()
    }
    (home / "study.yaml").write_text(STUDY.format(**scaled))
    (folder / "params.yaml").write_text("studies: [s]\nexecution: {workers: 1}\n")
    project = bench.Project(folder)
    for stage in ("fetch", "clean", "fit_cells", "judge", "report"):
        getattr(project, stage)("s")
    return project


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> list[bench.Project]:
    return [_project(tmp_path_factory.mktemp("scale"), factor) for factor in FACTORS]


def _frame(project: bench.Project, name: str) -> pl.DataFrame:
    return pl.read_parquet(project.paths.results("s") / f"{name}.parquet")


def _page(project: bench.Project) -> str:
    return (project.root / "reports" / "s" / "index.html").read_text()


def _words(html: str) -> str:
    """The text of a part of a page, every number as `#`: its unit is what differs."""
    text = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    text = re.sub(r"\b[0-9a-f]{10}\b", " ", text)  # fingerprints
    return " ".join(re.sub(r"[+−]?\d([\d.,\u202f]*\d)?(e[+−]?\d+)?", "#", text).split())


@pytest.mark.parametrize("place", range(1, len(FACTORS)))
def test_frames_are_the_same_in_any_unit(
    projects: list[bench.Project], place: int
) -> None:
    factor = FACTORS[place]
    power = {"rmse": 1, "mae": 1, "mse": 2, "r2": 0}
    ours, theirs = (
        _frame(one, "estimates").sort("family", "metric")
        for one in (projects[0], projects[place])
    )
    turned = [
        mean * factor ** power[metric]
        for mean, metric in ours.select("mean", "metric").iter_rows()
    ]
    assert theirs["mean"].to_list() == pytest.approx(turned, rel=1e-6)
    ours, theirs = (
        _frame(one, "pairs").sort("family", "against", "metric")
        for one in (projects[0], projects[place])
    )
    for column in ("p", "p_adjusted", "p_rope", "test", "cause"):
        if column in ours.columns:
            pairs = zip(ours[column].to_list(), theirs[column].to_list(), strict=True)
            for a, b in pairs:
                assert b == (
                    pytest.approx(a, rel=1e-6, abs=1e-9) if isinstance(a, float) else a
                ), column
    ours, theirs = (
        _frame(one, "verdicts").sort("claim") for one in (projects[0], projects[place])
    )
    for column in ("claim", "agreement", "evidence", "status"):
        assert ours[column].to_list() == theirs[column].to_list(), column
    assert [codes(one) for one in ours["reasons"]] == [
        codes(one) for one in theirs["reasons"]
    ]


@pytest.mark.parametrize("place", range(1, len(FACTORS)))
def test_the_page_says_the_same_in_any_unit(
    projects: list[bench.Project], place: int
) -> None:
    for name in ("overview", "families", "differences"):
        ours, theirs = (
            section(_page(one), name) for one in (projects[0], projects[place])
        )
        assert ours and _words(ours) == _words(theirs), name


def test_the_verdicts_are_no_accident(projects: list[bench.Project]) -> None:
    found = dict(
        _frame(projects[0], "verdicts").select("claim", "agreement").iter_rows()
    )
    assert (
        found["better"] == "reproduced"
        and found["off"] == "differs"
        and found["held"] == "reproduced"
    )
