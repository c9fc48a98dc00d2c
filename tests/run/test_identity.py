"""What makes stored results stale: code that fits and scores in a cell, and nothing else."""

from __future__ import annotations

import ast
import json
import shutil
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from bench.core import identity as core
from bench.core.metrics import METRICS
from bench.families import FAMILIES
from bench.families.family import Setup
from bench.run import identity
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.identity import code_of, packages_of
from bench.run.store import Store
from bench.study import Protocol

KNN = "sklearn.neighbors.KNeighborsClassifier"
TREE = "sklearn.tree.DecisionTreeClassifier"
OWN_TREE = "bench.families.estimators.trees.BaggedTreesClassifier"
DESCRIBED = "bench.families.estimators.described.DescribedLabels"
RIDGE = "sklearn.linear_model.Ridge"


def forget() -> None:
    """As a new process would begin."""
    core.source_sha256.cache_clear()
    identity.code_of.cache_clear()
    identity._imported.cache_clear()
    identity._text.cache_clear()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package to change."""
    copy = tmp_path / "bench"
    shutil.copytree(
        core.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "report")
    )
    monkeypatch.setattr(core, "PACKAGE", copy)
    forget()
    yield copy
    forget()


def cell(
    estimator: str, tuned: bool = True, engine: str = "fast", **changed: object
) -> Cell:
    protocol = Protocol.model_validate(
        {"resampling": {"kind": "kfold", "folds": 3}, "tuning": {"folds": 2}, "seed": 0}
    )
    candidates = ({"a": 1}, {"a": 2})[: 1 + tuned]
    plan = Plan(
        "s",
        "classification",
        "d",
        "f",
        Setup(estimator),
        (),
        candidates,
        protocol,
        "accuracy",
    )
    fold = Fold(0, 0, np.arange(6), np.arange(6, 9))
    return replace(Cell(replace(plan, engine=engine), fold, "data"), **changed)  # type: ignore[arg-type]


def cells() -> dict[str, Cell]:
    return {
        "knn": cell(KNN),
        "tree": cell(TREE),
        "tree, reference": cell(TREE, engine="reference"),
        "own tree": cell(OWN_TREE),
        "ridge": cell(RIDGE),
        "untuned": cell(KNN, tuned=False),
        "permuted": cell(KNN, variant="permuted", permutation=0),
    }


def stale(change: Callable[[], object]) -> set[str]:
    """The cells whose keys a change makes others."""
    before = {name: one.key for name, one in cells().items()}
    change()
    forget()
    return {name for name, one in cells().items() if one.key != before[name]}


def edited(path: Path, old: str, new: str) -> Callable[[], object]:
    assert old in path.read_text(), path
    return lambda: path.write_text(path.read_text().replace(old, new, 1))


ALL = {"knn", "tree", "tree, reference", "own tree", "ridge", "untuned", "permuted"}


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("run/seeds.py", '"""', '"""Another word. ', set()),
        ("run/evaluate.py", "\n\n\n", "\n\n\n# a comment\n", set()),
        ("run/reference.py", "from bench.run.", "from bench.moved.run.", set()),
        ("run/evaluate.py", "\n\n\n", "\n\n\nx = 1\n", ALL),
        ("families/pipeline.py", "\n\n\n", "\n\n\nx = 1\n", ALL),
        ("run/engine.py", "\n\n\n", "\n\n\nx = 1\n", ALL - {"tree, reference"}),
        ("run/shortcuts/tree.py", "\n\n\n", "\n\n\nx = 1\n", {"tree"}),
        (
            "run/shortcuts/forest.py",
            "\n\n\n",
            "\n\n\nx = 1\n",
            {"tree"},
        ),  # it helps the builder of trees
        (
            "run/shortcuts/neighbors.py",
            "\n\n\n",
            "\n\n\nx = 1\n",
            {"knn", "untuned", "permuted"},
        ),
        (
            "run/shortcuts/shortcut.py",
            "\n\n\n",
            "\n\n\nx = 1\n",
            ALL - {"tree, reference"},
        ),
        ("families/estimators/pruning.py", "\n\n\n", "\n\n\nx = 1\n", {"own tree"}),
        ("run/variants/permuted.py", "\n\n\n", "\n\n\nx = 1\n", {"permuted"}),
        ("run/study.py", "\n\n\n", "\n\n\nx = 1\n", set()),
        ("stats/paired.py", "\n\n\n", "\n\n\nx = 1\n", set()),
        (
            "families/linear.py",
            "\n\n",
            "\n\nx = 1\n",
            set(),
        ),  # what it says of a family is in the plan
    ],
)
def test_a_change_makes_the_cells_stale_that_it_can_change(
    package: Path, name: str, old: str, new: str, expected: set[str]
) -> None:
    assert stale(edited(package / name, old, new)) == expected


def test_names_of_files_are_no_part_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    import bench.run.cells

    def moved(*asked: object) -> tuple[tuple[str, str], ...]:
        return tuple(
            (f"elsewhere/{name}", sha256) for name, sha256 in reversed(code_of(*asked))
        )  # type: ignore[arg-type]

    assert not stale(lambda: monkeypatch.setattr(bench.run.cells, "code_of", moved))


def test_a_store_never_answers_changed_code(package: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "cells.sqlite") as store:
        store.put(cell(KNN), b"result", 1.0, 1)
        assert store.get(cell(KNN).key) == b"result"
        edited(package / "run" / "reference.py", '"""', '"""Reworded. ')()
        forget()
        assert store.get(cell(KNN).key) == b"result"
        edited(package / "run" / "reference.py", "return", "return 1 if 0 else")()
        forget()
        assert store.get(cell(KNN).key) is None


def test_the_code_of_a_cell_has_names() -> None:
    names = dict(code_of(KNN, "roc_auc", False))
    assert {
        "run/engine.py",
        "run/evaluate.py",
        "families/pipeline.py",
        "metric roc_auc",
    } <= set(names)
    assert all(len(sha256) == 64 for sha256 in names.values())
    own = dict(code_of(OWN_TREE, None, True))
    assert {"families/estimators/trees.py", "families/estimators/pruning.py"} <= set(
        own
    )
    assert "bench" not in own


def test_every_shortcut_counts_for_the_estimators_that_it_declares() -> None:
    from bench.run.shortcuts import SHORTCUTS

    for shortcut in SHORTCUTS.values():
        file = Path(sys.modules[SHORTCUTS.module_of(shortcut.name)].__file__ or "").name
        for estimator in shortcut.estimators:
            assert f"run/shortcuts/{file}" in dict(code_of(estimator, None, False)), (
                shortcut.name,
                estimator,
            )


@pytest.mark.parametrize("name", METRICS)
def test_the_source_of_every_metric_is_whole(name: str) -> None:
    """Python reads each part: a block that ends in a bracket ends after it."""
    _, *sources = identity._metric_sources(name)
    for source in sources:
        ast.parse(textwrap.dedent(source))


def test_the_source_of_a_metric_holds_its_helpers_and_no_other_metric() -> None:
    source = "".join(identity._metric_sources("roc_auc"))
    for helper in (
        "def roc_auc",
        "def _one_vs_rest",
        "def _area",
        "def scores",
        "def positive_code",
    ):
        assert source.count(helper) == 1, helper
    assert "def _average_precision" not in source
    assert any("ECE_BINS = 15" in source for source in identity._metric_sources("ece"))
    assert dict(code_of(KNN, "accuracy", True)) != dict(
        code_of(KNN, "error_rate", True)
    )


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a package that the user's project can import."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "trusted_by_us").mkdir()
    inside = tmp_path / "trusted_by_us" / "inside.py"
    for path in (inside, inside.with_name("__init__.py")):
        path.write_text("a = 1\n")
    return inside


def test_the_code_of_a_trusted_package_counts(trusted: Path) -> None:
    before = cell("trusted_by_us.inside.Estimator").key
    trusted.write_text('"""What it is."""\na = 1\n')
    assert cell("trusted_by_us.inside.Estimator").key == before
    trusted.write_text("a = 2\n")
    assert cell("trusted_by_us.inside.Estimator").key != before
    assert "trusted_by_us" not in sys.modules


def test_the_code_that_a_trusted_package_imports_counts(
    trusted: Path, tmp_path: Path
) -> None:
    (tmp_path / "beside.py").write_text("import deeper, json, yaml, not_there\n")
    (tmp_path / "deeper.py").write_text("import beside\nK = 1\n")
    trusted.write_text("from beside import K\nfrom . import own\nimport sklearn\n")
    key = cell("trusted_by_us.inside.Estimator").key
    plan = cell("trusted_by_us.inside.Estimator").plan
    assert plan.foreign_code.keys() == {"trusted_by_us", "beside", "deeper"}
    assert plan.identity["libraries"].keys() - identity.libraries() == {"yaml"}
    (tmp_path / "deeper.py").write_text("import beside\nK = -1\n")
    assert cell("trusted_by_us.inside.Estimator").key != key


def test_the_code_of_what_stands_inside_a_described_estimator_counts(
    trusted: Path, tmp_path: Path
) -> None:
    """The class of a step of a pipeline changes: its stored cell is not found any more, in the same process too."""
    scaler = [{"tuple": ["scaler", {"estimator": ["trusted_by_us.inside.Scaler", {}]}]}]
    pipeline = json.dumps(
        {"estimator": ["sklearn.pipeline.Pipeline", {"steps": {"list": scaler}}]}
    )

    def described() -> Cell:
        plan = replace(cell(DESCRIBED).plan, candidates=({"description": pipeline},))
        return replace(cell(DESCRIBED), plan=plan)

    with Store(tmp_path / "cells.sqlite") as store:
        store.put(described(), b"result", 1.0, 1)
        assert store.get(described().key) == b"result"
        trusted.write_text("a = 3\n")
        assert store.get(described().key) is None
    assert dict(described().plan.code).keys() - dict(
        code_of(DESCRIBED, None, False)
    ) == {"trusted_by_us"}


@pytest.mark.parametrize(
    ("description", "packages"),
    [
        (None, ()),
        ("no description", ()),
        ('{"import": "numpy.log1p"}', ()),
        ('{"import": "math.sqrt"}', ()),
        ('{"dict": [["a", {"import": "mine.f"}]]}', ("mine",)),
        (
            '{"estimator": ["sklearn.svm.SVC", {"C": 1.0, "kernel": {"import": "yours.kernels.k"}}]}',
            ("yours",),
        ),
        (
            '{"estimator": ["mine.A", {"b": {"list": [{"estimator": ["other.B", {}]}, {"nan": true}]}}]}',
            ("mine", "other"),
        ),
    ],
)
def test_the_packages_of_others_are_read_off_a_description(
    description: str | None, packages: tuple[str, ...]
) -> None:
    assert packages_of(DESCRIBED, description) == packages


def test_a_version_is_found_where_a_distribution_has_another_name_than_its_package() -> (
    None
):
    assert identity.libraries_of(KNN, ["yaml"])["yaml"] == f"PyYAML {version('PyYAML')}"
    assert identity.libraries_of(
        KNN, ["polars", "unknown_to_all"]
    ).keys() - identity.libraries() == {"polars"}


def test_keys_of_shipped_families_have_no_code_of_others() -> None:
    for family in FAMILIES.values():
        assert not any(packages_of(setup.estimator) for setup in family.setups.values())
