"""The study: the YAML file that a person writes, as frozen models, with errors as `file:line: field: sentence`."""

from bench.study.claims import Claim
from bench.study.models import (
    CleaningSteps,
    DatasetSpec,
    FamilySpec,
    Metrics,
    Steps,
    Study,
    cleaning_parts,
    step_parts,
)
from bench.study.protocol import Protocol, Tuning
from bench.study.reading import Draft, read_draft, read_study

__all__ = [
    "Claim",
    "CleaningSteps",
    "DatasetSpec",
    "Draft",
    "FamilySpec",
    "Metrics",
    "Protocol",
    "Steps",
    "Study",
    "Tuning",
    "cleaning_parts",
    "read_draft",
    "read_study",
    "step_parts",
]  # fmt: skip
