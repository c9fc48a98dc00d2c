"""The short form of `make calibrate`, in seconds: the house's error rates are near their level, naive ones are not.

Seeds are fixed and bounds lie three or more standard errors away: a rule that errs more fails here, chance does not.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from bench.core.metrics import METRICS, Predicted
from research.calibrate import (
    many_datasets,
    many_families,
    one_dataset,
    orders,
    page,
    parts,
)
from research.calibrate.learners import ALL_LEARNERS, LEARNERS, NEIGHBOURS
from research.calibrate.ledger import Ledger, run
from research.calibrate.scoring import areas, fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World


def simulated(trial: parts.Trial, name: str, trials: int) -> Tally:
    total = Tally()
    for number in range(trials):
        total.add(trial(np.random.default_rng([len(name), number])))
    return total


@cache
def small() -> Tally:
    """300 samples of 200 rows, LDA."""
    return simulated(
        partial(one_dataset.trial, World(200), families=("lda",)), "small", 300
    )


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc"])
def test_the_corrected_test_holds_its_level_where_naive_ones_reject_equal_families(
    metric: str,
) -> None:
    key = ("test", "lda", metric)
    assert small().share(*key, "corrected", 10) < 0.08
    assert small().share(*key, "corrected", 10) > 0.005  # it can reject
    assert small().share(*key, "naive_t", 10) > 0.3
    assert small().share(*key, "naive_wilcoxon", 10) > 0.3


def test_the_corrected_interval_covers_where_that_of_independent_folds_does_not() -> (
    None
):
    estimate, corrected, naive = np.array(small().values["score/lda/accuracy"]).T
    away = np.abs(estimate - estimate.mean())
    assert (away <= corrected).mean() > 0.91
    assert (away <= naive).mean() < 0.8


def test_holm_holds_the_family_wise_error_that_single_tests_do_not() -> None:
    found = Tally()
    for number in range(150):
        generator = np.random.default_rng([5, number])
        X, y = World(200, blocks=5).sample(generator)
        split = Split.drawn(y, 10, generator)
        values = fold_scores(LEARNERS["lda"](X, y, split), y, split)[
            "accuracy"
        ].reshape(5, -1)
        many_families.pairs(found, ("accuracy", 10), values)
        found.trials += 1
    assert found.share("family", "accuracy", 10, 5, "holm") < 0.08
    assert found.share("family", "accuracy", 10, 5, "unadjusted") > 0.08
    assert found.share("family", "accuracy", 10, 5, "naive_t_holm") > 0.5


def test_tables_of_equal_families_are_seldom_called_different() -> None:
    found = simulated(many_datasets.trial, "tables", 4)
    assert found.share("table", 20, 5, "signed_rank_holm") <= 0.25
    assert (
        found.share("table", 10, 10, "signed_rank_holm") == 0
    )  # 45 tests on ten datasets cannot reject
    assert found.share("table", 20, 10, "unadjusted") > 0.3


@pytest.mark.parametrize("family", ALL_LEARNERS)
@pytest.mark.parametrize("share", [0.5, 0.15])
def test_families_say_what_scikit_learn_says(family: str, share: float) -> None:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.tree import DecisionTreeClassifier

    theirs = {
        "lda": LinearDiscriminantAnalysis(),
        "naive_bayes": GaussianNB(),
        "logistic": LogisticRegression(tol=1e-10),
        "knn": KNeighborsClassifier(NEIGHBOURS),
        "one_nn": KNeighborsClassifier(1),
        "stump": DecisionTreeClassifier(max_depth=1, random_state=0),
    }[family]
    generator = np.random.default_rng(3)
    X, y = World(120, share).sample(generator)
    X = X.astype(np.float32).astype(float)  # trees round to single precision
    split = Split.drawn(y, 2, generator)
    ours = ALL_LEARNERS[family](X, y, split)
    for block, repeat, fold in np.ndindex(2, 2, 10):
        test = split.test[repeat, fold]
        train = np.setdiff1d(np.arange(len(y)), test)
        fitted = theirs.fit(X[block][train], y[train])
        if family in ("knn", "one_nn", "stump"):
            expected = fitted.predict_proba(X[block][test])[:, 1] - 0.5
        else:
            p = fitted.predict_log_proba(X[block][test])
            expected = p[:, 1] - p[:, 0]
        assert ours[block, repeat, fold] == pytest.approx(expected, abs=1e-5)


def test_folds_are_stratified_and_hold_every_row_once_a_repeat() -> None:
    generator = np.random.default_rng(1)
    _, y = World(200, 0.1).sample(generator)
    split = Split.drawn(y, 3, generator)
    assert split.test.shape == (3, 10, 20)
    assert all(sorted(repeat.ravel()) == list(range(200)) for repeat in split.test)
    assert np.ptp(y[split.test].sum(axis=2)) <= 1
    assert not (split.test[0] == split.test[1]).all()


def test_areas_are_those_of_the_house_ties_and_all() -> None:
    generator = np.random.default_rng(2)
    score, hit = (
        generator.integers(0, 6, size=(4, 30)) / 6,
        generator.random((4, 30)) < 0.4,
    )
    expected = [
        METRICS["roc_auc"].function(Predicted(truth=h.astype(int), decision=s, k=2))
        for s, h in zip(score, hit, strict=True)
    ]
    assert areas(score, hit) == pytest.approx(np.array(expected))


def test_an_interrupted_run_goes_on_and_workers_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        parts, "CELLS", {"orders-200": partial(orders.trial, World(200, blocks=10))}
    )
    monkeypatch.setattr("research.calibrate.ledger.CELLS", parts.CELLS)
    monkeypatch.setattr("research.calibrate.ledger.CHUNK", 2)
    whole, parted = Ledger(tmp_path / "whole"), Ledger(tmp_path / "parted")
    run(whole, 6, workers=1)
    run(parted, 4, workers=1)
    run(parted, 6, workers=1)
    one, two = (ledger.tallies(6)["orders-200"].as_json() for ledger in (whole, parted))
    assert one == two
    assert one["trials"] == 6


def test_the_page_has_the_rules_and_their_tables() -> None:
    found = {"one-200-0.5": parts.simulated("one-200-0.5", range(3))}
    text = page.document(found)
    assert "## Tests of one difference" in text
    assert "| 200 | 50 | accuracy |" in text
    assert all(
        len(row) == len(table.head)
        for table in page._tables(found)
        for row in table.rows
    )
