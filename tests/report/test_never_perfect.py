"""No number is rounded to a limit of its scale: 100 % is printed of what is always right, and 0 of no error at all."""

from __future__ import annotations

import contextlib
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.cli.show import show_claims
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from bench.report.blocks import find_tables
from bench.report.bundle import Bundle
from bench.report.exports.as_card import card
from bench.report.exports.as_json import record
from bench.report.exports.as_latex import latex
from bench.report.exports.as_markdown import markdown
from bench.report.exports.as_numbers import named_numbers
from bench.report.exports.content import Content
from bench.report.first.headline import headline
from bench.report.page import pages
from bench.report.points import limits_of, ours_words
from bench.report.sections.claims import claims
from bench.report.sections.families import families
from bench.report.values import Value, quantity, score, show, show_middle
from bench.text import formats
from bench.text.words import measure
from tests.helpers import bundles
from tests.helpers.sparse import sparse

#: Beside a limit, on both sides of where it would be rounded to it, and anywhere.
BESIDE = st.floats(0.0, 13.0).map(lambda size: 10.0**-size)
SHARES = st.one_of(
    BESIDE, BESIDE.map(lambda x: 1 - x), st.floats(0, 1), st.sampled_from((0.0, 1.0))
)


def number(text: str) -> float:
    return float(
        text.replace(formats.MINUS, "-").replace(formats.THIN, "").removesuffix("%")
    )


def is_right(text: str, value: float, low: float | None, high: float | None) -> bool:
    """Whether a text is this value rounded, and a limit only where that is it, by the 12 digits that are stored."""
    shown, stored = number(text.strip("<> ")), float(f"{value:.12g}")
    decimals = len(text.partition(".")[2].rstrip("%" + formats.THIN))
    if text[0] in "<>":
        limit = (low, high)[text[0] == ">"]
        rounded = limit is not None and abs(stored - limit) <= 0.501 * 10.0**-decimals
        return (stored > shown) == (text[0] == ">") and rounded
    near = abs(shown - stored) <= 0.501 * 10.0**-decimals
    return near and (shown not in (low, high) or abs(stored - shown) <= formats.MACHINE)


@settings(max_examples=400)
@given(value=SHARES, width=st.one_of(st.none(), BESIDE))
def test_every_form_of_a_share(value: float, width: float | None) -> None:
    assert is_right(formats.score(value), value, 0, 1)
    assert is_right(formats.share(value, 1), 100 * value, 0, 100)
    assert is_right(
        show_middle(quantity(100 * value, "", 0.0, width, formats.PERCENT)),
        100 * value,
        0,
        100,
    )
    for metric in ("accuracy", "error_rate", "roc_auc"):
        number = score(measure(metric), value, 0.0, width)
        assert is_right(show_middle(number), value, 0, 1)
    correlation = show(score(measure("mcc"), 2 * value - 1))
    assert is_right(correlation, 2 * value - 1, -1, 1)
    assert is_right(show(score(measure("r2"), value)), value, None, 1)


@settings(max_examples=400)
@given(
    value=SHARES,
    printed=st.integers(0, 4),
    of=st.sampled_from(
        (
            ("accuracy", "percent"),
            ("accuracy", "fraction"),
            ("error_rate", "percent"),
            ("rmse", None),
        )
    ),
)
def test_our_number_of_a_claim(
    value: float, printed: int, of: tuple[str, str | None]
) -> None:
    metric, unit = of
    value = 100 * value if unit == "percent" else value
    row = bundles.verdict("c", "reproduced", "wine", "svm", f"{0.5:.{printed}f}")
    row |= {"metric": metric, "unit": unit, "ours": value}
    (one,) = records(sparse([row], VERDICTS), VerdictRow)
    low, high = limits_of(one)
    assert (low, high) == (0, {"percent": 100, "fraction": 1, None: None}[unit])
    assert is_right(ours_words(one), value, low, high)


@pytest.mark.parametrize("printed", ["0", "99", "100", "0.1", "99.9"])
@pytest.mark.parametrize(
    "value", [0.0, 1e-8, 1e-5, 0.0004, 0.9996, 0.99996, 1 - 1e-9, 1.0]
)
def test_page_card_terminal_and_exports_alike(value: float, printed: str) -> None:
    bundle = made(value, printed)
    content = Content(bundle)
    (table,) = find_tables(claims(bundle))
    (row,) = table.rows
    assert record(content)["headline"] == headline(bundle)
    cell = row[table.columns.index("Ours")]
    assert isinstance(cell, Value)
    seen = {"cell": show_middle(cell)}
    (table,) = find_tables(families(bundle))
    seen["score"] = show_middle(table.rows[0][1])  # type: ignore[arg-type]
    names = {
        name.partition(":")[2]: number for name, number in named_numbers(bundle).items()
    }
    seen["claim in numbers.tex"] = names["claim.c.ours"]
    for part in ("", ".low", ".high"):
        seen[f"score{part} in numbers.tex"] = names[f"wine.svm.accuracy{part}.percent"]
    for where, text in seen.items():
        share = where == "score"
        assert is_right(
            text, value if share else 100 * value, 0, 1 if share else 100
        ), (where, text)

    texts = {
        "page": "".join(pages(bundle).values()),
        "card": card(content)["card.md"],
        "terminal": terminal(bundle),
    }
    texts |= {
        "tables.tex": latex(content)["tables/claims.tex"],
        "tables.md": markdown(content)["tables.md"],
    }
    limits = {"0", "100"} if value in (0, 1) else set()
    for where, text in texts.items():
        perfect = {
            one.partition(".")[0]
            for one in percents(text)
            if number(one) in (0, 100) and one != printed
        }
        assert perfect <= limits, where


def made(value: float, printed: str) -> Bundle:
    """One claim, one score with an interval that is as wide as itself, and nothing else."""
    claim = {
        "id": "c",
        "kind": "value",
        "dataset": "wine",
        "family": "svm",
        "metric": "accuracy",
    }
    claim |= {"value": printed, "unit": "percent", "where": "w", "read": "source"}
    study = bundles.study(
        claims=[claim],
        families={"svm": {}},
        metrics={"primary": "accuracy"},
        tolerance={"accuracy": 0.01, "why": "w"},
    )
    ours, difference = 100 * value, 100 * value - float(printed)
    row = bundles.verdict(
        "c", "reproduced", "wine", "svm", printed, ours=ours, difference=difference
    )
    row |= {"low": difference - 0.01, "high": difference + 0.01}
    score = {"dataset": "wine", "family": "svm", "metric": "accuracy", "mean": value}
    return bundles.made_of(
        study, verdicts=[row], estimates=[score | {"low": value, "high": value}]
    )


def percents(text: str) -> list[str]:
    """All numbers before a percent sign, of a page without its tags and its style."""
    text = re.sub(r"<(style|script).*?</\1>|<[^>]+>", "", text, flags=re.DOTALL)
    return re.findall(r"(?<![\d.])(\d+(?:\.\d+)?)(?:\s|\\,|~)*\\?%", text)


def terminal(bundle: Bundle) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        show_claims(bundle.verdicts)
    return out.getvalue()
