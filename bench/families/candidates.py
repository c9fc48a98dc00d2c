"""Candidates: which parameter sets are tried, from what a study states and what a family does by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

from bench.core.errors import UsageError
from bench.core.outcomes import Statement, fixed
from bench.families.family import Setup, imported

#: A full grid larger than this is refused.
GRID_LIMIT = 2_000

EmptyList = fixed(
    "problem.empty_list",
    "an empty list has no candidate; give a value, or remove the key",
)
NothingTuned = fixed(
    "problem.nothing_tuned",
    "a list is a set of candidates, but nothing is tuned here; give one value, or tune",
)


class TooManyCandidates(
    Statement,
    code="problem.too_many_candidates",
    says="{total} candidates are more than {limit}; list fewer",
):
    total: int
    limit: int


def candidates(
    setup: Setup,
    stated: Mapping[str, Any],
    *,
    tune: bool,
    steps: Iterable[tuple[str, Mapping[str, Any]]] = (),
) -> list[dict[str, Any]]:
    """The candidates as flat parameter sets, complete but for `setup.fixed`, in a fixed order.

    A scalar that the study states is fixed, a list is a set of candidates (a list of lists where a value is a list; a
    list of one is fixed). When it lists any, only those are tried; when it lists none, the family's grid is, without
    the parameters that the study fixes. Untuned: one candidate, `alone` and what is stated. `steps` adds the lists that
    stand in the steps, as "select.k". The last parameter varies fastest. Raises `UsageError` where
    `check_candidates` finds a mistake.
    """
    everything = listed_in_steps(steps) | dict(stated)
    for key, mistake in check_candidates(setup, everything, tune=tune):
        raise UsageError(f"{key}: {mistake}" if key else str(mistake))
    fixed, varied = _varied(setup, everything, tune)
    names, sizes = list(varied), [len(values) for values in varied.values()]
    return [
        fixed | {k: varied[k][i] for k, i in zip(names, _digits(n, sizes), strict=True)}
        for n in range(prod(sizes))
    ]


def how_many(
    setup: Setup,
    stated: Mapping[str, Any],
    steps: Iterable[tuple[str, Mapping[str, Any]]] = (),
) -> int:
    """How many candidates there are where nothing limits them: the size of the grid."""
    return prod(
        len(values)
        for values in _varied(setup, listed_in_steps(steps) | dict(stated), True)[
            1
        ].values()
    )


def check_candidates(
    setup: Setup, stated: Mapping[str, Any], *, tune: bool
) -> list[tuple[str, Statement]]:
    """Mistakes in what a study states, by key: lists without tuning, empty lists, too many candidates."""
    found: list[tuple[str, Statement]] = []
    for key, value in stated.items():
        if isinstance(value, list) and not value:
            found.append((key, EmptyList()))
        elif isinstance(value, list) and len(value) > 1 and not tune:
            found.append((key, NothingTuned()))
    if found or not tune:
        return found
    total = prod(len(values) for values in _varied(setup, stated, tune)[1].values())
    if total > GRID_LIMIT:
        found.append(("", TooManyCandidates(total, GRID_LIMIT)))
    return found


def listed_in_steps(
    steps: Iterable[tuple[str, Mapping[str, Any]]],
) -> dict[str, list[Any]]:
    """The lists that stand in steps, by flat name.

    >>> listed_in_steps([("impute", {}), ("select", {"k": [5, 10]})])
    {'select.k': [5, 10]}
    """
    return {
        f"{name}.{key}": value
        for name, parameters in steps
        for key, value in parameters.items()
        if isinstance(value, list)
    }


def values_of(value: Any) -> list[Any]:
    """The values that a stated parameter may take: a list's entries, or the scalar itself; inner lists as tuples."""
    return [
        tuple(one) if isinstance(one, list) else one
        for one in (value if isinstance(value, list) else [value])
    ]


def _varied(
    setup: Setup, stated: Mapping[str, Any], tune: bool
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """What every candidate holds, and the values of what varies, in the order of the study or of the grid."""
    values = {key: values_of(value) for key, value in stated.items()}
    single = {key: listed[0] for key, listed in values.items() if len(listed) == 1}
    varied = {key: listed for key, listed in values.items() if len(listed) != 1}
    if tune and not varied:
        varied = {
            key: list(listed) for key, listed in setup.grid.items() if key not in stated
        }
    fixed = {
        key: value
        for key, value in (dict(setup.alone) | single).items()
        if key not in varied
    }
    return fixed, varied


def _digits(number: int, sizes: list[int]) -> list[int]:
    """The positions that a candidate's number stands for; the last one varies fastest."""
    digits: list[int] = []
    for size in reversed(sizes):
        number, digit = divmod(number, size)
        digits.insert(0, digit)
    return digits


def setup_of_path(path: str) -> Setup:
    """The setup of any other estimator by its import path: one thread, seeded where it can be, no grid.

    The path must have passed `bench.families.checks.check_estimator_path`, which is what asks for trust.
    """
    from sklearn.base import is_regressor

    estimator = imported(path)()
    parameters = estimator.get_params(deep=False)
    answers = [
        name
        for name in ("predict_proba", "decision_function")
        if hasattr(estimator, name)
    ]
    output: Any = (
        {"predict_proba": "p", "decision_function": "decision"}[answers[0]]
        if answers
        else "label"
    )
    return Setup(
        estimator=path,
        fixed={"n_jobs": 1} if _has_threads(path, parameters) else {},
        seed="random_state"
        if parameters.get("random_state", "deprecated") != "deprecated"
        else None,
        output="value" if is_regressor(estimator) else output,
    )


def _has_threads(path: str, parameters: Mapping[str, Any]) -> bool:
    """Whether one thread must be asked for. None is one thread in scikit-learn, where some `n_jobs` are deprecated."""
    one_by_default = path.startswith("sklearn.") and parameters.get("n_jobs", 1) is None
    return "n_jobs" in parameters and not one_by_default
