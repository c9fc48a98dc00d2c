"""The version of the code behind each stage, remembered by the bytes of that code.

Every `dvc repro` asks for it, and to find it anew takes a second.
"""

from __future__ import annotations

import json
from contextlib import suppress

from bench.core.errors import BenchError
from bench.core.frames import write_bytes
from bench.core.identity import (
    GROUPS,
    STAGES,
    bytes_sha256,
    combined_sha256,
    extension_versions,
    stage_versions,
)
from bench.project.folder import ProjectFolder
from bench.run.store import refuse_strangers


def versions_of_stages(project: ProjectFolder) -> dict[str, str]:
    """The version of each stage. Raises `DataError` where somebody else could have written what is remembered."""
    if not project.keep:
        return stage_versions()
    file = project.paths.cache / "versions.json"
    refuse_strangers(project.paths.cache, file)
    code = combined_sha256([*map(bytes_sha256, STAGES), *extension_versions(GROUPS)])
    with suppress(
        OSError, ValueError, TypeError, KeyError
    ):  # not there, or not whole: it is found again
        remembered = json.loads(file.read_text(encoding="utf-8"))
        if remembered["code"] == code:
            return {stage: str(remembered["versions"][stage]) for stage in STAGES}
    found = stage_versions()
    with suppress(BenchError):  # then it is found again the next time
        write_bytes(file, json.dumps({"code": code, "versions": found}).encode())
    return found
