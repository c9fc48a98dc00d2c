"""Whether the family that is first on average is first in most repeats and folds too."""

from __future__ import annotations

import numpy as np

from bench.core.metrics import METRICS
from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, found, not_applicable, passed, share
from bench.scores.series import Series


def run(evidence: DiagnosticEvidence) -> Rows:
    """How often the best mean is the best of a repeat (of a fold, where there is one repeat); ties count for it."""
    metric, rows = evidence.study.metrics.primary, []
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    for dataset in evidence.study.datasets:
        names = [f for d, f in evidence.subjects if d == dataset]
        have = {f: evidence.series["test"][dataset, f, metric].times(turn) for f in names}
        have = {f: one for f, one in have.items() if one.mean is not None}
        if len(have) < 2:
            rows.append(not_applicable("fewer than two families have scores", (dataset, None)))
            continue
        places, what = _rounds(have)
        if len(places) < 2:
            rows.append(not_applicable("one repeat of one fold cannot disagree with itself", (dataset, None)))
            continue
        best = max(have, key=lambda family: have[family].mean or -np.inf)
        column = list(have).index(best)
        first = int((places[:, column] >= places.max(axis=1) - 1e-9).sum())
        said = f"{best}, first on average, is first in {share(first, len(places))} {what}"
        part = first / len(places)
        subject = (dataset, best)
        seldom = part < 0.5
        rows.append(found(subject, "note", said, estimate=part) if seldom else passed(subject, said, estimate=part))
    return rows


def _rounds(have: dict[str, Series]) -> tuple[np.ndarray, str]:
    """(rounds, families) means by repeat, or scores by fold where there is one repeat; complete rounds only."""
    repeats = {int(r) for one in have.values() for r in one.repeat}
    if len(repeats) > 1:
        keys = [{(int(r), 0) for r in one.repeat} for one in have.values()]
        common = sorted(set.intersection(*keys))
        table = [[float(np.nanmean(one.value[one.repeat == r])) for one in have.values()] for r, _ in common]
        what = "repeats"
    else:
        keys = [{(int(r), int(f)) for r, f in zip(one.repeat, one.fold, strict=True)} for one in have.values()]
        common = sorted(set.intersection(*keys))
        at = [
            {(int(r), int(f)): v for r, f, v in zip(one.repeat, one.fold, one.value, strict=True)}
            for one in have.values()
        ]
        table = [[float(one[key]) for one in at] for key in common]
        what = "folds"
    places = np.array(table).reshape(-1, len(have))
    return places[np.isfinite(places).all(axis=1)], what


DIAGNOSTIC = Diagnostic(
    name="first_place",
    title="Stability of the first place",
    code="S5",
    why="A winner that is seldom first owes its place to a few splits; another seed may crown another family.",
    what_to_do="Name the tie group, not the winner; more repeats tell whether there is one.",
    run=run,
    number=Number("repeats or folds in which it is first", "share"),
)
