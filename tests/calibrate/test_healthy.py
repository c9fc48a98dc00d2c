"""The short form of `healthy.py`: few alarms on healthy studies, none without signal, and strong faults are found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.diagnose import DIAGNOSTICS
from bench.diagnose.diagnostic import ALARMS, FACTS
from calibrate import page
from calibrate.healthy import FAULTS, TITLE, WORLDS, Made, cells, fault_trial, judged, section
from calibrate.tally import Tally


def alarms(made: Made, folder: Path) -> set[str]:
    found = judged(made, folder).filter((pl.col("outcome") == "found") & (pl.col("severity") != "note"))
    return set(found["diagnostic"])


def test_the_budget_of_a_study() -> None:
    assert sum(ALARMS.values()) <= 0.10 + 1e-12
    assert max(ALARMS.values()) <= 0.05
    assert set(ALARMS) <= set(DIAGNOSTICS)
    assert not set(ALARMS) & set(FACTS)


@pytest.mark.parametrize("world", WORLDS)
def test_a_healthy_study_raises_no_alarm(world: str, tmp_path: Path) -> None:
    assert alarms(WORLDS[world](np.random.default_rng(20), 150), tmp_path) == set()


def test_without_signal_no_alarm_sounds(tmp_path: Path) -> None:
    for seed in (1, 2):
        assert alarms(WORLDS["no signal"](np.random.default_rng(seed), 100), tmp_path) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_strong_fault_is_found(fault: str) -> None:
    assert fault_trial(fault, FAULTS[fault][1][-1], np.random.default_rng(3)).share("alarm") == 1


def test_the_section_of_the_page_takes_its_own_place() -> None:
    one = Tally()
    one.trials = 1
    text = section(dict.fromkeys(cells(), one))
    assert text.startswith(TITLE) and all(fault in text for fault in FAULTS)
    before = "# Page\n\n## What holds\n\na\n\n## How it was simulated\n\nb\n\n## Where\n\nc\n"
    after = page.with_section(before, TITLE, text)
    assert after.count(TITLE) == 1 and after.index("a\n") < after.index(TITLE) < after.index("## How it was simulated")
    assert page.with_section(after, TITLE, text) == after
