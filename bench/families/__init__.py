"""The model families: one file a kind, one constant a family."""

from __future__ import annotations

from bench.families.family import Family
from bench.registry import Registry

FAMILIES = Registry("bench.families", Family, "family")

__all__ = ["FAMILIES", "Family"]
