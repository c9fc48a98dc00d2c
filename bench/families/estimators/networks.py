"""Networks that PyTorch trains: a plain one, and TabM, many networks that share most of their weights.

Gorishniy, Rubachev, Khrulkov & Babenko (2021), Revisiting Deep Learning Models for Tabular Data, NeurIPS: the plain
network, whose layers are linear, then cut off at zero, with dropout; it is trained by AdamW and stopped early.
Gorishniy, Kotelnikov & Babenko (2025), TabM: Advancing Tabular Deep Learning with Parameter-Efficient Ensembling, ICLR:
in each hidden layer member i of k answers s_i * (W (r_i * x)) + b_i before the cut, with the common W and its own r_i,
s_i, b_i; the last layer is its own. What is minimised is the mean loss of the members, what is answered is the mean of
their answers. The first r_i are random signs, all other r_i and the s_i begin as ones, the b_i of a layer are equal.

All members see the same batches. Two things are ours: training ends by the loss of the mean answer on the rows set
aside, where the papers take the metric of their task (accuracy is coarse on a hundred rows), and the plain network's
gradient is cut as TabM's is.

A fit imports PyTorch, and nothing else does: what is fitted are arrays of NumPy. A fit sets PyTorch to one thread and
draws from its own seed alone, so the same rows give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from scipy.special import log_softmax, logsumexp
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

#: The largest norm that a gradient keeps; one row in so many is set aside; so many are predicted at a time.
LARGEST_GRADIENT, SET_ASIDE, CHUNK = 1.0, 5, 1024
#: Weights and bias of each layer, and r and s of a hidden one whose members are told apart.
Layers = Sequence[Sequence[Any]]


def forward(
    X: Any, layers: Layers, cut: Callable[[Any], Any] = lambda x: x.clip(min=0)
) -> Any:
    """(m, k, outputs) What k members answer on the rows X (m, p). Arrays of NumPy, or tensors."""
    x = X[:, None]
    for weights, bias, *scales in layers[:-1]:
        x = (x * scales[0]) @ weights * scales[1] if scales else x @ weights
        x = cut(x + bias)
    weights, bias = layers[-1]
    return (x.swapaxes(0, 1) @ weights).swapaxes(0, 1) + bias


_COUNT = Interval(Integral, 1, None, closed="left")
_SHARE = Interval(Real, 0, 1, closed="left")


class _Network(BaseEstimator):
    """A network of fully connected layers. A fifth of the training rows, the same share of each class, is set aside.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int
        Units, layer by layer.
    dropout : float
        The share of units that each step of the training leaves out at random.
    learning_rate_init, weight_decay : float
        Of AdamW. Biases do not decay.
    batch_size, max_iter : int
        Rows of a step, and the most rounds through the training rows.
    n_iter_no_change : int
        Rounds without a smaller loss on the rows set aside after which the fit ends. It keeps the weights of the best.
    n_members : int, optional
        How many networks share their weights (TabM). None is one plain network.
    random_state : int, optional
        The seed.
    """

    _loss: Callable[
        [Any, Any], Any
    ]  # of answers (m, outputs) and the target (m,), as tensors
    _mean: Callable[
        [np.ndarray], np.ndarray
    ]  # of the members (m, k, outputs): (m, outputs)
    _outputs = 1

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "hidden_layer_sizes": [list, tuple],
        "batch_size": [_COUNT],
        "max_iter": [_COUNT],
        "n_iter_no_change": [_COUNT],
        "n_members": [_COUNT, None],
        "dropout": [_SHARE],
        "learning_rate_init": [_SHARE],
        "weight_decay": [_SHARE],
    }

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (64, 64),
        dropout: float = 0.1,
        learning_rate_init: float = 0.002,
        weight_decay: float = 0.0003,
        batch_size: int = 128,
        max_iter: int = 200,
        n_iter_no_change: int = 16,
        n_members: int | None = None,
        random_state: int | None = None,
    ) -> None:
        self.hidden_layer_sizes, self.dropout = hidden_layer_sizes, dropout
        self.learning_rate_init, self.weight_decay, self.batch_size = (
            learning_rate_init,
            weight_decay,
            batch_size,
        )
        self.max_iter, self.n_iter_no_change = max_iter, n_iter_no_change
        self.n_members, self.random_state = n_members, random_state

    def fit(self, X: Any, y: Any) -> Any:
        """Train on the rows X (n, p) and the target y (n,). Raises `ValueError` for a parameter out of range."""
        self._validate_params()
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        if len(y) < SET_ASIDE:
            raise ValueError(
                f"n_samples = {len(y)}, and one in {SET_ASIDE} is set aside; expected {SET_ASIDE} or more"
            )
        random = check_random_state(self.random_state)
        self._train(
            X.astype(np.float32), self._coded(column_or_1d(y, warn=True)), random
        )
        return self

    def _coded(self, y: np.ndarray) -> np.ndarray:
        return y.astype(np.float32)

    def _start(
        self, inputs: int, random: np.random.RandomState
    ) -> Iterator[list[np.ndarray]]:
        """The layers before any training."""
        for place, units in enumerate(self.hidden_layer_sizes):
            layer = [
                _uniform(random, inputs, inputs, units),
                _uniform(random, inputs, units),
            ]
            if k := self.n_members:
                r = (
                    random.choice([-1.0, 1.0], (k, inputs))
                    if place == 0
                    else np.ones((k, inputs))
                )
                layer = [layer[0], np.tile(layer[1], (k, 1)), r, np.ones((k, units))]
            yield layer
            inputs = units
        shape = (self.n_members or 1, inputs, self._outputs)
        yield [_uniform(random, inputs, *shape), _uniform(random, inputs, *shape[::2])]

    def _train(
        self, X: np.ndarray, y: np.ndarray, random: np.random.RandomState
    ) -> None:
        """Set `layers_` to those of the round, of `n_iter_`, after which the loss on rows set aside was smallest."""
        import torch

        torch.set_num_threads(1)
        order = random.permutation(len(y))
        if isinstance(self, ClassifierMixin):
            order = order[np.argsort(y[order], kind="stable")]
        train, held = (
            order[(np.arange(len(y)) % SET_ASIDE == SET_ASIDE - 1) == aside]
            for aside in (False, True)
        )
        start = self._start(X.shape[1], random)
        layers = [
            [
                torch.tensor(one, dtype=torch.float32, requires_grad=True)
                for one in layer
            ]
            for layer in start
        ]
        biases, others = (
            [layer[1] for layer in layers],
            [one for layer in layers for one in (layer[0], *layer[2:])],
        )
        groups: list[dict[str, Any]] = [
            {"params": others},
            {"params": biases, "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(
            groups, lr=self.learning_rate_init, weight_decay=self.weight_decay
        )
        generator = torch.Generator().manual_seed(random.randint(2**31 - 1))

        def cut(x: Any) -> Any:
            """The negative ones become 0, and a random share of all; the others count more in exchange."""
            stay = torch.rand(x.shape, generator=generator) >= self.dropout
            return x.relu() * (stay / (1 - self.dropout))

        best, best_round = np.inf, 0
        for number in range(1, self.max_iter + 1):
            train = random.permutation(train)
            for rows in np.split(
                train, range(self.batch_size, len(train), self.batch_size)
            ):
                said = forward(torch.from_numpy(X[rows]), layers, cut)
                optimizer.zero_grad()
                self._loss(
                    said.flatten(0, 1),
                    torch.from_numpy(y[rows]).repeat_interleave(said.shape[1]),
                ).backward()
                torch.nn.utils.clip_grad_norm_([*others, *biases], LARGEST_GRADIENT)
                optimizer.step()
            now = [
                [one.detach().numpy().astype(np.float64) for one in layer]
                for layer in layers
            ]
            loss = float(
                self._loss(
                    torch.from_numpy(self._said(X[held], now)),
                    torch.from_numpy(y[held]),
                )
            )
            if loss < best:
                best, best_round, self.layers_ = loss, number, now
            elif number - best_round >= self.n_iter_no_change:
                break
        self.n_iter_ = number
        if not np.isfinite(best):
            raise ValueError(
                "the loss is no finite number; are features and target on a common scale?"
            )

    def _said(self, X: np.ndarray, layers: Layers) -> np.ndarray:
        return np.concatenate(
            [
                self._mean(forward(X[at : at + CHUNK], layers))
                for at in range(0, len(X), CHUNK)
            ]
        )

    def _answers(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        return self._said(
            validate_data(self, X, reset=False, dtype=np.float64), self.layers_
        )


class NetworkClassifier(ClassifierMixin, _Network):
    __doc__ = _Network.__doc__

    def _coded(self, y: np.ndarray) -> np.ndarray:
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        self._outputs = len(self.classes_)
        return codes

    def _loss(self, said: Any, truth: Any) -> Any:
        from torch.nn.functional import cross_entropy

        return cross_entropy(said, truth)

    def _mean(self, said: np.ndarray) -> np.ndarray:
        """The logarithm of the mean probability."""
        return np.asarray(
            logsumexp(log_softmax(said, axis=2), axis=1) - np.log(said.shape[1])
        )

    def predict_proba(self, X: Any) -> np.ndarray:
        """(m, classes) The mean of the members' probabilities."""
        return np.asarray(np.exp(self._answers(X)))

    def predict(self, X: Any) -> np.ndarray:
        """(m,) The most probable class of each row."""
        codes = self._answers(X).argmax(axis=1)
        return np.asarray(self.classes_[codes])


class NetworkRegressor(RegressorMixin, _Network):
    __doc__ = _Network.__doc__

    def _loss(self, said: Any, truth: Any) -> Any:
        return ((said[:, 0] - truth) ** 2).mean()

    def _mean(self, said: np.ndarray) -> np.ndarray:
        return np.asarray(said.mean(axis=1))

    def predict(self, X: Any) -> np.ndarray:
        """(m,) The mean of the members' numbers."""
        return self._answers(X)[:, 0]


def _uniform(random: np.random.RandomState, inputs: int, *shape: int) -> np.ndarray:
    """Draws within one over the root of the inputs."""
    return random.uniform(-(inputs**-0.5), inputs**-0.5, shape)
