"""What to use over several datasets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.core.explanations import ExplanationRow
from bench.core.metrics import complement_of
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.styles import Styles
from bench.report.text import certainty as sure
from bench.report.text.advice_on_one import OnOne
from bench.report.text.advice_words import (
    FOOLED,
    NAMED,
    NO_BETTER,
    NO_REASON,
    any_of,
    none_better,
    rest_words,
    some_of,
    tested_on,
    too_few,
    unbeaten,
    yet_above,
)
from bench.report.text.finding import is_plural
from bench.scores.explanations import OTHER_SETTINGS
from bench.text import formats
from bench.text.words import Measure, measure

#: Of so many models that no test tells apart each is named with its mean rank.
FEW = 3


@dataclass(frozen=True)
class OverMany:
    """The advice over datasets: the models not significantly different from the best mean rank, if enough decide."""

    bundle: Bundle
    styles: Styles
    unit: Measure
    places: Sequence[str]

    def said(self) -> str:
        metric, sets = self.unit.name, facts.sets_words(self.bundle, self.places)
        ranks, ranked = (
            facts.mean_ranks(self.bundle, metric),
            facts.ranked_words(self.bundle, self.places, metric),
        )
        if not facts.overall_pairs(self.bundle, metric):
            if len(shared := facts.shared(self.bundle, self.places, metric)) == 1:
                return (
                    f"{OnOne(self.bundle, self.styles, self.unit, shared[0]).said()}."
                )
            return f"Nothing for all {sets}: the models were not compared over them; see each."
        if not ranks:
            decides, needed = (
                facts.decides(self.bundle, metric),
                sure.needed_words(self.bundle, metric),
            )
            said = (
                sure.pairs_words(self.bundle, self.styles, metric)
                if decides
                else needed[0].upper() + needed[1:]
            )
            return f"Nothing for all {sets}: fewer than two have a score of every model. {said}."
        if not facts.decides(self.bundle, metric):
            return self._undecided(
                ranked, ranks, sure.needed_words(self.bundle, metric)
            )
        return self._by_pairs(ranked, ranks)

    def beside(self) -> str:
        """What is said where the advice by another metric was told before, with the best mean rank by this one where so
        few datasets cannot decide."""
        few = facts.mean_ranks(self.bundle, self.unit.name) and not facts.decides(
            self.bundle, self.unit.name
        )
        return (
            f"By {self.unit.word} {self._by_dataset(self._led())}"
            if few
            else self.said()
        )

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
                above = [
                    self._title(f) for f in models[1:] if told.get((f, guess)) == 1
                ]
                said = f"the best, {self._title(best)}, {NO_BETTER[beside]}{yet_above(above)}"
                return f"{none_better(f'over {sets}, by {self.unit.word}', above)}: {said}."
        return self._advised(sets, ranks, models)

    def _advised(
        self, sets: str, ranks: Mapping[str, float], models: Sequence[str]
    ) -> str:
        """The models that no test puts behind another; `models`: by mean rank, of which no test finds any better than
        the first."""
        told = {
            f: facts.overall_told(self.bundle, self.unit.name).get((models[0], f))
            for f in models[1:]
        }
        tied = [f for f in models if told.get(f, 0) == 0]
        few, untested = self._undecided_pairs(
            models[0], [f for f in told if told[f] is None]
        )
        if len(tied) == 1 and (few or 0 < len(told) == len(untested)):
            return self._first_untested(sets, ranks, models[0], few)
        near = unbeaten(tied, models, self._beats)
        names = [f"{self._title(f)} (mean rank {formats.rank(ranks[f])})" for f in near]
        if len(tied) == 1:
            return f"{names[0]} over {sets}: {self._better(untested)}{rest_words((), untested)}."
        if near == models:
            return self._all_alike(sets, ranks, near)
        beaten = [self._title(f) for f in tied if f not in near]
        advice = f"Over {sets}, by {self.unit.word}, {any_of(names, '', leads=near[0] == models[0])}"
        return f"{advice}{rest_words(beaten, untested, too_few(few))}."

    def _better(self, untested: Sequence[str]) -> str:
        others = "every other model" + " that it was tested against" * bool(untested)
        return f"its {self.unit.word} is significantly better than that of {others}"

    def _undecided_pairs(
        self, best: str, others: Sequence[str]
    ) -> tuple[list[str], list[str]]:
        """Of models that no test sets against the best: those that share too few datasets with it, and the others."""
        pairs = {
            frozenset((one.family, one.against))
            for one in facts.overall_pairs(self.bundle, self.unit.name)
        }
        few = [f for f in others if {best, f} in pairs]
        return [*map(self._title, few)], [
            self._title(f) for f in others if f not in few
        ]

    def _all_alike(
        self, sets: str, ranks: Mapping[str, float], models: Sequence[str]
    ) -> str:
        """That no test tells any of the models apart."""
        nobody = f"Over {sets}, by {self.unit.word}, no model is significantly better than another"
        if len(models) <= FEW:
            ranked = formats.listed(
                [f"{self._title(f)} {formats.rank(ranks[f])}" for f in models]
            )
            return f"{nobody}. Mean ranks: {ranked}."
        ends = " to ".join(formats.rank(ranks[f]) for f in (models[0], models[-1]))
        return f"{nobody} (mean ranks {ends}): {NO_REASON}."

    def _first_untested(
        self, sets: str, ranks: Mapping[str, float], best: str, few: Sequence[str]
    ) -> str:
        """That the model with the best mean rank shares too few datasets with others, `few` or all, for a test."""
        first, needed = (
            self._has_best(best, ranks),
            sure.needed_words(self.bundle, self.unit.name),
        )
        pairs = sure.pairs_words(self.bundle, self.styles, self.unit.name)
        said = f"{first}, but too few datasets to tell it from {some_of(few) or 'another model'}: {needed}"
        return f"Over {sets} no model can be recommended by {self.unit.word}: {said}. {pairs}."

    def _has_best(self, best: str, ranks: Mapping[str, float]) -> str:
        return (
            f"{self._title(best)} has the best mean rank ({formats.rank(ranks[best])})"
        )

    def _two_firsts(
        self, sets: str, ranks: Mapping[str, float], best: str, above: Sequence[str]
    ) -> str:
        """That the tests of pairs put some model before the one with the best mean rank, on which all others bear."""
        names = formats.listed(
            [f"{self._title(f)} ({formats.rank(ranks[f])})" for f in above]
        )
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
        where = [
            f"{titles[f]} {better * (f == first)}on {self._named(sets)}"
            for f, sets in led.items()
        ]
        return f"{formats.listed(where)}.{self._rests(led)}{self._settings(led)}{self._doubts(led)}"

    def _first(self, ranks: Mapping[str, float], unit: Measure) -> str:
        """`LightGBM by log loss (mean rank 1.33)`; nothing where all models have the same mean rank."""
        if len(set(ranks.values())) == 1:
            return ""
        top = [self._title(f) for f in facts.first_by_ranks(self.bundle, unit.name)]
        return f"{some_of(top, 'models')} by {unit.word} (mean rank {formats.rank(min(ranks.values()))})"

    def _first_by_primary(self) -> str:
        """The same by the study's primary metric, where the advice is by another one."""
        unit = facts.primary(self.bundle)
        ranks = (
            {}
            if unit.name == self.unit.name
            else facts.mean_ranks(self.bundle, unit.name)
        )
        return self._first(ranks, unit) if ranks else ""

    def _settings(self, led: dict[str, list[str]]) -> str:
        """Where such a model is better by more than the tolerance with other settings, tried for a published number."""
        claims = {row.claim: row for row in self.bundle.verdicts}
        ahead: dict[tuple[str, str], dict[str, None]] = {}
        for row in self.bundle.rows("explanations", ExplanationRow):
            if row.dataset not in led.get(row.family, ()) or not row.variant.startswith(
                OTHER_SETTINGS
            ):
                continue
            claim, loss, theirs = (
                claims[row.claim],
                measure(row.metric).loss,
                row.estimate,
            )
            if (
                row.metric not in (self.unit.name, complement_of(self.unit.name))
                or theirs is None
                or claim.ours is None
            ):
                continue
            if loss(theirs) + (claim.tolerance or 0) < loss(claim.ours):
                words = row.variant.removeprefix(f"{OTHER_SETTINGS}:")
                ahead.setdefault((row.family, row.dataset), {})[words] = None
        return "".join(
            self._set_otherwise(*where, list(titles)) for where, titles in ahead.items()
        )

    def _set_otherwise(self, family: str, place: str, settings: list[str]) -> str:
        own, each = (
            self.bundle.study.parameters_of(place, family),
            dict[str, list[str]](),
        )
        for words in settings:
            name, _, value = words.partition("=")
            each.setdefault(name if "," not in value else words, []).append(value)
        alone = len(each) == 1 and isinstance(
            own.get(first := next(iter(each))), int | float | str
        )
        title, rows = self._title(family), self.styles.dataset(place)
        named = [
            words if "," in words else f"{words} = {formats.listed(given, 'or')}"
            for words, given in each.items()
        ]
        better = formats.listed(each[first] if alone else named)
        count = len(each[first] if alone else named)
        which = (
            f"{'each of ' * (count > 1)}the {'values' if count > 1 else 'value'} {better}"
            if alone
            else better
        )
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
                said.setdefault(
                    tested_on(self._against(place, best), self._title), []
                ).append(place)
        if len(said) == 1:
            return "".join(
                f" {words[0].upper()}{words[1:]}." for words in said if words
            )
        return "".join(
            f" On {self._named(places)} {words}."
            for words, places in said.items()
            if words
        )

    def _against(self, place: str, best: str) -> list[facts.ComparedPair]:
        """The tests of a model against all others on a dataset."""
        return [
            pair
            for (f, _), pair in facts.pairs(self.bundle, place, self.unit.name).items()
            if f == best
        ]

    def _named(self, places: Sequence[str]) -> str:
        many = len(places) > NAMED
        return (
            formats.spelled(len(places))
            if many
            else formats.listed([self.styles.dataset(d) for d in places])
        )

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
        others = [f for f in facts.families(self.bundle) if f not in led]
        alone = len(led) == len(others) == 1
        return f"significantly better than {self.styles.family(others[0]).title if alone else 'every other model'}"

    def _doubts(self, led: dict[str, list[str]]) -> str:
        """Where the error rate of those tests exceeds their level: on which datasets the difference is certain."""
        fooled: dict[str, None] = {}
        clear = []
        for best, places in led.items():
            for place in places:
                here = [
                    f
                    for pair in self._against(place, best)
                    for f in sure.doubtful(self.bundle, pair)
                ]
                fooled |= dict.fromkeys(here)
                clear += [] if here else [self.styles.dataset(place)]
        if not fooled:
            return ""
        names = formats.listed([self.styles.family(f).title for f in fooled])
        where = (
            f"only on {formats.listed(clear)}"
            if 0 < len(clear) <= NAMED
            else "on none of these"
        )
        where = (
            f"on {formats.spelled(len(clear))} of these"
            if len(clear) > NAMED
            else where
        )
        return f" Such a test {FOOLED} ({names}): {where} is it certain."
