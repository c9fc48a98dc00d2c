"""F16–F26 and F30: what the machine, the disk and the user may do. Each test carries the number of its fault."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import polars as pl
import psutil
import pytest

from bench.cli.app import main
from tests.helpers.faults_kit import LONG, TABLE, faulty, gone, wait_for
from tests.helpers.forks import Started, programs, ran

pytestmark = pytest.mark.long

Make = Callable[..., Path]

SLOW = """
title: Twenty-four cells of a twentieth of a second
task: classification
datasets:
  t: {{source: {{kind: csv, file: data/t.csv}}, target: target}}
clean: null
preprocess: null
protocol: {{resampling: {{kind: kfold, folds: 8, repeats: 3}}, tuning: null, seed: 0}}
families:
{families}
metrics: {{primary: accuracy}}
diagnostics: {{halves: null}}
"""


def store(root: Path) -> dict[str, float]:
    """The seconds of every kept cell by its key: another number means that it was computed again."""
    path = root / ".bench" / "cells.sqlite"
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(path)) as database:
            return dict(database.execute("select key, seconds from cells").fetchall())
    except sqlite3.OperationalError:
        return {}


def frames(root: Path, folder: str = "results/toy") -> dict[str, str]:
    """The sha256 of every file of a folder."""
    files = sorted((root / folder).iterdir())
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file()
    }


def family_of(process: Started) -> list[int]:
    return [
        process.pid,
        *(child.pid for child in psutil.Process(process.pid).children(recursive=True)),
    ]


def test_f16_killed_it_goes_on_where_it_was(make: Make) -> None:
    root = make({"slow": faulty("IsSlow")}, study=SLOW)
    kept: dict[str, float] = {}
    for target in sorted(random.Random(0).sample(range(1, 21), 5 if LONG else 1)):
        run = Started("run", "toy", cwd=root)
        wanted = max(target, len(kept) + 1)
        assert wait_for(
            lambda run=run, wanted=wanted: (
                run.poll() is not None or len(store(root)) >= wanted
            ),
            60,
        )
        run.kill()
        assert run.wait() == -signal.SIGKILL, "it was not through"
        now = store(root)
        assert {key: now[key] for key in kept} == kept, (
            "a finished cell was computed again"
        )
        assert len(now) < 24
        kept = now
    assert main(["run", "toy"]) == 0
    assert len(store(root)) == 24 and {key: store(root)[key] for key in kept} == kept
    resumed = frames(root)
    shutil.rmtree(root / ".bench")
    assert main(["run", "toy"]) == 0
    assert frames(root) == resumed


def test_f17_interrupted(make: Make) -> None:
    """Ctrl-C goes to the whole foreground group; a scheduler, then, sends SIGTERM to the run alone."""
    root, kept = make({"slow": faulty("IsSlow")}, study=SLOW), dict[str, float]()
    for sign, kill in ((signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill)):
        run, wanted = Started("run", "toy", cwd=root), len(kept) + 3
        assert wait_for(
            lambda run=run, wanted=wanted: (
                run.poll() is not None or len(store(root)) >= wanted
            ),
            60,
        )
        pids = family_of(run)
        kill(run.pid, sign)
        _, err = run.communicate()
        assert run.wait() == 130 and "Traceback" not in err and "interrupted" in err
        assert len(pids) >= 4 and wait_for(
            lambda pids=pids: all(gone(pid) for pid in pids)
        )
        now = store(root)
        assert wanted <= len(now) < 24 and {key: now[key] for key in kept} == kept
        kept = now
    assert main(["run", "toy"]) == 0
    assert {key: store(root)[key] for key in kept} == kept


def test_f18_no_orphans(make: Make, tmp_path: Path) -> None:
    """The run is killed while its workers hang in C, each with children of their own."""
    root = make({"hangs": faulty("LeavesChildrenAndHangs")})
    run = Started("run", "toy", cwd=root)
    children = tmp_path / "notes" / "children"

    def noted() -> list[int]:
        return (
            [int(pid) for pid in children.read_text().split()]
            if children.exists()
            else []
        )

    assert wait_for(lambda: run.poll() is not None or len(noted()) == 6, 60)
    pids = {*family_of(run), *noted()}
    assert len(pids) == 8, "the run, its keeper, two workers and their four children"
    run.kill()
    run.wait()
    assert wait_for(lambda: all(gone(pid) for pid in pids), 5)


@pytest.mark.parametrize(
    ("room", "stored"),
    [(300, "on"), *([(10_000, "on")] if LONG else []), (1_000, "off")],
)
def test_f19_a_full_disk(room: int, stored: str, make: Make) -> None:
    """A disk that is full is stood in for by a limit of a file's size: both fail in `write`, and no small file system
    can be mounted without privileges. The three sizes fail at the arrays, at the cell store, and at the results."""
    root = make({"knn": "n_neighbors: 3", "lda": ""})
    assert main(["run", "toy"]) == 0
    whole = frames(root)
    if stored == "on":
        shutil.rmtree(root / ".bench")
    (root / "results" / "toy" / "predictions.parquet").write_bytes(b"an older result")
    before = frames(root)
    done = ran(
        "run", "toy", cwd=root, env=os.environ | {"BENCH_STORE": stored}, largest=room
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr and ("cannot be" in done.stderr)
    left = frames(root)
    assert left.pop("run.json") and before.pop("run.json")
    assert left == before, "the old results are untouched, and nothing lies beside them"
    assert main(["judge", "toy"]) == 3, (
        "results of a run that did not end are not judged"
    )
    assert main(["run", "toy"]) == 0
    assert frames(root) == whole


def test_f20_results_that_cannot_be_written_are_told_before_the_first_fit(
    make: Make, tmp_path: Path
) -> None:
    root = make({"odd": faulty("Notes")})
    (root / "results").mkdir()
    (root / "results" / "toy").write_text("a file where a folder should be")
    assert main(["run", "toy"]) == 3
    assert not (tmp_path / "notes" / "fits").exists()


@contextmanager
def without_permission(root: Path, folder: Path) -> Iterator[None]:
    """`folder` read-only. Permissions do not bind root, who becomes nobody, owner of the project, for the while."""
    parents = [
        path
        for path in root.parents
        if path.stat().st_uid == 0 == os.geteuid() and not path.stat().st_mode & 1
    ]
    folder.chmod(0o555)
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            os.chown(path, 65534, 65534)
        for path in parents:
            path.chmod(path.stat().st_mode | 0o011)
        os.seteuid(65534)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        for path in parents:
            path.chmod(path.stat().st_mode & ~0o011)
        folder.chmod(0o755)


def test_f20_a_folder_without_permission_is_told_before_the_first_fit(
    make: Make, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """First a run that has all modules imported, since nobody may not read a root's Python; then one more family."""
    root = make({"lda": ""})
    assert main(["run", "toy"]) == 0
    study = root / "studies" / "toy" / "study.yaml"
    study.write_text(
        study.read_text().replace(
            "families:\n", "families:\n  odd: {estimator: faulty.Notes}\n"
        )
    )
    capsys.readouterr()
    with without_permission(root, root / "results" / "toy"):
        code = main(["run", "toy"])
    assert code == 3 and "results/toy" in capsys.readouterr().err
    assert not (tmp_path / "notes" / "fits").exists()


def damaged(content: bytes, how: str, at: float = 0.5) -> bytes:
    if how == "empty":
        return b""
    place = min(len(content) - 1, int(len(content) * at))
    return content[:place] + (
        b""
        if how == "truncated"
        else bytes([content[place] ^ 0xFF]) + content[place + 1 :]
    )


#: Where in a file it is damaged, as shares of its length.
PLACES = {
    "empty": [0.0],
    "truncated": [0.3, 0.9],
    "flipped": [0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
}
HOW = list(PLACES)


def test_f21_a_damaged_cell_is_fitted_again(make: Make) -> None:
    root = make({"odd": faulty("Notes"), "lda": ""})
    assert main(["run", "toy"]) == 0
    before, path = frames(root), root / ".bench" / "cells.sqlite"
    for number, how in enumerate(HOW):
        with closing(sqlite3.connect(path)) as database, database:
            key, content = database.execute(
                "select key, content from cells order by key"
            ).fetchall()[number]
            database.execute(
                "update cells set content = ? where key = ?",
                (damaged(content, how), key),
            )
        assert main(["run", "toy"]) == 0
        assert frames(root) == before
        with closing(sqlite3.connect(path)) as database:
            assert database.execute(
                "select content from cells where key = ?", (key,)
            ).fetchone() == (content,)


@pytest.mark.parametrize("how", ["truncated", "flipped"])
def test_f21_a_damaged_store_is_told_or_recovered(
    how: str, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make({"lda": ""})
    assert main(["run", "toy"]) == 0
    before, path = frames(root), root / ".bench" / "cells.sqlite"
    path.write_bytes(damaged(path.read_bytes(), how, 0.02))
    capsys.readouterr()
    code = main(["run", "toy"])
    if code != 0:
        assert code == 3 and "cells.sqlite" in capsys.readouterr().err
        for one in path.parent.glob("cells.sqlite*"):
            one.unlink()
        assert main(["run", "toy"]) == 0
    assert frames(root) == before


def refused_or_harmless(root: Path, path: Path, stage: str) -> None:
    """A damaged file ends its reader with exit 3; or what was hit decides nothing, and the file reads as before.

    How a Parquet file is laid out, and so what a flipped byte hits, is not ours.
    """
    whole, frame = path.read_bytes(), pl.read_parquet(path)
    for how in HOW:
        refused = 0
        for at in PLACES[how]:
            path.write_bytes(damaged(whole, how, at))
            code = main([stage, "toy"])
            refused += code == 3
            assert code == 3 or pl.read_parquet(path).equals(frame), (
                f"a byte at {at:.0%} of {path.name}: nobody noticed"
            )
        assert refused >= (1 if how == "flipped" else len(PLACES[how])), how
    path.write_bytes(whole)
    assert main([stage, "toy"]) == 0


@pytest.mark.parametrize(("file", "stage"), [("raw/t", "clean"), ("clean/t", "run")])
def test_f21_a_damaged_table_is_refused(file: str, stage: str, make: Make) -> None:
    root = make({"lda": ""})
    refused_or_harmless(root, root / "data" / "toy" / f"{file}.parquet", stage)


def test_f21_damaged_results_are_refused(make: Make) -> None:
    root = make({"bad": faulty("RaisesInOneFold"), "knn": "n_neighbors: 3"})
    assert main(["run", "toy"]) == 4
    for frame in (
        ("predictions", "tuning", "failures", "folds") if LONG else ("predictions",)
    ):
        refused_or_harmless(
            root, root / "results" / "toy" / f"{frame}.parquet", "judge"
        )


def test_f21_damaged_arrays_are_made_anew(make: Make) -> None:
    root = make({"lda": ""})
    assert main(["run", "toy"]) == 0
    before = frames(root)
    for how in HOW:
        (root / ".bench" / "cells.sqlite").unlink()
        for path in (root / ".bench" / "arrays").rglob("X.npy"):
            path.write_bytes(damaged(path.read_bytes(), how))
        assert main(["run", "toy"]) == 0
        assert frames(root) == before


def test_f22_a_damaged_dvc_cache_is_refused(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DVC checks out whatever its cache holds; the sha256 that was recorded when the table was fetched does not."""
    root = make({"lda": ""})
    shutil.rmtree(root / "data")
    (root / "dvc.yaml").write_text(
        "stages:\n  fetch:\n    cmd: bench fetch toy\n    outs: [data/toy/raw]\n"
    )
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    dvc = [str(programs() / "python"), "-m", "dvc"]
    (root / ".dvc").mkdir()
    (root / ".dvc" / "config").write_text("[core]\n    no_scm = True\n")
    subprocess.run(
        [*dvc, "repro", "-q"], cwd=root, check=True, capture_output=True, timeout=60
    )
    table = hashlib.md5(
        (root / "data" / "toy" / "raw" / "t.parquet").read_bytes()
    ).hexdigest()
    cached = root / ".dvc" / "cache" / "files" / "md5" / table[:2] / table[2:]
    content = cached.read_bytes()
    cached.chmod(0o644)
    cached.write_bytes(damaged(content, "flipped", 0.4))
    cached.chmod(0o444)
    shutil.rmtree(root / "data")
    subprocess.run(
        [*dvc, "checkout", "-q"], cwd=root, check=False, capture_output=True, timeout=60
    )
    assert main(["clean", "toy"]) == 3
    assert not (root / "data" / "toy" / "clean").exists()


def test_f23_two_runs_of_one_study_at_once_one_of_them_suspended(make: Make) -> None:
    """The second refuses with a sentence, or both end with the same results; one stands still for a second."""
    root = make({"slow": faulty("IsSlow")}, study=SLOW)
    runs = [Started("run", "toy", cwd=root) for _ in range(2)]
    assert wait_for(lambda: runs[0].poll() is not None or len(store(root)) >= 3, 60)
    with suppress(psutil.NoSuchProcess):
        pids = family_of(runs[0])
        for sign in (signal.SIGSTOP, signal.SIGCONT):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)
            time.sleep(1)
    ends = [(run.wait(), run.communicate()[1]) for run in runs]
    assert 0 in [code for code, _ in ends], ends
    assert all(code == 0 or (code == 2 and "run" in err) for code, err in ends), ends
    both, cells = frames(root), store(root)
    assert len(cells) == 24
    shutil.rmtree(root / ".bench")
    assert main(["run", "toy"]) == 0
    assert frames(root) == both and set(store(root)) == set(cells)


def test_f24_other_data_under_the_same_name(make: Make) -> None:
    root = make({"lda": ""})
    assert main(["run", "toy"]) == 0
    first, before = store(root), frames(root)
    (root / "studies" / "toy" / "data" / "t.csv").write_text(
        TABLE.replace("0.0,0,a", "0.5,0,a")
    )
    assert main(["fetch", "toy"]) == 0
    assert main(["clean", "toy"]) == main(["run", "toy"]) == 0
    assert len(store(root)) == 6 and set(first) < set(store(root)), (
        "no cell of the old table is used"
    )
    assert frames(root)["predictions.parquet"] != before["predictions.parquet"]


def test_f24_a_table_that_was_touched_by_hand_is_refused(make: Make) -> None:
    root = make({"lda": ""})
    path = root / "data" / "toy" / "clean" / "t.parquet"
    table = pl.read_parquet(path)
    table.with_columns(
        pl.when(pl.int_range(len(table)) == 3)
        .then(99.0)
        .otherwise(pl.col("x"))
        .alias("x")
    ).write_parquet(path)
    assert main(["run", "toy"]) == 3
    assert not (root / "results" / "toy").exists()


def test_f25_another_parameter_library_or_code_is_another_cell(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bench.run import identity as code

    root = make({"knn": "n_neighbors: 3"})
    study = root / "studies" / "toy" / "study.yaml"

    def fitted() -> int:
        before = set(store(root))
        assert main(["run", "toy"]) == 0
        return len(set(store(root)) - before)

    assert (fitted(), fitted()) == (3, 0)
    study.write_text(study.read_text().replace("n_neighbors: 3", "n_neighbors: 5"))
    assert (fitted(), fitted()) == (3, 0)
    study.write_text(study.read_text().replace("seed: 0", "seed: 1"))
    assert (fitted(), fitted()) == (3, 0)
    caches = [
        cached for cached in vars(code).values() if hasattr(cached, "cache_clear")
    ]
    with monkeypatch.context() as patch:
        patch.setattr(code, "version", lambda name: "99.0")
        for cached in caches:
            cached.cache_clear()
        assert (fitted(), fitted()) == (3, 0)
    for cached in caches:
        cached.cache_clear()
    capsys.readouterr()
    assert main(["judge", "toy"]) == 0
    assert (
        "was fitted with" in (said := capsys.readouterr().err)
        and "scikit-learn 99.0 (here " in said
    )
    assert fitted() == 0
    capsys.readouterr()
    assert (
        main(["judge", "toy"]) == 0 and "was fitted with" not in capsys.readouterr().err
    )


def test_f25_other_code_of_a_trusted_package_is_another_cell(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run is a process of its own, as a user's is: code that was imported does not change in a process."""
    package = tmp_path / "package"
    package.mkdir()
    source = (Path(__file__).parents[1] / "packages" / "faulty.py").read_text()
    (package / "changing.py").write_text(source)
    monkeypatch.syspath_prepend(str(package))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(package), os.environ["PYTHONPATH"]])
    )
    root = make({"lda": ""})
    study = root / "studies" / "toy" / "study.yaml"
    study.write_text(
        study.read_text().replace(
            "families:\n", "families:\n  odd: {estimator: changing.Faulty}\n"
        )
    )
    (root / "params.yaml").write_text(
        "studies: [toy]\nexecution: {workers: 2}\ntrusted: [changing]\n"
    )
    assert main(["run", "toy"]) == 0
    (package / "changing.py").write_text(
        source.replace("counts / counts.sum()", "counts[::-1] / counts.sum()")
    )
    before, first = frames(root), set(store(root))
    assert ran("run", "toy", cwd=root).returncode == 0
    assert frames(root)["predictions.parquet"] != before["predictions.parquet"]
    assert len(set(store(root)) - first) == 3, "its own cells, and no others"


def test_f26_the_same_bytes_on_any_machine(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clock, time zone, locale, hash seed, threads and workers: each is another one in the second run."""
    monkeypatch.setenv("BENCH_STORE", "off")
    families = {
        "forest": "family: random_forest, n_estimators: 10",
        "net": "family: mlp, max_iter: 5",
    }
    root = make(families | {"svm": "", "lda": ""})
    real = time.time
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: real() - 10**9)
        assert main(["run", "toy"]) == 0
    before = frames(root)
    other = {"TZ": "Asia/Kathmandu", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"}
    other |= {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    params = root / "params.yaml"
    params.write_text(params.read_text().replace("workers: 2", "workers: 1"))
    command = [sys.executable, "-m", "bench", "run", "toy"]
    subprocess.run(
        command, cwd=root, env=os.environ | other, capture_output=True, check=True
    )
    assert frames(root) == before


def test_f30_a_report_that_fails_costs_no_results(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bench.report import page

    root = make({"lda": ""})
    assert (
        main(["run", "toy"]) == main(["judge", "toy"]) == main(["report", "toy"]) == 0
    )
    results, shown = frames(root), frames(root, "reports/toy")
    capsys.readouterr()

    def broken(*_: object) -> str:
        raise RuntimeError("a bad template")

    with monkeypatch.context() as patch:
        patch.setattr(page, "render", broken)
        assert main(["report", "toy"]) == 1
    assert "a bad template" in capsys.readouterr().err
    assert frames(root) == results and frames(root, "reports/toy") == shown
    assert main(["report", "toy"]) == 0
