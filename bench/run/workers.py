"""One pool of processes over cells: one thread each, a time limit a cell, a dead worker costs its cell alone.

Forkserver, never fork: a forked OpenMP runtime hangs. A worker loads a clean table once, from disk, and verifies it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, TimeoutError, wait
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from bench.data.dataset import Dataset, Task
from bench.data.load import read_dataset
from bench.run.cells import Cell

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


@dataclass(frozen=True)
class Limits:
    """What a machine gives: processes, and seconds a cell may take."""

    workers: int = 2
    seconds_per_cell: float = 3600.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a cell: the packed result, or a failure as (status, stage, reason)."""

    cell: Cell
    content: bytes | None
    failure: tuple[str, str, str] | None
    seconds: float


def outcomes(cells: Iterable[Cell], tables: Path, limits: Limits) -> Iterator[Outcome]:
    """Every cell's outcome, as they finish. `tables` is the folder of the study's clean tables.

    On any exception in the caller (Ctrl-C too) the workers are stopped and joined.
    """
    waiting = list(cells)
    if not waiting:
        return
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    context = get_context("forkserver")
    context.set_forkserver_preload(["bench.run.preload"])
    pool = ProcessPool(limits.workers, context=context, initializer=_watch_parent)
    try:
        yield from _drained(pool, waiting, tables, limits)
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _drained(pool: ProcessPool, cells: list[Cell], tables: Path, limits: Limits) -> Iterator[Outcome]:
    """Keep a few cells a worker in the pool's queue, not all of them: memory stays flat whatever the number."""
    queue = iter(cells)
    running: dict[Any, Cell] = {}
    while True:
        for cell in queue:
            future: Any = pool.schedule(_work, args=[cell, str(tables)], timeout=limits.seconds_per_cell)
            running[future] = cell
            if len(running) >= 4 * limits.workers:
                break
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield _outcome(running.pop(future), future.result, limits)


def _outcome(cell: Cell, result: Callable[[], Any], limits: Limits) -> Outcome:
    try:
        content, failure, seconds = result()
    except TimeoutError:
        reason = f"took longer than {limits.seconds_per_cell:g} s"
        return Outcome(cell, None, ("timeout", "fit", reason), limits.seconds_per_cell)
    except ProcessExpired as error:
        code = error.exitcode
        ended = (
            f"the worker was killed by signal {-code}"
            if code is not None and code < 0
            else f"the worker left with {code}"
        )
        hint = "; probably out of memory" if code == -9 else ""
        return Outcome(cell, None, ("crash", "fit", ended + hint), 0.0)
    return Outcome(cell, content, failure, seconds)


def _work(cell: Cell, tables: str) -> tuple[bytes | None, tuple[str, str, str] | None, float]:
    """Runs in a worker: evaluate one cell and pack what it leaves."""
    from bench.run.evaluate import CellError, evaluate
    from bench.run.store import packed

    start = time.perf_counter()
    try:
        dataset = _dataset(tables, cell.plan.dataset, cell.plan.task, cell.fingerprint)
        content, failure = packed(evaluate(dataset, cell)), None
    except CellError as error:
        content, failure = None, ("failed", error.stage, error.reason)
    except MemoryError:
        content, failure = None, ("oom", "fit", "ran out of memory")
    return content, failure, time.perf_counter() - start


@lru_cache(maxsize=4)
def _dataset(tables: str, name: str, task: Task, fingerprint: str) -> Dataset:
    dataset = read_dataset(Path(tables), name, task)
    if dataset.fingerprint != fingerprint:
        raise RuntimeError(f"the table of {name} changed while the study ran")
    return dataset


def _watch_parent() -> None:
    """A worker whose parent has died leaves within two seconds."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
