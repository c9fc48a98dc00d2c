"""An order has no number: tables have the claimed one and the one found, and a falsifier is named with its number."""

from __future__ import annotations

from bench.core.outcomes import encoded
from bench.report.bundle import Bundle
from bench.report.exports import export
from bench.report.sections.claims import claims
from bench.report.styles import styles_of
from bench.report.text.claim_names import claim_names
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
            name, "fits", "wine", "svm", "0", kind="order", metric="accuracy"
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
