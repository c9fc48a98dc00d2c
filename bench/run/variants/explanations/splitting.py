"""Explanations that split differently: groups on both sides, rows that should not be there, other stratification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bench.data.dataset import Dataset
from bench.run.variants.explanation import (
    Explanation,
    ExplanationContext,
    VariantProblems,
    Variations,
    derived,
    plain,
    whole_number,
)
from bench.study import Study
from bench.study.protocol import KFold, Protocol
from bench.text.problems import BadParameter, NotDropped
from bench.text.refusals import (
    AlreadyRandom,
    ColumnsNotNamed,
    NoDuplicatesDropped,
    NothingDropped,
    NotStratifiable,
    Regression,
)

_RESPECTING = ("group_kfold", "fixed_split", "given_folds", "time_ordered")


def random_folds(
    protocol: Protocol, n: int, repeats: int, folds: int | None = None
) -> Protocol:
    """The protocol with random folds of all rows in the place of groups, times or a given split."""
    count = folds or getattr(protocol.resampling, "folds", None) or 10
    return protocol.model_copy(
        update={
            "resampling": KFold(
                kind="kfold", folds=min(count, n), repeats=repeats, stratify=False
            )
        }
    )


def _random(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    if start.protocol.resampling.kind not in _RESPECTING:
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
    if not isinstance(own, KFold) and own.kind != "holdout":
        return NotStratifiable()
    if start.dataset.task == "regression":
        return Regression()
    turned = own.model_copy(update={"stratify": own.stratify is False})
    protocol = start.protocol.model_copy(update={"resampling": turned})
    return [
        plain(
            start,
            STRATIFIED,
            plan=replace(start.plan, protocol=protocol),
            protocol=protocol,
        )
    ]


def _kept(explanation: str) -> Any:
    def made(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
        other = start.other(explanation)
        if other is None:
            return (
                NoDuplicatesDropped()
                if explanation == "duplicates_kept"
                else ColumnsNotNamed()
            )
        if other.fingerprint == start.dataset.fingerprint:
            return NothingDropped()
        return [
            plain(
                start,
                DUPLICATES if explanation == "duplicates_kept" else COLUMNS,
                dataset=other,
            )
        ]

    return made


def _dropped_columns(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
    columns = parameters.get("columns", [])
    dropped = tuple(
        sorted({name for spec in study.datasets.values() for name in spec.drop})
    )
    if "columns" in parameters and (not isinstance(columns, list) or not columns):
        yield ("columns",), BadParameter("columns", repr(columns))
        return
    for index, name in enumerate(columns):
        if name not in dropped:
            yield ("columns", index), NotDropped(str(name), dropped)


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
    _kept("duplicates_kept"),
)
COLUMNS = Explanation(
    "columns_kept",
    "error",
    "dropped columns kept",
    "columns that the study leaves out, because they follow from the target, were among the features",
    _kept("columns_kept"),
    parameters={"columns": "the columns, from `drop`"},
    check=_dropped_columns,
)
STRATIFIED = Explanation(
    "stratification",
    "valid",
    "other stratification",
    "the folds were stratified where those of the study are not, or the reverse",
    _stratified,
)
