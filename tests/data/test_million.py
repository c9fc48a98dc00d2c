"""A million rows: only with `-m slow`, in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_a_million_rows_go_from_source_to_profile():
    root = Path(__file__).parents[2]
    env = dict(os.environ, PYTHONPATH=str(root))
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parents[1] / "helpers" / "million.py")],
        capture_output=True,
        text=True,
        env=env,
        check=True,
    )
    found = json.loads(done.stdout)
    print(found)
    assert (found["rows"], found["features"]) == (1_000_000, 29)
    assert found["seconds"] <= 60
    assert found["peak_gib"] <= 4
