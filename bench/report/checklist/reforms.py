"""REFORMS, the 32 items of Kapoor et al. (2024), as topics in our own words under their published numbers.

Items 1a to 3d were read in the paper's Table 1; the rest, and its numbering, is from memory, checked against a summary
of the eight modules and their count of 32.
"""

from __future__ import annotations

from collections.abc import Callable

import bench.report.checklist._evidence as shows
from bench.report.bundle import Bundle
from bench.report.checklist._findings import diagnosed
from bench.report.checklist.item import Checklist, Item, ItemEvidence

_Shown = Callable[[Bundle], ItemEvidence | None]
_MODULES: dict[str, tuple[tuple[str, _Shown | None], ...]] = {
    "1 Study goals": (
        ("Population of the claim", None),
        ("Reason for this population", None),
        ("Reason for machine learning", None),
    ),
    "2 Computational reproducibility": (
        ("Data, with a link that identifies them", shows.data),
        ("Code, with a link to its version", shows.code),
        ("Computing infrastructure", shows.machine),
        ("Instructions for making the results", shows.instructions),
        ("Script that makes all results", shows.script),
    ),
    "3 Data quality": (
        ("Source, time and annotation of the data", shows.sources),
        ("Sampling frame", None),
        ("Reason why these data suit the task", None),
        ("Outcome variable and its distribution", shows.outcome),
        ("Sample size and outcome frequencies", shows.size),
        ("Missing data, by class", shows.missing),
        ("Representativeness of the data", None),
    ),
    "4 Data preprocessing": (
        ("Excluded rows, with reasons", shows.left_out),
        ("Handling of impossible or corrupt values", shows.corrupt),
        ("Transformations of the raw data", shows.transformations),
    ),
    "5 Modeling": (
        ("Models trained", shows.models),
        ("Reason for these types of model", None),
        ("Evaluation: splits or folds", shows.evaluation),
        ("Selection of the reported models", shows.selection),
        ("Hyperparameter tuning", shows.tuning),
        ("Appropriate baselines", shows.baselines),
    ),
    "6 Data leakage": (
        (
            "Preprocessing and modelling on training rows only",
            diagnosed("L.test_set", "L.preprocessing"),
        ),
        (
            "Dependent or duplicate rows across the split",
            diagnosed("L.non_independence", "L4"),
        ),
        ("Legitimate features", diagnosed("L.illegitimate_features")),
    ),
    "7 Metrics and uncertainty": (
        ("Metrics, with reasons", shows.metrics),
        ("Uncertainty of the numbers", shows.uncertainty),
        ("Statistical tests and their assumptions", shows.tests),
    ),
    "8 Generalizability and limitations": (
        ("External validity", shows.external),
        ("Where the findings may not hold", shows.limits),
    ),
}

CHECKLIST = Checklist(
    "REFORMS",
    "Kapoor et al. (2024), Science Advances 10(18), eadk3452: 32 items, in our words",
    tuple(
        Item(f"{module[0]}{letter}", module, asks, shown)
        for module, questions in _MODULES.items()
        for letter, (asks, shown) in zip("abcdefg", questions, strict=False)
    ),
    order=10,
)
