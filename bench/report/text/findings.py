"""What the section of findings says: warnings in one line, and what passed."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

NOT_RUN = "No diagnostic was run for this study."
#: Where somebody else made every split and fit.
ELSEWHERE = "No check gives a warning. Leakage cannot be checked: the models were fitted elsewhere."
#: Of faults that a study makes itself.
ON_PURPOSE = " The study commits the error on purpose."

_NOT_REQUESTED = "Not requested"
_GROUPS = "Needs groups or a time column"
_ONE_SCORE = "One score for each model"
_FOLDS = "Needs more folds"
_HARD = "Hard votes instead of probabilities"
_ROWS = "Needs more rows or finer features"
_ELSEWHERE = "Fitted elsewhere"
_UNSEEN = "Cannot be seen in these data"
_NOWHERE = ""  # a page does not say it
#: Why a check was not made, in few words, by the code of the statement that says it.
CAUSES = {
    "finding.not_requested": _NOT_REQUESTED,
    "learning_curve.no_scores": _NOT_REQUESTED,
    "leakage.no_group": _GROUPS,
    "refusal.no_groups": _GROUPS,
    "temporal.no_time": _GROUPS,
    "candidate_stability.one_fold": _FOLDS,
    "explanations.no_spread": "Spread of the results unknown",
    "finding.no_interval": "No interval or test",
    "first_place.one_round": _ONE_SCORE,
    "importances.no_correlation": "Importances are equal",
    "importances.too_few": "Needs several folds and features",
    "outlier_folds.pooled": _ONE_SCORE,
    "outlier_folds.too_few": _FOLDS,
    "repeats.one_repeat": "Needs several repeats of several folds",
    "repeats.other_rows": "Each repeat has new rows",
    "refusal.one_row_test_sets": "Every test set is one row",
    "biased_test.too_few": _ROWS,
    "duplicates_across.coarse": _ROWS,
    "file_order.no_triple": _ROWS,
    "file_order.too_few": _ROWS,
    "illegitimate_features.too_few": _ROWS,
    "near_duplicates.coarse": _ROWS,
    "near_duplicates.too_dense": _ROWS,
    "near_duplicates.too_few": _ROWS,
    "finding.not_tuned": _NOWHERE,
    "refusal.not_tuned": _NOWHERE,
    "selection.no_inner_folds": _NOWHERE,
    "data_remarks.no_table": _ELSEWHERE,
    "duplicates_across.no_predictions": _ELSEWHERE,
    "finding.no_features": _ELSEWHERE,
    "finding.not_split_here": _ELSEWHERE,
    "biased_test.drawn_at_random": _UNSEEN,
    "leakage.given_split": _UNSEEN,
    "leakage.selection_unknown": _UNSEEN,
    "calibration.hard_votes": _HARD,
    "calibration.no_probabilities": "No probabilities",
    "grid_edge.no_scale": _NOWHERE,
    "beats_baseline.no_baseline": "No model is declared as a baseline",
    "finding.nothing_here": _NOWHERE,
    "first_place.one_family": _NOWHERE,
    "outlier_folds.half_equal": _NOWHERE,
    "selection.too_few": _NOWHERE,
    "waterfall.one_level": _NOWHERE,
    "degenerate.no_predictions": _NOWHERE,
    "calibration.too_few_draws": "Too many tests for the random outcomes",
    "permuted_labels.too_few": "Needs more permutations",
    "leakage.source_selected": _NOWHERE,
    "tuning_optimism.not_reported": "Tuned by another metric",
    "file_order.by_time": "Split by time",
}


def each_of(places: Sequence[str]) -> str:
    """`Glass and Ionosphere, each`: before a sentence that is true of each place by itself."""
    return f"{formats.listed(places)}{', each' if len(places) > 1 else ''}"


def in_each_draw(said: str) -> str:
    """
    >>> in_each_draw("only 50 rows, so scores are uncertain")
    'in every draw only 50 rows, so scores are uncertain'
    """
    return f"in every draw {said}"


def none_warns(troubled: str) -> str:
    """That no check warns, and which fits did not go well.

    >>> none_warns(""), none_warns("3 scored fits gave a Python warning")
    ('No check gives a warning.', 'No check gives a warning; 3 scored fits gave a Python warning.')
    """
    return f"No check gives a warning{f'; {troubled}' if troubled else ''}."


def troubled(fits: int, *, converged: bool) -> str:
    """How many scored fits gave a warning; empty without any. `converged`: whether one may have converged.

    >>> troubled(3, converged=False), troubled(3, converged=True), troubled(0, converged=False)
    ('3 scored fits gave a convergence warning', '3 scored fits gave a Python warning', '')
    """
    kind = "Python" if converged else "convergence"
    return f"{formats.plural(fits, 'scored fit')} gave a {kind} warning" if fits else ""


def passed(title: str, times: int) -> str:
    """
    >>> passed("Calibration", 3), passed("Data quality", 1)
    ('Calibration (3)', 'Data quality')
    """
    return title if times == 1 else f"{title} ({formats.count(times)})"


def healthy(passed: int) -> str:
    return f"None. {formats.plural(passed, 'check')} passed."


def where(models: Sequence[str], datasets: Sequence[str]) -> str:
    """The models and datasets that a check is about; of more than two, their number.

    >>> where(["SVM"], []), where(["SVM", "kNN", "Lasso"], ["Wine"])
    ('SVM', 'Wine: 3 models')
    """
    named = ((datasets, "dataset"), (models, "model"))
    some = (
        formats.listed(list(one)) if len(one) <= 2 else formats.plural(len(one), noun)
        for one, noun in named
        if one
    )
    return ": ".join(some)


def warnings(sign: str, count: int, noun: str, named: Sequence[str]) -> str:
    """`‼ 1 serious warning: Copies of test rows (on Wine).`"""
    return f"{sign} {formats.plural(count, noun)}: {formats.listed(list(named))}."


def on(places: Sequence[str]) -> str:
    """` (on Wine)`, or where there are too many to name, their number."""
    return f" (on {formats.listed(list(places)) if len(places) < 3 else f'{len(places)} datasets'})"
