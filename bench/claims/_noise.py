"""What chance can do to ours - published, by what randomness the two numbers share.

The two numbers usually share their data, so what differs between them is the draw of the splits: its size is the spread
of our repeat means under the paper's own protocol, not the spread that a new sample would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from bench.claims._chance import Drawn, welch
from bench.claims._rules import Noise, PrintedSpread
from bench.claims.case import AnyCase
from bench.claims.claim import shape_of
from bench.core.outcomes import Statement
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.stats.halves import conservative_z
from bench.stats.intervals import spread as spread_between
from bench.stats.intervals import t_quantile
from bench.stats.noise import DECIMALS
from bench.stats.paired import ENOUGH_EQUAL
from bench.study import Claim
from bench.text import chance

#: Metrics that count cases, so that a binomial error applies.
COUNTING = ("accuracy", "error_rate")
#: Why no printed spread of any kind would count.
_UNMEASURED = {
    chance.SeedsNotSplits,
    chance.OneExternalScore,
    chance.BinomialErrors,
    chance.OtherSampleUnknown,
}


def spread_of(claim: Claim, folds: int) -> PrintedSpread | None:
    """The claim's spread; None without one, and of a single fold, repeat or seed.

    folds: of one repeat, where the claim does not declare them. Without `over` it is over repeats, where their number
    is known, else over folds. Repeats and seeds are one thing here: whole runs of the protocol.
    """
    spread = claim.spread
    if spread is None:
        return None
    n = spread.n or claim.repeats or 1
    over = spread.over or ("repeats" if n > 1 else "folds")
    if over == "folds":
        n = spread.n or n * (claim.folds or folds)
    if n < 2:
        return None
    return PrintedSpread(spread.kind, over, _sd(spread.kind, float(spread.value), n), n)


def _sd(kind: str, printed: float, n: int) -> float:
    if kind == "sd":
        return printed
    return (
        printed
        * float(np.sqrt(n))
        / (1.0 if kind == "se" else t_quantile(0.975, n - 1))
    )


def repeats_of(claim: Claim) -> float:
    """How many repeats stand behind the published number; infinitely many behind one without an error."""
    return inf if claim.without_error else claim.averaged_over


def noise_of(case: AnyCase, ours: Series, *families: str | None) -> Noise:
    """The standard error of ours - published.

    ours: scores, or differences of two families' scores, in the claim's unit; families: whose they are.
    """
    setting = case.setting
    folds = setting.folds // setting.repeats if setting.repeats else 1
    spread = spread_of(case.claim, folds)
    noise = _noise(case, ours, families, spread)
    reasons = noise.reasons
    unused = _unused(case, spread)
    measured = not _UNMEASURED & set(map(type, reasons))
    if unused is not None and measured and not noise.chance_free:
        reasons = (*reasons, unused)
    return replace(noise, reasons=reasons, decimals=ours.decimals)


def _unused(case: AnyCase, spread: PrintedSpread | None) -> chance.SpreadUnused | None:
    """Why the claim's spread has no part in the error; None where it has, or without one."""
    claim = case.claim
    if claim.spread is None:
        return None
    over, setting = None if spread is None else spread.over, case.setting
    used = over not in (None, "folds")
    if (
        claim.splits == "other_sample" and not setting.repeats_a_draw
    ):  # a repeat of one fold is that fold
        single = claim.folds is None and setting.folds <= setting.repeats
        used = over == "folds" or (used and single)
    if used:
        return None
    if claim.spread.over == "folds":
        return chance.SpreadUnused("folds")
    return chance.SpreadUnused("number" if over in (None, "folds") else "repeats")


def _agreeing(ours: Series, repeats: int) -> int:
    """How many draws agree where the means of `repeats` repeats do: all folds, or the repeats alone."""
    return repeats if drawn_sd(ours.defined, ours.decimals) else len(ours.defined)


def drawn_sd(values: np.ndarray, decimals: int = DECIMALS) -> float:
    """The standard deviation (n - 1) of draws; exactly 0 where they differ by float noise only."""
    sd = spread_between(values, values)
    return sd if round(sd, decimals) else 0.0


def _noise(
    case: AnyCase,
    ours: Series,
    families: Sequence[str | None],
    spread: PrintedSpread | None,
) -> Noise:
    if case.claim.splits == "other_sample":
        return _other_sample(case, ours, families, spread)
    drawn = drawn_anew(case, *families)
    if isinstance(drawn, Noise):
        one_run = any(
            isinstance(reason, chance.SeedNotMeasured) for reason in drawn.reasons
        )
        return (
            _one_of_ours(case.claim, spread)
            if one_run and spread is not None and spread.over != "folds"
            else drawn
        )
    if drawn == "seeds" and np.ptp(np.round(ours.repeat_means(), ours.decimals)) == 0:
        return Noise.without_chance(chance.SameSplitsAgree(case.setting.runs))
    certain = (
        not case.is_external and drawn != "seeds" and case.guesses_equally(*families)
    )
    return _other_repeats(case, ours, spread, drawn, certain)


def drawn_anew(case: AnyCase, *families: str | None) -> Noise | chance.Differs:
    """What of one dataset the paper drew anew, as our repeats do; or the noise, where it drew nothing anew and where
    our repeats do not show what it does. Not of another sample."""
    claim = case.claim
    setting = case.setting
    if case.is_external:
        return _drawn_elsewhere(claim, setting, case.varies)
    if claim.splits != "same" and case.draws_chance:
        return "draws" if setting.repeats_a_draw > 0 else "splits"
    if (drawn := case.seed_unmeasured(*families)) is None:
        same = (
            chance.SameSplits()
            if claim.splits == "same"
            else chance.NothingDrawn(case.protocol)
        )
        return Noise.without_chance(same)
    return "seeds" if setting.runs > 1 else Noise.unknown(drawn)


def _drawn_elsewhere(
    claim: Claim, setting: Setting, varies: str | None
) -> Noise | chance.Differs:
    """The same of external scores, of which the study declares what varies."""
    if varies == "seeds":
        return (
            "external_seeds"
            if claim.splits == "same"
            else Noise.unknown(chance.SeedsNotSplits())
        )
    if claim.splits == "same":
        return Noise.of_the_same(chance.Arithmetic("scores"))
    if varies is None or (
        setting.row_by_row and setting.repeats == 1
    ):  # leave-one-out is one score
        return Noise.unknown(chance.OneExternalScore())
    return "draws" if varies == "draws" else "splits"


def _other_repeats(
    case: AnyCase,
    ours: Series,
    spread: PrintedSpread | None,
    differs: chance.Differs,
    certain: bool = False,
) -> Noise:
    """Same rows, other splits or other seeds: SE = s_rep sqrt(1/r_p + 1/r), s_rep the spread of r repeat means.

    Where the paper prints the spread of its own repeats, each side has its own: s_p^2 / r_p + s_rep^2 / r. Where a
    pilot of r_0 repeats decided how many there are, s_rep and its r_0 - 1 degrees are of these alone (Stein 1945).
    certain: repeats that agree do so by necessity, not by luck.
    """
    claim = case.claim
    means = case.repeat_means(ours)
    r, published = len(means), repeats_of(claim)
    theirs = spread if spread is not None and spread.over != "folds" else None
    if r < 2:
        if theirs is not None and theirs.sd > 0:
            return _one_of_ours(claim, theirs)
        return _one_repeat(ours, published)
    pilot = _pilot(case, ours)
    first = means if pilot is None else pilot
    sd, df, made = (
        drawn_sd(first, ours.decimals),
        None if pilot is None else len(pilot) - 1,
        chance.Repeats(differs, r),
    )
    if sd == 0 and not certain and (draws := _agreeing(ours, r)) < ENOUGH_EQUAL:
        if theirs is not None and theirs.sd > 0:
            return _like_theirs(claim, theirs, r, made)
        return Noise.of_equal_draws(draws, r - 1, made, chance.DrawsAgree(draws))
    if theirs is not None:
        spreads = chance.PaperSpread(theirs.kind, theirs.over, theirs.n)
        both = Drawn(
            repeats=r,
            sd=sd,
            df=df,
            fixed=theirs.sd**2 / (claim.repeats or theirs.n),
            df_fixed=theirs.n - 1,
        )
        return Noise.of_repeats(both, made, spreads, estimated_from=theirs.n)
    alike = Drawn(repeats=r, sd=sd, df=df, fixed=sd**2 / published)
    return Noise.of_repeats(alike, made, estimated_from=len(first))


def _pilot(case: AnyCase, ours: Series) -> np.ndarray | None:
    """The means of the repeats of a pilot, whose spread alone counts; None where there was none or where it shows no
    spread: all count."""
    count = case.setting.pilot_repeats
    if count is None:
        return None
    early = ours.repeat < count
    first = Series(
        ours.repeat[early], ours.fold[early], ours.value[early]
    ).repeat_means()
    return first if len(first) > 1 and drawn_sd(first, ours.decimals) else None


def _one_repeat(ours: Series, published: float) -> Noise:
    """One repeat of ours: the spread of its folds bounds that of repeat means."""
    values = ours.defined
    n = len(values)
    if n < 2:
        return Noise.unknown(chance.OneSplit())
    if (sd := drawn_sd(values, ours.decimals)) == 0 and n < ENOUGH_EQUAL:
        return Noise.of_equal_draws(n, n - 1, chance.DrawsAgree(n))
    bound = sd / np.sqrt(n)
    se = bound * np.sqrt(1 / published + 1)
    return Noise(float(se), n - 1, (chance.OneRepeat(),))


def _one_of_ours(claim: Claim, theirs: PrintedSpread) -> Noise:
    """One run here, several there: ours is taken to vary as much as theirs, SE = s_p sqrt(1/r_p + 1)."""
    if theirs.sd == 0:
        return Noise.unknown(chance.PaperSpreadZero(theirs.kind, theirs.over, theirs.n))
    return _like_theirs(claim, theirs, 1)


def _like_theirs(
    claim: Claim, theirs: PrintedSpread, r: int, *made: Statement
) -> Noise:
    """Our r repeats, taken to vary as much as those of the paper: SE = s_p sqrt(1/r_p + 1/r)."""
    alike = Drawn(
        repeats=r,
        sd=theirs.sd,
        df=theirs.n - 1,
        fixed=theirs.sd**2 / (claim.repeats or theirs.n),
    )
    varies = chance.AsPaperVaries(r, theirs.kind, theirs.over, theirs.n)
    return Noise.of_repeats(alike, *made, varies, estimated_from=theirs.n)


def _other_sample(
    case: AnyCase,
    ours: Series,
    families: Sequence[str | None],
    spread: PrintedSpread | None,
) -> Noise:
    """Another sample of the population: Nadeau-Bengio variance and the class mix on both sides, Welch-Satterthwaite
    degrees; at least the variance of conservative z, where halves of the rows were fitted for an unstable family. The
    draws of a simulation are such samples themselves."""
    claim = case.claim
    setting = case.setting
    sample = setting.sample(ours)
    if (
        sample is None or setting.seeds
    ):  # seeds on one split carry no information on another sample
        return _two_test_sets(case, ours)
    if setting.repeats_a_draw:
        return _other_repeats(case, ours, spread, "draws")
    values, ratio = sample
    about = chance.OurSample() if claim.without_error else chance.OtherSample()
    there, count = _folds_there(claim, setting, ratio, spread), len(values)
    if (sd := drawn_sd(values, ours.decimals)) == 0 and count < ENOUGH_EQUAL:
        return Noise.of_equal_draws(count, count - 1, about, chance.DrawsAgree(count))
    mix = case.mix(*families)
    parts: list[_Part] = [(sd**2 * (1 / count + ratio) + mix, count - 1)]
    if not claim.without_error:
        theirs = sd if there.sd is None else there.sd
        parts.append(
            (theirs**2 * (1 / there.folds + there.ratio) + mix, max(there.folds - 1, 1))
        )
    parts, of_z = _with_conservative_z(parts, case.halves(*families))
    se = float(np.sqrt(sum(part for part, _ in parts)))
    one_there = (
        there.folds == 1 and not claim.without_error
    )  # its spread is ours, with our degrees
    return Noise(se, parts[0][1] if one_there else float(welch(*parts)), (about, *of_z))


#: A variance with its degrees of freedom.
_Part = tuple[float, float]


def _with_conservative_z(
    parts: list[_Part], halves: np.ndarray | None
) -> tuple[list[_Part], tuple[Statement, ...]]:
    """The variances, none smaller than that of conservative z on halves; and that it is larger than one, if it is."""
    if halves is None:
        return parts, ()
    least = conservative_z(0.0, halves).se ** 2
    found = [
        (least, np.inf) if least > variance else (variance, df)
        for variance, df in parts
    ]
    return found, () if found == parts else (chance.OfConservativeZ(len(halves)),)


@dataclass(frozen=True)
class _FoldsThere:
    """How many folds stand behind a published number, test over training rows of one, and their spread; None where it
    is not printed: they vary like ours."""

    folds: int
    ratio: float
    sd: float | None


def _folds_there(
    claim: Claim, setting: Setting, ratio: float, spread: PrintedSpread | None
) -> _FoldsThere:
    """What the paper states of its folds, and else those of one repeat of ours."""
    a_repeat = max(1, setting.folds // setting.repeats)
    if claim.folds is not None:
        a_repeat, ratio = claim.folds, 1 / (claim.folds - 1)
    if spread is not None and spread.over == "folds":
        return _FoldsThere(spread.n, ratio, spread.sd)
    named = 1 if spread is None else spread.n
    # Runs of the same folds bring no other rows; a repeat of one fold is that fold.
    repeats = 1 if setting.runs > 1 else claim.repeats or named
    return _FoldsThere(
        repeats * a_repeat,
        ratio,
        spread.sd if spread is not None and a_repeat == 1 else None,
    )


def _two_test_sets(case: AnyCase, ours: Series) -> Noise:
    """One test set on each side: binomial errors, for scores of metrics that count cases."""
    claim = case.claim
    n = case.cases
    if case.metric not in COUNTING:
        return Noise.unknown(chance.OtherSampleUnknown("metric"))
    if shape_of(claim.kind).number != "score" or claim.value is None:
        return Noise.unknown(chance.OtherSampleUnknown("kind"))
    if not n or ours.mean is None:
        return Noise.unknown(chance.OtherSampleUnknown("rows"))
    scale = case.scale
    shares = [(ours.mean / scale, n)]
    if not claim.without_error:
        shares.append((float(claim.value) / scale, claim.n or n))
    variance = sum(max(0.0, share * (1 - share)) / count for share, count in shares)
    about = chance.OurSample() if claim.without_error else chance.BinomialErrors()
    return Noise(float(np.sqrt(variance)) * scale, np.inf, (about,))
