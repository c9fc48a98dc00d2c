"""REFORMS, the 32 items of Kapoor et al. (2024), in our own words under their published numbers.

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
        ("Which population or distribution is the claim about?", None),
        ("Why this population or distribution?", None),
        ("Why machine learning, for this question?", None),
    ),
    "2 Computational reproducibility": (
        ("Which data were used for training and evaluation, and where can exactly these be had?", shows.data),
        ("Which code made the results, in which version, and where is it?", shows.code),
        ("On which machines and software did it run?", shows.machine),
        ("Where does it say how to make the results from data and code?", shows.instructions),
        ("Is there a script that makes every result?", shows.script),
    ),
    "3 Data quality": (
        ("Where do the data come from, when were they collected, and who labelled them how?", shows.sources),
        ("From which set or frame were the rows sampled?", None),
        ("Why are these data of use for the task?", None),
        ("What is the outcome, and how is it distributed?", shows.outcome),
        ("How many rows are there, and how often does each outcome occur?", shows.size),
        ("How much is missing, in each class of the outcome?", shows.missing),
        ("Why do these rows stand for the population of the claim?", None),
    ),
    "4 Data preprocessing": (
        ("Were rows left out, and why?", shows.left_out),
        ("How were impossible or corrupt values dealt with?", shows.corrupt),
        ("What was done to the data between the raw table and the fit?", shows.transformations),
    ),
    "5 Modeling": (
        ("Which models were trained, in full?", shows.models),
        ("Why these types of model?", None),
        ("How were models evaluated (splits, folds)?", shows.evaluation),
        ("How were the models chosen that are reported?", shows.selection),
        ("How were hyperparameters tuned?", shows.tuning),
        ("Are the baselines fit for a fair comparison?", shows.baselines),
    ),
    "6 Data leakage": (
        ("Do preprocessing and modelling use training rows alone?", diagnosed("L.test_set", "L.preprocessing")),
        ("How were dependent or duplicate rows across the split dealt with?", diagnosed("L.non_independence", "L4")),
        ("Why is each feature legitimate, and no leak?", diagnosed("L.illegitimate_features")),
    ),
    "7 Metrics and uncertainty": (
        ("Which metrics assess and compare the models, and why do they suit the task?", shows.metrics),
        ("How uncertain are the numbers, and how was that computed?", shows.uncertainty),
        ("Which statistical tests were used, and do their assumptions hold?", shows.tests),
    ),
    "8 Generalizability and limitations": (
        ("What speaks for the findings elsewhere?", shows.external),
        ("Where are the findings not expected to hold?", shows.limits),
    ),
}

CHECKLIST = Checklist(
    "REFORMS",
    "Kapoor et al. (2024), Science Advances 10(18), eadk3452: 32 items, here in our own words",
    tuple(
        Item(f"{module[0]}{letter}", module, asks, shown)
        for module, questions in _MODULES.items()
        for letter, (asks, shown) in zip("abcdefg", questions, strict=False)
    ),
    order=10,
)
