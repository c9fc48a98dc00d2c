"""An order has no number: tables have the claimed one and the one found, and a falsifier is named with its number."""

from __future__ import annotations

from typing import Any

import pytest

from bench.core.outcomes import encoded
from bench.report.bundle import Bundle
from bench.report.exports import export
from bench.report.exports.as_numbers import named_numbers
from bench.report.sections.claims import claims
from bench.report.styles import styles_of
from bench.report.text.claim_names import claim_names
from bench.study.reading import OF_AUTHOR
from bench.text.compared import RankingsCompared
from tests.helpers import bundles

FOUND = "svm > random_forest"


def ordered() -> Bundle:
    """Two orders of one dataset of which the second is found."""
    stated, rows = [], []
    for name, order in (
        ("x", ["random_forest", "svm"]),
        ("y", ["svm", "random_forest"]),
    ):
        fields = {
            "id": name,
            "kind": "order",
            "dataset": "wine",
            "order": order,
            "metric": "accuracy",
        }
        stated.append(fields | {"where": "Table 1", "read": "source"})
        compared = RankingsCompared(
            " > ".join(order), FOUND, 1.0 if name == "y" else -1.0, None, 2
        )
        row = bundles.verdict(
            name, "consistent", "wine", "svm", "0", kind="order", metric="accuracy"
        )
        row |= {
            "family": None,
            "published": None,
            "unit": None,
            "ours": compared.tau,
            "difference": None,
            "low": None,
        }
        rows.append(
            row
            | {
                "high": None,
                "detectable": 0.05,
                "p": 1.0,
                "reasons": encoded([compared]),
            }
        )
    made = bundles.study(claims=stated, tolerance={"accuracy": 0.01, "why": "w"})
    return bundles.made_of(made, verdicts=rows)


def test_the_orders_of_one_dataset_have_names_of_their_own() -> None:
    bundle = ordered()
    first, second = claim_names(bundle, styles_of(bundle)).values()
    titles = [styles_of(bundle).family(name).title for name in ("svm", "random_forest")]
    assert (
        first == f"Order {' > '.join(reversed(titles))}"
        and second == f"Order {' > '.join(titles)}"
    )


def test_a_row_of_an_order_has_the_order_found_and_no_bare_interval() -> None:
    view = claims(ordered())
    assert {row.ours for row in view.rows} == {
        styles_of(ordered()).order(("svm", "random_forest"))
    }
    assert [(row.of, row.interval, row.order) for row in view.rows] == [
        ("", "", True)
    ] * 2
    assert view.no_interval == ""
    assert view.rows[0].unseen.startswith(
        "A true difference of 5.0"
    )  # percentage points, as of every share
    (table,) = (
        text
        for name, text in export(ordered(), ["markdown"]).items()
        if name.endswith(".md")
    )
    assert "improvement" not in table and "1.00" not in table.partition("- Order")[0]


def test_tau_is_named_as_tau_in_numbers() -> None:
    names = {
        name.rpartition(".")[2]
        for name in named_numbers(ordered())
        if ":claim." in name
    }
    assert names == {"tau", "agreement"}


@pytest.mark.parametrize(("claim", "name"), [
    ({"kind": "range", "at_least": "85", "unit": "percent"}, "Accuracy of {} is at least 85\u202f%"),
    ({"kind": "value", "value": "0.9", "unit": "fraction"}, "Accuracy of {} is 0.9"),
    ({"kind": "best"}, "{} best of all"),
])  # fmt: skip
def test_a_falsifier_is_named_with_its_number(claim: dict[str, Any], name: str) -> None:
    fields = {
        "id": "f",
        "dataset": "wine",
        "family": "svm",
        "metric": "accuracy",
        **OF_AUTHOR,
    } | claim
    row = bundles.verdict(
        "f", "reproduced", "wine", "svm", claim.get("value", "85"), kind=claim["kind"]
    )
    row |= {
        "falsifier": True,
        "source": "author",
        "unit": claim.get("unit"),
        "metric": "accuracy",
    }
    row |= {"stated": "at least 85"} if claim["kind"] == "range" else {}
    row |= {"published": None} if claim["kind"] == "best" else {}
    bundle = bundles.made_of(bundles.study(falsified_if=[fields]), verdicts=[row])
    title = styles_of(bundle).family("svm").title
    assert claim_names(bundle, styles_of(bundle))["f"] == name.format(title)
