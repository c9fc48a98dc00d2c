"""bench re-does a paper's machine-learning experiment on tabular data and says what holds up.

From Python: `read_study(Path("studies/wine-1992"))` gives the frozen Study; the functions of `bench.project.pipeline` (fetch,
clean, run, judge, report) do what `dvc repro` does, one stage at a time; `bench.stats` holds the statistics, arrays
in and frozen dataclasses out.
"""

from bench.study import read_study

__all__ = ["read_study"]
