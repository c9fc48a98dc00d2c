"""The words of the first screen: the head of the summary of findings, and what stands below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bench.core.judgements import Doubt
from bench.report.text import preregistration
from bench.study.cost import RunCost
from bench.study.preregistration import Frozen
from bench.text import formats
from bench.text.marks import FALSIFIER, FOLLOWS, expected_word, tally
from bench.text.words import Measure

CLAIMS = "claims held up"
#: The heads of our number of claims that compare models without one: of any kind, and of “best of all” alone.
LEAD = "How much better the model named first is"
LEAD_OF_BEST = "How much better the named model is than the best other one"
DIFFERS, READ = "Differs from the paper", "Published numbers"
PLANTED, BEST, BEST_RANK, UNTESTED = (
    "planted",
    "best score",
    "best mean rank",
    "not tested",
)
NO_DEVIATION = "See the notes on single claims."
TOO_GOOD, BY_CONSTRUCTION = "too good", "known by construction"


@dataclass(frozen=True)
class SummaryHead:
    """The head of the summary of findings; a column without a name has no cells."""

    what: str
    published: str
    ours: str
    difference: str
    agreement: str
    follows: str


FAULTS_HEAD = SummaryHead(
    "Planted fault", "Done by the author", "Found by bench", "", "", ""
)
RANKS_HEAD = SummaryHead("Model", "", "Mean rank", "", "Against the best", "")


def lead(*, of_best: bool) -> str:
    """The head of our numbers of claims that compare models; of_best: all of them with the best other one."""
    return LEAD_OF_BEST if of_best else LEAD


def claims_head(whose: str, numbers: bool, lead: str, paper: bool) -> SummaryHead:
    """The head of claims; `whose` numbers they have; `numbers`: some have one; `lead`: the head of those that
    compare models, if there are any; `paper`: some are a paper's."""
    difference = f"Ours − {whose}" if not lead else "Difference" if numbers else lead
    names = (whose.capitalize(), "Ours") if numbers else ("", "")
    return SummaryHead(
        "Claim", *names, difference, "Agreement", FOLLOWS if paper else ""
    )


def models_head(unit: Measure) -> SummaryHead:
    return SummaryHead(
        "Model", "", unit.title, "Difference from the best", "Against the best", ""
    )


#: What the intervals allow for, by what was drawn anew.
_ALLOWS = {
    "splits": "other splits of the same rows",
    "draws": "other simulated data",
    "seeds": "other seeds alone",
}


def note(
    whose: str, numbers: bool, pairs: bool, limits: Sequence[str], sided: bool, bar: str
) -> str:
    """How the drawings of claims are read: only marks that are there are explained.

    `whose` numbers some have, `numbers`; `pairs`: some compare models; `limits`: the tolerances of those that hold
    within one, empty in the unit of a target: one alone is named; `sided`: some hold on a side; `bar`: what the bars
    are, if there are any.
    """
    whats = {f"ours − {whose}": numbers, "our difference between two models": pairs}
    within = (
        f"within {limits[0]}"
        if len(limits) == 1 and limits[0]
        else "within the claim's tolerance"
    )
    bands = {within: bool(limits), "on the claimed side": sided}
    what, band = (
        " or ".join(words for words, used in one.items() if used)
        for one in (whats, bands)
    )
    return f"Disc: {what}.{bar} Band: where the claim holds ({band})."


def bar(directions: Collection[bool], vary: str, *, hidden: bool) -> str:
    """What the bars are; `hidden`: some lie under their disc.

    directions: whether claims that have one are of a direction (True, level 95 %), of a size (False, 90 %), or both.
    vary: what was drawn anew; empty if it is not one thing.
    """
    level = {True: f"95{formats.THIN}%", False: f"90{formats.THIN}%"}
    both = len(directions) == 2
    said = f"{level[not both and next(iter(directions))]} interval"
    said += f", which allows for {_ALLOWS[vary]}" if vary in _ALLOWS else ""
    said += (
        f", {level[True]} where only the direction of a difference was judged"
        if both
        else ""
    )
    return f" Bar{' (the disc may hide it)' if hidden else ''}: {said}."


def below(word: str, why: str) -> str:
    """What the word of several rows does not say, once below their table."""
    return f"{word}: {why}."


def models_note(unit: Measure, rope: float, bars: bool) -> str:
    bar = (
        "; bar: its interval, not corrected for several tests (the words beside it are)"
        if bars
        else ""
    )
    band = f"; band: practically equal (±{unit.size(rope)})" if rope else ""
    return f"Disc: difference from the best model{bar}{band}."


def scored(name: str, how: str) -> str:
    return f"{name}, scored {how}"


def found(raised: bool) -> str:
    return "✓ found" if raised else "✕ not found"


def beside_best(told: int | None) -> str:
    """`told`: as a pair says it, of the model beside the best."""
    if told is None:
        return UNTESTED
    return (
        "not significantly different",
        "significantly better",
        "significantly worse",
    )[told]


def beyond(shown: int) -> str:
    """Which claims the others are, where some are shown."""
    these = "this one" if shown == 1 else f"these {formats.spelled(shown)}"
    return f" beyond {these}" if shown else ""


def total(counts: Mapping[str, int], *, own: bool) -> str:
    """How all attempted claims came out; of the author's `own`, how many came out as expected.

    >>> total({"exact": 3, "reproduced": 37}, own=False)
    'All 40 attempted claims: 3 exact, 37 reproduced.'
    """
    many = sum(counts.values())
    if not own:
        return f"All {formats.plural(many, 'attempted claim')}: {tally(counts)}."
    words = Counter[str]()
    for key, count in counts.items():
        words[expected_word(key)] += count
    came = ", ".join(f"{formats.count(count)} {word}" for word, count in words.items())
    return f"All {formats.plural(many, 'expectation')}: {came}."


def happened(others: Sequence[str], falsifiers: int, *, apart: bool) -> str:
    """How many of all falsifiers happened: one in the table, and these `others`; `apart`: claims were counted before.

    >>> happened(["B better than C"], 6, apart=True)
    'Falsifiers are counted apart: 2 of 6 happened, the one in the table above and B better than C.'
    >>> happened([], 6, apart=True)
    'Falsifiers are counted apart: 1 of 6 happened, the one in the table above.'
    >>> happened(["B better than C"], 2, apart=False)
    '2 of 2 falsifiers happened: the one in the table above and B better than C.'
    """
    named, came = (
        formats.listed(["the one in the table above", *others]),
        f"{1 + len(others)} of {falsifiers}",
    )
    if apart:
        return f"{FALSIFIER}s are counted apart: {came} happened, {named}."
    return f"{came} {FALSIFIER.lower()}s happened: {named}."


#: With what so many claims follow the paper less than closely.
_WITH: Mapping[Doubt, str] = {
    "other_method": "another method",
    "method": "an approximated method",
    "memory": "a number that the study's author quotes from memory",
    "quoted": "a number read in a text that quotes the paper",
    "data": "other data",
    "split": "another split",
    "tuning": "another tuning",
    "metric": "another metric",
}


def follow(departing: int, attempted: int, why: Mapping[Doubt, int]) -> str:
    """How many of all attempted claims follow the paper less than closely, and `why`; empty without any.

    >>> follow(3, 44, {"method": 1, "data": 2})
    '3 of these follow the paper in part or loosely: 1 with an approximated method, 2 with other data.'
    >>> follow(0, 3, {})
    ''
    """
    if not departing:
        return ""
    many = f"{formats.count(departing)} of these" if departing < attempted else "All"
    verb = "follows" if departing == 1 < attempted else "follow"
    reasons = ", ".join(
        f"{formats.count(count)} with {_WITH[doubt]}" for doubt, count in why.items()
    )
    several = " (some for several reasons)" if sum(why.values()) > departing else ""
    return f"{many} {verb} the paper in part or loosely: {reasons}{several}."


def deviations(count: int, *, notes: bool) -> str:
    """How many deviations are stated; without any, where else they may stand if claims of a paper have notes."""
    if not count:
        return NO_DEVIATION if notes else ""
    return f"{formats.plural(count, 'deviation')}, under Claims"


def preregistered(frozen: Frozen | None) -> str:
    if frozen is None:
        return "No"
    if not frozen.changes:
        return f"Yes, as {formats.fingerprint(frozen.sha256)}; nothing changed since."
    return f"Yes. Since then: {preregistration.changes(frozen)}"


_READ = {
    "source": "from sources named under Claims",
    "secondary": "from a text that quotes the source",
    "memory": "quoted from memory by the study's author",
}


def read(counts: Mapping[str, int], source: str = "", comparisons: int = 0) -> str:
    """Where numbers were read; `source`: where there is but one; `comparisons`: the claims that have no number.

    >>> read({"source": 40}, "Table 2", comparisons=3)
    '40 from Table 2; 3 more claims compare models and have no published number'
    """
    words = _READ | ({"source": f"from {source.rstrip('.')}"} if source else {})
    parts = [
        f"{formats.count(counts[where])} {said}"
        for where, said in words.items()
        if counts.get(where)
    ]
    verbs = (
        "claim compares models and has"
        if comparisons == 1
        else "claims compare models and have"
    )
    without = (
        f"; {formats.count(comparisons)} more {verbs} no published number"
        if parts and comparisons
        else ""
    )
    return formats.listed(parts) + without


def cost(found: RunCost | None, results: str, fits: int, study: str) -> str:
    """How long the recorded run took, and where; or how it is recorded, or that it is of other results.

    `fits`: of the study, one a model, dataset and fold.
    """
    if found is None:
        return f"not recorded; bench cost {study} records time and machine"
    work, old = formats.work(found.seconds), found.results_sha256 != results
    said = (
        f"{formats.plural(fits, 'scored fit')}{'; ' if old else ', '}" if fits else ""
    )
    said += (
        f"time recorded for an earlier run: {work} of processor time "
        if old
        else f"{work} of processor time "
    )
    return (
        said
        + f"({formats.plural(found.cores, 'core')}, {found.system}, Python {found.python}), {found.date}"
    )


def versions(bench: object, found: Mapping[str, object], results: str) -> str:
    """`bench 0.9.0, scikit-learn 1.7.0; results 0123456789`."""
    known = {"bench": bench, "scikit-learn": found.get("scikit-learn")}
    named = [f"{name} {value}" for name, value in known.items() if value]
    return "; ".join(
        filter(None, (", ".join(named), f"results {formats.fingerprint(results)}"))
    )


def data(fingerprints: Sequence[str], date: str) -> str:
    """`fingerprint 0123456789, as of 2026-11-26`; of several datasets their number."""
    if not fingerprints:
        return ""
    one = f"fingerprint {formats.fingerprint(fingerprints[0])}"
    many = f"{formats.count(len(fingerprints))} datasets, the fingerprint of each under Provenance"
    return (one if len(fingerprints) == 1 else many) + (
        f", as of {date}" if date else ""
    )


def failed(count: int, fallbacks: bool) -> str:
    """How many fits failed, and what that means for the comparison; empty without any."""
    if not count:
        return ""
    said = f"{formats.plural(count, 'fit')} failed"
    if fallbacks:
        said += f"; a baseline's score takes {'its' if count == 1 else 'their'} place"
    return f"{said}."


def not_scored_by(unit: Measure, others: Sequence[Measure]) -> str:
    """That a dataset has no score of a metric; others: those that it has."""
    have = formats.listed([other.word for other in others])
    return (
        f"No score by {unit.word}, only by {have}." if others else "Nothing was scored."
    )


def alone(model: str) -> str:
    """Who leads where there is nobody else."""
    return f"{model} alone."


def attempted(count: int) -> str:
    return f"of {formats.count(count)} attempted"
