"""A statement behaves as a frozen dataclass does, whose methods it does not have compiled."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, fields, replace
from functools import cached_property
from typing import Any

import pytest

from bench.core.errors import BenchError
from bench.core.outcomes import Statement, decoded, encoded, fixed, words


class Ours(Statement, code="toy.ours", says="{name} has {rows} rows"):
    name: str
    rows: int = 3
    tags: tuple[str, ...] = ()


class More(Ours, code="toy.more"):
    """With a field, a default and a property of its own."""

    rows: int = 5
    part: float = 0.5

    @cached_property
    def share(self) -> float:
        return self.rows * self.part

    def sentence(self) -> str:
        return f"{self.name}: {self.share}"


def test_values_are_bound_by_place_by_name_and_by_default() -> None:
    assert asdict(Ours("a")) == {"name": "a", "rows": 3, "tags": ()}
    assert Ours("a", 4, tags=("x",)).details == {"name": "a", "rows": 4, "tags": ("x",)}
    assert Ours(rows=0, name="b").details == {"name": "b", "rows": 0, "tags": ()}
    assert [one.name for one in fields(More)] == ["name", "rows", "tags", "part"]
    assert (More("a").rows, More("a").share, str(More("a"))) == (5, 2.5, "a: 2.5")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        ((), {"rows": 1}),
        (("a",), {"name": "b"}),
        (("a",), {"raws": 1}),
        (("a", 1, (), 2), {}),
    ],
)
def test_other_values_are_refused(
    values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match=r"^Ours takes \(name, rows, tags\), given is "):
        Ours(*values, **named)


def test_equal_are_those_of_one_class_with_equal_fields() -> None:
    one = Ours("a", 5)
    assert one == Ours("a", rows=5) and hash(one) == hash(Ours("a", 5))
    assert one != Ours("a", 2) and one != ("a", 5, ()) and one != More("a", 5)
    assert repr(one) == "Ours(name='a', rows=5, tags=())"


def test_nothing_changes_it_and_it_can_be_copied() -> None:
    one = Ours("a", 4)
    for change in (lambda: setattr(one, "rows", 4), lambda: delattr(one, "rows")):
        with pytest.raises(FrozenInstanceError):
            change()
    copies = [copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))]
    assert copies == [one] * 3 and replace(one, rows=5) == Ours("a", 5)
    assert decoded(encoded([one])) == (one,)


def test_a_code_is_of_one_sentence_and_a_template_of_its_fields() -> None:
    nothing = fixed("toy.nothing", "there is nothing")
    assert str(nothing()) == "there is nothing"
    with pytest.raises(BenchError, match=r"the code toy\.nothing is taken"):
        fixed("toy.nothing", "there is something")
    say = words("toy", {"pair": "{a} and {b}"})
    assert encoded([say("pair", b=2, a=1)]) == '[{"code": "toy.pair", "a": 1, "b": 2}]'
    with pytest.raises(TypeError, match=r"toy\.pair takes \(a, b\)"):
        say("pair", a=1)
    with pytest.raises(BenchError, match="which is no field"):
        type("Absent", (Statement,), {}, code="toy.absent", says="{rows} rows")
