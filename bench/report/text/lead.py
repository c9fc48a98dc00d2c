"""The sentences under the headline: what was not fitted here, claims, stand-ins, the comparison, gaps."""

from __future__ import annotations

import polars as pl

from bench.core.findings import Outcome
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import stand_ins
from bench.report.styles import Styles
from bench.report.text import external as given
from bench.report.text.claim_names import claim_names
from bench.report.text.headline import STAND_INS
from bench.scores.design import level_of
from bench.text import formats
from bench.text.words import HELD


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
    """How many claims hold up by a stand-in, and what it is if their notes say one and the same."""
    rows = stand_ins(bundle, fidelity)
    if rows.is_empty():
        return ""
    held, count = facts.counted(bundle).filter(pl.col("verdict").is_in(HELD)).height, rows.height
    verb = "comes" if count == 1 else "come"
    who = (
        "What holds up comes"
        if held == count
        else f"{formats.spelled(count).capitalize()} of the claims that hold up {verb}"
    )
    notes = {(bundle.claims[c].note or "").rstrip(".") if c in bundle.claims else "" for c in rows["claim"]}
    note = notes.pop() if len(notes) == 1 else ""
    if note:
        return f"{who} from {STAND_INS[fidelity]}: {note}."
    return f"{who} from {STAND_INS[fidelity]}" + (" (see each claim)." if notes else ".")


_SENTENCES = {
    "exact": "equals the published number to its printed decimals|equal the published numbers to "
    "their printed decimals",
    "reproduced": "is reproduced within the tolerance|are reproduced within the tolerance",
    "direction_reproduced": "holds in direction only|hold in direction only",
    "not_reproduced": "is not reproduced|are not reproduced",
    "inconclusive": "is inconclusive|are inconclusive",
    "not_testable": "cannot be tested here|cannot be tested here",
    "not_attempted": "was not attempted|were not attempted",
}


def _claims_sentence(bundle: Bundle, styles: Styles) -> str:
    """Names up to three claims a verdict, counts them beyond."""
    rows, known = facts.counted(bundle), claim_names(bundle, styles)
    parts = []
    left = (pl.col("verdict") == "not_testable") & (pl.col("fidelity") == "not_attempted")
    rows = rows.with_columns(verdict=pl.when(left).then(pl.lit("not_attempted")).otherwise("verdict"))
    for verdict, endings in _SENTENCES.items():
        names = [known[claim] for claim in rows.filter(pl.col("verdict") == verdict)["claim"]]
        if not names:
            continue
        one, many = (endings.replace("published", "expected") if facts.own(bundle) else endings).split("|")
        if len(names) > 3:
            names = [formats.plural(len(names), "claim")]
            parts.append(f"{names[0]} {one if names[0].startswith('1 ') else many}")
        else:
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
