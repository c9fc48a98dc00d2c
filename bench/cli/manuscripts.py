"""`bench check --tex`: which numbers of a manuscript are no longer those of the results."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict
from itertools import groupby

from bench.cli import environment
from bench.core.errors import NotReproducedError, UsageError
from bench.core.text import json_object, say
from bench.project.manuscript import Traced, TracedNumber, trace
from bench.text.formats import plural


def check_tex(options: argparse.Namespace) -> None:
    """Print every number that is not as the results have it. Raises where there is one."""
    traced = trace(environment.project(), options.tex)
    found = traced.numbers
    wrong = [one for one in found if one.state is not Traced.CURRENT]
    if options.json:
        json_object(asdict(traced))
    else:
        for missing in traced.untraced:
            where = f"{missing.file}:{missing.line}"
            say(
                f"remark: {where}: {missing.named} is not beside the manuscript; its numbers are not traced"
            )
        for one in wrong:
            say(f"{one.file}:{one.line}: {_words(one)}")
        for file, calls in groupby(traced.left_out, lambda one: one.file):
            lines = ", ".join(dict.fromkeys(str(one.line) for one in calls))
            say(
                f"remark: {file}: calls in comments, verbatim text or after the end are not traced: line {lines}"
            )
        say(
            f"{plural(len(found), 'number')} traced; {len(found) - len(wrong)} as the results have them"
        )
    states = Counter(one.state for one in wrong)
    if stale := states[Traced.STALE]:
        raise NotReproducedError(f"{plural(stale, 'number is', 'numbers are')} stale")
    if unreadable := states[Traced.UNREADABLE]:
        raise UsageError(
            f"{plural(unreadable, 'number')} cannot be read; write each alone in its braces"
        )
    if wrong:
        raise UsageError(
            f"{plural(len(wrong), 'number names', 'numbers name')} no result that the manuscript reads"
        )


def _words(one: TracedNumber) -> str:
    match one.state:
        case Traced.STALE:
            again = f"`bench export {one.name.partition(':')[0]} --format numbers` writes it anew"
            mend = "it was written by hand: correct it there" if one.by_hand else again
            return f"{one.name} is {one.now}, and the manuscript has {one.written or 'no number'}; {mend}"
        case Traced.UNREADABLE:
            here = one.written or "nothing"
            return f"bench cannot read {here} as a number: compare it yourself; {one.name} is {one.now}"
        case Traced.NOT_EXPORTED:
            return f"{one.name} is {one.now}, and no file of numbers that the manuscript reads has it"
        case _:
            return f"no result is called {one.name}; {one.hint}"
