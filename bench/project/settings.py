"""What params.yaml says, checked and typed: the studies, trusted packages, and what this machine gives to a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from ruamel.yaml import YAML

from bench.core.errors import UsageError, suggested
from bench.core.problems import Problem, Said, StudyError
from bench.run.cells import Engine
from bench.run.workers.limits import Limits
from bench.study import CellLimits

FILE = "params.yaml"


@dataclass(frozen=True)
class Settings:
    """The values of params.yaml.

    Attributes
    ----------
    studies : tuple of str
        Ids of the studies that plain `dvc repro` runs, in the order of the index page.
    slow : tuple of str
        Ids of the studies that run only when they are named.
    trusted : frozenset of str
        Packages, besides scikit-learn and xgboost, whose code a study may name by import path.
    workers : int
        How many cells are fitted at the same time.
    seconds_per_cell : float
        Wall time after which a cell is stopped.
    megabytes_per_cell : float or None
        Resident memory of a cell's process and its children; None is no limit.
    engine : {"fast", "public", "reference"}
        Which implementation of a family fits.
    scheduler : str or None
        The address of a dask scheduler; None for workers of this machine.
    """

    studies: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()
    trusted: frozenset[str] = frozenset()
    workers: int = 2
    seconds_per_cell: float = 3600.0
    megabytes_per_cell: float | None = None
    engine: Engine = "fast"
    scheduler: str | None = None

    @property
    def listed(self) -> tuple[str, ...]:
        """All ids: the quick studies, then the slow ones."""
        return (*self.studies, *self.slow)

    def limits(self, study: CellLimits | None = None) -> Limits:
        """The limits of a cell; those that a study states itself come first."""
        stated = study.model_dump(exclude_unset=True) if study else {}
        seconds = stated.get("seconds_per_cell", self.seconds_per_cell)
        megabytes = stated.get("megabytes_per_cell", self.megabytes_per_cell)
        return Limits(self.workers, float(seconds), None if megabytes is None else int(megabytes * 1e6))


def read_settings(file: Path) -> Settings:
    """The settings in a params.yaml.

    Raises
    ------
    UsageError
        Where there is no such file.
    StudyError
        For text that is not YAML, unknown keys of `execution`, values that cannot be, and half of a pair.
    """
    if not file.is_file():
        raise UsageError(f"{file}: there is none; run bench in the root of a project, or make one with `bench init`")
    try:
        values = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except Exception as error:
        raise _wrong("", f"not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(values, dict) or not isinstance(values.get("studies"), list):
        raise StudyError([Problem(FILE, 1, 1, "studies", Said("missing; expected a list of the studies' ids"))])
    execution = _execution(values.get("execution") or {})
    memory = execution.get("megabytes_per_cell")
    return Settings(
        studies=_ids(values, "studies"),
        slow=_ids(values, "slow"),
        trusted=_packages(values.get("trusted") or []),
        workers=execution.get("workers", Settings.workers),
        seconds_per_cell=float(execution.get("seconds_per_cell", Settings.seconds_per_cell)),
        megabytes_per_cell=None if memory is None else float(memory),
        engine=execution.get("engine", Settings.engine),
        scheduler=execution.get("scheduler"),
    )


def _ids(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    listed = values.get(key) or []
    if not isinstance(listed, list):
        raise _wrong(key, f"{listed!r} is not a list of the studies' ids")
    for item in listed:
        if not isinstance(item, str):
            raise _wrong(key, f"{item} is not text; an id that YAML reads as something else must be quoted")
    return tuple(listed)


def _packages(listed: Any) -> frozenset[str]:
    if not isinstance(listed, list):
        raise _wrong("trusted", f"{listed!r} is not a list of packages")
    return frozenset(str(name) for name in listed)


def _execution(block: Any) -> dict[str, Any]:
    """The block `execution`, checked."""
    if not isinstance(block, dict):
        raise _wrong("execution", f"{block!r} is not a block of {', '.join(_EXECUTION)}; nothing was fitted")
    for key, value in block.items():
        if key not in _EXECUTION and key not in _WORDS:
            raise _wrong(f"execution.{key}", f"unknown; {suggested(key, [*_EXECUTION, *_WORDS])}")
        if key in _WORDS and value not in _WORDS[key]:
            message = f"{value!r} is unknown, nothing was fitted; {suggested(str(value), _WORDS[key])}"
            raise _wrong(f"execution.{key}", message)
        fits, expected = _EXECUTION.get(key, (None, ""))
        if fits is not None and not fits(value):
            raise _wrong(f"execution.{key}", f"{value!r} is not {expected}; nothing was fitted")
    dask = block.get("backend") == "dask"
    if dask and "scheduler" not in block:
        message = "missing; backend: dask needs an address like tcp://host:8786; nothing was fitted"
        raise _wrong("execution.scheduler", message)
    if "scheduler" in block and not dask:
        raise _wrong("execution.scheduler", "stands without backend: dask, which it is for; nothing was fitted")
    return block


def _wrong(key: str, message: str) -> StudyError:
    return StudyError([Problem(FILE, 0, 0, key, Said(message))])


def _above_zero(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


def _is_address(value: Any) -> bool:
    scheme, separator, host = str(value).partition("://")
    return bool(isinstance(value, str) and scheme and separator and host)


#: The keys of `execution` whose value is a word, and which words there are.
_WORDS: dict[str, tuple[str, ...]] = {"engine": get_args(Engine), "backend": ("local", "dask")}
#: Every other key: whether a value fits, and what is expected.
_EXECUTION: dict[str, tuple[Callable[[Any], bool], str]] = {
    "workers": (lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 1, "a whole number from 1"),
    "seconds_per_cell": (_above_zero, "a number above 0"),
    "megabytes_per_cell": (lambda v: v is None or _above_zero(v), "a number above 0, or null for no limit"),
    "scheduler": (_is_address, "an address like tcp://host:8786"),
}
