"""What a study may name: a table of each kind, for `bench list`, `bench explain` and the page of names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.core.errors import LISTS, BenchError
from bench.project.project import Project
from bench.study import read_draft, step_parts

_Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]
#: Heads of the columns that hold the names; else it is the first.
_NAMES = ("step", "name")


@dataclass(frozen=True)
class _Registry:
    """A registry, imported when it is listed: `module:NAME`, the head of its table, and a row of each member."""

    place: str
    head: tuple[str, ...]
    row: Callable[[str, Any], tuple[Any, ...]]

    def members(self) -> Mapping[str, Any]:
        module, _, name = self.place.partition(":")
        members: Mapping[str, Any] = getattr(import_module(module), name)
        return members

    def rows(self) -> list[tuple[Any, ...]]:
        return [self.row(name, one) for name, one in self.members().items()]


_REGISTRIES = {
    "families": _Registry(
        "bench.families:FAMILIES",
        ("family", "title", "tasks", "preprocess", "to install"),
        lambda name, one: (
            *(
                name,
                one.title,
                ", ".join(one.tasks),
                ", ".join(step_parts(s)[0] for s in one.preprocess),
            ),
            _to_install(one),
        ),
    ),
    "metrics": _Registry(
        "bench.core.metrics:METRICS",
        ("metric", "title", "task", "better", "needs"),
        lambda name, one: (
            name,
            one.title,
            one.task,
            "higher" if one.higher_is_better else "lower",
            one.needs,
        ),
    ),
    "sources": _Registry(
        "bench.data.sources:SOURCES",
        ("source", "title", "options"),
        lambda name, one: (name, one.title, ", ".join(one.options.model_fields)),
    ),
    "adapters": _Registry(
        "bench.data.adapters:ADAPTERS",
        ("adapter", "title", "options"),
        lambda name, one: (
            name,
            one.title,
            ", ".join(key for key in one.options.model_fields if key != "kind"),
        ),
    ),
    "clean": _Registry(
        "bench.data.steps:STEPS",
        ("where", "step", "title", "options"),
        lambda name, one: (
            "clean",
            name,
            one.title,
            ", ".join(one.keys),
        ),
    ),
    "preprocess": _Registry(
        "bench.families.preprocess:PREPROCESS",
        ("where", "step", "title", "options"),
        lambda name, one: ("preprocess", name, one.title, "inside the fold"),
    ),
    "claims": _Registry(
        "bench.claims:KINDS",
        ("kind", "title", "example"),
        lambda name, one: (name, one.title, one.example),
    ),
    "statistics": _Registry(
        "bench.claims.statistic:STATISTICS",
        ("statistic", "title", "of", "level"),
        lambda name, one: (
            name,
            one.title,
            ", ".join(one.of) or "all families",
            "yes" if one.level else "",
        ),
    ),
    "diagnostics": _Registry(
        "bench.diagnose:DIAGNOSTICS",
        ("diagnostic", "title", "code"),
        lambda name, one: (name, one.title, one.code),
    ),
    "explanations": _Registry(
        "bench.run.variants.explanation:EXPLANATIONS",
        ("kind", "name", "what was done", "parameters"),
        lambda name, one: (
            *("valid, always made" if one.always else one.kind, name, one.what),
            "; ".join(f"{key}: {said}" for key, said in one.parameters.items()),
        ),
    ),
}


def list_kinds(project: Project | None = None) -> _Rows:
    """What can be listed, and how many names of each there are; without a project no studies."""
    kinds = [what for what in LISTS if what != "studies" or project]
    rows = [(what, len(rows_of(what, project)[1])) for what in kinds]
    return ("list", "names"), rows


def rows_of(what: str, project: Project | None = None) -> _Rows:
    """Column names and rows of one of `LISTS`; studies are those of the project."""
    if what == "studies":
        return _studies(project) if project else (("study", "title", "state"), [])
    if what == "checklist":
        return _checklist()
    if what == "steps":
        clean, preprocess = _REGISTRIES["clean"], _REGISTRIES["preprocess"]
        return clean.head, clean.rows() + preprocess.rows()
    listed = _REGISTRIES[what]
    rows = listed.rows()
    if what == "explanations":
        from bench.run.variants.explanation import EXPLANATIONS

        rows.sort(key=lambda row: (EXPLANATIONS[row[1]].kind == "valid", row[1]))
    return listed.head, rows


def name_column(head: tuple[str, ...]) -> int:
    """The column of a table that holds the names.

    >>> name_column(("where", "step", "title", "options"))
    1
    """
    return next((place for place, word in enumerate(head) if word in _NAMES), 0)


def _to_install(family: Any) -> str:
    from bench.project.check import to_install

    return to_install(family)


def _studies(project: Project) -> _Rows:
    listed, there = project.studies, project.present()
    rows = []
    for study in dict.fromkeys([*listed, *there]):
        title = _title(project.paths.study(study)) if study in there else None
        state = "report" if project.paths.report_page(study).exists() else "not run"
        if title is None:
            state = "not readable" if study in there else "no folder"
        elif study not in listed:
            state = "not in params.yaml"
        rows.append((study, title or "", state))
    return ("study", "title", "state"), rows


def _title(folder: Path) -> str | None:
    try:
        return str(read_draft(folder).sections.get("title", ""))
    except BenchError:
        return None


def _checklist() -> _Rows:
    from bench.report.checklist import in_order

    head = ("item", "checklist", "module", "asks")
    return head, [
        (item.id, sheet.name, item.module, item.asks)
        for sheet in in_order()
        for item in sheet.items
    ]
