"""The notebooks of the documentation: valid files without outputs, whose cells run in order from the top."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docs.hooks import notebooks

FILES = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def ran() -> dict[str, dict[str, Any]]:
    """What each notebook leaves behind, by its name."""
    left = {}
    for file in FILES:
        names: dict[str, Any] = {}
        for number, cell in enumerate(notebooks.cells(file)):
            if cell.kind == "code":
                exec(compile(cell.text, f"{file.name}[{number}]", "exec"), names)
        left[file.stem] = names
    return left


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_holds_no_outputs(file: Path) -> None:
    whole = json.loads(file.read_text(encoding="utf-8"))
    assert (whole["nbformat"], whole["metadata"]["language_info"]["name"]) == (
        4,
        "python",
    )
    ids = [cell["id"] for cell in whole["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(
        not cell["outputs"] and cell["execution_count"] is None
        for cell in whole["cells"]
        if "outputs" in cell
    )


def test_the_notebook_finds_what_it_says(ran: dict[str, dict[str, Any]]) -> None:
    names = ran["bench-in-a-notebook"]
    assert names["result"].estimates.height == 4
    assert (
        "illegitimate_features"
        in names["leaky"].findings.filter(outcome="found")["diagnostic"].to_list()
    )
    assert (names["verdict"].agreement, names["verdict"].settle) == (
        "fits",
        "repeats",
    )


def test_its_page_has_every_cell() -> None:
    (page,) = notebooks.pages().values()
    assert page.count("```python") == sum(
        cell.kind == "code" for cell in notebooks.cells(FILES[0])
    )
    assert page.startswith("# ")
