"""What the page says of findings: what was seen, why it matters, what to do; and the fall from train to outer test."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bench.core import frames
from bench.core.findings import FindingRow
from bench.core.outcomes import encoded
from bench.diagnose import DIAGNOSTICS, calibration, leakage, numbers
from bench.report.blocks import Block, Paragraph, Table, walk
from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.plain import plain
from bench.report.sections.findings import ELSEWHERE, alarms, findings, number_words
from bench.text.refusals import Incompatible
from bench.text.words import measure
from tests.helpers import bundles
from tests.helpers.sparse import sparse


def row(diagnostic: str, outcome: str = "found", **more: Any) -> dict[str, Any]:
    return {"code": DIAGNOSTICS[diagnostic].code, "diagnostic": diagnostic, "dataset": "wine", "outcome": outcome,
            "severity": "note", "details": encoded([Incompatible(f"said by {diagnostic}")])} | more  # fmt: skip


def level(code: str, estimate: float, **more: Any) -> dict[str, Any]:
    return (
        row("waterfall", "passed", family="svm", estimate=estimate)
        | {"code": f"O4.{code}"}
        | more
    )


ROWS = [
    row("file_order", severity="warning", estimate=0.8),
    row("grid_edge", family="svm"),
    row("near_duplicates", "passed", estimate=0.0),
    row("repeats", "passed", family="svm", estimate=0.004),
    level("train", 0.99), level("flat", 0.95), level("inner", 0.96), level("outer", 0.93), level("baseline", 0.4),
    level("train_to_flat", 0.04, low=0.03, high=0.05), level("flat_to_inner", -0.01), level("inner_to_outer", 0.03),
    level("outer_to_baseline", 0.53),
]  # fmt: skip


def finding(diagnostic: str, **numbers: float) -> FindingRow:
    (found,) = frames.records(
        sparse([row(diagnostic, **numbers)], frames.FINDINGS), FindingRow
    )
    return found


def bundle(rows: list[dict[str, Any]] = ROWS) -> Bundle:
    base = bundles.classification()
    return Bundle(
        base.study,
        dict(base.frames) | {"findings": sparse(rows, frames.FINDINGS)},
        base.provenance,
    )


def test_alarms_come_first_with_reason_cause_and_remedy() -> None:
    said, found, *folds = findings(bundle())
    assert isinstance(found, Table) and isinstance(said, Paragraph)
    first, second = found.rows
    assert plain(first[0]).startswith(f"▲ warning: {DIAGNOSTICS['file_order'].title}")
    assert "said by file_order" in plain(first[1])
    assert plain(first[2]) == DIAGNOSTICS["file_order"].what_to_do.replace("`", "")
    assert "note" in plain(second[0]) and "Code(text='group')" in str(first[2])
    (other,) = tables(folds)
    assert [plain(row[0]) for row in other.rows] == [
        DIAGNOSTICS["near_duplicates"].title
    ]


def tables(blocks: list[Block]) -> list[Table]:
    return [one for one in walk(blocks) if isinstance(one, Table)]


def test_every_number_says_what_it_is() -> None:
    """Each diagnostic whose findings carry a number names it, but for remarks on the data, which each say their own."""
    assert set(DIAGNOSTICS) - set(numbers()) == {"data_remarks"}


@pytest.mark.parametrize(
    ("diagnostic", "estimates", "words"),
    [
        (
            "file_order",
            {"estimate": 0.832},
            "the mean squared distance between consecutive rows is smaller than in random orders by: 83.2\u202f%",
        ),
        (
            "split_gap",
            {"estimate": 0.04, "low": 0.01, "high": 0.07},
            "random folds better by: +4.0\u00a0pp [+1.0, +7.0]",
        ),
        ("tuning_optimism", {"estimate": -0.012}, "tuning optimism: \u22120.012"),
        (
            "permuted_labels",
            {"estimate": 0.84},
            "how often chance does as well: 0.84",
        ),
        ("biased_test", {"estimate": 5.123}, ""),
        ("data_remarks", {"estimate": 3.0}, ""),
        ("grid_edge", {}, ""),
    ],
)
def test_a_number_in_its_unit(
    diagnostic: str, estimates: dict[str, float], words: str
) -> None:
    assert number_words(finding(diagnostic, **estimates), measure("accuracy")) == words


def test_a_difference_of_errors_has_their_unit() -> None:
    assert (
        number_words(finding("train_test_gap", estimate=2.5), measure("rmse"))
        == "train-test gap: +2.500"
    )


def test_the_page_and_the_terminal_name_the_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bench.cli.show import show_findings

    words = "(the mean squared distance between consecutive rows is smaller than in random orders by: 80.0\u202f%)"
    assert words in render(bundle()).replace('<span class="value">', "").replace(
        "</span>", ""
    )
    show_findings(bundle().frame("findings"), "accuracy")
    assert words in " ".join(re.split(r"\n *", capsys.readouterr().out))


def test_the_top_of_a_page_names_each_alarm_and_its_dataset_or_counts_the_notes() -> (
    None
):
    quiet = row("file_order", "passed")
    assert alarms(bundle([quiet])).startswith("No check gives a warning.")
    noted = alarms(bundle([quiet, row("grid_edge", family="svm")]))
    assert f"Notes: 1, first: {DIAGNOSTICS['grid_edge'].title}." in noted
    said = alarms(
        bundle(
            [
                row("duplicates_across", dataset="sonar", severity="serious"),
                row("file_order", severity="warning"),
                row("file_order", dataset="sonar", severity="warning"),
            ]
        )
    )
    assert said.startswith(
        "Serious warnings: 1 (Exact duplicates across the split on Sonar, mines and rocks). Warnings: 2 ("
    )
    assert said.endswith("Scored fits that gave a convergence warning: 1.")
    assert alarms(Bundle(bundles.study(), {})) == ""


def test_where_nothing_was_fitted_no_warning_is_no_sign_of_no_leak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = bundle([row("file_order", "passed")])
    assert ELSEWHERE not in alarms(made)
    monkeypatch.setattr("bench.study.models.Study.fits", property(lambda self: False))
    assert alarms(made).startswith(ELSEWHERE)


def test_what_could_not_be_checked_says_why_and_of_what() -> None:
    """What holds by construction is not counted as passed; a check that some models passed names the others."""
    votes = encoded([calibration.say("hard_votes")])
    inside = encoded([leakage.say("fitted_inside")])
    said, *folds = findings(bundle([
        row("calibration", "passed", family="svm"),
        row("calibration", "not_applicable", family="lda", details=votes),
        row("leakage", "by_construction", code="L.test_set", details=inside),
    ]))  # fmt: skip
    assert "Checks that found nothing: 1." in plain(said.pieces)  # type: ignore[union-attr]
    (other,) = tables(folds)
    assert [(plain(about), plain(result)[0]) for _, about, result in other.rows] == [
        ("Wine: Support vector machine (RBF)", "✓"),
        ("Wine", "✓"),
        ("Wine: lda", "–"),
    ]


def test_a_fault_that_the_study_makes_is_said_to_be_meant() -> None:
    by_itself = encoded([leakage.say("source_selected")])
    for details, meant in (
        (by_itself, True),
        (
            encoded([leakage.say("group_ignored", group="patient", protocol="kfold")]),
            False,
        ),
    ):
        said = alarms(bundle([row("leakage", severity="warning", details=details)]))
        assert ("on purpose" in said) == meant
