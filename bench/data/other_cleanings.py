"""A study's tables as the cleaning of an explanation leaves them: with duplicates or columns that the study drops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.study import DatasetSpec, Steps, Study, step_parts


@dataclass(frozen=True)
class OtherCleaning:
    """One dataset under one explanation: its spec and cleaning steps as the explanation has them."""

    explanation: str
    dataset: str
    spec: DatasetSpec
    steps: Steps


def other_cleanings(study: Study) -> Iterator[OtherCleaning]:
    """The other cleanings that `diagnostics: {explain: ...}` needs.

    duplicates_kept, unless the study names other explanations: without its `drop_duplicates`. columns_kept, where the
    study names the columns: with these columns, which it drops, among the features.
    """
    explain = study.diagnostics.explain if study.diagnostics is not None else None
    if explain is None:
        return
    named = (
        None
        if explain.variants is None
        else dict(step_parts(step) for step in explain.variants)
    )
    for name in explain.datasets or study.datasets:
        if named is None or "duplicates_kept" in named:
            yield from _with_duplicates(study, name)
        if columns := tuple((named or {}).get("columns_kept", {}).get("columns", ())):
            yield _with_columns(study, name, columns)


def _with_duplicates(study: Study, name: str) -> Iterator[OtherCleaning]:
    steps = study.clean_of(name)
    fewer = tuple(step for step in steps if step_parts(step)[0] != "drop_duplicates")
    if len(fewer) < len(steps):
        yield OtherCleaning("duplicates_kept", name, study.datasets[name], fewer)


def _with_columns(study: Study, name: str, columns: tuple[str, ...]) -> OtherCleaning:
    spec = study.datasets[name]
    changes: dict[str, Any] = {
        "drop": tuple(column for column in spec.drop if column not in columns)
    }
    if spec.features is not None:
        changes["features"] = (*spec.features, *columns)
    return OtherCleaning(
        "columns_kept", name, spec.model_copy(update=changes), study.clean_of(name)
    )
