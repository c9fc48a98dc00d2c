"""The terminal: errors, tables of claims, results and findings. Errors go to stderr, results to stdout.

Control characters in names never reach the terminal. What is seen while cells finish is `bench.cli.progress`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.cli.run_summary import SEVERITIES, show_failures
from bench.core.answers import AnswerRow
from bench.core.comparisons import EstimateRow
from bench.core.counting import Falsified, count_claims
from bench.core.errors import BenchError
from bench.core.findings import FindingRow
from bench.core.frames import records
from bench.core.judgements import Evidence, VerdictRow
from bench.core.outcomes import Statement, decoded
from bench.core.rows import FAILED
from bench.core.text import broken, clean, say, wrapped
from bench.study.noted import Problem, StudyError
from bench.text.formats import plural

if TYPE_CHECKING:
    from bench.report.bundle import Bundle
    from bench.report.summary import Summary
    from bench.study.preregistration import Change

#: At the end of a report more claims than this are counted, not listed; of findings of one kind so many are shown.
MOST_CLAIMS, MOST_FINDINGS = 12, 3
#: In a table words of at most so many columns are never broken.
WHOLE = 30
#: Between two columns of a table; and so wide is a column at least that is broken.
_BETWEEN, _LEAST = 3, 8
#: So many mistakes of a study are printed.
MOST = 200


def console(stderr: bool = False) -> Console:
    """A terminal of rich that reads no markup in what it prints."""
    return Console(
        stderr=stderr, highlight=False, soft_wrap=False, emoji=False, markup=False
    )


def error(problem: BenchError | str) -> None:
    """An error on stderr: each problem as `file:line: path: sentence`, with the line and a caret under the place."""
    terminal = console(stderr=True)
    if not isinstance(problem, StudyError):
        text = clean(problem)
        if sys.stderr.isatty() and isinstance(problem, BenchError):
            text = "\n".join(
                broken(line, max(20, terminal.width)) for line in text.splitlines()
            )
        terminal.print(Text(text), soft_wrap=True)
        return
    alike = _alike(problem.problems)
    for first, *others in alike[:MOST]:
        _shown(terminal, first)
        if others:
            terminal.print(Text(f"    also at {_places(others)}"), soft_wrap=True)
    if left := sum(map(len, alike[MOST:])):
        terminal.print(f"and {left} more; mend these first")
    terminal.print(f"{plural(len(problem.problems), 'mistake')}; nothing was fitted")


def _alike(problems: Iterable[Problem]) -> list[list[Problem]]:
    """The problems, equal mistakes at keys of one name together."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        key = re.sub(r"\[\d+\]$", "", one.path.rpartition(".")[2])
        found.setdefault((key, repr(one.statement)), []).append(one)
    return list(found.values())


def _places(problems: Sequence[Problem]) -> str:
    """The first two places, and how many others there are."""
    places = [clean(one.place) for one in problems[:2]]
    if left := len(problems) - len(places):
        places.append(plural(left, "more place"))
    return ", ".join(places[:-1]) + " and " * (len(places) > 1) + places[-1]


def _shown(terminal: Console, problem: Problem) -> None:
    """A sentence, its place in the file and which words are known; off a terminal no line is broken."""
    if not sys.stderr.isatty():
        terminal.print(Text(clean(problem)), soft_wrap=True)
        return
    width = max(20, terminal.width)
    sentence, _, known = str(problem).partition("\n")
    terminal.print(Text(broken(sentence, width)), soft_wrap=True)
    for line in excerpt(problem, width):
        terminal.print(line, no_wrap=True, crop=True)
    if known:
        terminal.print(
            Text(broken(known.strip(), width, "    "), "dim"), soft_wrap=True
        )


def excerpt(problem: Problem, width: int) -> list[Text]:
    """The line of a problem with the one above it, and carets under the word that is meant; empty without a place.

    A line that is wider than the terminal is cut on the left, so that the carets are seen.
    """
    if not problem.line:
        return []
    try:
        lines = (
            Path(problem.file)
            .read_text(encoding="utf-8")
            .replace("\t", " ")
            .splitlines()
        )
        line = lines[problem.line - 1]
    except (OSError, IndexError, UnicodeDecodeError):
        return []
    at = _word(line, max(0, problem.column - 1), problem.statement)
    start = max(0, at + 20 - max(20, width - len(_gutter(0))))
    seen = line[start:] if not start else f"…{line[start + 1 :]}"
    shown = [Text.assemble((_gutter(problem.line), "dim"), clean(seen))]
    if problem.line > 1 and not start:
        shown.insert(
            0, Text(_gutter(problem.line - 1) + clean(lines[problem.line - 2]), "dim")
        )
    for one in shown:
        one.truncate(width, overflow="ellipsis")
    if not problem.column:
        return shown
    word = re.match(r"[\w.\-]+|\S|$", line[at:])
    blank = " " * cell_len(clean(seen[: at - start]))
    room = max(1, width - len(_gutter(0)) - len(blank))
    carets = "^" * min(room, max(1, cell_len(clean(word.group() if word else ""))))
    return [*shown, Text.assemble((_gutter(0), "dim"), blank, (carets, "bold red"))]


def _word(line: str, at: int, statement: Statement) -> int:
    """Where the word stands that is unknown; a problem with a value has the place of its key."""
    word = getattr(statement, "word", None)
    found = word and re.search(rf"(?<![\w.\-]){re.escape(word)}(?![\w.\-])", line[at:])
    return at + found.start() if found else at


def _gutter(line: int) -> str:
    """What stands before a line of a file: its number, or nothing for 0."""
    return f"{line or '':>5} │ "


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None
) -> None:
    """A plain table on stdout."""
    terminal = console()
    shown = Table(
        box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False
    )
    lines = [["" if cell is None else clean(cell) for cell in row] for row in rows]
    whole = _whole(columns, lines, terminal.width)
    for number, column in enumerate(columns):
        shown.add_column(column, overflow="fold", no_wrap=number in whole)
    for line in lines:
        shown.add_row(*map(Text, line))
    terminal.print(shown)


def _whole(
    columns: Sequence[str], lines: Sequence[Sequence[str]], width: int
) -> set[int]:
    """The columns of names, which stay whole, as they are there to be written into a study; the narrowest first, as far
    as the terminal has room: what is left is broken, and never cut."""
    widths = [
        max(cell_len(column), *(cell_len(line[i]) for line in lines), 0)
        for i, column in enumerate(columns)
    ]
    named = [
        i
        for i in range(len(columns))
        if widths[i] <= WHOLE and all(" " not in line[i] for line in lines)
    ]
    room = width - _BETWEEN * (len(columns) - 1)
    room -= sum(min(widths[i], _LEAST) for i in range(len(columns)) if i not in named)
    kept = set[int]()
    for left, i in enumerate(sorted(named, key=lambda i: widths[i]), 1 - len(named)):
        if widths[i] + _LEAST * -left > room:
            break
        kept.add(i)
        room -= widths[i]
    return kept


def show(bundle: Bundle, summary: Summary) -> None:
    """The conclusion of one study, then its claims, results, findings and limits."""
    from bench.report.plain import plain
    from bench.report.sections.claims import sum_up_claims

    wrapped(f"{bundle.study.id}: {summary.title}")
    wrapped(summary.headline, rest="")
    show_answers(bundle.whole)
    if summary.answer:
        wrapped(f"the study's answer: {summary.answer}", rest="")
    if summary.use:
        wrapped(f"what to use: {summary.use}", rest="")
    if bundle.verdicts:
        show_claims(bundle.verdicts)
        show_falsifiers(bundle.falsified)
        for name, value in sum_up_claims(bundle):
            wrapped(f"{name}: {plain(value)}", rest="")
        if open_ := len(bundle.counted.open):
            are = "claim is open" if open_ == 1 else "claims are open"
            wrapped(
                f"{open_} {are}: `bench settle {bundle.study.id}` says what would decide",
                rest="",
            )
    _frozen(bundle)
    _results(bundle)
    show_findings(bundle.frame("findings"), bundle.study.metrics.primary)
    if limits := limits_of(bundle):
        say("\nlimits")
    for one in limits:
        wrapped(f"- {one}", "  ")


def show_answers(rows: Sequence[AnswerRow]) -> None:
    """What is said of the paper's numbers together, a line a metric."""
    from bench.report.text.answer import sentence

    for row in rows:
        if row.family is None:
            wrapped(sentence(row), rest="")


def show_claims(verdicts: Sequence[VerdictRow]) -> None:
    """Every attempted claim with the published number and ours, why those that do not hold do not, and the others;
    apart from them what the author expects."""
    count = count_claims(verdicts)
    _show_judged("expectation" if count.own else "claim", count.claims)
    if count.expected:
        say("expected by the author of the study, and not counted")
        _show_judged("expectation", count.expected)


def show_falsifiers(became: Mapping[str, Falsified]) -> None:
    """What became of that which would falsify what the author expects (`Bundle.falsified`)."""
    from bench.text.marks import FALSIFIED, FALSIFIED_SIGN

    for kind, word in FALSIFIED.items():
        if names := [claim for claim, one in became.items() if one == kind]:
            wrapped(f"{FALSIFIED_SIGN[kind]} falsifiers, {word}: {', '.join(names)}")


def _show_judged(title: str, rows: Sequence[VerdictRow]) -> None:
    """A table of judged claims, and why they are as they are."""
    from bench.report.points import (
        difference_interval,
        in_points,
        is_order,
        number_unit,
        ours_words,
        printed_words,
    )
    from bench.text.marks import FOLLOWED, FOLLOWS

    judged = [in_points(row) for row in rows if row.agreement is not None]
    of_paper = any(row.source == "paper" for row in judged)
    columns = (
        title,
        "published",
        "ours",
        "difference",
        "agreement",
        *((FOLLOWS.lower(),) if of_paper else ()),
    )
    body = [
        (
            row.claim,
            "" if row.published is None else printed_words(row),
            ""
            if row.ours is None or is_order(row)
            else ours_words(row) + number_unit(row),
            difference_interval(row),
            " ".join(_marked(row)),
            *(
                (
                    FOLLOWED[Evidence(str(row.evidence))]
                    if row.source == "paper"
                    else "",
                )
                if of_paper
                else ()
            ),
        )
        for row in judged
    ]
    if body:
        table(columns, body)
    _show_reasons(rows)


def _marked(row: VerdictRow) -> tuple[str, str]:
    """The sign and the word of a judgement; of the author's, how it came out."""
    from bench.report.counts import mark
    from bench.text.marks import MARKS, expected_word

    key = mark(row)
    word = expected_word(key) if row.source == "author" else MARKS[key].word.lower()
    return MARKS[key].sign, word


def _show_reasons(rows: Sequence[VerdictRow]) -> None:
    """Why the claims that do not hold do not, of what those are that p and interval may tell apart, and which were not
    judged."""
    from bench.report.counts import mark
    from bench.report.points import reason_with_numbers
    from bench.text.judgements import ByHalves
    from bench.text.marks import MARKS
    from bench.text.sentences import sentences

    for row in rows:
        reasons = decoded(row.reasons)
        if row.cause is not None or any(
            isinstance(one, ByHalves) and one.direction for one in reasons
        ):
            why = sentences(reason_with_numbers(row, one) for one in reasons)
            wrapped(f"{_marked(row)[0]} {row.claim}: {why}")
    for key, shown in MARKS.items():
        if left := [
            row.claim for row in rows if row.agreement is None and mark(row) == key
        ]:
            wrapped(f"{shown.word.lower()}: {', '.join(left)}")


def _results(bundle: Bundle) -> None:
    from bench.report import facts
    from bench.report.sections.states import INCLUDED
    from bench.report.values import score, show_interval, show_middle
    from bench.text.words import marked, measure

    primary = bundle.study.metrics.primary
    unit = measure(primary)
    compared = bundle.rows("estimates", EstimateRow, metric=primary)
    rows = []
    for row in compared:
        ends = facts.estimates(bundle, primary).get((row.dataset, row.family))
        low, high = (ends.low, ends.high) if ends else (None, None)
        mean = score(unit, row.mean, low, high)
        words = _interval_words(bundle, row) or show_interval(mean)
        said = marked(show_middle(mean), row.fallbacks)
        rows.append((row.dataset, row.family, said, words))
    table(("dataset", "model", primary, "interval"), rows)
    if facts.is_clipped(bundle, primary):
        say("intervals end where the metric does")
    if any(row.fallbacks for row in compared):
        say(INCLUDED.rstrip("."))


def show_findings(findings: pl.DataFrame, metric: str) -> None:
    """What the diagnostics found, the gravest first and few of a kind; what passed and what could not run, counted.

    `metric`: the study's primary one, in whose unit differences of scores are."""
    from bench.diagnose import reason, title_of
    from bench.report.sections.findings import number_words
    from bench.text.words import measure

    rows = records(findings, FindingRow)
    kinds: dict[tuple[str, str], list[FindingRow]] = {}
    for row in sorted((row for row in rows if row.outcome == "found"), key=_gravity):
        kinds.setdefault((row.severity, title_of(row.diagnostic, row.code)), []).append(
            row
        )
    say("")
    say(
        "findings"
        if kinds
        else "findings: none"
        if rows
        else "findings: no diagnostic was run"
    )
    for (severity, title), same in kinds.items():
        for row in same[:MOST_FINDINGS]:
            where = ", ".join(filter(None, (row.dataset, row.family)))
            words = f"{row.code} {title}{f' ({where})' if where else ''}: {reason(row.details)}"
            words += (
                f" ({number})" if (number := number_words(row, measure(metric))) else ""
            )
            wrapped(f"{SEVERITIES.get(severity, 'i')} {words}", "  ")
        if len(same) > MOST_FINDINGS:
            say(f"    and {len(same) - MOST_FINDINGS} more of this kind")
    if kinds:
        say("  `bench explain CODE` says what a finding means and what to do")
    outcomes = [row.outcome for row in rows]
    passed, certain = outcomes.count("passed"), outcomes.count("by_construction")
    if rows:
        skipped = outcomes.count("not_applicable")
        say(
            f"  {plural(passed, 'check')} passed, {certain} guaranteed by design, {skipped} not applicable"
        )


def _gravity(row: FindingRow) -> tuple[int, str]:
    order = list(SEVERITIES)
    return order.index(row.severity) if row.severity in order else len(
        order
    ), row.diagnostic


def limits_of(bundle: Bundle) -> list[str]:
    """Deviations from the paper, and what the design leaves open, a sentence each."""
    from bench.report.sections.deviations import describe_deviations
    from bench.report.sections.limits import limits_of as of_design

    return [*describe_deviations(bundle), *of_design(bundle)]


def reported(
    study: str,
    headline: str,
    page: Path,
    frames: dict[str, pl.DataFrame],
    became: Mapping[str, Falsified],
    cost: bool,
) -> None:
    """The end of a report: claims, findings and failures in short, the conclusion, and the page to open; `became`: of
    each falsifier; `cost`: whether the page says what the run took."""
    verdicts, failures = frames["verdicts"], frames["failures"]
    if 0 < verdicts.height <= MOST_CLAIMS:
        show_claims(records(verdicts, VerdictRow))
    show_answers(records(frames["answers"], AnswerRow))
    show_falsifiers(became)
    found = frames["findings"].filter(frames["findings"]["outcome"] == "found")
    grave = {word: int((found["severity"] == word).sum()) for word in SEVERITIES}
    words = [
        f"{SEVERITIES[k]} {plural(n, k, k if k == 'serious' else '')}"
        for k, n in grave.items()
        if n
    ]
    wrapped(f"{study}: {headline}", rest="")
    say(f"findings {', '.join(words) or 'none'}; `bench show {study}` has them all")
    show_failures(failures.filter(FAILED))
    if not cost:
        say(
            f"cost     `bench cost {study}` puts time and machine of the run on the page"
        )
    say(
        f"open     {page} ({page.stat().st_size / 1000:.0f} kB), or `bench open {study}`"
    )


def _interval_words(bundle: Bundle, row: EstimateRow) -> str:
    """Why a score has no interval; empty when it has one."""
    from bench.report.facts import is_constant, is_pooled, no_interval_cause
    from bench.report.text.facts import SAME_SCORES

    if row.low is not None:
        return ""
    if row.mean is None:
        return "no score"
    if not is_pooled(bundle, row.dataset, row.metric) and is_constant(
        bundle, row.dataset, row.family, row.metric
    ):
        return SAME_SCORES
    return no_interval_cause(bundle, row.dataset, row.metric)


def _frozen(bundle: Bundle) -> None:
    """One line when what was frozen is another now."""
    found = bundle.provenance.frozen
    if found is None or not found.changes:
        return
    from bench.report.sections.preregistration import changes

    wrapped(
        f"since it was frozen: {changes(found)} `bench check {bundle.study.id}` lists them",
        rest="",
    )


def show_changes(study: str, changes: Sequence[Change]) -> None:
    """What was changed since a study was frozen, with the declared reasons."""
    if not changes:
        say(f"{study}: frozen, and nothing was changed since")
        return
    undeclared = sum(change.why is None for change in changes)
    declared = (
        f"{undeclared} of them not declared under `changes`"
        if undeclared
        else "all declared"
    )
    say(
        f"{study}: frozen; since then {plural(len(changes), 'value was', 'values were')} changed, {declared}"
    )
    table(
        ("key", "was", "is", "why"),
        [(one.path, one.was, one.now, one.why or "not declared") for one in changes],
    )
