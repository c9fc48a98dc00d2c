"""The summary of a table of claims: shares, refutations among many, order, closeness, sizes of effects.

One judgement answers one claim. Of a table a reader asks more: how many hold, and would that be so on other datasets?
How many refutations would chance alone bring? Do the two columns order the families equally? Would a wider tolerance
change the answer? Numbers are put together only where they have one metric, side and unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import polars as pl

from bench.claims._published_numbers import (
    JudgedClaim,
    effect_rows,
    number_rows,
    numbers_of,
    tables_of,
    tolerance_rows,
)
from bench.claims.arithmetic import dataset_of, metric_of
from bench.claims.judged_by import can_be_refuted, is_testable
from bench.core import frames
from bench.core.counting import Falsified, count_claims
from bench.core.judgements import Agreement, Evidence, VerdictRow
from bench.core.replication import (
    REPLICATION,
    EffectRow,
    GroupRow,
    NoIntervalReason,
    NumbersRow,
    RefutationRow,
    SelectionRow,
    ToleranceRow,
)
from bench.scores.design import alpha_of, is_baseline, refutation_alpha_of
from bench.scores.series import Series, series_of
from bench.stats.adjust import holm, holm_exclusive
from bench.stats.prediction import expected_max
from bench.stats.shares import ShareEstimate, clustered_share
from bench.study import Claim, Study

#: So many claims or fewer are listed one by one; a share with an interval would pretend to more.
FEW = 3
K = TypeVar("K", bound=Hashable)


def replication_of(
    study: Study,
    scores: pl.DataFrame,
    pairs: pl.DataFrame,
    verdicts: pl.DataFrame,
    origin: Mapping[str, str] | None = None,
) -> dict[str, pl.DataFrame]:
    """A study's claims as a whole: the tables of `REPLICATION`, from VERDICTS, PAIRS and frames.SCORES.

    Of the claims that count (`count_claims`); without any, all tables but `selection` are empty. `origin`
    (series.origins): the forms of one table are one dataset.
    """
    claims = _judged(
        study, count_claims(frames.records(verdicts, VerdictRow)).claims, origin or {}
    )
    numbers: list[NumbersRow] = []
    tolerances: list[ToleranceRow] = []
    effects: list[EffectRow] = []
    values = [one for one in claims if one.kind == "value"]
    for group, members in _grouped(values, lambda one: one.number_group).items():
        both = numbers_of(members)
        differences = effect_rows(both, pairs)
        numbers += number_rows(group, both, differences)
        tolerances += tolerance_rows(group, members)
        effects += differences
    rows: dict[str, Iterable[Any]] = {
        "replication_groups": _groups(claims),
        "replication_refutations": refutations(claims, refutation_alpha_of(study)),
        "replication_numbers": numbers,
        "replication_tolerances": tolerances,
        "replication_effects": effects,
        "replication_selection": selection_rows(study, scores) if claims else (),
    }
    return {
        name: frames.of_records(rows[name], schema)
        for name, schema in REPLICATION.items()
    }


def falsified(study: Study, verdicts: Iterable[VerdictRow]) -> dict[str, Falsified]:
    """What became of the claims that would falsify what the author expects, after Holm over all that were judged.

    One happened if it holds; it did not if it differs. What is so without a test counts with p = 0, what is not so
    with p = 1. Of claims that one of several models is the best at most one is true: those that differ count as one.
    """
    rows = [row for row in verdicts if row.falsifier]
    judged = [row for row in rows if row.agreement is not None]
    found = dict.fromkeys((row.claim for row in rows), Falsified.UNDECIDED)
    p_shown = holm(
        np.array([(row.p_shown or 0.0) if row.holds else 1.0 for row in judged])
    )
    for row, shown, refuted in zip(
        judged, p_shown, _p_against(study, judged), strict=True
    ):
        if shown < alpha_of(study):
            found[row.claim] = Falsified.HAPPENED
        elif refuted < refutation_alpha_of(study):
            found[row.claim] = Falsified.DID_NOT_HAPPEN
    return found


def _p_against(study: Study, rows: Sequence[VerdictRow]) -> np.ndarray:
    """The p-value of the test that contradicts each of some claims, after Holm over all."""
    claims = {claim.id: claim for claim in study.judged}
    p = np.array(
        [(row.p or 0.0) if row.agreement == Agreement.DIFFERS else 1.0 for row in rows]
    )
    return holm_exclusive(p, [_exclusive(row, claims.get(row.claim)) for row in rows])


def true_together(study: Study, rows: Iterable[VerdictRow]) -> int:
    """How many of some claims can be true at once: over so many Holm's correction of what contradicts them is."""
    claims = {claim.id: claim for claim in study.judged}
    return len({_exclusive(row, claims.get(row.claim)) for row in rows})


def _exclusive(row: VerdictRow, claim: Claim | None) -> Hashable:
    """What a claim has in common with those of which only one can be true: `best` of the same models by one metric."""
    if row.kind != "best" or claim is None:
        return row.claim
    among = getattr(claim, "among", None)
    models = None if among is None else frozenset((*among, row.family))
    return row.dataset, getattr(claim, "datasets", None), row.metric, claim.side, models


def _judged(
    study: Study, verdicts: Iterable[VerdictRow], origin: Mapping[str, str]
) -> list[JudgedClaim]:
    """The verdicts as claims, each with its side, its published number, its dataset and its table."""
    claims = {claim.id: claim for claim in study.judged}
    only = next(iter(study.datasets)) if len(study.datasets) == 1 else None
    judged = []
    for row in verdicts:
        claim, dataset = claims.get(row.claim), row.dataset or only
        judged.append(
            JudgedClaim(
                **vars(row)
                | {"dataset": dataset, "agreement": None if row.agreement is None else Agreement(row.agreement)},
                side=claim.side if claim is not None else "test", made=claim, number=_number(row, claim),
                table=origin.get(dataset, dataset) if dataset else "",
            )
        )  # fmt: skip
    return judged


def _number(row: VerdictRow, claim: Claim | None) -> float | None:
    """A published number; None of an end, a count, or at a cutoff of its own, which no number of another claim stands
    beside."""
    if (
        row.published is None
        or row.stated is not None
        or (claim is not None and claim.cutoff is not None)
    ):
        return None
    return float(row.published)


def _grouped(
    claims: Iterable[JudgedClaim], key: Callable[[JudgedClaim], K]
) -> dict[K, list[JudgedClaim]]:
    """The claims by a key, in the order in which keys are first met."""
    groups: dict[K, list[JudgedClaim]] = {}
    for one in claims:
        groups.setdefault(key(one), []).append(one)
    return groups


def _groups(claims: list[JudgedClaim]) -> list[GroupRow]:
    """All claims, then those of each kind, metric, side and unit where there are several."""
    if not claims:
        return []
    groups = _grouped(claims, lambda one: (one.kind, *one.number_group))
    whole = _group((None, None, None, None), claims)
    return [
        whole,
        *(_group(key, members) for key, members in groups.items() if len(groups) > 1),
    ]


def _group(key: tuple[str | None, ...], claims: list[JudgedClaim]) -> GroupRow:
    kind, metric, side, unit = key
    attempted = [one for one in claims if one.agreement is not None]
    counts = Counter(one.agreement for one in attempted)
    drawn = [one for one in attempted if is_testable(one)]
    why = _no_interval(drawn)
    interval = None if why is not None else _interval(drawn)
    return GroupRow(
        kind=kind, metric=metric, side=side, unit=unit, claims=len(claims), datasets=tables_of(claims),
        attempted=len(attempted), attempted_datasets=tables_of(attempted), held=_held(attempted),
        **{one.value: counts[one] for one in Agreement},
        with_error_rate=len(drawn), with_error_rate_datasets=tables_of(drawn), held_with_error_rate=_held(drawn),
        low=None if interval is None else interval.low, high=None if interval is None else interval.high,
        no_interval=why,
    )  # fmt: skip


def _held(claims: list[JudgedClaim]) -> float | None:
    """The share of claims that hold."""
    return sum(one.holds for one in claims) / len(claims) if claims else None


def _no_interval(drawn: list[JudgedClaim]) -> NoIntervalReason | None:
    if not drawn:
        return NoIntervalReason.NO_ERROR_RATE
    if len(drawn) <= FEW:
        return NoIntervalReason.FEW_CLAIMS
    if tables_of(drawn) > 1:
        return None
    return (
        NoIntervalReason.ONE_DATASET
        if drawn[0].table
        else NoIntervalReason.OVER_DATASETS
    )


def _interval(drawn: list[JudgedClaim]) -> ShareEstimate:
    hits = np.array([one.holds for one in drawn])
    return clustered_share(hits, np.array([one.table for one in drawn]))


#: What a claim is about: two with all of these in common are one question, whatever numbers they print.
_SUBJECT = ("kind", "dataset", "family", "against", "metric", "side")
_WORDED = (
    "statistic",
    "level",
    "threshold",
    "order",
    "among",
    "datasets",
    "counts",
    "cutoff",
)


def refutations(claims: list[JudgedClaim], alpha: float) -> list[RefutationRow]:
    """The claims that a test could refute, adjusted together.

    They were judged, with strong evidence and a p-value that could be significant. Claims of one subject are one test.
    """
    tested = [
        one for one in claims if can_be_refuted(one) and one.evidence == Evidence.STRONG
    ]
    p, subjects = np.array([one.p for one in tested], dtype=float), _subjects(tested)
    return [
        RefutationRow(
            claim=one.claim, kind=one.kind, metric=one.metric, side=one.side, unit=one.unit, dataset=one.dataset,
            family=one.family, against=one.against, subject=int(subject), p=float(own), p_adjusted=float(adjusted),
            refuted=one.agreement == Agreement.DIFFERS,
            after_holm=one.agreement == Agreement.DIFFERS and bool(adjusted < alpha),
        )
        for one, own, subject, adjusted in zip(tested, p, subjects, _holm_by_subject(p, subjects), strict=True)
    ]  # fmt: skip


def _subjects(claims: list[JudgedClaim]) -> np.ndarray:
    """The number of each claim's subject, from 0: the same for claims that ask one question of our scores."""
    seen: dict[tuple[Any, ...], int] = {}
    numbers = []
    for one in claims:
        worded = (
            ()
            if one.made is None
            else tuple(getattr(one.made, name) for name in _WORDED)
        )
        numbers.append(
            seen.setdefault(
                (*(getattr(one, name) for name in _SUBJECT), *worded), len(seen)
            )
        )
    return np.array(numbers, dtype=int)


def _holm_by_subject(p: np.ndarray, subjects: np.ndarray) -> np.ndarray:
    """Holm's adjusted p of each claim, its subject being one test; p, subjects (m,).

    A subject has the smallest p of its claims. They rest on one score of ours, and it cannot lie too high for the
    larger of two printed numbers without lying too high for the smaller one: together they err no more often than one
    of them alone. The other claims of a subject are adjusted as if each had stood for it.
    """
    least = np.array(
        [p[subjects == one].min() for one in range(subjects.max(initial=-1) + 1)]
    )
    adjusted = []
    for own, subject in zip(p, subjects, strict=True):
        instead = least.copy()
        instead[subject] = own
        adjusted.append(holm(instead)[subject])
    return np.array(adjusted)


def selection_rows(study: Study, scores: pl.DataFrame) -> Iterator[SelectionRow]:
    """One row for each `best` claim on one dataset: what choosing the best of k families does to its number.

    It is to be reported, never subtracted. A standard error is the spread of our repeat means over the root of the
    paper's repeats.
    """
    for claim in study.judged:
        dataset, metric = dataset_of(claim, study), metric_of(claim, study)
        if claim.kind != "best" or claim.family is None or dataset is None:
            continue
        series = series_of(scores, claim.side)
        rivals = _rivals(
            claim, study, [f for d, f, m in series if (d, m) == (dataset, metric)]
        )
        if claim.family not in rivals or len(rivals) < 2:
            continue
        too_good, spread = (
            expected_max(len(rivals)),
            _spread(series[dataset, claim.family, metric]),
        )
        yield SelectionRow(
            claim=claim.id, metric=metric, side=claim.side, unit=claim.unit, dataset=dataset, family=claim.family,
            families=len(rivals), expected_max=too_good,
            selection_bias=too_good * _standard_error(claim, spread) if spread > 0 else None,
        )  # fmt: skip


def _rivals(claim: Claim, study: Study, families: Sequence[str]) -> list[str]:
    """The families, of those with scores, that the best was chosen from."""
    named = claim.among
    aside = study.stand_in_families
    tried = [
        family
        for family in families
        if family not in aside and not is_baseline(study, family)
    ]
    return [family for family in families if family in named] if named else tried


def _spread(series: Series) -> float:
    """The standard deviation of the repeat means; 0 for one repeat."""
    means = series.repeat_means()
    return float(means.std(ddof=1)) if len(means) > 1 else 0.0


def _standard_error(claim: Claim, spread: float) -> float:
    """Of a mean over the paper's repeats, in the claim's unit."""
    return float(
        (100 if claim.unit == "percent" else 1) * spread / claim.averaged_over**0.5
    )
