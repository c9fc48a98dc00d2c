"""One sample, ten equal families (LDA on blocks of equal signal): pairs with Holm, and the claims that compare."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from bench.stats.adjust import holm
from bench.stats.paired import corrected_t
from research.calibrate.evidence import claim, evidence, verdict
from research.calibrate.learners import lda
from research.calibrate.one_dataset import ALPHA, RATIO
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

COUNTS = (3, 5, 10)
REPEATS = (1, 10)
MARGINS = (0.02, 0.05)
#: By how much the better family is better, in margins.
LEADS = {"better": (0, 1, 2), "equivalent": (0, 0.5, 1, 2)}
#: Rankings of three families, each so many margins ahead of the next.
ORDERS = {"f0 > f1 > f2": ("f0", "f1", "f2"), "f0 = f1 = f2": (("f0", "f1", "f2"),)}
STEPS = (0, 1, 2)
#: `best` among five: all equal; one rival equal, the others far behind; all others behind.
FAR, BEHIND = 0.2, 0.05


def trial(world: World, generator: np.random.Generator) -> Tally:
    """The scores of all families are (10, 10, 10): blocks, repeats, folds."""
    X, y = world.sample(generator)
    split = Split.drawn(y, max(REPEATS), generator)
    tally = Tally()
    scores = fold_scores(lda(X, y, split), y, split)
    for metric, values in scores.items():
        for r in REPEATS:
            pairs(tally, (metric, r), values[:, :r].reshape(len(values), -1))
    two(tally, scores["accuracy"], world.n)
    ranking(tally, scores["accuracy"], world.n)
    best(tally, scores["accuracy"], world.n)
    tally.trials = 1
    return tally


def pairs(tally: Tally, key: tuple[object, ...], values: np.ndarray) -> None:
    """Count whether any pair of k equal families is called different; values: (10, J)."""
    places = list(combinations(range(len(values)), 2))
    p = {
        name: np.array([corrected_t(values[i], values[j], test_train_ratio=ratio).p_value for i, j in places])
        for name, ratio in (("corrected", RATIO), ("naive_t", 0.0))
    }
    for k in COUNTS:
        inside = [max(pair) < k for pair in places]
        tally.hit((holm(p["corrected"][inside]) < ALPHA).any(), "family", *key, k, "holm")
        tally.hit((p["corrected"][inside] < ALPHA).any(), "family", *key, k, "unadjusted")
        tally.hit((holm(p["naive_t"][inside]) < ALPHA).any(), "family", *key, k, "naive_t_holm")


def two(tally: Tally, values: np.ndarray, n: int) -> None:
    """Count verdicts on `better` and `equivalent` of two families, the first ahead by a number of margins."""
    for kind, leads in LEADS.items():
        for margin in MARGINS:
            one = claim(kind, family="first", against="second", tolerance=margin)
            for lead in leads:
                found = evidence({"first": values[0], "second": values[1] - lead * margin}, n)
                tally.hit(True, "claim", kind, margin, lead, verdict(one, found))


def ranking(tally: Tally, values: np.ndarray, n: int) -> None:
    """`order` of three families."""
    for order, margin, step in product(ORDERS, MARGINS, STEPS):
        found = evidence({f"f{i}": values[i] - i * step * margin for i in range(3)}, n)
        one = claim("order", order=ORDERS[order], tolerance=margin)
        tally.hit(True, "claim", order, margin, step, verdict(one, found))


def best(tally: Tally, values: np.ndarray, n: int) -> None:
    """Count verdicts on `best`: all families equal, two equal, one ahead of all."""
    names = [f"f{number}" for number in range(len(values))]
    one = claim("best", family="f0", tolerance=0.01)

    def count(behind: list[float], name: object) -> None:
        found = evidence({f: v - d for f, v, d in zip(names, values, behind, strict=False)}, n)
        tally.hit(True, "claim", "best", name, verdict(one, found))

    for k in COUNTS:
        count([0.0] * k, k)
    count([0.0, 0.0, FAR, FAR, FAR], "one_rival")
    count([0.0, BEHIND, BEHIND, BEHIND, BEHIND], "ahead")
