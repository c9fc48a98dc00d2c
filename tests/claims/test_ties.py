"""Equal values may have any order: a statistic of ranks is what it may be, from the least to the most."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.scores.external import external_results
from bench.text.chance import AnyOrder
from bench.text.compared import RoundedTooMuch
from tests.helpers.judge_cases import (
    a_study,
    has,
    judge,
    judge_given,
    reason,
    tables_of,
)

TABLE = """
  given: {source: {kind: csv, file: t.csv}, scores: {dataset: d, family: m, value: v}, metric: accuracy}
"""
#: Of A, B and C on seven datasets: A and B are equal on four, A is ahead on three; B and C are equal on the last.
PRINTED = [(0.9, 0.9, 0.7)] * 4 + [(0.9, 0.8, 0.7)] * 2 + [(0.9, 0.8, 0.8)]
RANK = "kind: statistic, statistic: mean_rank, tolerance: 0.1, metric: accuracy"


def judged(
    folder: Path, said: str, printed: Sequence[tuple[float, ...]] = PRINTED
) -> dict[str, Any]:
    text = f'  - {{id: c, {said}, where: "Table 1", read: source}}\n'
    rows = [
        (f"d{i}", family, value)
        for i, row in enumerate(printed)
        for family, value in zip("ABC", row, strict=False)
    ]
    table = pl.DataFrame(rows, schema=["d", "m", "v"], orient="row")
    return judge_given(folder, text, TABLE, table)["c"]


@pytest.mark.parametrize(
    ("said", "ours", "agreement", "order"),
    [
        ('family: A, value: "1.0"', 1.0, "reproduced", (1.0, 11 / 7)),
        ('family: A, value: "1.0", splits: same', 1.0, "reproduced", (1.0, 11 / 7)),
        ('family: A, value: "1.29"', 9 / 7, "exact", None),
        ('family: A, value: "2.0"', 11 / 7, "differs", (1.0, 11 / 7)),
        ('family: C, value: "2.5"', 20 / 7, "differs", (20 / 7, 3.0)),
    ],
)
def test_a_mean_rank(
    tmp_path: Path,
    said: str,
    ours: float,
    agreement: str,
    order: tuple[float, float] | None,
) -> None:
    row = judged(tmp_path, f"{RANK}, {said}")
    assert (row["ours"], row["agreement"]) == (pytest.approx(ours), agreement)
    found = reason(row, AnyOrder) if has(row, AnyOrder) else None
    ends = None if found is None else pytest.approx((found.least, found.most))
    assert order == ends


def test_ties_of_others_do_not_move_a_rank(tmp_path: Path) -> None:
    """A is first everywhere; only B and C are equal."""
    row = judged(tmp_path, f'{RANK}, family: A, value: "1.5"', [(0.9, 0.8, 0.8)] * 7)
    assert (row["ours"], row["agreement"]) == (1.0, "differs")


@pytest.mark.parametrize(
    ("counts", "agreement"),
    [
        ("wins: 3, ties: 4, losses: 0", "exact"),
        ("wins: 7, ties: 0, losses: 0", "exact"),  # four of them are equal
        ("wins: 4, ties: 1, losses: 2", "exact"),
        ("wins: 2, ties: 5, losses: 0", "differs"),  # A is ahead on three
        ("wins: 8, ties: 0, losses: 0", "differs"),  # of seven datasets
        ('wins: 7, ties: 0, losses: 0, gain: "50.0"', "differs"),
    ],
)
def test_counts_of_wins(tmp_path: Path, counts: str, agreement: str) -> None:
    row = judged(
        tmp_path,
        f"kind: counted, test: none, pairs: [{{family: A, against: B, {counts}}}]",
    )
    assert row["agreement"] == agreement


def test_a_wrong_pair_is_not_hidden_by_another(tmp_path: Path) -> None:
    pairs = "{family: A, against: B, wins: 7, ties: 0, losses: 0}, {family: A, against: C, wins: 6, ties: 1, losses: 0}"
    assert (
        judged(tmp_path, f"kind: counted, test: none, pairs: [{pairs}]")["agreement"]
        == "differs"
    )


#: Differences of A and B in units of the last decimal: three of one unit, one of minus one, and three far from these.
NEAR = [
    (0.86, 0.85),
    (0.81, 0.80),
    (0.71, 0.70),
    (0.90, 0.91),
    (0.88, 0.84),
    (0.78, 0.71),
    (0.85, 0.75),
]
#: The same, each two units or more from the next.
FAR = [
    (0.87, 0.85),
    (0.84, 0.80),
    (0.76, 0.70),
    (0.81, 0.89),
    (0.99, 0.89),
    (0.83, 0.71),
    (0.89, 0.75),
]


@pytest.mark.parametrize(
    ("statistic", "printed", "value", "agreement"),
    [
        ("signed_rank_minus", NEAR, "1", "reproduced"),  # before it was rounded
        ("signed_rank_minus", NEAR, "2.5", "exact"),
        ("signed_rank_minus", FAR, "4", "exact"),
        ("signed_rank_minus", FAR, "1", "differs"),
        ("wins", NEAR, "6", "exact"),
        ("wins", NEAR, "7", "differs"),  # a count was not rounded
        ("mean_rank_z", NEAR, "1.0", "differs"),  # ranks within datasets are known
        ("friedman_chi2", PRINTED, "13.6", "reproduced"),
        ("friedman_chi2", PRINTED, "5.0", "differs"),
    ],
)
def test_what_the_order_of_equal_values_can_do(
    statistic: str,
    printed: list[tuple[float, ...]],
    value: str,
    agreement: str,
    tmp_path: Path,
) -> None:
    whose = "" if statistic == "friedman_chi2" else "family: A, against: B, "
    said = f'kind: statistic, statistic: {statistic}, {whose}metric: accuracy, value: "{value}"'
    assert judged(tmp_path, said, printed)["agreement"] == agreement


@pytest.mark.parametrize(
    ("gain", "agreement"),
    [("4.39", "exact"), ("4.4", "exact"), ("4.38", "reproduced"), ("4.41", "differs")],
)  # 4.387
def test_a_relative_gain_is_arithmetic(
    gain: str, agreement: str, tmp_path: Path
) -> None:
    pair = f'{{family: A, against: B, wins: 6, ties: 0, losses: 1, gain: "{gain}"}}'
    row = judged(
        tmp_path, f"kind: counted, test: none, metric: accuracy, pairs: [{pair}]", NEAR
    )
    assert row["agreement"] == agreement


@pytest.mark.parametrize(
    ("statistic", "value", "agreement"),
    [
        ("mean_rank", "1.0", "exact"),  # ties share the better rank
        ("mean_rank", "1.14", "exact"),  # or have some order
        ("mean_rank", "1.9", "differs"),
        ("worst_rank", "2", "exact"),
        ("worst_rank", "3", "differs"),
        ("datasets", "7", "exact"),
        ("datasets", "8", "differs"),  # a count was not rounded
    ],
)
def test_printed_ranks_of_equal_values(
    statistic: str, value: str, agreement: str, tmp_path: Path
) -> None:
    number = f'{{dataset: all, family: A, metric: accuracy, statistic: {statistic}, value: "{value}"}}'
    row = judged(
        tmp_path, f"kind: printed, numbers: [{number}]", [line[:2] for line in PRINTED]
    )
    assert row["agreement"] == agreement


@pytest.mark.parametrize(
    ("dataset", "family", "value", "agreement"),
    [
        ("d0", "A", "1", "exact"),
        ("d0", "A", "2", "exact"),
        ("d6", "A", "2", "differs"),
        ("d6", "B", "1", "differs"),
    ],
)
def test_a_printed_rank_is_whole(
    dataset: str, family: str, value: str, agreement: str, tmp_path: Path
) -> None:
    """A and B are equal on d0, and A is ahead on d6."""
    number = (
        f'{{dataset: {dataset}, family: {family}, metric: accuracy, value: "{value}"}}'
    )
    row = judged(
        tmp_path, f"kind: printed, splits: same, among: [A, B], numbers: [{number}]"
    )
    assert row["agreement"] == agreement


EQUAL = [(value, value) for value in (0.86, 0.81, 0.71, 0.91, 0.88, 0.78, 0.85)]


@pytest.mark.parametrize(
    ("margin", "better", "equivalent"),
    [(0.001, "off", "fits"), (0.02, "differs", "reproduced")],
)
def test_equal_printed_values_are_equal_within_their_rounding(
    margin: float, better: str, equivalent: str, tmp_path: Path
) -> None:
    about = f"family: A, against: B, metric: accuracy, tolerance: {margin}"
    assert judged(tmp_path, f"kind: better, {about}", EQUAL)["agreement"] == better
    assert (
        judged(tmp_path, f"kind: equivalent, {about}", EQUAL)["agreement"] == equivalent
    )


#: On d0 all numbers end in a zero, which a file of numbers does not keep.
ZEROS = [(0.80, 0.90), (0.81, 0.92), (0.73, 0.78), (0.66, 0.71)]


@pytest.mark.parametrize(
    ("said", "agreement"),
    [
        (
            'kind: value, dataset: d0, family: A, value: "0.84", tolerance: 0.001',
            "differs",
        ),
        (
            'kind: value, dataset: d0, family: A, value: "0.802", tolerance: 0.001',
            "reproduced",
        ),  # .795 to .805
        (
            "kind: better, dataset: d0, family: A, against: B, tolerance: 0.001",
            "differs",
        ),
        (
            "kind: equivalent, dataset: d0, family: A, against: B, tolerance: 0.001",
            "differs",
        ),
    ],
)
def test_zeros_at_the_end_are_decimals(
    said: str, agreement: str, tmp_path: Path
) -> None:
    row = judged(tmp_path, f"{said}, metric: accuracy, splits: same", ZEROS)
    assert row["agreement"].replace("reproduced", "exact") == agreement.replace(
        "reproduced", "exact"
    )


@pytest.mark.parametrize(
    ("margin", "agreement"),
    [
        (0.001, "fits"),
        (0.02, "reproduced"),
        (0.0101, "reproduced"),
        (0.009, "fits"),
    ],
)
def test_equal_values_on_one_dataset_are_equal_within_their_rounding(
    margin: float, agreement: str, tmp_path: Path
) -> None:
    said = f"kind: equivalent, dataset: d0, family: A, against: B, metric: accuracy, splits: same, tolerance: {margin}"
    row = judged(tmp_path, said, EQUAL)
    assert row["agreement"] == agreement
    assert has(row, RoundedTooMuch) == (agreement == "fits")


def test_a_relative_gain_over_nothing_is_none(tmp_path: Path) -> None:
    """Scores of 0 on one dataset: it counts as a tie, and has no gain."""
    scores = [(0.0, 0.0), *[(0.2, 0.1)] * 3]
    for gain in ("", ', gain: "100.0"'):
        pair = f"{{family: A, against: B, wins: 3, ties: 1, losses: 0{gain}}}"
        row = judged(
            tmp_path,
            f"kind: counted, test: none, metric: accuracy, pairs: [{pair}]",
            scores,
        )
        assert row["agreement"] == "exact"


def test_means_that_float_noise_alone_parts(tmp_path: Path) -> None:
    """The same scores in another order may have another sum."""
    table = TABLE.replace("value: v}", "value: v, fold: f}")
    rows = [
        (f"d{i}", m, f, v)
        for i in range(3)
        for m, values in (("A", [0.1, 0.2, 0.3]), ("B", [0.3, 0.2, 0.1]))
        for f, v in enumerate(values)
    ]
    frame = pl.DataFrame(rows, schema=["d", "m", "f", "v"], orient="row")
    line = f'  - {{id: c, {RANK}, family: A, value: "1.0", splits: same, where: T, read: source}}\n'
    row = judge_given(tmp_path, line, table, frame)["c"]
    assert (row["ours"], row["agreement"]) == (1.0, "reproduced")
    assert reason(row, AnyOrder) == AnyOrder(1.0, 2.0)


def test_another_table_has_decimals_of_its_own(tmp_path: Path) -> None:
    """.853 printed as .85 beside a table of five decimals."""
    more = TABLE.replace("given:", "more:").replace("t.csv", "m.csv")
    claim = "kind: value, dataset: d0, family: A, metric: accuracy, splits: same, tolerance: 0.0001, where: T, read: source"
    text = f'  - {{id: c, {claim}, value: "0.853"}}\n'
    made = a_study(tmp_path, text, families="null", datasets=TABLE + more)
    datasets = {name: made.datasets[name] for name in ("given", "more")}
    made = made.model_copy(
        update={"datasets": datasets, "protocol": None, "task": None}
    )
    read = {
        "given": [("d0", "A", 0.85), ("d1", "A", 0.71)],
        "more": [("z", "A", 0.12345)],
    }
    given = external_results(
        made,
        tables_of("given", "more"),
        lambda name: pl.DataFrame(read[name], schema=["d", "m", "v"], orient="row"),
    )
    row = judge(given.study, given.scores, given.folds, given.tables)["c"]
    assert (row["agreement"], row["tolerance_used"]) == (
        "reproduced",
        pytest.approx(0.006),
    )
