"""Ways to come to a published number: honest ones, and the known slips. A file holds the ways of one kind."""

from bench.run.ways.way import STATED, WAYS, Ground, Variation, Way, asked, reads_of

__all__ = ["STATED", "WAYS", "Ground", "Variation", "Way", "asked", "reads_of"]
