"""Names before any fit: every word of a study against the registries, all mistakes at once, with file and line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import VERSION

from bench.core.errors import BenchError
from bench.core.frames import write_bytes
from bench.core.identity import GROUPS, PACKAGE, extension_versions
from bench.core.metrics import METRICS, complement_of
from bench.core.outcomes import Statement, decoded, encoded
from bench.core.registry import Extension, Registry
from bench.core.task import Task
from bench.families import FAMILIES
from bench.families.candidates import check_candidates, listed_in_steps, setup_of_path
from bench.families.checks import (
    check_estimator_path,
    check_parameters,
    check_step_parameters,
)
from bench.families.family import Family, Setup
from bench.families.libraries import missing_library, needed_by, versions_here
from bench.project import check_diagnostics
from bench.project.check_tables import table_problems
from bench.project.folder import ProjectFolder
from bench.project.trust import waiting
from bench.run.identity import libraries
from bench.run.store import refuse_strangers
from bench.study import (
    CleaningSteps,
    DatasetSpec,
    Draft,
    FamilySpec,
    Steps,
    Study,
    cleaning_parts,
    read_draft,
    step_parts,
)
from bench.study.deviations import families_of
from bench.study.models import Ordinal
from bench.study.noted import Problem, Remark, StudyError
from bench.study.preregistration import frozen_of, idle
from bench.study.problems import validated
from bench.study.source_map import MAX_BYTES, Path
from bench.text import problems as p

#: Where in the study file something is wrong, and what.
_Found = Iterator[tuple[Path, Statement]]


def checked_draft(project: ProjectFolder, study_id: str) -> Draft:
    """The study with the problems of its form and of its names. Raises only when it cannot be read at all.

    Names need slow libraries, so the remarks on a study that was found right are remembered until anything that they
    rest on changes. A study that names code by import path is looked at every time: nothing but params.yaml may vouch
    for it.
    """
    draft = read_draft(project.paths.study(project.known(study_id)))
    if draft.problems or _names_code(draft.readable):
        _look(draft, project)
        return draft
    refuse_strangers(project.paths.cache, project.paths.checked)
    remembered = project.paths.checked / _all_that_decides(draft)
    with suppress(
        OSError, ValueError, TypeError, BenchError
    ):  # not there, or not whole: it is looked at again
        entries = json.loads(remembered.read_text(encoding="utf-8"))
        draft.remarks = [
            Remark(*place, *decoded(statement)) for *place, statement in entries
        ]
        return draft
    _look(draft, project)
    if not draft.problems:
        entries = [
            (one.file, one.line, one.column, one.path, encoded([one.statement]))
            for one in draft.remarks
        ]
        with suppress(BenchError):  # then it is looked at again the next time
            write_bytes(remembered, json.dumps(entries).encode())
    return draft


def _names_code(study: Study) -> bool:
    """Whether a study names code that params.yaml must vouch for."""
    generated = any(spec.source.kind == GENERATED for spec in study.datasets.values())
    return generated or any(spec.estimator for spec in (study.families or {}).values())


def _look(draft: Draft, project: ProjectFolder) -> None:
    """Add what is wrong with the words of a study, and with its tables; of one that is right, what is worth saying."""
    trusted = project.settings.trusted
    not_allowed = waiting(project)
    extensions()  # a name that two packages claim is told, whichever the study means
    draft.problems = [_of_a_step(draft, problem) for problem in draft.problems]
    draft.problems += [
        draft.where.problem(path, statement)
        for path, statement in _words(draft, trusted, not_allowed)
    ]
    options = _options(draft)
    draft.problems += options
    for look in (_claims, _frozen):
        if not draft.problems:
            draft.problems += look(draft)
    if not options and draft.has("task", "datasets", "clean", "protocol"):
        draft.problems += table_problems(project, draft)
    if not draft.problems:
        draft.remarks += _remarks(draft)


def _all_that_decides(draft: Draft) -> str:
    """A sha256 of what a check rests on: the study's files, the code of bench, libraries, packages that extend
    bench."""
    digest = hashlib.sha256(
        json.dumps(
            [
                draft.id,
                libraries(),
                versions_here(),
                VERSION,
                extension_versions(GROUPS),
            ]
        ).encode()
    )
    digest.update(_code())
    for path in sorted(path for path in draft.folder.rglob("*") if path.is_file()):
        about = path.stat()
        if (
            about.st_size > MAX_BYTES
        ):  # a table; what a check reads of the study itself is smaller
            digest.update(f"|{path.name}|{about.st_size} {about.st_mtime_ns}".encode())
        else:
            digest.update(
                f"|{path.name}|".encode() + hashlib.sha256(path.read_bytes()).digest()
            )
    return digest.hexdigest()


@cache
def _code() -> bytes:
    """The sha256 of the code of bench, which a process imports once and reads for this once."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(
            f"|{path.name}|".encode() + hashlib.sha256(path.read_bytes()).digest()
        )
    return digest.digest()


def _words(
    draft: Draft, trusted: frozenset[str], not_allowed: frozenset[str]
) -> _Found:
    if not draft.partial:
        yield from _shape(draft)
    yield from _families(draft, trusted, not_allowed)
    for name, spec in draft.readable.datasets.items():
        file = generator_of(draft.id, spec)
        if file is not None and file not in trusted:
            yield ("datasets", name, "source", "file"), p.NotTrusted(file)
        elif file in not_allowed:
            yield ("datasets", name, "source", "file"), p.NotAllowed(file)
    yield from _steps(draft.readable)
    yield from _metrics(draft.readable)
    yield from _protocols(draft)
    yield from check_diagnostics.found(draft)
    yield from _deviations(draft)
    yield from _first_screen(draft)
    if draft.readable.checklist:
        from bench.report.checklist import items

        for name in draft.readable.checklist:
            if name not in items():
                yield (
                    ("checklist", name),
                    p.UnknownWord("item", name, tuple(items()), "checklist items"),
                )


def _deviations(draft: Draft) -> _Found:
    """Names in the list of deviations that the study does not have."""
    if not draft.has("datasets", "families", "claims"):
        return
    study = draft.readable
    families = dict.fromkeys(study.families or ())
    for claim in study.judged:  # a table of scores has models that no study names
        families |= dict.fromkeys(sorted(families_of(claim)))
    ids = [claim.id for claim in study.judged]
    known = tuple(dict.fromkeys([*study.datasets, *families, *ids]))
    for number, deviation in enumerate(study.deviations or ()):
        for place, name in enumerate(deviation.of or ()):
            if name not in known:
                statement = p.NotInStudy("name", name, known)
                yield ("deviations", number, "of", place), statement


def _first_screen(draft: Draft) -> _Found:
    """Models and claims that the answer names and the study does not have; tables of scores may have other models."""
    if not draft.has("families", "claims"):
        return
    study = draft.readable
    ids = tuple(one.id for one in study.judged)
    named: list[tuple[Path, str]] = [
        (("short", name), name) for name in study.short or ()
    ]
    named += [(("simple",), study.simple)] if study.simple else []
    for number, conclusion in enumerate(study.concludes or ()):
        path: Path = ("concludes", number)
        pair = enumerate(conclusion.pair or ())
        named += [((*path, "pair", place), name) for place, name in pair]
        for place, name in enumerate(conclusion.claims or ()):
            if name not in ids:
                yield (*path, "claims", place), p.NotInStudy("claim", name, ids)
    yield from _unknown_models(study, named)


def _unknown_models(study: Study, named: list[tuple[Path, str]]) -> _Found:
    families = tuple(study.families or ())
    for path, name in named:
        if families and study.fits and name not in families:
            yield path, p.NotInStudy("family", name, families)


def _shape(draft: Draft) -> _Found:
    """A study fits families to tables with a target, or judges external results; not half of each."""
    study = draft.readable
    if not draft.has("task", "datasets", "protocol", "families"):
        return
    yield from _nulls(study)
    if draft.has("metrics"):
        yield from _unscored(study)
    for name, spec in study.datasets.items():
        yield from _idle(name, spec, study.task)
        yield from _types(study, name, spec)
        if spec.positive is not None and study.task == "regression":
            yield ("datasets", name, "positive"), p.Broken(p.Rule.NO_POSITIVE)
        for family in spec.families:
            if family not in (study.families or {}):
                known = tuple(study.families or ())
                yield (
                    ("datasets", name, "families", family),
                    p.NotInStudy("family", family, known),
                )


def _types(study: Study, name: str, spec: DatasetSpec) -> _Found:
    """Types of columns whose role says already what their values are."""
    if study.task is None:
        return
    roles = dict.fromkeys(study.split_columns(name), "split")
    roles |= {
        column: key
        for key in ("group", "target")
        if (column := getattr(spec, key)) is not None
    }
    for column in (one for one in spec.types if one in roles):
        declared, role = spec.types[column], roles[column]
        word = "ordinal" if isinstance(declared, Ordinal) else str(declared)
        numbers = role == "target" and study.task == "regression"
        if word not in (("numeric",) if numbers else ("categorical", "ordinal")):
            yield (
                ("datasets", name, "types", column),
                p.TypeOfRole(column, role, word, study.task),
            )


def _nulls(study: Study) -> _Found:
    """Sections that are null where something is fitted, or are not where nothing is."""
    fitted = [name for name, spec in study.datasets.items() if spec.external is None]
    predicted = [
        name for name, spec in study.datasets.items() if spec.predictions is not None
    ]
    if predicted and not fitted and study.task is None:
        yield ("task",), p.Broken(p.Rule.TASK_OF_PREDICTIONS, (predicted[0],))
    for key in ("task", "protocol", "families"):
        null = getattr(study, key) is None
        if fitted and null:
            yield (key,), p.NullButNeeded(key, fitted[0])
        elif not fitted and not null and not (key == "task" and predicted):
            yield (key,), p.Broken(p.Rule.MUST_BE_NULL)


def _unscored(study: Study) -> _Found:
    """A primary metric that no table of scores holds, where there is nothing else to compute it from."""
    tables = [
        spec.scores for spec in study.datasets.values() if spec.scores is not None
    ]
    if len(tables) < len(study.datasets) or any(
        table.metric is not None for table in tables
    ):
        return
    held = {spec.metric for spec in study.datasets.values() if spec.metric is not None}
    held |= {
        name
        for table in tables
        if not isinstance(table.value, str)
        for name in table.value
    }
    primary = study.metrics.primary
    if not {primary, complement_of(primary)} & held:
        yield ("metrics", "primary"), p.NotScored(primary, tuple(sorted(held)))


def _idle(name: str, spec: DatasetSpec, task: str | None) -> _Found:
    """Keys of external results that only a fit would ask for, and predictions of the other task."""
    if spec.external is None:
        return
    unused = (
        "features",
        "drop",
        "group",
        "time",
        "protocol",
        "preprocess",
        "families",
    )
    for key in unused if spec.predictions is not None else (*unused, "positive"):
        if key in spec.model_fields_set:
            yield ("datasets", name, key), p.Broken(p.Rule.IDLE)
    if spec.predictions is None or task is None:
        return
    if task == "regression":
        yield ("datasets", name, "predictions"), p.PredictionsNeed(task)


def _families(
    draft: Draft, trusted: frozenset[str], not_allowed: frozenset[str]
) -> _Found:
    study = draft.readable
    if study.task is None:
        return
    for name, spec in (study.families or {}).items():
        unknown = list(_unknown_family(name, spec, study.task, trusted, not_allowed))
        yield from unknown
        if unknown:
            continue
        subject = (
            FAMILIES[spec.family or name] if spec.estimator is None else spec.estimator
        )
        yield from _parameters(study, name, spec, subject, study.task)
        if draft.has("protocol", "preprocess") and "datasets" in draft.sections:
            setup = (
                setup_of_path(subject)
                if isinstance(subject, str)
                else subject.setups[study.task]
            )
            yield from _candidates(study, name, spec, setup)


def _unknown_family(
    name: str,
    spec: FamilySpec,
    task: Task,
    trusted: frozenset[str],
    not_allowed: frozenset[str],
) -> _Found:
    """Why a row of the comparison is no family of this task."""
    path = ("families", name)
    if spec.estimator is not None:
        package = spec.estimator.partition(".")[0]
        if package in not_allowed:
            yield (*path, "estimator"), p.NotAllowed(package)
            return
        for sentence in check_estimator_path(spec.estimator, task, trusted):
            yield (*path, "estimator"), p.Said(sentence)
        return
    family = spec.family or name
    fitting = tuple(
        family.name for family in FAMILIES.values() if task in family.setups
    )
    if family not in FAMILIES:
        at = (*path, "family") if spec.family else path
        yield (
            at,
            p.UnknownWord(
                "family", family, fitting, "families", "" if spec.family else "own_name"
            ),
        )
    elif task not in FAMILIES[family].setups:
        yield path, p.OtherTask("family", family, task, known=fitting)


def _parameters(
    study: Study, name: str, spec: FamilySpec, subject: Family | str, task: Task
) -> _Found:
    """Parameters of a family, as the study states them and as a dataset changes them."""
    for key, sentence in check_parameters(subject, task, spec.parameters):
        yield ("families", name, key), p.Said(sentence)
    for dataset, changes in study.datasets.items():
        stated = {
            key: value
            for key, value in changes.families.get(name, {}).items()
            if key != "preprocess"
        }
        for key, sentence in check_parameters(subject, task, stated):
            yield ("datasets", dataset, "families", name, key), p.Said(sentence)


GENERATED = "generated"


def generator_of(study: str, spec: DatasetSpec) -> str | None:
    """The file whose code draws a dataset, as params.yaml names it; None where none does."""
    return (
        f"studies/{study}/{spec.source.parameters.get('file')}"
        if spec.source.kind == GENERATED
        else None
    )


def _candidates(study: Study, name: str, spec: FamilySpec, setup: Setup) -> _Found:
    """Candidates that cannot be: lists where nothing is tuned, empty lists, more than can be counted; a dataset."""
    for dataset, dataset_spec in study.datasets.items():
        protocol = study.protocol_of(dataset)
        if protocol is None or dataset_spec.external is not None:
            continue
        steps = study.preprocess_of(dataset, name)[1] or ()
        stated = listed_in_steps(
            [step_parts(step) for step in steps]
        ) | study.parameters_of(dataset, name)
        tune = protocol.tuning is not None and spec.tune
        for key, mistake in check_candidates(setup, stated, tune=tune):
            changed = key in dataset_spec.families.get(name, {})
            path = (
                ("datasets", dataset, "families", name, key)
                if changed
                else ("families", name, key)
            )
            yield path, mistake


def _steps(study: Study) -> _Found:
    """The steps inside the fold."""
    places: list[tuple[Path, Steps]] = [(("preprocess",), study.preprocess or ())]
    places += [
        (("families", name, "preprocess"), spec.preprocess or ())
        for name, spec in (study.families or {}).items()
    ]
    for dataset, one in study.datasets.items():
        places.append((("datasets", dataset, "preprocess"), one.preprocess or ()))
        for family, changes in one.families.items():
            places.append(
                (
                    ("datasets", dataset, "families", family, "preprocess"),
                    changes.get("preprocess") or (),
                )
            )
    for path, steps in places:
        names = [step_parts(step)[0] for step in steps]
        for index, step in enumerate(steps):
            name, parameters = step_parts(step)
            if name in names[:index]:
                yield (*path, index), p.Twice(name)
            for key, sentence in check_step_parameters(name, parameters):
                yield (*path, index, *((name, key) if key else ())), p.Said(sentence)


def _metrics(study: Study) -> _Found:
    """Every metric that the study names, and how close it calls close."""
    yield from _closeness(study)
    if (
        study.metrics is not None
        and study.datasets
        and all(one.scores is not None for one in study.datasets.values())
    ):
        yield from (
            (("metrics", "aggregation", name), p.ScoresStay(name))
            for name in study.metrics.aggregation
        )
    for path, name in (*_metrics_of_study(study), *_metrics_of_tables(study)):
        if name not in METRICS:
            fitting = tuple(
                metric
                for metric in METRICS
                if study.task is None or METRICS[metric].task == study.task
            )
            yield path, p.UnknownWord("metric", name, fitting, "metrics")
        elif study.task is not None and METRICS[name].task != study.task:
            yield path, p.OtherTask("metric", name, study.task, METRICS[name].task)


def _metrics_of_study(study: Study) -> Iterator[tuple[Path, str]]:
    if study.metrics is not None:
        yield ("metrics", "primary"), study.metrics.primary
        yield from (
            (("metrics", "also", index), name)
            for index, name in enumerate(study.metrics.also)
        )
        yield from (
            (("metrics", "aggregation", name), name)
            for name in study.metrics.aggregation
        )
    if study.tolerance is not None:
        yield from ((("tolerance", name), name) for name in study.tolerance.parameters)
    if (
        study.protocol is not None
        and study.protocol.tuning is not None
        and study.protocol.tuning.metric is not None
    ):
        yield ("protocol", "tuning", "metric"), study.protocol.tuning.metric


def _metrics_of_tables(study: Study) -> Iterator[tuple[Path, str]]:
    """Metrics that tables of scores hold."""
    for name, spec in study.datasets.items():
        if spec.metric is not None:
            yield ("datasets", name, "metric"), spec.metric
        if spec.scores is not None and not isinstance(spec.scores.value, str):
            for metric in spec.scores.value:
                yield ("datasets", name, "scores", "value", metric), metric


def _closeness(study: Study) -> _Found:
    """Closeness beyond half a metric's range: everything would be close."""
    stated: list[tuple[Path, str, float]] = []
    if study.tolerance is not None:
        stated += [
            (("tolerance", name), name, value)
            for name, value in study.tolerance.parameters.items()
        ]
    if (
        study.compare is not None
        and study.compare.rope is not None
        and study.metrics is not None
    ):
        stated.append((("compare", "rope"), study.metrics.primary, study.compare.rope))
    for path, name, value in stated:
        metric = METRICS.get(name)
        if (
            metric is None
            or metric.low is None
            or metric.high is None
            or value < (metric.high - metric.low) / 2
        ):
            continue
        yield path, p.TooWide(value, name, percent=metric.fraction and value >= 1)


def _protocols(draft: Draft) -> _Found:
    study = draft.readable
    if study.protocol is None:
        return
    for name, spec in study.datasets.items():
        yield from _resampling(study, name, spec)
    if study.protocol.tuning is not None and study.protocol.tuning.by == "oob":
        able = tuple(family.name for family in FAMILIES.values() if family.oob)
        for name, row in (study.families or {}).items():
            known = row.estimator is None and (row.family or name) in able
            if row.tune and not known:
                yield ("families", name), p.NoOob(able)


def _resampling(study: Study, name: str, spec: DatasetSpec) -> _Found:
    """What the resampling of a dataset needs."""
    protocol = study.protocol_of(name)
    if protocol is None:
        return
    resampling = protocol.resampling
    primary = study.metrics.primary if study.metrics is not None else None
    metric = METRICS.get(primary)
    if resampling.row_by_row and metric is not None and metric.compares_rows:
        yield ("metrics", "primary"), p.RanksOneRow(str(primary))
    if resampling.keeps_groups and spec.group is None:
        yield ("datasets", name), p.NeedsRole(resampling.kind, "group")
    if resampling.in_time and spec.time is None:
        yield ("datasets", name), p.NeedsRole(resampling.kind, "time")
    if getattr(resampling, "stratify", None) and study.task == "regression":
        yield ("protocol", "resampling", "stratify"), p.Broken(p.Rule.STRATIFY)


def _options(draft: Draft) -> list[Problem]:
    """Options of sources and cleaning steps, against each one's own form."""
    from bench.data.sources import SOURCES
    from bench.data.steps import STEPS

    study, problems = draft.readable, list[Problem]()
    steps: list[tuple[Path, CleaningSteps]] = [(("clean",), study.clean or ())]
    for name, spec in study.datasets.items():
        path: Path = ("datasets", name, "source")
        kind = spec.source.kind
        if kind not in SOURCES:
            unknown = p.UnknownWord("source", kind, tuple(SOURCES), "sources")
            problems.append(draft.where.problem((*path, "kind"), unknown))
        else:
            problems += validated(
                SOURCES[kind].options, spec.source.parameters, path, draft.where
            )[1]
        steps.append((("datasets", name, "clean"), spec.clean or ()))
    for place, step in [
        ((*path, index), step)
        for path, listed in steps
        for index, step in enumerate(listed)
    ]:
        name, parameters = cleaning_parts(step)
        if name not in STEPS:
            problems.append(draft.where.problem(place, _no_step(draft, name)))
            continue
        inside = place if isinstance(step, str) else (*place, name)
        form = STEPS[name].options
        _, found = validated(form, parameters, inside, draft.where)
        problems += [_of_a_step(draft, problem) for problem in found]
    return problems + [
        draft.where.problem(place, found)
        for path, listed in steps
        for place, found in _late(path, listed)
    ]


def _late(path: Path, listed: CleaningSteps) -> Iterator[tuple[Path, Statement]]:
    """Steps on text that stand behind one on typed columns, before which they run."""
    from bench.data.steps import STEPS

    typed = ""
    for index, step in enumerate(listed):
        name, _ = cleaning_parts(step)
        phase = STEPS[name].phase if name in STEPS else None
        if phase == "text" and typed:
            yield (*path, index), p.StepOrder(name, typed)
        typed = typed or (name if phase == "values" else "")


def _of_a_step(draft: Draft, problem: Problem) -> Problem:
    """A cleaning step whose options have another form: its name may be none, or that of a key; else its options."""
    from bench.data.steps import STEPS

    found = re.search(r"\bclean\[\d+\]\.(\w+)$", problem.path)
    if found is None or not isinstance(problem.statement, p.WrongType):
        return problem
    name = found[1]
    if name not in STEPS:
        return replace(problem, statement=_no_step(draft, name))
    keys = STEPS[name].keys
    return replace(problem, statement=p.StepOptions(name, keys)) if keys else problem


def _no_step(draft: Draft, name: str) -> Statement:
    """A word that is no cleaning step: the key of a dataset, one that is gone, or the nearest step."""
    from bench.data.step import unknown_step

    if name in DatasetSpec.model_fields:
        datasets = draft.readable.datasets
        return p.Elsewhere(name, ("datasets", next(iter(datasets), "NAME")))
    return unknown_step(name)


def _claims(draft: Draft) -> list[Problem]:
    """What the claims room says of each claim, and of pairs of them."""
    from bench.claims import check_claim, conflicts

    study, problems = draft.study(), list[Problem]()
    claims = study.judged
    for claim, (where, path) in zip(claims, draft.claim_places, strict=True):
        problems += [
            where.problem((*path, *keys), statement)
            for keys, statement in check_claim(claim, study)
        ]
    places = [where.place(path) for where, path in draft.claim_places]
    for later, statement in conflicts(claims, places, study):
        where, path = draft.claim_places[later]
        problems.append(where.problem(path, statement))
    return problems


def _remarks(draft: Draft) -> list[Remark]:
    """What is worth saying of claims that are well formed: numbers that cannot be, tolerances that decide nothing.
    Which families cannot be fitted here."""
    from bench.claims import remarks

    study = draft.study()
    by_claim = remarks(study)
    noted = unfitted(draft)
    noted += [
        where.remark((*path, field), statement)
        for claim, (where, path) in zip(study.judged, draft.claim_places, strict=True)
        for field, statement in by_claim.get(claim.id, ())
    ]
    return sorted(
        noted,
        key=lambda one: (one.file, one.line, one.column, one.path, repr(one.statement)),
    )


def to_install(family: Family) -> str:
    """The extra of bench without which a family cannot be fitted here; empty where it can."""
    library = missing_library(next(iter(family.setups.values())).estimator)
    return "" if library is None else f"bench[{library}]"


def unfitted(draft: Draft) -> list[Remark]:
    """The families whose library is not installed."""
    here = versions_here()
    missing = {
        name: library
        for name, library in needed_by(draft.study()).items()
        if here[library] is None
    }
    return [
        draft.where.remark(("families", name), p.LibraryMissing(name, one))
        for name, one in missing.items()
    ]


def _frozen(draft: Draft) -> list[Problem]:
    """Declared changes of a study that was never frozen, or that change nothing; a record that was edited."""
    study = draft.study()
    try:
        frozen = frozen_of(study, draft.folder)
    except StudyError as error:
        return list(error.problems)
    if frozen is None:
        return (
            [draft.where.problem(("changes",), p.NeverFrozen(draft.id))]
            if study.changes
            else []
        )
    return [
        draft.where.problem(("changes", i, "what"), statement)
        for i, statement in idle(study, frozen.changes)
    ]


def unlisted(project: ProjectFolder) -> list[Problem]:
    """Studies that stand twice in the lists of params.yaml."""
    listed = project.settings.listed
    twice = [study for study in dict.fromkeys(listed) if listed.count(study) > 1]
    return [Problem("params.yaml", 0, 0, "studies", p.Twice(study)) for study in twice]


def extensions() -> list[Extension]:
    """Every family, metric, source, claim kind and diagnostic that an installed package brought.

    Raises `UsageError` for a package that cannot be read, or brings a name that is taken.
    """
    from bench.claims import KINDS
    from bench.data.sources import SOURCES
    from bench.diagnose.diagnostic import DIAGNOSTICS

    registries: tuple[Registry[Any], ...] = (
        SOURCES,
        FAMILIES,
        METRICS,
        DIAGNOSTICS,
        KINDS,
    )
    return [extension for registry in registries for extension in registry.extensions]
