"""Explanations that split differently: groups on both sides, rows that should not be there, other stratification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bench.data.dataset import Dataset
from bench.run.variants.explanation import (
    Explanation,
    ExplanationContext,
    Variations,
    derived,
    plain,
    whole_number,
)
from bench.study.protocol import Protocol, draw_folds
from bench.text.refusals import (
    AlreadyRandom,
    NoDuplicatesDropped,
    NothingDropped,
    NotStratifiable,
    Regression,
)


def random_folds(
    protocol: Protocol, n: int, repeats: int, folds: int | None = None
) -> Protocol:
    """The protocol with random folds of all rows in the place of groups, times or a given split."""
    count = folds or getattr(protocol.resampling, "folds", None) or 10
    drawn = draw_folds(min(count, n), repeats, stratify=False)
    return protocol.model_copy(update={"resampling": drawn})


def may_keep_together(protocol: Protocol) -> bool:
    """Whether its splits are of groups, of times, or came with the data, so that random ones are others."""
    own = protocol.resampling
    return own.keeps_groups or own.given or own.in_time


def _random(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    if not may_keep_together(start.protocol):
        return AlreadyRandom()
    protocol = random_folds(
        start.protocol, start.dataset.n, start.repeats, parameters.get("folds")
    )
    plan = replace(start.plan, protocol=protocol)
    dataset = ungrouped(start.dataset) if plan.tuned else start.dataset
    return [plain(start, RANDOM, dataset=dataset, plan=plan, protocol=protocol)]


def ungrouped(dataset: Dataset) -> Dataset:
    """The dataset without its groups: inner folds keep groups together wherever a dataset has any."""
    return (
        dataset if dataset.group is None else derived(dataset, RANDOM.name, group=None)
    )


def _stratified(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    own = start.protocol.resampling
    if not own.stratifiable:
        return NotStratifiable()
    if start.dataset.task == "regression":
        return Regression()
    turned = own.model_copy(update={"stratify": not own.stratifies})
    protocol = start.protocol.model_copy(update={"resampling": turned})
    return [
        plain(
            start,
            STRATIFIED,
            plan=replace(start.plan, protocol=protocol),
            protocol=protocol,
        )
    ]


def _duplicates(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    other = start.other(DUPLICATES.name)
    if other is None:
        return NoDuplicatesDropped()
    if other.fingerprint == start.dataset.fingerprint:
        return NothingDropped()
    return [plain(start, DUPLICATES, dataset=other)]


RANDOM = Explanation(
    "random_split",
    "error",
    "random instead of grouped split",
    "rows that belong together (one speaker, one patient, one day) stood on both sides of the split",
    _random,
    parameters={"folds": "how many random folds (10)"},
    check=whole_number("folds", 2, "how many random folds (10)"),
)
DUPLICATES = Explanation(
    "duplicates_kept",
    "error",
    "duplicates kept",
    "rows that the study drops as repeated were kept, so that copies stand on both sides of the split",
    _duplicates,
)
STRATIFIED = Explanation(
    "stratification",
    "valid",
    "other stratification",
    "the folds were stratified where those of the study are not, or the reverse",
    _stratified,
)
