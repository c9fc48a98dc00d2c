"""What a cell of the results table has to say besides its number: each state in two or three words, with its sign."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bench.metrics import METRICS
from bench.report import facts, formats
from bench.report.bundle import Bundle
from bench.report.words import MARK

#: Statuses that left no result, by the sign and word of the page.
_LOST = {
    "failed": "✕ failed",
    "crash": "✕ crashed",
    "oom": "✕ out of memory",
    "timeout": "◷ timed out",
    "invalid_data": "✕ invalid data",
}
#: How a reason or a detail is cut.
LONGEST = 60
#: What warnings are about, by what their text begins with or holds.
_WARNED = (("converge", "not converged"), ("collinear", "collinear columns"), ("candidate", "a candidate failed"))


@dataclass(frozen=True)
class State:
    """One state: `kind` names its look (lost, partial, warned, plain, absent), `detail` is its smaller second line."""

    kind: str
    words: str
    detail: str = ""


def states(bundle: Bundle, dataset: str, family: str, metric: str, estimate: facts.Estimate | None) -> list[State]:
    """Everything that is not as it should be with one cell of one metric; empty where it is complete."""
    lost = _lost(bundle, dataset, family)
    if estimate is None:
        return lost or [_absent(bundle, dataset, family, metric)]
    said = _share(bundle, dataset, family, metric, estimate)
    return [*said, *lost, *_warned(bundle, dataset, family), *_flat(bundle, dataset, family, metric, estimate)]


def is_partial(found: list[State]) -> bool:
    """Whether the number rests on a part of the folds: then it is never marked as best."""
    return any(state.kind == "partial" for state in found)


def _share(bundle: Bundle, dataset: str, family: str, metric: str, estimate: facts.Estimate) -> list[State]:
    pooled = facts.is_pooled(bundle, dataset, metric)
    folds = bundle.frame("folds").filter(pl.col("dataset") == dataset)
    expected = folds["repeat"].n_unique() if pooled else folds.height
    unit = "repeat" if pooled else "fold"
    if estimate.fallbacks:
        return [State("fallback", f"{MARK} the baseline's score in {estimate.fallbacks} of {expected} {unit}s")]
    if 0 < estimate.scores < expected:
        return [State("partial", f"{estimate.scores} of {expected} {unit}s")]
    return []


def _failures(bundle: Bundle, dataset: str, family: str) -> pl.DataFrame:
    return bundle.plain("failures").filter(pl.col("dataset") == dataset, pl.col("family") == family)


def _lost(bundle: Bundle, dataset: str, family: str) -> list[State]:
    """Cells without results, by status and reason: how many folds, and why."""
    rows = _failures(bundle, dataset, family).filter(pl.col("status") != "warning")
    found = []
    for (status,), part in sorted(rows.group_by("status")):
        reasons = part["reason"].drop_nulls().unique().sort().to_list()
        why = reasons[0] if len(reasons) == 1 else formats.plural(len(reasons), "reason") if reasons else ""
        folds = f"in {formats.plural(part.height, 'fold')}"
        found.append(State("lost", _LOST.get(str(status), f"✕ {status}") + f" {folds}", _cut(why)))
    return found


def _warned(bundle: Bundle, dataset: str, family: str) -> list[State]:
    rows = _failures(bundle, dataset, family).filter(pl.col("status") == "warning")
    words = {_topic(reason or "") for reason in rows["reason"].to_list()}
    folds = rows.select("repeat", "fold").n_unique() if rows.height else 0
    return [State("warned", f"{formats.listed(sorted(words))}, {formats.plural(folds, 'fold')}")] if folds else []


def _topic(reason: str) -> str:
    text = reason.lower()
    return next((words for sign, words in _WARNED if sign in text), "warned")


def _flat(bundle: Bundle, dataset: str, family: str, metric: str, estimate: facts.Estimate) -> list[State]:
    """Folds that all scored the same, and a family that does as well as none."""
    found = []
    values = bundle.plain("scores").filter(
        pl.col("dataset") == dataset,
        pl.col("family") == family,
        pl.col("metric") == metric,
        pl.col("side") == "test",
    )["value"]
    if values.len() > 1 and values.n_unique() == 1:
        found.append(State("plain", f"all {values.len()} folds equal"))
    collapsed = bundle.frame("findings").filter(
        pl.col("diagnostic") == "degenerate",
        pl.col("outcome") == "found",
        pl.col("dataset") == dataset,
        pl.col("family") == family,
    )
    if collapsed.height:
        found.append(State("warned", "constant predictions"))
    return found


def _absent(bundle: Bundle, dataset: str, family: str, metric: str) -> State:
    """No score and no failure: undefined here, excluded, or never run."""
    rows = bundle.plain("scores").filter(pl.col("dataset") == dataset, pl.col("family") == family)
    if not rows.height:
        return State("absent", "not run")
    needs = METRICS[metric].needs if metric in METRICS else ""
    if needs in ("p", "score"):
        return State("plain", "not applicable", "needs probabilities" if needs == "p" else "needs scores of classes")
    return State("plain", "not applicable", "undefined here")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
