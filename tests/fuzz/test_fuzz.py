"""Random inputs from the file to the page: a sentence or the right numbers, never a traceback, never a lost row.

A short form by default. `make fuzz` (`BENCH_FUZZ=1`) draws more than 20,000 cases; each test draws the same ones every
time, so that a case that fails can be made again by running the test.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import bench
from bench import Project
from bench.core.errors import BenchError
from bench.data.adapters import ADAPTERS
from bench.data.clean import clean_table
from bench.data.delimited import TextOptions, read_delimited
from bench.data.formats import read_as
from bench.data.profile import profile
from bench.data.table import content_sha256
from bench.project.check import checked_draft
from bench.project.first_look.guess import Guess, first_look
from bench.project.first_look.look import Wishes
from bench.report.values import gain, quantity, show
from bench.study import read_draft
from bench.study.models import DatasetSpec
from bench.study.noted import StudyError
from bench.text import formats
from bench.text.words import measure
from tests.fuzz import strategies as draw
from tests.fuzz.independent import again, scores_again

#: 1: the long form; 0.1: a tenth of it; without: the short form.
LONG = float(os.environ.get("BENCH_FUZZ") or 0)


def cases(short: int, long: int, *, shrink: bool = True) -> settings:
    """So many cases, the same every time; without `shrink` a case that fails is told as it is."""
    return settings(
        max_examples=max(1, round(LONG * long)) if LONG else short,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def folder() -> Any:
    """A project whose one study is written anew for each case."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "params.yaml").write_text("studies: [s]\nexecution: {workers: 1}\n")
        (root / "studies/s/data").mkdir(parents=True)
        yield root


# --- study files


def checked(root: Path, text: str) -> list[str]:
    """The sentences of what is wrong with a study file; nothing else is raised."""
    (root / "studies/s/study.yaml").write_text(
        text, encoding="utf-8", errors="surrogatepass"
    )
    try:
        draft = checked_draft(Project(root, keep=False), "s")
    except BenchError as refused:
        return str(refused).splitlines()
    return [str(problem) for problem in draft.problems]


@cases(10, 3000)
@given(tree=draw.changed_studies())
def test_a_changed_study_is_right_or_told(folder: Path, tree: dict[str, Any]) -> None:
    for sentence in checked(folder, json.dumps(tree)):
        assert (
            sentence.startswith(str(folder)) and len(sentence) > len(str(folder)) + 20
        )


@cases(15, 4000)
@given(text=draw.changed_texts())
def test_a_damaged_text_is_right_or_told(folder: Path, text: str) -> None:
    checked(folder, text)


@cases(8, 300)
@given(text=st.sampled_from(draw.shipped()) | draw.changed_texts())
def test_a_study_that_is_right_is_the_same_when_written_anew(
    folder: Path, text: str
) -> None:
    from bench.study.source_map import parse

    place = folder / "studies/s"
    for file in place.glob("claims*"):
        file.unlink()
    try:
        values, _ = parse(text, "study.yaml")
        (place / "study.yaml").write_text(text)
        first = read_draft(place).study()
        (place / "study.yaml").write_text(json.dumps(values))
    except (StudyError, TypeError, ValueError):
        return
    assert read_draft(place).study() == first


# --- readers


@cases(60, 6000)
@given(table=draw.tables(), separator=st.sampled_from([",", ";", "\t", "|"]))
def test_csv_is_read_as_it_was_written(table: list[list[str]], separator: str) -> None:
    text = draw.as_csv(table, separator)
    if "\r" in text:  # the writer does not enclose a carriage return, which ends a line
        return
    try:
        made = read_delimited(text.encode(), TextOptions(separator=separator), "t.csv")
    except BenchError as refused:
        assert any(
            word in str(refused)
            for word in ("stands", "zero character", "cells", "new-line", "is empty")
        )
        return
    assert [[cell or "" for cell in row] for row in made.rows()] == table[1:]


@cases(60, 4000)
@given(text=draw.soups)
@example(text='y,size (")\n' + "a,1\n" * 3 + 'a,6"\n' + "b,2\n" * 3)
def test_any_text_is_refused_or_has_the_rows_that_python_reads(text: str) -> None:
    try:
        made = read_delimited(
            text.encode("utf-8", "surrogatepass"), TextOptions(), "t.csv"
        )
    except BenchError:
        return
    rows = [
        row
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        if row
    ]
    if "\r" not in text:
        assert made.height == len(rows) - 1
    content_sha256(made)


@cases(50, 4000)
@given(text=draw.attribute_files() | draw.soups, form=st.sampled_from(["keel", "arff"]))
def test_attribute_files_are_read_or_refused(text: str, form: Any) -> None:
    try:
        made = read_as(text.encode("utf-8", "surrogatepass"), form, TextOptions(), "t")
    except BenchError:
        return
    assert made.height <= text.count("\n") + text.count("\r") + 1
    content_sha256(made)


@cases(30, 2000)
@given(
    kind=st.sampled_from(sorted(ADAPTERS)),
    table=draw.tables(),
    soup=draw.soups,
    tidy=st.booleans(),
)
def test_published_scores_are_read_or_refused(
    kind: str, table: list[list[str]], soup: str, tidy: bool
) -> None:
    adapter = ADAPTERS[kind]
    text = draw.as_csv(table) if tidy else soup
    files = {
        name: text.encode("utf-8", "surrogatepass") for name in adapter.example.files
    }
    with suppress(BenchError):
        adapter.table(
            files,
            adapter.options.model_validate({"kind": kind, **adapter.example.options}),
        )


# --- from a raw table to a clean one


@cases(25, 3000)
@given(
    table=draw.tables(least=4), task=st.sampled_from(["classification", "regression"])
)
def test_no_row_is_lost_between_file_and_profile(
    folder: Path, table: list[list[str]], task: Any
) -> None:
    file = folder / "t.csv"
    file.write_text(draw.as_csv(table), encoding="utf-8", errors="surrogatepass")
    try:
        raw = read_delimited(file.read_bytes(), TextOptions(), "t.csv")
        found = first_look(file, Wishes())
        if not isinstance(found, Guess):
            return
        stated = {
            "source": {"kind": "csv", "file": "t.csv"},
            "target": found.target,
            "missing": found.missing,
        }
        clean = clean_table("d", raw, DatasetSpec.model_validate(stated), (), task)
        frames = profile("d", clean, task)
    except BenchError:
        return
    assert clean.frame["row"].to_list() == list(range(raw.height))
    assert frames["columns"]["rows"].unique().to_list() == [raw.height]
    for name in (c for c in clean.frame.columns if clean.frame.schema[c] == pl.Float64):
        assert clean.frame[name].is_finite().all()


# --- from the file to the page: scores as plain scikit-learn has them


@st.composite
def problems(draw_: st.DrawFn) -> tuple[str, pl.DataFrame]:
    """A small study of families without chance in them, and its table."""
    task = draw_(st.sampled_from(["classification", "regression"]))
    rng = np.random.default_rng(draw_(st.integers(0, 2**32 - 1)))
    n = draw_(st.integers(24, 60))
    columns: dict[str, Any] = {
        f"x{j}": rng.normal(size=n) * 10.0 ** rng.integers(-3, 4) for j in range(1, 4)
    }
    if draw_(st.booleans()):
        columns["x1"] = [
            None if gone else value
            for gone, value in zip(rng.random(n) < 0.1, columns["x1"], strict=True)
        ]
    if draw_(st.booleans()):
        columns["c"] = rng.choice(["u", "v", "w", "é"], n)
    k = draw_(st.integers(2, 3))
    signal = columns["x2"] / np.std(columns["x2"]) + rng.normal(size=n)
    labels = np.argsort(np.argsort(signal)) * k // n
    columns["y"] = (
        signal
        if task == "regression"
        else [["no", "yes", "10"][label] for label in labels]
    )
    resampling = draw_(st.sampled_from([
        "{kind: kfold, folds: 3}", "{kind: kfold, folds: 2, repeats: 2}", "{kind: holdout, test_size: 0.3, repeats: 2}",
        f'{{kind: fixed_split, train: "1-{n // 2}", test: "{n // 2 + 1}-{n}"}}', "{kind: leave_one_out}",
    ]))  # fmt: skip
    families = (
        "{lda: {}, knn: {n_neighbors: 3}, bayes: {estimator: sklearn.naive_bayes.GaussianNB}}"
        if task == "classification"
        else "{ridge: {alpha: 1.0}, knn: {n_neighbors: 3}}"
    )
    metrics = (
        "{primary: accuracy, also: [balanced_accuracy, log_loss, f1_macro, kappa]}"
        if task == "classification" and "leave" not in resampling
        else "{primary: accuracy}"
        if task == "classification"
        else "{primary: rmse, also: [mae]}"
    )
    study = (
        f"title: t\ntask: {task}\nclean: null\n"
        "datasets: {d: {source: {kind: csv, file: data/t.csv}, target: y}}\n"
        f"preprocess: [impute, scale, encode]\nprotocol: {{resampling: {resampling}, tuning: null, seed: 1}}\n"
        f"families: {families}\nmetrics: {metrics}\ncompare: null\ndiagnostics: {{halves: null}}\n"
        "tolerance: null\nclaims: null\n"
    )
    return study, pl.DataFrame(columns)


@cases(1, 300, shrink=False)
@given(problem=problems())
def test_the_whole_path_equals_plain_scikit_learn(
    folder: Path, problem: tuple[str, pl.DataFrame]
) -> None:
    study, table = problem
    (folder / "studies/s/study.yaml").write_text(study)
    (folder / "studies/s/data").mkdir(exist_ok=True)
    table.write_csv(folder / "studies/s/data/t.csv")
    project = Project(folder, keep=False)
    try:
        result = project.run("s", progress=False)
    except StudyError:  # such as a class that is smaller than the folds
        return
    predictions = result.predictions.filter(
        pl.col("variant") == "plain", pl.col("side") == "test"
    )
    assert result.failures.filter(pl.col("status") != "warning").is_empty()
    for (family, _, _), part in predictions.group_by("family", "repeat", "fold"):
        again(table, str(family), part)
    scores_again(result.scores, predictions)
    project.report("s")


# --- the Python API


ARGUMENTS: dict[str, Any] = {
    "cv": st.sampled_from(
        [
            None,
            0,
            -1,
            1,
            2,
            3,
            10**9,
            "3",
            2.5,
            [],
            [([0], [1])],
            [([0], [10**6])],
            object(),
        ]
    ),
    "groups": st.sampled_from([None, [], [1] * 12, list(range(12)), ["a"] * 11, "abc"]),
    "tuning": st.sampled_from([None, 0, 1, "x", {"folds": 0}, {"no": 1}]),
    "metrics": st.sampled_from([None, "accuracy", "acuracy", [], ["rmse"], 1]),
    "rope": st.sampled_from([None, -1, 0, float("nan"), "x", 10**400]),
    "seed": st.sampled_from([0, -1, 2**70, "x", 1.5]),
    "workers": st.sampled_from([1, 0, -1, "x"]),
    "name": st.sampled_from(["benchmark", "", "../x", "a;b", "A", "con", 1]),
    "positive": st.sampled_from([None, "a", "z", 1, [], float("nan")]),
    "task": st.sampled_from([None, "classification", "regression", "x"]),
    "claims": st.sampled_from([None, [], [{}], [{"kind": "value"}], "x", 1]),
    "tolerance": st.sampled_from([None, {}, {"accuracy": 0.1}, "x"]),
}
MODELS = st.sampled_from(
    [
        {},
        {"a": "knn"},
        {"A b": "knn"},
        {"a": "no_such"},
        {"a": object()},
        {"a": {"family": "knn", "n_neighbors": -1}},
        1,
    ]
)


@cases(8, 600)
@given(
    X=st.sampled_from(
        [
            None,
            [],
            [[1.0]] * 12,
            np.zeros((12, 0)),
            np.full((12, 2), np.inf),
            np.zeros(12),
            "abc",
            [[{}]] * 12,
        ]
    ),
    y=st.sampled_from(
        [None, [], ["a", "b"] * 6, [1.0] * 12, [None] * 12, ["a"] * 11, [object()] * 12]
    ),
    models=MODELS,
    more=st.fixed_dictionaries({}, optional=ARGUMENTS),
)
def test_arguments_of_benchmark_are_right_or_told(
    X: Any, y: Any, models: Any, more: dict[str, Any]
) -> None:
    try:
        bench.benchmark(X, y, models, progress=False, **more)
    except BenchError as refused:
        assert len(str(refused)) > 15


@cases(100, 1000)
@given(value=st.floats(width=64) | st.none())
def test_every_number_has_words(value: float | None) -> None:
    shown = (show(quantity(value)), show(gain(measure("accuracy"), value)))
    for said in (formats.score(value), formats.short(value), *shown):
        assert said and not any(word in said for word in ("nan", "inf", "None"))
