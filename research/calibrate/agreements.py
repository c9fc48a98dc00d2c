"""What bench says of claims whose truth is known: which words are false, the limits, and the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from bench.core.judgements import Agreement
from research.calibrate.bound import Bound, Found, found_in
from research.calibrate.learners import UNSTABLE
from research.calibrate.rows import Row, Table, percent
from research.calibrate.tally import Tally

EXACT = 0.05
_HOLDS = ("exact", "reproduced")
#: At the border of a tolerance or margin the rule is designed to reach .05.
AT_BORDER = ", at the border"
_NUMBERS = {
    "0": ("differs",),
    "0.5": ("differs",),
    "1": (*_HOLDS, "differs"),
    "1.5": _HOLDS,
    "3": _HOLDS,
}


@dataclass(frozen=True)
class Judged:
    """A kind of claim: its words on the page, and the agreements that are false by truth.

    border: a truth that lies on it; doubted: whether bench warns of unstable families in these claims, so that these
    have a row of their own.
    """

    title: str
    about: str
    false: Mapping[str, tuple[str, ...]]
    border: str = ""
    doubted: bool = False


KINDS = {
    "value": Judged(
        "Published number",
        "A number of one ten-fold cross-validation of the same rows, against the mean of r repeats of ours.",
        _NUMBERS, border="1",
    ),
    "pilot": Judged(
        "Published number after a pilot",
        "The same where a pilot of ten decides how many repeats are run: as many as bench asks for, 300 at most.",
        _NUMBERS, border="1",
    ),
    "seeds": Judged(
        "Published number on a fixed split",
        "One run of the paper, or the mean of five, against ten runs of ours with other seeds on the same split.",
        _NUMBERS, border="1",
    ),
    "other_sample": Judged(
        "Published number of another sample",
        "One ten-fold cross-validation of as many other rows of the same population, against ten repeats of ours.",
        _NUMBERS, border="1", doubted=True,
    ),
    "better": Judged(
        "Better",
        "The first of two families leads by a number of margins.",
        {"0": ("reproduced",), "2": ("differs",)}, doubted=True,
    ),
    "equivalent": Judged(
        "Equivalent",
        "The first of two families leads by a number of margins.",
        {"0": ("differs",), "0.5": ("differs",), "2": ("reproduced",)},
    ),
    "best": Judged(
        "Best",
        "The first beats all others; of equal families none beats all, and none is beaten.",
        {"three equal": ("reproduced", "differs"),
         "one rival equal": ("reproduced", "differs"), "ahead by .05": ("differs",)},
    ),
    "order": Judged(
        "Order of other rows",
        "A strict ranking, read off other rows; each family is ahead of the next by a number of margins.",
        {"0": ("reproduced",), "1": ("differs",)},
    ),
    "ties": Judged(
        "Order of ties",
        "Three families are claimed to be equal, each is ahead of the next by a number of margins.",
        {"0": ("differs",), "1": ("reproduced",)},
    ),
    "order read": Judged(
        "Order read off the same rows",
        "Equal families; the ranking is that of the paper's own repeat on the same rows.",
        {"0": ("reproduced",)},
    ),
}  # fmt: skip


def bounds(found: Mapping[str, Tally]) -> Iterator[Bound]:
    """A row a kind of claim, and one for the families of which bench warns; the border has rows of its own."""
    for kind, judged in KINDS.items():
        borders, doubts = (
            (False, True)[: 1 + bool(judged.border)],
            (False, True)[: 1 + judged.doubted],
        )
        places: dict[tuple[bool, bool], list[Found]] = {
            key: [] for key in product(borders, doubts)
        }
        for place, subject, truth, tally, said in _counted(found, kind):
            for words in (_HOLDS, ("differs",)):
                if false := [word for word in words if word in judged.false[truth]]:
                    share = sum(said.get(word, 0) for word in false) / tally.trials
                    where = f"{subject}, {place}, truth {truth}: {false[-1].replace('_', ' ')}"
                    border, doubted = (
                        truth == judged.border,
                        judged.doubted and subject in UNSTABLE,
                    )
                    places[border, doubted].append(found_in(tally, share, where))
        for (border, doubted), every in places.items():
            name = judged.title.lower() + (
                ", unstable families without halves" if doubted else ""
            )
            yield Bound(
                name,
                f"agreement is false{AT_BORDER if border else ''}",
                EXACT,
                tuple(every),
                used=not border,
            )


def tables(found: Mapping[str, Tally]) -> list[Table]:
    """One table a kind of claim, a row a place: the mean over its families."""
    return [_table(found, kind, judged) for kind, judged in KINDS.items()]


def _table(found: Mapping[str, Tally], kind: str, judged: Judged) -> Table:
    shares: dict[tuple[str, str], list[list[float]]] = {}
    trials: dict[str, int] = {}
    for place, _, truth, tally, said in _counted(found, kind):
        each = [said.get(str(word), 0) / tally.trials for word in Agreement]
        shares.setdefault((place, truth), []).append([each[0] + each[1], *each[2:]])
        trials[place] = tally.trials
    rows: list[Row] = []
    for place, count in trials.items():
        means = [
            np.mean(shares[place, truth], axis=0)
            for truth in judged.false
            if (place, truth) in shares
        ]
        cells = ["/".join(percent(float(one), 0) for one in mean) for mean in means]
        rows.append(
            (
                place,
                *cells,
                *("-" for _ in range(len(judged.false) - len(cells))),
                str(count),
            )
        )
    about = (
        f"{judged.about} % exact or reproduced / fits / off / differs, by the truth."
    )
    return Table(judged.title, about, ("where", *judged.false, "trials"), rows)


def _counted(
    found: Mapping[str, Tally], kind: str
) -> Iterator[tuple[str, str, str, Tally, dict[str, int]]]:
    """Place, subject, truth, its tally and how often each agreement was said, in the order of the counts."""
    for tally in found.values():
        said: dict[tuple[str, str, str], dict[str, int]] = {}
        for key, count in tally.counts.items():
            first, *rest = key.split("/")
            if first == "agreement" and rest[0] == kind:
                said.setdefault((rest[1], rest[2], rest[3]), {})[rest[4]] = count
        for (place, subject, truth), words in sorted(said.items()):
            yield place, subject, truth, tally, words
