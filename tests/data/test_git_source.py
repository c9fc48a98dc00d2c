"""Files of a commit, from a real git server on this machine, from a clone, and from files on disk."""

from __future__ import annotations

import hashlib
import json
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import polars as pl
import pytest

import bench.data.sources.git as module
from bench.core.errors import DataError
from bench.data.download import DownloadLimits, UnreachableError
from bench.data.from_folder import Taken, take
from bench.data.git_store import Commit, GitStore, blob_id
from bench.data.source import Downloads, EvidenceAbsentError
from bench.study.noted import StudyError
from tests.helpers.git_server import repository, served


def report(score: float, seed: int) -> bytes:
    return json.dumps(
        {"config": {"seed": seed}, "metrics": {"test": {"accuracy": score}}}
    ).encode()


FILES = {
    f"exp/mlp/wine/{seed}/report.json": report(0.9 - seed / 10, seed)
    for seed in range(3)
} | {
    "big.bin": bytes(range(256)) * 40_000,
    "README.md": b"hello\n",
}
PATTERN = "exp/**/report.json"
ADAPTER = {"kind": "reports", "path": "exp/{model}/{dataset}/{repeat}/report.json"}
TABLE = b"dataset,method,seed,split,metric,value\n" + b"".join(
    f"wine,mlp,{seed},test,acc,{0.9 - seed / 10!r}\n".encode() for seed in range(3)
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("repositories")
    commit = repository(root / "paper", FILES)
    with served(root) as made:
        made.clone, made.origin = root / "paper", Commit(f"{made.url}/paper", commit)
        yield made


@pytest.fixture
def store(tmp_path):
    return GitStore(tmp_path / "downloads", DownloadLimits(private=True))


@pytest.fixture
def source(server, monkeypatch):
    """A source whose address reaches the server, as it would reach a host of repositories."""
    monkeypatch.setattr(module, "LIMITS", DownloadLimits(private=True))
    monkeypatch.setattr(
        module.Options,
        "origin",
        property(lambda options: Commit(server.origin.repository, options.commit)),
    )
    return {
        "kind": "git", "repository": "https://example.org/paper", "commit": server.origin.commit, "files": [PATTERN],
        "adapter": ADAPTER,
    }  # fmt: skip


@pytest.fixture
def offline(server, monkeypatch):
    """The keys of the same source where nothing can be reached."""

    def unreachable(*words, **more):
        raise OSError("no network")

    monkeypatch.setattr("socket.getaddrinfo", unreachable)
    return {
        "kind": "git", "repository": "https://example.org/paper", "commit": server.origin.commit, "files": [PATTERN],
        "adapter": ADAPTER,
    }  # fmt: skip


def test_only_the_named_files_of_the_commit_come(server, store):
    store.fetch(server.origin, [PATTERN])
    tree = store.tree(server.origin)
    assert set(tree) == set(FILES)
    named = {path: tree[path] for path in tree if path.endswith("report.json")}
    assert store.blobs(named.values()) == {
        blob_id(FILES[path]): FILES[path] for path in named
    }
    assert store.blobs([tree["big.bin"]]) is None
    assert (
        sum(path.stat().st_size for path in store.folder.rglob("*") if path.is_file())
        < 100_000
    )


def test_a_commit_is_fetched_once_and_read_without_a_network_afterwards(
    read, source, server
):
    first = read(**source)
    assert first.select("model", "repeat", "score").rows() == [
        ("mlp", "0", 0.9),
        ("mlp", "1", 0.8),
        ("mlp", "2", 0.7),
    ]
    asked = len(server.calls)
    assert read(**source).equals(first)
    assert len(server.calls) == asked


def test_a_fetch_that_was_killed_goes_on(server, store):
    store.fetch(server.origin, ["README.md"])
    (store.folder / "shallow.lock").touch()
    (store.folder / "objects" / "pack" / "tmp_pack_x").write_bytes(b"half")
    store.fetch(server.origin, [PATTERN])
    assert (
        store.blobs(blob_id(FILES[path]) for path in FILES if "report" in path)
        is not None
    )
    assert not list(store.folder.rglob("tmp_pack_*"))


def test_what_the_repository_does_not_have_is_a_sentence(server, store):
    with pytest.raises(DataError, match="nothing was read") as raised:
        store.fetch(Commit(server.origin.repository, "0" * 40), [PATTERN])
    assert not isinstance(raised.value, UnreachableError)
    with pytest.raises(DataError, match=r"has no file exp/\*/reports.json"):
        store.fetch(server.origin, ["exp/*/reports.json"])
    with pytest.raises(DataError, match="not found"):
        store.fetch(Commit(f"{server.url}/other", server.origin.commit), [PATTERN])


def test_more_than_the_limit_is_not_kept(server, tmp_path):
    store = GitStore(tmp_path, DownloadLimits(private=True, bytes=20_000))
    noise = b"".join(
        hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(3000)
    )
    commit = repository(server.root / "large", {"noise.bin": noise})
    with pytest.raises(DataError, match="more than 20\u202f000 bytes"):
        store.fetch(Commit(f"{server.url}/large", commit), ["noise.bin"])
    assert store.blobs([blob_id(noise)]) is None


@pytest.mark.parametrize("scheme", ["http", "git", "ssh", "file", "ext"])
def test_no_other_protocol_and_no_private_address(server, tmp_path, scheme):
    store, asked = GitStore(tmp_path), len(server.calls)
    for origin in (
        f"{scheme}://127.0.0.1:{server.server_port}/paper",
        f"https://127.0.0.1:{server.server_port}/paper",
    ):
        with pytest.raises(DataError, match=r"https://|no public address"):
            store.fetch(Commit(origin, server.origin.commit), [PATTERN])
    assert len(server.calls) == asked


def test_a_redirect_is_not_followed(server, tmp_path):
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{server.url}{self.path}")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=made.serve_forever, args=[0.01], daemon=True).start()
    asked, store = len(server.calls), GitStore(tmp_path, DownloadLimits(private=True))
    with pytest.raises(DataError, match="nothing was read"):
        store.fetch(
            Commit(f"http://127.0.0.1:{made.server_port}/paper", server.origin.commit),
            [PATTERN],
        )
    assert len(server.calls) == asked
    made.shutdown()
    made.server_close()


def test_a_certificate_that_nobody_signed_is_refused(server, tmp_path, certificate):
    made = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[0])
    made.socket = context.wrap_socket(made.socket, server_side=True)
    threading.Thread(target=made.serve_forever, args=[0.01], daemon=True).start()
    store = GitStore(tmp_path, DownloadLimits(private=True))
    with pytest.raises(DataError, match="certificate"):
        store.fetch(
            Commit(f"https://localhost:{made.server_port}/paper", server.origin.commit),
            [PATTERN],
        )
    made.shutdown()
    made.server_close()


def test_nothing_of_the_machine_takes_part(server, store, monkeypatch, tmp_path):
    """A hook, a configuration that rewrites addresses, and a template of the user's."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        f'[url "{server.url}/other"]\n  insteadOf = {server.url}/paper\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    store.fetch(server.origin, [PATTERN])
    hooks = store.folder / "hooks"
    hooks.mkdir()
    hook = hooks / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    store.fetch(server.origin, ["README.md"])
    assert not (tmp_path / "ran").exists()


def test_a_cache_that_was_changed_does_not_pass_for_the_commit(server, store):
    """Another content under the name of an object, as somebody with access to the folder could put it there."""
    store.fetch(server.origin, [PATTERN])
    for pack in store.folder.glob("objects/pack/*"):
        pack.unlink()
    other = store.add(b"other")
    name = server.origin.commit
    place = store.folder / "objects" / name[:2] / name[2:]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes((store.folder / "objects" / other[:2] / other[2:]).read_bytes())
    with pytest.raises(DataError, match="damaged"):
        store.tree(server.origin)


def test_a_link_in_the_tree_is_no_file(tmp_path, store):
    folder = tmp_path / "linked"
    folder.mkdir()
    (folder / "secret.csv").symlink_to("/etc/passwd")
    commit = Commit(
        "https://example.org/linked", repository(folder, {"a.csv": b"a\n1\n"})
    )
    store.fetch(commit, ["*.csv"], clone=folder)
    assert set(store.tree(commit)) == {"a.csv"}


def test_without_network_cache_and_folder_the_evidence_is_absent(read, offline):
    with pytest.raises(EvidenceAbsentError) as raised:
        read(**offline)
    assert raised.value.absent.study == "study"
    assert raised.value.absent.address == "https://example.org/paper"
    assert raised.value.exit_code == 3


def test_a_server_that_does_not_answer_is_absence(read, source, monkeypatch):
    monkeypatch.setattr(
        module.Options,
        "origin",
        property(lambda options: Commit("http://127.0.0.1:9/x", options.commit)),
    )
    with pytest.raises(EvidenceAbsentError):
        read(**source)


def test_the_cache_is_filled_from_a_folder_by_content(read, offline, tmp_path):
    folder = tmp_path / "evidence"
    folder.mkdir()
    blobs = {
        path: blob_id(content) for path, content in FILES.items() if "report" in path
    }
    for number, path in enumerate(blobs):
        (folder / f"{number}.other-name").write_bytes(FILES[path])
    (folder / "changed.json").write_bytes(b"{}")
    with pytest.raises(EvidenceAbsentError):
        read(**offline, blobs=blobs)
    assert take(
        [Downloads(blobs=tuple(blobs.values()))], folder, tmp_path / "downloads"
    ) == Taken(3, 0)
    assert read(**offline, blobs=blobs)["score"].to_list() == [0.9, 0.8, 0.7]


def test_links_and_what_is_no_folder_are_not_taken(tmp_path):
    content = FILES["README.md"]
    folder = tmp_path / "evidence"
    folder.mkdir()
    (tmp_path / "outside.md").write_bytes(content)
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    wanted = [
        Downloads(
            blobs=(blob_id(content),), sha256=(hashlib.sha256(content).hexdigest(),)
        )
    ]
    assert take(wanted, folder, tmp_path / "downloads") == Taken(0, 0)
    with pytest.raises(DataError, match="is no folder"):
        take(wanted, folder / "link.md", tmp_path / "downloads")


def test_a_clone_in_the_folder_gives_the_commit(server, tmp_path):
    commit = Commit("https://example.org/paper", server.origin.commit)
    subprocess.run(
        [
            "git",
            "clone",
            "--quiet",
            "--bare",
            server.clone,
            tmp_path / "e" / "paper.git",
        ],
        check=True,
    )
    assert take(
        [Downloads(commits=((commit, (PATTERN,)),))], tmp_path / "e", tmp_path / "d"
    ) == Taken(0, 1)
    assert GitStore(tmp_path / "d").tree(commit) is not None


def test_a_table_stands_for_the_files_and_must_equal_them(read, source, tmp_path):
    def keep(content: bytes) -> dict:
        name = hashlib.sha256(content).hexdigest()
        (tmp_path / "downloads").mkdir(exist_ok=True)
        (tmp_path / "downloads" / name).write_bytes(content)
        return {"file": "scores.csv", "sha256": name, "adapter": {"kind": "long"}}

    alone = read(**source | {"commit": "0" * 40}, table=keep(TABLE))
    assert read(**source).equals(alone)
    assert read(**source, table=keep(TABLE)).equals(alone)
    with pytest.raises(DataError, match="give 3 rows, which differ"):
        read(**source, table=keep(TABLE.replace(b"0.8", b"0.81")))


def test_ids_that_the_commit_does_not_have_are_refused(read, source):
    blobs = {
        path: blob_id(content) for path, content in FILES.items() if "report" in path
    }
    read(**source, blobs=blobs)
    with pytest.raises(DataError, match=r"exp/mlp/wine/0/report.json has the id"):
        read(**source, blobs=blobs | {"exp/mlp/wine/0/report.json": "0" * 40})


@pytest.mark.parametrize(
    ("key", "value"),
    [("commit", "main"), ("repository", "http://example.org/x"), ("repository", "https://u:p@example.org/x"),
     ("repository", "ext::sh -c true"), ("files", ["../x"]), ("files", []), ("adapter", {"kind": "report"})],
)  # fmt: skip
def test_what_a_study_may_not_say(read, source, key, value):
    with pytest.raises(StudyError, match=key):
        read(**source | {key: value})


def test_files_in_their_format_stand_under_each_other(
    read, source, server, monkeypatch
):
    commit = repository(
        server.root / "plain", {"a.csv": b"x,y\n1,2\n", "b/c.csv": b"x,y\n3,4\n"}
    )
    monkeypatch.setattr(
        module.Options,
        "origin",
        property(lambda options: Commit(f"{server.url}/plain", commit)),
    )
    made = read(**source | {"files": ["**/*.csv"], "adapter": None})
    assert made.equals(
        pl.DataFrame({"x": ["1", "3"], "y": ["2", "4"], "file": ["a", "c"]})
    )
