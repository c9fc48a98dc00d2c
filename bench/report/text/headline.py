"""The finding of a study in one line, by rule from judgements and comparisons."""

from __future__ import annotations

from collections import Counter

from bench.claims.replication import occurred
from bench.core.findings import is_alarm
from bench.core.frames import records
from bench.core.judgements import Doubt, Evidence, Status, VerdictRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import Counts, Foremost, attempted, doubts, foremost, held, mark, refutable, statuses
from bench.report.printed import opening
from bench.report.styles import Styles
from bench.report.text.claim_names import claim_names
from bench.text import formats
from bench.text.marks import DOUBTS, NOT_REPRODUCED
from bench.text.words import measure


def headline(bundle: Bundle, styles: Styles) -> str:
    """The finding in one line, and what the author expected not to see and was seen."""
    names = claim_names(bundle, styles)
    found = [names[claim] for claim in occurred(bundle.study, bundle.frame("verdicts"))]
    return _finding(bundle, styles) + (
        f"; what would falsify the expectation occurred: {formats.listed(found)}" if found else ""
    )


def _finding(bundle: Bundle, styles: Styles) -> str:
    """Of the claims if there are any, else of the comparison, else what stopped it."""
    if line := opening(bundle):
        return line
    if facts.counted(bundle).height:
        return claims_line(bundle)
    if bundle.plain("scores").height:
        return _with_warnings(bundle, comparison_line(bundle, styles))
    failed = facts.failed_cells(bundle).height
    return (
        f"Nothing could be scored: {formats.plural(failed, 'fit')} failed" if failed else "Nothing has been scored yet"
    )


def _with_warnings(bundle: Bundle, line: str) -> str:
    """A comparison of scores that the findings warn about begins with that."""
    found = bundle.frame("findings").filter(is_alarm()).height
    if not found:
        return line
    count = "One warning" if found == 1 else f"{formats.spelled(found).capitalize()} warnings"
    return f"{count} about these scores; {line[0].lower() if line.split()[0] in _PLAIN else line[0]}{line[1:]}"


#: Words that begin a line about the comparison and are no names.
_PLAIN = {"No", "Nothing", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"}


def claims_line(bundle: Bundle) -> str:
    """`Two of three central accuracies hold up; one is unclear`: of the central claims with the best evidence.

    Evidence that is not strong is named, and so is a study in which nothing could have been refuted.
    """
    of, rows = foremost(bundle), attempted(bundle)
    if of is None:
        return _none_attempted(bundle)
    line = _outcome(bundle, of)
    if not of.alone and of.evidence != Evidence.STRONG:
        shared = _shared_doubts(bundle, of.rows)
        why = f" ({formats.listed([DOUBTS[one] for one in shared])})" if shared else ""
        line = f"On {of.evidence} evidence{why} {line[0].lower()}{line[1:]}"
    return line + ("" if any(map(refutable, rows)) else "; nothing here could have been refuted")


def _shared_doubts(bundle: Bundle, rows: list[VerdictRow]) -> list[Doubt]:
    """What makes the evidence of all these claims less than strong."""
    first, *others = (doubts(bundle, row) for row in rows)
    return [one for one in first if all(one in other for other in others)]


def _none_attempted(bundle: Bundle) -> str:
    rows = records(facts.counted(bundle), VerdictRow)
    tried = "attempted" if all(row.status == Status.NOT_ATTEMPTED for row in rows) else "judged"
    if len(rows) == 1:
        return f"The {_what(bundle, rows, one=True)} was not {tried}"
    return f"None of {formats.spelled(len(rows))} {_what(bundle, rows)} was {tried}"


def _outcome(bundle: Bundle, of: Foremost) -> str:
    """How many of these claims hold; what sets them apart from other claims of the study is named."""
    rows, counts = of.rows, Counter(map(mark, of.rows))
    which = f" with {of.evidence} evidence" if of.alone else ""
    total, holding, central = len(rows), held(rows), "central " if of.central else ""
    if not of.central and not of.alone and statuses(bundle):
        which = " that was attempted" if total == 1 else " that were attempted"
    noun = central + _what(bundle, rows, one=total == 1) + which
    if total == 1:
        return f"The {noun} {_ONE.get(next(iter(counts)), 'holds up')}"
    if holding == total:
        return f"{'Both' if total == 2 else 'All ' + formats.spelled(total)} {noun} hold up"
    if holding == 0:
        return _none_held(counts, total, noun, "confirmed" if facts.own(bundle) else "fully reproduced")
    verb = "holds" if holding == 1 else "hold"
    return f"{formats.spelled(holding).capitalize()} of {formats.spelled(total)} {noun} {verb} up; {_rest(counts)}"


def _none_held(counts: Counts, total: int, noun: str, word: str) -> str:
    start = f"None of {formats.spelled(total)} {noun}"
    if counts["consistent"] + counts["unclear"] == total:
        return f"{start} could be decided"
    if counts[NOT_REPRODUCED] == total:
        return f"{start} is reproduced"
    return f"{start} is {word}: {_rest(counts, refuted=('is refuted', 'are refuted'))}"


def _rest(counts: Counts, refuted: tuple[str, str] = ("is not reproduced", "are not reproduced")) -> str:
    """`one is not reproduced and two are consistent`; `refuted` after a sentence that says it already."""
    parts = []
    for word, one, many in (
        ("direction_reproduced", "holds in direction only", "hold in direction only"),
        (NOT_REPRODUCED, *refuted),
        ("differs", "differs", "differ"),
        ("unclear", "is unclear", "are unclear"),
        ("consistent", "is consistent but not confirmed", "are consistent but not confirmed"),
    ):
        if counts[word]:
            parts.append(f"{formats.spelled(counts[word])} {one if counts[word] == 1 else many}")
    return formats.listed(parts)


#: How one claim that does not hold came out.
_ONE = {
    "direction_reproduced": "holds up in its direction, not in its size",
    "consistent": "is consistent with ours, but not confirmed",
    "unclear": "can be neither confirmed nor refuted here",
    "differs": "differs from ours",
    NOT_REPRODUCED: "is not reproduced",
}


def _what(bundle: Bundle, rows: list[VerdictRow], one: bool = False) -> str:
    """`published accuracies`, `expected` ones of the study's own; without a paper and a number, `stated` claims."""
    stated = bundle.study.paper is None and all(row.published is None for row in rows)
    word = "expected" if facts.own(bundle) else "stated" if stated else "published"
    of = facts.number_of(bundle)
    quoted = [of[row.claim] for row in rows if row.claim in of]
    count = len(set(quoted))
    if one or count == len(quoted):
        return f"{word} {_noun(rows, one)}"
    if len(quoted) == len(rows):
        return f"claims about {formats.spelled(count)} {word} {_noun(rows, count == 1)}"
    return f"{word} claims, about {formats.spelled(count)} {'number' if count == 1 else 'numbers'} among others,"


def _noun(rows: list[VerdictRow], one: bool = False) -> str:
    """What the claims are: `accuracies` when all are values of one metric, else `numbers` or `claims`."""
    if {row.kind for row in rows} != {"value"}:
        return "claim" if one else "claims"
    metrics = {row.metric for row in rows}
    if len(metrics) == 1 and (name := metrics.pop()):
        unit = measure(name)
        return unit.word if one else unit.plural
    return "number" if one else "numbers"


def comparison_line(bundle: Bundle, styles: Styles) -> str:
    """Which model is best, or that none differs significantly from the best; never a winner without a test."""
    unit = facts.primary(bundle)
    scored = {d for d, _ in facts.estimates(bundle, unit.name)}
    datasets = [d for d in facts.places(bundle) if d in scored]
    if not datasets:
        return "No model has a score on the primary metric"
    if len(datasets) > 1:
        return _on_many(bundle, styles, datasets)
    standing = facts.standing(bundle, datasets[0], unit.name)
    seeds = standing is not None and standing.over_seeds
    return _on_one(bundle, styles, datasets[0]) + (", over seeds on the same split" if seeds else "")


def _on_one(bundle: Bundle, styles: Styles, dataset: str) -> str:
    unit = facts.primary(bundle)
    place, standing = styles.dataset(dataset), facts.standing(bundle, dataset, unit.name)
    scored = [f for d, f in facts.estimates(bundle, unit.name) if d == dataset]
    if standing is None or len(scored) == 1:
        shown = facts.estimates(bundle, unit.name)[dataset, scored[0]]
        return f"{styles.family(scored[0]).title}: {unit.word} {unit.show(shown.value)} on {place}"
    best = styles.family(standing.best).title
    if not standing.tested:
        return f"{best} has the best {unit.word} on {place}, with no test of the difference"
    others = len(standing.tied) - 1
    plain = {f for f in scored if not styles.family(f).baseline}
    left = len(standing.untested)
    untested = f" ({formats.spelled(left)} {'was' if left == 1 else 'were'} not tested)" if left else ""
    if others == 0:
        return f"{best} leads on {place}{untested}"
    if len(standing.tied) == len(scored):
        return f"No model is significantly different from the best on {place}"
    if standing.tied == plain and len(plain) > 2:
        return f"Only the baseline is significantly different from the best on {place}"
    also = "one other is" if others == 1 else f"{formats.spelled(others)} others are"
    return f"{best} leads on {place}, but {also} not significantly different{untested}"


def _on_many(bundle: Bundle, styles: Styles, datasets: list[str]) -> str:
    unit = facts.primary(bundle)
    ranks = facts.mean_ranks(bundle, unit.name)
    places = facts.sets_words(bundle, datasets)
    if len(facts.distinct(bundle, datasets)) == 1 and len(datasets) == 2:
        first, second = (_on_one(bundle, styles, dataset) for dataset in datasets)
        return f"{first}; {second[0].lower() + second[1:] if second.startswith(('No ', 'Nothing ')) else second}"
    if not ranks:
        return f"{formats.plural(len(facts.families(bundle)), 'model')} on {places}, not compared"
    if not facts.decides(bundle, unit.name):
        return f"{places.capitalize()} cannot decide which model is best"
    groups, (best, *near) = facts.overall_groups(bundle, unit.name)
    if len(groups) == 1:
        return f"No two models are significantly different across {places}"
    said = f"{styles.family(best).title} has the best mean rank across {places}"
    if not near:
        return said
    also = f"{styles.family(near[0]).title} is" if len(near) == 1 else f"{formats.spelled(len(near))} others are"
    return f"{said}, but {also} not significantly different"
