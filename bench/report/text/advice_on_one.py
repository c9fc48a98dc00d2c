"""What to use on one dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from bench.core.comparisons import Method
from bench.core.metrics import complement_of
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.styles import Styles
from bench.report.text import certainty as sure
from bench.report.text.advice_words import (
    FOOLED,
    NO_BETTER,
    ON_ROWS,
    alone_above,
    any_of,
    gap_words,
    none_better,
    rest_words,
    some_of,
    tested_on,
    unbeaten,
    yet_above,
)
from bench.scores.design import alpha_of, rope_of, tests_single_rows
from bench.stats.noise import kept_decimals, without_noise
from bench.text import formats
from bench.text.why_not import WHY_NOT
from bench.text.words import Measure


@dataclass(frozen=True)
class OnOne:
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
        found, lost = (
            facts.means_on(self.bundle, self.dataset, self.unit.name).items(),
            self._lost,
        )
        means = {
            f: one.value
            for f, one in found
            if not self.styles.family(f).baseline and f not in lost
        }
        if not means:
            return f"Nothing on {place}: {self._why(' of every model') if lost else 'only a baseline was run'}"
        losses = dict(
            zip(
                means,
                without_noise(
                    np.array([self.unit.loss(one) for one in means.values()])
                ),
                strict=True,
            )
        )
        means = dict(sorted(means.items(), key=lambda item: (losses[item[0]], item[0])))
        said = (
            self._tested(standing, means) if standing.tested else self._untested(means)
        )
        return (
            f"{said}. Not recommended, as {self._why()}: {some_of([*map(self._title, lost)])}"
            if lost
            else said
        )

    @property
    def _lost(self) -> list[str]:
        """The models without a score to compare here."""
        return facts.lost(self.bundle, self.dataset, self.unit.name)

    def _why(self, whose: str = "") -> str:
        return (
            f"fits{whose} failed"
            if self.bundle.study.fits
            else f"runs{whose} are missing"
        )

    def _untested(self, means: dict[str, float]) -> str:
        place, first = self.styles.dataset(self.dataset), next(iter(means))
        if len(means) == 1:
            alone = "alone has scores" if self._lost else "was run alone"
            return (
                f"{self._title(first)} {alone} on {place}: {self._score(means[first])}"
            )
        losses = without_noise(
            np.array([self.unit.loss(mean) for mean in means.values()])
        )
        leading = [
            f for f, loss in zip(means, losses, strict=True) if loss == losses[0]
        ]
        ordered = (
            f"{some_of([*map(self._title, leading)])} ({self.unit.show(means[first])})"
        )
        if rest := list(means)[len(leading) :]:
            second = self.unit.show(means[rest[0]])
            then = [self._title(f) for f in rest if self.unit.show(means[f]) == second]
            ordered += f", then {some_of(then)} ({second})"
        return f"{self._no_test()}. Best {self.unit.word} on {place}: {ordered}{self._on_rows()}"

    def _on_rows(self) -> str:
        """What the tests on the rows of the one test set find, which say nothing of other splits."""
        unit, alpha = (
            {self.unit.name, complement_of(self.unit.name)},
            alpha_of(self.bundle.study),
        )
        rows = [
            row
            for row in facts.row_by_row(self.bundle, self.dataset)
            if row.metric in unit
        ]
        if not rows:
            return ""
        apart = sum((row.p_adjusted or 0.0) < alpha for row in rows)
        pairs = formats.plural(len(rows), "pair")
        of = (
            f"{'no' if not apart else formats.count(apart)} of {pairs}"
            if len(rows) > 1
            else "the one pair"
        )
        found = (
            f"{of} significantly different"
            if apart or len(rows) > 1
            else f"{of} not significantly different"
        )
        holm = " (Holm)" * (len(rows) > 1)
        return f". {ON_ROWS[rows[0].test]} on the test rows finds {found}{holm}, for this test set alone"

    def _no_test(self) -> str:
        """That no test over splits compares the models, and why."""
        if tests_single_rows(self.bundle.study, self.dataset):
            return "Leave-one-out has no random splits, so no test over splits compares the models"
        causes = facts.not_tested_causes(self.bundle, self.dataset, self.unit.name)
        why = "; ".join(WHY_NOT[cause] for cause in causes)
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
        return f"{said}{self._doubt(order)}{seeds}{rest_words((), [*map(self._title, untested)])}"

    def _rests(self, best: str) -> str:
        """That the tests of a model are over seeds alone or on the rows of one test set, and what that leaves out."""
        pairs = facts.pairs(self.bundle, self.dataset, self.unit.name).items()
        said = tested_on(
            [
                pair
                for (f, _), pair in pairs
                if f == best and pair.p_adjusted is not None
            ],
            self._title,
        )
        return f". {said[0].upper()}{said[1:]}" if said else ""

    def _no_better(self, order: Sequence[str], guesses: Sequence[str]) -> str:
        """The first of the models is not better than a baseline; another may be."""
        tests = facts.pairs(self.bundle, self.dataset, self.unit.name)
        pair = tests.get((order[0], guesses[0]))
        told = (
            None if pair is None else pair.told(self.unit, alpha_of(self.bundle.study))
        )
        base = facts.estimates(self.bundle, self.unit.name)[
            self.dataset, guesses[0]
        ].value
        beside = f"the best, {self._title(order[0])}, {NO_BETTER[told]} ({self.unit.show(base)})"
        better = [
            f for f in order[1:] if all(self._beats(f, guess) for guess in guesses)
        ]
        seeds = [
            f
            for f in better
            if any(tests[f, guess].test == Method.T_OVER_SEEDS for guess in guesses)
        ]
        above, by_seeds = [*map(self._title, better)], [*map(self._title, seeds)]
        alone = [
            self._title(f)
            for f in facts.beat_baseline(self.bundle, self.dataset, self.unit.name)
        ]
        where = f"on {self.styles.dataset(self.dataset)}, by {self.unit.word}"
        yet = yet_above(above, by_seeds) if above else alone_above(alone)
        return f"{none_better(where, above or alone)}: {beside}{yet}"

    def _guesses(self, family: str) -> bool:
        """Whether a score is a baseline's: of a baseline, or what stands in for all fits of a model."""
        return self.styles.family(family).baseline or (
            self.bundle.study.fits and family in self._lost
        )

    def _beats(self, one: str, other: str) -> bool:
        pair = facts.pairs(self.bundle, self.dataset, self.unit.name).get((one, other))
        return (
            pair is not None and pair.told(self.unit, alpha_of(self.bundle.study)) == 1
        )

    def _title(self, family: str) -> str:
        return self.styles.family(family).title

    def _baseline(self) -> float | None:
        return facts.baseline(self.bundle, self.styles, self.dataset, self.unit)

    def _score(self, value: float) -> str:
        above = self._above(value)
        return f"{self.unit.word} {self.unit.show(value)}" + (
            f", {above}" if above else ""
        )

    def _shown(self, family: str) -> str:
        mean = facts.estimates(self.bundle, self.unit.name)[self.dataset, family]
        return self.unit.within(mean.low, mean.high).show(mean.value)

    def _above(self, ours: float) -> str:
        """`24 pp better than always naming the largest class (0.710)`: what is not a model is put in words."""
        base = self._baseline()
        if base is None:
            return ""
        gap = self.unit.loss(base) - self.unit.loss(ours)
        size = (
            formats.broad_points(gap) if self.unit.share and abs(gap) >= 0.1 else None
        )
        unit = self.unit.beside(base, ours)
        said = (
            gap_words(unit, gap)
            if size is None
            else f"{size} {'better' if gap >= 0 else 'worse'} than"
        )
        words = sure.baseline_words(self.bundle, self.styles, self.dataset, self.unit)
        return f"{said} {words}" + (
            "" if words == "the baseline" else f" ({self.unit.show(base)})"
        )

    def _next(self, means: dict[str, float]) -> str:
        """How far the second model, or several of one score, is behind the best, and how sure the least sure is."""
        best, *others = means
        tests = facts.pairs(self.bundle, self.dataset, self.unit.name)
        losses = without_noise(np.array([self.unit.loss(means[f]) for f in others]))
        tied = [f for f, loss in zip(others, losses, strict=True) if loss == losses[0]]
        found = {f: pair for f in tied if (pair := tests.get((best, f))) is not None}
        if len(found) < len(tied) or not found:
            return ""
        second = max(
            found, key=lambda f: inf if (p := found[f].p_adjusted) is None else p
        )
        pair = found[second]
        unit = facts.beside(self.bundle, self.unit, self.dataset, best, second).within(
            pair.low, pair.high
        )
        behind, better = -unit.loss(pair.difference), self._beats(best, second)
        gap = (
            "better than"
            if better and not unit.is_shown(behind)
            else gap_words(unit, behind)
        )
        sure_of = (
            "not tested"
            if pair.p_adjusted is None
            else f"after Holm {formats.p_equals(pair.p_adjusted)}"
        )
        return f"{gap} the next, {some_of([*map(self._title, tied)])} ({sure_of})"

    def _doubt(self, order: Sequence[str]) -> str:
        """That the test of the best against some other model has too high an error rate for one of them."""
        tests = facts.pairs(self.bundle, self.dataset, self.unit.name)
        pairs = [
            pair for f in order[1:] if (pair := tests.get((order[0], f))) is not None
        ]
        fooled = dict.fromkeys(
            f for pair in pairs for f in sure.doubtful(self.bundle, pair)
        )
        names = formats.listed([self._title(f) for f in fooled])
        return (
            f". The test {FOOLED} ({names}): confirm it on a second dataset"
            if fooled
            else ""
        )

    def _tied(
        self,
        tied: Sequence[str],
        means: dict[str, float],
        seeds: str,
        untested: Sequence[str],
    ) -> str:
        """Which models may be as good as the best: those not significantly different from it and within the ROPE.

        Without a significant difference two models need not be equal: one far behind with a wide interval is no advice.
        """
        rope, within = (
            rope_of(self.bundle.study, self.unit.name),
            self._within(tied, means),
        )
        near = unbeaten(within, means, self._beats)
        titles = [f"{self._title(f)} ({self._shown(f)})" for f in near]
        worse = self._worse(tied, means, beaten := [f for f in within if f not in near])
        names = formats.listed([self._title(f) for f in tied if f not in within])
        behind = (
            names
            and f"more than {self.unit.size(rope or 0)} behind, but not significantly: {names}"
        )
        others = [*map(self._title, worse)], [*map(self._title, untested)]
        rest = rest_words(*others, behind, "another model" if beaten else "the best")
        rest += self._on_halves(tied, means)
        if len(near) == 1:
            alone = len(within) == len(self._within([tied[0], *untested], means)) == 1
            ahead = f" by more than {self.unit.size(rope or 0)}" if alone else ""
            return f"{titles[0]} leads{ahead}, but not significantly{rest}{seeds}"
        size = "" if rope is None else self.unit.size(rope)
        return f"{any_of(titles, size, leads=near[0] == tied[0])}{rest}{seeds}"

    def _on_halves(self, tied: Sequence[str], means: dict[str, float]) -> str:
        """Which models are farther behind than a significantly worse one, but had a test that finds less."""
        tests = facts.pairs(self.bundle, self.dataset, self.unit.name)
        made = {f: tests[tied[0], f].test for f in means if self._was_tested(tied, f)}
        losses = {f: self.unit.loss(means[f]) for f in made}
        worse = [f for f in made if f not in tied and made[f] != Method.SHARP]
        far = [
            f
            for f in tied
            if made.get(f) == Method.SHARP
            and any(losses[f] > losses[one] for one in worse)
        ]
        if not far:
            return ""
        nearest = self._title(min(worse, key=lambda f: losses[f]))
        is_, was = ("is", "was") if len(far) == 1 else ("are", "were")
        return (
            f". {some_of([*map(self._title, far)])} {is_} farther behind the best than {nearest}, but {was} tested "
            "with SHARP, which finds fewer differences"
        )

    def _worse(
        self, tied: Sequence[str], means: dict[str, float], behind: Sequence[str]
    ) -> list[str]:
        """The models that a test puts behind another; then the baselines, where there is such a model."""
        worse = [
            *behind,
            *(f for f in means if f not in tied and self._was_tested(tied, f)),
        ]
        guesses = (
            [f for f in facts.families(self.bundle) if self.styles.family(f).baseline]
            if worse
            else []
        )
        return [*worse, *(f for f in guesses if self._was_tested(tied, f))]

    def _within(self, tied: Sequence[str], means: dict[str, float]) -> list[str]:
        """Those of some models that lie within the ROPE of the first."""
        rope, best = rope_of(self.bundle.study, self.unit.name), means[tied[0]]
        return [
            f
            for f in tied
            if rope is None
            or round(abs(means[f] - best) - rope, kept_decimals(means[f], best)) <= 0
        ]

    def _was_tested(self, tied: Sequence[str], family: str) -> bool:
        """Whether a test compared a model with the best."""
        pair = facts.pairs(self.bundle, self.dataset, self.unit.name).get(
            (tied[0], family)
        )
        return pair is not None and pair.p_adjusted is not None
