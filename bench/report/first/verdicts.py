"""What a verdict is on the first screen: a sign, and its numbers as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bench.claims import judged_by
from bench.core.answers import AsAWhole
from bench.core.counting import Falsified, NumbersCompared
from bench.core.findings import is_alarm
from bench.core.judgements import Agreement, VerdictRow
from bench.report import facts
from bench.report.blocks import Sign
from bench.report.bundle import Bundle
from bench.report.points import in_points, is_order, limits_of
from bench.report.values import Value, quantity
from bench.scores.design import alpha_of
from bench.stats.shares import wilson
from bench.text import formats
from bench.text.words import in_unit_of_target, measure

#: Of a printed number, and of a comparison without one.
NUMBER = {
    Agreement.EXACT: Sign("holds", "as printed"),
    Agreement.REPRODUCED: Sign("holds", "holds"),
    Agreement.FITS: Sign("open", "fits, not decided"),
    Agreement.OFF: Sign("open", "may be off"),
    Agreement.DIFFERS: Sign("off", "differs"),
}
COMPARISON = {
    Agreement.EXACT: Sign("holds", "shown"),
    Agreement.REPRODUCED: Sign("holds", "shown"),
    Agreement.FITS: Sign("open", "not shown"),
    Agreement.OFF: Sign("open", "not shown"),
    Agreement.DIFFERS: Sign("off", "the opposite is shown"),
}
#: Of what would falsify an expectation.
FALSIFIERS = {
    Falsified.HAPPENED: Sign("off", "happened"),
    Falsified.DID_NOT_HAPPEN: Sign("holds", "ruled out"),
    Falsified.UNDECIDED: Sign("open", "undecided"),
}
#: Of a paper as a whole.
AS_A_WHOLE = {
    AsAWhole.HOLDS: Sign("holds", "holds as a whole"),
    AsAWhole.DIFFERS: Sign("off", "differs as a whole"),
    AsAWhole.OPEN: Sign("open", "open, even as a whole"),
}
NOT_RUN = Sign("untested", "not run")
OTHER_METHOD = Sign("untested", "not tested: another method")
#: At least so many of the numbers that were compared.
HALF, TENTH = 0.5, 0.1
#: A difference is practically zero with this probability.
EQUAL = 0.95


def sign_of_counts(numbers: NumbersCompared) -> Sign:
    """The verdict that follows from the counts alone."""
    if numbers.share(numbers.differ) >= HALF:
        return Sign("off", "differs")
    if numbers.share(numbers.differ) > TENTH:
        return Sign("mixed", "mixed")
    if numbers.share(numbers.held) >= HALF:
        return Sign("holds", "holds")
    return Sign("open", "open")


def words_of(numbers: NumbersCompared) -> str:
    """`3 of 4 hold, 1 open`, with what is left out."""
    words = f"{numbers.held} of {numbers.compared} hold"
    rest = {
        "different": numbers.differ,
        "open": numbers.open,
        "not tested": numbers.untested,
        "not run": numbers.left,
    }
    for word, count in rest.items():
        if count:
            words += f", {count} {word}"
    return words


def left_out(numbers: NumbersCompared) -> dict[str, int]:
    """What no share counts, and how many."""
    counts = {"by another method": numbers.untested, "not run": numbers.left}
    return {word: count for word, count in counts.items() if count}


def warned(bundle: Bundle) -> set[tuple[str, str]]:
    """The dataset and the check of every warning."""
    alarms = bundle.frame("findings").filter(is_alarm())
    return set(alarms.select("dataset", "diagnostic").iter_rows())


def sign_of(bundle: Bundle, row: VerdictRow) -> Sign:
    """The verdict on one claim."""
    if row.claim in bundle.falsified:
        return FALSIFIERS[bundle.falsified[row.claim]]
    if row.agreement is None:
        return NOT_RUN
    if bundle.counted.is_untested(row):
        return OTHER_METHOD
    return (COMPARISON if row.published is None else NUMBER)[Agreement(row.agreement)]


def sum_up(signs: Sequence[Sign]) -> Sign:
    """The verdicts on several claims as one, with their counts."""
    counts = Counter(sign.words for sign in signs)
    kinds = {sign.kind for sign in signs}
    words = ", ".join(f"{counts[word]} {word}" for word in counts)
    if len(counts) == 1:
        words = f"all {words}"
    if kinds >= {"off", "holds"}:
        return Sign("mixed", words)
    kind = next(one for one in ("off", "open", "holds", "untested") if one in kinds)
    return Sign(kind, words)


def ours(bundle: Bundle, row: VerdictRow) -> Value:
    """Our number beside a printed one; of rows that are all tested once with the interval that new rows would give."""
    digits = formats.decimals_of(row.published or "0.00") + 1
    unit = "%" if row.unit == "percent" else ""
    low, high = new_rows(bundle, row)
    if "e" in (row.published or "").lower():
        return quantity(row.ours)
    return Value(row.ours, unit, digits, low=low, high=high, limits=limits_of(row))


def new_rows(bundle: Bundle, row: VerdictRow) -> tuple[float | None, float | None]:
    """Wilson's 95 % interval of a share of rows, where the protocol draws nothing and so has no other interval."""
    claim, dataset = bundle.claims.get(row.claim), row.dataset or ""
    on_test = claim is not None and claim.side == "test" and row.ours is not None
    if not on_test or row.metric is None or not measure(row.metric).share:
        return None, None
    if not facts.without_chance(bundle, dataset):
        return None, None
    rows = bundle.frame("folds").filter(dataset=dataset, repeat=0)["test_rows"].sum()
    scale = 100 if row.unit == "percent" else 1
    low, high = wilson((row.ours or 0.0) / scale, float(rows))
    return scale * low, scale * high


def difference(row: VerdictRow) -> Value:
    """Ours - printed, with its 90 % interval; of a comparison the difference of its models, with the interval it has."""
    if is_order(row):
        return Value(None)
    row = in_points(row)
    low, high = judged_by.ends(row) if judged_by.has_interval(row) else (None, None)
    if row.published is None:
        digits = 1 if row.unit == "percent" else 3
        number = row.ours
    else:
        digits = formats.decimals_of(row.published) + 1
        number = row.difference
    if row.metric is not None and in_unit_of_target(row.metric):
        return replace(quantity(number, "", low, high), signed=True)
    unit = "pp" if row.unit == "percent" else ""
    return Value(number, unit, digits, True, low, high)


def find_pair(bundle: Bundle, family: str, against: str) -> facts.Compared | None:
    """The comparison of two models by the primary metric: on the one dataset, or over all."""
    metric = facts.primary(bundle).name
    places = facts.distinct(bundle, facts.places(bundle))
    if len(places) == 1:
        return facts.pairs(bundle, places[0], metric).get((family, against))
    for pair in facts.overall_pairs(bundle, metric):
        if (pair.family, pair.against) == (family, against):
            return pair
        if (pair.family, pair.against) == (against, family):
            return pair.turned()
    return None


def told(bundle: Bundle, pair: facts.Compared | None) -> str:
    """What is shown of a pair: the first is `better`, `worse` or as good (`equal`), `unknown`, or `untested`."""
    if pair is None:
        return "untested"
    unit = facts.primary(bundle)
    outcome = pair.told(unit, alpha_of(bundle.study))
    if outcome:
        return "better" if outcome > 0 else "worse"
    chance = pair.chances(unit)[1]
    if chance is not None and chance >= EQUAL:
        return "equal"
    return "untested" if outcome is None else "unknown"
