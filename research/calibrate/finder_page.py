"""How often the search for explanations is right, as a section of docs/calibration.md.

`python -m research.calibrate.finder_page 8` runs eight tables of each world and size, continues where it was
interrupted, and puts the section into the page.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

from research.calibrate import page  # noqa: E402
from research.calibrate.finder import PRINTS, SIZES, WORLDS, Size, simulated  # noqa: E402

TITLE = "## Explanations of published numbers"
BIG = 2.0
#: Code that decides the outcomes.
JUDGED: tuple[str, ...] = (
    "bench/claims/explained.py",
    "bench/stats/prediction.py",
    "bench/scores/compute.py",
    "bench/run/variants/explanations",
    "bench/run/variants",
)
JUDGED += (
    "bench/run/evaluate.py",
    "bench/run/engine.py",
    "bench/run/gather.py",
    "bench/run/folds.py",
)
JUDGED += ("research/calibrate/finder.py", "research/calibrate/papers.py")
Row = dict[str, Any]
_ABOUT = """\
Each simulated paper follows one protocol for all its numbers, with splits and seeds of its own. A study of the same
tables, run by bench, answers with the set of explanations that are compatible with all the numbers it is asked about.
Repeats: of every explanation in the study; with 10 it is judged by the first ten of 30. Effect: how far the error
moves the expected number, in standard errors (the spread of a valid number over splits and seeds); of several numbers
the largest. Shares are of papers whose effect is at least 2, their count in brackets; papers on the same tables share
the study's runs. Found: the right explanation is in the set. Valid too: a valid one is in it. Accused: an error is in
it and
no valid one. Size: how many explanations are in it, median."""
_LIMITS = """\
Valid papers: met everywhere. Errors found: all settings below 90 % rest on 7 or 21 papers of three draws of tables,
where one unlucky draw takes a third of them along; together 94 % and more are found. The best of 100 splits on 250 to
800 rows (76 to 86 %) may be lower: its interval is extrapolated from ten splits.

None of these: met where a paper prints six numbers on tables of 250 rows and more, nearly met by three numbers there
and by twelve on tables of 50 to 160 rows with 30 repeats. **Not met** by one number, and it cannot be. With 30
repeats an explanation's number is known to a fifth of the spread of a single paper's number; if it were known
exactly, the interval would be 2 % narrower. Yet 30 repeats instead of ten raise the share by two points only. What
remains is the paper's own noise: a dozen explanations lie within a few such spreads of each other, valid ones among
them, and one of them also gives a number that an unlisted error moved by two to four spreads. More numbers of the
same paper raise the share by 30 to 55 points, because an error moves different numbers by different amounts. So name
in `explain` all families whose numbers the paper prints, and read an error in the set as compatible, not as made: of
papers with an unlisted error one in two (one number, small tables) to one in thirteen (six numbers, larger tables)
gets a listed error that was not made.

History: with one number, on other draws of the small tables, none of these was the answer to 22 % at first (every
study asked for the best of 100 splits), and to 25 % with the best of ten; an interval of 90 % instead of 95 % gave 33
% but lost errors, and was not used. Tables of 250 rows, several numbers and 30 repeats were added later. In a first
run of several numbers the tuned papers had one family that they did not tune and their studies did; tuning on test
rows was then found in 38 to 71 % of papers with six and twelve numbers, and in 95 to 100 % of those with one. Now all
three families are tuned in both. An explanation applies to all families alike: it does not describe a paper that
tuned some families on test
rows and the others not at all."""


def section(by_setting: dict[str, list[Row]]) -> str:
    parts = [TITLE, "", _ABOUT, "", _aims(by_setting), ""]
    parts += _part(
        "Listed errors: found, % / size (papers)",
        "error",
        by_setting,
        _named("error"),
        _error,
    )
    parts += _part(
        "Valid papers: accused, % / no valid explanation, % (papers)",
        "protocol",
        by_setting,
        _named("valid"),
        _valid,
    )
    title = "Unlisted errors: none of these, % / valid too, % / accused, % (papers)"
    parts += _part(title, "error", by_setting, _unlisted, _unknown)
    return "\n".join([*parts, _LIMITS, ""])


def _part(
    title: str,
    what: str,
    by_setting: dict[str, list[Row]],
    ways: Callable[[list[Row]], list[tuple[str, list[Row]]]],
    cell: Callable[[list[Row]], str],
) -> list[str]:
    """A row for each protocol and setting, a column for each set of numbers."""
    rows = [
        (
            way.replace("_", " "),
            setting,
            *(cell(_printing(part, prints)) for prints in PRINTS),
        )
        for setting, every in by_setting.items()
        for way, part in ways(every)
    ]
    return [f"{title}:", "", *_table((what, "rows, repeats", *PRINTS), rows)]


def _aims(by_setting: dict[str, list[Row]]) -> str:
    """Which aims are met and which are not, from the same rows."""
    head = (
        "rows, repeats",
        "asked about",
        "errors found in less than 90 %",
        "valid papers accused, %",
        "none of these, %",
    )
    rows = []
    for setting, every in by_setting.items():
        for prints in dict.fromkeys(row["prints"] for row in every):
            here = _printing(every, prints)
            errors = [
                (way.replace("_", " "), _large(part))
                for way, part in _named("error")(here)
            ]
            few = [
                f"{way} {_share(part, 'found')}"
                for way, part in errors
                if part and _mean(part, "found") < 0.9
            ]
            valid, unknown = (
                [row for row in here if row["kind"] == kind]
                for kind in ("valid", "unknown")
            )
            cells = (
                ", ".join(few) or "none",
                _share(valid, "accuses"),
                _share(_large(unknown), "none"),
            )
            rows.append((setting, prints, *cells))
    aims = (
        "Aims: the right error is in the set of at least 90 % of papers, at most 5 % of valid papers are accused, and\n"
        "none of these is the answer to at least 80 % of papers with an unlisted error."
    )
    return "\n".join([aims, "", *_table(head, rows)]).rstrip()


def _named(kind: str) -> Callable[[list[Row]], list[tuple[str, list[Row]]]]:
    def by(rows: list[Row]) -> list[tuple[str, list[Row]]]:
        ways = dict.fromkeys(row["way"] for row in rows if row["kind"] == kind)
        return [
            (way, [row for row in rows if (row["kind"], row["way"]) == (kind, way)])
            for way in ways
        ]

    return by


def _unlisted(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """By protocol, then all together by effect."""
    all_ = [row for row in rows if row["kind"] == "unknown"]
    bands = ((2, 4), (4, 8), (8, np.inf))
    told = [
        (f"all, effect {a} to {b}" if b < np.inf else f"all, effect {a} or more", a, b)
        for a, b in bands
    ]
    banded = [
        (name, [row for row in all_ if a <= row["effect"] < b]) for name, a, b in told
    ]
    return [*_named("unknown")(rows), *banded, ("all", all_)]


def _printing(rows: list[Row], prints: str) -> list[Row]:
    return [row for row in rows if row["prints"] == prints]


def _mean(rows: list[Row], name: str) -> float:
    return float(np.mean([row[name] for row in rows]))


def _share(rows: list[Row], name: str) -> str:
    return f"{100 * _mean(rows, name):.1f}" if rows else "-"


def _large(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["effect"] >= BIG]


def _error(rows: list[Row]) -> str:
    large = _large(rows)
    if not large:
        return "-"
    return f"{_share(large, 'found')} / {np.median([row['ways'] for row in large]):.0f} ({len(large)})"


def _unknown(rows: list[Row]) -> str:
    large = _large(rows)
    if not large:
        return "-"
    return (
        " / ".join(_share(large, name) for name in ("none", "valid", "accuses"))
        + f" ({len(large)})"
    )


def _valid(rows: list[Row]) -> str:
    return (
        f"{_share(rows, 'accuses')} / {100 - 100 * _mean(rows, 'valid'):.1f} ({len(rows)})"
        if rows
        else "-"
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)] + [""]


def _folder() -> Path:
    """Where outcomes of this code are kept."""
    digest = hashlib.sha256()
    for top in (ROOT / one for one in JUDGED):
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            digest.update(path.read_bytes())
    folder = ROOT / ".bench" / "calibrate" / f"finder-{digest.hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _kept(folder: Path, job: tuple[str, Size, int]) -> list[Row]:
    world, size, number = job
    path = folder / f"{world}-{size.times}-{number}.json"
    if not path.is_file():
        path.with_suffix(".new").write_text(
            json.dumps(simulated(*job)), encoding="utf-8"
        )
        path.with_suffix(".new").replace(path)
    return list(json.loads(path.read_text(encoding="utf-8")))


def main(tables: int, workers: int = 2) -> None:
    jobs, folder = (
        [(world, size, n) for n, size, world in product(range(tables), SIZES, WORLDS)],
        _folder(),
    )
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(_kept, [folder] * len(jobs), jobs))
    outcomes = list(zip(jobs, done, strict=True))
    by_setting = {
        f"{size.rows}, {repeats}": [
            row
            for (_, own, _), rows in outcomes
            if own == size
            for row in rows
            if row["repeats"] == repeats
        ]
        for size in SIZES
        for repeats in size.repeats
    }
    text = section(by_setting)
    page.put(TITLE, text)
    print(text)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
