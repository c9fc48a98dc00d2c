"""A git server on this machine: git's own `http-backend` behind a small HTTP server."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
_AUTHOR = {
    f"GIT_{who}_{what}": "x"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


def repository(folder: Path, files: dict[str, bytes]) -> str:
    """Make a repository with one commit of these files; its id."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    def git(*words: str) -> str:
        environment = os.environ | _SETTINGS | _AUTHOR
        return subprocess.run(
            ["git", *words],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
        ).stdout.decode()

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "-m", "scores")
    for key in (
        "uploadpack.allowFilter",
        "uploadpack.allowAnySHA1InWant",
    ):  # as hosts have it
        git("config", key, "true")
    return git("rev-parse", "HEAD").strip()


@contextmanager
def served(root: Path) -> Iterator[ThreadingHTTPServer]:
    """The repositories below a folder, at `server.url`; `server.calls` counts what was asked."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    made.root, made.calls = root, []  # type: ignore[attr-defined]
    made.url = f"http://127.0.0.1:{made.server_port}"  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, args=[0.01], daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


class _Handler(BaseHTTPRequestHandler):
    """CGI: the request in the environment, its body on stdin, the answer on stdout."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.calls.append(parts.path)  # type: ignore[attr-defined]
        environment = os.environ | _SETTINGS | {
            "GIT_PROJECT_ROOT": str(self.server.root), "GIT_HTTP_EXPORT_ALL": "1",  # type: ignore[attr-defined]
            "PATH_INFO": parts.path, "QUERY_STRING": parts.query, "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "REMOTE_ADDR": "127.0.0.1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }  # fmt: skip
        body = self._body()
        answer = subprocess.run(
            ["git", "http-backend"],
            input=body,
            env=environment,
            capture_output=True,
            check=False,
        ).stdout
        head, _, content = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body

    def log_message(self, *args: object) -> None:
        pass
