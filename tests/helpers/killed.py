"""A program: all stages, killed before a file gets its name, in forks of this process.

Its words: a project that has been through all stages, a folder, and `all` writes or `one`. It prints how often it
killed, and how many writes there are.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bench.cli.app import main
from bench.project.pipeline import RUN_FRAMES
from tests.helpers.fork_server import wait_for_a_run

#: By stage, what it makes.
MADE = {
    "fetch": ("data/toy/raw",),
    "clean": ("data/toy/clean",),
    "run": (
        "results/toy/run.json",
        *(f"results/toy/{name}.parquet" for name in RUN_FRAMES),
    ),
    "judge": (
        "results/toy/judge.json",
        "results/toy/verdicts.parquet",
        "results/toy/scores.parquet",
    ),
    "report": ("reports", "summaries"),
}
#: Of some thirty files that get their names, the one where the short form kills.
MIDDLE = 15


def tree(root: Path) -> dict[str, str]:
    """The sha256 of everything that stages make, but of word of a run that did not end."""
    tops = (root / name for name in ("data", "results", "reports", "summaries"))
    files = [
        path
        for top in tops
        for path in sorted(top.rglob("*"))
        if path.is_file() and path.name[0] != "."
    ]
    files = [
        path
        for path in files
        if path.name != "run.json" or b'"outputs"' in path.read_bytes()
    ]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def alone(work: Callable[[], int]) -> int:
    child = os.fork()
    if not child:
        wait_for_a_run()
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
        os._exit(work())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def through(upto: int | None = None) -> int:
    count, really, stages = 0, Path.replace, list(MADE)

    def replace(path: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == upto:
            os.kill(os.getpid(), signal.SIGKILL)
        return really(path, target)

    Path.replace = replace  # type: ignore[method-assign, assignment]
    for stage in stages:
        code = main([stage, "toy"])
        if code:
            return code
        Path("at").write_text(f"{stages.index(stage) + 1} {count}")
    return 0


def writes() -> int:
    """How many files got their names when all stages ended well."""
    return int(Path("at").read_text().split()[1])


def fresh(whole: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(
        whole,
        root,
        ignore=shutil.ignore_patterns("data", "results", "reports", "summaries"),
    )
    os.chdir(root)


def killed(whole: Path, root: Path, points: str) -> None:
    expected, stages = tree(whole), list(MADE)
    chosen = range(MIDDLE, MIDDLE + 1)
    if points == "all":
        fresh(whole, root)
        assert alone(through) == 0 and tree(root) == expected
        chosen = range(1, writes() + 1)
    for point in chosen:
        fresh(whole, root)
        assert alone(lambda point=point: through(point)) == -signal.SIGKILL, point
        done = int(Path("at").read_text().split()[0]) if Path("at").exists() else 0
        left = tree(root)
        assert left.items() <= expected.items(), point
        later = stages[done + 1 :]
        codes = [alone(lambda stage=stage: main([stage, "toy"])) for stage in later]
        assert not codes or codes[-1] == 3, (point, codes)
        assert "reports/toy/index.html" not in tree(root) or not later, point
        assert alone(through) == 0 and tree(root) == expected, point
    print(len(chosen), len(chosen) if points == "all" else writes())


if __name__ == "__main__":
    killed(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
