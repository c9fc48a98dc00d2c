"""What the claims say together: shares, Holm, order, curve and effects against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.claims import replication_of, verdicts
from bench.claims._rules import Noise, settle
from bench.claims.replication import falsified
from bench.comparisons import comparisons
from bench.core import frames
from bench.core.comparisons import PAIRS
from bench.core.frames import records
from bench.core.judgements import VERDICTS, Agreement, Cause, VerdictRow
from bench.core.outcomes import encoded
from bench.core.replication import REPLICATION, NoIntervalReason, UndefinedReason
from bench.text.compared import FewDatasets, FewForOpposite
from tests.helpers import bundles
from tests.helpers.axes import axes
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
    a_study,
    around,
    folds_of,
    judge,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

TOLERANCE = '\ntolerance: {accuracy: 0.01, why: "by hand"}\n'
TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"
COMMON = {
    "kind": "value",
    "metric": "accuracy",
    "unit": "fraction",
    "fidelity": "exact",
    "protocol_match": "same",
}


def claim(**changes: str) -> str:
    fields = {
        "id": "c", "kind": "value", "dataset": "toy", "family": "lda", "metric": "accuracy", "value": '"0.900"',
        "unit": "fraction", "where": '"Table 1"', "read": "source",
    } | changes  # fmt: skip
    return (
        "  - {"
        + ", ".join(f"{key}: {value}" for key, value in fields.items() if value)
        + "}\n"
    )


Tables = dict[str, pl.DataFrame]


def rows_of(
    folder: Path,
    rows: list[dict[str, Any]],
    compared: list[dict[str, Any]] | None = None,
) -> Tables:
    """The replication of verdict rows made by hand, each of its own family unless said."""
    study = a_study(folder, datasets=TWO, more=TOLERANCE)
    named = [
        COMMON | {"claim": f"c{i}", "family": f"f{i}"} | row
        for i, row in enumerate(rows)
    ]
    given = [
        {k: v for k, v in row.items() if k != "mark"}
        | axes(row["mark"], row.get("evidence"))
        for row in named
    ]
    pairs = sparse(compared or [], PAIRS)
    made = replication_of(
        study, frames.empty(frames.SCORES), pairs, sparse(given, VERDICTS)
    )
    for name, frame in made.items():
        frames.checked(frame, REPLICATION[name], name)
    return made


def whole(made: Tables) -> dict[str, Any]:
    """The row of all claims."""
    return made["replication_groups"].row(
        by_predicate=pl.col("kind").is_null(), named=True
    )


def numbers(made: Tables, dataset: str | None = None) -> dict[str, Any]:
    """The row of all published numbers, or of those on a dataset."""
    return made["replication_numbers"].row(
        by_predicate=pl.col("dataset").eq_missing(pl.lit(dataset)), named=True
    )


def adjusted(made: Tables) -> dict[str, float]:
    return dict(
        made["replication_refutations"].select("claim", "p_adjusted").iter_rows()
    )


class TestShares:
    def test_the_interval_knows_that_claims_share_datasets(
        self, tmp_path: Path
    ) -> None:
        """4 of 4, 2 of 4 and none of 4: errors 2, 0, -2, variance 3/2 8/144, so 12 claims count like 3."""
        hits = {"a": 4, "b": 2, "c": 0}
        made = rows_of(
            tmp_path,
            [
                {
                    "dataset": d,
                    "mark": "reproduced" if i < n else "consistent",
                    "p": 0.5,
                }
                for d, n in hits.items()
                for i in range(4)
            ],
        )
        n = 3 * (t.ppf(0.975, 11) / t.ppf(0.975, 2)) ** 2
        z2 = 1.959963984540054**2
        half = np.sqrt(z2 * (0.25 / n + z2 / (4 * n**2))) / (1 + z2 / n)
        group = whole(made)
        interval = (group["held_with_error_rate"], group["low"], group["high"])
        assert interval == pytest.approx((0.5, 0.5 - half, 0.5 + half))
        assert (group["with_error_rate"], group["with_error_rate_datasets"]) == (12, 3)
        assert group["no_interval"] is None
        naive = np.sqrt(z2 * (0.25 / 12 + z2 / (4 * 144))) / (1 + z2 / 12)
        assert half > 1.5 * naive

    def test_counts_and_what_is_below_the_line(self, tmp_path: Path) -> None:
        """What was not judged is in no share; a claim that is consistent is, and does not hold."""
        words = [
            "exact",
            "reproduced",
            "consistent",
            "not_reproduced",
            "not_attempted",
            "failed",
        ]
        made = rows_of(tmp_path, [{"dataset": "toy", "mark": w} for w in words])
        group = whole(made)
        assert {one.value: group[one] for one in Agreement} == {
            "exact": 1, "reproduced": 1, "direction_reproduced": 0, "consistent": 1, "unclear": 0, "differs": 1,
        }  # fmt: skip
        assert (group["held"], group["claims"], group["attempted"]) == (0.5, 6, 4)

    def test_an_order_that_is_shown_holds_and_a_direction_without_its_size_does_not(
        self, tmp_path: Path
    ) -> None:
        """Five of five: Wilson's interval is from 5 / (5 + 3.84) on."""
        for kind, held in (("order", 1), ("better", 0)):
            rows = [
                {"dataset": d, "mark": "direction_reproduced", "kind": kind, "p": 1.0}
                for d in "abcde"
            ]
            group = whole(rows_of(tmp_path, rows))
            assert (
                group["direction_reproduced"],
                group["held"],
                group["held_with_error_rate"],
            ) == (5, held, held)
            end = 5 / (5 + 1.959963984540054**2)
            ends = (end, 1) if held else (0, 1 - end)
            assert (group["low"], group["high"]) == pytest.approx(ends)

    def test_what_so_few_datasets_could_not_show_is_no_claim_that_failed(
        self, tmp_path: Path
    ) -> None:
        decided = [
            {"dataset": d, "mark": v, "p": 0.5}
            for d in "abc"
            for v in ("reproduced", "consistent")
        ]
        few = [
            {
                "dataset": None,
                "mark": "consistent",
                "p": 0.0625,
                "reasons": encoded([FewDatasets(5, 0.0625, 6)]),
            }
        ] * 3
        alone, both = (
            whole(rows_of(tmp_path, decided)),
            whole(rows_of(tmp_path, decided + few)),
        )
        names = ("with_error_rate", "held_with_error_rate", "low", "high")
        assert [alone[name] for name in names] == [both[name] for name in names]
        assert (both["attempted"], both["with_error_rate"], both["held"]) == (
            9,
            6,
            pytest.approx(3 / 9),
        )

    def test_without_an_error_rate_there_is_no_interval(self, tmp_path: Path) -> None:
        made = rows_of(tmp_path, [{"dataset": d, "mark": "exact"} for d in "abcdef"])
        group = whole(made)
        assert group["held"] == 1
        assert (
            group["with_error_rate"],
            group["held_with_error_rate"],
            group["low"],
        ) == (0, None, None)
        assert group["no_interval"] == NoIntervalReason.NO_ERROR_RATE

    def test_deterministic_claims_do_not_narrow_the_interval(
        self, tmp_path: Path
    ) -> None:
        drawn = [
            {"dataset": d, "mark": v, "p": 0.5}
            for d in "abc"
            for v in ("reproduced", "consistent")
        ]
        fixed = [{"dataset": d, "mark": "exact"} for d in "abcdefgh"]
        alone, both = rows_of(tmp_path, drawn), rows_of(tmp_path, drawn + fixed)
        names = (
            "with_error_rate",
            "with_error_rate_datasets",
            "held_with_error_rate",
            "low",
            "high",
            "no_interval",
        )
        assert [whole(alone)[name] for name in names] == [
            whole(both)[name] for name in names
        ]
        assert whole(both)["held"] == pytest.approx(11 / 14)

    @pytest.mark.parametrize(
        ("places", "why"),
        [
            (["a", "b", "c"], NoIntervalReason.FEW_CLAIMS),
            (["a"] * 6, NoIntervalReason.ONE_DATASET),
            ([None] * 6, NoIntervalReason.OVER_DATASETS),
        ],
    )
    def test_few_claims_or_one_dataset(
        self, tmp_path: Path, places: list[str | None], why: NoIntervalReason
    ) -> None:
        made = rows_of(
            tmp_path, [{"dataset": d, "mark": "reproduced", "p": 0.5} for d in places]
        )
        group = whole(made)
        assert (group["held_with_error_rate"], group["low"], group["no_interval"]) == (
            1,
            None,
            why,
        )

    def test_groups_of_other_units_are_counted_apart(self, tmp_path: Path) -> None:
        made = rows_of(
            tmp_path,
            [
                {"dataset": "toy", "mark": "exact"},
                {"dataset": "toy", "mark": "not_reproduced", "unit": "percent"},
                {"dataset": "toy", "mark": "exact", "kind": "better", "unit": None},
            ],
        )
        held = made["replication_groups"].select("kind", "unit", "held").rows()
        two_thirds = pytest.approx(2 / 3)
        assert held == [
            (None, None, two_thirds),
            ("value", "fraction", 1),
            ("value", "percent", 0),
            ("better", None, 1),
        ]

    def test_no_claims_no_rows(self, tmp_path: Path) -> None:
        assert all(frame.is_empty() for frame in rows_of(tmp_path, []).values())


class TestRefutations:
    def test_holm_and_what_chance_would_bring(self, tmp_path: Path) -> None:
        """.01 x 4, .02 x 3, .04 x 2, .5: one of three refutations is left, chance brings .05 x 4."""
        ps = [0.04, 0.01, 0.5, 0.02]
        rows = [
            {
                "dataset": "toy",
                "mark": "reproduced" if p == 0.5 else "not_reproduced",
                "p": p,
            }
            for p in ps
        ] + [{"dataset": "toy", "mark": "not_reproduced"}]
        made = rows_of(tmp_path, rows)
        assert whole(made)["differs"] == 4
        found = made["replication_refutations"]
        assert (found["refuted"].sum(), found.height, found["subject"].n_unique()) == (
            3,
            4,
            4,
        )
        assert found.filter("after_holm")["claim"].to_list() == ["c1"]
        assert adjusted(made) == pytest.approx(
            {"c0": 0.08, "c1": 0.04, "c2": 0.5, "c3": 0.06}
        )

    def test_what_cannot_refute_takes_no_level_away(self, tmp_path: Path) -> None:
        """Only strong evidence is tested; neither is what was not attempted, nor what no data could refute."""
        rows = [
            {"mark": "not_reproduced", "p": 0.001},
            {"mark": "differs", "p": 0.001, "evidence": "limited"},
            {"mark": "differs", "p": 0.001, "evidence": "weak"},
            {"mark": "missing", "p": 0.5},
            {
                "mark": "consistent",
                "p": 0.0625,
                "reasons": encoded([FewDatasets(5, 0.0625, 6)]),
            },
            {
                "mark": "consistent",
                "p": 0.0625,
                "reasons": encoded([FewForOpposite(6, 3, 7)]),
            },
        ]
        assert rows_of(tmp_path, rows)["replication_refutations"][
            "claim"
        ].to_list() == ["c0"]


class TestRepeatedClaims:
    """A paper prints one number in two tables, or two numbers of one score: one question, however often it is asked."""

    def test_a_subject_is_one_test_of_holm(self, tmp_path: Path) -> None:
        """.01 and .02 of one score beside .03 of another: .01 x 2, .02 x 2, and the .03 as it is."""
        families = {"lda": 0.01, "lda again": 0.02, "qda": 0.03}
        rows = [
            {"dataset": "toy", "family": f.split()[0], "mark": "not_reproduced", "p": p}
            for f, p in families.items()
        ]
        made = rows_of(tmp_path, rows)
        assert adjusted(made) == pytest.approx({"c0": 0.02, "c1": 0.04, "c2": 0.03})
        assert made["replication_refutations"]["subject"].to_list() == [0, 0, 1]
        other = [
            one | {"metric": "f1_macro"} if i == 1 else one
            for i, one in enumerate(rows)
        ]
        assert (
            rows_of(tmp_path, other)["replication_refutations"]["subject"].n_unique()
            == 3
        )

    def test_counts_of_other_things_and_at_other_cutoffs_are_subjects_of_their_own(
        self, tmp_path: Path
    ) -> None:
        count = 'kind: count, family: lda, value: "3", of: 100, tolerance: 1.0, where: p, read: source, dataset: toy'
        asked = (
            "",
            ", counts: right",
            ", counts: false_positives",
            ", counts: false_positives, cutoff: 0.3",
        )
        lines = "".join(
            f"  - {{id: c{i}, {count}{keys}}}\n"
            for i, keys in enumerate([*asked, asked[-1]])
        )
        study = a_study(tmp_path, lines, more=TOLERANCE)
        rows = [
            COMMON
            | {
                "claim": f"c{i}",
                "kind": "count",
                "dataset": "toy",
                "family": "lda",
                "p": 0.01,
            }
            for i in range(5)
        ]
        found = sparse([row | axes("not_reproduced", None) for row in rows], VERDICTS)
        made = replication_of(
            study, frames.empty(frames.SCORES), sparse([], PAIRS), found
        )
        assert made["replication_refutations"]["subject"].to_list() == [0, 1, 2, 3, 3]

    def test_a_number_at_a_cutoff_of_its_own_stands_beside_no_other(
        self, tmp_path: Path
    ) -> None:
        value = "kind: value, metric: accuracy, unit: fraction, where: p, read: source, dataset: toy, family"
        said = (
            ("lda", "0.90", ""),
            ("lda", "0.50", ", cutoff: 0.3"),
            ("qda", "0.80", ""),
        )
        lines = "".join(
            f'  - {{id: c{i}, {value}: {f}, value: "{v}"{at}}}\n'
            for i, (f, v, at) in enumerate(said)
        )
        study = a_study(tmp_path, lines, more=TOLERANCE)
        rows = [
            COMMON
            | {
                "claim": f"c{i}",
                "dataset": "toy",
                "family": f,
                "published": v,
                "ours": float(v),
            }
            for i, (f, v, _) in enumerate(said)
        ]
        found = sparse([row | axes("reproduced", None) for row in rows], VERDICTS)
        made = replication_of(
            study, frames.empty(frames.SCORES), sparse([], PAIRS), found
        )
        (effect,) = made["replication_effects"].iter_rows(named=True)
        assert (
            numbers(made)["numbers"] == 2
            and effect["claims"] == 2
            and effect["ratio"] == pytest.approx(1)
        )

    def test_two_numbers_of_one_score_err_no_more_often_than_one(self) -> None:
        """Simulated, at the border: the true score lies a tolerance above the lower number and within that of the
        higher one; the smaller of both p-values is below .05 no more often than one alone."""
        generator, half, tolerance, low, high = (
            np.random.default_rng(3),
            0.0,
            1.0,
            0.0,
            1.5,
        )
        ours = 1.0 + generator.normal(size=20_000)
        noise = Noise(1.0, 1e9)
        ps = np.array(
            [
                [settle(o - m, noise, tolerance, half).p for m in (low, high)]
                for o in ours[:4000]
            ]
        )
        assert (ps.min(axis=1) < 0.05).mean() <= 0.05

    def test_a_score_is_ordered_once(self, tmp_path: Path) -> None:
        """Four numbers, one of them claimed twice: tau of 1 2 3 4 against 1 2 4 3 is 4 / 6, not 7 / 9 or so."""
        printed = [
            ("a", "1", 1.0),
            ("b", "2", 2.0),
            ("b", "2", 2.0),
            ("c", "3", 4.0),
            ("d", "4", 3.0),
        ]
        rows = [
            {
                "dataset": "toy",
                "family": f,
                "published": p,
                "ours": o,
                "mark": "reproduced",
            }
            for f, p, o in printed
        ]
        group = numbers(rows_of(tmp_path, rows))
        assert (group["tau"], group["numbers"]) == (pytest.approx(4 / 6), 4)
        assert group["tau_within_undefined"] == UndefinedReason.ONE_DATASET


class TestNumbers:
    PUBLISHED: tuple[float, ...] = (1, 2, 3, 11, 12, 13)
    OURS: tuple[float, ...] = (1, 3, 2, 13, 12, 11)

    def test_order_within_datasets_and_over_all(self, tmp_path: Path) -> None:
        """Within `easy` 2 pairs agree and 1 does not, within `hard` all 3 do not; of the 9 between, all do."""
        made = rows_of(
            tmp_path,
            [
                {
                    "dataset": "easy" if p < 10 else "hard",
                    "published": str(p),
                    "ours": o,
                    "mark": "reproduced",
                }
                for p, o in zip(self.PUBLISHED, self.OURS, strict=True)
            ],
        )
        assert numbers(made)["tau"] == pytest.approx(7 / 15)
        assert numbers(made)["tau_within"] == pytest.approx(-1 / 3)
        assert numbers(made, "easy")["tau"] == pytest.approx(1 / 3)
        assert numbers(made, "hard")["tau"] == pytest.approx(-1)
        assert numbers(made)["concordance"] == pytest.approx(149 / 154)

    def test_two_numbers_have_no_order(self, tmp_path: Path) -> None:
        made = rows_of(
            tmp_path,
            [
                {"dataset": "toy", "published": p, "ours": 1.0, "mark": "reproduced"}
                for p in ("1", "2")
            ],
        )
        assert (numbers(made)["tau"], numbers(made)["tau_undefined"]) == (
            None,
            UndefinedReason.TOO_FEW,
        )

    def test_equal_numbers_have_no_order(self, tmp_path: Path) -> None:
        row = {"dataset": "toy", "published": "1", "mark": "reproduced"}
        made = rows_of(tmp_path, [row | {"ours": ours} for ours in (1.0, 2.0, 3.0)])
        assert (numbers(made)["tau"], numbers(made)["tau_undefined"]) == (
            None,
            UndefinedReason.CONSTANT,
        )
        assert numbers(made)["concordance"] == 0

    def test_the_curve_rises_at_each_smallest_tolerance(self, tmp_path: Path) -> None:
        """An exact number is so at any tolerance; one without a number of ours is not counted."""
        given = [
            (0.5, "exact"),
            (0.2, "reproduced"),
            (3.0, "not_reproduced"),
            (1.0, "consistent"),
            (None, "missing"),
        ]
        made = rows_of(
            tmp_path,
            [{"dataset": "toy", "smallest_tolerance": s, "mark": v} for s, v in given],
        )
        curve = (
            made["replication_tolerances"].select("tolerance", "held", "claims").rows()
        )
        assert curve == [(0, 0.25, 4), (0.2, 0.5, 4), (1, 0.75, 4), (3, 1, 4)]

    def test_effects_against_the_published_ones(self, tmp_path: Path) -> None:
        """10 points published, 5 and 25 here; a published difference of nothing has no ratio."""
        printed = {"a": ("90", 95.0), "b": ("80", 90.0), "c": ("80", 70.0)}
        tests = [
            {
                "family": "a",
                "against": "b",
                "difference": 0.05,
                "low": 0.02,
                "high": 0.08,
            },
            {
                "family": "c",
                "against": "a",
                "difference": -0.25,
                "low": -0.3,
                "high": -0.2,
            },
        ]
        made = rows_of(
            tmp_path,
            [
                {
                    "dataset": "toy",
                    "family": f,
                    "published": p,
                    "ours": o,
                    "mark": "reproduced",
                    "unit": "percent",
                }
                for f, (p, o) in printed.items()
            ],
            [
                {"dataset": "toy", "metric": "accuracy", "fallbacks": 0} | one
                for one in tests
            ],
        )
        ratios = made["replication_effects"].select(
            "family", "against", "ratio", "low", "high"
        )
        assert ratios.rows()[0] == (
            "a",
            "b",
            *(pytest.approx(v) for v in (0.5, 0.2, 0.8)),
        )
        assert ratios.rows()[1] == ("a", "c", *(pytest.approx(v) for v in (2.5, 2, 3)))
        assert ratios.height == 2
        group = numbers(made)
        quartiles = [
            group[name] for name in ("effect_lower", "effect_median", "effect_upper")
        ]
        assert quartiles == pytest.approx([1, 1.5, 2])
        assert (
            group["effects"],
            group["effect_datasets"],
            group["effect_same_way"],
        ) == (2, 1, 1)

    def test_a_family_claimed_more_than_once_counts_once(self, tmp_path: Path) -> None:
        """a is claimed twice, at 90: one pair with b, of ratio .5, not two. c has two numbers, so that none is its
        own."""
        printed = [
            ("a", "90", 95.0),
            ("c", "89", 95.0),
            ("b", "80", 90.0),
            ("c", "91", 95.0),
            ("a", "90.0", 95.0),
        ]
        made = rows_of(
            tmp_path,
            [
                {
                    "dataset": "toy",
                    "family": f,
                    "published": p,
                    "ours": o,
                    "mark": "reproduced",
                    "unit": "percent",
                }
                for f, p, o in printed
            ],
            [],
        )
        ratios = (
            made["replication_effects"]
            .select("family", "against", "ratio", "claims")
            .rows()
        )
        assert ratios == [("a", "b", pytest.approx(0.5), 3)]
        assert numbers(made)["effects"] == 1

    def test_the_best_of_three_is_too_good(self, tmp_path: Path) -> None:
        """E[max_3] = 3 / (2 sqrt(pi)); the baseline was no rival for being best."""
        study = a_study(tmp_path, claim(kind="best", value="", unit=""), more=TOLERANCE)
        scores = scores_of_arrays(
            {
                "baseline": around(0.5, 0.01),
                "lda": around(0.9, 0.004),
                "qda": around(0.8, 0.01),
                "random_forest": around(0.8, 0.01),
            }
        )
        compared = comparisons(study, tables_of(), folds_of(), scores)
        judged = verdicts(
            study,
            tables_of(),
            folds_of(),
            scores,
            compared.estimates,
            frames.empty(frames.FAILURES),
        )
        row = replication_of(study, scores, compared.pairs, judged)[
            "replication_selection"
        ].row(0, named=True)
        factor = 3 / (2 * np.sqrt(np.pi))
        assert (row["expected_max"], row["families"]) == (pytest.approx(factor), 3)
        assert row["selection_bias"] == pytest.approx(factor * 0.004)


class TestP:
    def test_by_hand(self) -> None:
        judgement = settle(0.02, Noise(0.004, 9), 0.01, 0.0005)
        assert judgement.p == pytest.approx(2 * t.sf((0.02 - 0.0105) / 0.004, 9))

    @pytest.mark.parametrize("df", [2, 9, np.inf])
    def test_small_just_where_the_wide_interval_lies_outside(self, df: float) -> None:
        for difference in np.linspace(-0.06, 0.06, 241):
            judgement = settle(float(difference), Noise(0.004, df), 0.01, 0.0005)
            assert judgement.p is not None and (judgement.p < 0.05) == (
                judgement.agreement == "differs"
            ), difference

    def test_none_where_no_error_rate_exists(self) -> None:
        assert (
            settle(0.02, Noise(0.0, np.inf, chance_free=True), 0.01, 0.0005).p is None
        )

    @pytest.mark.parametrize(
        "changes",
        [
            {"kind": "better", "against": "qda"},
            {"kind": "best"},
            {"kind": "equivalent", "against": "qda"},
            {"kind": "order", "family": "", "order": "[lda, qda]"},
            {"kind": "order", "family": "", "order": "[[lda, qda]]"},
            {"kind": "rank", "value": '"1"'},
        ],
        ids=lambda changes: changes["kind"],
    )
    def test_of_claims_that_compare_small_just_where_they_are_refuted(
        self, tmp_path: Path, changes: dict[str, str]
    ) -> None:
        study = a_study(
            tmp_path,
            claim(**({"value": "", "unit": ""} | changes)),
            more=TOLERANCE,
            families="{lda: {}, qda: {}}",
        )
        seen = set()
        for level in np.linspace(0.84, 0.96, 13):
            wave = np.sin(np.arange(100)).reshape(10, 10) * 0.01
            scores = scores_of_arrays(
                {"lda": level + wave, "qda": np.full((10, 10), 0.9)}
            )
            found = judge(study, scores, folds_of())["c"]
            assert (found["p"] < 0.05) == (found["agreement"] == "differs"), level
            seen.add(found["agreement"])
        assert {
            "differs",
            "direction_reproduced" if changes["kind"] == "order" else "reproduced",
        } <= seen


class TestCauses:
    """Each cause, from judging a case that has it."""

    @pytest.mark.parametrize(
        ("cause", "scores", "study", "changes"),
        [
            (None, around(0.902, 0.001), {}, {}),
            ("refuted", around(0.95, 0.001), {}, {}),
            (
                "protocol",
                around(0.95, 0.001),
                {},
                {"protocol_match": '"differs: 5 folds"'},
            ),
            ("approximated", around(0.95, 0.001), {}, {"fidelity": "approximated"}),
            (
                "substituted",
                around(0.95, 0.001),
                {},
                {"fidelity": "substituted", "read": "memory"},
            ),
            ("memory", around(0.95, 0.001), {}, {"read": "memory"}),
            ("quoted", around(0.95, 0.001), {}, {"read": "secondary"}),
            ("open", around(0.91, 0.003), {}, {"fidelity": "approximated"}),
            ("noise_floor", around(0.9, 0.008), {}, {}),
        ],
    )
    def test_of_a_number(
        self,
        tmp_path: Path,
        cause: str | None,
        scores: np.ndarray,
        study: dict[str, str],
        changes: dict[str, str],
    ) -> None:
        made = a_study(tmp_path, claim(**changes), **({"more": TOLERANCE} | study))
        assert (
            judge(made, scores_of_arrays({"lda": scores}), folds_of())["c"]["cause"]
            == cause
        )

    def test_one_split_and_a_seed_that_was_not_varied(self, tmp_path: Path) -> None:
        made = a_study(
            tmp_path,
            claim(),
            resampling="{kind: holdout, test_size: 0.1}",
            more=TOLERANCE,
        )
        assert (
            judge(made, scores_of_arrays({"lda": [[0.8]]}), folds_of(1, 1))["c"][
                "cause"
            ]
            == "one_split"
        )
        made = a_study(
            tmp_path, claim(family="random_forest"), resampling=FIXED, more=TOLERANCE
        )
        scores = scores_of_arrays({"random_forest": [[0.6]]})
        assert judge(made, scores, folds_of(1, 1))["c"]["cause"] == "seed"

    def test_impossible_and_failed(self, tmp_path: Path) -> None:
        made = a_study(
            tmp_path,
            claim(id="printed", value='"0.985"', n="50")
            + claim(id="lost", family="qda"),
            resampling=LOO,
            more=TOLERANCE,
        )
        failure = {
            "dataset": "toy",
            "family": "qda",
            "variant": "plain",
            "repeat": 0,
            "fold": 0,
            "status": "crash",
        }
        failures = sparse(
            [failure | {"stage": "fit", "reason": "died"}], frames.FAILURES
        )
        scores = scores_of_arrays({"lda": [[0.98]]}, pooled=True)
        found = judge(made, scores, folds_of(1, 50, 49, 1), failures=failures)
        assert [found[name]["status"] for name in ("printed", "lost")] == [
            "impossible",
            "failed",
        ]
        assert {found[name]["cause"] for name in ("printed", "lost")} == {None}

    def test_of_a_comparison(self, tmp_path: Path) -> None:
        made = a_study(
            tmp_path,
            claim(id="even", kind="better", against="qda", value="", unit="")
            + claim(id="size", kind="better", against="random_forest", value='"0.3"'),
            more=TOLERANCE,
        )
        wave = np.sin(np.arange(100)).reshape(10, 10) * 0.001
        arrays = {
            "lda": 0.9 + wave,
            "qda": np.full((10, 10), 0.9),
            "random_forest": np.full((10, 10), 0.8),
        }
        found = judge(made, scores_of_arrays(arrays), folds_of())
        assert [found[name]["cause"] for name in ("even", "size")] == [
            "equivalent",
            "size",
        ]

    def test_errors_that_are_not_known_and_too_few_datasets(
        self, tmp_path: Path
    ) -> None:
        one = {"resampling": "{kind: holdout, test_size: 0.1}", "more": TOLERANCE}
        made = a_study(
            tmp_path, claim(kind="better", against="qda", value="", unit=""), **one
        )
        found = judge(
            made, scores_of_arrays({"lda": [[0.8]], "qda": [[0.7]]}), folds_of(1, 1)
        )["c"]
        assert found["cause"] == "no_error"
        over = claim(kind="better", against="qda", value="", unit="", dataset="")
        made = a_study(
            tmp_path, over, datasets=TWO, more=TOLERANCE, families="{lda: {}, qda: {}}"
        )
        arrays = {"lda": around(0.9, 0.002), "qda": around(0.7, 0.002)}
        scores = pl.concat(
            [scores_of_arrays(arrays, dataset=name) for name in ("toy", "two")]
        )
        folds = pl.concat([folds_of(dataset=name) for name in ("toy", "two")])
        assert (
            judge(made, scores, folds, tables_of("toy", "two"))["c"]["cause"]
            == "few_datasets"
        )

    def test_every_cause_has_words(self) -> None:
        from bench.report.text.literature import CAUSES, EXPLAINED

        assert set(CAUSES) == {*Cause, EXPLAINED}


class TestFalsifiers:
    """What would falsify an expectation: it never counts, and occurs where it holds after Holm."""

    @staticmethod
    def rows(*ps: float, agreement: str | None = "reproduced") -> list[VerdictRow]:
        rows = [
            {
                "claim": f"f{i}",
                "source": "author",
                "falsifier": True,
                "agreement": agreement,
                "p_shown": p,
            }
            for i, p in enumerate(ps)
        ]
        return records(sparse(rows, VERDICTS), VerdictRow)

    def became(self, *ps: float, agreement: str | None = "reproduced") -> list[str]:
        return [
            one.value
            for one in falsified(
                bundles.study(), self.rows(*ps, agreement=agreement)
            ).values()
        ]

    def test_holm_over_all_that_were_judged(self) -> None:
        assert self.became(0.03) == ["happened"]
        assert self.became(0.03, 0.04) == ["undecided", "undecided"]  # 2 * .03
        assert self.became(0.03, 0.02) == ["happened", "happened"]

    @pytest.mark.parametrize(
        ("agreement", "became"),
        [("unclear", "undecided"), ("differs", "did_not_happen"), (None, "undecided")],
    )
    def test_what_does_not_hold(self, agreement: str | None, became: str) -> None:
        assert self.became(0.03, agreement=agreement) == [became]

    @staticmethod
    def contradicted(kind: str, *ps: float, **more: str) -> dict[str, str]:
        """What became of falsifiers of one kind that differ with these p."""
        stated = [
            {
                "id": f"f{i}",
                "kind": kind,
                "dataset": "wine",
                "family": "svm",
                "where": "w",
                "read": "source",
            }
            | more
            for i, _ in enumerate(ps)
        ]
        rows = [
            {
                "claim": one["id"],
                "kind": kind,
                "source": "author",
                "falsifier": True,
                "agreement": "differs",
                "p": p,
            }
            for one, p in zip(stated, ps, strict=True)
        ]
        study = bundles.study(falsified_if=stated)
        return {
            name: one.value
            for name, one in falsified(
                study, records(sparse(rows, VERDICTS), VerdictRow)
            ).items()
        }

    def test_what_differs_is_adjusted_as_what_holds(self) -> None:
        rival = {"against": "random_forest"}
        assert self.contradicted("better", 0.03, **rival) == {"f0": "did_not_happen"}
        assert self.contradicted("better", 0.03, 0.04, **rival) == {
            "f0": "undecided",
            "f1": "undecided",
        }  # 2 * .03
        assert self.contradicted("better", 0.02, 0.04, **rival) == {
            "f0": "did_not_happen",
            "f1": "did_not_happen",
        }

    def test_of_models_that_are_each_the_best_one_can_be(self) -> None:
        assert self.contradicted("best", 0.03, 0.04) == {
            "f0": "did_not_happen",
            "f1": "did_not_happen",
        }

    def test_those_that_do_not_hold_count_too(self) -> None:
        rows = self.rows(0.001, 0.03) + [
            replace(row, claim="g") for row in self.rows(0.5, agreement="unclear")
        ]
        became = falsified(bundles.study(), rows)
        assert [became[name].value for name in ("f0", "f1", "g")] == [
            "happened",
            "undecided",
            "undecided",
        ]  # 2 * .03

    def test_without_a_test_it_is_not_adjusted(self) -> None:
        (row,) = self.rows(0.03)
        bare = replace(row, p_shown=None)
        assert falsified(bundles.study(), [bare]) == {"f0": "happened"}
