"""A study's tables as the cleaning of an explanation leaves them: with duplicates that the study drops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.study import CleaningSteps, DatasetSpec, Study, cleaning_parts, step_parts


@dataclass(frozen=True)
class OtherCleaning:
    """One dataset under one explanation: its spec and cleaning steps as the explanation has them."""

    explanation: str
    dataset: str
    spec: DatasetSpec
    steps: CleaningSteps


def other_cleanings(study: Study) -> Iterator[OtherCleaning]:
    """The other cleanings that `diagnostics: {explain: ...}` needs: of duplicates_kept, unless the study names other
    explanations, without its `drop_duplicates`."""
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


def _with_duplicates(study: Study, name: str) -> Iterator[OtherCleaning]:
    steps = study.clean_of(name)
    fewer = tuple(
        step for step in steps if cleaning_parts(step)[0] != "drop_duplicates"
    )
    if len(fewer) < len(steps):
        yield OtherCleaning("duplicates_kept", name, study.datasets[name], fewer)
