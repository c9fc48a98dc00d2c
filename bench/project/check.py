"""Names before any fit: every word of a study against the registries, all mistakes at once, with file and line."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path as FolderPath
from typing import TYPE_CHECKING, Any

from bench.core.errors import BenchError, Problem, StudyError, nearest, suggested
from bench.core.frames import write_bytes
from bench.core.metrics import COMPLEMENT, METRICS, RANKING
from bench.families import FAMILIES
from bench.families.candidates import check_candidates, listed_in_steps, setup_of_path
from bench.families.family import Setup
from bench.project import check_diagnostics
from bench.run.identity import libraries
from bench.study import Claim, DatasetSpec, Draft, FamilySpec, Study, read_draft, step_parts
from bench.study.models import ClaimTable
from bench.study.preregistration import frozen_of, idle
from bench.study.problems import validated

if TYPE_CHECKING:
    from bench.project.project import Project

Path = tuple[str | int, ...]
Said = Iterator[tuple[Path, str]]


def checked_draft(project: Project, study_id: str) -> Draft:
    """The study with the problems of its form and of its names. Raises only when it cannot be read at all.

    Names need slow libraries, so a study that was found right is remembered until anything that says so changes. One
    that names code by import path is looked at every time: nothing but params.yaml may vouch for it.
    """
    draft = read_draft(project.paths.study(project.known(study_id)))
    if draft.problems:
        remembered = None
    else:
        paths = any(spec.estimator for spec in (draft.sections["families"] or {}).values())
        remembered = None if paths else project.paths.checked / _all_that_decides(draft)
    if remembered is not None and remembered.is_file():
        with suppress(ValueError, TypeError):  # not whole: it is looked at again
            draft.remarks = [Problem(*one) for one in json.loads(remembered.read_text(encoding="utf-8"))]
            return draft
    have = draft.sections
    for path, sentence in _sentences(have, draft.partial, project.settings.trusted):
        draft.problems.append(draft.where.problem(path, sentence))
    draft.problems += _options(draft)
    if not draft.problems:
        draft.problems += _claims(draft)
    if not draft.problems:
        draft.problems += _frozen(draft)
    if not draft.problems:
        draft.remarks = _remarks(draft)
    if remembered is not None and not draft.problems:
        with suppress(BenchError):  # then it is looked at again the next time
            write_bytes(remembered, json.dumps([astuple(one) for one in draft.remarks]).encode())
    return draft


def _all_that_decides(draft: Draft) -> str:
    """A sha256 of what a check rests on: the study's files, the code of bench, the versions of libraries.

    Code counts by size and time of change: reading all of it would take longer than the rest of a quick command.
    """
    from pydantic import VERSION

    digest = hashlib.sha256(json.dumps([draft.id, libraries(), VERSION]).encode())
    for path in sorted(path for path in draft.folder.glob("*") if path.is_file()):
        digest.update(f"|{path.name}|".encode() + hashlib.sha256(path.read_bytes()).digest())
    for folder, _, names in sorted(os.walk(FolderPath(__file__).parent)):
        for name in sorted(name for name in names if name.endswith(".py")):
            about = FolderPath(folder, name).stat()
            digest.update(f"|{folder}/{name}|{about.st_size}|{about.st_mtime_ns}".encode())
    return digest.hexdigest()


def _sentences(have: Mapping[str, Any], partial: set[str], trusted: frozenset[str]) -> Said:
    if not partial:
        yield from _shape(have)
    yield from _families(have, trusted)
    yield from _steps(have)
    yield from _metrics(have)
    yield from _protocols(have)
    yield from check_diagnostics.sentences(have)
    if have.get("checklist"):
        from bench.report.checklist import items

        for name in have["checklist"]:
            if name not in items():
                yield ("checklist", name), f"unknown item; {suggested(name, items(), 'items of the checklist')}"


def _shape(have: Mapping[str, Any]) -> Said:
    """A study fits families to tables with a target, or judges what others fitted; not half of each."""
    if not {"task", "datasets", "protocol", "families"} <= set(have):
        return
    fitted = [name for name, spec in have["datasets"].items() if spec.external is None]
    predicted = [name for name, spec in have["datasets"].items() if spec.predictions is not None]
    for key in ("task", "protocol", "families"):
        if fitted and have[key] is None:
            yield (key,), f"null, but dataset {fitted[0]} has a target to predict; say which {key}"
        elif key == "task" and predicted and have[key] is None:
            yield (key,), f"null, but dataset {predicted[0]} holds predictions: classification or regression?"
        elif not fitted and have[key] is not None and not (key == "task" and predicted):
            yield (key,), "must be null: every dataset is from elsewhere, nothing is fitted"
    yield from _unscored(have)
    for name, spec in have["datasets"].items():
        yield from _idle(name, spec, have["task"])
        if spec.positive is not None and have["task"] == "regression":
            yield ("datasets", name, "positive"), "has no meaning in regression; remove it"
        for family in spec.families:
            if family not in (have["families"] or {}):
                said = suggested(family, have["families"] or (), "families of the study")
                yield ("datasets", name, "families", family), f"the study has no family {family}; {said}"


def _unscored(have: Mapping[str, Any]) -> Said:
    """A primary metric that no table of scores holds, where there is nothing else to compute it from."""
    tables = [spec.scores for spec in have["datasets"].values()]
    if "metrics" not in have or any(one is None or one.metric is not None for one in tables):
        return
    held = {spec.metric for spec in have["datasets"].values()}
    held |= {name for one in tables if not isinstance(one.value, str) for name in one.value}
    if not {have["metrics"].primary, COMPLEMENT.get(have["metrics"].primary)} & held:
        known = [name for name in held if name is not None]
        yield ("metrics", "primary"), f"{have['metrics'].primary} is in no table of scores; {nearest('', known)}"


def _idle(name: str, spec: DatasetSpec, task: str | None) -> Said:
    """Keys of a table from elsewhere that only a fit would ask for, and predictions of the other task."""
    if spec.external is None:
        return
    idle = ("features", "drop", "group", "time", "fold", "protocol", "families")
    for key in idle if spec.predictions is not None else (*idle, "positive"):
        if key in spec.model_fields_set:
            yield ("datasets", name, key), "has no meaning here: nothing is fitted to a table from elsewhere; remove it"
    if spec.predictions is None or task is None:
        return
    if (spec.predictions.value is not None) != (task == "regression"):
        wanted = "`value`" if task == "regression" else "`label` or `p`"
        yield ("datasets", name, "predictions"), f"the task is {task}: predictions need {wanted}"


def _families(have: Mapping[str, Any], trusted: frozenset[str]) -> Said:
    from bench.families.checks import check_estimator_path, check_parameters

    task, families = have.get("task"), have.get("families")
    if task is None or not families:
        return
    for name, spec in families.items():
        path = ("families", name)
        subject = spec.estimator or spec.family or name
        if spec.estimator is not None:
            refused = list(check_estimator_path(spec.estimator, task, trusted))
            yield from (((*path, "estimator"), sentence) for sentence in refused)
            if refused:
                continue
        elif subject not in FAMILIES:
            at = (*path, "family") if spec.family else path
            more = "" if spec.family else " A name of its own needs `family:` or `estimator:`"
            yield at, f"unknown family {subject}; {suggested(subject, _families_for(task), 'families', more)}"
            continue
        elif task not in FAMILIES[subject].setups:
            yield (
                path,
                f"{subject} does not do {task}; {suggested(subject, _families_for(task), f'families for {task}')}",
            )
            continue
        target = spec.estimator or FAMILIES[subject]
        for key, sentence in check_parameters(target, task, spec.parameters):
            yield (*path, key), sentence
        for dataset, one in have.get("datasets", {}).items():
            for key, sentence in check_parameters(target, task, dict(one.families.get(name, {}))):
                yield ("datasets", dataset, "families", name, key), sentence
        setup = setup_of_path(spec.estimator) if spec.estimator else FAMILIES[subject].setups[task]
        yield from _candidates(have, name, spec, setup)


def _candidates(have: Mapping[str, Any], name: str, spec: FamilySpec, setup: Setup) -> Said:
    """Candidates that cannot be: lists where nothing is tuned, empty lists, more than can be counted; a dataset."""
    if not {"protocol", "datasets", "preprocess"} <= set(have):
        return
    study = Study.model_construct(**dict(have))
    steps = [step_parts(step) for step in spec.preprocess or have["preprocess"] or ()]
    for dataset, one in have["datasets"].items():
        protocol = study.protocol_of(dataset)
        if protocol is None or one.external is not None:
            continue
        stated = listed_in_steps(steps) | study.parameters_of(dataset, name)
        tune = protocol.tuning is not None and spec.tune
        budget = protocol.tuning.budget if protocol.tuning is not None else None
        for key, sentence in check_candidates(setup, stated, tune=tune, budget=budget):
            own = key in one.families.get(name, {})
            yield (("datasets", dataset, "families", name, key) if own else ("families", name, key)), sentence


def _families_for(task: str) -> list[str]:
    return [family.name for family in FAMILIES.values() if task in family.setups]


def _steps(have: Mapping[str, Any]) -> Said:
    """The steps inside the fold."""
    from bench.families.checks import check_step_parameters

    places: list[tuple[Path, Iterable[Any]]] = [(("preprocess",), have.get("preprocess") or ())]
    for name, spec in (have.get("families") or {}).items():
        places.append((("families", name, "preprocess"), spec.preprocess or ()))
    for path, steps in places:
        names = [step_parts(step)[0] for step in steps]
        for index, step in enumerate(steps):
            name, parameters = step_parts(step)
            if name in names[:index]:
                yield (*path, index), f"{name} stands there twice; each step acts once"
            for key, sentence in check_step_parameters(name, parameters):
                yield (*path, index, *((name, key) if key else ())), sentence


def _metrics(have: Mapping[str, Any]) -> Said:
    task, metrics = have.get("task"), have.get("metrics")
    places: list[tuple[Path, str]] = []
    if metrics is not None:
        places.append((("metrics", "primary"), metrics.primary))
        places += [(("metrics", "also", i), name) for i, name in enumerate(metrics.also)]
        places += [(("metrics", "aggregation", name), name) for name in metrics.aggregation]
    tolerance = have.get("tolerance")
    places += [(("tolerance", name), name) for name in (tolerance.parameters if tolerance else ())]
    for name, value in (tolerance.parameters if tolerance else {}).items():
        yield from _wide(("tolerance", name), name, value)
    compare = have.get("compare")
    if compare is not None and compare.rope is not None and metrics is not None:
        yield from _wide(("compare", "rope"), metrics.primary, compare.rope)
    protocol = have.get("protocol")
    if protocol is not None and protocol.tuning is not None and protocol.tuning.metric is not None:
        places.append((("protocol", "tuning", "metric"), protocol.tuning.metric))
    for name, spec in have.get("datasets", {}).items():
        if spec.metric is not None:
            places.append((("datasets", name, "metric"), spec.metric))
        value = spec.scores.value if spec.scores is not None else ""
        for metric in () if isinstance(value, str) else value:
            places.append((("datasets", name, "scores", "value", metric), metric))
        train = spec.scores.train if spec.scores is not None else None
        for metric in () if train is None or isinstance(train, str) else train:
            places.append((("datasets", name, "scores", "train", metric), metric))
    for path, name in places:
        if name not in METRICS:
            fitting = [metric for metric in METRICS if task is None or METRICS[metric].task == task]
            yield path, f"unknown metric {name}; {suggested(name, fitting, 'metrics')}"
        elif task is not None and METRICS[name].task != task:
            yield path, f"{name} is a metric of {METRICS[name].task}, the task is {task}"


def _wide(path: Path, name: str, value: float) -> Said:
    """Closeness beyond half a metric's range: everything would be close."""
    metric = METRICS.get(name)
    if metric is None or metric.low is None or metric.high is None or value < (metric.high - metric.low) / 2:
        return
    percent = f"; did you mean {value / 100:g}?" if metric.fraction and value >= 1 else ""
    yield path, f"{value:g} is half of {name}'s range or more, so everything would be close{percent}"


def _protocols(have: Mapping[str, Any]) -> Said:
    protocol, families = have.get("protocol"), have.get("families") or {}
    if protocol is None:
        return
    for name, spec in have.get("datasets", {}).items():
        own = Study.protocol_of(Study.model_construct(**dict(have)), name)
        if own is None:
            continue
        kind = own.resampling.kind
        primary = have["metrics"].primary if "metrics" in have else None
        if kind == "leave_one_out" and primary in RANKING:
            yield ("metrics", "primary"), f"{primary} ranks rows of one test set, and leave-one-out has one row in each"
        for needed, role in (("group_kfold", "group"), ("time_ordered", "time")):
            if kind == needed and getattr(spec, role) is None:
                yield ("datasets", name), f"the protocol is {kind}: the dataset needs `{role}`, the column to split by"
        if getattr(own.resampling, "stratify", None) and have.get("task") == "regression":
            yield ("protocol", "resampling", "stratify"), "stratifying needs classes; the task is regression"
    if protocol.tuning is not None and protocol.tuning.by == "oob":
        for name, spec in families.items():
            base = spec.family or name
            if spec.tune and not (spec.estimator is None and base in FAMILIES and FAMILIES[base].oob):
                able = ", ".join(family.name for family in FAMILIES.values() if family.oob)
                yield (
                    ("families", name),
                    f"has no out-of-bag score, which `tuning: {{by: oob}}` needs (only: {able}); or `tune: false`",
                )


def _options(draft: Draft) -> list[Problem]:
    """Options of sources and cleaning steps, against each one's own form."""
    from bench.data.sources import SOURCES
    from bench.data.steps import STEPS

    found: list[Problem] = []
    have = draft.sections
    places: list[tuple[Path, Any]] = [(("clean", i), step) for i, step in enumerate(have.get("clean") or ())]
    for name, spec in have.get("datasets", {}).items():
        path: Path = ("datasets", name, "source")
        if spec.source.kind not in SOURCES:
            message = f"unknown source {spec.source.kind}; {suggested(spec.source.kind, SOURCES, 'sources')}"
            found.append(draft.where.problem((*path, "kind"), message))
        else:
            found += validated(SOURCES[spec.source.kind].options, spec.source.parameters, path, draft.where)[1]
        places += [(("datasets", name, "clean", i), step) for i, step in enumerate(spec.clean or ())]
    for path, step in places:
        name, parameters = step_parts(step)
        if name not in STEPS:
            found.append(
                draft.where.problem(path, f"unknown cleaning step {name}; {suggested(name, STEPS, 'cleaning steps')}")
            )
        else:
            inside = path if isinstance(step, str) else (*path, name)
            found += validated(STEPS[name].options, parameters, inside, draft.where)[1]
    return found


def _claims(draft: Draft) -> list[Problem]:
    """What the claims room says of each claim; its sentences begin with the field at fault."""
    from bench.claims import check_claim, conflicts

    study, found = draft.study(), []
    assert not isinstance(study.claims, ClaimTable)  # the reader has put a table's rows in its place
    for claim, (where, path) in zip(study.claims or (), draft.claim_places, strict=True):
        for sentence in check_claim(claim, study):
            field, _, rest = sentence.partition(": ")
            known = field in Claim.model_fields
            found.append(where.problem((*path, field) if known else path, rest if known else sentence))
    for later, earlier, sentence in conflicts(study.claims or ()):
        (where, path), (other, before) = draft.claim_places[later], draft.claim_places[earlier]
        place = str(other.problem(before, "")).split(": ")[0]
        found.append(where.problem(path, f"{sentence} (it stands in {place})"))
    return found


def _remarks(draft: Draft) -> list[Problem]:
    """What is worth saying of claims that are well formed: numbers that cannot be, tolerances that decide nothing."""
    from bench.claims import remarks

    study = draft.study()
    assert not isinstance(study.claims, ClaimTable)
    said = remarks(study)
    return sorted(
        where.problem((*path, field), sentence)
        for claim, (where, path) in zip(study.claims or (), draft.claim_places, strict=True)
        for field, sentence in said.get(claim.id, ())
    )


def _frozen(draft: Draft) -> list[Problem]:
    """Declared changes of a study that was never frozen, or that change nothing; a record that was edited."""
    study = draft.study()
    try:
        found = frozen_of(study, draft.folder)
    except StudyError as error:
        return list(error.problems)
    if found is None:
        message = f"are changes since the study was frozen, and it never was; `bench freeze {draft.id}` does that"
        return [draft.where.problem(("changes",), message)] if study.changes else []
    return [draft.where.problem(("changes", i, "what"), said) for i, said in idle(study, found.changes)]


def unlisted(project: Project) -> list[Problem]:
    """Studies that stand twice in the lists of params.yaml."""
    listed, found = project.settings.listed, []
    for study in dict.fromkeys(listed):
        if listed.count(study) > 1:
            found.append(Problem("params.yaml", 0, 0, "studies", f"{study} stands there twice"))
    return found
