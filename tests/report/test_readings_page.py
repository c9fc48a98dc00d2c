"""A page whose study names readings of its protocol: the first line, and the table of all of them."""

from __future__ import annotations

from typing import Any

import pytest

from bench.claims import verdicts
from bench.comparisons import comparisons
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.sections.families import families
from bench.report.sections.readings import readings
from bench.report.styles import styles_of
from bench.report.text.advice import use
from bench.report.text.headline import comparison_line, headline
from tests.helpers import bundles

SPEC = bundles.wine()
CLAIM = {
    "where": "Table 1",
    "read": "source",
    "dataset": "wine",
    "metric": "accuracy",
    "unit": "percent",
    "tolerance": 1,
}
CLAIMS = [
    {"id": "svm", "kind": "value", "family": "svm", "value": "80.0"},
    {"id": "high", "kind": "range", "family": "random_forest", "above": "95"},
    {
        "id": "few",
        "kind": "count",
        "family": "svm",
        "at_most": "20",
        "of": 100,
        "unit": None,
        "metric": None,
    },
    {
        "id": "gap",
        "kind": "difference",
        "family": "random_forest",
        "against": "svm",
        "value": "17",
    },
]
BOTH = {
    "stated": {"title": "as it stands"},
    "other": {"title": "random folds", "datasets": {"wine": "other"}},
}


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """On the other dataset the numbers are those of the paper; on the first all are twenty points off."""
    return bundle_of(BOTH)


def bundle_of(readings: dict[str, Any]) -> Bundle:
    made = bundles.study(
        datasets={"wine": SPEC | {"title": "Wine"}, "other": SPEC | {"title": "Wine, random"}},
        claims=[CLAIM | claim for claim in CLAIMS], readings=readings, metrics={"primary": "accuracy"},
        protocol={"resampling": {"kind": "kfold", "folds": 5, "repeats": 2}, "tuning": None},
    )  # fmt: skip
    level = {"logistic_regression": 0.7, "random_forest": 0.97, "svm": 0.8}
    less = {"wine": 0.2, "other": 0.0}
    rows = [
        row
        | {
            "value": level[row["family"]]
            - less[row["dataset"]]
            + 1e-4 * row["repeat"] * level[row["family"]]
        }
        for row in bundles.scores(made, 100, lambda d, f, m: 0.5)
        if row["side"] == "test"
    ]
    base = bundles.made_of(
        made,
        tables=bundles.tables(made, 100, 4, ["a", "b"]),
        folds=bundles.folds(made, 100),
        scores=rows,
    )
    have = {
        name: base.frame(name) for name in ("tables", "folds", "scores", "failures")
    }
    judged = comparisons(made, have["tables"], have["folds"], have["scores"]).frames
    found = verdicts(
        made, have["tables"], have["folds"], have["scores"], judged["estimates"], have["failures"]
    )  # fmt: skip
    return Bundle(
        made, dict(base.frames) | judged | {"verdicts": found}, base.provenance
    )


def test_the_page_begins_with_the_reading_that_fits(bundle: Bundle) -> None:
    said = headline(bundle, styles_of(bundle))
    assert said.startswith(
        "The printed numbers match the reading “random folds”: 4 of 4 hold"
    )
    html = render(bundle)
    assert said in html.replace("&#34;", '"')
    assert '<section id="readings"' in html


def test_the_table_has_a_cell_for_each_reading(bundle: Bundle) -> None:
    view = readings(bundle)
    assert view.head[2:] == ("as it stands", "random folds")
    assert [row.published for row in view.rows] == [
        "80.0\u202f%",
        "above 95\u202f%",
        "at most 20 of 100",
        "17 pp",
    ]
    assert [cell.ours for cell in view.rows[3].cells] == ["17.0 pp", "17.0 pp"], (
        "a difference of shares is in points"
    )
    assert {row.cells[0].mark for row in view.rows[:3]} == {"not_reproduced"}
    assert {row.cells[1].mark for row in view.rows} <= {"reproduced", "exact"}


def test_a_family_that_only_stands_for_another_is_compared_with_none() -> None:
    """The forest, which has the best mean, is the SVM under another reading: it has its score, and no rival."""
    bundle = bundle_of(
        {
            "one": {"title": "SVM"},
            "two": {"title": "forest", "families": {"svm": "random_forest"}},
        }
    )
    standing = facts.standing(bundle, "wine", "accuracy")
    assert standing is not None and standing.best == "svm"
    assert "random_forest" not in {
        name for pair in facts.pairs(bundle, "wine", "accuracy") for name in pair
    }
    assert ("wine", "random_forest") in facts.estimates(bundle, "accuracy")
    styles = styles_of(bundle)
    forest = styles.family("random_forest").title
    assert forest not in use(bundle, styles) + comparison_line(bundle, styles)
    shown = {cell.title for cell in families(bundle).metrics[0].families}
    assert forest in shown and render(bundle)


def test_without_readings_there_is_no_section() -> None:
    assert '<section id="readings"' not in render(bundles.classification())
