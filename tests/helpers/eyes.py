"""What a page looks like to Chromium: axe's view of it, its pages on paper, and itself without JavaScript."""

from __future__ import annotations

import re
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    "",
)
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"
#: What a page must do with: its own style, and nothing else from anywhere.
STRICT = "default-src 'none'; style-src 'unsafe-inline'"
#: Each figure gets a link as large as itself: a PDF says on which pages every piece of it lies.
LINKED = """document.querySelectorAll('figure').forEach((f, i) => {
  const a = document.createElement('a');
  f.style.position = 'relative';
  a.href = `https://figure.invalid/${i}/${f.id || f.textContent.trim().slice(0, 30)}`;
  a.style.cssText = 'position:absolute;inset:0;display:block';
  f.append(a);
})"""
#: What a reader can see of a page, without what only a script can offer.
SEEN = """[...document.querySelectorAll('main > section, body.index main')].map(s => {
  const extras = [...s.querySelectorAll('.perma, .copier, .filter, .reader, .live, a + .sort')];
  extras.forEach(e => e.style.setProperty('display', 'none', 'important'));
  const said = s.innerText.replace(/\\s+/g, ' ').trim();
  extras.forEach(e => e.style.removeProperty('display'));
  return said;
})"""


def violations(page: Any, place: str | None = None, **options: Any) -> list[Any]:
    """What axe finds on the page as it is, or in one place of it; `options` name its rules."""
    from axe_playwright_python.sync_playwright import Axe

    found = (
        Axe()
        .run(page, context=place, options={"resultTypes": ["violations"]} | options)
        .response["violations"]
    )
    return [
        (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0].get("failureSummary"))
        for v in found
    ]


@dataclass(frozen=True)
class Printed:
    """A PDF of Chromium, read without a library: what is painted on each page, its size in points, its links."""

    paint: tuple[bytes, ...]
    sizes: tuple[tuple[int, int], ...]
    links: tuple[frozenset[str], ...]

    @property
    def torn(self) -> list[str]:
        """Figures with a piece on more than one page; the page was `LINKED` before it was printed."""
        found: dict[str, int] = {}
        for links in self.links:
            for link in links:
                if "figure.invalid/" in link:
                    found[link] = found.get(link, 0) + 1
        return [
            link.partition("figure.invalid/")[2]
            for link, pages in found.items()
            if pages > 1
        ]


def printed(page: Any) -> Printed:
    """The page on paper, as its style asks for."""
    return read_pdf(page.pdf(prefer_css_page_size=True))


def read_pdf(pdf: bytes) -> Printed:
    """What Skia wrote: objects in plain text, contents compressed, one after the other."""
    starts = {int(m[1]): m.end() for m in re.finditer(rb"(?:^|\n)(\d+) 0 obj\b", pdf)}
    sheets = [
        body
        for body in (_body(pdf, start) for start in starts.values())
        if re.search(rb"/Type\s*/Page\b", body)
    ]
    paint, sizes, links = [], [], []
    for sheet in sheets:
        contents = re.search(rb"/Contents (\d+) 0 R", sheet)
        paint.append(_stream(pdf, starts[int(contents[1])]) if contents else b"")
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
        sizes.append((round(float(box[1])), round(float(box[2]))) if box else (0, 0))
        noted = re.search(rb"/Annots \[(.*?)\]\s*/", sheet + b"/", re.DOTALL)
        owned = (
            [_body(pdf, starts[int(n)]) for n in re.findall(rb"(\d+) 0 R", noted[1])]
            if noted
            else []
        )
        said = b"".join([sheet, *owned])
        links.append(
            frozenset(
                uri.decode("latin-1")
                for uri in re.findall(rb"/URI \(((?:\\.|[^)\\])*)\)", said)
            )
        )
    return Printed(tuple(paint), tuple(sizes), tuple(links))


def _body(pdf: bytes, start: int) -> bytes:
    end, stream = pdf.find(b"endobj", start), pdf.find(b"stream\n", start)
    return pdf[start : min(end, stream) if stream >= 0 else end]


def _stream(pdf: bytes, start: int) -> bytes:
    opened = pdf.index(b"stream\n", start) + len(b"stream\n")
    if b"/FlateDecode" in _body(pdf, start):
        return zlib.decompressobj().decompress(pdf[opened:])
    return pdf[opened : pdf.index(b"endstream", opened)]


def bare(file: Path) -> str:
    """The page's text under the strictest policy that its style survives, instead of its own."""
    text = file.read_text(encoding="utf-8")
    changed = re.sub(
        r'(http-equiv="Content-Security-Policy" content=")[^"]*',
        rf"\g<1>{STRICT}",
        text,
        count=1,
    )
    assert changed != text
    return changed
