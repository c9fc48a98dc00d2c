"""Commands that compute little import little: what is slow to import is imported where it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = {"pandas", "psutil", "scipy", "sklearn", "ssl"}
PAGES = {"bench.comparisons", "bench.report.sections", "jinja2"}
#: By what a command says, the modules that it begins with, and what does not come with them.
COMMANDS = {
    "--help": (
        ("bench.cli.app",),
        {*SLOW, "bench.project", "numpy", "polars", "pydantic", "rich", "ruamel"},
    ),
    "check": (
        ("bench.cli.verbs", "bench.cli.checking"),
        {*SLOW, *PAGES, "bench.report"},
    ),
    "log": (("bench.cli.runs",), {*SLOW, *PAGES} - {"bench.comparisons"}),
    "report": (
        ("bench.cli.verbs", "bench.project.pipeline", "bench.report.page"),
        {*SLOW, "bench.comparisons"},
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_leaves_out_what_is_slow(command: str) -> None:
    modules, left_out = COMMANDS[command]
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not left_out & set(ended.stdout.split())
