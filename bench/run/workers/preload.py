"""Imported once by the process that workers are forked from, so that each starts in milliseconds."""

import sklearn.compose
import sklearn.impute
import sklearn.model_selection
import sklearn.pipeline
import sklearn.preprocessing  # noqa: F401

import bench.data.arrays
import bench.run.evaluate  # noqa: F401
from bench.run.shortcuts import SHORTCUTS

SHORTCUTS.values()  # their files too; each imports its library only when it is first asked
