"""A published share that no count of cases gives, by arithmetic before anything is fitted.

Only what a claim declares is compared with it: how many cases the number rests on, and how
often. Arithmetic cannot say which part is wrong, number or protocol. What is not declared
gives no statement.
"""

from __future__ import annotations

from bench.claims.doubts import is_by_method, is_under_protocol
from bench.scores.design import resampling_of, seeded
from bench.stats.possible import share_possible, span
from bench.study import Claim, Study
from bench.text.unjudged import NoSuchCount

#: Metrics that are a count of cases over all of them.
COUNTED = ("accuracy", "error_rate")


def metric_of(claim: Claim, study: Study) -> str:
    """The metric of a claim: its own, else the study's primary one."""
    return claim.metric or study.metrics.primary


def impossibility(claim: Claim, study: Study) -> NoSuchCount | None:
    """Why the number of a claim cannot be under the stated protocol; None where it can,
    or where that is not decided."""
    printed = claim.kind == "value" and claim.value is not None
    # Without a unit it may be no fraction.
    is_plain = claim.score is not None and claim.score.is_plain
    if not printed or not is_plain or claim.n is None or claim.unit is None:
        return None
    runs = runs_of(claim, study)
    if metric_of(claim, study) not in COUNTED or runs is None:
        return None
    cases, value = claim.n * runs, str(claim.value)
    whole = 100 if claim.unit == "percent" else 1
    if share_possible(span(value, whole), cases):
        return None
    return NoSuchCount(value, cases)


def runs_of(claim: Claim, study: Study) -> int | None:
    """On how many runs of one set of test rows the published number rests; None where
    that is not declared, or where runs test other rows.

    A method that draws nothing has one run; else the runs must be stated.
    """
    dataset = claim.dataset
    if dataset is None and len(study.datasets) == 1:
        dataset = next(iter(study.datasets))
    if dataset is None or not is_under_protocol(claim, study):
        return None
    resampling = resampling_of(study, dataset)
    if resampling is None:
        return None
    tests_one_set = resampling.fixed and claim.side != "inner"
    tests_each_once = resampling.row_by_row and claim.side == "test"
    if not tests_one_set and not tests_each_once:
        return None
    if claim.repeats == "several":
        return None
    return claim.repeats or (1 if _draws_nothing(claim, study, dataset) else None)


def _draws_nothing(claim: Claim, study: Study, dataset: str) -> bool:
    """Whether every run of the paper's method gives the same number."""
    if claim.family is None or not is_by_method(claim, study):
        return False
    protocol = study.protocol_of(dataset)
    tuned = protocol is not None and protocol.tuning is not None
    return not tuned and not seeded(study, dataset, claim.family)
