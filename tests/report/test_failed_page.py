"""A page with failed cells: what rests on a stand-in is marked in words, and the order without it is told."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import pytest
from markupsafe import escape

from bench.comparisons import comparisons
from bench.core import frames
from bench.diagnose import DiagnosticEvidence, findings
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.first.tiles import leaks
from bench.report.page import render
from bench.report.plain import plain
from bench.report.sections.states import INCLUDED
from tests.helpers import bundles
from tests.helpers.pages import Reader, figures

#: What stands in for failed fits.
SPEC = bundles.wine()


def failing(sets: int = 1, lost: tuple[int, ...] = (0, 3)) -> Bundle:
    """svm is the best by far where it works, and lost some folds of the first repeat of the first dataset."""
    names = ["wine", "sonar", "vehicle"][:sets]
    made = bundles.study(
        datasets={name: SPEC | {"title": name.capitalize()} for name in names},
        metrics={"primary": "accuracy"},
        protocol={
            "resampling": {"kind": "kfold", "folds": 5, "repeats": 2},
            "tuning": None,
        },
    )
    level = {"logistic_regression": 0.8, "random_forest": 0.75, "svm": 0.9}
    rows = [
        r
        for r in bundles.scores(made, 178, lambda d, f, m: level[f])
        if r["side"] == "test"
    ]

    def is_lost(row: dict[str, Any]) -> bool:
        return (row["dataset"], row["family"], row["repeat"]) == (
            "wine",
            "svm",
            0,
        ) and row["fold"] in lost

    gone = [row for row in rows if is_lost(row)]
    kept = [row for row in rows if not is_lost(row)] + [
        row | {"variant": "fallback", "value": 0.2} for row in gone
    ]
    failures = [
        {name: row[name] for name in ("dataset", "family", "variant", "repeat", "fold")}
        | {
            "status": "timeout",
            "stage": "fit",
            "reason": "took longer than 60 s",
            "policy": "the commonest class",
        }
        for row in gone
    ]
    base = bundles.made_of(
        made,
        tables=bundles.tables(made, 178, 4, ["a", "b"]),
        folds=bundles.folds(made, 178),
        scores=kept,
        failures=failures,
    )
    have = {
        name: base.frame(name)
        for name in ("tables", "folds", "scores", "tuning", "predictions", "failures")
    }
    judged = {
        **comparisons(made, have["tables"], have["folds"], have["scores"]).frames,
        "findings": findings(DiagnosticEvidence(
            made, have["tables"], have["folds"], have["scores"], have["tuning"], have["predictions"],
            frames.empty(frames.REMARKS), have["failures"], frames.empty(frames.DUPLICATES),
        )),
    }  # fmt: skip
    return Bundle(made, dict(base.frames) | judged, base.provenance)


def section(html: str, name: str) -> str:
    return html.split(f'<section id="{name}"')[1].split("</section>")[0]


@pytest.mark.parametrize("sets", [1, 3])
def test_the_page_is_whole(sets: int) -> None:
    html = render(failing(sets))
    page = Reader(html)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_a_score_with_stand_ins_is_marked_in_words() -> None:
    html = render(failing())
    assert len(re.findall(r"† [^<]*2 of 10 folds", html)) == 1
    assert escape(INCLUDED) in section(html, "families")
    pairs = section(html, "differences")
    assert escape(INCLUDED) in pairs
    numbers = section(html, "figures")
    assert escape(INCLUDED) in numbers
    table = numbers.split("<caption>Every pair on")[1].split("</table>")[0]
    assert table.count("†") == 2, "both pairs of svm, not the third"


def test_the_first_screen_says_what_the_conclusion_hangs_on() -> None:
    said = [plain(one) for one in leaks(failing()).reasons]
    assert any(figures(one) == ["2"] and "failed fits" in one for one in said)


def test_train_and_test_are_of_the_same_folds() -> None:
    """A gap between train scores and stand-ins would be no family's."""
    bundle = failing()
    own = facts.estimates(bundle, "accuracy", own=True)["wine", "svm"]
    mean = bundle.plain("scores").filter(pl.col("family") == "svm")["value"].mean()
    assert own.value == pytest.approx(mean) and own.fallbacks == 0


def test_a_study_without_failures_has_no_word_of_it() -> None:
    html = render(failing(lost=()))
    assert (
        "†" not in html
        and "failed fits change" not in html
        and "Failed fits" not in html
    )
