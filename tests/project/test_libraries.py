"""A family whose library is not installed: told by a check, refused by a run, left out of the slow list; its key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.cli.app import main
from bench.cli.verbs import _able, _reproduced_by_dvc
from bench.core.errors import DataError
from bench.families import FAMILIES, libraries
from bench.project import check
from bench.project.project import Project
from bench.run import identity
from bench.text.problems import LibraryMissing

NETWORK = "bench.families.estimators.networks.NetworkClassifier"


def test_without_its_library_a_study_is_told_refused_and_left_out(
    project: Callable[..., Path],
    toy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(check, "versions_here", lambda: {"torch": None})
    root = project(toy=toy, networks=toy.replace("  lda: {}", "  lda: {}\n  tabm: {}"))
    (root / "params.yaml").write_text("studies:\n  - toy\nslow:\n  - networks\n")
    assert main(["check"]) == 0
    assert "families.tabm" in capsys.readouterr().out
    assert main(["run", "networks"]) == 3
    assert "pip install 'bench[torch]'" in capsys.readouterr().err
    here, calls = Project(root), []
    able, (remark,) = _able(here, ["toy", "networks"])
    assert able == ["toy"] and remark.statement == LibraryMissing("tabm", "torch")
    (root / "params.yaml").write_text("studies: []\nslow:\n  - toy\n  - networks\n")
    monkeypatch.setattr(
        "bench.project.dvc.dvc", lambda _, arguments: calls.append(arguments)
    )
    with pytest.raises(DataError, match="all others were run"):
        _reproduced_by_dvc(Project(root), [], True)
    assert calls == [["repro"], ["repro", "pipeline/toy/dvc.yaml", "index"]]
    # Once it is there, no remembered check says otherwise.
    monkeypatch.setattr(check, "versions_here", lambda: {"torch": "2.13"})
    assert _able(Project(root), ["networks"]) == (["networks"], [])


def test_the_library_is_part_of_the_key_of_its_own_families_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for version in ("2.13.0", "2.14.0"):
        monkeypatch.setattr(identity, "version", lambda name, version=version: version)
        assert identity.libraries_of(NETWORK)["torch"] == version
    for family in FAMILIES.values():
        for setup in family.setups.values():
            known, code = (
                identity.libraries_of(setup.estimator),
                dict(identity.code_of(setup.estimator, None, False)),
            )
            needs = libraries.library_of(setup.estimator) == "torch"
            assert (
                ("torch" in known)
                == ("families/estimators/networks.py" in code)
                == needs
            )
