"""Draws the terminal for the README: `python -m tests.helpers.picture` writes docs/pictures/terminal.svg anew.

What is drawn comes from the code that people meet (the grid in the middle of a run, a table of claims, an error), with
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
from types import SimpleNamespace
from unittest.mock import patch

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from bench.cli import show as display
from bench.cli.live_table import LiveGrid
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
DATASETS, FAMILIES = (
    ("breast_cancer", "wine", "iris", "digits"),
    ("lda", "svm", "forest", "mlp"),
)
SCORES = {
    "breast_cancer": (0.958, 0.976, 0.963, 0.973), "wine": (0.983, 0.981, 0.985, 0.979),
    "iris": (0.971, 0.960, 0.951, 0.907), "digits": (0.953, 0.984, 0.0, 0.0),
}  # fmt: skip


def console(file: io.StringIO | None = None) -> Console:
    return Console(
        record=file is None, file=file or io.StringIO(), width=WIDTH, height=40, force_terminal=True, highlight=False,
        emoji=False, markup=False, color_system="truecolor", legacy_windows=False, _environ={},
    )  # fmt: skip


def grid() -> LiveGrid:
    """In the middle of a run: three tables done, the fourth under way, one family of it beyond its time."""
    cells = [cell(d, f, k) for d in DATASETS for f in FAMILIES for k in range(10)]
    cells += [
        cell("wine", f, k, "train_share=0.5") for f in FAMILIES for k in range(10)
    ]
    clock = Clock()
    made = LiveGrid("four-tables", "2 workers", console(io.StringIO()), clock)
    super(LiveGrid, made).started(cells, 40, {})
    for one in cells:
        pair, k = (one.plan.dataset, one.plan.family), one.names["fold"]
        if one.variant != "plain" or (
            pair[0] == "digits"
            and k >= {"lda": 10, "svm": 10, "forest": 6}.get(pair[1], 2)
        ):
            continue
        late = pair == ("digits", "forest") and k == 3
        outcome = (
            failed(one, "timeout", "took longer than 60 s", 60.0)
            if late
            else ok(one, 3.1)
        )
        clock.now += 1.4
        made.finished(one, None if pair[0] == "breast_cancer" else outcome)
    for pair, value in {
        (d, f): v for d in DATASETS for f, v in zip(FAMILIES, SCORES[d], strict=True)
    }.items():
        made.scores.silent.discard(pair)
        made.scores.sums[pair] = [10 * value, 10.0, 10.0]
    made.scores.study = lambda: SimpleNamespace(
        metrics=SimpleNamespace(primary="accuracy")
    )  # type: ignore[assignment]
    clock.now -= 14
    made.working([cell("digits", "forest", 6)])
    clock.now += 14
    made.working([cell("digits", "forest", 6), cell("digits", "mlp", 2)])
    made.warned(
        cell("iris", "mlp", 9),
        "ConvergenceWarning: 250 iterations, and the optimization hasn't converged",
    )
    return made


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
    terminal.print(grid().picture())
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
