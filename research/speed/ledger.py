"""The measurements so far, in one JSON file: an interrupted `make speed` continues where it stopped.

A finished ledger, or one of other code, other versions or another contest, is not continued.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info

from research.speed import gate, ours
from research.speed.contest import FROZEN, contest_of
from research.speed.measured import BEGAN, measured
from research.speed.opponent import KEPT

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = ROOT / ".bench" / "speed"
LIBRARIES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "joblib",
    "xgboost",
    "xgboost-cpu",
    "polars",
)


class Ledger:
    """The figures, by part; every entry is on disk when `put` returns."""

    def __init__(self, folder: Path, quick: bool) -> None:
        self.quick = quick
        self.folder = folder / ("quick" if quick else "full")
        self.path = self.folder / "ledger.json"
        fresh = {"code": code(), "machine": machine(), "done": False}
        self.figures: dict[str, Any] = fresh
        if self.path.is_file():
            found = json.loads(self.path.read_text(encoding="utf-8"))
            if (
                not found["done"]
                and found["code"] == fresh["code"]
                and found["machine"] == fresh["machine"]
            ):
                self.figures = found
                say(
                    f"going on with {self.path.relative_to(ROOT)}, which an earlier run left unfinished"
                )
        if self.figures is fresh:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)

    def part(self, name: str) -> dict[str, Any]:
        part: dict[str, Any] = self.figures.setdefault(name, {})
        return part

    def put(self, part: str, key: str, figures: Any) -> None:
        self.part(part)[key] = figures
        self.save()

    def save(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self.figures, indent=1), encoding="utf-8")
        fresh.replace(self.path)


def say(line: str) -> None:
    """A line of progress."""
    print(line, flush=True)


def compete(
    ledger: Ledger, name: str, orders: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Run a contest's pairs, each side in a fresh process, in these orders; yield problems and continue.

    A pair's figures are the times of each side and, as `gate`, their differences; the next `make speed` repeats a
    side that failed.
    """
    for number, order in enumerate(orders, 1):
        key = str(number)
        pair = ledger.part(name).setdefault(key, {"gate": {}})
        for side in order:
            if side in pair:
                continue
            took = _side(ledger, name, key, side)
            say(
                f"{name} pair {number} of {len(orders)}: {side:8} {took['wall']:7.1f} s wall {took['cpu']:7.1f} s CPU"
            )
            if took["code"] == 0:
                pair[side] = took
            else:
                yield f"{name}, pair {number}: {side} ended with code {took['code']}: {took['printed'][-600:]}"
            ledger.save()
        for side in [name for name in ("fast",) if name in pair]:
            if "opponent" in pair and side not in pair["gate"]:
                found, theirs = (
                    gate.load(_kept(ledger, name, key, one))
                    for one in (side, "opponent")
                )
                pair["gate"][side] = gate.differences(found, theirs)
                ledger.save()
            yield from (
                f"{name}, pair {number}, {side}: {what}"
                for what in pair["gate"].get(side, [])
            )


def _side(ledger: Ledger, name: str, key: str, side: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=ledger.folder) as place:
        folder = Path(place)
        took = measured(sys.executable, str(HERE / "side.py"), side, name, place, BEGAN)
        if took["code"] == 0:
            took["notes"] = json.loads((folder / "notes.json").read_text())
            kept = (
                gate.load(folder / KEPT)
                if side == "opponent"
                else ours.stored(contest_of(name), side, folder)  # type: ignore[arg-type]
            )
            gate.save(_kept(ledger, name, key, side), kept)
    return took


def _kept(ledger: Ledger, name: str, key: str, side: str) -> Path:
    return ledger.folder / f"{name}-{key}-{side}.npz"


def machine() -> dict[str, str]:
    """Cores, processor, versions and BLAS; nothing that names the machine."""
    found = {one.metadata["Name"].lower(): one.version for one in distributions()}
    blas = sorted(
        {
            f"{one['internal_api']} {one['version']}"
            for one in threadpool_info()
            if one["user_api"] == "blas"
        }
    )
    return {
        "cores": str(
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count()
        ),
        "processor": _processor(),
        "system": platform.system(),
        "Python": platform.python_version(),
        **{name: found[name] for name in LIBRARIES if name in found},
        "BLAS": ", ".join(blas),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(
            line.partition(":")[2].strip()
            for line in lines
            if line.startswith("model name")
        )
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def code() -> str:
    """A hash of the contest, of bench and of the measuring code."""
    digest = hashlib.sha256(FROZEN.encode())
    for top in (ROOT / "bench", HERE):
        for path in sorted(top.rglob("*.py")):
            if path.name not in (
                "rows.py",
                "tables.py",
                "test_speed.py",
                "test_speed_gate.py",
            ):
                digest.update(path.read_bytes())
    return digest.hexdigest()
