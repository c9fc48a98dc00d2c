"""What the diagnostics found, with cause and remedy; what passed and what could not be checked, in a fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from bench.core.findings import FindingRow, Outcome, Severity
from bench.core.outcomes import codes
from bench.core.rows import WARNED
from bench.diagnose import DIAGNOSTICS, numbers, reason, title_of
from bench.diagnose.diagnostic import NumberShown
from bench.diagnose.leakage import SOURCE_SELECTED
from bench.report import facts
from bench.report.blocks import (
    Block,
    Cell,
    Details,
    Paragraph,
    Piece,
    Sign,
    Table,
    Term,
)
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.terms import with_code
from bench.report.values import Value, count, gain, percent, probability, show
from bench.text.words import Measure

_ORDER = (Severity.SERIOUS, Severity.WARNING, Severity.NOTE)
#: So many models or datasets are named; of more their number is said.
_NAMED = 3
#: How the codes of leaks begin: they come first.
_LEAKS = "L"
#: What the reason of a warning about convergence holds.
_CONVERGENCE = "converge"
#: Where somebody else made every split and fit.
ELSEWHERE = "No check gives a warning. Leakage cannot be checked: the models were fitted elsewhere."


@dataclass(frozen=True)
class SameFindings:
    """Findings of one check that say the same, the gravest first."""

    title: str
    rows: tuple[FindingRow, ...]

    @property
    def first(self) -> FindingRow:
        """The gravest."""
        return self.rows[0]


def findings(bundle: Bundle) -> Iterator[Block]:
    """A row for each check that found something; all findings, and the other checks, in folds."""
    rows, styles, unit = bundle.findings, styles_of(bundle), facts.primary(bundle)
    if not rows:
        return
    found = _grouped(_of(rows, Outcome.FOUND))
    passed = _of(rows, Outcome.PASSED)
    said: list[Piece] = [alarms(bundle)]
    if passed:
        size = len({one.title for one in _grouped(passed)})
        said += [" Checks that found nothing: ", count(size), "."]
    yield Paragraph(tuple(said))
    if found:
        yield _found(bundle, styles, unit, found)
    folded = [_other_checks(bundle, styles, rows)]
    if any(len(same.rows) > 1 for same in found):
        folded.insert(0, _each_finding(styles, unit, found))
    yield Details("All checks", tuple(folded))


def _grouped(rows: Iterable[FindingRow]) -> list[SameFindings]:
    """Findings by the title of their check, the gravest and largest first."""
    ordered = sorted(
        rows,
        key=lambda row: (
            _ORDER.index(Severity(row.severity)),
            not row.code.startswith(_LEAKS),
            row.code,
            -abs(row.estimate or 0.0),
        ),
    )
    titled: dict[str, list[FindingRow]] = {}
    for row in ordered:
        titled.setdefault(title_of(row.diagnostic, row.code), []).append(row)
    return [SameFindings(title, tuple(same)) for title, same in titled.items()]


def _found(
    bundle: Bundle, styles: Styles, unit: Measure, found: list[SameFindings]
) -> Table:
    """A row a check: its gravest finding, why it matters (at its name), and what to do."""
    lines: list[tuple[Cell, ...]] = []
    for same in found:
        diagnostic, first = DIAGNOSTICS[same.first.diagnostic], same.first
        said: list[Piece] = [*_said(styles, first, unit)]
        if len(same.rows) > 1 and len({row.details for row in same.rows}) > 1:
            said = [_where(styles, first), ": ", *said, f" More findings: {len(same.rows) - 1}."]  # fmt: skip
        if any(_on_purpose(bundle, row) for row in same.rows):
            said.append(" The study commits the error on purpose.")
        kind = "remark" if first.severity == Severity.NOTE else "warning"
        about = _about(bundle, styles, same.rows)
        name = (
            Sign(kind, str(first.severity)),
            ": ",
            Term(same.title, _plain(diagnostic.why)),
            f" ({about})" if about else "",
        )
        lines.append((name, tuple(said), with_code(diagnostic.what_to_do)))
    columns = ("Check", "What was found", "What to do")
    notes = ("Serious: the scores mislead. Warning: the scores may mislead.",)
    return Table(columns, tuple(lines), notes=notes)


def _each_finding(styles: Styles, unit: Measure, found: list[SameFindings]) -> Table:
    """A row a finding."""
    lines: list[tuple[Cell, ...]] = []
    for same in found:
        lines.append((same.title,))
        lines += [(_where(styles, row), _said(styles, row, unit)) for row in same.rows]
    return Table(("About", "What was found"), tuple(lines), "All findings")


def _other_checks(bundle: Bundle, styles: Styles, rows: Sequence[FindingRow]) -> Table:
    """A row for each check that passed, that cannot fail, or that could not be made, with the reason."""
    lines: list[tuple[Cell, ...]] = []
    for same in _grouped(_of(rows, Outcome.PASSED)):
        if DIAGNOSTICS[same.first.diagnostic].shown is NumberShown.CHECKS:
            about = _about(bundle, styles, same.rows)
            lines.append((same.title, about, Sign("fine", "found nothing")))
    for same in _grouped(_of(rows, Outcome.BY_CONSTRUCTION)):
        about = _about(bundle, styles, same.rows)
        lines.append((same.title, about, Sign("fine", "cannot happen here, by design")))
    for same in _grouped(_of(rows, Outcome.NOT_APPLICABLE)):
        for details in dict.fromkeys(row.details for row in same.rows):
            alike = [row for row in same.rows if row.details == details]
            why = Sign("untested", f"not checked: {reason(details)}")
            lines.append((same.title, _about(bundle, styles, alike), why))
    return Table(("Check", "About", "Result"), tuple(lines), "All other checks")


def _about(bundle: Bundle, styles: Styles, rows: Sequence[FindingRow]) -> str:
    """The models and datasets of findings, where these are not all."""
    places = list(dict.fromkeys(row.dataset for row in rows if row.dataset))
    models = list(dict.fromkeys(row.family for row in rows if row.family))
    if set(bundle.datasets) <= set(places):
        places = []
    if set(facts.families(bundle)) <= set(models):
        models = []
    parts = (
        _counted([styles.dataset(name) for name in places], "datasets"),
        _counted([styles.family(name).title for name in models], "models"),
    )
    return ": ".join(filter(None, parts))


def _counted(names: list[str], noun: str) -> str:
    return ", ".join(names) if len(names) <= _NAMED else f"{len(names)} {noun}"


def alarms(bundle: Bundle) -> str:
    """The warnings and where they are; without any, the number of notes and the first two."""
    found = _of(bundle.findings, Outcome.FOUND)
    grave = [row for row in found if row.severity != Severity.NOTE]
    said = _raised(bundle, grave)
    if bundle.findings and not grave:
        said = ["No check gives a warning." if bundle.study.fits else ELSEWHERE]
        if not found and not _of(bundle.findings, Outcome.PASSED):
            said = ["No check could be made of these results."]
        notes = [one.title for one in _grouped(found)]
        if notes:
            said.append(f"Notes: {len(notes)}, first: {'; '.join(notes[:2])}.")
    return " ".join([*said, *_troubled(bundle)])


def _raised(bundle: Bundle, grave: list[FindingRow]) -> list[str]:
    """The warnings, each with its datasets."""
    styles, said = styles_of(bundle), []
    kinds = {Severity.SERIOUS: "Serious warnings", Severity.WARNING: "Warnings"}
    for severity, word in kinds.items():
        same = _grouped(row for row in grave if row.severity == severity)
        names = "; ".join(_titled(bundle, styles, one) for one in same)
        if same:
            said.append(f"{word}: {sum(len(one.rows) for one in same)} ({names}).")
    if grave and all(_on_purpose(bundle, row) for row in grave):
        said.append("The study commits the error on purpose.")
    return said


def _titled(bundle: Bundle, styles: Styles, same: SameFindings) -> str:
    """The title of a check, and its datasets where there are others."""
    places = list(dict.fromkeys(row.dataset for row in same.rows if row.dataset))
    if not places or len(bundle.datasets) < 2:
        return same.title
    return f"{same.title} on {_counted([styles.dataset(one) for one in places], 'datasets')}"


def _troubled(bundle: Bundle) -> list[str]:
    """How many of the study's own fits gave a warning."""
    warned = bundle.plain("failures").filter(status=WARNED)
    fits = warned.unique(["dataset", "family", "repeat", "fold"]).height
    said = pl.col("reason").fill_null("").str.to_lowercase()
    other = warned.filter(~said.str.contains(_CONVERGENCE)).height > 0
    kind = "Python" if other else "convergence"
    return [f"Scored fits that gave a {kind} warning: {fits}."] if fits else []


def _on_purpose(bundle: Bundle, row: FindingRow) -> bool:
    """Whether the study makes the fault itself: it says so (`planted`), or its simulation does."""
    planted = (bundle.study.planted or {}).get(row.dataset or "") == row.diagnostic
    return planted or SOURCE_SELECTED in codes(row.details)


def _of(rows: Iterable[FindingRow], outcome: Outcome) -> list[FindingRow]:
    return [row for row in rows if row.outcome == outcome]


def _where(styles: Styles, row: FindingRow) -> str:
    """The dataset, where there are several, and the model of a finding."""
    several = len(styles.study.datasets) > 1 or not row.family
    place = [styles.dataset(row.dataset)] if row.dataset and several else []
    model = [styles.family(row.family).title] if row.family else []
    return ", ".join([*place, *model])


def _said(styles: Styles, row: FindingRow, unit: Measure) -> tuple[Piece, ...]:
    """What a finding says, and its number; a remark on a simulation is about each of its draws."""
    said = reason(row.details)
    spec = styles.study.datasets.get(row.dataset or "")
    source = spec.source if spec and row.diagnostic == "data_remarks" else None
    if source and "draws" in source.parameters:
        said = f"in every draw {said}"
    number = _number(row, unit)
    if number is None:
        return (f"{said}.",)
    name, value = number
    return (f"{said} ({name}: ", value, ").") if said else (f"{name}: ", value, ".")


def number_words(row: FindingRow, unit: Measure) -> str:
    """What a finding's number is, and the number in its unit with its interval: `random folds better by: +4.0 pp`.

    Empty where there is none, or where the finding says its own. `unit`: the study's primary metric.
    """
    number = _number(row, unit)
    return "" if number is None else f"{number[0]}: {show(number[1])}"


def _number(row: FindingRow, unit: Measure) -> tuple[str, Value] | None:
    """What a finding's number is, and the number; None where the finding says its own."""
    number = numbers().get(row.diagnostic)
    if number is None or number.said or row.estimate is None:
        return None
    estimate, low, high = row.estimate, row.low, row.high
    match number.unit:
        case "share":
            value = percent(estimate, 1)
        case "chance":
            value = probability(estimate)
        case "tuning" if unit.high == 1:
            value = Value(estimate, digits=3, signed=True)
        case "score" | "tuning":
            value = gain(unit.beside(estimate, low, high), estimate, low, high)
        case "standard errors":
            value = Value(estimate, "standard errors", 2)
        case "probability":
            value = Value(100 * estimate, "pp", 1, True)
        case _:
            value = Value(estimate, digits=3)
    return number.name, value


def _plain(words: str) -> str:
    """Words without the marks of code."""
    return words.replace("`", "")


SECTION = Section("findings", "Findings", findings, order=110)
