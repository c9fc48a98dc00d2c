"""Claims: what a paper says, where it says it, and how close is close.

Every kind of claim has a model of its own, a subclass of `Claim` with the fields of that kind and no others. The model
stands in the file of its kind (`bench/claims/<kind>.py`), beside what judges it, because a kind of claim is one file
that owns everything about itself. Reading a study needs the models, and this room lies below the claims room: so
nothing here imports it. `FORMS` finds the files by the name of their package when the first claim is read, as every
registry does, and asks of them no more than `ClaimForm`. A package that brings a kind of its own brings its fields the
same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny, Strict

from bench.core.registry import Registry
from bench.study.fields import Bool, Count, Form, Name, Text, Unit
from bench.study.printed_numbers import PrintedNumber, PrintedScore, read_score

#: A mean of several repeats, whose number is not stated, is one of at least so many.
SEVERAL = 3
#: On which side of its number what a paper prints is a bound: `lower` of "over 96".
Bound = Literal["lower", "upper"]
Cases = Annotated[int, Strict(), Field(ge=1, le=1_000_000_000)]


class Spread(Form):
    """What stands behind the "±" of a printed number."""

    value: PrintedNumber
    """The number behind the "±", in quotes as printed; in the unit of the claim. Example: `"0.6"`."""
    kind: Literal["sd", "se", "ci95"]
    """The standard deviation of the scores, the standard error of their mean, or half of its 95 % interval."""
    n: Annotated[int, Strict(), Field(ge=2, le=100_000)] | None = None
    """Over how many runs: repeats or seeds; the `repeats` of the claim, unless named. Example: `10`."""


class Claim(Form):
    """What holds for a claim of any kind."""

    id: Name
    """The name of the claim: small letters, digits, `_` and `-`; each once in a study. Example: `table-2-lda`."""
    kind: Text
    """What is claimed (`bench list claims`). Example: `value`."""
    where: Text
    """Where the paper says it. Example: `"Table 2, third row"`."""
    read: Literal["source", "secondary", "memory"]
    """Where you read the number: at its source, in a text that quotes it, or nowhere (from memory). Only a number read
    at its source counts as strong evidence."""
    source: Literal["paper", "author"] = "paper"
    """Who says it: the paper, or the author of the study (a number that holds by construction, for example). What the
    author says is judged like any other claim and is never counted as published."""
    not_attempted: Text | None = None
    """Why the study does not try to reproduce this; such a claim is listed, and enters no share.
    Example: `neural networks are not among the models`."""
    central: Bool = False
    """Whether this claim is central to the paper; the report shows it first."""
    note: Text | None = None
    """A remark for the reader of the report. Example: `The table rounds down.`."""
    metric: Text | None = None
    """The metric (`bench list metrics`); the primary one of the study, unless named."""
    side: Literal["train", "inner", "test"] = "test"
    """The rows that the scores are of; `inner`: the mean score of the chosen candidate on the inner folds."""
    unit: Unit | None = None
    """How shares are printed: `percent` or `fraction`."""
    tolerance: Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] | None = (
        None
    )
    """How far ours may lie from the number, in the unit of the claim; the study's `tolerance`, unless given. A claim
    `better` has no number: it holds where a test finds a difference, and this margin (the study's
    ROPE, unless given) only refutes it, where both are equal within the margin. There `equivalent` holds.
    Example: `0.5`."""
    splits: Literal["same", "unknown", "other_sample"] = "unknown"
    """What the two numbers share: the splits and the data (`same`), the data (`unknown`), or neither
    (`other_sample`)."""
    repeats: Count | Literal["several"] | None = None
    """How many repeats stand behind the paper's number; `several`: it is a mean of some, whose number is not stated.
    Example: `10`."""

    @property
    def score(self) -> PrintedScore | None:
        """Its number, a count or a range too; None where it has none."""
        return None if self.value is None else read_score(self.value)

    @property
    def runs(self) -> int | None:
        """How many repeats stand behind the number at least; None where nothing is said of them."""
        return SEVERAL if self.repeats == "several" else self.repeats

    @property
    def averaged_over(self) -> int:
        """Of how many repeats of the paper the number is the mean: as stated, or as its spread says."""
        named = None if self.spread is None else self.spread.n
        return self.runs or named or 1

    @property
    def without_error(self) -> bool:
        """Whether the number has no error of chance or rounding of its own: it holds by theory, or the study's author
        wrote it down without the runs behind it."""
        runs = (self.repeats, self.spread, self.n)
        return bool(self.constant) or (
            self.source == "author" and all(one is None for one in runs)
        )

    if TYPE_CHECKING:
        # Fields that some kinds have. A claim of another kind answers None, so that a question such as "of which
        # dataset?" can be put to every claim; each kind's own model narrows the type.
        @property
        def dataset(self) -> str | None: ...
        @property
        def datasets(self) -> tuple[str, ...] | None: ...
        @property
        def family(self) -> str | None: ...
        @property
        def against(self) -> str | None: ...
        @property
        def among(self) -> tuple[str, ...] | None: ...
        @property
        def order(self) -> tuple[str | tuple[str, ...], ...] | None: ...
        @property
        def value(self) -> str | None: ...
        @property
        def spread(self) -> Spread | None: ...
        @property
        def constant(self) -> bool | None: ...
        @property
        def bound(self) -> Bound | None: ...
        @property
        def n(self) -> int | None: ...
        @property
        def level(self) -> float | None: ...
        @property
        def statistic(self) -> str | None: ...
    else:

        def __getattr__(self, name: str) -> Any:
            return None if name in OF_SOME_KINDS else super().__getattr__(name)


#: The fields that a claim of another kind answers with None.
OF_SOME_KINDS = frozenset(
    ("dataset", "datasets", "family", "against", "among", "order", "value", "constant", "bound", "spread",
     "n", "level", "statistic")
)  # fmt: skip


class OnDataset(Claim):
    """A claim about one dataset; a study of one dataset need not repeat it."""

    dataset: Text | None = None
    """The dataset, by its name in the study. Example: `wine`."""


class OverDatasets(Claim):
    """A claim about one dataset, or over several, where the dataset is the unit."""

    dataset: Text | None = None
    """The dataset, by its name in the study; without it the claim speaks of all, or of those of `datasets`.
    Example: `wine`."""
    datasets: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The datasets that a claim over several speaks of; all, unless named. Example: `[wine, iris]`."""


class OfFamily(Claim):
    """A claim about one family; null only where the paper's method was not attempted."""

    family: Text | None = None
    """The family, by its name in the study; null, with `not_attempted`, where it is none of them.
    Example: `lda`."""


class OfPair(OfFamily):
    """A claim about one family and another."""

    against: Text | None = None
    """The other family. Example: `svm`."""


class WithSpread(Claim):
    """A claim whose number may be printed with the spread of its runs."""

    spread: Spread | None = None
    """What the paper prints behind the "±". Example: `{value: "0.6", kind: sd, n: 10}`."""


@dataclass(frozen=True)
class ClaimForm:
    """A kind of claim as the study room sees it.

    name, title: what it is called, and what it is in words; model: its fields; example: one line of YAML without `id`,
    `where` and `read`.
    """

    name: str
    title: str
    model: type[Claim]
    example: str

    @property
    def own(self) -> tuple[str, ...]:
        """The fields that not every kind has, in the order of the model."""
        return tuple(
            name for name in self.model.model_fields if name not in Claim.model_fields
        )


FORMS: Registry[ClaimForm] = Registry(
    "bench.claims", ClaimForm, "claim kind", group="bench.claims"
)


def _of_its_kind(value: Any) -> Any:
    """A block as a claim of the kind that it names; all else as it is."""
    if isinstance(value, Mapping) and (kind := str(value.get("kind"))) in FORMS:
        return FORMS[kind].model.model_validate(value)
    return value


#: A claim of any kind, with all fields of that kind.
AnyClaim = Annotated[SerializeAsAny[Claim], BeforeValidator(_of_its_kind)]
