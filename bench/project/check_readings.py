"""What is wrong with the readings of a protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.core.outcomes import Statement
from bench.scores.design import put_together_anew
from bench.study import Study
from bench.study.readings import ProtocolReading
from bench.study.source_map import Path
from bench.text.problems import (
    FirstReading,
    IdleReadings,
    NothingReadOtherwise,
    PairReadAsOne,
    SameReading,
    ScoresStay,
    UnknownWord,
)

_CHANGES = ("datasets", "families", "aggregation")


def _concern_a_claim(study: Study) -> bool:
    from bench.claims.by_reading import (
        concerned,
    )  # slow to import, and few studies have readings

    return any(concerned(claim, study) for claim in study.judged)


def found(study: Study) -> Iterator[tuple[Path, Statement]]:
    """Names that the study does not have; a first reading that changes something, and further ones that do not."""
    readings = study.readings or {}
    for place, (name, reading) in enumerate(readings.items()):
        path: Path = ("readings", name)
        yield from (
            (((*path, *inner)), statement)
            for inner, statement in _names(reading, study)
        )
        yield from (
            ((*path, "families"), statement) for statement in _pairs(reading, study)
        )
        stated = [key for key in _CHANGES if getattr(reading, key)]
        if place == 0 and stated:
            yield (*path, stated[0]), FirstReading(stated[0])
        same = [
            other
            for other in list(readings)[:place]
            if _changes(readings[other]) == _changes(reading)
        ]
        if same:
            yield path, SameReading(same[0])
    if readings and study.claims and not _concern_a_claim(study):
        yield ("readings",), IdleReadings()


def _changes(reading: ProtocolReading) -> tuple[Mapping[str, str], ...]:
    return tuple(dict(getattr(reading, key)) for key in _CHANGES)


def _names(reading: ProtocolReading, study: Study) -> Iterator[tuple[Path, Statement]]:
    """Names of datasets, families and metrics that the study does not have, or that stand for themselves."""
    known = {"datasets": tuple(study.datasets), "families": tuple(study.families or ())}
    for key, names in known.items():
        for one, other in getattr(reading, key).items():
            for name in (one, other):
                if name not in names:
                    yield (key, one), UnknownWord("", name, names, key)
            if one == other:
                yield (key, one), NothingReadOtherwise(one)
    for metric, way in reading.aggregation.items():
        if metric not in study.metrics.names:
            yield (
                ("aggregation", metric),
                UnknownWord("", metric, study.metrics.names, "metrics"),
            )
        elif all(spec.scores is not None for spec in study.datasets.values()):
            yield ("aggregation", metric), ScoresStay(metric)
        elif not any(
            put_together_anew(study, name, metric, way) for name in study.datasets
        ):
            yield ("aggregation", metric), NothingReadOtherwise(way)


def _pairs(reading: ProtocolReading, study: Study) -> Iterator[PairReadAsOne]:
    """Claims on two families that the reading takes for one."""
    for claim in study.judged:
        family, against = (
            reading.families.get(name or "", name)
            for name in (claim.family, claim.against)
        )
        if family is not None and family == against and claim.family != claim.against:
            yield PairReadAsOne(claim.id, family)
