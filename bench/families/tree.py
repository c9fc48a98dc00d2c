"""Single decision trees."""

from __future__ import annotations

from bench.families.family import Family, Instability, Setup

_GRID = {
    "ccp_alpha": (0.0, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128)
}
_ALONE = {"ccp_alpha": 0.0}
_UNSTABLE = Instability(
    "the first splits are chosen by few rows near the border, and all that follows hangs on them",
    "Breiman (1996), Heuristics of instability and stabilization in model selection",
    errs=0.285,
    measured_on="trees of one split",
)

DECISION_TREE = Family(
    name="decision_tree",
    title="Decision tree",
    short="Tree",
    setups={
        "classification": Setup(
            "sklearn.tree.DecisionTreeClassifier",
            {},
            _GRID,
            _ALONE,
            seed="random_state",
        ),
        # The penalty for a leaf is in units of the target's variance: standardised, one range fits every target.
        "regression": Setup(
            "sklearn.tree.DecisionTreeRegressor",
            {"scale_target": True},
            _GRID,
            _ALONE,
            seed="random_state",
            output="value",
        ),
    },
    preprocess=("encode",),
    source=(
        "cost-complexity pruning as in Breiman, Friedman, Olshen & Stone (1984), Classification and Regression "
        "Trees; bench's penalties: 0, then doubling, up to one that leaves a single split"
    ),
    kind="tree",
    how=(
        "It splits the rows by one feature at a time (is it above 3.2?), again and again, so that each leaf holds "
        "similar rows. Then it prunes branches that gain too little."
    ),
    fails=(
        "If a few training rows change, the tree can be quite different. Its predictions are steps: a smooth slope "
        "needs many splits, and a tree without pruning memorises noise."
    ),
    knobs={
        "ccp_alpha": "The penalty for every leaf: 0 keeps the whole tree, larger values cut it back."
    },
    takes_missing=True,
    instability=_UNSTABLE,
)

PRUNED_TREE = Family(
    name="pruned_tree",
    title="Self-pruning tree",
    short="PrTree",
    setups={
        "classification": Setup(
            "bench.families.estimators.trees.PrunedTreeClassifier",
            alone={"cv": 10, "standard_errors": 0.0},
            seed="random_state",
        ),
        "regression": Setup(
            "bench.families.estimators.trees.PrunedTreeRegressor",
            alone={"cv": 10, "standard_errors": 0.0},
            seed="random_state",
            output="value",
        ),
    },
    preprocess=("encode",),
    source=(
        "no candidates: it prunes itself by cross-validation, as in Breiman, Friedman, Olshen & Stone (1984), "
        "Classification and Regression Trees, section 3.4"
    ),
    kind="tree",
    how=(
        "It grows a whole tree and cuts back its least useful branches one after another. How far it goes is decided "
        "by cross-validation: trees grown without a tenth of the rows are scored on that tenth."
    ),
    fails=(
        "If a few training rows change, the tree can be quite different; where rows are few, so can the point to which "
        "it is cut back. Its predictions are steps, no smooth slopes."
    ),
    knobs={
        "cv": "In how many parts the rows are cut to decide how far to prune.",
        "standard_errors": "A smaller tree is taken if its score is at most this many standard errors worse than the "
        "best.",
    },
    takes_missing=True,
    instability=_UNSTABLE,
)
