"""The page of all terms: links lead to it."""

from __future__ import annotations

import re

import pytest

from bench.families import FAMILIES
from bench.report.page import pages, render_glossary
from bench.text.glossary import HOW_TO_READ, every_term
from tests.helpers import bundles
from tests.helpers.pages import Reader

LINK = re.compile(r'href="((?:\.\./)+)glossary\.html#([^"]+)"')


@pytest.mark.parametrize("name", bundles.ALL)
def test_every_linked_term_is_there(name: str) -> None:
    ids = {attrs["id"] for _, attrs in Reader(render_glossary()).tags if "id" in attrs}
    for path, page in pages(bundles.ALL[name]()).items():
        links = LINK.findall(page)
        assert {up for up, _ in links} <= {"../" * (2 if "/" in path else 1)}
        assert {target for _, target in links} <= ids


def test_every_model_has_its_card_on_the_glossary_page() -> None:
    ids = {attrs["id"] for _, attrs in Reader(render_glossary()).tags if "id" in attrs}
    assert {f"model-{name}" for name in FAMILIES} <= ids


def test_terms_are_in_alphabetical_order_and_the_guide_is_short() -> None:
    titles = [term.title.lstrip("† ").casefold() for term in every_term()]
    assert titles == sorted(titles) and len(set(titles)) == len(titles)
    assert len(" ".join(HOW_TO_READ).split()) <= 300
