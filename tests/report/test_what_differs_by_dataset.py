"""What a page says of one dataset or design must be true of that one: candidates, single scores, cards, protocols."""

from __future__ import annotations

from typing import Any

import pytest

from bench.core.outcomes import encoded
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.exports import export
from bench.report.sections.families import OVER_SEEDS
from bench.text.judgements import SeedsOnly
from tests.helpers import bundles

ON_ONE_SPLIT = {"kind": "fixed_split", "column": "set", "test": "b", "repeats": 4}


def scored(resampling: dict[str, Any], draws: int = 0) -> Bundle:
    made = bundles.study(protocol={"resampling": resampling, "tuning": None, "seed": 1})
    scores = bundles.scores(made, 50, lambda *_: 0.9)
    rows = {"rows_sha256": "one"} if resampling["kind"] == "fixed_split" else {}
    tables = [
        table | {"draws": draws} for table in bundles.tables(made, 50, 2, ["a", "b"])
    ]
    folds = [fold | rows for fold in bundles.folds(made, 50)]
    return bundles.made_of(made, folds=folds, tables=tables, scores=scores)


@pytest.mark.parametrize(
    ("resampling", "seeds"),
    [(ON_ONE_SPLIT, True), ({"kind": "kfold", "folds": 5}, False)],
)
def test_where_only_seeds_vary_every_table_says_what_its_intervals_leave_out(
    resampling: dict[str, Any], seeds: bool
) -> None:
    made = scored(resampling)
    mean = {"dataset": "wine", "metric": "accuracy", "mean": 0.9, "fallbacks": 0}
    rows = [
        mean | {"family": f, "low": 0.8, "high": 0.95} for f in facts.families(made)
    ]
    pair = {
        "dataset": "wine",
        "metric": "accuracy",
        "family": "svm",
        "against": "random_forest",
        "difference": 0.1,
    }
    pair |= {
        "low": 0.05,
        "high": 0.15,
        "test": "t_over_seeds",
        "p": 0.01,
        "p_adjusted": 0.01,
        "fallbacks": 0,
    }
    better = {
        "kind": "better",
        "against": "random_forest",
        "published": None,
        "p": 0.01,
    }
    claim = (
        bundles.verdict("c1", "reproduced", "wine", "svm", "1")
        | better
        | {"reasons": encoded([SeedsOnly()])}
    )
    frames = bundles.made_of(
        made.study, estimates=rows, pairs=[pair], verdicts=[claim]
    ).frames
    changed = {name: frames[name] for name in ("estimates", "pairs", "verdicts")}
    bundle = Bundle(made.study, made.frames | changed, made.provenance)
    exported = export(bundle, ["csv", "latex", "markdown"])
    files = ("tables/results.tex", "tables.md")
    assert [OVER_SEEDS in exported[file] for file in files] == [seeds] * 2
    assert ("covers seeds only" in exported["data/readme.md"]) == seeds
    assert ("Only the seed varies" in exported["tables/pairs-wine.tex"]) == seeds
    assert (
        "only seeds vary; the sampling error is unknown"
        in exported["tables/claims.tex"]
    )
