"""What the diagnostics found, what passed, and what could not be checked: three different things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from bench.core.findings import Outcome, Severity, is_alarm
from bench.diagnose import DIAGNOSTICS, FindingNumber, numbers, reason, title_of
from bench.diagnose.diagnostic import NumberShown
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.sections.self_checks import self_checks
from bench.report.styles import Styles, styles_of
from bench.text import formats
from bench.text.words import Measure, terms, with_code

_ORDER = {Severity.SERIOUS.value: 0, Severity.WARNING.value: 1, Severity.NOTE.value: 2}
_SIGNS = {Severity.SERIOUS.value: "‼", Severity.WARNING.value: "!", Severity.NOTE.value: "i"}
_NOUNS = {Severity.SERIOUS: "serious warning", Severity.WARNING: "warning"}
#: More notes than this are folded away: warnings must not drown in them.
MOST_NOTES = 8


def findings(bundle: Bundle) -> dict[str, Any]:
    """What the template of the section shows."""
    styles, frame, unit = styles_of(bundle), bundle.frame("findings"), facts.primary(bundle)
    found = [_finding(styles, unit, row) for row in _of(frame, Outcome.FOUND).iter_rows(named=True)]
    found.sort(key=lambda one: (_ORDER[one["severity"]], one["code"], one["where"]))
    checked = _shown(_of(frame, Outcome.PASSED), NumberShown.CHECKS, NumberShown.TABLE)
    numbered = _shown(_of(frame, Outcome.PASSED), NumberShown.NUMBERS)
    checks = self_checks(bundle)
    listed = frame if checks is None else frame.filter(~pl.col("diagnostic").is_in(_names(NumberShown.TABLE)))
    groups = _groups(found)
    warnings, notes = ([group for group in groups if group["alarm"] == wanted] for wanted in (True, False))
    count = sum(len(group["items"]) for group in notes)
    return {
        "found": warnings if count > MOST_NOTES else groups,
        "folded": notes if count > MOST_NOTES else [],
        "folded_count": formats.plural(count, "note"),
        "folded_titles": formats.listed([group["title"] for group in notes]),
        "checks": checks,
        "passed": [f"{title_of(name)} ({formats.plural(n, 'check')})" for name, n in _counted(checked)],
        "passed_details": [_finding(styles, unit, row) for row in _whole(checked).iter_rows(named=True)],
        "by_design": _gathered(bundle, styles, _of(frame, Outcome.BY_CONSTRUCTION)),
        "numbers": [_finding(styles, unit, row) for row in numbered.iter_rows(named=True)],
        "not_checked": _gathered(bundle, styles, _of(listed, Outcome.NOT_APPLICABLE)),
        "empty": "" if frame.height else "No diagnostic was run for this study.",
        "terms": terms("copies", "first_repeats") if frame.height else [],
        "healthy": f"None. {formats.plural(checked.height, 'check')} passed." if frame.height and not found else "",
    }


def alarms(bundle: Bundle) -> str:
    """The warnings and where they are, in a sentence for the top of the page; or that there are none."""
    frame = bundle.frame("findings")
    grave = frame.filter(is_alarm())
    if grave.is_empty():
        return "No warnings." if frame.height else ""
    styles, parts = styles_of(bundle), []
    for severity, noun in _NOUNS.items():
        rows = grave.filter(pl.col("severity") == severity.value)
        if rows.height:
            named = [f"{title}{_on(styles, places)}" for title, places in _titled(rows).items()]
            parts.append(f"{_SIGNS[severity]} {formats.plural(rows.height, noun)}: {formats.listed(named)}.")
    return " ".join(parts)


def _titled(rows: pl.DataFrame) -> dict[str, list[str]]:
    """The data sets of each title, in the order of the rows."""
    titled: dict[str, list[str]] = {}
    for name, code, dataset in rows.select("diagnostic", "code", "dataset").unique(maintain_order=True).iter_rows():
        places = titled.setdefault(title_of(name, code), [])
        places += [dataset] if dataset and dataset not in places else []
    return titled


def _on(styles: Styles, places: list[str]) -> str:
    """` (on Eighty rows twice)`; where there is one data set, or too many to name, nothing or their number."""
    if not places or len(styles.study.datasets) < 2:
        return ""
    named = formats.listed([styles.dataset(name) for name in places]) if len(places) < 3 else f"{len(places)} data sets"
    return f" (on {named})"


def _groups(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings of one title together, the gravest first, under the question that they raise."""
    groups: dict[str, dict[str, Any]] = {}
    for finding in found:
        head = {key: finding[key] for key in ("title", "code", "question", "why", "what_to_do")}
        alarm = finding["severity"] != Severity.NOTE  # the gravest comes first
        groups.setdefault(finding["title"], head | {"alarm": alarm, "items": []})["items"].append(finding)
    return list(groups.values())


def _of(frame: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    return frame.filter(pl.col("outcome") == outcome.value)


def _names(*places: NumberShown) -> list[str]:
    return [diagnostic.name for diagnostic in DIAGNOSTICS.values() if diagnostic.shown in places]


def _shown(frame: pl.DataFrame, *places: NumberShown) -> pl.DataFrame:
    return frame.filter(pl.col("diagnostic").is_in(_names(*places)))


def _whole(passed: pl.DataFrame) -> pl.DataFrame:
    """What is not about one family, and has no table of its own."""
    return _shown(passed, NumberShown.CHECKS).filter(pl.col("family").is_null())


def _gathered(bundle: Bundle, styles: Styles, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Each reason of a diagnostic once, with its data sets; none are named where it is about all, or the study."""
    places: dict[tuple[str, str], dict[str, None]] = {}
    for name, code, dataset, details in rows.select("diagnostic", "code", "dataset", "details").iter_rows():
        datasets = places.setdefault((title_of(name, code), reason(details)), {})
        datasets.update({dataset: None} if dataset else {})
    every = set(bundle.datasets)
    return [
        {
            "name": title,
            "reason": with_code(formats.thousands(sentence)),
            "where": formats.listed([styles.dataset(name) for name in at]) if 0 < len(at) < len(every) else "",
        }
        for (title, sentence), at in places.items()
    ]


def _counted(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return list(frame.group_by("diagnostic").len().sort("diagnostic").iter_rows())


def number_words(row: dict[str, Any], unit: Measure) -> str:
    """What a finding's number is, and the number in its unit with its interval: `random folds better by: +4.0 pp`.

    Empty where there is none, or where the finding says its own. `unit`: the study's primary metric.
    """
    number = numbers().get(row["diagnostic"])
    if number is None or row["estimate"] is None:
        return ""
    show = _format(number, unit)
    interval = formats.interval(row["low"], row["high"], show)
    after = f" {number.unit}" if number.unit == "standard errors" else ""
    return f"{number.name}: {show(row['estimate'])}{after} {interval}".strip()


def _format(number: FindingNumber, unit: Measure) -> Callable[[float | None], str]:
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
    diagnostic = DIAGNOSTICS[row["diagnostic"]]
    return {
        "code": row["code"],
        "title": title_of(diagnostic.name, row["code"]),
        "where": ", ".join(where),
        "severity": row["severity"],
        "sign": _SIGNS[row["severity"]],
        "reason": formats.thousands(reason(row["details"])),
        "size": number_words(row, unit),
        "question": diagnostic.question,
        "why": with_code(diagnostic.why),
        "what_to_do": with_code(diagnostic.what_to_do),
    }


SECTION = Section("findings", "Findings", findings, order=110)
