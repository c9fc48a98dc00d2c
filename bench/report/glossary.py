"""The page of all terms, models and kinds of warnings."""

from __future__ import annotations

from collections.abc import Iterator

from bench.diagnose import DIAGNOSTICS, title_of
from bench.families import FAMILIES
from bench.report.blocks import (
    Block,
    Details,
    Facts,
    Paragraph,
    Part,
)
from bench.report.terms import with_code
from bench.text.glossary import HOW_TO_READ, every_term


def glossary() -> Iterator[Block]:
    """The blocks of the page; links of other pages lead to the ids of its parts."""
    yield Details("How to read a page", tuple(map(Paragraph, HOW_TO_READ)))
    for term in every_term():
        yield Part(term.title, (Paragraph(term.words),), term.name)
    yield Part("Models", tuple(_models()), "models")
    yield Part("Warnings and notes", tuple(_warnings()), "warnings")


def _models() -> Iterator[Block]:
    families = FAMILIES.values()
    for one in sorted(families, key=lambda one: (one.title.casefold(), one.name)):
        knobs = tuple((name, words) for name, words in one.knobs.items())
        blocks: tuple[Block, ...] = (
            Paragraph(one.how),
            Facts((("When it fails", one.fails), *knobs)),
            Paragraph(f"Default candidates: {one.source}"),
        )
        yield Details(one.title, blocks, f"model-{one.name}")


def _warnings() -> Iterator[Block]:
    yield Paragraph("Of studies without a fault, at most one in ten gets a warning.")
    explained = {name: one for name, one in DIAGNOSTICS.items() if one.why}
    for name in sorted(explained, key=title_of):
        one = explained[name]
        why = Paragraph(with_code(f"{one.why} {one.what_to_do}"))
        blocks = (Paragraph(one.question), why)
        yield Details(title_of(name), blocks, f"warning-{name}")
