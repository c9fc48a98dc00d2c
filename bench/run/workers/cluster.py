"""Cells to outcomes on a dask.distributed cluster: what `bench.run.workers.dispatch` does here, with the same bytes.

    run ──batches──► scheduler ──► dask worker ──► bench's own supervisor ──► a process a cell
     ◄──packed results───────────────┘ keeps the datasets it was sent, as long as it lives

A dask worker never fits: it hands its cells to `bench.run.workers.dispatch`, on a supervisor of its own. So a cell
that hangs,
eats memory or dies by a signal ends as it would here, by the same limits and with the same words, and costs neither
the dask worker nor its neighbours. A batch begins with a fresh process, and so cheap cells travel in large batches.

When a dask worker itself is lost (its machine, mostly) the scheduler gives what it had to others, until
`distributed.scheduler.allowed-failures` (3) more were lost with the same cell; then the cell is a crash.

`distributed` is an optional extra, and imported when a cluster is asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import pickle
import platform
import queue
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

from bench.core.errors import DataError, UsageError
from bench.families.libraries import library_of, version_of
from bench.run.identity import libraries
from bench.run.result import Failure
from bench.run.workers.dispatch import CellOutcome, CellTask
from bench.run.workers.dispatch import outcomes as outcomes_here
from bench.run.workers.limits import Limits
from bench.run.workers.worker import one_line
from bench.text.formats import listed

#: Batches a dask worker: one that it does, one that waits, so that it is never idle; more would only take memory here.
_WINDOW = 2
#: A batch holds as many bundles as take this many seconds together, at most so many.
_BATCH_SECONDS, _BATCH_SIZE = 5.0, 250
#: Seconds until a scheduler that does not answer is given up, and a cluster that has lost all workers.
_CONNECT, _ALONE = 10, 60
_LOOK = 2.0  # seconds between two looks at the cluster
_POLL = (
    0.5  # seconds between two looks of a dask worker whether its batch is still wanted
)
_KEPT = "bench-arrays"
_AGAIN = "finished cells are kept, run the same command to go on"


def outcomes(
    tasks: Iterable[CellTask], limits: Limits, scheduler: str
) -> Iterator[CellOutcome]:
    """Every cell's outcome, as batches finish. On any exception in the caller (Ctrl-C too) the rest is cancelled.

    `scheduler` is an address ("tcp://host:8786"). How many cells are done at a time is the cluster's number of
    workers, not `limits.workers`; the other limits are a cell's. Raises `UsageError` before the first cell when the
    scheduler does not answer, has no workers, or has workers whose results would not be the same bytes; and later when
    it is gone, or left without workers for a minute.
    """
    waiting = iter(tasks)
    for first in waiting:
        with _connected(scheduler) as client:
            _refuse_others(client, scheduler)
            yield from _Run(client, limits, scheduler).outcomes(chain([first], waiting))


@contextlib.contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    """A client of the cluster."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "execution.backend: dask needs the package distributed, which is not installed; "
            "`pip install 'bench[dask]'`; nothing was fitted"
        ) from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(
            logging.CRITICAL
        )  # tracebacks of what is told below in a sentence
    try:
        client = Client(scheduler, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"execution.scheduler: {scheduler} does not answer as a dask scheduler within {_CONNECT} s "
            f"({one_line(error)}); nothing was fitted"
        ) from None
    try:
        yield client
    finally:
        client.close(timeout=_CONNECT)


class _Run:
    """One run on a cluster: which batches are out, and which worker was sent which dataset."""

    def __init__(self, client: Any, limits: Limits, scheduler: str) -> None:
        self.client, self.limits, self.scheduler = client, limits, scheduler
        self.out: dict[Any, tuple[CellTask, ...]] = {}
        self.ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.sent: set[tuple[str, str]] = set()
        self.pace: dict[tuple[str, str], float] = {}
        self.workers, self.looked, self.seen = 0, 0.0, time.monotonic()

    def outcomes(self, tasks: Iterable[CellTask]) -> Iterator[CellOutcome]:
        batches = self._batches(tasks)
        try:
            while True:
                self._look()
                for batch in islice(
                    batches, max(0, _WINDOW * self.workers - len(self.out))
                ):
                    self._submit(batch)
                if not self.out:
                    return
                with contextlib.suppress(queue.Empty):
                    future = self.ended.get(timeout=_LOOK)
                    yield from self._taken(future, self.out.pop(future))
        finally:
            if self.out and self.client.status == "running":
                self.client.cancel(list(self.out), force=True)

    def _batches(self, tasks: Iterable[CellTask]) -> Iterator[tuple[CellTask, ...]]:
        """Neighbours of one table and family, one at a time until it is known how long they take."""
        for (name, _), own in groupby(tasks, key=lambda task: (task.name, task.arrays)):
            while batch := tuple(islice(own, self._size(name))):
                yield batch

    def _size(self, name: tuple[str, str]) -> int:
        return min(
            _BATCH_SIZE,
            max(1, int(_BATCH_SECONDS / self.pace.get(name, _BATCH_SECONDS))),
        )

    def _look(self) -> None:
        """Count the workers, every other second. Raises when the scheduler is gone, or all workers for too long."""
        now = time.monotonic()
        if now - self.looked < _LOOK:
            return
        self.looked = now
        try:
            self.workers = len(self.client.nthreads())
        except (OSError, ValueError, TimeoutError):
            raise self._is_gone() from None
        self.seen = now if self.workers else self.seen
        if now - self.seen > _ALONE:
            raise UsageError(
                f"execution.scheduler: {self.scheduler} has had no worker for {_ALONE} s; {_AGAIN}"
            )

    def _is_gone(self) -> UsageError:
        return UsageError(f"execution.scheduler: {self.scheduler} is gone; {_AGAIN}")

    def _submit(self, batch: tuple[CellTask, ...]) -> None:
        payload = pickle.dumps(
            (_here() | _package(batch[0]), self.limits, batch), pickle.HIGHEST_PROTOCOL
        )
        future = self.client.submit(_do, payload, pure=False)
        self.out[future] = batch
        future.add_done_callback(self.ended.put)

    def _taken(self, future: Any, batch: tuple[CellTask, ...]) -> Iterator[CellOutcome]:
        """What came of a batch: its outcomes, or why it has to go out again."""
        from distributed import CancelledError, KilledWorker

        try:
            answer: _Answer = future.result()
        except CancelledError:
            raise self._is_gone() from None
        except KilledWorker:
            if len(batch) > 1:  # one of them may be to blame: each on its own
                for task in batch:
                    self._submit((task,))
                return
            failure = ("crash", "fit", "the dask worker was lost, whichever tried it")
            answer = _Answer([(None, failure, 0.0, 0, "")])
        if answer.unlike:
            raise _unlike({answer.worker: answer.unlike}, _here() | _package(batch[0]))
        if answer.lacks:
            self._send(answer.worker, batch[0].arrays)
            self._submit(batch)
            return
        seconds = sum(end[2] for end in answer.ends)
        self.pace[batch[0].name] = max(1e-6, seconds / len(batch))
        for task, end in zip(batch, answer.ends, strict=True):
            yield CellOutcome(task.cell, *end)

    def _send(self, worker: str, arrays: str) -> None:
        """Send a dataset to the worker that lacks it, once. One that died meanwhile is no matter."""
        if (worker, arrays) in self.sent:
            return
        self.sent.add((worker, arrays))
        files = {
            path.name: path.read_bytes() for path in sorted(Path(arrays).iterdir())
        }
        said = self.client.run(
            _keep, Path(arrays).name, files, workers=[worker], on_error="ignore"
        )
        for reason in filter(None, said.values()):
            raise DataError(
                f"{worker}: a dataset of {sum(map(len, files.values()))} bytes {reason}; {_AGAIN}"
            )


#: What a cell leaves besides its name: packed result, failure, seconds, peak, printed.
_End = tuple[bytes | None, Failure | None, float, int, str]


@dataclass(frozen=True, eq=False)
class _Answer:
    """A dask worker's answer to a batch: the ends of its cells; or that it lacks the dataset, or differs."""

    ends: list[_End]
    worker: str = ""
    lacks: bool = False
    unlike: dict[str, str] | None = None


def _do(payload: bytes) -> _Answer:
    """Runs on a dask worker: do a batch on this worker's supervisor."""
    from distributed import get_worker

    worker = get_worker()
    facts, limits, batch = pickle.loads(payload)
    here = _facts(worker) | _package(batch[0])
    if facts != here:
        return _Answer([], worker.address, unlike=here)
    folder = _folder(worker, Path(batch[0].arrays).name)
    if not (folder / "about.json").is_file():
        return _Answer([], worker.address, lacks=True)
    ends: dict[int, _End] = {}
    with _stopped_when_unwanted(worker):
        for one in outcomes_here(
            [replace(one, arrays=str(folder)) for one in batch],
            replace(limits, workers=1),
        ):
            ends[id(one.cell)] = (
                one.content,
                one.failure,
                one.seconds,
                one.peak,
                one.printed,
            )
    return _Answer([ends[id(task.cell)] for task in batch], worker.address)


@contextlib.contextmanager
def _stopped_when_unwanted(worker: Any) -> Iterator[None]:
    """Kill the cell that runs here when nobody waits for it: the run was cancelled or killed, or this worker closes.

    Only cells are killed; their supervisor sees to it, cleans up and ends, so that the worker is free. What came of
    it is no result: somebody else is to do the batch, if it is wanted at all.
    """
    from distributed import Reschedule, Status

    key, over, stopped = worker.get_current_task(), threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(_POLL):
            task = worker.state.tasks.get(key)
            if (
                task is None
                or task.state != "executing"
                or worker.status in (Status.closing, Status.closed)
            ):
                stopped.set()
                _kill_cells()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    if stopped.is_set():
        raise Reschedule


def _kill_cells() -> None:
    import psutil

    with contextlib.suppress(psutil.Error):
        for keeper in psutil.Process().children():
            if any(
                "bench.run.workers.fork_server" in part for part in keeper.cmdline()
            ):
                for cell in keeper.children():
                    cell.kill()


def _folder(worker: Any, fingerprint: str) -> Path:
    return Path(worker.local_directory) / _KEPT / fingerprint


def _keep(fingerprint: str, files: dict[str, bytes], dask_worker: Any) -> str:
    """Runs on a dask worker: keep a dataset's files, whole or not at all; why not, or ""."""
    folder = _folder(dask_worker, fingerprint)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        fresh.rename(folder)
    except OSError as error:
        return (
            ""
            if (folder / "about.json").is_file()
            else f"cannot be kept there ({error.strerror})"
        )
    return ""


@lru_cache
def _here() -> dict[str, str]:
    """Whatever decides the bytes of a result besides the cell: versions, sources, and how sums are done."""
    import numpy as np
    from threadpoolctl import threadpool_info

    top, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(top.rglob("*.py")):
        digest.update(f"{path.relative_to(top)} ".encode() + path.read_bytes())
    kernels = {
        one["architecture"] for one in threadpool_info() if one.get("architecture")
    }
    config: Any = np.show_config(mode="dicts")
    return {
        "bench": f"{version('bench')} with sources {digest.hexdigest()[:12]}",
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **libraries(),
        "distributed": version("distributed"),
        "processor": platform.machine(),
        "BLAS kernels": " ".join(sorted(kernels)),
        "SIMD of numpy": " ".join(config["SIMD Extensions"].get("found", [])),
        "threads": "1",
    }


def _package(task: CellTask) -> dict[str, str]:
    """The same of the packages of others whose code the cells run, and of the library that they need."""
    plan = task.cell.plan
    library = library_of(plan.setup.estimator)
    needed = (
        {} if library is None else {library: version_of(library) or "not installed"}
    )
    return {
        f"package {name}": f"sources {digest[:12]}"
        for name, digest in plan.foreign_code.items()
    } | needed


def _facts(dask_worker: Any) -> dict[str, str]:
    """The same, on a dask worker."""
    return _here() | {"threads": str(dask_worker.state.nthreads)}


def _refuse_others(client: Any, scheduler: str) -> None:
    """Raises unless every worker is as this process is. One that joins later is asked with its first batch."""
    try:
        found = client.run(_facts, on_error="return")
    except Exception as error:
        found = {scheduler: error}
    if not found:
        raise UsageError(
            f"execution.scheduler: {scheduler} has no workers; start some first; nothing was fitted"
        )
    for worker, facts in found.items():
        if isinstance(facts, Exception):
            raise UsageError(
                f"{worker}: bench cannot be asked there ({one_line(facts)}); install the same; nothing was fitted"
            )
    others = {worker: facts for worker, facts in found.items() if facts != _here()}
    if others:
        raise _unlike(others, _here())


def _unlike(others: dict[str, dict[str, str]], here: dict[str, str]) -> UsageError:
    """The sentence about workers that differ: what is there, what is here, and what can be done."""
    said: dict[str, list[str]] = {}
    for worker, there in others.items():
        for name in here.keys() | there.keys():
            if there.get(name) != here.get(name):
                sentence = f"{name}: {there.get(name) or 'none'} there, {here.get(name) or 'none'} here"
                said.setdefault(sentence, []).append(worker)
    lines = [
        f"{listed(workers, most=1)}: {sentence}"
        for sentence, workers in sorted(said.items())
    ]
    return UsageError(
        "execution.scheduler: its workers would not give the same bytes as this machine: "
        + "; ".join(lines)
        + "; docs/scale.md says how to make them alike; nothing was fitted there"
    )
