"""Printed statistics over datasets, from tables that are published together with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.claims.statistic import STATISTICS
from bench.text.chance import Arithmetic, CountsAlone
from bench.text.unjudged import (
    FamilyWithoutMetric,
    NoScores,
    StatisticTooFew,
    StatisticTooLarge,
)
from tests.helpers.judge_cases import has, judge_given, reason

REFERENCE = Path(__file__).parents[1] / "reference"
TABLE = """
  given:
    {{source: {{kind: csv, file: t.csv}}, scores: {{dataset: dataset, family: method, value: v}}, metric: {metric}}}
"""
#: statistic, family, against, printed value, level, verdict
Line = tuple[str, str | None, str | None, str, float | None, str]


def judged(
    folder: Path,
    file: str,
    metric: str,
    lines: Sequence[Line],
    columns: Sequence[int] | None = None,
    more: str = "",
    extra: dict[str, int] | None = None,
) -> dict[str, dict[str, Any]]:
    """The verdict rows of claims on a study whose data are the scores of a table, by id c0, c1, ..."""
    wide = pl.read_csv(REFERENCE / file)
    wide = wide if columns is None else wide.select("dataset", pl.nth(columns))
    table = wide.unpivot(index="dataset", variable_name="method", value_name="v")
    fields = ("statistic", "family", "against", "value", "level")
    claims = ""
    for i, line in enumerate(lines):
        said = ", ".join(
            f'{field}: "{value}"' if isinstance(value, str) else f"{field}: {value}"
            for field, value in zip(fields, line, strict=False)
            if value is not None
        )
        claims += f'  - {{id: c{i}, kind: statistic, {said}, where: "p. 3", read: source{more}}}\n'
    named = TABLE.replace(
        "value: v", f"value: v{''.join(f', {key}: {key}' for key in extra or {})}"
    )
    table = table.with_columns(
        pl.lit(value).alias(key) for key, value in (extra or {}).items()
    )
    datasets = named.format(metric=metric)
    return judge_given(folder, claims, datasets, table, primary=metric)


def check(folder: Path, file: str, metric: str, lines: Sequence[Line]) -> None:
    found = judged(folder, file, metric, lines)
    wrong = [
        (
            line,
            found[f"c{i}"]["ours"],
            found[f"c{i}"]["agreement"],
            found[f"c{i}"]["reasons"],
        )
        for i, line in enumerate(lines)
        if found[f"c{i}"]["agreement"] != line[5]
    ]
    assert not wrong, wrong


def test_demsar_from_the_printed_ranks(tmp_path: Path) -> None:
    """Ranks are scores of which the lower are better; ranking them again changes nothing."""
    check(tmp_path, "demsar2006_published_ranks.csv", "mae", [
        ("friedman_chi2", None, None, "9.28", None, "exact"),
        ("friedman_f", None, None, "3.69", None, "exact"),
        ("friedman_f_critical", None, None, "2.85", None, "exact"),
        ("mean_rank", "C4.5", None, "3.143", None, "exact"),
        ("mean_rank", "C4.5+m", None, "2.000", None, "exact"),
        ("mean_rank", "C4.5+cf", None, "2.893", None, "exact"),
        ("mean_rank", "C4.5+m+cf", None, "1.964", None, "exact"),
        ("rank_se", None, None, "0.488", None, "exact"),
        ("nemenyi_q", None, None, "2.569", None, "exact"),
        ("nemenyi_q", None, None, "2.291", 0.9, "exact"),
        ("bonferroni_dunn_q", None, None, "2.394", None, "exact"),
        ("bonferroni_dunn_q", None, None, "2.128", 0.9, "exact"),
        ("critical_difference", None, None, "1.25", None, "exact"),
        ("critical_difference", None, None, "1.12", 0.9, "exact"),
        ("critical_difference_to_one", None, None, "1.168", None, "exact"),
        ("critical_difference_to_one", None, None, "1.16", None, "reproduced"),  # a unit of the last digit
        ("mean_rank_z", "C4.5+m+cf", "C4.5", "2.415", None, "exact"),
        ("mean_rank_z", "C4.5", "C4.5+m+cf", "-2.415", None, "exact"),
        ("mean_rank_z", "C4.5+m", "C4.5", "2.342", None, "exact"),
        ("mean_rank_z", "C4.5+cf", "C4.5", "0.512", None, "exact"),
        ("mean_rank_p", "C4.5+m+cf", "C4.5", "0.016", None, "exact"),
        ("mean_rank_p", "C4.5", "C4.5+m", "0.019", None, "exact"),
        ("mean_rank_p", "C4.5+cf", "C4.5", "0.608", None, "exact"),
    ])  # fmt: skip


def test_demsar_from_the_printed_scores(tmp_path: Path) -> None:
    """The paper ranked unrounded scores: where printed ones tie, what they give cannot refute what is printed."""
    check(tmp_path, "demsar2006_auc.csv", "roc_auc", [
        ("friedman_chi2", None, None, "9.86", None, "exact"),
        ("friedman_chi2", None, None, "9.28", None, "reproduced"),
        ("friedman_f", None, None, "3.987", None, "exact"),
        ("critical_difference", None, None, "1.25", None, "exact"),
        ("critical_difference", None, None, "1.75", None, "differs"),
        ("signed_rank_t", "C4.5+m", "C4.5", "12", None, "exact"),
        ("signed_rank_plus", "C4.5+m", "C4.5", "93", None, "exact"),
        ("signed_rank_minus", "C4.5+m", "C4.5", "12", None, "exact"),
        ("signed_rank_plus", "C4.5", "C4.5+m", "12", None, "exact"),
        ("wins", "C4.5+m", "C4.5", "10", None, "exact"),
    ])  # fmt: skip


def test_garcia_and_herrera(tmp_path: Path) -> None:
    """All pairs of five families over thirty datasets, adjusted as their table has it."""
    check(tmp_path, "garcia_herrera2008_accuracy.csv", "accuracy", [
        ("friedman_chi2", None, None, "39.647", None, "exact"),
        ("friedman_f", None, None, "14.309", None, "exact"),
        ("mean_rank_p", "C4.5", "k-NN(k=1)", "0.004848763", None, "exact"),
    ])  # fmt: skip


SEEN: list[Line] = [
    ("signed_rank_plus", "C4.5+m", "C4.5", "93", None, ""), ("signed_rank_t", "C4.5+m", "C4.5", "12", None, ""),
    ("wins", "C4.5+m", "C4.5", "11", None, ""), ("friedman_f_critical", None, None, "9.99", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("splits", "made_by", "verdicts"),
    [
        (
            "unknown",
            {},
            ["exact", "exact", "reproduced", "differs"],
        ),  # in some order of equal printed scores
        ("same", {"fold": 0}, ["exact", "exact", "reproduced", "differs"]),
        ("unknown", {"fold": 0}, ["reproduced", "reproduced", "off", "off"]),
        (
            "other_sample",
            {"fold": 0},
            ["reproduced", "reproduced", "off", "off"],
        ),
    ],
)
def test_arithmetic_is_of_the_papers_own_table_only(
    splits: str, made_by: dict[str, int], verdicts: list[str], tmp_path: Path
) -> None:
    """Of splits that somebody drew anew a statistic is neither exact nor refuted."""
    rows = judged(
        tmp_path,
        "demsar2006_auc.csv",
        "roc_auc",
        SEEN,
        more=f", splits: {splits}",
        extra=made_by,
    )
    assert [rows[f"c{i}"]["agreement"] for i in range(4)] == verdicts
    arithmetic = [has(rows[f"c{i}"], Arithmetic) for i in range(4)]
    assert set(arithmetic) == {verdicts[3] == "differs"}


def test_a_critical_difference_rests_on_counts_alone(tmp_path: Path) -> None:
    line: Line = ("critical_difference", None, None, "1.25", None, "")
    row = judged(tmp_path, "demsar2006_auc.csv", "roc_auc", [line], extra={"fold": 0})[
        "c0"
    ]
    assert (row["agreement"], reason(row, CountsAlone)) == ("exact", CountsAlone(14, 4))


def test_what_no_such_table_can_give(tmp_path: Path) -> None:
    """Fourteen datasets, four families."""
    lines: list[Line] = [
        ("wins", "C4.5+m", "C4.5", "15", None, ""), ("mean_rank", "C4.5", None, "4.1", None, ""),
        ("friedman_chi2", None, None, "42.1", None, ""), ("signed_rank_t", "C4.5", "C4.5+m", "54", None, ""),
        ("friedman_chi2", None, None, "42.0", None, ""),
    ]  # fmt: skip
    rows = judged(tmp_path, "demsar2006_auc.csv", "roc_auc", lines)
    assert [rows[f"c{i}"]["status"] == "impossible" for i in range(5)] == [True] * 4 + [
        False
    ]
    assert rows["c2"]["reasons"] == (
        StatisticTooLarge("friedman_chi2", "42.1", 42, 14, 4),
    )


def test_own_tolerance(tmp_path: Path) -> None:
    line: Line = ("friedman_chi2", None, None, "9.28", None, "")
    row = judged(
        tmp_path, "demsar2006_auc.csv", "roc_auc", [line], more=", tolerance: 1.0"
    )["c0"]
    assert row["agreement"] == "reproduced"


def test_two_families_have_no_friedman_but_signed_ranks(tmp_path: Path) -> None:
    lines: list[Line] = [
        ("friedman_chi2", None, None, "9.28", None, ""), ("signed_rank_t", "C4.5", "C4.5+m", "12", None, ""),
        ("signed_rank_t", "C4.5", "C4.5+n", "12", None, ""),
    ]  # fmt: skip
    rows = judged(tmp_path, "demsar2006_auc.csv", "roc_auc", lines, columns=[1, 2])
    assert [rows[f"c{i}"]["agreement"] for i in range(3)] == [None, "exact", None]
    assert rows["c0"]["reasons"] == (StatisticTooFew("friedman_chi2", 3),)
    assert reason(rows["c2"], FamilyWithoutMetric).family == "C4.5+n"


def test_every_statistic_has_a_title_and_knows_whose_it_is() -> None:
    for name, one in STATISTICS.items():
        assert one.title and one.of in ((), ("family",), ("family", "against")), name
        assert not (one.alone and one.of != ("family", "against")), name


@pytest.mark.parametrize(
    ("said", "absent", "agreement"),
    [
        ('statistic: mean_rank, family: A, value: "1.25"', ["C"], None),
        (
            'statistic: wins, family: A, against: B, value: "5"',
            ["C"],
            "exact",
        ),  # C has no part in it
        ('statistic: wins, family: A, against: C, value: "3"', ["C"], None),
    ],
)
def test_a_statistic_of_families_that_are_absent_somewhere(
    said: str, absent: list[str], agreement: str | None, tmp_path: Path
) -> None:
    """A is ahead of B on five of six datasets; C has no row on the last two, and is ahead of A on the first."""
    rows = [
        (f"d{i}", family, value)
        for i in range(6)
        for family, value in (
            ("A", 0.8),
            ("B", 0.9 if i == 5 else 0.7),
            ("C", 0.9 if i == 0 else 0.6),
        )
        if i < 4 or family not in absent
    ]
    claims = f'  - {{id: c, kind: statistic, metric: accuracy, {said}, where: "p. 3", read: source}}\n'
    table = pl.DataFrame(rows, schema=["dataset", "method", "v"], orient="row")
    datasets = TABLE.format(metric="accuracy")
    row = judge_given(tmp_path, claims, datasets, table)["c"]
    assert row["agreement"] == agreement
    assert agreement is not None or reason(row, NoScores).family == "C"
