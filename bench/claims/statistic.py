"""A printed statistic over many datasets: `{kind: statistic, statistic: friedman_chi2, value: "9.28"}`.

Of a paper's own table of scores it is arithmetic, and must agree to the printed decimals or the claim's tolerance. Of
scores fitted here it has no error theory: it can be reproduced, but not refuted.
"""

from __future__ import annotations

import polars as pl

from bench.claims._rules import Noise, Printed, settle
from bench.claims.claim import Answer, ClaimKind, Evidence, NotTestableError
from bench.study import Claim

#: The statistics that can be claimed; `mean_rank` is of a family.
STATISTICS = ("friedman_chi2", "friedman_f", "mean_rank", "critical_difference")


def judge(claim: Claim, evidence: Evidence) -> Answer:
    """The statistic among the comparisons over all datasets, beside the printed one.

    It stands on every family and dataset: one failed cell, and it is another statistic, whatever stands in.
    """
    failed = evidence.failed()
    if len(failed):
        raise NotTestableError("failed", f"{len(failed)} cells failed, and {claim.statistic} needs all of them")
    rows = evidence.comparisons.filter(
        pl.col("dataset").is_null() & (pl.col("test") == claim.statistic) & (pl.col("metric") == evidence.metric(claim))
    )
    if claim.statistic == "mean_rank":
        rows = rows.filter(pl.col("family") == claim.family)
    if rows.is_empty() or rows["estimate"][0] is None:
        needs = "at least two datasets on which every family has a score, and three families"
        raise NotTestableError("missing", f"{claim.statistic} was not computed; it needs {needs}")
    assert claim.value is not None
    printed, ours = Printed.of(claim.value), float(rows["estimate"][0])
    given = evidence.study.families is None
    said = "arithmetic on the paper's own table" if given else "of scores fitted here, whose error is not known"
    noise = Noise(0.0, float("inf"), said, chance_free=True, mute=not given)
    return {"ours": ours} | settle(ours - printed.value, noise, claim.tolerance or printed.half, printed.half)


STATISTIC = ClaimKind("statistic", "a statistic over datasets", ("statistic", "value"), judge)
