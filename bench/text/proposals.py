"""Why a new study says what it says: what was seen in a table, as comments of its study file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bench.text.formats import count, listed

#: What was seen, by its code.
REASONS = {
    # a column is no feature
    "all_missing": "no value in any row",
    "constant": "one value in all rows",
    "counter": "numbers the rows",
    "nearly_unique": "{values} different values in {rows} rows: a name or number of each",
    "many_levels": "{values} categories, more than the {limit} that become columns; the step `target_encode` can keep it",
    "free_text": "remarks or free text",
    "copy": "says the same as {other}",
    "date": "holds dates, which no model takes as they are",
    # a column seems to be known only with the target
    "target_itself": "{target} in other words, row by row",
    "from_target": "known before {target} is? Alone it tells {target} in every row; if so, keep it",
    "only_with": "known before {target} is? Its values are there only where {target} is {label}; if so, keep it",
    "sum_of_target": "known before {target} is? {target} is a sum of {parts}; if so, keep it",
    "sum_of_late": "known before {target} is? It is a sum of {parts}, and {late} is not; if so, keep it",
    "time_until": "known before {target} is? It reads like the time until that; if so, keep it",
    "named_alike": "known before {target} is? It is named alike, and alone removes {share} of the error of a constant "
    "guess; if so, keep it",
    # target, group, time and metric
    "asked": "as asked",
    "by_name": "its name says so",
    "last": "the last column that can be one",
    "first": "the first column: a few classes",
    "counted": "the rarer class; the other one is {other}",
    "unit": "{values} of them in {rows} rows: rows of one stay on one side",
    "one_of_each": "{values} of them in {rows} rows, each with one {columns}: rows of one stay on one side",
    "panel": "one row for each of them and each {time}: rows of one stay on one side",
    "series": "a date a row, in order: the past is to predict the future (time_ordered)",
    "record": "the file is in its order: the past is to predict the future",
    "lagged": "the file is in its order, and features lag behind: the past is to predict the future",
    "rare": "class {label} has {share} of the rows: accuracy would say little",
    # cleaning
    "read_as": "{column} is written like {example}",
    "far_off": "{column}: {value} in {rows} rows, far from all others, stands for missing",
    "target_missing": "{column} is missing in {rows} rows",
    "tiny": "{labels}: fewer rows than folds ({rows} in all), so no fold can test it",
    "cases": "the file had a row for several cases, {column} of them; the copy in `data` has a row for each, {rows} in all",
    "trials": "the file had a row for {rows} trials in all, {column} of them with success; the copy in `data` has a row "
    "for each trial, and the target {target}",
    # what only its author knows
    "maybe_day_first": "{column}: is {example} day first, or month first? Every date can be read both ways; this reads "
    "{order}. If that is wrong, change `order`",
    "maybe_missing": "{column}: does {value} in {rows} rows stand for missing? Then write `missing: [\"{value}\"]` into its "
    "dataset",
    "maybe_late": "is {column} known before {target} is? Alone it removes {share} of the error of a constant guess, the "
    "next best {next}. If it is not, list it in `drop`",
    "maybe_until": "is {column} known before {target} is? If it is the time until that, list it in `drop`",
    "maybe_sum": "{column} is a sum of {parts}; if that is by definition, list one of them in `drop`",
    "maybe_group": "do rows with the same {column} belong together ({values} values)? Then write `group: {column}` and "
    "`resampling: {{kind: group_kfold, folds: 5}}`",
    "maybe_time": "a time may stand in {columns}. Is the future to be predicted? Then write `time:` with a column and "
    "`resampling: {{kind: time_ordered, folds: 5}}`",
    "grid": "every combination of the features stands here equally often: a designed table; the scores tell how well a "
    "model fills gaps in it, not how it does elsewhere",
    # the protocol
    "size": "protocol: by the size of the table ({rows} rows, {columns} columns once encoded); `bench check` tells how "
    "many trainings that is",
    "stronger": "stronger, and longer: {changes}",
}  # fmt: skip
#: The codes of columns that seem to be known only with the target: their author may say that they are known before.
LATE = ("from_target", "only_with", "sum_of_target", "sum_of_late", "time_until", "named_alike")  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One thing that was seen: its code, and what the sentence of that code names.

    >>> str(Reason("copy", {"other": "sex"}))
    'says the same as sex'
    """

    code: str
    details: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        shown = {name: _shown(value) for name, value in self.details.items()}
        return REASONS[self.code].format_map(shown)


def _shown(value: object) -> str:
    match value:
        case int():
            return count(value)
        case float():
            return f"{value:.0%}"
        case tuple():
            return listed(value)
    return str(value)
