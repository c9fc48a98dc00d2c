"""Types: inferred only when nothing is lost, declared with an error for what does not fit."""

from __future__ import annotations

import datetime

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.data.types import kind_of, looks_numeric, typed, without_tokens
from bench.study.models import Ordinal


def made(values: list[object], declared: object = None) -> pl.Series:
    series = pl.Series("c", values)
    return typed(
        series, declared, pl.Series(range(len(values)), dtype=pl.Int64), "dataset toy"
    )


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", "-3e-2", "+4", ".5", "5.", " 6 "], "numeric"),
        (["0", "0.5", "-0"], "numeric"),
        (["9007199254740992", "1"], "numeric"),  # 2^53 is exact
        (["9007199254740993", "1"], "categorical"),  # 2^53 + 1 is not
        (["10000000000000000000000", "1"], "numeric"),  # 1e22 is exact as well
        (["123456789012345678901234567890", "1"], "categorical"),
        (["007", "12"], "categorical"),
        (["00.5", "1"], "categorical"),
        (["1e400", "1"], "categorical"),
        (["1,234", "5"], "categorical"),
        (["1_000", "5"], "categorical"),
        (["0x10", "5"], "categorical"),
        (["nan", "1"], "categorical"),
        (["NA", "None", "1"], "categorical"),
        (["true", "FALSE"], "boolean"),
        (["true", "no"], "categorical"),
        (["2024-02-29", "1999-12-31"], "date"),
        (["2024-02-29 10:00:00", "1999-12-31 23:59:59"], "date"),
        (["2024-02-30", "1999-12-31"], "categorical"),  # there is no such day
        ([None, None], "numeric"),
        ([None, "a"], "categorical"),
        ([True, None], "boolean"),
        ([1, 2], "numeric"),
        ([1.5, float("nan")], "numeric"),
        ([datetime.date(2024, 1, 1)], "date"),
    ],
)
def test_inference(values, kind):
    assert kind_of(made(values)) == kind


def test_numbers_are_the_ones_that_were_written():
    assert made(["1", "2.5", "-3e-2", " 6 ", None]).to_list() == [
        1.0,
        2.5,
        -0.03,
        6.0,
        None,
    ]
    assert made([1.5, float("nan")]).to_list() == [1.5, None]


def test_a_late_word_keeps_a_long_column_text():
    assert not looks_numeric(pl.Series("c", ["1"] * 5000 + ["x"]))
    assert not looks_numeric(pl.Series("c", ["1"] * 5000 + ["01"]))


def test_declared_numeric_lists_the_first_misfits_with_rows():
    with pytest.raises(DataError) as error:
        made(["1", "?", "2", "nan", "1e400", "x"], "numeric")
    words = "column c is declared numeric, but holds '?' in row 2, 'nan' in row 4, '1e400' in row 5 and 'x' in row 6"
    assert words in str(error.value)
    assert "declare `missing: ['?']`" in str(
        error.value
    ) and "parse_numbers" not in str(error.value)
    with pytest.raises(DataError, match="parse_numbers"):
        made(["84.08%", "75%"], "numeric")
    assert made(["007", None], "numeric").to_list() == [7.0, None]


def test_categories_keep_their_text_and_round_trip(tmp_path):
    series = made(["b", "01", None, "1"], "categorical")
    assert series.dtype == pl.Enum(["01", "1", "b"])
    series.to_frame().write_parquet(tmp_path / "c.parquet")
    assert pl.read_parquet(tmp_path / "c.parquet")["c"].dtype == series.dtype
    assert made([1.0, 2.0, None], "categorical").cast(pl.String).to_list() == [
        "1",
        "2",
        None,
    ]
    assert made([1.5, 2.0], "categorical").cast(pl.String).to_list() == ["1.5", "2.0"]
    assert made([True, False], "categorical").cast(pl.String).to_list() == [
        "true",
        "false",
    ]


def test_ordinal_follows_the_declared_order():
    order = Ordinal(ordinal=("low", "middle", "high"))
    series = made(["high", " low", None], order)
    assert kind_of(series, order) == "ordinal"
    assert series.to_physical().to_list() == [2, 0, None]
    listed = r"declared ordinal \[low, middle, high\], but holds "
    with pytest.raises(
        DataError,
        match=listed + "'midle' in row 2; if that is middle, mend it in the file",
    ):
        made(["low", "midle"], order)
    with pytest.raises(
        DataError,
        match=listed
        + "'vast' in row 1; if it is a category of its own, add it to the list",
    ):
        made(["vast", "low"], order)


def test_booleans():
    assert made(["yes", "N", "T", "0", None], "boolean").to_list() == [
        True,
        False,
        True,
        False,
        None,
    ]
    assert made([1, 0, None], "boolean").to_list() == [True, False, None]
    with pytest.raises(DataError, match="'maybe' in row 2"):
        made(["yes", "maybe"], "boolean")


def test_a_year_with_a_month_is_no_date_and_told_what_to_write():
    with pytest.raises(DataError, match=r"columns: \[c\], order: year_month"):
        made(["2023-02", None, "2023-11"], "date")
    with pytest.raises(DataError, match="missing: "):
        made(["2023-02-01", "2023-11"], "date")


def test_dates():
    day = datetime.date(2024, 12, 31)
    assert made(["2024-12-31", "2024/12/31", "31.12.2024", None], "date").to_list() == [
        day
    ] * 3 + [None]
    assert made(["2024-12-31T10:30", "2024-12-31 10:30:00.5"], "date").to_list() == [
        datetime.datetime(2024, 12, 31, 10, 30),
        datetime.datetime(2024, 12, 31, 10, 30, 0, 500_000),
    ]
    with pytest.raises(DataError, match="'12/31/2024' in row 1"):
        made(["12/31/2024"], "date")
    with pytest.raises(DataError, match="declared numeric"):
        made([day], "numeric")


def test_missing_tokens_are_taken_as_declared_and_no_others():
    frame = pl.DataFrame(
        {
            "t": ["?", " ? ", "NA", "-999", "a"],
            "x": [-999.0, 1.0, 2.0, -999.5, None],
            "n": [-999, 1, 2, 3, 4],
        }
    )
    done = without_tokens(frame, ["?", "-999"], frame.columns)
    assert done["t"].to_list() == [None, None, "NA", None, "a"]
    assert done["x"].to_list() == [None, 1.0, 2.0, -999.5, None]
    assert done["n"].to_list() == [None, 1, 2, 3, 4]


def test_infinite_numbers_are_refused_by_name_and_never_become_text():
    with pytest.raises(
        DataError, match=r"column x would be numeric, but holds 'inf' in row 2"
    ):
        typed(
            pl.Series("x", ["1.5", "inf", "-inf"]),
            None,
            pl.Series([0, 1, 2]),
            "dataset d",
        )
    assert typed(
        pl.Series("x", ["inf", "sup"]), None, pl.Series([0, 1]), "dataset d"
    ).dtype == pl.Enum(["inf", "sup"])
