"""Bundle: everything one page is made of, and nothing else: the study, its frames, where they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import polars as pl

from bench.claims.falsifiers import falsified
from bench.core import frames as schemas
from bench.core.answers import ANSWERS, AnswerRow
from bench.core.by_row import BY_ROW, SetsTested
from bench.core.comparisons import COMPARISONS
from bench.core.counting import ClaimCount, Falsified, count_claims
from bench.core.errors import BenchError
from bench.core.explanations import EXPLAINED
from bench.core.findings import FindingRow
from bench.core.judgements import VERDICTS, VerdictRow
from bench.core.registry import Extension
from bench.core.rows import OWN
from bench.report.means import (
    CellKey,
    FoldScores,
    MeanScore,
    means_of,
    single_scores_of,
    with_intervals,
)
from bench.report.tuning import Tuned, tuned_of
from bench.scores.external.place_names import PlaceNames
from bench.scores.setting import Setting, setting_of
from bench.study import Claim, Study
from bench.study.cost import RunCost
from bench.study.preregistration import Frozen

R = TypeVar("R")
P = ParamSpec("P")

#: Frame names as the page knows them; `predictions` has two schemas, by task.
FRAMES: dict[str, pl.Schema] = {
    "tables": schemas.TABLES,
    "folds": schemas.FOLDS,
    "tuning": schemas.TUNING,
    "scores": schemas.SCORES,
    "failures": schemas.FAILURES,
    **COMPARISONS,
    "verdicts": VERDICTS,
    "answers": ANSWERS,
    "findings": schemas.FINDINGS,
    "costs": schemas.COSTS,
    "importance": schemas.IMPORTANCE,
    "effects": schemas.EFFECTS,
    "unavailable": schemas.UNAVAILABLE,
    "missing_runs": schemas.MISSING_RUNS,
    "explanations": EXPLAINED,
    "variance": schemas.VARIANCE,
    **BY_ROW,
    "cleaning": schemas.CLEANING,
    **schemas.PROFILE,
}


def remembered(
    ask: Callable[Concatenate[Bundle, P], R],
) -> Callable[Concatenate[Bundle, P], R]:
    """A question that many sections ask of one bundle: it is answered once for each of its arguments."""

    @wraps(ask)
    def answer(bundle: Bundle, /, *rest: P.args, **named: P.kwargs) -> R:
        key = (ask, rest, *sorted(named.items()))
        if key not in bundle.answers:
            bundle.answers[key] = ask(bundle, *rest, **named)
        found: R = bundle.answers[key]
        return found

    return answer


#: With more datasets than this, each has a page of its own beside the study's.
MOST_TOGETHER = 6
#: The same of datasets times families: ten families on four datasets would be a page of 1.6 MB.
MOST_PAIRS = 30


def page_name(dataset: str) -> str:
    """Where a dataset's page stands, seen from the study's."""
    return f"datasets/{dataset}.html"


@dataclass(frozen=True)
class Provenance:
    """How results were made: never a clock, a host or an absolute path.

    `versions`: of libraries; `hashes`: fingerprints of the tables by dataset; `trusted_code`: import paths of packages
    that the project trusts; `notes`: the text of notes.md; `bench`: its version; `address`: where its package says that
    it is; `study_file`: the text of study.yaml; `files`: what else of the study's folder a run reads; `texts`: its own
    small files, by name.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    rerun: str = ""
    hashes: Mapping[str, str] = field(default_factory=dict)
    trusted_code: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()
    study_sha256: str = ""
    notes: str = ""
    study_file: str = ""
    files: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    frozen: Frozen | None = None
    cost: RunCost | None = None
    bench: str | None = None
    address: str = ""


@dataclass(frozen=True, eq=False)
class Bundle:
    """One study's results, ready to be written down.

    `frames` maps the names above (and `predictions`) to frames; an absent one counts as empty. `names`: by dataset of
    an external table, what that calls its repeats, folds and rows. `read_predictions` reads
    millions of rows, which few pages need. Raises `BenchError` for an unknown frame or a wrong schema.
    """

    study: Study
    frames: Mapping[str, pl.DataFrame]
    provenance: Provenance = Provenance()
    names: Mapping[str, PlaceNames] = field(default_factory=dict)
    read_predictions: Callable[[], pl.DataFrame] | None = None

    def __post_init__(self) -> None:
        for name, frame in self.frames.items():
            schemas.checked(frame, self._schema(name), name)

    def _schema(self, name: str) -> pl.Schema:
        if name == "predictions":
            return (
                schemas.REGRESSION
                if self.study.task == "regression"
                else schemas.CLASSIFICATION
            )
        if name not in FRAMES:
            raise BenchError(
                f"the report knows no frame {name}; it knows {', '.join(sorted(FRAMES))}, predictions"
            )
        return FRAMES[name]

    @cached_property
    def answers(self) -> dict[Hashable, Any]:
        """What was asked so far (`remembered`)."""
        return {}

    def frame(self, name: str) -> pl.DataFrame:
        """The frame of that name; an empty one of its schema when the bundle has none."""
        if name == "predictions" and self.read_predictions is not None:
            return self.read_predictions()
        return (
            self.frames[name]
            if name in self.frames
            else schemas.empty(self._schema(name))
        )

    def rows(self, name: str, kind: type[R], **values: str | None) -> list[R]:
        """The rows of a frame that have these values, as dataclasses of its columns or of some of them."""
        frame = self.frame(name)
        return schemas.records(frame.filter(**values), kind) if frame.height else []

    @remembered
    def plain(self, name: str) -> pl.DataFrame:
        """The rows of a frame that belong to the study itself, not to what a diagnostic asked for."""
        frame = self.frame(name)
        return (
            frame.filter(OWN) if frame.height and "variant" in frame.columns else frame
        )

    def of(self, name: str, *place: str) -> pl.DataFrame:
        """The rows of a frame that are about a dataset, or a dataset and a metric."""
        *whole, last = place
        parts = self._parts(name, *whole)
        return parts[last] if last in parts else self.frame(name).clear()

    @remembered
    def _parts(self, name: str, *dataset: str) -> dict[str, pl.DataFrame]:
        """The rows of a frame by dataset; those about a dataset by metric."""
        frame, column = (
            (self.of(name, *dataset), "metric")
            if dataset
            else (self.frame(name), "dataset")
        )
        return {
            str(key): part
            for (key,), part in frame.partition_by(column, as_dict=True).items()
        }

    @cached_property
    def tests(self) -> pl.DataFrame:
        """The study's own scores on test rows."""
        return self.plain("scores").filter(side="test")

    @cached_property
    def means(self) -> dict[tuple[str, bool], dict[str, dict[CellKey, MeanScore]]]:
        """By side and whether of the family's own scores alone, then by metric: the mean score of every cell."""
        sides, estimates = means_of(self.plain("scores")), self.frame("estimates")
        tests = sides.pop("test", {})
        found = {
            (side, own): means for side, means in sides.items() for own in (True, False)
        }
        return found | {
            ("test", own): with_intervals(tests, estimates, own=own)
            for own in (True, False)
        }

    @cached_property
    def single_scores(self) -> dict[str, dict[CellKey, FoldScores]]:
        """By metric and cell, every single test score of the cells that finished."""
        return single_scores_of(self.tests)

    def test_sets(self, dataset: str) -> SetsTested | None:
        """The test sets of a dataset; None without predictions of its rows."""
        return self._test_sets.get(dataset)

    @cached_property
    def _test_sets(self) -> dict[str, SetsTested]:
        return {one.dataset: one for one in self.rows("test_sets", SetsTested)}

    @cached_property
    def tuned(self) -> dict[str, list[Tuned]]:
        """By dataset, what was tried in tuning each family."""
        return tuned_of(self.plain("tuning"), self.families)

    def setting(self, dataset: str) -> Setting:
        """How the scores of a dataset vary."""
        return self._settings.get(dataset) or Setting(None, 0, 0, 0, 0, 0)

    @cached_property
    def _settings(self) -> dict[str, Setting]:
        tables, folds = self.frame("tables"), self.frame("folds")
        names = dict.fromkeys((*self.datasets, *folds["dataset"]))
        return {name: setting_of(self.study, tables, folds, name) for name in names}

    @cached_property
    def results_sha256(self) -> str:
        """A sha256 over the content of verdicts and scores, whatever file format holds them."""
        digest = hashlib.sha256()
        for name in ("verdicts", "scores"):
            frame = self.frame(name)
            digest.update(name.encode())
            digest.update(frame.sort(frame.columns).write_csv().encode())
        return digest.hexdigest()

    @cached_property
    def pooled(self) -> frozenset[tuple[str, str]]:
        """The datasets and metrics whose test scores are pooled over folds: they then have no fold."""
        folds = self.tests.group_by("dataset", "metric").agg(pl.col("fold").count())
        return frozenset(
            (dataset, metric) for dataset, metric, n in folds.iter_rows() if n == 0
        )

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(self.study.families or ())

    @property
    def datasets(self) -> tuple[str, ...]:
        return tuple(self.study.datasets)

    def classes(self, dataset: str) -> list[str]:
        """The classes of a dataset in class order; empty where it has none."""
        rows = self.frame("tables").filter(pl.col("dataset") == dataset)
        return (
            list(rows["classes"][0])
            if rows.height and rows["classes"][0] is not None
            else []
        )

    @property
    def apart(self) -> bool:
        """Whether each dataset has a page of its own: then what is about one dataset alone stands there."""
        pairs = len(self.datasets) * len(self.families)
        return len(self.datasets) > MOST_TOGETHER or (
            len(self.datasets) > 1 and pairs > MOST_PAIRS
        )

    def on(self, dataset: str) -> Bundle:
        """The same study as if it had this dataset alone: what a page of that dataset is made of."""
        study = self.study.model_copy(
            update={"datasets": {dataset: self.study.datasets[dataset]}}
        )
        parts = {
            name: self.of(name, dataset)
            for name, frame in self.frames.items()
            if "dataset" in frame.columns
        }
        return Bundle(
            study,
            {**self.frames, **parts},
            self.provenance,
            self.names,
            self.read_predictions,
        )

    @cached_property
    def findings(self) -> list[FindingRow]:
        """What the diagnostics found."""
        return self.rows("findings", FindingRow)

    @cached_property
    def verdicts(self) -> list[VerdictRow]:
        """The verdict on every claim."""
        return self.rows("verdicts", VerdictRow)

    @cached_property
    def whole(self) -> list[AnswerRow]:
        """The answer for the paper as a whole: a row a metric, and a model."""
        return self.rows("answers", AnswerRow)

    @cached_property
    def counted(self) -> ClaimCount:
        """The verdicts by what they count as."""
        return count_claims(self.verdicts)

    @cached_property
    def falsified(self) -> dict[str, Falsified]:
        """What became of the claims that would falsify the author's expectation."""
        return falsified(self.study, self.verdicts)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """All claims that are judged, by id, in the study's order."""
        return {claim.id: claim for claim in self.study.judged}
