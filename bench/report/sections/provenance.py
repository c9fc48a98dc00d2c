"""How these results were made and how to make them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from bench.families.seeds import how_many_candidates
from bench.report.blocks import (
    Block,
    Cell,
    Code,
    Details,
    Facts,
    Listing,
    Paragraph,
    Part,
    Table,
)
from bench.report.bundle import Bundle, remembered
from bench.report.facts import packages, repeats_run, tuning_said
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.terms import with_code
from bench.report.text import external as given
from bench.report.text.protocol import outer_words
from bench.report.values import count
from bench.scores.design import is_external
from bench.study.models import ExternalFamily, FamilySpec, Steps, step_parts
from bench.text import formats
from bench.text.words import extension_nouns

#: More files than this are counted.
NAMED = 4
NO_ADDRESS = (
    "run `pip install .` in a copy of its source. The source has no public address yet."
)


def provenance(bundle: Bundle) -> Iterator[Block]:
    """The command and the study file; in folds how it was done, and fingerprints and versions."""
    known = bundle.provenance
    yield Paragraph(with_code(install(known.bench, known.address)))
    yield Paragraph(_typed(known.rerun or f"bench repro {bundle.study.id}"))
    if known.study_file:
        yield Details("The study file", tuple(_files(bundle)))
    yield Details("How it was done", tuple(_method(bundle)))
    yield Details("Fingerprints and versions", tuple(_fingerprints(bundle)))


def _typed(text: str) -> Code:
    """What is typed or saved, as a block of its own."""
    return Code(text if text.endswith("\n") else f"{text}\n")


def install(version: str | None, address: str) -> str:
    """How a reader gets this tool; `address`: where its source is, if that is known.

    >>> install("1.0.0", "https://example.org/bench")
    'First install bench 1.0.0 (Python 3.11 or later) from https://example.org/bench.'
    """
    named = " ".join(filter(None, ("bench", version)))
    what = f"First install {named} (Python 3.11 or later)"
    return f"{what} from {address}." if address else f"{what}: {NO_ADDRESS}"


def _files(bundle: Bundle) -> Iterator[Block]:
    known = bundle.provenance
    names = [name for name, _ in known.texts]
    said = save(bundle.study.id, known.files, names, packages(bundle))
    yield Paragraph(with_code(said))
    yield Paragraph(_typed(known.study_file))
    for name, words in known.texts:
        yield Part(name, (Paragraph(_typed(words)),))


def save(
    study: str, files: Sequence[str], shown: Sequence[str], packages: Sequence[str]
) -> str:
    """What to do with the study file.

    Parameters
    ----------
    files
        What the study reads besides it.
    shown
        What of it the page has.
    packages
        Those whose files are its data.
    """
    said = (
        f"Run `bench init`, then save the text below as `studies/{study}/study.yaml`."
    )
    if shown:
        said += " Save the files below beside it, under their names."
    missing = [one for one in files if one not in shown]
    if missing:
        named = (
            formats.listed(missing)
            if len(missing) <= NAMED
            else f"{len(missing)} further files"
        )
        said += f" It also needs {named}, which this page does not hold."
    if packages:
        said += (
            f" Data in Python packages: `pip install --no-deps {' '.join(packages)}`."
        )
    return said


def _method(bundle: Bundle) -> Iterator[Block]:
    styles = styles_of(bundle)
    yield Facts(tuple(_protocol(bundle, styles)))
    brought = tuple(
        (f"{noun} ", Code(name), " of ", Code(package))
        for noun, name, package in extensions(bundle)
    )
    if bundle.provenance.trusted_code:
        codes = tuple(map(Code, bundle.provenance.trusted_code))
        yield Paragraph("External code:")
        yield Listing(codes)
    if brought:
        yield Paragraph("Code of other packages took part:")
        yield Listing(brought)
    found = (_candidates(bundle, styles, name) for name in bundle.families)
    rows = tuple(row for row in found if row is not None)
    if rows:
        head = (
            "Model",
            "Stated in the study",
            "Tried",
            "Source of the default candidates",
        )
        yield Table(head, rows, "Candidates of each model")


def _fingerprints(bundle: Bundle) -> Iterator[Block]:
    known, styles, study = bundle.provenance, styles_of(bundle), bundle.study.id
    yield Paragraph(
        (
            "Runs on your machine: ",
            Code(f"bench log {study}"),
            "; what changed: ",
            Code(f"bench diff {study}"),
            ".",
        )
    )
    rows: list[tuple[str, Cell]] = [
        ("Seed", formats.NONE if known.seed is None else str(known.seed)),
        ("Results", Code(bundle.results_sha256)),
    ]
    if known.study_sha256:
        rows.append(("Study file", Code(known.study_sha256)))
    rows += [
        (styles.dataset(name), Code(value))
        for name, value in sorted(known.hashes.items())
    ]
    yield Facts(tuple(rows))
    yield Facts(tuple(sorted(known.versions.items())))


def _is_given(bundle: Bundle, family: str) -> bool:
    return isinstance((bundle.study.families or {}).get(family), ExternalFamily)


def extensions(bundle: Bundle) -> list[tuple[str, str, str]]:
    """What installed packages brought of this study: what it is, its name, its package."""
    study, nouns = bundle.study, extension_nouns()
    families = {
        spec.family or name
        for name, spec in (study.families or {}).items()
        if isinstance(spec, FamilySpec)
    }
    tuned = (
        study.protocol.tuning.metric
        if study.protocol and study.protocol.tuning
        else None
    )
    used = {
        "bench.families": families,
        "bench.metrics": {*bundle.frame("scores")["metric"].unique(), tuned},
        "bench.sources": {
            spec.source.kind
            for spec in study.datasets.values()
            if spec.source is not None
        },
        "bench.diagnostics": set(bundle.frame("findings")["diagnostic"].unique()),
        "bench.claims": set(bundle.frame("verdicts")["kind"].unique()),
    }
    return [
        (nouns[one.group], one.name, f"{one.distribution} {one.version}")
        for one in bundle.provenance.extensions
        if one.name in used.get(one.group, set())
    ]


def _protocol(bundle: Bundle, styles: Styles) -> Iterator[tuple[str, Cell]]:
    """The protocol in words, once where all datasets share it."""
    said: dict[str, list[str]] = {}
    features = dict(bundle.frame("tables").select("dataset", "features").iter_rows())
    for name in bundle.datasets:
        protocol = bundle.study.protocol_of(name)
        words = "nothing is fitted"
        if is_external(bundle.study, name):
            words = f"fitted elsewhere: {given.design_words(bundle, name)}"
        if protocol is not None:
            tuned = "; ".join(tuning_said(bundle, [name]))
            words = f"{outer_words(bundle.study, name, repeats_run(bundle, [name]))}; {tuned}"
        steps = (
            [_step(step, features.get(name)) for step in _steps_of(bundle, name)]
            if protocol is not None
            else []
        )
        inside = f"; on training rows only: {', '.join(steps)}" if steps else ""
        whole = f"{words[0].upper()}{words[1:]}{inside}."
        said.setdefault(whole, []).append(styles.dataset(name))
    for words, places in said.items():
        label = "Protocol" if len(said) == 1 else formats.listed(places)
        yield label, words


def _steps_of(bundle: Bundle, dataset: str) -> Steps:
    """The steps inside the fold that the study states for a dataset."""
    own = (
        bundle.study.datasets[dataset].preprocess
        if dataset in bundle.study.datasets
        else None
    )
    return (bundle.study.preprocess if own is None else own) or ()


def _step(step: Any, features: int | None) -> str:
    """A step as the study writes it; of a selection that keeps all features, that it does."""
    name, parameters = step_parts(step)
    inner = ", ".join(f"{k}={v}" for k, v in parameters.items())
    said = f"{name}({inner})" if inner else name
    k = parameters.get("k") if name == "select" else None
    if features and isinstance(k, int) and k >= features:
        return f"{said}, which keeps all {formats.count(features)} features"
    return said


def _candidates(bundle: Bundle, styles: Styles, name: str) -> tuple[Cell, ...] | None:
    """What was tried of a family; None where nothing is tuned or stated."""
    if _is_given(bundle, name):
        return None
    spec, style = (bundle.study.families or {})[name], styles.family(name)
    stated, most = _stated(bundle, styles, name), _tried(bundle).get(name)
    if most is None and not stated:
        return None
    tried: Cell = "nothing tuned"
    if most is not None:
        tried = count(most)
    elif any(_is_tuned(bundle, dataset, name) for dataset in bundle.datasets):
        tried = "no candidate was fitted to the end"
    source = style.family.source if style.family is not None and not stated else ""
    named: Cell = style.named
    if spec.estimator:
        named = (style.named, f", {spec.estimator}")
    return named, stated or formats.NONE, tried, source or formats.NONE


def _is_tuned(bundle: Bundle, dataset: str, name: str) -> bool:
    """Whether several candidates were to be tried."""
    protocol = bundle.study.protocol_of(dataset)
    tuned = protocol is not None and protocol.tuning is not None
    return tuned and how_many_candidates(bundle.study, dataset, name) > 1


@remembered
def _tried(bundle: Bundle) -> dict[str, int]:
    """How many candidates of each tuned family were tried, where they were most."""
    each = (
        bundle.plain("tuning")
        .group_by("family", "dataset")
        .agg(pl.col("candidate").n_unique())
    )
    return dict(each.group_by("family").agg(pl.col("candidate").max()).iter_rows())


def _stated(bundle: Bundle, styles: Styles, name: str) -> str:
    """The parameters that the study states for a family: those of all datasets, then the others by dataset."""
    each = {
        dataset: bundle.study.parameters_of(dataset, name)
        for dataset in bundle.datasets
    }
    first = next(iter(each.values()))
    shared = {
        k: v
        for k, v in first.items()
        if all(k in one and one[k] == v for one in each.values())
    }
    places: dict[str, list[str]] = {}
    for dataset, stated in each.items():
        own = _parameters({k: v for k, v in stated.items() if k not in shared})
        places.setdefault(own, []).append(styles.dataset(dataset))
    said = [_parameters(shared)]
    said += [f"{formats.listed(on)}: {own}" for own, on in places.items() if own]
    return "; ".join(filter(None, said))


def _parameters(stated: Mapping[str, object]) -> str:
    """`n_neighbors: 1, weights: uniform`."""
    return ", ".join(f"{name}: {value}" for name, value in stated.items())


SECTION = Section("provenance", "Provenance", provenance, order=150)
