"""The report's vocabulary: metrics, protocols and statistical terms in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from bench.core.metrics import METRICS
from bench.study.models import (
    FixedSplit,
    GivenFolds,
    GroupKFold,
    Holdout,
    HowOften,
    KFold,
    LeaveOneOut,
    PilotRepeats,
    Protocol,
    Study,
    TimeOrdered,
    Tuning,
)
from bench.text import formats


@dataclass(frozen=True)
class Measure:
    """A metric as the page speaks of it: what it is called, which way is better, and how its numbers are printed.

    `low`, `high` are its limits; `share` says that it counts cases, so that differences are percentage points.
    """

    name: str
    title: str
    plural: str
    higher: bool
    low: float | None
    high: float | None
    share: bool

    def show(self, value: float | None) -> str:
        return formats.score(value) if self.high == 1 else formats.quantity(value)

    def difference(self, value: float | None) -> str:
        return formats.points(value) if self.share else formats.signed(value)

    def size(self, value: float) -> str:
        """A margin in the metric's unit, without a sign: `1 pp`, `0.5`."""
        return f"{formats.short(round(100 * value, 9))} pp" if self.share else formats.short(value)

    def loss(self, value: float) -> float:
        """The value turned so that lower is better: for sorting."""
        return -value if self.higher else value

    @property
    def word(self) -> str:
        """The title inside a sentence: `accuracy`, but `RMSE`, `F1`, `Brier score`."""
        first = self.title.split()[0]
        keeps = not first.isalpha() or first != first.capitalize() or first in ("Brier", "Matthews", "Cohen")
        return self.title if keeps else self.title[0].lower() + self.title[1:]

    @property
    def limits(self) -> tuple[float | None, float | None]:
        return self.low, self.high

    @property
    def direction(self) -> str:
        return "higher is better" if self.higher else "lower is better"


#: How prose speaks of several values of a metric; the rest is "scores".
_PLURALS = {
    "accuracy": "accuracies",
    "balanced_accuracy": "balanced accuracies",
    "error_rate": "error rates",
    "roc_auc": "areas under the curve",
    "mse": "errors",
    "rmse": "errors",
    "mae": "errors",
    "median_ae": "errors",
    "log_loss": "log losses",
}


def measure(name: str) -> Measure:
    """A metric in the page's words; one that the house does not know is called by its name, higher being better."""
    plural = _PLURALS.get(name, "scores")
    if name not in METRICS:
        return Measure(name, name.replace("_", " "), plural, True, None, None, False)
    metric = METRICS[name]
    share = metric.needs == "label" and metric.low == 0 and metric.high == 1
    return Measure(name, metric.title, plural, metric.higher_is_better, metric.low, metric.high, share)


def in_unit_of_target(name: str) -> bool:
    """Whether a metric is an error in the unit of the target, or its square, so that datasets share no scale."""
    metric = METRICS.get(name)
    return metric is not None and metric.needs == "value" and metric.high is None


def resampling_words(protocol: Protocol) -> str:
    """The outer protocol as a clause: `5 repeats of stratified 10-fold cross-validation`."""
    kind = protocol.resampling
    match kind:
        case LeaveOneOut():
            return "leave-one-out"
        case KFold():
            name = f"{'' if kind.stratify is False else 'stratified '}{kind.folds}-fold cross-validation"
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
            return f"folds as given in the column {kind.column}" + _runs(kind.repeats)
        case TimeOrdered():
            return f"{formats.plural(kind.folds, 'time-ordered fold')}: trained on the past, tested on the next block"
    raise AssertionError(f"no words for {kind.kind}")


def outer_words(study: Study, dataset: str) -> str:
    """The outer protocol of a dataset as a clause; every draw of a simulation goes through it anew."""
    protocol = study.protocol_of(dataset)
    assert protocol is not None
    draws = _draws(study, dataset)
    if draws == 1:
        return resampling_words(protocol)
    if isinstance(protocol.resampling, FixedSplit):
        return f"{draws} draws, each with training and test rows of its own"
    return f"{resampling_words(protocol)} of each of {draws} draws"


def _draws(study: Study, dataset: str) -> int:
    return int(study.datasets[dataset].source.parameters.get("draws", 1))


def _runs(repeats: HowOften) -> str:
    return "" if repeats == 1 else f", {_spelled(repeats)} runs with new seeds"


def _splits(repeats: HowOften) -> str:
    if isinstance(repeats, PilotRepeats):
        return f"{_spelled(repeats)} random hold-out splits"
    return formats.plural(repeats, "random hold-out split")


def _spelled(repeats: HowOften) -> str:
    """A number of repeats, or the two that it lies between: `10 to 300`."""
    if isinstance(repeats, PilotRepeats):
        return f"{formats.count(repeats.pilot)} to {formats.count(repeats.at_most)}"
    return formats.spelled(repeats)


def tuning_words(tuning: Tuning | None) -> str:
    """How candidates are chosen, as a clause."""
    if tuning is None:
        return "nothing is tuned"
    if tuning.by == "oob":
        return "candidates are chosen by their out-of-bag score"
    search = "every candidate" if tuning.search == "grid" else f"{tuning.budget} random candidates"
    if tuning.paired:
        return f"{search} tried on the other outer folds in turn, inside each training set (paired folds)"
    return f"{search} tried by {tuning.folds}-fold cross-validation inside each training set"


def short_protocol(study: Study, folds: int) -> tuple[str, str]:
    """The protocol as a fact: a figure and what it counts (`10 × 5`, `outer folds × repeats`)."""
    if study.protocol is None:
        return "–", "nothing was fitted"
    kind = study.protocol.resampling
    repeats = getattr(kind, "repeats", 1)
    if isinstance(repeats, PilotRepeats):
        return formats.count(folds), "folds; a pilot decided how many"
    draws = min(_draws(study, name) for name in study.datasets)
    match kind:
        case LeaveOneOut():
            return formats.count(folds), "leave-one-out folds"
        case KFold() | GroupKFold() if repeats == 1:
            return f"{kind.folds}", "outer folds"
        case KFold() | GroupKFold():
            return f"{repeats} × {kind.folds}", "repeats × outer folds"
        case Holdout():
            return formats.count(repeats), "hold-out splits" if repeats > 1 else "hold-out split"
        case FixedSplit() if draws > 1:
            return formats.count(draws), "draws of training and test rows"
        case FixedSplit():
            return f"{repeats}", "runs of a fixed split" if repeats > 1 else "fixed split"
        case TimeOrdered():
            return f"{kind.folds}", "time-ordered folds"
    return formats.count(folds), "folds, as published"


#: Each term in one sentence, where it stands.
GLOSSARY: dict[str, tuple[str, str]] = {
    "interval": (
        "Interval of a mean",
        "The range of mean scores that fits the folds, widened for the overlap of training sets after Nadeau and "
        "Bengio (2003); where the folds are stratified also for the mix of classes, and where halves of the rows were "
        "fitted for how much those differ, if that is wider.",
    ),
    "corrected_t": (
        "Corrected t test",
        "A paired t test over folds whose variance is enlarged by the ratio of test to training rows, because training "
        "sets overlap and the plain test would see differences where there are none.",
    ),
    "class_mix": (
        "Class mix",
        "All stratified folds have the same shares of classes, other samples have not: of a score that is a mean over "
        "rows, the variance between classes, divided by the number of rows, is added.",
    ),
    "sharp": (
        "SHARP",
        "A test on models fitted to disjoint halves of the rows, many times anew (Zeng and others 2026): halves share "
        "no row, so that they show what other rows would change. Its p is of fits on half of the rows. Few halves give "
        "no small p; a more cautious test on the same halves (conservative z) counts where its p is smaller.",
    ),
    "p": (
        "p",
        "How often chance alone does as much where there is nothing: p = 0.03 is 3 of 100 cases. A large p shows "
        "nothing, least of all that two models are equal.",
    ),
    "holm": (
        "Holm",
        "A correction for making many comparisons at once: p-values are raised, step by step, so that one false "
        "positive among all of them is as rare as the level says.",
    ),
    "rope": (
        "ROPE",
        "The region of practical equivalence: differences smaller than this count as no difference, by the study's "
        "choice.",
    ),
    "posterior": (
        "P(better), P(same), P(worse)",
        "How probable it is, after seeing the folds, that a true difference lies above, inside or below the ROPE "
        "(Bayesian correlated t test, Corani and Benavoli 2015).",
    ),
    "groups": (
        "Not significantly different",
        "No test of the pair, after Holm, excludes that the two are equally good. That is absence of evidence, not "
        "equality: for that see P(same).",
    ),
    "stays_first": (
        "Truly the best",
        "From the posterior of each difference to the first model: at least one minus the chances that a rival is "
        "better, added up; at most the chance to be better than the closest rival. A bootstrap over folds is not used: "
        "folds share training rows, and it would be far too certain.",
    ),
    "resolution": (
        "What the design sees",
        "The smallest difference that the corrected t test calls with these folds, at the level of Holm's first step. "
        "More repeats lower it to a floor, since they bring no new rows.",
    ),
    "signed_rank": (
        "Signed ranks",
        "Wilcoxon's test of two models over datasets: ranks the differences by size and compares the ranks of wins "
        "and losses. It uses the two models alone, so a third cannot change what it says.",
    ),
    "zeros_split": (
        "Zeros split",
        "Of the datasets on which two models are equal, half count for each of them (Demšar 2006).",
    ),
    "hodges_lehmann": (
        "Difference of Hodges and Lehmann",
        "The median of the means of all pairs of datasets' differences: one odd dataset cannot move it far.",
    ),
    "bayes_signed_rank": (
        "P(better), P(same), P(worse) over datasets",
        "How probable it is that a further dataset like these would most probably show a difference above, inside or "
        "below the ROPE (Bayesian signed-rank test, Benavoli and others 2014).",
    ),
    "first": (
        "First",
        "In what share of draws of these datasets (again, with replacement) a model has the best mean rank. It says "
        "how much hangs on single datasets of these, not what others would show; of a handful it says little.",
    ),
    "mcnemar": (
        "McNemar",
        "Counts the test rows that only one of two models gets right, and asks whether a fair coin would split them "
        "so. It is about these two fits on further rows like these. The interval of the difference is that of Tango "
        "(1998).",
    ),
    "delong": (
        "DeLong",
        "Compares two areas under the ROC curve on the same rows, knowing that the areas go together.",
    ),
    "friedman": (
        "Friedman test",
        "Tests whether the models' ranks differ over datasets more than by chance; the dataset is the unit, never "
        "the fold.",
    ),
    "mean_rank": ("Mean rank", "A model's place on each dataset (1 is best), averaged over datasets."),
    "nested": (
        "Nested cross-validation",
        "Candidates are chosen inside each outer training set, so that the outer test rows have no say in the choice.",
    ),
    "gap": (
        "Train–test gap",
        "The score on the rows a model was fitted to minus the score on rows it never saw: large gaps are memory, not "
        "skill.",
    ),
    "optimism": (
        "Tuning optimism",
        "The inner score of the chosen candidate minus its outer score: the winner of many candidates looks better "
        "than it is.",
    ),
    "validation_curve": (
        "Validation curve",
        "The inner score over the candidates of one parameter, each with the best setting of the others.",
    ),
    "roc": (
        "Area under the ROC curve",
        "How often a row of the class ranks above one of the others: a half is a coin, 1 is always. The "
        "precision–recall curve asks instead how many of those that rank high are of the class, and shows more where "
        "the class is rare.",
    ),
    "calibration_level": (
        "Calibration error and its level",
        "How far the share of right labels lies from what the probabilities say, over 15 bins (Guo and others 2017). "
        "Few rows stray by chance alone: the level is what probabilities that are all right would usually show here, "
        "and only what lies beyond the end that chance allows counts as shown.",
    ),
    "recall": (
        "Recall",
        "Of the rows that are of a class, the share that is found. High accuracy can hide a rare class that is never "
        "found.",
    ),
    "importance": (
        "Permutation importance",
        "How much a score on the test rows falls when one feature is shuffled. Features that say the same thing stand "
        "in for each other and then all look unimportant.",
    ),
    "dependence": (
        "Partial dependence",
        "What a model predicts on average when one feature is set to a value in every row, whether or not such rows "
        "exist; it says what the model does, not what causes what.",
    ),
    "compatible": (
        "Compatible",
        "The published number lies where 95% of single studies of this size would print theirs with this protocol. "
        "Several protocols can be compatible with one number, and a number compatible with a protocol error may still "
        "come from a valid study.",
    ),
    "budget": (
        "Variance budget",
        "How much of what varies between runs comes from the drawn split, from the model's own random start, and from "
        "the random search: repeating a source with a small share makes no score steadier.",
    ),
    "tolerance": (
        "Tolerance",
        "How far our number may lie from the published one and still count as the same, stated in the study with its "
        "reason.",
    ),
    "smallest_tolerance": (
        "Smallest tolerance",
        "The tolerance from which on the claim would be reproduced: the smaller, the closer the two numbers.",
    ),
    "same_data": (
        "Same data, other splits",
        "Both numbers come from the same rows, so only the draw of the splits can part them: how far is measured by "
        "our own repeats of the whole protocol.",
    ),
    "another_sample": (
        "Another sample",
        "The published number is of other rows than ours, so both have sampling error.",
    ),
    "noise_floor": (
        "Noise floor",
        "How far chance alone moves the published number, whose splits and seeds nobody has: where that is as much as "
        "the tolerance, nothing can show that two numbers agree to within it.",
    ),
    "central": ("Central", "A claim that the paper stands on, in the judgement of the study's author."),
    "evidence": (
        "Evidence",
        "How far a result is about the paper. Strong: the paper's method and protocol, and a number read in the paper. "
        "Limited: an approximated method, another protocol, or a number that another text quotes. Weak: another method "
        "in its place, or a number from memory. Only strong evidence can refute a claim.",
    ),
    "consistent": (
        "Consistent",
        "No difference was seen. Beside it stands the smallest difference that could have been seen: a smaller one "
        "may be there.",
    ),
    "clustered": (
        "Interval of a share",
        "Claims on one dataset hold or fail together, so the interval counts datasets rather than claims (Wilson, at "
        "the size that independent claims would need).",
    ),
    "kendall": (
        "Kendall's τ",
        "Of all pairs of numbers, how many are ordered alike less how many are ordered otherwise: 1 is the same order, "
        "0 none, −1 the reverse.",
    ),
    "concordance": (
        "Lin's concordance",
        "How near pairs of numbers lie to being equal, not only in order: 1 only where all are.",
    ),
    "pooled": (
        "Fold mean and pooled",
        "A fold mean scores each test fold and averages; a pooled score puts the test predictions of all folds "
        "together first.",
    ),
    "baseline": (
        "Baseline",
        "What is reached without the features, such as by always naming the largest class. Where the study runs no "
        "such model, this page computes it from the counts of the classes: then nothing is tested against it.",
    ),
    "fallback": (
        "† Baseline's score",
        "Where a fit failed, a score without features, from the same training rows, stands in: leaving the fit out "
        "would let a model look good by failing on what is hard.",
    ),
    "first_repeats": (
        "Stability of the first place",
        "In how many repeats alone (of one repeat: folds) the model that is first on average is first as well.",
    ),
    "copies": (
        "Copies, repeats",
        "A duplicate is a test row with an exact copy among its training rows; a near copy lies nearer to one than "
        "independent cases ever lie. A repeat is none of these: it is one more run of the protocol with other splits.",
    ),
    "box": (
        "Box",
        "From the first to the third quartile, a line at the median, whiskers to the last value within 1.5 times the "
        "box.",
    ),
    "pearson": ("Correlation", "Pearson's r: how closely two columns follow one straight line, from −1 to 1."),
    "fingerprint": ("Fingerprint", "A sha256 of a table's content: one changed value changes it."),
}


#: The mark of what rests on a baseline's score in the place of failed fits.
MARK = "†"


def marked(text: str, fallbacks: int | None) -> str:
    """A text with the mark behind it when stand-ins are behind it."""
    return f"{text} {MARK}" if fallbacks else text


def terms(*names: str) -> list[tuple[str, str]]:
    """Glossary entries by name, in that order."""
    return [GLOSSARY[name] for name in names]


def extension_nouns() -> dict[str, str]:
    """What a member of each group of entry points is called."""
    return {
        "bench.sources": "data source",
        "bench.families": "model family",
        "bench.metrics": "metric",
        "bench.diagnostics": "diagnostic",
        "bench.claims": "kind of claim",
    }


def with_code(words: str) -> Markup:
    """Words, escaped, with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(words))))
