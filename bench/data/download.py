"""Fetch a file over https: every hop and every address is checked, size and time are limited, the sha256 decides.

A file is kept as `downloads/<sha256>` and never fetched twice. What an interrupted download left stays in
`downloads/partial/`, and the next one goes on there. A file with another sha256 goes to `downloads/quarantine/`, so
that it can be looked at and is never read.
"""

from __future__ import annotations

import fcntl
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urljoin, urlsplit

from bench.core import frames
from bench.core.errors import DataError
from bench.text.formats import count

#: Told of a download: its address, the bytes that are there, and of how many (0: not known).
PROGRESS: ContextVar[Callable[[str, int, int], None] | None] = ContextVar(
    "progress", default=None
)


class UnreachableError(DataError):
    """The other machine could not be reached, or the connection ended: the same words may work another day."""

    def __init__(
        self, address: str, reason: str, then: str = "nothing was read"
    ) -> None:
        super().__init__(f"{address}: {reason}; {then}")
        self.address, self.reason = address, reason


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


def fetch(
    url: str, sha256: str, downloads: Path, limits: DownloadLimits | None = None
) -> Path:
    """The path of the file with this sha256, from the cache or from `url`. Raises `DataError`."""
    if (kept := cached(sha256, downloads)) is not None:
        return kept
    with alone(downloads, sha256):
        if (
            kept := cached(sha256, downloads)
        ) is not None:  # another process fetched it meanwhile
            return kept
        partial = downloads / "partial" / sha256
        resumed = partial.is_file() and partial.stat().st_size > 0
        _download(url, partial, limits or DownloadLimits())
        if (
            actual := frames.sha256(partial)
        ) != sha256 and resumed:  # its beginning was of another file
            partial.unlink()
            _download(url, partial, limits or DownloadLimits())
            actual = frames.sha256(partial)
        if actual != sha256:
            where = _quarantine(partial, downloads, actual)
            raise DataError(
                f"{url}: its sha256 is {actual}, the study expects {sha256}; it was put into quarantine"
                f" ({where.relative_to(downloads)}) and not read"
            )
        partial.replace(downloads / sha256)
    return downloads / sha256


def cached(sha256: str, downloads: Path) -> Path | None:
    """The file with this sha256 in the cache; one whose content is another is put aside."""
    kept = downloads / sha256
    if not kept.is_file():
        return None
    if frames.sha256(kept) == sha256:
        return kept
    _quarantine(kept, downloads)
    return None


@contextmanager
def alone(downloads: Path, name: str) -> Iterator[None]:
    """One process at a time fetches a thing."""
    folder = downloads / "partial"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _download(url: str, partial: Path, limits: DownloadLimits) -> None:
    """Get what `partial` lacks. Redirects are followed by hand, since every hop is checked anew."""
    end = time.monotonic() + limits.seconds
    here = url
    for _ in range(limits.hops + 1):
        connection, target = _connect(here, limits)
        there = partial.stat().st_size if partial.is_file() else 0
        headers = {"Accept-Encoding": "identity", "User-Agent": "bench"}
        if there:
            headers["Range"] = f"bytes={there}-"
        try:
            response = _answer(connection, target, headers, end)
            if response.status in (301, 302, 303, 307, 308):
                here = urljoin(here, response.headers.get("Location", ""))
                continue
            if response.status == 416 and there:  # nothing of it is there: begin anew
                partial.unlink()
                continue
            goes_on = response.status == 206 and response.headers.get(
                "Content-Range", ""
            ).startswith(f"bytes {there}-")
            if response.status != 200 and not goes_on:
                raise DataError(
                    f"{here}: the server answers {response.status} {response.reason}; nothing was read"
                )
            with partial.open("ab" if goes_on else "wb") as file:
                _receive(response, file, there if goes_on else 0, here, limits, end)
            return
        except _TooLargeError:
            partial.unlink()
            raise
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(here, f"{type(error).__name__}: {error}") from None
        finally:
            connection.close()
    raise DataError(f"{url}: more than {limits.hops} redirects; nothing was read")


def _answer(
    connection: http.client.HTTPSConnection,
    target: str,
    headers: dict[str, str],
    end: float,
) -> http.client.HTTPResponse:
    """The head of the answer; a server that sends it byte by byte is left when the time is over."""
    late = threading.Timer(max(0.0, end - time.monotonic()), _shut, [connection])
    late.start()
    try:
        connection.request("GET", target, headers=headers)
        return connection.getresponse()
    finally:
        late.cancel()


def _shut(connection: http.client.HTTPSConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


class _TooLargeError(DataError):
    """What comes is larger than the limit."""


def _receive(
    response: http.client.HTTPResponse,
    file: BinaryIO,
    there: int,
    url: str,
    limits: DownloadLimits,
    end: float,
) -> None:
    """Write what comes behind the `there` bytes of an earlier download."""
    size, tell = there, PROGRESS.get()
    stated = response.headers.get("Content-Length") or "0"
    announced = int(stated) if re.fullmatch("[0-9]{1,18}", stated) else 0
    whole = there + announced if announced else 0
    while whole <= limits.bytes and (block := response.read1(1 << 16)):
        size += len(block)
        if size > limits.bytes:
            break
        if time.monotonic() > end:
            raise DataError(
                f"{url}: took over {limits.seconds:g} s; the next call goes on after {count(size)} bytes"
            )
        try:
            file.write(block)
        except OSError as error:
            raise DataError(
                f"{file.name}: cannot be written ({error.strerror}); the download stopped"
            ) from None
        if tell is not None:
            tell(url, size, whole)
    if max(size, whole) > limits.bytes:
        raise _TooLargeError(
            f"{url}: is larger than {count(limits.bytes)} bytes; nothing was kept"
        )
    if size < whole:
        raise UnreachableError(
            url,
            f"the connection ended after {count(size)} of {count(whole)} bytes",
            "the next call goes on there",
        )


def _connect(
    url: str, limits: DownloadLimits
) -> tuple[http.client.HTTPSConnection, str]:
    """A connection to an address that was checked: the name is not looked up a second time."""
    host, port, address = checked_address(url, limits)
    parts = urlsplit(url)
    target = quote(
        (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        safe="/%?&=:;@+$,!~*'()[]",
    )
    return _Pinned(host, port, address, limits), target


def checked_address(url: str, limits: DownloadLimits) -> tuple[str, int, str]:
    """Host, port and the address to connect to. Raises `DataError` unless it is https and all addresses are public."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise DataError(f"{url}: is no address ({error}); nothing was read") from None
    if (
        parts.scheme != "https"
        or not parts.hostname
        or parts.username
        or parts.password
    ):
        raise DataError(
            f"{url}: expected an address that begins with https:// and holds no password; not fetched"
        )
    try:
        port = parts.port or 443
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except ValueError as error:  # a name that IDNA cannot write is one, too
        raise DataError(
            f"{url}: the host or port cannot be ({error}); nothing was read"
        ) from None
    except OSError as error:
        raise UnreachableError(url, f"the host cannot be found ({error})") from None
    addresses = [str(item[4][0]) for item in found]
    for address in addresses:
        if not limits.private and not _public(address):
            raise DataError(
                f"{url}: leads to {address}, which is no public address; not fetched"
            )
    return parts.hostname, port, addresses[0]


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(
        ip, ipaddress.IPv6Address
    ):  # an IPv4 address inside: mapped, 6to4, NAT64
        inner = (
            ip.ipv4_mapped
            or ip.sixtofour
            or (ipaddress.ip_address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        )
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


class _Pinned(http.client.HTTPSConnection):
    """Connects to one address while the certificate is checked for the host's name."""

    def __init__(
        self, host: str, port: int, address: str, limits: DownloadLimits
    ) -> None:
        super().__init__(host, port, timeout=limits.idle, context=limits.context)
        self._address, self._trust = address, limits.context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def _quarantine(path: Path, downloads: Path, digest: str | None = None) -> Path:
    folder = downloads / "quarantine"
    folder.mkdir(parents=True, exist_ok=True)
    where = folder / (digest or frames.sha256(path))
    path.replace(where)
    return where
