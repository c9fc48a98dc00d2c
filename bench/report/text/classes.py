"""What the panel about classes says: which class is recognised least."""

from __future__ import annotations

from bench.report.text.rows import NO_PREDICTIONS as NO_PREDICTIONS
from bench.text import formats

TITLE = "Recall by class"


def conclusion(
    worst: tuple[str, float], best: tuple[str, float], tied: int = 0, *, models: int
) -> str:
    """The classes with the lowest and the highest recall, averaged over the `models`.

    `worst` and `best` hold a class and its recall.

    `tied`: so many other classes have the highest recall too, as printed.
    """
    mean = " on average over the models shown" if models > 1 else ""
    low = f"Lowest recall{mean}: {_named(worst[0])} ({formats.share(worst[1], 1)})"
    if worst[0] == best[0]:
        return f"{low}."
    share = formats.share(best[1], 1)
    if tied:
        return f"{low}; highest: {formats.spelled(tied + 1)} classes ({share})."
    return f"{low}; highest: {_named(best[0])} ({share})."


def _named(label: str) -> str:
    return label if label.casefold().startswith("class") else f"class {label}"


def note(level: float, shown: int, classes: int) -> str:
    words = f"Bar: {100 * level:g} % Wilson interval."
    return words + (
        f" The {shown} hardest of {classes} classes." if classes > shown else ""
    )


def confusions(repeats: int, *, draws: bool) -> str:
    """What the confusion tables count; `draws`: whether each repeat has rows of its own.

    >>> confusions(1, draws=False), confusions(3, draws=False)[-22:]
    ('Confusion tables (rows: true class, columns: predicted class).', ', mean over 3 repeats.')
    """
    mean = (
        f", mean over {formats.plural(repeats, 'draw' if draws else 'repeat')}"
        if repeats > 1
        else ""
    )
    return f"Confusion tables (rows: true class, columns: predicted class){mean}."


def label(dataset: str, said: str) -> str:
    return f"Recall by class on {dataset}: {said}"
