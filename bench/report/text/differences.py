"""What the section of comparisons says: which models differ, how sure the first is, what the design can detect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.core.comparisons import Method, NotTested
from bench.text import formats
from bench.text.words import MARK

TITLE = "Are the differences real?"
UNTESTED = "On {} no two models have scores on the same folds, so nothing is compared there."
#: What probabilities over datasets are worth where no test can decide.
FEW = (
    "describe only these datasets. If all the datasets agree, the probabilities are near 0 or 1, even though so few "
    "datasets cannot make a test significant."
)
APART = "Each dataset has a page of its own with its tests; over all of them nothing can be tested."
ONE_MODEL = "There is one model, so there is nothing to compare."
ONE_SCORE = "Each model has one external score on a dataset: that is too little for a test."
NO_DRAWN_SPLITS = "The protocol draws no splits at random, so no test over splits exists."
NOT_TESTED = "not tested"
#: How the tests here differ from those of claims.
CLAIMS_ALONE = (
    "Intervals and claims are for single pairs; p is after Holm over all pairs. So an interval without zero does not "
    "make a difference significant."
)
NOT_ASKED = "The study asks for no comparison of models."
NOTHING_SHARED = "No two models have scores on the same folds."
REPLACED = f"{MARK} includes the baseline's score in place of failed fits."
NO_REPEATS = "none would"
WARNED = " But the findings warn about this dataset (see Findings)."
#: The test of a pair in its table.
TESTS = {
    Method.CORRECTED_T: "Corrected t",
    Method.CORRECTED_T_MIX: "Corrected t",
    Method.SHARP: "SHARP",
    Method.T_OVER_DRAWS: "t over draws",
    Method.T_OVER_SEEDS: "t over seeds",
    Method.MCNEMAR: "McNemar",
    Method.DELONG: "DeLong",
}
#: Why a pair was not tested.
CAUSES = {
    NotTested.NO_SCORE: "a fold of one of them has no score",
    NotTested.NO_FOLDS: "the scores are given without their folds",
    NotTested.SINGLE_ROWS: "every test set is one row",
    NotTested.POOLED: "scores are pooled over folds",
    NotTested.ONE_SPLIT: "one drawn split: another could say the opposite",
    NotTested.FEW_SPLITS: "too few splits, or splits of unknown size",
    NotTested.ROWS_IN_TIME: "test rows follow each other in time",
    NotTested.GROUPED_ROWS: "test rows come in groups",
    NotTested.ONE_SEED: "one run of a model that takes a seed",
    NotTested.NO_PREDICTIONS: "predictions of single rows are missing",
    NotTested.NO_ROW_TEST: "this metric has no test on the rows of one test set",
    NotTested.NO_VARIANCE: "the scores leave the test without a variance",
}
HEADER = ("Model", "Difference", "Interval", "p (Holm)")
RANK_HEADER = ("Model", "Mean rank", "Interval", "First")
GROUP_HEADER = ("Model", "Mean rank")
GROUPS_NOTE = (
    "Rank 1 is best. Each bar has marks at some models. No two of these models differ significantly (signed-rank "
    "tests, Holm's correction). The ranks give each model its place; the bars come from the tests of pairs."
)
#: So many groups are listed; the rest are counted.
LISTED = 4


def aside(primary: str, metric: str, metrics: int) -> str:
    return (
        f"The study compares models by {primary}. Holm corrects here for {metric} alone, so a significant difference "
        f"in one of {formats.spelled(metrics)} metrics is a hint, not a finding."
    )


def no_difference(models: int) -> str:
    return (
        f"{'The two' if models == 2 else 'No two'} models are {'not ' if models == 2 else ''}significantly different."
    )


def all_different(models: int) -> str:
    return (
        "The two models are significantly different." if models == 2 else "Every pair of models differs significantly."
    )


def different(pairs: Sequence[str], *, some_untested: bool = False) -> str:
    rest = "" if some_untested else " No other pair differs significantly."
    return f"Significantly different: {'; '.join(pairs)}.{rest}"


def together(groups: Sequence[str]) -> str:
    """Groups inside which no two models differ significantly."""
    more = f"; and {formats.plural(len(groups) - LISTED, 'more group')}" if len(groups) > LISTED else ""
    return f"Not significantly different from each other: {'; '.join(groups[:LISTED])}{more}."


def not_tested(pairs: Sequence[str], causes: Sequence[NotTested]) -> str:
    """`Not tested: LDA against Forest (one run of a model that takes a seed).`"""
    names = formats.listed(list(pairs)) if len(pairs) <= LISTED else f"{formats.spelled(len(pairs))} pairs"
    why = "; ".join(CAUSES[cause] for cause in causes)
    return f"Not tested: {names} ({why})."


def against(model: str, other: str) -> str:
    return f"{model} against {other}"


def from_others(model: str, others: Sequence[str] | None) -> str:
    """`Baseline from every other`, where `others` is None; else with the names."""
    return f"{model} from {'every other' if others is None else formats.listed(list(others))}"


def first(model: str, bounds: tuple[float, float], ahead: tuple[float, float] | None, rope: str, others: int) -> str:
    """How sure the first place is; `ahead`: bounds of the probability to be better than the others by the ROPE."""
    words = f"Best score: {model}. The probability that it is truly the best is {between(*bounds)}"
    if ahead is None:
        return f"{words}."
    each = "the other" if others == 1 else "every other"
    return f"{words}; that it is better than {each} by more than {rope}: {between(*ahead)}."


def between(low: float, high: float) -> str:
    """The bounds of a probability in words; those that look alike are one."""
    ends = [formats.drawn(low), formats.drawn(high)]
    if ends[0] == ends[1]:
        return ends[0]
    return f"between {ends[0]} and {ends[1]}" if low >= 0.01 else f"at most {ends[1]}"


def unstable(models: Sequence[str], errors: Mapping[str, float], level: float) -> str:
    """That the test errs too often between models that depend on few rows; `errors`: error rates by where measured."""
    rates = [f"{formats.short(100 * rate)}{formats.THIN}% for {what}" for what, rate in errors.items()]
    return (
        f"The fits of {formats.listed(list(models))} depend on few training rows: between two such models the error "
        f"rate of the corrected test exceeds its level, in simulations up to {formats.listed(rates)} at a nominal "
        f"{formats.probability(level)}. A difference between them needs a second dataset."
    )


def by_halves(models: Sequence[str] | None, pairs: int, trainings: int, own: int) -> str:
    """Which pairs were tested on halves of the rows, and what that cost; `models`: None where the study asked for all.

    >>> by_halves(None, 10, 600, 400)  # doctest: +ELLIPSIS
    'All comparisons use the test SHARP: the rows are split in two halves 10 times. This took ...'
    """
    start = "All comparisons use the test SHARP"
    if models is not None:
        named = formats.listed(list(models), "or")
        start = f"Comparisons with {named}, whose fit changes when a few training rows change, use another test, SHARP"
    times = "once" if pairs == 1 else f"{pairs} times"
    return (
        f"{start}: the rows are split in two halves {times}. This took {formats.count(trainings)} extra trainings "
        f"(the study itself: {formats.count(own)}). These p-values and probabilities are of models trained on "
        "half of the rows, so they may disagree with the differences, which are of the study's own folds."
    )


def no_halves(reason: str) -> str:
    """Why no halves of the rows were fitted, on which the test would hold its level."""
    return f"Disjoint halves of the rows, on which a test would hold its level, were not fitted: {reason}."


NO_HALVES_WANTED = "the study leaves them out"


def detectable(now: tuple[str, str], floor: tuple[str, str] | None) -> str:
    """The smallest difference that would be significant, over the pairs of models, and what repeats could bring.

    `floor` is None where more draws make it smaller without end.
    """
    least, most = now
    words = f"The smallest significant difference is {least}"
    words += "" if least == most else f" for the most stable pair of models, {most} for the least stable"
    if floor is None:
        return f"{words}; it shrinks with every further draw."
    if floor == now:
        return f"{words}."
    ends = floor[0] if floor[0] == floor[1] else f"{floor[0]} and {floor[1]}"
    return f"{words}. More repeats can reduce it to {ends} at best; only more rows can reduce it further."


def best_label(best: str, place: str, each: Sequence[str]) -> str:
    return f"Difference from {best} on {place}: {'; '.join(each)}"


def best_title(place: str) -> str:
    return f"{place}: distance from the best"


def best_note(best: str, percent: float | None, tests: Sequence[str], *, share: bool, loss: bool, rope: bool) -> str:
    """What the figure draws; `percent`: of the interval, None where nothing is tested; `tests`: the names of those."""
    worse = " (above 0: worse)" if loss else ""
    bars = "" if percent is None else f" Bar: {percent:g} % interval ({formats.listed(list(tests))}). p: after Holm."
    unit = ", in percentage points" if share else ""
    band = " Band: practically equal." if rope else ""
    return f"Each model minus {best}{worse}{unit}.{bars}{band}"


def no_test(causes: Sequence[NotTested]) -> str:
    return f"Not tested: {'; '.join(CAUSES[cause] for cause in causes)}." if causes else ""


def ties(rope: str | None) -> str:
    return "a tie is the same mean" if rope is None else f"a tie is a difference of at most {rope}"


def over(datasets: int) -> str:
    return f"Over {formats.spelled(datasets)} datasets"


def left_out(pairs: int) -> str:
    return f"The table of its {formats.count(pairs)} pairs is left out here."


def signed_ranks(pairs: int, *, exact: bool, few: bool) -> str:
    how = "exact" if exact else "by the normal approximation where more than 50 differ"
    words = (
        f"Test: Wilcoxon's signed-rank test on the means of the datasets, {how}. A difference of zero counts half for "
        f"each model. p: after Holm's correction over {formats.plural(pairs, 'pair')}. Difference: Hodges and "
        "Lehmann's estimate; its interval is not corrected."
    )
    return f"{words} P(better), P(same) and P(worse) {FEW}" if few else words


def cannot_decide(datasets: int) -> str:
    return f"{formats.plural(datasets, 'dataset')} cannot decide"


def rank_first(rank: str, chance: str) -> str:
    return f"{rank}, first {chance}"


def rank_label(datasets: int, each: Sequence[str]) -> str:
    return f"Mean rank over {datasets} datasets: {'; '.join(each)}"


def rank_note(percent: float, *, replaced: bool) -> str:
    rest = f" {REPLACED[len(MARK) + 1].upper()}{REPLACED[len(MARK) + 2 :]}" if replaced else ""
    return (
        f"1 is best. Bar: {percent:g} % interval, datasets resampled with replacement; then the share of resamples in "
        f"which the model is first.{rest}"
    )


def rank_title(metric: str, datasets: int) -> str:
    return f"Mean rank by {metric} over {formats.spelled(datasets)} datasets"


def group_title(metric: str) -> str:
    return f"Which models differ significantly by {metric}"


#: The distribution that Friedman's p is from.
NULLS = {"exact": "exact", "iman_davenport": "F of Iman and Davenport"}


def ranks_differ(p: str, null: str) -> str:
    return f"The ranks differ significantly (Friedman, {p}, {NULLS[null]})."


def ranks_alike(p: str, null: str, first_words: str) -> str:
    but = f" {first_words}." if first_words else ""
    return f"The ranks do not differ significantly (Friedman, {p}, {NULLS[null]}).{but}"


def one_order(datasets: int) -> str:
    """In the place of how often the first stays first, which resampling equal orders cannot answer."""
    return (
        f"All {formats.spelled(datasets)} datasets have the same order of models, so resampling them shows nothing "
        "about other datasets"
    )


def too_few(metric: str, datasets: int, pairs: int, needed: str) -> str:
    """Which pairs so few datasets leave open, and why."""
    which = "the one pair" if pairs == 1 else f"any of the {formats.count(pairs)} pairs"
    return f"By {metric}, {formats.spelled(datasets)} datasets cannot decide {which} of models: {needed}."


def printed_apart(pairs: int) -> str:
    """That pairs which the paper prints have a test of their own."""
    are = "pair that the paper prints is" if pairs == 1 else "pairs that the paper prints are"
    return f"The {formats.count(pairs)} {are} another question, with fewer tests: see Printed numbers."


def first_in_resamples(chance: str, models: Sequence[str]) -> str:
    each = " each" if len(models) > 1 else ""
    of = "this describes these datasets only"
    return f"First in {chance} of resamples of the datasets{each}: {formats.listed(list(models))} ({of})"
