"""Where probes are asked: one dataset of a study, and what is asked for there or cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bench.core.errors import IncompatibleDataError
from bench.data.dataset import Dataset
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.store import Store
from bench.study import Protocol, Study
from bench.study.models import ExtraFits

#: The dataset as another cleaning leaves it, by dataset and way; None where there is none.
Other = Callable[[str, str], Dataset | None]


@dataclass(frozen=True, eq=False)
class DatasetContext:
    """One dataset of a study: its folds and plans, where folds are remembered, and its other cleanings."""

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

    def chosen_plans(self, probe: ExtraFits) -> list[Plan]:
        """The plans that a probe is about; never those that look at no feature."""
        named = probe.families or tuple(plan.family for plan in self.plans)
        return [p for p in self.plans if p.family in named and "dummy" not in p.setup.estimator]

    @property
    def protocol(self) -> Protocol:
        """What the study does on this dataset."""
        protocol = self.study.protocol_of(self.dataset.name)
        assert protocol is not None
        return protocol


class UnavailableError(Exception):
    """A probe that cannot be made on these data; the message says why."""


@dataclass(eq=False)
class Asked:
    """Cells of probes; the datasets that they are fitted to where these are none of the study's own; and what cannot
    be asked here (rows of frames.UNAVAILABLE)."""

    cells: list[Cell] = field(default_factory=list)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    refused: list[dict[str, object]] = field(default_factory=list)

    def add(self, plan: Plan, variant: str, cells: Iterable[Cell], dataset: Dataset | None = None) -> None:
        """The cells of one probe of a plan: all of them, or none and the reason."""
        try:
            self.cells += list(cells)
        except (IncompatibleDataError, UnavailableError) as error:
            self.refuse(plan, variant, str(error))
            return
        if dataset is not None:
            self.datasets[dataset.fingerprint] = dataset

    def refuse(self, plan: Plan, variant: str, reason: str) -> None:
        self.refused.append({"dataset": plan.dataset, "family": plan.family, "variant": variant, "reason": reason})


def repeated(protocol: Protocol, repeats: int) -> Protocol:
    """The protocol with so many repeats, where its resampling has any."""
    if not hasattr(protocol.resampling, "repeats"):
        return protocol
    return protocol.model_copy(update={"resampling": protocol.resampling.model_copy(update={"repeats": repeats})})
