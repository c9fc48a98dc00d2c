"""What the panel about the fit of a regression says: bias, and residuals whose spread grows."""

from __future__ import annotations

from bench.report.text.rows import NO_PREDICTIONS as NO_PREDICTIONS
from bench.text import formats

HEADER = ("Model", "Predictions", "Correlation", "Mean of predicted − observed")
OBSERVED_NOTE = "Predicted (up) against observed values; darker squares hold more rows."
RESIDUALS_NOTE = "Observed − predicted, against the prediction. Line: median; bands: 50 % and 90 % of the rows."


def observed_label(model: str, dataset: str, rows: int, correlation: float) -> str:
    counted = formats.plural(rows, "prediction")
    return f"{model} on {dataset}: {counted} against the observed values, correlation {formats.correlation(correlation)}"


def residuals_label(
    model: str, dataset: str, medians: tuple[float, float], widths: tuple[float, float]
) -> str:
    """`medians`, `widths`: of the residuals in the lowest and the highest bin of the predictions."""
    (low, high), (narrow, wide) = (
        tuple(map(formats.short, ends)) for ends in (medians, widths)
    )
    return (
        f"Residuals of {model} on {dataset}: median from {low} at small to {high} at large predictions; 90 % of "
        f"residuals span {narrow} at small and {wide} at large predictions"
    )


def spread(growing: list[str]) -> str:
    """Whether the spread of residuals grows; `growing`: the models whose spread is at least half as large again."""
    if not growing:
        return "The residuals of no model spread 50 % more at large predictions than at small ones."
    return f"The spread of residuals grows with the prediction for {formats.listed(growing)}."
