"""Discriminant analysis: what the classes' rows say is computed once, every shrinkage and every `reg_param` from it.

Linear, solver "lsqr": the means and covariances of the classes are shared, and each shrinkage is solved by the least
squares that scikit-learn uses. If only labels are asked for, one eigendecomposition serves all shrinkages: their scores
are off by rounding, so it labels only where no row is nearer to a border than rounding could be. Quadratic, solver
"svd": one decomposition a class serves all. All answers are equal bit by bit, as long as scikit-learn computes them by
the same steps: `linear_agrees` and `quadratic_agrees` tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer

_EPS = float(np.finfo(np.float64).eps)
#: Numbers (of 8 bytes) that the covariances of all classes may hold: 128 MB.
_LARGEST = 2**24


def linear_answers(
    estimators: Sequence[Any], lesson: Lesson
) -> list[ShortcutAnswer | None]:
    """As `Shortcut.answers`, for `LinearDiscriminantAnalysis(solver="lsqr")` with a number or None as shrinkage."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    served = [
        _linear_is_served(estimator, LinearDiscriminantAnalysis)
        for estimator in estimators
    ]
    if not any(served) or not _plain_data(lesson):
        return [None] * len(estimators)
    counts = np.bincount(lesson.y)
    parts = _rows_by_class(lesson)
    means = (
        np.array([rows.cumsum(axis=0)[-1] for rows in parts]) / counts[:, np.newaxis]
    )  # row after row, as there
    covariances = np.array([np.atleast_2d(np.cov(rows.T, bias=True)) for rows in parts])
    priors = counts / float(len(lesson.y))
    numbers = [number for number, ok in enumerate(served) if ok]
    shrinkages = [estimators[number].shrinkage for number in numbers]
    labels: list[np.ndarray | None] = [None] * len(numbers)
    if lesson.wanted == ("label",):
        with np.errstate(all="ignore"):  # what is not finite is not sure
            labels = _sure_labels(
                _shrunk(covariances, priors, None),
                shrinkages,
                means,
                priors,
                lesson.held,
            )
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    for number, shrinkage, label in zip(numbers, shrinkages, labels):
        if label is not None:
            found[number] = {"label": label}
        else:
            found[number] = _linear(
                _shrunk(covariances, priors, shrinkage), means, priors, lesson
            )
    return found


def _shrunk(
    covariances: np.ndarray, priors: np.ndarray, shrinkage: float | None
) -> np.ndarray:
    """The classes' covariances (k, p, p), each drawn towards a ball of its own size, weighted into one (p, p)."""
    if shrinkage is not None:
        size, places = covariances.shape[1], np.arange(covariances.shape[1])
        spreads = np.array([np.trace(covariance) / size for covariance in covariances])
        covariances = (1.0 - shrinkage) * covariances
        covariances[:, places, places] += shrinkage * spreads[:, np.newaxis]
    result: np.ndarray = np.add.reduce(priors[:, np.newaxis, np.newaxis] * covariances)
    return result


def _sure_labels(
    covariance: np.ndarray,
    shrinkages: Sequence[float | None],
    means: np.ndarray,
    priors: np.ndarray,
    held: np.ndarray,
) -> list[np.ndarray | None]:
    """For each shrinkage s the labels (m,) by (1 - s) S + s m I, all from one eigendecomposition of S.

    None where two classes of a row score so alike that rounding might have changed their order.
    """
    size, shares = (
        len(covariance),
        np.array([s or 0.0 for s in shrinkages])[:, np.newaxis],
    )
    values, vectors = np.linalg.eigh(covariance)
    spectra = (1 - shares) * values + shares * values.mean()
    regular = spectra.min(axis=1) > _EPS * spectra.max(axis=1)
    spectra[~regular] = 1.0
    coefs = vectors @ ((vectors.T @ means.T) / spectra[:, :, np.newaxis])
    intercepts = np.log(priors) - 0.5 * (means.T * coefs).sum(axis=1)
    scores = held @ coefs + intercepts[:, np.newaxis]
    best = np.partition(scores, -2, axis=2)
    margins = (best[:, :, -1] - best[:, :, -2]).min(axis=1)
    # the usual bound, condition x eps x size of the terms, with room for the number of terms and a factor of 100
    lengths = np.linalg.norm(held, axis=1).max() + np.linalg.norm(means, axis=1).max()
    terms = lengths * np.linalg.norm(coefs, axis=1).max(axis=1) - np.log(priors.min())
    off = 100 * size * _EPS * spectra.max(axis=1) / spectra.min(axis=1) * terms
    return [
        label if ok else None
        for label, ok in zip(scores.argmax(axis=2), regular & (margins > off))
    ]


def _linear(
    covariance: np.ndarray, means: np.ndarray, priors: np.ndarray, lesson: Lesson
) -> ShortcutAnswer:
    from scipy.linalg import lstsq
    from scipy.special import expit

    coef = lstsq(covariance, means.T, check_finite=False)[0].T
    intercept = -0.5 * np.diag(np.dot(means, coef.T)) + np.log(priors)
    two = len(priors) == 2
    if two:
        coef, intercept = (
            (coef[1] - coef[0]).reshape(1, -1),
            (intercept[1] - intercept[0]).reshape(1),
        )
    scores = lesson.held @ coef.T + intercept
    answer: ShortcutAnswer = {}
    if two:
        scores = scores.reshape(-1)
    if "label" in lesson.wanted:
        answer["label"] = (
            (scores > 0).astype(np.int64) if two else scores.argmax(axis=1)
        )
    if "decision" in lesson.wanted:
        answer["decision"] = scores
    if "p" in lesson.wanted:
        answer["p"] = (
            np.stack([1 - expit(scores), expit(scores)], axis=1)
            if two
            else _softmax(scores)
        )
    return answer


def _softmax(scores: np.ndarray) -> np.ndarray:
    p = np.exp(scores - scores.max(axis=1)[:, np.newaxis])
    p /= p.sum(axis=1)[:, np.newaxis]
    result: np.ndarray = p
    return result


def quadratic_answers(
    estimators: Sequence[Any], lesson: Lesson
) -> list[ShortcutAnswer | None]:
    """As `Shortcut.answers`, for `QuadraticDiscriminantAnalysis(solver="svd")`.

    None where a class's covariance is not of full rank: scikit-learn refuses that, in its own words.
    """
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    served = [
        _quadratic_is_served(estimator, QuadraticDiscriminantAnalysis)
        for estimator in estimators
    ]
    if not any(served) or not _plain_data(lesson):
        return [None] * len(estimators)
    counts = np.bincount(lesson.y)
    centred, spreads, rotations = [], [], []
    for rows in _rows_by_class(lesson):
        mean = rows.mean(0)
        _, singular, turned = np.linalg.svd(rows - mean, full_matrices=False)
        centred.append(lesson.held - mean)
        spreads.append((singular**2) / len(rows))
        rotations.append(turned.T)
    log_priors = np.log(counts / float(len(lesson.y)))
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    for number in np.flatnonzero(served).tolist():
        reg, tol = estimators[number].reg_param, estimators[number].tol
        scalings = [((1 - reg) * spread) + reg for spread in spreads]
        if all(np.sum(scaling > tol) == lesson.X.shape[1] for scaling in scalings):
            found[number] = _quadratic(centred, scalings, rotations, log_priors, lesson)
    return found


def _quadratic(
    centred: list[np.ndarray],
    scalings: list[np.ndarray],
    rotations: list[np.ndarray],
    log_priors: np.ndarray,
    lesson: Lesson,
) -> ShortcutAnswer:
    turned = [
        np.dot(rows, R * (S ** (-0.5)))
        for rows, R, S in zip(centred, rotations, scalings)
    ]
    distances = np.array([np.sum(rows**2, axis=1) for rows in turned]).T
    scores = (
        -0.5 * (distances + np.asarray([np.sum(np.log(S)) for S in scalings]))
        + log_priors
    )
    answer: ShortcutAnswer = {}
    if "label" in lesson.wanted:
        answer["label"] = scores.argmax(axis=1)
    if "decision" in lesson.wanted:
        answer["decision"] = (
            scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores
        )
    if "p" in lesson.wanted:
        likelihood = scores - scores.max(axis=1)[:, np.newaxis]
        answer["p"] = np.exp(
            likelihood - np.log(np.exp(likelihood).sum(axis=1)[:, np.newaxis])
        )
    return answer


def _linear_is_served(estimator: Any, kind: type) -> bool:
    if type(estimator) is not kind:
        return False
    given = vars(
        estimator
    )  # of an unfitted estimator its parameters alone, sooner than get_params()
    usual = vars(kind()) | {"solver": "lsqr", "shrinkage": given["shrinkage"]}
    shrinkage = given["shrinkage"]
    return _same(given, usual) and (
        shrinkage is None or (_real(shrinkage) and 0 <= shrinkage <= 1)
    )


def _quadratic_is_served(estimator: Any, kind: type) -> bool:
    if type(estimator) is not kind:
        return False
    given = vars(estimator)
    reg_param, tol = given["reg_param"], given["tol"]
    usual = vars(kind()) | {"solver": "svd", "reg_param": reg_param, "tol": tol}
    return (
        _same(given, usual)
        and _real(reg_param)
        and 0 <= reg_param <= 1
        and _real(tol)
        and tol >= 0
    )


def _same(given: dict[str, Any], usual: dict[str, Any]) -> bool:
    return given.keys() == usual.keys() and all(
        type(value) is type(usual[name]) and value == usual[name]
        for name, value in given.items()
    )


def _real(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


def _plain_data(lesson: Lesson) -> bool:
    """Two classes or more, each of two rows or more, not so many that scikit-learn asks whether it is a regression.

    And few enough features to keep all classes' covariances.
    """
    counts = np.bincount(lesson.y)
    known = set(lesson.wanted) <= {"label", "p", "decision"}
    plain = (
        len(counts) >= 2 and int(counts.min()) >= 2 and 2 * len(counts) < len(lesson.y)
    )
    return known and plain and len(counts) * lesson.X.shape[1] ** 2 <= _LARGEST


def _rows_by_class(lesson: Lesson) -> list[np.ndarray]:
    return [lesson.X[lesson.y == code] for code in range(int(lesson.y.max()) + 1)]


def linear_agrees() -> bool:
    """Whether the linear one's answers equal those of scikit-learn's own fits, bit by bit, on small data."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    kinds = [
        LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage)
        for shrinkage in (None, 0.0, 0.1, 1.0)
    ]
    return _agree(linear_answers, kinds)


def quadratic_agrees() -> bool:
    """Whether the quadratic one's answers equal those of scikit-learn's own fits, bit by bit, on small data."""
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    return _agree(
        quadratic_answers,
        [QuadraticDiscriminantAnalysis(reg_param=reg) for reg in (0.0, 0.1, 1.0)],
    )


def _agree(
    serve: Callable[[Sequence[Any], Lesson], list[ShortcutAnswer | None]],
    estimators: list[Any],
) -> bool:
    from sklearn.base import clone

    random = np.random.default_rng(0)
    for size, classes in ((1, 2), (9, 2), (6, 3), (4, 9)):
        y = np.arange(120) % classes
        X = random.normal(size=(120, size)) + y[:, np.newaxis] / 3
        full, quick = (
            Lesson(X, y, X[:31] * 1.5, wanted)
            for wanted in (("label", "p", "decision"), ("label",))
        )
        for estimator, answer, label in zip(
            estimators, serve(estimators, full), serve(estimators, quick)
        ):
            own = clone(estimator).fit(X, y)
            said = (
                own.predict(full.held),
                own.predict_proba(full.held),
                own.decision_function(full.held),
            )
            if (
                answer is None
                or label is None
                or not np.array_equal(label["label"], said[0])
            ):
                return False
            if not all(
                np.array_equal(answer[name], theirs)
                for name, theirs in zip(full.wanted, said)
            ):
                return False
    return True


LINEAR = Shortcut(
    name="discriminant",
    estimators=("sklearn.discriminant_analysis.LinearDiscriminantAnalysis",),
    answers=linear_answers,
    self_test=linear_agrees,
)
QUADRATIC = Shortcut(
    name="discriminant_quadratic",
    estimators=("sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis",),
    answers=quadratic_answers,
    self_test=quadratic_agrees,
)
