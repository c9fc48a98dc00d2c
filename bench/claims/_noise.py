"""What chance can do to ours - published, by what randomness the two numbers share.

The two numbers usually share their data, so what differs between them is the draw of the splits: its size is the spread
of our repeat means under the paper's own protocol, not the spread that a new sample would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from bench.claims._rules import DECIMALS, Noise
from bench.claims.claim import ClaimEvidence
from bench.scores.series import Series
from bench.stats.intervals import spread, t_quantile
from bench.study import Claim

#: Metrics that count cases, so that a binomial error applies.
COUNTING = ("accuracy", "error_rate")
#: So many draws all alike leave a chance of .05 that one in twenty would differ: 1 - .05^(1/59) = .05.
ALIKE = 59
UNMEASURED = "one run of a family that takes a seed or is tuned on drawn folds: what the seed changes was not measured"


@dataclass(frozen=True)
class Reading:
    """One reading of a printed spread: `sd` of the scores of `n` folds, repeats or seeds, in the claim's unit."""

    kind: str
    over: str
    sd: float
    n: int

    def __str__(self) -> str:
        name = {"sd": "sd", "se": "standard error", "ci95": "95 % interval"}[self.kind]
        return f"{name} over {self.n} {self.over}"


def readings(claim: Claim, folds: int) -> tuple[Reading, ...]:
    """Every way to read the claim's spread that it does not exclude; none without a spread.

    folds: of one repeat, where the claim does not say. A spread over repeats or seeds needs to say of how many.
    """
    spread = claim.spread
    if spread is None:
        return ()
    kinds = ("sd", "se", "ci95") if spread.kind == "unlabelled" else (spread.kind,)
    # Repeats and seeds are one thing here: whole runs of the protocol.
    overs = ("folds", "repeats") if spread.over is None else (spread.over,)
    many = {"folds": spread.n or (claim.repeats or 1) * (claim.folds or folds)}
    found = []
    for over, kind in product(overs, kinds):
        n = many.get(over) or spread.n or claim.repeats or 1
        if n >= 2:
            found.append(Reading(kind, over, _sd(kind, float(spread.value), n), n))
    return tuple(found)


def _sd(kind: str, printed: float, n: int) -> float:
    if kind == "sd":
        return printed
    return printed * float(np.sqrt(n)) / (1.0 if kind == "se" else t_quantile(0.975, n - 1))


def noises_of(claim: Claim, evidence: ClaimEvidence, ours: Series, *families: str | None) -> tuple[Noise, ...]:
    """The standard error of ours - published, one for each reading of the paper's spread.

    ours: scores, or differences of two families' scores, in the claim's unit; families: whose they are.
    """
    setting = evidence.setting(claim)
    found = readings(claim, setting.folds // setting.repeats if setting.repeats else 1)
    return tuple(
        replace(_noise(claim, evidence, ours, families, one), reading=str(one or "")) for one in found or (None,)
    )


def over_datasets(each: Sequence[Noise]) -> Noise:
    """The noise of a mean over datasets, whose splits are drawn apart: variances add, Welch-Satterthwaite degrees."""
    first, count = each[0], len(each)
    unknown = [noise for noise in each if noise.se is None]
    if unmeasured := [noise for noise in unknown if not noise.zero_variance]:
        return unmeasured[0]
    # Draws that agree on one dataset are no riddle where they differ on others: the spread of the mean is not 0.
    if len(unknown) == count and sum(noise.estimated_from for noise in each) < ALIKE:
        return unknown[0]
    parts = np.array([(noise.se or 0.0) ** 2 for noise in each]) / count**2
    df = np.array([noise.df for noise in each])
    below = float((parts**2 / df).sum())
    sds = [noise.sd for noise in each if noise.sd is not None]
    same = len(sds) == count and len({noise.repeats_published for noise in each}) == 1
    sentences = dict.fromkeys(
        "some with draws that all agree" if noise.zero_variance else noise.sentence for noise in each
    )
    return Noise(
        float(np.sqrt(parts.sum())),
        float(parts.sum()) ** 2 / below if below > 0 else np.inf,
        f"the mean over {count} data sets; {'; '.join(sentences)}",
        chance_free=all(noise.chance_free for noise in each),
        cannot_refute=any(noise.cannot_refute for noise in each),
        sd=float(np.sqrt((np.array(sds) ** 2).sum())) / count if same else None,
        repeats_published=first.repeats_published,
        estimated_from=min(noise.estimated_from for noise in each),
        reading=first.reading,
    )


def _alike(ours: Series, repeats: int) -> int:
    """How many draws agree where the means of `repeats` repeats do: all folds, or the repeats alone."""
    return repeats if drawn_sd(ours.defined) else len(ours.defined)


def drawn_sd(values: np.ndarray) -> float:
    """The standard deviation (n - 1) of draws; exactly 0 where they differ by float noise only."""
    sd = spread(values, values)
    return sd if round(sd, DECIMALS) else 0.0


def all_alike(draws: int, what: str = "values") -> str:
    """Why a spread of 0 among a few draws is none that could be reckoned with."""
    return f"the {draws} drawn {what} agree to the last digit, which says nothing of others: no error is known"


def _noise(
    claim: Claim, evidence: ClaimEvidence, ours: Series, families: Sequence[str | None], reading: Reading | None
) -> Noise:
    if claim.splits == "other_sample":
        return _other_sample(claim, evidence, ours, reading)
    if evidence.is_external(claim):
        return _of_elsewhere(claim, evidence, ours, reading)
    if claim.splits == "same" or not evidence.draws_chance(claim):
        if evidence.without_seed(claim, *families):
            rule = f"deterministic: {evidence.protocol(claim)} draws no splits"
            return Noise(0.0, np.inf, "same splits" if claim.splits == "same" else rule, chance_free=True)
        if (runs := evidence.setting(claim).runs) > 1:
            if np.ptp(np.round(ours.repeat_means(), DECIMALS)) == 0:
                return Noise(0.0, np.inf, f"same splits: {runs} runs with other seeds agree", chance_free=True)
            return _other_repeats(claim, evidence, ours, reading, "same splits, other seeds")
        if reading is not None and reading.over != "folds":
            return _one_of_ours(claim, reading)
        return Noise(0.0, np.inf, UNMEASURED, chance_free=True, cannot_refute=True)
    simulated = evidence.setting(claim).repeats_a_draw > 0
    shared = "a simulation, other draws" if simulated else "same data, other splits"
    return _other_repeats(claim, evidence, ours, reading, shared, certain=evidence.guesses_alike(claim, *families))


def _of_elsewhere(claim: Claim, evidence: ClaimEvidence, ours: Series, reading: Reading | None) -> Noise:
    """Scores that others made: what varies between them is what their table says."""
    varies = evidence.varies(claim)
    if varies == "seeds":
        if claim.splits == "same":
            shared = "same splits, other seeds, no sampling error"
            return _other_repeats(claim, evidence, ours, reading, shared)
        said = "the repeats are seeds on the same splits, and say nothing of the spread over splits; "
        return Noise(None, 1, f"{said}if the published number comes from these splits, write `splits: same`")
    if claim.splits == "same":
        return Noise(0.0, np.inf, "arithmetic on the scores as they were given", chance_free=True)
    if varies is None:
        said = "one score from elsewhere: what its split and seed change was not measured"
        return Noise(None, 1, f"{said}; if the published number is of these very scores, write `splits: same`")
    if evidence.setting(claim).ratio is None:
        said = "the sizes of the training and test sets are unknown: no error is known, and the estimate stands alone"
        return Noise(None, 1, said)
    return _other_repeats(claim, evidence, ours, reading, "same data, other splits")


def _other_repeats(
    claim: Claim, evidence: ClaimEvidence, ours: Series, reading: Reading | None, shared: str, certain: bool = False
) -> Noise:
    """Same rows, other splits or other seeds: SE = s_rep sqrt(1/r_p + 1/r), s_rep the spread of r repeat means.

    Where the paper prints the spread of its own repeats, each side has its own: s_p^2 / r_p + s_rep^2 / r.
    certain: repeats that agree do so by necessity, not by luck.
    """
    means = ours.repeat_means(max(1, evidence.setting(claim).repeats_a_draw))
    r, published = len(means), claim.repeats or 1
    theirs = reading if reading is not None and reading.over != "folds" else None
    if r >= 2:
        sd = drawn_sd(means)
        said = f"{shared}: {r} repeats"
        if sd == 0 and not certain and (draws := _alike(ours, r)) < ALIKE:
            if theirs is not None and theirs.sd > 0:
                return _like_theirs(claim, theirs, r, f"{said}, all alike, so")
            why = f"{shared}: {all_alike(draws)}"
            return Noise(
                None, r - 1, why, sd=0.0, repeats_published=published, estimated_from=draws, zero_variance=True
            )
        if theirs is not None:
            published = claim.repeats or theirs.n
            parts = ((theirs.sd**2 / published, theirs.n - 1), (sd**2 / r, r - 1))
            return Noise(
                float(np.sqrt(sum(part for part, _ in parts))), _welch(*parts), f"{said}, and the paper's own {theirs}",
                sd=theirs.sd, repeats_published=published, estimated_from=theirs.n,
            )  # fmt: skip
        se = sd * np.sqrt(1 / published + 1 / r)
        return Noise(
            float(se), r - 1, said, sd=sd, repeats=r, repeats_published=published, estimated_from=r
        )  # fmt: skip
    if theirs is not None and theirs.sd > 0:
        return _one_of_ours(claim, theirs)
    values = ours.defined
    if len(values) < 2:
        return Noise(None, 1, "one split says nothing of the spread over splits; 2 repeats are needed, better 10")
    if (sd := drawn_sd(values)) == 0 and len(values) < ALIKE:
        return Noise(None, len(values) - 1, all_alike(len(values)), estimated_from=len(values), zero_variance=True)
    bound = sd / np.sqrt(len(values))
    se = bound * np.sqrt(1 / published + 1)
    said = "one repeat only: its error is bounded by the spread of folds, far too wide; repeats would sharpen it"
    return Noise(float(se), len(values) - 1, said)


def _one_of_ours(claim: Claim, theirs: Reading) -> Noise:
    """One run here, several there: ours is taken to vary as much as theirs, SE = s_p sqrt(1/r_p + 1)."""
    if theirs.sd == 0:
        return Noise(None, 1, f"one run here, and the spread that the paper prints is 0 ({theirs}): no error is known")
    return _like_theirs(claim, theirs, 1, "one run here,")


def _like_theirs(claim: Claim, theirs: Reading, r: int, said: str) -> Noise:
    """Our r repeats, taken to vary as much as those of the paper: SE = s_p sqrt(1/r_p + 1/r)."""
    published = claim.repeats or theirs.n
    se = float(theirs.sd * np.sqrt(1 / published + 1 / r))
    return Noise(se, theirs.n - 1, f"{said} taken to vary like those of the paper ({theirs})")


def _welch(*parts: tuple[float, float]) -> float:
    """Welch-Satterthwaite degrees of freedom of a sum of variances, each with its own."""
    below = sum(part**2 / df for part, df in parts)
    return sum(part for part, _ in parts) ** 2 / below if below > 0 else min(df for _, df in parts)


def _other_sample(claim: Claim, evidence: ClaimEvidence, ours: Series, reading: Reading | None) -> Noise:
    """Another sample of the population: Nadeau-Bengio variance on both sides, Welch-Satterthwaite degrees."""
    setting = evidence.setting(claim)
    sample = setting.sample(ours)
    if sample is None or setting.seeds:  # seeds on one split say nothing of another sample
        return _two_test_sets(claim, evidence, ours)
    values, ratio = sample
    a_repeat = 1 if setting.repeats_a_draw else max(1, setting.folds // setting.repeats)
    count, published = len(values), max(2, (claim.repeats or 1) * a_repeat)
    if (sd := drawn_sd(values)) == 0 and count < ALIKE:
        return Noise(None, count - 1, f"another sample: {all_alike(count)}", estimated_from=count, zero_variance=True)
    theirs = reading.sd if reading is not None and reading.over == "folds" else sd  # else their folds vary like ours
    parts = ((sd**2 * (1 / count + ratio), count - 1), (theirs**2 * (1 / published + ratio), published - 1))
    said = "another sample of the population: both numbers have sampling error"
    return Noise(float(np.sqrt(sum(part for part, _ in parts))), _welch(*parts), said)


def _two_test_sets(claim: Claim, evidence: ClaimEvidence, ours: Series) -> Noise:
    """One test set on each side: binomial errors, for scores of metrics that count cases."""
    n = cases(claim, evidence)
    counts = evidence.metric(claim) in COUNTING and claim.kind in ("value", "mean")
    if not counts or not n or claim.value is None or ours.mean is None:
        return Noise(None, 1, "another sample, and one test set: no error is known for this metric")
    scale = evidence.scale(claim)
    shares = ((ours.mean / scale, n), (float(claim.value) / scale, claim.n or n))
    variance = sum(max(0.0, share * (1 - share)) / count for share, count in shares)
    return Noise(float(np.sqrt(variance)) * scale, np.inf, "another sample: binomial errors of the two test sets")


def cases(claim: Claim, evidence: ClaimEvidence) -> int:
    """How many rows one repeat of our scores stands on."""
    setting = evidence.setting(claim)
    return setting.test_rows if claim.side == "test" else setting.train_rows
