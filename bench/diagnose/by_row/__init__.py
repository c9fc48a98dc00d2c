"""What predictions say row by row, counted once for the pages: curves, confusions, disagreement, the hardest rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from bench.core.by_row import (
    BIN_ROWS,
    BY_ROW,
    MOST_CLASSES,
    CalibrationCurve,
    NotCounted,
    RankingCurve,
    SetsTested,
    best_drawn,
)
from bench.core.frames import of_records
from bench.core.metrics import METRICS
from bench.core.rows import OWN
from bench.core.spare import lost
from bench.diagnose.by_row.curves import (
    calibration_curve,
    ranking_curves,
    regression_fit,
)
from bench.diagnose.by_row.errors import confusions, hard_rows, pairs
from bench.diagnose.by_row.tested import by, tested_rows
from bench.diagnose.calibration import hard_votes
from bench.diagnose.evidence import DiagnosticEvidence
from bench.scores.compute import classes_of
from bench.scores.design import alpha_of, is_baseline

#: The families of a dataset that are drawn, of those that have something to draw.
Choose = Callable[[str, Collection[str]], list[str]]


def by_row(
    evidence: DiagnosticEvidence, estimates: pl.DataFrame, findings: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The frames of `core.by_row.BY_ROW`.

    estimates: comparisons.ESTIMATES, by which the families that are drawn are chosen; findings: frames.FINDINGS, which
    tell over how many tests of calibration the level is split.
    """
    choose, made = _chooser(evidence, estimates), defaultdict[str, list[Any]](list)
    tests_of_calibration = findings.filter(
        pl.col("diagnostic") == "calibration", pl.col("estimate").is_not_null()
    )
    for dataset, tests in tested_rows(evidence.predictions).items():
        made["test_sets"].append(_test_sets(dataset, tests))
        for panel, count in _counts(
            evidence, dataset, tests, choose, tests_of_calibration
        ).items():
            try:
                counted = {name: list(rows) for name, rows in count().items()}
            except Exception as error:
                made["not_counted"].append(
                    NotCounted(dataset, panel, lost(f"{panel} of {dataset}", error))
                )
                continue
            for name, rows in counted.items():
                made[name] += rows
    return {
        name: of_records(made[name], schema, digits=None)
        for name, schema in BY_ROW.items()
    }


def _counts(
    evidence: DiagnosticEvidence,
    dataset: str,
    tests: pl.DataFrame,
    choose: Choose,
    tested: pl.DataFrame,
) -> dict[str, Callable[[], Mapping[str, Iterable[object]]]]:
    """By panel, what counts its frames."""
    parts = by(tests, "family")
    drawn = choose(dataset, parts)
    shown = tests.filter(pl.col("family").is_in(drawn))

    def rows() -> Mapping[str, Iterable[object]]:
        if not drawn or any(evidence.tables.filter(dataset=dataset)["draws"].to_list()):
            return {}
        return hard_rows(
            dataset,
            shown,
            evidence.duplicates.filter(dataset=dataset).select("row", "duplicates"),
        )

    def fit() -> Mapping[str, Iterable[object]]:
        arrays = {
            family: [parts[family][name].to_numpy() for name in ("truth", "value")]
            for family in drawn
        }
        return {
            "regression_fits": (
                regression_fit(dataset, family, *both)
                for family, both in arrays.items()
            )
        }

    both: dict[str, Callable[[], Mapping[str, Iterable[object]]]] = {
        "disagreement": lambda: {"family_pairs": pairs(dataset, tests, drawn)},
        "rows": rows,
    }
    if "value" in tests.columns:
        return {**both, "fit": fit}
    return {
        **both,
        "classes": lambda: {"confusions": confusions(dataset, shown)},
        "ranking": lambda: {"ranking_curves": _ranked(evidence, dataset, parts, drawn)},
        "calibration": lambda: {
            "calibration_curves": _calibrated(evidence, dataset, tests, choose, tested)
        },
    }


def _chooser(evidence: DiagnosticEvidence, estimates: pl.DataFrame) -> Choose:
    """Of the families that are compared and use features, those of the best primary score."""
    study, keys = evidence.study, ("dataset", "family")
    metric = METRICS[study.metrics.primary]
    own = evidence.scores.filter(OWN, side="test", metric=metric.name).drop_nulls(
        "value"
    )
    means = {
        (d, f): value
        for d, f, value in own.group_by(keys).agg(pl.col("value").mean()).iter_rows()
    }
    compared = (
        estimates.filter(metric=metric.name).drop_nulls("mean").select(*keys, "mean")
    )
    means |= {(d, f): mean for d, f, mean in compared.iter_rows()}
    scored = evidence.scores.filter(OWN)["family"].unique(maintain_order=True)
    tried = dict.fromkeys((*(study.families or ()), *scored))
    order = [name for name in tried if not is_baseline(study, name)]

    def choose(dataset: str, families: Collection[str]) -> list[str]:
        losses = {
            f: -mean if metric.higher_is_better else mean
            for (d, f), mean in means.items()
            if d == dataset
        }
        return best_drawn([name for name in order if name in families], losses)

    return choose


def _test_sets(dataset: str, tests: pl.DataFrame) -> SetsTested:
    sets = tests.group_by("repeat", "fold")
    classes = (
        sets.agg(pl.col("truth").n_unique())["truth"]
        if "label" in tests.columns
        else None
    )
    sizes = tests.group_by("family", "repeat", "fold").len()
    given = {
        name: name in tests.columns and tests[name].null_count() < tests.height
        for name in ("p", "decision")
    }
    first = tests.filter(pl.col("repeat") == 0)
    return SetsTested(
        dataset,
        sets=sets.len().height,
        repeats=tests["repeat"].n_unique(),
        one_class=0 if classes is None else int((classes == 1).sum()),
        largest=int(sizes["len"].max()),  # type: ignore[arg-type]
        ranked=any(given.values()),
        calibrated=given["p"] and first["p"].null_count() < first.height,
    )


def _ranked(
    evidence: DiagnosticEvidence,
    dataset: str,
    parts: dict[str, pl.DataFrame],
    drawn: list[str],
) -> Iterator[RankingCurve]:
    """The curves of the families that are drawn, unless there are too many classes, or no two rows in a test set."""
    classes = classes_of(evidence.tables).get(dataset)
    one_by_one = (
        parts[drawn[0]].group_by("repeat", "fold").len()["len"].max() == 1
        if drawn
        else True
    )
    if classes is not None and len(classes.names) <= MOST_CLASSES and not one_by_one:
        for family in drawn:
            yield from ranking_curves(dataset, family, parts[family], classes)


def _calibrated(
    evidence: DiagnosticEvidence,
    dataset: str,
    tests: pl.DataFrame,
    choose: Choose,
    tested: pl.DataFrame,
) -> Iterator[CalibrationCurve]:
    """The curves of families with probabilities for rows enough, of all that fail; the name of those with hard votes.

    tested: the findings on calibration in the study; where there are none, those drawn here share the level.
    """
    parts = by(tests.filter(pl.col("repeat") == 0, pl.col("p").is_not_null()), "family")
    votes = [family for family, part in parts.items() if hard_votes(part)]
    many = [
        family
        for family, part in parts.items()
        if part.height >= 2 * BIN_ROWS and family not in votes
    ]
    for family in choose(dataset, votes):
        yield CalibrationCurve(dataset, family, hard_votes=True)
    drawn, alpha = choose(dataset, many), alpha_of(evidence.study)
    fail = set(tested.filter(dataset=dataset, outcome="found")["family"])
    for family in [*drawn, *(one for one in many if one in fail - set(drawn))]:
        part = parts[family]
        yield calibration_curve(
            dataset,
            family,
            part,
            evidence.study.id,
            alpha / max(1, tested.height or len(drawn)),
        )
