"""Papers of several datasets, put together from single numbers that were made once (`fits`).

What is wrong (an error of the paper, or a weakness of the study) concerns one number, one model on all datasets, one
dataset, or everything; all other numbers are sound, beside a study that follows the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from bench.claims.answer import locate
from bench.core.answers import AsAWhole
from research.calibrate.finder import EVERY_WORLD, FAMILIES, REGRESSIONS, concerns
from research.corpus.fits import (
    ENDLESS,
    FAITHFUL,
    HALF_COLUMNS,
    HALF_ROWS,
    STATED,
    WEAKER,
    Fit,
    judge,
    weaken,
)
from research.corpus.rules import (
    TOLERANCE,
    Held,
    Number,
    Sheet,
    Truth,
    naive_alarms,
    outcomes,
)

GROUP, REGRESSION = "simulated papers", "simulated regressions"
GROUPS = (GROUP, REGRESSION)
SOUND, ERROR = "nothing", "an error of the paper"
WEAKNESSES = (WEAKER, HALF_COLUMNS, HALF_ROWS)
NUMBER, MODEL, DATASET, ALL = "one number", "one model", "one dataset", "everything"
SCOPES = (NUMBER, MODEL, DATASET, ALL)
#: The same on a paper of one dataset, which has no other numbers of the model.
MODEL_ALONE, ALL_ALONE = (
    "one model, one dataset in all",
    "everything, one dataset in all",
)
Place = tuple[str, str]
ALONE = (MODEL_ALONE, ALL_ALONE)
#: By study, way and number of the paper.
Sheets = dict[tuple[str, str, int], Sheet]


def sheets_of(fits: Sequence[Fit]) -> dict[int, Sheets]:
    """The numbers of all papers of one world beside each study, by draw."""
    shifts = shifts_of(fits)
    sheets: dict[int, Sheets] = {}
    for fit in fits:
        of_draw = sheets.setdefault(fit.draw, {})
        shifts_here = shifts_of([fit])
        for study in fit.studies:
            ways = fit.papers if study in (FAITHFUL, ENDLESS) else [STATED]
            keys = [(way, k) for way in ways for k in range(len(fit.papers[way]))]
            places = [(way, k, family) for way, k in keys for family in FAMILIES]
            numbers = [(f, fit.papers[way][k]["table0", f]) for way, k, f in places]
            judged = judge(fit, study, numbers)
            for (way, k, family), (row, ours) in zip(places, judged, strict=True):
                moved = tuple(
                    by.get((fit.times, study, family), 0.0)
                    - by.get((fit.times, way, family), 0.0)
                    for by in (shifts, shifts_here)
                )
                number = Number(
                    way=way.partition("/")[2],
                    truth=truth_of(fit, way, family, moved),
                    row=row,
                    moved=moved,
                    naive=naive_alarms(Held(str(row.published), ours)),
                )
                sheet = of_draw.setdefault((study, way, k), {})
                sheet[fit.dataset, family] = number
    return sheets


def shifts_of(fits: Sequence[Fit]) -> dict[tuple[int, str, str], float]:
    """By size, way or study, and family: how far numbers lie from sound ones, the mean over all tables of a size."""
    printed: dict[tuple[int, str, str], list[float]] = {}
    for fit in fits:
        for way, papers in fit.papers.items():
            for family in FAMILIES:
                values = [paper["table0", family] for paper in papers]
                printed.setdefault((fit.times, way, family), []).extend(values)
        for study, frames in fit.studies.items():
            scores = frames["scores"].filter(side="test", variant="plain")
            for family in FAMILIES:
                mean = float(scores.filter(family=family)["value"].to_numpy().mean())
                printed.setdefault((fit.times, study, family), []).append(mean)
    shifts = {}
    for (times, what, family), values in printed.items():
        if what in (FAITHFUL, ENDLESS) or what.startswith("valid/"):
            continue
        base = STATED if "/" in what else FAITHFUL
        sound = printed[times, base, family]
        shifts[times, what, family] = float(np.mean(values) - np.mean(sound))
    return shifts


def truth_of(fit: Fit, way: str, family: str, moved: Sequence[float]) -> Truth:
    """Whether the protocol moves the number; a study never does."""
    recipe = EVERY_WORLD[fit.world].recipes[FAMILIES.index(family)]
    if way.startswith("valid/") or not concerns(recipe, way):
        return "sound"
    return "wrong" if min(map(abs, moved)) > TOLERANCE else "trifling"


def is_concerned(world: str, case: str, way: str, family: str) -> bool:
    """Whether what is wrong concerns a model."""
    recipe = EVERY_WORLD[world].recipes[FAMILIES.index(family)]
    if case == WEAKER:
        return weaken(recipe) is not None
    return concerns(recipe, way)


def pairs(sheets: Sheets, faithful: str) -> Iterator[tuple[str, str, Sheet, Sheet]]:
    """What is wrong, the way of the paper, the sound sheet of a paper and the one where all is wrong."""
    sound = [
        s for (study, way, _), s in sheets.items() if (study, way) == (faithful, STATED)
    ]
    for (study, way, k), sheet in sheets.items():
        if study == faithful and not way.startswith("valid/"):
            yield ERROR, way, sound[k % len(sound)], sheet
        if study in WEAKNESSES and faithful == FAITHFUL:
            yield study, way, sound[k], sheet


def compose(
    sound: Sheet, wrong: Sheet, concerned: Sequence[Place]
) -> Iterator[tuple[str, Sheet, list[Place]]]:
    """By scope, each paper that has these wrong numbers, and their places."""
    datasets, families = (
        dict.fromkeys(d for d, _ in sound),
        dict.fromkeys(f for _, f in sound),
    )
    parts = [(NUMBER, [place]) for place in concerned]
    parts += [(MODEL, [p for p in concerned if p[1] == family]) for family in families]
    parts += [
        (DATASET, [p for p in concerned if p[0] == dataset]) for dataset in datasets
    ]
    parts += [(ALL, list(concerned))]
    for scope, places in parts:
        if places:
            yield scope, sound | {place: wrong[place] for place in places}, places
    alone = [(MODEL_ALONE, places) for scope, places in parts if scope == NUMBER]
    alone += [(ALL_ALONE, places) for scope, places in parts if scope == DATASET]
    for scope, places in alone:
        if places:
            beside = {
                place: n for place, n in sound.items() if place[0] == places[0][0]
            }
            yield scope, beside | {place: wrong[place] for place in places}, places


def judge_papers(
    fits: Iterable[Fit],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is said of the numbers of all papers of one world, and of each paper as a whole."""
    numbers: list[dict[str, Any]] = []
    wholes: list[dict[str, Any]] = []
    fits = list(fits)
    world = fits[0].world
    for draw, sheets in sheets_of(fits).items():
        for faithful in (FAITHFUL, ENDLESS):
            about = {
                "group": REGRESSION if world in REGRESSIONS else GROUP,
                "paper": f"{world} {draw}",
                "endless": faithful == ENDLESS,
            }
            for (study, way, _), sheet in sheets.items():
                if study == faithful and way.startswith("valid/"):
                    case = about | {"case": SOUND, "scope": ALL}
                    numbers += outcomes(list(sheet), sheet, **case)
                    wholes.append(case | answer_of(sheet))
            for wrong_is, way, sound, wrong in pairs(sheets, faithful):
                places = [p for p in wrong if is_concerned(world, wrong_is, way, p[1])]
                for scope, sheet, concerned in compose(sound, wrong, places):
                    case = about | {"case": wrong_is, "scope": scope}
                    numbers += outcomes(concerned, sheet, **case)
                    if scope in SCOPES:
                        wholes.append(case | answer_of(sheet))
    return numbers, wholes


def answer_of(sheet: Mapping[Place, Number]) -> dict[str, Any]:
    """The answer for the paper, and whether its numbers lie beyond the tolerance on average; null: near the border."""
    differences: dict[str, list[float]] = {}
    moved: dict[str, list[tuple[float, ...]]] = {}
    for (dataset, _), number in sheet.items():
        if number.row.difference is not None:
            differences.setdefault(dataset, []).append(number.row.difference)
            moved.setdefault(dataset, []).append(number.moved)
    means = np.array([np.mean(values) for values in differences.values()])
    answer = locate(means, TOLERANCE).answer
    shifts = np.mean([np.mean(values, axis=0) for values in moved.values()], axis=0)
    is_beyond = np.abs(shifts) > TOLERANCE
    beyond = bool(is_beyond[0]) if is_beyond[0] == is_beyond[1] else None
    is_wrong = (beyond is True and answer == AsAWhole.HOLDS) or (
        beyond is False and answer == AsAWhole.DIFFERS
    )
    said = {str(word): answer == word for word in (AsAWhole.HOLDS, AsAWhole.DIFFERS)}
    return said | {"beyond": beyond, "wrong": is_wrong}
