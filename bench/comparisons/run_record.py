"""What made a judged run and what came out of it, small enough to be kept for each run: `results/<id>/record.json`.

Two records of one study say what changed and what that did (`two_runs`). A record holds no clock, host or path: the
same inputs give the same bytes, and its name is the sha256 of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
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
from bench.core.rows import OWN
from bench.scores.design import is_external, level_of, rope_of
from bench.scores.fold_words import NamedElsewhere
from bench.scores.series import Series, SeriesKey, series_of, with_fallback
from bench.scores.setting import Setting, setting_of
from bench.study import Study
from bench.study.preregistration import canonical, settled

#: Of another form of the file; it grows when a field comes, goes or changes its meaning.
_FORM = 5


@dataclass(frozen=True)
class RecordedTarget:
    """The values that were predicted: what names the rows, by their numbers or by their names elsewhere, and what names
    their values."""

    rows: str
    values: str


@dataclass(frozen=True)
class RecordedTable:
    """One dataset of a run: its content as fetched and as cleaned, how its scores vary, what was predicted (None where
    no prediction is known), and whether its scores were made elsewhere.

    `column`: that is predicted, None for scores of others; `positive`: the positive class, named or by default, None
    without one."""

    dataset: str
    raw_sha256: str | None
    fingerprint: str | None
    rows: int | None
    setting: Setting
    target: RecordedTarget | None = None
    elsewhere: bool = False
    column: str | None = None
    positive: str | None = None


@dataclass(frozen=True)
class RecordedFold:
    """One outer fold; `rows`: what names its rows."""

    dataset: str
    repeat: int
    fold: int
    rows: str


@dataclass(frozen=True)
class RecordedMetric:
    """A metric of a run; `rope`: up to this two scores are equal in practice, None where nobody said."""

    name: str
    higher_is_better: bool
    rope: Annotated[FiniteFloat, Field(gt=0)] | None


@dataclass(frozen=True)
class RecordedScores:
    """The test scores of a model on a dataset, fold by fold; fold -1: pooled over the folds of the repeat. `stand_ins`:
    repeat and fold of those that are another model's, where a run failed or is missing."""

    dataset: str
    family: str
    metric: str
    repeat: tuple[int, ...]
    fold: tuple[int, ...]
    value: tuple[FiniteFloat | None, ...]
    stand_ins: tuple[tuple[int, int], ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return self.dataset, self.family, self.metric

    @property
    def series(self) -> Series:
        """The same for statistics: NaN where there is no score."""
        value = np.array(
            [np.nan if each is None else each for each in self.value], dtype=float
        )
        return Series(np.array(self.repeat), np.array(self.fold), value)


@dataclass(frozen=True)
class RecordedClaim:
    """What became of a claim: some columns of `judgements.VERDICTS`; `counted`: whether it counts (`count_claims`);
    `became`: of a falsifier, after Holm over all of them (`Falsified`), None of other claims."""

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
    difference: FiniteFloat | None
    low: FiniteFloat | None
    high: FiniteFloat | None
    tolerance: FiniteFloat | None
    reasons: str
    counted: bool
    became: Falsified | None
    control: Control | None = None


@dataclass(frozen=True)
class RecordedWarning:
    """A finding that is an alarm."""

    code: str
    dataset: str | None
    family: str | None


@dataclass(frozen=True)
class RunRecord:
    """One judged run. `settled`: what the study settles, as canonical JSON; `code`: hashes and versions by name;
    `metrics`: the primary one first; `level`: of the study's intervals."""

    study: str
    settled: str
    code: Mapping[str, str]
    versions: Mapping[str, str]
    metrics: tuple[RecordedMetric, ...]
    level: Annotated[float, Field(gt=0, lt=1)]
    tables: tuple[RecordedTable, ...]
    folds: tuple[RecordedFold, ...]
    scores: tuple[RecordedScores, ...]
    claims: tuple[RecordedClaim, ...]
    warnings: tuple[RecordedWarning, ...]

    @cached_property
    def sections(self) -> dict[str, Any]:
        """The settled sections of the study by name."""
        found: dict[str, Any] = json.loads(self.settled)
        return found

    @cached_property
    def text(self) -> bytes:
        """The file: one line of JSON a field, so that it can be looked at."""
        plain = asdict(self) | {"settled": self.sections}
        lines = (
            f'"{name}": {canonical(value)}'
            for name, value in ({"form": _FORM} | plain).items()
        )
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
        return next(one for one in self.tables if one.dataset == dataset)

    def predicts(self, dataset: str) -> dict[str, str | None]:
        """What a score of a dataset is about: the task, the column that is predicted, and the positive class.

        The target is None where nobody says: of scores that others made."""
        table = self.table(dataset)
        return {
            "task": self.sections.get("task"),
            "target": table.column,
            "positive": table.positive,
        }

    def folds_of(self, dataset: str) -> tuple[RecordedFold, ...]:
        """The folds of a dataset."""
        return tuple(one for one in self.folds if one.dataset == dataset)


#: Sections of a study that say which data it uses.
OF_DATA = ("datasets", "clean")
#: Sections that are recorded with their defaults, so that a change to a default shows it. In the others blocks come and
#: go by name.
_FILLED = ("task", "protocol", "metrics", "compare", "diagnostics", "tolerance")


def record_of_run(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    *,
    stated: Study,
    code: Mapping[str, str],
    versions: Mapping[str, str],
    became: Mapping[str, Falsified],
    elsewhere: NamedElsewhere,
) -> RunRecord:
    """The record of a run that was judged.

    study: with the names that its tables of external results hold; stated: as it is written. frames: `tables`, `folds`,
    `scores`, `verdicts` and `findings`, and `predictions` where there are any. became: what became of each falsifier.
    elsewhere: how folds and rows that others made are called there.
    """
    scores = frames["scores"]
    count = count_claims(records(frames["verdicts"], VerdictRow))
    counted = {row.claim for row in count.claims}
    own = series_of(scores)
    series = with_fallback(scores)
    metrics = _metrics(study, series)
    datasets = list(
        dict.fromkeys(dataset for dataset, _, of in series if of in metrics)
    )
    facts = {row["dataset"]: row for row in frames["tables"].iter_rows(named=True)}
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
            _table(study, frames, name, facts.get(name, {}), elsewhere.truths.get(name))
            for name in dict.fromkeys([*facts, *datasets])
        ),
        folds=tuple(_folds(frames["folds"], elsewhere.folds)),
        scores=tuple(
            _scores(key, one, own.get(key))
            for metric in metrics
            for key, one in series.items()
            if key[2] == metric
        ),
        claims=tuple(
            _claim(row, row.claim in counted, became.get(row.claim))
            for row in (*count.claims, *count.expected, *count.falsifiers)
        ),
        warnings=tuple(
            RecordedWarning(*row)
            for row in frames["findings"]
            .filter(is_alarm())
            .select("code", "dataset", "family")
            .iter_rows()
        ),
    )


def _metrics(study: Study, series: Iterable[SeriesKey]) -> list[str]:
    """The metrics that have scores, the primary one first; that one alone where there is no score at all."""
    scored = {of for _, _, of in series}
    return [name for name in study.metrics.names if name in scored] or [
        study.metrics.primary
    ]


def _folds(
    folds: pl.DataFrame, words: Mapping[tuple[str, int, int], str]
) -> Iterator[RecordedFold]:
    for dataset, repeat, fold, rows in folds.select(
        "dataset", "repeat", "fold", "rows_sha256"
    ).iter_rows():
        called = words.get((dataset, repeat, fold))
        yield RecordedFold(
            dataset,
            repeat,
            fold,
            (rows if called is None else sha256(called.encode()).hexdigest())[:16],
        )


def _scores(key: SeriesKey, one: Series, own: Series | None) -> RecordedScores:
    values = tuple(
        rounded(float(value)) if value == value else None for value in one.value
    )
    mine = set() if own is None else set(own.keys)
    others = tuple(place for place in one.by_fold if place not in mine)
    return RecordedScores(
        *key, tuple(map(int, one.repeat)), tuple(map(int, one.fold)), values, others
    )


def _table(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    name: str,
    facts: Mapping[str, Any],
    truths: pl.DataFrame | None,
) -> RecordedTable:
    raw, fingerprint, rows = (
        facts.get(key) for key in ("raw_sha256", "fingerprint", "rows")
    )
    if truths is None and "predictions" in frames:
        truths = frames["predictions"].filter(OWN, dataset=name, side="test")
    setting = setting_of(study, frames["tables"], frames["folds"], name)
    target = None if truths is None else _target(truths)
    return RecordedTable(
        name, raw, fingerprint, rows, setting, target, is_external(study, name), _column(study, name),
        facts.get("positive"),
    )  # fmt: skip


def _column(study: Study, dataset: str) -> str | None:
    """The column that is predicted; None for scores of others."""
    spec = study.datasets.get(dataset)
    if spec is None or spec.predictions is None:
        return None if spec is None else spec.target
    return spec.predictions.truth


def _target(truths: pl.DataFrame) -> RecordedTarget | None:
    """What was predicted in the rows of a dataset; None where that is not known, or a row has two values."""
    known = truths.select("row", "truth").drop_nulls().unique().sort("row")
    if known.is_empty() or known["row"].n_unique() < known.height:
        return None
    rows, values = (
        sha256(canonical(known[key].to_list()).encode()).hexdigest()[:16]
        for key in ("row", "truth")
    )
    return RecordedTarget(rows, values)


def _claim(row: VerdictRow, counted: bool, became: Falsified | None) -> RecordedClaim:
    names = (
        name
        for name in RecordedClaim.__dataclass_fields__
        if name not in ("counted", "became")
    )
    return RecordedClaim(
        **{name: rounded(getattr(row, name)) for name in names},
        counted=counted,
        became=became,
    )


def read_record(content: bytes, where: str) -> RunRecord:
    """The record in a file. Raises `DataError` for a file that is none, or of another form."""
    try:
        values = json.loads(content)
        if values.pop("form") != _FORM:
            raise DataError(
                f"{where}: another version of bench wrote this record; judge the study again"
            )
        found: RunRecord = TypeAdapter(RunRecord).validate_python(
            values | {"settled": canonical(values["settled"])}
        )
        found.text.decode()  # fails on half a letter, which no file can hold
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{where}: is no record of a run ({type(error).__name__}); nothing was compared"
        ) from None
    return found
