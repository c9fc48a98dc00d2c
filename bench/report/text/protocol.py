"""A protocol in plain words, as clauses of sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bench.study.models import Study
from bench.study.protocol import (
    FixedSplit,
    GivenFolds,
    GroupKFold,
    Holdout,
    HowOften,
    KFold,
    LeaveOneOut,
    PilotRepeats,
    Protocol,
    TimeOrdered,
    Tuning,
)
from bench.text import formats


def resampling_words(
    protocol: Protocol, task: str | None, ran: Sequence[int] = ()
) -> str:
    """The outer protocol as a clause: `5 repeats of stratified 10-fold cross-validation`.

    ran: where a pilot decides how many repeats there are, the numbers that were run, each of a dataset.
    """
    kind, again = protocol.resampling, partial(_spelled, ran=ran)
    match kind:
        case LeaveOneOut():
            return "leave-one-out"
        case KFold() | GroupKFold():
            stratified = task == "classification" and kind.stratifies
            name = f"{'stratified ' * stratified}{kind.folds}-fold cross-validation"
            name += " by group" * kind.keeps_groups
            if kind.repeats == 1:
                return name
            return f"{again(kind.repeats)} repeats of {name}"
        case Holdout():
            share = f"{100 * kind.test_size:g}{formats.THIN}%"
            return (
                f"{_splits(kind.repeats, again)} with {share} of the rows for testing"
            )
        case FixedSplit():
            return "one fixed split, as published" + _runs(kind.repeats, again)
        case GivenFolds():
            return f"folds given by column “{kind.column}”" + _runs(kind.repeats, again)
        case TimeOrdered():
            return f"{formats.plural(kind.folds, 'time-ordered fold')}: trained on the past, tested on the next block"
    raise AssertionError(f"no words for {kind.kind}")


def outer_words(study: Study, dataset: str, ran: Sequence[int] = ()) -> str:
    """The outer protocol of a dataset as a clause; every draw of a simulation goes through it anew. `ran`: as above."""
    protocol = study.protocol_of(dataset)
    assert protocol is not None
    draws = _draws(study, dataset)
    if draws == 1:
        return resampling_words(protocol, study.task, ran)
    if protocol.resampling.fixed:
        return f"{draws} draws, each with training and test rows of its own"
    return f"{resampling_words(protocol, study.task, ran)} of each of {draws} draws"


def _draws(study: Study, dataset: str) -> int:
    return int(study.datasets[dataset].source.parameters.get("draws", 1))


def _runs(repeats: HowOften, spelled: Callable[[HowOften], str]) -> str:
    return "" if repeats == 1 else f", {spelled(repeats)} runs with new seeds"


def _splits(repeats: HowOften, spelled: Callable[[HowOften], str]) -> str:
    if isinstance(repeats, PilotRepeats):
        return f"{spelled(repeats)} random hold-out splits"
    return formats.plural(repeats, "random hold-out split")


def _spelled(repeats: HowOften, ran: Sequence[int]) -> str:
    """A number of repeats; of a pilot those that were run, or before the run what they may be: `100 to 300`."""
    if not isinstance(repeats, PilotRepeats):
        return formats.spelled(repeats)
    least, most = (min(ran), max(ran)) if ran else (repeats.pilot, repeats.at_most)
    if least == most:
        return formats.count(least)
    if not ran:
        return f"{formats.count(least)} to {formats.count(most)}"
    numbers = sorted(set(ran))
    said = (
        f"{least} or {most}"
        if len(numbers) == 2
        else f"{formats.count(least)} to {formats.count(most)}"
    )
    return f"{said} (depending on the dataset)"


#: More models than this are counted, not named.
MOST_NAMED = 4


def tuning_words(
    tuning: Tuning | None, tuned: Sequence[str], others: Sequence[str]
) -> str:
    """Which models are `tuned`, and how their candidates are chosen, as a clause; `others`: those that are not.

    >>> tuning_words(Tuning(folds=5), ["RDA"], ["LDA", "QDA"])
    '1 of 3 models is tuned by 5-fold cross-validation in each training set: RDA'
    >>> tuning_words(Tuning(by="oob"), ["Forest"], []), tuning_words(None, [], ["LDA"])
    ('the model is tuned by the out-of-bag score', 'nothing is tuned')
    """
    if tuning is None or not tuned:
        return "nothing is tuned"
    if others:
        who = f"{len(tuned)} of {len(tuned) + len(others)} models {'is' if len(tuned) == 1 else 'are'}"
    else:
        who = (
            "the model is"
            if len(tuned) == 1
            else "both models are"
            if len(tuned) == 2
            else "all models are"
        )
    return f"{who} tuned {_chosen(tuning)}{_names(tuned, others)}"


def _chosen(tuning: Tuning) -> str:
    if tuning.by == "oob":
        return "by the out-of-bag score"
    return f"by {tuning.folds}-fold cross-validation in each training set"


def _names(tuned: Sequence[str], others: Sequence[str]) -> str:
    """Those that are tuned, or all but the others; nothing where all are, or both are many."""
    if not others:
        return ""
    if len(tuned) <= MOST_NAMED:
        return f": {formats.listed(list(tuned))}"
    return (
        f": all but {formats.listed(list(others))}" if len(others) <= MOST_NAMED else ""
    )
