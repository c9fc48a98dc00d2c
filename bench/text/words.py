"""The report's vocabulary: metrics and marks in plain words."""

from __future__ import annotations

import re
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
    the metric has a unit of its own; `width`: of the interval that is printed with a number, which may need more.
    """

    name: str
    title: str
    plural: str
    higher: bool
    low: float | None
    high: float | None
    share: bool
    largest: float | None = None
    width: float | None = None

    def beside(self, *scores: float | None) -> Measure:
        """The same for differences of these scores; where no score is known, give the differences themselves.

        >>> measure("rmse").beside(0.00164, 0.00285).difference(-0.00121)
        '−0.001210'
        """
        sizes = [abs(one) for one in scores if one is not None and isfinite(one)]
        return replace(self, largest=max(sizes, default=None) or None)

    def within(self, low: float | None, high: float | None) -> Measure:
        """The same for a number with this interval, and for its ends.

        >>> measure("mae").within(54.316, 54.327).show(54.321)
        '54.321'
        >>> measure("accuracy").within(0.00038, 0.00044).difference(0.00041)
        '+0.041 pp'
        """
        return replace(self, width=formats.width_of(low, high))

    def show(self, value: float | None) -> str:
        if self.high == 1:
            return formats.score(value, self.width, self.limits)
        return formats.quantity(value, width=self.width)

    def difference(self, value: float | None) -> str:
        if self.share:
            return formats.points(value, self.width)
        return self._without_unit(value)

    def _without_unit(self, value: float | None) -> str:
        """The number of a difference alone."""
        if self.share:
            return formats.points_alone(value, self.width)
        beside = self.largest or value
        return (
            formats.signed(value, self.width)
            if self.high == 1 or not beside
            else formats.apart(value, beside, self.width)
        )

    def end(self, value: float | None) -> str:
        """The end of an interval of differences: zero only of what is zero, since that decides.

        >>> measure("accuracy").within(0.0001, 0.05).end(0.0001), measure("accuracy").within(0.0, 0.05).end(0.0)
        ('+0.010 pp', '0.0 pp')
        """
        return self._of_width(value).difference(value)

    def interval(self, low: float | None, high: float | None) -> str:
        """The interval of a difference, without the unit; empty without one.

        >>> measure("accuracy").within(0.0001, 0.05).interval(0.0001, 0.05)
        '[+0.010, +5.0]'
        >>> measure("rmse").beside(54.3).within(-0.0012, 2.1).interval(-0.0012, 2.1)
        '[−0.0012, +2.10]'
        """
        return formats.interval(
            low, high, lambda end: self._of_width(end)._without_unit(end)
        )

    def _of_width(self, value: float | None) -> Measure:
        """The same, or with the digits that keep an end apart from zero."""
        if value is None or not isfinite(value):
            return self
        is_zero = abs(value) <= 1e-9 * (self.width or self.largest or 1.0)
        if is_zero or re.search("[1-9]", self._without_unit(value)):
            return self
        return replace(self, width=abs(value))

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
