"""The sections of a page, in reading order: one function a section, from a Bundle to what its template shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bench.report.bundle import Bundle
from bench.report.sections.checklist import checklist
from bench.report.sections.cite import cite
from bench.report.sections.claims import claims
from bench.report.sections.data import data
from bench.report.sections.datasets import datasets
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
    """A section's id (its template is `sections/<id>.html`), its title in the page, and the function that fills it.

    `where`: on the `study`'s page alone; on `both` that and the pages of data sets; or about each data set (`each`), so
    that it moves to their pages where there are any; `apart` stands in for those. A section on both leaves out what is
    about one data set where `bundle.apart`.
    """

    id: str
    title: str
    fill: Callable[[Bundle], Context]
    where: Literal["study", "both", "each", "apart"] = "study"


SECTIONS: tuple[Section, ...] = (
    Section("overview", "Summary", overview),
    Section("claims", "Reproduced or not", claims),
    Section("families", "Families compared", families, "both"),
    Section("differences", "Are the differences real?", differences, "both"),
    Section("overfitting", "Overfitting", overfitting, "each"),
    Section("drilldown", "Data sets up close", drilldown, "each"),
    Section("data", "Data", data, "each"),
    Section("datasets", "Data sets", datasets, "apart"),
    Section("slips", "Which slip explains the paper?", slips),
    Section("variance", "Where the noise comes from", variance),
    Section("findings", "Findings", findings),
    Section("limits", "Limits and failures", limits),
    Section("settled", "Settled beforehand", settled),
    Section("notes", "Notes", notes),
    Section("provenance", "Provenance", provenance),
    Section("checklist", "Checklist", checklist),
    Section("cite", "Cite", cite),
)


def sections_of(bundle: Bundle) -> tuple[Section, ...]:
    """The sections of a study's page."""
    absent = "each" if bundle.apart else "apart"
    return tuple(section for section in SECTIONS if section.where != absent)


def sections_on_a_dataset() -> tuple[Section, ...]:
    """The sections of the page of one data set, after its opening."""
    return tuple(section for section in SECTIONS if section.where in ("both", "each"))
