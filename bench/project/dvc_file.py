"""The text of dvc.yaml, the same in every project: this is the only place where the stages are defined.

DVC reproduces every stage of `./dvc.yaml` unless a target is named, and has no mark for a stage that runs only when
it is named. So the slow studies have a file of their own, `slow/dvc.yaml`: this text over the other list of
params.yaml. Both are written by `bench init`, and again by `bench init --update`; no one edits them.

A stage depends on data, on the study, and on the version of the code behind it (`bench.core.identity`), which the
first stage writes into versions.yaml. It names no file of the package: that may be installed anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from bench.project.pipeline import JUDGE_FRAMES, RUN_FRAMES

_QUICK = """\
# Data to page, in stages. Written by `bench init`; `bench init --update` writes it anew, so edits are lost.
# `dvc repro` runs the studies of the list `studies` in params.yaml, `dvc repro report@ID` one of them.
stages:
  versions:
    desc: the version of the code behind each stage, so that a change of results is seen and a change of words is not
    cmd: python -m bench versions
    always_changed: true
    outs:
      - versions.yaml:
          cache: false

"""
_SLOW = """\
# The stages of ../dvc.yaml for the slow studies: those of the list `slow` in ../params.yaml. Written by `bench init`;
# `bench init --update` writes it anew, so edits are lost. `bench repro --slow` runs them all.
#
# DVC runs every stage of ./dvc.yaml unless one is named, so stages that should wait to be named need a file of their
# own. One difference: a summary is written here too, but it is no out. The stage `index` of ../dvc.yaml depends on the
# folder of summaries, and an out in it would make plain `dvc repro` run these studies.
vars:
  - ../params.yaml:slow

stages:
"""
#: The lists of params.yaml.
List = Literal["studies", "slow"]
#: Keys of study.yaml that the stages clean and run depend on; judge and report depend on the whole folder.
CLEAN_KEYS = ("task", "datasets", "clean", "protocol", "diagnostics")
RUN_KEYS = ("task", "datasets", "protocol", "families", "preprocess", "diagnostics")
_INDEX = """
  index:
    desc: the page over all studies, and the table over all papers
    cmd: python -m bench index
    deps:
      - summaries
    params:
      - studies
      - slow
      - versions.yaml:
          - index
    outs:
      - reports/index.html:
          cache: false
      - reports/literature.html:
          cache: false
"""


def dvc_text(studies: List) -> str:
    """The text of the pipeline file for one list of params.yaml.

    >>> dvc_text("studies").count("cmd: python -m bench")
    7
    >>> dvc_text("slow").count("cmd: python -m bench")
    5
    """
    slow = studies == "slow"
    fitted = [f"results/${{item}}/{name}.parquet" for name in RUN_FRAMES]
    judged = [f"results/${{item}}/{name}.parquet" for name in JUDGE_FRAMES]
    study, raw, clean = "studies/${item}", "data/${item}/raw", "data/${item}/clean"
    provenance = "results/${item}/provenance.json"
    summary = [] if slow else ["summaries/${item}.json"]
    stages = [
        _stage("fetch", studies, "get the tables of a study and record their sha256", [study], [raw]),
        _stage("clean", studies, "type, clean and profile", [raw], [clean], keys=CLEAN_KEYS),
        _stage(
            "run", studies, "fit every cell (dataset x family x outer fold); finished cells are kept in .bench/",
            [clean], [*fitted, provenance], keys=RUN_KEYS,
        ),
        _stage(
            "judge", studies, "scores, comparisons, verdicts and findings from what is stored; nothing is fitted",
            [study, clean, *fitted], judged, metrics="results/${item}/metrics.json",
        ),
        _stage(
            "report", studies, "the pages of a study",
            [study, clean, *fitted, provenance, *judged], uncached=["reports/${item}", *summary],
        ),
    ]  # fmt: skip
    return (_SLOW if slow else _QUICK) + "\n".join(stages) + ("" if slow else _INDEX)


def _stage(
    name: str,
    studies: List,
    what: str,
    inputs: Sequence[str],
    outputs: Sequence[str] = (),
    *,
    keys: Sequence[str] = (),
    uncached: Sequence[str] = (),
    metrics: str = "",
) -> str:
    """One stage over a list of studies."""
    lines = [f"  {name}:", f"    foreach: ${{{studies}}}", "    do:"]
    lines += ["      wdir: .."] if studies == "slow" else []
    lines += [f"      desc: {what}", f"      cmd: python -m bench {name} ${{item}}"]
    lines += ["      deps:", *_items(inputs), "      params:"]
    lines += ["        - studies/${item}/study.yaml:", *(f"            - {key}" for key in keys)] if keys else []
    lines += ["        - versions.yaml:", f"            - {name}", "      outs:", *_items(outputs)]
    lines += [line for out in uncached for line in (f"        - {out}:", "            cache: false")]
    lines += ["      metrics:", f"        - {metrics}:", "            cache: false"] if metrics else []
    return "\n".join(lines) + "\n"


def _items(names: Iterable[str]) -> list[str]:
    return [f"        - {name}" for name in names]
