"""A folder of files, each with one constant (or several), is a registry.

`Registry("bench.families", Family, "family")` imports every module of the package and gathers the module-level
constants of the wanted type by their `name`. To extend: add a file. There is no decorator and no base class. Files whose
name begins with an underscore are helpers and hold no members. With a `group`, installed packages bring members of their
own: each entry point of that group names a module, which is read in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from types import ModuleType
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

    def __init__(self, package: str, kind: type[T], noun: str, group: str | None = None) -> None:
        self.package, self.kind, self.noun, self.group = package, kind, noun, group

    @cached_property
    def _members(self) -> dict[str, T]:
        return {name: member for name, (member, _) in self._defined.items()}

    @cached_property
    def _defined(self) -> dict[str, tuple[T, str]]:
        """By name, each member and the module that defines it."""
        defined: dict[str, tuple[T, str]] = {}
        for module in self._modules():
            for value in vars(module).values():
                if not isinstance(value, self.kind):
                    continue
                known, home = defined.setdefault(value.name, (value, module.__name__))
                if known is not value:
                    raise BenchError(
                        f"{module.__name__}: the {self.noun} {value.name} is defined twice, first in {home}; rename one"
                    )
        return dict(sorted(defined.items()))

    def _modules(self) -> Iterator[ModuleType]:
        """The files of the folder, then the modules of installed packages."""
        for info in iter_modules(import_module(self.package).__path__):
            if not info.name.startswith("_"):
                yield import_module(f"{self.package}.{info.name}")
        for point in self._points:
            try:
                yield import_module(point.module)
            except Exception as error:  # code of somebody else, and nothing works without it
                origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
                raise BenchError(
                    f"{origin}: its {self.noun} {point.name} cannot be read ({type(error).__name__}: {error}); "
                    "mend or uninstall that package"
                ) from error

    @cached_property
    def _points(self) -> tuple[EntryPoint, ...]:
        points = entry_points(group=self.group) if self.group is not None else ()
        return tuple(sorted(points, key=lambda point: (point.name, point.value)))

    def distribution_of(self, name: str) -> str | None:
        """Name and version of the installed package that brought a member; None for one of bench's own."""
        module = self.module_of(name)
        point = next((point for point in self._points if point.module == module), None)
        return f"{point.dist.name} {point.dist.version}" if point is not None and point.dist is not None else None

    def __getitem__(self, name: str) -> T:
        try:
            return self._members[name]
        except KeyError:
            raise UsageError(f"unknown {self.noun} {name}; {nearest(name, self._members)}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def get(self, name: object) -> T | None:
        """A member by name; None where there is none."""
        return self._members.get(name) if isinstance(name, str) else None

    def module_of(self, name: str) -> str:
        """The module that defines a member."""
        return self._defined[name][1]

    def values(self) -> tuple[T, ...]:
        """All members, in the order of their names."""
        return tuple(self._members.values())

    def items(self) -> tuple[tuple[str, T], ...]:
        """Names and members, in the order of names."""
        return tuple(self._members.items())

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)
