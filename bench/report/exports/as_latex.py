"""LaTeX: every table by itself, ready for `\\input`, with booktabs and its marks explained under it, and never
wider than the text. Plain ASCII."""

from __future__ import annotations

from bench.report.exports.content import Content, ExportFormat
from bench.report.latex import write_latex
from bench.report.text import exports as text


def latex(content: Content) -> dict[str, str]:
    """Texts by file name under tables/."""
    bundle = content.bundle
    made = (
        f"% {text.made(bundle.study.id, bundle.results_sha256)} {text.NEEDS_PACKAGES}\n"
    )
    return {
        f"tables/{name}.tex": made + write_latex(table, f"tab:{bundle.study.id}-{name}")
        for name, table in content.tables.items()
    }


FORMAT = ExportFormat("latex", latex)
