"""The files of a study's folder that a run needs beside the study file, and which of them a page can hold."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from bench.core.text import visible

#: A page holds files of at most so many bytes each, and so many in all.
LARGEST, MOST = 64_000, 128_000
#: What a page shows: tables and code, also code that is kept as a text.
_SHOWN = (".csv", ".py", ".txt")
_READ = (".csv", ".py")


def own_files(home: Path) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The files that a run reads beside the study file; and, with their text, those that fit on a page, in order.

    A link is no file of the study.
    """
    read, texts, left = [], [], MOST
    for path in sorted(_files(home), key=lambda one: one.relative_to(home).as_posix()):
        name = path.relative_to(home).as_posix()
        if path.parent != home or path.suffix in _READ:
            read.append(name)
        text = _text(path)
        if text is not None and (size := len(escape(text).encode())) <= min(
            LARGEST, left
        ):
            left -= size
            texts.append((name, text))
    return tuple(read), tuple(texts)


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink() or path.name.startswith((".", "__")):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _text(path: Path) -> str | None:
    """The text of a small table or of code; None of anything else, and where a page would print other letters."""
    if path.suffix not in _SHOWN or path.stat().st_size > LARGEST:
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    return text if visible(text) == text else None
