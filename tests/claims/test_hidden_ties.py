"""Equal values of a printed table, whose order before rounding is not known: what ranks them refutes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.claims.judged_by import claim_sort
from bench.core.judgements import VerdictRow
from bench.core.outcomes import decoded, encoded
from bench.scores.external import external_results
from bench.text.chance import TiesHidden
from bench.text.judgements import Settle
from tests.helpers.judge_cases import a_study, has, judge, reason, tables_of

TABLE = """
  given: {source: {kind: csv, file: t.csv}, scores: {dataset: d, family: m, value: v}, metric: accuracy}
"""
#: Of A, B and C on seven datasets: A and B are equal on four, A is ahead on three; B and C are equal on the last.
PRINTED = [(0.9, 0.9, 0.7)] * 4 + [(0.9, 0.8, 0.7)] * 2 + [(0.9, 0.8, 0.8)]
RANK = "kind: rank, tolerance: 0.1, metric: accuracy"


def judged(folder: Path, said: str, printed: list[tuple[float, ...]] = PRINTED) -> dict[str, Any]:
    text = f'  - {{id: c, {said}, where: "Table 1", read: source}}\n'
    made = a_study(folder, text, families="null", datasets=TABLE)
    made = made.model_copy(update={"datasets": {"given": made.datasets["given"]}, "protocol": None, "task": None})
    rows = [
        (f"d{i}", family, value) for i, row in enumerate(printed) for family, value in zip("ABC", row, strict=False)
    ]
    table = pl.DataFrame(rows, schema=["d", "m", "v"], orient="row")
    given = external_results(made, tables_of("given"), lambda _: table)
    return judge(given.study, given.scores, given.folds, given.tables)["c"]


@pytest.mark.parametrize(
    ("said", "ours", "agreement", "ties"),
    [
        ('family: A, value: "1.0"', 9 / 7, "unclear", 4),
        ('family: A, value: "1.0", splits: same', 9 / 7, "unclear", 4),
        ('family: A, value: "1.29"', 9 / 7, "exact", None),
        ('family: C, value: "2.5"', 20.5 / 7, "unclear", 1),
        ('family: C, value: "2.5", among: [A, C]', 2.0, "differs", None),  # of no equal values
    ],
)
def test_a_mean_rank(tmp_path: Path, said: str, ours: float, agreement: str, ties: int | None) -> None:
    row = judged(tmp_path, f"{RANK}, {said}")
    assert (row["ours"], row["agreement"]) == (pytest.approx(ours), agreement)
    assert (reason(row, TiesHidden).count if has(row, TiesHidden) else None) == ties


def test_ties_of_others_do_not_move_a_rank(tmp_path: Path) -> None:
    """A is first everywhere; only B and C are equal."""
    for said in (RANK, "kind: statistic, statistic: mean_rank, tolerance: 0.1, metric: accuracy"):
        row = judged(tmp_path, f'{said}, family: A, value: "1.5"', [(0.9, 0.8, 0.8)] * 7)
        assert (row["ours"], row["agreement"]) == (1.0, "differs")


@pytest.mark.parametrize(
    ("counts", "agreement"),
    [
        ("wins: 3, ties: 4, losses: 0", "exact"),
        ("wins: 7, ties: 0, losses: 0", "unclear"),
        ("wins: 4, ties: 1, losses: 2", "unclear"),
        ("wins: 2, ties: 5, losses: 0", "differs"),  # A is ahead on three
        ("wins: 8, ties: 0, losses: 0", "differs"),  # of seven datasets
        ('wins: 7, ties: 0, losses: 0, gain: "50.0"', "differs"),
    ],
)
def test_counts_of_wins(tmp_path: Path, counts: str, agreement: str) -> None:
    row = judged(tmp_path, f"kind: counted, test: none, pairs: [{{family: A, against: B, {counts}}}]")
    assert row["agreement"] == agreement
    if agreement == "unclear":
        assert reason(row, TiesHidden) == TiesHidden(4)
        assert decoded(row["settle"]) == (Settle("source"),)
        fields = {key: row[key] for key in VerdictRow.__dataclass_fields__} | {"reasons": encoded(row["reasons"])}
        assert claim_sort(VerdictRow(**fields)) == "ties"
    assert has(row, TiesHidden) == (agreement == "unclear")


def test_a_wrong_pair_is_not_hidden_by_another(tmp_path: Path) -> None:
    pairs = "{family: A, against: B, wins: 7, ties: 0, losses: 0}, {family: A, against: C, wins: 6, ties: 1, losses: 0}"
    assert judged(tmp_path, f"kind: counted, test: none, pairs: [{pairs}]")["agreement"] == "differs"
