"""The types of leakage that the engine rules out, and groups: what was tested, what holds by construction, what cannot
be checked here, and what speaks for a leak.

The list is that of Kapoor & Narayanan (2023). The others have diagnostics of their own: duplicates
(`duplicates_across`, `near_duplicates`), features that give the target away (`illegitimate_features`), time
(`temporal`), rows that belong together and no column says so (`file_order`), another kind of test set (`biased_test`).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, encoded, words
from bench.core.rows import OWN
from bench.data.generators import GENERATORS, Generator
from bench.diagnose._across import FOLD, copies, crossing
from bench.diagnose.case import FIXED_SPLIT, LAST_FIFTY, Case, toy_table
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import (
    by_construction,
    found,
    not_applicable,
    passed,
)
from bench.scores.design import tolerance_of
from bench.study import DatasetSpec, cleaning_parts
from bench.study.protocol import Resampling
from bench.text.findings import NotSplitHere
from bench.text.formats import count, share
from bench.text.remarks import PossibleGroup

TEST_SET, PREPROCESSING, SELECTION, GROUPS = (
    "test_set",
    "preprocessing",
    "feature_selection",
    "non_independence",
)


#: Asked for where a page tells faults that a study makes on purpose.
SOURCE_SELECTED = "leakage.source_selected"

say = words(
    "leakage",
    {
        "fold_only": "each fit receives the training rows of its fold only",
        "fitted_inside": "every preprocessing step is fitted on the training rows of its fold",
        "not_selected": "the simulation draws the features independently of the target, "
        "and nothing selects among them before the split",
        "selection_unknown": "no feature was selected outside the folds; selection before publication is unknown",
        "independent_draws": "every row is an independent draw of a simulation",
        "given_split": "the split came with the data",
        "no_group": "no group is declared, and no column looks like one",
        "rows_shared": "{rows:,} of {total:,} test rows are among the training rows of their own fold",
        "rows_apart": "by row number, none of {total:,} test rows is among the training rows of its fold",
        "cleaned_before": "{steps:listed} ran before the split, on each row alone",
        "source_selected": "the simulation selects its features by the target on all rows, test rows included",
        "study_selected": "the study names its {features} features; "
        "if they were selected on these rows, every score is too good",
        "group_kept": "the split keeps each {group} on one side",
        "group_respected": "the given split keeps each {group} on one side",
        "group_torn": "{share:.0%} of the test rows have rows of their {group} in training",
        "group_ignored": "{protocol:name} puts rows of one {group} on both sides",
        "groups_alike": "values of {group} differ from another only in case; "
        "if they are one {group}, its rows are on both sides of the split",
        "possible_groups": "{columns:listed} may be a group: if so, its rows are on both sides of the split",
    },
)


class CopiesThere(Statement, code="leakage.copies_there"):
    """Test rows that have an exact copy among the training rows, under another number."""

    rows: int
    total: int

    def sentence(self) -> str:
        return f"{count(self.rows)} of them ({share(self.rows, self.total)}) have an exact copy there under another number"


class BeyondTruth(Statement, code="leakage.beyond_truth"):
    """By how much the best model beats what is known to be the best on new rows; negative where it does not."""

    family: str
    gain: float
    most: float

    def sentence(self) -> str:
        accuracy, most = (
            share(self.most + self.gain, 1),
            share(self.most, 1, decimals=0),
        )
        return f"the accuracy of {self.family} is {accuracy}; on new rows no model can expect more than {most}"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset and type; a study whose data are somebody's scores has none, as it split nothing."""
    findings: list[Finding] = []
    for dataset in evidence.split_here:
        spec, protocol = (
            evidence.study.datasets[dataset],
            evidence.study.protocol_of(dataset),
        )
        if protocol is None or spec.target is None:
            continue
        findings.append(_test_set(evidence, dataset))
        findings.append(_preprocessing(evidence, dataset, spec))
        findings.append(_selection(evidence, dataset, spec))
        findings.append(_groups(evidence, dataset, spec, protocol.resampling))
    return findings


def _test_set(evidence: DiagnosticEvidence, dataset: str) -> Finding:
    """Whether a row number stands on both sides of a fold, by the predictions of one family: all share the folds."""
    subject, tests = (dataset, None), evidence.tests.get(dataset)
    rows = evidence.predictions.lazy().filter((pl.col("dataset") == dataset) & OWN)
    trained = (
        rows.filter(pl.col("side") == "train").select("family", *FOLD, "row").collect()
    )
    if tests is None or trained.is_empty():
        return by_construction(subject, say("fold_only"), part=TEST_SET)
    trained = trained.filter(pl.col("family") == trained["family"][0]).drop("family")
    both = tests.join(trained, on=[*FOLD, "row"], how="semi").height
    if both:
        return found(
            subject,
            Severity.SERIOUS,
            say("rows_shared", rows=both, total=tests.height),
            part=TEST_SET,
        )
    copied = copies(evidence, dataset)
    there = (
        [CopiesThere(copied.height, tests.height)]
        if copied is not None and copied.height
        else []
    )
    return passed(subject, say("rows_apart", total=tests.height), *there, part=TEST_SET)


def _preprocessing(
    evidence: DiagnosticEvidence, dataset: str, spec: DatasetSpec
) -> Finding:
    """What the study does is fitted inside the fold; of a source that saw all rows that says nothing."""
    made = _generator(spec)
    if made is not None and made.own_rows:
        return not_applicable(
            (dataset, None), say("source_selected"), part=PREPROCESSING
        )
    steps = tuple(cleaning_parts(step)[0] for step in evidence.study.clean_of(dataset))
    before = [say("cleaned_before", steps=steps)] if steps else []
    return by_construction(
        (dataset, None), say("fitted_inside"), *before, part=PREPROCESSING
    )


def _generator(spec: DatasetSpec) -> Generator | None:
    return (
        GENERATORS[str(spec.source.parameters["name"])]
        if spec.source.kind == "synthetic"
        else None
    )


def _selection(
    evidence: DiagnosticEvidence, dataset: str, spec: DatasetSpec
) -> Finding:
    """Columns selected on the rows at hand, by their source or maybe by the study; else nobody can see it."""
    subject = (dataset, None)
    made = _generator(spec)
    if made is not None and made.own_rows:
        beyond = _beyond_truth(evidence, dataset, made.bayes_error)
        tolerance = tolerance_of(evidence.study, "accuracy").value
        grave = any(tolerance is not None and one.gain > tolerance for one in beyond)
        severity = Severity.SERIOUS if grave else Severity.WARNING
        return found(subject, severity, say("source_selected"), *beyond, part=SELECTION)
    if spec.features:
        return found(
            subject,
            Severity.NOTE,
            say("study_selected", features=len(spec.features)),
            part=SELECTION,
        )
    if spec.source.kind == "synthetic":
        return by_construction(subject, say("not_selected"), part=SELECTION)
    return not_applicable(subject, say("selection_unknown"), part=SELECTION)


def _beyond_truth(
    evidence: DiagnosticEvidence, dataset: str, bayes_error: float | None
) -> list[BeyondTruth]:
    """How much better the most accurate model looks than any can be on new rows; empty where that is not known."""
    tests = evidence.plain(dataset, "test")
    if bayes_error is None or tests.is_empty() or "label" not in tests.columns:
        return []
    right = tests.group_by("family").agg(
        (pl.col("truth") == pl.col("label")).mean().alias("right")
    )
    best = right.sort("right", "family", descending=[True, False]).row(0, named=True)
    most = 1 - bayes_error
    return [BeyondTruth(evidence.title(best["family"]), best["right"] - most, most)]


def _groups(
    evidence: DiagnosticEvidence, dataset: str, spec: DatasetSpec, own: Resampling
) -> Finding:
    group, subject = spec.group, (dataset, None)
    if spec.source.kind == "synthetic" and group is None:
        return by_construction(subject, say("independent_draws"), part=GROUPS)
    if group is not None and group in evidence.remarked(dataset, "alike"):
        return found(
            subject, Severity.SERIOUS, say("groups_alike", group=group), part=GROUPS
        )
    if group is not None and own.keeps_groups:
        return by_construction(subject, say("group_kept", group=group), part=GROUPS)
    if own.given:
        return _given(evidence, dataset, group)
    if group is not None:
        return found(
            subject,
            Severity.WARNING,
            say("group_ignored", group=group, protocol=own.kind),
            part=GROUPS,
        )
    if suspects := evidence.remarked(dataset, "possible_group"):
        return found(
            subject,
            Severity.NOTE,
            say("possible_groups", columns=tuple(suspects)),
            part=GROUPS,
        )
    return not_applicable(subject, say("no_group"), part=GROUPS)


def _given(evidence: DiagnosticEvidence, dataset: str, group: str | None) -> Finding:
    """Whether a split that came with the data keeps the declared group together."""
    subject, crossed = (dataset, None), crossing(evidence, dataset)
    if group is None or crossed is None:
        return not_applicable(subject, say("given_split"), part=GROUPS)
    if not crossed:
        return passed(
            subject,
            say("group_respected", group=group),
            number=0.0,
            part=GROUPS,
        )
    return found(
        subject,
        Severity.WARNING,
        say("group_torn", group=group, share=crossed),
        number=crossed,
        part=GROUPS,
    )


def _sick() -> Case:
    details = encoded([PossibleGroup("patient", 9)])
    return Case(
        remarks=[
            {
                "code": "possible_group",
                "column": "patient",
                "severity": "note",
                "count": 9,
                "details": details,
            }
        ]
    )


def _healthy() -> Case:
    """A fixed split that keeps a declared group on one side."""
    table = toy_table(group=np.arange(200) // 10)
    protocol = {"resampling": FIXED_SPLIT, "tuning": None, "seed": 1}
    return Case(
        data=table,
        tested=LAST_FIFTY,
        dataset={"group": "patient"},
        study={"protocol": protocol},
    )


DIAGNOSTIC = Diagnostic(
    name="leakage",
    title="Types of leakage",
    code="L",
    why="A score that profits from leakage is invalid.",
    what_to_do="Select features inside each fold. Split by groups and times where rows have them.",
    question="Could part of a test row have been known before it was predicted?",
    run=run,
    nothing=NotSplitHere(),
    number=FindingNumber(
        "test rows with rows of their group in training", "share", said=True
    ),
    fact=True,
    parts={
        TEST_SET: "Leakage by the same row in training and test",
        PREPROCESSING: "Leakage by preprocessing",
        SELECTION: "Leakage by feature selection",
        GROUPS: "Leakage by related rows",
    },
    sick=_sick,
    healthy=_healthy,
)
