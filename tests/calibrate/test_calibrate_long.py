"""`make calibrate`: the long form. What holds and what does not stands in docs/calibration.md, which it writes."""

from __future__ import annotations

import os

import pytest

from calibrate import page
from calibrate.ledger import ROOT, Ledger, run
from calibrate.parts import CELLS, TRIALS

pytestmark = pytest.mark.calibrate


def test_error_rates() -> None:
    trials = int(os.environ.get("BENCH_CALIBRATE_TRIALS") or TRIALS)
    ledger = Ledger()
    run(ledger, trials, int(os.environ.get("BENCH_CALIBRATE_WORKERS") or 2))
    found = ledger.tallies(trials)
    target = ROOT / "docs" / "calibration.md" if trials >= TRIALS else ledger.folder / "calibration.md"
    target.write_text(page.document(found), encoding="utf-8")
    print(f"written: {target.relative_to(ROOT)}", flush=True)
    assert set(found) == set(CELLS)
