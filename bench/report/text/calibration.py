"""What the panel about calibration says: whose probabilities differ from the observed frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.stats.calibration import BINS as WIDTHS
from bench.text import formats

TITLE = "Calibration"
NO_PROBABILITIES = (
    "No model gives probabilities here, so calibration cannot be checked."
)
ERRORS = "Calibration errors"
ALL_WITHIN = "Every calibration error is within its limit."


@dataclass(frozen=True)
class Error:
    """A model's calibration error, what a calibrated model is expected to show, and its upper limit (None: unknown).

    `excess`: mean confidence minus accuracy, above 0 where the model is overconfident; `outside` of `bins` bins lie off
    the band.
    """

    model: str
    error: float
    expected: float
    limit: float | None
    excess: float
    outside: int
    bins: int


def hard_votes(models: Sequence[str]) -> str:
    """`1-NN gives hard votes, not probabilities.`; nothing of no model."""
    gives = "gives" if len(models) == 1 else "give"
    return (
        f"{formats.listed(list(models))} {gives} hard votes, not probabilities."
        if models
        else ""
    )


def too_few(rows: int) -> str:
    return f"Fewer than {rows} rows have probabilities: too few for a curve."


def note(bins: int) -> str:
    return (
        f"Share of right labels against mean confidence, in up to {bins} bins of about equal size; equal "
        f"probabilities stay in one bin. Grey: 95 % range if "
        f"calibrated. Calibration error: {WIDTHS} bins of equal width."
    )


def limit(value: float | None) -> str:
    return (
        "unknown (too few random outcomes)" if value is None else formats.score(value)
    )


def facet_note(error: Error) -> str:
    return f"error {formats.score(error.error)} · limit {limit(error.limit)}"


def label(error: Error, dataset: str) -> str:
    """`error 0.061, 0.038 expected if calibrated, overconfident by 0.04 on average, two of ten bins outside`."""
    outside = formats.spelled(error.outside) if error.outside else "none"
    return (
        f"Calibration of {error.model} on {dataset}: error {formats.score(error.error)}, "
        f"{formats.score(error.expected)} expected if calibrated, limit {limit(error.limit)}, {_direction(error)}, "
        f"{outside} of {formats.spelled(error.bins)} bins outside the band"
    )


def _direction(error: Error) -> str:
    side = "over" if error.excess > 0 else "under"
    return f"{side}confident by {formats.score(abs(error.excess))} on average"


def conclusion(off: Sequence[Error], elsewhere: Sequence[str]) -> str:
    """Whose probabilities are `off`: beyond the limit; elsewhere: models that are, and are not shown."""
    words = [f"{error.model} ({_direction(error)})" for error in off] + [
        f"{model} (not shown)" for model in elsewhere
    ]
    return f"Not calibrated: {formats.listed(words)}." if words else ALL_WITHIN
