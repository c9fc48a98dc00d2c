"""Imported once by the process that workers are forked from, so that each starts in milliseconds."""

import sklearn.model_selection
import sklearn.pipeline  # noqa: F401

import bench.data.arrays
import bench.run.evaluate  # noqa: F401
