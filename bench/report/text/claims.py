"""What the page says around the table of claims."""

from __future__ import annotations

from bench.text import formats

ARITHMETIC = "arithmetic on numbers as they stand"
SAME_SPLITS = "the splits are the paper's own"
ALWAYS_EQUAL = "what was drawn gave the same number every time"
ERROR_UNKNOWN = "no error is known"
EXPECTED = "Expected before the run"
FALSIFIED_IF = "Would change my mind"
OWN_ONLY = "No number of a paper is claimed here: what is judged are numbers that the study itself expects."
NOT_FROZEN = (
    "It stands in the study file; only the history of its files shows whether it was there before the scores: see"
)
CHANGED = "Tolerances or claims were changed after they were frozen: the changes are listed under"
FROZEN = "It was frozen with the claims, and neither was changed since: see"


def own(count: int) -> str:
    """What the numbers of the study's own are, beside those of a paper; empty where there are none."""
    if not count:
        return ""
    one = count == 1
    return (
        f"{formats.spelled(count).capitalize()} {'number is' if one else 'numbers are'} the study's own: "
        f"{'it is' if one else 'they are'} judged, and neither counted above nor held against the paper."
    )
