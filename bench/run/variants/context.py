"""One dataset of a study, the cells that diagnostics request on it, and the requests that its data refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bench.core.errors import IncompatibleDataError
from bench.core.outcomes import Statement, encoded
from bench.data.dataset import Dataset
from bench.families.featureless import is_featureless
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.store import Store
from bench.study import Protocol, Study
from bench.study.models import ExtraFits
from bench.study.repeats import pilot_of
from bench.text.refusals import Incompatible

#: The dataset as another cleaning leaves it, by dataset and explanation; None where there is none.
Other = Callable[[str, str], Dataset | None]


@dataclass(frozen=True, eq=False)
class DatasetContext:
    """One dataset of a study: its folds and plans, the store that keeps folds, and its other cleanings."""

    study: Study
    dataset: Dataset
    folds: Sequence[Fold]
    plans: Sequence[Plan]
    store: Store
    other: Other

    def first_folds(self, count: int) -> Sequence[Fold]:
        """The first `count` outer folds; all where every test set is one row, for then a fold says nothing alone."""
        one_row = all(len(fold.test) == 1 for fold in self.folds)
        return self.folds if one_row else self.folds[:count]

    def chosen_plans(self, wanted: ExtraFits, featureless: bool = False) -> list[Plan]:
        """The plans that a request is about; a baseline, which looks at no feature, only where `featureless`."""
        named = wanted.families or tuple(plan.family for plan in self.plans)
        return [
            p
            for p in self.plans
            if p.family in named
            and (featureless or not is_featureless(p.setup.estimator))
        ]

    @property
    def protocol(self) -> Protocol:
        """What the study does on this dataset."""
        protocol = self.study.protocol_of(self.dataset.name)
        assert protocol is not None
        return (
            repeated(protocol, self.repeats)
            if pilot_of(self.study, self.dataset.name)
            else protocol
        )

    @property
    def repeats(self) -> int:
        """How many repeats are run."""
        return 1 + max(fold.repeat for fold in self.folds)


class UnavailableError(Exception):
    """A request that these data refuse; `reason` says why."""

    def __init__(self, reason: Statement) -> None:
        super().__init__(str(reason.code))
        self.reason = reason


@dataclass(frozen=True)
class Refused:
    """A request that cannot run: one row of `frames.UNAVAILABLE`."""

    dataset: str
    family: str
    variant: str
    reason: Statement

    @property
    def row(self) -> dict[str, object]:
        """The row of the frame."""
        names: dict[str, object] = {
            "dataset": self.dataset,
            "family": self.family,
            "variant": self.variant,
        }
        return names | {
            "code": str(self.reason.code),
            "reasons": encoded([self.reason]),
        }


@dataclass(eq=False)
class Requested:
    """Requested cells; the datasets they are fitted to, where these are not the study's own; and refused requests."""

    cells: list[Cell] = field(default_factory=list)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def add(
        self,
        plan: Plan,
        variant: str,
        cells: Iterable[Cell],
        dataset: Dataset | None = None,
    ) -> None:
        """Add the cells of one request for a plan: all of them, or none and the reason."""
        try:
            self.cells += list(cells)
        except UnavailableError as error:
            self.refuse(plan, variant, error.reason)
            return
        except IncompatibleDataError as error:
            self.refuse(plan, variant, Incompatible(str(error)))
            return
        if dataset is not None:
            self.datasets[dataset.fingerprint] = dataset

    def refuse(self, plan: Plan, variant: str, reason: Statement) -> None:
        """Record that a request cannot run."""
        self.refused.append(Refused(plan.dataset, plan.family, variant, reason))


def repeated(protocol: Protocol, repeats: int) -> Protocol:
    """The protocol with this many repeats, where its resampling repeats at all."""
    if not protocol.resampling.takes_repeats:
        return protocol
    return protocol.model_copy(
        update={
            "resampling": protocol.resampling.model_copy(update={"repeats": repeats})
        }
    )
