"""Words of claims that several sections share."""

from __future__ import annotations

from bench.text import formats

#: The heads of our number of claims that compare models without one: of any kind, and of “best of all” alone.
LEAD = "How much better the model named first is"
LEAD_OF_BEST = "How much better the named model is than the best other one"


def lead(*, of_best: bool) -> str:
    """The head of our numbers of claims that compare models; of_best: all of them with the best other one."""
    return LEAD_OF_BEST if of_best else LEAD


def beyond(shown: int) -> str:
    """Which claims the others are, where some are shown."""
    these = "this one" if shown == 1 else f"these {formats.spelled(shown)}"
    return f" beyond {these}" if shown else ""
