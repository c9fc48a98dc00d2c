"""Draws the terminal for the README: `python -m tests.helpers.picture` writes docs/pictures/terminal.svg anew.

What is drawn comes from the code that people meet (the bars in the middle of a run, a table of claims, an error), with
cells and scores of a run that is made up, so that neither clock nor machine shows.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from bench.cli import show as display
from bench.cli.bars import RunBars
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from bench.core.outcomes import encoded
from bench.core.text import broken
from bench.study.noted import Problem
from bench.text.judgements import OutsideTolerance
from bench.text.problems import UnknownKey
from tests.helpers.sparse import sparse
from tests.helpers.toycells import Clock, cell, failed, ok

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "terminal.svg"
WIDTH = 80
THEME = TerminalTheme(
    (30, 30, 34),
    (222, 222, 226),
    [
        (30, 30, 34), (226, 94, 94), (130, 190, 110), (222, 180, 90),
        (110, 160, 230), (190, 130, 200), (95, 180, 200), (200, 200, 204),
    ],
)  # fmt: skip
DATASETS = ("breast_cancer", "wine", "iris", "digits")
FAMILIES = ("lda", "svm", "forest", "mlp")


def console(file: io.StringIO | None = None) -> Console:
    return Console(
        record=file is None, file=file or io.StringIO(), width=WIDTH, height=40, force_terminal=True, highlight=False,
        emoji=False, markup=False, color_system="truecolor", legacy_windows=False, _environ={},
    )  # fmt: skip


def draw_bars(terminal: Console) -> None:
    """In the middle of a run: two models done, the third under way, one cell of it beyond its time."""
    cells = [cell(d, f, k) for f in FAMILIES for d in DATASETS for k in range(10)]
    clock = Clock()
    shown = RunBars("four-tables", terminal, clock)
    shown.bars.start = lambda: None  # type: ignore[method-assign]
    shown.started(cells[4:], cells[:4])
    for one in cells[4:100]:
        late = one.names == cell("digits", "svm", 3).names
        clock.now += 1.4
        reason = "took longer than 60 s"
        shown.finished(one, failed(one, "timeout", reason) if late else ok(one))
    shown.warned(
        cell("iris", "mlp", 9),
        "ConvergenceWarning: 250 iterations, and the optimization hasn't converged",
    )
    terminal.print(shown.bars.get_renderable())


def ending() -> str:
    """The claims at the end of a report."""
    blank = dict.fromkeys(VERDICTS) | {
        "kind": "value",
        "dataset": "wine",
        "metric": "accuracy",
        "unit": "percent",
    }
    blank |= {"status": "attempted", "evidence": "strong"}
    rows = [
        blank | {"claim": "lda", "published": "98.9", "ours": 98.88, "agreement": "reproduced",
                 "low": -0.9, "high": 0.8},
        blank | {"claim": "svm", "published": "98.0", "ours": 98.13, "agreement": "reproduced",
                 "low": -0.8, "high": 1.0},
        blank | {"claim": "one_nn", "published": "99.5", "ours": 95.51, "agreement": "differs",
                 "low": -6.9, "high": -1.1, "cause": "refuted", "reasons": encoded([OutsideTolerance("lower")])},
    ]  # fmt: skip
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        display.show_claims(records(sparse(rows, VERDICTS), VerdictRow))
    return out.getvalue()


def error() -> list[Text]:
    """A mistyped parameter."""
    where = "studies/four-tables/study.yaml"
    known = (
        "criterion",
        "max_depth",
        "max_features",
        "min_samples_leaf",
        "min_samples_split",
        "n_estimators",
    )
    problem = Problem(
        where,
        2,
        12,
        "families.forest.n_estimatrs",
        UnknownKey("n_estimatrs", known, "parameters"),
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "study.yaml"
        file.write_text("families:\n  forest: {n_estimatrs: 500}\n")
        lines = display.excerpt(replace(problem, file=str(file)), WIDTH)
    words, _, listed = str(problem).partition("\n")
    known_words = Text(broken(listed.strip(), WIDTH, "    "), "dim")
    return [
        Text(broken(words, WIDTH)),
        *lines,
        known_words,
        Text("1 mistake; nothing was fitted"),
    ]


def drawn() -> str:
    """The picture as SVG: no font is fetched, and its names do not depend on the run."""
    with patch.dict(os.environ, {"COLUMNS": str(WIDTH), "NO_COLOR": "1"}):
        table = ending()
    terminal = console()
    terminal.print(Text("$ bench run four-tables", "bold"))
    draw_bars(terminal)
    terminal.print(Text("\n$ bench show four-tables", "bold"))
    terminal.print(Text(table.strip("\n")))
    terminal.print(Text("\n$ bench check", "bold"))
    for line in error():
        terminal.print(line)
    svg = terminal.export_svg(title="bench", theme=THEME, unique_id="bench")
    svg = re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.DOTALL)
    return re.sub(
        r"[ \t]+$",
        "",
        svg.replace("Fira Code", "ui-monospace, Menlo, Consolas"),
        flags=re.MULTILINE,
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
