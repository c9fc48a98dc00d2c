"""What a pipeline does to a table: which columns a step meets, in which order, and what it learns from."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

from bench.core.errors import UsageError
from bench.families import FAMILIES
from bench.families.pipeline import estimator_of, pipeline
from bench.families.preprocess import ONE_HOT_LIMIT, PREPROCESS, build, check_steps
from bench.families.seeds import draws_in_steps


@dataclass(frozen=True)
class Col:
    name: str
    kind: str = "numeric"
    categories: tuple[str, ...] = ()


NAN = np.nan
COLUMNS = (
    Col("size"),
    Col("colour", "categorical", ("red", "green", "blue")),
    Col("grade", "ordinal", ("lo", "hi")),
)
X = np.array([[1.0, 0, 0], [2.0, 2, 1], [NAN, 2, 1], [4.0, NAN, 0], [9.0, 1, NAN]])
Y = np.array([0, 1, 1, 0, 1])


def seen(columns, steps, X=X, y=Y, estimator=None, new=None) -> np.ndarray:
    """What the estimator is handed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = build(columns, steps, estimator or LogisticRegression(), 1)
        model.fit(X, y)
    return model[:-1].transform(X if new is None else new)


def test_impute_and_encode_by_hand() -> None:
    """The median of 1, 2, 4, 9 is 3, of 0, 1, 1, 0 it is 0.5; blue is most frequent. Numbers first, then dummies."""
    expected = [
        [1, 0, 1, 0, 0],
        [2, 1, 0, 0, 1],
        [3, 1, 0, 0, 1],
        [4, 0, 0, 0, 1],
        [9, 0.5, 0, 1, 0],
    ]
    np.testing.assert_array_equal(
        seen(COLUMNS, [("impute", {}), ("encode", {})]), expected
    )


def test_a_numeric_step_leaves_dummies_alone_whatever_the_order() -> None:
    one = seen(COLUMNS, [("impute", {}), ("scale", {}), ("encode", {})])
    other = seen(COLUMNS, [("impute", {}), ("encode", {}), ("scale", {})])
    np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(one[:, :2].mean(axis=0), 0, atol=1e-12)
    assert set(np.unique(one[:, 2:])) == {0.0, 1.0}


def test_after_a_step_on_all_columns_the_matrix_is_one() -> None:
    steps = [("impute", {}), ("encode", {}), ("drop_constant", {}), ("scale", {})]
    whole = seen(COLUMNS, steps)
    np.testing.assert_allclose(whole.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(whole.std(axis=0), 1)


def test_a_missing_category_of_its_own() -> None:
    own = seen(COLUMNS, [("impute", {"categories": "own"}), ("encode", {})])
    assert own.shape == (5, 6)
    np.testing.assert_array_equal(own[:, 2], [0, 0, 0, 1, 0])


def test_missing_values_may_be_marked() -> None:
    marked = seen(COLUMNS, [("impute", {"add_indicator": True}), ("encode", {})])
    np.testing.assert_array_equal(
        marked[:, 2:4], [[0, 0], [0, 0], [1, 0], [0, 0], [0, 1]]
    )


def test_a_column_without_any_value_keeps_its_place() -> None:
    empty = X.copy()
    empty[:, [0, 1]] = NAN
    assert seen(COLUMNS, [("impute", {}), ("encode", {})], X=empty).shape == (5, 3)


def test_an_unseen_category_is_no_category() -> None:
    new = np.array([[1.0, 7, 0]])
    np.testing.assert_array_equal(
        seen(COLUMNS, [("impute", {}), ("encode", {})], new=new)[0, 2:], [0, 0, 0]
    )
    ordinal = seen(COLUMNS, [("impute", {}), ("encode", {"kind": "ordinal"})], new=new)
    np.testing.assert_array_equal(ordinal, [[1, 0, -1]])


def test_one_kind_of_columns_needs_no_splitting() -> None:
    model = build(
        (Col("a"), Col("b")),
        [("impute", {}), ("encode", {}), ("scale", {})],
        LogisticRegression(),
    )
    assert [name for name, _ in model.steps] == ["impute", "scale", "estimator"]
    only = build(
        (Col("c", "categorical", ("x", "y")),),
        [("encode", {}), ("scale", {})],
        LogisticRegression(),
    )
    assert [name for name, _ in only.steps] == ["encode", "estimator"]


def test_polynomial_by_hand() -> None:
    made = seen(
        (Col("a"), Col("b")),
        [("polynomial", {})],
        X=np.array([[2.0, 3.0], [1.0, 5.0]]),
        y=np.array([0, 1]),
    )
    np.testing.assert_array_equal(made, [[2, 3, 4, 6, 9], [1, 5, 1, 5, 25]])


def test_select_keeps_what_correlates_most_for_two_classes() -> None:
    generator = np.random.default_rng(0)
    noise, y = generator.normal(size=(50, 200)), np.arange(50) % 2
    columns = tuple(Col(f"x{i}") for i in range(200))
    kept = (
        build(columns, [("select", {"k": 10})], LogisticRegression())
        .fit(noise, y)[0]
        .get_support(indices=True)
    )
    r = np.abs(np.corrcoef(noise.T, y)[-1, :-1])
    assert set(kept) == set(np.argsort(-r)[:10])
    share = build(columns, [("select", {"percentile": 5})], LogisticRegression()).fit(
        noise, y
    )
    assert set(share[0].get_support(indices=True)) == set(kept)


def test_mutual_information_is_seeded() -> None:
    generator = np.random.default_rng(0)
    columns = tuple(Col(f"x{i}") for i in range(30))
    noise, y = (
        generator.normal(size=(60, 30)).round(),
        np.arange(60) % 2,
    )  # ties, which chance breaks
    scores = [
        build(
            columns,
            [("select", {"kind": "mutual_info", "k": 3})],
            LogisticRegression(),
            seed,
        )
        .fit(noise, y)[0]
        .scores_
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(scores[0], scores[1]) and not np.array_equal(
        scores[0], scores[2]
    )


KINDS = [(name, kind) for name, step in PREPROCESS.items() for kind in step.kinds]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_a_step_draws_or_two_seeds_give_the_same_bits(name: str, kind: str) -> None:
    """Judgements say “no chance is involved” of what draws nothing."""
    generator = np.random.default_rng(3)
    codes, numbers = (
        generator.integers(0, 3, (60, 1)).astype(float),
        generator.normal(size=(60, 6)),
    )
    columns = (
        *(Col(f"x{i}") for i in range(6)),
        Col("c", "categorical", ("x", "y", "z")),
    )
    table, y = np.hstack([numbers, codes]), np.arange(60) % 2
    own = {"kind": kind} if len(PREPROCESS[name].kinds) > 1 else {}
    own |= {"select": {"k": 3}, "pca": {"n_components": 3}}.get(name, {})
    steps = (
        [(name, own)]
        if PREPROCESS[name].on == "categorical" or name == "encode"
        else [("encode", {}), (name, own)]
    )
    one, other = (
        build(columns, steps, LogisticRegression(), seed)
        .fit(table, y)
        .decision_function(table)
        for seed in (1, 2)
    )
    drawn = draws_in_steps(steps)
    assert drawn == (name == "target_encode" or kind == "mutual_info")
    assert drawn or np.array_equal(one, other)


def test_target_encoding_of_a_whole_number_target_is_a_mean() -> None:
    """An unknown category gets the overall mean, which for classes it would not be."""
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 3, (60, 1)).astype(float)
    y = codes[:, 0] * 10 + generator.integers(0, 3, 60)
    column = (Col("c", "categorical", ("x", "y", "z")),)
    model = build(
        column, [("target_encode", {"smooth": 0.0})], LinearRegression(), 1
    ).fit(codes, y)
    got = model[:-1].transform(np.array([[0.0], [1.0], [2.0], [9.0]]))
    expected = [*(y[codes[:, 0] == code].mean() for code in range(3)), y.mean()]
    np.testing.assert_allclose(got[:, 0], expected)


def test_a_candidate_stands_above_the_steps_and_the_house() -> None:
    columns = tuple(Col(f"x{i}") for i in range(6))
    model = pipeline(
        columns,
        "classification",
        FAMILIES["logistic_regression"].setups["classification"],
        [("scale", {}), ("select", {"k": [2, 3]})],
        {"C": 0.5, "max_iter": 7, "select.k": 3, "scale.kind": "robust"},
        11,
    )
    assert [type(step).__name__ for _, step in model.steps] == [
        "RobustScaler",
        "SelectKBest",
        "LogisticRegression",
    ]
    assert model["select"].k == 3
    assert (model[-1].C, model[-1].max_iter, model[-1].random_state) == (0.5, 7, 11)


def test_a_candidate_for_a_step_that_is_not_there() -> None:
    setup = FAMILIES["lda"].setups["classification"]
    with pytest.raises(UsageError, match=r"select\.k, but select is no step"):
        pipeline(
            (Col("a"),), "classification", setup, [("scale", {})], {"select.k": 3}, 0
        )


def test_an_import_path_is_a_setup_too() -> None:
    model = pipeline(
        (Col("a"),),
        "classification",
        "sklearn.ensemble.ExtraTreesClassifier",
        [],
        {"n_estimators": 3},
        5,
    )
    assert (model[-1].n_estimators, model[-1].random_state, model[-1].n_jobs) == (
        3,
        5,
        None,
    )


def test_a_scaled_target_comes_back_in_its_unit() -> None:
    """Against the same done by hand: standardise y, fit, predict, turn back."""
    generator = np.random.default_rng(1)
    X, y = generator.normal(size=(80, 2)), 1000 + 300 * generator.normal(size=80)
    setup, columns = FAMILIES["svm"].setups["regression"], (Col("a"), Col("b"))
    got = (
        pipeline(columns, "regression", setup, [("scale", {})], {"C": 2.0}, 0)
        .fit(X, y)
        .predict(X)
    )
    scaled = StandardScaler().fit_transform(X)
    expected = (
        SVR(C=2.0).fit(scaled, (y - y.mean()) / y.std()).predict(scaled) * y.std()
        + y.mean()
    )
    np.testing.assert_allclose(got, expected, rtol=1e-9)
    raw = pipeline(
        columns,
        "regression",
        setup,
        [("scale", {})],
        {"C": 2.0, "scale_target": False},
        0,
    )
    np.testing.assert_allclose(
        raw.fit(X, y).predict(X), SVR(C=2.0).fit(scaled, y).predict(scaled), rtol=1e-9
    )


def test_the_forest_can_be_asked_for_its_out_of_bag_rows() -> None:
    generator = np.random.default_rng(1)
    X, y = generator.normal(size=(80, 2)), generator.normal(size=80)
    setup = FAMILIES["random_forest"].setups["regression"]
    model = pipeline(
        (Col("a"), Col("b")), "regression", setup, [], {"oob_score": True}, 0
    ).fit(X, y)
    assert model[-1].oob_prediction_.shape == (80,)


def test_the_seed_decides_the_forest() -> None:
    generator = np.random.default_rng(1)
    X, y = generator.normal(size=(80, 2)), np.arange(80) % 2
    setup = FAMILIES["random_forest"].setups["classification"]
    one, same, other = (
        estimator_of(setup, {"n_estimators": 10}, seed).fit(X, y).predict_proba(X)
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_a_clone_is_as_good_as_the_original() -> None:
    setup = FAMILIES["svm"].setups["classification"]
    steps = [
        ("impute", {}),
        ("encode", {}),
        ("select", {"kind": "mutual_info", "k": 2}),
    ]
    model = pipeline(COLUMNS, "classification", setup, steps, {"C": 3.0}, 4)
    assert repr(clone(model)) == repr(model)


WIDE = Col("id", "categorical", tuple(str(i) for i in range(ONE_HOT_LIMIT + 1)))


@pytest.mark.parametrize(
    ("columns", "steps", "missing", "words"),
    [
        (COLUMNS, [("impute", {})], False, "categorical columns (colour) have no step"),
        (COLUMNS, [("encode", {})], True, "list the step impute"),
        (
            COLUMNS,
            [("encode", {}), ("polynomial", {}), ("impute", {})],
            True,
            "list impute before it",
        ),
        (COLUMNS, [("pca", {}), ("encode", {})], False, "encode stands after pca"),
        (COLUMNS, [("encode", {}), ("encode", {})], False, "encode is listed twice"),
        (COLUMNS, [("encode", {}), ("target_encode", {})], False, "list one of them"),
        (
            COLUMNS,
            [("encode", {}), ("select", {"k": 3, "percentile": 5})],
            False,
            "k or percentile",
        ),
        ((WIDE,), [("encode", {})], False, "above 100 categories is refused (id: 101)"),
    ],
)
def test_impossible_steps_are_sentences(
    columns, steps, missing: bool, words: str
) -> None:
    (sentence,) = check_steps(columns, steps, needs_complete=missing)
    assert words in sentence


@pytest.mark.parametrize(
    ("columns", "steps", "missing"),
    [
        (COLUMNS, [("impute", {}), ("encode", {}), ("pca", {}), ("scale", {})], True),
        (COLUMNS, [("scale", {}), ("impute", {}), ("target_encode", {})], True),
        ((Col("a"),), [], False),
        ((WIDE,), [("encode", {"kind": "ordinal"})], False),
        ((WIDE,), [("encode", {"max_categories": 20})], False),
        ((WIDE,), [("target_encode", {})], False),
    ],
)
def test_possible_steps_are_silent(columns, steps, missing: bool) -> None:
    assert check_steps(columns, steps, needs_complete=missing) == []
