"""Templates are compiled once and kept where Python keeps what it compiles: anew it takes longer than to fill them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket


class CompiledTemplates(jinja2.BytecodeCache):
    """The compiled templates of an environment, as long as these, its module and Jinja are the same.

    module: the file that makes the environment; its options are part of what is compiled. A folder that cannot be
    written is left alone.
    """

    def __init__(self, module: Path, folder: Path | None = None) -> None:
        self.made_by = sha256(module.read_bytes()).hexdigest() + jinja2.__version__
        self.folder = folder or Path(cache_from_source(str(module))).parent

    def get_source_checksum(self, source: str) -> str:
        return sha256((self.made_by + source).encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load what is kept; what was damaged is compiled anew."""
        try:
            with self._place(bucket).open("rb") as file:
                bucket.load_bytecode(file)
        except FileNotFoundError:
            pass
        except Exception:  # a file that marshal or pickle cannot read raises anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        place = self._place(bucket)
        draft = place.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            draft.write_bytes(bucket.bytecode_to_string())
            draft.replace(place)

    def _place(self, bucket: Bucket) -> Path:
        return self.folder / f"{bucket.key}.{sys.implementation.cache_tag}.template"
