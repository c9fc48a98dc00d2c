"""How sure the page is: what a share of draws is of, and that it stands with the test that it belongs to."""

from __future__ import annotations

import pytest

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.sections.differences import rank_intervals, ranks_words
from bench.report.styles import styles_of
from bench.text import formats
from bench.text.glossary import GLOSSARY
from tests.helpers import bundles
from tests.helpers.pages import figures


def ranked(p: float, first: float, *, one_order: bool = False) -> Bundle:
    """Three datasets; Friedman's p and the share of draws in which the first family is first."""
    names = {f"d{i}": bundles.wine() for i in range(3)}
    made = bundles.study(datasets=names)
    means = {"logistic_regression": 0.9, "random_forest": 0.8, "svm": 0.7}
    scores = bundles.scores(
        made, 100, lambda d, f, m: means[f] * (-1 if d == "d2" and not one_order else 1)
    )
    rows = bundles.comparisons(made, scores, 0.5)
    rows["omnibus"] = [row | {"friedman_p": p} for row in rows["omnibus"]]
    leads = "logistic_regression"
    rows["ranks"] = [
        row | {"first": first if row["family"] == leads else (1 - first) / 2}
        for row in rows["ranks"]
    ]
    return bundles.made_of(
        made, scores=scores, **rows, tables=bundles.tables(made, 100, 2, ["0", "1"])
    )


def test_draws_that_all_agree_do_not_contradict_the_test() -> None:
    """All of ten thousand draws put one family first, and Friedman's test sees nothing: one sentence says both."""
    made = ranked(0.25, 1.0)
    said = ranks_words(made, styles_of(made), facts.primary(made))
    assert figures(said[0]) == ["0.25", "99"]
    page = render(made)
    assert f"100{formats.THIN}%" not in page and f">0{formats.THIN}%" not in page
    figure = rank_intervals(made, styles_of(made), facts.primary(made))
    assert figure is not None and figure.table is not None
    assert [row[3] for row in figure.table.rows] == [
        f"> 99{formats.THIN}%",
        *[f"< 1{formats.THIN}%"] * 2,
    ]


@pytest.mark.parametrize("p", [0.0, 1e-12, 1.0, 1 - 1e-12])
def test_a_share_of_draws_is_never_certain(p: float) -> None:
    assert formats.drawn(p) in (f"< 1{formats.THIN}%", f"> 99{formats.THIN}%")


def test_posteriors_are_never_certain() -> None:
    made = ranked(0.25, 0.8)
    certain = {
        name: made.frame(name).with_columns(p_less=0.0, p_rope=0.0, p_greater=1.0)
        for name in ("pairs", "pairs_over_datasets")
    }
    page = render(Bundle(made.study, dict(made.frames) | certain, made.provenance))
    assert f"100{formats.THIN}%" not in page


def test_what_p_is_stands_where_it_is_used() -> None:
    page = render(ranked(0.25, 0.8))
    assert GLOSSARY["p"].words.startswith(
        "If there were no difference, the probability"
    )
    section = page.split('id="differences"')[1].split("</section>")[0]
    assert GLOSSARY["p"].words in section
