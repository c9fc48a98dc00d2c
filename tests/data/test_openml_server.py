"""OpenML through scikit-learn's reader, against a server on this machine that speaks its API."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import polars as pl
import pytest
from sklearn.datasets import _openml

from bench.core.errors import DataError

ARFF = b"""@relation toy
@attribute age numeric
@attribute id numeric
@attribute colour {red, 'dark blue', green}
@attribute note string
@attribute grade {2, 10}
@data
1.5, 1, red, hello, 2
?, 2, 'dark blue', 'a, b', 10
3, 3, ?, x, 2
"""
FEATURES = [
    ("age", "numeric", 1),
    ("id", "numeric", 0),
    ("colour", "nominal", 1),
    ("note", "string", 0),
    ("grade", "nominal", 0),
]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        body = self._answer()
        self.send_response(200 if body is not None else 412)
        self.end_headers()
        self.wfile.write(
            body
            if body is not None
            else b'{"error": {"code": "111", "message": "Unknown dataset"}}'
        )

    def _answer(self) -> bytes | None:
        if self.path == "/data/v1/download/7/toy.arff":
            return ARFF
        if self.path == "/api/v1/json/data/7":
            about = {
                "id": "7", "name": "toy", "description": "a toy", "version": "1",
                "format": "ARFF", "status": "active", "file_id": "7",
                "url": "https://www.openml.org/data/v1/download/7/toy.arff",
                "default_target_attribute": "grade", "row_id_attribute": "id", "md5_checksum": self.server.md5,
            }  # fmt: skip
            return json.dumps({"data_set_description": about}).encode()
        if self.path == "/api/v1/json/data/features/7":
            rows = [
                {
                    "index": str(i), "name": name, "data_type": kind, "is_target": str(name == "grade").lower(),
                    "is_ignore": "false", "is_row_identifier": str(name == "id").lower(),
                    "number_of_missing_values": str(missing),
                }
                for i, (name, kind, missing) in enumerate(FEATURES)
            ]  # fmt: skip
            return json.dumps({"data_features": {"feature": rows}}).encode()
        if self.path == "/api/v1/json/data/qualities/7":
            return json.dumps(
                {
                    "data_qualities": {
                        "quality": [{"name": "NumberOfInstances", "value": "3.0"}]
                    }
                }
            ).encode()
        return None

    def log_message(self, *args: object) -> None:
        pass


def _answer_from(server, monkeypatch):
    """Let scikit-learn ask another server; it has no parameter for that."""
    ours = "https://www.openml.org"
    for name in ("_SEARCH_NAME", "_DATA_INFO", "_DATA_FEATURES", "_DATA_QUALITIES"):
        monkeypatch.setattr(_openml, name, getattr(_openml, name).replace(ours, server))
    download = _openml._download_data_to_bunch
    monkeypatch.setattr(
        _openml,
        "_download_data_to_bunch",
        lambda url, *a, **k: download(url.replace(ours, server), *a, **k),
    )


@pytest.fixture
def server(monkeypatch):
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.seen, made.md5 = [], hashlib.md5(ARFF).hexdigest()
    threading.Thread(target=made.serve_forever, args=[0.01], daemon=True).start()
    _answer_from(f"http://127.0.0.1:{made.server_port}", monkeypatch)
    yield made
    made.shutdown()
    made.server_close()


def test_a_dataset_is_read_typed_and_fetched_once(server, read):
    frame = read(kind="openml", id=7)
    assert frame.columns == [
        "age",
        "colour",
        "note",
        "grade",
    ]  # the row identifier is none of the data
    assert frame["age"].to_list() == [1.5, None, 3.0]
    assert frame["colour"].to_list() == ["red", "dark blue", None]
    assert frame["note"].to_list() == ["hello", "a, b", "x"]
    assert frame["grade"].to_list() == ["2", "10", "2"]
    assert frame.schema["colour"] == pl.Enum(["dark blue", "red"])
    count = len(server.seen)
    assert read(kind="openml", id=7).equals(frame)
    assert len(server.seen) == count


def test_an_unknown_id_is_a_sentence(server, read):
    with pytest.raises(DataError, match=r"openml 8: .*not found"):
        read(kind="openml", id=8)


def test_a_checksum_that_differs_is_an_error(server, read):
    server.md5 = "0" * 32
    with pytest.raises(DataError, match=r"openml 7: .*md5"):
        read(kind="openml", id=7)


def test_no_server_is_a_sentence(read, monkeypatch):
    _answer_from("http://127.0.0.1:9", monkeypatch)
    monkeypatch.setattr(_openml, "time", SimpleNamespace(sleep=lambda _: None))
    with pytest.raises(DataError, match="cannot be reached"):
        read(kind="openml", id=7)
