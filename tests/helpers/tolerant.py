"""A study whose claims all follow their tolerance, each in another way, with its frames; and the same under another."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import polars as pl

from bench.claims import verdicts
from bench.comparisons import comparisons
from bench.core.frames import FAILURES, empty
from bench.study import Study
from tests.helpers.judge_cases import (
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)

#: Factors on every stated tolerance; at some a claim turns from one agreement to another.
FACTORS = (0.01, 0.2, 0.5, 0.9, 1.0, 1.1, 1.5, 2.0, 3.0, 5.0, 20.0)
SPREAD = 'spread: {value: "0.004", kind: se}, repeats: 10'
CLAIMS = {
    "near": 'kind: value, family: lda, value: "0.900"',
    "in-percent": 'kind: value, family: lda, value: "91.2", unit: percent',
    "far": 'kind: value, family: lda, value: "0.85", central: true',
    "far-by-another-method": 'kind: value, family: lda, value: "0.85", note: "another method"',
    "far-from-memory": 'kind: value, family: qda, value: "0.91", read: memory',
    "under-another-protocol": 'kind: value, family: lda, value: "0.903"',
    "of-some-spread": f'kind: value, family: lda, value: "0.911", {SPREAD}',
    "of-a-wide-spread": f'kind: value, family: lda, value: "0.95", {SPREAD}, splits: other_sample',
    "by-theory": 'kind: value, family: lda, value: "0.9", constant: true',
    "of-another-sample": 'kind: value, family: lda, value: "0.91", splits: other_sample',
    "equal-on-the-same-splits": 'kind: value, family: lda, value: "0.903", splits: same',
    "apart-on-the-same-splits": 'kind: value, family: lda, value: "0.910", splits: same',
    "better": "kind: better, family: lda, against: qda",
    "better-the-other-way": "kind: better, family: qda, against: lda",
    "equal": "kind: equivalent, family: lda, against: random_forest",
}


def tolerant(
    folder: Path, factor: float = 1.0
) -> tuple[Study, dict[str, pl.DataFrame]]:
    """The study with every tolerance times a factor, and its frames with the verdicts."""
    claims = "".join(
        "  - {"
        + ", ".join(
            [
                f"id: {name}",
                "dataset: toy",
                "where: Table 1",
                words,
            ]
        )
        + ("" if " read:" in words else ", read: source")
        + ("" if "unit:" in words or "value:" not in words else ", unit: fraction")
        + "}\n"
        for name, words in CLAIMS.items()
    )
    study = a_study(
        folder,
        claims,
        more=f'\ntolerance: {{accuracy: {0.01 * factor!r}, why: "by hand"}}\n'
        "deviations: [{what: other_method, of: [far-by-another-method], note: n}, "
        "{what: split, of: [under-another-protocol], note: n}]\n",
    )
    lda = around(0.903, 0.004)
    scores = scores_of_arrays(
        {
            "baseline": around(0.4, 0.01),
            "lda": lda,
            "qda": lda - 0.018 + around(0, 0.003, fold_sd=0.002)[::-1],
            "random_forest": lda + around(0.001, 0.002, fold_sd=0.002)[::-1],
        }
    )
    frames = {
        "tables": tables_of(),
        "folds": folds_of(),
        "scores": scores,
        "failures": empty(FAILURES),
    }
    frames["estimates"] = comparisons(
        study, frames["tables"], frames["folds"], scores
    ).estimates
    return study, frames | {"verdicts": verdicts(study, frames)}


def agreements(frames: dict[str, pl.DataFrame]) -> dict[str, str]:
    """The stored agreement of each claim."""
    return dict(frames["verdicts"].select("claim", "agreement").iter_rows())


def turns(found: list[dict[str, str]]) -> int:
    """How often an agreement differs from that at the next tolerance: a grid that turns nothing tests nothing."""
    return sum(a[name] != b[name] for a, b in pairwise(found) for name in a)
