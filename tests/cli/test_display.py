"""The terminal while cells finish: the grid at its width, plain lines without control codes, the time that is left."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from bench.cli.counters import Current, Tally
from bench.cli.live_table import LiveGrid
from bench.cli.progress import Lines
from bench.cli.show import table
from bench.cli.words import coarse, duration
from bench.core.text import as_json, clean
from tests.helpers.toycells import Clock, cell, failed, ok, visible

CELLS = [
    cell(d, f, k)
    for d in ("wine", "sonar")
    for f in ("lda", "forest")
    for k in range(3)
]
HOSTILE = "a\x1b[2J\x9b2J\u202eb\x07" + "x" * 200


def grid_of(
    cells: list[Any], width: int = 80, height: int = 24, clock: Any = time.monotonic
) -> LiveGrid:
    console = Console(
        file=io.StringIO(),
        width=width,
        height=height,
        force_terminal=True,
        highlight=False,
        emoji=False,
        markup=False,
    )
    grid = LiveGrid("a-study", "2 workers", console, clock)
    grid.started(cells, stored=0, seconds={})
    return grid


def seen(grid: LiveGrid) -> list[str]:
    """The lines of the picture."""
    console = Console(
        file=io.StringIO(),
        width=grid.console.width,
        height=grid.console.height,
        emoji=False,
    )
    with console.capture() as captured:
        console.print(grid.picture())
    return [line.rstrip() for line in captured.get().splitlines()]


def test_plain_lines_say_what_finished_and_what_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = Lines("toy", "2 workers")
    lines.started(CELLS, stored=1, seconds={})
    lines.finished(CELLS[0], None)
    for one in CELLS[1:]:
        lines.finished(
            one, failed(one, "timeout") if one is CELLS[-1] else ok(one, 2.5)
        )
    captured = capsys.readouterr()
    assert captured.out == ""
    text = captured.err
    assert "\x1b" not in text
    assert re.match(
        r"\d\d:\d\d:\d\d toy: 2 datasets × 2 models × 3 folds, 2 workers, seed 7: 12 cells, 1 of them",
        text,
    )
    assert "1 of them from the store, 12 fits in all\n" in text
    assert re.search(r"^\d\d:\d\d:\d\d wine/lda 3/3 5.0 s$", text, re.MULTILINE)
    assert "! sonar/forest repeat 0 fold 2: ValueError: no\n" in text
    assert re.search(r"sonar/forest 2/3 ✕ 1 timeout 6.0 s$", text, re.MULTILINE)
    assert lines.conclusion().endswith(", 1 from the store, 1 failed")


def test_a_heartbeat_where_nothing_finishes(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines("toy", "2 workers", beat=0.02)
    lines.started(CELLS, stored=0, seconds={})
    lines.working(CELLS[:3])
    lines.finished(CELLS[0], ok(CELLS[0]))
    deadline, text = time.monotonic() + 5, ""
    while "toy: 1/12 cells, " not in text and time.monotonic() < deadline:
        time.sleep(0.02)
        text += capsys.readouterr().err
    lines.close()
    assert re.search(
        r"toy: 1/12 cells, 0\.\d s, (about|less).*left, now wine/lda folds 2, 3 of 3$",
        text,
        re.MULTILINE,
    )


def test_a_sign_of_life_names_what_is_under_way() -> None:
    clock = Clock()
    current = Current(clock)
    current.expect(
        [
            cell("wine", "lda", 3),
            *(cell("wine", "mlp", k) for k in range(10)),
            cell("iris", "svm"),
        ]
    )
    assert current.words(80) == ""
    slow, extra = cell("wine", "mlp", 4), cell("wine", "mlp", 4, "train_share=0.5")
    assert current.hold([slow]) == [slow]
    clock.now = 130.4
    assert (
        current.hold([slow, cell("wine", "mlp", 5), cell("iris", "svm")])[0].names[
            "fold"
        ]
        == 5
    )
    assert current.words(80) == "wine/mlp folds 5, 6 of 10 for 2 min 10 s · iris/svm"
    current.leave(slow)
    assert current.words(80) == "wine/mlp fold 6 of 10 · iris/svm"
    current.hold([])
    assert current.words(80) == "workers are starting"
    assert current.hold([slow, extra]) == [slow, extra], (
        "what is tried again begins again"
    )
    assert current.words(80) == "wine/mlp fold 5 of 10 · wine/mlp train_share=0.5"
    current.hold([cell("wine", "mlp", k) for k in (0, 1, 2, 3, 9)])
    assert current.words(80) == "wine/mlp folds 1–4, 10 of 10"
    current.hold(
        [
            cell("wine", "mlp", 1),
            *(cell("iris", "svm", k) for k in range(2)),
            cell("wine", "lda", 3),
        ]
    )
    assert current.words(80) == "wine/mlp fold 2 of 10 · iris/svm · wine/lda"
    assert current.words(42) == "wine/mlp fold 2 of 10 · and 3 more"
    assert current.words(9) == "wine/mlp fold 2 of 10", "the terminal cuts it"
    current.hold([cell(HOSTILE, "mlp")])
    assert len(current.words(80)) == 28


@pytest.mark.parametrize(
    ("width", "height"), [(80, 24), (40, 12), (120, 40), (200, 60)]
)
def test_the_grid_fits_the_terminal(width: int, height: int) -> None:
    many = [cell(f"dataset-{d}", f"family-{f}") for d in range(30) for f in range(12)]
    many += [cell(HOSTILE, f"family-{f}") for f in range(12)]
    grid = grid_of(many, width, height)
    for number, one in enumerate(many):
        if number in (150, 371):
            grid.last = grid.last + "x" * 300
            grid.working(many[number : number + 9] if number == 150 else ())
            lines = seen(grid)
            assert max(map(cell_len, lines)) <= width
            assert len(lines) <= height
            assert any("of 31 datasets are shown; " in line for line in lines)
        grid.finished(
            one, failed(one, reason="E" * 500) if number % 7 == 0 else ok(one)
        )
    lines = seen(grid)
    assert max(map(cell_len, lines)) <= width
    assert len(lines) <= height
    assert any("372/372 cells" in line for line in lines)
    grid.close()
    grid.close()
    assert grid.live is None
    written = "\n".join(visible(grid.console.file.getvalue()))  # type: ignore[attr-defined]
    assert not set("\x1b\x9b\u202e\x07") & set(written)


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


def test_the_grid_counts_bars_and_failures_by_name_of_status() -> None:
    grid = grid_of(
        [
            cell(d, f, k)
            for d in ("wine", "sonar")
            for f in ("lda", "forest", "svm")
            for k in range(10)
        ]
    )
    grid.finished(cell("wine", "lda"), None)
    for k in range(1, 10):
        grid.finished(cell("wine", "lda", k), ok(cell("wine", "lda", k)))
    for k in range(5):
        grid.finished(cell("wine", "forest", k), ok(cell("wine", "forest", k)))
    for k in range(10):
        one = cell("sonar", "svm", k)
        grid.finished(
            one, failed(one, "timeout", "took longer than 3 s") if k < 2 else ok(one)
        )
    grid.warned(cell("wine", "lda"), "ConvergenceWarning: no")
    rows = {
        line.split()[0]: line.split()[1:]
        for line in seen(grid)
        if line.startswith(("wine ", "sonar "))
    }
    assert rows["wine"] == ["✓", "10/10", "!", "━━━───", "5/10", "·"]
    assert rows["sonar"] == ["·", "·", "✕", "2", "timeout"]
    text = "\n".join(seen(grid))
    assert "last  sonar/svm repeat 0 fold 9, 1.0 s" in text
    assert "warn  wine/lda repeat 0 fold 0: ConvergenceWarning: no" in text
    assert "25/60 cells" in text
    grid.working([cell("wine", "forest", 5), cell("sonar", "lda", 0)])
    text = "\n".join(seen(grid))
    assert "now   wine/forest fold 6 of 10 · sonar/lda fold 1 of 10" in text
    assert "last" not in text
    grid.close()


def test_what_is_worked_on_is_among_what_is_shown() -> None:
    """30 x 12 on 80 x 24: the dataset and the family of the last cells, and the datasets that were done before."""
    many = [
        cell(f"d{d}", f"family-{f}", k)
        for d in range(30)
        for f in range(12)
        for k in range(2)
    ]
    grid = grid_of(many)
    for one in many[
        : 20 * 24 + 17
    ]:  # twenty datasets, then eight families of the next one and half a ninth
        grid.finished(one, ok(one))
    lines = seen(grid)
    columns = next(line.split() for line in lines if line.strip().startswith("family-"))
    rows = {line.split()[0]: line for line in lines if re.match(r"d\d+ ", line)}
    assert columns == [
        "family-3",
        "family-4",
        "family-5",
        "family-6",
        "family-7",
        "family-8",
    ]
    assert list(rows) == [f"d{d}" for d in range(7, 21)]
    assert rows["d20"].split()[-1] == "1/2"
    assert rows["d19"].count("✓ 2/2") == 6
    assert "14 of 30 datasets are shown; 20 are done; 6 of 12 models are shown" in lines
    grid.close()


def test_one_dataset_and_many_families_are_turned() -> None:
    """Eleven families do not fit side by side into 80 columns, but below each other they do."""
    grid = grid_of(
        [cell("breast-cancer", f"family-{f}", k) for f in range(11) for k in range(2)]
    )
    lines = seen(grid)
    assert [line.split()[0] for line in lines if line.startswith("family-")] == [
        f"family-{f}" for f in range(11)
    ]
    assert not any("are shown" in line for line in lines)
    grid.close()


def test_names_that_would_be_cut_above_columns_stand_beside_rows() -> None:
    names = ("logistic_regression", "shrunken_centroids", "forest", "svm", "mlp")
    grid = grid_of([cell("iris", name, k) for name in names for k in range(120)])
    for k in range(11):
        grid.finished(
            cell("iris", "mlp", k),
            failed(cell("iris", "mlp", k)) if k % 2 else ok(cell("iris", "mlp", k)),
        )
    lines = seen(grid)
    assert [line.split()[0] for line in lines[4:9]] == list(names)
    assert "mlp                  ────── 11/120 ✕5" in lines
    grid.close()


def test_what_failed_is_seen_beside_a_bar_however_narrow() -> None:
    grid = grid_of([cell("iris", name, k) for name in "abcde" for k in range(10)])
    for k in range(8):
        grid.finished(
            cell("iris", "c", k),
            failed(cell("iris", "c", k)) if k < 3 else ok(cell("iris", "c", k)),
        )
    assert "8/10 ✕3" in "\n".join(seen(grid))
    grid.close()


def test_what_a_diagnostic_asked_for_counts_in_the_total_and_in_no_row() -> None:
    """Some cells are asked for at once, others once the first ones are done: it stays one grid and one bar."""
    at_once = [cell("wine", "lda", k, "train_share=0.5") for k in range(4)]
    later = [cell("sonar", "lda", k, "importance") for k in range(3)]
    grid = grid_of([*CELLS, *at_once])
    live = grid.live
    for one in at_once:
        grid.finished(one, failed(one) if one is at_once[0] else ok(one))
    text = "\n".join(seen(grid))
    assert "2 datasets × 2 models × 3 folds" in text
    assert (
        "16 cells, 0 of them from the store, 4 for diagnostics, 16 fits in all" in text
    )
    assert "4/16 cells" in text
    assert "✕" not in text
    assert "warn  wine/lda train_share=0.5 repeat 0 fold 0: ValueError: no" in text
    for one in CELLS:
        grid.finished(one, None)
    assert "3/3" in "\n".join(seen(grid))
    grid.started(later, 1, {})
    grid.finished(later[0], None)
    text = "\n".join(seen(grid))
    assert "2 datasets × 2 models × 3 folds" in text
    assert (
        "19 cells, 1 of them from the store, 7 for diagnostics, 19 fits in all" in text
    )
    assert "17/19 cells" in text
    assert grid.live is live
    assert grid.conclusion().endswith(", 1 from the store, 1 failed")
    grid.close()


def test_plain_lines_tell_of_cells_that_come_later(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines, later = (
        Lines("toy", "2 workers"),
        [cell("wine", "lda", k, "importance") for k in range(3)],
    )
    lines.started(CELLS[:3], 0, {})
    for one in CELLS[:3]:
        lines.finished(one, ok(one))
    assert lines.ended is not None
    lines.started(later, 1, {})
    assert lines.ended is None
    for one in later:
        lines.finished(one, None if one is later[0] else ok(one))
    lines.close()
    said = capsys.readouterr().err
    assert said.count("3 folds, 2 workers") == 1
    assert "toy: 3 more for diagnostics, 1 of them from the store\n" in said
    assert said.count("wine/lda") == 1, "a diagnostic's cells end no line of a family"


def test_the_time_left_comes_from_remembered_costs_and_is_not_told_before_a_twentieth() -> (
    None
):
    """40 cells of 10 s as remembered, two at a time: 2 done in 10 s; 380 s of work left, at that pace 190 s."""
    cells, clock = (
        [cell("wine", f, k) for f in ("lda", "forest") for k in range(20)],
        Clock(),
    )
    tally = Tally("toy", "2 workers", clock)
    tally.started(cells, 0, {("wine", "lda"): 10.0, ("wine", "forest"): 10.0})
    clock.now = 9.0
    tally.finished(cells[0], ok(cells[0], 10.0))
    assert tally.left() == ""
    clock.now = 10.0
    tally.finished(cells[1], ok(cells[1], 10.0))
    assert tally.left() == "about 3 min left"
    tally.remembered["wine", "forest"] = (
        100.0  # now 20 of 2,200 s are done: less than a twentieth
    )
    assert tally.left() == ""
    for one in cells[2:]:
        clock.now += 5.0
        tally.finished(one, ok(one, 10.0))
    assert tally.left() == ""
    clock.now = 1e6
    assert tally.elapsed == 200.0


def test_times_are_no_finer_than_they_are_known() -> None:
    assert [coarse(s) for s in (30, 100, 1700, 9000, 50000)] == [
        "less than a minute left", "about 2 min left", "about 30 min left", "about 2.5 h left", "about 14 h left"
    ]  # fmt: skip
    assert [duration(s) for s in (0, 14.24, 59.96, 292, 3900)] == [
        "0.0 s", "14.2 s", "1 min 00 s", "4 min 52 s", "1 h 05 min"
    ]  # fmt: skip


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
