"""What the card of one result says: its scores, what tuning chose, and what failed."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

NO_REASON = "no reason given"
_STATUS = {
    "warning": "a warning",
    "oom": "out of memory",
    "timeout": "timed out",
    "crash": "crashed",
}


def where(scores: Sequence[str], *, train: bool, chosen: bool, apart: bool) -> str:
    """What the cards hold: of what there are single `scores`, training scores and `chosen` candidates, if any.

    >>> where(["fold"], train=True, chosen=False, apart=False)
    'Select a number to see its folds and training score.'
    >>> where(["seed"], train=False, chosen=True, apart=True)
    'The page of each dataset shows the seeds and chosen candidates behind each number.'
    """
    held = (
        [f"{one}s" for one in scores]
        + ["training score"] * train
        + ["chosen candidates"] * chosen
    )
    if not held:
        return ""
    if apart:
        return f"The page of each dataset shows the {formats.listed(held)} behind each number."
    return f"Select a number to see its {formats.listed(held)}."


def too_many(pairs: int) -> str:
    return f"With more than {pairs} pairs of model and dataset this page has no details of single numbers."


def gap(size: str, *, better: bool) -> str:
    """`2.6 pp better`: on the training rows, whichever way the metric points."""
    return (
        f"{size} {'better' if better else 'worse'}"
        if size.strip("0. p")
        else "the same"
    )


def strip_label(title: str, scores: int, what: str, low: str, high: str) -> str:
    return f"{title}, {formats.plural(scores, what)} from {low} to {high}"


def scores(
    count: int, what: str, repeats: int, ends: tuple[str, str], *, draws: bool
) -> str:
    """The least and the largest of some scores; draws: whether each repeat is a draw of a simulation.

    >>> scores(30, "fold", 3, ("0.91", "1.000"), draws=False)
    '30 folds (3 repeats of 10): 0.91 to 1.000.'
    """
    each = f" of {count // repeats}" if count % max(repeats, 1) == 0 else ""
    several = (
        f" ({repeats} {'draws' if draws else 'repeats'}{each})"
        if 1 < repeats < count
        else ""
    )
    low, high = ends
    return f"{formats.plural(count, what)}{several}: {f'all {low}' if low == high else f'{low} to {high}'}."


def times(count: int, folds: int, what: str) -> str:
    return f"in {count} of {formats.plural(folds, what)}"


def more_candidates(count: int) -> str:
    return (
        f"{formats.plural(count, 'more setting')} {'was' if count == 1 else 'were'} chosen."
        if count > 0
        else ""
    )


def failure(status: str, folds: int, reason: str) -> str:
    """`Failed in 2 folds: MemoryError`."""
    words = _STATUS.get(status, status.replace("_", " ")).capitalize()
    return f"{words} in {formats.plural(folds, 'fold')}: {reason}"


def more_reasons(count: int) -> str:
    return f"And {formats.plural(count, 'more reason')}."
