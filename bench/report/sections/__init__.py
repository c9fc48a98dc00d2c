"""The sections of a page, in reading order: one function a section, from a Bundle to what its template shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.report.bundle import Bundle
from bench.report.sections.cite import cite
from bench.report.sections.claims import claims
from bench.report.sections.data import data
from bench.report.sections.differences import differences
from bench.report.sections.drilldown import drilldown
from bench.report.sections.families import families
from bench.report.sections.findings import findings
from bench.report.sections.limits import limits
from bench.report.sections.notes import notes
from bench.report.sections.overfitting import overfitting
from bench.report.sections.overview import overview
from bench.report.sections.provenance import provenance
from bench.report.sections.settled import settled
from bench.report.sections.slips import slips
from bench.report.sections.variance import variance

Context = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A section's id (its template is `sections/<id>.html`), its title in the page, and the function that fills it."""

    id: str
    title: str
    fill: Callable[[Bundle], Context]


SECTIONS: tuple[Section, ...] = (
    Section("overview", "Summary", overview),
    Section("claims", "Reproduced or not", claims),
    Section("families", "Families compared", families),
    Section("differences", "Are the differences real?", differences),
    Section("overfitting", "Overfitting", overfitting),
    Section("drilldown", "Data sets up close", drilldown),
    Section("data", "Data", data),
    Section("slips", "Which slip explains the paper?", slips),
    Section("variance", "Where the noise comes from", variance),
    Section("findings", "Findings", findings),
    Section("limits", "Limits and failures", limits),
    Section("settled", "Settled beforehand", settled),
    Section("notes", "Notes", notes),
    Section("provenance", "Provenance", provenance),
    Section("cite", "Cite", cite),
)
