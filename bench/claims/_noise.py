"""What chance can do to ours - published, by what randomness the two numbers share.

The two numbers usually share their data, so what differs between them is the draw of the
splits: its size is the spread of our repeat means under the paper's own protocol, not the
spread that a new sample would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt

import numpy as np

from bench.claims.case import AnyCase
from bench.contrasts import Contrast, ErrorGrowth, Student, welch_df
from bench.core.outcomes import Statement
from bench.scores.series import Series
from bench.stats.halves import conservative_z
from bench.stats.intervals import spread as spread_between
from bench.stats.intervals import t_quantile, welch
from bench.stats.noise import DECIMALS
from bench.stats.paired import ENOUGH_EQUAL
from bench.study import Claim
from bench.study.claims import SEVERAL
from bench.text import chance


@dataclass(frozen=True)
class Noise:
    """What chance can do to the difference ours - published.

    Attributes
    ----------
    se, df : float or None, float
        The standard error of the difference, None where it cannot be known, and its
        degrees of freedom.
    reasons : tuple of Statement
        Where the standard error comes from, or why it is not known.
    chance_free : bool
        Whether equality to the printed decimals means something.
    growth : ErrorGrowth or None
        What repeats of ours make of it, where they have a part.
    decimals : int
        How many decimals of the difference are no float noise.
    same_scores : bool
        Whether both numbers are of the very same scores: no tolerance is between them.
    """

    se: float | None
    df: float = 1
    reasons: tuple[Statement, ...] = ()
    chance_free: bool = False
    growth: ErrorGrowth | None = None
    decimals: int = DECIMALS
    same_scores: bool = False

    @property
    def known_se(self) -> float | None:
        """The standard error; None where it is not known or is float noise."""
        if self.se is None or round(self.se, self.decimals) == 0:
            return None
        return self.se

    def contrast(self, gain: float, half: float) -> Contrast:
        """Ours against a number that was rounded to twice this `half`."""
        law = None
        if self.se is not None:
            law = Student(gain=gain, standard_error=self.se, df=self.df)
        return Contrast(
            gain=gain,
            law=law,
            rounding=half,
            decimals=self.decimals,
            growth=self.growth,
        )

    @classmethod
    def unknown(cls, *reasons: Statement) -> Noise:
        """Its size cannot be known, as of a few draws that all agree."""
        return cls(None, reasons=reasons)

    @classmethod
    def without_chance(cls, reason: Statement) -> Noise:
        """Nothing was drawn, or nothing that was measured."""
        return cls(0.0, inf, (reason,), chance_free=True)

    @classmethod
    def of_repeats(cls, growth: ErrorGrowth, *reasons: Statement) -> Noise:
        """What so many repeats of ours know, which more of them would know better."""
        se, df = growth.at(np.array([float(growth.repeats)]))
        return cls(float(se[0]), float(df[0]), reasons, growth=growth)


@dataclass(frozen=True)
class PrintedSpread:
    """A printed spread: `sd` of the numbers of `n` runs, in the claim's unit; `runs`: of
    how many the number is the mean."""

    kind: str
    sd: float
    n: int
    runs: int


def spread_of(claim: Claim) -> PrintedSpread | None:
    """The claim's spread; None without one, and where the number of runs is not known."""
    spread = claim.spread
    n = None if spread is None else spread.n or claim.runs
    if spread is None or n is None or n < 2:
        return None
    sd = float(spread.value)
    if spread.kind != "sd":
        sd *= sqrt(n)
    if spread.kind == "ci95":
        sd /= t_quantile(0.975, n - 1)
    return PrintedSpread(spread.kind, sd, n, claim.runs or n)


def repeats_of(claim: Claim) -> float:
    """How many repeats stand behind the published number; infinitely many behind one
    without an error."""
    return inf if claim.without_error else claim.averaged_over


def drawn_sd(values: np.ndarray, decimals: int = DECIMALS) -> float:
    """The standard deviation (n - 1) of draws; exactly 0 where they differ by float
    noise only."""
    sd = spread_between(values, values)
    return sd if round(sd, decimals) else 0.0


def noise_of(case: AnyCase, ours: Series, *families: str | None) -> Noise:
    """The standard error of ours - published.

    ours: scores in the claim's unit; families: whose they are.
    """
    key = (case.dataset, str(case.claim.family), case.metric)
    error = case.evidence.standard_errors.get(key)
    if error is not None:
        return _of_estimates(case.claim, error * case.scale)
    spread = spread_of(case.claim)
    noise = _find_noise(case, ours, families, spread)
    reasons = list(noise.reasons)
    if not noise.chance_free:
        if case.claim.spread is not None and spread is None:
            reasons.append(chance.SpreadUnused())
        if case.claim.repeats == "several":
            reasons.append(chance.SeveralRuns(SEVERAL))
    return replace(noise, reasons=tuple(reasons), decimals=ours.decimals)


def _find_noise(
    case: AnyCase,
    ours: Series,
    families: Sequence[str | None],
    spread: PrintedSpread | None,
) -> Noise:
    if case.claim.splits == "other_sample":
        return _of_other_sample(case, ours, families, spread)
    drawn = drawn_anew(case, *families)
    if isinstance(drawn, Noise):
        return drawn
    if drawn == "seeds" and np.ptp(np.round(ours.repeat_means(), ours.decimals)) == 0:
        return Noise.without_chance(chance.SameSplitsAgree(case.setting.runs))
    is_certain = drawn == "splits" and case.guesses_equally(*families)
    return _of_repeats(case, ours, spread, drawn, is_certain=is_certain)


def drawn_anew(case: AnyCase, *families: str | None) -> Noise | chance.Differs:
    """What of one dataset the paper drew anew, as our repeats do; or the noise, where it
    drew nothing anew and where our repeats do not show what it does. Not of another
    sample."""
    setting, same = case.setting, case.claim.splits == "same"
    if case.is_external:
        return _drawn_elsewhere(case)
    if not same and case.draws_chance:
        return "draws" if setting.repeats_a_draw else "splits"
    drawn = case.seed_unmeasured(*families)
    if drawn is None:
        why = chance.SameSplits() if same else chance.NothingDrawn(case.protocol)
        return Noise.without_chance(why)
    return "seeds" if setting.runs > 1 else Noise.unknown(drawn)


def _drawn_elsewhere(case: AnyCase) -> Noise | chance.Differs:
    """The same of external scores, of which the study declares what varies."""
    varies, same = case.varies, case.claim.splits == "same"
    if varies == "seeds":
        return "external_seeds" if same else Noise.unknown(chance.SeedsNotSplits())
    if same:
        noise = Noise.without_chance(chance.Arithmetic("scores"))
        return replace(noise, same_scores=True)
    # All rows of a leave-one-out give one score.
    is_one_score = case.setting.row_by_row and case.setting.repeats == 1
    if varies is None or is_one_score:
        return Noise.unknown(chance.OneExternalScore())
    return "splits"


def _of_repeats(
    case: AnyCase,
    ours: Series,
    spread: PrintedSpread | None,
    differs: chance.Differs,
    *,
    is_certain: bool = False,
) -> Noise:
    """Same rows, other splits or other seeds: SE = s_rep sqrt(1/r_p + 1/r), s_rep the
    spread of r repeat means.

    Where the paper prints the spread of its own repeats, each side has its own:
    s_p^2 / r_p + s_rep^2 / r. Where a pilot of r_0 repeats decided how many there are,
    s_rep and its r_0 - 1 degrees are of these alone (Stein 1945). is_certain: repeats
    that agree do so by necessity, not by luck.
    """
    means, published = case.repeat_means(ours), repeats_of(case.claim)
    r = len(means)
    if r < 2:
        return _bound_by_folds(ours, published)
    pilot = _pilot_means(case, ours)
    made = chance.Repeats(differs, r)
    sd = drawn_sd(means if pilot is None else pilot, ours.decimals)
    equal = r if drawn_sd(ours.defined, ours.decimals) else len(ours.defined)
    if sd == 0 and not is_certain and equal < ENOUGH_EQUAL:
        return Noise.unknown(made, chance.DrawsAgree(equal))
    df = None if pilot is None else len(pilot) - 1
    growth = ErrorGrowth(repeats=r, sd=sd, df=df, fixed=sd**2 / published)
    if spread is None:
        return Noise.of_repeats(growth, made)
    fixed = spread.sd**2 / spread.runs
    growth = replace(growth, fixed=fixed, df_fixed=spread.n - 1)
    return Noise.of_repeats(growth, made, chance.PaperSpread(spread.kind, spread.n))


def _pilot_means(case: AnyCase, ours: Series) -> np.ndarray | None:
    """The means of the repeats of a pilot, whose spread alone counts; None where there
    was none or where it shows no spread: all count."""
    count = case.setting.pilot_repeats
    if count is None:
        return None
    means = np.array([mean for r, mean in ours.by_repeat().items() if r < count])
    return means if len(means) > 1 and drawn_sd(means, ours.decimals) else None


def _bound_by_folds(ours: Series, published: float) -> Noise:
    """One repeat of ours: the spread of its folds bounds that of repeat means."""
    values = ours.defined
    n = len(values)
    if n < 2:
        return Noise.unknown(chance.OneSplit())
    sd = drawn_sd(values, ours.decimals)
    if sd == 0 and n < ENOUGH_EQUAL:
        return Noise.unknown(chance.DrawsAgree(n))
    se = sd / sqrt(n) * sqrt(1 / published + 1)
    return Noise(se, n - 1, (chance.OneRepeat(),))


def _of_other_sample(
    case: AnyCase,
    ours: Series,
    families: Sequence[str | None],
    spread: PrintedSpread | None,
) -> Noise:
    """Another sample of the population: Nadeau-Bengio variance and the class mix on both
    sides, Welch-Satterthwaite degrees; at least the variance of conservative z, where
    halves of the rows were fitted for an unstable family. The draws of a simulation are
    such samples themselves."""
    claim, setting = case.claim, case.setting
    sample = setting.sample(ours)
    if sample is None or setting.seeds:  # seeds say nothing of another sample
        return Noise.unknown(chance.OtherSampleUnknown())
    if setting.repeats_a_draw:
        return _of_repeats(case, ours, spread, "draws")
    about = chance.OurSample() if claim.without_error else chance.OtherSample()
    values, ratio = sample
    count, sd = len(values), drawn_sd(values, ours.decimals)
    if sd == 0 and count < ENOUGH_EQUAL:
        return Noise.unknown(about, chance.DrawsAgree(count))
    mix = case.mix(*families)
    parts: list[_Part] = [(sd**2 * (1 / count + ratio) + mix, count - 1)]
    there = _count_folds_there(case, spread)
    if not claim.without_error:
        is_fold = spread is not None and setting.folds <= setting.repeats
        theirs = spread.sd if spread is not None and is_fold else sd
        # The spread of one fold there is ours, with our degrees.
        df = there - 1 if there > 1 else None
        parts.append((theirs**2 * (1 / there + ratio) + mix, df))
    return _sum_variances(parts, case.halves(*families), about)


#: A variance and its degrees; None: those of the first.
_Part = tuple[float, float | None]


def _sum_variances(
    parts: list[_Part], halves: np.ndarray | None, *reasons: Statement
) -> Noise:
    """The noise of a sum of variances, none of them smaller than that of conservative z
    on halves."""
    variances = [variance for variance, _ in parts]
    degrees = [df for _, df in parts]
    if halves is not None:
        least = conservative_z(0.0, halves).se ** 2
        if least > min(variances):
            reasons = (*reasons, chance.OfConservativeZ(len(halves)))
        for i, variance in enumerate(variances):
            if least > variance:
                variances[i], degrees[i] = least, degrees[i] and inf
    known = [
        (v, df) for v, df in zip(variances, degrees, strict=True) if df is not None
    ]
    df = known[0][1] if len(known) < len(parts) else float(welch_df(*known))
    return Noise(sqrt(sum(variances)), df, reasons)


def _count_folds_there(case: AnyCase, spread: PrintedSpread | None) -> int:
    """How many folds stand behind a published number: those of a repeat of ours in each
    of its repeats; runs of the same folds bring no other rows."""
    setting, named = case.setting, 1 if spread is None else spread.n
    repeats = 1 if setting.runs > 1 else case.claim.runs or named
    return repeats * max(1, setting.folds // setting.repeats)


def _of_estimates(claim: Claim, ours: float) -> Noise:
    """Two estimates with a standard error each; one that is printed without is taken to
    have ours."""
    spread, theirs, df = claim.spread, ours, inf
    if claim.without_error:
        theirs = 0.0
    elif spread is not None and (spread.n is not None or spread.kind != "sd"):
        df = inf if spread.n is None else spread.n - 1
        per_error = {"sd": (spread.n or 1) ** 0.5, "se": 1.0}
        per_error["ci95"] = t_quantile(0.975, df)
        theirs = float(spread.value) / per_error[spread.kind]
    se, joint = welch((ours, inf), (theirs, df))
    return Noise(se, joint, (chance.OfEstimates(ours, theirs),))
