"""The folder of a project: where its files stand, its settings, the studies in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Self

from bench.core.errors import DataError, UsageError, suggested
from bench.project.settings import Settings, read_settings
from bench.study.reading import named

#: Where DVC copies a project to, below its root, when it runs an experiment apart.
_COPIES = (".dvc", "tmp", "exps")


def _home(root: Path) -> Path:
    """Where the cache of a project stands: an experiment that DVC runs in a copy of the project (`dvc exp run --temp`,
    `dvc queue`) uses the project's own."""
    parts = root.absolute().parts
    for place in range(len(parts) - len(_COPIES)):
        if parts[place : place + len(_COPIES)] == _COPIES:
            return Path(*parts[:place])
    return root


class Layout:
    """The paths of a project. They are relative when `root` is, and nothing here touches a file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.params, self.studies = root / "params.yaml", root / "studies"
        #: The file with the version of the code behind each stage, which DVC's stages depend on.
        self.versions = root / "versions.yaml"
        #: The pipeline file of what is made of all studies.
        self.dvc = root / "dvc.yaml"
        #: The folder of all that may be removed without loss of a result.
        self.cache = _home(root) / ".bench"
        #: The file of finished cells.
        self.store = self.cache / "cells.sqlite"
        #: The folder with the arrays of each dataset, by fingerprint, which workers read.
        self.arrays = self.cache / "arrays"
        self.downloads = self.cache / "downloads"
        #: The folder of small files, one for each study that was found right, named by all that decides it.
        self.checked = self.cache / "checked"
        #: The folder with the records of runs.
        self.log = self.cache / "log"
        #: The pages, the first of them the one over all studies.
        self.reports = root / "reports"
        self.index = self.reports / "index.html"

    def study(self, study: str) -> Path:
        return self.studies / study

    def pipeline(self, study: str) -> Path:
        """The pipeline file of a study, which has a folder with its lock."""
        return self.root / "pipeline" / study / "dvc.yaml"

    def raw(self, study: str) -> Path:
        return self.root / "data" / study / "raw"

    def clean(self, study: str) -> Path:
        return self.root / "data" / study / "clean"

    def explanations(self, study: str) -> Path:
        """The folder of tables that an explanation cleans in another way."""
        return self.clean(study) / "explanations"

    def results(self, study: str) -> Path:
        return self.root / "results" / study

    def plots(self, study: str) -> Path:
        """The folder of tables for DVC's plots."""
        return self.results(study) / "plots"

    def report_folder(self, study: str) -> Path:
        """The folder of all pages of a study."""
        return self.reports / study

    def report_page(self, study: str) -> Path:
        return self.report_folder(study) / "index.html"

    def written(self, study: str) -> tuple[Path, ...]:
        """All that the stages of a study write: folders, and the summary."""
        return (
            self.raw(study), self.clean(study), self.explanations(study), self.results(study), self.plots(study),
            self.report_folder(study), self.summary(study),
        )  # fmt: skip

    def exports(self, study: str) -> Path:
        return self.root / "exports" / study

    def summary(self, study: str) -> Path:
        return self.root / "summaries" / f"{study}.json"


#: Folders with files of others: studies, and what is made of them. DVC reads its own files wherever they stand in a
#: project, and runs each stage whose output lies in a folder that another stage depends on.
_FOREIGN = ("studies", "data", "results", "summaries")
#: Names of files that DVC reads. The template `dvcignore` names the same files in the same folders.
_OF_DVC = ("dvc.yaml", "dvc.lock", ".dvcignore", "*.dvc")

#: What tells our pipeline files from those of another use.
OURS = "-m bench"


class ProjectFolder:
    """Where a project has its files and what params.yaml says: all that a stage needs to know of a project.

    Parameters
    ----------
    root : str or path
        The folder. All paths of the project are below it, whatever the current directory is later.
    keep : bool, default True
        Whether finished cells are kept in `.bench/` and found by later runs.
    """

    def __init__(
        self, root: str | os.PathLike[str] = ".", *, keep: bool = True
    ) -> None:
        self.paths = Layout(Path(root).absolute())
        self.keep = keep

    @classmethod
    def here(cls, *, keep: bool = True) -> Self:
        """The project in the current directory, with relative paths, as the command line shows them.

        Parameters
        ----------
        keep : bool, default True
            Whether finished cells are kept.

        Returns
        -------
        Self
            It is of use only as long as the current directory stays the same.
        """
        project = cls(keep=keep)
        project.paths = Layout(Path())
        return project

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.root)!r})"

    @property
    def root(self) -> Path:
        """The folder of the project."""
        return self.paths.root

    @cached_property
    def settings(self) -> Settings:
        """What params.yaml says, read once."""
        return read_settings(self.paths.params)

    @property
    def studies(self) -> tuple[str, ...]:
        """Ids of all studies that params.yaml lists, the slow ones last."""
        return self.settings.listed

    @property
    def store(self) -> Path | None:
        """The file of finished cells; None where none are kept."""
        return self.paths.store if self.keep else None

    def known(self, study: str) -> str:
        """The id itself, where its study exists.

        Parameters
        ----------
        study : str
            The id.

        Returns
        -------
        str

        Raises
        ------
        UsageError
            With the nearest id, where there is none.

        Examples
        --------
        >>> import bench
        >>> bench.Project(getfixture("toy_project")).known("toi")
        Traceback (most recent call last):
        bench.core.errors.UsageError: ...there is no such study; did you mean toy?
        """
        if not isinstance(study, str):
            raise UsageError(f"{study!r}: expected the id of a study, as text")
        file = self.paths.study(study) / "study.yaml"
        if not named(study) or not file.is_file():
            raise UsageError(
                f"{file}: there is no such study; {suggested(study, self.present(), 'studies')}"
            )
        for folder in self.paths.written(study):
            inside(self, folder)
        return study

    def present(self) -> list[str]:
        """Ids of the studies that have a folder, listed or not.

        Returns
        -------
        list of str
            Sorted.

        Examples
        --------
        >>> import bench
        >>> bench.Project(getfixture("toy_project")).present()
        ['toy']
        """
        return sorted(
            path.parent.name
            for path in self.paths.studies.glob("*/study.yaml")
            if named(path.parent.name)
        )

    @property
    def has_pipeline(self) -> bool:
        """Whether DVC runs the stages of this project."""
        return _has([self.paths.dvc], OURS)


def inside(project: ProjectFolder, path: Path) -> Path:
    """The path itself; raises `DataError` where a symbolic link leads out of the project."""
    if not path.resolve().is_relative_to(project.root.resolve()):
        raise DataError(
            f"{path}: is reached by a symbolic link that leaves the project, and bench writes and deletes only"
            " inside it; put a folder in the place of the link; nothing was read or written"
        )
    return path


def refuse_files_of_dvc(project: ProjectFolder) -> None:
    """Raises `UsageError` where a folder of studies or of what is made of them holds a file that DVC would obey."""
    for name in _FOREIGN:
        for folder, folders, files in os.walk(project.root / name):
            for file in sorted((*folders, *files)):
                if any(fnmatch(file, pattern) for pattern in _OF_DVC):
                    raise UsageError(
                        f"{Path(folder, file)}: DVC would run what it says, and no study needs such a file; "
                        "move it elsewhere; nothing was run"
                    )


def recorded(project: ProjectFolder) -> list[str]:
    """Ids of the studies whose results DVC has recorded."""
    locks = {
        study: project.paths.pipeline(study).with_suffix(".lock")
        for study in project.present()
    }
    return [study for study, lock in locks.items() if _has([lock], "  judge:")]


def is_pullable(project: ProjectFolder, study: str) -> bool:
    """Whether DVC has recorded the results of a study and knows a remote that may hold them."""
    configs = [project.root / ".dvc" / name for name in ("config", "config.local")]
    return study in recorded(project) and _has(configs, "['remote ")


def _has(files: Iterable[Path], text: str) -> bool:
    """Whether a text stands in any of the files that are there."""
    return any(text.encode() in file.read_bytes() for file in files if file.is_file())
