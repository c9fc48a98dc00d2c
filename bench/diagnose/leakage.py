"""The ways in which data leak that the engine rules out, and groups: what was tested, what holds by construction, what
cannot be seen from here, and what speaks for a leak.

The list is that of Kapoor & Narayanan (2023). The others have diagnostics of their own: duplicates (`duplicates_across`,
`near_duplicates`), features that give the target away (`illegitimate_features`), time (`temporal`), rows that belong
together and no column says so (`file_order`), a test set of another kind (`biased_test`).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.data.generators import GENERATORS, SCREENED
from bench.diagnose._across import FOLD, copies
from bench.diagnose._groups import GIVEN, crossing
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    constructed,
    found,
    not_applicable,
    passed,
)
from bench.study import DatasetSpec, step_parts


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a dataset and type; a study whose data are somebody's scores has none, for it split nothing."""
    rows: Rows = []
    for dataset in dict.fromkeys(dataset for dataset, _ in evidence.subjects):
        spec = evidence.study.datasets[dataset]
        protocol = evidence.study.protocol_of(dataset)
        if protocol is None or spec.target is None:
            continue
        rows.append(_of("test_set", _test_set(evidence, dataset)))
        rows.append(_of("preprocessing", _preprocessing(evidence, dataset)))
        rows.append(_of("feature_selection", _picked(dataset, spec)))
        rows.append(_of("non_independence", _groups(evidence, dataset, spec, protocol.resampling.kind)))
    return rows or [not_applicable("nothing was split here: who made these scores must answer for them")]


def _test_set(evidence: DiagnosticEvidence, dataset: str) -> dict[str, Any]:
    """Whether a row number stands on both sides of a fold, by the predictions of one family: all share the folds."""
    subject, tests = (dataset, None), evidence.tests.get(dataset)
    own = evidence.predictions.lazy().filter((pl.col("dataset") == dataset) & (pl.col("variant") == "plain"))
    trained = own.filter(pl.col("side") == "train").select("family", *FOLD, "row").collect()
    if tests is None or trained.is_empty():
        said = "a fit is handed the training rows of its fold alone; no training rows are stored that could show it"
        return constructed(subject, said)
    trained = trained.filter(pl.col("family") == trained["family"][0]).drop("family")
    both = tests.join(trained, on=[*FOLD, "row"], how="semi").height
    if both:
        said = f"{both:,} of {tests.height:,} tested rows are among the training rows of their own fold"
        return found(subject, "serious", said)
    copied, said = copies(evidence, dataset), "none is among the training rows of its fold, by its row number"
    said = f"of {tests.height:,} tested rows {said}"
    if copied is not None and copied.height:
        said += f"; {copied.height:,} of them ({copied.height / tests.height:.1%}) have an exact copy there under "
        said += "another number: see Duplicates across the split"
    return passed(subject, said)


def _preprocessing(evidence: DiagnosticEvidence, dataset: str) -> dict[str, Any]:
    cleaned = [step_parts(step)[0] for step in evidence.study.clean_of(dataset)]
    before = f"; before any split ran {', '.join(cleaned)}, which learn nothing from other rows" if cleaned else ""
    inside = f"every preprocess step is fitted inside the training rows of its fold{before}"
    return constructed((dataset, None), inside)


def _picked(dataset: str, spec: DatasetSpec) -> dict[str, Any]:
    """Columns picked on the rows at hand, by the word of their source or maybe of the study; else nobody can see it."""
    subject = (dataset, None)
    if _source_picked(spec):
        why = (
            f"its columns were picked, one of {SCREENED}, for how well they agree with the target on these very rows, "
            "test rows too, before any split: every score here is too good, and no split can mend it"
        )
        return found(subject, "warning", why)
    if spec.features:
        why = (
            f"the study uses {len(spec.features)} features by name: if they were picked by a look at these rows, "
            "every score here is too good, and no split can tell"
        )
        return found(subject, "note", why)
    if spec.source.kind == "synthetic":
        return constructed(subject, "the columns are drawn without a look at the target; nothing picks among them")
    said = "bench picked no feature outside the folds: steps that select are fitted inside them. Whether the columns "
    said += "had been picked by a look at these rows before they came cannot be seen from here"
    return not_applicable(said, subject)


def _source_picked(spec: DatasetSpec) -> bool:
    """Whether the columns depend on the very rows that were drawn: the source says so."""
    return spec.source.kind == "synthetic" and GENERATORS[str(spec.source.parameters["name"])].own_rows


def _groups(evidence: DiagnosticEvidence, dataset: str, spec: DatasetSpec, kind: str) -> dict[str, Any]:
    column, subject, harm = spec.group, (dataset, None), "rows of one group stand on both sides"
    if spec.source.kind == "synthetic" and column is None:
        return constructed(subject, "every row is a draw of its own from a simulation, so no rows belong together")
    if column is not None and kind == "group_kfold":
        return constructed(subject, f"the split keeps each {column}, the declared group, on one side")
    if kind in GIVEN:
        crossed = crossing(evidence, dataset)
        if column is None or crossed is None:
            return not_applicable("the split was given with the data; its makers must answer for it", subject)
        if not crossed:
            return passed(subject, f"the given split respects {column}, the declared group", estimate=0.0)
        why = f"{column} is declared as group, and the given split does not keep it together: {crossed:.0%} of the "
        return found(subject, "warning", why + "test rows have rows of their group in training", estimate=crossed)
    if column is not None:
        why = f"{column} is declared as group, but the protocol is {kind.replace('_', '-')}: {harm}"
        return found(subject, "warning", why)
    suspects = [
        str(row["column"])
        for row in evidence.remarks.iter_rows(named=True)
        if row["dataset"] == dataset and row["code"] == "possible_group"
    ]
    if suspects:
        why = f"{', '.join(suspects)} may be a group: if so, {harm}; declare `group`, or say why it is none"
        return found(subject, "note", why)
    return not_applicable("no group is declared, and no column looks like one", subject)


def _of(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return {"code": f"L.{name}"} | row


DIAGNOSTIC = Diagnostic(
    name="leakage",
    title="Leakage, type by type",
    code="L",
    why="A score that leaked from the test rows is no score; a review found leakage in 294 papers of 17 fields.",
    what_to_do="Choose features inside each fold, from all columns that were measured; name groups and times in the "
    "study and split by them.",
    run=run,
    number=Number("test rows with rows of their group in training", "share"),
)
