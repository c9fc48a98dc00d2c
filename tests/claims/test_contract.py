"""Every kind of claim: its file is whole, and a claim that cannot be judged is refused before any fit."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from bench.claims import KINDS, ClaimKind, check_claim
from bench.claims.claim import OWN
from bench.core.judgements import CannotRefute
from bench.study import Claim, Study
from tests.helpers.judge_cases import a_study, around, folds_of, has, judge, scores_of_arrays

WORDS = {"exact", "reproduced", "direction_reproduced", "inconclusive", "not_reproduced", "not_testable"}
ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"
METHOD = Path(__file__).parents[2] / "docs" / "method.md"


def text(**fields: str) -> str:
    whole = {"id": "c", "where": '"Table 1"', "verified": "true", "dataset": "toy"} | fields
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in whole.items()) + "}\n"


def example(kind: ClaimKind) -> dict[str, str]:
    """The example as fields of YAML text, of the dataset of these tests; without one it speaks of several."""
    fields = YAML(typ="safe", pure=True).load(kind.example)
    quoted = {key: f'"{value}"' if isinstance(value, str) else str(value) for key, value in fields.items()}
    return quoted | {"dataset": "toy" if "dataset" in fields else "null"}


def study_of(kind: ClaimKind, folder: Path, **changes: str) -> Study:
    """A study with the kind's example, on one dataset, or on two where it names none."""
    fields = example(kind) | changes
    return a_study(folder, text(**fields), datasets=TWO if fields["dataset"] == "null" else "")


def the_claim(study: Study) -> Claim:
    assert isinstance(study.claims, tuple)
    return study.claims[0]


def both(**values: object) -> pl.DataFrame:
    """The same scores on the datasets toy and two."""
    return pl.concat([scores_of_arrays(values, dataset=name) for name in ("toy", "two")])


@ALL
def test_the_file_is_whole(kind: ClaimKind) -> None:
    assert kind.title
    assert set(kind.needs) | set(kind.takes) <= set(Claim.model_fields)
    assert kind.example.startswith(f"{{kind: {kind.name}, ")
    assert kind.example in METHOD.read_text(encoding="utf-8"), "docs/method.md lacks the example"
    assert kind.judge.__doc__
    assert sys.modules[kind.judge.__module__].__doc__


@ALL
def test_the_example_has_no_problems_and_a_verdict(kind: ClaimKind, tmp_path: Path) -> None:
    study = study_of(kind, tmp_path)
    assert check_claim(the_claim(study), study) == []
    scores = both(lda=around(0.9, 0.002), qda=around(0.8, 0.002))
    folds = pl.concat([folds_of(), folds_of(dataset="two")])
    row = judge(study, scores, folds)["c"]
    assert row["verdict"] in WORDS
    assert row["reasons"]


@ALL
def test_without_any_scores_it_is_not_testable(kind: ClaimKind, tmp_path: Path) -> None:
    study = study_of(kind, tmp_path)
    row = judge(study, scores_of_arrays({"baseline": around(0.5, 0.01)}, metric="f1_macro"), folds_of())["c"]
    assert row["verdict"] == "not_testable"
    assert row["cause"] == "missing"


@ALL
def test_each_field_it_needs_is_asked_for(kind: ClaimKind, tmp_path: Path) -> None:
    for field in set(kind.needs) - {"metric", "dataset"}:
        study = study_of(kind, tmp_path, **{field: "null"})
        said = check_claim(the_claim(study), study)
        assert any(sentence.startswith(f"{field}:") for sentence in said), (field, said)


@ALL
def test_each_field_that_is_not_its_own_is_refused(kind: ClaimKind, tmp_path: Path) -> None:
    values = {
        "dataset": "toy", "family": "lda", "against": "qda", "statistic": "friedman_chi2", "order": '"lda > qda"',
        "threshold": "0.3", "among": '"lda, qda"', "value": '"0.9"', "spread": '"0.1"', "n": "100", "positives": "10",
        "folds": "5", "level": "0.9", "datasets": '"toy, two"',
    }  # fmt: skip
    assert set(values) == set(OWN)
    for field in set(values) - set(kind.needs) - set(kind.takes):
        study = study_of(kind, tmp_path, **{field: values[field]})
        said = check_claim(the_claim(study), study)
        assert any(one.startswith(f"{field}: has no meaning in a claim of kind {kind.name}") for one in said), said


@ALL
def test_what_cannot_refute_does_not(kind: ClaimKind, tmp_path: Path) -> None:
    """Whatever the kind: scores that speak against the claim, by another method or from a number nobody checked."""
    against = {"value": '"30"', "order": '"qda > lda"', "family": "qda", "against": "lda"}
    changed = {field: value for field, value in against.items() if field in example(kind)}
    scores = both(lda=around(0.9, 0.002), qda=around(0.8, 0.002)[::-1])
    folds = pl.concat([folds_of(), folds_of(dataset="two")])
    changed |= {"among": '"lda, qda"'} if "among" in kind.takes else {}
    study = study_of(kind, tmp_path, **changed)
    refuted = judge(study, scores, folds)["c"]
    if kind.name == "statistic":
        assert refuted["verdict"] != "not_reproduced"  # of scores fitted here it has no error theory
        return
    assert refuted["verdict"] == "not_reproduced", refuted
    assert refuted["p"] < 0.05  # what Holm needs, whatever the kind
    for doubt in ({"fidelity": "approximated"}, {"fidelity": "substituted"}, {"verified": "false"}):
        row = judge(study_of(kind, tmp_path, **changed, **doubt), scores, folds)["c"]
        assert row["verdict"] == "inconclusive"
        assert has(row, CannotRefute)


VALUE = {"kind": "value", "family": "lda", "metric": "accuracy", "value": '"0.9"', "unit": "fraction"}
P = {"kind": "statistic", "statistic": "signed_rank_p", "against": "qda", "value": '"3.1"', "unit": "null"}
ORDER = {"kind": "order", "family": "null", "value": "null", "unit": "null"}


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
        ({"tolerance": "1.0"}, "tolerance: 1 is half of accuracy's range or more"),
        ({"family": "null"}, "family: null; write `fidelity: not_attempted`"),
        ({"against": "qda"}, "against: has no meaning in a claim of kind value; it has dataset, family, value, spread"),
        ({"spread_over": "seeds"}, "spread: missing; spread_over says what it would be"),
        ({"spread": '"2"', "spread_kind": "sd", "spread_over": "seeds"}, "spread_n: missing; over how many seeds"),
        ({"n": "100", "positives": "101"}, "positives: 101 of 100 cases"),
        ({"n": "9", "folds": "10"}, "folds: 10 folds of 9 cases; some would be empty"),
        ({"kind": "best", "value": "null", "among": '"lda, qdaa"'}, "among: unknown qdaa; did you mean qda?"),
        ({"kind": "mean", "dataset": "null"}, "kind: a mean over data sets needs two of them"),
        ({"kind": "mean"}, "dataset: has no meaning in a claim of kind mean"),
        ({"kind": "ratio", "against": "qda"}, "tolerance: missing; a ratio has a scale of its own"),
        ({"kind": "ratio", "against": "qda", "tolerance": "0.9"}, "tolerance: 0.9 is as large as the ratio itself"),
        ({"kind": "rank", "unit": "null", "value": '"5"'}, "value: 5 is no rank; expected 1 to 4"),
        ({"kind": "rank", "unit": "null", "value": '"1.5"'}, "value: 1.5; a rank on one data set is whole"),
        ({"kind": "rank", "value": '"1"'}, "unit: a rank has none"),
        ({"kind": "rank", "unit": "null", "value": '"1"', "among": '"qda"'}, "among: lda is not among them"),
        ({**ORDER, "order": '"lda"'}, "order: lda; expected families with > or = between them"),
        ({**ORDER, "order": '"lda > > qda"'}, "order: lda > > qda; expected families"),
        ({**ORDER, "order": '"lda > qda > lda"'}, "order: lda stands there twice"),
        ({**ORDER, "order": '"lda > qdaa"'}, "order: unknown qdaa; did you mean qda?"),
        ({"kind": "better", "against": "lda", "value": "null"}, "against: is the family itself"),
        ({"kind": "better", "against": "qda", "value": '"-3"'}, "value: -3 lies outside accuracy's range, -1 to 1"),
        ({"kind": "statistic", "statistic": "friedman"}, "statistic: unknown friedman; did you mean friedman_f"),
        ({"kind": "statistic", "statistic": "mean_rank", "family": "null"}, "family: missing; whose mean_rank is"),
        ({"kind": "statistic", "statistic": "holm_p", "against": "null"}, "against: missing; whose holm_p is claimed?"),
        ({"level": "0.9"}, "level: has no meaning in a claim of kind value"),
        ({"kind": "statistic", "statistic": "wins", "against": "qda", "level": "0.9"}, "level: has no meaning for"),
        ({**P, "unit": "percent"}, 'unit: a statistic has none; write the p as a fraction, "0.031"'),
        ({**P, "statistic": "wins"}, "value: wins 3.1 cannot be of 1 data set: at most 1"),
        ({**P, "value": '"1.7"'}, "value: 1.7 is no p-value; expected a fraction, 0 to 1"),
        ({**P, "value": '"-0.1"'}, "value: -0.1 is no p-value"),
        ({**P, "statistic": "friedman_f", "value": '"-1"'}, "value: -1 is below the least that friedman_f can be, 0"),
        ({"tolerance": "50.0"}, "tolerance: 50 is half of accuracy's range or more; all would be close"),
    ],
)
def test_mistakes_are_sentences(tmp_path: Path, change: dict[str, str], sentence: str) -> None:
    study = a_study(tmp_path, text(**(VALUE | change)))
    assert isinstance(study.claims, tuple)
    said = check_claim(study.claims[0], study)
    assert any(one.startswith(sentence) for one in said), said


def test_percent_of_r2_is_what_papers_print(tmp_path: Path) -> None:
    for unit, value in (("percent", "48"), ("fraction", "0.48")):
        fields = VALUE | {"metric": "r2", "value": f'"{value}"', "unit": unit, "tolerance": "0.02", "family": "ols"}
        study = a_study(tmp_path, text(**fields), task="regression", primary="r2", families="{ols: {}}")
        assert check_claim(the_claim(study), study) == []


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
