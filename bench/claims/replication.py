"""What a whole table of claims says: shares, refutations among many, order, closeness, sizes of effects.

One verdict answers one claim. Of a table a reader asks more: how many hold, and would that be so on other datasets? How
many refutations would chance alone bring? Do the two columns order the families alike? Would a wider tolerance change
the answer? Numbers are put together only where they have one metric, side and unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bench.claims.claim import names_of
from bench.claims.judging import doubts_of
from bench.core.frames import AGREEMENT, of_rows
from bench.core.judgements import Cause, Verdict
from bench.scores.design import is_baseline, level_of
from bench.scores.series import series_of
from bench.stats.adjust import holm
from bench.stats.agreement import concordance, kendall_tau_b
from bench.stats.ranks import DECIMALS
from bench.stats.selection import expected_max
from bench.stats.shares import clustered_share
from bench.study import Claim, Study

Row = dict[str, Any]
HELD = tuple(verdict for verdict in Verdict if verdict.holds)
#: So many claims or fewer are told one by one; a share with an interval would pretend to more.
FEW = 3
#: Two numbers are ordered alike or they are not: from three on a rank correlation says something.
FEWEST = 3
#: A number is refuted at t.975 on either side, whatever the level of the comparisons.
REFUTE = 0.05


def agreement(
    study: Study,
    scores: pl.DataFrame,
    pairs: pl.DataFrame,
    verdicts: pl.DataFrame,
    origin: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """The table of a study's claims as a whole (frames.AGREEMENT), from frames.VERDICTS and what stands behind it.

    Of the claims that are counted (`counted`): first over all (`kind` null), then by kind, metric, side and unit where
    there are several; of published numbers their order, closeness and effects. No claims: no rows. `origin`
    (series.origins): the forms of one table are one dataset.
    """
    claims = {claim.id: claim for claim in study.claims} if isinstance(study.claims, tuple) else {}
    rows = [_read(row, claims, study, origin or {}) for row in counted(verdicts).iter_rows(named=True)]
    if not rows:
        return of_rows([], AGREEMENT)
    groups = _grouped(rows)
    found = [*_counted(rows), *_misses(rows), *_refutations(rows, claims, max(REFUTE, 1 - level_of(study)))]
    for group, members in groups.items():
        of = dict(zip(("kind", "metric", "side", "unit"), group, strict=True))
        parts = _counted(members) if len(groups) > 1 else []
        if of["kind"] == "value":
            numbers = [row for row in members if row["number"] is not None and row["ours"] is not None]
            parts += [*_curve(members), *_order(numbers), *_effects(numbers, pairs)]
        found += [of | part for part in parts]
    return of_rows(found + list(_selected(study, claims, scores)), AGREEMENT)


def counted(verdicts: pl.DataFrame) -> pl.DataFrame:
    """The verdicts (frames.VERDICTS) that counts and shares are of: those on what the paper says.

    A study's own number, such as one that holds by construction, says nothing of a paper; only where there is no other
    claim do such numbers count.
    """
    said = verdicts.filter(pl.col("source") == "paper")
    return said if said.height else verdicts


def _read(row: Row, claims: dict[str, Claim], study: Study, origin: Mapping[str, str]) -> Row:
    """A verdict with its side, its published number, its dataset, and the table whose claims go together; those about
    all datasets do, too."""
    only = next(iter(study.datasets)) if len(study.datasets) == 1 else None
    claim = claims.get(row["claim"])
    dataset = row["dataset"] or only
    return row | {
        "side": claim.side if claim is not None else "test",
        "number": None if row["published"] is None else float(row["published"]),
        "dataset": dataset,
        "table": origin.get(dataset, dataset) if dataset else "",
    }


def _grouped(rows: Iterable[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """By kind, metric, side and unit, in the order in which they are first met."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["kind"], row["metric"], row["side"], row["unit"]), []).append(row)
    return groups


def _counted(rows: list[Row]) -> list[Row]:
    """Verdicts counted, the share that holds, and that of the claims with an error rate with its interval."""
    counts = Counter(row["verdict"] for row in rows)
    found: list[Row] = [
        {"measure": "count", "verdict": verdict, "estimate": n, "claims": len(rows), "datasets": _places(rows)}
        for verdict, n in sorted(counts.items())
    ]
    judged = [row for row in rows if row["verdict"] != "not_testable"]
    drawn = [row for row in judged if row["p"] is not None]
    return [*found, _held("held", judged), _with_interval(_held("held_with_error_rate", drawn), drawn)]


def _held(measure: str, rows: list[Row]) -> Row:
    row: Row = {"measure": measure, "claims": len(rows), "datasets": _places(rows)}
    if not rows:
        why = "no claim was judged" if measure == "held" else "no error rate exists for any of the claims judged"
        return row | {"reason": why}
    return row | {"estimate": sum(one["verdict"] in HELD for one in rows) / len(rows)}


def _with_interval(share: Row, rows: list[Row]) -> Row:
    if share["claims"] == 0:
        return share
    if share["claims"] <= FEW:
        return share | {"reason": f"{share['claims']} claims or fewer are told one by one: no interval"}
    if share["datasets"] < 2:
        return share | {"reason": "all on one dataset, which says nothing of others: no interval"}
    hits = np.array([row["verdict"] in HELD for row in rows])
    one = clustered_share(hits, np.array([row["table"] for row in rows]))
    return share | {"low": one.low, "high": one.high}


def _misses(rows: list[Row]) -> list[Row]:
    """The claims that do not hold, counted by cause."""
    counts = Counter(row["cause"] for row in rows)
    total = sum(counts[cause] for cause in Cause)
    return [
        {"measure": "miss", "reason": str(cause), "estimate": counts[cause], "claims": total}
        for cause in Cause
        if counts[cause]
    ]


def _place(row: Row) -> str:
    return row["dataset"] or ""


def _places(rows: Iterable[Row]) -> int:
    return len({row["table"] for row in rows})


def _refutations(rows: list[Row], claims: dict[str, Claim], alpha: float) -> list[Row]:
    """How many were refuted, how many of these by a test, how many after Holm, how many chance would bring.

    Only claims that could be refuted are in the family of Holm: they have a p-value, an exact method, and a number that
    was read at its source. Claims of one subject are one test there.
    """
    tested = [
        row
        for row in rows
        if row["p"] is not None and (row["claim"] not in claims or not doubts_of(claims[row["claim"]]))
    ]
    subjects = _subjects(tested, claims)
    adjusted = _holm_by_subject(np.array([row["p"] for row in tested], dtype=float), subjects)
    refuted = [row for row in rows if row["verdict"] == "not_reproduced"]
    by_test = [row for row in refuted if any(row is one for one in tested)]
    kept = [float(p) for row, p in zip(tested, adjusted, strict=True) if row["verdict"] == "not_reproduced"]
    judged = [row for row in rows if row["verdict"] != "not_testable"]
    found: list[Row] = [
        {"measure": "refuted", "estimate": len(refuted), "claims": len(judged), "datasets": _places(judged)},
        {"measure": "refuted_by_test", "estimate": len(by_test), "claims": len(tested), "datasets": _places(tested)},
    ]
    if tested:
        family = {"claims": len(set(subjects.tolist())), "datasets": _places(tested)}
        found += [
            {"measure": "refuted_after_holm", "estimate": sum(p < alpha for p in kept)} | family,
            {"measure": "expected_false", "estimate": alpha * family["claims"]} | family,
        ]
    names = ("claim", "kind", "metric", "side", "unit", "dataset", "family", "against")
    return found + [
        {name: row[name] for name in names} | {"measure": "p_adjusted", "estimate": float(p), "claims": 1}
        for row, p in zip(tested, adjusted, strict=True)
    ]


#: What a claim speaks of: two with all of these in common are one question, whatever numbers they print.
_SUBJECT = ("kind", "dataset", "family", "against", "metric", "side")
_WORDED = ("statistic", "level", "threshold", "order", "among", "datasets")


def _subjects(rows: list[Row], claims: dict[str, Claim]) -> np.ndarray:
    """The number of each row's subject, from 0: the same for claims that ask one question of our scores."""
    seen: dict[tuple[Any, ...], int] = {}
    found = []
    for row in rows:
        claim = claims.get(row["claim"])
        worded = () if claim is None else tuple(getattr(claim, name) for name in _WORDED)
        found.append(seen.setdefault((*(row[name] for name in _SUBJECT), *worded), len(seen)))
    return np.array(found, dtype=int)


def _holm_by_subject(p: np.ndarray, subjects: np.ndarray) -> np.ndarray:
    """Holm's adjusted p of each claim, its subject being one test; p, subjects (m,).

    A subject has the smallest p of its claims. They rest on one score of ours, and it cannot lie too high for the
    larger of two printed numbers without lying too high for the smaller one: together they err no more often than one
    of them alone. The other claims of a subject are adjusted as if each had stood for it.
    """
    least = np.array([p[subjects == one].min() for one in range(subjects.max(initial=-1) + 1)])
    found = []
    for own, subject in zip(p, subjects, strict=True):
        instead = least.copy()
        instead[subject] = own
        found.append(holm(instead)[subject])
    return np.array(found)


def _curve(rows: list[Row]) -> list[Row]:
    """The share that would be reproduced as the tolerance grows: one row at each step, and one at zero.

    An exact number is so at any tolerance. Counted are all claims whose smallest tolerance is known.
    """
    known = [row for row in rows if row["smallest_tolerance"] is not None]
    steps = sorted(0.0 if row["verdict"] == "exact" else round(row["smallest_tolerance"], DECIMALS) for row in known)
    return [
        {
            "measure": "held_within",
            "tolerance": step,
            "estimate": sum(one <= step for one in steps) / len(steps),
            "claims": len(steps),
            "datasets": _places(known),
        }
        for step in dict.fromkeys([0.0, *steps] if steps else [])
    ]


def _order(rows: list[Row]) -> list[Row]:
    """Kendall's tau-b over all numbers, within datasets and on each, and Lin's concordance.

    A score that several claims speak of counts once, with the mean of their numbers.
    """
    rows = _once(rows)
    published, ours = (np.array([row[name] for row in rows], dtype=float) for name in ("number", "ours"))
    places = np.array([_place(row) for row in rows])
    behind = {"claims": len(rows), "datasets": _places(rows)}
    found: list[Row] = [
        {"measure": "tau"} | behind | _tau(published, ours),
        {"measure": "concordance"} | behind | _concordance(published, ours),
    ]
    if behind["datasets"] < 2:
        return found
    found.append({"measure": "tau_within"} | behind | _tau(published, ours, places))
    for place in dict.fromkeys(places.tolist()):
        here = places == place
        if here.sum() > 1:
            row = {"measure": "tau", "dataset": place or None, "claims": int(here.sum()), "datasets": 1}
            found.append(row | _tau(published[here], ours[here]))
    return found


def _tau(x: np.ndarray, y: np.ndarray, within: np.ndarray | None = None) -> Row:
    if len(x) < FEWEST or (within is not None and (within[:, None] == within).sum() < len(x) + 2 * FEWEST):
        return {"reason": f"fewer than {FEWEST} {'numbers' if within is None else 'pairs'} have no order to speak of"}
    try:
        return {"estimate": kendall_tau_b(x, y, within)}
    except ValueError as error:
        return {"reason": str(error)}


def _concordance(x: np.ndarray, y: np.ndarray) -> Row:
    if len(x) < FEWEST:
        return {"reason": f"fewer than {FEWEST} numbers"}
    try:
        return {"estimate": concordance(x, y)}
    except ValueError as error:
        return {"reason": str(error)}


def _effects(rows: list[Row], pairs: pl.DataFrame) -> list[Row]:
    """For each two families on one dataset: our difference over the published one; then how these ratios lie.

    A family that several claims speak of counts once, with the mean of their numbers. The interval of a ratio is that
    of our difference (corrected t) over the published one, which is taken as it stands. A published difference of
    zero has no ratio.
    """
    tests = {
        (row["dataset"], row["family"], row["against"], row["metric"]): row
        for row in pairs.filter(pl.col("fallbacks").fill_null(0) == 0).iter_rows(named=True)
    }
    found = []
    for a, b in combinations(_once(rows), 2):
        published = round(a["number"] - b["number"], DECIMALS)
        if _place(a) != _place(b) or a["family"] == b["family"] or published == 0:
            continue
        row: Row = {"measure": "effect_ratio", "dataset": a["dataset"], "family": a["family"], "against": b["family"]}
        ratio = round(a["ours"] - b["ours"], DECIMALS) / published
        behind = {"claims": a["claims"] + b["claims"], "datasets": 1}
        found.append(row | {"estimate": ratio} | behind | _ends(a, b, published, tests))
    if not found:
        return []
    ratios = np.array([row["estimate"] for row in found])
    behind = {"claims": len(ratios), "datasets": len({row["dataset"] for row in found})}
    low, middle, high = (float(q) for q in np.quantile(ratios, [0.25, 0.5, 0.75]))
    return [
        {"measure": "effect_ratio_median", "estimate": middle, "low": low, "high": high} | behind,
        {"measure": "effect_same_way", "estimate": float((ratios > 0).mean())} | behind,
        *found,
    ]


def _once(rows: list[Row]) -> list[Row]:
    """One row for a family on a dataset, in the order in which they are first met; `claims`: how many speak of it."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((_place(row), row["family"]), []).append(row)
    return [
        same[0]
        | {name: float(np.mean([row[name] for row in same])) for name in ("number", "ours")}
        | {"claims": len(same)}
        for same in groups.values()
    ]


def _ends(a: Row, b: Row, published: float, tests: dict[tuple[Any, ...], Row]) -> Row:
    """The ends of our difference over the published one; none for training rows, and where no error rate exists."""
    scale, turn = 100 if a["unit"] == "percent" else 1, 1
    test = tests.get((a["dataset"], a["family"], b["family"], a["metric"]))
    if test is None:
        test, turn = tests.get((a["dataset"], b["family"], a["family"], a["metric"])), -1
    if test is None or test["low"] is None or a["side"] != "test":
        return {}
    low, high = sorted(turn * scale * test[end] / published for end in ("low", "high"))
    return {"low": low, "high": high}


def _selected(study: Study, claims: dict[str, Claim], scores: pl.DataFrame) -> Iterator[Row]:
    """What choosing the best of k families does to the number printed for it: to be said, never subtracted.

    `expected_max`: in standard errors; `selection_bias`: in the claim's unit, a standard error being the spread of our
    repeat means over the root of the paper's repeats.
    """
    for claim in claims.values():
        if claim.kind != "best" or claim.family is None:
            continue
        dataset = claim.dataset or (next(iter(study.datasets)) if len(study.datasets) == 1 else None)
        metric = claim.metric or study.metrics.primary
        series = series_of(scores, claim.side)
        tried = [f for d, f, m in series if (d, m) == (dataset, metric)]
        named = names_of(claim.among)
        rivals = [f for f in tried if (f in named if named else not is_baseline(study, f))]
        if dataset is None or claim.family not in rivals or len(rivals) < 2:
            continue
        row: Row = {"claim": claim.id, "kind": "best", "metric": metric, "side": claim.side, "unit": claim.unit}
        row |= {"dataset": dataset, "family": claim.family, "claims": len(rivals), "datasets": 1}
        too_good = expected_max(len(rivals))
        yield row | {"measure": "expected_max", "estimate": too_good}
        means = series[dataset, claim.family, metric].repeat_means()
        if len(means) > 1 and (sd := float(means.std(ddof=1))) > 0:
            scale = 100 if claim.unit == "percent" else 1
            yield row | {"measure": "selection_bias", "estimate": too_good * scale * sd / (claim.repeats or 1) ** 0.5}
