"""A project: a folder with params.yaml and studies, and all that can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.project.folder import ProjectFolder, refuse_files_of_dvc
from bench.study import Draft, Study, read_study

if TYPE_CHECKING:
    from bench.project.result import Result
    from bench.run.gather import Results
    from bench.run.study import Listener


class Project(ProjectFolder):
    """A folder with params.yaml and studies, and all that can be done with it.

    Parameters
    ----------
    root : str or path
        The folder. All paths of the project are below it, whatever the current directory is later.
    keep : bool, default True
        Whether finished cells are kept in `.bench/` and found by later runs.

    Raises
    ------
    UsageError, StudyError
        When `settings` are read: where there is no params.yaml, or one with mistakes.

    Notes
    -----
    params.yaml is read once, when it is first needed; make a new `Project` after editing it. Several projects can be
    used in one process.

    Examples
    --------
    >>> import bench
    >>> project = bench.Project(getfixture("toy_project"))
    >>> project.studies
    ('toy',)
    >>> project.study("toy").title
    'A toy'
    """

    def study(self, study: str) -> Study:
        """A study as it is written.

        Parameters
        ----------
        study : str
            Its id, the name of its folder in `studies/`.

        Returns
        -------
        Study

        Raises
        ------
        UsageError
            Where there is no such study.
        StudyError
            For mistakes of form; `check` finds those of names and numbers too.

        Examples
        --------
        >>> import bench
        >>> bench.Project(getfixture("toy_project")).study("toy").metrics.primary
        'accuracy'
        """
        return read_study(self.paths.study(self.known(study)))

    def check(self, studies: Sequence[str] | None = None) -> list[Draft]:
        """Studies with the problems and remarks that were found in them. Nothing is run.

        Parameters
        ----------
        studies : sequence of str, optional
            Ids; all that params.yaml lists when left out.

        Returns
        -------
        list of Draft
            Each with `problems` and `remarks`; `Draft.study()` gives the study where there is no problem.

        Raises
        ------
        UsageError
            For an id that is none.

        Examples
        --------
        >>> import bench
        >>> (draft,) = bench.Project(getfixture("toy_project")).check()
        >>> draft.id, draft.problems
        ('toy', [])
        """
        from bench.project.check import checked_draft

        refuse_files_of_dvc(self)
        return [
            checked_draft(self, study)
            for study in (self.studies if studies is None else studies)
        ]

    def run(self, study: str, *, progress: bool = True) -> Result:
        """Fetch, clean, fit and judge a study; the pages are for `report` to write.

        Parameters
        ----------
        study : str
            Its id.
        progress : bool, default True
            Whether progress is printed on stderr.

        Returns
        -------
        Result
            Cells that failed are rows of `Result.failures`.

        Raises
        ------
        StudyError
            For mistakes of the study, before anything is fitted, each with file and line.
        DataError
            For tables that cannot be had, or are not as recorded.

        Examples
        --------
        >>> import bench
        >>> result = bench.Project(getfixture("toy_project")).run("toy", progress=False)
        >>> result.failures.height
        0
        """
        from bench.project.progress import Lines

        self.fetch(study)
        self.clean(study)
        self.fit_cells(study, Lines(study) if progress else None)
        self.judge(study)
        return self.result(study)

    def result(self, study: str) -> Result:
        """The stored result of a study.

        Parameters
        ----------
        study : str
            Its id.

        Returns
        -------
        Result
            Its frames raise `DataError` when they are read and a stage has not been run.

        Raises
        ------
        UsageError
            Where there is no such study.

        Examples
        --------
        >>> import bench
        >>> project = bench.Project(getfixture("toy_project"))
        >>> project.run("toy", progress=False).scores.equals(project.result("toy").scores)
        True
        """
        from bench.project.result import Result

        return Result(self, study)

    def fetch(self, study: str) -> None:
        """Get the tables of a study and record their sha256, in `data/<study>/raw/`.

        Parameters
        ----------
        study : str
            Its id.

        Raises
        ------
        StudyError
            For mistakes of the study.
        DataError
            For tables that cannot be had.

        Examples
        --------
        >>> import bench
        >>> project = bench.Project(getfixture("toy_project"))
        >>> project.fetch("toy")
        >>> sorted(path.name for path in project.paths.raw("toy").iterdir())
        ['fetch.json', 'toy.parquet']
        """
        from bench.project import pipeline

        pipeline.fetch(self, study)

    def clean(self, study: str) -> None:
        """Type, clean and profile the fetched tables, into `data/<study>/clean/`.

        Parameters
        ----------
        study : str
            Its id.

        Raises
        ------
        StudyError
            For mistakes of the study, and for what its data cannot give.
        DataError
            For tables that are not there, or not as recorded.

        Examples
        --------
        >>> import bench
        >>> project = bench.Project(getfixture("toy_project"))
        >>> project.fetch("toy")
        >>> project.clean("toy")
        >>> (project.paths.clean("toy") / "tables.parquet").is_file()
        True
        """
        from bench.project import pipeline

        pipeline.clean(self, study)

    def fit_cells(self, study: str, listener: Listener | None = None) -> Results | None:
        """Fit every cell that is not stored, into `results/<study>/`.

        Parameters
        ----------
        study : str
            Its id.
        listener : Listener, optional
            What is told of each cell as it is finished; nobody when left out.

        Returns
        -------
        Results or None
            The frames of the run; None where the study fits nothing.

        Raises
        ------
        StudyError
            For mistakes of the study, and for what its data cannot give.
        DataError
            For tables that are not there, or not as recorded.

        Examples
        --------
        >>> import bench
        >>> project = bench.Project(getfixture("toy_project"))
        >>> project.fetch("toy")
        >>> project.clean("toy")
        >>> project.fit_cells("toy").predictions.height > 0
        True
        """
        from bench.project import pipeline

        return pipeline.run(self, study, listener)

    def judge(self, study: str) -> None:
        """Write scores, comparisons, verdicts and findings into `results/<study>/`. Nothing is fitted.

        Parameters
        ----------
        study : str
            Its id.

        Raises
        ------
        StudyError
            For mistakes of the study.
        DataError
            Where the cells have not been fitted.

        Examples
        --------
        >>> import bench
        >>> project = bench.Project(getfixture("toy_project"))
        >>> project.fetch("toy")
        >>> project.clean("toy")
        >>> _ = project.fit_cells("toy")
        >>> project.judge("toy")
        >>> project.result("toy").verdicts["claim"].to_list()
        ['knn']
        """
        from bench.project import pipeline

        pipeline.judge(self, study)

    def report(self, study: str) -> Path:
        """Write the pages and the summary of a study.

        Parameters
        ----------
        study : str
            Its id.

        Returns
        -------
        Path
            The first page.

        Raises
        ------
        DataError
            Where the study has not been judged.

        Examples
        --------
        >>> import bench
        >>> project = bench.Project(getfixture("toy_project"))
        >>> _ = project.run("toy", progress=False)
        >>> project.report("toy").name
        'index.html'
        """
        from bench.project import pipeline

        return pipeline.report(self, study)[0]

    def write_versions(self) -> Path:
        """Write the version of the code behind each stage into versions.yaml, for DVC.

        Returns
        -------
        Path
            The file.

        Examples
        --------
        >>> import bench
        >>> bench.Project(getfixture("toy_project")).write_versions().name
        'versions.yaml'
        """
        from bench.core.frames import write_bytes
        from bench.project.versions import versions_of_stages

        lines = [
            f"{stage}: {version}\n"
            for stage, version in versions_of_stages(self).items()
        ]
        write_bytes(self.paths.versions, "".join(lines).encode())
        return self.paths.versions

    def index(self) -> Path:
        """Write the page over all studies, and the one over all papers.

        Returns
        -------
        Path
            The page over all studies.

        Raises
        ------
        DataError
            Where a listed study has no summary yet: `report` writes it.

        Examples
        --------
        >>> import bench
        >>> project = bench.Project(getfixture("toy_project"))
        >>> _ = project.run("toy", progress=False)
        >>> _ = project.report("toy")
        >>> project.index().name
        'index.html'
        """
        from bench.project import pipeline

        return pipeline.index(self)
