"""Sentences of the page where they stand: what is said of a design, of pairs, halves, claims and their intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bench.core.outcomes import Statement, encoded
from bench.report.bundle import Provenance
from bench.report.page import render
from bench.report.sections.claims import claims
from bench.report.sections.replication import lines
from bench.report.summary import summary_of
from bench.report.text import preregistration
from bench.report.text.protocol import resampling_words
from bench.report.text.replication import DIFFER, OPEN, REFUTED
from bench.text.chance import (
    NothingDrawn,
    SameSplitsAgree,
    StatisticErrorUnknown,
)
from tests.helpers import bundles
from tests.helpers.extra_fits import a_study
from tests.helpers.pages import figures
from tests.helpers.pages import section as section_in
from tests.report.test_counting import claimed, marks, own
from tests.report.test_page import claim_section, claims_with
from tests.report.test_states import of_svm
from tests.run.test_pilot import PILOT

CHANCES = {"p_less": 0.1, "p_rope": 0.3, "p_greater": 0.6}
HOLDOUT = {"kind": "holdout", "test_size": 0.4, "repeats": 4}


def of_a_pair(
    families: dict[str, Any],
    resampling: dict[str, Any],
    same: bool = False,
    asked: Any = None,
    **parts: Any,
) -> str:
    """The differences section of two families whose pair was tested; `asked` of diagnostics."""
    protocol = {"resampling": resampling, "tuning": None, "seed": 1}
    made, (a, b) = (
        bundles.study(families=families, protocol=protocol, diagnostics=asked),
        families,
    )
    key: dict[str, Any] = {"dataset": "wine", "metric": "accuracy"}
    key |= {"fallbacks": 0}
    estimates = [
        key | {"mean": 0.9, "low": 0.88, "high": 0.92, "family": f} for f in families
    ]
    pair = key | {"family": a, "against": b, "p": 0.01, "p_adjusted": 0.01}
    pair |= {
        "difference": 0.02,
        "low": 0.01,
        "high": 0.03,
        "test": "t_over_seeds" if same else parts.pop("test", "corrected_t"),
    } | parts.pop("pair", {})
    sizes = {"train_rows": 100, "test_rows": 78}
    splits = [
        {
            "dataset": "wine",
            "repeat": r,
            "fold": 0,
            "rows_sha256": "" if same else str(r),
        }
        | sizes
        for r in range(4)
    ]
    score = {
        "dataset": "wine",
        "metric": "accuracy",
        "variant": "plain",
        "fold": 0,
        "side": "test",
        "value": 0.9,
    }
    scores = [score | {"family": f, "repeat": r} for f in families for r in range(4)]
    scores += [
        score | {"family": b, "repeat": 0, "variant": f"half={half}"}
        for half in parts.pop("halves", ())
    ]
    bundle = bundles.made_of(
        made, estimates=estimates, pairs=[pair], folds=splits, scores=scores, **parts
    )
    return section_in(render(bundle), "differences")


def test_the_claims_together() -> None:
    """A test could refute three, and one of them is refuted after Holm."""
    made, own = bundles.classification(), claims_with("reproduced", "fits")
    told = dict(lines(made))
    assert figures(told[REFUTED]) == ["1", "3", "1"]
    attempted = len(made.counted.attempted)
    assert figures(told[DIFFER]) == ["1", str(attempted)]
    assert figures(dict(lines(own))[OPEN]) == ["1", "2"]


def test_tolerances_are_called_settled_only_as_far_as_anything_shows_it() -> None:

    from bench.study.preregistration import Change, Frozen

    made = claims_with("exact", "not_reproduced")
    assert (
        "Not preregistered: the tolerance may have been chosen after the scores were seen"
        in claim_section(made)
    )

    def with_changes(*changes: Change) -> str:
        return claim_section(
            replace(made, provenance=Provenance(frozen=Frozen("a" * 64, changes)))
        )

    kept, changed = (
        "were fixed before the results",
        "Tolerances or claims changed after they were frozen",
    )
    assert kept in with_changes()
    assert kept in with_changes(Change("families.svm", "{}", "nothing"))
    came = Change("falsified_if.f", "not set", "{}", "why")
    added = with_changes(came)
    assert kept in added and "falsifiers were added" in added
    assert (
        preregistration.changes(Frozen("a" * 64, (came,)))
        == "1 falsifier added. Reason for the falsifiers: why."
    )
    assert changed in with_changes(
        Change("tolerance.parameters.accuracy", "0.01", "0.05", "why")
    )
    assert changed in with_changes(Change("claims.c0.published", '"95.0"', '"96.0"'))


@pytest.mark.parametrize(
    ("resampling", "words"),
    [
        ({"kind": "holdout", "test_size": 0.3, "repeats": 1}, "one random split"),
        ({"kind": "leave_one_out"}, "leave-one-out gives one result"),
        (
            {"kind": "fixed_split", "column": "set", "test": "b"},
            "one fixed training and test split, one run",
        ),
        (
            {"kind": "kfold", "folds": 5, "repeats": 1},
            "pooled over the folds of one repeat",
        ),
    ],
)
def test_a_missing_interval_has_its_own_cause(
    resampling: dict[str, object], words: str
) -> None:
    from bench.report.facts import no_interval_cause

    made = bundles.study(protocol={"resampling": resampling, "tuning": None, "seed": 1})
    score = {
        "dataset": "wine",
        "family": "svm",
        "variant": "plain",
        "metric": "accuracy",
        "side": "test",
    }
    made_bundle = bundles.made_of(
        made, scores=[score | {"repeat": 0, "fold": None, "value": 0.9}]
    )
    assert no_interval_cause(made_bundle, "wine", "accuracy") == words


@pytest.mark.parametrize(
    ("repeats", "reason", "words"),
    [
        (1, NothingDrawn("fixed-split"), "one fixed training and test split, one run"),
        (4, SameSplitsAgree(4), "every run gave the same number"),
        (
            4,
            StatisticErrorUnknown("external"),
            "the error of a statistic of these scores is not known",
        ),
    ],
)
def test_one_run_on_a_fixed_split_drew_nothing(
    repeats: int, reason: Statement, words: str
) -> None:
    """An interval that is the rounding of the printed number alone: nothing agreed every time if there was one run."""
    resampling = {
        "kind": "fixed_split",
        "column": "set",
        "test": "b",
        "repeats": repeats,
    }
    base = claimed(
        {"family": "svm"},
        words=("exact",),
        protocol={"resampling": resampling, "tuning": None, "seed": 1},
    )
    scores = bundles.scores(base.study, 178, lambda *_: 0.975)
    rows = [
        row | {"reasons": encoded([reason])}
        for row in base.frame("verdicts").to_dicts()
    ]
    bundle = bundles.made_of(
        base.study, verdicts=rows, folds=bundles.folds(base.study, 178), scores=scores
    )
    assert claims(bundle).no_interval.startswith(words)


def test_a_study_of_its_own_numbers_says_expected_and_is_none_of_a_paper() -> None:
    made = own("author", "author", words=("fits", "not_reproduced"))
    assert "the author&#39;s own expectations" in render(made)
    one = summary_of(made)
    assert one.own and marks(one) == ["fits", "not_reproduced"]
    assert not one.of_paper


def test_an_undefined_metric_says_what_it_needs() -> None:
    wanted = {"log_loss": "needs probabilities", "roc_auc": "needs scores of classes"}
    for metric, words in (wanted | {"r2": "undefined here"}).items():
        assert of_svm([0.9, 0.8], metric=metric) == [f"not applicable: {words}"]


@pytest.mark.parametrize(
    ("resampling", "words"),
    [
        (PILOT, "3 to 6 repeats of stratified 3-fold cross-validation"),
        (
            {"kind": "holdout", "repeats": {"pilot": 3, "at_most": 6}},
            "3 to 6 random hold-out splits with 10",
        ),
        (
            {
                "kind": "fixed_split",
                "train": "1-9",
                "test": "10-20",
                "repeats": {"pilot": 3, "at_most": 6},
            },
            "one fixed split, as published, 3 to 6 runs with new seeds",
        ),
    ],
)
def test_what_a_pilot_decides_is_told(resampling: dict[str, Any], words: str) -> None:
    study = a_study(resampling=resampling)
    assert study.protocol is not None
    assert resampling_words(study.protocol, study.task).startswith(words)
    assert "stratified" not in resampling_words(study.protocol, "regression")
