"""The labels of the figures in numbers at the top of the page."""

from __future__ import annotations

from bench.text import formats

CLAIMS = "claims held up"
STRONG = "on strong evidence"
ROWS = "rows"
DRAWS = "simulated draws"
FITS = "fits complete"
NOTHING_SCORED = "Nothing was scored."
ONE_SCORE = "external score of each model"


def alone(model: str) -> str:
    """Who leads where there is nobody else."""
    return f"{model} alone."


def numbers(count: int) -> str:
    return "published number" if count == 1 else "published numbers"


def datasets(count: int) -> str:
    return "dataset" if count == 1 else "datasets"


def models(count: int) -> str:
    return "model" if count == 1 else "models"


def forms(count: int) -> str:
    return f"in {count} forms"


def of(count: int) -> str:
    return f"of {formats.count(count)}"


def attempted(count: int) -> str:
    return f"of {formats.count(count)} attempted"


def row_range(low: int, high: int) -> str:
    size = formats.count(low) if low == high else f"{formats.count(low)} to {formats.count(high)}"
    return f"of {size} rows"


def external_folds(what: str) -> str:
    return f"{what} × folds, external"


def external_sets(what: str) -> str:
    return f"{what}, external"
