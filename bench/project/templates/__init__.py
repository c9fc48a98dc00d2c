"""The texts of files that a project holds, and of the card of a result; what changes stands in `[[ ]]`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: Words that readers of YAML may take for something else.
_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}


def flow(value: object) -> str:
    """A value as YAML in one line: plain words as they are, all else as JSON, which is YAML.

    >>> flow({"kind": "csv", "separator": ";", "seeds": (1, None)})
    '{kind: csv, separator: ";", seeds: [1, null]}'
    """
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    word = isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w./-]*", value, re.ASCII)
    return (
        str(value)
        if word and str(value).lower() not in _WORDS
        else json.dumps(value, ensure_ascii=False)
    )


def _in_line(value: object) -> str:
    """What ends no line: a name in a comment writes no key."""
    return re.sub(r"[\n\r\v\f\x85\u2028\u2029]+", " ", str(value))


def filled(name: str, **values: Any) -> str:
    """A file of this folder with values in it; those of an HTML file are escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(),
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=_in_line if name.endswith(".yaml") else None,
    )
    environment.filters["flow"] = flow
    return environment.get_template(name).render(values)
