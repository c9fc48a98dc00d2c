"""Whether a family beats the one that looks at no feature.

Where nothing can be learnt a family that follows its training rows is worse than a constant guess, in a healthy study
too. It is an alarm where its answers run against the truth: worse than the same answers, dealt out to the rows at
random, would be.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from bench.core.metrics import METRICS
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    by_chance,
    found,
    not_applicable,
    passed,
)
from bench.run.seeds import seed_of
from bench.scores.compute import predicted
from bench.scores.design import level_of
from bench.scores.series import Series, matched
from bench.stats.adjust import holm
from bench.stats.paired import PairedTest, corrected_t

NAME = "beats_baseline"
#: So many times a fold's answers are dealt out at random.
DEALT = 20


def run(evidence: DiagnosticEvidence) -> Rows:
    """The corrected one-sided test of family above baseline, Holm within a dataset.

    Not shown to be better is no fault: without signal nothing is. Shown to be worse than its own answers dealt out at
    random too is an alarm, at its own level.
    """
    if not evidence.baselines:
        return [
            not_applicable("the study does not list `baseline` among its families, so nothing was tested against it")
        ]
    rows, baseline = [], evidence.baselines[0]
    level = alarm_level(NAME, len([f for _, f in evidence.subjects if f not in evidence.baselines]))
    for dataset in evidence.study.datasets:
        tests: dict[str, PairedTest] = {}
        for family in (f for d, f in evidence.subjects if d == dataset and f not in evidence.baselines):
            test = _test(evidence, dataset, family, baseline)
            if isinstance(test, PairedTest):
                tests[family] = test
            elif test is not None:
                rows.append(_plain((dataset, family), baseline, test))
        adjusted = holm(np.array([test.p_greater for test in tests.values()]))
        for (family, test), p in zip(tests.items(), adjusted, strict=True):
            numbers = {"estimate": test.difference, "low": test.low, "high": test.high}
            if p < 1 - level_of(evidence.study):
                rows.append(passed((dataset, family), f"better than {baseline}; {by_chance(p)}, after Holm", **numbers))
            elif 1 - test.p_greater < level and test.difference < 0:
                against = _against_the_truth(evidence, dataset, family)
                severity: Severity = "warning" if against is not None and against < level else "note"
                why = f"worse than {baseline}, which looks at no feature; {by_chance(1 - test.p_greater)}"
                if against is not None:
                    why += "; its answers, dealt out to the rows at random, would do "
                    why += f"better: {by_chance(against)}" if severity == "warning" else "no better"
                rows.append(found((dataset, family), severity, why, **numbers))
            else:
                why = f"not shown to beat {baseline}, which looks at no feature; {by_chance(p)}, after Holm"
                rows.append(found((dataset, family), "note", why, **numbers))
    return rows


def _test(evidence: DiagnosticEvidence, dataset: str, family: str, baseline: str) -> PairedTest | float | None:
    """The test, the bare improvement where no error rate exists, or None without scores of both."""
    metric, have = evidence.study.metrics.primary, evidence.series["test"]
    setting = evidence.settings[dataset]
    pair = [have.get((dataset, name, metric)) for name in (family, baseline)]
    if any(one is None or not setting.complete(one) for one in pair):
        return None
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    a, b = (one.times(turn) for one in matched(*pair))  # type: ignore[arg-type]
    if a.mean is None or b.mean is None:
        return None
    first, second = setting.sample(a), setting.sample(b)
    if first is None or second is None or setting.seeds:  # over seeds alone a test would speak of no other rows
        return a.mean - b.mean
    return corrected_t(first[0], second[0], test_train_ratio=first[1], level=level_of(evidence.study))


def _against_the_truth(evidence: DiagnosticEvidence, dataset: str, family: str) -> float | None:
    """How often, if the family's answers had nothing to do with the truth, they would do so much worse than the same
    answers dealt out anew within each fold: the corrected one-sided test. None where there are no scores of folds."""
    metric = METRICS[evidence.study.metrics.primary]
    table = evidence.tables.filter(pl.col("dataset") == dataset).row(0, named=True)
    place = {"dataset": dataset, "family": family, "side": "test", "variant": "plain"}
    own = evidence.predictions.filter(*(pl.col(name) == value for name, value in place.items()))
    turn, rng = (1.0 if metric.higher_is_better else -1.0), np.random.default_rng(seed_of(NAME, dataset, family))
    where, gains = [], []
    for fold in own.partition_by("repeat", "fold", maintain_order=True):
        said = predicted(fold, table)
        seen = metric.function(said)
        dealt = [metric.function(replace(said, truth=rng.permutation(said.truth))) for _ in range(DEALT)]
        if seen is not None and None not in dealt:
            where.append((fold["repeat"][0], fold["fold"][0]))
            gains.append(turn * (seen - float(np.mean(dealt))))  # type: ignore[arg-type]
    if not gains:
        return None
    at = np.array(where)
    sample = evidence.settings[dataset].sample(Series(at[:, 0], at[:, 1], np.array(gains)))
    if sample is None:
        return None
    return 1 - corrected_t(sample[0], np.zeros(len(sample[0])), test_train_ratio=sample[1]).p_greater


def _plain(subject: tuple[str, str], baseline: str, gain: float) -> dict[str, object]:
    if gain > 0:
        return passed(subject, f"better than {baseline}; no error rate exists here", estimate=gain)
    return found(subject, "note", f"no better than {baseline}; no error rate exists here", estimate=gain)


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Better than no features",
    code="S1",
    why="A family that does not beat a constant guess has learnt nothing that shows, whatever its score looks like.",
    what_to_do="Look at the class balance and the metric: on unbalanced data a constant guess has a high accuracy.",
    run=run,
    number=Number("how much better than the baseline", "score"),
)
