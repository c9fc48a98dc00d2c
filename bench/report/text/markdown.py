"""Text for Markdown: names are text, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bench.core.text import one_line

#: What means something to Markdown, to HTML inside it, to the mathematics or the templates of those who show it.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$&!^])")
#: At the beginning of a line.
_FIRST = re.compile(r"^([-+=]+|\d+[.)])(?=\s|$)")


def escaped(text: object) -> str:
    """One line of text that Markdown shows as it is.

    >>> escaped("a_b | <i>"), escaped("- 1")
    ('a\\\\_b \\\\| \\\\<i\\\\>', '\\\\- 1')
    """
    flat = one_line(text)
    return _FIRST.sub(
        lambda found: f"{found[1][:-1]}\\{found[1][-1]}", _SIGNS.sub(r"\\\1", flat)
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
