"""Every kind of claim: its file is whole, and a claim that cannot be judged is refused before any fit."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "judge"))

from judge_cases import a_study, around, folds_of, judge, scores_of_arrays

from bench.claims import KINDS, ClaimKind, check_claim
from bench.study import Claim

WORDS = {"exact", "reproduced", "direction_reproduced", "inconclusive", "not_reproduced", "not_testable"}
GOOD = {
    "value": {"family": "lda", "value": '"90.0"', "unit": "percent"},
    "better": {"family": "lda", "against": "qda"},
    "best": {"family": "lda"},
    "equivalent": {"family": "lda", "against": "qda"},
    "statistic": {"statistic": "friedman_chi2", "value": '"9.28"'},
    "share": {"family": "lda", "below": "0.95", "value": '"50"', "unit": "percent", "tolerance": "10.0"},
}
ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def text(**fields: str) -> str:
    whole = {"id": "c", "where": '"Table 1"', "verified": "true", "dataset": "toy"} | fields
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in whole.items()) + "}\n"


@ALL
def test_the_file_is_whole(kind: ClaimKind) -> None:
    assert kind.title
    assert set(kind.needs) <= set(Claim.model_fields)


@ALL
def test_a_good_claim_has_no_problems_and_a_verdict(kind: ClaimKind, tmp_path: Path) -> None:
    study = a_study(tmp_path, text(kind=kind.name, **GOOD[kind.name]))
    assert isinstance(study.claims, tuple)
    assert check_claim(study.claims[0], study) == []
    scores = scores_of_arrays({"lda": around(0.9, 0.002), "qda": around(0.8, 0.002)})
    row = judge(study, scores, folds_of())["c"]
    assert row["verdict"] in WORDS
    assert row["reason"]


@ALL
def test_without_any_scores_it_is_not_testable(kind: ClaimKind, tmp_path: Path) -> None:
    study = a_study(tmp_path, text(kind=kind.name, **GOOD[kind.name]))
    row = judge(study, scores_of_arrays({"baseline": around(0.5, 0.01)}, metric="f1_macro"), folds_of())["c"]
    assert row["verdict"] == "not_testable"
    assert row["reason"].startswith("missing")


@ALL
def test_each_field_it_needs_is_asked_for(kind: ClaimKind, tmp_path: Path) -> None:
    for field in set(kind.needs) - {"metric", "dataset"}:
        fields = {name: value for name, value in GOOD[kind.name].items() if name != field}
        study = a_study(tmp_path, text(kind=kind.name, **fields))
        assert isinstance(study.claims, tuple)
        said = check_claim(study.claims[0], study)
        assert any(sentence.startswith(f"{field}:") for sentence in said), (field, said)


VALUE = {"kind": "value", "family": "lda", "metric": "accuracy", "value": '"0.9"', "unit": "fraction"}
TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "vale"}, "kind: unknown vale; did you mean value?"),
        ({"family": "ldaa"}, "family: unknown ldaa; did you mean lda?"),
        ({"dataset": "tooy"}, "dataset: unknown tooy; did you mean toy?"),
        ({"metric": "acuracy"}, "metric: unknown acuracy; did you mean accuracy?"),
        ({"metric": "kappa"}, "metric: kappa is not computed in this study"),
        (
            {"unit": "null", "value": '"98.9"'},
            "unit: missing; 98.9 is above accuracy's largest value, 1: write `unit: percent`",
        ),
        ({"unit": "null"}, "unit: missing; write `unit: percent` or `unit: fraction`"),
        ({"value": '"98.9"'}, "value: 98.9 lies outside accuracy's range, 0 to 1; did you mean `unit: percent`?"),
        ({"value": '"198.9"', "unit": "percent"}, "value: 198.9 lies outside accuracy's range, 0 to 100"),
        ({"spread": '"0.02"'}, "spread_kind: missing"),
        ({"spread_kind": "sd"}, "spread: missing"),
        ({"spread": '"±2"', "spread_kind": "sd"}, "spread: ±2 is not a number"),
        ({"tolerance": "1.0"}, "tolerance: 1 is as wide as accuracy's whole range"),
        ({"family": "null"}, "family: null; write `fidelity: not_attempted`"),
        ({"statistic": "friedman_f"}, "statistic: has no meaning in a claim of kind value"),
        ({"kind": "better", "against": "lda", "value": "null"}, "against: is the family itself"),
        ({"kind": "better", "against": "qda", "value": '"-3"'}, "value: -3 lies outside accuracy's range, -1 to 1"),
        ({"kind": "statistic", "statistic": "friedman"}, "statistic: unknown friedman; did you mean friedman_f"),
        ({"kind": "statistic", "statistic": "mean_rank", "family": "null"}, "family: missing; whose mean_rank is"),
        ({"kind": "statistic", "statistic": "holm_p", "against": "null"}, "against: missing; whose holm_p is claimed?"),
        ({"level": "0.9"}, "level: has no meaning for a claim of kind value"),
        ({"kind": "statistic", "statistic": "wins", "against": "qda", "level": "0.9"}, "level: has no meaning for"),
    ],
)
def test_mistakes_are_sentences(tmp_path: Path, change: dict[str, str], sentence: str) -> None:
    study = a_study(tmp_path, text(**(VALUE | change)))
    assert isinstance(study.claims, tuple)
    said = check_claim(study.claims[0], study)
    assert any(one.startswith(sentence) for one in said), said


def test_one_dataset_need_not_be_repeated(tmp_path: Path) -> None:
    for datasets, count in (("", 0), (TWO, 1)):
        study = a_study(tmp_path, text(**(VALUE | {"dataset": "null"})), datasets=datasets)
        assert isinstance(study.claims, tuple)
        assert len(check_claim(study.claims[0], study)) == count


def test_unbounded_metrics_need_a_tolerance(tmp_path: Path) -> None:
    claim = {"kind": "value", "family": "ridge", "metric": "rmse", "value": '"54.1"'}
    regression = {"task": "regression", "families": "{ridge: {}}", "primary": "rmse"}
    study = a_study(tmp_path, text(**claim), **regression)
    assert isinstance(study.claims, tuple)
    assert [one.split(":")[0] for one in check_claim(study.claims[0], study)] == ["tolerance"]
    study = a_study(tmp_path, text(**claim, unit="percent"), **regression)
    assert isinstance(study.claims, tuple)
    assert any("no bounds" in one and one.startswith("unit") for one in check_claim(study.claims[0], study))
    study = a_study(tmp_path, text(**claim), **regression, more='tolerance: {rmse: 1.0, why: "by hand"}')
    assert isinstance(study.claims, tuple)
    assert check_claim(study.claims[0], study) == []


def test_what_was_not_attempted_needs_no_family(tmp_path: Path) -> None:
    study = a_study(tmp_path, text(**(VALUE | {"family": "null", "fidelity": "not_attempted"})))
    assert isinstance(study.claims, tuple)
    assert check_claim(study.claims[0], study) == []
