"""Each kind of warning with what it means, and what it did to scores in the studies at hand."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bench.diagnose import DIAGNOSTICS, title_of
from bench.report.summary import Summary, WarningShort
from bench.text.words import with_code

#: So many examples are shown of one kind, from different studies.
EXAMPLES = 2


@dataclass(frozen=True)
class WarningExplained:
    """A kind of warning: the question, why it matters, what to do, and studies that have it, by id."""

    name: str
    title: str
    question: str
    why: Markup
    what_to_do: Markup
    examples: tuple[tuple[str, WarningShort], ...]


def warnings_explained(summaries: list[Summary]) -> list[WarningExplained]:
    """Every diagnostic that says why it matters, by title; of each study one example, the gravest."""
    found: dict[str, list[tuple[str, WarningShort]]] = {}
    for study in summaries:
        for name in dict.fromkeys(one.diagnostic for one in study.warnings):
            first = next(one for one in study.warnings if one.diagnostic == name)
            found.setdefault(name, []).append((study.id, first))
    explained = [
        WarningExplained(
            name,
            title_of(name),
            diagnostic.question,
            with_code(diagnostic.why),
            with_code(diagnostic.what_to_do),
            tuple(
                sorted(found.get(name, []), key=lambda one: not one[1].size)[:EXAMPLES]
            ),
        )
        for name, diagnostic in DIAGNOSTICS.items()
        if diagnostic.why
    ]
    return sorted(explained, key=lambda one: one.title)
