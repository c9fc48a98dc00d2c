"""The supervisor by itself, with real processes and real signals."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench.run.workers import pool as supervisor
from bench.run.workers.limits import Limits
from bench.run.workers.pool import Ended, supervised
from tests.helpers import supervised_tasks as tasks
from tests.helpers.faults_kit import gone, wait_for

pytestmark = pytest.mark.long

#: Processes of other tests, and keepers that rest since then.
OTHERS: set[psutil.Process] = set()


@pytest.fixture(autouse=True)
def others() -> None:
    OTHERS.clear()
    OTHERS.update(children())


@pytest.fixture
def alone() -> None:
    """No keeper rests from other tests: every further child of this process belongs to the test."""
    supervisor._close_resting()


def children() -> list[psutil.Process]:
    """Processes that the test started."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if child not in OTHERS
    ]


def ends(
    of: Any, work: Any, limits: Limits | None = None, **more: Any
) -> dict[Any, Ended]:
    return dict(supervised(of, work, limits or Limits(), **more))


def only(task: Any, work: Any, limits: Limits | None = None, **more: Any) -> Ended:
    [(_, ended)] = supervised([task], work, limits or Limits(), **more)
    return ended


def said(ended: Ended) -> tuple[str, str, int | None]:
    return ended.status, ended.reason, ended.code


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """After every test: no child but keepers at rest, which have none, and no more open files than before."""
    files = psutil.Process().num_fds() - len(supervisor._resting)
    yield
    resting = {keeper.process.pid for keeper in supervisor._resting.values()} - {
        other.pid for other in OTHERS
    }
    assert {child.pid for child in children()} == resting
    assert psutil.Process().num_fds() - len(supervisor._resting) == files


def test_every_task_has_its_value() -> None:
    found = ends(range(500), tasks.same)
    assert {task: ended.value for task, ended in found.items()} == {
        number: number for number in range(500)
    }
    assert {said(ended) for ended in found.values()} == {("ok", "", None)}


def test_no_task_is_no_work() -> None:
    assert ends([], tasks.same) == {}


def test_no_more_workers_than_tasks() -> None:
    assert (
        len(
            {
                ended.value
                for ended in ends(range(50), tasks.pid, Limits(workers=1)).values()
            }
        )
        == 1
    )
    assert (
        len(
            {
                ended.value
                for ended in ends(range(2), tasks.pid, Limits(workers=9)).values()
            }
        )
        <= 2
    )


def test_tasks_are_read_as_workers_become_free() -> None:
    read = []

    def source() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    for done, _ in enumerate(
        supervised(source(), tasks.same, Limits(workers=2)), start=1
    ):
        assert len(read) <= done + 3


def test_56_of_64_tasks_are_untouched_by_8_faults() -> None:
    faults = {7 * number + 3: fault for number, fault in enumerate(tasks.FAULTS)}
    given = [(number, faults.get(number, "")) for number in range(64)]
    found = {
        number: ended
        for (number, _), ended in supervised(given, tasks.do, Limits(seconds=0.7))
    }
    healthy = {
        number: ended.value for number, ended in found.items() if number not in faults
    }
    assert healthy == {
        number: 10 * number for number in range(64) if number not in faults
    }
    assert {faults[number]: said(found[number]) for number in faults} == {
        "raise": ("failed", "ValueError: no not 3", None),
        "kill": ("crash", "killed by signal 9, probably out of memory", -9),
        "segfault": ("crash", "killed by signal 11, SIGSEGV", -11),
        "abort": ("crash", "killed by signal 6, SIGABRT", -6),
        "leave": ("crash", "left with exit code 3", 3),
        "exit": ("failed", "SystemExit: 3", None),
        "python loop": ("timeout", "took longer than 0.7 s", None),
        "c loop": ("timeout", "took longer than 0.7 s", None),
    }
    assert (
        "Segmentation fault" in found[17].printed and "string_at" in found[17].printed
    )
    assert {found[number].value for number in faults} == {None}


def test_results_and_errors_that_cannot_travel_are_told() -> None:
    found = ends(
        ["local class", "unreadable", "bad text", "local error", "interrupt", "fine"],
        tasks.misbehave,
    )
    assert {ended.status for how, ended in found.items() if how != "fine"} == {"failed"}
    assert found["local class"].reason.startswith("its result could not be sent: ")
    assert found["unreadable"].reason.startswith(
        "its result could not be read: ValueError: "
    )
    assert found["bad text"].reason == "BadText"
    assert found["local error"].reason == "LocalError: ('at', <object object>)"
    assert found["interrupt"].reason == "KeyboardInterrupt"
    assert found["fine"].value == "well"


def test_a_task_that_cannot_be_sent_fails_and_the_others_are_done() -> None:
    found = list(supervised([1, lambda: 2, 3], tasks.same, Limits()))
    assert sorted(ended.value for _, ended in found if ended.status == "ok") == [1, 3]
    [reason] = [ended.reason for _, ended in found if ended.status == "failed"]
    assert reason.startswith("it could not be sent: ") and " at 0x" not in reason


def test_work_that_cannot_be_sent_is_the_callers_mistake() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        list(supervised([1], lambda task: task, Limits()))


def test_large_tasks_and_values() -> None:
    task = bytes(8_000_000)
    assert [
        len(ended.value) for _, ended in supervised([task, task], tasks.sized, Limits())
    ] == [24_000_000] * 2


@pytest.mark.parametrize("fault", ["kill", "leave", "python loop"])
def test_a_task_whose_process_went_is_done_once_more_alone(
    fault: str, tmp_path: Path
) -> None:
    given = [
        (number, fault if number in (1, 4) else "", str(tmp_path))
        for number in range(12)
    ]
    limits = Limits(seconds=1.0 if fault == "python loop" else 30.0)
    found = {
        task[0]: ended
        for task, ended in supervised(given, tasks.first_time_dies, limits)
    }
    assert {ended.status for ended in found.values()} == {"ok"}
    assert set(list(found)[-2:]) == {1, 4}
    notes = {
        number: (tmp_path / str(number)).read_text().split() for number in range(12)
    }
    spans = {
        number: (float(note[-3]), float(note[-1])) for number, note in notes.items()
    }
    for number in (1, 4):
        assert notes[number][0] != notes[number][2], (
            "the second time it is another process"
        )
        assert sum(note[-4] == notes[number][-4] for note in notes.values()) == 1, (
            "a fresh one"
        )
        begin, end = spans[number]
        assert all(
            other == number or b <= begin or end <= a for other, (a, b) in spans.items()
        ), "alone"


def test_a_task_that_raises_is_not_repeated(tmp_path: Path) -> None:
    task = (0, "raise", str(tmp_path))
    assert only(task, tasks.first_time_dies).status == "failed"
    assert len((tmp_path / "0").read_text().splitlines()) == 1


def test_memory_is_the_workers_and_its_childrens() -> None:
    limits = Limits(memory=300_000_000)
    found = ends([20, 600], tasks.hold, limits)
    assert found[20].value == 20 << 20
    assert said(found[600]) == ("oom", "took more than 300 MB of memory", None)
    assert found[600].peak > 300_000_000
    assert said(only(600, tasks.hold_elsewhere, limits)) == (
        "oom",
        "took more than 300 MB of memory",
        None,
    )


@pytest.mark.skipif(
    sys.platform != "linux", reason="RLIMIT_DATA does not count mapped memory elsewhere"
)
def test_one_huge_allocation_is_a_memory_error() -> None:
    ended = only(64, tasks.hold_at_once, Limits(memory=300_000_000))
    assert said(ended) == ("oom", "MemoryError", None)


@pytest.mark.skipif(
    sys.platform != "linux", reason="a peak can be measured anew only on Linux"
)
def test_the_peak_is_the_tasks_own() -> None:
    peaks = [
        ended.peak >> 20
        for _, ended in supervised([5, 300, 5], tasks.hold, Limits(workers=1))
    ]
    assert peaks[1] >= 300
    assert peaks[0] < 200 and peaks[2] < 200


def test_every_task_starts_from_the_same_state() -> None:
    found = list(supervised(["", "raise", "", ""], tasks.disturb, Limits(workers=1)))
    values = [ended.value for _, ended in found if ended.value is not None]
    assert len(values) == 3 and values[0] == values[1] == values[2]
    assert values[0]["folder"] == str(Path.cwd())
    assert values[0]["environ"]["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("how", ["child", "session", "daemon", "crash", "thread"])
def test_what_a_task_leaves_is_gone_with_it(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEFT", str(tmp_path / "left"))
    found = list(supervised([how, "child"], tasks.leave_behind, Limits(workers=1)))
    for task, ended in found:
        left = ended.value if task != "crash" else int((tmp_path / "left").read_text())
        assert ended.status == ("crash" if task == "crash" else "ok")
        assert gone(left)


def test_what_a_task_leaves_is_gone_while_others_run(tmp_path: Path) -> None:
    """The second task ends when the test has seen that what the first left is gone."""
    seen = tmp_path / "seen"
    found = supervised(
        [("session", ""), ("", str(seen))], tasks.leave_or_wait, Limits(workers=1)
    )
    left = next(found)[1].value
    assert wait_for(lambda: gone(left))
    seen.touch()
    assert next(found)[1].value == 1


def test_a_fork_that_comes_back_does_not_answer() -> None:
    found = list(supervised(range(6), tasks.fork_and_return, Limits(workers=2)))
    assert [ended.value for _, ended in found] == ["once"] * 6


def test_output_is_kept_up_to_its_last_2_kb() -> None:
    found = ends(["everywhere", "flood", "and die", "close", ""], tasks.say)
    assert sorted(found["everywhere"].printed.split("\n")) == [
        "",
        "child",
        "descriptor",
        "library",
        "python äöü",
    ]
    assert (
        found["flood"].printed.endswith("line 199999\n")
        and len(found["flood"].printed) == 2048
    )
    assert found["and die"].printed == "last words\n"
    assert (found["close"].status, found["close"].printed, found[""].printed) == (
        "ok",
        "",
        "",
    )


def test_an_error_in_the_caller_ends_all() -> None:
    with pytest.raises(ZeroDivisionError):
        for _ in supervised([(0, ""), (1, "c loop"), (2, "")], tasks.do, Limits()):
            assert children()
            1 / 0  # noqa: B018


def test_closing_the_iteration_ends_all(alone: None) -> None:
    found = supervised([(0, ""), (1, "c loop"), (2, "c loop")], tasks.do, Limits())
    assert next(found)[1].value == 0
    keeper, *workers = children()
    found.close()
    assert all(gone(process.pid) for process in (keeper, *workers))


def test_the_next_run_sees_the_folder_and_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("", tasks.disturb)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINE", "1")
    value = only("", tasks.disturb).value
    assert (value["folder"], value["environ"]["MINE"]) == (str(tmp_path), "1")


def test_two_runs_at_once() -> None:
    first, second = (
        supervised(range(20), tasks.same, Limits()),
        supervised(range(20), tasks.same, Limits()),
    )
    pairs = [(a[1].value, b[1].value) for a, b in zip(first, second, strict=True)]
    assert {a for a, _ in pairs} == {b for _, b in pairs} == set(range(20))


def test_a_preload_that_cannot_be_imported_is_told(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(
        ChildProcessError, match="the process that starts workers ended with 1"
    ):
        list(supervised([1], tasks.same, Limits(), preload=["no_such_module"]))
    assert "No module named 'no_such_module'" in capfd.readouterr().err


def test_a_run_with_more_than_a_thousand_open_files() -> None:
    """What the keeper and the run listen to has a number above 1023, which select() cannot hold."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip("this machine allows fewer open files")
    supervisor._close_resting()
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    open_files = [os.open(os.devnull, os.O_RDONLY)]
    try:
        while open_files[-1] < 1024:
            open_files.append(os.dup(open_files[0]))
        assert {ended.value for ended in ends(range(4), tasks.same).values()} == {
            0,
            1,
            2,
            3,
        }
        [keeper] = supervisor._resting.values()
        assert keeper.control.fileno() > 1023
    finally:
        for fd in open_files:
            os.close(fd)
        supervisor._close_resting()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_when_the_keeper_is_killed_the_run_says_so(alone: None) -> None:
    found = supervised([(0, ""), (1, "c loop"), (2, "c loop")], tasks.do, Limits())
    next(found)
    keeper, *workers = children()
    keeper.kill()
    with pytest.raises(ChildProcessError, match="ended with -9"):
        next(found)
    assert wait_for(lambda: all(gone(worker.pid) for worker in workers))


@pytest.mark.parametrize(
    ("sign", "group"),
    [
        (signal.SIGKILL, False),
        (signal.SIGINT, False),
        (signal.SIGINT, True),
        (signal.SIGTERM, False),
    ],
)
def test_all_processes_go_with_the_run(
    sign: signal.Signals, group: bool, tmp_path: Path
) -> None:
    """Two workers hang in C with the GIL held, each with children of three kinds."""
    run = subprocess.Popen(
        [sys.executable, tasks.__file__, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    )
    try:
        assert wait_for(lambda: len(list(tmp_path.glob("*.stuck"))) == 2, 30)
        pids = {
            int(pid)
            for path in tmp_path.glob("*.stuck")
            for pid in path.read_text().split()
        }
        pids |= {
            process.pid for process in psutil.Process(run.pid).children(recursive=True)
        }
        assert len(pids) >= 9 and not any(gone(pid) for pid in pids)
        (os.killpg if group else os.kill)(run.pid, sign)
        out, err = run.communicate(timeout=10)
        assert run.returncode == (-sign if sign != signal.SIGINT else -2)
        assert out == b"" and err.count(b"Traceback") == (sign == signal.SIGINT)
        assert wait_for(lambda: all(gone(pid) for pid in pids), 5), [
            pid for pid in pids if not gone(pid)
        ]
    finally:
        run.kill()  # a test that fails leaves nobody in a loop


def test_a_run_ends_in_silence(tmp_path: Path) -> None:
    """No warning of a leak, a thread, a semaphore or a child at exit."""
    program = (
        "from bench.run.workers.limits import Limits; from bench.run.workers.pool import supervised; import operator\n"
        "print(sorted(e.value for _, e in supervised([[1], [2, 3]], len, Limits())))\n"
    )
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("[1, 2]\n", "", 0)
