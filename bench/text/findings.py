"""The sentences of the statements that several diagnostics share; each diagnostic owns those of its own statements."""

from __future__ import annotations

from bench.core import findings
from bench.text.sentences import says


@says(findings.NothingHere)
def nothing_here(_: findings.NothingHere) -> str:
    return "this study holds nothing that the check could examine"


@says(findings.NotRequested)
def not_requested(statement: findings.NotRequested) -> str:
    return f"not requested; to run it, add `diagnostics: {{{statement.option}}}` to the study"


@says(findings.NotSplitHere)
def not_split_here(_: findings.NotSplitHere) -> str:
    return "the scores come from another source, which made the split; it cannot be checked here"


@says(findings.NoFeatures)
def no_features(_: findings.NoFeatures) -> str:
    return "the features are not part of this study, so the rows cannot be checked"


@says(findings.NotTuned)
def not_tuned(_: findings.NotTuned) -> str:
    return "nothing was tuned"


@says(findings.NoInterval)
def no_interval(_: findings.NoInterval) -> str:
    return "this design allows no interval and no test"


@says(findings.RowsExamined)
def rows_examined(statement: findings.RowsExamined) -> str:
    parts = ["the first draw of the simulation was examined"] if statement.first_draw else []
    if statement.rows is not None and statement.total is not None:
        runs = f", in runs of {statement.run} consecutive rows"
        parts.append(f"{statement.rows:,} of {statement.total:,} rows were examined{runs}")
    return "; ".join(parts)
