"""What chance can do to ours - published, by what randomness the two numbers share.

The two numbers usually share their data, so what differs between them is the draw of the splits: its size is the spread
of our repeat means under the paper's own protocol, not the spread that a new sample would have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from math import inf

import numpy as np

from bench.claims._rules import Noise, Reading
from bench.claims.claim import ClaimEvidence
from bench.core.outcomes import Statement
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.stats.halves import conservative_z
from bench.stats.intervals import spread, t_quantile
from bench.stats.noise import DECIMALS
from bench.stats.paired import ENOUGH_EQUAL
from bench.stats.precision import ErrorAt
from bench.study import Claim
from bench.text import chance

#: Metrics that count cases, so that a binomial error applies.
COUNTING = ("accuracy", "error_rate")
#: One for all numbers of repeats, or one for each.
Numbers = float | np.ndarray
#: Why no printed spread of any kind would count.
_UNMEASURED = {
    chance.SeedsNotSplits,
    chance.OneExternalScore,
    chance.BinomialErrors,
    chance.OtherSampleUnknown,
}


def readings(claim: Claim, folds: int) -> tuple[Reading, ...]:
    """Every reading of the claim's spread that it does not exclude; none without a spread.

    folds: of one repeat, where the claim does not declare them. A spread over repeats or seeds needs a number of them.
    """
    spread = claim.spread
    if spread is None:
        return ()
    kinds = ("sd", "se", "ci95") if spread.kind == "unlabelled" else (spread.kind,)
    # Repeats and seeds are one thing here: whole runs of the protocol.
    overs = ("folds", "repeats") if spread.over is None else (spread.over,)
    many = {"folds": spread.n or (claim.repeats or 1) * (claim.folds or folds)}
    possible = []
    for over, kind in product(overs, kinds):
        n = many.get(over) or spread.n or claim.repeats or 1
        if n >= 2:
            possible.append(Reading(kind, over, _sd(kind, float(spread.value), n), n))
    return tuple(possible)


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


def noises_of(
    claim: Claim, evidence: ClaimEvidence, ours: Series, *families: str | None
) -> tuple[Noise, ...]:
    """The standard error of ours - published, one for each reading of the paper's spread.

    ours: scores, or differences of two families' scores, in the claim's unit; families: whose they are.
    """
    named = _readings(claim, evidence) or {"": None}
    unused = _unused(claim, evidence, named.values())
    found = (
        _read(claim, ours, evidence, families, reading, unused)
        for reading in named.values()
    )
    return tuple(noise.at(evidence.repeats) for noise in found)


def noises_of_mean(
    each: Sequence[tuple[Claim, Series]], evidence: ClaimEvidence, *families: str | None
) -> tuple[Noise, ...]:
    """The same for a mean over datasets; where the folds of a dataset do not allow a reading, its spread is ours."""
    found = [_readings(claim, evidence) for claim, _ in each]
    unused = [
        _unused(claim, evidence, one.values())
        for (claim, _), one in zip(each, found, strict=True)
    ]
    names = dict.fromkeys(name for one in found for name in one) or ("",)
    read = (
        [
            _read(*one, evidence, families, of.get(name), why)
            for one, of, why in zip(each, found, unused, strict=True)
        ]
        for name in names
    )
    return tuple(over_datasets(noises).at(evidence.repeats) for noises in read)


def _readings(claim: Claim, evidence: ClaimEvidence) -> dict[str, Reading | None]:
    """The readings of the claim's spread by what they are."""
    setting = evidence.setting(claim)
    folds = setting.folds // setting.repeats if setting.repeats else 1
    return {
        f"{reading.kind} over {reading.over}": reading
        for reading in readings(claim, folds)
    }


def _unused(
    claim: Claim, evidence: ClaimEvidence, possible: Iterable[Reading | None]
) -> chance.SpreadUnused | None:
    """Why no reading of the claim's spread has a part in the error; None where one has, or without a spread."""
    if claim.spread is None:
        return None
    overs = {reading.over for reading in possible if reading is not None}
    whole, setting = overs - {"folds"}, evidence.setting(claim)
    used = bool(whole)
    if (
        claim.splits == "other_sample" and not setting.repeats_a_draw
    ):  # a repeat of one fold is that fold
        single = claim.folds is None and setting.folds <= setting.repeats
        used = "folds" in overs or bool(whole and single)
    if used:
        return None
    if claim.spread.over == "folds":
        return chance.SpreadUnused("folds")
    return chance.SpreadUnused("repeats" if whole else "number")


def _read(
    claim: Claim,
    ours: Series,
    evidence: ClaimEvidence,
    families: Sequence[str | None],
    reading: Reading | None,
    unused: chance.SpreadUnused | None,
) -> Noise:
    noise = _noise(claim, evidence, ours, families, reading)
    told = (
        ()
        if unused is None
        or noise.chance_free
        or _UNMEASURED & set(map(type, noise.reasons))
        else (unused,)
    )
    return replace(
        noise, reasons=(*noise.reasons, *told), reading=reading, decimals=ours.decimals
    )


def over_datasets(each: Sequence[Noise]) -> Noise:
    """The noise of a mean over datasets with independent splits: variances add, Welch-Satterthwaite degrees."""
    count = len(each)
    if (unknown := _unknown_among(each)) is not None:
        return unknown
    se, df = _of_mean([((noise.se or 0.0), noise.df) for noise in each])
    known = Noise(
        float(se),
        float(df),
        (chance.MeanOverDatasets(count), *_reasons_of(each)),
        chance_free=all(noise.chance_free for noise in each),
        cannot_refute=any(noise.cannot_refute for noise in each),
        estimated_from=min(
            (noise.estimated_from for noise in each if not noise.chance_free), default=0
        ),
        reading=next(
            (noise.reading for noise in each if noise.reading is not None), None
        ),
        decimals=min(noise.decimals for noise in each),
    )
    return _repeated(known, each)


def _repeated(known: Noise, each: Sequence[Noise]) -> Noise:
    """The noise of a mean, with what more repeats would make of it, if each noise that repeats change says so."""
    drawn = [noise for noise in each if not noise.chance_free]
    if not drawn or any(noise.error is None for noise in drawn):
        return known
    return replace(
        known,
        error=partial(_error_of_mean, each),
        repeats=min(noise.repeats for noise in drawn),
    )


def _of_mean(
    errors: Sequence[tuple[Numbers, Numbers]],
) -> tuple[np.ndarray, np.ndarray]:
    """The error of the mean of independent numbers."""
    variances = [(np.asarray(se) ** 2 / len(errors) ** 2, df) for se, df in errors]
    return np.sqrt(np.sum([variance for variance, _ in variances], axis=0)), _welch(
        *variances
    )


def _error_of_mean(
    each: Sequence[Noise], r: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The error of the mean with r repeats on every dataset that has no more already.

    Where the draws of a dataset agree their spread counts as 0, if another one shows one, or if there are enough draws
    on all of them.
    """
    if all(noise.zero_variance for noise in each):
        draws = np.sum(
            [
                noise.estimated_from / noise.repeats * np.maximum(r, noise.repeats)
                for noise in each
            ],
            axis=0,
        )
        return np.where(draws < ENOUGH_EQUAL, np.inf, 0.0), np.full_like(r, np.inf)
    none = np.zeros_like(r), np.inf
    return _of_mean(
        [
            none
            if noise.error is None or noise.zero_variance
            else noise.error(np.maximum(r, noise.repeats))
            for noise in each
        ]
    )


def _unknown_among(each: Sequence[Noise]) -> Noise | None:
    """The noise that makes that of the mean unknown; None where it is known.

    Draws may agree on one dataset where they differ on others: the spread of the mean is then not 0.
    """
    unknown = [noise for noise in each if noise.se is None]
    if unmeasured := [noise for noise in unknown if not noise.zero_variance]:
        return unmeasured[0]
    few = sum(noise.estimated_from for noise in each) < ENOUGH_EQUAL
    return _repeated(unknown[0], each) if len(unknown) == len(each) and few else None


def _reasons_of(each: Sequence[Noise]) -> tuple[Statement, ...]:
    """The reasons of all datasets, each once."""
    reasons: dict[Statement, None] = {}
    for noise in each:
        reasons |= dict.fromkeys(
            (chance.SomeDrawsAgree(),) if noise.zero_variance else noise.reasons
        )
    return tuple(reasons)


def _agreeing(ours: Series, repeats: int) -> int:
    """How many draws agree where the means of `repeats` repeats do: all folds, or the repeats alone."""
    return repeats if drawn_sd(ours.defined, ours.decimals) else len(ours.defined)


def drawn_sd(values: np.ndarray, decimals: int = DECIMALS) -> float:
    """The standard deviation (n - 1) of draws; exactly 0 where they differ by float noise only."""
    sd = spread(values, values)
    return sd if round(sd, decimals) else 0.0


def _noise(
    claim: Claim,
    evidence: ClaimEvidence,
    ours: Series,
    families: Sequence[str | None],
    reading: Reading | None,
) -> Noise:
    if claim.splits == "other_sample":
        return _other_sample(claim, evidence, ours, families, reading)
    drawn = drawn_anew(claim, evidence, *families)
    if isinstance(drawn, Noise):
        one_run = any(
            isinstance(reason, chance.SeedNotMeasured) for reason in drawn.reasons
        )
        return (
            _one_of_ours(claim, reading)
            if one_run and reading is not None and reading.over != "folds"
            else drawn
        )
    if drawn == "seeds" and np.ptp(np.round(ours.repeat_means(), ours.decimals)) == 0:
        return Noise.without_chance(
            chance.SameSplitsAgree(evidence.setting(claim).runs)
        )
    certain = (
        not evidence.is_external(claim)
        and drawn != "seeds"
        and evidence.guesses_equally(claim, *families)
    )
    return _other_repeats(claim, evidence, ours, reading, drawn, certain)


def drawn_anew(
    claim: Claim, evidence: ClaimEvidence, *families: str | None
) -> Noise | chance.Differs:
    """What of one dataset the paper drew anew, as our repeats do; or the noise, where it drew nothing anew and where
    our repeats do not show what it does. Not of another sample."""
    setting = evidence.setting(claim)
    if evidence.is_external(claim):
        return _drawn_elsewhere(claim, setting, evidence.varies(claim))
    if claim.splits != "same" and evidence.draws_chance(claim):
        return "draws" if setting.repeats_a_draw > 0 else "splits"
    if (drawn := evidence.seed_unmeasured(claim, *families)) is None:
        same = (
            chance.SameSplits()
            if claim.splits == "same"
            else chance.NothingDrawn(evidence.protocol(claim))
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
        return Noise.without_chance(chance.Arithmetic("scores"))
    if varies is None or (
        setting.row_by_row and setting.repeats == 1
    ):  # leave-one-out is one score
        return Noise.unknown(chance.OneExternalScore())
    return "draws" if varies == "draws" else "splits"


def _other_repeats(
    claim: Claim,
    evidence: ClaimEvidence,
    ours: Series,
    reading: Reading | None,
    differs: chance.Differs,
    certain: bool = False,
) -> Noise:
    """Same rows, other splits or other seeds: SE = s_rep sqrt(1/r_p + 1/r), s_rep the spread of r repeat means.

    Where the paper prints the spread of its own repeats, each side has its own: s_p^2 / r_p + s_rep^2 / r. Where a
    pilot of r_0 repeats decided how many there are, s_rep and its r_0 - 1 degrees are of these alone (Stein 1945).
    certain: repeats that agree do so by necessity, not by luck.
    """
    means = evidence.repeat_means(claim, ours)
    r, published = len(means), repeats_of(claim)
    theirs = reading if reading is not None and reading.over != "folds" else None
    if r < 2:
        if theirs is not None and theirs.sd > 0:
            return _one_of_ours(claim, theirs)
        return _one_repeat(ours, published)
    pilot = _pilot(claim, evidence, ours)
    first = means if pilot is None else pilot
    sd, df, made = (
        drawn_sd(first, ours.decimals),
        None if pilot is None else len(pilot) - 1,
        chance.Repeats(differs, r),
    )
    if sd == 0 and not certain and (draws := _agreeing(ours, r)) < ENOUGH_EQUAL:
        if theirs is not None and theirs.sd > 0:
            return _like_theirs(
                claim, theirs, r, made, sd=0.0, fewer=ENOUGH_EQUAL * r / draws
            )
        return Noise.of_equal_draws(
            draws,
            r - 1,
            made,
            chance.DrawsAgree(draws),
            error=equal_until(ENOUGH_EQUAL * r / draws),
            repeats=r,
        )
    if theirs is not None:
        both, spreads = (
            _both_spreads(claim, theirs, sd, df),
            chance.PaperSpread(theirs.kind, theirs.over, theirs.n),
        )
        return Noise.of_repeats(both, r, made, spreads, estimated_from=theirs.n)
    return Noise.of_repeats(
        one_spread(sd, published, df), r, made, estimated_from=len(first)
    )


def one_spread(sd: float, published: float, df: float | None) -> ErrorAt:
    """Repeats of both sides vary alike: SE = s sqrt(1/r_p + 1/r); df: None where they grow with r."""
    return lambda r: (sd * np.sqrt(1 / published + 1 / r), r - 1 if df is None else df)


def equal_until(enough: float) -> ErrorAt:
    """Of draws that all agree: no error is known before `enough` repeats, and none is left then."""
    return lambda r: (np.where(r < enough, np.inf, 0.0), np.inf)


def _pilot(claim: Claim, evidence: ClaimEvidence, ours: Series) -> np.ndarray | None:
    """The means of the repeats of a pilot, whose spread alone counts; None where there was none or where it shows no
    spread: all count."""
    count = evidence.setting(claim).pilot_repeats
    if count is None:
        return None
    early = ours.repeat < count
    first = Series(
        ours.repeat[early], ours.fold[early], ours.value[early]
    ).repeat_means()
    return first if len(first) > 1 and drawn_sd(first, ours.decimals) else None


def _both_spreads(
    claim: Claim, theirs: Reading, sd: float, df: float | None
) -> ErrorAt:
    """The paper's spread for its repeats, and ours for ours."""
    published = theirs.sd**2 / (claim.repeats or theirs.n)

    def error(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parts = (
            (published, theirs.n - 1),
            (sd**2 / r, np.maximum(r, 2) - 1 if df is None else df),
        )
        return np.sqrt(parts[0][0] + parts[1][0]), _welch(*parts)

    return error


def _one_repeat(ours: Series, published: float) -> Noise:
    """One repeat of ours: the spread of its folds bounds that of repeat means."""
    values = ours.defined
    n = len(values)
    if n < 2:
        return Noise.unknown(chance.OneSplit())
    if (sd := drawn_sd(values, ours.decimals)) == 0 and n < ENOUGH_EQUAL:
        agree = chance.DrawsAgree(n)
        return Noise.of_equal_draws(
            n, n - 1, agree, error=equal_until(ENOUGH_EQUAL / n), repeats=1
        )
    bound = sd / np.sqrt(n)
    se = bound * np.sqrt(1 / published + 1)
    return Noise(float(se), n - 1, (chance.OneRepeat(),))


def _one_of_ours(claim: Claim, theirs: Reading) -> Noise:
    """One run here, several there: ours is taken to vary as much as theirs, SE = s_p sqrt(1/r_p + 1)."""
    if theirs.sd == 0:
        return Noise.unknown(chance.PaperSpreadZero(theirs.kind, theirs.over, theirs.n))
    return _like_theirs(claim, theirs, 1, sd=theirs.sd, fewer=2)


def _like_theirs(
    claim: Claim, theirs: Reading, r: int, *made: Statement, sd: float, fewer: float
) -> Noise:
    """Our r repeats, taken to vary as much as those of the paper: SE = s_p sqrt(1/r_p + 1/r).

    sd: their own spread, which counts once there are no `fewer` of them.
    """
    like, both = (
        one_spread(theirs.sd, claim.repeats or theirs.n, theirs.n - 1),
        _both_spreads(claim, theirs, sd, None),
    )

    def error(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        (se, df), (se_both, df_both) = like(r), both(r)
        return np.where(r < fewer, se, se_both), np.where(r < fewer, df, df_both)

    varies = chance.AsPaperVaries(r, theirs.kind, theirs.over, theirs.n)
    return Noise.of_repeats(error, r, *made, varies, estimated_from=theirs.n)


def _welch(*parts: tuple[Numbers, Numbers]) -> np.ndarray:
    """Welch-Satterthwaite degrees of freedom of a sum of variances, each with its own."""
    total = np.asarray(sum(part for part, _ in parts))
    below = np.asarray(sum(part**2 / df for part, df in parts))
    least = np.minimum.reduce(np.broadcast_arrays(*(df for _, df in parts)))
    return np.where(below > 0, total**2 / np.where(below > 0, below, 1.0), least)


def _other_sample(
    claim: Claim,
    evidence: ClaimEvidence,
    ours: Series,
    families: Sequence[str | None],
    reading: Reading | None,
) -> Noise:
    """Another sample of the population: Nadeau-Bengio variance and the class mix on both sides, Welch-Satterthwaite
    degrees; at least the variance of conservative z, where halves of the rows were fitted for an unstable family. The
    draws of a simulation are such samples themselves."""
    setting = evidence.setting(claim)
    sample = setting.sample(ours)
    if (
        sample is None or setting.seeds
    ):  # seeds on one split carry no information on another sample
        return _two_test_sets(claim, evidence, ours)
    if setting.repeats_a_draw:
        return _other_repeats(claim, evidence, ours, reading, "draws")
    values, ratio = sample
    about = chance.OurSample() if claim.without_error else chance.OtherSample()
    there, count = _folds_there(claim, setting, ratio, reading), len(values)
    if (sd := drawn_sd(values, ours.decimals)) == 0 and count < ENOUGH_EQUAL:
        return Noise.of_equal_draws(count, count - 1, about, chance.DrawsAgree(count))
    mix = evidence.mix(claim, *families)
    parts: list[_Part] = [(sd**2 * (1 / count + ratio) + mix, count - 1)]
    if not claim.without_error:
        theirs = sd if there.sd is None else there.sd
        parts.append(
            (theirs**2 * (1 / there.folds + there.ratio) + mix, max(there.folds - 1, 1))
        )
    parts, of_z = _with_conservative_z(parts, evidence.halves(claim, *families))
    se = float(np.sqrt(sum(part for part, _ in parts)))
    one_there = (
        there.folds == 1 and not claim.without_error
    )  # its spread is ours, with our degrees
    return Noise(
        se, parts[0][1] if one_there else float(_welch(*parts)), (about, *of_z)
    )


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
    claim: Claim, setting: Setting, ratio: float, reading: Reading | None
) -> _FoldsThere:
    """What the paper states of its folds, and else those of one repeat of ours."""
    a_repeat = max(1, setting.folds // setting.repeats)
    if claim.folds is not None:
        a_repeat, ratio = claim.folds, 1 / (claim.folds - 1)
    if reading is not None and reading.over == "folds":
        return _FoldsThere(reading.n, ratio, reading.sd)
    named = 1 if reading is None else reading.n
    # Runs of the same folds bring no other rows; a repeat of one fold is that fold.
    repeats = 1 if setting.runs > 1 else claim.repeats or named
    return _FoldsThere(
        repeats * a_repeat,
        ratio,
        reading.sd if reading is not None and a_repeat == 1 else None,
    )


def _two_test_sets(claim: Claim, evidence: ClaimEvidence, ours: Series) -> Noise:
    """One test set on each side: binomial errors, for scores of metrics that count cases."""
    n = cases(claim, evidence)
    if evidence.metric(claim) not in COUNTING:
        return Noise.unknown(chance.OtherSampleUnknown("metric"))
    if claim.kind not in ("value", "mean") or claim.value is None:
        return Noise.unknown(chance.OtherSampleUnknown("kind"))
    if not n or ours.mean is None:
        return Noise.unknown(chance.OtherSampleUnknown("rows"))
    scale = evidence.scale(claim)
    shares = [(ours.mean / scale, n)]
    if not claim.without_error:
        shares.append((float(claim.value) / scale, claim.n or n))
    variance = sum(max(0.0, share * (1 - share)) / count for share, count in shares)
    about = chance.OurSample() if claim.without_error else chance.BinomialErrors()
    return Noise(float(np.sqrt(variance)) * scale, np.inf, (about,))


def cases(claim: Claim, evidence: ClaimEvidence) -> int:
    """How many rows one repeat of our scores rests on."""
    setting = evidence.setting(claim)
    return setting.test_rows if claim.side == "test" else setting.train_rows
