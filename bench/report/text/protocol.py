"""A protocol in plain words, as clauses of sentences."""

from __future__ import annotations

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


def resampling_words(protocol: Protocol, task: str | None) -> str:
    """The outer protocol as a clause: `5 repeats of stratified 10-fold cross-validation`."""
    kind = protocol.resampling
    match kind:
        case LeaveOneOut():
            return "leave-one-out"
        case KFold():
            stratified = task == "classification" and kind.stratify is not False
            name = f"{'stratified ' if stratified else ''}{kind.folds}-fold cross-validation"
            return name if kind.repeats == 1 else f"{_spelled(kind.repeats)} repeats of {name}"
        case GroupKFold():
            name = f"{kind.folds}-fold cross-validation by group"
            return name if kind.repeats == 1 else f"{_spelled(kind.repeats)} repeats of {name}"
        case Holdout():
            share = f"{100 * kind.test_size:g}{formats.THIN}%"
            return f"{_splits(kind.repeats)} with {share} of the rows for testing"
        case FixedSplit():
            return "one fixed split, as published" + _runs(kind.repeats)
        case GivenFolds():
            return f"folds given by column “{kind.column}”" + _runs(kind.repeats)
        case TimeOrdered():
            return f"{formats.plural(kind.folds, 'time-ordered fold')}: trained on the past, tested on the next block"
    raise AssertionError(f"no words for {kind.kind}")


def outer_words(study: Study, dataset: str) -> str:
    """The outer protocol of a dataset as a clause; every draw of a simulation goes through it anew."""
    protocol = study.protocol_of(dataset)
    assert protocol is not None
    draws = _draws(study, dataset)
    if draws == 1:
        return resampling_words(protocol, study.task)
    if isinstance(protocol.resampling, FixedSplit):
        return f"{draws} draws, each with training and test rows of its own"
    return f"{resampling_words(protocol, study.task)} of each of {draws} draws"


def _draws(study: Study, dataset: str) -> int:
    return int(study.datasets[dataset].source.parameters.get("draws", 1))


def _runs(repeats: HowOften) -> str:
    return "" if repeats == 1 else f", {_spelled(repeats)} runs with new seeds"


def _splits(repeats: HowOften) -> str:
    if isinstance(repeats, PilotRepeats):
        return f"{_spelled(repeats)} random hold-out splits"
    return formats.plural(repeats, "random hold-out split")


def _spelled(repeats: HowOften) -> str:
    """A number of repeats, or the two that it may be: `10 or 300`."""
    if isinstance(repeats, PilotRepeats):
        return f"{formats.count(repeats.pilot)} or {formats.count(repeats.at_most)}"
    return formats.spelled(repeats)


def tuning_words(tuning: Tuning | None) -> str:
    """How candidates are chosen, as a clause."""
    if tuning is None:
        return "nothing is tuned"
    if tuning.by == "oob":
        return "tuned by the out-of-bag score"
    search = "" if tuning.search == "grid" else f", {tuning.budget} random candidates"
    if tuning.paired:
        return f"tuned on the other outer folds in turn (paired folds){search}"
    return f"tuned by {tuning.folds}-fold cross-validation in each training set{search}"
