"""Every key of `diagnostics` that costs fits: a study may name it, and it requests what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.run.store import Store
from bench.run.study import grid_of
from bench.run.variants.extra_fit import (
    EXTRA_FITS,
    ExtraFit,
    requested_afterwards,
    wanted_fits,
)
from bench.study.models import Diagnostics
from tests.helpers.extra_fits import a_dataset, a_study

#: Settings that a key needs.
NEEDED: dict[str, dict[str, Any]] = {"explain": {"family": "knn"}}


@pytest.mark.parametrize("extra", EXTRA_FITS.values(), ids=list(EXTRA_FITS))
def test_a_key_requests_cells_or_says_why_not(extra: ExtraFit, tmp_path: Path) -> None:
    assert extra.name in Diagnostics.model_fields, (
        "it needs a form in bench/study/models.py"
    )
    settings = {"halves": None, extra.name: NEEDED.get(extra.name, {})}
    study = a_study(
        settings,
        tuning={"folds": 2},
        families={"baseline": {}, "knn": {"n_neighbors": [1, 5]}},
    )
    assert [one.name for one, _ in wanted_fits(study)] == [extra.name]
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [a_dataset()], store)
        later = [
            cell
            for context in grid.contexts
            for cell in requested_afterwards(context, lambda _: 0)
        ]
    requested = [cell for cell in [*grid.cells, *later] if cell.variant != "plain"]
    refused = list(grid.unavailable["reasons"])
    assert requested or all(refused)
    assert requested or refused
    assert len({cell.key for cell in requested}) == len(requested)
