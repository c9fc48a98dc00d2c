"""Expressions that make a column of a table from others of the same row: `log(price)`, `when(age < 18, 0, 1)`.

They are read by Python's parser and translated, node by node, into polars; nothing is ever evaluated as Python, and
what is not listed here is refused. Every function looks at one row: means, ranks and lags, which look at others, belong
into the fold.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Literal

import numpy as np
import polars as pl

from bench.core.errors import nearest
from bench.text.problems import BadExpression

LONGEST = 1000
_Made = Callable[..., pl.Expr]
#: What a column holds, as far as functions ask: truth values are numbers.
CellKind = Literal["numbers", "text", "dates"]


class ExpressionError(Exception):
    """An expression that means nothing; `statement` says where and why."""

    def __init__(self, node: ast.AST | int, reason: str) -> None:
        place = node if isinstance(node, int) else getattr(node, "col_offset", 0)
        self.statement = BadExpression(place + 1, reason)
        super().__init__(reason)


@dataclass(frozen=True)
class Function:
    """A function of the language: its arguments as they are written, what makes its column, how many arguments it has
    at least and at most, and of which kind they are; `same`: of one kind, which its column has too."""

    arguments: str
    make: _Made
    least: int = 1
    most: int = 1
    of: CellKind | Literal["same", "any"] = "numbers"


def _part(name: str) -> _Made:
    return lambda x: _number(getattr(x.dt, name)())


def _number(x: pl.Expr) -> pl.Expr:
    """As an ordinary number: the small integers of polars overflow without a word."""
    return x.cast(pl.Float64)


def _log10(x: pl.Expr) -> pl.Expr:
    """That of numpy: polars divides two logs, so that 1000 has 2.9999999999999996."""

    def of_column(column: pl.Series) -> pl.Series:
        with np.errstate(all="ignore"):
            return pl.Series(column.name, np.log10(column.to_numpy()))

    return x.map_batches(of_column, return_dtype=pl.Float64)


def _defined(make: _Made) -> _Made:
    """NaN is missing at once: polars holds it larger than every number, so that `log(x) > 0` were true for x = -1."""
    return lambda *parts: make(*parts).fill_nan(None)


def _of_all(make: _Made) -> _Made:
    """Missing where one of the arguments is, which polars passes over."""

    def made(*parts: pl.Expr) -> pl.Expr:
        return pl.when(pl.all_horizontal(*(one.is_not_null() for one in parts))).then(
            make(*parts)
        )

    return made


#: The functions, by name. Each looks at one row at a time.
FUNCTIONS: Mapping[str, Function] = {
    "log": Function("x", _defined(lambda x: x.log())),
    "log10": Function("x", _defined(_log10)),
    "log1p": Function("x", _defined(lambda x: x.log1p())),
    "exp": Function("x", lambda x: x.exp()),
    "sqrt": Function("x", _defined(lambda x: x.sqrt())),
    "abs": Function("x", lambda x: x.abs()),
    "floor": Function("x", lambda x: x.floor()),
    "ceil": Function("x", lambda x: x.ceil()),
    "sin": Function("x", _defined(lambda x: x.sin())),
    "cos": Function("x", _defined(lambda x: x.cos())),
    "min": Function("x, y, ...", _of_all(pl.min_horizontal), 2, 100, "same"),
    "max": Function("x, y, ...", _of_all(pl.max_horizontal), 2, 100, "same"),
    "year": Function("date", _part("year"), of="dates"),
    "quarter": Function("date", _part("quarter"), of="dates"),
    "month": Function("date", _part("month"), of="dates"),
    "day": Function("date", _part("day"), of="dates"),
    "weekday": Function("date", _part("weekday"), of="dates"),
    "day_of_year": Function("date", _part("ordinal_day"), of="dates"),
    "hour": Function("date", _part("hour"), of="dates"),
    "days": Function(
        "date", lambda x: _number(x.cast(pl.Date).cast(pl.Int32)), of="dates"
    ),
    "is_null": Function("x", lambda x: x.is_null(), of="any"),
    "fill_null": Function("x, y", lambda x, y: x.fill_null(y), 2, 2, "same"),
    "when": Function(
        "c, x, y",
        lambda c, x, y: pl.when(c).then(x).when(c.not_()).then(y),
        3,
        3,
        "same",
    ),
    "length": Function("text", lambda x: _number(x.str.len_chars()), of="text"),
    "lower": Function("text", lambda x: x.str.to_lowercase(), of="text"),
    "contains": Function(
        "text, part", lambda x, y: x.str.contains(y, literal=True), 2, 2, "text"
    ),
    "starts_with": Function(
        "text, part", lambda x, y: x.str.starts_with(y), 2, 2, "text"
    ),
}
_BINARY: Mapping[type[ast.operator], _Made] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: _defined(lambda a, b: a / b),
    ast.FloorDiv: _defined(lambda a, b: a // b),
    ast.Mod: _defined(lambda a, b: a % b),
    ast.Pow: _defined(lambda a, b: a**b),
}
_COMPARE: Mapping[type[ast.cmpop], _Made] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
#: Functions that people look for and that look at other rows.
_OF_ROWS = (
    "mean",
    "sum",
    "median",
    "std",
    "var",
    "rank",
    "lag",
    "shift",
    "diff",
    "cumsum",
    "count",
    "quantile",
)


@dataclass(frozen=True)
class Expression:
    """An expression and the columns that it reads, each with the character where it first stands, from 1."""

    text: str
    made: pl.Expr
    columns: Mapping[str, int]


def parsed(text: str, truths: Container[str] = ()) -> Expression:
    """The expression of a text; `truths`: the columns of truth values, which count as 1 and 0 in arithmetic.

    Raises `ExpressionError` with the character at which it means nothing.

    >>> list(parsed("log(price) / (rooms + 1)").columns)
    ['price', 'rooms']
    """
    if len(text) > LONGEST:
        raise ExpressionError(
            LONGEST, f"longer than {LONGEST} characters; make two columns of it"
        )
    indent = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        place = max(0, (getattr(error, "offset", 1) or 1) - 1)
        raise ExpressionError(
            indent + place, f"no expression; written as {_EXAMPLE}"
        ) from None
    reader = _Reader(indent, truths)
    try:
        made = reader.read(tree.body)
    except RecursionError:
        raise ExpressionError(0, "nested too deeply; make two columns of it") from None
    return Expression(text, made, reader.columns)


_EXAMPLE = "log(price) / (rooms + 1)"


@dataclass
class _Reader:
    """Translates one expression; `columns`: what was read so far."""

    indent: int
    truths: Container[str] = ()
    columns: dict[str, int] = field(default_factory=dict)

    def fail(self, node: ast.AST, reason: str) -> ExpressionError:
        return ExpressionError(getattr(node, "col_offset", 0) + self.indent, reason)

    def read(self, node: ast.expr) -> pl.Expr:
        """The column of one node."""
        match node:
            case ast.Constant(value=bool() | str() as value):
                return pl.lit(value)
            case ast.Constant(value=int() | float() as value):
                return self.number(node, value)
            case ast.Name(id=name):
                return self.column(node, name)
            case ast.BinOp(left=left, op=operator, right=right) if (
                type(operator) in _BINARY
            ):
                return _BINARY[type(operator)](self.operand(left), self.operand(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.operand(operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.read(operand).not_()
            case ast.BoolOp(op=operator, values=values):
                joined = (
                    (lambda a, b: a & b)
                    if isinstance(operator, ast.And)
                    else (lambda a, b: a | b)
                )
                return reduce(joined, map(self.read, values))
            case ast.Compare():
                return self.compared(node)
            case ast.Call():
                return self.called(node)
        raise self.fail(
            node,
            f"not part of an expression here; written as {_EXAMPLE}, with {', '.join(FUNCTIONS)}",
        )

    def operand(self, node: ast.expr) -> pl.Expr:
        """What arithmetic works on: truth values as numbers."""
        match node:
            case (
                ast.Compare()
                | ast.BoolOp()
                | ast.UnaryOp(op=ast.Not())
                | ast.Constant(value=bool())
            ):
                return _number(self.read(node))
            case ast.Call(func=ast.Name(id="is_null" | "contains" | "starts_with")):
                return _number(self.read(node))
            case (
                ast.Name(id=name)
                | ast.Call(
                    func=ast.Name(id="col"), args=[ast.Constant(value=str() as name)]
                )
            ):
                made = self.read(node)
                return _number(made) if name in self.truths else made
        return self.read(node)

    def number(self, node: ast.AST, value: float) -> pl.Expr:
        try:
            return pl.lit(float(value))
        except OverflowError:
            raise self.fail(
                node, "a number too large for a decimal one, about 1.8e308"
            ) from None

    def column(self, node: ast.AST, name: str) -> pl.Expr:
        self.columns.setdefault(name, getattr(node, "col_offset", 0) + self.indent + 1)
        return pl.col(name)

    def compared(self, node: ast.Compare) -> pl.Expr:
        """`a < b`, `a < b <= c`, `a in ["x", "y"]`."""
        parts, left = [], node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn):
                if not isinstance(right, ast.List | ast.Tuple) or not right.elts:
                    raise self.fail(right, 'expected a list, such as ["a", "b"]')
                hit = reduce(
                    lambda a, b: a | b,
                    [self.read(left) == self.read(one) for one in right.elts],
                )
                parts.append(hit.not_() if isinstance(operator, ast.NotIn) else hit)
            elif type(operator) in _COMPARE:
                parts.append(
                    _COMPARE[type(operator)](self.read(left), self.read(right))
                )
            else:
                raise self.fail(
                    node,
                    "expected <, <=, >, >=, ==, !=, in or not in; is_null(x) asks for a missing value",
                )
            left = right
        return reduce(lambda a, b: a & b, parts)

    def called(self, node: ast.Call) -> pl.Expr:
        """`log(x)`, and `col("blood pressure")` for names that are no words."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if node.keywords or not name:
            raise self.fail(
                node,
                "expected a function of this list, with plain arguments: "
                + ", ".join(FUNCTIONS),
            )
        if name == "col":
            match node.args:
                case [ast.Constant(value=str() as column)]:
                    return self.column(node.args[0], column)
            raise self.fail(
                node, 'expected the name of a column in quotes: col("blood pressure")'
            )
        if name not in FUNCTIONS:
            if name in _OF_ROWS:
                raise self.fail(
                    node,
                    f"{name} looks at other rows, and an expression at one; see the preprocess steps",
                )
            raise self.fail(
                node,
                f"there is no function {name}; {nearest(name, FUNCTIONS, 'functions')}",
            )
        function = FUNCTIONS[name]
        if not function.least <= len(node.args) <= function.most:
            raise self.fail(
                node, f"expected {name}({function.arguments}), found {len(node.args)}"
            )
        return function.make(*(self.read(one) for one in node.args))


def refuse_kinds(text: str, kinds: Mapping[str, CellKind]) -> None:
    """Raise `ExpressionError` where an expression compares or mixes numbers, texts and dates, or gives a function
    another kind than it is of: polars would answer some of these with missing values, or days since 1970.

    kinds: of the columns; one that is wholly missing has none.
    """
    _Kinds(kinds, len(text) - len(text.lstrip())).of(
        ast.parse(text.strip(), mode="eval").body
    )


@dataclass(frozen=True)
class _Kinds:
    kinds: Mapping[str, CellKind]
    indent: int

    def of(self, node: ast.expr) -> CellKind | None:
        """The kind of one node; None where it may be any."""
        match node:
            case ast.Constant(value=value):
                return "text" if isinstance(value, str) else "numbers"
            case (
                ast.Name(id=name)
                | ast.Call(
                    func=ast.Name(id="col"), args=[ast.Constant(value=str() as name)]
                )
            ):
                return self.kinds.get(name)
            case ast.BinOp(left=left, right=right):
                found = {self.of(left), self.of(right)}
                return "text" if found == {"text"} else "numbers"
            case ast.Compare(left=left, comparators=others):
                self.one_of(
                    [left, *(part for one in others for part in _parts(one))], node
                )
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.called(name, arguments, node)
            case ast.BoolOp(values=values):
                for one in values:
                    self.of(one)
            case ast.UnaryOp(operand=operand):
                self.of(operand)
        return "numbers"

    def called(
        self, name: str, arguments: Sequence[ast.expr], node: ast.expr
    ) -> CellKind | None:
        wanted = FUNCTIONS[name].of
        if wanted == "same":
            if name == "when":
                self.of(arguments[0])
            return self.one_of(arguments[name == "when" :], node)
        for one in arguments:
            found = self.of(one)
            if wanted != "any" and found not in (wanted, None):
                raise ExpressionError(
                    self.indent + one.col_offset,
                    f"{name} takes {wanted}, and this is {found}",
                )
        return "text" if name == "lower" else "numbers"

    def one_of(self, nodes: Sequence[ast.expr], whole: ast.expr) -> CellKind | None:
        """The one kind of several nodes."""
        found = sorted({kind for kind in map(self.of, nodes) if kind is not None})
        if len(found) > 1:
            raise ExpressionError(
                self.indent + whole.col_offset, f"mixes {found[0]} and {found[1]}"
            )
        return found[0] if found else None


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    """The items of a list, or the node itself."""
    return node.elts if isinstance(node, ast.List | ast.Tuple) else (node,)
