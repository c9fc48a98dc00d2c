"""Whether more rows would still help: the last step of the learning curve, and no further.

Curves of this kind are not continued beyond what was measured: some 15 % of them bend (Viering & Loog 2022, The shape
of learning curves: a review).
"""

from __future__ import annotations

from bench.core.metrics import METRICS
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    found,
    not_applicable,
    passed,
    refused,
)
from bench.scores.design import level_of, tolerance_of
from bench.scores.series import Series, SeriesKey, matched, series_of
from bench.stats.intervals import corrected_mean


def run(evidence: DiagnosticEvidence) -> Rows:
    """All training rows against the largest share below, on the same folds, of the primary metric."""
    shares = sorted(shares_of(evidence))
    if not shares:
        said = "no learning curve was asked for: `diagnostics: {learning: {}}`"
        return refused(evidence, "train_share") or [not_applicable(said)]
    tolerance = tolerance_of(evidence.study, evidence.study.metrics.primary).value
    cannot = {(row["dataset"], row["family"]) for row in refused(evidence, "train_share")}
    largest = series_of(evidence.scores, variants=(f"train_share={shares[-1]:g}",))
    rows: Rows = refused(evidence, "train_share")
    for subject in [one for one in evidence.subjects if one not in cannot]:
        step = _step(evidence, subject, largest)
        if isinstance(step, str):
            rows.append(not_applicable(step, subject))
            continue
        said = f"from {shares[-1]:.0%} of the training rows to all of them"
        if step["low"] is not None and step["low"] > 0:
            rows.append(found(subject, "note", f"the score still grows {said}: more rows are worth having", **step))
        elif step["high"] is not None and tolerance is not None and step["high"] <= tolerance:
            rows.append(passed(subject, f"flat {said}: rather another family than more rows", **step))
        else:
            rows.append(passed(subject, f"no growth shown {said}, nor that there is none", **step))
    return rows


def shares_of(evidence: DiagnosticEvidence) -> set[float]:
    """The shares of training rows that there are scores for, all of them aside."""
    names = evidence.scores["variant"].unique().to_list()
    return {float(name.partition("=")[2]) for name in names if name.startswith("train_share=")}


def _step(
    evidence: DiagnosticEvidence, subject: tuple[str, str], largest: dict[SeriesKey, Series]
) -> dict[str, float | None] | str:
    metric = evidence.study.metrics.primary
    have, fewer = evidence.series["test"].get((*subject, metric)), largest.get((*subject, metric))
    if have is None or fewer is None:
        return "was not asked for this family, or its cells failed"
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    a, b = matched_on(have, fewer)
    gain = Series(a.repeat, a.fold, turn * (a.value - b.value))
    if gain.mean is None:
        return f"{metric} is defined on no fold of both"
    sample = evidence.settings[subject[0]].sample(gain)
    if sample is None or len(sample[0]) < 2:
        return {"estimate": gain.mean, "low": None, "high": None}
    one = corrected_mean(sample[0], test_train_ratio=sample[1], level=level_of(evidence.study))
    return {"estimate": one.estimate, "low": one.low, "high": one.high}


def matched_on(a: Series, b: Series) -> tuple[Series, Series]:
    """Both series on the repeats and folds that both have a defined score of."""
    keys = {(int(r), int(f)) for r, f in zip(b.repeat, b.fold, strict=True)}
    return matched(*(_only(one, keys & _keys(a)) for one in (a, b)))


def _keys(one: Series) -> set[tuple[int, int]]:
    return {(int(r), int(f)) for r, f in zip(one.repeat, one.fold, strict=True)}


def _only(one: Series, keys: set[tuple[int, int]]) -> Series:
    kept = [(int(r), int(f)) in keys for r, f in zip(one.repeat, one.fold, strict=True)]
    return Series(one.repeat[kept], one.fold[kept], one.value[kept])


DIAGNOSTIC = Diagnostic(
    name="learning_curve",
    title="Learning curve",
    code="O5",
    why="Where the curve still climbs, rows are what is missing; where it is flat, a better model is.",
    what_to_do="Climbing: collect more rows before trying more families. Flat: look at features and families.",
    run=run,
    number=Number("gain from the last training rows", "score"),
)
