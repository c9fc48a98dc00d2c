"""Explanations: protocol variants that may have produced a published number, and the cells that show what each gives.

Some of them use test rows for training or choosing, on purpose: nothing else in the package may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from bench.core.outcomes import Statement
from bench.core.registry import Registry
from bench.data.dataset import Dataset
from bench.run.cells import Plan
from bench.run.variants.permuted import fingerprint_of
from bench.study import Protocol, Study, step_parts
from bench.study.models import Explain
from bench.text.problems import BadParameter, NoParameter
from bench.text.refusals import TooLarge

#: valid: another sound protocol; error: a known protocol error; control: an error that should barely matter.
ExplanationKind = Literal["valid", "error", "control"]
#: How the number is read off the scores: of the test rows; of the training rows; as the best of several seeds' means,
#: of several repeats; of the candidate with the best mean over all outer folds; with another rule for ties;
#: put together from folds in another way; each setting by itself.
Reads = Literal[
    "test",
    "train",
    "best_of_seeds",
    "best_of_splits",
    "flat",
    "ties",
    "aggregation",
    "settings",
]


@dataclass(frozen=True, eq=False)
class ExplanationContext:
    """Where an explanation starts from: one model's plan on one dataset, under the study's protocol, with enough
    repeats.

    repeats: the number of repeats of every explanation that draws anything; stated: the parameters that the study gives
    the model; other: the dataset as another cleaning leaves it, by the explanation's name, None without one.
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
    """Cells that one explanation requests: this plan on the folds that this protocol draws of this dataset.

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


#: Where inside the parameters of an explanation something is wrong, and what.
VariantProblems = Iterator[tuple[tuple[str | int, ...], Statement]]
#: In the place of a parameter's name: any name.
ANY = "..."

#: The variations of an explanation, or why it cannot run here.
Variations = list[Variation] | Statement


@dataclass(frozen=True)
class Explanation:
    """One protocol variant: what was done, in words that accuse nobody, and the cells that show what it gives.

    `made` is None where stored results show it already; `parameters`: what a study may set, a sentence each; `check`:
    what is wrong with them. `tunes`: whether it chooses by inner folds where the model is tuned. `follows`: its
    candidates are changes of the one that the study's own cell of a fold chose, and wait for that cell. `named`: it is
    tried only where a study names it, valid as it is.
    """

    name: str
    kind: ExplanationKind
    title: str
    what: str
    made: Callable[[ExplanationContext, Mapping[str, Any]], Variations] | None = None
    reads: Reads = "test"
    parameters: Mapping[str, str] = field(default_factory=dict)
    tunes: bool = True
    follows: bool = False
    named: bool = False
    check: Callable[[Mapping[str, Any], Study], VariantProblems] = (
        lambda parameters, study: iter(())
    )

    def wrong(self, parameters: Mapping[str, Any], study: Study) -> VariantProblems:
        """What is wrong with the parameters that a study sets, before anything is fitted: the keys, and what."""
        for key in parameters:
            if key not in self.parameters and ANY not in self.parameters:
                yield (key,), NoParameter(self.name, key, tuple(self.parameters))
        yield from self.check(parameters, study)

    @property
    def always(self) -> bool:
        """Whether it is made whatever a study names."""
        return self.kind == "valid" and not self.named

    @property
    def variant(self) -> str:
        """The variant of its cells; of several draws each has its number behind a colon."""
        return f"explanation={self.name}"


#: Numbers (of 8 bytes) that the tables of all repeats may hold together: 1 GB.
MOST_NUMBERS = 2**27
EXPLANATIONS = Registry("bench.run.variants.explanations", Explanation, "explanation")
#: The study's own protocol: every explanation is compared with it.
STATED = "protocol"


def whole_number(
    key: str, least: int, title: str
) -> Callable[[Mapping[str, Any], Study], VariantProblems]:
    """A check: that a parameter is a whole number, `least` or more."""

    def check(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
        value = parameters.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            yield (key,), BadParameter("whole", repr(value), title)

    return check


def wanted(explain: Explain) -> Iterator[tuple[Explanation, dict[str, Any]]]:
    """The valid alternatives that need no naming, and what else a study names (all errors and controls, without
    parameters, unless it names any), each with its parameters."""
    chosen = (
        None
        if explain.variants is None
        else dict(step_parts(step) for step in explain.variants)
    )
    for explanation in EXPLANATIONS.values():
        unasked = explanation.always or (chosen is None and not explanation.named)
        if unasked or explanation.name in (chosen or ()):
            yield explanation, (chosen or {}).get(explanation.name, {})


def plain(
    start: ExplanationContext, explanation: Explanation, **changes: Any
) -> Variation:
    """The variation of an explanation that changes these fields."""
    return replace(
        Variation(explanation.variant, start.dataset, start.plan, start.protocol),
        **changes,
    )


def each_repeat(
    start: ExplanationContext,
    explanation: Explanation,
    made: Callable[[int], Dataset],
    **changes: Any,
) -> Variations:
    """A variation for each repeat, each with a table drawn anew, as each paper would draw its own.

    A simulation has one for all repeats: its draws are separate tables already. A refusal where the tables are too
    large.
    """
    if start.dataset.draw is not None:
        return [plain(start, explanation, dataset=made(0), **changes)]
    first, variations = made(0), []
    if start.repeats * first.X.size > MOST_NUMBERS:
        return TooLarge(start.repeats, MOST_NUMBERS)
    for repeat in range(start.repeats):
        dataset = first if repeat == 0 else made(repeat)
        variations.append(
            plain(start, explanation, dataset=dataset, repeat=repeat, **changes)
        )
    return variations


def derived(dataset: Dataset, explanation: str, **changes: Any) -> Dataset:
    """A dataset with other content, under a fingerprint of that content: whatever made it may change."""
    made = replace(dataset, **changes)
    return replace(
        made,
        fingerprint=fingerprint_of(
            dataset.fingerprint, explanation, made.X, made.y, made.row
        ),
    )


def draws_of(dataset: Dataset) -> list[np.ndarray]:
    """The rows of each draw of a simulation; all rows where the data are none."""
    if dataset.draw is None:
        return [np.arange(dataset.n)]
    return [np.flatnonzero(dataset.draw == draw) for draw in np.unique(dataset.draw)]
