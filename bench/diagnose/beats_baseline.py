"""Whether a family beats the one that looks at no feature.

Where nothing can be learnt, a family that follows its training rows is worse than a constant guess, in a healthy study
too. It is an alarm where its answers run against the truth: worse than the same answers, dealt out to the rows at
random, would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, fixed
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import Estimate, alarm_level, found, passed, sign_of
from bench.run.seeds import seed_of
from bench.scores.class_mix import class_means
from bench.scores.compute import classes_of, predicted
from bench.scores.design import alpha_of, level_of
from bench.scores.halves import tested_halves
from bench.scores.series import Series, matched
from bench.stats.adjust import holm
from bench.stats.halves import carried
from bench.stats.paired import PairedTest, corrected_t, error_known
from bench.text.chance import DrawsAgree
from bench.text.findings import NoInterval
from bench.text.formats import p_equals
from bench.text.judgements import P_OF_HALVES

NAME, BUDGET = "beats_baseline", 0.01
#: So many times a fold's answers are dealt out at random.
DEALT = 20


NoBaseline = fixed("beats_baseline.no_baseline", "the study has no baseline")


class BetterThanBaseline(
    Statement,
    code="beats_baseline.better",
    says="significantly better than {baseline} ({p:p}, Holm)",
):
    """The family is significantly better than the baseline; `p` after Holm."""

    baseline: str
    p: float


class NoBetterThanBaseline(
    Statement,
    code="beats_baseline.not_shown",
    says="not significantly better than {baseline} ({p:p}, Holm)",
):
    """The family is not significantly better than the baseline; `p` after Holm."""

    baseline: str
    p: float


class WorseThanBaseline(Statement, code="beats_baseline.worse"):
    """The family is significantly worse than the baseline.

    p_random: how often its own answers, dealt out at random, would do so much better; None where that is unknown.
    """

    baseline: str
    p: float
    p_random: float | None
    against_truth: bool

    def sentence(self) -> str:
        words = f"significantly worse than {self.baseline} ({p_equals(self.p)})"
        if self.p_random is None:
            return words
        if self.against_truth:
            return f"{words}; its predictions in random order would do better ({p_equals(self.p_random)})"
        return f"{words}; its predictions in random order would do no better"


PByHalves = fixed("beats_baseline.by_halves", f"SHARP: {P_OF_HALVES}")


class Untested(
    Statement,
    code="beats_baseline.untested",
    says="{better:better|no better} than {baseline} on average",
):
    """The mean is on this side of the baseline's; the design allows no test."""

    baseline: str
    better: bool


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The one-sided test of family above baseline, Holm within a dataset: the corrected t, or SHARP where halves of the
    rows were fitted for an unstable family.

    A family that is not shown to be better is a note: without signal none is. One that is shown to be worse than its
    own answers dealt out at random is an alarm, at its own level.
    """
    if not evidence.baselines:
        return []
    return [
        finding
        for baseline in evidence.baselines[:1]
        for dataset in dict.fromkeys(d for d, f in evidence.subjects if f == baseline)
        for finding in _on(evidence, dataset, baseline)
    ]


def _on(evidence: DiagnosticEvidence, dataset: str, baseline: str) -> Iterator[Finding]:
    tests, halved = dict[str, PairedTest](), set[str]()
    study, known = evidence.study, classes_of(evidence.tables).get(dataset)
    mix = class_means(
        study, dataset, known, evidence.predictions, study.metrics.primary
    )
    for family in (
        f for d, f in evidence.subjects if d == dataset and f not in evidence.baselines
    ):
        halves = _halves(evidence, dataset, family, baseline)
        test = _test(
            evidence, dataset, family, baseline, mix.variance(family, baseline), halves
        )
        halved |= set() if halves is None else {family}
        if isinstance(test, PairedTest):
            tests[family] = test
        elif test is not None:
            yield _untested((dataset, family), baseline, *test)
    adjusted = holm(np.array([test.p_greater for test in tests.values()]))
    for (family, test), p in zip(tests.items(), adjusted, strict=True):
        how = (PByHalves(),) if family in halved else ()
        yield _tested(evidence, (dataset, family), baseline, test, float(p), how)


def _tested(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    baseline: str,
    test: PairedTest,
    p: float,
    how: tuple[Statement, ...],
) -> Finding:
    level = alarm_level(
        BUDGET, sum(f not in evidence.baselines for _, f in evidence.subjects)
    )
    equal = test.low == test.high  # a few equal differences, which show no error
    number = (
        Estimate(test.difference)
        if equal
        else Estimate(test.difference, test.low, test.high)
    )
    if p < alpha_of(evidence.study):
        return passed(subject, BetterThanBaseline(baseline, p), *how, number=number)
    if 1 - test.p_greater >= level or test.difference >= 0:
        return found(
            subject,
            Severity.NOTE,
            NoBetterThanBaseline(baseline, p),
            *how,
            number=number,
        )
    p_random = _against_the_truth(evidence, *subject)
    alarm = p_random is not None and p_random < level
    worse = WorseThanBaseline(baseline, 1 - test.p_greater, p_random, alarm)
    return found(
        subject,
        Severity.WARNING if alarm else Severity.NOTE,
        worse,
        *how,
        number=number,
    )


def _untested(
    subject: tuple[str, str], baseline: str, gain: float, why: Statement
) -> Finding:
    statements = (Untested(baseline, gain > 0), why)
    if gain > 0:
        return passed(subject, *statements, number=Estimate(gain))
    return found(subject, Severity.NOTE, *statements, number=Estimate(gain))


def _test(
    evidence: DiagnosticEvidence,
    dataset: str,
    family: str,
    baseline: str,
    mix: float,
    halves: np.ndarray | None,
) -> PairedTest | tuple[float, Statement] | None:
    """The test of the improvement, the bare one with the reason where no error rate is known, or None without scores of
    both; mix: the variance of the class mix, as where pairs are compared."""
    metric, scores = evidence.study.metrics.primary, evidence.series["test"]
    setting = evidence.settings[dataset]
    first, second = (
        scores.get((dataset, family, metric)),
        scores.get((dataset, baseline, metric)),
    )
    if (
        first is None
        or second is None
        or not setting.complete(first)
        or not setting.complete(second)
    ):
        return None
    a, b = (series.times(sign_of(metric)) for series in matched(first, second))
    if a.mean is None or b.mean is None:
        return None
    of_family, of_baseline = setting.sample(a), setting.sample(b)
    if (
        of_family is None or of_baseline is None or setting.seeds
    ):  # seeds alone would speak of no other rows
        return a.mean - b.mean, NoInterval()
    level = level_of(evidence.study)
    mix = 0.0 if setting.repeats_a_draw else mix
    test = corrected_t(
        of_family[0],
        of_baseline[0],
        test_train_ratio=of_family[1],
        level=level,
        mix_variance=mix,
    )
    if halves is None:
        sure = error_known(of_family[0], of_baseline[0])
        return (
            test
            if sure
            else (test.difference, DrawsAgree(len(of_family[0]), "differences"))
        )
    by_halves = carried(
        test.difference, sign_of(metric) * halves, se=test.se, level=level
    )
    return replace(
        test, low=by_halves.low, high=by_halves.high, p_greater=by_halves.p_greater
    )


def _halves(
    evidence: DiagnosticEvidence, dataset: str, family: str, baseline: str
) -> np.ndarray | None:
    """What the family has more than the baseline in halves of the rows; None where these do not test the pair."""
    if evidence.settings[dataset].repeats_a_draw:
        return None
    metric = evidence.study.metrics.primary
    return tested_halves(evidence.study, evidence.scores, dataset, metric).of(
        family, baseline
    )


def _against_the_truth(
    evidence: DiagnosticEvidence, dataset: str, family: str
) -> float | None:
    """How often, if the family's answers had nothing to do with the truth, they would do so much worse than the same
    answers dealt out anew within each fold: the corrected one-sided test. None where there are no scores of folds."""
    name = evidence.study.metrics.primary
    metric = METRICS[name]
    classes = classes_of(evidence.tables)[dataset]
    answers = evidence.plain(dataset, "test").filter(pl.col("family") == family)
    rng = np.random.default_rng(seed_of(NAME, dataset, family))
    folds, gains = [], []
    for fold in answers.partition_by("repeat", "fold", maintain_order=True):
        prediction = predicted(fold, classes)
        score = metric.function(prediction)
        dealt = [
            metric.function(
                replace(prediction, truth=rng.permutation(prediction.truth))
            )
            for _ in range(DEALT)
        ]
        values = [value for value in dealt if value is not None]
        if score is not None and len(values) == DEALT:
            folds.append((fold["repeat"][0], fold["fold"][0]))
            gains.append(sign_of(name) * (score - float(np.mean(values))))
    if not gains:
        return None
    at = np.array(folds)
    sample = evidence.settings[dataset].sample(
        Series(at[:, 0], at[:, 1], np.array(gains))
    )
    if sample is None or not error_known(sample[0], np.zeros(len(sample[0]))):
        return None
    return (
        1
        - corrected_t(
            sample[0], np.zeros(len(sample[0])), test_train_ratio=sample[1]
        ).p_greater
    )


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Better than the baseline",
    code="S1",
    why="A model that does not beat a constant guess has learnt nothing.",
    what_to_do="Look at the metric and at what a constant guess scores; on unbalanced classes its accuracy is high.",
    question="Do the features say anything about the target in these rows?",
    run=run,
    nothing=NoBaseline(),
    number=FindingNumber("how much better than the baseline", "score"),
    budget=BUDGET,
    sick=lambda: Case(
        test={"baseline": around(0.5, 0.005), "lda": around(0.5, 0.01, fold_sd=0.05)}
    ),
)
