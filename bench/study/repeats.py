"""Repeats in two stages: the datasets of a study whose number of repeats a pilot decides."""

from __future__ import annotations

from collections.abc import Mapping

from bench.study.claims import Claim, WithSpread
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


def with_pilot(study: Study) -> Study:
    """The study, with a pilot where it leaves open how often splits are drawn and a published score rests on them.

    Draws of a simulation are repeats already.
    """
    protocol = study.protocol
    if protocol is None or not protocol.resampling.draws:
        return study
    is_stated = "repeats" in protocol.resampling.model_fields_set
    if is_stated or not any(map(_is_published_score, study.judged)):
        return study
    sources = [spec.source for spec in study.datasets.values()]
    if any(source.parameters.get("draws", 1) != 1 for source in sources):
        return study
    update: dict[str, object] = {"repeats": PilotRepeats()}
    resampling = protocol.resampling.model_copy(update=update)
    changed = protocol.model_copy(update={"resampling": resampling})
    return study.model_copy(update={"protocol": changed})


def _is_published_score(claim: Claim) -> bool:
    """Whether a claim holds a number of the paper against the mean of our repeats."""
    return (
        isinstance(claim, WithSpread)
        and claim.source == "paper"
        and claim.not_attempted is None
        and claim.splits == "unknown"
    )


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
