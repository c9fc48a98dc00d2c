"""What a run changed of the files in git: nothing, where it fits as the run whose results they are.

Equal bytes are promised on x86-64 with the locked versions of the libraries. Elsewhere the metrics may differ in their
last digits, and are compared to 1e-9.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: The libraries that decide numbers.
LIBRARIES = ("numpy", "polars", "scikit-learn", "scipy", "xgboost-cpu")
TOLERANCE = 1e-9


def run_git(*words: str) -> str:
    """What a command of git prints in the root of the repository."""
    done = subprocess.run(
        ("git", *words), cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout


def changed_files() -> list[str]:
    """Tracked files that differ from the last commit."""
    return run_git("diff", "--name-only", "HEAD").splitlines()


def why_bytes_may_differ() -> str | None:
    """What is another here than the results in git were made with; None where nothing is."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return f"this machine is {platform.machine()}"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for library in LIBRARIES:
        locked = re.search(rf"^{library}==(\S+)", lock, re.MULTILINE)
        if locked is not None and version(library) != locked[1]:
            return f"{library} is {version(library)}, locked is {locked[1]}"
    return None


def different_metrics(path: str) -> list[str]:
    """The names of metrics in a file that differ from those of the last commit by more than the tolerance."""
    then = dict(_numbers(json.loads(run_git("show", f"HEAD:{path}"))))
    now = dict(_numbers(json.loads((ROOT / path).read_text(encoding="utf-8"))))
    names = sorted({*then, *now})
    return [name for name in names if not _is_near(then.get(name), now.get(name))]


def _numbers(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{name}.{key}" if name else key)
    else:
        yield name, value


def _is_near(then: object, now: object) -> bool:
    if isinstance(then, float) and isinstance(now, float):
        return abs(then - now) <= TOLERANCE * max(1.0, abs(then))
    return then == now


def main() -> None:
    """Say which tracked files a run changed; ends with 1 where none should have."""
    changed = changed_files()
    if not changed:
        print("All tracked results came out as they are in git.")
        return
    reason = why_bytes_may_differ()
    if reason is None:
        print("These tracked files came out differently:", *changed, sep="\n  ")
        raise SystemExit(1)
    metrics = [path for path in changed if path.endswith("metrics.json")]
    wrong = {path: names for path in metrics if (names := different_metrics(path))}
    print(f"Bytes may differ here ({reason}); metrics are compared to {TOLERANCE:g}.")
    for path, names in wrong.items():
        print(f"  {path}: {', '.join(names)}")
    if wrong:
        raise SystemExit(1)
    print(f"All metrics agree; {len(changed)} tracked files have other bytes.")


if __name__ == "__main__":
    sys.exit(main())
