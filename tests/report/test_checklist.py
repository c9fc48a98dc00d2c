"""The checklists: the published numbers, and what answers an item."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.cli.app import main
from bench.core import frames
from bench.core.findings import Outcome
from bench.core.outcomes import encoded
from bench.diagnose import DIAGNOSTICS
from bench.report.bundle import FRAMES, Bundle
from bench.report.checklist import answers, counts, in_order, items
from bench.report.page import render
from bench.report.sections import SECTIONS
from tests.helpers import bundles
from tests.helpers.sparse import sparse

FOUND, PASSED, DESIGN, NONE = (
    Outcome.FOUND, Outcome.PASSED, Outcome.BY_CONSTRUCTION, Outcome.NOT_APPLICABLE,
)  # fmt: skip


def study_of(outcomes: list[Outcome], said: str, item: str) -> Bundle:
    made = bundles.leave_one_out()
    rows = [
        {"code": "L.test_set", "diagnostic": "leakage", "outcome": one, "severity": "note", "details": encoded([])}
        for one in outcomes
    ]  # fmt: skip
    findings = {"findings": sparse(rows, frames.FINDINGS)}
    study = made.study.model_copy(update={"checklist": {item: said}})
    return Bundle(study, dict(made.frames) | findings, made.provenance)


def test_numbers_are_those_of_the_papers_and_what_answers_exists() -> None:
    reforms, leakage = in_order()
    first = [item.id[0] for item in reforms.items]
    assert [first.count(str(n)) for n in range(1, 9)] == [3, 5, 7, 3, 6, 3, 3, 2]
    assert [item.id for item in leakage.items] == [
        "L1.1", "L1.2", "L1.3", "L1.4", "L2", "L3.1", "L3.2", "L3.3",
    ]  # fmt: skip
    codes = {one.code for one in DIAGNOSTICS.values()}
    codes |= {f"L.{part}" for part in DIAGNOSTICS["leakage"].parts}
    for item in items().values():
        assert set(item.codes) <= codes
        assert set(item.frames) <= set(FRAMES)
        assert item.shown in SECTIONS


@pytest.mark.parametrize(
    ("item", "outcomes", "said", "state", "section"),
    [
        ("L1.1", [PASSED, DESIGN], "Yes.", "evidenced", "findings"),
        ("L1.1", [PASSED, FOUND], "", "open", "findings"),
        ("L1.1", [PASSED, FOUND], "On purpose.", "stated", "findings"),
        ("L1.1", [PASSED, NONE], "", "open", "findings"),
        ("L1.1", [], "", "open", ""),
        ("L1.1", [], "  ", "open", ""),
        ("7b", [], "", "evidenced", "families"),
        ("1b", [PASSED], "", "open", ""),
        ("1b", [PASSED], "Wines, because <they> keep.", "stated", ""),
    ],
)
def test_what_answers_an_item(
    item: str, outcomes: list[Outcome], said: str, state: str, section: str
) -> None:
    bundle = study_of(outcomes, said, item)
    (answer,) = answers(bundle, [items()[item]])
    assert (answer.state, answer.section) == (state, section)
    given = answers(bundle, tuple(items().values()))
    assert sum(counts(given).values()) == len(items())
    assert said.strip().replace("<", "&lt;").replace(">", "&gt;") in render(bundle)


def test_an_unknown_item_has_file_line_and_the_nearest_number(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy + 'checklist: {1a: "Twonorms.", L4.1: "Who knows"}\n')
    assert main(["check", "toy"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "checklist.L4.1: unknown item L4.1; did you mean L3.1?" in said
    assert "studies/toy/study.yaml:" in said
