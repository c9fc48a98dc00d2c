"""An order has no number: tables have the claimed one and the one found, and a falsifier is named with its number."""

from __future__ import annotations

from bench.core.outcomes import encoded
from bench.report.blocks import find_tables
from bench.report.bundle import Bundle
from bench.report.claim_names import claim_names
from bench.report.sections.claims import claims
from bench.report.styles import styles_of
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
    orders = (("random_forest", "svm"), ("svm", "random_forest"))
    assert (first, second) == tuple(map(styles_of(bundle).order, orders))


def test_a_row_of_an_order_has_the_order_found_and_no_number() -> None:
    bundle = ordered()
    (table,) = find_tables(claims(bundle))
    found = styles_of(bundle).order(("svm", "random_forest"))
    place = table.columns.index("Ours")
    assert [row[place] for row in table.rows] == [found, found]
    assert "Ours − printed" not in table.columns
    assert "Model − model" not in table.columns
