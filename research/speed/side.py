"""One side of one contest, as a process of its own: `side.py opponent|fast CONTEST FOLDER BEGAN`."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(side: str, name: str, place: str, began: str) -> None:
    """Run one side, and write its notes to `notes.json` in the folder."""
    from research.speed.contest import contest_of

    folder = Path(place)
    if side == "opponent":
        from research.speed import opponent

        notes = opponent.run(contest_of(name), folder)
    else:
        from research.speed import ours

        notes = ours.run(contest_of(name), side, folder, float(began))  # type: ignore[arg-type]
    (folder / "notes.json").write_text(json.dumps(notes))


if __name__ == "__main__":
    main(*sys.argv[1:])
