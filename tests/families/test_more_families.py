"""A family more is one file: it is found, fits, and has a look of its own on a page with all the others."""

from __future__ import annotations

from pathlib import Path

import pytest

import bench.families
from bench.core.registry import Registry
from bench.families import Family
from bench.report.styles import dealt
from tests.golden.fits import numbers

FILE = """
from bench.families.family import Family, Setup

MEMBER = Family(
    name="{name}",
    title="{title}",
    short="{short}",
    setups={{"classification": Setup("{estimator}", fixed={{"n_estimators": 10}}, seed="random_state")}},
    preprocess=("impute", "encode"),
    source="no candidates",
    kind="{kind}",
    how="Many trees vote.",
    fails="It is slow.",
)
"""
MORE = [
    {"name": "extra_trees", "title": "Extra trees", "short": "ET", "kind": "tree"}
    | {"estimator": "sklearn.ensemble.ExtraTreesClassifier"},
    {
        "name": "gradient_boosting",
        "title": "Gradient boosting",
        "short": "GBM",
        "kind": "fuzzy",
    }
    | {"estimator": "sklearn.ensemble.GradientBoostingClassifier"},
]


@pytest.fixture
def families(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry[Family]:
    for values in MORE:
        (tmp_path / f"more_{values['name']}.py").write_text(FILE.format(**values))
    monkeypatch.setattr(
        bench.families, "__path__", [*bench.families.__path__, str(tmp_path)]
    )
    return Registry("bench.families", Family, "family")


def test_two_more_classifiers_are_two_files(families: Registry[Family]) -> None:
    members = [
        family for family in families.values() if "classification" in family.tasks
    ]
    assert len(members) >= 18
    looks = dealt({family.name: family.kind for family in members})
    assert len(set(looks.values())) == len(members)
    for values in MORE:
        assert set(numbers(families[values["name"]], "classification")) >= {
            "label",
            "p",
        }
