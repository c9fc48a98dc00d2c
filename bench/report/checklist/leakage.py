"""The eight types of leakage of Kapoor & Narayanan (2023), as the model info sheet asks for them, under their numbers.

The types and their numbers were read; the wording is ours, and the sheet's 21 questions are gathered under them. What
answers each is a diagnostic, which says what it rules out, what it found, and what no look at the rows can tell.
"""

from __future__ import annotations

from bench.report.checklist._findings import diagnosed
from bench.report.checklist.item import Checklist, Item

_SEPARATE, _LEGITIMATE, _DRAWN = (
    "Train and test kept apart",
    "Legitimate features",
    "A test set of interest",
)


#: Items whose leaks use test rows too, though no test row is a training row: the first item names them.
_OTHERS = {"L.preprocessing": "L1.2", "L.feature_selection": "L1.3", "L4": "L1.4"}


def _item(number: str, module: str, asks: str, *codes: str) -> Item:
    return Item(number, module, asks, diagnosed(*codes))


_ITEMS = (
    Item("L1.1", _SEPARATE, "No row in both training and test set", diagnosed("L.test_set", others=_OTHERS)),
    _item("L1.2", _SEPARATE, "Preprocessing on training rows only", "L.preprocessing"),
    _item("L1.3", _SEPARATE, "Feature selection on training rows only", "L.feature_selection"),
    _item("L1.4", _SEPARATE, "Duplicates across the split", "L4"),
    _item("L2", _LEGITIMATE, "Legitimate features",
          "L.illegitimate_features"),
    _item("L3.1", _DRAWN, "Temporal order of training and test rows", "L.temporal"),
    _item("L3.2", _DRAWN, "Independence of training and test rows", "L.non_independence"),
    _item("L3.3", _DRAWN, "Test rows from the population of the claim", "L.biased_sample"),
)  # fmt: skip

CHECKLIST = Checklist(
    "Leakage",
    "Kapoor & Narayanan (2023), Patterns 4(9), 100804: the eight types of the model info sheet, in our words",
    _ITEMS,
    order=20,
)
