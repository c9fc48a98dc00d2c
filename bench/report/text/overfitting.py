"""What the section about overfitting says: training against test, inner against outer, and what tuning chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.text import formats

NOT_STORED_ON = "No train or inner scores are stored of {}."
NOT_FITTED = "Nothing was fitted here, and no external scores on training rows or inner folds were given."
NOT_STORED = "No train or inner scores are stored for this study, so nothing can be compared with the test scores."
#: The levels of the diagnostic `waterfall`, and what a reader calls them.
LEVELS = {
    "train": "training rows",
    "flat": "inner CV score of one setting for all folds",
    "inner": "inner CV score of the setting chosen in each fold",
    "outer": "outer test",
    "baseline": "baseline",
}
WATERFALL = "Where optimism comes from"

ONE_BY_TEST = "tuned on the test rows, one setting for all folds (invalid)"
EACH_BY_TEST = "tuned on the test rows, a setting for each fold (invalid)"
PERMUTED = "permuted labels"
#: Of a table that leaks.
LEAKED = "Leakage makes the test scores optimistic."
#: Title of the figure, what its hollow marks are and what its numbers are, by the side of the scores.
ENDS = {
    "train": ("Train–test gap", LEVELS["train"], "gap"),
    "inner": ("Tuning optimism", LEVELS["inner"], "optimism"),
}


def tuning(each: Sequence[str]) -> str:
    """Which models were tuned, and how."""
    words = "; ".join(each) or "nothing was fitted"
    return f"{words[0].upper()}{words[1:]}."


def step(upper: str, lower: str, size: str) -> str:
    return f"{LEVELS[upper]} to {LEVELS[lower]}: {size}"


def waterfall_header(level: float | None) -> tuple[str, str, str, str]:
    """level: of the intervals; None where there are none."""
    with_interval = (
        "" if level is None else f" [corrected {100 * level:g}{formats.THIN}% interval]"
    )
    return "Model", "Score on", "Mean", f"Lead over the next line{with_interval}"


#: What stands beside the levels, as the sentence under the figure says it.
BESIDE = {
    ONE_BY_TEST: "Tuned on the test rows (invalid)",
    PERMUTED: "On permuted labels",
}


def beside(what: str, metric: str, each: Sequence[tuple[str, str]]) -> str:
    """`Tuned on the test rows (invalid): accuracy of RDA 1.000.`; nothing of no model."""
    scores = [f"{model} {score}" for model, score in each]
    return f"{BESIDE[what]}: {metric} of {formats.listed(scores)}." if scores else ""


def waterfall_label(place: str, steps: Sequence[tuple[str, str]]) -> str:
    each = "; ".join(f"{name}, largest step: from {note}" for name, note in steps)
    return f"Scores on {place} from training rows to outer test: {each}"


def waterfall_note(title: str, *, baseline: bool) -> str:
    """How the figure is read; baseline: whether one is drawn.

    >>> [waterfall_note("Accuracy", baseline=drawn).count("baseline") for drawn in (True, False)]
    [2, 0]
    """
    dashed, drop = (
        "; dashed: baseline (arrow: off the axis)",
        "; the drop to the baseline does not count",
    )
    return (
        f"{title}. Hollow mark: training rows; pale block: inner CV; solid mark: outer test{dashed * baseline}. "
        f"Number: the largest drop from one score to the next{drop * baseline}. “One setting for all folds” is the "
        "setting with the best mean inner score."
    )


def ends_header(hollow: str, number: str) -> tuple[str, str, str, str]:
    return ("Model", hollow[0].upper() + hollow[1:], "Outer test", number.capitalize())


def ends_note(title: str, hollow: str, number: str) -> str:
    return f"{title}. Hollow mark: {hollow}; solid mark: outer test. Number: {number}."


def optimism_within(rope: str, side: str) -> str:
    """`For no model is the gap above 1 pp.`"""
    return f"For no model is the {ENDS[side][2]} above {rope}."


def most_optimistic(model: str, size: str, side: str, *, several: bool) -> str:
    """The model whose score is most better on training rows or inner folds than on the test rows."""
    what = ENDS[side][2]
    return f"{f'Largest {what}' if several else what.capitalize()}: {model} ({size})."


def curve_label(
    model: str,
    parameter: str,
    metric: str,
    first: tuple[str, str],
    last: tuple[str, str],
    best: tuple[str, str],
) -> str:
    """The curve of a parameter in words; each point is (score, value)."""
    return (
        f"{model}, {parameter}: inner {metric} from {first[0]} at {first[1]} to {last[0]} at {last[1]}, best {best[0]} "
        f"at {best[1]}"
    )


def inner_head(metric: str, *, alone: bool) -> str:
    """What a validation curve shows; alone: whether there is no other parameter.

    >>> inner_head("accuracy", alone=True), inner_head("accuracy", alone=False)
    ('Mean inner accuracy', 'Mean inner accuracy, other parameters at their best')
    """
    return f"Mean inner {metric}{'' if alone else ', other parameters at their best'}"


def candidate(words: str, times: int, folds: int) -> str:
    return f"{words} ({times} of {folds})"


def candidate_words(parameters: Mapping[str, object]) -> str:
    """A candidate in one line: `C = 1, gamma = scale`."""
    shown = (
        f"{k} = {formats.short(v) if isinstance(v, float) else v}"
        for k, v in sorted(parameters.items())
    )
    return ", ".join(shown) or "defaults"
