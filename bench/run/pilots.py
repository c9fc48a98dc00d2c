"""How many repeats are run after a pilot at most: by work that is counted, never by a clock."""

from __future__ import annotations

from collections.abc import Sequence

from bench.run.cells import Cell
from bench.study.protocol import PilotRepeats

#: A training costs its rows and so many more, whatever their number: measured on tables of some hundred rows.
ROWS_A_TRAINING = 200
#: So many rows over all trainings are cheap.
CHEAP = 2_000_000


def most_repeats(pilot: PilotRepeats, cells: Sequence[Cell]) -> int:
    """The most repeats of a dataset: as stated, else as many as are cheap by what some of its repeats cost."""
    if "at_most" in pilot.model_fields_set or not cells:
        return pilot.at_most
    repeats = len({cell.fold.repeat for cell in cells})
    rows = [
        (len(cell.fold.train) + ROWS_A_TRAINING) * cell.plan.trainings for cell in cells
    ]
    cheap = CHEAP * repeats // sum(rows)
    return min(pilot.at_most, max(pilot.pilot, cheap))
