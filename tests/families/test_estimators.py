"""The house's own estimators against hand-made numbers, scikit-learn's own pruning, and its AdaBoost."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.datasets import load_iris, load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import AdaBoostClassifier
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from sklearn.utils.estimator_checks import check_estimator

from bench.families import FAMILIES
from bench.families.checks import check_parameters
from bench.families.estimators.pruning import (
    PrunableTree,
    branch_ends,
    branch_sums,
    nested_subtrees,
)
from bench.families.estimators.regularized import RegularizedDiscriminantAnalysis
from bench.families.estimators.trees import (
    AdaBoostTreesClassifier,
    BaggedTreesClassifier,
    BaggedTreesRegressor,
    PrunedTreeClassifier,
    PrunedTreeRegressor,
    _chosen,
    _parts,
)


def table(n: int = 150, classes: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows in single precision, noisy classes, and noisy numbers."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(n, 4)).astype(np.float32)
    signal = X[:, 0] + np.abs(X[:, 1]) + 0.8 * rng.normal(size=n)
    return (
        X,
        np.digitize(signal, np.quantile(signal, np.arange(1, classes) / classes)),
        signal,
    )


class TestNestedSubtrees:
    """A root (0) over a branch (1) with the leaves 2 and 3, and over the leaf 4."""

    END = np.array([5, 4, 3, 4, 5])
    LEAF = np.array([False, False, True, True, True])

    def test_sums_over_branches(self) -> None:
        assert branch_sums(np.array([1, 2, 3, 4, 5]), self.END).tolist() == [
            15,
            9,
            3,
            4,
            5,
        ]

    def test_by_hand(self) -> None:
        """The branch pays (.2 - .1) / 1 = .1, the root first (.5 - .2) / 2 = .15 and then (.5 - .3) / 1 = .2."""
        prices, leaves = nested_subtrees(
            self.END, self.LEAF, np.array([0.5, 0.2, 0.05, 0.05, 0.1])
        )
        assert prices.tolist() == pytest.approx([0, 0.1, 0.2])
        assert [np.flatnonzero(row).tolist() for row in leaves] == [
            [2, 3, 4],
            [1, 4],
            [0],
        ]

    def test_equal_prices_are_cut_together(self) -> None:
        prices, leaves = nested_subtrees(
            self.END, self.LEAF, np.array([0.4, 0.2, 0.05, 0.05, 0.1])
        )
        assert prices.tolist() == pytest.approx([0, 0.1])
        assert [np.flatnonzero(row).tolist() for row in leaves] == [[2, 3, 4], [0]]

    def test_what_gains_nothing_is_cut_for_nothing(self) -> None:
        prices, leaves = nested_subtrees(
            self.END, self.LEAF, np.array([0.5, 0.1, 0.05, 0.05, 0.1])
        )
        assert prices.tolist() == pytest.approx([0, 0.3])
        assert [np.flatnonzero(row).tolist() for row in leaves] == [[1, 4], [0]]


class TestAgainstScikitLearn:
    """For numbers the price of scikit-learn, squared error, is that of the book too."""

    @pytest.fixture
    def grown(self) -> tuple[PrunableTree, np.ndarray, np.ndarray]:
        X, _, y = table()
        return (
            PrunableTree(
                DecisionTreeRegressor(min_samples_leaf=3, random_state=0).fit(X, y)
            ),
            X,
            y,
        )

    def test_prices(self, grown: tuple[PrunableTree, np.ndarray, np.ndarray]) -> None:
        tree, X, y = grown
        path = DecisionTreeRegressor(
            min_samples_leaf=3, random_state=0
        ).cost_complexity_pruning_path(X, y)
        np.testing.assert_allclose(tree.prices, path.ccp_alphas, atol=1e-12)

    def test_every_subtree(
        self, grown: tuple[PrunableTree, np.ndarray, np.ndarray]
    ) -> None:
        tree, X, y = grown
        reached = tree.tree.apply(X)
        between = np.append(
            (tree.prices[:-1] + tree.prices[1:]) / 2, tree.prices[-1] + 1
        )
        losses = tree.losses(X, y)
        for number, alpha in enumerate(between):
            other = DecisionTreeRegressor(
                min_samples_leaf=3, random_state=0, ccp_alpha=alpha
            ).fit(X, y)
            assert tree.leaves[number].sum() == other.get_n_leaves()
            np.testing.assert_array_equal(
                tree.answers_of(number)[reached], other.predict(X)
            )
            assert losses[number] == pytest.approx(((other.predict(X) - y) ** 2).sum())

    def test_self_pruned_tree(self) -> None:
        """The same choice by one fit of scikit-learn's tree for every price and part."""
        X, _, y = table()
        own = PrunedTreeRegressor(cv=5, min_samples_leaf=3, random_state=3).fit(X, y)
        random = np.random.RandomState(3)
        random.randint(2**31 - 1)
        part = _parts(random, y, 5)
        alphas = (
            DecisionTreeRegressor(min_samples_leaf=3, random_state=0)
            .cost_complexity_pruning_path(X, y)
            .ccp_alphas
        )
        tried = np.append(np.sqrt(alphas[:-1] * alphas[1:]), 1e9)
        losses = [
            sum(
                (
                    (
                        DecisionTreeRegressor(
                            min_samples_leaf=3, random_state=0, ccp_alpha=alpha
                        )
                        .fit(X[part != number], y[part != number])
                        .predict(X[part == number])
                        - y[part == number]
                    )
                    ** 2
                ).sum()
                for number in range(5)
            )
            for alpha in tried
        ]
        best = DecisionTreeRegressor(
            min_samples_leaf=3, random_state=0, ccp_alpha=tried[int(np.argmin(losses))]
        )
        np.testing.assert_allclose(
            own.predict(X), best.fit(X, y).predict(X), rtol=1e-12
        )

    def test_bagged_tree_is_the_best_subtree_on_all_rows(self) -> None:
        X, _, y = table()
        own = BaggedTreesRegressor(
            n_estimators=1, min_samples_leaf=3, random_state=3
        ).fit(X, y)
        random = np.random.RandomState(3)
        drawn = random.choice(len(y), len(y))
        grow = DecisionTreeRegressor(
            min_samples_leaf=3, random_state=random.randint(2**31 - 1)
        )
        alphas = grow.cost_complexity_pruning_path(X[drawn], y[drawn]).ccp_alphas
        fits = [
            grow.set_params(ccp_alpha=alpha + 1e-9).fit(X[drawn], y[drawn]).predict(X)
            for alpha in alphas
        ]
        best = min(fits, key=lambda said: ((said - y) ** 2).sum())
        np.testing.assert_allclose(own.predict(X), best, rtol=1e-12)

    @pytest.mark.parametrize("classes", [2, 3])
    def test_adaboost(self, classes: int) -> None:
        X, y, _ = table(classes=classes)
        own = AdaBoostTreesClassifier(n_estimators=20, max_depth=2, random_state=0).fit(
            X, y
        )
        other = AdaBoostClassifier(
            DecisionTreeClassifier(max_depth=2), n_estimators=20, random_state=0
        ).fit(X, y)
        assert len(own.members_) == len(other.estimators_) == 20
        np.testing.assert_allclose(
            [one.weight for one in own.members_], other.estimator_weights_
        )
        np.testing.assert_array_equal(own.predict(X), other.predict(X))


def test_branches_of_a_tree_stand_together() -> None:
    """What lies below a node, found by going down, is what `branch_ends` says."""
    X, y, _ = table()
    tree = DecisionTreeClassifier(random_state=0).fit(X, y).tree_
    ends = branch_ends(tree)
    for node in range(tree.node_count):
        below, stack = [], [node]
        while stack:
            below.append(stack.pop())
            stack += [
                one
                for one in (
                    tree.children_left[below[-1]],
                    tree.children_right[below[-1]],
                )
                if one >= 0
            ]
        assert sorted(below) == list(range(node, ends[node]))


def test_classes_cost_their_wrong_labels() -> None:
    """A subtree's losses on the rows that grew it are its costs; the first has none to spare, the last is the root."""
    X, y, _ = table()
    tree = PrunableTree(DecisionTreeClassifier(random_state=0).fit(X, y))
    losses = tree.losses(X, y)
    assert losses[0] == 0
    assert losses[-1] == len(y) - np.bincount(y).max()
    assert (np.diff(losses) > 0).all() and (np.diff(tree.prices) > 0).all()
    for number, loss in enumerate(losses):
        assert (tree.answers_of(number)[tree.tree.apply(X)] != y).sum() == loss
    fewer = np.diff(tree.leaves.sum(axis=1))
    np.testing.assert_allclose(np.diff(losses) / len(y) / -fewer, tree.prices[1:])


def test_parts_share_out_the_classes() -> None:
    y = np.repeat([0, 1, 2], [50, 23, 7])
    part = _parts(np.random.RandomState(1), y, 10)
    for rows in (part, *(part[y == one] for one in range(3))):
        counts = np.bincount(rows, minlength=10)
        assert counts.max() - counts.min() <= 1


def test_the_smallest_of_equal_subtrees_and_one_standard_error() -> None:
    """Means .3, .1, .1, .2; the best loses (0, 2) of 10 and 10, whose standard error is .1."""
    losses = np.array([[3, 0, 0, 2], [3, 2, 2, 2.0]])
    assert _chosen(losses, np.array([10, 10]), 0) == 2
    assert _chosen(losses, np.array([10, 10]), 1) == 3


def test_a_self_pruned_tree_is_smaller_and_keeps_shares() -> None:
    X, y, _ = table()
    model = PrunedTreeClassifier(random_state=0).fit(X, y)
    assert 0 < model.subtree_ < len(model.pruned_.prices)
    reached = model.ends_[model.pruned_.tree.apply(X)]
    for node in np.unique(reached):
        shares = np.bincount(y[reached == node], minlength=3) / (reached == node).sum()
        np.testing.assert_allclose(
            model.predict_proba(X)[reached == node],
            np.tile(shares, ((reached == node).sum(), 1)),
        )


@pytest.mark.parametrize("prune", [True, False])
def test_bagging_counts_votes_or_averages(prune: bool) -> None:
    X, y, numbers = table()
    model = BaggedTreesClassifier(n_estimators=7, prune=prune, random_state=0).fit(
        X, np.array(["a", "b", "c"])[y]
    )
    said = np.array([one.said(X) for one in model.members_])
    votes = np.array([(said == code).mean(axis=0) for code in range(3)]).T
    np.testing.assert_allclose(model.predict_proba(X), votes)
    assert model.predict(X).tolist() == [["a", "b", "c"][row.argmax()] for row in votes]
    mean = BaggedTreesRegressor(n_estimators=7, prune=prune, random_state=0).fit(
        X, numbers
    )
    np.testing.assert_allclose(
        mean.predict(X), np.mean([one.said(X) for one in mean.members_], axis=0)
    )


def test_bagging_a_class_that_a_sample_may_lack() -> None:
    X, y = table()[0][:12], np.repeat([0, 1, 2], [6, 5, 1])
    for seed in range(10):
        model = BaggedTreesClassifier(n_estimators=3, random_state=seed).fit(X, y)
        assert model.predict_proba(X).shape == (12, 3)


class TestAdaBoost:
    def test_by_hand(self) -> None:
        """The first stump tells all five rows 0, which is wrong for one: error .2, a vote of log 4."""
        X, y = np.array([[1.0], [2], [3], [4], [5]]), np.array([0, 1, 0, 0, 0])
        model = AdaBoostTreesClassifier(
            n_estimators=1, max_depth=1, random_state=0
        ).fit(X, y)
        assert model.members_[0].weight == pytest.approx(np.log(4))

    def test_m1_stops_where_samme_goes_on(self) -> None:
        """A stump answers two of five classes, so it errs at least three fifths of the time."""
        X, y, _ = table(classes=5)
        assert (
            len(
                AdaBoostTreesClassifier(max_depth=1, algorithm="m1", random_state=0)
                .fit(X, y)
                .members_
            )
            == 1
        )
        assert (
            len(
                AdaBoostTreesClassifier(max_depth=1, n_estimators=9, random_state=0)
                .fit(X, y)
                .members_
            )
            == 9
        )

    def test_a_tree_without_error_ends_the_rounds(self) -> None:
        X, y, _ = table()
        model = AdaBoostTreesClassifier(random_state=0).fit(X, y)
        assert len(model.members_) == 1
        np.testing.assert_array_equal(model.predict(X), y)

    def test_drawn_rows(self) -> None:
        X, y = load_iris(return_X_y=True)
        model = AdaBoostTreesClassifier(
            n_estimators=10,
            algorithm="m1",
            resample=True,
            min_samples_leaf=5,
            random_state=0,
        ).fit(X[::2], y[::2])
        assert 1 < len(model.members_) <= 10
        assert (model.predict(X[1::2]) == y[1::2]).mean() > 0.9


@pytest.mark.parametrize(
    ("family", "key", "value", "said"),
    [
        ("bagging", "n_estimators", 0, "must be an int in the range [1, inf); got 0"),
        ("bagging", "prune", "yes", "must be an instance of 'bool'"),
        ("bagging", "criterion", "ginny", "must be one of"),
        ("adaboost", "algorithm", "m2", "must be one of 'm1', 'samme'; got 'm2'"),
        ("adaboost", "resample", "x", "must be an instance of 'bool'"),
        ("adaboost", "max_depth", 0, "must be an int in the range"),
        ("pruned_tree", "cv", 1, "must be an int in the range [2, inf); got 1"),
        (
            "pruned_tree",
            "standard_errors",
            -1.0,
            "must be a float in the range [0.0, inf); got -1.0",
        ),
    ],
)
def test_a_wrong_parameter_is_a_sentence(
    family: str, key: str, value: object, said: str
) -> None:
    ((where, sentence),) = check_parameters(
        FAMILIES[family], "classification", {key: value}
    )
    assert where == key
    assert sentence.startswith(said)


class TestRegularizedDiscriminant:
    """Against the formula as Friedman prints it, scikit-learn's two corners and its conventions."""

    def test_scikit_learns_conventions(self) -> None:
        results = check_estimator(
            RegularizedDiscriminantAnalysis(0.5, 0.1), on_fail=None
        )
        assert [one["check_name"] for one in results if one["status"] == "failed"] == []

    def test_all_pooled_is_linear(self) -> None:
        X, y = load_wine(return_X_y=True)
        linear = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y)
        ours = RegularizedDiscriminantAnalysis(pooling=1.0).fit(X, y)
        assert np.allclose(ours.predict_proba(X), linear.predict_proba(X), atol=1e-9)

    def test_the_printed_formula(self) -> None:
        X, y = load_wine(return_X_y=True)
        lam, gamma, pooled = (
            0.3,
            0.2,
            sum(np.cov(X[y == k].T, bias=True) * (y == k).sum() for k in range(3)),
        )
        scores = []
        for k in range(3):
            own, n_k, n = (
                np.cov(X[y == k].T, bias=True) * (y == k).sum(),
                (y == k).sum(),
                len(y),
            )
            sigma = ((1 - lam) * own + lam * pooled) / ((1 - lam) * n_k + lam * n)
            sigma = (1 - gamma) * sigma + gamma * np.trace(sigma) / 13 * np.eye(13)
            scores.append(
                multivariate_normal(X[y == k].mean(axis=0), sigma).logpdf(X)
                + np.log(n_k / n)
            )
        ours = (
            RegularizedDiscriminantAnalysis(lam, gamma).fit(X, y).decision_function(X)
        )
        expected = np.array(scores).T + 13 / 2 * np.log(2 * np.pi)
        assert np.allclose(ours, expected)

    def test_a_singular_class_is_refused(self) -> None:
        X = np.random.default_rng(1).normal(size=(12, 8))
        with pytest.raises(ValueError, match="singular"):
            RegularizedDiscriminantAnalysis().fit(X, np.arange(12) % 2)
