"""Evidence too thin to decide: one external score, a few draws that all agree, a floor of two repeats."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.claims import check_claim
from bench.claims.targets import FEWEST_REPEATS
from bench.core import frames
from bench.scores.external import external_results
from bench.stats.paired import ENOUGH_EQUAL
from bench.text import chance
from bench.text.compared import NoErrorRate
from bench.text.judgements import (
    NoiseFloor,
    NoiseFloorGuessed,
)
from tests.helpers.judge_cases import (
    OPEN,
    a_study,
    around,
    folds_of,
    has,
    judge,
    reason,
    scores_of_arrays,
    tables_of,
)

TOLERANCE = '\ntolerance: {accuracy: 0.01, why: "by hand"}\n'
COMPARING = {
    "better": "family: A, against: B",
    "best": "family: A",
    "order": "order: [A, B]",
    "equivalent": "family: A, against: B, tolerance: 0.02",
}


def external(
    tmp_path: Path, given: str, table: pl.DataFrame, *claims: str, **study: Any
) -> dict[str, Any]:
    """The verdicts on an external table; `given`: the keys of the dataset beside its source."""
    lines = "".join(
        f"  - {{id: c{i}, dataset: toy, metric: accuracy, where: p{i}, read: source, {one}}}\n"
        for i, one in enumerate(claims)
    )
    dataset = f"\n  given: {{source: {{kind: csv, file: a.csv}}, {given}}}"
    made = a_study(tmp_path, lines, families="null", datasets=dataset, more=TOLERANCE)
    task = "classification" if "predictions" in given else None
    named = {"toy": made.datasets["given"]}
    made = made.model_copy(update={"datasets": named, "protocol": None, "task": task})
    assert isinstance(made.claims, tuple)
    for one in made.claims:
        assert check_claim(one, made) == []
    found = external_results(made, tables_of("toy"), lambda _: table)
    scores = found.scores
    if found.predictions.height:
        from bench.scores.compute import scores_of

        scores = scores_of(
            found.study, found.tables, found.predictions, frames.empty(frames.TUNING)
        )
    return judge(found.study, scores, found.folds, found.tables)


SCORES = "scores: {family: m, value: acc}, metric: accuracy"
FOLDS = "scores: {family: m, fold: f, value: acc%s}, metric: accuracy"


def one_test_set(errors_a: int = 20, errors_b: int = 23, n: int = 200) -> pl.DataFrame:
    """Two families on the same rows; which rows they fail on overlaps in part."""
    truth = np.array(["yes", "no"] * (n // 2))
    other = np.where(truth == "yes", "no", "yes")
    rows = []
    for name, start, errors in (("A", 0, errors_a), ("B", 10, errors_b)):
        wrong = (np.arange(n) >= start) & (np.arange(n) < start + errors)
        said = np.where(wrong, other, truth)
        rows += [
            {"m": name, "row": i, "y": y, "said": s}
            for i, (y, s) in enumerate(zip(truth, said, strict=True))
        ]
    return pl.DataFrame(rows)


class TestOneScoreFromElsewhere:
    PREDICTED = "predictions: {family: m, row: row, truth: y, label: said}"
    TABLE = pl.DataFrame({"m": ["A", "B"], "acc": [0.900, 0.885]})

    @pytest.mark.parametrize("kind", COMPARING)
    def test_it_decides_nothing_of_families(self, kind: str, tmp_path: Path) -> None:
        """Three errors of 200 more or fewer: McNemar's p is far above .05."""
        text = f"kind: {kind}, {COMPARING[kind]}"
        found = external(tmp_path, self.PREDICTED, one_test_set(), text)["c0"]
        assert found["agreement"] in OPEN, found["reasons"]
        assert reason(found, NoErrorRate).why == "no_folds"
        assert found["settle"] == "repeats"
        one_split = "scores: {family: m, repeat: r, fold: f, repeats_are: splits, train_rows: 80, test_rows: 20, value: acc}"
        found = external(
            tmp_path,
            f"{one_split}, metric: accuracy",
            self.TABLE.with_columns(r=0, f=0),
            text,
        )["c0"]
        assert reason(found, NoErrorRate).why == "one_split"
        assert found["settle"] == "repeats"
        assert external(tmp_path, SCORES, self.TABLE, text)["c0"]["agreement"] in OPEN

    def test_of_these_very_scores_it_is_arithmetic(self, tmp_path: Path) -> None:
        claims = [
            f"kind: {kind}, splits: same, {fields}"
            for kind, fields in COMPARING.items()
        ]
        claims.append("kind: better, splits: same, family: B, against: A")
        found = external(tmp_path, SCORES, self.TABLE, *claims)
        expected = ["reproduced" for kind in COMPARING]
        assert [one["agreement"] for one in found.values()] == [*expected, "differs"]
        assert all(
            reason(one, chance.Arithmetic).on == "scores" for one in found.values()
        )

    def test_arithmetic_has_no_tolerance_but_that_of_print(
        self, tmp_path: Path
    ) -> None:
        table = pl.DataFrame(
            {
                "m": ["A", "A", "B", "B"],
                "f": [1, 2, 1, 2],
                "acc": [0.681, 0.682, 0.8, 0.8],
            }
        )
        values = ("68.2", "68.1", "68.3", "68.9")
        claims = [
            f'kind: value, family: A, value: "{v}", unit: percent, splits: same'
            for v in values
        ]
        found = external(
            tmp_path, FOLDS % ", train_rows: 50, test_rows: 50", table, *claims
        )
        assert [one["agreement"] for one in found.values()] == [
            "exact",
            "exact",
            "differs",
            "differs",
        ]
        assert {one["tolerance"] for one in found.values()} == {0.05}


class TestDrawsThatAgree:
    TABLE = pl.DataFrame(
        {"m": ["A", "A", "B", "B"], "f": [1, 2, 1, 2], "acc": [0.90, 0.91, 0.80, 0.81]}
    )

    @pytest.mark.parametrize("gain", [1 / 15, 0.0])
    @pytest.mark.parametrize(
        "resampling", ["{kind: time_ordered, folds: 3}", "{kind: kfold, folds: 3}"]
    )
    def test_three_folds_decide_nothing_whoever_drew_them(
        self, resampling: str, gain: float, tmp_path: Path
    ) -> None:
        """One row more is right in each fold of 15; or none."""
        lines = [
            f"  - {{id: c{i}, kind: {kind}, {fields}, where: p, read: source}}\n"
            for i, (kind, fields) in enumerate(COMPARING.items())
        ]
        text = re.sub(r"\bA\b", "qda", re.sub(r"\bB\b", "lda", "".join(lines)))
        two = "{lda: {}, qda: {}}"
        made = a_study(tmp_path, text, resampling=resampling, families=two)
        lda = np.array([[12, 11, 10]]) / 15
        found = judge(
            made,
            scores_of_arrays({"lda": lda, "qda": lda + gain}),
            folds_of(1, 3, 30, 15),
        )
        assert {one["agreement"] for one in found.values()} <= {*OPEN}, found
        assert {one["p"] for one in found.values()} <= {None, 1.0}
        asked = {row["settle"] for row in found.values()}
        assert "repeats" not in asked or resampling != "{kind: time_ordered, folds: 3}"

    def test_repeats_that_agree_leave_a_number_open(self, tmp_path: Path) -> None:
        """Ten repeats whose folds differ and whose means do not; where all of many folds agree, that is certain."""
        text = (
            '  - {id: c, kind: value, dataset: toy, family: lda, metric: accuracy, value: "0.900", unit: fraction,'
            " where: p, read: source}\n"
        )
        made = a_study(tmp_path, text, more=TOLERANCE)
        for repeats, scores, verdict in (
            (10, around(0.9, 0), "fits"), (10, np.full((10, 10), 0.9), "reproduced"),
            (2, np.full((2, 10), 0.9), "fits"),
            (ENOUGH_EQUAL, around(0.9, 0, repeats=ENOUGH_EQUAL), "reproduced"),
            (1, np.full((1, 10), 0.9), "fits"),
        ):  # fmt: skip
            row = judge(made, scores_of_arrays({"lda": scores}), folds_of(repeats))["c"]
            assert row["agreement"] == verdict, row
            assert has(row, chance.DrawsAgree) == (verdict == "fits")

    def test_a_guess_without_features_agrees_by_necessity(self, tmp_path: Path) -> None:
        """Two repeats of the commonest class, on all rows; but of one split in two it is luck."""
        text = (
            '  - {id: c, kind: value, dataset: toy, family: baseline, metric: accuracy, value: "0.600", unit: fraction,'
            " where: p, read: source}\n"
        )
        holdout = "{kind: holdout, test_size: 0.1, repeats: 2}"
        kfold = a_study(tmp_path, text, more=TOLERANCE)
        one = a_study(tmp_path, text, more=TOLERANCE, resampling=holdout)
        for made, scores, agreement in (
            (kfold, [[0.5, 0.7], [0.7, 0.5]], "reproduced"),
            (one, [[0.6], [0.6]], "fits"),
        ):
            frame = scores_of_arrays({"baseline": np.array(scores)})
            row = judge(made, frame, folds_of(2, len(scores[0])))["c"]
            assert row["agreement"] == agreement


class TestFloorOfFewRepeats:
    @pytest.mark.parametrize("repeats", [2, FEWEST_REPEATS - 1, FEWEST_REPEATS])
    def test_it_is_told_as_a_guess(self, repeats: int, tmp_path: Path) -> None:
        text = (
            '  - {id: c, kind: value, dataset: toy, family: lda, metric: accuracy, value: "0.900", unit: fraction,'
            " where: p, read: source}\n"
        )
        made = a_study(tmp_path, text, more=TOLERANCE)
        scores = scores_of_arrays({"lda": around(0.9, 0.02, repeats=repeats)})
        row = judge(made, scores, folds_of(repeats))["c"]
        few = repeats < FEWEST_REPEATS
        assert row["agreement"] == "fits"
        assert row["cause"] == ("open" if few else "noise_floor")
        assert has(row, NoiseFloorGuessed) == few != has(row, NoiseFloor)
        assert not few or reason(row, NoiseFloorGuessed).repeats == repeats
