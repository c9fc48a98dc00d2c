"""What the explanations of a published number come to, from frames made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from sklearn.metrics import f1_score

from bench.claims import explanations
from bench.core import frames
from bench.core.comparisons import ESTIMATES
from bench.core.explanations import EXPLAINED
from bench.core.outcomes import decoded, encoded
from bench.scores.compute import scores_of
from bench.scores.explanations import compatible_of, held_together, jointly
from bench.stats.prediction import largest
from bench.text import explanations as e
from bench.text.chance import SeedNotMeasured
from bench.text.judgements import RoundingOpen
from bench.text.refusals import NoSeed
from tests.helpers.judge_cases import (
    LOO,
    a_study,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

Rows = dict[str, dict[str, Any]]
Explainer = Callable[..., Rows]
#: t on 9 degrees at .975 times sqrt(1 + 1/10): how many spreads of ten runs one more run may lie away.
REACH = 2.2621571628 * np.sqrt(1.1)
#: The same at 1 - .025/2, for two numbers that must both lie inside.
WIDER = 2.6850108468 * np.sqrt(1.1)
CLAIM = '  - {id: c, kind: value, dataset: toy, family: lda, value: "0.80", unit: fraction, where: t, read: source}\n'
#: One fit, of which nothing is drawn.
UNDRAWN: dict[str, Any] = {"resampling": LOO, "folds": folds_of(1, 100, 99, 1)}
BAND = e.ToleranceBand()


def runs(mean: float, sd: float) -> np.ndarray:
    """(10, 10) scores whose repeat means have this mean and spread; all folds of a repeat alike."""
    z = np.arange(10) - 4.5
    return np.tile((mean + sd * z / z.std(ddof=1))[:, None], (1, 10))


def explain_frames(study: Any, scores: pl.DataFrame, **changes: Any) -> pl.DataFrame:
    """EXPLAINED, from these scores and frames that are empty unless stated."""
    have = {
        "tables": tables_of(),
        "folds": folds_of(),
        "scores": scores,
        "estimates": frames.empty(ESTIMATES),
        "failures": frames.empty(frames.FAILURES),
        "predictions": frames.empty(frames.CLASSIFICATION),
        "tuning": frames.empty(frames.TUNING),
        "unavailable": frames.empty(frames.UNAVAILABLE),
    } | changes
    if "predictions" in changes:
        parts = have["tables"], have["predictions"], have["tuning"]
        have["scores"] = scores_of(study, *parts)
    return frames.checked(explanations(study, have), EXPLAINED)


@pytest.fixture
def explain(tmp_path: Any) -> Explainer:
    """By explanation, the rows of one claim of `lda`; scores: variant (a bar and a side behind it) -> array."""

    def rows(
        scores: dict[str, Any], value: str = "0.90", *, variants: str = "null", more: str = "", **changes: Any
    ) -> Rows:  # fmt: skip
        metric = str(changes.get("primary", "accuracy"))
        own = ("predictions", "tuning", "unavailable", "tables", "folds")
        extra = {name: changes.pop(name) for name in own if name in changes}
        unit = "" if "unit" in more else ", unit: fraction"
        claim = f'  - {{id: c, kind: value, dataset: toy, family: lda, value: "{value}"{unit}, where: t'
        claim += f", read: source{more}}}\n"
        asked = f"{{explain: {{family: lda, variants: {variants}}}}}"
        study = a_study(tmp_path, claims=claim, diagnostics=asked, **changes)
        parts = [frames.empty(frames.SCORES)]
        for name, array in scores.items():
            variant, _, side = name.partition("|")
            one = scores_of_arrays(
                {"lda": array},
                metric=metric,
                side=side or "test",
                pooled="leave_one_out" in str(changes),
            )
            full = variant if variant == "plain" else f"explanation={variant}"
            parts.append(one.with_columns(variant=pl.lit(full)))
        found = explain_frames(study, pl.concat(parts), **extra)
        return {
            row["variant"].partition("=")[2]: row | {"reasons": decoded(row["reasons"])}
            for row in found.iter_rows(named=True)
        }

    return rows


def test_one_more_run_lies_in_its_prediction_interval(explain: Explainer) -> None:
    scores = {"plain": runs(0.80, 0.01), "selection_before_split": runs(0.91, 0.02)}
    rows = explain(scores, "0.95")
    own, early = rows["protocol"], rows["selection_before_split"]
    assert (own["estimate"], own["compatible"], own["kind"]) == (
        pytest.approx(0.80), False, "valid"
    )  # fmt: skip
    assert own["high"] == pytest.approx(0.80 + 0.01 * REACH + 0.005)
    assert own["low"] == pytest.approx(0.80 - 0.01 * REACH - 0.005)
    assert early["low"] == pytest.approx(0.91 - 0.02 * REACH - 0.005)
    assert early["compatible"] and early["beyond"] is None
    # .95 is .15 away, of which .005 are rounding: 14.5 spreads of .01, over sqrt(1.1)
    assert own["beyond"] == pytest.approx(2 * stats.t.sf(14.5 / np.sqrt(1.1), 9))
    assert rows["unscaled"]["reasons"] == (e.NoScoresMade(),)


def test_repeats_of_the_study_and_those_made_for_it_are_one_sample(
    explain: Explainer,
) -> None:
    whole = runs(0.80, 0.01)
    study = explain({"plain": whole}, "0.80")["protocol"]
    both = explain({"plain": whole[::2], "protocol": whole[1::2] + 0.01}, "0.80")
    assert study["high"] == pytest.approx(0.80 + 0.01 * REACH + 0.005)
    assert both["protocol"]["estimate"] == pytest.approx(0.805)


@pytest.mark.parametrize(
    ("more", "value", "high"),
    [
        (", unit: percent", "82.1", 80.0 + 1.0 * REACH + 0.05),
        (", repeats: 5", "0.80", 0.805 + 0.01 * 2.2621571628 * np.sqrt(1 / 5 + 0.1)),
        (', spread: {value: "0.01", kind: sd, n: 5}', "0.80",
         0.805 + 0.01 * 2.2621571628 * np.sqrt(1 / 5 + 0.1)),
    ],
)  # fmt: skip
def test_units_and_repeats_of_the_paper(
    explain: Explainer, more: str, value: str, high: float
) -> None:
    row = explain({"plain": runs(0.80, 0.01)}, value, more=more)["protocol"]
    assert row["high"] == pytest.approx(high) and row["compatible"]


def test_readings_of_the_same_scores(explain: Explainer) -> None:
    """The training score, the best of seeds in each repeat, and each of several settings."""
    first, second = runs(0.80, 0.01), runs(0.80, 0.01)[::-1]
    scores = {"plain": first, "plain|train": runs(0.97, 0.002)}
    scores |= {"best_of_seeds:1": second, "best_of_seeds:2": first - 0.1}
    rows = explain(scores, "0.97")
    train, seeds = rows["train_score"], rows["best_of_seeds"]
    assert train["compatible"] and not rows["protocol"]["compatible"]
    assert train["high"] == pytest.approx(0.97 + 0.002 * REACH + 0.005)
    best = np.maximum(first, second).mean(axis=1)
    assert seeds["estimate"] == pytest.approx(best.mean())
    assert seeds["high"] == pytest.approx(
        best.mean() + best.std(ddof=1) * REACH + 0.005
    )
    assert not any(name.startswith("other_settings") for name in rows)
    scores = {f"other_settings:tol={v}": runs(v, 0.01) for v in (0.8, 0.9)}
    rows = explain(
        {"plain": first} | scores, variants="[{other_settings: {tol: [0.8, 0.9]}}]"
    )
    settings = [rows[f"other_settings:tol={value}"] for value in (0.8, 0.9)]
    assert [(row["title"], row["kind"], row["compatible"]) for row in settings] == [
        ("tol = 0.8", "valid", False), ("tol = 0.9", "valid", True)
    ]  # fmt: skip


@pytest.mark.parametrize(("metric", "turn"), [("accuracy", 1), ("error_rate", -1)])
def test_the_best_of_several_splits_lies_where_the_largest_of_them_does(
    explain: Explainer, metric: str, turn: int
) -> None:
    asked = "[{best_of_splits: {splits: 20}}]"
    rows = explain({"plain": runs(0.5, 0.01)}, variants=asked, primary=metric)
    row = rows["best_of_splits"]
    low, middle, high = (
        0.5 + turn * 0.01 * largest(q, 10, 1, 20) for q in (0.025, 0.5, 0.975)
    )
    assert row["estimate"] == pytest.approx(middle)
    assert (row["low"], row["high"]) == pytest.approx(
        (min(low, high) - 0.005, max(low, high) + 0.005)
    )


def test_the_flat_maximum_is_the_best_mean_of_a_candidate(explain: Explainer) -> None:
    """Of three candidates on ten folds the second has the best mean, .7 + r / 100; another is best in most folds."""
    tried = sparse(
        [
            {"dataset": "toy", "family": "lda", "variant": "explanation=tuned_on_test",
             "repeat": r, "fold": f, "candidate": c,
             "parameters": "{}", "inner_fold": 0, "metric": "accuracy", "value": value, "chosen": c == 0}
            for r in range(10)
            for f in range(10)
            for c, value in enumerate((0.75 + r / 100 if f else 0.0, 0.7 + r / 100, 0.1))
        ], frames.TUNING,
    )  # fmt: skip
    means = 0.7 + np.arange(10) / 100

    def flat(**changes: Any) -> dict[str, Any]:
        return explain({"plain": runs(0.5, 0.01)}, **changes)["flat_maximum"]

    row = flat(tuning=tried)
    reach = means.std(ddof=1) * REACH + 0.005
    assert (row["estimate"], row["high"]) == pytest.approx(
        (means.mean(), means.mean() + reach)
    )
    wrong = flat(tuning=tried, primary="error_rate")
    assert wrong["estimate"] == pytest.approx(1 - means.mean())
    other = flat(tuning=tried, primary="f1_macro")
    assert other["reasons"] == (e.OtherTuningMetric("accuracy", "f1_macro"),)
    assert flat()["reasons"] == (e.NoCandidates("tuned_on_test"),)


def predictions_of(right: tuple[float, float]) -> pl.DataFrame:
    """100 rows a repeat in ten folds, one in five of class b; these shares of each class are right, about."""
    rows, rng = [], np.random.default_rng(0)
    for repeat in range(10):
        for row in range(100):
            truth = "b" if row % 5 == 0 else "a"
            hit = rng.random() < right[truth == "b"]
            label = truth if hit else {"a": "b", "b": "a"}[truth]
            p = [0.6, 0.4] if label == "a" else [0.4, 0.6]
            rows.append(
                {"dataset": "toy", "family": "lda", "variant": "plain", "repeat": repeat, "fold": row // 10,
                 "side": "test", "row": row, "truth": truth, "label": label, "p": p}
            )  # fmt: skip
    return sparse(rows, frames.CLASSIFICATION)


def test_folds_put_together_otherwise(explain: Explainer) -> None:
    predictions = predictions_of((0.95, 0.5))
    rows = explain({}, predictions=predictions, primary="f1_macro")
    pooled = [
        f1_score(part["truth"].to_numpy(), part["label"].to_numpy(), average="macro")
        for part in predictions.partition_by("repeat")
    ]
    row = rows["aggregation"]
    assert row["estimate"] == pytest.approx(np.mean(pooled))
    assert abs(row["estimate"] - rows["protocol"]["estimate"]) > 0.001
    one = predictions.filter(pl.col("fold") == 0)
    holdout = "{kind: holdout, test_size: 0.1, repeats: 10}"
    rows = explain({}, predictions=one, resampling=holdout, folds=folds_of(10, 1))
    assert rows["aggregation"]["estimate"] is None
    assert rows["aggregation"]["reasons"] == (e.OneTestSet(),)


def test_ties_broken_otherwise(explain: Explainer) -> None:
    def label(here: str) -> pl.DataFrame:
        """The first 30 rows are tied and called this."""
        tied = pl.col("row") < 30
        return predictions_of((0.9, 0.5)).with_columns(
            p=pl.when(tied).then(pl.lit([0.5, 0.5])).otherwise(pl.col("p")),
            label=pl.when(tied).then(pl.lit(here)).otherwise(pl.col("label")),
        )

    rows = explain({}, predictions=label("a"))
    turned = (label("b")["truth"] == label("b")["label"]).mean()
    assert rows["ties"]["estimate"] == pytest.approx(turned)
    none = explain({}, predictions=predictions_of((0.9, 0.5)))["ties"]
    assert none["reasons"] == (e.NothingTies(regression=False),)


@pytest.mark.parametrize(
    ("value", "compatible", "reasons"),
    [
        ("0.80", True, (BAND,)),
        ("0.805", True, (BAND,)),
        ("0.81", None, (BAND, RoundingOpen(0.01))),
        ("0.82", False, (BAND,)),
    ],
)
def test_where_nothing_is_drawn_the_tolerance_decides(
    explain: Explainer, value: str, compatible: bool | None, reasons: Any
) -> None:
    rows = explain({"plain": np.array([[0.80]])}, value, **UNDRAWN)
    row = rows["protocol"]
    assert (row["compatible"], row["reasons"]) == (compatible, reasons)
    assert row["beyond"] is None, "nothing is drawn, so there is no probability"
    assert compatible_of(sparse([row | {"reasons": ""}], EXPLAINED)).beyond is None
    assert rows["best_of_splits"]["reasons"] == (e.NoSplitsDrawn(),)


def test_one_run_of_a_tuned_model_fits_only_as_printed(explain: Explainer) -> None:
    """Its claim is open too: what the drawn inner folds change was not measured. Untuned it is deterministic."""
    grid = "{lda: {solver: lsqr, shrinkage: [0, 1]}}"
    tuned = UNDRAWN | {"tune": "{folds: 5}", "families": grid}
    names = ("plain", "plain|inner", "plain|train", "unscaled", "untuned")
    scores = dict.fromkeys(names, np.array([[0.80]]))
    open_ = SeedNotMeasured("inner_folds")
    asked = "[unscaled, untuned, train_score]"
    near = explain(scores, "0.805", variants=asked, **tuned)
    printed = explain(scores, "0.80", **tuned)
    for name in ("protocol", "unscaled", "train_score"):
        assert (near[name]["compatible"], near[name]["reasons"]) == (None, (open_,))
        assert printed[name]["compatible"] and printed[name]["together"]
        assert (printed[name]["low"], printed[name]["reasons"]) == (None, (open_,))
    assert (near["untuned"]["compatible"], near["untuned"]["reasons"]) == (
        True, (BAND,)
    )  # fmt: skip


def test_a_tolerance_makes_no_constant_another_number(explain: Explainer) -> None:
    """A training error that is 0 in every run prints no 3 %, within five points or not."""
    scores = {"plain": runs(0.5, 0.02), "plain|train": np.zeros((10, 10))}
    for value, fits in (("0.03", False), ("0.00", True)):
        rows = explain(scores, value, more=", tolerance: 0.05", primary="error_rate")
        row = rows["train_score"]
        assert row["compatible"] == row["together"] == fits
        assert row["reasons"] == (e.AlwaysTheSame(),)


def test_what_cannot_be_compared_says_why(explain: Explainer) -> None:
    """A number of another sample, one run of a drawn protocol, and an explanation that cannot be tried."""
    scores = {"plain": runs(0.8, 0.01)}
    other = explain(scores, more=", splits: other_sample")["protocol"]
    assert (other["compatible"], other["reasons"]) == (None, (e.OfAnotherSample(),))
    drawn = {"resampling": "{kind: kfold, folds: 10}", "folds": folds_of(1)}
    one = explain({"plain": scores["plain"][:1]}, **drawn)["protocol"]
    assert (one["compatible"], one["reasons"]) == (None, (e.OneRun(),))
    refused = refused_of("lda", "best_of_seeds")
    idle = explain(scores, unavailable=refused)["best_of_seeds"]
    assert (idle["estimate"], idle["reasons"]) == (None, (NoSeed(),))


def refused_of(family: str, explanation: str) -> pl.DataFrame:
    """frames.UNAVAILABLE with one row."""
    row = {"dataset": "toy", "family": family, "variant": f"explanation={explanation}"}
    row |= {"code": str(NoSeed().code), "reasons": encoded([NoSeed()])}
    return sparse([row], frames.UNAVAILABLE)


def test_only_published_scores_of_the_family_are_explained(tmp_path: Any) -> None:
    """None of another family, of a comparison, or known by construction."""
    claims = CLAIM + CLAIM.replace("id: c", "id: d").replace(
        "family: lda", "family: qda"
    )
    claims += "  - {id: e, kind: better, dataset: toy, family: lda, against: qda, where: t, read: source}\n"
    claims += "expect:\n" + CLAIM.replace("id: c", "id: known, constant: true")
    study = a_study(tmp_path, claims=claims, diagnostics="{explain: {family: lda}}")
    rows = explain_frames(study, scores_of_arrays({"lda": runs(0.8, 0.01)}))
    assert set(rows["claim"]) == {"c"}


def two_families(
    folder: Any, first: str, second: str, unavailable: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The explanations of a number of `lda` and one of `qda`; both lie 10 points higher with selection before."""
    qda = CLAIM.replace("id: c", "id: d").replace("family: lda", "family: qda")
    claims = CLAIM.replace("0.80", first) + qda.replace("0.80", second)
    asked = "{explain: {family: [lda, qda]}}"
    study = a_study(folder, claims=claims, diagnostics=asked)
    scores = scores_of_arrays({"lda": runs(0.80, 0.01), "qda": runs(0.70, 0.01)})
    early = {"lda": runs(0.90, 0.01)}
    if unavailable is None:
        early["qda"] = runs(0.80, 0.01)
        unavailable = frames.empty(frames.UNAVAILABLE)
    variant = pl.lit("explanation=selection_before_split")
    late = scores_of_arrays(early).with_columns(variant=variant)
    return explain_frames(study, pl.concat([scores, late]), unavailable=unavailable)


def joint_rows(rows: pl.DataFrame) -> Rows:
    found = jointly(rows).iter_rows(named=True)
    return {row["variant"].partition("=")[2]: row for row in found}


def test_numbers_are_held_against_an_explanation_jointly_in_wider_intervals(
    tmp_path: Any,
) -> None:
    # Beyond its interval alone, within the joint one; and beyond both.
    edge = f"{0.80 + 0.01 * (REACH + WIDER) / 2 + 0.0005:.3f}"
    for value, together in (
        (edge, True),
        (f"{0.80 + 0.01 * WIDER + 0.0011:.3f}", False),
    ):
        rows = two_families(tmp_path, value, "0.700")
        own = rows.filter(pl.col("variant") == "explanation=protocol").sort("claim")
        assert own["compatible"].to_list() == [False, True]
        assert own["together"].to_list() == [together, True]
        joint = joint_rows(rows)["protocol"]
        assert (joint["compatible"], joint["numbers"]) == (together, 2)
        assert joint["missed"] == ([] if together else ["c"])
        assert joint["beyond"] == pytest.approx(2 * own["beyond"].to_numpy().min())


def test_an_explanation_must_give_all_numbers(tmp_path: Any) -> None:
    both = joint_rows(two_families(tmp_path, "0.90", "0.80"))
    assert both["selection_before_split"]["compatible"]
    assert both["protocol"]["missed"] == ["c", "d"]
    half = jointly(two_families(tmp_path, "0.90", "0.70"))
    assert half["compatible"].to_list() == [False] * len(half)
    answer = compatible_of(half)
    assert answer.answered and not answer.errors and not answer.valid


def test_one_that_does_not_concern_a_number_leaves_it_to_the_protocol(
    tmp_path: Any,
) -> None:
    refused = refused_of("qda", "selection_before_split")
    none = frames.empty(frames.UNAVAILABLE)
    for unavailable, compatible in ((refused, True), (none, None)):
        rows = two_families(tmp_path, "0.90", "0.70", unavailable)
        early = joint_rows(rows)["selection_before_split"]
        assert early["compatible"] is compatible


def test_which_numbers_are_taken_together(tmp_path: Any) -> None:
    """Those of the paper that have scores; one that stands twice counts once, and no protocol makes two of one."""
    rows = two_families(tmp_path, "0.90", "0.80")
    is_second = pl.col("claim") == "d"
    author, none = pl.lit("author"), pl.lit(None, pl.Boolean)
    source = pl.when(is_second).then(author).otherwise("source")
    together = pl.when(is_second).then(none).otherwise("together")
    for lesser in (
        rows.with_columns(source=source),
        rows.with_columns(together=together),
    ):
        assert held_together(lesser) == ["c"] and set(jointly(lesser)["numbers"]) == {1}
    assert jointly(rows.with_columns(source=author)).is_empty()
    scores = scores_of_arrays({"lda": runs(0.80 - 0.01 * REACH - 0.0051, 0.01)})
    for value, together_now in (("0.80", [False, False]), ("0.70", [None, None])):
        claims = CLAIM + CLAIM.replace("id: c", "id: d").replace("0.80", value)
        study = a_study(tmp_path, claims=claims, diagnostics="{explain: {family: lda}}")
        own = explain_frames(study, scores).filter(
            pl.col("variant") == "explanation=protocol"
        )
        assert own["together"].to_list() == together_now


def test_an_answer_is_a_set_and_accuses_only_without_a_sound_way() -> None:
    def answer(**compatible: bool | None) -> Any:
        """An answer of one explanation of each kind."""
        rows = [
            {"claim": "c", "dataset": "toy", "family": "lda", "metric": "accuracy", "variant": kind, "kind": kind,
             "title": f"the {kind}", "estimate": 0.9, "compatible": good, "beyond": 0.02 if kind == "valid" else None}
            for kind, good in compatible.items()
        ]  # fmt: skip
        return compatible_of(sparse(rows, EXPLAINED))

    one = answer(valid=False, error=True, control=False)
    assert one.accuses
    assert (one.errors, one.valid, one.beyond) == (("the error",), (), 0.02)
    assert not answer(valid=True, error=True, control=False).accuses
    assert not answer(valid=False, error=True, control=True).accuses
    none = answer(valid=False, error=False, control=False)
    assert none.answered and not none.accuses and not none.errors
    assert not answer(valid=None, error=None).answered
    open_ = answer(valid=None, error=True)
    assert not open_.accuses and open_.undecided == 1
