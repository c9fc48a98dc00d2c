"""What would decide the open claims of a study, and how long it would take by what its cells took so far."""

from __future__ import annotations

from dataclasses import dataclass

from bench.claims.open_claims import OpenClaim, open_claims
from bench.claims.repeats import claims_asking
from bench.project.folder import ProjectFolder
from bench.project.pipeline import bundle_of, price
from bench.run.variants.price import Price
from bench.study import Study
from bench.study.repeats import pilots_of


@dataclass(frozen=True)
class Settling:
    """How many claims count and were attempted, how many of those are open, and what would decide each open one.

    apart: the claims among `rows` that do not count: what the author expects beside a paper, and its falsifiers;
    falsifiers: these alone.
    seconds: of waiting, beside each of `rows`: for all models on its dataset, with this project's workers; None where
    nothing can be run, or nothing like it was.
    """

    study: str
    attempted: int
    open: int
    apart: frozenset[str]
    falsifiers: frozenset[str]
    rows: tuple[OpenClaim, ...]
    seconds: tuple[float | None, ...]


def settle(project: ProjectFolder, study_id: str) -> Settling:
    """What would decide the open claims of a study. Nothing is fitted."""
    bundle = bundle_of(project, study_id)
    count = bundle.counted
    apart = (*count.expected, *count.falsifiers)
    rows = open_claims((*count.claims, *apart), bundle.datasets, bundle.setting)
    priced = price(project, study_id) if any(row.further for row in rows) else None
    repeats = {} if priced is None else priced.repeats
    seconds: list[float | None] = []
    for row in rows:
        each, further = repeats.get(row.dataset or ""), row.further
        if row.dataset is None or each is None or further is None:
            seconds.append(None)
            continue
        together = max(1, bundle.setting(row.dataset).repeats_a_draw)
        seconds.append(each * together * further / project.settings.workers)
    listed = {row.claim for row in rows}
    names, falsifiers = (
        frozenset(row.claim for row in some) & listed
        for some in (apart, count.falsifiers)
    )
    return Settling(
        study_id,
        len(count.attempted),
        len(count.open),
        names,
        falsifiers,
        rows,
        tuple(seconds),
    )


@dataclass(frozen=True)
class Pilot:
    """The repeats of one dataset that are run first, and at most; the claims that may ask for more than the first;
    and what these may cost: seconds of work for all models, None where that is not known."""

    pilot: int
    at_most: int
    claims: tuple[str, ...]
    seconds: float | None


def pilots_priced(study: Study, price: Price | None) -> dict[str, Pilot]:
    """By dataset, the pilots of a study with what may follow them, before anything is run."""
    asking, found = claims_asking(study), {}
    for dataset, stated in pilots_of(study).items():
        each = None if price is None else price.repeats.get(dataset)
        seconds = None if each is None else each * (stated.at_most - stated.pilot)
        found[dataset] = Pilot(
            stated.pilot, stated.at_most, asking.get(dataset, ()), seconds
        )
    return found
