"""What the diagnostics found, what passed, and what could not be checked: three different things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from bench.core.findings import FindingRow, Outcome, Severity
from bench.core.outcomes import codes, decoded
from bench.diagnose import DIAGNOSTICS, FindingNumber, numbers, reason, title_of
from bench.diagnose.diagnostic import NumberShown
from bench.diagnose.leakage import SourceSelected
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.sections.self_checks import SelfChecks, self_checks
from bench.report.styles import Styles, styles_of
from bench.report.text import findings as text
from bench.text import formats
from bench.text.findings import NotRequested
from bench.text.glossary import Term, terms
from bench.text.words import Measure, with_code

_ORDER = (Severity.SERIOUS, Severity.WARNING, Severity.NOTE)
_SIGNS = {Severity.SERIOUS.value: "‼", Severity.WARNING.value: "!", Severity.NOTE.value: "i"}
#: The terms that a diagnostic uses.
_TERMS = {"near_duplicates": "copies", "first_place": "first_repeats"}
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
    """Findings of one title together, the gravest first, under the question that they raise."""

    name: str
    title: str
    code: str
    question: str
    why: Markup
    what_to_do: Markup
    alarm: bool
    findings: list[FindingShown]


@dataclass(frozen=True)
class ReasonShown:
    """A reason of a diagnostic, and the models and datasets that it is about; none are named where it is about all."""

    name: str
    reason: Markup
    where: str


@dataclass(frozen=True)
class FindingsView:
    """The section."""

    found: list[FindingGroup]
    folded: list[FindingGroup]
    folded_count: str
    folded_titles: str
    checks: SelfChecks | None
    passed: list[str]
    passed_details: list[ReasonShown]
    by_design: list[ReasonShown]
    numbers: list[FindingShown]
    not_checked: list[ReasonShown]
    not_requested: Markup
    empty: str
    terms: list[Term]
    healthy: str
    calm: str


def findings(bundle: Bundle) -> FindingsView:
    """Every finding, by what came of it."""
    styles, unit, rows, checks = styles_of(bundle), facts.primary(bundle), _rows(bundle), self_checks(bundle)
    groups = _groups(styles, unit, _of(rows, Outcome.FOUND))
    notes = [group for group in groups if not group.alarm]
    count = sum(len(group.findings) for group in notes)
    passed, unchecked = _of(rows, Outcome.PASSED), _of(rows, Outcome.NOT_APPLICABLE)
    checked = _shown(passed, NumberShown.CHECKS, NumberShown.TABLE)
    return FindingsView(
        found=[group for group in groups if group.alarm],
        folded=notes,
        folded_count=formats.plural(count, "note"),
        folded_titles=formats.listed([group.title for group in notes]),
        checks=checks,
        passed=_counted(checked),
        passed_details=_gathered(bundle, styles, _of_no_family(_shown(passed, NumberShown.CHECKS))),
        by_design=_gathered(bundle, styles, _of(rows, Outcome.BY_CONSTRUCTION)),
        numbers=_each(styles, unit, _shown(passed, NumberShown.NUMBERS)),
        not_checked=_together(_gathered(bundle, styles, _left_unchecked(unchecked, tabled=checks is not None))),
        not_requested=_not_requested(unchecked),
        empty="" if rows else text.NOT_RUN,
        terms=_terms(rows),
        healthy=text.healthy(len(checked)) if rows and not groups else "",
        calm=_none_warns(bundle) if notes and len(notes) == len(groups) else "",
    )


def _left_unchecked(rows: list[FindingRow], *, tabled: bool) -> list[FindingRow]:
    """Those that say why; `tabled`: some stand in a table instead."""
    shown = _shown(rows, NumberShown.TABLE) if tabled else []
    return [row for row in rows if row not in shown and not _unasked(row)]


def _unasked(row: FindingRow) -> bool:
    return NotRequested.code in codes(row.details)


def _not_requested(rows: Iterable[FindingRow]) -> Markup:
    """The checks that the study does not ask for, each with what asks for it."""
    asked: dict[str, str] = {}
    for row in filter(_unasked, rows):
        option = next(one for one in decoded(row.details) if isinstance(one, NotRequested)).option
        asked.setdefault(title_of(row.diagnostic, row.code), option)
    return with_code(", ".join(f"{title} (`{option}`)" for title, option in asked.items()))


def _together(reasons: Sequence[ReasonShown]) -> list[ReasonShown]:
    """Each reason once, with the checks and the datasets that share it."""
    names: dict[tuple[Markup, str], list[str]] = {}
    for one in reasons:
        names.setdefault((one.reason, one.where), []).append(one.name)
    return [ReasonShown(formats.listed(same), reason, where) for (reason, where), same in names.items()]


def _terms(rows: Iterable[FindingRow]) -> list[Term]:
    """The terms of the diagnostics that could look."""
    looked = {row.diagnostic for row in rows if row.outcome != Outcome.NOT_APPLICABLE}
    return terms(*(term for name, term in _TERMS.items() if name in looked))


def _counted(rows: Iterable[FindingRow]) -> list[str]:
    """Checks by title, each with how often it was made."""
    counts = Counter(title_of(row.diagnostic, row.code) for row in rows)
    return [f"{title} ({formats.plural(n, 'check')})" for title, n in sorted(counts.items())]


def _of_no_family(rows: Iterable[FindingRow]) -> list[FindingRow]:
    return [row for row in rows if row.family is None]


def alarms(bundle: Bundle) -> str:
    """The warnings and where they are, in a sentence for the top of the page; or that there are none."""
    rows, styles, parts = _rows(bundle), styles_of(bundle), []
    for severity, noun in _NOUNS.items():
        grave = [row for row in _of(rows, Outcome.FOUND) if row.severity == severity]
        if grave:
            named = [f"{title}{_on(styles, places)}" for title, places in _titled(grave).items()]
            meant = text.ON_PURPOSE if all(_on_purpose(bundle, row) for row in grave) else ""
            parts.append(text.warnings(_SIGNS[severity], len(grave), noun, named) + meant)
    return " ".join(parts) or (_none_warns(bundle) if rows else "")


def _none_warns(bundle: Bundle) -> str:
    """That no check warns; where nothing was fitted here, also what that cannot mean."""
    return text.NO_WARNINGS if bundle.study.fits else text.ELSEWHERE


def _on_purpose(bundle: Bundle, row: FindingRow) -> bool:
    """Whether the study makes the fault itself: it says so (`planted`), or its simulation does."""
    planted = (bundle.study.planted or {}).get(row.dataset or "") == row.diagnostic
    return planted or SourceSelected.code in codes(row.details)


def warnings_of(bundle: Bundle) -> list[FindingShown]:
    """Every finding that is no note, the gravest first."""
    grave = [row for row in _of(_rows(bundle), Outcome.FOUND) if row.severity != Severity.NOTE]
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
    return text.on([styles.dataset(name) for name in places]) if places and len(styles.study.datasets) > 1 else ""


def _rows(bundle: Bundle) -> list[FindingRow]:
    return bundle.rows("findings", FindingRow)


def _of(rows: Iterable[FindingRow], outcome: Outcome) -> list[FindingRow]:
    return [row for row in rows if row.outcome == outcome]


def _shown(rows: Iterable[FindingRow], *places: NumberShown) -> list[FindingRow]:
    names = {diagnostic.name for diagnostic in DIAGNOSTICS.values() if diagnostic.shown in places}
    return [row for row in rows if row.diagnostic in names]


def _groups(styles: Styles, unit: Measure, rows: Iterable[FindingRow]) -> list[FindingGroup]:
    ordered = sorted(rows, key=lambda row: (_ORDER.index(Severity(row.severity)), row.code, _where(styles, row)))
    groups: dict[str, list[FindingRow]] = {}
    for row in ordered:
        groups.setdefault(title_of(row.diagnostic, row.code), []).append(row)
    return [_group(styles, unit, title, same) for title, same in groups.items()]


def _group(styles: Styles, unit: Measure, title: str, rows: list[FindingRow]) -> FindingGroup:
    diagnostic, first = DIAGNOSTICS[rows[0].diagnostic], rows[0]
    return FindingGroup(
        name=diagnostic.name,
        title=title,
        code=first.code,
        question=diagnostic.question,
        why=with_code(diagnostic.why),
        what_to_do=with_code(diagnostic.what_to_do),
        alarm=first.severity != Severity.NOTE,
        findings=_merged(_each(styles, unit, rows)),
    )


def _merged(findings: Sequence[FindingShown]) -> list[FindingShown]:
    """What reads alike once, with all its places."""
    places: dict[tuple[str, str, str], list[FindingShown]] = {}
    for one in findings:
        places.setdefault((one.severity, one.reason, one.size), []).append(one)
    return [
        replace(same[0], where=formats.listed([one.where for one in same if one.where])) for same in places.values()
    ]


def _where(styles: Styles, row: FindingRow) -> str:
    where = [styles.dataset(row.dataset)] if row.dataset else []
    return ", ".join([*where, styles.family(row.family).title] if row.family else where)


def _each(styles: Styles, unit: Measure, rows: Iterable[FindingRow]) -> list[FindingShown]:
    return [
        FindingShown(
            diagnostic=row.diagnostic,
            title=title_of(row.diagnostic, row.code),
            where=_where(styles, row),
            severity=row.severity,
            sign=_SIGNS[row.severity],
            reason=reason(row.details),
            size=number_words(row, unit),
        )
        for row in rows
    ]


def _gathered(bundle: Bundle, styles: Styles, rows: Iterable[FindingRow]) -> list[ReasonShown]:
    """Each reason of a diagnostic once, with its models and datasets; none are named where it is about all, or the
    study: else the same check would seem to have passed and not to have been made."""
    found: dict[tuple[str, str], list[FindingRow]] = {}
    for row in rows:
        found.setdefault((title_of(row.diagnostic, row.code), reason(row.details)), []).append(row)
    every_dataset, every_family = set(bundle.datasets), set(facts.families(bundle))
    shown = []
    for (title, sentence), same in found.items():
        models = [styles.family(name).title for name in _some([row.family for row in same], every_family)]
        places = [styles.dataset(name) for name in _some([row.dataset for row in same], every_dataset)]
        where = "; ".join(formats.listed(names) for names in (models, places) if names)
        shown.append(ReasonShown(title, with_code(sentence), where))
    return shown


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
    show = _format(number, unit.beside(row.estimate, row.low, row.high))
    interval = formats.interval(row.low, row.high, show)
    after = f" {number.unit}" if number.unit == "standard errors" else ""
    return f"{number.name}: {show(row.estimate)}{after} {interval}".strip()


def _format(number: FindingNumber, unit: Measure) -> Callable[[float | None], str]:
    """How a number of that unit is printed."""
    shown: dict[str, Callable[[float | None], str]] = {
        "share": lambda value: formats.share(value or 0.0, 1),
        "score": unit.difference,
        "tuning": formats.signed if unit.high == 1 else formats.signing(unit.largest or 0.0),
        "standard errors": formats.rank,
        "correlation": formats.score,
        "probability": formats.points,
        "chance": formats.p_equals,
    }
    return shown[number.unit]


SECTION = Section("findings", "Findings", findings, order=110)
