"""Tables of printed numbers and counts against the scores that they were made from: by hand, and by scipy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import ttest_ind

from bench.claims.claim import KINDS
from bench.claims.counted import (
    CountedClaim,
    OneScore,
    WinsTiesLosses,
    judged_pairs,
)
from bench.claims.evidence import NotTestableError
from bench.claims.printed import JudgedTable, NumbersFollow, PrintedClaim, judged_table
from bench.core import frames
from bench.core.judgements import Agreement
from bench.scores.series import Series
from bench.study import Claim, Study, read_draft
from bench.study.external import ScoreColumns
from bench.text.chance import StatisticErrorUnknown
from bench.text.unjudged import NoScores
from tests.helpers.judge_cases import (
    a_study,
    folds_of,
    has,
    judge,
    reason,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

SETS, MODELS = [f"d{i}" for i in range(8)], [f"m{i}" for i in range(4)]
Place = tuple[str, str]
ABOUT = {"id": "c", "where": "Table 1", "read": "source"}


def study_of(*claims: Any) -> Study:
    """A study whose datasets are tables of scores."""
    scores = {"source": {"kind": "csv", "file": "x.csv"}, "metric": "accuracy"}
    scores |= {
        "scores": {"family": "f", "value": "v", "repeat": "r", "repeats_are": "seeds"}
    }
    made = Study.model_validate(
        {
            "title": "t", "task": None, "datasets": dict.fromkeys(SETS, scores), "clean": None, "preprocess": None,
            "protocol": None, "families": None, "metrics": {"primary": "accuracy"}, "diagnostics": None,
        }
    )  # fmt: skip
    return made.model_copy(update={"claims": claims})


STUDY = study_of()


def series(values: Any) -> Series:
    array = np.asarray(values, dtype=float)
    return Series(np.arange(len(array)), np.zeros(len(array), dtype=int), array)


def table(seed: int = 1, models: list[str] = MODELS) -> dict[Place, np.ndarray]:
    """Five seeds of some models on eight datasets."""
    draw = np.random.default_rng(seed)
    return {
        (d, m): draw.uniform(0.6, 0.9) + 0.01 * draw.normal(size=5)
        for d in SETS
        for m in models
    }


def shown(scores: dict[Place, np.ndarray], **more: Any) -> list[dict[str, Any]]:
    """Every mean and standard deviation, printed with four decimals."""
    return [
        {
            "dataset": d,
            "family": m,
            "value": f"{s.mean():.4f}",
            "spread": f"{s.std(ddof=1):.4f}",
        }
        | more
        for (d, m), s in scores.items()
    ]


def claim_of(numbers: list[dict[str, Any]], **more: Any) -> PrintedClaim:
    return PrintedClaim.model_validate(
        {**ABOUT, "kind": "printed", "numbers": numbers, **more}
    )


def judged(
    numbers: list[dict[str, Any]], scores: dict[Place, Any], **more: Any
) -> JudgedTable:
    held = {(d, m, "accuracy"): series(values) for (d, m), values in scores.items()}
    return judged_table(claim_of(numbers, **more), STUDY, held)


@pytest.mark.parametrize(
    ("printed", "scores", "times", "agreement", "reading"),
    [
        ("0.12", [0.12, 0.1298], 1.0, Agreement.EXACT, ""),  # .1249
        ("12.5", [0.12, 0.13], 100.0, Agreement.EXACT, ""),
        ("-0.12", [0.12, 0.1298], -1.0, Agreement.EXACT, ""),
        ("0.12", [0.12, 0.137], 1.0, Agreement.REPRODUCED, ""),  # .1285
        ("0.13", [0.12, 0.1298], 1.0, Agreement.REPRODUCED, ""),
        ("0.14", [0.12, 0.1298], 1.0, Agreement.DIFFERS, ""),
        ("nan", [0.12], 1.0, Agreement.DIFFERS, ""),
        ("nan", [], 1.0, Agreement.EXACT, ""),
        ("0.12", [], 1.0, None, ""),
    ],
)
def test_a_mean(
    printed: str,
    scores: list[float],
    times: float,
    agreement: Agreement | None,
    reading: str,
) -> None:
    row = {"dataset": "d0", "family": "m0", "value": printed, "times": times}
    (one,) = judged([row], {("d0", "m0"): scores}).numbers
    assert (one.agreement, one.reading, one.scores) == (agreement, reading, len(scores))


def test_significant_digits_without_their_zeros() -> None:
    row = {"dataset": "d0", "family": "m0", "value": "0.84"}
    scores = {("d0", "m0"): [0.8404]}
    assert judged([row], scores).numbers[0].exact
    assert not judged([row], scores, digits=6).numbers[0].exact
    assert judged([row], {("d0", "m0"): [0.8400004]}, digits=6).numbers[0].exact


def test_a_whole_table_is_exact_and_one_claim() -> None:
    found = judged(shown(table()), table())
    assert found.counts == NumbersFollow(
        exact=64, numbers=64, near=0, differ=0, explained=0, missing=0
    )
    assert found.readings == ()


def test_numbers_of_another_model_are_explained_by_it() -> None:
    scores = table()
    numbers = shown({(d, m): scores[d, "m3" if m == "m2" else m] for d, m in scores})
    found = judged(numbers, scores)
    assert (found.counts.exact, found.counts.differ, found.counts.explained) == (
        48,
        16,
        16,
    )
    assert {(one.reading, one.other) for one in found.numbers if not one.exact} == {
        ("row", "m3")
    }
    ((reading, result),) = found.readings
    assert (reading.of, result.matches, result.n) == ("m2", 8, 8)
    assert result.p_value == pytest.approx(4**-8) and result.p_searched < 0.01


def test_a_single_wrong_number_stays_unexplained() -> None:
    scores = table()
    numbers = shown(scores)
    numbers[3]["value"] = "0.1234"
    counts = judged(numbers, scores).counts
    assert (counts.exact, counts.differ, counts.explained) == (63, 1, 0)


def test_scores_that_are_fitted_here_are_not_the_authors(tmp_path: Path) -> None:
    fitted = STUDY.datasets["d0"].model_copy(update={"scores": None, "target": "y"})
    study = STUDY.model_copy(update={"datasets": {"d0": fitted}})
    row = {"dataset": "d0", "family": "m0", "value": "0.5"}
    found = judged_table(
        claim_of([row]), study, {("d0", "m0", "accuracy"): series([0.5, 0.5])}
    )
    assert found.counts.missing == 1


def test_the_line_of_a_mistake_in_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "numbers.csv").write_text(
        "dataset,family,value\nwine,lda,0.9\nwine,qda,good\n"
    )
    (folder / "study.yaml").write_text(
        "title: t\nclaims:\n  - {id: c, kind: printed, where: here, read: source, numbers: numbers.csv}\n"
    )
    problems = [
        one for one in read_draft(folder).problems if one.file.endswith("numbers.csv")
    ]
    assert [one.line for one in problems] == [3]


def counted(
    scores: dict[Place, np.ndarray], pairs: list[dict[str, Any]], **more: Any
) -> Any:
    claim = CountedClaim.model_validate(
        {**ABOUT, "kind": "counted", "pairs": pairs, **more}
    )
    held = {(d, m, "accuracy"): series(values) for (d, m), values in scores.items()}
    return judged_pairs(claim, STUDY, held)


def test_counts_by_welch() -> None:
    scores = table(7)
    pairs = [
        {"family": f, "against": "m0", "wins": 8, "ties": 0, "losses": 0}
        for f in ("m1", "m2")
    ]
    found = counted(scores, pairs)
    for one in found:
        p = np.array(
            [
                ttest_ind(
                    scores[d, one.family], scores[d, "m0"], equal_var=False
                ).pvalue
                for d in SETS
            ]
        )
        gain = np.array(
            [scores[d, one.family].mean() / scores[d, "m0"].mean() - 1 for d in SETS]
        )
        wins, losses = sum((p < 0.05) & (gain > 0)), sum((p < 0.05) & (gain < 0))
        assert one.ours == WinsTiesLosses(wins, 8 - wins - losses, losses)
        assert one.gain == pytest.approx(100 * gain.mean())


def test_an_advantage_everywhere_and_none() -> None:
    scores = table(3)
    scores |= {
        (d, "m1"): scores[d, "m0"] + 0.05 + 0.001 * i for i, d in enumerate(SETS)
    }
    pair = {
        "family": "m1",
        "against": "m0",
        "wins": 8,
        "ties": 0,
        "losses": 0,
        "gain": "1.00",
    }
    (one,) = counted(scores, [pair])
    assert (one.ours, one.exact, one.numbers) == (WinsTiesLosses(8, 0, 0), 3, 4)
    (one,) = counted(scores | {(d, "m1"): scores[d, "m0"] for d in SETS}, [pair])
    assert one.ours == WinsTiesLosses(0, 8, 0)


@pytest.mark.parametrize(
    ("splits", "repeated", "verdicts"),
    [
        ("same", True, ["exact", "differs"]),
        (
            "unknown",
            False,
            ["exact", "differs"],
        ),  # one printed score a model and dataset
        ("unknown", True, ["reproduced", "off"]),
        ("other_sample", True, ["reproduced", "off"]),
    ],
)
def test_counts_of_scores_that_are_not_the_papers_are_neither_exact_nor_refuted(
    splits: str, repeated: bool, verdicts: list[str]
) -> None:
    """m0 is .05 better on all eight datasets, of which the second claim has seven."""
    scores = {
        (d, m): 0.8 - 0.05 * (m == "m1") + 0.001 * np.arange(3)
        for d in SETS
        for m in ("m0", "m1")
    }
    claims = [
        CountedClaim.model_validate(ABOUT | {"id": f"c{i}", "kind": "counted", "splits": splits, "test": "none"} | {
            "pairs": [{"family": "m0", "against": "m1", "wins": 8 - i, "ties": i, "losses": 0}]
        })
        for i in range(2)
    ]  # fmt: skip
    study = study_of(*claims)
    if not repeated:
        scores = {place: one[:1] for place, one in scores.items()}
        once = {"scores": ScoreColumns(family="f", value="v")}
        study = study.model_copy(
            update={
                "datasets": {
                    d: s.model_copy(update=once) for d, s in study.datasets.items()
                }
            }
        )
    rows = pl.concat(
        scores_of_arrays(
            {m: scores[d, m][:, np.newaxis] for m in ("m0", "m1")}, dataset=d
        )
        for d in SETS
    )
    found = judge(study, rows, frames.empty(frames.FOLDS), tables_of(*SETS))
    assert [row["agreement"] for row in found.values()] == verdicts
    assert [row["cause"] for row in found.values()] == [
        None,
        "refuted" if verdicts[1] == "differs" else "no_error",
    ]
    assert has(found["c1"], StatisticErrorUnknown) == (verdicts[1] == "off")


@pytest.mark.parametrize(
    ("splits", "verdicts"),
    [("same", ["exact", "differs"]), ("unknown", ["reproduced", "off"])],
)
def test_a_table_of_scores_that_are_not_the_papers_is_neither_exact_nor_refuted(
    splits: str, verdicts: list[str]
) -> None:
    scores = {
        ("d0", m): 0.8 + 0.05 * (m == "m1") + 0.001 * np.arange(3) for m in ("m0", "m1")
    }
    numbers = [
        {"dataset": "d0", "family": "m0", "value": value}
        for value in ("0.801", "0.901")
    ]
    claims: list[Claim] = [
        PrintedClaim.model_validate(
            ABOUT
            | {"id": f"p{i}", "kind": "printed", "splits": splits, "numbers": [one]}
        )
        for i, one in enumerate(numbers)
    ]
    rows = scores_of_arrays(
        {m: scores["d0", m][:, np.newaxis] for m in ("m0", "m1")}, dataset="d0"
    )
    found = judge(study_of(*claims), rows, frames.empty(frames.FOLDS), tables_of("d0"))
    assert [found[f"p{i}"]["agreement"] for i in range(2)] == verdicts
    assert {
        one["claim"]: one["settle"]
        for one in found.values()
        if one["settle"] is not None
    } == dict.fromkeys(("p1",) if splits == "unknown" else (), "scores")


@pytest.mark.parametrize("stand_in", [False, True])
def test_a_model_that_lacks_runs_has_no_counts_or_statistic(
    stand_in: bool,
) -> None:
    """m1 lacks a run on d1 and all on d2, or has the scores of m2 there."""
    pair = {"family": "m0", "against": "m1"}
    counts = {"wins": 8, "ties": 0, "losses": 0}
    of = {
        "c1": {"kind": "counted", "test": "none", "pairs": [pair | counts]},
        "c2": {
            "kind": "counted",
            "test": "none",
            "pairs": [{"family": "m0", "against": "m2"} | counts],
        },
        "s1": {
            "kind": "statistic",
            "statistic": "mean_rank",
            "family": "m0",
            "value": "1.00",
        },
        "s2": {"kind": "statistic", "statistic": "wins", **pair, "value": "8"},
        "s3": {
            "kind": "statistic",
            "statistic": "wins",
            "family": "m0",
            "against": "m2",
            "value": "8",
        },
        "best": {"kind": "best", "dataset": "d2", "family": "m0"},
    }
    claims = [
        KINDS[one["kind"]].model.model_validate(
            ABOUT | {"id": i, "splits": "same"} | one
        )
        for i, one in of.items()
    ]
    lost = [("d1", 0), *(("d2", i) for i in range(3))]
    cells = [(d, m, i) for d in SETS for m in ("m0", "m1", "m2") for i in range(3)]
    rows = [
        {
            "dataset": d,
            "family": m,
            "repeat": i,
            "side": "test",
            "metric": "accuracy",
            "value": 0.8 - 0.05 * int(m[1]),
        }
        | {"variant": "fallback" if m == "m1" and (d, i) in lost else "plain"}
        for d, m, i in cells
        if stand_in or m != "m1" or (d, i) not in lost
    ]
    folds = [
        {"dataset": d, "repeat": i, "fold": 0, "rows_sha256": ""}
        for d in SETS
        for i in range(3)
    ]
    missing = [
        {"dataset": d, "family": "m1", "metric": "accuracy", "repeat": i}
        for d, i in lost
    ]
    scores, folds_, lacking = (
        sparse(part, schema)
        for part, schema in (
            (rows, frames.SCORES),
            (folds, frames.FOLDS),
            (missing, frames.MISSING_RUNS),
        )
    )
    study = study_of(*claims)
    found = judge(study, scores, folds_, tables_of(*SETS), missing=lacking)
    assert {
        name: row["status"]
        for name, row in found.items()
        if row["status"] != "attempted"
    } == dict.fromkeys(("c1", "s1", "s2"), "missing")
    assert found["s1"]["reasons"] == (NoScores("accuracy", "m1", "d1", "test"),)
    assert [found[name]["agreement"] for name in ("c2", "s3")] == ["exact"] * 2
    assert found["best"]["agreement"] == "fits"


def test_counts_of_equal_means() -> None:
    scores = {(d, m): np.full(2, 0.5) for d in SETS for m in ("m0", "m1")}
    scores["d0", "m1"] = np.full(2, 0.5 + 2e-16)
    pair = {"family": "m1", "against": "m0", "wins": 1, "ties": 7, "losses": 0}
    (one,) = counted(scores, [pair], test="none")
    assert (one.exact, one.by_order) == (3, True)
    (one,) = counted(scores, [pair | {"wins": 0, "ties": 8}], test="none")
    assert (one.exact, one.by_order) == (3, False)


def test_missing_scores_that_another_model_fills() -> None:
    scores = table(9)
    for d in SETS:
        scores[d, "m1"] = scores[d, "m1"][:4]
    filled = {
        (d, m): np.append(s, scores[d, "m2"][4]) if len(s) == 4 else s
        for (d, m), s in scores.items()
    }
    numbers = [row | {"spread": None} for row in shown(filled)]
    found = judged(numbers, scores)
    assert (found.counts.exact, found.counts.explained, found.counts.numbers) == (
        24,
        8,
        32,
    )
    assert {(one.reading, one.other) for one in found.numbers if not one.exact} == {
        ("filled", "m2")
    }
    assert (
        judged([row | {"spread": None} for row in shown(scores)], scores).counts.exact
        == 32
    )


def test_a_number_in_percent_above_another_mean() -> None:
    row = {"dataset": "d0", "family": "m0", "above": "m1", "value": "+25.00"}
    assert judged([row], {("d0", "m0"): [0.5], ("d0", "m1"): [0.4]}).numbers[0].exact


def test_a_share_of_the_way_between_two_models() -> None:
    scores = {
        ("d0", "dummy"): [0.5, 0.5],
        ("d0", "forest"): [0.9, 0.7],
        ("d0", "m0"): [0.7],
    }
    row = {"dataset": "d0", "family": "m0", "value": "0.50"}
    ends = {"between": ("dummy", "forest")}
    assert judged([row], scores, **ends).numbers[0].exact
    filled = ends | {"filled_with": "forest"}
    assert judged([row | {"value": "0.75"}], scores, **filled).numbers[0].exact
    none = [row | {"family": "m1", "value": "nan"}]
    assert judged(none, scores | {("d0", "m1"): []}, **filled).numbers[0].exact, (
        "nothing finished"
    )
    assert judged([row], scores, between=("dummy", "no")).counts.missing == 1
    assert judged([row], scores, filled_with="no").counts.missing == 1


def test_ranks_of_means_where_equal_ones_share_the_better_rank() -> None:
    scores = {("d0", f"m{i}"): [value] for i, value in enumerate((0.8, 0.9, 0.9, 0.7))}
    rows = [
        {"dataset": "d0", "family": f"m{i}", "value": rank}
        for i, rank in enumerate(("3", "1", "1", "4"))
    ]
    assert judged(rows, scores, among=("m0", "m1", "m2", "m3")).counts.exact == 4
    assert (
        judged(
            [rows[0] | {"value": "1"}, rows[3] | {"value": "2"}],
            scores,
            among=("m0", "m3"),
        ).counts.exact
        == 2
    )
    errors = [
        row | {"metric": "log_loss", "value": rank}
        for row, rank in zip(rows, ("2", "3", "3", "1"), strict=True)
    ]
    held = {(d, m, "log_loss"): series(values) for (d, m), values in scores.items()}
    claim = claim_of(errors, among=("m0", "m1", "m2", "m3"))
    assert judged_table(claim, STUDY, held).counts.exact == 4


def test_statistics_over_the_datasets_that_a_model_has() -> None:
    scores = {
        ("d0", "a"): [0.9],
        ("d0", "b"): [0.8],
        ("d0", "c"): [0.8],
        ("d1", "a"): [0.6],
        ("d1", "b"): [0.7],
    }
    printed = {
        "a": {
            "mean_rank": "1.5",
            "best_rank": "1",
            "worst_rank": "2",
            "datasets": "2",
            "mean_share": "0.5",
        },
        "b": {
            "mean_rank": "1.5",
            "best_rank": "1",
            "worst_rank": "2",
            "datasets": "2",
            "mean_share": "0.5",
        },
        "c": {
            "mean_rank": "2.0",
            "best_rank": "2",
            "worst_rank": "2",
            "datasets": "1",
            "mean_share": "0.0",
        },
    }
    rows = [
        {"dataset": "all", "family": model, "statistic": statistic, "value": value}
        for model, row in printed.items()
        for statistic, value in row.items()
    ]
    assert judged(rows, scores).counts == NumbersFollow(
        15, 15, near=0, differ=0, explained=0, missing=0
    )
    orders = judged(
        [
            rows[5] | {"value": "1.75"},
            rows[10] | {"value": "2.5"},
            rows[10] | {"value": "3.4"},
        ],
        scores,
    )
    assert [(one.exact, one.reading, one.ours) for one in orders.numbers] == [
        (True, "order", 1.75), (True, "order", 2.5), (False, "", 3.0)
    ]  # fmt: skip
    scores["d0", "c"] = [0.8 + 2e-16]
    noisy = judged([rows[5] | {"value": "2.0"}, rows[10]], scores).numbers
    assert [(one.exact, one.reading) for one in noisy] == [(True, "order"), (True, "")]
    wrong = [
        rows[0] | {"value": "1.7"},
        rows[0] | {"family": "z"},
        rows[0] | {"metric": "log_loss"},
    ]
    found = judged(wrong, scores)
    assert [one.agreement for one in found.numbers] == [Agreement.DIFFERS, None, None]
    assert (found.numbers[0].statistic, found.numbers[0].scores) == ("mean_rank", 2)


def judged_fitted(folder: Path, said: str) -> dict[str, Any]:
    """The verdict on a claim of two models that were fitted here on two datasets."""
    sets = "  two: {source: {kind: sklearn, name: iris}, target: target}"
    made = a_study(
        folder,
        f"  - {{id: c, {said}, metric: accuracy, where: T, read: source}}\n",
        datasets=sets,
    )
    values = {"lda": np.full((2, 10), 0.9), "qda": np.full((2, 10), 0.8)}
    names = ("toy", "two")
    frame = pl.concat([scores_of_arrays(values, dataset=name) for name in names])
    return judge(
        made,
        frame,
        pl.concat([folds_of(2, dataset=name) for name in names]),
        tables_of(*names),
    )["c"]


def test_counts_of_scores_that_were_fitted_here_refute_nothing(tmp_path: Path) -> None:
    pair = "{family: lda, against: qda, wins: 0, ties: 0, losses: 2}"
    row = judged_fitted(tmp_path, f"kind: counted, test: none, pairs: [{pair}]")
    made = reason(row, StatisticErrorUnknown).made
    assert (row["agreement"], made) == ("off", "fitted")


@pytest.mark.parametrize(
    ("rank", "agreement", "reading"),
    [
        ("1", "exact", ""),
        ("2", "exact", "order"),
        ("3", "differs", ""),
    ],
)
def test_ranks_of_equal_means(rank: str, agreement: str, reading: str) -> None:
    """.1 + .2 + .3 is not .3 + .2 + .1: a is behind b by 1e-17, if that counts."""
    first, second = sorted(
        ([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]), key=lambda one: float(np.mean(one))
    )
    held = {
        ("d0", "a", "accuracy"): series(first),
        ("d0", "b", "accuracy"): series(second),
    }
    claim = claim_of(
        [{"dataset": "d0", "family": "a", "value": rank}], among=["a", "b"]
    )
    (number,) = judged_table(claim, STUDY, held).numbers
    assert (number.agreement, number.reading) == (agreement, reading)


def test_welch_needs_two_scores_on_each_dataset() -> None:
    scores = {
        (d, m): np.array([v, v + 0.01])
        for d in SETS
        for m, v in (("m0", 0.5), ("m1", 0.9))
    }
    pairs = [{"family": "m1", "against": "m0", "wins": 8, "ties": 0, "losses": 0}]
    assert counted(scores, pairs)[0].ours == WinsTiesLosses(8, 0, 0)
    scores["d3", "m1"] = scores["d3", "m1"][:1]
    with pytest.raises(NotTestableError) as error:
        counted(scores, pairs)
    assert error.value.reasons == (OneScore("d3"),)
    assert counted(scores, pairs, test="none")[0].ours == WinsTiesLosses(8, 0, 0)
