"""What decides a stage: the part of the study, its inputs, the code and the versions of libraries."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from bench.core import frames
from bench.core.identity import SHORT, bytes_sha256, package_sha256
from bench.core.text import clean
from bench.families.checks import KNOWN_PACKAGES
from bench.families.libraries import needed_by, versions_here
from bench.project import ledger
from bench.project.check import extensions, generator_of
from bench.project.folder import ProjectFolder
from bench.run.identity import libraries
from bench.study import Study
from bench.study.preregistration import settled, sha256_of
from bench.text.refusals import fitted_with

#: Keys of a dataset that decide fits, and no table.
_OF_FITS = ("protocol", "preprocess", "families")


def decide_fetch(study: Study) -> dict[str, Any]:
    """What of a study decides its raw tables, beside files in its folder."""
    datasets = settled(study)["datasets"].items()
    return {
        "datasets": {name: {"source": stated["source"]} for name, stated in datasets}
    }


def decide_clean(study: Study) -> dict[str, Any]:
    """What of a study decides its clean tables, beside the raw ones."""
    stated = settled(study)
    datasets = {}
    for name, stated_dataset in stated["datasets"].items():
        kept = {k: v for k, v in stated_dataset.items() if k not in _OF_FITS}
        datasets[name] = kept | {"split": list(study.split_columns(name))}
    return {
        "task": study.task,
        "clean": stated["clean"],
        "datasets": datasets,
        "explain": (stated["diagnostics"] or {}).get("explain"),
    }


def decide_run(study: Study) -> dict[str, Any]:
    """What of a study decides its fits, beside the clean tables: no claim, and no word for people."""
    datasets = {}
    for name, spec in study.datasets.items():
        datasets[name] = spec.model_dump(mode="json", include={"protocol", "families"})
        if spec.preprocess is not None:
            datasets[name]["preprocess"] = spec.preprocess
    families = study.families or {}
    protocol = study.protocol
    part = {
        "task": study.task,
        "protocol": protocol and protocol.model_dump(mode="json"),
        "seeds_of": protocol and study.id,
        "preprocess": study.preprocess,
        "families": {n: spec.model_dump(mode="json") for n, spec in families.items()},
        "datasets": datasets,
    }
    return dict(json.loads(json.dumps(part, default=_plain)))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def decide_judge(study: Study) -> dict[str, str]:
    """The sha256 of each section of a study that can decide a judgement."""
    return {name: sha256_of(section) for name, section in settled(study).items()}


def fingerprints(tables: pl.DataFrame) -> dict[str, str]:
    """The clean tables that a run reads, by dataset."""
    return dict(tables.select("dataset", "fingerprint").iter_rows())


def begin_run(
    project: ProjectFolder, study: Study, tables: pl.DataFrame
) -> ledger.Record:
    """The record of a run that has not ended: what decides its fits, and the code that it uses."""
    paths = {spec.estimator or "" for spec in (study.families or {}).values()}
    packages = {path: path.partition(".")[0] for path in paths if path}
    trusted = sorted(path for path in packages if packages[path] not in KNOWN_PACKAGES)
    code = {"bench run": bytes_sha256("run")[:SHORT]}
    code |= {packages[path]: _name_package(packages[path]) for path in trusted}
    drawn = {}
    for spec in study.datasets.values():
        file = generator_of(study.id, spec)
        if file is not None:
            drawn[file] = frames.sha256(project.root / file)[:SHORT]
    versions = libraries()
    for name in needed_by(study).values():
        installed = versions_here()[name]
        if installed:
            versions[name] = installed
    return ledger.Record(
        study=decide_run(study),
        inputs=fingerprints(tables),
        code=code | drawn,
        versions=versions,
        trusted_code=(*trusted, *sorted(drawn)),
        extensions=tuple(extensions()),
    )


def _name_package(package: str) -> str:
    """The version of a package, or the sha256 of its source where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return package_sha256(package)[:SHORT]


def code_of_judge() -> dict[str, str]:
    """What names the code that judges."""
    return {"bench judge": bytes_sha256("judge")[:SHORT]}


def tell_other_versions(folder: Path, record: ledger.Record) -> None:
    """Say on stderr that results were fitted with other versions of libraries than are here now."""
    changed = []
    for name, now in sorted(libraries().items()):
        then = record.versions.get(name, now)
        if then != now:
            changed.append((name, then, now))
    if changed:
        told = fitted_with(str(folder), changed, f"bench repro {folder.name}")
        print(clean(told), file=sys.stderr)
