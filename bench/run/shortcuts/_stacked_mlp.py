"""scikit-learn's multi-layer perceptron, trained for several penalties at once, bit by bit as its own `fit` does it.

Networks that differ only in `alpha` begin with the same weights and see the same batches, so their weights lie in one
stack and every step is one numpy call for all. The same products and sums happen in the same order as in
`sklearn.neural_network` (adam, no early stopping): matrix products of a stack are the same calls of BLAS, slice by
slice, and everything else is elementwise or a reduction along one axis. `agrees` compares the two bit by bit.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

#: What the last layer is: of several classes, of two, of a regression.
Output = Literal["softmax", "logistic", "identity"]

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class NetworkSettings:
    """The parameters of an estimator that all networks of a stack share; `batch_size` in rows, at most n."""

    hidden: tuple[int, ...]
    activation: str
    batch_size: int
    learning_rate_init: float
    max_iter: int
    random_state: int
    tol: float
    beta_1: float
    beta_2: float
    epsilon: float
    n_iter_no_change: int


@dataclass(frozen=True, eq=False)
class Network:
    """Weights (fan in, fan out) and biases (fan out,) by layer; whether it stopped before `max_iter` was reached."""

    coefs: list[np.ndarray]
    intercepts: list[np.ndarray]
    converged: bool

    @property
    def finite(self) -> bool:
        return all(
            bool(np.isfinite(part).all()) for part in (*self.coefs, *self.intercepts)
        )

    def outputs(self, X: np.ndarray, activation: str, output: Output) -> np.ndarray:
        """What the last layer says of the rows of X, (m, outputs)."""
        for coef, intercept in zip(self.coefs[:-1], self.intercepts[:-1]):
            X = X @ coef
            X += intercept
            _ACTIVATIONS[activation][0](X)
        X = X @ self.coefs[-1]
        X += self.intercepts[-1]
        _OUTPUTS[output](X)
        return X


def _relu(Z: np.ndarray) -> None:
    np.maximum(
        Z, np.zeros(Z.shape[-2:]), out=Z
    )  # twice as fast as against the number 0


def _relu_back(Z: np.ndarray, delta: np.ndarray) -> None:
    np.multiply(
        delta, Z != 0, out=delta
    )  # may leave -0.0 where scikit-learn has 0.0, which no later value tells


def _logistic(Z: np.ndarray) -> None:
    from scipy.special import expit

    expit(Z, out=Z)


def _logistic_back(Z: np.ndarray, delta: np.ndarray) -> None:
    delta *= Z
    delta *= 1 - Z


def _tanh(Z: np.ndarray) -> None:
    np.tanh(Z, out=Z)


def _tanh_back(Z: np.ndarray, delta: np.ndarray) -> None:
    delta *= 1 - Z**2


def _softmax(Z: np.ndarray) -> None:
    Z -= np.maximum.reduce(np.ascontiguousarray(np.moveaxis(Z, -1, 0)))[..., np.newaxis]
    np.exp(Z, out=Z)
    Z /= np.add.reduce(Z, axis=-1, keepdims=True)


def _identity(Z: np.ndarray) -> None:
    pass


#: An activation and the step back through it, both in place.
_ACTIVATIONS: dict[
    str, tuple[Callable[[np.ndarray], None], Callable[[np.ndarray, np.ndarray], None]]
] = {
    "relu": (_relu, _relu_back),
    "logistic": (_logistic, _logistic_back),
    "tanh": (_tanh, _tanh_back),
}
_OUTPUTS: dict[Output, Callable[[np.ndarray], None]] = {
    "softmax": _softmax,
    "logistic": _logistic,
    "identity": _identity,
}
#: The activations of hidden layers that are served.
ACTIVATIONS = tuple(_ACTIVATIONS)


class _Stack:
    """S networks in training: weights (S, P) with their gradients and adam's moments, and how each one comes along.

    number      (S,) which of the penalties each network has
    coefs       a view (S, fan in, fan out) of the weights for each layer; `intercepts` (S, fan out)
    work        (2, S, P), of which the first half holds the gradients of a batch
    """

    def __init__(
        self,
        units: Sequence[int],
        first: np.ndarray,
        alphas: Sequence[float],
        settings: NetworkSettings,
    ) -> None:
        self.units, self.settings, self.steps = units, settings, 0
        self.number = np.arange(len(alphas))
        self.alphas = np.array(alphas, dtype=np.float64)
        self.weights = np.tile(first, (len(alphas), 1))
        self.moments = np.zeros((2, *self.weights.shape))
        self.best = np.full(len(alphas), np.inf)
        self.worse = np.zeros(len(alphas), dtype=np.int64)
        betas = np.array([settings.beta_1, settings.beta_2])[:, np.newaxis, np.newaxis]
        self.decay, self.gain = betas, 1 - betas
        self._lay_out()

    def _lay_out(self) -> None:
        self.work = np.empty_like(self.moments)
        self.buffers: dict[int, _Buffers] = {}
        self.coefs, self.intercepts = self._parts(self.weights)
        self.coef_grads, self.intercept_grads = self._parts(self.work[0])

    def _parts(self, flat: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        shapes = list(pairwise(self.units))
        ends = np.cumsum([a * b for a, b in shapes] + list(self.units[1:])).tolist()
        cut = [flat[:, start:end] for start, end in pairwise([0, *ends])]
        return [part.reshape(-1, *shape) for part, shape in zip(cut, shapes)], cut[
            len(shapes) :
        ]

    def keep(self, which: np.ndarray) -> None:
        """Lets the other networks go."""
        self.number, self.alphas = self.number[which], self.alphas[which]
        self.weights, self.moments = (
            self.weights[which],
            np.ascontiguousarray(self.moments[:, which]),
        )
        self.best, self.worse = self.best[which], self.worse[which]
        self._lay_out()

    def network(self, place: int, converged: bool) -> Network:
        coefs, intercepts = (
            [part[place].copy() for part in parts]
            for parts in (self.coefs, self.intercepts)
        )
        return Network(coefs, intercepts, converged)

    def penalties(self, rows: int) -> np.ndarray:
        """What the squared weights add to the mean loss of a batch, (S,)."""
        flat = [coef.reshape(len(coef), -1) for coef in self.coefs]
        result: np.ndarray = (
            (0.5 * self.alphas) * sum(np.vecdot(coef, coef) for coef in flat) / rows
        )
        return result

    def update(self, rows: int) -> None:
        """One step of adam along the gradients of a batch, which are sums over its rows and not yet penalised."""
        gradient, scratch = self.work
        coefs = slice(0, sum(a * b for a, b in pairwise(self.units)))
        np.multiply(
            self.weights[:, coefs], self.alphas[:, np.newaxis], out=scratch[:, coefs]
        )
        gradient[:, coefs] += scratch[:, coefs]
        gradient /= rows
        np.multiply(gradient, gradient, out=scratch)
        self.moments *= self.decay
        self.work *= self.gain
        self.moments += self.work
        self.steps += 1
        settings = self.settings
        rate = settings.learning_rate_init * np.sqrt(1 - settings.beta_2**self.steps)
        rate /= 1 - settings.beta_1**self.steps
        np.sqrt(self.moments[1], out=scratch)
        scratch += settings.epsilon
        np.multiply(self.moments[0], -rate, out=gradient)
        gradient /= scratch
        self.weights += gradient

    def stopped(self, losses: np.ndarray) -> np.ndarray:
        """Which networks have converged, now that a round over all rows had these mean losses (S,)."""
        self.worse = np.where(losses > self.best - self.settings.tol, self.worse + 1, 0)
        self.best = np.minimum(losses, self.best)
        return self.worse > self.settings.n_iter_no_change


class _Buffers:
    """Arrays (S, rows, width) of each layer for batches of one size, filled anew by every batch."""

    def __init__(self, count: int, rows: int, units: Sequence[int]) -> None:
        self.values = [np.empty((count, rows, width)) for width in units[1:]]
        self.deltas = [
            np.empty((count, rows, width)) for width in units[1:-1]
        ] + self.values[-1:]
        #: Where the first class of each row stands in the flat last layer, and each network's first of S x k classes.
        self.starts = np.arange(count * rows).reshape(count, rows) * units[-1]
        self.classes = np.arange(count)[:, np.newaxis] * units[-1]


def fit(
    X: np.ndarray,
    y: np.ndarray,
    output: Output,
    settings: NetworkSettings,
    alphas: Sequence[float],
) -> list[Network]:
    """One network for each penalty, with the weights that `fit` of the estimator gives it.

    X (n, p) float64, C order; y (n,) codes of classes, or values for "identity". Raises `FloatingPointError` at the
    first overflow or invalid value: scikit-learn would warn there, in its own words.
    """
    random = np.random.RandomState(settings.random_state)
    units = (
        X.shape[1],
        *settings.hidden,
        int(y.max()) + 1 if output == "softmax" else 1,
    )
    stack = _Stack(
        units, _first_weights(units, settings.activation, random), alphas, settings
    )
    done: dict[int, Network] = {}
    order = np.arange(len(X))
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for epoch in range(1, settings.max_iter + 1):
            shuffled = np.arange(len(X))
            random.shuffle(shuffled)
            order = order[shuffled]
            stopped = stack.stopped(_round(stack, X, y, order, output))
            leaving = stopped if epoch < settings.max_iter else np.ones_like(stopped)
            if leaving.any():
                for place in np.flatnonzero(leaving).tolist():
                    done[int(stack.number[place])] = stack.network(
                        place, bool(stopped[place])
                    )
                if leaving.all():
                    break
                stack.keep(~leaving)
    return [done[number] for number in range(len(alphas))]


def _first_weights(
    units: Sequence[int], activation: str, random: np.random.RandomState
) -> np.ndarray:
    """Glorot's uniform weights, drawn layer by layer; all coefficients stand before all intercepts."""
    coefs, intercepts = [], []
    for fan_in, fan_out in pairwise(units):
        bound = np.sqrt((2.0 if activation == "logistic" else 6.0) / (fan_in + fan_out))
        coefs.append(random.uniform(-bound, bound, (fan_in, fan_out)).ravel())
        intercepts.append(random.uniform(-bound, bound, fan_out))
    return np.concatenate([*coefs, *intercepts])


def _round(
    stack: _Stack, X: np.ndarray, y: np.ndarray, order: np.ndarray, output: Output
) -> np.ndarray:
    """One pass over all rows in batches; the mean losses (S,)."""
    total: Any = 0.0
    for start in range(0, len(order), stack.settings.batch_size):
        batch = order[start : start + stack.settings.batch_size]
        total = total + _step(stack, X[batch], y[batch], output) * len(batch)
    result: np.ndarray = total / len(order)
    return result


def _step(stack: _Stack, X: np.ndarray, y: np.ndarray, output: Output) -> np.ndarray:
    """Forward, backward and an update for one batch; the penalised mean losses (S,) before the update."""
    activate, back = _ACTIVATIONS[stack.settings.activation]
    rows, last = len(X), len(stack.units) - 2
    if rows not in stack.buffers:
        stack.buffers[rows] = _Buffers(len(stack.number), rows, stack.units)
    buffers = stack.buffers[rows]
    inputs, values, deltas = [X, *buffers.values], buffers.values, buffers.deltas
    for layer in range(last + 1):
        np.matmul(inputs[layer], stack.coefs[layer], out=values[layer])
        values[layer] += stack.intercepts[layer][:, np.newaxis]
        if layer < last:
            activate(values[layer])
    _OUTPUTS[output](values[last])
    losses = _losses(buffers, y, output) + stack.penalties(rows)
    for layer in range(last, -1, -1):
        if layer < last:
            # with one output a product of matrices is one of numbers, which numpy multiplies five times as fast
            product = np.multiply if deltas[layer + 1].shape[-1] == 1 else np.matmul
            product(
                deltas[layer + 1],
                stack.coefs[layer + 1].transpose(0, 2, 1),
                out=deltas[layer],
            )
            back(values[layer], deltas[layer])
        np.matmul(
            inputs[layer].swapaxes(-1, -2), deltas[layer], out=stack.coef_grads[layer]
        )
        np.add.reduce(deltas[layer], axis=1, out=stack.intercept_grads[layer])
    stack.update(rows)
    result: np.ndarray = losses
    return result


def _losses(buffers: _Buffers, y: np.ndarray, output: Output) -> np.ndarray:
    """Mean losses (S,) of the last layer's values, which become their differences to the truth, in place."""
    from scipy.special import xlogy

    last = buffers.values[-1]
    count, rows, k = last.shape
    if output == "softmax":
        flat, at = last.reshape(-1), buffers.starts + y
        said = flat[at]
        flat[at] = said - 1.0
        logs = xlogy(1.0, np.minimum(np.maximum(said, _EPS), 1 - _EPS))
        sums = np.bincount(
            (buffers.classes + y).ravel(), weights=logs.ravel(), minlength=count * k
        )
        outcome: np.ndarray = -(sums.reshape(count, k) / rows).sum(axis=1)
        return outcome
    single = last[:, :, 0]
    if output == "logistic":
        said = np.minimum(np.maximum(single, _EPS), 1 - _EPS)
        logs = xlogy(1.0, np.where(y == 1, said, 1 - said))
        single -= y
        value: np.ndarray = -(logs.sum(axis=1) / rows)
        return value
    single -= y
    result: np.ndarray = 0.5 * ((single**2).sum(axis=1) / rows)
    return result


def agrees() -> bool:
    """Whether networks trained here equal the estimators' own, bit by bit, on small data of every kind.

    In two of the cases the networks converge one after the other.
    """
    random = np.random.default_rng(0)
    base = NetworkSettings((25,), "relu", 50, 0.01, 4, 3, 1e-4, 0.9, 0.999, 1e-8, 10)
    for output, n, p, settings in (
        ("softmax", 113, 13, replace(base, batch_size=113)),
        ("softmax", 120, 5, replace(base, hidden=(100,), n_iter_no_change=1, tol=0.2)),
        ("logistic", 110, 30, base),
        (
            "logistic",
            60,
            4,
            replace(
                base, hidden=(8, 5), activation="tanh", n_iter_no_change=1, tol=0.1
            ),
        ),
        ("identity", 110, 7, replace(base, hidden=(100,), learning_rate_init=0.001)),
        ("identity", 60, 3, replace(base, activation="logistic", batch_size=60)),
    ):
        X = random.normal(size=(n, p))
        k = 3 if p == 13 else 9
        y = (
            X[:, 0] + X[:, 1]
            if output == "identity"
            else np.arange(n) % (k if output == "softmax" else 2)
        )
        if not _same(X, y, output, settings, [1e-4, 0.1, 10.0]):  # type: ignore[arg-type]
            return False
    return True


def _same(
    X: np.ndarray,
    y: np.ndarray,
    output: Output,
    settings: NetworkSettings,
    alphas: list[float],
) -> bool:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    parameters = {
        name: value for name, value in vars(settings).items() if name != "hidden"
    }
    parameters["hidden_layer_sizes"] = settings.hidden
    for alpha, network in zip(alphas, fit(X, y, output, settings, alphas)):
        own = (MLPRegressor if output == "identity" else MLPClassifier)(
            alpha=alpha, **parameters
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            own.fit(X, y)
        if network.converged != (own.n_iter_ < settings.max_iter):
            return False
        answer = network.outputs(X, settings.activation, output)
        theirs = (
            own.predict_proba(X)[:, -answer.shape[1] :]
            if output != "identity"
            else own.predict(X)[:, np.newaxis]
        )
        pairs = zip(network.coefs + network.intercepts, own.coefs_ + own.intercepts_)
        if not np.array_equal(answer, theirs) or not all(
            np.array_equal(a, b) for a, b in pairs
        ):
            return False
    return True
