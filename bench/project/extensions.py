"""What installed packages bring to bench."""

from __future__ import annotations

from typing import Any

from bench.core.registry import Extension, Registry


def extensions() -> list[Extension]:
    """Every family, metric, source, claim kind and diagnostic that an installed package brought.

    Raises `UsageError` for a package that cannot be read, or brings a name that is taken.
    """
    from bench.claims import KINDS
    from bench.core.metrics import METRICS
    from bench.data.sources import SOURCES
    from bench.diagnose.diagnostic import DIAGNOSTICS
    from bench.families import FAMILIES

    registries: tuple[Registry[Any], ...] = (SOURCES, FAMILIES, METRICS, DIAGNOSTICS, KINDS)
    return [extension for registry in registries for extension in registry.extensions]
