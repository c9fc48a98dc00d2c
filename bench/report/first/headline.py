"""The headline: the name of the study and its outcome, by one of five patterns.

A paper as a whole, a paper with counts, a paper whose method was not run, a question of one's own, a demonstration.
"""

from __future__ import annotations

from collections import Counter

from bench.core.counting import Falsified
from bench.core.findings import Outcome, Severity
from bench.diagnose.run_all import title_of
from bench.report import facts, printed
from bench.report.bundle import Bundle
from bench.report.counts import compared
from bench.report.first.verdicts import (
    AS_A_WHOLE,
    find_pair,
    sign_of_counts,
    told,
    warned,
    words_of,
)
from bench.report.styles import styles_of
from bench.text import formats
from bench.text.words import measure


def headline(bundle: Bundle) -> str:
    """`Breiman (2001), Table 2: holds as a whole`."""
    study = bundle.study
    return f"{study.name or study.title}: {outcome(bundle)}"


def outcome(bundle: Bundle) -> str:
    """What stands behind the name, in a few words."""
    if bundle.study.planted is not None:
        return _detection(bundle)
    if printed.checks_numbers(bundle):
        return _checked(bundle)
    if is_own(bundle):
        return _own(bundle)
    return _paper(bundle)


def _checked(bundle: Bundle) -> str:
    """How many printed numbers follow; of a study with other claims too, how many hold of all."""
    numbers = compared(bundle)
    held = f"{formats.count(numbers.held)} of {formats.count(numbers.compared)}"
    words = f"{held} printed numbers follow from the scores"
    if len(printed.claimed(bundle)) < len(bundle.counted.claims):
        words = words_of(numbers)
    return f"{sign_of_counts(numbers).words} ({words})"


def is_own(bundle: Bundle) -> bool:
    """Whether the study answers a question of its own: no method of a paper was run, and it says what it asks."""
    count = bundle.counted
    if not count.judged:
        return not count.claims
    foreign = not count.tested
    return count.own or (foreign and bundle.study.simple is not None)


def _paper(bundle: Bundle) -> str:
    answers = [row for row in bundle.whole if row.family is None and row.answer]
    said = [AS_A_WHOLE[row.answer].words for row in answers if row.answer]
    if len(said) == 1:
        return said[0]
    if said:
        names = [measure(row.metric).word for row in answers]
        pairs = zip(names, said, strict=True)
        return "; ".join(dict.fromkeys(f"{name} {words}" for name, words in pairs))
    numbers = compared(bundle)
    if numbers.compared:
        return f"{sign_of_counts(numbers).words} ({words_of(numbers)})"
    if numbers.untested:
        return "not tested, another method"
    return "nothing of the paper was run"


def _own(bundle: Bundle) -> str:
    if fault := _serious(bundle):
        return f"not usable, {fault}"
    if bundle.study.simple is not None:
        return _beside_simple(bundle, bundle.study.simple)
    parts = []
    numbers = compared(bundle)
    if bundle.counted.own and numbers.compared:
        held = f"{numbers.held} of {numbers.compared}"
        parts.append(f"{held} expectations came out")
    if bundle.falsified:
        happened = Counter(bundle.falsified.values())[Falsified.HAPPENED]
        total = len(bundle.falsified)
        parts.append(f"{happened} of {total} tests go against them")
    return ", ".join(parts) or _leader(bundle)


def _beside_simple(bundle: Bundle, simple: str) -> str:
    """Which models are shown to be better than the simple one."""
    styles = styles_of(bundle)
    title = styles.family(simple).title
    others = [name for name in facts.families(bundle) if name != simple]
    outcomes = {name: told(bundle, find_pair(bundle, name, simple)) for name in others}
    better = [name for name in others if outcomes[name] == "better"]
    if better:
        names = formats.listed([styles.family(name).title for name in better])
        return f"shown to be better than {title}: {names}"
    if set(outcomes.values()) <= {"untested"}:
        return "no model could be tested against another"
    return f"no model is shown to be better than {title}"


def _leader(bundle: Bundle) -> str:
    """Who has the best mean, where nothing was expected."""
    metric = facts.primary(bundle).name
    places = facts.places(bundle)
    first = facts.first_by_ranks(bundle, metric)
    if len(places) == 1:
        first = (
            tuple(facts.leading(bundle, places[0], metric)) if _scored(bundle) else ()
        )
    if not first:
        return "nothing to compare" if _scored(bundle) else "nothing was scored"
    names = formats.listed([styles_of(bundle).family(name).title for name in first])
    return f"best by {measure(metric).word}, {names}"


def _scored(bundle: Bundle) -> bool:
    return bundle.tests.height > 0


def _serious(bundle: Bundle) -> str:
    """The title of a finding that makes scores worthless; empty without any."""
    for row in bundle.findings:
        if row.outcome == Outcome.FOUND and row.severity == Severity.SERIOUS:
            return title_of(row.diagnostic, row.code).lower()
    return ""


def _detection(bundle: Bundle) -> str:
    """How many planted faults were found, and how many warnings are false."""
    planted = set((bundle.study.planted or {}).items())
    raised = warned(bundle)
    false = len(raised - planted)
    ending = f"{false} false warnings" if false else "no false warning"
    if not planted:
        return ending
    return f"{len(planted & raised)} of {len(planted)} planted faults found, {ending}"
