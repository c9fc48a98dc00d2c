"""Whether the study's split keeps the rows of a declared group on one side."""

from __future__ import annotations

import polars as pl

from bench.diagnose.evidence import DiagnosticEvidence
from bench.scores.design import resampling_of

#: Splits that came with the data: whether they respect groups and time depends on who made them.
GIVEN = ("fixed_split", "given_folds")


def keeps_groups(evidence: DiagnosticEvidence, dataset: str) -> bool:
    """Whether a group is declared and kept on one side: by the kind of split, or by every fold of a given one."""
    kind = resampling_of(evidence.study, dataset)
    if evidence.study.datasets[dataset].group is None:
        return False
    return kind == "group_kfold" or (kind in GIVEN and crossing(evidence, dataset) == 0)


def crossing(evidence: DiagnosticEvidence, dataset: str) -> float | None:
    """The share of test rows whose declared group also has rows that are not tested in that fold."""
    sample = evidence.rows(dataset)
    if sample is None or sample.group is None or dataset not in evidence.tests:
        return None
    groups = pl.DataFrame({"row": sample.row, "group": sample.group.astype(str)})
    tests, crossed, count = evidence.tests[dataset].join(groups, on="row"), 0, 0
    for _, part in tests.group_by("repeat", "fold", maintain_order=True):
        rest = groups.join(part, on="row", how="anti")["group"].unique()
        crossed, count = crossed + int(part["group"].is_in(rest.implode()).sum()), count + part.height
    return crossed / count if count else None
