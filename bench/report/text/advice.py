"""Which model to use: the comparison as advice, by rule. Never a winner without a test, never a reason why one is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import polars as pl

from bench.core.comparisons import Method
from bench.core.explanations import ExplanationRow
from bench.core.findings import Severity, is_alarm
from bench.core.metrics import complement_of
from bench.diagnose import title_of
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.printed import needed as checks_numbers
from bench.report.styles import Styles
from bench.report.text import certainty as sure
from bench.report.text.differences import CAUSES
from bench.report.text.finding import is_plural
from bench.report.text.headline import metric_of_headline
from bench.scores.design import alpha_of, rope_of
from bench.scores.explanations import OTHER_SETTINGS
from bench.stats.noise import kept_decimals, without_noise
from bench.study.protocol import LeaveOneOut
from bench.text import formats
from bench.text.words import Measure, measure

#: So many models are named; of more the first and the last.
NAMED = 4
#: Of so many models that no test tells apart each is named with its mean rank.
FEW = 3
#: Tests that do not speak of other splits: on the rows of one test set.
_ON_ROWS = {
    Method.MCNEMAR: "McNemar's test",
    Method.DELONG: "DeLong's test",
}
_OVER_SEEDS = "over seeds only: other test rows may give another result"
_OTHER_FITS = "other training rows may give another result"
#: Where there is nothing to choose between, and where no model was run.
ONE_MODEL = "The study has one model: nothing to choose."
NO_SCORES = "No model has a score: nothing to choose."
NO_ADVICE = "The study checks printed numbers: it recommends no model."
_NO_REASON = "these data give no reason to prefer one of them"
_FOOLED = "has too many false positives"
#: The diagnostic of failed fits: it casts doubt on the order of models, not on scores.
_FAILED = "failed_cells"


#: What a test says of the best model beside the baseline, unless it is better: `facts.Compared.told`.
_NO_BETTER = {
    0: "is not significantly different from the baseline",
    -1: "is significantly worse than the baseline",
    None: "is no better than the baseline, without a test",
}


def unbeaten(names: Sequence[str], among: Iterable[str], beats: Callable[[str, str], bool]) -> list[str]:
    """The names without any that one among these models is significantly better than."""
    return [f for f in names if not any(beats(other, f) for other in among)]


def use(bundle: Bundle, styles: Styles) -> str:
    """Which model, by how much, on which data, how sure; or that none differs significantly. Empty without scores.

    By the metric of the headline, and by the primary metric where that is another.
    """
    if checks_numbers(bundle):
        return NO_ADVICE
    unit, primary = measure(metric_of_headline(bundle)), facts.primary(bundle)
    places = _places(bundle, unit)
    if not places:
        return NO_SCORES if bundle.study.families else ""
    said = [_said(bundle, styles, unit, places)]
    if primary.name not in (unit.name, complement_of(unit.name)) and (scored := _places(bundle, primary)):
        said += [_said(bundle, styles, primary, scored, second=True)]
    return " ".join(dict.fromkeys(filter(None, said)))


def _places(bundle: Bundle, unit: Measure) -> list[str]:
    """The datasets with scores of a metric, without those that only stand for others under a reading."""
    scored = {d for d, _ in facts.estimates(bundle, unit.name)}
    return [d for d in facts.all_datasets(bundle) if d in scored]


def _said(bundle: Bundle, styles: Styles, unit: Measure, places: Sequence[str], *, second: bool = False) -> str:
    """By one metric; second: another one was told before."""
    if len(facts.distinct(bundle, places)) > 1:
        return _over_many(bundle, styles, unit, places, second)
    grave, decided = _grave(bundle), _by_policy(bundle)
    said = {place: f"{_OnOne(bundle, styles, unit, place).said()}." for place in places}
    said |= {place: _undecided(bundle, f"on {styles.dataset(place)}") for place in places if place in decided}
    said |= {place: _leaking(styles, place, grave[place]) for place in places if place in grave}
    return " ".join(said.values())


def _over_many(bundle: Bundle, styles: Styles, unit: Measure, places: Sequence[str], second: bool) -> str:
    if len([f for f in facts.compared(bundle) if not styles.family(f).baseline]) == 1:
        return ONE_MODEL
    grave = _grave(bundle)
    if leaks := [_leaking(styles, place, grave[place]) for place in places if place in grave]:
        more = f"So on {formats.spelled(len(leaks) - NAMED)} more datasets." if len(leaks) > NAMED else ""
        return " ".join(filter(None, [*leaks[:NAMED], more]))
    if None in _by_policy(bundle):
        return _undecided(bundle, f"over {facts.sets_words(bundle, places)}")
    many = _OverMany(bundle, styles, unit, places)
    return many.beside() if second else many.said()


def _undecided(bundle: Bundle, where: str) -> str:
    """Why no model is advised where the policy for what was lost decides their order."""
    return f"Nothing {where} yet: the order of the models depends on what stands in for {facts.stand_in(bundle).lost}."


def _leaking(styles: Styles, place: str, titles: Sequence[str]) -> str:
    """Why no model is advised on a dataset with serious findings."""
    return f"Nothing on {styles.dataset(place)} yet: {formats.listed(list(titles))} may make every score too high."


def _serious(bundle: Bundle) -> pl.DataFrame:
    return bundle.frame("findings").filter(is_alarm() & (pl.col("severity") == Severity.SERIOUS.value))


def _grave(bundle: Bundle) -> dict[str, list[str]]:
    """By dataset, the titles of its serious findings: no score there is a reason to choose. Failed fits raise none."""
    serious = _serious(bundle).filter(pl.col("diagnostic") != _FAILED)
    titles: dict[str, list[str]] = {}
    for dataset, *row in serious.select("dataset", "diagnostic", "code").unique(maintain_order=True).iter_rows():
        titles.setdefault(dataset, []).append(f"“{title_of(*row)}”")
    return titles


def _by_policy(bundle: Bundle) -> set[str | None]:
    """The datasets (None: over all) where the order of models depends on what stands in for what was lost."""
    return set(_serious(bundle).filter(pl.col("family").is_null(), diagnostic=_FAILED)["dataset"])


def _some(titles: Sequence[str], others: str = "others") -> str:
    """The titles, or of many how many there are."""
    return formats.listed(list(titles)) if len(titles) <= NAMED else f"{formats.spelled(len(titles))} {others}"


def _any_of(titles: Sequence[str], how: str) -> str:
    """That nothing puts one of some models before another."""
    many = f"the {formats.spelled(len(titles))} from {titles[0]} to {titles[-1]}"
    models = many if len(titles) > NAMED + 1 else formats.listed(list(titles))
    return f"{models} are {how}: {_NO_REASON}"


def _rest(worse: Sequence[str], untested: Sequence[str], behind: str = "", than: str = "another model") -> str:
    """The other models, by what a test says of them; empty without any."""
    kinds = (
        (f"significantly worse than {than}: ", worse and _some(worse, "other models")),
        ("", behind),
        ("not tested: ", untested and _some(untested, "other models")),
    )
    said = "; ".join(f"{kind}{names}" for kind, names in kinds if names)
    return f". {said[0].upper()}{said[1:]}" if said else ""


def _too_few(titles: Sequence[str]) -> str:
    return f"too few datasets to compare with the best: {_some(titles, 'other models')}" if titles else ""


def _nobody(where: str, above: Sequence[str]) -> str:
    """What is advised where the best model is no better than the baseline; `above`: the others that are."""
    return f"{where[0].upper()}{where[1:]}, no model can be recommended" if above else f"None of them {where}"


def _yet(above: Sequence[str]) -> str:
    """That models which are not the best are better than the baseline; empty without any."""
    return f", but {_some(above)} {'is' if len(above) == 1 else 'are'} significantly better than it" if above else ""


def _gap(unit: Measure, gap: float) -> str:
    """`4.0 pp better than`; `gap`: how much lower the loss is."""
    if not unit.is_shown(gap):
        return "no better than"
    return f"{unit.difference(abs(gap)).lstrip('+')} {'better' if gap > 0 else 'worse'} than"


def _tested_on(pairs: Sequence[facts.ComparedPair], title: Callable[[str], str]) -> str:
    """`this was tested over seeds only: other test rows may give another result`; empty of tests over splits.

    pairs: the tests of one model on a dataset.
    """
    seeds = [title(pair.against) for pair in pairs if pair.test == Method.T_OVER_SEEDS]
    made = {pair.test for pair in pairs}
    by_rows = formats.listed([words for method, words in _ON_ROWS.items() if method in made])
    on_rows = f"tested on the test rows ({by_rows}): {_OTHER_FITS}" if by_rows else ""
    if not seeds:
        return f"this was {on_rows}" if by_rows else ""
    if len(seeds) == len(pairs):
        return f"this was tested {_OVER_SEEDS}"
    differences = "difference from {} was" if len(seeds) == 1 else "differences from {} were"
    one = len(pairs) - len(seeds) == 1
    others = "The difference from the other model was" if one else "The differences from the other models were"
    rest = f". {others} {on_rows}" if by_rows else ""
    return f"the {differences.format(_some(seeds, 'models'))} tested {_OVER_SEEDS}{rest}"


@dataclass(frozen=True)
class _OnOne:
    """The advice on one dataset."""

    bundle: Bundle
    styles: Styles
    unit: Measure
    dataset: str

    def said(self) -> str:
        standing = facts.standing(self.bundle, self.dataset, self.unit.name)
        place = self.styles.dataset(self.dataset)
        if standing is None:
            return f"Nothing on {place}: {self._why(' of every model')}"
        found, lost = facts.means_on(self.bundle, self.dataset, self.unit.name).items(), self._lost
        means = {f: one.value for f, one in found if not self.styles.family(f).baseline and f not in lost}
        if not means:
            return f"Nothing on {place}: {self._why(' of every model') if lost else 'only a baseline was run'}"
        losses = dict(zip(means, without_noise(np.array([self.unit.loss(one) for one in means.values()])), strict=True))
        means = dict(sorted(means.items(), key=lambda item: (losses[item[0]], item[0])))
        said = self._tested(standing, means) if standing.tested else self._untested(means)
        return f"{said}. Not compared, as {self._why()}: {_some([*map(self._title, lost)])}" if lost else said

    @property
    def _lost(self) -> list[str]:
        """The models without a score to compare here."""
        return facts.lost(self.bundle, self.dataset, self.unit.name)

    def _why(self, whose: str = "") -> str:
        return f"fits{whose} failed" if self.bundle.study.fits else f"runs{whose} are missing"

    def _untested(self, means: dict[str, float]) -> str:
        place, first = self.styles.dataset(self.dataset), next(iter(means))
        if len(means) == 1:
            alone = "alone has scores" if self._lost else "was run alone"
            return f"{self._title(first)} {alone} on {place}: {self._score(means[first])}"
        losses = without_noise(np.array([self.unit.loss(mean) for mean in means.values()]))
        leading = [f for f, loss in zip(means, losses, strict=True) if loss == losses[0]]
        ordered = f"{_some([*map(self._title, leading)])} ({self.unit.show(means[first])})"
        if rest := list(means)[len(leading) :]:
            second = self.unit.show(means[rest[0]])
            then = [self._title(f) for f in rest if self.unit.show(means[f]) == second]
            ordered += f", then {_some(then)} ({second})"
        return f"{self._no_test()}. Best {self.unit.word} on {place}: {ordered}{self._on_rows()}"

    def _on_rows(self) -> str:
        """What the tests on the rows of the one test set find, which say nothing of other splits."""
        unit, alpha = {self.unit.name, complement_of(self.unit.name)}, alpha_of(self.bundle.study)
        rows = [row for row in facts.row_by_row(self.bundle, self.dataset) if row.metric in unit]
        if not rows:
            return ""
        apart = sum((row.p_adjusted or 0.0) < alpha for row in rows)
        pairs = formats.plural(len(rows), "pair")
        of = f"{'no' if not apart else formats.count(apart)} of {pairs}" if len(rows) > 1 else "the one pair"
        found = f"{of} significantly different" if apart or len(rows) > 1 else f"{of} not significantly different"
        holm = " (Holm)" * (len(rows) > 1)
        return f". {_ON_ROWS[rows[0].test]} on the test rows finds {found}{holm}, for this test set alone"

    def _no_test(self) -> str:
        """That no test over splits compares the models, and why."""
        protocol = self.bundle.study.protocol_of(self.dataset)
        if protocol is not None and isinstance(protocol.resampling, LeaveOneOut):
            return "Leave-one-out has no random splits, so no test over splits compares the models"
        causes = facts.not_tested_causes(self.bundle, self.dataset, self.unit.name)
        why = "; ".join(CAUSES[cause] for cause in causes)
        splits = " over splits" * bool(self._on_rows())
        return f"No test{splits} compares the models{f' ({why})' if why else ''}"

    def _tested(self, standing: facts.Leaders, means: dict[str, float]) -> str:
        """`means`: of the models but baselines, the best first."""
        place, order = self.styles.dataset(self.dataset), list(means)
        best = self._title(order[0])
        if guesses := [f for f in (standing.best, *standing.tied) if self._guesses(f)]:
            return self._no_better(order, guesses)
        tied = [f for f in order if f in standing.tied]
        seeds = self._rests(order[0])
        untested = [f for f in order if f in standing.untested]
        if len(tied) > 1:
            return f"On {place}, by {self.unit.word}, {self._tied(tied, means, seeds, untested)}"
        score = f"{self.unit.word} {self._shown(order[0])}"
        ahead = self._next(means) or self._above(means[order[0]])
        said = f"{best} on {place}: {score}" + (f", {ahead}" if ahead else "")
        return f"{said}{self._doubt(order)}{seeds}{_rest((), [*map(self._title, untested)])}"

    def _rests(self, best: str) -> str:
        """That the tests of a model are over seeds alone or on the rows of one test set, and what that leaves out."""
        pairs = facts.pairs(self.bundle, self.dataset, self.unit.name).items()
        said = _tested_on([pair for (f, _), pair in pairs if f == best and pair.p_adjusted is not None], self._title)
        return f". {said[0].upper()}{said[1:]}" if said else ""

    def _no_better(self, order: Sequence[str], guesses: Sequence[str]) -> str:
        """The first of the models is not better than a baseline; another may be."""
        pair = facts.pairs(self.bundle, self.dataset, self.unit.name).get((order[0], guesses[0]))
        told = None if pair is None else pair.told(self.unit, alpha_of(self.bundle.study))
        base = facts.estimates(self.bundle, self.unit.name)[self.dataset, guesses[0]].value
        beside = f"the best, {self._title(order[0])}, {_NO_BETTER[told]} ({self.unit.show(base)})"
        above = [self._title(f) for f in order[1:] if all(self._beats(f, guess) for guess in guesses)]
        where = f"on {self.styles.dataset(self.dataset)}, by {self.unit.word}"
        return f"{_nobody(where, above)}: {beside}{_yet(above)}"

    def _guesses(self, family: str) -> bool:
        """Whether a score is a baseline's: of a baseline, or what stands in for all fits of a model."""
        return self.styles.family(family).baseline or (self.bundle.study.fits and family in self._lost)

    def _beats(self, one: str, other: str) -> bool:
        pair = facts.pairs(self.bundle, self.dataset, self.unit.name).get((one, other))
        return pair is not None and pair.told(self.unit, alpha_of(self.bundle.study)) == 1

    def _title(self, family: str) -> str:
        return self.styles.family(family).title

    def _baseline(self) -> float | None:
        return facts.baseline(self.bundle, self.styles, self.dataset, self.unit)

    def _score(self, value: float) -> str:
        above = self._above(value)
        return f"{self.unit.word} {self.unit.show(value)}" + (f", {above}" if above else "")

    def _shown(self, family: str) -> str:
        mean = facts.estimates(self.bundle, self.unit.name)[self.dataset, family]
        return self.unit.within(mean.low, mean.high).show(mean.value)

    def _above(self, ours: float) -> str:
        """`24 pp better than always naming the largest class (0.710)`: what is not a model is put in words."""
        base = self._baseline()
        if base is None:
            return ""
        gap = self.unit.loss(base) - self.unit.loss(ours)
        size = formats.broad_points(gap) if self.unit.share and abs(gap) >= 0.1 else None
        unit = self.unit.beside(base, ours)
        said = _gap(unit, gap) if size is None else f"{size} {'better' if gap >= 0 else 'worse'} than"
        words = sure.baseline_words(self.bundle, self.styles, self.dataset, self.unit)
        return f"{said} {words}" + ("" if words == "the baseline" else f" ({self.unit.show(base)})")

    def _next(self, means: dict[str, float]) -> str:
        """How far the second model, or several of one score, is behind the best, and how sure the least sure is."""
        best, *others = means
        tests = facts.pairs(self.bundle, self.dataset, self.unit.name)
        losses = without_noise(np.array([self.unit.loss(means[f]) for f in others]))
        tied = [f for f, loss in zip(others, losses, strict=True) if loss == losses[0]]
        found = {f: pair for f in tied if (pair := tests.get((best, f))) is not None}
        if len(found) < len(tied) or not found:
            return ""
        second = max(found, key=lambda f: inf if (p := found[f].p_adjusted) is None else p)
        pair = found[second]
        unit = facts.beside(self.bundle, self.unit, self.dataset, best, second).within(pair.low, pair.high)
        behind, better = -unit.loss(pair.difference), self._beats(best, second)
        gap = "better than" if better and not unit.is_shown(behind) else _gap(unit, behind)
        sure_of = "not tested" if pair.p_adjusted is None else f"after Holm {formats.p_equals(pair.p_adjusted)}"
        return f"{gap} the next, {_some([*map(self._title, tied)])} ({sure_of})"

    def _doubt(self, order: Sequence[str]) -> str:
        """That the test of the best against some other model has too high an error rate for one of them."""
        tests = facts.pairs(self.bundle, self.dataset, self.unit.name)
        pairs = [pair for f in order[1:] if (pair := tests.get((order[0], f))) is not None]
        fooled = dict.fromkeys(f for pair in pairs for f in sure.doubtful(self.bundle, pair))
        names = formats.listed([self._title(f) for f in fooled])
        return f". The test {_FOOLED} ({names}): confirm it on a second dataset" if fooled else ""

    def _tied(self, tied: Sequence[str], means: dict[str, float], seeds: str, untested: Sequence[str]) -> str:
        """Which models may be as good as the best: those not significantly different from it and within the ROPE.

        Without a significant difference two models need not be equal: one far behind with a wide interval is no advice.
        """
        rope, within = rope_of(self.bundle.study, self.unit.name), self._within(tied, means)
        near = unbeaten(within, means, self._beats)
        titles = [f"{self._title(f)} ({self._shown(f)})" for f in near]
        worse = self._worse(tied, means, beaten := [f for f in within if f not in near])
        names = formats.listed([self._title(f) for f in tied if f not in within])
        behind = names and f"more than {self.unit.size(rope or 0)} behind, but not significantly: {names}"
        others = [*map(self._title, worse)], [*map(self._title, untested)]
        rest = _rest(*others, behind, "another model" if beaten else "the best")
        rest += self._on_halves(tied, means)
        if len(near) == 1:
            alone = len(within) == len(self._within([tied[0], *untested], means)) == 1
            ahead = f" by more than {self.unit.size(rope or 0)}" if alone else ""
            return f"{titles[0]} leads{ahead}, but not significantly{rest}{seeds}"
        near_best = "" if rope is None else f"within {self.unit.size(rope)} of the best and "
        how = f"{near_best}not significantly different from {'it' if near_best else 'the best'}"
        return f"{_any_of(titles, how)}{rest}{seeds}{self._found()}"

    def _on_halves(self, tied: Sequence[str], means: dict[str, float]) -> str:
        """Which models are farther behind than a significantly worse one, but had a test that finds less."""
        tests = facts.pairs(self.bundle, self.dataset, self.unit.name)
        made = {f: tests[tied[0], f].test for f in means if self._was_tested(tied, f)}
        losses = {f: self.unit.loss(means[f]) for f in made}
        worse = [f for f in made if f not in tied and made[f] != Method.SHARP]
        far = [f for f in tied if made.get(f) == Method.SHARP and any(losses[f] > losses[one] for one in worse)]
        if not far:
            return ""
        nearest = self._title(min(worse, key=lambda f: losses[f]))
        is_, was = ("is", "was") if len(far) == 1 else ("are", "were")
        return (
            f". {_some([*map(self._title, far)])} {is_} farther behind the best than {nearest}, but {was} tested with "
            "SHARP, which finds fewer differences"
        )

    def _found(self) -> str:
        """How often the test finds a difference that was planted in these data; empty where none was."""
        tried = [row for row in facts.power(self.bundle, self.dataset, self.unit.name) if row.planted]
        if not tried:
            return ""
        planted = self.unit.difference(float(tried[0].planted or 0)).lstrip("+")
        rate = formats.probability(float(tried[0].rate or 0))
        return (
            f". If one of two models were truly {planted} better, the test of the two would find it in {rate} of cases "
            "(measured with differences planted in these data)"
        )

    def _worse(self, tied: Sequence[str], means: dict[str, float], behind: Sequence[str]) -> list[str]:
        """The models that a test puts behind another; then the baselines, where there is such a model."""
        worse = [*behind, *(f for f in means if f not in tied and self._was_tested(tied, f))]
        guesses = [f for f in facts.compared(self.bundle) if self.styles.family(f).baseline] if worse else []
        return [*worse, *(f for f in guesses if self._was_tested(tied, f))]

    def _within(self, tied: Sequence[str], means: dict[str, float]) -> list[str]:
        """Those of some models that lie within the ROPE of the first."""
        rope, best = rope_of(self.bundle.study, self.unit.name), means[tied[0]]
        return [
            f for f in tied if rope is None or round(abs(means[f] - best) - rope, kept_decimals(means[f], best)) <= 0
        ]

    def _was_tested(self, tied: Sequence[str], family: str) -> bool:
        """Whether a test compared a model with the best."""
        pair = facts.pairs(self.bundle, self.dataset, self.unit.name).get((tied[0], family))
        return pair is not None and pair.p_adjusted is not None


@dataclass(frozen=True)
class _OverMany:
    """The advice over datasets: the models not significantly different from the best mean rank, if enough decide."""

    bundle: Bundle
    styles: Styles
    unit: Measure
    places: Sequence[str]

    def said(self) -> str:
        metric, sets = self.unit.name, facts.sets_words(self.bundle, self.places)
        ranks, ranked = facts.mean_ranks(self.bundle, metric), facts.ranked_words(self.bundle, self.places, metric)
        if not facts.overall_pairs(self.bundle, metric):
            if len(shared := facts.shared(self.bundle, self.places, metric)) == 1:
                return f"{_OnOne(self.bundle, self.styles, self.unit, shared[0]).said()}."
            return f"Nothing for all {sets}: the models were not compared over them; see each."
        if not ranks:
            decides, needed = facts.decides(self.bundle, metric), sure.needed_words(self.bundle, metric)
            said = sure.pairs_words(self.bundle, self.styles, metric) if decides else needed[0].upper() + needed[1:]
            return f"Nothing for all {sets}: fewer than two have a score of every model. {said}."
        if not facts.decides(self.bundle, metric):
            return self._undecided(ranked, ranks, sure.needed_words(self.bundle, metric))
        return self._by_pairs(ranked, ranks)

    def beside(self) -> str:
        """What is said where the advice by another metric was told before, with the best mean rank by this one where so
        few datasets cannot decide."""
        few = facts.mean_ranks(self.bundle, self.unit.name) and not facts.decides(self.bundle, self.unit.name)
        return f"By {self.unit.word} {self._by_dataset(self._led())}" if few else self.said()

    def _by_pairs(self, sets: str, ranks: Mapping[str, float]) -> str:
        """What the tests of pairs say of the model with the best mean rank."""
        order = facts.by_ranks(self.bundle, self.unit.name)
        models = [f for f in order if not self.styles.family(f).baseline]
        if not models:
            return f"Nothing over {sets}: only a baseline was run."
        best, told = models[0], facts.overall_told(self.bundle, self.unit.name)
        if above := [f for f in models if told.get((f, best)) == 1]:
            return self._two_firsts(sets, ranks, best, above)
        for guess in (f for f in order if f not in models):
            beside = told.get((best, guess))
            if beside in (0, -1) or (beside is None and ranks[best] >= ranks[guess]):
                above = [self._title(f) for f in models[1:] if told.get((f, guess)) == 1]
                said = f"the best, {self._title(best)}, {_NO_BETTER[beside]}{_yet(above)}"
                return f"{_nobody(f'over {sets}, by {self.unit.word}', above)}: {said}."
        return self._advised(sets, ranks, models)

    def _advised(self, sets: str, ranks: Mapping[str, float], models: Sequence[str]) -> str:
        """The models that no test puts behind another; `models`: by mean rank, of which no test finds any better than
        the first."""
        told = {f: facts.overall_told(self.bundle, self.unit.name).get((models[0], f)) for f in models[1:]}
        tied = [f for f in models if told.get(f, 0) == 0]
        few, untested = self._undecided_pairs(models[0], [f for f in told if told[f] is None])
        if len(tied) == 1 and (few or 0 < len(told) == len(untested)):
            return self._first_untested(sets, ranks, models[0], few)
        near = unbeaten(tied, models, self._beats)
        names = [f"{self._title(f)} (mean rank {formats.rank(ranks[f])})" for f in near]
        if len(tied) == 1:
            return f"{names[0]} over {sets}: {self._better(untested)}{_rest((), untested)}."
        if near == models:
            return self._all_alike(sets, ranks, near)
        beaten = [self._title(f) for f in tied if f not in near]
        advice = f"Over {sets}, by {self.unit.word}, {_any_of(names, 'not significantly different from the best')}"
        return f"{advice}{_rest(beaten, untested, _too_few(few))}."

    def _better(self, untested: Sequence[str]) -> str:
        others = "every other model" + " that it was tested against" * bool(untested)
        return f"its {self.unit.word} is significantly better than that of {others}"

    def _undecided_pairs(self, best: str, others: Sequence[str]) -> tuple[list[str], list[str]]:
        """Of models that no test sets against the best: those that share too few datasets with it, and the others."""
        pairs = {frozenset((one.family, one.against)) for one in facts.overall_pairs(self.bundle, self.unit.name)}
        few = [f for f in others if {best, f} in pairs]
        return [*map(self._title, few)], [self._title(f) for f in others if f not in few]

    def _all_alike(self, sets: str, ranks: Mapping[str, float], models: Sequence[str]) -> str:
        """That no test tells any of the models apart."""
        nobody = f"Over {sets}, by {self.unit.word}, no model is significantly better than another"
        if len(models) <= FEW:
            ranked = formats.listed([f"{self._title(f)} {formats.rank(ranks[f])}" for f in models])
            return f"{nobody}. Mean ranks: {ranked}."
        ends = " to ".join(formats.rank(ranks[f]) for f in (models[0], models[-1]))
        return f"{nobody} (mean ranks {ends}): {_NO_REASON}."

    def _first_untested(self, sets: str, ranks: Mapping[str, float], best: str, few: Sequence[str]) -> str:
        """That the model with the best mean rank shares too few datasets with others, `few` or all, for a test."""
        first, needed = self._has_best(best, ranks), sure.needed_words(self.bundle, self.unit.name)
        pairs = sure.pairs_words(self.bundle, self.styles, self.unit.name)
        said = f"{first}, but too few datasets to tell it from {_some(few) or 'another model'}: {needed}"
        return f"Over {sets} no model can be recommended by {self.unit.word}: {said}. {pairs}."

    def _has_best(self, best: str, ranks: Mapping[str, float]) -> str:
        return f"{self._title(best)} has the best mean rank ({formats.rank(ranks[best])})"

    def _two_firsts(self, sets: str, ranks: Mapping[str, float], best: str, above: Sequence[str]) -> str:
        """That the tests of pairs put some model before the one with the best mean rank, on which all others bear."""
        names = formats.listed([f"{self._title(f)} ({formats.rank(ranks[f])})" for f in above])
        first = self._has_best(best, ranks)
        verb = "is" if len(above) == 1 else "are"
        told = f"but {names} {verb} significantly better than it (signed-rank test)"
        return f"Over {sets} no model can be recommended by {self.unit.word}: {first}, {told}."

    def _beats(self, one: str, other: str) -> bool:
        """Whether the signed ranks of the two find the top significantly better."""
        return facts.overall_told(self.bundle, self.unit.name).get((one, other)) == 1

    def _title(self, family: str) -> str:
        return self.styles.family(family).title

    def _undecided(self, sets: str, ranks: Mapping[str, float], needed: str) -> str:
        """What a single dataset shows is no advice, and is said after that nothing can be advised."""
        best = [self._first(ranks, self.unit), self._first_by_primary()]
        rank = formats.listed([words for words in best if words])
        rank = f"Best mean rank, but not significantly better: {rank}. " if rank else ""
        few = f"Over {sets} no model can be recommended: {needed}. {rank}By {self.unit.word}"
        return f"{few} {self._by_dataset(self._led())}"

    def _by_dataset(self, led: dict[str, list[str]]) -> str:
        """On which datasets a model is significantly better than all others, after the metric."""
        if not led:
            return "no model is significantly better than all others on any of them."
        (first, *_), titles = led, {f: self.styles.family(f).title for f in led}
        better = f"{'are' if is_plural(titles[first]) else 'is'} {self._others(led)} "
        where = [f"{titles[f]} {better * (f == first)}on {self._named(sets)}" for f, sets in led.items()]
        return f"{formats.listed(where)}.{self._rests(led)}{self._settings(led)}{self._doubts(led)}"

    def _first(self, ranks: Mapping[str, float], unit: Measure) -> str:
        """`LightGBM by log loss (mean rank 1.33)`; nothing where all models have the same mean rank."""
        if len(set(ranks.values())) == 1:
            return ""
        top = [self._title(f) for f in facts.first_by_ranks(self.bundle, unit.name)]
        return f"{_some(top, 'models')} by {unit.word} (mean rank {formats.rank(min(ranks.values()))})"

    def _first_by_primary(self) -> str:
        """The same by the study's primary metric, where the advice is by another one."""
        unit = facts.primary(self.bundle)
        ranks = {} if unit.name == self.unit.name else facts.mean_ranks(self.bundle, unit.name)
        return self._first(ranks, unit) if ranks else ""

    def _settings(self, led: dict[str, list[str]]) -> str:
        """Where such a model is better by more than the tolerance with other settings, tried for a published number."""
        claims = {row.claim: row for row in self.bundle.verdicts}
        ahead: dict[tuple[str, str], dict[str, None]] = {}
        for row in self.bundle.rows("explanations", ExplanationRow):
            if row.dataset not in led.get(row.family, ()) or not row.variant.startswith(OTHER_SETTINGS):
                continue
            claim, loss, theirs = claims[row.claim], measure(row.metric).loss, row.estimate
            if (
                row.metric not in (self.unit.name, complement_of(self.unit.name))
                or theirs is None
                or claim.ours is None
            ):
                continue
            if loss(theirs) + (claim.tolerance or 0) < loss(claim.ours):
                words = row.variant.removeprefix(f"{OTHER_SETTINGS}:")
                ahead.setdefault((row.family, row.dataset), {})[words] = None
        return "".join(self._set_otherwise(*where, list(titles)) for where, titles in ahead.items())

    def _set_otherwise(self, family: str, place: str, settings: list[str]) -> str:
        own, each = self.bundle.study.parameters_of(place, family), dict[str, list[str]]()
        for words in settings:
            name, _, value = words.partition("=")
            each.setdefault(name if "," not in value else words, []).append(value)
        alone = len(each) == 1 and isinstance(own.get(first := next(iter(each))), int | float | str)
        title, rows = self._title(family), self.styles.dataset(place)
        named = [words if "," in words else f"{words} = {formats.listed(given, 'or')}" for words, given in each.items()]
        better = formats.listed(each[first] if alone else named)
        count = len(each[first] if alone else named)
        which = f"{'each of ' * (count > 1)}the {'values' if count > 1 else 'value'} {better}" if alone else better
        verb = "gives" if alone or count == 1 else "each give"
        doubt = (
            f"The setting {first} = {own[first]} of {title} may not be the best"
            if alone
            else f"Other settings of {title} may be better"
        )
        return (
            f" {doubt}: on the test rows of {rows}, {which} {verb} a better score (not tested for significance). "
            "Choose such a setting on training rows."
        )

    def _rests(self, led: Mapping[str, Sequence[str]]) -> str:
        """On which datasets the tests are over seeds alone or on the rows of one test set, and what that leaves out."""
        said: dict[str, list[str]] = {}
        for best, places in led.items():
            for place in places:
                said.setdefault(_tested_on(self._against(place, best), self._title), []).append(place)
        if len(said) == 1:
            return "".join(f" {words[0].upper()}{words[1:]}." for words in said if words)
        return "".join(f" On {self._named(places)} {words}." for words, places in said.items() if words)

    def _against(self, place: str, best: str) -> list[facts.ComparedPair]:
        """The tests of a model against all others on a dataset."""
        return [pair for (f, _), pair in facts.pairs(self.bundle, place, self.unit.name).items() if f == best]

    def _named(self, places: Sequence[str]) -> str:
        many = len(places) > NAMED
        return formats.spelled(len(places)) if many else formats.listed([self.styles.dataset(d) for d in places])

    def _led(self) -> dict[str, list[str]]:
        """By model, the datasets on which it differs significantly from all others; forms of one table count once."""
        found: dict[str, list[str]] = {}
        for place in facts.distinct(self.bundle, self.places):
            standing = facts.standing(self.bundle, place, self.unit.name)
            if standing is None or self.styles.family(standing.best).baseline:
                continue
            if standing.tested and len(standing.tied) == 1 and not standing.untested:
                found.setdefault(standing.best, []).append(place)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    def _others(self, led: dict[str, list[str]]) -> str:
        """`significantly better than Pruned tree`, or than every other model where there are several."""
        others = [f for f in facts.compared(self.bundle) if f not in led]
        alone = len(led) == len(others) == 1
        return f"significantly better than {self.styles.family(others[0]).title if alone else 'every other model'}"

    def _doubts(self, led: dict[str, list[str]]) -> str:
        """Where the error rate of those tests exceeds their level: on which datasets the difference is certain."""
        fooled: dict[str, None] = {}
        clear = []
        for best, places in led.items():
            for place in places:
                here = [f for pair in self._against(place, best) for f in sure.doubtful(self.bundle, pair)]
                fooled |= dict.fromkeys(here)
                clear += [] if here else [self.styles.dataset(place)]
        if not fooled:
            return ""
        names = formats.listed([self.styles.family(f).title for f in fooled])
        where = f"only on {formats.listed(clear)}" if 0 < len(clear) <= NAMED else "on none of these"
        where = f"on {formats.spelled(len(clear))} of these" if len(clear) > NAMED else where
        return f" Such a test {_FOOLED} ({names}): {where} is it certain."
