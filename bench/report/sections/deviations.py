"""What differs from the paper, as a list."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.judgements import VerdictRow
from bench.report.blocks import Block, Listing
from bench.report.bundle import Bundle
from bench.report.claim_names import claim_names
from bench.report.section import Section
from bench.report.styles import styles_of
from bench.study.deviations import Deviation
from bench.text.marks import DOUBTS

#: So many claims are named, more are counted.
FEW = 2
_DIRECTIONS = {
    "ours_better": " Ours is likely better for it.",
    "ours_worse": " Ours is likely worse for it.",
    "none": " No effect is expected.",
}


def deviations(bundle: Bundle) -> Iterator[Block]:
    """The departures that the study states."""
    items = describe_deviations(bundle)
    if items:
        yield Listing(items)


def describe_deviations(bundle: Bundle) -> tuple[str, ...]:
    """Each departure as a sentence."""
    items = []
    for deviation in bundle.study.deviations:
        of = deviation.of or ()
        claims = [row for row in bundle.verdicts if row.claim in of]
        items.append(deviation_words(deviation, _name_claims(bundle, claims)))
    return tuple(items)


def _name_claims(bundle: Bundle, claims: list[VerdictRow]) -> str:
    """The names of a few claims; of many their model or dataset, and how many there are."""
    styles = styles_of(bundle)
    if len(claims) <= FEW:
        names = claim_names(bundle, styles)
        return "; ".join(names[row.claim] for row in claims)
    count = f"{len(claims)} claims"
    families = {row.family for row in claims}
    datasets = {row.dataset for row in claims}
    family, dataset = families.pop(), datasets.pop()
    if not families and family is not None:
        return f"{styles.brief(family)}, {count}"
    if not datasets and dataset is not None:
        return f"{styles.dataset(dataset)}, {count}"
    return count


def deviation_words(deviation: Deviation, claims: str = "") -> str:
    """What differs, for which claims, how, and which way.

    >>> worse = Deviation(what="tuning", note="Inner folds choose C", direction="ours_worse")
    >>> deviation_words(worse, "SVM")
    'Another tuning (SVM): Inner folds choose C. Ours is likely worse for it.'
    """
    kind = "not stated by the paper"
    if deviation.what != "unstated":
        kind = DOUBTS[deviation.what]
    of = f" ({claims})" if claims else ""
    way = _DIRECTIONS.get(deviation.direction or "", "")
    note = f"{deviation.note.removesuffix('.')}.{way}"
    return f"{kind[:1].upper()}{kind[1:]}{of}: {note}"


SECTION = Section("deviations", "What differs from the paper", deviations, order=13)
