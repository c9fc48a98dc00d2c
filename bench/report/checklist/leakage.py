"""The eight types of leakage of Kapoor & Narayanan (2023), as the model info sheet asks for them, under their numbers.

The types and their numbers were read; the wording is ours, and the sheet's 21 questions are gathered under them. What
answers each is a diagnostic, which says what it rules out, what it found, and what no look at the rows can tell.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bench.core.findings import Outcome
from bench.diagnose import reason
from bench.report.bundle import Bundle
from bench.report.checklist.item import Item, ItemEvidence
from bench.report.styles import styles_of
from bench.text import formats

#: What settles an item: checked and passed, or guaranteed by design.
_WHOLE = (Outcome.PASSED.value, Outcome.BY_CONSTRUCTION.value)
#: Reasons, and data sets of one reason, beyond these are counted.
MOST = 3


def _few(names: list[str]) -> str:
    more = [f"{formats.count(len(names) - MOST)} more"] if len(names) > MOST else []
    return formats.listed([*names[:MOST], *more])


def diagnosed(*codes: str) -> Callable[[Bundle], ItemEvidence | None]:
    """The evidence of the diagnostics with these codes: whole where every data set passed, else what they say."""

    def evidence(bundle: Bundle) -> ItemEvidence | None:
        rows = bundle.frame("findings").filter(pl.col("code").is_in(codes))
        if rows.is_empty():
            return None
        styles, places = styles_of(bundle), rows["dataset"].n_unique()
        datasets: dict[str, list[str]] = {}
        ordered = rows.sort(pl.col("outcome") != Outcome.FOUND.value, maintain_order=True)
        for dataset, details in ordered.select("dataset", "details").iter_rows():
            sentence = formats.thousands(reason(details))
            datasets.setdefault(sentence, []).append(styles.dataset(dataset) if dataset else "")
        parts = [words if len(at) == places else f"{_few(at)}: {words}" for words, at in datasets.items()]
        more = [f"{formats.count(len(parts) - MOST)} more under Findings"] if len(parts) > MOST else []
        text = "; ".join([*parts[:MOST], *more])
        return ItemEvidence(f"{text[:1].upper()}{text[1:]}.", "findings", bool(rows["outcome"].is_in(_WHOLE).all()))

    return evidence


_SEPARATE, _LEGITIMATE, _DRAWN = "Train and test kept apart", "Legitimate features", "A test set of interest"


def _item(number: str, module: str, asks: str, *codes: str) -> Item:
    return Item(number, "Leakage", module, asks, diagnosed(*codes))


LEAKAGE = (
    _item("L1.1", _SEPARATE, "Is every score of rows that the fit did not see?", "L.test_set"),
    _item("L1.2", _SEPARATE, "Did preprocessing learn from training rows alone?", "L.preprocessing"),
    _item("L1.3", _SEPARATE, "Were features selected on training rows alone?", "L.feature_selection"),
    _item("L1.4", _SEPARATE, "Are no copies of test rows among the training rows?", "L4"),
    _item("L2", _LEGITIMATE, "Is each feature known when a prediction is due, and none a proxy of the target?",
          "L.illegitimate_features"),
    _item("L3.1", _DRAWN, "Where the future is predicted, does training end before the test rows begin?", "L.temporal"),
    _item("L3.2", _DRAWN, "Are training and test rows independent, or as dependent as in use?", "L.non_independence"),
    _item("L3.3", _DRAWN, "Are the test rows drawn as the cases are that the claim is about?", "L.biased_sample"),
)  # fmt: skip
