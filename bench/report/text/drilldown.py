"""What the section with the diagnostics of each dataset says of itself."""

from __future__ import annotations

from bench.text import formats

TITLE = "Diagnostics"
EMPTY = "No prediction of a single row is stored here, so no dataset can be examined row by row."


def lacking(dataset: str) -> str:
    return f"No predictions of single rows are stored for {dataset}."


def drawn(models: int, most: int) -> str:
    """How many models are shown, where that is not all; else empty."""
    if models <= most:
        return ""
    return f"Each panel shows at most {formats.spelled(most)} models."
