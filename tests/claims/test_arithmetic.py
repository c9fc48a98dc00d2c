"""Numbers that cannot be are told before any fit, and never judged: one hand-made case a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.claims import remarks
from bench.claims.arithmetic import impossibilities
from bench.core.outcomes import Statement
from bench.text.claim_problems import (
    BothBest,
    Contradicts,
    DoesNotFollow,
    HidesDifference,
    NeverMet,
)
from bench.text.unjudged import NoSuchCount, NoSuchFoldMean, NoSuchTable
from tests.helpers.judge_cases import (
    FIXED,
    KFOLD,
    LOO,
    a_study,
    around,
    folds_of,
    judge,
    scores_of_arrays,
)

BINARY = "[precision_binary, recall_binary, f1_binary, balanced_accuracy, error_rate]"


def claim(
    name: str = "c", metric: str = "accuracy", value: str = "0.985", **changes: str
) -> str:
    fields = {
        "id": name, "kind": "value", "dataset": "toy", "family": "lda", "metric": metric, "value": f'"{value}"',
        "unit": "fraction", "n": "50", "where": '"Table 1"', "read": "source",
    } | changes  # fmt: skip
    return (
        "  - {"
        + ", ".join(f"{key}: {text}" for key, text in fields.items() if text != "-")
        + "}\n"
    )


def found(
    tmp_path: Path, *claims: str, resampling: str = LOO, **study: str
) -> dict[str, tuple[Statement, ...]]:
    return impossibilities(
        a_study(tmp_path, "".join(claims), resampling=resampling, also=BINARY, **study)
    )


class TestWhatIsDeclared:
    """No count of 50 cases is .985; it is said only where the way to the number is declared."""

    @pytest.mark.parametrize(
        ("change", "resampling"),
        [
            ({}, LOO),
            ({}, FIXED),
            ({"aggregation": "fold_mean"}, LOO),
            ({"repeats": "1"}, FIXED),
            ({"repeats": "1", "aggregation": "pooled"}, KFOLD),
            ({"repeats": "1", "aggregation": "fold_mean"}, KFOLD),  # ten folds of five
            (
                {
                    "repeats": "1",
                    "aggregation": "fold_mean",
                    "folds": "5",
                    "protocol_match": '"differs: 5 folds"',
                },
                KFOLD,
            ),
            ({"family": "random_forest", "repeats": "1"}, LOO),
            ({"metric": "error_rate", "value": "0.015"}, LOO),
            ({"value": "98.5", "unit": "percent"}, LOO),
            ({"side": "train"}, FIXED),
            ({"fidelity": "approximated", "repeats": "1"}, FIXED),
            ({"family": "null", "fidelity": "not_attempted", "repeats": "1"}, FIXED),
        ],
    )
    def test_told(
        self, tmp_path: Path, change: dict[str, str], resampling: str
    ) -> None:
        said = found(tmp_path, claim(**change), resampling=resampling)
        assert isinstance(said["c"][0], NoSuchCount | NoSuchFoldMean)

    @pytest.mark.parametrize(
        ("change", "resampling"),
        [
            ({"n": "-"}, LOO),
            ({"value": "0.98"}, LOO),
            ({"repeats": "4"}, LOO),  # 197 of 200
            ({"family": "random_forest"}, FIXED),  # perhaps a mean over seeds
            (
                {"fidelity": "substituted"},
                FIXED,
            ),  # perhaps a mean over seeds of the paper's own method
            ({"family": "null", "fidelity": "not_attempted"}, FIXED),
            ({"protocol_match": '"differs: 10 folds"'}, LOO),
            ({}, KFOLD),
            ({"aggregation": "pooled"}, KFOLD),  # nobody said how often
            ({"aggregation": "fold_mean"}, KFOLD),
            ({"repeats": "1"}, KFOLD),
            (
                {
                    "repeats": "1",
                    "aggregation": "fold_mean",
                    "n": "52",
                    "value": "0.983",
                },
                KFOLD,
            ),  # one of six wrong
            (
                {"repeats": "1", "aggregation": "fold_mean"},
                "{kind: group_kfold, folds: 10}",
            ),  # sizes are not known
            ({"side": "train"}, LOO),
            ({"metric": "roc_auc"}, LOO),
            (
                {
                    "fidelity": "not_attempted",
                    "value": "98.9",
                    "unit": "-",
                    "repeats": "1",
                },
                LOO,
            ),  # percent, surely
        ],
    )
    def test_left_alone(
        self, tmp_path: Path, change: dict[str, str], resampling: str
    ) -> None:
        assert found(tmp_path, claim(**change), resampling=resampling) == {}

    def test_tuning_draws_something(self, tmp_path: Path) -> None:
        study = a_study(tmp_path, claim(), resampling=FIXED)
        assert study.protocol is not None
        tuned = study.model_copy(
            update={"protocol": study.protocol.model_copy(update={"tuning": {"folds": 3}})}
        )  # fmt: skip
        assert impossibilities(study)
        assert not impossibilities(tuned)


class TestTogether:
    """Forty cases of a hundred are positive: 30 found, 10 others called gives P .75, R .75, F1 .75, accuracy .80."""

    def some(self, n: str = "100", positives: str = "40", **values: str) -> list[str]:
        return [
            claim(metric, metric, value, n=n, positives=positives)
            for metric, value in values.items()
        ]

    def test_consistent(self, tmp_path: Path) -> None:
        values = {
            "accuracy": "0.80",
            "precision_binary": "0.75",
            "recall_binary": "0.75",
            "f1_binary": "0.75",
        }
        values["balanced_accuracy"] = "0.79"
        assert found(tmp_path, *self.some(**values)) == {}
        assert found(tmp_path, *self.some(**values, positives="-")) == {}
        assert found(tmp_path, *self.some(**values, positives="-", n="-")) == {}

    def test_the_fewest_are_named(self, tmp_path: Path) -> None:
        """With these classes precision and recall allow no accuracy of .90; the F1 is innocent."""
        values = {
            "accuracy": "0.90",
            "precision_binary": "0.75",
            "recall_binary": "0.75",
            "f1_binary": "0.75",
        }
        said = found(tmp_path, *self.some(**values))
        assert set(said) < set(values)
        assert "accuracy" in said
        (table,) = said["accuracy"]
        assert isinstance(table, NoSuchTable) and len(table.scores) == len(said)

    def test_f1_needs_no_counts(self, tmp_path: Path) -> None:
        values = {
            "precision_binary": "0.75",
            "recall_binary": "0.75",
            "f1_binary": "0.85",
        }
        said = found(tmp_path, *self.some(**values, n="-", positives="-"))
        assert set(said) == set(values)
        assert said["f1_binary"] == (NoSuchTable(tuple(values.items())),)

    def test_positives_without_the_number_of_cases(self, tmp_path: Path) -> None:
        """Of accuracy and two rates nothing follows then; the three rates exclude each other as before."""
        two = {"accuracy": "0.85", "precision_binary": "0.40", "f1_binary": "0.40"}
        some = [
            claim(m, m, v, n="-", positives="6", repeats="1", aggregation="pooled")
            for m, v in two.items()
        ]
        assert found(tmp_path, *some, resampling=KFOLD) == {}
        three = two | {"recall_binary": "0.90"}
        some = [
            claim(m, m, v, n="-", positives="6", repeats="1", aggregation="pooled")
            for m, v in three.items()
        ]
        assert set(found(tmp_path, *some, resampling=KFOLD)) == set(three) - {
            "accuracy"
        }

    def test_accuracy_and_error_are_one(self, tmp_path: Path) -> None:
        said = found(
            tmp_path,
            *self.some(n="-", positives="-", accuracy="0.90", error_rate="0.15"),
        )
        assert set(said) == {"accuracy", "error_rate"}

    def test_accuracy_may_speak_of_more_classes(self, tmp_path: Path) -> None:
        """Without the positives there may be three classes: nothing is said."""
        values = {
            "accuracy": "0.50",
            "precision_binary": "0.99",
            "recall_binary": "0.99",
        }
        assert found(tmp_path, *self.some(**values, positives="-")) == {}

    def test_a_mean_of_f1_over_seeds_has_no_table(self, tmp_path: Path) -> None:
        values = {
            "precision_binary": "0.75",
            "recall_binary": "0.75",
            "f1_binary": "0.85",
        }
        some = [claim(m, m, v, n="-", repeats="5") for m, v in values.items()]
        assert found(tmp_path, *some, resampling=FIXED) == {}
        some = [
            claim(m, m, v, n="-", repeats="5", aggregation="pooled")
            for m, v in values.items()
        ]
        assert len(found(tmp_path, *some, resampling=FIXED)) == 3

    def test_pooled_over_nobody_says_how_many_repeats(self, tmp_path: Path) -> None:
        """Forty of two hundred: precision .80 and recall .83 leave an accuracy of .92. Of means over folds not so."""
        values = {
            "precision_binary": "0.80",
            "recall_binary": "0.83",
            "accuracy": "0.80",
        }
        for aggregation, count in (("pooled", 3), ("fold_mean", 0), ("-", 0)):
            some = [
                claim(m, m, v, n="200", positives="40", aggregation=aggregation)
                for m, v in values.items()
            ]
            assert len(found(tmp_path, *some, resampling=KFOLD)) == count
        some = [
            claim(m, m, v, n="200", positives="40", aggregation="pooled")
            for m, v in (values | {"accuracy": "0.92"}).items()
        ]
        assert found(tmp_path, *some, resampling=KFOLD) == {}

    def test_other_families_are_other_tables(self, tmp_path: Path) -> None:
        some = [
            claim("a", "accuracy", "0.90"),
            claim("b", "error_rate", "0.20", family="qda"),
        ]
        assert found(tmp_path, *some) == {}

    def test_one_alone_with_its_classes(self, tmp_path: Path) -> None:
        assert found(
            tmp_path, claim(metric="recall_binary", value="0.77", positives="10")
        )
        assert not found(
            tmp_path, claim(metric="recall_binary", value="0.70", positives="10")
        )


def test_judge_and_check_say_the_same(tmp_path: Path) -> None:
    text = (
        claim("bad")
        + claim("good", value="0.98")
        + claim("none", fidelity="not_attempted", repeats="1")
    )
    study = a_study(tmp_path, text, resampling=LOO)
    rows = judge(
        study, scores_of_arrays({"lda": 0.98}, pooled=True), folds_of(1, 50, 49, 1)
    )
    assert rows["good"]["agreement"] == "exact"
    for name in ("bad", "none"):
        assert rows[name]["agreement"] is None
        why = impossibilities(study)[name]
        assert (rows[name]["reasons"], rows[name]["status"]) == (why, "impossible")
        assert remarks(study)[name] == [("value", one) for one in why]


@pytest.mark.parametrize(
    ("kind", "value", "tolerance", "said"),
    [
        ("better", "1.5", "1.0", True),
        ("better", "2.0", "1.0", False),
        ("difference", "-1.5", "1.0", True),
        ("difference", "-1.5", "-", True),  # the study's, one point
        ("difference", "-3", "-", False),
        ("difference", "0", "1.0", False),
    ],
)
def test_a_tolerance_that_hides_the_difference(
    tmp_path: Path, kind: str, value: str, tolerance: str, said: bool
) -> None:
    text = claim(
        kind=kind,
        value=value,
        unit="percent",
        against="qda",
        tolerance=tolerance,
        n="-",
    )
    study = a_study(
        tmp_path, text, more='\ntolerance: {accuracy: 0.01, why: "by hand"}\n'
    )
    found = remarks(study)
    assert (found == {}) is not said
    if said:
        assert found["c"] == [("tolerance", HidesDifference(1.0, value, 0.75))]


def test_a_tolerance_that_can_never_be_met(tmp_path: Path) -> None:
    study = a_study(
        tmp_path, claim(value="98.9", unit="percent", tolerance="0.02", n="-")
    )
    assert remarks(study)["c"] == [("tolerance", NeverMet(0.02, "98.9", 2.0))]
    assert (
        remarks(
            a_study(
                tmp_path, claim(value="98.9", unit="percent", tolerance="0.05", n="-")
            )
        )
        == {}
    )


QDA = {"family": "qda", "against": "lda"}
PLAIN = {"kind": "better", "against": "qda", "value": "-", "unit": "-", "n": "-"}
BEST = {"kind": "best", "value": "-", "unit": "-", "n": "-"}
DIFFERENCE = {
    "kind": "difference",
    "against": "qda",
    "unit": "percent",
    "n": "-",
    "where": '"Table 2"',
}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (PLAIN, PLAIN | QDA, Contradicts("a", sign=False)),
        (PLAIN, PLAIN | {"value": '"2.0"', "unit": "percent"}, None),
        (PLAIN, PLAIN | QDA | {"metric": "f1_macro"}, None),
        (
            DIFFERENCE | {"value": '"10"'},
            DIFFERENCE | QDA | {"value": '"10"'},
            Contradicts("a", sign=True),
        ),
        (DIFFERENCE | {"value": '"10"'}, DIFFERENCE | QDA | {"value": '"-10"'}, None),
        (DIFFERENCE | {"value": '"10"'}, PLAIN | QDA, Contradicts("a", sign=False)),
        (
            DIFFERENCE | {"value": '"10"', "metric": "error_rate"},
            PLAIN | QDA | {"metric": "error_rate"},
            None,
        ),
        (BEST, BEST | {"family": "qda"}, BothBest("qda", "lda", "a")),
        (BEST | {"among": "[lda, random_forest]"}, BEST | {"family": "qda"}, None),
    ],
)
def test_claims_that_cannot_both_be_true(
    first: dict[str, str],
    second: dict[str, str],
    said: Statement | None,
    tmp_path: Path,
) -> None:
    def text(name: str, fields: dict[str, str]) -> str:
        return claim(
            name,
            **{
                key: one.strip('"') if key == "value" else one
                for key, one in fields.items()
            },
        ).replace('value: "-", ', "")

    study = a_study(
        tmp_path, text("a", first) + text("b", second), also="[error_rate, f1_macro]"
    )
    found = [
        statement for field, statement in remarks(study).get("b", []) if field == "kind"
    ]
    assert found == ([] if said is None else [said])


def test_scores_that_vary_are_judged(tmp_path: Path) -> None:
    """A fold mean whose folds are not declared is a number like any other."""
    study = a_study(
        tmp_path, claim(), more='\ntolerance: {accuracy: 0.01, why: "by hand"}\n'
    )
    assert (
        judge(study, scores_of_arrays({"lda": around(0.985, 0.002)}), folds_of())["c"][
            "agreement"
        ]
        == "reproduced"
    )


class TestWhatFollows:
    """Scores of .90 and .85 that are claimed beside their difference, their ratio and their mean."""

    def said(
        self,
        tmp_path: Path,
        text: str,
        scores: tuple[str, str] = ("0.90", "0.85"),
        **study: str,
    ) -> list[Any]:
        claims = (
            claim("a", value=scores[0], n="-")
            + claim("b", value=scores[1], n="-", family="qda")
            + text
        )
        made = a_study(
            tmp_path,
            claims,
            **({"more": '\ntolerance: {accuracy: 0.001, why: "by hand"}\n'} | study),
        )
        return [
            statement
            for field, statement in remarks(made).get("c", [])
            if field == "value"
        ]

    @pytest.mark.parametrize(
        ("kind", "value", "follows"),
        [
            ("difference", "0.05", True),
            ("difference", "0.06", True),  # .904 less .846, and both rounded
            ("difference", "0.08", False),
            ("difference", "-0.05", False),
            ("better", "0.05", True),
            ("better", "0.08", False),
            ("ratio", "1.06", True),
            ("ratio", "1.10", False),
        ],
    )
    def test_of_two_scores(
        self, tmp_path: Path, kind: str, value: str, follows: bool
    ) -> None:
        text = claim(
            kind=kind,
            value=value,
            against="qda",
            tolerance="0.01",
            n="-",
            unit="-" if kind == "ratio" else "fraction",
        )
        said = self.said(tmp_path, text)
        assert said == (
            [] if follows else [DoesNotFollow(value, (("0.90", "a"), ("0.85", "b")))]
        )

    def test_a_gain_in_errors_is_a_lower_one(self, tmp_path: Path) -> None:
        errors = {
            "primary": "error_rate",
            "more": '\ntolerance: {error_rate: 0.001, why: "by hand"}\n',
        }
        some = claim("a", "error_rate", "0.10", n="-") + claim(
            "b", "error_rate", "0.15", n="-", family="qda"
        )
        for value, kind, follows in (
            ("0.05", "better", True),
            ("-0.05", "difference", True),
            ("0.05", "difference", False),
        ):
            text = claim("c", "error_rate", value, kind=kind, against="qda", n="-")
            made = a_study(tmp_path, some + text, **errors)
            assert (remarks(made) == {}) is follows, (kind, value)

    def test_of_all_datasets(self, tmp_path: Path) -> None:
        two = "  two: {source: {kind: sklearn, name: iris}, target: target}"
        some = claim("a", value="0.90", n="-") + claim(
            "b", value="0.80", n="-", dataset="two"
        )
        for value, follows in (("0.85", True), ("0.86", True), ("0.88", False)):
            mean = claim(kind="mean", value=value, dataset="null", n="-")
            made = a_study(tmp_path, some + mean, datasets=two)
            assert (remarks(made) == {}) is follows, value

    def test_only_where_all_are_claimed_once(self, tmp_path: Path) -> None:
        text = claim(
            kind="difference",
            value="0.30",
            against="random_forest",
            tolerance="0.01",
            n="-",
        )
        assert self.said(tmp_path, text) == []
        twice = claim("d", value="0.91", n="-", where='"Table 2"')
        text = claim(
            kind="difference", value="0.30", against="qda", tolerance="0.01", n="-"
        )
        assert self.said(tmp_path, text)
        assert self.said(tmp_path, twice + text) == []
