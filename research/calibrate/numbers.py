"""Published numbers as claims: of one split of the same rows, of another sample, of other seeds, after a pilot.

A published number is printed with three decimals, a true difference added before printing; the difference is told in
tolerances. What is counted is the agreement that bench states: `agreement/<kind>/<place>/<subject>/<truth>/<word>`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.claims._noise import noise_of
from bench.claims.case import CaseOf
from bench.claims.evidence import ClaimEvidence
from bench.claims.repeats import _needed
from bench.claims.value import judge_mean, mean_of
from research.calibrate.evidence import (
    AT_MOST,
    PILOT,
    by_class,
    claim,
    evidence,
)
from research.calibrate.learners import ALL_LEARNERS, lda, stump
from research.calibrate.scoring import fold_scores, row_losses
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

#: Cheap to fit; two stable families, and the two whose fit hangs on the fewest rows.
FAMILIES = ("lda", "naive_bayes", "one_nn", "stump")
#: Repeats of a study that judges, and true differences in tolerances.
REPEATS, SHIFTS = (5, 10), (0, 0.5, 1, 1.5, 3)
#: Repeats of one sample, from which a pilot, what follows it and the paper are drawn, so many times.
POPULATION, DRAWS = 200, 4
#: Runs with other seeds on one split.
SEEDS = 10


def tolerance_of(world: World) -> float:
    """Two points of 100 on few rows, one on more: a study of 200 rows can hardly see one."""
    return 0.02 if world.n <= 300 else 0.01


def place_of(world: World, *more: str) -> str:
    return ", ".join(
        [f"n = {world.n}", f"second class {world.share:.0%}".replace("%", " %"), *more]
    )


def trial(world: World, generator: np.random.Generator) -> Tally:
    """All families on one sample, ten times ten folds; the paper has one repeat more, or a sample of its own."""
    X, y = world.sample(generator)
    split = Split.drawn(y, max(REPEATS) + 1, generator)
    other_X, other_y = world.sample(generator)
    other = Split.drawn(other_y, 1, generator)
    tally = Tally()
    for family in FAMILIES:
        learner = ALL_LEARNERS[family]
        held_out = learner(X, y, split)
        (losses,) = row_losses(held_out[:, :-1], y, Split(split.test[:-1]))
        mix = {"accuracy": by_class({family: losses}, y)}
        theirs = fold_scores(learner(other_X, other_y, other), other_y, other)
        for metric, (values,) in fold_scores(held_out, y, split).items():
            place = place_of(world, metric)
            for r in REPEATS:
                found = evidence({family: values[:r]}, world.n, metric)
                against(
                    tally,
                    ("value", f"{place}, r = {r}", family),
                    found,
                    float(values[-1].mean()),
                    world,
                )
            found = evidence(
                {family: values[:-1]}, world.n, metric, mix=mix.get(metric)
            )
            mean = float(theirs[metric].mean())
            against(
                tally,
                ("other_sample", place, family),
                found,
                mean,
                world,
                splits="other_sample",
            )
    tally.trials = 1
    return tally


def after_pilot(world: World, generator: np.random.Generator) -> Tally:
    """Repeats in two stages, as many as bench asks for, drawn from 200 of one sample, whose mean is the truth."""
    X, y = world.sample(generator)
    split = Split.drawn(y, POPULATION, generator)
    tally = Tally()
    for family in FAMILIES:
        (population,) = fold_scores(ALL_LEARNERS[family](X, y, split), y, split)[
            "accuracy"
        ]
        for _ in range(DRAWS):
            drawn = population[generator.integers(POPULATION, size=AT_MOST)]
            paper = float(population[generator.integers(POPULATION)].mean())
            pilot = evidence({family: drawn[:PILOT]}, world.n, design="pilot")
            stated = claim(
                "value",
                family=family,
                value=f"{paper:.3f}",
                unit="fraction",
                tolerance=tolerance_of(world),
            )
            repeats = min(max(PILOT, _needed(CaseOf(stated, pilot))), AT_MOST)
            found = evidence({family: drawn[:repeats]}, world.n, design="pilot")
            against(tally, ("pilot", place_of(world), family), found, paper, world)
            tally.note((repeats,), "pilot", place_of(world), family)
    tally.trials = DRAWS
    return tally


@dataclass(frozen=True, eq=False)
class Seeded(Split):
    """Runs on one test set, the last third of the rows; the seed draws a bootstrap sample of the others to fit on."""

    counts: np.ndarray | None = None

    @classmethod
    def of(cls, n: int, runs: int, generator: np.random.Generator) -> Seeded:
        train = n - n // 3
        counts = generator.multinomial(
            train, np.full(train, 1 / train), size=runs
        ).astype(float)
        test = np.broadcast_to(np.arange(train, n), (runs, 1, n - train))
        return cls(
            np.ascontiguousarray(test),
            counts=np.hstack([counts, np.zeros((runs, n - train))]),
        )

    @property
    def kept(self) -> np.ndarray:
        """(runs, n) how often each row is trained on."""
        assert self.counts is not None
        return self.counts


def other_seeds(world: World, generator: np.random.Generator) -> Tally:
    """One fixed split: ten runs with their own seeds here, and the paper's one run, or the mean of five."""
    X, y = world.sample(generator)
    split = Seeded.of(world.n, SEEDS + 5, generator)
    tally = Tally()
    for family, learner in (("lda", lda), ("stump", stump)):
        for metric, (values,) in fold_scores(learner(X, y, split), y, split).items():
            found = evidence({family: values[:SEEDS]}, world.n, metric, design="seeds")
            for count in (1, 5):
                paper, place = (
                    float(values[SEEDS:][:count].mean()),
                    place_of(world, metric, f"paper's runs {count}"),
                )
                against(
                    tally,
                    ("seeds", place, family),
                    found,
                    paper,
                    world,
                    splits="same",
                    repeats=count,
                )
    tally.trials = 1
    return tally


def against(
    tally: Tally,
    key: tuple[str, str, str],
    found: ClaimEvidence,
    paper: float,
    world: World,
    **more: object,
) -> None:
    """Count what bench says of a number of the paper that is off by a true difference."""
    _, family, metric = next(iter(found.series["test"]))
    one = claim(
        "value",
        family=family,
        metric=metric,
        value="0",
        unit="fraction",
        tolerance=tolerance_of(world),
        **more,
    )
    case = CaseOf(one, found)
    ours = case.scores(family)
    noise, mean = noise_of(case, ours, family), mean_of(case, ours)
    for shift in SHIFTS:
        printed = f"{paper + shift * tolerance_of(world):.3f}"
        stated = CaseOf(one.model_copy(update={"value": printed}), found)
        said = judge_mean(stated, mean, noise).agreement
        tally.hit(True, "agreement", *key, f"{shift:g}", str(said))


#: The worlds of each simulation, by the name of its cells.
WORLDS = {
    "numbers": (
        trial,
        [World(n, share, blocks=1) for n in (200, 1000) for share in (0.5, 0.1)],
    ),
    "pilot": (after_pilot, [World(200, share, blocks=1) for share in (0.5, 0.1)]),
    "seeds": (other_seeds, [World(n, 0.5, blocks=1) for n in (300, 3000)]),
}
