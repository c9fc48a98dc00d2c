"""Sentences of the page where they stand: what is said of a design, of pairs, halves, claims and their intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bench.core.outcomes import Statement, encoded
from bench.report.blocks import Paragraph, find_tables
from bench.report.bundle import Provenance
from bench.report.plain import plain
from bench.report.sections.claims import claims, sum_up_claims
from bench.report.sections.preregistration import changes, list_changes, preregistration
from bench.report.summary import summary_of
from bench.report.text.protocol import resampling_words
from bench.study.preregistration import ABSENT, Change, Frozen
from bench.text.chance import (
    NothingDrawn,
    SameSplitsAgree,
    StatisticErrorUnknown,
)
from tests.helpers import bundles
from tests.helpers.extra_fits import a_study
from tests.helpers.pages import figures
from tests.report.test_counting import claimed, marks, own
from tests.report.test_page import claims_with
from tests.report.test_states import of_svm
from tests.run.test_pilot import PILOT


def test_the_claims_together() -> None:
    """A test could refute three, and one of them is refuted after Holm."""
    made, own = bundles.classification(), claims_with("reproduced", "fits")
    told = {name: plain(cell) for name, cell in sum_up_claims(made)}
    refuted = told["Refuted, of those that a test could refute"]
    assert figures(refuted) == ["1", "3", "1"]
    assert figures(told["Differ"]) == ["1", str(len(made.counted.tested))]
    assert figures(plain(dict(sum_up_claims(own))["Open"])) == ["1", "2"]


@pytest.mark.parametrize(
    ("path", "was", "counts"),
    [
        ("families.svm", "{}", "values changed: 1"),
        ("falsified_if.f", ABSENT, "falsifiers added: 1"),
        ("claims.c0.published", '"95.0"', "values changed: 1"),
    ],
)
def test_changes_since_a_record_are_counted(path: str, was: str, counts: str) -> None:
    record = Frozen("a" * 64, (Change(path, was, '"96.0"', "why"),))
    made = replace(claims_with("exact"), provenance=Provenance(frozen=record))
    assert changes(record) == f"{counts}."
    (first,) = preregistration(made)
    assert isinstance(first, Paragraph) and counts in plain(first.pieces)
    table = list_changes(record)
    assert table is not None and [plain(row[0]) for row in table.rows] == [path]
    undeclared = Frozen("a" * 64, (Change(path, was, '"96.0"'),))
    assert changes(undeclared) == f"{counts}, without a reason: 1."


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
    (table,) = find_tables(claims(bundle))
    assert f"No interval: {words}" in " ".join(map(plain, table.notes))


def test_a_study_of_its_own_numbers_says_expected_and_is_none_of_a_paper() -> None:
    made = own("author", "author", words=("fits", "not_reproduced"))
    assert {table.id for table in find_tables(claims(made))} == {"claims"}
    one = summary_of(made)
    assert one.own and marks(one) == ["fits", "differs"]
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
