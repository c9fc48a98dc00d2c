"""`bench.judge` of many published numbers: the judge of studies, of frames made in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

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
from bench.text.claim_problems import MeanAlone, OutsideRange
from bench.text.problems import IdTaken, Twice, UnknownWord, WrongType
from bench.text.sentences import sentence

WHY = "the file"
#: Keys of a claim that a file of published numbers need not have.
_OF_CLAIM = {"kind": "value", "where": WHY, "read": "source"}
#: Half of a 95 % interval, in standard errors.
NORMAL_95 = t_quantile(0.975, float("inf"))


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


class Place(NamedTuple):
    """Whose score it is, where, and of what."""

    dataset: str
    family: str
    metric: str


class Score(NamedTuple):
    """One score in the unit of its metric, and the row of the file, from 0."""

    row: int
    dataset: str
    family: str
    metric: str
    repeat: str | int | None
    fold: str | int | None
    value: float


SCORE_ROWS = dict.fromkeys(Score._fields, pl.String()) | {
    "row": pl.Int64(),
    "value": pl.Float64(),
}
MeansByPlace = Mapping[Place, OurScores]
#: What is wrong, and the keys of the file that lead to it.
WrongPart = tuple[KeyPath, Statement]


def judge_published(
    content: Path | Mapping[str, Any], defaults: Mapping[str, Any] | None = None
) -> Judged:
    """Judge a file, or what a JSON file would hold. Raises `StudyError` and `DataError`."""
    file = read_published(content, defaults)
    with METRICS.beside(*own_metrics(file)):
        try:
            return _judge(file)
        except StudyError:
            _judge(replace(file, where=places_of(content, file.where)))
            raise


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


def _judge(file: ReadFile) -> Judged:
    from bench.claims import answers, verdicts

    means = {
        _place(file.said, row): row for row in file.said.scores if row.mean is not None
    }
    _refuse(file, _check_scores(file.said, means))
    claims = _read_claims(file)
    scores = _score_rows(file)
    judged_claims = [_about_mean(claim, file.said, means) for claim in claims]
    external = _external(file, scores, judged_claims)
    external = _with_means(external, file, means)
    _refuse(file, _check_claims(file, claims, external.study, means))
    estimates = empty(ESTIMATES)
    if any(claim.dataset is None for claim in claims):
        from bench.comparisons import comparisons

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
        "standard_errors": _standard_errors(file.said, means),
    }
    judged = verdicts(external.study, frames)
    stated = pl.Series("dataset", [claim.dataset for claim in claims], pl.String)
    judged = judged.with_columns(stated)
    study = external.study.model_copy(update={"claims": tuple(claims)})
    together = answers(study, external.tables, external.scores, judged)
    return Judged(judged, together)


def _refuse(file: ReadFile, noted: Iterator[WrongPart]) -> None:
    """Raise `StudyError` where anything is noted."""
    if problems := [file.where.problem(path, what) for path, what in noted]:
        raise StudyError(problems)


def _place(said: PublishedFile, row: OurScores) -> Place:
    return Place(row.dataset, row.family, row.metric or said.metric)


def _place_of(claim: Claim, family: str | None, said: PublishedFile) -> Place:
    return Place(str(claim.dataset), str(family), claim.metric or said.metric)


def _scale(said: PublishedFile, row: OurScores) -> float:
    """What the scores of a row are divided by, to be in the unit of their metric."""
    percent = (row.unit or said.unit) == "percent"
    return 100.0 if percent and METRICS[row.metric or said.metric].fraction else 1.0


def _check_scores(said: PublishedFile, means: MeansByPlace) -> Iterator[WrongPart]:
    """Metrics that are not known, scores that theirs cannot be, and means that stand twice."""
    for name in said.tolerance:
        if name not in METRICS:
            yield ("tolerance", name), _unknown_metric(name)
    noted: set[Place] = set()
    for i, row in enumerate(said.scores):
        place = _place(said, row)
        if place in noted and place in means:
            yield ("scores", i), Twice(f"{row.family} on {row.dataset}")
        noted.add(place)
        if place.metric not in METRICS:
            yield ("scores", i, "metric"), _unknown_metric(place.metric)
            continue
        metric, scale = METRICS[place.metric], _scale(said, row)
        low, high = metric.range
        for path, value in row.numbers:
            if not low <= value / scale <= high:
                percent = metric.fraction and scale == 1
                ends = scale * low, scale * high
                outside = OutsideRange(value, place.metric, *ends, percent)
                yield ("scores", i, *path), outside


def _unknown_metric(name: str) -> UnknownWord:
    return UnknownWord("", name, tuple(METRICS), "metrics")


def _read_claims(file: ReadFile) -> list[Claim]:
    """The claims, with what the file leaves to be understood. Raises `StudyError`."""
    claims, problems, places = list[Claim](), list[Problem](), dict[str, str]()
    for i, stated in enumerate(file.said.claims):
        path = ("claims", i)
        given = _understood(file.said, {"id": f"claim-{i + 1}", **_OF_CLAIM, **stated})
        claim, found = read_claim(given, path, file.where)
        if isinstance(stated.get("numbers"), str):  # a study alone has a folder
            wrong = WrongType("list", str(stated["numbers"]))
            found.append(file.where.problem((*path, "numbers"), wrong))
        problems += found
        if claim is None:
            continue
        if claim.id in places:
            taken = IdTaken(claim.id, places[claim.id])
            problems.append(file.where.problem((*path, "id"), taken))
        places.setdefault(claim.id, file.where.place(path))
        claims.append(claim)
    if problems:
        raise StudyError(problems)
    return claims


def _understood(said: PublishedFile, stated: dict[str, Any]) -> dict[str, Any]:
    """A claim with the only dataset and model of the file, and its unit, where its kind has such."""
    from bench.claims import KINDS

    kind = KINDS.get(stated["kind"])
    if kind is None:
        return stated
    given = {}
    for key in ("dataset", "family"):
        names = {getattr(row, key) for row in said.scores}
        if len(names) == 1 and key in kind.model.model_fields:
            given[key] = next(iter(names))
    metric = METRICS.get(stated.get("metric", said.metric))
    sized = "value" in stated or "tolerance" in stated
    in_unit = kind.shape.number in ("score", "difference")
    if sized and in_unit and metric is not None and metric.fraction:
        given["unit"] = said.unit
    return given | stated


def _score_rows(file: ReadFile) -> pl.DataFrame:
    """A row a score, in the order of the file; of means there are none."""
    rows: list[Score] = []
    for i, row in enumerate(file.said.scores):
        if row.mean is None:
            line, _ = file.where.places.get(("scores", i), (i + 2, 0))
            rows += _scores_of(file.said, row, line - 2)
    frame = pl.DataFrame(rows, SCORE_ROWS, orient="row", strict=False)
    # Scores without repeat and fold are numbered as they come.
    counted = pl.int_range(pl.len()).over(Place._fields).cast(pl.String)
    nowhere = pl.col("repeat").is_null() & pl.col("fold").is_null()
    numbered = "repeat" if file.said.repeats_are == "seeds" else "fold"
    named = pl.when(nowhere).then(counted).otherwise(pl.col(numbered))
    frame = frame.with_columns(named.alias(numbered))
    return frame.with_columns(pl.col("repeat", "fold").fill_null("0"))


def _scores_of(said: PublishedFile, row: OurScores, line: int) -> Iterator[Score]:
    place, scale = _place(said, row), _scale(said, row)
    for path, value in row.numbers:
        repeat, fold = row.repeat, row.fold
        if row.values is not None and len(path) == 3:
            _, repeat, fold = path
        elif row.values is not None and said.repeats_are == "seeds":
            repeat, fold = path[1], None
        elif row.values is not None:
            repeat, fold = None, path[1]
        yield Score(line, *place, repeat, fold, value / scale)


def _about_mean(claim: Claim, said: PublishedFile, means: MeansByPlace) -> Claim:
    """A claim about the mean of several runs, on a dataset of that mean alone."""
    place = _place_of(claim, claim.family, said)
    if place not in means:
        return claim
    return claim.model_copy(update={"dataset": _alone(place)})


def _alone(place: Place) -> str:
    """The dataset of one mean: runs of models that are as many as others need no pair."""
    return f"{place.dataset} ({place.family}, {place.metric})"


def _external(
    file: ReadFile, scores: pl.DataFrame, claims: Sequence[Claim]
) -> ExternalResults:
    """The scores as a study has those of somebody else's fits."""
    tables: dict[str, pl.DataFrame] = {}
    specs: dict[str, DatasetSpec] = {}
    # The datasets of equally many repeats and folds are one table.
    counts = scores.group_by("dataset", maintain_order=True).agg(
        pl.col("repeat").n_unique() > 1, pl.col("fold").n_unique()
    )
    alike = counts.group_by("repeat", "fold", maintain_order=True)
    for (repeats, folds), part in alike:
        name = f"scores{len(tables)}"
        named = pl.col("dataset").is_in(part["dataset"].to_list())
        tables[name] = scores.filter(named)
        specs[name] = _spec(file, repeats=bool(repeats), folds=int(folds))
    rows = pl.DataFrame({"dataset": list(specs)}, {"dataset": pl.String})
    named_tables = pl.concat([empty(TABLES), rows], how="diagonal")
    study = _study(file.said, specs, claims)
    try:
        return external_results(
            study, named_tables, tables.__getitem__, beside_name=True
        )
    except DataError as error:
        raise DataError(f"{error}; nothing was judged") from None


def _spec(file: ReadFile, *, repeats: bool, folds: int) -> DatasetSpec:
    said = file.said
    columns = {key: key for key in (*Place._fields, "value")}
    columns |= {"repeat": "repeat"} if repeats else {}
    columns |= {"fold": "fold"} if folds > 1 else {}
    ratio = said.test_train_ratio
    if ratio is None and folds > 1:
        ratio = 1 / (folds - 1)
    return DatasetSpec.model_validate(
        {
            "source": {"kind": "csv", "file": file.where.file},
            "scores": columns
            | {
                "repeats_are": said.repeats_are if repeats else None,
                "test_train_ratio": None if said.repeats_are == "seeds" else ratio,
                "missing_runs": said.missing_runs,
            },
        }
    )


def _study(
    said: PublishedFile, datasets: Mapping[str, DatasetSpec], claims: Sequence[Claim]
) -> Study:
    named = [row.metric for row in said.scores] + [claim.metric for claim in claims]
    metrics = dict.fromkeys(name for name in named if name is not None)
    absent = dict.fromkeys(
        ("task", "clean", "preprocess", "protocol", "families", "diagnostics")
    )
    tolerance = said.tolerance
    return Study.model_construct(
        **absent,
        title="Published numbers",
        datasets=datasets,
        metrics=Metrics(primary=said.metric, also=tuple(metrics)),
        tolerance=Tolerance(why=WHY, **tolerance) if tolerance else None,
        claims=tuple(claims),
    )


def _with_means(
    found: ExternalResults, file: ReadFile, means: MeansByPlace
) -> ExternalResults:
    """The scores beside runs that have the means and the spreads that are given: all that a judge asks of runs."""
    study = found.study
    datasets, families = dict(study.datasets), dict(study.families or {})
    scores, folds = [found.scores], [found.folds]
    for place, row in means.items():
        name, runs = _alone(place), row.runs or 1
        datasets[name] = _spec(file, repeats=runs > 1, folds=1)
        families.setdefault(place.family, ExternalFamily())
        cells = pl.DataFrame({"dataset": name, "repeat": range(runs), "fold": 0})
        values = _runs(row) / _scale(file.said, row)
        scores.append(
            cells.with_columns(
                family=pl.lit(place.family),
                metric=pl.lit(place.metric),
                variant=pl.lit("plain"),
                side=pl.lit("test"),
                value=pl.Series(values),
            )
        )
        if runs > 1:
            folds.append(cells.with_columns(rows_sha256=pl.lit("")))
    return replace(
        found,
        study=study.model_copy(update={"datasets": datasets, "families": families}),
        scores=_with_schema(scores, SCORES),
        folds=_with_schema(folds, FOLDS),
    )


def _standard_errors(said: PublishedFile, means: MeansByPlace) -> pl.DataFrame:
    """Of estimates that are no mean of so many runs: dataset, family, metric and error."""
    rows = []
    for place, row in means.items():
        if row.runs is None:
            error = row.se or (row.ci95 or 0.0) / NORMAL_95
            name = _alone(place)
            rows.append((name, *place[1:], error / _scale(said, row)))
    schema = dict.fromkeys(Place._fields, pl.String) | {"error": pl.Float64}
    return pl.DataFrame(rows, schema, orient="row")


def _check_claims(
    file: ReadFile, stated: Sequence[Claim], study: Study, means: MeansByPlace
) -> Iterator[WrongPart]:
    """Names that the file does not have, and whatever else is wrong with a claim."""
    from bench.claims import check_claim, conflicts

    for i, (claim, said) in enumerate(zip(study.judged, stated, strict=True)):
        for keys, statement in _check_names(file.said, said, means):
            yield ("claims", i, *keys), statement
        for keys, statement in check_claim(claim, study):
            yield ("claims", i, *keys), statement
    places = [file.where.place(("claims", i)) for i in range(len(stated))]
    for i, statement in conflicts(stated, places, study):
        yield ("claims", i), statement


def _check_names(
    said: PublishedFile, claim: Claim, means: MeansByPlace
) -> Iterator[tuple[tuple[str, ...], Statement]]:
    """What a claim names that is not there, and models that it cannot compare."""
    datasets = tuple(sorted({row.dataset for row in said.scores}))
    families = tuple(sorted({row.family for row in said.scores}))
    if claim.dataset is not None and claim.dataset not in datasets:
        yield ("dataset",), UnknownWord("", claim.dataset, datasets)
    for key, name in (("family", claim.family), ("against", claim.against)):
        if name is not None and name not in families:
            yield (key,), UnknownWord("", name, families)
    if claim.against in families:
        both = claim.family, claim.against
        compared = [_place_of(claim, family, said) for family in both]
        if not means.keys().isdisjoint(compared):
            yield ("against",), MeanAlone()


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
