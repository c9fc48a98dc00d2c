"""The names of claims in prose and tables: short, and no two alike."""

from __future__ import annotations

from bench.core.judgements import VerdictRow
from bench.report.bundle import Bundle
from bench.report.styles import Styles
from bench.text.words import measure


def claim_names(bundle: Bundle, styles: Styles) -> dict[str, str]:
    """The name of every claim by its id: where two would read alike, with what tells them apart, else the id."""
    alike: dict[str, list[VerdictRow]] = {}
    for row in bundle.verdicts:
        alike.setdefault(_claim_name(row, styles), []).append(row)
    found = {}
    for name, same in alike.items():
        metrics, sides = ({row.claim: of(bundle, row) for row in same} for of in (_metric_of, _side_of))
        told = [words for words in (metrics, sides) if len(set(words.values())) > 1]
        longer = {c: ", ".join(filter(None, (name, *(words[c] for words in told)))) for c in metrics}
        for claim, words in longer.items():
            found[claim] = words if list(longer.values()).count(words) == 1 else f"{words} ({claim})"
    return {row.claim: found[row.claim] for row in bundle.verdicts}


def _metric_of(bundle: Bundle, row: VerdictRow) -> str:
    return measure(row.metric).word if row.metric else ""


def _side_of(bundle: Bundle, row: VerdictRow) -> str:
    claim = bundle.claims.get(row.claim)
    return {"train": "training rows", "inner": "inner folds"}.get(claim.side, "") if claim is not None else ""


def _claim_name(row: VerdictRow, styles: Styles) -> str:
    """A claim in two or three words: its family, both families, or its id; with the dataset when there are several."""
    if row.family is None:
        name = row.claim
    elif row.against is None:
        name = styles.family(row.family).short
    else:
        name = f"{styles.family(row.family).short} over {styles.family(row.against).short}"
    many = len(styles.study.datasets) > 1 and row.dataset is not None
    return f"{name} on {styles.dataset(row.dataset)}" if many else name
