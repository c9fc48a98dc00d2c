"""The same cells on a real scheduler with two workers on loopback: the same bytes, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import clustered
import polars as pl
import psutil
import pytest
from clustered import Cluster, wait_for

from bench.cli.app import main
from bench.run.workers import cluster as under_test

pytestmark = pytest.mark.long

FRAMES = ("predictions", "tuning", "folds", "costs", "failures")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder where held cells say that they began."""
    folder = tmp_path_factory.mktemp("held")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELD", str(folder))
        patch.setenv("BENCH_STORE", "off")
        patch.setenv(
            "PYTHONPATH",
            os.pathsep.join(
                [
                    str(Path(__file__).parents[1] / "packages"),
                    os.environ.get("PYTHONPATH", ""),
                ]
            ),
        )
        yield folder


@pytest.fixture(scope="module")
def cluster(held: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """For tests after which at least two workers still live."""
    with clustered.cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_held(held: Path) -> None:
    for path in held.iterdir():
        path.unlink()


@pytest.fixture
def run(project: Callable[..., Path], toy: str, held: Path) -> Callable[..., Any]:
    """`run(address, held="...")`: the exit code and every frame's bytes, on a cluster or here without an address."""
    made: list[Path] = []

    def once(
        address: str | None, execution: str = "seconds_per_cell: 60", **families: str
    ) -> tuple[int, list[bytes]]:
        lines = "".join(f"  {name}: {{{spec}}}\n" for name, spec in families.items())
        text = toy.replace("  lda: {}\n", "  lda: {}\n" + lines)
        root = project(toy=text.replace("folds: 3, repeats: 2", "folds: 2, repeats: 1"))
        where = f", backend: dask, scheduler: '{address}'" if address else ""
        (root / "params.yaml").write_text(
            f"studies: [toy]\nexecution: {{workers: 2, {execution}{where}}}\ntrusted: [clustered]\n"
        )
        if not made:
            assert main(["fetch", "toy"]) == main(["clean", "toy"]) == 0
            made.append(root)
        code = main(["run", "toy"])
        files = [root / "results" / "toy" / f"{name}.parquet" for name in FRAMES]
        return code, [file.read_bytes() for file in files if file.exists()]

    return once


def test_the_same_bytes_and_each_dataset_sent_once_to_a_worker(
    run: Callable[..., Any],
    cluster: Cluster,
    held: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (held / "go").touch()
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        under_test._Run, "_send", _counting(under_test._Run._send, sent)
    )
    here = run(None, held="estimator: clustered.Held")
    assert here[0] == 0
    assert run(cluster.address, held="estimator: clustered.Held") == here
    assert run(cluster.address, held="estimator: clustered.Held") == here, (
        "a second run finds the data there"
    )
    assert len(cluster.kept()) == len(set(sent)) == 2
    assert {Path(folder).name for _, folder in sent} == set(cluster.kept())


def _counting(
    send: Callable[..., None], sent: list[tuple[str, str]]
) -> Callable[..., None]:
    def counted(self: Any, worker: str, arrays: str) -> None:
        sent.append((worker, arrays))
        send(self, worker, arrays)

    return counted


@pytest.fixture
def killed(held: Path) -> Callable[[Cluster], threading.Thread]:
    """Has a worker killed while a cell of it is in the middle of a fit; the cells go on when that cell is gone."""

    def kill(cluster: Cluster) -> None:
        wait_for(lambda: any(held.glob("started-*")))
        cell = psutil.Process(int(next(held.glob("started-*")).name.split("-")[1]))
        worker = cell.parents()[1]
        assert worker.pid in {one.pid for one in cluster.workers}
        os.kill(worker.pid, signal.SIGKILL)
        wait_for(lambda: not psutil.pid_exists(cell.pid))
        (held / "go").touch()

    def begin(cluster: Cluster) -> threading.Thread:
        thread = threading.Thread(target=kill, args=[cluster])
        thread.start()
        return thread

    return begin


def test_a_killed_worker_costs_nothing(
    run: Callable[..., Any], killed: Any, cluster: Cluster
) -> None:
    """It is not replaced: the others do its cells."""
    cluster.add("third")
    cluster.joined(3)
    thread = killed(cluster)
    there = run(cluster.address, held="estimator: clustered.Held")
    thread.join()
    assert [worker.poll() for worker in cluster.workers].count(-signal.SIGKILL) == 1
    assert there[0] == 0
    assert there == run(None, held="estimator: clustered.Held")


def test_a_cell_that_loses_every_worker_is_a_crash(
    run: Callable[..., Any], killed: Any, cluster: Cluster
) -> None:
    cluster.add("fourth")
    cluster.joined(3)
    cluster.allow(0)
    thread = killed(cluster)
    code, _ = run(cluster.address, held="estimator: clustered.Held")
    thread.join()
    cluster.allow(3)
    told = (
        pl.read_parquet("results/toy/failures.parquet")
        .select("status", "stage", "reason")
        .unique()
        .rows()
    )
    assert (code, told) == (
        4,
        [("crash", "fit", "the dask worker was lost, whichever tried it")],
    )


def test_limits_and_crashes_are_told_as_here(
    run: Callable[..., Any], cluster: Cluster
) -> None:
    families = {
        "held": "estimator: clustered.Held",
        "mortal": "estimator: clustered.Mortal",
    }
    there = run(cluster.address, "seconds_per_cell: 1", **families)
    told = (
        pl.read_parquet("results/toy/failures.parquet")
        .select("family", "status", "stage", "reason")
        .unique()
    )
    assert sorted(told.rows()) == [
        ("held", "timeout", "fit", "took longer than 1 s"),
        ("mortal", "crash", "fit", "killed by signal 9, probably out of memory"),
    ]
    assert there == run(None, "seconds_per_cell: 1", **families)
    assert there[0] == 4


def test_a_cancelled_run_leaves_no_cell_behind(
    run: Callable[..., Any], cluster: Cluster, held: Path, capsys: Any
) -> None:
    def interrupt() -> None:
        wait_for(lambda: len(list(held.glob("started-*"))) == 2)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    assert run(cluster.address, held="estimator: clustered.Held") == (130, [])
    thread.join()
    assert "interrupted; finished cells are kept" in capsys.readouterr().err
    for path in held.glob("started-*"):
        wait_for(lambda path=path: not psutil.pid_exists(int(path.name.split("-")[1])))


def test_extra_fits_travel_with_their_own_tables(
    project: Callable[..., Path], toy: str, cluster: Cluster, held: Path
) -> None:
    """Tables of explanations, permuted targets, inspected fits: a batch is of one table, the bytes are the same."""
    asked = (
        "{inspect: {folds: 1}, permutations: {count: 5, families: [lda]}, explain: {family: knn, "
        "repeats: 5, variants: [scaling_before_split, {selection_before_split: {k: 2}}, tuned_on_test]}}"
    )
    text = toy.replace("diagnostics: {halves: null}", f"diagnostics: {asked}").replace(
        "folds: 3, repeats: 2", "folds: 2, repeats: 1"
    )
    text = text.replace("preprocess: null", "preprocess: [scale]")
    root, seen = project(toy=text), []
    assert main(["fetch", "toy"]) == main(["clean", "toy"]) == 0
    for where in ("", f", backend: dask, scheduler: '{cluster.address}'"):
        (root / "params.yaml").write_text(
            f"studies: [toy]\nexecution: {{workers: 2{where}}}\n"
        )
        assert main(["run", "toy"]) == 0
        results = root / "results" / "toy"
        seen.append(
            {path.name: path.read_bytes() for path in sorted(results.glob("*.parquet"))}
        )
    assert {"importance.parquet", "effects.parquet"} <= set(seen[0])
    assert seen[0] == seen[1]


def test_workers_that_would_give_other_bytes_are_refused(
    run: Callable[..., Any], cluster: Cluster, capsys: Any
) -> None:
    cluster.add("other", "--nthreads", "2", OPENBLAS_CORETYPE="Nehalem")
    cluster.joined(3)
    assert run(cluster.address) == (2, [])
    said = " ".join(capsys.readouterr().err.split())
    assert "would not give the same bytes as this machine" in said
    assert "threads: 2 there, 1 here" in said
    assert "BLAS kernels: Nehalem there" in said


def test_a_cluster_that_is_not_there_is_a_sentence(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(under_test, "_CONNECT", 1)
    assert run("tcp://127.0.0.1:9") == (2, [])
    assert "tcp://127.0.0.1:9 does not answer as a dask scheduler" in " ".join(
        capsys.readouterr().err.split()
    )
    assert run("nonsense://127.0.0.1:9") == (2, [])
    assert "nonsense" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run("tcp://127.0.0.1:9") == (2, [])
    assert "pip install 'bench[dask]'" in capsys.readouterr().err
