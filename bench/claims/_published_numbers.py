"""Published numbers beside ours: order and closeness, sizes of effects, and the results under other tolerances."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl

from bench.core.judgements import Agreement, VerdictRow
from bench.core.replication import EffectRow, NumbersRow, ToleranceRow, UndefinedReason
from bench.stats.agreement import concordance, kendall_tau_b
from bench.stats.noise import kept_decimals, without_noise
from bench.study import Claim

#: What numbers must share to be counted together: metric, side and unit.
NumberGroup = tuple[str | None, str, str | None]


@dataclass(frozen=True, kw_only=True)
class JudgedClaim(VerdictRow):
    """A row of judgements.VERDICTS, of its dataset where the study has one alone, with its claim.

    `table` is the first dataset with the same rows, empty for a claim on all datasets: claims of one table go together.
    `number`: the published one, where it is one. `made`: the claim as the study has it.
    """

    side: str
    table: str
    number: float | None
    made: Claim | None

    @property
    def number_group(self) -> NumberGroup:
        return self.metric, self.side, self.unit


def tables_of(claims: Iterable[JudgedClaim]) -> int:
    """How many tables these claims are on; those on all datasets count as one."""
    return len({claim.table for claim in claims})


#: Of two numbers the order agrees or it does not: a rank correlation needs three.
FEWEST = 3


@dataclass(frozen=True)
class PublishedNumber:
    """What the paper and we have for one family on one dataset, in the claim's unit.

    A family that several claims are about counts once; first: of these claims; claims: how many there are.
    """

    first: JudgedClaim
    published: float
    ours: float
    claims: int


@dataclass(frozen=True)
class Coefficient:
    """A coefficient, or why it does not exist."""

    value: float | None = None
    undefined: UndefinedReason | None = None


def numbers_of(claims: list[JudgedClaim]) -> list[PublishedNumber]:
    """One number a dataset and family, in the order in which they are first met.

    Left out are claims without two numbers, and a family with several published ones: it has no one place in an order.
    """
    groups: dict[tuple[str, str | None], list[tuple[JudgedClaim, float, float]]] = {}
    for one in claims:
        if one.number is not None and one.ours is not None:
            groups.setdefault((one.dataset or "", one.family), []).append(
                (one, one.number, one.ours)
            )
    numbers = []
    for same in groups.values():
        first, published, ours = same[0]
        if all(other == published for _, other, _ in same):
            numbers.append(PublishedNumber(first, published, ours, len(same)))
    return numbers


def number_rows(
    group: NumberGroup, numbers: list[PublishedNumber], effects: list[EffectRow]
) -> list[NumbersRow]:
    """Kendall's tau-b over all numbers, within datasets and on each, Lin's concordance, and how the effects lie."""
    published, ours = (
        np.array([getattr(one, name) for one in numbers])
        for name in ("published", "ours")
    )
    places, tables = (
        np.array([one.first.dataset or "" for one in numbers]),
        tables_of(one.first for one in numbers),
    )
    metric, side, unit = group
    tau, close = (
        _tau(published, ours),
        _coefficient(len(numbers), lambda: concordance(published, ours)),
    )
    within = (
        Coefficient(undefined=UndefinedReason.ONE_DATASET)
        if tables < 2
        else _tau(published, ours, places)
    )
    whole = NumbersRow(
        metric=metric, side=side, unit=unit, numbers=len(numbers), datasets=tables,
        tau=tau.value, tau_undefined=tau.undefined, tau_within=within.value, tau_within_undefined=within.undefined,
        concordance=close.value, concordance_undefined=close.undefined,
    )  # fmt: skip
    rows = [_with_effects(whole, effects)]
    for place in dict.fromkeys(places.tolist()) if tables > 1 else ():
        here = places == place
        if here.sum() > 1:
            tau = _tau(published[here], ours[here])
            rows.append(
                NumbersRow(
                    metric=metric, side=side, unit=unit, dataset=place or None, numbers=int(here.sum()), datasets=1,
                    tau=tau.value, tau_undefined=tau.undefined,
                )
            )  # fmt: skip
    return rows


def _tau(x: np.ndarray, y: np.ndarray, within: np.ndarray | None = None) -> Coefficient:
    pairs_within = (
        None if within is None else ((within[:, None] == within).sum() - len(x)) // 2
    )
    if pairs_within is not None and pairs_within < FEWEST:
        return Coefficient(undefined=UndefinedReason.TOO_FEW)
    return _coefficient(len(x), lambda: kendall_tau_b(x, y, within))


def _coefficient(numbers: int, compute: Callable[[], float]) -> Coefficient:
    if numbers < FEWEST:
        return Coefficient(undefined=UndefinedReason.TOO_FEW)
    try:
        return Coefficient(compute())
    except ValueError:
        return Coefficient(undefined=UndefinedReason.CONSTANT)


def _with_effects(row: NumbersRow, effects: list[EffectRow]) -> NumbersRow:
    row = replace(
        row,
        effects=len(effects),
        effect_datasets=len({effect.dataset for effect in effects}),
    )
    if not effects:
        return row
    ratios = np.array([effect.ratio for effect in effects])
    lower, median, upper = (float(q) for q in np.quantile(ratios, [0.25, 0.5, 0.75]))
    same_way = float((ratios > 0).mean())
    return replace(
        row,
        effect_median=median,
        effect_lower=lower,
        effect_upper=upper,
        effect_same_way=same_way,
    )


def effect_rows(numbers: list[PublishedNumber], pairs: pl.DataFrame) -> list[EffectRow]:
    """For each two families on one dataset: our difference over the published one.

    The interval of a ratio is that of our difference (corrected t, of the pairs) over the published one, which is
    taken as printed. A published difference of zero has no ratio.
    """
    own = pairs.filter(pl.col("fallbacks") == 0, pl.col("low").is_not_null())
    keys = ("dataset", "family", "against", "metric", "low", "high")
    intervals = {
        tuple(key): (low, high) for *key, low, high in own.select(keys).iter_rows()
    }
    rows = []
    for one, other in combinations(numbers, 2):
        a, b, published = one.first, other.first, one.published - other.published
        decimals = kept_decimals(one.published, other.published)
        published = round(published, decimals)
        if (
            a.dataset != b.dataset
            or a.family is None
            or b.family is None
            or a.family == b.family
            or published == 0
        ):
            continue
        low, high = _ends(a, b, published, intervals)
        rows.append(
            EffectRow(
                metric=a.metric, side=a.side, unit=a.unit, dataset=a.dataset, family=a.family, against=b.family,
                ratio=round(one.ours - other.ours, decimals) / published, low=low, high=high,
                claims=one.claims + other.claims,
            )
        )  # fmt: skip
    return rows


def _ends(
    a: JudgedClaim,
    b: JudgedClaim,
    published: float,
    intervals: dict[tuple[str | None, ...], tuple[float, float]],
) -> tuple[float | None, float | None]:
    """The ends of our difference over the published one; none for training rows, and where no error rate exists."""
    scale, turn = 100 if a.unit == "percent" else 1, 1
    interval = intervals.get((a.dataset, a.family, b.family, a.metric))
    if interval is None:
        interval, turn = intervals.get((a.dataset, b.family, a.family, a.metric)), -1
    if interval is None or a.side != "test":
        return None, None
    low, high = sorted(turn * scale * end / published for end in interval)
    return low, high


def tolerance_rows(group: NumberGroup, claims: list[JudgedClaim]) -> list[ToleranceRow]:
    """The share that would be reproduced as the tolerance grows: one row at each step, and one at zero.

    An exact number is so at any tolerance. Counted are all claims whose smallest tolerance is known.
    """
    known = [one for one in claims if one.smallest_tolerance is not None]
    exact = Agreement.EXACT
    smallest = np.array(
        [
            0.0 if one.agreement == exact else one.smallest_tolerance or 0.0
            for one in known
        ]
    )
    steps = sorted(without_noise(smallest).tolist())
    metric, side, unit = group
    return [
        ToleranceRow(
            metric=metric, side=side, unit=unit, tolerance=step, held=sum(one <= step for one in steps) / len(steps),
            claims=len(steps), datasets=tables_of(known),
        )
        for step in dict.fromkeys([0.0, *steps] if steps else [])
    ]  # fmt: skip
