"""Downloads, against real https servers on this machine: hops, addresses, sizes, times, hashes, the cache."""

from __future__ import annotations

import functools
import hashlib
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.core.errors import DataError
from bench.data.download import (
    PROGRESS,
    DownloadLimits,
    UnreachableError,
    _public,
    fetch,
)
from bench.data.source import EvidenceAbsentError
from bench.study.noted import StudyError

CONTENT = b"a,b\n1,2\n3,4\n"
SHA = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        path = self.path.split("?")[0]
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.server.targets[path])
            self.end_headers()
        elif path == "/data.csv":
            self._send(CONTENT, len(CONTENT))
        elif path in ("/resumed", "/whole"):  # `resumed` breaks off the first time
            start = int(
                self.headers.get("Range", "bytes=0-")
                .removeprefix("bytes=")
                .removesuffix("-")
            )
            self.server.ranges.append(start)
            self.send_response(206 if start else 200)
            if start:
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
                )
            self.send_header("Content-Length", str(len(CONTENT) - start))
            self.end_headers()
            self.wfile.write(
                CONTENT[:5] if path == "/resumed" and start == 0 else CONTENT[start:]
            )
        elif path == "/short":
            self._send(CONTENT, len(CONTENT) + 10)
        elif path == "/endless":
            self._send(b"x" * 5000, None)
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                pass
        else:
            self.send_error(404)

    def _send(self, body: bytes, length: int | None) -> None:
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(certificate):
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[0])
    made.socket = context.wrap_socket(made.socket, server_side=True)
    made.seen, made.targets, made.ranges = [], {}, []
    made.url = f"https://localhost:{made.server_port}"
    made.limits = functools.partial(
        DownloadLimits, private=True, context=certificate[1], idle=5.0
    )
    thread = threading.Thread(target=made.serve_forever, args=[0.01], daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_file_is_fetched_once(server, tmp_path):
    for _ in range(3):
        path = fetch(server.url + "/data.csv?x=1", SHA, tmp_path, server.limits())
        assert path == tmp_path / SHA
        assert path.read_bytes() == CONTENT
    assert server.seen == ["/data.csv?x=1"]
    assert {p.name for p in tmp_path.iterdir()} == {SHA, "partial"}
    assert [p.name for p in (tmp_path / "partial").iterdir()] == [f"{SHA}.lock"]


def test_an_interrupted_download_goes_on_where_it_ended(server, tmp_path):
    with pytest.raises(
        UnreachableError, match="after 5 of 12 bytes; the next call goes on there"
    ):
        fetch(server.url + "/resumed", SHA, tmp_path, server.limits())
    assert (tmp_path / "partial" / SHA).read_bytes() == CONTENT[:5]
    seen = []
    token = PROGRESS.set(lambda *told: seen.append(told[1:]))
    assert (
        fetch(server.url + "/resumed", SHA, tmp_path, server.limits()).read_bytes()
        == CONTENT
    )
    PROGRESS.reset(token)
    assert server.ranges == [0, 5]
    assert seen == [(12, 12)]


def test_a_beginning_of_another_file_is_fetched_anew(server, tmp_path):
    (tmp_path / "partial").mkdir()
    (tmp_path / "partial" / SHA).write_bytes(b"other")
    assert (
        fetch(server.url + "/whole", SHA, tmp_path, server.limits()).read_bytes()
        == CONTENT
    )
    assert server.ranges == [5, 0]
    assert not (tmp_path / "quarantine").exists()


def test_a_file_that_several_ask_for_is_fetched_once(server, tmp_path):
    asked = (server.url + "/data.csv", SHA, tmp_path, server.limits())
    threads = [threading.Thread(target=fetch, args=asked) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.seen == ["/data.csv"]


def test_a_damaged_cache_is_put_aside_and_fetched_anew(server, tmp_path):
    (tmp_path / SHA).write_bytes(b"damaged")
    assert (
        fetch(server.url + "/data.csv", SHA, tmp_path, server.limits()).read_bytes()
        == CONTENT
    )
    assert (
        tmp_path / "quarantine" / hashlib.sha256(b"damaged").hexdigest()
    ).read_bytes() == b"damaged"


def test_another_hash_goes_to_quarantine(server, tmp_path):
    with pytest.raises(
        DataError, match=f"its sha256 is {SHA}, the study expects {'0' * 64}"
    ):
        fetch(server.url + "/data.csv", "0" * 64, tmp_path, server.limits())
    assert (tmp_path / "quarantine" / SHA).read_bytes() == CONTENT
    assert not (tmp_path / ("0" * 64)).exists()


def test_redirects_are_followed_and_each_is_checked(server, tmp_path):
    server.targets |= {
        "/to/data": "/data.csv",
        "/to/http": "http://localhost/data.csv",
        "/to/file": "file:///etc/passwd",
        "/to/itself": "/to/itself",
    }
    assert (
        fetch(
            server.url + "/to/data", SHA, tmp_path / "a", server.limits()
        ).read_bytes()
        == CONTENT
    )
    for name in ("http", "file"):
        with pytest.raises(DataError, match="begins with https"):
            fetch(f"{server.url}/to/{name}", SHA, tmp_path, server.limits())
    with pytest.raises(DataError, match="more than 5 redirects"):
        fetch(server.url + "/to/itself", SHA, tmp_path, server.limits())


@pytest.mark.parametrize(
    "address",
    ["localhost", "127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0"],
)
def test_private_addresses_are_refused_before_any_connection(server, tmp_path, address):
    with pytest.raises(DataError, match="no public address"):
        fetch(f"https://{address}:{server.server_port}/data.csv", SHA, tmp_path)
    assert server.seen == []


def test_a_redirect_to_a_private_address_is_refused(server, tmp_path, monkeypatch):
    import bench.data.download as module

    monkeypatch.setattr(module, "_public", lambda address: len(server.seen) == 0)
    server.targets["/to/inside"] = server.url + "/data.csv"
    limits = DownloadLimits(context=server.limits().context)
    with pytest.raises(DataError, match="no public address"):
        fetch(server.url + "/to/inside", SHA, tmp_path, limits)
    assert server.seen == ["/to/inside"]


def test_which_addresses_are_public():
    assert all(map(_public, ["8.8.8.8", "2001:4860:4860::8888"]))
    hidden = [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.1.1",
        "fe80::1%eth0",
        "::ffff:127.0.0.1",
        "224.0.0.1",
    ]
    assert not any(map(_public, hidden))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "https://u:p@e.org/",
        "x",
    ],
)
def test_only_plain_https_is_fetched(tmp_path, url):
    with pytest.raises(DataError, match="https://"):
        fetch(url, SHA, tmp_path)


def test_limits_of_size_and_time(server, tmp_path):
    with pytest.raises(DataError, match="larger than 10 bytes"):
        fetch(server.url + "/data.csv", SHA, tmp_path, server.limits(bytes=10))
    with pytest.raises(DataError, match="larger than 4\u202f000 bytes"):
        fetch(server.url + "/endless", SHA, tmp_path, server.limits(bytes=4000))
    with pytest.raises(DataError, match=r"took over 0.1 s"):
        fetch(server.url + "/slow", SHA, tmp_path, server.limits(seconds=0.1))
    with pytest.raises(DataError, match=r"ended after|IncompleteRead"):
        fetch(server.url + "/short", SHA, tmp_path, server.limits())
    assert not [p for p in tmp_path.iterdir() if p.is_file()]


def test_server_errors_and_untrusted_certificates_are_sentences(server, tmp_path):
    with pytest.raises(DataError, match="answers 404"):
        fetch(server.url + "/nothing", SHA, tmp_path, server.limits())
    with pytest.raises(DataError, match="certificate"):
        fetch(server.url + "/data.csv", SHA, tmp_path, DownloadLimits(private=True))


def test_without_the_other_machine_the_evidence_is_absent(read, monkeypatch):
    def unreachable(*words: object, **more: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr("socket.getaddrinfo", unreachable)
    with pytest.raises(EvidenceAbsentError) as raised:
        read(kind="url", url="https://example.org/data.csv", sha256=SHA)
    absent = raised.value.absent
    assert (absent.study, absent.address) == ("study", "https://example.org/data.csv")
    assert raised.value.exit_code == 3


def test_the_source_reads_what_was_fetched(server, tmp_path, read, monkeypatch):
    import bench.data.sources.url as module

    monkeypatch.setattr(
        module, "fetch", functools.partial(fetch, limits=server.limits())
    )
    assert read(kind="url", url=server.url + "/data.csv", sha256=SHA).rows() == [
        ("1", "2"),
        ("3", "4"),
    ]
    with pytest.raises(StudyError, match="sha256: missing"):
        read(kind="url", url=server.url + "/data.csv")
    with pytest.raises(StudyError, match="sha256"):
        read(kind="url", url=server.url + "/data.csv", sha256="abc")
