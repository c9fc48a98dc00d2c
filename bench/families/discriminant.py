"""Discriminant analysis: one normal cloud a class."""

from __future__ import annotations

from bench.families.family import Family, Setup

# A full set of one-hot columns always sums to one, which makes covariances singular: one column of each is dropped.
_STEPS = ("impute", {"encode": {"drop": "first"}}, "scale")

LDA = Family(
    name="lda",
    title="Linear discriminant analysis",
    short="LDA",
    setups={
        "classification": Setup(
            "sklearn.discriminant_analysis.LinearDiscriminantAnalysis",
            # Untuned it is the textbook's; only the lsqr solver can shrink.
            grid={
                "solver": ("lsqr",),
                "shrinkage": (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9),
            },
            alone={"solver": "svd"},
        )
    },
    preprocess=_STEPS,
    source="bench: shrinkage from none to almost full",
    kind="discriminant",
    how="Each class is modelled as a normal distribution with a mean of its own and a covariance that all classes "
    "share. A new row goes to the most probable class; the borders are straight.",
    fails=(
        "Classes that differ in spread and not in mean are hardly separated. With nearly as many features as rows "
        "the covariance is badly estimated unless it is shrunk."
    ),
    knobs={
        "solver": "How the covariance is found: svd is the standard way, lsqr allows shrinkage.",
        "shrinkage": "How far the covariance is shrunk towards the identity: 0 not at all, 1 entirely.",
    },
)

QDA = Family(
    name="qda",
    title="Quadratic discriminant analysis",
    short="QDA",
    setups={
        "classification": Setup(
            "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis",
            # Only a truly singular class is refused: the default, 1e-4, refuses merely correlated features too.
            fixed={"tol": 1e-9},
            # Never 0 among candidates: one singular class would fail the whole search. 0.001 is almost plain QDA.
            grid={
                "reg_param": (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
            },
            alone={"reg_param": 0.0},
        )
    },
    preprocess=_STEPS,
    source="bench: regularisation from almost none to almost full",
    kind="discriminant",
    how=(
        "Each class is modelled as a normal distribution with its own mean and covariance, so that the borders "
        "between classes are curved."
    ),
    fails="Every class needs clearly more rows than there are features, or its covariance cannot be estimated and "
    "the fit fails. Features that are far from normal mislead it.",
    knobs={
        "reg_param": "How far each covariance is shrunk towards the identity: 0 is not at all."
    },
)


RDA = Family(
    name="rda",
    title="Regularized discriminant analysis",
    short="RDA",
    setups={
        "classification": Setup(
            "bench.families.estimators.regularized.RegularizedDiscriminantAnalysis",
            # Never 0 for pooling among candidates: one singular class would fail the whole search.
            grid={
                "pooling": (0.01, 0.125, 0.354, 0.65, 1.0),
                "shrinkage": (0.0, 0.25, 0.5, 1.0),
            },
            alone={"pooling": 0.354, "shrinkage": 0.0},
        )
    },
    preprocess=("impute", {"encode": {"drop": "first"}}, "scale"),
    source="Friedman (1989), Regularized Discriminant Analysis: the pairs of values in its simulations (quoted from "
    "memory), but without the value 0.75 for shrinkage, and with 0.01 in place of 0 for pooling",
    kind="discriminant",
    how="Each class is modelled as a normal distribution. One parameter sets how much of its covariance a class "
    "shares with the others, one how far it is shrunk. Linear and quadratic discriminant analysis are special "
    "cases.",
    fails="Features that are far from normal mislead it. With few rows the choice of the two parameters is unstable.",
    knobs={
        "pooling": "How far each covariance is shrunk towards that of all classes: 0 is quadratic, 1 linear "
        "discriminant analysis.",
        "shrinkage": "How far each covariance is shrunk towards the identity: 0 not at all, 1 entirely.",
    },
)
