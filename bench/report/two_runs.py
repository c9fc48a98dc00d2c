"""Two runs that were compared, as blocks: one form for page, terminal and Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace

from bench.claims.claim import shape_of
from bench.comparisons.moved_scores import Moved, ScoreChange
from bench.comparisons.run_record import RecordedClaim, RecordedMetric
from bench.comparisons.two_runs import ClaimChange, RunDifference
from bench.core.comparisons import WhyNot
from bench.core.counting import Falsified
from bench.core.errors import BenchError
from bench.core.judgements import Agreement
from bench.core.outcomes import decoded
from bench.core.text import shortened
from bench.report.blocks import Block, Cell, Facts, Sign, Table
from bench.report.markdown import escaped, write_markdown
from bench.report.points import limits_of, number_unit, scale_of
from bench.report.values import gain, probability, quantity, score, show_middle
from bench.text import formats
from bench.text.marks import (
    FALSIFIED,
    FALSIFIED_SIGN,
    MARKS,
    expected_word,
    mark_of,
)
from bench.text.sentences import sentences
from bench.text.why_not import WHY_NOT
from bench.text.words import MARK, Measure, measure

#: Rows of a table; the others are counted below it, and stand in the JSON.
MOST = 40
_LONGEST = 60  # letters of a value of the study
#: Kinds of changes, in the order in which they are listed.
KINDS = ("study", "data", "code", "versions")
#: By outcome, the kind of its sign and its words.
MOVED = {
    Moved.BETTER: Sign("fine", "better"),
    Moved.WORSE: Sign("off", "worse"),
    Moved.EQUAL: Sign("holds", "equal within ROPE"),
    Moved.SAME: Sign("holds", "identical"),
    Moved.UNCLEAR: Sign("open", "cannot tell"),
    Moved.NOT_TESTED: Sign("untested", "not tested"),
    Moved.NEW: Sign("remark", "new"),
    Moved.GONE: Sign("remark", "gone"),
}
PREDICTED = {"task": "task", "target": "target", "positive": "positive class", "values": "values of the target"}  # fmt: skip
OVER_SEEDS = "intervals and tests are over seeds only: other test rows may give another result"  # fmt: skip
NOT_AFTER_HOLM = "significant only before Holm's correction over the falsifiers"
NO_PAIRS = "without pairs, as folds or rows differ"
NEW_CLAIM, NO_CLAIM = "new claim", "claim removed"


def title(one: RunDifference) -> str:
    """Which runs these are."""
    if not one.now.sections:
        return f"{one.now.study} against {one.was.study}"
    if one.was.study == one.now.study:
        return f"{one.now.study}: {one.was.short} to {one.now.short}"
    return f"{one.was.study} ({one.was.short}) to {one.now.study} ({one.now.short})"


def compare_runs(one: RunDifference, *, brief: bool = False) -> list[Block]:
    """What came of the change, then tables; `brief`: without scores that did not move."""
    tables = [
        *(_scores(one, metric, brief) for metric in one.metrics),
        _table("Claims whose agreement changed", ("claim", "was", "is", "ours was", "ours is", "why"), map(_claim, one.claims)),
        _table("What changed", ("of", "what", "was", "is"), _changes(one)),
        _table("Warnings", ("warning", "was", "is"), _warnings(one)),
    ]  # fmt: skip
    return [Facts(tuple(summary(one))), *(table for table in tables if table.rows)]


def summary(one: RunDifference) -> Iterator[tuple[str, str]]:
    """What came of the change, a labelled line each, the most important first."""
    if one.was.metric != one.now.metric:
        was, now = (measure(run.metric).word for run in (one.was, one.now))
        yield "primary metric", f"was {was}, is {now}"
    for of in one.metrics:
        yield measure(of.name).word, outcomes(one.of(of.name)) or "no score in common"
    if not one.scores:
        yield "scores", "neither run has a score that the other has"
    yield from _doubts(one)
    yield from _tests(one)
    if part := in_part(one):
        yield "means", part
    yield from _judged(one)
    yield from _changed(one)


def _changed(one: RunDifference) -> Iterator[tuple[str, str]]:
    """What made the runs differ."""
    if one.now.sections:  # two tables of scores: nobody knows what made them
        changed = [f"{kind} ({len(getattr(one, kind))})" for kind in KINDS if getattr(one, kind)]  # fmt: skip
        yield "changed", ", ".join(changed) or "nothing"


def _tests(one: RunDifference) -> Iterator[tuple[str, str]]:
    """How scores were tested, and where intervals and tests have no sampling error."""
    tested = [row for row in one.scores if row.p is not None]
    ways = {"paired on the same folds" if row.paired else NO_PAIRS for row in tested}
    if ways:
        alpha = formats.short(round(1 - one.now.level, 9))
        level = f"significance level {alpha}, p adjusted by Holm within each metric"
        yield "tests", f"{'; '.join(sorted(ways))} ({level})"
    seeds = dict.fromkeys(row.dataset for row in tested if row.seeds)
    if seeds:
        yield f"seeds: {', '.join(seeds)}", OVER_SEEDS


def _doubts(one: RunDifference) -> Iterator[tuple[str, str]]:
    """What scores were not compared, or not told apart, and why."""
    stand_ins = [row for row in one.scores if row.stand_ins_was or row.stand_ins_now]
    if stand_ins:
        words = "another model's scores stand in where runs failed or are missing"
        yield MARK, f"{words}: {_names(one, stand_ins)}"
    yield from _other_targets(one)
    if any(row.moved is Moved.UNCLEAR for row in one.scores):
        yield "cannot tell", _unclear(one)
    why = {row.untested for row in one.scores} - {WhyNot.OTHER_TARGET}
    said = [words for code, words in WHY_NOT.items() if code in why]
    if said:
        yield "not tested", "; ".join(said)


def _other_targets(one: RunDifference) -> Iterator[tuple[str, str]]:
    """Why scores of a dataset were not compared: two targets are two questions."""
    for target in one.targets:
        ends = f" was {target.was or 'none'}, is {target.now or 'none'}"
        change = PREDICTED[target.what] + ("" if target.what == "values" else ends)
        words = f"{change}: scores there are about something else"
        yield f"not compared: {target.dataset}", words


def _unclear(one: RunDifference) -> str:
    """What `cannot tell` means here."""
    names = [of for of in one.metrics if any(row.moved is Moved.UNCLEAR for row in one.of(of.name))]  # fmt: skip
    ropes = [
        f"{measure(of.name).word} {'none' if of.rope is None else measure(of.name).size(of.rope)}"
        for of in names
    ]  # fmt: skip
    return f"the folds show neither a difference nor equality within the ROPE ({', '.join(ropes)})"  # fmt: skip


def _judged(one: RunDifference) -> Iterator[tuple[str, str]]:
    """What became of claims and of falsifiers, those first that happen now and did not before."""
    both = [row.now for row in one.claims if row.was is not None and row.now is not None]  # fmt: skip
    falsifiers = sum(claim.became is not None for claim in both)
    claims = len(both) - falsifiers
    came = [row.claim for row in one.claims if row.now is not None and row.now.became == Falsified.HAPPENED]  # fmt: skip
    if came:
        yield "against the author's expectation", f"{', '.join(came)} happened"
    if claims or one.claims_alike:
        yield "claims", f"changed: {claims} of {claims + one.claims_alike}"
    if falsifiers or one.falsifiers_alike:
        yield "falsifiers", f"changed: {falsifiers} of {falsifiers + one.falsifiers_alike}"  # fmt: skip


def outcomes(rows: Sequence[ScoreChange]) -> str:
    """What became of scores: `1 worse, 2 identical`; of one alone `worse`."""
    counts = Counter(row.moved for row in rows)
    if len(rows) == 1:
        return MOVED[rows[0].moved].words
    return ", ".join(
        f"{counts[kind]} {sign.words}" for kind, sign in MOVED.items() if counts[kind]
    )


def answer(one: RunDifference) -> str:
    """What became of the only score, with what `cannot tell` means."""
    words = outcomes(one.scores)
    unclear = any(row.moved is Moved.UNCLEAR for row in one.scores)
    return f"{words}: {_unclear(one)}" if unclear else words


def in_part(one: RunDifference) -> str:
    """Which means are over the folds in common alone."""
    groups: dict[tuple[int, int, int], list[ScoreChange]] = {}
    for row in one.scores:
        if row.in_part:
            counts = (row.folds, row.scores_was, row.scores_now)
            groups.setdefault(counts, []).append(row)
    said = [
        f"{folds} of {was} before and {now} now ({_names(one, rows)})"
        for (folds, was, now), rows in groups.items()
    ]
    return f"of the scores in common: {', '.join(said)}" if said else ""


def _names(one: RunDifference, rows: Iterable[ScoreChange]) -> str:
    """The models of scores, with their datasets where there are several."""
    many = len({row.dataset for row in one.scores}) > 1
    names = [f"{row.family} on {row.dataset}" if many else row.family for row in rows]
    return formats.listed(list(dict.fromkeys(names)), most=3)


def scores_title(metric: RecordedMetric) -> str:
    """The title of the table of scores of a metric."""
    of = measure(metric.name)
    rope = "no ROPE" if metric.rope is None else f"ROPE {of.size(metric.rope)}"
    return f"Scores: {of.word}, {rope}"


def _table(
    caption: str, heads: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]
) -> Table:
    """As many rows as are shown; the others are counted."""
    found = tuple(rows)
    return Table(heads, found[:MOST], caption, left(len(found)))


def left(rows: int) -> tuple[str, ...]:
    """How many rows of a table are not shown."""
    return (f"Rows left out: {rows - MOST}; --json has all.",) if rows > MOST else ()


def _scores(one: RunDifference, metric: RecordedMetric, brief: bool) -> Table:
    """What moved first, then in the order of the runs; the dataset is left out where there is one."""
    of = measure(metric.name)
    rows = sorted(one.of(metric.name), key=lambda row: row not in one.moved)
    first = 1 if len({row.dataset for row in rows}) == 1 else 0
    heads = ("dataset", "model", "was", "is", "difference", "p", "outcome")
    if brief and len(rows) > 1:
        rows = [row for row in rows if row in one.moved]
    cells = (_score(row, of)[first:] for row in rows)
    return _table(scores_title(metric), heads[first:], cells)


def _score(row: ScoreChange, of: Measure) -> tuple[Cell, ...]:
    """p is that of the outcome: of equality where this is shown, else of a difference."""
    equal = row.moved is Moved.EQUAL
    p = row.p_equal_adjusted if equal else row.p_adjusted
    of = of.beside(row.was, row.now)
    return (
        row.dataset, row.family, _mean(row, of, row.was, row.stand_ins_was), _mean(row, of, row.now, row.stand_ins_now),
        gain(of, row.difference, row.low, row.high), probability(p), MOVED[row.moved],
    )  # fmt: skip


def _mean(row: ScoreChange, of: Measure, mean: float | None, stand_ins: int) -> Cell:
    """A mean with the digits that the interval of the difference needs."""
    value = replace(score(of, mean, row.low, row.high), low=None, high=None)
    return (value, f" {MARK}") if stand_ins else value


def _claim(row: ClaimChange) -> tuple[Cell, ...]:
    why = NEW_CLAIM if row.was is None else NO_CLAIM
    if row.was is not None and row.now is not None:
        why = _reasons(row.now)
    both = [claim for claim in (row.was, row.now) if claim is not None]
    falsifies = any(claim.became is not None for claim in both)
    name = f"falsifier {row.claim}" if falsifies else row.claim
    return (name, _mark(row.was), _mark(row.now), _number(row.was), _number(row.now), why)  # fmt: skip


def _reasons(claim: RecordedClaim) -> str:
    """Why a claim has its agreement; empty where another version of bench judged it and the words are not known."""
    try:
        found = sentences(decoded(claim.reasons))
    except BenchError:
        return ""
    holm = NOT_AFTER_HOLM if _is_left_by_holm(claim) else ""
    return "; ".join(filter(None, (found, holm)))


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
    shape = shape_of(claim.kind)
    if shape.number == "rank":
        return formats.rank(claim.ours)
    scale = 1 if shape.number == "order" else scale_of(claim)
    shown = claim if scale == 1 else replace(claim, unit="percent")
    low, high = (
        None if end is None else scale * end for end in (claim.low, claim.high)
    )
    number = quantity(scale * claim.ours, "", low, high, limits_of(shown))
    return show_middle(number) + number_unit(shown)


def _changes(one: RunDifference) -> Iterator[tuple[Cell, ...]]:
    for kind in KINDS:
        for change in getattr(one, kind):
            ends = [shortened(value, _LONGEST) for value in (change.was, change.now)]
            yield (kind, change.name, *ends)


def _warnings(one: RunDifference) -> Iterator[tuple[Cell, ...]]:
    yield from ((code, "", "✓") for code in one.new_warnings)
    yield from ((code, "✓", "") for code in one.gone_warnings)


def markdown(one: RunDifference) -> str:
    """Two runs in Markdown, for a comment: what is better or worse; it calls nobody to the comment."""
    text = f"### {escaped(title(one))}\n\n{write_markdown(compare_runs(one, brief=True))}\n"  # fmt: skip
    return re.sub(r"(?<!\w)@", "\N{FULLWIDTH COMMERCIAL AT}", text)


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
    metrics = {"metrics": [asdict(of) for of in one.metrics], "outcomes": counts}
    return asdict(one) | runs | metrics
