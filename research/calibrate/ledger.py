"""The trials simulated so far, one file for each chunk: an interrupted `make calibrate` continues where it stopped.

Chunks of other code or other versions are not continued: they are in a folder of another name, one a kind of cell.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from importlib.metadata import version
from pathlib import Path

from bench.core.identity import source_sha256
from research.calibrate.parts import CELLS, simulated
from research.calibrate.tally import Tally

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHUNK = 50
#: So many trials of every cell come first, so that a page of an interrupted run has all its rows.
FIRST = 100
#: What is judged, by the kind of cell (the first word of its name), and by all kinds that are not named.
JUDGED = (
    "bench/stats",
    "bench/claims",
    "bench/scores/series.py",
    "bench/scores/design.py",
    "bench/core/metrics",
)
JUDGED_BY_KIND = {
    "halves": ("bench/stats/halves.py", "bench/stats/intervals.py"),
    "scores": ("bench/stats/intervals.py",),
    "repeats": (
        "bench/stats/two_stage.py",
        "bench/stats/intervals.py",
    ),
    "orders": (
        "bench/stats/agreement.py",
        "bench/stats/friedman_exact.py",
        "bench/stats/ranks.py",
    ),
}
#: What simulates: modules that all cells use, and those of a kind; of all kinds that are not named, these.
SHARED = ("worlds", "learners", "scoring", "tally")
OWN: dict[str, tuple[str, ...]] = {kind: (kind,) for kind in JUDGED_BY_KIND} | {
    "scores": ("scores", "halves")
}
OWN |= dict.fromkeys(("numbers", "pilot", "seeds"), ("numbers", "evidence"))
OWN |= dict.fromkeys(("compare", "unstable"), ("compare", "numbers", "evidence"))
OTHERS = ("one_dataset", "many_families", "many_datasets")
Chunk = tuple[str, int, int]


class Ledger:
    """The chunks that were simulated by the code as it is."""

    def __init__(self, root: Path = ROOT / ".bench" / "calibrate") -> None:
        self.root = root

    def path(self, chunk: Chunk) -> Path:
        cell, start, stop = chunk
        folder = self.root / code(kind_of(cell))[:16]
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{cell}-{start:06}-{stop:06}.json"

    def put(self, chunk: Chunk, tally: Tally) -> None:
        fresh = self.path(chunk).with_suffix(".new")
        fresh.write_text(json.dumps(tally.as_json()), encoding="utf-8")
        fresh.replace(self.path(chunk))

    def tallies(self, trials: int) -> dict[str, Tally]:
        """For each cell the counts of its first trials, in their order."""
        found: dict[str, Tally] = {}
        for chunk in chunks(trials):
            if self.path(chunk).is_file():
                part = Tally.of_json(
                    json.loads(self.path(chunk).read_text(encoding="utf-8"))
                )
                found.setdefault(chunk[0], Tally()).add(part)
        return found


def chunks(trials: int, kinds: tuple[str, ...] = ()) -> list[Chunk]:
    """All cells, or those of some kinds, in chunks of trials, in the order of work."""
    cells = [cell for cell in CELLS if not kinds or kind_of(cell) in kinds]
    every = [
        (cell, at, min(at + CHUNK, trials))
        for cell in cells
        for at in range(0, trials, CHUNK)
    ]
    return sorted(every, key=lambda chunk: chunk[1] >= FIRST)


def kind_of(cell: str) -> str:
    return cell.partition("-")[0]


def run(ledger: Ledger, trials: int, workers: int, kinds: tuple[str, ...] = ()) -> None:
    """Simulate the missing chunks, with a line of progress now and then."""
    todo = [
        chunk for chunk in chunks(trials, kinds) if not ledger.path(chunk).is_file()
    ]
    began = said = time.monotonic()
    for count, (chunk, tally) in enumerate(_done(todo, workers), 1):
        ledger.put(chunk, tally)
        now = time.monotonic()
        if now - said > 15 or count == len(todo):
            said = now
            print(
                f"{now - began:6.0f} s  {count} of {len(todo)} chunks, last {chunk[0]} to {chunk[2]}",
                flush=True,
            )


def _done(todo: list[Chunk], workers: int) -> Iterator[tuple[Chunk, Tally]]:
    if workers == 1:
        yield from ((chunk, simulated(chunk[0], range(*chunk[1:]))) for chunk in todo)
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        running = {
            pool.submit(simulated, cell, range(start, stop)): (cell, start, stop)
            for cell, start, stop in todo
        }
        try:
            yield from ((running[one], one.result()) for one in as_completed(running))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def versions() -> dict[str, str]:
    return {"Python": sys.version.split()[0]} | {
        name: version(name) for name in ("numpy", "scipy")
    }


@cache
def code(kind: str) -> str:
    """A hash of the code that cells of a kind judge, of what simulates them, and of versions; comments do not count."""
    digest = hashlib.sha256(json.dumps(versions()).encode())
    simulating = (HERE / f"{name}.py" for name in (*SHARED, *OWN.get(kind, OTHERS)))
    for top in (
        *(ROOT / part for part in JUDGED_BY_KIND.get(kind, JUDGED)),
        *simulating,
    ):
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            digest.update(source_sha256(path).encode())
    return digest.hexdigest()
