"""What the page advises to use: by rule, and never more than the tests say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.comparisons import comparisons
from bench.core import frames
from bench.core.comparisons import PAIRS
from bench.core.outcomes import encoded
from bench.diagnose.beats_baseline import BetterThanBaseline
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.exports.as_numbers import named_numbers
from bench.report.exports.content import Content
from bench.report.page import render
from bench.report.sections.differences import differences
from bench.report.sections.families import standing_words
from bench.report.sections.summary_rows import summary_table
from bench.report.styles import styles_of
from bench.report.text.advice import NO_SCORES, use
from bench.report.text.headline import headline, metric_of_headline
from tests.helpers import bundles
from tests.helpers.judge_cases import a_study, folds_of, scores_of_arrays, tables_of
from tests.helpers.pages import figures, section
from tests.helpers.sparse import sparse

MEANS = {"logistic_regression": 0.95, "random_forest": 0.945, "svm": 0.90}


def compared(
    p: dict[tuple[str, str], float],
    means: dict[str, float] | None = None,
    classes: int = 71,
    **study: Any,
) -> Bundle:
    """One dataset with such means, and adjusted p-values of pairs; without any p nothing was tested."""
    means = means or MEANS
    made = bundles.study(families={name: {} for name in means}, **study)
    key = {"dataset": "wine", "metric": "accuracy"}
    estimates = [
        key | {"family": f, "mean": value, "fallbacks": 0} for f, value in means.items()
    ]
    pairs = []
    for (a, b), value in p.items():
        gap = {
            "difference": means[a] - means[b],
            "low": -0.1,
            "high": 0.1,
            "fallbacks": 0,
        }
        pairs.append(
            key
            | {
                "family": a,
                "against": b,
                "test": "corrected_t",
                "p": value,
                "p_adjusted": value,
            }
            | gap
        )
    counts = [
        {"dataset": "wine", "class": c, "count": n}
        for c, n in (("0", classes), ("1", 100 - classes))
    ]
    scores = [
        key
        | {
            "family": f,
            "variant": "plain",
            "repeat": 0,
            "fold": 0,
            "side": "test",
            "value": value,
        }
        for f, value in means.items()
    ]
    return bundles.made_of(
        made, estimates=estimates, pairs=pairs, classes=counts, scores=scores,
        tables=bundles.tables(made, 100, 2, ["0", "1"]),
    )  # fmt: skip


def said(bundle: Bundle) -> str:
    return use(bundle, styles_of(bundle))


LR, RF, SVM = MEANS


def test_a_small_difference_that_is_significant_has_its_digits() -> None:
    """`no better than` never stands beside a p below the level; numbers have the digits that their intervals need."""
    made = compared({(LR, RF): 1e-6}, {LR: 0.97341, RF: 0.973})
    assert "accuracy 0.973, better than the next, Random forest" in said(made)
    ends = {LR: (0.97340, 0.97342), RF: (0.97299, 0.97301)}
    estimates = [row | dict(zip(("low", "high"), ends[row["family"]], strict=True))
                 for row in made.frame("estimates").to_dicts()]  # fmt: skip
    pairs = [
        row | {"low": 0.00039, "high": 0.00043}
        for row in made.frame("pairs").to_dicts()
    ]
    parts = {
        "estimates": estimates,
        "pairs": pairs,
        "scores": made.frame("scores").to_dicts(),
    }
    narrow = bundles.made_of(
        made.study, tables=bundles.tables(made.study, 100, 2, ["0", "1"]), **parts
    )
    assert "accuracy 0.973410, 0.041 pp better than the next, Random forest" in said(
        narrow
    )
    numbers = named_numbers(narrow)
    assert numbers[f"{made.study.id}:wine.{LR}.accuracy.low"] == "0.973400"
    assert numbers[f"{made.study.id}:wine.{LR}.accuracy.high.percent"] == "97.3420"


def test_a_leader_by_test() -> None:
    made = compared({(LR, RF): 0.01, (LR, SVM): 0.001, (RF, SVM): 0.02})
    assert said(made) == (
        "Logistic regression on Wine: accuracy 0.950, 0.5 pp better than the next, Random forest "
        "(after Holm p = 0.010)."
    )
    assert "<b>What to use:</b> Logistic regression on Wine" in render(made)


def test_those_that_share_the_second_place_are_named_with_the_larger_p() -> None:
    made = compared(
        {(LR, RF): 0.004, (LR, SVM): 0.013, (RF, SVM): 1.0},
        {LR: 0.95, RF: 0.9, SVM: 0.9},
    )
    assert said(made) == (
        "Logistic regression on Wine: accuracy 0.950, 5.0 pp better than the next, Random forest and "
        "Support vector machine (RBF) (after Holm p = 0.013)."
    )


def test_a_tie_names_those_within_the_rope() -> None:
    made = compared({(LR, RF): 0.4, (LR, SVM): 0.2, (RF, SVM): 0.3})
    assert said(made) == (
        "On Wine, by accuracy, Logistic regression (0.950) leads; Random forest (0.945) is within 1 pp of it and "
        "not significantly different: these data do not show which is better. "
        "More than 1 pp behind, but not significantly: Support vector machine (RBF)."
    )


def test_a_model_that_is_significantly_worse_is_named() -> None:
    one = said(compared({(LR, RF): 0.4, (LR, SVM): 0.02, (RF, SVM): 0.03}))
    assert one.endswith(
        " Significantly worse than the best: Support vector machine (RBF)."
    )


@pytest.mark.parametrize(
    ("test", "tree", "words"),
    [
        ("sharp", 0.88, "but was tested with SHARP, which finds fewer differences"),
        ("sharp", 0.91, ""),
        ("corrected_t", 0.88, ""),
    ],
)
def test_a_model_far_behind_without_a_significant_difference_had_a_test_that_finds_less(
    test: str, tree: float, words: str
) -> None:
    made = compared({(LR, SVM): 0.01, (LR, "decision_tree"): 0.6, (SVM, "decision_tree"): 0.9},
                    {LR: 0.95, SVM: 0.90, "decision_tree": tree})  # fmt: skip
    rows = [
        row | {"test": test if "tree" in row["against"] else row["test"]}
        for row in made.frame("pairs").to_dicts()
    ]
    pairs = bundles.made_of(made.study, pairs=rows).frames["pairs"]
    one = said(replace(made, frames=made.frames | {"pairs": pairs}))
    assert ("SHARP" in one) == bool(words) and words in one


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        (
            ("t_over_seeds", "t_over_seeds"),
            ". This was tested over seeds only: other test rows may give another result.",
        ),
        (
            ("t_over_seeds", "mcnemar"),
            ". The difference from Random forest was tested over seeds only: other test rows may give another result. "
            "The difference from the other model was tested on the test rows (McNemar's test): other training rows may "
            "give another result.",
        ),
        (("corrected_t", "corrected_t"), "after Holm p = 0.010)."),
    ],
)
def test_what_tests_on_one_test_set_leave_out_has_its_sentence(
    tests: tuple[str, str], words: str
) -> None:
    made = compared({(LR, RF): 0.01, (LR, SVM): 0.001, (RF, SVM): 0.02})
    made_by = dict(zip((RF, SVM), tests, strict=True))
    rows = [
        row | {"test": made_by[row["against"]]}
        for row in made.frame("pairs").to_dicts()
    ]
    pairs = bundles.made_of(made.study, pairs=rows).frames["pairs"]
    assert said(replace(made, frames=made.frames | {"pairs": pairs})).endswith(words)


def test_how_often_a_planted_difference_is_found() -> None:
    made = compared({(LR, RF): 0.4, (LR, SVM): 0.2, (RF, SVM): 0.3})
    row = {
        "dataset": "wine",
        "check": "power",
        "planted": 0.01,
        "rate": 0.14,
        "low": 0.09,
        "high": 0.19,
        "trials": 200,
    }
    checks = bundles.made_of(made.study, self_checks=[row]).frames["self_checks"]
    one = said(replace(made, frames=made.frames | {"self_checks": checks}))
    assert figures(one)[-2:] == ["1.0", "14"]


def test_an_error_is_better_when_it_is_lower() -> None:
    means = {f: 1 - value for f, value in MEANS.items()}
    made = compared({(LR, RF): 0.01, (LR, SVM): 0.01, (RF, SVM): 0.9}, means)
    changed = made.study.model_copy(
        update={
            "metrics": made.study.metrics.model_copy(update={"primary": "error_rate"})
        }
    )
    parts = dict(made.frames)
    for name in ("estimates", "pairs", "scores"):
        parts[name] = parts[name].with_columns(metric=pl.lit("error_rate"))
    assert said(Bundle(changed, parts, made.provenance)).startswith(
        "Logistic regression on Wine: error rate 0.050, 0.5 pp better than the next"
    )


def test_models_of_one_mean_lead_together() -> None:
    """One of them comes first in the study, the other by float noise."""
    means = {"baseline": 0.8, LR: 0.95, RF: 0.95 + 1e-16, SVM: 0.9}
    both = "Logistic regression and Random forest share"
    made = compared({(LR, RF): 1.0, (LR, SVM): 0.3}, means)
    line = f"{both} the lead on Wine, but one other is not significantly different (one was not tested)"
    assert headline(made, styles_of(made)) == line
    made = compared({}, means)
    assert (
        headline(made, styles_of(made))
        == f"{both} the best accuracy on Wine, with no test of the difference"
    )
    leads = "Best accuracy on Wine: Logistic regression and Random forest (0.950), then Support vector machine (RBF) ("
    assert leads in said(made)


def test_nothing_where_the_best_does_not_differ_from_the_baseline() -> None:
    means = {"baseline": 0.94, LR: 0.95}
    assert said(compared({("baseline", LR): 0.6}, means)) == (
        "None of them on Wine, by accuracy: the best, Logistic regression, is not significantly different from the "
        "baseline (0.940)."
    )


def test_one_sided_tests_against_the_baseline_are_said_beside_those_of_all_pairs() -> (
    None
):
    """S1 compares with the baseline alone, one-sided; the pairs are corrected together. Both stand on the page."""
    made = compared({("baseline", LR): 0.06}, {"baseline": 0.94, LR: 0.95})
    better = {"diagnostic": "beats_baseline", "dataset": "wine", "family": LR, "outcome": "passed",
              "details": encoded([BetterThanBaseline("baseline", 0.03)])}  # fmt: skip
    findings = sparse([better], made.frame("findings").schema)
    shown = replace(made, frames={**made.frames, "findings": findings})
    assert "one-sided tests against it find Logistic regression better" in said(shown)
    assert headline(shown, styles_of(shown)).startswith(
        "By accuracy, one-sided tests against the baseline find logistic"
    )
    assert "one-sided" not in said(made) + headline(made, styles_of(made))


def test_a_baseline_without_a_test_is_never_called_worse() -> None:
    means = {"baseline": 0.80} | MEANS
    near = {(LR, RF): 0.4, (LR, SVM): 0.3}
    untested = compared(near, means)
    assert headline(untested, styles_of(untested)) == (
        "Logistic regression leads on Wine, but two others are not significantly different (one was not tested)"
    )
    tested = compared(near | {("baseline", LR): 0.001}, means)
    assert headline(tested, styles_of(tested)).endswith(
        "; only the baseline is significantly worse"
    )


def test_a_model_that_is_worse_than_the_baseline_is_called_so() -> None:
    """The baseline leads: it is not different from itself, but the best model is significantly worse."""
    means = {"baseline": 0.94, LR: 0.80, SVM: 0.75}
    made = compared(
        {("baseline", LR): 0.003, ("baseline", SVM): 0.001, (LR, SVM): 0.5}, means
    )
    assert said(made) == (
        "None of them on Wine, by accuracy: the best, Logistic regression, is significantly worse than the baseline "
        "(0.940)."
    )
    words = {row.name: row.word for row in summary_table(made, styles_of(made)).rows}
    assert list(words.values()) == [
        "best score",
        "significantly worse",
        "significantly worse",
    ]
    open_ = compared(
        {("baseline", LR): 0.3, ("baseline", SVM): 0.001, (LR, SVM): 0.5}, means
    )
    assert said(open_).startswith(
        "None of them on Wine"
    )  # the support vector machine is significantly worse
    assert "is not significantly different from the baseline" in said(open_)


def test_a_model_behind_the_best_may_be_the_one_that_beats_the_baseline() -> None:
    """The best mean varies much; the other model is surely better than the baseline, as on every fold."""
    means = {"baseline": 0.70, LR: 0.80, SVM: 0.75}
    made = compared(
        {("baseline", LR): 0.4, ("baseline", SVM): 0.001, (LR, SVM): 0.5}, means
    )
    assert said(made) == (
        "On Wine, by accuracy, no model can be recommended: the best, Logistic regression, is not significantly "
        "different from the baseline (0.700), but Support vector machine (RBF) is significantly better than it."
    )
    assert headline(made, styles_of(made)) == (
        "Support vector machine (RBF) is better than guessing on Wine by accuracy, but the best mean, of logistic "
        "regression, is not shown to be"
    )


def test_a_model_with_a_worse_mean_rank_may_beat_the_baseline() -> None:
    pairs = {
        ("baseline", LR): (-0.1, 0.3),
        ("baseline", SVM): (-0.1, 0.001),
        (LR, SVM): (0.1, 0.5),
    }
    made = over_datasets(pairs, {"baseline": 0.7, LR: 0.8, SVM: 0.75})
    assert said(made) == (
        "Over twelve datasets, by accuracy, no model can be recommended: the best, Logistic regression, is not "
        "significantly different from the baseline, but Support vector machine (RBF) is significantly better than it."
    )


def test_without_a_test_no_choice() -> None:
    fixed = {"resampling": {"kind": "leave_one_out"}, "tuning": None, "seed": 1}
    assert said(compared({}, protocol=fixed)) == (
        "Leave-one-out has no random splits, so no test over splits compares the models. Best accuracy on Wine: "
        "Logistic regression (0.950), then Random forest (0.945)."
    )


def test_tests_on_the_rows_of_the_one_test_set_are_told_beside_it() -> None:
    one = compared({})
    key = {"dataset": "wine", "metric": "accuracy"}
    pairs = [(LR, RF, 0.5), (LR, SVM, 0.0001), (RF, SVM, 0.01)]
    gaps = [key | {"family": a, "against": b, "difference": 0.01} for a, b, _ in pairs]
    tested = [
        gap | {"test": "mcnemar", "p": p, "p_adjusted": p}
        for gap, (_, _, p) in zip(gaps, pairs, strict=True)
    ]
    untested = [gap | {"fallbacks": 0, "cause": "one_split"} for gap in gaps]
    frames = bundles.made_of(one.study, pairs=untested, test_set_pairs=tested).frames
    told = said(
        replace(
            one,
            frames=one.frames
            | {name: frames[name] for name in ("pairs", "test_set_pairs")},
        )
    )
    assert told == (
        "No test over splits compares the models (one split: another could say the opposite). Best accuracy on Wine: "
        "Logistic regression (0.950), then Random forest (0.945). McNemar's test on the test rows finds 2 of 3 "
        "pairs significantly different (Holm), for this test set alone."
    )


def test_one_family_alone() -> None:
    assert said(compared({}, {LR: 0.95}, classes=95)).startswith(
        "Logistic regression was run alone on Wine: accuracy 0.950, no better than always predicting the largest class "
        "(0.950)."
    )


def test_a_serious_alarm_is_a_reason_to_choose_nothing() -> None:
    made = compared({(LR, RF): 0.01, (LR, SVM): 0.001, (RF, SVM): 0.02})
    alarm = {
        "code": "L7",
        "diagnostic": "file_order",
        "dataset": "wine",
        "outcome": "found",
        "severity": "warning",
    }
    found = dict(made.frames) | {"findings": sparse([alarm], frames.FINDINGS)}
    warned = said(Bundle(made.study, found, made.provenance))
    assert (
        warned
        == f"{said(made)} Scores may be too high: “Serial similarity of rows” (on Wine)."
    )
    found["findings"] = sparse(
        [alarm | {"code": "L8", "diagnostic": "biased_test"}], frames.FINDINGS
    )
    assert said(Bundle(made.study, found, made.provenance)) == said(made), (
        "a shift makes no score too high"
    )
    found["findings"] = sparse([alarm | {"severity": "serious"}], frames.FINDINGS)
    assert said(Bundle(made.study, found, made.provenance)).startswith(
        "Nothing on Wine yet: “Serial similarity of rows” may make every score too high."
    )


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
    made = compared({(LR, RF): 0.01, (LR, SVM): 0.001, (RF, SVM): 0.02})
    assert said(with_failed(made, SVM, fallbacks=fallbacks)) == (
        "Logistic regression on Wine: accuracy 0.950, 0.5 pp better than the next, Random forest "
        "(after Holm p = 0.010). Not recommended, as fits failed: Support vector machine (RBF)."
    )
    assert said(with_failed(made, RF, SVM, fallbacks=fallbacks)).endswith(
        "Not recommended, as fits failed: Random forest and Support vector machine (RBF)."
    )
    guess = compared({("baseline", LR): 0.5}, {"baseline": 0.7, LR: 0.7})
    assert (
        said(with_failed(guess, LR, fallbacks=fallbacks))
        == "Nothing on Wine: fits of every model failed."
    )
    decided = with_failed(made, SVM, reversed_=True, fallbacks=fallbacks)
    assert (
        said(decided)
        == "Nothing on Wine yet: the order of the models depends on what stands in for failed fits."
    )


def test_what_stands_in_for_all_fits_of_a_model_is_the_baseline() -> None:
    made = compared(
        {(LR, RF): 0.4, (LR, SVM): 0.4, (RF, SVM): 0.4}, {LR: 0.70, RF: 0.69, SVM: 0.72}
    )
    assert said(with_failed(made, SVM)) == (
        "None of them on Wine, by accuracy: the best, Logistic regression, is not significantly different from the "
        "baseline (0.720). Not recommended, as fits failed: Support vector machine (RBF)."
    )


def test_an_excluded_model_is_never_advised() -> None:
    """The one fit of svm that finished is the best score of all; the study leaves it out."""
    made = with_failed(
        compared({(LR, RF): 0.01}, {LR: 0.95, RF: 0.945, SVM: 0.99}),
        SVM,
        fallbacks=False,
    )
    plain = made.frame("scores").with_columns(variant=pl.lit("plain"))
    assert said(
        Bundle(made.study, dict(made.frames) | {"scores": plain}, made.provenance)
    ).startswith(
        "Logistic regression on Wine: accuracy 0.950, 0.5 pp better than the next, Random forest"
    )


@pytest.mark.parametrize(
    ("sets", "start"),
    [
        (3, "Over three datasets no model can be recommended: "),
        (
            12,
            "Over twelve datasets, by accuracy, no model is significantly better than another",
        ),
    ],
)
def test_over_datasets(sets: int, start: str) -> None:
    """Three cannot decide between three families; twelve can: the first differs from the second, or does not."""
    names = {
        f"d{i}": {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"}
        for i in range(sets)
    }
    made = bundles.study(datasets=names)
    level = {LR: 0.95, RF: 0.94, SVM: 0.93}
    scores = bundles.scores(
        made, 100, lambda d, f, m: level[f] + 0.03 * bundles.wave(d, f)
    )
    rows = bundles.comparisons(made, scores, 0.5)
    bundle = bundles.made_of(
        made, scores=scores, **rows, tables=bundles.tables(made, 100, 2, ["0", "1"])
    )
    assert said(bundle).startswith(start)
    for row in rows["ranks"]:
        row["mean_rank"] = 2.0
    alike = bundles.made_of(
        made, scores=scores, **rows, tables=bundles.tables(made, 100, 2, ["0", "1"])
    )
    assert ("Best mean rank" in said(bundle), "est mean rank" in said(alike)) == (
        sets == 3,
        False,
    )


def test_no_scores_no_advice() -> None:
    assert said(bundles.made_of(bundles.study())) == NO_SCORES


def test_a_baseline_that_was_run_is_called_one() -> None:
    means = {"baseline": 0.60, LR: 0.95}
    assert "35 pp better than the baseline." in said(
        compared({("baseline", LR): 0.001}, means)
    )


TREE, BAGS = "pruned_tree", "bagging"


@pytest.mark.parametrize(("p", "told"), [(0.041, True), (0.0001, False)])
def test_a_lenient_test_is_said_beside_the_advice_that_rests_on_it(
    p: float, told: bool
) -> None:
    """Equal single trees are called different in up to 28.5 %: below p = .00033 that no longer matters."""
    one = said(compared({(BAGS, TREE): p}, {BAGS: 0.95, TREE: 0.90}))
    assert (
        "The test has too many false positives (Self-pruning tree): confirm it" in one
    ) == told
    assert "pp better than the next, Self-pruning tree" in one


def test_over_datasets_the_advice_names_where_it_is_past_that_doubt() -> None:
    sets = ("a", "b", "c")
    names = {
        d: {
            "source": {"kind": "sklearn", "name": "wine"},
            "target": "target",
            "title": d.upper(),
        }
        for d in sets
    }
    made = bundles.study(datasets=names, families={TREE: {}, BAGS: {}})
    level = {BAGS: 0.95, TREE: 0.90}
    scores = bundles.scores(
        made, 100, lambda d, f, m: level[f] + 0.01 * bundles.wave(d, f)
    )
    p = {"a": 1e-6, "b": 0.03, "c": 0.3}
    rows = bundles.comparisons(made, scores, 0.5)
    rows["pairs"] = [
        row | {"p": p[row["dataset"]], "p_adjusted": p[row["dataset"]]}
        for row in rows["pairs"]
    ]
    tables = bundles.tables(made, 100, 2, ["0", "1"])
    one = said(bundles.made_of(made, scores=scores, **rows, tables=tables))
    assert one.startswith(
        "Over three datasets no model can be recommended: with two models, at least "
    )
    first = ". Best mean rank, but not significantly better: Bagged trees by accuracy (mean rank 1.00). By accuracy"
    assert first in one
    assert one.endswith(
        "By accuracy Bagged trees are significantly better than Self-pruning tree on A and B. Such a test has "
        "too many false positives (Self-pruning tree): only on A is it certain."
    )
    other = {"a": "t_over_seeds", "b": "mcnemar"}
    pairs = [
        row | {"test": other.get(row["dataset"], row["test"])} for row in rows["pairs"]
    ]
    one = said(
        bundles.made_of(made, scores=scores, **rows | {"pairs": pairs}, tables=tables)
    )
    assert one.endswith(
        " on A and B. On A this was tested over seeds only: other test rows may give another result. On B this was "
        "tested on the test rows (McNemar's test): other training rows may give another result."
    )
    alone = [row | {"test": "t_over_seeds"} for row in rows["pairs"]]
    one = said(
        bundles.made_of(made, scores=scores, **rows | {"pairs": alone}, tables=tables)
    )
    assert one.endswith(
        " on A and B. This was tested over seeds only: other test rows may give another result."
    )


def test_a_model_that_a_recommended_one_beats_is_no_advice() -> None:
    """The best is not significantly better than the third, but the second is."""
    made = compared(
        {(LR, RF): 0.4, (LR, SVM): 0.2, (RF, SVM): 0.01},
        {LR: 0.950, RF: 0.945, SVM: 0.944},
    )
    assert said(made).startswith(
        "On Wine, by accuracy, Logistic regression (0.950) leads; Random forest (0.945) is within 1 pp of it and "
        "not significantly different: these data do not show which is better. "
        "Significantly worse than another model: "
        "Support vector machine (RBF)."
    )


def test_nor_is_it_over_datasets() -> None:
    names = {
        f"d{i}": {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"}
        for i in range(12)
    }
    made = bundles.study(datasets=names)
    level = {LR: 0.95, RF: 0.94, SVM: 0.93}
    scores = bundles.scores(
        made, 100, lambda d, f, m: level[f] + 0.03 * bundles.wave(d, f)
    )
    rows = bundles.comparisons(made, scores, 0.5)
    p = {
        frozenset((LR, RF)): 0.4,
        frozenset((LR, SVM)): 0.01,
        frozenset((RF, SVM)): 0.2,
    }
    rows["pairs_over_datasets"] = [
        row | {"p_adjusted": p.get(frozenset((row["family"], row["against"])), 0.001)}
        for row in rows["pairs_over_datasets"]
    ]
    bundle = bundles.made_of(
        made, scores=scores, **rows, tables=bundles.tables(made, 100, 2, ["0", "1"])
    )
    one = said(bundle)
    assert one.endswith(
        "Significantly worse than another model: Support vector machine (RBF)."
    )
    assert "Support vector machine (RBF) (mean rank" not in one


def over_datasets(
    p: dict[tuple[str, str], tuple[float, float]],
    level: dict[str, float],
    ranks: dict[str, float] | None = None,
) -> Bundle:
    """Twelve datasets whose pairs have such differences and adjusted p; mean ranks by level, unless given."""
    names = {
        f"d{i}": {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"}
        for i in range(12)
    }
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
    pair = "LDA is significantly better than QDA over eight datasets; two other pairs share fewer than two datasets"
    pair = pair.replace("LDA", "Linear discriminant analysis").replace(
        "QDA", "Quadratic discriminant analysis"
    )
    assert headline(made, styles_of(made)) == pair
    assert (
        said(made)
        == f"Nothing for all eight datasets: fewer than two have a score of every model. {pair}."
    )
    overall = differences(made).overall
    assert overall is not None and overall.title == "Over eight datasets"
    assert (overall.decides, len(overall.pairs), overall.figures) == (True, 1, ())
    assert render(made)


def test_pairs_decide_where_few_datasets_rank_all_models(tmp_path: Path) -> None:
    made = incomplete(tmp_path, 8, 2)
    assert headline(made, styles_of(made)).endswith(
        "has the best mean rank across two datasets (one was not tested)"
    )
    overall = differences(made).overall
    assert overall is not None and overall.decides and len(overall.pairs) == 3
    assert "Support vector machine (RBF) (mean rank" not in said(made), (
        "two datasets cannot tell it from the best"
    )
    assert not any("cannot decide" in sentence for sentence in overall.said)
    assert "over seven datasets" in said(incomplete(tmp_path, 8, 7))
    few = incomplete(tmp_path, 3, 1)
    assert (
        headline(few, styles_of(few))
        == "Three datasets cannot decide which model is best"
    )
    overall = differences(few).overall
    assert (
        overall is not None
        and not overall.decides
        and "cannot decide the one pair" in overall.said[1]
    )
    assert said(few).startswith(
        "Nothing for all three datasets: fewer than two have a score of every model. With one "
    )


def test_a_first_place_that_nothing_was_tested_against_is_no_advice(
    tmp_path: Path,
) -> None:
    """The third model leads on the two datasets that it has, and over eight lda is better than qda."""
    made = incomplete(tmp_path, 8, 2, level=0.95)
    pair = "Linear discriminant analysis is significantly better than Quadratic discriminant analysis over eight datasets"
    few = "has the best mean rank across two datasets, too few to tell it from another model"
    assert (
        headline(made, styles_of(made)) == f"Support vector machine (RBF) {few}; {pair}"
    ), "a name keeps its capital"
    assert said(made) == (
        "Over two datasets no model can be recommended by accuracy: Support vector machine (RBF) has the best mean "
        "rank (1.00), but too few datasets to tell it from Linear discriminant analysis and Quadratic discriminant "
        "analysis: with three models, at least seven datasets "
        f"are needed for p < 0.05 after Holm. {pair}."
    )


def test_a_model_on_too_few_datasets_is_neither_tested_nor_beaten(
    tmp_path: Path,
) -> None:
    """Three models on twelve datasets, the second on six of them: least p after Holm .0625, which decides nothing."""
    made = incomplete(tmp_path, 12, 12, second=5)
    one = said(made)
    assert "that it was tested against" not in one and "Not tested" not in one
    assert (
        "no model can be recommended by accuracy" in one
        and "too few datasets to tell it from Quadratic" in one
    )


def test_models_share_the_best_mean_rank() -> None:
    ranks, worse = (
        {LR: 1.5, RF: 1.5, SVM: 3.0},
        {(LR, SVM): (0.1, 0.001), (RF, SVM): (0.1, 0.001)},
    )
    bundle = over_datasets({(LR, RF): (0.0, 1.0)} | worse, MEANS, ranks)
    shared = "Logistic regression and Random forest share the best mean rank across twelve datasets"
    assert headline(bundle, styles_of(bundle)) == shared
    words = [
        (row.name, row.word) for row in summary_table(bundle, styles_of(bundle)).rows
    ]
    assert words == [
        ("Logistic regression", "best mean rank"), ("Random forest", "best mean rank"),
        ("Support vector machine (RBF)", "significantly worse"),
    ]  # fmt: skip
    bundle = over_datasets({(RF, LR): (0.01, 0.001)} | worse, MEANS, ranks)
    better = "but Random forest is significantly better than Logistic regression (signed-rank test)"
    assert headline(bundle, styles_of(bundle)) == (
        f"Random forest and Logistic regression share the best mean rank across twelve datasets, {better}"
    )
    assert said(bundle).startswith(
        "Random forest (mean rank 1.50) over twelve datasets: its accuracy is significantly"
    )


def test_one_dataset_with_two_models_is_what_the_study_found(tmp_path: Path) -> None:
    made = incomplete(tmp_path, 2, 0, second=1)
    assert headline(made, styles_of(made)) == "Linear discriminant analysis leads on d0"
    assert said(made).startswith("Linear discriminant analysis on d0: ")
    assert differences(made).overall is None
    apart = incomplete(tmp_path, 2, 0, second=0)
    assert headline(apart, styles_of(apart)).endswith("not compared")


def test_the_best_mean_rank_may_be_beaten_in_its_pair() -> None:
    """By ranks a model is first that the signed ranks put significantly behind another."""
    worse = {(LR, SVM): (0.1, 0.001), (RF, SVM): (0.2, 0.001)}
    bundle = over_datasets({(RF, LR): (0.055, 0.0007), **worse}, MEANS)
    assert said(bundle) == (
        "Over twelve datasets no model can be recommended by accuracy: Logistic regression has the best mean rank "
        "(1.00), but Random forest (2.00) is significantly better than it (signed-rank test)."
    )
    assert headline(bundle, styles_of(bundle)).endswith(
        "but Random forest is significantly better than it (signed-rank test)"
    )
    words = {
        row.name: row.word for row in summary_table(bundle, styles_of(bundle)).rows
    }
    assert list(words.values()) == [
        "best mean rank",
        "significantly better",
        "significantly worse",
    ]
    bundle = over_datasets({(LR, RF): (0.055, 0.0007), **worse}, MEANS)
    assert said(bundle).startswith(
        "Logistic regression (mean rank 1.00) over twelve datasets: its accuracy is significantly better"
    )


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.001, "is significantly worse than the baseline"),
        (0.3, "is not significantly different from the baseline"),
        (None, "is no better than the baseline, without a test"),
    ],
)
def test_a_baseline_with_the_best_mean_rank(p: Any, words: str) -> None:
    bundle = over_datasets(
        {
            ("baseline", LR): (0.1, p),
            ("baseline", RF): (0.2, 0.001),
            (LR, RF): (0.1, 0.5),
        },
        {"baseline": 0.9, LR: 0.8, RF: 0.7},
    )
    assert (
        said(bundle)
        == f"None of them over twelve datasets, by accuracy: the best, Logistic regression, {words}."
    )


def test_a_model_that_one_significantly_behind_the_best_beats_is_no_advice() -> None:
    means = {LR: 0.950, RF: 0.948, SVM: 0.945}
    one = said(compared({(LR, SVM): 0.3, (LR, RF): 0.01, (RF, SVM): 0.01}, means))
    assert one == (
        "On Wine, by accuracy, Logistic regression (0.950) leads, but not significantly. Significantly worse than "
        "another model: Support vector machine (RBF) and Random forest."
    )


@pytest.mark.parametrize(
    ("untested", "words"),
    [(0.948, "leads, but"), (0.93, "leads by more than 1 pp, but")],
)
def test_a_lead_is_over_the_models_without_a_test_too(
    untested: float, words: str
) -> None:
    """One within the ROPE that no test compared is no farther behind than the ROPE."""
    one = said(compared({(LR, SVM): 0.3}, {LR: 0.950, RF: untested, SVM: 0.90}))
    assert f"Logistic regression (0.950) {words} not significantly" in one
    assert one.endswith("not tested: Random forest.")


def test_a_model_without_a_test_is_neither_equal_nor_worse() -> None:
    made = compared({(LR, RF): 0.4})
    standing = facts.standing(made, "wine", "accuracy")
    assert standing is not None
    assert (standing.tied, standing.untested) == ({LR, RF}, {SVM})
    assert set(standing.missing) == {(LR, SVM), (RF, SVM)}
    assert said(made).endswith("Not tested: Support vector machine (RBF).")
    assert standing_words(styles_of(made), standing, list(MEANS)) == (
        "Best score: Logistic regression; one other is not significantly different; one was not tested."
    )


def test_nothing_leads_where_it_was_not_tested_against_all() -> None:
    made = compared({(LR, RF): 0.001})
    standing = facts.standing(made, "wine", "accuracy")
    assert standing is not None
    assert standing_words(styles_of(made), standing, list(MEANS)) == (
        "Best score: Logistic regression, significantly better than every model that it was tested against; one was "
        "not tested."
    )
    assert headline(made, styles_of(made)).endswith("(one was not tested)")
    page = section(render(made), "differences")
    assert (
        "Significant differences: Logistic regression against Random forest. Not tested: "
        in page
    )
    assert "every other" not in page


def test_exports_keep_what_was_not_tested_apart() -> None:
    made = compared({(LR, RF): 0.4})
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
    (sheet,) = (one for one in Content(bundle).sheets if one.id.startswith("pairs-"))
    p, test = sheet.table.head.index("p (Holm)"), sheet.table.head.index("Test")
    assert [(row[p], row[test]) for row in sheet.table.rows] == [
        ("0.40", "Corrected t"),
        ("not tested", "one run of a model that takes a seed"),
    ]


def test_advice_is_by_the_metric_of_the_headline() -> None:
    """The claims of a headline may be of another metric than the primary one; a complement is no other."""

    def claimed(metric: str) -> Bundle:
        claim = {
            "id": "c",
            "kind": "value",
            "dataset": "wine",
            "family": LR,
            "metric": metric,
            "value": "0.3",
        }
        metrics = {"primary": "accuracy", "also": ["log_loss", "error_rate"]}
        made = bundles.study(
            claims=[claim | {"where": "w", "read": "source"}], metrics=metrics
        )
        scores = bundles.scores(made, 100, lambda d, f, m: 0.3)
        row = bundles.verdict("c", "reproduced", "wine", LR, "0.3") | {"metric": metric}
        return bundles.made_of(made, verdicts=[row], scores=scores)

    assert [
        metric_of_headline(claimed(metric)) for metric in ("log_loss", "error_rate")
    ] == ["log_loss", "accuracy"]


@pytest.mark.parametrize("sets", [3, 12])
def test_the_primary_metric_is_told_beside_that_of_the_headline(sets: int) -> None:
    """By log loss another model is first than by accuracy: enough datasets decide for both, or for neither."""
    names = {
        f"d{i}": {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"}
        for i in range(sets)
    }
    claim = {
        "id": "c",
        "kind": "mean",
        "family": LR,
        "metric": "log_loss",
        "value": "0.3",
        "where": "w",
        "read": "source",
    }
    made = bundles.study(
        datasets=names,
        claims=[claim],
        metrics={"primary": "accuracy", "also": ["log_loss"]},
    )
    level = {LR: 0.95, RF: 0.85, SVM: 0.75}
    scores = bundles.scores(
        made, 100, lambda d, f, m: level[f] + 0.01 * bundles.wave(d, f)
    )
    row = bundles.verdict("c", "reproduced", "d0", LR, "0.3") | {
        "metric": "log_loss",
        "dataset": None,
        "kind": "mean",
    }
    rows = bundles.comparisons(made, scores, 0.5)
    bundle = bundles.made_of(
        made,
        verdicts=[row],
        scores=scores,
        **rows,
        tables=bundles.tables(made, 100, 2, ["0", "1"]),
    )
    one = said(bundle)
    assert metric_of_headline(bundle) == "log_loss"
    assert "log loss" in one.split("accuracy")[0] and "accuracy" in one
    assert sets == 12 or one.count("no model can be recommended") == 1


@pytest.mark.parametrize(
    ("estimate", "metric", "told"),
    [
        (96.5, "accuracy", True),
        (95.5, "accuracy", False),
        (3.5, "log_loss", False),
        (94.0, "accuracy", False),
    ],
)
def test_settings_that_score_better_than_a_leading_model_are_named(
    estimate: float, metric: str, told: bool
) -> None:
    """A model that leads on a dataset, and was explained there with settings that the study's models do not have."""
    names = {
        d: {
            "source": {"kind": "sklearn", "name": "wine"},
            "target": "target",
            "title": d.upper(),
        }
        for d in "abc"
    }
    made = bundles.study(datasets=names, families={TREE: {}, BAGS: {}})
    scores = bundles.scores(
        made,
        100,
        lambda d, f, m: {BAGS: 0.95, TREE: 0.90}[f] + 0.01 * bundles.wave(d, f),
    )
    rows = bundles.comparisons(made, scores, 0.5)
    p = {"a": 1e-6, "b": 0.3, "c": 0.3}
    rows["pairs"] = [
        row | {"p": p[row["dataset"]], "p_adjusted": p[row["dataset"]]}
        for row in rows["pairs"]
    ]
    ways = [bundles.way("valid", "n_estimators=9", estimate, None)]
    explained = [
        row | {"variant": "explanation=other_settings:n_estimators=9", "metric": metric}
        for row in bundles.explanations("c", "a", BAGS, ways)
    ]
    verdict = bundles.verdict("c", "differs", "a", BAGS, "97") | {
        "ours": 95.0,
        "metric": metric,
        "tolerance": 1.0,
    }
    tables = bundles.tables(made, 100, 2, ["0", "1"])
    one = said(
        bundles.made_of(
            made,
            scores=scores,
            **rows,
            tables=tables,
            explanations=explained,
            verdicts=[verdict],
        )
    )
    words = "Other settings of Bagged trees may be better: on the test rows of A, n_estimators = 9 gives a better score ("
    assert (words in one) == told
    own = bundles.study(datasets=names, families={TREE: {}, BAGS: {"n_estimators": 50}})
    tables = bundles.tables(own, 100, 2, ["0", "1"])
    one = said(
        bundles.made_of(
            own,
            scores=scores,
            **rows,
            tables=tables,
            explanations=explained,
            verdicts=[verdict],
        )
    )
    words = "The setting n_estimators = 50 of Bagged trees may not be the best: on the test rows of A, the value 9 gives"
    assert (words in one) == told
