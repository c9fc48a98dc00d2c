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


def glossary() -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The parts of the page under their headings; links of other pages lead to the ids within."""
    yield "How to read a page", tuple(map(Paragraph, HOW_TO_READ))
    terms = (Part(one.title, (Paragraph(one.words),), one.name) for one in every_term())
    yield "Terms", tuple(terms)
    yield "Models", tuple(_models())
    yield "Warnings and notes", tuple(_warnings())


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
