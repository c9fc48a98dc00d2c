"""What the profile of the clean tables remarked."""

from __future__ import annotations

from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Rows, found, not_applicable, passed
from bench.scores.design import is_external

#: What the page does not draw is no remark on the data.
DRAWN = "left_out"


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a remark, its kind behind the code; a table without remarks has passed.

    All are notes: few rows, a rare class or a missing value are how data are, not what a study did wrong. What rows
    owe to duplicates, and columns that count rows, have diagnostics of their own.
    """
    rows: Rows = []
    for dataset in evidence.tables["dataset"].to_list():
        if is_external(evidence.study, dataset):
            why = "its rows are scores or predictions from elsewhere: the data themselves are not here"
            rows.append(not_applicable(why, (dataset, None)))
            continue
        mine = [row for row in evidence.remarks.iter_rows(named=True) if row["dataset"] == dataset]
        mine = [row for row in mine if row["code"] != DRAWN]
        for remark in mine:
            where = f"{remark['column']}: " if remark["column"] is not None else ""
            count = float(remark["count"]) if remark["count"] is not None else None
            row = found((dataset, None), "note", f"{where}{remark['reason']}", estimate=count)
            rows.append({"code": f"D1.{remark['code']}"} | row)
        if not mine:
            rows.append(
                passed((dataset, None), "no duplicates, conflicting labels or suspicious columns were remarked")
            )
    return rows


DIAGNOSTIC = Diagnostic(
    name="data_remarks",
    title="Remarks on the data",
    code="D1",
    why="Duplicates across folds, labels that contradict each other and id columns make scores too good or bad.",
    what_to_do="Decide on each in `clean`, or say in the study why it stays.",
    run=run,
)
