"""Estimators as foreign code may have them: one that fails by its rows, and one that always fails."""

from __future__ import annotations

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis


class Flaky(LinearDiscriminantAnalysis):
    """Fails in every second fold or so, as its training rows fall; else as good as its parent."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Flaky:
        if int(np.abs(X).sum() * 1000) % 2:
            raise RuntimeError("flaky")
        super().fit(X, y)
        return self


class Broken(LinearDiscriminantAnalysis):
    def fit(self, X: np.ndarray, y: np.ndarray) -> Broken:
        raise RuntimeError("broken")
