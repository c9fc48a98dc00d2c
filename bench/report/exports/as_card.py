"""The card: the first screen of the page by itself, as HTML (a browser prints it as PDF) and as Markdown."""

from __future__ import annotations

from bench.report.exports.content import Content, ExportFormat
from bench.report.first.headline import headline
from bench.report.markdown import escaped, write_markdown
from bench.report.page import render_card


def card(content: Content) -> dict[str, str]:
    """card.html and card.md."""
    title, blocks = headline(content.bundle), content.sections["overview"]
    return {
        "card.html": render_card(title, blocks),
        "card.md": f"# {escaped(title)}\n\n{write_markdown(blocks)}\n",
    }


FORMAT = ExportFormat("card", card)
