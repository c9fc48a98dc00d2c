"""Every state of a results cell, and pages of degenerate studies."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.page import pages, render
from bench.report.sections import sections_on_a_dataset
from bench.report.sections.states import states
from tests.helpers import bundles
from tests.helpers.pages import Reader

KEY = {
    "dataset": "wine",
    "variant": "plain",
    "repeat": 0,
    "side": "test",
    "metric": "accuracy",
}


def failure(status: str, fold: int, reason: str) -> dict[str, Any]:
    return {
        "dataset": "wine",
        "family": "svm",
        "variant": "plain",
        "repeat": 0,
        "fold": fold,
        "status": status,
    } | {
        "stage": "fit",
        "reason": reason,
    }


def of_svm(
    values: list[float],
    metric: str = "accuracy",
    scored: str = "accuracy",
    **parts: bundles.Rows,
) -> list[str]:
    """The states of one family with these test scores in five folds."""
    made = bundles.study(
        protocol={
            "resampling": {"kind": "kfold", "folds": 5},
            "tuning": None,
            "seed": 1,
        }
    )
    rows = [
        KEY | {"family": "svm", "metric": scored, "fold": i, "value": v}
        for i, v in enumerate(values)
    ]
    bundle = bundles.made_of(made, scores=rows, folds=bundles.folds(made, 50), **parts)
    found = {f: e for (d, f), e in facts.estimates(bundle, metric).items()}
    return states(bundle, "wine", metric, ["svm"], found)["svm"]


def test_a_complete_cell_has_nothing_to_say() -> None:
    assert of_svm([0.9, 0.8, 0.9, 0.7, 0.9]) == []


@pytest.mark.parametrize(
    ("values", "failures", "expected"),
    [
        ([0.9, 0.8, 0.9], [], ["3 of 5 folds"]),
        ([], [], ["no runs"]),
        ([0.9] * 5, [], ["the same score in every fold"]),
        ([], [("failed", "MemoryError")] * 5, ["✕ failed, folds: 5 (MemoryError)"]),
        (
            [0.9, 0.8, 0.7],
            [("timeout", "60 s")] * 2,
            ["3 of 5 folds", "✕ timed out, folds: 2 (60 s)"],
        ),
        (
            [],
            [("failed", "a"), ("failed", "b")],
            ["✕ failed, folds: 2 (reasons: 2)"],
        ),
        (
            [0.9, 0.8, 0.9, 0.7, 0.9],
            [("warning", "ConvergenceWarning: did not converge")],
            ["not converged, folds: 1"],
        ),
    ],
)
def test_each_state_has_its_words(
    values: list[float], failures: list[tuple[str, str]], expected: list[str]
) -> None:
    rows = [failure(status, i, why) for i, (status, why) in enumerate(failures)]
    assert of_svm(values, failures=rows) == expected


def test_constant_predictions_are_named_beside_metrics_of_what_is_constant() -> None:
    """Of a classification that is the label alone: its probabilities may rank the rows."""
    row = {
        "diagnostic": "degenerate",
        "code": "S2",
        "outcome": "found",
        "dataset": "wine",
        "family": "svm",
    }
    values, metrics = (
        [0.9, 0.8, 0.9, 0.7, 0.9],
        ("accuracy", "rmse", "roc_auc", "log_loss"),
    )
    said = {
        metric: of_svm(values, metric, metric, findings=[row]) for metric in metrics
    }
    assert said == {
        "accuracy": ["one label for all rows"],
        "rmse": ["constant predictions"],
        "roc_auc": [],
        "log_loss": [],
    }


def test_a_metric_whose_runs_are_missing_is_defined_there() -> None:
    """Of a table of scores that has accuracies and lacks every RMSE of a model that others have."""
    key, values = (
        {"dataset": "wine", "family": "svm", "repeat": 0},
        [0.9, 0.8, 0.9, 0.7, 0.9],
    )
    missing = [key | {"metric": "rmse", "fold": fold} for fold in range(5)]
    assert of_svm(values, "rmse", missing_runs=missing) == ["runs missing"]
    assert of_svm(values, "r2", missing_runs=missing) == [
        "not applicable: undefined here"
    ]


def narrowed(base: Bundle, families: list[str]) -> Bundle:
    study = base.study.model_copy(
        update={"families": {f: (base.study.families or {})[f] for f in families}}
    )
    kept = dict(base.frames)
    for column in ("family", "against"):
        mine = pl.col(column).is_null() | pl.col(column).is_in(families)
        kept = {
            name: frame.filter(mine) if column in frame.columns else frame
            for name, frame in kept.items()
        }
    return Bundle(study, kept, base.provenance)


def one_family() -> Bundle:
    base = bundles.regression()
    return narrowed(base, [next(iter(base.families))])


def no_claims() -> Bundle:
    base = bundles.regression()
    return base.on(base.datasets[0])


def wide() -> Bundle:
    """Two thousand features and two hundred classes."""
    made = bundles.study("wide")
    classes = [f"class {i}" for i in range(200)]
    parts = bundles.profile(made, 600, ["x"], classes)
    parts["columns"] = [
        parts["columns"][0] | {"column": f"gene_{i}"} for i in range(2000)
    ]
    return bundles.made_of(
        made,
        scores=bundles.scores(made, 600, lambda d, f, m: 0.5),
        predictions=bundles.predictions(made, 600, classes),
        tables=bundles.tables(made, 600, 2000, classes),
        folds=bundles.folds(made, 600),
        **parts,
    )


def nothing() -> Bundle:
    return bundles.made_of(bundles.study("wide"))


def unsure() -> Bundle:
    """Labels alone: no family says how sure it is."""
    base = bundles.classification()
    bare = base.frame("predictions").with_columns(
        pl.lit(None).cast(pl.List(pl.Float64)).alias(c) for c in ("p", "decision")
    )
    return Bundle(base.study, base.frames | {"predictions": bare}, base.provenance)


#: All failed: `barren`; regression: a page of its own in every test of pages.
DEGENERATE = {
    "one_family": one_family, "no_claims": no_claims, "wide": wide, "nothing": nothing, "no_probabilities": unsure,
}  # fmt: skip


@cache
def page_of(name: str) -> str:
    """The page of a degenerate study."""
    return render(DEGENERATE[name]())


@pytest.mark.parametrize("name", DEGENERATE)
def test_a_degenerate_study_has_a_whole_page(name: str) -> None:
    html = page_of(name)
    page = Reader(html)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert len(html.encode()) < 1_200_000
    assert not re.search(r"\b(nan|inf)\b", "".join(page.text))


def test_a_study_of_many_datasets_has_a_page_for_each() -> None:
    bundle = bundles.many_sets()
    made = pages(bundle)
    assert list(made) == [
        "index.html",
        *(f"datasets/{name}.html" for name in bundle.datasets),
    ]
    links = [
        a["href"]
        for t, a in Reader(made["index.html"]).tags
        if t == "a" and (a["href"] or "").startswith("data")
    ]
    assert set(links) == set(made) - {"index.html"}
    one = Reader(made["datasets/set3.html"])
    sections = [a["id"] for t, a in one.tags if t == "section"]
    whole = bundle.on("set3")
    filled = [section.id for section in sections_on_a_dataset() if section.view(whole)]
    assert sections == ["overview", *filled, "figures"]
    assert {"families", "differences", "data"} <= set(sections)
    inside = [
        a["href"]
        for t, a in one.tags
        if t == "a" and not (a["href"] or "").startswith("#")
    ]
    own = {"../index.html", "../index.html#provenance", "../index.html#cite"}
    assert {link for link in inside if "glossary.html" not in link} == own
    assert "set4" not in "".join(one.text)


def test_six_datasets_stay_together() -> None:
    bundle = bundles.many_sets(6)
    assert not bundle.apart and list(pages(bundle)) == ["index.html"]
    assert bundles.many_sets(7).apart


def test_a_datasets_bundle_holds_its_rows_alone() -> None:
    whole = bundles.classification()
    one = whole.on("sonar")
    assert one.datasets == ("sonar",) and not one.apart
    for name, frame in one.frames.items():
        if "dataset" in frame.columns:
            assert set(frame["dataset"]) <= {"sonar"}, name
    assert facts.estimates(one, "accuracy") == {
        key: e
        for key, e in facts.estimates(whole, "accuracy").items()
        if key[0] == "sonar"
    }


def test_the_report_stage_writes_every_page_and_takes_away_those_of_lost_datasets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bench.project import pipeline as stages
    from bench.project.project import Project

    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text("studies: [many]\n")
    monkeypatch.setattr(stages, "bundle_of", lambda *_, **__: bundles.many_sets(8))
    page, headline, _ = stages.report(Project.here(), "many")
    there = sorted(
        path.relative_to("reports/many").as_posix()
        for path in Path("reports/many").rglob("*.html")
    )
    assert there == sorted(pages(bundles.many_sets(8))) and page == Path(
        "reports/many/index.html"
    )
    assert headline in page.read_text(encoding="utf-8")
    monkeypatch.setattr(stages, "bundle_of", lambda *_, **__: bundles.many_sets(2))
    stages.report(Project.here(), "many")
    assert [path.name for path in Path("reports/many").rglob("*.html")] == [
        "index.html"
    ]
