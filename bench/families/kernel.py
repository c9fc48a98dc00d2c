"""Support vector machines."""

from __future__ import annotations

from bench.families.family import Family, Setup

_C = (
    "The penalty for a training row on the wrong side: small C gives a smoother border, large C tries to get every "
    "row right."
)
_EPSILON = "Regression only: errors smaller than this cost nothing. In units of a standardised target."
_STEPS = ("impute", "encode", "scale")
_SVR = {"scale_target": True}


def _powers(*exponents: int) -> tuple[float, ...]:
    return tuple(2.0**exponent for exponent in exponents)


_LINEAR = {"C": _powers(-7, -5, -3, -1, 1, 3, 5)}
_RBF = {"C": _powers(-3, 1, 5, 9), "gamma": _powers(-13, -9, -5, -1)}

SVM_LINEAR = Family(
    name="svm_linear",
    title="Linear support vector machine",
    short="SVM lin",
    setups={
        "classification": Setup(
            "sklearn.svm.SVC",
            {"kernel": "linear"},
            _LINEAR,
            {"C": 1.0},
            output="decision",
        ),
        "regression": Setup(
            "sklearn.svm.SVR",
            {"kernel": "linear"} | _SVR,
            _LINEAR,
            {"C": 1.0, "epsilon": 0.1},
            output="value",
        ),
    },
    preprocess=_STEPS,
    source=(
        "Hsu, Chang & Lin (2003), A practical guide to support vector classification: C in powers of four; the "
        "range is shifted down, as a large C takes very long where classes overlap"
    ),
    kind="kernel",
    how=(
        "It looks for the straight border with the widest margin between two classes; rows inside the margin or on "
        "the wrong side are penalised. More than two classes are decided by votes between pairs."
    ),
    fails="The border is straight, and it gives decision values, no probabilities. Features must be on one scale.",
    knobs={"C": _C, "epsilon": _EPSILON},
)

SVM = Family(
    name="svm",
    title="Support vector machine (RBF)",
    short="SVM",
    setups={
        "classification": Setup(
            "sklearn.svm.SVC",
            {"kernel": "rbf"},
            _RBF,
            {"C": 1.0, "gamma": "scale"},
            output="decision",
        ),
        "regression": Setup(
            "sklearn.svm.SVR",
            {"kernel": "rbf"} | _SVR,
            _RBF,
            {"C": 1.0, "gamma": "scale", "epsilon": 0.1},
            output="value",
        ),
    },
    preprocess=_STEPS,
    source=(
        "Hsu, Chang & Lin (2003), A practical guide to support vector classification: every other point of the "
        "coarse grid, without its outer ends"
    ),
    kind="kernel",
    how=(
        "It compares a new row with chosen training rows, its support vectors: near ones count much, far ones "
        "nothing. The border between classes can take any smooth shape, with as wide a margin as possible."
    ),
    fails=(
        "If the comparison is too narrow it memorises the training rows; if too wide, it learns nothing. Time grows "
        "with the square of the number of rows, and it gives decision values, no probabilities."
    ),
    knobs={
        "C": _C,
        "gamma": (
            "How narrow the comparison is: a large gamma looks at the nearest rows only, a small one is "
            "almost a straight border."
        ),
        "epsilon": _EPSILON,
    },
)
