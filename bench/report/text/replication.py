"""What the claims of a study say together: the share that holds, refutations, order, effects, tolerances."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bench.core.replication import GroupRow, NumbersRow, RefutationRow
from bench.text import formats
from bench.text.words import measure

#: Fewer numbers than this have no quartiles: each one stands in the table of claims.
FEWEST = 4
#: Of fewer numbers not even the same order would be significant (p = 2/4! = .08 with four).
FEWEST_ORDERED = 5
#: More names than this are counted instead.
MOST_NAMES = 5


class WithoutP(StrEnum):
    """Why a refutation has no p-value."""

    NOTHING_DRAWN = "nothing_drawn"
    DRAWS_AGREE = "draws_agree"
    UNKNOWN = "unknown"
    RULE = "rule"


_WITHOUT_P = {
    WithoutP.NOTHING_DRAWN: "nothing random",
    WithoutP.DRAWS_AGREE: "every run gave the same number",
    WithoutP.UNKNOWN: "no error rate",
    WithoutP.RULE: "its rule gives no p",
}
HELD = "Exact, reproduced or agreeing"
#: Of the claims with an error rate how many hold; how many a test refutes (True: of the author's expectations).
DRAWN = "The same, among the claims that are judged by an interval or by a test over splits or datasets"
REFUTED = {
    False: "Claims that follow the paper closely and can be refuted by a test: how many were refuted",
    True: "Expectations that can be refuted by a test: how many were refuted",
}
#: The head of the table of all claims.
HEAD = ("All claims together", "Result")
#: A row of it.
WholeLine = tuple[str, str]
ORDERS = ("order of the numbers on each dataset", ("Dataset", "Numbers", "Kendall's τ"))
EFFECTS = (
    "differences, ours divided by published",
    ("Difference", "Dataset", "Ratio", "Interval of the ratio"),
)
TOLERANCES = ("Tolerance", "Within it", "Share")


def numbers_title(metric: str | None, side: str, unit: str | None) -> str:
    """A group of published numbers: `Accuracy`, `Error rate, training rows`, `Recall, %`."""
    rows = ", training rows" if side == "train" else ""
    return f"{measure(metric).title if metric else 'Numbers'}{', %' if unit == 'percent' else ''}{rows}"


def share(whole: GroupRow, held: int, n: int, *, own: bool = False) -> list[WholeLine]:
    """How many of all n attempted claims hold, and the share of those with an error rate, with its interval.

    No line where that share has no interval.
    """
    known = whole.with_error_rate
    if whole.low is None or whole.high is None or not known:
        return []
    came = round((whole.held_with_error_rate or 0.0) * known)
    ends = formats.interval(whole.low, whole.high, formats.probability)
    rate = f"{formats.probability(came / known)}, 95{formats.THIN}% interval {ends}"
    title, claims = ("As expected", "expectations") if own else (HELD, "claims")
    if known == n:
        return [(title, f"{came} of {n} {claims}: {rate}")]
    return [(title, f"{held} of {n} {claims}"), (DRAWN, f"{came} of {known}: {rate}")]


def refutations(
    rows: Sequence[RefutationRow],
    alpha: float,
    kept: Sequence[str],
    *,
    own: bool = False,
) -> list[WholeLine]:
    """How many claims a test could refute and did, beside how many chance would; `kept`: names of those after Holm."""
    subjects, refuted = (
        len({row.subject for row in rows}),
        sum(row.refuted for row in rows),
    )
    names = f": {formats.listed(list(kept))}" if 0 < len(kept) <= MOST_NAMES else ""
    after = f" ({len(kept)} after Holm{names})" if refuted else ""
    chance = (
        f"If the claim were true, chance would refute it in at most {formats.probability(alpha)} of cases"
        if len(rows) == 1
        else f"If all claims were true, chance would refute at most {alpha * subjects:.2g} of them on average"
    )
    return [(REFUTED[own], f"{refuted} of {len(rows)}{after}. {chance}.")]


def happened(falsifiers: int, came: int) -> list[WholeLine]:
    """How many falsifiers happened; no line without falsifiers.

    >>> happened(6, 2)
    [('Falsifiers that happened, of 6', '2')]
    """
    return (
        [(f"Falsifiers that happened, of {falsifiers}", formats.count(came))]
        if falsifiers
        else []
    )


def without_p(count: int, why: WithoutP) -> WholeLine:
    return "Refuted without a test", f"{count} ({_WITHOUT_P[why]})"


def order_words(row: NumbersRow) -> str:
    """How published numbers and ours are ordered, and how close they are; empty where too few have an order."""
    if row.tau is None or row.numbers < FEWEST_ORDERED:
        return ""
    over = f"over {formats.plural(row.numbers, 'number')}"
    inside = (
        ""
        if row.tau_within is None
        else f"{formats.correlation(row.tau_within)} within datasets, "
    )
    close = (
        ""
        if row.concordance is None
        else f", Lin's concordance {formats.correlation(row.concordance)}"
    )
    return f"Kendall's τ {inside}{formats.correlation(row.tau)} {over}{close}"


def orders(rows: Sequence[NumbersRow]) -> str:
    """The orders of several groups of numbers, each by its name where there are several."""
    said = {
        numbers_title(row.metric, row.side, row.unit): words
        for row in rows
        if (words := order_words(row))
    }
    return "; ".join(
        said.values()
        if len(said) == 1
        else (f"{name}: {words}" for name, words in said.items())
    )


def order(row: NumbersRow) -> list[WholeLine]:
    """The order of the published numbers and ours."""
    words = order_words(row)
    return [("Order, published and ours", words)] if words else []


def effects(row: NumbersRow) -> list[WholeLine]:
    """How many published differences go the same way here, and how large ours are beside them."""
    if not row.effects or row.effect_same_way is None or row.numbers < FEWEST_ORDERED:
        return []
    n, way = row.effects, round(row.effect_same_way * row.effects)
    found = [
        (
            "Differences of two models on one dataset: how many have the published sign",
            f"{way} of {n}",
        )
    ]
    if (
        n < FEWEST
        or row.effect_median is None
        or row.effect_lower is None
        or row.effect_upper is None
    ):
        return found
    quartiles = f"quartiles {ratio(row.effect_lower)} and {ratio(row.effect_upper)}"
    title = f"Our difference of two models divided by the published one: median of {n} ratios"
    return [*found, (title, f"{ratio(row.effect_median)} ({quartiles})")]


def tolerance_note(
    count: int, unit: str | None, stated: Sequence[float], beyond: int
) -> str:
    """The note of a tolerance curve of so many numbers; `beyond`: how many need more than is drawn."""
    percent = " in percentage points" if unit == "percent" else ""
    note = f"Share of {count} claims that would be reproduced or agree, by tolerance{percent}."
    if len(stated) == 1:
        note += f" Dashed: the stated one, {formats.short(stated[0])}{' pp' if percent else ''}."
    return note + (f" {beyond} more lie beyond the axis." if beyond else "")


def tolerance_title(title: str) -> str:
    return f"{title}: other tolerances"


def ratio(value: float) -> str:
    return formats.as_printed(value, "0.00")
