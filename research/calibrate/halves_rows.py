"""Tables of halves, of repeats in two stages and of orders."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from research.calibrate import orders, repeats
from research.calibrate.halves import FAMILIES, STABLE, UNSTABLE
from research.calibrate.limits import outside, power
from research.calibrate.parts import SHARES, SIZES
from research.calibrate.rows import Row, Table, error, percent, together
from research.calibrate.scoring import METRICS
from research.calibrate.tally import Tally

Hits = Callable[[Tally, str, str], np.ndarray | None]


def tables(found: dict[str, Tally]) -> list[Table]:
    """The tables in the order of the page; those whose cells were not simulated have no rows."""
    return [
        make(found)
        for make in (
            _scores,
            _equal,
            _power,
            _covered,
            _thirty,
            _stein,
            _kendall,
            _few,
        )
    ]


def _equal(found: dict[str, Tally]) -> Table:
    about = (
        "How often two equally good families of one kind are called different at .05, % of trials: corrected t with "
        "the class mix / conservative z / the wider of both / SHARP. Ten times ten folds of all rows; ten pairs of "
        "halves."
    )
    rules = ("mix", "conservative_z", "wider", "sharp")
    return Table(
        "Halves: equal families", about, _head(), _rows(found, "pair", rules, outside)
    )


def _power(found: dict[str, Tally]) -> Table:
    about = (
        "How often a difference of two standard deviations is found, %: corrected t with the class mix / conservative "
        "z / the wider of both / SHARP. The deviation is that of the measured difference over samples. Where the "
        "corrected t calls too many equal families different (table before), its power is worth nothing."
    )
    rules = ("mix", "conservative_z", "wider", "sharp")
    return Table(
        "Halves: a real difference", about, _head(), _rows(found, "pair", rules, power)
    )


def _covered(found: dict[str, Tally]) -> Table:
    about = (
        "How often a 95 % interval of an unstable family's score covers, %: Nadeau and Bengio's / with the class mix / "
        "the wider of that and conservative z. An area under the curve has no class mix."
    )
    rules = ("corrected", "mix", "wider")
    rows = _rows(found, "one", rules, _inside, UNSTABLE)
    return Table("Halves: interval of a score", about, _head(UNSTABLE), rows)


def _scores(found: dict[str, Tally]) -> Table:
    about = (
        "How often a 95 % interval of a stable family's score covers, %: Nadeau and Bengio's / with the class mix / "
        "this on the logit scale. bench takes the second for accuracies, the third for areas, which have no class mix."
    )
    rules = ("corrected", "mix", "logit")
    rows = _rows(found, "score", rules, _inside, STABLE, "scores")
    return Table("Interval of a score", about, _head(STABLE), rows)


def _thirty(found: dict[str, Tally]) -> Table:
    rows = []
    for n, share, metric in product(SIZES, SHARES, METRICS):
        tally = found.get(f"halves-{n}-{share}")
        if (
            tally is not None
            and outside(tally, f"pair/lda/{metric}", "sharp_30") is not None
        ):
            keys = [f"pair/{family}/{metric}" for family in FAMILIES]
            shares = [
                [_mean(hits, tally, key, "sharp_30") for hits in (outside, power)]
                for key in keys
            ]
            largest = error(tally, *(pair[0] for pair in shares))
            cells = (*(together(*pair) for pair in shares), largest, str(tally.trials))
            rows.append((str(n), percent(share, 0), metric, *cells))
    about = "SHARP with 30 pairs of halves, on the same samples: equal families / a real difference, %."
    return Table("Halves: thirty pairs", about, _head(), rows)


def _head(families: tuple[str, ...] = FAMILIES) -> Row:
    return ("n", "second class, %", "metric", *families, "s.e.", "trials")


def _rows(
    found: dict[str, Tally],
    of: str,
    rules: tuple[str, ...],
    hits: Hits,
    families: tuple[str, ...] = FAMILIES,
    kind: str = "halves",
) -> list[Row]:
    rows = []
    for n, share, metric in product(SIZES, SHARES, METRICS):
        tally = found.get(f"{kind}-{n}-{share}")
        if tally is not None:
            keys = [f"{of}/{family}/{metric}" for family in families]
            shares = [[_mean(hits, tally, key, rule) for rule in rules] for key in keys]
            largest = max(
                (one for every in shares for one in every),
                key=lambda one: one * (1 - one),
            )
            cells = (
                *(together(*every) for every in shares),
                error(tally, largest),
                str(tally.trials),
            )
            rows.append((str(n), percent(share, 0), metric, *cells))
    return rows


def _inside(tally: Tally, key: str, rule: str) -> np.ndarray | None:
    away = outside(tally, key, rule)
    return None if away is None else ~away


def _mean(hits: Hits, tally: Tally, key: str, rule: str) -> float:
    found = hits(tally, key, rule)
    assert found is not None
    return float(found.mean())


def _stein(found: dict[str, Tally]) -> Table:
    rows, tally = [], found.get("repeats")
    if tally is not None:
        for key in product(repeats.FAMILIES, repeats.PILOTS, repeats.WIDTHS):
            missed = [tally.share(name, *key) for name in ("stein", "naive")]
            wide = [
                tally.share(f"{name}_too_wide", *key) for name in ("stein", "naive")
            ]
            run = float(np.mean(tally.values["/".join(map(str, ("repeats", *key)))]))
            cells = (
                f"{run:.0f}",
                *map(percent, (*missed, *wide)),
                error(tally, *missed),
                str(tally.trials),
            )
            rows.append((*map(str, key), *cells))
    head = (
        "family",
        "pilot",
        "half-width, sd",
        "repeats run, mean",
        "Stein's misses",
        "usual t misses",
    )
    more = ("Stein's too wide", "usual t too wide", "s.e.", "trials")
    about = (
        f"A pilot decides how many repeats are run, {repeats.AT_MOST} at most, so that a 95 % "
        "interval has the half-width that was asked for, in standard deviations of a repeat. How often the interval "
        "misses the mean over all splits of the sample, and how often it is wider than asked, %. The usual t takes the "
        "spread of all repeats, as if their number had been stated beforehand."
    )
    return Table("Repeats in two stages", about, (*head, *more), rows)


def _kendall(found: dict[str, Tally]) -> Table:
    rows: list[Row] = []
    tally = found.get("orders")
    if tally is not None:
        for k, step in product(orders.COUNTS, orders.STEPS):
            share = tally.share("kendall", k, step)
            rows.append(
                (
                    str(k),
                    f"{step:g}",
                    percent(share),
                    error(tally, share),
                    str(tally.trials),
                )
            )
    about = (
        "How often Kendall's test says at .05 that two orders of k families agree, %: a printed one and ours, from two "
        "samples of 200 rows, each family ahead of the next by the step. With step 0 all are equal, and to agree is "
        "chance. The test is exact, but for ten families with ties, where it is normal."
    )
    return Table("Orders", about, ("families", "step", "agree", "s.e.", "trials"), rows)


def _few(found: dict[str, Tally]) -> Table:
    rows, tally = [], found.get("orders")
    if tally is not None:
        for n in orders.DATASETS:
            shares = [
                tally.share("friedman", n, name) for name in ("exact", "f", "chi2")
            ]
            rows.append(
                (
                    str(n),
                    *map(percent, shares),
                    error(tally, *shares),
                    str(tally.trials),
                )
            )
    about = f"How often {orders.FAMILIES} equal families on few datasets are called different at .05, %."
    head = (
        "datasets",
        "Friedman, exact",
        "Friedman F",
        "Friedman chi-square",
        "s.e.",
        "trials",
    )
    return Table("Few datasets", about, head, rows)
