"""Content: what all formats are made from: the bundle, and what each section shows of it, filled once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from bench.report.blocks import (
    Block,
    Figure,
    Table,
    find_figures,
    find_tables,
    number_figures,
)
from bench.report.bundle import Bundle
from bench.report.checklist import Answer, answers, items
from bench.report.exports.names import distinct, slug
from bench.report.sections import in_order
from bench.report.sections.datasets import tabulate_sizes


@dataclass(frozen=True, eq=False)
class Content:
    """A bundle and everything that formats take from the sections of its page."""

    bundle: Bundle

    @cached_property
    def sections(self) -> dict[str, tuple[Block, ...]]:
        """What each section of the page shows, by its id, in the order of the page."""
        numbers = count(1)
        found = {section.id: section.view(self.bundle) for section in in_order()}
        return {id: number_figures(view, numbers) for id, view in found.items()}

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of all sections."""
        return tuple(block for view in self.sections.values() for block in view)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables of those sections that are exported by themselves, by file name."""
        sizes = tabulate_sizes(self.bundle)
        found = [*([sizes] if sizes else []), *find_tables(self.blocks)]
        names = distinct(slug(table.id) for table in found)
        return dict(zip(names, found, strict=True))

    @cached_property
    def charts(self) -> dict[str, Figure]:
        """The figures of those sections, by file name."""
        found = list(find_figures(self.blocks))
        names = distinct(slug(figure.id) for figure in found)
        return dict(zip(names, found, strict=True))

    @cached_property
    def checklist(self) -> tuple[Answer, ...]:
        """What the study answers to every item of the checklists."""
        return answers(self.bundle, tuple(items().values()))


@dataclass(frozen=True)
class ExportFormat:
    """A format's name, and the function from content to texts by file name."""

    name: str
    files: Callable[[Content], dict[str, str]]
