"""What stands in a folder of somebody else: real DVC, real processes, real files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.core.errors import UsageError
from bench.project.begin import EXAMPLE, begin
from bench.project.project import Project
from tests.project.test_begin import QUICK

pytestmark = pytest.mark.long


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of a quick study; `python` is this one, as in an activated environment."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DVC_STAGE", raising=False)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    programs = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    folder = tmp_path / "project"
    begin(folder)
    (folder / "studies" / EXAMPLE / "study.yaml").write_text(QUICK)
    return folder


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -P -m WORDS` there."""
    return subprocess.run(
        [sys.executable, "-P", "-m", *words],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


OWN = "from sklearn.naive_bayes import GaussianNB as Mine\nopen('ran', 'a').close()\n"


def test_code_of_the_folder_runs_when_its_user_allowed_this_content(root: Path) -> None:
    """params.yaml came with the folder and vouches for nothing; of the folder nothing else can be imported."""
    study = root / "studies" / EXAMPLE / "study.yaml"
    study.write_text(
        QUICK.replace("lda: {}", "lda: {estimator: own_models.inside.Mine}")
    )
    package = root / "own_models"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "inside.py").write_text(OWN)
    with (root / "params.yaml").open("a") as params:
        params.write("trusted:\n  - own_models\n")
    text = (root / "params.yaml").read_text()
    (root / "params.yaml").write_text(text.replace("trusted: []\n", ""))
    for words in (["check"], ["repro", EXAMPLE], ["why", EXAMPLE], ["fetch", EXAMPLE]):
        ended = run(root, "bench", *words)
        assert ended.returncode in (2, 255), words
        assert "`bench trust own_models`" in ended.stderr, ended.stderr
    assert not (root / "ran").exists()
    assert run(root, "bench", "trust", "own_model").returncode == 2
    assert run(root, "bench", "trust", "own_models").returncode == 0
    for words in (["check"], ["repro", EXAMPLE]):
        ended = run(root, "bench", *words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (root / "ran").exists()
    (package / "inside.py").write_text(OWN + "import evil\n")
    assert "`bench trust own_models`" in run(root, "bench", "check").stderr
    (root / "evil.py").write_text("open('evil.ran', 'a').close()\n")
    assert run(root, "bench", "trust", "own_models").returncode == 0
    ended = run(root, "bench", "check")
    assert ended.returncode == 2 and "No module named 'evil'" in ended.stderr
    assert not (root / "evil.ran").exists()


DVC_FILES = {
    f"studies/{EXAMPLE}/dvc.yaml": 'stages: {e: {cmd: "id > id.txt", outs: [id.txt]}}',
    f"studies/{EXAMPLE}/p.csv.dvc": "deps: [{path: /etc/passwd}]\nouts: [{path: p.csv}]",
    f"studies/{EXAMPLE}/sub/.dvcignore": "!dvc.yaml",
    f"studies/{EXAMPLE}/sub/dvc.yaml": (
        'stages: {e: {cmd: "id > id.txt", outs: [id.txt]}}'
    ),
    f"data/{EXAMPLE}/dvc.yaml": (
        f'stages: {{e: {{cmd: "id > id.txt", wdir: ../../studies/{EXAMPLE},'
        " outs: [id.txt]}}"
    ),
    f"results/{EXAMPLE}/x.dvc": "outs: [{path: x}]",
    "summaries/dvc.lock": "schema: '2.0'",
}


def test_no_file_of_dvc_in_a_study_is_obeyed(root: Path) -> None:
    for name, text in DVC_FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    listed = run(root, "dvc", "stage", "list", "--all", "--name-only")
    assert listed.returncode == 0 and "dvc.yaml:e" not in listed.stdout
    plain = run(root, "dvc", "repro")
    assert plain.returncode == 255 and "DVC would run" in plain.stderr
    for words in (["check"], ["repro", EXAMPLE], ["pull", EXAMPLE]):
        ended = run(root, "bench", *words)
        assert ended.returncode == 2 and "DVC would run" in ended.stderr, words
    for made in ("id.txt", "sub/id.txt", "p.csv"):
        assert not (root / "studies" / EXAMPLE / made).exists()


@pytest.mark.parametrize("name", DVC_FILES)
def test_each_file_of_dvc_is_named(name: str, root: Path) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(DVC_FILES[name])
    with pytest.raises(UsageError, match=name):
        Project(root).check()


def test_modules_of_the_project_folder_replace_none(root: Path) -> None:
    """Neither bench, DVC, the standard library, nor an installed package; nor do they extend bench."""
    ran = "import pathlib; pathlib.Path(__file__).with_suffix('.ran').touch()\n"
    for name in ("bench", "dvc", "json", "numpy", "polars", "secrets", "evil"):
        (root / f"{name}.py").write_text(ran)
    points = root / "evil-1.0.dist-info"
    points.mkdir()
    (points / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n"
    )
    (points / "entry_points.txt").write_text("[bench.families]\nevil = evil\n")
    for words in (["bench", "repro", EXAMPLE], ["dvc", "repro"]):
        ended = run(root, *words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (root / "reports" / EXAMPLE / "index.html").is_file()
    assert list(root.glob("*.ran")) == []
