"""The ledger's figures as tables of texts, without what is not measured or void."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp, log
from statistics import median
from typing import Any

FAMILIES = ("lr", "svm", "mlp", "lda", "knn", "rf", "xgb", "tree")
#: A load average that two processes alone do not make.
BUSY = 3.0
#: (grid search, bench) of one pair: wall and cpu, notes, load
Pair = tuple[dict[str, Any], dict[str, Any]]

_NO_PATHS = (
    "No number of trees, rounds or neighbours and no pruning among the candidates, so that each needs a training of "
    "its own: random forest 4 candidates, XGBoost 4, nearest neighbours 4 (metric and weights), tree 10; the others as "
    "above."
)
_FLOOR = (
    "bench's CPU divided by that of the bare `fit` calls of the distinct trainings that the candidates need (200 trees "
    "hold the first 50), on prepared arrays, without any prediction: below 1 where bench needs less than those fits."
)
_INSIDE = (
    "Wall seconds inside searches and cells, added over folds: no start-up, no waiting."
)


@dataclass(frozen=True)
class Table:
    """A title, a head, rows of texts, and a remark below."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    remark: str = ""


def tables(figures: dict[str, Any]) -> list[Table]:
    """All tables of the figures; the first one says what is missing."""
    made = [_gate(figures)]
    name = "quick" if figures["only_quick"] else "whole"
    if good := _good(figures, name, "fast"):
        inside = [
            _inside(good, 1, "The same by family"),
            _inside(good, 0, "The same by dataset"),
        ]
        made += [_whole(good), _pair_by_pair(good), *inside]
    if cells := {
        key: one for key, one in figures.get("cells", {}).items() if not one["gate"]
    }:
        made += [_cell_ratios(cells), _cell_seconds(cells), _floor(cells)]
    if good := _good(figures, "second", "fast"):
        title = "A second grid: every candidate a training of its own"
        made += [
            _total(title, good, _NO_PATHS),
            _inside(good, 1, "The second grid by family"),
        ]
    return made


def _gate(figures: dict[str, Any]) -> Table:
    cells = [one["gate"] for one in figures.get("cells", {}).values()]
    rows = [["one outer fold", f"{len(cells)} cells", _verdict(cells)]]
    losses = list(figures.get("log_loss", {}).values())
    rows.append(["inner log-losses", f"{len(losses)} cells", _verdict(losses)])
    parts = {"quick": "whole study"} if figures["only_quick"] else {}
    parts = parts or {"whole": "whole study", "second": "second grid"}
    for name, title in parts.items():
        gates = [
            differs
            for pair in figures.get(name, {}).values()
            for differs in pair["gate"].values()
        ]
        rows.append([title, f"{len(gates)} runs", _verdict(gates)])
    return Table("The gate", ("part", "compared", "result"), rows)


def _verdict(gates: list[list[str]]) -> str:
    found = sum(len(one) for one in gates)
    return (
        "not measured"
        if not gates
        else f"{found} differences: void"
        if found
        else "open: no difference"
    )


def _good(figures: dict[str, Any], name: str, side: str) -> list[Pair]:
    """The pairs with two sides that agree."""
    pairs = figures.get(name, {}).values()
    return [
        (pair["opponent"], pair[side]) for pair in pairs if pair["gate"].get(side) == []
    ]


def _whole(good: list[Pair]) -> Table:
    rows = list(_totals("bench, ", good))
    without = [_seconds(a, _not_forest) / _seconds(f, _not_forest) for a, f in good]
    rows.append(["bench, cells without rf", "", "", *_spread(without), str(len(good))])
    start = median(f["notes"]["start_up"] for _, f in good)
    idle = median(_idle(f) for _, f in good)
    remark = (
        f"bench's start-up, to the first task: {start:.2f} s. After it the two workers were idle for {idle:.0%} of the "
        "time, gathering and closing included. Cells without rf: the seconds inside cells, without the random forest."
    )
    return Table("The whole study, two processes", _TOTAL_HEAD, rows, remark)


_TOTAL_HEAD = ("measure", "grid search", "bench", "ratio", "min–max", "pairs")


def _total(title: str, good: list[Pair], remark: str) -> Table:
    return Table(title, _TOTAL_HEAD, list(_totals("", good)), remark)


def _totals(who: str, good: list[Pair]) -> Iterable[list[str]]:
    for what, unit in (("wall", "wall s"), ("cpu", "CPU s")):
        times = [
            f"{median(side[what] for side in sides):.1f}"
            for sides in zip(*good, strict=True)
        ]
        yield [
            who + unit,
            *times,
            *_spread([a[what] / f[what] for a, f in good]),
            str(len(good)),
        ]


def _idle(f: dict[str, Any]) -> float:
    """The share of two workers' time, after the start, that was not spent in cells."""
    return float(
        1
        - sum(f["notes"]["seconds"].values())
        / (2 * (f["wall"] - f["notes"]["start_up"]))
    )


def _not_forest(key: str) -> bool:
    return not key.endswith("/rf")


def _pair_by_pair(good: list[Pair]) -> Table:
    rows = []
    for number, (a, f) in enumerate(good, 1):
        values = [
            value
            for what in ("wall", "cpu")
            for value in (a[what], f[what], a[what] / f[what])
        ]
        loads = [*a["load"], *f["load"]]
        rows.append(
            [
                str(number),
                *(f"{value:.1f}" for value in values),
                f"{min(loads):.1f}–{max(loads):.1f}",
            ]
        )
    head = (
        "pair",
        "A wall s",
        "F wall s",
        "ratio",
        "A CPU s",
        "F CPU s",
        "ratio",
        "load",
    )
    remark = "A grid search, F bench. Load: the one-minute average before and after; two busy processes are 2."
    if any(load > BUSY for pair in good for side in pair for load in side["load"]):
        remark += " OTHER WORK RAN MEANWHILE: the wall ratios above say nothing, and CPU is inflated."
    return Table("Pair by pair", head, rows, remark)


def _inside(good: list[Pair], position: int, title: str) -> Table:
    """The seconds inside cells, by dataset (position 0 of a key) or by family (1)."""
    rows = []
    for name in dict.fromkeys(
        key.split("/")[position] for key in good[0][0]["notes"]["seconds"]
    ):

        def wanted(key: str, name: str = name) -> bool:
            return key.split("/")[position] == name

        both = [(_seconds(a, wanted), _seconds(f, wanted)) for a, f in good]
        times = [f"{median(sides):.2f}" for sides in zip(*both, strict=True)]
        rows.append([name, *times, *_spread([a / f for a, f in both])])
    return Table(
        title,
        (
            ("dataset", "family")[position],
            "grid search s",
            "bench s",
            "ratio",
            "min–max",
        ),
        rows,
        _INSIDE,
    )


def _seconds(side: dict[str, Any], wanted: Callable[[str], bool]) -> float:
    return sum(
        seconds for key, seconds in side["notes"]["seconds"].items() if wanted(key)
    ) or float("nan")


def _cell_ratios(cells: dict[str, Any]) -> Table:
    datasets = _datasets(cells)
    by = {
        family: [_ratio(cells, [f"{dataset}/{family}"]) for dataset in datasets]
        for family in FAMILIES
    }
    rows = [
        [family, *map(_number, (*ratios, _mean(ratios)))]
        for family, ratios in by.items()
    ]
    means = [
        _mean([by[family][i] for family in FAMILIES]) for i in range(len(datasets))
    ]
    rows.append(
        ["geometric mean", *map(_number, (*means, _mean([*chain(*by.values())])))]
    )
    for title, left_out in (("sum of all", ""), ("sum without rf", "rf")):
        keys = [
            [f"{dataset}/{family}" for family in FAMILIES if family != left_out]
            for dataset in datasets
        ]
        rows.append(
            [
                title,
                *(_number(_ratio(cells, some)) for some in (*keys, [*chain(*keys)])),
            ]
        )
    rounds = max(len(one["ours"]) for one in cells.values())
    used = {
        key.split("/")[1]: ", ".join(one["shortcuts"]) or "none"
        for key, one in cells.items()
    }
    remark = (
        f"Both sides in one process, in turns; medians of {rounds}. One outer fold: 5 inner ones, all candidates, the "
        "refit, predictions of train and test rows. Shortcuts in use: "
        f"{'; '.join(f'{family} {names}' for family, names in used.items())}."
    )
    return Table(
        "One outer fold: CPU ratios", ("family", *datasets, "all"), rows, remark
    )


def _cell_seconds(cells: dict[str, Any]) -> Table:
    datasets = _datasets(cells)
    head = [f"{dataset} {side}" for dataset in datasets for side in ("A", "F")]
    rows = [
        [
            family,
            *(
                _median(cells, f"{dataset}/{family}", side)
                for dataset in datasets
                for side in ("theirs", "ours")
            ),
        ]
        for family in FAMILIES
    ]
    return Table(
        "One outer fold: CPU seconds",
        ("family", *head),
        rows,
        "A grid search, F bench.",
    )


def _median(cells: dict[str, Any], key: str, side: str) -> str:
    return f"{median(cells[key][side]):.3f}" if key in cells else ""


def _floor(cells: dict[str, Any]) -> Table:
    datasets = _datasets(cells)
    chosen = {
        family: [[f"{dataset}/{family}"] for dataset in datasets] for family in FAMILIES
    }
    chosen["sum"] = [
        [f"{dataset}/{family}" for family in FAMILIES] for dataset in datasets
    ]
    rows = []
    for title, several in chosen.items():
        ratios = [_ratio(cells, keys, "ours", "floor") for keys in several]
        rows.append(
            [title, *("" if ratio is None else f"{ratio:.2f}" for ratio in ratios)]
        )
    return Table(
        "One outer fold: bench against bare fits", ("family", *datasets), rows, _FLOOR
    )


def _datasets(cells: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(key.split("/")[0] for key in cells))


def _ratio(
    cells: dict[str, Any],
    keys: Iterable[str],
    above: str = "theirs",
    below: str = "ours",
) -> float | None:
    """The ratio of sums over these cells, None when one is missing."""
    found = [cells.get(key) for key in keys]
    sums = [
        sum(median(one[side]) for one in found if one is not None)
        for side in (above, below)
    ]
    return None if None in found else sums[0] / sums[1]


def _mean(ratios: Sequence[float | None]) -> float | None:
    """The geometric mean, None when one is missing."""
    logs = [log(one) for one in ratios if one is not None]
    return exp(sum(logs) / len(logs)) if logs and len(logs) == len(ratios) else None


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _spread(ratios: list[float]) -> list[str]:
    """The median, and the smallest and largest of several."""
    return [
        f"{median(ratios):.1f}",
        f"{min(ratios):.1f}–{max(ratios):.1f}" if len(ratios) > 1 else "",
    ]
