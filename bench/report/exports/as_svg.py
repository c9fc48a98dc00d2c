"""Every figure of a page as a drawing by itself: light, with plain colours and named fonts."""

from __future__ import annotations

from bench.report.draw import draw_alone
from bench.report.exports.content import Content, ExportFormat
from bench.report.plain import plain
from bench.report.styles import CLASS_HUES, styles_of


def drawings(content: Content) -> dict[str, str]:
    """Texts by file name under figures/."""
    hues = {name: light for name, light, _ in styles_of(content.bundle).hues}
    hues |= {f"c{i}": light for i, (light, _) in enumerate(CLASS_HUES)}
    return {
        f"figures/{name}.svg": draw_alone(
            one.charts,
            f"Figure {one.number}. {plain(one.result)}",
            plain(one.marks),
            hues,
        )
        for name, one in content.charts.items()
    }


FORMAT = ExportFormat("svg", drawings)
