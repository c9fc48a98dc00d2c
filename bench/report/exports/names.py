"""File names from names of a study: small letters, digits and hyphens, whatever the names are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 80


def slug(*parts: str) -> str:
    """One file name without its ending; never empty, never a path.

    >>> slug("scores", "Wine & more", "../x")
    'scores-wine-more-x'
    """
    words = re.sub(r"[^a-z0-9_.]+", "-", "-".join(parts).lower())
    words = re.sub(r"(?<![a-z0-9])\.|\.(?![a-z0-9])", "-", words)
    return re.sub(r"-+", "-", words).strip("-._")[:LONGEST].rstrip("-._") or "unnamed"


def distinct(names: Iterable[str]) -> list[str]:
    """The names, later ones that are there already with a number behind them."""
    taken: set[str] = set()
    found = []
    for name in names:
        new, n = name, 1
        while new in taken:
            n += 1
            new = f"{name}-{n}"
        taken.add(new)
        found.append(new)
    return found
