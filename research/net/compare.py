"""Judge the frozen results by the code of today and print each row that differs and is not expected to.

    python -m research.net.compare [STUDY...]                    what is frozen in this folder
    python -m research.net.compare --project ROOT [STUDY...]     what a project at ROOT has run and judged

`--answers FILE` appends the answer of each paper as a whole, a table a study.
"""

from __future__ import annotations

import argparse
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import polars as pl

from research.net.frozen import JUDGED, copy_run, judge, lay_out, read_judged

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "frames"
CHANGED = Path(__file__).parent / "changed.toml"
#: What is text for people, or follows from columns that are compared.
WORDS = {"reasons", "settle", "cause", "stated"}
SMALLEST = 1e-9
#: Columns of an answer that are printed, and how.
SHOWN = [
    *("metric", "family", "datasets", "numbers", "answer", "why_not"),
    *("unit", "in_tolerances", "mean", "low", "high", "tolerance"),
]
TABLE: dict[str, Any] = {
    "tbl_rows": -1,
    "tbl_cols": -1,
    "tbl_width_chars": 200,
    "tbl_hide_column_data_types": True,
    "tbl_hide_dataframe_shape": True,
    "tbl_formatting": "ASCII_MARKDOWN",
    "float_precision": 4,
}


#: A row of changed.toml: by field a pattern, or several.
Expected = dict[str, str | list[str]]
#: In the place of a column: the whole row, which is `there` or `gone`.
ROW = "row"


@dataclass(frozen=True)
class Difference:
    """A value that is not what it was, by the study, the frame, the row and the column."""

    study: str
    table: str
    key: str
    column: str
    before: object
    after: object

    def __str__(self) -> str:
        place = f"{self.table} {self.key} {self.column}"
        return f"{place}: {self.before} -> {self.after}"

    def matches(self, expected: Expected) -> bool:
        """Whether a row of changed.toml is about it; `*` stands for anything."""
        for name, stated in expected.items():
            patterns = [stated] if isinstance(stated, str) else stated
            if name != "why" and not any(
                fnmatchcase(str(getattr(self, name)), pattern) for pattern in patterns
            ):
                return False
        return True


def read_expected() -> list[Expected]:
    """The changes that a rule explains."""
    rows: list[Expected] = tomllib.loads(CHANGED.read_text())["changed"]
    return rows


@dataclass(frozen=True)
class Rejudged:
    """A study that the code of today has judged in `scratch`, and the folder of what was said of it before."""

    study: str
    scratch: Path
    before: Path

    @property
    def differences(self) -> list[Difference]:
        """Each difference between what was said and what the code says now."""
        found: list[Difference] = []
        for name, now in read_judged(self.scratch, self.study).items():
            then = pl.read_parquet(self.before / f"{name}.parquet")
            found += _differences(self.study, name, then, now)
        return found

    @property
    def answers(self) -> pl.DataFrame:
        """The paper as a whole: a row a metric, and one a model of it."""
        frame = pl.read_parquet(
            self.scratch / "results" / self.study / "answers.parquet"
        )
        return frame.select(pl.lit(self.study).alias("study"), *SHOWN)


@contextmanager
def rejudge(study_id: str, project: Path | None) -> Iterator[Rejudged]:
    """Judge the runs of a project anew, or without one those that are frozen here."""
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        lay_out(scratch, study_id, ROOT / "studies" / study_id, ROOT / "params.yaml")
        if project is None:
            with tarfile.open(FOLDER / f"{study_id}.tar.xz") as packed:
                packed.extractall(scratch, filter="data")
            before = scratch / "expected"
        else:
            copy_run(project, scratch, study_id)
            before = project / "results" / study_id
        judge(scratch, study_id)
        yield Rejudged(study_id, scratch, before)


def _differences(
    study_id: str, name: str, then: pl.DataFrame, now: pl.DataFrame
) -> list[Difference]:
    keys = JUDGED[name]
    columns = [column for column in then.columns if column in now.columns]
    columns = [column for column in columns if column not in WORDS]
    old = {row[: len(keys)]: row for row in _rows(then, keys, columns)}
    new = {row[: len(keys)]: row for row in _rows(now, keys, columns)}
    named = [*keys, *(column for column in columns if column not in keys)]
    found: list[Difference] = []
    for key in [*old, *(key for key in new if key not in old)]:
        place = study_id, name, "/".join(map(str, key))
        if key not in old or key not in new:
            there = ("there", "gone") if key in old else ("gone", "there")
            found.append(Difference(*place, ROW, *there))
            continue
        for column, before, after in zip(named, old[key], new[key], strict=True):
            if not _is_same(before, after):
                found.append(Difference(*place, column, before, after))
    return found


def _rows(
    frame: pl.DataFrame, keys: tuple[str, ...], columns: list[str]
) -> list[tuple[object, ...]]:
    others = [column for column in columns if column not in keys]
    return frame.select(*keys, *others).rows()


def _is_same(before: object, after: object) -> bool:
    if isinstance(before, float) and isinstance(after, float):
        return before == after or abs(before - after) <= SMALLEST * max(
            1.0, abs(before)
        )
    return before == after


def main() -> None:
    """Compare all studies, or those that are named; ends with 1 where something differs."""
    options = _options()
    there = options.studies or sorted(_found(options.project))
    if missing := set(there) - _found(options.project):
        names = ", ".join(sorted(missing))
        raise SystemExit(f"no results, so nothing was compared: {names}")
    expected = read_expected()
    differ = 0
    for study_id in there:
        with rejudge(study_id, options.project) as judged:
            found = judged.differences
            if options.answers is not None:
                _append(options.answers, judged.answers)
        lines = [
            str(difference)
            for difference in found
            if not any(map(difference.matches, expected))
        ]
        differ += len(lines)
        listed = len(found) - len(lines)
        print(
            f"{study_id}: {len(lines) or 'no'} differences, {listed} expected",
            *lines,
            sep="\n  ",
            flush=True,
        )
    raise SystemExit(1 if differ else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="research.net.compare")
    parser.add_argument("studies", nargs="*")
    parser.add_argument("--project", type=Path, help="a project that ran the studies")
    parser.add_argument(
        "--answers", type=Path, help="a file for the answers as a whole"
    )
    return parser.parse_args()


def _found(project: Path | None) -> set[str]:
    """The studies of which there are results."""
    if project is None:
        return {path.name.partition(".")[0] for path in FOLDER.glob("*.tar.xz")}
    return {path.parent.name for path in project.glob("results/*/judge.json")}


def _append(file: Path, answers: pl.DataFrame) -> None:
    if answers.is_empty():
        return
    with file.open("a", encoding="utf-8") as out, pl.Config(**TABLE):
        print(answers, file=out)


if __name__ == "__main__":
    main()
