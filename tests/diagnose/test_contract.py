"""The contract of every diagnostic: silent on its healthy case, found on its sick one, and whole in its own file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import bench.diagnose
from bench.core import frames
from bench.core.findings import Outcome, Severity
from bench.core.outcomes import decoded, encoded
from bench.core.registry import Registry
from bench.diagnose import DIAGNOSTICS, Diagnostic, budgets
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import NumberShown
from bench.diagnose.run_all import answers, row_of
from bench.text.sentences import sentence

ALL = pytest.mark.parametrize("diagnostic", DIAGNOSTICS.values(), ids=list(DIAGNOSTICS))
OPTIONAL = pytest.mark.parametrize(
    "name", [one.name for one in DIAGNOSTICS.values() if not one.required]
)


def is_whole(diagnostic: Diagnostic) -> None:
    """It says everything about itself, and its codes and sentences are its own."""
    assert all(
        (diagnostic.title, diagnostic.code, diagnostic.why, diagnostic.what_to_do)
    )
    if diagnostic.sick is not None:
        assert diagnostic.question, "a finding raises a question"
    assert not (diagnostic.budget and diagnostic.fact), "a fact needs no budget"
    assert diagnostic.budget <= 0.05


def is_silent_on_the_healthy(diagnostic: Diagnostic) -> None:
    """Nothing is found, something has passed, and every statement has a sentence and comes back from JSON."""
    findings = answers(diagnostic, diagnostic.healthy().evidence())
    outcomes = {finding.outcome for finding in findings}
    assert Outcome.FOUND not in outcomes, findings
    assert Outcome.PASSED in outcomes, findings
    for finding in findings:
        assert finding.statements
        assert decoded(encoded(finding.statements)) == finding.statements
        assert all(sentence(statement) for statement in finding.statements)


def finds_the_sick(diagnostic: Diagnostic) -> None:
    """Something is found; an alarm only where the diagnostic has a budget for it or states facts."""
    assert diagnostic.sick is not None
    findings = answers(diagnostic, diagnostic.sick().evidence())
    found = [finding for finding in findings if finding.outcome is Outcome.FOUND]
    assert found
    assert all(finding.dataset == "toy" and finding.statements for finding in found)
    if not diagnostic.budget and not diagnostic.fact:
        assert {finding.severity for finding in found} == {Severity.NOTE}, (
            "an alarm needs a part of the budget"
        )


@ALL
def test_a_diagnostic_is_whole(diagnostic: Diagnostic) -> None:
    is_whole(diagnostic)
    assert [one.code for one in DIAGNOSTICS.values()].count(diagnostic.code) == 1


@pytest.mark.parametrize(
    "diagnostic",
    [one for one in DIAGNOSTICS.values() if not one.required],
    ids=lambda d: d.name,
)
def test_silent_on_a_healthy_study(diagnostic: Diagnostic) -> None:
    is_silent_on_the_healthy(diagnostic)


@pytest.mark.parametrize(
    "diagnostic",
    [d for d in DIAGNOSTICS.values() if d.sick is not None],
    ids=lambda d: d.name,
)
def test_finds_what_is_wrong_with_a_sick_study(diagnostic: Diagnostic) -> None:
    finds_the_sick(diagnostic)


def test_what_never_finds_anything_is_known() -> None:
    without = {one.name for one in DIAGNOSTICS.values() if one.sick is None}
    assert without == {
        "failed_cells",
        "repeats",
        "selection",
        "variance_budget",
        "waterfall",
    }


@OPTIONAL
def test_says_when_it_has_nothing_to_look_at(name: str) -> None:
    (finding,) = answers(DIAGNOSTICS[name], nothing())
    assert finding.outcome is Outcome.NOT_APPLICABLE
    assert finding.statements


def nothing() -> bench.diagnose.DiagnosticEvidence:
    """The evidence of a study that left nothing."""
    evidence = Case(study={"families": {"lda": {}}}, data=None).evidence()
    schemas = {
        "tables": frames.TABLES,
        "folds": frames.FOLDS,
        "scores": frames.SCORES,
        "tuning": frames.TUNING,
    }
    return replace(
        evidence,
        predictions=frames.empty(frames.CLASSIFICATION),
        **{name: frames.empty(schema) for name, schema in schemas.items()},
    )


def test_the_budgets_of_all_alarms() -> None:
    assert 0 < sum(budgets().values()) <= 0.10 + 1e-12
    assert max(budgets().values()) <= 0.05
    assert set(budgets()) == {one.name for one in DIAGNOSTICS.values() if one.budget}


#: A diagnostic as somebody would add it: one file, nothing else.
EXTRA = '''
"""Whether a study has many test rows."""

from bench.core.findings import Severity
from bench.core.outcomes import Statement
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.finding import Estimate, found, passed


class Rows(Statement, code="many_rows.rows", says="{rows} test rows"):
    rows: int


def run(evidence):
    return [
        found((name, None), Severity.NOTE, Rows(tests.height), number=Estimate(tests.height))
        if tests.height < 300
        else passed((name, None), Rows(tests.height))
        for name, tests in evidence.tests.items()
    ]


DIAGNOSTIC = Diagnostic(
    name="many_rows", title="Many rows", code="E1", why="For a test.", what_to_do="Add a row.",
    question="Are they enough?", run=run, number=FindingNumber("test rows", "share"),
    sick=lambda: Case(tested=range(99)),
)
'''


@pytest.fixture
def with_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The folder of diagnostics with one more file in it."""
    (tmp_path / "many_rows.py").write_text(EXTRA)
    monkeypatch.setattr(
        bench.diagnose, "__path__", [*bench.diagnose.__path__, str(tmp_path)]
    )
    fresh = Registry("bench.diagnose", Diagnostic, "diagnostic")
    for name in ("_own", "_defined", "_members"):
        monkeypatch.setattr(DIAGNOSTICS, name, getattr(fresh, name))
    return sys.modules["bench.diagnose.many_rows"]


def test_a_new_file_needs_no_other_edit(with_extra: ModuleType) -> None:
    """The contract holds, the study's findings have it, and its sentence is found by those who read the frame."""
    diagnostic = DIAGNOSTICS["many_rows"]
    is_whole(diagnostic)
    is_silent_on_the_healthy(diagnostic)
    finds_the_sick(diagnostic)
    findings = answers(diagnostic, Case().evidence())
    row = row_of(diagnostic, findings[0])
    assert bench.diagnose.reason(str(row["details"])) == "400 test rows"
    assert bench.diagnose.title_of("many_rows") == "Many rows"
    assert diagnostic.shown is NumberShown.CHECKS
    assert "many_rows" in set(bench.diagnose.findings(Case().evidence())["diagnostic"])
