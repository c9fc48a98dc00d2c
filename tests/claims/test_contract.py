"""Every kind of claim: its file is whole, and a claim that cannot be judged is refused before any fit."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from ruamel.yaml import YAML

from bench.claims import KINDS, ClaimKind, check_claim
from bench.claims.shapes import Phrases
from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import encoded
from bench.report.points import difference_interval, in_points, number_unit
from bench.study import Claim, Study
from bench.study.claims import OF_SOME_KINDS
from bench.text.judgements import LesserEvidence, UnstableFamilies
from tests.helpers.judge_cases import (
    OPEN,
    a_study,
    around,
    faults,
    folds_of,
    has,
    judge,
    scores_of_arrays,
    tables_of,
)

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
OF_TWO = [
    pytest.param(kind, id=kind.name)
    for kind in KINDS.values()
    if (kind.shape.number, kind.shape.subject) == ("difference", "pair")
]
TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"
METHOD = Path(__file__).parents[2] / "docs" / "method.md"


def text(**fields: str) -> str:
    whole = {
        "id": "c",
        "where": '"Table 1"',
        "read": "source",
        "dataset": "toy",
    } | fields
    return (
        "  - {" + ", ".join(f"{key}: {value}" for key, value in whole.items()) + "}\n"
    )


def example(kind: ClaimKind) -> dict[str, str]:
    """The example as fields of YAML text, of the dataset of these tests; without one it speaks of several."""
    fields = YAML(typ="safe", pure=True).load(kind.example)
    quoted = {key: json.dumps(value) for key, value in fields.items()}
    return quoted | {"dataset": "toy" if "dataset" in fields else "null"}


def study_of(kind: ClaimKind, folder: Path, **changes: str) -> Study:
    """A study with the kind's example, on one dataset, or on two where it names none."""
    fields = example(kind) | changes
    datasets = TWO if fields["dataset"] == "null" else ""
    families = "{lda: {}, qda: {}}"
    return a_study(folder, text(**fields), datasets=datasets, families=families)


def the_claim(study: Study) -> Claim:
    assert isinstance(study.claims, tuple)
    return study.claims[0]


def both(**values: object) -> pl.DataFrame:
    """The same scores on the datasets toy and two."""
    return pl.concat(
        [scores_of_arrays(values, dataset=name) for name in ("toy", "two")]
    )


@ALL
def test_the_file_is_whole(kind: ClaimKind) -> None:
    assert kind.title
    assert issubclass(kind.model, Claim)
    assert kind.model.__doc__
    assert kind.own
    assert {"kind", *kind.own} <= set(kind.model.model_fields)
    assert kind.example.startswith(f"{{kind: {kind.name}, ")
    assert kind.example in METHOD.read_text(encoding="utf-8"), (
        "docs/method.md lacks the example"
    )
    assert kind.judge.__doc__
    assert sys.modules[kind.judge.__module__].__doc__


@ALL
def test_the_example_has_no_problems_and_a_judgement(
    kind: ClaimKind, tmp_path: Path
) -> None:
    study = study_of(kind, tmp_path)
    assert check_claim(the_claim(study), study) == []
    scores = both(lda=around(0.9, 0.002), qda=around(0.8, 0.002))
    folds = pl.concat([folds_of(), folds_of(dataset="two")])
    row = judge(study, scores, folds)["c"]
    assert row["agreement"] in {*Agreement, None}
    assert row["reasons"]


@ALL
def test_without_any_scores_it_is_not_judged(kind: ClaimKind, tmp_path: Path) -> None:
    study = study_of(kind, tmp_path)
    row = judge(
        study,
        scores_of_arrays({"baseline": around(0.5, 0.01)}, metric="f1_macro"),
        folds_of(),
    )["c"]
    assert (row["status"], row["agreement"]) == ("missing", None)


@ALL
def test_each_field_it_needs_is_asked_for(kind: ClaimKind, tmp_path: Path) -> None:
    needed = {
        name for name, info in kind.model.model_fields.items() if info.is_required()
    } - {
        "id",
        "where",
        "read",
    }
    subject = {"family", "against"} & set(example(kind)) - (
        {"against"} if kind.name == "statistic" else set()
    )
    for field in (needed | subject) - {"kind"}:
        changed = example(kind) | {field: "null"}
        found = faults(
            tmp_path,
            text(**changed),
            datasets=TWO if changed["dataset"] == "null" else "",
        )
        assert field in {keys for keys, _ in found}, (field, found)


@ALL
def test_each_field_that_is_not_its_own_is_refused(
    kind: ClaimKind, tmp_path: Path
) -> None:
    values = {
        "dataset": "toy", "family": "lda", "against": "qda", "statistic": "friedman_chi2", "order": "[lda, qda]",
        "among": "[lda, qda]", "value": '"0.9"', "spread": '{value: "0.1", kind: sd}', "n": "100",
        "constant": "true", "bound": "lower", "level": "0.9", "datasets": "[toy, two]",
    }  # fmt: skip
    assert set(values) == set(OF_SOME_KINDS)
    for field in set(values) - set(kind.own):
        found = faults(tmp_path, text(**(example(kind) | {field: values[field]})))
        codes = {code for keys, code in found if keys == field}
        assert codes & {"problem.not_of_kind", "problem.gone"}, found


@ALL
def test_what_cannot_refute_does_not(kind: ClaimKind, tmp_path: Path) -> None:
    """Whatever the kind: scores that speak against the claim, by another method or from a number nobody checked."""
    against = {
        "value": '"30"',
        "order": "[qda, lda]",
        "family": "qda",
        "against": "lda",
    }
    changed = {
        field: value for field, value in against.items() if field in example(kind)
    }
    scores = both(lda=around(0.9, 0.002), qda=around(0.8, 0.002)[::-1])
    folds = pl.concat(
        [folds_of(train=900, test=100, dataset=name) for name in ("toy", "two")]
    )
    study = study_of(kind, tmp_path, **changed)
    tables = tables_of("toy", "two")
    refuted = judge(study, scores, folds, tables)["c"]
    if kind.shape.number in ("statistic", "table", "rank"):
        # Of scores fitted here they have no error theory; on two datasets ten equal ranks show no spread.
        assert refuted["agreement"] != "differs"
        return
    assert refuted["agreement"] == "differs", refuted
    assert refuted["p"] < 0.05  # what Holm needs, whatever the kind
    for doubt in (
        {"doubt": "method"},
        {"doubt": "other_method"},
        {"read": "memory"},
    ):
        row = judge(
            study_of(kind, tmp_path, **changed, **doubt), scores, folds, tables
        )["c"]
        assert row["agreement"] == "differs"
        assert has(row, LesserEvidence)


#: Scores of two models: noise of ten folds, from which a gain is made.
NOISE = np.random.default_rng(3).normal(size=(1, 10))


def compared(
    kind: ClaimKind,
    folder: Path,
    gain: float,
    repeats: int = 1,
    sd: float = 0.03,
    **study: str,
) -> dict[str, Any]:
    """The verdicts on a claim of two models, one of which is better by so much."""
    fields = example(kind) | {"tolerance": "0.02", "id": "c"}
    if "falsified_if" not in study.get("more", ""):
        made = a_study(folder, text(**fields), **study)
    else:
        kept = {name: fields[name] for name in fields if name not in ("where", "read")}
        line = ", ".join(f"{name}: {value}" for name, value in kept.items())
        made = a_study(folder, more=study["more"] + f"  - {{{line}}}\n")
    noise = np.concatenate([np.roll(NOISE, i, axis=1) for i in range(repeats)])
    base = around(0.8, 0.01, repeats)
    other = base + sd * (noise - noise.mean()) / noise.std(ddof=1) + gain
    scores = scores_of_arrays({"lda": other, "qda": base, "knn": base})
    return judge(made, scores, folds_of(repeats))


@pytest.mark.parametrize("kind", OF_TWO)
def test_a_gain_has_its_unit_and_its_words(kind: ClaimKind, tmp_path: Path) -> None:
    row = compared(kind, tmp_path, 0.012)["c"]
    shown = in_points(VerdictRow(**row | {"reasons": encoded(row["reasons"])}))
    assert shown.ours == pytest.approx(1.2) and number_unit(shown) == " pp"
    assert difference_interval(shown).startswith("[")
    assert kind.shape.phrases.between != Phrases().between


@pytest.mark.parametrize("kind", OF_TWO)
def test_repeats_are_offered_to_what_they_would_decide(
    kind: ClaimKind, tmp_path: Path
) -> None:
    """With ten folds once the 90 % interval of no difference is wider than the tolerance, with more repeats not."""
    row = compared(kind, tmp_path, 0.0)["c"]
    assert row["agreement"] in OPEN
    assert row["settle"] == "repeats" and row["further"] > 0


@pytest.mark.parametrize("kind", OF_TWO)
def test_an_unstable_model_is_named(kind: ClaimKind, tmp_path: Path) -> None:
    families = "{lda: {}, qda: {}, knn: {n_neighbors: 1}}"
    stable = compared(kind, tmp_path, 0.05, families=families)["c"]
    changed = replace(kind, example=kind.example.replace("qda", "knn"))
    unstable = compared(changed, tmp_path, 0.05, families=families)["c"]
    assert not has(stable, UnstableFamilies) and has(unstable, UnstableFamilies)


VALUE = {
    "kind": "value",
    "family": "lda",
    "metric": "accuracy",
    "value": '"0.9"',
    "unit": "fraction",
}
P = {
    "dataset": "null",
    "kind": "statistic",
    "statistic": "mean_rank_p",
    "against": "qda",
    "value": '"3.1"',
    "unit": "null",
}
ORDER = {"kind": "order", "family": "null", "value": "null", "unit": "null"}


BETTER = {"kind": "better", "against": "qda", "value": "null"}
RANK = {"kind": "rank", "unit": "null", "value": '"1"', "dataset": "null"}
STATISTIC = {"dataset": "null", "kind": "statistic", "statistic": "mean_rank"}


@pytest.mark.parametrize(
    ("change", "keys", "code"),
    [
        ({"kind": "vale"}, "kind", "problem.unknown_word"),
        ({"family": "ldaa"}, "family", "problem.unknown_word"),
        ({"dataset": "tooy"}, "dataset", "problem.unknown_word"),
        ({"metric": "acuracy"}, "metric", "problem.unknown_word"),
        ({"metric": "kappa"}, "metric", "problem.claim.not_computed"),
        ({"unit": "null", "value": '"98.9"'}, "unit", "problem.claim.no_unit"),
        ({"unit": "null"}, "unit", "problem.claim.no_unit"),
        ({"value": '"98.9"'}, "value", "problem.claim.outside"),
        ({"value": '"198.9"', "unit": "percent"}, "value", "problem.claim.outside"),
        (
            {"value": '"0.9"', "unit": "percent"},
            "value",
            "problem.claim.next_to_nothing",
        ),
        ({"spread": '{value: "0.02"}'}, "spread.kind", "problem.missing"),
        ({"spread": "{kind: sd}"}, "spread.value", "problem.missing"),
        ({"spread": '{value: "±2", kind: sd}'}, "spread.value", "problem.wrong_type"),
        (
            {"spread": '{value: "-2", kind: sd}'},
            "spread.value",
            "problem.claim.negative_spread",
        ),
        ({"spread": '"2"'}, "spread", "problem.wrong_type"),
        ({"spread": '{value: "1", kind: sem}'}, "spread.kind", "problem.unknown_word"),
        ({"value": '"1e400"'}, "value", "problem.wrong_type"),
        ({"value": '"90 %"'}, "value", "problem.wrong_type"),
        ({"value": "0.9"}, "value", "problem.wrong_type"),
        ({"n": "0"}, "n", "problem.out_of_range"),
        ({"tolerance": "0.0"}, "tolerance", "problem.out_of_range"),
        ({"tolerance": ".nan"}, "tolerance", "problem.wrong_type"),
        ({"tolerance": "1.0"}, "tolerance", "problem.claim.wide_tolerance"),
        ({"tolerance": "50.0"}, "tolerance", "problem.claim.wide_tolerance"),
        ({"family": "null"}, "family", "problem.claim.no_family"),
        ({"against": "qda"}, "against", "problem.not_of_kind"),
        ({"level": "0.9"}, "level", "problem.not_of_kind"),
        ({"kind": "best", "value": "null", "among": "[lda]"}, "among", "problem.gone"),
        (RANK | {"value": '"5"'}, "value", "problem.claim.outside"),
        (RANK | {"unit": "fraction"}, "unit", "problem.claim.rank.unit"),
        (ORDER | {"order": "[lda]"}, "order", "problem.claim.order.one_family"),
        (ORDER | {"order": "lda > qda"}, "order", "problem.list_as_text"),
        (ORDER | {"order": "[lda, qda, lda]"}, "order", "problem.twice"),
        (ORDER | {"order": "[lda, qdaa]"}, "order", "problem.unknown_word"),
        (
            BETTER | {"against": "lda"},
            "against",
            "problem.claim.against_itself",
        ),
        (BETTER | {"against": "null"}, "against", "problem.claim.needed"),
        (STATISTIC | {"statistic": "friedman"}, "statistic", "problem.unknown_word"),
        (STATISTIC | {"family": "null"}, "family", "problem.claim.statistic.whose"),
        (
            STATISTIC | {"statistic": "wins", "against": "null"},
            "against",
            "problem.claim.statistic.whose",
        ),
        (
            STATISTIC | {"statistic": "wins", "against": "qda", "level": "0.9"},
            "level",
            "problem.claim.statistic.idle",
        ),
        (P | {"unit": "percent"}, "unit", "problem.claim.statistic.unit"),
        (P | {"value": '"-0.1"'}, "value", "problem.claim.outside"),
        (
            P | {"statistic": "friedman_f", "value": '"-1"'},
            "value",
            "problem.claim.outside",
        ),
    ],
)
def test_mistakes_have_codes(
    tmp_path: Path, change: dict[str, str], keys: str, code: str
) -> None:
    found = faults(tmp_path, text(**(VALUE | change)))
    assert (keys, code) in found, found


def test_unbounded_metrics_need_a_tolerance(tmp_path: Path) -> None:
    claim = {"kind": "value", "family": "ridge", "metric": "rmse", "value": '"54.1"'}
    regression = {"task": "regression", "families": "{ridge: {}}", "primary": "rmse"}
    assert faults(tmp_path, text(**claim), **regression) == {
        ("tolerance", "problem.claim.no_tolerance")
    }
    assert ("unit", "problem.claim.no_percent") in faults(
        tmp_path, text(**claim, unit="percent"), **regression
    )
    assert (
        faults(
            tmp_path,
            text(**claim),
            **regression,
            more='tolerance: {rmse: 1.0, why: "by hand"}\n',
        )
        == set()
    )
