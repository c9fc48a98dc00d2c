"""Discriminant analysis between linear and quadratic."""

from __future__ import annotations

from bench.families.family import Family, Setup

RDA = Family(
    name="rda",
    title="Regularized discriminant analysis",
    short="RDA",
    setups={
        "classification": Setup(
            "bench.families.estimators.regularized.RegularizedDiscriminantAnalysis",
            # Never 0 for pooling among candidates: one singular class would fail the whole search.
            grid={"pooling": (0.01, 0.125, 0.354, 0.65, 1.0), "shrinkage": (0.0, 0.25, 0.5, 1.0)},
            alone={"pooling": 0.354, "shrinkage": 0.0},
        )
    },
    preprocess=("impute", {"encode": {"drop": "first"}}, "scale"),
    source="Friedman (1989), Regularized Discriminant Analysis: the pairs of values in its simulations (quoted from "
    "memory), but no shrinkage of 0.75, and a pooling of 0.01 in place of 0",
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
