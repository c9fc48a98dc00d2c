"""Tables printed from the very scores, as authors print them, and the typos that happen on the way.

Each table has its own scores: five models on four datasets, ten runs each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, Decimal

import numpy as np

from bench.claims.printed import HeldNumber, PrintedClaim, judged_table
from bench.core.judgements import Evidence
from bench.scores.series import Series, SeriesByKey
from bench.study import Study
from research.corpus.rules import TOLERANCE, Case, Held, Truth, case

GROUP = "printed from the very scores"
RUNS, DATASETS, MODELS = 10, 4, 5
#: Every tenth number of a table has a typo; the others are rounded or, in every second table, cut.
TYPOS = 10
Row = tuple[str, str]


def _rounded(value: float) -> str:
    return f"{value:.3f}"


def _cut(value: float) -> str:
    return str(Decimal(f"{value:.12f}").quantize(Decimal("0.001"), rounding=ROUND_DOWN))


def _transposed(text: str) -> str:
    """The last two different digits exchanged: .874 as .847."""
    digits = text[-3:]
    if digits[1] != digits[2]:
        return text[:-3] + digits[0] + digits[2] + digits[1]
    return text[:-3] + digits[1] + digits[0] + digits[2]


def _last_digit(text: str) -> str:
    return f"{float(text) + (0.001 if int(text[-1]) < 9 else -0.001):.3f}"


def _typos(means: dict[Row, float], key: Row) -> dict[str, str]:
    """What is printed in the place of a number, by typo; of another row: that of the next model."""
    text, models = (
        _rounded(means[key]),
        [model for dataset, model in means if dataset == key[0]],
    )
    below = models[(models.index(key[1]) + 1) % len(models)]
    return {
        "two digits exchanged": _transposed(text),
        "the row below": _rounded(means[key[0], below]),
        "last digit wrong": _last_digit(text),
        "a tenth too high": f"{min(float(text) + 0.1, 1.0):.3f}",
    }


def cases(tables: int) -> Iterator[Case]:
    """So many tables."""
    for number in range(tables):
        yield from _table(number, np.random.default_rng([11, number]))


def _table(number: int, rng: np.random.Generator) -> Iterator[Case]:
    names = [(f"d{i}", f"m{j}") for i in range(DATASETS) for j in range(MODELS)]
    centres = rng.uniform(0.7, 0.95, DATASETS).repeat(MODELS) + rng.normal(
        0, 0.02, len(names)
    )
    scores = {
        key: rng.normal(c, 0.008, RUNS).clip(0, 1)
        for key, c in zip(names, centres, strict=True)
    }
    means = {key: float(values.mean()) for key, values in scores.items()}
    way: tuple[str, Callable[[float], str]] = (
        ("cut", _cut) if number % 2 else ("rounded", _rounded)
    )
    ways, printed = (
        dict.fromkeys(names, way[0]),
        {key: way[1](mean) for key, mean in means.items()},
    )
    for i in rng.choice(len(names), len(names) // TYPOS, replace=False):
        typos = _typos(means, names[i])
        ways[names[i]] = typo = list(typos)[rng.integers(len(typos))]
        printed[names[i]] = typos[typo]
    for one in _held(printed, scores):
        key = (one.of.dataset, one.of.family)
        away = abs(float(printed[key]) - means[key])
        truth: Truth = (
            "sound"
            if ways[key] == way[0]
            else "off"
            if away > TOLERANCE
            else "trifling"
        )
        yield case(
            GROUP,
            ways[key],
            truth,
            Held(one.printed, scores[key][:, None]),
            one.agreement,
            Evidence.STRONG,
            None,
        )


def _held(
    printed: dict[Row, str], scores: dict[Row, np.ndarray]
) -> tuple[HeldNumber, ...]:
    """The table as bench judges it."""
    rows = [
        {"dataset": d, "family": m, "value": value} for (d, m), value in printed.items()
    ]
    claim = PrintedClaim.model_validate(
        {
            "id": "table",
            "kind": "printed",
            "numbers": rows,
            "where": "a table",
            "read": "source",
        }
    )
    columns = {
        "dataset": "dataset",
        "family": "model",
        "repeat": "run",
        "repeats_are": "seeds",
        "value": "value",
    }
    study = Study.model_validate(
        {
            "title": "Printed", "task": None, "clean": None, "preprocess": None, "protocol": None, "families": None,
            "datasets": {"all": {"source": {"kind": "csv"}, "metric": "accuracy", "scores": columns}},
            "metrics": {"primary": "accuracy"}, "compare": None, "diagnostics": None, "claims": [claim],
        }
    )  # fmt: skip
    zeros = np.zeros(RUNS, dtype=int)
    series: SeriesByKey = {
        (d, m, "accuracy"): Series(np.arange(RUNS), zeros, values)
        for (d, m), values in scores.items()
    }
    return judged_table(claim, study, series).numbers
