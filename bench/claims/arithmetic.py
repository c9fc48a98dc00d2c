"""Published numbers that cannot be, by arithmetic before anything is fitted.

Only what a claim declares is compared with it: how many cases the number rests on, and how often. A share that no
count of cases gives, or scores that no single table of right and wrong labels gives together, are impossible under the
stated protocol; arithmetic cannot say which part is wrong, number or protocol.
What is not declared, or cannot be decided exactly, gives no statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bench.core.outcomes import Statement
from bench.scores.design import seeded
from bench.stats.possible import (
    Span,
    confusion_possible,
    rates_possible,
    share_possible,
    span,
)
from bench.study import Claim, Study
from bench.study.protocol import Resampling
from bench.text.unjudged import NoSuchCount, NoSuchTable

#: Metrics of one table of right and wrong labels of two classes, as `bench.stats.possible` calls them.
OF_LABELS = {
    "accuracy": "accuracy",
    "error_rate": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "precision_binary": "precision",
    "recall_binary": "recall",
    "f1_binary": "f1",
}


def impossibilities(study: Study) -> dict[str, tuple[Statement, ...]]:
    """The claims whose published number cannot be under the stated protocol, by id, and why."""
    claims = study.judged
    reasons: dict[str, tuple[Statement, ...]] = {}
    for claim in claims:
        if (reason := _alone(claim, study)) is not None:
            reasons[claim.id] = (reason,)
    for group in _groups(claims, study):
        for claim, reason in _together(group, study):
            reasons.setdefault(claim.id, (reason,))
    return reasons


def _groups(claims: Sequence[Claim], study: Study) -> list[list[Claim]]:
    """The printed scores that are of the same labels, in lists."""
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        printed = (
            claim.kind == "value" and claim.value is not None and claim.unit is not None
        )
        if (
            printed
            and claim.family is not None
            and metric_of(claim, study) in OF_LABELS
        ):
            groups.setdefault(_subject(claim), []).append(claim)
    return list(groups.values())


def metric_of(claim: Claim, study: Study) -> str:
    """The metric of a claim: its own, else the study's primary one."""
    return claim.metric or study.metrics.primary


def dataset_of(claim: Claim, study: Study) -> str | None:
    """The dataset of a claim: its own, else the only one of the study."""
    return claim.dataset or (
        next(iter(study.datasets)) if len(study.datasets) == 1 else None
    )


def _alone(claim: Claim, study: Study) -> Statement | None:
    """Why the number of one claim cannot be; None where it can, or where that is not decided."""
    if (
        claim.unit is None or claim.value is None or claim.n is None
    ):  # without a unit it may be no fraction
        return None
    metric, runs = metric_of(claim, study), runs_of(claim, study)
    if claim.kind != "value" or runs is None or OF_LABELS.get(metric) != "accuracy":
        return None
    cases = claim.n * runs
    if share_possible(_span(claim, metric), cases):
        return None
    return NoSuchCount(claim.value, cases)


def _together(group: list[Claim], study: Study) -> Iterator[tuple[Claim, Statement]]:
    """The fewest claims of one family on one dataset, of one metric each, that exclude each other."""
    claims = list(
        {metric_of(claim, study): claim for claim in reversed(group)}.values()
    )[::-1]
    n = _agreed(claim.n for claim in claims)
    if runs_of(claims[0], study) != 1:  # a mean of several runs' F1 has no table
        return
    for size in range(2, len(claims) + 1):
        for chosen in combinations(claims, size):
            if not _consistent(_spans(chosen, study), n):
                scores = tuple(
                    (metric_of(claim, study), str(claim.value)) for claim in chosen
                )
                yield from ((claim, NoSuchTable(scores)) for claim in chosen)
                return


def _spans(claims: Iterable[Claim], study: Study) -> dict[str, Span]:
    """What each score may have been, by its name in `bench.stats.possible`; one that two claims print meets both."""
    spans: dict[str, Span] = {}
    for claim in claims:
        metric = metric_of(claim, study)
        name, within = OF_LABELS[metric], _span(claim, metric)
        old = spans.get(name, within)  # accuracy and error rate are one score
        spans[name] = (max(old[0], within[0]), min(old[1], within[1]))
    return spans


def _consistent(spans: dict[str, Span], n: int | None) -> bool:
    """Whether these numbers can come from the same labels, of n cases; True where that cannot be decided.

    There may be more classes than two, and accuracy is about all of them.
    """
    if any(low >= high for low, high in spans.values()):
        return False
    rates = ("precision", "recall", "f1")
    spans = {name: within for name, within in spans.items() if name in rates}
    if n is not None:
        return confusion_possible(spans, n) is not False
    if len(spans) == len(rates):
        return rates_possible(*(spans[name] for name in rates))
    return True


@dataclass(frozen=True)
class _Stated:
    """The paper's protocol as far as the study states it: the study's own, unless the claim says that it differs.

    resampling: None where it is not known; tuned: whether the study tunes.
    """

    resampling: Resampling | None
    tuned: bool

    @classmethod
    def of(cls, claim: Claim, study: Study) -> _Stated:
        dataset = dataset_of(claim, study)
        protocol = (
            study.protocol_of(dataset)
            if dataset is not None and dataset in study.datasets
            else None
        )
        if protocol is None:
            return cls(None, False)
        same = claim.protocol_match in (None, "same")
        resampling = protocol.resampling if same else None
        return cls(resampling, protocol.tuning is not None)

    @property
    def one_set(self) -> bool:
        """Whether every run tests the same rows, each once."""
        return self.fixed or (
            self.resampling is not None and self.resampling.row_by_row
        )

    @property
    def fixed(self) -> bool:
        """Whether it is one published split."""
        return self.resampling is not None and self.resampling.fixed


def runs_of(claim: Claim, study: Study) -> int | None:
    """On how many runs of one set of test rows the published number rests; None where that is not declared.

    One set of test rows and a method that draws nothing is one run; else the runs must be stated.
    """
    stated = _Stated.of(claim, study)
    if claim.side == "inner" or not stated.one_set:
        return None
    if claim.side == "train" and not stated.fixed:
        return None
    return claim.repeats or (1 if _draws_nothing(claim, study, stated) else None)


def _draws_nothing(claim: Claim, study: Study, stated: _Stated) -> bool:
    """Whether every run of the claim's method gives the same number."""
    dataset = dataset_of(claim, study)
    if claim.family is None or dataset is None or claim.fidelity != "exact":
        return False
    return (
        stated.one_set and not stated.tuned and not seeded(study, dataset, claim.family)
    )


def _subject(claim: Claim) -> tuple[object, ...]:
    """What two claims must share to be of the same labels."""
    fields = (
        "dataset",
        "family",
        "side",
        "repeats",
        "folds",
        "protocol_match",
        "fidelity",
    )
    return tuple(getattr(claim, name) for name in fields)


def _agreed(values: Iterable[int | None]) -> int | None:
    """The one number that was stated; None where none or several were."""
    stated = {value for value in values if value is not None}
    return stated.pop() if len(stated) == 1 else None


def _span(claim: Claim, metric: str) -> Span:
    """What the printed number may have been, as a share; error rates as accuracies."""
    low, high = whole_of(claim)
    return (1 - high, 1 - low) if metric == "error_rate" else (low, high)


def whole_of(claim: Claim) -> Span:
    """What the printed number may have been before it was rounded, percent as fractions."""
    return span(claim.value or "", 100 if claim.unit == "percent" else 1)
