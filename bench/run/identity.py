"""What decides a result besides the study and its data: versions of libraries, and the source that fits and scores."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, FunctionType

from bench.core import metrics
from bench.core.metrics import METRICS
from bench.families.checks import KNOWN_PACKAGES

#: Libraries whose version is part of a result's identity.
LIBRARIES = ("numpy", "scipy", "scikit-learn", "xgboost", "xgboost-cpu")


@lru_cache
def libraries() -> dict[str, str]:
    """Versions of the libraries that fit, read without importing them."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@lru_cache
def libraries_of(estimator: str) -> dict[str, str]:
    """The versions that matter to one estimator: XGBoost's to its own only, that of a trusted package to its own."""
    package = estimator.split(".")[0]
    found = {name: v for name, v in libraries().items() if package == "xgboost" or not name.startswith("xgboost")}
    if package not in KNOWN_PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


@lru_cache
def code_of(estimator: str, metric: str | None, plain: bool) -> tuple[tuple[str, str], ...]:
    """The source that fits and scores inside a cell, as (name, sha256): a change there makes stored results stale.

    Of the shortcuts it holds the files that name the estimator, and their helpers, unless the engine is the `plain`
    reference; of the estimators that are bench's own all files; of the metrics the functions of the tuning metric; of a
    trusted package every file of Python.
    """
    here = Path(__file__).parent
    files = [here / name for name in ("evaluate.py", "reference.py", "result.py", "folds.py", "seeds.py")]
    files += [here.parent / "families" / name for name in ("preprocess.py", "pipeline.py", "family.py")]
    files += [here.parent / "data" / name for name in ("load.py", "arrays.py", "dataset.py")]
    if not plain:
        files += [here / "engine.py", *_shortcuts(here / "shortcuts", estimator)]
    if estimator.startswith("bench."):
        files += sorted((here.parent / "families" / "estimators").glob("*.py"))
    found = {path.relative_to(here.parent).as_posix(): _sha256(path) for path in files}
    if metric is not None:
        found[f"metrics.py ({metric})"] = hashlib.sha256(_metric_source(metric).encode()).hexdigest()
    package = estimator.split(".")[0]
    if package not in KNOWN_PACKAGES:
        found[package] = _package_sha256(package)
    return tuple(found.items())


def code_of_folds() -> list[str]:
    """The source that makes outer folds, and the arrays (classes, groups, times) that they are made of."""
    here = Path(__file__).parent
    return [_sha256(path) for path in (here / "folds.py", here / "seeds.py", here.parent / "data" / "load.py")]


def code_of_probes() -> list[str]:
    """The source of what a cell does that is no plain one: permuting the target, looking into the fit."""
    here = Path(__file__).parent
    return [_sha256(here / "variants" / name) for name in ("permuted.py", "inspection.py")]


@lru_cache
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _package_sha256(package: str) -> str:
    """Of the Python files of a package, by name and content, without importing it."""
    spec, digest = find_spec(package), hashlib.sha256()
    folders = [Path(folder) for folder in (spec.submodule_search_locations if spec else None) or ()]
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    if spec is not None and not files and spec.origin is not None:
        files = [Path(spec.origin)]
    for path in files:
        digest.update(f"{_below(path, folders)}|{_sha256(path)}|".encode())
    return digest.hexdigest()


def _below(path: Path, folders: list[Path]) -> str:
    return next((path.relative_to(top).as_posix() for top in folders if path.is_relative_to(top)), path.name)


def _shortcuts(folder: Path, estimator: str) -> list[Path]:
    """The files of the shortcuts that serve an estimator: those that name it, who imports those, and their imports."""
    imports = _imports(folder)
    found = {path for path in imports if f'"{estimator}"' in _text(path)}
    found |= {path for path in imports if imports[path] & found}
    found = found.union(*(imports[path] for path in found))
    return sorted(found | {folder / "shortcut.py"})


@lru_cache
def _imports(folder: Path) -> dict[Path, set[Path]]:
    """Every file of a folder of shortcuts, with those of its files that it imports."""
    files, found = {path.stem: path for path in sorted(folder.glob("*.py"))}, {}
    for path in files.values():
        lines = re.findall(r"^from bench\.run\.shortcuts(.*) import (.*)", _text(path), re.MULTILINE)
        words = {word for line in lines for part in line for word in re.findall(r"\w+", part)}
        found[path] = {files[word] for word in words if word in files}
    return found


@lru_cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _metric_source(name: str) -> str:
    """The source of a metric: its direction, what it needs, its function, and whatever that calls in its module."""
    metric = METRICS[name]
    found: list[str] = [f"{metric.higher_is_better} {metric.needs}"]
    seen: set[str] = set()
    waiting = [metric.function.__code__, *_methods(metrics.Predicted)]
    while waiting:
        code = waiting.pop()
        found.append(_source(code))
        for word in sorted(_names(code) - seen):
            thing = vars(metrics).get(word)
            seen.add(word)
            if isinstance(thing, FunctionType) and thing.__module__ == metrics.__name__:
                waiting.append(thing.__code__)
            elif isinstance(thing, int | float | str | tuple):
                found.append(f"{word} = {thing!r}")
    return "\n".join(found)


def _methods(kind: type) -> list[CodeType]:
    """What is written in a class, without what its decorator adds."""
    functions = [getattr(one, "fget", one) for one in vars(kind).values()]
    codes = [one.__code__ for one in functions if isinstance(one, FunctionType)]
    return [code for code in codes if code.co_filename == metrics.__file__]


def _source(code: CodeType) -> str:
    """The lines of a function, found by their numbers: `inspect` would read the file as Python again."""
    lines = _text(Path(code.co_filename)).splitlines()
    return "\n".join(lines[code.co_firstlineno - 1 : _last(code)])


def _last(code: CodeType) -> int:
    inner = [_last(one) for one in code.co_consts if isinstance(one, CodeType)]
    return max([line for *_, line in code.co_lines() if line is not None] + inner)


def _names(code: CodeType) -> set[str]:
    """The names that a function uses, its inner functions included."""
    inner = [_names(one) for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*inner)
