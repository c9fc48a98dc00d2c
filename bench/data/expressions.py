"""Expressions of SQL that look at one row: `LN(price) / (rooms + 1)`, `CASE WHEN age < 18 THEN 0 ELSE 1 END`.

polars parses them. They run before any split, so of its parts only those that are named here pass. What looks at other
rows (means, ranks, OVER, queries), at the clock or at chance is refused, and so is everything unknown.
"""

from __future__ import annotations

import datetime
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, NoReturn

import polars as pl
from pydantic import AfterValidator

from bench.core.errors import DataError, nearest, suggested
from bench.study.fields import Text, refused
from bench.text.problems import BadExpression

LONGEST = 1000
#: A part of an expression, as polars writes it to JSON.
PolarsPart = Any
#: What a part holds. `truth`: true or false.
Holds = Literal["numbers", "text", "dates", "truth"]

#: Functions of polars that look at one row, by what their arguments hold.
_OF_NUMBERS = (
    "Abs", "Ceil", "Exp", "Floor", "Log", "Log1p", "Pow.Cbrt", "Pow.Generic", "Pow.Sqrt", "Sign", "Sql.Binary",
    "Sql.Round", "Sql.ToFloat", "Trigonometry.Cos", "Trigonometry.Sin",
)  # fmt: skip
_OF_TEXT = (
    "StringExpr.ConcatHorizontal", "StringExpr.Contains", "StringExpr.EndsWith", "StringExpr.LenChars",
    "StringExpr.Lowercase", "StringExpr.Replace", "StringExpr.StartsWith", "StringExpr.StripChars",
    "StringExpr.StripCharsEnd", "StringExpr.StripCharsStart", "StringExpr.Titlecase", "StringExpr.Uppercase",
)  # fmt: skip
_OF_DATES = (
    "TemporalExpr.Day", "TemporalExpr.Hour", "TemporalExpr.Minute", "TemporalExpr.Month", "TemporalExpr.OrdinalDay",
    "TemporalExpr.Quarter", "TemporalExpr.Week", "TemporalExpr.WeekDay", "TemporalExpr.Year",
)  # fmt: skip
_OF_ALL = ("Boolean.IsNotNull", "Boolean.IsNull")
_OF_ONE_KIND = ("Coalesce", "MaxHorizontal", "MinHorizontal", "Sql.IsIn")
#: The kinds of the arguments of each function; the last one is that of all further arguments.
ROW_WISE: Mapping[str, tuple[str, ...]] = {
    "Boolean.Not": ("truth",),
    "StringExpr.Slice": ("text", "count"),
    **dict.fromkeys(_OF_NUMBERS, ("numbers",)),
    **dict.fromkeys(_OF_TEXT, ("text",)),
    **dict.fromkeys(_OF_DATES, ("dates",)),
    **dict.fromkeys(_OF_ALL, ("any",)),
    **dict.fromkeys(_OF_ONE_KIND, ("same",)),
}
_COMPARE = (
    "Eq", "EqValidity", "Gt", "GtEq", "Lt", "LtEq", "NotEq", "NotEqValidity",
)  # fmt: skip
_JOIN = ("And", "Or", "Xor")
_ARITHMETIC = ("Minus", "Multiply", "Plus")
#: The types of CAST.
_CASTS: Mapping[str, Holds] = {
    "Boolean": "truth",
    "Float64": "numbers",
    "Int32": "numbers",
    "Int64": "numbers",
    "String": "text",
}
#: The words of SQL that make these parts.
WORDS = (
    "ABS", "AND", "BETWEEN", "CASE", "CAST", "CBRT", "CEIL", "COALESCE", "CONCAT", "COS", "DATE_PART", "ENDS_WITH",
    "EXP", "EXTRACT", "FLOOR", "GREATEST", "IN", "INITCAP", "IS NULL", "LEAST", "LEFT", "LENGTH", "LIKE", "LN", "LOG",
    "LOG10", "LOG1P", "LOG2", "LOWER", "LTRIM", "MOD", "NOT", "NULLIF", "OR", "POWER", "REGEXP_LIKE", "REPLACE",
    "RIGHT", "ROUND", "RTRIM", "SIGN", "SIN", "SQRT", "STARTS_WITH", "SUBSTR", "TRIM", "UPPER",
)  # fmt: skip


class ExpressionError(Exception):
    """What is wrong with an expression, wherever it stands."""


@dataclass(frozen=True)
class Expression:
    """An expression of which every part looks at one row, and the columns that it reads."""

    text: str
    tree: PolarsPart
    columns: tuple[str, ...]


def parse(text: str) -> Expression:
    """Read an expression. Raises `ExpressionError`.

    >>> parse("LN(price) / (rooms + 1)").columns
    ('price', 'rooms')
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"is longer than {LONGEST} characters; make two of it")
    try:
        tree = json.loads(pl.sql_expr(text).meta.serialize(format="json"))
        return Expression(text, tree, tuple(dict.fromkeys(_columns(tree))))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        _refuse_text(str(error).splitlines()[0])
    except RecursionError:
        raise ExpressionError("is nested too deeply; make two of it") from None


def _readable(text: str) -> str:
    try:
        parse(text)
    except ExpressionError as error:
        raise refused(BadExpression(str(error))) from None
    return text


#: An expression in a study file.
RowExpression = Annotated[Text, AfterValidator(_readable)]


def _refuse_text(reason: str) -> NoReturn:
    """Raise `ExpressionError` for what polars cannot read; reason: what it says."""
    unknown = re.fullmatch(r"unsupported function '(\w+)'", reason)
    if unknown is None:
        raise ExpressionError(f"is no expression of SQL: {reason[:100]}") from None
    word = unknown[1].upper()
    raise ExpressionError(
        f"there is no function {word} of one row; {nearest(word, WORDS)}"
    ) from None


def _columns(node: PolarsPart) -> Iterator[str]:
    """The columns that a part reads. Raises `ExpressionError` for a part that is not named above."""
    match _kind_and_content(node):
        case "Column", str(name):
            yield name
        case "Literal", content:
            _check_literal(content)
        case "BinaryExpr", {"left": left, "op": op, "right": right} if op in (
            *_COMPARE,
            *_JOIN,
            *_ARITHMETIC,
        ):
            yield from _columns(left)
            yield from _columns(right)
        case "Ternary", {"predicate": condition, "truthy": yes, "falsy": no}:
            for part in (condition, yes, no):
                yield from _columns(part)
        case "Cast", {"expr": inner, "dtype": {"Literal": str(dtype)}} if (
            dtype in _CASTS
        ):
            yield from _columns(inner)
        case "Cast", _:
            raise ExpressionError("CAST takes DOUBLE, INT, VARCHAR or BOOLEAN")
        case "Function", {"input": inputs, "function": function} if (
            _name_of(function) in ROW_WISE
        ):
            for part in inputs:
                yield from _columns(part)
        case "Function", {"function": function}:
            _refuse_part(_name_of(function))
        case "Selector", "Wildcard":
            yield "*"
        case "Selector", {"Matches": str(name)}:
            yield name
        case name, _:
            _refuse_part(name)


def _check_literal(content: PolarsPart) -> None:
    match content:
        case {"Dyn": {"Float": None}}:
            raise ExpressionError("holds a number that is too large")
        case {"Scalar": {"Date": _} | {"Datetime": _} | {"Time": _}}:
            raise ExpressionError(
                "holds a date of SQL, or the time of now; write a day as text, such as"
                " day > '2024-01-31'"
            )
        case {"Dyn": _} | {"Scalar": _} | {"Series": _}:
            return
    _refuse_part("Literal")


def _kind_and_content(node: PolarsPart) -> tuple[str, Any]:
    """The name of a part and what is in it."""
    if isinstance(node, Mapping) and len(node) == 1:
        ((name, content),) = node.items()
        return name, content
    return str(node), None


def _name_of(function: PolarsPart) -> str:
    """The name of a function in polars, such as `Abs` or `StringExpr.Lowercase`."""
    if isinstance(function, str):
        return function
    ((family, inner),) = function.items()
    return f"{family}.{inner if isinstance(inner, str) else next(iter(inner))}"


def _refuse_part(name: str) -> NoReturn:
    """Raise `ExpressionError` for a part that is not known to look at one row."""
    if name == "Alias":
        raise ExpressionError("gives a name (AS); the key of the study is the name")
    if name.startswith("StructExpr"):
        raise ExpressionError('holds a name with a point; write it in quotes: "a.b"')
    raise ExpressionError(
        f"uses {name}, and an expression looks at one row; what looks at others (AVG,"
        " RANK, OVER, a query) belongs into `preprocess`"
    )


def in_sql(name: str) -> str:
    """The name of a column as an expression has it, in quotes where it is no plain word.

    >>> in_sql("age"), in_sql("blood pressure"), in_sql("order")
    ('age', '"blood pressure"', '"order"')
    """
    try:
        if re.fullmatch(r"\w+", name) and parse(name).columns == (name,):
            return name
    except ExpressionError:
        pass
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def text_in_sql(text: str) -> str:
    """A text as an expression has it.

    >>> text_in_sql("Bob's")
    "'Bob''s'"
    """
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def evaluate(expression: Expression, frame: pl.DataFrame) -> pl.Series:
    """The values of an expression, a row each; `frame` has the column `row`.

    Numbers are Float64, never NaN: 0/0 and LN(-1) are missing. Raises `DataError` for unknown columns, and where kinds
    of values are mixed or a value cannot be cast.
    """
    known = [name for name in frame.columns if name != "row"]
    for name in expression.columns:
        if name not in known:
            raise DataError(
                f"there is no column {name}; {suggested(name, known, 'columns')}"
            )
    parts = _Parts(frame, expression.columns)
    try:
        return parts.column(parts.read(expression.tree).node)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reason = str(error).splitlines()[0]
        raise DataError(re.sub(" in column '[^']*'", "", reason)) from None


@dataclass(frozen=True)
class _Part:
    """A column or a literal, and what it holds; None: missing values alone."""

    node: PolarsPart
    kind: Holds | None


class _Parts:
    """The columns of an expression, and its parts as they are computed, in a table of their own.

    Each part is a column with a name of its own, so that no name of a table means anything to polars.
    """

    def __init__(self, frame: pl.DataFrame, columns: tuple[str, ...]) -> None:
        self.names = {name: f"column {i}" for i, name in enumerate(columns)}
        named = [frame[name].alias(new) for name, new in self.names.items()]
        self.frame = pl.DataFrame([frame["row"], *named])
        for column in self.frame.columns[1:]:
            self._plain(column)

    def column(self, node: PolarsPart) -> pl.Series:
        """The values of a part that was read."""
        name: str = (node if "Column" in node else self.keep(node))["Column"]
        return self.frame[name]

    def keep(self, node: PolarsPart) -> PolarsPart:
        """A part of which all arguments are columns or literals, computed."""
        name = f"part {self.frame.width}"
        self.frame = self.frame.with_columns(_as_expr(node).alias(name))
        self._plain(name)
        return {"Column": name}

    def _plain(self, name: str) -> None:
        """Numbers as Float64, because small integers overflow without a word; categories as text."""
        dtype = self.frame.schema[name]
        if dtype.is_numeric():
            made = pl.col(name).cast(pl.Float64).fill_nan(None)
            self.frame = self.frame.with_columns(made)
        elif isinstance(dtype, pl.Enum):
            self.frame = self.frame.with_columns(pl.col(name).cast(pl.String))

    def read(self, node: PolarsPart) -> _Part:
        """A part as a column or a literal, and what it holds."""
        made = self._read(node)
        dtype: Any = self.frame.select(_as_expr(made)).to_series().dtype
        if isinstance(dtype, pl.List):
            dtype = dtype.inner
        if dtype == pl.Boolean:
            return _Part(made, "truth")
        if dtype.is_temporal():
            return _Part(made, "dates")
        if dtype.is_numeric():
            return _Part(made, "numbers")
        return _Part(made, "text" if dtype == pl.String else None)

    def _read(self, node: PolarsPart) -> PolarsPart:
        match _kind_and_content(node):
            case "Column" | "Selector", _:
                (name,) = _columns(node)
                return {"Column": self.names[name]}
            case "Literal", content:
                return _literal(content)
            case "BinaryExpr", {"left": left, "op": op, "right": right}:
                left, right = self._operands(op, [self.read(left), self.read(right)])
                return self.keep(
                    {"BinaryExpr": {"left": left, "op": op, "right": right}}
                )
            case "Ternary", {"predicate": condition, "truthy": yes, "falsy": no}:
                condition = _as(self.read(condition), "truth", "CASE WHEN")
                yes, no = _alike([self.read(yes), self.read(no)], "CASE")
                parts = {"predicate": condition, "truthy": yes, "falsy": no}
                return self.keep({"Ternary": parts})
            case "Cast", content:
                part = self.read(content["expr"])
                inner = part.node
                if part.kind == "dates" and content["dtype"] != {"Literal": "String"}:
                    inner = _cast(_cast(inner, "Date"), "Int32")  # days since 1970
                return self.keep({"Cast": content | {"expr": inner}})
            case _, {"input": inputs, "function": function}:
                read = [self.read(one) for one in inputs]
                made = _arguments(_name_of(function), read)
                return self.keep({"Function": {"input": made, "function": function}})
        raise AssertionError(f"{node} was not checked")

    def _operands(self, op: str, parts: list[_Part]) -> list[PolarsPart]:
        if op in _COMPARE:
            return _alike(parts, "a comparison")
        if op in _JOIN:
            return [_as(part, "truth", op.upper()) for part in parts]
        if op == "Plus" and "text" in [part.kind for part in parts]:
            return [_as(part, "text", "||") for part in parts]
        return [_as(part, "numbers", "arithmetic") for part in parts]


def _arguments(name: str, parts: list[_Part]) -> list[PolarsPart]:
    """The arguments of a function, each of its kind."""
    kinds, word = ROW_WISE[name], name.rpartition(".")[2]
    if kinds == ("same",):
        return _alike(parts, word)
    made = []
    for place, part in enumerate(parts):
        made.append(_as(part, kinds[min(place, len(kinds) - 1)], word))
    return made


def _as(part: _Part, wanted: str, word: str) -> PolarsPart:
    """A part that must hold one kind; truth values are numbers where numbers are wanted."""
    if part.kind in (None, wanted) or wanted == "any":
        return part.node
    if wanted == "count" and part.kind == "numbers":
        return _cast(part.node, "Int64")
    if wanted == "numbers" and part.kind == "truth":
        return _cast(part.node, "Float64")
    days = "; CAST(day AS INT) counts days" if part.kind == "dates" else ""
    raise DataError(f"{word} takes {wanted}, and this is {part.kind}{days}")


def _alike(parts: list[_Part], word: str) -> list[PolarsPart]:
    """Parts that must hold one kind."""
    kinds = {part.kind for part in parts if part.kind is not None}
    if kinds == {"numbers", "truth"}:
        return [_as(part, "numbers", word) for part in parts]
    if kinds == {"dates", "text"}:
        return [_day(part) for part in parts]
    if len(kinds) > 1:
        raise DataError(f"{word} mixes {' and '.join(sorted(kinds))}")
    return [part.node for part in parts]


def _as_expr(node: PolarsPart) -> pl.Expr:
    return pl.Expr.deserialize(io.BytesIO(json.dumps(node).encode()), format="json")


def _cast(node: PolarsPart, dtype: str) -> PolarsPart:
    parts = {"expr": node, "dtype": {"Literal": dtype}, "options": "Strict"}
    return {"Cast": parts}


def _literal(content: PolarsPart) -> PolarsPart:
    """A literal of which numbers are decimal ones."""
    match content:
        case {"Scalar": {"Decimal": [digits, _, scale]}}:
            number = float(Decimal(digits).scaleb(-scale))
        case {"Dyn": {"Int": value}}:
            number = float(value)
        case {"Scalar": {} as scalar} if _is_whole(scalar):
            number = float(next(iter(scalar.values())))
        case _:
            return {"Literal": content}
    return {"Literal": {"Scalar": {"Float64": number}}}


def _is_whole(scalar: Mapping[str, Any]) -> bool:
    return bool(re.fullmatch(r"U?Int\d+", next(iter(scalar))))


def _day(part: _Part) -> PolarsPart:
    """A day, also one that is written as text."""
    if part.kind != "text":
        return part.node
    match part.node:
        case {"Literal": {"Scalar": {"String": text}}}:
            try:
                day = datetime.date.fromisoformat(text)
            except ValueError:
                raise DataError(
                    f"{text!r} is no day; write it as '2024-01-31'"
                ) from None
            days = (day - datetime.date(1970, 1, 1)).days
            return {"Literal": {"Scalar": {"Date": days}}}
    raise DataError("a comparison mixes dates and text")
