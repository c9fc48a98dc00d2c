"""The short form of `healthy.py`: few alarms on healthy studies, none without signal, and strong faults are found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from bench.core.findings import is_alarm
from bench.diagnose import budgets
from research.calibrate.faults import FAULTS
from research.calibrate.healthy import (
    DESIGNS,
    cells,
    fault_trial,
    healthy_trial,
    judged,
)
from research.calibrate.healthy_page import TITLE, beyond, section
from research.calibrate.tables import SIZES, WORLDS, Made
from research.calibrate.tally import Tally


def alarms(tables: Sequence[Made], **design: bool) -> set[str]:
    return set(judged(tables, **design).filter(is_alarm())["diagnostic"])


@pytest.mark.parametrize("world", WORLDS)
def test_a_healthy_study_raises_no_alarm(world: str) -> None:
    assert alarms([WORLDS[world](np.random.default_rng(21), 120)]) == set()


def test_without_signal_no_alarm_sounds() -> None:
    for world in ("no signal", "no signal, numbers"):
        assert (
            alarms([WORLDS[world](np.random.default_rng(1), 100)], tuned=True) == set()
        )


def test_every_diagnostic_with_a_budget_is_asked() -> None:
    """None of those that may raise an alarm is `not applicable` in all healthy studies: else its rate says nothing."""
    rng = np.random.default_rng(3)
    said = pl.concat([
        judged([WORLDS["groups without effect"](rng, 100)], tuned=True),
        judged([WORLDS["twonorm"](rng, 100)], fixed=True),
    ])  # fmt: skip
    looked = set(said.filter(pl.col("outcome") != "not_applicable")["diagnostic"])
    assert set(budgets()) <= looked


@pytest.mark.parametrize("fault", FAULTS)
def test_a_strong_fault_is_found(fault: str) -> None:
    assert (
        fault_trial(fault, FAULTS[fault].strengths[-1], np.random.default_rng(3)).share(
            "found"
        )
        == 1
    )


def test_three_tables_are_one_study() -> None:
    tally = healthy_trial(DESIGNS["three tables"], np.random.default_rng(4))
    assert (
        tally.trials == 1
        and sum(n for key, n in tally.counts.items() if key.startswith("kind/")) == 3
    )
    assert min(SIZES) >= 100


def test_the_section_of_the_page_says_what_is_not_met() -> None:
    one = Tally()
    one.trials = 200
    found = dict.fromkeys(cells(), one)
    text = section(found)
    assert text.startswith(TITLE) and all(f"| {fault} |" in text for fault in FAULTS)
    assert "met in every design" in text and not beyond(found)
    sick = Tally()
    sick.trials = 200
    for _ in range(20):
        sick.hit(True, "alarm", "near_duplicates")
    found["healthy/tuned"] = sick
    assert beyond(found) == ["near_duplicates (tuned: 10.0 %)"]
