"""Repeats in two stages: the datasets of a study whose number of repeats a pilot decides."""

from __future__ import annotations

from collections.abc import Mapping

from bench.study.models import Study
from bench.study.protocol import DatasetProtocol, PilotRepeats, Resampling


def pilot_of(study: Study, dataset: str) -> PilotRepeats | None:
    """The pilot of a dataset and its bound; None where the number of repeats is stated, or nothing is repeated."""
    protocol = study.protocol_of(dataset) if dataset in study.datasets else None
    repeats = (
        getattr(protocol.resampling, "repeats", None) if protocol is not None else None
    )
    return repeats if isinstance(repeats, PilotRepeats) else None


def pilots_of(study: Study) -> dict[str, PilotRepeats]:
    """The datasets that have a pilot, each with it."""
    return {
        name: pilot
        for name in study.datasets
        if (pilot := pilot_of(study, name)) is not None
    }


def fewest_repeats(resampling: Resampling) -> int:
    """How many repeats are run at least: the stated number, or those of the pilot; 1 where nothing is repeated.

    >>> from bench.study.protocol import KFold
    >>> fewest_repeats(KFold(kind="kfold", repeats={"pilot": 5, "at_most": 90}))
    5
    """
    repeats = getattr(resampling, "repeats", 1)
    return repeats.pilot if isinstance(repeats, PilotRepeats) else int(repeats)


def with_repeats(study: Study, counts: Mapping[str, int]) -> Study:
    """The study with a number of repeats for each of these datasets, in the place of what it says."""
    datasets = dict(study.datasets)
    for name, count in counts.items():
        protocol, stated = (
            study.protocol_of(name),
            datasets[name].protocol or DatasetProtocol(),
        )
        assert protocol is not None
        resampling = protocol.resampling.model_copy(update={"repeats": count})
        changed = stated.model_copy(update={"resampling": resampling})
        datasets[name] = datasets[name].model_copy(update={"protocol": changed})
    return study.model_copy(update={"datasets": datasets})
