"""Imported once by the process that workers are forked from, so that each starts in milliseconds."""

import sklearn.model_selection
import sklearn.pipeline  # noqa: F401

import bench.data.load
import bench.run.evaluate
import bench.run.store  # noqa: F401
