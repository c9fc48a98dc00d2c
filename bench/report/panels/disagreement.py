"""Where models disagree: the share of rows with different labels; of numbers, how alike their residuals are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from bench.core.by_row import PairByRow
from bench.report.blocks import Block, Figure, Piece, Table
from bench.report.bundle import Bundle
from bench.report.charts.plot_matrix import plot_matrix
from bench.report.panel import Panel, drawn_by_row
from bench.report.styles import Style, Styles
from bench.report.values import Value, percent


def disagree(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """A square of models: the share of rows with different labels, or the correlation of residuals."""
    pairs = bundle.rows("family_pairs", PairByRow, dataset=dataset)
    found = [
        (styles.family(pair.family), styles.family(pair.against), pair.value)
        for pair in pairs
        if pair.value is not None
    ]
    shown = drawn_by_row(bundle, styles, dataset)
    name = f"disagree-{dataset}"
    if found and bundle.study.task == "regression":
        show = partial(Value, digits=3)
        marks = "Square: correlation of the residuals of two models."
        yield pair_figure(name, shown, found, show, ("Most alike", "least"), marks)
    elif found:
        show = partial(percent, digits=1)
        marks = "Square: share of test rows that two models label differently."
        words = ("Most disagreement", "least")
        yield pair_figure(name, shown, found, show, words, marks)


def pair_figure(
    name: str,
    shown: list[Style],
    found: list[tuple[Style, Style, float]],
    show: Callable[[float], Value],
    words: tuple[str, str],
    marks: str,
) -> Figure:
    """A square of models with a number a pair.

    Parameters
    ----------
    words
        What the pairs with the largest and with the least number are called.
    """
    known = {(a.name, b.name): value for a, b, value in found}
    known |= {(b, a): value for (a, b), value in known.items()}
    cells = [[known.get((a.name, b.name)) for b in shown] for a in shown]
    written = [[None if one is None else show(one) for one in row] for row in cells]
    names, short = [one.title for one in shown], [one.short for one in shown]
    chart = plot_matrix("Pairs of models", names, short, cells, numbers=written)
    result: list[Piece] = []
    for word, pick in zip(words, (max, min), strict=True):
        a, b, value = pick(found, key=lambda pair: pair[2])
        result += ["; " if result else "", f"{word}: ", a.named, " and ", b.named, " (", show(value), ")"]  # fmt: skip
    rows = tuple((a.named, b.named, show(value)) for a, b, value in found)
    table = Table(("Model", "Against", "Number"), rows)
    return Figure(name, (*result, "."), marks, (chart,), table)


PANEL = Panel("disagreement", "Disagreement of models", disagree, order=70, folded=True)
