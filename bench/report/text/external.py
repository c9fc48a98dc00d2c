"""What the page says of external scores and predictions: where they come from, and what varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from bench.core.rows import one_by_one
from bench.report.bundle import Bundle
from bench.report.styles import styles_of
from bench.report.text.facts import FEW_SPLITS, ONE_BY_ONE
from bench.scores.design import is_external, varies
from bench.text import formats


def seeds_only(bundle: Bundle, datasets: Sequence[str]) -> str:
    """What the intervals of these datasets leave out where only seeds vary; empty where they leave out nothing."""
    seeds, styles = [d for d in datasets if bundle.setting(d).seeds], styles_of(bundle)
    places = [] if len(seeds) == len(datasets) else [styles.dataset(d) for d in seeds]
    if not seeds:
        return ""
    where = f"On {formats.listed(places)} the" if places else "The"
    return f"{where} interval covers seeds only, not the choice of test rows."


def no_interval_cause(bundle: Bundle, dataset: str, metric: str) -> str:
    """Why external scores of a metric have no interval."""
    folds = bundle.frame("folds").filter(pl.col("dataset") == dataset)
    if varies(bundle.study, dataset) is None or folds.height < 2:
        return "one external score"
    if one_by_one(folds["test_rows"].fill_null(0).to_list()):
        return ONE_BY_ONE
    sized = not folds["train_rows"].null_count() and not folds["test_rows"].null_count()
    if sized or varies(bundle.study, dataset) != "splits":
        scores = (
            bundle.frame("scores")
            .filter(dataset=dataset, metric=metric, side="test")
            .group_by("family")
        )
        spread = scores.agg(pl.col("value").n_unique())["value"]
        return (
            "all folds have the same score"
            if spread.len() and spread.max() == 1
            else FEW_SPLITS
        )
    return "how large the training and test sets were is not known"


def only(bundle: Bundle, dataset: str) -> str:
    """`scores only`: what is read of a dataset whose rows are not here; empty where they are."""
    spec = bundle.study.datasets[dataset]
    if spec.external is None:
        return ""
    return "scores only" if spec.scores is not None else "predictions only"


def whole(bundle: Bundle) -> str:
    """That bench fitted nothing, whose numbers they are and where they stand; empty where all was fitted."""
    by: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for name in bundle.datasets:
        if is_external(bundle.study, name):
            what, maker, source = _source(bundle, name)
            whats, sources = by.setdefault(maker, ({}, {}))
            whats[what], sources[source] = None, None
    if not by:
        return ""
    start = (
        "bench fitted nothing"
        if not bundle.study.fits
        else "bench did not fit everything"
    )
    said = [_made(formats.listed(list(w)), maker) for maker, (w, _) in by.items()]
    return f"{start}: {'; '.join(said)}."


def _made(what: str, maker: str) -> str:
    return (
        f"{what} come from {maker}"
        if maker
        else f"{what} are given, and the study does not say who made them"
    )


def _source(bundle: Bundle, dataset: str) -> tuple[str, str, str]:
    """`scores` or `predictions`, who made them (or nothing), and the file, or whatever source they came from."""
    spec = bundle.study.datasets[dataset]
    assert spec.external is not None
    rows = (
        bundle.frame("tables").filter(pl.col("dataset") == dataset)["source"].to_list()
    )
    file = (
        spec.source.parameters.get("file")
        if spec.source.kind in ("csv", "parquet")
        else None
    )
    source = str(
        file
        or _repository(spec.source.parameters)
        or (rows[0] if rows and rows[0] else spec.source.kind)
    )
    return (
        "scores" if spec.scores is not None else "predictions",
        (spec.external.made_by or "").rstrip("."),
        source,
    )


def _repository(parameters: Mapping[str, Any]) -> str:
    """`https://... at commit c34e33152d`; empty for what is no repository."""
    return (
        f"{parameters['repository']} at commit {str(parameters['commit'])[:10]}"
        if "repository" in parameters
        else ""
    )


def design_words(bundle: Bundle, dataset: str) -> str:
    """What stands behind the numbers of one dataset: `10 repeats, each with 5 folds, 455 training rows`.

    Seeds share their split.
    """
    folds = bundle.frame("folds").filter(pl.col("dataset") == dataset)
    if not folds.height:
        return "one external score of each model"
    repeats = folds["repeat"].n_unique()
    folds_each = folds.height // repeats
    parts = ["one test set" if folds_each == 1 else f"{folds_each} folds"]
    if repeats > 1:
        what = varies(bundle.study, dataset)
        where = (
            f"on the same {parts[0].removeprefix('one ')}"
            if what == "seeds"
            else f"each with {parts[0]}"
        )
        noun = "repeats" if what == "splits" and folds_each > 1 else what
        parts = [
            f"{formats.count(repeats)} {noun}{' ' if what == 'seeds' else ', '}{where}"
        ]
    sizes = [
        _size(folds[name], words)
        for name, words in (("train_rows", "training"), ("test_rows", "test"))
    ]
    return ", ".join(parts + [size for size in sizes if size])


def _size(column: pl.Series, words: str) -> str:
    if column.null_count():
        return ""
    low, high = int(column.min()), int(column.max())  # type: ignore[arg-type]
    counted = (
        formats.count(low)
        if low == high
        else f"{formats.count(low)} to {formats.count(high)}"
    )
    return f"{counted} {words} rows"
