"""What families and metrics are called in a finding's sentence: as on the page, never by an id of the study file."""

from __future__ import annotations

from bench.families import FAMILIES
from bench.study import Study
from bench.study.models import ExternalFamily, FamilySpec


def family_title(study: Study, name: str) -> str:
    """The title that the study gives it, else the house's; its own name where two rows are of one family."""
    rows = study.families or {}
    spec = rows.get(name)
    if spec is None:
        return name
    if spec.title:
        return spec.title
    key = _kind(name, spec)
    alone = key == name or [_kind(other, one) for other, one in rows.items()].count(key) == 1
    return FAMILIES[key].title if key is not None and alone else name


def _kind(name: str, spec: FamilySpec) -> str | None:
    if isinstance(spec, ExternalFamily) or spec.estimator is not None:
        return None
    key = spec.family or name
    return key if key in FAMILIES else None


def metric_word(name: str) -> str:
    """
    >>> metric_word("error_rate")
    'error rate'
    """
    return name.replace("_", " ")


def points(share: float) -> str:
    """A difference of shares as the page has it.

    >>> points(0.0183)
    '1.8 pp'
    """
    return f"{100 * share:.1f} pp"
