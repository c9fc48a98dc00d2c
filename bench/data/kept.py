"""A study's tables as another cleaning would leave them: what a slip keeps that the study drops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.study import DatasetSpec, Steps, Study, step_parts


@dataclass(frozen=True)
class Kept:
    """One dataset under one slip: its spec and cleaning steps as the slip would have them."""

    slip: str
    dataset: str
    spec: DatasetSpec
    steps: Steps


def cleaned_for_explanations(study: Study) -> Iterator[Kept]:
    """The other cleanings that `diagnostics: {explain: ...}` needs.

    duplicates_kept, unless the study asks for other slips: without its `drop_duplicates`. columns_kept, where the study
    names the columns: with these columns, which it drops, among the features.
    """
    explain = study.diagnostics.explain if study.diagnostics is not None else None
    if explain is None:
        return
    asked = None if explain.variants is None else dict(step_parts(step) for step in explain.variants)
    for name in explain.datasets or study.datasets:
        spec, steps = study.datasets[name], study.clean_of(name)
        fewer = tuple(step for step in steps if step_parts(step)[0] != "drop_duplicates")
        if (asked is None or "duplicates_kept" in asked) and len(fewer) < len(steps):
            yield Kept("duplicates_kept", name, spec, fewer)
        columns = tuple((asked or {}).get("columns_kept", {}).get("columns", ()))
        if columns:
            more = {"drop": tuple(one for one in spec.drop if one not in columns)}
            if spec.features is not None:
                more["features"] = (*spec.features, *columns)
            yield Kept("columns_kept", name, spec.model_copy(update=more), steps)
