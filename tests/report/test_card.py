"""The card, what a run took, and the entry of a paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.core.errors import DataError
from bench.report.bibtex import paper_entry
from bench.report.exports import export
from bench.report.first.headline import headline
from bench.study.cost import FILE, RunCost, cost_of
from bench.study.models import Paper
from tests.helpers import bundles


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
    files = export(bundle, ["card"])
    html, text = files["card.html"], files["card.md"]
    assert "<script" not in html and text.startswith(f"# {headline(bundle)[:4]}")
    assert bundle.provenance.rerun in html and bundle.provenance.rerun in text
    assert files == export(bundle, ["card"])


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
