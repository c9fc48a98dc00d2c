"""Archives are unpacked in memory, within limits, and nothing in them leads anywhere."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile

import pytest

import bench.data.archives as module
from bench.core.errors import DataError
from bench.data.archives import matching, unpacked

FILES = {"r/a.csv": b"x\n1\n", "r/b.csv": b"x\n2\n", "notes.txt": b"no"}


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(files: dict[str, bytes], link: str = "") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if link:
            info = tarfile.TarInfo(link)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
    return made.getvalue()


@pytest.mark.parametrize(
    ("raw", "name"),
    [(zipped(FILES), "x.zip"), (tarred(FILES, "r/link.csv"), "x.tar.gz")],
    ids=["zip", "tar"],
)
def test_the_named_files_come_out(raw, name):
    assert unpacked(raw, name, ["r/*.csv"]) == {
        "r/a.csv": b"x\n1\n",
        "r/b.csv": b"x\n2\n",
    }
    assert unpacked(raw, name, ["**"]) == FILES
    with pytest.raises(DataError, match=r"has no file r/\*.tsv"):
        unpacked(raw, name, ["r/*.tsv"])


def test_a_tar_archive_is_one_whatever_its_address_ends_with():
    for raw in (tarred(FILES), gzip.decompress(tarred(FILES))):
        assert unpacked(raw, "download", ["r/*.csv"]) == unpacked(
            tarred(FILES), "x.tgz", ["r/*.csv"]
        )


@pytest.mark.parametrize(
    "raw", [b"x\n", gzip.compress(b"x\n")], ids=["plain", "packed"]
)
def test_a_file_that_no_pattern_names_is_not_read(raw):
    """A link to one file, with the name of another in an archive."""
    assert unpacked(raw, "s.csv", ["*.csv"]) == {"s.csv": b"x\n"}
    with pytest.raises(DataError, match=r"has no file r/t\.csv"):
        unpacked(raw, "s.csv", ["r/t.csv"])


@pytest.mark.parametrize("again", ["r/a.csv", "./r/a.csv"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(again):
    zipped_twice, tarred_twice = io.BytesIO(zipped(FILES)), io.BytesIO()
    with zipfile.ZipFile(zipped_twice, "a") as archive:
        archive.writestr(again, "x\n3\n")
    with tarfile.open(fileobj=tarred_twice, mode="w") as archive:
        for name in ("r/a.csv", again):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    for raw in (zipped_twice.getvalue(), tarred_twice.getvalue()):
        with pytest.raises(DataError, match=r"holds two files r/a\.csv"):
            unpacked(raw, "x.zip", ["**"])


def test_a_packed_file_is_one_file():
    for packer, ending in ((gzip, "gz"), (bz2, "bz2"), (lzma, "xz")):
        assert unpacked(packer.compress(b"x\n"), f"s.csv.{ending}", ["**"]) == {
            "s.csv": b"x\n"
        }
    assert unpacked(b"x\n", "s.csv", ["**"]) == {"s.csv": b"x\n"}


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "a/../../b.csv"])
@pytest.mark.parametrize(("made", "ending"), [(zipped, ".zip"), (tarred, ".tar.gz")])
def test_a_path_that_leaves_its_folder_is_refused(made, ending, name):
    with pytest.raises(DataError, match="leaves its folder"):
        unpacked(made({name: b"x"}), f"x{ending}", ["**"])


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (zipped({"a": bytes(1 << 20)}), "x"),
        (tarred({"a": bytes(1 << 20)}), "x.tar.gz"),
        (gzip.compress(bytes(1 << 20)), "x"),
    ],
    ids=["zip", "tar", "gzip"],
)
def test_what_swells_too_much_is_refused(raw, name, monkeypatch):
    monkeypatch.setattr(module, "FREE", 1000)
    monkeypatch.setattr(module, "RATIO", 2)
    with pytest.raises(DataError, match="too many for an archive of its size"):
        unpacked(raw, name, ["**"])


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (zipped(FILES)[:60], "x.zip"),
        (zipped({"é.csv": b"a"}).replace("é".encode(), b"\xff\xff"), "x.zip"),
        (tarred(FILES)[:60], "x.tar.gz"),
        (gzip.compress(b"xyz")[:15], "x.gz"),
    ],
    ids=[
        "zip",
        "name",
        "tar",
        "gzip",
    ],  # archives hold the time, so their bytes are no name of a test
)
def test_a_damaged_archive_is_a_sentence(raw, name):
    with pytest.raises(DataError, match="cannot be unpacked"):
        unpacked(raw, name, ["**"])


def test_patterns():
    paths = ["a/x.csv", "a/b/c/x.csv", "y.csv", "a/xy.csv"]
    assert matching(paths, ["a/**/x.csv"], "it") == ["a/b/c/x.csv", "a/x.csv"]
    assert matching(paths, ["*.csv"], "it") == ["y.csv"]
    assert matching(paths, ["a/?.csv", "a/xy.csv"], "it") == ["a/x.csv", "a/xy.csv"]


def test_an_archive_on_the_web_is_read_by_an_adapter(read, tmp_path):
    raw = zipped({"r/a.csv": b"db,knn\nwine,.5\n"})
    name = hashlib.sha256(raw).hexdigest()
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / name).write_bytes(raw)
    source = {
        "kind": "url",
        "url": "https://example.org/x.zip",
        "sha256": name,
        "files": ["r/*.csv"],
    }
    made = read(**source, adapter={"kind": "wide", "metric_is": "accuracy"})
    assert made.select("model", "dataset", "score").rows() == [("knn", "wine", 0.5)]
