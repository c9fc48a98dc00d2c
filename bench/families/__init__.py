"""The model families: one file a kind, one constant a family."""

from __future__ import annotations

from bench.core.registry import Registry
from bench.families.family import Family

FAMILIES = Registry("bench.families", Family, "family", group="bench.families")

__all__ = ["FAMILIES", "Family"]
