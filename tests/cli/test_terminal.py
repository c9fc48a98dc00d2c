"""A toy study on a real pseudo-terminal and off one: what is seen, what programs are told, errors, the page to open."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import shutil
import struct
import sys
import tempfile
import termios
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.cells import cell_len

from bench.cli.app import main
from bench.cli.environment import is_live
from bench.cli.show import excerpt
from bench.core.comparisons import COMPARISONS
from bench.core.errors import LISTS, suggested
from bench.core.text import visible as made_visible
from bench.project import pipeline as stages
from bench.project.listing import rows_of
from bench.project.project import Project
from bench.study.noted import Problem
from bench.text.problems import Said
from tests.helpers.forks import ROOT, Started
from tests.helpers.sparse import sparse
from tests.helpers.toycells import visible

#: What could drive a terminal, in a title and in the place of a claim.
HOSTILE = "\\x9b2J\\u202eevil\\e[31m"
#: Two tables, one of them left out case by case; a claim that does not hold.
STUDY = """
title: A toy
task: classification
datasets:
  toy: {source: {kind: synthetic, name: twonorm, rows: 80, seed: 1}, target: target}
  small:
    source: {kind: synthetic, name: twonorm, rows: 10, seed: 2}
    target: target
    protocol: {resampling: {kind: leave_one_out}, tuning: null}
    families: {knn: {n_neighbors: 1}}
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 3, repeats: 2}, tuning: {folds: 2}, seed: 0}
families:
  knn: {n_neighbors: [1, 5]}
  lda: {}
metrics: {primary: accuracy}
compare: null
diagnostics: {halves: null}
tolerance: {accuracy: 0.05, why: "a toy"}
claims:
  - {id: low, kind: value, dataset: toy, family: knn, metric: accuracy, value: "0.40", unit: fraction,
     where: "nowhere", read: source}
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose study has gone from data to page once."""
    root, before = tmp_path_factory.mktemp("finished"), Path.cwd()
    (root / "studies" / "toy").mkdir(parents=True)
    (root / "params.yaml").write_text("studies:\n  - toy\nexecution: {workers: 2}\n")
    (root / "studies" / "toy" / "study.yaml").write_text(STUDY)
    os.chdir(root)
    try:
        for stage in ("fetch", "clean", "run", "judge", "report"):
            assert main([stage, "toy"]) == 0
    finally:
        os.chdir(before)
    return root


@pytest.fixture
def root(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A copy of it, to be changed."""
    shutil.copytree(finished, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    yield tmp_path / "project"


def on_a_terminal(
    *arguments: str, columns: int = 80, lines: int = 24, **more: str
) -> tuple[int, str, str]:
    """Exit code, stdout (a pipe) and what a terminal of that size gets as stderr, of `bench` as a real process."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in ("CI", "NO_COLOR", "COLUMNS", "LINES", "DVC_STAGE")
    }
    environment = kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"} | more
    with tempfile.TemporaryFile("w+") as out:
        process = Started(
            *arguments,
            cwd=Path.cwd(),
            env=environment,
            fds=(theirs, out.fileno(), theirs),
        )
        os.close(theirs)
        read = b""
        with suppress(OSError):  # the last writer is gone
            while news := os.read(ours, 65536):
                read += news
        os.close(ours)
        out.seek(0)
        return process.wait(), out.read(), read.decode()


def test_a_run_on_a_terminal_shows_bars_and_leaves_the_cursor(root: Path) -> None:
    (root / ".bench" / "cells.sqlite").unlink()
    code, said, seen = on_a_terminal("run", "toy")
    assert code == 0, seen
    assert "\x1b" not in said
    assert "toy: 32 cells fitted in " in said
    assert "next     bench repro toy" in said
    assert seen.index("\x1b[?25l") < seen.rindex("\x1b[?25h")
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")
    assert re.search(r"\x1b\[[0-9;]*3[0-9]m", seen), "no colour"
    lines = visible(seen)
    assert max(map(cell_len, lines)) <= 80
    for family in ("knn", "lda"):
        last = [line for line in lines if line.startswith(f"{family} ")][-1]
        assert "16/16" in last


def test_a_dull_terminal_gets_plain_lines(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    for ci, term, live in (
        ("", "xterm", True),
        ("true", "xterm", False),
        ("", "dumb", False),
    ):
        monkeypatch.setenv("CI", ci)
        monkeypatch.setenv("TERM", term)
        assert is_live() == live
    code, _, seen = on_a_terminal("run", "toy", TERM="dumb")
    assert code == 0
    assert "\x1b" not in seen
    assert "32 cells, 32 of them from the store" in seen


def keys(**properties: Any) -> dict[str, Any]:
    """The schema of an object with these keys, all of them there, beside `schema_version`."""
    every = {"schema_version": {"const": 1}} | properties
    return {
        "type": "object",
        "properties": every,
        "required": list(every),
        "additionalProperties": False,
    }


TEXT, LIST, COUNT = (
    {"type": "string"},
    {"type": "array"},
    {"type": "integer", "minimum": 0},
)
OBJECT, NUMBER, TEXTS = (
    {"type": "object"},
    {"type": "number", "minimum": 0},
    {"type": "array", "items": {"type": "string"}},
)
ANSWERS = {
    ("check",): keys(
        problems=LIST, remarks=LIST, changes=OBJECT, runs=OBJECT, studies=TEXTS, listed=TEXTS,
        **dict.fromkeys(("not_reproduced", "not_as_expected", "happened"), TEXTS),
    ),
    ("list", "families"): keys(list=TEXT, rows={"type": "array", "minItems": 5, "items": OBJECT}),
    ("show", "toy"): keys(
        summary=OBJECT, verdicts=LIST, **dict.fromkeys(COMPARISONS, LIST),
            findings=LIST, failures=LIST, costs=LIST,
        finding_numbers=OBJECT, limits=TEXTS, paths=OBJECT,
    ),
    ("settle", "toy"): keys(
        study=TEXT, tested={"const": 1}, open={"const": 0},
        **{name: {"const": []} for name in ("apart", "falsifiers", "rows")},
    ),
    ("why", "toy"): keys(study=TEXT, cells=COUNT, stored=COUNT, groups=LIST, workers=COUNT, seconds=NUMBER),
    ("freeze", "toy"): keys(study=TEXT, said=TEXT),
    ("cost", "toy"): keys(
        fits=COUNT, seconds=NUMBER, cores=COUNT, study=TEXT, results_sha256=TEXT, system=TEXT, python=TEXT, date=TEXT
    ),
    ("new", "another"): keys(study=TEXT, file={"const": "studies/another/study.yaml"}, said=TEXTS),
    ("open", "toy"): keys(study=TEXT, page={"const": "reports/toy/index.html"}, url={"pattern": "^file:///.*html$"}),
    ("run", "toy"): keys(
        study=TEXT,
        cells={"const": {"all": 32, "stored": 32, "failed": 0, "diagnostics": 0}},
        warnings=COUNT,
        failures={"maxItems": 0},
        paths={"const": {"results": "results/toy", "page": "reports/toy/index.html"}},
        timings={"required": ["seconds", "work_seconds"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("arguments", ANSWERS, ids=" ".join)
def test_every_json_is_one_object_of_a_known_shape(
    arguments: tuple[str, ...], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), ANSWERS[arguments])


def test_settle_says_what_would_decide_within_80_columns(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "studies" / "toy" / "study.yaml"
    file.write_text(file.read_text().replace('"0.40"', '"0.93", repeats: 100'))
    assert [
        main(["judge", "toy"]),
        capsys.readouterr().err,
        main(["settle", "toy", "--json"]),
    ] == [0, "", 0]
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["claim"], row["dataset"], row["settle"]) == ("low", "toy", "repeats")
    assert row["further"] > 0
    assert row["seconds"] > 0
    assert main(["settle", "toy"]) == 0
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert f"{row['further']} more repeats" in shown


def test_failed_cells_come_with_what_may_be_done(
    capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    from bench.cli.run_summary import ended
    from bench.core.frames import FAILURES

    row = {
        "dataset": "toy",
        "family": "lda",
        "variant": "plain",
        "repeat": 0,
        "stage": "fit",
        "policy": "",
    }
    rows = [
        row | {"fold": k, "status": "timeout", "reason": "took longer than 3 s"}
        for k in range(2)
    ]
    rows += [row | {"fold": 2, "status": "failed", "reason": "ValueError: \x1b[2J"}]
    ended(
        Project.here(),
        "toy",
        "3 cells in 1.0 s, 3 failed",
        sparse(rows, FAILURES),
        inside=False,
    )
    said = capsys.readouterr().out
    assert "toy/lda: 2 cells timeout at fit: took longer than 3 s; more time:" in said
    assert "again    bench run toy" in said
    assert "page     reports/toy/index.html, of an earlier run" in said
    assert "\x1b" not in said
    ended(Project.here(), "toy", "3 cells in 1.0 s", sparse([], FAILURES), inside=True)
    assert capsys.readouterr().out.splitlines() == [
        "toy: 3 cells in 1.0 s",
        "results  results/toy",
    ]


def test_what_is_printed_stays_within_80_columns_and_drives_no_terminal(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    file = root / "studies" / "toy" / "study.yaml"
    text = file.read_text().replace("title: A toy", f'title: "A toy {HOSTILE}"')
    file.write_text(
        text
        + f'deviations: [{{what: data, note: "Other rows {HOSTILE} than in the paper"}}]\n'
    )
    assert main(["judge", "toy"]) == main(["report", "toy"]) == 0
    ending = capsys.readouterr().out
    assert main(["show", "toy"]) == 0
    shown = capsys.readouterr().out
    assert main(["show", "toy", "--json"]) == 0
    said = capsys.readouterr().out
    for one in (ending, shown, said):
        assert not set("\x1b\x9b\u202e") & set(one)
    assert max(map(cell_len, (ending + shown).splitlines())) <= 80
    assert json.loads(said)["summary"]["title"] == "A toy \x9b2J\u202eevil\x1b[31m"
    assert "open     reports/toy/index.html (" in ending
    beside = {path.name for path in (root / "reports").glob("*.html")}
    assert beside == {"index.html", "glossary.html"}  # what the page links to
    for part in (
        "≠ differs",
        "≠ low: ours differs",
        "findings",
        "checks passed",
        "limits",
        "Other rows",
    ):
        assert part in shown
    headline = json.loads(said)["summary"]["headline"]
    assert made_visible(headline) in " ".join(shown.split())


def test_findings_stand_in_the_order_of_gravity_and_fold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bench.cli.show import show_findings
    from bench.core.frames import FINDINGS
    from bench.core.outcomes import encoded
    from bench.text.refusals import Incompatible

    details = encoded([Incompatible("because")])
    row = dict.fromkeys(FINDINGS) | {"code": "x", "dataset": "wine", "details": details}
    rows = [
        row
        | {
            "outcome": "found",
            "severity": "note",
            "diagnostic": "grid_edge",
            "family": f"f{i}",
        }
        for i in range(5)
    ]
    rows += [
        row
        | {
            "outcome": "found",
            "severity": "serious",
            "diagnostic": "leakage",
            "family": None,
        }
    ]
    rows += [
        row | {"outcome": one, "diagnostic": "calibration"}
        for one in ("passed", "passed", "not_applicable")
    ]
    show_findings(sparse(rows, FINDINGS), "accuracy")
    assert capsys.readouterr().out.splitlines() == [
        "",
        "findings",
        "  ‼ x Types of leakage (wine): because",
        "  i x Best setting at the edge of the grid (wine, f0): because",
        "  i x Best setting at the edge of the grid (wine, f1): because",
        "  i x Best setting at the edge of the grid (wine, f2): because",
        "    and 2 more of this kind",
        "  `bench explain CODE` says what a finding means and what to do",
        "  2 checks passed, 0 guaranteed by design, 1 not applicable",
    ]


def test_an_error_on_a_terminal_shows_the_line_with_a_caret(root: Path) -> None:
    file = root / "studies" / "toy" / "study.yaml"
    text = (
        file.read_text()
        .replace("  knn: {n_neighbors", "  knn: {n_neighbrs")
        .replace("  lda: {}", "  lad: {}")
    )
    file.write_text(text.replace("{primary: accuracy}", "{primary: acuracy}"))
    code, said, seen = on_a_terminal("check", NO_COLOR="1")
    assert (code, said) == (2, "")
    lines = [line.rstrip() for line in visible(seen)]
    at = lines.index(
        "studies/toy/study.yaml:15: families.knn.n_neighbrs: unknown; did you mean"
    )
    assert lines[at + 1 : at + 6] == [
        "    n_neighbors?",
        "   14 │ families:",
        "   15 │   knn: {n_neighbrs: [1, 5]}",
        "      │         ^^^^^^^^^^",
        "    known parameters: algorithm, leaf_size, metric, n_neighbors, p, weights",
    ]
    assert max(map(cell_len, lines)) <= 80
    assert "      │   ^^^" in lines
    metric = next(
        n
        for n, line in enumerate(lines)
        if line.endswith("│ metrics: {primary: acuracy}")
    )
    assert lines[metric + 1] == "      │                    ^^^^^^^"
    assert (
        lines[-2]
        == f"{sum(line.startswith('studies/toy/') for line in lines)} mistakes; nothing was fitted"
    )


def test_off_a_terminal_an_error_is_its_sentence_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "studies" / "toy" / "study.yaml"
    file.write_text(file.read_text().replace("  lda: {}", "  lad: {}"))
    assert main(["check"]) == 2
    first, *rest = capsys.readouterr().err.splitlines()
    assert first.startswith(
        "studies/toy/study.yaml:16: families.lad: unknown family lad; did you mean"
    )
    assert rest[0].startswith("    known families: ")
    assert rest[0].endswith(" more: `bench list families`")
    assert rest[1:] == ["1 mistake; nothing was fitted"]


@pytest.mark.parametrize("what", LISTS)
def test_what_can_be_named_is_listed_whole(
    what: str,
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that is broken over two lines cannot be copied into a study."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["list", what]) == 0
    lines = capsys.readouterr().out.splitlines()
    columns, rows = rows_of(what, Project(root))
    names = {
        row[columns.index(key)]
        for key in ("name", "step")
        if key in columns
        for row in rows
    }
    names = names or {row[0] for row in rows}
    words = {word for line in lines for word in line.split()}
    assert names <= words
    assert max(map(cell_len, lines)) <= 80


def test_of_many_known_words_the_likest_are_listed_in_their_order() -> None:
    many = [f"word_{k:02}" for k in range(20)] + ["lda", "qda"]
    said, known = suggested("ldaa", many, "families").split("\n")
    assert said == "did you mean lda?"
    words = (
        known.removeprefix("known families: ")
        .removesuffix(" and 10 more: `bench list families`")
        .split(", ")
    )
    assert len(words) == 12 and words == sorted(words) and {"lda", "qda"} <= set(words)
    assert suggested("rf", ["knn", "random_forest"]).startswith(
        "did you mean random_forest?\n"
    )
    assert suggested("acc", ["accuracy", "mcc"]).startswith("did you mean accuracy?\n")
    assert suggested("zz", many, "words", " More.").startswith(
        "none is like it. More.\nknown words: "
    )
    assert suggested("LDA", ["lda"]) == "did you mean lda?"
    assert suggested("zz", ["b", "a"], "columns") == "known: a, b"
    assert suggested("titel", [f"title{k}" for k in range(14)], "keys").endswith(
        "and 2 more: `bench schema`"
    )
    assert suggested("x", []) == "none is known here"


def test_a_mistyped_family_is_told_once(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where else the study names the family as it was meant, nothing is wrong."""
    file = root / "studies" / "toy" / "study.yaml"
    text = file.read_text().replace("  lda: {}", "  lad: {}")
    file.write_text(
        text.replace(
            "diagnostics: {halves: null}",
            "diagnostics: {permutations: {families: [lda]}}",
        )
    )
    assert main(["check"]) == 2
    said = capsys.readouterr().err
    assert "families.lad: unknown family lad; did you mean lda?" in said
    assert said.endswith("1 mistake; nothing was fitted\n")


def test_a_caret_stands_under_its_word_whatever_stands_before(tmp_path: Path) -> None:
    """Wide letters take two columns; a line that is too long is cut on the left; a file may be gone."""
    file = tmp_path / "study.yaml"
    file.write_text(
        "a: 1\n数据: {\x1b[2J: wrng}\nb: [" + "x, " * 60 + "wrong]\n", encoding="utf-8"
    )
    one, two = (
        line.plain for line in excerpt(Problem(str(file), 2, 12, "", Said("")), 80)[1:]
    )
    assert "\x1b" not in one
    assert cell_len(one[: one.index("wrng")]) == cell_len(two[: two.index("^")])
    assert two.endswith(" ^^^^")
    three, four = (
        line.plain for line in excerpt(Problem(str(file), 3, 185, "", Said("")), 60)
    )
    assert three.index("wrong") == four.index("^")
    assert cell_len(three) <= 60
    assert (
        excerpt(Problem(str(file), 9, 1, "", Said("")), 60)
        == excerpt(Problem("gone.yaml", 1, 1, "", Said("")), 60)
        == []
    )


def test_open_opens_prints_or_refuses(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    assert main(["open", "toy"]) == 0
    assert opened == [(root / "reports" / "toy" / "index.html").resolve().as_uri()]
    assert capsys.readouterr().out == "opened reports/toy/index.html\n"
    assert main(["open", "toy", "--print"]) == 0
    assert len(opened) == 1
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    assert main(["open", "toy"]) == 0
    assert capsys.readouterr().out == "reports/toy/index.html\n" * 2
    (root / "reports" / "toy" / "index.html").unlink()
    assert main(["open", "toy"]) == 3
    assert (
        "there is no page yet; run `bench repro toy` first" in capsys.readouterr().err
    )
    assert main(["open", "toi"]) == 2
    assert "did you mean toy?" in capsys.readouterr().err


def test_an_internal_error_shows_where_and_drives_no_terminal(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a name \x1b[2J\u202e")

    monkeypatch.setattr(stages, "judge", broken)
    assert main(["judge", "toy"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said and "in broken" in said
    assert "internal error: RuntimeError" in said
    assert not set("\x1b\u202e") & set(said)


def test_a_terminal_without_the_signs_is_no_internal_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(
        sys, "stdout", io.TextIOWrapper(shown, encoding="latin-1", write_through=True)
    )
    assert main(["show", "toy"]) == 0
    assert b"? differs" in shown.getvalue()


def test_a_terminal_without_a_thin_space_or_a_minus_shows_the_nearest_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(
        sys, "stdout", io.TextIOWrapper(shown, encoding="ascii", write_through=True)
    )
    monkeypatch.chdir(tmp_path)
    main(["list", "families"])
    print("\u22121\u202f200 rows \u2713")
    assert shown.getvalue().endswith(b"-1 200 rows ?\n")
