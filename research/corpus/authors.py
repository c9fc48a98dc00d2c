"""Seeds that authors publish: the numbers of some of them as printed, against the others as ours.

The scores are those of the studies of the list `evidence` (`make evidence`); the noise is that of real models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.claims.case import CaseOf
from bench.claims.judging import row_of
from research.calibrate.evidence import claim, evidence
from research.corpus.papers import ALL, ERROR, NUMBER, SOUND
from research.corpus.rules import Held, Number, Sheet, Truth, naive_alarms, outcomes

GROUP = "other seeds of the authors"
STUDIES = ("num-embeddings-2022", "rtdl-2021", "tabm-2025", "tabular-optimizers-2026")
METRICS = ("accuracy", "roc_auc")
#: Of at least ten seeds five are the paper's.
LEAST, PAPERS = 10, 5
#: Models of these papers differ by tenths of a point.
TOLERANCE = 0.002
#: Rows of a test set, as bench asks for them; any large number.
ROWS = 30_000
#: The expected largest of five normal numbers, in standard deviations.
LARGEST = 1.163
#: So many times our own seeds stand for endless ones.
TIMES = 20
MEAN, ONE_SEED = "mean of five seeds", "one seed"


def judge_studies(results: Path) -> Iterator[dict[str, Any]]:
    """Every cell of the studies that has enough seeds of one test set."""
    for study in STUDIES:
        path = results / study / "scores.parquet"
        if not path.is_file():
            continue
        scores = pl.read_parquet(path).filter(side="test")
        for metric in METRICS:
            seeds = seeds_of(study, metric, scores.filter(metric=metric))
            for endless in (False, True):
                about = {
                    "group": GROUP,
                    "paper": f"{study} {metric}",
                    "endless": endless,
                }
                yield from judge_table(seeds, metric, about, TIMES if endless else 1)


def missing(results: Path) -> tuple[str, ...]:
    """The studies without scores here."""
    return tuple(s for s in STUDIES if not (results / s / "scores.parquet").is_file())


def seeds_of(
    study: str, metric: str, scores: pl.DataFrame
) -> dict[tuple[str, str], np.ndarray]:
    """By dataset and family, the scores of its seeds in an order that hangs on the names alone."""
    seeds = {}
    for (dataset, family), rows in sorted(
        scores.partition_by("dataset", "family", as_dict=True).items()
    ):
        if rows["fold"].n_unique() == 1 and rows.height >= LEAST:
            values = rows.sort("repeat")["value"].to_numpy()
            seeds[str(dataset), str(family)] = deal(
                f"{study}/{dataset}/{metric}/{family}", values
            )
    return seeds


def deal(name: str, values: np.ndarray) -> np.ndarray:
    """The first are the paper's."""
    seed = int.from_bytes(sha256(name.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).permutation(values)


def judge_table(
    seeds: dict[tuple[str, str], np.ndarray],
    metric: str,
    about: Mapping[str, object],
    times: int,
) -> Iterator[dict[str, Any]]:
    """Two sound tables, and those where one number is another model's, or that of the best seed."""
    sheets: dict[str, Sheet] = {}
    for place, values in seeds.items():
        beside = [other for other in seeds if other[0] == place[0]]
        if len(beside) < 2:
            continue
        other = seeds[beside[(beside.index(place) + 1) % len(beside)]]
        for way, value, repeats, truth in printed(values, other):
            ours = np.tile(values[PAPERS:], times)[:, None]
            number = judge(place, ours, metric, f"{value:.3f}", repeats)
            number = replace(number, way=way, truth=truth)
            sheets.setdefault(way, {})[place] = number
    for way, sheet in sheets.items():
        if way in (MEAN, ONE_SEED):
            yield from outcomes(list(sheet), sheet, **about, case=SOUND, scope=ALL)
            continue
        for place, number in sheet.items():
            one_wrong = sheets[MEAN] | {place: number}
            yield from outcomes([place], one_wrong, **about, case=ERROR, scope=NUMBER)


def printed(
    values: np.ndarray, other: np.ndarray
) -> Iterator[tuple[str, float, int, Truth]]:
    """Way, number, runs behind it and truth; other: the seeds of the next model."""
    paper = values[:PAPERS]
    yield MEAN, float(paper.mean()), PAPERS, "sound"
    yield ONE_SEED, float(paper[0]), 1, "sound"
    apart = abs(float(values.mean() - other.mean()))
    yield "another model's mean", float(other[:PAPERS].mean()), PAPERS, moved(apart)
    best = LARGEST * float(values.std(ddof=1))
    yield "best of five seeds as a mean", float(paper.max()), PAPERS, moved(best)


def moved(by: float) -> Truth:
    return "wrong" if by > TOLERANCE else "trifling"


def judge(
    place: tuple[str, str], ours: np.ndarray, metric: str, text: str, repeats: int
) -> Number:
    """What bench says of one number."""
    stated = claim(
        "value",
        family="ours",
        metric=metric,
        value=text,
        unit="fraction",
        tolerance=TOLERANCE,
        splits="same",
        repeats=repeats,
    )
    found = evidence({"ours": ours}, ROWS, metric, design="seeds")
    row = row_of(CaseOf(stated, found))
    return Number(
        way=MEAN,
        truth="sound",
        row=replace(row, dataset=place[0], family=place[1]),
        naive=naive_alarms(Held(text, ours, TOLERANCE)),
    )
