"""Notebooks as pages: their text and code, and a link to the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "notebooks"


@dataclass(frozen=True)
class NotebookCell:
    """A cell; `kind`: code or markdown."""

    kind: str
    text: str


def cells(file: Path) -> Iterator[NotebookCell]:
    """The cells of a notebook in order."""
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        yield NotebookCell(cell["cell_type"], "".join(cell["source"]))


def pages() -> dict[str, str]:
    """A page of Markdown for each notebook, by its place in the site."""
    return {
        f"notebooks/{file.stem}.md": _page(file)
        for file in sorted(FOLDER.glob("*.ipynb"))
    }


def _page(file: Path) -> str:
    parts = [
        cell.text if cell.kind == "markdown" else f"```python\n{cell.text}\n```"
        for cell in cells(file)
    ]
    return "\n\n".join([*parts, f"[The notebook as a file]({file.name})"]) + "\n"
