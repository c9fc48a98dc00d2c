"""One file = one cleaning step. `STEPS` holds them by name."""

from __future__ import annotations

from bench.data.step import STEPS

__all__ = ["STEPS"]
