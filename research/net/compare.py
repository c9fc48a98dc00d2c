"""Judge the frozen results by the code of today and print each row that differs and is not expected to."""

from __future__ import annotations

import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import polars as pl

from research.net.frozen import JUDGED, judge, lay_out, read_judged

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "frames"
CHANGED = Path(__file__).parent / "changed.toml"
#: What is text for people, or follows from columns that are compared.
WORDS = {"reasons", "settle", "cause", "stated"}
SMALLEST = 1e-9


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


def compare_study(archive: Path) -> list[Difference]:
    """Each difference between what is frozen of a study and what the code says now."""
    study_id = archive.name.partition(".")[0]
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        with tarfile.open(archive) as packed:
            packed.extractall(scratch, filter="data")
        lay_out(scratch, study_id, ROOT / "studies" / study_id, ROOT / "params.yaml")
        judge(scratch, study_id)
        found: list[Difference] = []
        for name, now in read_judged(scratch, study_id).items():
            then = pl.read_parquet(scratch / "expected" / f"{name}.parquet")
            found += _differences(study_id, name, then, now)
    return found


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
    """Compare all frozen studies, or those that are named; ends with 1 where something differs."""
    archives = {path.name.partition(".")[0]: path for path in FOLDER.glob("*.tar.xz")}
    studies = sys.argv[1:] or sorted(archives)
    if missing := [study_id for study_id in studies if study_id not in archives]:
        raise SystemExit(f"not frozen, so nothing was compared: {', '.join(missing)}")
    expected = read_expected()
    differ = 0
    for study_id in studies:
        found = compare_study(archives[study_id])
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


if __name__ == "__main__":
    main()
