"""Contrast of every colour the page uses, light and dark: 4.5 for text, 3 for marks."""

from __future__ import annotations

import math
import re
from itertools import combinations

import pytest

from bench.families import FAMILIES
from bench.report.html import TEMPLATES
from bench.report.styles import CLASS_HUES, HUES, INK, MARKS, dealt

CSS = (TEMPLATES / "page.css").read_text(encoding="utf-8")
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([a-z]+):light-dark\((#\w+),(#\w+)\)", CSS)
}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
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


@pytest.mark.parametrize("hues", HUES.values(), ids=HUES)
def test_hues_of_families(hues: tuple[str, str]) -> None:
    for theme, hue in enumerate(hues):
        assert contrast(hue, TOKENS["page"][theme]) >= 3


def test_classes() -> None:
    for hues in CLASS_HUES:
        for theme, hue in enumerate(hues):
            assert contrast(hue, TOKENS["page"][theme]) >= 3


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_no_two_families_of_a_page_share_a_mark(task: str) -> None:
    """As long as there are marks: then no reader needs a colour to distinguish them."""
    kinds: dict[str, str | None] = {
        family.name: family.kind for family in FAMILIES.values() if task in family.tasks
    }
    looks = dealt(kinds)
    assert len({mark for mark, _ in looks.values()}) == min(len(looks), len(MARKS))
    assert looks["baseline"] == ("bar", INK)
    assert dealt(dict(reversed(kinds.items()))) == looks, (
        "the order of rows decides nothing"
    )


#: Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as a reader without one kind of cone sees it.
BLIND = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(linear: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of linear RGB."""
    r, g, b = (min(1.0, max(0.0, c)) for c in linear)
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (
        c ** (1 / 3) if c > 216 / 24389 else (24389 / 27 * c + 16) / 116
        for c in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(
    one: tuple[float, float, float], two: tuple[float, float, float]
) -> float:
    """Sharma, Wu and Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (
        math.degrees(math.atan2(b, a)) % 360 if c else 0.0
        for a, b, c in ((a1, b1, c1), (a2, b2, c2))
    )
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    dl, dc, dh = (
        l2 - l1,
        c2 - c1,
        2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)),
    )
    ml, mc = (l1 + l2) / 2, (c1 + c2) / 2
    mh = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(w * math.cos(math.radians(n * mh + shift)) for w, n, shift in waves)
    sl = 1 + 0.015 * (ml - 50) ** 2 / math.sqrt(20 + (ml - 50) ** 2)
    sc, sh = 1 + 0.045 * mc, 1 + 0.015 * mc * t
    rc = 2 * math.sqrt(mc**7 / (mc**7 + 25**7))
    rt = -math.sin(math.radians(60 * math.exp(-(((mh - 275) / 25) ** 2)))) * rc
    x, y, z = dl / sl, dc / sc, dh / sh
    return math.sqrt(x * x + y * y + z * z + rt * y * z)


def test_the_distance_of_colours_is_the_published_one() -> None:
    """Pairs 1, 7 and 17 of Sharma, Wu and Dalal's table."""
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(
        2.0425, abs=1e-4
    )
    assert ciede2000((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert ciede2000((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("sight", BLIND)
def test_hues_of_families_are_distinguished_by_every_reader(
    sight: str, theme: int
) -> None:
    """The five hues that relatives share; within one hue the mark tells families apart."""
    seen = []
    for hue in (pair[theme] for pair in HUES.values()):
        parts = [int(hue[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
        ]
        seen.append(
            lab(
                [
                    sum(m * c for m, c in zip(row, linear, strict=True))
                    for row in BLIND[sight]
                ]
            )
        )
    assert min(ciede2000(a, b) for a, b in combinations(seen, 2)) >= 10
