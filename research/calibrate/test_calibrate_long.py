"""`make calibrate`: the long form, which writes docs/calibration.md.

Each test writes its own part of the page and keeps the others; `finder_page` writes the section on explanations.
"""

from __future__ import annotations

import os

import pytest

from research.calibrate import healthy, healthy_page, page
from research.calibrate.ledger import ROOT, Ledger, kind_of, run
from research.calibrate.parts import CELLS, TRIALS

pytestmark = pytest.mark.calibrate


def test_error_rates() -> None:
    trials = int(os.environ.get("BENCH_CALIBRATE_TRIALS") or TRIALS)
    kinds = tuple((os.environ.get("BENCH_CALIBRATE_KINDS") or "").split())
    ledger = Ledger()
    run(ledger, trials, int(os.environ.get("BENCH_CALIBRATE_WORKERS") or 2), kinds)
    found = {
        cell: tally
        for cell, tally in ledger.tallies(trials).items()
        if not kinds or kind_of(cell) in kinds
    }
    target = page.PAGE if trials >= TRIALS else ledger.root / "calibration.md"
    before = target.read_text(encoding="utf-8") if target.is_file() else ""
    target.write_text(page.document(found, before), encoding="utf-8")
    print(f"written: {target.relative_to(ROOT)}", flush=True)
    assert set(found) == {cell for cell in CELLS if not kinds or kind_of(cell) in kinds}


def test_diagnostics() -> None:
    trials = min(
        int(os.environ.get("BENCH_CALIBRATE_TRIALS") or healthy.TRIALS), healthy.TRIALS
    )
    found = healthy.run(trials, int(os.environ.get("BENCH_CALIBRATE_WORKERS") or 2))
    text = healthy_page.section(found)
    print(text, flush=True)
    if trials >= healthy.TRIALS:
        page.put(healthy_page.TITLE, text)
    assert not healthy_page.beyond(found)
