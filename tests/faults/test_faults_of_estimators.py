"""F01–F15 and F27–F29: what code that is fitted may do. Each test carries the number of its fault."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.cli.app import main
from tests.helpers.faults_kit import Ran, faulty, gone

Runs = Callable[..., Ran]


KILLED, FOLDS = "killed by signal 9, probably out of memory", (0, 1, 2)
#: What goes wrong, in which folds, and how that is told: status, stage, words of the reason.
WRONG: dict[str, tuple[tuple[int, ...], str, str, str]] = {
    "RaisesInOneFold": ((1,), "failed", "fit", "ZeroDivisionError: division by zero"),
    "RaisesInPredictInOneFold": (
        (1,),
        "failed",
        "predict",
        "ZeroDivisionError: division by zero",
    ),
    "AnswersNan": (FOLDS, "failed", "predict", "non-finite predictions: 2 of "),
    "AnswersInf": (FOLDS, "failed", "predict", "non-finite predictions: 2 of "),
    "AnswersShort": (FOLDS, "failed", "predict", " predictions for "),
    "AnswersUnknown": (FOLDS, "failed", "predict", "labels outside the classes"),
    "AnswersText": (FOLDS, "failed", "predict", "labels outside the classes"),
    "AnswersSum": (FOLDS, "failed", "predict", "do not sum to 1"),
    "IsKilledInOneFold": ((1,), "crash", "fit", KILLED),
    "SegfaultsInOneFold": ((1,), "crash", "fit", "killed by signal 11, SIGSEGV"),
    "AbortsInOneFold": ((1,), "crash", "fit", "killed by signal 6, SIGABRT"),
    "LeavesInOneFold": ((1,), "crash", "fit", "left with exit code 3"),
    "ExitsInOneFold": ((1,), "failed", "fit", "SystemExit: 3"),
    "IsInterruptedInOneFold": ((1,), "failed", "fit", "KeyboardInterrupt"),
    "RaisesALocalClassInOneFold": ((1,), "failed", "fit", "Local: of no module"),
}
#: What is odd and costs nothing.
ODD = (
    "NoProbability",
    "Holds",
    "IsKilledOnceInOneFold",
    "LeavesChildren",
    "ChatsInOneFold",
)


def test_f01_to_f14_each_costs_its_own_cells_and_no_other(
    ran: Runs, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A worker that is killed is tried once more; what a model starts is gone after it; what it prints is no result."""
    result = ran({name.lower(): faulty(name) for name in (*WRONG, *ODD)})
    assert result.code == 4
    failed = [row for row in result.failures if row["status"] != "warning"]
    for name, (folds, status, stage, words) in WRONG.items():
        rows = [row for row in failed if row["family"] == name.lower()]
        assert [row["fold"] for row in rows] == list(folds), name
        assert {(row["status"], row["stage"]) for row in rows} == {(status, stage)}, (
            name
        )
        assert all(words in row["reason"] for row in rows), (name, rows)
        assert result.tested(name.lower()) == (14 if folds == (1,) else 0), name
    assert {row["family"] for row in failed} == {name.lower() for name in WRONG}
    assert [result.tested(name.lower()) for name in ODD] == [26] * len(ODD)
    plain = result.predictions.filter(pl.col("family") == "noprobability")
    assert plain["p"].null_count() == len(plain) and plain["decision"].null_count() == 0
    assert (tmp_path / "notes" / "died").read_text() == "\n\n"
    children = [
        int(pid) for pid in (tmp_path / "notes" / "children").read_text().split()
    ]
    assert len(children) == 6 and all(gone(pid) for pid in children)
    out, err = capfd.readouterr()
    assert "chatter" not in out
    assert "chatter of python" in err and "chatter of a descriptor" in err


def test_f07_f08_infinite_loops_in_python_and_in_c(ran: Runs) -> None:
    bad = {"python": faulty("LoopsInPythonInOneFold"), "c": faulty("LoopsInCInOneFold")}
    result = ran(bad, "seconds_per_cell: 1")
    assert result.code == 4 and result.tested("python") == result.tested("c") == 14
    late = {(name, 1, "timeout", "took longer than 1 s") for name in bad}
    assert result.told("family", "fold", "status", "reason") == late


def test_f09_memory_asked_for_at_once_and_memory_that_grows(ran: Runs) -> None:
    bad = {"asks": faulty("AsksForTooMuchInOneFold"), "grows": faulty("GrowsInOneFold")}
    result = ran(bad, "megabytes_per_cell: 600")
    assert result.code == 4 and result.tested("asks") == result.tested("grows") == 14
    assert result.told("family", "fold", "status") == {(name, 1, "oom") for name in bad}
    assert "took more than 600 MB of memory" in {
        row["reason"] for row in result.failures
    }


@pytest.mark.parametrize("value", ["BadNumber", "InfNumber"])
def test_f03_predictions_that_are_no_numbers(
    value: str, make: Callable[..., Path]
) -> None:
    study = (
        "title: Numbers\ntask: regression\ndatasets:\n  t: {{source: {{kind: csv, file: data/t.csv}}, target: z}}\n"
        "clean: null\npreprocess: null\nprotocol: {{resampling: {{kind: kfold, folds: 3}}, tuning: null, seed: 0}}\n"
        "families:\n{families}\nmetrics: {{primary: rmse}}\ndiagnostics: {{halves: null}}\n"
    )
    root = make({"bad": faulty(value), "baseline": ""}, study=study)
    result = Ran(root, main(["run", "toy"]))
    assert (
        result.code == 4
        and result.tested("baseline") == 26
        and result.tested("bad") == 0
    )
    assert (
        result.told("status", "stage") == {("failed", "predict")}
        and len(result.failures) == 3
    )
    assert all(
        row["reason"].startswith("non-finite predictions: 2 of ")
        for row in result.failures
    )


def test_f05_columns_in_another_order_than_the_classes(ran: Runs) -> None:
    """Either its `classes_` put its columns in order, or the cell fails: never a probability of another class."""
    result = ran({"straight": faulty("Faulty"), "reversed": faulty("Reversed")})
    p = {
        name: rows["p"].to_list()
        for (name,), rows in result.predictions.group_by("family", maintain_order=True)
    }
    if "reversed" in p:
        assert p["reversed"] == p["straight"]
    else:
        assert result.told("family", "status", "stage") == {
            ("reversed", "failed", "predict")
        }


def test_f06_warnings_are_counted_and_kept(ran: Runs) -> None:
    result = ran({"net": "family: mlp, max_iter: 1", "bad": faulty("Warns")})
    assert result.code == 0
    assert result.tested("net") == result.tested("bad") == 26
    assert result.told("status", "stage") == {("warning", "fit")}
    own = [
        (row["fold"], row["reason"])
        for row in result.failures
        if row["family"] == "bad"
    ]
    texts = ["RuntimeWarning: overflow", "RuntimeWarning: precision lost"]
    assert sorted(own) == [(fold, text) for fold in range(3) for text in texts], (
        "each text once a cell"
    )
    assert {
        row["reason"].split(":")[0] for row in result.failures if row["family"] == "net"
    } == {"ConvergenceWarning"}


def test_f12_checking_a_study_runs_no_foreign_code_in_the_run_itself(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    """Nobody supervises the process that reads the study: a fit there that hangs or leaves takes everything along."""
    make({"odd": "estimator: faulty.Notes, depth: 2"})
    assert main(["check", "toy"]) == main(["run", "toy"]) == 0
    fits = (tmp_path / "notes" / "fits").read_text().splitlines()
    assert [fit for fit in fits if int(fit.split()[0]) == os.getpid()] == []


def test_f15_no_cell_is_changed_by_another(
    make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One worker does all cells, in three orders; what a cell finds is what it predicts."""
    monkeypatch.setenv("BENCH_STORE", "off")
    listens, disturbs = {"listens": faulty("Listens")}, {"disturbs": faulty("Disturbs")}
    found = []
    for families in (listens, listens | disturbs, disturbs | listens):
        root = make(families)
        params = root / "params.yaml"
        params.write_text(params.read_text().replace("workers: 2", "workers: 1"))
        result = Ran(root, main(["run", "toy"]))
        assert result.code == 0
        found.append(result.predictions.filter(pl.col("family") == "listens"))
        assert len(found[-1]) == 26 * 3
    assert found[0].equals(found[1]) and found[0].equals(found[2])


def test_f28_when_all_fail_there_is_still_a_report(make: Callable[..., Path]) -> None:
    root = make({"bad": faulty("Raises"), "worse": faulty("Leaves")})
    assert main(["run", "toy"]) == 4
    assert main(["judge", "toy"]) == main(["report", "toy"]) == 0
    page = (root / "reports" / "toy" / "index.html").read_text()
    assert "ZeroDivisionError" in page and "left with exit code 3" in page


def test_f29_a_flaky_estimator_is_recorded_cell_by_cell(ran: Runs) -> None:
    study = (
        "title: Flaky\ntask: classification\ndatasets:\n"
        "  t: {{source: {{kind: csv, file: data/t.csv}}, target: target}}\n"
        "clean: null\npreprocess: null\n"
        "protocol: {{resampling: {{kind: kfold, folds: 8}}, tuning: null, seed: 0}}\n"
        "families:\n{families}\nmetrics: {{primary: accuracy}}\ndiagnostics: {{halves: null}}\n"
    )
    result = ran({"flaky": faulty("Flaky")}, study=study)
    assert result.code == 4
    assert result.told("family", "status", "stage", "reason") == {
        ("flaky", "failed", "fit", "RuntimeError: flaky")
    }
    folds = set(result.predictions.filter(pl.col("family") == "flaky")["fold"])
    failed = {row["fold"] for row in result.failures}
    assert 0 < len(failed) < 8 and folds == set(range(8)) - failed
    again = np.sort([row["fold"] for row in result.failures])
    assert main(["run", "toy"]) == 4, "a failed cell is tried anew by the next run"
    assert np.array_equal(np.sort([row["fold"] for row in result.failures]), again)
