"""AdaBoost over trees."""

from __future__ import annotations

from bench.families.family import Family, Setup

ADABOOST = Family(
    name="adaboost",
    title="AdaBoost (trees)",
    short="Ada",
    setups={
        "classification": Setup(
            "bench.families.estimators.trees.AdaBoostTreesClassifier",
            grid={"max_depth": (1, 3, 6)},
            alone={"n_estimators": 100, "max_depth": 1},
            seed="random_state",
        )
    },
    preprocess=("encode",),
    source=(
        "Freund & Schapire (1996), Experiments with a new boosting algorithm: 100 rounds, of single tests and of "
        "trees; the depths of the trees are bench's"
    ),
    kind="boosting",
    how=(
        "Trees are grown one after another. Rows that a tree gets wrong weigh more for the next one, and a tree that "
        "errs less has more votes in the end."
    ),
    fails=(
        "Rows with wrong labels are never got right, weigh ever more, and draw the trees to them. Trees that fit the "
        "training rows without error leave nothing to boost."
    ),
    knobs={
        "n_estimators": "How many trees at most: the rounds end early when a tree is perfect or no better than chance.",
        "max_depth": "How many questions deep each tree goes: 1 is a single test of one feature.",
    },
    takes_missing=True,
)
