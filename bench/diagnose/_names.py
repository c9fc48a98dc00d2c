"""What families, metrics and numbers are called in a finding's sentence: as on the page, never by an id."""

from __future__ import annotations

from bench.families import FAMILIES
from bench.study import Study
from bench.study.models import ExternalFamily, FamilySpec


def family_title(study: Study, name: str) -> str:
    """The title that the study gives a family, else that of the registry; its id where two rows are of one family."""
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
    """The name of a metric in a sentence.

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


def p_words(p: float, draws: int | None = None) -> str:
    """A p-value in a sentence; of one that was counted in random draws, none of which did as much, also how many.

    >>> p_words(0.002), p_words(0.3), p_words(1e-9), p_words(0.001, 999)
    ('p = 0.002', 'p = 0.30', 'p < 0.001', 'p = 0.001, the least that 999 random draws can show')
    """
    words = "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {min(p, 0.99):.2f}"
    if draws is not None and p * (draws + 1) < 1.5:
        return f"{words}, the least that {draws:,} random draws can show"
    return words
