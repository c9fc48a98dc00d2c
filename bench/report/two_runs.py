"""Two runs that were compared, as tables: one form for page, terminal and Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from bench.claims.claim import shape_of
from bench.comparisons.moved_scores import Moved, ScoreChange
from bench.comparisons.run_record import RecordedClaim, RecordedMetric
from bench.comparisons.two_runs import ClaimChange, RunDifference
from bench.core.counting import Falsified
from bench.core.errors import BenchError
from bench.core.judgements import Agreement
from bench.core.outcomes import decoded
from bench.core.text import shortened
from bench.report.markdown import escaped
from bench.report.markdown import table as markdown_table
from bench.report.points import limits_of, number_unit, scale_of
from bench.report.text import two_runs as text
from bench.text import formats
from bench.text.marks import (
    FALSIFIED,
    FALSIFIED_SIGN,
    FALSIFIER,
    MARKS,
    expected_word,
    mark_of,
)
from bench.text.sentences import sentences
from bench.text.words import Measure, marked, measure

#: Rows of a table; the others are counted below it, and stand in the JSON.
MOST = 40
_LONGEST = 60  # letters of a value of the study


@dataclass(frozen=True)
class DifferenceTable:
    """A table with its title; `left`: that rows of it are not shown, and how many; `strong`: rows that stand out."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: str = ""
    strong: tuple[bool, ...] = ()

    @property
    def cut(self) -> DifferenceTable:
        """The same with as many rows as are shown."""
        left = text.more(len(self.rows) - MOST) if len(self.rows) > MOST else ""
        return replace(
            self, rows=self.rows[:MOST], left=left, strong=self.strong[:MOST]
        )

    @property
    def brief(self) -> DifferenceTable:
        """The rows that stand out, where some could; one row is shown whatever came of it."""
        if len(self.strong) < 2:
            return self
        return replace(
            self,
            rows=tuple(
                row
                for row, strong in zip(self.rows, self.strong, strict=True)
                if strong
            ),
        )


@dataclass(frozen=True)
class ShownDifference:
    """All that is shown of two runs."""

    title: str
    lead: tuple[str, ...]
    tables: tuple[DifferenceTable, ...]


def shown(one: RunDifference, *, brief: bool = False) -> ShownDifference:
    """Two runs as sentences and tables; a table without rows is left out. `brief`: without scores that did not move."""
    scores = (_scores(one, metric) for metric in one.metrics)
    found = (*scores, _claims(one), _changes(one), _warnings(one))
    tables = ((table.brief if brief else table).cut for table in found)
    return ShownDifference(
        text.title(one), text.lead(one), tuple(table for table in tables if table.rows)
    )


def _table(
    title: str,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    strong: Sequence[bool] = (),
) -> DifferenceTable:
    return DifferenceTable(title, head, tuple(rows), strong=tuple(strong))


def _scores(one: RunDifference, metric: RecordedMetric) -> DifferenceTable:
    """What moved first, then in the order of the runs; the dataset is left out where there is one."""
    of = measure(metric.name)
    order = sorted(one.of(metric.name), key=lambda row: row not in one.moved)
    first = 1 if len({row.dataset for row in order}) == 1 else 0
    rows = [_score(row, of)[first:] for row in order]
    strong = [row in one.moved for row in order]
    return _table(text.scores_title(metric), text.SCORES_HEAD[first:], rows, strong)


def _score(row: ScoreChange, of: Measure) -> tuple[str, ...]:
    """p is that of the outcome: of equality where this is shown, else of a difference."""
    of = of.beside(row.was, row.now).within(row.low, row.high)
    difference = of.difference(row.difference)
    if row.low is not None:
        difference += f" {of.interval(row.low, row.high)}"
    adjusted = row.p_equal_adjusted if row.moved is Moved.EQUAL else row.p_adjusted
    p = "" if adjusted is None else formats.p_value(adjusted)
    was, now = (
        marked(of.show(row.was), row.stand_ins_was),
        marked(of.show(row.now), row.stand_ins_now),
    )
    return (row.dataset, row.family, was, now, difference, p, text.MOVED[row.moved])


def _claims(one: RunDifference) -> DifferenceTable:
    return _table(text.CLAIMS, text.CLAIMS_HEAD, [_claim(row) for row in one.claims])


def _claim(row: ClaimChange) -> tuple[str, ...]:
    if row.was is None:
        why = text.NEW_CLAIM
    elif row.now is None:
        why = text.NO_CLAIM
    else:
        why = _reasons(row.now)
    falsifier = any(
        one is not None and one.became is not None for one in (row.was, row.now)
    )
    name = f"{FALSIFIER.lower()} {row.claim}" if falsifier else row.claim
    return (
        name,
        _mark(row.was),
        _mark(row.now),
        _number(row.was),
        _number(row.now),
        why,
    )


def _reasons(claim: RecordedClaim) -> str:
    """Why a claim has its agreement, and of a falsifier that Holm's correction alone leaves undecided, that it does;
    empty where another version of bench judged it and the words are not known."""
    try:
        found = sentences(decoded(claim.reasons))
    except BenchError:
        return ""
    return "; ".join(
        filter(None, (found, text.NOT_AFTER_HOLM if _is_left_by_holm(claim) else ""))
    )


def _is_left_by_holm(claim: RecordedClaim) -> bool:
    """Whether a falsifier is undecided though its own test shows it, or the opposite."""
    if claim.became != Falsified.UNDECIDED or claim.agreement is None:
        return False
    agreement = Agreement(claim.agreement)
    return agreement == Agreement.DIFFERS or agreement.holds


def _mark(claim: RecordedClaim | None) -> str:
    if claim is None:
        return formats.NONE
    if claim.became is not None:
        return f"{FALSIFIED_SIGN[claim.became]} {FALSIFIED[Falsified(claim.became)]}"
    mark = mark_of(claim.status, claim.agreement, claim.evidence, control=claim.control)
    word = expected_word(mark) if claim.source == "author" else MARKS[mark].word.lower()
    return f"{MARKS[mark].sign} {word}"


def _number(claim: RecordedClaim | None) -> str:
    if claim is None or claim.ours is None:
        return formats.NONE
    number = shape_of(claim.kind).number
    if number == "rank":
        return formats.rank(claim.ours)
    scale = 1 if number == "order" else scale_of(claim)
    one = claim if scale == 1 else replace(claim, unit="percent")
    width = formats.width_of(
        *(None if end is None else scale * end for end in (claim.low, claim.high))
    )
    return formats.quantity(
        scale * claim.ours, width=width, limits=limits_of(one)
    ) + number_unit(one)


def _changes(one: RunDifference) -> DifferenceTable:
    rows = [
        (
            kind,
            change.name,
            shortened(change.was, _LONGEST),
            shortened(change.now, _LONGEST),
        )
        for kind in text.KINDS
        for change in getattr(one, kind)
    ]
    return _table(text.CHANGES, text.CHANGES_HEAD, rows)


def _warnings(one: RunDifference) -> DifferenceTable:
    rows = [(code, "", "✓") for code in one.new_warnings] + [
        (code, "✓", "") for code in one.gone_warnings
    ]
    return _table(text.WARNINGS, text.WARNINGS_HEAD, rows)


def markdown(one: RunDifference) -> str:
    """Two runs in Markdown, for a comment: what is better or worse, the other scores counted in the first sentence."""
    found = shown(one, brief=True)
    lines = [
        f"### {_escaped(found.title)}",
        "",
        *(f"- {_escaped(sentence)}." for sentence in found.lead),
    ]
    for table in found.tables:
        cells = [[_escaped(cell) for cell in row] for row in table.rows]
        lines += [
            "",
            f"**{table.title}**",
            "",
            markdown_table([*map(_escaped, table.head)], cells),
        ]
        lines += ["", f"{_escaped(table.left)}."] if table.left else []
    return "\n".join(lines) + "\n"


def _escaped(words: str) -> str:
    """Words that Markdown shows as they are, in one line, and that call nobody to a comment."""
    return re.sub(r"(?<!\w)@", "\N{FULLWIDTH COMMERCIAL AT}", escaped(words))


def programs(one: RunDifference) -> dict[str, object]:
    """The same for programs: every row, numbers as they are."""
    runs = {
        name: {"study": run.study, "run": run.id}
        for name, run in (("was", one.was), ("now", one.now))
    }
    counts = {
        of.name: Counter(row.moved.value for row in one.of(of.name))
        for of in one.metrics
    }
    return (
        asdict(one)
        | runs
        | {"metrics": [asdict(of) for of in one.metrics], "outcomes": counts}
    )
