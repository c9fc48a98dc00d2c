"""How folds that were made elsewhere are called there, so that two runs find the same ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import polars as pl

from bench.scores.external.table import ExternalTable
from bench.study import Study

#: Dataset, repeat, fold.
FoldPlace = tuple[str, int, int]


def name_folds(
    study: Study, folds: pl.DataFrame, read: Callable[[str], pl.DataFrame]
) -> dict[FoldPlace, str]:
    """What others call the folds of their results.

    Of scores a fold is called by its words, those of its repeat, and those of the other folds
    of the repeat: fold 1 of five is not fold 1 of ten. Of predictions it is called by its rows,
    with the word of its repeat where that is a seed.

    Parameters
    ----------
    study : Study
        As it is written.
    folds : DataFrame
        frames.FOLDS.
    read : callable
        Gives the clean table of a dataset.
    """
    keys = ("dataset", "repeat", "fold")
    rows = {row[:3]: row[3] for row in folds.select(*keys, "rows_sha256").iter_rows()}
    named: dict[FoldPlace, str] = {}
    for name, spec in study.datasets.items():
        if spec.external is None:
            continue
        table = ExternalTable.of(name, spec, read(name))
        places = table.frame.select(keys).unique().sort(keys).rows()
        places = [place for place in places if place in rows]
        if spec.scores is not None:
            named |= called(places, table.labels)
            continue
        for place in places:
            named[place] = f"{rows[place]} "
            if spec.external.repeats_are == "seeds":
                named[place] += table.labels["repeat"][place[1]]
    return named


def called(
    places: list[FoldPlace], labels: Mapping[str, list[str]]
) -> dict[FoldPlace, str]:
    """By dataset, repeat and fold: its words with those of its repeat, and of all folds of this.

    >>> called([("d", 0, 0), ("d", 0, 1)], {"fold": ["a", "b"]})
    {('d', 0, 0): '["0", "a", ["a", "b"]]', ('d', 0, 1): '["0", "b", ["a", "b"]]'}
    """

    def word(key: str, place: int) -> str:
        return labels[key][place] if key in labels else str(place)

    within: dict[tuple[str, int], list[str]] = {}
    for dataset, repeat, fold in places:
        within.setdefault((dataset, repeat), []).append(word("fold", fold))
    return {
        (dataset, repeat, fold): json.dumps(
            [word("repeat", repeat), word("fold", fold), within[dataset, repeat]]
        )
        for dataset, repeat, fold in places
    }
