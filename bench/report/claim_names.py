"""The names of claims in tables and sentences: short, and no two alike."""

from __future__ import annotations

from collections.abc import Iterator

from bench.claims.claim import shape_of
from bench.claims.statistic import STATISTICS
from bench.core.judgements import VerdictRow
from bench.report.bundle import Bundle, remembered
from bench.report.styles import Styles
from bench.text.words import measure

#: Of claims that are not of test rows.
SIDES = {"train": "training rows", "inner": "inner folds"}


@remembered
def claim_names(bundle: Bundle, styles: Styles) -> dict[str, str]:
    """The name of every claim by its id; of those that read alike with the metric, at last with their ids."""
    names = {row.claim: ", ".join(_parts(bundle, styles, row)) for row in bundle.verdicts}  # fmt: skip
    metrics = {
        row.claim: measure(row.metric).word if row.metric else row.kind
        for row in bundle.verdicts
    }
    for told in (metrics, {claim: f"claim {claim}" for claim in names}):
        alike: dict[str, set[str]] = {}
        for claim, name in names.items():
            alike.setdefault(name, set()).add(told[claim])
        names = {
            claim: name if len(alike[name]) == 1 else f"{name}, {told[claim]}"
            for claim, name in names.items()
        }
    return names


def _parts(bundle: Bundle, styles: Styles, row: VerdictRow) -> Iterator[str]:
    """What it is about, its dataset where there are several, its side, and whether a paper or the author says it."""
    claim, shape = bundle.claims.get(row.claim), shape_of(row.kind)
    if claim is not None and claim.order:
        yield styles.order(claim.order)
    elif claim is not None and claim.statistic in STATISTICS:
        title = STATISTICS[claim.statistic].title
        yield title[:1].upper() + title[1:]
        if row.family:
            yield " over ".join(
                map(styles.brief, filter(None, (row.family, row.against)))
            )
    elif row.family and row.against:
        first, second = styles.brief(row.family), styles.brief(row.against)
        yield f"{first} {shape.phrases.between} {second}"
    elif row.family:
        yield styles.brief(row.family) + " best of all" * shape.beats_all
    else:
        yield shape.phrases.subject or row.claim
    if row.dataset is not None and len(bundle.study.datasets) > 1:
        yield styles.dataset(row.dataset)
    if claim is not None and claim.side in SIDES:
        yield SIDES[claim.side]
    if row in bundle.counted.expected:
        yield "expected"
