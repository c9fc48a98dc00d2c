"""Ways to split otherwise: rows that belong together on both sides, rows that should not be there, another drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.data.dataset import Dataset
from bench.run.variants.explanation import Explanation, ExplanationContext, Made, derived, plain, with_protocol
from bench.study.models import KFold, Protocol

_RESPECTING = ("group_kfold", "fixed_split", "given_folds", "time_ordered")


def random_folds(protocol: Protocol, n: int, repeats: int, folds: int | None = None) -> Protocol:
    """The protocol with random folds of all rows in the place of groups, times or a given split."""
    count = folds or getattr(protocol.resampling, "folds", None) or 10
    return protocol.model_copy(
        update={"resampling": KFold(kind="kfold", folds=min(count, n), repeats=repeats, stratify=False)}
    )


def _random(ground: ExplanationContext, parameters: Mapping[str, Any]) -> Made:
    if ground.protocol.resampling.kind not in _RESPECTING:
        return "the study's own folds are random already"
    protocol = random_folds(ground.protocol, ground.dataset.n, ground.repeats, parameters.get("folds"))
    plan = with_protocol(ground.plan, protocol)
    dataset = ungrouped(ground.dataset) if plan.tuned else ground.dataset
    return [plain(ground, RANDOM, dataset=dataset, plan=plan, protocol=protocol)]


def ungrouped(dataset: Dataset) -> Dataset:
    """The dataset without its groups: inner folds keep groups together wherever a dataset has any."""
    return dataset if dataset.group is None else derived(dataset, RANDOM.name, group=None)


def _stratified(ground: ExplanationContext, parameters: Mapping[str, Any]) -> Made:
    own = ground.protocol.resampling
    if not isinstance(own, KFold) and own.kind != "holdout":
        return "nothing is stratified in this kind of split"
    if ground.dataset.task == "regression":
        return "the task is regression: there are no classes to stratify"
    turned = own.model_copy(update={"stratify": own.stratify is False})
    protocol = ground.protocol.model_copy(update={"resampling": turned})
    return [plain(ground, STRATIFIED, plan=with_protocol(ground.plan, protocol), protocol=protocol)]


def _kept(way: str) -> Any:
    def made(ground: ExplanationContext, parameters: Mapping[str, Any]) -> Made:
        other = ground.other(way)
        if other is None:
            return {"duplicates_kept": "no cleaning step drops duplicates here", "columns_kept": _SAY}[way]
        if other.fingerprint == ground.dataset.fingerprint:
            return "the same table comes out of it: nothing was dropped here"
        return [plain(ground, DUPLICATES if way == "duplicates_kept" else COLUMNS, dataset=other)]

    return made


_SAY = "say which dropped columns would be kept, `{columns_kept: {columns: [...]}}`"

RANDOM = Explanation(
    "random_split",
    "error",
    "random instead of grouped split",
    "rows that belong together (one speaker, one patient, one day) were dealt to both sides",
    _random,
    parameters={"folds": "how many random folds (10)"},
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
)
STRATIFIED = Explanation(
    "stratification",
    "valid",
    "stratified the other way",
    "the classes were balanced over folds where the study does not, or not where it does",
    _stratified,
)
