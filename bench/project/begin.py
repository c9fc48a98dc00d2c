"""`bench init`: a project in a folder, with an example study that runs in seconds."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.core.errors import BenchError, UsageError
from bench.core.frames import write_bytes
from bench.project.dvc_file import List, dvc_text
from bench.project.folder import PIPELINE, SLOW_PIPELINE
from bench.project.project import Project

EXAMPLE = "example"
_PARAMS = """\
# The studies that run by default, in the order of the index page: one word a folder of studies/.
studies:
  - example

# Studies that take too long for every day: `bench repro --slow` runs them, or `bench repro ID` one of them.
slow: []

# What this machine gives to a run: it decides which cells can finish, not what they find. A study may set
# `limits: {seconds_per_cell, megabytes_per_cell}` of its own.
execution:
  workers: 2
  seconds_per_cell: 3600
  megabytes_per_cell: null      # resident memory of a cell's process and its children; null: no limit

# Packages whose code a study may name by import path (`estimator: package.module.Class`), besides scikit-learn and
# xgboost. Their code is run: list only what you trust. The report says so.
trusted: []
"""
_STUDY = """\
# An example that runs in seconds: 178 wines from three cultivars, 13 chemical measurements. `bench schema` prints every
# key that a study may have, `bench list WHAT` the words (families, metrics, sources, claims, diagnostics, ...).
title: Three cultivars of wine
question: Does a straight boundary tell the cultivars apart as well as a forest does?
task: classification
datasets:
  wine:
    source: {kind: sklearn, name: wine}
    target: target
# Cleaning, before any split, and steps inside each fold (scaling, encoding, ...); null: each family's own default.
clean: null
preprocess: null
protocol:
  resampling: {kind: kfold, folds: 5, repeats: 2}
  tuning: {folds: 3}
  seed: 0
# A scalar is fixed, a list is a set of candidates; {} takes the default candidates.
families:
  baseline: {}
  lda: {}
  random_forest: {n_estimators: 50}
metrics: {primary: accuracy, also: [log_loss]}
compare: {rope: 0.01, why: "a difference of one wine in a hundred would not matter"}
tolerance: {accuracy: 0.02, why: "some three wines of 178"}
# What costs further fits is asked for, such as `learning: {}`: would more rows help?
diagnostics: null
# What a paper claims, number by number; here what anybody may expect.
claims:
  - {id: lda-beats-baseline, kind: better, dataset: wine, family: lda, against: baseline, metric: accuracy,
     where: "an expectation", verified: true}
"""
_IGNORED = (".bench/", "data/", "results/**/*.parquet", "results/**/provenance.json", "versions.yaml", "exports/")


def begin(folder: Path, dvc: bool = True) -> list[str]:
    """What was made, a line each, and what to do next. A file that is there already is kept as it is.

    Parameters
    ----------
    folder : path
        Made where it does not exist; may be a git repository, or a folder in one.
    dvc : bool, default True
        Whether DVC runs the stages.

    Raises
    ------
    UsageError
        Where the folder holds a params.yaml or dvc.yaml of something else; nothing was written.
    """
    _refuse_others(folder, dvc)
    lines = []
    files = {"params.yaml": _PARAMS}
    if not (folder / "params.yaml").exists():
        files[f"studies/{EXAMPLE}/study.yaml"] = _STUDY
    for name, text in files.items():
        lines.append(_written(folder, name, text))
    lines += _ignored(folder / ".gitignore")
    if dvc:
        lines += _with_dvc(folder)
        lines += write_pipeline(Project(folder))
    project = Project(folder)
    change = [] if folder.resolve() == Path().resolve() else [f"cd {folder}"]
    first = EXAMPLE if EXAMPLE in project.studies else (*project.studies, "ID")[0]
    steps = [*change, f"bench check {first}", project.rerun(first), f"bench open {first}", "bench new my-study"]
    return [*lines, "next:", *(f"  {step}" for step in steps)]


def write_pipeline(project: Project, update: bool = False) -> list[str]:
    """Write dvc.yaml, and slow/dvc.yaml where slow studies are listed or `update` finds one; a line for each.

    An existing file is kept unless `update` asks for it to be written anew.
    """
    lines = []
    wanted: dict[Path, List] = {PIPELINE: "studies"}
    if project.settings.slow or (project.root / SLOW_PIPELINE).exists():
        wanted[SLOW_PIPELINE] = "slow"
    for path, studies in wanted.items():
        lines.append(_written(project.root, path.as_posix(), dvc_text(studies), update))
    return lines


def _written(folder: Path, name: str, text: str, update: bool = False) -> str:
    file = folder / name
    if file.exists() and not update:
        return f"kept     {name}"
    write_bytes(file, text.encode())
    return f"made     {name}"


def _refuse_others(folder: Path, dvc: bool) -> None:
    """Raise where the folder is taken: by a file, or by params.yaml or dvc.yaml of another use."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file, expected a folder; nothing was made")
    params, pipeline = folder / "params.yaml", folder / PIPELINE
    if params.exists() and not re.search(r"^studies\s*:", params.read_text(encoding="utf-8"), re.MULTILINE):
        raise UsageError(
            f"{params}: has no list `studies`, so it is of another use; nothing was made. Add `studies: []`, "
            "or make the project in a folder of its own: `bench init FOLDER`"
        )
    if dvc and pipeline.exists() and "python -m bench" not in pipeline.read_text(encoding="utf-8"):
        raise UsageError(
            f"{pipeline}: is a pipeline of another use; nothing was made. Make the project in a folder of its own: "
            "`bench init FOLDER`"
        )


def _ignored(file: Path) -> list[str]:
    """Add to .gitignore what it lacks; its other lines stay as they are."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    missing = [name for name in _IGNORED if name not in {line.strip().lstrip("/") for line in before.splitlines()}]
    if not missing:
        return [f"kept     {file.name}"]
    gap = "\n" if before and not before.endswith("\n") else ""
    text = "\n".join(["# bench: what is made anew from studies and downloads", *missing]) + "\n"
    write_bytes(file, (before + gap + text).encode())
    return [f"{'changed' if before else 'made   '}  {file.name}"]


def _with_dvc(folder: Path) -> list[str]:
    """Set DVC up in a folder that has none, in itself or above it within its git repository."""
    if (folder / ".dvc").is_dir():
        return ["kept     .dvc"]
    here = folder.resolve()
    repository = next((above for above in (here, *here.parents) if (above / ".git").exists()), None)
    options = ["--no-scm"] if repository is None else [] if repository == here else ["--subdir"]
    dvc(folder, ["init", "--quiet", *options])
    return ["made     .dvc"]


def dvc(folder: Path, arguments: Sequence[str]) -> None:
    """Run DVC in a folder, its output going where ours goes.

    Raises
    ------
    BenchError
        When it ends with another code than 0, which becomes the exit code.
    """
    ended = subprocess.run([sys.executable, "-m", "dvc", *arguments], cwd=folder, check=False)
    if ended.returncode:
        raise DvcError(arguments, ended.returncode)


class DvcError(BenchError):
    """DVC did not do what it was asked for; it has said why."""

    def __init__(self, arguments: Sequence[str], code: int) -> None:
        super().__init__(f"dvc {' '.join(arguments)}: ended with {code}; its own words stand above")
        self.exit_code = max(1, code)
