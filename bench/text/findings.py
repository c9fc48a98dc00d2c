"""Statements that several diagnostics share; each diagnostic owns those of its own."""

from __future__ import annotations

from bench.core.outcomes import Statement, fixed
from bench.text.formats import count

NothingHere = fixed("finding.nothing_here", "nothing here that the check could examine")


class NotRequested(
    Statement,
    code="finding.not_requested",
    says="not requested; to run it, add `diagnostics: {{{option}}}` to the study",
):
    """The check needs extra fits that the study does not ask for; `option`: what to write under `diagnostics`."""

    option: str


NotSplitHere = fixed(
    "finding.not_split_here",
    "the scores come from another source, which made the split; it cannot be checked here",
)
NoFeatures = fixed(
    "finding.no_features",
    "the features are not part of this study, so the rows cannot be checked",
)
NotTuned = fixed("finding.not_tuned", "nothing was tuned")
NoInterval = fixed("finding.no_interval", "this design allows no interval and no test")


class CouldNotBeComputed(
    Statement,
    code="finding.not_computed",
    says="it could not be computed: {error}; please report it",
):
    """A diagnostic of bench broke on these results; the others stand."""

    error: str


class RowsExamined(Statement, code="finding.rows_examined"):
    """A check looked at some of the rows only: the first draw of a simulation, or a sample of `rows` of `total`."""

    first_draw: bool
    rows: int | None = None
    total: int | None = None
    run: int | None = None

    def sentence(self) -> str:
        parts = (
            ["the first draw of the simulation was examined"] if self.first_draw else []
        )
        if self.rows is not None and self.total is not None:
            runs = f", in runs of {self.run} consecutive rows"
            parts.append(
                f"{count(self.rows)} of {count(self.total)} rows were examined{runs}"
            )
        return "; ".join(parts)
