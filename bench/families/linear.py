"""Linear models: a weighted sum of the features."""

from __future__ import annotations

from bench.families.family import Family, Setup

_STEPS = ("impute", "encode", "scale")
_DECADES = tuple(float(f"1e{power}") for power in range(-4, 5))

LOGISTIC_REGRESSION = Family(
    name="logistic_regression",
    title="Logistic regression",
    short="LR",
    setups={
        "classification": Setup(
            "sklearn.linear_model.LogisticRegression",
            fixed={"solver": "lbfgs", "max_iter": 1000},
            grid={"C": _DECADES},
            alone={"C": 1.0},
            seed="random_state",
            seed_idle_unless="solver",
        )
    },
    preprocess=_STEPS,
    source="scikit-learn, LogisticRegressionCV: C from 1e-4 to 1e4; here one value a decade",
    kind="linear",
    how=(
        "Each class gets a score, a weighted sum of the features; the scores become probabilities that sum to "
        "one. The weights make the training labels as probable as possible, while a penalty on the squared "
        "weights keeps them small."
    ),
    fails="Its borders between classes are straight. Where the class depends on two features together, or on a middle "
    "range of one, it misses what is there unless the study adds such features.",
    knobs={
        "C": (
            "The inverse strength of the penalty: small C means small weights and a simpler model, large C hardly "
            "any penalty."
        )
    },
)

LINEAR_REGRESSION = Family(
    name="linear_regression",
    title="Linear regression",
    short="OLS",
    setups={
        "regression": Setup(
            "sklearn.linear_model.LinearRegression", fixed={"n_jobs": 1}, output="value"
        )
    },
    preprocess=("impute", {"encode": {"drop": "first"}}, "scale"),
    source="no candidates: least squares has no parameter to tune",
    kind="linear",
    how=(
        "The prediction is a weighted sum of the features plus a constant; the weights make the sum of squared "
        "errors on the training rows as small as possible."
    ),
    fails=(
        "With many features for the number of rows, or features that nearly repeat each other, the weights follow "
        "noise. One extreme target value can turn the whole fit."
    ),
)

RIDGE = Family(
    name="ridge",
    title="Ridge regression",
    short="Ridge",
    setups={
        "regression": Setup(
            "sklearn.linear_model.Ridge",
            grid={"alpha": tuple(float(f"1e{power}") for power in range(-3, 5))},
            alone={"alpha": 1.0},
            seed="random_state",
            seed_idle_unless="solver",
            output="value",
        )
    },
    preprocess=_STEPS,
    source="bench: one value a decade around scikit-learn's RidgeCV defaults (0.1, 1, 10)",
    kind="linear",
    how=(
        "Linear regression with a penalty on the squared weights: weights that follow noise shrink, and where several "
        "features carry the same information, the weight is divided among them."
    ),
    fails="It still draws straight lines only, and it keeps every feature in. The penalty treats all features alike, "
    "so they must be on one scale.",
    knobs={
        "alpha": "The penalty on large weights: 0 is plain least squares, a large value pulls all weights towards zero."
    },
)

LASSO = Family(
    name="lasso",
    title="Lasso",
    short="Lasso",
    setups={
        "regression": Setup(
            "sklearn.linear_model.Lasso",
            fixed={"max_iter": 10_000, "scale_target": True},
            grid={"alpha": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)},
            alone={"alpha": 0.01},
            seed="random_state",
            seed_idle_unless="selection",
            output="value",
        )
    },
    preprocess=_STEPS,
    source=(
        "bench: with features and target standardised, every weight is zero from alpha = 1 on, so alpha "
        "from 0.0001 to 0.3"
    ),
    kind="linear",
    how="Linear regression with a penalty on the absolute weights. Many weights become exactly zero, so that it also "
    "chooses features.",
    fails="Of several features with the same information it keeps one, almost by chance: a few rows can change which. "
    "It draws straight lines only.",
    knobs={
        "alpha": "The penalty on weights: the larger, the fewer features stay in. In units of a standardised target."
    },
)

ELASTIC_NET = Family(
    name="elastic_net",
    title="Elastic net",
    short="ENet",
    setups={
        "regression": Setup(
            "sklearn.linear_model.ElasticNet",
            fixed={"max_iter": 10_000, "scale_target": True},
            grid={
                "alpha": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
                "l1_ratio": (0.2, 0.8),
            },
            alone={"alpha": 0.01, "l1_ratio": 0.5},
            seed="random_state",
            seed_idle_unless="selection",
            output="value",
        )
    },
    preprocess=_STEPS,
    source="bench: the lasso's range, with a mostly squared and a mostly absolute penalty",
    kind="linear",
    how=(
        "Linear regression with a penalty on squared and on absolute weights: it drops features as the lasso does, and "
        "divides the weight among features that carry the same information, as ridge regression does."
    ),
    fails="It draws straight lines only, and two parameters must be chosen where ridge and lasso have one.",
    knobs={
        "alpha": "The penalty on weights: the larger, the simpler the model. In units of a standardised target.",
        "l1_ratio": "The share of the penalty on absolute weights: 1 is the lasso, near 0 is ridge.",
    },
)
