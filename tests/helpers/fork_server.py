"""The process that forks (tests/helpers/forks.py): it imports `bench` from its PYTHONPATH, then answers each request
with the pid of a fork and, at its end, the exit code. It goes when its input ends."""

from __future__ import annotations

import atexit
import gc
import json
import os
import resource
import runpy
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import bench
from bench.core.identity import stage_versions
from bench.run.workers.fork_server import ONE_THREAD, Keeper, keep

#: What a command, or DVC, would import by itself, besides all of `bench`.
PRELOADED = (
    "polars", "scipy.stats", "sklearn.compose", "sklearn.impute", "sklearn.model_selection", "sklearn.pipeline",
    "dvc.cli", "dvc.commands.repro", "dvc.render", "dvc.repo", "dvc.repo.experiments", "networkx",
)  # fmt: skip


def serve(place: str) -> list[Any]:
    """Returns in forks alone: what was asked of this one."""
    listener, asked = socket.socket(socket.AF_UNIX), dict[int, socket.socket]()
    listener.bind(place)
    listener.listen()
    gc.freeze()
    bell, rope = os.pipe()
    os.set_blocking(rope, False)
    signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    print("ready", flush=True)
    while True:
        ready = select.select([0, bell, listener], [], [])[0]
        if 0 in ready:
            sys.exit()
        if bell in ready:
            os.read(bell, 4096)
            while asked:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    break
                with asked.pop(pid) as answer, suppress(ConnectionError):
                    answer.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
        if listener in ready:
            answer = listener.accept()[0]
            request, fds, *_ = socket.recv_fds(answer, 2**20, 3)
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for one in (listener, answer, *asked.values()):
                    one.close()
                os.close(bell)
                os.close(rope)
                for number, fd in enumerate(fds):
                    os.dup2(fd, number)
                    os.close(fd)
                return list(json.loads(request))
            for fd in fds:
                os.close(fd)
            asked[pid] = answer
            answer.sendall(b"%d\n" % pid)


def become(
    words: list[str], folder: str, environment: dict[str, str], largest: int
) -> None:
    """What a fresh Python is for `python -m WORDS` there."""
    os.setpgid(0, 0)
    if largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    here = [] if environment.get("PYTHONSAFEPATH") else [folder]
    sys.path[:] = [
        *here,
        *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep)),
        *OWN,
    ]
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", 1 if os.isatty(1) else -1, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(  # noqa: SIM115
        2, "w", 1, errors="backslashreplace", closefd=False
    )  # type: ignore[misc]
    sys.argv[:] = words


class Ready:
    """The keeper of a run's workers, forked before the run has threads, which waits until the run wants one."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair()
        self.begin, wanted = socket.socketpair()
        self.pid, self.returncode = os.fork(), None
        if not self.pid:
            self.control.close()
            self.begin.close()
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 0)
            os.dup2(nothing, 1)
            with wanted.makefile("rb") as told:
                said = told.readline()
            if said:
                sys.path[:], environment, preload = json.loads(said)
                os.environ.clear()
                os.environ.update(environment)
                keep(theirs.detach(), preload)
            os._exit(0)

    def poll(self, options: int = os.WNOHANG) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None  # type: ignore[assignment]
        return self.returncode

    def wait(self) -> int | None:
        return self.poll(0)


#: Keepers that no run has asked for yet.
waiting: list[Ready] = []


def wait_for_a_run() -> None:
    """The first run of this process, which has no threads yet, shall have a keeper that imports nothing anew."""
    waiting.append(Ready())
    Keeper.__init__ = keeper  # type: ignore[method-assign]


def keeper(self: Any, preload: tuple[str, ...], fresh: Any = Keeper.__init__) -> None:
    """The first keeper of a run is the one that waits."""
    if not waiting:
        fresh(self, preload)
        return
    self.process = waiting.pop()
    self.control = self.process.control
    said = json.dumps([[*map(str, sys.path)], dict(os.environ) | ONE_THREAD, preload])
    with self.process.begin as begin:
        begin.sendall(said.encode() + b"\n")


def leave(code: object) -> None:
    """As Python does, without taking apart what the libraries made."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    if isinstance(code, str):
        print(code, file=sys.stderr)
    number = code & 255 if isinstance(code, int) else int(code is not None)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            number = 120
    os._exit(number)


if __name__ == "__main__":
    own = [module.name for module in walk_packages(bench.__path__, "bench.")]
    for name in (*PRELOADED, *(name for name in own if not name.endswith("__main__"))):
        import_module(name)
    stage_versions()  # the source of each file is read and hashed once
    OWN = [
        path
        for path in sys.path
        if path not in os.environ["PYTHONPATH"].split(os.pathsep)
    ]
    become(*serve(sys.argv[1]))
    if sys.argv[0] == "bench":
        wait_for_a_run()
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        leave(ended.code)
    leave(None)
