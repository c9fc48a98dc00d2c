"""The pages: a study, its datasets, all studies, the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count, repeat
from typing import TYPE_CHECKING

from bench.core.spare import lost
from bench.report.all_studies import all_studies, title
from bench.report.blocks import (
    Block,
    Details,
    Part,
    data_of,
    find_figures,
    number_figures,
)
from bench.report.bundle import Bundle, page_name
from bench.report.first.headline import headline
from bench.report.glossary import glossary
from bench.report.html import environment
from bench.report.plain import plain
from bench.report.section import Section
from bench.report.sections import datasets, sections_of, sections_on_a_dataset
from bench.report.sections.overview import overview
from bench.report.styles import styles_of
from bench.report.summary import Summary
from bench.report.text.undrawn import undrawn
from bench.text import formats

if TYPE_CHECKING:
    from bench.comparisons.two_runs import RunDifference


def pages(bundle: Bundle, alone: str = "") -> dict[str, str]:
    """Every page of a study by its path in its folder: `index.html`, and one a dataset where these are apart.

    `alone`: what the study's page is called where no index and no glossary stand beside its folder: then no link leads
    to them.
    """
    names = bundle.datasets if bundle.apart else ()
    apart = {page_name(name): render_dataset(bundle, name, alone) for name in names}
    return {alone or "index.html": render(bundle, alone)} | apart


def render(bundle: Bundle, alone: str = "") -> str:
    """The page of one study: one self-contained HTML file that needs neither network nor JavaScript."""
    sections = [section for section in sections_of(bundle) if section.id != "overview"]
    opened = tuple(overview(bundle))
    return _render("page.html", bundle, headline(bundle), opened, sections, alone)


def render_card(title: str, blocks: tuple[Block, ...]) -> str:
    """The first screen of a study by itself, without a script; its figure has no number and no data."""
    card = environment().get_template("card_page.html")
    return card.render(title=title, blocks=number_figures(blocks, repeat(0)))


def render_dataset(bundle: Bundle, dataset: str, alone: str = "") -> str:
    """The page of one dataset of a study, as self-contained as the study's."""
    own = bundle.on(dataset)
    title = styles_of(own).dataset(dataset)
    opened = datasets.opening(bundle, dataset, own)
    return _render("dataset.html", own, title, opened, sections_on_a_dataset(), alone)


def _render(
    template: str,
    bundle: Bundle,
    title: str,
    opened: Iterable[Block],
    sections: Iterable[Section],
    alone: str,
) -> str:
    study, numbers = bundle.study.id, count(1)
    opening = number_figures(opened, numbers)
    shown, absent = [], []
    for section in sections:
        try:
            blocks = number_figures(section.view(bundle), numbers)
        except Exception as error:
            absent.append((section.title, undrawn(lost(section.title, error))))
            continue
        if blocks:
            shown.append((section, blocks))
    inside = [block for _, blocks in shown for block in blocks]
    beside = "../../" if template == "dataset.html" else "../"
    page = environment().get_template(template)
    return page.render(
        study=study,
        title=title,
        opening=opening,
        results=formats.fingerprint(bundle.results_sha256),
        sections=shown,
        figures=list_numbers([*opening, *inside]),
        absent=absent,
        up="" if alone else beside,
        home=alone or "index.html",
        hues=styles_of(bundle).hues,
        foot=re.sub(r"[^\w.-]", " ", study, flags=re.ASCII),
    )


def list_numbers(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The numbers of all figures within blocks, in one fold; nothing without a figure."""
    parts = []
    for figure in find_figures(blocks):
        table = data_of(figure)
        table = replace(table, caption=table.caption or plain(figure.result))
        title = f"Figure {figure.number}"
        parts.append(Part(title, (table,), f"data-{figure.id}"))
    return (Details("Every figure", tuple(parts)),) if parts else ()


def render_index(summaries: list[Summary]) -> str:
    """The page over all studies."""
    return _beside("studies", title(summaries), all_studies(summaries))


def render_glossary() -> str:
    """The page of all terms, models and kinds of warnings."""
    return _beside("terms", "Glossary", glossary(), up=True)


def _beside(
    kind: str,
    title: str,
    parts: Iterable[tuple[str, tuple[Block, ...]]],
    up: bool = False,
) -> str:
    """A page of no single study."""
    template = environment().get_template("index.html")
    return template.render(kind=kind, title=title, parts=parts, up=up)


def render_two_runs(difference: RunDifference) -> str:
    """The page of two runs that were compared."""
    from bench.report.two_runs import compare_runs, title  # no other page is of them

    template = environment().get_template("two_runs.html")
    return template.render(title=title(difference), blocks=compare_runs(difference))
