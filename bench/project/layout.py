"""Where the files of a project stand, below its root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Where DVC copies a project to, below its root, when it runs an experiment apart.
_COPIES = (".dvc", "tmp", "exps")


@dataclass(frozen=True)
class Layout:
    """The paths of a project. They are relative when `root` is, and nothing here touches a file."""

    root: Path

    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    @property
    def versions(self) -> Path:
        """The file with the version of the code behind each stage, which DVC's stages depend on."""
        return self.root / "versions.yaml"

    @property
    def dvc(self) -> Path:
        """The pipeline file of what is made of all studies."""
        return self.root / "dvc.yaml"

    @property
    def studies(self) -> Path:
        return self.root / "studies"

    @property
    def cache(self) -> Path:
        """The folder of all that may be removed without loss of a result.

        An experiment that DVC runs in a copy of the project (`dvc exp run --temp`, `dvc queue`) uses the project's own.
        """
        parts = self.root.absolute().parts
        for place in range(len(parts) - len(_COPIES)):
            if parts[place : place + len(_COPIES)] == _COPIES:
                return Path(*parts[:place]) / ".bench"
        return self.root / ".bench"

    @property
    def store(self) -> Path:
        """The file of finished cells."""
        return self.cache / "cells.sqlite"

    @property
    def arrays(self) -> Path:
        """The folder with the arrays of each dataset, by fingerprint, which workers read."""
        return self.cache / "arrays"

    @property
    def downloads(self) -> Path:
        return self.cache / "downloads"

    @property
    def checked(self) -> Path:
        """The folder of small files, one for each study that was found right, named by all that decides it."""
        return self.cache / "checked"

    @property
    def made_of(self) -> Path:
        """The folder of what the tables here were made of (`bench.project.made_of`)."""
        return self.cache / "made_of"

    @property
    def log(self) -> Path:
        """The folder with the records of runs."""
        return self.cache / "log"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def index(self) -> Path:
        """The page over all studies."""
        return self.reports / "index.html"

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
