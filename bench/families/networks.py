"""Networks that PyTorch trains: TabM and a plain one (`pip install 'bench[torch]'`)."""

from __future__ import annotations

from bench.core.task import Task
from bench.families.family import Family, Setup

_MODULE = "bench.families.estimators.networks"
_GRID = {"hidden_layer_sizes": ((64, 64), (128, 128)), "dropout": (0.0, 0.2)}
_ALONE = {"hidden_layer_sizes": (64, 64), "dropout": 0.1}
_KNOBS = {
    "hidden_layer_sizes": "How many units, layer by layer: more can follow finer shapes.",
    "dropout": "The share of units that each step of the training leaves out at random: more is smoother.",
}
_STEPS = ("impute", "encode", "scale")


def _setups(members: int | None) -> dict[Task, Setup]:
    fixed = {"n_members": members}
    return {
        "classification": Setup(
            f"{_MODULE}.NetworkClassifier", fixed, _GRID, _ALONE, seed="random_state"
        ),
        "regression": Setup(
            f"{_MODULE}.NetworkRegressor",
            fixed | {"scale_target": True},
            _GRID,
            _ALONE,
            seed="random_state",
            output="value",
        ),
    }


MLP_TORCH = Family(
    name="mlp_torch",
    title="Neural network (PyTorch)",
    short="MLP-t",
    setups=_setups(None),
    preprocess=_STEPS,
    source=(
        "Gorishniy, Rubachev, Khrulkov & Babenko (2021), Revisiting deep learning models for tabular data: the layers, "
        "dropout, AdamW and early stopping; bench: values for about a thousand rows"
    ),
    kind="neural",
    how=(
        "Two layers of units, each a weighted sum that is cut off at zero. While it learns, units are left out at "
        "random, so that none relies on another, and the fit ends when rows that were set aside are no longer "
        "predicted better."
    ),
    fails="The result depends on the random start. Some rows are set aside for early stopping; "
    "where rows are few, training misses them. Features on different scales slow it down.",
    knobs=_KNOBS,
)

TABM = Family(
    name="tabm",
    title="TabM (networks that share weights)",
    short="TabM",
    setups=_setups(32),
    preprocess=_STEPS,
    source=(
        "Gorishniy, Kotelnikov & Babenko (2025), TabM: 32 members, dropout 0.1, learning rate 0.002, weight decay "
        "0.0003, as its authors suggest to begin with; bench: two layers of 64 units, where they have three of 512"
    ),
    kind="neural",
    how=(
        "Thirty-two networks learn at once. They share most of their weights and differ in a few of their own, and "
        "their answers are averaged: what one gets wrong by chance evens out, as in a forest."
    ),
    fails="It takes many times as long as one network of its size. Some rows are set aside for early "
    "stopping; where rows are few, training misses them.",
    knobs=_KNOBS
    | {
        "n_members": "How many networks share the weights: with more networks, more of the chance averages out, but "
        "the fit takes longer."
    },
)
