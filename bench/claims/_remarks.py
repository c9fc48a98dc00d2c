"""What is worth a remark in claims that are well formed, by arithmetic before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from bench.claims._alternatives import is_open
from bench.claims.arithmetic import dataset_of, impossibilities, metric_of, whole_of
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.scores.design import tolerance_of
from bench.stats.possible import Span, span
from bench.study import Claim, Study
from bench.text import claim_problems as c

#: The ends of an open interval, None where it has none.
OpenSpan = tuple[Fraction | None, Fraction | None]
#: The dataset and the family of a score.
Place = tuple[str | None, str | None]


def remarks(study: Study) -> dict[str, list[tuple[str, Statement]]]:
    """The remarks on claims, by id: each the field that it is about and a statement."""
    by_claim: dict[str, list[tuple[str, Statement]]] = {}
    for name, reasons in impossibilities(study).items():
        by_claim.setdefault(name, []).extend(("value", reason) for reason in reasons)
    claims = study.judged
    for claim in claims:
        by_claim.setdefault(claim.id, []).extend(_of_one(claim, claims, study))
    expected = claims[
        : len(claims) - len(study.falsified_if or ())
    ]  # a falsifier contradicts them by its nature
    for place, claim in enumerate(expected):
        against = [
            _contradiction(claim, other, study)
            for other in expected[:place]
            if other.source == claim.source
        ]
        by_claim.setdefault(claim.id, []).extend(
            ("kind", one) for one in against if one is not None
        )
    return {name: entries for name, entries in by_claim.items() if entries}


def _of_one(
    claim: Claim, claims: Sequence[Claim], study: Study
) -> Iterator[tuple[str, Statement]]:
    """The remarks on a claim beside the scores that are claimed too, and on its tolerance."""
    if (difference := _does_not_follow(claim, claims, study)) is not None:
        yield "value", difference
    if (width := _hides_difference(claim, study) or _never_met(claim)) is not None:
        yield "tolerance", width


def _does_not_follow(
    claim: Claim, claims: Sequence[Claim], study: Study
) -> c.DoesNotFollow | None:
    """That a difference, a ratio or a mean does not follow from the scores that are claimed too, all rounded."""
    if (
        claim.kind not in ("difference", "better", "ratio", "mean")
        or claim.value is None
        or claim.family is None
    ):
        return None
    scores = None if is_open(claim) else _scores_behind(claim, claims, study)
    if scores is None:
        return None
    direction = METRICS[metric_of(claim, study)].sign
    ends, within = (
        _follows(claim, [whole_of(score) for score in scores], direction),
        whole_of(claim),
    )
    if ends is None or max(ends[0], within[0]) < min(ends[1], within[1]):
        return None
    return c.DoesNotFollow(
        claim.value, tuple((str(score.value), score.id) for score in scores)
    )


def _scores_behind(
    claim: Claim, claims: Sequence[Claim], study: Study
) -> list[Claim] | None:
    """The claimed scores that a derived number follows from; None unless there is one for each place."""
    whole = claim.datasets or tuple(study.datasets)
    only = whole[0] if len(whole) == 1 else None
    scores: dict[Place, list[Claim]] = {
        place: [] for place in _places(claim, whole, only)
    }
    subject = (metric_of(claim, study), claim.side)
    for other in claims:
        place = (other.dataset or only, other.family)
        if (
            place in scores
            and _is_score(other)
            and (metric_of(other, study), other.side) == subject
        ):
            scores[place].append(other)
    if len(scores) < 2 or any(len(each) != 1 for each in scores.values()):
        return None
    return [score for each in scores.values() for score in each]


def _places(claim: Claim, whole: Sequence[str], only: str | None) -> list[Place]:
    """The places of the scores of a derived number: one dataset after the other, or both families on one."""
    if claim.kind == "mean":
        return [(name, claim.family) for name in whole]
    return [(claim.dataset or only, family) for family in (claim.family, claim.against)]


def _is_score(claim: Claim) -> bool:
    """Whether a claim prints a score, and leaves nothing open of it."""
    return claim.kind == "value" and claim.value is not None and not is_open(claim)


def _follows(claim: Claim, spans: Sequence[Span], direction: int) -> Span | None:
    """The mean, ratio or difference that rounded scores allow; of a gain turned so that better is positive."""
    if claim.kind == "mean":
        low, high = (
            sum((one[end] for one in spans), Fraction(0)) / len(spans) for end in (0, 1)
        )
        return low, high
    (low, high), (least, most) = spans
    if claim.kind == "ratio":
        return (low / most, high / least) if low >= 0 and least > 0 else None
    if claim.kind == "better" and direction < 0:
        return least - high, most - low
    return low - most, high - least


def _hides_difference(claim: Claim, study: Study) -> c.HidesDifference | None:
    """A tolerance of more than half of the difference that a claim rests on lets its opposite pass."""
    if (
        claim.kind not in ("better", "difference")
        or claim.value is None
        or float(claim.value) == 0
    ):
        return None
    closeness = tolerance_of(study, metric_of(claim, study)).value
    scale = 100 if claim.unit == "percent" else 1
    tolerance = (
        claim.tolerance
        if claim.tolerance is not None
        else closeness and closeness * scale
    )
    half = abs(float(claim.value)) / 2
    if tolerance is None or tolerance <= half * (1 + 1e-9):
        return None
    return c.HidesDifference(tolerance, claim.value, half)


def _never_met(claim: Claim) -> c.NeverMet | None:
    """A tolerance of less than the rounding of the printed number, which nothing but equality can meet."""
    if (
        claim.value is None
        or claim.tolerance is None
        or claim.fidelity == "not_attempted"
    ):
        return None
    low, high = span(claim.value)
    half = float(high - low) / 4
    if claim.tolerance >= half * (1 - 1e-9):
        return None
    meant = (
        100 * claim.tolerance
        if claim.unit == "percent" and claim.tolerance < 1
        else None
    )
    return c.NeverMet(claim.tolerance, claim.value, meant)


def _contradiction(claim: Claim, other: Claim, study: Study) -> Statement | None:
    """That two claims cannot both be true: two that are best of the same, or a pair in both directions."""
    if "not_attempted" in (claim.fidelity, other.fidelity) or _about(
        claim, study
    ) != _about(other, study):
        return None
    if claim.kind == other.kind == "best":
        return _both_best(claim, other)
    pair = {claim.family, claim.against}
    if None in pair or {other.family, other.against} != pair or len(pair) < 2:
        return None
    return _both_directions(claim, other, study)


def _both_best(claim: Claim, other: Claim) -> c.BothBest | None:
    """That two families are best of the same, each being among the rivals of the other."""
    rivals = [(claim.family, other), (other.family, claim)]
    if claim.family == other.family or any(
        one.among is not None and name not in one.among for name, one in rivals
    ):
        return None
    return c.BothBest(str(claim.family), str(other.family), other.id)


def _both_directions(claim: Claim, other: Claim, study: Study) -> c.Contradicts | None:
    """That two claims on one pair exclude each other.

    One without a size and one with it agree; of two sizes in one direction the paper may print both, in different
    places.
    """
    mine, theirs = _gain_of(claim, study), _gain_of(other, study)
    if mine is None or theirs is None:
        return None
    if claim.family != other.family:
        theirs = _negated(theirs)
    opposite = _below(mine, theirs) or _below(theirs, mine)
    signs = {_sign(mine), _sign(theirs)} == {1, -1}
    if not opposite or not (signs or claim.where == other.where):
        return None
    turned = (
        claim.kind == other.kind == "difference"
        and signs
        and claim.family != other.family
    )
    return c.Contradicts(other.id, sign=turned)


def _negated(ends: OpenSpan) -> OpenSpan:
    """The interval of the negated number."""
    low, high = ends
    return (None if high is None else -high, None if low is None else -low)


def _about(claim: Claim, study: Study) -> tuple[object, ...]:
    """What two comparisons must share to be of the same scores."""
    over, metric = (
        frozenset(claim.datasets or ()),
        (metric_of(claim, study), claim.metric_alternatives),
    )
    return (
        dataset_of(claim, study),
        over,
        metric,
        claim.side,
        claim.protocol_match or "same",
        claim.splits,
    )


def _gain_of(claim: Claim, study: Study) -> OpenSpan | None:
    """The ends of what the family gains over `against`, better being positive; None for claims of another sort."""
    metric = METRICS.get(metric_of(claim, study))
    if metric is None or claim.kind not in ("better", "difference"):
        return None
    if claim.kind == "better":
        return whole_of(claim) if claim.value is not None else (Fraction(0), None)
    if claim.value is None:
        return None
    low, high = whole_of(claim)
    return (low, high) if metric.higher_is_better else (-high, -low)


def _below(first: OpenSpan, second: OpenSpan) -> bool:
    """Whether all of the first open interval lies below all of the second."""
    return first[1] is not None and second[0] is not None and first[1] <= second[0]


def _sign(ends: OpenSpan) -> int:
    """1 or -1 where an interval lies on one side of 0, else 0."""
    low, high = ends
    return (
        1
        if low is not None and low >= 0
        else -1
        if high is not None and high <= 0
        else 0
    )
