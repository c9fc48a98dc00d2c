"""What is worth a remark in claims that are well formed, by arithmetic before anything is fitted."""

from __future__ import annotations

from bench.claims.arithmetic import dataset_of, impossibility, metric_of
from bench.core.outcomes import Statement
from bench.stats.possible import span
from bench.study import Claim, Study
from bench.text import claim_problems as c


def remarks(study: Study) -> dict[str, list[tuple[str, Statement]]]:
    """The remarks on claims, by id: each the field that it is about and a statement."""
    by_claim: dict[str, list[tuple[str, Statement]]] = {}
    claims = study.judged
    for claim in claims:
        if (why := impossibility(claim, study)) is not None:
            by_claim.setdefault(claim.id, []).append(("value", why))
        if (width := _never_met(claim)) is not None:
            by_claim.setdefault(claim.id, []).append(("tolerance", width))
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


def _never_met(claim: Claim) -> c.NeverMet | None:
    """A tolerance of less than the rounding of the printed number, which nothing but equality can meet."""
    if (
        claim.value is None
        or claim.tolerance is None
        or claim.not_attempted is not None
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
    if claim.not_attempted is not None or other.not_attempted is not None:
        return None
    if _about(claim, study) != _about(other, study):
        return None
    if claim.kind == other.kind == "best":
        return _both_best(claim, other)
    pair = {claim.family, claim.against}
    if None in pair or {other.family, other.against} != pair or len(pair) < 2:
        return None
    if claim.kind == other.kind == "better" and claim.family != other.family:
        return c.Contradicts(other.id)
    return None


def _both_best(claim: Claim, other: Claim) -> c.BothBest | None:
    """That two families are best of the same."""
    if claim.family == other.family:
        return None
    return c.BothBest(str(claim.family), str(other.family), other.id)


def _about(claim: Claim, study: Study) -> tuple[object, ...]:
    """What two comparisons must share to be of the same scores."""
    over, metric = frozenset(claim.datasets or ()), metric_of(claim, study)
    return (
        dataset_of(claim, study),
        over,
        metric,
        claim.side,
        tuple(one.note for one in study.deviations_of(claim)),
        claim.splits,
    )
