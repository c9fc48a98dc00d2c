"""A folder of files, each with one constant (or several), is a registry.

`Registry("bench.families", Family, "family")` imports every module of the package and gathers the module-level
constants of the wanted type by their `name`. To extend: add a file. There is no decorator and no base class. Files
whose
name begins with an underscore are helpers and hold no members. With a `group`, installed packages bring members of
their
own: each entry point of that group names a module, which is read in the same way. That happens when a name is asked for
that the folder does not have, or when all are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint
from pkgutil import iter_modules
from types import ModuleType
from typing import Generic, Protocol, TypeVar

from bench.core.errors import BenchError, UsageError, nearest
from bench.core.identity import package_sha256, points_of


class Named(Protocol):
    """Anything with a name can be a member of a registry."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


@dataclass(frozen=True)
class Extension:
    """A member of a registry that an installed package brought."""

    #: group, name: the group of entry points, and the member's name
    group: str
    name: str
    #: distribution, version: the installed package
    distribution: str
    version: str
    package: str  # the top of its modules

    @property
    def sha256(self) -> str:
        """The hash of the package's source."""
        return package_sha256(self.package)


class Registry(Generic[T]):
    """The members of one folder by name, in alphabetical order, read on first use, and those of installed packages.

    It is a mapping: `registry[name]`, `name in registry`, `registry.values()`.

    Parameters
    ----------
    package : str
        The folder as a package: each of its modules is read.
    kind : type
        The type of the members.
    noun : str
        What one of them is called in errors.
    group : str, optional
        The group of entry points by which packages bring members.

    Raises
    ------
    UsageError
        For an unknown name, with the nearest known one, and for an installed package that cannot be read or brings a
        name that is taken.
    BenchError
        When two files of the folder claim one name.

    Examples
    --------
    >>> import bench
    >>> "lda" in bench.FAMILIES, bench.METRICS["accuracy"].higher_is_better
    (True, True)
    """

    def __init__(
        self, package: str, kind: type[T], noun: str, group: str | None = None
    ) -> None:
        self.package, self.kind, self.noun, self.group = package, kind, noun, group

    @cached_property
    def _members(self) -> dict[str, T]:
        return {name: member for name, (member, _) in self._defined.items()}

    @cached_property
    def _own(self) -> dict[str, tuple[T, str]]:
        """By name, each member of the folder and the module that defines it."""
        defined: dict[str, tuple[T, str]] = {}
        files = [
            info.name for info in iter_modules(import_module(self.package).__path__)
        ]
        self._gather(
            (
                import_module(f"{self.package}.{name}")
                for name in files
                if name[0] != "_"
            ),
            defined,
            BenchError,
        )
        return dict(sorted(defined.items()))

    @cached_property
    def _defined(self) -> dict[str, tuple[T, str]]:
        """The same with the members of installed packages."""
        if not self._points:
            return self._own
        defined = dict(self._own)
        self._gather(map(self._module, self._points), defined, UsageError)
        return dict(sorted(defined.items()))

    def _gather(
        self,
        modules: Iterable[ModuleType],
        defined: dict[str, tuple[T, str]],
        error: type[BenchError],
    ) -> None:
        """Add the members of modules; raises that error for a name that is taken."""
        for module in modules:
            for value in vars(module).values():
                if not isinstance(value, self.kind):
                    continue
                known, home = defined.setdefault(value.name, (value, module.__name__))
                if known is not value:
                    raise error(
                        f"{module.__name__}: the {self.noun} {value.name} is defined twice, first in {home}; rename one"
                    )

    def _module(self, point: EntryPoint) -> ModuleType:
        try:
            return import_module(point.module)
        except (
            Exception
        ) as error:  # code of somebody else, and nothing works without it
            origin = (
                f"{point.dist.name} {point.dist.version}" if point.dist else point.value
            )
            raise UsageError(
                f"{origin}: its {self.noun} {point.name} cannot be read ({type(error).__name__}: {error}); "
                "mend or uninstall that package"
            ) from error

    @cached_property
    def _points(self) -> tuple[EntryPoint, ...]:
        return points_of(self.group) if self.group is not None else ()

    def _find(self, name: str) -> tuple[T, str] | None:
        """A member and its module. Packages are read only for names that the folder does not have."""
        return self._own.get(name) or self._defined.get(name)

    def extension_of(self, name: str) -> Extension | None:
        """What is known of the package that brought a member; None for bench's own, and where there is no such name."""
        member = self._find(name)
        if self.group is None or member is None or name in self._own:
            return None
        dist = next(
            (point.dist for point in self._points if point.module == member[1]), None
        )
        package = member[1].partition(".")[0]
        return Extension(
            self.group,
            name,
            dist.name if dist else package,
            dist.version if dist else "",
            package,
        )

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """All members that installed packages brought, in the order of their names."""
        extensions = map(self.extension_of, self._defined if self._points else ())
        return tuple(extension for extension in extensions if extension is not None)

    def __getitem__(self, name: str) -> T:
        member = self._find(name)
        if member is None:
            raise UsageError(
                f"unknown {self.noun} {name}; {nearest(name, self._members)}"
            )
        return member[0]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def get(self, name: object) -> T | None:
        """A member by name; None where there is none."""
        member = self._find(name) if isinstance(name, str) else None
        return None if member is None else member[0]

    @contextmanager
    def beside(self, *members: T) -> Iterator[None]:
        """Have these members too, as long as the context lasts."""
        for member in members:
            self._own[member.name] = self._defined[member.name] = (member, "")
            self._members[member.name] = member
        try:
            yield
        finally:
            for member in members:
                for known in (self._own, self._defined, self._members):
                    known.pop(member.name, None)

    def module_of(self, name: str) -> str:
        """The module that defines a member."""
        return (self._find(name) or self._defined[name])[1]

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
