"""Which files of a study's folder a run reads, and which of them a page holds."""

from pathlib import Path

from bench.project.own_files import LARGEST, MOST, own_files


def test_small_texts_of_the_folder_are_held_and_others_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    made = {
        "claims.csv": b"a,b\n1,2\n",
        "made_by.py.txt": b"print()\n",
        "study.yaml": b"id: x\n",
        "notes.md": b"# n\n",
    }
    made |= {
        "data/big.csv": b"1" * (LARGEST + 1),
        "data/old.csv": b"\xff\xfe",
        "data/x.csv": b"1\n",
    }
    made |= {
        "data/escape.csv": b"a\n\x1b[31mred\n",
        "data/nel.csv": "a\nb\x85\n".encode(),
    }  # a page replaces these letters
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "link.csv").symlink_to(tmp_path / "claims.csv")
    read, texts = own_files(tmp_path)
    assert read == (
        "claims.csv",
        "data/big.csv",
        "data/escape.csv",
        "data/nel.csv",
        "data/old.csv",
        "data/x.csv",
    )
    assert texts == (
        ("claims.csv", "a,b\n1,2\n"),
        ("data/x.csv", "1\n"),
        ("made_by.py.txt", "print()\n"),
    )


def test_a_page_holds_files_up_to_a_size_as_they_are_written_on_it(
    tmp_path: Path,
) -> None:
    each = LARGEST - 4_000
    for name, content in {
        "a.csv": "1" * each,
        "b.csv": "2" * each,
        "c.csv": "3" * each,
        "d.csv": '"' * each,
    }.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "e.csv").write_text("4")
    assert [name for name, _ in own_files(tmp_path)[1]] == [
        "a.csv",
        "b.csv",
        "e.csv",
    ] and 2 * each < MOST < 3 * each
