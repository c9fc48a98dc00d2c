"""How often the study's own tests and leak detectors err on data like its own: one table, a check a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from bench.diagnose import DIAGNOSTICS, reason, title_of
from bench.diagnose.self_check import can_show
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.styles import styles_of
from bench.text import formats
from bench.text.words import Measure, measure

_TESTS = {
    "false_alarm": "Two equally good models are called different",
    "family_wise": "Any of several equally good models is called different, after Holm",
    "power": "A model that is better by so much is called better",
}
#: A check, the detector that was tried (None: the study's tests), and the size of what was planted.
Check = tuple[str, str | None, float | None]


def self_checks(bundle: Bundle) -> dict[str, Any] | None:
    """The table, and its conclusion in one sentence; None where the study did not ask for it."""
    frame = bundle.frame("self_checks")
    if frame.is_empty():
        return None
    styles, names = styles_of(bundle), [d for d in bundle.datasets if d in set(frame["dataset"])]
    cells = {(_check(row), row["dataset"]): row for row in frame.filter(pl.col("rate").is_not_null()).to_dicts()}
    unit = _unit(bundle)
    rows = [_line(unit, check, [cells.get((check, name)) for name in names]) for check in _in_order(cells)]
    head = ("What is tried", "Planted", *(styles.dataset(name) for name in names), "Nominal")
    untried = frame.filter(pl.col("rate").is_null()).select("dataset", "diagnostic", "details")
    return {
        "table": Table(head, tuple(rows)),
        "conclusion": _conclusion(list(cells.values())),
        "reasons": [
            f"{styles.dataset(dataset)}, {title_of(detector) if detector else 'tests'}: {reason(details)}"
            for dataset, detector, details in untried.unique(maintain_order=True).iter_rows()
        ],
    }


def _check(row: dict[str, Any]) -> Check:
    return row["check"], row["diagnostic"], row["planted"]


def _in_order(cells: dict[tuple[Check, str], dict[str, Any]]) -> list[Check]:
    """Tests first, then one detector after the other, its false positives before its hits."""
    checks = list(dict.fromkeys(check for check, _ in cells))
    detectors = list(dict.fromkeys(detector for _, detector, _ in checks))
    return sorted(checks, key=lambda check: (check[1] is not None, detectors.index(check[1])))


def _unit(bundle: Bundle) -> Measure:
    """What a planted difference of families is measured in."""
    return facts.primary(bundle) if bundle.study.task == "regression" else measure("accuracy")


def _line(unit: Measure, check: Check, row: Sequence[dict[str, Any] | None]) -> tuple[str, ...]:
    nominal = next((cell["nominal"] for cell in row if cell is not None), None)
    limit = formats.NONE if nominal is None else f"at most {formats.probability(nominal)}"
    return (_tried(check), _planted(unit, check), *map(_rate, row), limit)


def _tried(check: Check) -> str:
    kind, detector, _ = check
    if detector is None:
        return _TESTS[kind]
    return f"{title_of(detector)}: {'false positive' if kind == 'false_alarm' else 'detected'}"


def _planted(unit: Measure, check: Check) -> str:
    _, detector, strength = check
    if strength is None:
        return "nothing"
    if detector is None:
        return unit.difference(strength).lstrip("+")
    planting = DIAGNOSTICS[detector].planting
    return planting.label(strength) if planting is not None else f"{strength:g}"


def _rate(row: dict[str, Any] | None) -> str:
    if row is None:
        return formats.NONE
    interval = formats.interval(row["low"], row["high"], formats.probability)
    return f"{formats.probability(row['rate'])} {interval} of {formats.count(row['trials'])}"


def _conclusion(rows: list[dict[str, Any]]) -> str:
    """Whether any error rate lies significantly above its nominal value, and which trials were too few to say."""
    rates = [row for row in rows if row["nominal"] is not None]
    over = sum(row["low"] > row["nominal"] for row in rates)
    if not rates:
        return ""
    if over:
        verb = "is" if over == 1 else "are"
        count = f"{formats.plural(over, 'error rate')} of {formats.count(len(rates))}"
        return f"{count} {verb} significantly above the nominal rate.{_few(rates)}"
    enough = any(can_show(row["trials"], row["nominal"]) for row in rates)
    conclusion = "No error rate of the tests is significantly above its nominal rate." if enough else ""
    return f"{conclusion}{_few(rates)}".strip()


def _few(rates: list[dict[str, Any]]) -> str:
    """Which rates have too few trials to be compared with the nominal one."""
    few = [row for row in rates if not can_show(row["trials"], row["nominal"])]
    if not few:
        return ""
    trials = formats.listed([formats.count(n) for n in sorted({row["trials"] for row in few})], "or")
    return f" For {formats.plural(len(few), 'error rate')}, {trials} trials are too few to show that it is low enough."
