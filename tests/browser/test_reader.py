"""A reader's own tolerance, level and evidence: the page's script against the rule that judges claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.reader import tolerance_rule
from bench.text.marks import mark_of
from tests.helpers.eyes import SEEN, violations
from tests.helpers.tolerant import CLAIMS, FACTORS, tolerant, turns

MARKS = """() => Object.fromEntries([...document.querySelectorAll('table.judged tbody tr')].map(r =>
  [r.id.slice(6), r.querySelector('.chip').className.split(' v-')[1].replaceAll('-', '_')]))"""
SET = """([name, value]) => {
  const found = [...document.querySelectorAll('.reader :is(input, select)')].filter(i => i.name === name);
  const one = found.length === 1 ? found[0] : found.find(i => i.value === value);
  found.length === 1 ? (one.value = value) : one.click();
  one.dispatchEvent(new Event('input', {bubbles: true}));
}"""
SHOWN = """[...document.querySelectorAll('table.judged tbody tr')].filter(r => r.getClientRects().length)
  .map(r => r.id.slice(6))"""
LANES = "[...document.querySelectorAll('.lane[data-c]')].map(l => [l.dataset.c, l.getClientRects().length])"
BARS = """[...document.querySelectorAll('.lane[data-c] :is(.band, .range)')].map(r =>
  [r.getAttribute('x'), r.getAttribute('width')].map(parseFloat))"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Path]:
    folder = tmp_path_factory.mktemp("reader")
    study, frames = tolerant(folder)
    bundle = Bundle(study, frames)
    (folder / "page.html").write_text(render(bundle), encoding="utf-8")
    return bundle, folder / "page.html"


@pytest.fixture
def page(tab: Callable[..., Any], made: tuple[Bundle, Path]) -> Iterator[Any]:
    one, said = tab(), []
    hears = {
        "pageerror": lambda error: said.append(str(error)),
        "console": lambda message: said.append(message.text),
    }
    for event, heard in hears.items():
        one.on(event, heard)
    one.goto(made[1].as_uri())
    yield one
    one.evaluate("0")  # what was said until now is heard
    for event, heard in hears.items():
        one.remove_listener(event, heard)
    assert said == []


def put(page: Any, name: str, value: object) -> None:
    page.evaluate(SET, [name, str(value)])


def test_the_script_judges_as_the_rule_at_every_tolerance(
    page: Any, made: tuple[Bundle, Path]
) -> None:
    rows, found = made[0].verdicts, []
    stored = {r.claim: mark_of(r.status, r.agreement, r.evidence) for r in rows}
    rules = {row.claim: (rule, row) for row in rows if (rule := tolerance_rule(row))}
    assert page.evaluate(MARKS) == stored
    for factor in FACTORS:
        put(page, "x", factor)
        # A control is known of what differs at the stated tolerance alone.
        by_rule = {
            name: mark_of(
                row.status,
                rule.at((row.tolerance or 0) * factor),
                row.evidence,
                "held" if stored[name] == "not_reproduced" else "none",
            )
            for name, (rule, row) in rules.items()
        }
        assert page.evaluate(MARKS) == stored | by_rule, factor
        found.append(by_rule)
    assert turns(found) > 10


def test_a_tolerance_of_ones_own_moves_marks_counts_and_figure_and_can_be_reset(
    page: Any,
) -> None:
    marks, bars, legend = (
        page.evaluate(MARKS),
        page.evaluate(BARS),
        page.inner_text("#claims > .legend"),
    )
    assert not page.is_visible(".yours") and len(bars) > 10
    put(page, "accuracy-fraction", 0.2)
    assert page.evaluate(MARKS)["far"] == "reproduced" != marks["far"]
    assert page.evaluate(MARKS)["in-percent"] == marks["in-percent"]
    assert page.is_visible(".yours") and "far" in page.evaluate(SHOWN)
    assert page.evaluate(BARS) != bars and not page.is_visible("#claims > .legend")
    page.click(".yours button")
    assert (page.evaluate(MARKS), page.evaluate(BARS)) == (marks, bars)
    assert page.inner_text("#claims > .legend") == legend and not page.is_visible(
        ".yours"
    )
    assert "=" not in page.evaluate("location.hash")


def test_the_address_keeps_the_settings(page: Any) -> None:
    put(page, "x", 5)
    put(page, "ev", "weak")
    put(page, "agree", "reproduced")
    marks, shown, address = page.evaluate(MARKS), page.evaluate(SHOWN), page.url
    page.goto("about:blank")
    page.goto(address)
    assert (page.evaluate(MARKS), page.evaluate(SHOWN)) == (marks, shown)
    assert shown and set(shown) == {n for n in shown if marks[n] == "reproduced"}
    assert page.is_visible(".yours") and "far-from-memory" not in shown


@pytest.mark.parametrize(
    "said",
    [
        "x=-3",
        "x=abc",
        "x=",
        "accuracy-fraction=-1",
        "agree=none",
        "without=none",
        "%E0&=&",
    ],
)
def test_what_an_address_names_and_the_page_does_not_have_is_the_studys_own(
    page: Any, made: tuple[Bundle, Path], said: str
) -> None:
    """The rest of the address counts, and so does the rest of the script."""
    marks = page.evaluate(MARKS)
    page.goto("about:blank")
    page.goto(f"{made[1].as_uri()}#claims~{said}")
    assert page.evaluate(MARKS) == marks and not page.is_visible(".yours")
    page.goto("about:blank")
    page.goto(f"{made[1].as_uri()}#claims~{said}&without=weak")
    assert page.evaluate(MARKS) == marks and "far-from-memory" not in page.evaluate(
        SHOWN
    )
    page.wait_for_selector(".rail nav a[aria-current]", state="attached")


def test_a_tolerance_below_zero_is_none(page: Any) -> None:
    marks = page.evaluate(MARKS)
    for name, value in (("x", -3), ("x", ""), ("accuracy-fraction", -0.2)):
        put(page, name, value)
        assert page.evaluate(MARKS) == marks and not page.is_visible(".yours")
        assert "=" not in page.evaluate("location.hash")


def test_evidence_that_does_not_count_leaves_table_and_counts(page: Any) -> None:
    put(page, "ev", "weak")
    left = {"far-by-another-method", "far-from-memory"}
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert set(CLAIMS) - set(page.evaluate(SHOWN)) == left
    lanes = page.evaluate(LANES)
    assert {name for name, seen in lanes if not seen} == left & {
        name for name, _ in lanes
    }
    counted = page.evaluate(
        "[...document.querySelectorAll('.reader li:not([hidden]) b')].map(b => +b.textContent)"
    )
    assert sum(counted) == len(CLAIMS) - len(left)


def test_paper_has_the_studys_own(page: Any) -> None:
    marks = page.evaluate(MARKS)
    put(page, "x", 20)
    put(page, "ev", "weak")
    assert page.evaluate(MARKS) != marks
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(MARKS) == marks and set(page.evaluate(SHOWN)) == set(CLAIMS)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(MARKS) != marks


def test_axe_finds_nothing_while_settings_are_the_readers(page: Any) -> None:
    page.evaluate("document.querySelector('.reader details').open = true")
    put(page, "x", 5)
    assert violations(page, "#claims") == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert (
        violations(page, "#claims", rules={"color-contrast": {"enabled": False}}) == []
    )


def test_every_claim_has_a_link(page: Any) -> None:
    links = page.evaluate(
        "[...document.querySelectorAll('table.judged a.here')].map(a => a.hash)"
    )
    assert set(links) == {f"#claim-{name}" for name in CLAIMS} and page.is_visible(
        "#claims-table a.here"
    )


def test_without_a_script_nothing_of_it_shows(
    page: Any, browser: Any, made: tuple[Bundle, Path]
) -> None:
    other = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    ).new_page()
    other.goto(made[1].as_uri())
    assert other.evaluate(SEEN) == page.evaluate(SEEN)
    assert other.locator(".reader").count() == 0
    other.context.close()
