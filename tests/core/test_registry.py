"""Members of installed packages stand beside those of the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.core.errors import BenchError
from bench.core.metrics import Metric
from bench.core.registry import Registry

MODULE = """
from dataclasses import replace
from bench.core.metrics.labels import ACCURACY

OURS = replace(ACCURACY, name="{name}", title="Ours")
"""


def registry(folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, source: str) -> Registry[Metric]:
    """As if a package were installed: its module, and what says that it brings one."""
    info = folder / f"{module}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[bench.metrics]\nours = {module}\n")
    (folder / f"{module}.py").write_text(source)
    monkeypatch.syspath_prepend(folder)
    return Registry("bench.core.metrics", Metric, "metric", group="bench.metrics")


def test_an_installed_package_brings_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = registry(tmp_path, monkeypatch, "more_metrics", MODULE.format(name="our_accuracy"))
    assert metrics["our_accuracy"].title == "Ours"
    assert metrics.distribution_of("our_accuracy") == "more_metrics 1.2"
    assert metrics.distribution_of("accuracy") is None


def test_a_name_that_is_taken_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = registry(tmp_path, monkeypatch, "same_metrics", MODULE.format(name="mcc"))
    with pytest.raises(BenchError, match=r"same_metrics: the metric mcc is defined twice, first in bench\.core"):
        metrics["mcc"]


def test_a_package_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = registry(tmp_path, monkeypatch, "broken_metrics", "import nothing_of_that_name")
    with pytest.raises(BenchError, match=r"broken_metrics 1\.2: its metric ours cannot be read"):
        metrics["mcc"]
