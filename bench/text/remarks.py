"""The sentences of remarks on clean tables."""

from __future__ import annotations

from bench.core import remarks
from bench.text.sentences import says


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _verb(count: int, singular: str, plural: str) -> str:
    return singular if count == 1 else plural


@says(remarks.NotDrawn)
def left_out(remark: remarks.NotDrawn) -> str:
    figures = {"shapes": "histograms and box plots", "correlations": "the correlation matrix"}
    return (
        f"{remark.columns:,} columns, from {remark.first} on, are not shown in {figures[remark.figure]}: there are too "
        "many"
    )


@says(remarks.MissingRows)
def missing_rows(remark: remarks.MissingRows) -> str:
    return f"{_rows(remark.rows)} of {remark.total:,} {_verb(remark.rows, 'has', 'have')} a missing value"


@says(remarks.EmptyRows)
def empty_rows(remark: remarks.EmptyRows) -> str:
    return f"{_rows(remark.rows)} {_verb(remark.rows, 'has', 'have')} no value in any feature"


@says(remarks.Wide)
def wide(remark: remarks.Wide) -> str:
    return f"there are {remark.features:,} features for {_rows(remark.rows)}: many models fit such data by chance"


@says(remarks.FewRows)
def few_rows(remark: remarks.FewRows) -> str:
    return f"there {_verb(remark.rows, 'is', 'are')} only {_rows(remark.rows)}: scores will be uncertain"


@says(remarks.Duplicates)
def duplicates(remark: remarks.Duplicates) -> str:
    return (
        f"{_rows(remark.rows)} {_verb(remark.rows, 'repeats', 'repeat')} an earlier row exactly; a split may put the "
        "copies on both sides"
    )


@says(remarks.ConflictingLabels)
def conflicting_labels(remark: remarks.ConflictingLabels) -> str:
    return (
        f"{_rows(remark.rows)} {_verb(remark.rows, 'equals', 'equal')} another row in all features but not in the "
        "target: no model gets both right"
    )


@says(remarks.TinyClass)
def tiny_class(remark: remarks.TinyClass) -> str:
    return (
        f"class {remark.label} has only {_rows(remark.rows)}: a test set may hold none of it, and its scores rest on "
        "few rows"
    )


@says(remarks.Imbalance)
def imbalance(remark: remarks.Imbalance) -> str:
    return f"class {remark.label} has {remark.share:.2%} of the rows: accuracy says little here"


@says(remarks.AllMissing)
def all_missing(remark: remarks.AllMissing) -> str:
    return f"{remark.column} has no values; list it in `drop`"


@says(remarks.ColumnsWithMissing)
def missing(remark: remarks.ColumnsWithMissing) -> str:
    return f"{remark.column} is missing in {_rows(remark.rows)} ({remark.rows / remark.total:.1%})"


@says(remarks.Constant)
def constant(remark: remarks.Constant) -> str:
    return f"{remark.column} has a single value and carries no information"


@says(remarks.IdLike)
def id_like(remark: remarks.IdLike) -> str:
    return f"{remark.column} looks like an identifier; if it is one, list it in `drop`"


@says(remarks.PossibleGroup)
def possible_group(remark: remarks.PossibleGroup) -> str:
    return (
        f"{remark.column} has {remark.values:,} values with several rows each; if rows with the same value belong "
        "together, declare it as `group`"
    )


@says(remarks.TimeLikeColumn)
def possible_time(remark: remarks.TimeLikeColumn) -> str:
    return f"{remark.column} looks like a time; if the future is to be predicted, declare it as `time`"


@says(remarks.Huge)
def huge(remark: remarks.Huge) -> str:
    return f"{remark.column} has numbers beyond {remark.limit:g}, whose squares may overflow"


@says(remarks.NearNumeric)
def near_numeric(remark: remarks.NearNumeric) -> str:
    shown = ", ".join(f"'{word}'" for word in remark.words)
    advice = f"declare `missing: [{shown}]`"
    if not remark.known:
        advice = "if that means missing, declare it under `missing`; else declare the type (categorical, ordinal)"
    return f"{remark.column} looks numeric except for {shown} in {_rows(remark.rows)}: {advice}"


@says(remarks.HighCardinality)
def high_cardinality(remark: remarks.HighCardinality) -> str:
    return f"{remark.column} has {remark.categories:,} categories; encoding makes as many columns of it"


@says(remarks.AlikeCategories)
def alike(remark: remarks.AlikeCategories) -> str:
    return (
        f"{remark.column} has {remark.categories} categories that differ from another only in case or spaces; the step "
        "`normalise_text` merges them"
    )
