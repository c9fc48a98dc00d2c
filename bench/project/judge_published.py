"""`bench.judge` of many published numbers: the judge of studies, of frames made in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.core.comparisons import ESTIMATES
from bench.core.errors import DataError
from bench.core.frames import FAILURES, FOLDS, SCORES, TABLES, empty
from bench.core.metrics import METRICS
from bench.core.metrics.metric import Metric, Oracle
from bench.core.outcomes import Statement, decoded
from bench.project.published_file import (
    OurScores,
    PublishedFile,
    ReadFile,
    places_of,
    read_published,
)
from bench.scores.external import ExternalResults, external_results
from bench.stats.intervals import t_quantile
from bench.study import Claim, DatasetSpec, Study
from bench.study.models import ExternalFamily, Metrics, Tolerance
from bench.study.noted import Problem, StudyError
from bench.study.reading import read_claim
from bench.study.source_map import Path as KeyPath
from bench.study.source_map import SourceMap
from bench.text.claim_problems import MeanAlone, OutsideRange
from bench.text.problems import IdTaken, Twice, UnknownWord
from bench.text.sentences import sentence

WHY = "the file"
#: Keys of a claim that a file of published numbers need not have.
_OF_CLAIM = {"kind": "value", "where": WHY, "read": "source"}
#: Half of a 95 % interval, in standard errors.
NORMAL_95 = t_quantile(0.975, float("inf"))
_PLACE = ("dataset", "family", "metric")


@dataclass(frozen=True, eq=False)
class Judged:
    """What scores say of published numbers.

    Attributes
    ----------
    verdicts : polars.DataFrame
        One row a claim, with the columns of `Result.verdicts`.
    answer : polars.DataFrame
        What the numbers are together, with the columns of `Result.answer`: a row a metric, and one a model of it.
    """

    verdicts: pl.DataFrame
    answer: pl.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each agreement; of those without one, each status."""
        said = self.verdicts.select(pl.coalesce("agreement", "status")).to_series()
        return dict(sorted(Counter(said).items()))

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON has it; a reason is its code, its details and its sentence."""
        rows = self.verdicts.to_dicts()
        for row in rows:
            row["reasons"] = [
                {"code": str(one.code)} | one.details | {"says": sentence(one)}
                for one in decoded(row["reasons"])
            ]
        return {
            "claims": rows,
            "answer": self.answer.to_dicts(),
            "counts": self.counts,
        }


def judge_published(
    content: Path | Mapping[str, Any], defaults: Mapping[str, Any] | None = None
) -> Judged:
    """Judge a file, or what a JSON file would hold. Raises `StudyError` and `DataError`."""
    file = read_published(content, defaults)
    with METRICS.beside(*own_metrics(file)):
        return _judge(content, file)


def own_metrics(file: ReadFile) -> Iterator[Metric]:
    """The measures that a file brings. Raises `StudyError` for a name that bench has."""
    for name, form in file.said.metrics.items():
        if name in METRICS:
            raise StudyError([file.where.problem(("metrics", name), Twice(name))])
        yield Metric(
            name=name,
            title=name,
            short=name,
            task="regression",
            higher_is_better=form.higher_is_better,
            low=form.low,
            high=form.high,
            needs="value",
            function=lambda predicted: None,
            source="",
            oracle=Oracle(""),
        )


def _judge(content: Path | Mapping[str, Any], file: ReadFile) -> Judged:
    from bench.claims import answers, verdicts
    from bench.comparisons import comparisons  # of claims over datasets alone

    read = _Reading(file.said, file.where)
    if read.problems:
        read = _Reading(file.said, places_of(content, file.where))
        raise StudyError(read.problems)
    external = read.external
    estimates = empty(ESTIMATES)
    if any(claim.dataset is None for claim in read.claims):
        estimates = comparisons(
            external.study, external.tables, external.folds, external.scores
        ).estimates
    frames = {
        "tables": external.tables,
        "folds": external.folds,
        "scores": external.scores,
        "estimates": estimates,
        "failures": empty(FAILURES),
        "missing_runs": external.missing,
        "standard_errors": read.standard_errors,
    }
    judged = verdicts(external.study, frames)
    stated = pl.Series("dataset", [claim.dataset for claim in read.claims], pl.String)
    judged = judged.with_columns(stated)
    study = external.study.model_copy(update={"claims": tuple(read.claims)})
    together = answers(study, external.tables, external.scores, judged)
    return Judged(judged, together)


class _Reading:
    """A study of what a file says, and what is wrong with it."""

    def __init__(self, said: PublishedFile, where: SourceMap) -> None:
        self.said, self.where = said, where
        self.problems: list[Problem] = []
        self.means = {
            (row.dataset, row.family, self._metric(row)): row
            for row in said.scores
            if row.mean is not None
        }
        self._check_scores()
        if self.problems:
            return
        self.rows = self._score_rows()
        self.claims = self._claims()
        if self.problems:
            return
        self.external = self._external()
        self._check()

    def _note(self, path: KeyPath, what: Statement) -> None:
        self.problems.append(self.where.problem(path, what))

    def _metric(self, row: OurScores) -> str:
        return row.metric or self.said.metric

    def _scale(self, row: OurScores) -> float:
        """What the scores of a row are divided by, to be in the unit of their metric."""
        percent = (row.unit or self.said.unit) == "percent"
        return 100.0 if percent and METRICS[self._metric(row)].fraction else 1.0

    def _check_scores(self) -> None:
        """Note metrics that are not known, scores that theirs cannot be, and means that stand twice."""
        for name in self.said.tolerance:
            if name not in METRICS:
                unknown = UnknownWord("", name, tuple(METRICS), "metrics")
                self._note(("tolerance", name), unknown)
        noted: set[tuple[str, str, str]] = set()
        for i, row in enumerate(self.said.scores):
            name = self._metric(row)
            key = (row.dataset, row.family, name)
            if key in noted and key in self.means:
                self._note(("scores", i), Twice(f"{row.family} on {row.dataset}"))
            noted.add(key)
            if name not in METRICS:
                unknown = UnknownWord("", name, tuple(METRICS), "metrics")
                self._note(("scores", i, "metric"), unknown)
                continue
            scale, (low, high) = self._scale(row), METRICS[name].range
            for path, value in row.numbers:
                if low <= value / scale <= high:
                    continue
                percent = METRICS[name].fraction and scale == 1
                outside = OutsideRange(value, name, scale * low, scale * high, percent)
                self._note(("scores", i, *path), outside)

    def _score_rows(self) -> pl.DataFrame:
        """A row a score, in the order of the file; of means there are none."""
        rows = [
            (self._row(i), row.dataset, row.family, self._metric(row), *cell, value)
            for i, row in enumerate(self.said.scores)
            if row.mean is None
            for cell, value in self._cells(row)
        ]
        schema = {
            "row": pl.Int64,
            **dict.fromkeys((*_PLACE, "repeat", "fold"), pl.String),
            "value": pl.Float64,
        }
        frame = pl.DataFrame(rows, schema, orient="row", strict=False)
        # Scores without repeat and fold are numbered as they come.
        counted = pl.int_range(pl.len()).over(_PLACE).cast(pl.String)
        seeds = self.said.repeats_are == "seeds"
        nowhere = pl.col("repeat").is_null() & pl.col("fold").is_null()
        numbered = "repeat" if seeds else "fold"
        return frame.with_columns(
            pl.when(nowhere).then(counted).otherwise(pl.col(numbered)).alias(numbered)
        ).with_columns(pl.col("repeat", "fold").fill_null("0"))

    def _row(self, place: int) -> int:
        """Which row of a CSV file a score is, from 0; of JSON, which score."""
        line, _ = self.where.places.get(("scores", place), (place + 2, 0))
        return line - 2

    def _cells(self, row: OurScores) -> Iterator[tuple[tuple[Any, Any], float]]:
        """Repeat and fold of each score of a row, and its value in the unit of its metric."""
        scale, seeds = self._scale(row), self.said.repeats_are == "seeds"
        for path, value in row.numbers:
            places: tuple[Any, Any] = row.repeat, row.fold
            if row.score is None and len(path) == 3:
                places = path[1:]
            elif row.score is None:
                places = (path[1], None) if seeds else (None, path[1])
            yield places, value / scale

    def _claims(self) -> list[Claim]:
        """The claims, with what the file leaves to be understood."""
        claims, places = list[Claim](), dict[str, str]()
        for i, stated in enumerate(self.said.claims):
            given = self._understood({"id": f"claim-{i + 1}", **_OF_CLAIM, **stated})
            claim, problems = read_claim(given, ("claims", i), self.where)
            self.problems += problems
            if claim is None:
                continue
            first = places.setdefault(claim.id, self.where.place(("claims", i)))
            if claim.id in {other.id for other in claims}:
                self._note(("claims", i, "id"), IdTaken(claim.id, first))
            claims.append(claim)
        return claims

    def _understood(self, stated: dict[str, Any]) -> dict[str, Any]:
        """A claim with the only dataset and model of the file, and its unit, where its kind has such."""
        from bench.claims import KINDS

        kind = KINDS.get(stated["kind"])
        if kind is None:
            return stated
        given = {}
        for key in ("dataset", "family"):
            names = {getattr(row, key) for row in self.said.scores}
            if len(names) == 1 and key in kind.model.model_fields:
                given[key] = next(iter(names))
        metric = METRICS.get(stated.get("metric", self.said.metric))
        sized = "value" in stated or "tolerance" in stated
        in_unit = kind.shape.number in ("score", "difference")
        if sized and in_unit and metric is not None and metric.fraction:
            given["unit"] = self.said.unit
        return given | stated

    def _external(self) -> ExternalResults:
        """The scores as a study has those of somebody else's fits."""
        tables = dict(self._tables())
        specs = {name: spec for name, (spec, _) in tables.items()}
        study = self._study(specs)
        rows = pl.DataFrame({"dataset": list(specs)}, {"dataset": pl.String})
        named = pl.concat([empty(TABLES), rows], how="diagonal")
        try:
            found = external_results(study, named, lambda name: tables[name][1])
        except DataError as error:
            said = str(error)
            for name in specs:
                said = said.removeprefix(f"dataset {name}, ")
            raise DataError(f"{said}; nothing was judged") from None
        return self._with_means(found)

    def _tables(self) -> Iterator[tuple[str, tuple[DatasetSpec, pl.DataFrame]]]:
        """The tables of scores: the datasets of equally many repeats and folds are one."""
        counts = self.rows.group_by("dataset", maintain_order=True).agg(
            pl.col("repeat").n_unique() > 1, pl.col("fold").n_unique()
        )
        alike = counts.group_by("repeat", "fold", maintain_order=True)
        for i, ((repeats, folds), part) in enumerate(alike):
            rows = self.rows.filter(pl.col("dataset").is_in(part["dataset"].to_list()))
            yield f"scores{i}", (self._spec(bool(repeats), int(folds)), rows)

    def _spec(self, repeats: bool, folds: int) -> DatasetSpec:
        seeds = self.said.repeats_are == "seeds"
        columns = {key: key for key in (*_PLACE, "value")}
        columns |= {"repeat": "repeat"} if repeats else {}
        columns |= {"fold": "fold"} if folds > 1 else {}
        ratio = self.said.test_train_ratio
        if ratio is None and folds > 1:
            ratio = 1 / (folds - 1)
        return DatasetSpec.model_validate(
            {
                "source": {"kind": "csv", "file": self.where.file},
                "scores": columns
                | {
                    "repeats_are": self.said.repeats_are if repeats else None,
                    "test_train_ratio": None if seeds else ratio,
                    "missing_runs": self.said.missing_runs,
                },
            }
        )

    def _study(self, datasets: Mapping[str, DatasetSpec]) -> Study:
        named = [row.metric for row in self.said.scores]
        named += [claim.metric for claim in self.claims]
        metrics = dict.fromkeys(name for name in named if name is not None)
        defaults = {
            name: info.get_default()
            for name, info in Study.model_fields.items()
            if not info.is_required()
        }
        absent = dict.fromkeys(
            ("task", "clean", "preprocess", "protocol", "families", "diagnostics")
        )
        tolerance = self.said.tolerance
        stated = {
            "title": "Published numbers",
            "datasets": datasets,
            "metrics": Metrics(primary=self.said.metric, also=tuple(metrics)),
            "tolerance": Tolerance(why=WHY, **tolerance) if tolerance else None,
            "claims": tuple(self._about_means(claim) for claim in self.claims),
        }
        return Study.model_construct(**defaults | absent | stated)

    def _about_means(self, claim: Claim) -> Claim:
        """A claim about the mean of several runs, on a dataset of that mean alone."""
        key = (claim.dataset, claim.family, claim.metric or self.said.metric)
        if key not in self.means:
            return claim
        return claim.model_copy(update={"dataset": _alone(*key)})

    @property
    def standard_errors(self) -> pl.DataFrame:
        """Of estimates that are no mean of so many runs: dataset, family, metric and error."""
        rows = [
            (
                _alone(*key),
                *key[1:],
                (row.se or (row.ci95 or 0.0) / NORMAL_95) / self._scale(row),
            )
            for key, row in self.means.items()
            if row.runs is None
        ]
        schema = dict.fromkeys(_PLACE, pl.String) | {"error": pl.Float64}
        return pl.DataFrame(rows, schema, orient="row")

    def _with_means(self, found: ExternalResults) -> ExternalResults:
        """The scores beside runs that have the means and the spreads that are given: all that a judge asks of runs."""
        study = found.study
        datasets, families = dict(study.datasets), dict(study.families or {})
        scores, folds = [found.scores], [found.folds]
        for (dataset, family, metric), row in self.means.items():
            name = _alone(dataset, family, metric)
            runs = row.runs or 1
            datasets[name] = self._spec(repeats=runs > 1, folds=1)
            families.setdefault(family, ExternalFamily())
            place = pl.DataFrame({"dataset": name, "repeat": range(runs), "fold": 0})
            values = _runs(row) / self._scale(row)
            scores.append(
                place.with_columns(
                    family=pl.lit(family),
                    metric=pl.lit(metric),
                    variant=pl.lit("plain"),
                    side=pl.lit("test"),
                    value=pl.Series(values),
                )
            )
            if runs > 1:
                folds.append(place.with_columns(rows_sha256=pl.lit("")))
        return replace(
            found,
            study=study.model_copy(update={"datasets": datasets, "families": families}),
            scores=_with_schema(scores, SCORES),
            folds=_with_schema(folds, FOLDS),
        )

    def _check(self) -> None:
        """Note names that the file does not have, and whatever else is wrong with a claim."""
        from bench.claims import check_claim, conflicts

        study = self.external.study
        places = [self.where.place(("claims", i)) for i in range(len(self.claims))]
        for i, (claim, stated) in enumerate(
            zip(study.judged, self.claims, strict=True)
        ):
            for keys, statement in (
                *self._names(claim, stated),
                *check_claim(claim, study),
            ):
                self._note(("claims", i, *keys), statement)
        for i, statement in conflicts(self.claims, places, study):
            self._note(("claims", i), statement)

    def _names(
        self, claim: Claim, stated: Claim
    ) -> Iterator[tuple[tuple[str, ...], Statement]]:
        """What a claim names that is not there, and models that it cannot compare."""
        datasets = {row.dataset for row in self.said.scores}
        families = {row.family for row in self.said.scores}
        if stated.dataset is not None and stated.dataset not in datasets:
            yield ("dataset",), UnknownWord("", stated.dataset, tuple(sorted(datasets)))
        for key, name in (("family", stated.family), ("against", stated.against)):
            if name is not None and name not in families:
                yield (key,), UnknownWord("", name, tuple(sorted(families)))
            elif key == "against" and name and self._is_mean(stated, name, claim):
                yield (key,), MeanAlone()

    def _is_mean(self, stated: Claim, name: str, claim: Claim) -> bool:
        metric = stated.metric or self.said.metric
        of_claim = claim.dataset != stated.dataset
        return of_claim or (stated.dataset, name, metric) in self.means


def _alone(dataset: str, family: str | None, metric: str) -> str:
    """The dataset of one mean: runs of models that are as many as others need no pair."""
    return f"{dataset} ({family}, {metric})"


def _runs(row: OurScores) -> np.ndarray:
    """Numbers with exactly the mean and the standard deviation of the runs; of no runs the mean alone."""
    assert row.mean is not None
    if row.runs is None:
        return np.array([row.mean])
    sd = row.sd
    if sd is None:
        se = row.se or (row.ci95 or 0.0) / t_quantile(0.975, row.runs - 1)
        sd = se * sqrt(row.runs)
    # Half of them above, half below; of an odd number one lies between.
    half, odd = divmod(row.runs, 2)
    apart = sd if odd else sd * sqrt((row.runs - 1) / row.runs)
    signs = np.array([1.0] * half + [0.0] * odd + [-1.0] * half)
    return row.mean + apart * signs


def _with_schema(parts: list[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    whole = pl.concat(parts, how="diagonal_relaxed")
    return whole.select(schema.names()).cast(dict(schema))  # type: ignore[arg-type]
