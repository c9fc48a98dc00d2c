"""Estimators for the cluster's tests, fitted in workers, and a real cluster on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sklearn.neighbors import KNeighborsClassifier


class Held(KNeighborsClassifier):
    """Says in the folder HELD which process fits, and goes on when a file `go` is there."""

    def fit(self, X: Any, y: Any) -> Held:
        folder = Path(os.environ["HELD"])
        if not (folder / "go").exists():
            (folder / f"started-{os.getpid()}").touch()
        while not (folder / "go").exists():
            time.sleep(0.02)
        return super().fit(X, y)


class Mortal(KNeighborsClassifier):
    """Kills its own process."""

    def fit(self, X: Any, y: Any) -> Mortal:
        os.kill(os.getpid(), 9)
        return self


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own with a log and a folder."""

    folder: Path
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add(self, name: str, *options: str, **environ: str) -> None:
        """Start one more worker; it is not waited for."""
        place = ["--local-directory", str(self.folder / name), "--name", name]
        command = [
            "worker",
            self.address,
            "--no-nanny",
            "--nthreads",
            "1",
            *place,
            *options,
        ]
        self.workers.append(self.start(name, *command, **environ))

    def start(
        self, name: str, what: str, *options: str, **environ: str
    ) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{what}",
            *options,
            "--dashboard-address",
            "127.0.0.1:0",
        ]
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command, stdout=log, stderr=log, env=os.environ | environ
            )

    def kept(self) -> list[str]:
        """The datasets on the workers' disks, one a worker and dataset."""
        return [
            path.parent.name for path in self.folder.rglob("bench-arrays/*/about.json")
        ]

    def allow(self, failures: int) -> None:
        """How many workers a cell may lose before it is given up."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.run_on_scheduler(allow, failures)

    def joined(self, count: int) -> bool:
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)
        return True


def allow(failures: int, dask_scheduler: Any = None) -> None:
    """Runs in the scheduler."""
    dask_scheduler.allowed_failures = failures


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A scheduler with two workers on loopback, whatever ports are free."""
    made, file = Cluster(folder), folder / "scheduler.json"
    scheduler = made.start(
        "scheduler",
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--scheduler-file",
        str(file),
    )
    try:
        wait_for(lambda: file.exists() and file.read_text().strip().endswith("}"))
        made.address = str(json.loads(file.read_text())["address"])
        for name in ("one", "two"):
            made.add(name)
        made.joined(2)
        yield made
    finally:
        for process in (*made.workers, scheduler):
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
