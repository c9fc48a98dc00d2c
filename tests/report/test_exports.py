"""Exports: the page's own numbers in every format, forms that other programs read, files that leave others alone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import polars as pl
import pytest

from bench.cli.app import main
from bench.cli.parser import EXPORTS
from bench.core.frames import COMPARISONS
from bench.project import pipeline as stages
from bench.report.bundle import Bundle
from bench.report.charts.svg import Figure, Table, mark, tag
from bench.report.exports import FORMATS, export
from bench.report.exports.as_csv import text_of
from bench.report.exports.as_json import record, schema
from bench.report.exports.as_svg import drawing
from bench.report.exports.content import Content
from bench.report.exports.css import style
from bench.report.exports.names import distinct, slug
from bench.report.page import render
from bench.report.styles import styles_of
from bench.report.text.tex import escaped
from bench.text.formats import MINUS, THIN
from tests.helpers import bundles

CONTENTS = {name: Content(make()) for name, make in bundles.ALL.items() if name != "hostile"}
FILES = {
    name: {file: text for one in FORMATS.values() for file, text in one.files(content).items()}
    for name, content in CONTENTS.items()
}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", ["classification", "regression", "leave_one_out", "many_sets"])
def test_every_score_of_the_page_stands_in_csv_latex_and_markdown(name: str) -> None:
    """What the page prints in the cells of its results is read from its HTML, and looked for cell by cell."""
    bundle = CONTENTS[name].bundle
    html, title = render(bundle), bundle.study.metrics.primary
    panel = html.split('<div data-m="0">')[1].split("</table>")[0]
    page = re.findall(r'<span class="v">([^<]*)</span>', panel)
    assert len(page) > 2
    theirs = sorted(one.replace(MINUS, "-").replace(THIN, "") for one in page)
    rows = rows_of(FILES[name][f"data/results-{title}.csv"])
    own = {style.title for style in styles_of(bundle).families.values()}
    column = list(rows[0])[2]
    assert sorted(row[column] for row in rows if row["Family"] in own) == theirs
    table = FILES[name][f"tables/results-{title}.tex"].replace("$-$", "-").replace(r"\,", "")
    text = FILES[name]["tables.md"].replace(MINUS, "-").replace(THIN, "")
    for value in theirs:
        assert value.replace(">", r"\textgreater{}") in table
        assert value.replace(">", r"\>") in text
    marked = [row for row in rows if row["Not worse than the best"] == "yes"]
    assert FILES[name][f"tables/results-{title}.tex"].split(r"\bottomrule")[0].count(r"$\bullet$") == len(marked)
    assert panel.count('<td class="n tied"') == len(marked)


@pytest.mark.parametrize("name", FILES)
def test_every_table_of_a_figure_is_a_csv_file_and_every_figure_a_drawing(name: str) -> None:
    for figure, one in CONTENTS[name].figures.items():
        drawing = 'role="img"' in one.figure.body  # a square of pairs is a table of the page
        assert (f"figures/{figure}.svg" in FILES[name]) == drawing, figure
        if one.figure.table is not None:
            rows = rows_of(FILES[name][f"data/figure-{figure}.csv"])
            assert len(rows) == len(one.figure.table.rows)
    html = render(CONTENTS[name].bundle)
    drawn = {figure.removeprefix("summary-") for figure in re.findall(r'<figure id="fig-([^"]+)"', html)}
    assert {slug(figure) for figure in drawn} <= set(CONTENTS[name].figures)


def test_printed_numbers_become_numbers_and_text_stays_text() -> None:
    table = Table(
        ("Family", "Difference", "Interval", "Share", "p", "Mixed"),
        (
            ("=SUM(A1)", f"{MINUS}0.6 pp", f"[{MINUS}1.2 pp, +0.3 pp]", f"12.3{THIN}%", "< 0.001", f"1{THIN}234"),
            ("a, b", "+1.2 pp †", "", f"7.0{THIN}%", "0.35", "–"),
            (f"{MINUS}5", "0.0 pp", "[0.1 pp, 0.2 pp]", f"< 1{THIN}%", "–", "-x"),
        ),
    )
    assert text_of(table) == (
        'Family,Difference (pp),"Difference, mark","Interval, low (pp)","Interval, high (pp)",Share,p,Mixed\n'
        f"'=SUM(A1),-0.6,,-1.2,0.3,12.3{THIN}%,< 0.001,1234\n"
        f'"a, b",1.2,†,,,7.0{THIN}%,0.35,\n'
        f"-5,0.0,,0.1,0.2,< 1{THIN}%,,'-x\n"
    )


def test_latex_tables_have_booktabs_rules_and_equal_rows() -> None:
    for name, text in FILES["classification"].items():
        if not name.endswith(".tex"):
            continue
        columns = re.search(r"\\begin\{tabular\}\{([lr]+)\}", text)
        assert columns is not None
        body = text.split(r"\toprule")[1].split(r"\bottomrule")[0]
        rows = [line for line in body.split("\n") if line.endswith(r"\\")]
        assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {len(columns[1])}, name
        assert text.count(r"\midrule") == 1
    claims = FILES["classification"]["tables/claims.tex"]
    assert "Not reproduced: the interval lies outside the tolerance" in claims
    assert r"\label{tab:three-sets-claims}" in claims


def test_tex_writes_what_old_fonts_lack() -> None:
    assert escaped(f"{MINUS}0.5 ± 2{THIN}% ≤ τ") == r"$-$0.5 $\pm$ 2\,\% $\leq$ $\tau$"
    assert escaped("Kočí Ångström, naïve œuvre") == r"Ko\v{c}\'{i} \r{A}ngstr\"{o}m, na\"{i}ve \oe{}uvre"
    assert escaped("a--b א") == "a-{}-b [U+05D0]"


@pytest.mark.parametrize("name", FILES)
def test_the_record_is_what_its_schema_says_and_what_the_frames_hold(name: str) -> None:
    read, form = json.loads(FILES[name]["results.json"]), json.loads(FILES[name]["results.schema.json"])
    jsonschema.Draft202012Validator.check_schema(form)
    jsonschema.validate(read, form)
    bundle = CONTENTS[name].bundle
    assert read["schema_version"] == 2
    for frame in ("scores", "verdicts", *COMPARISONS):
        assert pl.DataFrame(read[frame], schema=bundle.frame(frame).schema).equals(bundle.frame(frame))


def test_the_schema_refuses_other_words_and_more_keys() -> None:
    read = record(CONTENTS["classification"])
    validator = jsonschema.Draft202012Validator(schema())
    assert not list(validator.iter_errors(read))
    read["verdicts"][0] = read["verdicts"][0] | {"verdict": "fine"}
    read["scores"][0] = read["scores"][0] | {"extra": 1}
    assert len(list(validator.iter_errors(read | {"schema_version": 1}))) == 3


def test_a_number_that_is_not_finite_is_null() -> None:
    bundle = bundles.leave_one_out()
    odd = bundle.frame("verdicts").with_columns(low=pl.lit(float("-inf")), high=pl.lit(float("nan")))
    made = Bundle(bundle.study, dict(bundle.frames) | {"verdicts": odd}, bundle.provenance)
    row = json.loads(export(made, ["json"])["results.json"])["verdicts"][0]
    assert (row["low"], row["high"]) == (None, None)


@pytest.mark.parametrize("name", FILES)
def test_drawings_need_nothing_but_themselves(name: str) -> None:
    for file, text in FILES[name].items():
        if not file.endswith(".svg"):
            continue
        root = ElementTree.fromstring(text.encode())
        assert re.fullmatch(r"[\d.]+pt", root.get("width", "")), file
        assert root.get("font-family", "").startswith("Helvetica")
        for node in root.iter():
            values = " ".join(node.attrib.values())
            assert not re.search(r"var\(|currentColor|light-dark|%|url\(", values), (file, values)
            kind = node.tag.rpartition("}")[2]
            if kind in ("rect", "circle", "path", "polygon", "text"):
                assert re.fullmatch(r"#[0-9a-fA-F]{3,6}|none", node.get("fill", "")), (file, node.attrib)
            if kind in ("line", "polyline"):
                assert re.fullmatch(r"#[0-9a-fA-F]{3,6}", node.get("stroke", "")), (file, node.attrib)


def test_the_style_of_the_page_is_read_as_a_browser_reads_it() -> None:
    svm = {"f-svm": "#7A3E12"}
    plot = [("svg", ("plot",))]
    assert style([*plot, ("use", ("f-svm", "mark"))], svm) == {"color": "#7A3E12", "fill": "#7A3E12"}
    hollow = style([*plot, ("use", ("f-svm", "hollow"))], svm)
    assert (hollow["fill"], hollow["stroke"], hollow["stroke-width"]) == ("#ffffff", "#7A3E12", "1.6")
    assert style([*plot, ("text", ("tick",))], {})["fill"] == "#565e6a"
    assert style([*plot, ("rect", ("c1",))], {})["fill"] == "#C2643C"


def test_percent_and_stretched_places_become_points_of_the_drawing() -> None:
    """By hand: 480 wide; a plot of half the width, stretched from 0..100 to 240 by 50, begins at 25 % and 10 down."""
    inner = tag(
        "svg", tag("polyline", points="0,0 100,100", class_="curve ink"), tag("path", d="M10 20h50v10z", class_="d5"),
        viewBox="0 0 100 100", x="25%", y="10", width="50%", height="50",
    )  # fmt: skip
    arc = tag(
        "svg", tag("path", d="M0 0a5 5 0 1 0 10 0z"), viewBox="0 0 100 100", x="25%", y="10", width="50%", height="50"
    )
    body = tag(
        "svg", inner, arc, mark("circle", 50.0, 30.0, "ink"), role="img", height="80", width="100%", aria_label="it"
    )
    text = drawing(Figure("f", "A title", "", body, None), {})
    assert text is not None
    assert 'points="120,10 360,60"' in text
    assert 'd="M144 20h120v5z"' in text
    assert 'd="M0 0a5 5 0 1 0 10 0z" transform="matrix(2.4 0 0 0.5 120 10)"' in text
    assert 'transform="translate(240 30)"' in text
    assert 'width="372pt" height="72pt" viewBox="-8 -8 496 96"' in text
    assert "<title>A title</title><desc>it</desc>" in text


def test_file_names_are_told_apart() -> None:
    assert slug("scores", "Wine & more", "../x") == "scores-wine-more-x"
    assert slug("od280/od315.v2", ".hidden..") == "od280-od315.v2-hidden"
    assert slug("\u05d0", "/") == "unnamed"
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a-2", "a-3"]


def test_the_same_study_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib, json; from tests.helpers import bundles; from bench.report.exports import export; "
        "print(hashlib.sha256(json.dumps(export(bundles.leave_one_out())).encode()).hexdigest())"
    )
    path = str(Path(bundles.__file__).parents[2])
    env = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    here = json.dumps(export(bundles.leave_one_out()))
    assert run.stdout.strip() == hashlib.sha256(here.encode()).hexdigest()


def test_the_command_writes_says_what_and_leaves_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stages, "bundle_of", lambda project, study: bundles.leave_one_out())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("kept")
    assert main(["export", "loo", "--to", "out", "--what", "bibtex", "checklist"]) == 0
    assert capsys.readouterr().out.splitlines() == ["out/paper.bib", "out/checklist.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["checklist.md", "mine.txt", "paper.bib"]
    assert main(["export", "loo", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)["written"]
    assert "exports/loo/tables/claims.tex" in written
    assert all((tmp_path / file).is_file() for file in written)
    assert (tmp_path / "out" / "mine.txt").read_text() == "kept"
    assert main(["export", "loo", "--to", "out/mine.txt"]) == 2
    assert "is a file, expected a folder; nothing was written" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["export", "loo", "--what", "latx"])
    assert "did you mean latex?" in capsys.readouterr().err


def test_the_command_knows_every_format() -> None:
    assert list(FORMATS) == list(EXPORTS)
