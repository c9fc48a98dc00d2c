"""A data set of OpenML by its id, through scikit-learn's own reader, kept in the downloads folder.

`BENCH_OPENML_URL` names another server that speaks the same API (`http://127.0.0.1:8000` in tests, a mirror elsewhere).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Annotated, Any
from urllib.error import URLError
from urllib.parse import urlparse

import polars as pl
from pydantic import Field, Strict

from bench.core.errors import DataError
from bench.data.files import nominal
from bench.data.source import Source
from bench.study.fields import Form

VARIABLE = "BENCH_OPENML_URL"
_PREFIX = "https://www.openml.org"
_PARTS = ("_SEARCH_NAME", "_DATA_INFO", "_DATA_FEATURES", "_DATA_QUALITIES")
_LOCK = Lock()


class Options(Form):
    """`id`: the number in the data set's address on OpenML. A version is a data set of its own, with its own id."""

    id: Annotated[int, Strict(), Field(ge=1)]
    """The number of the data set at OpenML. Example: `61`."""


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    """Nominal attributes as Enum, numeric ones as Float64, text as String; the target keeps its name and stands last.

    Raises `DataError` when the server cannot be reached, knows no such data set, or a checksum differs.
    """
    from sklearn.datasets import fetch_openml

    server = os.environ.get(VARIABLE, _PREFIX).rstrip("/")
    cache = downloads / "openml" / (urlparse(server).hostname or "server")
    try:
        with _server(server), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            bunch: Any = fetch_openml(
                data_id=options.id, data_home=str(cache), as_frame=True, parser="liac-arff", n_retries=1, delay=0.2
            )
    except (URLError, TimeoutError) as error:
        raise DataError(f"openml {options.id}: {server} cannot be reached ({error}); nothing was read") from None
    except DataError:
        raise
    except Exception as error:  # the reader raises whatever its parsing meets
        raise DataError(f"openml {options.id}: {type(error).__name__}: {error}; nothing was read") from None
    return _polars(bunch.frame)


@contextmanager
def _server(server: str) -> Iterator[None]:
    """scikit-learn's addresses with another server in front; it has no parameter for that."""
    import sklearn.datasets._openml as module

    plain_http = server.startswith("http://") and urlparse(server).hostname in ("127.0.0.1", "localhost", "::1")
    if not server.startswith("https://") and not plain_http:
        raise DataError(f"{VARIABLE}: expected an address that begins with https:// (http:// only on this machine)")
    if server == _PREFIX:
        yield
        return
    with _LOCK:
        before = {part: getattr(module, part) for part in _PARTS}
        download = module._download_data_to_bunch
        try:
            for part, address in before.items():
                setattr(module, part, address.replace(_PREFIX, server))
            module._download_data_to_bunch = lambda url, *a, **k: download(url.replace(_PREFIX, server), *a, **k)
            yield
        finally:
            for part, address in before.items():
                setattr(module, part, address)
            module._download_data_to_bunch = download


def _polars(frame: Any) -> pl.DataFrame:
    """A pandas frame as polars, column by column (the whole-frame conversion needs pyarrow)."""
    import pandas as pd

    columns: dict[str, pl.Series] = {}
    categories = []
    for name in frame.columns:
        series = frame[name]
        if pd.api.types.is_numeric_dtype(series) and not isinstance(series.dtype, pd.CategoricalDtype):
            values = pl.Series(name, series.to_numpy(dtype="float64", na_value=float("nan"))).fill_nan(None)
        else:
            cells = [None if missing else str(value) for value, missing in zip(series, series.isna(), strict=True)]
            values = pl.Series(name, cells, dtype=pl.String)
            if isinstance(series.dtype, pd.CategoricalDtype):
                categories.append(str(name))
        columns[str(name)] = values
    return nominal(pl.DataFrame(columns), categories)


SOURCE = Source("openml", "A data set of OpenML by its id", Options, read)
