"""What the page says of findings: what was seen, why it matters, what to do; and the fall from train to outer test."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bench.core import frames
from bench.core.findings import FindingRow
from bench.core.outcomes import encoded
from bench.diagnose import DIAGNOSTICS, leakage, numbers
from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.sections.findings import alarms, findings, number_words
from bench.report.text import findings as text
from bench.report.text.findings import ELSEWHERE, none_warns, troubled
from bench.text.refusals import Incompatible
from bench.text.words import measure, with_code
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


def test_alarms_come_first_and_open() -> None:
    said = findings(bundle())
    (first,), (second,) = said.found, said.folded
    assert (first.title, first.alarm) == (DIAGNOSTICS["file_order"].title, True)
    assert (second.title, second.alarm) == (DIAGNOSTICS["grid_edge"].title, False)
    assert "<code>group</code>" in first.what_to_do
    assert said.passed == [DIAGNOSTICS["near_duplicates"].title]


def test_the_page_gives_reason_and_advice() -> None:
    html = render(bundle())
    section = html.split('<section id="findings"')[1].split("</section>")[0]
    diagnostic = DIAGNOSTICS["file_order"]
    for words in (
        "said by file_order",
        with_code(diagnostic.why),
        with_code(diagnostic.what_to_do),
    ):
        assert words in section


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
            "random folds better by: +4.0 pp [+1.0 pp, +7.0 pp]",
        ),
        ("tuning_optimism", {"estimate": -0.012}, "tuning optimism: \u22120.012"),
        (
            "permuted_labels",
            {"estimate": 0.84},
            "how often chance does as well: p = 0.84",
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

    assert (
        "(the mean squared distance between consecutive rows is smaller than in random orders by: 80.0\u202f%)"
        in render(bundle())
    )
    show_findings(bundle().frame("findings"), "accuracy")
    assert (
        "(the mean squared distance between consecutive rows is smaller than in random orders by: 80.0\u202f%)"
        in " ".join(re.split(r"\n *", capsys.readouterr().out))
    )


def test_the_top_of_a_page_names_each_alarm_and_its_dataset_or_says_that_there_is_none() -> (
    None
):
    whole = bundles.classification()

    def top(*found: tuple[str, str, str]) -> str:
        rows = [
            {
                "code": DIAGNOSTICS[name].code,
                "diagnostic": name,
                "dataset": place,
                "outcome": "found",
                "severity": severity,
            }
            for name, place, severity in found
        ]
        quiet = [
            {
                "code": "L7",
                "diagnostic": "file_order",
                "dataset": "wine",
                "outcome": "passed",
            }
        ]
        told = dict(whole.frames) | {"findings": sparse(rows + quiet, frames.FINDINGS)}
        return alarms(Bundle(whole.study, told, whole.provenance))

    assert (
        top()
        == top(("file_order", "wine", "note"))
        == none_warns(troubled(1, converged=False))
    )
    said = top(
        ("duplicates_across", "sonar", "serious"),
        ("file_order", "wine", "warning"),
        ("file_order", "sonar", "warning"),
    )
    assert said.startswith(
        "‼ 1 serious warning: Exact duplicates across the split (on Sonar, mines and rocks). ! 2 warnings: "
    )
    assert said.endswith(
        f" (on Wine and Sonar, mines and rocks). {troubled(1, converged=False)}."
    )
    assert alarms(Bundle(whole.study, {}, whole.provenance)) == ""


def test_where_nothing_was_fitted_no_warning_is_no_sign_of_no_leak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = bundles.classification()
    quiet = [
        {
            "code": "L7",
            "diagnostic": "file_order",
            "dataset": "wine",
            "outcome": "passed",
        }
    ]
    made = Bundle(
        whole.study, {"findings": sparse(quiet, frames.FINDINGS)}, whole.provenance
    )
    assert alarms(made) == none_warns("")
    monkeypatch.setattr("bench.study.models.Study.fits", property(lambda self: False))
    assert alarms(made) == ELSEWHERE


def test_a_fault_that_the_study_makes_is_said_to_be_meant() -> None:
    by_itself = encoded([leakage.SourceSelected()])
    for details, meant in (
        (by_itself, True),
        (encoded([leakage.GroupIgnored("patient", "kfold")]), False),
    ):
        said = alarms(bundle([row("leakage", severity="warning", details=details)]))
        assert (text.ON_PURPOSE in said) == meant
