"""Whether a family beats the one that looks at no feature."""

from __future__ import annotations

import numpy as np

from bench.diagnose.diagnostic import (
    Diagnostic,
    Evidence,
    Number,
    Rows,
    alarm_level,
    by_chance,
    found,
    not_applicable,
    passed,
)
from bench.metrics import METRICS
from bench.series import matched
from bench.stats.adjust import holm
from bench.stats.paired import PairedTest, corrected_t
from bench.yardstick import level_of

NAME = "beats_baseline"


def run(evidence: Evidence) -> Rows:
    """The corrected one-sided test of family above baseline, Holm within a dataset.

    Not shown to be better is no fault: without signal nothing is. Shown to be worse is an alarm, at its own level.
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
                why = f"worse than {baseline}, which looks at no feature; {by_chance(1 - test.p_greater)}"
                rows.append(found((dataset, family), "warning", why, **numbers))
            else:
                why = f"not shown to beat {baseline}, which looks at no feature; {by_chance(p)}, after Holm"
                rows.append(found((dataset, family), "note", why, **numbers))
    return rows


def _test(evidence: Evidence, dataset: str, family: str, baseline: str) -> PairedTest | float | None:
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
