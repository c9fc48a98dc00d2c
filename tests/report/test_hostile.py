"""Hostile names: whatever stands in titles, names, citations or messages is text, in every format and terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree

import polars as pl
import pytest

from bench.cli.show import error, show
from bench.comparisons.run_record import RunRecord, record_of_run
from bench.comparisons.two_runs import two_runs
from bench.core.errors import BenchError
from bench.core.text import clean, visible
from bench.project.dvc_values import metrics_of, plot_tables
from bench.report.bibtex import entry
from bench.report.bundle import Bundle
from bench.report.exports import export
from bench.report.page import (
    render,
    render_index,
    render_two_runs,
)
from bench.report.summary import summary_of
from bench.report.two_runs import markdown
from bench.study.noted import Problem, StudyError
from bench.text.problems import Said
from tests.helpers import bundles
from tests.helpers.pages import Reader

every = pytest.mark.parametrize(
    "text", bundles.HOSTILE, ids=range(len(bundles.HOSTILE))
)


def of_each(check: Callable[[str], None]) -> Callable[[], None]:
    """One test of all texts."""

    def whole() -> None:
        for text in bundles.HOSTILE:
            check(text)

    whole.__name__ = check.__name__
    return whole


@cache
def poisoned(text: str) -> Bundle:
    """A study in which it is every free text; in some places the name of the place follows."""
    return bundles.poisoned(text, lambda place: f" in{place}")


@cache
def page_of(text: str) -> str:
    return render(poisoned(text))


@cache
def files(text: str) -> dict[str, str]:
    return export(poisoned(text))


def flat(text: str) -> str:
    """A text in one line, as print formats show it."""
    return " ".join(clean(" ".join(text.split())).split())


def test_there_are_enough() -> None:
    assert len(set(bundles.HOSTILE)) >= 20


@of_each
def test_the_page_shows_it_as_text(text: str) -> None:
    html = page_of(text)
    page = Reader(html)
    shown = "".join(page.text)
    assert visible(text).replace("\r\n", "\n") in shown
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    for tag, attributes in page.tags:
        assert tag not in ("img", "iframe", "object", "base", "form")
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert (attributes.get("href") or "").startswith(
            ("#", "https://", "data:,", "../index.html", "")
        )
        assert "javascript" not in (attributes.get("href") or "").split(":")[0]
    assert visible(html) == html


#: What formats write differently: blanks, and what stands for a control character.
GAPS = r"[\s\ufffd]"
#: Which places of a study each format shows; a study's title gives way to the finding where a paper is re-done.
SHOWN = {
    "page": {"citation", "family", "error", "dataset", "feature", "class", "finding"},
    "index": {"citation", "title"},
    "latex": {"dataset", "family"},
    "csv": {"dataset", "family", "feature", "class"},
    "terminal": {"title", "finding"},
}


@every
def test_it_is_text_in_every_place_that_may_hold_it(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Titles, citations, names of families, datasets, features and classes, messages of errors, findings."""
    bundle, made = poisoned(text), files(text)
    short = summary_of(bundle)
    show(bundle, short)
    tables = (
        read_tex(body)
        for name, body in made.items()
        if name.endswith(".tex") and name.startswith("tables/")
    )
    cells = (
        csv.reader(io.StringIO(body))
        for name, body in made.items()
        if name.endswith(".csv")
    )
    said = {
        "page": "".join(Reader(page_of(text)).text),
        "index": "".join(Reader(render_index([short])).text),
        "latex": " ".join(tables),
        "csv": " ".join(cell for rows in cells for row in rows for cell in row),
        "terminal": capsys.readouterr().out,
    }
    plain = {name: re.sub(GAPS, "", clean(one)) for name, one in said.items()}
    for name, places in SHOWN.items():
        for place in places:
            wanted = re.sub(GAPS, "", in_tex(text) if name == "latex" else clean(text))
            assert f"{wanted}in{place}" in plain[name], (name, place)


#: What a table may say to TeX, and what each sign that stands for another one stands for.
COMMANDS = {
    "begin", "end", "centering", "caption", "label", "toprule", "midrule", "bottomrule", "shortstack", "scriptsize",
    "smallskip", "footnotesize", "linewidth", "pm", "sbox", "ifdim", "wd", "resizebox", "usebox", "else", "fi",
}  # fmt: skip
SIGNS = {
    "textbackslash": "\\", "textasciicircum": "^", "textasciitilde": "~", "textless": "<", "textgreater": ">",
    "textbar": "|", "textbraceleft": "{", "textbraceright": "}", "ldots": "…", "dag": "†", "cdot": "·", "bullet": "●",
}  # fmt: skip


#: The box of a table that is made as narrow as the text.
BOX = {
    "\\sbox0{%\n": "",
    "\\end{tabular}}%\n": "\\end{tabular}\n",
    "\\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi\n": "",
}


def read_tex(source: str) -> str:
    """What a TeX table says, by a small reader of our own; it fails on a command or an active sign of another's."""
    assert source.isascii()
    for ours, plain in BOX.items():
        source = source.replace(ours, plain)
    body = (
        source if source[0] == "@" else source.split("\n", 1)[1]
    )  # the first line of a table is our comment
    body = body.replace("{%\n", "{\n").replace(
        "}%\n", "}\n"
    )  # so is the end of two of its lines
    out, depth, i = [], 0, 0
    while i < len(body):
        c = body[i]
        if c == "\\":
            found = re.compile(r"[A-Za-z]+|.", re.DOTALL).match(body, i + 1)
            assert found is not None
            i = found.end()
            if found[0].isalpha() and len(found[0]) > 1:
                assert found[0] in COMMANDS | set(SIGNS) | {"char"}, found[0]
                if found[0] == "char":
                    code = re.compile(r"\d+").match(body, i)
                    assert code is not None
                    i, found = code.end(), None
                    out.append(chr(int(code[0])))
                elif found[0] in SIGNS:
                    out.append(SIGNS[found[0]])
                    assert body[i : i + 2] == "{}" or "$" in (
                        body[i : i + 1],
                        body[i - len(found[0]) - 2],
                    )
                    i += 2 * (body[i : i + 2] == "{}")
            else:
                assert found[0] in "{}$&#_%,\\", found[0]
                out.append(" " if found[0] in ",\\" else found[0])
            continue
        assert c not in "#%^", (c, body[max(0, i - 40) : i + 10])
        depth += {"{": 1, "}": -1}.get(c, 0)
        assert depth >= 0
        out.append("" if c in "{}$" else " " if c == "~" else c)
        i += 1
    assert depth == 0
    assert body.count("\\begin{") == body.count("\\end{")
    return "".join(out)


def in_tex(text: str) -> str:
    """How a reader of TeX sees a text: letters that no old font has stand as their numbers."""
    return "".join(c if c.isascii() else f"[U+{ord(c):04X}]" for c in flat(text))


@of_each
def test_latex_sets_it_and_runs_nothing(text: str) -> None:
    tables = {
        name: body
        for name, body in files(text).items()
        if name.endswith(".tex") and name.startswith("tables/")
    }
    assert len(tables) >= 4
    read = {name: " ".join(read_tex(body).split()) for name, body in tables.items()}
    for name in (
        "tables/claims.tex",
        "tables/results.tex",
        "tables/datasets.tex",
    ):
        assert in_tex(text) in read[name], name
    names = re.findall(r"bench@(.*?)\\endcsname\{", files(text)["numbers.tex"])
    assert names and all(re.fullmatch(r"[a-zA-Z0-9_.:+ -]+", name) for name in names)


@of_each
def test_no_file_drives_a_terminal_and_latex_is_ascii(text: str) -> None:
    for name, body in files(text).items():
        if not name.endswith(".json"):
            assert visible(body) == body, name
        assert body.isascii() or not name.endswith((".tex", ".bib")), name


@of_each
def test_bibtex_holds_it_in_a_field(text: str) -> None:
    bib = files(text)["paper.bib"]
    fields = dict(
        re.findall(
            r"^  (\w+) = \{(.*)\},$", bib.split("@software")[0], flags=re.MULTILINE
        )
    )
    assert set(fields) == {"note", "year", "doi"}
    assert re.fullmatch(r"[A-Za-z0-9:/?#@!$'()*+,;=%._~&-]+", fields["doi"]), fields[
        "doi"
    ]
    assert in_tex(text).rstrip(".") in " ".join(
        read_tex("@" + fields["note"])[1:].split()
    )
    assert entry("misc", "k", {"note": text}).count("\n") == 2


NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")


@of_each
def test_csv_holds_it_and_no_formula(text: str) -> None:
    seen = set()
    for name, body in files(text).items():
        if not name.endswith(".csv"):
            continue
        rows = list(csv.reader(io.StringIO(body)))
        assert len({len(row) for row in rows}) == 1, name
        for cell in (cell for row in rows for cell in row):
            assert NUMBER.fullmatch(cell) or cell.lstrip()[:1] not in tuple(
                "=+-@\t\r＝＋－＠"
            ), (name, cell)
            assert clean(cell) == cell
            seen |= {cell, cell.removeprefix("'")}
    wanted = flat(text)
    assert wanted in seen or NUMBER.fullmatch(wanted)


@of_each
def test_the_card_shows_it_as_text(text: str) -> None:
    html = files(text)["card.html"]
    page = Reader(html)
    assert sum(tag == "script" for tag, _ in page.tags) <= 1
    for tag, attributes in page.tags:
        assert tag not in ("img", "iframe", "object", "base", "form")
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert "javascript" not in (attributes.get("href") or "").split(":")[0]
    assert visible(html) == html
    assert visible(f"{text} infamily").replace("\r\n", "\n") in "".join(
        Reader(files(text)["card.html"]).text
    )


@of_each
def test_two_runs_show_it_as_text(text: str) -> None:
    """The page, the Markdown that is posted to a pull request, and what the terminal prints."""
    was, now = record_of(text, 0.9), record_of(text, 0.8)
    found = two_runs(was, now)
    page = Reader(render_two_runs(found))
    assert not any(
        tag in ("img", "iframe", "form") or any(a.startswith("on") for a in at)
        for tag, at in page.tags
    )
    assert re.sub(GAPS, "", clean(f"{text} inname")) in re.sub(
        GAPS, "", clean("".join(page.text))
    )
    body = markdown(found)
    assert clean(body) == body
    assert any(re.fullmatch(r"\|( --- \|)+", line) for line in body.splitlines())
    bare = re.sub(ESCAPED, "", body)
    assert not re.search(r"[<>`*_~\[\]{}$]|@\w", bare.replace("**", "")), re.findall(
        r".{20}[<>`*_~\[\]{}$].{20}", bare
    )


@of_each
def test_tables_for_plots_end_no_script_and_hold_no_formula(text: str) -> None:
    bundle = poisoned(text)
    judged = {
        name: bundle.frame(name)
        for name in ("estimates", "scores", "verdicts", "findings")
    }
    tables = plot_tables(bundle.study, judged, bundle.frame("tuning"))
    names = [
        name
        for table in tables.values()
        if "model" in table.columns
        for name in table["model"].to_list()
    ]
    assert any("3" in name for name in names)
    found = metrics_of(bundle.study, judged, bundle.frame("failures"))["accuracy"]
    assert isinstance(found, dict) and len(found) == 3
    names += list(found)
    for name in names:
        assert not set("<>") & set(name) and clean(name) == name and "\n" not in name
        assert name.lstrip()[:1] not in tuple("=+-@\t\r＝＋－＠")


def record_of(text: str, score: float) -> RunRecord:
    """The record of a run in which a model and a dataset are called so, as tables give names."""
    bundle = poisoned(text)
    named = {"family": f"{text} inname"}
    scores = bundle.frame("scores").with_columns(
        family=pl.when(pl.col("family").str.ends_with(" 3"))
        .then(pl.lit(named["family"]))
        .otherwise("family"),
        value=pl.col("value")
        - 0.9
        + score
        - pl.when(pl.col("fold") == 1).then(0.01).otherwise(0.0) * (score < 0.9),
    )
    seen = {
        name: bundle.frame(name) for name in ("tables", "folds", "verdicts", "findings")
    } | {"scores": scores}
    return record_of_run(
        bundle.study,
        seen,
        stated=bundle.study,
        code={"bench run": text},
        versions={text: text},
        became={},
        elsewhere={},
    )


ESCAPED = r"\\([!-/:-@\[-`{-~])"
#: Links, code, stress and notes of our own; what a study holds is escaped or has no such sign.
OURS = r"\[(?=[^\]\n]*\]\(<)|\]\(<[^<>\n]*>\)|`[^`\n]*`|\*+|^> "


@of_each
def test_markdown_shows_it(text: str) -> None:
    for name in ("tables.md", "checklist.md", "card.md"):
        body = files(text)[name]
        assert clean(body) == body
        bare = re.sub(OURS, "", re.sub(ESCAPED, "", body), flags=re.MULTILINE)
        assert not re.search(r"[<>`*_~\[\]{}$]", bare), (
            name,
            re.findall(r".{20}[<>`*_~\[\]{}$].{20}", bare),
        )
        for block in re.findall(r"(?:^\|.*\n?)+", bare, flags=re.MULTILINE):
            assert len({line.count("|") for line in block.strip().split("\n")}) == 1
        assert flat(text) in " ".join(re.sub(ESCAPED, r"\1", body).split())


@of_each
def test_drawings_hold_it_as_text(text: str) -> None:
    seen = []
    for name, body in files(text).items():
        if not name.endswith(".svg"):
            continue
        root = ElementTree.fromstring(body.encode())
        for node in root.iter():
            assert node.tag.rpartition("}")[2] in {
                "svg", "title", "desc", "text", "line", "rect", "circle", "path", "polyline", "polygon",
            }, node.tag  # fmt: skip
            assert not any(
                key.startswith("on") or "href" in key or key in ("style", "class")
                for key in node.attrib
            )
            seen.append(" ".join("".join(node.itertext()).split()))
    wanted = " ".join(visible(text).split())
    assert any(wanted in one for one in seen)


@of_each
def test_json_gives_it_back(text: str) -> None:
    body = files(text)["results.json"]
    assert body.replace("\n", "").isprintable()
    read = json.loads(body)
    assert read["title"] == f"{text} intitle"
    assert read["failures"][0]["reason"] == f"{text} inerror"
    assert read["tables"][0]["classes"] == [f"{text} inclass", f"{text} inclass 2"]


@of_each
def test_file_names_are_harmless(text: str) -> None:
    for name in files(text):
        assert re.fullmatch(
            r"(tables/|data/|figures/)?[a-z0-9][a-z0-9._-]*\.(tex|md|csv|svg|bib|json|html)",
            name,
        ), name


@every
def test_the_terminal_is_not_driven(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = poisoned(text)
    show(bundle, summary_of(bundle))
    error(BenchError(text))
    error(StudyError([Problem("study.yaml", 1, 1, text, Said(text))]))
    said = capsys.readouterr()
    for stream in (said.out, said.err):
        assert clean(stream) == stream
        assert re.sub(r"\s", "", clean(text)) in re.sub(r"\s", "", stream)
