"""What decides a result besides the study and its data: versions of libraries, and the source that fits and scores."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from bench.core import identity
from bench.core.identity import combined_sha256, source_sha256, text_sha256
from bench.core.metrics import METRICS, Predicted
from bench.core.registry import Extension
from bench.families import FAMILIES
from bench.families.checks import KNOWN_PACKAGES
from bench.families.libraries import library_of
from bench.run.shortcuts import SHORTCUTS

#: Libraries whose version is part of a result's identity.
LIBRARIES = ("numpy", "scipy", "scikit-learn", "xgboost", "xgboost-cpu")
#: What every cell runs.
_CELL = (
    *(
        "run/evaluate.py",
        "run/reference.py",
        "run/result.py",
        "run/folds.py",
        "run/seeds.py",
    ),
    *("families/preprocess.py", "families/pipeline.py", "families/family.py"),
    *("data/load.py", "data/arrays.py", "data/dataset.py"),
)
_ESTIMATORS = "families/estimators"
#: Files of bench's own estimators that decide nothing for those of other files, but for these.
_APART = {
    f"{_ESTIMATORS}/{name}.py": tuple(f"{_ESTIMATORS}/{one}.py" for one in users)
    for name, users in {
        "framed": ("labelled",),
        "labelled": (),
        "networks": (),
        "regularized": (),
    }.items()
}
_SHORTCUTS = "bench.run.shortcuts"
#: Packages whose version is part of every identity, and those of Python itself.
_KNOWN = frozenset({*KNOWN_PACKAGES, *LIBRARIES, *sys.stdlib_module_names})


@lru_cache
def libraries() -> dict[str, str]:
    """Versions of the libraries that fit, read without importing them."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def libraries_of(estimator: str, packages: Iterable[str] = ()) -> dict[str, str]:
    """The versions that matter to one estimator: XGBoost's to its own only, and those of the `packages` of others and
    of the library of an extra that it needs."""
    own, library = estimator.startswith("xgboost."), library_of(estimator)
    versions = {
        name: number
        for name, number in libraries().items()
        if own or not name.startswith("xgboost")
    }
    for package in (*packages, *((library,) if library is not None else ())):
        if (number := _version_of(package)) is not None:
            versions[package] = number
    return versions


def _version_of(package: str) -> str | None:
    """The version of what brings an import package; its name may differ, as sklearn comes with scikit-learn."""
    try:
        return version(package)
    except PackageNotFoundError:
        brought = sorted(set(_distributions().get(package, ())))
        return ", ".join(f"{name} {version(name)}" for name in brought) or None


@cache
def _distributions() -> Mapping[str, list[str]]:
    """By import package: the installed distributions that bring it. All of them are read, so once."""
    return packages_distributions()


@lru_cache
def packages_of(estimator: str, description: str | None = None) -> tuple[str, ...]:
    """The packages of others whose code a fit runs, sorted, none imported.

    One is that of the estimator; where it is made from a description, as `bench.families.estimators.described` reads
    it, also those of all classes and functions inside. Packages whose version is part of every identity count as known.
    """
    paths = [estimator]
    with suppress(
        ValueError
    ):  # what is no description fails in its fit, as any other parameter does
        paths += _paths(json.loads(description or "null"))
    return tuple(sorted({path.split(".")[0] for path in paths} - _KNOWN))


def behind(packages: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What these packages import in turn, as `bench.core.identity.imported_by` finds it: files that nobody installed,
    whose content counts, and installed packages, whose versions count."""
    return identity.imported_by(packages, _KNOWN) if packages else ((), ())


def _paths(description: Any) -> Iterator[str]:
    """The import paths in a description."""
    inside: Iterable[Any] = ()
    match description:
        case {"import": str(path)}:
            yield path
        case {"estimator": [str(path), dict(parameters)]}:
            yield path
            inside = parameters.values()
        case {"list": list(items)} | {"tuple": list(items)}:
            inside = items
        case {"dict": list(pairs)}:
            inside = [part for pair in pairs for part in pair]
    for part in inside:
        yield from _paths(part)


@lru_cache
def code_of(
    estimator: str, metric: str | None, plain: bool
) -> tuple[tuple[str, str], ...]:
    """The source that fits and scores inside a cell, as (name, sha256): a change there makes stored results stale.

    The hashes alone are part of a cell's key: names are for people, and change when files move. No hash depends on
    comments or docstrings. Of the shortcuts the files count that serve the estimator, unless the engine is the `plain`
    reference; of the estimators that are bench's own all files that are not apart; of the metrics the functions of the
    tuning metric.
    """
    names = list(_CELL)
    if not plain:
        names += ["run/engine.py", *_shortcuts(estimator)]
    if estimator.startswith("bench."):
        own = _file(estimator.rpartition(".")[0])
        names += [
            name
            for name in _folder(_ESTIMATORS)
            if own in (name, *_APART.get(name, (own,)))
        ]
    hashes = {name: source_sha256(identity.PACKAGE / name) for name in names}
    if metric is not None:
        hashes[f"metric {metric}"] = combined_sha256(
            map(text_sha256, _metric_sources(metric))
        )
    return tuple(hashes.items())


@lru_cache
def extensions_of(family: str | None, metric: str | None) -> tuple[Extension, ...]:
    """The extensions of installed packages that a registered family and a tuning metric are; none for bench's own."""
    extensions = [
        FAMILIES.extension_of(family) if family else None,
        METRICS.extension_of(metric) if metric else None,
    ]
    return tuple(extension for extension in extensions if extension is not None)


def code_of_folds() -> list[str]:
    """The source that makes outer folds, and the arrays (classes, groups, times) that they are made of."""
    return [
        source_sha256(identity.PACKAGE / name)
        for name in ("run/folds.py", "run/seeds.py", "data/load.py")
    ]


def code_of_extra_fits() -> list[str]:
    """The source of what a cell does that is no plain one: permuting the target, looking into the fit."""
    return [
        source_sha256(identity.PACKAGE / "run" / "variants" / name)
        for name in ("permuted.py", "inspection.py")
    ]


def _folder(place: str) -> list[str]:
    return [
        path.relative_to(identity.PACKAGE).as_posix()
        for path in sorted((identity.PACKAGE / place).glob("*.py"))
    ]


def _shortcuts(estimator: str) -> list[str]:
    """The files of the shortcuts that serve an estimator, and what these import from each other."""
    serving = [
        shortcut.name
        for shortcut in SHORTCUTS.values()
        if estimator in shortcut.estimators
    ]
    waiting = [SHORTCUTS.module_of(name) for name in serving]
    modules = {f"{_SHORTCUTS}.shortcut"}
    while waiting:
        module = waiting.pop()
        if module not in modules:
            modules.add(module)
            waiting += _imported(identity.PACKAGE / _file(module))
    return sorted(map(_file, modules))


def _file(module: str) -> str:
    return module.partition(".")[2].replace(".", "/") + ".py"


@cache
def _imported(path: Path) -> frozenset[str]:
    """The modules of shortcuts that a file imports, anywhere in it."""
    nodes = [
        node
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ImportFrom)
    ]
    modules = {
        node.module
        for node in nodes
        if node.module and node.module.startswith(f"{_SHORTCUTS}.")
    }
    of_folder = {
        f"{_SHORTCUTS}.{alias.name}"
        for node in nodes
        if node.module == _SHORTCUTS
        for alias in node.names
    }
    return frozenset(modules | of_folder)


def _metric_sources(name: str) -> list[str]:
    """What a metric is made of: its direction, what it needs, its function, and whatever that calls in its package."""
    metric = METRICS[name]
    sources = [
        f"{metric.higher_is_better} {metric.needs}",
        *map(_source, _methods(Predicted)),
    ]
    waiting: list[Callable[..., object]] = [metric.function]
    seen: set[str] = set()
    while waiting:
        function = waiting.pop()
        assert isinstance(function, FunctionType), f"{function} is no plain function"
        sources.append(_source(function.__code__))
        for word in sorted(_names(function.__code__) - seen):
            thing = function.__globals__.get(word)
            seen.add(word)
            if isinstance(thing, FunctionType) and _top(thing) == _top(function):
                waiting.append(thing)
            elif isinstance(thing, int | float | str | tuple):
                sources.append(f"{word} = {thing!r}")
    return sources


def _top(function: FunctionType) -> str:
    return function.__module__.partition(".")[0]


def _methods(kind: type) -> list[CodeType]:
    """What is written in a class, without what its decorator adds."""
    functions = [getattr(value, "fget", value) for value in vars(kind).values()]
    codes = [
        function.__code__
        for function in functions
        if isinstance(function, FunctionType)
    ]
    return [
        code
        for code in codes
        if code.co_filename == sys.modules[kind.__module__].__file__
    ]


def _source(code: CodeType) -> str:
    """The lines of a function, from where it begins to the end of its block."""
    lines = _text(Path(code.co_filename)).splitlines(keepends=True)
    return "".join(inspect.getblock(lines[code.co_firstlineno - 1 :]))


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _names(code: CodeType) -> set[str]:
    """The names that a function uses, its inner functions included."""
    inner = [
        _names(constant)
        for constant in code.co_consts
        if isinstance(constant, CodeType)
    ]
    return set(code.co_names).union(*inner)
