"""The names of claims in prose and tables: short, and no two alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bench.claims.claim import shape_of
from bench.core.judgements import Status, VerdictRow
from bench.report.bundle import Bundle, remembered
from bench.report.points import number_unit
from bench.report.styles import Styles
from bench.report.text.claims import over, subject
from bench.text.formats import true_minus
from bench.text.words import Measure, measure

#: Of claims that are not of test rows.
_SIDES = {"train": "training rows", "inner": "inner folds"}
#: Of a claim of the author that a claim of the paper has the name of.
EXPECTED = "expected"
#: Before what tells two claims of one name apart.
CLAIM = "claim"
#: First words of a subject that keep their capital.
NAMES = ("Friedman's", "Nemenyi's", "Bonferroni", "Iman", "Wilcoxon's")


@remembered
def claim_names(bundle: Bundle, styles: Styles) -> dict[str, str]:
    """The name of every claim by its id; of those that would read alike with what differs, at last in their ids."""
    alike: dict[str, list[VerdictRow]] = {}
    for row in bundle.verdicts:
        alike.setdefault(_claim_name(bundle, row, styles), []).append(row)
    found: dict[str, str] = {}
    for name, same in alike.items():
        longer: dict[str, list[str]] = {}
        for claim, told in _apart(bundle, same, styles).items():
            longer.setdefault(", ".join([name, *told]), []).append(claim)
        for words, ids in longer.items():
            parts = {
                claim: _spelled(part, _note(bundle, claim))
                for claim, part in _parts(ids).items()
            }
            found |= {
                claim: f"{words} ({CLAIM} {part})" if part else words
                for claim, part in parts.items()
            }
    return {row.claim: found[row.claim] for row in bundle.verdicts}


def _apart(
    bundle: Bundle, same: Sequence[VerdictRow], styles: Styles
) -> dict[str, list[str]]:
    """What each of some claims is about, as far as they differ: metric, side, subject, over which datasets, whose
    number it is."""
    words = {row.claim: _words(bundle, row, styles) for row in same}
    differs = [len(set(column)) > 1 for column in zip(*words.values(), strict=True)]
    return {
        claim: [word for word, use in zip(found, differs, strict=True) if use and word]
        for claim, found in words.items()
    }


def _words(bundle: Bundle, row: VerdictRow, styles: Styles) -> tuple[str, ...]:
    claim = bundle.claims.get(row.claim)
    metric = measure(row.metric).word if row.metric else ""
    about = subject(row.kind, None, claim)
    about = about if about.split()[0] in NAMES else about[0].lower() + about[1:]
    return (
        metric,
        _SIDES.get(claim.side, "") if claim else "",
        about,
        over([styles.dataset(name) for name in claim.datasets]).strip()
        if claim and claim.datasets
        else "",
        EXPECTED if row.source == "author" and not row.falsifier else "",
    )


def _parts(ids: Sequence[str]) -> dict[str, str]:
    """The words of each id that are not in all of them; none where there is one alone.

    >>> _parts(["vehicle-cart", "vehicle-indcart"]), _parts(["wine"])
    ({'vehicle-cart': 'cart', 'vehicle-indcart': 'indcart'}, {'wine': ''})
    >>> _parts(["v-1", "v_1"])
    {'v-1': 'v-1', 'v_1': 'v_1'}
    """
    split = {claim: re.split(r"[-_ ]+", claim) for claim in ids}
    shared = set.intersection(*map(set, split.values()))
    parts = {
        claim: " ".join(word for word in words if word not in shared)
        for claim, words in split.items()
    }
    unlike = len(ids) == 1 or (
        all(parts.values()) and len(set(parts.values())) == len(ids)
    )
    if unlike:
        return parts
    whole = {claim: " ".join(words) for claim, words in split.items()}
    return (
        whole
        if len(set(whole.values())) == len(ids)
        else {claim: claim for claim in ids}
    )


def _note(bundle: Bundle, claim: str) -> str:
    return (claim in bundle.claims and bundle.claims[claim].note) or ""


def _spelled(part: str, note: str) -> str:
    """Words of an id, which has no capitals, as the note of its claim spells them.

    >>> _spelled("indcart", "CART in place of IndCART")
    'IndCART'
    """
    known = {word.casefold(): word for word in re.findall(r"\w+", note)}
    return " ".join(known.get(word, word) for word in part.split())


def _of(row: VerdictRow) -> str:
    """What a number of no model here is of, by the id of its claim: ` of one tree oob`."""
    known = re.split(r"[-_ ]+", f"{row.dataset or ''}_{row.metric or ''}")
    words = [word for word in re.split(r"[-_ ]+", row.claim) if word not in known]
    return f" of {' '.join(words)}" if words else ""


def pair_named(row: VerdictRow, styles: Styles) -> str:
    """The two models of a claim, with what it says of them; a number of two does not say which is better."""
    between = shape_of(row.kind).phrases.between
    return f"{styles.family(row.family).title} {between} {styles.family(row.against).title}"


def _claim_name(bundle: Bundle, row: VerdictRow, styles: Styles) -> str:
    """A claim in a few words: what it is about, with the dataset when there are several; of a falsifier with its
    number, since it is named where no table stands beside it."""
    many = len(styles.study.datasets) > 1 and row.dataset is not None
    name = _about(bundle, row, styles) + (
        f" on {styles.dataset(row.dataset)}" if many else ""
    )
    if not (row.falsifier and row.published):
        return name
    return f"{name} is {true_minus(row.published)}{number_unit(row)}"


def _about(bundle: Bundle, row: VerdictRow, styles: Styles) -> str:
    """The family of a claim, both families, its order or its subject."""
    claim = bundle.claims.get(row.claim)
    if claim is not None and claim.order:
        return f"Order {styles.order(claim.order)}"
    if row.against is not None and row.family is not None:
        return pair_named(row, styles)
    shape, title = shape_of(row.kind), styles.family(row.family).title
    said = subject(row.kind, _unit(row), claim)
    if row.family is None:
        unknown = row.status == Status.NOT_ATTEMPTED and shape.number == "score"
        return said + (_of(row) if unknown else "")
    if shape.beats_all:
        return f"{title} best of all"
    return f"{said} of {title}" if row.falsifier else title


def _unit(row: VerdictRow) -> Measure | None:
    return measure(row.metric) if row.metric else None
