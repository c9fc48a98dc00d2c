"""Claims that compare families of one sample (LDA on blocks of equal signal): better, equivalent, best, an order.

A family that leads has a number of margins added to its fold scores. What is counted is the agreement that bench
states: `agreement/<kind>/<place>/<subject>/<truth>/<word>`.
"""

from __future__ import annotations

import numpy as np

from research.calibrate.evidence import agreement, by_class, claim, evidence
from research.calibrate.learners import ALL_LEARNERS, lda
from research.calibrate.numbers import against, place_of
from research.calibrate.scoring import fold_scores, row_losses
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

REPEATS = 10
UNSTABLE = ("one_nn", "stump")
#: True leads in margins; of a claimed size, leads with how far the printed size is off.
LEADS = {"better": (0, 2), "equivalent": (0, 0.5, 2)}
#: Families in an order, and by how many margins each is ahead of the next.
COUNTS, STEPS = (3, 4), (0, 1)
#: How far rivals of the best are behind.
BEHIND = {
    "three equal": (0, 0, 0),
    "one rival equal": (0, 0, 0.2, 0.2),
    "ahead by .05": (0, 0.05, 0.05, 0.05),
}


def trial(world: World, generator: np.random.Generator) -> Tally:
    """Four equal families, the paper's numbers from one repeat more."""
    X, y = world.sample(generator)
    split = Split.drawn(y, REPEATS + 1, generator)
    held_out = lda(X, y, split)
    scores = fold_scores(held_out, y, split)["accuracy"]
    tally = Tally()
    every, margin = Compared(tally, world, held_out, y, split), margin_of(world)
    for kind, leads in LEADS.items():
        for lead in leads:
            every.count(
                kind,
                kind,
                f"{lead:g}",
                [0, lead * margin],
                family="f0",
                against="f1",
                tolerance=margin,
            )
    for name, behind in BEHIND.items():
        every.count("best", "best", name, behind, family="f0", tolerance=margin)
    for k in COUNTS:
        names = [f"f{number}" for number in range(k)]
        for step in STEPS:
            behind = [number * step * margin for number in range(k)]
            ranked = {
                "order": tuple(names),
                "tolerance": margin,
                "splits": "other_sample",
            }
            every.count(
                "order", "order", f"{step}", behind, of=f"{k} families", **ranked
            )
            if k == 3:
                every.count(
                    "ties",
                    "order",
                    f"{step}",
                    behind,
                    order=(tuple(names),),
                    tolerance=margin,
                )
        seen = [
            names[place]
            for place in np.argsort(-scores[:k, -1].mean(axis=1), kind="stable")
        ]
        every.count(
            "order read",
            "order",
            "0",
            [0] * k,
            of=f"{k} families",
            order=tuple(seen),
            tolerance=margin,
        )
    tally.trials = 1
    return tally


def unstable(world: World, generator: np.random.Generator) -> Tally:
    """Two equal families of each unstable kind, with halves; and a published number of another sample."""
    X, y = world.sample(generator)
    split = Split.drawn(y, REPEATS + 1, generator)
    halved = Split.drawn(y, REPEATS, generator, parts=2)
    other_X, other_y = world.sample(generator)
    other = Split.drawn(other_y, 1, generator)
    tally, margin = Tally(), margin_of(world)
    for family in UNSTABLE:
        learner = ALL_LEARNERS[family]
        inside = (
            fold_scores(learner(X, y, halved), y, halved)["accuracy"]
            .reshape(len(X), REPEATS, 2, -1)
            .mean(axis=-1)
        )
        both = Compared(tally, world, learner(X, y, split), y, split, inside)
        pair = {"family": "f0", "against": "f1", "tolerance": margin}
        for lead in LEADS["better"]:
            both.count(
                "better",
                "better",
                f"{lead}",
                [0, lead * margin],
                of=f"{family}, halves",
                **pair,
            )
        found = evidence(
            {"f0": both.scores[0]}, world.n, mix=both.mix, halves={"f0": inside[0]}
        )
        theirs = fold_scores(learner(other_X[:1], other_y, other), other_y, other)[
            "accuracy"
        ]
        key = ("other_sample", place_of(world, "accuracy"), f"{family}, halves")
        against(tally, key, found, float(theirs.mean()), world, splits="other_sample")
    tally.trials = 1
    return tally


def margin_of(world: World) -> float:
    return 0.05 if world.n <= 300 else 0.02


class Compared:
    """The families of one sample, their scores in all repeats but the last, and the tally of what is said of them."""

    def __init__(
        self,
        tally: Tally,
        world: World,
        held_out: np.ndarray,
        y: np.ndarray,
        split: Split,
        halves: np.ndarray | None = None,
    ) -> None:
        self.halves = halves
        ours, own = held_out[:, :-1], Split(split.test[:-1])
        self.tally, self.world, self.scores = (
            tally,
            world,
            fold_scores(ours, y, own)["accuracy"],
        )
        self.mix = by_class(
            {f"f{i}": one for i, one in enumerate(row_losses(ours, y, own))}, y
        )

    def count(
        self,
        name: str,
        kind: str,
        truth: str,
        behind: list[float] | tuple[float, ...],
        of: str = "lda",
        **more: object,
    ) -> None:
        """Count the agreement of a claim where each family is behind the first by so much."""
        values = {
            f"f{i}": one - less
            for i, (one, less) in enumerate(zip(self.scores, behind, strict=False))
        }
        halves = (
            None
            if self.halves is None
            else {f"f{i}": self.halves[i] - less for i, less in enumerate(behind)}
        )
        said = agreement(
            claim(kind, **more),
            evidence(values, self.world.n, mix=self.mix, halves=halves),
        )
        self.tally.hit(True, "agreement", name, place_of(self.world), of, truth, said)


#: The worlds of each simulation, by the name of its cells.
WORLDS = {
    "compare": (trial, [World(n, blocks=4) for n in (200, 1000)]),
    "unstable": (unstable, [World(200)]),
}
