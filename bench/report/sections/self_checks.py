"""How often the study's own tests and leak detectors err on data like its own: one table, a check a row."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.diagnose import DIAGNOSTICS
from bench.diagnose.self_check import can_show
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.styles import styles_of
from bench.text import formats
from bench.text.words import Measure, measure

_TESTS = {
    "false_alarm": "Two equal families are called different",
    "family_wise": "Any of several equal families is called different, after Holm",
    "power": "A family that is better by so much is found to be",
}


def self_checks(bundle: Bundle) -> dict[str, Any] | None:
    """The table, and what it says in one sentence; None where the study did not ask for it."""
    frame = bundle.frame("self_checks")
    if frame.is_empty():
        return None
    styles, names = styles_of(bundle), [d for d in bundle.datasets if d in set(frame["dataset"])]
    cells = {(_check(row), row["dataset"]): row for row in frame.filter(pl.col("rate").is_not_null()).to_dicts()}
    unit = _unit(bundle)
    rows = [_line(unit, check, [cells.get((check, name)) for name in names]) for check in _in_order(cells)]
    head = ("What is tried", "Planted", *(styles.dataset(name) for name in names), "Should be")
    reasons = (
        frame.filter(pl.col("rate").is_null()).select("dataset", "diagnostic", "reason").unique(maintain_order=True)
    )
    return {
        "table": Table(head, tuple(rows)),
        "said": _said(list(cells.values())),
        "reasons": [
            f"{styles.dataset(dataset)}, {_title(who) if who else 'tests'}: {why or ''}"
            for dataset, who, why in reasons.iter_rows()
        ],
    }


Check = tuple[str, str | None, str | None]


def _check(row: dict[str, Any]) -> Check:
    return row["check"], row["diagnostic"], row["planted"]


def _in_order(cells: dict[tuple[Check, str], dict[str, Any]]) -> list[Check]:
    """Tests first, then a detector after the other, its false alarms before its hits."""
    checks = list(dict.fromkeys(check for check, _ in cells))
    detectors = list(dict.fromkeys(who for _, who, _ in checks))
    return sorted(checks, key=lambda one: (one[1] is not None, detectors.index(one[1])))


def _unit(bundle: Bundle) -> Measure:
    """What a planted difference of families is measured in."""
    return facts.primary(bundle) if bundle.study.task == "regression" else measure("accuracy")


def _line(unit: Measure, check: Check, row: list[dict[str, Any] | None]) -> tuple[str, ...]:
    kind, who, planted = check
    what = (
        _TESTS[kind] if who is None else _title(who) + (": a false alarm" if kind == "false_alarm" else ": it is found")
    )
    shown = "nothing" if planted is None else planted
    shown = unit.difference(float(planted)).lstrip("+") if kind == "power" and planted else shown
    nominal = next((one["nominal"] for one in row if one is not None), None)
    wanted = formats.NONE if nominal is None else f"at most {formats.probability(nominal)}"
    return (what, shown, *map(_rate, row), wanted)


def _rate(row: dict[str, Any] | None) -> str:
    if row is None:
        return formats.NONE
    between = formats.interval(row["low"], row["high"], formats.probability)
    return f"{formats.probability(row['rate'])} {between} of {formats.count(row['trials'])}"


def _title(name: str) -> str:
    return DIAGNOSTICS[name].title if name in DIAGNOSTICS else name.replace("_", " ").capitalize()


def _said(rows: list[dict[str, Any]]) -> str:
    """Whether any rate of errors lies clearly above what it should be, and which trials were too few to say."""
    held = [row for row in rows if row["nominal"] is not None]
    over = [row for row in held if row["low"] > row["nominal"]]
    if not held:
        return ""
    if over:
        return (
            f"{formats.plural(len(over), 'rate')} of {formats.count(len(held))} "
            f"{'lies' if len(over) == 1 else 'lie'} clearly above what it should be.{_few(held)}"
        )
    enough = [row for row in held if can_show(row["trials"], row["nominal"])]
    said = "No rate of false alarms of the tests lies clearly above what it should be." if enough else ""
    return f"{said}{_few(held)}".strip()


def _few(held: list[dict[str, Any]]) -> str:
    """Which rates so few trials cannot hold against what they should be."""
    few = [row for row in held if not can_show(row["trials"], row["nominal"])]
    if not few:
        return ""
    each = formats.listed([formats.count(n) for n in sorted({row["trials"] for row in few})], "or")
    return (
        f" {formats.plural(len(few), 'rate')} of false alarms cannot be judged by {each} trials each: even none wrong "
        "would not show that it is as small as it should be."
    )
