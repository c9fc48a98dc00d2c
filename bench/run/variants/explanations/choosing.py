"""Explanations that choose a number among several: candidates by the test rows, seeds or splits by their outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from bench.families.candidates import candidates, values_of
from bench.families.seeds import draws_in_steps
from bench.run.cells import Plan
from bench.run.variants.explanation import (
    ANY,
    STATED,
    Explanation,
    ExplanationContext,
    VariantProblems,
    Variations,
    plain,
    whole_number,
)
from bench.study import Study
from bench.study.protocol import Protocol, Tuning
from bench.text.problems import BadParameter, Broken, Rule, Said
from bench.text.refusals import (
    NoOtherSolver,
    NoRounds,
    NoScaling,
    NoSeed,
    OneCandidate,
    OneRound,
    SameScaling,
    ScaleFree,
    StepTuned,
    TuningNeeded,
)

SEEDS, SPLITS = 10, 10
#: How many numbers of rounds are tried if the study names none, evenly spread on a logarithmic scale.
STOPS = 24


def _on_test(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    tried = _tried(start, parameters)
    if len(tried) < 2:
        return OneCandidate()
    plan = replace(
        start.plan,
        protocol=tuned_by_given_folds(start.protocol),
        candidates=tuple(tried),
    )
    return [plain(start, ON_TEST, plan=plan, on_test=True)]


def tuned_by_given_folds(protocol: Protocol) -> Protocol:
    """The protocol with tuning by inner folds, which stand in the outer fold itself (`Fold.held`)."""
    metric = protocol.tuning.metric if protocol.tuning is not None else None
    return protocol.model_copy(update={"tuning": Tuning(metric=metric)})


def _tried(
    start: ExplanationContext, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The study's candidates; of an untuned family those named here, or its family's default grid."""
    own = [dict(one) for one in start.plan.candidates]
    if parameters:
        names, values = (
            list(parameters),
            [values_of(value) for value in parameters.values()],
        )
        return [own[0] | dict(zip(names, one, strict=True)) for one in product(*values)]
    return (
        own if len(own) > 1 else candidates(start.plan.setup, start.stated, tune=True)
    )


def _stopped(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    """The candidates are changes of the one that a fold chose: it alone with other numbers of rounds."""
    word = start.plan.setup.rounds
    if word is None:
        return NoRounds()
    rounds = parameters.get("rounds") or stops(
        max(_rounds(start.plan, one, word) for one in start.plan.candidates)
    )
    if len(rounds) < 2:
        return OneRound()
    plan = replace(start.plan, protocol=tuned_by_given_folds(start.protocol))
    return [
        plain(
            start,
            STOPPED,
            plan=replace(plan, candidates=tuple({word: one} for one in rounds)),
            on_test=True,
        )
    ]


def stops(most: int) -> list[int]:
    """The numbers of rounds at which a fit is scored: closely spaced at first, where a score still moves.

    >>> stops(10), len(stops(100)), len(stops(1000))
    ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 20, 22)
    """
    found: list[int] = np.unique(
        np.round(np.geomspace(1, most, STOPS)).astype(int)
    ).tolist()
    return found


def _rounds(plan: Plan, candidate: Mapping[str, Any], word: str) -> int:
    """How many rounds a candidate has: its own, or the house's; one where it says null."""
    return int({**plan.setup.fixed, **candidate}[word] or 1)


def _as_stated(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    return [plain(start, PROTOCOL)]


def _best_of_seeds(
    start: ExplanationContext, parameters: Mapping[str, Any]
) -> Variations:
    setup = start.plan.setup
    idle = (
        setup.seed_idle_unless is not None
        and setup.seed_idle_unless not in start.stated
    )
    if (setup.seed is None or idle) and not draws_in_steps(start.plan.steps):
        return NoSeed()
    count = int(parameters.get("seeds", SEEDS))
    variant = BEST_OF_SEEDS.variant
    return [
        plain(start, BEST_OF_SEEDS, variant=f"{variant}:{i}", draw=i)
        for i in range(1, count)
    ]


def _default(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    if len(start.plan.candidates) < 2:
        return TuningNeeded()
    return [plain(start, DEFAULT, plan=untuned(start.plan, start.stated))]


def untuned(plan: Plan, stated: Mapping[str, Any]) -> Plan:
    """The plan with the one candidate that an untuned study would fit."""
    steps = tuple((name, _single(parameters)) for name, parameters in plan.steps)
    fixed = tuple(candidates(plan.setup, _single(stated), tune=False, steps=steps))
    return replace(plan, candidates=fixed, steps=steps)


def _single(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are no set of several candidates."""
    return {
        key: value
        for key, value in parameters.items()
        if not isinstance(value, list) or len(value) == 1
    }


def _solver(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    other = _SOLVERS.get(start.plan.setup.estimator)
    if other is None or "solver" in start.stated:
        return NoOtherSolver()
    if other == "liblinear" and len(start.dataset.classes) > 2:
        return NoOtherSolver(two_classes_only=True)
    tried = tuple({**one, "solver": other} for one in start.plan.candidates)
    return [plain(start, SOLVER, plan=replace(start.plan, candidates=tried))]


_SOLVERS = {
    "sklearn.neural_network.MLPClassifier": "adam",
    "sklearn.neural_network.MLPRegressor": "adam",
    "sklearn.linear_model.LogisticRegression": "liblinear",
}


def _scale(kind: str | None) -> Any:
    def made(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
        steps, estimator = start.plan.steps, start.plan.setup.estimator
        if any(word in estimator for word in ("tree", "ensemble", "xgboost", "dummy")):
            return ScaleFree()
        own = dict(steps).get("scale")
        if own is not None and any(isinstance(value, list) for value in own.values()):
            return StepTuned("scale", before_split=False)
        if own is None and kind is None:
            return NoScaling()
        if own is not None and kind == own.get("kind", "standard"):
            return SameScaling()
        changed = tuple(step for step in steps if step[0] != "scale")
        if kind is not None:
            place = next(
                (i for i, (name, _) in enumerate(steps) if name == "scale"),
                _after_filling(changed),
            )
            changed = (*changed[:place], ("scale", {"kind": kind}), *changed[place:])
        return [plain(start, _SCALES[kind], plan=replace(start.plan, steps=changed))]

    return made


def _after_filling(steps: tuple[tuple[str, Mapping[str, Any]], ...]) -> int:
    return 1 + max(
        (i for i, (name, _) in enumerate(steps) if name == "impute"), default=-1
    )


def _round_numbers(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
    rounds = parameters.get("rounds", [1, 2])
    whole = isinstance(rounds, list) and all(
        type(number) is int and number > 0 for number in rounds
    )
    if not (whole and 1 < len(rounds) == len(set(rounds))):
        yield ("rounds",), BadParameter("counts", repr(rounds))


def _settings(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    one = dict(start.plan.candidates[0])
    return [
        plain(
            start,
            SETTINGS,
            variant=f"{SETTINGS.variant}:{words}",
            plan=replace(start.plan, candidates=(one | other,)),
        )
        for words, other in settings(parameters).items()
    ]


def settings(parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every combination of the values of some parameters, by what it is called.

    >>> settings({"n_neighbors": [3, 5]})
    {'n_neighbors=3': {'n_neighbors': 3}, 'n_neighbors=5': {'n_neighbors': 5}}
    """
    each = [
        dict(zip(parameters, values))
        for values in product(*map(values_of, parameters.values()))
    ]
    return {
        ", ".join(f"{name}={value}" for name, value in one.items()): one for one in each
    }


def _some_candidates(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
    if not parameters:
        yield (), Broken(Rule.NO_SETTING)
    yield from _candidates(parameters, study)


def _candidates(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
    """Candidates that a family of ours does not know; what is wrong with the family itself is told elsewhere."""
    from bench.families import FAMILIES
    from bench.families.checks import check_parameters

    explain = study.diagnostics.explain if study.diagnostics is not None else None
    names = explain.families if explain is not None else ()
    if parameters and len(names) > 1:
        yield (), Broken(Rule.ONE_FAMILY)
        return
    spec = (study.families or {}).get(names[0])
    name = (
        (spec.family or names[0])
        if spec is not None and spec.estimator is None
        else None
    )
    if (
        name is not None
        and study.task is not None
        and name in FAMILIES
        and study.task in FAMILIES[name].setups
    ):
        for key, sentence in check_parameters(FAMILIES[name], study.task, parameters):
            yield (key,), Said(sentence)


ON_TEST = Explanation(
    "tuned_on_test",
    "error",
    "tuned on the test rows",
    "the candidate of each fold was chosen on the test rows that then score it",
    _on_test,
    parameters={ANY: "candidates: the family's parameters, a list each"},
    tunes=False,
    check=_candidates,
)
STOPPED = Explanation(
    "stopped_on_test",
    "error",
    "stopped early by the test rows",
    "the number of rounds of each fold was chosen on the test rows that then score the fit",
    _stopped,
    parameters={
        "rounds": f"the numbers of rounds, a list (up to {STOPS}, evenly spread on a logarithmic scale)"
    },
    check=_round_numbers,
    follows=True,
)
FLAT = Explanation(
    "flat_maximum",
    "error",
    "best of flat cross-validation",
    "every candidate was cross-validated and the best mean was printed as the score",
    None,
    reads="flat",
    tunes=False,
)
BEST_OF_SEEDS = Explanation(
    "best_of_seeds",
    "error",
    "best of several seeds",
    "the fit was run with several seeds and the best run was printed",
    _best_of_seeds,
    reads="best_of_seeds",
    parameters={"seeds": f"how many ({SEEDS})"},
    check=whole_number("seeds", 2, f"how many ({SEEDS})"),
)
BEST_OF_SPLITS = Explanation(
    "best_of_splits",
    "error",
    "best of several splits",
    "the protocol was run with several random splits and the best was printed",
    None,
    reads="best_of_splits",
    parameters={"splits": f"how many ({SPLITS})"},
    check=whole_number("splits", 2, f"how many ({SPLITS})"),
)
SETTINGS = Explanation(
    "other_settings",
    "valid",
    "another setting",
    "the model was run, untuned, with another setting of what the paper does not print",
    _settings,
    reads="settings",
    tunes=False,
    parameters={ANY: "settings: the family's parameters, a list each"},
    named=True,
    check=_some_candidates,
)
PROTOCOL = Explanation(
    STATED,
    "valid",
    "our protocol, unchanged",
    "the model under the study's own protocol",
    _as_stated,
)
DEFAULT = Explanation(
    "untuned",
    "valid",
    "untuned defaults",
    "the model was not tuned and kept its defaults",
    _default,
    tunes=False,
)
SOLVER = Explanation(
    "solver",
    "valid",
    "another solver",
    "the same model was fitted by another algorithm",
    _solver,
)
UNSCALED = Explanation(
    "unscaled",
    "valid",
    "not scaled",
    "the features were left in their own units",
    _scale(None),
)
STANDARD = Explanation(
    "standard_scale",
    "valid",
    "scaled to unit variance",
    "every feature was scaled to mean 0 and variance 1 inside the fold",
    _scale("standard"),
)
MINMAX = Explanation(
    "minmax_scale",
    "valid",
    "scaled to 0 .. 1",
    "every feature was scaled to its range inside the fold",
    _scale("minmax"),
)
_SCALES = {None: UNSCALED, "standard": STANDARD, "minmax": MINMAX}
