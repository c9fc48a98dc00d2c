"""A file of published numbers and of the scores that they are held against: JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from sys import float_info
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, model_validator

from bench.core.errors import DataError
from bench.study.fields import Bool, Form, Number, Text, Unit, refused
from bench.study.noted import Problem, StudyError
from bench.study.problems import shown, validated
from bench.study.reading import Draft, block_of, claim_columns, csv_rows
from bench.study.source_map import SourceMap, parse
from bench.text.claim_problems import EmptyRow
from bench.text.problems import Broken, NotUtf8, Rule, Said, WrongType

Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
#: The largest finite number.
LARGEST = float_info.max
Runs = Annotated[int, Strict(), Field(ge=2, le=100_000)]


class OurScores(Form):
    """Scores of one model on one dataset: of each fold, or their mean with its spread."""

    dataset: Text = "data"
    """The dataset. Example: `wine`."""
    family: Text = "ours"
    """The model. Example: `lda`."""
    metric: Text | None = None
    """What the scores are of; the `metric` of the file, unless given. Example: `roc_auc`."""
    unit: Unit | None = None
    """How these scores are written; the `unit` of the file, unless given. Example: `percent`."""
    values: tuple[Any, ...] | None = None
    """The scores: a list for each repeat with a score for each fold; or one list, of folds, or of seeds where
    `repeats_are` says so. Example: `[[0.97, 0.98], [0.96, 0.98]]`."""
    score: Number | None = None
    """One score, in the place of `values`. Example: `0.97`."""
    repeat: Text | int | None = None
    """The repeat of `score`. Example: `1`."""
    fold: Text | int | None = None
    """The fold of `score`. Example: `3`."""
    mean: Number | None = None
    """The mean of several runs, in the place of `values`. Example: `0.972`."""
    sd: Positive | None = None
    """The standard deviation of these runs. Example: `0.004`."""
    se: Positive | None = None
    """The standard error of the mean, in the place of `sd`. Example: `0.001`."""
    ci95: Positive | None = None
    """Half of the 95 % interval of the mean, in the place of `sd`. Example: `0.002`."""
    runs: Runs | None = None
    """How many runs `mean` is of; beside `se` or `ci95` it may be left out. Example: `10`."""

    @model_validator(mode="after")
    def _one_form(self) -> OurScores:
        forms = [self.values, self.score, self.mean]
        if sum(form is not None for form in forms) != 1:
            raise refused(Said("expected one of values, score and mean"))
        spreads = sum(one is not None for one in (self.sd, self.se, self.ci95))
        if spreads != (self.mean is not None):
            raise refused(Said("a mean stands with one of sd, se and ci95"))
        if self.mean is None and self.runs is not None:
            raise refused(Said("runs stand with their mean"))
        if self.sd is not None and self.runs is None:
            raise refused(Said("an sd needs its number of runs"))
        if not any(True for _ in self.numbers):
            raise refused(Said("expected at least one score"), "values")
        for path, value in self.numbers:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not abs(value) <= LARGEST:
                raise refused(WrongType("finite", shown(value)), *path)
        return self

    @property
    def numbers(self) -> Iterator[tuple[tuple[str | int, ...], float]]:
        """Each score, or the mean, with the keys that lead to it."""
        for name in ("score", "mean"):
            if getattr(self, name) is not None:
                yield (name,), getattr(self, name)
        for i, value in enumerate(self.values or ()):
            if isinstance(value, list | tuple):
                yield from ((("values", i, j), inner) for j, inner in enumerate(value))
            else:
                yield ("values", i), value


class NamedMetric(Form):
    """A measure that bench does not know."""

    low: Number | None = None
    """The least that it can be; null where there is none."""
    high: Number | None = None
    """The most that it can be; null where there is none."""
    higher_is_better: Bool = True
    """Whether more of it is better."""


class PublishedFile(Form):
    """Published numbers, and the scores that they are held against."""

    metric: Text = "accuracy"
    """What numbers and scores are of, unless they say it themselves (`bench list metrics`)."""
    metrics: Mapping[Text, NamedMetric] = {}
    """Measures of your own. Example: `{"effect size": {low: null, high: null}}`."""
    unit: Unit = "fraction"
    """How scores are written, and published numbers that do not say it themselves."""
    tolerance: Mapping[Text, Positive] = {}
    """How far ours may lie from a published number, for each metric in its own unit. Example: `{accuracy: 0.01}`."""
    repeats_are: Literal["splits", "seeds"] = "splits"
    """What is new from one repeat to the next: the splits, or on the same split the seeds alone."""
    test_train_ratio: Annotated[float, Strict(), Field(gt=0)] | None = None
    """Test rows over training rows of a fold; that of K-fold cross-validation, unless given. Example: `0.25`."""
    missing_runs: Literal["leave_out", "fail"] = "fail"
    """Scores that one model has and another has not: refused (`fail`) or left out (`leave_out`)."""
    claims: Annotated[tuple[Mapping[str, Any], ...], Field(min_length=1)]
    """What is published: claims as in a study, where `id`, `kind`, `where` and `read` may be left out.
    Example: `[{dataset: wine, family: lda, value: "98.9", unit: percent}]`."""
    scores: Annotated[tuple[OurScores, ...], Field(min_length=1)]
    """Our scores. Example: `[{dataset: wine, family: lda, values: [0.97, 0.99, 0.98]}]`."""


@dataclass(frozen=True)
class ReadFile:
    """What a file says, and where each part of it stands."""

    said: PublishedFile
    where: SourceMap


def read_published(
    content: Path | Mapping[str, Any], defaults: Mapping[str, Any] | None = None
) -> ReadFile:
    """Read a file, or what a JSON file would hold; `defaults`: keys that it may lack.

    Raises `StudyError` with every mistake of form, and `DataError` for what cannot be read.
    """
    if isinstance(content, Mapping):
        values, where = _plain(content), SourceMap("bench.judge")
    elif content.suffix.lower() == ".csv":
        values, where = _of_csv(content)
    else:
        values, where = _of_json(content)
    said, problems = validated(PublishedFile, {**(defaults or {}), **values}, (), where)
    if problems:
        where = places_of(content, where)
        _, problems = validated(PublishedFile, values, (), where)
        raise StudyError(problems)
    return ReadFile(said, where)


def places_of(content: Path | Mapping[str, Any], where: SourceMap) -> SourceMap:
    """Where the parts of JSON stand, which are looked for where there is a mistake alone: it takes long."""
    if where.places or not isinstance(content, Path):
        return where
    return parse(_text(content), content.as_posix())[1]


def _plain(content: Any) -> Any:
    """Arrays and frames as lists."""
    if isinstance(content, Mapping):
        return {str(key): _plain(value) for key, value in content.items()}
    if hasattr(content, "to_dicts"):
        return content.to_dicts()
    if hasattr(content, "tolist"):
        return content.tolist()
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [_plain(value) for value in content]
    return content


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(
            f"{file}: cannot be read ({error.strerror}); nothing was judged"
        ) from None
    except UnicodeDecodeError as error:
        problem = Problem(file.as_posix(), 0, 0, "", NotUtf8(error.start))
        raise StudyError([problem]) from None


def _of_json(file: Path) -> tuple[dict[str, Any], SourceMap]:
    text = _text(file)
    try:
        values = json.loads(text, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        said = Said(f"is no JSON: {getattr(error, 'msg', error)}")
        line = getattr(error, "lineno", 0) or _line_of_mistake(text)
        raise StudyError([Problem(file.as_posix(), line, 0, "", said)]) from None
    if not isinstance(values, dict):
        raise StudyError([Problem(file.as_posix(), 1, 1, "", Broken(Rule.NO_BLOCK))])
    return values, SourceMap(file.as_posix())


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(f"the key {key} stands twice in one block")
        values[key] = value
    return values


def _line_of_mistake(text: str) -> int:
    """Where the slow reader, which knows lines, stops; 0 where it does not."""
    try:
        parse(text, "")
    except StudyError as error:
        return error.problems[0].line
    return 0


#: Columns of a CSV file that a claim and a score have in common.
_SHARED = ("dataset", "family", "metric", "unit")
#: Columns of which one shows that a row claims something, or that it has scores.
_CLAIMS, _SCORES = {"id", "kind", "value"}, {"score", "mean"}


def _of_csv(file: Path) -> tuple[dict[str, Any], SourceMap]:
    """A row claims something, or holds scores, or both."""
    _text(file)  # refuses what is no text
    of_scores = [name for name in OurScores.model_fields if name != "values"]
    of_claims = claim_columns()
    draft = Draft("", file.parent, SourceMap(file.as_posix()))
    known = tuple(dict.fromkeys((*of_claims, *of_scores)))
    rows = csv_rows(draft, file.name, (), known)
    where = SourceMap(file.as_posix(), {(): (1, 1)})
    lists: dict[str, list[dict[str, Any]]] = {"claims": [], "scores": []}
    for cells, places, key in rows:
        line, blocks = places.at(key), dict[str, dict[str, Any]]()
        if not _CLAIMS.isdisjoint(cells):
            blocks["claims"] = block_of({k: cells[k] for k in cells if k in of_claims})
        if not _SCORES.isdisjoint(cells):
            held = [name for name in cells if name in of_scores]
            blocks["scores"] = {name: _cell(name, cells[name]) for name in held}
        for name, block in blocks.items():
            where.places[name, len(lists[name])] = line
            lists[name].append(block)
        if not blocks:
            draft.problems.append(Problem(where.file, line[0], 1, "", EmptyRow()))
    if draft.problems:
        raise StudyError(draft.problems)
    return lists, where


def _cell(column: str, text: str) -> Any:
    """A cell of a score as JSON has it; text where it is no number, which is then refused as such."""
    if column in (*_SHARED, "repeat", "fold"):
        return text
    try:
        return int(text) if column == "runs" else float(text)
    except ValueError:
        return text
