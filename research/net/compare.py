"""Judge the frozen results by the code of today and print each row that differs."""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path

import polars as pl

from research.net.frozen import JUDGED, judge, lay_out, read_judged

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "frames"
#: What is text for people, or follows from columns that are compared.
WORDS = {"reasons", "settle", "cause", "stated"}
SMALLEST = 1e-9


def compare_study(archive: Path) -> list[str]:
    """Each difference between what is frozen of a study and what the code says now, as a line."""
    study_id = archive.name.partition(".")[0]
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        with tarfile.open(archive) as packed:
            packed.extractall(scratch, filter="data")
        lay_out(scratch, study_id, ROOT / "studies" / study_id, ROOT / "params.yaml")
        judge(scratch, study_id)
        lines: list[str] = []
        for name, now in read_judged(scratch, study_id).items():
            then = pl.read_parquet(scratch / "expected" / f"{name}.parquet")
            lines += _differences(name, then, now)
    return lines


def _differences(name: str, then: pl.DataFrame, now: pl.DataFrame) -> list[str]:
    keys = JUDGED[name]
    columns = [column for column in then.columns if column in now.columns]
    columns = [column for column in columns if column not in WORDS]
    old = {row[: len(keys)]: row for row in _rows(then, keys, columns)}
    new = {row[: len(keys)]: row for row in _rows(now, keys, columns)}
    lines = [f"{name} {key}: gone" for key in old if key not in new]
    lines += [f"{name} {key}: new" for key in new if key not in old]
    named = [*keys, *(column for column in columns if column not in keys)]
    for key, row in old.items():
        for column, before, after in zip(named, row, new.get(key, row), strict=True):
            if not _is_same(before, after):
                lines.append(f"{name} {key} {column}: {before} -> {after}")
    return lines


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
    differ = 0
    for study_id in studies:
        lines = compare_study(archives[study_id])
        differ += len(lines)
        print(
            f"{study_id}: {len(lines) or 'no'} differences",
            *lines,
            sep="\n  ",
            flush=True,
        )
    raise SystemExit(1 if differ else 0)


if __name__ == "__main__":
    main()
