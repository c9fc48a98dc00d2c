"""How names look: every family row's title, hue and mark, every dataset's title, the hues of classes.

A family's colour and shape are part of its name, fixed in the registry. Several rows on one family share its hue and
take other shapes; a row without a family is ink with a shape of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bench.core.registry import Registry
from bench.families import FAMILIES, Family
from bench.report.bundle import Bundle
from bench.scores.design import is_baseline
from bench.study.models import ExternalFamily, FamilySpec, Study

SHAPES = (
    "circle",
    "square",
    "triangle",
    "diamond",
    "plus",
    "cross",
    "star",
    "triangle_down",
    "hexagon",
    "bar",
    "ring",
    "pentagon",
    "triangle_left",
    "triangle_right",
    "bowtie",
    "hourglass",
)
#: Classes have a set of their own, apart from families: (light, dark).
CLASS_HUES = (("#4C6FB1", "#9DB8F0"), ("#C2643C", "#F0A27E"), ("#4F8F5B", "#93D3A0"), ("#8A5FA8", "#CDA9E6"))
INK = "ink"


@dataclass(frozen=True)
class Style:
    """One row of the comparison as shown: `hue` names a CSS class; `kind` is the family behind it, if any.

    `key` is what the switches of the page call it (`data-f`); empty for a name that the study does not hold.
    `baseline`: this row ignores the features, and never sets the scale of a figure.
    """

    name: str
    title: str
    short: str
    shape: str
    hue: str
    kind: Family | None = None
    key: str = ""
    baseline: bool = False


@dataclass(frozen=True, eq=False)
class Styles:
    """Titles, hues and marks of one bundle's families and datasets; `methods`: what its tables of scores name."""

    study: Study
    registry: Registry[Family]
    methods: tuple[str, ...] = ()

    @cached_property
    def families(self) -> dict[str, Style]:
        rows = self.study.families or {}
        kinds = {name: self._kind(name, spec) for name, spec in rows.items()} | {
            name: None for name in self.methods if name not in rows
        }
        shapes = _shapes(kinds)
        styles = {}
        for name, spec in rows.items():
            kind = kinds[name]
            own = kind is not None and (name == kind.name or list(kinds.values()).count(kind) == 1)
            title, short = (kind.title, kind.short) if kind is not None and own else (name, name)
            hue = f"f-{kind.name}" if kind is not None else INK
            styles[name] = Style(
                name, spec.title or title, spec.title or short, shapes[name], hue, kind,
                baseline=is_baseline(self.study, name),
            )  # fmt: skip
        styles |= {name: Style(name, name, name, shapes[name], INK) for name in kinds if name not in rows}
        return {name: replace(style, key=str(i)) for i, (name, style) in enumerate(styles.items())}

    def _kind(self, name: str, spec: FamilySpec) -> Family | None:
        if spec.estimator is not None or isinstance(spec, ExternalFamily):
            return None
        key = spec.family or name
        if key not in self.registry:
            return None
        return self.registry[key]

    def family(self, name: str | None) -> Style:
        """A family row by name; a name that the study does not hold (of a claim, say) is ink."""
        if name is None:
            return Style("", "–", "–", "circle", INK)
        return self.families.get(name) or Style(name, name, name, "circle", INK)

    def dataset(self, name: str | None) -> str:
        if name is None:
            return "all data sets"
        spec = self.study.datasets.get(name)
        return (spec.title if spec is not None else None) or name

    @property
    def hues(self) -> list[tuple[str, str, str]]:
        """(CSS class, light, dark) of every family that this page uses, in alphabetical order."""
        kinds = {style.hue: style.kind for style in self.families.values() if style.kind is not None}
        return [(hue, kind.colour, kind.dark) for hue, kind in sorted(kinds.items())]


def _shapes(kinds: Mapping[str, Family | None]) -> dict[str, str]:
    """A mark for every row: no two rows of one colour share one, and rows without a family share none with anybody."""
    taken: set[tuple[str, str]] = set()
    shapes = {}
    for name, kind in sorted(kinds.items(), key=lambda item: item[1] is None):
        used = {shape for colour, shape in taken if kind is None or colour == kind.colour}
        order = SHAPES if kind is None else (kind.shape, *SHAPES)
        shapes[name] = next((shape for shape in order if shape not in used), order[0])
        taken.add((kind.colour if kind is not None else INK, shapes[name]))
    return shapes


def styles_of(bundle: Bundle) -> Styles:
    """The looks of a bundle, with the registry of families."""
    return Styles(bundle.study, FAMILIES, tuple(bundle.plain("scores")["family"].unique(maintain_order=True)))
