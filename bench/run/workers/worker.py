"""What runs in a worker: tasks, one after the other, each from the same state."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import locale
import os
import pickle
import random
import re
import resource
import signal
import socket
import struct
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

#: Between run and worker, both ways: a length, then that many bytes of pickle.
LENGTH = struct.Struct("<Q")

_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_SIGNALS = (
    "HUP",
    "INT",
    "QUIT",
    "FPE",
    "PIPE",
    "ALRM",
    "TERM",
    "CHLD",
    "USR1",
    "USR2",
    "PROF",
    "XCPU",
    "XFSZ",
)
#: ru_maxrss is in KiB on Linux and in bytes on macOS.
PEAK_UNIT = 1024 if _LINUX else 1


def serve(link_fd: int, output_fd: int) -> NoReturn:
    """A worker's life; it never returns. Frames come in on the link: first the setting, then task after task."""
    try:
        _settle(output_fd)
        link = socket.socket(fileno=link_fd)
        frames = _frames(link)
        desk = _Desk(next(frames))
        for frame in frames:
            answer, clean = desk.answer(frame)
            link.sendall(LENGTH.pack(len(answer)) + answer)
            if not clean:
                break
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


def _settle(output_fd: int) -> None:
    """Make a forked process a worker: a session of its own, its output a pipe, nobody's Ctrl-C, no core files."""
    os.setsid()
    if _LINUX:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        with contextlib.suppress(
            OSError
        ):  # when the machine is out of memory the worker goes, not the run
            Path("/proc/self/oom_score_adj").write_text("500")
    adopt_orphans()
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.close(output_fd)
    sys.stdout = os.fdopen(
        1, "w", buffering=1, errors="backslashreplace", closefd=False
    )
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.enable()  # where a segmentation fault was, on the last lines printed


def _frames(link: socket.socket) -> Iterator[bytes]:
    with link.makefile("rb") as stream:
        while len(head := stream.read(LENGTH.size)) == LENGTH.size:
            yield stream.read(*LENGTH.unpack(head))


def adopt_orphans() -> None:
    """On Linux, whoever is orphaned below this process becomes its child, whatever session it moved to."""
    if _LINUX:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class _Desk:
    """Where tasks are done, one after the other, each from the same state."""

    def __init__(self, setting: bytes) -> None:
        self.setting, self.pid = setting, os.getpid()
        self.work: Callable[[Any], Any] | None = None
        self.state: _State | None = None

    def prepare(self) -> Callable[[Any], Any]:
        """Take over the run's folder, environment and import path; with the first task only."""
        folder, environ, path, job = pickle.loads(self.setting)
        os.chdir(folder)
        _replace(os.environ, environ)
        sys.path[:] = path
        self.work = pickle.loads(job)
        self.state = _State()
        assert self.work is not None
        return self.work

    def answer(self, frame: bytes) -> tuple[bytes, bool]:
        """The answer to a task, and whether the next one would find everything as this one did."""
        _reset_peak()
        began = time.perf_counter()
        status, reason, value = self._done(frame)
        seconds = time.perf_counter() - began
        if os.getpid() != self.pid:
            os._exit(
                0
            )  # a fork that the task made came back from it too; only one may answer
        clean = self._cleared()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT
        return pickle.dumps((status, reason, value, seconds, peak, clean)), clean

    def _done(self, frame: bytes) -> tuple[str, str, bytes]:
        try:
            work = self.work or self.prepare()
            memory, task = pickle.loads(frame)
            assert self.state is not None
            _bound(memory)
            self.state.seed()
            with warnings.catch_warnings():
                value = work(task)
        except MemoryError as error:
            return "oom", one_line(error), b""
        except BaseException as error:
            return "failed", one_line(error), b""
        try:
            return "ok", "", pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            return "failed", f"its result could not be sent: {one_line(error)}", b""

    def _cleared(self) -> bool:
        """Flush, restore, and look for threads and processes left behind: with any, this worker is not used again."""
        try:
            if self.state is None:
                return False
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            _LIBC.fflush(None)
            self.state.restore()
            return (
                threading.active_count() == self.state.threads and not _children_left()
            )
        except BaseException:
            return False


class _State:
    """What a task may change for those after it, as it was when the worker was ready."""

    def __init__(self) -> None:
        self.folder, self.environ, self.path = (
            str(Path.cwd()),
            dict(os.environ),
            list(sys.path),
        )
        self.locale, self.floats = locale.setlocale(locale.LC_ALL), np.geterr()
        self.streams, self.threads = (sys.stdout, sys.stderr), threading.active_count()
        known = [getattr(signal, f"SIG{name}") for name in _SIGNALS]
        self.handlers = {number: signal.getsignal(number) for number in known}

    def seed(self) -> None:
        """The global generators: the same for every task, so that none depends on those before it."""
        random.seed(0)
        np.random.seed(0)

    def restore(self) -> None:
        """Compare, and put back what differs. Raises when that cannot be done."""
        if _folder() != self.folder:
            os.chdir(self.folder)
        if dict(os.environ) != self.environ:
            _replace(os.environ, self.environ)
        sys.path[:] = self.path
        sys.stdout, sys.stderr = self.streams
        np.seterr(**self.floats)
        if locale.setlocale(locale.LC_ALL) != self.locale:
            locale.setlocale(locale.LC_ALL, self.locale)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self.handlers.items():
            if signal.getsignal(number) != handler:
                signal.signal(number, handler)


def one_line(error: BaseException) -> str:
    """`ValueError: what it says`, in one line of at most 300 characters, without memory addresses."""
    try:
        said = re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(str(error).split()))
    except Exception:
        said = ""
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return text if len(text) <= 300 else text[:297] + "..."


def _replace(environ: Any, wanted: dict[str, str]) -> None:
    for name in set(environ) - set(wanted):
        del environ[name]
    environ.update(wanted)


def _folder() -> str | None:
    try:
        return str(Path.cwd())
    except OSError:  # it was removed
        return None


def _children_left() -> bool:
    """Whether any child still runs; those that have ended are reaped."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _reset_peak() -> None:
    """Let ru_maxrss begin anew, where the system can (Linux); elsewhere it is the peak since the worker started."""
    if _LINUX:
        with contextlib.suppress(OSError):
            fd = os.open("/proc/self/clear_refs", os.O_WRONLY)
            os.write(fd, b"5")
            os.close(fd)


def _bound(memory: int | None) -> None:
    """A wide limit behind the supervisor's: one huge allocation is a MemoryError at once, not a machine that swaps.

    It counts what is allocated, not what is touched; so twice the resident limit and 1 GiB more.
    """
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    soft = hard if memory is None else 2 * memory + 2**30
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard) if soft != resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
