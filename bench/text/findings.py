"""The sentences of the statements that several diagnostics share; each diagnostic owns those of its own statements."""

from __future__ import annotations

from bench.core import findings
from bench.text.sentences import Templates, says, templates

SENTENCES: Templates = {
    findings.NothingHere: "this study holds nothing that the check could examine",
    findings.NotRequested: "not requested; to run it, add `diagnostics: {{{option}}}` to the study",
    findings.NotSplitHere: "the scores come from another source, which made the split; it cannot be checked here",
    findings.NoFeatures: "the features are not part of this study, so the rows cannot be checked",
    findings.NotTuned: "nothing was tuned",
    findings.NoInterval: "this design allows no interval and no test",
}
templates(SENTENCES)


@says(findings.RowsExamined)
def rows_examined(statement: findings.RowsExamined) -> str:
    parts = ["the first draw of the simulation was examined"] if statement.first_draw else []
    if statement.rows is not None and statement.total is not None:
        runs = f", in runs of {statement.run} consecutive rows"
        parts.append(f"{statement.rows:,} of {statement.total:,} rows were examined{runs}")
    return "; ".join(parts)
