"""One file = one layout in which authors publish scores. `ADAPTERS` holds them by name."""

from __future__ import annotations

from bench.core.registry import Registry
from bench.data.adapter import Adapter

ADAPTERS: Registry[Adapter] = Registry("bench.data.adapters", Adapter, "adapter")
