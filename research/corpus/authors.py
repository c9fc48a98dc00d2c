"""Seeds that authors publish: the numbers of some of them as printed, against the others as ours.

The scores are those of the studies of the list `evidence` (`make evidence`); the noise is that of real models.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from bench.claims.case import CaseOf
from bench.claims.evidence import ClaimEvidence
from bench.claims.judging import evidence_of, judged, protocol_match
from bench.core.judgements import Agreement, Evidence
from bench.study import Claim
from research.calibrate.evidence import claim, evidence
from research.corpus.rules import Case, Held, Truth, case

GROUP = "other seeds of the authors"
STUDIES = ("num-embeddings-2022", "rtdl-2021", "tabm-2025", "tabular-optimizers-2026")
METRICS = ("accuracy", "roc_auc")
#: Of at least ten seeds five are the paper's.
LEAST, PAPERS = 10, 5
#: Models of these papers differ by tenths of a point.
TOLERANCE = 0.002
#: Rows of a test set, as bench asks for them; any large number.
ROWS = 30_000
#: The expected largest of five normal numbers, in standard deviations.
LARGEST = 1.163


def cases(results: Path) -> Iterator[Case]:
    """Every cell of the studies that has enough seeds of one test set."""
    for study in STUDIES:
        path = results / study / "scores.parquet"
        if path.is_file():
            frame = pl.read_parquet(path).filter(
                pl.col("side") == "test", pl.col("metric").is_in(METRICS)
            )
            yield from _study(study, frame)


def missing(results: Path) -> tuple[str, ...]:
    """The studies without scores here."""
    return tuple(
        study for study in STUDIES if not (results / study / "scores.parquet").is_file()
    )


def _study(study: str, frame: pl.DataFrame) -> Iterator[Case]:
    for (dataset, metric), part in sorted(
        frame.partition_by("dataset", "metric", as_dict=True).items()
    ):
        seeds = {
            family: rows.sort("repeat")["value"].to_numpy()
            for (family,), rows in sorted(
                part.partition_by("family", as_dict=True).items()
            )
            if rows["fold"].n_unique() == 1 and rows.height >= LEAST
        }
        dealt = {
            family: _dealt(f"{study}/{dataset}/{metric}/{family}", values)
            for family, values in seeds.items()
        }
        for family, other in zip(
            seeds, [*list(seeds)[1:], *list(seeds)[:1]], strict=True
        ):
            if family != other:
                yield from _cell(str(metric), family, seeds, dealt, other)


def _dealt(name: str, values: np.ndarray) -> np.ndarray:
    """The seeds in an order that hangs on the name alone; the first are the paper's."""
    seed = int.from_bytes(sha256(name.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).permutation(values)


def _cell(
    metric: str,
    family: str,
    seeds: dict[str, np.ndarray],
    dealt: dict[str, np.ndarray],
    other: str,
) -> Iterator[Case]:
    """Two sound numbers of a model, another model's number in its place, and its best seed printed as a mean."""
    paper, ours = dealt[family][:PAPERS], dealt[family][PAPERS:, None]
    apart = abs(float(seeds[family].mean() - seeds[other].mean()))
    best = LARGEST * float(seeds[family].std(ddof=1))
    printed: tuple[tuple[str, float, int, Truth], ...] = (
        ("mean of five seeds", float(paper.mean()), PAPERS, "sound"),
        ("one seed", float(paper[0]), 1, "sound"),
        (
            "another model's mean",
            float(dealt[other][:PAPERS].mean()),
            PAPERS,
            _moved(apart),
        ),
        ("best of five seeds as a mean", float(paper.max()), PAPERS, _moved(best)),
    )
    found = evidence({"ours": ours}, ROWS, metric, design="seeds")
    for way, value, repeats, truth in printed:
        text = f"{value:.3f}"
        one = claim(
            "value", family="ours", metric=metric, value=text, unit="fraction", tolerance=TOLERANCE, splits="same",
            repeats=repeats,
        )  # fmt: skip
        yield case(GROUP, way, truth, Held(text, ours, TOLERANCE), *said(one, found))


def _moved(by: float) -> Truth:
    return "off" if by > TOLERANCE else "trifling"


def said(
    one: Claim, found: ClaimEvidence
) -> tuple[Agreement | None, Evidence, float | None]:
    """What bench says of a claim, how strong its evidence is, and the p-value of the number."""
    judgement = judged(CaseOf(one, found))
    return (
        judgement.agreement,
        evidence_of(one, protocol_match(one)),
        judgement.p,
    )
