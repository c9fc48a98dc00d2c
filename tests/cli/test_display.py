"""The terminal while cells finish: bars at its width, plain lines without control codes."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from bench.cli.bars import RunBars
from bench.cli.show import table
from bench.core.text import as_json, clean
from bench.project.progress import Lines
from tests.helpers.toycells import Clock, cell, failed, ok, visible

CELLS = [
    cell(d, f, k)
    for d in ("wine", "sonar")
    for f in ("lda", "forest")
    for k in range(3)
]
HOSTILE = "a\x1b[2J\x9b2J\u202eb\x07" + "x" * 200


def test_plain_lines_say_what_is_done_and_what_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    lines = Lines("toy", clock)
    lines.started(CELLS[1:], CELLS[:1])
    for one in CELLS[1:]:
        clock.now += 10.0
        broken = one.names["family"] == "forest"
        lines.finished(one, failed(one) if broken else ok(one, 2.5))
    lines.started([], [cell("wine", "lda", 0, "importance")])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "\x1b" not in captured.err
    told = [line.split(" ", 1)[1] for line in captured.err.splitlines()]
    assert told == [
        "toy: 12 cells, 1 of them from the store",
        "! wine/forest repeat 0 fold 0: ValueError: no",
        "toy: 3/11 cells, 30 s",
        "toy: 6/11 cells, 60 s",
        "! sonar/forest repeat 0 fold 0: ValueError: no",
        "toy: 9/11 cells, 90 s",
        "toy: 1 cell, 1 of them from the store",
    ]
    end = "11 cells fitted in 2 min, 2 from the store, 6 failed"
    assert lines.conclusion() == end
    assert lines.diagnostics == 1


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 12), (200, 60)])
def test_bars_fit_the_terminal_and_count_each_model(width: int, height: int) -> None:
    many = [cell("wine", f"family-{f}", k) for f in range(3) for k in range(4)]
    many += [cell("wine", HOSTILE, k) for k in range(2)]
    screen = io.StringIO()
    console = Console(
        file=screen,
        width=width,
        height=height,
        force_terminal=True,
        highlight=False,
        emoji=False,
        markup=False,
    )
    bars = RunBars("a-study", console)
    bars.started(many, CELLS[:1])
    for one in many[:5]:
        bars.finished(one, ok(one))
    bars.finished(many[5], failed(many[5], reason=HOSTILE))
    bars.started(many[:2], [])
    bars.close()
    bars.close()
    lines = visible(screen.getvalue())
    assert max(map(cell_len, lines)) <= width
    assert not set("\x1b\x9b\u202e\x07") & set("".join(lines))
    for name, counted in {
        "family-0": "4/6",
        "family-1": "2/4",
        "family-2": "0/4",
    }.items():
        last = [line for line in lines if line.startswith(name)][-1]
        assert counted in last


def test_a_run_of_stored_cells_draws_no_bar() -> None:
    screen = io.StringIO()
    bars = RunBars("toy", Console(file=screen, force_terminal=True))
    bars.started([], CELLS)
    bars.close()
    assert visible(screen.getvalue())[0] == "toy: 12 cells, 12 of them from the store"
    assert bars.tasks == {}


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_name_is_cut(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where names leave no room they are broken over lines, never cut."""
    monkeypatch.setenv("COLUMNS", str(width))
    rows = [
        (
            "a_dataset_of_a_long_name",
            "random_forest_of_500",
            "0.9801",
            "a few words of it",
        ),
        ("b", "lda", "1", ""),
    ]
    table(("dataset", "model", "score", "why"), rows)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, lines)) <= width
    letters = sorted(
        "".join(
            character
            for row in rows
            for cell in row
            for character in cell
            if character != " "
        )
    )
    body = "".join(line for line in lines if "─" not in line)
    head = "datasetmodelscorewhy"
    assert sorted(body.replace(" ", "")) == sorted([*letters, *head])
    assert width < 80 or any("random_forest_of_500" in line for line in lines)


def test_a_name_cannot_drive_the_terminal() -> None:
    assert clean("a\x1b[2Jb\rc\x07") == "a\ufffd[2Jb\ufffdc\ufffd"
    assert clean("Größe 7 µm") == "Größe 7 µm"
    assert (
        clean("20\u2009%, 95\u00a0% and 5\u202f%")
        == "20\u2009%, 95\u00a0% and 5\u202f%"
    )
    assert clean("a\u202eb\u2066c\u200b\u2028") == "a\ufffdb\ufffdc\ufffd\ufffd"


def test_json_reads_back_and_cannot_drive_the_terminal() -> None:
    import json

    value = {"Größe": [HOSTILE, "\U000e0041\u2028\x7f"]}
    text = as_json(value)
    assert "Größe" in text
    assert not set("\x1b\x9b\u202e\x07\x7f\u2028\U000e0041") & set(text)
    assert json.loads(text) == value


def test_the_picture_in_the_readme_is_what_the_code_draws() -> None:
    """`python -m tests.helpers.picture` draws it anew. Words are not compared, nor where a line of them ends."""
    from tests.helpers import picture

    def drawn(svg: str) -> list[str]:
        pieces = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
        return [
            piece
            for piece in pieces
            if not re.search(r"[a-z]{3}", piece) and piece.strip(" .,()&#160;")
        ]

    svg = picture.drawn()
    assert drawn(svg) == drawn(picture.PICTURE.read_text(encoding="utf-8"))
    assert len(drawn(svg)) > 10
    assert len(svg) < 30_000
    assert "url(http" not in svg
