"""What a template of a sentence may hold: fields of its statement only."""

from __future__ import annotations

import pytest

from bench.core.errors import BenchError
from bench.core.outcomes import Statement
from bench.text.sentences import filled, sentence


class Rows(
    Statement,
    code="test.rows",
    says="{rows:,} {rows:row|rows} of {names:listed} ({names:commas}); {few:few|many}",
):
    rows: int
    names: tuple[str, ...] = ("a", "b", "c")
    few: bool = False


def test_what_a_template_may_hold() -> None:
    assert sentence(Rows(1200)) == "1\u202f200 rows of a, b and c (a, b, c); many"
    assert sentence(Rows(1, ("a",), few=True)) == "1 row of a (a); few"
    assert filled("{{rows}} {rows:g}", Rows(3)) == "{rows} 3"


class Quoting(
    Statement,
    code="test.quoting",
    says="{share:.0f}% of {cells:listed}, {printed} % and {word}: 7% or 10 %",
):
    share: float
    cells: tuple[str, ...]
    printed: str
    word: str


@pytest.mark.parametrize("cell", ["84.08%", "1 %", "12% of 3 %"])
def test_what_is_quoted_stands_as_it_is(cell: str) -> None:
    """Beside percent signs of the sentence itself, which stand behind a thin space."""
    said = sentence(Quoting(3, (cell, "b"), "90.1", cell))
    assert (
        said
        == f"3\u202f% of {cell} and b, 90.1\u202f% and {cell}: 7\u202f% or 10\u202f%"
    )


def test_a_template_names_fields_of_its_statement() -> None:
    with pytest.raises(
        BenchError, match=r"Short names \{row\}, which is no field; did you mean rows"
    ):

        class Short(Statement, code="test.short", says="{row} rows"):
            rows: int


def test_a_statement_has_a_sentence() -> None:
    class Twice(Statement, code="test.twice"):
        pass

    with pytest.raises(BenchError, match="Twice has no sentence"):
        sentence(Twice())
