"""The report's vocabulary: metrics and marks in plain words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from bench.core.metrics import METRICS
from bench.text import formats
from bench.text.formats import ScaleLimits


@dataclass(frozen=True)
class Measure:
    """A metric as the page speaks of it: what it is called, which way is better, and how its numbers are printed.

    `low`, `high` are its limits; `share` says that it counts cases, so that differences are percentage points.
    `largest`: the largest of the scores whose differences are printed, which says how many decimals these need where
    the metric has a unit of its own.
    """

    name: str
    title: str
    plural: str
    higher: bool
    low: float | None
    high: float | None
    share: bool
    largest: float | None = None

    def beside(self, *scores: float | None) -> Measure:
        """The same for differences of these scores; where no score is known, give the differences themselves."""
        sizes = [abs(one) for one in scores if one is not None and isfinite(one)]
        return replace(self, largest=max(sizes, default=None) or None)

    def size(self, value: float) -> str:
        """A margin in the metric's unit, without a sign: `1 pp`, `0.5`."""
        return (
            f"{formats.short(round(100 * value, 9))} pp"
            if self.share
            else formats.short(value)
        )

    def loss(self, value: float) -> float:
        """The value turned so that lower is better: for sorting."""
        return -value if self.higher else value

    @property
    def word(self) -> str:
        """The title inside a sentence: `accuracy`, but `RMSE`, `F1`, `Brier score`."""
        first = self.title.split()[0]
        keeps = (
            not first.isalpha()
            or first != first.capitalize()
            or first in ("Brier", "Matthews", "Cohen")
        )
        return self.title if keeps else self.title[0].lower() + self.title[1:]

    @property
    def limits(self) -> ScaleLimits:
        return self.low, self.high

    def limits_in(self, unit: str | None) -> ScaleLimits:
        """The limits in the unit of a claim.

        >>> measure("accuracy").limits_in("percent"), measure("rmse").limits_in(None)
        ((0, 100.0), (0, None))
        """
        low, high = (
            end and (100.0 if unit == "percent" else 1.0) * end for end in self.limits
        )
        return low, high

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
    return Measure(
        name,
        metric.title,
        plural,
        metric.higher_is_better,
        metric.low,
        metric.high,
        share,
    )


def in_unit_of_target(name: str) -> bool:
    """Whether a metric is an error in the unit of the target, or its square, so that datasets share no scale."""
    metric = METRICS.get(name)
    return metric is not None and metric.needs == "value" and metric.high is None


#: The mark of what rests on another model's score in the place of failed fits or missing runs.
MARK = "†"


def marked(text: str, fallbacks: int | None) -> str:
    """A text with the mark behind it when stand-ins are behind it."""
    return f"{text} {MARK}" if fallbacks else text


def extension_nouns() -> dict[str, str]:
    """What a member of each group of entry points is called."""
    return {
        "bench.sources": "data source",
        "bench.families": "model family",
        "bench.metrics": "metric",
        "bench.diagnostics": "diagnostic",
        "bench.claims": "kind of claim",
    }
