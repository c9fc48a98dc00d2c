"""What page, terminal and Markdown say of two runs that were compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bench.comparisons.moved_scores import Moved, ScoreChange
from bench.comparisons.run_record import RecordedClaim, RecordedMetric
from bench.comparisons.two_runs import ClaimChange, RunDifference
from bench.core.comparisons import WhyNot
from bench.core.counting import Falsified
from bench.text import formats
from bench.text.why_not import WHY_NOT
from bench.text.words import MARK, measure

CHANGES, SCORES, WARNINGS = "What changed", "Scores", "Warnings"
CLAIMS = "Claims whose agreement changed"
CHANGES_HEAD = ("of", "what", "was", "is")
SCORES_HEAD = ("dataset", "model", "was", "is", "difference", "p", "outcome")
CLAIMS_HEAD = ("claim", "was", "is", "ours was", "ours is", "why")
WARNINGS_HEAD = ("warning", "was", "is")
#: Kinds of changes, in the order in which they are listed.
KINDS = ("study", "data", "code", "versions")
MOVED = {
    Moved.BETTER: "better",
    Moved.WORSE: "worse",
    Moved.EQUAL: "equal within ROPE",
    Moved.SAME: "identical",
    Moved.UNCLEAR: "cannot tell",
    Moved.NOT_TESTED: "not tested",
    Moved.NEW: "new",
    Moved.GONE: "gone",
}
PREDICTED = {"task": "task", "target": "target", "positive": "positive class"}
OVER_SEEDS = "are over seeds only: other test rows may give another result"
NEW_CLAIM, NO_CLAIM = "new claim", "claim removed"
NOT_AFTER_HOLM = "significant only before Holm's correction over the falsifiers"


def scores_title(metric: RecordedMetric) -> str:
    """The title of the table of scores of a metric."""
    of = measure(metric.name)
    return f"{SCORES}: {of.word}, {'no ROPE' if metric.rope is None else f'ROPE {of.size(metric.rope)}'}"


def more(rows: int) -> str:
    """How many rows of a table are not shown."""
    return f"and {formats.plural(rows, 'row')} more; --json has all"


def outcomes(rows: Sequence[ScoreChange]) -> str:
    """What became of scores: `1 worse, 2 identical`; of one alone `worse`."""
    counts = Counter(row.moved for row in rows)
    if len(rows) == 1:
        return MOVED[rows[0].moved]
    return ", ".join(
        f"{counts[kind]} {words}" for kind, words in MOVED.items() if counts[kind]
    )


def title(one: RunDifference) -> str:
    """Which runs these are."""
    if not one.now.sections:
        return f"{one.now.study} against {one.was.study}"
    if one.was.study == one.now.study:
        return f"{one.now.study}: {one.was.short} to {one.now.short}"
    return f"{one.was.study} ({one.was.short}) to {one.now.study} ({one.now.short})"


def lead(one: RunDifference) -> tuple[str, ...]:
    """What came of the change, a sentence each, the most important first."""
    doubt = _cannot_tell(one)
    doubt = doubt[:1].upper() + doubt[1:]
    scores = (
        _scores(one),
        _others(one),
        _stand_ins(one),
        _targets(one),
        doubt,
        _not_tested(one),
        _how(one),
    )
    said = (
        *scores,
        _seeds(one),
        in_part(one),
        _claims(one),
        _falsifiers(one),
        _changed(one),
    )
    return tuple(filter(None, said))


def _scores(one: RunDifference) -> str:
    """What became of the primary metric."""
    was, now = (measure(run.metric) for run in (one.was, one.now))
    if one.was.metric != one.now.metric:
        compared = (
            "and both are compared"
            if one.was.metric in [of.name for of in one.metrics]
            else ""
        )
        if one.now.metric not in [of.name for of in one.metrics]:
            compared = f"whose scores the earlier run lacks{'; other metrics are compared' * bool(one.metrics)}"
        return f"The primary metric was {was.word} and is {now.word}{', ' * bool(compared)}{compared}"
    rows = one.of(one.now.metric)
    return f"{now.title}: {outcomes(rows)}" if rows else "Neither run has a score"


def _others(one: RunDifference) -> str:
    """What became of the other metrics."""
    same = one.was.metric == one.now.metric
    rows = {
        of.name: one.of(of.name)
        for of in one.metrics
        if not (same and of.name == one.now.metric)
    }
    said = [
        f"{measure(name).word}: {outcomes(its)}" for name, its in rows.items() if its
    ]
    words = "; ".join(said)
    return (
        f"Other metrics: {words}"
        if words and same
        else f"{words[:1].upper()}{words[1:]}"
    )


def _stand_ins(one: RunDifference) -> str:
    """Which means have scores of another model in them."""
    rows = [row for row in one.scores if row.stand_ins_was or row.stand_ins_now]
    if not rows:
        return ""
    return f"{MARK} another model's scores stand in where runs of {_names(one, rows)} failed or are missing"


def _targets(one: RunDifference) -> str:
    """Why scores were not compared: two targets are two questions."""
    groups: dict[tuple[str, str | None, str | None], list[str]] = {}
    for target in one.targets:
        key = target.what, target.was, target.now
        groups.setdefault(key, []).append(target.dataset)
    said = []
    for (what, *values), names in groups.items():
        was, now = ("none" if value is None else f"“{value}”" for value in values)
        datasets = formats.listed(names, most=3)
        said.append(f"the {PREDICTED[what]} of {datasets} was {was} and is {now}")
    words = formats.listed(said)
    words = f"{words[:1].upper()}{words[1:]}"
    return (
        f"{words}: scores there are about something else, and were not compared"
        if said
        else ""
    )


def answer(one: RunDifference) -> str:
    """What became of the only score: `worse`, `equal within ROPE`, or that nobody can tell and why."""
    return _cannot_tell(one) or outcomes(one.scores)


def _cannot_tell(one: RunDifference) -> str:
    """What `cannot tell` means here."""
    names = [
        of
        for of in one.metrics
        if any(row.moved is Moved.UNCLEAR for row in one.of(of.name))
    ]
    if not names:
        return ""
    ropes = [
        f"{measure(of.name).word} {measure(of.name).size(of.rope)}"
        for of in names
        if of.rope is not None
    ]
    lacking = [measure(of.name).word for of in names if of.rope is None]
    said = f"{MOVED[Moved.UNCLEAR]}: the folds show neither a difference nor equality within the ROPE"
    said = (
        f"{said} ({', '.join(ropes)})"
        if ropes
        else f"{MOVED[Moved.UNCLEAR]}: the scores show no difference"
    )
    if lacking:
        has = "has" if len(lacking) == 1 else "have"
        said += (
            f"; {formats.listed(lacking)} {has} no ROPE, so equality cannot be shown"
        )
    return said


def _how(one: RunDifference) -> str:
    tested = [row for row in one.scores if row.p is not None]
    if not tested:
        return ""
    many = " within each metric" if len({row.metric for row in tested}) > 1 else ""
    level = f"significance level {formats.short(round(1 - one.now.level, 9))}, p adjusted by Holm{many}"
    if all(row.paired for row in tested):
        return f"Scores were paired on the same folds ({level})"
    if not any(row.paired for row in tested):
        fitted = any(not table.elsewhere for table in one.now.tables)
        drawn = (
            " (each study draws its own folds)"
            if fitted and one.was.study != one.now.study
            else ""
        )
        return f"Folds or rows differ{drawn}, so means were compared without pairs, which finds less ({level})"
    return f"Scores were paired where rows and folds are the same, else compared without pairs ({level})"


def _seeds(one: RunDifference) -> str:
    """Where intervals and tests have no sampling error."""
    tested = [row for row in one.scores if row.p is not None]
    names = list(dict.fromkeys(row.dataset for row in tested if row.seeds))
    if not names:
        return ""
    where = (
        ""
        if all(row.seeds for row in tested)
        else f" of {formats.listed(names, most=3)}"
    )
    return f"Intervals and tests{where} {OVER_SEEDS}"


def _not_tested(one: RunDifference) -> str:
    """What `not tested` means here, beside other targets."""
    why = {row.untested for row in one.scores} - {WhyNot.OTHER_TARGET}
    said = [words for code, words in WHY_NOT.items() if code in why]
    return f"Not tested: {'; '.join(said)}" if said else ""


def in_part(one: RunDifference) -> str:
    """Which means are over the folds in common alone."""
    rows = [row for row in one.scores if row.in_part]
    groups = {
        counts: [row for row in rows if _counts(row) == counts]
        for counts in map(_counts, rows)
    }
    said = [
        f"{folds} of {was} before and {now} now"
        + (f" ({_names(one, its)})" if len(its) < len(one.scores) else "")
        for (folds, was, now), its in groups.items()
    ]
    return (
        f"Means and differences are of the scores in common: {', '.join(said)}"
        if said
        else ""
    )


def _counts(row: ScoreChange) -> tuple[int, int, int]:
    return row.folds, row.scores_was, row.scores_now


def _names(one: RunDifference, rows: Iterable[ScoreChange]) -> str:
    """The models of scores, with their datasets where there are several."""
    many = len({row.dataset for row in one.scores}) > 1
    return formats.listed(
        list(
            dict.fromkeys(
                f"{row.family} on {row.dataset}" if many else row.family for row in rows
            )
        ),
        most=3,
    )


def _claims(one: RunDifference) -> str:
    judged = [row for row in _in_both(one.claims) if row.became is None]
    alike = one.claims_alike
    if judged:
        every = formats.plural(len(judged) + alike, "claim")
        return f"{len(judged)} of {every} changed agreement"
    if not alike:
        return ""
    keep = formats.plural(alike, "claim keeps its", "claims keep their")
    return f"{keep} agreement"


def _falsifiers(one: RunDifference) -> str:
    """What became of falsifiers, those first that happen now and did not before."""
    judged = [row for row in _in_both(one.claims) if row.became is not None]
    came = [
        row.claim
        for row in one.claims
        if row.now is not None and row.now.became == Falsified.HAPPENED
    ]
    alike = one.falsifiers_alike
    said = []
    if came:
        said.append(
            f"Against the author's expectation: {formats.listed(came)} happened"
        )
    if judged:
        every = formats.plural(len(judged) + alike, "falsifier")
        said.append(f"{len(judged)} of {every} changed")
    elif alike:
        are = formats.plural(alike, "falsifier is", "falsifiers are")
        said.append(f"{are} as before")
    return "; ".join(said)


def _in_both(claims: Iterable[ClaimChange]) -> list[RecordedClaim]:
    """Those that both studies make, as they are now."""
    return [row.now for row in claims if row.was is not None and row.now is not None]


def _changed(one: RunDifference) -> str:
    if not one.now.sections:  # two tables of scores: nobody knows what made them
        return ""
    counts = {kind: len(getattr(one, kind)) for kind in KINDS}
    changed = [kind for kind in KINDS if counts[kind]]
    if not changed:
        return "Study, data, code and versions are the same"
    same = [
        kind
        for kind in KINDS
        if not counts[kind] and not (kind == "data" and one.targets)
    ]
    said = (
        f"Changed: {formats.listed([f'{kind} ({counts[kind]})' for kind in changed])}"
    )
    return said + (f"; the same: {formats.listed(same)}" if same else "")
