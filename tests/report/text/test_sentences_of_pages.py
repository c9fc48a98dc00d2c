"""Sentences of the page where they stand: what is said of a design, of pairs, halves, claims and their intervals."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bench.core.outcomes import Statement, encoded
from bench.report import facts
from bench.report.all_studies import literature
from bench.report.bundle import Provenance
from bench.report.page import render
from bench.report.sections.claims import claims
from bench.report.sections.differences import rank_intervals, ranks_words
from bench.report.sections.replication import lines
from bench.report.sections.states import State
from bench.report.styles import styles_of
from bench.report.summary import summary_of
from bench.report.text import preregistration
from bench.report.text.differences import by_halves
from bench.report.text.headline import headline
from bench.report.text.protocol import resampling_words
from bench.report.text.replication import DIFFER, OPEN, REFUTED
from bench.text.chance import (
    NothingDrawn,
    SameSplitsAgree,
    StatisticErrorUnknown,
)
from bench.text.formats import THIN
from tests.helpers import bundles
from tests.helpers.extra_fits import a_study
from tests.helpers.pages import figures
from tests.helpers.pages import html as html_of
from tests.helpers.pages import section as section_in
from tests.report.test_counting import claimed, marks, own
from tests.report.test_how_sure import ranked
from tests.report.test_page import claim_section, claims_with
from tests.report.test_states import of_svm
from tests.run.test_pilot import PILOT

P_SAME = '<th scope="col" class="n">P(same)'
HOLDOUT = {"kind": "holdout", "test_size": 0.4, "repeats": 4}


def test_few_datasets_cannot_decide() -> None:
    bundle = bundles.many_sets(5)
    assert (
        headline(bundle, styles_of(bundle))
        == "Five datasets cannot decide which model is best"
    )
    html = render(bundle)
    assert (
        "Which models differ by accuracy stays open, as five datasets cannot decide any single pair of models: with "
        "three models, at least seven datasets are needed for p &lt; 0.05 after Holm."
    ) in html
    assert "Every pair over datasets" not in html and 'class="clique"' not in html
    assert (
        "no difference"
        not in html.split('id="differences"')[1].split('class="terms"')[0]
    )


def test_groups_in_words() -> None:
    from bench.report.sections.differences import groups_words

    styles = styles_of(bundles.many_sets())
    names = ("logistic_regression", "random_forest", "svm")
    lr, rf, svm = (styles.family(name).title for name in names)
    assert (
        groups_words(styles, (names,)) == "No two models are significantly different."
    )
    assert (
        groups_words(styles, (names[:2],))
        == "The two models are not significantly different."
    )
    assert (
        groups_words(styles, tuple((name,) for name in names))
        == "Every pair of models differs significantly."
    )
    assert (
        groups_words(styles, (names[:2], names[2:]))
        == f"Not significantly different from each other: {lr} and {rf}."
    )
    apart = f"Significant differences: {lr} against {svm}. After Holm over all pairs no other pair differs significantly."
    assert groups_words(styles, (names[:2], names[1:])) == apart


def test_a_deterministic_study_shows_no_interval_and_says_so() -> None:
    html = html_of("leave_one_out")
    assert "no interval: leave-one-out gives one result" in html.lower()
    assert "deterministic" not in html
    results = section_in(html, "families")
    assert not re.search(r"\[\d\.\d{3}, \d\.\d{3}\]", results)
    assert 'id="differences"' not in html


def of_a_pair(
    families: dict[str, Any],
    resampling: dict[str, Any],
    same: bool = False,
    asked: Any = None,
    **parts: Any,
) -> tuple[str, str]:
    """The differences section of two families whose pair was tested, and the headline; `asked` of diagnostics."""
    protocol = {"resampling": resampling, "tuning": None, "seed": 1}
    made, (a, b) = (
        bundles.study(families=families, protocol=protocol, diagnostics=asked),
        families,
    )
    key: dict[str, Any] = {"dataset": "wine", "metric": "accuracy"}
    key |= {"fallbacks": 0}
    estimates = [
        key | {"mean": 0.9, "low": 0.88, "high": 0.92, "family": f} for f in families
    ]
    pair = key | {"family": a, "against": b, "p": 0.01, "p_adjusted": 0.01}
    pair |= {
        "difference": 0.02,
        "low": 0.01,
        "high": 0.03,
        "test": "t_over_seeds" if same else parts.pop("test", "corrected_t"),
    } | parts.pop("pair", {})
    sizes = {"train_rows": 100, "test_rows": 78}
    splits = [
        {
            "dataset": "wine",
            "repeat": r,
            "fold": 0,
            "rows_sha256": "" if same else str(r),
        }
        | sizes
        for r in range(4)
    ]
    score = {
        "dataset": "wine",
        "metric": "accuracy",
        "variant": "plain",
        "fold": 0,
        "side": "test",
        "value": 0.9,
    }
    scores = [score | {"family": f, "repeat": r} for f in families for r in range(4)]
    scores += [
        score | {"family": b, "repeat": 0, "variant": f"half={half}"}
        for half in parts.pop("halves", ())
    ]
    bundle = bundles.made_of(
        made, estimates=estimates, pairs=[pair], folds=splits, scores=scores, **parts
    )
    return section_in(render(bundle), "differences"), headline(
        bundle, styles_of(bundle)
    )


def test_families_that_fool_the_test_are_named_with_their_rates() -> None:
    html, _ = of_a_pair(
        {"one_nn": {"family": "knn", "title": "1-NN"}, "decision_tree": {}}, HOLDOUT
    )
    assert "Decision tree and 1\N{NON-BREAKING HYPHEN}NN count as unstable" in html
    assert (
        f"28.5{THIN}% (trees of one split) and 11.8{THIN}% (rules of one nearest neighbour)"
        in html
    )
    assert "on few training rows" not in of_a_pair({"lda": {}, "qda": {}}, HOLDOUT)[0]


def test_halves_are_told() -> None:
    families: dict[str, Any] = {"lda": {}, "decision_tree": {}}
    halved = {"test": "sharp", "halves": ("0a", "0b", "1a", "1b")}
    html, _ = of_a_pair(families, HOLDOUT, **halved)
    assert (
        by_halves(["Decision tree"], others=False) in html
        and "on few training rows" not in html
    )
    assert (
        by_halves(None, others=False)
        in of_a_pair(families, HOLDOUT, asked={"halves": {}}, **halved)[0]
    )


def test_chances_of_halves_stand_beside_no_difference_of_whole_tables() -> None:
    chances = {"p_less": 0.1, "p_rope": 0.3, "p_greater": 0.6}
    families: dict[str, Any] = {"lda": {}, "decision_tree": {}}
    assert P_SAME in of_a_pair(families, HOLDOUT, pair=chances)[0]
    halved, _ = of_a_pair(
        families, HOLDOUT, pair=chances, test="sharp", halves=("0a", "0b")
    )
    assert "<td>SHARP</td>" in halved and P_SAME not in halved


def test_runs_of_one_split_differ_by_the_seed_alone() -> None:
    split = {"kind": "fixed_split", "column": "set", "test": "b", "repeats": 4}
    html, line = of_a_pair({"random_forest": {}, "decision_tree": {}}, split, same=True)
    assert (
        "other rows may give another result" in html
        and f"95{THIN}% interval, before Holm (t over seeds)" in html
        and "corrected" not in html.lower()
    )
    assert (
        "as unstable" not in html
    )  # what is said of other rows' samples has no place here
    assert line.endswith("over seeds on the same split")
    drawn, line = of_a_pair({"random_forest": {}, "decision_tree": {}}, HOLDOUT)
    assert "no sampling error" not in drawn and "over seeds" not in line


def test_the_claims_together() -> None:
    """A test could refute three, and one of them is refuted after Holm."""
    made, own = bundles.classification(), claims_with("reproduced", "fits")
    told = dict(lines(made))
    assert figures(told[REFUTED]) == ["1", "3", "1"]
    attempted = len(made.counted.attempted)
    assert figures(told[DIFFER]) == ["1", str(attempted)]
    assert figures(dict(lines(own))[OPEN]) == ["1", "2"]


def test_tolerances_are_called_settled_only_as_far_as_anything_shows_it() -> None:

    from bench.study.preregistration import Change, Frozen

    made = claims_with("exact", "not_reproduced")
    assert (
        "Not preregistered: the tolerance may have been chosen after the scores were seen"
        in claim_section(made)
    )

    def with_changes(*changes: Change) -> str:
        return claim_section(
            replace(made, provenance=Provenance(frozen=Frozen("a" * 64, changes)))
        )

    kept, changed = (
        "were fixed before the results",
        "Tolerances or claims changed after they were frozen",
    )
    assert kept in with_changes()
    assert kept in with_changes(Change("families.svm", "{}", "nothing"))
    came = Change("falsified_if.f", "not set", "{}", "why")
    added = with_changes(came)
    assert kept in added and "falsifiers were added" in added
    assert (
        preregistration.changes(Frozen("a" * 64, (came,)))
        == "1 falsifier added. Reason for the falsifiers: why."
    )
    assert changed in with_changes(
        Change("tolerance.parameters.accuracy", "0.01", "0.05", "why")
    )
    assert changed in with_changes(Change("claims.c0.published", '"95.0"', '"96.0"'))


@pytest.mark.parametrize(
    ("resampling", "words"),
    [
        ({"kind": "holdout", "test_size": 0.3, "repeats": 1}, "one random split"),
        ({"kind": "leave_one_out"}, "leave-one-out gives one result"),
        (
            {"kind": "fixed_split", "column": "set", "test": "b"},
            "one fixed training and test split, one run",
        ),
        (
            {"kind": "kfold", "folds": 5, "repeats": 1},
            "pooled over the folds of one repeat",
        ),
    ],
)
def test_a_missing_interval_has_its_own_cause(
    resampling: dict[str, object], words: str
) -> None:
    from bench.report.facts import no_interval_cause

    made = bundles.study(protocol={"resampling": resampling, "tuning": None, "seed": 1})
    score = {
        "dataset": "wine",
        "family": "svm",
        "variant": "plain",
        "metric": "accuracy",
        "side": "test",
    }
    made_bundle = bundles.made_of(
        made, scores=[score | {"repeat": 0, "fold": None, "value": 0.9}]
    )
    assert no_interval_cause(made_bundle, "wine", "accuracy") == words


@pytest.mark.parametrize(
    ("repeats", "reason", "words"),
    [
        (1, NothingDrawn("fixed-split"), "one fixed training and test split, one run"),
        (4, SameSplitsAgree(4), "every run gave the same number"),
        (
            4,
            StatisticErrorUnknown("external"),
            "the error of a statistic of these scores is not known",
        ),
    ],
)
def test_one_run_on_a_fixed_split_drew_nothing(
    repeats: int, reason: Statement, words: str
) -> None:
    """An interval that is the rounding of the printed number alone: nothing agreed every time if there was one run."""
    resampling = {
        "kind": "fixed_split",
        "column": "set",
        "test": "b",
        "repeats": repeats,
    }
    base = claimed(
        {"family": "svm"},
        words=("exact",),
        protocol={"resampling": resampling, "tuning": None, "seed": 1},
    )
    scores = bundles.scores(base.study, 178, lambda *_: 0.975)
    rows = [
        row | {"reasons": encoded([reason])}
        for row in base.frame("verdicts").to_dicts()
    ]
    bundle = bundles.made_of(
        base.study, verdicts=rows, folds=bundles.folds(base.study, 178), scores=scores
    )
    assert claims(bundle).no_interval.startswith(words)


def test_a_study_of_its_own_numbers_says_expected_and_is_no_line_of_the_literature() -> (
    None
):
    made = own("author", "author", words=("fits", "not_reproduced"))
    assert "the author&#39;s own expectations" in render(made)
    one = summary_of(made)
    assert one.own and marks(one) == ["fits", "not_reproduced"]
    assert literature([one]).papers == []


def test_equal_orders_of_few_datasets_say_nothing_of_the_first_place() -> None:
    """Three datasets of one order: every resample has it, so `First in > 99 %` would be no evidence."""
    made = ranked(0.028, 1.0, one_order=True)
    assert ranks_words(made, styles_of(made), facts.primary(made))[:2] == [
        "All models together: their ranks differ significantly (Friedman, p = 0.028, exact).",
        "All three datasets rank the models in the same order: Logistic regression, Random forest, Support vector "
        "machine (RBF).",
    ]
    assert rank_intervals(made, styles_of(made), facts.primary(made)) is None


def test_ranks_that_differ_are_told_beside_their_draws() -> None:
    made = ranked(0.01, 0.8)
    assert ranks_words(made, styles_of(made), facts.primary(made))[:2] == [
        "All models together: their ranks differ significantly (Friedman, p = 0.010, exact).",
        f"Logistic regression ranks first in 80{THIN}% of bootstrap samples of the ranked datasets.",
    ]


def test_a_test_and_draws_that_disagree_are_told_in_one_sentence() -> None:
    made = ranked(0.25, 1.0)
    assert ranks_words(made, styles_of(made), facts.primary(made))[0] == (
        "The ranks do not differ significantly (Friedman, p = 0.25, exact). Logistic regression ranks first in "
        f"> 99{THIN}% of bootstrap samples of the ranked datasets."
    )


def test_an_undefined_metric_says_what_it_needs() -> None:
    assert of_svm([0.9, 0.8], metric="log_loss") == [
        State("plain", "not applicable", "needs probabilities")
    ]
    assert of_svm([0.9, 0.8], metric="roc_auc") == [
        State("plain", "not applicable", "needs scores of classes")
    ]
    assert of_svm([0.9, 0.8], metric="r2") == [
        State("plain", "not applicable", "undefined here")
    ]


@pytest.mark.parametrize(
    ("resampling", "words"),
    [
        (PILOT, "3 to 6 repeats of stratified 3-fold cross-validation"),
        (
            {"kind": "holdout", "repeats": {"pilot": 3, "at_most": 6}},
            "3 to 6 random hold-out splits with 10",
        ),
        (
            {
                "kind": "fixed_split",
                "train": "1-9",
                "test": "10-20",
                "repeats": {"pilot": 3, "at_most": 6},
            },
            "one fixed split, as published, 3 to 6 runs with new seeds",
        ),
    ],
)
def test_what_a_pilot_decides_is_told(resampling: dict[str, Any], words: str) -> None:
    study = a_study(resampling=resampling)
    assert study.protocol is not None
    assert resampling_words(study.protocol, study.task).startswith(words)
    assert "stratified" not in resampling_words(study.protocol, "regression")
