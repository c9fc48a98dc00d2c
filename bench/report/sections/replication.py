"""The claims together: how many hold, differ or are open, and how many comparisons point the same way as printed."""

from __future__ import annotations

import numpy as np

from bench.claims import judged_by
from bench.core.judgements import Agreement, Evidence
from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.counts import held
from bench.report.text import replication as text
from bench.scores.design import refutation_alpha_of
from bench.stats.adjust import holm


def replication(bundle: Bundle) -> Table:
    """The table; of one claim alone it has no rows."""
    rows = lines(bundle) if len(bundle.verdicts) > 1 else []
    return Table(text.HEAD, tuple(rows))


def lines(bundle: Bundle) -> list[tuple[str, str]]:
    """What is counted, and the counts."""
    attempted = bundle.counted.attempted
    if not attempted:
        return []
    total = len(attempted)
    differ = sum(row.agreement == Agreement.DIFFERS for row in attempted)
    lines = [
        (text.HOLD[bundle.counted.own], text.of_all(held(attempted), total)),
        (text.DIFFER, text.of_all(differ, total)),
        (text.OPEN, text.of_all(len(bundle.counted.open), total)),
        *_refuted(bundle),
    ]
    whole = [row for row in bundle.whole if row.family is None]
    if comparisons := sum(row.comparisons for row in whole):
        alike = sum(row.alike for row in whole)
        lines.append((text.SIGNS, text.of_all(alike, comparisons)))
    return lines


def _refuted(bundle: Bundle) -> list[tuple[str, str]]:
    """Of the claims that a test could refute those that it did; falsifiers say what refutes an expectation."""
    if bundle.counted.own and bundle.falsified:
        return []
    tested = [
        row
        for row in bundle.counted.claims
        if row.evidence == Evidence.STRONG and judged_by.can_be_refuted(row)
    ]
    if not tested:
        return []
    adjusted = holm(np.array([row.p for row in tested], dtype=float))
    refuted = np.array([row.agreement == Agreement.DIFFERS for row in tested])
    after = refuted & (adjusted < refutation_alpha_of(bundle.study))
    counts = int(refuted.sum()), len(tested), int(after.sum())
    return [(text.REFUTED, text.refuted(*counts))]
