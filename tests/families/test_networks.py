"""The networks of PyTorch against their papers' formulas, and the conventions of scikit-learn: `make test-torch`."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.preprocessing import scale
from sklearn.utils.estimator_checks import parametrize_with_checks

from bench.families import FAMILIES
from bench.families.checks import check_parameters
from bench.families.estimators.networks import (
    NetworkClassifier,
    NetworkRegressor,
    forward,
)

TORCH = find_spec("torch") is not None
needs_torch = pytest.mark.skipif(
    not TORCH, reason="torch is not installed; `make test-torch` has it"
)
MADE = [
    kind(n_members=k, max_iter=40)
    for kind in (NetworkClassifier, NetworkRegressor)
    for k in (None, 3)
]


@parametrize_with_checks(MADE if TORCH else [])
def test_scikit_learns_conventions(estimator: object, check: object) -> None:
    check(estimator)  # type: ignore[operator]


def table(n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(2)
    X = generator.normal(size=(n, 4))
    return X, scale(X[:, 0] * X[:, 1] + 0.3 * generator.normal(size=n))


def test_members_answer_as_the_paper_prints_it() -> None:
    """Member by member, s_i * (W (r_i * x)) + b_i, cut off at zero, and a last layer of its own."""
    generator = np.random.default_rng(1)
    k, (p, h, o) = 3, (4, 5, 2)
    W, b, r, s = (
        generator.normal(size=shape) for shape in ((p, h), (k, h), (k, p), (k, h))
    )
    head, end = generator.normal(size=(k, h, o)), generator.normal(size=(k, o))
    X = generator.normal(size=(7, p))
    for i in range(k):
        hidden = np.maximum(s[i] * ((r[i] * X) @ W) + b[i], 0)
        expected = hidden @ head[i] + end[i]
        np.testing.assert_allclose(
            forward(X, [(W, b, r, s), (head, end)])[:, i], expected
        )


def test_what_members_share_at_the_start() -> None:
    """Random signs first, ones in all other scales, one bias for all; last layers differ."""
    network = NetworkClassifier(hidden_layer_sizes=(8, 6), n_members=5)
    first, second, (head, end) = network._start(4, np.random.RandomState(0))
    for (weights, bias, r, s), shape in ((first, (4, 8)), (second, (8, 6))):
        assert (
            weights.shape == shape
            and r.shape == (5, shape[0])
            and s.shape == bias.shape == (5, shape[1])
        )
        assert (
            (s == 1).all()
            and (bias == bias[0]).all()
            and np.abs(weights).max() <= shape[0] ** -0.5
        )
    assert set(first[2].ravel()) == {-1, 1} and (second[2] == 1).all()
    assert (
        head.shape == (5, 6, 1)
        and end.shape == (5, 1)
        and len(np.unique(head)) == head.size
    )


@needs_torch
@pytest.mark.parametrize("members", [None, 4])
class TestFit:
    def test_the_same_bytes_twice_whatever_was_drawn_before(
        self, members: int | None
    ) -> None:
        import torch

        X, y = table()
        given = []
        for noise in (3, 4):
            torch.manual_seed(noise)
            torch.set_num_threads(noise)
            given.append(
                NetworkRegressor(n_members=members, random_state=1)
                .fit(X, y)
                .predict(X)
                .tobytes()
            )
        assert given[0] == given[1]
        assert (
            NetworkRegressor(n_members=members, random_state=2)
            .fit(X, y)
            .predict(X)
            .tobytes()
            != given[0]
        )

    def test_the_answer_is_the_mean_of_the_members(self, members: int | None) -> None:
        X, y = table()
        labels = np.array(["a", "b", "c"])[np.digitize(y, [-0.5, 0.5])]
        network = NetworkClassifier(n_members=members, random_state=1).fit(X, labels)
        said = np.exp(forward(X, network.layers_))
        assert said.shape == (120, members or 1, 3)
        np.testing.assert_allclose(
            network.predict_proba(X),
            (said / said.sum(axis=2, keepdims=True)).mean(axis=1),
        )
        numbers = NetworkRegressor(n_members=members, random_state=1).fit(X, y)
        np.testing.assert_allclose(
            numbers.predict(X), forward(X, numbers.layers_)[..., 0].mean(axis=1)
        )

    def test_rows_set_aside_end_the_fit_and_teach_nothing(
        self, members: int | None
    ) -> None:
        """On noise it ends long before the last round. Without patience nothing of the rows set aside is seen: other
        targets there give the same weights."""
        X, y = table()
        noise = np.random.default_rng(0).normal(size=120)
        assert (
            NetworkRegressor(n_members=members, random_state=1).fit(X, noise).n_iter_
            < 100
        )
        first = np.random.RandomState(1).permutation(120)
        other = y.copy()
        other[first[4::5]] += 9
        one, two = (
            NetworkRegressor(n_members=members, max_iter=1, random_state=1).fit(X, t)
            for t in (y, other)
        )
        assert one.predict(X).tobytes() == two.predict(X).tobytes()

    def test_it_learns_a_product(self, members: int | None) -> None:
        X, y = table(600)
        assert (
            NetworkRegressor(n_members=members, random_state=1)
            .fit(X[:400], y[:400])
            .score(X[400:], y[400:])
            > 0.6
        )


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("hidden_layer_sizes", 3, "must be an instance of 'list' or"),
        ("dropout", 1, "must be a float in the range [0.0, 1.0); got 1"),
        ("max_iter", 0.5, "must be an int in the range [1, inf); got 0.5"),
        ("n_members", 0, "must be an int in the range [1, inf) or None; got 0"),
    ],
)
def test_a_wrong_parameter_is_a_sentence_with_and_without_torch(
    key: str, value: object, said: str
) -> None:
    ((where, sentence),) = check_parameters(
        FAMILIES["tabm"], "classification", {key: value}
    )
    assert where == key and sentence.startswith(said)


def test_looking_at_a_family_imports_no_torch() -> None:
    code = (
        "import sys, bench.families.checks as checks; from bench.families import FAMILIES; "
        "path = FAMILIES['tabm'].setups['regression'].estimator; "
        "print(checks.check_estimator_path(path, 'regression'), 'torch' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[] False"
