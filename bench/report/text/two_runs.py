"""What page, terminal and Markdown say of two runs that were compared."""

from __future__ import annotations

from bench.comparisons.two_runs import ClaimMove, Moved, RunDifference
from bench.text import formats

CHANGES, SCORES, CLAIMS, CORNERS, WARNINGS = (
    "What changed",
    "Scores",
    "Claims whose agreement changed",
    "Data, or something else?",
    "Warnings",
)
CHANGES_HEAD = ("of", "what", "was", "is")
SCORES_HEAD = ("dataset", "model", "was", "is", "difference", "p", "change")
CLAIMS_HEAD = ("claim", "was", "is", "ours was", "ours is", "why")
CORNERS_HEAD = ("dataset", "model", "both old", "new data", "rest new", "both new")
WARNINGS_HEAD = ("warning", "was", "is")
#: Kinds of changes, in the order in which they are listed.
KINDS = ("study", "data", "code", "versions")
MOVED = {
    Moved.BETTER: "better",
    Moved.WORSE: "worse",
    Moved.WITHIN_NOISE: "within noise",
    Moved.SAME: "equal",
    Moved.NOT_TESTED: "no error rate",
    Moved.NEW: "new",
    Moved.GONE: "gone",
}
CAUSES = {
    ClaimMove.CLAIM: "the claim was edited",
    ClaimMove.TOLERANCE: "its tolerance changed",
    ClaimMove.OURS: "our number moved",
    ClaimMove.INTERVAL: "the interval of our number changed",
    ClaimMove.RULES: "the rules that judge it changed",
}
NEW_CLAIM, NO_CLAIM = "new claim", "claim removed"


def scores_title(metric: str) -> str:
    """The title of the table of scores."""
    return f"{SCORES}: {metric}"


def title(one: RunDifference) -> str:
    """Which runs these are."""
    if not one.now.sections:
        return f"{one.now.study} against {one.was.study}"
    if one.was.study == one.now.study:
        return f"{one.now.study}: {one.was.short} to {one.now.short}"
    return f"{one.was.study} ({one.was.short}) to {one.now.study} ({one.now.short})"


def lead(one: RunDifference) -> tuple[str, ...]:
    """What came of the change, a sentence each, the most important first."""
    return tuple(filter(None, (_scores(one), _how(one), _claims(one), _changed(one), _corners(one))))


def _scores(one: RunDifference) -> str:
    if one.was.metric != one.now.metric:
        return f"The primary metric was {one.was.metric} and is {one.now.metric}, so no score was compared"
    if not one.scores:
        return "Neither run has a score"
    counts = {kind: sum(row.moved is kind for row in one.scores) for kind in Moved}
    tested = sum(row.p is not None for row in one.scores) + counts[Moved.SAME]
    found = [f"{counts[kind]} {MOVED[kind]}" for kind in Moved if counts[kind]]
    moved = len(one.moved)
    if not tested:
        return f"No score could be tested: {', '.join(found)}"
    if tested == 1:
        return f"One score was tested, and {'moved' if moved else 'did not move'} beyond noise: {', '.join(found)}"
    return f"{moved or 'None'} of {tested} scores moved beyond noise: {', '.join(found)}"


def _how(one: RunDifference) -> str:
    tested = [row for row in one.scores if row.p is not None]
    if not tested:
        return ""
    level = f"significance level {formats.short(round(1 - one.now.level, 9))}, p adjusted by Holm"
    if all(row.paired for row in tested):
        return f"Scores were paired on the same folds ({level})"
    if not any(row.paired for row in tested):
        return f"Folds or rows differ, so means were compared without pairs, which finds less ({level})"
    return f"Scores were paired where rows and folds are the same, else compared without pairs ({level})"


def _claims(one: RunDifference) -> str:
    judged = [row for row in one.claims if row.was is not None and row.now is not None]
    if not judged:
        if not one.claims_alike:
            return ""
        return f"{formats.plural(one.claims_alike, 'claim keeps its', 'claims keep their')} agreement"
    return f"{len(judged)} of {formats.plural(len(judged) + one.claims_alike, 'claim')} changed agreement"


def _changed(one: RunDifference) -> str:
    if not one.now.sections:  # two tables of scores: nobody knows what made them
        return ""
    counts = {kind: len(getattr(one, kind)) for kind in KINDS}
    changed = [kind for kind in KINDS if counts[kind]]
    if not changed:
        return "Study, data, code and versions are the same"
    same = [kind for kind in KINDS if not counts[kind]]
    said = f"Changed: {formats.listed([f'{kind} ({counts[kind]})' for kind in changed])}"
    return said + (f"; the same: {formats.listed(same)}" if same else "")


def _corners(one: RunDifference) -> str:
    """Which of the two runs that tell the data from what else changed are not known."""
    if one.corners is None:
        return ""
    other = formats.listed([kind for kind in KINDS if kind != "data" and getattr(one, kind)])
    names = (f"old {other} with new data", f"new {other} with old data")
    lacking = [name for name, run in zip(names, one.corners.runs[1:3], strict=True) if run is None]
    changed = f"Data and {other} changed"
    if not lacking:
        return f"{changed}; the log has all four runs, so their effects can be seen apart"
    return (
        f"{changed}; the log has no run of {formats.listed(lacking)}, so their effects cannot be seen apart: make that "
        "run, and compare again"
    )
