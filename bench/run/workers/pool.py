"""Processes that do tasks, and what becomes of each task: a value, or a reason why there is none.

A task that raises, hangs in Python or in C, is killed, eats memory or leaves by `os._exit` costs itself alone. A task
whose process had to go is done once more, alone, in a fresh process, before it is given up. Whatever a task starts is
gone after it (on macOS what left its session and was orphaned may stay); when the run itself is killed, everything
goes within a second.

Linux and macOS. Windows is not supported: it has neither sessions nor descriptors that can be handed over.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import re
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import psutil

from bench.run.workers.fork_server import KILL, ONE_THREAD, REPORT, START, Keeper
from bench.run.workers.limits import Limits
from bench.run.workers.worker import LENGTH, one_line

_Task = TypeVar("_Task")
Ending = Literal["ok", "failed", "timeout", "oom", "crash"]

_TAIL = 2048  # bytes of output told
_HEARD = (
    2**15
)  # and kept until the end: Python names every extension module after a segmentation fault
_MODULES = re.compile(rb"\n*Extension modules: [^\n]*\(total: \d+\)\n*$")
_POLL = 0.2  # seconds between two looks at memory
_BUFFER = 2**18


@dataclass(frozen=True, eq=False)
class Ended:
    """How a task ended.

    `status` is ok, failed (`work` raised, or its result cannot be pickled), timeout, oom, or crash (its process
    ended). `value` is what `work` returned, None unless ok. `reason` is "" or one line, the same in every run. `code`
    is the exit code of a crash, negative for a signal. `seconds` are wall; `peak` is the worker's peak resident
    memory in bytes while the task ran (macOS: since the worker started); `printed` the last 2 kB of its output.
    """

    value: Any
    status: Ending
    reason: str
    code: int | None
    seconds: float
    peak: int
    printed: str


def supervised(
    tasks: Iterable[_Task],
    work: Callable[[_Task], Any],
    limits: Limits,
    *,
    preload: Sequence[str] = (),
) -> Iterator[tuple[_Task, Ended]]:
    """Do `work(task)` for every task in processes of their own; yield each task with its end, as they end.

    `work` is an importable function. `preload` names modules that are imported once, before workers are forked. `tasks`
    is read as workers become free. A task that ended by timeout, oom or crash is done again, alone, after all others,
    and its second end counts. Every task starts from the same folder, environment, import path, warnings filters,
    signal handlers, locale and global random state.

    Whatever ends the iteration early (an exception in the caller, Ctrl-C, `close()`), all processes are removed
    before it goes on. Raises `ChildProcessError` when a preloaded module cannot be imported.
    """
    with _Pool(pickle.dumps(work), tuple(preload), limits) as pool:
        again = []
        for task, ended in pool.run(tasks, limits.workers):
            if ended.status in ("ok", "failed"):
                yield task, ended
            else:
                again.append(task)
        for task in again:
            pool.dismiss()
            yield from pool.run([task], 1)


#: Keepers at rest, by what they preloaded: the next run of this process need not import everything anew.
_resting: dict[tuple[str, ...], Keeper] = {}


@atexit.register
def _close_resting() -> None:
    while _resting:
        _resting.popitem()[1].close()


class _Pool:
    """Workers of one run. Entered with a keeper; left with none of its workers alive."""

    def __init__(
        self,
        job: bytes,
        preload: tuple[str, ...],
        limits: Limits,
    ) -> None:
        self.setting = pickle.dumps(
            (str(Path.cwd()), dict(os.environ) | ONE_THREAD, sys.path, job)
        )
        self.preload, self.limits = preload, limits
        self.workers: dict[int, _Worker] = {}
        self.started = 0
        self.reports = bytearray()
        self.looked = 0.0

    def __enter__(self) -> _Pool:
        keeper = _resting.pop(self.preload, None)
        if keeper is not None and keeper.process.poll() is not None:
            keeper.close()
            keeper = None
        self.keeper = keeper or Keeper(self.preload)
        self.selector = selectors.DefaultSelector()
        self.selector.register(
            self.keeper.control, selectors.EVENT_READ, self._read_reports
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.dismiss()
                _resting.setdefault(self.preload, self.keeper)
        finally:
            if _resting.get(self.preload) is not self.keeper:
                self.keeper.close()
            for worker in self.workers.values():
                worker.close()
            self.selector.close()

    def run(self, tasks: Iterable[Any], count: int) -> Iterator[tuple[Any, Ended]]:
        """Every task with its end, at most `count` at a time; a free worker is given a task before an end is told."""
        queue = iter(tasks)
        ends: list[tuple[Any, Ended]] = []
        while True:
            ends += self._assign(queue, count)
            yield from ends
            if not any(worker.busy for worker in self.workers.values()):
                return
            ends = self._ends()

    def dismiss(self) -> None:
        """Kill all workers, and wait until they are gone."""
        for worker in self.workers.values():
            worker.kill()
        while self.workers:
            self._events(None)

    def _assign(self, queue: Iterator[Any], count: int) -> list[tuple[Any, Ended]]:
        """Give tasks to idle workers, and to new ones up to `count`; the ends of tasks that cannot be sent."""
        ends: list[tuple[Any, Ended]] = []
        while True:
            idle = next(
                (worker for worker in self.workers.values() if worker.idle), None
            )
            if (
                idle is None
                and sum(not worker.leaving for worker in self.workers.values()) >= count
            ):
                return ends
            try:
                task = next(queue)
            except StopIteration:
                return ends
            try:
                frame = pickle.dumps(
                    (self.limits.memory, task), pickle.HIGHEST_PROTOCOL
                )
            except Exception as error:
                ends.append(
                    (
                        task,
                        Ended(
                            None,
                            "failed",
                            f"it could not be sent: {one_line(error)}",
                            None,
                            0.0,
                            0,
                            "",
                        ),
                    )
                )
            else:
                (idle or self._start()).give(task, self.limits, frame)

    def _start(self) -> _Worker:
        self.started += 1
        worker = self.workers[self.started] = _Worker(
            self.started, self.keeper, self.selector
        )
        worker.send(self.setting)
        return worker

    def _ends(self) -> list[tuple[Any, Ended]]:
        """Wait until something happens; the tasks that ended by it. Then stop those that went beyond a limit."""
        running = [worker for worker in self.workers.values() if worker.running]
        watched = any(worker.limits.memory is not None for worker in running)
        now = time.monotonic()
        pauses = [
            max(0.0, worker.began + worker.limits.seconds - now) for worker in running
        ]
        ends = self._events(min(pauses + [_POLL] * watched, default=None))
        now = time.monotonic()
        weighed = watched and now - self.looked >= _POLL
        self.looked = now if weighed else self.looked
        for worker in running:
            if worker.running:
                worker.judge(now, weighed)
        return ends

    def _events(self, timeout: float | None) -> list[tuple[Any, Ended]]:
        """Read whatever can be read; the ends that it tells."""
        ready = [key for key, _ in self.selector.select(timeout)]
        ready.sort(
            key=lambda key: key.fileobj is self.keeper.control
        )  # last: a death closes what else can be read
        return [end for key in ready for end in key.data()]

    def _read_reports(self) -> Iterator[tuple[Any, Ended]]:
        """What the keeper tells: births and deaths of workers."""
        self.reports += self.keeper.news()
        while len(self.reports) >= REPORT.size:
            number, pid, dead, code, peak = REPORT.unpack_from(self.reports)
            del self.reports[: REPORT.size]
            if not dead:
                self.workers[number].born(pid)
                continue
            worker = self.workers.pop(number)
            yield from worker.read()
            yield from worker.died(code, peak)
            worker.close()


class _Worker:
    """One worker as the run sees it: its link, what it printed, its task and since when."""

    def __init__(
        self, number: int, keeper: Keeper, selector: selectors.BaseSelector
    ) -> None:
        self.number, self.keeper, self.selector = number, keeper, selector
        self.pid: int | None = None
        self.task: Any = None
        self.limits = Limits()
        self.busy = self.leaving = False
        self.verdict: tuple[Ending, str] | None = None  # why it is being killed
        self.began, self.peak = 0.0, 0
        self.incoming, self.tail = bytearray(), b""
        self.link, theirs = socket.socketpair()
        output, written = os.pipe()
        self.output = os.fdopen(output, "rb", buffering=0)
        os.set_blocking(output, False)
        with theirs, os.fdopen(written, "wb", buffering=0):
            for end in (self.link, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            keeper.order(START, number, [theirs.fileno(), written])
        selector.register(self.link, selectors.EVENT_READ, self.read)
        selector.register(self.output, selectors.EVENT_READ, self.hear)

    @property
    def idle(self) -> bool:
        return not (self.busy or self.leaving)

    @property
    def running(self) -> bool:
        """Whether its task's clock is on: not before it is forked, nor when its task has been judged."""
        return self.busy and self.pid is not None and self.verdict is None

    def born(self, pid: int) -> None:
        self.pid, self.began = pid, time.monotonic()

    def give(self, task: Any, limits: Limits, frame: bytes) -> None:
        self.task, self.limits, self.busy = task, limits, True
        self.began, self.peak, self.tail = time.monotonic(), 0, b""
        self.send(frame)

    def send(self, frame: bytes) -> None:
        """It is idle, so it reads; of one that has died meanwhile the keeper tells."""
        with contextlib.suppress(ConnectionError):
            self.link.sendall(LENGTH.pack(len(frame)) + frame)

    def read(self) -> Iterator[tuple[Any, Ended]]:
        """Take what its link holds, never waiting for more; its task's end when the answer is whole."""
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while news := self.link.recv(_BUFFER, socket.MSG_DONTWAIT):
                self.incoming += news
            self._no_more(self.link)
        while len(self.incoming) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self.incoming)[0]
            if len(self.incoming) < end:
                return
            answer = bytes(self.incoming[LENGTH.size : end])
            del self.incoming[:end]
            yield from self._answered(answer)

    def hear(self) -> tuple[()]:
        """Keep the end of what it printed: no more is read than is there now, however fast it writes."""
        news = self.output.read(2**20)
        if news == b"":
            self._no_more(self.output)
        self.tail = (self.tail + (news or b""))[-_HEARD:]
        return ()

    def resident(self) -> int:
        """The bytes of resident memory of the worker and its children, now."""
        resident = 0
        with contextlib.suppress(psutil.Error):
            worker = psutil.Process(self.pid)
            for process in (worker, *worker.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    resident += process.memory_info().rss
        self.peak = max(self.peak, resident)
        return resident

    def judge(self, now: float, weighed: bool) -> None:
        """Stop a task that went beyond a limit."""
        limits = self.limits
        if now - self.began >= limits.seconds:
            self.verdict = ("timeout", f"took longer than {limits.seconds:g} s")
        elif weighed and limits.memory is not None and self.resident() > limits.memory:
            self.verdict = ("oom", f"took more than {_size(limits.memory)} of memory")
        if self.verdict is not None:
            self.leaving = True
            self.kill()

    def kill(self) -> None:
        self.keeper.order(KILL, self.number)

    def died(self, code: int, peak: int) -> Iterator[tuple[Any, Ended]]:
        """It is gone: of its own accord, or judged. It may have had no task."""
        status, reason = self.verdict or ("crash", _cause(code))
        yield from self._end(
            None,
            status,
            reason,
            None if self.verdict else code,
            time.monotonic() - self.began,
            peak,
        )

    def _answered(self, answer: bytes) -> Iterator[tuple[Any, Ended]]:
        try:
            status, reason, content, seconds, peak, clean = pickle.loads(answer)
        except Exception as error:  # the task wrote into the link: nothing more from there can be trusted
            status, reason, content, seconds, peak, clean = (
                "failed",
                one_line(error),
                b"",
                0.0,
                0,
                False,
            )
            self.kill()
        self.leaving = self.leaving or not clean
        value = None
        if status == "ok":
            try:
                value = pickle.loads(content)
            except Exception as error:
                status, reason = (
                    "failed",
                    f"its result could not be read: {one_line(error)}",
                )
        yield from self._end(value, status, reason, None, seconds, peak)

    def _end(
        self,
        value: Any,
        status: Ending,
        reason: str,
        code: int | None,
        seconds: float,
        peak: int,
    ) -> Iterator[tuple[Any, Ended]]:
        if self.busy:
            self.hear()
            self.busy, task, self.task = False, self.task, None
            printed = _MODULES.sub(b"\n", self.tail)[-_TAIL:].decode(errors="replace")
            yield (
                task,
                Ended(
                    value, status, reason, code, seconds, max(peak, self.peak), printed
                ),
            )

    def close(self) -> None:
        for end in (self.link, self.output):
            self._no_more(end)
            end.close()

    def _no_more(self, end: Any) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(end)


def _cause(code: int) -> str:
    """Why a process ended, by its exit code."""
    if code >= 0:
        return f"left with exit code {code}"
    hints = {sign.value: sign.name for sign in signal.Signals} | {
        signal.SIGKILL.value: "probably out of memory"
    }
    return f"killed by signal {-code}, {hints.get(-code, 'unnamed')}"


def _size(count: int) -> str:
    return f"{count / 1e9:.3g} GB" if count >= 1e9 else f"{count / 1e6:.3g} MB"
