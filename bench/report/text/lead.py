"""The sentences under the headline: what was not fitted here, claims, stand-ins, the comparison, gaps."""

from __future__ import annotations

import polars as pl

from bench.core.findings import Outcome
from bench.core.judgements import Evidence, VerdictRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import attempted, foremost, held, mark, stand_ins, statuses
from bench.report.printed import lead as of_counts
from bench.report.printed import needed
from bench.report.styles import Styles
from bench.report.text import external as given
from bench.report.text.claim_names import claim_names
from bench.scores.design import level_of
from bench.text import formats
from bench.text.marks import NOT_REPRODUCED, uncounted

#: Claims are named one by one up to so many.
MOST_NAMED = 6
#: By what a claim was met that is not the paper's own experiment.
STAND_INS = {
    "substituted": "another method than the paper's",
    "approximated": "an approximation of the paper's experiment",
}
#: By mark: one claim, several.
_SENTENCES = {
    "exact": "equals the published number to its printed decimals|equal the published numbers to "
    "their printed decimals",
    "reproduced": "is reproduced within the tolerance|are reproduced within the tolerance",
    "direction_reproduced": "holds in direction only|hold in direction only",
    NOT_REPRODUCED: "is not reproduced|are not reproduced",
    "differs": "differs, on evidence that is not strong|differ, on evidence that is not strong",
    "unclear": "is unclear|are unclear",
    "consistent": "is consistent, but not confirmed|are consistent, but not confirmed",
}


def lead(bundle: Bundle, styles: Styles) -> list[str]:
    """Up to five sentences: external scores, claims, stand-ins, the comparison, failed fits."""
    found = [
        given.whole(bundle),
        _claims_sentence(bundle, styles),
        " ".join(sentence for fidelity in STAND_INS if (sentence := _stand_in_sentence(bundle, fidelity))),
        _comparison_sentence(bundle),
        _failure_sentence(bundle),
    ]
    return [sentence for sentence in found if sentence]


def _stand_in_sentence(bundle: Bundle, fidelity: str) -> str:
    """What stands in for the paper's own where claims hold up, if their notes say one and the same; or empty."""
    rows = stand_ins(bundle, fidelity)
    notes = {(bundle.claims[row.claim].note or "").rstrip(".") if row.claim in bundle.claims else "" for row in rows}
    if len(notes) != 1 or not (note := notes.pop()):
        return ""
    count, whole = len(rows), held(attempted(bundle))
    some = f"{formats.spelled(count).capitalize()} of the claims that hold up {'comes' if count == 1 else 'come'}"
    return f"{'What holds up comes' if count == whole else some} from {STAND_INS[fidelity]}: {note}."


def _claims_sentence(bundle: Bundle, styles: Styles) -> str:
    """What the headline leaves out: how many of all attempted claims hold, by evidence; names where they are few."""
    if needed(bundle):
        return of_counts(bundle)
    rows, of = attempted(bundle), foremost(bundle)
    said = []
    if of is not None and len(of.rows) < len(rows):
        said.append(_whole(rows))
    if len(rows) <= MOST_NAMED:
        said.append(_by_name(bundle, styles, rows))
    left = statuses(bundle)
    said.append(f"Not counted: {uncounted(left)}." if left else "")
    return " ".join(filter(None, said))


def _whole(rows: list[VerdictRow]) -> str:
    """`Of all 44 attempted claims 17 hold up: 8 of 10 on strong evidence, 9 of 34 on weak evidence.`"""
    each = [
        f"{held(some)} of {len(some)} on {evidence} evidence"
        for evidence in Evidence
        if (some := [row for row in rows if row.evidence == evidence])
    ]
    start, count = f"Of all {len(rows)} attempted claims", held(rows)
    verb = "holds" if count == 1 else "hold"
    if len(each) == 1:
        return f"{start} {count} {verb} up, all on {rows[0].evidence} evidence."
    return f"{start} {count} {verb} up: {', '.join(each)}."


def _by_name(bundle: Bundle, styles: Styles, rows: list[VerdictRow]) -> str:
    known, parts = claim_names(bundle, styles), []
    for key, endings in _SENTENCES.items():
        if names := [known[row.claim] for row in rows if mark(row) == key]:
            one, many = (endings.replace("published", "expected") if facts.own(bundle) else endings).split("|")
            parts.append(f"{formats.listed(names)} {one if len(names) == 1 else many}")
    return "; ".join(parts) + "." if parts else ""


def _comparison_sentence(bundle: Bundle) -> str:
    """What the comparison rests on where the headline speaks of it; what comes of it, `use` says."""
    unit = facts.primary(bundle)
    if not facts.estimates(bundle, unit.name) or len(facts.families(bundle)) < 2 or facts.counted(bundle).height:
        return ""
    rope = bundle.study.compare.rope if bundle.study.compare else None
    same = f" Differences within {unit.size(rope)} are practically equal (the ROPE)." if rope else ""
    return f"Compared by {unit.word}, at the {100 * level_of(bundle.study):g}{formats.THIN}% level after Holm.{same}"


def _failure_sentence(bundle: Bundle) -> str:
    failed = facts.failed_cells(bundle).height
    if not failed:
        return ""
    said = f"{formats.plural(failed, 'fit')} failed and {'is' if failed == 1 else 'are'} listed below"
    if facts.fallbacks(bundle, bundle.study.metrics.primary):
        said += f"; a baseline's score takes {'its' if failed == 1 else 'their'} place"
    changes = bundle.frame("findings").filter(
        pl.col("diagnostic") == "failed_cells", pl.col("outcome") == Outcome.FOUND.value, pl.col("family").is_null()
    )
    return f"{said}. The order of the models depends on how these are replaced." if changes.height else f"{said}."
