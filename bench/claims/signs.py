"""Of the printed differences between two families: how many have the same sign here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from bench.core.judgements import VerdictRow
from bench.stats.noise import kept_decimals
from bench.study import Claim

#: A printed number and ours.
Both = tuple[float, float]


@dataclass(frozen=True)
class Signs:
    """How many comparisons the paper prints by two numbers, and how many point the same way here."""

    comparisons: int
    same: int


def count_signs(rows: Iterable[VerdictRow], claims: Mapping[str, Claim]) -> Signs:
    """Compare each two families of one dataset, metric, side and unit whose printed numbers differ.

    A family that several claims are about counts once, and not at all where they print different numbers: it has no
    one place in an order. A number at a cutoff of its own stands beside no other.
    """
    numbers = _numbers(rows, claims)
    comparisons = same = 0
    for of_families in numbers.values():
        both = [
            found[0]
            for found in of_families.values()
            if len({published for published, _ in found}) == 1
        ]
        for (published, ours), (other_published, other_ours) in combinations(both, 2):
            decimals = kept_decimals(published, other_published)
            printed = round(published - other_published, decimals)
            if printed == 0:
                continue
            comparisons += 1
            same += round(ours - other_ours, decimals) * printed > 0
    return Signs(comparisons, same)


def _numbers(
    rows: Iterable[VerdictRow], claims: Mapping[str, Claim]
) -> dict[tuple[str | None, ...], dict[str, list[Both]]]:
    """Printed numbers and ours by dataset, metric, side and unit, then by family."""
    numbers: dict[tuple[str | None, ...], dict[str, list[Both]]] = {}
    for row in rows:
        claim = claims.get(row.claim)
        if row.kind != "value" or row.family is None:
            continue
        if row.published is None or row.ours is None:
            continue
        side = "test" if claim is None else claim.side
        group = numbers.setdefault((row.dataset, row.metric, side, row.unit), {})
        both = float(row.published), row.ours
        group.setdefault(row.family, []).append(both)
    return numbers
