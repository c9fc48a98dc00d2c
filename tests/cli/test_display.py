"""The terminal: the grid at 80 columns, plain lines without control codes, names that cannot drive a terminal."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from bench.lines import clean
from bench.progress import Grid, Lines
from bench.run.workers import Outcome


def cell(dataset: str, family: str, fold: int = 0) -> Any:
    plan = SimpleNamespace(dataset=dataset, family=family)
    names = {"dataset": dataset, "family": family, "variant": "plain", "repeat": 0, "fold": fold}
    return SimpleNamespace(plan=plan, names=names)


def failed(one: Any) -> Outcome:
    return Outcome(one, None, ("failed", "fit", "ValueError: no"), 1.0)


def ok(one: Any) -> Outcome:
    return Outcome(one, b"", None, 1.0)


CELLS = [cell(d, f, k) for d in ("wine", "sonar") for f in ("lda", "forest") for k in range(3)]


def test_plain_lines_say_what_finished_and_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines("toy")
    lines.started(CELLS, stored=1, seconds={})
    lines.finished(CELLS[0], None)
    for one in CELLS[1:]:
        lines.finished(one, failed(one) if one is CELLS[-1] else ok(one))
    text = capsys.readouterr().err
    assert "\x1b" not in text
    assert "toy: 12 cells, 1 of them from the store" in text
    assert "toy: wine/lda 3 cells\n" in text
    assert "toy: sonar/forest repeat 0 fold 2: ValueError: no" in text
    assert "toy: sonar/forest 3 cells, 1 failed" in text


@pytest.mark.parametrize("width", [80, 40, 200])
def test_the_grid_fits_the_terminal(width: int) -> None:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, highlight=False, emoji=False, markup=False)
    many = [cell(f"dataset-{d}", f"family-{f}") for d in range(30) for f in range(12)]
    grid = Grid("a-study", console)
    grid.started(many, stored=0, seconds={})
    for one in many:
        grid.finished(one, failed(one) if one is many[7] else ok(one))
    plain = Console(file=io.StringIO(), width=width)
    with plain.capture() as captured:
        plain.print(grid._picture())
    shown = captured.get()
    assert max(len(line) for line in shown.splitlines()) <= width
    assert "360/360 cells" in shown
    assert grid.live is not None
    assert not grid.live.is_started


def test_a_name_cannot_drive_the_terminal() -> None:
    assert clean("a\x1b[2Jb\rc\x07") == "a\ufffd[2Jb\ufffdc\ufffd"
    assert clean("Größe 7 µm") == "Größe 7 µm"
    assert clean("20\u2009%, 95\u00a0% and 5\u202f%") == "20\u2009%, 95\u00a0% and 5\u202f%"
    assert clean("a\u202eb\u2066c\u200b\u2028") == "a\ufffdb\ufffdc\ufffd\ufffd"
