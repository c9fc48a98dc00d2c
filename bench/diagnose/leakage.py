"""The eight ways in which data leak, one by one: what rules each out here, what speaks for it, or that nobody can say.

The list is that of Kapoor & Narayanan (2023). Twins on both sides have a diagnostic of their own (`twins_across`).
"""

from __future__ import annotations

from typing import Any

from bench.diagnose.diagnostic import Diagnostic, Evidence, Rows, found, not_applicable, passed
from bench.study import DatasetSpec, step_parts

#: role -> the resampling that respects it, what the remark on a suspicious column is called, and the type's name
_ROLES = {
    "time": ("time_ordered", "possible_time", "temporal", "rows of one time predict those of an earlier one"),
    "group": ("group_kfold", "possible_group", "non_independence", "rows of one group stand on both sides"),
}
#: Splits that somebody else drew: whether they respect groups and time is theirs to say.
_GIVEN = ("fixed_split", "given_folds")


def run(evidence: Evidence) -> Rows:
    """A row a dataset and type; a study whose data are somebody's scores has none, for it split nothing."""
    rows: Rows = []
    for dataset in dict.fromkeys(dataset for dataset, _ in evidence.subjects):
        spec = evidence.study.datasets[dataset]
        protocol = evidence.study.protocol_of(dataset)
        if protocol is None or spec.target is None:
            continue
        rows += _by_construction(evidence, dataset, spec)
        rows += [_role(evidence, dataset, spec, role, protocol.resampling.kind) for role in _ROLES]
        rows += _beyond_a_test(dataset)
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


def _role(evidence: Evidence, dataset: str, spec: DatasetSpec, role: str, kind: str) -> dict[str, Any]:
    respecting, remark, name, harm = _ROLES[role]
    subject, column = (dataset, None), getattr(spec, role)
    if column is not None and kind == respecting:
        return _of(name, passed(subject, f"the split respects {column}, the declared {role}"))
    if column is not None:
        why = f"{column} is declared as {role}, but the protocol is {kind.replace('_', '-')}: {harm}"
        return _of(name, found(subject, "warning", why))
    if kind in _GIVEN:
        return _of(name, not_applicable("the split was given with the data; its makers must answer for it", subject))
    suspects = [
        str(row["column"])
        for row in evidence.remarks.iter_rows(named=True)
        if row["dataset"] == dataset and row["code"] == remark
    ]
    if suspects:
        why = f"{', '.join(suspects)} may be a {role}: if so, {harm}; declare `{role}`, or say why it is none"
        return _of(name, found(subject, "note", why))
    return _of(name, not_applicable(f"no {role} is declared, and no column looks like one", subject))


def _beyond_a_test(dataset: str) -> Rows:
    legitimate = "whether each feature is known before the target is, only who knows the data can say"
    sample = "train and test rows are drawn from one table: the scores speak of rows like these and of no others"
    return [
        _of("illegitimate_features", not_applicable(legitimate, (dataset, None))),
        _of("biased_sample", not_applicable(sample, (dataset, None))),
    ]


def _of(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return {"code": f"L.{name}"} | row


DIAGNOSTIC = Diagnostic(
    name="leakage",
    title="Leakage, type by type",
    code="L",
    why="A score that leaked from the test rows is no score; a review found leakage in 294 papers of 17 fields.",
    what_to_do="Name groups and times in the study and split by them; say where the features come from.",
    run=run,
)
