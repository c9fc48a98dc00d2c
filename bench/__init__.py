"""Machine-learning experiments on tabular data, judged with calibrated uncertainty.

A folder with params.yaml and studies is a `Project`; `benchmark` compares models on a table in memory, `compare` two
tables of fold scores, and `judge` holds one published number against scores. Their errors are `BenchError`s; a
statistic raises `ValueError` for numbers that it cannot take.

Names are imported when they are first used, so that `import bench` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.claims import KINDS as CLAIM_KINDS
    from bench.claims.claim import ClaimKind
    from bench.core.errors import BenchError, DataError, UsageError
    from bench.core.findings import Finding, Outcome, Severity
    from bench.core.judgements import Agreement, Cause, Evidence, Status
    from bench.core.metrics import METRICS
    from bench.core.metrics.metric import Metric, Predicted
    from bench.core.outcomes import Statement, codes, decoded
    from bench.core.registry import Registry
    from bench.data.source import Source
    from bench.data.sources import SOURCES
    from bench.data.steps import STEPS
    from bench.diagnose import DIAGNOSTICS
    from bench.diagnose.diagnostic import Diagnostic
    from bench.diagnose.evidence import DiagnosticEvidence
    from bench.families import FAMILIES
    from bench.families.family import Family, Setup
    from bench.families.preprocess import PREPROCESS
    from bench.project.begin import begin as init
    from bench.project.fold_scores import Comparison, JudgedNumber, compare, judge
    from bench.project.in_memory import benchmark
    from bench.project.judge_published import Judged
    from bench.project.project import Project
    from bench.project.result import Result
    from bench.project.settings import Settings
    from bench.stats.adjust import holm
    from bench.stats.bayes import Posterior, correlated_t
    from bench.stats.bayes_ranks import SignedRankPosterior, bayes_signed_rank
    from bench.stats.equivalence import Equivalence, tost
    from bench.stats.instances import DeLong, McNemar, delong, mcnemar
    from bench.stats.intervals import Interval, corrected_mean
    from bench.stats.paired import PairedTest, corrected_t
    from bench.stats.precision import (
        Resolution,
        repeats_needed,
        resolution,
    )
    from bench.stats.ranks import Friedman, critical_difference, friedman, nemenyi
    from bench.stats.shares import wilson
    from bench.stats.signed_ranks import SignedRank, signed_rank
    from bench.study import Draft, Study, read_study
    from bench.study.claims import Claim
    from bench.study.noted import Problem, StudyError
    from bench.text.sentences import sentence

#: The public names, by what they are for and by module.
_SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "Projects and studies": {
        "project.project": ("Project",),
        "project.result": ("Result",),
        "project.in_memory": ("benchmark",),
        "project.begin": ("init",),
        "study": ("Study", "Draft", "read_study"),
        "project.settings": ("Settings",),
    },
    "Your own scores": {
        "project.fold_scores": ("compare", "judge", "Comparison", "JudgedNumber"),
        "project.judge_published": ("Judged",),
    },
    "What results say": {
        "core.judgements": ("Agreement", "Cause", "Evidence", "Status"),
        "core.findings": ("Outcome", "Severity", "Finding"),
        "core.outcomes": ("Statement", "codes", "decoded"),
        "text.sentences": ("sentence",),
    },
    "Errors": {
        "core.errors": ("BenchError", "UsageError", "DataError"),
        "study.noted": ("StudyError", "Problem"),
    },
    "Statistics": {
        "stats.paired": ("corrected_t", "PairedTest"),
        "stats.intervals": ("corrected_mean", "Interval"),
        "stats.bayes": ("correlated_t", "Posterior"),
        "stats.equivalence": ("tost", "Equivalence"),
        "stats.precision": (
            "repeats_needed",
            "resolution",
            "Resolution",
        ),
        "stats.adjust": ("holm",),
        "stats.ranks": ("friedman", "Friedman", "nemenyi", "critical_difference"),
        "stats.signed_ranks": ("signed_rank", "SignedRank"),
        "stats.bayes_ranks": ("bayes_signed_rank", "SignedRankPosterior"),
        "stats.instances": ("mcnemar", "McNemar", "delong", "DeLong"),
        "stats.shares": ("wilson",),
    },
    "Registries": {
        "families": ("FAMILIES",),
        "core.metrics": ("METRICS",),
        "diagnose": ("DIAGNOSTICS",),
        "claims": ("CLAIM_KINDS",),
        "data.sources": ("SOURCES",),
        "data.steps": ("STEPS",),
        "families.preprocess": ("PREPROCESS",),
    },
    "Extensions": {
        "core.registry": ("Registry",),
        "families.family": ("Family", "Setup"),
        "core.metrics.metric": ("Metric", "Predicted"),
        "diagnose.diagnostic": ("Diagnostic",),
        "diagnose.evidence": ("DiagnosticEvidence",),
        "claims.claim": ("ClaimKind",),
        "study.claims": ("Claim",),
        "data.source": ("Source",),
    },
}
_MODULES = {
    name: module
    for part in _SECTIONS.values()
    for module, names in part.items()
    for name in names
}
#: What a module calls a public name, where that is another word.
_OTHER_NAMES = {"CLAIM_KINDS": "KINDS", "init": "begin"}

__all__ = [
    "CLAIM_KINDS", "DIAGNOSTICS", "FAMILIES", "METRICS", "PREPROCESS", "SOURCES", "STEPS", "Agreement",
    "BenchError", "Cause", "Claim", "ClaimKind", "Comparison", "DataError", "DeLong", "Diagnostic",
    "DiagnosticEvidence", "Draft", "Equivalence", "Evidence", "Family", "Finding", "Friedman", "Interval",
    "Judged", "JudgedNumber", "McNemar", "Metric", "Outcome", "PairedTest", "Posterior", "Predicted", "Problem", "Project",
    "Registry", "Resolution", "Result", "Settings", "Setup", "Severity", "SignedRank", "SignedRankPosterior",
    "Source", "Statement", "Status", "Study", "StudyError", "UsageError", "bayes_signed_rank", "benchmark", "codes",
    "compare", "corrected_mean", "corrected_t", "correlated_t", "critical_difference", "decoded", "delong",
    "friedman", "holm", "init", "judge", "mcnemar", "nemenyi", "read_study", "repeats_needed",
    "resolution", "sentence", "signed_rank", "tost", "wilson",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'bench' has no attribute {name!r}")
    value = getattr(
        import_module(f"bench.{_MODULES[name]}"), _OTHER_NAMES.get(name, name)
    )
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
