"""What is counted once: a published number that several claims speak of, a table in several forms."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from bench.report.all_studies import literature
from bench.report.blocks import Table
from bench.report.bundle import Bundle
from bench.report.exports.content import Content
from bench.report.facts import distinct, quotes
from bench.report.page import render, render_literature
from bench.report.sections.claims import claims
from bench.report.sections.datasets import datasets, opening
from bench.report.sections.open_claims import open_claims
from bench.report.sections.replication import lines
from bench.report.summary import Summary, summary_of
from bench.report.text.replication import HOLD
from bench.report.values import Value
from bench.report.works import PaperShort, one_number
from tests.helpers import bundles
from tests.helpers.pages import figures

TWO = {
    name: bundles.wine(title=title) | more
    for name, title, more in (
        ("few", "Wine, two features", {"features": ["ash", "hue"]}),
        ("all", "Wine, all", {}),
    )
}
PAPER = {"citation": "A (1993). B.", "year": 1993}


def claimed(
    *claims: dict[str, Any], words: tuple[str, ...] = (), **study: Any
) -> Bundle:
    """A study with such claims of one place and number, unless they say otherwise; words: keys of marks.MARKS."""
    fields = {
        "kind": "value",
        "dataset": "wine",
        "metric": "accuracy",
        "value": "97.5",
        "unit": "percent",
    }
    fields |= {"where": "the abstract", "read": "source", "doubt": "other_method"}
    stated = [{"id": f"c{i}"} | fields | one for i, one in enumerate(claims)]
    claims, deviations = bundles.with_deviations(stated)
    made = bundles.study(
        claims=claims,
        deviations=deviations,
        paper=PAPER,
        tolerance={"accuracy": 0.01, "why": "w"},
        **study,
    )
    rows = []
    for one, word in zip(stated, words or ["reproduced"] * len(stated), strict=True):
        row = bundles.verdict(
            one["id"],
            word,
            one["dataset"],
            one["family"],
            one["value"],
            doubts=one["doubt"] or "",
        )
        weak = row["evidence"] and (
            one["doubt"] == "other_method" or one["read"] == "memory"
        )
        rows.append(row | ({"evidence": "weak"} if weak else {}))
    tables = bundles.tables(made, 178, 13, ["0", "1", "2"])
    for row in tables:
        row["raw_sha256"] = "ab" * 32
    return bundles.made_of(made, verdicts=rows, tables=tables)


def numbers(bundle: Bundle) -> int:
    return len(set(one_number(quotes(bundle)).values()))


def marks(one: Summary) -> list[str]:
    return [claim.mark for claim in one.claims]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<body")[1]).split())


def test_one_number_claimed_three_ways() -> None:
    made = claimed(
        {"family": "svm"},
        {"family": "logistic_regression"},
        {"family": "random_forest"},
    )
    one = summary_of(made)
    assert (numbers(made), len(one.claims)) == (1, 3)
    told = literature([one])
    assert figures(told.total) == ["1", "1"]
    assert list(map(figures, told.papers[0].of)) == [["1"], ["3", "1"]]


@pytest.mark.parametrize(
    "second",
    [
        {"family": "random_forest", "where": "Table 2"},
        {"family": "random_forest", "value": "97.4"},
        {"family": "svm", "side": "train"},
    ],
)
def test_what_is_another_number(second: dict[str, Any]) -> None:
    """Another place, another value in the same place, another side."""
    assert numbers(claimed({"family": "svm"}, second)) == 2


def test_a_number_that_two_studies_of_a_work_quote_counts_once() -> None:
    """By what they quote, whatever their claims are called; the tables are two copies of one file."""
    one = replace(
        summary_of(claimed({"family": "svm"}, {"family": "random_forest"})), id="a"
    )
    again = replace(summary_of(claimed({"family": "lda", "id": "other"})), id="b")
    told = literature([again, one])
    assert figures(told.total) == ["1", "2", "1"]
    first, second = told.papers
    assert (first.id, list(map(figures, first.of))) == ("a", [["1"], ["2", "1"]])
    assert (second.id, second.attempted, list(map(figures, second.of))) == (
        "b",
        1,
        [["1"]],
    )
    assert "a" in second.of[0].split()


@pytest.mark.parametrize(
    "other",
    [{"where": "Table 2"}, {"value": "96.0"}, {"side": "train"}, {"doubt": None}],
)
def test_what_two_studies_of_a_work_quote_may_be_two_numbers(
    other: dict[str, Any],
) -> None:
    """Both of the paper's own method, too: one id of a claim proves nothing."""
    own = {"doubt": None} if other == {"doubt": None} else {}
    one = replace(summary_of(claimed({"family": "svm"} | own)), id="a")
    again = replace(summary_of(claimed({"family": "lda"} | other)), id="b")
    assert figures(literature([one, again]).total) == ["1", "2", "2"]


def test_a_number_is_counted_by_the_claim_on_it_with_the_best_evidence() -> None:
    """A stand-in of one study reproduces it, the paper's own method in another does not."""
    weak = replace(summary_of(claimed({"family": "svm"})), id="a")
    strong = replace(
        summary_of(
            claimed({"family": "lda", "doubt": None}, words=("not_reproduced",))
        ),
        id="b",
    )
    told = literature([weak, strong])
    assert (told.totals, [line.held for line in told.papers]) == (
        [("not_reproduced", 1)],
        ["1 of 1", "0 of 1"],
    )
    assert told.misses == ["1 differs, unexplained"]
    open_too = replace(summary_of(claimed({"family": "lda"}, words=("off",))), id="c")
    assert literature([weak, open_too]).totals == [
        ("off", 1)
    ]  # of equal standing the one that agrees least


def test_a_difference_that_its_study_explains_is_not_called_unexplained() -> None:
    note = "Two classes are almost equally large"
    made = claimed(
        {"family": "svm", "doubt": None, "note": note}, words=("not_reproduced",)
    )
    told = literature([summary_of(made)])
    assert told.explained == [("toy", "c0", note)]
    assert note in text_of(render_literature([summary_of(made)]))


def test_numbers_of_two_works_are_never_one() -> None:
    one = replace(summary_of(claimed({"family": "svm"})), id="a")
    again = replace(one, id="b", paper=PaperShort("C (1993). D.", 1993))
    assert figures(literature([one, again]).total) == ["2", "2"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (PaperShort("A (1993). B.", 1993), PaperShort("A (1993). B.", 1993), True),
        (PaperShort("A (1993). B.", 1993), PaperShort("A (1993). B", 1993), False),
        (PaperShort("A", 1993, "10.1/b"), PaperShort("B", 1994, "10.1/b"), True),
        (PaperShort("A", 1993, "10.1/b"), PaperShort("A", 1993), False),
    ],
)
def test_papers_of_one_work_share_a_doi_or_a_citation(
    one: PaperShort, other: PaperShort, same: bool
) -> None:
    assert (one.work == other.work) == same


def test_every_share_is_of_the_claims_that_were_attempted() -> None:
    """Table, summary and literature: one denominator, and the others named apart."""
    left = {"family": "lda", "doubt": None, "not_attempted": "no", "value": "90.0"}
    tried = [{"family": "svm", "where": f"Table {i}", "doubt": None} for i in range(4)]
    made = claimed(*tried, left, left | {"where": "Table 9"}, words=(
        "exact", "reproduced", "fits", "failed", "not_attempted", "not_attempted"
    ))  # fmt: skip
    view = claims(made)
    assert [row.mark for row in view.rows] == ["exact", "reproduced", "fits"]
    assert figures(view.left_out) == ["2", "1"]
    one = summary_of(made)
    assert one.statuses == {"failed": 1, "not_attempted": 2}
    (line,) = literature([one]).papers
    assert (line.attempted, figures(line.held), figures(line.left)) == (
        3,
        ["2", "3"],
        ["2", "1"],
    )
    assert line.causes and line.left in text_of(render_literature([one]))


def test_the_literature_depends_on_no_order_and_a_study_left_out_takes_its_row_along() -> (
    None
):
    one = replace(summary_of(claimed({"family": "svm"})), id="a")
    again = replace(summary_of(claimed({"family": "lda"})), id="b")
    later = replace(one, id="0", paper=PaperShort("C (1999). D.", 1999))
    page = render_literature([one, again, later])
    assert page == render_literature([later, again, one])
    assert [line.id for line in literature([later, again, one]).papers] == [
        "a",
        "b",
        "0",
    ]
    (alone,) = literature([again]).papers
    assert list(map(figures, alone.of)) == [["1"]]


def test_a_summary_of_another_version_is_named_by_what_it_lacks() -> None:
    """What it has too much is no obstacle, and a field that is not there is named, not a traceback."""
    one = summary_of(claimed({"family": "svm"}))
    content = json.loads(json.dumps(one.as_json()))
    content["paper"]["why"] = "of an older version"
    assert Summary.of_json(content | {"signs": []}) == one
    del content["claims"][0]["quote"]
    with pytest.raises(ValueError, match="quote"):
        Summary.of_json(content)


def test_equal_cells_of_a_table_are_two_numbers() -> None:
    """Where the paper's own methods print one value each, or the place gives other values too, nothing is merged."""
    own = {"doubt": None, "where": "Table 2"}
    assert (
        numbers(claimed({"family": "svm"} | own, {"family": "random_forest"} | own))
        == 2
    )
    among = [
        {"family": f, "value": v}
        for f, v in (("svm", "97.5"), ("random_forest", "97.5"), ("svm", "90.0"))
    ]
    assert numbers(claimed(*among)) == 3
    stand_in = {"family": "random_forest", "where": "Table 2"}
    assert numbers(claimed({"family": "svm"} | own, stand_in)) == 1


def test_a_table_in_two_forms_is_one_dataset() -> None:
    claims = [{"family": "svm", "dataset": "few"}, {"family": "svm", "dataset": "all"}]
    made = claimed(*claims, datasets=TWO)
    assert distinct(made, ("few", "all")) == ("few",)
    assert numbers(made) == 1  # two analyses of one table, one number


def test_forms_are_counted_beside_other_datasets() -> None:
    sets = TWO | {
        "sonar": {"source": {"kind": "sklearn", "name": "iris"}, "target": "target"}
    }
    made = bundles.study(datasets=sets)
    tables = bundles.tables(made, 178, 13, ["0", "1"])
    for row in tables[:2]:
        row["raw_sha256"] = "ab" * 32
    bundle = bundles.made_of(made, tables=tables)
    assert distinct(bundle, ("all", "sonar", "few")) == ("all", "sonar")


SCORES = {"family": "method", "value": "auc"}
PREDICTIONS = {
    "family": "method",
    "fold": "fold",
    "row": "row",
    "truth": "truth",
    "p": "p_",
}


@pytest.mark.parametrize(
    ("what", "columns"), [("scores", SCORES), ("predictions", PREDICTIONS)]
)
def test_a_table_of_scores_is_no_dataset_of_so_many_rows(
    what: str, columns: dict[str, str]
) -> None:
    """On its own page, in the list of datasets, in exports and at the top: four methods are no four cases."""
    spec = {"source": {"kind": "csv", "file": "auc.csv"}, what: columns}
    names = {
        f"d{i}": spec | ({"metric": "accuracy"} if what == "scores" else {})
        for i in range(7)
    }
    nothing: dict[str, Any] = dict.fromkeys(
        ("clean", "preprocess", "protocol", "families", "compare")
    )
    made = bundles.study(datasets=names, **nothing)
    bundle = bundles.made_of(made, tables=bundles.tables(made, 4, 0, []))
    (listed,) = datasets(bundle)
    assert isinstance(listed, Table)
    table = Content(bundle).tables["datasets"]
    for row in (listed.rows[0], table.rows[0]):
        assert row[1:4] == (f"{what} only", Value(None), Value(None))
    assert opening(bundle, "d0", bundle.on("d0")).facts == ()


def own(*source: str, words: tuple[str, ...]) -> Bundle:
    """Claims on several places, each by the paper or by the study itself."""
    families, places = (
        ("svm", "random_forest", "logistic_regression"),
        ("Table 1", "Table 2", "by construction"),
    )
    stated = [
        {"family": f, "where": place, "source": who, "doubt": None}
        for f, place, who in zip(families, places, source, strict=False)
    ]
    made = claimed(*stated, words=words, answer="Less than half <of it> held up.")
    rows = made.frame("verdicts").to_dicts()
    told = [row | {"source": who} for row, who in zip(rows, source, strict=True)]
    return bundles.made_of(
        made.study, verdicts=told, tables=made.frame("tables").to_dicts()
    )


def test_a_number_of_the_study_s_own_is_judged_and_not_counted() -> None:
    made = own("paper", "paper", "author", words=("reproduced", "fits", "off"))
    one, shown = summary_of(made), claims(made)
    assert (numbers(made), marks(one), one.own) == (
        2,
        ["reproduced", "fits"],
        False,
    )
    assert [(row.id, row.mark, row.follows) for row in shown.apart] == [
        ("c2", "off", "")
    ]
    assert {row.id for row in shown.rows} == {"c0", "c1"}
    settle = open_claims(made)
    assert (figures(settle.counted.title), figures(settle.apart.title)) == (
        ["1", "2"],
        ["1", "1"],
    )
    assert figures(dict(lines(made))[HOLD[False]]) == ["1", "2"]


def test_the_author_s_answer_stands_under_the_question_as_text() -> None:
    page = render(own("paper", words=("reproduced",)))
    assert "<p>Less than half &lt;of it&gt; held up.</p>" in page


def test_what_is_not_reproduced_stands_after_the_central_claims_and_is_never_folded() -> (
    None
):
    stated = [
        {"id": f"c{i}", "kind": "value", "dataset": "wine", "family": "svm", "value": "96.4", "unit": "percent"}
        | {"where": f"p. {i}", "read": "source"} | ({"central": True} if i == 5 else {})
        for i in range(14)
    ]  # fmt: skip
    made = bundles.study(claims=stated)
    marks = {
        f"c{i}": "not_reproduced" if i in (3, 13) else "reproduced" for i in range(14)
    }
    view = claims(
        bundles.made_of(
            made,
            verdicts=[
                bundles.verdict(i, mark, "wine", "svm", "96.4")
                for i, mark in marks.items()
            ],
        )
    )
    assert [row.id for row in view.rows][:4] == ["c5", "c3", "c13", "c0"]
    assert view.folded and view.first == 6
