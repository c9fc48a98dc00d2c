"""The polars schema of every frame that crosses a floor, and how to check, write and read them.

Conventions that hold in every frame: `dataset`, `family` are the names of the study file; `variant` is `plain`,
`fallback` (what stands in for a failed cell), or what a diagnostic asked for; `repeat` and `fold` count from 0;
`fold` is null where a score is pooled over the folds of one repeat; `row` is the row number in the raw table, from 0;
`side` is train, inner or test. Scores are in the metric's own unit (fractions, never percent).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from bench.core.errors import BenchError, DataError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R")

#: The variant of the fallback of a failed cell: a baseline's answer from the same training rows.
FALLBACK = "fallback"
#: Numbers of results are kept to this many significant digits: the order of a sum shows only behind them.
DIGITS = 12


def _schema(columns: dict[str, Any]) -> pl.Schema:
    return pl.Schema(columns)


_KEY: dict[str, Any] = {
    "dataset": pl.String,
    "family": pl.String,
    "variant": pl.String,
    "repeat": pl.Int32,
    "fold": pl.Int32,
}

#: One row an outer-fold prediction. `truth` and `label` are class names (classification) or null label (regression).
#: `p` probabilities in the dataset's class order; `decision` the decision function (one value for two classes: of the
#: second class in class order; else one a class). Exactly one of `p`, `decision` is set where the family gives scores.
CLASSIFICATION = pl.Schema(
    _KEY
    | {
        "side": pl.String,
        "row": pl.Int64,
        "truth": pl.String,
        "label": pl.String,
        "p": pl.List(pl.Float64),
        "decision": pl.List(pl.Float64),
    }
)
#: The same for regression: `truth` and `value` in the target's unit.
REGRESSION = pl.Schema(_KEY | {"side": pl.String, "row": pl.Int64, "truth": pl.Float64, "value": pl.Float64})

#: Every candidate's inner score. `inner_fold` is null for an out-of-bag score; `parameters` is JSON; `chosen` marks the
#: candidate that was refitted; `metric` is the tuning metric; higher is not always better: see the metric.
TUNING = pl.Schema(
    _KEY
    | {
        "candidate": pl.Int32,
        "parameters": pl.String,
        "inner_fold": pl.Int32,
        "metric": pl.String,
        "value": pl.Float64,
        "chosen": pl.Boolean,
    }
)
#: One row a fold, side and metric; `fold` null: pooled over the repeat's folds. `value` is NaN-free: an undefined score
#: (AUC of a fold with one class) is null. `fallback`: of a fold that failed, or pooled over a repeat some of whose
#: folds failed; no fold and no pooled repeat is both `plain` and `fallback`.
SCORES = pl.Schema(_KEY | {"side": pl.String, "metric": pl.String, "value": pl.Float64})
#: `status`: warning (the cell has its results) or failed, timeout, oom, crash, invalid_data; `stage`: load, split, fit,
#: predict, score; `policy`: what can replace the cell; whether it does is the study's choice.
FAILURES = pl.Schema(_KEY | {"status": pl.String, "stage": pl.String, "reason": pl.String, "policy": pl.String})
#: What families come to, as six tables. Means and differences are in the metric's own unit, a difference is family
#: minus against; low, high: an interval at the study's level; p: two-sided; null: not computed, or no error rate
#: exists. `fallbacks`: how many scores behind a row are a baseline's in the place of failed cells.
#:
#: One row a dataset, family and metric. `mean` is null where failed cells exclude the family from the dataset.
#: `first_low`, `first_high`: bounds of the probability that this family is truly the best of the dataset; of the family
#: with the best mean alone, where pairs were tested. `with_fallback`, `complete_cases`: what the mean would be had the
#: one or the other policy for failed cells been chosen; of the primary metric, on datasets where cells failed.
ESTIMATES = pl.Schema(
    {
        "dataset": pl.String,
        "family": pl.String,
        "metric": pl.String,
        "mean": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "fallbacks": pl.Int64,
        "first_low": pl.Float64,
        "first_high": pl.Float64,
        "with_fallback": pl.Float64,
        "complete_cases": pl.Float64,
    }
)
#: One row a dataset, metric and pair of families on the same folds. low to p: the corrected t test; `p_adjusted`: after
#: Holm over the pairs of the dataset and metric; p_less, p_rope, p_greater: the Bayesian correlated t test with the
#: ROPE. `resolution`: the least difference that would be significant whatever the other pairs give;
#: `resolution_limit`: the same with ever more repeats; both null where the difference is constant. `repeats_help`: null
#: where the question does not arise (the pair is significantly different, or nothing more can be drawn); true:
#: `repeats_to_decide` repeats would make this difference significant; false: no number would.
PAIRS = pl.Schema(
    {
        "dataset": pl.String,
        "family": pl.String,
        "against": pl.String,
        "metric": pl.String,
        "difference": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
        "p_adjusted": pl.Float64,
        "p_less": pl.Float64,
        "p_rope": pl.Float64,
        "p_greater": pl.Float64,
        "resolution": pl.Float64,
        "resolution_limit": pl.Float64,
        "repeats_help": pl.Boolean,
        "repeats_to_decide": pl.Int64,
        "fallbacks": pl.Int64,
    }
)
#: One row a dataset, metric and pair of families whose one fit each predicted every test row once. `test`: mcnemar
#: (accuracy, error rate; no interval) or delong (area under the ROC curve); `p_adjusted`: after Holm over those pairs.
TEST_SET_PAIRS = pl.Schema(
    {
        "dataset": pl.String,
        "family": pl.String,
        "against": pl.String,
        "metric": pl.String,
        "test": pl.String,
        "difference": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
        "p_adjusted": pl.Float64,
    }
)
#: One row a metric and pair of families, over the `datasets` on which both have a mean (the forms of one table are
#: one). `difference` with low, high: of Hodges and Lehmann; p, `p_adjusted` (Holm over all pairs): signed ranks, zeros
#: split, over all sign patterns where `exact`, else by the normal approximation (beyond 50 differences). `least_p`,
#: `least_p_adjusted`: the smallest p that so many datasets could give. p_less, p_rope, p_greater: Bayesian signed ranks
#: with the ROPE. `below`, `within`, `above`: on how many datasets the difference lies so to the ROPE; `share_above`
#: counts a tie one half, with its interval. `sign_above`: on how many the family has the higher mean, with the p of the
#: sign test (ties split) and that after Holm. `rank_difference` of mean ranks, its `rank_z` and `rank_p`, adjusted by
#: Nemenyi and by Shaffer: among all families, on the datasets that all have a mean on; null with fewer than three
#: families.
PAIRS_OVER_DATASETS = pl.Schema(
    {
        "family": pl.String,
        "against": pl.String,
        "metric": pl.String,
        "datasets": pl.Int64,
        "difference": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "exact": pl.Boolean,
        "p": pl.Float64,
        "p_adjusted": pl.Float64,
        "least_p": pl.Float64,
        "least_p_adjusted": pl.Float64,
        "p_less": pl.Float64,
        "p_rope": pl.Float64,
        "p_greater": pl.Float64,
        "below": pl.Int64,
        "within": pl.Int64,
        "above": pl.Int64,
        "share_above": pl.Float64,
        "share_low": pl.Float64,
        "share_high": pl.Float64,
        "sign_above": pl.Int64,
        "sign_p": pl.Float64,
        "sign_p_adjusted": pl.Float64,
        "rank_difference": pl.Float64,
        "rank_z": pl.Float64,
        "rank_p": pl.Float64,
        "nemenyi_p": pl.Float64,
        "shaffer_p": pl.Float64,
        "fallbacks": pl.Int64,
    }
)
#: One row a metric and family. `mean_rank` (1 is best) over the datasets on which every family has a mean, low and high
#: from a bootstrap over datasets; null where fewer than two datasets rank the families. `first`: in what share of these
#: draws the family has the best mean rank; `stays_first`: the share in which the best mean rank stays with a family
#: that has it now, of such a family alone. `with_fallback`, `complete_cases`: what the mean rank would be under the one
#: or the other policy for failed cells; of the primary metric, where cells failed.
RANKS = pl.Schema(
    {
        "family": pl.String,
        "metric": pl.String,
        "mean_rank": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "first": pl.Float64,
        "stays_first": pl.Float64,
        "fallbacks": pl.Int64,
        "with_fallback": pl.Float64,
        "complete_cases": pl.Float64,
    }
)
#: One row a metric whose families are ranked. `datasets`: on how many all have a mean; `datasets_needed`: the fewest
#: that could make any pair significantly different; `least_p`, `least_p_adjusted`: the smallest p that a pair could
#: have on so many. Friedman's test (with three families or more): chi2 and its p, chi2 with ties corrected, Iman and
#: Davenport's F (null where it is infinite, with p 0: all datasets rank the families equally). `critical_difference` of
#: mean ranks by Nemenyi, `critical_difference_to_one` by Bonferroni and Dunn, both in ranks.
OMNIBUS = pl.Schema(
    {
        "metric": pl.String,
        "datasets": pl.Int64,
        "datasets_needed": pl.Int64,
        "least_p": pl.Float64,
        "least_p_adjusted": pl.Float64,
        "friedman_chi2": pl.Float64,
        "friedman_chi2_p": pl.Float64,
        "friedman_chi2_tie_corrected": pl.Float64,
        "friedman_f": pl.Float64,
        "friedman_f_p": pl.Float64,
        "critical_difference": pl.Float64,
        "critical_difference_to_one": pl.Float64,
        "fallbacks": pl.Int64,
    }
)
COMPARISONS: dict[str, pl.Schema] = {
    "estimates": ESTIMATES,
    "pairs": PAIRS,
    "test_set_pairs": TEST_SET_PAIRS,
    "pairs_over_datasets": PAIRS_OVER_DATASETS,
    "ranks": RANKS,
    "omnibus": OMNIBUS,
}
#: All numbers in the claim's unit. `low`, `high`: t.95 interval of the difference ours - published; `low_refute`,
#: `high_refute`: t.975; of a comparison without a published size, of the improvement itself; of a rank on one dataset,
#: the ranks that Holm leaves less the published one. `p`: of the claim, small where it is refuted; of a published
#: number below .05 just where the t.975 interval lies outside the tolerance. Null where no error rate exists. `ours` of
#: an order is Kendall's tau-b with ours. `dataset` null: the study's only one, or over all. `cause`: in one word why a
#: claim does not hold (`judgements.Cause`), null where it does. `reasons`: why, statements of `judgements` as
#: JSON.
VERDICTS = pl.Schema(
    {
        "claim": pl.String,
        "kind": pl.String,
        "dataset": pl.String,
        "family": pl.String,
        "against": pl.String,
        "metric": pl.String,
        "unit": pl.String,
        "published": pl.String,
        "ours": pl.Float64,
        "difference": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "low_refute": pl.Float64,
        "high_refute": pl.Float64,
        "p": pl.Float64,
        "tolerance": pl.Float64,
        "smallest_tolerance": pl.Float64,
        "verdict": pl.String,
        "source": pl.String,
        "fidelity": pl.String,
        "protocol_match": pl.String,
        "cause": pl.String,
        "reasons": pl.String,
    }
)
#: The summary of a study's claims, as seven tables of the claims that are counted. Shares are fractions; of
#: several forms of one table the first is the dataset.
#:
#: One row for all claims (`kind` to `unit` null), then, where there are several, one for each kind, metric, side and
#: unit. `claims` on `datasets`, by verdict; `judged`: those but not_testable, `held`: the share of them that is exact
#: or reproduced; the same of those `with_error_rate`, with an interval (low, high) clustered by dataset, or the code
#: why there is none (`replication.NoInterval`).
REPLICATION_GROUPS = pl.Schema(
    {
        "kind": pl.String,
        "metric": pl.String,
        "side": pl.String,
        "unit": pl.String,
        "claims": pl.Int64,
        "datasets": pl.Int64,
        "exact": pl.Int64,
        "reproduced": pl.Int64,
        "direction_reproduced": pl.Int64,
        "not_reproduced": pl.Int64,
        "inconclusive": pl.Int64,
        "not_testable": pl.Int64,
        "judged": pl.Int64,
        "judged_datasets": pl.Int64,
        "held": pl.Float64,
        "with_error_rate": pl.Int64,
        "with_error_rate_datasets": pl.Int64,
        "held_with_error_rate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "no_interval": pl.String,
    }
)
#: One row a cause: how many claims do not hold because of it.
REPLICATION_MISSES = pl.Schema({"cause": pl.String, "claims": pl.Int64})
#: One row a claim that a test could refute. `subject`: claims of one number ask one question of our scores and are one
#: test; `p_adjusted`: after Holm over the subjects. `refuted`: the verdict is not_reproduced; `after_holm`: and
#: p_adjusted is below the study's level of refutation.
REPLICATION_REFUTATIONS = pl.Schema(
    {
        "claim": pl.String,
        "kind": pl.String,
        "metric": pl.String,
        "side": pl.String,
        "unit": pl.String,
        "dataset": pl.String,
        "family": pl.String,
        "against": pl.String,
        "subject": pl.Int64,
        "p": pl.Float64,
        "p_adjusted": pl.Float64,
        "refuted": pl.Boolean,
        "after_holm": pl.Boolean,
    }
)
#: Published numbers beside ours, a family on a dataset counting once: one row a metric, side and unit over all datasets
#: (`dataset` null), and, where there are several, one for each dataset with two numbers or more. `tau`: Kendall's
#: tau-b; `tau_within`: of the pairs that share their dataset; `concordance`: Lin's. Each is null with the code why
#: (`replication.Undefined`). `effects`: how many published differences between two families, on `effect_datasets`; the
#: median and the quartiles of our difference over the published one, and the share of them above 0. All but tau are
#: null on one dataset's row.
REPLICATION_NUMBERS = pl.Schema(
    {
        "metric": pl.String,
        "side": pl.String,
        "unit": pl.String,
        "dataset": pl.String,
        "numbers": pl.Int64,
        "datasets": pl.Int64,
        "tau": pl.Float64,
        "tau_undefined": pl.String,
        "tau_within": pl.Float64,
        "tau_within_undefined": pl.String,
        "concordance": pl.Float64,
        "concordance_undefined": pl.String,
        "effects": pl.Int64,
        "effect_datasets": pl.Int64,
        "effect_median": pl.Float64,
        "effect_lower": pl.Float64,
        "effect_upper": pl.Float64,
        "effect_same_way": pl.Float64,
    }
)
#: One row a metric, side, unit and tolerance (in the claim's unit) at which the share `held` of published numbers
#: rises, and one at zero; of all `claims` whose smallest tolerance is known.
REPLICATION_TOLERANCES = pl.Schema(
    {
        "metric": pl.String,
        "side": pl.String,
        "unit": pl.String,
        "tolerance": pl.Float64,
        "held": pl.Float64,
        "claims": pl.Int64,
        "datasets": pl.Int64,
    }
)
#: One row a published difference between two families on one dataset: `ratio`, ours over the published one, with the
#: interval of ours where an error rate exists; `claims`: how many claims have the two numbers.
REPLICATION_EFFECTS = pl.Schema(
    {
        "metric": pl.String,
        "side": pl.String,
        "unit": pl.String,
        "dataset": pl.String,
        "family": pl.String,
        "against": pl.String,
        "ratio": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "claims": pl.Int64,
    }
)
#: One row a `best` claim on one dataset: by how much the best number of so many equally good `families` is too good,
#: `expected_max` in standard errors, `selection_bias` in the claim's unit (null where the spread is not known).
REPLICATION_SELECTION = pl.Schema(
    {
        "claim": pl.String,
        "metric": pl.String,
        "side": pl.String,
        "unit": pl.String,
        "dataset": pl.String,
        "family": pl.String,
        "families": pl.Int64,
        "expected_max": pl.Float64,
        "selection_bias": pl.Float64,
    }
)
REPLICATION: dict[str, pl.Schema] = {
    "replication_groups": REPLICATION_GROUPS,
    "replication_misses": REPLICATION_MISSES,
    "replication_refutations": REPLICATION_REFUTATIONS,
    "replication_numbers": REPLICATION_NUMBERS,
    "replication_tolerances": REPLICATION_TOLERANCES,
    "replication_effects": REPLICATION_EFFECTS,
    "replication_selection": REPLICATION_SELECTION,
}
#: One row a check of one subject. `outcome`: found, passed, by_construction (the engine cannot do otherwise, so nothing
#: was tested), not_applicable; `severity`: note, warning, serious (the last two are alarms where a problem is found).
#: `code`: that of the diagnostic, and after a point its part (`L.test_set`); `estimate`, `low`, `high`: the
#: number of the diagnostic (`bench.diagnose.numbers`) and its interval; `details`: what was seen, as statements.
FINDINGS = pl.Schema(
    {
        "code": pl.String,
        "diagnostic": pl.String,
        "dataset": pl.String,
        "family": pl.String,
        "outcome": pl.String,
        "severity": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "details": pl.String,
    }
)
#: Counts of fits only: seconds and memory are never in a result. `variant`: plain, or what a diagnostic asked for, all
#: its numbers together (`permuted`, `train_share`, `explanation=tuned_on_test`).
COSTS = pl.Schema({"dataset": pl.String, "family": pl.String, "variant": pl.String, "fits": pl.Int64})
#: How much fitted families depend on a feature, a fold. `kind`: permutation (by how much the tuning metric gets worse
#: on the test rows when the feature is shuffled there: positive where the feature helps) or coefficient (of a linear
#: family, a standard deviation of the feature; the largest over classes by size).
IMPORTANCE = pl.Schema(
    {
        "dataset": pl.String,
        "family": pl.String,
        "repeat": pl.Int32,
        "fold": pl.Int32,
        "feature": pl.String,
        "kind": pl.String,
        "value": pl.Float64,
    }
)
#: Partial dependence, a fold: the mean prediction when all rows have `at` as their feature (`label`: the category
#: behind the code). `class`: null for regression and, of two classes, for the positive one (or the second).
EFFECTS = pl.Schema(
    {
        "dataset": pl.String,
        "family": pl.String,
        "repeat": pl.Int32,
        "fold": pl.Int32,
        "feature": pl.String,
        "at": pl.Float64,
        "label": pl.String,
        "class": pl.String,
        "value": pl.Float64,
    }
)
#: Extra fits that a study requests and its data refuse, a row for each family and `variant` (`permuted`,
#: `explanation=scaling_before_split`). `code`: why (bench/core/refusals.py); `reasons`: the statement as JSON.
UNAVAILABLE = pl.Schema(
    {"dataset": pl.String, "family": pl.String, "variant": pl.String, "code": pl.String, "reasons": pl.String}
)
#: Data sets whose number of repeats a pilot decided: the repeats of the pilot, those that the claims need in all, and
#: those that were run: no more than the study allows.
REPEATS = pl.Schema({"dataset": pl.String, "pilot": pl.Int64, "needed": pl.Int64, "run": pl.Int64})
#: Explanations of published numbers (`bench list explanations`), a row a claim and explanation. `kind`: valid, error,
#: control. estimate: what the explanation gives here, in the claim's unit; low, high: where 95 % of the numbers lie
#: that single papers with this protocol would print, null where no spread is known; `compatible`: whether the published
#: number is among them; `together`: the same at 1 - .05/k, k the numbers that the study compares with the explanations,
#: so that papers with this protocol have all of them inside in at least 95 %; `beyond`: of a valid protocol, how often
#: its papers print a number as far out as the published one, or farther. An explanation that cannot be tried here has
#: `reasons` (statements as JSON) and no estimate; where it leaves this number as it is (nothing is tuned, no class is
#: rare), `together` is that of the study's own protocol.
EXPLANATIONS = pl.Schema(
    {
        "claim": pl.String,
        "source": pl.String,
        "dataset": pl.String,
        "family": pl.String,
        "metric": pl.String,
        "variant": pl.String,
        "kind": pl.String,
        "title": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "compatible": pl.Boolean,
        "together": pl.Boolean,
        "beyond": pl.Float64,
        "reasons": pl.String,
    }
)
#: Each explanation and all those numbers at once. numbers: of how many claims; missed: the claims that it does not fit;
#: `compatible`: it misses none, null where that is not known of all; `beyond`: of a valid protocol, how often its
#: papers have a number as far out among theirs, at most (Bonferroni).
JOINT = _schema(
    {
        "variant": pl.String,
        "kind": pl.String,
        "title": pl.String,
        "numbers": pl.Int64,
        "missed": pl.List(pl.String),
        "compatible": pl.Boolean,
        "beyond": pl.Float64,
    }
)
#: How often the study's own tests and leak detectors are wrong on data like its own, a row a check and dataset.
#: `check`: false_alarm (a pair of equal families is called different), family_wise (any pair is, after Holm), power (a
#: family that is better by `planted`, in the metric's unit, is significantly better); of a leak detector, named by
#: `diagnostic`, false_alarm and hit, with the strength of the planted leak as `planted`. rate: of `trials`, null where
#: nothing could be tried; low, high: its 95 % interval; `nominal`: what it should be at most; `details`: what was
#: tried, or why nothing was.
SELF_CHECKS = pl.Schema(
    {
        "dataset": pl.String,
        "check": pl.String,
        "diagnostic": pl.String,
        "planted": pl.Float64,
        "rate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "trials": pl.Int64,
        "nominal": pl.Float64,
        "details": pl.String,
    }
)
#: What one seed at a time does to a mean score of the first repeat. `source`: split, model seed, tuning seed; sd of
#: `draws` draws with its 95 % interval; `share` of the sum of the variances.
VARIANCE = pl.Schema(
    {
        "dataset": pl.String,
        "family": pl.String,
        "metric": pl.String,
        "source": pl.String,
        "share": pl.Float64,
        "sd": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "draws": pl.Int64,
    }
)

#: The folds as they were made, once a dataset, shared by all families: counts of rows, and a sha256 of the row numbers.
FOLDS = pl.Schema(
    {
        "dataset": pl.String,
        "repeat": pl.Int32,
        "fold": pl.Int32,
        "train_rows": pl.Int64,
        "test_rows": pl.Int64,
        "rows_sha256": pl.String,
    }
)
#: One row a clean table. `classes` in class order, empty for regression; `draws` 0 where the data are no simulation.
TABLES = _schema(
    {
        "dataset": pl.String,
        "title": pl.String,
        "source": pl.String,
        "rows": pl.Int64,
        "features": pl.Int64,
        "classes": pl.List(pl.String),
        "positive": pl.String,
        "draws": pl.Int64,
        "raw_sha256": pl.String,
        "fingerprint": pl.String,
    }
)
#: One row a cleaning step and dataset, in the order they ran.
CLEANING = pl.Schema(
    {
        "dataset": pl.String,
        "order": pl.Int32,
        "step": pl.String,
        "parameters": pl.String,
        "rows_before": pl.Int64,
        "rows_after": pl.Int64,
        "columns_before": pl.Int64,
        "columns_after": pl.Int64,
        "cells_changed": pl.Int64,
        "example": pl.String,
    }
)
#: The profile of the clean tables; `role` is feature, target, group, time, fold, dropped.
COLUMNS = pl.Schema(
    {
        "dataset": pl.String,
        "column": pl.String,
        "role": pl.String,
        "type": pl.String,
        "rows": pl.Int64,
        "missing": pl.Int64,
        "unique": pl.Int64,
        "mean": pl.Float64,
        "sd": pl.Float64,
        "minimum": pl.Float64,
        "maximum": pl.Float64,
        "example": pl.String,
    }
)
#: `low`, `high` are the bin's edges for numbers and null for categories, where `label` names the bin; `label` "(other)"
#: gathers rare categories. `class` is null for all rows together, else the class of the target.
HISTOGRAMS = pl.Schema(
    {
        "dataset": pl.String,
        "column": pl.String,
        "bin": pl.Int32,
        "low": pl.Float64,
        "high": pl.Float64,
        "label": pl.String,
        "class": pl.String,
        "count": pl.Int64,
    }
)
#: Tukey's box: quartiles, whiskers at the last value within 1.5 interquartile ranges, how many lie beyond, and up to a
#: stated number of those as a list. `class` null: all rows.
BOXES = _schema(
    {
        "dataset": pl.String,
        "column": pl.String,
        "class": pl.String,
        "low_whisker": pl.Float64,
        "q1": pl.Float64,
        "median": pl.Float64,
        "q3": pl.Float64,
        "high_whisker": pl.Float64,
        "outliers": pl.Int64,
        "outlier_values": pl.List(pl.Float64),
    }
)
#: Pearson correlations of numeric columns, both triangles and the diagonal, in clustered order (`i`, `j`).
CORRELATIONS = pl.Schema(
    {"dataset": pl.String, "i": pl.Int32, "j": pl.Int32, "a": pl.String, "b": pl.String, "r": pl.Float64}
)
CLASSES = pl.Schema({"dataset": pl.String, "class": pl.String, "count": pl.Int64})
#: What is unusual about a clean table: a code (duplicates, conflicting_labels, constant, id_like, missing, imbalance,
#: ...), a count, and its statement in `details`. `column` null: the whole table.
REMARKS = pl.Schema(
    {
        "dataset": pl.String,
        "code": pl.String,
        "column": pl.String,
        "severity": pl.String,
        "count": pl.Int64,
        "details": pl.String,
    }
)
#: Rows whose features equal those of another row; `duplicates` numbers the sets of equal rows, from 0.
DUPLICATES = pl.Schema({"dataset": pl.String, "row": pl.Int64, "duplicates": pl.Int32})
PROFILE = {
    "columns": COLUMNS,
    "histograms": HISTOGRAMS,
    "boxes": BOXES,
    "correlations": CORRELATIONS,
    "classes": CLASSES,
    "remarks": REMARKS,
    "duplicates": DUPLICATES,
}


def empty(schema: pl.Schema) -> pl.DataFrame:
    """A frame of that schema with no rows."""
    return pl.DataFrame(schema=schema)


def checked(frame: pl.DataFrame, schema: pl.Schema, what: str = "frame") -> pl.DataFrame:
    """The frame itself when its columns and types are those of the schema, in that order.

    Raises `BenchError` that names the first difference otherwise: it is always the program's mistake, not a user's.
    """
    if frame.schema == schema:
        return frame
    for name, dtype in schema.items():
        if name not in frame.columns:
            raise BenchError(f"{what}: column {name} is missing")
        if frame.schema[name] != dtype:
            raise BenchError(f"{what}: column {name} is {frame.schema[name]}, expected {dtype}")
    extra = [name for name in frame.columns if name not in schema]
    raise BenchError(f"{what}: unexpected column {extra[0]}" if extra else f"{what}: columns are in another order")


def of_rows(rows: Sequence[Mapping[str, object]], schema: pl.Schema, nulls: Iterable[str] = ()) -> pl.DataFrame:
    """A frame of that schema from rows by column name.

    Parameters
    ----------
    rows
        One mapping a row, with every column of the schema and no other key.
    schema
        The columns and their types; values are cast where that loses nothing.
    nulls
        Columns that a row may leave out: they are null there.

    Raises
    ------
    BenchError
        For a key that is no column, and for a column that a row lacks and `nulls` does not name.

    Examples
    --------
    >>> toy = pl.Schema({"name": pl.String, "value": pl.Float64})
    >>> of_rows([{"name": "a"}], toy, nulls=["value"]).rows()
    [('a', None)]
    """
    optional = set(nulls)
    for number, row in enumerate(rows):
        if unknown := [name for name in row if name not in schema]:
            raise BenchError(f"row {number}: {unknown[0]} is no column; the columns are {', '.join(schema)}")
        if missing := [name for name in schema if name not in row and name not in optional]:
            raise BenchError(f"row {number}: column {missing[0]} is missing, and `nulls` does not name it")
    return pl.DataFrame(list(rows), schema=schema, orient="row", strict=False) if rows else empty(schema)


def of_records(records: Iterable[DataclassInstance], schema: pl.Schema, digits: int | None = DIGITS) -> pl.DataFrame:
    """A frame of that schema from dataclasses whose fields are its columns.

    Parameters
    ----------
    records
        One dataclass a row.
    schema
        The columns and their types.
    digits
        How many significant digits numbers keep; None: all.

    Raises
    ------
    BenchError
        Where the fields of a record are not the columns of the schema.
    """
    rows = [{one.name: rounded(getattr(record, one.name), digits) for one in fields(record)} for record in records]
    for row in rows:
        if row.keys() != set(schema):
            raise BenchError(f"fields and columns differ: {', '.join(sorted(row.keys() ^ set(schema)))}")
    return of_rows(rows, schema)


def records(frame: pl.DataFrame, kind: type[R]) -> list[R]:
    """The rows of a frame as dataclasses whose fields are its columns."""
    return [kind(**row) for row in frame.iter_rows(named=True)]


def rounded(value: Any, digits: int | None = DIGITS) -> Any:
    """A number to so many significant digits, never minus zero; anything else, or without `digits`, as it is."""
    return float(f"{value:.{digits}g}") + 0.0 if digits is not None and isinstance(value, float) else value


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all: temporary name, fsync, rename.

    A file that holds these bytes already is left as it is. Raises `DataError` with a sentence when the disk is full or
    the folder cannot be written.
    """
    try:
        if _holds(path, content):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror}); the old file, if any, is untouched") from error


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file, in a folder that could be written, has these bytes."""
    if not path.is_file() or path.stat().st_size != len(content) or not os.access(path.parent, os.W_OK):
        return False
    return path.read_bytes() == content


def write(frame: pl.DataFrame, path: Path, schema: pl.Schema | None = None) -> None:
    """Write a frame as Parquet, atomically; with a schema it is checked first. The same frame gives the same bytes."""
    import io

    if schema is not None:
        checked(frame, schema, path.name)
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    write_bytes(path, buffer.getvalue())


def read(path: Path, schema: pl.Schema | None = None) -> pl.DataFrame:
    """Read a Parquet frame; raises `DataError` when it is absent or damaged and `BenchError` on another schema."""
    if not path.exists():
        raise DataError(f"{path}: is missing; run `dvc repro` to make it")
    try:
        frame = pl.read_parquet(path)
    except Exception as error:
        raise DataError(f"{path}: cannot be read as Parquet ({error}); delete it and run `dvc repro`") from error
    return frame if schema is None else checked(frame, schema, str(path))


def sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
