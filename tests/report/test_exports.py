"""Exports: the page's own numbers in every format, forms that other programs read, files that leave others alone."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import polars as pl
import pytest

from bench.cli.app import main
from bench.cli.commands import EXPORTS
from bench.core import frames
from bench.core.outcomes import decoded, encoded
from bench.core.registry import Extension
from bench.project import pipeline as stages
from bench.project.in_memory import temporary_project
from bench.report.bundle import FRAMES, Bundle
from bench.report.exports import FORMATS, export
from bench.report.exports.as_csv import text_of
from bench.report.exports.as_json import SCHEMA_VERSION, TABLES, record, schema
from bench.report.exports.as_numbers import named_numbers, numbers
from bench.report.exports.content import Content
from bench.report.exports.frames import STATEMENTS, frame_of
from bench.report.exports.names import distinct, slug
from bench.report.markdown import escaped as markdown_of
from bench.report.plain import plain
from bench.report.text.tex import escaped
from bench.report.values import Value, show_middle
from bench.text import columns
from bench.text.formats import MINUS, THIN
from bench.text.refusals import OneCandidate
from bench.text.sentences import sentence
from tests.helpers import bundles
from tests.helpers.pages import content, files
from tests.helpers.pages import html as html_of

NAMES = [name for name in bundles.ALL if name != "hostile"]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "name", ["classification", "regression", "leave_one_out", "many_sets"]
)
def test_every_score_of_the_page_stands_in_latex_and_markdown(name: str) -> None:
    table = content(name).tables["results"]
    cells = [cell for row in table.rows for cell in row if isinstance(cell, Value)]
    scores = [show_middle(cell) for cell in cells if cell.number is not None]
    assert len(scores) > 2
    tex = files(name)["tables/results.tex"].replace("$-$", MINUS).replace(r"\,", "")
    text = files(name)["tables.md"].replace(THIN, "")
    for value in scores:
        assert escaped(value).replace(r"\,", "").replace("$-$", MINUS) in tex
        assert markdown_of(value.replace(THIN, "")) in text


@pytest.mark.parametrize("name", NAMES)
def test_csv_holds_every_frame_at_full_precision(name: str) -> None:
    bundle = content(name).bundle
    for frame in FRAMES:
        data, file = bundle.frame(frame), f"data/{frame}.csv"
        assert (file in files(name)) == (data.height > 0)
        if data.height == 0:
            continue
        rows = rows_of(files(name)[file])
        assert len(rows) == data.height
        for column, dtype in data.schema.items():
            if dtype == pl.Float64:
                exact = [float(row[column]) if row[column] else None for row in rows]
                assert exact == [
                    x if x is None or math.isfinite(x) else None for x in data[column]
                ]


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_explains_every_file_and_every_column(name: str) -> None:
    readme = files(name)["data/readme.md"]
    for file, text in files(name).items():
        if file.startswith("data/") and file.endswith(".csv"):
            part = readme.split(f"## {file.removeprefix('data/')}\n")[1].split("\n## ")[
                0
            ]
            explained = dict(re.findall(r"^- `(\w+)`: (.*)$", part, flags=re.MULTILINE))
            assert list(explained) == text.split("\n")[0].split(",")
            assert all(explained.values()), (
                file,
                [column for column, words in explained.items() if not words],
            )


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_the_page_is_a_drawing(name: str) -> None:
    html = html_of(name)
    shown = {
        figure.removeprefix("summary-")
        for figure in re.findall(r'<figure id="fig-([^"]+)"', html)
    }
    known = content(name).charts
    assert {slug(figure) for figure in shown} <= set(known)
    assert all(f"figures/{figure}.svg" in files(name) for figure in known)


def test_text_is_text_lists_are_json_and_statements_have_their_sentence() -> None:
    refusal = OneCandidate()
    row = {
        "dataset": "=SUM(A1)",
        "family": "a, b",
        "variant": "-x",
        "code": str(refusal.code),
    }
    rows = [row | {"reasons": encoded([refusal])}, row]
    bundle = bundles.made_of(bundles.study(), unavailable=rows)
    first, second = rows_of(export(bundle, ["csv"])["data/unavailable.csv"])
    assert (first["dataset"], first["family"], first["variant"]) == (
        "'=SUM(A1)",
        "a, b",
        "'-x",
    )
    assert (first["sentence"], second["sentence"]) == (sentence(refusal), "")
    assert decoded(first["reasons"]) == (refusal,)
    assert (
        text_of(pl.DataFrame({"x": [["a", "b"], None], "y": [0.1, math.inf]}))
        == 'x,y\n"[""a"", ""b""]",0.1\n,\n'
    )
    (made, bare) = json.loads(export(bundle, ["json"])["results.json"])["unavailable"]
    assert made["reasons"] == [
        {"code": str(refusal.code), "details": {}, "sentence": sentence(refusal)}
    ]
    assert bare["reasons"] == []


#: Models on one dataset or two whose names TeX cannot hold, or holds as one.
ALIKE = [
    ("d", "α"),
    ("d", "β"),
    ("d", "mlp/sgd"),
    ("d", "mlp-sgd"),
    ("a", "b.c"),
    ("a.b", "c"),
    ("d", "x"),
    ("d", "-"),
]
ALIKE += [("d", "y z"), ("d", "y  z")]


def test_each_number_of_a_manuscript_has_a_name_of_its_own() -> None:
    made = bundles.study()
    rows = [
        {
            "dataset": d,
            "family": f,
            "metric": "accuracy",
            "mean": i / 10,
            "low": i / 10 - 0.01,
            "high": i / 10 + 0.01,
        }
        for i, (d, f) in enumerate(ALIKE)
    ]
    claims = [
        bundles.verdict(one, "exact", "d", "x", f"{i}.0")
        for i, one in enumerate(("α", "β", "γ"))
    ]
    bundle = bundles.made_of(made, estimates=rows, verdicts=claims)
    found = {
        name.removeprefix(f"{made.id}:"): number
        for name, number in named_numbers(bundle).items()
    }
    for part, shift in (("", 0.0), (".low", -0.01), (".high", 0.01)):
        of_part = {
            number.replace(MINUS, "-")
            for name, number in found.items()
            if name.endswith(f".accuracy{part}")
        }
        assert of_part == {f"{i / 10 + shift:.3f}" for i in range(len(ALIKE))}
    read = {re.sub(" +", " ", name) for name in found}  # spaces are one for TeX
    assert len(read) == len(found)
    names = (
        "d.x",
        "d.mlp-sgd",
        "d.-",
        "a.b.c",
        "d.--2",
        "d.--3",
        "d.mlp-sgd-2",
        "a.b.c-2",
    )
    means = [float(found[f"{name}.accuracy"]) for name in names]
    assert means == [0.6, 0.3, 0.7, 0.4, 0.0, 0.1, 0.2, 0.5]
    published = [found[name] for name in found if name.endswith(".published")]
    assert sorted(published) == ["0.0", "1.0", "2.0"]
    head = numbers(Content(bundle))["numbers.tex"]
    assert f"% {made.id}:d.--3: $\\beta$ on d\n" in head
    assert f"% {made.id}:a.b.c: b.c on a\n" in head
    assert f"{made.id}:d.x: " not in head


def test_tables_for_word_processors_have_every_cell_and_no_style_sheet() -> None:
    text = files("classification")["tables.html"]
    assert not re.search(r"<(style|script|link|span|div)|class=", text)
    for table in content("classification").tables.values():
        parts = text.split(f"<h2>{escape(table.caption)}</h2>")[1:]
        rows = [
            [
                [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
                for row in part.split("</table>")[0].split("<tr>")[1:]
            ]
            for part in parts
        ]
        shown = [[plain(cell) for cell in row] for row in (table.columns, *table.rows)]
        assert shown in rows


def test_tex_writes_what_old_fonts_lack() -> None:
    assert escaped(f"{MINUS}0.5 ± 2{THIN}% ≤ τ") == r"$-$0.5 $\pm$ 2\,\% $\leq$ $\tau$"
    assert (
        escaped("Kočí Ångström, naïve œuvre")
        == r"Ko\v{c}\'{i} \r{A}ngstr\"{o}m, na\"{i}ve \oe{}uvre"
    )
    assert escaped("a--b א") == "a-{}-b [U+05D0]"


@pytest.mark.parametrize("name", NAMES)
def test_the_record_is_what_its_schema_says_and_what_the_frames_hold(name: str) -> None:
    read, form = (
        json.loads(files(name)["results.json"]),
        json.loads(files(name)["results.schema.json"]),
    )
    jsonschema.Draft202012Validator.check_schema(form)
    jsonschema.validate(read, form)
    bundle = content(name).bundle
    assert read["schema_version"] == SCHEMA_VERSION
    for frame in TABLES:
        held = frame_of(bundle, frame)
        if not set(STATEMENTS) & set(held.columns):
            assert pl.DataFrame(read[frame], schema=held.schema).equals(held)


def test_each_number_of_a_printed_table_has_its_verdict(tmp_path: Path) -> None:
    project = temporary_project("tables")
    home = project.paths.study("tables")
    scores = {"m": ["a", "b"], "d": ["w", "w"], "v": [0.912, 0.85]}
    frames.write(pl.DataFrame(scores), home / "scores.parquet")
    printed = (("a", "0.912"), ("b", "0.86"), ("a", "0.911"))
    numbers = [{"dataset": "w", "family": f, "value": value} for f, value in printed]
    numbers[2]["where"] = "Table 2"
    absent = ("task", "clean", "preprocess", "protocol", "families", "diagnostics")
    study = dict.fromkeys(absent) | {
        "title": "A table",
        "datasets": {
            "given": {
                "source": {"kind": "parquet", "file": "scores.parquet"},
                "scores": {"family": "m", "dataset": "d", "value": "v"},
                "metric": "accuracy",
            }
        },
        "metrics": {"primary": "accuracy"},
        "claims": [
            {"id": "t", "kind": "printed", "splits": "same", "numbers": numbers}
            | {"where": "Table 1", "read": "source", "metric": "accuracy"}
        ],
    }
    (home / "study.yaml").write_text(json.dumps(study))
    project.run("tables", progress=False)
    stages.export(project, "tables", tmp_path, ["csv", "json", "card"])
    assert "1 of 3 printed numbers" in (tmp_path / "card.html").read_text()
    rows = pl.read_csv(tmp_path / "data" / "printed_numbers.csv")
    assert rows["printed"].to_list() == [0.912, 0.86, 0.911]
    assert rows["ours"].to_list() == [0.912, 0.85, 0.912]
    assert rows["agreement"].to_list() == ["exact", "reproduced", "reproduced"]
    read = json.loads((tmp_path / "results.json").read_text())["printed_numbers"]
    assert [row["agreement"] for row in read] == rows["agreement"].to_list()
    assert [row["table"] for row in read] == ["Table 1", "Table 1", "Table 2"]


def test_the_record_names_the_packages_whose_code_ran() -> None:
    """An installed model that the study does not use ran nothing, and is not named."""
    bundle = bundles.classification()
    names = ("svm", "not_used")
    brought = tuple(
        Extension("bench.families", name, "bench-trees", "2.1", "trees")
        for name in names
    )
    made = replace(bundle, provenance=replace(bundle.provenance, extensions=brought))
    found = json.loads(export(made, ["json"])["results.json"])
    jsonschema.validate(found, schema())
    assert [(one["name"], one["package"]) for one in found["extensions"]] == [
        ("svm", "bench-trees 2.1")
    ]


def test_the_schema_refuses_other_words_and_more_keys() -> None:
    read = record(content("classification"))
    validator = jsonschema.Draft202012Validator(schema())
    assert not list(validator.iter_errors(read))
    read["verdicts"][0] = read["verdicts"][0] | {"agreement": "fine"}
    read["scores"][0] = read["scores"][0] | {"extra": 1}
    assert len(list(validator.iter_errors(read | {"schema_version": 0}))) == 3


def test_a_number_that_is_not_finite_is_null() -> None:
    bundle = bundles.leave_one_out()
    odd = bundle.frame("verdicts").with_columns(
        low=pl.lit(float("-inf")), high=pl.lit(float("nan"))
    )
    made = Bundle(
        bundle.study, dict(bundle.frames) | {"verdicts": odd}, bundle.provenance
    )
    row = json.loads(export(made, ["json"])["results.json"])["verdicts"][0]
    assert (row["low"], row["high"]) == (None, None)


@pytest.mark.parametrize("name", NAMES)
def test_drawings_need_nothing_but_themselves(name: str) -> None:
    for file, text in files(name).items():
        if not file.endswith(".svg"):
            continue
        root = ElementTree.fromstring(text.encode())
        assert re.fullmatch(r"[\d.]+pt", root.get("width", "")), file
        assert root.get("font-family", "").startswith("Helvetica")
        for node in root.iter():
            values = " ".join(node.attrib.values())
            assert not re.search(r"var\(|currentColor|light-dark|%|url\(", values), (
                file,
                values,
            )
            kind = node.tag.rpartition("}")[2]
            if kind in ("rect", "circle", "path", "polygon", "text"):
                assert re.fullmatch(r"#[0-9a-fA-F]{3,6}|none", node.get("fill", "")), (
                    file,
                    node.attrib,
                )
            if kind in ("line", "polyline"):
                assert re.fullmatch(r"#[0-9a-fA-F]{3,6}", node.get("stroke", "")), (
                    file,
                    node.attrib,
                )


def test_file_names_are_distinct() -> None:
    assert slug("scores", "Wine & more", "../x") == "scores-wine-more-x"
    assert slug("od280/od315.v2", ".hidden..") == "od280-od315.v2-hidden"
    assert slug("\u05d0", "/") == "unnamed"
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a-2", "a-3"]


def test_the_command_writes_says_what_and_leaves_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stages, "bundle_of", lambda *_, **__: bundles.leave_one_out())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("kept")
    assert (
        main(["export", "loo", "--to", "out", "--format", "bibtex", "checklist"]) == 0
    )
    assert capsys.readouterr().out.splitlines() == ["out/paper.bib", "out/checklist.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "checklist.md",
        "mine.txt",
        "paper.bib",
    ]
    assert main(["export", "loo", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)["written"]
    assert "exports/loo/tables/claims.tex" in written
    assert all((tmp_path / file).is_file() for file in written)
    assert (tmp_path / "out" / "mine.txt").read_text() == "kept"
    assert main(["export", "loo", "--to", "out/mine.txt"]) == 2
    assert (
        "is a file, expected a folder; nothing was written" in capsys.readouterr().err
    )
    with pytest.raises(SystemExit, match="2"):
        main(["export", "loo", "--format", "latx"])
    assert "did you mean latex?" in capsys.readouterr().err


def test_the_command_knows_every_format() -> None:
    assert tuple(FORMATS) == EXPORTS


def test_every_column_of_every_frame_has_its_meaning() -> None:
    missing = [
        (frame, name)
        for frame, schema in FRAMES.items()
        for name in schema
        if not columns.column(frame, name)
    ]
    assert not missing, "describe these in bench/text/columns.py"
    assert set(FRAMES) <= set(columns.FRAMES)
