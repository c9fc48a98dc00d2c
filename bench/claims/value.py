"""A published number: `{kind: value, dataset: wine, family: lda, metric: accuracy, value: "98.9", unit: percent}`.

The two numbers usually share their data, so what differs between them is the draw of the splits: its size is the spread
of our repeat means under the paper's own protocol, not the spread that a new sample would have.
"""

from __future__ import annotations

import numpy as np

from bench.claims._rules import Noise, Printed, possible, settle
from bench.claims.claim import Answer, ClaimKind, Evidence, NotTestableError
from bench.metrics import METRICS
from bench.series import Series
from bench.stats.intervals import t_quantile
from bench.study import Claim
from bench.yardstick import resampling_of

#: Metrics that count cases, so that a printed share can be impossible and a binomial error applies.
COUNTING = ("accuracy", "error_rate")


def judge(claim: Claim, evidence: Evidence) -> Answer:
    """D = mean of our repeats - published, with the interval D ± (t SE + half a printed unit)."""
    _refuse_impossible(claim, evidence)
    series = evidence.scores(claim, claim.family)
    assert claim.value is not None
    printed, ours = Printed.of(claim.value), series.times(evidence.scale(claim))
    tolerance, whose = evidence.tolerance(claim)
    noise = noise_of(claim, evidence, ours, claim.family)
    if noise.chance_free:
        tolerance = max(tolerance, _one_case(claim, evidence, printed.half))
    mean = float(ours.repeat_means(max(1, evidence.setting(claim).repeats_a_draw)).mean())
    answer = settle(mean - printed.value, noise, tolerance, printed.half)
    undefined = len(ours.value) - len(ours.defined)
    notes = [f"{undefined} of {len(ours.value)} folds have no defined score"] if undefined else []
    notes += [whose] if "custom" in whose else []
    return {"ours": mean} | answer | {"reason": "; ".join([answer["reason"], *notes])}


def noise_of(claim: Claim, evidence: Evidence, ours: Series, *families: str | None) -> Noise:
    """The standard error of ours - published, by what randomness the two numbers share."""
    if claim.splits == "other_sample":
        return _other_sample(claim, evidence, ours)
    if claim.splits == "same" or not evidence.draws_chance(claim):
        if evidence.without_seed(claim, *families):
            rule = f"deterministic: {evidence.protocol(claim)} draws no splits"
            return Noise(0.0, np.inf, "same splits" if claim.splits == "same" else rule, chance_free=True)
        if evidence.setting(claim).runs > 1:
            return _other_repeats(claim, evidence, ours, "same splits, other seeds")
        said = (
            "one run of a family that takes a seed or is tuned on drawn folds: what the seed changes was not measured"
        )
        return Noise(0.0, np.inf, said, chance_free=True, mute=True)
    return _other_repeats(claim, evidence, ours, "same data, other splits")


def _other_repeats(claim: Claim, evidence: Evidence, ours: Series, shared: str) -> Noise:
    """Same rows, other splits or other seeds: SE = s_rep sqrt(1/r_p + 1/r), s_rep the spread of r repeat means."""
    means = ours.repeat_means(max(1, evidence.setting(claim).repeats_a_draw))
    r, published = len(means), claim.repeats or 1
    if r >= 2:
        sd = float(means.std(ddof=1))
        se = sd * np.sqrt(1 / published + 1 / r)
        return Noise(se, r - 1, f"{shared}: {r} repeats", sd=sd, repeats=r, repeats_published=published)
    values = ours.defined
    if len(values) < 2:
        return Noise(None, 1, "one split says nothing of the spread over splits; 2 repeats are needed, better 10")
    bound = float(values.std(ddof=1)) / np.sqrt(len(values))
    se = bound * np.sqrt(1 / published + 1)
    said = "one repeat only: its error is bounded by the spread of folds, far too wide; repeats would sharpen it"
    return Noise(se, len(values) - 1, said)


def _other_sample(claim: Claim, evidence: Evidence, ours: Series) -> Noise:
    """Another sample of the population: Nadeau-Bengio variance on both sides, Welch-Satterthwaite degrees."""
    setting = evidence.setting(claim)
    sample = setting.sample(ours)
    if sample is None:
        return _two_test_sets(claim, evidence, ours)
    values, ratio = sample
    a_repeat = 1 if setting.repeats_a_draw else max(1, setting.folds // setting.repeats)
    count, published = len(values), max(2, (claim.repeats or 1) * a_repeat)
    sd = float(values.std(ddof=1))
    parts = (sd**2 * (1 / count + ratio), _published_sd(claim, sd, published) ** 2 * (1 / published + ratio))
    below = parts[0] ** 2 / (count - 1) + parts[1] ** 2 / (published - 1)
    df = sum(parts) ** 2 / below if below > 0 else count - 1
    return Noise(float(np.sqrt(sum(parts))), df, "another sample of the population: both numbers have sampling error")


def _published_sd(claim: Claim, ours: float, count: int) -> float:
    """The paper's spread of fold scores as printed, else our own."""
    if claim.spread is None or claim.spread_kind is None:
        return ours
    printed = float(claim.spread)
    if claim.spread_kind == "sd":
        return printed
    return printed * np.sqrt(count) / (1.0 if claim.spread_kind == "se" else t_quantile(0.975, count - 1))


def _two_test_sets(claim: Claim, evidence: Evidence, ours: Series) -> Noise:
    """One test set on each side: binomial errors, for metrics that count cases."""
    n = _cases(claim, evidence)
    if evidence.metric(claim) not in COUNTING or not n or claim.value is None or ours.mean is None:
        return Noise(None, 1, "another sample, and one test set: no error is known for this metric")
    scale = evidence.scale(claim)
    shares = ((ours.mean / scale, n), (float(claim.value) / scale, claim.n or n))
    variance = sum(max(0.0, share * (1 - share)) / cases for share, cases in shares)
    return Noise(float(np.sqrt(variance)) * scale, np.inf, "another sample: binomial errors of the two test sets")


def _cases(claim: Claim, evidence: Evidence) -> int:
    """How many rows one repeat of our scores stands on."""
    setting = evidence.setting(claim)
    return setting.test_rows if claim.side == "test" else setting.train_rows


def _one_case(claim: Claim, evidence: Evidence, half: float) -> float:
    """Without chance no difference smaller than one test case means anything; the rounding blurs it on both sides."""
    n = _cases(claim, evidence)
    if not n or not METRICS[evidence.metric(claim)].bounded:
        return 0.0
    return evidence.scale(claim) / n + 2 * half


def _refuse_impossible(claim: Claim, evidence: Evidence) -> None:
    """Only where n and the aggregation are declared: a mean of fold accuracies may be any number."""
    if claim.n is None or claim.value is None or evidence.metric(claim) not in COUNTING:
        return
    one_set = resampling_of(evidence.study, evidence.dataset(claim)) in ("leave_one_out", "fixed_split")
    repeats = claim.repeats or (1 if one_set and evidence.without_seed(claim, claim.family) else None)
    if claim.aggregation == "fold_mean" or repeats is None or not (one_set or claim.aggregation == "pooled"):
        return
    if not possible(claim.value, claim.unit, claim.n, repeats):
        cases = claim.n * repeats
        why = f"no count of {cases} cases gives {claim.value}: impossible under the stated protocol"
        raise NotTestableError("impossible", why)


VALUE = ClaimKind("value", "a published number", ("dataset", "family", "metric", "value"), judge)
