"""What the tests of the supervisor ask its workers to do: small functions, good and bad, importable there."""

from __future__ import annotations

import ctypes
import locale
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from bench.run.workers.limits import Limits
from bench.run.workers.pool import supervised


def same(value: Any) -> Any:
    return value


def pid(_: Any) -> int:
    return os.getpid()


def sized(task: bytes) -> bytes:
    return bytes(3 * len(task))


FAULTS = (
    "raise",
    "kill",
    "segfault",
    "abort",
    "leave",
    "exit",
    "python loop",
    "c loop",
)


def do(task: tuple[int, str]) -> int:
    """Ten times the number, unless the fault comes first."""
    number, fault = task
    if fault == "raise":
        raise ValueError(f"no\nnot {number}")
    if fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "segfault":
        ctypes.string_at(0)
    if fault == "abort":
        os.abort()
    if fault == "leave":
        os._exit(3)
    if fault == "exit":
        sys.exit(3)
    while fault == "python loop":
        pass
    if fault == "c loop":
        loop_in_c()
    return 10 * number


def loop_in_c() -> None:
    """Backtracking for longer than anybody lives, with the GIL held."""
    re.match("(a+)+$", "a" * 64 + "b")


class BadText(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class Unreadable:
    def __reduce__(self) -> Any:
        return int, ("not a number",)


def misbehave(how: str) -> Any:
    if how == "local class":
        return type("Local", (), {})()
    if how == "unreadable":
        return Unreadable()
    if how == "bad text":
        raise BadText
    if how == "local error":
        raise type("LocalError", (Exception,), {})("at", object())
    if how == "interrupt":
        raise KeyboardInterrupt
    return "well"


def first_time_dies(task: tuple[int, str, str]) -> tuple[int, int]:
    """Kills itself when it is first called; notes when it began and ended. The second time it succeeds."""
    number, fault, folder = task
    note = Path(folder) / str(number)
    first = not note.exists()
    with note.open("a") as file:
        file.write(f"{os.getpid()} {time.monotonic()}\n")
    if fault and first:
        do((number, fault))
    time.sleep(0.02)
    with note.open("a") as file:
        file.write(f"{os.getpid()} {time.monotonic()}\n")
    return number, os.getpid()


def slowly(task: tuple[int, str]) -> int:
    time.sleep(0.1)
    return do(task)


def hold(megabytes: int) -> int:
    content = bytearray(megabytes << 20)
    time.sleep(0.6)
    return len(content)


def hold_elsewhere(megabytes: int) -> None:
    """The memory is a child's."""
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"x = bytearray({megabytes} << 20); import time; time.sleep(30)",
        ],
        check=True,
    )


def hold_at_once(gigabytes: int) -> int:
    return len(bytearray(gigabytes << 30))


def disturb(what: str) -> dict[str, Any]:
    """Changes all that a task can change for those after it; tells how it found it."""
    found = {
        "folder": str(Path.cwd()),
        "environ": dict(os.environ),
        "path": list(sys.path),
        "filters": list(warnings.filters),
        "random": random.random(),
        "numpy": float(np.random.rand()),
        "floats": np.geterr(),
        "locale": locale.setlocale(locale.LC_ALL),
        "alarm": signal.getsignal(signal.SIGALRM),
        "stdout": sys.stdout.fileno(),
    }
    os.chdir("/")
    os.environ["DISTURBED"] = "yes"
    del os.environ["HOME"]
    sys.path.insert(0, "/nowhere")
    warnings.simplefilter("error")
    random.seed(99)
    np.random.seed(99)
    np.seterr(all="raise")
    locale.setlocale(locale.LC_ALL, "C.UTF-8" if found["locale"] == "C" else "C")
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    sys.stdout = sys.stderr
    if what == "raise":
        raise ValueError
    return found | {"pid": os.getpid()}


SLEEP = "import time; time.sleep(300)"


def leave_behind(how: str) -> int:
    """A process that sleeps on when the task has ended; its pid."""
    if how == "thread":
        threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
        return os.getpid()
    if how == "daemon":
        read, write = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if (child := os.fork()) == 0:
                time.sleep(300)
            os.write(write, str(child).encode())
            os._exit(0)
        os.wait()
        return int(os.read(read, 20))
    child = subprocess.Popen(
        [sys.executable, "-c", SLEEP], start_new_session=how != "child"
    )
    if how == "crash":
        Path(os.environ["LEFT"]).write_text(str(child.pid))
        os._exit(1)
    return child.pid


def leave_or_wait(task: tuple[str, str]) -> int:
    """Leave something behind, or wait for a file."""
    how, file = task
    if how:
        return leave_behind(how)
    while not Path(file).exists():
        time.sleep(0.01)
    return 1


def fork_and_return(_: Any) -> str:
    os.fork()
    return "once"


def say(what: str) -> None:
    if what == "everywhere":
        print("python äöü")
        os.write(2, b"descriptor\n")
        subprocess.run(["echo", "child"], check=True)
        ctypes.CDLL(None).puts(b"library")
    if what == "flood":
        for number in range(200_000):
            print("line", number)
    if what == "and die":
        print("last words")
        os._exit(1)
    if what == "close":
        os.close(1)
        os.close(2)
        time.sleep(0.3)


def stuck(folder: str) -> None:
    """Leave children of every kind, say who is there, and hang in C."""
    children = [leave_behind("child"), leave_behind("session"), leave_behind("daemon")]
    (Path(folder) / f"{os.getpid()}.tmp").write_text(
        " ".join(map(str, [os.getpid(), *children]))
    )
    (Path(folder) / f"{os.getpid()}.tmp").rename(Path(folder) / f"{os.getpid()}.stuck")
    loop_in_c()


def main() -> None:
    """A run of its own, for the tests to kill: `python supervised_tasks.py FOLDER`."""
    for task, ended in supervised([sys.argv[1]] * 2, stuck, Limits(workers=2)):
        print(task, ended)


if __name__ == "__main__":
    sys.modules["supervised_tasks"] = sys.modules["__main__"]
    stuck.__module__ = "supervised_tasks"
    main()
