"""A statement behaves as a frozen dataclass does, whose methods it does not have compiled."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import (
    FrozenInstanceError,
    asdict,
    astuple,
    dataclass,
    field,
    fields,
    is_dataclass,
    replace,
)
from functools import cached_property
from typing import Any

import pytest

from bench.core.outcomes import Statement


@dataclass(frozen=True)
class Usual:
    name: str
    rows: int = 3
    tags: tuple[str, ...] = field(default_factory=tuple)
    seen: list[str] = field(default_factory=list, repr=False, compare=False)


class Ours(Statement, code="toy.ours", says="{name} has {rows} rows"):
    name: str
    rows: int = 3
    tags: tuple[str, ...] = field(default_factory=tuple)
    seen: list[str] = field(default_factory=list, repr=False, compare=False)


class More(Ours, code="toy.more"):
    """With a field, a method and a check of its own."""

    rows: int = 5
    part: float = 0.5

    def __post_init__(self) -> None:
        if self.part > 1:
            raise ValueError(self.part)

    @cached_property
    def share(self) -> float:
        return self.rows * self.part

    def sentence(self) -> str:
        return f"{self.name}: {self.share}"


BOTH = pytest.mark.parametrize("kind", [Usual, Ours])
Kind = Callable[..., Any]


@BOTH
def test_values_are_bound_by_place_by_name_and_by_default(kind: Kind) -> None:
    assert astuple(kind("a")) == ("a", 3, (), [])
    assert astuple(kind("a", 4, tags=("x",))) == ("a", 4, ("x",), [])
    assert astuple(kind(rows=0, name="b")) == ("b", 0, (), [])
    assert kind("a").seen is not kind("a").seen


@BOTH
@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        ((), {"rows": 1}),
        (("a",), {"name": "b"}),
        (("a",), {"raws": 1}),
        (("a", 1, (), [], 2), {}),
    ],
)
def test_other_values_are_refused(
    kind: Kind, values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match=kind.__qualname__):
        kind(*values, **named)


def test_a_refusal_names_the_fields() -> None:
    with pytest.raises(
        TypeError,
        match=r"^Ours takes \(name, rows, tags, seen\), given is \('a', raws\)$",
    ):
        Ours("a", raws=1)


@BOTH
def test_equal_are_those_of_one_class_with_equal_fields(kind: Kind) -> None:
    one = kind("a", 1, seen=["x"])
    assert one == kind("a", 1) and hash(one) == hash(kind("a", 1))
    assert one != kind("a", 2) and one != ("a", 1) and one != Usual("a", 1, ("x",))
    nan = float("nan")
    assert kind(nan) == kind(nan) and len({kind("a"), kind("a"), kind("b")}) == 2


def test_a_subclass_is_another_class() -> None:
    assert Ours("a", 5) != More("a", 5)
    assert [one.name for one in fields(More)] == [
        "name",
        "rows",
        "tags",
        "seen",
        "part",
    ]
    assert (More("a").rows, More("a").share, str(More("a"))) == (5, 2.5, "a: 2.5")
    with pytest.raises(ValueError, match="2"):
        More("a", part=2.0)


@BOTH
def test_it_is_shown_with_its_fields(kind: Kind) -> None:
    assert (
        repr(kind("a", tags=("x",)))
        == f"{kind.__qualname__}(name='a', rows=3, tags=('x',))"
    )


@BOTH
def test_nothing_changes_it(kind: Kind) -> None:
    one = kind("a")
    for change in (
        lambda: setattr(one, "rows", 4),
        lambda: setattr(one, "other", 4),
        lambda: delattr(one, "rows"),
    ):
        with pytest.raises(FrozenInstanceError):
            change()
    assert one == kind("a")


@BOTH
def test_it_can_be_copied_and_taken_apart(kind: Kind) -> None:
    one = kind("a", 4)
    assert is_dataclass(one) and asdict(one) == {
        "name": "a",
        "rows": 4,
        "tags": (),
        "seen": [],
    }
    assert replace(one, rows=5) == kind("a", 5)
    assert (
        copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    )
    match one:
        case Usual(name, rows) | Ours(name, rows):
            assert (name, rows) == ("a", 4)
        case _:
            raise AssertionError(one)
