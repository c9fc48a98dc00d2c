"""What made a judged run and what came out of it: `results/<id>/record.json`.

It is small enough to be kept for each run; two records of one study say what changed and what
that did (`two_runs`). A record holds no clock, host or path: the same inputs give the same bytes,
and its name is the sha256 of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import Field, FiniteFloat, TypeAdapter

from bench.core.counting import Falsified, count_claims
from bench.core.errors import DataError
from bench.core.findings import is_alarm
from bench.core.frames import records, rounded
from bench.core.identity import SHORT
from bench.core.judgements import Agreement, Control, Evidence, Status, VerdictRow
from bench.core.metrics import METRICS
from bench.scores.design import is_external, level_of, rope_of
from bench.scores.fold_words import FoldPlace
from bench.scores.series import Series, SeriesKey, series_of, with_fallback
from bench.scores.setting import Setting, setting_of
from bench.study import Study
from bench.study.preregistration import canonical, settled

#: The form of the file; it grows when a field comes, goes or changes its meaning.
_FORM = 6
_HASH = 16  # letters of a hash that a record keeps
#: Sections of a study that say which data it uses.
OF_DATA = ("datasets", "clean")
#: Sections that are recorded with their defaults, so that a change to a default shows it. In the
#: others blocks come and go by name.
_FILLED = ("task", "protocol", "metrics", "compare", "diagnostics", "tolerance")


@dataclass(frozen=True, kw_only=True)
class RecordedTable:
    """One dataset of a run.

    raw_sha256, fingerprint, rows: its content as fetched and as cleaned; setting: how its scores
    vary; elsewhere: whether its scores were made elsewhere; column: that is predicted, None for scores of others; positive:
    the positive class, named or by default.
    """

    dataset: str
    setting: Setting
    raw_sha256: str | None = None
    fingerprint: str | None = None
    rows: int | None = None
    elsewhere: bool = False
    column: str | None = None
    positive: str | None = None


@dataclass(frozen=True)
class RecordedFold:
    """One outer fold; rows: what names its rows."""

    dataset: str
    repeat: int
    fold: int
    rows: str


@dataclass(frozen=True)
class RecordedMetric:
    """A metric of a run; rope: up to this two scores are equal in practice, if anybody said."""

    name: str
    higher_is_better: bool
    rope: Annotated[FiniteFloat, Field(gt=0)] | None


@dataclass(frozen=True)
class RecordedScores:
    """The test scores of a model on a dataset, fold by fold.

    fold: -1 where pooled over the folds of the repeat; stand_ins: repeat and fold of those that
    are another model's, where a run failed or is missing.
    """

    dataset: str
    family: str
    metric: str
    repeat: tuple[int, ...]
    fold: tuple[int, ...]
    value: tuple[FiniteFloat | None, ...]
    stand_ins: tuple[tuple[int, int], ...] = ()

    @property
    def key(self) -> SeriesKey:
        return self.dataset, self.family, self.metric

    @property
    def series(self) -> Series:
        """The same for statistics: NaN where there is no score."""
        value = np.array(self.value, dtype=float)
        return Series(np.array(self.repeat), np.array(self.fold), value)


@dataclass(frozen=True)
class RecordedClaim:
    """What became of a claim: some columns of `judgements.VERDICTS`.

    counted: whether it counts (`count_claims`); became: of a falsifier, after Holm over all of
    them.
    """

    claim: str
    kind: str
    metric: str | None
    source: str
    status: Status
    agreement: Agreement | None
    evidence: Evidence | None
    published: str | None
    unit: str | None
    ours: FiniteFloat | None
    low: FiniteFloat | None
    high: FiniteFloat | None
    reasons: str
    control: Control | None
    counted: bool
    became: Falsified | None


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One judged run.

    settled: what the study settles, as canonical JSON; code: hashes and versions by name;
    metrics: the primary one first; level: of the study's intervals; warnings: codes of alarms.
    """

    study: str
    settled: str
    code: Mapping[str, str]
    versions: Mapping[str, str]
    metrics: tuple[RecordedMetric, ...]
    level: Annotated[float, Field(gt=0, lt=1)]
    tables: tuple[RecordedTable, ...]
    folds: tuple[RecordedFold, ...]
    scores: tuple[RecordedScores, ...]
    claims: tuple[RecordedClaim, ...] = ()
    warnings: tuple[str, ...] = ()

    @cached_property
    def sections(self) -> dict[str, Any]:
        """The settled sections of the study by name."""
        sections: dict[str, Any] = json.loads(self.settled)
        return sections

    @cached_property
    def text(self) -> bytes:
        """The file: one line of JSON a field, so that it can be looked at."""
        values = {"form": _FORM} | asdict(self) | {"settled": self.sections}
        lines = (f'"{name}": {canonical(value)}' for name, value in values.items())
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()

    @cached_property
    def id(self) -> str:
        """Its name: the sha256 of its file, in hexadecimal."""
        return sha256(self.text).hexdigest()

    @property
    def short(self) -> str:
        """The name for people."""
        return self.id[:SHORT]

    @property
    def metric(self) -> str:
        """The primary metric."""
        return self.metrics[0].name

    def table(self, dataset: str) -> RecordedTable:
        """A dataset that has scores."""
        return next(table for table in self.tables if table.dataset == dataset)

    def predicts(self, dataset: str) -> dict[str, str | None]:
        """What a score of a dataset is about: task, column that is predicted (None where nobody
        says), positive class."""
        table = self.table(dataset)
        return {
            "task": self.sections.get("task"),
            "target": table.column,
            "positive": table.positive,
        }

    def folds_of(self, dataset: str) -> tuple[RecordedFold, ...]:
        """The folds of a dataset."""
        return tuple(fold for fold in self.folds if fold.dataset == dataset)


def record_of_run(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    *,
    stated: Study,
    code: Mapping[str, str],
    versions: Mapping[str, str],
    became: Mapping[str, Falsified],
    elsewhere: Mapping[FoldPlace, str],
) -> RunRecord:
    """The record of a run that was judged.

    Parameters
    ----------
    study : Study
        With the names that its tables of external results hold.
    frames : mapping
        `tables`, `folds`, `scores`, `verdicts` and `findings`.
    stated : Study
        The study as it is written.
    code, versions : mapping
        By name.
    became : mapping
        What became of each falsifier.
    elsewhere : mapping
        How folds that others made are called there.
    """
    own, series = series_of(frames["scores"]), with_fallback(frames["scores"])
    metrics = _find_metrics(study, series)
    series = {key: scores for key, scores in series.items() if key[2] in metrics}
    facts = {row["dataset"]: row for row in frames["tables"].iter_rows(named=True)}
    datasets = dict.fromkeys([*facts, *(dataset for dataset, _, _ in series)])
    alarms = frames["findings"].filter(is_alarm())["code"]
    return RunRecord(
        study=study.id,
        settled=canonical(settled(stated, filled=_FILLED)),
        code=dict(code),
        versions=dict(versions),
        metrics=tuple(
            RecordedMetric(name, METRICS[name].higher_is_better, rope_of(study, name))
            for name in metrics
        ),
        level=level_of(study),
        tables=tuple(
            _record_table(study, frames, name, facts.get(name, {})) for name in datasets
        ),
        folds=tuple(_record_folds(frames["folds"], elsewhere)),
        scores=tuple(
            _record_scores(key, series[key], own.get(key))
            for metric in metrics
            for key in series
            if key[2] == metric
        ),
        claims=tuple(_record_claims(frames["verdicts"], became)),
        warnings=tuple(sorted(set(alarms))),
    )


def _find_metrics(study: Study, series: Iterable[SeriesKey]) -> list[str]:
    """The metrics that have scores, the primary one first; it alone where there is no score."""
    scored = {metric for _, _, metric in series}
    found = [name for name in study.metrics.names if name in scored]
    return found or [study.metrics.primary]


def _record_folds(
    folds: pl.DataFrame, elsewhere: Mapping[FoldPlace, str]
) -> Iterator[RecordedFold]:
    columns = folds.select("dataset", "repeat", "fold", "rows_sha256")
    for dataset, repeat, fold, rows in columns.iter_rows():
        called = elsewhere.get((dataset, repeat, fold))
        if called is not None:
            rows = sha256(called.encode()).hexdigest()
        yield RecordedFold(dataset, repeat, fold, rows[:_HASH])


def _record_scores(key: SeriesKey, both: Series, own: Series | None) -> RecordedScores:
    values = [
        None if np.isnan(value) else rounded(value) for value in both.value.tolist()
    ]
    mine = set() if own is None else set(own.keys)
    return RecordedScores(
        *key,
        repeat=tuple(both.repeat.tolist()),
        fold=tuple(both.fold.tolist()),
        value=tuple(values),
        stand_ins=tuple(place for place in both.by_fold if place not in mine),
    )


def _record_table(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    name: str,
    facts: Mapping[str, Any],
) -> RecordedTable:
    spec = study.datasets.get(name)
    column = None if spec is None else spec.target
    if spec is not None and spec.predictions is not None:
        column = spec.predictions.truth
    kept = ("raw_sha256", "fingerprint", "rows", "positive")
    return RecordedTable(
        dataset=name,
        setting=setting_of(study, frames["tables"], frames["folds"], name),
        elsewhere=is_external(study, name),
        column=column,
        **{key: facts.get(key) for key in kept},
    )


def _record_claims(
    verdicts: pl.DataFrame, became: Mapping[str, Falsified]
) -> Iterator[RecordedClaim]:
    count = count_claims(records(verdicts, VerdictRow))
    counted = {row.claim for row in count.claims}
    names = [field.name for field in fields(RecordedClaim)][:-2]
    for row in (*count.claims, *count.expected, *count.falsifiers):
        yield RecordedClaim(
            **{name: rounded(getattr(row, name)) for name in names},
            counted=row.claim in counted,
            became=became.get(row.claim),
        )


def read_record(content: bytes, where: str) -> RunRecord:
    """The record in a file. Raises `DataError` for a file that is none, or of another form."""
    try:
        values = json.loads(content)
        if values.pop("form") != _FORM:
            raise DataError(
                f"{where}: another version of bench wrote this record; judge the study again"
            )
        values["settled"] = canonical(values["settled"])
        record: RunRecord = TypeAdapter(RunRecord).validate_python(values)
        record.text.decode()  # fails on half a letter, which no file can hold
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{where}: is no record of a run ({type(error).__name__}); nothing was compared"
        ) from None
    return record
