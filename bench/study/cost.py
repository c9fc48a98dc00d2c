"""What a run of a study took, kept with the study by an explicit act: `studies/<id>/cost.json`.

No result depends on it, and nothing writes it unasked, so that pages stay the same bytes. It names the results that it
is of by their hash.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from math import isfinite
from pathlib import Path

from bench.core.errors import DataError

FILE = "cost.json"


@dataclass(frozen=True)
class RunCost:
    """Fits and seconds of one core of all fits of a run, the machine without its name, and the day of the record."""

    results_sha256: str
    fits: int
    seconds: float
    cores: int
    system: str
    python: str
    date: str

    @property
    def text(self) -> bytes:
        """The file."""
        return (json.dumps(asdict(self), indent=2) + "\n").encode()


def cost_of(folder: Path) -> RunCost | None:
    """What is recorded in a study's folder; None without a record. Raises `DataError` for a file that is none."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        kinds = {"fits": int, "seconds": float, "cores": int}
        cost = RunCost(
            **{
                one.name: kinds.get(one.name, str)(values[one.name])
                for one in fields(RunCost)
            }
        )
        if not (
            isfinite(cost.seconds) and min(cost.fits, cost.seconds, cost.cores) >= 0
        ):
            raise ValueError("no cost")
        return cost
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise DataError(
            f"{file}: is not what `bench cost` writes ({type(error).__name__}); write it anew"
        ) from None
