"""How names look: every family row's title, hue and mark, every dataset's title, the hues of classes.

Hues and marks are dealt on each page. With no more rows than hues, each row has a hue of its own; on larger pages
families of one kind share one, and kinds without a hue and rows without a family are ink. A baseline is always ink. No
two rows of a page share hue and mark, and the first of them, as many as there are marks, share no mark at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bench.core.outcomes import Statement
from bench.families import FAMILIES, Family
from bench.report.bundle import Bundle, remembered
from bench.report.values import Model
from bench.scores.design import is_baseline
from bench.study.models import ExternalFamily, FamilySpec, Study

#: Every mark as a path around (0, 0), about ten pixels across and of about equal ink, in the order in
#: which they are dealt.
SHAPES: dict[str, str] = {
    "circle": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "square": "M-4.5 -4.5h9v9h-9z",
    "triangle": "M0 -5.6L5.5 4.2H-5.5z",
    "diamond": "M0 -6.2L6.2 0L0 6.2L-6.2 0z",
    "plus": "M-1.8 -5.5h3.6v3.7h3.7v3.6h-3.7v3.7h-3.6v-3.7h-3.7v-3.6h3.7z",
    "cross": "M-5.2 -2.7L-2.7 -5.2L0 -2.5L2.7 -5.2L5.2 -2.7L2.5 0L5.2 2.7L2.7 5.2L0 2.5L-2.7 5.2L-5.2 2.7L-2.5 0z",
    "star": "M0 -6.4L1.6 -2.2L6.1 -2L2.6 .8L3.8 5.2L0 2.7L-3.8 5.2L-2.6 .8L-6.1 -2L-1.6 -2.2z",
    "triangle_down": "M0 5.6L5.5 -4.2H-5.5z",
    "hexagon": "M-5.6 0L-2.8 -4.9H2.8L5.6 0L2.8 4.9H-2.8z",
    "bar": "M-2 -6h4v12h-4z",
    "dome": "M-6 3.6a6 6.8 0 0 1 12 0z",
    "pentagon": "M0 -5.8L5.5 -1.8L3.4 4.7H-3.4L-5.5 -1.8z",
    "triangle_left": "M-5.6 0L4.2 5.5V-5.5z",
    "triangle_right": "M5.6 0L-4.2 5.5V-5.5z",
    "bowtie": "M-6 -5L0 -1.2L6 -5V5L0 1.2L-6 5z",
    "hourglass": "M-5 -6L-1.2 0L-5 6H5L1.2 0L5 -6z",
}
MARKS = tuple(SHAPES)
#: Classes have a set of their own, apart from families: (light, dark).
CLASS_HUES = (
    ("#4C6FB1", "#9DB8F0"),
    ("#C2643C", "#F0A27E"),
    ("#4F8F5B", "#93D3A0"),
    ("#8A5FA8", "#CDA9E6"),
)
INK = "ink"
#: Hues of kinds of families, told apart by readers without one kind of cone too: (light, dark).
HUES = {
    "f-blue": ("#2F6FDE", "#8AB4F8"),
    "f-brown": ("#7A3E12", "#CB763F"),
    "f-green": ("#3FA08F", "#46E6BE"),
    "f-purple": ("#9A2F97", "#CB79C0"),
    "f-gold": ("#B98A0A", "#F0D860"),
}
#: By kind of family, its hue, and the mark of the first of them; any other kind is ink. Five hues and no more are told
#: apart by every reader.
_KINDS = {
    "linear": ("f-blue", "circle"),
    "tree": ("f-green", "triangle"),
    "boosting": ("f-gold", "plus"),
    "kernel": ("f-brown", "square"),
    "neural": ("f-purple", "diamond"),
    "neighbors": (INK, "hexagon"),
    "bayes": (INK, "pentagon"),
    "discriminant": (INK, "star"),
    "baseline": (INK, "bar"),
}


@dataclass(frozen=True)
class Style:
    """One row of the comparison as shown: `hue` names a CSS class; `family` is the one behind it, if any.

    `key` is what the switches of the page call it (`data-f`); empty for a name that the study does not hold.
    `baseline`: this row ignores the features, and never sets the scale of a figure.
    """

    name: str
    title: str
    short: str
    shape: str
    hue: str
    family: Family | None = None
    key: str = ""
    baseline: bool = False

    @property
    def named(self) -> Model:
        """The name with its mark, as blocks take it."""
        return Model(self.title, self.shape, self.hue, self.short)


@dataclass(frozen=True, eq=False)
class Styles:
    """Titles, hues and marks of one bundle's families and datasets; `methods`: what its tables of scores name."""

    study: Study
    methods: tuple[str, ...]

    @cached_property
    def families(self) -> dict[str, Style]:
        """Every row of the comparison by its name: those of the study, then what its tables of scores name."""
        kinds = self._kinds
        looks = dealt(
            {name: None if kind is None else kind.kind for name, kind in kinds.items()}
        )
        return {
            name: self._style(name, str(i), *looks[name])
            for i, name in enumerate(kinds)
        }

    @cached_property
    def _kinds(self) -> dict[str, Family | None]:
        """The family behind every row; None where an estimator of its own or another program is."""
        rows = self.study.families or {}
        return {name: self._kind(name, spec) for name, spec in rows.items()} | {
            name: None for name in self.methods if name not in rows
        }

    def _kind(self, name: str, spec: FamilySpec) -> Family | None:
        key = spec.family or name
        own = spec.estimator is not None or isinstance(spec, ExternalFamily)
        return FAMILIES[key] if not own and key in FAMILIES else None

    def _style(self, name: str, key: str, shape: str, hue: str) -> Style:
        """A row of a family has the title that the study gives it, else the family's where it is the only one."""
        spec, kind = (self.study.families or {}).get(name), self._kinds[name]
        if spec is None:
            short = self.study.short.get(name, name)
            return Style(name, name, short, shape, hue, key=key)
        alone = kind is not None and (
            name == kind.name or list(self._kinds.values()).count(kind) == 1
        )
        title, short = (
            (kind.title, kind.short) if kind is not None and alone else (name, name)
        )
        own = spec.title or title
        return Style(
            name,
            own,
            self.study.short.get(name) or spec.title or short,
            shape,
            hue,
            kind,
            key,
            is_baseline(self.study, name),
        )

    def family(self, name: str | None) -> Style:
        """A family row by name; a name that the study does not hold (of a claim, say) is ink."""
        if name is None:
            return Style("", "–", "–", "circle", INK)
        return self.families.get(name) or Style(name, name, name, "circle", INK)

    def brief(self, name: str) -> str:
        """The name of a model in a picture: the short one that the study gives it, else its title."""
        return self.study.short.get(name) or self.family(name).title

    def said(self, statement: Statement) -> Statement:
        """A statement with the titles of models in the place of their names."""
        named = {}
        for name, value in statement.details.items():
            if isinstance(value, tuple):
                value = tuple(
                    self._titles(one) if isinstance(one, str) else one for one in value
                )
            named[name] = self._titles(value) if isinstance(value, str) else value
        return replace(statement, **named)

    def _titles(self, words: str) -> str:
        """The title of a model; of an order `a > b = c` all titles."""
        parts = re.split(r"( [>=] |, )", words)
        known = any(part in self.families for part in parts)
        return (
            "".join(
                self.families[part].title if part in self.families else part
                for part in parts
            )
            if known
            else words
        )

    def order(self, order: Sequence[str | Sequence[str]]) -> str:
        """A ranking by titles, best first: `A > B = C`."""
        tiers = [[tier] if isinstance(tier, str) else tier for tier in order]
        return " > ".join(
            " = ".join(self.family(name).title for name in tier) for tier in tiers
        )

    def dataset(self, name: str | None) -> str:
        if name is None:
            return "all datasets"
        spec = self.study.datasets.get(name)
        return (spec.title if spec is not None else None) or name

    @property
    def hues(self) -> list[tuple[str, str, str]]:
        """(CSS class, light, dark) of every hue that this page uses, in alphabetical order; ink is the page's own."""
        used = {style.hue for style in self.families.values()}
        return [(hue, *HUES[hue]) for hue in sorted(used & HUES.keys())]


def dealt(kinds: Mapping[str, str | None]) -> dict[str, tuple[str, str]]:
    """Mark and hue of every row of a page, by the kind of its family; None for a row without one.

    The same rows get the same, in whatever order they stand. 96 pairs of mark and hue can be told apart.
    """
    hues = _own_hues(kinds)
    firsts = {_KINDS[kind][1] for kind in kinds.values() if kind in _KINDS}
    looks: dict[str, tuple[str, str]] = {}
    for name, kind in sorted(
        kinds.items(), key=lambda item: (item[1] is None, item[0])
    ):
        hue, first = _KINDS.get(kind or "", (INK, MARKS[0]))
        hue = hues.get(name, hue)
        free = [pair for pair in _pairs(hue, first) if pair not in looks.values()]
        unused = [
            pair for pair in free if pair[0] not in {mark for mark, _ in looks.values()}
        ]
        own = [pair for pair in unused if pair == (first, hue) and kind in _KINDS]
        others = [pair for pair in unused if pair[0] not in firsts]
        looks[name] = [*own, *others, *free, (first, hue)][0]
    return looks


def _own_hues(kinds: Mapping[str, str | None]) -> dict[str, str]:
    """A hue for each row but baselines, of its kind for the first of each; empty with more rows than hues."""
    rows = sorted(name for name, kind in kinds.items() if kind != "baseline")
    if len(rows) > len(HUES):
        return {}
    found: dict[str, str] = {}
    for name in rows:
        hue, _ = _KINDS.get(kinds[name] or "", (INK, ""))
        if hue in HUES and hue not in found.values():
            found[name] = hue
    left = (hue for hue in HUES if hue not in found.values())
    return found | {name: next(left) for name in rows if name not in found}


def _pairs(hue: str, first: str) -> list[tuple[str, str]]:
    """All pairs of mark and hue, those of one hue first, beginning with one mark."""
    start = MARKS.index(first)
    marks = MARKS[start:] + MARKS[:start]
    return [
        (mark, other) for other in dict.fromkeys((hue, INK, *HUES)) for mark in marks
    ]


@remembered
def styles_of(bundle: Bundle) -> Styles:
    """The styles of a bundle."""
    return Styles(
        bundle.study,
        tuple(bundle.plain("scores")["family"].unique(maintain_order=True)),
    )
