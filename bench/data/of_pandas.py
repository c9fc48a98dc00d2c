"""Frames of pandas as polars, column by column: the conversion of a whole frame needs pyarrow."""

from __future__ import annotations

from typing import Any

import polars as pl


def of_pandas(frame: Any) -> pl.DataFrame:
    """Numbers as Float64, anything else as text.

    >>> import pandas as pd
    >>> of_pandas(pd.DataFrame({"a": [1, 2], "b": ["x", None]})).rows()
    [(1.0, 'x'), (2.0, None)]
    """
    import pandas as pd

    columns: dict[str, pl.Series] = {}
    for name in frame.columns:
        column, word = frame[name], str(name)
        if pd.api.types.is_numeric_dtype(column):
            columns[word] = pl.Series(word, column.to_numpy(dtype="float64", na_value=float("nan"))).fill_nan(None)
        else:
            cells = [None if missing else str(value) for value, missing in zip(column, column.isna(), strict=True)]
            columns[word] = pl.Series(word, cells, dtype=pl.String)
    return pl.DataFrame(columns)
