"""The words of `diagnostics` against the study and the registries: before any fit, all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.claims.claim import shape_of
from bench.core.outcomes import Statement
from bench.families.featureless import is_baseline_spec
from bench.run.variants.explanation import EXPLANATIONS
from bench.study import Draft, FamilySpec, Study, step_parts
from bench.study.gone import find_gone
from bench.study.models import Diagnostics, Explain, ExtraFits
from bench.study.source_map import Path
from bench.text.problems import (
    AlwaysMade,
    Broken,
    LooksAtNothing,
    NothingToExplain,
    NotInStudy,
    Rule,
    UnknownWord,
)

_Found = Iterator[tuple[Path, Statement]]


def found(draft: Draft) -> _Found:
    """What is wrong with the `diagnostics` of a study, and where."""
    from bench.diagnose import DIAGNOSTICS

    study = draft.readable
    for dataset, name in (study.planted or {}).items():
        if dataset not in study.datasets:
            yield (
                ("planted", dataset),
                NotInStudy("dataset", dataset, tuple(study.datasets)),
            )
        if name not in DIAGNOSTICS:
            yield (
                ("planted", dataset),
                UnknownWord("diagnostic", name, tuple(DIAGNOSTICS), "diagnostics"),
            )
    if study.diagnostics is None:
        return
    if "families" in draft.sections and not study.families:
        yield from _without_fits(study.diagnostics)
    if study.families:
        yield from _extra_fits(study.diagnostics, study.families)
        if "datasets" in draft.sections:
            yield from _datasets(study.diagnostics, study)
        if study.diagnostics.explain is not None:
            yield from _explain(study.diagnostics.explain, draft, study.families)


def _without_fits(diagnostics: Diagnostics) -> _Found:
    """Extra fits of a study that fits nothing."""
    for key in Diagnostics.model_fields:
        if isinstance(getattr(diagnostics, key), ExtraFits | Explain):
            yield ("diagnostics", key), Broken(Rule.NO_FITS)


def _extra_fits(diagnostics: Diagnostics, families: Mapping[str, FamilySpec]) -> _Found:
    """Families of extra fits that the study has not, or that look at no feature."""
    for key in Diagnostics.model_fields:
        block = getattr(diagnostics, key)
        for index, name in enumerate(
            (block.families or ()) if isinstance(block, ExtraFits) else ()
        ):
            path = ("diagnostics", key, "families", index)
            if name not in families:
                yield path, NotInStudy("family", name, tuple(families))
            elif is_baseline_spec(name, families[name]):
                yield path, LooksAtNothing(name)


def _datasets(diagnostics: Diagnostics, study: Study) -> _Found:
    """Datasets that the study has not."""
    for key in ("halves", "explain"):
        for index, name in enumerate(
            getattr(getattr(diagnostics, key), "datasets", None) or ()
        ):
            if name not in study.datasets:
                yield (
                    ("diagnostics", key, "datasets", index),
                    NotInStudy("dataset", name, tuple(study.datasets)),
                )


def _explain(
    explain: Explain, draft: Draft, families: Mapping[str, FamilySpec]
) -> _Found:
    study, path = draft.readable, ("diagnostics", "explain")
    for index, name in enumerate(explain.families):
        inside = ("family",) if isinstance(explain.family, str) else ("family", index)
        if name not in families:
            yield (*path, *inside), NotInStudy("family", name, tuple(families))
        elif not _printed(study, name):
            yield (
                (*path, *(() if isinstance(explain.family, str) else inside)),
                NothingToExplain(name),
            )
    yield from _variants(explain, study)


def _printed(study: Study, family: str) -> bool:
    """Whether some claim or expectation prints a score of a family."""
    claims = (
        claim for claim in study.judged if claim not in (study.falsified_if or ())
    )
    return any(
        shape_of(claim.kind).number == "score" and claim.family == family
        for claim in claims
    )


def _variants(explain: Explain, study: Study) -> _Found:
    """The explanations that are asked for; each checks its own parameters."""
    path = ("diagnostics", "explain", "variants")
    named = tuple(one.name for one in EXPLANATIONS.values() if not one.always)
    for index, step in enumerate(explain.variants or ()):
        name, parameters = step_parts(step)
        if name not in named:
            yield (*path, index), _not_named(name, named)
            continue
        for keys, statement in EXPLANATIONS[name].wrong(parameters, study):
            yield (*path, index, name, *keys), statement


def _not_named(name: str, named: tuple[str, ...]) -> Statement:
    """Why an explanation cannot be asked for."""
    if name in EXPLANATIONS:
        return AlwaysMade(name)
    gone = find_gone(("diagnostics", "explain"), "variants", name)
    return gone or UnknownWord("explanation", name, named, "explanations")
