"""Published means and standard deviations held against their authors' scores, without a study.

`python -m research.evidence FOLDER` reads folders of published scores with bench's adapters. Each holds `published.csv`
(dataset, method, metric, statistic, value, spread as printed) and the score files. A number agrees when the recomputed
one rounds to it: it lies within half a unit of the last printed place. What does not agree is listed, and the model of
the files with which most of a paper's numbers agree is named where it is another one.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from bench.data.adapter import metric_name
from bench.data.adapters import ADAPTERS

Row = Mapping[str, str]
#: Model, dataset, metric and part of the rows, behind a piece of `where`; and mean and standard deviation there.
Cells = dict[tuple[str, str, str, str, str], tuple[float, float | None]]
#: More misses of one paper are counted only.
SHOWN = 8
#: What is printed where there is no number.
_NOTHING = ("nan", "(empty)")
#: What a metric is called in `published.csv`: perhaps negative, perhaps divided, perhaps of validation rows.
_METRIC = re.compile(r"(?:negative )?(?P<name>[\w-]+)(?: / (?P<divided>\d+))?(?: \((?P<split>\w+)\))?")


@dataclass(frozen=True)
class Paper:
    """How the score files of one paper are read.

    Attributes
    ----------
    files : mapping of str to str
        Files by a piece of `where` of the numbers that they stand behind.
    adapter : str
        Who reads them.
    options : mapping
        Its options.
    model : callable
        The model of a published row.
    metric : str, optional
        The metric of all rows; the row's own, unless given.
    digits : int, optional
        How many significant digits are printed, where zeros at the end are not.
    """

    files: Mapping[str, str] = field(default_factory=lambda: {"": "scores.csv.gz"})
    adapter: str = "long"
    options: Mapping[str, Any] = field(default_factory=dict)
    model: Callable[[Row], str] = lambda row: row["method"]
    metric: str | None = None
    digits: int | None = None


def _kind(row: Row) -> str:
    """Some tables hold single runs and ensembles of five, which the label marks."""
    return f"{row['method']}/{'ensemble-5' if row['label'].startswith('(E)') else 'single'}"


_KINDS = Paper(options={"model": ["method", "kind"]}, model=_kind, metric="score")
PAPERS: Mapping[str, Paper] = {
    "tabular-dl-optimizers-2026": Paper(),
    "amlb-2019": Paper({f"/{h}/": f"all_results-{h}.csv" for h in ("1h", "4h", "8h")}, "amlb", digits=6),
    "wainer-bbt-2023": Paper({"base results": "ll.csv"}, "wide", {"metric_is": "accuracy", "rows_are_folds": True}),
    "num-embeddings-neurips-2022": _KINDS,
    "rtdl-neurips-2021": _KINDS,
    "tabm-iclr-2025": _KINDS,
    "tabr-iclr-2024": _KINDS,
}


@dataclass(frozen=True)
class Number:
    """One printed number, what the scores give (None without such scores), and the models with which it agrees."""

    id: str
    what: str
    printed: str
    found: float | None
    agrees: bool
    alike: tuple[str, ...]


def numbers(folder: Path, paper: Paper) -> list[Number]:
    """The published means of a folder and their standard deviations."""
    cells, found = _cells(folder, paper), list[Number]()
    models = sorted({key[1] for key in cells})
    with (folder / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        piece = next((piece for piece in paper.files if piece in row["where"]), None)
        metric = _METRIC.fullmatch(row["metric"])
        if piece is None or metric is None or not re.fullmatch(r"mean( over (?!datasets).*)?", row["statistic"]):
            continue
        name, split = paper.metric or metric_name(metric["name"]), {"val": "valid"}.get(metric["split"] or "", "test")
        divided = float(metric["divided"] or 1)
        for place, what, printed in ((0, "mean", row["value"]), (1, "sd", row["spread"])):
            if place == 1 and not row["spread_kind"].startswith("sd"):
                continue
            values = {model: cells.get((piece, model, row["dataset"], name, split)) for model in models}
            there = {model: value for model, pair in values.items() if pair and (value := pair[place]) is not None}
            alike = tuple(m for m, value in there.items() if _rounds_to(value / divided, printed, paper.digits))
            model = paper.model(row)
            agrees = model in alike or (printed in _NOTHING and model not in there)
            found.append(Number(row["id"], what, printed, there.get(model), agrees, alike))
    return found


def _cells(folder: Path, paper: Paper) -> Cells:
    adapter = ADAPTERS[paper.adapter]
    options = adapter.options.model_validate({"kind": paper.adapter, **paper.options})
    cells: Cells = {}
    for piece, name in paper.files.items():
        scores = adapter.table({name: (folder / name).read_bytes()}, options).drop_nulls("score")
        grouped = scores.group_by("model", "dataset", "metric", "split")
        means = grouped.agg(pl.col("score").mean().alias("mean"), pl.col("score").std().alias("sd"))
        cells |= {(piece, *key): (mean, sd) for *key, mean, sd in means.iter_rows()}  # type: ignore[misc]
    return cells


def _rounds_to(value: float, printed: str, digits: int | None) -> bool:
    """Whether a value lies within half a unit of the last printed place; signs are those of the files."""
    if printed in _NOTHING:
        return False
    places = len(printed.partition(".")[2])
    if digits is not None and float(printed):
        places = digits - 1 - int(f"{float(printed):e}".partition("e")[2])
    return abs(abs(float(printed)) - abs(value)) <= 0.5 * 10.0**-places * (1 + 1e-9)


def main(root: Path) -> None:
    """Print how many numbers of each paper agree, and those that do not."""
    total = agreed = 0
    for name, paper in PAPERS.items():
        if not (root / name / "published.csv").is_file():
            print(f"{name}: evidence absent in {root}")
            continue
        every = numbers(root / name, paper)
        missed = [one for one in every if not one.agrees]
        total, agreed = total + len(every), agreed + len(every) - len(missed)
        print(f"{name}: {len(every) - len(missed):,} of {len(every):,} means and standard deviations agree")
        for one in missed[:SHOWN]:
            found = "there are no such scores" if one.found is None else f"the scores give {one.found:.6g}"
            print(f"  {one.id} {one.what}: {one.printed} is printed, {found}")
        if len(missed) > SHOWN:
            print(f"  and {len(missed) - SHOWN} more")
        if len(missed) > len(every) / 2:
            model, count = Counter(model for one in every for model in one.alike).most_common(1)[0]
            print(f"  most agree with another model of the files, {model}: {count} of {len(every)}")
    print(f"all: {agreed:,} of {total:,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
