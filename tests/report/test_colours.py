"""Contrast of every colour the page uses, light and dark: 4.5 for text, 3 for marks."""

from __future__ import annotations

import re

import pytest

from bench.families import FAMILIES
from bench.report.looks import CLASS_HUES
from bench.report.page import TEMPLATES

CSS = (TEMPLATES / "page.css").read_text(encoding="utf-8")
TOKENS = {name: (light, dark) for name, light, dark in re.findall(r"--([a-z]+):light-dark\((#\w+),(#\w+)\)", CSS)}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """WCAG 2: black on white is 21."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "page"), ("ink", "raised"), ("ink", "chip"), ("ink", "band"), ("ink", "wash"), ("soft", "page"),
        ("soft", "raised"), ("link", "page"), ("link", "wash"), ("link", "raised"), ("bad", "badwash"), ("bad", "page"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("theme", [0, 1])
def test_text(text: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("name", ["rule", "bad", "p", "n"])
@pytest.mark.parametrize("theme", [0, 1])
def test_marks(name: str, theme: int) -> None:
    assert contrast(TOKENS[name][theme], TOKENS["page"][theme]) >= 3


@pytest.mark.parametrize("family", list(FAMILIES))
def test_families(family: str) -> None:
    hues = (FAMILIES[family].colour, FAMILIES[family].dark)
    for theme, hue in enumerate(hues):
        assert contrast(hue, TOKENS["page"][theme]) >= 3


def test_classes() -> None:
    for hues in CLASS_HUES:
        for theme, hue in enumerate(hues):
            assert contrast(hue, TOKENS["page"][theme]) >= 3


def test_no_two_families_of_one_colour_share_a_mark() -> None:
    looks = [(f.colour, f.shape) for f in FAMILIES.values()]
    assert len(looks) == len(set(looks))
