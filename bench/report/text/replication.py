"""What the claims of a study say together, in sentences: shares, refutations, order, effects, selection, tolerances."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bench.core.replication import GroupRow, NoIntervalReason, NumbersRow, RefutationRow, SelectionRow
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
    WithoutP.NOTHING_DRAWN: "no chance is involved, and the numbers differ",
    WithoutP.DRAWS_AGREE: "every draw gave the same number, which is not the published one",
    WithoutP.UNKNOWN: "the chance of a wrong verdict is not known",
    WithoutP.RULE: "the rule that refutes gives none",
}
ORDERS = ("order of the numbers on each dataset", ("Dataset", "Numbers", "Kendall's τ"))
EFFECTS = ("differences, ours over published", ("Difference", "Dataset", "Ratio", "Interval of ours"))
TOLERANCES = ("Tolerance", "Within it", "Share")


def numbers_title(metric: str | None, side: str, unit: str | None) -> str:
    """A group of published numbers: `Accuracy`, `Error rate, training rows`, `Recall, %`."""
    rows = ", training rows" if side == "train" else ""
    return f"{measure(metric).title if metric else 'Numbers'}{', %' if unit == 'percent' else ''}{rows}"


def shares(whole: GroupRow, n: int, weak: int) -> list[str]:
    """How many of the n attempted claims hold, and the interval of that share or why there is none.

    `weak`: how many of those agree on weak evidence alone, so that they are not reproduced.
    """
    if not n:
        return []
    known = whole.with_error_rate
    if n == 1:
        rest = "" if known else "; the chance that this verdict is wrong is not known"
        return [f"The one attempted claim {_one(whole, weak)}{rest}."]
    start = f"Of {n} attempted claims, {_became(whole, weak)}"
    if whole.no_interval == NoIntervalReason.NO_ERROR_RATE:
        return [f"{start}. The chance of a wrong verdict is known for none of them, so the share has no interval."]
    if whole.low is None or whole.high is None:
        few = {
            NoIntervalReason.FEW_CLAIMS: "they are too few",
            NoIntervalReason.OVER_DATASETS: "all are over the same datasets, so that they are not independent",
            NoIntervalReason.ONE_DATASET: "all are on one dataset, which says nothing of others",
        }[NoIntervalReason(whole.no_interval or NoIntervalReason.FEW_CLAIMS)]
        some = f"The chance of a wrong verdict is known for {formats.spelled(known)} of them. Their share"
        return [f"{start}. {'The share that agrees' if known == n else some} has no interval: {few}."]
    return [_with_interval(whole, start, n)]


def _with_interval(whole: GroupRow, start: str, n: int) -> str:
    """The share that holds, of those whose chance of a wrong verdict is known, with its interval."""
    known, held = whole.with_error_rate, whole.exact + whole.reproduced
    ends = f"{formats.probability(whole.low or 0.0)} to {formats.probability(whole.high or 0.0)}"
    sets = f"95{formats.THIN}% interval {ends}; claims on one dataset count as dependent"
    if known == n:
        return f"{start}. {held} of {n} agree, {formats.probability(held / n)} ({sets})."
    share = whole.held_with_error_rate or 0.0
    drawn = round(share * known)
    return (
        f"{start}. A share with an interval is possible only for the {known} claims whose chance of a wrong verdict "
        f"is known: {drawn} of {known} agree, {formats.probability(share)} ({sets})."
    )


def _one(whole: GroupRow, weak: int) -> str:
    """What became of the only claim."""
    if whole.exact + whole.reproduced:
        return "agrees, but is not reproduced" if weak else "holds up"
    if whole.differs:
        return "does not hold up"
    return "holds in direction only" if whole.direction_reproduced else "is undecided"


def _became(whole: GroupRow, weak: int) -> str:
    """What became of the claims: `14 are reproduced or exact, 3 agree on weaker evidence, 20 are undecided`."""
    undecided, differ, way = whole.consistent + whole.unclear, whole.differs, whole.direction_reproduced
    shown = whole.exact + whole.reproduced - weak
    parts = [f"{shown or 'none'} {'is' if shown < 2 else 'are'} reproduced or exact"]
    parts += [f"{weak} {'agrees' if weak == 1 else 'agree'} on weaker evidence"] if weak else []
    parts += [f"{way} {'holds' if way == 1 else 'hold'} in direction only"] if way else []
    parts += [f"{undecided or 'none'} {'is' if undecided < 2 else 'are'} undecided"]
    parts += [f"{differ or 'none'} {'differs' if differ < 2 else 'differ'}"]
    return ", ".join(parts)


def refutations(rows: Sequence[RefutationRow], judged: int, alpha: float, kept: Sequence[str]) -> str:
    """How many claims a test refuted, of how many it could, beside how many chance would; and which stay after Holm.

    `kept`: the names of the claims that stay.
    """
    m, subjects, n = len(rows), len({row.subject for row in rows}), sum(row.refuted for row in rows)
    on = f" on {formats.plural(subjects, 'subject')}" if subjects < m else ""
    start = f"A test could have refuted {formats.plural(m, 'claim')}{on}"
    names = f" ({formats.listed(list(kept))})" if 0 < len(kept) <= MOST_NAMES else ""
    still = f"{formats.spelled(len(kept))}{names}" if kept else "none"
    end = f"it refuted {formats.spelled(n)}, and after Holm's correction {still}" if n else "it refuted none"
    most = f"at most {alpha * subjects:.2g}" if subjects == m else f"those on at most {alpha * subjects:.2g} subjects"
    chance = f"If all were true, chance alone would refute {most} on average"
    said, safe = f"{start}; {end}. {chance}.", judged - m
    if not safe:
        return said
    return (
        f"{said} {formats.spelled(safe).capitalize()} of the attempted claims cannot be refuted by a test: the "
        "method is not the paper's, the number was not read at its source, or the chance of a wrong verdict is not "
        "known."
    )


def without_p(count: int, why: WithoutP) -> str:
    claims = f"{formats.plural(count, 'claim')} {'is' if count == 1 else 'are'}"
    return f"{claims} refuted without a test: {_WITHOUT_P[why]}."


def order(row: NumbersRow) -> list[str]:
    """How published numbers and ours are ordered, and how close they are; none where too few have an order."""
    if row.tau is None or row.numbers < FEWEST_ORDERED:
        return []
    sets = f" over {formats.plural(row.numbers, 'number')}"
    if row.tau_within is not None:
        sets += f"; between numbers on the same dataset it is {formats.score(row.tau_within)}"
    close = "" if row.concordance is None else f"; Lin's concordance is {formats.score(row.concordance)}"
    return [f"Kendall's τ of published and our numbers is {formats.score(row.tau)}{sets}{close}."]


def effects(row: NumbersRow) -> list[str]:
    """How many published differences go the same way here, and how large ours are beside them."""
    if not row.effects or row.effect_same_way is None or row.numbers < FEWEST_ORDERED:
        return []
    n, way = row.effects, round(row.effect_same_way * row.effects)
    if n == 1:
        sign = "the same sign" if way else "the other sign"
        return [f"The one published difference between two models has {sign} here."]
    start = (
        f"The published numbers give {n} differences between two models on the same dataset. "
        f"{formats.spelled(way).capitalize() if way else 'None'} {'has' if way < 2 else 'have'} the same sign here."
    )
    if n < FEWEST or row.effect_median is None or row.effect_lower is None or row.effect_upper is None:
        return [start]
    return [
        f"{start} Our difference divided by the published one has median {ratio(row.effect_median)}; the middle half "
        f"of these ratios is {ratio(row.effect_lower)} to {ratio(row.effect_upper)}."
    ]


def selection(rows: Sequence[SelectionRow]) -> list[str]:
    """How much too good the number of the best is expected to be, for no other reason than being the best: a sentence
    for each number of models and metric, with the smallest and the largest size of its claims."""
    groups: dict[tuple[int, str, str | None], list[SelectionRow]] = {}
    for row in rows:
        groups.setdefault((row.families, row.metric, row.unit), []).append(row)
    return [_selection(group) for group in groups.values()]


def _selection(rows: Sequence[SelectionRow]) -> str:
    unit, size = measure(rows[0].metric), ""
    whole = 100 if rows[0].unit == "percent" else 1
    values = sorted(row.selection_bias / whole for row in rows if row.selection_bias is not None)
    if values:
        ends = dict.fromkeys(_rough(100 * value if unit.share else value) for value in (values[0], values[-1]))
        size = f" ({' to '.join(ends)}{' pp' if unit.share else ''} here)"
    who, errors = formats.spelled(rows[0].families), _rough(rows[0].expected_max)
    start = (
        f"The best of {who} equally good models scores {errors} standard errors too high on average, by chance alone"
    )
    return f"{start}{size}. The numbers here are not corrected for this."


def _rough(value: float) -> str:
    """An expectation under a rough assumption: two digits, none of them made up.

    >>> _rough(0.8463), _rough(0.8)
    ('0.85', '0.8')
    """
    return formats.short(float(f"{value:.2g}"))


def tolerance_note(count: int, unit: str | None, stated: Sequence[float], beyond: int) -> str:
    """The note of a tolerance curve of so many numbers; `beyond`: how many need more than is drawn."""
    percent = unit == "percent"
    note = f"Horizontal: tolerance{', in percentage points' if percent else ''}. Vertical: what share of the {count} "
    note += "published numbers that we have a number for would be reproduced with it."
    if len(stated) == 1:
        note += f" Dashed: the stated one, {formats.short(stated[0])}{' pp' if percent else ''}."
    return note + (f" {formats.plural(beyond, 'number')} would need more than is drawn." if beyond else "")


def tolerance_title(title: str) -> str:
    return f"{title}: what another tolerance would say"


def ratio(value: float) -> str:
    return formats.as_printed(value, "0.00")
