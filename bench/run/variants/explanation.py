"""What a way is: how else a family's score on a dataset may have been come by, and the cells that tell.

This is the one place where the rule of the house is broken on purpose: some of these ways look at test rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from bench.core.registry import Registry
from bench.data.dataset import Dataset
from bench.run.cells import Plan
from bench.run.variants.permuted import fingerprint_of
from bench.study import Protocol, Study, step_parts
from bench.study.models import Explain

#: honest: another sound way; slip: a known mistake; control: a mistake that should barely matter.
ExplanationKind = Literal["valid", "error", "control"]
#: How the number is read off the scores: of the test rows; of the training rows; as the best of several seeds' means,
#: of several repeats; of the candidate with the best mean over all outer folds; by another averaging of the metric;
#: with another rule for ties; put together from folds in another way.
Reads = Literal["test", "train", "best_of_seeds", "best_of_splits", "flat", "averaging", "ties", "aggregation"]


@dataclass(frozen=True, eq=False)
class ExplanationContext:
    """What a way starts from: one family's plan on one dataset, under the study's protocol with enough repeats.

    repeats: so many of every way that draws something; stated: the parameters that the study gives the family; other:
    the dataset as another cleaning leaves it, by the way's name, None where the study asked for none.
    """

    study: str
    dataset: Dataset
    plan: Plan
    protocol: Protocol
    repeats: int
    stated: Mapping[str, Any]
    other: Callable[[str], Dataset | None]


@dataclass(frozen=True, eq=False)
class Variation:
    """Cells that one way asks for: this plan on the folds that this protocol draws of this dataset.

    on_test: candidates are chosen by the test rows; draw: a further name of each cell's seed; repeat: this one alone,
    where each repeat has a table of its own (`each_repeat`).
    """

    variant: str
    dataset: Dataset
    plan: Plan
    protocol: Protocol
    on_test: bool = False
    draw: int | None = None
    repeat: int | None = None


#: The variations, or why this way cannot be gone here.
Made = list[Variation] | str


@dataclass(frozen=True)
class Explanation:
    """One way: what was done, in words that accuse nobody, and the cells that show what it gives.

    `made` is None where stored results tell already; `parameters`: what a study may say of it, a sentence each.
    `follows`: its candidates are changes of the one that the study's own cell of a fold chose, and wait for that cell.
    """

    name: str
    kind: ExplanationKind
    title: str
    what: str
    made: Callable[[ExplanationContext, Mapping[str, Any]], Made] | None = None
    reads: Reads = "test"
    parameters: Mapping[str, str] = field(default_factory=dict)
    follows: bool = False

    @property
    def variant(self) -> str:
        """The variant of its cells; of several draws each has its number behind a colon."""
        return f"explanation={self.name}"


#: Numbers (of 8 bytes) that the tables of all repeats may hold together: 1 GB.
MOST_NUMBERS = 2**27
EXPLANATIONS = Registry("bench.run.variants.explanations", Explanation, "explanation")
#: As the study has it: what all ways are held against.
STATED = "protocol"


def asked(explain: Explain) -> Iterator[tuple[Explanation, dict[str, Any]]]:
    """The honest ways, and the slips that a study asks for (all that need nothing said), with their parameters."""
    chosen = None if explain.variants is None else dict(step_parts(step) for step in explain.variants)
    for way in EXPLANATIONS.values():
        if way.kind == "valid" or chosen is None or way.name in chosen:
            yield way, (chosen or {}).get(way.name, {})


def plain(ground: ExplanationContext, way: Explanation, **changes: Any) -> Variation:
    """The variation of a way that changes these fields."""
    one = Variation(way.variant, ground.dataset, ground.plan, ground.protocol)
    return replace(one, **changes)


def each_repeat(
    ground: ExplanationContext, way: Explanation, made: Callable[[int], Dataset], **changes: Any
) -> list[Variation] | str:
    """A variation a repeat, each with a table drawn anew, as each paper would draw its own.

    One for all repeats of a simulation, whose draws are tables of their own. A sentence where so many are too large.
    """
    if ground.dataset.draw is not None:
        return [plain(ground, way, dataset=made(0), **changes)]
    first, found = made(0), []
    if ground.repeats * first.X.size > MOST_NUMBERS:
        return f"the tables of {ground.repeats} repeats would hold more than {MOST_NUMBERS:,} numbers; ask for fewer"
    for repeat in range(ground.repeats):
        dataset = first if repeat == 0 else made(repeat)
        found.append(plain(ground, way, dataset=dataset, repeat=repeat, **changes))
    return found


def with_protocol(plan: Plan, protocol: Protocol) -> Plan:
    return replace(plan, protocol=protocol)


def derived(dataset: Dataset, way: str, **changes: Any) -> Dataset:
    """A dataset with other content, under a fingerprint of that content: whatever made it may change."""
    made = replace(dataset, **changes)
    return replace(made, fingerprint=fingerprint_of(dataset.fingerprint, way, made.X, made.y, made.row))


def draws_of(dataset: Dataset) -> list[np.ndarray]:
    """The rows of each draw of a simulation; all rows where the data are none."""
    if dataset.draw is None:
        return [np.arange(dataset.n)]
    return [np.flatnonzero(dataset.draw == draw) for draw in np.unique(dataset.draw)]


def reads_of(study: Study) -> Explain | None:
    """What the study asks to be explained."""
    return study.diagnostics.explain if study.diagnostics is not None else None
