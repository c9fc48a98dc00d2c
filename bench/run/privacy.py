"""What errors and warnings of others say of this machine, taken out before it is kept or shown."""

from __future__ import annotations

import re

#: A path from the root of this machine, but no address of the web.
_PATH = re.compile(r"(?<![\w:/.])(?:/[^\s/'\"`:,;()<>\[\]]+)+/(?=[^\s/'\"`:,;()<>\[\]]+)")


def without_folders(text: str) -> str:
    """Text in which a path of this machine has lost its folders, which say who works here and where.

    >>> without_folders("No such file: '/home/ann/secret/key.pem', see https://x.org/a/b")
    "No such file: '…/key.pem', see https://x.org/a/b"
    """
    return _PATH.sub("…/", text)
