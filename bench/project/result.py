"""The result of a study, for programs and notebooks: its frames, its headline, its page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bench.core.errors import UsageError, suggested
from bench.project.templates import filled
from bench.text.formats import plural

if TYPE_CHECKING:
    import polars as pl

    from bench.core.counting import Falsified
    from bench.project.folder import ProjectFolder
    from bench.report.bundle import Bundle
    from bench.report.summary import Summary
    from bench.study import Study


class Result:
    """The stored result of one study.

    `Project.run`, `Project.result` and `benchmark` make it. Frames are read when they are first asked for. All are
    polars frames; in all of them `dataset` and `family` are the names of the study, `repeat` and `fold` count from 0,
    and scores are in the metric's own unit (fractions, never percent). Their columns are listed in
    `bench.core.frames`.

    Parameters
    ----------
    project : ProjectFolder
        A `Project`, or its folder alone.
    study : str
        The id of the study.

    Examples
    --------
    >>> import bench
    >>> result = bench.Project(getfixture("toy_project")).run("toy", progress=False)
    >>> result.headline
    'A toy: open (0 of 1 hold, 1 open)'
    >>> result.scores.filter(metric="accuracy", side="test").height
    18
    >>> result["pairs"].columns[:4]
    ['dataset', 'family', 'against', 'metric']
    """

    def __init__(self, project: ProjectFolder, study: str) -> None:
        self.project = project
        self.id = project.known(study)

    def __repr__(self) -> str:
        return f"Result({self.id!r}: {self.headline})"

    @cached_property
    def _bundle(self) -> Bundle:
        from bench.project.pipeline import bundle_of

        bundle: Bundle = bundle_of(self.project, self.id)
        return bundle

    @property
    def study(self) -> Study:
        """The study, with all names that its tables of external results hold."""
        return self._bundle.study

    @cached_property
    def summary(self) -> Summary:
        """The study in short, as `summaries/<id>.json` has it: headline, claims, names."""
        from bench.report.summary import summary_of

        return summary_of(self._bundle)

    @property
    def headline(self) -> str:
        """The finding in one line."""
        return self.summary.headline

    def __getitem__(self, name: str) -> pl.DataFrame:
        """A frame by name.

        Parameters
        ----------
        name : str
            Its name; `list(result)` has all.

        Returns
        -------
        polars.DataFrame

        Raises
        ------
        UsageError
            With the nearest name, for an unknown one.

        Examples
        --------
        >>> import bench
        >>> result = bench.Project(getfixture("toy_project")).run("toy", progress=False)
        >>> result["folds"].height
        6
        """
        if name not in (names := tuple(self)):
            raise UsageError(
                f"{name}: unknown frame; {suggested(name, names, 'frames')}"
            )
        return self._bundle.frame(name)

    def __iter__(self) -> Iterator[str]:
        """The names of all frames."""
        return iter(("predictions", *self._bundle.frames))

    @property
    def scores(self) -> pl.DataFrame:
        """Scores in the metric's own unit, by dataset, family, variant, repeat, fold, side and metric:
        `frames.SCORES`."""
        return self["scores"]

    @property
    def predictions(self) -> pl.DataFrame:
        """One row for each predicted row of each outer fold: `frames.CLASSIFICATION` or `frames.REGRESSION`."""
        return self["predictions"]

    @property
    def tuning(self) -> pl.DataFrame:
        """The inner scores of all candidates in each outer fold, and which was chosen: `frames.TUNING`."""
        return self["tuning"]

    @property
    def folds(self) -> pl.DataFrame:
        """The number of training and test rows of each outer fold: `frames.FOLDS`."""
        return self["folds"]

    @property
    def failures(self) -> pl.DataFrame:
        """Cells without a result, and warnings of cells, each with its status, stage and reason: `frames.FAILURES`."""
        return self["failures"]

    @property
    def estimates(self) -> pl.DataFrame:
        """Mean scores with their intervals, by family, dataset and metric: `comparisons.ESTIMATES`."""
        return self["estimates"]

    @property
    def pairs(self) -> pl.DataFrame:
        """Differences of two families on one dataset: tests, intervals and probabilities: `comparisons.PAIRS`."""
        return self["pairs"]

    @property
    def verdicts(self) -> pl.DataFrame:
        """What became of each claim: ours, published, interval, agreement, evidence, cause, reasons:
        `judgements.VERDICTS`."""
        return self["verdicts"]

    @property
    def answer(self) -> pl.DataFrame:
        """What is said of the paper's numbers together: a row for each metric, with `family` null, and a row for each
        model of it: `answers.ANSWERS`.

        Examples
        --------
        >>> import bench
        >>> result = bench.Project(getfixture("toy_project")).run("toy", progress=False)
        >>> result.answer.select("metric", "numbers", "why_not").rows()
        [('accuracy', 1, 'few_datasets')]
        """
        return self["answers"]

    @property
    def falsified(self) -> dict[str, Falsified]:
        """What became of each claim under `falsified_if`, by its id: `happened`, `did_not_happen` or `undecided`.

        One that differs did not happen, which is as its author expects.

        Examples
        --------
        >>> import bench
        >>> bench.Project(getfixture("toy_project")).run("toy", progress=False).falsified
        {}
        """
        return self._bundle.falsified

    @property
    def findings(self) -> pl.DataFrame:
        """The answers of all diagnostics, a row for each check and subject: `frames.FINDINGS`."""
        return self["findings"]

    def report(self, path: str | os.PathLike[str]) -> Path:
        """Write the page of the study, one HTML file that needs no network.

        Parameters
        ----------
        path : str or path
            The file. The pages of datasets, where a study is large enough to have them, go into a folder `datasets`
            beside it.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        DataError
            Where the study has not been judged.

        Examples
        --------
        >>> import bench
        >>> result = bench.Project(getfixture("toy_project")).run("toy", progress=False)
        >>> result.report(getfixture("tmp_path") / "toy.html").name
        'toy.html'
        """
        from bench.core.frames import write_bytes
        from bench.report.page import pages

        first = Path(path)
        for name, text in pages(self._bundle, alone=first.name).items():
            write_bytes(first.parent / name, text.encode())
        return first

    def _repr_html_(self) -> str:
        """A card for notebooks: title, headline, counts. It holds no script and loads nothing."""
        study, summary = self.study, self.summary
        failed, alarms = summary.failures, self.findings.filter(outcome="found").height
        counts = [
            plural(len(study.datasets), "dataset"),
            plural(len(summary.families), "model"),
        ]
        counts += [plural(alarms, "finding")] if alarms else []
        counts += [plural(failed, "failed fit")] if failed else []
        return filled(
            "card.html",
            title=study.title,
            headline=self.headline,
            counts=" · ".join(counts),
        )
