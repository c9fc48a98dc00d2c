"""What the claims of a study say together."""

from __future__ import annotations

from bench.text import formats

#: The head of the table of all claims.
HEAD = ("All claims together", "Result")
HOLD = {False: "Exact, reproduced or agreeing", True: "As expected"}
DIFFER = "Differ"
OPEN = "Open"
REFUTED = "Refuted, of those that a test could refute"
SIGNS = "Comparisons of two models that point the same way as printed"


def of_all(count: int, total: int) -> str:
    """`3 of 4`."""
    return f"{count} of {total}"


def refuted(count: int, total: int, after_holm: int) -> str:
    """`3 of 40; after Holm 1`."""
    if count == 0:
        return of_all(count, total)
    return f"{of_all(count, total)}; after Holm {formats.count(after_holm)}"
