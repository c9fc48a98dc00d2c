"""Tables of published numbers: one claim is about all of them."""

from __future__ import annotations

from typing import Literal

from bench.study.fields import Form, Number, Text
from bench.study.printed_numbers import PrintedNumber

#: What is printed of a model over all datasets.
OverallStatistic = Literal[
    "mean_rank", "best_rank", "worst_rank", "mean_share", "datasets"
]


class TableNumber(Form):
    """One published number: a mean, perhaps with the spread behind its "±", or a statistic over datasets."""

    dataset: Text
    """The dataset, by its name in the scores; beside a statistic over datasets any word, such as `all`.
    Example: `wine`."""
    family: Text
    """The family, by its name in the scores. Example: `lda`."""
    metric: Text | None = None
    """The metric; that of the claim, unless given. Example: `accuracy`."""
    statistic: OverallStatistic | None = None
    """Over the datasets on which the family has scores: the mean, best or worst rank of its mean score among all
    models, the mean of that score as its share of the way from the smallest to the largest, or their number."""
    value: PrintedNumber | Literal["nan"]
    """The mean as printed; `nan` where the table has a place for a number and prints none. Example: `"97.3"`."""
    spread: PrintedNumber | None = None
    """What stands behind the "±", as printed. Example: `"0.4"`."""
    above: Text | None = None
    """The family above whose mean the number is, in percent, where no mean is printed. Example: `baseline`."""
    times: Number = 1.0
    """What a score is multiplied by before it is printed: 100 for percent, -1 for a negative error."""
    where: Text | None = None
    """The table that prints it; that of the claim, unless given. Example: `Table 2`."""
    note: Text | None = None
    """A remark for the reader of the report. Example: `The table rounds down.`."""


#: The columns of a CSV file of such numbers.
COLUMNS = tuple(TableNumber.model_fields)
