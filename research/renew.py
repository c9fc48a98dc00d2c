"""Run the slow studies one after the other, and commit what is tracked of each when it is done."""

from __future__ import annotations

import subprocess
import sys

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
    patterns = [text.format(study=study) for text in OUTPUTS]
    changed = run_git("ls-files", "--modified", "--", *patterns).splitlines()
    if changed:
        run_git("commit", "-q", "-m", f"Results of {study}", "--", *changed)
    print(f"{study}: {len(changed) or 'no'} tracked files changed", flush=True)
    return True


def main() -> None:
    """Renew the studies that are named, or all slow ones; ends with 1 where one failed."""
    project = ProjectFolder(ROOT)
    studies = sys.argv[1:] or project.settings.slow
    failed = [study for study in studies if not renew_study(study)]
    if failed:
        print("Not renewed:", ", ".join(failed))
        raise SystemExit(1)


if __name__ == "__main__":
    main()
