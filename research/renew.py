"""Run the slow studies one after the other, commit what is tracked of each when it is done, and the index."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from bench.project.folder import ProjectFolder
from research.tracked import ROOT, run_git

#: What git tracks of a study, beside its own files.
OUTPUTS = (
    "pipeline/{study}/dvc.lock",
    "results/{study}/metrics.json",
    "summaries/{study}.json",
    "reports/{study}",
)


def renew_study(study: str) -> bool:
    """Reproduce one study and commit its tracked outputs; answers whether it came to its page."""
    done = subprocess.run(
        (sys.executable, "-m", "bench", "repro", study), cwd=ROOT, check=False
    )
    if done.returncode:
        print(f"{study}: ended with {done.returncode}; nothing of it was committed")
        return False
    changed = commit_files(
        f"Results of {study}", [text.format(study=study) for text in OUTPUTS]
    )
    print(f"{study}: {changed or 'no'} tracked files changed", flush=True)
    return True


def commit_files(subject: str, places: Sequence[str]) -> int:
    """Commit what changed below these places, new files too; answers how many files."""
    flags = ("--modified", "--others", "--exclude-standard")
    changed = run_git("ls-files", *flags, "--", *places).splitlines()
    if changed:
        run_git("add", "--", *changed)
        run_git("commit", "-q", "-m", subject, "--", *changed)
    return len(changed)


def main() -> None:
    """Renew the studies that are named, or all slow ones; ends with 1 where one failed."""
    project = ProjectFolder(ROOT)
    studies = sys.argv[1:] or project.settings.slow
    failed = [study for study in studies if not renew_study(study)]
    index = (sys.executable, "-m", "dvc", "repro", "--single-item", "index")
    subprocess.run(index, cwd=ROOT, check=True)
    commit_files("The index of all studies", ("dvc.lock", "reports"))
    if failed:
        print("Not renewed:", ", ".join(failed))
        raise SystemExit(1)


if __name__ == "__main__":
    main()
