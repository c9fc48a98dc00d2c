"""What a kill, a full disk or a folder that cannot be written does to any stage, wherever it happens.

One point of each by default. `make fuzz` (`BENCH_FUZZ=1`) takes every write of every stage, and two `dvc repro`.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.cli.app import main
from bench.core import frames
from tests.conftest import TOY
from tests.faults.test_faults_of_the_machine import without_permission
from tests.helpers.faults_kit import LONG
from tests.helpers.forks import ROOT, Started
from tests.helpers.killed import MADE, tree


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project that has been through every stage; its cells are kept."""
    root = tmp_path_factory.mktemp("whole")
    (root / "params.yaml").write_text("studies: [toy]\nexecution: {workers: 1}\n")
    (root / "studies/toy").mkdir(parents=True)
    (root / "studies/toy/study.yaml").write_text(
        TOY.replace("repeats: 2", "repeats: 1")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert [main([stage, "toy"]) for stage in MADE] == [0] * 5
    yield root


@pytest.fixture
def mine(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to spoil, and to stand in."""
    root = tmp_path / "project"
    shutil.copytree(finished, root)
    monkeypatch.chdir(root)
    return root


def without(root: Path, stage: str) -> None:
    """As before a stage."""
    for name in MADE[stage]:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class Disk:
    """Room for so many files more; each file after them meets a full disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room, self.written, self._really = 10**9, 0, os.fsync
        monkeypatch.setattr(frames.os, "fsync", self.sync)

    def sync(self, file: int) -> None:
        self.written += 1
        if self.written > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._really(file)


@pytest.mark.parametrize("stage", MADE)
def test_f19_a_disk_that_is_full_at_any_write(
    stage: str,
    mine: Path,
    finished: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    disk, whole = Disk(monkeypatch), tree(finished)
    without(mine, stage)
    assert main([stage, "toy"]) == 0 and tree(mine) == whole
    writes = disk.written
    assert writes >= 2
    for room in range(writes) if LONG else [writes // 2]:
        without(mine, stage)
        before = tree(mine)
        disk.room, disk.written = room, 0
        code = main([stage, "toy"])
        left, said = tree(mine), capsys.readouterr().err
        assert "Traceback" not in said
        assert left.items() <= whole.items() and before.items() <= left.items(), (
            "no file is torn, and none is lost"
        )
        # The log of runs and what was checked may be lost without harm; everything else is told.
        assert (code == 3 and "No space left on device" in said) or (
            code == 0 and left == whole
        ), (room, code, said)
        assert not [
            path
            for path in mine.rglob(".*.*")
            if path.is_file() and ".bench" not in path.parts
        ]
        disk.room = 10**9
        assert main([stage, "toy"]) == 0 and tree(mine) == whole


@pytest.mark.parametrize("stage", ["fetch", "clean", "judge", "report"])
def test_f20_a_folder_that_cannot_be_written_is_told_by_every_stage(
    stage: str, mine: Path, finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without(mine, stage)
    place = mine / MADE[stage][0]
    folder = place if place.is_dir() else place.parent
    folder.mkdir(parents=True, exist_ok=True)
    with without_permission(mine, folder):
        code = main([stage, "toy"])
    assert code == 3 and "Permission denied" in capsys.readouterr().err
    assert main([stage, "toy"]) == 0 and tree(mine) == tree(finished)


def test_f16_killed_at_points_of_all_stages_nothing_is_lost_or_believed(
    finished: Path, tmp_path: Path
) -> None:
    """Killed before a file gets its name. What comes after the stage refuses; a second go ends as one that was never
    killed. `make fuzz` kills at every write; by default at one, beside one within the fits of a run."""
    words, env = (
        (str(finished), str(tmp_path / "p"), "all" if LONG else "one"),
        os.environ | {"PYTHONPATH": str(ROOT)},
    )
    asked = Started(*words, cwd=tmp_path, env=env, module="tests.helpers.killed")
    out, err = asked.communicate(3600)
    assert asked.wait() == 0, err
    killed, writes = map(int, out.split())
    assert killed >= 1 and writes > 30


def test_a28_what_a_killed_write_left_goes_with_a_later_one(mine: Path) -> None:
    old, new = (
        mine / "results/toy/.verdicts.parquet.x1y2z3w4",
        mine / "results/toy/.verdicts.parquet.a1b2c3d4",
    )
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    without(mine, "judge")
    assert main(["judge", "toy"]) == 0
    assert not old.exists() and new.exists(), (
        "another process may be about to write the newer one"
    )


def test_f23_a_second_repro_says_which_process_is_at_work(mine: Path) -> None:
    """The first one waits while it has DVC at work; it goes on when the second has ended with a sentence."""
    env = os.environ | {"DVC_NO_ANALYTICS": "1", "PYTHONPATH": str(ROOT)}
    assert main(["init", "--yes"]) == 0
    command = [sys.executable, "-m", "bench", "repro", "toy"]
    lock = mine / ".bench/dvc.lock"
    first = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while first.poll() is None and not (
        lock.is_file() and lock.read_text() == str(first.pid)
    ):
        time.sleep(0.02)
    first.send_signal(signal.SIGSTOP)
    second = subprocess.run(
        command, env=env, capture_output=True, text=True, check=False
    )
    first.send_signal(signal.SIGCONT)
    said = first.communicate(timeout=600)
    assert first.returncode == 0, said
    assert second.returncode == 2
    assert f"process {first.pid} is at work on this project" in second.stderr
    assert len(second.stderr.splitlines()) == 1 and not second.stdout


@pytest.mark.skipif(not LONG, reason="a minute of DVC; `make fuzz` runs it")
@pytest.mark.parametrize(
    "words", [("bench", "repro", "toy"), ("dvc", "repro", "pipeline/toy/dvc.yaml")]
)
def test_f23_two_repro_of_one_study_at_once(
    words: tuple[str, ...], mine: Path, finished: Path
) -> None:
    """One goes through; the other does too, or says in a sentence that the first has DVC's lock. Nothing is lost."""
    env = os.environ | {
        "DVC_NO_ANALYTICS": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    assert main(["init", "--yes"]) == 0
    for name in ("data", "results", "reports", "summaries"):
        shutil.rmtree(mine / name)
    command = [sys.executable, "-m", *words]
    runs = [
        subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in "ab"
    ]
    ends = [(run.communicate(timeout=900), run.returncode) for run in runs]
    assert 0 in [code for _, code in ends], ends
    for (_, said), code in ends:
        assert "Traceback" not in said and "internal error" not in said, said
        assert code == 0 or "lock" in said or "is at work" in said, said
    again = subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, timeout=900
    )
    assert again.returncode == 0, again.stderr
    same = {
        name: one
        for name, one in tree(finished).items()
        if name.startswith(("data", "results"))
    }
    assert same.items() <= tree(mine).items()
