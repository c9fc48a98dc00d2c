"""Ranks and whole rankings, on one dataset and over several; better, best and equivalent over datasets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.claims import check_claim, judged_by
from bench.core.judgements import VerdictRow
from bench.core.outcomes import encoded
from bench.stats.signed_ranks import shift, signed_rank
from bench.text import compared
from bench.text.chance import DrawsAgree, NothingDrawn, OneRanking, SameSplits
from bench.text.unjudged import NoScores, RankOfOthers
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
    OPEN,
    TOLERANCE,
    a_study,
    around,
    claim,
    folds_of,
    has,
    judge,
    judge_given,
    one,
    reason,
    scores_of_arrays,
)

TWO = "{lda: {}, qda: {}}"
NAMES = ("toy", *(f"d{i}" for i in range(1, 15)))


def apart(**means: float) -> dict[str, np.ndarray]:
    """Families whose folds go up and down together, so that their differences are sure."""
    base = around(0, 0.01)
    noise = np.random.default_rng(1)
    return {
        name: base + mean + noise.normal(0, 0.003, base.shape)
        for name, mean in means.items()
    }


def over(
    tmp_path: Path,
    scores: list[dict[str, Any]],
    text: str,
    repeats: int = 10,
    **study: str,
) -> dict[str, Any]:
    """The same for as many datasets as `scores` has entries; the study has no other family."""
    families = "{" + ", ".join(f"{name}: {{}}" for name in scores[0]) + "}"
    names = NAMES[: len(scores)]
    more = "".join(
        f"  {name}: {{source: {{kind: sklearn, name: iris}}, target: target}}\n"
        for name in names[1:]
    )
    made = a_study(
        tmp_path,
        text,
        datasets=more,
        **({"more": TOLERANCE, "families": families} | study),
    )
    assert isinstance(made.claims, tuple)
    assert check_claim(made.claims[0], made) == []
    metric = study.get("primary", "accuracy")
    frame = pl.concat(
        [
            scores_of_arrays(s, dataset=n, metric=metric)
            for n, s in zip(names, scores, strict=True)
        ]
    )
    return judge(
        made, frame, pl.concat([folds_of(repeats, dataset=name) for name in names])
    )["c"]


THREE = {"lda": 0.9, "qda": 0.85, "random_forest": 0.8}
TIED = "[lda, qda], random_forest"


class TestOrder:
    def text(self, order: str = "lda, qda, random_forest", **changes: str) -> str:
        return claim("order", order=f"[{order}]", **changes)

    @pytest.mark.parametrize(
        ("means", "order", "agreement", "tau", "contradicted"),
        [
            (THREE, "lda, qda, random_forest", "reproduced", 1.0, None),
            (THREE, "random_forest, qda, lda", "differs", -1.0, "reversed"),
            (THREE | {"qda": 0.75}, "lda, qda, random_forest", "differs", 1 / 3, "reversed"),
            (THREE | {"lda": 0.85}, TIED, "reproduced", None, None),
            (THREE, TIED, "differs", None, "apart"),
            (THREE | {"lda": 0.85, "baseline": 0.8}, "[qda, lda], [baseline, random_forest]", "reproduced", None, None),
            ({"lda": 0.85, "qda": 0.8}, "lda, qda", "reproduced", 1.0, None),
            ({"lda": 0.805, "qda": 0.8}, "lda, qda", "differs", 1.0, "equal"),
        ],
    )  # fmt: skip
    def test_pairs_decide(
        self,
        means: dict[str, float],
        order: str,
        agreement: str,
        tau: float | None,
        contradicted: str | None,
        tmp_path: Path,
    ) -> None:
        row = one(tmp_path, apart(**means), self.text(order))
        assert row["agreement"] == agreement
        assert tau is None or row["ours"] == pytest.approx(tau)
        said = row["reasons"][0]
        if contradicted is None:
            assert isinstance(said, compared.PairsHold)
        else:
            assert said.relation == contradicted and has(row, compared.Holm)
        if len(means) == 2:
            better = claim("better", family="lda", against="qda")
            assert one(tmp_path, apart(**means), better)["agreement"] == agreement

    @pytest.mark.parametrize("order", ["lda, qda, random_forest", TIED])
    def test_open_pairs(self, order: str, tmp_path: Path) -> None:
        scores = apart(**THREE if order != TIED else THREE | {"lda": 0.85})
        noise = np.random.default_rng(5).normal(0, 0.15, size=(10, 10))
        scores["qda"] = scores["qda"] + noise
        row = one(tmp_path, scores, self.text(order))
        assert row["agreement"] == "fits"
        pair = "lda = qda" if order == TIED else "lda > qda"
        assert pair in reason(row, compared.PairsNotShown).pairs
        assert reason(row, compared.RankingsCompared).tau == row["ours"]

    def test_all_equal_has_no_tau(self, tmp_path: Path) -> None:
        row = one(tmp_path, dict.fromkeys(THREE, around(0.9, 0.01)), self.text())
        assert (row["agreement"], row["ours"]) == ("differs", None)
        ranking = reason(row, compared.RankingsCompared).ours
        assert ranking == "lda = qda = random_forest"

    def test_deterministic(self, tmp_path: Path) -> None:
        folds = folds_of(1, 100, 99, 1)
        for values, verdict in (
            ((0.95, 0.90), "reproduced"), ((0.90, 0.95), "differs"), ((0.905, 0.90), "fits"),
        ):  # fmt: skip
            scores = dict(zip(("lda", "qda"), values, strict=True))
            row = one(tmp_path, scores, self.text("lda, qda"), folds, resampling=LOO)
            assert row["agreement"] == verdict
            assert has(row, NothingDrawn)

    def test_a_failed_family_leaves_it_open(self, tmp_path: Path) -> None:
        row = one(tmp_path, apart(lda=0.9, qda=0.85), self.text())
        assert row["agreement"] is None
        assert row["reasons"] == (NoScores("accuracy", "random_forest", "toy", "test"),)

    def test_over_datasets(self, tmp_path: Path) -> None:
        scores = [
            apart(lda=0.9 - i / 100, qda=0.85 - i / 50, random_forest=0.8 - i / 30)
            for i in range(7)
        ]
        row = over(tmp_path, scores, self.text(dataset="null"))
        assert row["agreement"] == "reproduced"
        few = over(tmp_path, scores[:4], self.text(dataset="null"))
        assert few["agreement"] == "fits"
        assert reason(few, compared.FewDatasets) == compared.FewDatasets(4, 0.125, 6)
        assert few["cause"] == "few_datasets"
        six = over(
            tmp_path, scores[:6], self.text(dataset="null")
        )  # .031 a pair, .094 after Holm over three
        assert six["agreement"] == "reproduced"
        assert not has(six, compared.FewDatasets)
        assert reason(six, compared.FewForOpposite) == compared.FewForOpposite(
            6, 3, 7, equality=True
        )
        wrong = over(
            tmp_path, scores, self.text("random_forest, qda, lda", dataset="null")
        )
        assert wrong["agreement"] == "differs"
        assert wrong["ours"] == -1.0


class TestMeanRank:
    """lda beats qda on toy in every repeat, and on d1 in half of them."""

    def scores(self) -> list[dict[str, np.ndarray]]:
        flat = np.full((10, 10), 0.8)
        swing = flat + np.where(np.arange(10) % 2, 0.01, -0.01)[:, None]
        return [{"lda": flat + 0.1, "qda": flat}, {"lda": swing, "qda": flat}]

    def text(self, value: str = "1.25", **changes: str) -> str:
        fields = {
            "dataset": "null",
            "family": "lda",
            "value": f'"{value}"',
            "tolerance": "0.3",
            "metric": "accuracy",
        }
        return claim("rank", **(fields | changes))

    def test_numbers_by_hand(self, tmp_path: Path) -> None:
        """Mean ranks of the repeats: 1.5, 1, 1.5, ... with sd .264."""
        row = over(tmp_path, self.scores(), self.text())
        sd = float(np.std([1.5, 1.0] * 5, ddof=1))
        assert row["ours"] == pytest.approx(1.25)
        assert row["high"] == pytest.approx(
            t.ppf(0.95, 9) * sd * np.sqrt(1.1) + 0.005, abs=1e-8
        )
        assert row["agreement"] == "fits"
        assert row["cause"] == "noise_floor"

    def test_blocks_of_the_papers_repeats(self, tmp_path: Path) -> None:
        """Two repeats averaged before ranking: the two are level on d1, rank 1.5 of 1 and 2, in each of five blocks."""
        row = over(tmp_path, self.scores() * 6, self.text(repeats="2"))
        assert row["ours"] == pytest.approx(1.25)
        assert row["high"] - row["low"] == pytest.approx(2 * 0.005)
        assert row["agreement"] == "reproduced"

    def test_as_many_repeats_as_the_papers_are_averaged_before_ranking(
        self, tmp_path: Path
    ) -> None:
        """Three repeats: ranks 1, 2 and 2 on d1 and equal means there; the mean rank is (1 + 1.5) / 2, not 4 / 3."""
        flat, gains = np.full((3, 10), 0.8), np.array([[0.02], [-0.01], [-0.01]])
        scores = [{"lda": flat + 0.1, "qda": flat}, {"lda": flat + gains, "qda": flat}]
        found = {
            more: over(tmp_path, scores, self.text("1.25", **dict([more])), repeats=3)
            for more in (
                ("repeats", "3"),
                ("repeats", "5"),
                ("splits", "same"),
                ("repeats", "1"),
            )
        }
        assert [round(row["ours"], 4) for row in found.values()] == [
            1.25,
            1.25,
            1.25,
            1.3333,
        ]
        own = self.text("1.25", where="null", read="null").replace(
            "where: null, read: null, ", ""
        )
        made = a_study(tmp_path, "", datasets="  d1: {source: {kind: sklearn, name: iris}, target: target}\n",
                       families=TWO, more=f"{TOLERANCE}expect:\n{own}")  # fmt: skip
        frame = pl.concat(
            [
                scores_of_arrays(one, dataset=name)
                for one, name in zip(scores, ("toy", "d1"), strict=True)
            ]
        )
        folds = pl.concat([folds_of(3, dataset=name) for name in ("toy", "d1")])
        assert judge(made, frame, folds)["c"]["ours"] == pytest.approx(
            1.25
        )  # the author's number is of no repeat
        same = found["splits", "same"]
        assert (same["agreement"], reason(same, SameSplits)) == ("exact", SameSplits())

    def test_rankings_all_alike_say_nothing_when_few(self, tmp_path: Path) -> None:
        flat = np.full((10, 10), 0.8)
        alike = {"lda": flat + 0.1, "qda": flat}
        for value, agreement in (("1.90", "off"), ("1.00", "fits")):
            row = over(tmp_path, [alike] * 2, self.text(value))
            assert row["agreement"] == agreement
            assert reason(row, DrawsAgree) == DrawsAgree(10, "mean ranks")
        assert over(tmp_path, [alike] * 6, self.text("1.90"))["agreement"] == "differs"

    def test_one_repeat_says_nothing(self, tmp_path: Path) -> None:
        scores = [
            {name: table[:1] for name, table in one.items()} for one in self.scores()
        ]
        row = over(tmp_path, scores, self.text(), repeats=1)
        assert row["agreement"] == "fits"
        assert row["reasons"] == (OneRanking(),)

    def test_another_sample_has_no_error(self, tmp_path: Path) -> None:
        row = over(tmp_path, self.scores(), self.text(splits="other_sample"))
        assert row["agreement"] == "fits"
        assert row["low"] is None

    def test_without_chance(self, tmp_path: Path) -> None:
        scores = [{"lda": [[0.9]], "qda": [[0.8]]}, {"lda": [[0.8]], "qda": [[0.9]]}]
        names, text = NAMES[:2], self.text("1.50")
        more = "  d1: {source: {kind: sklearn, name: iris}, target: target}\n"
        made = a_study(tmp_path, text, datasets=more, resampling=FIXED, families=TWO)
        frame = pl.concat(
            [scores_of_arrays(s, dataset=n) for n, s in zip(names, scores, strict=True)]
        )
        row = judge(
            made, frame, pl.concat([folds_of(1, 1, dataset=name) for name in names])
        )["c"]
        assert row["agreement"] == "exact"

    def test_of_scores_that_others_made_it_is_a_statistic(self, tmp_path: Path) -> None:
        columns = "{dataset: d, family: m, value: v}"
        given = f"\n  given: {{source: {{kind: csv, file: a.csv}}, scores: {columns}, metric: accuracy}}"
        rows = [(d, m, v) for d in ("a", "b") for m, v in (("lda", 0.9), ("qda", 0.8))]
        table = pl.DataFrame(rows, schema=["d", "m", "v"], orient="row")
        row = judge_given(tmp_path, self.text("1.5"), given, table)["c"]
        assert (row["agreement"], row["reasons"]) == (None, (RankOfOthers(),))


def can_be_refuted(row: dict[str, Any]) -> bool:
    return judged_by.can_be_refuted(
        VerdictRow(**row | {"reasons": encoded(row["reasons"])})
    )


class TestOverDatasets:
    """The dataset is the unit: signed ranks of mean differences."""

    def text(self, **changes: str) -> str:
        return claim(
            **(
                {"kind": "better", "dataset": "null", "family": "lda", "against": "qda"}
                | changes
            )
        )

    def scores(self, gains: list[float]) -> list[dict[str, np.ndarray]]:
        return [
            {"lda": around(0.8 + gain, 0.002), "qda": around(0.8, 0.002)}
            for gain in gains
        ]

    GAINS = (0.05, 0.02, 0.04, 0.03, 0.06, 0.07, 0.015, 0.025)

    def test_five_datasets_have_no_interval_of_a_direction(
        self, tmp_path: Path
    ) -> None:
        """The least p is .0625: there is an interval at the level .90, and none at .95, which a direction needs."""
        five, six = (
            over(
                tmp_path,
                [apart(lda=0.9, qda=0.85 + 0.001 * i) for i in range(n)],
                self.text(),
            )
            for n in (5, 6)
        )
        assert (
            five["low"] is not None
            and five["low_refute"] is None
            and six["low_refute"] is not None
        )
        rows = [
            VerdictRow(**one | {"reasons": encoded(one["reasons"])})
            for one in (five, six)
        ]
        assert [judged_by.why_no_interval(row) for row in rows] == [
            "few_datasets",
            None,
        ]
        assert [judged_by.has_interval(row) for row in rows] == [False, True]

    def test_by_hand(self, tmp_path: Path) -> None:
        row = over(tmp_path, self.scores(list(self.GAINS)), self.text())
        gains = np.array(self.GAINS)
        test, wide = signed_rank(gains, np.zeros(8)), shift(gains, np.zeros(8))
        assert row["agreement"] == "reproduced"
        assert row["ours"] == pytest.approx(wide.estimate)
        assert (row["low_refute"], row["high_refute"]) == pytest.approx(
            (wide.low, wide.high)
        )
        assert reason(row, compared.DirectionShown).p == test.p_value
        assert (
            reason(row, compared.SignedRanks).better,
            reason(row, compared.SignedRanks).datasets,
        ) == (8, 8)
        assert row["dataset"] is None

    @pytest.mark.parametrize(
        ("gains", "changes", "agreement", "p"),
        [
            (GAINS, {}, "reproduced", 2**-7),
            ([-gain for gain in GAINS], {}, "differs", 2**-7),
            ([gain / 20 for gain in GAINS], {}, "differs", 2**-8),  # equal, whichever leads
            ([gain / 20 for gain in GAINS], {"kind": "equivalent"}, "reproduced", 2**-8),
            (GAINS, {"kind": "equivalent"}, "differs", 2**-7),
            (GAINS[:5], {}, "fits", None),  # two-sided .0625
            (GAINS[:5], {"splits": "other_sample"}, "reproduced", 2**-5),
            (GAINS[:4], {"kind": "equivalent"}, "off", None),
        ],
    )  # fmt: skip
    def test_signed_ranks_decide(
        self,
        gains: Sequence[float],
        changes: dict[str, str],
        agreement: str,
        p: float | None,
        tmp_path: Path,
    ) -> None:
        row = over(tmp_path, self.scores(list(gains)), self.text(**changes))
        assert row["agreement"] == agreement
        shown = row["p_shown"] if agreement == "reproduced" else row["p"]
        assert p is None or shown == pytest.approx(p)
        assert p is not None or has(row, compared.FewDatasets)

    @pytest.mark.parametrize(
        ("kind", "few"),
        [
            ("better", compared.FewDatasets(4, 0.125, 6)),
            ("equivalent", compared.FewDatasets(4, 0.0625, 5)),
        ],
    )
    def test_too_few_datasets(
        self, kind: str, few: compared.FewDatasets, tmp_path: Path
    ) -> None:
        row = over(
            tmp_path, self.scores([0.05, 0.04, 0.03, 0.02]), self.text(kind=kind)
        )
        assert row["reasons"][0] == few

    def test_five_datasets_refute_a_direction_by_equality_alone(
        self, tmp_path: Path
    ) -> None:
        """One-sided 2^-5 = .031 shows equality, two-sided .0625 no direction; on four nothing is shown, and without a
        margin no equality."""
        equal, ahead = self.scores([0.001] * 5), self.scores(list(self.GAINS[:5]))
        refuted, open_ = (
            over(tmp_path, scores, self.text()) for scores in (equal, ahead)
        )
        assert (refuted["agreement"], refuted["p"]) == ("differs", pytest.approx(2**-5))
        assert (open_["agreement"], open_["cause"]) == ("fits", "few_datasets")
        assert reason(open_, compared.FewDatasets) == compared.FewDatasets(
            5, 0.0625, 6, equality=True
        )
        assert open_["settle"] == "datasets"
        four = over(tmp_path, ahead[:4], self.text())
        order = over(
            tmp_path, ahead, claim("order", dataset="null", order="[lda, qda]")
        )
        assert reason(order, compared.FewDatasets).equality
        other = over(tmp_path, ahead[:4], self.text(splits="other_sample"))
        assert not reason(other, compared.FewDatasets).equality
        assert [
            can_be_refuted(one) for one in (refuted, open_, order, four, other)
        ] == [True, True, True, False, False]

    @pytest.mark.parametrize(
        ("n", "level", "refutable"),
        [(5, 0.95, False), (6, 0.95, True), (5, 0.9, True), (7, 0.99, False)],
    )
    def test_datasets_that_show_equality_may_be_too_few_to_refute_it(
        self, n: int, level: float, refutable: bool, tmp_path: Path
    ) -> None:
        """A difference beyond the margin is tested two-sided: at best 2^-4 = .0625 on five, 2^-6 = .016 on seven."""
        more = f"{TOLERANCE}\ncompare: {{level: {level}}}"
        wide, equal, mixed = (
            over(tmp_path, self.scores(gains), self.text(kind="equivalent"), more=more)
            for gains in ([0.05] * n, [0.001] * n, [0.001] * (n - 2) + [0.05] * 2)
        )
        found = [
            [one for one in row["reasons"] if isinstance(one, compared.FewForOpposite)]
            for row in (equal, mixed)
        ]
        assert (
            found == [[] if refutable else [compared.FewForOpposite(n, 1, n + 1)]] * 2
        )
        assert mixed["settle"] == "datasets"
        assert [one["agreement"] for one in (wide, equal)] == [
            "differs" if refutable else "off",
            "reproduced",
        ]
        assert [can_be_refuted(one) for one in (wide, equal, mixed)] == [refutable] * 3

    def test_best(self, tmp_path: Path) -> None:
        scores = [
            one | {"random_forest": one["qda"] - 0.01, "baseline": one["qda"] - 0.3}
            for one in self.scores(list(self.GAINS))
        ]
        text = claim("best", dataset="null", family="lda")
        assert over(tmp_path, scores, text)["agreement"] == "reproduced"
        assert (
            over(tmp_path, scores, claim("best", dataset="null", family="qda"))[
                "agreement"
            ]
            == "differs"
        )
        few = over(tmp_path, scores[:5], text)
        assert few["agreement"] == "fits"
        assert few["cause"] == "few_datasets"
        assert reason(few, compared.FewDatasets) == compared.FewDatasets(5, 0.0625, 6)

    def test_six_datasets_decide_for_the_best_and_not_against_it(
        self, tmp_path: Path
    ) -> None:
        """Each rival at .031 uncorrected shows it, as on all six; .094 after Holm over three never contradicts it."""
        text, means = (
            claim("best", dataset="null", family="lda"),
            {"random_forest": 0.8, "baseline": 0.7},
        )
        scores = [apart(lda=0.9, qda=0.85, **means)] * 5
        row = over(tmp_path, [*scores, apart(lda=0.9, qda=0.95, **means)], text)
        assert (row["agreement"], row["cause"]) == ("fits", "open")
        assert row["reasons"] == (
            compared.NotShownToBeat(("qda",)),
            compared.FewForOpposite(6, 3, 7),
        )
        assert row["settle"] == "datasets"
        shown = over(tmp_path, [*scores, scores[0]], text)
        assert shown["agreement"] == "reproduced" and has(
            shown, compared.FewForOpposite
        )
        for found in (row, shown):
            assert not can_be_refuted(found)

    def test_equality_refutes_an_order_on_six_datasets(self, tmp_path: Path) -> None:
        """.0156 one-sided, x 3 pairs: .047; four pairs or more, or a tolerance of 0, leave nothing that could."""
        text = claim("order", dataset="null", order="[lda, qda, random_forest]")
        equal = over(tmp_path, [apart(lda=0.9, qda=0.9, random_forest=0.9)] * 6, text)
        assert (equal["agreement"], equal["p"]) == ("differs", pytest.approx(3 / 64))
        open_ = over(
            tmp_path,
            [apart(lda=0.9, qda=0.85, random_forest=0.8 + i / 25) for i in range(6)],
            text,
        )
        assert reason(open_, compared.FewForOpposite) == compared.FewForOpposite(
            6, 3, 7, equality=True
        )
        assert can_be_refuted(open_)
        longer = claim(
            "order", dataset="null", order="[lda, qda, random_forest, baseline]"
        )
        four = [
            apart(lda=0.9, qda=0.85, random_forest=0.8, baseline=0.7 + i / 25)
            for i in range(6)
        ]
        row = over(tmp_path, four, longer)
        assert reason(row, compared.FewForOpposite) == compared.FewForOpposite(6, 6, 8)
        assert not can_be_refuted(row)

    def test_a_tied_order_is_shown_by_one_sided_tests(self, tmp_path: Path) -> None:
        tied = [apart(lda=0.9, qda=0.9)] * 5
        text = claim("order", dataset="null", order="[[lda, qda]]")
        assert over(tmp_path, tied, text)["agreement"] == "reproduced"
        row = over(tmp_path, [*tied[1:], apart(lda=0.9, qda=0.8)], text)
        assert row["agreement"] == "off" and not has(row, compared.FewDatasets)

    def test_ties_everywhere(self, tmp_path: Path) -> None:
        same = around(0.9, 0.01)
        row = over(tmp_path, [{"lda": same, "qda": same}] * 6, self.text())
        assert row["agreement"] == "differs"
        assert reason(row, compared.SignedRanks).equal == 6
        assert row["ours"] == 0


def test_one_drawn_split_supports_nothing(tmp_path: Path) -> None:
    """A difference of .2 on one random hold-out: nobody knows what another split would say."""
    folds, study = folds_of(1, 1), {"resampling": "{kind: holdout, test_size: 0.1}"}
    scores = {"lda": [[0.9]], "qda": [[0.7]]}
    for text in (
        claim("better", family="lda", against="qda"),
        claim("best", family="lda"),
        claim("equivalent", family="lda", against="qda"),
        claim("order", order="[lda, qda]"),
    ):
        row = one(tmp_path, scores, text, folds, **study, families=TWO)
        assert row["agreement"] in OPEN, row
        assert reason(row, compared.NoErrorRate).why == "one_split"
        assert row["settle"] == "repeats"


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("better", "reproduced"),
        ("order", "reproduced"),
    ],
)
def test_one_test_case_is_no_difference(tmp_path: Path, kind: str, held: str) -> None:
    """Without chance, however narrow the tolerance: 91 right against 90 of a hundred says nothing, 92 does."""
    fields = {
        "better": {"family": "lda", "against": "qda"},
        "order": {"order": "[lda, qda]"},
    }[kind]
    narrow = {
        "resampling": LOO,
        "more": '\ntolerance: {accuracy: 0.0001, why: "narrow"}\n',
    }
    for right, agreements in ((0.91, OPEN), (0.92, (held,))):
        row = one(
            tmp_path,
            {"lda": right, "qda": 0.90},
            claim(kind, **fields),
            folds_of(1, 100, 99, 1),
            **narrow,
        )
        assert row["agreement"] in agreements, row


def test_runs_with_new_seeds_rank_anew(tmp_path: Path) -> None:
    """A fixed split fitted five times: the mean ranks of the runs are the draws."""
    scores = [
        {
            "lda": around(0.9, 0.01, repeats=5, folds=1),
            "random_forest": np.full((5, 1), 0.9),
        }
        for _ in range(2)
    ]
    text = claim(
        "rank",
        dataset="null",
        family="random_forest",
        value='"1.5"',
        tolerance="0.4",
    )
    more = "  d1: {source: {kind: sklearn, name: iris}, target: target}\n"
    runs = '{kind: fixed_split, train: "1-90", test: "91-100", repeats: 5}'
    two = "{lda: {}, random_forest: {}}"
    made = a_study(tmp_path, text, datasets=more, resampling=runs, families=two)
    frame = pl.concat(
        [scores_of_arrays(s, dataset=n) for n, s in zip(NAMES[:2], scores, strict=True)]
    )
    row = judge(
        made,
        frame,
        pl.concat([folds_of(5, 1, dataset=name, same=True) for name in NAMES[:2]]),
    )["c"]
    spread = float(np.std(1 + (scores[0]["lda"][:, 0] > 0.9), ddof=1)) * np.sqrt(
        1 + 1 / 5
    )  # alike on both datasets
    assert row["high"] - row["low"] == pytest.approx(
        2 * (t.ppf(0.95, 4) * spread + 0.05), abs=1e-8
    )
