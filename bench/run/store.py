"""Finished cells by content: a killed run repeats nothing, one more family fits only its own cells.

One SQLite file under `.bench/` (outside every DVC out, so that it survives `dvc repro -f`, checkout and gc). A payload
is arrays and JSON, never pickle; the sha256 of key and payload is verified when it is read, and a damaged cell is
fitted again. A file that is damaged or of another form is put aside under another name, never deleted, and a new one
begun. Two runs at once write the same bytes under the same key.
Without a path results are kept for this run only, in memory (on the command line: `BENCH_STORE=off`).

The file is in WAL mode with `synchronous = normal`: a finished commit is with the operating system, so that it outlives
`kill -9`; a power cut may cost the last commits, and cannot tear the file, because every checkpoint is synced before
the log is used anew. `full` would sync every cell for no more than those last commits. Where the file system cannot do
WAL, SQLite keeps a rollback journal, and that one is synced.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bench.core.errors import DataError
from bench.run.cells import Cell

#: The form of the file; a file of an earlier form is set aside.
FORM = 3
_CELL = (
    "key text primary key, plan text, variant text, repeat integer, fold integer, data text, rows text, "
    "kept integer, train integer, seconds real, peak integer, sha256 text, content blob"
)
_COLUMNS = len(_CELL.split(", "))
_MARKS = ", ".join("?" * _COLUMNS)
_TABLES = (  # word for word as SQLite keeps them, so that a damaged one is noticed
    "CREATE TABLE plans (sha256 text primary key, study text, dataset text, family text, identity text) without rowid",
    f"CREATE TABLE cells ({_CELL})",
    "CREATE TABLE remembered (key text primary key, sha256 text, content blob)",
    "CREATE INDEX cells_by_plan on cells (plan, seconds, train)",
)
#: What reading a file can raise; a damaged name in it ends up in a message that is no text.
_ERRORS = (sqlite3.Error, UnicodeDecodeError)
T = TypeVar("T")


class StoredRow(NamedTuple):
    """What is kept of a cell beside its payload. data, rows: fingerprint and fold's sha256; train: training rows."""

    key: str
    plan: str
    dataset: str
    family: str
    variant: str
    repeat: int
    fold: int
    data: str
    rows: str
    kept: int


class Spent(NamedTuple):
    """What the cells of one plan took together."""

    plan: str
    cells: int
    seconds: float
    train: int


class Store:
    """Results of cells by key, as packed bytes. A context manager.

    Raises `DataError` when the file cannot be opened or written, or belongs to somebody else.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._database = _opened(path)
        self._inode = _inode(self._path)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def known(self, keys: Iterable[str]) -> set[str]:
        """The keys whose results are here and undamaged. Every payload is verified, and none is held."""
        wanted = tuple(keys)
        good, bad = self._doing(lambda: self._verified(wanted), "cannot be read")
        if bad:
            _tell(f"{self._path}: damaged cells, which are fitted again: {bad}")
        return good

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None when there are none or they are damaged."""
        query = "select key, sha256, content from cells where key = ?"
        found = self._read(query, key)
        return bytes(found[0][2]) if found and _whole(*found[0]) else None

    def put_aside(self) -> None:
        """Put a file aside that does not give back what was put into it; all its cells are fitted again."""
        self._begin_anew()

    def put(self, cell: Cell, content: bytes, seconds: float, peak: int) -> None:
        """Keep a finished cell: it outlives this process when this returns.

        Raises `DataError` when the disk is full or read-only.
        """
        plan, names = cell.plan, cell.names
        of_plan = (
            plan.identity_sha256,
            plan.study,
            plan.dataset,
            plan.family,
            plan.identity_json,
        )
        where = (
            names["variant"],
            names["repeat"],
            names["fold"],
            cell.fingerprint,
            cell.fold.sha256,
            cell.kept,
        )
        spent = (len(cell.fold.train), seconds, peak)
        row = (
            cell.key,
            plan.identity_sha256,
            *where,
            *spent,
            _seal(cell.key, content),
            content,
        )
        kept = (f"insert or replace into cells values ({_MARKS})", row)
        self._write(
            "a finished cell cannot be kept",
            ("insert or ignore into plans values (?, ?, ?, ?, ?)", of_plan),
            kept,
        )

    def recall(self, key: str) -> bytes | None:
        """What was remembered under a key, None when it is absent or damaged."""
        query = "select key, sha256, content from remembered where key = ?"
        found = self._read(query, key)
        return bytes(found[0][2]) if found and _whole(*found[0]) else None

    def remember(self, key: str, content: bytes) -> None:
        """Keep what is quickly made anew but needs slow libraries."""
        row = (key, _seal(key, content), content)
        self._write(
            "folds cannot be kept",
            ("insert or replace into remembered values (?, ?, ?)", row),
        )

    def seconds(self) -> dict[tuple[str, str], float]:
        """The mean seconds of a cell by dataset and family, as far as remembered: for estimates, never for results."""
        of_plan = (
            "select plan, sum(seconds) as s, count(*) as n from cells group by plan"
        )
        query = f"select dataset, family, sum(s) / sum(n) from ({of_plan}) join plans on plan = sha256 group by 1, 2"
        return {(dataset, family): mean for dataset, family, mean in self._read(query)}

    def seconds_of(self, keys: Iterable[str]) -> list[float]:
        """The seconds of those of these cells that are stored, each once."""
        wanted = set(keys)
        query = "select key, seconds from cells"
        return [seconds for key, seconds in self._read(query) if key in wanted]

    def rows(self, study: str) -> list[StoredRow]:
        """What is remembered of a study's cells, the oldest first."""
        query = (
            "select key, plan, dataset, family, variant, repeat, fold, data, rows, kept "
            "from cells join plans on plan = plans.sha256 where study = ? order by cells.rowid"
        )
        return [StoredRow(*row) for row in self._read(query, study)]

    def spent(self, inspected: bool = False) -> list[Spent]:
        """Seconds and training rows a plan, of all cells that fit, or of those that look into a fit.

        Those whose fit is chosen by the test rows count nowhere: they do not make the fits of their plan's protocol.
        """
        others = (
            "('inspected', 'explanation=tuned_on_test', 'explanation=stopped_on_test')"
        )
        which = "variant = 'inspected'" if inspected else f"variant not in {others}"
        query = f"select plan, count(*), sum(seconds), sum(train) from cells where {which} group by plan"
        return [Spent(*row) for row in self._read(query)]

    def identities(self) -> dict[str, dict[str, Any]]:
        """What decided the cells of every plan, by the plan's sha256; a damaged one is left out."""
        query = "select sha256, identity from plans"
        rows = self._read(query)
        return {
            key: json.loads(text)
            for key, text in rows
            if hashlib.sha256(str(text).encode()).hexdigest() == key
        }

    def _verified(self, keys: tuple[str, ...]) -> tuple[set[str], int]:
        """The keys with a whole payload, and the number of damaged ones."""
        good: set[str] = set()
        bad = 0
        for first in range(0, len(keys), 500):
            some = keys[first : first + 500]
            query = f"select key, sha256, content from cells where key in ({', '.join('?' * len(some))})"
            for key, sha256, content in self._database.execute(query, some):
                if _whole(key, sha256, content):
                    good.add(key)
                else:
                    bad += 1
        return good, bad

    def _write(self, failure: str, *statements: tuple[str, tuple[Any, ...]]) -> None:
        """All these statements with their values, or none of them."""

        def write() -> None:
            with self._database:
                for statement, values in statements:
                    self._database.execute(statement, values)

        self._doing(write, failure)

    def _read(self, query: str, *values: str) -> list[Any]:
        return self._doing(
            lambda: self._database.execute(query, values).fetchall(), "cannot be read"
        )

    def _doing(self, work: Callable[[], T], failure: str) -> T:
        """Do `work` on the database; on a new one when the present one proves to be damaged."""
        try:
            try:
                return work()
            except _ERRORS as error:
                if not _damaged(error):
                    raise
            self._begin_anew()
            return work()
        except _ERRORS as error:
            raise DataError(
                f"{self._path}: {failure} ({error}); cells kept before are untouched"
            ) from error

    def _begin_anew(self) -> None:
        """Set the file aside, unless another run has done it already."""
        self._database.close()
        self._database = _opened(self._path, damaged=self._inode)
        self._inode = _inode(self._path)


class _Unfit(Exception):
    """A file that is not used any further; the message says why."""


def _opened(path: Path | None, damaged: int | None = None) -> sqlite3.Connection:
    """The database, made when there is none, or when the one that is there cannot serve.

    `damaged` is the inode of a file that has proved to be: another run may have put a new one in its place already.
    """
    if path is None:
        return _set_up(":memory:")
    try:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        refuse_strangers(path.parent, path)
        with _alone(path.parent):
            try:
                if damaged is not None and _inode(path) == damaged:
                    raise _Unfit("is damaged")
                return _set_up(path)
            except _Unfit as why:
                aside = _aside(path)
                _tell(
                    f"{path}: {why}; put aside as {aside.name}, its cells are fitted again"
                )
                return _set_up(path)
    except (OSError, *_ERRORS) as error:
        raise DataError(
            f"{path}: the cell store cannot be opened ({error}); nothing was fitted. "
            "Make the folder writable, or set BENCH_STORE=off to keep nothing"
        ) from error


def _set_up(path: Path | str) -> sqlite3.Connection:
    """A connection to a file of this form. Raises `_Unfit` for a damaged one and one of an earlier form."""
    database = sqlite3.connect(path, timeout=60)
    database.text_factory = _text
    try:
        (form,) = database.execute("pragma user_version").fetchone()
        tables = [
            sql
            for (sql,) in database.execute(
                "select sql from sqlite_master where sql is not null"
            )
        ]
        if form > FORM:
            raise DataError(
                f"{path}: was written by a newer version of bench (form {form}, this one knows {FORM}); nothing was "
                "fitted. Use that version, move the file away, or set BENCH_STORE=off"
            )
        if tables and form < FORM:
            raise _Unfit("was written by an earlier version of bench")
        if tables and sorted(tables) != sorted(_TABLES):
            raise _Unfit("is damaged (its tables are others)")
        (mode,) = database.execute("pragma journal_mode = wal").fetchone()
        database.execute(
            f"pragma synchronous = {'normal' if mode == 'wal' else 'full'}"
        )
        with database:
            database.execute(
                "begin immediate"
            )  # a file that cannot be written is told before anything is fitted
            for statement in (
                () if tables else (*_TABLES, f"pragma user_version = {FORM}")
            ):
                database.execute(statement)
    except BaseException as error:
        database.close()
        if isinstance(error, _ERRORS) and _damaged(error):
            raise _Unfit(f"is damaged ({error})") from error
        raise
    return database


def refuse_strangers(folder: Path, *inside: Path) -> None:
    """Raise `DataError` when somebody else could have put results here.

    The owner must be who runs bench, root, or who owns the project's folder: that one chooses what is run anyway, and
    root in a container works on folders of somebody outside. Others must not be able to write.
    """
    friends = {os.geteuid(), 0, folder.parent.stat().st_uid}
    for path in (folder, *inside):
        if not path.exists():
            continue
        about = path.stat()
        if about.st_uid not in friends:
            what = f"belongs to another user (uid {about.st_uid}), who is not the owner of the project"
            raise DataError(
                f"{path}: {what}; nothing was fitted. Move it away, or set BENCH_STORE=off"
            )
        if about.st_mode & stat.S_IWOTH:
            raise DataError(
                f"{path}: can be written by everybody, so its results cannot be believed; nothing was fitted. "
                f"Run `chmod o-w {path}` if you know what is in it, or move it away"
            )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: two that begin, or set aside, one file."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _aside(path: Path) -> Path:
    """The new name of a file that is set aside, its log with it."""
    number = 1
    while (aside := path.with_name(f"{path.name}.aside-{number}")).exists():
        number += 1
    for suffix in ("", "-wal"):
        with_suffix = Path(f"{path}{suffix}")
        if with_suffix.exists():
            with_suffix.rename(f"{aside}{suffix}")
    Path(f"{path}-shm").unlink(missing_ok=True)
    return aside


def _inode(path: Path | None) -> int | None:
    return None if path is None else path.stat().st_ino


def _seal(key: str, content: bytes) -> str:
    """The sha256 of both: a damaged index cannot pass one cell's payload off as another's."""
    return hashlib.sha256(key.encode() + b"|" + content).hexdigest()


def _whole(key: Any, sha256: Any, content: Any) -> bool:
    return (
        isinstance(key, str)
        and isinstance(content, bytes)
        and _seal(key, content) == sha256
    )


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _damaged(error: Exception) -> bool:
    if isinstance(error, UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)
