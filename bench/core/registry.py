"""A folder of files, each with one constant (or several), is a registry.

`Registry("bench.families", Family, "family")` imports every module of the package and gathers the module-level
constants of the wanted type by their `name`. To extend: add a file. There is no decorator, base class or entry point.
Files whose name begins with an underscore are helpers and hold no members.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, Protocol, TypeVar

from bench.core.errors import BenchError, UsageError, nearest


class Named(Protocol):
    """Anything with a name can be a member of a registry."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


class Registry(Generic[T]):
    """The members of one folder by name, in alphabetical order, read on first use.

    Raises `UsageError` for an unknown name, with the nearest known one, and `BenchError` when two files
    claim one name.
    """

    def __init__(self, package: str, kind: type[T], noun: str) -> None:
        self.package, self.kind, self.noun = package, kind, noun

    @cached_property
    def _members(self) -> dict[str, T]:
        return {name: member for name, (member, _) in self._defined.items()}

    @cached_property
    def _defined(self) -> dict[str, tuple[T, str]]:
        """By name, each member and the module that defines it."""
        found: dict[str, tuple[T, str]] = {}
        for info in iter_modules(import_module(self.package).__path__):
            if info.name.startswith("_"):
                continue
            module = import_module(f"{self.package}.{info.name}")
            for value in vars(module).values():
                if not isinstance(value, self.kind):
                    continue
                known, _ = found.setdefault(value.name, (value, module.__name__))
                if known is not value:
                    raise BenchError(f"{module.__name__}: the {self.noun} {value.name} is defined twice")
        return dict(sorted(found.items()))

    def __getitem__(self, name: str) -> T:
        try:
            return self._members[name]
        except KeyError:
            raise UsageError(f"unknown {self.noun} {name}; {nearest(name, self._members)}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def module_of(self, name: str) -> str:
        """The module that defines a member."""
        return self._defined[name][1]

    def values(self) -> tuple[T, ...]:
        """All members, in the order of their names."""
        return tuple(self._members.values())

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)
