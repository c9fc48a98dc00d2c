"""The explanations of one published number, and of several together, from explanations.EXPLAINED.

The frame is made in `bench/claims/explained.py`; diagnostics, pages and claims read it here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bench.core.explanations import JOINT, JointRow
from bench.core.frames import of_records

#: The variant of the study's own protocol with the repeats that explanations need.
STATED_VARIANT = "explanation=protocol"
#: How the names of variants begin that give a model other settings.
OTHER_SETTINGS = "explanation=other_settings"


@dataclass(frozen=True)
class Compatible:
    """The explanations that are compatible with a published number, or with several together, by their titles."""

    #: valid, errors, controls: titles of the compatible explanations of each kind, in the order of the frame
    valid: tuple[str, ...]
    errors: tuple[str, ...]
    controls: tuple[str, ...]
    #: How often papers with a valid protocol print a number as far out, or farther; None where one of them draws
    #: nothing, so that no probability exists, or where that is not known
    beyond: float | None
    answered: bool  # whether the interval of any explanation is known
    undecided: int = 0  # of how many valid protocols and controls with a number it is not known whether they fit

    @property
    def accuses(self) -> bool:
        """Whether no valid protocol gives such a number, and some error does."""
        return bool(self.errors) and not (self.valid or self.controls or self.undecided)


def compatible_of(rows: pl.DataFrame) -> Compatible:
    """The compatible explanations among the rows of one claim (explanations.EXPLAINED), or those of `jointly`."""
    good = rows.filter(pl.col("compatible"))
    titles = {
        kind: tuple(good.filter(pl.col("kind") == kind)["title"])
        for kind in ("valid", "error", "control")
    }
    answered = rows["compatible"].null_count() < len(rows)
    tried = (
        rows.filter(pl.col("estimate").is_not_null())
        if "estimate" in rows.columns
        else rows
    )
    beyond = tried.filter(pl.col("kind") == "valid")["beyond"]
    most = None if beyond.null_count() else max(beyond.to_list(), default=None)
    undecided = tried.filter(pl.col("kind") != "error")["compatible"].null_count()
    return Compatible(
        titles["valid"], titles["error"], titles["control"], most, answered, undecided
    )


def held_together(rows: pl.DataFrame) -> list[str]:
    """The paper's claims that can be compared with all explanations together, in the order of the frame."""
    known = rows.filter(pl.col("source") == "paper", pl.col("together").is_not_null())
    return known["claim"].unique(maintain_order=True).to_list()


def jointly(rows: pl.DataFrame) -> pl.DataFrame:
    """explanations.JOINT, a row for each explanation that gave some number of the paper, from explanations.EXPLAINED.

    A number that cannot be compared with any explanation (its cells failed, or the paper prints two for one thing) is
    left out.
    """
    rows = rows.filter(
        pl.col("source") == "paper", pl.col("claim").is_in(held_together(rows))
    )
    stated = {
        row["claim"]: row["together"]
        for row in rows.iter_rows(named=True)
        if row["variant"] == STATED_VARIANT
    }
    joint = []
    for (variant,), part in rows.partition_by(
        "variant", as_dict=True, maintain_order=True
    ).items():
        if part["estimate"].null_count() == part.height:
            continue
        fits = stated | dict(zip(part["claim"], part["together"], strict=True))
        missed = [claim for claim, fit in fits.items() if fit is False]
        gave = part.filter(pl.col("estimate").is_not_null())
        drawn = gave["beyond"]
        least = None if drawn.null_count() else min(drawn.to_list(), default=None)
        joint.append(
            JointRow(
                variant=str(variant),
                kind=part["kind"][0],
                title=gave["title"][0],
                numbers=len(fits),
                missed=missed,
                unknown=sum(fit is None for fit in fits.values()),
                compatible=False if missed else None if None in fits.values() else True,
                beyond=None if least is None else min(1.0, len(fits) * least),
            )
        )
    return of_records(joint, JOINT, digits=None)
