"""The hash of code: what changes it, and what does not."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bench.core import identity
from bench.core.identity import source_sha256, stage_versions, text_sha256

SOURCE = '''
"""A module."""

from bench.data.load import read_dataset


def fitted(rows, *, depth=3):
    """Rows and their depth."""
    if depth:
        return {"rows": rows, "text": f"{rows!r:>{depth}} {'x'}"}
    return None
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""Another sentence.\n\n# and a line\n"""'),
        ('    """Rows and their depth."""\n', ""),
        ("    if depth:", "    # why\n    if depth:  # a comment"),
        ("bench.data.load", "bench.data.reading"),
        ("    return None", "\n\n    return None\n\n"),
        (
            '{"rows": rows, "text"',
            '{\n            "rows": rows,  # those\n            "text"',
        ),
    ],
)
def test_words_places_and_layout_change_nothing(old: str, new: str) -> None:
    assert old in SOURCE
    assert text_sha256(SOURCE.replace(old, new)) == text_sha256(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("depth=3", "depth=4"),
        ("{'x'}", "{'y'}"),
        ("    return None", "        return None"),
        ("import read_dataset", "import read_other as read_dataset"),
        ("if depth", "if not depth"),
        ('"rows":', '"Rows":'),
    ],
)
def test_code_changes_it(old: str, new: str) -> None:
    assert old in SOURCE
    assert text_sha256(SOURCE.replace(old, new)) != text_sha256(SOURCE)


def test_part_of_a_file_has_a_hash() -> None:
    method = (
        "    def area(self):\n        '''The area.'''\n        return self.a * self.b\n"
    )
    assert text_sha256(method) == text_sha256(method.replace("The area", "Its area"))
    assert text_sha256(method) != text_sha256(method.replace("*", "+"))


def test_every_version_of_python_has_the_same_hash() -> None:
    """Python 3.12 takes formatted strings apart; those here and everywhere in the package are put together again."""
    program = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("identity", {identity.__file__!r})
module = sys.modules["identity"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.text_sha256({SOURCE!r}), module.combined_sha256(map(module.source_sha256, module.files_of("run"))))
"""
    named = (
        f"python3.{minor}" for minor in range(11, 20) if minor != sys.version_info.minor
    )
    others = [path for name in named if (path := shutil.which(name))]
    here = identity.combined_sha256(map(source_sha256, identity.files_of("run")))
    assert (
        text_sha256(SOURCE)
        == "0a0c79ab275b710409a34562fdcc2204c45e5fda95d2a3d5a8450ffb817ef583"
    )
    for python in [sys.executable, *others]:
        done = subprocess.run(
            [python, "-I", "-c", program], capture_output=True, text=True, check=False
        )
        if done.returncode != 127:  # a stand-in for a version that is not installed
            assert done.stdout.split() == [text_sha256(SOURCE), here], (
                python,
                done.stderr,
            )


#: The files that a test does not change are hashed once for all of them.
HASHED_ONCE = cache(text_sha256)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package to change."""
    copy = tmp_path / "bench"
    shutil.copytree(
        identity.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.setattr(identity, "PACKAGE", copy)
    monkeypatch.setattr(identity, "text_sha256", HASHED_ONCE)
    source_sha256.cache_clear()
    return copy


def stale(before: dict[str, str]) -> set[str]:
    source_sha256.cache_clear()
    after = stage_versions()
    return {stage for stage in before if before[stage] != after[stage]}


def test_a_comment_a_docstring_and_a_moved_file_make_no_stage_stale(
    package: Path,
) -> None:
    before = stage_versions()
    engine = package / "run" / "engine.py"
    engine.write_text(
        "# First.\n" + engine.read_text().replace('"""', '"""New words: ', 1)
    )
    assert not stale(before)
    (package / "run" / "folds.py").rename(package / "data" / "folds.py")
    assert stale(before) == {
        "fetch",
        "clean",
        "judge",
        "report",
    }  # they got it; the run had it


def test_a_file_that_is_named_and_not_there_is_told(package: Path) -> None:
    (package / "run" / "seeds.py").unlink()
    with pytest.raises(
        FileNotFoundError, match=r"run/seeds\.py: named for the stage judge"
    ):
        stage_versions()


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("run/engine.py", {"run"}),
        ("data/clean.py", {"fetch", "clean", "run", "judge", "report"}),
        ("stats/paired.py", {"judge", "report"}),
        ("comparisons/run_all.py", {"judge"}),
        ("report/page.py", {"report", "index"}),
        ("report/templates/page.html", {"report", "index"}),
        ("cli/app.py", set()),
    ],
)
def test_a_line_of_code_makes_its_stages_stale(
    package: Path, name: str, stages: set[str]
) -> None:
    before = stage_versions()
    path = package / name
    path.write_text(path.read_text() + "\nx = 1\n")
    assert stale(before) == stages


def test_imports_of_bench_count_in_the_code_of_others_and_never_hide_what_stands_beside_them() -> (
    None
):
    assert text_sha256("import bench; K = 1\n") != text_sha256("import bench; K = -1\n")
    one, other = "from bench.stats import a\n", "from bench.stats.b import a\n"
    assert text_sha256(one) == text_sha256(other)
    assert text_sha256(one, imports=True) != text_sha256(other, imports=True)


def test_files_of_packages_that_are_no_utf_8_or_no_python_have_a_hash(
    tmp_path: Path,
) -> None:
    chinese, broken, open_ended = (
        tmp_path / f"{name}.py" for name in ("chinese", "broken", "open_ended")
    )
    open_ended.write_text("x = (\n1,\n")
    assert len(source_sha256(open_ended)) == 64
    chinese.write_bytes("# -*- coding: big5 -*-\nx = '\u4e2d'  # one\n".encode("big5"))
    broken.write_bytes(b"x = (\n\xa4 {{ template }}\n")
    first = source_sha256(chinese, 1), source_sha256(broken, 1)
    chinese.write_bytes(
        "# -*- coding: big5 -*-\nx = '\u4e2d'  # another\n".encode("big5")
    )
    broken.write_bytes(b"x = (\n\xa4 {{ another }}\n")
    second = source_sha256(chinese, 2), source_sha256(broken, 2)
    assert first[0] == second[0] and first[1] != second[1]
