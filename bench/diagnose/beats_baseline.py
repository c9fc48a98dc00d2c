"""Whether a family beats the one that looks at no feature.

Where nothing can be learnt, a family that follows its training rows is worse than a constant guess, in a healthy study
too. It is an alarm where its answers run against the truth: worse than the same answers, dealt out to the rows at
random, would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isnan, nan

import numpy as np
import polars as pl

from bench.contrasts import Contrast, Method, WhyNot, compare, compare_folds
from bench.core.findings import Finding, Severity
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, words
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import Estimate, alarm_level, found, passed, sign_of
from bench.run.seeds import seed_of
from bench.scores.class_mix import ClassMeans, class_means
from bench.scores.compute import classes_of, predicted
from bench.scores.design import alpha_of, level_of
from bench.scores.halves import TestedHalves, tested_halves
from bench.scores.series import Series
from bench.stats.adjust import holm_where_tested
from bench.text.chance import DrawsAgree
from bench.text.findings import NoInterval
from bench.text.formats import p_equals
from bench.text.judgements import P_OF_HALVES

NAME, BUDGET = "beats_baseline", 0.01
#: So many times a fold's answers are dealt out at random.
DEALT = 20


say = words(
    "beats_baseline",
    {
        "no_baseline": "the study has no baseline",
        "better": "significantly better than {baseline} ({p:p}, Holm)",
        "not_shown": "not significantly better than {baseline} ({p:p}, Holm)",
        "by_halves": f"SHARP: {P_OF_HALVES}",
        "untested": "{better:better|no better} than {baseline} on average",
    },
)


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
    families = [
        f for d, f in evidence.subjects if d == dataset and f not in evidence.baselines
    ]
    study, metric = evidence.study, evidence.study.metrics.primary
    classes = classes_of(evidence.tables).get(dataset)
    mix = class_means(study, dataset, classes, evidence.predictions, metric)
    halves = tested_halves(study, evidence.scores, dataset, metric)
    tested = {}
    for family in families:
        contrast = _contrast(evidence, dataset, (family, baseline), mix, halves)
        if isnan(contrast.gain):
            continue
        if contrast.law is not None and contrast.why_not is None:
            tested[family] = contrast
        else:
            yield _untested((dataset, family), baseline, contrast)
    adjusted = holm_where_tested([one.p(side="above") for one in tested.values()])
    for (family, contrast), p in zip(tested.items(), adjusted, strict=True):
        yield _tested(evidence, (dataset, family), baseline, contrast, p or 0.0)


def _tested(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    baseline: str,
    contrast: Contrast,
    p: float,
) -> Finding:
    level = alarm_level(
        BUDGET, sum(f not in evidence.baselines for _, f in evidence.subjects)
    )
    how = (say("by_halves"),) if contrast.test == Method.SHARP else ()
    ends = contrast.interval(level_of(evidence.study)) or (None, None)
    number = Estimate(contrast.gain, *ends)
    if p < alpha_of(evidence.study):
        return passed(
            subject, say("better", baseline=baseline, p=p), *how, number=number
        )
    p_worse = contrast.p(side="below")
    if p_worse is None or p_worse >= level or contrast.gain >= 0:
        not_shown = say("not_shown", baseline=baseline, p=p)
        return found(subject, Severity.NOTE, not_shown, *how, number=number)
    p_random = _against_the_truth(evidence, *subject)
    is_alarm = p_random is not None and p_random < level
    return found(
        subject,
        Severity.WARNING if is_alarm else Severity.NOTE,
        WorseThanBaseline(baseline, p_worse, p_random, is_alarm),
        *how,
        number=number,
    )


def _untested(subject: tuple[str, str], baseline: str, contrast: Contrast) -> Finding:
    why: Statement = NoInterval()
    if contrast.is_unspread:
        why = DrawsAgree(contrast.n, "differences")
    statements = (say("untested", baseline=baseline, better=contrast.gain > 0), why)
    number = contrast.gain
    if contrast.gain > 0:
        return passed(subject, *statements, number=number)
    return found(subject, Severity.NOTE, *statements, number=number)


def _contrast(
    evidence: DiagnosticEvidence,
    dataset: str,
    pair: tuple[str, str],
    mix: ClassMeans,
    halves: TestedHalves,
) -> Contrast:
    """The improvement with the test of pairs; seeds alone would speak of no other rows."""
    metric, setting = evidence.study.metrics.primary, evidence.settings[dataset]
    scores = evidence.series["test"]
    first, second = (scores.get((dataset, family, metric)) for family in pair)
    if first is None or second is None:
        return Contrast(gain=nan, why_not=WhyNot.NO_SCORE)
    turn, gains = sign_of(metric), halves.of(*pair)
    contrast = compare(
        first.times(turn),
        second.times(turn),
        setting,
        mix=mix.variance(*pair),
        halves=None if gains is None else turn * gains,
    )
    return replace(contrast, law=None) if setting.seeds else contrast


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
    series = Series(at[:, 0], at[:, 1], np.array(gains))
    sample = evidence.settings[dataset].sample(series)
    if sample is None:
        return None
    contrast = compare_folds(sample[0], np.zeros(len(sample[0])), ratio=sample[1])
    return None if contrast.why_not is not None else contrast.p(side="below")


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Better than the baseline",
    code="S1",
    why="A model that does not beat a constant guess has learnt nothing.",
    what_to_do="Look at the metric and at what a constant guess scores; on unbalanced classes its accuracy is high.",
    question="Do the features say anything about the target in these rows?",
    run=run,
    nothing=say("no_baseline"),
    number=FindingNumber("how much better than the baseline", "score"),
    budget=BUDGET,
    sick=lambda: Case(
        test={"baseline": around(0.5, 0.005), "lda": around(0.5, 0.01, fold_sd=0.05)}
    ),
)
