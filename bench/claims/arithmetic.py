"""Published numbers that cannot be, told by arithmetic before anything is fitted.

Only what a claim declares is held against it: how many cases stand behind the number, how often, in how many folds, and
how they were put together. A share that no count of cases gives, or scores that no one table of right and wrong labels
gives together, are impossible under the stated protocol; which part of it is wrong, number or protocol, arithmetic
cannot say. Where something is not declared, or cannot be decided exactly, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from bench.claims._alternatives import is_open, readings_of
from bench.core import claim_problems as c
from bench.core.judgements import NoSuchCount, NoSuchFoldMean, NoSuchTable
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.scores.design import resampling_of, seeded, tolerance_of
from bench.stats.possible import (
    Span,
    confusion_possible,
    fold_mean_possible,
    labels_possible,
    rates_possible,
    share_possible,
    span,
)
from bench.study import Claim, Study
from bench.study.models import KFold

#: Metrics of one table of right and wrong labels of two classes, as `bench.stats.possible` calls them.
OF_LABELS = {
    "accuracy": "accuracy",
    "error_rate": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "precision_binary": "precision",
    "recall_binary": "recall",
    "f1_binary": "f1",
}


@dataclass(frozen=True)
class Made:
    """How a published number was made: `runs` times n cases; folds: a mean over so many a run, None: pooled.

    one_table: whether all scores come from the counts of all cases; a mean of several runs' F1 comes from none.
    """

    runs: int
    folds: int | None
    one_table: bool = False


def impossibilities(study: Study) -> dict[str, tuple[Statement, ...]]:
    """The claims whose published number cannot be under the stated protocol, by id, and why.

    A number of which the paper leaves open what it is cannot be where no reading lets it, and is held against no other.
    """
    claims = [claim for claim in study.claims or () if isinstance(claim, Claim)]
    found: dict[str, tuple[Statement, ...]] = {}
    for claim in claims:
        each = [_alone(reading, study) for reading in readings_of(claim, study).values()]
        reasons = dict.fromkeys(reason for reason in each if reason is not None)
        if None not in each:
            found[claim.id] = tuple(reasons)
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        metric = claim.metric or study.metrics.primary
        known = claim.value is not None and claim.unit is not None and claim.family is not None
        if claim.kind == "value" and known and metric in OF_LABELS and not is_open(claim):
            groups.setdefault(_subject(claim), []).append(claim)
    for group in groups.values():
        for claim, why in _together(group, study):
            found.setdefault(claim.id, (why,))
    return found


def remarks(study: Study) -> dict[str, list[tuple[str, Statement]]]:
    """What is worth saying of claims that are well formed: by id, the field and a statement about it."""
    found: dict[str, list[tuple[str, Statement]]] = {}
    for name, why in impossibilities(study).items():
        found.setdefault(name, []).extend(("value", statement) for statement in why)
    claims = [claim for claim in study.claims or () if isinstance(claim, Claim)]
    for claim in claims:
        if (unlike := _unlike(claim, claims, study)) is not None:
            found.setdefault(claim.id, []).append(("value", unlike))
        if (width := _wide(claim, study) or _vain(claim, study)) is not None:
            found.setdefault(claim.id, []).append(("tolerance", width))
    for place, claim in enumerate(claims):
        for other in claims[:place]:
            if (against := _against(claim, other, study)) is not None:
                found.setdefault(claim.id, []).append(("kind", against))
    return found


def _alone(claim: Claim, study: Study) -> Statement | None:
    """Why the number of one claim cannot be; None where it can, or where that is not decided."""
    if claim.unit is None:  # of what was not attempted nobody has asked whether it is a fraction
        return None
    if claim.kind == "share" and claim.value is not None and claim.n is not None:
        fits = share_possible(_whole(claim), claim.n)
        return None if fits else NoSuchCount(claim.value, claim.n, "draws")
    metric, made = claim.metric or study.metrics.primary, made_of(claim, study)
    if claim.kind != "value" or claim.value is None or claim.n is None or made is None or metric not in OF_LABELS:
        return None
    if made.folds is None:
        return _no_count(claim.value, claim.n, claim.positives, _span(claim, metric), OF_LABELS[metric], made)
    if OF_LABELS[metric] != "accuracy" or claim.n < made.folds:
        return None
    if fold_mean_possible(_span(claim, metric), claim.n, made.folds, made.runs) is not False:
        return None
    return NoSuchFoldMean(claim.value, claim.n, made.folds, made.runs)


def _no_count(value: str, n: int, positives: int | None, within: Span, label: str, made: Made) -> NoSuchCount | None:
    """That no count of n cases, pooled over all runs, gives the number; None where one does, or may."""
    cases = n * made.runs
    if label == "accuracy":
        return None if share_possible(within, cases) else NoSuchCount(value, cases)
    if positives is None or positives > n or not made.one_table:
        return None
    positives *= made.runs
    possible = confusion_possible({label: within}, cases, positives)
    return NoSuchCount(value, cases, positives=positives) if possible is False else None


def _together(group: list[Claim], study: Study) -> Iterator[tuple[Claim, Statement]]:
    """The fewest claims of one family on one dataset that cannot stand together, once told apart by their metrics."""
    claims = list({claim.metric or study.metrics.primary: claim for claim in reversed(group)}.values())[::-1]
    n, positives = (_agreed(getattr(claim, name) for claim in claims) for name in ("n", "positives"))
    made = made_of(claims[0].model_copy(update={"n": n}), study)
    pooled = claims[0].aggregation == "pooled" and claims[0].side == "test"
    if not pooled and (made is None or not made.one_table):
        return
    runs = made.runs if made is not None else None
    for size in range(2, len(claims) + 1):
        for some in combinations(claims, size):
            if not _consistent(some, study, runs, n, positives):
                scores = tuple((claim.metric or study.metrics.primary, str(claim.value)) for claim in some)
                yield from ((claim, NoSuchTable(scores)) for claim in some)
                return


def _consistent(some: tuple[Claim, ...], study: Study, runs: int | None, n: int | None, positives: int | None) -> bool:
    """Whether these numbers can come from the same labels; True where that cannot be decided.

    runs None: labels pooled over nobody knows how many runs. Then the share of positives is all that is known.
    """
    spans: dict[str, Span] = {}
    for claim in some:
        metric = claim.metric or study.metrics.primary
        name, within = OF_LABELS[metric], _span(claim, metric)
        old = spans.get(name, within)  # accuracy and error rate are one score
        spans[name] = (max(old[0], within[0]), min(old[1], within[1]))
    if any(low >= high for low, high in spans.values()):
        return False
    if positives is None:  # there may be more classes than two, and accuracy speaks of all
        spans = {name: within for name, within in spans.items() if name in ("precision", "recall", "f1")}
    if runs is None and n is not None and positives is not None:
        return not positives < n or labels_possible(spans, Fraction(positives, n))
    if runs is not None and n is not None and (positives is None or positives <= n):
        known = None if positives is None else positives * runs
        return confusion_possible(spans, n * runs, known) is not False
    if len(spans) == 3:
        return rates_possible(spans["precision"], spans["recall"], spans["f1"])
    return True


def made_of(claim: Claim, study: Study) -> Made | None:
    """How the published number was made, as far as it is declared; None where that leaves several ways.

    The study's protocol is the paper's unless the claim says that it differs. One set of test rows and a method that
    draws nothing is one run; else the runs must be stated, and for several folds how they were put together.
    """
    dataset = claim.dataset or (next(iter(study.datasets)) if len(study.datasets) == 1 else None)
    protocol = study.protocol_of(dataset) if dataset is not None and dataset in study.datasets else None
    same = claim.protocol_match in (None, "same") and protocol is not None and dataset is not None
    kind = resampling_of(study, dataset) if same and dataset is not None else None
    if claim.side == "inner" or (claim.side == "train" and kind != "fixed_split"):
        return None
    one_set = kind in ("leave_one_out", "fixed_split")
    tuned = protocol is not None and protocol.tuning is not None
    sure = one_set and not tuned and claim.fidelity == "exact" and claim.family is not None
    runs = claim.repeats or (1 if sure and claim.family is not None and not seeded(study, claim.family) else None)
    if runs is None:
        return None
    if claim.aggregation == "pooled" or one_set or (kind == "holdout" and claim.aggregation is not None):
        return Made(runs, None, one_table=runs == 1 or claim.aggregation == "pooled")
    if claim.aggregation == "fold_mean":
        resampling = protocol.resampling if protocol is not None else None
        folds = claim.folds or (resampling.folds if kind == "kfold" and isinstance(resampling, KFold) else None)
        return None if folds is None else Made(runs, folds)
    return None


def _subject(claim: Claim) -> tuple[object, ...]:
    """What two claims must share to speak of the same labels."""
    fields = ("dataset", "family", "side", "repeats", "aggregation", "folds", "protocol_match", "fidelity")
    return tuple(getattr(claim, name) for name in fields)


def _agreed(values: Iterator[int | None]) -> int | None:
    """The one number that was stated; None where none or several were."""
    stated = {value for value in values if value is not None}
    return stated.pop() if len(stated) == 1 else None


def _span(claim: Claim, metric: str) -> Span:
    """What the printed number may have been, as a share; error rates as accuracies."""
    low, high = _whole(claim)
    return (1 - high, 1 - low) if metric == "error_rate" else (low, high)


def _unlike(claim: Claim, claims: Sequence[Claim], study: Study) -> c.DoesNotFollow | None:
    """Where a difference, a ratio or a mean does not follow from the scores that are claimed too, all rounded."""
    if claim.kind not in ("difference", "better", "ratio", "mean") or claim.value is None or claim.family is None:
        return None
    metric, whole = claim.metric or study.metrics.primary, claim.datasets or tuple(study.datasets)
    if is_open(claim):
        return None
    dataset = claim.dataset or (whole[0] if len(whole) == 1 else None)
    wanted: list[tuple[str | None, str | None]] = [(dataset, claim.family), (dataset, claim.against)]
    if claim.kind == "mean":
        wanted = [(name, claim.family) for name in whole]
    scores: dict[tuple[str | None, str | None], list[Claim]] = {place: [] for place in wanted}
    for one in claims:
        place = (one.dataset or (whole[0] if len(whole) == 1 else None), one.family)
        same = (one.metric or study.metrics.primary, one.side) == (metric, claim.side)
        if one.kind == "value" and one.value is not None and same and place in scores and not is_open(one):
            scores[place].append(one)
    if len(scores) < 2 or any(len(found) != 1 for found in scores.values()):
        return None
    said = [found[0] for found in scores.values()]
    ends = _follows(claim, [_whole(one) for one in said], 1 if METRICS[metric].higher_is_better else -1)
    within = _whole(claim)
    if ends is None or max(ends[0], within[0]) < min(ends[1], within[1]):
        return None
    return c.DoesNotFollow(claim.value, tuple((str(one.value), one.id) for one in said))


def _whole(claim: Claim) -> Span:
    """What the printed number may have been, percent as fractions."""
    return span(claim.value or "", 100 if claim.unit == "percent" else 1)


def _follows(claim: Claim, spans: Sequence[Span], direction: int) -> Span | None:
    """What rounded scores say of their mean, ratio or difference; for a gain turned so that better is positive."""
    if claim.kind == "mean":
        low, high = (sum((one[end] for one in spans), Fraction(0)) / len(spans) for end in (0, 1))
        return low, high
    (low, high), (least, most) = spans
    if claim.kind == "ratio":
        return (low / most, high / least) if low >= 0 and least > 0 else None
    if claim.kind == "better" and direction < 0:
        return least - high, most - low
    return low - most, high - least


def _wide(claim: Claim, study: Study) -> c.HidesDifference | None:
    """A tolerance of more than half of the difference that a claim rests on lets its opposite pass."""
    if claim.kind not in ("better", "difference") or claim.value is None or float(claim.value) == 0:
        return None
    closeness = tolerance_of(study, claim.metric or study.metrics.primary).value
    scale = 100 if claim.unit == "percent" else 1
    tolerance = claim.tolerance if claim.tolerance is not None else closeness and closeness * scale
    half = abs(float(claim.value)) / 2
    if tolerance is None or tolerance <= half * (1 + 1e-9):
        return None
    return c.HidesDifference(tolerance, claim.value, half)


def _vain(claim: Claim, study: Study) -> c.NeverMet | None:
    """A tolerance of less than the rounding of the printed number, which nothing but equality can meet."""
    if claim.value is None or claim.tolerance is None or claim.fidelity == "not_attempted":
        return None
    low, high = span(claim.value)
    half = float(high - low) / 4
    if claim.tolerance >= half * (1 - 1e-9):
        return None
    meant = 100 * claim.tolerance if claim.unit == "percent" and claim.tolerance < 1 else None
    return c.NeverMet(claim.tolerance, claim.value, meant)


def _against(claim: Claim, other: Claim, study: Study) -> Statement | None:
    """Where two claims cannot both be true: two that are best of the same, or a pair that goes both ways.

    A better without its size and one with it say the same; of two sizes in one direction the paper may print both, in
    different places.
    """
    if "not_attempted" in (claim.fidelity, other.fidelity) or _about(claim, study) != _about(other, study):
        return None
    if claim.kind == other.kind == "best":
        rivals = [(claim.family, other), (other.family, claim)]
        if claim.family == other.family or any(one.among is not None and name not in one.among for name, one in rivals):
            return None
        return c.BothBest(str(claim.family), str(other.family), other.id)
    pair = {claim.family, claim.against}
    if None in pair or {other.family, other.against} != pair or len(pair) < 2:
        return None
    mine, theirs = _gain_of(claim, study), _gain_of(other, study)
    if mine is None or theirs is None:
        return None
    if claim.family != other.family:
        theirs = (None if theirs[1] is None else -theirs[1], None if theirs[0] is None else -theirs[0])
    opposite = _below(mine, theirs) or _below(theirs, mine)
    signs = {_sign(mine), _sign(theirs)} == {1, -1}
    if not opposite or not (signs or claim.where == other.where):
        return None
    turned = claim.kind == other.kind == "difference" and signs and claim.family != other.family
    return c.Contradicts(other.id, sign=turned)


def _about(claim: Claim, study: Study) -> tuple[object, ...]:
    """What two comparisons must share to speak of the same scores."""
    dataset = claim.dataset or (next(iter(study.datasets)) if len(study.datasets) == 1 else None)
    over, metric = frozenset(claim.datasets or ()), (claim.metric or study.metrics.primary, claim.metric_alternatives)
    return dataset, over, metric, claim.side, claim.protocol_match or "same", claim.splits


def _gain_of(claim: Claim, study: Study) -> tuple[Fraction | None, Fraction | None] | None:
    """The ends of what the family gains over `against`, better being positive; None for claims of another sort."""
    metric = METRICS.get(claim.metric or study.metrics.primary)
    if metric is None or claim.kind not in ("better", "difference"):
        return None
    if claim.kind == "better":
        return _whole(claim) if claim.value is not None else (Fraction(0), None)
    if claim.value is None:
        return None
    low, high = _whole(claim)
    return (low, high) if metric.higher_is_better else (-high, -low)


def _below(first: tuple[Fraction | None, Fraction | None], second: tuple[Fraction | None, Fraction | None]) -> bool:
    """Whether all of the first open interval lies below all of the second."""
    return first[1] is not None and second[0] is not None and first[1] <= second[0]


def _sign(ends: tuple[Fraction | None, Fraction | None]) -> int:
    """1 or -1 where an interval lies on one side of 0, else 0."""
    low, high = ends
    return 1 if low is not None and low >= 0 else -1 if high is not None and high <= 0 else 0
