"""What the section about sources of variance says: which source of noise to repeat."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

TITLE = "Sources of variance"
NONE = "The sources of noise were not separated: this needs fits with other seeds on the same split."
HEADER = ("Model", "Source", "Share of variance", "SD", "Interval of the SD", "Draws")


def largest(source: str, share: float) -> str:
    return f"{source} {formats.probability(share)}"


def label(metric: str, place: str, conclusion: str) -> str:
    return f"Sources of variance of {metric} on {place}: {conclusion}"


def note(metric: str, sources: Sequence[str]) -> str:
    """
    >>> note("accuracy", ["split", "tuning seed"])
    'Shares of the variance of accuracy, in percent. The tuning seed draws the inner folds.'
    """
    inner = (
        " The tuning seed draws the inner folds." if "tuning seed" in sources else ""
    )
    return f"Shares of the variance of {metric}, in percent.{inner}"


def title(place: str) -> str:
    return f"Sources of variance on {place}"


def repeat(
    models: Sequence[str],
    source: str,
    others: Sequence[str],
    *,
    measured: int,
    compared: int,
) -> str:
    """Which source to repeat, of these among so many models measured and compared; `source` is empty where none holds
    half of the variance."""
    whom = formats.listed(list(models))
    if len(models) == measured > 1:
        both = "both" if measured == 2 else f"all {formats.spelled(measured)}"
        whom = "every model" if measured == compared else f"{both} models measured"
    if not others:
        return f"For {whom}, no other source than the {source or 'one above'} was measured."
    if not source:
        return f"For {whom}, no source holds half of the variance: repeat all of them."
    return (
        f"For {whom}, most of the variance comes from the {source}: repeat the {source} rather than the "
        f"{formats.listed(list(others), 'or')}."
    )
