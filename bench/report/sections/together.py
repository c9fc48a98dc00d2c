"""The table of claims as a whole: how many hold, what chance would refute, whether order and effects agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.curves import Steps, step_curve
from bench.report.charts.svg import Figure, Table, ticks
from bench.report.styles import Styles
from bench.report.summary import claim_names
from bench.text import formats
from bench.text.words import measure

#: Fewer numbers than this have no curve and no quartiles: each one stands in the table of claims.
FEWEST = 4
#: A tolerance curve ends at so many times the stated tolerance; what lies beyond is counted in words.
REACH = 10
#: More names than this are counted instead.
MOST_NAMES = 5
Row = dict[str, Any]


def together(bundle: Bundle, styles: Styles) -> dict[str, Any]:
    """What the claims say together: sentences, tolerance curves, and two tables for those who want each number."""
    groups = _groups(bundle.frame("agreement").to_dicts())
    if bundle.frame("verdicts").height < 2:
        return {"said": [], "figures": [], "tables": []}
    return {
        "said": sentences(bundle, styles),
        "figures": [figure for group, rows in groups.items() for figure in _curve(bundle, group, rows)],
        "tables": [one for group, rows in groups.items() for one in _tables(styles, group, rows)],
    }


def sentences(bundle: Bundle, styles: Styles) -> list[str]:
    """How many claims hold, what a test refutes, and of each kind of number its order and effects."""
    rows = bundle.frame("agreement").to_dicts()
    whole = {row["measure"]: row for row in rows if row["kind"] is None}
    said = [*_shares(whole), *_refuted(bundle, styles, whole, rows)]
    groups = _groups(rows)
    for group, mine in groups.items():
        numbers = [*_order(mine), *_effects(mine)]
        said += [f"{_about(group)}: {' '.join(numbers)}"] if numbers and len(groups) > 1 else numbers
    return said + [sentence for row in rows if (sentence := _selected(row, rows))]


def _groups(rows: list[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """The rows of published numbers by metric, side and unit."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        if row["kind"] == "value":
            found.setdefault(_group(row), []).append(row)
    return found


def _group(row: Row) -> tuple[Any, ...]:
    return row["kind"], row["metric"], row["side"], row["unit"]


def _about(group: tuple[Any, ...]) -> str:
    """A group of published numbers: `Accuracy`, `Error rate, training rows`, `Recall, in percent`."""
    _, metric, side, unit = group
    rows = ", training rows" if side == "train" else ""
    return f"{measure(metric).title if metric else 'Numbers'}{', %' if unit == 'percent' else ''}{rows}"


def _one(rows: Iterable[Row], name: str, dataset: str | None = None) -> Row | None:
    return next((row for row in rows if row["measure"] == name and row["dataset"] == dataset), None)


def _shares(whole: dict[str, Row]) -> list[str]:
    held, drawn = whole.get("held"), whole.get("held_with_error_rate")
    if held is None or drawn is None or held["estimate"] is None:
        return []
    n, known = held["claims"], drawn["claims"]
    start = f"{_of(held)} of {formats.plural(n, 'judged claim')} {'holds' if _of(held) == 1 else 'hold'} up"
    if n == 1:
        rest = "" if known else ", and no error rate exists for it"
        return [f"The one judged claim {'holds' if _of(held) else 'does not hold'} up{rest}."]
    if known == 0:
        return [f"{start}. No error rate exists for any of them, so the share has no interval."]
    if drawn["low"] is None:
        few = "too few for an interval" if known <= 3 else "all on one data set, which says nothing of others"
        rest = "" if known == n else f", {formats.spelled(known)} of them with an error rate"
        return [f"{start}{rest}: {few}."]
    ends = f"{formats.probability(drawn['low'])} to {formats.probability(drawn['high'])}"
    sets = f"95{formats.THIN}% interval {ends}, with the claims of a data set taken together"
    if known == n:
        return [f"{start}: {formats.probability(held['estimate'])} ({sets})."]
    verb = "holds" if _of(drawn) == 1 else "hold"
    share = f"{_of(drawn)} of the {known} with an error rate {verb}: {formats.probability(drawn['estimate'])} ({sets})"
    return [f"{start}. {share}; for the other {formats.spelled(n - known)} none exists."]


def _of(row: Row) -> int:
    """How many claims a share counts."""
    return round(row["estimate"] * row["claims"])


def _refuted(bundle: Bundle, styles: Styles, whole: dict[str, Row], rows: list[Row]) -> list[str]:
    if "refuted" not in whole:
        return []
    by_test = whole["refuted_by_test"]
    said = [f"{_tested(whole, _kept(bundle, styles, rows))}{_which(whole)}"] if by_test["claims"] else []
    bare = bundle.frame("verdicts").filter(pl.col("verdict") == "not_reproduced", pl.col("p").is_null())
    counts = Counter(_why_no_p(row) for row in bare.iter_rows(named=True))
    for why, n in sorted(counts.items()):
        said.append(f"{formats.plural(n, 'refutation')} {'has' if n == 1 else 'have'} no p-value: {why}.")
    return said


def _why_no_p(row: Row) -> str:
    if facts.without_draws(row["reasons"]):
        return "nothing was drawn, and the numbers differ"
    if row["low"] is not None and not facts.has_interval(row):
        return "what was drawn gave the same number every time, and it is not the published one"
    return "no error rate is known" if row["low"] is None else "the rule that refutes gives none"


def _tested(whole: dict[str, Row], kept: list[str]) -> str:
    """How many a test refuted, of how many it could, beside how many chance would; and which stay after Holm."""
    n, m = int(whole["refuted_by_test"]["estimate"]), whole["refuted_by_test"]["claims"]
    chance = f"{whole['expected_false']['estimate']:.2g}"
    subjects = whole["expected_false"]["claims"]
    of = f" on {formats.plural(subjects, 'subject')}" if subjects < m else ""
    start = f"A test could refute {formats.plural(m, 'claim')}{of}"
    start += f"; chance alone would bring up to {chance} false refutations"
    if n == 0:
        return f"{start}. It refutes none."
    names = f": {formats.listed(kept)}" if 0 < len(kept) <= MOST_NAMES else ""
    still = f"still {formats.spelled(len(kept))}" if kept else "none"
    return f"{start}. It refutes {formats.spelled(n)}, and {still} after Holm's correction{names}."


def _which(whole: dict[str, Row]) -> str:
    """How many of the judged claims no test could refute, and why not."""
    safe = whole["refuted"]["claims"] - whole["refuted_by_test"]["claims"]
    if not safe:
        return ""
    return (
        f" {formats.spelled(safe).capitalize()} of the judged claims cannot be refuted by a test: another method than "
        "the paper's, a number that was not read at its source, or no error rate."
    )


def _kept(bundle: Bundle, styles: Styles, rows: list[Row]) -> list[str]:
    """The claims that are still refuted after Holm, by name."""
    chance = _one(rows, "expected_false")
    if chance is None:
        return []
    alpha = chance["estimate"] / chance["claims"]
    low = [row["claim"] for row in rows if row["measure"] == "p_adjusted" and row["estimate"] < alpha]
    found = bundle.frame("verdicts").filter(pl.col("verdict") == "not_reproduced", pl.col("claim").is_in(low))
    names = claim_names(bundle, styles)
    return [names[claim] for claim in found["claim"]]


def _order(rows: list[Row]) -> list[str]:
    tau, within, lin = (_one(rows, name) for name in ("tau", "tau_within", "concordance"))
    if tau is None or tau["estimate"] is None:
        return []
    overall = f"Kendall's τ of published and our numbers is {formats.score(tau['estimate'])}"
    sets = f" over {formats.plural(tau['claims'], 'number')}"
    if within is not None and within["estimate"] is not None:
        sets += f", and {formats.score(within['estimate'])} where only numbers on one data set are compared"
    close = "" if lin is None or lin["estimate"] is None else f"; Lin's concordance is {formats.score(lin['estimate'])}"
    return [f"{overall}{sets}{close}."]


def _effects(rows: list[Row]) -> list[str]:
    middle, same = _one(rows, "effect_ratio_median"), _one(rows, "effect_same_way")
    if middle is None or same is None:
        return []
    n, way = same["claims"], _of(same)
    if n == 1:
        other = "the same way" if way else "the other way"
        return [f"The one published difference between two families goes {other} here."]
    start = f"Of {n} published differences between two families on one data set {way} {'goes' if way == 1 else 'go'}"
    if n < FEWEST:
        return [f"{start} the same way here."]
    ends = f"half of the ratios lie between {_two(middle['low'])} and {_two(middle['high'])}"
    return [
        f"{start} the same way here; ours is {_two(middle['estimate'])} times the published one in the median, {ends}."
    ]


def _selected(row: Row, rows: list[Row]) -> str:
    """How much too good the number of the best is expected to be, for no other reason than being the best."""
    if row["measure"] != "expected_max":
        return ""
    bias = next((one for one in rows if one["measure"] == "selection_bias" and one["claim"] == row["claim"]), None)
    unit, size = measure(row["metric"]), ""
    if bias is not None:
        value = bias["estimate"] / (100 if row["unit"] == "percent" else 1)
        size = f", about {formats.points(value).lstrip('+') if unit.share else formats.quantity(value)} here"
    who, errors = formats.spelled(row["claims"]), formats.quantity(round(row["estimate"], 3))
    start = f"Were {who} families equally good, the best number among them would be {errors} standard errors too good"
    return f"{start}{size}. This is said, and subtracted from nothing."


def _curve(bundle: Bundle, group: tuple[Any, ...], rows: list[Row]) -> list[Figure]:
    """The share that would be reproduced over the tolerance; the dashed rule is the stated one, if all share one."""
    steps = [(row["tolerance"], row["estimate"]) for row in rows if row["measure"] == "held_within"]
    counted = next((row["claims"] for row in rows if row["measure"] == "held_within"), 0)
    if counted < FEWEST:
        return []
    _, metric, side, unit = group
    stated = _stated(bundle, group)
    end = _end([t for t, _ in steps], stated)
    beyond = counted - _within(steps, end, counted)
    pp = " pp" if unit == "percent" else ""
    points = " in percent points" if pp else ""
    note = f"Share of the {counted} published numbers with one of ours, over the tolerance{points}."
    if len(stated) == 1:
        note += f" Dashed: the stated one, {formats.short(stated[0])}{pp}."
    if beyond:
        note += f" {formats.plural(beyond, 'number')} would need more than is drawn."
    marks = sorted({*ticks(0, end, 5), *stated})
    body = tuple(
        (formats.short(t) + pp, f"{_within(steps, t, counted)} of {counted}", formats.probability(_share(steps, t)))
        for t in marks
    )
    said = "; ".join(f"{n} within {t}" for t, n, _ in body)
    drawn = step_curve(
        Steps(tuple(steps), 0.0, end, stated[0] if len(stated) == 1 else None), f"{_about(group)}: {said}"
    )
    name = "-".join(
        ["tolerance", metric or "numbers", *([unit] if unit else []), *(["train"] if side == "train" else [])]
    )
    title = f"{_about(group)}: what another tolerance would say"
    return [Figure(name, title, note, drawn, Table(("Tolerance", "Would be reproduced", "Share"), body))]


def _stated(bundle: Bundle, group: tuple[Any, ...]) -> list[float]:
    """The tolerances of a group's claims, as the table of claims prints them (`formats.tolerance`)."""
    kind, metric, _, unit = group
    rows = bundle.frame("verdicts").filter(
        pl.col("kind") == kind, pl.col("metric").eq_missing(metric), pl.col("unit").eq_missing(unit)
    )
    return sorted({float(f"{t:.3g}") for t in rows["tolerance"].drop_nulls()})


def _end(tolerances: list[float], stated: list[float]) -> float:
    """Where the axis ends: at the last step, but not beyond `REACH` stated tolerances, nor before one and a half."""
    last = max(tolerances)
    if not stated:
        return max(last, 1e-9)
    return max(min(last, REACH * stated[-1]), 1.5 * stated[-1])


def _share(steps: list[tuple[float, float]], tolerance: float) -> float:
    return max((share for t, share in steps if t <= tolerance), default=0.0)


def _within(steps: list[tuple[float, float]], tolerance: float, n: int) -> int:
    return round(n * _share(steps, tolerance))


def _tables(styles: Styles, group: tuple[Any, ...], rows: list[Row]) -> list[dict[str, Any]]:
    """Order by data set, and every effect ratio; behind a summary, for those who want each number."""
    orders = tuple(
        (styles.dataset(row["dataset"]), str(row["claims"]), _tau(row))
        for row in rows
        if row["measure"] == "tau" and row["dataset"] is not None and row["estimate"] is not None
    )
    ratios = tuple(
        (
            f"{styles.family(row['family']).short} − {styles.family(row['against']).short}",
            styles.dataset(row["dataset"]),
            _two(row["estimate"]),
            formats.interval(row["low"], row["high"], _two) or formats.NONE,
        )
        for row in rows
        if row["measure"] == "effect_ratio"
    )
    shown = (
        ("order of the numbers on each data set", ("Data set", "Numbers", "Kendall's τ"), orders),
        ("differences, ours over published", ("Difference", "Data set", "Ratio", "Interval of ours"), ratios),
    )
    return [{"title": f"{_about(group)}: {what}", "table": Table(head, body)} for what, head, body in shown if body]


def _tau(row: Row) -> str:
    return formats.NONE if row["estimate"] is None else formats.score(row["estimate"])


def _two(value: float) -> str:
    return formats.as_printed(value, "0.00")
