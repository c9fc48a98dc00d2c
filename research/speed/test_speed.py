"""`make speed`: bench against grid search, side by side. The gate asserts; times are printed and never asserted.

`BENCH_SPEED_QUICK=1`: wine alone, one round, one pair. Measurements are written to .bench/speed/ at once; when the last
test ends, or the run is interrupted, the tables are printed and docs/speed.md is written (not by a quick run).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from bench.data.dataset import Dataset
from bench.run.engine import shortcuts_of
from bench.run.folds import Fold
from bench.run.result import unpacked
from research.speed import gate, opponent, ours, page
from research.speed.contest import MAIN, Contest, Entry, contest_of
from research.speed.ledger import FOLDER, ROOT, Ledger, code, compete, say

pytestmark = pytest.mark.speed

QUICK = bool(os.environ.get("BENCH_SPEED_QUICK"))
WHOLE = "quick" if QUICK else "whole"
DATASETS = ("wine",) if QUICK else ("wine", "breast_cancer", "digits")
#: Whole runs of both sides; with fewer than five each single cell is measured once.
PAIRS = int(os.environ.get("BENCH_SPEED_PAIRS") or 5)
ROUNDS = 1 if QUICK or PAIRS < 5 else 3
#: A F, F A, A F, F A, A F.
ORDERS: tuple[tuple[str, ...], ...] = (
    ("opponent", "fast"),
    ("fast", "opponent"),
    ("opponent", "fast"),
    ("fast", "opponent"),
    ("opponent", "fast"),
)[:PAIRS]


@pytest.fixture(scope="module")
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """The figures; tables are made from them at the end, also of an interrupted run."""
    one = Ledger(FOLDER, QUICK)
    one.figures["only_quick"] = QUICK
    say(" · ".join(f"{name} {value}" for name, value in one.figures["machine"].items()))
    say(f"load average {os.getloadavg()[0]:.2f}")
    with threadpool_limits(1):
        yield one
    say(f"load average {os.getloadavg()[0]:.2f}")
    one.figures["done"] = request.session.testsfailed == 0 and _whole(one.figures)
    one.save()
    same = code() == one.figures["code"]
    if not same:
        say(
            "THE CODE CHANGED meanwhile: these figures are of more than one version, and docs/speed.md is left alone"
        )
    target = (
        ROOT / "docs" / "speed.md" if same and not QUICK else one.folder / "speed.md"
    )
    target.write_text(page.document(one.figures), encoding="utf-8")
    page.show(one.figures)
    say(f"\nwritten: {target.relative_to(ROOT)}")


def _whole(figures: dict[str, Any]) -> bool:
    """Whether every part has been measured."""
    parts = (
        ("cells", "log_loss", WHOLE)
        if QUICK
        else ("cells", "log_loss", WHOLE, "second")
    )
    return all(part in figures for part in parts) and len(figures["cells"]) == len(
        DATASETS
    ) * len(MAIN)


@pytest.mark.benchmark(timer=time.process_time, group="one outer fold: bench")
@pytest.mark.parametrize("family", [entry.name for entry in MAIN])
@pytest.mark.parametrize("name", DATASETS)
def test_one_outer_fold(benchmark: Any, ledger: Ledger, name: str, family: str) -> None:
    key = f"{name}/{family}"
    if not benchmark.enabled:
        pytest.skip("needs --benchmark-enable; run `make speed`")
    if key in ledger.part("cells"):
        assert ledger.part("cells")[key]["gate"] == []
        pytest.skip("measured before the interruption")
    whole = contest_of(WHOLE)
    dataset, folds = next(one for one in whole.datasets if one[0].name == name)
    entry = next(one for one in whole.entries if one.name == family)
    cell = ours.cell_of(whole, dataset, entry, folds[0], len(folds), "fast")
    used = [shortcut.name for shortcut in shortcuts_of(entry.setup.estimator)]
    _warm(whole, dataset, entry, folds[0])
    theirs: list[tuple[float, gate.Kept]] = []

    def opponent_first() -> None:
        began = time.process_time()
        kept = opponent.searched(whole, dataset, entry, folds[0])
        theirs.append((time.process_time() - began, kept))

    content = benchmark.pedantic(
        ours.content, args=(dataset, cell), setup=opponent_first, rounds=ROUNDS
    )
    place = (name, family, 0)
    found = ours.kept_of(dataset, cell, unpacked(content))
    figures = {
        "ours": list(benchmark.stats.stats.data),
        "theirs": [seconds for seconds, _ in theirs],
        "floor": [
            opponent.floor(dataset, entry, folds[0], found.chosen)
            for _ in range(_rounds(theirs))
        ],
        "shortcuts": used,
        "gate": [
            what
            for _, kept in theirs
            for what in gate.differences({place: found}, {place: kept})
        ],
    }
    a, f, least = (median(figures[side]) for side in ("theirs", "ours", "floor"))
    benchmark.extra_info |= {"grid search": a, "ratio": a / f, "floor": least}
    say(
        f"{key:22} grid search {a:8.3f} s  bench {f:8.3f} s  {a / f:5.1f}x  bare fits {least:7.3f} s"
    )
    ledger.put("cells", key, figures)
    assert figures["gate"] == []


def _warm(contest: Contest, dataset: Dataset, entry: Entry, fold: Fold) -> None:
    """Run one candidate on either side, untimed, so that imports and self-tests are done."""
    grid = {name: values[:1] for name, values in entry.setup.grid.items()}
    one = replace(entry, setup=replace(entry.setup, grid=grid))
    opponent.searched(contest, dataset, one, fold)
    ours.content(dataset, ours.cell_of(contest, dataset, one, fold, 2, "fast"))


def _rounds(theirs: list[tuple[float, gate.Kept]]) -> int:
    """The number of rounds: long measurements are stable enough for one."""
    return 1 if median(seconds for seconds, _ in theirs) > 5 else ROUNDS


@pytest.mark.parametrize(
    "entry", [one for one in MAIN if one.setup.output == "p"], ids=lambda one: one.name
)
def test_inner_log_losses_agree(ledger: Ledger, entry: Entry) -> None:
    losses = replace(contest_of("quick"), metric="log_loss")
    dataset, folds = losses.datasets[0]
    cell = ours.cell_of(losses, dataset, entry, folds[0], len(folds), "fast")
    found = ours.kept_of(dataset, cell, unpacked(ours.content(dataset, cell)))
    theirs = opponent.searched(losses, dataset, entry, folds[0])
    apart = gate.farthest(found.inner, theirs.inner)
    differs = (
        []
        if apart <= gate.INNER_LOSS
        else [f"wine, {entry.name}: inner log-losses differ by up to {apart:.2g}"]
    )
    ledger.put("log_loss", entry.name, differs)
    assert differs == []


def test_the_whole_study(ledger: Ledger) -> None:
    assert (
        list(compete(ledger, WHOLE, [("opponent", "fast")] if QUICK else ORDERS)) == []
    )


@pytest.mark.skipif(QUICK, reason="not in a quick run")
def test_the_second_grid(ledger: Ledger) -> None:
    assert list(compete(ledger, "second", [("opponent", "fast")])) == []
