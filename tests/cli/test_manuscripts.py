"""`bench check --tex`: numbers of a manuscript by their names, and where they are no longer those of the results."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bench.cli.app import main

STUDY = """
title: Scores
task: null
datasets:
  wine:
    source: {kind: csv, file: scores.csv}
    scores: {family: model, value: value, fold: fold, test_train_ratio: 0.1}
    metric: accuracy
clean: null
preprocess: null
protocol: null
families: null
metrics: {primary: accuracy, also: []}
compare: null
diagnostics: null
tolerance: {accuracy: 0.05, why: a}
claims:
  - {id: one, kind: value, dataset: wine, family: a_b, metric: accuracy, value: "90.1", unit: percent,
     where: a, read: source}
"""
CLAIM = """
  - {id: low, kind: value, dataset: wine, family: a_b, metric: accuracy, value: "1.0", unit: fraction,
     where: another table, read: source}
"""
PAPER = r"""\input{numbers} % \bench{scores:none}
\input{part}
We reach \bench{scores:wine.a_b.accuracy.percent}\,\% (\benchis{scores:wine.a\_b.accuracy}{0.90}).
"""
PART = r"""The paper has \benchis{scores:claim.one.published}{90.1}; 100\% of \bench{scores:claim.one.agreement}."""


def scores(root: Path, values: list[float]) -> None:
    table = pl.DataFrame({"model": "a_b", "fold": range(4), "value": values})
    table.write_csv(root / "studies" / "scores" / "scores.csv")
    for stage in ("fetch", "clean", "run", "judge"):
        assert main([stage, "scores"]) == 0


#: What stands behind `\\benchis{...}` for .9 or -.1, and how TeX reads it: as that number, another one, or none.
BY_HAND = {
    "{0.90}": "current", "{.90}": "current", "{+0.9}": "current", "{$0.900$}": "current", " {0.90}": "current",
    "\n  {0.90}": "current", "%\n  {0.90}": "current", "% {0.7}\n{0.90}": "current", "{\\textbf{0.90}}": "current",
    "{\\num{0.9}}": "current", "{9.0e-1}": "current", "{0.91}": "stale",
    "{\\textbf{0.91}}": "stale", "%\n{0.91}": "stale", "{\\textbf{\\num{0.91}}}": "stale", "{0,90}": "current",
    "{90}\\,\\%": "current", "{0.90}\\%": "stale", "{0.90}\\,\\textbf{x}": "current", "{90\\%}": "current",
    "": "unreadable", "{}": "unreadable", "{0.9 \\pm 0}": "unreadable", "{\\frac{9}{10}}": "unreadable",
    " 0.90": "unreadable",
    "{0.90\\textsuperscript{*}}": "unreadable", f"{{0.{'9' * 500}}}": "unreadable", "{1e-400}": "unreadable",
}  # fmt: skip
MINUS = [
    "\\textminus0.1",
    "-0.1",
    "$-$0.1",
    "$-0.1$",
    "$-$.1",
    "\N{MINUS SIGN}0.10",
    "-.1",
]


def test_a_number_by_hand_is_read_as_tex_does(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(scores=STUDY + CLAIM)
    scores(root, [0.88, 0.91, 0.89, 0.92])
    calls = [f"\\benchis{{scores:wine.a_b.accuracy}}{written}" for written in BY_HAND]
    calls += [
        f"\\benchis{{scores:claim.low.difference}}{{{written}}}" for written in MINUS
    ]
    (root / "paper.tex").write_text("\n\n".join(calls), encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "--tex", "paper.tex", "--json"]) == 5
    found = json.loads(capsys.readouterr().out)["numbers"]
    assert [one["state"] for one in found] == [
        *BY_HAND.values(),
        *["current"] * len(MINUS),
    ]
    assert all(one["by_hand"] for one in found)
    lines = "\n\n".join(calls).split("\n")
    assert all("benchis" in lines[one["line"] - 1] for one in found)


def test_numbers_of_a_manuscript(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(scores=STUDY)
    scores(root, [0.88, 0.91, 0.89, 0.92])
    (root / "paper.tex").write_text(PAPER)
    (root / "part.tex").write_text(PART)

    def states() -> dict[str, str]:
        capsys.readouterr()
        main(["check", "--tex", "paper.tex", "--json"])
        found = json.loads(capsys.readouterr().out)["numbers"]
        return {
            f"{one['file']}:{one['line']} {one['name'].partition(':')[2]}": one["state"]
            for one in found
        }

    assert main(["check", "--tex", "paper.tex"]) == 2  # nothing is exported yet
    assert main(["export", "scores", "--format", "numbers", "--to", "."]) == 0
    assert main(["check", "--tex", "paper.tex"]) == 0
    assert set(states().values()) == {"current"} and len(states()) == 4
    scores(root, [0.78, 0.81, 0.79, 0.82])
    assert main(["check", "--tex", "paper.tex"]) == 5
    assert states() == {
        "part.tex:1 claim.one.published": "current",
        "part.tex:1 claim.one.agreement": "stale",
        "paper.tex:3 wine.a_b.accuracy.percent": "stale",
        "paper.tex:3 wine.a_b.accuracy": "stale",
    }
    (root / "paper.tex").write_text(
        PAPER + r"\bench{scores:wine.ab.accuracy} \bench{score:x}"
    )
    assert main(["export", "scores", "--format", "numbers", "--to", "."]) == 0
    assert list(states().values()).count("unknown") == 2
    assert main(["check", "--tex", "none.tex"]) == 3


def test_all_that_a_manuscript_reads_is_traced(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(scores=STUDY)
    scores(root, [0.88, 0.91, 0.89, 0.92])
    stale, name = (
        r"\benchis{scores:wine.a_b.accuracy.percent}{33.3}",
        "scores:wine.a_b.accuracy.percent",
    )
    assert main(["export", "scores", "--format", "numbers", "--to", "."]) == 0
    text = (root / "numbers.tex").read_text()
    text += "".join(f"%{line}\n" for line in text.replace("{9", "{1").splitlines())
    calls = [
        "",
        r"\input plain",
        r"{\input grouped}",
        r"\subfile{a/sub}",
        r"\import{a/}{imported}",
        r"\input{}",
    ]
    (root / "paper.tex").write_text(
        text + rf"\bench{{{name}}}" + stale + "\n".join(calls) + r"\include{gone}"
    )
    (root / "a").mkdir()
    for file in ("plain", "grouped", "a/sub", "a/imported", "a/below"):
        (root / f"{file}.tex").write_text(stale)
    (root / "below.tex").write_text("")
    (root / "a" / "imported.tex").write_text(stale + r"\input{below}")
    capsys.readouterr()
    assert main(["check", "--tex", "paper.tex", "--json"]) == 5
    found = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["state"]) for one in found["numbers"]] == [
        ("paper.tex", "current"),
        *[
            (f"{file}.tex", "stale")
            for file in ("paper", "plain", "grouped", "a/sub", "a/imported", "a/below")
        ],
    ]
    assert [one["named"] for one in found["untraced"]] == [".", "gone"]
    (root / "a" / "paper.tex").write_text(
        rf"\input numbers \bench{{{name}}} \input{{gone}}"
    )
    assert main(["check", "--tex", "a/paper.tex"]) == 0
    assert "paper.tex:1: gone is not" in capsys.readouterr().out


LARGE = [
    "1\\,235\\,000",
    "1{,}235{,}000",
    "1,235,000",
    "1~235~000",
    "1235000",
    "1234567",
    "1.235e6",
    "1234000",
    "1.235",
]


def test_a_number_that_was_exported_is_current_by_hand(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(
        scores=STUDY.replace("accuracy", "rmse").replace(
            "unit: percent", "unit: fraction"
        )
    )
    scores(root, [1200000.0, 1260000.0, 1220000.0, 1258268.0])
    assert main(["export", "scores", "--format", "numbers", "--to", "."]) == 0
    assert (
        "wine.a_b.rmse\\endcsname{1\\,235\\,000}" in (root / "numbers.tex").read_text()
    )
    (root / "paper.tex").write_text(
        "".join(f"\\benchis{{scores:wine.a_b.rmse}}{{{one}}}" for one in LARGE)
    )
    capsys.readouterr()
    assert main(["check", "--tex", "paper.tex", "--json"]) == 5
    found = json.loads(capsys.readouterr().out)["numbers"]
    assert [one["state"] for one in found] == ["current"] * 7 + ["stale"] * 2


#: A line, and the numbers in it that TeX sets: `@` is a call, with what it prints.
UNSEEN = [
    (r"\url{http://a/c%20d} @1", "1"), (r"\href{http://a/c%20d}{x @2}", "2"), (r"\verb|100%| @3", "3"),
    (r"\verb|@0|", ""), (r"\url|a%| @4", "4"), ("\\begin{verbatim}\n@0 \\input{gone}\n50%\\end{verbatim} @5", "5"),
    ("\\begin{comment}\n@0\n\\end{comment}", ""), (r"\\% @0", ""), (r"\\\% @6", "6"), (r"\\verb|@7|", "7"),
    (r"% \begin{comment} @0", ""), (r"\let\ifdraft\iffalse @8", "8"), (r"\lstinline[language=C]|5%| @0", ""),
    ("\\begin{alltt} 5%\n@9 % @0\n\\end{alltt}", "9"), (r"\end{document} @0", ""), ("@0", ""),
]  # fmt: skip
#: The lines of the other calls: those of `@0`, and an `\\input`.
LEFT_OUT = [4, 7, 7, 10, 12, 15, 17, 19, 21, 22]


def test_what_tex_sets_is_traced(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(scores=STUDY)
    scores(root, [0.88, 0.91, 0.89, 0.92])
    text = "\n".join(line for line, _ in UNSEEN)
    for digit in range(10):
        text = text.replace(
            f"@{digit}", rf"\benchis{{scores:wine.a_b.accuracy}}{{{digit}}}"
        )
    (root / "paper.tex").write_text(text)
    capsys.readouterr()
    assert main(["check", "--tex", "paper.tex", "--json"]) == 5
    found = json.loads(capsys.readouterr().out)
    assert "".join(one["written"] for one in found["numbers"]) == "".join(
        seen for _, seen in UNSEEN
    )
    assert not found["untraced"]
    assert [(one["file"], one["line"]) for one in found["left_out"]] == [
        ("paper.tex", line) for line in LEFT_OUT
    ]
    lines = text.split("\n")
    assert all(
        f"{{{one['written']}}}" in lines[one["line"] - 1] for one in found["numbers"]
    )


def test_the_last_definition_before_a_call_counts(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(scores=STUDY)
    scores(root, [0.88, 0.91, 0.89, 0.92])
    assert main(["export", "scores", "--format", "numbers", "--to", "."]) == 0
    call, read = r"\bench{scores:wine.a_b.accuracy}", r"\input{numbers}"
    older = r"\expandafter\def\csname bench@scores:wine.a_b.accuracy\endcsname{0.333} "
    text = (
        rf"\newcommand\acc{{{call}}}" + read + call + older + call + read + call + older
    )
    (root / "paper.tex").write_text(text + r"\input{" + "chap " * 80 + "}")
    capsys.readouterr()
    assert main(["check", "--tex", "paper.tex", "--json"]) == 5
    found = json.loads(capsys.readouterr().out)
    assert [one["written"] for one in found["numbers"]] == [
        "0.333",
        "0.900",
        "0.333",
        "0.900",
    ]
    assert [one["state"] for one in found["numbers"]] == [
        "stale",
        "current",
        "stale",
        "current",
    ]
    assert [one["line"] for one in found["untraced"]] == [1]


def test_a_number_that_cannot_be_read_is_no_stale_one(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(scores=STUDY)
    scores(root, [0.88, 0.91, 0.89, 0.92])
    (root / "paper.tex").write_text(
        "% \\bench{a:b} \\input{c}\n\\benchis{scores:wine.a_b.accuracy}{0.90\\rlap{*}}"
    )
    capsys.readouterr()
    assert main(["check", "--tex", "paper.tex"]) == 2
    said = capsys.readouterr()
    assert (
        "paper.tex:2: bench cannot read 0.90\\rlap{*} as a number" in said.out
        and "is 0.900" in said.out
    )
    assert (
        "are not traced: line 1\n" in said.out and "1 number cannot be read" in said.err
    )
