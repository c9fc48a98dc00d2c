"""The headline names model, data and number, by the kind of study; it never counts claims where it could name one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from bench.claims.falsifiers import true_together
from bench.core.counting import Falsified
from bench.core.outcomes import encoded
from bench.report.bundle import Bundle
from bench.report.exports.content import Content
from bench.report.sections.claims import claims
from bench.report.sections.overview import overview
from bench.report.styles import styles_of
from bench.report.text import claims as claims_text
from bench.report.text.headline import (
    _on_one,
    caveat,
    compares,
    headline,
    metric_of_headline,
)
from bench.text.compared import FewDatasets, NotAfterHolm
from bench.text.formats import THIN
from bench.text.sentences import sentence
from tests.helpers import bundles
from tests.helpers.sparse import sparse

TWO = {
    name: bundles.wine(title=title)
    for name, title in (("wine", "Wine"), ("sonar", "Sonar"))
}


def said(bundle: Bundle) -> str:
    return headline(bundle, styles_of(bundle)).replace(THIN, " ")


def claimed(*claims: dict[str, Any], own: bool = False, **study: Any) -> Bundle:
    """A study with these claims; `mark`: how each came out, and what of its row is another than of a number on Wine."""
    stated, rows = [], []
    for i, one in enumerate(claims):
        row = dict(one.pop("row", {}))
        fields = {
            "id": f"c{i}",
            "kind": "value",
            "dataset": "wine",
            "family": "svm",
            "metric": "accuracy",
        }
        fields |= {
            "value": "95.0",
            "unit": "percent",
            "where": "Table 1",
            "read": "source",
        } | one
        mark = fields.pop("mark", "exact")
        if fields["kind"] in ("better", "best", "equivalent"):
            fields |= {"value": None, "unit": None}
            row = {
                "published": None,
                "ours": 0.02,
                "unit": None,
                "tolerance": 0.01,
            } | row
        kept = {key: value for key, value in fields.items() if value is not None}
        stated.append(kept)
        what = {key: fields[key] for key in ("kind", "metric")} | {
            "against": fields.get("against")
        }
        what |= {
            "doubts": fields.get("doubt", ""),
            "source": fields.get("source", "paper"),
        }
        rows.append(
            bundles.verdict(
                fields["id"],
                mark,
                fields["dataset"],
                fields["family"],
                fields["value"] or "0",
                **what,
            )
            | row
        )
    study = {"metrics": {"primary": "accuracy"}} | study
    stated, deviations = bundles.with_deviations(stated)
    made = bundles.study(
        claims=stated,
        deviations=deviations,
        tolerance={"accuracy": 0.01, "why": "w"},
        **study,
    )
    return bundles.made_of(made, verdicts=rows)


def test_one_number_is_told_with_its_model_and_data() -> None:
    reaches = "A support vector machine (RBF) reaches"
    assert said(claimed({})) == f"{reaches} 95.0 % (as published) on Wine"
    assert (
        said(claimed({"mark": "reproduced"}))
        == f"{reaches} 95.2 % (published: 95.0 %) on Wine"
    )
    assert (
        said(claimed({"mark": "fits"}))
        == f"{reaches} 95.8 % (published: 95.0 %; fits) on Wine"
    )
    assert (
        said(claimed({"mark": "off"}))
        == f"{reaches} 95.4 % (published: 95.0 %; off) on Wine"
    )
    assert (
        said(claimed({"mark": "not_reproduced"}))
        == f"{reaches} 91.6 % (published: 95.0 %; not reproduced) on Wine"
    )


@pytest.mark.parametrize("kind", ["value", "best"])
def test_rows_that_are_no_test_rows_are_named(kind: str) -> None:
    claim = {"kind": kind, "side": "train", "mark": "reproduced"}
    assert " on the training rows of Wine" in said(claimed(claim))


def test_advice_is_by_the_primary_metric_where_the_headline_speaks_of_it() -> None:
    other = {
        "metric": "log_loss",
        "value": "0.40",
        "unit": None,
        "mark": "reproduced",
        "central": True,
    }
    refuted = {"mark": "not_reproduced", "central": True}
    metrics = {"metrics": {"primary": "accuracy", "also": ["log_loss"]}}
    scored = [{"dataset": "wine", "family": "svm", "metric": name, "mean": 0.9, "fallbacks": 0} for name in
              ("accuracy", "log_loss")]  # fmt: skip

    def metric(*claims: dict[str, Any]) -> str:
        made = claimed(*claims, **metrics)
        estimates = bundles.made_of(made.study, estimates=scored).frames["estimates"]
        return metric_of_headline(
            replace(made, frames=made.frames | {"estimates": estimates})
        )

    assert (metric(dict(other)), metric(dict(other), dict(refuted))) == (
        "log_loss",
        "accuracy",
    )


def test_a_model_that_stands_in_is_told_as_such() -> None:
    bundle = claimed({"doubt": "other_method", "row": {"evidence": "weak"}})
    assert said(bundle).endswith(
        "95.0 % (published for another method: 95.0 %) on Wine"
    )
    assert (
        caveat(bundle)
        == "This study cannot refute the paper's claim: the paper's method was not run."
    )
    assert caveat(claimed({})) == ""


def test_a_number_from_memory_is_no_published_one() -> None:
    assert said(claimed({"read": "memory", "row": {"evidence": "weak"}})).endswith(
        "(as quoted from memory) on Wine"
    )


def test_comparisons_are_told_by_dataset() -> None:
    pair = {"kind": "better", "family": "random_forest", "against": "svm"}
    bundle = claimed(
        pair | {"mark": "reproduced", "row": {"ours": 0.01}}, pair | {"dataset": "sonar", "mark": "reproduced"},
        pair | {"dataset": "third", "mark": "fits"}, datasets=TWO | {"third": TWO["wine"] | {"title": "Glass"}},
    )  # fmt: skip
    beats = "A random forest beats a support vector machine (RBF) on Sonar, as published, here by 2.0 pp"
    assert said(bundle) == f"{beats}; also on Wine, not shown on Glass"


@pytest.mark.parametrize(
    ("claim", "shown", "open_", "refuted"),
    [
        ({"kind": "better", "against": "random_forest"}, "beats a random", "is not shown to beat a random",
         "does not beat a random"),
        ({"kind": "best"}, "has the best accuracy", "is not shown to have the best accuracy",
         "does not have the best accuracy"),
        ({"kind": "equivalent", "against": "random_forest"}, "are practically equal",
         "are not shown to be practically equal", "are not practically equal"),
        ({"kind": "order", "order": ["svm", "random_forest"], "family": None, "value": None, "unit": None,
          "row": {"published": None, "ours": 1.0, "family": None}}, "Random forest on Wine is as published",
         "on Wine is not shown", "on Wine is not as published"),
    ],
)  # fmt: skip
def test_a_comparison_is_told_by_its_agreement_alone(
    claim: dict[str, Any], shown: str, open_: str, refuted: str
) -> None:
    """An open claim may rest on no test at all, so that nothing is said of significance."""
    marks = {
        "reproduced": shown,
        "fits": open_,
        "off": open_,
        "differs": refuted,
    }
    for mark, words in marks.items():
        assert (
            words in (line := said(claimed(dict(claim) | {"mark": mark})))
            and "significant" not in line
        )


@pytest.mark.parametrize(
    ("claim", "whether"),
    [
        (
            {"kind": "better", "against": "random_forest"},
            "a support vector machine (RBF) beats a random forest",
        ),
        ({"kind": "best"}, "a support vector machine (RBF) has the best accuracy"),
        (
            {"kind": "equivalent", "against": "random_forest"},
            "a support vector machine (RBF) and a random forest are practically equal",
        ),
    ],
)
def test_so_few_datasets_cannot_decide(claim: dict[str, Any], whether: str) -> None:
    """No data of two datasets could, so that what they showed says nothing."""
    row = {"reasons": encoded([FewDatasets(2, 0.5, 6)])}
    bundle = claimed(
        claim | {"dataset": None, "mark": "fits", "row": row}, datasets=TWO
    )
    assert said(bundle) == f"Two datasets cannot decide whether {whether}"


def test_datasets_that_can_show_equality_decide_something() -> None:
    row = {"reasons": encoded([FewDatasets(5, 0.0625, 6, equality=True)])}
    claim = {
        "kind": "better",
        "against": "random_forest",
        "dataset": None,
        "mark": "fits",
        "row": row,
    }
    told = said(claimed(claim, datasets=TWO))
    assert (
        told
        == "A support vector machine (RBF) is not shown to beat a random forest over two datasets"
    )


def test_a_strong_number_that_differs_is_never_left_out() -> None:
    bundle = claimed(
        {"central": True},
        {"central": True, "family": "random_forest"},
        {"family": "logistic_regression", "mark": "not_reproduced"},
    )
    assert said(bundle).endswith(
        "; logistic regression reaches 91.6 % (published: 95.0 %; not reproduced) on Wine"
    )


def test_what_was_not_attempted_is_no_finding() -> None:
    assert (
        said(claimed({"mark": "missing"}, {"mark": "missing"}))
        == "No published claim was judged"
    )


def test_what_the_author_did_not_expect_is_the_finding() -> None:
    made = bundles.study(
        falsified_if=[
            {
                "id": "f",
                "kind": "better",
                "family": "svm",
                "against": "random_forest",
                "where": "w",
                "read": "source",
            }
        ]
    )
    row = bundles.verdict(
        "f", "reproduced", "wine", "svm", "0", kind="better", against="random_forest"
    )
    row |= {
        "published": None,
        "ours": 0.02,
        "unit": None,
        "falsifier": True,
        "source": "author",
    }
    bundle = bundles.made_of(made, verdicts=[row])
    words = "A support vector machine (RBF) beats a random forest by 2.0 pp in accuracy on Wine"
    words = f"Against the author's expectation: {words}"
    assert said(bundle) == words


def test_every_falsifier_that_happened_is_on_the_card_and_open_in_claims() -> None:
    one = {
        "kind": "better",
        "family": "svm",
        "against": "random_forest",
        "where": "w",
        "read": "source",
    }
    names, metrics = ("f", "g", "h"), ("accuracy", "f1_macro", "balanced_accuracy")
    made = bundles.study(
        falsified_if=[
            one | {"id": name, "metric": m}
            for name, m in zip(names, metrics, strict=True)
        ]
    )
    rows = [bundles.verdict(name, "reproduced", "wine", "svm", "0", kind="better", against="random_forest")
            for name in names]  # fmt: skip
    more = {
        "published": None,
        "ours": 0.02,
        "unit": None,
        "falsifier": True,
        "source": "author",
    }
    undecided = {"agreement": "fits", "settle": "unknown"}
    rows = [row | more | {"metric": m} | (undecided if row["claim"] == "f" else {})
            for row, m in zip(rows, metrics, strict=True)]  # fmt: skip
    bundle = bundles.made_of(made, verdicts=rows)
    card, section = overview(bundle), claims(bundle)
    assert [row.id for row in card.table.rows] == ["g"]
    assert (
        card.others.startswith("2 of 3 falsifiers happened: ")
        and "balanced accuracy" in card.others
    )
    assert section.happened and [row.id for row in section.apart] == ["g", "h", "f"]
    assert [row.falsified for row in section.apart] == [Falsified.HAPPENED] * 2 + [
        Falsified.UNDECIDED
    ]
    assert "expectations" in {sheet.id for sheet in Content(bundle).sheets}


FALSIFIERS = [("better", "differs"), ("best", "fits")]


def of_falsifiers(**note: str) -> Bundle:
    """A study of its author's expectations, with a falsifier of each of two kinds whose interval lies below zero."""
    more = {"dataset": "wine", "family": "svm", "where": "w", "read": "source"} | note
    stated = [{"id": kind, "kind": kind} | more for kind, _ in FALSIFIERS]
    stated[0] |= {"against": "random_forest"}
    numbers = {
        "published": None,
        "ours": -0.02,
        "low_refute": -0.03,
        "high_refute": -0.01,
        "unit": None,
        "p": 0.03,
    }
    rows = [
        bundles.verdict(kind, agreement, "wine", "svm", "0", kind=kind)
        | numbers
        | {"falsifier": True, "source": "author"}
        | ({"against": "random_forest"} if kind == "better" else {})
        for kind, agreement in FALSIFIERS
    ]
    expected = {"id": "e", "kind": "better", "against": "random_forest"} | more
    rows += [
        bundles.verdict("e", "reproduced", "wine", "svm", "0", kind="better")
        | numbers
        | {"source": "author"}
    ]
    return bundles.made_of(
        bundles.study(expect=[expected], falsified_if=stated), verdicts=rows
    )


def test_a_falsifier_that_only_its_own_test_contradicts_is_undecided_and_says_so() -> (
    None
):
    bundle = of_falsifiers()
    told = {one.id: (one.falsified, one.why) for one in claims(bundle).apart}
    ahead = styles_of(bundle).family("random_forest").title
    assert told == {
        "better": (
            Falsified.UNDECIDED,
            (sentence(NotAfterHolm(2, opposite=True, ahead=ahead)),),
        ),
        "best": (Falsified.UNDECIDED, (claims_text.ONLY_BEFORE_HOLM,)),
    }


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        (("best", "best"), 1),
        (("best", "better"), 2),
        (("better", "better"), 2),
        (("best", "best", "better"), 2),
    ],
)
def test_of_falsifiers_that_each_name_the_best_model_at_most_one_is_true(
    kinds: tuple[str, ...], together: int
) -> None:
    """Where only those are, Holm over the falsifiers is of what happened alone."""
    other = {"dataset": "wine", "family": "svm", "where": "w", "read": "source"}
    stated = [
        other
        | {"id": f"f{i}", "kind": kind}
        | ({} if kind == "best" else {"against": "random_forest"})
        for i, kind in enumerate(kinds)
    ]
    rows = [
        bundles.verdict(f"f{i}", "fits", "wine", "svm", "0", kind=kind)
        | {"published": None, "unit": None, "falsifier": True, "source": "author"}
        for i, kind in enumerate(kinds)
    ]
    bundle = bundles.made_of(bundles.study(falsified_if=stated), verdicts=rows)
    assert true_together(bundle.study, bundle.verdicts) == together


def alarm(dataset: str, diagnostic: str) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "diagnostic": diagnostic,
        "outcome": "found",
        "severity": "warning",
        "code": "L4",
    }


@pytest.mark.parametrize(
    ("raised", "line"),
    [
        (
            [("wine", "duplicates_across"), ("sonar", "file_order")],
            "Both planted faults are found, with no false warning",
        ),
        (
            [("wine", "duplicates_across")],
            "Not found: the planted fault of Sonar; no false warning",
        ),
        (
            [
                ("wine", "duplicates_across"),
                ("sonar", "file_order"),
                ("wine", "file_order"),
            ],
            "Both planted faults are found, with one false warning",
        ),
    ],
)
def test_planted_faults_are_held_against_the_warnings(
    raised: list[tuple[str, str]], line: str
) -> None:
    made = bundles.study(
        datasets=TWO, planted={"wine": "duplicates_across", "sonar": "file_order"}
    )
    assert said(bundles.made_of(made, findings=[alarm(*one) for one in raised])) == line


def test_an_error_against_a_known_truth_is_told_by_the_mildest_optimistic_one() -> None:
    """Of the errors beyond the tolerance: 8 points, not 20; the claim itself holds."""
    truth = {
        "metric": "error_rate",
        "value": "50",
        "constant": True,
        "source": "author",
        "family": "svm",
    }
    bundle = claimed(truth)
    rows = [
        {
            "claim": "c0",
            "kind": "error",
            "variant": name,
            "title": name,
            "estimate": value,
            "compatible": False,
        }
        for name, value in (("flat", 42.0), ("tuned", 30.0), ("hardly", 49.8))
    ]
    explained = sparse(rows, bundle.frame("explanations").schema)
    bundle = Bundle(
        bundle.study,
        dict(bundle.frames) | {"explanations": explained},
        bundle.provenance,
    )
    assert said(bundle) == (
        "Scored as “flat”, a support vector machine (RBF) looks 8 pp better than it is on Wine (42.0 against 50 %)"
    )


def test_a_study_compares_where_nothing_or_one_thing_is_claimed() -> None:
    assert compares(bundles.regression()) and compares(claimed({}))
    assert not compares(claimed({}, {"family": "random_forest"}))


@pytest.mark.parametrize("p", [0.001, 1.0])
def test_guessing_is_beaten_by_one_metric_and_not_by_another(p: float) -> None:
    made = bundles.classification()
    pairs = made.frame("pairs").with_columns(
        p_adjusted=pl.when(metric="accuracy").then(1.0).otherwise(p)
    )
    made = replace(made, frames={**made.frames, "pairs": pairs})
    line = _on_one(made, styles_of(made), "wine")
    assert line.startswith(
        "By accuracy no model is shown to be better than guessing on Wine"
    )
    assert ("; by F1 (macro) " in line) == (p < 0.05)
