"""Probes: what diagnostics ask of the engine beyond the study's own cells. A file holds the questions of one kind."""

from bench.run.probes.asking import asked_afterwards, asked_at_once, by_fingerprint
from bench.run.probes.site import Other, Site

__all__ = ["Other", "Site", "asked_afterwards", "asked_at_once", "by_fingerprint"]
