"""The page says of a diagnostic's numbers what they are: no more than was seen, and two things by two names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.core import frames
from bench.core.outcomes import encoded
from bench.diagnose import leakage
from bench.report.blocks import Details, Figure
from bench.report.bundle import Bundle
from bench.report.checklist import answers, items
from bench.report.panels.rows import hardest
from bench.report.plain import plain
from bench.report.sections.limits import limits_of
from bench.report.sections.overfitting import _beside
from bench.report.styles import styles_of
from tests.helpers import bundles
from tests.helpers.sparse import sparse


def with_findings(*rows: dict[str, Any]) -> Bundle:
    about = {
        "diagnostic": "leakage",
        "dataset": "wine",
        "severity": "note",
        "outcome": "passed",
        "code": "L.test_set",
    }
    made = sparse([about | row for row in rows], frames.FINDINGS)
    base = bundles.classification()
    return Bundle(base.study, dict(base.frames) | {"findings": made}, base.provenance)


@pytest.mark.parametrize(
    ("outcome", "state"), [("not_applicable", "open"), ("passed", "evidenced")]
)
def test_columns_that_came_picked_are_not_evidenced(outcome: str, state: str) -> None:
    details = encoded([leakage.say("selection_unknown")])
    made = with_findings(
        {"code": "L.feature_selection", "outcome": outcome, "details": details}
    )
    assert answers(made, [items()["L1.3"]])[0].state == state


def once(
    draws: int,
    repeats: int = 1,
    wrong: tuple[range, range] = (range(20), range(10, 30)),
) -> Bundle:
    """Two families on a hundred rows, each wrong on twenty of them, ten in common."""
    rows = [
        {"dataset": "wine", "family": family, "variant": "plain", "repeat": repeat, "fold": 0, "side": "test",
         "row": row, "truth": "a", "label": "b" if row in bad else "a", "p": None}
        for family, bad in zip(("svm", "knn"), wrong, strict=True)
        for repeat in range(repeats)
        for row in range(100)
    ]  # fmt: skip
    made = bundles.study(families={"svm": {}, "knn": {}})
    tables = [
        row | {"draws": draws} for row in bundles.tables(made, 100, 3, ["a", "b"])
    ]
    return bundles.made_of(made, predictions=rows, tables=tables)


def test_rows_that_both_miss_are_counted_and_simulated_rows_are_not_listed() -> None:
    for made in (once(0), once(0, repeats=2)):
        figure, listed = hardest(made, styles_of(made), "wine")
        assert isinstance(figure, Figure) and isinstance(listed, Details)
        assert plain(figure.result).startswith("Rows that all 2 models miss: 10 of 100")
    drawn = once(5, repeats=2)
    assert not list(hardest(drawn, styles_of(drawn), "wine"))


@pytest.mark.parametrize(("draws", "told"), [(0, True), (50, False)])
def test_a_simulation_draws_at_random(draws: int, told: bool) -> None:
    protocol = {
        "resampling": {"kind": "fixed_split", "train": "1-90", "test": "91-178"},
        "tuning": None,
        "seed": 7,
    }
    made = bundles.study(protocol=protocol)
    tables = [
        row | {"draws": draws} for row in bundles.tables(made, 178, 13, ["a", "b"])
    ]
    bundle = bundles.made_of(made, tables=tables)
    said = limits_of(bundle)
    assert any(one.startswith("Fixed splits") for one in said) == told


def test_one_setting_of_all_folds_and_the_best_of_each_are_two_numbers() -> None:
    about = {
        "dataset": "wine",
        "family": "svm",
        "variant": "explanation=tuned_on_test",
        "repeat": 0,
        "metric": "accuracy",
    }
    rows = [
        about
        | {
            "fold": fold,
            "candidate": c,
            "parameters": json.dumps({"C": c}),
            "value": value,
            "chosen": False,
        }
        for fold, values in enumerate([(0.9, 0.5), (0.4, 0.7)])
        for c, value in enumerate(values)
    ]
    made = bundles.made_of(bundles.study(), tuning=rows)
    found = _beside(made, "wine", "svm")
    assert found["one_by_test"] == pytest.approx(0.65) and found[
        "each_by_test"
    ] == pytest.approx(0.8)
