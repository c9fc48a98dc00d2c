"""Write a CSV with a million rows and 30 columns, take it from source to profile, and print seconds and peak memory.

Run as `python tests/data/million.py [rows]`; `test_million.py` does so in a process of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl


def write_csv(path: Path, rows: int) -> None:
    """20 numbers (some whole, some with gaps), 8 categories, a boolean, and a target of three classes."""
    rng = np.random.default_rng(1)
    columns: dict[str, object] = {}
    for j in range(14):
        columns[f"number_{j}"] = np.round(
            rng.standard_normal(rows) * 10.0**j, 6 - min(j, 6)
        )
    for j in range(6):
        columns[f"count_{j}"] = pl.Series(rng.integers(0, 10 ** (j + 1), rows)).set(
            pl.Series(rng.random(rows) < 0.05), None
        )
    for j in range(8):
        words = np.array([f"word {i}" for i in range(3 * 2**j)])
        columns[f"word_{j}"] = words[rng.integers(0, len(words), rows)]
    columns["flag"] = rng.random(rows) < 0.3
    columns["target"] = np.array(["low", "middle", "high"])[rng.integers(0, 3, rows)]
    pl.DataFrame(columns).write_csv(path, null_value="?")


def main(rows: int) -> dict[str, object]:
    from bench.data.clean import clean_table
    from bench.data.load import read_dataset, write_clean
    from bench.data.profile import profile
    from bench.data.table import read_table
    from bench.study.models import DatasetSpec

    spec = DatasetSpec.model_validate(
        {
            "source": {"kind": "csv", "file": "big.csv"},
            "target": "target",
            "missing": ("?",),
        }
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_csv(folder / "big.csv", rows)
        size = (folder / "big.csv").stat().st_size
        start = time.perf_counter()
        marks = {}
        raw = read_table(spec, folder, folder)
        marks["read"] = time.perf_counter() - start
        clean = clean_table(
            "big", raw, spec, ("trim", "drop_duplicates"), "classification"
        )
        marks["clean"] = time.perf_counter() - start
        del raw
        frames = profile("big", clean, "classification")
        marks["profile"] = time.perf_counter() - start
        seconds = time.perf_counter() - start
        write_clean(folder / "clean", [clean])
        dataset = read_dataset(folder / "clean", "big", "classification")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "rows": dataset.n,
        "features": dataset.X.shape[1],
        "bytes": size,
        "seconds": round(seconds, 1),
        "marks": {key: round(value, 1) for key, value in marks.items()},
        "peak_gib": round(peak / 2**30, 2),
        "histogram_rows": frames["histograms"].height,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
