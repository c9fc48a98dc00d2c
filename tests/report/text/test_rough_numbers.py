"""What is roughly known is printed roughly, and no digit is padded."""

from __future__ import annotations

from dataclasses import replace

from bench.core.replication import SelectionRow
from bench.report.text.replication import selection


def test_the_best_of_three() -> None:
    """E[max of three] is 3 / (2 sqrt(pi)) = 0.8463, not 0.8460."""
    row = SelectionRow(
        claim="c", metric="rmse", side="test", unit=None, dataset="d", family="f", families=3, expected_max=0.84628,
        selection_bias=0.0051132,
    )  # fmt: skip
    (said,) = selection([row])
    assert "scores 0.85 standard errors too high on average, by chance alone (0.0051 here)." in said
    (said,) = selection([row, replace(row, selection_bias=0.02), replace(row, selection_bias=None)])
    assert "(0.0051 to 0.02 here)" in said
