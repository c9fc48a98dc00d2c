"""What the explanations of a published number come to, from frames made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from bench.claims import explanations
from bench.core import frames
from bench.core.comparisons import ESTIMATES
from bench.core.explanations import EXPLAINED
from bench.core.outcomes import decoded, encoded
from bench.scores.compute import scores_of
from bench.scores.explanations import compatible_of, held_together, jointly
from bench.stats.prediction import largest
from bench.text.chance import SeedNotMeasured
from bench.text.explanations import (
    NoCandidates,
    NoScoresMade,
    NoSplitsDrawn,
    NothingTies,
    OfAnotherSample,
    OneRun,
    OneTestSet,
    OtherTuningMetric,
    ToleranceBand,
)
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

#: t on 9 degrees at .975 times sqrt(1 + 1/10): how many spreads of ten runs one more run may lie away.
REACH = 2.2621571628 * np.sqrt(1.1)


def runs(mean: float, sd: float) -> np.ndarray:
    """(10, 10) scores whose repeat means have this mean and spread; all folds of a repeat alike."""
    z = np.arange(10) - 4.5
    return np.tile((mean + sd * z / z.std(ddof=1))[:, None], (1, 10))


#: The reason of a row of frames.UNAVAILABLE.
REFUSED = {"code": str(NoSeed().code), "reasons": encoded([NoSeed()])}


def explained(
    folder: Path,
    scores: dict[str, Any],
    value: str = "0.90",
    *,
    explain: str = "null",
    more: str = "",
    **changes: Any,
) -> dict[str, dict[str, Any]]:
    """By variant, the rows of one claim of `lda`. scores: variant (a colon and a side behind it) -> array."""
    metric = str(changes.get("primary", "accuracy"))
    own = ("predictions", "tuning", "unavailable", "tables", "folds")
    extra = {name: changes.pop(name) for name in own if name in changes}
    unit = "" if "unit" in more else ", unit: fraction"
    claim = f'  - {{id: c, kind: value, dataset: toy, family: lda, value: "{value}"{unit}, where: t'
    claim += f", read: source{more}}}\n"
    study = a_study(
        folder, claims=claim, diagnostics=f"{{explain: {{family: lda, variants: {explain}}}}}", **changes
    )  # fmt: skip
    parts = [frames.empty(frames.SCORES)]
    for name, array in scores.items():
        variant, _, side = name.partition("|")
        pooled = "leave_one_out" in str(changes)
        one = scores_of_arrays(
            {"lda": array}, metric=metric, side=side or "test", pooled=pooled
        )
        parts.append(one.with_columns(variant=pl.lit(variant)))
    task = (
        frames.REGRESSION
        if changes.get("task") == "regression"
        else frames.CLASSIFICATION
    )
    have = {
        "tables": tables_of(),
        "folds": folds_of(),
        "scores": pl.concat(parts),
        "estimates": frames.empty(ESTIMATES),
        "failures": frames.empty(frames.FAILURES),
        "predictions": frames.empty(task),
        "tuning": frames.empty(frames.TUNING),
        "unavailable": frames.empty(frames.UNAVAILABLE),
    } | extra
    if "predictions" in extra:
        have["scores"] = scores_of(
            study, have["tables"], have["predictions"], have["tuning"]
        )
    found = frames.checked(explanations(study, have), EXPLAINED)
    return {
        row["variant"]: row | {"reasons": decoded(row["reasons"])}
        for row in found.iter_rows(named=True)
    }


def test_one_more_run_lies_in_its_prediction_interval(tmp_path: Path) -> None:
    rows = explained(
        tmp_path,
        {
            "plain": runs(0.80, 0.01),
            "explanation=selection_before_split": runs(0.91, 0.02),
        },
        "0.95",
    )
    own, early = (
        rows["explanation=protocol"],
        rows["explanation=selection_before_split"],
    )
    assert (own["estimate"], own["compatible"], own["kind"]) == (
        pytest.approx(0.80),
        False,
        "valid",
    )
    assert own["high"] == pytest.approx(0.80 + 0.01 * REACH + 0.005)
    assert own["low"] == pytest.approx(0.80 - 0.01 * REACH - 0.005)
    assert early["low"] == pytest.approx(0.91 - 0.02 * REACH - 0.005)
    assert early["compatible"] and early["beyond"] is None
    # .95 is .15 away, of which .005 are rounding: 14.5 spreads of .01, over sqrt(1.1)
    assert own["beyond"] == pytest.approx(2 * stats.t.sf(14.5 / np.sqrt(1.1), 9))
    assert rows["explanation=unscaled"]["reasons"] == (NoScoresMade(),)


def test_repeats_of_the_study_and_those_made_for_it_are_one_sample(
    tmp_path: Path,
) -> None:
    whole = runs(0.80, 0.01)
    later = scores_of_arrays({"lda": whole}).with_columns(
        variant=pl.lit("explanation=protocol")
    )
    own = explained(
        tmp_path,
        {"plain": whole[:4], "explanation=protocol": np.full((0, 10), 0.0)},
        "0.80",
    )
    assert own["explanation=protocol"]["high"] - own["explanation=protocol"]["low"] > 0
    first = scores_of_arrays({"lda": whole[:4]})
    both = pl.concat([first, later.filter(pl.col("repeat") >= 4)])
    study = a_study(tmp_path, claims=CLAIM, diagnostics="{explain: {family: lda}}")
    (row,) = (
        rows_of(study, both)
        .filter(pl.col("variant") == "explanation=protocol")
        .iter_rows(named=True)
    )
    assert row["high"] == pytest.approx(0.80 + 0.01 * REACH + 0.005)


#: Tables without a row.
NONE = {
    "estimates": ESTIMATES,
    "failures": frames.FAILURES,
    "tuning": frames.TUNING,
    "unavailable": frames.UNAVAILABLE,
}
CLAIM = '  - {id: c, kind: value, dataset: toy, family: lda, value: "0.80", unit: fraction, where: t, read: source}\n'


def rows_of(study: Any, scores: pl.DataFrame) -> pl.DataFrame:
    empty = {name: frames.empty(schema) for name, schema in NONE.items()}
    more = {
        "tables": tables_of(),
        "folds": folds_of(),
        "predictions": frames.empty(frames.CLASSIFICATION),
    }
    return explanations(study, empty | more | {"scores": scores})


def test_each_setting_has_a_row_of_its_own(tmp_path: Path) -> None:
    scores = {"plain": runs(0.80, 0.01)} | {
        f"explanation=other_settings:tol={v}": runs(v, 0.01) for v in (0.8, 0.9)
    }
    rows = explained(
        tmp_path, scores, "0.90", explain="[{other_settings: {tol: [0.8, 0.9]}}]"
    )
    found = [rows[f"explanation=other_settings:tol={value}"] for value in (0.8, 0.9)]
    assert [(row["title"], row["kind"], row["compatible"]) for row in found] == [
        ("tol = 0.8", "valid", False), ("tol = 0.9", "valid", True)
    ]  # fmt: skip
    assert "explanation=other_settings" not in explained(
        tmp_path, {"plain": runs(0.80, 0.01)}, "0.90"
    )


def test_the_training_score(tmp_path: Path) -> None:
    rows = explained(
        tmp_path, {"plain": runs(0.80, 0.01), "plain|train": runs(0.97, 0.002)}, "0.97"
    )
    row = rows["explanation=train_score"]
    assert row["estimate"] == pytest.approx(0.97)
    assert row["high"] == pytest.approx(0.97 + 0.002 * REACH + 0.005)
    assert row["compatible"] and not rows["explanation=protocol"]["compatible"]


def test_the_best_of_several_seeds_is_the_best_in_each_repeat(tmp_path: Path) -> None:
    first, second = runs(0.80, 0.01), runs(0.80, 0.01)[::-1]
    rows = explained(
        tmp_path,
        {
            "plain": first,
            "explanation=best_of_seeds:1": second,
            "explanation=best_of_seeds:2": first - 0.1,
        },
    )
    best = np.maximum(first, second).mean(axis=1)
    row = rows["explanation=best_of_seeds"]
    assert row["estimate"] == pytest.approx(best.mean())
    assert row["high"] == pytest.approx(best.mean() + best.std(ddof=1) * REACH + 0.005)


@pytest.mark.parametrize(("metric", "turn"), [("accuracy", 1), ("error_rate", -1)])
def test_the_best_of_several_splits_lies_where_the_largest_of_them_does(
    tmp_path: Path, metric: str, turn: int
) -> None:
    rows = explained(
        tmp_path,
        {"plain": runs(0.5, 0.01)},
        explain="[{best_of_splits: {splits: 20}}]",
        primary=metric,
    )
    row = rows["explanation=best_of_splits"]
    low, middle, high = (
        0.5 + turn * 0.01 * largest(q, 10, 1, 20) for q in (0.025, 0.5, 0.975)
    )
    assert row["estimate"] == pytest.approx(middle)
    assert (row["low"], row["high"]) == pytest.approx(
        (min(low, high) - 0.005, max(low, high) + 0.005)
    )


def tried(repeats: int = 10) -> pl.DataFrame:
    """Three candidates on ten folds; the second has the best mean, .7 + r / 100, another is best in most folds."""
    rows = [
        {"dataset": "toy", "family": "lda", "variant": "explanation=tuned_on_test",
         "repeat": r, "fold": f, "candidate": c,
         "parameters": "{}", "inner_fold": 0, "metric": "accuracy", "value": value, "chosen": c == 0}
        for r in range(repeats)
        for f in range(10)
        for c, value in enumerate((0.75 + r / 100 if f else 0.0, 0.7 + r / 100, 0.1))
    ]  # fmt: skip
    return sparse(rows, frames.TUNING)


def test_the_flat_maximum_is_the_best_mean_of_a_candidate(tmp_path: Path) -> None:
    row = explained(tmp_path, {"plain": runs(0.5, 0.01)}, tuning=tried())[
        "explanation=flat_maximum"
    ]
    means = 0.7 + np.arange(10) / 100
    assert row["estimate"] == pytest.approx(means.mean())
    assert row["high"] == pytest.approx(
        means.mean() + means.std(ddof=1) * REACH + 0.005
    )
    other = explained(
        tmp_path, {"plain": runs(0.5, 0.01)}, tuning=tried(), primary="f1_macro"
    )["explanation=flat_maximum"]
    assert other["reasons"] == (OtherTuningMetric("accuracy", "f1_macro"),)
    wrong = explained(
        tmp_path, {"plain": runs(0.5, 0.01)}, tuning=tried(), primary="error_rate"
    )["explanation=flat_maximum"]
    assert wrong["estimate"] == pytest.approx(1 - means.mean())
    none = explained(tmp_path, {"plain": runs(0.5, 0.01)})["explanation=flat_maximum"]
    assert none["reasons"] == (NoCandidates("tuned_on_test"),)


def said(
    right: tuple[float, float], p: Any = (0.6, 0.4), repeats: int = 10
) -> pl.DataFrame:
    """100 rows a repeat in ten folds, one in five of class b; these shares of each class are right, about."""
    rows, rng = [], np.random.default_rng(0)
    for repeat in range(repeats):
        for row in range(100):
            truth = "b" if row % 5 == 0 else "a"
            hit = rng.random() < right[truth == "b"]
            label = truth if hit else {"a": "b", "b": "a"}[truth]
            mine = list(p) if label == "a" else list(p)[::-1]
            rows.append(
                {"dataset": "toy", "family": "lda", "variant": "plain", "repeat": repeat, "fold": row // 10,
                 "side": "test", "row": row, "truth": truth, "label": label, "p": mine}
            )  # fmt: skip
    return sparse(rows, frames.CLASSIFICATION)


def repeat_means(
    predictions: pl.DataFrame, score: Any, pooled: bool = False
) -> np.ndarray:
    keys = ["repeat"] if pooled else ["repeat", "fold"]
    parts = predictions.partition_by(keys, as_dict=True, maintain_order=True)
    rows = [
        (key[0], score(p["truth"].to_numpy(), p["label"].to_numpy()))
        for key, p in parts.items()
    ]
    return np.array(
        [np.mean([v for r, v in rows if r == repeat]) for repeat in range(10)]
    )


def test_folds_put_together_otherwise(tmp_path: Path) -> None:
    from sklearn.metrics import f1_score

    predictions = said((0.95, 0.5))
    row = explained(tmp_path, {}, predictions=predictions, primary="f1_macro")[
        "explanation=aggregation"
    ]
    pooled = repeat_means(
        predictions, lambda t, s: f1_score(t, s, average="macro"), pooled=True
    )
    assert (row["estimate"], row["title"]) == (
        pytest.approx(pooled.mean()),
        "pooled over folds",
    )
    assert (
        abs(
            row["estimate"]
            - repeat_means(
                predictions, lambda t, s: f1_score(t, s, average="macro")
            ).mean()
        )
        > 0.001
    )


@pytest.mark.parametrize(
    ("resampling", "title"),
    [
        ("{kind: kfold}", "folds not stratified"),
        ("{kind: kfold, stratify: false}", "stratified folds"),
        (
            "{kind: holdout, test_size: 0.1, repeats: 10, stratify: false}",
            "stratified split",
        ),
    ],
)
def test_the_other_stratification_says_which(
    tmp_path: Path, resampling: str, title: str
) -> None:
    rows = explained(tmp_path, {"plain": runs(0.80, 0.01)}, resampling=resampling)
    assert rows["explanation=stratification"]["title"] == title


def test_one_test_set_a_repeat_has_no_other_aggregation(tmp_path: Path) -> None:
    rows = said((0.95, 0.5)).filter(pl.col("fold") == 0)
    changes = {
        "resampling": "{kind: holdout, test_size: 0.1, repeats: 10}",
        "folds": folds_of(10, 1),
    }
    row = explained(tmp_path, {}, predictions=rows, **changes)[
        "explanation=aggregation"
    ]
    assert (row["estimate"], row["reasons"]) == (None, (OneTestSet(),))


def test_ties_broken_otherwise(tmp_path: Path) -> None:
    predictions = said((0.9, 0.5)).with_columns(
        p=pl.when(pl.col("row") < 30).then(pl.lit([0.5, 0.5])).otherwise(pl.col("p")),
        label=pl.when(pl.col("row") < 30).then(pl.lit("a")).otherwise(pl.col("label")),
    )
    row = explained(tmp_path, {}, predictions=predictions)["explanation=ties"]
    turned = predictions.with_columns(
        label=pl.when(pl.col("row") < 30).then(pl.lit("b")).otherwise(pl.col("label"))
    )  # fmt: skip
    expected = repeat_means(turned, lambda t, s: (t == s).mean())
    assert row["estimate"] == pytest.approx(expected.mean())
    none = explained(tmp_path, {}, predictions=said((0.9, 0.5)))["explanation=ties"]
    assert none["reasons"] == (NothingTies(regression=False),)


def test_a_claim_in_percent_has_its_rows_in_percent(tmp_path: Path) -> None:
    rows = explained(
        tmp_path, {"plain": runs(0.80, 0.01)}, "82.1", more=", unit: percent"
    )
    row = rows["explanation=protocol"]
    assert row["estimate"] == pytest.approx(80.0)
    assert row["high"] == pytest.approx(80.0 + 1.0 * REACH + 0.05)
    assert row["compatible"]


SPREAD = 'spread: {value: "0.01", kind: sd, n: 5}'


@pytest.mark.parametrize("said", ["repeats: 5", SPREAD])
def test_a_paper_of_several_repeats_lies_nearer(tmp_path: Path, said: str) -> None:
    row = explained(tmp_path, {"plain": runs(0.80, 0.01)}, "0.80", more=f", {said}")[
        "explanation=protocol"
    ]
    assert row["high"] == pytest.approx(
        0.80 + 0.01 * 2.2621571628 * np.sqrt(1 / 5 + 1 / 10) + 0.005
    )


def test_what_is_known_by_construction_is_explained_by_no_protocol(
    tmp_path: Path,
) -> None:
    known = CLAIM.replace("id: c", "id: known, constant: true")
    study = a_study(
        tmp_path,
        claims=f"{CLAIM}expect:\n{known}",
        diagnostics="{explain: {family: lda}}",
    )
    assert set(
        rows_of(study, scores_of_arrays({"lda": runs(0.80, 0.01)}))["claim"]
    ) == {"c"}


def test_where_nothing_is_drawn_the_tolerance_decides(tmp_path: Path) -> None:
    loo = {"resampling": LOO, "folds": folds_of(1, 100, 99, 1)}
    band = (ToleranceBand(),)
    cases = (("0.80", True, band), ("0.805", True, band), ("0.81", None, (*band, RoundingOpen(0.01))),
             ("0.82", False, band))  # fmt: skip
    for value, compatible, reasons in cases:
        row = explained(tmp_path, {"plain": np.array([[0.80]])}, value, **loo)[
            "explanation=protocol"
        ]
        assert (row["compatible"], row["reasons"]) == (compatible, reasons), value
        assert row["beyond"] is None, "nothing is drawn, so there is no probability"
        assert compatible_of(sparse([row | {"reasons": ""}], EXPLAINED)).beyond is None
    rows = explained(tmp_path, {"plain": np.array([[0.80]])}, "0.80", **loo)
    assert rows["explanation=best_of_splits"]["reasons"] == (NoSplitsDrawn(),)


def test_one_run_of_a_tuned_model_fits_only_as_printed(tmp_path: Path) -> None:
    """Its claim is open too: what the drawn inner folds change was not measured. Untuned it is deterministic."""
    grid = "{lda: {solver: lsqr, shrinkage: [0, 1]}}"
    loo = {
        "resampling": LOO,
        "tune": "{folds: 5}",
        "families": grid,
        "folds": folds_of(1, 100, 99, 1),
    }
    names = (
        "plain",
        "plain|inner",
        "plain|train",
        "explanation=unscaled",
        "explanation=untuned",
    )
    scores = dict.fromkeys(names, np.array([[0.80]]))
    open_, band = SeedNotMeasured("inner_folds"), ToleranceBand()
    expected = {
        "protocol": (None, open_),
        "unscaled": (None, open_),
        "untuned": (True, band),
    }
    expected |= {"train_score": (None, open_)}
    rows = explained(
        tmp_path, scores, "0.805", explain="[unscaled, untuned, train_score]", **loo
    )
    for name, (compatible, reason) in expected.items():
        row = rows[f"explanation={name}"]
        assert (row["compatible"], row["reasons"]) == (compatible, (reason,)), name
    printed = explained(tmp_path, scores, "0.80", **loo)
    for name in ("protocol", "train_score"):
        row = printed[f"explanation={name}"]
        assert (row["compatible"], row["together"], row["low"], row["reasons"]) == (
            True,
            True,
            None,
            (open_,),
        ), name


def test_a_number_of_another_sample_is_not_explained_by_other_splits_of_ours(
    tmp_path: Path,
) -> None:
    of_other = explained(
        tmp_path, {"plain": runs(0.8, 0.01)}, "0.90", more=", splits: other_sample"
    )
    row = of_other["explanation=protocol"]
    assert (row["compatible"], row["beyond"], row["reasons"]) == (
        None,
        None,
        (OfAnotherSample(),),
    )
    assert (
        explained(tmp_path, {"plain": runs(0.8, 0.01)}, "0.90")["explanation=protocol"][
            "compatible"
        ]
        is False
    )


def test_no_unrounded_number_lies_beyond_the_metric(tmp_path: Path) -> None:
    """A printed 100 % is 99.5 % or more and no more than 100 %: .994 lies within .01 of all of these, .988 of some."""
    loo = {
        "resampling": LOO,
        "folds": folds_of(1, 100, 99, 1),
        "more": ", unit: percent",
    }
    for score, compatible in ((0.994, True), (0.988, None), (0.984, False)):
        row = explained(tmp_path, {"plain": np.array([[score]])}, "100", **loo)[
            "explanation=protocol"
        ]
        assert row["compatible"] is compatible, score
        assert row["high"] == pytest.approx(
            100.0 if compatible else 100 * score + 0.5
        ), score


def test_one_run_of_a_drawn_protocol_says_nothing(tmp_path: Path) -> None:
    row = explained(
        tmp_path,
        {"plain": runs(0.8, 0.01)[:1]},
        resampling="{kind: kfold, folds: 10}",
        folds=folds_of(1),
    )
    assert row["explanation=protocol"]["compatible"] is None
    assert row["explanation=protocol"]["reasons"] == (OneRun(),)


def test_a_way_that_could_not_be_gone_says_why(tmp_path: Path) -> None:
    refused = [
        {"dataset": "toy", "family": "lda", "variant": "explanation=best_of_seeds"}
        | REFUSED
    ]
    rows = explained(
        tmp_path,
        {"plain": runs(0.8, 0.01)},
        unavailable=sparse(refused, frames.UNAVAILABLE),
    )
    assert rows["explanation=best_of_seeds"]["reasons"] == (NoSeed(),)
    assert rows["explanation=best_of_seeds"]["estimate"] is None


def test_only_published_scores_of_the_family_are_explained(tmp_path: Path) -> None:
    claims = CLAIM + CLAIM.replace("id: c", "id: d").replace(
        "family: lda", "family: qda"
    )
    claims += "  - {id: e, kind: better, dataset: toy, family: lda, against: qda, where: t, read: source}\n"
    study = a_study(tmp_path, claims=claims, diagnostics="{explain: {family: lda}}")
    assert set(rows_of(study, scores_of_arrays({"lda": runs(0.8, 0.01)}))["claim"]) == {
        "c"
    }


#: t on 9 degrees at 1 - .025/2, for two numbers that must both lie inside.
WIDER = 2.6850108468 * np.sqrt(1.1)


def two_families(
    folder: Path, first: str, second: str, unavailable: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The explanations of a number of `lda` and one of `qda`; both lie 10 points higher with selection before."""
    claims = CLAIM.replace('"0.80"', f'"{first}"')
    claims += (
        CLAIM.replace("id: c", "id: d")
        .replace("family: lda", "family: qda")
        .replace('"0.80"', f'"{second}"')
    )
    study = a_study(
        folder, claims=claims, diagnostics="{explain: {family: [lda, qda]}}"
    )
    early = {"lda": runs(0.90, 0.01)} | (
        {} if unavailable is not None else {"qda": runs(0.80, 0.01)}
    )
    scores = scores_of_arrays({"lda": runs(0.80, 0.01), "qda": runs(0.70, 0.01)})
    late = scores_of_arrays(early).with_columns(
        variant=pl.lit("explanation=selection_before_split")
    )
    have = {name: frames.empty(schema) for name, schema in NONE.items()}
    have |= {
        "tables": tables_of(),
        "folds": folds_of(),
        "predictions": frames.empty(frames.CLASSIFICATION),
    }
    have |= {
        "unavailable": frames.empty(frames.UNAVAILABLE)
        if unavailable is None
        else unavailable,
        "scores": pl.concat([scores, late]),
    }
    return explanations(study, have)


def test_numbers_are_held_against_a_way_jointly_in_wider_intervals(
    tmp_path: Path,
) -> None:
    edge = (
        0.80 + 0.01 * (REACH + WIDER) / 2 + 0.0005
    )  # beyond its interval alone, within the joint one
    rows = two_families(tmp_path, f"{edge:.3f}", "0.700")
    own = rows.filter(pl.col("variant") == "explanation=protocol").sort("claim")
    assert own["compatible"].to_list() == [False, True]
    assert own["together"].to_list() == [True, True]
    joint = {row["variant"]: row for row in jointly(rows).iter_rows(named=True)}
    one = joint["explanation=protocol"]
    assert (one["compatible"], one["numbers"], one["missed"]) == (True, 2, [])
    assert one["beyond"] == pytest.approx(2 * own["beyond"].min())
    far = two_families(tmp_path, f"{0.80 + 0.01 * WIDER + 0.0011:.3f}", "0.700")
    assert far.filter(pl.col("variant") == "explanation=protocol").sort("claim")[
        "together"
    ].to_list() == [False, True]


def test_a_number_of_the_study_s_own_is_none_of_the_paper_s(tmp_path: Path) -> None:
    rows = two_families(tmp_path, "0.90", "0.70").with_columns(
        source=pl.when(pl.col("claim") == "d")
        .then(pl.lit("author"))
        .otherwise(pl.lit("paper"))
    )
    assert set(jointly(rows)["numbers"]) == {1}
    assert jointly(rows.with_columns(source=pl.lit("author"))).is_empty()


def test_two_numbers_for_one_thing_are_not_taken_together(tmp_path: Path) -> None:
    claims = CLAIM + CLAIM.replace("id: c", "id: d").replace('"0.80"', '"0.70"')
    study = a_study(tmp_path, claims=claims, diagnostics="{explain: {family: lda}}")
    have = {name: frames.empty(schema) for name, schema in NONE.items()}
    have |= {
        "tables": tables_of(),
        "folds": folds_of(),
        "predictions": frames.empty(frames.CLASSIFICATION),
    }
    rows = explanations(
        study, have | {"scores": scores_of_arrays({"lda": runs(0.80, 0.01)})}
    )
    assert rows["claim"].n_unique() == 2 and rows["compatible"].any()
    assert held_together(rows) == [] and jointly(rows).is_empty()


def test_a_number_without_scores_is_left_out_of_the_joint_answer(
    tmp_path: Path,
) -> None:
    rows = two_families(tmp_path, "0.90", "0.80")
    lost = rows.with_columns(
        together=pl.when(pl.col("claim") == "d").then(None).otherwise("together")
    )
    assert held_together(lost) == ["c"] and set(jointly(lost)["numbers"]) == {1}


def test_a_way_must_give_all_numbers(tmp_path: Path) -> None:
    both = {
        row["variant"]: row
        for row in jointly(two_families(tmp_path, "0.90", "0.80")).iter_rows(named=True)
    }
    assert (
        both["explanation=selection_before_split"]["compatible"]
        and not both["explanation=protocol"]["compatible"]
    )
    assert both["explanation=protocol"]["missed"] == ["c", "d"]
    half = jointly(two_families(tmp_path, "0.90", "0.70"))
    assert half["compatible"].to_list() == [False] * len(half)
    answer = compatible_of(half)
    assert answer.answered and not answer.errors and not answer.valid


def test_a_way_that_does_not_concern_a_number_leaves_it_to_the_protocol(
    tmp_path: Path,
) -> None:
    idle = [
        {
            "dataset": "toy",
            "family": "qda",
            "variant": "explanation=selection_before_split",
        }
        | REFUSED
    ]
    rows = two_families(tmp_path, "0.90", "0.70", sparse(idle, frames.UNAVAILABLE))
    joint = {row["variant"]: row for row in jointly(rows).iter_rows(named=True)}
    assert joint["explanation=selection_before_split"]["compatible"]
    lost = jointly(
        two_families(tmp_path, "0.90", "0.70", frames.empty(frames.UNAVAILABLE))
    )
    assert lost.filter(pl.col("variant") == "explanation=selection_before_split")[
        "compatible"
    ].to_list() == [None]


def test_the_same_number_claimed_twice_counts_once(tmp_path: Path) -> None:
    study = a_study(
        tmp_path,
        claims=CLAIM + CLAIM.replace("id: c", "id: d"),
        diagnostics="{explain: {family: lda}}",
    )
    rows = rows_of(
        study, scores_of_arrays({"lda": runs(0.80 - 0.01 * REACH - 0.0051, 0.01)})
    )
    own = rows.filter(pl.col("variant") == "explanation=protocol")
    assert own["together"].to_list() == own["compatible"].to_list() == [False, False]


def answered(**compatible: bool | None) -> Any:
    """An answer of one explanation of each kind."""
    rows = [
        {"claim": "c", "dataset": "toy", "family": "lda", "metric": "accuracy", "variant": kind, "kind": kind,
         "title": f"the {kind}", "estimate": 0.9, "compatible": good, "beyond": 0.02 if kind == "valid" else None}
        for kind, good in compatible.items()
    ]  # fmt: skip
    return compatible_of(sparse(rows, EXPLAINED))


def test_an_answer_is_a_set_and_accuses_only_without_a_sound_way() -> None:
    one = answered(valid=False, error=True, control=False)
    assert one.accuses
    assert (one.errors, one.valid, one.beyond) == (("the error",), (), 0.02)
    assert not answered(valid=True, error=True, control=False).accuses
    assert not answered(valid=False, error=True, control=True).accuses
    none = answered(valid=False, error=False, control=False)
    assert none.answered and not none.accuses and not none.errors
    assert not answered(valid=None, error=None).answered
    open_ = answered(valid=None, error=True)
    assert not open_.accuses and open_.undecided == 1
