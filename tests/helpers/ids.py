"""Names of parametrized tests that are the same in every process."""

from __future__ import annotations

import re


def same_everywhere(value: object) -> str:
    """`repr(value)` without addresses in memory.

    >>> same_everywhere({"p": 1})
    "{'p': 1}"
    """
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", repr(value))
