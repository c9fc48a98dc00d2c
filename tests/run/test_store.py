"""The cell store: what goes in comes out, whatever is killed, torn or done twice; what is damaged is never believed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.core.errors import DataError
from bench.data.dataset import Column, Dataset
from bench.families.family import Setup
from bench.run import identity as code
from bench.run import stored_folds as remember
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold, outer_folds
from bench.run.store import FORM, Store
from bench.study import Protocol

ROOT = Path(__file__).parents[2]
KNN = Setup("sklearn.neighbors.KNeighborsClassifier", {"n_jobs": 1})
PAYLOAD = bytes(range(256)) * 8


def protocol(**changed: Any) -> Protocol:
    values: dict[str, Any] = {
        "resampling": {"kind": "kfold", "folds": 3},
        "tuning": {"folds": 2},
        "seed": 0,
    }
    return Protocol.model_validate(values | changed)


def plan(**changed: Any) -> Plan:
    candidates = ({"n_neighbors": 1}, {"n_neighbors": 5})
    one = Plan(
        "s",
        "classification",
        "d",
        "f",
        KNN,
        (("scale", {}),),
        candidates,
        protocol(),
        "accuracy",
    )
    return replace(one, **changed)


def cell(number: int = 0, **changed: Any) -> Cell:
    fold = Fold(number // 3, number % 3, np.arange(6), np.arange(6, 9))
    return Cell(plan(**changed), fold, "fingerprint")


def payload(one: Cell) -> bytes:
    """Bytes of its own for every cell, so that one that is passed off as another is noticed."""
    return one.key.encode() * 30


def keys(cells: list[Cell]) -> list[str]:
    return [one.key for one in cells]


def test_a_cell_is_kept_across_openings_with_what_it_took(tmp_path: Path) -> None:
    one = cell(4)
    with Store(tmp_path / "cells.sqlite") as store:
        assert store.get(one.key) is None
        store.put(one, PAYLOAD, 1.5, 2**20)
        store.put(one, PAYLOAD, 2.5, 2**21)
    with Store(tmp_path / "cells.sqlite") as store:
        assert store.get(one.key) == PAYLOAD
        assert store.known([one.key, "other"]) == {one.key}
        assert store.seconds() == {("d", "f"): 2.5}
        (row,) = store.rows("s")
        assert row[:7] == (one.key, one.plan.identity_sha256, "d", "f", "plain", 1, 1)
        assert row[7:] == ("fingerprint", one.fold.sha256, 6)
        assert store.identities()[row.plan]["candidates"] == [
            {"n_neighbors": 1},
            {"n_neighbors": 5},
        ]


def test_many_keys_are_asked_at_once(tmp_path: Path) -> None:
    cells = [cell(number) for number in range(1201)]
    with Store(tmp_path / "cells.sqlite") as store:
        for one in cells[:-1]:
            store.put(one, b"x", 0.1, 1)
        assert store.known(keys(cells)) == set(keys(cells[:-1]))
        assert store.known(()) == set()


@pytest.mark.parametrize("ask", ["known", "get"])
def test_a_damaged_cell_is_fitted_again(
    ask: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, good, bad = tmp_path / "cells.sqlite", cell(0), cell(1)
    with Store(path) as store:
        store.put(good, PAYLOAD, 1.0, 1)
        store.put(bad, PAYLOAD, 1.0, 1)
    with sqlite3.connect(path) as database:
        database.execute(
            "update cells set content = ? where key = ?", (PAYLOAD[:-1], bad.key)
        )
    with Store(path) as store:
        if ask == "known":
            assert store.known(keys([good, bad])) == {good.key}
            assert "damaged cells, which are fitted again: 1" in capsys.readouterr().err
        assert store.get(bad.key) is None
        assert store.get(good.key) == PAYLOAD
        store.put(bad, PAYLOAD, 1.0, 1)
        assert store.get(bad.key) == PAYLOAD


@pytest.mark.parametrize("part", range(40))
def test_a_flipped_byte_anywhere_is_never_believed(part: int, tmp_path: Path) -> None:
    content = bytearray(filled(tmp_path / "cells.sqlite").read_bytes())
    for place in np.random.default_rng(part).integers(
        len(content), size=(1, 3, 40, 400)[part % 4]
    ):
        content[place] ^= 0xFF
    believed_and_healed(tmp_path / "cells.sqlite", bytes(content))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 0.95])
def test_a_truncated_file_is_never_believed(share: float, tmp_path: Path) -> None:
    content = filled(tmp_path / "cells.sqlite").read_bytes()
    believed_and_healed(tmp_path / "cells.sqlite", content[: int(share * len(content))])


CELLS = [cell(number) for number in range(24)]


def filled(path: Path) -> Path:
    with Store(path) as store:
        for one in CELLS:
            store.put(one, payload(one), 1.0, 1)
        store.remember("r", PAYLOAD)
    return path


def believed_and_healed(path: Path, content: bytes) -> None:
    """Nothing but the truth comes out of a file of these bytes, no error, and what is put into it stays."""
    path.write_bytes(content)
    try:
        store = Store(path)
    except DataError as error:
        assert "newer version" in str(error)  # the number of the form itself was hit
        return
    with store:
        known = store.known(keys(CELLS))
        found = {one.key: store.get(one.key) for one in CELLS}
        assert known == {key for key, one in found.items() if one is not None}
        assert all(found[one.key] in (None, payload(one)) for one in CELLS)
        assert store.recall("r") in (None, PAYLOAD)
        for ask in (store.seconds, store.identities, store.spent):
            ask()
        store.rows("s")
        for one in CELLS:
            store.put(one, payload(one), 1.0, 1)
        if store.known(keys(CELLS)) < set(keys(CELLS)):  # a damaged index hides some
            store.put_aside()
            for one in CELLS:
                store.put(one, payload(one), 1.0, 1)
    with Store(path) as store:
        assert store.known(keys(CELLS)) == set(keys(CELLS))


@pytest.mark.parametrize("kind", ["no database", "earlier form"])
def test_a_file_that_cannot_serve_is_put_aside_and_never_deleted(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cells.sqlite"
    if kind == "no database":
        path.write_text("not a database, but long enough to be looked at as one " * 20)
    else:
        with sqlite3.connect(path) as database:
            columns = "key text primary key, sha256 text, content blob, dataset text, family text, seconds real"
            database.execute(f"create table cells ({columns})")
            database.execute("insert into cells values ('k', '', x'00', 'd', 'f', 1.0)")
    before = path.read_bytes()
    with Store(path) as store:
        store.put(cell(), PAYLOAD, 1.0, 1)
    said = capsys.readouterr().err
    assert "cells.sqlite.aside-1" in said
    assert ("is damaged" if kind == "no database" else "earlier version") in said
    assert (tmp_path / "cells.sqlite.aside-1").read_bytes() == before
    path.write_bytes(b"once more" * 1000)
    with Store(path) as store:
        assert store.get(cell().key) is None
    assert (tmp_path / "cells.sqlite.aside-2").is_file()


def test_a_file_of_a_newer_form_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    with sqlite3.connect(path) as database:
        database.execute(f"pragma user_version = {FORM + 1}")
    before = path.read_bytes()
    with pytest.raises(DataError, match="newer version of bench"):
        Store(path)
    assert path.read_bytes() == before


def test_one_run_puts_a_damaged_file_aside_while_another_uses_the_new_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "cells.sqlite"
    with Store(path) as store:
        for number in range(24):
            store.put(cell(number), PAYLOAD, 1.0, 1)
    with Store(
        path
    ) as late:  # it has the file open before it is damaged, and notices last
        damaged = bytearray(path.read_bytes())
        damaged[100:] = b"\xff" * (len(damaged) - 100)
        path.write_bytes(damaged)
        with Store(path) as first:
            first.put(cell(0), PAYLOAD, 1.0, 1)
            late.put(cell(1), PAYLOAD, 1.0, 1)
            assert first.known([cell(0).key, cell(1).key]) == {cell(0).key, cell(1).key}
    assert [one.name for one in tmp_path.glob("*aside-?")] == ["cells.sqlite.aside-1"]


WRITER = """
import sys
sys.path[:0] = [{root!r}]
from pathlib import Path
from tests.run.test_store import PAYLOAD, cell
from bench.run.store import Store
with Store(Path({path!r})) as store:
    for number in range({count}):
        store.put(cell(number), PAYLOAD, 1.0, 1)
        print(cell(number).key, flush=True)
"""


def writer(path: Path, count: int) -> subprocess.Popen[str]:
    program = WRITER.format(root=str(ROOT), path=str(path), count=count)
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    )


def test_what_was_put_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    with writer(path, 1_000_000) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(150)]
        process.send_signal(signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    with Store(path) as store:
        assert store.known(told) == set(told)
        assert store.get(told[-1]) == PAYLOAD
        store.put(cell(0), PAYLOAD, 1.0, 1)
    assert not list(tmp_path.glob("*aside*"))


def test_two_runs_at_once_converge(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    with writer(path, 300) as one, writer(path, 300) as two:
        assert (one.communicate()[0], one.returncode) == (
            two.communicate()[0],
            two.returncode,
        )
        assert one.returncode == 0
    with Store(path) as store:
        cells = [cell(number) for number in range(300)]
        assert store.known(keys(cells)) == set(keys(cells))
        (mode,) = store._database.execute("pragma journal_mode").fetchone()
        assert mode == "wal"


def test_without_a_path_results_are_kept_for_this_run_only() -> None:
    with Store(None) as store:
        store.put(cell(), PAYLOAD, 1.0, 1)
        assert store.get(cell().key) == PAYLOAD
    with Store(None) as store:
        assert store.known([cell().key]) == set()


def test_a_full_disk_is_a_sentence_and_costs_no_cell(tmp_path: Path) -> None:
    with Store(tmp_path / "cells.sqlite") as store:
        store.put(cell(0), PAYLOAD, 1.0, 1)
        (pages,) = store._database.execute("pragma page_count").fetchone()
        store._database.execute(f"pragma max_page_count = {pages}")
        with pytest.raises(
            DataError, match=r"cannot be kept .*full.*cells kept before are untouched"
        ):
            store.put(cell(1), PAYLOAD * 100, 1.0, 1)
        assert store.known(keys([cell(0), cell(1)])) == {cell(0).key}


def test_a_folder_that_cannot_be_made_is_told_before_any_fit(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="nothing was fitted"):
        Store(tmp_path / "file" / ".bench" / "cells.sqlite")


def test_a_store_that_everybody_can_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ".bench" / "cells.sqlite"
    Store(path).__exit__()
    path.chmod(0o666)
    with pytest.raises(
        DataError, match=r"written by everybody.*chmod o-w .*cells.sqlite"
    ):
        Store(path)
    path.chmod(0o644)
    path.parent.chmod(0o777)
    with pytest.raises(DataError, match=r"written by everybody"):
        Store(path)


def test_our_own_folder_is_not_open_to_everybody_whatever_the_mask(
    tmp_path: Path,
) -> None:
    mask = os.umask(0)
    try:
        for _ in range(2):
            Store(tmp_path / ".bench" / "cells.sqlite").__exit__()
    finally:
        os.umask(mask)


@pytest.mark.parametrize(
    ("me", "project", "store", "refused"),
    [
        (1, 1, 1, False),
        (1, 1, 0, False),
        (1, 1, 2, True),
        (0, 1, 1, False),
        (0, 1, 2, True),
        (1, 2, 2, False),
    ],
)
def test_a_store_of_somebody_else_is_refused(
    me: int,
    project: int,
    store: int,
    refused: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It must belong to who runs bench, to root, or to who owns the project's folder."""
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    path = tmp_path / ".bench" / "cells.sqlite"
    Store(path).__exit__()
    for one, owner in ((tmp_path, project), (path.parent, store), (path, store)):
        os.chown(one, owner, owner)
    monkeypatch.setattr(os, "geteuid", lambda: me)
    if refused:
        with pytest.raises(DataError, match="belongs to another user"):
            Store(path)
    else:
        Store(path).__exit__()


FOREST = Setup(
    "sklearn.ensemble.RandomForestClassifier", {"n_jobs": 1}, seed="random_state"
)
CHANGES: dict[str, dict[str, Any]] = {
    "reference engine": {"engine": "reference"},
    "study": {"study": "t"},
    "dataset": {"dataset": "e"},
    "family": {"family": "g"},
    "estimator": {"setup": FOREST},
    "fixed parameter": {"setup": replace(KNN, fixed={"n_jobs": 1, "p": 1})},
    "candidates": {"candidates": ({"n_neighbors": 1}, {"n_neighbors": 7})},
    "order of candidates": {"candidates": ({"n_neighbors": 5}, {"n_neighbors": 1})},
    "steps": {"steps": (("scale", {"with_mean": False}),)},
    "seed": {"protocol": protocol(seed=1)},
    "inner folds": {"protocol": protocol(tuning={"folds": 3})},
    "resampling of inner folds": {
        "protocol": protocol(resampling={"kind": "time_ordered", "folds": 3})
    },
    "nothing tuned": {"protocol": protocol(tuning=None)},
    "tuning metric": {"metric": "log_loss"},
    "engine": {"engine": "reference"},
    "rows kept": {"train_rows": 5},
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_key_changes_with_what_decides_a_result(what: str) -> None:
    assert cell(**CHANGES[what]).key != cell().key


def test_the_key_changes_with_data_rows_and_place() -> None:
    one = cell()
    others = [
        replace(one, fingerprint="other"),
        replace(one, variant="permuted"),
        replace(one, fold=replace(one.fold, train=np.arange(5))),
        replace(one, fold=replace(one.fold, test=np.arange(7, 9))),
        replace(one, fold=replace(one.fold, fold=2)),
        replace(one, fold=replace(one.fold, repeat=2)),
    ]
    assert len({one.key, *keys(others)}) == 7


def test_the_key_does_not_change_with_what_decides_nothing() -> None:
    assert cell(train_rows=500).key == cell().key  # the fold has six
    more_repeats = protocol(resampling={"kind": "kfold", "folds": 3, "repeats": 9})
    assert cell(protocol=more_repeats).key == cell().key


def test_versions_count_for_those_who_use_them(monkeypatch: pytest.MonkeyPatch) -> None:
    xgboost = {"setup": Setup("xgboost.XGBClassifier")}

    def now() -> list[str]:
        return keys([cell(), cell(**xgboost)])

    before = now()
    found = dict(code.libraries())
    monkeypatch.setattr(code, "libraries", lambda: found | {"xgboost-cpu": "99"})
    assert [old == new for old, new in zip(before, now(), strict=True)] == [True, False]
    monkeypatch.setattr(code, "libraries", lambda: found | {"scikit-learn": "99"})
    assert not set(before) & set(now())
    monkeypatch.undo()
    assert now() == before


def dataset(n: int = 60) -> Dataset:
    generator = np.random.default_rng(0)
    X, y = generator.normal(size=(n, 1)), np.arange(n) % 3
    group, time = (np.arange(n) // 4).astype(str), np.arange(n, dtype=float) // 2
    columns = (Column("x", "numeric"),)
    rows, classes = np.arange(n), ("a", "b", "c")
    return Dataset(
        "d", "classification", columns, X, y, rows, "f", classes, group=group, time=time
    )


@pytest.mark.parametrize(
    "kind",
    [
        {"kind": "kfold", "folds": 4, "repeats": 3},
        {"kind": "holdout", "test_size": 0.3, "repeats": 5},
        {"kind": "group_kfold", "folds": 5},
        {"kind": "time_ordered", "folds": 4},
        {"kind": "leave_one_out"},
    ],
)
def test_remembered_folds_are_the_folds(
    kind: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = protocol(resampling=kind, tuning=None)
    true = outer_folds(dataset(), settled, "s")
    with Store(tmp_path / "cells.sqlite") as store:
        first = remember.folds_of(dataset(), settled, "s", store)
        if settled.resampling.kind != "leave_one_out":
            monkeypatch.setattr(
                remember, "outer_folds", lambda *_: pytest.fail("was not remembered")
            )
        again = remember.folds_of(dataset(), settled, "s", store)
    for found in (first, again):
        assert len(found) == len(true)
        for one, other in zip(found, true, strict=True):
            assert (one.repeat, one.fold, one.sha256) == (
                other.repeat,
                other.fold,
                other.sha256,
            )
            assert one.train.dtype == other.train.dtype
            assert np.array_equal(one.train, other.train)
            assert np.array_equal(one.test, other.test)


def test_other_data_and_seeds_have_folds_of_their_own(tmp_path: Path) -> None:
    with Store(tmp_path / "cells.sqlite") as store:
        base = remember.folds_of(dataset(), protocol(), "s", store)
        for other in (
            remember.folds_of(dataset(), protocol(seed=1), "s", store),
            remember.folds_of(dataset(), protocol(), "t", store),
            remember.folds_of(
                replace(dataset(63), fingerprint="g"), protocol(), "s", store
            ),
        ):
            assert [fold.sha256 for fold in other] != [fold.sha256 for fold in base]
