"""Hand-made studies, folds and scores for the tests of judging: no fit, no disk but the study file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl

from bench.claims import check_claim, verdicts
from bench.claims._noise import Noise
from bench.comparisons import comparisons
from bench.contrasts import ErrorGrowth
from bench.core import frames
from bench.core.judgements import VERDICTS
from bench.core.outcomes import Statement, decoded
from bench.diagnose.case import around as around  # for the tests that make scores
from bench.scores.external import external_results
from bench.study import Draft, Study, read_draft
from bench.text.chance import Repeats
from tests.helpers.sparse import sparse

S = TypeVar("S", bound=Statement)
#: Agreements that decide nothing.
OPEN = ("fits", "off")
STUDY = """
title: Made by hand
task: {task}
datasets:
  toy: {{source: {{kind: sklearn, name: wine}}, target: target{of_toy}}}
{datasets}
clean: null
preprocess: null
protocol: {{resampling: {resampling}, tuning: {tune}, seed: 1}}
families: {families}
metrics: {{primary: {primary}, also: {also}}}
diagnostics: {diagnostics}
{more}
"""
KFOLD = "{kind: kfold, folds: 10, repeats: 10}"
LOO = "{kind: leave_one_out}"
FIXED = '{kind: fixed_split, train: "1-90", test: "91-100"}'
PARTS = {
    "task": "classification",
    "datasets": "",
    "of_toy": "",
    "resampling": KFOLD,
    "tune": "null",
    "families": "{baseline: {}, lda: {}, qda: {}, random_forest: {}}",
    "primary": "accuracy",
    "also": "[]",
    "diagnostics": "null",
    "more": "",
}


#: What counts as close in tests that say nothing else.
TOLERANCE = '\ntolerance: {accuracy: 0.01, error_rate: 0.01, why: "by hand"}\n'


def claim(kind: str, **changes: str) -> str:
    """A claim of one kind as a line of YAML."""
    fields = {
        "id": "c",
        "kind": kind,
        "dataset": "toy",
        "where": '"p. 3"',
        "read": "source",
    } | changes
    return (
        "  - {" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}\n"
    )


def one(
    tmp_path: Path,
    scores: dict[str, Any],
    text: str,
    folds: pl.DataFrame | None = None,
    **study: str,
) -> dict[str, Any]:
    """The verdict on the claim of such a line, by scores of families; the claim has no mistake."""
    made = a_study(tmp_path, text, **({"more": TOLERANCE} | study))
    assert isinstance(made.claims, tuple)
    assert check_claim(made.claims[0], made) == []
    pooled = np.ndim(next(iter(scores.values()))) == 0
    frame = scores_of_arrays(
        scores, pooled=pooled, metric=study.get("primary", "accuracy")
    )
    return judge(made, frame, folds_of() if folds is None else folds)["c"]


def a_study(folder: Path, claims: str = "", **changes: str) -> Study:
    """A study of one dataset `toy`; `claims` are lines of YAML under `claims:`."""
    return a_draft(folder, claims, **changes).study()


def a_draft(folder: Path, claims: str = "", **changes: str) -> Draft:
    """The same study as far as it can be read, with its problems."""
    parts = PARTS | changes
    if claims:
        claims, deviations = _with_deviations(claims)
        parts["more"] += "\nclaims:\n" + claims + deviations
    (folder / "toy").mkdir(exist_ok=True)
    (folder / "toy" / "study.yaml").write_text(STUDY.format(**parts))
    return read_draft(folder / "toy")


def _with_deviations(claims: str) -> tuple[str, str]:
    """The lines without what only tests write, `doubt: split` or `doubt: split+data`, and the list that says it."""
    rows = []
    for line in claims.splitlines():
        doubt, name = (
            re.search(r", doubt: ([\w+]+)", line),
            re.search(r"id: ([\w-]+)", line),
        )
        if doubt is not None and name is not None:
            for what in doubt[1].split("+"):
                rows.append(f"  - {{what: {what}, of: [{name[1]}], note: Another.}}\n")
    claims = re.sub(r", doubt: [\w+]+", "", claims)
    return claims, "".join(["deviations:\n", *rows]) if rows else ""


def faults(folder: Path, claims: str, **changes: str) -> set[tuple[str, str]]:
    """(keys, code) of all that is wrong with the form of a study, or else with its first claim."""
    draft = a_draft(folder, claims, **changes)
    if draft.problems:
        return {
            (one.path.removeprefix("claims[0]."), str(one.statement.code))
            for one in draft.problems
        }
    study = draft.study()
    assert isinstance(study.claims, tuple)
    return {
        (".".join(keys), str(statement.code))
        for keys, statement in check_claim(study.claims[0], study)
    }


def folds_of(
    repeats: int = 10,
    folds: int = 10,
    train: int = 90,
    test: int = 10,
    dataset: str = "toy",
    same: bool = False,
) -> pl.DataFrame:
    """Folds of some rows; `same`: every repeat has those of the first."""
    return sparse(
        [
            {
                "dataset": dataset,
                "repeat": r,
                "fold": f,
                "train_rows": train,
                "test_rows": test,
            }
            | {"rows_sha256": f"{0 if same else r}-{f}"}
            for r in range(repeats)
            for f in range(folds)
        ],
        frames.FOLDS,
    )


def noise_of(sd: float, repeats: int, published: int = 1) -> Noise:
    """Of `repeats` repeats of ours and `published` of the paper, whose means all vary by sd."""
    drawn = ErrorGrowth(repeats=repeats, sd=sd, fixed=sd**2 / published)
    reason = Repeats("splits", repeats)
    return Noise.of_repeats(drawn, reason)


def tables_of(
    *datasets: str, draws: int = 0, classes: tuple[str, ...] = ("a", "b")
) -> pl.DataFrame:
    named = datasets or ("toy",)
    rows = [
        {
            "dataset": d,
            "title": d,
            "rows": 100,
            "features": 2,
            "classes": list(classes),
            "draws": draws,
        }
        for d in named
    ]
    return sparse(rows, frames.TABLES)


def scores_of_arrays(
    values: dict[str, Any],
    *,
    metric: str = "accuracy",
    side: str = "test",
    dataset: str = "toy",
    pooled: bool = False,
) -> pl.DataFrame:
    """family -> (repeats, folds) scores; NaN stands for an undefined score, None for a fold without a row."""
    rows = []
    for family, table in values.items():
        for repeat, line in enumerate(np.atleast_2d(np.array(table, dtype=object))):
            for fold, value in enumerate(line):
                if value is None:
                    continue
                rows.append(
                    {
                        "dataset": dataset,
                        "family": family,
                        "variant": "plain",
                        "repeat": repeat,
                        "fold": None if pooled else fold,
                        "side": side,
                        "metric": metric,
                        "value": None if value != value else float(value),
                    }
                )
    return sparse(rows, frames.SCORES)


def judge(
    study: Study,
    scores: pl.DataFrame,
    folds: pl.DataFrame,
    tables: pl.DataFrame | None = None,
    failures: pl.DataFrame | None = None,
    missing: pl.DataFrame | None = None,
) -> dict[str, dict[str, Any]]:
    """The verdict rows by claim; `reasons` as statements."""
    tables = tables_of() if tables is None else tables
    failures = frames.empty(frames.FAILURES) if failures is None else failures
    compared = comparisons(study, tables, folds, scores)
    seen = {
        "tables": tables,
        "folds": folds,
        "scores": scores,
        "estimates": compared.estimates,
        "failures": failures,
    }
    rows = verdicts(
        study, seen if missing is None else seen | {"missing_runs": missing}
    )
    found = frames.checked(rows, VERDICTS)
    return {
        row["claim"]: row | {"reasons": decoded(row["reasons"])}
        for row in found.iter_rows(named=True)
    }


def judge_given(
    folder: Path, claims: str, datasets: str, table: pl.DataFrame, **study: str
) -> dict[str, dict[str, Any]]:
    """The verdict rows of a study whose one dataset, `given`, is a table of scores."""
    made = a_study(folder, claims, families="null", datasets=datasets, **study)
    only = {"given": made.datasets["given"]}
    made = made.model_copy(update={"datasets": only, "protocol": None, "task": None})
    given = external_results(made, tables_of("given"), lambda _: table)
    return judge(given.study, given.scores, given.folds, given.tables)


def has(row: dict[str, Any], kind: type[Statement]) -> bool:
    """Whether a verdict has a reason of that kind."""
    return any(isinstance(reason, kind) for reason in row["reasons"])


def reason(row: dict[str, Any], kind: type[S]) -> S:
    """The one reason of that kind that a verdict has."""
    (found,) = (one for one in row["reasons"] if isinstance(one, kind))
    return found
