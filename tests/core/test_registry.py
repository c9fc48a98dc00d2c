"""Members of installed packages stand beside those of the folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.core.errors import UsageError
from bench.core.identity import source_sha256, stage_versions
from bench.core.metrics import Metric
from bench.core.registry import Extension, Registry

MODULE = """
from dataclasses import replace
from bench.core.metrics.labels import ACCURACY

OURS = replace(ACCURACY, name="{name}", title="Ours")
"""


def registry(
    folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, source: str
) -> Registry[Metric]:
    """As if a package were installed: its module, and what says that it brings one."""
    info = folder / f"{module}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n"
    )
    (info / "entry_points.txt").write_text(f"[bench.metrics]\nours = {module}\n")
    (folder / f"{module}.py").write_text(source)
    monkeypatch.syspath_prepend(folder)
    return Registry("bench.core.metrics", Metric, "metric", group="bench.metrics")


def test_an_installed_package_brings_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = registry(
        tmp_path, monkeypatch, "more_metrics", MODULE.format(name="our_accuracy")
    )
    assert metrics["our_accuracy"].title == "Ours"
    extension = metrics.extension_of("our_accuracy")
    assert extension == Extension(
        "bench.metrics", "our_accuracy", "more_metrics", "1.2", "more_metrics"
    )
    assert metrics.extensions == (extension,)
    assert metrics.extension_of("accuracy") is metrics.extension_of("nothing") is None


def test_packages_are_read_for_names_that_the_folder_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = registry(
        tmp_path, monkeypatch, "late_metrics", MODULE.format(name="late_accuracy")
    )
    assert metrics["mcc"].name == "mcc"
    assert metrics.extension_of("mcc") is None
    assert "late_metrics" not in sys.modules
    assert "late_accuracy" in metrics
    assert "late_metrics" in sys.modules


def test_a_package_counts_for_the_stages_of_its_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stage_versions()
    registry(tmp_path, monkeypatch, "counted_metrics", MODULE.format(name="counted"))
    installed = stage_versions()
    assert {stage for stage in before if before[stage] != installed[stage]} == {
        "run",
        "judge",
        "report",
        "index",
    }
    (tmp_path / "counted_metrics.py").write_text(MODULE.format(name="counted_again"))
    source_sha256.cache_clear()
    assert stage_versions()["run"] != installed["run"]


def test_a_name_that_is_taken_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = registry(tmp_path, monkeypatch, "same_metrics", MODULE.format(name="mcc"))
    with pytest.raises(
        UsageError,
        match=r"same_metrics: the metric mcc is defined twice, first in bench\.core",
    ):
        metrics.values()


def test_a_package_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = registry(
        tmp_path, monkeypatch, "broken_metrics", "import nothing_of_that_name"
    )
    with pytest.raises(
        UsageError, match=r"broken_metrics 1\.2: its metric ours cannot be read"
    ):
        metrics.values()
