"""What is seen while cells finish: a bar for each model on a terminal, plain lines elsewhere, all on stderr.

The bars, and rich with them, are imported on a terminal alone: a run off a terminal that finds every cell in the store
takes less time than rich does.
"""

from __future__ import annotations

from bench.cli import environment
from bench.project.progress import Lines


def listener(study: str) -> Lines:
    """Who shows a run."""
    if not environment.is_live():
        return Lines(study)
    from bench.cli.bars import RunBars
    from bench.cli.show import console

    return RunBars(study, console(stderr=True))
