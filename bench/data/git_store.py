"""Files of one commit of a git repository, kept in one bare repository of the downloads folder.

Git names content by its hash: what is fetched is what the commit says, and the tree of a commit that is kept can be
read again without a network. Only the named files are fetched. No hook, submodule, credential, proxy or configuration
of this machine takes part, and no protocol but https.
"""

from __future__ import annotations

import hashlib
import os
import re
import resource
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.core.errors import DataError
from bench.data.archives import matching
from bench.data.download import DownloadLimits, UnreachableError, alone, checked_address
from bench.text.formats import count

#: What git says where it could not reach the other machine, and where the kernel stopped the process that writes.
_UNREACHABLE = re.compile(
    "Could not resolve host|Failed to connect|Connection|timed out|Network is unreachable"
)
_TOO_LARGE = re.compile("File too large|died of signal|invalid index-pack output")


@dataclass(frozen=True)
class Commit:
    """Where files are: the address of a repository, and the 40 hexadecimal digits of a commit."""

    repository: str
    commit: str

    def __str__(self) -> str:
        return f"{self.repository} {self.commit[:12]}"


class GitStore:
    """The repository in a downloads folder that holds what was fetched.

    Limits that are `private` allow any protocol and address, for tests on this machine.
    """

    def __init__(self, downloads: Path, limits: DownloadLimits | None = None) -> None:
        self.downloads, self.limits = downloads, limits or DownloadLimits()
        self.folder = downloads / "git"

    def tree(self, commit: Commit) -> dict[str, str] | None:
        """The id of each file of a commit by its path; None where the commit is not kept.

        What is kept is hashed again, from the commit down: a cache that was changed cannot pass for the commit.
        """
        found = self._objects([commit.commit])
        if found is None:
            return None
        files: dict[str, str] = {}
        folders = {
            "": found[commit.commit].split(b"\n", 1)[0].removeprefix(b"tree ").decode()
        }
        while folders:
            trees = self._objects(folders.values())
            if trees is None:
                return None
            entries = [
                (above + name, mode, made)
                for above, tree in folders.items()
                for mode, name, made in _entries(trees[tree])
            ]
            folders = {
                f"{path}/": made for path, mode, made in entries if mode == b"40000"
            }
            files |= {
                path: made for path, mode, made in entries if mode.startswith(b"100")
            }  # no links, no submodules
        return files

    def blobs(self, ids: Iterable[str]) -> dict[str, bytes] | None:
        """Contents by id; None unless all are kept."""
        return self._objects(ids)

    def _objects(self, ids: Iterable[str]) -> dict[str, bytes] | None:
        wanted = sorted(set(ids))
        if not self.folder.is_dir():
            return None
        said = self._git(
            "cat-file", "--batch", "--buffer", input="\n".join([*wanted, ""]).encode()
        ).stdout
        contents, place = dict[str, bytes](), 0
        for name in wanted:
            end = said.index(b"\n", place)
            words = said[place:end].split()
            if words[-1] == b"missing":
                return None
            place = end + 1 + int(words[2])
            contents[name] = said[end + 1 : place]
            place += 1
            if object_id(words[1].decode(), contents[name]) != name:
                raise DataError(
                    f"{self.folder}: the object {name} is damaged; remove that folder and fetch again"
                )
        return contents

    def add(self, content: bytes) -> str:
        """Keep a content; its id."""
        self._make()
        return (
            self._git("hash-object", "-w", "--stdin", input=content)
            .stdout.decode()
            .strip()
        )

    def fetch(
        self, commit: Commit, files: Sequence[str], clone: Path | None = None
    ) -> None:
        """Get the commit, its folders and the named files, from its repository or from a clone of it on this machine.

        Raises `UnreachableError` without a connection, `DataError` for what the repository does not have.
        """
        with alone(self.downloads, "git"):
            self._make()
            self._tidy()
            source = self._address(commit, clone)
            self._fetch(
                commit,
                [*source, "--depth=1", "--filter=blob:none", "origin", commit.commit],
            )
            tree = self.tree(commit) or {}
            ids = {tree[path] for path in matching(list(tree), files, str(commit))}
            if self.blobs(ids) is None:
                self._fetch(
                    commit,
                    [*source, "--depth=1", "origin", "--stdin"],
                    "\n".join([*sorted(ids), ""]),
                )

    def _address(self, commit: Commit, clone: Path | None) -> list[str]:
        """The options that name the other repository; of an address, those that pin it to what was checked."""
        if clone is not None:
            return [
                "-c",
                f"remote.origin.url={clone.absolute()}",
                "-c",
                "protocol.file.allow=always",
            ]
        url = ["-c", f"remote.origin.url={commit.repository}"]
        if self.limits.private:
            return [*url, "-c", "protocol.allow=always"]
        host, port, address = checked_address(commit.repository, self.limits)
        pinned = ":".join((host, str(port), address))
        return [
            *url,
            "-c",
            f"http.curloptResolve={pinned}",
            "-c",
            "protocol.https.allow=always",
        ]

    def _fetch(self, commit: Commit, words: list[str], given: str = "") -> None:
        split = next(index for index, word in enumerate(words) if word.startswith("--"))
        options = [
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
            "--quiet",
        ]
        done = self._git(
            *words[:split],
            "fetch",
            *options,
            *words[split:],
            input=given.encode(),
            check=False,
        )
        if done.returncode == 0:
            return
        text = done.stderr.decode(errors="replace").strip()
        if done.returncode < 0 or _TOO_LARGE.search(text):
            raise DataError(
                f"{commit}: more than {count(self.limits.bytes)} bytes would come; nothing was kept"
            )
        lines = text.splitlines()
        said = (
            next(
                (line for line in lines if line.startswith(("fatal", "error"))), text
            ).partition(": ")[2]
            or text
        )
        if _UNREACHABLE.search(text):
            raise UnreachableError(str(commit), said)
        raise DataError(
            f"{commit}: git ends with {done.returncode}: {said}; nothing was read"
        )

    def _make(self) -> None:
        if not (self.folder / "HEAD").is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._git(
                "init", "--quiet", "--bare", "--template=", str(self.folder.absolute())
            )

    def _tidy(self) -> None:
        """Remove what a fetch that was killed left: half a pack, and locks of files that no process holds now."""
        for path in [
            *self.folder.glob("*.lock"),
            *self.folder.glob("objects/pack/tmp_*"),
        ]:
            path.unlink()

    def _git(
        self, *words: str, input: bytes = b"", check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        """One call of git without anything that this machine or the user has set."""
        program = shutil.which("git")
        if program is None:
            raise DataError(
                "git: is not installed, and a source of kind `git` needs it; nothing was read"
            )
        fixed = {
            "core.hooksPath": os.devnull, "core.fsmonitor": "false", "fetch.fsckObjects": "true", "gc.auto": "0",
            "protocol.allow": "never", "http.followRedirects": "false", "credential.helper": "",
            "transfer.bundleURI": "false", "submodule.recurse": "false", "fetch.unpackLimit": "1",
            "remote.origin.promisor": "true", "remote.origin.partialclonefilter": "blob:none",
        }  # fmt: skip
        environment = {
            "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true",
            "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_DIR": str(self.folder.absolute()),
        }  # fmt: skip
        settings = [
            word for key, value in fixed.items() for word in ("-c", f"{key}={value}")
        ]
        try:
            done = subprocess.run(
                [program, *settings, *words], input=input, capture_output=True, env=environment, check=False,
                timeout=self.limits.seconds, preexec_fn=self._limit_files,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise DataError(
                f"git: took more than {self.limits.seconds:g} s; nothing was read"
            ) from None
        if check and done.returncode:
            raise DataError(
                f"git {words[0]}: {done.stderr.decode(errors='replace').strip()}; nothing was read"
            )
        return done

    def _limit_files(self) -> None:
        """Of the process of git: the kernel stops it where a file would become larger than a download may be."""
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (self.limits.bytes, self.limits.bytes)
        )


def _entries(tree: bytes) -> Iterator[tuple[bytes, str, str]]:
    """Mode, name and id of what stands in a folder."""
    while tree:
        head, _, rest = tree.partition(b"\0")
        mode, _, name = head.partition(b" ")
        yield mode, name.decode(errors="replace"), rest[:20].hex()
        tree = rest[20:]


def object_id(kind: str, content: bytes) -> str:
    """The name that git gives to a content of a kind: blob, tree or commit."""
    return hashlib.sha1(
        b"%s %d\0" % (kind.encode(), len(content)) + content, usedforsecurity=False
    ).hexdigest()


def blob_id(content: bytes) -> str:
    """The name that git gives to a file.

    >>> blob_id(b"hello\\n")
    'ce013625030ba8dba906f756967f9e9ca394464a'
    """
    return object_id("blob", content)
