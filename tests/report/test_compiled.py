"""Compiled templates are kept, and never used for another template, environment or file."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest

from bench.report.compiled import CompiledTemplates


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "makes_it.py"
    file.write_text("one")
    return file


def filled(module: Path, folder: Path, source: str) -> str:
    loader = jinja2.DictLoader({"page.html": source})
    made = jinja2.Environment(
        loader=loader, autoescape=True, bytecode_cache=CompiledTemplates(module, folder)
    )
    return made.get_template("page.html").render(x=1)


def kept(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob("*.template")]


def test_a_template_is_compiled_once(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    assert filled(module, folder, "{{ x }}") == "1"
    assert len(kept(folder)) == 1
    monkeypatch.setattr(
        jinja2.Environment, "compile", lambda *_: pytest.fail("compiled again")
    )
    assert filled(module, folder, "{{ x }}") == "1"


def test_another_source_or_environment_is_compiled_anew(
    module: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    filled(module, folder, "{{ x }}")
    first = kept(folder)
    assert filled(module, folder, "{{ x + 1 }}") == "2"
    second = kept(folder)
    module.write_text("two")
    assert filled(module, folder, "{{ x + 1 }}") == "2"
    assert first != second != kept(folder)


@pytest.mark.parametrize("content", [b"", b"damaged", b"j2" * 50])
def test_a_damaged_file_is_compiled_anew(
    content: bytes, module: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    filled(module, folder, "{{ x }}")
    whole = kept(folder)
    (file,) = folder.glob("*.template")
    file.write_bytes(content)
    assert filled(module, folder, "{{ x }}") == "1"
    assert kept(folder) == whole
    file.write_bytes(whole[0][:-9])
    assert filled(module, folder, "{{ x }}") == "1"


def test_nothing_is_kept_where_python_keeps_nothing(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert filled(module, tmp_path / "kept", "{{ x }}") == "1"
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_cannot_be_written_is_left_alone(
    module: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert filled(module, tmp_path / "file" / "kept", "{{ x }}") == "1"
