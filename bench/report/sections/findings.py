"""What the diagnostics found, what passed, and what could not be asked: three different things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from bench.diagnose import DIAGNOSTICS, Number, failed_cells
from bench.diagnose import numbers as numbers_of
from bench.diagnose.diagnostic import BY_CONSTRUCTION
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.sections.self_checks import self_checks
from bench.report.styles import Styles, styles_of
from bench.text import formats
from bench.text.words import Measure, terms, with_code

#: What the number of each diagnostic is.
NUMBERS = numbers_of()
_ORDER = {"serious": 0, "warning": 1, "note": 2}
#: Diagnostics whose numbers are for reading: they pass nothing, for they ask nothing.
_NUMBERS = ("selection", "repeats")
_DRAWN = ("waterfall",)
#: Diagnostics whose every row stands in a table of its own.
_TABLED = ("self_check",)
#: More notes than this are folded away: alarms must not drown in them.
MOST_NOTES = 8
_SIGNS = {"serious": "‼", "warning": "!", "note": "i"}
#: Each finding ends in a question worth asking, by its diagnostic.
_QUESTIONS = {
    "illegitimate_features": "Is this feature known before the target is?",
    "near_duplicates": "Are these pairs one case measured twice?",
    "file_order": "Were rows that stand together collected from one person, device or day?",
    "biased_test": "How were the test rows chosen?",
    "temporal": "Is the future to be predicted from the past?",
    "train_test_gap": "Would more rows, or a simpler candidate, close the gap?",
    "tuning_optimism": "How many candidates were tried, and would fewer have been enough?",
    "grid_edge": "Would the choice move on if the candidates reached further?",
    "calibration": "Would a decision that weighs costs by these probabilities be the right one?",
    "first_place": "Which families would another seed put first?",
    "selection": "Is the advantage of the best candidate larger than what the search adds by itself?",
    "leakage": "Could a row of the test set have been known, in part, before it was predicted?",
    "duplicates_across": "Are equal rows the same case measured twice, or two cases that look alike?",
    "candidate_stability": "Is one candidate better, or do they all do equally well?",
    "beats_baseline": "Do the features say anything about the target in these rows?",
    "degenerate": "What made one answer to every row the best that could be found?",
    "permuted_labels": "Is there anything to be learnt from these features?",
    "overtuning": "Would the defaults have been enough?",
    "importances": "Would another sample of rows name the same features?",
    "self_check": "How much is a difference worth that such a test calls?",
    "explanations": "How did the authors split, choose and score?",
    "split_gap": "Will new cases come from the groups that are known, or from others?",
    "learning_curve": "Are more rows to be had?",
    "variance_budget": "Which source would another run like this one vary?",
    "outlier_folds": "Which rows are in that fold, and do they differ from the rest?",
    "failed_cells": "Would the conclusion stand if these cells had finished?",
    "data_remarks": "Would the conclusion stand without these rows or columns?",
}


def findings(bundle: Bundle) -> dict[str, Any]:
    styles, frame = styles_of(bundle), bundle.frame("findings")
    unit = facts.primary(bundle)
    found = [_finding(styles, unit, row) for row in frame.filter(pl.col("outcome") == "found").iter_rows(named=True)]
    found.sort(key=lambda f: (_ORDER.get(f["severity"], 3), f["code"], f["where"]))
    good = frame.filter((pl.col("outcome") == "passed") & ~_name().is_in([*_NUMBERS, *_DRAWN]))
    argued = pl.col("reason").fill_null("").str.starts_with(BY_CONSTRUCTION)
    passed, sure = good.filter(~argued), good.filter(argued)
    numbers = frame.filter((pl.col("outcome") == "passed") & _name().is_in(_NUMBERS))
    checks = self_checks(bundle)
    listed = frame if checks is None else frame.filter(~_name().is_in(_TABLED))
    skipped = listed.filter(pl.col("outcome") == "not_applicable")
    groups = _groups(found)
    alarms, notes = ([group for group in groups if group["alarm"] == wanted] for wanted in (True, False))
    count = sum(len(group["items"]) for group in notes)
    return {
        "found": alarms if count > MOST_NOTES else groups,
        "folded": notes if count > MOST_NOTES else [],
        "folded_count": formats.plural(count, "note"),
        "folded_titles": formats.listed([group["title"] for group in notes]),
        "checks": checks,
        "passed": [f"{_title(name)} ({formats.plural(n, 'check')})" for name, n in _counted(passed)],
        "told": [_finding(styles, unit, row) for row in _whole(passed).iter_rows(named=True)],
        "sure": [{"reason": reason, "where": where} for reason, where in _gathered(bundle, styles, sure)],
        "numbers": [_finding(styles, unit, row) for row in numbers.iter_rows(named=True)],
        "skipped": [
            {"name": _title(name), "reason": with_code(formats.thousands(reason)), "where": where}
            for (name,), part in skipped.group_by(_name(), maintain_order=True)
            for reason, where in _gathered(bundle, styles, part)
        ],
        "empty": "" if frame.height else "No diagnostic was run for this study.",
        "terms": terms("copies", "first_repeats") if frame.height else [],
        "healthy": f"None. {formats.plural(passed.height, 'check')} passed." if frame.height and not found else "",
    }


def alarms(bundle: Bundle) -> str:
    """What was found above a note, and where, in a sentence for the top of the page; or that nothing was."""
    frame = bundle.frame("findings")
    found = frame.filter((pl.col("outcome") == "found") & (pl.col("severity") != "note"))
    if found.is_empty():
        return "No alarm was raised." if frame.height else ""
    styles, said = styles_of(bundle), []
    for severity, noun in (("serious", "serious finding"), ("warning", "warning")):
        rows = found.filter(pl.col("severity") == severity)
        if rows.height:
            by = rows.select(_name().alias("name"), "dataset").unique(maintain_order=True)
            named = [
                _title(name) + _on(styles, part["dataset"].drop_nulls().to_list())
                for (name,), part in by.group_by("name", maintain_order=True)
            ]
            said.append(f"{_SIGNS[severity]} {formats.plural(rows.height, noun)}: {formats.listed(named)}.")
    return " ".join(said)


def _on(styles: Styles, places: list[str]) -> str:
    """` (on Eighty rows twice)`; where there is one data set, or too many to name, nothing or their number."""
    if not places or len(styles.study.datasets) < 2:
        return ""
    return f" (on {formats.listed([styles.dataset(d) for d in places]) if len(places) < 3 else f'{len(places)} data sets'})"


def _groups(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings of one diagnostic together, the gravest first, under the question that they raise."""
    groups: dict[str, dict[str, Any]] = {}
    for one in found:
        head = {key: one[key] for key in ("title", "code", "question", "why", "what_to_do")}
        alarm = one["severity"] != "note"  # the gravest comes first
        groups.setdefault(one["title"], head | {"alarm": alarm, "items": []})["items"].append(one)
    return list(groups.values())


def _whole(passed: pl.DataFrame) -> pl.DataFrame:
    """What is not about one family, and stands in no table of its own."""
    return passed.filter(pl.col("family").is_null() & ~_name().is_in(_TABLED))


def _name() -> pl.Expr:
    return pl.coalesce("diagnostic", "code").alias("name")


def _gathered(bundle: Bundle, styles: Styles, rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Each reason once, with the data sets that it is about; nothing beside it where it is about all, or the study."""
    said: dict[str, dict[str, None]] = {}
    for dataset, reason in rows.select("dataset", "reason").iter_rows():
        said.setdefault(reason or "", {}).update({dataset: None} if dataset else {})
    every = set(bundle.datasets)
    return [
        (reason, formats.listed([styles.dataset(name) for name in at]) if 0 < len(at) < len(every) else "")
        for reason, at in said.items()
    ]


def _counted(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return list(frame.group_by(_name()).len().sort("name").iter_rows())


def _title(name: str) -> str:
    """What a diagnostic is called on the page; of one that is no more, its name in words."""
    if name == failed_cells.NAME:
        return failed_cells.TITLE
    return DIAGNOSTICS[name].title if name in DIAGNOSTICS else name.replace("_", " ").replace("-", " ").capitalize()


def _advice(name: str) -> tuple[str, str]:
    """Why it matters, and what to do."""
    if name == failed_cells.NAME:
        return failed_cells.WHY, failed_cells.WHAT_TO_DO
    return (DIAGNOSTICS[name].why, DIAGNOSTICS[name].what_to_do) if name in DIAGNOSTICS else ("", "")


def number_words(row: dict[str, Any], unit: Measure) -> str:
    """What a finding's number is, and the number in its unit with its interval: `random folds better by: +4.0 pp`.

    Empty where there is none, or where the finding says its own. `unit`: the study's primary metric.
    """
    number = NUMBERS.get(row["diagnostic"] or "")
    if number is None or row["estimate"] is None:
        return ""
    show = _shown(number, unit)
    interval = formats.interval(row["low"], row["high"], show)
    after = f" {number.unit}" if number.unit == "standard errors" else ""
    return f"{number.name}: {show(row['estimate'])}{after} {interval}".strip()


def _shown(number: Number, unit: Measure) -> Callable[[float | None], str]:
    """How a number of that unit is printed."""
    shown: dict[str, Callable[[float | None], str]] = {
        "share": lambda value: formats.share(value or 0.0, 1),
        "score": unit.difference,
        "tuning": formats.signed,
        "standard errors": formats.rank,
        "correlation": formats.score,
        "probability": formats.points,
        "chance": formats.p_equals,
    }
    return shown[number.unit]


def _finding(styles: Styles, unit: Measure, row: dict[str, Any]) -> dict[str, Any]:
    where = [styles.dataset(row["dataset"])] if row["dataset"] else []
    where += [styles.family(row["family"]).title] if row["family"] else []
    name = row["diagnostic"] or row["code"]
    why, what_to_do = _advice(name)
    return {
        "code": row["code"],
        "title": _title(name),
        "where": ", ".join(where),
        "severity": row["severity"],
        "sign": _SIGNS.get(row["severity"], "i"),
        "reason": formats.thousands(row["reason"] or ""),
        "size": number_words(row, unit),
        "question": _QUESTIONS.get(name, ""),
        "why": with_code(why),
        "what_to_do": with_code(what_to_do),
    }


SECTION = Section("findings", "Findings", findings, order=110)
