"""How folds and rows that were made elsewhere are called there, so that two runs find the same ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from bench.scores.external.table import ExternalTable
from bench.study import Study

_KEYS = ("dataset", "repeat", "fold")


@dataclass(frozen=True, eq=False)
class NamedElsewhere:
    """`folds`: by dataset, repeat and fold of each that was made elsewhere, what it is called there; `truths`: by
    dataset of predictions, `row` (its name there) and `truth`."""

    folds: Mapping[tuple[str, int, int], str]
    truths: Mapping[str, pl.DataFrame]


def named_elsewhere(
    study: Study, folds: pl.DataFrame, read: Callable[[str], pl.DataFrame]
) -> NamedElsewhere:
    """What others call the folds and rows of their results.

    study: as it is written; folds: frames.FOLDS; read: gives the clean table of a dataset. Of scores a fold is called
    by its words, those of its repeat, and those of the other folds of the repeat: fold 1 of five is not fold 1 of ten.
    Of predictions it is called by its rows, with the word of its repeat where that is a seed.
    """
    found, truths = dict[tuple[str, int, int], str](), dict[str, pl.DataFrame]()
    rows = {
        (of, repeat, fold): sha256
        for of, repeat, fold, sha256 in folds.select(*_KEYS, "rows_sha256").iter_rows()
    }
    for name, spec in study.datasets.items():
        if spec.external is None:
            continue
        table = ExternalTable.of(name, spec, read(name))
        places = [
            place
            for place in table.frame.select(_KEYS).unique().sort(_KEYS).iter_rows()
            if place in rows
        ]
        if spec.scores is not None:
            found |= called(places, table.labels)
            continue
        truth = table.frame.select("dataset", "row", pl.col("truth").cast(pl.String))
        truths |= {
            str(of): part
            for (of,), part in truth.partition_by("dataset", as_dict=True).items()
        }
        seeds = spec.external.repeats_are == "seeds"
        found |= {
            place: f"{rows[place]} {table.labels['repeat'][place[1]] if seeds else ''}"
            for place in places
        }
    return NamedElsewhere(found, truths)


def called(
    places: list[tuple[str, int, int]], labels: Mapping[str, list[str]]
) -> dict[tuple[str, int, int], str]:
    """By dataset, repeat and fold: its words with those of its repeat, and of all folds of this.

    >>> called([("d", 0, 0), ("d", 0, 1)], {"fold": ["a", "b"]})
    {('d', 0, 0): '["0", "a", ["a", "b"]]', ('d', 0, 1): '["0", "b", ["a", "b"]]'}
    """

    def word(key: str, place: int) -> str:
        return labels[key][place] if key in labels else str(place)

    within = dict[tuple[str, int], list[str]]()
    for dataset, repeat, fold in places:
        within.setdefault((dataset, repeat), []).append(word("fold", fold))
    return {
        (dataset, repeat, fold): json.dumps(
            [word("repeat", repeat), word("fold", fold), within[dataset, repeat]]
        )
        for dataset, repeat, fold in places
    }
