"""The eight types of leakage of Kapoor & Narayanan (2023), as the model info sheet asks for them, under their numbers.

The types and their numbers were read; the wording is ours, and the sheet's 21 questions are gathered under them. What
answers each is a diagnostic, which says what it rules out, what it found, and what no look at the rows can tell.
"""

from __future__ import annotations

from bench.report.checklist._findings import diagnosed
from bench.report.checklist.item import Checklist, Item

_SEPARATE, _LEGITIMATE, _DRAWN = "Train and test kept apart", "Legitimate features", "A test set of interest"


def _item(number: str, module: str, asks: str, *codes: str) -> Item:
    return Item(number, module, asks, diagnosed(*codes))


_ITEMS = (
    _item("L1.1", _SEPARATE, "Is every score computed only on rows that the fit did not see?", "L.test_set"),
    _item("L1.2", _SEPARATE, "Did preprocessing learn from training rows alone?", "L.preprocessing"),
    _item("L1.3", _SEPARATE, "Were features selected on training rows alone?", "L.feature_selection"),
    _item("L1.4", _SEPARATE, "Are no copies of test rows among the training rows?", "L4"),
    _item("L2", _LEGITIMATE, "Is each feature known when a prediction is due, and none a proxy of the target?",
          "L.illegitimate_features"),
    _item("L3.1", _DRAWN, "Where the future is predicted, does training end before the test rows begin?", "L.temporal"),
    _item("L3.2", _DRAWN, "Are training and test rows independent, or as dependent as in use?", "L.non_independence"),
    _item("L3.3", _DRAWN, "Do the test rows come from the kind of cases that the claim is about?", "L.biased_sample"),
)  # fmt: skip

CHECKLIST = Checklist(
    "Leakage",
    "Kapoor & Narayanan (2023), Patterns 4(9), 100804: the eight types behind the model info sheet, in our words",
    _ITEMS,
    order=20,
)
