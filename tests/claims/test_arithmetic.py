"""Numbers that cannot be are told before any fit, and never judged: one hand-made case a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.claims import remarks
from bench.claims.arithmetic import impossibilities
from bench.core.outcomes import Statement
from bench.text.claim_problems import (
    BothBest,
    Contradicts,
    NeverMet,
)
from bench.text.unjudged import NoSuchCount, NoSuchTable
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
            ({"repeats": "1"}, FIXED),
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
        assert isinstance(said["c"][0], NoSuchCount)

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
            ({"repeats": "1"}, KFOLD),
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

    def some(self, n: str = "100", **values: str) -> list[str]:
        return [claim(metric, metric, value, n=n) for metric, value in values.items()]

    def test_consistent(self, tmp_path: Path) -> None:
        values = {
            "accuracy": "0.80",
            "precision_binary": "0.75",
            "recall_binary": "0.75",
            "f1_binary": "0.75",
        }
        values["balanced_accuracy"] = "0.79"
        assert found(tmp_path, *self.some(**values)) == {}
        assert found(tmp_path, *self.some(**values, n="-")) == {}

    def test_f1_needs_no_counts(self, tmp_path: Path) -> None:
        values = {
            "precision_binary": "0.75",
            "recall_binary": "0.75",
            "f1_binary": "0.85",
        }
        said = found(tmp_path, *self.some(**values, n="-"))
        assert set(said) == set(values)
        assert said["f1_binary"] == (NoSuchTable(tuple(values.items())),)

    def test_accuracy_and_error_are_one(self, tmp_path: Path) -> None:
        said = found(
            tmp_path,
            *self.some(n="-", accuracy="0.90", error_rate="0.15"),
        )
        assert set(said) == {"accuracy", "error_rate"}

    def test_accuracy_may_speak_of_more_classes(self, tmp_path: Path) -> None:
        """There may be three classes: nothing is said."""
        values = {
            "accuracy": "0.50",
            "precision_binary": "0.99",
            "recall_binary": "0.99",
        }
        assert found(tmp_path, *self.some(**values)) == {}

    def test_a_mean_of_f1_over_seeds_has_no_table(self, tmp_path: Path) -> None:
        values = {
            "precision_binary": "0.75",
            "recall_binary": "0.75",
            "f1_binary": "0.85",
        }
        some = [claim(m, m, v, n="-", repeats="5") for m, v in values.items()]
        assert found(tmp_path, *some, resampling=FIXED) == {}

    def test_other_families_are_other_tables(self, tmp_path: Path) -> None:
        some = [
            claim("a", "accuracy", "0.90"),
            claim("b", "error_rate", "0.20", family="qda"),
        ]
        assert found(tmp_path, *some) == {}


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


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (PLAIN, PLAIN | QDA, Contradicts("a")),
        (PLAIN, PLAIN | QDA | {"metric": "f1_macro"}, None),
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
