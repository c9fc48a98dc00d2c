"""Expressions of one row: what they give, what is refused, and that no other row matters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.data.clean import Clean, clean_table
from bench.data.expressions import ExpressionError, evaluate, in_sql, parse
from bench.study.models import DatasetSpec


def typed() -> pl.DataFrame:
    """A table as it is after its columns have types."""
    return pl.DataFrame(
        {
            "row": [0, 1, 2, 3, 4],
            "price": [100.0, 10.0, None, 1000.0, 1.0],
            "rooms": [4.0, 1.0, 2.0, 9.0, 0.0],
            "city": pl.Series(
                ["Rome", "Oslo", "Rome", None, "Bonn"],
                dtype=pl.Enum(["Bonn", "Oslo", "Rome"]),
            ),
            "new": [True, False, None, True, False],
            "day": [
                dt.date(2024, 1, 31),
                dt.date(2024, 2, 29),
                dt.date(1970, 1, 2),
                None,
                dt.date(2023, 12, 31),
            ],
            "seen": [dt.datetime(2024, 2, 29, 3, 4)] * 5,
            "blood pressure": [1.0, 2.0, 3.0, 4.0, 5.0],
            "avg(price)": [5.0, 4.0, 3.0, 2.0, 1.0],
            "^p.*$": [1.0] * 5,
            "*": [2.0] * 5,
        }
    )


VALUES = {
    # arithmetic
    "price / (rooms + 1)": [20.0, 5.0, None, 100.0, 1.0],
    "-rooms % 3": [-1.0, -1.0, -2.0, 0.0, 0.0],
    "rooms // 3": [1.0, 0.0, 0.0, 3.0, 0.0],
    "3 / 2 * rooms": [6.0, 1.5, 3.0, 13.5, 0.0],
    "0.1 + 0.2 + 0 * rooms": [0.3] * 5,
    "99999999999 * 99999999999 + 0 * rooms": [99999999999.0**2] * 5,
    "rooms / rooms": [1.0, 1.0, 1.0, 1.0, None],  # 0/0 is missing
    "price / rooms > 5": [True, True, None, True, True],
    "LN(price - 10) > 0": [True, False, None, True, None],
    "ABS(rooms - 3)": [1.0, 2.0, 1.0, 6.0, 3.0],
    "ROUND(price / 3, 1)": [33.3, 3.3, None, 333.3, 0.3],
    "FLOOR(price / 3) + CEIL(price / 3)": [67.0, 7.0, None, 667.0, 1.0],
    "SQRT(POWER(rooms, 2))": [4.0, 1.0, 2.0, 9.0, 0.0],
    "EXP(LN(rooms + 1))": [5.0, 2.0, 3.0, 10.0, 1.0],
    "LOG10(price)": [2.0, 1.0, None, 3.0, 0.0],
    "SIGN(rooms - 2)": [1.0, -1.0, 0.0, 1.0, -1.0],
    "GREATEST(price, rooms)": [100.0, 10.0, 2.0, 1000.0, 1.0],
    "MOD(rooms, 2)": [0.0, 1.0, 0.0, 1.0, 0.0],
    # comparisons and conditions
    "rooms BETWEEN 1 AND 4": [True, True, True, False, False],
    "price IS NULL": [False, False, True, False, False],
    "price IS NOT NULL AND NOT rooms > 4": [True, True, False, False, True],
    "rooms IN (1, 9)": [False, True, False, True, False],
    "rooms IN (price, 9)": [False, False, None, True, False],
    "city IN ('Rome', 'Bern')": [True, False, True, None, False],
    "city NOT IN ('Rome')": [False, True, False, None, True],
    "city = 'Rome'": [True, False, True, None, False],
    "city <> 'Rome'": [False, True, False, None, True],
    "city LIKE '%o%'": [True, True, True, None, True],
    "CASE WHEN rooms > 3 THEN 1 ELSE 0 END": [1.0, 0.0, 0.0, 1.0, 0.0],
    "CASE WHEN price > 50 THEN 'dear' END": ["dear", None, None, "dear", None],
    "CASE city WHEN 'Oslo' THEN 'Kristiania' ELSE city END":
        ["Rome", "Kristiania", "Rome", None, "Bonn"],
    "COALESCE(price, 7)": [100.0, 10.0, 7.0, 1000.0, 1.0],
    "NULLIF(rooms, 0)": [4.0, 1.0, 2.0, 9.0, None],
    # truth values are 1 and 0 in arithmetic
    "new + new": [2.0, 0.0, None, 2.0, 0.0],
    "(rooms > 2) + (price > 50)": [2.0, 0.0, None, 2.0, 0.0],
    "NOT new": [False, True, None, False, True],
    # texts
    "LOWER(city) || '!'": ["rome!", "oslo!", "rome!", None, "bonn!"],
    "REPLACE(city, 'o', '0')": ["R0me", "Osl0", "R0me", None, "B0nn"],
    "SUBSTR(city, 1, 2)": ["Ro", "Os", "Ro", None, "Bo"],
    "RIGHT(city, 2)": ["me", "lo", "me", None, "nn"],
    "TRIM('  a  ') || city": ["aRome", "aOslo", "aRome", None, "aBonn"],
    "LENGTH(city) * LENGTH(city) * 20": [320.0, 320.0, 320.0, None, 320.0],
    "STARTS_WITH(city, 'R')": [True, False, True, None, False],
    # casts
    "CAST(price / 3 AS INT)": [33.0, 3.0, None, 333.0, 0.0],
    "CAST('2' AS DOUBLE) * rooms": [8.0, 2.0, 4.0, 18.0, 0.0],
    "CAST(new AS INT)": [1.0, 0.0, None, 1.0, 0.0],
    "CAST(day AS INT)": [19753.0, 19782.0, 1.0, None, 19722.0],
    "CAST(seen AS INT)": [19782.0] * 5,
    # dates; polars' small integers would overflow
    "EXTRACT(YEAR FROM day) * 100 + EXTRACT(MONTH FROM day)":
        [202401.0, 202402.0, 197001.0, None, 202312.0],
    "EXTRACT(DAY FROM day) * EXTRACT(DAY FROM day)": [961.0, 841.0, 4.0, None, 961.0],
    "EXTRACT(DOY FROM day)": [31.0, 60.0, 2.0, None, 365.0],
    "DATE_PART('quarter', day)": [1.0, 1.0, 1.0, None, 4.0],
    "EXTRACT(HOUR FROM seen)": [3.0] * 5,
    "day > '2024-01-31'": [False, True, False, None, False],
    "day BETWEEN '2023-01-01' AND '2024-01-31'": [True, False, False, None, True],
    "seen > day": [True, True, True, None, True],
    # names
    '"blood pressure" * 2': [2.0, 4.0, 6.0, 8.0, 10.0],
    '"avg(price)" + 0': [5.0, 4.0, 3.0, 2.0, 1.0],
    '"^p.*$" + "*"': [3.0] * 5,
    "rooms -- AVG(price)\n + 1": [5.0, 2.0, 3.0, 10.0, 1.0],
    "rooms /* OVER */ + 1": [5.0, 2.0, 3.0, 10.0, 1.0],
    "'AVG(price)' || city": ["AVG(price)Rome", "AVG(price)Oslo", "AVG(price)Rome", None, "AVG(price)Bonn"],
    "1": [1.0] * 5,
    " + ".join(["rooms"] * 100): [400.0, 100.0, 200.0, 900.0, 0.0],
}  # fmt: skip


@pytest.mark.parametrize("text", VALUES)
def test_values_by_hand(text: str) -> None:
    made = evaluate(parse(text), typed()).to_list()
    wanted = VALUES[text]
    assert made == [
        pytest.approx(value) if isinstance(value, float) else value for value in wanted
    ]


@pytest.mark.parametrize("text", VALUES)
def test_no_other_row_matters(text: str) -> None:
    """Rows in another order, and each row alone, give the same values."""
    frame, expression = typed(), parse(text)
    whole = evaluate(expression, frame).to_list()
    for order in ([4, 2, 0, 3, 1], [1, 3], [0, 0, 2]):
        some = evaluate(expression, frame[order]).to_list()
        assert some == [whole[place] for place in order]
    for place in range(frame.height):
        assert evaluate(expression, frame[[place]]).to_list() == [whole[place]]


REFUSED = {
    # other rows
    "AVG(price)": "uses Agg",
    "price - MEDIAN(price)": "uses Agg",
    "ABS(MAX(price))": "uses Agg",
    "COALESCE(SUM(price), 1)": "uses Agg",
    "CASE WHEN COUNT(*) > 1 THEN 1 ELSE 0 END": "uses Len",
    "COUNT(*)": "uses Len",
    "COUNT(DISTINCT city)": "one row",
    "AVG/**/(price)": "uses Agg",
    "FIRST(price)": "uses Agg",
    "LAST(price)": "uses Agg",
    "STDDEV(price)": "uses Agg",
    "QUANTILE_CONT(price, 0.5)": "uses Quantile",
    "CORR(price, rooms)": "one row",
    "SUM(price) FILTER (WHERE rooms > 1)": "uses Agg",
    "RANK() OVER (ORDER BY price)": "one row",
    "ROW_NUMBER() OVER (ORDER BY price)": "uses Over",
    "LAG(price) OVER (ORDER BY day)": "uses Over",
    "SUM(price) OVER (ORDER BY day)": "one row",
    "price / AVG(price) OVER (PARTITION BY city)": "uses Over",
    "(SELECT 1)": "uses SubPlan",
    "EXISTS (SELECT 1)": "uses SubPlan",
    "UNNEST(price)": "uses Explode",
    "COLUMNS(*)": None,
    "STRING_AGG(city, ',')": "one row",
    # the clock and chance
    "NOW()": "the time of now",
    "CURRENT_DATE": "the time of now",
    "CURRENT_TIMESTAMP": "the time of now",
    "RANDOM()": "no function RANDOM",
    # a format that the first value would decide
    "DATE(city)": "uses StringExpr.Strptime",
    "CAST(city AS DATE)": "CAST takes",
    # what is no expression
    "LGO(price)": "did you mean LOG?",
    "price AS x": "gives a name",
    "price, rooms": "no expression",
    "price; rooms": "no expression",
    "price +": "no expression",
    "": "no expression",
    "(" * 300 + "price" + ")" * 300: "no expression",
    "houses.price": "a name with a point",
    "price * 1e999": "too large",
    " + ".join(["price"] * 200): "longer",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_before_any_data(text: str) -> None:
    if REFUSED[text] is None:  # a name that no table has
        with pytest.raises(DataError, match="there is no column"):
            evaluate(parse(text), typed().drop("*"))
        return
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert REFUSED[text] in str(error.value)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("prise + 1", "did you mean price?"),
        ("row + 1", "there is no column row"),
        ("COLUMNS('p')", "there is no column"),
        ("city + 1", "takes text, and this is numbers"),
        ("day - day", "CAST(day AS INT) counts days"),
        ("SQRT(city)", "Sqrt takes numbers, and this is text"),
        ("EXTRACT(YEAR FROM rooms)", "Year takes dates, and this is numbers"),
        ("CASE WHEN rooms > 1 THEN 'a' ELSE 1 END", "CASE mixes numbers and text"),
        ("CASE WHEN rooms > 1 THEN day ELSE price END", "mixes dates and numbers"),
        ("COALESCE(price, 'none')", "Coalesce mixes numbers and text"),
        ("price > 'x'", "mixes numbers and text"),
        ("day < 1", "mixes dates and numbers"),
        ("day > '31.1.2024'", "is no day"),
        ("day > city", "mixes dates and text"),
        ("rooms IN ('1')", "mixes numbers and text"),
        ("rooms AND new", "takes truth, and this is numbers"),
        ("CAST(city AS DOUBLE)", "conversion from"),
    ],
)
def test_what_a_table_does_not_allow(text: str, word: str) -> None:
    with pytest.raises(DataError) as error:
        evaluate(parse(text), typed())
    assert word in str(error.value)


@pytest.mark.parametrize("name", [*typed().columns[1:], 'a"b', "order", "now", "7"])
def test_every_name_can_be_written(name: str) -> None:
    assert parse(in_sql(name)).columns == (name,)


# --- as steps of a study


def raw() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "price": [100.0, 10.0, None, 1000.0, 1.0],
            "rooms": [4, 1, 2, 9, 0],
            "city": ["Rome", "Oslo", "Rome", None, "Bonn"],
            "day": ["2024-01-31", "2024-02-29", "1970-01-02", None, "2023-12-31"],
            "delay": [0.0, 20.0, 16.0, 15.0, 3.0],
            "y": ["a", "b", "a", "b", "a"],
        }
    )


def cleaned(*steps: Any, task: Any = "classification", **spec: Any) -> Clean:
    whole = {
        "source": {"kind": "csv", "file": "t.csv"},
        "target": "y",
        "types": {"day": "date"},
        "drop": ["day"],
    } | spec
    return clean_table("toy", raw(), DatasetSpec.model_validate(whole), steps, task)


@pytest.mark.parametrize(
    ("columns", "spec", "word"),
    [
        ({"a": "prise + 1"}, {}, "derive: a: there is no column prise"),
        ({"a": "1", "b": "a + prise"}, {}, "derive: b: there is no column prise"),
        ({"a": "y = 'a'"}, {}, "may not hold the answer"),
        (
            {"a": "CASE WHEN y = 'a' THEN 1 END", "y": "LOWER(y)", "b": "a + 1"},
            {},
            "may not hold the answer",
        ),
        ({"late": "delay > 15"}, {"target": "late"}, "which would give it away"),
        ({"a": "price / rooms"}, {}, "column a is infinite in row 5"),
    ],
)
def test_what_may_not_be_made(
    columns: dict[str, str], spec: dict[str, Any], word: str
) -> None:
    with pytest.raises(DataError) as error:
        cleaned({"derive": columns}, **spec)
    assert word in str(error.value)


def test_the_target_may_be_made() -> None:
    """Of columns that are no features; a number too."""
    late = {"derive": {"late": "delay > 15"}}
    done = cleaned(late, target="late", drop=["day", "delay"])
    assert done.table["classes"].to_list() == [["false", "true"]]
    assert done.roles["y"] == "feature"
    log = {"derive": {"price": "LOG10(COALESCE(price, 1))"}}
    made = cleaned(log, task="regression", target="price")
    assert made.frame["price"].to_list() == pytest.approx([2, 1, 0, 3, 0])
    assert made.log["cells_changed"].to_list() == [5]


def test_a_column_may_use_those_above_it() -> None:
    done = cleaned({"derive": {"a": "rooms + 1", "b": "a * 2"}})
    assert done.frame["b"].to_list() == [10.0, 4.0, 6.0, 20.0, 2.0]
    assert done.log["example"].to_list() == ["a was added"]


def test_an_ordinal_column_keeps_its_order_while_it_can() -> None:
    types = {"city": {"ordinal": ["Rome", "Oslo", "Bonn"]}}
    north = "CASE city WHEN 'Bonn' THEN '{}' ELSE city END"
    kept = cleaned({"derive": {"city": north.format("Oslo")}}, types=types)
    assert kept.types["city"] == "ordinal"
    other = cleaned({"derive": {"city": north.format("Bern")}}, types=types)
    assert other.types["city"] == "categorical"


def test_rows_by_a_condition() -> None:
    """A row for which it is neither true nor false goes, as in SQL."""
    done = cleaned({"where": "price < 2000 AND rooms < 10"})
    assert done.frame["row"].to_list() == [0, 1, 3, 4]
    row = done.log.row(0, named=True)
    assert (row["step"], row["rows_before"], row["rows_after"]) == ("where", 5, 4)
    assert row["parameters"] == '"price < 2000 AND rooms < 10"'
    assert row["example"] == "row 3 was dropped"
    kept = cleaned({"where": "price < 500 OR price IS NULL"})
    assert kept.frame["row"].to_list() == [0, 1, 2, 4]
    with pytest.raises(DataError, match="expected a condition"):
        cleaned({"where": "price + 1"})
