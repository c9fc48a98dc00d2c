"""The sections of a page: each file holds one `SECTION`, and is found without registration."""

from __future__ import annotations

from bench.core.registry import Registry
from bench.report.bundle import Bundle
from bench.report.section import Section

SECTIONS = Registry("bench.report.sections", Section, "section")


def in_order() -> tuple[Section, ...]:
    """Every section, in reading order."""
    return tuple(sorted(SECTIONS.values(), key=lambda section: section.order))


def sections_of(bundle: Bundle) -> tuple[Section, ...]:
    """The sections of a study's page, in reading order."""
    absent = "each" if bundle.apart else "apart"
    return tuple(section for section in in_order() if section.where != absent)


def sections_on_a_dataset() -> tuple[Section, ...]:
    """The sections of the page of one dataset, after its opening."""
    return tuple(section for section in in_order() if section.where in ("both", "each"))
