"""What the diagnostics found, what passed, and what could not be checked: three different things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl
from markupsafe import Markup

from bench.core.findings import FindingRow, Outcome, Severity
from bench.core.outcomes import codes
from bench.core.rows import WARNED
from bench.diagnose import DIAGNOSTICS, FindingNumber, numbers, reason, title_of
from bench.diagnose.diagnostic import NumberShown
from bench.diagnose.leakage import SourceSelected
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.section import Labelled, Section
from bench.report.styles import Styles, styles_of
from bench.report.text import findings as text
from bench.text import formats
from bench.text.glossary import Term, terms
from bench.text.words import Measure, with_code

_ORDER = (Severity.SERIOUS, Severity.WARNING, Severity.NOTE)
_SIGNS = {
    Severity.SERIOUS.value: "‼",
    Severity.WARNING.value: "!",
    Severity.NOTE.value: "i",
}
#: The terms that a diagnostic uses.
_TERMS = {"near_duplicates": "copies", "first_place": "first_repeats"}
#: What the reason of a warning about convergence holds.
_CONVERGENCE = "converge"
#: Of more groups of models with datasets of their own, the datasets are counted.
_MOST_GROUPS = 3
_NOUNS = {Severity.SERIOUS: "serious warning", Severity.WARNING: "warning"}


@dataclass(frozen=True)
class FindingShown:
    """A finding: of which diagnostic, whose it is, what was seen, and its number."""

    diagnostic: str
    title: str
    where: str
    severity: str
    sign: str
    reason: str
    size: str


@dataclass(frozen=True)
class FindingGroup:
    """Findings of one title together, the gravest first, with what to do about them.

    `table`: notes on several models in a row each, under what they have in common (`said`).
    """

    name: str
    title: str
    why: Markup
    what_to_do: Markup
    alarm: bool
    findings: list[FindingShown]
    said: str
    table: Table | None


@dataclass(frozen=True)
class FindingsView:
    """The section; `not_checked`: the checks by why they were not made."""

    found: list[FindingGroup]
    folded: list[FindingGroup]
    folded_titles: str
    passed_count: str
    passed: list[str]
    by_design: list[str]
    not_checked: list[Labelled]
    empty: str
    terms: list[Term]
    healthy: str
    calm: str


def findings(bundle: Bundle) -> FindingsView:
    """Every finding, by what came of it."""
    styles, unit, rows = styles_of(bundle), facts.primary(bundle), bundle.findings
    groups = _groups(styles, unit, _of(rows, Outcome.FOUND))
    notes = [group for group in groups if not group.alarm]
    passed, unchecked = _of(rows, Outcome.PASSED), _of(rows, Outcome.NOT_APPLICABLE)
    checked = _shown(passed)
    return FindingsView(
        found=[group for group in groups if group.alarm],
        folded=notes,
        folded_titles=formats.listed([group.title for group in notes]),
        passed_count=formats.plural(len(checked), "check"),
        passed=_counted(checked),
        by_design=_checks(bundle, styles, _of(rows, Outcome.BY_CONSTRUCTION)),
        not_checked=_by_cause(bundle, styles, unchecked),
        empty="" if rows else text.NOT_RUN,
        terms=_terms(rows),
        healthy=text.healthy(len(checked)) if rows and not groups else "",
        calm=_none_warns(bundle) if notes and len(notes) == len(groups) else "",
    )


def _by_cause(
    bundle: Bundle, styles: Styles, rows: Iterable[FindingRow]
) -> list[Labelled]:
    """The checks that were not made, by the cause; each names its models and datasets where it is not about all."""
    found: dict[str, list[FindingRow]] = {}
    for row in rows:
        if cause := _cause(row):
            found.setdefault(cause, []).append(row)
    order = {
        cause: place for place, cause in enumerate(dict.fromkeys(text.CAUSES.values()))
    }
    return [
        Labelled(cause, ", ".join(_checks(bundle, styles, found[cause])))
        for cause in sorted(found, key=lambda cause: order.get(cause, len(order)))
    ]


def _checks(bundle: Bundle, styles: Styles, rows: Iterable[FindingRow]) -> list[str]:
    """Checks by title, each with the models and datasets that it is about where these are not all."""
    found: dict[str, list[FindingRow]] = {}
    for row in rows:
        found.setdefault(title_of(row.diagnostic, row.code), []).append(row)
    return [title + _about(bundle, styles, same) for title, same in found.items()]


def _cause(row: FindingRow) -> str:
    """Why a check was not made, in few words; where nobody wrote these, its reason."""
    brief = [text.CAUSES[code] for code in codes(row.details) if code in text.CAUSES]
    said = reason(row.details)
    return brief[0] if brief else _begun(said)


def _about(bundle: Bundle, styles: Styles, rows: Sequence[FindingRow]) -> str:
    """` (Wine: 1-NN)`: the models and datasets of a check; nothing where they are all, or it is about the study."""
    every, sharing = (
        set(facts.families(bundle)),
        dict[tuple[str, ...], list[str | None]](),
    )
    for place in dict.fromkeys(row.dataset for row in rows):
        models = _some([row.family for row in rows if row.dataset == place], every)
        sharing.setdefault(
            tuple(styles.family(name).title for name in models), []
        ).append(place)
    alone = set(bundle.datasets) if len(sharing) == 1 else set()
    if len(sharing) > _MOST_GROUPS:
        sharing = {(): [place for places in sharing.values() for place in places]}
    each = (
        text.where(models, [styles.dataset(name) for name in _some(places, alone)])
        for models, places in sharing.items()
    )
    where = "; ".join(filter(None, each))
    return f" ({where})" if where else ""


def _terms(rows: Iterable[FindingRow]) -> list[Term]:
    """The terms of the diagnostics that could look."""
    looked = {row.diagnostic for row in rows if row.outcome != Outcome.NOT_APPLICABLE}
    return terms(*(term for name, term in _TERMS.items() if name in looked))


def _counted(rows: Iterable[FindingRow]) -> list[str]:
    """Checks by title, each with how often it was made."""
    counts = Counter(title_of(row.diagnostic, row.code) for row in rows)
    return [text.passed(title, n) for title, n in sorted(counts.items())]


def alarms(bundle: Bundle) -> str:
    """The warnings and where they are, in a sentence for the top of the page; or that there are none."""
    rows, styles, parts = bundle.findings, styles_of(bundle), []
    for severity, noun in _NOUNS.items():
        grave = [row for row in _of(rows, Outcome.FOUND) if row.severity == severity]
        if grave:
            named = [
                f"{title}{_on(styles, places)}"
                for title, places in _titled(grave).items()
            ]
            meant = (
                text.ON_PURPOSE
                if all(_on_purpose(bundle, row) for row in grave)
                else ""
            )
            parts.append(
                text.warnings(_SIGNS[severity], len(grave), noun, named) + meant
            )
    if not parts and rows:
        return _none_warns(bundle)
    troubled = _troubled(bundle)
    return " ".join([*parts, f"{troubled}."] if troubled else parts)


def is_calm(bundle: Bundle) -> bool:
    """Whether no check warns."""
    return not warnings_of(bundle)


def _none_warns(bundle: Bundle) -> str:
    """That no check warns; where nothing was fitted here, also what that cannot mean."""
    return text.none_warns(_troubled(bundle)) if bundle.study.fits else text.ELSEWHERE


def _troubled(bundle: Bundle) -> str:
    """How many of the study's own fits gave a warning."""
    warned = bundle.plain("failures").filter(status=WARNED)
    fits = warned.unique(["dataset", "family", "repeat", "fold"]).height
    converged = ~pl.col("reason").fill_null("").str.to_lowercase().str.contains(
        _CONVERGENCE
    )
    return text.troubled(fits, converged=warned.filter(converged).height > 0)


def _on_purpose(bundle: Bundle, row: FindingRow) -> bool:
    """Whether the study makes the fault itself: it says so (`planted`), or its simulation does."""
    planted = (bundle.study.planted or {}).get(row.dataset or "") == row.diagnostic
    return planted or SourceSelected.code in codes(row.details)


def warnings_of(bundle: Bundle) -> list[FindingShown]:
    """Every finding that is no note, the gravest first."""
    grave = [
        row
        for row in _of(bundle.findings, Outcome.FOUND)
        if row.severity != Severity.NOTE
    ]
    grave.sort(key=lambda row: _ORDER.index(Severity(row.severity)))
    return _each(styles_of(bundle), facts.primary(bundle), grave)


def _titled(rows: Sequence[FindingRow]) -> dict[str, list[str]]:
    """The datasets of each title, in the order of the rows."""
    titled: dict[str, list[str]] = {}
    for row in rows:
        places = titled.setdefault(title_of(row.diagnostic, row.code), [])
        places += [row.dataset] if row.dataset and row.dataset not in places else []
    return titled


def _on(styles: Styles, places: list[str]) -> str:
    """` (on Eighty rows twice)`; nothing where there is one dataset."""
    return (
        text.on([styles.dataset(name) for name in places])
        if places and len(styles.study.datasets) > 1
        else ""
    )


def _of(rows: Iterable[FindingRow], outcome: Outcome) -> list[FindingRow]:
    return [row for row in rows if row.outcome == outcome]


def _shown(rows: Iterable[FindingRow]) -> list[FindingRow]:
    """Those that stand among the checks."""
    return [
        row for row in rows if DIAGNOSTICS[row.diagnostic].shown is NumberShown.CHECKS
    ]


def _groups(
    styles: Styles, unit: Measure, rows: Iterable[FindingRow]
) -> list[FindingGroup]:
    ordered = sorted(
        rows,
        key=lambda row: (
            _ORDER.index(Severity(row.severity)),
            row.code,
            _where(styles, row),
        ),
    )
    groups: dict[str, list[FindingRow]] = {}
    for row in ordered:
        groups.setdefault(title_of(row.diagnostic, row.code), []).append(row)
    return [_group(styles, unit, title, same) for title, same in groups.items()]


def _group(
    styles: Styles, unit: Measure, title: str, rows: list[FindingRow]
) -> FindingGroup:
    diagnostic, first = DIAGNOSTICS[rows[0].diagnostic], rows[0]
    said, table = _tabled(styles, unit, rows)
    return FindingGroup(
        name=diagnostic.name,
        title=title,
        why=with_code(diagnostic.why),
        what_to_do=with_code(diagnostic.what_to_do),
        alarm=first.severity != Severity.NOTE,
        findings=_merged(_each(styles, unit, rows)),
        said=said,
        table=table,
    )


def _tabled(
    styles: Styles, unit: Measure, rows: Sequence[FindingRow]
) -> tuple[str, Table | None]:
    """What several notes on models have in common, and a row for each with the rest; None where a list says it."""
    if len(rows) < 2 or not all(map(_is_note_on_model, rows)):
        return "", None
    seen = [reason(row.details) for row in rows]
    number, alike = numbers().get(rows[0].diagnostic), len(set(seen)) == 1
    columns = [
        ("Dataset", [styles.dataset(row.dataset or "") for row in rows]),
        ("Model", [styles.family(row.family).title for row in rows]),
        ("What was found", [] if alike else seen),
        (_begun(number.name) if number else "", _sizes(unit, number, rows)),
    ]
    return (_begun(seen[0]) + "." if alike else ""), _table_of(
        [one for one in columns if any(one[1])]
    )


def _table_of(columns: Sequence[tuple[str, list[str]]]) -> Table:
    """Columns with their heads as a table."""
    return Table(
        tuple(head for head, _ in columns),
        tuple(zip(*(cells for _, cells in columns), strict=True)),
    )


def _is_note_on_model(row: FindingRow) -> bool:
    return row.severity == Severity.NOTE and bool(row.dataset and row.family)


def _sizes(
    unit: Measure, number: FindingNumber | None, rows: Sequence[FindingRow]
) -> list[str]:
    """The numbers of findings that say none themselves."""
    if number is None or number.said:
        return []
    return [
        "" if row.estimate is None else _number_shown(row, number, unit) for row in rows
    ]


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _merged(findings: Sequence[FindingShown]) -> list[FindingShown]:
    """What reads alike once, with all its places."""
    places: dict[tuple[str, str, str], list[FindingShown]] = {}
    for one in findings:
        places.setdefault((one.severity, one.reason, one.size), []).append(one)
    return [
        replace(same[0], where=text.each_of([one.where for one in same if one.where]))
        for same in places.values()
    ]


def _where(styles: Styles, row: FindingRow) -> str:
    where = [styles.dataset(row.dataset)] if row.dataset else []
    return ", ".join([*where, styles.family(row.family).title] if row.family else where)


def _each(
    styles: Styles, unit: Measure, rows: Iterable[FindingRow]
) -> list[FindingShown]:
    return [
        FindingShown(
            diagnostic=row.diagnostic,
            title=title_of(row.diagnostic, row.code),
            where=_where(styles, row),
            severity=row.severity,
            sign=_SIGNS[row.severity],
            reason=_said(styles, row),
            size=number_words(row, unit),
        )
        for row in rows
    ]


def _said(styles: Styles, row: FindingRow) -> str:
    """What a finding says; a remark on a simulation is about each of its draws."""
    said = reason(row.details)
    spec = (
        styles.study.datasets.get(row.dataset or "")
        if row.diagnostic == "data_remarks"
        else None
    )
    return (
        text.in_each_draw(said)
        if spec and spec.source and "draws" in spec.source.parameters
        else said
    )


def _some(names: Iterable[str | None], every: set[str]) -> list[str]:
    """The names, each once; none where they are all."""
    named = list(dict.fromkeys(name for name in names if name is not None))
    return [] if every <= set(named) else named


def number_words(row: FindingRow, unit: Measure) -> str:
    """What a finding's number is, and the number in its unit with its interval: `random folds better by: +4.0 pp`.

    Empty where there is none, or where the finding says its own. `unit`: the study's primary metric.
    """
    number = numbers().get(row.diagnostic)
    if number is None or number.said or row.estimate is None:
        return ""
    return f"{number.name}: {_number_shown(row, number, unit)}"


def _number_shown(row: FindingRow, number: FindingNumber, unit: Measure) -> str:
    """A finding's number in its unit, with its interval if there is one."""
    unit = unit.beside(row.estimate, row.low, row.high)
    show = _format(number, unit)
    after = f" {number.unit}" if number.unit == "standard errors" else ""
    ends = unit.end if number.unit == "score" else show
    return f"{show(row.estimate)}{after} {formats.interval(row.low, row.high, ends)}".strip()


def _format(number: FindingNumber, unit: Measure) -> Callable[[float | None], str]:
    """How a number of that unit is printed."""
    shown: dict[str, Callable[[float | None], str]] = {
        "share": lambda value: formats.share(value or 0.0, 1),
        "score": unit.difference,
        "tuning": formats.signed
        if unit.high == 1
        else formats.signing(unit.largest or 0.0),
        "standard errors": formats.rank,
        "correlation": formats.score,
        "probability": formats.points,
        "chance": formats.p_equals,
    }
    return shown[number.unit]


SECTION = Section("findings", "Findings", findings, order=110)
