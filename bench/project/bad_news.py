"""What stored results say against a paper, or against what an author expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.claims.falsifiers import falsified
from bench.core import frames
from bench.core.counting import Falsified
from bench.core.judgements import VERDICTS, Agreement, VerdictRow
from bench.project.project import Project
from bench.text.marks import NOT_REPRODUCED


@dataclass(frozen=True)
class BadNews:
    """What the stored results say against a paper or against what an author expects, each as study/claim.

    A claim of a paper is not reproduced where ours differs on strong evidence; one of the author is not as expected
    where ours differs; and of what would falsify an expectation that is bad news which happened.
    """

    not_reproduced: tuple[str, ...] = ()
    not_as_expected: tuple[str, ...] = ()
    happened: tuple[str, ...] = ()


def bad_news(project: Project, studies: Sequence[str]) -> BadNews:
    """What the stored results of these studies say against them."""
    from bench.report.counts import (
        mark,
    )  # slow to import, and needed only where results count

    paper: list[str] = []
    author: list[str] = []
    happened: list[str] = []
    for study in studies:
        rows = _verdicts(project, study)
        became = falsified(project.study(study), rows)
        for row in rows:
            if row.falsifier:
                found = happened if became[row.claim] == Falsified.HAPPENED else None
            elif row.source == "author":
                found = author if row.agreement == Agreement.DIFFERS else None
            else:
                found = paper if mark(row) == NOT_REPRODUCED else None
            if found is not None:
                found.append(f"{study}/{row.claim}")
    return BadNews(tuple(paper), tuple(author), tuple(happened))


def became(project: Project, study: str) -> dict[str, Falsified]:
    """What became of each falsifier of a study."""
    return falsified(project.study(study), _verdicts(project, study))


def _verdicts(project: Project, study: str) -> list[VerdictRow]:
    stored = frames.read(project.paths.results(study) / "verdicts.parquet", VERDICTS)
    return frames.records(stored, VerdictRow)
