"""What params.yaml says, checked and typed: the studies, trusted packages, and what this machine gives to a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict, StringConstraints, model_validator

from bench.core.errors import UsageError
from bench.run.cells import Engine
from bench.run.workers.limits import Limits
from bench.study.fields import Form, OpenForm, Text, refused
from bench.study.noted import StudyError
from bench.study.problems import validated
from bench.study.reading import named
from bench.study.source_map import parse
from bench.text.problems import Rule

FILE = "params.yaml"


def _named(study: str) -> str:
    if not named(study):
        raise refused(Rule.STUDY_ID)
    return study


#: An id is checked before a pipeline file names it in a command line.
_Ids = tuple[Annotated[Text, AfterValidator(_named)], ...]
_Address = Annotated[str, Strict(), StringConstraints(pattern=r"^\w+://\S+$")]


class _Execution(Form):
    """What this machine gives to a run."""

    workers: Annotated[int, Strict(), Field(ge=1)] = 2
    seconds_per_cell: Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] = (
        3600.0
    )
    megabytes_per_cell: (
        Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] | None
    ) = None
    engine: Engine = "fast"
    backend: Literal["local", "dask"] = "local"
    scheduler: _Address | None = None

    @model_validator(mode="after")
    def _scheduler_of_dask(self) -> _Execution:
        if (self.backend == "dask") != (self.scheduler is not None):
            raise refused(Rule.SCHEDULER, "scheduler")
        return self


class _Params(OpenForm):
    """The file. It may hold further keys, which are somebody else's."""

    studies: _Ids
    slow: _Ids | None = None
    evidence: _Ids | None = None
    trusted: tuple[Text, ...] | None = None
    execution: _Execution | None = None


@dataclass(frozen=True)
class Settings:
    """The values of params.yaml.

    Attributes
    ----------
    studies : tuple of str
        Ids of the studies that plain `dvc repro` runs, in the order of the index page.
    slow : tuple of str
        Ids of the studies that run only when they are named.
    evidence : tuple of str
        Ids of the studies whose scores are fetched and not part of the project; they run only when they are named, too.
    trusted : frozenset of str
        Packages, besides scikit-learn and xgboost, whose code a study may name by import path.
    workers : int
        How many cells are fitted at the same time.
    seconds_per_cell : float
        Wall time after which a cell is stopped.
    megabytes_per_cell : float or None
        Resident memory of a cell's process and its children; None is no limit.
    engine : {"fast", "reference"}
        Which implementation of a family fits.
    scheduler : str or None
        The address of a dask scheduler; None for workers of this machine.

    Examples
    --------
    >>> import bench
    >>> settings = bench.Project(getfixture("toy_project")).settings
    >>> settings.listed, settings.workers
    (('toy',), 2)
    """

    studies: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    trusted: frozenset[str] = frozenset()
    workers: int = 2
    seconds_per_cell: float = 3600.0
    megabytes_per_cell: float | None = None
    engine: Engine = "fast"
    scheduler: str | None = None

    @property
    def listed(self) -> tuple[str, ...]:
        """All ids: the quick studies, then the slow ones, then those whose scores are fetched."""
        return (*self.studies, *self.slow, *self.evidence)

    @property
    def limits(self) -> Limits:
        """The limits of a cell."""
        megabytes = self.megabytes_per_cell
        return Limits(
            self.workers,
            float(self.seconds_per_cell),
            None if megabytes is None else int(megabytes * 1e6),
        )


def read_settings(file: Path) -> Settings:
    """The settings in a params.yaml. Raises `UsageError` where there is no such file, and `StudyError` for text that is
    not YAML, unknown keys of `execution`, values that cannot be, and half of a pair."""
    if not file.is_file():
        raise UsageError(
            f"{file}: there is none; run bench in the root of a project, or make one with `bench init`"
        )
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file}: byte {error.start} is not UTF-8; save it as UTF-8"
        ) from None
    values, where = parse(text, FILE)
    params, problems = validated(_Params, values, (), where)
    if problems:
        raise StudyError(problems)
    execution = (params.execution or _Execution()).model_dump(exclude={"backend"})
    lists = (params.studies, params.slow or (), params.evidence or ())
    return Settings(*lists, frozenset(params.trusted or ()), **execution)
