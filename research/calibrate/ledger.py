"""The trials simulated so far, one file for each chunk: an interrupted `make calibrate` continues where it stopped.

Chunks of other code or other versions are not continued: they are in a folder of another name.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path

from research.calibrate.parts import CELLS, simulated
from research.calibrate.tally import Tally

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHUNK = 50
#: So many trials of every cell come first, so that a page of an interrupted run has all its rows.
FIRST = 100
#: What is judged, and what simulates: a change of any of it begins anew.
JUDGED = ("bench/stats", "bench/claims", "bench/scores/series.py", "bench/scores/design.py", "bench/core/metrics")
NOT_SIMULATING = ("__init__.py", "ledger.py", "rows.py", "page.py", "test_calibrate.py", "test_calibrate_long.py")
NOT_SIMULATING += ("papers.py", "finder.py", "finder_page.py", "test_finder.py", "test_page.py")
NOT_SIMULATING += ("tables.py", "faults.py", "healthy.py", "healthy_page.py", "test_healthy.py")
Chunk = tuple[str, int, int]


class Ledger:
    """The chunks of one version of the code."""

    def __init__(self, root: Path = ROOT / ".bench" / "calibrate") -> None:
        self.folder = root / code()[:16]
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, chunk: Chunk) -> Path:
        cell, start, stop = chunk
        return self.folder / f"{cell}-{start:06}-{stop:06}.json"

    def put(self, chunk: Chunk, tally: Tally) -> None:
        fresh = self.path(chunk).with_suffix(".new")
        fresh.write_text(json.dumps(tally.as_json()), encoding="utf-8")
        fresh.replace(self.path(chunk))

    def tallies(self, trials: int) -> dict[str, Tally]:
        """For each cell the counts of its first trials, in their order."""
        found: dict[str, Tally] = {}
        for chunk in chunks(trials):
            if self.path(chunk).is_file():
                part = Tally.of_json(json.loads(self.path(chunk).read_text(encoding="utf-8")))
                found.setdefault(chunk[0], Tally()).add(part)
        return found


def chunks(trials: int) -> list[Chunk]:
    """All cells, in chunks of trials, in the order of work."""
    every = [(cell, at, min(at + CHUNK, trials)) for cell in CELLS for at in range(0, trials, CHUNK)]
    return sorted(every, key=lambda chunk: chunk[1] >= FIRST)


def run(ledger: Ledger, trials: int, workers: int) -> None:
    """Simulate the missing chunks, with a line of progress now and then."""
    todo = [chunk for chunk in chunks(trials) if not ledger.path(chunk).is_file()]
    began = said = time.monotonic()
    for count, (chunk, tally) in enumerate(_done(todo, workers), 1):
        ledger.put(chunk, tally)
        now = time.monotonic()
        if now - said > 15 or count == len(todo):
            said = now
            print(f"{now - began:6.0f} s  {count} of {len(todo)} chunks, last {chunk[0]} to {chunk[2]}", flush=True)


def _done(todo: list[Chunk], workers: int) -> Iterator[tuple[Chunk, Tally]]:
    if workers == 1:
        yield from ((chunk, simulated(chunk[0], range(*chunk[1:]))) for chunk in todo)
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        running = {pool.submit(simulated, cell, range(start, stop)): (cell, start, stop) for cell, start, stop in todo}
        try:
            yield from ((running[one], one.result()) for one in as_completed(running))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def versions() -> dict[str, str]:
    return {"Python": sys.version.split()[0]} | {name: version(name) for name in ("numpy", "scipy")}


def code() -> str:
    """A hash of the code that is judged, of the code that simulates, and of the library versions."""
    digest = hashlib.sha256(json.dumps(versions()).encode())
    for top in (*(ROOT / part for part in JUDGED), HERE):
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            if path.parent != HERE or path.name not in NOT_SIMULATING:
                digest.update(path.read_bytes())
    return digest.hexdigest()
