"""Numbers that cannot be are told before any fit, and never judged: one hand-made case a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.claims import remarks
from bench.claims.arithmetic import impossibility
from bench.study import Study
from bench.text.claim_problems import NeverMet
from bench.text.unjudged import NoSuchCount
from tests.helpers.judge_cases import (
    FIXED,
    KFOLD,
    LOO,
    a_study,
    folds_of,
    judge,
    scores_of_arrays,
)

ALSO = "[error_rate, roc_auc]"


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


def why_not(study: Study) -> NoSuchCount | None:
    (stated,) = study.judged
    return impossibility(stated, study)


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
            ({"doubt": "method", "repeats": "1"}, FIXED),
            ({"family": "null", "not_attempted": "no", "repeats": "1"}, FIXED),
        ],
    )
    def test_told(
        self, tmp_path: Path, change: dict[str, str], resampling: str
    ) -> None:
        study = a_study(tmp_path, claim(**change), resampling=resampling, also=ALSO)
        assert isinstance(why_not(study), NoSuchCount)

    @pytest.mark.parametrize(
        ("change", "resampling"),
        [
            ({"n": "-"}, LOO),
            ({"value": "0.98"}, LOO),
            ({"repeats": "several"}, LOO),
            ({"repeats": "4"}, LOO),  # 197 of 200
            ({"family": "random_forest"}, FIXED),  # perhaps a mean over seeds
            (
                {"doubt": "other_method"},
                FIXED,
            ),  # perhaps a mean over seeds of the paper's own method
            ({"family": "null", "not_attempted": "no"}, FIXED),
            ({"doubt": "split"}, LOO),
            ({}, KFOLD),
            ({"repeats": "1"}, KFOLD),
            ({"side": "train"}, LOO),
            ({"metric": "roc_auc"}, LOO),
            (
                {
                    "not_attempted": "no",
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
        study = a_study(tmp_path, claim(**change), resampling=resampling, also=ALSO)
        assert why_not(study) is None


def test_judge_and_check_say_the_same(tmp_path: Path) -> None:
    text = (
        claim("bad")
        + claim("good", value="0.98")
        + claim("none", not_attempted="no", repeats="1")
    )
    study = a_study(tmp_path, text, resampling=LOO)
    rows = judge(
        study, scores_of_arrays({"lda": 0.98}, pooled=True), folds_of(1, 50, 49, 1)
    )
    assert rows["good"]["agreement"] == "exact"
    why = NoSuchCount("0.985", 50)
    for name in ("bad", "none"):
        assert rows[name]["agreement"] is None
        assert (rows[name]["reasons"], rows[name]["status"]) == ((why,), "impossible")
        assert remarks(study)[name] == [("value", why)]


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
