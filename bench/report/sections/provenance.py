"""How these results were made and how to make them again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from bench.families.seeds import how_many_candidates
from bench.report.bundle import Bundle, remembered
from bench.report.facts import packages, repeats_run, tuning_said
from bench.report.section import Labelled, Section
from bench.report.styles import Style, Styles, styles_of
from bench.report.text import external as given
from bench.report.text import provenance as text
from bench.report.text.protocol import outer_words
from bench.scores.design import is_external
from bench.study.models import ExternalFamily, FamilySpec, Steps, step_parts
from bench.text import formats
from bench.text.words import extension_nouns, with_code


@dataclass(frozen=True)
class ExtensionShown:
    """What a package brought: what it is, its name, the package with its version."""

    noun: str
    name: str
    package: str


@dataclass(frozen=True)
class CandidatesShown:
    """What was tried of a family, and where its default candidates come from; `stated`: for all datasets, then what
    differs by dataset."""

    look: Style
    estimator: str
    stated: tuple[Labelled, ...]
    tried: str
    source: str


@dataclass(frozen=True)
class ProvenanceView:
    """The section; `protocol`: the datasets that a protocol is about, where they differ, and the protocol."""

    rerun: str
    install: Markup
    file: str
    save: str
    files: tuple[tuple[str, str], ...]
    protocol: list[Labelled]
    rows: list[tuple[str, str]]
    versions: list[tuple[str, str]]
    hashes: list[tuple[str, str]]
    trusted: list[str]
    extensions: list[ExtensionShown]
    candidates: list[CandidatesShown]


@remembered
def provenance(bundle: Bundle) -> ProvenanceView:
    """The command, the protocol, and the hashes and versions behind the results."""
    known, styles = bundle.provenance, styles_of(bundle)
    return ProvenanceView(
        rerun=known.rerun or text.rerun(bundle.study.id),
        file=known.study_file,
        install=with_code(text.install(known.bench, known.address)),
        save=text.save(
            bundle.study.id,
            known.files,
            [name for name, _ in known.texts],
            packages(bundle),
        ),
        files=known.texts,
        protocol=_protocol(bundle, styles),
        rows=_rows(bundle),
        versions=sorted(known.versions.items()),
        hashes=[
            (styles.dataset(name), value)
            for name, value in sorted(known.hashes.items())
        ],
        trusted=list(known.trusted_code),
        extensions=_extensions(bundle),
        candidates=[
            one
            for name in bundle.families
            if (one := _candidates(bundle, styles, name)) is not None
        ],
    )


def _is_given(bundle: Bundle, family: str) -> bool:
    return isinstance((bundle.study.families or {}).get(family), ExternalFamily)


def _extensions(bundle: Bundle) -> list[ExtensionShown]:
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
        ExtensionShown(nouns[one.group], one.name, f"{one.distribution} {one.version}")
        for one in bundle.provenance.extensions
        if one.name in used.get(one.group, set())
    ]


def _rows(bundle: Bundle) -> list[tuple[str, str]]:
    seed, file = bundle.provenance.seed, bundle.provenance.study_sha256
    rows = [
        ("Seed", "–" if seed is None else str(seed)),
        ("Results", bundle.results_sha256),
    ]
    return [*rows, ("Study file", file)] if file else rows


def _protocol(bundle: Bundle, styles: Styles) -> list[Labelled]:
    """The protocol in words, once where all datasets share it."""
    said: dict[str, list[str]] = {}
    features = dict(bundle.frame("tables").select("dataset", "features").iter_rows())
    for name in bundle.datasets:
        protocol = bundle.study.protocol_of(name)
        words = text.NOTHING_FITTED
        if is_external(bundle.study, name):
            words = text.external(given.design_words(bundle, name))
        if protocol is not None:
            tuned = "; ".join(tuning_said(bundle, [name]))
            words = f"{outer_words(bundle.study, name, repeats_run(bundle, [name]))}; {tuned}"
        steps = (
            [_step(step, features.get(name)) for step in _steps_of(bundle, name)]
            if protocol is not None
            else []
        )
        said.setdefault(text.protocol(words, steps), []).append(styles.dataset(name))
    alone = len(said) == 1
    return [
        Labelled("" if alone else formats.listed(places), words)
        for words, places in said.items()
    ]


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
    return (
        text.keeps_all(said, features)
        if features and isinstance(k, int) and k >= features
        else said
    )


def _candidates(bundle: Bundle, styles: Styles, name: str) -> CandidatesShown | None:
    """What was tried of a family; None where nothing is tuned or stated."""
    if _is_given(bundle, name):
        return None
    spec, style = (bundle.study.families or {})[name], styles.family(name)
    stated = _stated(bundle, styles, name)
    most = _tried(bundle).get(name)
    if most is None and not stated:
        return None
    tried = text.tried(
        most,
        planned=any(_is_tuned(bundle, dataset, name) for dataset in bundle.datasets),
    )
    source = style.family.source if style.family is not None and not stated else ""
    return CandidatesShown(style, spec.estimator or "", stated, tried, source)


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


def _stated(bundle: Bundle, styles: Styles, name: str) -> tuple[Labelled, ...]:
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
        own = text.parameters({k: v for k, v in stated.items() if k not in shared})
        places.setdefault(own, []).append(styles.dataset(dataset))
    said = [
        Labelled("", text.parameters(shared)),
        *(Labelled(formats.listed(on), own) for own, on in places.items()),
    ]
    return tuple(one for one in said if one.text)


SECTION = Section("provenance", "Provenance", provenance, order=150)
