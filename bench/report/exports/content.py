"""Content: what all formats are made from: the bundle, and what each section shows of it, filled once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bench.report.bundle import Bundle
from bench.report.checklist import Answer, answers, items
from bench.report.exports.figures import DrawnFigure, figures
from bench.report.exports.sheets import Sheet, sheets
from bench.report.sections import in_order


@dataclass(frozen=True, eq=False)
class Content:
    """A bundle and everything that formats take from the sections of its page."""

    bundle: Bundle

    @cached_property
    def sections(self) -> dict[str, Any]:
        """What each section of the page shows, by its id, in the order of the page."""
        return {section.id: section.fill(self.bundle) for section in in_order()}

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The tables for print."""
        return sheets(self.bundle, self.sections)

    @cached_property
    def figures(self) -> dict[str, DrawnFigure]:
        """Every figure by file name."""
        return figures(self.sections)

    @cached_property
    def checklist(self) -> tuple[Answer, ...]:
        """What the study answers to every item of the checklists."""
        return answers(self.bundle, tuple(items().values()))


@dataclass(frozen=True)
class ExportFormat:
    """A format's name, and the function from content to texts by file name."""

    name: str
    files: Callable[[Content], dict[str, str]]
