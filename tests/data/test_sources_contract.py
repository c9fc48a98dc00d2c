"""What every data source keeps: a name that is its file's kind of word, a strict form, a table or a sentence."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pydantic import BaseModel

from bench.core.errors import BenchError, UsageError
from bench.data.source import Source
from bench.data.sources import SOURCES
from bench.data.table import content_sha256, read_table
from bench.study.models import DatasetSpec
from bench.study.noted import StudyError

EXAMPLES = {name: SOURCES[name].example for name in SOURCES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    frame = pl.DataFrame({"x": [1, 2], "y": ["a", "b"]})
    frame.write_csv(tmp_path / "t.csv")
    frame.write_parquet(tmp_path / "t.parquet")
    frame.write_ndjson(tmp_path / "t.ndjson")
    return tmp_path


def spec(kind: str, **options: object) -> DatasetSpec:
    return DatasetSpec.model_validate(
        {"source": {"kind": kind, **options}, "target": "last"}
    )


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_form(source: Source) -> None:
    assert source.title
    assert issubclass(source.options, BaseModel)
    assert source.options.model_config["extra"] == "forbid"
    assert source.options.model_config["frozen"]
    assert source.options.__doc__


@pytest.mark.parametrize(
    "kind", [kind for kind, options in EXAMPLES.items() if options]
)
def test_a_table_comes_out_the_same_twice(kind: str, folder: Path) -> None:
    options = EXAMPLES[kind] or {}
    first, second = (
        read_table(spec(kind, **options), folder, folder / "downloads")
        for _ in range(2)
    )
    assert first.height
    assert first.width > 1
    assert content_sha256(first) == content_sha256(second)


@pytest.mark.parametrize("kind", list(EXAMPLES))
def test_an_unknown_option_is_a_sentence_of_the_study(kind: str, folder: Path) -> None:
    with pytest.raises(StudyError, match=r"source\.no_such_option: .*unknown"):
        read_table(
            spec(kind, **(EXAMPLES[kind] or {}), no_such_option=1), folder, folder
        )


@pytest.mark.parametrize("kind", list(EXAMPLES))
def test_no_options_at_all_are_an_error(kind: str, folder: Path) -> None:
    with pytest.raises(BenchError):
        read_table(spec(kind), folder, folder)


def test_unknown_sources_name_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match="unknown data source cvs; did you mean csv"):
        SOURCES["cvs"]
    with pytest.raises(
        StudyError, match=r"source\.kind: unknown source parkuet; did you mean parquet"
    ):
        read_table(spec("parkuet"), folder, folder)
