"""One file = one way to get a table. `SOURCES` holds them by name."""

from __future__ import annotations

from bench.core.registry import Registry
from bench.data.source import Source

SOURCES: Registry[Source] = Registry(
    "bench.data.sources", Source, "data source", group="bench.sources"
)
