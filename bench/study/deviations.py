"""Where a study departs from the paper: the one list from which the evidence of a verdict is computed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field

from bench.study.claims import Claim
from bench.study.fields import Form, Text

What = Literal[
    "other_method", "method", "data", "split", "tuning", "metric", "unstated"
]


class Deviation(Form):
    """One departure from the paper's experiment."""

    what: What
    """What differs: the method, or another method that stands in for the paper's (`other_method`), the data, how they
    are split, how parameters are chosen, the metric; or what the paper leaves open and this study had to choose
    (`unstated`), which lowers no evidence."""
    of: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The claims that it is about: ids of claims, and families and datasets for the claims of the paper about these
    (about both, where both are named); all claims of the paper, unless named. Example: `[lda, wine]`."""
    direction: Literal["ours_better", "ours_worse", "none"] | None = None
    """Which way ours is likely to differ for it; `none`: no effect is expected, so that it lowers no evidence."""
    note: Text
    """The deviation in a sentence. Example: `"The paper tuned by hand; here inner folds choose."`."""

    @property
    def lowers(self) -> bool:
        """Whether evidence under it is less than strong."""
        return self.what != "unstated" and self.direction != "none"

    def is_about(
        self, claim: Claim, *, ids: Collection[str], datasets: Collection[str]
    ) -> bool:
        """Whether it is about a claim; ids: of all claims, datasets: of the study."""
        if self.of is not None and claim.id in self.of:
            return True
        if claim.source != "paper":
            return False
        if self.of is None:
            return True
        named = set(self.of) - set(ids)
        places = named & set(datasets)
        families = named - places
        if not named:
            return False
        of_families = not families or not families.isdisjoint(families_of(claim))
        of_datasets = not places or not places.isdisjoint(datasets_of(claim, datasets))
        return of_families and of_datasets


def families_of(claim: Claim) -> set[str]:
    """The families that a claim names."""
    named = set(claim.among or ())
    named |= {name for name in (claim.family, claim.against) if name is not None}
    for place in claim.order or ():
        named |= {place} if isinstance(place, str) else set(place)
    return named


def datasets_of(claim: Claim, known: Collection[str]) -> set[str]:
    """The datasets that a claim is about: those that it names, else the only one."""
    if claim.dataset is not None:
        return {claim.dataset}
    if claim.datasets is not None:
        return set(claim.datasets)
    return set(known) if len(known) == 1 else set()
