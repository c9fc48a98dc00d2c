"""The ways in which data leak that the engine rules out, and groups: what rules each out here, or speaks for it.

The list is that of Kapoor & Narayanan (2023). The others have diagnostics of their own: duplicates (`twins_across`,
`near_twins`), features that give the target away (`illegitimate_features`), time (`temporal`), rows that belong
together and no column says so (`file_order`), a test set of another kind (`biased_test`).
"""

from __future__ import annotations

from typing import Any

from bench.diagnose._groups import GIVEN, crossing
from bench.diagnose.diagnostic import Diagnostic, Evidence, Number, Rows, found, not_applicable, passed
from bench.study import DatasetSpec, step_parts


def run(evidence: Evidence) -> Rows:
    """A row a dataset and type; a study whose data are somebody's scores has none, for it split nothing."""
    rows: Rows = []
    for dataset in dict.fromkeys(dataset for dataset, _ in evidence.subjects):
        spec = evidence.study.datasets[dataset]
        protocol = evidence.study.protocol_of(dataset)
        if protocol is None or spec.target is None:
            continue
        rows += _by_construction(evidence, dataset, spec)
        rows.append(_of("non_independence", _groups(evidence, dataset, spec.group, protocol.resampling.kind)))
    return rows or [not_applicable("nothing was split here: who made these scores must answer for them")]


def _by_construction(evidence: Evidence, dataset: str, spec: DatasetSpec) -> Rows:
    subject = (dataset, None)
    cleaned = [step_parts(step)[0] for step in evidence.study.clean_of(dataset)]
    before = f"; before any split ran {', '.join(cleaned)}, which learn nothing from other rows" if cleaned else ""
    inside = f"every preprocess step is fitted inside the training rows of its fold{before}"
    rows = [
        _of("test_set", passed(subject, "every score is of rows that its fit never saw, by construction")),
        _of("preprocessing", passed(subject, inside)),
    ]
    if spec.features:
        why = (
            f"the study names {len(spec.features)} features; were they picked by a look at these rows, "
            "every score here is too good, and no split can tell"
        )
        return [*rows, _of("feature_selection", found(subject, "note", why))]
    said = "no feature was picked before the split; steps that select are fitted inside the fold"
    return [*rows, _of("feature_selection", passed(subject, said))]


def _groups(evidence: Evidence, dataset: str, column: str | None, kind: str) -> dict[str, Any]:
    subject, harm = (dataset, None), "rows of one group stand on both sides"
    if column is not None and kind == "group_kfold":
        return passed(subject, f"the split respects {column}, the declared group")
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
    what_to_do="Name groups and times in the study and split by them; say where the features come from.",
    run=run,
    number=Number("test rows with rows of their group in training", "share"),
)
