"""The tutorial, run as it stands: its commands in order in an empty folder, its files written where it says."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.docs.test_pages import DOCS, FENCE
from tests.helpers.forks import ROOT, programs

pytestmark = pytest.mark.long

TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
#: The mistake whose message the tutorial shows, and what stands there without it.
MISTAKE, RIGHT = "    targt: target\n", "    target: target\n"
#: What the first project trains, and what its test does: forests of ten trees, two folds.
SMALLER = {
    "random_forest: {": "random_forest: {n_estimators: 10, ",
    "folds: 5, repeats: 10": "folds: 2, repeats: 1",
}


def squeezed(text: str) -> list[str]:
    """The lines with single spaces, without empty ones."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def smaller(text: str) -> str:
    for words, others in SMALLER.items():
        text = text.replace(words, others)
    return text


@dataclass
class Reader:
    """Somebody who follows the tutorial: where they stand, what the last command printed, what differed."""

    place: Path
    environment: dict[str, str]
    printed: str = ""
    missing: list[str] = field(default_factory=list)

    def run(self, command: str) -> None:
        shell = ["sh", "-e", "-c", f'{command}\npwd > "$PLACE"']
        done = subprocess.run(
            shell,
            cwd=self.place,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        self.place = Path(
            Path(self.environment["PLACE"]).read_text(encoding="utf-8").strip()
        )
        self.printed = done.stdout + done.stderr

    def make_smaller(self, study: str) -> None:
        file = self.place / "studies" / study / "study.yaml"
        whole = file.read_text(encoding="utf-8")
        assert all(whole.count(words) == 1 for words in SMALLER)
        file.write_text(smaller(whole), encoding="utf-8")

    def expect(self, text: str) -> None:
        lines = squeezed(self.printed)
        self.missing += [
            f"{line}\n    in\n{self.printed}"
            for line in squeezed(text)
            if line not in lines
        ]

    def expect_of_mistake(self, text: str) -> None:
        study = self.place / "studies" / "cultivars" / "study.yaml"
        whole = study.read_text(encoding="utf-8")
        assert RIGHT in whole
        study.write_text(whole.replace(RIGHT, MISTAKE), encoding="utf-8")
        self.run("bench check cultivars || test $? = 2")
        self.expect(text)
        study.write_text(whole, encoding="utf-8")


def read(name: str, folder: Path) -> Reader:
    """A reader at the end of a page; `bench` and `python` are those of the tests."""
    start = folder / "start"
    start.mkdir()
    path = f"{programs()}{os.pathsep}{os.environ['PATH']}"
    own = {
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "PLACE": str(folder / "place"),
        "COLUMNS": "80",
    }
    reader = Reader(start, os.environ | own)
    for language, about, text in FENCE.findall(
        (DOCS / name).read_text(encoding="utf-8")
    ):
        title = re.search(r'title="([^"]+)"', about)
        if language == "sh":
            reader.run(smaller(text))
            if made := re.search(r"bench new (\S+)", text):
                reader.make_smaller(made.group(1))
        elif title and title.group(1) == "prints":
            reader.expect(text)
        elif title and title.group(1) == "prints with targt":
            reader.expect_of_mistake(text)
        elif title:
            (reader.place / title.group(1)).write_text(text, encoding="utf-8")
    return reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return read("tutorial.md", tmp_path_factory.mktemp("tutorial"))


@pytest.fixture(scope="module")
def beginner(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return read("first-project.md", tmp_path_factory.mktemp("beginner"))


def test_a_first_project_ends_in_a_page_and_a_change_that_was_weighed(
    beginner: Reader,
) -> None:
    assert not beginner.missing, "\n".join(beginner.missing)
    assert (beginner.place / "exports" / "ward" / "card.html").is_file()
    assert "ROPE" in beginner.printed and "min_samples_leaf" in beginner.printed, (
        beginner.printed
    )


def test_the_tutorial_ends_in_a_page(reader: Reader) -> None:
    page = (reader.place / "reports" / "cultivars" / "index.html").read_text(
        encoding="utf-8"
    )
    assert "Two models on wines" in page


def test_commands_print_what_the_tutorial_shows(reader: Reader) -> None:
    assert TUTORIAL.count('title="prints') == 5
    assert not reader.missing, "\n".join(reader.missing)


def test_the_study_was_frozen_before_it_ran(reader: Reader) -> None:
    assert (reader.place / "studies" / "cultivars" / "frozen.json").is_file()
