"""From p-values of all pairs to words: who cannot be told from whom, and from the best.

Source: cliques of the graph of undecided pairs, as the bars of Demšar's (2006) diagrams but for any test; Hsu (1984)
for the set of families that may be the best.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bench.stats.adjust import checked_p


@dataclass(frozen=True)
class TieGroups:
    """Groups of families that no test tells apart, members best first, groups by their best member.

    A group is as large as can be; a family told from all others is a group of its own; groups may overlap. with_best:
    the best family and those not told from it, best first.
    """

    groups: tuple[tuple[int, ...], ...]
    with_best: tuple[int, ...]


def tie_groups(p: np.ndarray, order: Sequence[int], *, alpha: float) -> TieGroups:
    """The groups of k = len(order) families that tests at level alpha leave together.

    p: adjusted p-values in the order of itertools.combinations(range(k), 2); a pair is told apart when p < alpha (give
    0 for a pair that was not tested: no test leaves it together). order: the numbers 0..k-1, best first. "Not told
    apart" is absence of evidence, not equality. Raises ValueError for p of another length or outside [0, 1], and for an
    order that is none.

    >>> tie_groups(np.array([0.20, 0.01, 0.30]), [0, 1, 2], alpha=0.05).groups   # only 0 and 2 are told apart
    ((0, 1), (1, 2))
    """
    k = len(order)
    if sorted(order) != list(range(k)) or k < 2 or not 0 < alpha < 1:
        raise ValueError(
            f"order {list(order)}, alpha {alpha}: expected the numbers 0 to k - 1, best first, alpha in (0, 1)"
        )
    together: dict[int, set[int]] = {i: set() for i in range(k)}
    for (i, j), one in zip(combinations(range(k), 2), checked_p(p, k), strict=True):
        if one >= alpha:
            together[i].add(j)
            together[j].add(i)
    place = {family: at for at, family in enumerate(order)}
    found = [
        tuple(sorted(group, key=place.__getitem__))
        for group in _cliques(together, set(), set(range(k)), set())
    ]
    best = order[0]
    near = tuple(
        family for family in order if family == best or family in together[best]
    )
    return TieGroups(
        tuple(sorted(found, key=lambda group: [place[i] for i in group])), near
    )


def _cliques(
    edges: dict[int, set[int]], group: set[int], open_: set[int], done: set[int]
) -> Iterator[set[int]]:
    """Every set of nodes, all joined, that no further node can join (Bron & Kerbosch 1973, with a pivot)."""
    if not open_ and not done:
        yield group
        return
    pivot = max(open_ | done, key=lambda node: len(edges[node] & open_))
    for node in sorted(open_ - edges[pivot]):
        yield from _cliques(
            edges, group | {node}, open_ & edges[node], done & edges[node]
        )
        open_, done = open_ - {node}, done | {node}
