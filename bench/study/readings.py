"""Readings of a protocol: what a paper's text leaves open, each way with a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bench.study.claims import Claim
from bench.study.fields import Form, Name, Text


class ProtocolReading(Form):
    """One way to read the paper's protocol: which datasets and families of this study stand for those of the claims.

    The first reading changes nothing: it is the study as it stands.
    """

    title: Text
    """The reading in a few words. Example: `folds without stratification`."""
    where: Text | None = None
    """What in the paper allows it. Example: `"section 3: ten folds were drawn at random"`."""
    datasets: Mapping[Name, Name] = {}
    """By dataset of the claims, the dataset that is judged in its place: often the same table with another protocol
    (`like`). Example: `{wine: wine-unstratified}`."""
    families: Mapping[Name, Name] = {}
    """By family of the claims, the family that is judged in its place. Example: `{knn: knn-unscaled}`."""
    aggregation: Mapping[Text, Literal["fold_mean", "pooled"]] = {}
    """How folds are put together, by metric. Example: `{accuracy: pooled}`."""

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return bool(self.datasets or self.families or self.aggregation)

    def renames(self, claim: Claim) -> bool:
        """Whether a claim is about a dataset or a family that another one stands for."""
        datasets, families = (
            (claim.dataset, *(claim.datasets or ())),
            (claim.family, claim.against, *(claim.among or ())),
        )
        over_all = (
            claim.dataset is None and claim.datasets is None and bool(self.datasets)
        )
        named = any(one in self.datasets for one in datasets) or any(
            one in self.families for one in families
        )
        return named or over_all

    def of(self, claim: Claim, own: Sequence[str]) -> Claim:
        """The claim as this reading has it; `own`: the datasets of a claim that names none."""
        changed: dict[str, Any] = {
            key: names.get(value, value)
            for key, names in (
                ("dataset", self.datasets),
                ("family", self.families),
                ("against", self.families),
            )
            if (value := getattr(claim, key)) is not None
        }
        over_all = (
            claim.dataset is None and claim.datasets is None and bool(self.datasets)
        )
        if claim.among is not None:
            changed["among"] = tuple(
                dict.fromkeys(self.families.get(name, name) for name in claim.among)
            )
        named = own if over_all else claim.datasets or ()
        read = tuple(self.datasets.get(name, name) for name in named)
        if over_all and len(read) == 1:
            changed["dataset"] = read[0]
        elif read:
            changed["datasets"] = read
        return claim.model_copy(update=changed)


def with_inherited(items: Mapping[str, Any]) -> dict[str, Any]:
    """The datasets of a file, each with the keys of the one that it is `like`, but for the title and its own.

    >>> with_inherited({"a": {"target": "y"}, "b": {"like": "a", "drop": ["x"]}})["b"]
    {'target': 'y', 'like': 'a', 'drop': ['x']}
    """
    return {name: _inherited(items, item, (str(name),)) for name, item in items.items()}


def _inherited(items: Mapping[str, Any], item: Any, seen: Sequence[str]) -> Any:
    like = item.get("like") if isinstance(item, Mapping) else None
    if (
        not isinstance(like, str)
        or like in seen
        or not isinstance(items.get(like), Mapping)
    ):
        return item
    origin = _inherited(items, items[like], (*seen, like))
    return {
        key: value for key, value in origin.items() if key not in ("title", "like")
    } | dict(item)
