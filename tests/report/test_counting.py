"""What is counted once: a published number that several claims speak of, a table in several forms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.report.blocks import Facts, Table, find_tables
from bench.report.bundle import Bundle
from bench.report.exports.content import Content
from bench.report.facts import distinct
from bench.report.page import render
from bench.report.plain import plain
from bench.report.sections.claims import claims, sum_up_claims
from bench.report.sections.datasets import datasets, opening
from bench.report.sections.open_claims import open_claims
from bench.report.summary import Summary, summary_of
from bench.report.values import Value
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


def rows_of(bundle: Bundle) -> dict[str, tuple[Any, ...]]:
    """The rows of the tables of claims, by table."""
    return {table.id: table.rows for table in find_tables(claims(bundle))}


def marks(one: Summary) -> list[str]:
    return [claim.agreement for claim in one.claims]


def test_every_share_is_of_the_claims_that_were_attempted() -> None:
    """Table and summary: one denominator, and the others named apart."""
    left = {"family": "lda", "doubt": None, "not_attempted": "no", "value": "90.0"}
    tried = [{"family": "svm", "where": f"Table {i}", "doubt": None} for i in range(4)]
    made = claimed(*tried, left, left | {"where": "Table 9"}, words=(
        "exact", "reproduced", "fits", "failed", "not_attempted", "not_attempted"
    ))  # fmt: skip
    assert len(rows_of(made)["claims"]) == 3
    one = summary_of(made)
    assert one.statuses == {"failed": 1, "not_attempted": 2}


def test_a_summary_of_another_version_is_named_by_what_it_lacks() -> None:
    """What it has too much is no obstacle, and a field that is not there is named, not a traceback."""
    one = summary_of(claimed({"family": "svm"}))
    content = json.loads(json.dumps(one.as_json()))
    content["paper"]["why"] = "of an older version"
    assert Summary.of_json(content | {"signs": []}) == one
    del content["claims"][0]["claim"]
    with pytest.raises(ValueError, match="claim"):
        Summary.of_json(content)


def test_a_table_in_two_forms_is_one_dataset() -> None:
    claims = [{"family": "svm", "dataset": "few"}, {"family": "svm", "dataset": "all"}]
    made = claimed(*claims, datasets=TWO)
    assert distinct(made, ("few", "all")) == ("few",)


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
    opened = opening(bundle, "d0", bundle.on("d0"))
    assert not any(isinstance(block, Facts) for block in opened)


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
    one, shown = summary_of(made), rows_of(made)
    assert (marks(one), one.own) == (
        ["reproduced", "fits"],
        False,
    )
    assert (len(shown["claims"]), len(shown["expectations"])) == (2, 1)
    (settle,) = find_tables(open_claims(made))
    assert sum(row[1].number for row in settle.rows if len(row) > 1) == 1
    told = dict(sum_up_claims(made))
    assert figures(plain(told["Open"])) == ["1", "2"]


def test_the_author_s_answer_stands_under_the_question_as_text() -> None:
    page = render(own("paper", words=("reproduced",)))
    assert "<p>Less than half &lt;of it&gt; held up.</p>" in page
