"""Fetch a file over https: every hop and every address is checked, size and time are limited, the sha256 decides.

A file is kept as `downloads/<sha256>` and never fetched twice. A file with another sha256 goes to
`downloads/quarantine/`, so that it can be looked at and is never read.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import os
import socket
import ssl
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bench.core.errors import DataError


@dataclass(frozen=True)
class DownloadLimits:
    """What a download may do. `private` allows loopback and private addresses, `context` trusts other certificates:
    both are for tests against a server on this machine."""

    bytes: int = 1 << 30
    seconds: float = 600.0
    idle: float = 30.0
    hops: int = 5
    private: bool = False
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def fetch(url: str, sha256: str, downloads: Path, limits: DownloadLimits | None = None) -> Path:
    """The path of the file with this sha256, from the cache or from `url`. Raises `DataError`."""
    kept = downloads / sha256
    if kept.is_file():
        if _digest(kept) == sha256:
            return kept
        _quarantine(kept, downloads)
    downloads.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".partial.", dir=downloads)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            actual = _download(url, file, limits or DownloadLimits())
        if actual != sha256:
            where = _quarantine(partial, downloads, actual)
            raise DataError(
                f"{url}: its sha256 is {actual}, the study expects {sha256}; it was put into quarantine"
                f" ({where.relative_to(downloads)}) and not read"
            )
        partial.replace(kept)
    finally:
        partial.unlink(missing_ok=True)
    return kept


def _download(url: str, file: object, limits: DownloadLimits) -> str:
    """Follow redirects by hand, since every hop is checked anew; the sha256 of what came."""
    end = time.monotonic() + limits.seconds
    here = url
    for _ in range(limits.hops + 1):
        connection, target = _connect(here, limits)
        try:
            connection.request("GET", target, headers={"Accept-Encoding": "identity", "User-Agent": "bench"})
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308):
                here = urljoin(here, response.headers.get("Location", ""))
                continue
            if response.status != 200:
                raise DataError(f"{here}: the server answers {response.status} {response.reason}; nothing was read")
            return _receive(response, file, here, limits, end)
        except (OSError, http.client.HTTPException) as error:
            raise DataError(f"{here}: {type(error).__name__}: {error}; nothing was read") from None
        finally:
            connection.close()
    raise DataError(f"{url}: more than {limits.hops} redirects; nothing was read")


def _receive(response: http.client.HTTPResponse, file: object, url: str, limits: DownloadLimits, end: float) -> str:
    digest, size = hashlib.sha256(), 0
    announced = int(response.headers.get("Content-Length") or 0)
    while announced <= limits.bytes and (block := response.read1(1 << 16)):
        size += len(block)
        if size > limits.bytes:
            break
        if time.monotonic() > end:
            raise DataError(f"{url}: took more than {limits.seconds:g} s; nothing was kept")
        digest.update(block)
        file.write(block)  # type: ignore[attr-defined]
    if max(size, announced) > limits.bytes:
        raise DataError(f"{url}: is larger than {limits.bytes:,} bytes; nothing was kept")
    if announced and size < announced:
        raise DataError(f"{url}: the connection ended after {size:,} of {announced:,} bytes; nothing was kept")
    return digest.hexdigest()


def _connect(url: str, limits: DownloadLimits) -> tuple[http.client.HTTPSConnection, str]:
    """A connection to an address that was checked: the name is not looked up a second time."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise DataError(f"{url}: expected an address that begins with https:// and holds no password; not fetched")
    try:
        port = parts.port or 443
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise DataError(f"{url}: the host cannot be found ({error}); nothing was read") from None
    addresses = [str(item[4][0]) for item in found]
    for address in addresses:
        if not limits.private and not _public(address):
            raise DataError(f"{url}: leads to {address}, which is no public address; not fetched")
    connection = _Pinned(parts.hostname, port, addresses[0], limits)
    return connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


class _Pinned(http.client.HTTPSConnection):
    """Connects to one address while the certificate is checked for the host's name."""

    def __init__(self, host: str, port: int, address: str, limits: DownloadLimits) -> None:
        super().__init__(host, port, timeout=limits.idle, context=limits.context)
        self._address, self._trust = address, limits.context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _quarantine(path: Path, downloads: Path, digest: str | None = None) -> Path:
    folder = downloads / "quarantine"
    folder.mkdir(parents=True, exist_ok=True)
    where = folder / (digest or _digest(path))
    path.replace(where)
    return where
