"""An estimator that ends its process when it is fitted on many rows without the first one of the table."""

from __future__ import annotations

import os
from typing import Any

from sklearn.neighbors import KNeighborsClassifier

FIRST = 12_345.0


class Mortal(KNeighborsClassifier):  # type: ignore[misc]
    """Rows are told by their first feature."""

    def fit(self, X: Any, y: Any) -> Any:
        if len(X) > 40 and FIRST not in X[:, 0]:
            os._exit(3)
        return super().fit(X, y)
