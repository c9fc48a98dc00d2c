"""A small neural network."""

from __future__ import annotations

from bench.families.family import Family, Setup

_FIXED = {
    "activation": "relu",
    "solver": "adam",
    "learning_rate_init": 0.01,
    "max_iter": 200,
}
_GRID = {"hidden_layer_sizes": ((25,), (100,)), "alpha": (0.0001, 0.01, 0.1, 1.0)}
_ALONE = {"hidden_layer_sizes": (100,), "alpha": 0.0001}

MLP = Family(
    name="mlp",
    title="Neural network (one hidden layer)",
    short="MLP",
    setups={
        "classification": Setup(
            "sklearn.neural_network.MLPClassifier",
            _FIXED,
            _GRID,
            _ALONE,
            seed="random_state",
            rounds="max_iter",
        ),
        "regression": Setup(
            "sklearn.neural_network.MLPRegressor",
            _FIXED | {"scale_target": True},
            _GRID,
            _ALONE,
            seed="random_state",
            output="value",
            rounds="max_iter",
        ),
    },
    preprocess=("impute", "encode", "scale"),
    source=(
        "scikit-learn's defaults (100 units, alpha 1e-4) with a smaller layer and stronger penalties; the "
        "learning rate is ten times the default, so that small tables are fitted within 200 rounds"
    ),
    kind="neural",
    how=(
        "Each hidden unit is a weighted sum of the features that is cut off at zero; the answer is a weighted sum "
        "of the units. The weights begin at random and move, a few rows at a time, to where the error is "
        "smaller."
    ),
    fails="The result depends on the random start. With few rows it learns noise; features on different scales slow it "
    "down or stop it; and it may not be done when the rounds are over.",
    knobs={
        "hidden_layer_sizes": "How many units, layer by layer: more can follow finer shapes.",
        "alpha": "The penalty on large weights: larger is smoother.",
    },
)
