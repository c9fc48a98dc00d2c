"""What a family is: a name, its estimator, its parameters, and the candidates that a comparison tries by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from bench.core.task import Task


@dataclass(frozen=True)
class Setup:
    """A family for one task: its estimator, fixed parameters and default candidates.

    One parameter is ours and no parameter of scikit-learn: `scale_target: true` (regression) standardises the target
    inside the fold before the fit and turns predictions back to its unit.

    Attributes
    ----------
    estimator : str
        The import path of the estimator.
    fixed : mapping
        Parameters that the house settles (solver, n_jobs=1, ...) and a study may override.
    grid : mapping
        Parameters to the candidates that are tried when the study tunes and does not say otherwise.
    alone : mapping
        Values used when the study does not tune, and for parameters that a study's own candidates leave out.
    seed : str, optional
        The parameter that takes the seed; None where nothing is random.
    seed_idle_unless : str, optional
        A parameter without which, as the house settles it, the seed changes nothing (a solver that draws).
    output : {"p", "decision", "label", "value"}
        What the fitted family answers besides a label.
    rounds : str, optional
        The parameter that says how many rounds, where a fit of k rounds is the first k of a longer one.
    """

    estimator: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    alone: Mapping[str, Any] = field(default_factory=dict)
    seed: str | None = None
    seed_idle_unless: str | None = None
    output: Literal["p", "decision", "label", "value"] = "p"
    rounds: str | None = None


@dataclass(frozen=True)
class Instability:
    """Why a family's fit hangs on few rows, and who says so.

    errs: the largest share of samples in which the corrected t of ten repeats called two equal families of that kind
    different at a nominal .05, as docs/calibration.md has it, or docs/history.md; measured_on: which kind it was.
    """

    why: str
    source: str
    errs: float
    measured_on: str


@dataclass(frozen=True)
class Family:
    """A model family: everything the house knows about it, in one constant.

    Attributes
    ----------
    name, title, short : str
        Its name in a study, on the page, and in narrow columns.
    setups : mapping of task to Setup
        How it is fitted, by task.
    preprocess : tuple of str or mapping
        The steps inside the fold when neither study nor family row says otherwise.
    source : str
        Where the default candidates come from.
    kind : str
        Its relatives (linear, tree, boosting, kernel, neural, neighbors, bayes, discriminant, baseline, or a word of
        its own): they share a colour on a page.
    how, fails : str
        Its card for readers who learn: how it works, and when it fails.
    knobs : mapping of str to str
        A sentence a parameter.
    oob : bool
        Whether it spends the whole outer training set on out-of-bag scores when the study tunes `by: oob`.
    takes_missing : bool
        Whether it takes NaN as it is; the others need an impute step where values are missing.
    instability : Instability, optional
        Why its fit hangs on few rows.
    """

    name: str
    title: str
    short: str
    setups: Mapping[Task, Setup]
    preprocess: tuple[str | Mapping[str, Any], ...]
    source: str
    kind: str
    how: str
    fails: str
    knobs: Mapping[str, str] = field(default_factory=dict)
    oob: bool = False
    takes_missing: bool = False
    instability: Instability | None = None

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(self.setups)


def imported(path: str) -> Callable[..., Any]:
    """The class or function behind an import path such as `sklearn.svm.SVC`. Raises ImportError or AttributeError."""
    module, _, name = path.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
