"""`bench check`: the mistakes of studies, how many trainings a run makes, and what was changed since they were frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bench.cli.show import show_changes
from bench.cli.store_report import show_counts
from bench.core.counting import Falsified
from bench.core.text import say
from bench.project import pipeline
from bench.project.bad_news import BadNews, bad_news
from bench.project.check import unlisted
from bench.project.project import Project
from bench.study import Draft
from bench.study.noted import Problem, Remark, in_order
from bench.study.preregistration import Change
from bench.text.marks import (
    FALSIFIED,
    FALSIFIED_MEANS,
    MARKS,
    NOT_AS_EXPECTED,
    NOT_REPRODUCED,
)

if TYPE_CHECKING:
    from bench.run.counts import RunCounts


@dataclass(frozen=True)
class Checked:
    """What a check of studies found. All but the problems is empty where there is a problem."""

    studies: tuple[str, ...]
    problems: list[Problem]
    remarks: list[Remark] = field(default_factory=list)
    changes: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    bad_news: BadNews = field(default_factory=BadNews)
    counts: dict[str, RunCounts | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "studies": list(self.studies),
            "problems": [problem.as_json() for problem in self.problems],
            "remarks": [remark.as_json() for remark in self.remarks],
            "changes": {
                study: [asdict(change) for change in changes]
                for study, changes in self.changes.items()
            },
            **asdict(self.bad_news),
            "runs": {
                study: counts and asdict(counts)
                for study, counts in self.counts.items()
            },
        }


def checked(project: Project, ids: Sequence[str], strict: bool) -> Checked:
    """The mistakes of studies, all of params.yaml where none is named; `strict`: also what is against them."""
    studies = tuple(ids) or project.studies
    drafts = project.check(studies)
    problems = [problem for draft in drafts for problem in in_order(draft.problems)]
    problems += [] if ids else unlisted(project)
    if problems:
        return Checked(studies, problems)
    return Checked(
        studies,
        problems,
        remarks=[
            remark
            for draft in drafts
            for remark in (*draft.remarks, *_of_log(project, draft))
        ],
        changes=_changes(project, studies),
        bad_news=bad_news(project, studies) if strict else BadNews(),
        counts=_counts(project, drafts),
    )


def show_checked(project: Project, checked: Checked) -> None:
    """Print what a check found besides problems."""
    for remark in checked.remarks:
        say(f"remark: {remark}")
    for study, counts in checked.counts.items():
        show_counts(study, counts, project.settings.workers)
    for study, changes in checked.changes.items():
        show_changes(study, changes)


def _of_log(project: Project, draft: Draft) -> list[Remark]:
    """What the runs of a study say of it: that its ROPE is of another metric."""
    from bench.project.run_log import RunLog, rope_of_other

    study = draft.study()
    if study.compare is None or study.compare.rope is None:
        return []
    found = rope_of_other(RunLog(project, draft.id), study)
    return [] if found is None else [draft.where.remark(("compare", "rope"), found)]


def _counts(project: Project, drafts: Sequence[Draft]) -> dict[str, RunCounts | None]:
    """What a run of each study that fits makes."""
    fitting = [draft.id for draft in drafts if draft.study().fits]
    return {study: pipeline.counts(project, study) for study in fitting}


def _changes(project: Project, studies: Sequence[str]) -> dict[str, tuple[Change, ...]]:
    """The changes of each study that is frozen, since it was."""
    from bench.project.written_down import frozen

    records = {study: frozen(project, study) for study in studies}
    return {
        study: record.changes for study, record in records.items() if record is not None
    }


def against_words(found: BadNews) -> str:
    """What results say against their studies, in one line; empty without any."""
    said = {
        MARKS[NOT_REPRODUCED].word.lower(): found.not_reproduced,
        NOT_AS_EXPECTED: found.not_as_expected,
        f"{FALSIFIED[Falsified.HAPPENED]} {FALSIFIED_MEANS[Falsified.HAPPENED]}": found.happened,
    }
    return "; ".join(
        f"{what}: {', '.join(names)}" for what, names in said.items() if names
    )
