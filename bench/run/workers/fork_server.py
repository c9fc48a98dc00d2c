"""The keeper: the process between a run and its workers, which forks them, reaps them and kills what they leave.

    run ──control──► keeper: preloads, forks, reaps, kills ──fork──► worker ──► whatever a task starts
     └──────────────────────link, output─────────────────────────────┘

It never runs a task, so that it can always act, and it is the ancestor of everything that a task starts. When its
control socket ends, because the run closed it or was itself killed, it kills all there is and leaves; a C loop that
holds a worker's GIL cannot prevent that.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Container, Sequence
from importlib import import_module
from typing import NoReturn

import psutil

from bench.run.workers.worker import PEAK_UNIT, adopt_orphans, serve

#: run -> keeper: START with the two ends for a new worker, or KILL; and the worker's number.
ORDER = struct.Struct("<cq")
START, KILL = b"+", b"-"
#: keeper -> run: the worker's number and pid; when it has ended 1, its exit code (negative: signal) and peak bytes.
REPORT = struct.Struct("<5q")
#: Workers have one thread each: more would share the same cores, and sums in another order are other numbers.
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "POLARS_MAX_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)


class Keeper:
    """The process that workers are forked from, as the run sees it: a control socket, and its end."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self.control, theirs = socket.socketpair()
        program = (
            "import json, sys; path, fd, preload = json.loads(sys.argv[1]); sys.path[:] = path; "
            "from bench.run.workers.fork_server import keep; keep(fd, preload)"
        )
        argument = json.dumps(
            [[str(entry) for entry in sys.path], theirs.fileno(), preload]
        )
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", program, argument],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | ONE_THREAD,
                start_new_session=True,
            )

    def order(self, kind: bytes, number: int, ends: Sequence[int] = ()) -> None:
        """Have a worker started, with the two ends that are handed over, or killed."""
        try:
            socket.send_fds(self.control, [ORDER.pack(kind, number)], ends)
        except ConnectionError:
            self._is_gone()

    def news(self) -> bytes:
        """Reports, as far as there are any."""
        news = b""
        with contextlib.suppress(ConnectionError):
            news = self.control.recv(2**16)
        return news or self._is_gone()

    def _is_gone(self) -> NoReturn:
        code = self.process.wait()
        raise ChildProcessError(
            f"the process that starts workers ended with {code}; the tasks left were not done"
        )

    def close(self) -> None:
        """End it: it kills all that it started before it leaves."""
        self.control.close()
        self.process.wait()


def keep(control_fd: int, preload: Sequence[str]) -> None:
    """The keeper's life: import, then fork, kill and report as ordered, until the control socket ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in preload:
        import_module(name)
    gc.freeze()  # what is imported stays shared with the workers: no collection ever touches those pages
    adopt_orphans()
    control = socket.socket(fileno=control_fd)
    bell, rope = os.pipe()
    os.set_blocking(rope, False)
    signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    workers: dict[int, int] = {}
    poll = select.poll()  # select() would fail on a descriptor above 1023: the run may have many files open
    for fd in (control_fd, bell):
        poll.register(fd, select.POLLIN)
    with contextlib.suppress(
        ConnectionError
    ):  # the run is gone: as when its end was closed
        while True:
            ready = [fd for fd, _ in poll.poll()]
            if bell in ready:
                os.read(bell, 2**16)
                _bury(control, workers)
            if control_fd in ready:
                news, fds, _, _ = socket.recv_fds(control, ORDER.size, 2)
                if not news:
                    break
                order, number = ORDER.unpack(news)
                if order == START:
                    pid = _fork(control, (bell, rope), fds)
                    workers[pid] = number
                    control.sendall(REPORT.pack(number, pid, 0, 0, 0))
                for pid in [
                    pid for pid in workers if order == KILL and workers[pid] == number
                ]:
                    _kill(pid)
    _sweep(spared=())


def _fork(control: socket.socket, own: tuple[int, ...], fds: list[int]) -> int:
    """The pid of a new worker with those two ends; the keeper's own are closed there."""
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        control.close()
        for fd in own:
            os.close(fd)
        serve(*fds)
    for fd in fds:
        os.close(fd)
    return pid


def _bury(control: socket.socket, workers: dict[int, int]) -> None:
    """Reap who has died; first remove what a dead worker left, then report its death."""
    reports = []
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break
        if pid in workers:
            _kill(pid)
            code = os.waitstatus_to_exitcode(status)
            reports.append(
                REPORT.pack(workers.pop(pid), pid, 1, code, usage.ru_maxrss * PEAK_UNIT)
            )
    if reports:
        _sweep(spared=workers)
        control.sendall(b"".join(reports))


def _sweep(spared: Container[int]) -> None:
    """Kill every child that is not spared, and those who become children by that, until none is left."""
    while strays := [
        child.pid for child in psutil.Process().children() if child.pid not in spared
    ]:
        for pid in strays:
            _kill(pid)
        for pid in strays:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _kill(pid: int) -> None:
    """Kill a process and, if it leads one, its group."""
    for send in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(pid, signal.SIGKILL)
