"""docs/speed.md, and the same tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from research.speed.rows import Table, tables

_ABOUT = """\
# How fast

`make speed` measures bench against what a user writes today, `cross_validate` around `GridSearchCV` around a pipeline
of scaler and classifier, with the same answers: same folds, same candidates, same seeds. A ratio is grid search's time
divided by bench's: 6 means that bench needs a sixth. Read ratios, not seconds. They fall with the number of rows,
because what bench saves is mostly work around the fits, and fits that need not be done again.
"""
_HOW = """\
## How it was measured

- Data: wine (178 × 13), breast cancer (569 × 30) and the first 900 rows of digits (64 features), from scikit-learn.
  Eight families in a pipeline after a standard scaler: logistic regression (10 candidates), RBF support vector
  machine (16), neural network (8), linear discriminant analysis (9), nearest neighbours (16), random forest (16),
  XGBoost (12), decision tree (10). Outer stratified folds 5, 5 and 2; 5 inner ones. `research/speed/contest.py` holds
  all of it, under a hash that a test guards.
- Grid search: `cross_validate(GridSearchCV(...), n_jobs=2)` with accuracy, log-loss, train scores and the fitted
  estimators, from which the out-of-fold predictions are taken: no second pass of fits.
- bench: its own path with two workers, from an empty store to the frames of a run.
- One thread a process (OMP_NUM_THREADS=1, XGBoost n_jobs=1), two processes. Each whole run is a fresh process; start-up
  and imports count, on both sides. CPU is that of every process: on Linux a small parent adopts and counts whatever is
  started below it. The order is A F, F A, A F, F A, A F (A grid search, F bench); a ratio is of one pair, and the
  median of pairs is given with the smallest and the largest.
- Gate: inner accuracies equal to the last bit, the same candidate chosen, the same test labels, test probabilities or
  decision values within 1e-9, train accuracy equal; inner log-losses within 1e-6. A difference voids the timing.
"""


def document(figures: dict[str, Any]) -> str:
    """The whole of docs/speed.md."""
    return "\n".join(
        [_ABOUT, *map(_markdown, tables(figures)), _HOW, _where(figures["machine"])]
    )


def show(figures: dict[str, Any]) -> None:
    """All tables on the terminal, 80 columns."""
    from rich.console import Console
    from rich.table import Table as Grid

    console = Console(width=80, highlight=False)
    for table in tables(figures):
        console.print(f"\n[bold]{table.title}[/bold]")
        grid = Grid(box=None, pad_edge=False)
        for number, name in enumerate(table.head):
            grid.add_column(name, justify="right" if number else "left")
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid)
        if table.remark:
            console.print(table.remark, style="dim")


def _markdown(table: Table) -> str:
    rule = ["---", *["---:"] * (len(table.head) - 1)]
    lines = [f"## {table.title}", "", *map(_row, (table.head, rule, *table.rows)), ""]
    return "\n".join([*lines, *([table.remark, ""] if table.remark else [])])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _where(machine: dict[str, str]) -> str:
    return "\n".join(
        ["## Where", "", *(f"- {name}: {value}" for name, value in machine.items()), ""]
    )
