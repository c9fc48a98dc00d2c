"""The log of runs of this machine: `.bench/log`, one record for each judged run that differs from the one before it.

A record is `results/<id>/record.json` as judging wrote it (`bench.comparisons.run_record`), kept under its sha256 and
compressed; `<study>.jsonl` lists them with the time and the commit. Reading the log first takes up the record that lies
in the results: DVC may have brought back an earlier one.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from bench.comparisons.run_record import RunRecord, read_record
from bench.comparisons.two_runs import RunDifference, agreement_of, two_runs
from bench.core.errors import DataError, UsageError, suggested
from bench.core.frames import write_bytes
from bench.core.identity import SHORT
from bench.core.metrics import METRICS
from bench.project.folder import ProjectFolder
from bench.study import Study
from bench.text.problems import RopeOfOther

FILE = "record.json"
#: Of each study so many runs are kept, and the newest of them that fit into so many bytes.
MOST, MOST_BYTES = 200, 20_000_000
_ID, _COMMIT = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{1,64}")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class LoggedRun:
    """One run of the log: the sha256 of its record, when it was judged here, and the commit of the repository then."""

    id: str
    at: str
    commit: str | None

    @property
    def short(self) -> str:
        return self.id[:SHORT]


class RunLog:
    """The runs of one study, the oldest first."""

    def __init__(self, project: ProjectFolder, study: str) -> None:
        self.study = study
        self.folder = project.paths.log
        self._results = project.paths.results(study) / FILE
        self._keeps = project.keep

    @property
    def file(self) -> Path:
        return self.folder / f"{self.study}.jsonl"

    @cached_property
    def runs(self) -> tuple[LoggedRun, ...]:
        """Every run, with the one whose results lie in the project; a line that cannot be read is passed over."""
        self.take_up()
        return tuple(self._listed())

    def take_up(self) -> None:
        """Add the record of the results, unless it equals the last one, or nothing is kept."""
        if not self._keeps or not self._results.is_file():
            return
        content = self._results.read_bytes()
        record, runs = read_record(content, str(self._results)), self._listed()
        if runs and runs[-1].id == record.id:
            return
        write_bytes(self._place(record.id), gzip.compress(content, mtime=0))
        now = (
            datetime.now(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
        )
        runs = self._few(
            [*runs, LoggedRun(record.id, now, _commit(self._results.parent))]
        )
        write_bytes(
            self.file, "".join(json.dumps(asdict(run)) + "\n" for run in runs).encode()
        )
        for stale in set(self.folder.glob(f"{self.study}/*.gz")) - {
            self._place(run.id) for run in runs
        }:
            stale.unlink(missing_ok=True)

    def record(self, run: LoggedRun) -> RunRecord:
        """What was recorded of a run. Raises `DataError` where its file is not there, or damaged."""
        path = self._place(run.id)
        try:
            found = read_record(gzip.decompress(path.read_bytes()), str(path))
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(
                f"{path}: cannot be read ({error}); this run cannot be compared any more"
            ) from None
        if found.id != run.id:
            raise DataError(
                f"{path}: is no longer the record of this run, which cannot be compared any more"
            )
        return found

    def readable(self, run: LoggedRun) -> RunRecord | None:
        """What was recorded of a run; None where it cannot be read."""
        with suppress(DataError):
            return self.record(run)
        return None

    def _place(self, sha256: str) -> Path:
        return self.folder / self.study / f"{sha256}.json.gz"

    def _listed(self) -> list[LoggedRun]:
        lines = (
            self.file.read_text(encoding="utf-8", errors="replace").splitlines()
            if self.file.is_file()
            else []
        )
        found = []
        for line in lines:
            with suppress(ValueError, TypeError, RecursionError):
                run = LoggedRun(**json.loads(line))
                if (
                    _ID.fullmatch(run.id)
                    and _AT.fullmatch(run.at)
                    and _COMMIT.fullmatch("0" if run.commit is None else run.commit)
                ):
                    found.append(run)
        return found

    def _few(self, runs: list[LoggedRun]) -> list[LoggedRun]:
        """The newest runs within the limits, at least two."""
        kept, size = 0, 0
        for run in reversed(runs[-MOST:]):
            place = self._place(run.id)
            size += place.stat().st_size if place.is_file() else 0
            if size > MOST_BYTES and kept >= 2:
                break
            kept += 1
        return runs[-kept:]


def readable_logs(project: ProjectFolder) -> tuple[list[RunLog], int]:
    """The logs of all studies that have runs, and how many more studies have a record in their results that is damaged,
    or of another form."""
    found, unread = list[RunLog](), 0
    for study in project.present():
        log = RunLog(project, study)
        try:
            found += [log] if log.runs else []
        except DataError:
            unread += 1
    return found, unread


def rope_of_other(log: RunLog, study: Study) -> RopeOfOther | None:
    """That the ROPE of a study is the one of a run with a primary metric of another scale; None where it is its own."""
    rope, primary = (
        study.compare.rope if study.compare is not None else None,
        study.metrics.primary,
    )
    if rope is None or primary not in METRICS:
        return None
    for run in reversed(log.runs):
        record = log.readable(run)
        if record is None or (record.sections.get("compare") or {}).get("rope") != rope:
            return None
        if record.metric != primary and not all(
            name in METRICS and METRICS[name].fraction
            for name in (primary, record.metric)
        ):
            return RopeOfOther(rope, record.metric, primary, run.short)
    return None


@dataclass(frozen=True)
class LogLine:
    """A run as the log lists it: by study, data, code and versions how many values differ from the run before it, and
    what became of how many scores of the primary metric (None of the first run); how many claims have which agreement,
    and whether these are the author's own; and what became of how many falsifiers.
    """

    study: str
    run: str
    at: str
    commit: str | None
    changed: Mapping[str, int] | None
    moved: Mapping[str, int] | None
    claims: Mapping[str, int]
    own: bool
    falsifiers: Mapping[str, int]


@dataclass(frozen=True)
class History:
    """The runs of a study, each beside the one before it; `unread`: how many more are damaged, or of another form."""

    lines: tuple[LogLine, ...]
    unread: int


def history(log: RunLog, last: int = 0) -> History:
    """The runs of a study, or the `last` ones, whose records can be read."""
    runs = log.runs[-last - 1 :] if last else log.runs
    read = [(run, record) for run in runs if (record := log.readable(run)) is not None]
    lines = [_line(*one, None) for one in read[:1]]
    lines += [_line(*now, two_runs(was[1], now[1])) for was, now in pairwise(read)]
    return History(tuple(lines[-last:]), len(runs) - len(read))


def _line(run: LoggedRun, record: RunRecord, found: RunDifference | None) -> LogLine:
    counted = [one for one in record.claims if one.counted]
    claims, own = (
        dict(Counter(map(agreement_of, counted))),
        any(one.source == "author" for one in counted),
    )
    falsifiers = dict(
        Counter(one.became.value for one in record.claims if one.became is not None)
    )
    changed = moved = None
    if found is not None:
        changed = {
            kind: len(getattr(found, kind))
            for kind in ("study", "data", "code", "versions")
        }
        moved = dict(Counter(row.moved.value for row in found.of(record.metric)))
    return LogLine(
        record.study,
        run.id,
        run.at,
        run.commit,
        changed,
        moved,
        claims,
        own,
        falsifiers,
    )


def _commit(folder: Path) -> str | None:
    """The commit that the repository of a folder is at; None without one."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None


# Which two runs are meant.


def difference(project: ProjectFolder, words: Sequence[str]) -> RunDifference:
    """Two runs against each other, by what names them.

    No word: the last two runs of the study that was judged last. One: the last two of that study; of a run, a file or a
    revision: that and the last run of its study. Two: each a study (its last run), the beginning of a run's name, a
    folder of results or a record in it, or REVISION:STUDY, the results that DVC recorded there.
    """
    if not words:
        words = [_latest(project)]
    if len(words) == 1 and words[0] in project.present():
        log = RunLog(project, words[0])
        if len(log.runs) < 2:
            raise DataError(
                f"{words[0]}: {'one run is' if log.runs else 'no run is'} recorded, and two are compared; "
                f"change something, run bench repro {words[0]}, and ask again"
            )
        records = [log.record(run) for run in log.runs[-2:]]
    else:
        records = [_named(project, word) for word in words]
        records += [_named(project, one.study) for one in records if len(words) == 1]
    was, now = records
    return two_runs(was, now)


def _latest(project: ProjectFolder) -> str:
    """The study that was judged last."""
    runs = [(log.runs[-1].at, log.study) for log in readable_logs(project)[0]]
    if not runs:
        raise DataError(
            f"{project.paths.log}: no run is recorded yet; `bench judge ID` records one"
        )
    return max(runs)[1]


def _named(project: ProjectFolder, word: str) -> RunRecord:
    """The record that a word names."""
    studies = project.present()
    if word in studies:
        log = RunLog(project, word)
        if not log.runs:
            raise DataError(
                f"{word}: no run is recorded yet; bench repro {word} makes one"
            )
        return log.record(log.runs[-1])
    path = Path(word)
    if path.is_dir() or path.is_file():
        file = path / FILE if path.is_dir() else path
        if not file.is_file():
            raise DataError(
                f"{file}: is missing, and holds what two runs are compared by; `bench judge` writes it"
            )
        return read_record(file.read_bytes(), str(file))
    revision, _, study = word.rpartition(":")
    return (
        _of_revision(project, revision, study)
        if revision and study in studies
        else _of_log(project, word, study)
    )


def _of_log(project: ProjectFolder, word: str, study: str) -> RunRecord:
    """The record of the run whose name begins so."""
    logs, _ = readable_logs(project)
    found = {
        run.id: (log, run)
        for log in logs
        for run in log.runs
        if len(word) >= 4 and run.id.startswith(word)
    }
    if len(found) > 1:
        raise UsageError(
            f"{word}: {len(found)} runs begin so; write more of the name, as `bench log` shows it"
        )
    for log, run in found.values():
        return log.record(run)
    known = suggested(study or word, project.present(), "studies")
    raise UsageError(f"{word}: is no study, run, folder or REVISION:STUDY; {known}")


def _of_revision(project: ProjectFolder, revision: str, study: str) -> RunRecord:
    """The record that DVC has of a revision of the repository."""
    wanted = project.paths.results(study) / FILE
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / FILE
        command = ["get", ".", wanted.as_posix(), "--rev", revision, "--out", str(out)]
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "dvc", *command],
            cwd=project.root,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            said = [
                line for line in ended.stderr.splitlines() if line.startswith("ERROR: ")
            ]
            why = (
                said[0].removeprefix("ERROR: ") if said else f"code {ended.returncode}"
            )
            raise DataError(
                f"{revision}:{study}: DVC cannot give its {FILE} ({why}); nothing was compared"
            )
        return read_record(out.read_bytes(), f"{revision}:{study}")
