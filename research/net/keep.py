"""Freeze the studies that a project has run: thinned results, and what the imported code says of them.

Probabilities keep three decimals and training rows go, so that all studies fit into a few megabytes. The code judges the
thinned results, so that a later comparison is exact.
"""

from __future__ import annotations

import json
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

import polars as pl

from bench.core import frames
from research.net.frozen import SEAL, judge, lay_out, read_judged

FOLDER = Path(__file__).parent / "frames"
#: Columns of floating numbers in predictions, with how many significant digits are kept.
DIGITS = {"p": 3, "decision": 4, "value": 5}


def keep_study(root: Path, study_id: str, folder: Path) -> int:
    """Freeze one study; answers the bytes of its archive."""
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        lay_out(scratch, study_id, root / "studies" / study_id, root / "params.yaml")
        clean, results = Path("data", study_id, "clean"), Path("results", study_id)
        shutil.copytree(root / clean, scratch / clean)
        (scratch / results).mkdir(parents=True)
        _thin_run(root / results, scratch / results)
        stored = [
            clean,
            *sorted(
                path.relative_to(scratch) for path in (scratch / results).iterdir()
            ),
        ]
        judge(scratch, study_id)
        expected = Path("expected")
        (scratch / expected).mkdir()
        for name, frame in read_judged(scratch, study_id).items():
            frame.write_parquet(
                scratch / expected / f"{name}.parquet", compression="zstd"
            )
        archive = folder / f"{study_id}.tar.xz"
        with tarfile.open(archive, "w:xz", preset=9) as out:
            for path in (*stored, expected):
                out.add(scratch / path, arcname=str(path), filter=_without_owner)
    return archive.stat().st_size


def _thin_run(results: Path, scratch: Path) -> None:
    """Copy the frames of a run with fewer digits and rows, and seal them anew."""
    seal = json.loads((results / SEAL).read_text())
    for name in seal["frames"]:
        source = results / f"{name}.parquet"
        if not source.is_file():
            continue
        frame = pl.read_parquet(source)
        if name == "predictions":
            frame = _thin(frame)
        if name == "effects":
            frame = frame.clear()
        target = scratch / source.name
        frame.write_parquet(target, compression="uncompressed", statistics=False)
        seal["frames"][name] = frames.sha256(target)
    (scratch / SEAL).write_text(json.dumps(seal))


def _thin(predictions: pl.DataFrame) -> pl.DataFrame:
    kept = predictions.filter(pl.col("side") == "test")
    for name, digits in DIGITS.items():
        if name not in kept.columns:
            continue
        rounded = pl.element().round_sig_figs(digits)
        column = pl.col(name)
        if isinstance(kept.schema[name], pl.List):
            kept = kept.with_columns(column.list.eval(rounded))
        else:
            kept = kept.with_columns(column.round_sig_figs(digits))
    return kept


def _without_owner(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    return info


def main() -> None:
    """Freeze every study of the project at the first argument, or those that are named after it."""
    root = Path(sys.argv[1])
    finished = sorted(path.parent.name for path in root.glob(f"results/*/{SEAL}"))
    FOLDER.mkdir(exist_ok=True)
    for study_id in sys.argv[2:] or finished:
        size = keep_study(root, study_id, FOLDER)
        print(f"{study_id}: {size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
