"""The project on disk: where everything stands, and what params.yaml says. All paths are relative to its root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from ruamel.yaml import YAML

from bench.core.errors import UsageError, suggested
from bench.core.problems import Problem, Said, StudyError
from bench.run.cells import Engine
from bench.run.workers.limits import Limits
from bench.study import CellLimits

PARAMS = Path("params.yaml")
DOWNLOADS = Path(".bench") / "downloads"
#: Empty files, one a study that was found right, named by all that decides it.
CHECKED = Path(".bench") / "checked"


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


def report_folder(study: str) -> Path:
    """Where all pages of a study stand."""
    return report_page(study).parent


def exports(study: str) -> Path:
    return Path("exports") / study


def summary_file(study: str) -> Path:
    return Path("summaries") / f"{study}.json"


def params() -> dict[str, Any]:
    """params.yaml as a dict. Raises `UsageError` outside a project, `StudyError` when it cannot be read."""
    if not PARAMS.is_file():
        raise UsageError("params.yaml: there is none here; run bench in the root of a project")
    try:
        values = YAML(typ="safe", pure=True).load(PARAMS.read_text(encoding="utf-8"))
    except Exception as error:
        raise StudyError([Problem("params.yaml", 0, 0, "", Said(f"not YAML: {str(error).splitlines()[0]}"))]) from None
    if not isinstance(values, dict) or not isinstance(values.get("studies"), list):
        raise StudyError(
            [Problem("params.yaml", 1, 1, "studies", Said("missing; expected a list of the studies' ids"))]
        )
    return values


def studies() -> list[str]:
    """The ids of the studies that plain `dvc repro` runs, in the order of params.yaml."""
    return _ids("studies")


def literature() -> list[str]:
    """The ids of the slow studies, those of literature/dvc.yaml, in the order of params.yaml; often there are none."""
    return _ids("literature")


def listed() -> list[str]:
    """All ids of params.yaml: the quick studies, then the slow ones."""
    return [*studies(), *literature()]


def _ids(key: str) -> list[str]:
    found = params().get(key) or []
    if not isinstance(found, list):
        raise StudyError([Problem("params.yaml", 0, 0, key, Said(f"{found!r} is not a list of the studies' ids"))])
    wrong = [str(item) for item in found if not isinstance(item, str)]
    if wrong:
        message = f"{wrong[0]} is not text; an id that YAML reads as something else must be quoted"
        raise StudyError([Problem("params.yaml", 0, 0, key, Said(message))])
    return list(found)


def target(stage: str, study: str) -> str:
    """What `dvc repro` calls this stage of a study; the slow studies stand in a dvc.yaml of their own."""
    return f"literature/dvc.yaml:{stage}@{study}" if study in literature() else f"{stage}@{study}"


def known(study: str) -> str:
    """The id itself when its folder exists; raises `UsageError` with the nearest one otherwise."""
    if not (study_folder(study) / "study.yaml").is_file():
        there = sorted(path.parent.name for path in Path("studies").glob("*/study.yaml"))
        raise UsageError(f"studies/{study}/study.yaml: there is no such study; {suggested(study, there, 'studies')}")
    return study


def trusted() -> frozenset[str]:
    """Packages whose code a study may name by import path, besides scikit-learn and xgboost."""
    found = params().get("trusted") or []
    if not isinstance(found, list):
        raise StudyError([Problem("params.yaml", 0, 0, "trusted", Said(f"{found!r} is not a list of packages"))])
    return frozenset(str(name) for name in found)


def limits(own: CellLimits | None = None) -> Limits:
    """What a cell may take, and how many workers there are: params.yaml's `execution`, and what a study says itself."""
    stated = own.model_dump(exclude_unset=True) if own else {}
    block = _execution() | stated
    megabytes = block.get("megabytes_per_cell")
    memory = None if megabytes is None else int(megabytes * 1e6)
    return Limits(block.get("workers", 2), float(block.get("seconds_per_cell", 3600)), memory)


def engine() -> Engine:
    """Who fits: params.yaml's `execution.engine`."""
    chosen: Engine = _execution().get("engine", "fast")
    return chosen


def backend() -> str | None:
    """Who does the cells: None for workers of this machine, or the address of the dask scheduler whose workers do."""
    address: str | None = _execution().get("scheduler")
    return address


def _execution() -> dict[str, Any]:
    """The block, checked. Raises `StudyError` for unknown words, impossible values, and half of a pair."""
    block = params().get("execution") or {}
    if not isinstance(block, dict):
        message = f"{block!r} is not a block of {', '.join(_EXECUTION)}; nothing was fitted"
        raise StudyError([Problem("params.yaml", 0, 0, "execution", Said(message))])
    for key, value in block.items():
        if key not in _EXECUTION and key not in _WORDS:
            raise _wrong(key, f"unknown; {suggested(key, [*_EXECUTION, *_WORDS])}")
        if key in _WORDS and value not in _WORDS[key]:
            raise _wrong(key, f"{value!r} is unknown, nothing was fitted; {suggested(str(value), _WORDS[key])}")
        fits, expected = _EXECUTION.get(key, (None, ""))
        if fits is not None and not fits(value):
            raise _wrong(key, f"{value!r} is not {expected}; nothing was fitted")
    if block.get("backend") == "dask" and "scheduler" not in block:
        raise _wrong("scheduler", "missing; backend: dask needs an address like tcp://host:8786; nothing was fitted")
    if "scheduler" in block and block.get("backend") != "dask":
        raise _wrong("scheduler", "stands without backend: dask, which it is for; nothing was fitted")
    return dict(block)


def _wrong(key: str, message: str) -> StudyError:
    return StudyError([Problem("params.yaml", 0, 0, f"execution.{key}", Said(message))])


def _above_zero(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


def _is_address(value: Any) -> bool:
    scheme, there, place = str(value).partition("://")
    return bool(isinstance(value, str) and scheme and there and place)


#: The keys of `execution` whose value is a word, and which words there are.
_WORDS: dict[str, tuple[str, ...]] = {"engine": get_args(Engine), "backend": ("local", "dask")}
#: Every other key: whether a value fits, and what is expected.
_EXECUTION: dict[str, tuple[Callable[[Any], bool], str]] = {
    "workers": (lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 1, "a whole number from 1"),
    "seconds_per_cell": (_above_zero, "a number above 0"),
    "megabytes_per_cell": (lambda v: v is None or _above_zero(v), "a number above 0, or null for no limit"),
    "scheduler": (_is_address, "an address like tcp://host:8786"),
}
