"""What the section of findings says: warnings in one line, what passed, and how often the study's own tests err."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

NOT_RUN = "No diagnostic was run for this study."
NO_WARNINGS = "None of the checks warns."
#: Where somebody else made every split and fit.
ELSEWHERE = "None of the few checks of scores warns. Leakage cannot be checked here: the models were fitted elsewhere."
#: Of faults that a study makes itself.
ON_PURPOSE = " The study makes it on purpose, as an experiment."
#: The tests that self-checks try.
TESTS = {
    "false_alarm": "Two equally good models are called different",
    "family_wise": "Any of several equally good models is called different, after Holm",
    "power": "A model that is better by the planted amount is called better",
}
#: What a detector is tried for.
DETECTED = {"false_alarm": "false positive", "hit": "detected"}
NOTHING = "nothing"
NONE_ABOVE = "No error rate is significantly above its nominal value."


def healthy(passed: int) -> str:
    return f"None. {formats.plural(passed, 'check')} passed."


def warnings(sign: str, count: int, noun: str, named: Sequence[str]) -> str:
    """`‼ 1 serious warning: Copies of test rows (on Wine).`"""
    return f"{sign} {formats.plural(count, noun)}: {formats.listed(list(named))}."


def on(places: Sequence[str]) -> str:
    """` (on Wine)`, or where there are too many to name, their number."""
    return f" (on {formats.listed(list(places)) if len(places) < 3 else f'{len(places)} datasets'})"


def header(datasets: Sequence[str]) -> tuple[str, ...]:
    return "What is tried", "Planted", *datasets, "Nominal"


def at_most(nominal: float | None) -> str:
    return formats.NONE if nominal is None else f"at most {formats.probability(nominal)}"


def rate(rate: float, interval: str, trials: int) -> str:
    return f"{formats.probability(rate)} {interval} of {formats.count(trials)}"


def above(over: int, rates: int) -> str:
    """How many error rates lie significantly above their nominal value."""
    verb = "is" if over == 1 else "are"
    return (
        f"{formats.plural(over, 'error rate')} of {formats.count(rates)} {verb} significantly above the nominal value."
    )


def few(rates: int, trials: Sequence[int]) -> str:
    """Which rates have too few trials to be compared with the nominal one."""
    counts = formats.listed([formats.count(n) for n in trials], "or")
    return (
        f"For {formats.plural(rates, 'error rate')}, {counts} trials are too few to show a rate below the nominal one."
    )
