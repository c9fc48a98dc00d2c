"""The texts of files that a project holds, and of the card of a result; what changes stands in `[[ ]]`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def _in_line(value: Any) -> Any:
    """A value that ends no line: a name in a comment writes no key."""
    return re.sub(r"[\n\r\v\f\x85\u2028\u2029]+", " ", value) if isinstance(value, str) else value


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
    return environment.get_template(name).render(values)
