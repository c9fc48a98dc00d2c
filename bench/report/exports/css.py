"""What the page's own style says of the inside of a drawing, resolved to plain attributes: light theme, no variables.

Reads `page.css` as it stands, so that a figure by itself looks as it does on the page. Of selectors it knows types,
classes and ancestors; rules with anything else, or inside an at-rule, are about other things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bench.report.html import TEMPLATES

#: What a drawing takes from the style; `color` is what `currentColor` means, and is inherited.
TAKEN = (
    "color",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "opacity",
    "font-size",
    "font-weight",
)
_COMPOUND = re.compile(r"(?P<type>[a-z][a-z0-9]*)?(?P<classes>(?:\.[\w-]+)*)")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
Element = tuple[str, tuple[str, ...]]
Compound = tuple[str, frozenset[str]]


@dataclass(frozen=True)
class CssRule:
    """Compounds from the outermost ancestor to the element itself, what they say, and how much they weigh."""

    path: tuple[Compound, ...]
    says: tuple[tuple[str, str], ...]
    weight: tuple[int, int, int]

    def fits(self, line: Sequence[Element]) -> bool:
        """Whether the last of these elements, the others being its ancestors, is meant."""
        *outer, last = self.path
        if not _meant(last, line[-1]):
            return False
        waiting = list(line[:-1])
        for compound in reversed(outer):
            while waiting and not _meant(compound, waiting[-1]):
                waiting.pop()
            if not waiting:
                return False
            waiting.pop()
        return True


def _meant(compound: Compound, element: Element) -> bool:
    (kind, classes), (name, have) = compound, element
    return kind in ("", name) and classes <= set(have)


@cache
def _sheet() -> tuple[dict[str, str], tuple[CssRule, ...]]:
    """The variables of the page and the rules that can be about a drawing, in order of weight."""
    text = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    flat = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    flat = _without_at_rules(flat)
    variables: dict[str, str] = {}
    rules: list[CssRule] = []
    for order, (selectors, body) in enumerate(
        re.findall(r"([^{}]+)\{([^{}]*)\}", flat)
    ):
        said = [
            (k.strip(), v.strip())
            for k, colon, v in (one.partition(":") for one in body.split(";"))
            if colon
        ]
        if selectors.strip() == ":root":
            variables |= {name: value for name, value in said if name.startswith("--")}
        taken = tuple(one for name, value in said for one in _taken(name, value))
        rules += [
            rule
            for one in selectors.split(",")
            if taken and (rule := _rule(one.strip(), taken, order))
        ]
    return variables, tuple(sorted(rules, key=lambda rule: rule.weight))


def _without_at_rules(text: str) -> str:
    """The rules that hold everywhere: those for print and for narrow windows say nothing of a drawing by itself."""
    while (start := text.find("@")) >= 0:
        end, depth = text.index("{", start) + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[:start] + text[end:]
    return text


def _taken(name: str, value: str) -> list[tuple[str, str]]:
    value = value.removesuffix("!important").strip()
    if name == "font" and (size := re.search(r"\b([\d.]+px)\b", value)):
        return [("font-size", size[1])]
    return [(name, value)] if name in TAKEN else []


def _rule(
    selector: str, says: tuple[tuple[str, str], ...], order: int
) -> CssRule | None:
    path = []
    for part in selector.split():
        found = _COMPOUND.fullmatch(part)
        if found is None or not part:
            return None
        path.append(
            (found["type"] or "", frozenset(filter(None, found["classes"].split("."))))
        )
    weight = (
        sum(len(classes) for _, classes in path),
        sum(bool(kind) for kind, _ in path),
    )
    return CssRule(tuple(path), says, (*weight, order)) if path else None


def style(
    line: Sequence[Element], hues: Mapping[str, str], colour: str | None = None
) -> dict[str, str]:
    """What holds for an element (the last of `line`): by property, all resolved; `color` is always among it.

    `hues`: the colour of each class of families and of values; `colour`: what the parent's text colour is.
    """
    variables, _ = _sheet()
    found = {"color": colour or variables["--ink"]} | dict(_said(tuple(line)))
    own = [hues[name] for name in line[-1][1] if name in hues]
    found |= {"color": own[-1]} if own else {}
    plain = {name: _resolved(value, variables) for name, value in found.items()}
    return {
        name: plain["color"] if value == "currentColor" else value
        for name, value in plain.items()
    }


@lru_cache(maxsize=4096)
def _said(line: tuple[Element, ...]) -> tuple[tuple[str, str], ...]:
    """All that the rules say of an element, the weightiest last."""
    return tuple(one for rule in _sheet()[1] if rule.fits(line) for one in rule.says)


def _resolved(value: str, variables: Mapping[str, str]) -> str:
    while (found := _VARIABLE.search(value)) is not None:
        value = value.replace(found[0], variables.get(found[1], "none"))
    both = re.search(r"light-dark\(([^,()]+),[^()]+\)", value)
    return value.replace(both[0], both[1].strip()) if both else value
