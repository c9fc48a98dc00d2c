"""A reader's own tolerance: the page's script against the rule that judges claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.core.judgements import Agreement
from bench.report.bundle import Bundle
from bench.report.first.verdicts import NUMBER
from bench.report.page import render
from bench.report.sections.claims import judge
from tests.helpers.eyes import violations
from tests.helpers.tolerant import FACTORS, tolerant, turns

WORDS = "[...document.querySelectorAll('[data-rule]')].map(sign => sign.textContent)"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Path]:
    folder = tmp_path_factory.mktemp("reader")
    study, frames = tolerant(folder)
    bundle = Bundle(study, frames)
    (folder / "page.html").write_text(render(bundle), encoding="utf-8")
    return bundle, folder / "page.html"


@pytest.fixture
def page(tab: Callable[..., Any], made: tuple[Bundle, Path]) -> Iterator[Any]:
    one, said = tab(), list[str]()
    hear = lambda error: said.append(str(error))  # noqa: E731
    one.on("pageerror", hear)
    one.goto(made[1].as_uri() + "#numbers")
    yield one
    one.evaluate("0")  # what was said until now is heard
    one.remove_listener("pageerror", hear)
    assert said == []


def put(page: Any, factor: object) -> list[str]:
    """The verdicts under so many times the tolerance."""
    page.fill(".reader input", str(factor))
    return list(page.evaluate(WORDS))


def test_the_script_judges_as_the_rule_at_every_tolerance(
    page: Any, made: tuple[Bundle, Path]
) -> None:
    rules = [
        sign.rule
        for row in made[0].counted.judged
        if (sign := judge(made[0], row)).rule
    ]
    stored, found = page.evaluate(WORDS), []
    for factor in FACTORS:
        by_rule = {str(i): words_of(rule, factor) for i, rule in enumerate(rules)}
        assert put(page, factor) == list(by_rule.values()), factor
        found.append(by_rule)
    assert turns(found) > 5
    assert put(page, 1) == stored


def words_of(rule: tuple[float | None, ...], factor: float) -> str:
    from bench.report.reader import ToleranceRule

    above, below, apart, tolerance = rule
    judged = ToleranceRule(above or 0.0, below, apart or 0.0)
    agreement = judged.at(factor * (tolerance or 0.0))
    return NUMBER[Agreement(agreement)].words


def test_paper_and_what_is_no_number_have_the_studys_own(page: Any) -> None:
    stored = page.evaluate(WORDS)
    assert put(page, 20) != stored
    assert page.inner_text(".reader [role=status]")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(WORDS) == stored
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(WORDS) != stored
    for value in ("", -3):
        assert put(page, value) == stored


def test_axe_finds_nothing_while_the_tolerance_is_the_readers(page: Any) -> None:
    put(page, 5)
    assert violations(page, "#claims") == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
