"""What a result has besides its number: failed, partial or replaced folds, warnings, constant predictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from bench.core.metrics import METRICS
from bench.core.rows import WARNED
from bench.core.text import shortened
from bench.report import facts
from bench.report.bundle import Bundle, remembered
from bench.report.means import MeanScore
from bench.text.words import MARK

#: How a reason is cut.
LONGEST = 60
#: Statuses that left no result.
LOST = {
    "crash": "crashed",
    "oom": "out of memory",
    "timeout": "timed out",
    "invalid_data": "invalid data",
}
#: What warnings are about, by what their text holds.
TOPICS = {
    "converge": "not converged",
    "collinear": "collinear columns",
    "candidate": "a candidate failed",
}
#: Beside metrics of values and of labels; probabilities may differ where labels do not.
CONSTANT = {"value": "constant predictions", "label": "one label for all rows"}
#: Why a metric does not apply, by what it needs.
NEEDS = {"p": "needs probabilities", "score": "needs scores of classes"}
INCLUDED = (
    f"{MARK} includes the baseline's score in the place of failed or missing runs."
)


@dataclass(frozen=True)
class _Dataset:
    """What the frames hold of one dataset.

    `scores`: by metric and model, how many test scores there are and how many different ones; `constant`: models whose
    prediction is always the same; `missing`: metrics and models that lack runs in a table of scores.
    """

    failures: pl.DataFrame
    scores: dict[tuple[str, str], tuple[int, int]]
    constant: frozenset[str]
    missing: frozenset[tuple[str, str]]


@remembered
def _dataset(bundle: Bundle, name: str) -> _Dataset:
    tests = bundle.tests.filter(dataset=name).group_by("metric", "family")
    counts = tests.agg(pl.len(), pl.col("value").n_unique().alias("different"))
    constant = bundle.frame("findings").filter(
        diagnostic="degenerate", outcome="found", dataset=name
    )
    missing = bundle.of("missing_runs", name).select("metric", "family").unique()
    return _Dataset(
        bundle.plain("failures").filter(dataset=name),
        {(metric, family): (n, k) for metric, family, n, k in counts.iter_rows()},
        frozenset(constant["family"].drop_nulls()),
        frozenset(missing.iter_rows()),
    )


def states(
    bundle: Bundle,
    dataset: str,
    metric: str,
    families: Sequence[str],
    means: Mapping[str, MeanScore],
) -> dict[str, list[str]]:
    """By model, what is not as it should be with its result; empty where that is complete."""
    frames = _dataset(bundle, dataset)
    return {
        family: [
            *_share(bundle, dataset, metric, means.get(family)),
            *_failed(frames, family),
            *(
                _flat(bundle, frames, dataset, metric, family)
                if family in means
                else _absent(frames, metric, family)
            ),
        ]
        for family in families
    }


def _share(
    bundle: Bundle, dataset: str, metric: str, mean: MeanScore | None
) -> Iterator[str]:
    """How much of the folds, or of the repeats of pooled scores, is behind a number."""
    if mean is None:
        return
    folds = bundle.of("folds", dataset)
    pooled = facts.is_pooled(bundle, dataset, metric)
    expected = folds["repeat"].n_unique() if pooled else folds.height
    unit = "repeats" if pooled else "folds"
    if mean.fallbacks:
        yield f"{MARK} baseline's score in {mean.fallbacks} of {expected} {unit}"
    elif 0 < mean.scores < expected:
        yield f"{mean.scores} of {expected} {unit}"


def _failed(frames: _Dataset, family: str) -> Iterator[str]:
    """Failures by status with their folds and reason, then warnings by topic."""
    rows = frames.failures.filter(family=family)
    lost = rows.filter(pl.col("status").is_null() | (pl.col("status") != WARNED))
    for (status,), part in lost.group_by("status", maintain_order=True):
        words = LOST.get(str(status), str(status or "failed").replace("_", " "))
        reasons = part["reason"].fill_null("").unique(maintain_order=True)
        why = reasons[0] if len(reasons) == 1 else f"reasons: {len(reasons)}"
        why = f" ({shortened(why, LONGEST)})" if why else ""
        yield f"✕ {words}, folds: {part.height}{why}"
    warned = rows.filter(status=WARNED)
    if warned.height:
        texts = " ".join(warned["reason"].fill_null("")).lower()
        topics = [words for sign, words in TOPICS.items() if sign in texts] or [
            "warned"
        ]
        folds = warned.select("repeat", "fold").unique().height
        yield f"{', '.join(topics)}, folds: {folds}"


def _flat(
    bundle: Bundle, frames: _Dataset, dataset: str, metric: str, family: str
) -> Iterator[str]:
    """Single scores that are all the same; a model that predicts the same whatever the row."""
    scores, different = frames.scores.get((metric, family), (0, 0))
    if scores > 1 and different == 1:
        what = facts.single_scores(bundle, dataset, metric)
        yield f"the same score in every {what}"
    needs = METRICS[metric].needs if metric in METRICS else ""
    if family in frames.constant and needs in CONSTANT:
        yield CONSTANT[needs]


def _absent(frames: _Dataset, metric: str, family: str) -> Iterator[str]:
    """Why there is no score: never run, missing in a table of scores, or not defined here."""
    if frames.failures.filter(family=family).height:
        return
    if all(family != scored for _, scored in frames.scores):
        yield "no runs"
    elif (metric, family) in frames.missing:
        yield "runs missing"
    else:
        needs = METRICS[metric].needs if metric in METRICS else ""
        yield f"not applicable: {NEEDS.get(needs, 'undefined here')}"
