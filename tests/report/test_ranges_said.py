"""A claimed range and a count of so many cases are said as the paper does, wherever a claim is printed."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from bench.claims.judged_by import has_interval
from bench.cli.show import _show_judged
from bench.report.bundle import Bundle
from bench.report.exports import export
from bench.report.sections.claim_rows import without_interval
from bench.report.styles import styles_of
from bench.report.text.claims import intervals
from bench.report.text.finding import FindingOfClaims
from bench.text.formats import THIN
from tests.helpers import bundles

STATED = {"range": "79 to 81", "count": "at most 20 of 100"}


def claimed(kind: str, **changes: object) -> Bundle:
    """The first claim of a made bundle as a range, or a count, in [-0.86, -0.04] around the end 81 or 20."""
    bundle = bundles.classification()
    row = {
        "kind": kind,
        "published": {"range": "81", "count": "20"}[kind],
        "stated": STATED[kind],
    }
    row |= {
        "unit": "percent" if kind == "range" else None,
        "low": -0.86,
        "high": -0.04,
        "p": 0.8,
    } | changes
    first = pl.int_range(pl.len()) == 0
    frame = bundle.frames["verdicts"]
    one = [
        pl.when(first)
        .then(pl.lit(value, frame.schema[name]))
        .otherwise(name)
        .alias(name)
        for name, value in row.items()
    ]
    return replace(
        bundle, frames={**bundle.frames, "verdicts": frame.with_columns(one)}
    )


@pytest.mark.parametrize("kind", STATED)
def test_a_range_is_never_one_number(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, unit = claimed(kind), f"{THIN}%" if kind == "range" else ""
    _show_judged("claim", bundle.verdicts[:1])
    assert (
        STATED[kind].rpartition(" ")[0] in capsys.readouterr().out
    )  # a narrow column breaks before the last word
    (tex,) = export(bundle, ["numbers"]).values()
    assert (
        f"claim.{bundle.verdicts[0].claim}.published\\endcsname{{{STATED[kind]}}}"
        in tex
    )
    (table,) = (
        text
        for name, text in export(bundle, ["markdown"]).items()
        if name.endswith(".md")
    )
    assert f"| {STATED[kind]}{unit} |" in table


def test_the_data_of_a_range_are_named_once() -> None:
    bundle = claimed("range")
    row, words = bundle.verdicts[0], FindingOfClaims(bundle, styles_of(bundle))
    assert words.judged(row).count(styles_of(bundle).dataset(row.dataset)) == 1


def test_an_interval_of_a_range_is_none_of_its_rounding() -> None:
    """The ends of a range were not rounded, so that an interval narrower than a unit of theirs is one all the same."""
    for kind in STATED:
        bundle = claimed(kind)
        assert (
            has_interval(bundle.verdicts[0])
            and without_interval(bundle, bundle.verdicts[:1]) == ""
        )
    assert not has_interval(claimed("range", low=-0.5, high=-0.5, p=None).verdicts[0])


def test_an_interval_of_a_number_without_an_error_is_one_whatever_its_digits() -> None:
    """[-.2, .2] around 81: no wider than the unit, but [-.3, .3] at a higher level, where rounding alone is as wide."""
    ends = {"published": "81", "stated": None, "low": -0.2, "high": 0.2}
    assert has_interval(
        claimed("range", **ends, low_refute=-0.3, high_refute=0.3).verdicts[0]
    )
    assert not has_interval(
        claimed("range", **ends, low_refute=-0.2, high_refute=0.2).verdicts[0]
    )


@pytest.mark.parametrize(("expected", "shared", "said"), [
    (True, (), "90 % intervals."), (True, ("published",), "without runs behind it has no such error."),
    (False, ("published",), "random error of the published number."),
])  # fmt: skip
def test_whose_number_has_a_random_error(
    expected: bool, shared: tuple[str, ...], said: str
) -> None:
    found = intervals(
        numbers=True, directions=False, shared=shared, expected=expected, theory=False
    )
    assert found.replace(THIN, " ").endswith(said)
