"""What a study may name, as rows for a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.cli.environment import project as here
from bench.core.errors import BenchError
from bench.study import read_draft, step_parts

_Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]


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


def rows_of(what: str) -> _Rows:
    """Column names and rows of one of `LISTS`: studies, families, metrics, sources, steps, claims, and so on."""
    if what == "studies":
        return _studies()
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


def _to_install(family: Any) -> str:
    from bench.project.check import to_install

    return to_install(family)


def _studies() -> _Rows:
    project = here()
    listed, there = project.studies, project.present()
    rows = []
    for study in dict.fromkeys([*listed, *there]):
        title = (
            _title(project.paths.study(study))
            if study in there
            else "missing: there is no such folder"
        )
        state = "report" if project.paths.report_page(study).exists() else "not run"
        rows.append((study, title, state if study in listed else "not in params.yaml"))
    return ("study", "title", "state"), rows


def _title(folder: Path) -> str:
    try:
        return str(read_draft(folder).sections.get("title", ""))
    except BenchError:
        return f"cannot be read: `bench check {folder.name}` says why"


def _checklist() -> _Rows:
    from bench.report.checklist import in_order

    head = ("item", "checklist", "module", "asks")
    return head, [
        (item.id, sheet.name, item.module, item.asks)
        for sheet in in_order()
        for item in sheet.items
    ]
