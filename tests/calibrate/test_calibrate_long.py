"""`make calibrate`: the long form. What holds and what does not stands in docs/calibration.md, which it writes.

The section on diagnostics is written by the second test, and kept by the first.
"""

from __future__ import annotations

import os

import pytest

from calibrate import healthy, page
from calibrate.ledger import ROOT, Ledger, run
from calibrate.parts import CELLS, TRIALS

pytestmark = pytest.mark.calibrate


def test_error_rates() -> None:
    trials = int(os.environ.get("BENCH_CALIBRATE_TRIALS") or TRIALS)
    ledger = Ledger()
    run(ledger, trials, int(os.environ.get("BENCH_CALIBRATE_WORKERS") or 2))
    found = ledger.tallies(trials)
    target = ROOT / "docs" / "calibration.md" if trials >= TRIALS else ledger.folder / "calibration.md"
    text = page.document(found)
    if target.is_file() and (old := page.section_of(target.read_text(encoding="utf-8"), healthy.TITLE)):
        text = page.with_section(text, healthy.TITLE, old)
    target.write_text(text, encoding="utf-8")
    print(f"written: {target.relative_to(ROOT)}", flush=True)
    assert set(found) == set(CELLS)


def test_diagnostics() -> None:
    trials = min(int(os.environ.get("BENCH_CALIBRATE_TRIALS") or healthy.TRIALS), healthy.TRIALS)
    found = healthy.run(trials, int(os.environ.get("BENCH_CALIBRATE_WORKERS") or 2))
    text = healthy.section(found)
    print(text, flush=True)
    if trials >= healthy.TRIALS:
        target = ROOT / "docs" / "calibration.md"
        whole = page.with_section(target.read_text(encoding="utf-8"), healthy.TITLE, text)
        target.write_text(whole, encoding="utf-8")
    alarms = found["healthy"].share("any")
    assert alarms <= 0.10 + 2 * healthy.standard_error(alarms, trials)
