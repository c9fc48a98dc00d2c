"""The sentences of remarks on clean tables."""

from __future__ import annotations

from bench.core import remarks
from bench.text.sentences import Templates, says, templates

SENTENCES: Templates = {
    remarks.MissingRows: "{rows:,} {rows:row|rows} of {total:,} {rows:has|have} a missing value",
    remarks.EmptyRows: "{rows:,} {rows:row|rows} {rows:has|have} no value in any feature",
    remarks.Wide: "there are {features:,} features for {rows:,} {rows:row|rows}: many models fit such data by chance",
    remarks.FewRows: "there {rows:is|are} only {rows:,} {rows:row|rows}: scores will be uncertain",
    remarks.Duplicates: (
        "{rows:,} {rows:row|rows} {rows:repeats|repeat} an earlier row exactly; a split may put the copies on both "
        "sides"
    ),
    remarks.ConflictingLabels: (
        "{rows:,} {rows:row|rows} {rows:equals|equal} another row in all features but not in the target: no model "
        "gets both right"
    ),
    remarks.TinyClass: (
        "class {label} has only {rows:,} {rows:row|rows}: a test set may hold none of it, and its scores rest on few "
        "rows"
    ),
    remarks.Imbalance: "class {label} has {share:.2%} of the rows: accuracy says little here",
    remarks.AllMissing: "{column} has no values; list it in `drop`",
    remarks.Constant: "{column} has a single value and carries no information",
    remarks.IdLike: "{column} looks like an identifier; if it is one, list it in `drop`",
    remarks.PossibleGroup: (
        "{column} has {values:,} values with several rows each; if rows with the same value belong together, declare "
        "it as `group`"
    ),
    remarks.TimeLikeColumn: "{column} looks like a time; if the future is to be predicted, declare it as `time`",
    remarks.Huge: "{column} has numbers beyond {limit:g}, whose squares may overflow",
    remarks.HighCardinality: "{column} has {categories:,} categories; encoding makes as many columns of it",
    remarks.AlikeCategories: (
        "{column} has {categories} categories that differ from another only in case or spaces; the step "
        "`normalise_text` merges them"
    ),
}
templates(SENTENCES)


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


@says(remarks.ColumnsWithMissing)
def missing(remark: remarks.ColumnsWithMissing) -> str:
    return f"{remark.column} is missing in {_rows(remark.rows)} ({remark.rows / remark.total:.1%})"


@says(remarks.NearNumeric)
def near_numeric(remark: remarks.NearNumeric) -> str:
    shown = ", ".join(f"'{word}'" for word in remark.words)
    advice = f"declare `missing: [{shown}]`"
    if not remark.known:
        advice = "if that means missing, declare it under `missing`; else declare the type (categorical, ordinal)"
    return f"{remark.column} looks numeric except for {shown} in {_rows(remark.rows)}: {advice}"
