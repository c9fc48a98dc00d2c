"""What the section of comparisons says: which models differ, how sure the first is, what the design can detect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.core.comparisons import Method, SampleKind, WhyNot
from bench.text import formats
from bench.text.why_not import WHY_NOT
from bench.text.words import MARK

TITLE = "Are the differences real?"
UNTESTED = "No two models were tested on {}."
APART = "Each dataset has a page of its own with its tests; over all of them nothing can be tested."
ONE_MODEL = "There is one model, so there is nothing to compare."
ONE_SCORE = (
    "Each model has one external score on a dataset: that is too little for a test."
)
NO_DRAWN_SPLITS = "The protocol has no random splits, so no test over splits exists."
NOT_TESTED = "not tested"
#: How the tests here differ from those of claims.
NOT_ASKED = "The study asks for no comparison of models."
NOTHING_SHARED = "No two models have scores on the same folds."
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
#: What a group of pairs is tested over, in the order of the groups.
SAMPLES = {
    SampleKind.REPEATS: "Tested over repeats",
    SampleKind.ROWS: "Tested on the rows of the test set",
}
HEADER = ("Model", "Difference", "Interval", "p (Holm)")
RANK_HEADER = ("Model", "Mean rank", "Interval", "First")
GROUP_HEADER = ("Model", "Mean rank")
GROUPS_NOTE = "Rank 1 is best. Bars join models that do not differ significantly (signed ranks, Holm)."
#: So many groups are listed; the rest are counted.
LISTED = 4


#: Where the ROPE comes from, if `compare` names none.
AS_TOLERANCE, CUSTOMARY = (
    "the study's tolerance, as it names no other",
    "the default, as the study names none",
)


def against_zero(*, chances: bool, bands: bool) -> str:
    """What uses the ROPE, and what does not.

    >>> against_zero(chances=False, bands=True).partition(";")[0]
    'The bands use the ROPE'
    """
    users = [
        *(["P(better)", "P(same)", "P(worse)"] if chances else []),
        *(["the bands"] if bands else []),
    ]
    said = formats.listed(users)
    return f"{said[:1].upper()}{said[1:]} use the ROPE; the p-values test against a difference of zero."


def corrected(pairs: int | None, *, claims: bool) -> str:
    """Over what Holm corrects: all pairs (None: as many as a dataset has).

    claims: whether some compare one model with all others.

    >>> corrected(66, claims=False)
    'Holm corrects p over all 66 pairs.'
    """
    count = "" if pairs is None else f"{formats.count(pairs)} "
    fewer = (
        " The section Claims corrects over other sets of comparisons, so a difference can be significant in one "
        "section and not in the other."
        if claims
        else ""
    )
    return f"Holm corrects p over all {count}pairs.{fewer}"


def by(metric: str) -> str:
    return f"By {metric}"


def no_difference(models: int) -> str:
    return f"{'The two' if models == 2 else 'No two'} models are {'not ' if models == 2 else ''}significantly different."


def all_different(models: int) -> str:
    return (
        "The two models are significantly different."
        if models == 2
        else "Every pair of models differs significantly."
    )


def different(pairs: Sequence[str], *, some_untested: bool = False) -> str:
    rest = (
        ""
        if some_untested
        else " After Holm over all pairs no other pair differs significantly."
    )
    return f"Significant differences: {'; '.join(pairs)}.{rest}"


def together(groups: Sequence[str]) -> str:
    """Groups inside which no two models differ significantly."""
    more = (
        f"; and {formats.plural(len(groups) - LISTED, 'more group')}"
        if len(groups) > LISTED
        else ""
    )
    return f"Not significantly different from each other: {'; '.join(groups[:LISTED])}{more}."


def not_tested(pairs: Sequence[str], causes: Sequence[WhyNot]) -> str:
    """`Not tested: LDA against Forest (one run of a model that takes a seed).`"""
    names = (
        formats.listed(list(pairs))
        if len(pairs) <= LISTED
        else f"{formats.spelled(len(pairs))} pairs"
    )
    why = "; ".join(WHY_NOT[cause] for cause in causes)
    return f"Not tested: {names} ({why})."


def against(model: str, other: str) -> str:
    return f"{model} against {other}"


def from_others(model: str, others: Sequence[str] | None) -> str:
    """`Baseline against every other`, where `others` is None; else with the names."""
    return f"{model} against {'every other' if others is None else formats.listed(list(others))}"


def unstable(models: Sequence[str], errors: Mapping[str, float], level: float) -> str:
    """That the test errs too often between models that depend on few rows; `errors`: error rates by where measured."""
    rates = [
        f"{formats.short(100 * rate)}{formats.THIN}% ({what})"
        for what, rate in errors.items()
    ]
    one = len(models) == 1
    counts, between = ("counts", "with it") if one else ("count", "between two of them")
    return (
        f"{formats.listed(list(models))} {counts} as unstable: {between} the corrected test errs in "
        f"up to {formats.listed(rates)} of cases, not {formats.probability(level)}."
    )


def by_halves(models: Sequence[str] | None, *, others: bool) -> str:
    """Which pairs were tested on halves of the rows; `models`: None where the study asked for all.

    `others`: whether the corrected t test tests others.

    >>> by_halves(["Tree"], others=False).partition(" comes")[0]
    'For pairs with Tree the difference'
    """
    which = (
        "all pairs"
        if models is None
        else f"pairs with {formats.listed(list(models), 'or')}"
    )
    rest = " Other pairs: corrected t test." if others else ""
    return (
        f"For {which} the difference comes from cross-validation of all rows. p is the smaller of two tests: SHARP, of "
        "models trained on half of the rows, and conservative z, of the difference on all rows. The interval lies "
        "around the difference and is as wide as the narrower one of these tests. So p can be small beside an interval "
        f"that contains 0, or the reverse: p decides.{rest}"
    )


def no_halves(reason: str) -> str:
    """Why no halves of the rows were fitted, on which the test would hold its level."""
    return f"No halves of the rows were fitted: {reason}."


NO_HALVES_WANTED = "the study leaves them out"


def detectable(least: str, most: str) -> str:
    """How large a difference must be to be significant: of the most and the least stable pair of models."""
    return f"Difference needed for significance: {least}" + (
        "." if least == most else f" to {most}, depending on the pair."
    )


def best_label(best: str, place: str, each: Sequence[str]) -> str:
    return f"Difference from {best} on {place}: {'; '.join(each)}"


def best_title(place: str) -> str:
    return f"{place}: distance from the best"


def best_note(
    best: str,
    percent: float | None,
    tests: Sequence[str],
    *,
    share: bool,
    loss: bool,
    rope: bool,
) -> str:
    """What the figure draws; `percent`: of the interval, None where nothing is tested; `tests`: the names of those."""
    worse = " (above 0: worse)" if loss else ""
    made = formats.listed(list(tests))
    bars = (
        ""
        if percent is None
        else f" Bar: {percent:g} % interval, before Holm ({made}). p: after Holm."
    )
    unit = ", in percentage points" if share else ""
    band = " Band: practically equal." if rope else ""
    return f"Each model minus {best}{worse}{unit}.{bars}{band}"


def no_test(causes: Sequence[WhyNot]) -> str:
    return (
        f"Not tested: {'; '.join(WHY_NOT[cause] for cause in causes)}."
        if causes
        else ""
    )


def ties(rope: str | None) -> str:
    return (
        "a tie is the same mean"
        if rope is None
        else f"a difference of at most {rope} counts as a tie here, not in the test"
    )


def over(datasets: int) -> str:
    return f"Over {formats.spelled(datasets)} datasets"


def no_ranks() -> str:
    return "Fewer than two datasets have a score of every model: no mean ranks. Each pair is compared on its own."


def ranked_over(datasets: int) -> str:
    return (
        f"Mean ranks are over the {formats.spelled(datasets)} datasets with a score of every model; each pair is "
        "compared on all that both have."
    )


def signed_ranks(pairs: int, *, exact: bool, chances: bool, same: str) -> str:
    """The tests of every pair over datasets; `chances`: whether P is shown, `same`: the ROPE, empty where it is 0."""
    how = "exact" if exact else "normal approximation where more than 50 differ"
    within = f" (within {same})" if same else ""
    posterior = (
        f" P(better), P(same){within}, P(worse): the probability, given these datasets, that this outcome is the most "
        "frequent one on datasets like these. It is not a share of datasets."
    )
    return (
        f"Wilcoxon's signed-rank test ({how}), after Holm over {formats.plural(pairs, 'pair')}; Hodges and Lehmann's "
        f"difference with its uncorrected interval.{posterior if chances else ''}"
    )


def cannot_decide(datasets: int) -> str:
    return f"{formats.plural(datasets, 'dataset')} cannot decide"


def rank_first(rank: str, chance: str) -> str:
    return f"{rank}, first {chance}"


def rank_label(datasets: int, each: Sequence[str]) -> str:
    return f"Mean rank over {datasets} datasets: {'; '.join(each)}"


def rank_note(percent: float, replaced: str) -> str:
    """`replaced`: what the mark says of stand-ins; empty without any."""
    said = replaced.removeprefix(MARK).lstrip()
    rest = f" {said[0].upper()}{said[1:]}" if said else ""
    return (
        f"1 is best. Bar: {percent:g} % interval (bootstrap of the datasets); then the share of samples in "
        f"which it is first.{rest}"
    )


def rank_title(metric: str, datasets: int) -> str:
    return f"Mean rank by {metric} over {formats.spelled(datasets)} datasets"


def group_title(metric: str) -> str:
    return f"Which models differ significantly by {metric}"


#: The distribution that Friedman's p is from.
NULLS = {"exact": "exact", "iman_davenport": "F of Iman and Davenport"}


def ranks_differ(p: str, null: str, *, pairs: bool) -> str:
    """`pairs`: whether a test tells any pair apart."""
    but = "" if pairs else ", but no single pair does after Holm"
    return f"All models together: their ranks differ significantly (Friedman, {p}, {NULLS[null]}){but}."


def ranks_alike(p: str, null: str, first_words: str) -> str:
    but = f" {first_words}." if first_words else ""
    return f"The ranks do not differ significantly (Friedman, {p}, {NULLS[null]}).{but}"


def one_order(datasets: int, models: Sequence[str]) -> str:
    """In the place of how often the first stays first, which resampling equal orders cannot answer."""
    return f"All {formats.spelled(datasets)} datasets rank the models in the same order: {', '.join(models)}"


def too_few(
    metric: str, datasets: int, pairs: int, needed: str, *, ranks_differ: bool
) -> str:
    """Which pairs so few datasets leave open, and why; even where `ranks_differ`."""
    which = "the one pair" if pairs == 1 else "any single pair"
    over = f"{formats.spelled(datasets)} datasets cannot decide {which} of models: {needed}."
    if ranks_differ:
        return f"Which models differ by {metric} stays open, as {over}"
    return f"By {metric}, {over}"


def printed_apart(pairs: int) -> str:
    """That pairs which the paper prints have a test of their own."""
    are = (
        "pair that the paper prints is"
        if pairs == 1
        else "pairs that the paper prints are"
    )
    return f"The {formats.count(pairs)} {are} another question, with fewer tests: see Printed numbers."


def first_in_resamples(chance: str, models: Sequence[str]) -> str:
    first = "each rank first" if len(models) > 1 else "ranks first"
    return f"{formats.listed(list(models))} {first} in {chance} of bootstrap samples of the ranked datasets"
