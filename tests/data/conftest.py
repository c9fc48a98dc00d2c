"""What the tests of this room share: short ways to write a table and to clean it."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.data.clean import Clean, clean_table
from bench.data.table import read_table
from bench.study.models import DatasetSpec


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """`read(kind="csv", ...)` reads from a study's folder; `text=` or `raw=` is first written to data.csv."""

    def _read(
        text: str | None = None, raw: bytes | None = None, **source: Any
    ) -> pl.DataFrame:
        folder = tmp_path / "study"
        folder.mkdir(exist_ok=True)
        if text is not None or raw is not None:
            (folder / "data.csv").write_bytes(
                raw if raw is not None else str(text).encode()
            )
            source = {"kind": "csv", "file": "data.csv"} | source
        spec = DatasetSpec.model_validate({"source": source, "target": "last"})
        return read_table(spec, folder, tmp_path / "downloads")

    return _read


@pytest.fixture
def clean() -> Callable[..., Clean]:
    """`clean(raw, steps, task=..., split_columns=..., **spec)` cleans a frame or a dict of columns."""

    def _clean(
        raw: Any,
        steps: tuple[Any, ...] = (),
        task: Any = "classification",
        split_columns: tuple[str, ...] = (),
        **spec: Any,
    ) -> Clean:
        source = spec.pop("source", {"kind": "csv", "file": "data.csv"})
        if "scores" not in spec:
            spec.setdefault("target", "last")
        made = DatasetSpec.model_validate({"source": source, **spec})
        frame = raw if isinstance(raw, pl.DataFrame) else pl.DataFrame(raw)
        return clean_table("toy", frame, made, steps, task, split_columns=split_columns)

    return _clean


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost, made now: (file for the server, context that trusts it)."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path_factory.mktemp("certificate") / "server.pem"
    file.write_bytes(pem + private)
    return file, ssl.create_default_context(cadata=pem.decode())
