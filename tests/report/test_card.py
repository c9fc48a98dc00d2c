"""The first screen: the claims in its table, how the rest went, and what is exported of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.core.errors import DataError
from bench.report.bundle import Bundle
from bench.report.exports import export
from bench.report.page import render
from bench.report.sections.cite import paper_entry
from bench.report.sections.overview import Overview, overview
from bench.report.text.overview import cost
from bench.study.cost import FILE, RunCost, cost_of
from bench.study.models import Paper
from tests.helpers import bundles
from tests.helpers.pages import figures
from tests.report.text.test_headline import TWO, alarm, claimed


def facts(shown: Overview) -> dict[str, str]:
    return {fact.label: fact.text for fact in shown.facts}


def test_the_table_has_the_first_central_claims_whatever_came_out_and_what_is_refuted() -> (
    None
):
    central = {"central": True}
    bundle = claimed(
        central | {"mark": "off"}, central | {"mark": "exact"}, central | {"mark": "fits"},
        central | {"mark": "exact"}, {"mark": "exact"}, {"mark": "not_reproduced"}, {"mark": "missing"},
    )  # fmt: skip
    shown = overview(bundle)
    assert [row.id for row in shown.table.rows] == ["c0", "c1", "c2", "c3", "c5"]
    assert (
        shown.others
        == "All 6 attempted claims: 3 exact, 1 fits, 1 off, 1 not reproduced."
    )
    assert shown.left == "1 claim not judged"


def test_a_central_claim_is_a_row_whatever_its_evidence_and_whether_it_was_judged() -> (
    None
):
    """Behind those on better evidence; a claim that was not judged says so, with the reason."""
    weak = {"doubt": "other_method", "row": {"evidence": "weak"}}
    bundle = claimed(
        {"mark": "missing", "central": True},
        {"mark": "off", "central": True} | weak,
        {"mark": "exact"},
    )
    rows = overview(bundle).table.rows
    assert [(row.id, row.mark) for row in rows] == [
        ("c1", "off"),
        ("c0", "missing"),
        ("c2", "exact"),
    ]
    assert rows[1].beside and not rows[1].follows


def test_a_row_has_both_numbers_difference_agreement_and_evidence() -> None:
    weak = {"mark": "fits", "doubt": "other_method", "row": {"evidence": "weak"}}
    table = overview(claimed(weak)).table
    (row,) = table.rows
    assert [text.replace("\u202f", " ") for text in (row.published, row.ours)] == [
        "95.0 %",
        "95.80 %",
    ]
    assert (row.difference, row.interval) == ("+0.80 pp", "[0.20, 1.40]")
    assert (row.mark, row.follows) == ("fits", "●○○ loosely (a)")
    assert table.foot == "a: another method."


def test_a_comparison_is_in_percentage_points_and_has_no_published_number() -> None:
    pair = {
        "kind": "better",
        "family": "svm",
        "against": "random_forest",
        "mark": "reproduced",
    }
    table = overview(
        claimed(pair | {"row": {"low_refute": 0.01, "high_refute": 0.03}})
    ).table
    (row,) = table.rows
    assert (row.difference, row.interval, table.head.published) == (
        "+2.0 pp",
        "[1.0, 3.0]",
        "",
    )
    percent = {
        "unit": "percent",
        "ours": 9.3,
        "low_refute": 8.9,
        "high_refute": 9.6,
        "tolerance": 0.5,
    }
    (row,) = overview(claimed(pair | {"row": percent})).table.rows
    assert (row.difference, row.interval) == ("+9.3 pp", "[8.9, 9.6]")


def test_a_study_of_models_shows_them_with_their_distance_from_the_best() -> None:
    shown = overview(bundles.regression())
    assert shown.use and shown.table.rows[0].word not in {
        row.word for row in shown.table.rows[1:]
    }
    assert all("<svg" in row.drawn for row in shown.table.rows[1:] if row.interval)


def test_planted_faults_are_rows() -> None:
    made = bundles.study(
        datasets=TWO, planted={"wine": "duplicates_across", "sonar": "file_order"}
    )
    rows = overview(
        bundles.made_of(made, findings=[alarm("wine", "duplicates_across")])
    ).table.rows
    assert [(row.what, row.ours) for row in rows] == [
        ("Wine", "✓ found"),
        ("Sonar", "✕ not found"),
    ]


def with_cost(bundle: Bundle, results: str) -> Bundle:
    cost = RunCost(results, 712, 299.3, 2, "Linux x86_64", "3.11.7", "2026-11-26")
    return replace(bundle, provenance=replace(bundle.provenance, cost=cost))


def test_what_a_run_took_is_of_the_results_that_it_names() -> None:
    bundle = claimed({})
    assert f"bench cost {bundle.study.id}" in facts(overview(bundle))["Run"]
    said = facts(overview(with_cost(bundle, bundle.results_sha256)))
    assert figures(said["Run"])[:2] == ["5", "2"] and said["Run"].endswith("2026-11-26")
    other = cost(RunCost("a", 712, 1, 1, "", "", ""), "a", 12, "wine")
    assert figures(other)[0] == "12" and "712" not in other
    assert "2026-11-26" in said["Data"]
    earlier = facts(overview(with_cost(bundle, "ab" * 32)))["Run"]
    assert figures(earlier) == figures(said["Run"]) and earlier != said["Run"]


def test_the_record_of_a_run_is_read_as_it_was_written_or_refused(
    tmp_path: Path,
) -> None:
    cost = RunCost("ab" * 32, 3, 0.5, 2, "Linux x86_64", "3.11.7", "2026-11-26")
    assert cost_of(tmp_path) is None
    (tmp_path / FILE).write_bytes(cost.text)
    assert cost_of(tmp_path) == cost
    (tmp_path / FILE).write_text('{"fits": 3}')
    with pytest.raises(DataError, match="bench cost"):
        cost_of(tmp_path)


def test_the_card_by_itself_is_one_content_in_two_forms() -> None:
    bundle = bundles.classification()
    files, shown = export(bundle, ["card"]), overview(bundle)
    html, text = files["card.html"], files["card.md"]
    assert "<script" not in html and '<a href="#' not in html
    for row in shown.table.rows:
        assert row.ours in html and row.ours.replace("−", "−") in text.replace("\\", "")
    assert shown.rerun in html and text.startswith("# ")
    assert files == export(bundle, ["card"])


def test_a_card_links_only_to_sections_that_are_there() -> None:
    page = render(claimed({}))
    assert 'href="#claim-c0"' in page and 'href="#preregistration"' not in page


def test_the_entry_of_a_paper_has_the_keys_of_the_study() -> None:
    paper = Paper(
        citation="X",
        year=1999,
        title="Trees & shrubs",
        authors=("Ångström, B.", "C, D."),
        published_in="J 2, 3-4",
        doi="10.1/x",
        url="https://example.org",
    )
    assert paper_entry(paper, "study").splitlines() == [
        "@misc{angstrom1999trees,",
        r"  author = {\r{A}ngstr\"{o}m, B. and C, D.},",
        r"  title = {{Trees \& shrubs}},",
        "  howpublished = {J 2, 3-4},",
        "  year = {1999},",
        "  doi = {10.1/x},",
        "}",
    ]


def test_without_a_title_the_citation_is_a_note() -> None:
    entry = paper_entry(Paper(citation="Team (1999). A report.", year=1999), "study")
    assert entry.splitlines() == [
        "@misc{study,",
        "  note = {Team (1999). A report.},",
        "  year = {1999},",
        "}",
    ]


def test_our_studies_name_authors_title_and_place_as_their_citations_do() -> None:
    for file in Path(__file__).parents[2].glob("studies/*/study.yaml"):
        paper = YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("paper")
        if paper:
            parts = [*paper["authors"], paper["title"], paper["published_in"]]
            assert all(part in paper["citation"] for part in parts), file
