"""A command in a fresh process, with its wall time and the CPU of every process that it started.

As a script (`measured.py COMMAND...`) it is the small parent that counts. On Linux it adopts orphaned descendants, so
that workers and the processes that start them are reaped and counted. On other systems orphans are not counted.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
#: What is left of a command is given so many seconds to leave by itself; a command may take so many.
PATIENCE, LONGEST = 30.0, 1800.0
_ONE_THREAD = [
    f"{name}_THREADS"
    for name in ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "POLARS_MAX", "VECLIB_MAXIMUM")
]
#: With it in a command, the moment at which it was started, by a clock that all processes share.
BEGAN = "{began}"


def measured(*command: str) -> dict[str, Any]:
    """Wall and CPU seconds of a command, its exit code, the load before and after, and the end of its output."""
    environment = {
        name: value for name, value in os.environ.items() if name != "BENCH_STORE"
    }
    environment |= dict.fromkeys(_ONE_THREAD, "1") | {"PYTHONHASHSEED": "0"}
    before = os.getloadavg()[0]
    parent = [sys.executable, str(Path(__file__).resolve()), *command]
    done = subprocess.run(
        parent, env=environment, capture_output=True, text=True, check=False
    )
    try:
        took: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        took = {"wall": 0.0, "cpu": 0.0, "code": done.returncode or -1}
    return took | {"load": [before, os.getloadavg()[0]], "printed": done.stderr[-2000:]}


def main(command: list[str]) -> None:
    """Start the command, wait for it and its orphans, and print their times."""
    _die_with_parent()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    command = [repr(began) if part == BEGAN else part for part in command]
    process = subprocess.Popen(command, stdout=sys.stderr, preexec_fn=_die_with_parent)  # noqa: PLW1509 - one thread
    try:
        code = process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    wall = time.perf_counter() - began
    left = _drained()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "wall": wall,
                "cpu": usage.ru_utime + usage.ru_stime,
                "code": code,
                "left": left,
            }
        )
    )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _drained() -> int:
    """Wait for all orphans; return how many had to be killed."""
    killed, until = 0, time.monotonic() + PATIENCE
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return killed
        if pid == 0 and time.monotonic() > until:
            killed += _killed()
        elif pid == 0:
            time.sleep(0.02)


def _killed() -> int:
    import psutil

    children = psutil.Process().children()
    for child in children:
        with contextlib.suppress(psutil.Error):
            child.send_signal(signal.SIGKILL)
    time.sleep(0.1)
    return len(children)


if __name__ == "__main__":
    main(sys.argv[1:])
