"""Which tracked results of slow studies are older than the code that they depend on."""

import warnings
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.core.identity import STAGES
from bench.project.folder import ProjectFolder
from bench.project.versions import versions_of_stages

ROOT = Path(__file__).parents[2]
PROJECT = ProjectFolder(ROOT)
TODAY = versions_of_stages(PROJECT)
STAGES_OF_A_STUDY = [stage for stage in STAGES if stage != "index"]


def stale_stages(study: str) -> list[str]:
    """The stages of a study whose lock names another version of the code than today's."""
    lock = ROOT / "pipeline" / study / "dvc.lock"
    if not lock.is_file():
        return STAGES_OF_A_STUDY
    stages = YAML(typ="safe").load(lock.read_text(encoding="utf-8"))["stages"]
    stale = []
    for stage in STAGES_OF_A_STUDY:
        recorded = stages.get(stage, {}).get("params", {}).get("versions.yaml", {})
        if recorded.get(stage) != TODAY[stage]:
            stale.append(stage)
    return stale


@pytest.mark.parametrize("study", PROJECT.settings.slow)
def test_results_of_a_slow_study_are_of_today(study: str) -> None:
    """Named only: `make slow` renews them."""
    if stale := stale_stages(study):
        warnings.warn(f"{study}: {', '.join(stale)} of older code", stacklevel=1)
