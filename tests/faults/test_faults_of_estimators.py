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


def test_f01_fit_raises(ran: Runs) -> None:
    result = ran({"bad": faulty("RaisesInOneFold")})
    assert result.code == 4
    assert result.told("family", "fold", "status", "stage", "reason") == {
        ("bad", 1, "failed", "fit", "ZeroDivisionError: division by zero")
    }
    assert result.tested("bad") == 14


def test_f02_predict_raises(ran: Runs) -> None:
    result = ran({"bad": faulty("RaisesInPredictInOneFold")})
    assert result.code == 4
    assert result.told("family", "fold", "status", "stage", "reason") == {
        ("bad", 1, "failed", "predict", "ZeroDivisionError: division by zero")
    }
    assert result.tested("bad") == 14


@pytest.mark.parametrize("value", ["AnswersNan", "AnswersInf"])
def test_f03_probabilities_that_are_no_numbers(value: str, ran: Runs) -> None:
    result = ran({"bad": faulty(value)})
    assert result.code == 4 and result.tested("bad") == 0
    assert {row[:2] for row in result.told("status", "stage", "fold")} == {("failed", "predict")}
    assert len(result.failures) == 3
    assert all(row["reason"].startswith("non-finite predictions: 2 of ") for row in result.failures)


@pytest.mark.parametrize("value", ["BadNumber", "InfNumber"])
def test_f03_predictions_that_are_no_numbers(value: str, make: Callable[..., Path]) -> None:
    study = (
        "title: Numbers\ntask: regression\ndatasets:\n  t: {{source: {{kind: csv, file: data/t.csv}}, target: z}}\n"
        "clean: null\npreprocess: null\nprotocol: {{resampling: {{kind: kfold, folds: 3}}, tuning: null, seed: 0}}\n"
        "families:\n{families}\nmetrics: {{primary: rmse}}\ndiagnostics: null\n"
    )
    root = make({"bad": faulty(value), "baseline": ""}, study=study)
    result = Ran(root, main(["run", "toy"]))
    assert result.code == 4 and result.tested("baseline") == 26 and result.tested("bad") == 0
    assert result.told("status", "stage") == {("failed", "predict")} and len(result.failures) == 3
    assert all(row["reason"].startswith("non-finite predictions: 2 of ") for row in result.failures)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("AnswersShort", " predictions for "),
        ("AnswersUnknown", "labels outside the classes"),
        ("AnswersText", "labels outside the classes"),
    ],
)
def test_f04_wrong_length_or_labels(how: str, reason: str, ran: Runs) -> None:
    result = ran({"bad": faulty(how)})
    assert result.code == 4 and result.tested("bad") == 0
    assert result.told("family", "status", "stage") == {("bad", "failed", "predict")}
    assert all(reason in row["reason"] for row in result.failures)


def test_f05_probabilities_that_do_not_sum_to_one(ran: Runs) -> None:
    result = ran({"bad": faulty("AnswersSum")})
    assert result.told("family", "status", "stage") == {("bad", "failed", "predict")}
    assert all("do not sum to 1" in row["reason"] for row in result.failures)


def test_f05_no_probabilities_but_a_decision_function(ran: Runs) -> None:
    result = ran({"plain": faulty("NoProbability")})
    assert result.code == 0 and result.failures == []
    rows = result.predictions.filter(pl.col("family") == "plain")
    assert rows["p"].null_count() == len(rows) and rows["decision"].null_count() == 0


def test_f05_columns_in_another_order_than_the_classes(ran: Runs) -> None:
    """Either its `classes_` put its columns in order, or the cell fails: never a probability of another class."""
    result = ran({"straight": faulty("Faulty"), "reversed": faulty("Reversed")})
    p = {name: rows["p"].to_list() for (name,), rows in result.predictions.group_by("family", maintain_order=True)}
    if "reversed" in p:
        assert p["reversed"] == p["straight"]
    else:
        assert result.told("family", "status", "stage") == {("reversed", "failed", "predict")}


def test_f06_warnings_are_counted_and_kept(ran: Runs) -> None:
    result = ran({"net": "family: mlp, max_iter: 1", "bad": faulty("Warns")})
    assert result.code == 0
    assert result.tested("net") == result.tested("bad") == 26
    assert result.told("status", "stage") == {("warning", "fit")}
    own = [(row["fold"], row["reason"]) for row in result.failures if row["family"] == "bad"]
    texts = ["RuntimeWarning: overflow", "RuntimeWarning: precision lost"]
    assert sorted(own) == [(fold, text) for fold in range(3) for text in texts], "each text once a cell"
    assert {row["reason"].split(":")[0] for row in result.failures if row["family"] == "net"} == {"ConvergenceWarning"}


def test_f07_an_infinite_loop_in_python(ran: Runs) -> None:
    result = ran({"bad": faulty("LoopsInPythonInOneFold")}, "seconds_per_cell: 1.5")
    assert result.code == 4 and result.tested("bad") == 14
    assert result.told("family", "fold", "status", "reason") == {("bad", 1, "timeout", "took longer than 1.5 s")}


def test_f08_an_infinite_loop_in_c(ran: Runs) -> None:
    result = ran({"bad": faulty("LoopsInCInOneFold")}, "seconds_per_cell: 1.5")
    assert result.code == 4 and result.tested("bad") == 14
    assert result.told("family", "fold", "status", "reason") == {("bad", 1, "timeout", "took longer than 1.5 s")}


def test_f09_memory_asked_for_at_once(ran: Runs) -> None:
    result = ran({"bad": faulty("AsksForTooMuchInOneFold")}, "megabytes_per_cell: 600")
    assert result.code == 4 and result.tested("bad") == 14
    assert result.told("family", "fold", "status") == {("bad", 1, "oom")}


def test_f09_memory_that_grows(ran: Runs) -> None:
    result = ran({"bad": faulty("GrowsInOneFold")}, "megabytes_per_cell: 600")
    assert result.code == 4 and result.tested("bad") == 14
    assert result.told("family", "fold", "status", "reason") == {("bad", 1, "oom", "took more than 600 MB of memory")}


def test_f10_a_worker_that_is_killed(ran: Runs) -> None:
    result = ran({"bad": faulty("IsKilledInOneFold")})
    assert result.code == 4 and result.tested("bad") == 14
    reason = "killed by signal 9, probably out of memory"
    assert result.told("family", "fold", "status", "reason") == {("bad", 1, "crash", reason)}


def test_f10_a_worker_that_is_killed_is_tried_once_more(ran: Runs, tmp_path: Path) -> None:
    result = ran({"bad": faulty("IsKilledOnceInOneFold")})
    assert result.code == 0 and result.failures == [] and result.tested("bad") == 26
    assert (tmp_path / "notes" / "died").read_text() == "\n\n"


@pytest.mark.parametrize(("how", "name"), [("Segfaults", "signal 11, SIGSEGV"), ("Aborts", "signal 6, SIGABRT")])
def test_f11_a_worker_that_crashes(how: str, name: str, ran: Runs) -> None:
    result = ran({"bad": faulty(f"{how}InOneFold")})
    assert result.code == 4 and result.tested("bad") == 14
    assert result.told("family", "fold", "status", "reason") == {("bad", 1, "crash", f"killed by {name}")}


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("Leaves", "crash", "left with exit code 3"),
        ("Exits", "failed", "SystemExit: 3"),
        ("IsInterrupted", "failed", "KeyboardInterrupt"),
    ],
)
def test_f12_an_estimator_that_leaves(how: str, status: str, reason: str, ran: Runs) -> None:
    result = ran({"bad": faulty(f"{how}InOneFold")})
    assert result.code == 4 and result.tested("bad") == 14
    assert result.told("family", "fold", "status", "reason") == {("bad", 1, status, reason)}


def test_f13_a_model_that_cannot_be_pickled(ran: Runs) -> None:
    result = ran({"odd": faulty("Holds")})
    assert result.code == 0 and result.failures == [] and result.tested("odd") == 26


def test_f13_an_exception_that_cannot_be_pickled(ran: Runs) -> None:
    result = ran({"bad": faulty("RaisesALocalClassInOneFold")})
    assert result.code == 4 and result.tested("bad") == 14
    assert result.told("fold", "status", "stage", "reason") == {(1, "failed", "fit", "Local: of no module")}


def test_f14_what_it_starts_is_gone_after_it(ran: Runs, tmp_path: Path) -> None:
    result = ran({"bad": faulty("LeavesChildren")})
    assert result.code == 0 and result.tested("bad") == 26
    children = [int(pid) for pid in (tmp_path / "notes" / "children").read_text().split()]
    assert len(children) == 6 and all(gone(pid) for pid in children)


def test_f14_what_it_prints_is_no_result(ran: Runs, capfd: pytest.CaptureFixture[str]) -> None:
    result = ran({"bad": faulty("ChatsInOneFold")})
    assert result.code == 0 and result.tested("bad") == 26
    out, err = capfd.readouterr()
    assert "chatter" not in out
    assert "chatter of python" in err and "chatter of a descriptor" in err


def test_f12_checking_a_study_runs_no_code_from_elsewhere_in_the_run_itself(
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


def test_f27_a_family_all_of_whose_cells_fail_is_not_dropped(ran: Runs) -> None:
    result = ran({"bad": faulty("Raises")})
    assert result.code == 4 and len(result.failures) == 3
    assert main(["judge", "toy"]) == main(["report", "toy"]) == 0
    page = (result.root / "reports" / "toy" / "index.html").read_text()
    assert "ZeroDivisionError: division by zero" in page and "bad" in page


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
        "families:\n{families}\nmetrics: {{primary: accuracy}}\ndiagnostics: null\n"
    )
    result = ran({"flaky": faulty("Flaky")}, study=study)
    assert result.code == 4
    assert result.told("family", "status", "stage", "reason") == {("flaky", "failed", "fit", "RuntimeError: flaky")}
    folds = set(result.predictions.filter(pl.col("family") == "flaky")["fold"])
    failed = {row["fold"] for row in result.failures}
    assert 0 < len(failed) < 8 and folds == set(range(8)) - failed
    again = np.sort([row["fold"] for row in result.failures])
    assert main(["run", "toy"]) == 4, "a failed cell is tried anew by the next run"
    assert np.array_equal(np.sort([row["fold"] for row in result.failures]), again)
