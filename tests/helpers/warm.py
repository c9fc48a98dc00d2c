"""Imported by the process that forks the workers of tests: self-tests of shortcuts are done once for all of them."""

import bench.run.workers.preload  # noqa: F401
from bench.run.engine import passes
from bench.run.shortcuts import SHORTCUTS

for shortcut in SHORTCUTS.values():
    if shortcut.self_test is not None:
        passes(shortcut)
