"""What all tests share: a small project of its own in a folder of its own."""

from __future__ import annotations

import gc
import os
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# A shell's background job ignores Ctrl-C and hands that down to all it starts; the tests send real signals.
signal.signal(signal.SIGINT, signal.default_int_handler)
# DVC starts a process with each command that reports to its authors, and one that asks for a newer version.
os.environ["DVC_TEST"] = "true"
# What a process has written outlives it without; no test cuts the power, and a disk takes its time.
os.fsync = lambda fd: None
# A busy machine fails no test.
settings.register_profile("bench", deadline=None)
settings.load_profile("bench")


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays to the end: no search for garbage walks over it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


#: A study of a second or two: two families on a small synthetic table, tuned, with a claim.
TOY = """
title: A toy
task: classification
datasets:
  toy:
    source: {kind: synthetic, name: twonorm, rows: 80, seed: 1}
    target: target
clean: null
preprocess: null
protocol:
  resampling: {kind: kfold, folds: 3, repeats: 2}
  tuning: {folds: 2}
  seed: 0
families:
  baseline: {}
  knn: {n_neighbors: [1, 5]}
  lda: {}
metrics: {primary: accuracy, also: [roc_auc, log_loss]}
compare: null
diagnostics: {halves: null}
tolerance: {accuracy: 0.05, why: "a toy"}
claims:
  - {id: knn, kind: value, dataset: toy, family: knn, metric: accuracy, value: "0.95", unit: fraction,
     where: "nowhere", read: source}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A maker of projects: `project(toy=TOY)` writes params.yaml and studies, and steps into the folder."""

    def make(**studies: str) -> Path:
        names = "\n".join(f"  - {name.replace('_', '-')}" for name in studies)
        (tmp_path / "params.yaml").write_text(
            f"studies:\n{names}\nexecution: {{workers: 2}}\n"
        )
        for name, text in studies.items():
            folder = tmp_path / "studies" / name.replace("_", "-")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "study.yaml").write_text(textwrap.dedent(text))
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


@pytest.fixture(scope="session")
def toy() -> str:
    """The text of the toy study."""
    return TOY
