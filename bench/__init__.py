"""Machine-learning experiments on tabular data, judged with calibrated uncertainty.

A folder with params.yaml and studies is a `Project`; `benchmark` compares models on a table in memory, `compare` two
tables of fold scores, and `judge` holds one published number against scores. Every error is a `BenchError`.

Names are imported when they are first used, so that `import bench` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.core.errors import (
        BenchError,
        CellsFailedError,
        DataError,
        IncompatibleDataError,
        NotReproducedError,
        UsageError,
    )
    from bench.core.judgements import Cause, Verdict
    from bench.core.outcomes import Statement, codes, decoded
    from bench.core.problems import Problem, StudyError
    from bench.project.begin import begin as init
    from bench.project.fold_scores import Comparison, JudgedNumber, compare, judge
    from bench.project.in_memory import benchmark
    from bench.project.project import Project
    from bench.project.result import Result
    from bench.project.settings import Settings
    from bench.study import Study, read_study
    from bench.text.sentences import sentence

#: The module of each public name.
_MODULES = {
    "BenchError": "core.errors",
    "Cause": "core.judgements",
    "CellsFailedError": "core.errors",
    "Comparison": "project.fold_scores",
    "DataError": "core.errors",
    "IncompatibleDataError": "core.errors",
    "JudgedNumber": "project.fold_scores",
    "NotReproducedError": "core.errors",
    "Problem": "core.problems",
    "Project": "project.project",
    "Result": "project.result",
    "Settings": "project.settings",
    "Statement": "core.outcomes",
    "Study": "study",
    "StudyError": "core.problems",
    "UsageError": "core.errors",
    "Verdict": "core.judgements",
    "benchmark": "project.in_memory",
    "codes": "core.outcomes",
    "compare": "project.fold_scores",
    "decoded": "core.outcomes",
    "init": "project.begin",
    "judge": "project.fold_scores",
    "read_study": "study",
    "sentence": "text.sentences",
}
_OTHER_NAMES = {"init": "begin"}

__all__ = [
    "BenchError",
    "Cause",
    "CellsFailedError",
    "Comparison",
    "DataError",
    "IncompatibleDataError",
    "JudgedNumber",
    "NotReproducedError",
    "Problem",
    "Project",
    "Result",
    "Settings",
    "Statement",
    "Study",
    "StudyError",
    "UsageError",
    "Verdict",
    "benchmark",
    "codes",
    "compare",
    "decoded",
    "init",
    "judge",
    "read_study",
    "sentence",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'bench' has no attribute {name!r}")
    value = getattr(import_module(f"bench.{_MODULES[name]}"), _OTHER_NAMES.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
