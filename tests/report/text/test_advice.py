"""What the page advises to use: by rule, and never more than the tests say."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.comparisons import comparisons
from bench.core import frames
from bench.core.comparisons import PAIRS
from bench.report import facts
from bench.report.advice import (
    NO_SCORES,
    ROWS,
    SEEDS,
    Advice,
    Code,
    Verdict,
    advise,
    use,
)
from bench.report.blocks import find_figures, find_tables
from bench.report.bundle import Bundle
from bench.report.exports.as_numbers import named_numbers
from bench.report.exports.content import Content
from bench.report.page import render
from bench.report.plain import plain
from bench.report.sections.differences import differences
from bench.report.styles import styles_of
from bench.report.values import Value
from tests.helpers import bundles
from tests.helpers.judge_cases import a_study, folds_of, scores_of_arrays, tables_of
from tests.helpers.sparse import sparse

LR, RF, SVM = "logistic_regression", "random_forest", "svm"
TREE, BAGS, BASE = "pruned_tree", "bagging", "baseline"
MEANS = {LR: 0.95, RF: 0.945, SVM: 0.90}
KEY = {"dataset": "wine", "metric": "accuracy", "fallbacks": 0}


def compared(means: dict[str, float], *p: float | None, **study: Any) -> Bundle:
    """One dataset with such means, and adjusted p-values of the pairs in their order; None: not tested."""
    made = bundles.study(families={name: {} for name in means}, **study)
    pairs = [
        KEY
        | {"family": a, "against": b, "test": "corrected_t", "p": value}
        | {"p_adjusted": value, "difference": means[a] - means[b]}
        | {"low": -0.1, "high": 0.1}
        for (a, b), value in zip(combinations(means, 2), p, strict=False)
        if value is not None
    ]
    score = KEY | {"variant": "plain", "repeat": 0, "fold": 0, "side": "test"}
    del score["fallbacks"]
    return bundles.made_of(
        made,
        estimates=[KEY | {"family": f, "mean": value} for f, value in means.items()],
        pairs=pairs,
        classes=[
            {"dataset": "wine", "class": name, "count": count}
            for name, count in (("0", 71), ("1", 29))
        ],
        scores=[score | {"family": f, "value": value} for f, value in means.items()],
        tables=bundles.tables(made, 100, 2, ["0", "1"]),
    )


def with_tests(made: Bundle, tests: dict[str, str]) -> Bundle:
    """The same, with another test of the pairs against these models."""
    rows = made.frame("pairs").to_dicts()
    rows = [row | {"test": tests.get(row["against"], row["test"])} for row in rows]
    pairs = bundles.made_of(made.study, pairs=rows).frames["pairs"]
    return replace(made, frames=made.frames | {"pairs": pairs})


def said(bundle: Bundle) -> str:
    return use(bundle, styles_of(bundle))


def advised(bundle: Bundle) -> Advice:
    return advise(bundle, styles_of(bundle))[0]


LEADS = (0.01, 0.001, 0.02)
B, U, W, N = Verdict.BEST, Verdict.UNDECIDED, Verdict.WORSE, Verdict.UNTESTED
#: Means, adjusted p of the pairs in the order of the means, and what is advised.
ON_ONE: list[
    tuple[dict[str, float], tuple[float | None, ...], Code, dict[str, Verdict]]
] = [
    (MEANS, LEADS, Code.TESTED, {LR: B, RF: W, SVM: W}),
    (MEANS, (0.4, 0.2, 0.3), Code.TESTED, {LR: B, RF: U, SVM: U}),
    (MEANS, (0.4, 0.02, 0.03), Code.TESTED, {LR: B, RF: U, SVM: W}),
    # the level itself is not significant
    (MEANS, (0.05, 0.0499, 0.3), Code.TESTED, {LR: B, RF: U, SVM: W}),
    (MEANS, (0.4,), Code.TESTED, {LR: B, RF: U, SVM: N}),
    (MEANS, (), Code.UNTESTED, {LR: B, RF: N, SVM: N}),
    # one mean but for float noise
    (MEANS | {RF: 0.95 + 1e-16}, (), Code.UNTESTED, {LR: B, RF: B, SVM: N}),
    (MEANS | {RF: 0.95}, (0.9, 0.01, 0.01), Code.TESTED, {LR: B, RF: B, SVM: W}),
    ({BASE: 0.94, LR: 0.95}, (0.6,), Code.BASELINE, {LR: B, BASE: U}),
    ({BASE: 0.94, LR: 0.95}, (0.01,), Code.TESTED, {LR: B, BASE: W}),
    ({BASE: 0.94, LR: 0.80}, (0.003,), Code.BASELINE, {LR: B, BASE: Verdict.BETTER}),
    # without a test the mean of the baseline decides
    ({BASE: 0.95, LR: 0.95}, (), Code.BASELINE, {LR: B, BASE: N}),
    ({BASE: 0.94, LR: 0.95}, (), Code.UNTESTED, {LR: B, BASE: N}),
    # always naming the largest class gives .71
    ({LR: 0.71}, (), Code.BASELINE, {LR: B}),
    ({LR: 0.72}, (), Code.UNTESTED, {LR: B}),
    ({BASE: 0.71}, (), Code.NOTHING, {}),
]  # fmt: skip


@pytest.mark.parametrize(("means", "p", "code", "verdicts"), ON_ONE)
def test_advice_on_one_dataset(
    means: dict[str, float],
    p: tuple[float | None, ...],
    code: Code,
    verdicts: dict[str, Verdict],
) -> None:
    advice = advised(compared(means, *p))
    assert (advice.code, dict(advice.verdicts)) == (code, verdicts)
    assert advice.cautions == ()


def test_the_advice_is_one_sentence() -> None:
    assert said(compared(MEANS, 0.4, 0.02, 0.03)) == (
        "Best accuracy on Wine: Logistic regression (0.950); significantly worse: "
        "Support vector machine (RBF); not significantly different: Random forest."
    )


@pytest.mark.parametrize(("p", "warns"), [(0.041, True), (0.0001, False)])
def test_an_unstable_model_is_warned_of(p: float, warns: bool) -> None:
    """Equal single trees are called different in up to 28.5 %: below p = .00033 that no longer matters."""
    (*warnings,) = advised(compared({BAGS: 0.95, TREE: 0.90}, p)).cautions
    assert ["Self-pruning tree" in says for says, _ in warnings] == [True] * warns


def test_numbers_have_the_digits_that_their_intervals_need() -> None:
    made = compared({LR: 0.97341, RF: 0.973}, 1e-6)
    assert advised(made).value == "0.973"
    ends = {LR: (0.97340, 0.97342), RF: (0.97299, 0.97301)}
    estimates = [
        row | dict(zip(("low", "high"), ends[row["family"]], strict=True))
        for row in made.frame("estimates").to_dicts()
    ]
    pairs = [row | {"low": 0.00039, "high": 0.00043} for row in made.frame("pairs").to_dicts()]  # fmt: skip
    narrow = bundles.made_of(
        made.study,
        tables=bundles.tables(made.study, 100, 2, ["0", "1"]),
        estimates=estimates,
        pairs=pairs,
        scores=made.frame("scores").to_dicts(),
    )
    assert advised(narrow).value == "0.973410"
    numbers = named_numbers(narrow)
    assert numbers[f"{made.study.id}:wine.{LR}.accuracy.low"] == "0.973400"
    assert numbers[f"{made.study.id}:wine.{LR}.accuracy.high.percent"] == "97.3420"


@pytest.mark.parametrize(
    ("tests", "seeds", "rows"),
    [
        ({RF: "t_over_seeds", SVM: "t_over_seeds"}, 1, 0),
        ({RF: "t_over_seeds", SVM: "mcnemar"}, 1, 1),
        ({RF: "delong", SVM: "mcnemar"}, 0, 1),
    ],
)
def test_what_tests_on_one_test_set_leave_out_is_said(
    tests: dict[str, str], seeds: int, rows: int
) -> None:
    warnings = advised(with_tests(compared(MEANS, *LEADS), tests)).cautions
    assert (SEEDS in warnings) == bool(seeds)
    assert (ROWS in warnings) == bool(rows)


def test_an_error_is_better_when_it_is_lower() -> None:
    made = compared({f: 1 - value for f, value in MEANS.items()}, 0.01, 0.01, 0.9)
    metrics = made.study.metrics.model_copy(update={"primary": "error_rate"})
    changed = made.study.model_copy(update={"metrics": metrics})
    parts = dict(made.frames)
    for name in ("estimates", "pairs", "scores"):
        parts[name] = parts[name].with_columns(metric=pl.lit("error_rate"))
    advice = advised(Bundle(changed, parts, made.provenance))
    assert (next(iter(advice.verdicts)), advice.value) == (LR, "0.050")


def test_without_a_score_no_choice() -> None:
    assert said(bundles.made_of(bundles.study())) == NO_SCORES


def test_a_serious_alarm_is_a_reason_to_choose_nothing() -> None:
    made = compared(MEANS, *LEADS)
    alarm = {
        "code": "L7",
        "diagnostic": "file_order",
        "dataset": "wine",
        "outcome": "found",
        "severity": "warning",
    }

    def warned(**changes: str) -> Bundle:
        found = sparse([alarm | changes], frames.FINDINGS)
        return replace(made, frames=made.frames | {"findings": found})

    assert said(warned()).startswith(f"{said(made)} ")
    # a shift makes no score too high
    assert said(warned(code="L8", diagnostic="biased_test")) == said(made)
    assert advised(warned(severity="serious")).code == Code.NOTHING


def with_failed(
    made: Bundle, *families: str, reversed_: bool = False, fallbacks: bool = True
) -> Bundle:
    """All ten fits of these families failed, and a baseline stands in or they are excluded; perhaps it decides."""
    key = {"dataset": "wine", "variant": "plain", "repeat": 0}
    failures = [
        key | {"family": f, "fold": k, "status": "timeout", "stage": "fit", "reason": "over 2 s"}
        for f in families for k in range(10)
    ]  # fmt: skip
    row = {
        "code": "S4",
        "diagnostic": "failed_cells",
        "dataset": "wine",
        "outcome": "found",
        "severity": "serious",
    }
    found = [row | {"family": f} for f in families] + [row] * reversed_
    gone = pl.col("family").is_in(families)
    stand_in = gone.cast(pl.Int64) * (10 if fallbacks else 0)
    mean = pl.when(gone & pl.lit(not fallbacks)).then(None).otherwise(pl.col("mean"))
    own = made.frame("estimates").with_columns(fallbacks=stand_in, mean=mean)
    variant = pl.when(gone).then(pl.lit("fallback")).otherwise("variant")
    scores = made.frame("scores").with_columns(variant=variant)
    rows = {
        "failures": sparse(failures, frames.FAILURES),
        "findings": sparse(found, frames.FINDINGS),
    }
    return Bundle(
        made.study,
        dict(made.frames) | rows | {"estimates": own, "scores": scores},
        made.provenance,
    )


@pytest.mark.parametrize("fallbacks", [True, False])
def test_failed_fits_make_no_score_too_high(fallbacks: bool) -> None:
    """What is known of the others is advised; of a model whose fits failed nothing is known."""
    made = compared(MEANS, *LEADS)
    advice = advised(with_failed(made, SVM, fallbacks=fallbacks))
    assert advice.code == Code.TESTED
    assert dict(advice.verdicts) == {LR: B, RF: W}
    guess = with_failed(compared({BASE: 0.7, LR: 0.7}, 0.5), LR, fallbacks=fallbacks)
    assert advised(guess).code == Code.NOTHING
    decided = with_failed(made, SVM, reversed_=True, fallbacks=fallbacks)
    assert advised(decided).code == Code.NOTHING


def test_an_excluded_model_is_never_advised() -> None:
    """The one fit of svm that finished is the best score of all; the study leaves it out."""
    made = with_failed(compared(MEANS | {SVM: 0.99}, 0.01), SVM, fallbacks=False)
    plain = made.frame("scores").with_columns(variant=pl.lit("plain"))
    bundle = replace(made, frames=made.frames | {"scores": plain})
    assert dict(advised(bundle).verdicts) == {LR: B, RF: W}


def over_datasets(
    p: dict[tuple[str, str], tuple[float, float]],
    level: dict[str, float],
    ranks: dict[str, float] | None = None,
) -> Bundle:
    """Twelve datasets whose pairs have such differences and adjusted p; mean ranks by level, unless given."""
    names = {f"d{i}": bundles.wine() for i in range(12)}
    made = bundles.study(datasets=names, families={name: {} for name in level})
    scores = bundles.scores(made, 100, lambda d, f, m: level[f])
    rows = bundles.comparisons(made, scores, 0.5)
    found = {frozenset(pair): (pair, *numbers) for pair, numbers in p.items()}
    rows["pairs_over_datasets"] = [
        row
        | {
            "family": pair[0],
            "against": pair[1],
            "difference": difference,
            "p_adjusted": value,
        }
        for row in rows["pairs_over_datasets"]
        if row["metric"] == "accuracy"
        for pair, difference, value in [
            found[frozenset((row["family"], row["against"]))]
        ]
    ]
    for row in rows["ranks"]:
        row["mean_rank"] = (ranks or {}).get(row["family"], row["mean_rank"])
    return bundles.made_of(
        made, scores=scores, **rows, tables=bundles.tables(made, 100, 2, ["0", "1"])
    )


def incomplete(
    folder: Path, sets: int, third: int, second: int | None = None, level: float = 0.5
) -> Bundle:
    """lda is better than qda on each of so many datasets (on the first `second` of them, if given); a third model has
    scores on the first `third`, at this level."""
    names = [f"d{i}" for i in range(sets)]
    specs = "\n".join(
        f"  {d}: {{source: {{kind: sklearn, name: wine}}, target: target}}"
        for d in names
    )
    made = a_study(folder, datasets=specs, families="{lda: {}, qda: {}, svm: {}}",
                   resampling="{kind: kfold, folds: 4}")  # fmt: skip
    ends = {"lda": sets, "qda": sets if second is None else second, "svm": third}
    low = {"lda": 0.9, "qda": 0.88, "svm": level}
    own = [
        scores_of_arrays(
            {f: [[low[f] + i / 1000 + k * wobble for k in range(4)]] for f, wobble in zip(low, WOBBLE, strict=True)
             if i < ends[f]},
            dataset=d,
        )
        for i, d in enumerate(names)
    ]  # fmt: skip
    parts = {
        "tables": tables_of(*names), "scores": pl.concat(own),
        "folds": pl.concat([folds_of(1, 4, 30, 10, dataset=d) for d in names]),
    }  # fmt: skip
    return Bundle(
        made,
        parts
        | comparisons(made, parts["tables"], parts["folds"], parts["scores"]).frames,
    )


#: How much the scores of each model grow from fold to fold.
WOBBLE = (0.001, 0.0012, 0.0015)


def test_models_that_share_no_two_datasets_with_a_third_are_compared(
    tmp_path: Path,
) -> None:
    """Eight datasets have lda and qda, one has all three models: a pair is decided, and nothing is ranked."""
    made = incomplete(tmp_path, 8, 1)
    assert advised(made).code == Code.NOTHING
    (table,) = [one for one in find_tables(differences(made)) if one.id == "pairs"]
    assert len(table.rows) == 1 and isinstance(table.rows[0][3], Value)
    assert not list(find_figures(differences(made)))
    assert render(made)


@pytest.mark.parametrize(
    ("sets", "third", "second", "level", "code", "verdicts"),
    [
        # two datasets cannot tell the third from the best
        (8, 2, None, 0.5, Code.TESTED, {"lda": B, "qda": W, "svm": N}),
        # a first place that nothing was tested against
        (8, 2, None, 0.95, Code.UNTESTED, {"svm": B, "lda": N, "qda": N}),
        # six datasets: least p after Holm .0625
        (12, 12, 5, 0.5, Code.TESTED, {"lda": B, "qda": N, "svm": W}),
        (3, 3, None, 0.5, Code.FEW_DATASETS, {"lda": B, "qda": N, "svm": N}),
    ],
)
def test_models_on_too_few_datasets_are_neither_tested_nor_beaten(
    tmp_path: Path,
    sets: int,
    third: int,
    second: int | None,
    level: float,
    code: Code,
    verdicts: dict[str, Verdict],
) -> None:
    made = incomplete(tmp_path, sets, third, second, level)
    advice = advised(made)
    assert (advice.code, dict(advice.verdicts)) == (code, verdicts)
    assert facts.decides(made, "accuracy") == (code != Code.FEW_DATASETS)
    assert ("7 are needed" in advice.detail) == (code == Code.FEW_DATASETS)


#: Level of each model, difference and adjusted p of the pairs over twelve datasets, and what is advised.
OVER_TWELVE: list[
    tuple[
        dict[str, float], dict[tuple[str, str], Any], Code, dict[str, Verdict]
    ]
] = [
    (MEANS, {(LR, RF): (0.1, 0.4), (LR, SVM): (0.1, 0.2), (RF, SVM): (0.1, 0.3)},
     Code.TESTED, {LR: B, RF: U, SVM: U}),
    (MEANS, {(LR, RF): (0.055, 0.0007), (LR, SVM): (0.1, 0.001), (RF, SVM): (0.2, 0.001)},
     Code.TESTED, {LR: B, RF: W, SVM: W}),
    # by ranks a model is first that the signed ranks put significantly behind another
    (MEANS, {(RF, LR): (0.055, 0.0007), (LR, SVM): (0.1, 0.001), (RF, SVM): (0.2, 0.001)},
     Code.TESTED, {LR: B, RF: Verdict.BETTER, SVM: W}),
    ({BASE: 0.7, LR: 0.8, SVM: 0.75}, {(BASE, LR): (-0.1, 0.3), (BASE, SVM): (-0.1, 0.001), (LR, SVM): (0.1, 0.5)},
     Code.BASELINE, {LR: B, SVM: U, BASE: U}),
    *(({BASE: 0.9, LR: 0.8, RF: 0.7}, {(BASE, LR): (0.1, p), (BASE, RF): (0.2, 0.001), (LR, RF): (0.1, 0.5)},
       Code.BASELINE, {LR: B, RF: U, BASE: verdict})
      for p, verdict in ((0.001, Verdict.BETTER), (0.3, U), (None, N))),
]  # fmt: skip


@pytest.mark.parametrize(("level", "pairs", "code", "verdicts"), OVER_TWELVE)
def test_advice_over_datasets(
    level: dict[str, float],
    pairs: dict[tuple[str, str], Any],
    code: Code,
    verdicts: dict[str, Verdict],
) -> None:
    advice = advised(over_datasets(pairs, level))
    assert (advice.code, dict(advice.verdicts)) == (code, verdicts)


def test_exports_keep_what_was_not_tested_apart() -> None:
    made = compared(MEANS, 0.4)
    missing = {
        "dataset": "wine",
        "metric": "accuracy",
        "family": LR,
        "against": SVM,
        "difference": 0.05,
        "fallbacks": 0,
    }
    pairs = pl.concat(
        [made.frame("pairs"), sparse([missing | {"cause": "one_seed"}], PAIRS)]
    )
    bundle = Bundle(made.study, dict(made.frames) | {"pairs": pairs}, made.provenance)
    assert [
        tuple(map(plain, row[3:5])) for row in Content(bundle).tables["pairs-wine"].rows
    ] == [
        ("0.40", "Corrected t"),
        ("–", "not tested: one run of a model that takes a seed"),
    ]
