"""The project on disk: where everything stands, and what params.yaml says. All paths are relative to its root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.errors import Problem, StudyError, UsageError, nearest
from bench.run.workers import Limits

PARAMS = Path("params.yaml")
DOWNLOADS = Path(".bench") / "downloads"


def study_folder(study: str) -> Path:
    return Path("studies") / study


def raw(study: str) -> Path:
    return Path("data") / study / "raw"


def clean(study: str) -> Path:
    return Path("data") / study / "clean"


def results(study: str) -> Path:
    return Path("results") / study


def report_page(study: str) -> Path:
    return Path("reports") / study / "index.html"


def summary_file(study: str) -> Path:
    return Path("summaries") / f"{study}.json"


def params() -> dict[str, Any]:
    """params.yaml as a dict. Raises `UsageError` outside a project, `StudyError` when it cannot be read."""
    if not PARAMS.is_file():
        raise UsageError("params.yaml: there is none here; run bench in the root of a project")
    try:
        values = YAML(typ="safe", pure=True).load(PARAMS.read_text(encoding="utf-8"))
    except Exception as error:
        raise StudyError([Problem("params.yaml", 0, 0, "", f"not YAML: {str(error).splitlines()[0]}")]) from None
    if not isinstance(values, dict) or not isinstance(values.get("studies"), list):
        raise StudyError([Problem("params.yaml", 1, 1, "studies", "missing; expected a list of the studies' ids")])
    return values


def studies() -> list[str]:
    """The ids of the studies that `dvc repro` runs, in the order of params.yaml."""
    found = params()["studies"]
    wrong = [str(item) for item in found if not isinstance(item, str)]
    if wrong:
        message = f"{wrong[0]} is not text; an id that YAML reads as something else must be quoted"
        raise StudyError([Problem("params.yaml", 0, 0, "studies", message)])
    return list(found)


def known(study: str) -> str:
    """The id itself when its folder exists; raises `UsageError` with the nearest one otherwise."""
    if not (study_folder(study) / "study.yaml").is_file():
        there = sorted(path.parent.name for path in Path("studies").glob("*/study.yaml"))
        raise UsageError(f"studies/{study}/study.yaml: there is no such study; {nearest(study, there)}")
    return study


def trusted() -> frozenset[str]:
    """Packages whose code a study may name by import path, besides scikit-learn and xgboost."""
    return frozenset(str(name) for name in params().get("trusted") or ())


def limits() -> Limits:
    """The machine's limits: params.yaml's `execution` block."""
    block = params().get("execution") or {}
    unknown = sorted(set(block) - {"workers", "seconds_per_cell"})
    if unknown:
        hint = nearest(unknown[0], ["workers", "seconds_per_cell"])
        raise StudyError([Problem("params.yaml", 0, 0, f"execution.{unknown[0]}", f"unknown; {hint}")])
    workers, seconds = block.get("workers", 2), block.get("seconds_per_cell", 3600)
    if not isinstance(workers, int) or workers < 1 or not isinstance(seconds, int | float) or seconds <= 0:
        message = "workers is a whole number from 1, seconds_per_cell a number above 0"
        raise StudyError([Problem("params.yaml", 0, 0, "execution", message)])
    return Limits(workers, float(seconds))
