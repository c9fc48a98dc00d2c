"""What a study may name, as rows for a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.cli.environment import project as here
from bench.study import read_draft, step_parts

_Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def rows_of(what: str) -> _Rows:
    """Column names and rows of one of `LISTS`: studies, families, metrics, sources, steps, claims, and so on."""
    return _LISTS[what]()


def _studies() -> _Rows:
    project = here()
    listed, there = project.studies, project.present()
    rows = []
    for study in dict.fromkeys([*listed, *there]):
        title = _title(project.paths.study(study)) if study in there else "missing: there is no such folder"
        state = "report" if project.paths.report_page(study).exists() else "not run"
        rows.append((study, title, state if study in listed else "not in params.yaml"))
    return ("study", "title", "state"), rows


def _title(folder: Path) -> str:
    from bench.core.errors import BenchError

    try:
        return str(read_draft(folder).sections.get("title", ""))
    except BenchError:
        return f"cannot be read: `bench check {folder.name}` says why"


def _families() -> _Rows:
    from bench.families import FAMILIES

    rows = [
        (one.name, one.title, ", ".join(one.tasks), ", ".join(step_parts(step)[0] for step in one.preprocess))
        for one in FAMILIES.values()
    ]
    return ("family", "title", "tasks", "preprocess"), rows


def _metrics() -> _Rows:
    from bench.core.metrics import METRICS

    rows = [
        (one.name, one.title, one.task, "higher" if one.higher_is_better else "lower", one.needs)
        for one in METRICS.values()
    ]
    return ("metric", "title", "task", "better", "needs"), rows


def _sources() -> _Rows:
    from bench.data.sources import SOURCES

    rows = [(one.name, one.title, ", ".join(one.options.model_fields)) for one in SOURCES.values()]
    return ("source", "title", "options"), rows


def _steps() -> _Rows:
    from bench.data.steps import STEPS
    from bench.families.preprocess import PREPROCESS

    rows = [("clean", one.name, one.title, ", ".join(one.options.model_fields)) for one in STEPS.values()]
    rows += [("preprocess", one.name, one.title, "inside the fold") for one in PREPROCESS.values()]
    return ("where", "step", "title", "options"), rows


def _claims() -> _Rows:
    from bench.claims import KINDS

    return ("kind", "title", "example"), [(one.name, one.title, one.example) for one in KINDS.values()]


def _statistics() -> _Rows:
    from bench.claims.statistic import STATISTICS

    rows = [
        (name, one.title, ", ".join(one.of) or "all families", "yes" if one.level else "")
        for name, one in STATISTICS.items()
    ]
    return ("statistic", "title", "of", "level"), rows


def _explanations() -> _Rows:
    from bench.run.variants.explanation import EXPLANATIONS

    rows = [
        (one.kind, one.name, one.what, "; ".join(f"{key}: {said}" for key, said in one.parameters.items()))
        for one in sorted(EXPLANATIONS.values(), key=lambda way: (way.kind == "valid", way.name))
    ]
    return ("kind", "name", "what was done", "parameters"), rows


def _diagnostics() -> _Rows:
    from bench.diagnose import DIAGNOSTICS

    return ("diagnostic", "title", "code"), [(one.name, one.title, one.code) for one in DIAGNOSTICS.values()]


def _checklist() -> _Rows:
    from bench.report.checklist import in_order

    head = ("item", "checklist", "module", "asks")
    return head, [(item.id, sheet.name, item.module, item.asks) for sheet in in_order() for item in sheet.items]


_LISTS: dict[str, Callable[[], _Rows]] = {
    "studies": _studies,
    "families": _families,
    "metrics": _metrics,
    "sources": _sources,
    "steps": _steps,
    "claims": _claims,
    "statistics": _statistics,
    "diagnostics": _diagnostics,
    "explanations": _explanations,
    "checklist": _checklist,
}
