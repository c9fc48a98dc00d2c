"""`bench`, and DVC, as processes of their own, forked from one that has imported everything: real, without imports.

A process that tests kill, interrupt, or give a terminal, an environment or a folder. It differs from a fresh Python in
what is read while Python and its libraries are imported: PYTHONHASHSEED, the number of threads, the locale.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bench.run.workers.fork_server import ONE_THREAD

ROOT = Path(__file__).parents[2]
SERVER = Path(__file__).with_name("fork_server.py")
#: `bench` or `python`: a program that asks for a fork and ends as it does. Any other call is a Python of its own.
CLIENT = """#!{python} -SE
import json, os, socket, sys
words = sys.argv[1:] if sys.argv[0].endswith("/python") else ["-m", "bench", *sys.argv[1:]]
if words[0] == "-P":
    words.pop(0)
    os.environ["PYTHONSAFEPATH"] = "1"
if words[:2] not in (["-m", "bench"], ["-m", "dvc"]):
    os.execv({python!r}, [{python!r}, *words])
server = socket.socket(socket.AF_UNIX)
server.connect({place!r})
socket.send_fds(server, [json.dumps([words[1:], os.getcwd(), dict(os.environ), 0]).encode()], [0, 1, 2])
sys.exit(int(server.makefile().read().split()[1]) % 256)
"""


@cache
def server(path: str) -> str:
    """Where a process listens that forks the `bench` of this path; it is started once and ends with this process."""
    folder = tempfile.mkdtemp(prefix="forks-")
    place = f"{folder}/socket"
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": path}
    process = subprocess.Popen(
        [sys.executable, "-P", str(SERVER), place],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(process.communicate)
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    return place


@cache
def programs(path: str = str(ROOT)) -> Path:
    """A folder with programs `bench` and `python`: `bench`, `python -m bench` and `python -m dvc` are forks."""
    folder = Path(server(path)).with_name("programs")
    folder.mkdir()
    for name in ("bench", "python"):
        (folder / name).write_text(
            CLIENT.format(python=sys.executable, place=server(path))
        )
        (folder / name).chmod(0o755)
    return folder


class Started:
    """`bench`, or another module, in a fork, in a process group of its own; what a test asks of it has the names of
    `Popen`.

    `fds` are its input, output and error output; `largest` is how many bytes a file may have that it writes.
    """

    def __init__(
        self, *words: str, cwd: Path, env: Mapping[str, str] = os.environ, fds: tuple[int, ...] = (), largest: int = 0,
        module: str = "bench",
    ) -> None:  # fmt: skip
        self.files, self.returncode = [tempfile.TemporaryFile("w+") for _ in "oe"], None  # noqa: SIM115
        with open(os.devnull) as nothing, socket.socket(socket.AF_UNIX) as asked:  # noqa: PTH123
            asked.connect(server(str(ROOT)))
            request = json.dumps([[module, *words], str(cwd), dict(env), largest])
            given = fds or (nothing.fileno(), *(file.fileno() for file in self.files))
            socket.send_fds(asked, [request.encode()], given)
            self.answer = asked.makefile("r", buffering=1)
        self.pid = int(self.answer.readline())

    def wait(self, timeout: float | None = 60) -> int:
        if self.returncode is None:
            if not select.select([self.answer], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("bench", timeout or 0)
            self.returncode = int(self.answer.readline())
            self.answer.close()
        return self.returncode

    def poll(self) -> int | None:
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def communicate(self, timeout: float | None = 60) -> tuple[str, str]:
        """What it wrote, when it has ended."""
        self.wait(timeout)
        said = []
        for file in self.files:
            with file:
                file.seek(0)
                said.append(file.read())
        return said[0], said[1]


def ran(
    *words: str, cwd: Path, env: Mapping[str, str] = os.environ, **more: int
) -> subprocess.CompletedProcess[str]:
    """`bench` in a fork, to its end."""
    started = Started(*words, cwd=cwd, env=env, **more)
    out, err = started.communicate(None)
    return subprocess.CompletedProcess(words, started.wait(), out, err)
