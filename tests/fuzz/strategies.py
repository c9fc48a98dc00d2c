"""What the fuzz tests draw: cells, tables, texts that are nearly right, study files that are nearly right."""

from __future__ import annotations

import csv
import io
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bench.study.source_map import parse

STUDIES = Path(__file__).parents[2] / "studies"
#: Cells that have broken a reader, a type or a page somewhere.
CELLS = (
    "", " ", "0", "1", "-1", "1.0", "01", "1e5", "1e-300", "1e76", "1e400", "inf", "-inf", "nan", "NaN", "NA", "?",
    "null", "None", "true", "yes", "2020-01-01", "31.12.2020", "20200101", "9007199254740993", "1,5", "1.179", "1_000",
    "a", "A", "a ", "é", "e\u0301", "\u200b", "\u202ea", "<b>", "=1", "'", '"', "#", "%", "\\", "1/2", "😀", "x y",
)  # fmt: skip
NAMES = (
    "x", "y", "Y", "row", "row_", "fold", "repeat", "dataset", "family", "p", "truth", "label", "*", "^x$", "^.*$", "",
    "a.b", "[1]", "<b>", "é", "x y", "file", "draw", "split", "target", "last", "literal", "len", "index", "c1",
)  # fmt: skip
SIGNS = st.sampled_from(
    [
        *CELLS,
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        '"',
        "{",
        "}",
        "@data",
        "@attribute a real",
        "%",
        "\0",
    ]
)

cells = (
    st.sampled_from(CELLS)
    | st.text(max_size=6)
    | st.floats(allow_nan=False).map(repr)
    | st.integers().map(str)
)
soups = st.lists(SIGNS | st.text(max_size=3), max_size=40).map("".join)


@st.composite
def tables(draw: st.DrawFn, least: int = 1) -> list[list[str]]:
    """A header and rows of text, all of one width; names may stand twice."""
    width = draw(st.integers(1, 5))
    header = draw(st.lists(st.sampled_from(NAMES), min_size=width, max_size=width))
    kinds = [draw(st.lists(cells, min_size=1, max_size=4)) for _ in range(width)]
    height = draw(st.integers(least, 24))
    return [
        header,
        *([draw(st.sampled_from(kind)) for kind in kinds] for _ in range(height)),
    ]


def as_csv(table: list[list[str]], separator: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\n").writerows(table)
    return written.getvalue()


@st.composite
def attribute_files(draw: st.DrawFn) -> str:
    """A KEEL or ARFF file that is nearly right."""
    lines = ["@relation r"]
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=4)):
        lines.append(
            f"@attribute {name} {draw(st.sampled_from(['real', 'string', '{a, b}', '{', '', 'date']))}"
        )
    lines += [
        draw(st.sampled_from(["@data", "@outputs y", "@DATA", "% words", ""])),
        "@data",
    ][: draw(st.integers(0, 2))]
    lines += [
        ",".join(row) for row in draw(st.lists(st.lists(cells, max_size=4), max_size=5))
    ]
    return "\n".join(lines)


@cache
def shipped() -> tuple[str, ...]:
    """The texts of the studies of this repository."""
    return tuple(
        file.read_text(encoding="utf-8")
        for file in sorted(STUDIES.glob("*/study.yaml"))
    )


VALUES = st.sampled_from(
    [None, True, False, 0, -1, 1, 10**30, 1.5, float("inf"), "", "x", "0", "a\nb", "\u202e", "../x", "=1", [], {}, [[]],
     {"kind": "kfold"}, ["x", "x"], {"x": 1}, "sklearn.svm.SVC", "os.system", {"kind": "csv", "file": "/etc/passwd"}]
)  # fmt: skip


@st.composite
def changed_studies(draw: st.DrawFn) -> dict[str, Any]:
    """The tree of a shipped study with one to three values changed, added or taken away."""
    tree = deepcopy(parse(draw(st.sampled_from(shipped())), "study.yaml")[0])
    for _ in range(draw(st.integers(1, 3))):
        at: Any = tree
        for _ in range(draw(st.integers(0, 4))):
            inside = [
                value
                for value in (at.values() if isinstance(at, dict) else at)
                if isinstance(value, dict | list)
            ]
            at = draw(st.sampled_from(inside)) if inside else at
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            continue
        key = draw(st.sampled_from(keys))
        how = draw(st.sampled_from(["value", "gone", "renamed"]))
        if how == "value":
            at[key] = deepcopy(draw(VALUES))
        elif how == "gone" or isinstance(at, list):
            del at[key]
        else:
            at[draw(st.text(max_size=5))] = at.pop(key)
    return tree


@st.composite
def changed_texts(draw: st.DrawFn) -> str:
    """The text of a shipped study with pieces cut out, doubled or put in."""
    text = draw(st.sampled_from(shipped()))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        piece = draw(
            st.sampled_from(
                [
                    "",
                    text[start:end] * 2,
                    "\n",
                    "\t",
                    "{",
                    "[",
                    ": ",
                    "- ",
                    "&a ",
                    "*a",
                    "!!x ",
                    "'",
                ]
            )
        )
        text = text[:start] + piece + text[end:]
    return text
