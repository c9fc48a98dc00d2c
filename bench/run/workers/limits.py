"""What a task may take. Apart from the supervisor, so that a run which fits nothing need not import one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a task may take: wall seconds, and bytes of resident memory of its worker with its children (None: any).

    `workers` is how many tasks are done at a time.
    """

    workers: int = 2
    seconds: float = 3600.0
    memory: int | None = None
