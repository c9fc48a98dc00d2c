"""How sure something is, in sentences that several places share: the datasets needed, error rates above the
level, what a score is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.core.comparisons import Method
from bench.families.family import Instability
from bench.families.instability import unstable_families
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.styles import Styles
from bench.scores.design import alpha_of
from bench.stats.adjust import past_doubt
from bench.text import formats
from bench.text.words import Measure

#: What replaces a baseline that was not run, by metric: the page computes it from the counts of the classes.
_WITHOUT_FEATURES = {
    "accuracy": "always predicting the largest class",
    "error_rate": "always predicting the largest class",
    "balanced_accuracy": "always predicting one class",
    "r2": "always predicting the mean",
}


def needed_words(bundle: Bundle, metric: str) -> str:
    """How many datasets a pair needs to differ significantly: it depends on how many models are compared."""
    pairs, models = (
        len(facts.overall_pairs(bundle, metric)),
        len(facts.families(bundle)),
    )
    all_pairs = pairs == models * (models - 1) // 2
    few = f"{formats.spelled(pairs)} {'pair' if pairs == 1 else 'pairs'} of models"
    compared = f"{formats.spelled(models)} models" if all_pairs else few
    return (
        f"with {compared}, at least {formats.spelled(facts.needed(bundle, metric))} datasets are needed for "
        f"p < {formats.short(alpha_of(bundle.study))} after Holm"
    )


def lenient(
    bundle: Bundle, pairs: Iterable[facts.ComparedPair]
) -> dict[str, Instability]:
    """The families of some pairs for which the error rate of the corrected t test is known to exceed its level.

    Where halves of the rows were fitted the pair has another test, which holds its level.
    """
    corrected = (
        one for one in pairs if one.test in (Method.CORRECTED_T, Method.CORRECTED_T_MIX)
    )
    return unstable_families(
        bundle.study,
        dict.fromkeys(f for one in corrected for f in (one.family, one.against)),
    )


def doubtful(bundle: Bundle, pair: facts.ComparedPair) -> list[str]:
    """The models that make a significant difference of a pair doubtful; none if it is certain or not significant."""
    if pair.p_adjusted is None or pair.p_adjusted >= alpha_of(bundle.study):
        return []
    fooled = lenient(bundle, [pair])
    errs = [one.errs for one in fooled.values()]
    return (
        list(fooled)
        if errs and pair.p_adjusted >= past_doubt(max(errs), alpha_of(bundle.study))
        else []
    )


def baseline_words(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> str:
    """What the scores are measured against: `the baseline` where such a family was run, else what the page computes."""
    run = {
        f
        for d, f in facts.estimates(bundle, unit.name)
        if d == dataset and styles.family(f).baseline
    }
    return "the baseline" if run else _WITHOUT_FEATURES.get(unit.name, "the baseline")
