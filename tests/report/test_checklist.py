"""The checklist: the published numbers, evidence that a run holds, the author's words, and nothing made up."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bench.cli.app import main
from bench.core import frames
from bench.core.outcomes import encoded
from bench.diagnose import leakage
from bench.report.bundle import Bundle
from bench.report.checklist import CHECKLISTS, counts, filled, items
from bench.report.page import render
from bench.report.sections import SECTIONS
from bench.report.text.evidence import settled
from bench.study.preregistration import settled as kept
from bench.text import formats
from bench.text.sentences import sentence
from tests.helpers import bundles
from tests.helpers.sparse import sparse

#: Items that ask why, or for what only an author knows: 1 goals, sampling frame, use, representative, model types.
MOTIVES = {"1a", "1b", "1c", "3b", "3c", "3g", "5b"}


def with_(bundle: Bundle, **changes: object) -> Bundle:
    return Bundle(
        bundle.study.model_copy(update=changes), bundle.frames, bundle.provenance
    )


def state(bundle: Bundle, item: str) -> str:
    return next(one.state for one in filled(bundle) if one.item.id == item)


def test_the_numbers_are_those_of_the_papers() -> None:
    reforms = [item.id for item in CHECKLISTS["REFORMS"].items]
    sizes = [sum(name[0] == str(module) for name in reforms) for module in range(1, 9)]
    assert (len(reforms), sizes) == (32, [3, 5, 7, 3, 6, 3, 3, 2])
    leaks = [item.id for item in CHECKLISTS["Leakage"].items]
    assert leaks == ["L1.1", "L1.2", "L1.3", "L1.4", "L2", "L3.1", "L3.2", "L3.3"]


@pytest.mark.parametrize("name", bundles.ALL)
def test_motives_are_never_made_up_and_links_lead_to_sections(name: str) -> None:
    answers = filled(bundles.ALL[name]())
    assert [one.item.id for one in answers] == list(items())
    assert {one.item.id for one in answers if one.item.evidence is None} == MOTIVES
    assert all(one.state == "open" for one in answers if one.item.id in MOTIVES)
    assert {one.evidence.section for one in answers if one.evidence} <= set(SECTIONS)
    assert sum(counts(answers).values()) == len(items())


def test_evidence_follows_the_run() -> None:
    bundle = bundles.classification()
    assert state(bundle, "3f") == "evidenced"
    gaps = bundle.frame("columns").with_columns(missing=pl.lit(3, pl.Int64))
    holed = Bundle(
        bundle.study, dict(bundle.frames) | {"columns": gaps}, bundle.provenance
    )
    shown = next(one for one in filled(holed) if one.item.id == "3f")
    assert shown.state == "open"
    assert shown.evidence is not None
    text = shown.evidence.text.replace(formats.THIN, " ")
    assert text.startswith(
        "54 of 3 204 values (1.7 %)"
    )  # 3 in each of 6 columns of 3 sets; 6 × 3 × 178 cells
    assert (
        state(bundle, "4a") == "open"
    )  # two rows were dropped: why is the author's to say
    kept = Bundle(
        bundle.study,
        dict(bundle.frames) | {"cleaning": frames.empty(frames.CLEANING)},
        bundle.provenance,
    )
    assert state(kept, "4a") == "evidenced"


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("passed", "evidenced"),
        ("by_construction", "evidenced"),
        ("found", "open"),
        ("not_applicable", "open"),
    ],
)
def test_a_leak_that_is_found_leaves_its_item_open(outcome: str, expected: str) -> None:
    bundle = bundles.leave_one_out()
    details = encoded([leakage.RowsApart(9)])
    row = {
        "code": "L.test_set",
        "diagnostic": "leakage",
        "dataset": "wine",
        "outcome": outcome,
    }
    made = Bundle(
        bundle.study,
        dict(bundle.frames)
        | {"findings": sparse([row | {"details": details}], frames.FINDINGS)},
    )
    shown = next(one for one in filled(made) if one.item.id == "L1.1")
    assert shown.state == expected
    assert shown.evidence is not None
    design, passed = settled(0).capitalize(), settled(1)
    reasons = {"by_construction": f"{design}.", "passed": f"{passed}."}
    assert shown.evidence.text == reasons.get(
        outcome, f"By {sentence(leakage.RowsApart(9)).removeprefix('by ')}."
    )


@pytest.mark.parametrize(("severity", "named"), [("serious", True), ("note", False)])
def test_rows_kept_apart_do_not_hide_another_leak(severity: str, named: bool) -> None:
    bundle, apart = bundles.leave_one_out(), encoded([leakage.RowsApart(9)])
    rows = [
        {"code": "L.test_set", "outcome": "passed", "details": apart},
        {
            "code": "L.feature_selection",
            "outcome": "found",
            "severity": severity,
            "details": encoded([]),
        },
    ]
    found = sparse(
        [row | {"diagnostic": "leakage", "dataset": "wine"} for row in rows],
        frames.FINDINGS,
    )
    made = Bundle(bundle.study, dict(bundle.frames) | {"findings": found})
    shown = next(one for one in filled(made) if one.item.id == "L1.1")
    assert shown.evidence is not None
    assert ("L1.3" in shown.evidence.text) == named


def test_what_the_author_says_is_shown_beside_and_decides_nothing() -> None:
    plain = bundles.leave_one_out()
    said = with_(
        plain,
        checklist={
            "1b": "Wines, because <they> keep.",
            "2a": "Also on the shelf.",
            "3c": "  ",
        },
    )
    assert [state(said, item) for item in ("1b", "2a", "3c")] == [
        "stated",
        "evidenced",
        "open",
    ]
    page = render(said)
    assert "Wines, because &lt;they&gt; keep." in page
    assert "Also on the shelf." in page
    assert kept(said.study) == kept(plain.study)
    head = re.search(r'id="checklist".*?<p>(.*?)</p>', page, flags=re.DOTALL)
    found = counts(filled(said))
    assert head is not None
    assert re.sub("<.*?>", "", head[1]).startswith(
        f"{found['evidenced']} evidenced, {found['stated']} stated, {found['open']} open."
    )


def test_an_unknown_item_has_file_line_and_the_nearest_number(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy + 'checklist: {1a: "Twonorms.", L4.1: "Who knows"}\n')
    assert main(["check", "toy"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "checklist.L4.1: unknown item L4.1; did you mean L3.1?" in said
    assert "studies/toy/study.yaml:" in said
