"""`bench new`: a study folder from a template with comments, and its word in params.yaml."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.data.guess import Guess, guess
from bench.project.project import Project
from bench.study.reading import ID, RESERVED

TEMPLATE = """\
# A study: what was claimed, on which data, under which protocol. `bench check {id}` reads it, `dvc repro` runs it.
title: {title}
question: What do you want to know, in one sentence?
# What you expect, and what would change your mind, before you run it: the report answers both.
expect: null
falsified_if: null
answer: null                   # afterwards: what you make of the results, in a sentence or two; printed as yours
paper: null                    # {{citation: "...", year: 2001, url: "https://...", summary: "in your own words"}}

task: {task}           # classification or regression
datasets:
  {dataset}:
{source}
    target: {target}           # the column to predict
{roles}
# Cleaning, before any split: steps that touch values no model has learnt from (`bench list steps`).
clean: null                    # e.g. [trim, drop_duplicates]
# Inside the fold: imputing, scaling, encoding, selecting. null: each family's own default.
preprocess: null
protocol:
  resampling: {{kind: kfold, folds: 5, repeats: 2}}
  tuning: {{folds: 3}}           # null: nothing is tuned
  seed: 0
# A scalar is fixed, a list is a set of candidates; {{}} takes the default candidates (`bench list families`).
families:
  baseline: {{}}
{families}
metrics: {metrics}
compare: null                  # {{rope: 0.01, why: "a difference that would matter", failed: baseline}}
# What costs fits is asked for; `bench check {id}` tells how many. These two are one fit a fold and share:
diagnostics:
  learning: {{}}                 # would more rows help?
  inspect: {{}}                  # which features does it lean on?
  # overtuning: {{}}             # the untuned defaults, in each fold
  # variance: {{draws: 10}}      # one seed at a time: up to 30 times the first repeat
  # permutations: {{count: 199}} # is there any signal? 199 times the first repeat
  # grouping: {{}}               # random against grouped folds: all repeats once more
  # explain: {{family: ...}}     # what would explain a published number? `bench list explanations`
tolerance: null                # {{accuracy: 0.01, why: "..."}}; how close is close, settled before any score exists
# Kinds of claims, each with an example: `bench list claims`.
claims: null                   # [{{id: table-2, kind: value, dataset: {dataset}, family: ..., metric: ...,
                               #   value: "97.5", unit: percent, where: "Table 2", verified: true}}]
"""
_CLASSIFICATION = "  logistic_regression: {}\n  random_forest: {}"
_REGRESSION = "  ridge: {}\n  random_forest: {}"


def new_study(project: Project, study: str, csv: Path | None) -> list[str]:
    """Make `studies/<id>/study.yaml` and list it in params.yaml; returns the lines to tell.

    With a CSV the table is copied into the study and its types, target and roles are guessed; each guess is told.
    Raises `UsageError` for a bad id, an id that exists, or a missing table.
    """
    if not ID.match(study) or study in RESERVED:
        raise UsageError(
            f"{study}: an id is small letters, digits and hyphens, and begins with a letter; nothing was made"
        )
    folder = project.paths.study(study)
    if folder.exists():
        raise UsageError(f"{folder}: exists already; nothing was made")
    listed = project.studies
    found = None
    if csv is not None:
        if not csv.is_file():
            raise UsageError(f"{csv}: there is no such file; nothing was made")
        found = guess(csv)
    text = _filled(study, csv, found)
    if csv is not None:
        (folder / "data").mkdir(parents=True)
        shutil.copyfile(csv, folder / "data" / csv.name)
    write_bytes(folder / "study.yaml", text.encode())
    if study not in listed:
        _list(project.paths.params, study)
    told = [f"made {folder}/study.yaml and listed {study} in {project.paths.params}"]
    told += [str(one) for one in found.warnings] if found is not None else []
    return [*told, f"next: edit it, then `bench check {study}` and `{project.rerun(study)}`"]


def _filled(study: str, csv: Path | None, found: Guess | None) -> str:
    task = found.task if found is not None else "classification"
    families, metrics = (
        (_CLASSIFICATION, "{primary: accuracy, also: [roc_auc, log_loss]}")
        if task == "classification"
        else (_REGRESSION, "{primary: rmse, also: [mae, r2]}")
    )
    source, target, roles = "    source: {kind: sklearn, name: wine}", "target", ""
    if csv is not None and found is not None:
        options = {"kind": "csv", "file": f"data/{csv.name}"} | found.source
        source = f"    source: {_flow(options)}"
        target = _quoted(found.target)
        lines = [f"    missing: {_flow(list(found.missing))}"] if found.missing else []
        if found.types:
            lines.append("    types:")
            labels = found.target if found.task == "classification" else None
            lines += [f"      {_quoted(name)}: {kind}" for name, kind in found.types.items() if name != labels]
        lines += [f"    # {warning}" for warning in found.warnings]
        roles = "".join(f"{line}\n" for line in lines)
    return TEMPLATE.format(
        id=study,
        title=_quoted(study.replace("-", " ").capitalize()),
        task=task,
        dataset=_dataset_name(study),
        source=source,
        target=target,
        roles=roles,
        families=families,
        metrics=metrics,
    )


def _dataset_name(study: str) -> str:
    return study.split("-")[0]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _flow(value: object) -> str:
    """A value as YAML in one line: JSON is YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _list(file: Path, study: str) -> None:
    """Add the id to params.yaml, under the last one; every other line stays as it is."""
    lines = file.read_text(encoding="utf-8").splitlines()
    start = next((i for i, line in enumerate(lines) if re.match(r"studies\s*:", line)), None)
    items = [i for i in range(start + 1, len(lines)) if re.match(r"\s*- ", lines[i])] if start is not None else []
    below = (
        [i for i in range(start + 1, len(lines)) if re.match(r"\S", lines[i]) and lines[i][0] not in "-#"]
        if start is not None
        else []
    )
    items = [i for i in items if not below or i < below[0]]
    if not items:
        raise UsageError(f"{file}: list the study {study} there by hand, under `studies:`, one `- id` a line")
    indent = lines[items[-1]].split("-")[0]
    lines.insert(items[-1] + 1, f"{indent}- {study}")
    write_bytes(file, ("\n".join(lines) + "\n").encode())
