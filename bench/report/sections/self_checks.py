"""How often the study's own tests and leak detectors err on data like its own: one table, a check a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.core.frames import records
from bench.diagnose import DIAGNOSTICS, reason, title_of
from bench.diagnose.self_check import can_show
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.styles import styles_of
from bench.report.text import findings as text
from bench.text import formats
from bench.text.words import Measure, measure

#: A check, the detector that was tried (None: the study's tests), and the size of what was planted.
Check = tuple[str, str | None, float | None]


@dataclass(frozen=True)
class SelfChecks:
    """The table, its conclusion in one sentence, and why some checks could not be tried."""

    table: Table
    conclusion: str
    reasons: list[str]


@dataclass(frozen=True)
class _Rate:
    """Columns of frames.SELF_CHECKS, of a check that was tried."""

    dataset: str
    check: str
    diagnostic: str | None
    planted: float | None
    rate: float
    low: float
    high: float
    trials: int
    nominal: float | None

    @property
    def tried(self) -> Check:
        return self.check, self.diagnostic, self.planted


def self_checks(bundle: Bundle) -> SelfChecks | None:
    """The table, and its conclusion; None where the study did not ask for it."""
    frame = bundle.frame("self_checks")
    if frame.is_empty():
        return None
    styles, names = (
        styles_of(bundle),
        [d for d in bundle.datasets if d in set(frame["dataset"])],
    )
    cells = {
        (row.tried, row.dataset): row
        for row in records(frame.drop_nulls("rate"), _Rate)
    }
    unit = (
        facts.primary(bundle)
        if bundle.study.task == "regression"
        else measure("accuracy")
    )
    rows = tuple(
        _line(unit, check, [cells.get((check, name)) for name in names])
        for check in _in_order(cells)
    )
    untried = frame.filter(frame["rate"].is_null()).select(
        "dataset", "diagnostic", "details"
    )
    return SelfChecks(
        Table(text.header([styles.dataset(name) for name in names]), rows),
        _conclusion(
            [(row, row.nominal) for row in cells.values() if row.nominal is not None]
        ),
        [
            f"{styles.dataset(dataset)}, {title_of(detector) if detector else 'tests'}: {reason(details)}"
            for dataset, detector, details in untried.unique(
                maintain_order=True
            ).iter_rows()
        ],
    )


def _in_order(cells: dict[tuple[Check, str], _Rate]) -> list[Check]:
    """Tests first, then one detector after the other, its false positives before its hits."""
    checks = list(dict.fromkeys(check for check, _ in cells))
    detectors = list(dict.fromkeys(detector for _, detector, _ in checks))
    return sorted(
        checks, key=lambda check: (check[1] is not None, detectors.index(check[1]))
    )


def _line(unit: Measure, check: Check, row: Sequence[_Rate | None]) -> tuple[str, ...]:
    """What is tried, what was planted, the rate on each dataset, and what it should be at most."""
    kind, detector, strength = check
    nominal = next((cell.nominal for cell in row if cell is not None), None)
    tried = (
        text.TESTS[kind]
        if detector is None
        else f"{title_of(detector)}: {text.DETECTED[kind]}"
    )
    return (
        tried,
        _planted(unit, detector, strength),
        *map(_rate, row),
        text.at_most(nominal),
    )


def _planted(unit: Measure, detector: str | None, strength: float | None) -> str:
    if strength is None:
        return text.NOTHING
    if detector is None:
        return unit.difference(strength).lstrip("+")
    planting = DIAGNOSTICS[detector].planting
    return (
        f"{strength:g}"
        if planting is None
        else text.planted(planting.described, planting.label(strength))
    )


def _rate(row: _Rate | None) -> str:
    if row is None:
        return formats.NONE
    return text.rate(
        row.rate, formats.interval(row.low, row.high, formats.probability), row.trials
    )


def _conclusion(rates: Sequence[tuple[_Rate, float]]) -> str:
    """Whether any error rate lies significantly above its nominal value, and which trials were too few to say."""
    over = sum(row.low > nominal for row, nominal in rates)
    few = [row.trials for row, nominal in rates if not can_show(row.trials, nominal)]
    said = (
        [text.above(over, len(rates))]
        if over
        else [text.NONE_ABOVE]
        if len(few) < len(rates)
        else []
    )
    return " ".join([*said, text.few(len(few), sorted(set(few)))] if few else said)
