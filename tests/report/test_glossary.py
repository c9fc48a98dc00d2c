"""The page of all terms: links lead to it, and each kind of warning has its examples from other studies."""

from __future__ import annotations

import re

import pytest

from bench.core import frames
from bench.families import FAMILIES
from bench.report.bundle import Bundle
from bench.report.page import pages, render_glossary
from bench.report.summary import Summary, summary_of
from bench.report.warnings import warnings_explained
from bench.text.glossary import HOW_TO_READ, every_term
from tests.helpers import bundles
from tests.helpers.pages import Reader
from tests.helpers.sparse import sparse

LINK = re.compile(r'href="((?:\.\./)+)glossary\.html#([^"]+)"')


def warned(severity: str = "warning") -> Bundle:
    """A bundle of which one diagnostic warns, with a number."""
    made, (place, *_) = bundles.classification(), bundles.classification().datasets
    row = {
        "code": "L9",
        "diagnostic": "split_gap",
        "outcome": "found",
        "severity": severity,
        "dataset": place,
    }
    rows = sparse([row | {"estimate": 0.04, "details": None}], frames.FINDINGS)
    return Bundle(made.study, dict(made.frames) | {"findings": rows}, made.provenance)


@pytest.mark.parametrize("name", bundles.ALL)
def test_every_linked_term_is_there(name: str) -> None:
    ids = {
        attrs["id"] for _, attrs in Reader(render_glossary([])).tags if "id" in attrs
    }
    for path, page in pages(bundles.ALL[name]()).items():
        links = LINK.findall(page)
        assert {up for up, _ in links} <= {"../" * (2 if "/" in path else 1)}
        assert {target for _, target in links} <= ids


def test_every_model_has_its_card_on_the_glossary_page() -> None:
    ids = {
        attrs["id"] for _, attrs in Reader(render_glossary([])).tags if "id" in attrs
    }
    assert {f"model-{name}" for name in FAMILIES} <= ids


def test_a_warning_leads_to_what_it_did_elsewhere() -> None:
    assert ("../", "warning-split_gap") in LINK.findall(pages(warned())["index.html"])
    summary = summary_of(warned())
    assert Summary.of_json(summary.as_json()) == summary
    (one,) = (kind for kind in warnings_explained([summary]) if kind.examples)
    ((study, example),) = one.examples
    assert (one.name, study, example.size) == (
        "split_gap",
        summary.id,
        "random folds better by: +4.0 pp",
    )
    assert not any(
        kind.examples for kind in warnings_explained([summary_of(warned("note"))])
    )


def test_terms_are_in_alphabetical_order_and_the_guide_is_short() -> None:
    titles = [term.title.lstrip("† ").casefold() for term in every_term()]
    assert titles == sorted(titles) and len(set(titles)) == len(titles)
    assert len(" ".join(HOW_TO_READ).split()) <= 300
