"""The finding of a study in one line, by rule from verdicts and comparisons."""

from __future__ import annotations

from bench.claims.replication import occurred
from bench.core.findings import is_alarm
from bench.core.frames import records
from bench.core.judgements import VerdictRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import Counts, not_attempted, numbers, sort_of, stand_ins, verdict_counts
from bench.report.styles import Styles
from bench.report.text.claim_names import claim_names
from bench.text import formats
from bench.text.words import HELD, measure


def headline(bundle: Bundle, styles: Styles) -> str:
    """The finding in one line, and what the author expected not to see and was seen."""
    names = claim_names(bundle, styles)
    found = [names[claim] for claim in occurred(bundle.study, bundle.frame("verdicts"))]
    return _finding(bundle, styles) + (
        f"; what would falsify the expectation occurred: {formats.listed(found)}" if found else ""
    )


def _finding(bundle: Bundle, styles: Styles) -> str:
    """Of the claims if there are any, else of the comparison, else what stopped it."""
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
    """`Three of four published accuracies hold up; one could not be tested`: no count is left out.

    Every share is of the claims that were attempted; how many were not is said at the end.
    """
    left, attempted = not_attempted(bundle), facts.attempted(bundle).height
    if not attempted:
        return _none_attempted(left, bundle)
    line = _attempted_line(bundle, " that were attempted" if left else "")
    others = "one other was" if left == 1 else f"{formats.spelled(left)} others were"
    return line + _unread(bundle) + (f"; {others} not attempted" if left else "")


def _unread(bundle: Bundle) -> str:
    """A remark on numbers none of which was checked at its source."""
    sorts = {sort_of(bundle, row) for row in records(facts.attempted(bundle), VerdictRow)} - {"comparison"}
    return "; no published number was checked at its source" if sorts == {"memory"} and not facts.own(bundle) else ""


def _none_attempted(count: int, bundle: Bundle) -> str:
    one = count == 1
    noun = _what(bundle, one=one)
    return f"The {noun} was not attempted" if one else f"None of {formats.spelled(count)} {noun} was attempted"


def _attempted_line(bundle: Bundle, which: str) -> str:
    """How many of the attempted claims hold; `which`: the words that set them apart from others."""
    counts = verdict_counts(bundle)
    total, held = sum(counts.values()), sum(counts[word] for word in HELD)
    noun = _what(bundle) + which
    if total == 1:
        noun = _what(bundle, one=True) + which.replace("were", "was")
        line = _one_claim(next(word for word, n in counts.items() if n), noun)
        by = next((words for fidelity, words in STAND_INS.items() if stand_ins(bundle, fidelity).height), "")
        return f"{line}, by {by}" if by else line
    if held == total:
        return f"{'Both' if total == 2 else 'All ' + formats.spelled(total)} {noun} hold up"
    if held == 0:
        return _none_held(counts, total, noun, "confirmed" if facts.own(bundle) else "fully reproduced")
    verb = "holds" if held == 1 else "hold"
    return f"{formats.spelled(held).capitalize()} of {formats.spelled(total)} {noun} {verb} up; {_rest(counts)}"


#: By what a claim was met that is not the paper's own experiment.
STAND_INS = {
    "substituted": "another method than the paper's",
    "approximated": "an approximation of the paper's experiment",
}


def _none_held(counts: Counts, total: int, noun: str, held: str) -> str:
    start = f"None of {formats.spelled(total)} {noun}"
    verbs = {"inconclusive": "could be decided", "not_testable": "could be tested"}
    for word, verb in verbs.items():
        if counts[word] == total:
            return f"{start} {verb}"
    if counts["not_reproduced"] == total:
        return f"{start} is reproduced"
    return f"{start} is {held}: {_rest(counts, refuted=('is refuted', 'are refuted'))}"


def _rest(counts: Counts, refuted: tuple[str, str] = ("does not", "do not")) -> str:
    """`one does not and two are inconclusive`; `refuted` where the words before it give `does not` no verb."""
    parts = []
    for word, one, many in (
        ("direction_reproduced", "holds in direction only", "hold in direction only"),
        ("not_reproduced", *refuted),
        ("inconclusive", "is inconclusive", "are inconclusive"),
        ("not_testable", "could not be tested", "could not be tested"),
    ):
        if counts[word]:
            parts.append(f"{formats.spelled(counts[word])} {one if counts[word] == 1 else many}")
    return formats.listed(parts)


def _one_claim(verdict: str, noun: str) -> str:
    endings = {
        "direction_reproduced": "holds up in its direction, not in its size",
        "inconclusive": "can be neither confirmed nor refuted here",
        "not_reproduced": "does not hold up",
        "not_testable": "could not be tested",
    }
    return f"The {noun} {endings.get(verdict, 'holds up')}"


def _what(bundle: Bundle, one: bool = False) -> str:
    """`published accuracies`, `expected` ones of the study's own; without a paper and a number, `stated` claims."""
    stated = bundle.study.paper is None and facts.counted(bundle)["published"].is_null().all()
    word = "expected" if facts.own(bundle) else "stated" if stated else "published"
    claims = facts.attempted(bundle).height
    count, number_of = numbers(bundle), facts.number_of(bundle)
    if one or count == len(number_of):
        return f"{word} {_noun(bundle, one)}"
    if len(number_of) == claims:
        return f"claims about {formats.spelled(count)} {word} {_noun(bundle, count == 1)}"
    return f"{word} claims, about {formats.spelled(count)} {'number' if count == 1 else 'numbers'} among others,"


def _noun(bundle: Bundle, one: bool = False) -> str:
    """What the claims are: `accuracies` when all are values of one metric, else `numbers` or `claims`."""
    rows = facts.counted(bundle)
    if set(rows["kind"]) != {"value"}:
        return "claim" if one else "claims"
    metrics = set(rows["metric"])
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
